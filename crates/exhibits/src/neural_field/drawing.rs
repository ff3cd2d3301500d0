use piecewise_core::field::Image;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

const SIDE: usize = DrawnPicture::SIDE;
const N_CELLS: usize = SIDE * SIDE;

/// Where a colour of two cells stands is what a letter means.
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// A picture of large cells, painted by hand. In a link it is a text: a letter of base64url for two cells, row by row from the top left,
/// without the ground at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrawnPicture {
    /// Places in the palette.
    cells: [u8; N_CELLS],
}

impl Default for DrawnPicture {
    fn default() -> Self {
        Self { cells: [0; N_CELLS] }
    }
}

impl DrawnPicture {
    /// How many cells there are along each side.
    pub const SIDE: usize = 32;

    /// The colours with their names; the first one is the ground. Purple, orange, green and yellow are those of slide 7.
    pub const PALETTE: [([u8; 3], &str); 8] = [
        ([255, 255, 255], "white"),
        ([254, 250, 80], "yellow"),
        ([255, 88, 23], "orange"),
        ([208, 36, 92], "red"),
        ([73, 45, 164], "purple"),
        ([66, 150, 216], "blue"),
        ([121, 169, 67], "green"),
        ([28, 28, 36], "black"),
    ];

    /// The place in the palette of the cell in this column and row, both below [`DrawnPicture::SIDE`]; the ground outside.
    pub fn cell(&self, [column, row]: [usize; 2]) -> u8 {
        if column < SIDE && row < SIDE { self.cells[row * SIDE + column] } else { 0 }
    }

    /// Places in the palette, row by row.
    pub fn cells(&self) -> &[u8] {
        &self.cells
    }

    /// Whether it is all ground.
    pub fn is_empty(&self) -> bool {
        self.cells == [0; N_CELLS]
    }

    /// Paints one cell; nothing where there is no such cell or no such colour.
    pub fn paint(&mut self, [column, row]: [usize; 2], colour: u8) {
        if column < SIDE && row < SIDE && usize::from(colour) < Self::PALETTE.len() {
            self.cells[row * SIDE + column] = colour;
        }
    }

    /// Paints the cells on the way from one to another, both included, so that a fast stroke has no gaps.
    pub fn paint_line(&mut self, from: [usize; 2], to: [usize; 2], colour: u8) {
        let within = |cell: [usize; 2]| cell.map(|at| at.min(SIDE - 1));
        let (from, to) = (within(from), within(to));
        let n_steps = from[0].abs_diff(to[0]).max(from[1].abs_diff(to[1])).max(1);
        for step in 0..=n_steps {
            // Rounded to the nearest cell.
            let at = |axis: usize| (2 * (from[axis] * (n_steps - step) + to[axis] * step) + n_steps) / (2 * n_steps);
            self.paint([at(0), at(1)], colour);
        }
    }

    /// Makes everything ground.
    pub fn clear(&mut self) {
        self.cells.fill(0);
    }

    /// The drawing, stretched to this size. A larger pixel count keeps the edges of cells, a smaller one averages over them.
    ///
    /// # Panics
    /// When there is no pixel in it, or more than a picture may have.
    pub fn image(&self, width: usize, height: usize) -> Image {
        let [columns, rows] = [width.max(SIDE), height.max(SIDE)];
        // The cell in which the centre of the pixel lies.
        let cell = |index: usize, n: usize| (2 * index + 1) * SIDE / (2 * n);
        Image::from_fn(columns, rows, |column, row| {
            let (rgb, _) = Self::PALETTE[usize::from(self.cell([cell(column, columns), cell(row, rows)]))];
            rgb.map(|byte| f32::from(byte) / 255.0)
        })
        .and_then(|image| image.scaled(width, height))
        .expect("a size that a picture may have")
    }
}

