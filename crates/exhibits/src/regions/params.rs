use piecewise_core::{
    Rng,
    network::{Activation, Layer, Network},
};
use piecewise_plot::ColorMap;
use serde::{Deserialize, Serialize};

use crate::Preset;

/// The most units of a hidden layer.
pub const MOST_UNITS: usize = 32;

/// The most hidden layers.
pub const MOST_LAYERS: usize = 4;

/// The most weights of deeper layers that are set by hand.
const MOST_EDITS: usize = 64;

/// The numbers of inputs of the growth plots: those of UDL, figure 3.9, and the two of the plane.
pub const GROWTH_INPUTS: [u64; 6] = [1, 2, 5, 10, 50, 100];

/// The most units of a layer in the growth plots.
pub const GROWTH_UNITS: u64 = 500;

/// The most hidden layers in the growth plots.
pub const GROWTH_LAYERS: u64 = 5;

/// The last step of the training run.
pub const MOST_STEPS: u64 = 400;

/// The range of a bias θ_d0.
pub const BIAS_LIMIT: f64 = 4.0;

/// The range of a weight θ_d1, θ_d2 or φ_d.
pub const WEIGHT_LIMIT: f64 = 2.0;

/// One hidden unit h_d = a[θ_d0 + θ_d1 x_1 + θ_d2 x_2] and its weight φ_d in the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "[f64; 4]", into = "[f64; 4]")]
pub struct Unit {
    /// θ_d0 (the bias), θ_d1 and θ_d2 (the weights).
    pub theta: [f64; 3],
    /// φ_d.
    pub phi: f64,
}

impl From<[f64; 4]> for Unit {
    fn from([bias, w1, w2, phi]: [f64; 4]) -> Self {
        Self { theta: [bias, w1, w2], phi }
    }
}

impl From<Unit> for [f64; 4] {
    fn from(Unit { theta: [bias, w1, w2], phi }: Unit) -> Self {
        [bias, w1, w2, phi]
    }
}

/// What is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum View {
    /// The regions of the network that is set by hand.
    #[default]
    Plane,
    /// How the number of regions grows with units, layers and inputs.
    Growth,
    /// The regions of a network while it learns.
    Training,
    /// The regions of a network from a file, or of an example with eight inputs.
    File,
}

/// A weight of a deeper layer that was set by hand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeightEdit {
    /// The layer that is fed, from 2 on; one more than there are hidden layers for the output.
    pub layer: usize,
    /// The unit that is fed, from 1 on.
    pub unit: usize,
    /// The unit that is read, from 1 on; 0 for the bias.
    pub column: usize,
    /// The weight.
    pub value: f64,
}

/// What one can set in the exhibit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own on the page and a key of its own in a link"
)]
pub struct Params {
    /// Where reset leads: a preset, or `random-D-SEED`.
    pub start: String,
    /// φ_0, −4 to 4.
    pub phi_0: f64,
    /// The units of the first hidden layer, 1 to 32; θ_d0 from −4 to 4, everything else from −2 to 2. In a deep network φ_d is not used.
    pub units: Vec<Unit>,
    /// How a value becomes a colour.
    pub color_map: ColorMap,
    /// Whether lines of equal value are drawn.
    pub contours: bool,
    /// Whether regions bear their patterns.
    pub patterns: bool,
    /// The pattern of the region that is held, as `101`; nothing when none is.
    pub pinned: Option<String>,
    /// What is looked at.
    pub view: View,
    /// The numbers of units of the second and later hidden layers, up to three of them, 1 to 32 each.
    #[serde(with = "whole")]
    pub deep: Vec<usize>,
    /// Where the weights of the deeper layers come from.
    pub seed: u64,
    /// The weights of deeper layers that were set by hand, at most 64.
    #[serde(with = "four_by_four")]
    pub edits: Vec<WeightEdit>,
    /// The hidden layers whose lines are not drawn, from 1 on.
    #[serde(with = "whole")]
    pub hide: Vec<usize>,
    /// The layer and the unit whose weights are set, both from 1 on; empty when there is none.
    #[serde(with = "whole")]
    pub selected: Vec<usize>,
    /// Whether neighbouring regions are joined.
    pub dual: bool,
    /// Whether there is a ray.
    pub ray: bool,
    /// Where the ray begins, in view.
    pub ray_from: [f64; 2],
    /// Where the ray ends, in view.
    pub ray_to: [f64; 2],
    /// D_i in the growth plots, one of [`GROWTH_INPUTS`].
    pub n_inputs: u64,
    /// D in the growth plots, 1 to 500.
    pub n_hidden: u64,
    /// K in the growth plots, 1 to 5.
    pub n_layers: u64,
    /// D of the network that learns, 1 to 32.
    pub run_units: u64,
    /// Where its first weights come from.
    pub run_seed: u64,
    /// Whether its biases start at 0, as He has it; otherwise as PyTorch does.
    pub zero_bias: bool,
    /// The learning rate α of Adam, 0.001 to 0.1.
    pub rate: f64,
    /// How many steps were taken, 0 to 400.
    pub step: u64,
    /// Where the three points of a slice come from.
    pub slice_seed: u64,
}

