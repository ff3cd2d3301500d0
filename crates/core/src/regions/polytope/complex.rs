use super::NONE;
use super::hinges::{Hinges, Vertex, units_of};

/// A box cut into convex cells that meet face to face: vertices, edges, faces and cells, each stored once and shared by all that
/// border on it.
///
/// One unit after the other cuts everything that its hinge crosses. Where the hinge goes is told by one sign for each vertex, open (1),
/// shut (−1) or on the hinge (0), so neighbours cannot disagree and no coordinate is ever compared. A new vertex lies inside an edge,
/// where every unit of the layer is affine: it inherits each sign on which the ends of the edge agree, and only units that change
/// sign along this very edge are evaluated.
#[derive(Clone, Debug, Default)]
pub(super) struct Complex {
    pub(super) vertices: Vec<Vertex>,
    /// The signs of the units of the layer at hand at each vertex, 64 units at a time.
    signs: Vec<Signs>,
    /// Which signs each unit has somewhere on each face.
    face_signs: Vec<FaceSigns>,
    /// How many words hold one bit for each unit of the layer.
    n_words: usize,
    edges: Vec<Edge>,
    faces: Vec<Face>,
    /// The vertices of faces in their order, each with the edge to the next one.
    rings: Vec<Corner>,
    cells: Vec<Cell>,
    /// The faces of cells.
    cell_faces: Vec<u32>,
    /// The units that cross each cell, of those that have not yet cut.
    crossing: Vec<u64>,
    /// The units that are open on each cell, of those that do not cross it.
    gates: Vec<u64>,
    /// For each unit the first cell that waits for it; each cell waits for the first unit that crosses it.
    waiting: Vec<u32>,
    n_cells: usize,
    round: Round,
}

/// The signs of 64 units at a point: on the hinge where neither bit is set.
#[derive(Clone, Copy, Debug, Default)]
struct Signs {
    open: u64,
    shut: u64,
}

/// Which of 64 units are open at some vertex, shut at some vertex, on the hinge at some vertex.
#[derive(Clone, Copy, Debug, Default)]
struct FaceSigns {
    open: u64,
    shut: u64,
    on: u64,
}

#[derive(Clone, Copy, Debug)]
struct Edge {
    ends: [u32; 2],
    /// Two planes that meet in its line.
    planes: [u32; 2],
    /// Where the round notes its cut.
    note: u32,
}

#[derive(Clone, Copy, Debug)]
struct Face {
    plane: u32,
    /// The cells on its two sides. The ring is counter-clockwise for one who looks at the first cell from outside.
    cells: [u32; 2],
    ring: Span,
    /// Where the round notes its cut.
    note: u32,
}

#[derive(Clone, Copy, Debug)]
struct Corner {
    vertex: u32,
    edge: u32,
}

#[derive(Clone, Copy, Debug)]
struct Cell {
    faces: Span,
    /// The pattern of the layers below.
    context: u32,
    /// The next cell in the order of patterns.
    next: u32,
    /// The next cell that waits for the same unit.
    next_waiting: u32,
}

/// Consecutive entries of a list, and how many would fit.
#[derive(Clone, Copy, Debug)]
struct Span {
    start: u32,
    len: u32,
    room: u32,
}

impl Span {
    fn range(self) -> core::ops::Range<usize> {
        self.start as usize..(self.start + self.len) as usize
    }
}

/// What one unit has cut so far, and lists that are used again.
#[derive(Clone, Debug, Default)]
struct Round {
    edges: Vec<EdgeCut>,
    faces: Vec<FaceCut>,
    shut_ring: Vec<Corner>,
    open_ring: Vec<Corner>,
    shut_faces: Vec<u32>,
    open_faces: Vec<u32>,
    cap: Vec<CapEdge>,
}

/// An edge that is cut: it keeps its shut end.
#[derive(Clone, Copy, Debug)]
struct EdgeCut {
    edge: u32,
    middle: u32,
    /// The edge from the middle to the open end.
    open: u32,
}

/// A face that is cut: it keeps its shut part.
#[derive(Clone, Copy, Debug)]
struct FaceCut {
    face: u32,
    /// The other part.
    open: u32,
    /// The edge between the parts. The ring of the shut part runs along it from its first end to its second.
    edge: u32,
}

