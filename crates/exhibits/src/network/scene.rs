use piecewise_core::{
    Rng,
    network::{Activation, Layer, Network},
    regions::{Affine, Bounds, LineRegions, Pattern, PlaneRegions, Slice},
};
use piecewise_plot::{Bands, Facet};
use serde::Serialize;

use super::{Mark, Params, Task, equation::sizes_of, reading};

/// More regions than the largest network makes.
const REGION_LIMIT: usize = 4096;

/// How many points a curve is sampled at where it is not piecewise linear.
const CURVE_POINTS: usize = 193;

/// How many points lie along each side of a sampled heat map.
const MAP_POINTS: usize = 25;

/// How many colours a heat map has: an odd number, so that 0 has one of its own.
pub(super) const N_BANDS: usize = 15;

/// At how many random points two networks are compared for the read-out.
const N_PROBES: usize = 200;

/// Everything there is to see.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scene {
    /// D_i, then the width of every layer, the output last.
    pub sizes: Vec<usize>,
    /// Its biases and weights, in the order of [`Network::parameters`].
    pub parameters: Vec<f64>,
    /// The layer and the row of the unit whose sum the panels end in, counted from 0.
    pub summed: (usize, usize),
    /// The panels: of every unit that is summed its pre-activation, its activation, and that weighted; at last the sum.
    pub plates: Vec<Plate>,
    /// Where units of the summed layer switch: on the line places, in the plane lines; one list a unit. Empty where they do so gradually.
    pub hinges: Vec<Hinge>,
    /// The part of the input that is shown: its least and its greatest coordinates; of one input the first of both.
    pub view: [[f64; 2]; 2],
    /// The colours or heights of pre-activations and activations, then of weighted ones and the sum.
    pub scales: [Bands; 2],
    /// Whether the panels are sampled; otherwise they are exact.
    pub sampled: bool,
    /// The terms of the number of parameters: (D + 1)·D′ for every layer.
    pub count: Vec<[usize; 2]>,
    /// The largest change of an output that the rescaling makes, at random points of the view; nothing while α is 1.
    pub rescaling_error: Option<f64>,
    /// In the task to read the picture: which unit's hinge each line lies on.
    pub found: Vec<Option<usize>>,
}

/// Where a unit switches, piece by piece: each from one end to the other, which on the line are one place.
pub type Hinge = Vec<[[f64; 2]; 2]>;

/// What a panel shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// f, the sum that a unit reads.
    PreActivation,
    /// h = a\[f\].
    Activation,
    /// h times its weight.
    Weighted,
    /// All weighted activations and the bias.
    Sum,
}

/// One panel.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Plate {
    /// What it shows.
    pub stage: Stage,
    /// Of which unit of its layer, counted from 0.
    pub unit: usize,
    /// The function.
    pub content: Content,
}

/// A function of one or two inputs.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Content {
    /// Of one input: curves from left to right, exact or sampled.
    Curves(Vec<Vec<[f64; 2]>>),
    /// Of two inputs, exact: affine on each polygon.
    Facets(Vec<Facet>),
    /// Of two inputs: values on a grid of 25 × 25 points, row by row from the lower left corner.
    Samples(Vec<f64>),
}

/// A convex piece of the view on which everything a layer computes is affine: a polygon, or of one input the two ends of an interval.
struct Cell {
    vertices: Vec<[f64; 2]>,
    gates: Option<Pattern>,
}

/// Computes everything there is to see.
pub fn compute(params: &Params) -> Scene {
    let net = match params.task {
        Task::Explore | Task::Draw => params.network(),
        Task::Write | Task::Read => params.asked(),
    };
    let sizes = sizes_of(&net);
    let summed = if params.task == Task::Read { (1, 0) } else { params.summed() };
    let reach = if net.n_inputs() == 1 { [[0.0, 0.0], [2.0, 0.0]] } else { [[-1.0; 2], [1.0; 2]] };
    let exact = exact_plates(&net, summed, reach, params.x3);
    let sampled = exact.is_none();
    let (plates, hinges) = exact.unwrap_or_else(|| (sampled_plates(&net, summed, reach, params.x3), Vec::new()));
    Scene {
        scales: scales(&plates),
        plates,
        hinges,
        view: reach,
        sampled,
        count: sizes.windows(2).map(|pair| [pair[0] + 1, pair[1]]).collect(),
        rescaling_error: (params.task == Task::Explore && params.alpha != 1.0)
            .then(|| largest_difference(&params.unscaled(), &net, reach)),
        found: if params.task == Task::Read { reading::found(&net, &params.lines) } else { Vec::new() },
        parameters: net.parameters(),
        summed,
        sizes,
    }
}

