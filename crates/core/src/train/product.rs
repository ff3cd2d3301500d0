//! The one matrix product that training needs, in a fixed order of summation.

/// A matrix read as the right factor: entry (k, j) lies at `values[k · row_stride + j · column_stride]`.
#[derive(Clone, Copy)]
pub(super) struct RightFactor<'a> {
    pub(super) values: &'a [f64],
    pub(super) row_stride: usize,
    pub(super) column_stride: usize,
}

impl<'a> RightFactor<'a> {
    /// A matrix stored column by column.
    pub(super) fn columns(values: &'a [f64], n_rows: usize) -> Self {
        Self { values, row_stride: 1, column_stride: n_rows }
    }

    /// The transpose of a matrix stored column by column.
    pub(super) fn transposed(values: &'a [f64], n_rows: usize) -> Self {
        Self { values, row_stride: n_rows, column_stride: 1 }
    }
}

/// C += A B, with A (m × k) and C (m × n) stored column by column.
///
/// Every entry of C is summed by itself, from what it was, over rising k and without fused multiply-add: the bits do not depend on the
/// tiles, which only keep four by four sums in registers.
pub(super) fn add_product(c: &mut [f64], a: &[f64], b: RightFactor, m: usize, n: usize) {
    if m == 0 {
        return;
    }
    let mut j = 0;
    while j < n {
        let columns = if j + 4 <= n { 4 } else { 1 };
        let mut i = 0;
        while i < m {
            let rows = if i + 4 <= m { 4 } else { 1 };
            match (rows, columns) {
                (4, 4) => add_tile::<4, 4>(c, a, b, m, i, j),
                (4, _) => add_tile::<4, 1>(c, a, b, m, i, j),
                (_, 4) => add_tile::<1, 4>(c, a, b, m, i, j),
                _ => add_tile::<1, 1>(c, a, b, m, i, j),
            }
            i += rows;
        }
        j += columns;
    }
}

/// The part of [`add_product`] that lies in rows i… and columns j… of C.
#[inline]
fn add_tile<const ROWS: usize, const COLUMNS: usize>(
    c: &mut [f64],
    a: &[f64],
    b: RightFactor,
    m: usize,
    i: usize,
    j: usize,
) {
    let mut sums = [[0.0; ROWS]; COLUMNS];
    for (column, sums) in sums.iter_mut().enumerate() {
        sums.copy_from_slice(&c[(j + column) * m + i..][..ROWS]);
    }
    for (k, a_k) in a.chunks_exact(m).enumerate() {
        let a_k = &a_k[i..i + ROWS];
        let b_k = &b.values[k * b.row_stride + j * b.column_stride..];
        for (column, sums) in sums.iter_mut().enumerate() {
            let b_kj = b_k[column * b.column_stride];
            for (sum, a_ik) in sums.iter_mut().zip(a_k) {
                *sum += a_ik * b_kj;
            }
        }
    }
    for (column, sums) in sums.iter().enumerate() {
        c[(j + column) * m + i..][..ROWS].copy_from_slice(sums);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Rng;

    #[test]
    fn every_entry_has_the_bits_of_the_plain_sum() {
        let mut rng = Rng::from_seed(5);
        for (m, k, n) in [(1, 1, 1), (4, 4, 4), (5, 3, 6), (7, 9, 10), (1, 8, 5), (6, 2, 1), (3, 0, 3), (0, 2, 2)] {
            let mut draw = |len: usize| (0..len).map(|_| rng.normal()).collect::<Vec<f64>>();
            let (a, b, c) = (draw(m * k), draw(k * n), draw(m * n));
            let b_transposed: Vec<f64> = (0..k * n).map(|at| b[at / n + (at % n) * k]).collect();
            let mut plain = c.clone();
            for j in 0..n {
                for i in 0..m {
                    for k_i in 0..k {
                        plain[j * m + i] += a[k_i * m + i] * b[j * k + k_i];
                    }
                }
            }
            for right in [RightFactor::columns(&b, k), RightFactor::transposed(&b_transposed, n)] {
                let mut tiled = c.clone();
                add_product(&mut tiled, &a, right, m, n);
                assert_eq!(tiled, plain, "{m} × {k} × {n}");
            }
        }
    }
}