/// What cuts in a round: the hinge of unit `d`, which is a plane of each context.
#[derive(Clone, Copy, Debug)]
struct Knife {
    d: usize,
    plane: u32,
    context: u32,
}

/// One edge of the face along which a cell is cut.
#[derive(Clone, Copy, Debug)]
struct CapEdge {
    from: u32,
    to: u32,
    edge: u32,
}

/// A face as one of its two cells sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct FaceView<'a> {
    pub(super) plane: u32,
    /// The cell behind it, or [`NONE`].
    pub(super) neighbour: u32,
    ring: &'a [Corner],
    reversed: bool,
}

impl<'a> FaceView<'a> {
    /// The vertices, counter-clockwise for one who looks from outside.
    pub(super) fn vertices(&self) -> impl ExactSizeIterator<Item = u32> + Clone + use<'a> {
        let (ring, reversed) = (self.ring, self.reversed);
        (0..ring.len()).map(move |i| ring[if reversed { ring.len() - 1 - i } else { i }].vertex)
    }
}

impl Complex {
    /// Starts over with the whole box as the one cell.
    pub(super) fn reset(&mut self, hinges: &Hinges) {
        self.vertices.clear();
        self.edges.clear();
        self.faces.clear();
        self.rings.clear();
        self.cells.clear();
        self.cell_faces.clear();
        for corner in 0..8 {
            self.vertices.push(hinges.corner([0, 1, 2].map(|axis| corner >> axis & 1 == 1)));
        }
        // The edge along an axis from a lower corner has number 4·axis + the place of the corner among the four such.
        let place = |axis: u32, corner: u32| (corner >> ((axis + 1) % 3) & 1) + 2 * (corner >> ((axis + 2) % 3) & 1);
        for axis in 0..3 {
            let (i, j) = ((axis + 1) % 3, (axis + 2) % 3);
            for side in 0..4 {
                let corner = (side & 1) << i | (side >> 1) << j;
                let planes = [2 * i + (side & 1), 2 * j + (side >> 1)];
                self.edges.push(Edge { ends: [corner, corner | 1 << axis], planes, note: NONE });
            }
        }
        for axis in 0..3 {
            let (i, j) = ((axis + 1) % 3, (axis + 2) % 3);
            for upper in 0..2 {
                let corner = upper << axis;
                let mut ring: [u32; 4] = [corner, corner | 1 << i, corner | 1 << i | 1 << j, corner | 1 << j];
                if upper == 0 {
                    ring.reverse();
                }
                let start = self.rings.len() as u32;
                for (t, &vertex) in ring.iter().enumerate() {
                    let next = ring[(t + 1) % 4];
                    let along = (vertex ^ next).trailing_zeros();
                    self.rings.push(Corner { vertex, edge: 4 * along + place(along, vertex) });
                }
                self.cell_faces.push(self.faces.len() as u32);
                let ring = Span { start, len: 4, room: 4 };
                self.faces.push(Face { plane: 2 * axis + upper, cells: [0, NONE], ring, note: NONE });
            }
        }
        let faces = Span { start: 0, len: 6, room: 6 };
        self.cells.push(Cell { faces, context: 0, next: NONE, next_waiting: NONE });
        self.n_cells = 1;
    }

