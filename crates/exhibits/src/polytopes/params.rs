use piecewise_core::{
    Rng, math,
    network::{Activation, Layer, Network},
};
use serde::{Deserialize, Serialize};

use crate::Preset;

/// The most planes, units of the first hidden layer, one can have.
pub const MOST_PLANES: usize = 10;

/// The most units of a second hidden layer.
pub const MOST_BENDS: usize = 3;

/// The range of a plane's offset: a little more than the corners of the cube are away.
pub const OFFSET_LIMIT: f64 = 1.75;

/// The range of φ_d and of the biases of the second layer.
pub const WEIGHT_LIMIT: f64 = 2.0;

/// One hidden unit h_d = a[θ_d0 + θ_d1 x_1 + θ_d2 x_2 + θ_d3 x_3], given by its plane, and its weight φ_d in the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "[f64; 4]", into = "[f64; 4]")]
pub struct Plane {
    /// Where the open side lies, around the x_3 axis from the x_1 axis on, −180 to 180 degrees.
    pub azimuth: f64,
    /// Where the open side lies, above the plane of x_1 and x_2, −90 to 90 degrees.
    pub elevation: f64,
    /// How far from the middle of the cube it lies, towards its open side, −1.75 to 1.75.
    pub offset: f64,
    /// φ_d, −2 to 2; only without a second layer.
    pub phi: f64,
}

impl From<[f64; 4]> for Plane {
    fn from([azimuth, elevation, offset, phi]: [f64; 4]) -> Self {
        Self { azimuth, elevation, offset, phi }
    }
}

impl From<Plane> for [f64; 4] {
    fn from(Plane { azimuth, elevation, offset, phi }: Plane) -> Self {
        [azimuth, elevation, offset, phi]
    }
}

impl Plane {
    /// θ_d1, θ_d2, θ_d3: the direction of the open side in multiples of 1/1024, so that what seems to be parallel or to meet does.
    pub fn normal(self) -> [f64; 3] {
        let [a, e] = [self.azimuth, self.elevation].map(f64::to_radians);
        let flat = math::cos(e);
        [flat * math::cos(a), flat * math::sin(a), math::sin(e)].map(|w| (w * 1024.0).round() / 1024.0)
    }

    /// θ_d0 to θ_d3.
    pub fn theta(self) -> [f64; 4] {
        let [w1, w2, w3] = self.normal();
        // Not −0, which would be shown.
        [0.0 - self.offset, w1, w2, w3]
    }
}

/// How cells are coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Coloring {
    /// By the units that are on: no two neighbours look alike.
    #[default]
    Pattern,
    /// By the output in the middle of the cell.
    Output,
}

/// What one can set in the exhibit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Params {
    /// Where reset leads: a preset, or `random-D-SEED`.
    pub start: String,
    /// The planes of the first hidden layer, 0 to 10.
    pub planes: Vec<Plane>,
    /// The biases of the units of the second hidden layer, −2 to 2 each; none without that layer, 3 at most.
    pub second: Vec<f64>,
    /// What the weights of the second layer are drawn from.
    pub seed: u64,
    /// From where the cube is seen: around its x_3 axis, −180 to 180 degrees, and from above, −90 to 90 degrees.
    pub turn: [f64; 2],
    /// How far the cells are apart, 0 to 1.
    pub explode: f64,
    /// Whether one sees through the cells.
    pub glass: bool,
    /// How cells are coloured.
    pub colors: Coloring,
    /// Whether cells bear their patterns.
    pub patterns: bool,
    /// The axis across which the cube is cut, 1 to 3.
    pub axis: usize,
    /// Where on it, −1 to 1.
    pub position: f64,
    /// The pattern of the cell that is picked out; nothing when none is.
    pub picked: Option<String>,
}

