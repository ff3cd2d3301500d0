use piecewise_core::{
    data::{self, Examples},
    math,
    network::{Activation, Network},
    train::{
        Gabor, LineSearch, LinearRegression, Loss as NetworkLossKind, NetworkLoss, Objective, Optimizer, Ravine, Rule,
        TwoParameterSlice,
    },
};
use serde::{Deserialize, Serialize};

use crate::Preset;

/// The losses there are, each a function of φ_0 and φ_1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Loss {
    /// A line through twelve points: sum of squares (UDL, figure 6.1).
    #[default]
    Line,
    /// The Gabor model through thirty points: sum of squares (UDL, figure 6.3).
    Gabor,
    /// A ravine (UDL, figure 6.9).
    Ravine,
    /// Two parameters of a shallow network with three hidden units on twenty points, the others held: sum of squares (notebook 3.1).
    Network,
}

impl Loss {
    /// How many examples the loss is a sum over; 0 when it is not about examples.
    pub fn n_examples(self) -> u64 {
        match self {
            Self::Line => 12,
            Self::Gabor => 30,
            Self::Network => 20,
            Self::Ravine => 0,
        }
    }

    /// The largest distance of a line search that suits the loss.
    fn max_distance(self) -> f64 {
        if matches!(self, Self::Line | Self::Network) { 0.1 } else { 2.0 }
    }
}

/// The network of notebook 3.1, which its author set by hand.
fn network() -> Network {
    let theta = [[0.3, -1.0], [-1.0, 2.0], [-0.5, 0.65]];
    Network::shallow(&theta, -0.3, &[2.0, -1.0, 7.0], Activation::Relu)
}

/// The names of its ten parameters, in the order of [`Network::parameters`].
pub const NETWORK_PARAMETERS: [&str; 10] = ["θ₁₀", "θ₂₀", "θ₃₀", "θ₁₁", "θ₂₁", "θ₃₁", "φ₀", "φ₁", "φ₂", "φ₃"];

/// What a race is run by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Clock {
    /// Everybody takes the same number of steps.
    #[default]
    Steps,
    /// Everybody asks for equally many gradients. A loss alone is a third of one: it only goes forward.
    Gradients,
}

/// The rules there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// φ ← φ − α ∂L/∂φ.
    #[default]
    Descent,
    /// The best step along the gradient.
    LineSearch,
    /// A mean of past gradients.
    Momentum,
    /// Momentum that looks ahead.
    Nesterov,
    /// A step of α along each axis.
    Normalized,
    /// Momentum, normalised.
    Adam,
}

impl Method {
    /// All of them, with the names of their buttons.
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::Descent, "gradient descent"),
        (Self::LineSearch, "line search"),
        (Self::Momentum, "momentum"),
        (Self::Nesterov, "Nesterov"),
        (Self::Normalized, "normalised"),
        (Self::Adam, "Adam"),
    ];

    /// A learning rate with which the rule does well on this loss.
    pub fn usual_alpha(self, loss: Loss) -> f64 {
        match (self, loss) {
            (Self::LineSearch, _) => 1.0,
            (Self::Descent, Loss::Line) => 0.03,
            (Self::Descent, Loss::Gabor) => 0.1,
            (Self::Descent, Loss::Ravine) => 0.08,
            (Self::Descent, Loss::Network) => 0.005,
            (Self::Momentum | Self::Nesterov, Loss::Line) => 0.04,
            (Self::Momentum | Self::Nesterov, Loss::Network) => 0.01,
            (Self::Momentum | Self::Nesterov, Loss::Ravine) => 0.3,
            (_, Loss::Gabor) => 0.2,
            (Self::Normalized | Self::Adam, _) => 0.05,
        }
    }

    /// The β that goes with it: 0.6 for momentum and 0.9 for Adam, as in the book's figures.
    pub fn usual_beta(self) -> f64 {
        if self == Self::Adam { 0.9 } else { 0.6 }
    }

    /// Whether it has a learning rate.
    pub fn has_alpha(self) -> bool {
        self != Self::LineSearch
    }

    /// Whether it has a β.
    pub fn has_beta(self) -> bool {
        matches!(self, Self::Momentum | Self::Nesterov | Self::Adam)
    }
}

