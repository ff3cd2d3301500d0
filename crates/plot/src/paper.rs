use std::borrow::Cow;

use std::fmt;

use plotters::prelude::DrawingBackend;
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, FontFamily, FontStyle, FontTransform,
    text_anchor::{HPos, Pos, VPos},
};

use crate::Color;

/// How many steps of the backend's integer grid make one CSS pixel.
pub const SUBPIXELS: i32 = 16;

/// plotters' backends divide a font size by this to get the size in pixels.
const FONT_SIZE_FACTOR: f64 = 1.24;

/// How a line is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Stroke {
    /// Its colour.
    pub color: Color,
    /// Its width in CSS pixels.
    pub width_px: f64,
    /// Lengths in CSS pixels that are drawn and left out by turns; empty for a solid line.
    pub dashes_px: &'static [f64],
}

impl Stroke {
    /// A solid line.
    pub const fn solid(color: Color, width_px: f64) -> Self {
        Self { color, width_px, dashes_px: &[] }
    }

    /// A dashed line.
    pub const fn dashed(color: Color, width_px: f64) -> Self {
        Self { color, width_px, dashes_px: &[6.0, 4.0] }
    }
}

/// Where a text stands relative to its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// The text begins at the point.
    Start,
    /// The text is centred on the point.
    Middle,
    /// The text ends at the point.
    End,
}

/// How a text is set; vertically it is centred on its point.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// Its colour.
    pub color: Color,
    /// Font size in CSS pixels.
    pub size_px: f64,
    /// Where the text stands relative to its point.
    pub align: Align,
    /// Whether it is set in italics, as variables are.
    pub italic: bool,
    /// Whether it is set in bold.
    pub bold: bool,
    /// Whether it runs from bottom to top.
    pub upwards: bool,
}

impl Text {
    /// Upright text centred on its point.
    pub const fn new(color: Color, size_px: f64) -> Self {
        Self { color, size_px, align: Align::Middle, italic: false, bold: false, upwards: false }
    }

    /// The same text, aligned otherwise.
    #[must_use]
    pub const fn align(self, align: Align) -> Self {
        Self { align, ..self }
    }

    /// The same text in italics.
    #[must_use]
    pub const fn italic(self) -> Self {
        Self { italic: true, ..self }
    }

    /// The same text in bold.
    #[must_use]
    pub const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    /// The same text from bottom to top.
    #[must_use]
    pub const fn upwards(self) -> Self {
        Self { upwards: true, ..self }
    }
}

/// A backend of plotters that [`Paper`] can lie on.
pub trait Backend: DrawingBackend {
    /// Paints cells of equal size over an upright rectangle, given by two corners of the backend's grid: `columns` of them in a row, row by
    /// row from the top left, red, green and blue. A backend that has no quicker way than rectangles says `false` and leaves it to them.
    fn raster(&mut self, _lo: BackendCoord, _hi: BackendCoord, _columns: usize, _cells: &[[u8; 3]]) -> bool {
        false
    }
}

/// The marks that [`Paper`] makes on a backend.
///
/// plotters' own trait is generic in every method, so all drawing code would be compiled once for the canvas and once for SVG;
/// behind this one it is compiled once.
trait Sheet {
    fn size(&self) -> (u32, u32);
    fn fill_polygon(&mut self, vertices: &[BackendCoord], color: BackendColor) -> Result<(), DrawingError>;
    fn fill_rect(&mut self, lo: BackendCoord, hi: BackendCoord, color: BackendColor) -> Result<(), DrawingError>;
    fn stroke_path(&mut self, points: &[BackendCoord], style: &LineStyle) -> Result<(), DrawingError>;
    fn disc(&mut self, center: BackendCoord, radius: u32, style: &LineStyle, fill: bool) -> Result<(), DrawingError>;
    fn text(&mut self, text: &str, style: &FontText<'_>, at: BackendCoord) -> Result<(), DrawingError>;
    fn raster(&mut self, lo: BackendCoord, hi: BackendCoord, columns: usize, cells: &[[u8; 3]]) -> bool;
    fn present(&mut self) -> Result<(), DrawingError>;
}

impl<B: Backend> Sheet for B {
    fn size(&self) -> (u32, u32) {
        self.get_size()
    }

    fn fill_polygon(&mut self, vertices: &[BackendCoord], color: BackendColor) -> Result<(), DrawingError> {
        DrawingBackend::fill_polygon(self, vertices.iter().copied(), &color).map_err(DrawingError::new)
    }

    fn fill_rect(&mut self, lo: BackendCoord, hi: BackendCoord, color: BackendColor) -> Result<(), DrawingError> {
        self.draw_rect(lo, hi, &color, true).map_err(DrawingError::new)
    }