/// The lecture's cases.
pub const PRESETS: &[Preset] = &[
    Preset {
        start: "octants",
        label: "Octants",
        note: "Three planes through the middle: eight octants, an eighth of the cube each (problem 3.15).",
    },
    Preset { start: "one", label: "D = 1", note: "One plane cuts space in two: on and off." },
    Preset {
        start: "two",
        label: "D = 2",
        note: "Two planes make 2² = 4 cells: with fewer planes than inputs no pattern is missing.",
    },
    Preset {
        start: "four",
        label: "Four planes",
        note: "Four planes in general position: a tetrahedron in the middle, fourteen cells around it, and the pattern 1111 is missing.",
    },
    Preset {
        start: "line",
        label: "Through one line",
        note: "Three planes that share a line: six wedges, where three planes could make eight cells.",
    },
    Preset {
        start: "point",
        label: "Through one point",
        note: "The four planes pushed into one point: the tetrahedron is gone, fourteen cells are left.",
    },
    Preset { start: "parallel", label: "Parallel", note: "Three parallel planes never meet: a stack of four slabs." },
    Preset {
        start: "ten",
        label: "Ten planes",
        note: "Ten planes in general position, every point where three meet inside the cube: 176 cells, the most there can be.",
    },
    Preset {
        start: "deep",
        label: "Two layers",
        note: "3-4-3-1: the second layer's three surfaces are flat inside each of the first layer's cells and bend where they cross its planes.",
    },
];

/// Directions to the faces of a tetrahedron, in degrees.
const TETRAHEDRON: [[f64; 2]; 4] = [[0.0, -19.0], [120.0, -19.0], [-120.0, -19.0], [0.0, 90.0]];

/// Ten planes of which every three meet inside the cube.
const TEN: [[f64; 3]; 10] = [
    [-11.0, 29.0, 0.265_625],
    [128.0, 8.0, -0.1875],
    [-142.0, 24.0, -0.015_625],
    [56.0, 8.0, 0.015_625],
    [171.0, 39.0, 0.078_125],
    [-48.0, 38.0, 0.109_375],
    [66.0, 36.0, -0.0625],
    [-113.0, 59.0, 0.25],
    [7.0, 67.0, 0.25],
    [129.0, 57.0, -0.078_125],
];

/// Weights φ_d that differ from each other, so that all cells do.
const PHI: [f64; MOST_PLANES] = [1.0, -0.75, 0.5, -1.25, 0.875, 0.625, -0.5, 1.125, -0.875, -0.625];

impl Default for Params {
    /// Eight octants.
    fn default() -> Self {
        Self {
            start: "octants".to_owned(),
            planes: planes(&[[0.0, 0.0, 0.0], [90.0, 0.0, 0.0], [0.0, 90.0, 0.0]]),
            second: Vec::new(),
            seed: 38,
            turn: [32.0, 24.0],
            explode: 0.5,
            glass: false,
            colors: Coloring::Pattern,
            patterns: true,
            axis: 3,
            position: 0.25,
            picked: None,
        }
    }
}

/// Planes of these directions and offsets.
fn planes(rows: &[[f64; 3]]) -> Vec<Plane> {
    rows.iter().zip(PHI).map(|(&[azimuth, elevation, offset], phi)| Plane { azimuth, elevation, offset, phi }).collect()
}

/// Random planes in all directions, most of them well inside the cube.
fn random(n_planes: usize, seed: u64) -> Vec<Plane> {
    let mut rng = Rng::from_seed(seed);
    let rows: Vec<[f64; 3]> = (0..n_planes)
        .map(|_| {
            let azimuth = rng.uniform_in(-180.0, 180.0).round();
            let elevation = rng.uniform_in(-80.0, 80.0).round();
            [azimuth, elevation, (rng.uniform_in(-0.6, 0.6) * 64.0).round() / 64.0]
        })
        .collect();
    planes(&rows)
}

/// The name of the start that draws `n_planes` planes from `seed`.
pub fn random_start(n_planes: usize, seed: u64) -> String {
    format!("random-{n_planes}-{seed}")
}

/// The number of planes and the seed of a random start.
pub fn random_origin(start: &str) -> Option<(usize, u64)> {
    let (n_planes, seed) = start.strip_prefix("random-")?.split_once('-')?;
    let n_planes = n_planes.parse().ok().filter(|n| (1..=MOST_PLANES).contains(n))?;
    Some((n_planes, seed.parse().ok()?))
}

