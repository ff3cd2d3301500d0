use super::Network;

/// Where one number of the flat vector of all parameters belongs. Layers, rows and columns are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parameter {
    /// Entry `row` of β of layer `layer`.
    Beta {
        /// The layer.
        layer: usize,
        /// The unit fed.
        row: usize,
    },
    /// Entry (`row`, `column`) of Ω of layer `layer`.
    Omega {
        /// The layer.
        layer: usize,
        /// The unit fed.
        row: usize,
        /// The unit read.
        column: usize,
    },
}

impl Parameter {
    /// The layer it belongs to.
    pub fn layer(self) -> usize {
        match self {
            Self::Beta { layer, .. } | Self::Omega { layer, .. } => layer,
        }
    }
}

impl Network {
    /// All parameters in one vector: β_0, Ω_0, β_1, Ω_1, …, each Ω column by column.
    ///
    /// ```
    /// use piecewise_core::network::{Activation, Network, Parameter};
    /// let mut net = Network::shallow(&[[1.0, 3.0], [2.0, 4.0]], 5.0, &[6.0, 7.0], Activation::Relu);
    /// assert_eq!(net.parameters(), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]);
    /// assert_eq!(net.parameter(6), Some(Parameter::Omega { layer: 1, row: 0, column: 1 }));
    /// net.set_parameters(&[0.0; 7]);
    /// assert_eq!(net.output(&[9.0])[0], 0.0);
    /// ```
    pub fn parameters(&self) -> Vec<f64> {
        let layers = self.layers.iter();
        layers.flat_map(|layer| layer.beta.iter().chain(layer.omega.iter()).copied()).collect()
    }

    /// Takes all parameters from one vector, in the order of [`Network::parameters`].
    ///
    /// # Panics
    /// When there are not [`Network::n_parameters`] of them.
    pub fn set_parameters(&mut self, phi: &[f64]) {
        assert_eq!(phi.len(), self.n_parameters(), "one number for every parameter");
        let mut rest = phi;
        for layer in &mut self.layers {
            for part in [layer.beta.as_mut_slice(), layer.omega.as_mut_slice()] {
                let (taken, left) = rest.split_at(part.len());
                part.copy_from_slice(taken);
                rest = left;
            }
        }
    }

    /// Where entry `index` of [`Network::parameters`] belongs.
    pub fn parameter(&self, index: usize) -> Option<Parameter> {
        let mut index = index;
        for (k, layer) in self.layers.iter().enumerate() {
            if index < layer.n_outputs() {
                return Some(Parameter::Beta { layer: k, row: index });
            }
            index -= layer.n_outputs();
            if index < layer.omega.len() {
                let (row, column) = (index % layer.n_outputs(), index / layer.n_outputs());
                return Some(Parameter::Omega { layer: k, row, column });
            }
            index -= layer.omega.len();
        }
        None
    }
}
