use serde::Serialize;

use crate::{Color, Frame, Paper, Stroke};

/// A function of two variables on a grid of points that covers a frame, in shares of its colour scale.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Surface {
    /// How many points lie along each axis, at least 2.
    pub n: usize,
    /// The shares, 0 to 1, row by row from the lower left corner on; n² of them.
    pub shares: Vec<f64>,
}

/// How many colours the scale is cut into.
const BANDS: usize = 18;

impl Surface {
    /// Fills the frame with bands of colour whose edges are interpolated between the points of the grid, and draws a line at
    /// every other edge.
    pub fn draw(&self, paper: &mut Paper<'_>, frame: &Frame, color: impl Fn(f64) -> Color, line: &Stroke) {
        self.draw_bands(paper, frame, BANDS, 2, &color, line);
    }

    /// Like [`Surface::draw`], with the scale cut into `n_bands` and a line at every `lines_every`th edge between them.
    pub fn draw_bands(
        &self,
        paper: &mut Paper<'_>,
        frame: &Frame,
        n_bands: usize,
        lines_every: usize,
        color: &dyn Fn(f64) -> Color,
        line: &Stroke,
    ) {
        let band_color = |band: usize| color((band as f64 + 0.5) / n_bands as f64);
        for row in 0..self.n - 1 {
            let mut column = 0;
            while column < self.n - 1 {
                let cell = self.cell(row, column);
                let (low, high) = cell.bands(n_bands);
                if low == high {
                    // A run of cells of one colour is one rectangle.
                    let from = column;
                    while column < self.n - 1 && self.cell(row, column).bands(n_bands) == (low, low) {
                        column += 1;
                    }
                    let (a, b) = (self.at(frame, row, from), self.at(frame, row + 1, column));
                    paper.fill_rect([a[0], a[1]], [b[0] + OVERLAP_PX, b[1] - OVERLAP_PX], band_color(low));
                    continue;
                }
                let corners = self.corners(frame, row, column);
                let (a, b) = (corners[0], corners[2]);
                paper.fill_rect([a[0], a[1]], [b[0] + OVERLAP_PX, b[1] - OVERLAP_PX], band_color(low));
                for band in low + 1..=high {
                    let level = band as f64 / n_bands as f64;
                    paper.fill_polygon(cell.above(&corners, level).0, band_color(band));
                }
                column += 1;
            }
        }
        for [from, to] in self.edges(frame, n_bands, lines_every) {
            paper.stroke_line(from, to, line);
        }
    }

    /// The lines at every other edge of a band, in CSS pixels, piece by piece.
    pub fn contours(&self, frame: &Frame) -> Vec<[[f64; 2]; 2]> {
        self.edges(frame, BANDS, 2)
    }

    /// The lines at every `every`th edge between bands.
    fn edges(&self, frame: &Frame, n_bands: usize, every: usize) -> Vec<[[f64; 2]; 2]> {
        let mut lines = Vec::new();
        for row in 0..self.n - 1 {
            for column in 0..self.n - 1 {
                let cell = self.cell(row, column);
                let (low, high) = cell.bands(n_bands);
                let corners = self.corners(frame, row, column);
                let levels = (low + 1..=high).filter(|band| band % every == 0).map(|band| band as f64 / n_bands as f64);
                lines.extend(levels.filter_map(|level| cell.above(&corners, level).1));
            }
        }
        lines
    }

    /// The corners of a cell, counter-clockwise from the lower left.
    fn corners(&self, frame: &Frame, row: usize, column: usize) -> [[f64; 2]; 4] {
        [(0, 0), (0, 1), (1, 1), (1, 0)].map(|(up, right)| self.at(frame, row + up, column + right))
    }

    fn at(&self, frame: &Frame, row: usize, column: usize) -> [f64; 2] {
        let share = |index: usize| index as f64 / (self.n - 1) as f64;
        [
            frame.corner_px[0] + share(column) * frame.size_px[0],
            frame.corner_px[1] + (1.0 - share(row)) * frame.size_px[1],
        ]
    }

    fn cell(&self, row: usize, column: usize) -> Cell {
        Cell([(0, 0), (0, 1), (1, 1), (1, 0)].map(|(up, right)| self.shares[(row + up) * self.n + column + right]))
    }
}

/// By how much a cell is painted into the ones above and at its right, which are painted later: so no seam shows.
const OVERLAP_PX: f64 = 0.75;

/// The shares at the corners of one cell of the grid, counter-clockwise from the lower left.
struct Cell([f64; 4]);

impl Cell {
    /// The least and the greatest band in the cell.
    fn bands(&self, n_bands: usize) -> (usize, usize) {
        let band = |share: f64| ((share * n_bands as f64) as usize).min(n_bands - 1);
        let [a, b, c, d] = self.0;
        (band(a.min(b).min(c).min(d)), band(a.max(b).max(c).max(d)))
    }

    /// The part of the cell above a level, and the line at which it begins.
    fn above(&self, corners: &[[f64; 2]; 4], level: f64) -> (Vec<[f64; 2]>, Option<[[f64; 2]; 2]>) {
        let mut part = Vec::with_capacity(6);
        let mut crossings = Vec::with_capacity(4);
        for i in 0..4 {
            let next = (i + 1) % 4;
            let (a, b) = (self.0[i], self.0[next]);
            if a >= level {
                part.push(corners[i]);
            }
            if (a >= level) != (b >= level) {
                let share = (level - a) / (b - a);
                let at = [0, 1].map(|axis| corners[i][axis] + share * (corners[next][axis] - corners[i][axis]));
                part.push(at);
                crossings.push(at);
            }
        }
        let edge = if let [from, to] = crossings[..] { Some([from, to]) } else { None };
        (part, edge)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edge_of_a_band_is_interpolated_between_the_corners() {
        let cell = Cell([0.0, 1.0, 1.0, 0.0]);
        let corners = [[0.0, 8.0], [8.0, 8.0], [8.0, 0.0], [0.0, 0.0]];
        let (part, edge) = cell.above(&corners, 0.25);
        assert_eq!(edge, Some([[2.0, 8.0], [2.0, 0.0]]));
        assert_eq!(part, [[2.0, 8.0], [8.0, 8.0], [8.0, 0.0], [2.0, 0.0]]);
        assert_eq!(cell.bands(BANDS), (0, BANDS - 1));
    }
}
