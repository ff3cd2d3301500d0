use gif::{Encoder, Frame, Repeat};

/// The most pictures in a moving one.
pub const MOST_FRAMES: u32 = 240;

/// How a moving picture is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// GIF: at most 256 colours a picture; every program shows it.
    Gif,
    /// APNG: all colours; browsers, Keynote and LibreOffice show it, other programs show its first picture.
    Apng,
}

impl Format {
    /// The ending of its files.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Gif => "gif",
            Self::Apng => "png",
        }
    }

    /// What browsers call it.
    pub fn mime(self) -> &'static str {
        match self {
            Self::Gif => "image/gif",
            Self::Apng => "image/png",
        }
    }
}

/// Why a moving picture cannot be made.
#[derive(Debug)]
pub enum MotionError {
    /// No picture, too many, or one of no or too large a size.
    Size,
    /// A picture is not as large as the others.
    Frame,
    /// There are more pictures, or fewer, than was said.
    Count,
    /// What the writer of the format says.
    Writer(String),
}

impl std::fmt::Display for MotionError {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Size => write!(out, "A moving picture has 1 to {MOST_FRAMES} pictures of 1 to 8192 pixels a side."),
            Self::Frame => out.write_str("Every picture of a moving one has the same size."),
            Self::Count => out.write_str("A moving picture has as many pictures as was said at its beginning."),
            Self::Writer(said) => write!(out, "The moving picture could not be written: {said}."),
        }
    }
}

impl std::error::Error for MotionError {}

fn said(error: impl std::fmt::Display) -> MotionError {
    MotionError::Writer(error.to_string())
}

enum Writer {
    // Boxed: it holds its tables.
    Gif(Box<Encoder<Vec<u8>>>),
    Apng(png::Writer<Shelf>),
}

/// Bytes that can be had when the writer is done: png's writer does not give back what it writes to.
#[derive(Clone, Default)]
struct Shelf(std::rc::Rc<std::cell::RefCell<Vec<u8>>>);

impl std::io::Write for Shelf {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A moving picture being made, picture by picture; it runs for ever.
pub struct Motion {
    writer: Writer,
    shelf: Shelf,
    size: [u16; 2],
    delay_centis: u16,
    n_missing: u32,
}

impl std::fmt::Debug for Motion {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Motion").field("size", &self.size).finish_non_exhaustive()
    }
}

impl Motion {
    /// Begins one of so many pictures of this size in pixels, each shown so long, in hundredths of a second.
    ///
    /// # Errors
    /// When the number or the size is none that such a picture can have.
    pub fn start(format: Format, size: [u32; 2], n_frames: u32, delay_centis: u16) -> Result<Self, MotionError> {
        if !(1..=MOST_FRAMES).contains(&n_frames) || !size.iter().all(|side| (1..=8192).contains(side)) {
            return Err(MotionError::Size);
        }
        let shelf = Shelf::default();
        let sides = size.map(|side| side as u16);
        let writer = match format {
            Format::Gif => {
                let mut encoder = Encoder::new(Vec::new(), sides[0], sides[1], &[]).map_err(said)?;
                encoder.set_repeat(Repeat::Infinite).map_err(said)?;
                Writer::Gif(Box::new(encoder))
            }
            Format::Apng => {
                let mut encoder = png::Encoder::new(shelf.clone(), size[0], size[1]);
                encoder.set_color(png::ColorType::Rgb);
                encoder.set_animated(n_frames, 0).map_err(said)?;
                encoder.set_frame_delay(delay_centis, 100).map_err(said)?;
                Writer::Apng(encoder.write_header().map_err(said)?)
            }
        };
        Ok(Self { writer, shelf, size: sides, delay_centis, n_missing: n_frames })
    }

