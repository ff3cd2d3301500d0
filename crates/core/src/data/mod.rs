//! Data sets, small ones written out.

mod book;
mod examples;

pub use book::{GABOR, LINEAR_REGRESSION, NOTEBOOK_3_1};
pub use examples::Examples;
