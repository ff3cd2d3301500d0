use piecewise_core::{
    data::Examples,
    network::Activation,
    train::{Fault, GradientCheck, Loss, NetworkLoss, Objective as _, Pass, ToyChain},
};
use piecewise_plot::{format_number, subscript};
use serde::Serialize;

use super::{Block, Cell, Kind, Model, Params, Setting};

/// Everything there is to see, whichever sub-step is shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scene {
    /// D_i, D, …, D, D_o.
    pub sizes: Vec<usize>,
    /// Every vector and matrix of the pass.
    pub blocks: Vec<Block>,
    /// What stands in for the mask.
    pub slope: Slope,
    /// The mistake that was made on purpose.
    pub fault: Option<Fault>,
    /// The gradient beside central differences.
    pub check: Check,
    /// Ways from an input to an output.
    pub paths: Paths,
    /// What the pass costs.
    pub cost: Cost,
}

/// What ∂ℓ/∂h is multiplied with on the way back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Slope {
    /// I\[f > 0\].
    Mask,
    /// a′\[f\] of an activation that is not ReLU.
    Derivative,
    /// cos f_0, exp f_1, −sin f_2 of the toy chain.
    Toy,
}

/// Every derivative of ℓ by a parameter, beside its central difference. The order is that of all parameters: layer by layer, biases first.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Check {
    /// As backpropagation has it.
    pub gradient: Vec<f64>,
    /// By central differences.
    pub differences: Vec<f64>,
    /// How far apart the two are, relative to the larger one, or to 1 when both are smaller.
    pub errors: Vec<f64>,
    /// In each layer, how many entries are wrong and how many there are.
    pub wrong: Vec<[usize; 2]>,
    /// The unit (layer, row) that stands at a joint of the activation, where a difference is between two slopes.
    pub joint: Option<[usize; 2]>,
}

/// Ways from one input through one unit of each hidden layer to one output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Paths {
    /// How many lead through open units and weights that are not 0.
    pub live: u64,
    /// How many there are: D_i · D^K · D_o.
    pub all: u64,
    /// In each hidden layer, how many units are open.
    pub open: Vec<usize>,
}

/// Multiplications.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Cost {
    /// In one pass forward, the loss included.
    pub forward: u64,
    /// In one pass back.
    pub backward: u64,
    /// How many parameters there are.
    pub n_parameters: u64,
}

impl Cost {
    /// Of a network of these sizes: Σ D_k D_{k+1} for f and D_o for ℓ; back D_o for ∂ℓ/∂f_K, for each hidden layer D_k D_{k+1} for Ωᵀ ∂ℓ/∂f and
    /// D_k for the mask, and Σ D_k D_{k+1} for all ∂ℓ/∂Ω.
    ///
    /// ```
    /// use piecewise_exhibits::backprop::Cost;
    /// let cost = Cost::of(&[2, 3, 1]);
    /// assert_eq!((cost.forward, cost.backward, cost.n_parameters), (6 + 3 + 1, 1 + 3 + 3 + 9, 13));
    /// assert_eq!((cost.backpropagation(), cost.differences()), (26, 260));
    /// ```
    pub fn of(sizes: &[usize]) -> Self {
        let n_outputs = sizes.last().map_or(0, |&n| n as u64);
        let products: Vec<u64> = sizes.windows(2).map(|pair| (pair[0] * pair[1]) as u64).collect();
        let weights: u64 = products.iter().sum();
        let through: u64 = products.iter().skip(1).sum();
        let masks: u64 = sizes[1..sizes.len() - 1].iter().map(|&n| n as u64).sum();
        let biases: u64 = sizes[1..].iter().map(|&n| n as u64).sum();
        Self {
            forward: weights + n_outputs,
            backward: n_outputs + through + masks + weights,
            n_parameters: weights + biases,
        }
    }

    /// Of one pass forward and back: all derivatives.
    pub fn backpropagation(self) -> u64 {
        self.forward + self.backward
    }

    /// Of central differences: two passes forward for every parameter.
    pub fn differences(self) -> u64 {
        2 * self.n_parameters * self.forward
    }
}

