use piecewise_core::math;

use super::scene::{Solid, dot};

/// From where the cube is seen: a parallel projection, with the x_3 axis upright.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    right: [f64; 3],
    up: [f64; 3],
    towards: [f64; 3],
}

impl View {
    /// The view from this direction: degrees around the x_3 axis from the x_1 axis on, and degrees above the plane of x_1 and x_2.
    ///
    /// ```
    /// use piecewise_exhibits::polytopes::View;
    /// let from_x1 = View::of([0.0, 0.0]);
    /// assert_eq!(from_x1.project([5.0, 1.0, 2.0]), [1.0, 2.0]);
    /// assert_eq!(from_x1.depth([5.0, 1.0, 2.0]), 5.0);
    /// ```
    pub fn of(turn: [f64; 2]) -> Self {
        let [a, e] = turn.map(f64::to_radians);
        let (ca, sa, ce, se) = (math::cos(a), math::sin(a), math::cos(e), math::sin(e));
        Self { right: [-sa, ca, 0.0], up: [-se * ca, -se * sa, ce], towards: [ce * ca, ce * sa, se] }
    }

    /// Where a point is seen: to the right, and up.
    pub fn project(&self, x: [f64; 3]) -> [f64; 2] {
        [dot(self.right, x), dot(self.up, x)]
    }

    /// How near a point is to the viewer.
    pub fn depth(&self, x: [f64; 3]) -> f64 {
        dot(self.towards, x)
    }

    /// The coordinates of a direction to the right, up and towards the viewer.
    pub fn seen(&self, x: [f64; 3]) -> [f64; 3] {
        [dot(self.right, x), dot(self.up, x), dot(self.towards, x)]
    }
}

/// How much farther apart the cube's sides are seen when the cells are wholly apart.
const SPREAD: f64 = 0.65;

/// Where things in space stand on the paper, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stand {
    /// The view.
    pub view: View,
    /// Where the middle of the cube is.
    pub center_px: [f64; 2],
    /// How long an edge of length 1 is when it is seen from the side.
    pub px_per_data: f64,
    /// How far cells are moved away from the middle, as a multiple of where they are.
    pub explode: f64,
}

impl Stand {
    /// A cube that fills paper of this size however it is turned.
    pub fn new(size_px: [f64; 2], turn: [f64; 2], explode: f64, scale: f64) -> Self {
        let room = f64::min(size_px[0], size_px[1]) / 2.0 - 10.0 * scale;
        // The corners of the cube are √3 away from its middle, a little less as they are seen from most sides.
        let px_per_data = room.max(20.0) / (1.62 * (1.0 + SPREAD * explode));
        Self { view: View::of(turn), center_px: size_px.map(|px| px / 2.0), px_per_data, explode }
    }

    /// Where a point of a cell is seen.
    pub fn screen(&self, x: [f64; 3], centroid: [f64; 3]) -> [f64; 2] {
        self.at([0, 1, 2].map(|i| x[i] + self.explode * centroid[i]))
    }

    /// Where a point is seen that belongs to the whole cube rather than to a cell.
    pub fn around(&self, x: [f64; 3]) -> [f64; 2] {
        self.at(x.map(|x| x * self.stretch()))
    }

    /// By how much the cube as a whole is larger for its cells being apart.
    pub fn stretch(&self) -> f64 {
        1.0 + SPREAD * self.explode
    }

    fn at(&self, x: [f64; 3]) -> [f64; 2] {
        let [right, up] = self.view.project(x);
        [self.center_px[0] + self.px_per_data * right, self.center_px[1] - self.px_per_data * up]
    }

    /// By how much a point must move along a direction to follow the pointer by this many pixels. Where the direction points nearly at the
    /// viewer, it follows more slowly.
    pub fn along(&self, direction: [f64; 3], moved_px: [f64; 2]) -> f64 {
        let [right, up] = self.view.project(direction).map(|x| x * self.px_per_data * self.stretch());
        let least = 0.35 * self.px_per_data * self.stretch();
        (moved_px[0] * right - moved_px[1] * up) / (right * right + up * up).max(least * least)
    }

    /// The foremost cell at a point of the paper.
    pub fn cell_at(&self, solid: &Solid, at: [f64; 2]) -> Option<usize> {
        solid.back_to_front(&self.view).into_iter().rev().find(|&index| {
            let cell = &solid.cells[index];
            cell.faces.iter().filter(|face| self.view.depth(face.normal) > 0.0).any(|face| {
                let ring: Vec<[f64; 2]> =
                    face.vertices.iter().map(|&vertex| self.screen(vertex, cell.centroid)).collect();
                // Pixels grow downwards, so the ring runs clockwise there.
                (0..ring.len()).all(|i| {
                    let (a, b) = (ring[i], ring[(i + 1) % ring.len()]);
                    (b[0] - a[0]) * (at[1] - a[1]) <= (b[1] - a[1]) * (at[0] - a[0])
                })
            })
        })
    }
}
