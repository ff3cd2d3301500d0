//! Networks that aim at the hard cases of exact geometry: what sliders, symmetries and plain decimals produce.
//!
//! Each family is a strategy, so that a failing case shrinks to a small one.

use piecewise_core::network::{Activation, Layer, Network};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// A network and the box in which its regions are asked for.
#[derive(Clone, Debug)]
pub struct Case {
    /// The network.
    pub net: Network,
    /// The lower corner of the box.
    pub lo: Vec<f64>,
    /// The upper corner.
    pub hi: Vec<f64>,
}

/// How many numbers the network reads and how many units each hidden layer has.
#[derive(Clone, Debug)]
pub struct Shape {
    /// D_i.
    pub n_inputs: usize,
    /// The widths of the hidden layers, first one first.
    pub hidden: Vec<usize>,
}

impl Shape {
    /// The shape of a network with one hidden layer.
    pub fn shallow(n_inputs: usize, n_hidden: usize) -> Self {
        Self { n_inputs, hidden: vec![n_hidden] }
    }

    /// The sizes of all layers: inputs, hidden units, and two outputs.
    fn sizes(&self) -> Vec<usize> {
        [&[self.n_inputs], self.hidden.as_slice(), &[2]].concat()
    }
}

/// Shallow shapes and deep ones that keep the slow oracle within milliseconds.
pub fn shapes(n_inputs: usize) -> BoxedStrategy<Shape> {
    let (widest, deep): (usize, usize) = match n_inputs {
        1 => (12, 6),
        2 => (8, 4),
        _ => (6, 3),
    };
    let hidden = prop_oneof![
        3 => vec(1..=widest, 1),
        2 => vec(1..=deep, 2),
        1 => vec(1..=deep, 3),
    ];
    hidden.prop_map(move |hidden| Shape { n_inputs, hidden }).boxed()
}

/// Any f64 in the middle of the range: nothing meets by chance.
pub fn generic_weight() -> BoxedStrategy<f64> {
    (-2.0..2.0).boxed()
}

/// A multiple of 1/64, as sliders with dyadic steps give.
pub fn dyadic_weight() -> BoxedStrategy<f64> {
    (-128_i32..=128).prop_map(|steps| f64::from(steps) / 64.0).boxed()
}

/// A multiple of 1/10, rounded: lines that should meet miss each other by a unit in the last place.
pub fn decimal_weight() -> BoxedStrategy<f64> {
    (-20_i32..=20).prop_map(|steps| f64::from(steps) * 0.1).boxed()
}

/// −1, 0 or 1: everything is parallel, coincident or concurrent, in every layer.
pub fn sign_weight() -> BoxedStrategy<f64> {
    select(vec![-1.0, 0.0, 1.0]).boxed()
}

/// Subnormal numbers and the least normal ones, of both signs.
pub fn subnormal_weight() -> BoxedStrategy<f64> {
    (-(1_i64 << 54)..(1_i64 << 54)).prop_map(|ulps| ulps as f64 * f64::from_bits(1)).boxed()
}

/// A network of this shape with weights and biases drawn from `weight`.
fn network(shape: &Shape, weight: &BoxedStrategy<f64>) -> BoxedStrategy<Network> {
    let layers: Vec<_> = shape
        .sizes()
        .windows(2)
        .map(|pair| {
            let (n_in, n_out) = (pair[0], pair[1]);
            vec(weight.clone(), n_out * (n_in + 1))
                .prop_map(move |w| Layer::from_fn(n_out, n_in, |d| w[d], |d, i| w[n_out + d * n_in + i]))
        })
        .collect();
    layers.prop_map(|layers| Network { layers, activation: Activation::Relu }).boxed()
}

/// The case of a network in the box [−1, 1] in each direction.
fn in_unit_box(net: Network) -> Case {
    let n = net.n_inputs();
    Case { net, lo: vec![-1.0; n], hi: vec![1.0; n] }
}

/// Networks with all weights from one strategy, in [−1, 1].
pub fn with_weights(n_inputs: usize, weight: BoxedStrategy<f64>) -> BoxedStrategy<Case> {
    shapes(n_inputs).prop_flat_map(move |shape| network(&shape, &weight)).prop_map(in_unit_box).boxed()
}

