use piecewise_core::{
    network::Network,
    regions::{Bounds, LineRegions},
};
use serde::Serialize;

use super::{
    params::LINE_VIEW,
    plane::{n_different, pattern, stand_in},
};

/// A curved function is drawn through so many points.
const POINTS: usize = 201;

/// A network with one input, whatever the probe.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Line {
    /// Where units switch, from left to right, also out of view. None when the activation is curved.
    pub joints: Vec<Joint>,
    /// The straight pieces in view from left to right; none when the activation is curved.
    pub pieces: Vec<Piece>,
    /// How many different maps the pieces have; 0 when there are no pieces.
    pub n_pieces: usize,
    /// The function in view: its corners, or points close together. Where it jumps, two points have the same x.
    pub curve: Vec<[f64; 2]>,
    /// Each unit's share of the output, φ_d h_d, in the same form.
    pub units: Vec<Vec<[f64; 2]>>,
}

/// Where a unit switches.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Joint {
    /// The unit, counted from 0.
    pub unit: usize,
    /// Where: −θ_d0 / θ_d1 for a ReLU.
    pub x: f64,
}

/// One straight piece.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Piece {
    /// Its left and its right end.
    pub ends: [f64; 2],
    /// Which units are on, as `101`.
    pub pattern: String,
    /// The value of its map at 0.
    pub intercept: f64,
    /// Its slope.
    pub slope: f64,
    /// What each unit adds to the slope: the slope of its activation there times φ_d θ_d1.
    pub terms: Vec<f64>,
}

impl Line {
    /// Computes what there is to see of a shallow network with one input.
    ///
    /// # Panics
    /// Never for valid parameters: their weights are finite and the view is an interval.
    pub fn compute(network: &Network) -> Self {
        let (lo, hi) = (LINE_VIEW.lo[0], LINE_VIEW.hi[0]);
        let first = &network.layers[0];
        let phi = &network.layers[1].omega;
        let n = first.n_outputs();
        let switches = if network.activation.is_piecewise_linear() { network.activation.joints() } else { &[] };
        let mut joints: Vec<Joint> = (0..n)
            .flat_map(|unit| switches.iter().map(move |&joint| (unit, joint)))
            .filter(|&(unit, _)| first.omega[unit] != 0.0)
            .map(|(unit, joint)| Joint { unit, x: (joint - first.beta[unit]) / first.omega[unit] })
            .collect();
        joints.sort_by(|a, b| a.x.total_cmp(&b.x));

        let mut pieces = Vec::new();
        let mut xs: Vec<f64>;
        if network.activation.is_piecewise_linear() {
            xs = [lo].into_iter().chain(joints.iter().map(|joint| joint.x).filter(|&x| lo < x && x < hi)).collect();
            xs.push(hi);
            xs.dedup();
            pieces.extend(xs.windows(2).map(|ends| piece(network, [ends[0], ends[1]])));
        } else {
            xs = (0..POINTS).map(|i| lo + i as f64 / (POINTS - 1) as f64 * (hi - lo)).collect();
        }
        let n_pieces = match stand_in(network).filter(|net| net == network) {
            Some(net) => LineRegions::compute(&net, &Bounds { lo: [lo], hi: [hi] }, POINTS)
                .expect("valid parameters are finite")
                .n_affine_pieces(),
            None => n_different(pieces.iter().map(|piece| [piece.intercept, piece.slope, 0.0])),
        };
        let of_unit =
            |unit: usize, x: f64| phi[unit] * network.activation.value(first.beta[unit] + first.omega[unit] * x);
        let units = (0..n).map(|unit| {
            if pieces.is_empty() {
                return xs.iter().map(|&x| [x, of_unit(unit, x)]).collect();
            }
            let ends = |piece: &Piece| {
                // From inside the piece, so that a jump has both its sides.
                let (slope, middle) = (piece.terms[unit], f64::midpoint(piece.ends[0], piece.ends[1]));
                piece.ends.map(|x| [x, of_unit(unit, middle) + slope * (x - middle)])
            };
            pieces.iter().flat_map(ends).collect()
        });
        let curve = if pieces.is_empty() {
            xs.iter().map(|&x| [x, network.output(&[x])[0]]).collect()
        } else {
            pieces.iter().flat_map(|piece| piece.ends.map(|x| [x, piece.intercept + piece.slope * x])).collect()
        };
        Self { units: units.collect(), joints, n_pieces, curve, pieces }
    }

    /// The function in view in parts, cut where it jumps.
    pub fn parts(&self) -> impl Iterator<Item = &[[f64; 2]]> {
        self.split(&self.curve)
    }

    /// A list of points in the order of x, cut where two of them stand above each other.
    pub fn split<'a>(&self, points: &'a [[f64; 2]]) -> impl Iterator<Item = &'a [[f64; 2]]> + use<'a> {
        points.chunk_by(|a, b| a[0] != b[0] || (a[1] - b[1]).abs() < 1e-9)
    }

    /// The piece at x where the gates make this pattern.
    pub fn piece_at(&self, x: f64, pattern: &str) -> Option<usize> {
        let holds = |piece: &Piece| piece.ends[0] <= x && x <= piece.ends[1];
        let find = |fits: &dyn Fn(&Piece) -> bool| self.pieces.iter().position(fits);
        find(&|piece| piece.pattern == pattern && holds(piece)).or_else(|| find(&holds))
    }

    /// Three pieces of which the first has just the units of the two others together, none of them in both: then its slope is the sum of theirs
    /// (UDL, problem 3.9). The intercept of a gate that is shut must be 0, so this speaks of ReLU.
    pub fn sum_of_slopes(&self) -> Option<[usize; 3]> {
        let on = |index: usize, unit: usize| self.pieces[index].pattern.as_bytes()[unit] == b'1';
        let n = self.pieces.len();
        let all = (0..n).flat_map(|whole| (0..n).flat_map(move |a| (a + 1..n).map(move |b| [whole, a, b])));
        let mut fitting = all.filter(|&[whole, a, b]| {
            whole != a
                && whole != b
                && (0..self.units.len())
                    .all(|unit| on(whole, unit) == (on(a, unit) != on(b, unit)) && !(on(a, unit) && on(b, unit)))
        });
        fitting.next()
    }
}

/// The piece between two neighbouring joints.
fn piece(network: &Network, ends: [f64; 2]) -> Piece {
    let middle = [f64::midpoint(ends[0], ends[1])];
    let collapse = network.collapse(&network.forward(&middle));
    let (first, phi) = (&network.layers[0], &network.layers[1].omega);
    Piece {
        ends,
        pattern: pattern(network, &middle),
        intercept: collapse.map.beta[0],
        slope: collapse.map.omega[0],
        terms: (0..first.n_outputs()).map(|d| collapse.slopes[0][d] * phi[d] * first.omega[d]).collect(),
    }
}
