use piecewise_core::piecewise::PiecewiseLinear;
use serde::{Deserialize, Serialize};

use crate::Preset;

/// How many corners a function can have.
pub const CORNERS: core::ops::RangeInclusive<usize> = 2..=7;

/// How near two corners can come to each other.
pub const GAP: f64 = 1.0 / 64.0;

/// The range of y. The book's networks reach a little beyond 1.
pub const Y_LIMIT: f64 = 1.125;

/// What one can set in the exhibit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Params {
    /// Where reset leads: a preset.
    pub start: String,
    /// How many functions are composed, 2 or 3.
    pub depth: u64,
    /// The corners (x, y) of the first function; x ascends from −1 to 1.
    pub first: Vec<[f64; 2]>,
    /// The corners of the second, which reads what the first writes.
    pub second: Vec<[f64; 2]>,
    /// The corners of the third.
    pub third: Vec<[f64; 2]>,
    /// The input whose way through the functions is shown, −1 to 1.
    pub probe: f64,
}

const FIG_4_1_FIRST: [[f64; 2]; 4] = [[-1.0, -1.0], [0.0, 1.0], [0.6, -1.0], [1.0, 1.0]];
const FIG_4_1_SECOND: [[f64; 2]; 4] = [[-1.0, 0.6], [-0.2, -0.8], [0.3, 0.3], [1.0, -0.2]];
const NOTEBOOK_N1: [[f64; 2]; 4] = [[-1.0, -1.0], [0.0, 1.0], [0.67, -1.01], [1.0, 1.069]];
const NOTEBOOK_N2: [[f64; 2]; 5] = [[-1.0, 0.1], [-0.6, 0.5], [-0.2, 0.5], [0.5, -0.55], [1.0, -0.3]];
const TENT: [[f64; 2]; 3] = [[-1.0, -1.0], [0.0, 1.0], [1.0, -1.0]];

/// The lecture's cases.
pub const PRESETS: &[Preset] = &[
    Preset {
        start: "fig-4.1",
        label: "Fig. 4.1",
        note: "Three folds, each running through three pieces: nine pieces from six hidden units.",
    },
    Preset {
        start: "n2-n1",
        label: "3 × 4 = 12",
        note: "Notebook 4.1: a network of three pieces feeds one of four, and the composition has twelve.",
    },
    Preset { start: "n1-n1", label: "3 × 3 = 9", note: "Notebook 4.1: a network that feeds itself." },
    Preset {
        start: "n2-n1-n1",
        label: "3 × 3 × 4 = 36",
        note: "Three networks in a row: the numbers of pieces multiply.",
    },
    Preset {
        start: "tents",
        label: "2 × 2 × 2 = 8",
        note: "A tent folds the line in two; three tents fold it in eight.",
    },
    Preset {
        start: "half-reached",
        label: "Out of reach",
        note: "The first network's values stay between −0.1 and 0.2, so they reach one piece of the second only: depth alone multiplies nothing.",
    },
];

impl Default for Params {
    fn default() -> Self {
        Self {
            start: "fig-4.1".to_owned(),
            depth: 2,
            first: FIG_4_1_FIRST.to_vec(),
            second: FIG_4_1_SECOND.to_vec(),
            third: TENT.to_vec(),
            probe: 0.3125,
        }
    }
}

impl Params {
    /// The functions that are composed, the one that reads x first.
    pub fn stages(&self) -> Vec<PiecewiseLinear> {
        [&self.first, &self.second, &self.third][..self.depth as usize]
            .iter()
            .filter_map(|corners| PiecewiseLinear::new((*corners).clone()))
            .collect()
    }

    /// The corners of a function, 0, 1 or 2.
    pub fn corners_mut(&mut self, stage: usize) -> &mut Vec<[f64; 2]> {
        match stage {
            0 => &mut self.first,
            1 => &mut self.second,
            _ => &mut self.third,
        }
    }

    /// Puts a corner somewhere; the outer ones keep their x, the inner ones stay between their neighbours.
    pub fn move_corner(&mut self, stage: usize, index: usize, [x, y]: [f64; 2]) {
        let corners = self.corners_mut(stage);
        if index >= corners.len() {
            return;
        }
        corners[index][1] = y.clamp(-Y_LIMIT, Y_LIMIT);
        if index > 0 && index + 1 < corners.len() {
            let (lo, hi) = (corners[index - 1][0] + GAP, corners[index + 1][0] - GAP);
            corners[index][0] = x.max(lo).min(hi);
        }
    }
}

/// Whether these are corners of a function on [−1, 1].
fn are_corners(corners: &[[f64; 2]]) -> bool {
    CORNERS.contains(&corners.len())
        && corners.first().is_some_and(|corner| corner[0] == -1.0)
        && corners.last().is_some_and(|corner| corner[0] == 1.0)
        && corners.windows(2).all(|pair| pair[1][0] - pair[0][0] >= GAP * 0.999)
        && corners.iter().all(|corner| corner[1].abs() <= Y_LIMIT)
}

impl crate::Params for Params {
    fn from_start(start: &str) -> Option<Self> {
        let base = Self { start: start.to_owned(), ..Self::default() };
        match start {
            "fig-4.1" => Some(base),
            "n2-n1" => Some(Self { first: NOTEBOOK_N1.to_vec(), second: NOTEBOOK_N2.to_vec(), ..base }),
            "n1-n1" => Some(Self { first: NOTEBOOK_N1.to_vec(), second: NOTEBOOK_N1.to_vec(), ..base }),
            "n2-n1-n1" => Some(Self {
                depth: 3,
                first: NOTEBOOK_N1.to_vec(),
                second: NOTEBOOK_N1.to_vec(),
                third: NOTEBOOK_N2.to_vec(),
                ..base
            }),
            "tents" => {
                Some(Self { depth: 3, first: TENT.to_vec(), second: TENT.to_vec(), third: TENT.to_vec(), ..base })
            }
            "half-reached" => Some(Self { first: vec![[-1.0, -0.1], [0.0, 0.2], [0.6, -0.1], [1.0, 0.2]], ..base }),
            _ => None,
        }
    }

    fn start(&self) -> &str {
        &self.start
    }

    fn make_valid(&mut self) {
        let start = Self::from_start(&self.start).unwrap_or_default();
        self.start.clone_from(&start.start);
        self.depth = self.depth.clamp(2, 3);
        self.probe = if self.probe.is_nan() { 0.0 } else { self.probe.clamp(-1.0, 1.0) };
        for (corners, then) in
            [(&mut self.first, start.first), (&mut self.second, start.second), (&mut self.third, start.third)]
        {
            if !are_corners(corners) {
                *corners = then;
            }
        }
    }
}
