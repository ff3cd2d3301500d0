use noto_sans_mono_bitmap::{FontWeight, RasterHeight, get_raster, get_raster_width};
use piecewise_core::field::Image;

/// The most letters of a text; what comes after them is left out.
pub const MOST_LETTERS: usize = 12;

const WEIGHT: FontWeight = FontWeight::Bold;
const HEIGHT: RasterHeight = RasterHeight::Size16;
/// From one line to the next, in pixels of the font: a little closer than it is set elsewhere, since letters are to be large.
const LINE: usize = 14;
/// How much of the picture the letters may fill.
const FILLED: f64 = 0.88;

/// Dark on light, in red, green and blue.
const INK: [f32; 3] = [0.09, 0.09, 0.13];
const GROUND: [f32; 3] = [1.0; 3];

/// What is kept of a text: its first [`MOST_LETTERS`] letters that the font has (Latin ones, digits, signs), without line breaks.
pub fn legible(text: &str) -> String {
    let has = |letter: &char| !letter.is_control() && get_raster(*letter, WEIGHT, HEIGHT).is_some();
    text.chars().filter(has).take(MOST_LETTERS).collect()
}

/// The text as a picture: in the middle, and as large as it fits; words go below each other where that makes them larger. Without a
/// letter it is the empty ground.
///
/// # Panics
/// When there is no pixel in it, or more than a picture may have.
pub fn draw_text(text: &str, width: usize, height: usize) -> Image {
    let ground = Image::from_fn(width, height, |_, _| GROUND).expect("a size that a picture may have");
    let kept = legible(text);
    let lines = broken(&kept.split_whitespace().collect::<Vec<_>>(), [width, height]);
    let Some(letters) = coverage(&lines) else { return ground };
    let [wide, high] = [letters.width() as f64, letters.height() as f64];
    let factor = (FILLED * width as f64 / wide).min(FILLED * height as f64 / high);
    let [columns, rows] = [(wide, width), (high, height)].map(|(side, most)| ((factor * side) as usize).clamp(1, most));
    let Ok(letters) = letters.scaled(columns, rows) else { return ground };
    let corner = [(width - columns) / 2, (height - rows) / 2];
    // An edge that has become wider by being enlarged is made as steep again as it was.
    let steepness = factor.max(1.0) as f32;
    Image::from_fn(width, height, |column, row| {
        let at = [column.wrapping_sub(corner[0]), row.wrapping_sub(corner[1])];
        if at[0] >= columns || at[1] >= rows {
            return GROUND;
        }
        let share = letters.pixels()[at[1] * columns + at[0]][0];
        let share = (0.5 + steepness * (share - 0.5)).clamp(0.0, 1.0);
        [0, 1, 2].map(|c| GROUND[c] + share * (INK[c] - GROUND[c]))
    })
    .unwrap_or(ground)
}

/// The words in lines, broken so that letters are as large as they can be in a picture of this size.
fn broken(words: &[&str], [width, height]: [usize; 2]) -> Vec<String> {
    let length = |line: &str| line.chars().count();
    let longest = words.iter().map(|word| length(word)).max().unwrap_or(0);
    let mut best = (0.0, Vec::new());
    for most in longest..=MOST_LETTERS {
        let mut lines: Vec<String> = Vec::new();
        for word in words {
            match lines.last_mut() {
                Some(line) if length(line) + 1 + length(word) <= most => {
                    line.push(' ');
                    line.push_str(word);
                }
                _ => lines.push((*word).to_owned()),
            }
        }
        let widest = lines.iter().map(|line| length(line)).max().unwrap_or(0);
        let size = [widest * get_raster_width(WEIGHT, HEIGHT), lines.len() * LINE];
        let factor = (width as f64 / size[0] as f64).min(height as f64 / size[1] as f64);
        if factor > best.0 {
            best = (factor, lines);
        }
    }
    best.1
}

