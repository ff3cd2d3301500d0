/// ∂`loss`/∂`phi` by central differences, (L(φ + h) − L(φ − h)) / 2h for one parameter after the other.
///
/// The step h is 6·10⁻⁶·max(1, |φ|), near the cube root of the rounding unit, where truncation and rounding are about equal: ten digits
/// for a smooth loss of size 1. Where a joint of the loss lies within h the answer is between the slopes of both sides.
///
/// ```
/// use piecewise_core::train::central_differences;
/// let slopes = central_differences(|phi| phi[0] * phi[0] + 3.0 * phi[1], &[2.0, 5.0]);
/// assert!((slopes[0] - 4.0).abs() < 1e-8 && (slopes[1] - 3.0).abs() < 1e-8);
/// ```
pub fn central_differences(mut loss: impl FnMut(&[f64]) -> f64, phi: &[f64]) -> Vec<f64> {
    let mut moved = phi.to_vec();
    let mut slopes = Vec::with_capacity(phi.len());
    for (index, &center) in phi.iter().enumerate() {
        let step = 6e-6 * center.abs().max(1.0);
        let (above, below) = (center + step, center - step);
        moved[index] = above;
        let loss_above = loss(&moved);
        moved[index] = below;
        let loss_below = loss(&moved);
        moved[index] = center;
        // The step that was taken, not the one that was meant: the difference is rounding.
        slopes.push((loss_above - loss_below) / (above - below));
    }
    slopes
}

/// A gradient beside its central differences, entry by entry.
#[derive(Clone, Debug, PartialEq)]
pub struct GradientCheck {
    /// ∂L/∂φ as it was given.
    pub gradient: Vec<f64>,
    /// ∂L/∂φ by central differences.
    pub differences: Vec<f64>,
    /// The parameter with the largest error, and that error. `None` when there is no parameter.
    pub worst: Option<(usize, f64)>,
}

impl GradientCheck {
    /// Below this error an entry counts as right: rounding leaves about 10⁻¹⁰, a wrong formula rarely less than 10⁻³.
    pub const TOLERANCE: f64 = 1e-6;

    /// Compares `gradient` with central differences of `loss` at `phi`.
    ///
    /// ```
    /// use piecewise_core::train::GradientCheck;
    /// let loss = |phi: &[f64]| phi[0] * phi[0] * phi[1];
    /// assert!(GradientCheck::compute(&[12.0, 4.0], loss, &[2.0, 3.0]).passes());
    /// let wrong = GradientCheck::compute(&[12.0, 2.0], loss, &[2.0, 3.0]);
    /// assert_eq!(wrong.worst.unwrap().0, 1);
    /// ```
    ///
    /// # Panics
    /// When there is not one slope for every parameter.
    pub fn compute(gradient: &[f64], loss: impl FnMut(&[f64]) -> f64, phi: &[f64]) -> Self {
        assert_eq!(gradient.len(), phi.len(), "one slope for every parameter");
        let mut check = Self { gradient: gradient.to_vec(), differences: central_differences(loss, phi), worst: None };
        for index in 0..phi.len() {
            let error = check.error(index);
            // A NaN counts as the worst of all, and the first one stays.
            if check.worst.is_none_or(|(_, worst)| error > worst || (error.is_nan() && !worst.is_nan())) {
                check.worst = Some((index, error));
            }
        }
        check
    }

    /// |gradient − differences| of one entry, relative to the larger of the two, or to 1 when both are smaller.
    ///
    /// # Panics
    /// When there is no such entry.
    pub fn error(&self, index: usize) -> f64 {
        let (given, measured) = (self.gradient[index], self.differences[index]);
        (given - measured).abs() / given.abs().max(measured.abs()).max(1.0)
    }

    /// Whether one entry agrees.
    ///
    /// # Panics
    /// When there is no such entry.
    pub fn agrees(&self, index: usize) -> bool {
        self.error(index) <= Self::TOLERANCE
    }

    /// Whether all entries agree.
    pub fn passes(&self) -> bool {
        self.worst.is_none_or(|(_, error)| error <= Self::TOLERANCE)
    }
}
