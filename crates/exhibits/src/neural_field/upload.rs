use std::{fmt, sync::Arc};

use imagesize::{ImageError, ImageType};
use piecewise_core::field::Image;

/// The largest file that is read, in bytes: 10 MB.
pub const MOST_BYTES: u64 = 10_000_000;
/// The most pixels of a file, before it is made smaller: decoded, they take four bytes each.
pub const MOST_PIXELS: u64 = 40_000_000;
/// The most columns, and the most rows, that are kept.
pub const MOST_SIDE: u32 = 512;
/// A longer name of a file is cut, in letters.
const LONGEST_NAME: usize = 60;

/// A picture of one's own, or none. It is too large for a link, and leaves the machine by no other way either. Two are equal when they are
/// the same object.
#[derive(Clone, Default)]
pub struct Own(Option<Arc<Opened>>);

struct Opened {
    name: String,
    image: Image,
}

impl Own {
    /// A picture from a file of this name.
    pub fn new(name: &str, image: Image) -> Self {
        Self(Some(Arc::new(Opened { name: shown_name(name), image })))
    }

    /// The picture, at most [`MOST_SIDE`] pixels wide and high.
    pub fn image(&self) -> Option<&Image> {
        self.0.as_deref().map(|opened| &opened.image)
    }

    /// What the file was called, cut and in one line.
    pub fn name(&self) -> Option<&str> {
        self.0.as_deref().map(|opened| opened.name.as_str())
    }

    /// The largest part around its middle that has this shape, in this size.
    pub fn draw(&self, width: usize, height: usize) -> Option<Image> {
        self.image()?.centred(width, height).and_then(|part| part.scaled(width, height)).ok()
    }
}

impl PartialEq for Own {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (a, b) => a.is_none() && b.is_none(),
        }
    }
}

impl fmt::Debug for Own {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("Own").field(&self.name()).finish()
    }
}

/// The name of a file as it is shown: one line, not too long.
pub fn shown_name(name: &str) -> String {
    let line: String = name.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    match line.char_indices().nth(LONGEST_NAME) {
        None => line,
        Some((end, _)) => format!("{}…", &line[..end]),
    }
}

/// Says why a file of so many bytes is not read.
///
/// # Errors
/// One sentence, when it is empty or has more than [`MOST_BYTES`].
pub fn check_length(n_bytes: u64) -> Result<(), String> {
    match n_bytes {
        0 => Err("The file is empty.".to_owned()),
        1..=MOST_BYTES => Ok(()),
        _ => Err(format!("The file is too large: at most {} MB are read.", MOST_BYTES / 1_000_000)),
    }
}

/// The width and height that a file says it has, read from its first bytes before anything decodes it: PNG, JPEG, WebP or GIF.
///
/// # Errors
/// One sentence, when the file is empty or too large, is of another kind, ends too early, has no pixels, or too many of them.
pub fn check(bytes: &[u8]) -> Result<[u32; 2], String> {
    const OTHER: &str = "This is no picture that can be opened here: choose a PNG, JPEG, WebP or GIF.";
    check_length(bytes.len() as u64)?;
    let known = [ImageType::Png, ImageType::Jpeg, ImageType::Webp, ImageType::Gif];
    let kind = imagesize::image_type(bytes).ok().filter(|kind| known.contains(kind)).ok_or(OTHER)?;
    let size = imagesize::blob_size(bytes).map_err(|error| match error {
        ImageError::NotSupported => OTHER.to_owned(),
        _ => "The file ends before it says how large the picture is.".to_owned(),
    })?;
    let [width, height] = [size.width, size.height].map(|side| u64::try_from(side).unwrap_or(u64::MAX));
    match width.saturating_mul(height) {
        0 => Err("The picture has no pixels.".to_owned()),
        1..=MOST_PIXELS if is_cut(bytes, kind) => Err("The file ends before the picture does.".to_owned()),
        1..=MOST_PIXELS => Ok([width as u32, height as u32]),
        _ => Err(format!(
            "The picture is too large: {width} × {height} pixels, and at most {} million are opened.",
            MOST_PIXELS / 1_000_000
        )),
    }
}

/// Whether a file that began well has lost its end. Browsers decode such a file as far as it goes, and nobody is told.
fn is_cut(bytes: &[u8], kind: ImageType) -> bool {
    match kind {
        // Its last chunk, whatever may stand behind it.
        ImageType::Png => !bytes.windows(4).any(|letters| letters == b"IEND"),
        // Bytes 4 to 7 say how many follow them.
        ImageType::Webp => match bytes.get(4..).and_then(<[u8]>::first_chunk) {
            Some(length) => (bytes.len() as u64) < 8 + u64::from(u32::from_le_bytes(*length)),
            None => true,
        },
        // The mark of its end does not occur among its pixels, but it does in a small preview before them.
        ImageType::Jpeg => scan_of(bytes).is_some_and(|scan| !scan.windows(2).any(|mark| mark == [0xff, 0xd9])),
        // The first picture of a film may be whole where the last one is not.
        _ => false,
    }
}

/// What follows the headers of a JPEG; nothing where they are unusual.
fn scan_of(bytes: &[u8]) -> Option<&[u8]> {
    let mut rest = bytes.get(2..)?;
    while let [0xff, mark, high, low, ..] = *rest {
        let length = 2 + usize::from(u16::from_be_bytes([high, low]));
        // Of 0xff there may be any number.
        rest = if mark == 0xff { &rest[1..] } else { rest.get(length..)? };
        if mark == 0xda {
            return Some(rest);
        }
    }
    None
}

