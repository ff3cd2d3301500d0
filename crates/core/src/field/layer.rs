use super::Field;

/// What one layer of a [`Field`] has learnt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FieldLayer<'a> {
    /// How many numbers it reads: the columns of Ω.
    pub n_inputs: usize,
    /// How many numbers it writes: the rows of Ω.
    pub n_outputs: usize,
    /// β: one number for each output, or one that all of them share where the field is a scalar.
    pub beta: &'a [f32],
    /// Ω, column by column.
    pub omega: &'a [f32],
    /// γ of layer norm; empty without.
    pub gamma: &'a [f32],
    /// δ of layer norm; empty without.
    pub delta: &'a [f32],
}

impl FieldLayer<'_> {
    /// The entry of Ω in this row and column.
    pub fn weight(&self, row: usize, column: usize) -> f32 {
        self.omega[column * self.n_outputs + row]
    }
}

impl Field {
    /// The layers, the one that reads the input first.
    ///
    /// ```
    /// use piecewise_core::field::{Architecture, Field, FieldInitialization};
    /// let field = Field::new(Architecture::relu(2, 16), FieldInitialization::He, 0);
    /// let shapes: Vec<_> = field.layers().map(|layer| (layer.n_inputs, layer.n_outputs)).collect();
    /// assert_eq!(shapes, [(2, 16), (16, 16), (16, 3)]);
    /// ```
    pub fn layers(&self) -> impl Iterator<Item = FieldLayer<'_>> {
        self.architecture().places().into_iter().map(|place| {
            let (gamma, delta) = place.norm(self.parameters());
            FieldLayer {
                n_inputs: place.n_inputs,
                n_outputs: place.n_outputs,
                beta: place.beta(self.parameters()),
                omega: place.omega(self.parameters()),
                gamma,
                delta,
            }
        })
    }
}
