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
    fn a_hinge_dragged_onto_its_pivot_stays() {
        assert_eq!(turned([0.0, 0.0, 1.0], [0.5, 0.5], [0.5, 0.5], true, 0.0), None);
    }
}
