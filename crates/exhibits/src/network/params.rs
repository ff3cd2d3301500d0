use piecewise_core::{
    Rng,
    network::{Activation, Layer, Network},
};
use serde::{Deserialize, Serialize};

use super::reading;
use crate::Preset;

/// The most inputs and the most outputs.
pub const MOST_ENDS: usize = 3;
/// The most units in a hidden layer.
pub const MOST_UNITS: usize = 10;
/// The most hidden layers.
pub const MOST_LAYERS: usize = 4;
/// The range of every weight and bias.
pub const LIMIT: f64 = 4.0;
/// The range of the factor α of the rescaling.
pub const ALPHA_LIMIT: f64 = 3.0;

/// What there is to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Task {
    /// Looking, dragging.
    #[default]
    Explore,
    /// A picture is given; its equation is to be written.
    Write,
    /// An equation is given; its diagram is to be weighted.
    Draw,
    /// The output is given; the hinge lines in it are to be found.
    Read,
}

/// How the network is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// One equation for each unit, with its numbers.
    #[default]
    Numbers,
    /// One equation for each unit, with the names of its parameters.
    Symbols,
    /// One equation for each layer, with vectors and matrices.
    Matrices,
}

/// What one can set in the exhibit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Params {
    /// Where reset leads: a preset.
    pub start: String,
    /// D_i, 1 to 3.
    pub inputs: u64,
    /// How many units each hidden layer has: 1 to 4 layers of 1 to 10 units; a single layer may have none.
    pub hidden: Vec<u64>,
    /// D_o, 1 to 3.
    pub outputs: u64,
    /// The activation's place in [`ACTIVATIONS`], by its name.
    pub activation: ActivationName,
    /// All weights and biases, −4 to 4, in the order of [`Network::parameters`]. Empty as long as they are those of the start, fitted to the
    /// shape.
    pub weights: Vec<f64>,
    /// The place of the slice when there are three inputs, −1 to 1.
    pub x3: f64,
    /// The unit whose sum the panels end in: its layer, counted from 1 (K + 1 is the output), and its place there, from 1. 0, 0 is the first output.
    pub sum: [u64; 2],
    /// How the equations are written.
    pub form: Form,
    /// What there is to do.
    pub task: Task,
    /// Which network is asked for in the tasks.
    pub seed: u64,
    /// The unit of the first hidden layer that is rescaled, from 1.
    pub unit: u64,
    /// The factor α of its incoming weights, by which the outgoing ones are divided; −3 to 3, never nearer to 0 than 0.05. 1 changes nothing.
    pub alpha: f64,
    /// The three lines that are put over the hinges in the last task: θ_0, θ_1, θ_2 of each.
    pub lines: Vec<[f64; 3]>,
}

/// The activations that can be chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActivationName {
    /// [`Activation::Relu`].
    #[default]
    Relu,
    /// [`Activation::LeakyRelu`] with slope 0.1.
    LeakyRelu,
    /// [`Activation::Sigmoid`].
    Sigmoid,
    /// [`Activation::Tanh`].
    Tanh,
    /// [`Activation::Gelu`].
    Gelu,
    /// [`Activation::Softplus`].
    Softplus,
    /// [`Activation::Heaviside`].
    Heaviside,
    /// sin 3z.
    Sine,
}

/// The activations in the order in which they are offered.
pub const ACTIVATIONS: [(ActivationName, Activation); 8] = [
    (ActivationName::Relu, Activation::Relu),
    (ActivationName::LeakyRelu, Activation::LeakyRelu { slope: 0.1 }),
    (ActivationName::Sigmoid, Activation::Sigmoid),
    (ActivationName::Tanh, Activation::Tanh),
    (ActivationName::Gelu, Activation::Gelu),
    (ActivationName::Softplus, Activation::Softplus),
    (ActivationName::Heaviside, Activation::Heaviside),
    (ActivationName::Sine, Activation::Sine { omega: 3.0 }),
];

