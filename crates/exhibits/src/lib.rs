//! The exhibits of Piecewise, in the order of the lecture.
//!
//! Each is `Params → Scene → pixels`: what the user can set, one pure function that computes everything there is to see, and
//! a drawing that knows no browser. [`EXHIBITS`] lists them; one test walks the list and draws every preset of each.

mod aim;
mod caption;
mod exhibit;
pub mod folding;
pub mod gradient_descent;
pub mod link;
pub mod regions;
pub mod steep_step;
#[cfg(feature = "ui")]
pub mod ui;

pub use aim::aim;
pub use caption::Caption;
pub use exhibit::{Entry, Exhibit, Panel, Params, Preset};

/// Every exhibit, in the order of the lecture.
pub const EXHIBITS: &[Entry] = &[
    Entry::of::<regions::Regions>(),
    Entry::of::<folding::Folding>(),
    Entry::of::<steep_step::SteepStep>(),
    Entry::of::<gradient_descent::GradientDescent>(),
];

/// The exhibit of this name, as links write it.
pub fn find(name: &str) -> Option<&'static Entry> {
    EXHIBITS.iter().find(|entry| entry.name == name)
}