/// What one can set in the exhibit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Params {
    /// Where reset leads: a preset.
    pub start: String,
    /// The loss.
    pub loss: Loss,
    /// The rule.
    pub method: Method,
    /// α, the learning rate, 0.0001 to 2.
    pub alpha: f64,
    /// β of momentum, Nesterov and Adam, 0 to 0.99.
    pub beta: f64,
    /// How many examples the gradient is taken from at a step; 0 for all of them, at most 30.
    pub batch: u64,
    /// The seed of the batches.
    pub seed: u64,
    /// φ_0 and φ_1 where the descent begins.
    pub origin: [f64; 2],
    /// How many steps have been taken, 0 to 500.
    pub steps: u64,
    /// Whether the field of steps at whole numbers is drawn (α = 0.1).
    pub arrows: bool,
    /// Whether every start is coloured by the minimum that gradient descent reaches from it.
    pub basins: bool,
    /// Whether all rules run from the start, each with its usual learning rate.
    pub race: bool,
    /// What they run by.
    pub clock: Clock,
    /// Which two of the network's parameters are φ_0 and φ_1 of the picture, by their 0-based places in [`NETWORK_PARAMETERS`].
    pub axes: [u64; 2],
}

/// The range of α.
pub const ALPHA: [f64; 2] = [0.0001, 2.0];
/// The range of β.
pub const BETA: [f64; 2] = [0.0, 0.99];
/// The most steps of one rule.
const MOST_STEPS: u64 = 500;
/// The most steps, or gradients, of a race.
const MOST_STEPS_IN_RACE: u64 = 200;

/// The lecture's cases.
pub const PRESETS: &[Preset] = &[
    Preset {
        start: "line",
        label: "Line",
        note: "Twelve points and a line: one valley, and steps that shrink because the gradient does.",
    },
    Preset {
        start: "jagged",
        label: "Jagged",
        note: "α·λ_max between 1 and 2: every step jumps across the valley, and still it arrives.",
    },
    Preset {
        start: "too-fast",
        label: "Too fast",
        note: "α = 0.041 is above α_max = 0.03998: each jump lands higher than the one before.",
    },
    Preset {
        start: "gabor",
        label: "Gabor",
        note: "Many valleys. After 21 steps the loss is 3.71 and still falling: run on to 0.646, the best there is. With α = 0.3 it never settles: α_max is 0.177 there.",
    },
    Preset {
        start: "gabor-sgd",
        label: "SGD",
        note: "Stochastic gradient descent: the gradient of five examples points not quite downhill, so the path can leave a valley. With this seed it finds the best one; most others do not.",
    },
    Preset {
        start: "gabor-momentum",
        label: "Momentum",
        note: "A mean of past gradients smooths the path (UDL, figure 6.7); with most seeds it finds the best valley.",
    },
    Preset {
        start: "ravine",
        label: "Ravine",
        note: "Steep across, gentle along: plain descent crosses quickly and then crawls.",
    },
    Preset {
        start: "ravine-adam",
        label: "Adam",
        note: "Adam takes steps of one size along both axes and is along the ravine in 60 steps (UDL, figure 6.9).",
    },
    Preset {
        start: "arrows",
        label: "Homework 8",
        note: "The step of gradient descent with α = 0.1 from every point with whole φ₀ and φ₁. The least loss on a grid of 100 × 100 points is marked.",
    },
    Preset {
        start: "basins",
        label: "Basins",
        note: "Every start in the colour of the minimum that descent reaches from it: where one begins decides where one ends.",
    },
    Preset {
        start: "race",
        label: "Race",
        note: "Six rules from one start, each with a learning rate that suits it. Let them run by steps, then by gradients: line search pays for its short way.",
    },
    Preset {
        start: "line-search",
        label: "Line search",
        note: "The loss along the way down, and the four points that close in on its lowest place (UDL, section B.3.1).",
    },
    Preset {
        start: "network",
        label: "Network",
        note: "Two of the ten parameters of a shallow network. A step across the valley lands where unit 1 is off at every point: the gradient is 0 for ever. With α = 0.005 it arrives.",
    },
];

impl Default for Params {
    fn default() -> Self {
        Self {
            start: "line".to_owned(),
            loss: Loss::Line,
            method: Method::Descent,
            alpha: 0.01,
            beta: 0.6,
            batch: 0,
            seed: 1,
            origin: [0.6, -0.2],
            steps: 20,
            arrows: false,
            basins: false,
            race: false,
            clock: Clock::Steps,
            axes: [0, 3],
        }
    }
}

