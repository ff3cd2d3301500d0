use super::Objective;
use crate::math;

/// L(φ) = Σ (f(x_i) − y_i)² for the Gabor model f(x) = sin(u)·exp(−u²/32) with u = φ_0 + 0.06 φ_1 x (UDL, equation 6.8): a surface with
/// several minima, saddles and plains.
///
/// ```
/// use piecewise_core::data::GABOR;
/// use piecewise_core::train::{Gabor, Objective};
/// let mut gabor = Gabor::new(GABOR.to_vec());
/// assert!((gabor.loss(&[-1.5, 8.5]) - 11.69602).abs() < 5e-6);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Gabor {
    points: Vec<[f64; 2]>,
}

impl Gabor {
    /// The loss of the Gabor model on these points (x, y).
    pub fn new(points: Vec<[f64; 2]>) -> Self {
        Self { points }
    }

    /// The points (x, y).
    pub fn points(&self) -> &[[f64; 2]] {
        &self.points
    }

    /// What the model says at `x`.
    pub fn model(phi: &[f64], x: f64) -> f64 {
        let u = phi[0] + 0.06 * phi[1] * x;
        math::sin(u) * math::exp(-u * u / 32.0)
    }

    fn add_gradient(&self, i: usize, phi: &[f64], gradient: &mut [f64]) -> f64 {
        let [x, y] = self.points[i];
        let u = phi[0] + 0.06 * phi[1] * x;
        let (sin, envelope) = (math::sin(u), math::exp(-u * u / 32.0));
        let error = sin * envelope - y;
        let df_du = envelope * (math::cos(u) - sin * u / 16.0);
        gradient[0] += 2.0 * error * df_du;
        gradient[1] += 2.0 * error * df_du * 0.06 * x;
        error * error
    }
}

impl Objective for Gabor {
    fn n_parameters(&self) -> usize {
        2
    }

    fn n_examples(&self) -> usize {
        self.points.len()
    }

    fn loss(&mut self, phi: &[f64]) -> f64 {
        self.points.iter().fold(0.0, |sum, &[x, y]| {
            let error = Self::model(phi, x) - y;
            sum + error * error
        })
    }

    fn gradient(&mut self, phi: &[f64], gradient: &mut [f64]) -> f64 {
        gradient.fill(0.0);
        (0..self.points.len()).fold(0.0, |sum, i| sum + self.add_gradient(i, phi, gradient))
    }

    fn batch_gradient(&mut self, phi: &[f64], batch: &[u32], gradient: &mut [f64]) -> f64 {
        gradient.fill(0.0);
        batch.iter().fold(0.0, |sum, &i| sum + self.add_gradient(i as usize, phi, gradient))
    }
}
