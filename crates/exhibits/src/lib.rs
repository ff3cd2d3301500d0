//! The exhibits of Piecewise, in the order of the lecture.
//!
//! Each is `Params → Scene → pixels`: what the user can set, one pure function that computes everything there is to see, and
//! a drawing that knows no browser. [`EXHIBITS`] lists them; one test walks the list and draws every preset of each. On the page
//! they travel in [`PARTS`], so that nobody loads the whole lecture for one slide.

mod aim;
pub mod backprop;
mod caption;
mod curve;
mod exhibit;
pub mod folding;
pub mod gradient_descent;
pub mod linear_pieces;
pub mod link;
pub mod loss;
pub mod network;
pub mod neural_field;
mod part;
pub mod polytopes;
pub mod regions;
pub mod steep_step;
pub mod symmetry;
#[cfg(feature = "ui")]
pub mod ui;
pub mod worker;

pub use aim::{aim, rounded};
pub use caption::Caption;
pub use curve::{Curve, csv};
pub use exhibit::{Entry, Exhibit, Panel, Params, Picture, Preset};
pub use part::{Listing, Part};

/// Slide 4: into how many regions a network cuts the plane.
pub const SHAPES: Part = Part { name: "shapes", entries: &[Entry::of::<regions::Regions>()] };

/// Slide 3: networks drawn and written.
pub const NETWORKS: Part = Part { name: "networks", entries: &[Entry::of::<network::NetworkExhibit>()] };

/// Slide 4: what networks do to space.
pub const SPACE: Part = Part { name: "space", entries: &[Entry::of::<polytopes::Polytopes>()] };

/// Slides 4 to 6: flat pieces, and folded ones.
pub const PIECES: Part =
    Part { name: "pieces", entries: &[Entry::of::<folding::Folding>(), Entry::of::<linear_pieces::LinearPieces>()] };

/// Slides 7, 10 and 14: what is to be made small, what cannot be, and where one may not begin.
pub const LOSSES: Part = Part {
    name: "losses",
    entries: &[Entry::of::<steep_step::SteepStep>(), Entry::of::<loss::Loss>(), Entry::of::<symmetry::Symmetry>()],
};

/// Slides 11 and 13: how networks learn.
pub const DESCENT: Part = Part {
    name: "descent",
    entries: &[Entry::of::<gradient_descent::GradientDescent>(), Entry::of::<backprop::Backprop>()],
};

/// Slide 9: networks that paint pictures.
pub const FIELDS: Part = Part { name: "fields", entries: &[Entry::of::<neural_field::NeuralField>()] };

/// Every part, in the order of the lecture.
pub const PARTS: &[Part] = &[SHAPES, NETWORKS, SPACE, PIECES, LOSSES, DESCENT, FIELDS];

/// Every exhibit, in the order of the lecture.
pub const EXHIBITS: &[Entry] = &part::entries::<{ part::n_entries(PARTS) }>(PARTS);

/// The whole lecture in one part, for the file that needs no server.
pub const WHOLE: Part = Part { name: "whole", entries: EXHIBITS };

/// What the contents say of every exhibit, in the order of the lecture.
pub const CONTENTS: &[Listing] = &part::listings::<{ part::n_entries(PARTS) }>(PARTS);

/// The exhibit of this name, as links write it.
pub fn find(name: &str) -> Option<&'static Entry> {
    EXHIBITS.iter().find(|entry| entry.name == name)
}
