use core::ops::Range;

use super::hinges::units_of;
use super::{NONE, leave_out_first, words_of};

/// The cells of a complex in the order of their patterns, and which units still have to cut them.
///
/// Each cell waits for the first unit that crosses it, so that a unit finds the cells that it cuts without looking at others.
#[derive(Clone, Debug, Default)]
pub(super) struct Cells {
    list: Vec<Cell>,
    /// The first cell in the order of patterns.
    pub(super) first: u32,
    /// How many words hold one bit for each unit of the layer at hand.
    n_words: usize,
    /// The words in which units have not cut yet: units 64·w to 64·w + 63 are in word w.
    pub(super) words: Range<usize>,
    /// The units that cross each cell, of those that have not yet cut: these words alone.
    crossing: Vec<u64>,
    /// The units that are open on each cell, of those that do not cross it: all words.
    gates: Vec<u64>,
    /// For each unit the first cell that waits for it.
    waiting: Vec<u32>,
    /// The units that were found open on a cell since this was last looked at, each once, as cell and unit; only of units that crossed it.
    opened: Vec<(u32, u32)>,
    /// How many cells have not been thrown away.
    pub(super) n_kept: usize,
}

#[derive(Clone, Copy, Debug)]
struct Cell {
    /// The pattern of the layers below.
    context: u32,
    /// The next cell in the order of patterns.
    next: u32,
    /// The next cell that waits for the same unit.
    next_waiting: u32,
}

impl Cells {
    /// One cell, the box.
    pub(super) fn reset(&mut self) {
        self.list.clear();
        self.list.push(Cell { context: 0, next: NONE, next_waiting: NONE });
        self.n_kept = 1;
        self.first = 0;
    }

    /// Makes room for this many cells, the last of which the last of so many units makes.
    pub(super) fn make_room(&mut self, n_cells: usize, n_units: usize) {
        self.list.reserve_exact(n_cells);
        self.gates.reserve_exact(n_cells * words_of(n_units));
        self.crossing.reserve_exact(super::most_words(n_cells, n_units));
    }

    /// How many cells have been made, thrown away ones among them.
    pub(super) fn n_made(&self) -> usize {
        self.list.len()
    }

