use serde::{Deserialize, Serialize};

use super::lesson::N_MOMENTS;
use crate::Preset;

/// What becomes of the corners of the two hidden units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Corner {
    /// ReLU: sharp corners.
    #[default]
    Relu,
    /// Softplus T ln(1 + exp(z / T)): rounded corners.
    Softplus,
    /// One sigmoid h·σ(4(x − c) / w) instead of two units, which is as steep in its middle. A tanh makes the same curve.
    Sigmoid,
}

/// What is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum View {
    /// Two units set by hand against a jump.
    #[default]
    ByHand,
    /// Gradient descent against the same jump.
    Step,
    /// Gradient descent against the picture of the slide, whose edges are jumps.
    Picture,
}

/// What one can set in the exhibit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Params {
    /// Where reset leads: a preset.
    pub start: String,
    /// h, the height of the step, 0.25 to 1.25.
    pub height: f64,
    /// c, where the step is, −0.75 to 0.75.
    pub center: f64,
    /// w, over how much of x the network climbs, 0.001 to 1.
    pub width: f64,
    /// ε, by how much the second slope misses the first, as a share of it, −0.2 to 0.2.
    pub mismatch: f64,
    /// Whether the second slope follows the first when the width changes. If not, it stays as it is, as in a step of descent that
    /// changes one of them.
    pub locked: bool,
    /// The corners of the units.
    pub corner: Corner,
    /// T, how round the corners of softplus are, 0.001 to 0.25.
    pub temperature: f64,
    /// δ, over how much of x the target itself climbs; 0 for a jump, at most 1.
    pub blur: f64,
    /// What is looked at.
    pub view: View,
    /// How many hidden units it has: 2, 4, 8 or 16.
    pub units: u64,
    /// The seed of its first weights.
    pub seed: u64,
    /// Whether it is Adam rather than plain gradient descent.
    pub adam: bool,
    /// The moment of the training that is shown, 0 to 100; 100 is its end.
    pub moment: u64,
    /// Where the picture is cut through, as a share of its height from the top, 0.02 to 0.98.
    pub cut: f64,
}

/// The range of h.
pub const HEIGHT: [f64; 2] = [0.25, 1.25];
/// The range of c.
pub const CENTER: [f64; 2] = [-0.75, 0.75];
/// The range of w.
pub const WIDTH: [f64; 2] = [0.001, 1.0];
/// The range of ε.
pub const MISMATCH: [f64; 2] = [-0.2, 0.2];
/// The range of T.
pub const TEMPERATURE: [f64; 2] = [0.001, 0.25];
/// The range of δ.
pub const BLUR: [f64; 2] = [0.0, 1.0];

/// How many hidden units gradient descent can be given.
pub const UNITS: [u64; 4] = [2, 4, 8, 16];

/// The lecture's cases.
pub const PRESETS: &[Preset] = &[
    Preset {
        start: "two-units",
        label: "Two units",
        note: "Two hidden units make a ramp with two flat ends: as close to a jump as they can come.",
    },
    Preset {
        start: "steep",
        label: "Steep",
        note: "A hundred times steeper: the area of the error shrinks, its largest value does not.",
    },
    Preset {
        start: "mismatch",
        label: "1 % off",
        note: "The second slope is 1 % too large: the flat end tilts, and a unit to the right the output has lost nearly all of its height.",
    },
    Preset {
        start: "gentle-mismatch",
        label: "1 % off, not steep",
        note: "The same 1 % on a gentle ramp is hardly seen: the tilt is ε·h/w, so steepness makes it dangerous.",
    },
    Preset {
        start: "smooth",
        label: "Smooth corners",
        note: "Softplus instead of ReLU: the corners are round, the largest error is still half the jump.",
    },
    Preset {
        start: "sigmoid",
        label: "Sigmoid",
        note: "One sigmoid needs no second unit to match, and a tanh makes the same curve: the largest error is half the jump again.",
    },
    Preset {
        start: "blurred-target",
        label: "Blur the target",
        note: "When the target climbs over a width of its own, two units can follow it exactly: that is what helps.",
    },
    Preset {
        start: "descent",
        label: "Ask gradient descent",
        note: "Sixteen units, 20,000 steps: the steepest slope creeps. A ramp ten times steeper is 100,000 times worse conditioned.",
    },
    Preset {
        start: "descent-blurred",
        label: "Ask for less",
        note: "The same training on a target that climbs over δ = 0.5: now the slope that is wanted is reached soon.",
    },
    Preset {
        start: "picture",
        label: "The slide's picture",
        note: "Two hidden layers paint the picture of the slide. A cut through an edge is the step again: a ramp, never a jump.",
    },
];