impl Scene {
    /// D_i.
    pub fn n_inputs(&self) -> usize {
        self.sizes[0]
    }

    /// K, the number of hidden layers.
    pub fn n_hidden_layers(&self) -> usize {
        self.sizes.len() - 2
    }

    /// The number of parameters as a sum, then in terms of its terms: "(2 + 1)·3 + (3 + 1)·1 = 13".
    pub fn count_text(&self) -> String {
        count_text(&self.sizes)
    }

    /// The place of a hidden unit among those of all layers, by which it has its colour; `layer` and `row` count from 0.
    pub fn unit_index(&self, layer: usize, row: usize) -> usize {
        self.sizes[1..=layer].iter().sum::<usize>() + row
    }

    /// The place of the weight by which unit `row` of layer `layer` reads unit `column` of the one before; of its bias when there is no column.
    pub fn parameter_index(&self, layer: usize, row: usize, column: Option<usize>) -> usize {
        let before: usize = self.sizes.windows(2).take(layer).map(|pair| (pair[0] + 1) * pair[1]).sum();
        before + column.map_or(row, |column| self.sizes[layer + 1] * (1 + column) + row)
    }

    /// What the number at this place of [`Scene::parameters`] is.
    pub fn mark_of(&self, index: usize) -> Option<Mark> {
        let mut before = 0;
        for (layer, pair) in self.sizes.windows(2).enumerate() {
            let place = index - before;
            if place < pair[1] {
                return Some(Mark::Bias { layer, row: place });
            }
            if place < (pair[0] + 1) * pair[1] {
                return Some(Mark::Weight { layer, row: place % pair[1], column: place / pair[1] - 1 });
            }
            before += (pair[0] + 1) * pair[1];
        }
        None
    }

    /// The place of a number in [`Scene::parameters`]; of a unit that of its bias; nothing of what this network does not have.
    pub fn index_of(&self, mark: Mark) -> Option<usize> {
        let (layer, row, column) = match mark {
            Mark::Input(_) => return None,
            Mark::Unit { layer, row } | Mark::Bias { layer, row } => (layer, row, None),
            Mark::Weight { layer, row, column } => (layer, row, Some(column)),
        };
        let is_there = layer + 1 < self.sizes.len()
            && row < self.sizes[layer + 1]
            && column.is_none_or(|column| column < self.sizes[layer]);
        is_there.then(|| self.parameter_index(layer, row, column))
    }

    /// Whether there is such a thing in this network.
    pub fn has(&self, mark: Mark) -> bool {
        match mark {
            Mark::Input(column) => column < self.sizes[0],
            _ => self.index_of(mark).is_some(),
        }
    }

    /// That number.
    pub fn parameter(&self, layer: usize, row: usize, column: Option<usize>) -> f64 {
        self.parameters[self.parameter_index(layer, row, column)]
    }
}

/// The number of parameters of a fully connected network of these sizes, as a sum.
///
/// ```
/// use piecewise_exhibits::network::count_text;
/// assert_eq!(count_text(&[1, 4, 2]), "(1 + 1)·4 + (4 + 1)·2 = 18"); // UDL, figure 3.6
/// assert_eq!(count_text(&[10, 8, 1]), "(10 + 1)·8 + (8 + 1)·1 = 97");
/// assert_eq!(count_text(&[100, 500, 1]), "(100 + 1)·500 + (500 + 1)·1 = 51,001");
/// ```
pub fn count_text(sizes: &[usize]) -> String {
    let terms: Vec<String> = sizes.windows(2).map(|pair| format!("({} + 1)·{}", pair[0], pair[1])).collect();
    let total: usize = sizes.windows(2).map(|pair| (pair[0] + 1) * pair[1]).sum();
    let digits = total.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) && total > 9999 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{} = {grouped}", terms.join(" + "))
}