    /// Adds a picture: red, green, blue and opacity of every pixel, row by row. Opacity is not looked at.
    ///
    /// # Errors
    /// When it has another size than was said or is one too many, or the writer fails.
    pub fn add(&mut self, rgba: &mut [u8]) -> Result<(), MotionError> {
        let [width, height] = self.size;
        if rgba.len() != 4 * usize::from(width) * usize::from(height) {
            return Err(MotionError::Frame);
        }
        self.n_missing = self.n_missing.checked_sub(1).ok_or(MotionError::Count)?;
        match &mut self.writer {
            Writer::Gif(encoder) => {
                // Ten is what the format's library calls a good compromise of speed and likeness.
                let mut frame = Frame::from_rgba_speed(width, height, rgba, 10);
                frame.delay = self.delay_centis;
                encoder.write_frame(&frame).map_err(said)
            }
            Writer::Apng(writer) => {
                let rgb: Vec<u8> = rgba.chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
                writer.write_image_data(&rgb).map_err(said)
            }
        }
    }

    /// The file.
    ///
    /// # Errors
    /// When pictures are missing, or the writer fails.
    pub fn finish(self) -> Result<Vec<u8>, MotionError> {
        if self.n_missing > 0 {
            return Err(MotionError::Count);
        }
        match self.writer {
            Writer::Gif(encoder) => encoder.into_inner().map_err(said),
            Writer::Apng(writer) => {
                writer.finish().map_err(said)?;
                Ok(self.shelf.0.take())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pictures of one colour each.
    fn made(format: Format, colors: &[[u8; 3]]) -> Vec<u8> {
        let mut motion = Motion::start(format, [4, 3], colors.len() as u32, 25).expect("a moving picture");
        for [red, green, blue] in colors {
            let mut rgba: Vec<u8> = [*red, *green, *blue, 255].repeat(12);
            motion.add(&mut rgba).expect("one more picture");
        }
        motion.finish().expect("a file")
    }

    const COLORS: [[u8; 3]; 3] = [[255, 0, 0], [0, 128, 0], [0, 0, 255]];

    #[test]
    fn a_gif_has_its_pictures_in_order_and_runs_for_ever() {
        let bytes = made(Format::Gif, &COLORS);
        let mut options = gif::DecodeOptions::new();
        options.set_color_output(gif::ColorOutput::RGBA);
        let mut decoder = options.read_info(bytes.as_slice()).expect("a GIF");
        let mut seen = Vec::new();
        while let Some(frame) = decoder.read_next_frame().expect("a picture") {
            assert_eq!((frame.width, frame.height, frame.delay), (4, 3, 25));
            seen.push([frame.buffer[0], frame.buffer[1], frame.buffer[2]]);
        }
        assert_eq!(seen, COLORS);
        assert_eq!(decoder.repeat(), Repeat::Infinite);
    }

    #[test]
    fn an_apng_has_its_pictures_in_order_and_runs_for_ever() {
        let bytes = made(Format::Apng, &COLORS);
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().expect("a PNG");
        let animation = reader.info().animation_control.expect("it moves");
        assert_eq!((animation.num_frames, animation.num_plays), (3, 0));
        for color in COLORS {
            let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
            reader.next_frame(&mut pixels).expect("a picture");
            assert_eq!(pixels[..3], color);
        }
    }

    #[test]
    fn what_no_moving_picture_can_be_is_refused() {
        assert!(matches!(Motion::start(Format::Gif, [0, 3], 1, 5), Err(MotionError::Size)));
        assert!(matches!(Motion::start(Format::Gif, [4, 3], MOST_FRAMES + 1, 5), Err(MotionError::Size)));
        let mut motion = Motion::start(Format::Gif, [4, 3], 1, 5).expect("a moving picture");
        assert!(matches!(motion.add(&mut [0; 4]), Err(MotionError::Frame)));
        // Of two pictures that were promised, one is missing.
        let mut half = Motion::start(Format::Apng, [4, 3], 2, 5).expect("a moving picture");
        half.add(&mut [0; 48]).expect("one picture");
        assert!(matches!(half.finish(), Err(MotionError::Count)));
    }
}
