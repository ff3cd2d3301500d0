use super::super::cells::Cells;
use super::super::hinges::Hinges;
use super::super::subdivision::Complex;
use super::super::vertices::{Knife, Signs, Vertices};
use super::super::{NONE, Span, store};

/// A box in the plane cut into convex polygons that meet side to side: vertices, edges and cells.
#[derive(Clone, Debug, Default)]
pub(super) struct PlaneComplex {
    vertices: Vertices<2>,
    cells: Cells,
    edges: Vec<Edge>,
    /// The vertices of each cell, counter-clockwise, each with the edge to the next one.
    spans: Vec<Span>,
    rings: Vec<Corner>,
    round: Round,
}

#[derive(Clone, Copy, Debug)]
struct Edge {
    ends: [u32; 2],
    /// The line that it lies on.
    plane: u32,
    /// The cells on its two sides.
    cells: [u32; 2],
    /// Where the round notes its cut.
    note: u32,
}

#[derive(Clone, Copy, Debug)]
struct Corner {
    vertex: u32,
    edge: u32,
}

/// What one unit has cut so far, and lists that are used again.
#[derive(Clone, Debug, Default)]
struct Round {
    cuts: Vec<EdgeCut>,
    shut_ring: Vec<Corner>,
}

/// An edge that is cut: it keeps its shut end.
#[derive(Clone, Copy, Debug)]
struct EdgeCut {
    edge: u32,
    middle: u32,
    /// The edge from the middle to the open end.
    open: u32,
}

/// A side of a cell, from a vertex to the next one.
#[derive(Clone, Copy, Debug)]
pub(super) struct SideView {
    pub(super) vertex: u32,
    pub(super) plane: u32,
    /// The cell behind it, or [`NONE`].
    pub(super) neighbour: u32,
}

impl Complex<2> for PlaneComplex {
    fn reset(&mut self, hinges: &Hinges<2>) {
        self.vertices.reset(hinges);
        self.cells.reset();
        self.edges.clear();
        self.spans.clear();
        self.rings.clear();
        // Lower left, lower right, upper right, upper left, and the walls x₂ = lo, x₁ = hi, x₂ = hi, x₁ = lo between them.
        let corners = [0, 1, 3, 2];
        for (i, plane) in [2, 1, 3, 0].into_iter().enumerate() {
            let ends = [corners[i], corners[(i + 1) % 4]];
            self.rings.push(Corner { vertex: ends[0], edge: i as u32 });
            self.edges.push(Edge { ends, plane, cells: [0, NONE], note: NONE });
        }
        self.spans.push(Span { start: 0, len: 4, room: 4 });
    }

    fn expected_cells(hinges: &Hinges<2>) -> usize {
        // Each line adds one cell, and each crossing of two another.
        let lines = lines_in_box(hinges);
        if lines.len() > MOST_LINES {
            return 0;
        }
        let (lo, hi) = (hinges.frame.lo, hinges.frame.hi);
        #[expect(clippy::needless_bitwise_bool, reason = "a loop over all pairs of lines has no branches then")]
        let crosses = |[a, x, y]: [f64; 3], [b, z, w]: [f64; 3]| {
            let scale = 1.0 / (x * w - y * z);
            let u = [(y * b - w * a) * scale, (z * a - x * b) * scale];
            (lo[0] <= u[0]) & (u[0] <= hi[0]) & (lo[1] <= u[1]) & (u[1] <= hi[1])
        };
        let crossings = |i: usize| lines[..i].iter().map(|line| usize::from(crosses(*line, lines[i]))).sum::<usize>();
        1 + lines.len() + (0..lines.len()).map(crossings).sum::<usize>()
    }

    fn make_room(&mut self, n_cells: usize, n_units: usize) {
        // In general position four edges meet in a vertex, and each line makes two more on the box.
        let n_vertices = n_cells + n_units + 3;
        self.vertices.make_room(n_vertices, n_units);
        self.cells.make_room(n_cells, n_units);
        self.edges.reserve_exact(n_vertices + n_cells);
        self.spans.reserve_exact(n_cells);
        self.rings.reserve_exact(5 * n_cells);
    }

    fn copy_from(&mut self, other: &Self) {
        self.vertices.copy_from(&other.vertices);
        self.cells.copy_from(&other.cells);
        self.edges.clone_from(&other.edges);
        self.spans.clone_from(&other.spans);
        self.rings.clone_from(&other.rings);
    }

