use super::{Loss, Objective, Pass};
use crate::data::Examples;
use crate::network::Network;

/// How many examples go through the network at once. The gradient does not depend on it, bit for bit, only memory and caches do.
const CHUNK: usize = 64;

/// L(φ), the loss of a network on examples, φ being [`Network::parameters`].
///
/// Examples go through in chunks of 64, so a picture of 65,536 pixels needs no more room than 64 of them.
///
/// ```
/// use piecewise_core::data::Examples;
/// use piecewise_core::network::{Activation, Network};
/// use piecewise_core::train::{Loss, NetworkLoss, Objective};
/// // y = φ_0 + φ_1·ReLU(x) at x = 2, where 5 is wanted.
/// let net = Network::shallow(&[[0.0, 1.0]], 0.0, &[1.0], Activation::Relu);
/// let phi = net.parameters();
/// let mut objective = NetworkLoss::new(net, Examples::from_points(&[[2.0, 5.0]]), Loss::SUM_OF_SQUARES);
/// let mut gradient = [0.0; 4];
/// assert_eq!(objective.gradient(&phi, &mut gradient), 9.0);
/// assert_eq!(gradient, [-6.0, -12.0, -6.0, -12.0]);
/// ```
#[derive(Clone, Debug)]
pub struct NetworkLoss {
    net: Network,
    examples: Examples,
    loss: Loss,
    pass: Pass,
    /// Room for the examples of a chunk, when they are picked one by one.
    x: Vec<f64>,
    y: Vec<f64>,
}

impl NetworkLoss {
    /// The loss of networks of the shape of `net`.
    ///
    /// # Panics
    /// When the examples do not have the D_i and D_o of the network.
    pub fn new(net: Network, examples: Examples, loss: Loss) -> Self {
        let (n_inputs, n_outputs) = (net.n_inputs(), net.n_outputs());
        assert_eq!((examples.x().nrows(), examples.y().nrows()), (n_inputs, n_outputs), "examples fit the network");
        let pass = Pass::new(&net, CHUNK);
        Self { net, examples, loss, pass, x: vec![0.0; n_inputs * CHUNK], y: vec![0.0; n_outputs * CHUNK] }
    }

    /// The network at φ.
    pub fn network(&mut self, phi: &[f64]) -> &Network {
        self.net.set_parameters(phi);
        &self.net
    }

    /// The examples.
    pub fn examples(&self) -> &Examples {
        &self.examples
    }

    /// Which loss it is.
    pub fn kind(&self) -> Loss {
        self.loss
    }

    /// Runs a part of `n` examples through, forward and, if asked, back, adding to the gradient. Returns the sum of their losses.
    fn run_chunk(&mut self, chunk: Chunk, n: usize, n_total: usize, back: bool) -> f64 {
        let (n_inputs, n_outputs) = (self.net.n_inputs(), self.net.n_outputs());
        let (x, y) = match chunk {
            Chunk::From(first) => {
                let range = |rows: usize| rows * first..rows * (first + n);
                (&self.examples.x().as_slice()[range(n_inputs)], &self.examples.y().as_slice()[range(n_outputs)])
            }
            Chunk::Picked(indices) => {
                pick_columns(self.examples.x().as_slice(), n_inputs, indices, &mut self.x);
                pick_columns(self.examples.y().as_slice(), n_outputs, indices, &mut self.y);
                (&self.x[..n_inputs * n], &self.y[..n_outputs * n])
            }
        };
        self.pass.forward(&self.net, x);
        if back {
            let sum = self.pass.compare_part(self.loss, y, n_total);
            self.pass.add_backward(&self.net, None);
            sum
        } else {
            self.loss.sum(self.pass.outputs(), y, n_outputs)
        }
    }

    /// The loss over all examples, and with `back` its gradient in the pass.
    fn run_all(&mut self, phi: &[f64], back: bool) -> f64 {
        self.net.set_parameters(phi);
        self.pass.clear_gradient();
        let n_total = self.examples.len();
        let mut sum = 0.0;
        for first in (0..n_total).step_by(CHUNK) {
            sum += self.run_chunk(Chunk::From(first), CHUNK.min(n_total - first), n_total, back);
        }
        self.loss.reduce(sum, n_total)
    }
}

/// Which examples go through at once.
#[derive(Clone, Copy)]
enum Chunk<'a> {
    /// Those from this one on.
    From(usize),
    /// Those with these indices.
    Picked(&'a [u32]),
}

