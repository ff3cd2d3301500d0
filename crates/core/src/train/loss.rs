use serde::{Deserialize, Serialize};

use crate::math;

/// ℓ_i, how wrong the output of one example is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExampleLoss {
    /// Σ (f − y)² over the outputs (UDL, section 5.3).
    Squared,
    /// Σ |f − y|; its slope at 0 is taken as 0.
    Absolute,
    /// Σ of (f − y)²/2 where |f − y| ≤ δ, and of δ(|f − y| − δ/2) further out: squared near 0, absolute far away.
    Huber {
        /// Where the parabola becomes a line, above 0.
        delta: f64,
    },
    /// −y ln σ(f) − (1 − y) ln(1 − σ(f)), with y in [0, 1] and the output f before the sigmoid (UDL, section 5.4).
    BinaryCrossEntropy,
    /// −Σ y_d ln softmax_d(f), with y the wanted probabilities (1 for the class and 0 elsewhere) and the outputs f before the softmax
    /// (UDL, section 5.5).
    MulticlassCrossEntropy,
}

/// How the losses of examples become one number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reduction {
    /// Σ ℓ_i, as the book writes it.
    #[default]
    Sum,
    /// Σ ℓ_i / I: over examples, not over outputs.
    Mean,
}

/// L, how wrong a batch of outputs is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Loss {
    /// The loss of one example.
    pub example: ExampleLoss,
    /// Sum or mean over examples.
    pub reduction: Reduction,
}

impl ExampleLoss {
    /// ℓ for the outputs `f` and what is wanted, `y`; both have D_o entries.
    ///
    /// ```
    /// use piecewise_core::train::ExampleLoss;
    /// assert_eq!(ExampleLoss::Squared.value(&[3.0, 1.0], &[1.0, 1.0]), 4.0);
    /// assert_eq!(ExampleLoss::Huber { delta: 1.0 }.value(&[3.0], &[0.0]), 2.5);
    /// // Two classes, equally likely: ln 2, whichever is right.
    /// assert_eq!(ExampleLoss::MulticlassCrossEntropy.value(&[0.0, 0.0], &[0.0, 1.0]), 2.0_f64.ln());
    /// ```
    pub fn value(self, f: &[f64], y: &[f64]) -> f64 {
        let sum = |term: fn(f64, f64) -> f64| f.iter().zip(y).fold(0.0, |sum, (&f, &y)| sum + term(f, y));
        match self {
            Self::Squared => sum(|f, y| (f - y) * (f - y)),
            Self::Absolute => sum(|f, y| (f - y).abs()),
            Self::Huber { delta } => f.iter().zip(y).fold(0.0, |sum, (f, y)| {
                let error = (f - y).abs();
                sum + if error <= delta { 0.5 * error * error } else { delta * (error - 0.5 * delta) }
            }),
            // −y ln σ(f) − (1 − y) ln σ(−f) = y s(−f) + (1 − y) s(f) with s softplus: neither term overflows, neither cancels.
            Self::BinaryCrossEntropy => sum(|f, y| y * math::softplus(-f) + (1.0 - y) * math::softplus(f)),
            Self::MulticlassCrossEntropy => {
                let log_normalizer = math::log_sum_exp(f);
                // A class that is not wanted counts nothing, even where its probability is 0.
                f.iter().zip(y).filter(|(_, y)| **y != 0.0).fold(0.0, |sum, (f, y)| sum + y * (log_normalizer - f))
            }
        }
    }

    /// Writes ∂ℓ/∂f into `dl_df`, which has D_o entries as `f` and `y` do.
    ///
    /// ```
    /// use piecewise_core::train::ExampleLoss;
    /// let mut dl_df = [0.0; 2];
    /// ExampleLoss::MulticlassCrossEntropy.gradient(&[0.0, 0.0], &[1.0, 0.0], &mut dl_df);
    /// assert_eq!(dl_df, [-0.5, 0.5]);
    /// ```
    pub fn gradient(self, f: &[f64], y: &[f64], dl_df: &mut [f64]) {
        if self == Self::MulticlassCrossEntropy {
            let log_normalizer = math::log_sum_exp(f);
            let total = y.iter().fold(0.0, |sum, y| sum + y);
            for ((slope, f), y) in dl_df.iter_mut().zip(f).zip(y) {
                *slope = total * math::exp(f - log_normalizer) - y;
            }
            return;
        }
        for ((slope, &f), &y) in dl_df.iter_mut().zip(f).zip(y) {
            *slope = match self {
                Self::Squared => 2.0 * (f - y),
                Self::Absolute => sign(f - y),
                Self::Huber { delta } => {
                    if (f - y).abs() <= delta {
                        f - y
                    } else {
                        delta * sign(f - y)
                    }
                }
                Self::BinaryCrossEntropy | Self::MulticlassCrossEntropy => math::sigmoid(f) - y,
            };
        }
    }
}

/// −1, 0 or 1, and NaN for NaN.
fn sign(z: f64) -> f64 {
    if z == 0.0 { 0.0 } else { z.signum() }
}

impl Loss {
    /// The sum of squares, the book's first loss.
    pub const SUM_OF_SQUARES: Self = Self { example: ExampleLoss::Squared, reduction: Reduction::Sum };
    /// The mean of squares.
    pub const MEAN_SQUARED: Self = Self { example: ExampleLoss::Squared, reduction: Reduction::Mean };

