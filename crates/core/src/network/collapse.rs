use nalgebra::{DMatrix, DVector};

use super::{Forward, Layer, Network};

/// What a network is around one point: one affine map, the product of its layers with a diagonal matrix for every activation.
///
/// Where each hidden unit is on a straight piece of its activation, a\[z\] is c_d + s_d z, and the network collapses to
/// `W_eff = Ω_K D_K … Ω_1 D_1 Ω_0` with D_k = diag(s_d): of a ReLU the diagonal holds 1 for open gates and 0 for shut ones (UDL, sections
/// 3.3 and 4.4). Where an activation is curved, the same product is the tangent at the point.
#[derive(Clone, Debug, PartialEq)]
pub struct Collapse {
    /// The diagonals s of D_1 … D_K, one vector a hidden layer.
    pub slopes: Vec<Vec<f64>>,
    /// The intercepts c that belong to them; all 0 for ReLU.
    pub intercepts: Vec<Vec<f64>>,
    /// The map b_eff + W_eff x: `omega` is W_eff, `beta` is b_eff.
    pub map: Layer,
}

impl Collapse {
    /// The value of the map at x.
    pub fn value(&self, x: &[f64]) -> DVector<f64> {
        self.map.pre_activation(&DVector::from_column_slice(x))
    }
}

impl Network {
    /// The affine map that the network is around the point of a forward pass. Two points with the same slopes and intercepts have the same map,
    /// bit for bit: it is computed from these alone.
    ///
    /// ```
    /// use piecewise_core::network::{Activation, Network};
    /// let net = Network::shallow(&[[0.0, 1.0], [-1.0, 1.0]], 0.5, &[3.0, -1.0], Activation::Relu);
    /// // Left of 1 only the first unit is on: y = 0.5 + 3x.
    /// let left = net.collapse(&net.forward(&[0.25]));
    /// assert_eq!((left.map.beta[0], left.map.omega[(0, 0)]), (0.5, 3.0));
    /// assert_eq!(left.slopes, [[1.0, 0.0]]);
    /// // Right of it both are: y = 0.5 + 3x − (x − 1).
    /// let right = net.collapse(&net.forward(&[4.0]));
    /// assert_eq!((right.map.beta[0], right.map.omega[(0, 0)]), (1.5, 2.0));
    /// ```
    pub fn collapse(&self, forward: &Forward) -> Collapse {
        let mut map = self.layers[0].clone();
        let (mut slopes, mut intercepts) = (Vec::new(), Vec::new());
        for (layer, f) in self.layers[1..].iter().zip(&forward.f) {
            let (c, s): (Vec<f64>, Vec<f64>) = f.iter().map(|&z| self.activation.tangent(z)).unzip();
            let h = DVector::from_fn(c.len(), |d, _| c[d] + s[d] * map.beta[d]);
            // Summed in the order of the units, as a forward pass does.
            let weight = |row: usize, column: usize| {
                (0..s.len()).fold(0.0, |sum, d| sum + layer.omega[(row, d)] * (s[d] * map.omega[(d, column)]))
            };
            map = Layer {
                omega: DMatrix::from_fn(layer.n_outputs(), self.n_inputs(), weight),
                beta: layer.pre_activation(&h),
            };
            slopes.push(s);
            intercepts.push(c);
        }
        Collapse { slopes, intercepts, map }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Activation;

    #[test]
    fn the_collapsed_map_touches_the_network_with_every_activation() {
        for activation in Activation::KINDS {
            let theta = [[0.2, 0.5, 0.5], [-0.3, 0.9, -0.1], [0.2, 0.2, -0.7]];
            let mut net = Network::shallow(&theta, 0.4, &[-1.0, 1.8, -0.5], activation);
            net.layers.insert(1, Layer::from_fn(3, 3, |d| 0.1 - 0.2 * d as f64, |d, i| [0.7, -0.4, 0.9][(d + i) % 3]));
            let (x, step) = ([0.31, -0.17], 1e-5);
            let collapse = net.collapse(&net.forward(&x));
            assert!((collapse.value(&x)[0] - net.output(&x)[0]).abs() < 1e-14, "{activation:?}");
            for axis in 0..2 {
                let mut far = x;
                far[axis] += step;
                let mut near = x;
                near[axis] -= step;
                let slope = (net.output(&far)[0] - net.output(&near)[0]) / (2.0 * step);
                // The truncation of a central difference is h²·f‴/6, below 1e-9 here, and rounding 1e-16 / h.
                assert!((collapse.map.omega[(0, axis)] - slope).abs() < 1e-8, "{activation:?}, x{}", axis + 1);
            }
        }
    }
}
