//! Drawing for Piecewise, on any plotters [`DrawingBackend`](plotters_backend::DrawingBackend).
//!
//! The same drawing code serves the canvas on the page, the SVG of exports and golden pictures, and anything else that
//! implements plotters' trait. Everything here speaks CSS pixels as `f64`; [`Paper`] turns them into the integer grid of the
//! backend, sixteen steps to a pixel, so that slow drags do not wobble and thin polygons do not crack.

mod axes;
mod clip;
mod color;
mod facet;
mod frame;
mod number;
mod paper;
mod surface;
mod svg;
mod theme;

pub use axes::{Axes, draw_axes, draw_color_bar};
pub use color::{Color, ColorMap};
pub use facet::{Bands, Facet};
pub use frame::Frame;
pub use number::{Ticks, format_number, subscript};
pub use paper::{Align, Backend, DrawingError, Paper, SUBPIXELS, Stroke, Text};
pub use surface::Surface;
pub use svg::svg;
pub use theme::{Theme, ThemeName};
