use serde::{Deserialize, Serialize};

use crate::math;

/// The activation function a\[·\].
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Activation {
    /// max(0, z); the gate is open when z > 0.
    #[default]
    Relu,
    /// z where z > 0, `slope`·z elsewhere.
    LeakyRelu {
        /// The slope on the closed side, usually in [0, 1].
        slope: f64,
    },
    /// 1 / (1 + e⁻ᶻ).
    Sigmoid,
    /// The hyperbolic tangent.
    Tanh,
    /// sin(z).
    Sine,
}

impl Activation {
    /// a\[z\].
    pub fn value(self, z: f64) -> f64 {
        match self {
            Self::Relu => {
                if z > 0.0 {
                    z
                } else {
                    0.0
                }
            }
            Self::LeakyRelu { slope } => {
                if z > 0.0 {
                    z
                } else {
                    slope * z
                }
            }
            Self::Sigmoid => 1.0 / (1.0 + math::exp(-z)),
            Self::Tanh => math::tanh(z),
            Self::Sine => math::sin(z),
        }
    }

    /// da/dz. At the joint of a piecewise linear function this is the slope of its closed side.
    pub fn derivative(self, z: f64) -> f64 {
        match self {
            Self::Relu => {
                if z > 0.0 {
                    1.0
                } else {
                    0.0
                }
            }
            Self::LeakyRelu { slope } => {
                if z > 0.0 {
                    1.0
                } else {
                    slope
                }
            }
            Self::Sigmoid => {
                let a = self.value(z);
                a * (1.0 - a)
            }
            Self::Tanh => {
                let a = self.value(z);
                1.0 - a * a
            }
            Self::Sine => math::cos(z),
        }
    }
}