/// The lecture's cases.
pub const PRESETS: &[Preset] = &[
    Preset {
        start: "fig-3.8",
        label: "Fig. 3.8",
        note: "The network of the slide: each hidden unit is a tilted plane, folded at its line, weighted; y is their sum.",
    },
    Preset {
        start: "fig-3.3",
        label: "Fig. 3.3",
        note: "Three lines, clipped and weighted; the sum has a joint wherever a unit switches: at 0.5, 1 and 1.571.",
    },
    Preset {
        start: "fig-3.6",
        label: "Fig. 3.6",
        note: "One input, four hidden units, two outputs, as in the figure; the weights are ours. Both outputs have their joints at the same four places.",
    },
    Preset {
        start: "two-outputs",
        label: "Two outputs",
        note: "Two sums of the same three units: other weights, the same three lines. Select y₁ or y₂ in the diagram.",
    },
    Preset {
        start: "deep",
        label: "Deep",
        note: "The second layer reads what the first one writes. Select a unit of the second layer to see which panels it adds up.",
    },
    Preset {
        start: "sigmoid",
        label: "Sigmoid",
        note: "The same numbers with a smooth activation: no fold, no flat part, and no region in which the network is linear.",
    },
    Preset {
        start: "rescaled",
        label: "Rescaled",
        note: "All that enters h₁ is multiplied by α = 2, what leaves it is divided by 2: other numbers, the same function.",
    },
    Preset {
        start: "no-hidden-units",
        label: "No hidden unit",
        note: "Without hidden units nothing reads the input: y is the constant φ₀, one parameter.",
    },
    Preset {
        start: "quiz",
        label: "Quiz",
        note: "A network as diagram and panels: write its equations. Any that compute the same are right.",
    },
    Preset {
        start: "read-the-picture",
        label: "Read the picture",
        note: "Only the output is shown. Put the three lines where its contours bend: there the hidden units switch.",
    },
];

const FIG_3_8: [f64; 13] = [0.2, -0.3, 0.2, 0.5, 0.9, 0.2, 0.5, -0.1, -0.7, 0.4, -1.0, 1.8, -0.5];
const FIG_3_3: [f64; 10] = [-0.2, -0.9, 1.1, 0.4, 0.9, -0.7, -0.23, -1.3, 1.3, 0.66];
const FIG_3_6: [f64; 18] =
    [-0.3, -1.0, 1.3, 1.8, 1.0, 1.0, -1.0, -1.0, -0.4, 0.6, 1.4, -0.6, -1.8, 0.8, 0.9, -0.6, -1.0, 0.7];
const TWO_OUTPUTS: [f64; 17] =
    [0.2, -0.3, 0.2, 0.5, 0.9, 0.2, 0.5, -0.1, -0.7, 0.4, -0.2, -1.0, 0.6, 1.8, -0.5, -0.5, 1.2];
const DEEP: [f64; 20] =
    [0.2, -0.3, 0.2, 0.5, 0.9, 0.2, 0.5, -0.1, -0.7, 0.3, -0.6, -0.9, 1.0, 1.4, 0.8, -0.8, 0.5, -0.2, 1.3, -1.1];

impl Default for Params {
    /// The thirteen numbers of UDL, figure 3.8.
    fn default() -> Self {
        Self {
            start: "fig-3.8".to_owned(),
            inputs: 2,
            hidden: vec![3],
            outputs: 1,
            activation: ActivationName::Relu,
            weights: Vec::new(),
            x3: 0.0,
            sum: [0, 0],
            form: Form::Numbers,
            task: Task::Explore,
            seed: 1,
            unit: 1,
            alpha: 1.0,
            lines: reading::FIRST_LINES.to_vec(),
        }
    }
}

/// A network of these sizes (D_i, then the width of every layer) whose weights are all 0.
pub fn zeros(sizes: &[usize], activation: Activation) -> Network {
    Network { layers: sizes.windows(2).map(|pair| Layer::zeros(pair[1], pair[0])).collect(), activation }
}

/// A network of these sizes drawn from a seed, every number a multiple of `grain`, none of them 0. Its lines are mostly in view.
pub fn drawn(sizes: &[usize], activation: Activation, seed: u64, grain: f64) -> Network {
    let mut rng = Rng::from_seed(seed);
    let mut net = zeros(sizes, activation);
    for layer in &mut net.layers {
        let largest = 2.0 / piecewise_core::math::sqrt((layer.n_inputs().max(1)) as f64);
        let mut draw = |largest: f64| {
            let steps = (largest / grain).floor().max(1.0);
            let magnitude = 1.0 + rng.below(steps as u64) as f64;
            // Divided by a whole number, multiples of a tenth are the nearest numbers to what is printed.
            let value = magnitude / (1.0 / grain).round();
            if rng.uniform() < 0.5 { -value } else { value }
        };
        layer.beta.iter_mut().for_each(|beta| *beta = draw(0.75));
        layer.omega.iter_mut().for_each(|omega| *omega = draw(largest));
    }
    net
}