impl Params {
    /// The network: y = Σ φ_d h_d, or a second hidden layer between the two.
    pub fn network(&self) -> Network {
        let theta: Vec<[f64; 4]> = self.planes.iter().map(|plane| plane.theta()).collect();
        let n = theta.len();
        let first = Layer::from_fn(n, 3, |d| theta[d][0], |d, i| theta[d][i + 1]);
        let layers = if self.second.is_empty() {
            vec![first, Layer::from_fn(1, n, |_| 0.0, |_, d| self.planes[d].phi)]
        } else {
            let [omega, phi] = self.second_weights();
            let second = Layer::from_fn(self.second.len(), n, |j| self.second[j], |j, d| omega[j][d]);
            vec![first, second, Layer::from_fn(1, self.second.len(), |_| 0.0, |_, j| phi[j][0])]
        };
        Network { layers, activation: Activation::Relu }
    }

    /// Ω_1 of the second layer, a row a unit, and the weights of its units in the output, as rows of which the first number counts. They are drawn
    /// for the most units there can be, so that one more changes nothing for the others.
    pub fn second_weights(&self) -> [Vec<[f64; MOST_PLANES]>; 2] {
        let mut rng = Rng::from_seed(self.seed);
        let mut row = || -> [f64; MOST_PLANES] {
            core::array::from_fn(|_| {
                // Never so small that a unit does not notice.
                let size = (rng.uniform_in(0.375, 1.25) * 16.0).round() / 16.0;
                if rng.uniform() < 0.5 { -size } else { size }
            })
        };
        let omega = (0..MOST_BENDS).map(|_| row()).collect();
        let phi = (0..MOST_BENDS).map(|_| row()).collect();
        [omega, phi]
    }

    /// How many hidden units there are in both layers.
    pub fn n_hidden(&self) -> usize {
        self.planes.len() + self.second.len()
    }
}

impl crate::Params for Params {
    fn from_start(start: &str) -> Option<Self> {
        let base = Self { start: start.to_owned(), ..Self::default() };
        let tetrahedron = |offset: f64| planes(&TETRAHEDRON.map(|[azimuth, elevation]| [azimuth, elevation, offset]));
        Some(match start {
            "octants" => base,
            "one" => Self { planes: planes(&[[40.0, 35.0, 0.125]]), ..base },
            "two" => Self { planes: planes(&[[40.0, 35.0, 0.125], [-70.0, 20.0, -0.125]]), ..base },
            "four" => Self { planes: tetrahedron(0.28125), position: 0.0, ..base },
            "line" => Self { planes: planes(&[[0.0, 0.0, 0.0], [60.0, 0.0, 0.0], [120.0, 0.0, 0.0]]), ..base },
            "point" => Self { planes: tetrahedron(0.0), ..base },
            "parallel" => {
                Self { planes: planes(&[[40.0, 35.0, -0.5], [40.0, 35.0, 0.0], [40.0, 35.0, 0.5]]), axis: 1, ..base }
            }
            "ten" => Self { planes: planes(&TEN), position: 0.0, ..base },
            "deep" => Self { planes: tetrahedron(0.28125), second: vec![0.25, -0.25, 0.125], position: 0.0, ..base },
            other => {
                let (n_planes, seed) = random_origin(other)?;
                Self { planes: random(n_planes, seed), ..base }
            }
        })
    }

    fn start(&self) -> &str {
        &self.start
    }

