use super::{Affine, Bounds, Pattern, RegionError, SpaceRegions};
use crate::network::{Layer, Network};

/// Every activation region of a network with two inputs inside a box, exactly.
///
/// Regions are in the order of their patterns. Neighbours agree on the bits of the vertices that they share.
///
/// ```
/// use piecewise_core::network::{Activation, Network};
/// use piecewise_core::regions::{Bounds, PlaneRegions};
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
pub struct PlaneRegions {
    /// The regions as prisms over the plane.
    prisms: SpaceRegions,
    vertices: Vec<[f64; 2]>,
    sides: Vec<Side>,
    /// Where the vertices and sides of each region begin; one more than there are regions.
    starts: Vec<u32>,
}

/// A side of a region, from one vertex to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Side {
    /// The hidden unit, counted from 0 through all layers, whose hinge it lies on; nothing on the wall of the box.
    pub hinge: Option<usize>,
    /// The region across it.
    pub neighbour: Option<usize>,
}

/// One activation region of a network with two inputs: a convex polygon on which the network is affine.
#[derive(Clone, Copy, Debug)]
pub struct PlaneRegion<'a> {
    regions: &'a PlaneRegions,
    index: usize,
}

impl PlaneRegions {
    /// The regions of a network in a box, at most `limit` of them (see [`PlaneRegions::is_complete`]).
    ///
    /// # Errors
    /// When the network does not read two numbers, is not piecewise linear or holds weights that are not finite, or when the box is empty or not
    /// finite.
    pub fn compute(network: &Network, bounds: &Bounds<2>, limit: usize) -> Result<Self, RegionError> {
        super::check(network, bounds)?;
        let prisms = SpaceRegions::compute(&with_idle_input(network), &prism(bounds), limit)?;
        let mut regions = Self { prisms, vertices: Vec::new(), sides: Vec::new(), starts: Vec::new() };
        regions.flatten();
        Ok(regions)
    }

    /// Computes anew in the room there is.
    ///
    /// # Errors
    /// As [`PlaneRegions::compute`]; then everything stays as it was.
    pub fn recompute(&mut self, network: &Network, bounds: &Bounds<2>, limit: usize) -> Result<(), RegionError> {
        super::check(network, bounds)?;
        self.prisms.recompute(&with_idle_input(network), &prism(bounds), limit)?;
        self.flatten();
        Ok(())
    }

    /// Reads the floor of every prism.
    fn flatten(&mut self) {
        self.vertices.clear();
        self.sides.clear();
        self.starts.clear();
        for region in self.prisms.iter() {
            self.starts.push(self.vertices.len() as u32);
            let on_floor = |number: usize| self.prisms.vertex(number)[2] == 0.0;
            let floor = region.faces().find(|face| face.vertex_numbers().all(on_floor));
            // Seen from below the floor runs counter-clockwise, so seen from above it is turned round.
            let mut ring: Vec<usize> = floor.into_iter().flat_map(|face| face.vertex_numbers()).collect();
            ring.reverse();
            for (i, &number) in ring.iter().enumerate() {
                let next = ring[(i + 1) % ring.len()];
                let wall = region.faces().find(|face| {
                    face.vertex_numbers().any(|n| n == number)
                        && face.vertex_numbers().any(|n| n == next)
                        && !face.vertex_numbers().all(on_floor)
                });
                let [x1, x2, _] = self.prisms.vertex(number);
                self.vertices.push([x1, x2]);
                self.sides.push(Side {
                    hinge: wall.and_then(|face| face.hinge()),
                    neighbour: wall.and_then(|face| face.neighbour()),
                });
            }
        }
        self.starts.push(self.vertices.len() as u32);
    }

    /// How many regions there are.
    pub fn len(&self) -> usize {
        self.prisms.len()
    }

    /// Never: a box has an interior, and a limit of 0 counts as 1.
    pub fn is_empty(&self) -> bool {
        self.prisms.is_empty()
    }

    /// Whether these are all the regions in the box; otherwise there were more than the limit.
    pub fn is_complete(&self) -> bool {
        self.prisms.is_complete()
    }

