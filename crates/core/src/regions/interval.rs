//! Regions on the line: intervals.

mod complex;

use self::complex::LineComplex;
use super::subdivision::Subdivision;
use super::{Affine, Bounds, Pattern, RegionError, Side, Slice};
use crate::network::Network;

/// Every activation region of a network with one input inside an interval, exactly, from left to right.
///
/// ```
/// use piecewise_core::network::{Activation, Network};
/// use piecewise_core::regions::{Bounds, LineRegions};
///
/// // The hat: |x| is relu(x) + relu(−x), so 1 − |x| has two pieces.
/// let net = Network::shallow(&[[0.0, 1.0], [0.0, -1.0]], 1.0, &[-1.0, -1.0], Activation::Relu);
/// let regions = LineRegions::compute(&net, &Bounds { lo: [-1.0], hi: [1.0] }, 1_000)?;
/// let pieces: Vec<_> = regions.iter().map(|region| (region.ends(), region.affine(0).slope[0])).collect();
/// assert_eq!(pieces, [([-1.0, 0.0], 1.0), ([0.0, 1.0], -1.0)]);
/// # Ok::<(), piecewise_core::regions::RegionError>(())
/// ```
#[derive(Clone, Debug)]
pub struct LineRegions {
    subdivision: Subdivision<LineComplex, 1>,
    /// The regions from left to right, by their place in the order of patterns, and where each one went.
    order: Vec<u32>,
    places: Vec<u32>,
}

impl LineRegions {
    /// The regions of a network in an interval, at most `limit` of them (see [`LineRegions::is_complete`]).
    ///
    /// # Errors
    /// When the network does not read one number, is not piecewise linear or holds weights that are not finite, or when the interval is
    /// empty or not finite.
    pub fn compute(net: &Network, bounds: &Bounds<1>, limit: usize) -> Result<Self, RegionError> {
        Subdivision::compute(net, None, bounds, limit).map(Self::sorted)
    }

    /// The regions of a network of any number of inputs along a line, in an interval of the coordinate of the line.
    ///
    /// # Errors
    /// As [`LineRegions::compute`], and when the slice does not have as many numbers as the network has inputs.
    pub fn compute_on(net: &Network, slice: &Slice<1>, bounds: &Bounds<1>, limit: usize) -> Result<Self, RegionError> {
        Subdivision::compute(net, Some(slice), bounds, limit).map(Self::sorted)
    }

    /// Computes anew, for another network or another interval, in the room there is.
    ///
    /// # Errors
    /// As [`LineRegions::compute`]; then everything stays as it was.
    pub fn recompute(&mut self, net: &Network, bounds: &Bounds<1>, limit: usize) -> Result<(), RegionError> {
        self.subdivision.recompute(net, None, bounds, limit)?;
        self.sort();
        Ok(())
    }

    /// Computes anew on a slice, in the room there is.
    ///
    /// # Errors
    /// As [`LineRegions::compute_on`]; then everything stays as it was.
    pub fn recompute_on(
        &mut self,
        net: &Network,
        slice: &Slice<1>,
        bounds: &Bounds<1>,
        limit: usize,
    ) -> Result<(), RegionError> {
        self.subdivision.recompute(net, Some(slice), bounds, limit)?;
        self.sort();
        Ok(())
    }

    /// Computes anew in the same box for a network in which one unit of the first layer has been moved, as a slider does. When all other weights
    /// are as they were at the last call for this unit, only the cells that its hinge crosses are cut anew: much less work than
    /// [`LineRegions::recompute`]. The regions are the same, to the last digits of their vertices and maps.
    ///
    /// # Errors
    /// As [`LineRegions::compute`]; then everything stays as it was.
    pub fn move_unit(&mut self, net: &Network, unit: usize, limit: usize) -> Result<(), RegionError> {
        self.subdivision.move_unit(net, unit, limit)?;
        self.sort();
        Ok(())
    }

    fn sorted(subdivision: Subdivision<LineComplex, 1>) -> Self {
        let mut regions = Self { subdivision, order: vec![], places: vec![] };
        regions.sort();
        regions
    }

