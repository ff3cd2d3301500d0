//! Rows of floating-point numbers as exact integers, up to a common power of two.

use num_bigint::{BigInt, Sign};
use num_integer::Integer;

/// Bias and weights of a unit, scaled by a power of two so that all are integers: the line or plane and its sides stay the same.
pub(super) struct ExactRow<const N: usize>([BigInt; N]);

impl<const N: usize> ExactRow<N> {
    /// The row of finite numbers.
    pub(super) fn of(row: [f64; N]) -> Self {
        let parts = row.map(mantissa_and_exponent);
        let least =
            parts.iter().filter(|(mantissa, _)| *mantissa != 0).map(|&(_, exponent)| exponent).min().unwrap_or(0);
        Self(parts.map(|(mantissa, exponent)| match mantissa {
            0 => BigInt::ZERO,
            mantissa => BigInt::from(mantissa) << (exponent - least).unsigned_abs(),
        }))
    }

    /// Whether all weights are 0.
    pub(super) fn is_flat(&self) -> bool {
        self.0[1..].iter().all(|weight| *weight == BigInt::ZERO)
    }

    /// On which side of the other weights these point, seen from the origin: the sign of w_1 v_2 − w_2 v_1.
    pub(super) fn turn_to(&self, other: &Self) -> Sign {
        (&self.0[1] * &other.0[2] - &self.0[2] * &other.0[1]).sign()
    }

    /// The line or plane: the same integers for every unit that has it.
    pub(super) fn primitive(&self) -> [BigInt; N] {
        primitive(self.0.clone())
    }
}

/// Integers without common factor, the last of them that is not 0 positive.
pub(super) fn primitive<const N: usize>(row: [BigInt; N]) -> [BigInt; N] {
    let divisor = row.iter().fold(BigInt::ZERO, |divisor, x| divisor.gcd(x));
    if divisor == BigInt::ZERO {
        return row;
    }
    let flip = row.iter().rev().find(|x| x.sign() != Sign::NoSign).is_some_and(|x| x.sign() == Sign::Minus);
    row.map(|x| if flip { -(x / &divisor) } else { x / &divisor })
}

/// A finite number as mantissa × 2^exponent.
fn mantissa_and_exponent(x: f64) -> (i64, i32) {
    let bits = x.to_bits();
    let stored = (bits >> 52 & 0x7ff) as i32;
    let fraction = (bits & ((1 << 52) - 1)) as i64;
    let mantissa = if stored == 0 { fraction } else { fraction | 1 << 52 };
    (if x < 0.0 { -mantissa } else { mantissa }, stored.max(1) - 1075)
}
