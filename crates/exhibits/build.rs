//! Turns each exhibit's `caption.md` into HTML at build time, formulas into MathML, so that the page carries neither a
//! Markdown nor a LaTeX parser.

use std::{env, fmt::Write as _, fs, path::Path};

use pulldown_cmark::{Event, Options, Parser, html};
use pulldown_latex::{Parser as LatexParser, RenderConfig, Storage, config::DisplayMode, mathml::push_mathml};

/// The headings that every caption has, in this order, after the claim.
const SECTIONS: [&str; 5] = ["Predict", "Answer", "Try", "Notice", "Book"];

fn main() {
    println!("cargo::rerun-if-changed=src");
    let out = env::var("OUT_DIR").expect("cargo names the folder for generated files");
    for entry in fs::read_dir("src").expect("src is a folder").flatten() {
        let caption = entry.path().join("caption.md");
        if let Ok(markdown) = fs::read_to_string(&caption) {
            let name = entry.file_name().to_string_lossy().into_owned();
            let source = caption_source(&markdown).unwrap_or_else(|error| panic!("{}: {error}", caption.display()));
            fs::write(Path::new(&out).join(format!("{name}_caption.rs")), source).expect("the folder is writable");
        }
    }
}

/// The Rust expression of a `Caption`.
fn caption_source(markdown: &str) -> Result<String, String> {
    let mut parts = markdown.split("\n## ");
    let claim = parts.next().unwrap_or_default();
    let mut source = format!("crate::Caption {{ claim: {:?}", inline(&to_html(claim)?));
    for expected in SECTIONS {
        let part = parts.next().ok_or_else(|| format!("the section \"{expected}\" is missing"))?;
        let (title, body) = part.split_once('\n').unwrap_or((part, ""));
        if title.trim() != expected {
            return Err(format!("the section \"{}\" stands where \"{expected}\" belongs", title.trim()));
        }
        write!(source, ", r#{}: {:?}", expected.to_lowercase(), to_html(body)?).map_err(|error| error.to_string())?;
    }
    match parts.next() {
        Some(extra) => Err(format!("there is one section too many: {}", extra.lines().next().unwrap_or_default())),
        None => Ok(source + " }"),
    }
}

/// The content of the only paragraph.
fn inline(html: &str) -> String {
    html.trim().trim_start_matches("<p>").trim_end_matches("</p>").to_owned()
}

fn to_html(markdown: &str) -> Result<String, String> {
    let mut failure = None;
    let events = Parser::new_ext(markdown, Options::ENABLE_MATH).map(|event| match event {
        Event::InlineMath(latex) => match mathml(&latex) {
            Ok(formula) => Event::InlineHtml(formula.into()),
            Err(error) => {
                failure = Some(format!("${latex}$: {error}"));
                Event::Text(latex)
            }
        },
        other => other,
    });
    let mut out = String::new();
    html::push_html(&mut out, events);
    failure.map_or(Ok(out), Err)
}

fn mathml(latex: &str) -> Result<String, String> {
    let storage = Storage::new();
    let mut out = String::new();
    let config = RenderConfig { display_mode: DisplayMode::Inline, ..RenderConfig::default() };
    push_mathml(&mut out, LatexParser::new(latex, &storage), config).map_err(|error| error.to_string())?;
    // A formula that cannot be parsed is drawn as an error by the library; here it must not get so far.
    if out.contains("<merror") { Err(out) } else { Ok(out) }
}
