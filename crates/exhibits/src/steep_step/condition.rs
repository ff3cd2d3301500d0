use nalgebra::{DMatrix, DVector};
use piecewise_core::math;

/// The derivatives of s(x) = h/w·(ReLU(x − b₁) − ReLU(x − b₂)) by its four numbers, the two slopes ±h/w and the two joints b₁, b₂, as
/// functions of x over a unit on both sides of the step: the columns of a matrix J whose JᵀJ is the Gauss–Newton matrix of ∫ (s − y)² dx / 2.
///
/// Left of b₁ all four are 0. On [b₁, b₂] and on [b₂, c + 1] each is a straight line, so two numbers on each stretch say all of it: its
/// coefficients along the first two Legendre polynomials, scaled to length 1. Nothing is sampled.
fn jacobian(height: f64, width: f64) -> DMatrix<f64> {
    let slope = height / width;
    // Values at the beginning and the end of a stretch, t = x − b₁ running from 0 to w, and on to 1 + w/2.
    let stretches = [(0.0, width), (width, 1.0 + width / 2.0)];
    let mut columns = Vec::with_capacity(4);
    let lines: [&dyn Fn(f64, f64) -> f64; 4] =
        [&|t, _| t, &|t, middle| if middle > width { t - width } else { 0.0 }, &|_, _| -slope, &|_, middle| {
            if middle > width { slope } else { 0.0 }
        }];
    for line in lines {
        let column = stretches.iter().flat_map(|&(from, to)| {
            let (length, middle) = (to - from, f64::midpoint(from, to));
            let (a, b) = (line(from, middle), line(to, middle));
            [math::sqrt(length) * f64::midpoint(a, b), math::sqrt(length / 3.0) * (b - a) / 2.0]
        });
        columns.push(DVector::from_iterator(4, column));
    }
    DMatrix::from_columns(&columns)
}

/// λ_max / λ_min of the Gauss–Newton matrix of the step builder: about so many steps does gradient descent need to set its four numbers
/// right. From the singular values of J, because JᵀJ itself loses the small ones to rounding.
pub(super) fn condition(height: f64, width: f64) -> f64 {
    let values = jacobian(height, width).singular_values();
    let ratio = values.max() / values.min();
    ratio * ratio
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gauss_newton_matrix_has_the_integrals_one_can_do_by_hand() {
        // h = 1, w = 1: b₁ = −½, b₂ = ½, and 1.5 and 0.5 from there to the end.
        let j = jacobian(1.0, 1.0);
        let gauss_newton = j.transpose() * j;
        let (a, b, w) = (1.5_f64, 0.5_f64, 1.0_f64);
        let mixed = b * b * b / 3.0 + w * b * b / 2.0;
        #[rustfmt::skip]
        let expected = DMatrix::from_row_slice(4, 4, &[
            a * a * a / 3.0, mixed,            -a * a / 2.0, b * b / 2.0 + w * b,
            mixed,           b * b * b / 3.0,  -b * b / 2.0, b * b / 2.0,
            -a * a / 2.0,    -b * b / 2.0,     a,            -b,
            b * b / 2.0 + w * b, b * b / 2.0,  -b,           b,
        ]);
        assert!((gauss_newton - expected).amax() < 1e-14);
    }

    #[test]
    fn the_condition_number_is_that_of_the_eigenvalues_where_those_can_be_had() {
        for width in [1.0, 0.5, 0.25] {
            let j = jacobian(1.0, width);
            let eigenvalues = (j.transpose() * j).symmetric_eigenvalues();
            let expected = eigenvalues.max() / eigenvalues.min();
            assert!((condition(1.0, width) / expected - 1.0).abs() < 1e-6, "w = {width}");
        }
    }

    #[test]
    fn a_step_ten_times_steeper_is_a_hundred_thousand_times_worse_conditioned() {
        for width in [0.1, 0.01] {
            let worse = condition(1.0, width / 10.0) / condition(1.0, width);
            assert!((worse / 1e5 - 1.0).abs() < 0.04, "w = {width}: {worse}");
        }
        assert!((condition(1.0, 1.0) / 310.234 - 1.0).abs() < 1e-5);
    }
}
