//! The file that needs no server: the page, its program and its style in one `.html`, to be opened from a stick.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use lzma_rust2::{LzmaOptions, LzmaWriter};
use sha2::{Digest as _, Sha256};

use crate::{
    page::{Workshop, shrunk},
    task::{announce, seconds},
    trouble::Trouble,
    workspace::Workspace,
};

/// The most that the file with all exhibits may weigh, in bytes.
pub(crate) const MOST: u64 = 1_000_000;

/// The program that holds every part of the lecture.
const WHOLE: &str = "whole";

/// The exhibits of one file, and the program that has them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Choice {
    /// The part of the lecture whose program is taken.
    part: String,
    /// The exhibits, as links name them; all of them when empty.
    exhibits: Vec<String>,
}

impl Choice {
    /// The smallest program that has the exhibits of these names; the whole lecture without names.
    ///
    /// # Errors
    /// When there is no exhibit of a name.
    pub(crate) fn of(names: &[String], workspace: &Workspace) -> Result<Self, Trouble> {
        let script = fs::read_to_string(workspace.root().join("www/shell.js")).unwrap_or_default();
        Self::among(&parts(&script), names)
    }

    fn among(parts: &[(String, Vec<String>)], names: &[String]) -> Result<Self, Trouble> {
        let unknown = names.iter().find(|name| parts.iter().all(|(_, exhibits)| !exhibits.contains(name)));
        if let Some(name) = unknown {
            let all: Vec<&str> = parts.iter().flat_map(|(_, exhibits)| exhibits).map(String::as_str).collect();
            return Err(Trouble::new(
                format!("there is no exhibit `{name}`"),
                format!("choose from {}", all.join(", ")),
            ));
        }
        let has_all = |(_, exhibits): &&(String, Vec<String>)| names.iter().all(|name| exhibits.contains(name));
        let part = parts.iter().filter(|_| !names.is_empty()).find(has_all).map_or(WHOLE, |(part, _)| part);
        Ok(Self { part: part.to_owned(), exhibits: names.to_vec() })
    }

    /// The name of the file.
    fn file_name(&self) -> String {
        let words = ["piecewise"].into_iter().chain(self.exhibits.iter().map(String::as_str));
        format!("{}.html", words.collect::<Vec<_>>().join("-"))
    }
}

/// The table in the page's script of which exhibit is in which part. The page that measures is no exhibit.
fn parts(script: &str) -> Vec<(String, Vec<String>)> {
    let table = script.split_once("const PARTS = {").and_then(|(_, rest)| rest.split_once("};")).map_or("", |it| it.0);
    let row = |line: &str| {
        let (part, exhibits) = line.trim().split_once(": [")?;
        let names = exhibits.trim_end_matches("],").split(", ").map(|name| name.trim_matches('"').to_owned());
        (part != "bench").then(|| (part.to_owned(), names.collect()))
    };
    table.lines().filter_map(row).collect()
}

/// Builds the program, and writes the file into the folder. Gives its path and its size in bytes.
///
/// # Errors
/// When the program cannot be built or the file not be written.
pub(crate) fn write(
    workspace: &Workspace,
    workshop: &Workshop,
    choice: &Choice,
    folder: &Path,
) -> Result<(PathBuf, u64), Trouble> {
    let unpacker = workshop.program("unpack", "piecewise-unpack")?;
    let program = workshop.program("app", &format!("piecewise-{}", choice.part))?;
    announce("Packing the program: about 10 seconds");
    let start = std::time::Instant::now();
    let path = folder.join(choice.file_name());
    let unwritable = |error: io::Error| {
        Trouble::new(
            format!("{} cannot be written ({error})", path.display()),
            "look at who owns the folder and what is in it",
        )
    };
    let read = |path: PathBuf| fs::read_to_string(path).map_err(unwritable);
    let www = |name: &str| read(workspace.root().join("www").join(name)).map(|text| shrunk(&text));
    let bound = |program: &Path, name| read(program.with_extension("js")).map(|text| known_as(name, &text));
    let wasm = |program: &Path| fs::read(program.with_extension("wasm")).map_err(unwritable);
    let parts = Parts {
        index: read(workspace.root().join("index.html"))?,
        tokens: www("tokens.css")?,
        notice: www("notice.js")?,
        opener: www("single.js")?,
        unpacker: Pack { style: String::new(), script: bound(&unpacker, "unpack")?, program: wasm(&unpacker)? },
        page: Pack {
            style: www("style.css")?,
            script: bound(&program, "wasmBindings")? + &www("frame.js")?,
            program: wasm(&program)?,
        },
    };
    let page = parts.page(&choice.exhibits).map_err(unwritable)?;
    fs::create_dir_all(folder).and_then(|()| fs::write(&path, &page)).map_err(unwritable)?;
    eprintln!("   the file is written, after {}", seconds(start.elapsed()));
    Ok((path, page.len() as u64))
}

