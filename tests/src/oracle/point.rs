use num_bigint::BigInt;
use num_integer::Integer as _;
use num_traits::{One as _, Signed as _, ToPrimitive as _, Zero as _};

use super::{Q, q};

/// A rational point: the numerators of its coordinates and, last, their common positive denominator, without a common divisor.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Point(pub(super) Vec<BigInt>);

impl Point {
    /// The point with these coordinates.
    pub fn new(coordinates: &[f64]) -> Self {
        let fractions: Vec<Q> = coordinates.iter().map(|&x| q(x)).collect();
        let denominator = fractions.iter().fold(BigInt::one(), |lcm, x| lcm.lcm(x.denom()));
        let numerators = fractions.iter().map(|x| x.numer() * (&denominator / x.denom()));
        Self(numerators.chain([denominator.clone()]).collect())
    }

    /// The point in which a function that is `fp` < 0 at `p` and `fr` > 0 at `r` is 0, each value times the denominator of its
    /// point.
    pub(super) fn crossing(p: &Self, fp: &BigInt, r: &Self, fr: &BigInt) -> Self {
        let weighted: Vec<BigInt> = p.0.iter().zip(&r.0).map(|(p, r)| p * fr - r * fp).collect();
        let divisor = weighted.iter().fold(BigInt::zero(), |gcd, x| gcd.gcd(x));
        Self(weighted.into_iter().map(|x| x / &divisor).collect())
    }

    /// The mean of some points.
    pub fn mean(points: &[Self]) -> Self {
        let denominator = points.iter().fold(BigInt::one(), |lcm, x| lcm.lcm(x.denominator()));
        let n = points[0].n_dimensions();
        let sum = |axis: usize| points.iter().map(|x| &x.0[axis] * (&denominator / x.denominator())).sum();
        let total = &denominator * BigInt::from(points.len());
        Self((0..n).map(sum).chain([total]).collect())
    }

    fn denominator(&self) -> &BigInt {
        &self.0[self.0.len() - 1]
    }

    /// How many coordinates it has.
    pub fn n_dimensions(&self) -> usize {
        self.0.len() - 1
    }

    /// One coordinate.
    pub fn coordinate(&self, axis: usize) -> Q {
        Q::new(self.0[axis].clone(), self.denominator().clone())
    }

    /// The coordinates, rounded.
    pub fn rounded(&self) -> Vec<f64> {
        self.0[..self.n_dimensions()].iter().map(|x| quotient(x, self.denominator())).collect()
    }
}

/// The measure of the simplex of n + 1 points in n dimensions, rounded once.
pub(super) fn simplex_measure(points: &[&Point]) -> f64 {
    let rows: Vec<&[BigInt]> = points.iter().map(|x| x.0.as_slice()).collect();
    let factorial: BigInt = (1..points.len()).map(BigInt::from).product();
    quotient(&determinant(&rows).abs(), &(points.iter().map(|x| x.denominator()).product::<BigInt>() * factorial))
}

/// The sign of the determinant of n + 1 points in n dimensions: how they turn.
pub(super) fn orientation(points: &[&Point]) -> std::cmp::Ordering {
    let rows: Vec<&[BigInt]> = points.iter().map(|x| x.0.as_slice()).collect();
    determinant(&rows).cmp(&BigInt::zero())
}

/// The dimension of the smallest flat that holds the points: −1 for none, 0 for one point, 1 on a line, 2 in a plane.
pub(super) fn affine_dimension<'a>(points: impl IntoIterator<Item = &'a Point>) -> isize {
    rank(points.into_iter().map(|x| x.0.clone()).collect()) as isize - 1
}

/// The rank of a matrix of rows, by elimination without division.
pub(super) fn rank(mut rows: Vec<Vec<BigInt>>) -> usize {
    let n_columns = rows.first().map_or(0, Vec::len);
    let mut rank = 0;
    for column in 0..n_columns {
        let Some(pivot) = rows.iter().position(|row| !row[column].is_zero()) else { continue };
        let pivot_row = rows.swap_remove(pivot);
        for row in &mut rows {
            let factor = row[column].clone();
            for (x, p) in row.iter_mut().zip(&pivot_row) {
                *x = &*x * &pivot_row[column] - p * &factor;
            }
        }
        rank += 1;
    }
    rank
}

/// The determinant, expanded along the first row.
fn determinant(rows: &[&[BigInt]]) -> BigInt {
    let [first, others @ ..] = rows else { return BigInt::one() };
    let mut sum = BigInt::zero();
    for (column, x) in first.iter().enumerate().filter(|(_, x)| !x.is_zero()) {
        let minor: Vec<Vec<BigInt>> = others.iter().map(|row| [&row[..column], &row[column + 1..]].concat()).collect();
        let minor: Vec<&[BigInt]> = minor.iter().map(Vec::as_slice).collect();
        let term = x * determinant(&minor);
        if column % 2 == 0 { sum += term } else { sum -= term }
    }
    sum
}

/// The f64 nearest to n / d.
fn quotient(n: &BigInt, d: &BigInt) -> f64 {
    Q::new_raw(n.clone(), d.clone()).to_f64().expect("a rational number has a nearest f64")
}
