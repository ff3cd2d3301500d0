use core::f64::consts::TAU;

use super::{Image, N_CHANNELS};
use crate::math;

/// How the mean square of an image of errors is shared out among spatial frequencies, whatever their direction.
///
/// Entry r is what all waves of r − ½ to r + ½ cycles across the picture give together, over all channels; the entries sum to the mean square
/// over pixels and channels (Parseval). The picture is taken as one period, without a window, so an error that differs between opposite edges
/// leaks a little into all frequencies.
///
/// ```
/// use piecewise_core::field::{Picture, RadialSpectrum};
/// // Grey of mean 1/2 and a wave of amplitude 1/2: mean squares 1/4 and 1/8.
/// let grating = Picture::Grating { frequency: 5.0, degrees: 0.0 }.draw(32, 32).unwrap();
/// let spectrum = RadialSpectrum::compute(32, 32, grating.pixels());
/// assert!((spectrum.power[0] - 0.25).abs() < 1e-6);
/// assert!((spectrum.power[5] - 0.125).abs() < 1e-6);
/// assert!(spectrum.power[6].abs() < 1e-9);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct RadialSpectrum {
    /// The mean square at each number of cycles, from 0 to the corners of the spectrum.
    pub power: Vec<f64>,
}

/// cos and sin of 2πi/n for all i.
fn waves(n: usize) -> Vec<[f64; 2]> {
    (0..n).map(|i| TAU * i as f64 / n as f64).map(|angle| [math::cos(angle), math::sin(angle)]).collect()
}

/// Σ_i x_i e^(−2πi·ik/n) for k < `n_frequencies`, of complex numbers.
fn transform(x: &[[f64; 2]], waves: &[[f64; 2]], n_frequencies: usize, to: &mut Vec<[f64; 2]>) {
    let n = waves.len();
    to.clear();
    for k in 0..n_frequencies {
        let (mut re, mut im, mut at) = (0.0, 0.0, 0);
        for [x_re, x_im] in x {
            let [cos, sin] = waves[at];
            re += x_re * cos + x_im * sin;
            im += x_im * cos - x_re * sin;
            at += k;
            if at >= n {
                at -= n;
            }
        }
        to.push([re, im]);
    }
}

impl RadialSpectrum {
    /// Of differences or colours, row by row. It takes about 2 · w · h · (w + h) multiplications for each channel: some hundredths of a second at
    /// 128 × 128, and 64 times that at 512 × 512, where a coarser prediction says nearly as much.
    ///
    /// # Panics
    /// When there are not `width` · `height` colours, or none.
    pub fn compute(width: usize, height: usize, values: &[[f32; N_CHANNELS]]) -> Self {
        assert!(!values.is_empty() && values.len() == width * height, "a colour for every pixel");
        let radius = |across: usize, down: usize| {
            let [x, y] = [(across, width), (down, height)].map(|(k, n)| k.min(n - k) as f64);
            math::sqrt(x * x + y * y).round() as usize
        };
        let mut power = vec![0.0; radius(width / 2, height / 2) + 1];
        let (along_rows, along_columns) = (waves(width), waves(height));
        // The values are real, so that the right half of the spectrum mirrors the left one.
        let n_across = width / 2 + 1;
        let (mut row, mut column, mut transformed) = (Vec::new(), Vec::new(), Vec::new());
        let mut rows = vec![[0.0; 2]; n_across * height];
        let scale = 1.0 / (values.len() as f64 * values.len() as f64 * N_CHANNELS as f64);
        for channel in 0..N_CHANNELS {
            for (values, to) in values.chunks_exact(width).zip(rows.chunks_exact_mut(n_across)) {
                row.clear();
                row.extend(values.iter().map(|value| [f64::from(value[channel]), 0.0]));
                transform(&row, &along_rows, n_across, &mut transformed);
                to.copy_from_slice(&transformed);
            }
            for across in 0..n_across {
                column.clear();
                column.extend(rows.iter().skip(across).step_by(n_across).copied());
                transform(&column, &along_columns, height, &mut transformed);
                let is_mirrored = across > 0 && 2 * across != width;
                let count = if is_mirrored { 2.0 } else { 1.0 };
                for (down, [re, im]) in transformed.iter().enumerate() {
                    power[radius(across, down)] += count * scale * (re * re + im * im);
                }
            }
        }
        Self { power }
    }