/// The largest difference of two networks' outputs at random points of the view.
fn largest_difference(a: &Network, b: &Network, [lo, hi]: [[f64; 2]; 2]) -> f64 {
    let mut rng = Rng::from_seed(1);
    (0..N_PROBES).fold(0.0, |most: f64, _| {
        let x: Vec<f64> = (0..a.n_inputs()).map(|i| rng.uniform_in(lo[i.min(1)].min(lo[0]), hi[0])).collect();
        most.max((a.output(&x) - b.output(&x)).amax())
    })
}

/// The cells on which layer `k` is affine; nothing where it is not on any.
fn cells(net: &Network, k: usize, [lo, hi]: [[f64; 2]; 2], x3: f64) -> Option<Vec<Cell>> {
    let depth = match net.activation {
        Activation::Relu | Activation::LeakyRelu { .. } => k,
        // A step leaves nothing but constants: its deeper layers add no edges.
        Activation::Heaviside => k.min(1),
        _ if k == 0 => 0,
        _ => return None,
    };
    let whole = if net.n_inputs() == 1 { vec![lo, hi] } else { vec![lo, [hi[0], lo[1]], hi, [lo[0], hi[1]]] };
    let n_gates: usize = net.layers[..depth].iter().map(Layer::n_outputs).sum();
    if n_gates == 0 {
        return Some(vec![Cell { vertices: whole, gates: None }]);
    }
    let activation = if net.activation == Activation::Heaviside { Activation::Relu } else { net.activation };
    let part = Network { layers: net.layers[..=depth].to_vec(), activation };
    if net.n_inputs() == 1 {
        let bounds = Bounds { lo: [lo[0]], hi: [hi[0]] };
        let regions = LineRegions::compute(&part, &bounds, REGION_LIMIT).ok()?;
        let cell = |region: piecewise_core::regions::LineRegion<'_>| Cell {
            vertices: region.ends().map(|x| [x, 0.0]).to_vec(),
            gates: Some(region.pattern()),
        };
        return Some(regions.iter().map(cell).collect());
    }
    let bounds = Bounds { lo, hi };
    let mut slice = Slice { origin: vec![0.0, 0.0], directions: [vec![1.0, 0.0], vec![0.0, 1.0]] };
    if net.n_inputs() == 3 {
        slice.origin.push(x3);
        slice.directions.iter_mut().for_each(|direction| direction.push(0.0));
    }
    let regions = PlaneRegions::compute_on(&part, &slice, &bounds, REGION_LIMIT).ok()?;
    let cell = |region: piecewise_core::regions::PlaneRegion<'_>| Cell {
        vertices: region.vertices().collect(),
        gates: Some(region.pattern()),
    };
    Some(regions.iter().map(cell).collect())
}

/// What layer `k` computes before its activation on a cell, as functions of the coordinates of the view.
fn pre_activations(net: &Network, k: usize, gates: Option<&Pattern>, x3: f64) -> Vec<Affine<2>> {
    let axis = |i| Affine { intercept: 0.0, slope: [f64::from(u8::from(i == 0)), f64::from(u8::from(i == 1))] };
    let mut h: Vec<Affine<2>> = (0..net.n_inputs().min(2)).map(axis).collect();
    if net.n_inputs() == 3 {
        h.push(Affine { intercept: x3, slope: [0.0; 2] });
    }
    let mut first = 0;
    for (layer_index, layer) in net.layers[..=k].iter().enumerate() {
        let f: Vec<Affine<2>> = (0..layer.n_outputs())
            .map(|row| {
                let mut sum = Affine { intercept: layer.beta[row], slope: [0.0; 2] };
                for (column, h) in h.iter().enumerate() {
                    let omega = layer.omega[(row, column)];
                    sum.intercept += omega * h.intercept;
                    (0..2).for_each(|i| sum.slope[i] += omega * h.slope[i]);
                }
                sum
            })
            .collect();
        if layer_index == k {
            return f;
        }
        let is_open = |d: usize, f: &Affine<2>| match gates {
            Some(gates) if first + d < gates.len() => gates.is_active(first + d),
            // Deeper down a step reads constants.
            _ => f.intercept >= 0.0,
        };
        h = f.iter().enumerate().map(|(d, f)| activated(net.activation, f, is_open(d, f))).collect();
        first += layer.n_outputs();
    }
    h
}

