//! Training: how wrong a network is, which way is down, and going there step by step.
//!
//! Notation and signs are those of *Understanding Deep Learning*, chapters 5 to 7. Nothing here looks at a clock or draws from anything but
//! a seed, and sums are taken in a fixed order, so a history is the same, bit for bit, wherever it is computed.

mod backprop;
mod batches;
mod curvature;
mod curve;
mod divergence;
mod gabor;
mod gradient_check;
pub(crate) mod history;
mod line_search;
mod linear_regression;
mod loss;
mod network_loss;
mod objective;
mod optimizer;
mod product;
mod ravine;
mod run;
mod schedule;
mod slice;
mod toy_chain;
mod training;

pub use backprop::{Fault, Pass};
pub use batches::Batches;
pub use curve::Curve;
pub use divergence::{Cause, Divergence};
pub use gabor::Gabor;
pub use gradient_check::{GradientCheck, central_differences};
pub use line_search::{Bracket, LineSearch};
pub use linear_regression::LinearRegression;
pub use loss::{ExampleLoss, Loss, Reduction};
pub use network_loss::NetworkLoss;
pub use objective::Objective;
pub use optimizer::{Memory, Optimizer, Rule, StepTaken, WeightDecay};
pub use ravine::Ravine;
pub use run::{Run, RunProgress};
pub use schedule::Schedule;
pub use slice::TwoParameterSlice;
pub use toy_chain::{ToyChain, ToyPass};
pub use training::{Settings, StepReport, Training};
