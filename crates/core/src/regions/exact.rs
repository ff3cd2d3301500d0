use num_bigint::{BigInt, Sign};

/// An affine function up to a positive factor, in integers.
#[derive(Clone, Debug)]
pub(super) struct Form<const N: usize> {
    pub(super) slope: [BigInt; N],
    pub(super) intercept: BigInt,
}

/// A point with rational coordinates: numerators over one positive denominator.
#[derive(Clone, Debug)]
pub(super) struct Point<const N: usize> {
    pub(super) numerators: [BigInt; N],
    pub(super) denominator: BigInt,
}

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
pub(super) fn common(numbers: impl IntoIterator<Item = Dyadic, IntoIter: Clone>) -> (Vec<BigInt>, i64) {
    let numbers = numbers.into_iter();
    // The last digit that is not 0, not the exponent as it happens to be written.
    let last_digit = |x: Dyadic| x.exponent + x.mantissa.trailing_zeros().unwrap_or(0) as i64;
    let last = numbers.clone().filter(|x| !x.is_zero()).map(last_digit).min().unwrap_or(0);
    let over = |x: Dyadic| match x.exponent - last {
        _ if x.is_zero() => BigInt::ZERO,
        shift if shift >= 0 => x.mantissa << shift,
        shift => x.mantissa >> -shift,
    };
    (numbers.map(over).collect(), last)
}

impl<const N: usize> Form<N> {
    /// A positive multiple of an affine function.
    pub(super) fn of(slope: &[Dyadic], intercept: &Dyadic) -> Self {
        let (mut integers, _) = common(slope.iter().chain([intercept]).cloned());
        let intercept = integers.pop().expect("slopes and an intercept");
        Self { slope: integers.try_into().expect("one slope for each dimension"), intercept }
    }

    /// Whether two functions that are not 0 everywhere are 0 in the same points: whether one is a multiple of the other.
    pub(super) fn coincides_with(&self, other: &Self) -> bool {
        let [a, b] = [self, other].map(|form| form.slope.iter().chain([&form.intercept]));
        let mut pairs = a.zip(b);
        let Some((p, q)) = pairs.find(|(p, q)| p.sign() != Sign::NoSign || q.sign() != Sign::NoSign) else {
            return true;
        };
        pairs.all(|(r, s)| p * s == q * r)
    }

    /// The sign at a point: −1, 0 or 1.
    pub(super) fn sign_at(&self, x: &Point<N>) -> i8 {
        let terms = self.slope.iter().zip(&x.numerators).map(|(slope, x)| slope * x);
        match (terms.sum::<BigInt>() + &self.intercept * &x.denominator).sign() {
            Sign::Minus => -1,
            Sign::NoSign => 0,
            Sign::Plus => 1,
        }
    }
}

impl<const N: usize> Point<N> {
    /// The point where N functions are 0 (Cramer).
    ///
    /// # Panics
    /// When there is not just one such point.
    pub(super) fn where_zero(forms: [&Form<N>; N]) -> Self {
        let cofactors = cofactors(forms.map(|form| &form.slope), &BigInt::from(1));
        let determinant: BigInt = forms[0].slope.iter().zip(&cofactors[0]).map(|(slope, c)| slope * c).sum();
        let negated = determinant.sign() == Sign::Plus;
        let numerators = core::array::from_fn(|axis| {
            let sum: BigInt = forms.iter().zip(&cofactors).map(|(form, row)| &form.intercept * &row[axis]).sum();
            if negated { -sum } else { sum }
        });
        match determinant.sign() {
            Sign::Plus => Self { numerators, denominator: determinant },
            Sign::Minus => Self { numerators, denominator: -determinant },
            Sign::NoSign => panic!("hinges that make a vertex meet in one point"),
        }
    }

    /// One coordinate less a number, rounded.
    pub(super) fn coordinate_minus(&self, axis: usize, shift: f64) -> f64 {
        quotient_minus(&self.numerators[axis], &self.denominator, shift)
    }
}

/// The cofactors of a matrix of one, two or three rows: row i is normal to every row but row i of the matrix, and its product with that
/// one is the determinant.
pub(super) fn cofactors<T, const N: usize>(rows: [&[T; N]; N], one: &T) -> [[T; N]; N]
where
    T: Clone + core::ops::Sub<Output = T> + core::ops::Neg<Output = T>,
    for<'a> &'a T: core::ops::Mul<&'a T, Output = T>,
{
    core::array::from_fn(|i| {
        core::array::from_fn(|j| match N {
            1 => one.clone(),
            2 if i == j => rows[1 - i][1 - j].clone(),
            2 => -rows[1 - i][1 - j].clone(),
            _ => {
                let (p, q) = (rows[(i + 1) % 3], rows[(i + 2) % 3]);
                let (k, l) = ((j + 1) % 3, (j + 2) % 3);
                &p[k] * &q[l] - &p[l] * &q[k]
            }
        })
    })
}

/// `n / d − shift`, rounded; `d` is positive.
fn quotient_minus(n: &BigInt, d: &BigInt, shift: f64) -> f64 {
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

    fn form<const N: usize>(slope: [f64; N], intercept: f64) -> Form<N> {
        Form::of(&slope.map(Dyadic::from), &Dyadic::from(intercept))
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
    fn hinges_meet_in_a_point_and_signs_there_are_exact() {
        let (p, q, r) = (form([1.0, 0.0, 0.0], -0.5), form([1.0, 1.0, 0.0], -0.75), form([0.0, 0.0, -3.0], 1.0));
        let x = Point::where_zero([&p, &q, &r]);
        assert_eq!([0, 1, 2].map(|axis| x.coordinate_minus(axis, 0.0)), [0.5, 0.25, 1.0 / 3.0]);
        assert_eq!(x.coordinate_minus(1, 1.25), -1.0);
        assert_eq!(form([1.0, 1.0, 3.0], -1.75).sign_at(&x), 0);
        assert_eq!(form([1.0, 1.0, 3.0], (-1.75_f64).next_up()).sign_at(&x), 1);
        let x = Point::where_zero([&form([0.0, -2.0], 1.0), &form([1.0, 4.0], 0.0)]);
        assert_eq!([0, 1].map(|axis| x.coordinate_minus(axis, 0.0)), [-2.0, 0.5]);
        let x = Point::where_zero([&form([-3.0], 1.0)]);
        assert_eq!((x.coordinate_minus(0, 0.0), form([3.0], -1.0).sign_at(&x)), (1.0 / 3.0, 0));
    }

    #[test]
    fn multiples_coincide_and_their_neighbours_do_not() {
        let line = form([0.0, 0.3], -0.7);
        assert!(line.coincides_with(&form([0.0, -0.6], 1.4)) && line.coincides_with(&line));
        for other in [form([0.0, 0.3], (-0.7_f64).next_up()), form([5e-324, 0.3], -0.7), form([0.3, 0.0], -0.7)] {
            assert!(!line.coincides_with(&other) && !other.coincides_with(&line));
        }
    }

    #[test]
    fn sums_of_any_exponents_are_exact() {
        let mut sum = Dyadic::from(1e300);
        for x in [1e-300, -1e300, 1.5] {
            sum.add(&Dyadic::from(x));
        }
        sum.add(&Dyadic::from(-1e-300));
        assert_eq!(common([sum]), (vec![3.into()], -1));
    }
}
