//! Moving a hinge: what a drag on the picture does to the parameters of a unit.

use super::{BIAS_LIMIT, WEIGHT_LIMIT};
use crate::aim;

/// The parameters θ_0, θ_1, θ_2 after the hinge was moved by `offset`, both in data space. `tolerance` is how far the hinge may
/// land from where it was put, for the sake of a simpler number.
pub fn translated(theta: [f64; 3], offset: [f64; 2], tolerance: f64) -> [f64; 3] {
    let [bias, w1, w2] = theta;
    let moved = bias - w1 * offset[0] - w2 * offset[1];
    [aim(moved, tolerance * f64::hypot(w1, w2)).clamp(-BIAS_LIMIT, BIAS_LIMIT), w1, w2]
}

/// The parameters after the hinge was turned around `pivot` so that it runs from there through `end`; the open side stays on the
/// same side, and the length of the weights stays as it is as long as their range allows.
///
/// `forward` says whether the way from `pivot` to `end` has the open side at its left. Nothing when the two points coincide.
pub fn turned(theta: [f64; 3], pivot: [f64; 2], end: [f64; 2], forward: bool, tolerance: f64) -> Option<[f64; 3]> {
    let [_, w1, w2] = theta;
    let length = f64::hypot(w1, w2);
    let reach = f64::hypot(end[0] - pivot[0], end[1] - pivot[1]);
    if length == 0.0 || reach < 1e-9 {
        return None;
    }
    let sign = if forward { 1.0 } else { -1.0 };
    let normal = [-(end[1] - pivot[1]) * sign / reach, (end[0] - pivot[0]) * sign / reach];
    // A turn by as much as the tolerance at the far end changes each weight by this much.
    let slack = tolerance * length / reach;
    let weights = normal.map(|n| aim(n * length, slack).clamp(-WEIGHT_LIMIT, WEIGHT_LIMIT));
    let bias = aim(-(weights[0] * pivot[0] + weights[1] * pivot[1]), tolerance * length);
    Some([bias.clamp(-BIAS_LIMIT, BIAS_LIMIT), weights[0], weights[1]])
}

/// The parameters after the hinge was turned counter-clockwise around the middle of its piece in view by `angle`, in radians.
pub fn turned_by(theta: [f64; 3], middle: [f64; 2], angle: f64) -> [f64; 3] {
    let [bias, w1, w2] = theta;
    let (cos, sin) = (piecewise_core::math::cos(angle), piecewise_core::math::sin(angle));
    let weights = [cos * w1 - sin * w2, sin * w1 + cos * w2].map(|w| aim(w, 0.0).clamp(-WEIGHT_LIMIT, WEIGHT_LIMIT));
    // The middle keeps the pre-activation that it had, which is 0 up to rounding.
    let kept = bias + w1 * middle[0] + w2 * middle[1];
    let bias = aim(kept - weights[0] * middle[0] - weights[1] * middle[1], 0.0);
    [bias.clamp(-BIAS_LIMIT, BIAS_LIMIT), weights[0], weights[1]]
}

/// How far the handle of φ_d stands from its hinge for each unit of φ_d, in data units.
const STEM: f64 = 0.18;

/// Where the handle of φ_d hangs on the hinge: away from its name and from the middle.
pub fn stem_foot(from: [f64; 2], to: [f64; 2]) -> [f64; 2] {
    [0, 1].map(|i| from[i] + 0.72 * (to[i] - from[i]))
}

/// Where the handle of φ_d stands: on the open side of the hinge when φ_d is positive, on the shut side when it is negative.
pub fn stem_tip(theta: [f64; 3], foot: [f64; 2], phi: f64) -> [f64; 2] {
    let [_, w1, w2] = theta;
    let length = f64::hypot(w1, w2);
    [foot[0] + STEM * phi * w1 / length, foot[1] + STEM * phi * w2 / length]
}

/// φ_d when its handle was put at `tip`.
pub fn phi_of_stem(theta: [f64; 3], foot: [f64; 2], tip: [f64; 2], tolerance: f64) -> f64 {
    let [_, w1, w2] = theta;
    let off = ((tip[0] - foot[0]) * w1 + (tip[1] - foot[1]) * w2) / f64::hypot(w1, w2);
    aim(off / STEM, tolerance / STEM).clamp(-WEIGHT_LIMIT, WEIGHT_LIMIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moved_hinge_goes_through_the_moved_point() {
        // x₁ = 0.25, moved right by a half.
        assert_eq!(translated([-0.25, 1.0, 0.0], [0.5, 0.3], 0.0), [-0.75, 1.0, 0.0]);
    }

    #[test]
    fn a_hinge_turned_by_a_right_angle_keeps_its_open_side_at_the_left() {
        // The hinge x₂ = 0, open above: its way runs from left to right.
        let turned = turned([0.0, 0.0, 1.0], [0.0, 0.0], [0.0, 1.0], true, 0.0).unwrap();
        // Upwards, open at the left: −x₁ > 0.
        assert_eq!(turned.map(|x| x + 0.0), [0.0, -1.0, 0.0]);
    }

    #[test]
    fn the_handle_of_phi_stands_where_its_number_says() {
        let (theta, foot) = ([0.25, 0.0, -0.5], [0.125, 0.5]);
        for phi in [-2.0, -0.75, 0.0, 1.5] {
            let tip = stem_tip(theta, foot, phi);
            assert_eq!(phi_of_stem(theta, foot, tip, 0.001), phi);
        }
        assert!(stem_tip(theta, foot, 1.0)[1] < 0.5, "the open side of −x₂ is below");
        assert_eq!(phi_of_stem(theta, foot, [0.0, -5.0], 0.0), WEIGHT_LIMIT);
    }

    #[test]
    fn a_hinge_dragged_onto_its_pivot_stays() {
        assert_eq!(turned([0.0, 0.0, 1.0], [0.5, 0.5], [0.5, 0.5], true, 0.0), None);
    }
}
