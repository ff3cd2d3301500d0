use std::collections::BTreeSet;

use super::cells::Cells;
use super::functions::Functions;
use super::hinges::{Hinges, Origin};
use super::outputs::Outputs;
use super::vertices::{Signs, Vertices};
use super::{Affine, Bounds, NONE, Pattern, RegionError, Slice, exact, words_of};
use crate::network::Network;

/// A box cut into convex cells that meet face to face, everything stored once and shared by all that border on it. One unit after the other
/// cuts the cells that its hinge crosses.
pub(super) trait Complex<const N: usize>: Default {
    /// Starts over with the whole box as the one cell.
    fn reset(&mut self, hinges: &Hinges<N>);

    /// About how many cells the first layer makes of the box, or 0 where nobody knows. Lists that get their room at once hold no more than they need.
    fn expected_cells(_: &Hinges<N>) -> usize {
        0
    }

    /// Makes room for this many cells and what belongs to them, in layers of this many units.
    fn make_room(&mut self, _n_cells: usize, _n_units: usize) {}

    /// Becomes the same as another complex, in the room there is.
    fn copy_from(&mut self, other: &Self);

    fn cells(&self) -> &Cells;

    fn cells_mut(&mut self) -> &mut Cells;

    fn vertices(&self) -> &Vertices<N>;

    fn vertices_mut(&mut self) -> &mut Vertices<N>;

    /// Calls `found` with every vertex of a cell, some of them more than once.
    fn for_each_vertex(&self, cell: u32, found: impl FnMut(u32));

    /// The signs of the vertices are those of a new layer now, and the units that cross each cell are known.
    fn begin_layer(&mut self) {}

    /// All units of one word have cut, and what belongs to them alone is forgotten.
    fn end_word(&mut self) {
        self.vertices_mut().end_word();
        self.cells_mut().end_word();
    }

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

/// The regions of a network: the cells of a complex, and what the network is on each of them.
#[derive(Clone, Debug)]
pub(super) struct Subdivision<C, const N: usize> {
    pub(super) bounds: Bounds<N>,
    pub(super) hinges: Hinges<N>,
    pub(super) complex: C,
    functions: Functions,
    outputs: Outputs<N>,
    /// The cell of each region.
    cells: Vec<u32>,
    /// The region of each cell, or [`NONE`].
    ranks: Vec<u32>,
    is_complete: bool,
    /// The box cut by all units of the first layer but one, when one has been moved.
    base: Option<Box<Base<C, N>>>,
}

/// A box cut by all units of the first layer of a network but one.
#[derive(Clone, Debug)]
struct Base<C, const N: usize> {
    unit: usize,
    hinges: Hinges<N>,
    complex: C,
    outputs: Outputs<N>,
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
            functions: Functions::default(),
            outputs: Outputs::default(),
            cells: vec![],
            ranks: vec![],
            is_complete: true,
            base: None,
        };
        if subdivision.hinges.n_hidden_layers() == 1 {
            subdivision.make_room(limit);
        }
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

    /// Makes room for the regions of a shallow network.
    fn make_room(&mut self, limit: usize) {
        let n_cells = C::expected_cells(&self.hinges).min(limit);
        self.complex.make_room(n_cells, self.hinges.layers[0].n_units());
        self.outputs.make_room(&self.hinges, n_cells);
        self.cells.reserve_exact(n_cells);
        self.ranks.reserve_exact(n_cells);
    }

    fn cut(&mut self, limit: usize) {
        self.complex.reset(&self.hinges);
        self.functions.reset(&self.hinges);
        self.is_complete = true;
        if self.hinges.n_hidden_layers() == 0 {
            self.outputs.reset(&self.hinges, 1);
            self.outputs.begin_without_hidden_layer(self.functions.on(&self.hinges, 0, 0));
        } else {
            self.begin_layer(0);
            self.cut_by_layer(0, limit);
        }
        self.cut_by_later_layers(limit);
    }

    /// Goes on when the first layer has cut.
    fn cut_by_later_layers(&mut self, limit: usize) {
        let n_layers = self.hinges.n_hidden_layers();
        for k in 0..n_layers {
            if k > 0 {
                self.begin_layer(k);
                self.cut_by_layer(k, limit);
            }
            if k + 1 == n_layers {
                break;
            }
            let mut next = Some(self.complex.cells().first);
            while let Some(cell) = next {
                let cells = self.complex.cells_mut();
                let context = self.hinges.push_context(cells.context(cell), cells.gates(cell));
                cells.set_context(cell, context);
                next = cells.next(cell);
            }
        }
        self.read();
        #[cfg(debug_assertions)]
        self.complex.check(&self.hinges);
    }

