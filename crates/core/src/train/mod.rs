//! Training: how wrong a network is, which way is down, and going there step by step.
//!
//! Notation and signs are those of *Understanding Deep Learning*, chapters 5 to 7. Nothing here looks at a clock or draws from anything but
//! a seed, and sums are taken in a fixed order, so a history is the same, bit for bit, wherever it is computed.

mod backprop;
mod gradient_check;
mod loss;
mod product;

pub use backprop::{Fault, Pass};
pub use gradient_check::{GradientCheck, central_differences};
pub use loss::{ExampleLoss, Loss, Reduction};
