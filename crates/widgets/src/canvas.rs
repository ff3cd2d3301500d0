use std::cell::RefCell;

use piecewise_plot::{Backend, SUBPIXELS};
use plotters::prelude::DrawingBackend;
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingErrorKind, FontFamily, FontStyle, FontTransform,
    text_anchor::Pos,
};
use plotters_canvas::CanvasBackend as PlottersCanvas;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

/// plotters' font sizes are larger than CSS's by this factor; its SVG backend divides by it, its canvas backend does not.
const FONT_SIZE_FACTOR: f64 = 1.24;

type CanvasError = <PlottersCanvas as DrawingBackend>::ErrorType;
type Error = DrawingErrorKind<CanvasError>;

/// A canvas as a drawing backend with sub-pixel precision.
///
/// The integer grid of plotters is laid sixteen times as fine as CSS pixels and the context is scaled to match, so that slow
/// drags do not wobble. Polygons and paths go straight to the context with styles set only when they change: plotters' own
/// canvas backend, which formats a style string for every polygon, takes three times as long. Texts are left to it.
pub struct CanvasBackend {
    context: CanvasRenderingContext2d,
    size: (u32, u32),
    /// Device pixels to a step of the grid.
    steps: f64,
    texts: PlottersCanvas,
    fill: Option<(u8, u8, u8, u64)>,
    stroke: Option<(u8, u8, u8, u64)>,
    width: u32,
}

impl std::fmt::Debug for CanvasBackend {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("CanvasBackend").field("size", &self.size).finish_non_exhaustive()
    }
}

impl CanvasBackend {
    /// A cleared canvas of this size in CSS pixels, backed by `density` device pixels for each of them. Nothing when the browser
    /// refuses a 2-D context.
    pub fn new(canvas: &HtmlCanvasElement, size_px: [f64; 2], density: f64) -> Option<Self> {
        let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        let [width, height] = size_px.map(|px| (px * density).round().max(1.0) as u32);
        if (canvas.width(), canvas.height()) == (width, height) {
            context.reset_transform().ok()?;
            context.clear_rect(0.0, 0.0, f64::from(width), f64::from(height));
        } else {
            // Setting a size also clears.
            canvas.set_width(width);
            canvas.set_height(height);
        }
        let steps = density / f64::from(SUBPIXELS);
        context.set_transform(steps, 0.0, 0.0, steps, 0.0, 0.0).ok()?;
        context.set_line_join("round");
        context.set_line_cap("butt");
        let size = size_px.map(|px| (px * f64::from(SUBPIXELS)).round() as u32);
        Some(Self {
            context,
            size: (size[0], size[1]),
            steps,
            texts: PlottersCanvas::with_canvas_object(canvas.clone())?,
            fill: None,
            stroke: None,
            width: 0,
        })
    }

    fn set_fill(&mut self, color: BackendColor) {
        let key = key(color);
        if self.fill != Some(key) {
            self.fill = Some(key);
            self.context.set_fill_style_str(&css(color));
        }
    }

    fn set_stroke(&mut self, style: &impl BackendStyle) {
        let key = key(style.color());
        if self.stroke != Some(key) {
            self.stroke = Some(key);
            self.context.set_stroke_style_str(&css(style.color()));
        }
        if self.width != style.stroke_width() {
            self.width = style.stroke_width();
            self.context.set_line_width(f64::from(self.width));
        }
    }

    fn trace(&self, path: impl IntoIterator<Item = BackendCoord>) {
        self.context.begin_path();
        for (index, (x, y)) in path.into_iter().enumerate() {
            if index == 0 {
                self.context.move_to(f64::from(x), f64::from(y));
            } else {
                self.context.line_to(f64::from(x), f64::from(y));
            }
        }
    }
}

/// Gives a canvas as many pixels as there are cells, `columns` of them in a row, and puts one into each: red, green and blue, row by row
/// from the top left. Nothing when the browser refuses, or where the last row is not full.
pub fn put_cells(canvas: &HtmlCanvasElement, columns: usize, cells: &[[u8; 3]]) -> Option<()> {
    let [width, height] = [columns, cells.len().checked_div(columns)?].map(|n| n as u32);
    if (canvas.width(), canvas.height()) != (width, height) {
        canvas.set_width(width);
        canvas.set_height(height);
    }
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    let rgba: Vec<u8> = cells.iter().flat_map(|&[r, g, b]| [r, g, b, 255]).collect();
    let pixels = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&rgba), width, height).ok()?;
    context.put_image_data(&pixels, 0.0, 0.0).ok()
}

