use super::{Affine, Bounds};

/// Coordinates u in which the box is about \[−1, 1\] in every direction: `x = center + 2^exponent · u`.
///
/// Far from the origin `w·x + b` cancels; around the centre of the box it does not. Powers of two change no digit.
#[derive(Clone, Debug)]
pub(super) struct Frame<const N: usize> {
    pub(super) center: [f64; N],
    pub(super) exponent: [i32; N],
    /// The corners of the box in these coordinates, to within a rounding.
    pub(super) lo: [f64; N],
    pub(super) hi: [f64; N],
}

impl<const N: usize> Frame<N> {
    pub(super) fn of(bounds: &Bounds<N>) -> Self {
        let mut frame = Self { center: [0.0; N], exponent: [0; N], lo: [0.0; N], hi: [0.0; N] };
        for axis in 0..N {
            let (lo, hi) = (bounds.lo[axis], bounds.hi[axis]);
            let center = lo / 2.0 + hi / 2.0;
            let exponent = exponent(f64::max(hi - center, center - lo));
            frame.center[axis] = center;
            frame.exponent[axis] = exponent;
            frame.lo[axis] = libm::ldexp(lo - center, -exponent);
            frame.hi[axis] = libm::ldexp(hi - center, -exponent);
        }
        frame
    }

    /// The point of these coordinates, rounded; what is on a side of the box, or by a rounding outside, is exactly on it.
    pub(super) fn x_in_box(&self, u: [f64; N], bounds: &Bounds<N>) -> [f64; N] {
        core::array::from_fn(|axis| {
            if u[axis] <= self.lo[axis] {
                bounds.lo[axis]
            } else if u[axis] >= self.hi[axis] {
                bounds.hi[axis]
            } else {
                let x = self.center[axis] + times_two_to(u[axis], self.exponent[axis]);
                x.clamp(bounds.lo[axis], bounds.hi[axis])
            }
        })
    }

    /// `2^exponent · (slope · u + intercept)` as a function of x.
    pub(super) fn affine_of_x(&self, f: &Affine<N>, exponent: i32) -> Affine<N> {
        let slope: [f64; N] = core::array::from_fn(|axis| times_two_to(f.slope[axis], -self.exponent[axis]));
        let intercept = (0..N).fold(f.intercept, |sum, axis| sum - slope[axis] * self.center[axis]);
        Affine {
            intercept: times_two_to(intercept, exponent),
            slope: core::array::from_fn(|axis| times_two_to(f.slope[axis], exponent - self.exponent[axis])),
        }
    }

    /// The measure that something has which has this measure in the coordinates u.
    pub(super) fn measure_of_x(&self, measure: f64) -> f64 {
        libm::ldexp(measure, self.exponent.iter().sum())
    }
}

/// `x · 2^exponent`, by one multiplication where the power of two is a normal number.
pub(super) fn times_two_to(x: f64, exponent: i32) -> f64 {
    match u64::try_from(exponent + 1023) {
        Ok(biased @ 1..2047) => x * f64::from_bits(biased << 52),
        _ => libm::ldexp(x, exponent),
    }
}

/// The exponent e with 2^(e−1) ≤ |x| < 2^e; of 0 one below that of any other number.
pub(super) fn exponent(x: f64) -> i32 {
    if x == 0.0 { -1_100 } else { libm::frexp(x).1 }
}
