//! What leaves the page: lines to paste into slides and course pages, QR codes, pictures with their link, moving pictures.
//!
//! Nothing here knows an exhibit or a browser. The page and the command line give links and drawings, and get texts and bytes.

mod motion;
mod poster;
mod qr;
mod snippet;
mod sweep;

pub use motion::{Format, MOST_FRAMES, Motion, MotionError};
pub use poster::Poster;
pub use qr::{LinkTooLong, QrCode};
pub use snippet::{Host, OPTIONS, Shared};
pub use sweep::Sweep;
