use piecewise_core::network::Network;
use serde::Serialize;

use super::{line::Line, plane::Plane, plane::pattern};

/// What a network is at one input.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Point {
    /// The input.
    pub x: Vec<f64>,
    /// The output y.
    pub value: f64,
    /// W_eff: the slopes of the map that holds here, which is the gradient.
    pub gradient: Vec<f64>,
    /// b_eff: the value of that map at 0.
    pub intercept: f64,
    /// Which units are on, as `101`.
    pub pattern: String,
    /// The diagonals of the masks D_k, one a hidden layer.
    pub slopes: Vec<Vec<f64>>,
    /// What the activations add to them; all 0 for ReLU.
    pub intercepts: Vec<Vec<f64>>,
    /// The region, or with one input the piece; none when the activation is curved.
    pub region: Option<usize>,
}

impl Point {
    /// Looks at a network.
    pub fn of(network: &Network, x: &[f64], plane: Option<&Plane>, line: Option<&Line>) -> Self {
        let forward = network.forward(x);
        let collapse = network.collapse(&forward);
        let pattern = pattern(network, x);
        let region = match (plane, line) {
            (Some(plane), _) => plane.region_at([x[0], x[1]], &pattern),
            (None, line) => line.and_then(|line| line.piece_at(x[0], &pattern)),
        };
        Self {
            x: x.to_vec(),
            value: forward.output()[0],
            gradient: collapse.map.omega.iter().copied().collect(),
            intercept: collapse.map.beta[0],
            pattern,
            slopes: collapse.slopes,
            intercepts: collapse.intercepts,
            region,
        }
    }

    /// The length of the gradient.
    pub fn steepness(&self) -> f64 {
        self.gradient.iter().fold(0.0, |length, &slope| f64::hypot(length, slope))
    }
}

/// A ruler through the probe along the gradient: across the contours.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ruler {
    /// Its ends.
    pub ends: [[f64; 2]; 2],
    /// Where it meets contours, from one end to the other.
    pub marks: Vec<[f64; 2]>,
    /// The distances between neighbouring marks.
    pub spacings: Vec<f64>,
    /// What they are when the map is one plane: the step of the contours divided by the length of the gradient.
    pub expected: f64,
}

/// How far a ruler reaches to either side where there is no region to end it.
const REACH: f64 = 0.5;
/// Where a function is curved, a ruler looks for contours at so many places.
const LOOKS: usize = 512;

impl Ruler {
    /// Lays a ruler; nothing where the network is flat.
    pub fn lay(network: &Network, plane: &Plane, point: &Point) -> Option<Self> {
        let steepness = point.steepness();
        if steepness < 1e-9 {
            return None;
        }
        let way = [point.gradient[0] / steepness, point.gradient[1] / steepness];
        let at = |t: f64| [point.x[0] + t * way[0], point.x[1] + t * way[1]];
        let (reach, places) = match point.region.map(|region| &plane.regions[region].facet) {
            Some(facet) => {
                // Measured on the contours that are drawn, not from the slope.
                let along = |p: [f64; 2]| (p[0] - point.x[0]) * way[0] + (p[1] - point.x[1]) * way[1];
                let across = |p: [f64; 2]| (p[1] - point.x[1]) * way[0] - (p[0] - point.x[0]) * way[1];
                let meets = |a: [f64; 2], b: [f64; 2]| {
                    let (from, to) = (across(a), across(b));
                    ((from <= 0.0) != (to <= 0.0)).then(|| along(a) + from / (from - to) * (along(b) - along(a)))
                };
                let n = facet.vertices.len();
                let edges = (0..n).filter_map(|i| meets(facet.vertices[i], facet.vertices[(i + 1) % n]));
                let reach = edges.fold([0.0_f64; 2], |[lo, hi], t| [lo.min(t), hi.max(t)]);
                let marks = plane.levels().filter_map(|level| match facet.crossings(level)[..] {
                    [a, b] => meets(a, b),
                    _ => None,
                });
                (reach, marks.collect())
            }
            None => ([-REACH, REACH], curved_marks(network, plane, &at)),
        };
        let mut places: Vec<f64> = places;
        places.sort_by(f64::total_cmp);
        Some(Self {
            ends: reach.map(at),
            spacings: places.windows(2).map(|pair| pair[1] - pair[0]).collect(),
            marks: places.into_iter().map(at).collect(),
            expected: plane.bands.step / steepness,
        })
    }

    /// The least and the greatest distance between two marks; nothing when there are fewer than two.
    pub fn extremes(&self) -> Option<[f64; 2]> {
        let first = *self.spacings.first()?;
        Some(self.spacings.iter().fold([first; 2], |[lo, hi], &spacing| [lo.min(spacing), hi.max(spacing)]))
    }
}

/// Where the values along a ruler pass contours.
fn curved_marks(network: &Network, plane: &Plane, at: &dyn Fn(f64) -> [f64; 2]) -> Vec<f64> {
    let places: Vec<f64> = (0..=LOOKS).map(|i| REACH * (2.0 * i as f64 / LOOKS as f64 - 1.0)).collect();
    let value = |t: f64| network.output(&at(t))[0];
    let values: Vec<f64> = places.iter().map(|&t| value(t)).collect();
    let mut marks = Vec::new();
    for level in plane.levels() {
        for i in 0..LOOKS {
            if (values[i] < level) == (values[i + 1] < level) {
                continue;
            }
            let (mut lo, mut hi) = (places[i], places[i + 1]);
            // Halved until the distance is far below what is shown.
            for _ in 0..30 {
                let middle = f64::midpoint(lo, hi);
                if (value(middle) < level) == (values[i] < level) { lo = middle } else { hi = middle }
            }
            marks.push(lo);
        }
    }
    marks
}