/// A network of these sizes that has the numbers of another wherever both have one; the others are drawn. The last layer stays the last.
fn fitted(from: &Network, sizes: &[usize]) -> Network {
    let mut net = drawn(sizes, from.activation, 7, 0.05);
    let (last, from_last) = (net.layers.len() - 1, from.layers.len() - 1);
    for (k, layer) in net.layers.iter_mut().enumerate() {
        let then = if k == last {
            &from.layers[from_last]
        } else if k < from_last {
            &from.layers[k]
        } else {
            continue;
        };
        for row in 0..layer.n_outputs().min(then.n_outputs()) {
            layer.beta[row] = then.beta[row];
            for column in 0..layer.n_inputs().min(then.n_inputs()) {
                layer.omega[(row, column)] = then.omega[(row, column)];
            }
        }
    }
    net
}

impl Params {
    /// D_i, then the width of every layer, the output last.
    pub fn sizes(&self) -> Vec<usize> {
        let hidden = self.hidden.iter().map(|&width| width as usize);
        core::iter::once(self.inputs as usize).chain(hidden).chain([self.outputs as usize]).collect()
    }

    /// K, the number of hidden layers.
    pub fn n_hidden_layers(&self) -> usize {
        self.hidden.len()
    }

    /// The activation function.
    pub fn activation(&self) -> Activation {
        ACTIVATIONS.iter().find(|(name, _)| *name == self.activation).map_or(Activation::Relu, |pair| pair.1)
    }

    /// The network before one of its units is rescaled. In a task it is the answer, which begins with zeros.
    pub fn unscaled(&self) -> Network {
        let sizes = self.sizes();
        let mut net = match (self.task, self.weights.is_empty()) {
            (Task::Explore, true) => fitted(&start_network(&self.start), &sizes),
            _ => zeros(&sizes, Activation::Relu),
        };
        net.activation = self.activation();
        if self.weights.len() == net.n_parameters() {
            net.set_parameters(&self.weights);
        }
        net
    }

    /// What each parameter is multiplied by when unit h_d is rescaled: α for what it reads, 1/α for what reads it (UDL, problem 3.6).
    fn factors(&self) -> Vec<f64> {
        let mut factors = zeros(&self.sizes(), Activation::Relu);
        for layer in &mut factors.layers {
            layer.beta.fill(1.0);
            layer.omega.fill(1.0);
        }
        let d = self.unit as usize - 1;
        if d < factors.layers[0].n_outputs() && self.task == Task::Explore {
            factors.layers[0].beta[d] = self.alpha;
            factors.layers[0].omega.row_mut(d).fill(self.alpha);
            factors.layers[1].omega.column_mut(d).fill(1.0 / self.alpha);
        }
        factors.parameters()
    }

    /// The network that is shown and edited.
    pub fn network(&self) -> Network {
        let mut net = self.unscaled();
        let scaled: Vec<f64> = net.parameters().iter().zip(self.factors()).map(|(w, factor)| w * factor).collect();
        net.set_parameters(&scaled);
        net
    }

    /// The network that a task asks for.
    pub fn asked(&self) -> Network {
        match self.task {
            Task::Read => reading::hidden_network(self.seed),
            _ => drawn(&self.sizes(), self.activation(), self.seed, 0.25),
        }
    }

    /// Sets one number of the network that is shown, by its place in [`Network::parameters`].
    pub fn set_weight(&mut self, index: usize, value: f64) {
        let factor = self.factors().get(index).copied().unwrap_or(1.0);
        let mut weights = self.unscaled().parameters();
        if let Some(weight) = weights.get_mut(index) {
            *weight = (value / factor).clamp(-LIMIT, LIMIT);
            self.weights = weights;
        }
    }

    /// One number of the network that is shown, by its place in [`Network::parameters`].
    pub fn weight(&self, index: usize) -> f64 {
        self.network().parameters().get(index).copied().unwrap_or_default()
    }

    /// What that number was before any was changed.
    pub fn first_weight(&self, index: usize) -> f64 {
        Self { weights: Vec::new(), ..self.clone() }.weight(index)
    }

    /// Begins a task, or another one of its kind, without an answer.
    pub fn begin(&mut self, task: Task, seed: u64) {
        let then = <Self as crate::Params>::from_start(&self.start).unwrap_or_default();
        if task == Task::Read {
            // Its network always has this shape.
            (self.inputs, self.hidden, self.outputs) = (2, vec![3], 1);
            self.activation = ActivationName::Relu;
        } else if self.task == Task::Read {
            (self.inputs, self.hidden, self.outputs) = (then.inputs, then.hidden, then.outputs);
        }
        self.task = task;
        self.seed = seed;
        self.alpha = 1.0;
        self.sum = [0, 0];
        self.weights.clear();
        self.lines = reading::FIRST_LINES.to_vec();
    }