/// Lists of whole numbers: in links they are numbers like all others.
mod whole {
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(super) fn serialize<S: Serializer>(list: &[usize], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(list.iter().map(|&n| n as f64))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<usize>, D::Error> {
        let list = Vec::<f64>::deserialize(from)?;
        let whole = list.into_iter().map(|n| (n.fract() == 0.0 && (0.0..1e6).contains(&n)).then_some(n as usize));
        whole.collect::<Option<_>>().ok_or_else(|| D::Error::custom("a whole number"))
    }
}

/// Edits as a flat list: layer, unit, column, value, layer, …
mod four_by_four {
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    use super::WeightEdit;

    pub(super) fn serialize<S: Serializer>(edits: &[WeightEdit], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(edits.iter().flat_map(|e| [e.layer as f64, e.unit as f64, e.column as f64, e.value]))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<WeightEdit>, D::Error> {
        let list = Vec::<f64>::deserialize(from)?;
        let (rows, rest) = list.as_chunks::<4>();
        let whole = rows.iter().all(|row| row[..3].iter().all(|n| n.fract() == 0.0 && (0.0..1e6).contains(n)));
        if !whole || !rest.is_empty() {
            return Err(D::Error::custom("layer, unit, column and value"));
        }
        let edit = |&[layer, unit, column, value]: &[f64; 4]| WeightEdit {
            layer: layer as usize,
            unit: unit as usize,
            column: column as usize,
            value,
        };
        Ok(rows.iter().map(edit).collect())
    }
}

/// The lecture's cases.
pub const PRESETS: &[Preset] = &[
    Preset {
        start: "fig-3.8",
        label: "Fig. 3.8",
        note: "The book's network: seven regions, and the pattern 010 is the one that is missing.",
    },
    Preset {
        start: "seven",
        label: "Seven regions",
        note: "Three lines in general position: a triangle in the middle, six regions around it.",
    },
    Preset {
        start: "concurrent",
        label: "Through one point",
        note: "Three lines that meet in one point: the triangle is gone, six regions are left.",
    },
    Preset {
        start: "parallel",
        label: "Parallel",
        note: "Three parallel lines never cross: four regions, a stack of strips.",
    },
    Preset {
        start: "dead-unit",
        label: "A dead unit",
        note: "Both weights of the third unit are 0 and its bias is negative: it is off everywhere and draws no line.",
    },
    Preset {
        start: "random-12-9",
        label: "Twelve units",
        note: "Twelve lines, no two parallel, no three through one point: 79 regions, the most there can be, 68 of them in view.",
    },
    Preset {
        start: "merged",
        label: "φ₃ = 0",
        note: "The third unit still switches, so there are seven patterns; but the output does not notice, and maps merge.",
    },
    Preset {
        start: "deep",
        label: "Two layers",
        note: "Lines of the second layer are straight inside a region of the first and bend where they cross one of its lines.",
    },
    Preset {
        start: "dual",
        label: "Who is next to whom",
        note: "A dot a region, an edge for every shared side: crossing it, one unit switches.",
    },
    Preset {
        start: "ray",
        label: "Along a ray",
        note: "On the way the slope is constant inside a region and jumps where a unit switches.",
    },
    Preset {
        start: "zero-bias",
        label: "He, zero biases",
        note: "With all biases 0 every line runs through the origin: eight units make exactly 16 regions. Then they learn.",
    },
    Preset {
        start: "growth",
        label: "How fast it grows",
        note: "The most regions that there can be, against units and against parameters; the axis counts powers of ten.",
    },
    Preset {
        start: "slice",
        label: "Your network",
        note: "A network from a file; with more than two inputs, on the plane through three points.",
    },
];

impl Default for Params {
    /// The thirteen numbers of UDL, figure 3.8.
    fn default() -> Self {
        Self {
            start: "fig-3.8".to_owned(),
            phi_0: 0.4,
            units: units(&[[0.2, 0.5, 0.5, -1.0], [-0.3, 0.9, -0.1, 1.8], [0.2, 0.2, -0.7, -0.5]]),
            color_map: ColorMap::Viridis,
            contours: true,
            patterns: true,
            pinned: None,
            view: View::Plane,
            deep: Vec::new(),
            seed: 0,
            edits: Vec::new(),
            hide: Vec::new(),
            selected: Vec::new(),
            dual: false,
            ray: false,
            ray_from: [-0.875, -0.75],
            ray_to: [0.875, 0.75],
            n_inputs: 10,
            n_hidden: 50,
            n_layers: 5,
            run_units: 8,
            run_seed: 1,
            zero_bias: true,
            rate: 0.02,
            step: 0,
            slice_seed: 0,
        }
    }
}

fn units(rows: &[[f64; 4]]) -> Vec<Unit> {
    rows.iter().copied().map(Unit::from).collect()
}

/// A random network: lines in all directions, most of them in view, every number a multiple of 1/64, so that lines that seem
/// to meet do meet.
fn random(n_hidden: usize, seed: u64) -> Vec<Unit> {
    let mut rng = Rng::from_seed(seed);
    let dyadic = |x: f64| (x * 64.0).round() / 64.0;
    (0..n_hidden)
        .map(|_| {
            let angle = rng.uniform_in(0.0, core::f64::consts::TAU);
            let (w1, w2) = (piecewise_core::math::cos(angle), piecewise_core::math::sin(angle));
            let bias = rng.uniform_in(-0.75, 0.75);
            // Far enough from 0 that the output notices every unit.
            let phi = rng.uniform_in(0.25, 1.0) * if rng.uniform() < 0.5 { -1.0 } else { 1.0 };
            Unit { theta: [bias, w1, w2].map(dyadic), phi: dyadic(phi) }
        })
        .collect()
}

/// The name of the start that draws `n_hidden` units from `seed`.
pub fn random_start(n_hidden: usize, seed: u64) -> String {
    format!("random-{n_hidden}-{seed}")
}

/// The number of units and the seed of a random start.
pub fn random_origin(start: &str) -> Option<(usize, u64)> {
    let (n_hidden, seed) = start.strip_prefix("random-")?.split_once('-')?;
    let n_hidden = n_hidden.parse().ok().filter(|n| (1..=MOST_UNITS).contains(n))?;
    Some((n_hidden, seed.parse().ok()?))
}

/// The bias and the weights of a unit of a deeper layer, drawn from a seed: bias first, then one weight for each unit that is read.
/// A unit keeps its weights when units are added elsewhere. Every number is a multiple of 1/64.
fn drawn(seed: u64, layer: usize, unit: usize, is_output: bool) -> impl Iterator<Item = f64> {
    let mut rng = Rng::from_seed(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add((64 * layer + unit) as u64));
    let dyadic = |x: f64| (x * 64.0).round() / 64.0;
    let bias = dyadic(rng.uniform_in(-0.5, 0.5));
    let weights = core::iter::repeat_with(move || {
        // Far enough from 0 that a switching unit is noticed.
        let size = rng.uniform_in(if is_output { 0.25 } else { 0.125 }, 1.0);
        dyadic(if rng.uniform() < 0.5 { -size } else { size })
    });
    core::iter::once(bias).chain(weights)
}

impl Params {
    /// The numbers of units of all hidden layers.
    pub fn widths(&self) -> Vec<usize> {
        [self.units.len()].into_iter().chain(self.deep.iter().copied()).collect()
    }

