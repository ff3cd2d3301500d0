//! What one meets on the way along a ray.

use piecewise_core::regions::{Bounds, LineRegions, Slice};
use serde::Serialize;

use super::{Params, Subject};

/// More pieces of a ray are not listed.
const MOST_STEPS: usize = 2_000;

/// The pieces of a ray, one for each region that it runs through.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ray {
    /// Where it begins.
    pub from: [f64; 2],
    /// Where it ends.
    pub to: [f64; 2],
    /// Its pieces in order.
    pub steps: Vec<RayStep>,
}

/// The piece of a ray in one region.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RayStep {
    /// The shares of the way, 0 to 1, between which it lies.
    pub t: [f64; 2],
    /// The gates of the region, as `101`.
    pub pattern: String,
    /// How fast the output rises along the ray, for each unit of length.
    pub slope: f64,
    /// The hidden unit that switches at its end, counted from 0 through all layers; nothing at the end of the ray.
    pub crossed: Option<usize>,
}

impl Ray {
    /// The ray of the parameters through a network; nothing when there is none.
    pub fn through(subject: &Subject, params: &Params) -> Option<Self> {
        let (from, to) = (params.ray_from, params.ray_to);
        let way = [to[0] - from[0], to[1] - from[1]];
        let slice = match &subject.slice {
            None => Slice { origin: from.to_vec(), directions: [way.to_vec()] },
            Some(plane) => {
                let point = |i: usize| plane.directions[0][i] * way[0] + plane.directions[1][i] * way[1];
                Slice { origin: plane.point(from), directions: [(0..plane.origin.len()).map(point).collect()] }
            }
        };
        let bounds = Bounds { lo: [0.0], hi: [1.0] };
        let regions = LineRegions::compute_on(&subject.network, &slice, &bounds, MOST_STEPS).ok()?;
        let length = f64::hypot(way[0], way[1]).max(f64::MIN_POSITIVE);
        let steps = regions.iter().map(|region| RayStep {
            t: region.ends(),
            pattern: region.pattern().to_string(),
            slope: region.affine(subject.output).slope[0] / length,
            crossed: region.sides()[1].hinge,
        });
        Some(Self { from, to, steps: steps.collect() })
    }

    /// The point at a share of the way.
    pub fn point(&self, t: f64) -> [f64; 2] {
        [0, 1].map(|i| self.from[i] + t * (self.to[i] - self.from[i]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn along_the_first_axis_of_figure_3_8_the_slopes_are_those_of_the_regions() {
        let params = Params { ray: true, ray_from: [-1.0, 0.0], ray_to: [1.0, 0.0], ..Params::default() };
        let ray = Ray::through(&Subject::of(&params), &params).expect("a ray");
        let patterns: Vec<&str> = ray.steps.iter().map(|step| step.pattern.as_str()).collect();
        // h₃ switches at x₁ = −1 itself, h₁ at −0.4, h₂ at a third.
        assert_eq!(patterns, ["001", "101", "111"]);
        let slopes: Vec<f64> = ray.steps.iter().map(|step| step.slope).collect();
        for (slope, expected) in slopes.iter().zip([-0.1, -0.6, 1.02]) {
            assert!((slope - expected).abs() < 1e-12, "{slopes:?}");
        }
        assert!((ray.steps[0].t[1] - 0.3).abs() < 1e-12 && (ray.steps[1].t[1] - 2.0 / 3.0).abs() < 1e-12);
        assert_eq!((ray.steps[0].crossed, ray.steps[1].crossed, ray.steps[2].crossed), (Some(0), Some(1), None));
    }
}
