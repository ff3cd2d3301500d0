use serde::{Deserialize, Serialize};

use super::{Activation, Network, ShapeError};
use crate::network::Layer;
use crate::{Rng, math};

/// How the first value of a weight or bias is drawn. "Fan in" is how many numbers the layer reads, "fan out" how many it writes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Distribution {
    /// Always 0.
    Zero,
    /// Always the same value.
    Constant {
        /// That value.
        value: f64,
    },
    /// Uniform in [`lo`, `hi`).
    Uniform {
        /// The lower end.
        lo: f64,
        /// The upper end.
        hi: f64,
    },
    /// Normal with mean 0.
    Normal {
        /// σ², not σ.
        variance: f64,
    },
    /// Uniform with variance 2 / (fan in + fan out) (Glorot and Bengio, 2010).
    XavierUniform,
    /// Normal with variance 2 / (fan in + fan out).
    XavierNormal,
    /// Uniform with variance 2 / fan in.
    HeUniform,
    /// Normal with variance 2 / fan in (He et al., 2015; UDL, equation 7.32).
    HeNormal,
    /// Uniform in ±1 / √(fan in), so of variance 1 / (3 fan in): what PyTorch's `Linear` does to weights and biases unless told otherwise.
    PytorchLinear,
}

impl Distribution {
    /// The mean of what is drawn.
    pub fn mean(self) -> f64 {
        match self {
            Self::Constant { value } => value,
            Self::Uniform { lo, hi } => 0.5 * (lo + hi),
            _ => 0.0,
        }
    }

    /// The variance of what is drawn.
    ///
    /// ```
    /// use piecewise_core::network::Distribution;
    /// assert_eq!(Distribution::HeNormal.variance(100, 50), 0.02);
    /// assert_eq!(Distribution::XavierUniform.variance(100, 300), 0.005);
    /// ```
    pub fn variance(self, fan_in: usize, fan_out: usize) -> f64 {
        match self {
            Self::Zero | Self::Constant { .. } => 0.0,
            Self::Uniform { lo, hi } => (hi - lo) * (hi - lo) / 12.0,
            Self::Normal { variance } => variance,
            Self::XavierUniform | Self::XavierNormal => 2.0 / (fan_in as f64 + fan_out as f64),
            Self::HeUniform | Self::HeNormal => 2.0 / fan_in as f64,
            Self::PytorchLinear => 1.0 / (3.0 * fan_in as f64),
        }
    }

    /// Draws one number: none from `rng` for a constant, one for a uniform number, two for a normal one.
    pub fn sample(self, fan_in: usize, fan_out: usize, rng: &mut Rng) -> f64 {
        match self {
            Self::Zero => 0.0,
            Self::Constant { value } => value,
            Self::Uniform { lo, hi } => rng.uniform_in(lo, hi),
            Self::Normal { .. } | Self::XavierNormal | Self::HeNormal => {
                math::sqrt(self.variance(fan_in, fan_out)) * rng.normal()
            }
            Self::XavierUniform | Self::HeUniform | Self::PytorchLinear => {
                // A uniform number in ±b has variance b²/3.
                let bound = math::sqrt(3.0 * self.variance(fan_in, fan_out));
                rng.uniform_in(-bound, bound)
            }
        }
    }
}

/// How all weights and all biases of a network start.
///
/// ```
/// use piecewise_core::network::{Activation, Initialization, Network};
/// let net = Network::initialized(&[2, 3, 1], Activation::Relu, Initialization::HE, 7).unwrap();
/// assert_eq!(net.n_parameters(), 13);
/// assert_eq!(net, Network::initialized(&[2, 3, 1], Activation::Relu, Initialization::HE, 7).unwrap());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Initialization {
    /// The weights.
    pub omega: Distribution,
    /// The biases.
    pub beta: Distribution,
}

