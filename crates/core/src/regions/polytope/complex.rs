use super::super::cells::Cells;
use super::super::hinges::Hinges;
use super::super::subdivision::Complex;
use super::super::vertices::{Knife, Signs, Vertices};
use super::super::{NONE, Span, leave_out_first, store};

/// A box in space cut into convex polyhedra that meet face to face: vertices, edges, faces and cells.
#[derive(Clone, Debug, Default)]
pub(super) struct SpaceComplex {
    vertices: Vertices<3>,
    cells: Cells,
    edges: Vec<Edge>,
    faces: Vec<Face>,
    /// Which signs each unit has somewhere on each face, of those words in which units have not cut yet.
    face_signs: Vec<FaceSigns>,
    /// The vertices of faces in their order, each with the edge to the next one.
    rings: Vec<Corner>,
    /// The faces of each cell.
    spans: Vec<Span>,
    cell_faces: Vec<u32>,
    round: Round,
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

impl Complex<3> for SpaceComplex {
    fn reset(&mut self, hinges: &Hinges<3>) {
        self.vertices.reset(hinges);
        self.cells.reset();
        self.edges.clear();
        self.faces.clear();
        self.rings.clear();
        self.spans.clear();
        self.cell_faces.clear();
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
        self.spans.push(Span { start: 0, len: 6, room: 6 });
    }

    fn copy_from(&mut self, other: &Self) {
        self.vertices.copy_from(&other.vertices);
        self.cells.copy_from(&other.cells);
        self.edges.clone_from(&other.edges);
        self.faces.clone_from(&other.faces);
        self.face_signs.clone_from(&other.face_signs);
        self.rings.clone_from(&other.rings);
        self.spans.clone_from(&other.spans);
        self.cell_faces.clone_from(&other.cell_faces);
    }

    fn cells(&self) -> &Cells {
        &self.cells
    }

    fn cells_mut(&mut self) -> &mut Cells {
        &mut self.cells
    }

    fn vertices(&self) -> &Vertices<3> {
        &self.vertices
    }

    fn vertices_mut(&mut self) -> &mut Vertices<3> {
        &mut self.vertices
    }

    fn for_each_vertex(&self, cell: u32, mut found: impl FnMut(u32)) {
        for face in self.faces(cell) {
            face.ring.iter().for_each(|corner| found(corner.vertex));
        }
    }

    fn begin_layer(&mut self) {
        self.face_signs.clear();
        self.face_signs.resize(self.cells.words.len() * self.faces.len(), FaceSigns::default());
        for face in 0..self.faces.len() as u32 {
            self.find_face_signs(face);
        }
    }

    fn end_word(&mut self) {
        leave_out_first(&mut self.face_signs, self.cells.words.len());
        self.vertices.end_word();
        self.cells.end_word();
    }

    fn begin_round(&mut self) {
        self.round.edges.clear();
        self.round.faces.clear();
    }

    fn find_crossing(&mut self, cell: u32) {
        for word in self.cells.words.clone() {
            let (mut open, mut shut) = (0, 0);
            for &face in &self.cell_faces[self.spans[cell as usize].range()] {
                let signs = &self.face_signs[self.signs_of(face, word)];
                open |= signs.open;
                shut |= signs.shut;
            }
            self.cells.set_signs(cell, word, open, shut);
        }
    }

