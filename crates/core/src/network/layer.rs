use nalgebra::{DMatrix, DVector};

/// One affine layer `f = β + Ω h`.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// The weights Ω, D_out × D_in: a row for each unit fed, a column for each unit read.
    pub omega: DMatrix<f64>,
    /// The biases β, D_out of them.
    pub beta: DVector<f64>,
}

impl Layer {
    /// A layer whose weights and biases are all 0.
    pub fn zeros(n_outputs: usize, n_inputs: usize) -> Self {
        Self { omega: DMatrix::zeros(n_outputs, n_inputs), beta: DVector::zeros(n_outputs) }
    }

    /// A layer from functions of the row (0-based unit fed) and the column (0-based unit read).
    pub fn from_fn(
        n_outputs: usize,
        n_inputs: usize,
        beta: impl Fn(usize) -> f64,
        omega: impl Fn(usize, usize) -> f64,
    ) -> Self {
        Self {
            omega: DMatrix::from_fn(n_outputs, n_inputs, omega),
            beta: DVector::from_fn(n_outputs, |row, _| beta(row)),
        }
    }

    /// How many numbers the layer reads.
    pub fn n_inputs(&self) -> usize {
        self.omega.ncols()
    }

    /// How many numbers it writes.
    pub fn n_outputs(&self) -> usize {
        self.omega.nrows()
    }

    /// How many parameters it has: (D_in + 1) · D_out.
    pub fn n_parameters(&self) -> usize {
        self.omega.len() + self.beta.len()
    }

    /// `β + Ω h`, each row summed from the bias on, column by column: the order is fixed, so the bits are too.
    ///
    /// # Panics
    /// When `h` does not have [`Layer::n_inputs`] entries.
    pub fn pre_activation(&self, h: &DVector<f64>) -> DVector<f64> {
        assert_eq!(h.len(), self.n_inputs(), "the layer reads {} numbers", self.n_inputs());
        let mut f = self.beta.clone();
        for (column, &h_i) in self.omega.column_iter().zip(h.iter()) {
            for (f_d, &omega) in f.iter_mut().zip(column.iter()) {
                *f_d += omega * h_i;
            }
        }
        f
    }
}
