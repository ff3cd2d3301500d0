use std::{fmt, fs, io, path::Path};

use brotli::enc::BrotliEncoderParams;

use crate::{page::parts, trouble::Trouble};

/// What loading a page costs, in bytes.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Weight {
    /// As it lies on the disk.
    pub(crate) raw: u64,
    /// As a good server sends it: by brotli, quality 11.
    pub(crate) sent: u64,
}

/// The most that any part of the page may weigh before its first picture, as sent.
pub(crate) const BUDGET: u64 = 350_000;

impl Weight {
    /// What has to be loaded of a built page before its first picture: the heaviest of its parts, and its name.
    ///
    /// # Errors
    /// When a file cannot be read, or there is no part.
    pub(crate) fn of_page(dist: &Path) -> Result<(Self, String), Trouble> {
        let unreadable = |error: io::Error| {
            Trouble::new(format!("{} cannot be read ({error})", dist.display()), "look at who owns it, and build again")
        };
        let mut heaviest: Option<(Self, String)> = None;
        for (part, files) in parts(dist) {
            let mut sum = Self::default();
            for file in files {
                let weight = fs::read(file).and_then(|bytes| Self::of_bytes(&bytes)).map_err(unreadable)?;
                sum.raw += weight.raw;
                sum.sent += weight.sent;
            }
            if heaviest.as_ref().is_none_or(|(other, _)| other.sent < sum.sent) {
                heaviest = Some((sum, part));
            }
        }
        heaviest.ok_or_else(|| unreadable(io::Error::from(io::ErrorKind::NotFound)))
    }

    fn of_bytes(bytes: &[u8]) -> io::Result<Self> {
        let mut sent = Vec::new();
        brotli::BrotliCompress(&mut &bytes[..], &mut sent, &BrotliEncoderParams::default())?;
        Ok(Self { raw: bytes.len() as u64, sent: sent.len() as u64 })
    }
}

impl fmt::Display for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kilobytes = |bytes: u64| bytes as f64 / 1000.0;
        write!(f, "{:.0} kB as sent ({:.0} kB unpacked)", kilobytes(self.sent), kilobytes(self.raw))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repetition_weighs_next_to_nothing_as_sent() {
        let weight = Weight::of_bytes(&vec![7; 100_000]).expect("memory can be read");
        assert_eq!(weight.raw, 100_000);
        assert!(weight.sent < 100, "{weight:?}");
    }

    #[test]
    fn weights_are_told_in_thousands_of_bytes() {
        assert_eq!(Weight { raw: 1_234_567, sent: 200_400 }.to_string(), "200 kB as sent (1235 kB unpacked)");
    }
}