    /// Computes anew for a network in which unit `unit` of the first layer has been moved. When all others are as they were at the last call for
    /// this unit, only cells that its hinge crosses, before or now, are cut anew.
    pub(super) fn move_unit(&mut self, net: &Network, unit: usize, limit: usize) -> Result<(), RegionError> {
        let slice = self.hinges.slice.clone();
        super::check(net, slice.as_ref(), &self.bounds)?;
        if net.layers.len() < 2 || unit >= net.layers[0].n_outputs() {
            return self.recompute(net, slice.as_ref(), &self.bounds.clone(), limit);
        }
        let mut others = net.clone();
        others.layers[0].omega.row_mut(unit).fill(0.0);
        others.layers[0].beta[unit] = 0.0;
        let is_base = |base: &Base<C, N>| {
            let hinges = &base.hinges;
            base.unit == unit && hinges.net == others && hinges.bounds == self.bounds && hinges.slice == slice
        };
        if !self.base.as_deref().is_some_and(is_base) {
            // A unit that is identically 0 does not cut.
            self.hinges.reset(&others, slice.as_ref(), &self.bounds);
            self.complex.reset(&self.hinges);
            self.functions.reset(&self.hinges);
            self.is_complete = true;
            self.begin_layer(0);
            self.cut_by_layer(0, limit);
            if !self.is_complete {
                self.base = None;
                return self.recompute(net, slice.as_ref(), &self.bounds.clone(), limit);
            }
            let mut base = Box::new(Base {
                unit,
                hinges: Hinges::new(&others, slice.as_ref(), &self.bounds),
                complex: C::default(),
                outputs: Outputs::default(),
            });
            base.hinges.copy_from(&self.hinges);
            base.complex.copy_from(&self.complex);
            base.outputs.copy_from(&self.outputs, core::iter::empty());
            self.base = Some(base);
        }
        if self.base.as_ref().is_some_and(|base| base.complex.cells().n_kept > limit.max(1)) {
            return self.recompute(net, slice.as_ref(), &self.bounds.clone(), limit);
        }
        if let Some(base) = &self.base {
            self.hinges.copy_from(&base.hinges);
            self.complex.copy_from(&base.complex);
            let plane = self.hinges.set_unit(net, unit);
            let output = self.hinges.n_hidden_layers();
            let exponents = base.hinges.layers[output].exponents.iter().zip(&self.hinges.layers[output].exponents);
            self.outputs.copy_from(&base.outputs, exponents.map(|(then, now)| then - now));
            self.cut_by_moved_unit(unit, plane, limit);
        }
        Ok(())
    }

    fn cut_by_moved_unit(&mut self, unit: usize, plane: u32, limit: usize) {
        self.functions.reset(&self.hinges);
        self.is_complete = true;
        let Self { hinges, complex, outputs, .. } = self;
        let is_last = hinges.n_hidden_layers() == 1;
        complex.vertices_mut().find_signs_of(hinges, unit, plane);
        complex.cells_mut().begin_unit(unit);
        complex.begin_layer();
        let mut next = Some(complex.cells().first);
        while let Some(cell) = next {
            let (mut open, mut shut) = (false, false);
            complex.for_each_vertex(cell, |vertex| {
                let sign = complex.vertices().sign(vertex, unit);
                open |= sign > 0;
                shut |= sign < 0;
            });
            let is_open = complex.cells_mut().set_signs_of(cell, unit, open, shut);
            if is_open && is_last {
                outputs.open(hinges, cell, unit, &hinges.planes[plane as usize]);
            }
            complex.cells_mut().wait(cell);
            next = complex.cells().next(cell);
        }
        self.cut_by_unit(0, unit, limit);
        self.hinges.name_coinciding_after(unit);
        self.complex.end_word();
        self.complex.cells_mut().put_in_order(unit);
        self.cut_by_later_layers(limit);
    }

    /// Finds the signs of the units of layer `k` at all vertices, and the cells that each of them crosses.
    fn begin_layer(&mut self, k: usize) {
        let Self { hinges, complex, functions, outputs, .. } = self;
        let n_units = hinges.layers[k].n_units();
        let is_last = k + 1 == hinges.n_hidden_layers();
        hinges.begin_layer();
        complex.vertices_mut().begin_layer(0..words_of(n_units));
        complex.cells_mut().begin_layer(n_units);
        if is_last {
            outputs.reset(hinges, complex.cells().n_made());
        }
        let mut vertices = vec![];
        let mut next = Some(complex.cells().first);
        while let Some(cell) = next {
            let context = complex.cells().context(cell);
            let functions = functions.on(hinges, context, k);
            vertices.clear();
            complex.for_each_vertex(cell, |vertex| vertices.push(vertex));
            for &vertex in &vertices {
                complex.vertices_mut().find_signs(hinges, vertex, (context, k), functions);
            }
            for word in 0..words_of(n_units) {
                let mut either = Signs::default();
                for &vertex in &vertices {
                    let Signs { open, shut } = complex.vertices().signs(vertex, word);
                    either.open |= open;
                    either.shut |= shut;
                }
                complex.cells_mut().set_signs(cell, word, either.open, either.shut);
            }
            hinges.push_planes(context, complex.cells().crossing(cell), functions);
            if is_last {
                outputs.begin(hinges, cell, functions, complex.cells().gates(cell));
            }
            complex.cells_mut().wait(cell);
            next = complex.cells().next(cell);
        }
        complex.begin_layer();
    }

