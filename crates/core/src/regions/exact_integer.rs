//! Rows of floating-point numbers as exact integers, up to a common power of two.

use std::collections::BTreeMap;

use num_bigint::{BigInt, Sign};
use num_integer::Integer;

use crate::network::Network;

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

    /// The line or plane: the same integers for every unit that has it.
    pub(super) fn primitive(&self) -> [BigInt; N] {
        primitive(self.0.clone())
    }
}

impl ExactRow<3> {
    /// On which side of the other weights these point, seen from the origin: the sign of w_1 v_2 − w_2 v_1.
    pub(super) fn turn_to(&self, other: &Self) -> Sign {
        (&self.0[1] * &other.0[2] - &self.0[2] * &other.0[1]).sign()
    }
}

/// The lines or planes of the first hidden layer, as many numbers each as a bias and weights make.
pub(super) struct Hyperplanes<const N: usize> {
    /// Units whose weights are all 0: they have none.
    pub(super) dead: Vec<usize>,
    /// Each of them with the first unit that has it, in the order of these units.
    pub(super) list: Vec<(usize, [BigInt; N])>,
    /// Groups of two or more units that share one.
    pub(super) coincident: Vec<Vec<usize>>,
}

impl<const N: usize> Hyperplanes<N> {
    /// Those of a network with N − 1 inputs and finite weights; none when it has no hidden layer.
    pub(super) fn of(network: &Network) -> Self {
        let layer = &network.layers[0];
        let n_hidden = if network.layers.len() > 1 { layer.n_outputs() } else { 0 };
        let mut dead = Vec::new();
        let mut units_of: BTreeMap<[BigInt; N], Vec<usize>> = BTreeMap::new();
        for unit in 0..n_hidden {
            let number = |i: usize| if i == 0 { layer.beta[unit] } else { layer.omega[(unit, i - 1)] };
            let row = ExactRow::of(core::array::from_fn(number));
            if row.is_flat() {
                dead.push(unit);
            } else {
                units_of.entry(row.primitive()).or_default().push(unit);
            }
        }
        let mut list: Vec<_> = units_of.iter().map(|(exact, units)| (units[0], exact.clone())).collect();
        list.sort_unstable_by_key(|(unit, _)| *unit);
        let mut coincident: Vec<_> = units_of.into_values().filter(|units| units.len() > 1).collect();
        coincident.sort_unstable();
        Self { dead, list, coincident }
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
