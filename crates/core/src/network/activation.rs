use core::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI};

use serde::{Deserialize, Serialize};

use crate::math;

/// λ of SELU (Klambauer et al., 2017): with [`SELU_SCALE`], mean 0 and variance 1 are a fixed point.
pub const SELU_LAMBDA: f64 = 1.050_700_987_355_480_5;
/// The scale of SELU's exponential side.
pub const SELU_SCALE: f64 = 1.673_263_242_354_377_2;

/// The activation function a\[·\].
///
/// In text it is its name in lower case with its parameters, if it has any: `"relu"`, `{"leaky-relu":{"slope":0.1}}`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Activation {
    /// max(0, z); the gate is open when z > 0.
    #[default]
    Relu,
    /// z where z > 0, `slope`·z elsewhere. With a slope that is learned it is called PReLU.
    LeakyRelu {
        /// The slope on the closed side, usually in [0, 1].
        slope: f64,
    },
    /// z where z > 0, `scale`·(eᶻ − 1) elsewhere (Clevert et al., 2015). Smooth only when `scale` is 1.
    Elu {
        /// How far below 0 it goes, usually 1.
        scale: f64,
    },
    /// λ·z where z > 0, λ·s·(eᶻ − 1) elsewhere, with λ = [`SELU_LAMBDA`] and s = [`SELU_SCALE`].
    Selu,
    /// ln(1 + eᶻ).
    Softplus,
    /// z·Φ(z) with Φ the distribution function of the standard normal (Hendrycks and Gimpel, 2016): exact, not the tanh
    /// approximation.
    Gelu,
    /// z / (1 + e^(−βz)); with β = 1 it is also called SiLU, with β → ∞ it becomes ReLU (Ramachandran et al., 2017).
    Swish {
        /// How sharp the bend is, usually 1.
        beta: f64,
    },
    /// 1 / (1 + e⁻ᶻ).
    Sigmoid,
    /// The hyperbolic tangent.
    Tanh,
    /// 0 where z < 0, 1 elsewhere (UDL, problem 3.8).
    Heaviside,
    /// 1 where 0 ≤ z ≤ 1, 0 elsewhere (UDL, problem 3.8).
    Rect,
    /// `intercept` + `slope`·z: with it a whole network is one affine map.
    Linear {
        /// The value at 0.
        intercept: f64,
        /// The slope everywhere.
        slope: f64,
    },
    /// sin(ωz) (Sitzmann et al., 2020).
    Sine {
        /// Radians for each unit of z; 30 in SIREN's first layer.
        omega: f64,
    },
}

/// z·`gate`, and 0 where the gate is shut, however large z is.
fn gated(z: f64, gate: f64) -> f64 {
    if gate == 0.0 { 0.0 } else { z * gate }
}

/// Φ(z), the distribution function of the standard normal. Through `erfc`, because 1 + erf cancels in the left tail.
fn normal_distribution(z: f64) -> f64 {
    0.5 * math::erfc(-z * FRAC_1_SQRT_2)
}

/// e^(−z²/2) / √(2π).
fn normal_density(z: f64) -> f64 {
    0.5 * FRAC_1_SQRT_2 * FRAC_2_SQRT_PI * math::exp(-0.5 * z * z)
}

/// z where z > 0, `scale`·(eᶻ − 1) elsewhere.
fn elu(z: f64, scale: f64) -> f64 {
    if z > 0.0 { z } else { scale * math::expm1(z) }
}

/// The slope of [`elu`].
fn elu_derivative(z: f64, scale: f64) -> f64 {
    if z > 0.0 { 1.0 } else { scale * math::exp(z) }
}

impl Activation {
    /// One of each kind, with usual parameters, in the order in which they are shown.
    pub const KINDS: [Self; 13] = [
        Self::Relu,
        Self::LeakyRelu { slope: 0.1 },
        Self::Elu { scale: 1.0 },
        Self::Selu,
        Self::Softplus,
        Self::Gelu,
        Self::Swish { beta: 1.0 },
        Self::Sigmoid,
        Self::Tanh,
        Self::Heaviside,
        Self::Rect,
        Self::Linear { intercept: 0.0, slope: 1.0 },
        Self::Sine { omega: 1.0 },
    ];

