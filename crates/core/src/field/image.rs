use core::fmt;

use super::N_CHANNELS;

/// A picture: rows of red, green and blue in 0..1, from the top left.
///
/// ```
/// use piecewise_core::field::Image;
/// let image = Image::new(2, 1, vec![[0.0, 0.0, 0.0], [1.0, 0.5, 0.0]])?;
/// assert_eq!(image.mean(), [0.5, 0.25, 0.0]);
/// # Ok::<(), piecewise_core::field::ImageError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    width: usize,
    height: usize,
    pixels: Vec<[f32; N_CHANNELS]>,
}

/// What is wrong with a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageError {
    /// It has no pixels, or more than [`Image::MOST_PIXELS`].
    Size {
        /// Its width.
        width: usize,
        /// Its height.
        height: usize,
    },
    /// There are not width · height pixels.
    Count {
        /// How many there should be.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// The bytes do not come in threes.
    Bytes {
        /// How many there should be.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// A value is not in 0..1.
    Range {
        /// Which pixel, counted from the top left.
        pixel: usize,
    },
}

impl fmt::Display for ImageError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Size { width, height } => write!(
                out,
                "a picture has at least one pixel and at most {}, not {width} × {height}",
                Image::MOST_PIXELS
            ),
            Self::Count { expected, found } => write!(out, "a picture of this size has {expected} pixels, not {found}"),
            Self::Bytes { expected, found } => write!(out, "a picture of this size has {expected} bytes, not {found}"),
            Self::Range { pixel } => write!(out, "pixel {pixel} has a value that does not lie between 0 and 1"),
        }
    }
}

impl core::error::Error for ImageError {}

impl Image {
    /// The most pixels: 512 × 512.
    pub const MOST_PIXELS: usize = 1 << 18;

    /// A picture from its rows.
    ///
    /// # Errors
    /// See [`ImageError`].
    pub fn new(width: usize, height: usize, pixels: Vec<[f32; N_CHANNELS]>) -> Result<Self, ImageError> {
        let expected = Self::count(width, height)?;
        if pixels.len() != expected {
            return Err(ImageError::Count { expected, found: pixels.len() });
        }
        let in_range = |colour: &[f32; N_CHANNELS]| colour.iter().all(|value| (0.0..=1.0).contains(value));
        match pixels.iter().position(|colour| !in_range(colour)) {
            Some(pixel) => Err(ImageError::Range { pixel }),
            None => Ok(Self { width, height, pixels }),
        }
    }

    /// A picture from bytes, red, green and blue of a pixel after the other, 255 for 1.
    ///
    /// # Errors
    /// See [`ImageError`].
    pub fn from_bytes(width: usize, height: usize, bytes: &[u8]) -> Result<Self, ImageError> {
        let (pixels, rest) = bytes.as_chunks::<N_CHANNELS>();
        let expected = Self::count(width, height)?;
        if !rest.is_empty() {
            return Err(ImageError::Bytes { expected: N_CHANNELS * expected, found: bytes.len() });
        }
        Self::new(width, height, pixels.iter().map(|rgb| rgb.map(|byte| f32::from(byte) / 255.0)).collect())
    }

    /// A picture from a function of the column and the row; values outside 0..1 are brought to its ends, NaN to 0.
    ///
    /// # Errors
    /// When the size is out of bounds.
    pub fn from_fn(
        width: usize,
        height: usize,
        mut colour: impl FnMut(usize, usize) -> [f32; N_CHANNELS],
    ) -> Result<Self, ImageError> {
        let count = Self::count(width, height)?;
        let within = |value: f32| if value.is_nan() { 0.0 } else { value.clamp(0.0, 1.0) };
        let pixels = (0..count).map(|index| colour(index % width, index / width).map(within)).collect();
        Ok(Self { width, height, pixels })
    }

    fn count(width: usize, height: usize) -> Result<usize, ImageError> {
        let count = width.checked_mul(height).filter(|count| (1..=Self::MOST_PIXELS).contains(count));
        count.ok_or(ImageError::Size { width, height })
    }

    /// How many columns there are.
    pub fn width(&self) -> usize {
        self.width
    }

    /// How many rows there are.
    pub fn height(&self) -> usize {
        self.height
    }

    /// The colours, row by row from the top left.
    pub fn pixels(&self) -> &[[f32; N_CHANNELS]] {
        &self.pixels
    }

    /// The mean colour: of all constants, the one with the least mean squared error.
    pub fn mean(&self) -> [f64; N_CHANNELS] {
        let mut sum = [0.0; N_CHANNELS];
        for colour in &self.pixels {
            for (sum, value) in sum.iter_mut().zip(colour) {
                *sum += f64::from(*value);
            }
        }
        sum.map(|sum| sum / self.pixels.len() as f64)
    }

    /// The mean squared difference from one colour, over pixels and channels.
    pub fn mean_square_from(&self, colour: [f64; N_CHANNELS]) -> f64 {
        let mut sum = 0.0;
        for pixel in &self.pixels {
            for (value, constant) in pixel.iter().zip(colour) {
                let error = f64::from(*value) - constant;
                sum += error * error;
            }
        }
        sum / (N_CHANNELS * self.pixels.len()) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_that_cannot_be_are_refused_with_a_sentence() {
        let sentence = |image: Result<Image, ImageError>| image.unwrap_err().to_string();
        assert_eq!(
            sentence(Image::new(0, 5, vec![])),
            "a picture has at least one pixel and at most 262144, not 0 × 5"
        );
        assert!(Image::from_fn(usize::MAX, usize::MAX, |_, _| [0.0; 3]).is_err());
        assert_eq!(sentence(Image::from_bytes(2, 1, &[0; 7])), "a picture of this size has 6 bytes, not 7");
        assert_eq!(sentence(Image::from_bytes(2, 1, &[0; 3])), "a picture of this size has 2 pixels, not 1");
        let nan = vec![[0.0; 3], [0.0, f32::NAN, 0.0]];
        assert_eq!(sentence(Image::new(2, 1, nan)), "pixel 1 has a value that does not lie between 0 and 1");
        let wild = Image::from_fn(1, 1, |_, _| [f32::NAN, -3.0, 7.0]).expect("one pixel");
        assert_eq!(wild.pixels(), [[0.0, 0.0, 1.0]]);
    }
}
