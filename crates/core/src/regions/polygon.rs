//! Regions in the plane: convex polygons that meet side to side.

mod complex;

use self::complex::PlaneComplex;
use super::subdivision::Subdivision;
use super::{Affine, Bounds, Pattern, RegionError, Slice};
use crate::network::Network;

/// Every activation region of a network with two inputs inside a box, exactly: the regions are those of the numbers in the network, not of
/// rounded ones, however close to each other or to a common point its hinges are.
///
/// Regions are in the order of their patterns. They share their vertices, so neighbours agree on the same bits and a picture has no cracks.
///
/// ```
/// use piecewise_core::network::{Activation, Network};
/// use piecewise_core::regions::{Bounds, PlaneRegions};
///
/// // Two lines through the middle cut a square into four.
/// let net = Network::shallow(&[[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]], 0.5, &[1.0, 2.0], Activation::Relu);
/// let regions = PlaneRegions::compute(&net, &Bounds { lo: [-1.0; 2], hi: [1.0; 2] }, 1_000)?;
/// assert_eq!(regions.len(), 4);
/// let region = regions.region(3);
/// assert_eq!((region.pattern().to_string().as_str(), region.measure()), ("11", 1.0));
/// assert_eq!((region.affine(0).intercept, region.affine(0).slope), (0.5, [1.0, 2.0]));
/// # Ok::<(), piecewise_core::regions::RegionError>(())
/// ```
#[derive(Clone, Debug)]
pub struct PlaneRegions(Subdivision<PlaneComplex, 2>);

impl PlaneRegions {
    /// The regions of a network in a box, at most `limit` of them (see [`PlaneRegions::is_complete`]).
    ///
    /// # Errors
    /// When the network does not read two numbers, is not piecewise linear or holds weights that are not finite, or when the box is empty
    /// or not finite.
    pub fn compute(net: &Network, bounds: &Bounds<2>, limit: usize) -> Result<Self, RegionError> {
        Subdivision::compute(net, None, bounds, limit).map(Self)
    }

    /// The regions of a network of any number of inputs on a slice, in a box of the coordinates of the slice.
    ///
    /// # Errors
    /// As [`PlaneRegions::compute`], and when the slice does not have as many numbers as the network has inputs.
    pub fn compute_on(net: &Network, slice: &Slice<2>, bounds: &Bounds<2>, limit: usize) -> Result<Self, RegionError> {
        Subdivision::compute(net, Some(slice), bounds, limit).map(Self)
    }

    /// Computes anew, for another network or another box, in the room there is.
    ///
    /// # Errors
    /// As [`PlaneRegions::compute`]; then everything stays as it was.
    pub fn recompute(&mut self, net: &Network, bounds: &Bounds<2>, limit: usize) -> Result<(), RegionError> {
        self.0.recompute(net, None, bounds, limit)
    }

    /// Computes anew on a slice, in the room there is.
    ///
    /// # Errors
    /// As [`PlaneRegions::compute_on`]; then everything stays as it was.
    pub fn recompute_on(
        &mut self,
        net: &Network,
        slice: &Slice<2>,
        bounds: &Bounds<2>,
        limit: usize,
    ) -> Result<(), RegionError> {
        self.0.recompute(net, Some(slice), bounds, limit)
    }

    /// Computes anew in the same box for a network in which one unit of the first layer has been moved, as a slider does. When all other weights
    /// are as they were at the last call for this unit, only the cells that its hinge crosses are cut anew: much less work than
    /// [`PlaneRegions::recompute`]. The regions are the same, to the last digits of their vertices and maps.
    ///
    /// # Errors
    /// As [`PlaneRegions::compute`]; then everything stays as it was.
    pub fn move_unit(&mut self, net: &Network, unit: usize, limit: usize) -> Result<(), RegionError> {
        self.0.move_unit(net, unit, limit)
    }

    /// How many regions there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Never: a box has an interior, and a limit of 0 counts as 1.
    pub fn is_empty(&self) -> bool {
        self.0.len() == 0
    }

    /// Whether these are all the regions in the box. Otherwise there were more than the limit, and they are at least half as many as the
    /// limit, those whose patterns come first; each of them is whole.
    pub fn is_complete(&self) -> bool {
        self.0.is_complete()
    }