impl Params {
    /// The function that is descended, of φ_0 and φ_1.
    pub fn objective(&self) -> Box<dyn Objective> {
        match self.loss {
            Loss::Line => Box::new(LinearRegression::new(data::LINEAR_REGRESSION.to_vec())),
            Loss::Gabor => Box::new(Gabor::new(data::GABOR.to_vec())),
            Loss::Ravine => Box::new(Ravine),
            Loss::Network => {
                let (network, examples) = (network(), Examples::from_points(&data::NOTEBOOK_3_1));
                let phi = network.parameters();
                let loss = NetworkLoss::new(network, examples, NetworkLossKind::SUM_OF_SQUARES);
                Box::new(TwoParameterSlice::new(loss, phi, self.axes.map(|axis| axis as usize)))
            }
        }
    }

    /// The network with φ_0 and φ_1 of the picture at `phi`.
    pub fn network_at(&self, phi: [f64; 2]) -> Network {
        let mut network = network();
        let mut parameters = network.parameters();
        for (axis, value) in self.axes.iter().zip(phi) {
            parameters[*axis as usize] = value;
        }
        network.set_parameters(&parameters);
        network
    }

    /// The part of the plane of φ_0 and φ_1 that is shown: the lower left corner and the upper right one.
    pub fn view(&self) -> [[f64; 2]; 2] {
        match self.loss {
            Loss::Line => [[0.0, -0.5], [2.0, 1.5]],
            Loss::Gabor => [[-10.0, 2.5], [10.0, 22.5]],
            Loss::Ravine => [[-1.0, -1.0], [1.0, 1.0]],
            Loss::Network => {
                let by_hand = network().parameters();
                // Outer weights move the output less than inner ones.
                let around = self.axes.map(|axis| (by_hand[axis as usize], if axis >= 6 { 6.0 } else { 2.0 }));
                [around.map(|(center, reach)| center - reach), around.map(|(center, reach)| center + reach)]
            }
        }
    }

    /// The names of φ_0 and φ_1 of the picture.
    pub fn axis_names(&self) -> [&'static str; 2] {
        if self.loss == Loss::Network {
            self.axes.map(|axis| NETWORK_PARAMETERS[axis as usize])
        } else {
            ["φ₀", "φ₁"]
        }
    }

    /// The rule that was chosen as it was set.
    pub fn optimizer(&self) -> Optimizer {
        self.optimizer_of(self.method)
    }

    /// α of a rule: the one that was set if the rule was chosen, else a usual one.
    pub fn alpha_of(&self, method: Method) -> f64 {
        if method == self.method { self.alpha } else { method.usual_alpha(self.loss) }
    }

    /// A rule: as it was set if it was chosen, else with its usual numbers.
    pub fn optimizer_of(&self, method: Method) -> Optimizer {
        let beta = if method == self.method { self.beta } else { method.usual_beta() };
        let rule = match method {
            Method::Descent => Rule::GradientDescent,
            Method::LineSearch => Rule::LineSearch(self.line_search()),
            Method::Momentum => Rule::Momentum { beta },
            Method::Nesterov => Rule::Nesterov { beta },
            Method::Normalized => Rule::Normalized { epsilon: 1e-20 },
            Method::Adam => Rule::Adam { beta, gamma: 0.99, epsilon: 1e-8 },
        };
        Optimizer::new(rule, self.alpha_of(method))
    }

    /// A learning rate of plain descent that is stable at the start: three quarters of α_max there, or the usual one where there is no α_max.
    pub fn safe_alpha(&self) -> f64 {
        let lambda = self.objective().lambda_max(&self.origin);
        let alpha = if lambda > 0.0 { 1.5 / lambda } else { f64::INFINITY };
        // Two digits are enough, and are easily read.
        let digits = math::powf(10.0, 1.0 - math::ln(alpha).div_euclid(core::f64::consts::LN_10));
        if alpha.is_finite() { (alpha * digits).floor() / digits } else { Method::Descent.usual_alpha(self.loss) }
    }

    /// The line search that suits the loss.
    pub fn line_search(&self) -> LineSearch {
        LineSearch::up_to(self.loss.max_distance())
    }