impl Default for Params {
    fn default() -> Self {
        Self {
            start: "two-units".to_owned(),
            height: 1.0,
            center: 0.0,
            width: 0.5,
            mismatch: 0.0,
            locked: true,
            corner: Corner::Relu,
            temperature: 0.05,
            blur: 0.0,
            view: View::ByHand,
            units: 8,
            seed: 1,
            adam: false,
            moment: 100,
            cut: 0.36,
        }
    }
}

impl Params {
    /// Changes the width. Unless the pair is locked, the second slope stays as it was.
    pub fn set_width(&mut self, width: f64) {
        let width = width.clamp(WIDTH[0], WIDTH[1]);
        if !self.locked {
            self.mismatch = (1.0 + self.mismatch) * width / self.width - 1.0;
        }
        self.width = width;
    }

    /// Locks the pair, so that the second slope cancels the first, or unlocks it.
    pub fn set_locked(&mut self, locked: bool) {
        self.locked = locked;
        if locked {
            self.mismatch = 0.0;
        }
    }

    /// What the training depends on; all else is as it is by default.
    #[must_use]
    pub fn lesson_question(&self) -> Self {
        if self.view == View::Picture {
            return Self { view: View::Picture, seed: self.seed, ..Self::default() };
        }
        let Self { height, center, blur, units, seed, adam, .. } = *self;
        Self { height, center, blur, units, seed, adam, ..Self::default() }
    }
}

impl crate::Params for Params {
    fn from_start(start: &str) -> Option<Self> {
        let base = Self { start: start.to_owned(), ..Self::default() };
        match start {
            "two-units" => Some(base),
            "steep" => Some(Self { width: 0.005, ..base }),
            "mismatch" => Some(Self { width: 0.01, mismatch: 0.01, ..base }),
            "gentle-mismatch" => Some(Self { mismatch: 0.01, ..base }),
            "smooth" => Some(Self { width: 0.25, corner: Corner::Softplus, ..base }),
            "sigmoid" => Some(Self { width: 0.25, corner: Corner::Sigmoid, ..base }),
            "blurred-target" => Some(Self { width: 0.4, blur: 0.4, ..base }),
            "descent" => Some(Self { width: 0.1, view: View::Step, units: 16, ..base }),
            "descent-blurred" => Some(Self { width: 0.5, blur: 0.5, view: View::Step, units: 16, ..base }),
            "picture" => Some(Self { width: 0.1, view: View::Picture, ..base }),
            _ => None,
        }
    }

    fn start(&self) -> &str {
        &self.start
    }

    fn make_valid(&mut self) {
        let within = |x: &mut f64, [lo, hi]: [f64; 2]| *x = if x.is_nan() { lo } else { x.clamp(lo, hi) };
        within(&mut self.height, HEIGHT);
        within(&mut self.center, CENTER);
        within(&mut self.width, WIDTH);
        within(&mut self.mismatch, MISMATCH);
        within(&mut self.temperature, TEMPERATURE);
        within(&mut self.blur, BLUR);
        within(&mut self.cut, [0.02, 0.98]);
        self.units = UNITS.into_iter().filter(|&units| units <= self.units).max().unwrap_or(UNITS[0]);
        self.seed = self.seed.min(999);
        self.moment = self.moment.min(N_MOMENTS);
        if Self::from_start(&self.start).is_none() {
            self.start = Self::default().start;
        }
    }
}