    /// Of the error of a prediction, row by row, of this picture.
    ///
    /// # Panics
    /// When there is not a colour for every pixel.
    pub fn of_error(image: &Image, prediction: &[[f32; N_CHANNELS]]) -> Self {
        assert_eq!(image.pixels().len(), prediction.len(), "a colour for every pixel");
        let pairs = prediction.iter().zip(image.pixels());
        let errors: Vec<_> = pairs.map(|(y, target)| [y[0] - target[0], y[1] - target[1], y[2] - target[2]]).collect();
        Self::compute(image.width(), image.height(), &errors)
    }

    /// The mean square over pixels and channels.
    pub fn total(&self) -> f64 {
        self.power.iter().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Rng;
    use crate::field::{
        Architecture, Field, FieldInitialization, FieldSettings, FieldTraining, Grid, Picture, Samples, Window,
    };

    #[test]
    fn the_entries_sum_to_the_mean_square() {
        let mut rng = Rng::from_seed(1);
        for (width, height) in [(1, 1), (2, 1), (1, 7), (8, 8), (9, 12), (12, 9), (16, 5)] {
            let values: Vec<[f32; 3]> = (0..width * height).map(|_| [0; 3].map(|_| rng.normal() as f32)).collect();
            let squares = values.as_flattened().iter().map(|value| f64::from(*value) * f64::from(*value)).sum::<f64>();
            let total = RadialSpectrum::compute(width, height, &values).total();
            assert!((total / (squares / (3 * values.len()) as f64) - 1.0).abs() < 1e-12, "{width} × {height}");
        }
    }

    #[test]
    fn a_wave_is_found_at_its_frequency_in_every_direction() {
        for (degrees, width, height) in [(0.0, 48, 32), (90.0, 32, 48), (90.0, 33, 31)] {
            let picture = Picture::Grating { frequency: 7.0, degrees }.draw(width, height).expect("a size");
            let power = RadialSpectrum::compute(width, height, picture.pixels()).power;
            assert!((power[7] - 0.125).abs() < 1e-6, "{degrees}: {power:?}");
        }
        // Three across and four down are five.
        let angle = (4.0_f64 / 3.0).atan().to_degrees();
        let slanted = Picture::Grating { frequency: 5.0, degrees: angle }.draw(40, 40).expect("a size");
        assert!((RadialSpectrum::compute(40, 40, slanted.pixels()).power[5] - 0.125).abs() < 1e-6);
    }

    #[test]
    fn a_rectified_field_learns_slow_waves_before_fast_ones() {
        let at = |column: usize, cycles: f64| 0.2 * math::sin(TAU * cycles * column as f64 / 32.0);
        let both = Image::from_fn(32, 32, |column, row| [(0.5 + at(column, 1.0) + at(row, 6.0)) as f32; 3]);
        let image = both.expect("a size");
        let field = Field::new(Architecture::relu(2, 32), FieldInitialization::He, 0);
        let samples = Samples::new(&image, Grid::Aligned);
        let mut training = FieldTraining::new(field, samples, FieldSettings::adam(3e-3), 0);
        training.advance_to(200, u64::MAX).expect("small steps");
        let prediction = training.field().render(Window::of_picture(32, 32));
        let power = RadialSpectrum::of_error(&image, &prediction).power;
        // Both waves were there with a mean square of 0.02.
        assert!(power[1] < 0.002 && power[6] > 0.015, "{power:?}");
    }
}