    /// Changes the shape and keeps every number that has a place in the new one.
    pub fn reshape(&mut self, change: impl FnOnce(&mut Self)) {
        let before = self.unscaled();
        let edited = !self.weights.is_empty();
        change(self);
        self.sum = [0, 0];
        self.weights.clear();
        if edited && self.task == Task::Explore {
            self.weights = fitted(&before, &self.sizes()).parameters();
        }
    }

    /// Lets the panels end in the sum of this unit; layer and row are counted from 0. Nothing happens in the first layer, which adds up inputs.
    pub fn show_sum(&mut self, layer: usize, row: usize) {
        if layer > 0 && self.summed() != (layer, row) {
            self.sum = [layer as u64 + 1, row as u64 + 1];
        }
    }

    /// The unit whose sum the panels end in: its layer and its row, counted from 0.
    pub fn summed(&self) -> (usize, usize) {
        match self.sum {
            [0, _] | [_, 0] => (self.n_hidden_layers(), 0),
            [layer, row] => (layer as usize - 1, row as usize - 1),
        }
    }
}

/// The network of a start, whatever its shape.
fn start_network(start: &str) -> Network {
    let params = <Params as crate::Params>::from_start(start).unwrap_or_default();
    let (sizes, weights): (&[usize], &[f64]) = match start {
        "fig-3.3" => (&[1, 3, 1], &FIG_3_3),
        "fig-3.6" => (&[1, 4, 2], &FIG_3_6),
        "two-outputs" => (&[2, 3, 2], &TWO_OUTPUTS),
        "deep" => (&[2, 3, 2, 1], &DEEP),
        _ => (&[2, 3, 1], &FIG_3_8),
    };
    let mut net = zeros(sizes, params.activation());
    net.set_parameters(weights);
    net
}

impl crate::Params for Params {
    fn from_start(start: &str) -> Option<Self> {
        let base = Self { start: start.to_owned(), ..Self::default() };
        Some(match start {
            "fig-3.8" => base,
            "fig-3.3" => Self { inputs: 1, ..base },
            "fig-3.6" => Self { inputs: 1, hidden: vec![4], outputs: 2, ..base },
            "two-outputs" => Self { outputs: 2, ..base },
            "deep" => Self { hidden: vec![3, 2], ..base },
            "sigmoid" => Self { activation: ActivationName::Sigmoid, ..base },
            "rescaled" => Self { alpha: 2.0, ..base },
            "no-hidden-units" => Self { hidden: vec![0], ..base },
            "quiz" => Self { task: Task::Write, ..base },
            "read-the-picture" => Self { task: Task::Read, ..base },
            _ => return None,
        })
    }

    fn start(&self) -> &str {
        &self.start
    }

    fn make_valid(&mut self) {
        let within = |x: f64, limit: f64| if x.is_nan() { 0.0 } else { x.clamp(-limit, limit) };
        if Self::from_start(&self.start).is_none() {
            self.start = Self::default().start;
        }
        self.inputs = self.inputs.clamp(1, MOST_ENDS as u64);
        self.outputs = self.outputs.clamp(1, MOST_ENDS as u64);
        self.hidden.truncate(MOST_LAYERS);
        if self.hidden.is_empty() {
            self.hidden.push(0);
        }
        let least = u64::from(self.hidden.len() > 1);
        for width in &mut self.hidden {
            *width = (*width).clamp(least, MOST_UNITS as u64);
        }
        let sizes = self.sizes();
        let n_parameters: usize = sizes.windows(2).map(|pair| (pair[0] + 1) * pair[1]).sum();
        if self.weights.len() != n_parameters {
            self.weights.clear();
        }
        for weight in &mut self.weights {
            *weight = within(*weight, LIMIT);
        }
        self.x3 = within(self.x3, 1.0);
        let [layer, row] = self.sum.map(|place| place as usize);
        // The first hidden layer adds up inputs, not units: it has no panels of its own.
        if layer < 2 || layer >= sizes.len() || !(1..=sizes[layer]).contains(&row) {
            self.sum = [0, 0];
        }
        self.unit = self.unit.clamp(1, MOST_UNITS as u64);
        self.alpha = within(self.alpha, ALPHA_LIMIT);
        if self.alpha.abs() < 0.05 {
            self.alpha = if self.alpha < 0.0 { -0.05 } else { 0.05 };
        }
        if self.lines.len() != reading::FIRST_LINES.len() {
            self.lines = reading::FIRST_LINES.to_vec();
        }
        for line in &mut self.lines {
            *line = line.map(|x| within(x, LIMIT));
        }
    }
}
