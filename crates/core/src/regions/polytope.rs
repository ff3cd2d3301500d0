//! Regions in space: convex polyhedra that meet face to face.

mod complex;

use self::complex::{FaceView, SpaceComplex};
use super::hinges::product;
use super::subdivision::Subdivision;
use super::{Affine, Bounds, Pattern, RegionError, Slice};
use crate::network::Network;

/// Every activation region of a network with three inputs inside a box, exactly: the regions are those of the numbers in the network, not
/// of rounded ones, however close to each other or to a common point its hinges are.
///
/// Regions are in the order of their patterns. They share their vertices, so neighbours agree on the same bits.
///
/// ```
/// use piecewise_core::network::{Activation, Network};
/// use piecewise_core::regions::{Bounds, SpaceRegions};
///
/// // Three planes through the middle cut a cube into octants.
/// let theta = [[0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]];
/// let net = Network::shallow(&theta, 0.5, &[1.0, 2.0, 3.0], Activation::Relu);
/// let regions = SpaceRegions::compute(&net, &Bounds { lo: [-1.0; 3], hi: [1.0; 3] }, 1_000)?;
/// assert_eq!(regions.len(), 8);
/// let region = regions.region(5);
/// assert_eq!(region.pattern().to_string(), "101");
/// assert_eq!((region.measure(), region.faces().count()), (1.0, 6));
/// assert_eq!((region.affine(0).intercept, region.affine(0).slope), (0.5, [1.0, 0.0, 3.0]));
/// # Ok::<(), piecewise_core::regions::RegionError>(())
/// ```
#[derive(Clone, Debug)]
pub struct SpaceRegions(Subdivision<SpaceComplex, 3>);

impl SpaceRegions {
    /// The regions of a network in a box, at most `limit` of them (see [`SpaceRegions::is_complete`]).
    ///
    /// # Errors
    /// When the network does not read three numbers, is not piecewise linear or holds weights that are not finite, or when the box is
    /// empty or not finite.
    pub fn compute(net: &Network, bounds: &Bounds<3>, limit: usize) -> Result<Self, RegionError> {
        Subdivision::compute(net, None, bounds, limit).map(Self)
    }

    /// The regions of a network of any number of inputs on a slice, in a box of the coordinates of the slice.
    ///
    /// # Errors
    /// As [`SpaceRegions::compute`], and when the slice does not have as many numbers as the network has inputs.
    pub fn compute_on(net: &Network, slice: &Slice<3>, bounds: &Bounds<3>, limit: usize) -> Result<Self, RegionError> {
        Subdivision::compute(net, Some(slice), bounds, limit).map(Self)
    }

    /// Computes anew, for another network or another box, in the room there is.
    ///
    /// # Errors
    /// As [`SpaceRegions::compute`]; then everything stays as it was.
    pub fn recompute(&mut self, net: &Network, bounds: &Bounds<3>, limit: usize) -> Result<(), RegionError> {
        self.0.recompute(net, None, bounds, limit)
    }

    /// Computes anew on a slice, in the room there is.
    ///
    /// # Errors
    /// As [`SpaceRegions::compute_on`]; then everything stays as it was.
    pub fn recompute_on(
        &mut self,
        net: &Network,
        slice: &Slice<3>,
        bounds: &Bounds<3>,
        limit: usize,
    ) -> Result<(), RegionError> {
        self.0.recompute(net, Some(slice), bounds, limit)
    }

    /// Computes anew in the same box for a network in which one unit of the first layer has been moved, as a slider does. When all other weights
    /// are as they were at the last call for this unit, only the cells that its hinge crosses are cut anew: much less work than
    /// [`SpaceRegions::recompute`]. The regions are the same, to the last digits of their vertices and maps.
    ///
    /// # Errors
    /// As [`SpaceRegions::compute`]; then everything stays as it was.
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

    /// Whether these are all the regions in the box. Otherwise there were more than the limit, and they are at least a good half as many as
    /// the limit, those whose patterns come first; each of them is whole.
    pub fn is_complete(&self) -> bool {
        self.0.is_complete()
    }

    /// One region, from 0 on in the order of their patterns.
    ///
    /// # Panics
    /// When there is no such region.
    pub fn region(&self, index: usize) -> SpaceRegion<'_> {
        self.0.expect(index);
        SpaceRegion { regions: self, index }
    }

    /// The regions in the order of their patterns.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = SpaceRegion<'_>> + Clone {
        (0..self.len()).map(|index| SpaceRegion { regions: self, index })
    }

    /// How many different affine functions the regions carry, all outputs taken together: regions on which the network is the same count once.
    /// Decided exactly.
    pub fn n_affine_pieces(&self) -> usize {
        self.0.n_affine_pieces()
    }

    /// How many vertices the regions share; each has a number below this one. When regions were left out, some vertices belong to none.
    pub fn n_vertices(&self) -> usize {
        self.0.n_vertices()
    }

    /// A vertex. Those on a side of the box are exactly on it; the others are off by less than 1e-9 of its width.
    ///
    /// # Panics
    /// When there is no such vertex.
    pub fn vertex(&self, number: usize) -> [f64; 3] {
        self.0.x(number as u32)
    }
}

