//! What stands beside each exhibit under a stable name, for pages that cannot run it: a picture, a page that search engines and chat
//! programs can look at, and what oEmbed asks for.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    ops::RangeInclusive,
    path::Path,
};

use piecewise_exhibits::{EXHIBITS, Entry, Preset};
use piecewise_plot::{Theme, ThemeName};
use serde_json::json;

use crate::{picture, trouble::Trouble};

/// How much larger than on the page the pictures in pixels are.
const SCALE: f64 = 2.0;

/// The same for the pictures on the cards of the contents, which are shown at half the size of a panel; their texts and strokes are
/// larger for that.
const CARD_SCALE: f64 = 1.0;
const CARD_TEXTS: f64 = 1.35;

/// Writes `index.html`, the list of exhibits for teachers. Writes `NAME/poster.svg`, `NAME/poster.png`, `NAME/card-THEME.png` and
/// `NAME/index.html` for every exhibit, and `NAME/oembed.json` where it is known at which address the page will be.
///
/// # Errors
/// When a picture cannot be drawn or a file not be written.
pub(crate) fn write(folder: &Path, url: Option<&str>) -> Result<(), Trouble> {
    let failed = |error| Trouble::new(format!("{} cannot be written: {error}", folder.display()));
    fs::create_dir_all(folder).map_err(failed)?;
    fs::write(folder.join("index.html"), list(url)).map_err(failed)?;
    for entry in EXHIBITS {
        let folder = folder.join(entry.name);
        let failed = |error| Trouble::new(format!("{} cannot be written: {error}", folder.display()));
        fs::create_dir_all(&folder).map_err(failed)?;
        let panel = entry.panels.first().ok_or_else(|| Trouble::new(format!("{} has no picture", entry.name)))?;
        let drawn = |texts: f64, theme: ThemeName| {
            entry.svg("", panel, texts, Theme::named(theme)).map_err(|error| Trouble::new(error.to_string()))
        };
        for theme in ThemeName::ALL {
            let card = picture::png(&drawn(CARD_TEXTS, theme)?, CARD_SCALE)?;
            fs::write(folder.join(format!("card-{}.png", theme.name())), card).map_err(failed)?;
        }
        let svg = drawn(1.0, ThemeName::Light)?;
        fs::write(folder.join("poster.png"), picture::png(&svg, SCALE)?).map_err(failed)?;
        fs::write(folder.join("poster.svg"), svg).map_err(failed)?;
        fs::write(folder.join("index.html"), page(entry, url)).map_err(failed)?;
        if let Some(url) = url {
            fs::write(folder.join("oembed.json"), oembed(entry, panel.size_px, url)).map_err(failed)?;
        }
    }
    Ok(())
}

/// The list for teachers, by slide: what each exhibit claims, asks and shows, its cases, and a line to paste.
fn list(url: Option<&str>) -> String {
    // A slide number leads to the first of its exhibits, and the others come after it.
    let mut anchored = BTreeSet::new();
    let listed = |entry: &Entry| {
        let Entry { name, title, caption, .. } = entry;
        let mut anchors = String::new();
        for slide in numbers(entry.slides).filter(|&slide| anchored.insert(slide)) {
            // Writing to a text cannot fail.
            let _ = write!(anchors, "<span id=\"slide-{slide}\"></span>");
        }
        let preset = |preset: &Preset| {
            let state = entry.preset_state(preset);
            let query = if state.is_empty() { String::new() } else { format!("?{state}") };
            format!("<li><a href=\"../#/{name}{query}\">{}</a>: {}</li>\n", escaped(preset.label), escaped(preset.note))
        };
        let presets: String = entry.presets.iter().map(preset).collect();
        let frame = format!(
            "<iframe src=\"{}#/{name}?ui=compact\" width=\"960\" height=\"640\" style=\"border:0\" title=\"{title}\"></iframe>",
            url.unwrap_or("https://…/")
        );
        format!(
            "<section class=\"listed\" id=\"{name}\">\n<a href=\"../#/{name}\" tabindex=\"-1\" aria-hidden=\"true\"><img src=\"{name}/poster.svg\" alt=\"\" loading=\"lazy\" width=\"720\" height=\"540\"></a>\n\
             <div>{anchors}<p class=\"slides\">{}</p>\n<h2><a href=\"../#/{name}\">{title}</a></h2>\n<p>{}</p>\n\
             <details><summary>A question to begin with</summary>{}<details><summary>Answer</summary>{}</details></details>\n\
             <details><summary>Its {} cases</summary><ul>\n{presets}</ul></details>\n\
             <details><summary>What to notice</summary>{}</details>\n\
             <details><summary>In the book and in the homework</summary>{}{}</details>\n\
             <details><summary>A line to paste</summary><pre tabindex=\"0\"><code>{}</code></pre></details>\n</div>\n</section>\n",
            entry.slides,
            caption.claim,
            caption.predict,
            caption.answer,
            entry.presets.len(),
            caption.notice,
            caption.book,
            homework(name).map_or_else(String::new, |companion| format!("<p>Homework: {companion}</p>")),
            escaped(&frame),
        )
    };
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>The exhibits, slide by slide – Piecewise</title>\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"icon\" href=\"data:,\">\n\
         <link rel=\"stylesheet\" href=\"../tokens.css\">\n<link rel=\"stylesheet\" href=\"../style.css\">\n</head>\n<body>\n\
         <header class=\"masthead\"><a class=\"wordmark\" href=\"../#/\"><span aria-hidden=\"true\">◢◤</span>Piecewise</a></header>\n\
         <main class=\"paper\">\n<h1>The exhibits, slide by slide</h1>\n\
         <p>For those who teach: what each exhibit claims, what to ask before touching it, its cases, and a line to paste. \
         <a href=\"../embedding.html\">Into your slides</a> says what else a frame can do, and <a href=\"../slides/index.html\">three decks</a> show it.</p>\n\
         <h2>Open by slide number</h2>\n<table class=\"by-slide\">\n{}</table>\n{}</main>\n</body>\n</html>\n",
        by_slide(),
        EXHIBITS.iter().map(listed).collect::<String>(),
    )
}

