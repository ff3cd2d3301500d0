use serde::{Deserialize, Serialize};

use crate::math;
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
    /// SIREN as it was published: every hidden layer computes sin(ω_0 (β + Ω h)), here with ω_0 in the weights and biases, and the last layer's weights
    /// are ω_0 times smaller than those of [`FieldInitialization::Siren`]. It is trained with
    /// [`FieldSettings::hidden_omega`](super::FieldSettings::hidden_omega) = ω_0.
    SirenThroughout {
        /// ω_0, in radians per unit of the coordinates; 30 in the paper.
        omega_0: f32,
    },
}

impl FieldInitialization {
    /// Of a layer that reads `n_inputs` numbers: the first one, the output, or one between them.
    pub(super) fn of_layer(self, is_first: bool, is_output: bool, n_inputs: usize) -> Initialization {
        let fan_in = n_inputs.max(1) as f64;
        let valid = |omega_0: f32| if omega_0.is_finite() { f64::from(omega_0).clamp(0.0, 1000.0) } else { 30.0 };
        let uniform = |bound: f64| Distribution::Uniform { lo: -bound, hi: bound };
        let inner = math::sqrt(6.0 / fan_in);
        match self {
            Self::Xavier => Initialization::XAVIER,
            Self::He => Initialization::HE,
            Self::Zero => Initialization::ZERO,
            Self::Tiny => Initialization::normal(1e-6),
            Self::Huge => Initialization::normal(100.0 * 2.0 / fan_in),
            Self::PytorchLinear | Self::SirenThroughout { .. } if n_inputs == 0 => Initialization::ZERO,
            Self::PytorchLinear => Initialization::PYTORCH_LINEAR,
            Self::Siren { omega_0 } => {
                let bound = if is_first { valid(omega_0) / fan_in } else { inner };
                let beta = if n_inputs == 0 { Distribution::Zero } else { Distribution::PytorchLinear };
                Initialization { omega: uniform(bound), beta }
            }
            Self::SirenThroughout { omega_0 } => {
                // Below 1, the last layer's weights would have no bound.
                let omega_0 = valid(omega_0).max(1.0);
                let biases = 1.0 / math::sqrt(fan_in);
                match (is_first, is_output) {
                    (_, true) => Initialization { omega: uniform(inner / omega_0), beta: uniform(biases) },
                    (true, false) => {
                        Initialization { omega: uniform(omega_0 / fan_in), beta: uniform(omega_0 * biases) }
                    }
                    (false, false) => Initialization { omega: uniform(inner), beta: uniform(omega_0 * biases) },
                }
            }
        }
    }
}
