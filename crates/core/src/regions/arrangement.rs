use std::collections::BTreeMap;

use num_bigint::{BigInt, Sign};

use super::{
    Pattern, RegionError,
    exact_integer::{ExactRow, Hyperplanes},
};
use crate::network::Network;

/// How the lines of a shallow network with two inputs lie in the whole plane, decided exactly. Units are counted from 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arrangement {
    /// Units whose weights are both 0: they have no line.
    pub dead: Vec<usize>,
    /// Groups of two or more units that share one line.
    pub coincident: Vec<Vec<usize>>,
    /// Groups of two or more different lines that are parallel; of units that share a line only the first is named.
    pub parallel: Vec<Vec<usize>>,
    /// Groups of three or more different lines through one point, each as large as possible.
    pub concurrent: Vec<Vec<usize>>,
    /// The regions of the whole plane.
    pub n_regions: u64,
}

impl Arrangement {
    /// The arrangement of the first layer's lines.
    ///
    /// ```
    /// use piecewise_core::network::{Activation, Network};
    /// use piecewise_core::regions::Arrangement;
    /// // x₁ = 0, x₂ = 0, x₁ = x₂: three lines through the origin.
    /// let theta = [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, -1.0]];
    /// let net = Network::shallow(&theta, 0.0, &[1.0; 3], Activation::Relu);
    /// let arrangement = Arrangement::of(&net)?;
    /// assert_eq!(arrangement.concurrent, [[0, 1, 2]]);
    /// assert_eq!(arrangement.n_regions, 6);
    /// # Ok::<(), piecewise_core::regions::RegionError>(())
    /// ```
    ///
    /// # Errors
    /// When the network does not read two numbers, is not piecewise linear, or holds weights that are not finite.
    pub fn of(network: &Network) -> Result<Self, RegionError> {
        super::check(network, None, &super::Bounds { lo: [0.0; 2], hi: [1.0; 2] })?;
        let Hyperplanes { dead, list: lines, coincident } = Hyperplanes::<3>::of(network);
        let mut arrangement = Self { dead, coincident, ..Self::default() };
        let mut by_direction: BTreeMap<[BigInt; 2], Vec<usize>> = BTreeMap::new();
        let mut by_point: BTreeMap<[BigInt; 3], Vec<usize>> = BTreeMap::new();
        for (index, (unit, line)) in lines.iter().enumerate() {
            by_direction.entry(direction(line)).or_default().push(*unit);
            for (other, earlier) in &lines[..index] {
                if let Some(point) = meeting_point(earlier, line) {
                    let units = by_point.entry(point).or_default();
                    for unit in [*other, *unit] {
                        if !units.contains(&unit) {
                            units.push(unit);
                        }
                    }
                }
            }
        }
        // Each line adds one region, and one more for every line that it crosses; lines through one point share their crossings:
        // of k lines there, k − 1 count instead of C(k, 2) (Zaslavsky, 1975).
        arrangement.n_regions =
            1 + lines.len() as u64 + by_point.values().map(|units| units.len() as u64 - 1).sum::<u64>();
        arrangement.parallel = by_direction.into_values().filter(|units| units.len() > 1).collect();
        arrangement.parallel.sort_unstable();
        arrangement.concurrent = by_point.into_values().filter(|units| units.len() > 2).collect();
        arrangement.concurrent.iter_mut().for_each(|units| units.sort_unstable());
        arrangement.concurrent.sort_unstable();
        Ok(arrangement)
    }

    /// How many regions of the whole plane are bounded.
    ///
    /// Far out only the ends of the lines are to be seen: two of each line, and one unbounded region between any two neighbours.
    pub fn n_bounded(&self, network: &Network) -> u64 {
        let extra: usize = self.coincident.iter().map(|units| units.len() - 1).sum();
        let n_lines = (network.layers[0].n_outputs() - self.dead.len() - extra) as u64;
        // Lines that are all parallel, or none at all, bound nothing.
        if n_lines + 1 == self.n_regions { 0 } else { self.n_regions - 2 * n_lines }
    }

