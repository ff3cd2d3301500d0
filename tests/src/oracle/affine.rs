use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Float as _, Zero as _};
use piecewise_core::network::Layer;

use super::Point;

/// A rational number of any size.
pub type Q = BigRational;

/// The rational number that `x` is.
///
/// # Panics
/// When `x` is infinite or not a number.
pub fn q(x: f64) -> Q {
    Q::from_float(x).expect("a finite number")
}

/// An affine function of the point, exact. Weights are binary fractions, and so are their sums and products: integers times
/// one power of two.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Affine {
    /// The slopes and, last, the value at the origin; to be multiplied by `2^exponent`. Not all of them are even.
    coefficients: Vec<BigInt>,
    exponent: i64,
}

impl Affine {
    /// The function with this value at the origin and these slopes.
    pub fn new(intercept: f64, slope: &[f64]) -> Self {
        let n = slope.len();
        let coordinates = (0..n).map(|axis| {
            let coefficients = (0..=n).map(|i| BigInt::from(u8::from(i == axis))).collect();
            Self { coefficients, exponent: 0 }
        });
        let one = Self { coefficients: (0..=n).map(|i| BigInt::from(u8::from(i == n))).collect(), exponent: 0 };
        let terms = coordinates.zip(slope).map(|(x, &w)| x.scaled(w));
        Self::sum(&terms.chain([one.scaled(intercept)]).collect::<Vec<_>>())
    }

    /// The sum of some functions, at least one.
    fn sum(terms: &[Self]) -> Self {
        let exponent = terms.iter().map(|term| term.exponent).min().expect("at least one term");
        let n = terms[0].coefficients.len();
        let sum = |i: usize| terms.iter().map(|term| &term.coefficients[i] << (term.exponent - exponent)).sum();
        Self { coefficients: (0..n).map(sum).collect(), exponent }.reduced()
    }

    /// The same function with the largest exponent, so that equal functions have equal fields.
    fn reduced(self) -> Self {
        match self.coefficients.iter().filter_map(BigInt::trailing_zeros).min() {
            Some(twos) => Self {
                coefficients: self.coefficients.into_iter().map(|c| c >> twos).collect(),
                exponent: self.exponent + twos as i64,
            },
            None => Self { exponent: 0, ..self },
        }
    }

    /// The function times a number.
    #[must_use]
    pub fn scaled(&self, factor: f64) -> Self {
        assert!(factor.is_finite(), "{factor} is not a weight");
        let (mantissa, exponent, sign) = factor.integer_decode();
        let factor = BigInt::from(i128::from(mantissa) * i128::from(sign));
        Self {
            coefficients: self.coefficients.iter().map(|c| c * &factor).collect(),
            exponent: self.exponent + i64::from(exponent),
        }
        .reduced()
    }

    /// What a layer makes of the functions that it reads.
    pub fn layer(layer: &Layer, h: &[Self]) -> Vec<Self> {
        let n_dimensions = h[0].coefficients.len() - 1;
        let row = |d: usize| {
            let mut terms = vec![Self::new(layer.beta[d], &vec![0.0; n_dimensions])];
            terms.extend(h.iter().enumerate().map(|(i, h_i)| h_i.scaled(layer.omega[(d, i)])));
            Self::sum(&terms)
        };
        (0..layer.n_outputs()).map(row).collect()
    }

    /// A positive multiple of the value at a point: enough for its sign.
    pub fn sign_at(&self, x: &Point) -> BigInt {
        self.coefficients.iter().zip(&x.0).map(|(c, x)| c * x).sum()
    }

    /// The direction in which the function grows, up to a positive factor.
    pub fn normal(&self) -> Vec<BigInt> {
        self.coefficients[..self.coefficients.len() - 1].to_vec()
    }

    /// The value at the origin.
    pub fn intercept(&self) -> Q {
        self.coefficient(self.coefficients.len() - 1)
    }

    /// The gradient.
    pub fn slope(&self) -> Vec<Q> {
        (0..self.coefficients.len() - 1).map(|i| self.coefficient(i)).collect()
    }

    fn coefficient(&self, i: usize) -> Q {
        let c = &self.coefficients[i];
        if self.exponent < 0 {
            Q::new(c.clone(), BigInt::from(1) << -self.exponent)
        } else {
            Q::from_integer(c << self.exponent)
        }
    }

    /// Whether the function is 0 everywhere.
    pub fn is_zero(&self) -> bool {
        self.coefficients.iter().all(BigInt::is_zero)
    }
}