    fn stroke_path(&mut self, points: &[BackendCoord], style: &LineStyle) -> Result<(), DrawingError> {
        self.draw_path(points.iter().copied(), style).map_err(DrawingError::new)
    }

    fn disc(&mut self, center: BackendCoord, radius: u32, style: &LineStyle, fill: bool) -> Result<(), DrawingError> {
        self.draw_circle(center, radius, style, fill).map_err(DrawingError::new)
    }

    fn text(&mut self, text: &str, style: &FontText<'_>, at: BackendCoord) -> Result<(), DrawingError> {
        self.draw_text(text, style, at).map_err(DrawingError::new)
    }

    fn raster(&mut self, lo: BackendCoord, hi: BackendCoord, columns: usize, cells: &[[u8; 3]]) -> bool {
        Backend::raster(self, lo, hi, columns, cells)
    }

    fn present(&mut self) -> Result<(), DrawingError> {
        DrawingBackend::present(self).map_err(DrawingError::new)
    }
}

/// What a backend said when it could not draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrawingError(String);

impl DrawingError {
    fn new(error: impl fmt::Display) -> Self {
        Self(error.to_string())
    }
}

impl fmt::Display for DrawingError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "the picture could not be drawn: {}", self.0)
    }
}

impl std::error::Error for DrawingError {}

/// A sheet to draw on: plotters' integer [`DrawingBackend`] behind CSS pixels with fractions.
///
/// The first error of the backend is kept and everything after it is skipped, so that drawing code reads as a list of marks;
/// [`Paper::finish`] returns it.
pub struct Paper<'b> {
    sheet: &'b mut dyn Sheet,
    error: Option<DrawingError>,
    /// The points of the mark that is being made, kept so that a mark need not ask for memory.
    points: Vec<BackendCoord>,
    /// Texts and strokes are this much larger than their nominal size, for projectors.
    scale: f64,
    /// Strokes are this much thicker on top of that.
    stroke_scale: f64,
}

impl fmt::Debug for Paper<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Paper").field("size_px", &self.size_px()).field("scale", &self.scale).finish_non_exhaustive()
    }
}

fn grid(px: f64) -> i32 {
    (px * f64::from(SUBPIXELS)).round() as i32
}

fn grid_point([x, y]: [f64; 2]) -> BackendCoord {
    (grid(x), grid(y))
}

/// The most cells along a side that are painted as rectangles.
const MOST_CELLS: usize = 64;

/// The means of square blocks of cells, as large as it takes to have at most [`MOST_CELLS`] along each side. Blocks at the right and at the bottom may
/// be cut short.
fn in_blocks(columns: usize, cells: &[[u8; 3]]) -> (usize, Cow<'_, [[u8; 3]]>) {
    let n_rows = cells.len() / columns;
    let side = columns.max(n_rows).div_ceil(MOST_CELLS);
    if side == 1 {
        return (columns, Cow::Borrowed(cells));
    }
    let starts = |n: usize| (0..n).step_by(side);
    let mean = |top: usize, left: usize| {
        let rows = cells.chunks(columns).skip(top).take(side);
        let block = rows.flat_map(|row| &row[left..columns.min(left + side)]);
        let (n, sum) = block
            .fold((0, [0_u32; 3]), |(n, sum), cell| (n + 1, [0, 1, 2].map(|part| sum[part] + u32::from(cell[part]))));
        sum.map(|sum| ((2 * sum + n) / (2 * n)) as u8)
    };
    let blocks = starts(n_rows).flat_map(|top| starts(columns).map(move |left| (top, left)));
    (columns.div_ceil(side), Cow::Owned(blocks.map(|(top, left)| mean(top, left)).collect()))
}

impl<'b> Paper<'b> {
    /// Paper on this backend, whose own size counts [`SUBPIXELS`] to a CSS pixel.
    pub fn new<B: Backend>(backend: &'b mut B, scale: f64) -> Self {
        let error = backend.ensure_prepared().err().map(DrawingError::new);
        Self { sheet: backend, error, points: Vec::new(), scale, stroke_scale: 1.0 }
    }

    /// Makes the strokes that follow so much thicker; a theme asks for it.
    pub fn set_stroke_scale(&mut self, stroke_scale: f64) {
        self.stroke_scale = stroke_scale;
    }

    /// Width and height in CSS pixels.
    pub fn size_px(&self) -> [f64; 2] {
        let (width, height) = self.sheet.size();
        [width, height].map(|size| f64::from(size) / f64::from(SUBPIXELS))
    }