    /// L for outputs `f` and wanted outputs `y`, both D_o × I and stored column by column, summed in the order of the examples. 0 when
    /// there is no example.
    ///
    /// ```
    /// use piecewise_core::train::Loss;
    /// assert_eq!(Loss::SUM_OF_SQUARES.value(&[1.0, 3.0], &[0.0, 0.0], 1), 10.0);
    /// assert_eq!(Loss::MEAN_SQUARED.value(&[1.0, 3.0], &[0.0, 0.0], 1), 5.0);
    /// ```
    ///
    /// # Panics
    /// When `n_outputs` is 0.
    pub fn value(self, f: &[f64], y: &[f64], n_outputs: usize) -> f64 {
        self.reduce(self.sum(f, y, n_outputs), f.len() / n_outputs)
    }

    /// Writes ∂L/∂f into `dl_df`, stored as `f` and `y` are.
    ///
    /// # Panics
    /// When `n_outputs` is 0.
    pub fn gradient(self, f: &[f64], y: &[f64], n_outputs: usize, dl_df: &mut [f64]) {
        self.gradient_of_part(f, y, n_outputs, f.len() / n_outputs, dl_df);
    }

    /// Σ ℓ_i, whatever the reduction.
    pub(super) fn sum(self, f: &[f64], y: &[f64], n_outputs: usize) -> f64 {
        let examples = f.chunks_exact(n_outputs).zip(y.chunks_exact(n_outputs));
        examples.fold(0.0, |sum, (f, y)| sum + self.example.value(f, y))
    }

    /// L from Σ ℓ_i over `n_examples`.
    pub(super) fn reduce(self, sum: f64, n_examples: usize) -> f64 {
        match self.reduction {
            Reduction::Mean if n_examples > 0 => sum / n_examples as f64,
            _ => sum,
        }
    }

    /// [`Loss::gradient`] where these are a part of `n_total` examples.
    pub(super) fn gradient_of_part(self, f: &[f64], y: &[f64], n_outputs: usize, n_total: usize, dl_df: &mut [f64]) {
        let examples = f.chunks_exact(n_outputs).zip(y.chunks_exact(n_outputs));
        for ((f, y), dl_df) in examples.zip(dl_df.chunks_exact_mut(n_outputs)) {
            self.example.gradient(f, y, dl_df);
        }
        if self.reduction == Reduction::Mean {
            for slope in dl_df {
                *slope /= n_total as f64;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cross_entropies_neither_overflow_nor_lose_the_small_loss_of_a_sure_answer() {
        let binary = ExampleLoss::BinaryCrossEntropy;
        assert_eq!(binary.value(&[-1000.0], &[1.0]), 1000.0);
        assert_eq!(binary.value(&[1000.0], &[1.0]), 0.0);
        // ln(1 + e⁻⁴⁰), which 1 − σ would round to 0.
        assert!((binary.value(&[40.0], &[1.0]) / 4.248_354_255_291_589e-18 - 1.0).abs() < 1e-14);
        let classes = ExampleLoss::MulticlassCrossEntropy;
        assert_eq!(classes.value(&[1000.0, 0.0, 0.0], &[0.0, 1.0, 0.0]), 1000.0);
        assert_eq!(classes.value(&[f64::NEG_INFINITY, 0.0], &[0.0, 1.0]), 0.0);
    }

    #[test]
    fn two_classes_are_one_sigmoid_of_the_difference() {
        for (f_0, f_1) in [(0.3, -1.2), (4.0, 4.5), (-20.0, 20.0)] {
            let two = ExampleLoss::MulticlassCrossEntropy.value(&[f_0, f_1], &[0.0, 1.0]);
            let one = ExampleLoss::BinaryCrossEntropy.value(&[f_1 - f_0], &[1.0]);
            assert!((two - one).abs() < 1e-14 * (1.0 + one.abs()));
        }
    }

    #[test]
    fn huber_is_smooth_where_the_parabola_becomes_a_line() {
        let huber = ExampleLoss::Huber { delta: 0.5 };
        let slope = |f: f64| {
            let mut dl_df = [0.0];
            huber.gradient(&[f], &[0.0], &mut dl_df);
            dl_df[0]
        };
        assert_eq!(huber.value(&[0.5], &[0.0]), 0.125);
        assert!((huber.value(&[0.5 + 1e-9], &[0.0]) - 0.125 - 0.5e-9).abs() < 1e-16);
        assert_eq!((slope(0.5), slope(0.6), slope(-7.0)), (0.5, 0.5, -0.5));
    }

    #[test]
    fn a_nan_is_never_hidden() {
        for example in [
            ExampleLoss::Squared,
            ExampleLoss::Absolute,
            ExampleLoss::Huber { delta: 1.0 },
            ExampleLoss::BinaryCrossEntropy,
            ExampleLoss::MulticlassCrossEntropy,
        ] {
            assert!(example.value(&[f64::NAN, 0.0], &[1.0, 0.0]).is_nan(), "{example:?}");
            let mut dl_df = [0.0; 2];
            example.gradient(&[f64::NAN, 0.0], &[1.0, 0.0], &mut dl_df);
            assert!(dl_df[0].is_nan(), "{example:?}");
        }
    }
}
