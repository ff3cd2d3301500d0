use super::Affine;
use super::frame::times_two_to;
use super::functions::sum_units;
use super::hinges::{Hinges, Plane};

/// What a network computes on each cell while the last hidden layer cuts: what the units make of it that do not cross the cell any more. A
/// unit that is found open on a cell adds one term, so cells share what they have in common.
#[derive(Clone, Debug)]
pub(super) struct Outputs<const N: usize> {
    /// How many outputs there are.
    stride: usize,
    /// The outputs of one cell after the other, scaled, as functions of the coordinates of the box.
    sums: Vec<Affine<N>>,
    /// One cell's outputs: the slopes along every axis, then the intercepts.
    buffer: Vec<f64>,
}

impl<const N: usize> Default for Outputs<N> {
    fn default() -> Self {
        Self { stride: 0, sums: vec![], buffer: vec![] }
    }
}

impl<const N: usize> Outputs<N> {
    /// Makes room for this many cells.
    pub(super) fn make_room(&mut self, hinges: &Hinges<N>, n_cells: usize) {
        self.sums.reserve_exact(n_cells * hinges.layers[hinges.n_hidden_layers()].n_units());
    }

    /// Starts over with some cells.
    pub(super) fn reset(&mut self, hinges: &Hinges<N>, n_cells: usize) {
        self.stride = hinges.layers[hinges.n_hidden_layers()].n_units();
        self.buffer.clear();
        self.buffer.resize((N + 1) * self.stride, 0.0);
        self.sums.clear();
        self.sums.resize(n_cells * self.stride, Affine { intercept: 0.0, slope: [0.0; N] });
    }

    /// The outputs on a cell, given the functions of the last hidden layer on it and the gates of those units that do not cross it.
    pub(super) fn begin(&mut self, hinges: &Hinges<N>, cell: u32, functions: &[f64], gates: &[u64]) {
        let layer = &hinges.layers[hinges.n_hidden_layers()];
        sum_units::<N>(layer, functions, gates.iter().copied(), hinges.closed_slope, &mut self.buffer);
        self.write(cell);
    }

    /// The outputs of a network without hidden layers: its only layer.
    pub(super) fn begin_without_hidden_layer(&mut self, functions: &[f64]) {
        self.buffer.copy_from_slice(functions);
        self.write(0);
    }

    fn write(&mut self, cell: u32) {
        let n = self.stride;
        for (o, sum) in self.sums[cell as usize * n..][..n].iter_mut().enumerate() {
            sum.slope = core::array::from_fn(|axis| self.buffer[axis * n + o]);
            sum.intercept = self.buffer[N * n + o];
        }
    }

    /// The next cell has been split off this one.
    pub(super) fn split(&mut self, cell: u32) {
        let at = cell as usize * self.stride;
        self.sums.extend_from_within(at..at + self.stride);
    }

    /// Unit `d` of the last hidden layer, which is this function there, is open on a cell.
    pub(super) fn open(&mut self, hinges: &Hinges<N>, cell: u32, d: usize, plane: &Plane<N>) {
        let layer = &hinges.layers[hinges.n_hidden_layers()];
        let column = &layer.columns[d * self.stride..(d + 1) * self.stride];
        let sums = &mut self.sums[cell as usize * self.stride..][..self.stride];
        for (sum, phi) in sums.iter_mut().zip(column) {
            let phi = phi * (1.0 - hinges.closed_slope);
            sum.slope.iter_mut().zip(plane.function.slope).for_each(|(sum, slope)| *sum += phi * slope);
            sum.intercept += phi * plane.function.intercept;
        }
    }

    /// Becomes the same as other outputs, in the room there is, where output o is multiplied by `2^shifts[o]`.
    pub(super) fn copy_from(&mut self, other: &Self, shifts: impl Iterator<Item = i32>) {
        self.stride = other.stride;
        self.sums.clone_from(&other.sums);
        self.buffer.clone_from(&other.buffer);
        for (o, shift) in shifts.enumerate().filter(|(_, shift)| *shift != 0) {
            for sum in self.sums.iter_mut().skip(o).step_by(self.stride) {
                sum.slope = sum.slope.map(|w| times_two_to(w, shift));
                sum.intercept = times_two_to(sum.intercept, shift);
            }
        }
    }

    /// The outputs on a cell.
    pub(super) fn on(&self, cell: u32) -> &[Affine<N>] {
        &self.sums[cell as usize * self.stride..][..self.stride]
    }
}
