use nalgebra::DMatrix;

/// Inputs with the outputs that are wanted, an example a column.
///
/// ```
/// use piecewise_core::data::{Examples, LINEAR_REGRESSION};
/// let examples = Examples::from_points(&LINEAR_REGRESSION);
/// assert_eq!(examples.len(), 12);
/// assert_eq!((examples.x()[(0, 1)], examples.y()[(0, 1)]), (0.19, 0.85));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Examples {
    x: DMatrix<f64>,
    y: DMatrix<f64>,
}

impl Examples {
    /// Inputs D_i × I and wanted outputs D_o × I.
    ///
    /// # Panics
    /// When the two have different numbers of columns.
    pub fn new(x: DMatrix<f64>, y: DMatrix<f64>) -> Self {
        assert_eq!(x.ncols(), y.ncols(), "every example has an input and an output");
        Self { x, y }
    }

    /// Points (x, y) of a curve: D_i = D_o = 1.
    pub fn from_points(points: &[[f64; 2]]) -> Self {
        let row = |part: usize| DMatrix::from_fn(1, points.len(), |_, i| points[i][part]);
        Self::new(row(0), row(1))
    }

    /// One example: its inputs and its wanted outputs.
    pub fn single(x: &[f64], y: &[f64]) -> Self {
        let column = |values: &[f64]| DMatrix::from_column_slice(values.len(), 1, values);
        Self::new(column(x), column(y))
    }

    /// Examples of one input, D_i = 1, with `n_outputs` wanted numbers each, example after example.
    ///
    /// # Panics
    /// When there are not `n_outputs` numbers in `y` for every one in `x`.
    pub fn from_columns(x: Vec<f64>, y: Vec<f64>, n_outputs: usize) -> Self {
        let n = x.len();
        Self::new(DMatrix::from_vec(1, n, x), DMatrix::from_vec(n_outputs, n, y))
    }

    /// Rows of numbers, an example a row: `n_inputs` inputs, then what is wanted.
    ///
    /// ```
    /// use piecewise_core::data::Examples;
    /// let examples = Examples::from_rows(&[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], 2);
    /// assert_eq!((examples.x()[(1, 0)], examples.y()[(0, 1)]), (2.0, 6.0));
    /// ```
    ///
    /// # Panics
    /// When a row has fewer numbers than there are inputs.
    pub fn from_rows<const N: usize>(rows: &[[f64; N]], n_inputs: usize) -> Self {
        let part = |first: usize, n: usize| DMatrix::from_fn(n, rows.len(), |row, i| rows[i][first + row]);
        Self::new(part(0, n_inputs), part(n_inputs, N - n_inputs))
    }

    /// The inputs, D_i × I.
    pub fn x(&self) -> &DMatrix<f64> {
        &self.x
    }

    /// The wanted outputs, D_o × I.
    pub fn y(&self) -> &DMatrix<f64> {
        &self.y
    }

    /// I, the number of examples.
    pub fn len(&self) -> usize {
        self.x.ncols()
    }

    /// Whether there is no example.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
