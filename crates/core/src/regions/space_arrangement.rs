use num_bigint::BigInt;

use super::{RegionError, exact_integer::Hyperplanes};
use crate::network::Network;

/// How the planes of a shallow network with three inputs lie in the whole of space, decided exactly. Units are counted from 0.
///
/// The work grows with the fourth power of the number of units.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpaceArrangement {
    /// Units whose weights are all 0: they have no plane.
    pub dead: Vec<usize>,
    /// Groups of two or more units that share one plane; elsewhere only the first of them is named.
    pub coincident: Vec<Vec<usize>>,
    /// Groups of two or more different planes that are parallel.
    pub parallel: Vec<Vec<usize>>,
    /// Groups of three or more planes through one line.
    pub through_line: Vec<Vec<usize>>,
    /// Groups of planes that are parallel to one line, where three of them, no two parallel, enclose a prism: they have no point in common.
    pub along_line: Vec<Vec<usize>>,
    /// Groups of four or more planes through one point, where not all but one of them share a line.
    pub through_point: Vec<Vec<usize>>,
    /// The regions of the whole of space.
    pub n_regions: u64,
}

impl SpaceArrangement {
    /// The arrangement of the first layer's planes.
    ///
    /// ```
    /// use piecewise_core::network::{Activation, Network};
    /// use piecewise_core::regions::SpaceArrangement;
    /// // Three planes through the x₃ axis, and one across it.
    /// let theta = [[0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0], [0.0, 1.0, 1.0, 0.0], [0.5, 0.0, 0.0, 1.0]];
    /// let net = Network::shallow(&theta, 0.0, &[1.0; 4], Activation::Relu);
    /// let arrangement = SpaceArrangement::of(&net)?;
    /// assert_eq!(arrangement.through_line, [[0, 1, 2]]);
    /// assert_eq!(arrangement.n_regions, 12);
    /// # Ok::<(), piecewise_core::regions::RegionError>(())
    /// ```
    ///
    /// # Errors
    /// When the network does not read three numbers, is not piecewise linear, or holds weights that are not finite.
    pub fn of(network: &Network) -> Result<Self, RegionError> {
        super::check(network, None, &super::Bounds { lo: [0.0; 3], hi: [1.0; 3] })?;
        let Hyperplanes { dead, list, coincident } = Hyperplanes::<4>::of(network);
        let mut arrangement = Self { dead, coincident, ..Self::default() };
        let planes: Vec<Plane> = list.iter().map(|(unit, exact)| Plane::new(*unit, exact)).collect();
        arrangement.group(&planes);
        Ok(arrangement)
    }