    /// One region, from 0 on in the order of their patterns.
    ///
    /// # Panics
    /// When there is no such region.
    pub fn region(&self, index: usize) -> PlaneRegion<'_> {
        assert!(index < self.len(), "there are {} regions, and none has number {index}", self.len());
        PlaneRegion { regions: self, index }
    }

    /// The regions in the order of their patterns.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = PlaneRegion<'_>> + Clone {
        (0..self.len()).map(|index| PlaneRegion { regions: self, index })
    }

    /// How many different affine functions the regions carry, decided exactly.
    pub fn n_affine_pieces(&self) -> usize {
        self.prisms.n_affine_pieces()
    }

    /// A region that holds the point, inside or on its edge.
    pub fn region_at(&self, x: [f64; 2]) -> Option<usize> {
        self.iter().position(|region| {
            let vertices = &self.vertices[region.range()];
            (0..vertices.len()).all(|i| cross(vertices[i], vertices[(i + 1) % vertices.len()], x) >= 0.0)
        })
    }
}

impl<'a> PlaneRegion<'a> {
    fn range(&self) -> core::ops::Range<usize> {
        self.regions.starts[self.index] as usize..self.regions.starts[self.index + 1] as usize
    }

    /// Which gates are open.
    pub fn pattern(&self) -> Pattern {
        self.regions.prisms.region(self.index).pattern()
    }

    /// The vertices, counter-clockwise.
    pub fn vertices(&self) -> impl ExactSizeIterator<Item = [f64; 2]> + Clone + use<'a> {
        self.regions.vertices[self.range()].iter().copied()
    }

    /// The sides; the first runs from the first vertex to the second.
    pub fn sides(&self) -> impl ExactSizeIterator<Item = Side> + Clone + use<'a> {
        self.regions.sides[self.range()].iter().copied()
    }

    /// What output `output` is on it.
    ///
    /// # Panics
    /// When the network has no such output.
    pub fn affine(&self, output: usize) -> Affine<2> {
        let Affine { intercept, slope: [slope_1, slope_2, _] } = self.regions.prisms.region(self.index).affine(output);
        Affine { intercept, slope: [slope_1, slope_2] }
    }

    /// The area.
    pub fn measure(&self) -> f64 {
        self.moments().0
    }

    /// The centre of mass; of a sliver too thin for floating point the mean of the vertices.
    pub fn centroid(&self) -> [f64; 2] {
        let (area, moment) = self.moments();
        let vertices = &self.regions.vertices[self.range()];
        let apex = vertices[0];
        let mean = |axis: usize| vertices.iter().map(|v| v[axis] - apex[axis]).sum::<f64>() / vertices.len() as f64;
        let spread =
            vertices.iter().fold(0.0, |most: f64, v| most.max((v[0] - apex[0]).abs()).max((v[1] - apex[1]).abs()));
        let sliver = area <= 1e-12 * spread * spread;
        [0, 1].map(|axis| apex[axis] + if sliver { mean(axis) } else { moment[axis] / area })
    }

    /// The area and the integral of x − (first vertex) over the region.
    fn moments(&self) -> (f64, [f64; 2]) {
        let vertices = &self.regions.vertices[self.range()];
        let apex = vertices[0];
        let mut area = 0.0;
        let mut moment = [0.0; 2];
        for pair in vertices[1..].windows(2) {
            let part = cross(apex, pair[0], pair[1]) / 2.0;
            area += part;
            for (axis, sum) in moment.iter_mut().enumerate() {
                *sum += part * (pair[0][axis] - apex[axis] + pair[1][axis] - apex[axis]) / 3.0;
            }
        }
        (area, moment)
    }
}

/// Twice the area of the triangle a, b, c.
fn cross(a: [f64; 2], b: [f64; 2], c: [f64; 2]) -> f64 {
    (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

/// The network with a third input that nobody reads.
fn with_idle_input(network: &Network) -> Network {
    let first = &network.layers[0];
    let idle = |row: usize, column: usize| if column < 2 { first.omega[(row, column)] } else { 0.0 };
    let first = Layer::from_fn(first.n_outputs(), 3, |row| first.beta[row], idle);
    let layers = core::iter::once(first).chain(network.layers[1..].iter().cloned()).collect();
    Network { layers, activation: network.activation }
}

fn prism(bounds: &Bounds<2>) -> Bounds<3> {
    Bounds { lo: [bounds.lo[0], bounds.lo[1], 0.0], hi: [bounds.hi[0], bounds.hi[1], 1.0] }
}