/// Copies the columns with these indices next to each other.
fn pick_columns(from: &[f64], n_rows: usize, indices: &[u32], to: &mut [f64]) {
    for (column, &index) in to.chunks_exact_mut(n_rows).zip(indices) {
        let start = index as usize * n_rows;
        column.copy_from_slice(&from[start..start + n_rows]);
    }
}

impl Objective for NetworkLoss {
    fn n_parameters(&self) -> usize {
        self.net.n_parameters()
    }

    fn n_examples(&self) -> usize {
        self.examples.len()
    }

    fn loss(&mut self, phi: &[f64]) -> f64 {
        self.run_all(phi, false)
    }

    fn gradient(&mut self, phi: &[f64], gradient: &mut [f64]) -> f64 {
        let loss = self.run_all(phi, true);
        gradient.copy_from_slice(self.pass.gradient());
        loss
    }

    fn batch_gradient(&mut self, phi: &[f64], batch: &[u32], gradient: &mut [f64]) -> f64 {
        self.net.set_parameters(phi);
        self.pass.clear_gradient();
        let mut sum = 0.0;
        for indices in batch.chunks(CHUNK) {
            sum += self.run_chunk(Chunk::Picked(indices), indices.len(), batch.len(), true);
        }
        gradient.copy_from_slice(self.pass.gradient());
        self.loss.reduce(sum, batch.len())
    }

    fn layer_of(&self, index: usize) -> Option<usize> {
        self.net.parameter(index).map(crate::network::Parameter::layer)
    }

    fn first_layer_not_finite(&mut self, phi: &[f64]) -> Option<usize> {
        self.net.set_parameters(phi);
        let (n_inputs, n_total, n_layers) = (self.net.n_inputs(), self.examples.len(), self.net.layers.len());
        let mut first = None;
        for start in (0..n_total).step_by(CHUNK) {
            let end = n_total.min(start + CHUNK);
            self.pass.forward(&self.net, &self.examples.x().as_slice()[n_inputs * start..n_inputs * end]);
            let layer = (0..first.unwrap_or(n_layers)).find(|&k| self.pass.f(k).iter().any(|f| !f.is_finite()));
            first = layer.or(first);
        }
        first
    }

    fn work_per_example(&self) -> u64 {
        3 * self.net.n_parameters() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Rng;
    use crate::network::{Activation, Initialization};
    use nalgebra::DMatrix;

    #[test]
    fn chunks_do_not_change_a_bit_of_the_gradient() {
        let net = Network::initialized(&[2, 6, 5, 2], Activation::Tanh, Initialization::XAVIER, 8).unwrap();
        let mut rng = Rng::from_seed(9);
        let mut draw = |rows| DMatrix::from_fn(rows, 3 * CHUNK + 5, |_, _| rng.normal());
        let examples = Examples::new(draw(2), draw(2));
        for loss in [Loss::SUM_OF_SQUARES, Loss::MEAN_SQUARED] {
            let (pass, whole) = Pass::compute(&net, &examples, loss, None);
            let mut objective = NetworkLoss::new(net.clone(), examples.clone(), loss);
            let phi = net.parameters();
            let mut gradient = vec![0.0; phi.len()];
            let value = objective.gradient(&phi, &mut gradient);
            assert_eq!(gradient, pass.gradient());
            assert_eq!(value, objective.loss(&phi));
            // Losses are summed chunk by chunk, so their last bits may differ from those of one long sum.
            assert!((value / whole - 1.0).abs() < 1e-14);

            let all: Vec<u32> = (0..examples.len() as u32).collect();
            assert_eq!(objective.batch_gradient(&phi, &all, &mut gradient), value);
            assert_eq!(gradient, pass.gradient());
        }
    }

    #[test]
    fn the_first_layer_that_overflows_is_found() {
        let mut net = Network::initialized(&[1, 2, 2, 1], Activation::Relu, Initialization::constant(1.0), 0).unwrap();
        net.layers[0].omega.fill(1e200);
        net.layers[1].omega.fill(1e200);
        let examples = Examples::from_points(&[[1.0, 0.0], [2.0, 0.0]]);
        let phi = net.parameters();
        let mut objective = NetworkLoss::new(net, examples, Loss::SUM_OF_SQUARES);
        assert_eq!(objective.first_layer_not_finite(&phi), Some(1));
        assert_eq!(objective.layer_of(0), Some(0));
    }
}