    /// The cells in the order of their patterns.
    pub(super) fn cells(&self) -> impl Iterator<Item = u32> + '_ {
        core::iter::successors(Some(0), |&cell| Some(self.cells[cell as usize].next).filter(|&next| next != NONE))
    }

    /// How many cells have been made, thrown away ones among them.
    pub(super) fn n_made(&self) -> usize {
        self.cells.len()
    }

    /// The context of a cell.
    pub(super) fn context(&self, cell: u32) -> u32 {
        self.cells[cell as usize].context
    }

    /// Gives a cell another context: the pattern of the next layer.
    pub(super) fn set_context(&mut self, cell: u32, context: u32) {
        self.cells[cell as usize].context = context;
    }

    /// The faces of a cell.
    pub(super) fn faces(&self, cell: u32) -> impl ExactSizeIterator<Item = FaceView<'_>> + Clone {
        self.cell_faces[self.cells[cell as usize].faces.range()].iter().map(move |&face| {
            let face = &self.faces[face as usize];
            let reversed = face.cells[1] == cell;
            let neighbour = face.cells[usize::from(!reversed)];
            FaceView { plane: face.plane, neighbour, ring: &self.rings[face.ring.range()], reversed }
        })
    }

    /// Cuts every cell by all units of layer `k`, but never into more than `limit` cells: where there would be more, those that come last
    /// are thrown away. Says whether all were kept.
    pub(super) fn cut_by_layer(&mut self, hinges: &mut Hinges, k: usize, limit: usize) -> bool {
        self.begin_layer(hinges, k);
        let mut complete = true;
        for d in 0..self.waiting.len() {
            self.round.edges.clear();
            self.round.faces.clear();
            let mut cell = core::mem::replace(&mut self.waiting[d], NONE);
            while cell != NONE {
                let next = self.cells[cell as usize].next_waiting;
                // Cells that were thrown away wait for nothing any more.
                if self.crossing[cell as usize * self.n_words + d / 64] >> (d % 64) & 1 == 1 {
                    self.split(hinges, cell, d);
                    if self.n_cells > limit {
                        self.keep_first(limit.div_ceil(2).max(1));
                        complete = false;
                    }
                }
                cell = next;
            }
        }
        complete
    }

    /// Finds the signs of the units of layer `k` at all vertices, and the cells that each of them crosses.
    fn begin_layer(&mut self, hinges: &mut Hinges, k: usize) {
        let n_units = hinges.layers[k].n_units();
        let n_words = super::words_of(n_units);
        self.n_words = n_words;
        let mut contexts = vec![NONE; self.vertices.len()];
        for cell in self.cells() {
            for vertex in self.faces(cell).flat_map(|face| face.ring.iter().map(|corner| corner.vertex)) {
                contexts[vertex as usize] = self.context(cell);
            }
        }
        self.signs.clear();
        self.signs.resize(n_words * self.vertices.len(), Signs::default());
        for (vertex, &context) in contexts.iter().enumerate().filter(|(_, context)| **context != NONE) {
            let words = &mut self.signs[n_words * vertex..];
            hinges.signs(vertex as u32, &self.vertices[vertex], context, k, |d, sign| match sign {
                1 => words[d / 64].open |= 1 << (d % 64),
                -1 => words[d / 64].shut |= 1 << (d % 64),
                _ => {}
            });
        }
        self.face_signs.clear();
        self.face_signs.resize(n_words * self.faces.len(), FaceSigns::default());
        for face in 0..self.faces.len() as u32 {
            self.find_face_signs(face);
        }
        self.waiting.clear();
        self.waiting.resize(n_units, NONE);
        self.crossing.clear();
        self.crossing.resize(n_words * self.cells.len(), 0);
        self.gates.clear();
        self.gates.resize(n_words * self.cells.len(), 0);
        hinges.begin_layer(self.context(0));
        let mut cell = 0;
        while cell != NONE {
            self.find_crossing(cell);
            let crossing = &self.crossing[cell as usize * n_words..(cell as usize + 1) * n_words];
            hinges.push_planes(self.context(cell), k, crossing);
            self.wait(cell);
            cell = self.cells[cell as usize].next;
        }
    }

    /// The gates that are open on a cell, when no unit crosses it any more.
    pub(super) fn gates(&self, cell: u32) -> &[u64] {
        &self.gates[cell as usize * self.n_words..(cell as usize + 1) * self.n_words]
    }

    /// Finds which signs there are on a face.
    fn find_face_signs(&mut self, face: u32) {
        let ring = &self.rings[self.faces[face as usize].ring.range()];
        for word in 0..self.n_words {
            let mut either = FaceSigns::default();
            for corner in ring {
                let Signs { open, shut } = self.signs[corner.vertex as usize * self.n_words + word];
                either.open |= open;
                either.shut |= shut;
                either.on |= !(open | shut);
            }
            self.face_signs[face as usize * self.n_words + word] = either;
        }
    }

    /// Finds the units that cross a cell, and the others' gates: a unit that is open at one of its vertices and shut at another crosses
    /// it.
    fn find_crossing(&mut self, cell: u32) {
        for word in 0..self.n_words {
            let (mut open, mut shut) = (0, 0);
            for &face in &self.cell_faces[self.cells[cell as usize].faces.range()] {
                let signs = &self.face_signs[face as usize * self.n_words + word];
                open |= signs.open;
                shut |= signs.shut;
            }
            let at = cell as usize * self.n_words + word;
            self.crossing[at] = open & shut;
            self.gates[at] = open & !shut;
        }
    }

    /// Lets a cell wait for the first unit that crosses it.
    fn wait(&mut self, cell: u32) {
        let at = cell as usize * self.n_words;
        if let Some(d) = units_of(&self.crossing[at..at + self.n_words]).next() {
            self.cells[cell as usize].next_waiting = core::mem::replace(&mut self.waiting[d], cell);
        }
    }

    /// Throws all cells away but the first ones.
    fn keep_first(&mut self, n_kept: usize) {
        let last = self.cells().nth(n_kept - 1).expect("there are more cells than are kept");
        let mut cell = core::mem::replace(&mut self.cells[last as usize].next, NONE);
        while cell != NONE {
            self.crossing[cell as usize * self.n_words..(cell as usize + 1) * self.n_words].fill(0);
            cell = core::mem::replace(&mut self.cells[cell as usize].next, NONE);
        }
        self.n_cells = n_kept;
    }

    /// The sign of unit `d` at a vertex.
    fn sign(&self, vertex: u32, d: usize) -> i8 {
        let Signs { open, shut } = self.signs[vertex as usize * self.n_words + d / 64];
        (open >> (d % 64) & 1) as i8 - (shut >> (d % 64) & 1) as i8
    }

    /// Cuts a cell along the hinge of unit `d`, which crosses it. The cell keeps its shut part.
    fn split(&mut self, hinges: &mut Hinges, cell: u32, d: usize) {
        let Cell { faces, context, next, .. } = self.cells[cell as usize];
        let knife = Knife { d, plane: hinges.plane(context, self.n_words, d), context };
        let new = self.cells.len() as u32;
        self.round.shut_faces.clear();
        self.round.open_faces.clear();
        self.round.cap.clear();
        for at in faces.range() {
            let face = self.cell_faces[at];
            let FaceSigns { open, shut, on } = self.face_signs[face as usize * self.n_words + d / 64];
            let has = |signs: u64| signs >> (d % 64) & 1 == 1;
            let first = self.faces[face as usize].cells[0] == cell;
            let slot = usize::from(!first);
            if has(open) && !has(shut) {
                self.faces[face as usize].cells[slot] = new;
                self.round.open_faces.push(face);
                continue;
            }
            self.round.shut_faces.push(face);
            if has(open) || has(on) {
                // Either the face is to be cut, or it is the shut part of one that has been cut, or it touches the hinge.
                let cut = if has(open) { Some(self.cut_face(hinges, face, knife)) } else { self.noted_cut(face) };
                match cut {
                    Some(FaceCut { open, edge, .. }) => {
                        self.faces[open as usize].cells[slot] = new;
                        self.round.open_faces.push(open);
                        let [from, to] = self.edges[edge as usize].ends;
                        self.push_cap_edge(from, to, edge, first);
                    }
                    None => self.push_touching_edges(self.faces[face as usize].ring, first, d),
                }
            }
        }
        self.close_cap(knife.plane, [cell, new]);
        self.cells[cell as usize].faces = store(&mut self.cell_faces, &self.round.shut_faces, Some(faces));
        self.cells[cell as usize].next = new;
        let faces = store(&mut self.cell_faces, &self.round.open_faces, None);
        self.cells.push(Cell { faces, context, next, next_waiting: NONE });
        self.n_cells += 1;
        let at = cell as usize * self.n_words;
        self.crossing[at + d / 64] &= !(1 << (d % 64));
        self.crossing.extend_from_within(at..at + self.n_words);
        self.gates.extend_from_within(at..at + self.n_words);
        self.gates[new as usize * self.n_words + d / 64] |= 1 << (d % 64);
        if self.crossing[at..at + self.n_words].iter().any(|&word| word != 0) {
            for part in [cell, new] {
                self.find_crossing(part);
                self.wait(part);
            }
        }
    }

    /// Notes an edge of the new face. A face of the shut part runs along it from `from` to `to`, if its ring is seen from outside; so the
    /// new face, seen from outside the shut part, runs back.
    fn push_cap_edge(&mut self, from: u32, to: u32, edge: u32, seen_from_outside: bool) {
        let (from, to) = if seen_from_outside { (to, from) } else { (from, to) };
        self.round.cap.push(CapEdge { from, to, edge });
    }

    /// Notes the edges of a shut face that lie on the hinge.
    fn push_touching_edges(&mut self, ring: Span, seen_from_outside: bool, d: usize) {
        let mut corner = self.rings[ring.range().end - 1];
        for at in ring.range() {
            let next = self.rings[at];
            if self.sign(corner.vertex, d) == 0 && self.sign(next.vertex, d) == 0 {
                self.push_cap_edge(corner.vertex, next.vertex, corner.edge, seen_from_outside);
            }
            corner = next;
        }
    }

    /// Joins the noted edges to the ring of the face between the two parts of a cell.
    fn close_cap(&mut self, plane: u32, cells: [u32; 2]) {
        let face = self.faces.len() as u32;
        let start = self.rings.len() as u32;
        let cap = &mut self.round.cap;
        for i in 0..cap.len() {
            self.rings.push(Corner { vertex: cap[i].from, edge: cap[i].edge });
            let end = cap[i].to;
            // A cap has few edges, so that looking for the next one takes less time than keeping an index.
            if let Some(next) = (i + 1..cap.len()).find(|&j| cap[j].from == end) {
                cap.swap(i + 1, next);
            } else {
                debug_assert!(i + 1 == cap.len() && end == cap[0].from, "the hinge leaves the cell in one closed ring");
            }
        }
        let len = cap.len() as u32;
        self.push_face(Face { plane, cells, ring: Span { start, len, room: len }, note: NONE });
        self.round.shut_faces.push(face);
        self.round.open_faces.push(face);
    }

    /// The cut of a face of which this is the shut part, if it has been cut in this round.
    fn noted_cut(&self, face: u32) -> Option<FaceCut> {
        let note = self.faces[face as usize].note;
        self.round.faces.get(note as usize).filter(|cut| cut.face == face).copied()
    }

    fn push_face(&mut self, face: Face) {
        let number = self.faces.len() as u32;
        self.faces.push(face);
        self.face_signs.extend(core::iter::repeat_n(FaceSigns::default(), self.n_words));
        self.find_face_signs(number);
    }

    /// Cuts a face with vertices on both sides of the hinge.
    fn cut_face(&mut self, hinges: &mut Hinges, face: u32, knife: Knife) -> FaceCut {
        let old = self.faces[face as usize];
        let cut = self.edges.len() as u32;
        self.edges.push(Edge { ends: [NONE; 2], planes: [old.plane, knife.plane], note: NONE });
        let mut ends = [NONE; 2];
        let (mut shut, mut open) =
            (core::mem::take(&mut self.round.shut_ring), core::mem::take(&mut self.round.open_ring));
        shut.clear();
        open.clear();
        let first = self.sign(self.rings[old.ring.start as usize].vertex, knife.d);
        let mut next_sign = first;
        for at in old.ring.range() {
            let corner = self.rings[at];
            let sign = next_sign;
            let is_last = at + 1 == old.ring.range().end;
            next_sign = if is_last { first } else { self.sign(self.rings[at + 1].vertex, knife.d) };
            // Each part gets its vertices, and after the one where it ends, the cut.
            let last = Corner { edge: cut, ..corner };
            match (sign, next_sign) {
                (-1, -1 | 0) => shut.push(corner),
                (1, 1 | 0) => open.push(corner),
                (0, 1) => {
                    ends[0] = corner.vertex;
                    shut.push(last);
                    open.push(corner);
                }
                (0, -1) => {
                    ends[1] = corner.vertex;
                    open.push(last);
                    shut.push(corner);
                }
                (-1, _) => {
                    let EdgeCut { middle, open: rest, .. } = self.cut_edge(hinges, corner.edge, knife);
                    ends[0] = middle;
                    shut.extend([corner, Corner { vertex: middle, edge: cut }]);
                    open.push(Corner { vertex: middle, edge: rest });
                }
                (1, _) => {
                    let EdgeCut { middle, open: rest, .. } = self.cut_edge(hinges, corner.edge, knife);
                    ends[1] = middle;
                    open.extend([Corner { edge: rest, ..corner }, Corner { vertex: middle, edge: cut }]);
                    shut.push(Corner { vertex: middle, edge: corner.edge });
                }
                _ => unreachable!("a hinge that runs along an edge of a convex face leaves the face on one side"),
            }
        }
        self.edges[cut as usize].ends = ends;
        let cut = FaceCut { face, open: self.faces.len() as u32, edge: cut };
        let kept = &mut self.faces[face as usize];
        kept.ring = store(&mut self.rings, &shut, Some(old.ring));
        kept.note = self.round.faces.len() as u32;
        self.find_face_signs(face);
        let ring = store(&mut self.rings, &open, None);
        self.push_face(Face { ring, note: NONE, ..old });
        self.round.faces.push(cut);
        (self.round.shut_ring, self.round.open_ring) = (shut, open);
        cut
    }

    /// Cuts an edge whose ends are on different sides of the hinge, once a round.
    fn cut_edge(&mut self, hinges: &mut Hinges, edge: u32, Knife { d, plane, context }: Knife) -> EdgeCut {
        let Edge { ends, planes, note } = self.edges[edge as usize];
        if let Some(&cut) = self.round.edges.get(note as usize).filter(|cut| cut.edge == edge) {
            return cut;
        }
        let middle = self.vertices.len() as u32;
        let vertex = hinges.meet(middle, [planes[0], planes[1], plane]);
        self.vertices.push(vertex);
        let [shut_end, open_end] = if self.sign(ends[0], d) < 0 { ends } else { [ends[1], ends[0]] };
        for word in 0..self.n_words {
            let [a, b] = ends.map(|end| self.signs[end as usize * self.n_words + word]);
            let mut signs =
                Signs { open: a.open & !b.shut | b.open & !a.shut, shut: a.shut & !b.open | b.shut & !a.open };
            let mut unknown = a.open & b.shut | a.shut & b.open;
            if word == d / 64 {
                unknown &= !(1 << (d % 64));
            }
            while unknown != 0 {
                let bit = unknown.trailing_zeros();
                let crossing = hinges.plane(context, self.n_words, 64 * word + bit as usize);
                match hinges.sign(crossing, middle, &vertex) {
                    1 => signs.open |= 1 << bit,
                    -1 => signs.shut |= 1 << bit,
                    _ => {}
                }
                unknown &= unknown - 1;
            }
            self.signs.push(signs);
        }
        let open = self.edges.len() as u32;
        self.edges.push(Edge { ends: [middle, open_end], planes, note: NONE });
        self.edges[edge as usize] = Edge { ends: [shut_end, middle], planes, note: self.round.edges.len() as u32 };
        let cut = EdgeCut { edge, middle, open };
        self.round.edges.push(cut);
        cut
    }

    /// Asserts that each cell is a polytope (Euler: V − E + F = 2), that each edge of it belongs to two of its faces, and that faces
    /// know their cells.
    #[cfg(debug_assertions)]
    pub(super) fn check(&self, hinges: &Hinges) {
        use super::hinges::Origin;
        use std::collections::{BTreeMap, BTreeSet};
        for cell in self.cells() {
            let mut edges: BTreeMap<u32, usize> = BTreeMap::new();
            let mut vertices = BTreeSet::new();
            for face in self.faces(cell) {
                assert!(face.ring.len() >= 3, "a face is a polygon");
                let on_box = matches!(hinges.planes[face.plane as usize].origin, Origin::Wall { .. });
                assert_eq!(on_box, face.neighbour == NONE, "only the box has no cell behind it");
                for corner in face.ring {
                    *edges.entry(corner.edge).or_default() += 1;
                    vertices.insert(corner.vertex);
                }
            }
            assert!(edges.values().all(|&n| n == 2), "two faces of a cell meet in each of its edges");
            assert_eq!(vertices.len() + self.faces(cell).len(), edges.len() + 2, "V − E + F = 2");
        }
    }
}

/// Puts items into a list: where there is room for them, or else at its end.
fn store<T: Copy>(list: &mut Vec<T>, items: &[T], old: Option<Span>) -> Span {
    let len = items.len() as u32;
    if let Some(span) = old.filter(|span| len <= span.room) {
        list[span.start as usize..][..items.len()].copy_from_slice(items);
        return Span { len, ..span };
    }
    let start = list.len() as u32;
    list.extend_from_slice(items);
    Span { start, len, room: len }
}
