//! Eight samples side by side, and the transcendental functions of the kernels.
//!
//! Everything here is additions, multiplications and comparisons in a fixed order, without fused multiply-adds, so that it has the same bits
//! natively and in WebAssembly. The functions are polynomials of the least largest error after a range reduction; the tests state how far
//! they are off.

use wide::{f32x4, u32x4};

/// Eight samples of one number, in two registers.
pub(super) type Octet = [f32x4; 2];

/// How many samples an [`Octet`] holds.
pub(super) const LANES: usize = 8;

pub(super) const ZERO: f32x4 = f32x4::splat(0.0);
pub(super) const NOTHING: Octet = [ZERO; 2];

/// Adding 1.5 · 2²³ and taking it away again rounds to the nearest integer, ties to even; what is left in the last bits is that integer.
const ROUNDING: f32 = 12_582_912.0;

/// Rounded to the nearest integer, for |x| < 2²², with the bits of the sum, whose last ones are the integer's.
fn round(x: f32x4) -> (f32x4, u32x4) {
    let sum = x + f32x4::splat(ROUNDING);
    (sum - f32x4::splat(ROUNDING), sum.to_bits())
}

/// c_0 + c_1 x + c_2 x² + …
fn polynomial<const N: usize>(coefficients: [f32; N], x: f32x4) -> f32x4 {
    let mut sum = f32x4::splat(coefficients[N - 1]);
    for &coefficient in coefficients[..N - 1].iter().rev() {
        sum = sum * x + f32x4::splat(coefficient);
    }
    sum
}

/// Sines and cosines. The numbers they are made of lie in memory: sixteen constants in an inner loop, which a browser's compiler makes anew
/// at every use, took twice as long as what is done with them.
#[derive(Clone, Debug)]
pub(super) struct Waves {
    farthest: f32x4,
    one_over_pi: f32x4,
    rounding: f32x4,
    /// π in three parts, the first two so short that their products with the number of half turns are exact.
    pi: [f32x4; 3],
    tau: f32x4,
    half: f32x4,
    one: f32x4,
    /// (sin r − r) / r³ and (cos r − 1 + r²/2) / r⁴ as polynomials in r², for |r| ≤ π/2.
    sine: [f32x4; 4],
    cosine: [f32x4; 4],
}

impl Waves {
    /// Beyond, the reduction would leave too much.
    const FARTHEST: f32 = 32_768.0;
    const PI: [f32; 3] = [3.140625, 9.675_026e-4, 1.509_958e-7];
    const SINE: [f32; 4] = [-0.166_666_57, 0.008_333_017, -0.000_198_066_06, 2.600_035_5e-6];
    const COSINE: [f32; 4] = [0.041_666_657, -0.001_388_856_9, 2.476_929_7e-5, -2.619_364_6e-7];

    pub(super) fn new() -> Self {
        Self {
            farthest: f32x4::splat(Self::FARTHEST),
            one_over_pi: f32x4::splat(core::f32::consts::FRAC_1_PI),
            rounding: f32x4::splat(ROUNDING),
            pi: Self::PI.map(f32x4::splat),
            tau: f32x4::splat(core::f32::consts::TAU),
            half: f32x4::splat(0.5),
            one: f32x4::splat(1.0),
            sine: Self::SINE.map(f32x4::splat),
            cosine: Self::COSINE.map(f32x4::splat),
        }
    }

    /// sin x and cos x. For |x| ≤ 1000 either is off by less than 2 · 10⁻⁷; from 32,768 on, and for NaN, they are
    /// 0 and 1.
    #[inline]
    pub(super) fn sine_cosine(&self, x: f32x4) -> (f32x4, f32x4) {
        // A minimum and a maximum would take longer than all the rest where NaN has to go through them as WebAssembly wants.
        let x = x & x.abs().simd_lt(self.farthest);
        let sum = x * self.one_over_pi + self.rounding;
        let n = sum - self.rounding;
        let r = ((x - n * self.pi[0]) - n * self.pi[1]) - n * self.pi[2];
        self.of_reduced(r, sum)
    }

    /// Puts the sine in the place of every number, and the cosine beside it.
    pub(super) fn activate(&self, f: &mut [Octet], cosines: &mut [Octet]) {
        for (f, cosine) in f.as_flattened_mut().iter_mut().zip(cosines.as_flattened_mut()) {
            (*f, *cosine) = self.sine_cosine(*f);
        }
    }

    /// sin 2πt and cos 2πt, off by less than 2 · 10⁻⁷ for every |t| ≤ 2²⁰: in turns the reduction is exact.
    #[inline]
    pub(super) fn sine_cosine_of_turns(&self, t: f32x4) -> (f32x4, f32x4) {
        let sum = (t + t) + self.rounding;
        let r = t - (sum - self.rounding) * self.half;
        self.of_reduced(r * self.tau, sum)
    }

    /// sin r and cos r for |r| ≤ π/2, both with their signs turned where the last bit of `half_turns` says so.
    #[inline]
    fn of_reduced(&self, r: f32x4, half_turns: f32x4) -> (f32x4, f32x4) {
        let [s0, s1, s2, s3] = self.sine;
        let [c0, c1, c2, c3] = self.cosine;
        let square = r * r;
        let sine = r + (r * square) * (((s3 * square + s2) * square + s1) * square + s0);
        let cosine =
            self.one - (self.half * square - (square * square) * (((c3 * square + c2) * square + c1) * square + c0));
        let sign = half_turns.to_bits() << 31;
        (f32x4::from_bits(sine.to_bits() ^ sign), f32x4::from_bits(cosine.to_bits() ^ sign))
    }
}

