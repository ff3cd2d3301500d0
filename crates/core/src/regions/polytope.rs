//! Regions in space: convex polyhedra that meet face to face.

mod complex;
mod exact;
mod frame;
mod hinges;
mod outputs;
mod scaled;

use std::collections::BTreeSet;

use self::complex::{Complex, FaceView};
use self::hinges::{Hinges, Origin, cross, dot3};
use self::outputs::Outputs;
use super::{Affine, Bounds, Pattern, RegionError};
use crate::network::Network;

/// No cell, no edge, no unit.
const NONE: u32 = u32::MAX;

/// Half a unit in the last place of 1: what one rounding may change, relatively.
const U: f64 = f64::EPSILON / 2.0;

/// How many words hold one bit for each of some units.
fn words_of(n_units: usize) -> usize {
    n_units.div_ceil(64)
}

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
pub struct SpaceRegions {
    bounds: Bounds<3>,
    hinges: Hinges,
    complex: Complex,
    /// The cell of each region, and the pattern of all layers on it.
    cells: Vec<u32>,
    contexts: Vec<u32>,
    /// The region of each cell, or [`NONE`].
    ranks: Vec<u32>,
    /// The outputs on each region, one after the other.
    affine: Vec<Affine<3>>,
    /// The first output of each region at one point, off by no more than the error of the last layer says.
    samples: Vec<f64>,
    is_complete: bool,
}

impl SpaceRegions {
    /// The regions of a network in a box, at most `limit` of them (see [`SpaceRegions::is_complete`]).
    ///
    /// # Errors
    /// When the network does not read three numbers, is not piecewise linear or holds weights that are not finite, or when the box is
    /// empty or not finite.
    pub fn compute(net: &Network, bounds: &Bounds<3>, limit: usize) -> Result<Self, RegionError> {
        super::check(net, bounds)?;
        let mut regions = Self {
            bounds: *bounds,
            hinges: Hinges::new(net, bounds),
            complex: Complex::default(),
            cells: vec![],
            contexts: vec![],
            ranks: vec![],
            affine: vec![],
            samples: vec![],
            is_complete: true,
        };
        regions.cut(limit);
        Ok(regions)
    }

    /// Computes anew, for another network or another box, in the room there is.
    ///
    /// # Errors
    /// As [`SpaceRegions::compute`]; then everything stays as it was.
    pub fn recompute(&mut self, net: &Network, bounds: &Bounds<3>, limit: usize) -> Result<(), RegionError> {
        super::check(net, bounds)?;
        self.bounds = *bounds;
        self.hinges.reset(net, bounds);
        self.cut(limit);
        Ok(())
    }

    fn cut(&mut self, limit: usize) {
        self.complex.reset(&self.hinges);
        self.is_complete = true;
        self.cells.clear();
        self.contexts.clear();
        self.affine.clear();
        self.samples.clear();
        let n_layers = self.hinges.n_hidden_layers();
        for k in 0..n_layers {
            self.is_complete &= self.complex.cut_by_layer(&mut self.hinges, k, limit.max(1));
            self.cells.clear();
            self.cells.extend(self.complex.cells());
            self.contexts.clear();
            for &cell in &self.cells {
                let context = self.hinges.push_context(self.complex.context(cell), k, self.complex.gates(cell));
                self.contexts.push(context);
            }
            if k + 1 == n_layers {
                self.compose_outputs();
            }
            for (&cell, &context) in self.cells.iter().zip(&self.contexts) {
                self.complex.set_context(cell, context);
            }
        }
        if n_layers == 0 {
            self.cells.push(0);
            self.contexts.push(0);
            self.compose_outputs();
        }
        self.ranks.clear();
        self.ranks.resize(self.complex.n_made(), NONE);
        for (rank, &cell) in self.cells.iter().enumerate() {
            self.ranks[cell as usize] = rank as u32;
        }
        #[cfg(debug_assertions)]
        self.complex.check(&self.hinges);
    }

    /// Writes down what the network computes on each region.
    fn compose_outputs(&mut self) {
        let output = self.hinges.n_hidden_layers();
        let mut outputs = Outputs::new(&self.hinges);
        for (&cell, &context) in self.cells.iter().zip(&self.contexts) {
            outputs.follow(&self.hinges, context, self.complex.context(cell));
            for (o, sum) in outputs.sums().enumerate() {
                let exponent = self.hinges.layers[output].exponents[o];
                self.affine.push(self.hinges.frame.affine_of_x(sum, exponent));
                if o == 0 {
                    self.samples.push(dot3([sum[0], sum[1], sum[2]], SAMPLE) + sum[3]);
                }
            }
        }
    }