    /// Chooses another loss and puts the start where it is interesting.
    pub fn choose_loss(&mut self, loss: Loss) {
        let start = match loss {
            Loss::Line => "line",
            Loss::Gabor => "gabor",
            Loss::Ravine => "ravine",
            Loss::Network => "network",
        };
        let then = <Self as crate::Params>::from_start(start).unwrap_or_default();
        let Self { method, beta, seed, basins, race, clock, .. } = *self;
        *self = Self { seed, basins, race, clock, ..then };
        if method != self.method {
            self.choose_method(method);
            self.beta = beta;
        }
    }

    /// Chooses another rule, with a learning rate that suits it.
    pub fn choose_method(&mut self, method: Method) {
        self.method = method;
        self.alpha = method.usual_alpha(self.loss);
        self.beta = method.usual_beta();
    }

    /// The most steps, or gradients, that can be taken. Six rules take fewer than one.
    pub fn most_steps(&self) -> u64 {
        if self.race { MOST_STEPS_IN_RACE } else { MOST_STEPS }
    }

    /// What the map of basins depends on; all else is as it is by default.
    #[must_use]
    pub fn map_question(&self) -> Self {
        Self { loss: self.loss, axes: self.axes, alpha: self.alpha_of(Method::Descent), ..Self::default() }
    }

    /// Chooses another parameter of the network for one axis; the start goes where the author had put it.
    pub fn choose_axis(&mut self, axis: usize, parameter: u64) {
        if self.axes[1 - axis] == parameter {
            self.axes[1 - axis] = self.axes[axis];
        }
        self.axes[axis] = parameter;
        let by_hand = network().parameters();
        self.origin = self.axes.map(|axis| by_hand[axis as usize]);
        self.steps = 0;
    }
}

impl crate::Params for Params {
    fn from_start(start: &str) -> Option<Self> {
        let base = Self { start: start.to_owned(), ..Self::default() };
        let gabor = Self { loss: Loss::Gabor, alpha: 0.1, origin: [-1.5, 8.5], steps: 21, ..base.clone() };
        let ravine = Self { loss: Loss::Ravine, alpha: 0.08, origin: [-0.7, -0.9], steps: 200, ..base.clone() };
        match start {
            "line" => Some(base),
            "jagged" => Some(Self { alpha: 0.037, steps: 30, ..base }),
            "too-fast" => Some(Self { alpha: 0.041, steps: 12, ..base }),
            "gabor" => Some(gabor),
            "gabor-sgd" => Some(Self { alpha: 0.8, origin: [3.5, 6.5], batch: 5, seed: 12, steps: 41, ..gabor }),
            "gabor-momentum" => Some(Self {
                method: Method::Momentum,
                alpha: 0.6,
                origin: [-1.5, 6.5],
                batch: 5,
                seed: 7,
                steps: 81,
                ..gabor
            }),
            "ravine" => Some(ravine),
            "ravine-adam" => Some(Self { method: Method::Adam, alpha: 0.05, beta: 0.9, steps: 60, ..ravine }),
            "arrows" => Some(Self { arrows: true, steps: 0, ..gabor }),
            "basins" => Some(Self { basins: true, ..gabor }),
            "race" => Some(Self { race: true, steps: 40, ..ravine }),
            "line-search" => Some(Self { method: Method::LineSearch, steps: 3, ..gabor }),
            "network" => Some(Self { loss: Loss::Network, alpha: 0.02, origin: [0.3, -1.0], steps: 60, ..base }),
            _ => None,
        }
    }

    fn start(&self) -> &str {
        &self.start
    }

    fn make_valid(&mut self) {
        let within = |x: &mut f64, [lo, hi]: [f64; 2]| *x = if x.is_nan() { lo } else { x.clamp(lo, hi) };
        within(&mut self.alpha, ALPHA);
        within(&mut self.beta, BETA);
        let n_parameters = NETWORK_PARAMETERS.len() as u64;
        self.axes = self.axes.map(|axis| axis.min(n_parameters - 1));
        if self.axes[0] == self.axes[1] {
            self.axes[1] = (self.axes[0] + 1) % n_parameters;
        }
        let [lo, hi] = self.view();
        for axis in 0..2 {
            within(&mut self.origin[axis], [lo[axis], hi[axis]]);
        }
        self.batch = self.batch.min(self.loss.n_examples());
        self.steps = self.steps.min(self.most_steps());
        if Self::from_start(&self.start).is_none() {
            self.start = Self::default().start;
        }
    }
}
