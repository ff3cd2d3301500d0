use nalgebra::DMatrixView;
use serde::{Deserialize, Serialize};

use super::Loss;
use super::product::{RightFactor, add_product};
use crate::data::Examples;
use crate::network::Network;

/// A mistake to be made on purpose in the backward pass, so that one sees what it breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// ∂ℓ/∂f_{k−1} = Ω_kᵀ ∂ℓ/∂f_k, without the mask a′\[f_{k−1}\].
    ForgetMask,
    /// ∂ℓ/∂h_k = Ω_k ∂ℓ/∂f_k, without the transpose. Only a square Ω_k lets that happen; at the others the shapes refuse, and the
    /// transpose stays.
    ForgetTranspose,
}

/// One pass forward and back through a network, for a batch of examples, with everything it computed on the way (UDL, section 7.4.1).
///
/// All matrices have an example a column; with one example they are the vectors of the book. Layers are counted from 0:
///
/// - forward: f_k = β_k + Ω_k h_k with h_0 = x, and h_{k+1} = a\[f_k\];
/// - back: ∂ℓ/∂h_k = Ω_kᵀ ∂ℓ/∂f_k and ∂ℓ/∂f_{k−1} = a′\[f_{k−1}\] ⊙ ∂ℓ/∂h_k (for ReLU the mask a′ is I\[f_{k−1} > 0\]);
/// - parameters: ∂ℓ/∂β_k = Σ ∂ℓ/∂f_k over examples, ∂ℓ/∂Ω_k = ∂ℓ/∂f_k h_kᵀ.
///
/// It allocates when it is made and never again.
///
/// ```
/// use piecewise_core::data::Examples;
/// use piecewise_core::network::{Activation, Network};
/// use piecewise_core::train::{Loss, Pass};
/// // y = 1 + 3·ReLU(−1 + 2x) at x = 2 is 10; wanted is 9.
/// let net = Network::shallow(&[[-1.0, 2.0]], 1.0, &[3.0], Activation::Relu);
/// let examples = Examples::from_points(&[[2.0, 9.0]]);
/// let (pass, loss) = Pass::compute(&net, &examples, Loss::SUM_OF_SQUARES, None);
/// assert_eq!(loss, 1.0);
/// assert_eq!(pass.dl_df(1)[0], 2.0); // 2(10 − 9)
/// assert_eq!(pass.dl_dh(1)[0], 6.0); // 3 · 2
/// assert_eq!(pass.dl_df(0)[0], 6.0); // the gate is open
/// assert_eq!(pass.dl_domega(0)[0], 12.0); // 6 · x
/// assert_eq!(pass.dl_domega(1)[0], 6.0); // 2 · h, and h = 3
/// ```
#[derive(Clone, Debug)]
pub struct Pass {
    shapes: Vec<Shape>,
    n_examples: usize,
    /// The largest number of examples there is room for; a smaller batch uses the first columns.
    capacity: usize,
    f: Vec<Vec<f64>>,
    h: Vec<Vec<f64>>,
    dl_df: Vec<Vec<f64>>,
    dl_dh: Vec<Vec<f64>>,
    gradient: Vec<f64>,
    /// Room for one transposed Ω.
    omega_transposed: Vec<f64>,
}

/// The shape of one layer, and where its parameters begin in a flat vector.
#[derive(Clone, Copy, Debug)]
struct Shape {
    n_inputs: usize,
    n_outputs: usize,
    first_beta: usize,
}

impl Shape {
    fn first_omega(self) -> usize {
        self.first_beta + self.n_outputs
    }

    fn end(self) -> usize {
        self.first_omega() + self.n_inputs * self.n_outputs
    }
}

impl Pass {
    /// Room for passes of up to `capacity` examples through networks of the shape of `net`.
    pub fn new(net: &Network, capacity: usize) -> Self {
        let mut first_beta = 0;
        let mut shapes = Vec::with_capacity(net.layers.len());
        for layer in &net.layers {
            let shape = Shape { n_inputs: layer.n_inputs(), n_outputs: layer.n_outputs(), first_beta };
            first_beta = shape.end();
            shapes.push(shape);
        }
        let room = |size: fn(&Shape) -> usize| shapes.iter().map(|shape| vec![0.0; size(shape) * capacity]).collect();
        let largest = shapes.iter().map(|shape| shape.n_inputs * shape.n_outputs).max().unwrap_or(0);
        Self {
            n_examples: 0,
            capacity,
            f: room(|shape| shape.n_outputs),
            h: room(|shape| shape.n_inputs),
            dl_df: room(|shape| shape.n_outputs),
            dl_dh: room(|shape| shape.n_inputs),
            gradient: vec![0.0; first_beta],
            omega_transposed: vec![0.0; largest],
            shapes,
        }
    }

