use num_bigint::BigInt;
use num_traits::{Signed, Zero};

use super::Affine;
use super::point::{Point, affine_dimension, orientation, rank, simplex_measure};

/// A full-dimensional convex polytope: an interval, a polygon, a polyhedron. Vertices are in no particular order.
#[derive(Clone, Debug)]
pub struct Polytope {
    /// Functions that are ≥ 0 exactly on the polytope. Some may touch it in less than a side.
    pub walls: Vec<Affine>,
    /// The extreme points, each once.
    pub vertices: Vec<Point>,
}

impl Polytope {
    /// The box from `lo` to `hi`.
    ///
    /// # Panics
    /// When it is empty or flat.
    pub fn cuboid(lo: &[f64], hi: &[f64]) -> Self {
        let n = lo.len();
        let mut walls = vec![];
        let mut corners = vec![vec![]];
        for axis in 0..n {
            assert!(lo[axis] < hi[axis], "a box has an interior");
            let unit = |sign: f64| (0..n).map(|i| if i == axis { sign } else { 0.0 }).collect::<Vec<f64>>();
            walls.push(Affine::new(-lo[axis], &unit(1.0)));
            walls.push(Affine::new(hi[axis], &unit(-1.0)));
            corners = corners
                .iter()
                .flat_map(|corner: &Vec<f64>| [lo[axis], hi[axis]].map(|end| [corner.as_slice(), &[end]].concat()))
                .collect();
        }
        Self { walls, vertices: corners.iter().map(|corner| Point::new(corner)).collect() }
    }

    /// How many coordinates its points have.
    pub fn n_dimensions(&self) -> usize {
        self.vertices[0].n_dimensions()
    }

    /// The part where `f` ≤ 0 and the part where `f` ≥ 0; a part without interior is left out. Where `f` is 0 throughout, the
    /// polytope is its closed part.
    pub fn split(self, f: &Affine) -> (Option<Self>, Option<Self>) {
        let values: Vec<BigInt> = self.vertices.iter().map(|x| f.sign_at(x)).collect();
        if !values.iter().any(Signed::is_positive) {
            return (Some(self), None);
        }
        if !values.iter().any(Signed::is_negative) {
            return (None, Some(self));
        }
        let crossings = self.crossings(&values);
        let part = |wall: Affine, keeps: fn(&BigInt) -> bool| {
            let kept = self.vertices.iter().zip(&values).filter(|(_, value)| keeps(value)).map(|(x, _)| x);
            let vertices: Vec<Point> = kept.chain(&crossings).cloned().collect();
            let mut walls = self.walls.clone();
            walls.push(wall);
            // A wall that no longer carries a side only costs time.
            walls.retain(|wall| vertices.iter().filter(|x| wall.sign_at(x).is_zero()).count() >= self.n_dimensions());
            Self { walls, vertices }
        };
        (Some(part(f.scaled(-1.0), |value| !value.is_positive())), Some(part(f.clone(), |value| !value.is_negative())))
    }

    /// The parts into which the hinges of some units cut it, each with the gates that are open there.
    pub fn split_by_all(self, f: &[Affine]) -> Vec<(Self, Vec<bool>)> {
        let mut parts = vec![(self, vec![])];
        for f_d in f {
            let mut finer = vec![];
            for (cell, gates) in parts {
                let (closed, open) = cell.split(f_d);
                finer.extend(closed.map(|cell| (cell, [gates.as_slice(), &[false]].concat())));
                finer.extend(open.map(|cell| (cell, [gates.as_slice(), &[true]].concat())));
            }
            parts = finer;
        }
        parts
    }

    /// The points in which a function with these values at the vertices is 0 inside an edge. Two vertices are the ends of an
    /// edge when the walls through both leave one direction free.
    fn crossings(&self, values: &[BigInt]) -> Vec<Point> {
        let on_wall: Vec<Vec<bool>> =
            self.walls.iter().map(|wall| self.vertices.iter().map(|x| wall.sign_at(x).is_zero()).collect()).collect();
        let mut crossings = vec![];
        for p in (0..values.len()).filter(|&p| values[p].is_negative()) {
            for r in (0..values.len()).filter(|&r| values[r].is_positive()) {
                let through_both = self.walls.iter().zip(&on_wall).filter(|(_, on)| on[p] && on[r]);
                if rank(through_both.map(|(wall, _)| wall.normal()).collect()) + 1 == self.n_dimensions() {
                    crossings.push(Point::crossing(&self.vertices[p], &values[p], &self.vertices[r], &values[r]));
                }
            }
        }
        crossings
    }

    /// The mean of the vertices: a point inside.
    pub fn inner_point(&self) -> Point {
        Point::mean(&self.vertices)
    }

    /// Length, area or volume: a sum of positive numbers, each rounded once, so that every digit but the last few is right.
    ///
    /// # Panics
    /// In more than three dimensions.
    pub fn measure(&self) -> f64 {
        let fan = |apex: &[&Point], ring: &[Point]| -> f64 {
            ring[1..].windows(2).map(|pair| simplex_measure(&[apex, &[&ring[0], &pair[0], &pair[1]]].concat())).sum()
        };
        match self.n_dimensions() {
            1 => simplex_measure(&self.vertices.iter().collect::<Vec<_>>()),
            2 => fan(&[], &self.ccw_vertices()),
            3 => self.faces().iter().map(|ring| fan(&[&self.vertices[0]], ring)).sum(),
            n => panic!("no measure in {n} dimensions"),
        }
    }

    /// The vertices on each side, in no particular order: in 3-D of each face, in 2-D the two ends, in 1-D the one end.
    pub fn sides(&self) -> Vec<Vec<Point>> {
        let mut sides: Vec<Vec<Point>> = vec![];
        for wall in &self.walls {
            let on_wall: Vec<Point> = self.vertices.iter().filter(|x| wall.sign_at(x).is_zero()).cloned().collect();
            if affine_dimension(&on_wall) + 1 == self.n_dimensions() as isize && !sides.contains(&on_wall) {
                sides.push(on_wall);
            }
        }
        sides
    }

    /// The vertices of a polygon counter-clockwise.
    pub fn ccw_vertices(&self) -> Vec<Point> {
        ring(&self.vertices, &[])
    }

    /// The faces of a polyhedron, each as the ring of its vertices in one of the two directions.
    pub fn faces(&self) -> Vec<Vec<Point>> {
        let off = |side: &Vec<Point>| self.vertices.iter().find(|x| !side.contains(x)).expect("a solid has height");
        self.sides().iter().map(|side| ring(side, &[off(side)])).collect()
    }
}

/// Points of a convex polygon in their order around it; in space seen from a point off its plane.
fn ring(points: &[Point], off_plane: &[&Point]) -> Vec<Point> {
    // Seen from a corner the others lie within less than half a turn, so "further to the left" is an order.
    let [first, others @ ..] = points else { return vec![] };
    let mut others = others.to_vec();
    others.sort_by(|a, b| orientation(&[off_plane, &[first, b, a]].concat()));
    [vec![first.clone()], others].concat()
}