// A small canvas that is never shown: cells are put into it one to a pixel, and drawn from there at any size.
thread_local!(static SCRATCH: RefCell<Option<HtmlCanvasElement>> = const { RefCell::new(None) });

impl Backend for CanvasBackend {
    fn raster(&mut self, lo: BackendCoord, hi: BackendCoord, columns: usize, cells: &[[u8; 3]]) -> bool {
        let [x, y, right, bottom] = [lo.0, lo.1, hi.0, hi.1].map(f64::from);
        let drawn = SCRATCH.with_borrow_mut(|scratch| {
            if scratch.is_none() {
                let page = self.context.canvas()?.owner_document()?;
                *scratch = page.create_element("canvas").ok()?.dyn_into().ok();
            }
            let scratch = scratch.as_ref()?;
            put_cells(scratch, columns, cells)?;
            // Cells keep their edges, unless they are smaller than the screen's pixels: then some would be left out.
            let cell = self.steps * (right - x) / columns as f64;
            self.context.set_image_smoothing_enabled(cell < 1.0);
            self.context.draw_image_with_html_canvas_element_and_dw_and_dh(scratch, x, y, right - x, bottom - y).ok()
        });
        drawn.is_some()
    }
}

fn key(color: BackendColor) -> (u8, u8, u8, u64) {
    let (r, g, b) = color.rgb;
    (r, g, b, color.alpha.to_bits())
}

fn css(color: BackendColor) -> String {
    piecewise_plot::Color { rgb: color.rgb, alpha: color.alpha }.css()
}

impl DrawingBackend for CanvasBackend {
    type ErrorType = CanvasError;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Result<(), Error> {
        Ok(())
    }

    fn present(&mut self) -> Result<(), Error> {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> Result<(), Error> {
        self.set_fill(color);
        self.context.fill_rect(f64::from(x), f64::from(y), 1.0, 1.0);
        Ok(())
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Result<(), Error> {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Result<(), Error> {
        let (x, y) = (f64::from(upper_left.0), f64::from(upper_left.1));
        let (width, height) = (f64::from(bottom_right.0) - x, f64::from(bottom_right.1) - y);
        if fill {
            self.set_fill(style.color());
            self.context.fill_rect(x, y, width, height);
        } else {
            self.set_stroke(style);
            self.context.stroke_rect(x, y, width, height);
        }
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Result<(), Error> {
        self.set_stroke(style);
        self.trace(path);
        self.context.stroke();
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        (x, y): BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Result<(), Error> {
        self.context.begin_path();
        // An arc fails only for a negative radius.
        let _ = self.context.arc(f64::from(x), f64::from(y), f64::from(radius), 0.0, std::f64::consts::TAU);
        if fill {
            self.set_fill(style.color());
            self.context.fill();
        } else {
            self.set_stroke(style);
            self.context.stroke();
        }
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        vertices: I,
        style: &S,
    ) -> Result<(), Error> {
        self.set_fill(style.color());
        self.trace(vertices);
        self.context.fill();
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, at: BackendCoord) -> Result<(), Error> {
        // It sets the fill style behind our back.
        self.fill = None;
        self.texts.draw_text(text, &CssSized(style), at)
    }
}

/// A text style whose size is that of CSS.
struct CssSized<'a, S>(&'a S);

impl<S: BackendTextStyle> BackendTextStyle for CssSized<'_, S> {
    type FontError = S::FontError;

    fn color(&self) -> BackendColor {
        self.0.color()
    }

    fn size(&self) -> f64 {
        self.0.size() / FONT_SIZE_FACTOR
    }

    fn transform(&self) -> FontTransform {
        self.0.transform()
    }

    fn style(&self) -> FontStyle {
        self.0.style()
    }

    fn anchor(&self) -> Pos {
        self.0.anchor()
    }

    fn family(&self) -> FontFamily<'_> {
        self.0.family()
    }

    fn layout_box(&self, text: &str) -> Result<((i32, i32), (i32, i32)), Self::FontError> {
        self.0.layout_box(text)
    }

    fn draw<E, F: FnMut(i32, i32, BackendColor) -> Result<(), E>>(
        &self,
        text: &str,
        at: BackendCoord,
        draw: F,
    ) -> Result<Result<(), E>, Self::FontError> {
        self.0.draw(text, at, draw)
    }
}