    /// Follows the cells from one to the next: the coordinates of their ends may be the same number, and where rounding has put them the
    /// wrong way round, they are made so.
    fn sort(&mut self) {
        self.subdivision.complex.straighten();
        self.order.clear();
        let cells = self.subdivision.complex.left_to_right();
        self.order.extend(cells.filter_map(|cell| self.subdivision.rank(cell)).map(|region| region as u32));
        self.places.clear();
        self.places.resize(self.order.len(), 0);
        for (place, &region) in self.order.iter().enumerate() {
            self.places[region as usize] = place as u32;
        }
    }

    /// How many regions there are.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Never: an interval has an interior, and a limit of 0 counts as 1.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Whether these are all the regions in the interval. Otherwise there were more than the limit, and they are at least half as many as
    /// the limit; each of them is whole.
    pub fn is_complete(&self) -> bool {
        self.subdivision.is_complete()
    }

    /// One region, counted from 0 from the left.
    ///
    /// # Panics
    /// When there is no such region.
    pub fn region(&self, index: usize) -> LineRegion<'_> {
        self.subdivision.expect(index);
        LineRegion { regions: self, index }
    }

    /// The regions from left to right.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = LineRegion<'_>> + Clone {
        (0..self.len()).map(|index| LineRegion { regions: self, index })
    }

    /// How many different affine functions the regions carry, all outputs taken together. Decided exactly.
    pub fn n_affine_pieces(&self) -> usize {
        self.subdivision.n_affine_pieces()
    }

    /// The region that holds the point; nothing outside the interval. At a joint it is the region to the right.
    pub fn region_at(&self, x: f64) -> Option<usize> {
        let inside = |index: &usize| {
            let [left, right] = self.region(*index).ends();
            left <= x && x <= right
        };
        let after = (0..self.len()).collect::<Vec<_>>().partition_point(|&index| self.region(index).ends()[0] <= x);
        after.checked_sub(1).filter(inside)
    }
}

/// One activation region of a network with one input: an interval on which the network is affine.
#[derive(Clone, Copy, Debug)]
pub struct LineRegion<'a> {
    regions: &'a LineRegions,
    index: usize,
}

impl LineRegion<'_> {
    fn region(&self) -> usize {
        self.regions.order[self.index] as usize
    }

    fn cell(&self) -> u32 {
        self.regions.subdivision.cell(self.region())
    }

    /// Its number from the left.
    pub fn index(&self) -> usize {
        self.index
    }

    /// Which gates are open.
    pub fn pattern(&self) -> Pattern {
        self.regions.subdivision.pattern(self.region())
    }

    /// What output `output` is on it, as a function of x.
    ///
    /// # Panics
    /// When the network has no such output.
    pub fn affine(&self, output: usize) -> Affine<1> {
        self.regions.subdivision.affine(self.region(), output)
    }

    /// The left end and the right end.
    pub fn ends(&self) -> [f64; 2] {
        self.regions.subdivision.complex.ends(self.cell()).map(|end| self.regions.subdivision.x(end)[0])
    }

    /// The joint at the left end and the one at the right end.
    pub fn sides(&self) -> [Side; 2] {
        let subdivision = &self.regions.subdivision;
        let ends = subdivision.complex.ends(self.cell());
        let neighbours = subdivision.complex.neighbours(self.cell());
        core::array::from_fn(|i| Side {
            hinge: subdivision.hinge(subdivision.complex.vertex_plane(ends[i])),
            neighbour: subdivision.rank(neighbours[i]).map(|region| self.regions.places[region] as usize),
        })
    }

    /// The length.
    pub fn measure(&self) -> f64 {
        let subdivision = &self.regions.subdivision;
        let [left, right] = subdivision.complex.ends(self.cell()).map(|end| subdivision.u(end)[0]);
        subdivision.hinges.frame.measure_of_x(right - left)
    }

    /// The middle.
    pub fn centroid(&self) -> f64 {
        let [left, right] = self.ends();
        left / 2.0 + right / 2.0
    }
}