impl Serialize for DrawnPicture {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let n_used = self.cells.iter().rposition(|&cell| cell != 0).map_or(0, |last| last / 2 + 1);
        let (pairs, _) = self.cells.as_chunks::<2>();
        let text: String = pairs[..n_used].iter().map(|&[a, b]| char::from(LETTERS[usize::from(8 * a + b)])).collect();
        serializer.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for DrawnPicture {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let mut drawing = Self::default();
        if text.len() > N_CELLS / 2 {
            return Err(D::Error::custom("a drawing has at most 512 letters"));
        }
        let (pairs, _) = drawing.cells.as_chunks_mut::<2>();
        for (pair, letter) in pairs.iter_mut().zip(text.bytes()) {
            let value = LETTERS.iter().position(|&known| known == letter);
            let value = value.ok_or_else(|| D::Error::custom("a drawing has letters of base64url only"))? as u8;
            *pair = [value / 8, value % 8];
        }
        Ok(drawing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<DrawnPicture> {
        serde_json::from_value(text.into()).ok()
    }

    fn written(drawing: &DrawnPicture) -> String {
        serde_json::to_value(drawing).expect("a text").as_str().expect("a text").to_owned()
    }

    #[test]
    fn a_drawing_is_as_many_letters_as_half_its_cells_and_comes_back() {
        let mut drawing = DrawnPicture::default();
        assert_eq!(written(&drawing), "");
        drawing.paint([0, 0], 1);
        assert_eq!(written(&drawing), "I");
        drawing.paint([3, 0], 7);
        // Cells 2 and 3 are 0 and 7.
        assert_eq!(written(&drawing), "IH");
        drawing.paint([31, 31], 7);
        let all = written(&drawing);
        assert_eq!((all.len(), all.ends_with('H')), (512, true));
        assert_eq!(read(&all), Some(drawing));
        // Ground at the end is the same as none.
        assert_eq!(read("IHAA"), read("IH"));
    }

    #[test]
    fn hostile_texts_are_refused() {
        for text in ["I H", "I\u{e9}", "I=", "I+", "\u{0}", &"A".repeat(513), &"_".repeat(1 << 20)] {
            assert_eq!(read(text), None);
        }
        assert!(serde_json::from_str::<DrawnPicture>("[1,2]").is_err());
        assert!(read(&"_".repeat(512)).is_some());
    }

    #[test]
    fn strokes_have_no_gaps_and_no_corners_outside() {
        let mut drawing = DrawnPicture::default();
        drawing.paint_line([2, 3], [9, 5], 4);
        let painted: Vec<usize> =
            (0..SIDE).filter(|&column| (0..SIDE).any(|row| drawing.cell([column, row]) == 4)).collect();
        assert_eq!(painted, (2..=9).collect::<Vec<_>>());
        assert_eq!((drawing.cell([2, 3]), drawing.cell([9, 5])), (4, 4));
        drawing.paint_line([31, 31], [usize::MAX, 0], 2);
        assert!((0..SIDE).all(|row| drawing.cell([31, row]) == 2));
        drawing.paint([32, 0], 2);
        drawing.paint([0, 0], 8);
        assert_eq!(drawing.cell([0, 0]), 0);
        drawing.clear();
        assert!(drawing.is_empty());
    }

    #[test]
    fn cells_keep_their_edges_when_enlarged_and_are_averaged_when_reduced() {
        let mut drawing = DrawnPicture::default();
        drawing.paint([0, 0], 7);
        let large = drawing.image(64, 64);
        let dark = |image: &Image| image.pixels().iter().filter(|colour| colour[0] < 0.2).count();
        assert_eq!(dark(&large), 4);
        assert_eq!(dark(&drawing.image(32, 32)), 1);
        // A quarter of one pixel is black.
        let small = drawing.image(16, 16);
        assert!((small.pixels()[0][0] - (0.75 + 0.25 * 28.0 / 255.0)).abs() < 1e-6);
        assert_eq!((drawing.image(48, 36).width(), drawing.image(48, 36).height()), (48, 36));
        assert_eq!(drawing.image(24, 18).height(), 18);
    }
}
