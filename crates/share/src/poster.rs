use std::fmt::Write as _;

use crate::{LinkTooLong, QrCode, snippet::html};

/// The least side of the code on a poster, in CSS pixels.
const LEAST_CODE_PX: f64 = 128.0;
/// How wide a module is at least: with a picture of twice the size, four pixels of it.
const LEAST_MODULE_PX: f64 = 2.0;
const MARGIN_PX: f64 = 16.0;
/// The room for the words beside the code, in CSS pixels: a narrow picture stands in the middle above them.
const WORDS_PX: f64 = 470.0;
/// Letters of the link in a line, and lines of it. The code has all of it.
const LETTERS: usize = 56;
const LINES: usize = 5;

/// A picture with its title, its link and a QR code below it: for slides that nothing runs in.
#[derive(Clone, Debug, PartialEq)]
pub struct Poster {
    /// As an SVG.
    pub svg: String,
    /// Its size in CSS pixels.
    pub size_px: [f64; 2],
}

impl Poster {
    /// Puts the link below a picture, which is an SVG of this size. `colors` are the ground and the text, as CSS writes them.
    ///
    /// # Errors
    /// When the link is too long for a QR code.
    pub fn of(
        picture: &str,
        size_px: [f64; 2],
        title: &str,
        link: &str,
        colors: [&str; 2],
    ) -> Result<Self, LinkTooLong> {
        let code = QrCode::of(link)?;
        let modules = code.size() as f64;
        let side = LEAST_CODE_PX.max(LEAST_MODULE_PX * modules).ceil();
        let [width, height] = [size_px[0].max(side + WORDS_PX), size_px[1] + side + 2.0 * MARGIN_PX];
        let (top, left) = (size_px[1] + MARGIN_PX, width - side - MARGIN_PX);
        let mut lines = String::new();
        for (line, y) in broken(link).iter().zip((44..).step_by(15)) {
            // Writing to a text cannot fail.
            let _ = write!(
                lines,
                "<text x=\"{MARGIN_PX}\" y=\"{}\" font-size=\"11\" font-family=\"monospace, sans-serif\">{}</text>",
                top + f64::from(y),
                html(line)
            );
        }
        let [ground, text] = colors.map(html);
        let svg = format!(
            "<svg width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" xmlns=\"http://www.w3.org/2000/svg\" role=\"img\">\n\
             <rect width=\"{width}\" height=\"{height}\" fill=\"{ground}\"/>\n{}\n\
             <g fill=\"{text}\"><text x=\"{MARGIN_PX}\" y=\"{}\" font-size=\"17\" font-weight=\"600\" font-family=\"system-ui, sans-serif\">{}</text>{lines}</g>\n\
             {}\n</svg>\n",
            placed(picture, [(width - size_px[0]) / 2.0, 0.0]),
            top + 18.0,
            html(title),
            placed(&code.svg(side), [left, top])
        );
        Ok(Self { svg, size_px: [width, height] })
    }
}

/// An SVG within another, its corner at this place.
fn placed(picture: &str, [x, y]: [f64; 2]) -> String {
    picture.replacen("<svg ", &format!("<svg x=\"{x}\" y=\"{y}\" "), 1)
}

/// A link in lines; one that is longer than all of them ends in dots.
fn broken(link: &str) -> Vec<String> {
    let letters: Vec<char> = link.chars().collect();
    let mut lines: Vec<String> = letters.chunks(LETTERS).take(LINES).map(|line| line.iter().collect()).collect();
    if letters.len() > LETTERS * LINES
        && let Some(last) = lines.last_mut()
    {
        last.pop();
        last.push('…');
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    const PICTURE: &str = "<svg width=\"720\" height=\"540\" viewBox=\"0 0 1 1\"><path d=\"M0 0\"/></svg>";

    #[test]
    fn a_poster_holds_picture_title_link_and_code() {
        let link = "https://example.org/#/regions?start=seven&ui=bare";
        let poster = Poster::of(PICTURE, [720.0, 540.0], "Seven < eight", link, ["#fff", "#000"]).expect("a poster");
        assert_eq!(poster.size_px, [720.0, 540.0 + 128.0 + 32.0]);
        assert!(poster.svg.contains("<svg x=\"0\" y=\"0\" width=\"720\""));
        assert!(poster.svg.contains("Seven &lt; eight") && poster.svg.contains("start=seven&amp;ui=bare"));
        assert!(poster.svg.contains(&QrCode::of(link).expect("a code").path()));
    }

    #[test]
    fn the_words_below_a_narrow_picture_do_not_run_into_the_code() {
        let link = format!("https://example.org/#/polytopes?{}", "weights=1,2,3&".repeat(9));
        let poster = Poster::of(PICTURE, [360.0, 380.0], "Polytopes", &link, ["#fff", "#000"]).expect("a poster");
        let code_px = poster.size_px[1] - 380.0 - 2.0 * MARGIN_PX;
        // Letters of this size are at most 7 pixels wide.
        assert!(MARGIN_PX + 7.0 * LETTERS as f64 <= poster.size_px[0] - code_px - MARGIN_PX);
        assert!(poster.svg.contains(&format!("<svg x=\"{}\"", (poster.size_px[0] - 360.0) / 2.0)));
    }

    #[test]
    fn a_long_link_gets_a_larger_code_and_is_cut_in_words_only() {
        let link = format!("https://example.org/#/network?parameters={}", "0.125,".repeat(300));
        let poster = Poster::of(PICTURE, [720.0, 540.0], "A network", &link, ["#fff", "#000"]).expect("a poster");
        assert!(poster.size_px[1] > 540.0 + 200.0);
        assert_eq!(broken(&link).len(), LINES);
        assert!(broken(&link)[LINES - 1].ends_with('…'));
        assert_eq!(broken("https://example.org/#/"), ["https://example.org/#/"]);
    }
}