    /// A whole pass over all examples, down to ∂ℓ/∂h_0, and the loss.
    ///
    /// # Panics
    /// When the examples do not have the D_i and D_o of the network.
    pub fn compute(net: &Network, examples: &Examples, loss: Loss, fault: Option<Fault>) -> (Self, f64) {
        let mut pass = Self::new(net, examples.len());
        pass.forward(net, examples.x().as_slice());
        let value = pass.compare(loss, examples.y().as_slice());
        pass.backward(net, fault);
        pass.backward_to_input(net, fault);
        (pass, value)
    }

    /// Computes all f_k and h_k for the inputs `x`, D_i × I, stored column by column.
    ///
    /// # Panics
    /// When `net` does not have the shape the pass was made for, or there are more examples than it has room for.
    pub fn forward(&mut self, net: &Network, x: &[f64]) {
        self.check_shape(net);
        let n_inputs = self.shapes[0].n_inputs;
        assert!(n_inputs > 0 && x.len().is_multiple_of(n_inputs), "every example has {n_inputs} inputs");
        let n = x.len() / n_inputs;
        assert!(n <= self.capacity, "there is room for {} examples", self.capacity);
        self.n_examples = n;
        self.h[0][..x.len()].copy_from_slice(x);
        for (k, (layer, shape)) in net.layers.iter().zip(&self.shapes).enumerate() {
            if k > 0 {
                let below = &self.f[k - 1][..shape.n_inputs * n];
                for (h, &f) in self.h[k].iter_mut().zip(below) {
                    *h = net.activation.value(f);
                }
            }
            let f = &mut self.f[k][..shape.n_outputs * n];
            for column in f.chunks_exact_mut(shape.n_outputs.max(1)) {
                column.copy_from_slice(layer.beta.as_slice());
            }
            let h = RightFactor::columns(&self.h[k], shape.n_inputs);
            add_product(f, layer.omega.as_slice(), h, shape.n_outputs, n);
        }
    }

    /// Compares the outputs with the wanted ones, D_o × I: the loss, and ∂ℓ/∂f_K, which [`Pass::backward`] starts from.
    ///
    /// # Panics
    /// When there are not as many outputs as the forward pass had.
    pub fn compare(&mut self, loss: Loss, y: &[f64]) -> f64 {
        let sum = self.compare_part(loss, y, self.n_examples);
        loss.reduce(sum, self.n_examples)
    }

    /// [`Pass::compare`] where these examples are a part of `n_total`; returns the sum of their losses, whatever the reduction.
    pub(super) fn compare_part(&mut self, loss: Loss, y: &[f64], n_total: usize) -> f64 {
        let last = self.shapes.len() - 1;
        let n_outputs = self.shapes[last].n_outputs;
        let len = n_outputs * self.n_examples;
        assert_eq!(y.len(), len, "every example has {n_outputs} wanted outputs");
        let f = &self.f[last][..len];
        loss.gradient_of_part(f, y, n_outputs, n_total, &mut self.dl_df[last][..len]);
        loss.sum(f, y, n_outputs)
    }

    /// Goes back from ∂ℓ/∂f_K to all the others, and to the derivatives of all parameters. Leaves ∂ℓ/∂h_0 alone, which training does not
    /// need.
    ///
    /// # Panics
    /// When `net` does not have the shape the pass was made for.
    pub fn backward(&mut self, net: &Network, fault: Option<Fault>) {
        self.clear_gradient();
        self.add_backward(net, fault);
    }

    /// Sets the derivatives of all parameters to 0.
    pub(super) fn clear_gradient(&mut self) {
        self.gradient.fill(0.0);
    }

    /// [`Pass::backward`], adding to the derivatives of the parameters. Sums go on where they were, so a batch in parts has the bits of
    /// the batch as a whole.
    pub(super) fn add_backward(&mut self, net: &Network, fault: Option<Fault>) {
        self.check_shape(net);
        for k in (0..self.shapes.len()).rev() {
            self.differentiate_parameters(k);
            if k > 0 {
                self.differentiate_input(net, k, fault);
                let n = self.shapes[k].n_inputs * self.n_examples;
                let dl_dh = &self.dl_dh[k][..n];
                let below = &self.f[k - 1][..n];
                let dl_df = &mut self.dl_df[k - 1][..n];
                if fault == Some(Fault::ForgetMask) {
                    dl_df.copy_from_slice(dl_dh);
                } else {
                    for ((dl_df, &f), dl_dh) in dl_df.iter_mut().zip(below).zip(dl_dh) {
                        *dl_df = net.activation.derivative(f) * dl_dh;
                    }
                }
            }
        }
    }