    /// How many regions there are.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Never: a box has an interior, and a limit of 0 counts as 1.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Whether these are all the regions in the box. Otherwise there were more than the limit, and they are at least a good half as many as
    /// the limit, those whose patterns come first; each of them is whole.
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// One region, from 0 on in the order of their patterns.
    ///
    /// # Panics
    /// When there is no such region.
    pub fn region(&self, index: usize) -> SpaceRegion<'_> {
        assert!(index < self.len(), "there are {} regions, and none has number {index}", self.len());
        SpaceRegion { regions: self, index }
    }

    /// The regions in the order of their patterns.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = SpaceRegion<'_>> + Clone {
        (0..self.len()).map(|index| SpaceRegion { regions: self, index })
    }

    /// How many different affine functions the regions carry, all outputs taken together: regions on which the network is the same count once.
    /// Decided exactly.
    pub fn n_affine_pieces(&self) -> usize {
        let output = self.hinges.n_hidden_layers();
        let Some(&error) = self.hinges.layers[output].errors.first() else { return 1 };
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.sort_by(|&a, &b| self.samples[a].total_cmp(&self.samples[b]));
        // Functions whose values at the sample point differ by more than rounding are different. Runs of others are compared exactly.
        let clearly_different = |a: &usize, b: &usize| (self.samples[*a] - self.samples[*b]).abs() > 4.0 * error;
        order
            .chunk_by(|a, b| !clearly_different(a, b))
            .map(|run| if run.len() == 1 { 1 } else { self.n_different_maps(run) })
            .sum()
    }

    fn n_different_maps(&self, regions: &[usize]) -> usize {
        let output = self.hinges.n_hidden_layers();
        let n_outputs = self.hinges.layers[output].n_units();
        let map = |&region: &usize| -> Vec<_> {
            (0..n_outputs).map(|o| exact::common(self.hinges.exact_row(self.contexts[region], output, o))).collect()
        };
        regions.iter().map(map).collect::<BTreeSet<_>>().len()
    }

    /// How many vertices the regions share; each has a number below this one. When regions were left out, some vertices belong to none.
    pub fn n_vertices(&self) -> usize {
        self.complex.vertices.len()
    }

    /// A vertex. Those on a side of the box are exactly on it; the others are off by less than 1e-9 of its width.
    ///
    /// # Panics
    /// When there is no such vertex.
    pub fn vertex(&self, number: usize) -> [f64; 3] {
        let u = self.complex.vertices[number].u;
        self.hinges.frame.x_in_box(u, &self.bounds)
    }
}

/// A point of the box in its own coordinates at which functions that differ rarely agree.
const SAMPLE: [f64; 3] = [0.312_5, -0.568_359_375, 0.171_875];

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
        let hinges = &self.regions.hinges;
        let hidden = &hinges.layers[..hinges.n_hidden_layers()];
        let mut words = hinges.pattern(self.regions.contexts[self.index], hidden.len());
        let gates = hidden.iter().flat_map(|layer| {
            let (of_layer, rest) = words.split_at(words_of(layer.n_units()));
            words = rest;
            (0..layer.n_units()).map(move |d| of_layer[d / 64] >> (d % 64) & 1 == 1)
        });
        gates.collect()
    }

    /// What output `output` is on it, as a function of x.
    ///
    /// # Panics
    /// When the network has no such output.
    pub fn affine(&self, output: usize) -> Affine<3> {
        let n_outputs = self.regions.affine.len() / self.regions.len();
        assert!(output < n_outputs, "the network has {n_outputs} outputs");
        self.regions.affine[self.index * n_outputs + output]
    }

    /// The faces, as they are seen from outside.
    pub fn faces(&self) -> impl ExactSizeIterator<Item = SpaceFace<'a>> + Clone + use<'a> {
        let regions = self.regions;
        regions.complex.faces(regions.cells[self.index]).map(move |view| SpaceFace { regions, view })
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
        let (volume, _) = self.moments();
        libm::ldexp(volume, self.regions.hinges.frame.exponent.iter().sum())
    }

    /// The centre of mass; of a sliver too thin for floating point the mean of the vertices.
    pub fn centroid(&self) -> [f64; 3] {
        let (volume, moment) = self.moments();
        let numbers = self.vertex_numbers();
        let u = |number: &usize| self.regions.complex.vertices[*number].u;
        let n = numbers.len() as f64;
        let mean: [f64; 3] = core::array::from_fn(|axis| numbers.iter().map(|number| u(number)[axis]).sum::<f64>() / n);
        let u = if volume > 1e-12 { moment.map(|m| m / volume) } else { mean };
        self.regions.hinges.frame.x_in_box(u, &self.regions.bounds)
    }

    /// The volume and the integral of u over it, in the coordinates of the box: a sum over tetrahedra with a common apex.
    fn moments(&self) -> (f64, [f64; 3]) {
        let point = |number: usize| self.regions.complex.vertices[number].u;
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
                let part = dot3(a, cross(b, c));
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
        match self.regions.hinges.planes[self.view.plane as usize].origin {
            Origin::Wall { .. } => None,
            Origin::Hinge { unit, .. } => Some(unit as usize),
        }
    }

    /// The region behind it; nothing behind the sides of the box, and where regions beyond the limit were left out.
    pub fn neighbour(&self) -> Option<usize> {
        let rank = *self.regions.ranks.get(self.view.neighbour as usize)?;
        (rank != NONE).then_some(rank as usize)
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
