//! How many regions there can be: bounds as exact integers, however large.

use num_bigint::BigUint;

/// The binomial coefficient C(n, k).
pub fn binomial(n: u64, k: u64) -> BigUint {
    if k > n {
        return BigUint::ZERO;
    }
    let mut product = BigUint::from(1_u32);
    for i in 0..k.min(n - k) {
        product = product * (n - i) / (i + 1);
    }
    product
}

/// Zaslavsky's bound Σ_{j ≤ D_i} C(D, j): the regions into which D hyperplanes cut a space of D_i dimensions (Zaslavsky, 1975; UDL, figure 3.9).
///
/// ```
/// use piecewise_core::regions::count::zaslavsky;
/// assert_eq!(zaslavsky(3, 2), 7_u32.into());
/// assert_eq!(zaslavsky(50, 10), 13_432_735_556_u64.into());
/// assert_eq!(zaslavsky(8, 10), 256_u32.into()); // fewer planes than dimensions: every pattern
/// ```
pub fn zaslavsky(n_hidden: u64, n_inputs: u64) -> BigUint {
    let mut sum = BigUint::ZERO;
    let mut term = BigUint::from(1_u32);
    for j in 0..=n_inputs.min(n_hidden) {
        sum += &term;
        term = term * (n_hidden - j) / (j + 1);
    }
    sum
}

/// How many of these regions are bounded in general position: C(D − 1, D_i).
///
/// ```
/// use piecewise_core::regions::count::bounded;
/// assert_eq!(bounded(3, 2), 1_u32.into()); // the triangle
/// ```
pub fn bounded(n_hidden: u64, n_inputs: u64) -> BigUint {
    if n_hidden == 0 { BigUint::ZERO } else { binomial(n_hidden - 1, n_inputs) }
}

/// The number of regions that some deep network of K hidden layers of D units reaches: (⌊D / D_i⌋ + 1)^{D_i (K − 1)} · Σ_{j ≤ D_i} C(D, j)
/// (Montúfar et al., 2014; UDL, figure 4.7).
///
/// ```
/// use piecewise_core::regions::count::deep;
/// assert_eq!(deep(10, 1, 5), 161_051_u32.into());
/// ```
///
/// # Panics
/// When there is no input or no hidden layer.
pub fn deep(n_hidden: u64, n_inputs: u64, n_hidden_layers: u64) -> BigUint {
    deep_of(&vec![n_hidden; n_hidden_layers as usize], n_inputs)
}

/// The same for hidden layers of different sizes: Π_{k < K} (⌊D_k / D_i⌋ + 1)^{D_i} · Σ_{j ≤ D_i} C(D_K, j).
///
/// ```
/// use piecewise_core::regions::count::deep_of;
/// assert_eq!(deep_of(&[4, 3], 2), 63_u32.into()); // 3² · 7
/// ```
///
/// # Panics
/// When there is no input or no hidden layer.
pub fn deep_of(widths: &[u64], n_inputs: u64) -> BigUint {
    let (last, folding) = widths.split_last().expect("a deep network has hidden layers");
    assert!(n_inputs > 0, "a deep network has inputs");
    let exponent = u32::try_from(n_inputs).expect("a number that can be written down");
    let folds = |width: &u64| BigUint::from(width / n_inputs + 1).pow(exponent);
    folding.iter().map(folds).fold(zaslavsky(*last, n_inputs), |product, folds| product * folds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_in_the_plane_make_the_lazy_caterers_numbers() {
        let regions: Vec<u64> = (0..=10).map(|d| u64::try_from(zaslavsky(d, 2)).expect("small")).collect();
        assert_eq!(regions, [1, 2, 4, 7, 11, 16, 22, 29, 37, 46, 56]);
        let inner: Vec<u64> = (3..=10).map(|d| u64::try_from(bounded(d, 2)).expect("small")).collect();
        assert_eq!(inner, [1, 3, 6, 10, 15, 21, 28, 36]);
    }

    #[test]
    fn the_numbers_of_figure_3_9_and_4_7_have_their_digits() {
        let near = |exact: BigUint, printed: f64| {
            let value: f64 = exact.to_string().parse().expect("digits are a number");
            assert!((value / printed - 1.0).abs() < 5e-4, "{exact} is printed as {printed}");
        };
        near(zaslavsky(500, 100), 2.716e107);
        near(deep(50, 10, 5), 1.796e41);
    }
}
