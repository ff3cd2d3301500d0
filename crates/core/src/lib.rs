//! The mathematics of Piecewise: networks, their linear regions, training.
//!
//! Nothing here knows a browser, a clock or a source of randomness other than a seed: the same input gives the same bits on
//! every target.

pub mod data;
pub mod field;
pub mod job;
pub mod math;
pub mod network;
pub mod piecewise;
pub mod regions;
mod rng;
pub mod train;

pub use rng::Rng;
