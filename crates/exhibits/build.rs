//! Turns each exhibit's `caption.md` into HTML at build time, formulas into MathML, and photographs into bare pixels, so that the page carries
//! no parser of Markdown, of LaTeX, or of PNG.

use std::{
    env,
    fmt::Write as _,
    fs,
    hash::{DefaultHasher, Hasher as _},
    io::BufReader,
    path::{Path, PathBuf},
};

use pulldown_cmark::{Event, Options, Parser, html};
use pulldown_latex::{Parser as LatexParser, RenderConfig, Storage, config::DisplayMode, mathml::push_mathml};

/// The headings that every caption has, in this order, after the claim.
const SECTIONS: [&str; 5] = ["Predict", "Answer", "Try", "Notice", "Book"];

/// The photographs, 64 pixels wide and high.
const PHOTOGRAPHS: &str = "../../www/images/photographs";

fn main() {
    println!("cargo::rerun-if-changed=src");
    println!("cargo::rerun-if-changed={PHOTOGRAPHS}");
    let out = env::var("OUT_DIR").expect("cargo names the folder for generated files");
    for entry in fs::read_dir("src").expect("src is a folder").flatten() {
        let caption = entry.path().join("caption.md");
        if let Ok(markdown) = fs::read_to_string(&caption) {
            let name = entry.file_name().to_string_lossy().into_owned();
            let source = caption_source(&markdown).unwrap_or_else(|error| panic!("{}: {error}", caption.display()));
            fs::write(Path::new(&out).join(format!("{name}_caption.rs")), source).expect("the folder is writable");
        }
    }
    for entry in fs::read_dir(PHOTOGRAPHS).expect("the photographs are in a folder").flatten() {
        let path = entry.path();
        let pixels = pixels_of(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let name = path.file_stem().expect("a photograph has a name").to_string_lossy().into_owned();
        fs::write(Path::new(&out).join(format!("{name}.pixels")), pixels).expect("the folder is writable");
    }
    println!("cargo::rustc-env=PIECEWISE_FORMAT={}", format_of_messages());
}

/// What the shapes of all messages between the page and its worker depend on, as a number: the sources that they are written in.
fn format_of_messages() -> u32 {
    let files = fs::read_dir("src/neural_field").expect("the exhibit is a folder").flatten().map(|entry| entry.path());
    let mut files: Vec<PathBuf> = files.filter(|path| path.is_file()).chain(["src/worker.rs".into()]).collect();
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in &files {
        hasher.write(&fs::read(file).unwrap_or_default());
    }
    hasher.finish() as u32
}

/// One byte for each pixel of a grey PNG. A coloured one has a byte of brightness for each pixel, then one of blue and one of red beside it
/// (Cb and Cr of JPEG) for each square of four, since eyes hardly see the difference: half as many as of red, green and blue.
fn pixels_of(photograph: &Path) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let mut reader = png::Decoder::new(BufReader::new(fs::File::open(photograph)?)).read_info()?;
    let mut pixels = vec![0; reader.output_buffer_size().ok_or("it is too large")?];
    let frame = reader.next_frame(&mut pixels)?;
    let is_bare = matches!(frame.color_type, png::ColorType::Grayscale | png::ColorType::Rgb);
    if !is_bare || frame.bit_depth != png::BitDepth::Eight || (frame.width, frame.height) != (64, 64) {
        return Err(
            format!("64 × 64 pixels of grey or of red, green and blue in bytes are wanted, not {frame:?}").into()
        );
    }
    pixels.truncate(frame.buffer_size());
    Ok(if frame.color_type == png::ColorType::Rgb {
        brightness_and_tint(&pixels, frame.width as usize)
    } else {
        pixels
    })
}

fn brightness_and_tint(pixels: &[u8], width: usize) -> Vec<u8> {
    let byte = |x: f64| x.round().clamp(0.0, 255.0) as u8;
    let (pixels, _) = pixels.as_chunks::<3>();
    let parts = |pixel: &[u8; 3]| {
        let [r, g, b] = pixel.map(f64::from);
        let y = 0.299 * r + 0.587 * g + 0.114 * b;
        [y, 128.0 + (b - y) / 1.772, 128.0 + (r - y) / 1.402]
    };
    let mean = |left: usize, top: usize, part: usize| {
        let at = |right: usize, down: usize| parts(&pixels[(top + down) * width + left + right])[part];
        (at(0, 0) + at(1, 0) + at(0, 1) + at(1, 1)) / 4.0
    };
    let squares = || (0..width).step_by(2).flat_map(|top| (0..width).step_by(2).map(move |left| (left, top)));
    let brightness = pixels.iter().map(|pixel| parts(pixel)[0]);
    let tints = [1, 2].into_iter().flat_map(|part| squares().map(move |(left, top)| mean(left, top, part)));
    brightness.chain(tints).map(byte).collect()
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
