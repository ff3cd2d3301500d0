use core::ops::Range;

use super::hinges::{Hinges, Vertex};
use super::leave_out_first;

/// The signs of 64 units at a point: on the hinge where neither bit is set.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Signs {
    pub(super) open: u64,
    pub(super) shut: u64,
}

/// What cuts: the hinge of unit `d` of the layer at hand, which in each context is a plane.
#[derive(Clone, Copy, Debug)]
pub(super) struct Knife {
    pub(super) d: usize,
    pub(super) plane: u32,
    pub(super) context: u32,
}

/// The vertices of a complex, shared by all its cells, and the signs of the units of the layer at hand at each of them.
///
/// Where a hinge goes is told by these signs alone, open (1), shut (−1) or on the hinge (0). They are exact, so neighbours cannot disagree
/// and no coordinate is ever compared.
#[derive(Clone, Debug)]
pub(super) struct Vertices<const N: usize> {
    pub(super) list: Vec<Vertex<N>>,
    /// Of those words alone in which units have not cut yet.
    signs: Vec<Signs>,
    /// These words: units 64·w to 64·w + 63 are in word w.
    words: Range<usize>,
    /// At which vertices the signs have been found, of those that there were when the layer began.
    known: Vec<bool>,
}

impl<const N: usize> Default for Vertices<N> {
    fn default() -> Self {
        Self { list: vec![], signs: vec![], words: 0..0, known: vec![] }
    }
}

impl<const N: usize> Vertices<N> {
    /// The corners of the box. Bit i of the number of a corner says whether it is at the upper end of axis i.
    pub(super) fn reset(&mut self, hinges: &Hinges<N>) {
        self.list.clear();
        self.list.extend((0..1 << N).map(|corner: u32| {
            let upper: [bool; N] = core::array::from_fn(|axis| corner >> axis & 1 == 1);
            hinges.corner(upper)
        }));
    }

    /// Makes room for this many vertices, the last of which the last of so many units makes.
    pub(super) fn make_room(&mut self, n_vertices: usize, n_units: usize) {
        self.list.reserve_exact(n_vertices);
        self.signs.reserve_exact(super::most_words(n_vertices, n_units));
    }

    /// Forgets the signs of the layer before. Only units of these words are to cut.
    pub(super) fn begin_layer(&mut self, words: Range<usize>) {
        self.signs.clear();
        self.signs.resize(words.len() * self.list.len(), Signs::default());
        self.words = words;
        self.known.clear();
        self.known.resize(self.list.len(), false);
    }

    /// All units of the first word have cut, so that nobody will ask for their signs again.
    pub(super) fn end_word(&mut self) {
        leave_out_first(&mut self.signs, self.words.len());
        self.words.start += 1;
    }

    /// Finds the signs of all units of layer `k` at a vertex of a cell, given their functions there, unless they are known.
    pub(super) fn find_signs(
        &mut self,
        hinges: &mut Hinges<N>,
        vertex: u32,
        (context, k): (u32, usize),
        functions: &[f64],
    ) {
        if !core::mem::replace(&mut self.known[vertex as usize], true) {
            let n_words = self.words.len();
            let signs = &mut self.signs[vertex as usize * n_words..][..n_words];
            hinges.find_signs((vertex, &self.list[vertex as usize]), (context, k), functions, signs);
        }
    }

    /// Finds the signs of one unit, the only one that is to cut, at all vertices, given its plane.
    pub(super) fn find_signs_of(&mut self, hinges: &mut Hinges<N>, d: usize, plane: u32) {
        self.begin_layer(d / 64..d / 64 + 1);
        for (vertex, signs) in self.signs.iter_mut().enumerate() {
            let sign = hinges.sign(plane, vertex as u32, &self.list[vertex]);
            signs.open = u64::from(sign > 0) << (d % 64);
            signs.shut = u64::from(sign < 0) << (d % 64);
        }
    }

    /// Becomes the same as another list, in the room there is.
    pub(super) fn copy_from(&mut self, other: &Self) {
        self.list.clone_from(&other.list);
        self.signs.clone_from(&other.signs);
        self.known.clone_from(&other.known);
        self.words = other.words.clone();
    }

    /// The signs of the 64 units of a word, some of which have not cut yet, at a vertex.
    pub(super) fn signs(&self, vertex: u32, word: usize) -> Signs {
        self.signs[vertex as usize * self.words.len() + word - self.words.start]
    }

    /// The sign of unit `d` at a vertex.
    pub(super) fn sign(&self, vertex: u32, d: usize) -> i8 {
        let Signs { open, shut } = self.signs(vertex, d / 64);
        (open >> (d % 64) & 1) as i8 - (shut >> (d % 64) & 1) as i8
    }

    /// Adds the vertex inside an edge at which the sign of unit `d` changes.
    ///
    /// Inside an edge every unit of the layer is affine, so the vertex has each sign on which the ends of the edge agree, or which one of them
    /// has where the other is on the hinge. Only units that change their sign along this very edge are evaluated.
    pub(super) fn insert(&mut self, hinges: &mut Hinges<N>, ends: [u32; 2], planes: [u32; N], knife: Knife) -> u32 {
        let middle = self.list.len() as u32;
        let vertex = hinges.meet(middle, planes);
        self.list.push(vertex);
        for word in self.words.clone() {
            let [a, b] = ends.map(|end| self.signs(end, word));
            let mut signs =
                Signs { open: a.open & !b.shut | b.open & !a.shut, shut: a.shut & !b.open | b.shut & !a.open };
            let mut unknown = a.open & b.shut | a.shut & b.open;
            if word == knife.d / 64 {
                unknown &= !(1 << (knife.d % 64));
            }
            while unknown != 0 {
                let bit = unknown.trailing_zeros();
                let plane = hinges.plane(knife.context, 64 * word + bit as usize);
                match hinges.sign(plane, middle, &vertex) {
                    1 => signs.open |= 1 << bit,
                    -1 => signs.shut |= 1 << bit,
                    _ => {}
                }
                unknown &= unknown - 1;
            }
            self.signs.push(signs);
        }
        middle
    }
}