/// What one unit can be to another one of its layer, or on its own, that makes geometry degenerate.
#[derive(Clone, Debug)]
pub enum Relation {
    /// The same weights and bias.
    Duplicate,
    /// The same hinge, times a power of two.
    Scaled(i32),
    /// The same hinge, times −3: exact for weights of few digits.
    Flipped,
    /// The same weights, another bias.
    Parallel(f64),
    /// No weights at all: never or always open.
    Constant(f64),
    /// The same unit but for one unit in the last place of one weight, or of the bias.
    OneUlp(usize, bool),
}

fn relation() -> BoxedStrategy<Relation> {
    prop_oneof![
        Just(Relation::Duplicate),
        (-8_i32..=8).prop_map(Relation::Scaled),
        Just(Relation::Flipped),
        dyadic_weight().prop_map(Relation::Parallel),
        select(vec![1.0, -1.0, 0.0, -0.0]).prop_map(Relation::Constant),
        (0_usize..8, any::<bool>()).prop_map(|(entry, up)| Relation::OneUlp(entry, up)),
    ]
    .boxed()
}

/// Makes the unit `to` of a layer a relative of its unit `from`.
fn relate(layer: &mut Layer, from: usize, to: usize, relation: &Relation) {
    let n = layer.n_inputs();
    let mut row: Vec<f64> = layer.omega.row(from).iter().copied().chain([layer.beta[from]]).collect();
    match *relation {
        Relation::Duplicate => {}
        Relation::Scaled(exponent) => row.iter_mut().for_each(|w| *w *= 2.0_f64.powi(exponent)),
        Relation::Flipped => row.iter_mut().for_each(|w| *w *= -3.0),
        Relation::Parallel(bias) => row[n] = bias,
        Relation::Constant(bias) => {
            row.fill(0.0);
            row[n] = bias;
        }
        Relation::OneUlp(entry, up) => {
            let w = &mut row[entry % (n + 1)];
            *w = if up { w.next_up() } else { w.next_down() };
        }
    }
    row[..n].iter().enumerate().for_each(|(i, &w)| layer.omega[(to, i)] = w);
    layer.beta[to] = row[n];
}

/// Networks in which units of each hidden layer are relatives of one another: duplicated, coincident, flipped, parallel,
/// constant, or one unit in the last place apart.
pub fn relatives(n_inputs: usize) -> BoxedStrategy<Case> {
    let weights = prop_oneof![Just(dyadic_weight()), Just(generic_weight())];
    (shapes(n_inputs), weights)
        .prop_flat_map(|(shape, weight)| {
            let n_layers = shape.hidden.len();
            let relations = vec((0..n_layers, any::<[u8; 2]>(), relation()), 1..6);
            (network(&shape, &weight), relations)
        })
        .prop_map(|(mut net, relations)| {
            for (k, [from, to], relation) in relations {
                let n = net.layers[k].n_outputs();
                relate(&mut net.layers[k], usize::from(from) % n, usize::from(to) % n, &relation);
            }
            in_unit_box(net)
        })
        .boxed()
}

/// Hinges through few common points, exactly: stars, and grids with their diagonals, of small integer weights.
pub fn pencils(n_inputs: usize) -> BoxedStrategy<Case> {
    let point = vec((-4_i32..=4).prop_map(|steps| f64::from(steps) / 4.0), n_inputs);
    let weights = vec((-2_i32..=2).prop_map(f64::from), n_inputs);
    let most = if n_inputs == 3 { 8 } else { 10 };
    (vec(point, 1..3), vec((weights, any::<bool>()), 2..most), vec(dyadic_weight(), most))
        .prop_map(|(points, rows, phi)| {
            let theta = rows.iter().map(|(w, first)| {
                let p = &points[usize::from(!first) % points.len()];
                (-w.iter().zip(p).map(|(w, p)| w * p).sum::<f64>(), w)
            });
            let theta: Vec<_> = theta.collect();
            let hidden = Layer::from_fn(theta.len(), theta[0].1.len(), |d| theta[d].0, |d, i| theta[d].1[i]);
            let output = Layer::from_fn(1, theta.len(), |_| 0.0, |_, d| phi[d]);
            in_unit_box(Network { layers: vec![hidden, output], activation: Activation::Relu })
        })
        .boxed()
}

