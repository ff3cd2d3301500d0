use std::collections::BTreeSet;

use super::cells::Cells;
use super::hinges::{Hinges, Origin};
use super::outputs::Outputs;
use super::vertices::Vertices;
use super::{Affine, Bounds, NONE, Pattern, RegionError, Slice, exact, words_of};
use crate::network::Network;

/// A box cut into convex cells that meet face to face, everything stored once and shared by all that border on it. One unit after the other
/// cuts the cells that its hinge crosses.
pub(super) trait Complex<const N: usize>: Default {
    /// Starts over with the whole box as the one cell.
    fn reset(&mut self, hinges: &Hinges<N>);

    fn cells(&self) -> &Cells;

    fn cells_mut(&mut self) -> &mut Cells;

    fn vertices(&self) -> &Vertices<N>;

    fn vertices_mut(&mut self) -> &mut Vertices<N>;

    /// Calls `found` with every vertex of a cell, some of them more than once.
    fn for_each_vertex(&self, cell: u32, found: impl FnMut(u32));

    /// The signs of the vertices are those of a new layer.
    fn begin_layer(&mut self) {}

    /// Another unit begins to cut.
    fn begin_round(&mut self);

    /// Finds the units that cross a cell, and the others' gates: a unit that is open at one of its vertices and shut at another crosses it.
    fn find_crossing(&mut self, cell: u32);

    /// Cuts a cell along the hinge of unit `d`, which crosses it.
    fn split(&mut self, hinges: &mut Hinges<N>, cell: u32, d: usize);

    /// What must hold of a complex.
    #[cfg(debug_assertions)]
    fn check(&self, hinges: &Hinges<N>);
}

/// Cuts every cell by all units of layer `k`, but never into more than `limit` cells: where there would be more, those that come last are
/// thrown away. Says whether all were kept.
fn cut_by_layer<C: Complex<N>, const N: usize>(
    complex: &mut C,
    hinges: &mut Hinges<N>,
    k: usize,
    limit: usize,
) -> bool {
    let n_units = hinges.layers[k].n_units();
    let mut contexts = vec![NONE; complex.vertices().list.len()];
    for cell in complex.cells().iter() {
        let context = complex.cells().context(cell);
        complex.for_each_vertex(cell, |vertex| contexts[vertex as usize] = context);
    }
    complex.vertices_mut().begin_layer(hinges, k, words_of(n_units), &contexts);
    complex.cells_mut().begin_layer(n_units);
    complex.begin_layer();
    hinges.begin_layer(complex.cells().context(0));
    let mut next = Some(0);
    while let Some(cell) = next {
        complex.find_crossing(cell);
        hinges.push_planes(complex.cells().context(cell), k, complex.cells().crossing(cell));
        complex.cells_mut().wait(cell);
        next = complex.cells().next(cell);
    }
    let mut complete = true;
    for d in 0..n_units {
        complex.begin_round();
        let mut cell = complex.cells_mut().take_waiting(d);
        while cell != NONE {
            let next = complex.cells().next_waiting(cell);
            if complex.cells().is_crossed(cell, d) {
                complex.split(hinges, cell, d);
                if complex.cells().n_kept > limit {
                    complex.cells_mut().keep_first(limit.div_ceil(2).max(1));
                    complete = false;
                }
            }
            cell = next;
        }
    }
    complete
}

/// The regions of a network: the cells of a complex, and what the network is on each of them.
#[derive(Clone, Debug)]
pub(super) struct Subdivision<C, const N: usize> {
    pub(super) bounds: Bounds<N>,
    pub(super) hinges: Hinges<N>,
    pub(super) complex: C,
    /// The cell of each region, and the pattern of all layers on it.
    cells: Vec<u32>,
    contexts: Vec<u32>,
    /// The region of each cell, or [`NONE`].
    ranks: Vec<u32>,
    /// The outputs on each region, one after the other.
    affine: Vec<Affine<N>>,
    /// The first output of each region at one point, off by no more than the error of the last layer says.
    samples: Vec<f64>,
    is_complete: bool,
}

impl<C: Complex<N>, const N: usize> Subdivision<C, N> {
    pub(super) fn compute(
        net: &Network,
        slice: Option<&Slice<N>>,
        bounds: &Bounds<N>,
        limit: usize,
    ) -> Result<Self, RegionError> {
        super::check(net, slice, bounds)?;
        let mut subdivision = Self {
            bounds: *bounds,
            hinges: Hinges::new(net, slice, bounds),
            complex: C::default(),
            cells: vec![],
            contexts: vec![],
            ranks: vec![],
            affine: vec![],
            samples: vec![],
            is_complete: true,
        };
        subdivision.cut(limit);
        Ok(subdivision)
    }

    pub(super) fn recompute(
        &mut self,
        net: &Network,
        slice: Option<&Slice<N>>,
        bounds: &Bounds<N>,
        limit: usize,
    ) -> Result<(), RegionError> {
        super::check(net, slice, bounds)?;
        self.bounds = *bounds;
        self.hinges.reset(net, slice, bounds);
        self.cut(limit);
        Ok(())
    }