    /// One region, from 0 on in the order of their patterns.
    ///
    /// # Panics
    /// When there is no such region.
    pub fn region(&self, index: usize) -> PlaneRegion<'_> {
        self.0.expect(index);
        PlaneRegion { regions: self, index }
    }

    /// The regions in the order of their patterns.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = PlaneRegion<'_>> + Clone {
        (0..self.len()).map(|index| PlaneRegion { regions: self, index })
    }

    /// How many different affine functions the regions carry, all outputs taken together: regions on which the network is the same count
    /// once. Decided exactly.
    pub fn n_affine_pieces(&self) -> usize {
        self.0.n_affine_pieces()
    }

    /// A region that holds the point, inside or on its edge; nothing outside the box. Within rounding of an edge it may be either side.
    pub fn region_at(&self, x: [f64; 2]) -> Option<usize> {
        let bounds = &self.0.bounds;
        if (0..2).any(|axis| x[axis] < bounds.lo[axis] || x[axis] > bounds.hi[axis]) {
            return None;
        }
        // How far the point is outside of the side that it is most outside of, where the region has an extent of 1: rounding may put a point
        // on an edge outside of both its regions, so the least outside one has it.
        let outside = |region: &PlaneRegion<'_>| {
            let vertices: Vec<[f64; 2]> = region.vertices().collect();
            let beyond = |i: usize| {
                let (a, b) = (vertices[i], vertices[(i + 1) % vertices.len()]);
                let edge = [b[0] - a[0], b[1] - a[1]];
                let turn = edge[1] * (x[0] - a[0]) - edge[0] * (x[1] - a[1]);
                turn / (edge[0].abs() + edge[1].abs()).max(f64::MIN_POSITIVE)
            };
            (0..vertices.len()).map(beyond).fold(f64::NEG_INFINITY, f64::max)
        };
        self.iter().map(|region| (region.index, outside(&region))).min_by(|a, b| a.1.total_cmp(&b.1)).map(|best| best.0)
    }

    /// How many vertices the regions share; each has a number below this one. When regions were left out, some vertices belong to none.
    pub fn n_vertices(&self) -> usize {
        self.0.n_vertices()
    }

    /// A vertex. Those on a side of the box are exactly on it; the others are off by less than 1e-9 of its width.
    ///
    /// # Panics
    /// When there is no such vertex.
    pub fn vertex(&self, number: usize) -> [f64; 2] {
        self.0.x(number as u32)
    }
}

/// One activation region of a network with two inputs: a convex polygon on which the network is affine.
#[derive(Clone, Copy, Debug)]
pub struct PlaneRegion<'a> {
    regions: &'a PlaneRegions,
    index: usize,
}

/// A side of a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Side {
    /// The hidden unit, counted from 0 through all layers, whose hinge it lies on; nothing on the sides of the box. Where hinges coincide, the
    /// first of them.
    pub hinge: Option<usize>,
    /// The region behind it; nothing behind the sides of the box, and where regions beyond the limit were left out.
    pub neighbour: Option<usize>,
}

impl<'a> PlaneRegion<'a> {
    /// Its number in the order of patterns.
    pub fn index(&self) -> usize {
        self.index
    }

    /// Which gates are open.
    pub fn pattern(&self) -> Pattern {
        self.regions.0.pattern(self.index)
    }

    /// What output `output` is on it, as a function of x.
    ///
    /// # Panics
    /// When the network has no such output.
    pub fn affine(&self, output: usize) -> Affine<2> {
        self.regions.0.affine(self.index, output)
    }

    /// The numbers of the vertices, counter-clockwise.
    pub fn vertex_numbers(&self) -> impl ExactSizeIterator<Item = usize> + Clone + use<'a> {
        let regions = &self.regions.0;
        regions.complex.sides(regions.cell(self.index)).map(|side| side.vertex as usize)
    }

    /// The vertices, counter-clockwise.
    pub fn vertices(&self) -> impl ExactSizeIterator<Item = [f64; 2]> + Clone + use<'a> {
        let regions = self.regions;
        self.vertex_numbers().map(move |number| regions.vertex(number))
    }

    /// The sides; the first runs from the first vertex to the second.
    pub fn sides(&self) -> impl ExactSizeIterator<Item = Side> + Clone + use<'a> {
        let regions = &self.regions.0;
        regions
            .complex
            .sides(regions.cell(self.index))
            .map(|side| Side { hinge: regions.hinge(side.plane), neighbour: regions.rank(side.neighbour) })
    }

    /// The area.
    pub fn measure(&self) -> f64 {
        self.regions.0.hinges.frame.measure_of_x(self.moments().0)
    }

    /// The centre of mass; of a sliver too thin for floating point the mean of the vertices.
    pub fn centroid(&self) -> [f64; 2] {
        let (area, moment) = self.moments();
        let vertices: Vec<u32> = self.vertex_numbers().map(|number| number as u32).collect();
        self.regions.0.centroid(area, moment, &vertices)
    }

    /// The area and the integral of u over it, in the coordinates of the box: a sum over triangles with a common corner.
    fn moments(&self) -> (f64, [f64; 2]) {
        let mut corners = self.vertex_numbers().map(|number| self.regions.0.u(number as u32));
        let apex = corners.next().unwrap_or_default();
        let mut from_apex = corners.map(|u| [u[0] - apex[0], u[1] - apex[1]]);
        let mut a = from_apex.next().unwrap_or_default();
        let (mut area, mut moment) = (0.0, [0.0; 2]);
        for b in from_apex {
            // Twice the area of a triangle; its centroid is a third of the sum of its corners.
            let part = a[0] * b[1] - a[1] * b[0];
            area += part;
            moment[0] += part * (a[0] + b[0]);
            moment[1] += part * (a[1] + b[1]);
            a = b;
        }
        let area = area / 2.0;
        (area, [moment[0] / 6.0 + area * apex[0], moment[1] / 6.0 + area * apex[1]])
    }
}
