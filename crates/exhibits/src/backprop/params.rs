use piecewise_core::{
    network::{Activation, Distribution, Initialization, Network},
    train::{Fault, ToyChain},
};
use serde::{Deserialize, Serialize};

use super::{Step, steps};
use crate::Preset;

/// What the pass goes through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Model {
    /// A fully connected network.
    #[default]
    Network,
    /// The scalar chain of notebook 7.1: sin, exp, cos.
    Toy,
}

/// The activation functions to choose from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bend {
    /// max(0, z).
    #[default]
    Relu,
    /// z above 0, z/10 below.
    LeakyRelu,
    /// ln(1 + eᶻ).
    Softplus,
    /// z·Φ(z).
    Gelu,
    /// 1 / (1 + e⁻ᶻ).
    Sigmoid,
    /// The hyperbolic tangent.
    Tanh,
}

impl Bend {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 6] = [Self::Relu, Self::LeakyRelu, Self::Softplus, Self::Gelu, Self::Sigmoid, Self::Tanh];

    /// The function itself.
    pub fn activation(self) -> Activation {
        match self {
            Self::Relu => Activation::Relu,
            Self::LeakyRelu => Activation::LeakyRelu { slope: 0.1 },
            Self::Softplus => Activation::Softplus,
            Self::Gelu => Activation::Gelu,
            Self::Sigmoid => Activation::Sigmoid,
            Self::Tanh => Activation::Tanh,
        }
    }
}

/// One number of the pass that can be set; units and parameters are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// An input.
    X(usize),
    /// What is wanted of an output.
    Y(usize),
    /// A weight or a bias, by its place among all parameters.
    Parameter(usize),
}

/// What one can set in the exhibit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Params {
    /// Where reset leads: a preset.
    pub start: String,
    /// A network, or the toy chain; the chain ignores the next six.
    pub model: Model,
    /// D_i, 1 to 3.
    pub inputs: u64,
    /// K, the number of hidden layers, 1 to 6.
    pub layers: u64,
    /// D, the units in each hidden layer, 1 to 8.
    pub units: u64,
    /// D_o, 1 to 3.
    pub outputs: u64,
    /// a\[·\].
    pub activation: Bend,
    /// The seed of weights and biases, 1 to 999.
    pub seed: u64,
    /// The input, −4 to 4 each; only the first D_i count.
    pub x: [f64; 3],
    /// What is wanted, −4 to 4 each; only the first D_o count.
    pub y: [f64; 3],
    /// Parameters that were changed by hand: by turns an index into all parameters, rising, and its value, −4 to 4. An index beyond the
    /// last parameter says nothing.
    pub changes: Vec<f64>,
    /// A mistake in the backward pass.
    pub fault: Option<Fault>,
    /// How many sub-steps of the pass have been taken; more than there are means all of them.
    pub step: u64,
    /// How often ∂ℓ/∂f_0 has been unwound, 1 to K; more than K means K.
    pub unwound: u64,
}

/// The range of inputs, wanted outputs, weights and biases.
pub const RANGE: [f64; 2] = [-4.0, 4.0];
/// The most inputs and the most outputs.
pub const MOST_ENDS: u64 = 3;
/// The most hidden layers.
pub const MOST_LAYERS: u64 = 6;
/// The most units in a layer.
pub const MOST_UNITS: u64 = 8;
/// The largest seed.
pub const MOST_SEED: u64 = 999;
/// The most sub-steps of any pass.
const MOST_STEPS: u64 = 34;
/// More parameters than any network here has.
const MOST_PARAMETERS: f64 = 512.0;
/// More changes by hand than this are forgotten, the last parameters first: a link must not grow without end.
const MOST_CHANGES: usize = 200;

/// Weights are multiples of a tenth, so that what stands in a cell is the whole truth and can be followed by hand.
const TENTHS: f64 = 10.0;

/// The network of figure 3.8 and of the exhibit `regions`: β_0, Ω_0 column by column, β_1, Ω_1.
const TWO_THREE_ONE: [f64; 13] = [0.2, -0.3, 0.2, 0.5, 0.9, 0.2, 0.5, -0.1, -0.7, 0.4, -1.0, 1.8, -0.5];

