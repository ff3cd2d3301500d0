//! Coordinate networks on images, also called neural fields: coordinates in, the colour at that place out.
//!
//! Parameters and pixels are 32-bit numbers here, and only here, so that four fit into a register. Kernels add and multiply in a fixed order
//! in lanes of 128 bits, without fused multiply-adds, so a training has the same bits natively and in every browser. What is not kept at a
//! rate of hundreds of megaflops a step (errors, norms, spectra) is summed in 64 bits.
//!
//! The loss is ½ · the mean of squares over pixels and channels, as in the course's homework, or the mean of absolute values; both conventions of the peak signal-to-noise ratio
//! are in [`Psnr`].

mod architecture;
pub mod benchmark;
mod birth;
mod coordinate_network;
mod diagnosis;
mod grid;
mod image;
mod initialization;
mod lanes;
mod layer;
mod pass;
mod picture;
mod psnr;
mod rule;
mod run;
mod shard;
mod spectrum;
mod tile;
mod training;

pub use architecture::{Architecture, FieldActivation, Input, N_CHANNELS, OutputActivation};
pub use birth::{BirthCount, BirthTable, Births, share_born_constant};
pub use coordinate_network::{Field, FieldError, Rendering};
pub use diagnosis::Diagnosis;
pub use grid::{Grid, Samples, Window, linspace};
pub use image::{Image, ImageError};
pub use initialization::FieldInitialization;
pub use layer::FieldLayer;
pub use pass::{CHUNK, Pass, Tally};
pub use picture::Picture;
pub use psnr::Psnr;
pub use rule::{FieldLoss, FieldRule, FieldSettings};
pub use run::{FieldProgress, FieldRun};
pub use shard::{reduce, shard_of};
pub use spectrum::RadialSpectrum;
pub use training::{FieldReport, FieldTraining};
