use piecewise_core::{
    Rng,
    network::{Activation, Network},
};
use piecewise_plot::ColorMap;
use serde::{Deserialize, Serialize};

use crate::Preset;

/// The most hidden units one can have.
pub const MOST_UNITS: usize = 12;

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

/// What one can set in the exhibit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Params {
    /// Where reset leads: a preset, or `random-D-SEED`.
    pub start: String,
    /// φ_0, −4 to 4.
    pub phi_0: f64,
    /// The hidden units, 1 to 12; θ_d0 from −4 to 4, everything else from −2 to 2.
    pub units: Vec<Unit>,
    /// How a value becomes a colour.
    pub color_map: ColorMap,
    /// Whether lines of equal value are drawn.
    pub contours: bool,
    /// Whether regions bear their patterns.
    pub patterns: bool,
    /// The pattern of the region that is held, as `101`; nothing when none is.
    pub pinned: Option<String>,
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

impl Params {
    /// The network y = φ_0 + Σ φ_d a[θ_d0 + θ_d1 x_1 + θ_d2 x_2].
    pub fn network(&self) -> Network {
        let theta: Vec<[f64; 3]> = self.units.iter().map(|unit| unit.theta).collect();
        let phi: Vec<f64> = self.units.iter().map(|unit| unit.phi).collect();
        Network::shallow(&theta, self.phi_0, &phi, Activation::Relu)
    }
}

impl crate::Params for Params {
    fn from_start(start: &str) -> Option<Self> {
        let base = Self { start: start.to_owned(), phi_0: 0.0, ..Self::default() };
        let units = match start {
            "fig-3.8" => return Some(Self::default()),
            "seven" => units(&[[0.375, 0.0, 1.0, 1.0], [0.375, -0.875, -0.5, -0.75], [0.375, 0.875, -0.5, 0.5]]),
            "concurrent" => units(&[[-0.3125, 1.0, 0.5, 1.0], [0.0, -0.5, 1.0, -1.25], [0.21875, -0.375, -1.0, 0.75]]),
            "parallel" => units(&[[0.5, 0.75, 0.375, 0.5], [0.0, 0.75, 0.375, -1.5], [-0.5, 0.75, 0.375, 1.75]]),
            "dead-unit" => units(&[[0.125, 1.0, 0.5, 1.0], [0.25, -0.375, 1.0, -1.0], [-0.5, 0.0, 0.0, 1.5]]),
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
        let n_hidden = self.units.len();
        self.pinned = self.pinned.take().filter(|p| p.len() == n_hidden && p.bytes().all(|c| c == b'0' || c == b'1'));
        if Self::from_start(&self.start).is_none() {
            self.start = Self::default().start;
        }
    }
}