/// Computes the whole pass, its check, paths and costs. It does not look at the sub-step.
pub fn compute(params: &Params) -> Scene {
    let sizes = params.sizes();
    let phi = params.phi();
    let (blocks, check) = match params.network() {
        Some(net) => {
            let examples = Examples::single(&params.x[..sizes[0]], &params.y[..sizes[sizes.len() - 1]]);
            let (pass, loss) = Pass::compute(&net, &examples, Loss::SUM_OF_SQUARES, params.fault);
            let last = sizes.len() - 2;
            let mut blocks = Blocks(Vec::new());
            for (k, layer) in net.layers.iter().enumerate() {
                let (n_rows, n_columns) = (layer.n_outputs(), layer.n_inputs());
                blocks.vector(Kind::H, k, pass.h(k).iter());
                blocks.matrix(Kind::Omega, k, n_rows, layer.omega.iter());
                blocks.vector(Kind::Beta, k, layer.beta.iter());
                blocks.vector(Kind::F, k, pass.f(k).iter());
                if k > 0 {
                    // What the pass multiplies with: where the transpose is forgotten and the shapes let it pass, Ω itself.
                    if params.fault == Some(Fault::ForgetTranspose) && n_rows == n_columns {
                        blocks.matrix(Kind::OmegaTransposed, k, n_columns, layer.omega.iter());
                    } else {
                        blocks.matrix(Kind::OmegaTransposed, k, n_columns, layer.omega.transpose().iter());
                    }
                    blocks.vector(Kind::DlDh, k, pass.dl_dh(k).iter());
                }
                if k < last {
                    let slope =
                        |&f| if params.fault == Some(Fault::ForgetMask) { 1.0 } else { net.activation.derivative(f) };
                    blocks.vector(Kind::Slope, k, pass.f(k).iter().map(slope).collect::<Vec<_>>().iter());
                }
                blocks.vector(Kind::DlDf, k, pass.dl_df(k).iter());
                blocks.matrix(Kind::DlDomega, k, n_rows, pass.dl_domega(k).iter());
                blocks.vector(Kind::DlDbeta, k, pass.dl_dbeta(k).iter());
            }
            blocks.vector(Kind::Wanted, last, examples.y().iter());
            blocks.vector(Kind::Loss, last, [loss].iter());
            let mut objective = NetworkLoss::new(net, examples, Loss::SUM_OF_SQUARES);
            let check = GradientCheck::compute(pass.gradient(), |phi| objective.loss(phi), &phi);
            (blocks.0, check)
        }
        None => toy(&phi, params.x[0], params.y[0]),
    };
    let slope = match (params.model, params.activation.activation()) {
        (Model::Toy, _) => Slope::Toy,
        (_, Activation::Relu) => Slope::Mask,
        _ => Slope::Derivative,
    };
    let errors: Vec<f64> = (0..phi.len()).map(|index| check.error(index)).collect();
    let mut scene = Scene {
        slope,
        fault: params.fault.filter(|_| params.model == Model::Network),
        check: Check {
            gradient: check.gradient,
            differences: check.differences,
            errors,
            wrong: Vec::new(),
            joint: None,
        },
        paths: Paths { live: 0, all: 1, open: Vec::new() },
        cost: Cost::of(&sizes),
        sizes,
        blocks,
    };
    scene.compare(params);
    scene.count_paths();
    scene
}

/// The blocks of the toy chain, and its gradient beside central differences.
fn toy(phi: &[f64], x: f64, y: f64) -> (Vec<Block>, GradientCheck) {
    let chain =
        |phi: &[f64]| ToyChain { beta: [0, 1, 2, 3].map(|k| phi[2 * k]), omega: [0, 1, 2, 3].map(|k| phi[2 * k + 1]) };
    let here = chain(phi);
    let pass = here.pass(x, y);
    let mut blocks = Blocks(Vec::new());
    for k in 0..4 {
        let mut number = |kind, value: f64| blocks.vector(kind, k, [value].iter());
        number(Kind::H, pass.h[k]);
        number(Kind::Omega, here.omega[k]);
        number(Kind::Beta, here.beta[k]);
        number(Kind::F, pass.f[k]);
        if k > 0 {
            number(Kind::OmegaTransposed, here.omega[k]);
            number(Kind::DlDh, pass.dl_dh[k]);
        }
        if let Some(&slope) = pass.slopes.get(k) {
            number(Kind::Slope, slope);
        }
        number(Kind::DlDf, pass.dl_df[k]);
        number(Kind::DlDomega, pass.dl_domega[k]);
        number(Kind::DlDbeta, pass.dl_dbeta[k]);
    }
    blocks.vector(Kind::Wanted, 3, [y].iter());
    blocks.vector(Kind::Loss, 3, [pass.loss].iter());
    let gradient: Vec<f64> = (0..4).flat_map(|k| [pass.dl_dbeta[k], pass.dl_domega[k]]).collect();
    let check = GradientCheck::compute(&gradient, |phi| chain(phi).pass(x, y).loss, phi);
    (blocks.0, check)
}

