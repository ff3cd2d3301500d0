use plotters_svg::SVGBackend;

use crate::{Backend, DrawingError, Paper, SUBPIXELS};

impl Backend for SVGBackend<'_> {}

/// Draws to an SVG document of this size in CSS pixels, with a title that screen readers read.
///
/// ```
/// use piecewise_plot::{Color, svg};
/// let picture = svg([80.0, 60.0], 1.0, "A square", |paper| {
///     paper.fill_rect([10.0, 10.0], [20.5, 20.0], Color::hex(0x336699));
/// })
/// .unwrap();
/// assert!(picture.starts_with("<svg width=\"80\" height=\"60\" viewBox=\"0 0 1280 960\""));
/// assert!(picture.contains("<title>A square</title>"));
/// assert!(picture.contains("width=\"168\"")); // 10.5 pixels, 16 steps each
/// ```
///
/// # Errors
/// When the backend reports one.
pub fn svg(
    size_px: [f64; 2],
    scale: f64,
    title: &str,
    draw: impl FnOnce(&mut Paper<'_>),
) -> Result<String, DrawingError> {
    let size = size_px.map(|px| (px.clamp(1.0, 16384.0) * f64::from(SUBPIXELS)).round() as u32);
    let mut document = String::new();
    {
        let mut backend = SVGBackend::with_string(&mut document, (size[0], size[1]));
        let mut paper = Paper::new(&mut backend, scale);
        draw(&mut paper);
        paper.finish()?;
    }
    // The backend writes its own grid as the size; the size on the page is in CSS pixels.
    let body = document.split_once('\n').map_or("", |(_, body)| body);
    let [width, height] = size.map(|side| f64::from(side) / f64::from(SUBPIXELS));
    Ok(format!(
        "<svg width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {} {}\" xmlns=\"http://www.w3.org/2000/svg\" \
         role=\"img\" stroke-linejoin=\"round\">\n<title>{}</title>\n{body}",
        size[0],
        size[1],
        escape(title)
    ))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_raster_has_a_rectangle_for_each_run_of_one_colour() {
        let (red, blue) = ([255, 0, 0], [0, 0, 255]);
        let picture = |columns: usize, cells: &[[u8; 3]]| {
            svg([40.0, 20.0], 1.0, "Cells", |paper| paper.raster([0.0, 0.0], [40.0, 20.0], columns, cells)).unwrap()
        };
        // Two rows of four: a run of three and one, then a run of four.
        let two_rows = picture(4, &[red, red, red, blue, blue, blue, blue, blue]);
        assert_eq!(two_rows.matches("<rect").count(), 3, "{two_rows}");
        // Thirty pixels and the three quarters that the next cell covers; the last one ends with the raster.
        assert!(
            two_rows.contains("width=\"492\"") && two_rows.contains("x=\"480\" y=\"0\" width=\"160\""),
            "{two_rows}"
        );
        // A row that is not full is left out, and so are cells without columns.
        assert_eq!(picture(4, &[red; 7]).matches("<rect").count(), 1);
        assert_eq!(picture(0, &[red]).matches("<rect").count(), 0);
        assert_eq!(picture(8, &[red; 7]).matches("<rect").count(), 0);
        // Of 130 columns, three by three become one, the last ones cut short: 44 columns and one row.
        let board: Vec<[u8; 3]> = (0..130).map(|column| if column / 3 % 2 == 0 { red } else { blue }).collect();
        let fine = picture(130, &board.repeat(3));
        assert_eq!(fine.matches("<rect").count(), 44);
        assert!(fine.contains("#FF0000") && fine.contains("#0000FF") && fine.matches('#').count() == 44, "{fine}");
    }
}