/// The lecture's cases.
pub const PRESETS: &[Preset] = &[
    Preset {
        start: "small",
        label: "A small network",
        note: "Two hidden layers of three units. Forward along the top, back along the middle, through the same matrices transposed.",
    },
    Preset {
        start: "toy",
        label: "Toy chain",
        note: "Notebook 7.1: sin, exp and cos in a row. Every matrix is one number, so the chain rule is a product of numbers.",
    },
    Preset {
        start: "two-three-one",
        label: "2-3-1",
        note: "The network of slide 3. Unit 3 is shut at this input, so the third row below the mask is zero.",
    },
    Preset {
        start: "deep",
        label: "K = 5, D = 6",
        note: "Five hidden layers of six units: the slide's line, five times in a row.",
    },
    Preset {
        start: "dead-unit",
        label: "A dead unit",
        note: "Unit 2 of the second hidden layer is shut by its bias: its row of every gradient is zero, and a third of all paths is gone.",
    },
    Preset {
        start: "dead-layer",
        label: "A dead layer",
        note: "All units of the second hidden layer are shut: nothing gets back through, and no path is left.",
    },
    Preset {
        start: "forget-mask",
        label: "Forget the mask",
        note: "The same small network without I[f > 0] on the way back: the check fails below the shut units, and only there.",
    },
    Preset {
        start: "forget-transpose",
        label: "Forget the transpose",
        note: "Ω where Ωᵀ belongs: a square matrix lets that pass without a word, and the check catches it.",
    },
    Preset {
        start: "smooth",
        label: "No mask: tanh",
        note: "With a smooth activation the mask becomes the slope a′[f]: numbers between 0 and 1 instead of open and shut.",
    },
];

impl Default for Params {
    fn default() -> Self {
        Self {
            start: "small".to_owned(),
            model: Model::Network,
            inputs: 2,
            layers: 2,
            units: 3,
            outputs: 1,
            activation: Bend::Relu,
            seed: 282,
            x: [1.0, 0.5, -0.5],
            y: [1.0, 0.0, -1.0],
            changes: Vec::new(),
            fault: None,
            step: 13,
            unwound: 1,
        }
    }
}

impl Params {
    /// D_i, D, …, D, D_o.
    pub fn sizes(&self) -> Vec<usize> {
        if self.model == Model::Toy {
            return vec![1; 5];
        }
        let hidden = vec![self.units as usize; self.layers as usize];
        [vec![self.inputs as usize], hidden, vec![self.outputs as usize]].concat()
    }

    /// The sub-steps of the pass.
    pub fn steps(&self) -> Vec<Step> {
        steps(self.sizes().len() - 2)
    }

    /// All parameters before any was changed by hand, layer by layer, biases first, weights column by column.
    fn drawn(&self) -> Vec<f64> {
        if self.model == Model::Toy {
            let ToyChain { beta, omega } = ToyChain::NOTEBOOK_7_1;
            return (0..4).flat_map(|k| [beta[k], omega[k]]).collect();
        }
        let initialization =
            Initialization { omega: Distribution::HeNormal, beta: Distribution::Uniform { lo: -0.5, hi: 0.5 } };
        let net = Network::initialized(&self.sizes(), self.activation.activation(), initialization, self.seed)
            .map(|net| net.parameters());
        let rounded = |value: f64| (TENTHS * value).round() / TENTHS;
        net.unwrap_or_default().into_iter().map(|value| rounded(value).clamp(RANGE[0], RANGE[1])).collect()
    }

    /// φ, all parameters as they are.
    pub fn phi(&self) -> Vec<f64> {
        let mut phi = self.drawn();
        for pair in self.changes.chunks_exact(2) {
            if let Some(value) = phi.get_mut(pair[0] as usize) {
                *value = pair[1];
            }
        }
        phi
    }

    /// The network, when there is one.
    pub fn network(&self) -> Option<Network> {
        if self.model == Model::Toy {
            return None;
        }
        let mut net =
            Network::initialized(&self.sizes(), self.activation.activation(), Initialization::ZERO, 0).ok()?;
        net.set_parameters(&self.phi());
        Some(net)
    }

    /// Sets one number by hand.
    pub fn set(&mut self, setting: Setting, value: f64) {
        match setting {
            Setting::X(row) => self.x[row] = value,
            Setting::Y(row) => self.y[row] = value,
            Setting::Parameter(index) => self.change(index, value),
        }
    }

    /// What a number was set to.
    pub fn setting(&self, setting: Setting) -> f64 {
        match setting {
            Setting::X(row) => self.x[row],
            Setting::Y(row) => self.y[row],
            Setting::Parameter(index) => self.phi().get(index).copied().unwrap_or_default(),
        }
    }

    /// Changes one parameter.
    fn change(&mut self, index: usize, value: f64) {
        let drawn = self.drawn().get(index).copied();
        let mut pairs: Vec<[f64; 2]> = self.changes.chunks_exact(2).map(|pair| [pair[0], pair[1]]).collect();
        pairs.retain(|pair| pair[0] != index as f64);
        if drawn != Some(value) {
            pairs.push([index as f64, value]);
        }
        pairs.sort_by(|a, b| a[0].total_cmp(&b[0]));
        self.changes = pairs.concat();
    }

    /// Changes the shape of the network. What was changed by hand belonged to the old one, and the whole pass of the new one is shown.
    pub fn reshape(&mut self, change: impl FnOnce(&mut Self)) {
        change(self);
        self.changes.clear();
        self.step = MOST_STEPS;
    }
}

