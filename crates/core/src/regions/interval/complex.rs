use super::super::NONE;
use super::super::cells::Cells;
use super::super::hinges::Hinges;
use super::super::subdivision::Complex;
use super::super::vertices::{Knife, Vertices};

/// An interval cut into intervals.
#[derive(Clone, Debug, Default)]
pub(super) struct LineComplex {
    vertices: Vertices<1>,
    cells: Cells,
    /// The left and the right end of each cell.
    ends: Vec<[u32; 2]>,
    /// The cells to the left and to the right of each vertex.
    sides: Vec<[u32; 2]>,
}

impl Complex<1> for LineComplex {
    fn reset(&mut self, hinges: &Hinges<1>) {
        self.vertices.reset(hinges);
        self.cells.reset();
        self.ends.clear();
        self.ends.push([0, 1]);
        self.sides.clear();
        self.sides.extend([[NONE, 0], [0, NONE]]);
    }

    fn copy_from(&mut self, other: &Self) {
        self.vertices.copy_from(&other.vertices);
        self.cells.copy_from(&other.cells);
        self.ends.clone_from(&other.ends);
        self.sides.clone_from(&other.sides);
    }

    fn cells(&self) -> &Cells {
        &self.cells
    }

    fn cells_mut(&mut self) -> &mut Cells {
        &mut self.cells
    }

    fn vertices(&self) -> &Vertices<1> {
        &self.vertices
    }

    fn vertices_mut(&mut self) -> &mut Vertices<1> {
        &mut self.vertices
    }

    fn for_each_vertex(&self, cell: u32, found: impl FnMut(u32)) {
        self.ends[cell as usize].into_iter().for_each(found);
    }

    fn begin_round(&mut self) {}

    fn find_crossing(&mut self, cell: u32) {
        for word in self.cells.words.clone() {
            let [a, b] = self.ends[cell as usize].map(|end| self.vertices.signs(end, word));
            self.cells.set_signs(cell, word, a.open | b.open, a.shut | b.shut);
        }
    }

    /// The cell keeps its shut part.
    fn split(&mut self, hinges: &mut Hinges<1>, cell: u32, d: usize) {
        let context = self.cells.context(cell);
        let knife = Knife { d, plane: hinges.plane(context, d), context };
        let [left, right] = self.ends[cell as usize];
        let middle = self.vertices.insert(hinges, [left, right], [knife.plane], knife);
        let new = self.cells.next_number();
        if self.vertices.sign(left, d) < 0 {
            self.ends[cell as usize] = [left, middle];
            self.ends.push([middle, right]);
            self.sides.push([cell, new]);
            self.sides[right as usize][0] = new;
        } else {
            self.ends[cell as usize] = [middle, right];
            self.ends.push([left, middle]);
            self.sides.push([new, cell]);
            self.sides[left as usize][1] = new;
        }
        if self.cells.split(cell, d) {
            for part in [cell, new] {
                self.find_crossing(part);
                self.cells.wait(part);
            }
        }
    }

    /// Ends know their cells.
    #[cfg(debug_assertions)]
    fn check(&self, _: &Hinges<1>) {
        for cell in self.cells.iter() {
            let [left, right] = self.ends[cell as usize];
            assert_eq!((self.sides[left as usize][1], self.sides[right as usize][0]), (cell, cell));
        }
    }
}

impl LineComplex {
    /// The left and the right end of a cell.
    pub(super) fn ends(&self, cell: u32) -> [u32; 2] {
        self.ends[cell as usize]
    }

    /// All cells from left to right, thrown away ones among them.
    pub(super) fn left_to_right(&self) -> impl Iterator<Item = u32> + '_ {
        let to_the_right = |vertex: u32| Some(self.sides[vertex as usize][1]).filter(|&cell| cell != NONE);
        core::iter::successors(to_the_right(0), move |&cell| to_the_right(self.ends(cell)[1]))
    }

    /// Makes coordinates ascend from left to right.
    pub(super) fn straighten(&mut self) {
        let (mut vertex, mut last) = (0, f64::NEG_INFINITY);
        loop {
            let [u] = &mut self.vertices.list[vertex as usize].u;
            *u = u.max(last);
            last = *u;
            let [_, right] = self.sides[vertex as usize];
            if right == NONE {
                break;
            }
            vertex = self.ends[right as usize][1];
        }
    }

    /// The hinge, or the side of the box, that a vertex is.
    pub(super) fn vertex_plane(&self, vertex: u32) -> u32 {
        let [plane] = self.vertices.list[vertex as usize].planes;
        plane
    }

    /// The cells to the left and to the right of a cell.
    pub(super) fn neighbours(&self, cell: u32) -> [u32; 2] {
        let [left, right] = self.ends(cell);
        [self.sides[left as usize][0], self.sides[right as usize][1]]
    }
}
