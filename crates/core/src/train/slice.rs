use super::Objective;

/// Two parameters of a larger objective, all others held where they are: a loss surface that can be looked at.
///
/// ```
/// use piecewise_core::data::LINEAR_REGRESSION;
/// use piecewise_core::train::{LinearRegression, Objective, TwoParameterSlice};
/// let mut line = LinearRegression::new(LINEAR_REGRESSION.to_vec());
/// let mut turned = TwoParameterSlice::new(line.clone(), vec![0.0, 0.0], [1, 0]);
/// assert_eq!(turned.loss(&[-0.2, 0.6]), line.loss(&[0.6, -0.2]));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct TwoParameterSlice<O> {
    objective: O,
    phi: Vec<f64>,
    indices: [usize; 2],
    gradient: Vec<f64>,
}

impl<O: Objective> TwoParameterSlice<O> {
    /// The slice through `phi` along the parameters with these two indices.
    ///
    /// # Panics
    /// When `phi` has not one number for every parameter, or the indices are equal or out of range.
    pub fn new(objective: O, phi: Vec<f64>, indices: [usize; 2]) -> Self {
        let n = objective.n_parameters();
        assert_eq!(phi.len(), n, "one number for every parameter");
        assert!(indices[0] != indices[1] && indices.iter().all(|&index| index < n), "two parameters of {n}");
        Self { gradient: vec![0.0; n], objective, phi, indices }
    }

    /// The whole objective.
    pub fn objective(&self) -> &O {
        &self.objective
    }

    /// All parameters, with the two that move at `phi`.
    pub fn whole(&mut self, phi: &[f64]) -> &[f64] {
        for (index, value) in self.indices.iter().zip(phi) {
            self.phi[*index] = *value;
        }
        &self.phi
    }

    fn pick(&self, gradient: &mut [f64]) {
        for (slope, index) in gradient.iter_mut().zip(self.indices) {
            *slope = self.gradient[index];
        }
    }
}

impl<O: Objective> Objective for TwoParameterSlice<O> {
    fn n_parameters(&self) -> usize {
        2
    }

    fn n_examples(&self) -> usize {
        self.objective.n_examples()
    }

    fn loss(&mut self, phi: &[f64]) -> f64 {
        self.whole(phi);
        self.objective.loss(&self.phi)
    }

    fn gradient(&mut self, phi: &[f64], gradient: &mut [f64]) -> f64 {
        self.whole(phi);
        let loss = self.objective.gradient(&self.phi, &mut self.gradient);
        self.pick(gradient);
        loss
    }

    fn batch_gradient(&mut self, phi: &[f64], batch: &[u32], gradient: &mut [f64]) -> f64 {
        self.whole(phi);
        let loss = self.objective.batch_gradient(&self.phi, batch, &mut self.gradient);
        self.pick(gradient);
        loss
    }

    fn layer_of(&self, index: usize) -> Option<usize> {
        self.objective.layer_of(self.indices[index])
    }

    fn first_layer_not_finite(&mut self, phi: &[f64]) -> Option<usize> {
        self.whole(phi);
        self.objective.first_layer_not_finite(&self.phi)
    }

    fn work_per_example(&self) -> u64 {
        self.objective.work_per_example()
    }
}
