use serde::{Deserialize, Serialize};

use super::{Image, ImageError, N_CHANNELS};
use crate::math;

/// Pictures that are drawn from formulas.
///
/// Places are fractions of the width and of the height from the top left, and a pixel takes the colour at its centre.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Picture {
    /// Three rectangles, purple, orange and green, on a yellow ground: the picture of the lecture's slide 7, not easy for a network.
    Rectangles,
    /// Black and white squares, the top left one white.
    Checkerboard {
        /// How many squares there are along each side, at least 1.
        n_squares: u32,
    },
    /// A white disc in the middle of a black ground.
    Disc {
        /// In halves of the shorter side: 1 touches the edges.
        radius: f64,
    },
    /// From black on the left to white on the right.
    Gradient,
    /// The same with one edge: from the middle on, the grey jumps back to black and rises anew.
    Sawtooth,
    /// Black and white spokes that meet in the middle, where they become as fine as pixels.
    SiemensStar {
        /// How many white spokes there are, at least 1.
        n_spokes: u32,
    },
    /// A wave from black to white and back: one frequency alone.
    Grating {
        /// Periods across the width.
        frequency: f64,
        /// By how many degrees it is turned: at 0 its stripes stand upright, at 90 they lie.
        degrees: f64,
    },
}

/// A rectangle of slide 7: left, right, top, bottom, colour.
const RECTANGLES: [([f64; 4], [u8; N_CHANNELS]); 3] = [
    ([0.167, 0.426, 0.336, 0.667], [73, 45, 164]),
    ([0.605, 0.696, 0.290, 0.388], [255, 88, 23]),
    ([0.512, 0.653, 0.540, 0.680], [121, 169, 67]),
];

/// The ground of slide 7.
const GROUND: [u8; N_CHANNELS] = [254, 250, 80];

impl Picture {
    /// Draws it.
    ///
    /// # Errors
    /// When the size is out of bounds.
    pub fn draw(self, width: usize, height: usize) -> Result<Image, ImageError> {
        Image::from_fn(width, height, |column, row| {
            let at = [(column as f64 + 0.5) / width as f64, (row as f64 + 0.5) / height as f64];
            // From the middle, in halves of the shorter side.
            let unit = 0.5 * width.min(height) as f64;
            let from_middle = [(at[0] - 0.5) * width as f64 / unit, (at[1] - 0.5) * height as f64 / unit];
            self.colour(at, from_middle)
        })
    }

    fn colour(self, [x, y]: [f64; 2], [dx, dy]: [f64; 2]) -> [f32; N_CHANNELS] {
        let grey = |value: f64| [value as f32; N_CHANNELS];
        let white = |is_white: bool| grey(f64::from(u8::from(is_white)));
        match self {
            Self::Rectangles => {
                let inside = |[left, right, top, bottom]: [f64; 4]| left <= x && x < right && top <= y && y < bottom;
                let found = RECTANGLES.into_iter().find(|(sides, _)| inside(*sides));
                found.map_or(GROUND, |(_, colour)| colour).map(|byte| f32::from(byte) / 255.0)
            }
            Self::Checkerboard { n_squares } => {
                let square = |t: f64| (t * f64::from(n_squares.max(1))) as u64;
                white((square(x) + square(y)).is_multiple_of(2))
            }
            Self::Disc { radius } => white(dx * dx + dy * dy < radius * radius),
            Self::Gradient => grey(x),
            Self::Sawtooth => grey(if x < 0.5 { 2.0 * x } else { 2.0 * x - 1.0 }),
            Self::SiemensStar { n_spokes } => {
                let turn = math::atan2(dy, dx) * f64::from(n_spokes.max(1));
                white(math::sin(turn) >= 0.0)
            }
            Self::Grating { frequency, degrees } => {
                let angle = degrees.to_radians();
                let along = (x - 0.5) * math::cos(angle) + (y - 0.5) * math::sin(angle);
                grey(0.5 + 0.5 * math::sin(core::f64::consts::TAU * frequency * along))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Psnr;

    #[test]
    fn the_best_constant_for_the_picture_of_slide_7_is_its_mean_colour() {
        let image = Picture::Rectangles.draw(64, 64).expect("a size");
        let mean = image.mean();
        for (value, expected) in mean.into_iter().zip([0.9276, 0.9026, 0.3378]) {
            assert!((value - expected).abs() < 5e-5, "{mean:?}");
        }
        let mean_square = image.mean_square_from(mean);
        assert!((Psnr::Standard.decibels(mean_square) - 14.63).abs() < 0.005);
        assert!((Psnr::Homework.decibels(mean_square) - 11.62).abs() < 0.005);
        let scalar = mean.iter().sum::<f64>() / 3.0;
        assert!((scalar - 0.7226).abs() < 5e-5, "{scalar}");
        let mean_square = image.mean_square_from([scalar; 3]);
        assert!((Psnr::Standard.decibels(mean_square) - 9.64).abs() < 0.005);
        assert!((Psnr::Homework.decibels(mean_square) - 6.63).abs() < 0.005);
        // Any other colour is worse.
        for nudge in [-0.01, 0.01] {
            assert!(image.mean_square_from(mean.map(|value| value + nudge)) > image.mean_square_from(mean));
        }
    }

    #[test]
    fn pictures_are_what_their_formulas_say() {
        let draw = |picture: Picture| picture.draw(64, 64).expect("a size");
        // Half of a checkerboard is white, a disc covers π/4 r² of a square, half of a star is white.
        assert_eq!(draw(Picture::Checkerboard { n_squares: 8 }).mean(), [0.5; 3]);
        let disc = draw(Picture::Disc { radius: 0.8 }).mean()[0];
        assert!((disc - 0.64 * core::f64::consts::FRAC_PI_4).abs() < 0.01, "{disc}");
        let star = draw(Picture::SiemensStar { n_spokes: 12 }).mean()[0];
        assert!((star - 0.5).abs() < 0.02, "{star}");
        assert_eq!(draw(Picture::Gradient).mean(), [0.5; 3]);
        assert_eq!(draw(Picture::Sawtooth).mean(), [0.5; 3]);
        // A whole number of periods has mean 1/2, and a row of a lying grating is one grey.
        let lying = draw(Picture::Grating { frequency: 4.0, degrees: 90.0 });
        assert!((lying.mean()[0] - 0.5).abs() < 1e-6);
        let row = &lying.pixels()[..64];
        assert!(row.iter().all(|colour| (colour[0] - row[0][0]).abs() < 1e-6));
        // Neighbouring squares of one pixel each.
        let finest = Picture::Checkerboard { n_squares: 2 }.draw(2, 2).expect("a size");
        assert_eq!(finest.pixels().iter().map(|colour| colour[0]).collect::<Vec<_>>(), [1.0, 0.0, 0.0, 1.0]);
    }

    #[test]
    fn no_parameter_breaks_a_picture() {
        for value in [f64::NAN, f64::INFINITY, -1e300, 0.0] {
            Picture::Disc { radius: value }.draw(3, 5).expect("a size");
            Picture::Grating { frequency: value, degrees: value }.draw(3, 5).expect("a size");
        }
        Picture::Checkerboard { n_squares: 0 }.draw(3, 5).expect("a size");
        Picture::Checkerboard { n_squares: u32::MAX }.draw(3, 5).expect("a size");
        Picture::SiemensStar { n_spokes: 0 }.draw(3, 5).expect("a size");
    }
}