/// Any of the exactly degenerate cases with some weights moved by one unit in the last place: slivers, and crossings that all
/// but coincide.
pub fn nudged(n_inputs: usize) -> BoxedStrategy<Case> {
    let exact = prop_oneof![pencils(n_inputs), with_weights(n_inputs, sign_weight()), box_contacts(n_inputs)];
    (exact, vec((any::<[u8; 3]>(), any::<bool>()), 1..5))
        .prop_map(|(mut case, nudges)| {
            for ([k, row, column], up) in nudges {
                let k = usize::from(k) % case.net.n_hidden_layers();
                let layer = &mut case.net.layers[k];
                let row = usize::from(row) % layer.n_outputs();
                let column = usize::from(column) % (layer.n_inputs() + 1);
                let w = if column == layer.n_inputs() { &mut layer.beta[row] } else { &mut layer.omega[(row, column)] };
                *w = if up { w.next_up() } else { w.next_down() };
            }
            case
        })
        .boxed()
}

/// Networks without biases: all hinges meet in the middle of the box, in every layer.
pub fn zero_bias(n_inputs: usize) -> BoxedStrategy<Case> {
    let weights = prop_oneof![Just(generic_weight()), Just(dyadic_weight())];
    weights
        .prop_flat_map(move |weight| with_weights(n_inputs, weight))
        .prop_map(|mut case| {
            case.net.layers.iter_mut().for_each(|layer| layer.beta.fill(0.0));
            case
        })
        .boxed()
}

/// Hinges that touch the box in its corners, run along its sides, or cross each other on them.
pub fn box_contacts(n_inputs: usize) -> BoxedStrategy<Case> {
    // Each hinge goes through a point of the lattice of corners, middles of edges and middles of sides.
    let lattice = vec(select(vec![-1.0, -0.5, 0.0, 0.5, 1.0]), n_inputs);
    let weights = vec(select(vec![-1.0, -0.5, 0.0, 0.0, 0.5, 1.0]), n_inputs);
    vec((lattice, weights), 1..8)
        .prop_map(|rows| {
            let bias = |(p, w): &(Vec<f64>, Vec<f64>)| -w.iter().zip(p).map(|(w, p)| w * p).sum::<f64>();
            let hidden = Layer::from_fn(rows.len(), rows[0].0.len(), |d| bias(&rows[d]), |d, i| rows[d].1[i]);
            let output = Layer::from_fn(1, rows.len(), |_| 0.5, |_, d| 1.0 + d as f64);
            in_unit_box(Network { layers: vec![hidden, output], activation: Activation::Relu })
        })
        .boxed()
}

/// Layers of one unit, layers that are never open, layers that are always open.
pub fn bottlenecks(n_inputs: usize) -> BoxedStrategy<Case> {
    let bias = select(vec![-100.0, 0.0, 100.0]);
    let wide = 3_usize.min(6 - n_inputs);
    (vec(1..=wide, 2..4), any::<u8>(), bias)
        .prop_flat_map(move |(mut hidden, which, bias)| {
            let which = usize::from(which) % hidden.len();
            hidden[which] = 1;
            (network(&Shape { n_inputs, hidden }, &dyadic_weight()), Just((which, bias)))
        })
        .prop_map(|(mut net, (which, bias))| {
            if bias != 0.0 {
                net.layers[which].beta.fill(bias);
            }
            in_unit_box(net)
        })
        .boxed()
}

