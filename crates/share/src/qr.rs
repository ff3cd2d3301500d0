use std::fmt::Write as _;

use fast_qr::{ECL, QRBuilder};

/// How many light modules a code has around it, as its standard asks.
const QUIET: usize = 4;

/// More letters than a QR code holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkTooLong;

impl std::fmt::Display for LinkTooLong {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("This link is too long for a QR code.")
    }
}

impl std::error::Error for LinkTooLong {}

/// A link as a QR code (ISO/IEC 18004).
#[derive(Clone, Debug)]
pub struct QrCode {
    dark: Vec<bool>,
    size: usize,
}

impl QrCode {
    /// The code of a link. It can be read with 15 % of it lost, or 7 % where the link is long.
    ///
    /// ```
    /// # use piecewise_share::QrCode;
    /// let code = QrCode::of("https://example.org/#/regions").unwrap();
    /// assert_eq!(code.size(), 29 + 2 * 4); // version 3 has 29 modules along a side
    /// assert!(!code.is_dark(0, 0) && code.is_dark(4, 4));
    /// ```
    ///
    /// # Errors
    /// When the link is longer than 2953 bytes.
    pub fn of(link: &str) -> Result<Self, LinkTooLong> {
        let build = |level| QRBuilder::new(link).ecl(level).build();
        let code = build(ECL::M).or_else(|_| build(ECL::L)).map_err(|_| LinkTooLong)?;
        let size = code.size + 2 * QUIET;
        let mut dark = vec![false; size * size];
        for row in 0..code.size {
            for column in 0..code.size {
                dark[(row + QUIET) * size + column + QUIET] = code[row][column].value();
            }
        }
        Ok(Self { dark, size })
    }

    /// How many modules it has along a side, those of the margin included.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Whether a module is dark; none outside of the code is.
    pub fn is_dark(&self, row: usize, column: usize) -> bool {
        column < self.size && self.dark.get(row * self.size + column).copied().unwrap_or(false)
    }

    /// The dark modules as the `d` of an SVG path, a module being one unit: each run of a row is one rectangle.
    pub fn path(&self) -> String {
        let mut path = String::new();
        for row in 0..self.size {
            let mut column = 0;
            while column < self.size {
                let from = column;
                while self.is_dark(row, column) {
                    column += 1;
                }
                if column > from {
                    // Writing to a text cannot fail.
                    let _ = write!(path, "M{from} {row}h{0}v1h-{0}z", column - from);
                }
                column += 1;
            }
        }
        path
    }

    /// The code as an SVG of this size in CSS pixels; dark on light in every theme, since not every reader takes it inverted.
    pub fn svg(&self, size_px: f64) -> String {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{size_px}\" height=\"{size_px}\" viewBox=\"0 0 {0} {0}\" shape-rendering=\"crispEdges\">\
             <path fill=\"#ffffff\" d=\"M0 0h{0}v{0}h-{0}z\"/><path fill=\"#000000\" d=\"{1}\"/></svg>",
            self.size,
            self.path()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a reader makes of a code, each module being some pixels wide.
    fn read(code: &QrCode) -> String {
        const PX: usize = 4;
        let side = code.size() * PX;
        let light = |x: usize, y: usize| if code.is_dark(y / PX, x / PX) { 0 } else { 255 };
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(side, side, light);
        let grids = image.detect_grids();
        assert_eq!(grids.len(), 1);
        grids[0].decode().expect("a code that can be read").1
    }

    #[test]
    fn a_code_is_read_as_the_link_it_was_made_of() {
        let long = format!("https://example.org/#/network?parameters={}", "0.125,".repeat(400));
        for link in ["https://example.org/#/regions?start=seven&phi-0=0.5", "https://example.org/piecewise/#/", &long] {
            assert_eq!(read(&QrCode::of(link).expect("a code")), link);
        }
    }

    #[test]
    fn a_link_that_no_code_holds_is_refused_in_a_sentence() {
        let error = QrCode::of(&"x".repeat(3000)).expect_err("no code holds it");
        assert_eq!(error.to_string(), "This link is too long for a QR code.");
        assert!(QrCode::of(&"x".repeat(2953)).is_ok());
    }

    #[test]
    fn the_path_covers_the_dark_modules_and_no_other() {
        let code = QrCode::of("https://example.org/").expect("a code");
        let n_dark = (0..code.size() * code.size()).filter(|i| code.is_dark(i / code.size(), i % code.size())).count();
        let covered: usize = code
            .path()
            .split('h')
            .skip(1)
            .step_by(2)
            .map(|part| part.split('v').next().unwrap().parse::<usize>().unwrap())
            .sum();
        assert_eq!(covered, n_dark);
    }
}
