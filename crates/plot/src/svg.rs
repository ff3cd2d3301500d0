use plotters_svg::SVGBackend;

use crate::{DrawingError, Paper, SUBPIXELS};

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
