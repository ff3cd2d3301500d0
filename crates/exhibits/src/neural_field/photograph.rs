use piecewise_core::field::Image;
use serde::{Deserialize, Serialize};

/// A photograph that comes with the page; `www/images/SOURCES.md` says from where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Photograph {
    /// A man at a camera, in grey: large quiet areas, and a tripod of thin lines.
    #[default]
    Camera,
    /// A pavement of bricks, in grey: a pattern that repeats.
    Brick,
    /// A cat, in colour: whiskers, and stripes as fine as pixels.
    Cat,
}

/// How many pixels each is wide and high.
const SIDE: usize = 64;

impl Photograph {
    /// All of them, with their names.
    pub const ALL: [(Self, &'static str); 3] = [(Self::Camera, "camera"), (Self::Brick, "bricks"), (Self::Cat, "cat")];

    /// The largest part around its middle that has this shape, in this size.
    ///
    /// # Panics
    /// When there is no pixel in it, or more than a picture may have.
    pub fn draw(self, width: usize, height: usize) -> Image {
        let part = self.whole().centred(width, height).expect("a size that a picture may have");
        part.scaled(width, height).expect("a size that a picture may have")
    }

    /// All of it.
    fn whole(self) -> Image {
        match self {
            Self::Camera => of_greys(include_bytes!(concat!(env!("OUT_DIR"), "/camera.pixels"))),
            Self::Brick => of_greys(include_bytes!(concat!(env!("OUT_DIR"), "/brick.pixels"))),
            Self::Cat => of_brightness_and_tint(include_bytes!(concat!(env!("OUT_DIR"), "/cat.pixels"))),
        }
        .expect("build.rs has looked at the size")
    }
}

fn of_greys(greys: &[u8]) -> Result<Image, piecewise_core::field::ImageError> {
    Image::from_bytes(SIDE, SIDE, &greys.iter().flat_map(|&grey| [grey; 3]).collect::<Vec<_>>())
}

/// As `build.rs` writes them: a byte of brightness for each pixel, then Cb and Cr of JPEG for each square of four.
fn of_brightness_and_tint(bytes: &[u8]) -> Result<Image, piecewise_core::field::ImageError> {
    const HALF: usize = SIDE / 2;
    Image::from_fn(SIDE, SIDE, |column, row| {
        let square = SIDE * SIDE + row / 2 * HALF + column / 2;
        let [y, blue, red] = [row * SIDE + column, square, square + HALF * HALF].map(|at| f32::from(bytes[at]));
        let (blue, red) = (1.772 * (blue - 128.0), 1.402 * (red - 128.0));
        let green = -(0.114 * blue + 0.299 * red) / 0.587;
        [red, green, blue].map(|beside| (y + beside) / 255.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn photographs_come_in_any_size_and_are_pictures_of_something() {
        for (photograph, name) in Photograph::ALL {
            for [width, height] in [[64, 64], [16, 12], [64, 48], [200, 150], [1, 1]] {
                let image = photograph.draw(width, height);
                assert_eq!((image.width(), image.height()), (width, height), "{name}");
            }
            let image = photograph.draw(64, 64);
            let spread = image.mean_square_from(image.mean());
            assert!(spread > 0.005, "{name}: {spread}");
            let is_grey = image.pixels().iter().all(|[r, g, b]| r == g && g == b);
            assert_eq!(is_grey, photograph != Photograph::Cat, "{name}");
        }
    }

    #[test]
    fn the_man_is_darker_than_the_sky() {
        let image = Photograph::Camera.draw(64, 64);
        let grey = |column: usize, row: usize| image.pixels()[64 * row + column][0];
        assert!(grey(15, 40) < 0.2 && grey(5, 5) > 0.6, "{} {}", grey(15, 40), grey(5, 5));
    }
}
