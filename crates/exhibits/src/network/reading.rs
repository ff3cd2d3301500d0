//! The task to read a picture: from the output of a network alone, where do its hidden units switch?

use piecewise_core::network::{Activation, Layer, Network};
use piecewise_plot::Facet;

/// Where the three lines lie at first: θ_0, θ_1, θ_2 of each.
pub const FIRST_LINES: [[f64; 3]; 3] = [[0.75, 0.0, 1.0], [0.0, 0.0, 1.0], [-0.75, 0.0, 1.0]];

/// How near a line must come to a hinge everywhere in view.
pub const NEAR: f64 = 0.06;

/// The corners of the view.
pub const SQUARE: [[f64; 2]; 4] = [[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]];

/// The piece of θ_0 + θ_1 x_1 + θ_2 x_2 = 0 in view. The positive side lies at the left of the way from its first end to its second.
pub fn segment([bias, w1, w2]: [f64; 3]) -> Option<[[f64; 2]; 2]> {
    let values = SQUARE.iter().map(|x| bias + w1 * x[0] + w2 * x[1]).collect();
    Facet { vertices: SQUARE.to_vec(), values }.crossings(0.0).try_into().ok()
}

/// The weights of hidden unit `d` of a shallow network with two inputs.
fn theta(net: &Network, d: usize) -> [f64; 3] {
    let layer = &net.layers[0];
    [layer.beta[d], layer.omega[(d, 0)], layer.omega[(d, 1)]]
}

fn length([from, to]: [[f64; 2]; 2]) -> f64 {
    f64::hypot(to[0] - from[0], to[1] - from[1])
}

/// A network of three units whose hinges all run through the middle of the view, well apart in direction, and bend the output clearly.
pub fn hidden_network(seed: u64) -> Network {
    let mut rng = piecewise_core::Rng::from_seed(seed ^ 0x5EED);
    let turn = rng.uniform();
    let angle_of = |d: f64, jitter: f64| core::f64::consts::TAU * (turn + d / 6.0 + jitter);
    let mut hidden = Layer::zeros(3, 2);
    let mut output = Layer::zeros(1, 3);
    let eighths = |x: f64| (8.0 * x).round() / 8.0;
    for d in 0..3 {
        // Directions a sixth of a turn apart, each open to either side.
        let open = if rng.uniform() < 0.5 { 0.5 } else { 0.0 };
        let angle = angle_of(d as f64, rng.uniform_in(-0.05, 0.05) + open);
        hidden.omega[(d, 0)] = eighths(piecewise_core::math::cos(angle));
        hidden.omega[(d, 1)] = eighths(piecewise_core::math::sin(angle));
        hidden.beta[d] = eighths(rng.uniform_in(-0.5, 0.5));
        output.omega[(0, d)] = eighths(rng.uniform_in(0.75, 1.5)) * if rng.uniform() < 0.5 { -1.0 } else { 1.0 };
    }
    output.beta[0] = eighths(rng.uniform_in(-0.5, 0.5));
    Network { layers: vec![hidden, output], activation: Activation::Relu }
}

/// Which unit's hinge each line lies on; no two lines on the same.
pub fn found(net: &Network, lines: &[[f64; 3]]) -> Vec<Option<usize>> {
    let mut taken = [false; 3];
    lines
        .iter()
        .map(|&line| {
            let reach = f64::hypot(line[1], line[2]);
            let unit = (0..3).find(|&d| {
                let hinge = segment(theta(net, d)).filter(|hinge| length(*hinge) > 0.0);
                let near = |x: [f64; 2]| (line[0] + line[1] * x[0] + line[2] * x[1]).abs() <= NEAR * reach;
                !taken[d] && reach > 0.0 && hinge.is_some_and(|ends| ends.into_iter().all(near))
            })?;
            taken[unit] = true;
            Some(unit)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_hidden_network_has_three_long_hinges_that_bend_its_output() {
        for seed in 0..200 {
            let net = hidden_network(seed);
            for d in 0..3 {
                let hinge = segment(theta(&net, d)).unwrap_or_else(|| panic!("seed {seed}: unit {d} is in view"));
                assert!(length(hinge) > 0.8, "seed {seed}: {hinge:?}");
                assert!(net.layers[1].omega[(0, d)].abs() >= 0.75);
            }
            // Put exactly on them, whatever their order and their scale, all are found.
            let lines = [2, 0, 1].map(|d| theta(&net, d).map(|x| -2.0 * x));
            assert_eq!(found(&net, &lines), [Some(2), Some(0), Some(1)]);
        }
    }

    #[test]
    fn a_line_beside_a_hinge_is_not_on_it_and_two_lines_do_not_share_one() {
        let net = hidden_network(1);
        let on = theta(&net, 0);
        let beside = [on[0] + 0.1 * f64::hypot(on[1], on[2]), on[1], on[2]];
        assert_eq!(found(&net, &[on, on, beside]), [Some(0), None, None]);
    }

    #[test]
    fn the_positive_side_lies_at_the_left_of_a_line() {
        // x₂ > 0: from left to right.
        assert_eq!(segment([0.0, 0.0, 1.0]), Some([[-1.0, 0.0], [1.0, 0.0]]));
        assert_eq!(segment([0.0, 0.0, -1.0]), Some([[1.0, 0.0], [-1.0, 0.0]]));
        assert_eq!(segment([3.0, 1.0, 1.0]), None);
    }
}
