use super::Objective;
use crate::math;

/// L(φ) = 1 − exp(−2φ_1²)·exp(−(φ_0 − 0.7)²/8), steep across and flat along (UDL, figure 6.9). The minimum is 0 at (0.7, 0).
///
/// ```
/// use piecewise_core::train::{Objective, Ravine};
/// assert_eq!(Ravine.loss(&[0.7, 0.0]), 0.0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ravine;

impl Ravine {
    fn height(phi: &[f64]) -> f64 {
        math::exp(-2.0 * phi[1] * phi[1]) * math::exp(-(phi[0] - 0.7) * (phi[0] - 0.7) / 8.0)
    }
}

impl Objective for Ravine {
    fn n_parameters(&self) -> usize {
        2
    }

    fn loss(&mut self, phi: &[f64]) -> f64 {
        1.0 - Self::height(phi)
    }

    fn gradient(&mut self, phi: &[f64], gradient: &mut [f64]) -> f64 {
        let height = Self::height(phi);
        gradient[0] = height * (phi[0] - 0.7) / 4.0;
        gradient[1] = height * 4.0 * phi[1];
        1.0 - height
    }
}
