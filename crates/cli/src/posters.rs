//! What stands beside each exhibit under a stable name, for pages that cannot run it: a picture, a page that search engines and chat
//! programs can look at, and what oEmbed asks for.

use std::{fs, path::Path};

use piecewise_exhibits::{EXHIBITS, Entry};
use piecewise_plot::{Theme, ThemeName};
use serde_json::json;

use crate::{picture, trouble::Trouble};

/// How much larger than on the page the pictures in pixels are.
const SCALE: f64 = 2.0;

/// Writes `NAME/poster.svg`, `NAME/poster.png` and `NAME/index.html` for every exhibit, and `NAME/oembed.json` where it is known at which
/// address the page will be.
///
/// # Errors
/// When a picture cannot be drawn or a file not be written.
pub(crate) fn write(folder: &Path, url: Option<&str>) -> Result<(), Trouble> {
    for entry in EXHIBITS {
        let folder = folder.join(entry.name);
        let failed = |error| Trouble::new(format!("{} cannot be written: {error}", folder.display()));
        fs::create_dir_all(&folder).map_err(failed)?;
        let panel = entry.panels.first().ok_or_else(|| Trouble::new(format!("{} has no picture", entry.name)))?;
        let svg = entry
            .svg("", panel, 1.0, Theme::named(ThemeName::Light))
            .map_err(|error| Trouble::new(error.to_string()))?;
        fs::write(folder.join("poster.png"), picture::png(&svg, SCALE)?).map_err(failed)?;
        fs::write(folder.join("poster.svg"), svg).map_err(failed)?;
        fs::write(folder.join("index.html"), page(entry, url)).map_err(failed)?;
        if let Some(url) = url {
            fs::write(folder.join("oembed.json"), oembed(entry, panel.size_px, url)).map_err(failed)?;
        }
    }
    Ok(())
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