    /// Whether the region of a shallow network with these gates is bounded in the whole plane, decided exactly.
    ///
    /// ```
    /// use piecewise_core::network::{Activation, Network};
    /// use piecewise_core::regions::{Arrangement, Pattern};
    /// // x₁ > 0, x₂ > 0, x₁ + x₂ > 1: the triangle is where the first two hold and the third does not.
    /// let theta = [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [-1.0, 1.0, 1.0]];
    /// let net = Network::shallow(&theta, 0.0, &[1.0; 3], Activation::Relu);
    /// assert!(Arrangement::is_bounded(&net, &Pattern::from_iter([true, true, false])));
    /// assert!(!Arrangement::is_bounded(&net, &Pattern::from_iter([true, true, true])));
    /// ```
    ///
    /// # Panics
    /// When there are not as many gates as units, or fewer than two inputs.
    pub fn is_bounded(network: &Network, pattern: &Pattern) -> bool {
        let layer = &network.layers[0];
        assert_eq!(pattern.len(), layer.n_outputs(), "one gate a unit");
        // The weights of each unit, turned so that the region lies where they point.
        let weights: Vec<[f64; 2]> = (0..pattern.len())
            .map(|unit| {
                let sign = if pattern.is_active(unit) { 1.0 } else { -1.0 };
                [sign * layer.omega[(unit, 0)], sign * layer.omega[(unit, 1)]]
            })
            .filter(|weights| *weights != [0.0, 0.0])
            .collect();
        // If the region goes on for ever in some direction, it does so along one of its lines, one way or the other.
        let for_ever = |along: [f64; 2]| weights.iter().all(|&side| turn(along, side) != Sign::Minus);
        let unbounded = weights.iter().any(|&[w1, w2]| for_ever([w1, w2]) || for_ever([-w1, -w2]));
        !(weights.is_empty() || unbounded)
    }
}

/// The sign of p_1 q_2 − p_2 q_1: in floating point where that is certain, else exactly.
fn turn(p: [f64; 2], q: [f64; 2]) -> Sign {
    let (plus, minus) = (p[0] * q[1], p[1] * q[0]);
    let turn = plus - minus;
    // Each of the three operations is off by half a unit in the last place at most; the last term is for underflow.
    if turn.abs() > 2.0 * f64::EPSILON * (plus.abs() + minus.abs()) + f64::MIN_POSITIVE {
        if turn > 0.0 { Sign::Plus } else { Sign::Minus }
    } else {
        ExactRow::of([0.0, p[0], p[1]]).turn_to(&ExactRow::of([0.0, q[0], q[1]]))
    }
}

/// The normal of a line, without common factors.
fn direction([_, w1, w2]: &[BigInt; 3]) -> [BigInt; 2] {
    let [_, w1, w2] = super::exact_integer::primitive([BigInt::ZERO, w1.clone(), w2.clone()]);
    [w1, w2]
}