/// Networks whose units have scales from 1e-150 to 1e100. The scale of a unit does not move its hinge.
pub fn unit_scales(n_inputs: usize) -> BoxedStrategy<Case> {
    let weights = prop_oneof![Just(generic_weight()), Just(dyadic_weight())];
    (weights, vec(-150_i32..=100, 16))
        .prop_flat_map(move |(weight, scales)| (with_weights(n_inputs, weight), Just(scales)))
        .prop_map(|(mut case, scales)| {
            // The first hidden layer alone: two such layers in a row leave the range of an f64.
            let first = &mut case.net.layers[0];
            for (d, mut row) in first.omega.row_iter_mut().enumerate() {
                let scale = 10.0_f64.powi(scales[d % scales.len()]);
                row *= scale;
                first.beta[d] *= scale;
            }
            case
        })
        .boxed()
}

/// Boxes from 1e-6 to 1e7 wide, at the origin or as far from it as 1e8 times their width, with hinges through them.
pub fn far_boxes(n_inputs: usize) -> BoxedStrategy<Case> {
    let size = (-6_i32..=7).prop_map(|exponent| 10.0_f64.powi(exponent));
    let distance = select(vec![0.0, 1.0, 1e3, 1e8]);
    let lattice = prop_oneof![vec(-1.0..1.0, n_inputs), vec(select(vec![-1.0, 0.0, 0.25, 1.0]), n_inputs)];
    let weights = prop_oneof![vec(generic_weight(), n_inputs), vec(sign_weight(), n_inputs)];
    (size, distance, vec(-1.0..1.0, n_inputs), vec((lattice, weights), 1..7))
        .prop_map(|(size, distance, direction, rows)| {
            let lo: Vec<f64> = direction.iter().map(|d| size * (distance * d - 1.0)).collect();
            let hi: Vec<f64> = direction.iter().map(|d| size * (distance * d + 1.0)).collect();
            let bias = |(p, w): &(Vec<f64>, Vec<f64>)| {
                -w.iter()
                    .zip(p)
                    .zip(lo.iter().zip(&hi))
                    .map(|((w, p), (lo, hi))| w * (lo + (hi - lo) * (p + 1.0) / 2.0))
                    .sum::<f64>()
            };
            let hidden = Layer::from_fn(rows.len(), lo.len(), |d| bias(&rows[d]), |d, i| rows[d].1[i]);
            let output = Layer::from_fn(1, rows.len(), |_| 0.0, |_, d| 1.0 - d as f64);
            let net = Network { layers: vec![hidden, output], activation: Activation::Relu };
            Case { net, lo, hi }
        })
        .boxed()
}

/// Networks of subnormal weights.
pub fn subnormals(n_inputs: usize) -> BoxedStrategy<Case> {
    let most = 8 - n_inputs;
    (1..most)
        .prop_flat_map(move |n_hidden| {
            let shape = Shape::shallow(n_inputs, n_hidden);
            (network(&shape, &subnormal_weight()), vec(generic_weight(), 2 * n_hidden))
        })
        .prop_map(|(mut net, phi)| {
            // Subnormal weights twice in a row would leave nothing of the output.
            net.layers[1].omega.iter_mut().zip(phi).for_each(|(w, phi)| *w = phi);
            in_unit_box(net)
        })
        .boxed()
}

/// The same networks with leaky units.
pub fn leaky(cases: BoxedStrategy<Case>) -> BoxedStrategy<Case> {
    let slopes = select(vec![0.1, 0.25, -0.5, 1.0]);
    (cases, slopes)
        .prop_map(|(mut case, slope)| {
            case.net.activation = Activation::LeakyRelu { slope };
            case
        })
        .boxed()
}

/// All families.
pub fn families(n_inputs: usize) -> Vec<BoxedStrategy<Case>> {
    vec![
        with_weights(n_inputs, generic_weight()),
        with_weights(n_inputs, dyadic_weight()),
        with_weights(n_inputs, decimal_weight()),
        with_weights(n_inputs, sign_weight()),
        relatives(n_inputs),
        pencils(n_inputs),
        nudged(n_inputs),
        zero_bias(n_inputs),
        box_contacts(n_inputs),
        bottlenecks(n_inputs),
        unit_scales(n_inputs),
        far_boxes(n_inputs),
        subnormals(n_inputs),
        leaky(relatives(n_inputs)),
    ]
}
