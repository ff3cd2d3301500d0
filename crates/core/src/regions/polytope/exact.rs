use num_bigint::{BigInt, Sign};

/// Four integers up to a common positive factor: an affine function (slopes, intercept), or a point (coordinates times w, w > 0).
pub(super) type Form = [BigInt; 4];

/// `mantissa · 2^exponent`: what sums and products of floating-point numbers are.
#[derive(Clone, Debug, Default)]
pub(super) struct Dyadic {
    mantissa: BigInt,
    exponent: i64,
}

impl From<f64> for Dyadic {
    fn from(x: f64) -> Self {
        let (mantissa, exponent) = decode(x);
        Self { mantissa: mantissa.into(), exponent }
    }
}

impl Dyadic {
    pub(super) fn times(&self, x: f64) -> Self {
        let (mantissa, exponent) = decode(x);
        Self { mantissa: &self.mantissa * mantissa, exponent: self.exponent + exponent }
    }

    pub(super) fn add(&mut self, other: &Self) {
        if other.is_zero() {
        } else if self.is_zero() {
            *self = other.clone();
        } else if self.exponent <= other.exponent {
            self.mantissa += &other.mantissa << (other.exponent - self.exponent);
        } else {
            self.mantissa <<= self.exponent - other.exponent;
            self.mantissa += &other.mantissa;
            self.exponent = other.exponent;
        }
    }

    pub(super) fn is_zero(&self) -> bool {
        self.mantissa.sign() == Sign::NoSign
    }
}

/// The odd integer and the exponent of two whose product is `x`, or (0, 0).
pub(super) fn decode(x: f64) -> (i64, i64) {
    let bits = x.to_bits();
    let (biased, fraction) = ((bits >> 52 & 0x7ff) as i64, (bits & ((1 << 52) - 1)) as i64);
    let (mantissa, exponent) = if biased == 0 { (fraction, -1074) } else { (fraction | 1 << 52, biased - 1075) };
    if mantissa == 0 {
        return (0, 0);
    }
    let twos = mantissa.trailing_zeros();
    (if x.is_sign_negative() { -(mantissa >> twos) } else { mantissa >> twos }, exponent + i64::from(twos))
}

/// Numbers over a common exponent, which comes second. Equal numbers give equal integers.
pub(super) fn common<const M: usize>(numbers: [Dyadic; M]) -> ([BigInt; M], i64) {
    let exponents = numbers.iter().filter(|x| !x.is_zero());
    // The last digit that is not 0, not the exponent as it happens to be written.
    let last = exponents.map(|x| x.exponent + x.mantissa.trailing_zeros().unwrap_or(0) as i64).min().unwrap_or(0);
    let over = |x: Dyadic| match x.exponent - last {
        _ if x.is_zero() => BigInt::ZERO,
        shift if shift >= 0 => x.mantissa << shift,
        shift => x.mantissa >> -shift,
    };
    (numbers.map(over), last)
}

/// The point in which three planes meet.
///
/// # Panics
/// When they do not meet in one point.
pub(super) fn meet(p: &Form, q: &Form, r: &Form) -> Form {
    let minor = |i: usize, j: usize| &q[i] * &r[j] - &q[j] * &r[i];
    let [m01, m02, m03] = [minor(0, 1), minor(0, 2), minor(0, 3)];
    let [m12, m13, m23] = [minor(1, 2), minor(1, 3), minor(2, 3)];
    // The generalised cross product: the one direction that is normal to all three.
    let x = &p[2] * &m13 - &p[1] * &m23 - &p[3] * &m12;
    let y = &p[0] * &m23 - &p[2] * &m03 + &p[3] * &m02;
    let z = &p[1] * &m03 - &p[0] * &m13 - &p[3] * &m01;
    let w = &p[0] * &m12 - &p[1] * &m02 + &p[2] * &m01;
    match w.sign() {
        Sign::Plus => [x, y, z, w],
        Sign::Minus => [-x, -y, -z, -w],
        Sign::NoSign => panic!("three planes that make a vertex meet in one point"),
    }
}

/// The sign of a function at a point: −1, 0 or 1.
pub(super) fn sign(f: &Form, x: &Form) -> i8 {
    let value: BigInt = f.iter().zip(x).map(|(f, x)| f * x).sum();
    match value.sign() {
        Sign::Minus => -1,
        Sign::NoSign => 0,
        Sign::Plus => 1,
    }
}

/// `n / d − shift`, rounded; `d` is positive.
pub(super) fn quotient_minus(n: &BigInt, d: &BigInt, shift: f64) -> f64 {
    let (mantissa, exponent) = decode(shift);
    let (n, d) = if exponent >= 0 {
        (n - ((d * mantissa) << exponent), d.clone())
    } else {
        ((n << -exponent) - d * mantissa, d << -exponent)
    };
    // 64 digits of the quotient: what is left is below a quarter of a unit in the last place.
    let exponent = n.bits() as i64 - d.bits() as i64 - 64;
    let quotient = if exponent >= 0 { n / (d << exponent) } else { (n << -exponent) / d };
    let digits =
        quotient.iter_u64_digits().rev().fold(0.0, |sum, digit| sum * 18_446_744_073_709_551_616.0 + digit as f64);
    let size = libm::ldexp(digits, exponent.clamp(-5_000, 5_000) as i32);
    if quotient.sign() == Sign::Minus { -size } else { size }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(c: [f64; 4]) -> Form {
        common(c.map(Dyadic::from)).0
    }

    #[test]
    fn numbers_are_decoded_exactly() {
        for x in [1.0, -0.1, 6.0, 5e-324, f64::MAX, f64::MIN_POSITIVE] {
            let (mantissa, exponent) = decode(x);
            assert_eq!(libm::ldexp(mantissa as f64, exponent as i32), x);
        }
        assert_eq!((decode(-0.0), decode(12.0)), ((0, 0), (3, 2)));
    }

    #[test]
    fn three_planes_meet_in_a_point_and_signs_there_are_exact() {
        let (p, q, r) = (form([1.0, 0.0, 0.0, -0.5]), form([1.0, 1.0, 0.0, -0.75]), form([0.0, 0.0, -3.0, 1.0]));
        let x = meet(&p, &q, &r);
        let rounded = [0, 1, 2].map(|axis| quotient_minus(&x[axis], &x[3], 0.0));
        assert_eq!(rounded, [0.5, 0.25, 1.0 / 3.0]);
        assert_eq!(quotient_minus(&x[1], &x[3], 1.25), -1.0);
        assert_eq!(sign(&form([1.0, 1.0, 3.0, -1.75]), &x), 0);
        assert_eq!(sign(&form([1.0, 1.0, 3.0, (-1.75_f64).next_up()]), &x), 1);
    }

    #[test]
    fn sums_of_any_exponents_are_exact() {
        let mut sum = Dyadic::from(1e300);
        for x in [1e-300, -1e300, 1.5] {
            sum.add(&Dyadic::from(x));
        }
        sum.add(&Dyadic::from(-1e-300));
        assert_eq!(common([sum]), ([3.into()], -1));
    }
}