    /// Finds all lines and points in which planes meet, and counts the regions by them.
    fn group(&mut self, planes: &[Plane]) {
        let n = planes.len();
        // Whether two planes are parallel, and whether three have normals in one plane.
        let parallel = |i: usize, j: usize| {
            [[1, 2], [2, 3], [3, 1]].iter().all(|columns| vanishes(&[&planes[i], &planes[j]], columns))
        };
        let parallels: Vec<bool> = (0..n * n).map(|at| at / n == at % n || parallel(at / n, at % n)).collect();
        let parallel = |i: usize, j: usize| parallels[i * n + j];
        let level = |i: usize, j: usize, k: usize| vanishes(&[&planes[i], &planes[j], &planes[k]], &[1, 2, 3]);

        let (mut lines, mut points): (Vec<Vec<usize>>, Vec<Vec<usize>>) = (Vec::new(), Vec::new());
        let (mut alike, mut prisms): (Vec<Vec<usize>>, Vec<Vec<usize>>) = (Vec::new(), Vec::new());
        for i in 0..n {
            if !alike.iter().any(|group| group.contains(&i)) {
                alike.push((0..n).filter(|&j| parallel(i, j)).collect());
            }
            for j in i + 1..n {
                if parallel(i, j) || holds(&lines, &[i, j]) {
                    continue;
                }
                let along: Vec<usize> = (0..n).filter(|&k| k == i || k == j || level(i, j, k)).collect();
                let through = |k: usize| {
                    let three = [&planes[i], &planes[j], &planes[k]];
                    k == i || k == j || [[0, 1, 2], [0, 2, 3], [0, 3, 1]].iter().all(|c| vanishes(&three, c))
                };
                let line: Vec<usize> = along.iter().copied().filter(|&k| through(k)).collect();
                let prism = along.iter().any(|&k| !line.contains(&k) && !parallel(i, k) && !parallel(j, k));
                if prism && !holds(&prisms, &along) {
                    prisms.push(along);
                }
                lines.push(line);
            }
        }
        for line in &lines {
            for k in 0..n {
                let [i, j] = [line[0], line[1]];
                if line.contains(&k) || level(i, j, k) || holds(&points, &[i, j, k]) {
                    continue;
                }
                let meets = |l: usize| {
                    [i, j, k].contains(&l) || vanishes(&[&planes[i], &planes[j], &planes[k], &planes[l]], &[0, 1, 2, 3])
                };
                points.push((0..n).filter(|&l| meets(l)).collect());
            }
        }
        // Zaslavsky (1975): every flat counts by its Möbius number. That of a line in m planes is m − 1; that of a point in m planes is
        // 1 − m plus those of the lines through it.
        let through = |point: &[usize]| {
            let lines: Vec<u64> = lines
                .iter()
                .filter(|line| line.iter().all(|unit| point.contains(unit)))
                .map(|line| line.len() as u64)
                .collect();
            lines
        };
        let of_lines: u64 = lines.iter().map(|line| line.len() as u64 - 1).sum();
        let of_points: u64 =
            points.iter().map(|point| 1 + through(point).iter().map(|m| m - 1).sum::<u64>() - point.len() as u64).sum();
        self.n_regions = 1 + n as u64 + of_lines + of_points;

        points.retain(|point| {
            let largest = through(point).into_iter().max().unwrap_or(0);
            point.len() > 3 && largest + 1 < point.len() as u64
        });
        lines.retain(|line| line.len() > 2);
        alike.retain(|group| group.len() > 1);
        let named = |groups: Vec<Vec<usize>>| {
            let mut named: Vec<Vec<usize>> =
                groups.into_iter().map(|group| group.into_iter().map(|i| planes[i].unit).collect()).collect();
            named.sort_unstable();
            named
        };
        (self.parallel, self.through_line) = (named(alike), named(lines));
        (self.along_line, self.through_point) = (named(prisms), named(points));
    }
}

/// Whether some group has all of these members.
fn holds(groups: &[Vec<usize>], members: &[usize]) -> bool {
    groups.iter().any(|group| members.iter().all(|member| group.contains(member)))
}

/// A plane: intercept and slopes as integers, and nearly, with the largest of them 1.
struct Plane {
    unit: usize,
    exact: [BigInt; 4],
    near: [f64; 4],
}

impl Plane {
    fn new(unit: usize, exact: &[BigInt; 4]) -> Self {
        // Far from the ends of what floating point can hold.
        let most = exact.iter().map(BigInt::bits).max().unwrap_or(0);
        let shift = most.saturating_sub(62);
        let short = exact.each_ref().map(|x| i64::try_from(x >> shift).unwrap_or(0) as f64);
        let largest = short.iter().fold(0.0_f64, |largest, x| largest.max(x.abs()));
        Self { unit, exact: exact.clone(), near: short.map(|x| x / largest) }
    }
}

/// Whether the determinant of these columns of some planes is 0. Floating point says so where its error cannot matter, integers elsewhere.
fn vanishes(planes: &[&Plane], columns: &[usize]) -> bool {
    let (value, size) = near_determinant(planes, columns);
    // Each of the up to 24 products of four factors is off by less than 2⁻⁵⁰ of its size, and entries below 2⁻⁶⁰ by less than that.
    value.abs() <= 1e-14 * size + 1e-16 && exact_determinant(planes, columns) == BigInt::ZERO
}

/// The determinant, and the sum of the sizes of its products.
fn near_determinant(planes: &[&Plane], columns: &[usize]) -> (f64, f64) {
    let Some((first, rest)) = planes.split_first() else { return (1.0, 1.0) };
    let (mut value, mut size, mut sign) = (0.0, 0.0, 1.0);
    for (i, &column) in columns.iter().enumerate() {
        let (minor, minor_size) = near_determinant(rest, without(columns, i).as_slice());
        value += sign * first.near[column] * minor;
        size += first.near[column].abs() * minor_size;
        sign = -sign;
    }
    (value, size)
}