    /// The last step of all, ∂ℓ/∂h_0 = Ω_0ᵀ ∂ℓ/∂f_0: how the loss changes with the inputs.
    ///
    /// # Panics
    /// When `net` does not have the shape the pass was made for.
    pub fn backward_to_input(&mut self, net: &Network, fault: Option<Fault>) {
        self.check_shape(net);
        self.differentiate_input(net, 0, fault);
    }

    /// Adds to ∂ℓ/∂β_k and ∂ℓ/∂Ω_k what ∂ℓ/∂f_k says.
    fn differentiate_parameters(&mut self, k: usize) {
        let shape = self.shapes[k];
        let dl_df = &self.dl_df[k][..shape.n_outputs * self.n_examples];
        let (dl_dbeta, dl_domega) = self.gradient[shape.first_beta..shape.end()].split_at_mut(shape.n_outputs);
        for column in dl_df.chunks_exact(shape.n_outputs.max(1)) {
            dl_dbeta.iter_mut().zip(column).for_each(|(sum, slope)| *sum += slope);
        }
        let h_transposed = RightFactor::transposed(&self.h[k], shape.n_inputs);
        add_product(dl_domega, dl_df, h_transposed, shape.n_outputs, shape.n_inputs);
    }

    /// ∂ℓ/∂h_k from ∂ℓ/∂f_k.
    fn differentiate_input(&mut self, net: &Network, k: usize, fault: Option<Fault>) {
        let Shape { n_inputs, n_outputs, .. } = self.shapes[k];
        let omega = &net.layers[k].omega;
        let dl_dh = &mut self.dl_dh[k][..n_inputs * self.n_examples];
        dl_dh.fill(0.0);
        let dl_df = RightFactor::columns(&self.dl_df[k], n_outputs);
        if fault == Some(Fault::ForgetTranspose) && omega.is_square() {
            add_product(dl_dh, omega.as_slice(), dl_df, n_inputs, self.n_examples);
        } else {
            let transposed = &mut self.omega_transposed[..omega.len()];
            for (input, column) in omega.as_slice().chunks_exact(n_outputs.max(1)).enumerate() {
                for (output, weight) in column.iter().enumerate() {
                    transposed[output * n_inputs + input] = *weight;
                }
            }
            add_product(dl_dh, transposed, dl_df, n_inputs, self.n_examples);
        }
    }

    fn check_shape(&self, net: &Network) {
        let fits = net.layers.len() == self.shapes.len()
            && net
                .layers
                .iter()
                .zip(&self.shapes)
                .all(|(layer, shape)| (layer.n_inputs(), layer.n_outputs()) == (shape.n_inputs, shape.n_outputs));
        assert!(fits, "the pass was made for a network of another shape");
    }

    /// How many examples the last forward pass had.
    pub fn n_examples(&self) -> usize {
        self.n_examples
    }

