use crate::Frame;

impl Frame {
    /// The pieces of a path in data space that lie inside the frame, in CSS pixels.
    ///
    /// ```
    /// use piecewise_plot::Frame;
    /// let frame = Frame { data_lo: [0.0, 0.0], data_hi: [1.0, 1.0], corner_px: [0.0, 0.0], size_px: [100.0, 100.0] };
    /// let pieces = frame.clip_path(&[[0.5, 0.5], [0.5, 2.0], [0.75, 2.0], [0.75, 0.0]]);
    /// assert_eq!(pieces, [vec![[50.0, 50.0], [50.0, 0.0]], vec![[75.0, 0.0], [75.0, 100.0]]]);
    /// ```
    pub fn clip_path(&self, path: &[[f64; 2]]) -> Vec<Vec<[f64; 2]>> {
        let mut pieces: Vec<Vec<[f64; 2]>> = Vec::new();
        // Whether the last piece still goes on.
        let mut open = false;
        for pair in path.windows(2) {
            let Some((from, to)) = self.clip_segment(pair[0], pair[1]) else {
                open = false;
                continue;
            };
            let [begin, end] = [from, to].map(|share| {
                self.screen_from_data([0, 1].map(|axis| pair[0][axis] + share * (pair[1][axis] - pair[0][axis])))
            });
            match pieces.last_mut().filter(|_| open && from == 0.0) {
                Some(piece) => piece.push(end),
                None => pieces.push(vec![begin, end]),
            }
            open = to == 1.0;
        }
        pieces
    }

    /// The shares of the way from `a` to `b` between which it is inside (Liang and Barsky, 1984).
    fn clip_segment(&self, a: [f64; 2], b: [f64; 2]) -> Option<(f64, f64)> {
        if a.iter().chain(&b).any(|x| !x.is_finite()) {
            return None;
        }
        let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
        for axis in 0..2 {
            let way = b[axis] - a[axis];
            for (room, towards) in [(a[axis] - self.data_lo[axis], -way), (self.data_hi[axis] - a[axis], way)] {
                if towards == 0.0 {
                    if room < 0.0 {
                        return None;
                    }
                } else if towards < 0.0 {
                    enter = enter.max(room / towards);
                } else {
                    leave = leave.min(room / towards);
                }
            }
        }
        (enter <= leave).then_some((enter, leave))
    }

    /// The part of a polygon in data space that lies inside the frame, in CSS pixels; empty when none does. A polygon that is not
    /// convex may come back with parts joined along the edge of the frame, which fills the same (Sutherland and Hodgman, 1974).
    pub fn clip_polygon(&self, polygon: &[[f64; 2]]) -> Vec<[f64; 2]> {
        let mut vertices = polygon.to_vec();
        for axis in 0..2 {
            for (bound, sign) in [(self.data_lo[axis], 1.0), (self.data_hi[axis], -1.0)] {
                let inside = |point: [f64; 2]| sign * (point[axis] - bound);
                let previous = std::mem::take(&mut vertices);
                for (i, &here) in previous.iter().enumerate() {
                    let next = previous[(i + 1) % previous.len()];
                    let (a, b) = (inside(here), inside(next));
                    if a >= 0.0 {
                        vertices.push(here);
                    }
                    if (a > 0.0 && b < 0.0) || (a < 0.0 && b > 0.0) {
                        let share = a / (a - b);
                        vertices.push([0, 1].map(|i| here[i] + share * (next[i] - here[i])));
                    }
                }
            }
        }
        vertices.into_iter().map(|vertex| self.screen_from_data(vertex)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNIT: Frame =
        Frame { data_lo: [0.0, 0.0], data_hi: [1.0, 1.0], corner_px: [0.0, 0.0], size_px: [100.0, 100.0] };

    #[test]
    fn a_path_outside_leaves_nothing_and_one_that_is_no_number_neither() {
        assert!(UNIT.clip_path(&[[2.0, 0.0], [2.0, 1.0]]).is_empty());
        assert!(UNIT.clip_path(&[[f64::NAN, 0.0], [0.5, f64::INFINITY]]).is_empty());
    }

    #[test]
    fn a_triangle_that_sticks_out_is_cut_at_the_edge() {
        let clipped = UNIT.clip_polygon(&[[0.5, 0.5], [1.5, 0.5], [0.5, 1.0]]);
        assert_eq!(clipped, [[50.0, 50.0], [100.0, 50.0], [100.0, 25.0], [50.0, 0.0]]);
    }
}