/// What the file is put together from.
struct Parts {
    /// The page of the site.
    index: String,
    /// Stand in the file as they are: the colours, what shows that something went wrong, and what unpacks the rest.
    tokens: String,
    notice: String,
    opener: String,
    /// Are packed: what unpacks by the browser's own means, and what that unpacks.
    unpacker: Pack,
    page: Pack,
}

/// A program with the texts around it.
struct Pack {
    style: String,
    script: String,
    program: Vec<u8>,
}

impl Pack {
    /// The texts and the program behind the sizes of the texts.
    fn bytes(&self) -> Vec<u8> {
        let Self { style, script, program } = self;
        let sizes = [style, script].map(|text| (text.len() as u32).to_le_bytes()).concat();
        [&sizes, style.as_bytes(), script.as_bytes(), program].concat()
    }
}

impl Parts {
    /// The page of the site with everything in it instead of beside it, and with a policy that lets it ask for nothing at all.
    fn page(&self, exhibits: &[String]) -> io::Result<String> {
        let Self { index, tokens, notice, opener, unpacker, page: packed } = self;
        let hash = |text: &String| format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text)));
        let hashes = |texts: &[&String]| texts.iter().map(|text| hash(text)).collect::<Vec<_>>().join(" ");
        let policy = format!(
            "default-src 'none'; script-src {} 'wasm-unsafe-eval'; style-src {}; style-src-attr 'unsafe-inline'; \
             img-src data: blob:; base-uri 'none'; form-action 'none'",
            hashes(&[notice, opener, &unpacker.script, &packed.script]),
            hashes(&[tokens, &unpacker.style, &packed.style]),
        );
        let unpacker = deflated(&unpacker.bytes())?;
        let packed = packed_by_lzma(&packed.bytes())?;

        let mut page = String::with_capacity(packed.len() * 5 / 4 + 100_000);
        for line in index.lines() {
            let is_beside = ["data-trunk", "<script src=", "<!-- "].iter().any(|mark| line.contains(mark));
            match line.trim() {
                _ if is_beside => {}
                "<html lang=\"en\">" => {
                    // The program reads which exhibits it is to show, all of them where none is named, and so knows where it is.
                    page.extend(["<html lang=\"en\" data-holds=\"", &exhibits.join(" "), "\">\n"]);
                }
                policed if policed.starts_with("content=\"default-src") => page.extend(["content=\"", &policy, "\"\n"]),
                "</head>" => page.extend(["<style>", tokens, "</style>\n<script>", notice, "</script>\n</head>\n"]),
                "</body>" => {
                    for (id, bytes) in [("unpacker", &unpacker), ("packed", &packed)] {
                        let open = format!("<script type=\"text/plain\" id=\"{id}\" data-bytes=\"{}\">\n", bytes.len());
                        page.extend([&open, &letters(bytes), "</script>\n"]);
                    }
                    page.extend(["<script>", opener, "</script>\n</body>\n"]);
                }
                plain => page.extend([plain, "\n"]),
            }
        }
        Ok(page)
    }
}

/// What binds a program to the page, under a name of its own: all of them call themselves the same.
fn known_as(name: &str, bindings: &str) -> String {
    // It has no address from which it could find its program, and a frame without one cannot even be asked.
    let bindings = shrunk(bindings).replace("document.currentScript !== null", "document.currentScript?.src");
    format!("window.{name} = (() => {{\n{bindings}return wasm_bindgen;\n}})();\n")
}

/// Compresses in a form that every browser unpacks.
fn deflated(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut packed = Vec::new();
    zopfli::compress(zopfli::Options::default(), zopfli::Format::Deflate, bytes, &mut packed)?;
    Ok(packed)
}

/// Compresses in the form that `crates/unpack` unpacks: a quarter smaller.
fn packed_by_lzma(bytes: &[u8]) -> io::Result<Vec<u8>> {
    // Programs have no alignment, so the position of a byte says nothing of it.
    let options = LzmaOptions {
        dict_size: 4 << 20,
        lc: 4,
        pb: 0,
        nice_len: LzmaOptions::NICE_LEN_MAX,
        ..LzmaOptions::with_preset(9)
    };
    let mut writer = LzmaWriter::new_use_header(Vec::new(), &options, Some(bytes.len() as u64))?;
    writer.write_all(bytes)?;
    writer.finish()
}

/// Letters of one byte that stand in a page, a mail or a database as they are.
const N_LETTERS: u32 = 91;

/// How many letters stand on a line: mail allows for 998.
const LINE: usize = 900;

