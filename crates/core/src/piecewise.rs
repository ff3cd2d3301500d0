//! Continuous piecewise linear functions of one number, and what becomes of them when one feeds another (UDL, chapter 4).

/// A continuous function that is a straight line between its corners. Beyond the outer corners the outer pieces go on.
#[derive(Clone, Debug, PartialEq)]
pub struct PiecewiseLinear {
    corners: Vec<[f64; 2]>,
}

/// One straight piece of a composition, from left to right.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Piece {
    /// Its left end, x and y.
    pub from: [f64; 2],
    /// Its right end.
    pub to: [f64; 2],
    /// Its slope: the product of the slopes of the pieces that it passes through.
    pub slope: f64,
    /// Which piece of the first function it comes from, counted from 0.
    pub fold: usize,
}

impl PiecewiseLinear {
    /// The function through these corners (x, y). Nothing when there are fewer than two, when a number is not finite, or when the x do not ascend.
    ///
    /// ```
    /// use piecewise_core::piecewise::PiecewiseLinear;
    /// let tent = PiecewiseLinear::new(vec![[-1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]).unwrap();
    /// assert_eq!(tent.value(0.25), 0.75);
    /// assert_eq!(tent.value(3.0), -2.0); // the last piece goes on
    /// assert!(PiecewiseLinear::new(vec![[0.0, 0.0], [0.0, 1.0]]).is_none());
    /// ```
    pub fn new(corners: Vec<[f64; 2]>) -> Option<Self> {
        let finite = corners.iter().flatten().all(|x| x.is_finite());
        let ascending = corners.windows(2).all(|pair| pair[0][0] < pair[1][0]);
        (corners.len() >= 2 && finite && ascending).then_some(Self { corners })
    }

    /// The corners, from left to right.
    pub fn corners(&self) -> &[[f64; 2]] {
        &self.corners
    }

    /// How many pieces there are between the corners.
    pub fn n_pieces(&self) -> usize {
        self.corners.len() - 1
    }

    /// The slope of a piece, counted from 0.
    pub fn slope(&self, piece: usize) -> f64 {
        let [from, to] = [self.corners[piece], self.corners[piece + 1]];
        (to[1] - from[1]) / (to[0] - from[0])
    }

    /// The piece that x lies on; at a corner the one at its right.
    pub fn piece_at(&self, x: f64) -> usize {
        self.corners[1..self.n_pieces()].iter().take_while(|corner| corner[0] <= x).count()
    }

    /// The value at x.
    pub fn value(&self, x: f64) -> f64 {
        let piece = self.piece_at(x);
        // From the nearer corner, so that corners are met exactly.
        let [from, to] = [self.corners[piece], self.corners[piece + 1]];
        let near = if (x - from[0]).abs() <= (to[0] - x).abs() { from } else { to };
        near[1] + self.slope(piece) * (x - near[0])
    }
}

/// The straight pieces of `stages[n − 1] ∘ … ∘ stages[0]` on the domain of the first: each fold of the first function runs through all pieces of the
/// next that its values reach, forwards or backwards. Joints at which the slope does not change are no joints.
///
/// ```
/// use piecewise_core::piecewise::{PiecewiseLinear, compose};
/// // A tent folds the line in two; fed to itself it has four pieces of slope ±4.
/// let tent = PiecewiseLinear::new(vec![[-1.0, -1.0], [0.0, 1.0], [1.0, -1.0]]).unwrap();
/// let pieces = compose(&[&tent, &tent]);
/// assert_eq!(pieces.len(), 4);
/// assert!(pieces.iter().all(|piece| piece.slope.abs() == 4.0));
/// assert_eq!(pieces[1].from, [-0.5, 1.0]);
/// ```
///
/// # Panics
/// When there is no stage.
pub fn compose(stages: &[&PiecewiseLinear]) -> Vec<Piece> {
    let (first, later) = stages.split_first().expect("something to compose");
    let mut pieces: Vec<Piece> = (0..first.n_pieces())
        .map(|fold| Piece { from: first.corners[fold], to: first.corners[fold + 1], slope: first.slope(fold), fold })
        .collect();
    for stage in later {
        pieces = pieces.iter().flat_map(|piece| through(stage, piece)).collect();
    }
    pieces.into_iter().fold(Vec::new(), |mut merged: Vec<Piece>, piece| {
        match merged.last_mut() {
            // A flat piece of a later stage swallows the joints before it.
            Some(last) if last.slope == piece.slope && last.to == piece.from => last.to = piece.to,
            _ => merged.push(piece),
        }
        merged
    })
}