    fn cut(&mut self, limit: usize) {
        self.complex.reset(&self.hinges);
        self.is_complete = true;
        self.cells.clear();
        self.cells.push(0);
        self.contexts.clear();
        self.contexts.push(0);
        let n_layers = self.hinges.n_hidden_layers();
        for k in 0..n_layers {
            if k > 0 {
                for (&cell, &context) in self.cells.iter().zip(&self.contexts) {
                    self.complex.cells_mut().set_context(cell, context);
                }
            }
            self.is_complete &= cut_by_layer(&mut self.complex, &mut self.hinges, k, limit.max(1));
            let cells = self.complex.cells();
            self.cells.clear();
            self.cells.extend(cells.iter());
            self.contexts.clear();
            for &cell in &self.cells {
                self.contexts.push(self.hinges.push_context(cells.context(cell), k, cells.gates(cell)));
            }
        }
        self.compose_outputs();
        self.ranks.clear();
        self.ranks.resize(self.complex.cells().n_made(), NONE);
        for (rank, &cell) in self.cells.iter().enumerate() {
            self.ranks[cell as usize] = rank as u32;
        }
        #[cfg(debug_assertions)]
        self.complex.check(&self.hinges);
    }

    /// Writes down what the network computes on each region.
    fn compose_outputs(&mut self) {
        self.affine.clear();
        self.samples.clear();
        let output = self.hinges.n_hidden_layers();
        let mut outputs = Outputs::new(&self.hinges);
        for (&cell, &context) in self.cells.iter().zip(&self.contexts) {
            outputs.follow(&self.hinges, context, self.complex.cells().context(cell));
            for (o, sum) in outputs.sums().enumerate() {
                let exponent = self.hinges.layers[output].exponents[o];
                self.affine.push(self.hinges.frame.affine_of_x(&sum, exponent));
                if o == 0 {
                    self.samples.push(sum.value(core::array::from_fn(|axis| SAMPLE[axis])));
                }
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.cells.len()
    }

    pub(super) fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// Asserts that there is such a region.
    pub(super) fn expect(&self, region: usize) {
        assert!(region < self.len(), "there are {} regions, and none has number {region}", self.len());
    }

    /// The cell of a region.
    pub(super) fn cell(&self, region: usize) -> u32 {
        self.cells[region]
    }

    /// The region of a cell; nothing where the cell was thrown away, or is [`NONE`].
    pub(super) fn rank(&self, cell: u32) -> Option<usize> {
        self.ranks.get(cell as usize).filter(|&&rank| rank != NONE).map(|&rank| rank as usize)
    }

    /// The hidden unit whose hinge a plane is; nothing for the sides of the box.
    pub(super) fn hinge(&self, plane: u32) -> Option<usize> {
        match self.hinges.planes[plane as usize].origin {
            Origin::Wall { .. } => None,
            Origin::Hinge { unit, .. } => Some(unit as usize),
        }
    }

    pub(super) fn n_vertices(&self) -> usize {
        self.complex.vertices().list.len()
    }

    /// A vertex in the coordinates of the box.
    pub(super) fn u(&self, vertex: u32) -> [f64; N] {
        self.complex.vertices().list[vertex as usize].u
    }

    /// A vertex.
    pub(super) fn x(&self, vertex: u32) -> [f64; N] {
        self.hinges.frame.x_in_box(self.u(vertex), &self.bounds)
    }

    pub(super) fn pattern(&self, region: usize) -> Pattern {
        let hidden = &self.hinges.layers[..self.hinges.n_hidden_layers()];
        let mut words = self.hinges.pattern(self.contexts[region], hidden.len());
        let gates = hidden.iter().flat_map(|layer| {
            let (of_layer, rest) = words.split_at(words_of(layer.n_units()));
            words = rest;
            (0..layer.n_units()).map(move |d| of_layer[d / 64] >> (d % 64) & 1 == 1)
        });
        gates.collect()
    }

    pub(super) fn affine(&self, region: usize, output: usize) -> Affine<N> {
        let n_outputs = self.affine.len() / self.len();
        assert!(output < n_outputs, "the network has {n_outputs} outputs");
        self.affine[region * n_outputs + output]
    }

    /// The centre of mass of something of this measure and this moment, in the coordinates of the box; where it is too thin for floating point
    /// the mean of these vertices.
    pub(super) fn centroid(&self, measure: f64, moment: [f64; N], vertices: &[u32]) -> [f64; N] {
        let mean = |axis: usize| vertices.iter().map(|&v| self.u(v)[axis]).sum::<f64>() / vertices.len() as f64;
        let spread = |axis: usize| {
            let middle = mean(axis);
            vertices.iter().fold(0.0, |most: f64, &v| most.max((self.u(v)[axis] - middle).abs()))
        };
        let extent: f64 = (0..N).map(spread).product();
        let u = if measure > 1e-9 * extent && measure > 1e-300 {
            moment.map(|m| m / measure)
        } else {
            core::array::from_fn(mean)
        };
        self.hinges.frame.x_in_box(u, &self.bounds)
    }

    pub(super) fn n_affine_pieces(&self) -> usize {
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
            let row = |o| {
                let (slope, intercept) = self.hinges.exact_row(self.contexts[region], output, o);
                exact::common(slope.into_iter().chain([intercept]))
            };
            (0..n_outputs).map(row).collect()
        };
        regions.iter().map(map).collect::<BTreeSet<_>>().len()
    }
}

/// A point of the box in its own coordinates at which functions that differ rarely agree.
const SAMPLE: [f64; 3] = [0.312_5, -0.568_359_375, 0.171_875];