/// Writes bytes with 91 letters, 13 bits to two of them: base64 would take an eighth more. `www/single.js` reads it.
fn letters(bytes: &[u8]) -> String {
    let letter = |digit: u32| {
        let code = digit + 33;
        // <, & and \ are left out.
        let code = [38, 60, 92].into_iter().fold(code, |code, left_out| code + u32::from(code >= left_out));
        char::from_u32(code).unwrap_or_default()
    };
    let mut text = String::with_capacity(bytes.len() * 5 / 4 + 2);
    let (mut held, mut n_bits) = (0_u32, 0);
    let mut put = |value: u32| {
        text.push(letter(value / N_LETTERS));
        text.push(letter(value % N_LETTERS));
        if text.len() % (LINE + 1) == LINE {
            text.push('\n');
        }
    };
    for &byte in bytes {
        held = held << 8 | u32::from(byte);
        n_bits += 8;
        if n_bits >= 13 {
            n_bits -= 13;
            put(held >> n_bits);
            held &= (1 << n_bits) - 1;
        }
    }
    if n_bits > 0 {
        put(held << (13 - n_bits));
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str = "const PARTS = {\n    shapes: [\"regions\"],\n    pieces: [\"folding\", \"linear-pieces\"],\n    bench: [\"bench\"],\n  };";

    fn choice(names: &[&str]) -> Result<Choice, Trouble> {
        Choice::among(&parts(SCRIPT), &names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_file_takes_the_smallest_program_that_has_its_exhibits() {
        let part = |names: &[&str]| choice(names).map(|choice| (choice.part.clone(), choice.file_name()));
        let is = |part: &str, file: &str| Ok((part.to_owned(), file.to_owned()));
        assert_eq!(part(&[]), is("whole", "piecewise.html"));
        assert_eq!(part(&["folding"]), is("pieces", "piecewise-folding.html"));
        assert_eq!(part(&["linear-pieces", "folding"]), is("pieces", "piecewise-linear-pieces-folding.html"));
        assert_eq!(part(&["regions", "folding"]), is("whole", "piecewise-regions-folding.html"));
        let trouble = choice(&["bench"]).unwrap_err().to_string();
        assert_eq!(trouble, "there is no exhibit `bench`; choose from regions, folding, linear-pieces.");
    }

    #[test]
    fn letters_hold_thirteen_bits_in_two_and_none_that_a_page_takes_for_markup() {
        let bytes: Vec<u8> = (0..100_000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let text = letters(&bytes);
        assert!(text.chars().all(|c| c == '\n' || (c.is_ascii_graphic() && !"<&\\".contains(c))));
        assert!(text.lines().all(|line| line.len() <= LINE));
        let used: std::collections::BTreeSet<char> = text.chars().filter(|&c| c != '\n').collect();
        assert_eq!(used.len() as u32, N_LETTERS);
        assert!((text.len() as f64) < 1.235 * bytes.len() as f64, "{} letters", text.len());
        // Read back as www/single.js does.
        let digit = |c: char| u32::from(c) - 33 - [38, 60, 92].iter().filter(|&&out| u32::from(c) > out).count() as u32;
        let digits: Vec<u32> = text.chars().filter(|&c| c != '\n').map(digit).collect();
        let (mut back, mut held, mut n_bits) = (Vec::new(), 0_u32, 0);
        for pair in digits.chunks(2) {
            held = held << 13 | (N_LETTERS * pair[0] + pair[1]);
            n_bits += 13;
            while n_bits >= 8 {
                n_bits -= 8;
                back.push((held >> n_bits) as u8);
                held &= (1 << n_bits) - 1;
            }
        }
        assert_eq!(&back[..bytes.len()], bytes);
    }

    #[test]
    fn the_page_in_one_file_asks_for_nothing_and_allows_its_own_scripts_alone() {
        let root = Workspace::here().root().to_owned();
        let parts = Parts {
            index: fs::read_to_string(root.join("index.html")).expect("the page is there"),
            tokens: shrunk("p {\n  margin: 0;\n}"),
            notice: shrunk("// Said.\n  said();"),
            opener: shrunk("open();"),
            unpacker: Pack { style: String::new(), script: shrunk("unpack();"), program: b"small".to_vec() },
            page: Pack { style: shrunk("a { color: red }"), script: shrunk("run();"), program: b"large".to_vec() },
        };
        let page = parts.page(&["regions".to_owned(), "loss".to_owned()]).expect("it is written to memory");
        assert!(page.contains("data-holds=\"regions loss\""));
        assert!(page.contains("<script>said();\n</script>") && page.contains("<style>p {\nmargin: 0;\n}\n</style>"));
        let hash = |text: &str| format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text)));
        let [said, open, unpack, run] = ["said();\n", "open();\n", "unpack();\n", "run();\n"].map(hash);
        let red = hash("a { color: red }\n");
        assert!(page.contains(&format!("script-src {said} {open} {unpack} {run} 'wasm-unsafe-eval'; style-src ")));
        assert!(page.contains(&format!(" {red}; style-src-attr")));
        // Nothing is beside it, and nothing may be fetched.
        for beside in ["data-trunk", "src=\"", "connect-src", "'self'", "nonce"] {
            assert!(!page.contains(beside), "{beside}");
        }
        assert_eq!(page.matches("<script").count(), 4);
    }
}
