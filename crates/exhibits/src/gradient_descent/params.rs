use piecewise_core::{
    data,
    train::{Gabor, LineSearch, LinearRegression, Objective, Optimizer, Ravine, Rule},
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
}

impl Loss {
    /// The function itself.
    pub fn objective(self) -> Box<dyn Objective> {
        match self {
            Self::Line => Box::new(LinearRegression::new(data::LINEAR_REGRESSION.to_vec())),
            Self::Gabor => Box::new(Gabor::new(data::GABOR.to_vec())),
            Self::Ravine => Box::new(Ravine),
        }
    }

    /// The part of the plane of φ_0 and φ_1 that is shown: the lower left corner and the upper right one.
    pub fn view(self) -> [[f64; 2]; 2] {
        match self {
            Self::Line => [[0.0, -0.5], [2.0, 1.5]],
            Self::Gabor => [[-10.0, 2.5], [10.0, 22.5]],
            Self::Ravine => [[-1.0, -1.0], [1.0, 1.0]],
        }
    }

    /// How many examples the loss is a sum over; 0 when it is not about examples.
    pub fn n_examples(self) -> u64 {
        match self {
            Self::Line => 12,
            Self::Gabor => 30,
            Self::Ravine => 0,
        }
    }

    /// The largest distance of a line search that suits the loss.
    fn max_distance(self) -> f64 {
        if self == Self::Line { 0.1 } else { 2.0 }
    }
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
}

/// The range of α.
pub const ALPHA: [f64; 2] = [0.0001, 2.0];
/// The range of β.
pub const BETA: [f64; 2] = [0.0, 0.99];
/// The most steps.
pub const MOST_STEPS: u64 = 500;

/// The lecture's cases.
pub const PRESETS: &[Preset] = &[
    Preset {
        start: "line",
        label: "A line",
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
        note: "Many valleys: from here gradient descent ends in a local minimum with a loss near 3.7, and the best one has 0.64.",
    },
    Preset {
        start: "gabor-sgd",
        label: "Gabor, batches of 5",
        note: "The gradient of five examples points not quite downhill, so the path can leave a valley. With this seed it finds the best one; most others do not.",
    },
    Preset {
        start: "gabor-momentum",
        label: "Gabor, momentum",
        note: "A mean of past gradients smooths the path (UDL, figure 6.7); with most seeds it finds the best valley.",
    },
    Preset {
        start: "ravine",
        label: "A ravine",
        note: "Steep across, gentle along: plain descent crosses quickly and then crawls.",
    },
    Preset {
        start: "ravine-adam",
        label: "A ravine, Adam",
        note: "Adam takes steps of one size along both axes and is along the ravine in 60 steps (UDL, figure 6.9).",
    },
    Preset {
        start: "arrows",
        label: "Homework 8",
        note: "The step of gradient descent with α = 0.1 from every point with whole φ₀ and φ₁.",
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
        }
    }
}

impl Params {
    /// The optimiser.
    pub fn optimizer(&self) -> Optimizer {
        let rule = match self.method {
            Method::Descent => Rule::GradientDescent,
            Method::LineSearch => Rule::LineSearch(LineSearch::up_to(self.loss.max_distance())),
            Method::Momentum => Rule::Momentum { beta: self.beta },
            Method::Nesterov => Rule::Nesterov { beta: self.beta },
            Method::Normalized => Rule::Normalized { epsilon: 1e-20 },
            Method::Adam => Rule::Adam { beta: self.beta, gamma: 0.99, epsilon: 1e-8 },
        };
        Optimizer::new(rule, self.alpha)
    }

    /// Chooses another loss and puts the start where it is interesting.
    pub fn choose_loss(&mut self, loss: Loss) {
        let start = match loss {
            Loss::Line => "line",
            Loss::Gabor => "gabor",
            Loss::Ravine => "ravine",
        };
        let then = <Self as crate::Params>::from_start(start).unwrap_or_default();
        *self = Self { method: self.method, beta: self.beta, seed: self.seed, ..then };
        self.loss = loss;
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
        let [lo, hi] = self.loss.view();
        for axis in 0..2 {
            within(&mut self.origin[axis], [lo[axis], hi[axis]]);
        }
        self.batch = self.batch.min(self.loss.n_examples());
        self.steps = self.steps.min(MOST_STEPS);
        if Self::from_start(&self.start).is_none() {
            self.start = Self::default().start;
        }
    }
}
