use piecewise_core::{math, network::Network};
use piecewise_plot::Surface;
use serde::Serialize;

use super::{
    params::{LINE_VIEW, Model, Params},
    plane::grid_point,
    sampler::Sampler,
};

/// With two inputs they are sampled on a grid of so many points along each axis: what can be drawn anew in every frame of a drag.
const LENS_GRID: usize = 57;

/// With one input they are sampled at so many points.
const LENS_POINTS: usize = 401;

/// A second difference of three values up to 1 is off by a few units in their last place; below this it is 0.
const FLAT: f64 = 1e-12;

/// The second difference |f\[x+h\] − 2 f\[x\] + f\[x−h\]| all over the view, where h is the step from the probe. It is 0 where the function is straight
/// along the step.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Lens {
    /// The sampled second differences: row by row from the lower left corner, or from left to right.
    pub values: Vec<f64>,
    /// The largest of them.
    pub most: f64,
    /// The share of the samples in which it is 0 up to rounding.
    pub flat_share: f64,
}

impl Lens {
    /// Samples the second differences of a network.
    pub fn compute(params: &Params, network: &Network) -> Self {
        let mut sampler = Sampler::new(network);
        let [dx, dy] = params.step();
        let mut size = 1.0_f64;
        let mut second_difference = |near: &[f64], x: &[f64], far: &[f64]| {
            let [a, b, c] = [near, x, far].map(|x| sampler.value(x));
            size = size.max(b.abs());
            (a - 2.0 * b + c).abs()
        };
        let mut values: Vec<f64> = if params.model == Model::Line {
            line_points().map(|x| second_difference(&[x - dx], &[x], &[x + dx])).collect()
        } else {
            (0..LENS_GRID * LENS_GRID)
                .map(|index| {
                    let [x, y] = grid_point(index, LENS_GRID);
                    second_difference(&[x - dx, y - dy], &[x, y], &[x + dx, y + dy])
                })
                .collect()
        };
        let mut n_flat = 0_usize;
        for value in &mut values {
            if *value <= FLAT * size {
                *value = 0.0;
                n_flat += 1;
            }
        }
        let most = values.iter().copied().fold(0.0, f64::max);
        Self { most, flat_share: n_flat as f64 / values.len() as f64, values }
    }

    /// The upper end of its scale.
    pub fn scale(&self) -> f64 {
        if self.most > 0.0 { self.most } else { 1.0 }
    }

    /// The picture of it with two inputs. Shares are square roots, so that weak bends are seen beside strong ones.
    pub fn surface(&self) -> Surface {
        let most = self.scale();
        Surface { n: LENS_GRID, shares: self.values.iter().map(|value| math::sqrt(value / most)).collect() }
    }

    /// The curve of it with one input.
    pub fn curve(&self) -> Vec<[f64; 2]> {
        line_points().zip(&self.values).map(|(x, &value)| [x, value]).collect()
    }
}

/// Where second differences are sampled with one input.
fn line_points() -> impl Iterator<Item = f64> {
    let (lo, hi) = (LINE_VIEW.lo[0], LINE_VIEW.hi[0]);
    (0..LENS_POINTS).map(move |i| lo + i as f64 / (LENS_POINTS - 1) as f64 * (hi - lo))
}
