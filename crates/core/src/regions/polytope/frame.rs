use super::{Affine, Bounds};

/// Coordinates u in which the box is about \[−1, 1\] in every direction: `x = center + 2^exponent · u`.
///
/// Far from the origin `w·x + b` cancels; around the centre of the box it does not. Powers of two change no digit.
#[derive(Clone, Debug, Default)]
pub(super) struct Frame {
    pub(super) center: [f64; 3],
    pub(super) exponent: [i32; 3],
    /// The corners of the box in these coordinates, to within a rounding.
    pub(super) lo: [f64; 3],
    pub(super) hi: [f64; 3],
}

impl Frame {
    pub(super) fn of(bounds: &Bounds<3>) -> Self {
        let mut frame = Self::default();
        for axis in 0..3 {
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
    pub(super) fn x_in_box(&self, u: [f64; 3], bounds: &Bounds<3>) -> [f64; 3] {
        core::array::from_fn(|axis| {
            if u[axis] <= self.lo[axis] {
                bounds.lo[axis]
            } else if u[axis] >= self.hi[axis] {
                bounds.hi[axis]
            } else {
                let x = self.center[axis] + libm::ldexp(u[axis], self.exponent[axis]);
                x.clamp(bounds.lo[axis], bounds.hi[axis])
            }
        })
    }

    /// `2^exponent · (slopes · u + offset)` as a function of x.
    pub(super) fn affine_of_x(&self, [x, y, z, offset]: [f64; 4], exponent: i32) -> Affine<3> {
        let slopes = [x, y, z];
        let slope = |axis: usize| libm::ldexp(slopes[axis], -self.exponent[axis]);
        let intercept = (0..3).fold(offset, |sum, axis| sum - slope(axis) * self.center[axis]);
        Affine {
            intercept: libm::ldexp(intercept, exponent),
            slope: core::array::from_fn(|axis| libm::ldexp(slopes[axis], exponent - self.exponent[axis])),
        }
    }
}

/// The exponent e with 2^(e−1) ≤ |x| < 2^e; of 0 one below that of any other number.
pub(super) fn exponent(x: f64) -> i32 {
    if x == 0.0 { -1_100 } else { libm::frexp(x).1 }
}