    /// How much larger texts and strokes are than their nominal size.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    fn mark(&mut self, draw: impl FnOnce(&mut dyn Sheet) -> Result<(), DrawingError>) {
        if self.error.is_none() {
            self.error = draw(self.sheet).err();
        }
    }

    /// Makes a mark of points, in CSS pixels.
    fn mark_points(
        &mut self,
        points: &mut dyn Iterator<Item = [f64; 2]>,
        draw: impl FnOnce(&mut dyn Sheet, &[BackendCoord]) -> Result<(), DrawingError>,
    ) {
        let mut grid_points = std::mem::take(&mut self.points);
        grid_points.clear();
        grid_points.extend(points.map(grid_point));
        self.mark(|sheet| draw(sheet, &grid_points));
        self.points = grid_points;
    }

    /// Fills a polygon given by its vertices in CSS pixels.
    pub fn fill_polygon(&mut self, vertices: impl IntoIterator<Item = [f64; 2]>, color: Color) {
        self.mark_points(&mut vertices.into_iter(), |sheet, vertices| sheet.fill_polygon(vertices, color.into()));
    }

    /// Fills an upright rectangle given by two opposite corners in CSS pixels.
    pub fn fill_rect(&mut self, a: [f64; 2], b: [f64; 2], color: Color) {
        let lo = [a[0].min(b[0]), a[1].min(b[1])];
        let hi = [a[0].max(b[0]), a[1].max(b[1])];
        self.mark(|sheet| sheet.fill_rect(grid_point(lo), grid_point(hi), color.into()));
    }

    /// Paints cells of equal size, `columns` of them in a row, row by row from the top left: red, green and blue. The upper left corner and
    /// the size are in CSS pixels; a last row that is not full is left out.
    ///
    /// A canvas takes them as one picture, everything else as a rectangle for each run of one colour; and where there are more than 64 columns
    /// or rows, blocks of cells are averaged first, since ten thousands of rectangles are of no use to anybody.
    pub fn raster(&mut self, [left, top]: [f64; 2], size_px: [f64; 2], columns: usize, cells: &[[u8; 3]]) {
        let n_rows = cells.len().checked_div(columns).unwrap_or(0);
        if n_rows == 0 {
            return;
        }
        let cells = &cells[..n_rows * columns];
        let [right, bottom] = [left + size_px[0], top + size_px[1]];
        if self.error.is_some()
            || self.sheet.raster(grid_point([left, top]), grid_point([right, bottom]), columns, cells)
        {
            return;
        }
        let (columns, cells) = &in_blocks(columns, cells);
        let (columns, n_rows) = (*columns, cells.len() / columns);
        let cell = [size_px[0] / columns as f64, size_px[1] / n_rows as f64];
        for (row, colors) in cells.chunks(columns).enumerate() {
            // A little into the cells at the right and below, which are painted later: so no seam shows.
            let [high, low] = [row, row + 1].map(|row| top + row as f64 * cell[1]);
            let mut from = 0;
            for run in colors.chunk_by(|a, b| a == b) {
                let to = from + run.len();
                let [x, far] = [from, to].map(|column| left + column as f64 * cell[0]);
                let [r, g, b] = run[0];
                let color = Color { rgb: (r, g, b), alpha: 1.0 };
                self.fill_rect([x, high], [(far + 0.75).min(right), (low + 0.75).min(bottom)], color);
                from = to;
            }
        }
    }

    /// Draws a line through these points, in CSS pixels.
    pub fn stroke_path(&mut self, points: impl IntoIterator<Item = [f64; 2]>, stroke: &Stroke) {
        let style = self.line_style(stroke);
        if stroke.dashes_px.is_empty() {
            self.mark_points(&mut points.into_iter(), |sheet, points| sheet.stroke_path(points, &style));
        } else {
            for dash in dashes(&mut points.into_iter(), stroke.dashes_px) {
                self.mark_points(&mut dash.into_iter(), |sheet, points| sheet.stroke_path(points, &style));
            }
        }
    }

    /// Draws one straight line between two points, in CSS pixels.
    pub fn stroke_line(&mut self, from: [f64; 2], to: [f64; 2], stroke: &Stroke) {
        self.stroke_path([from, to], stroke);
    }

    /// Fills a disc; centre and radius in CSS pixels.
    pub fn fill_disc(&mut self, center: [f64; 2], radius_px: f64, color: Color) {
        self.disc(center, radius_px, &LineStyle { color: color.into(), width: 1 }, true);
    }

    /// Draws a circle; centre and radius in CSS pixels.
    pub fn stroke_circle(&mut self, center: [f64; 2], radius_px: f64, stroke: &Stroke) {
        self.disc(center, radius_px, &self.line_style(stroke), false);
    }

    fn disc(&mut self, center: [f64; 2], radius_px: f64, style: &LineStyle, fill: bool) {
        let radius = grid(radius_px * self.scale).max(1) as u32;
        self.mark(|sheet| sheet.disc(grid_point(center), radius, style, fill));
    }

    fn line_style(&self, stroke: &Stroke) -> LineStyle {
        LineStyle {
            color: stroke.color.into(),
            width: grid(stroke.width_px * self.scale * self.stroke_scale).max(1) as u32,
        }
    }

    /// Sets a text at a point, in CSS pixels.
    pub fn text(&mut self, text: &str, at: [f64; 2], style: &Text) {
        let style = FontText { text: style, scale: self.scale };
        self.mark(|sheet| sheet.text(text, &style, grid_point(at)));
    }

    /// Hands the sheet over.
    ///
    /// # Errors
    /// The first error that the backend reported.
    pub fn finish(mut self) -> Result<(), DrawingError> {
        match self.error.take() {
            Some(error) => Err(error),
            None => self.sheet.present(),
        }
    }
}

