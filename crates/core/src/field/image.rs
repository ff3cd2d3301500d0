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
    /// A part reaches beyond the edges.
    Outside,
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
            Self::Outside => write!(out, "the part reaches beyond the edges of the picture"),
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

    /// The part of `width` columns and `height` rows whose upper left pixel is in column `x` and row `y`, both counted from 0.
    ///
    /// ```
    /// use piecewise_core::field::Image;
    /// let image = Image::from_fn(3, 2, |column, _| [0.5 * column as f32; 3])?;
    /// assert_eq!(image.crop([1, 0], [2, 1])?.pixels(), [[0.5; 3], [1.0; 3]]);
    /// # Ok::<(), piecewise_core::field::ImageError>(())
    /// ```
    ///
    /// # Errors
    /// When there is no pixel in it, or it reaches beyond the edges.
    pub fn crop(&self, [x, y]: [usize; 2], [width, height]: [usize; 2]) -> Result<Self, ImageError> {
        Self::count(width, height)?;
        let fits = |from: usize, size: usize, all: usize| from.checked_add(size).is_some_and(|end| end <= all);
        if !fits(x, width, self.width) || !fits(y, height, self.height) {
            return Err(ImageError::Outside);
        }
        let rows = self.pixels.chunks(self.width).skip(y).take(height);
        Ok(Self { width, height, pixels: rows.flat_map(|row| &row[x..x + width]).copied().collect() })
    }

    /// The largest part around the middle that is of the shape `width` : `height`, to the pixel; where one pixel must be left out on one
    /// side, it is the right or the lower one.
    ///
    /// # Errors
    /// When the shape is that of no picture.
    pub fn centred(&self, width: usize, height: usize) -> Result<Self, ImageError> {
        Self::count(width, height)?;
        // Neither product is larger than the square of the most pixels.
        let [wide, high] = [self.width as u64 * height as u64, self.height as u64 * width as u64];
        let part = if wide > high {
            [((high / height as u64) as usize).max(1), self.height]
        } else {
            [self.width, ((wide / width as u64) as usize).max(1)]
        };
        self.crop([(self.width - part[0]) / 2, (self.height - part[1]) / 2], part)
    }

    /// The whole picture in another size. An axis that becomes shorter averages over the area of each new pixel; one that becomes longer
    /// runs straight between the centres of old pixels, and stays level beyond the outermost ones.
    ///
    /// ```
    /// use piecewise_core::field::Image;
    /// let image = Image::from_fn(3, 1, |column, _| [[0.0, 0.5, 1.0][column]; 3])?;
    /// // The middle pixel counts half on both sides: (0 + ½ · ½) / 1½ and (1 + ½ · ½) / 1½.
    /// assert_eq!(image.scaled(2, 1)?.pixels(), [[1.0 / 6.0; 3], [5.0 / 6.0; 3]]);
    /// # Ok::<(), piecewise_core::field::ImageError>(())
    /// ```
    ///
    /// # Errors
    /// When the size is out of bounds.
    pub fn scaled(&self, width: usize, height: usize) -> Result<Self, ImageError> {
        Self::count(width, height)?;
        let columns: Vec<Blend> = (0..width).map(|index| Blend::of(index, width, self.width)).collect();
        // Rows become shorter first, one new row of 64-bit numbers for each old one.
        let narrow: Vec<[f64; N_CHANNELS]> = self
            .pixels
            .chunks(self.width)
            .flat_map(|row| columns.iter().map(|blend| blend.sum(|at| row[at].map(f64::from))))
            .collect();
        let rows: Vec<Blend> = (0..height).map(|index| Blend::of(index, height, self.height)).collect();
        Self::from_fn(width, height, |column, row| {
            rows[row].sum(|at| narrow[at * width + column]).map(|value| value as f32)
        })
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

/// Which old pixels of a row, or of a column, make a new one.
struct Blend {
    first: usize,
    shares: Vec<f64>,
}

impl Blend {
    /// Of new pixel `index` among `to`, when there were `from` before. Lengths are counted in whole parts of a pixel, so that shares are
    /// rounded once.
    fn of(index: usize, to: usize, from: usize) -> Self {
        if to <= from {
            // An old pixel is `to` parts long, a new one `from`.
            let [start, end] = [index * from, (index + 1) * from];
            let first = start / to;
            let overlap = |at: usize| end.min((at + 1) * to) - start.max(at * to);
            let shares = (first..end.div_ceil(to)).map(|at| overlap(at) as f64 / from as f64).collect();
            return Self { first, shares };
        }
        // The centre of the new pixel beyond that of the first old one, in parts of which an old pixel has 2 · `to`.
        let centre = ((2 * index + 1) * from).saturating_sub(to);
        let first = (centre / (2 * to)).min(from - 1);
        if first + 1 == from {
            return Self { first, shares: vec![1.0] };
        }
        let beyond = (centre - 2 * to * first) as f64 / (2 * to) as f64;
        Self { first, shares: vec![1.0 - beyond, beyond] }
    }

    fn sum(&self, colour: impl Fn(usize) -> [f64; N_CHANNELS]) -> [f64; N_CHANNELS] {
        let mut sum = [0.0; N_CHANNELS];
        for (at, share) in (self.first..).zip(&self.shares) {
            for (sum, value) in sum.iter_mut().zip(colour(at)) {
                *sum += share * value;
            }
        }
        sum
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
    /// One row of greys.
    fn greys(values: &[f32]) -> Image {
        Image::new(values.len(), 1, values.iter().map(|&value| [value; 3]).collect()).expect("greys")
    }

    fn row(image: &Image) -> Vec<f32> {
        image.pixels().iter().map(|colour| colour[0]).collect()
    }

    #[test]
    fn a_smaller_picture_averages_areas_and_keeps_the_mean() {
        assert_eq!(row(&greys(&[0.0, 1.0, 0.5, 0.0]).scaled(2, 1).expect("a size")), [0.5, 0.25]);
        // Four fifths and one fifth of a pixel, and so on.
        let fifths = row(&greys(&[1.0, 0.0, 0.0, 0.0, 1.0]).scaled(4, 1).expect("a size"));
        assert_eq!(fifths, [0.8, 0.0, 0.0, 0.8]);
        let all = Image::from_fn(3, 2, |column, row| [(column + 3 * row) as f32 / 5.0; 3]).expect("a size");
        assert_eq!(all.scaled(1, 1).expect("a size").pixels(), [[0.5; 3]]);
        let star = crate::field::Picture::SiemensStar { n_spokes: 9 }.draw(60, 45).expect("a size");
        let small = star.scaled(17, 11).expect("a size");
        assert!((small.mean()[0] - star.mean()[0]).abs() < 1e-7);
    }

    #[test]
    fn a_larger_picture_runs_straight_between_centres() {
        assert_eq!(row(&greys(&[0.0, 1.0]).scaled(4, 1).expect("a size")), [0.0, 0.25, 0.75, 1.0]);
        assert_eq!(row(&greys(&[0.5]).scaled(3, 1).expect("a size")), [0.5; 3]);
        let ramp = row(&greys(&[0.0, 0.5, 1.0]).scaled(5, 1).expect("a size"));
        // Centres at 3/10, 9/10, 15/10, … of old pixels.
        for (value, expected) in ramp.into_iter().zip([0.0, 0.2, 0.5, 0.8, 1.0]) {
            assert!((value - expected).abs() < 1e-7, "{value} {expected}");
        }
        // One axis longer, the other shorter.
        let both = Image::from_fn(2, 2, |column, row| [if column == row { 1.0 } else { 0.0 }; 3]).expect("a size");
        assert_eq!(both.scaled(4, 1).expect("a size").pixels(), [[0.5; 3]; 4]);
    }

    #[test]
    fn the_same_size_is_the_same_picture() {
        let image = crate::field::Picture::Rectangles.draw(31, 7).expect("a size");
        assert_eq!(image.scaled(31, 7).expect("a size"), image);
        assert_eq!(image.centred(31, 7).expect("a size"), image);
        assert_eq!(image.crop([0, 0], [31, 7]).expect("all of it"), image);
        assert!(image.scaled(0, 7).is_err() && image.scaled(1 << 10, 1 << 10).is_err());
    }

    #[test]
    fn parts_are_centred_and_lie_within_the_edges() {
        let image = Image::from_fn(8, 4, |column, row| [column as f32 / 8.0, row as f32 / 4.0, 0.0]).expect("a size");
        let square = image.centred(1, 1).expect("a shape");
        assert_eq!((square.width(), square.height(), square.pixels()[0]), (4, 4, [0.25, 0.0, 0.0]));
        let wide = image.centred(4, 1).expect("a shape");
        assert_eq!((wide.width(), wide.height(), wide.pixels()[0]), (8, 2, [0.0, 0.25, 0.0]));
        // However thin, one pixel is left.
        assert_eq!(image.centred(1, 500).expect("a shape").width(), 1);
        assert!(image.centred(0, 1).is_err());
        assert_eq!(image.crop([5, 0], [4, 4]), Err(ImageError::Outside));
        assert_eq!(image.crop([usize::MAX, 0], [2, 1]), Err(ImageError::Outside));
        assert!(image.crop([0, 0], [0, 4]).is_err());
    }
}
