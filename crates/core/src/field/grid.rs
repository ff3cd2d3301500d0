use core::ops::Range;

use serde::{Deserialize, Serialize};

use super::{Image, N_CHANNELS};

/// Entry `index` of `n` numbers from `lo` to `hi` in equal steps, both ends included; the middle where there is only one.
///
/// ```
/// use piecewise_core::field::linspace;
/// assert_eq!([0, 1, 2].map(|index| linspace([-1.0, 1.0], 3, index)), [-1.0, 0.0, 1.0]);
/// ```
pub fn linspace([lo, hi]: [f64; 2], n: usize, index: usize) -> f64 {
    let t = if n > 1 { index as f64 / (n - 1) as f64 } else { 0.5 };
    lo + (hi - lo) * t
}

/// Which coordinates belong to which pixel of a picture. Both axes run from −1 to 1, and the centres of the first and of the last pixel are
/// the ends, so that neighbouring pixels are 2 / (n − 1) apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grid {
    /// x of the column and y of the row, which grows downwards.
    #[default]
    Aligned,
    /// As the homework stacks them: `meshgrid(y, x)` in NumPy's order, taken as it comes, a list of w rows with h entries each. Pixel p is
    /// given entry p mod h of one axis and row p div h of the other. On a square picture that comes to the same; on any other, pixels no
    /// longer belong to their coordinates, and the picture comes out torn.
    Stacked,
}

impl Grid {
    /// The coordinates of pixel `index`, counted row by row from the top left.
    pub fn coordinates(self, width: usize, height: usize, index: usize) -> [f32; 2] {
        let at = |n: usize, index: usize| linspace([-1.0, 1.0], n, index) as f32;
        match self {
            Self::Aligned => [at(width, index % width), at(height, index / width)],
            Self::Stacked => [at(height, index % height), at(width, index / height)],
        }
    }
}

/// A picture as a list of examples: coordinates and colours.
#[derive(Clone, Debug, PartialEq)]
pub struct Samples {
    coordinates: Vec<[f32; 2]>,
    colours: Vec<[f32; N_CHANNELS]>,
}

impl Samples {
    /// The pixels of a picture, row by row.
    pub fn new(image: &Image, grid: Grid) -> Self {
        let coordinates = |index| grid.coordinates(image.width(), image.height(), index);
        Self { coordinates: (0..image.pixels().len()).map(coordinates).collect(), colours: image.pixels().to_vec() }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.colours.len()
    }

    /// Whether there are none; a picture has at least one.
    pub fn is_empty(&self) -> bool {
        self.colours.is_empty()
    }

    /// The coordinates (x, y) of each.
    pub fn coordinates(&self) -> &[[f32; 2]] {
        &self.coordinates
    }

    /// The colour of each.
    pub fn colours(&self) -> &[[f32; N_CHANNELS]] {
        &self.colours
    }
}

/// Where a field is looked at: on any grid, finer than the picture it learnt (super-resolution) or beyond its edges (extrapolation).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// From the first column to the last.
    pub x: [f64; 2],
    /// From the first row to the last.
    pub y: [f64; 2],
    /// How many columns there are.
    pub width: usize,
    /// How many rows there are.
    pub height: usize,
}

impl Window {
    /// The most pixels: 2048 × 2048.
    pub const MOST_PIXELS: usize = 1 << 22;

    /// The whole picture, on a grid of this size.
    pub fn of_picture(width: usize, height: usize) -> Self {
        Self { x: [-1.0, 1.0], y: [-1.0, 1.0], width, height }
    }

    /// The picture and as much around it as `factor` says, on a grid of this size.
    pub fn around_picture(factor: f64, width: usize, height: usize) -> Self {
        Self { x: [-factor, factor], y: [-factor, factor], width, height }
    }

    /// Brings every number into its range: at least one pixel and at most [`Window::MOST_PIXELS`], ends finite and within ±1000.
    pub fn make_valid(&mut self) {
        let within = |end: f64| if end.is_finite() { end.clamp(-1000.0, 1000.0) } else { 0.0 };
        (self.x, self.y) = (self.x.map(within), self.y.map(within));
        self.width = self.width.clamp(1, Self::MOST_PIXELS);
        self.height = self.height.clamp(1, Self::MOST_PIXELS / self.width);
    }

    /// How many pixels there are.
    pub fn n_pixels(&self) -> usize {
        self.width * self.height
    }

    /// The coordinates of pixel `index`, counted row by row.
    pub fn coordinates(&self, index: usize) -> [f32; 2] {
        let (column, row) = (index % self.width, index / self.width);
        [linspace(self.x, self.width, column) as f32, linspace(self.y, self.height, row) as f32]
    }

    /// Writes the coordinates of a run of pixels.
    pub(super) fn write_coordinates(&self, pixels: Range<usize>, to: &mut [[f32; 2]]) {
        for (index, to) in pixels.zip(to) {
            *to = self.coordinates(index);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_centres_of_the_outermost_pixels_are_the_ends() {
        let grid = |index| Grid::Aligned.coordinates(3, 2, index);
        assert_eq!([0, 2, 3, 5].map(grid), [[-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0], [1.0, 1.0]]);
        assert_eq!(Grid::Aligned.coordinates(1, 1, 0), [0.0, 0.0]);
    }

    #[test]
    fn stacked_coordinates_do_no_harm_to_squares_and_tear_anything_else() {
        let n_wrong = |width: usize, height: usize| {
            let at = |grid: Grid, index| grid.coordinates(width, height, index);
            (0..width * height).filter(|&index| at(Grid::Stacked, index) != at(Grid::Aligned, index)).count()
        };
        assert_eq!(n_wrong(5, 5), 0);
        assert!(n_wrong(6, 4) > 12);
    }
}