/// Cuts a path into its dashes.
fn dashes(points: &mut dyn Iterator<Item = [f64; 2]>, lengths_px: &[f64]) -> Vec<Vec<[f64; 2]>> {
    let mut pieces = Vec::new();
    let Some(mut here) = points.next() else { return pieces };
    let mut turns = lengths_px.iter().copied().cycle();
    let mut left = turns.next().unwrap_or(f64::INFINITY).max(0.5);
    let mut drawn = true;
    let mut piece = vec![here];
    for next in points {
        let mut distance = f64::hypot(next[0] - here[0], next[1] - here[1]);
        while distance > left {
            let share = left / distance;
            here = [here[0] + share * (next[0] - here[0]), here[1] + share * (next[1] - here[1])];
            distance -= left;
            if drawn {
                piece.push(here);
                pieces.push(std::mem::take(&mut piece));
            }
            drawn = !drawn;
            piece = vec![here];
            left = turns.next().unwrap_or(f64::INFINITY).max(0.5);
        }
        left -= distance;
        here = next;
        piece.push(here);
    }
    if drawn && piece.len() > 1 {
        pieces.push(piece);
    }
    pieces
}

struct LineStyle {
    color: BackendColor,
    width: u32,
}

impl BackendStyle for LineStyle {
    fn color(&self) -> BackendColor {
        self.color
    }

    fn stroke_width(&self) -> u32 {
        self.width
    }
}

struct FontText<'a> {
    text: &'a Text,
    scale: f64,
}

impl BackendTextStyle for FontText<'_> {
    type FontError = std::convert::Infallible;

    fn color(&self) -> BackendColor {
        self.text.color.into()
    }

    fn size(&self) -> f64 {
        self.text.size_px * self.scale * f64::from(SUBPIXELS) * FONT_SIZE_FACTOR
    }

    fn transform(&self) -> FontTransform {
        if self.text.upwards { FontTransform::Rotate270 } else { FontTransform::None }
    }

    fn style(&self) -> FontStyle {
        match (self.text.italic, self.text.bold) {
            (true, _) => FontStyle::Italic,
            (false, true) => FontStyle::Bold,
            (false, false) => FontStyle::Normal,
        }
    }

    fn anchor(&self) -> Pos {
        let h_pos = match self.text.align {
            Align::Start => HPos::Left,
            Align::Middle => HPos::Center,
            Align::End => HPos::Right,
        };
        Pos { h_pos, v_pos: VPos::Center }
    }

    fn family(&self) -> FontFamily<'_> {
        FontFamily::Name("system-ui, sans-serif")
    }

    fn layout_box(&self, text: &str) -> Result<((i32, i32), (i32, i32)), Self::FontError> {
        // No font is loaded here; a letter is about half as wide as high. Used by nothing that must be exact.
        let height = self.size() / FONT_SIZE_FACTOR;
        Ok(((0, 0), ((0.55 * height * text.chars().count() as f64) as i32, height as i32)))
    }

    fn draw<E, DrawFunc: FnMut(i32, i32, BackendColor) -> Result<(), E>>(
        &self,
        _text: &str,
        _pos: (i32, i32),
        _draw: DrawFunc,
    ) -> Result<Result<(), E>, Self::FontError> {
        Ok(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_cover_their_share_of_a_line() {
        let pieces = dashes(&mut [[0.0, 0.0], [10.0, 0.0]].into_iter(), &[3.0, 2.0]);
        assert_eq!(pieces, [vec![[0.0, 0.0], [3.0, 0.0]], vec![[5.0, 0.0], [8.0, 0.0]]]);
    }

    #[test]
    fn dashes_run_around_corners() {
        let pieces = dashes(&mut [[0.0, 0.0], [2.0, 0.0], [2.0, 9.0]].into_iter(), &[4.0, 100.0]);
        assert_eq!(pieces, [vec![[0.0, 0.0], [2.0, 0.0], [2.0, 2.0]]]);
    }
}
