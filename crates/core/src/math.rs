//! Transcendental functions, the same on every target.
//!
//! The standard library's `exp`, `sin`, … differ in the last bit between targets; `libm`'s do not. This module is the only
//! place where they may be called from, so that the same seed gives the same numbers in every browser and natively.

pub use libm::{atan2, cos, erf, erfc, exp, expm1, log as ln, log1p as ln_1p, log10, pow as powf, sin, sqrt, tanh};

/// The logistic sigmoid 1 / (1 + e⁻ᶻ), to a few units in the last place in both tails: e⁻ᶻ is never so large that it overflows.
///
/// ```
/// use piecewise_core::math::sigmoid;
/// assert_eq!(sigmoid(0.0), 0.5);
/// assert_eq!(sigmoid(-800.0), 0.0);
/// ```
pub fn sigmoid(z: f64) -> f64 {
    if z >= 0.0 {
        1.0 / (1.0 + exp(-z))
    } else {
        let e = exp(z);
        e / (1.0 + e)
    }
}

/// ln(1 + eᶻ), the smooth max(0, z), without overflow for large z and without rounding to 0 for small ones.
///
/// ```
/// use piecewise_core::math::softplus;
/// assert_eq!(softplus(0.0), 2.0_f64.ln());
/// assert_eq!(softplus(1e6), 1e6);
/// ```
pub fn softplus(z: f64) -> f64 {
    z.max(0.0) + ln_1p(exp(-z.abs()))
}

/// ln Σ eᶻ with the largest z taken out first, so that no exponential overflows. −∞ when there is no `z`.
///
/// ```
/// use piecewise_core::math::{ln, log_sum_exp};
/// assert!((log_sum_exp(&[1000.0, 1000.0]) - (1000.0 + ln(2.0))).abs() < 1e-12);
/// ```
pub fn log_sum_exp(z: &[f64]) -> f64 {
    let largest = z.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if largest.is_infinite() {
        // Taking an infinity out would leave NaN; but a NaN that was there is not hidden.
        return if z.iter().any(|z_d| z_d.is_nan()) { f64::NAN } else { largest };
    }
    let mut sum = 0.0;
    for &z_d in z {
        sum += exp(z_d - largest);
    }
    largest + ln(sum)
}