/// A unit where its gate is open or shut.
fn activated(activation: Activation, f: &Affine<2>, is_open: bool) -> Affine<2> {
    let times = |factor: f64| Affine { intercept: factor * f.intercept, slope: f.slope.map(|s| factor * s) };
    match activation {
        Activation::Heaviside => Affine { intercept: f64::from(u8::from(is_open)), slope: [0.0; 2] },
        _ if is_open => *f,
        Activation::LeakyRelu { slope } => times(slope),
        _ => times(0.0),
    }
}

/// The panels and the hinges where everything is affine piece by piece.
fn exact_plates(
    net: &Network,
    (layer, row): (usize, usize),
    view: [[f64; 2]; 2],
    x3: f64,
) -> Option<(Vec<Plate>, Vec<Hinge>)> {
    let below = cells(net, layer - 1, view, x3)?;
    let above = cells(net, layer, view, x3)?;
    let in_plane = net.n_inputs() > 1;
    let n_units = net.layers[layer - 1].n_outputs();
    let phi = &net.layers[layer].omega;

    let piece = |vertices: &[[f64; 2]], f: &Affine<2>| Facet {
        values: vertices.iter().map(|&vertex| f.value(vertex)).collect(),
        vertices: vertices.to_vec(),
    };
    let functions: Vec<Vec<Affine<2>>> =
        below.iter().map(|cell| pre_activations(net, layer - 1, cell.gates.as_ref(), x3)).collect();
    let mut hinges = vec![Vec::new(); n_units];
    let mut plates = Vec::new();
    for d in 0..n_units {
        let pre: Vec<Facet> = below.iter().zip(&functions).map(|(cell, f)| piece(&cell.vertices, &f[d])).collect();
        let mut act = Vec::new();
        for (facet, f) in pre.iter().zip(&functions) {
            let [shut, open] = [facet.values.iter().all(|&v| v <= 0.0), facet.values.iter().all(|&v| v >= 0.0)];
            if shut || open {
                act.push(piece(&facet.vertices, &activated(net.activation, &f[d], open)));
                continue;
            }
            for is_open in [false, true] {
                let mut part =
                    if is_open { facet.between(0.0, f64::INFINITY) } else { facet.between(f64::NEG_INFINITY, 0.0) };
                part.dedup();
                act.push(piece(&part, &activated(net.activation, &f[d], is_open)));
            }
            if let [from, to] = facet.crossings(0.0)[..] {
                hinges[d].push([from, to]);
            }
        }
        let weighted = act
            .iter()
            .map(|facet| {
                let values = facet.values.iter().map(|value| phi[(row, d)] * value).collect();
                Facet { values, vertices: facet.vertices.clone() }
            })
            .collect();
        for (stage, facets) in [(Stage::PreActivation, pre), (Stage::Activation, act), (Stage::Weighted, weighted)] {
            plates.push(Plate { stage, unit: d, content: content(facets, in_plane) });
        }
    }
    let sum = above
        .iter()
        .map(|cell| piece(&cell.vertices, &pre_activations(net, layer, cell.gates.as_ref(), x3)[row]))
        .collect();
    plates.push(Plate { stage: Stage::Sum, unit: row, content: content(sum, in_plane) });
    Some((plates, hinges))
}

