//! Transcendental functions, the same on every target.
//!
//! The standard library's `exp`, `sin`, … differ in the last bit between targets; `libm`'s do not. This module is the only
//! place where they may be called from, so that the same seed gives the same numbers in every browser and natively.

pub use libm::{cos, erf, exp, expm1, log as ln, log1p as ln_1p, log10, pow as powf, sin, sqrt, tanh};