    /// The cell keeps its shut part.
    fn split(&mut self, hinges: &mut Hinges<3>, cell: u32, d: usize) {
        let context = self.cells.context(cell);
        let knife = Knife { d, plane: hinges.plane(context, d), context };
        let new = self.cells.next_number();
        let faces = self.spans[cell as usize];
        self.round.shut_faces.clear();
        self.round.open_faces.clear();
        self.round.cap.clear();
        for at in faces.range() {
            let face = self.cell_faces[at];
            let FaceSigns { open, shut, on } = self.face_signs[self.signs_of(face, d / 64)];
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
        self.spans[cell as usize] = store(&mut self.cell_faces, &self.round.shut_faces, Some(faces));
        let open_faces = store(&mut self.cell_faces, &self.round.open_faces, None);
        self.spans.push(open_faces);
        if self.cells.split(cell, d) {
            for part in [cell, new] {
                self.find_crossing(part);
                self.cells.wait(part);
            }
        }
    }

    /// Each cell is a polytope (Euler: V − E + F = 2), each edge of it belongs to two of its faces, and faces know their cells.
    #[cfg(debug_assertions)]
    fn check(&self, hinges: &Hinges<3>) {
        use super::super::hinges::Origin;
        use std::collections::{BTreeMap, BTreeSet};
        for cell in self.cells.iter() {
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

impl SpaceComplex {
    /// The faces of a cell.
    pub(super) fn faces(&self, cell: u32) -> impl ExactSizeIterator<Item = FaceView<'_>> + Clone {
        self.cell_faces[self.spans[cell as usize].range()].iter().map(move |&face| {
            let face = &self.faces[face as usize];
            let reversed = face.cells[1] == cell;
            let neighbour = face.cells[usize::from(!reversed)];
            FaceView { plane: face.plane, neighbour, ring: &self.rings[face.ring.range()], reversed }
        })
    }

    /// Where the signs of the units of a word on a face are.
    fn signs_of(&self, face: u32, word: usize) -> usize {
        let words = &self.cells.words;
        face as usize * words.len() + word - words.start
    }

    /// Finds which signs there are on a face.
    fn find_face_signs(&mut self, face: u32) {
        let ring = &self.rings[self.faces[face as usize].ring.range()];
        for word in self.cells.words.clone() {
            let mut either = FaceSigns::default();
            for corner in ring {
                let Signs { open, shut } = self.vertices.signs(corner.vertex, word);
                either.open |= open;
                either.shut |= shut;
                either.on |= !(open | shut);
            }
            let at = self.signs_of(face, word);
            self.face_signs[at] = either;
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
            if self.vertices.sign(corner.vertex, d) == 0 && self.vertices.sign(next.vertex, d) == 0 {
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
        self.face_signs.extend(core::iter::repeat_n(FaceSigns::default(), self.cells.words.len()));
        self.find_face_signs(number);
    }

    /// Cuts a face with vertices on both sides of the hinge.
    fn cut_face(&mut self, hinges: &mut Hinges<3>, face: u32, knife: Knife) -> FaceCut {
        let old = self.faces[face as usize];
        let cut = self.edges.len() as u32;
        self.edges.push(Edge { ends: [NONE; 2], planes: [old.plane, knife.plane], note: NONE });
        let mut ends = [NONE; 2];
        let (mut shut, mut open) =
            (core::mem::take(&mut self.round.shut_ring), core::mem::take(&mut self.round.open_ring));
        shut.clear();
        open.clear();
        let first = self.vertices.sign(self.rings[old.ring.start as usize].vertex, knife.d);
        let mut next_sign = first;
        for at in old.ring.range() {
            let corner = self.rings[at];
            let sign = next_sign;
            let is_last = at + 1 == old.ring.range().end;
            next_sign = if is_last { first } else { self.vertices.sign(self.rings[at + 1].vertex, knife.d) };
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
    fn cut_edge(&mut self, hinges: &mut Hinges<3>, edge: u32, knife: Knife) -> EdgeCut {
        let Edge { ends, planes, note } = self.edges[edge as usize];
        if let Some(&cut) = self.round.edges.get(note as usize).filter(|cut| cut.edge == edge) {
            return cut;
        }
        let middle = self.vertices.insert(hinges, ends, [planes[0], planes[1], knife.plane], knife);
        let [shut_end, open_end] = if self.vertices.sign(ends[0], knife.d) < 0 { ends } else { [ends[1], ends[0]] };
        let open = self.edges.len() as u32;
        self.edges.push(Edge { ends: [middle, open_end], planes, note: NONE });
        self.edges[edge as usize] = Edge { ends: [shut_end, middle], planes, note: self.round.edges.len() as u32 };
        let cut = EdgeCut { edge, middle, open };
        self.round.edges.push(cut);
        cut
    }
}