    /// Whether there is more than one hidden layer.
    pub fn is_deep(&self) -> bool {
        !self.deep.is_empty()
    }

    /// The network: y = φ_0 + Σ φ_d a[θ_d0 + θ_d1 x_1 + θ_d2 x_2], or a deep one.
    pub fn network(&self) -> Network {
        let theta: Vec<[f64; 3]> = self.units.iter().map(|unit| unit.theta).collect();
        let phi: Vec<f64> = self.units.iter().map(|unit| unit.phi).collect();
        let mut network = Network::shallow(&theta, self.phi_0, &phi, Activation::Relu);
        if self.is_deep() {
            network.layers.truncate(1);
            let widths = self.widths();
            for layer in 2..=widths.len() + 1 {
                let n_units = widths.get(layer - 1).copied().unwrap_or(1);
                let mut next = Layer::zeros(n_units, widths[layer - 2]);
                for unit in 1..=n_units {
                    for (column, value) in self.weights(layer, unit).into_iter().enumerate() {
                        match column {
                            0 => next.beta[unit - 1] = value,
                            _ => next.omega[(unit - 1, column - 1)] = value,
                        }
                    }
                }
                network.layers.push(next);
            }
        }
        network
    }

    /// The bias and the weights of a unit of a deeper layer; layer and unit count from 1, and the last layer is the output.
    pub fn weights(&self, layer: usize, unit: usize) -> Vec<f64> {
        let widths = self.widths();
        let is_output = layer == widths.len() + 1;
        let mut weights: Vec<f64> = drawn(self.seed, layer, unit, is_output).take(1 + widths[layer - 2]).collect();
        if is_output {
            weights[0] = self.phi_0;
        }
        for edit in self.edits.iter().filter(|edit| (edit.layer, edit.unit) == (layer, unit)) {
            weights[edit.column] = edit.value;
        }
        weights
    }