/// How much of each pixel is covered by letters, in the size of the font, without empty edges; nothing where nothing is covered.
fn coverage(lines: &[String]) -> Option<Image> {
    let step = get_raster_width(WEIGHT, HEIGHT);
    let widest = lines.iter().map(|line| line.chars().count()).max()?;
    let size = [widest * step, (lines.len() - 1) * LINE + HEIGHT.val()];
    let mut covered = vec![[0.0_f32; 3]; size[0] * size[1]];
    for (row, line) in lines.iter().enumerate() {
        let indent = (widest - line.chars().count()) * step / 2;
        for (index, letter) in line.chars().enumerate() {
            let Some(raster) = get_raster(letter, WEIGHT, HEIGHT) else { continue };
            for (y, pixels) in raster.rows().enumerate() {
                let from = (row * LINE + y) * size[0] + indent + index * step;
                for (to, &pixel) in covered[from..].iter_mut().zip(pixels) {
                    // Lines may reach into each other.
                    *to = to.map(|share| share.max(f32::from(pixel) / 255.0));
                }
            }
        }
    }
    let image = Image::new(size[0], size[1], covered).ok()?;
    let is_covered = |column: usize, row: usize| image.pixels()[row * size[0] + column][0] > 0.0;
    let columns = ends(size[0], |column| (0..size[1]).any(|row| is_covered(column, row)))?;
    let rows = ends(size[1], |row| (0..size[0]).any(|column| is_covered(column, row)))?;
    image.crop([columns[0], rows[0]], [columns[1] - columns[0], rows[1] - rows[0]]).ok()
}

/// The first of `n` where something is, and the one after the last.
fn ends(n: usize, is_there: impl Fn(usize) -> bool) -> Option<[usize; 2]> {
    let first = (0..n).find(|&index| is_there(index))?;
    let last = (0..n).rfind(|&index| is_there(index))?;
    Some([first, last + 1])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Left, right, top and bottom of what is not ground.
    fn inked(image: &Image) -> Option<[usize; 4]> {
        let dark = |column: usize, row: usize| image.pixels()[row * image.width() + column][0] < 0.5;
        let [left, right] = ends(image.width(), |column| (0..image.height()).any(|row| dark(column, row)))?;
        let [top, bottom] = ends(image.height(), |row| (0..image.width()).any(|column| dark(column, row)))?;
        Some([left, right, top, bottom])
    }

    #[test]
    fn letters_stand_in_the_middle_and_fill_the_picture() {
        for text in ["A", "ReLU", "neural field", "Boston", "1 2 3 4 5 6"] {
            for [width, height] in [[64, 64], [64, 48], [128, 128]] {
                let [left, right, top, bottom] = inked(&draw_text(text, width, height)).expect("letters");
                assert!(
                    left.abs_diff(width - right) <= 2 && top.abs_diff(height - bottom) <= 2,
                    "{text} off the middle"
                );
                let filled = (right - left) as f64 / width as f64;
                let filled = filled.max((bottom - top) as f64 / height as f64);
                assert!((0.78..=0.9).contains(&filled), "{text}: {filled}");
            }
        }
        for side in [1, 2, 16] {
            draw_text("Wg", side, side);
        }
    }

    #[test]
    fn words_go_below_each_other_where_that_makes_them_larger() {
        assert_eq!(broken(&["neural", "field"], [64, 64]), ["neural", "field"]);
        assert_eq!(broken(&["neural", "field"], [400, 40]), ["neural field"]);
        assert_eq!(broken(&["a", "b", "c", "d"], [64, 64]).len(), 2);
    }

    #[test]
    fn what_the_font_lacks_is_left_out_and_no_text_is_empty_ground() {
        assert_eq!(legible("a\u{0}b\n\u{65e5}c\u{301}d🙂é"), "abcd");
        assert_eq!(legible(&"x".repeat(10_000)).len(), MOST_LETTERS);
        for nothing in ["", "   ", "\u{65e5}\u{672c}", "\u{a0}"] {
            assert_eq!(inked(&draw_text(nothing, 24, 18)), None);
        }
        assert_eq!(draw_text("\u{65e5}Hi", 32, 32), draw_text("Hi", 32, 32));
    }

    #[test]
    fn enlarged_letters_keep_steep_edges() {
        let image = draw_text("I", 256, 256);
        let middle = &image.pixels()[128 * 256..129 * 256];
        let grey = middle.iter().filter(|colour| colour[0] > 0.2 && colour[0] < 0.9).count();
        assert!(grey <= 4, "{grey} pixels of a row are neither ink nor ground");
    }
}