fn exact_determinant(planes: &[&Plane], columns: &[usize]) -> BigInt {
    let Some((first, rest)) = planes.split_first() else { return BigInt::from(1) };
    let mut value = BigInt::ZERO;
    for (i, &column) in columns.iter().enumerate() {
        let part = &first.exact[column];
        if *part == BigInt::ZERO {
            continue;
        }
        let product = part * exact_determinant(rest, without(columns, i).as_slice());
        value = if i % 2 == 0 { value + product } else { value - product };
    }
    value
}

/// Up to three columns.
struct Columns([usize; 3], usize);

impl Columns {
    fn as_slice(&self) -> &[usize] {
        &self.0[..self.1]
    }
}

/// The columns without the one at a place.
fn without(columns: &[usize], place: usize) -> Columns {
    let mut left = Columns([0; 3], columns.len() - 1);
    for (i, slot) in left.0[..columns.len() - 1].iter_mut().enumerate() {
        *slot = columns[if i < place { i } else { i + 1 }];
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Activation;

    fn arrangement(theta: &[[f64; 4]]) -> SpaceArrangement {
        let net = Network::shallow(theta, 0.0, &vec![1.0; theta.len()], Activation::Relu);
        SpaceArrangement::of(&net).expect("finite")
    }

    const AXES: [[f64; 4]; 3] = [[0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]];

    #[test]
    fn coordinate_planes_make_octants() {
        assert_eq!(arrangement(&AXES), SpaceArrangement { n_regions: 8, ..SpaceArrangement::default() });
        assert_eq!(arrangement(&[]).n_regions, 1);
    }

    #[test]
    fn a_fourth_plane_through_their_corner_costs_the_tetrahedron() {
        let [a, b, c] = AXES;
        let through = arrangement(&[a, b, c, [0.0, 1.0, 1.0, 1.0]]);
        assert_eq!((through.through_point, through.n_regions), (vec![vec![0, 1, 2, 3]], 14));
        let beside = arrangement(&[a, b, c, [5e-324, 1.0, 1.0, 1.0]]);
        assert_eq!((beside.through_point.len(), beside.n_regions), (0, 15));
    }

    #[test]
    fn three_planes_enclose_a_prism_or_share_its_axis() {
        let [a, b, c] = AXES;
        let prism = arrangement(&[a, b, c, [0.5, 1.0, 1.0, 0.0]]);
        assert_eq!((prism.along_line, prism.through_line.len(), prism.n_regions), (vec![vec![0, 1, 3]], 0, 14));
        let axis = arrangement(&[a, b, c, [0.0, 1.0, 1.0, 0.0]]);
        assert_eq!((axis.through_line, axis.n_regions), (vec![vec![0, 1, 3]], 12));
        assert!(axis.along_line.is_empty() && axis.through_point.is_empty(), "the line is the whole reason");
    }

    #[test]
    fn parallel_coincident_and_dead_units_are_told_apart() {
        let found = arrangement(&[[0.5, 1.0, 0.5, 0.0], [0.0, -2.0, -1.0, 0.0], [0.0; 4], [-1.0, -2.0, -1.0, 0.0]]);
        assert_eq!(found.dead, [2]);
        assert_eq!(found.coincident, [[0, 3]]);
        assert_eq!(found.parallel, [[0, 1]]);
        assert_eq!(found.n_regions, 3);
    }

    #[test]
    fn tenths_that_seem_to_meet_in_a_line_do_not() {
        // 0.1 + 0.2 is not 0.3 in binary: these three enclose a thin prism.
        let found = arrangement(&[[-0.1, 1.0, 0.0, 0.0], [-0.2, 0.0, 1.0, 0.0], [-0.3, 1.0, 1.0, 0.0]]);
        assert_eq!((found.along_line.len(), found.through_line.len(), found.n_regions), (1, 0, 7));
    }
}