    /// Cuts every cell by all units of layer `k`.
    fn cut_by_layer(&mut self, k: usize, limit: usize) {
        let n_units = self.hinges.layers[k].n_units();
        for d in 0..n_units {
            self.cut_by_unit(k, d, limit);
            if d % 64 == 63 || d + 1 == n_units {
                self.complex.end_word();
            }
        }
    }

    /// Cuts every cell that unit `d` of layer `k` crosses, but never into more than `limit` cells: where there would be more, those that come
    /// last are thrown away.
    fn cut_by_unit(&mut self, k: usize, d: usize, limit: usize) {
        let Self { hinges, complex, outputs, .. } = self;
        let is_last = k + 1 == hinges.n_hidden_layers();
        complex.begin_round();
        let mut cell = complex.cells_mut().take_waiting(d);
        while cell != NONE {
            let next = complex.cells().next_waiting(cell);
            if complex.cells().is_crossed(cell, d) {
                complex.split(hinges, cell, d);
                if is_last {
                    outputs.split(cell);
                }
                let context = complex.cells().context(cell);
                for (cell, d) in complex.cells_mut().take_opened().filter(|_| is_last) {
                    let plane = &hinges.planes[hinges.plane(context, d as usize) as usize];
                    outputs.open(hinges, cell, d as usize, plane);
                }
                if complex.cells().n_kept > limit.max(1) {
                    complex.cells_mut().keep_first(limit.div_ceil(2).max(1));
                    self.is_complete = false;
                }
            }
            cell = next;
        }
    }

    /// Writes down the order of the regions, that of their patterns.
    fn read(&mut self) {
        let cells = self.complex.cells();
        self.cells.clear();
        self.cells.extend(cells.iter());
        self.ranks.clear();
        self.ranks.resize(cells.n_made(), NONE);
        for (rank, &cell) in self.cells.iter().enumerate() {
            self.ranks[cell as usize] = rank as u32;
        }
    }

    /// The words of the pattern of a region, each layer in words of its own.
    fn words(&self, region: usize) -> Vec<u64> {
        if self.hinges.n_hidden_layers() == 0 {
            return vec![];
        }
        let (cells, cell) = (self.complex.cells(), self.cells[region]);
        [self.hinges.pattern(cells.context(cell)), cells.gates(cell)].concat()
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
        let words = self.words(region);
        let mut rest = words.as_slice();
        let gates = hidden.iter().flat_map(|layer| {
            let (of_layer, others) = rest.split_at(words_of(layer.n_units()));
            rest = others;
            (0..layer.n_units()).map(move |d| of_layer[d / 64] >> (d % 64) & 1 == 1)
        });
        gates.collect()
    }

    pub(super) fn affine(&self, region: usize, output: usize) -> Affine<N> {
        let layer = &self.hinges.layers[self.hinges.n_hidden_layers()];
        let n_outputs = layer.n_units();
        assert!(output < n_outputs, "the network has {n_outputs} outputs");
        let sum = &self.outputs.on(self.cells[region])[output];
        self.hinges.frame.affine_of_x(sum, layer.exponents[output])
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
        let sample = |&cell: &u32| self.outputs.on(cell)[0].value(core::array::from_fn(|axis| SAMPLE[axis]));
        let samples: Vec<f64> = self.cells.iter().map(sample).collect();
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.sort_by(|&a, &b| samples[a].total_cmp(&samples[b]));
        // Functions whose values at the sample point differ by more than rounding are different. Runs of others are compared exactly.
        let clearly_different = |a: &usize, b: &usize| (samples[*a] - samples[*b]).abs() > 4.0 * error;
        order
            .chunk_by(|a, b| !clearly_different(a, b))
            .map(|run| if run.len() == 1 { 1 } else { self.n_different_maps(run) })
            .sum()
    }

    fn n_different_maps(&self, regions: &[usize]) -> usize {
        let output = self.hinges.n_hidden_layers();
        let n_outputs = self.hinges.layers[output].n_units();
        let map = |&region: &usize| -> Vec<_> {
            let pattern = self.words(region);
            let row = |o| {
                let (slope, intercept) = self.hinges.exact_row(&pattern, output, o);
                exact::common(slope.into_iter().chain([intercept]))
            };
            (0..n_outputs).map(row).collect()
        };
        regions.iter().map(map).collect::<BTreeSet<_>>().len()
    }
}

/// A point of the box in its own coordinates at which functions that differ rarely agree.
const SAMPLE: [f64; 3] = [0.312_5, -0.568_359_375, 0.171_875];
