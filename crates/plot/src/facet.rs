use serde::Serialize;

use crate::{Color, Frame, Paper, Stroke};

/// A scale of values cut into bands of one colour each.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bands {
    /// Where the first band begins.
    pub lo: f64,
    /// How wide each is; positive.
    pub step: f64,
    /// How many there are.
    pub count: usize,
}

impl Bands {
    /// Where a value stands on the scale; 0 and 1 are its ends.
    ///
    /// ```
    /// use piecewise_plot::Bands;
    /// assert_eq!(Bands { lo: -1.5, step: 1.0, count: 3 }.share(0.0), 0.5);
    /// ```
    pub fn share(&self, value: f64) -> f64 {
        (value - self.lo) / (self.step * self.count as f64)
    }
}

/// A convex polygon in data space on which a function is affine: its corners, and the value at each.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Facet {
    /// The corners in order.
    pub vertices: Vec<[f64; 2]>,
    /// The value at each corner.
    pub values: Vec<f64>,
}

/// How far a band is painted into the next one, which is painted later, in bands: so no seam shows between them.
const OVERLAP: f64 = 0.35;

/// How wide the outline of a band is in its own colour.
const GROWN_PX: f64 = 1.0;

impl Facet {
    /// Fills the polygon with bands of colour; `color` takes shares of the scale.
    pub fn fill(&self, paper: &mut Paper<'_>, frame: &Frame, bands: &Bands, color: &dyn Fn(f64) -> Color) {
        let (first, last) = self.bands(bands);
        for band in first..=last {
            let floor = if band == first { f64::NEG_INFINITY } else { bands.lo + band as f64 * bands.step };
            let ceiling =
                if band == last { f64::INFINITY } else { bands.lo + (band as f64 + 1.0 + OVERLAP) * bands.step };
            let part: Vec<_> =
                self.between(floor, ceiling).into_iter().map(|vertex| frame.screen_from_data(vertex)).collect();
            let shade = color((band as f64 + 0.5) / bands.count as f64);
            // Grown by its outline, it leaves no seam to its neighbours.
            paper.stroke_path(part.iter().chain(part.first()).copied(), &Stroke::solid(shade, GROWN_PX));
            paper.fill_polygon(part, shade);
        }
    }

    /// Draws a line wherever one band ends and the next begins.
    pub fn draw_edges(&self, paper: &mut Paper<'_>, frame: &Frame, bands: &Bands, line: &Stroke) {
        let (first, last) = self.bands(bands);
        for band in first..last {
            let level = bands.lo + (band as f64 + 1.0) * bands.step;
            if let [from, to] = self.crossings(level)[..] {
                paper.stroke_line(frame.screen_from_data(from), frame.screen_from_data(to), line);
            }
        }
    }

    /// The least and the greatest band in the polygon.
    fn bands(&self, bands: &Bands) -> (usize, usize) {
        let (least, most) =
            self.values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), &v| (lo.min(v), hi.max(v)));
        let band_of = |value: f64| ((value - bands.lo) / bands.step).clamp(0.0, bands.count as f64 - 1.0) as usize;
        (band_of(least), band_of(most))
    }

    /// The part on which the value is at least `floor` and at most `ceiling`.
    ///
    /// ```
    /// use piecewise_plot::Facet;
    /// let facet = Facet { vertices: vec![[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]], values: vec![0.0, 1.0, 1.0, 0.0] };
    /// assert_eq!(facet.between(0.5, 9.0), [[0.5, 0.0], [1.0, 0.0], [1.0, 1.0], [0.5, 1.0]]);
    /// ```
    pub fn between(&self, floor: f64, ceiling: f64) -> Vec<[f64; 2]> {
        let mut part = Vec::with_capacity(self.vertices.len() + 2);
        for i in 0..self.vertices.len() {
            let next = (i + 1) % self.vertices.len();
            let (a, b) = (self.values[i], self.values[next]);
            if a >= floor && a <= ceiling {
                part.push(self.vertices[i]);
            }
            for level in if a < b { [floor, ceiling] } else { [ceiling, floor] } {
                if (a < level && level < b) || (b < level && level < a) {
                    part.push(self.on_side(i, level));
                }
            }
        }
        part
    }

    /// The ends of the line on which the value is `level`, first the one where the way around the polygon goes down through it; empty when there is none.
    pub fn crossings(&self, level: f64) -> Vec<[f64; 2]> {
        let n = self.vertices.len();
        // Half-open, so that a corner which lies on the level counts once.
        let side = |rises: bool| {
            (0..n).find(|&i| {
                let (a, b) = (self.values[i], self.values[(i + 1) % n]);
                (a < level) != (b < level) && (a < b) == rises
            })
        };
        match (side(false), side(true)) {
            (Some(down), Some(up)) => vec![self.on_side(down, level), self.on_side(up, level)],
            _ => Vec::new(),
        }
    }

    fn on_side(&self, i: usize, level: f64) -> [f64; 2] {
        let next = (i + 1) % self.vertices.len();
        let (a, b) = (self.vertices[i], self.vertices[next]);
        let share = (level - self.values[i]) / (self.values[next] - self.values[i]);
        [0, 1].map(|axis| a[axis] + share * (b[axis] - a[axis]))
    }
}
