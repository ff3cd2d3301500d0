use serde::{Deserialize, Serialize};

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
    /// The corners of the units.
    pub corner: Corner,
    /// T, how round the corners of softplus are, 0.001 to 0.25.
    pub temperature: f64,
    /// δ, over how much of x the target itself climbs; 0 for a jump, at most 1.
    pub blur: f64,
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
        start: "blurred-target",
        label: "Blur the target",
        note: "When the target climbs over a width of its own, two units can follow it exactly: that is what helps.",
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
            corner: Corner::Relu,
            temperature: 0.05,
            blur: 0.0,
        }
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
            "blurred-target" => Some(Self { width: 0.4, blur: 0.4, ..base }),
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
        if Self::from_start(&self.start).is_none() {
            self.start = Self::default().start;
        }
    }
}