    /// The cells in the order of their patterns.
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        core::iter::successors(Some(self.first), |&cell| self.next(cell))
    }

    /// The cell after this one in the order of patterns.
    pub(super) fn next(&self, cell: u32) -> Option<u32> {
        Some(self.list[cell as usize].next).filter(|&next| next != NONE)
    }

    pub(super) fn context(&self, cell: u32) -> u32 {
        self.list[cell as usize].context
    }

    pub(super) fn set_context(&mut self, cell: u32, context: u32) {
        self.list[cell as usize].context = context;
    }

    /// Where the units that cross a cell are.
    fn crossing_of(&self, cell: u32) -> Range<usize> {
        let n_words = self.words.len();
        cell as usize * n_words..(cell as usize + 1) * n_words
    }

    /// The units that cross a cell, of those words in which units have not cut yet.
    pub(super) fn crossing(&self, cell: u32) -> &[u64] {
        &self.crossing[self.crossing_of(cell)]
    }

    fn gates_of(&self, cell: u32) -> Range<usize> {
        cell as usize * self.n_words..(cell as usize + 1) * self.n_words
    }

    /// The gates that are open on a cell, of those units that do not cross it.
    pub(super) fn gates(&self, cell: u32) -> &[u64] {
        &self.gates[self.gates_of(cell)]
    }

    /// Says that these units of one word are open somewhere on a cell and those are shut somewhere.
    pub(super) fn set_signs(&mut self, cell: u32, word: usize, open: u64, shut: u64) {
        let crossing = self.crossing_of(cell).start + word - self.words.start;
        let mut opened = self.crossing[crossing] & open & !shut;
        while opened != 0 {
            self.opened.push((cell, 64 * word as u32 + opened.trailing_zeros()));
            opened &= opened - 1;
        }
        self.crossing[crossing] = open & shut;
        let gates = self.gates_of(cell).start + word;
        self.gates[gates] = open & !shut;
    }

    /// Says that unit `d`, the only one that is to cut, is open or shut somewhere on a cell. Whether it is open everywhere.
    pub(super) fn set_signs_of(&mut self, cell: u32, d: usize, open: bool, shut: bool) -> bool {
        self.crossing[cell as usize] = u64::from(open && shut) << (d % 64);
        let gates = self.gates_of(cell).start + d / 64;
        self.gates[gates] |= u64::from(open && !shut) << (d % 64);
        open && !shut
    }

    /// The units that were found open on a cell since the last call, of those that crossed it, as cell and unit.
    pub(super) fn take_opened(&mut self) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.opened.drain(..)
    }

    /// Forgets the units of the layer below.
    pub(super) fn begin_layer(&mut self, n_units: usize) {
        self.n_words = words_of(n_units);
        self.words = 0..self.n_words;
        for words in [&mut self.crossing, &mut self.gates] {
            words.clear();
            words.resize(self.n_words * self.list.len(), 0);
        }
        self.waiting.clear();
        self.waiting.resize(n_units, NONE);
    }

    /// All units of the first word have cut.
    pub(super) fn end_word(&mut self) {
        leave_out_first(&mut self.crossing, self.words.len());
        self.words.start += 1;
    }

    /// Only unit `d` is to cut: all others have.
    pub(super) fn begin_unit(&mut self, d: usize) {
        self.words = d / 64..d / 64 + 1;
        self.crossing.clear();
        self.crossing.resize(self.list.len(), 0);
    }

    /// Lets a cell wait for the first unit that crosses it.
    pub(super) fn wait(&mut self, cell: u32) {
        let first = units_of(self.crossing(cell)).next();
        if let Some(d) = first {
            let d = 64 * self.words.start + d;
            self.list[cell as usize].next_waiting = core::mem::replace(&mut self.waiting[d], cell);
        }
    }

    /// Takes the cells that wait for unit `d`: the first of them, or [`NONE`].
    pub(super) fn take_waiting(&mut self, d: usize) -> u32 {
        core::mem::replace(&mut self.waiting[d], NONE)
    }

    /// The next cell that waits for the same unit, or [`NONE`].
    pub(super) fn next_waiting(&self, cell: u32) -> u32 {
        self.list[cell as usize].next_waiting
    }

    /// Whether unit `d` is still to cut a cell. Cells that were thrown away wait for nothing any more.
    pub(super) fn is_crossed(&self, cell: u32, d: usize) -> bool {
        self.crossing[self.crossing_of(cell).start + d / 64 - self.words.start] >> (d % 64) & 1 == 1
    }

    /// The number of the next cell.
    pub(super) fn next_number(&self) -> u32 {
        self.list.len() as u32
    }

    /// Adds the part of a cell where unit `d` is open, after the cell itself, which becomes the shut part. Says whether other units cross
    /// them.
    pub(super) fn split(&mut self, cell: u32, d: usize) -> bool {
        let new = self.next_number();
        let Cell { context, next, .. } = self.list[cell as usize];
        self.list[cell as usize].next = new;
        self.list.push(Cell { context, next, next_waiting: NONE });
        self.n_kept += 1;
        let crossing = self.crossing_of(cell);
        self.crossing[crossing.start + d / 64 - self.words.start] &= !(1 << (d % 64));
        self.crossing.extend_from_within(crossing.clone());
        self.gates.extend_from_within(self.gates_of(cell));
        self.gates[new as usize * self.n_words + d / 64] |= 1 << (d % 64);
        self.opened.push((new, d as u32));
        self.crossing[crossing].iter().any(|&word| word != 0)
    }

    /// Puts the cells in the order of their patterns again after unit `d` has cut last: among cells whose gates before `d` agree, those where it is
    /// shut come first.
    pub(super) fn put_in_order(&mut self, d: usize) {
        let mut order: Vec<u32> = vec![];
        let (mut open, mut group) = (vec![], 0);
        let agree = |a: &[u64], b: &[u64]| {
            let mask = (1 << (d % 64)) - 1;
            // Few words: a loop takes less time than a call that compares memory.
            a[..d / 64].iter().zip(&b[..d / 64]).all(|(a, b)| a == b) && (a[d / 64] ^ b[d / 64]) & mask == 0
        };
        for cell in self.iter() {
            let gates = self.gates(cell);
            if !agree(gates, self.gates(group)) {
                order.append(&mut open);
                group = cell;
            }
            let side = if gates[d / 64] >> (d % 64) & 1 == 1 { &mut open } else { &mut order };
            side.push(cell);
        }
        order.append(&mut open);
        for pair in order.windows(2) {
            self.list[pair[0] as usize].next = pair[1];
        }
        let ends = [order.first(), order.last()].map(|cell| cell.copied().unwrap_or(0));
        self.first = ends[0];
        self.list[ends[1] as usize].next = NONE;
    }

    /// Becomes the same as another list, in the room there is.
    pub(super) fn copy_from(&mut self, other: &Self) {
        self.list.clone_from(&other.list);
        self.crossing.clone_from(&other.crossing);
        self.gates.clone_from(&other.gates);
        self.waiting.clone_from(&other.waiting);
        self.opened.clear();
        self.words = other.words.clone();
        (self.n_words, self.n_kept, self.first) = (other.n_words, other.n_kept, other.first);
    }

    /// Throws all cells away but the first ones.
    pub(super) fn keep_first(&mut self, n_kept: usize) {
        let last = self.iter().nth(n_kept - 1).expect("there are more cells than are kept");
        let mut cell = core::mem::replace(&mut self.list[last as usize].next, NONE);
        while cell != NONE {
            let crossing = self.crossing_of(cell);
            self.crossing[crossing].fill(0);
            cell = core::mem::replace(&mut self.list[cell as usize].next, NONE);
        }
        self.n_kept = n_kept;
    }
}
