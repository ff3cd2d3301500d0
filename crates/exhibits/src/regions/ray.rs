//! What one meets on the way along a ray.

use serde::Serialize;

use super::RegionShape;

/// Two ends nearer to each other than this, as shares of the way, are one: the ray runs through a corner.
const NO_WAY: f64 = 1e-9;

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

impl RegionShape {
    /// Between which shares of the way from one point to another it lies; the first is larger where the way misses it.
    fn shares(&self, from: [f64; 2], to: [f64; 2]) -> [f64; 2] {
        let [mut first, mut last] = [0.0_f64, 1.0_f64];
        for (i, &a) in self.vertices.iter().enumerate() {
            let b = self.vertices[(i + 1) % self.vertices.len()];
            // How far inside of this side the way begins and ends.
            let inside = |x: [f64; 2]| (b[0] - a[0]) * (x[1] - a[1]) - (b[1] - a[1]) * (x[0] - a[0]);
            let (begin, end) = (inside(from), inside(to));
            let crossing = begin / (begin - end);
            match (begin >= 0.0, end >= 0.0) {
                (true, true) => {}
                (true, false) => last = last.min(crossing),
                (false, true) => first = first.max(crossing),
                (false, false) => return [1.0, 0.0],
            }
        }
        [first, last]
    }
}

impl Ray {
    /// The ray between two points through the regions in view; it ends where the view ends.
    pub fn through(regions: &[RegionShape], from: [f64; 2], to: [f64; 2]) -> Self {
        let way = [to[0] - from[0], to[1] - from[1]];
        let length = f64::hypot(way[0], way[1]).max(f64::MIN_POSITIVE);
        let piece = |region: &RegionShape| {
            let [first, last] = region.shares(from, to);
            (last - first > NO_WAY).then(|| RayStep {
                t: [first, last],
                pattern: region.pattern.clone(),
                slope: (region.slope[0] * way[0] + region.slope[1] * way[1]) / length,
                crossed: None,
            })
        };
        let mut steps: Vec<RayStep> = regions.iter().filter_map(piece).collect();
        steps.sort_by(|a, b| a.t[0].total_cmp(&b.t[0]));
        // Where the ray runs along a line, one of its two sides is enough.
        steps.dedup_by(|later, earlier| later.t[0] < earlier.t[1] - NO_WAY);
        for i in 1..steps.len() {
            let pairs = steps[i - 1].pattern.bytes().zip(steps[i].pattern.bytes());
            steps[i - 1].crossed = pairs.enumerate().find(|(_, (before, after))| before != after).map(|(unit, _)| unit);
        }
        Self { from, to, steps }
    }

    /// The point at a share of the way.
    pub fn point(&self, t: f64) -> [f64; 2] {
        [0, 1].map(|i| self.from[i] + t * (self.to[i] - self.from[i]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::regions::{Params, compute};

    #[test]
    fn along_the_first_axis_of_figure_3_8_the_slopes_are_those_of_the_regions() {
        let regions = compute(&Params::default()).regions;
        let ray = Ray::through(&regions, [-1.0, 0.0], [1.0, 0.0]);
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

    #[test]
    fn a_ray_along_a_line_keeps_to_one_side_of_it() {
        // The line of h₁ is x₂ = −0.375; the two others cross it.
        let params = <Params as crate::Params>::from_start("seven").expect("a start");
        let ray = Ray::through(&compute(&params).regions, [-1.0, -0.375], [1.0, -0.375]);
        assert_eq!(ray.steps.len(), 3);
        assert!(ray.steps.windows(2).all(|pair| (pair[0].t[1] - pair[1].t[0]).abs() < 1e-9), "{:?}", ray.steps);
    }
}