    fn make_valid(&mut self) {
        let within = |x: &mut f64, limit: f64| *x = if x.is_nan() { 0.0 } else { x.clamp(-limit, limit) };
        self.planes.truncate(MOST_PLANES);
        for plane in &mut self.planes {
            within(&mut plane.azimuth, 180.0);
            within(&mut plane.elevation, 90.0);
            within(&mut plane.offset, OFFSET_LIMIT);
            within(&mut plane.phi, WEIGHT_LIMIT);
        }
        self.second.truncate(MOST_BENDS);
        self.second.iter_mut().for_each(|bias| within(bias, WEIGHT_LIMIT));
        within(&mut self.turn[0], 180.0);
        within(&mut self.turn[1], 90.0);
        within(&mut self.position, 1.0);
        within(&mut self.explode, 1.0);
        self.explode = self.explode.max(0.0);
        self.axis = self.axis.clamp(1, 3);
        // A pattern that no cell has picks none; which patterns there are is for the cells to say.
        let is_pattern = |p: &String| {
            (1..=MOST_PLANES + MOST_BENDS).contains(&p.len()) && p.bytes().all(|gate| gate == b'0' || gate == b'1')
        };
        self.picked = self.picked.take().filter(is_pattern);
        if Self::from_start(&self.start).is_none() {
            self.start = Self::default().start;
        }
    }
}

/// A direction of view after it was turned by so many degrees around and up.
pub fn turned([azimuth, elevation]: [f64; 2], by: [f64; 2]) -> [f64; 2] {
    // Half degrees keep links short.
    let half = |degrees: f64| (2.0 * degrees).round() / 2.0;
    let around = half(azimuth + by[0]);
    [around - 360.0 * ((around + 180.0) / 360.0).floor(), half(elevation + by[1]).clamp(-90.0, 90.0)]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::link;

    fn params() -> impl Strategy<Value = Params> {
        let start = prop_oneof![
            (0..PRESETS.len()).prop_map(|i| PRESETS[i].start.to_owned()),
            (1..=MOST_PLANES, any::<u64>()).prop_map(|(n, seed)| random_start(n, seed)),
        ];
        let plane = (-180.0..=180.0_f64, -90.0..=90.0_f64, -OFFSET_LIMIT..=OFFSET_LIMIT, -2.0..=2.0_f64)
            .prop_map(|(azimuth, elevation, offset, phi)| Plane { azimuth, elevation, offset, phi });
        let view = (-180.0..=180.0_f64, -90.0..=90.0_f64, 0.0..=1.0_f64, -1.0..=1.0_f64, 1..=3_usize);
        let planes = prop::collection::vec(plane, 0..=MOST_PLANES);
        let second = prop::collection::vec(-2.0..=2.0_f64, 0..=MOST_BENDS);
        (start, planes, second, any::<u64>(), view, any::<[bool; 4]>()).prop_map(
            |(
                start,
                planes,
                second,
                seed,
                (around, above, explode, position, axis),
                [glass, output, patterns, pick],
            )| {
                let picked = pick.then(|| "10".repeat(7)[..planes.len() + second.len()].to_owned());
                let picked = picked.filter(|pattern| !pattern.is_empty());
                let colors = if output { Coloring::Output } else { Coloring::Pattern };
                let turn = [around, above];
                Params { start, planes, second, seed, turn, explode, glass, colors, patterns, axis, position, picked }
            },
        )
    }

    proptest! {
        #[test]
        fn every_setting_comes_back_from_its_link(params in params()) {
            link::assert_comes_back(&params);
        }
    }

    #[test]
    fn a_cube_turned_all_the_way_round_is_seen_as_before() {
        assert_eq!(turned([32.0, 24.0], [360.0, 0.0]), [32.0, 24.0]);
        assert_eq!(turned([170.0, 80.0], [20.0, 30.0]), [-170.0, 90.0]);
    }

    #[test]
    fn directions_along_the_axes_are_exact() {
        let along = |azimuth: f64, elevation: f64| Plane { azimuth, elevation, ..Plane::default() }.normal();
        assert_eq!(along(0.0, 0.0), [1.0, 0.0, 0.0]);
        assert_eq!(along(90.0, 0.0), [0.0, 1.0, 0.0]);
        assert_eq!(along(-180.0, 0.0).map(|w| w + 0.0), [-1.0, 0.0, 0.0]);
        assert_eq!(along(77.0, 90.0), [0.0, 0.0, 1.0]);
    }
}