    /// What it is called, without its parameters.
    pub fn name(self) -> &'static str {
        match self {
            Self::Relu => "ReLU",
            Self::LeakyRelu { .. } => "leaky ReLU",
            Self::Elu { .. } => "ELU",
            Self::Selu => "SELU",
            Self::Softplus => "softplus",
            Self::Gelu => "GELU",
            Self::Swish { .. } => "swish",
            Self::Sigmoid => "sigmoid",
            Self::Tanh => "tanh",
            Self::Heaviside => "Heaviside",
            Self::Rect => "rect",
            Self::Linear { .. } => "linear",
            Self::Sine { .. } => "sine",
        }
    }

    /// Where the function or its slope may jump, in rising order. Between joints it is smooth.
    pub fn joints(self) -> &'static [f64] {
        match self {
            Self::Relu | Self::LeakyRelu { .. } | Self::Elu { .. } | Self::Selu | Self::Heaviside => &[0.0],
            Self::Rect => &[0.0, 1.0],
            _ => &[],
        }
    }

    /// Whether it is made of straight pieces alone, so that a network with it is affine on every one of finitely many regions.
    pub fn is_piecewise_linear(self) -> bool {
        matches!(self, Self::Relu | Self::LeakyRelu { .. } | Self::Heaviside | Self::Rect | Self::Linear { .. })
    }

    /// Whether the gate is open at z: above 0, for [`Activation::Rect`] between its joints, and always where there is no gate.
    pub fn is_open(self, z: f64) -> bool {
        match self {
            Self::Heaviside | Self::Rect => self.value(z) > 0.0,
            Self::Linear { .. } => true,
            _ => z > 0.0,
        }
    }

    /// The straight line that touches the function at z, as its value at 0 and its slope. On a straight piece that is the piece itself, with
    /// the same bits wherever on it z lies.
    ///
    /// ```
    /// use piecewise_core::network::Activation;
    /// assert_eq!(Activation::Relu.tangent(0.3), (0.0, 1.0));
    /// assert_eq!(Activation::Heaviside.tangent(7.0), (1.0, 0.0));
    /// assert_eq!(Activation::Sigmoid.tangent(0.0), (0.5, 0.25));
    /// ```
    pub fn tangent(self, z: f64) -> (f64, f64) {
        let slope = self.derivative(z);
        let intercept = match self {
            Self::Relu | Self::LeakyRelu { .. } => 0.0,
            Self::Heaviside | Self::Rect => self.value(z),
            Self::Linear { intercept, .. } => intercept,
            _ => self.value(z) - slope * z,
        };
        (intercept, slope)
    }

    /// a\[z\].
    ///
    /// ```
    /// use piecewise_core::network::Activation;
    /// assert_eq!(Activation::LeakyRelu { slope: 0.1 }.value(-2.0), -0.2);
    /// assert_eq!(Activation::Rect.value(1.0), 1.0);
    /// assert_eq!(Activation::Swish { beta: 1.0 }.value(0.0), 0.0);
    /// ```
    #[inline]
    pub fn value(self, z: f64) -> f64 {
        match self {
            Self::Relu => {
                // Asked this way round, a NaN stays a NaN: a diverged network must not look healthy.
                if z <= 0.0 { 0.0 } else { z }
            }
            Self::LeakyRelu { slope } => {
                if z > 0.0 {
                    z
                } else {
                    slope * z
                }
            }
            Self::Elu { scale } => elu(z, scale),
            Self::Selu => SELU_LAMBDA * elu(z, SELU_SCALE),
            Self::Softplus => math::softplus(z),
            Self::Gelu => gated(z, normal_distribution(z)),
            Self::Swish { beta } => gated(z, math::sigmoid(beta * z)),
            Self::Sigmoid => math::sigmoid(z),
            Self::Tanh => math::tanh(z),
            Self::Heaviside => f64::from(z >= 0.0),
            Self::Rect => f64::from((0.0..=1.0).contains(&z)),
            Self::Linear { intercept, slope } => intercept + slope * z,
            Self::Sine { omega } => math::sin(omega * z),
        }
    }

    /// da/dz. At the joint of a piecewise function this is the slope of its closed side, and of a jump it is 0.
    ///
    /// ```
    /// use piecewise_core::network::Activation;
    /// assert_eq!(Activation::Relu.derivative(0.0), 0.0);
    /// assert_eq!(Activation::Sigmoid.derivative(0.0), 0.25);
    /// assert_eq!(Activation::Gelu.derivative(0.0), 0.5);
    /// ```
    #[inline]
    pub fn derivative(self, z: f64) -> f64 {
        match self {
            Self::Relu => f64::from(z > 0.0),
            Self::LeakyRelu { slope } => {
                if z > 0.0 {
                    1.0
                } else {
                    slope
                }
            }
            Self::Elu { scale } => elu_derivative(z, scale),
            Self::Selu => SELU_LAMBDA * elu_derivative(z, SELU_SCALE),
            Self::Softplus => math::sigmoid(z),
            Self::Gelu => normal_distribution(z) + gated(z, normal_density(z)),
            Self::Swish { beta } => {
                let (open, shut) = (math::sigmoid(beta * z), math::sigmoid(-beta * z));
                open + gated(beta * z, open * shut)
            }
            // σ(z)·σ(−z) keeps its digits in both tails, where 1 − σ(z) has none.
            Self::Sigmoid => math::sigmoid(z) * math::sigmoid(-z),
            Self::Tanh => {
                // 1 / cosh², for the same reason.
                let e = math::exp(-2.0 * z.abs());
                4.0 * e / ((1.0 + e) * (1.0 + e))
            }
            Self::Heaviside | Self::Rect => 0.0,
            Self::Linear { slope, .. } => slope,
            Self::Sine { omega } => omega * math::cos(omega * z),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_derivative_is_the_limit_of_central_differences() {
        for activation in Activation::KINDS {
            for step in -40..=40 {
                let (z, h) = (0.13 * f64::from(step) + 0.011, 1e-6);
                if activation.joints().iter().any(|joint| (z - joint).abs() <= h) {
                    continue;
                }
                let difference = (activation.value(z + h) - activation.value(z - h)) / (2.0 * h);
                let error = (activation.derivative(z) - difference).abs();
                // Truncation is h²·|a‴|/6 and rounding ulp(a)/h: both far below 1e-8 for |z| ≤ 6.
                assert!(error < 1e-8, "{activation:?} at {z}: {error:e}");
            }
        }
    }

    #[test]
    fn values_stay_finite_and_right_far_out() {
        let (far, beta) = (1e200, 1.0);
        assert_eq!(Activation::Gelu.value(-far), 0.0);
        assert_eq!(Activation::Gelu.value(f64::NEG_INFINITY), 0.0);
        assert_eq!(Activation::Gelu.value(far), far);
        assert_eq!(Activation::Gelu.derivative(far), 1.0);
        assert_eq!(Activation::Swish { beta }.value(-far), 0.0);
        assert_eq!(Activation::Swish { beta }.derivative(far), 1.0);
        assert_eq!(Activation::Swish { beta }.derivative(-far), 0.0);
        assert_eq!(Activation::Softplus.value(far), far);
        assert_eq!(Activation::Selu.value(-far), -SELU_LAMBDA * SELU_SCALE);
        for activation in Activation::KINDS {
            for z in [-800.0, 800.0, -1e300, 1e300] {
                assert!(activation.value(z).is_finite(), "{activation:?} at {z}");
                assert!(activation.derivative(z).is_finite(), "{activation:?}' at {z}");
            }
        }
    }

    #[test]
    fn tails_keep_their_digits() {
        // e⁻⁴⁰, to which 1/(1 + e⁴⁰), ln(1 + e⁻⁴⁰) and σ' agree within e⁻⁸⁰.
        let e = 4.248_354_255_291_589e-18;
        for activation in [Activation::Sigmoid, Activation::Softplus] {
            assert!((activation.value(-40.0) / e - 1.0).abs() < 1e-14, "{activation:?}");
            assert!((activation.derivative(-40.0) / e - 1.0).abs() < 1e-14, "{activation:?}'");
        }
        assert!((Activation::Sigmoid.derivative(40.0) / e - 1.0).abs() < 1e-14);
        // Φ(−10)·(−10), from tables.
        assert!((Activation::Gelu.value(-10.0) / -7.619_853_024_160_526e-23 - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_sharp_swish_is_nearly_relu_and_a_flat_one_half_the_identity() {
        for z in [-3.0, -0.5, 0.5, 3.0] {
            assert!((Activation::Swish { beta: 100.0 }.value(z) - Activation::Relu.value(z)).abs() < 1e-12);
            assert_eq!(Activation::Swish { beta: 0.0 }.value(z), z / 2.0);
        }
    }

    #[test]
    fn a_nan_stays_a_nan_in_continuous_activations() {
        let jumps = [Activation::Heaviside, Activation::Rect];
        for activation in Activation::KINDS.into_iter().filter(|kind| !jumps.contains(kind)) {
            assert!(activation.value(f64::NAN).is_nan(), "{activation:?}");
        }
    }
}
