//! Second derivatives, from first ones.

use nalgebra::DMatrix;

use crate::{Rng, math};

/// The Hessian by central differences of a gradient, made symmetric.
pub(super) fn hessian_by_differences(mut gradient: impl FnMut(&[f64], &mut [f64]) -> f64, phi: &[f64]) -> DMatrix<f64> {
    let n = phi.len();
    let (mut moved, mut above, mut below) = (phi.to_vec(), vec![0.0; n], vec![0.0; n]);
    let mut hessian = DMatrix::zeros(n, n);
    for (j, &center) in phi.iter().enumerate() {
        let step = 6e-6 * center.abs().max(1.0);
        let (high, low) = (center + step, center - step);
        moved[j] = high;
        gradient(&moved, &mut above);
        moved[j] = low;
        gradient(&moved, &mut below);
        moved[j] = center;
        for i in 0..n {
            hessian[(i, j)] = (above[i] - below[i]) / (high - low);
        }
    }
    for j in 0..n {
        for i in 0..j {
            let mean = 0.5 * (hessian[(i, j)] + hessian[(j, i)]);
            hessian[(i, j)] = mean;
            hessian[(j, i)] = mean;
        }
    }
    hessian
}

/// The largest eigenvalue of a symmetric matrix; NaN when an entry is not finite, −∞ when there is no entry.
pub(super) fn largest_eigenvalue(hessian: &DMatrix<f64>) -> f64 {
    if !hessian.iter().all(|entry| entry.is_finite()) {
        return f64::NAN;
    }
    hessian.symmetric_eigenvalues().iter().copied().fold(f64::NEG_INFINITY, f64::max)
}

/// λ_max by power iteration on products of the Hessian with a vector, each from two gradients.
///
/// Power iteration finds the eigenvalue that is largest in size. Where that one is negative, the iteration is repeated on H − λI, whose
/// largest in size belongs to the largest of H.
pub(super) fn power_iteration(mut gradient: impl FnMut(&[f64], &mut [f64]) -> f64, phi: &[f64]) -> f64 {
    let dominant = dominant_eigenvalue(&mut gradient, phi, 0.0);
    if dominant >= 0.0 || dominant.is_nan() {
        return dominant;
    }
    dominant + dominant_eigenvalue(&mut gradient, phi, dominant)
}

/// The eigenvalue of H − `shift`·I that is largest in size, from a start drawn from a fixed seed.
fn dominant_eigenvalue(gradient: &mut impl FnMut(&[f64], &mut [f64]) -> f64, phi: &[f64], shift: f64) -> f64 {
    const MOST: usize = 300;
    let n = phi.len();
    let mut rng = Rng::from_seed(0);
    let mut v: Vec<f64> = (0..n).map(|_| rng.normal()).collect();
    let (mut moved, mut above, mut below) = (phi.to_vec(), vec![0.0; n], vec![0.0; n]);
    let step = 1e-5 * norm(phi).max(1.0);
    let mut estimate = 0.0;
    for _ in 0..MOST {
        let length = norm(&v);
        if length == 0.0 || !length.is_finite() {
            return 0.0 * length;
        }
        for i in 0..n {
            v[i] /= length;
            moved[i] = phi[i] + step * v[i];
        }
        gradient(&moved, &mut above);
        for i in 0..n {
            moved[i] = phi[i] - step * v[i];
        }
        gradient(&moved, &mut below);
        let mut rayleigh = 0.0;
        for i in 0..n {
            let product = (above[i] - below[i]) / (2.0 * step) - shift * v[i];
            rayleigh += v[i] * product;
            v[i] = product;
        }
        if !rayleigh.is_finite() {
            return f64::NAN;
        }
        let settled = (rayleigh - estimate).abs() <= 1e-7 * rayleigh.abs();
        estimate = rayleigh;
        if settled {
            break;
        }
    }
    estimate
}

/// √(Σ v²), also where the squares overflow or vanish.
pub(super) fn norm(v: &[f64]) -> f64 {
    let sum_of_squares = |scale: f64| v.iter().fold(0.0, |sum, v| sum + (v / scale) * (v / scale));
    let plain = sum_of_squares(1.0);
    if plain.is_normal() {
        return math::sqrt(plain);
    }
    let largest = v.iter().fold(0.0_f64, |largest, v| largest.max(v.abs()));
    if plain.is_nan() || largest == 0.0 || largest.is_infinite() {
        return plain;
    }
    largest * math::sqrt(sum_of_squares(largest))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The gradient of Σ λ_i φ_i² / 2, whose Hessian is diagonal.
    fn bowl(eigenvalues: &[f64]) -> impl FnMut(&[f64], &mut [f64]) -> f64 {
        move |phi: &[f64], gradient: &mut [f64]| {
            for (i, slope) in gradient.iter_mut().enumerate() {
                *slope = eigenvalues[i] * phi[i];
            }
            0.0
        }
    }

    #[test]
    fn power_iteration_finds_the_largest_eigenvalue_even_below_a_larger_negative_one() {
        for eigenvalues in [[1.0, 5.0, 2.0], [-9.0, 4.0, 1.0], [-3.0, -2.0, -1.0]] {
            let expected = eigenvalues.iter().copied().fold(f64::MIN, f64::max);
            let found = power_iteration(bowl(&eigenvalues), &[0.3, -0.2, 0.1]);
            assert!((found - expected).abs() < 1e-3, "{eigenvalues:?}: {found}");
        }
    }

    #[test]
    fn lengths_far_out_neither_overflow_nor_vanish() {
        for scale in [1e-200, 1.0, 1e200] {
            assert!((norm(&[3.0 * scale, -4.0 * scale]) / scale - 5.0).abs() < 1e-14);
        }
        assert_eq!(norm(&[]), 0.0);
        assert!(norm(&[f64::NAN, 1.0]).is_nan());
    }

    #[test]
    fn differences_give_the_hessian_of_a_bowl() {
        let hessian = hessian_by_differences(bowl(&[1.0, 5.0]), &[3.0, -4.0]);
        let expected = DMatrix::from_row_slice(2, 2, &[1.0, 0.0, 0.0, 5.0]);
        assert!((&hessian - expected).amax() < 1e-9);
        assert!((largest_eigenvalue(&hessian) - 5.0).abs() < 1e-9);
    }
}