/// Facets in the plane; on the line the curves that they make, joined where one begins at the end of the other.
fn content(facets: Vec<Facet>, in_plane: bool) -> Content {
    if in_plane {
        return Content::Facets(facets);
    }
    let mut curves: Vec<Vec<[f64; 2]>> = Vec::new();
    let mut pieces: Vec<[[f64; 2]; 2]> = facets
        .iter()
        .map(|facet| [0, 1].map(|i| [facet.vertices[i][0], facet.values[i]]))
        .map(|[a, b]| if a[0] <= b[0] { [a, b] } else { [b, a] })
        .collect();
    pieces.sort_by(|a, b| a[0][0].total_cmp(&b[0][0]));
    for [from, to] in pieces {
        match curves.last_mut() {
            // What differs by rounding only is one point.
            Some(curve) if curve.last().is_some_and(|end| (end[1] - from[1]).abs() < 1e-9) => curve.push(to),
            _ => curves.push(vec![from, to]),
        }
    }
    Content::Curves(curves)
}

/// The panels of a smooth network, at the points of a grid.
fn sampled_plates(net: &Network, (layer, row): (usize, usize), [lo, hi]: [[f64; 2]; 2], x3: f64) -> Vec<Plate> {
    let in_plane = net.n_inputs() > 1;
    let n = if in_plane { MAP_POINTS } else { CURVE_POINTS };
    let at = |axis: usize, i: usize| lo[axis] + (hi[axis] - lo[axis]) * (i as f64 / (n - 1) as f64);
    let passes: Vec<_> = (0..if in_plane { n * n } else { n })
        .map(|i| {
            let x = [at(0, i % n), at(1, i / n), x3];
            (x[0], net.forward(&x[..net.n_inputs()]))
        })
        .collect();
    let plate = |stage: Stage, unit: usize, value: &dyn Fn(&piecewise_core::network::Forward) -> f64| {
        let values = passes.iter().map(|(x, pass)| [*x, value(pass)]);
        let content = if in_plane {
            Content::Samples(values.map(|[_, value]| value).collect())
        } else {
            Content::Curves(vec![values.collect()])
        };
        Plate { stage, unit, content }
    };
    let mut plates = Vec::new();
    for d in 0..net.layers[layer - 1].n_outputs() {
        let phi = net.layers[layer].omega[(row, d)];
        plates.push(plate(Stage::PreActivation, d, &|pass| pass.f[layer - 1][d]));
        plates.push(plate(Stage::Activation, d, &|pass| pass.h[layer][d]));
        plates.push(plate(Stage::Weighted, d, &|pass| phi * pass.h[layer][d]));
    }
    plates.push(plate(Stage::Sum, row, &|pass| pass.f[layer][row]));
    plates
}

impl Content {
    /// The largest absolute value.
    fn magnitude(&self) -> f64 {
        let largest = |values: &mut dyn Iterator<Item = f64>| values.fold(0.0_f64, |most, value| most.max(value.abs()));
        match self {
            Self::Curves(curves) => largest(&mut curves.iter().flatten().map(|point| point[1])),
            Self::Facets(facets) => largest(&mut facets.iter().flat_map(|facet| facet.values.iter().copied())),
            Self::Samples(values) => largest(&mut values.iter().copied()),
        }
    }
}

/// Scales around 0 for the two upper rows and for the rest: one and the same, unless one would leave the other without colour.
fn scales(plates: &[Plate]) -> [Bands; 2] {
    let largest = |lower: bool| {
        plates
            .iter()
            .filter(|plate| matches!(plate.stage, Stage::Weighted | Stage::Sum) == lower)
            .map(|plate| plate.content.magnitude())
            .fold(0.0, f64::max)
    };
    let [upper, lower] = [largest(false), largest(true)];
    let [upper, lower] = if upper.max(lower) > 3.0 * upper.min(lower) && upper.min(lower) > 0.0 {
        [upper, lower]
    } else {
        [upper.max(lower); 2]
    };
    [upper, lower].map(|largest| {
        let step = step_for(largest);
        Bands { lo: -0.5 * N_BANDS as f64 * step, step, count: N_BANDS }
    })
}

/// The smallest of …, 0.1, 0.2, 0.25, 0.5, 1, … of which the bands reach as far as `largest`.
fn step_for(largest: f64) -> f64 {
    let least = (largest / (0.5 * N_BANDS as f64)).max(1e-6);
    let decade = piecewise_core::math::powf(10.0, piecewise_core::math::log10(least).floor());
    [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .map(|m| m * decade)
        .find(|step| *step >= least * (1.0 - 1e-12))
        .unwrap_or(10.0 * decade)
}
