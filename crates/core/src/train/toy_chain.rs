use serde::{Deserialize, Serialize};

use crate::math;

/// The scalar chain of notebook 7.1: f_0 = β_0 + ω_0 x, h_1 = sin f_0, f_1 = β_1 + ω_1 h_1, h_2 = exp f_1, f_2 = β_2 + ω_2 h_2,
/// h_3 = cos f_2, f_3 = β_3 + ω_3 h_3, ℓ = (f_3 − y)²: backpropagation with plain numbers.
///
/// ```
/// use piecewise_core::train::ToyChain;
/// let pass = ToyChain::NOTEBOOK_7_1.pass(2.3, 2.0);
/// assert!((pass.loss - 0.139).abs() < 5e-4);
/// assert!((pass.dl_domega[0] - 5.246).abs() < 5e-4);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ToyChain {
    /// β_0 … β_3.
    pub beta: [f64; 4],
    /// ω_0 … ω_3.
    pub omega: [f64; 4],
}

/// Everything that one pass forward and back through a [`ToyChain`] computes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ToyPass {
    /// f_0 … f_3.
    pub f: [f64; 4],
    /// What each stage reads: x, h_1, h_2, h_3.
    pub h: [f64; 4],
    /// sin′ at f_0, exp′ at f_1 and cos′ at f_2.
    pub slopes: [f64; 3],
    /// ℓ.
    pub loss: f64,
    /// ∂ℓ/∂f_0 … ∂ℓ/∂f_3.
    pub dl_df: [f64; 4],
    /// ∂ℓ/∂x, ∂ℓ/∂h_1, ∂ℓ/∂h_2, ∂ℓ/∂h_3.
    pub dl_dh: [f64; 4],
    /// ∂ℓ/∂β_0 … ∂ℓ/∂β_3.
    pub dl_dbeta: [f64; 4],
    /// ∂ℓ/∂ω_0 … ∂ℓ/∂ω_3.
    pub dl_domega: [f64; 4],
}

impl ToyChain {
    /// The values of the notebook; there x = 2.3 and y = 2.
    pub const NOTEBOOK_7_1: Self = Self { beta: [1.0, 2.0, -3.0, 0.4], omega: [0.1, -0.4, 2.0, 3.0] };

    /// One pass forward from `x` and back from the loss against `y`.
    pub fn pass(self, x: f64, y: f64) -> ToyPass {
        let (mut f, mut h) = ([0.0; 4], [x, 0.0, 0.0, 0.0]);
        for k in 0..4 {
            f[k] = self.beta[k] + self.omega[k] * h[k];
            match k {
                0 => h[1] = math::sin(f[0]),
                1 => h[2] = math::exp(f[1]),
                2 => h[3] = math::cos(f[2]),
                _ => {}
            }
        }
        let error = f[3] - y;
        let slopes = [math::cos(f[0]), h[2], -math::sin(f[2])];
        let (mut dl_df, mut dl_dh) = ([0.0; 4], [0.0; 4]);
        dl_df[3] = 2.0 * error;
        for k in (0..4).rev() {
            dl_dh[k] = self.omega[k] * dl_df[k];
            if k > 0 {
                dl_df[k - 1] = slopes[k - 1] * dl_dh[k];
            }
        }
        let dl_domega = [0, 1, 2, 3].map(|k| dl_df[k] * h[k]);
        ToyPass { f, h, slopes, loss: error * error, dl_df, dl_dh, dl_dbeta: dl_df, dl_domega }
    }
}