/// What one straight piece becomes when its values run through `stage`.
fn through(stage: &PiecewiseLinear, piece: &Piece) -> Vec<Piece> {
    let (a, b) = (piece.from[1], piece.to[1]);
    let inside = |y: f64| (a < y && y < b) || (b < y && y < a);
    let mut joints: Vec<[f64; 2]> =
        stage.corners[1..stage.n_pieces()].iter().copied().filter(|corner| inside(corner[0])).collect();
    if a > b {
        joints.reverse();
    }
    let x_of = |y: f64| piece.from[0] + (y - a) / (b - a) * (piece.to[0] - piece.from[0]);
    let mut ends = vec![([piece.from[0], stage.value(a)], a)];
    ends.extend(joints.into_iter().map(|[y, z]| ([x_of(y), z], y)));
    ends.push(([piece.to[0], stage.value(b)], b));
    ends.windows(2)
        .map(|pair| {
            let slope = stage.slope(stage.piece_at(f64::midpoint(pair[0].1, pair[1].1))) * piece.slope;
            Piece { from: pair[0].0, to: pair[1].0, slope, fold: piece.fold }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Notebook 4.1 of UDL: two shallow networks, by their corners on [−1, 1].
    fn notebook() -> [PiecewiseLinear; 2] {
        let n1 = vec![[-1.0, -1.0], [0.0, 1.0], [0.67, -1.01], [1.0, 1.069]];
        let n2 = vec![[-1.0, 0.1], [-0.6, 0.5], [-0.2, 0.5], [0.5, -0.55], [1.0, -0.3]];
        [n1, n2].map(|corners| PiecewiseLinear::new(corners).expect("ascending"))
    }

    #[test]
    fn compositions_of_notebook_4_1_have_12_and_9_and_36_pieces() {
        let [n1, n2] = notebook();
        assert_eq!(compose(&[&n1, &n2]).len(), 12);
        assert_eq!(compose(&[&n1, &n1]).len(), 9);
        assert_eq!(compose(&[&n1, &n1, &n2]).len(), 36);
    }

    #[test]
    fn figure_4_1_has_nine_pieces() {
        let n1 = PiecewiseLinear::new(vec![[-1.0, -1.0], [0.0, 1.0], [0.6, -1.0], [1.0, 1.0]]).unwrap();
        let n2 = PiecewiseLinear::new(vec![[-1.0, 0.6], [-0.2, -0.8], [0.3, 0.3], [1.0, -0.2]]).unwrap();
        let pieces = compose(&[&n1, &n2]);
        assert_eq!(pieces.len(), 9);
        assert_eq!(pieces.iter().map(|piece| piece.fold).collect::<Vec<_>>(), [0, 0, 0, 1, 1, 1, 2, 2, 2]);
    }

    #[test]
    fn pieces_join_and_agree_with_feeding_one_function_to_the_next() {
        let [n1, n2] = notebook();
        let pieces = compose(&[&n1, &n1, &n2]);
        for pair in pieces.windows(2) {
            assert_eq!(pair[0].to[0], pair[1].from[0]);
            assert!((pair[0].to[1] - pair[1].from[1]).abs() < 1e-12);
        }
        for piece in &pieces {
            let [x, y] = [0, 1].map(|i| f64::midpoint(piece.from[i], piece.to[i]));
            assert!((n2.value(n1.value(n1.value(x))) - y).abs() < 1e-12);
            let rise = (piece.to[1] - piece.from[1]) / (piece.to[0] - piece.from[0]);
            assert!((rise - piece.slope).abs() < 1e-9 * piece.slope.abs().max(1.0));
        }
    }

    #[test]
    fn a_function_that_is_constant_leaves_one_piece() {
        let [n1, _] = notebook();
        let flat = PiecewiseLinear::new(vec![[-1.0, 0.5], [1.0, 0.5]]).unwrap();
        assert_eq!(compose(&[&n1, &flat]).len(), 1);
    }
}