/// One activation region of a network with three inputs: a convex polyhedron on which the network is affine.
#[derive(Clone, Copy, Debug)]
pub struct SpaceRegion<'a> {
    regions: &'a SpaceRegions,
    index: usize,
}

impl<'a> SpaceRegion<'a> {
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
    pub fn affine(&self, output: usize) -> Affine<3> {
        self.regions.0.affine(self.index, output)
    }

    /// The faces, as they are seen from outside.
    pub fn faces(&self) -> impl ExactSizeIterator<Item = SpaceFace<'a>> + Clone + use<'a> {
        let regions = self.regions;
        regions.0.complex.faces(regions.0.cell(self.index)).map(move |view| SpaceFace { regions, view })
    }

    /// The numbers of the vertices, ascending.
    pub fn vertex_numbers(&self) -> Vec<usize> {
        let mut numbers: Vec<usize> = self.faces().flat_map(|face| face.vertex_numbers()).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    /// The vertices, in the order of their numbers.
    pub fn vertices(&self) -> impl ExactSizeIterator<Item = [f64; 3]> + use<'a> {
        let regions = self.regions;
        self.vertex_numbers().into_iter().map(move |number| regions.vertex(number))
    }

    /// The volume.
    pub fn measure(&self) -> f64 {
        self.regions.0.hinges.frame.measure_of_x(self.moments().0)
    }

    /// The centre of mass; of a sliver too thin for floating point the mean of the vertices.
    pub fn centroid(&self) -> [f64; 3] {
        let (volume, moment) = self.moments();
        let vertices: Vec<u32> = self.vertex_numbers().into_iter().map(|number| number as u32).collect();
        self.regions.0.centroid(volume, moment, &vertices)
    }

    /// The volume and the integral of u over it, in the coordinates of the box: a sum over tetrahedra with a common apex.
    fn moments(&self) -> (f64, [f64; 3]) {
        let point = |number: usize| self.regions.0.u(number as u32);
        let apex = self.faces().next().and_then(|face| face.vertex_numbers().next()).map_or([0.0; 3], point);
        let from_apex = |number: usize| -> [f64; 3] {
            let u = point(number);
            core::array::from_fn(|axis| u[axis] - apex[axis])
        };
        let (mut volume, mut moment) = (0.0, [0.0; 3]);
        for face in self.faces() {
            let mut ring = face.vertex_numbers().map(from_apex);
            let Some(a) = ring.next() else { continue };
            let Some(mut b) = ring.next() else { continue };
            for c in ring {
                // Six times the volume of a tetrahedron; its centroid is a quarter of the sum of its corners.
                let part = product(a, cross(b, c));
                volume += part;
                for axis in 0..3 {
                    moment[axis] += part * (a[axis] + b[axis] + c[axis]);
                }
                b = c;
            }
        }
        let (volume, moment) = (volume / 6.0, moment.map(|m| m / 24.0));
        (volume, core::array::from_fn(|axis| moment[axis] + volume * apex[axis]))
    }
}

/// One face of a region in space, a convex polygon.
#[derive(Clone, Copy, Debug)]
pub struct SpaceFace<'a> {
    regions: &'a SpaceRegions,
    view: FaceView<'a>,
}

impl<'a> SpaceFace<'a> {
    /// The hidden unit, counted through all layers, whose hinge it lies on; nothing on the sides of the box. Where hinges coincide, the
    /// first of them.
    pub fn hinge(&self) -> Option<usize> {
        self.regions.0.hinge(self.view.plane)
    }

    /// The region behind it; nothing behind the sides of the box, and where regions beyond the limit were left out.
    pub fn neighbour(&self) -> Option<usize> {
        self.regions.0.rank(self.view.neighbour)
    }

    /// The numbers of its vertices, counter-clockwise for one who looks at the region from outside.
    pub fn vertex_numbers(&self) -> impl ExactSizeIterator<Item = usize> + Clone + use<'a> {
        self.view.vertices().map(|vertex| vertex as usize)
    }

    /// Its vertices, counter-clockwise for one who looks at the region from outside.
    pub fn vertices(&self) -> impl ExactSizeIterator<Item = [f64; 3]> + Clone + use<'a> {
        let regions = self.regions;
        self.vertex_numbers().map(move |number| regions.vertex(number))
    }
}

fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}