/// A size of the same shape in which neither side is longer than [`MOST_SIDE`], to the pixel and at least one pixel; as it is, where it
/// fits already.
pub fn fitted([width, height]: [u32; 2]) -> [u32; 2] {
    let longest = width.max(height);
    if longest <= MOST_SIDE {
        return [width.max(1), height.max(1)];
    }
    [width, height].map(|side| {
        let longest = u64::from(longest);
        let rounded = (u64::from(side) * u64::from(MOST_SIDE) + longest / 2) / longest;
        (rounded as u32).max(1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The beginning and the end of a PNG of this size.
    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes.extend([8, 2, 0, 0, 0]);
        bytes.extend(b"\0\0\0\0IEND\xaeB`\x82");
        bytes
    }

    fn gif(width: u16, height: u16) -> Vec<u8> {
        [b"GIF89a".as_slice(), &width.to_le_bytes(), &height.to_le_bytes(), &[0; 3]].concat()
    }

    #[test]
    fn the_size_is_read_from_the_first_bytes() {
        assert_eq!(check(&png(640, 480)), Ok([640, 480]));
        assert_eq!(check(&gif(3, 2)), Ok([3, 2]));
        // The start of a picture, and its frame of 16 × 9 pixels.
        let jpeg = b"\xff\xd8\xff\xc0\0\x11\x08\0\x09\0\x10\x03\x01\x22\0\x02\x11\x01\x03\x11\x01";
        assert_eq!(check(jpeg), Ok([16, 9]));
        let webp = b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x63\0\0\x31\0\0";
        assert_eq!(check(webp), Ok([100, 50]));
    }

    #[test]
    fn every_file_that_cannot_be_opened_is_told_why_in_one_sentence() {
        let said = |bytes: &[u8]| check(bytes).unwrap_err();
        assert_eq!(said(b""), "The file is empty.");
        assert_eq!(said(&vec![0; 10_000_001]), "The file is too large: at most 10 MB are read.");
        assert!(said(b"Dear diary, today I called a text file .png").starts_with("This is no picture"));
        assert!(said(b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>").starts_with("This is no picture"));
        // Windows' bitmaps are pictures, but not here.
        assert!(
            said(b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x02\0\0\0\x02\0\0\0").starts_with("This is no picture")
        );
        assert_eq!(said(&png(640, 480)[..18]), "The file ends before it says how large the picture is.");
        assert_eq!(said(&png(640, 480)[..29]), "The file ends before the picture does.");
        assert_eq!(said(&png(0, 480)), "The picture has no pixels.");
        assert_eq!(
            said(&png(60_000, 60_000)),
            "The picture is too large: 60000 × 60000 pixels, and at most 40 million are opened."
        );
        assert!(said(&png(u32::MAX, u32::MAX)).starts_with("The picture is too large: 4294967295"));
        assert_eq!(check(&png(8000, 5000)), Ok([8000, 5000]));
        for bytes in [b"\x89PNG".as_slice(), b"GIF8", b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBP", b"RIFF\0\0\0\0WEBPVP8 "] {
            let sentence = said(bytes);
            assert!(sentence.ends_with('.') && !sentence.contains(". "), "{sentence}");
        }
    }

    #[test]
    fn a_picture_without_its_end_is_noticed_in_every_kind_that_has_one() {
        let frame = b"\xff\xd8\xff\xc0\0\x11\x08\0\x09\0\x10\x03\x01\x22\0\x02\x11\x01\x03\x11\x01";
        // A comment that holds the mark of an end, as a preview would, and then the scan.
        let cut = [frame.as_slice(), b"\xff\xfe\0\x04\xff\xd9\xff\xff\xda\0\x02pixels"].concat();
        assert_eq!(check(&cut).unwrap_err(), "The file ends before the picture does.");
        assert_eq!(check(&[cut.as_slice(), b"\xff\xd9 and more"].concat()), Ok([16, 9]));
        let webp = b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x63\0\0\x31\0\0";
        let longer = [b"RIFF\x17".as_slice(), &webp[5..]].concat();
        assert_eq!(check(&longer).unwrap_err(), "The file ends before the picture does.");
    }

    #[test]
    fn what_is_too_large_keeps_its_shape() {
        assert_eq!(fitted([512, 512]), [512, 512]);
        assert_eq!(fitted([300, 20]), [300, 20]);
        assert_eq!(fitted([4000, 3000]), [512, 384]);
        assert_eq!(fitted([1000, 2000]), [256, 512]);
        assert_eq!(fitted([40_000_000, 1]), [512, 1]);
        assert_eq!(fitted([0, u32::MAX]), [1, 512]);
    }

    #[test]
    fn two_pictures_are_equal_when_they_are_the_same_one() {
        let image = || Image::from_fn(8, 4, |column, _| [column as f32 / 8.0; 3]).expect("a size");
        let own = Own::new("a.png", image());
        assert_eq!(own, own.clone());
        assert_ne!(own, Own::new("a.png", image()));
        assert_ne!(own, Own::default());
        assert_eq!(Own::default(), Own::default());
        // The square in the middle, columns 2 to 5.
        assert_eq!(own.draw(4, 4).expect("a part").pixels()[0], [0.25; 3]);
        assert_eq!(Own::default().draw(4, 4), None);
        assert_eq!(
            Own::new(&format!("{}\n.png", "é".repeat(100)), image()).name().map(|name| name.chars().count()),
            Some(61)
        );
    }

    proptest! {
        #[test]
        fn no_file_can_do_harm(kind in 0_usize..5, bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let starts: [&[u8]; 5] = [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBPVP8", b"GIF89a"];
            let _ = check(&[starts[kind], &bytes].concat());
        }
    }
}