/// A row for every slide of the lecture that has an exhibit: its number leads to what this page says of it, and a title opens the
/// exhibit.
fn by_slide() -> String {
    let mut exhibits: BTreeMap<u32, Vec<&Entry>> = BTreeMap::new();
    for entry in EXHIBITS {
        for slide in numbers(entry.slides) {
            exhibits.entry(slide).or_default().push(entry);
        }
    }
    let opened = |entry: &&Entry| format!("<a href=\"../#/{}\">{}</a>", entry.name, entry.title);
    let row = |(slide, entries): (&u32, &Vec<&Entry>)| {
        let titles = entries.iter().map(opened).collect::<Vec<_>>().join(" · ");
        format!(
            "<tr><th scope=\"row\"><a href=\"#slide-{slide}\" aria-label=\"Slide {slide}\">{slide}</a></th><td>{titles}</td></tr>\n"
        )
    };
    exhibits.iter().map(row).collect()
}

/// All slide numbers of "Slides 7–8".
fn numbers(slides: &str) -> RangeInclusive<u32> {
    let mut ends = slides.split(|letter: char| !letter.is_ascii_digit()).filter_map(|digits| digits.parse().ok());
    let first = ends.next().unwrap_or(0);
    first..=ends.next().unwrap_or(first)
}

/// The course's homework that an exhibit goes with, and the notebooks of the book.
fn homework(name: &str) -> Option<&'static str> {
    match name {
        "network" => {
            Some("notebooks 3.1, 3.2 and 4.3 of the book: the same networks with their numbers changed by hand.")
        }
        "regions" | "polytopes" => {
            Some("notebook 3.3 of the book: how many regions there can be, in any number of dimensions.")
        }
        "folding" => Some("notebook 4.1 of the book: its three networks are the presets here."),
        "linear-pieces" => Some("notebook 3.4 of the book: other activation functions than ReLU."),
        "steep-step" => Some("notebook 04 of the course, whose picture blurs at its edges for this reason."),
        "loss" => Some(
            "notebook 3.1 of the book, whose last question is the race against its author, and 5.1 to 5.3 for the losses.",
        ),
        "gradient-descent" => Some(
            "notebook 08 of the course: the loss of the Gabor model, its least value on a grid, and the arrow of a step at every integer \
             point; notebooks 6.1 to 6.5 of the book for line search, gradient descent, momentum and Adam.",
        ),
        "backprop" => Some("notebooks 7.1 and 7.2 of the book: the toy chain and the matrices are presets here."),
        "symmetry" => {
            Some("the data of notebook 3.1 of the book; notebook 7.3 is about how large weights should be at first.")
        }
        _ => None,
    }
}

/// Text as HTML writes it.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A page that leads to the exhibit, and that says what it is to those who do not run it.
fn page(entry: &Entry, url: Option<&str>) -> String {
    let Entry { name, title, slides, .. } = entry;
    let discovery = url.map_or_else(String::new, |url| {
        format!(
            "<link rel=\"alternate\" type=\"application/json+oembed\" href=\"{url}exhibits/{name}/oembed.json\" title=\"{title}\">\n"
        )
    });
    let image = url.map_or_else(|| "poster.png".to_owned(), |url| format!("{url}exhibits/{name}/poster.png"));
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>{title} – Piecewise</title>\n\
         <meta property=\"og:title\" content=\"{title}\">\n<meta property=\"og:image\" content=\"{image}\">\n\
         <meta property=\"og:description\" content=\"{slides}: an exact, interactive exhibit.\">\n{discovery}\
         <meta http-equiv=\"refresh\" content=\"0; url=../../#/{name}\">\n\
         <p><a href=\"../../#/{name}\">{title}</a></p>\n<img src=\"poster.svg\" alt=\"\">\n</html>\n"
    )
}

fn oembed(entry: &Entry, [width, height]: [f64; 2], url: &str) -> String {
    let Entry { name, title, .. } = entry;
    json!({
        "version": "1.0",
        "type": "rich",
        "provider_name": "Piecewise",
        "provider_url": url,
        "title": title,
        "width": width,
        "height": height,
        "thumbnail_url": format!("{url}exhibits/{name}/poster.png"),
        "thumbnail_width": SCALE * width,
        "thumbnail_height": SCALE * height,
        "html": format!(
            "<iframe src=\"{url}#/{name}?ui=bare\" width=\"{width}\" height=\"{height}\" style=\"border:0\" title=\"{title}\"></iframe>"
        ),
    })
    .to_string()
}
