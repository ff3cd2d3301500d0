use core::f64::consts::TAU;

use nalgebra::DVector;

use crate::network::{Initialization, Layer};
use crate::{Rng, math};

/// A wedge of the plane with its tip at 0, less than half a turn wide, on which all units are linear.
#[derive(Clone, Debug)]
struct Wedge {
    /// Along its two edges.
    edges: [[f64; 2]; 2],
    /// What every unit is there: unit · x. Zero where its gate is shut.
    units: Vec<[f64; 2]>,
}

fn dot(a: [f64; 2], b: [f64; 2]) -> f64 {
    a[0] * b[0] + a[1] * b[1]
}

impl Wedge {
    /// The wedges into which a unit's zero line cuts this one.
    fn cut(self, unit: [f64; 2]) -> impl Iterator<Item = Self> {
        // An edge is where some unit is 0, up to rounding. Where only that unit is open, all units of the next layer are multiples of it, and
        // rounding must not open, along the edge, those that are negative inside. Wedges so thin are never missed in a share of networks.
        const THINNEST: f64 = 1e-9;
        let size = unit[0].abs().max(unit[1].abs());
        let [first, second] = self.edges.map(|edge| dot(unit, edge));
        let [first, second] = [first, second].map(|value| if value.abs() < THINNEST * size { 0.0 } else { value });
        let between = (first * second < 0.0).then(|| {
            let [a, b] = self.edges;
            let (s, t) = (second.abs(), first.abs());
            [a[0] * s + b[0] * t, a[1] * s + b[1] * t]
        });
        let [a, b] = self.edges;
        let parts = match between {
            None => [Some([a, b]), None],
            Some(middle) => {
                // Only directions count.
                let size = middle[0].abs().max(middle[1].abs());
                let middle = middle.map(|value| value / size);
                [Some([a, middle]), Some([middle, b])]
            }
        };
        parts.into_iter().flatten().map(move |edges| Self { edges, units: self.units.clone() })
    }

    /// Opens and shuts the gates of units that have one sign all over the wedge. `None` where all are shut.
    fn gated(mut self) -> Option<Self> {
        let inside = [self.edges[0][0] + self.edges[1][0], self.edges[0][1] + self.edges[1][1]];
        for unit in &mut self.units {
            if dot(*unit, inside) <= 0.0 {
                *unit = [0.0; 2];
            }
        }
        // The scale changes no sign, and left alone it would leave the range of numbers.
        let largest = self.units.iter().flatten().fold(0.0, |largest: f64, value| largest.max(value.abs()));
        self.units.iter_mut().flatten().for_each(|value| *value /= largest);
        (largest > 0.0).then_some(self)
    }
}

/// Whether something comes out of hidden layers without biases in this direction.
fn is_alive(layers: &[Layer], direction: [f64; 2]) -> bool {
    let mut h = DVector::from_column_slice(&direction);
    for layer in layers {
        h = layer.pre_activation(&h).map(|f| f.max(0.0));
        let largest = h.max();
        if largest <= 0.0 {
            return false;
        }
        // The scale changes no sign, and left alone it would leave the range of numbers.
        h /= largest;
    }
    true
}

/// Whether hidden layers without biases, which read x and y, are constant over the whole plane. Without biases every unit is linear on wedges
/// around 0, so that this is decided wedge by wedge and not by trying places.
fn are_constant(layers: &[Layer]) -> bool {
    // Most networks are alive almost everywhere: that is soon seen.
    const N_DIRECTIONS: usize = 32;
    let angles = (0..N_DIRECTIONS).map(|index| TAU * (index as f64 + 0.37) / N_DIRECTIONS as f64);
    if angles.into_iter().any(|angle| is_alive(layers, [math::cos(angle), math::sin(angle)])) {
        return false;
    }
    let axes = [[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0], [1.0, 0.0]];
    let coordinates = vec![[1.0, 0.0], [0.0, 1.0]];
    let mut wedges: Vec<Wedge> =
        axes.windows(2).map(|pair| Wedge { edges: [pair[0], pair[1]], units: coordinates.clone() }).collect();
    for layer in layers {
        let through = |wedge: Wedge| {
            let units: Vec<[f64; 2]> = (0..layer.n_outputs())
                .map(|row| {
                    let weights = layer.omega.row(row);
                    let sum = |axis: usize| weights.iter().zip(&wedge.units).map(|(w, h)| w * h[axis]).sum();
                    [sum(0), sum(1)]
                })
                .collect();
            let mut parts = vec![Wedge { edges: wedge.edges, units: units.clone() }];
            for unit in units {
                parts = parts.into_iter().flat_map(|part| part.cut(unit)).collect();
            }
            parts
        };
        wedges = wedges.into_iter().flat_map(through).filter_map(Wedge::gated).collect();
    }
    wedges.is_empty()
}

/// The share, among `n_networks` drawn from a seed, of networks of rectified linear units in x and y that are constant from birth: He's weights, biases
/// 0, `n_hidden_layers` layers of `width` units. The narrower and deeper, the likelier it is that some layer is dead everywhere; no training
/// by gradients brings it back, since none arrives below that layer, and above it there is only a constant to be learnt.
///
/// The standard error is √(p (1 − p) / n).
///
/// ```
/// use piecewise_core::field::share_born_constant;
/// // Wide networks are safe, narrow and deep ones are lost.
/// assert_eq!(share_born_constant(32, 2, 20, 0), 0.0);
/// assert!(share_born_constant(2, 32, 200, 0) > 0.95);
/// ```
pub fn share_born_constant(width: usize, n_hidden_layers: usize, n_networks: u32, seed: u64) -> f64 {
    let mut rng = Rng::from_seed(seed);
    let mut is_constant = || {
        let mut n_inputs = 2;
        let layers = (0..n_hidden_layers).map(|_| {
            let layer = Initialization::HE.layer(width, n_inputs, &mut rng);
            n_inputs = width;
            layer
        });
        are_constant(&layers.collect::<Vec<_>>())
    };
    let n_constant = (0..n_networks).filter(|_| is_constant()).count();
    n_constant as f64 / f64::from(n_networks.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn narrow_and_deep_networks_are_born_constant_as_often_as_was_counted() {
        // Counted elsewhere on 400 networks each; here on 2,000.
        for (width, depth, counted) in [
            (2, 2, 0.085),
            (2, 4, 0.44),
            (2, 8, 0.78),
            (3, 4, 0.095),
            (3, 16, 0.81),
            (4, 8, 0.195),
            (4, 32, 0.83),
            (5, 8, 0.058),
            (5, 32, 0.535),
            (8, 4, 0.0),
            (8, 32, 0.055),
        ] {
            let n = 1000;
            let share = share_born_constant(width, depth, n, 7);
            let variance = share * (1.0 - share) * (1.0 / 400.0 + 1.0 / f64::from(n));
            // Three and a half standard errors of the difference, and the last digit.
            assert!((share - counted).abs() < 3.5 * variance.sqrt() + 0.005, "{width} wide, {depth} deep: {share}");
        }
    }

    #[test]
    fn one_unit_a_layer_is_constant_unless_every_weight_is_positive() {
        // The first unit is always open somewhere; each one after it with probability ½.
        for depth in 1..5 {
            let share = share_born_constant(1, depth, 4000, 1);
            let expected = 1.0 - 0.5_f64.powi(depth as i32 - 1);
            assert!((share - expected).abs() < 0.03, "{depth}: {share}");
        }
    }
}
