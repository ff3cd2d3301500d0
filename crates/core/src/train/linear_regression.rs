use nalgebra::DMatrix;

use super::Objective;

/// L(φ) = Σ (φ_0 + φ_1 x_i − y_i)², a line through points (UDL, section 2.2): a bowl with one minimum.
///
/// ```
/// use piecewise_core::data::LINEAR_REGRESSION;
/// use piecewise_core::train::{LinearRegression, Objective};
/// let mut line = LinearRegression::new(LINEAR_REGRESSION.to_vec());
/// assert!((line.loss(&[0.6, -0.2]) - 12.3669).abs() < 5e-5);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct LinearRegression {
    points: Vec<[f64; 2]>,
}

impl LinearRegression {
    /// The loss of a line on these points (x, y).
    pub fn new(points: Vec<[f64; 2]>) -> Self {
        Self { points }
    }

    /// The points (x, y).
    pub fn points(&self) -> &[[f64; 2]] {
        &self.points
    }

    /// What the line says at `x`.
    pub fn model(phi: &[f64], x: f64) -> f64 {
        phi[0] + phi[1] * x
    }

    fn add_gradient(&self, i: usize, phi: &[f64], gradient: &mut [f64]) -> f64 {
        let [x, y] = self.points[i];
        let error = Self::model(phi, x) - y;
        gradient[0] += 2.0 * error;
        gradient[1] += 2.0 * error * x;
        error * error
    }
}

impl Objective for LinearRegression {
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

    /// 2 Σ (1, x)(1, x)ᵀ, the same everywhere.
    fn hessian(&mut self, _phi: &[f64]) -> DMatrix<f64> {
        let mut hessian = DMatrix::zeros(2, 2);
        for &[x, _] in &self.points {
            for (entry, value) in hessian.iter_mut().zip([1.0, x, x, x * x]) {
                *entry += 2.0 * value;
            }
        }
        hessian
    }
}