    /// f_k, the pre-activations of layer k, D_{k+1} × I; the last are the outputs.
    ///
    /// # Panics
    /// When there is no layer k.
    pub fn f(&self, k: usize) -> DMatrixView<'_, f64> {
        self.view(&self.f[k], self.shapes[k].n_outputs)
    }

    /// The outputs, f_K, D_o × I, column by column.
    pub fn outputs(&self) -> &[f64] {
        let last = self.shapes.len() - 1;
        &self.f[last][..self.shapes[last].n_outputs * self.n_examples]
    }

    /// h_k, what layer k reads, D_k × I; h_0 is the input.
    ///
    /// # Panics
    /// When there is no layer k.
    pub fn h(&self, k: usize) -> DMatrixView<'_, f64> {
        self.view(&self.h[k], self.shapes[k].n_inputs)
    }

    /// ∂ℓ/∂f_k, of the shape of f_k.
    ///
    /// # Panics
    /// When there is no layer k.
    pub fn dl_df(&self, k: usize) -> DMatrixView<'_, f64> {
        self.view(&self.dl_df[k], self.shapes[k].n_outputs)
    }

    /// ∂ℓ/∂h_k, of the shape of h_k. For k = 0 it is there after [`Pass::backward_to_input`].
    ///
    /// # Panics
    /// When there is no layer k.
    pub fn dl_dh(&self, k: usize) -> DMatrixView<'_, f64> {
        self.view(&self.dl_dh[k], self.shapes[k].n_inputs)
    }

    /// ∂ℓ/∂β_k, D_{k+1} × 1.
    ///
    /// # Panics
    /// When there is no layer k.
    pub fn dl_dbeta(&self, k: usize) -> DMatrixView<'_, f64> {
        let shape = self.shapes[k];
        DMatrixView::from_slice(&self.gradient[shape.first_beta..shape.first_omega()], shape.n_outputs, 1)
    }

    /// ∂ℓ/∂Ω_k, of the shape of Ω_k.
    ///
    /// # Panics
    /// When there is no layer k.
    pub fn dl_domega(&self, k: usize) -> DMatrixView<'_, f64> {
        let shape = self.shapes[k];
        DMatrixView::from_slice(&self.gradient[shape.first_omega()..shape.end()], shape.n_outputs, shape.n_inputs)
    }

    /// ∂ℓ/∂φ for all parameters, in the order of [`Network::parameters`].
    pub fn gradient(&self) -> &[f64] {
        &self.gradient
    }

    fn view<'a>(&self, values: &'a [f64], n_rows: usize) -> DMatrixView<'a, f64> {
        DMatrixView::from_slice(&values[..n_rows * self.n_examples], n_rows, self.n_examples)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Rng;
    use crate::network::{Activation, Initialization};
    use nalgebra::DMatrix;

    fn examples(n_inputs: usize, n_outputs: usize, n: usize) -> Examples {
        let mut rng = Rng::from_seed(11);
        let mut draw = |rows| DMatrix::from_fn(rows, n, |_, _| rng.normal());
        Examples::new(draw(n_inputs), draw(n_outputs))
    }

    #[test]
    fn a_batch_has_the_bits_of_its_examples_one_by_one() {
        let net = Network::initialized(&[2, 5, 7, 3], Activation::Gelu, Initialization::PYTORCH_LINEAR, 1).unwrap();
        let examples = examples(2, 3, 9);
        let (batch, _) = Pass::compute(&net, &examples, Loss::SUM_OF_SQUARES, None);
        for i in 0..examples.len() {
            let one = Examples::new(examples.x().columns(i, 1).into(), examples.y().columns(i, 1).into());
            let (alone, _) = Pass::compute(&net, &one, Loss::SUM_OF_SQUARES, None);
            let forward = net.forward(one.x().as_slice());
            for k in 0..3 {
                assert_eq!(batch.f(k).column(i), forward.f[k]);
                assert_eq!(batch.h(k).column(i), forward.h[k]);
                assert_eq!(batch.dl_df(k).column(i), alone.dl_df(k).column(0));
                assert_eq!(batch.dl_dh(k).column(i), alone.dl_dh(k).column(0));
            }
        }
    }

    #[test]
    fn a_small_batch_after_a_large_one_is_not_disturbed_by_what_was_left() {
        let net = Network::initialized(&[2, 4, 1], Activation::Relu, Initialization::HE, 2).unwrap();
        let (many, few) = (examples(2, 1, 8), examples(2, 1, 3));
        let (fresh, loss) = Pass::compute(&net, &few, Loss::MEAN_SQUARED, None);
        let mut pass = Pass::new(&net, 8);
        for examples in [&many, &few] {
            pass.forward(&net, examples.x().as_slice());
            let value = pass.compare(Loss::MEAN_SQUARED, examples.y().as_slice());
            pass.backward(&net, None);
            assert_eq!(value == loss, examples.len() == 3);
        }
        assert_eq!(pass.gradient(), fresh.gradient());
        assert_eq!(pass.f(1).shape(), (1, 3));
    }

    #[test]
    fn a_fault_breaks_the_layers_below_it_and_no_other() {
        // Two units wide throughout, so that a transpose can be forgotten at each hidden layer.
        let net = Network::initialized(&[2, 2, 2, 2], Activation::Relu, Initialization::PYTORCH_LINEAR, 4).unwrap();
        let examples = examples(2, 2, 6);
        let (right, _) = Pass::compute(&net, &examples, Loss::SUM_OF_SQUARES, None);
        for fault in [Fault::ForgetMask, Fault::ForgetTranspose] {
            let (wrong, _) = Pass::compute(&net, &examples, Loss::SUM_OF_SQUARES, Some(fault));
            assert_eq!(wrong.dl_domega(2), right.dl_domega(2));
            assert_ne!(wrong.dl_domega(1), right.dl_domega(1));
            assert_ne!(wrong.dl_domega(0), right.dl_domega(0));
        }
    }

    #[test]
    fn the_transpose_cannot_be_forgotten_where_the_shapes_refuse() {
        let net = Network::initialized(&[2, 3, 4, 1], Activation::Relu, Initialization::HE, 4).unwrap();
        let examples = examples(2, 1, 6);
        let (right, _) = Pass::compute(&net, &examples, Loss::SUM_OF_SQUARES, None);
        let (same, _) = Pass::compute(&net, &examples, Loss::SUM_OF_SQUARES, Some(Fault::ForgetTranspose));
        assert_eq!(same.gradient(), right.gradient());
    }
}