    /// Sets a weight of a deeper layer, or the bias when `column` is 0. The oldest of too many weights set by hand is drawn again.
    pub fn set_weight(&mut self, layer: usize, unit: usize, column: usize, value: f64) {
        if layer == self.widths().len() + 1 && column == 0 {
            self.phi_0 = value;
            return;
        }
        if let Some(edit) = self.edits.iter_mut().find(|e| (e.layer, e.unit, e.column) == (layer, unit, column)) {
            edit.value = value;
            return;
        }
        if self.edits.len() >= MOST_EDITS {
            self.edits.remove(0);
        }
        self.edits.push(WeightEdit { layer, unit, column, value });
    }

    /// The layer and the unit whose weights are set, both from 0 on.
    pub fn selected(&self) -> Option<(usize, usize)> {
        if let [layer, unit] = self.selected[..] { Some((layer - 1, unit - 1)) } else { None }
    }

    /// How many gates a pattern has; nothing where no region can be held.
    fn n_gates(&self) -> Option<usize> {
        match self.view {
            View::Plane => Some(self.widths().iter().sum()),
            View::Training => Some(self.run_units as usize),
            View::Growth | View::File => None,
        }
    }
}

impl crate::Params for Params {
    fn from_start(start: &str) -> Option<Self> {
        let base = Self { start: start.to_owned(), phi_0: 0.0, ..Self::default() };
        let book = Self { start: start.to_owned(), ..Self::default() };
        let units = match start {
            "fig-3.8" => return Some(Self::default()),
            "seven" => units(&[[0.375, 0.0, 1.0, 1.0], [0.375, -0.875, -0.5, -0.75], [0.375, 0.875, -0.5, 0.5]]),
            "concurrent" => units(&[[-0.3125, 1.0, 0.5, 1.0], [0.0, -0.5, 1.0, -1.25], [0.21875, -0.375, -1.0, 0.75]]),
            "parallel" => units(&[[0.5, 0.75, 0.375, 0.5], [0.0, 0.75, 0.375, -1.5], [-0.5, 0.75, 0.375, 1.75]]),
            "dead-unit" => units(&[[0.125, 1.0, 0.5, 1.0], [0.25, -0.375, 1.0, -1.0], [-0.5, 0.0, 0.0, 1.5]]),
            "merged" => {
                let mut merged = book;
                merged.units[2].phi = 0.0;
                return Some(merged);
            }
            "deep" => {
                let units = random(4, 19);
                return Some(Self { units, deep: vec![3], seed: 28, selected: vec![2, 1], patterns: false, ..base });
            }
            "dual" => return Some(Self { dual: true, ..book }),
            "ray" => return Some(Self { ray: true, ..book }),
            "zero-bias" => return Some(Self { view: View::Training, patterns: false, ..book }),
            "growth" => return Some(Self { view: View::Growth, ..book }),
            "slice" => return Some(Self { view: View::File, patterns: false, contours: false, ..book }),
            other => {
                let (n_hidden, seed) = random_origin(other)?;
                random(n_hidden, seed)
            }
        };
        // Twelve units leave no room for patterns.
        Some(Self { patterns: units.len() <= 6, units, ..base })
    }