/// eˣ, off by less than 2 · 10⁻⁷ of itself for |x| ≤ 87; beyond, what it is there.
pub(super) fn exp(x: f32x4) -> f32x4 {
    const LN_2: [f32; 2] = [355.0 / 512.0, -2.121_944_4e-4];
    const C: [f32; 5] = [0.5, 0.166_665_12, 0.041_666_187, 0.008_369_599, 0.001_395_172];
    let x = x.fast_clamp(f32x4::splat(-87.0), f32x4::splat(87.0));
    let (n, bits) = round(x * f32x4::splat(core::f32::consts::LOG2_E));
    let r = (x - n * f32x4::splat(LN_2[0])) - n * f32x4::splat(LN_2[1]);
    let mantissa = f32x4::splat(1.0) + (r + r * r * polynomial(C, r));
    // The last bits of the sum are n, so a shift puts n into the exponent.
    f32x4::from_bits(mantissa.to_bits() + (bits << 23))
}

/// 1 / (1 + e⁻ᶻ), off by less than 3 · 10⁻⁷ of itself for |z| ≤ 87.
pub(super) fn sigmoid(z: f32x4) -> f32x4 {
    let one = f32x4::splat(1.0);
    one / (one + exp(-z))
}

/// The four sums over the lanes of four registers, each as (0 + 2) + (1 + 3).
pub(super) fn sums(of: [f32x4; 4]) -> f32x4 {
    let [a, b, c, d] = of;
    let (ac, bd) = (a.unpack_lo(c) + a.unpack_hi(c), b.unpack_lo(d) + b.unpack_hi(d));
    ac.unpack_lo(bd) + ac.unpack_hi(bd)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The largest of `error(x, f(x))` over many x in [−far, far].
    fn largest(far: f64, f: impl Fn(f32x4) -> f32x4, error: impl Fn(f64, f64) -> f64) -> f64 {
        const N: i32 = 2_000_000;
        let at = |i: i32| (far * f64::from(i) / f64::from(N)) as f32;
        let mut largest: f64 = 0.0;
        for i in (-N..N).step_by(4) {
            let x = [at(i), at(i + 1), at(i + 2), at(i + 3)];
            for (x, y) in x.into_iter().zip(f(f32x4::new(x)).to_array()) {
                largest = largest.max(error(f64::from(x), f64::from(y)));
            }
        }
        largest
    }

    #[test]
    fn sine_and_cosine_are_off_by_no_more_than_is_said() {
        let waves = Waves::new();
        for far in [1.6, 7.0, 100.0, 1000.0] {
            let sine = largest(far, |x| waves.sine_cosine(x).0, |x, y| (y - crate::math::sin(x)).abs());
            let cosine = largest(far, |x| waves.sine_cosine(x).1, |x, y| (y - crate::math::cos(x)).abs());
            assert!(sine < 2e-7 && cosine < 2e-7, "up to {far}: {sine:e} {cosine:e}");
        }
        for far in [1.0, 40.0, 1_048_576.0] {
            let turns = |x: f64| core::f64::consts::TAU * (x - x.round());
            let sine = largest(far, |x| waves.sine_cosine_of_turns(x).0, |x, y| (y - crate::math::sin(turns(x))).abs());
            let cosine =
                largest(far, |x| waves.sine_cosine_of_turns(x).1, |x, y| (y - crate::math::cos(turns(x))).abs());
            assert!(sine < 2e-7 && cosine < 2e-7, "up to {far} turns: {sine:e} {cosine:e}");
        }
    }

    #[test]
    fn sines_of_anything_finite_stay_within_one() {
        for x in [0.0, 1e4, 32_768.0, 1e10, f32::MAX, -f32::MAX] {
            let (sine, cosine) = Waves::new().sine_cosine(f32x4::splat(x));
            assert!(sine.to_array()[0].abs() <= 1.000_001 && cosine.to_array()[0].abs() <= 1.000_001, "{x}");
        }
        let (sine, cosine) = Waves::new().sine_cosine(f32x4::splat(f32::NAN));
        assert_eq!((sine.to_array()[0], cosine.to_array()[0]), (0.0, 1.0));
    }

    #[test]
    fn exponentials_and_sigmoids_are_off_by_no_more_of_themselves_than_is_said() {
        for far in [1.0, 20.0, 87.0] {
            let off = largest(far, exp, |x, y| (y / crate::math::exp(x) - 1.0).abs());
            assert!(off < 2e-7, "exp up to {far}: {off:e}");
            let off = largest(far, sigmoid, |x, y| (y / crate::math::sigmoid(x) - 1.0).abs());
            assert!(off < 3e-7, "sigmoid up to {far}: {off:e}");
        }
        let ends = sigmoid(f32x4::new([-1e30, 1e30, 0.0, f32::NAN])).to_array();
        assert!(ends[0] > 0.0 && ends[0] < 1e-37 && ends[1] == 1.0 && ends[2] == 0.5 && ends[3].is_nan());
    }

    #[test]
    fn four_registers_are_summed_each_for_itself() {
        let of = [0, 4, 8, 12].map(|i| f32x4::new([i as f32, (i + 1) as f32, (i + 2) as f32, (i + 3) as f32]));
        assert_eq!(sums(of).to_array(), [6.0, 22.0, 38.0, 54.0]);
    }
}