/// Blocks on their way into a scene.
struct Blocks(Vec<Block>);

impl Blocks {
    fn matrix<'a>(&mut self, kind: Kind, layer: usize, n_rows: usize, values: impl Iterator<Item = &'a f64>) {
        self.0.push(Block { kind, layer, n_rows, values: values.copied().collect() });
    }

    fn vector<'a>(&mut self, kind: Kind, layer: usize, values: impl ExactSizeIterator<Item = &'a f64>) {
        self.matrix(kind, layer, values.len(), values);
    }
}

impl Scene {
    /// K.
    pub fn n_hidden_layers(&self) -> usize {
        self.sizes.len() - 2
    }

    /// One block, when there is such a one.
    pub fn block(&self, kind: Kind, layer: usize) -> Option<&Block> {
        self.blocks.iter().find(|block| (block.kind, block.layer) == (kind, layer))
    }

    /// The numbers of a block; none when there is no such block.
    pub fn values(&self, kind: Kind, layer: usize) -> &[f64] {
        self.block(kind, layer).map_or(&[], |block| &block.values)
    }

    /// One number.
    pub fn value(&self, cell: Cell) -> f64 {
        self.block(cell.kind, cell.layer).map_or(f64::NAN, |block| block.at(cell.row, cell.column))
    }