    fn start(&self) -> &str {
        &self.start
    }

    fn make_valid(&mut self) {
        let within = |x: f64, limit: f64| if x.is_nan() { 0.0 } else { x.clamp(-limit, limit) };
        self.phi_0 = within(self.phi_0, BIAS_LIMIT);
        self.units.truncate(MOST_UNITS);
        if self.units.is_empty() {
            self.units.push(Unit::default());
        }
        for Unit { theta: [bias, w1, w2], phi } in &mut self.units {
            *bias = within(*bias, BIAS_LIMIT);
            for weight in [w1, w2, phi] {
                *weight = within(*weight, WEIGHT_LIMIT);
            }
        }
        self.deep.truncate(MOST_LAYERS - 1);
        for width in &mut self.deep {
            *width = (*width).clamp(1, MOST_UNITS);
        }
        let widths = self.widths();
        let n_units = |layer: usize| match layer {
            0 => 0,
            _ if layer == widths.len() + 1 && layer > 2 => 1,
            _ => widths.get(layer - 1).copied().unwrap_or(0),
        };
        let mut seen = std::collections::BTreeSet::new();
        self.edits.retain(|edit| {
            let inside = edit.layer >= 2 && (1..=n_units(edit.layer)).contains(&edit.unit);
            // The bias of the output is φ_0.
            let free = edit.column > 0 || edit.layer <= widths.len();
            inside
                && free
                && edit.column <= n_units(edit.layer - 1)
                && seen.insert((edit.layer, edit.unit, edit.column))
        });
        self.edits.truncate(MOST_EDITS);
        for edit in &mut self.edits {
            edit.value = within(edit.value, if edit.column == 0 { BIAS_LIMIT } else { WEIGHT_LIMIT });
        }
        self.hide.retain(|layer| (1..=widths.len()).contains(layer));
        self.hide.sort_unstable();
        self.hide.dedup();
        if !matches!(self.selected[..], [layer, unit] if (1..=n_units(layer)).contains(&unit)) {
            self.selected.clear();
        }
        for point in [&mut self.ray_from, &mut self.ray_to] {
            *point = point.map(|x| within(x, 1.0));
        }
        if !GROWTH_INPUTS.contains(&self.n_inputs) {
            self.n_inputs = 10;
        }
        self.n_hidden = self.n_hidden.clamp(1, GROWTH_UNITS);
        self.n_layers = self.n_layers.clamp(1, GROWTH_LAYERS);
        self.run_units = self.run_units.clamp(1, MOST_UNITS as u64);
        self.rate = if self.rate.is_nan() { 0.02 } else { self.rate.clamp(0.001, 0.1) };
        self.step = self.step.min(MOST_STEPS);
        let n_gates = self.n_gates();
        self.pinned =
            self.pinned.take().filter(|p| Some(p.len()) == n_gates && p.bytes().all(|c| c == b'0' || c == b'1'));
        if Self::from_start(&self.start).is_none() {
            self.start = Self::default().start;
        }
    }
}