    fn cells(&self) -> &Cells {
        &self.cells
    }

    fn cells_mut(&mut self) -> &mut Cells {
        &mut self.cells
    }

    fn vertices(&self) -> &Vertices<2> {
        &self.vertices
    }

    fn vertices_mut(&mut self) -> &mut Vertices<2> {
        &mut self.vertices
    }

    fn for_each_vertex(&self, cell: u32, mut found: impl FnMut(u32)) {
        self.rings[self.spans[cell as usize].range()].iter().for_each(|corner| found(corner.vertex));
    }

    fn begin_round(&mut self) {
        self.round.cuts.clear();
    }

    fn find_crossing(&mut self, cell: u32) {
        for word in self.cells.words.clone() {
            let mut either = Signs::default();
            for corner in &self.rings[self.spans[cell as usize].range()] {
                let Signs { open, shut } = self.vertices.signs(corner.vertex, word);
                either.open |= open;
                either.shut |= shut;
            }
            self.cells.set_signs(cell, word, either.open, either.shut);
        }
    }

    /// The cell keeps its shut part.
    fn split(&mut self, hinges: &mut Hinges<2>, cell: u32, d: usize) {
        let context = self.cells.context(cell);
        let knife = Knife { d, plane: hinges.plane(context, d), context };
        let new = self.cells.next_number();
        let span = self.spans[cell as usize];
        let between = self.edges.len() as u32;
        self.edges.push(Edge { ends: [NONE; 2], plane: knife.plane, cells: [cell, new], note: NONE });
        let mut ends = [NONE; 2];
        let mut shut = core::mem::take(&mut self.round.shut_ring);
        shut.clear();
        // The open part is written where it stays.
        let start = self.rings.len() as u32;
        let first = self.vertices.sign(self.rings[span.start as usize].vertex, d);
        let mut next_sign = first;
        for at in span.range() {
            let corner = self.rings[at];
            let sign = next_sign;
            let is_last = at + 1 == span.range().end;
            next_sign = if is_last { first } else { self.vertices.sign(self.rings[at + 1].vertex, d) };
            // Each part gets its vertices, and after the one where it ends, the edge between the parts.
            let last = Corner { edge: between, ..corner };
            match (sign, next_sign) {
                (-1, -1 | 0) => shut.push(corner),
                (1, 1 | 0) => {
                    self.rings.push(corner);
                    self.hand_over(corner.edge, cell, new);
                }
                (0, 1) => {
                    ends[0] = corner.vertex;
                    shut.push(last);
                    self.rings.push(corner);
                    self.hand_over(corner.edge, cell, new);
                }
                (0, -1) => {
                    ends[1] = corner.vertex;
                    self.rings.push(last);
                    shut.push(corner);
                }
                (-1, _) => {
                    let EdgeCut { middle, open: rest, .. } = self.cut_edge(hinges, corner.edge, knife);
                    ends[0] = middle;
                    shut.push(corner);
                    shut.push(Corner { vertex: middle, edge: between });
                    self.rings.push(Corner { vertex: middle, edge: rest });
                    self.hand_over(rest, cell, new);
                }
                (1, _) => {
                    let EdgeCut { middle, open: rest, .. } = self.cut_edge(hinges, corner.edge, knife);
                    ends[1] = middle;
                    self.rings.push(Corner { edge: rest, ..corner });
                    self.rings.push(Corner { vertex: middle, edge: between });
                    shut.push(Corner { vertex: middle, edge: corner.edge });
                    self.hand_over(rest, cell, new);
                }
                _ => unreachable!("a hinge that runs along a side of a convex cell leaves the cell on one side"),
            }
        }
        self.edges[between as usize].ends = ends;
        let len = self.rings.len() as u32 - start;
        if shut.len() as u32 <= span.room {
            self.spans.push(Span { start, len, room: len });
            self.spans[cell as usize] = store(&mut self.rings, &shut, Some(span));
        } else {
            // Then the open part is the smaller one, and it takes the old place.
            self.rings.copy_within(start as usize.., span.start as usize);
            self.rings.truncate(start as usize);
            self.spans.push(Span { len, ..span });
            self.spans[cell as usize] = store(&mut self.rings, &shut, None);
        }
        self.round.shut_ring = shut;
        if self.cells.split(cell, d) {
            for part in [cell, new] {
                self.find_crossing(part);
                self.cells.wait(part);
            }
        }
    }