    /// The name of the function that makes h_k of f_{k−1}.
    pub(super) fn activation(&self, k: usize) -> &'static str {
        if self.slope == Slope::Toy { ["sin", "exp", "cos"][(k - 1).min(2)] } else { "a" }
    }

    /// ℓ.
    pub fn loss(&self) -> f64 {
        self.values(Kind::Loss, self.n_hidden_layers()).first().copied().unwrap_or(f64::NAN)
    }

    /// The place of a weight, a bias, or the derivative by one, among all parameters.
    pub fn parameter(&self, cell: Cell) -> Option<usize> {
        let Cell { kind, layer, row, column } = cell;
        let before: usize = (0..layer).map(|k| (self.sizes[k] + 1) * self.sizes[k + 1]).sum();
        let n_rows = self.sizes[layer + 1];
        match kind {
            Kind::Beta | Kind::DlDbeta => Some(before + row),
            Kind::Omega | Kind::DlDomega => Some(before + n_rows * (column + 1) + row),
            _ => None,
        }
    }

    /// What is set by hand in this cell, where it is not computed.
    pub fn setting(&self, cell: Cell) -> Option<Setting> {
        match cell.kind {
            Kind::H if cell.layer == 0 => Some(Setting::X(cell.row)),
            Kind::Wanted => Some(Setting::Y(cell.row)),
            Kind::Beta | Kind::Omega => self.parameter(cell).map(Setting::Parameter),
            _ => None,
        }
    }

    /// Whether there is such a cell.
    pub fn has(&self, cell: Cell) -> bool {
        let block = self.block(cell.kind, cell.layer);
        block.is_some_and(|block| cell.row < block.n_rows && cell.column < block.n_columns())
    }

    /// Whether the derivative in this cell fails the check.
    pub fn is_wrong(&self, cell: Cell) -> bool {
        let is_derivative = matches!(cell.kind, Kind::DlDbeta | Kind::DlDomega);
        is_derivative && self.parameter(cell).is_some_and(|index| !agrees(self.check.errors[index]))
    }

    /// Whether the unit that this cell belongs to lets nothing back: the row of zeros below a shut gate.
    pub fn is_shut(&self, layer: usize, row: usize) -> bool {
        self.values(Kind::Slope, layer).get(row) == Some(&0.0)
    }

    /// Counts what is wrong, layer by layer, and looks for a unit at a joint.
    fn compare(&mut self, params: &Params) {
        let check = &mut self.check;
        let mut rest = &check.errors[..];
        for pair in self.sizes.windows(2) {
            let (layer, after) = rest.split_at((pair[0] + 1) * pair[1]);
            check.wrong.push([layer.iter().filter(|&&error| !agrees(error)).count(), layer.len()]);
            rest = after;
        }
        if params.model == Model::Network && !params.activation.activation().joints().is_empty() {
            // Within this distance of 0 a step of the differences may cross the joint.
            const NEAR: f64 = 1e-4;
            let n_hidden_layers = self.n_hidden_layers();
            self.check.joint = (0..n_hidden_layers)
                .flat_map(|k| (0..self.sizes[k + 1]).map(move |row| [k, row]))
                .find(|&[k, row]| self.value(Cell::of(Kind::F, k, row)).abs() < NEAR);
        }
    }

    /// Counts the ways from the inputs on, layer by layer.
    fn count_paths(&mut self) {
        let n_hidden_layers = self.n_hidden_layers();
        let mut ways = vec![1_u64; self.sizes[0]];
        for k in 0..=n_hidden_layers {
            let omega = self.values(Kind::Omega, k);
            let n_rows = self.sizes[k + 1];
            // What is shut is shut, also while the backward pass forgets to look.
            let is_open = |row: usize| {
                k == n_hidden_layers || self.slope != Slope::Mask || self.value(Cell::of(Kind::F, k, row)) > 0.0
            };
            let open: Vec<bool> = (0..n_rows).map(is_open).collect();
            ways = (0..n_rows)
                .map(|row| {
                    let into = ways.iter().enumerate().filter(|(column, _)| omega[column * n_rows + row] != 0.0);
                    if open[row] { into.map(|(_, ways)| ways).sum() } else { 0 }
                })
                .collect();
            if k < n_hidden_layers {
                self.paths.open.push(open.iter().filter(|&&open| open).count());
            }
        }
        self.paths.live = ways.iter().sum();
        self.paths.all = self.sizes.iter().map(|&n| n as u64).product();
    }

    /// The largest relative difference between a derivative and its central difference; not a number is the largest of all.
    pub fn largest_error(&self) -> f64 {
        let worse = |worst: f64, &error: &f64| if error > worst || error.is_nan() { error } else { worst };
        self.check.errors.iter().fold(0.0, worse)
    }

    /// What the check says, in sentences.
    pub fn verdict(&self) -> String {
        let check = &self.check;
        let n_all = check.errors.len();
        let n_wrong: usize = check.wrong.iter().map(|[wrong, _]| wrong).sum();
        let worst = scientific(self.largest_error());
        let why = match (self.fault, n_wrong) {
            (None, 0) => String::new(),
            (None, _) => match check.joint {
                Some([k, row]) => format!(
                    " (f{})_{} stands at the joint of the activation: there the difference lies between two slopes. Move x a little.",
                    subscript(k),
                    row + 1
                ),
                None => " No mistake is switched on: here the loss bends so fast that the difference itself is off.".to_owned(),
            },
            (Some(Fault::ForgetMask), 0) => {
                " The mask is forgotten, and nothing shows: every gate on the way is open. The mistake waits for the first input that shuts one."
                    .to_owned()
            }
            (Some(Fault::ForgetMask), _) => {
                " The mask is forgotten: what lies above the first shut gate is right, and below it slopes come through units that are shut."
                    .to_owned()
            }
            (Some(Fault::ForgetTranspose), 0) => {
                " The transpose is forgotten, and nothing shows: no matrix on the way is square, so the shapes refuse, or a mask hides it."
                    .to_owned()
            }
            (Some(Fault::ForgetTranspose), _) => {
                " The transpose is forgotten wherever Ω is square: what lies above is right, and below each number went to the wrong unit."
                    .to_owned()
            }
        };
        match n_wrong {
            0 => format!(
                "All {n_all} derivatives agree with central differences. The largest relative difference is {worst}.{why}"
            ),
            n => {
                let layers: Vec<String> = check
                    .wrong
                    .iter()
                    .enumerate()
                    .rev()
                    .map(|(k, [wrong, all])| match wrong {
                        0 => format!("layer {k}: right"),
                        n => format!("layer {k}: {n} of {all} wrong"),
                    })
                    .collect();
                format!(
                    "{n} of {n_all} derivatives are wrong, by up to {worst}. From the loss down, {}.{why}",
                    layers.join(", ")
                )
            }
        }
    }
}

/// Whether an error is small enough to be one of rounding.
pub(super) fn agrees(error: f64) -> bool {
    error <= GradientCheck::TOLERANCE
}