/// The point of both lines in homogeneous coordinates without common factors; nothing when they are parallel.
fn meeting_point(p: &[BigInt; 3], q: &[BigInt; 3]) -> Option<[BigInt; 3]> {
    let minor = |i: usize, j: usize| &p[i] * &q[j] - &p[j] * &q[i];
    let denominator = minor(1, 2);
    (denominator != BigInt::ZERO).then(|| super::exact_integer::primitive([denominator, minor(2, 0), minor(0, 1)]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Activation;

    fn arrangement(theta: &[[f64; 3]]) -> Arrangement {
        let net = Network::shallow(theta, 0.0, &vec![1.0; theta.len()], Activation::Relu);
        Arrangement::of(&net).expect("finite")
    }

    #[test]
    fn lines_in_general_position_reach_zaslavskys_bound() {
        let found = arrangement(&[[0.2, 0.5, 0.5], [-0.3, 0.9, -0.1], [0.2, 0.2, -0.7]]);
        assert_eq!(found, Arrangement { n_regions: 7, ..Arrangement::default() });
    }

    #[test]
    fn only_the_triangle_of_three_lines_is_bounded() {
        // UDL, figure 3.8b.
        let theta = [[0.2, 0.5, 0.5], [-0.3, 0.9, -0.1], [0.2, 0.2, -0.7]];
        let net = Network::shallow(&theta, 0.0, &[1.0; 3], Activation::Relu);
        let patterns = ["000", "100", "001", "101", "110", "011", "111"];
        let gates = |pattern: &str| pattern.bytes().map(|gate| gate == b'1').collect::<Pattern>();
        let bounded = patterns.iter().filter(|pattern| Arrangement::is_bounded(&net, &gates(pattern)));
        assert_eq!(bounded.collect::<Vec<_>>(), [&"101"]);
        assert_eq!(Arrangement::of(&net).expect("finite").n_bounded(&net), 1);
    }

    #[test]
    fn a_strip_between_parallel_lines_is_unbounded_whatever_its_slope() {
        // Weights that are no short numbers, and the same ones three times as large: parallel up to rounding only.
        for (a, b) in [(0.1, 0.7), (1e-200, 3e-200), (0.3, -1e17)] {
            let net = Network::shallow(&[[1.0, a, b], [-1.0, a, b]], 0.0, &[1.0; 2], Activation::Relu);
            assert!(!Arrangement::is_bounded(&net, &Pattern::from_iter([true, false])), "{a}, {b}");
            assert_eq!(Arrangement::of(&net).expect("finite").n_bounded(&net), 0);
            // One unit in the last place makes a wedge of the strip: still open on one side, closed by a third line.
            let bent = [[1.0, a, b], [-1.0, a, b.next_up()], [1.0, -b, a]];
            let net = Network::shallow(&bent, 0.0, &[1.0; 3], Activation::Relu);
            let closed =
                [true, false].map(|gate| Arrangement::is_bounded(&net, &Pattern::from_iter([true, false, gate])));
            assert_eq!(closed.iter().filter(|&&bounded| bounded).count(), 1, "{a}, {b}");
        }
    }

    #[test]
    fn without_lines_the_plane_is_one_unbounded_region() {
        let net = Network::shallow(&[[1.0, 0.0, 0.0]], 0.0, &[1.0], Activation::Relu);
        assert!(!Arrangement::is_bounded(&net, &Pattern::from_iter([true])));
        assert_eq!(Arrangement::of(&net).expect("finite").n_bounded(&net), 0);
    }

    #[test]
    fn scaled_and_flipped_units_share_a_line() {
        let found = arrangement(&[[0.25, 1.0, 0.5], [-0.5, -2.0, -1.0], [1.0, 4.0, 2.0]]);
        assert_eq!((found.coincident, found.n_regions), (vec![vec![0, 1, 2]], 2));
    }

    #[test]
    fn parallel_lines_never_cross() {
        let found = arrangement(&[[0.5, 1.0, 0.5], [0.0, -1.0, -0.5], [-0.5, 3.0, 1.5], [0.0, 0.0, 1.0]]);
        assert_eq!((found.parallel, found.n_regions), (vec![vec![0, 1, 2]], 8));
    }

    #[test]
    fn tenths_that_seem_to_meet_do_not() {
        // 0.1 + 0.2 is not 0.3 in binary, so these three lines leave a sliver.
        let found = arrangement(&[[-0.1, 1.0, 0.0], [-0.2, 0.0, 1.0], [-0.3, 1.0, 1.0]]);
        assert_eq!((found.concurrent.len(), found.n_regions), (0, 7));
        let dyadic = arrangement(&[[-0.125, 1.0, 0.0], [-0.25, 0.0, 1.0], [-0.375, 1.0, 1.0]]);
        assert_eq!((dyadic.concurrent, dyadic.n_regions), (vec![vec![0, 1, 2]], 6));
    }

    #[test]
    fn a_unit_without_weights_has_no_line() {
        let found = arrangement(&[[1.0, 0.0, -0.0], [0.0, 1.0, 0.0]]);
        assert_eq!((found.dead, found.n_regions), (vec![0], 2));
    }
}