impl crate::Params for Params {
    fn from_start(start: &str) -> Option<Self> {
        let base = Self { start: start.to_owned(), ..Self::default() };
        let by_hand = |values: &[f64]| values.iter().enumerate().flat_map(|(i, &v)| [i as f64, v]).collect();
        match start {
            "small" => Some(base),
            "toy" => Some(Self { model: Model::Toy, x: [2.3, 0.5, -0.5], y: [2.0, 0.0, -1.0], step: 19, ..base }),
            "two-three-one" => {
                Some(Self { layers: 1, changes: by_hand(&TWO_THREE_ONE), x: [0.5, 1.0, -0.5], step: 8, ..base })
            }
            "deep" => Some(Self { layers: 5, units: 6, seed: 79, step: 21, unwound: 3, ..base }),
            "dead-unit" => Some(Self { seed: 656, changes: vec![10.0, -4.0], ..base }),
            "dead-layer" => {
                Some(Self { layers: 3, seed: 178, changes: vec![9.0, -4.0, 10.0, -4.0, 11.0, -4.0], step: 18, ..base })
            }
            "forget-mask" => Some(Self { fault: Some(Fault::ForgetMask), step: MOST_STEPS, ..base }),
            "forget-transpose" => Some(Self { fault: Some(Fault::ForgetTranspose), step: MOST_STEPS, ..base }),
            "smooth" => Some(Self { activation: Bend::Tanh, ..base }),
            _ => None,
        }
    }

    fn start(&self) -> &str {
        &self.start
    }

    fn make_valid(&mut self) {
        for value in self.x.iter_mut().chain(&mut self.y) {
            *value = if value.is_nan() { 0.0 } else { value.clamp(RANGE[0], RANGE[1]) };
        }
        self.inputs = self.inputs.clamp(1, MOST_ENDS);
        self.outputs = self.outputs.clamp(1, MOST_ENDS);
        self.layers = self.layers.clamp(1, MOST_LAYERS);
        self.units = self.units.clamp(1, MOST_UNITS);
        self.seed = self.seed.clamp(1, MOST_SEED);
        self.step = self.step.min(MOST_STEPS);
        self.unwound = self.unwound.clamp(1, MOST_LAYERS);
        let mut last = -1.0;
        let mut kept = Vec::new();
        for pair in self.changes.chunks_exact(2).take(MOST_CHANGES) {
            let (index, value) = (pair[0], pair[1]);
            if index > last && index < MOST_PARAMETERS && index.fract() == 0.0 && !value.is_nan() {
                last = index;
                kept.extend([index, value.clamp(RANGE[0], RANGE[1])]);
            }
        }
        self.changes = kept;
        if Self::from_start(&self.start).is_none() {
            self.start = Self::default().start;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Params as _, link};

    fn params() -> impl Strategy<Value = Params> {
        let shape = (1..=MOST_ENDS, 1..=MOST_LAYERS, 1..=MOST_UNITS, 1..=MOST_ENDS, any::<bool>());
        let edits = prop::collection::vec((0..200_usize, -80..=80_i32), 0..6);
        let fault = prop_oneof![Just(None), Just(Some(Fault::ForgetMask)), Just(Some(Fault::ForgetTranspose))];
        (0..PRESETS.len(), shape, edits, fault, 0..=MOST_STEPS, 1..=MOST_SEED).prop_map(
            |(preset, (inputs, layers, units, outputs, toy), edits, fault, step, seed)| {
                let mut params = Params::from_start(PRESETS[preset].start).unwrap_or_default();
                params.reshape(|p| {
                    (p.inputs, p.layers, p.units, p.outputs, p.seed) = (inputs, layers, units, outputs, seed);
                    p.model = if toy { Model::Toy } else { Model::Network };
                });
                for (index, twentieths) in edits {
                    params.set(Setting::Parameter(index), f64::from(twentieths) / 20.0);
                }
                (params.fault, params.step) = (fault, step);
                params.make_valid();
                params
            },
        )
    }

    proptest! {
        #[test]
        fn every_setting_comes_back_from_its_link(params in params()) {
            link::assert_comes_back(&params);
        }

        #[test]
        fn no_pass_is_without_numbers(params in params()) {
            let scene = super::super::compute(&params);
            prop_assert!(scene.loss().is_finite());
            prop_assert!(scene.paths.live <= scene.paths.all);
            prop_assert_eq!(scene.check.errors.len() as u64, scene.cost.n_parameters);
        }
    }

    #[test]
    fn a_change_that_is_taken_back_is_none() {
        let mut params = Params::default();
        let before = params.setting(Setting::Parameter(3));
        params.set(Setting::Parameter(3), 1.25);
        assert_eq!(params.phi()[3], 1.25);
        params.set(Setting::Parameter(3), before);
        assert_eq!(params, Params::default());
    }
}
