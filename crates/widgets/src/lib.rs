//! Yew building blocks for the exhibits. None of them knows an exhibit.

mod canvas;
mod copy;
mod drag;
mod formula;
mod history;
mod number_cell;
mod playback;
mod plot_canvas;
mod save;

pub use canvas::{CanvasBackend, put_cells};
pub use copy::CopyButton;
pub use drag::{DragStep, DragTarget, Knob, Nudge};
pub use formula::{number, signed, symbol, symbol_with_index};
pub use history::{Edit, Gesture, History};
pub use number_cell::{NumberCell, read_number};
pub use playback::Playback;
pub use plot_canvas::{Drawing, Handles, PlotCanvas, Press};
pub use save::{blob, png, said_of, save};