    /// Cells are polygons, and edges know their cells and their ends.
    #[cfg(debug_assertions)]
    fn check(&self, hinges: &Hinges<2>) {
        use super::super::hinges::Origin;
        for cell in self.cells.iter() {
            let ring = &self.rings[self.spans[cell as usize].range()];
            assert!(ring.len() >= 3, "a cell is a polygon");
            for (i, corner) in ring.iter().enumerate() {
                let edge = &self.edges[corner.edge as usize];
                let ends = [corner.vertex, ring[(i + 1) % ring.len()].vertex];
                assert!(edge.ends == ends || edge.ends == [ends[1], ends[0]], "an edge joins its ends");
                assert!(edge.cells.contains(&cell), "an edge knows its cells");
                let on_box = matches!(hinges.planes[edge.plane as usize].origin, Origin::Wall { .. });
                assert_eq!(on_box, edge.cells.contains(&NONE), "only the box has no cell behind it");
            }
        }
    }
}

/// Looking at every pair of more lines than these would take longer than lists that grow.
const MOST_LINES: usize = 1000;

/// The lines of the first layer that cross the box, each as intercept and slopes, to within rounding.
fn lines_in_box(hinges: &Hinges<2>) -> Vec<[f64; 3]> {
    let (layer, lo, hi) = (&hinges.layers[0], hinges.frame.lo, hinges.frame.hi);
    let n_units = layer.n_units();
    let lines = (0..n_units).map(|d| [layer.biases[d], layer.columns[d], layer.columns[n_units + d]]);
    let is_inside = |[bias, w1, w2]: &[f64; 3]| {
        let reach = |least: bool| {
            let end = |w: f64, axis: usize| if (w > 0.0) == least { w * lo[axis] } else { w * hi[axis] };
            bias + end(*w1, 0) + end(*w2, 1)
        };
        reach(true) < 0.0 && reach(false) > 0.0
    };
    lines.filter(is_inside).collect()
}

impl PlaneComplex {
    /// The sides of a cell, counter-clockwise from its leftmost vertex on, the lower one of two: wherever the cuts came from, it starts there.
    pub(super) fn sides(&self, cell: u32) -> impl ExactSizeIterator<Item = SideView> + Clone {
        let ring = &self.rings[self.spans[cell as usize].range()];
        let u = |at: &usize| self.vertices.list[ring[*at].vertex as usize].u;
        let first = (0..ring.len()).min_by(|a, b| u(a).partial_cmp(&u(b)).expect("vertices are finite")).unwrap_or(0);
        (first..first + ring.len()).map(move |at| {
            let corner = ring[at % ring.len()];
            let edge = &self.edges[corner.edge as usize];
            let neighbour = edge.cells[usize::from(edge.cells[0] == cell)];
            SideView { vertex: corner.vertex, plane: edge.plane, neighbour }
        })
    }

    /// Makes an edge of one cell one of another.
    fn hand_over(&mut self, edge: u32, from: u32, to: u32) {
        let cells = &mut self.edges[edge as usize].cells;
        cells[usize::from(cells[0] != from)] = to;
    }

    /// Cuts an edge whose ends are on different sides of the hinge, once a round.
    fn cut_edge(&mut self, hinges: &mut Hinges<2>, edge: u32, knife: Knife) -> EdgeCut {
        let Edge { ends, plane, cells, note } = self.edges[edge as usize];
        if let Some(&cut) = self.round.cuts.get(note as usize).filter(|cut| cut.edge == edge) {
            return cut;
        }
        let middle = self.vertices.insert(hinges, ends, [plane, knife.plane], knife);
        let [shut_end, open_end] = if self.vertices.sign(ends[0], knife.d) < 0 { ends } else { [ends[1], ends[0]] };
        let cut = EdgeCut { edge, middle, open: self.edges.len() as u32 };
        self.edges.push(Edge { ends: [middle, open_end], plane, cells, note: NONE });
        let note = self.round.cuts.len() as u32;
        self.edges[edge as usize] = Edge { ends: [shut_end, middle], plane, cells, note };
        self.round.cuts.push(cut);
        cut
    }
}