/// A number of any size in two digits: 3.2 · 10⁻¹¹ as "3.2e−11".
pub(super) fn scientific(value: f64) -> String {
    if value == 0.0 || (1e-3..1e4).contains(&value.abs()) || !value.is_finite() {
        format_number(value, 4)
    } else {
        format!("{value:.1e}").replace('-', "−")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Params as _;

    fn scene(start: &str) -> Scene {
        compute(&Params::from_start(start).expect("a preset"))
    }

    #[test]
    fn the_toy_chain_has_the_numbers_of_notebook_7_1() {
        let scene = scene("toy");
        for (kind, expected) in [
            (Kind::F, [1.230, 1.623, 7.137, 2.372]),
            (Kind::H, [2.3, 0.942, 5.068, 0.657]),
            (Kind::DlDf, [2.281, -17.060, -1.683, 0.745]),
            (Kind::DlDbeta, [2.281, -17.060, -1.683, 0.745]),
            (Kind::DlDomega, [5.246, -16.079, -8.530, 0.489]),
        ] {
            for (k, expected) in expected.into_iter().enumerate() {
                let value = scene.values(kind, k)[0];
                assert!((value - expected).abs() < 6e-4, "{kind:?} {k}: {value} is not {expected}");
            }
        }
        for (k, expected) in [(1, 6.824), (2, -3.366), (3, 2.234)] {
            assert!((scene.values(Kind::DlDh, k)[0] - expected).abs() < 6e-4, "∂ℓ/∂h{k}");
        }
        assert!((scene.loss() - 0.139).abs() < 6e-4);
    }

    #[test]
    fn backpropagation_agrees_with_central_differences_where_no_mistake_is_made() {
        for start in ["small", "toy", "two-three-one", "deep", "dead-unit", "dead-layer", "smooth"] {
            let scene = scene(start);
            assert!(scene.largest_error() < 1e-6, "{start}: {}", scene.largest_error());
            assert!(scene.verdict().starts_with("All "), "{start}: {}", scene.verdict());
        }
    }

    #[test]
    fn a_mistake_on_the_way_back_shows_below_the_place_where_it_was_made() {
        // From the last layer down: right above the first shut gate, wrong at it and below.
        let forgot_mask = scene("forget-mask");
        assert_eq!(forgot_mask.check.wrong, [[9, 9], [3, 12], [0, 4]]);
        let shut = forgot_mask.values(Kind::F, 1).iter().position(|&f| f <= 0.0).expect("a shut unit");
        for row in 0..3 {
            assert_eq!(forgot_mask.is_wrong(Cell::of(Kind::DlDbeta, 1, row)), row == shut);
        }
        // The only square matrix on the way back is Ω₁: what it is multiplied into is right, and the layer below is not.
        let forgot_transpose = scene("forget-transpose");
        assert_eq!(forgot_transpose.check.wrong, [[6, 9], [0, 12], [0, 4]]);
    }

    #[test]
    fn a_path_lives_when_all_its_units_are_open() {
        let small = scene("small").paths;
        assert_eq!((small.all, small.live, small.open), (2 * 3 * 3, 2 * 2 * 2, vec![2, 2]));
        let dead_unit = scene("dead-unit").paths;
        assert_eq!((dead_unit.all, dead_unit.live), (18, 12), "a third of all paths is gone");
        assert_eq!(scene("dead-layer").paths.live, 0);
    }

    #[test]
    fn a_dead_layer_leaves_no_gradient_below_it_and_a_shut_unit_no_row() {
        let dead = scene("dead-layer");
        for k in 0..2 {
            assert!(dead.values(Kind::DlDomega, k).iter().all(|&slope| slope == 0.0), "layer {k}");
        }
        let small = scene("small");
        for row in 0..3 {
            let is_zero = (0..2).all(|column| small.value(Cell { column, ..Cell::of(Kind::DlDomega, 0, row) }) == 0.0);
            assert_eq!(is_zero, small.is_shut(0, row));
        }
    }

    #[test]
    fn every_number_on_the_way_back_is_the_product_of_its_row_and_its_column() {
        let scene = scene("deep");
        for k in 1..=5 {
            let (omega, dl_df) =
                (scene.block(Kind::OmegaTransposed, k).expect("a matrix"), scene.values(Kind::DlDf, k));
            for row in 0..omega.n_rows {
                let product: f64 = dl_df.iter().enumerate().map(|(column, slope)| omega.at(row, column) * slope).sum();
                let dl_dh = scene.value(Cell::of(Kind::DlDh, k, row));
                assert!((product - dl_dh).abs() < 1e-12);
                let slope = scene.value(Cell::of(Kind::Slope, k - 1, row));
                assert_eq!(scene.value(Cell::of(Kind::DlDf, k - 1, row)), slope * dl_dh);
            }
        }
    }

    #[test]
    fn wrong_orders_are_refused_with_the_numbers_that_differ() {
        let products = scene("deep").products(1);
        assert_eq!(products[0].result, Some([6, 1]));
        assert_eq!(products[1].result, None);
        assert!(products[1].verdict.starts_with("6×1 times 6×6: the inner numbers 1 and 6 differ"));
        // Where Ω is square its shape does not tell it from its transpose.
        assert_eq!((products[2].is_meant, products[2].result), (false, Some([6, 1])));
    }
}