impl Initialization {
    /// Everything 0.
    pub const ZERO: Self = Self { omega: Distribution::Zero, beta: Distribution::Zero };
    /// Xavier's uniform weights, biases 0.
    pub const XAVIER: Self = Self { omega: Distribution::XavierUniform, beta: Distribution::Zero };
    /// He's normal weights, biases 0.
    pub const HE: Self = Self { omega: Distribution::HeNormal, beta: Distribution::Zero };
    /// What PyTorch's `Linear` does unless told otherwise.
    pub const PYTORCH_LINEAR: Self = Self { omega: Distribution::PytorchLinear, beta: Distribution::PytorchLinear };

    /// Every weight and every bias the same: units that start equal stay equal.
    pub fn constant(value: f64) -> Self {
        Self { omega: Distribution::Constant { value }, beta: Distribution::Constant { value } }
    }

    /// Normal weights of variance `variance`, biases 0 (UDL, section 7.5).
    pub fn normal(variance: f64) -> Self {
        Self { omega: Distribution::Normal { variance }, beta: Distribution::Zero }
    }

    /// Draws a layer: its weights row by row, then its biases.
    pub fn layer(self, n_outputs: usize, n_inputs: usize, rng: &mut Rng) -> Layer {
        let mut layer = Layer::zeros(n_outputs, n_inputs);
        for row in 0..n_outputs {
            for column in 0..n_inputs {
                layer.omega[(row, column)] = self.omega.sample(n_inputs, n_outputs, rng);
            }
        }
        for beta in layer.beta.iter_mut() {
            *beta = self.beta.sample(n_inputs, n_outputs, rng);
        }
        layer
    }
}

impl Network {
    /// A fully connected network of these sizes, D_i first and D_o last, drawn from a seed layer by layer.
    ///
    /// # Errors
    /// When there are fewer than two sizes, and so no layer.
    pub fn initialized(
        sizes: &[usize],
        activation: Activation,
        initialization: Initialization,
        seed: u64,
    ) -> Result<Self, ShapeError> {
        let mut rng = Rng::from_seed(seed);
        let layers = sizes.windows(2).map(|pair| initialization.layer(pair[1], pair[0], &mut rng));
        Self::new(layers.collect(), activation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RANDOM: [Distribution; 7] = [
        Distribution::Uniform { lo: -1.0, hi: 3.0 },
        Distribution::Normal { variance: 0.04 },
        Distribution::XavierUniform,
        Distribution::XavierNormal,
        Distribution::HeUniform,
        Distribution::HeNormal,
        Distribution::PytorchLinear,
    ];

    #[test]
    fn samples_have_the_mean_and_the_variance_that_are_promised() {
        let (fan_in, fan_out, n) = (30, 50, 40_000);
        for distribution in RANDOM {
            let mut rng = Rng::from_seed(1);
            let samples: Vec<f64> = (0..n).map(|_| distribution.sample(fan_in, fan_out, &mut rng)).collect();
            let mean = samples.iter().sum::<f64>() / f64::from(n);
            let variance = samples.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / f64::from(n);
            let expected = distribution.variance(fan_in, fan_out);
            // Five standard errors: √(σ²/n) of the mean, at most √(2/n)·σ² of the variance.
            assert!((mean - distribution.mean()).abs() < 5.0 * (expected / f64::from(n)).sqrt(), "{distribution:?}");
            assert!((variance / expected - 1.0).abs() < 5.0 * (2.0 / f64::from(n)).sqrt(), "{distribution:?}");
        }
    }

    #[test]
    fn pytorch_draws_weights_and_biases_within_one_over_the_root_of_fan_in() {
        let net = Network::initialized(&[16, 200, 1], Activation::Relu, Initialization::PYTORCH_LINEAR, 3).unwrap();
        let bounded = |values: &[f64], bound: f64| values.iter().all(|v| v.abs() <= bound);
        assert!(bounded(net.layers[0].omega.as_slice(), 0.25) && bounded(net.layers[0].beta.as_slice(), 0.25));
        assert!(net.layers[0].omega.iter().any(|v| v.abs() > 0.24));
        assert!(net.layers[0].beta.iter().any(|v| *v != 0.0));
    }

    #[test]
    fn a_network_needs_an_input_and_an_output() {
        let net = Network::initialized(&[2], Activation::Relu, Initialization::ZERO, 0);
        assert_eq!(net.unwrap_err(), ShapeError::Empty);
    }
}
