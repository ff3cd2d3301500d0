use serde::{Deserialize, Serialize};

use crate::network::{Distribution, Initialization};

/// How the weights and biases of a field start. γ starts at 1 and δ at 0.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldInitialization {
    /// Xavier's uniform weights, biases 0: the homework's.
    Xavier,
    /// He's normal weights, biases 0.
    He,
    /// Everything 0: only the last bias ever learns.
    Zero,
    /// Normal weights with σ = 0.001, biases 0: the picture stays near a constant for long.
    Tiny,
    /// Ten times He's weights, biases 0: a sigmoid at the end is saturated at once.
    Huge,
    /// What PyTorch's `Linear` does unless told otherwise, weights and biases.
    PytorchLinear,
    /// For sines: weights of the first layer uniform in ±ω_0 / fan in, of the others in ±√(6 / fan in) (Sitzmann et al., 2020, with ω_0 folded
    /// into the first layer), biases as PyTorch's `Linear` draws them.
    Siren {
        /// ω_0, in radians per unit of the coordinates; 30 in the paper and in the homework.
        omega_0: f32,
    },
}

impl FieldInitialization {
    /// Of layer `k`, counted from 0, which reads `n_inputs` numbers.
    pub(super) fn of_layer(self, k: usize, n_inputs: usize) -> Initialization {
        let fan_in = n_inputs.max(1) as f64;
        match self {
            Self::Xavier => Initialization::XAVIER,
            Self::He => Initialization::HE,
            Self::Zero => Initialization::ZERO,
            Self::Tiny => Initialization::normal(1e-6),
            Self::Huge => Initialization::normal(100.0 * 2.0 / fan_in),
            Self::PytorchLinear if n_inputs == 0 => Initialization::ZERO,
            Self::PytorchLinear => Initialization::PYTORCH_LINEAR,
            Self::Siren { omega_0 } => {
                let omega_0 = if omega_0.is_finite() { f64::from(omega_0).clamp(0.0, 1000.0) } else { 30.0 };
                let bound = if k == 0 { omega_0 / fan_in } else { crate::math::sqrt(6.0 / fan_in) };
                let beta = if n_inputs == 0 { Distribution::Zero } else { Distribution::PytorchLinear };
                Initialization { omega: Distribution::Uniform { lo: -bound, hi: bound }, beta }
            }
        }
    }
}
