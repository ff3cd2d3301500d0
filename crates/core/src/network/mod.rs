//! Networks: lists of layers, in the notation of *Understanding Deep Learning*.

mod activation;
mod collapse;
mod init;
mod layer;
mod parameters;

pub use activation::{Activation, SELU_LAMBDA, SELU_SCALE};
pub use collapse::Collapse;
pub use init::{Distribution, Initialization};
pub use layer::Layer;
pub use parameters::Parameter;

use nalgebra::DVector;
use serde::{Deserialize, Serialize};

/// A fully connected network: `f_k = β_k + Ω_k h_k`, `h_{k+1} = a[f_k]`, with no activation after the last layer
/// (UDL, section 4.4). `h_0` is the input, the last `f_K` the output.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    /// The K + 1 affine layers, first one first. Never empty; each reads what the one before it wrote.
    pub layers: Vec<Layer>,
    /// The activation a[·] between the layers.
    pub activation: Activation,
}

/// Everything that one pass through a [`Network`] computes.
#[derive(Clone, Debug, PartialEq)]
pub struct Forward {
    /// Pre-activations `f_0 … f_K`, one vector a layer; the last is the output.
    pub f: Vec<DVector<f64>>,
    /// What each layer reads: `h_0` is the input, `h_k = a[f_{k−1}]`.
    pub h: Vec<DVector<f64>>,
}

impl Forward {
    /// The output of the network, the last of the `f`.
    pub fn output(&self) -> &DVector<f64> {
        self.f.last().expect("a network has at least one layer")
    }
}

/// Two neighbouring layers do not fit together, or there is no layer at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ShapeError {
    /// A network needs at least one layer.
    Empty,
    /// Layer `layer` (0-based) writes `writes` numbers, but the next one reads `reads`.
    Chain {
        /// The 0-based index of the layer that writes.
        layer: usize,
        /// How many numbers it writes.
        writes: usize,
        /// How many the next one reads.
        reads: usize,
    },
}

impl core::fmt::Display for ShapeError {
    fn fmt(&self, out: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Empty => write!(out, "a network needs at least one layer"),
            Self::Chain { layer, writes, reads } => {
                write!(out, "layer {} writes {writes} numbers, but layer {} reads {reads}", layer + 1, layer + 2)
            }
        }
    }
}

impl core::error::Error for ShapeError {}

impl Network {
    /// A network of these layers.
    ///
    /// # Errors
    /// When there is no layer, or a layer does not read as many numbers as the one before it writes.
    pub fn new(layers: Vec<Layer>, activation: Activation) -> Result<Self, ShapeError> {
        if layers.is_empty() {
            return Err(ShapeError::Empty);
        }
        for (index, pair) in layers.windows(2).enumerate() {
            let (writes, reads) = (pair[0].n_outputs(), pair[1].n_inputs());
            if writes != reads {
                return Err(ShapeError::Chain { layer: index, writes, reads });
            }
        }
        Ok(Self { layers, activation })
    }

    /// The shallow network `y = φ_0 + Σ φ_d a[θ_d0 + θ_d1 x_1 + … ]` with one output (UDL, equation 3.1): row d of
    /// `theta` holds θ_d0 (the bias) and then one weight per input. `N` is 1 + D_i.
    ///
    /// ```
    /// use piecewise_core::network::{Activation, Network};
    /// let net = Network::shallow(&[[0.0, 1.0], [-1.0, 1.0]], 0.5, &[1.0, -1.0], Activation::Relu);
    /// assert_eq!(net.output(&[3.0])[0], 0.5 + 3.0 - 2.0);
    /// ```
    ///
    /// # Panics
    /// When `theta` and `phi` have different lengths.
    pub fn shallow<const N: usize>(theta: &[[f64; N]], phi_0: f64, phi: &[f64], activation: Activation) -> Self {
        assert_eq!(theta.len(), phi.len(), "one φ for every hidden unit");
        let n_inputs = N - 1;
        let hidden = Layer::from_fn(theta.len(), n_inputs, |d| theta[d][0], |d, i| theta[d][i + 1]);
        let output = Layer::from_fn(1, theta.len(), |_| phi_0, |_, d| phi[d]);
        Self { layers: vec![hidden, output], activation }
    }

    /// D_i, how many numbers the network reads.
    pub fn n_inputs(&self) -> usize {
        self.layers.first().map_or(0, Layer::n_inputs)
    }

    /// D_o, how many numbers it writes.
    pub fn n_outputs(&self) -> usize {
        self.layers.last().map_or(0, Layer::n_outputs)
    }

    /// K, the number of hidden layers.
    pub fn n_hidden_layers(&self) -> usize {
        self.layers.len() - 1
    }

    /// The number of hidden units in all hidden layers together.
    pub fn n_hidden(&self) -> usize {
        self.layers[..self.n_hidden_layers()].iter().map(Layer::n_outputs).sum()
    }

    /// How many parameters there are, weights and biases.
    ///
    /// ```
    /// use piecewise_core::network::{Activation, Network};
    /// let net = Network::shallow(&[[0.0; 3]; 3], 0.0, &[0.0; 3], Activation::Relu);
    /// assert_eq!(net.n_parameters(), 13); // (2 + 1)·3 + (3 + 1)·1
    /// ```
    pub fn n_parameters(&self) -> usize {
        self.layers.iter().map(Layer::n_parameters).sum()
    }

    /// Runs the network at `x` and keeps every pre-activation and activation.
    ///
    /// # Panics
    /// When `x` does not have [`Network::n_inputs`] entries.
    pub fn forward(&self, x: &[f64]) -> Forward {
        let mut h = vec![DVector::from_column_slice(x)];
        let mut f = Vec::with_capacity(self.layers.len());
        for (k, layer) in self.layers.iter().enumerate() {
            if k > 0 {
                let below: &DVector<f64> = &f[k - 1];
                h.push(below.map(|z| self.activation.value(z)));
            }
            f.push(layer.pre_activation(&h[k]));
        }
        Forward { f, h }
    }

    /// The output at `x`.
    ///
    /// # Panics
    /// When `x` does not have [`Network::n_inputs`] entries.
    pub fn output(&self, x: &[f64]) -> DVector<f64> {
        self.forward(x).f.pop().expect("a network has at least one layer")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_that_do_not_chain_are_refused_by_name() {
        let layers = vec![Layer::zeros(3, 2), Layer::zeros(1, 4)];
        let error = Network::new(layers, Activation::Relu).unwrap_err();
        assert_eq!(error.to_string(), "layer 1 writes 3 numbers, but layer 2 reads 4");
    }

    #[test]
    fn the_joints_of_figure_3_3_have_the_values_of_the_book() {
        let theta = [[-0.2, 0.4], [-0.9, 0.9], [1.1, -0.7]];
        let net = Network::shallow(&theta, -0.23, &[-1.3, 1.3, 0.66], Activation::Relu);
        let expected = [(0.0, 0.496), (0.5, 0.265), (1.0, -0.226), (1.1 / 0.7, -0.1186), (2.0, 0.16)];
        for (x, y) in expected {
            assert!((net.output(&[x])[0] - y).abs() < 5e-5, "y({x})");
        }
    }
}
