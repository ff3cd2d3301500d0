use std::collections::VecDeque;

/// The state of a run when it arrived at a step: all that is needed to go on from there to the last bit.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Snapshot<T = f64> {
    pub(crate) step: u64,
    /// How many steps the rule had taken.
    pub(crate) n_rule_steps: u64,
    pub(crate) phi: Vec<T>,
    pub(crate) m: Vec<T>,
    pub(crate) v: Vec<T>,
}

impl<T: Copy> Snapshot<T> {
    /// This snapshot taken anew, in the room it has.
    fn taken(mut self, step: u64, n_rule_steps: u64, [phi, m, v]: [&[T]; 3]) -> Self {
        self.step = step;
        self.n_rule_steps = n_rule_steps;
        for (to, from) in [(&mut self.phi, phi), (&mut self.m, m), (&mut self.v, v)] {
            to.clear();
            to.extend_from_slice(from);
        }
        self
    }
}

/// Snapshots in bounded memory: the last ones without a gap, and older ones at multiples of a stride that doubles when there are too many.
/// Step 0 is always there, so every step can be reached by going on from the snapshot before it.
#[derive(Clone, Debug)]
pub(crate) struct History<T = f64> {
    recent: VecDeque<Snapshot<T>>,
    sparse: Vec<Snapshot<T>>,
    stride: u64,
    /// What was thinned out, to be used again: a long run allocates no more.
    spare: Vec<Snapshot<T>>,
    /// The most recent ones, and the most sparse ones.
    capacity: usize,
}

impl<T: Copy + Default> History<T> {
    /// The most numbers that recent snapshots hold together, and sparse ones again: 8 MiB each in 64 bits, half of that in 32.
    const NUMBERS: usize = 1 << 20;
    const MOST: usize = 128;

    /// The history of a run with so many parameters.
    pub(crate) fn new(n_parameters: usize) -> Self {
        let capacity = (Self::NUMBERS / (3 * n_parameters).max(1)).clamp(2, Self::MOST);
        Self {
            recent: VecDeque::with_capacity(capacity),
            sparse: Vec::with_capacity(capacity),
            stride: 1,
            spare: Vec::with_capacity(capacity),
            capacity,
        }
    }

    /// Keeps the state at a step, later than all before.
    pub(crate) fn push(&mut self, step: u64, n_rule_steps: u64, state: [&[T]; 3]) {
        if self.recent.back().is_some_and(|last| last.step >= step) {
            return;
        }
        let oldest = if self.recent.len() == self.capacity { self.recent.pop_front() } else { None };
        let snapshot = oldest.or_else(|| self.spare.pop()).unwrap_or_default();
        self.recent.push_back(snapshot.taken(step, n_rule_steps, state));
        if step.is_multiple_of(self.stride) && self.sparse.last().is_none_or(|last| last.step < step) {
            if self.sparse.len() == self.capacity {
                self.stride *= 2;
                self.thin_out();
            }
            if step.is_multiple_of(self.stride) {
                let snapshot = self.spare.pop().unwrap_or_default();
                self.sparse.push(snapshot.taken(step, n_rule_steps, state));
            }
        }
    }

    /// What is kept, in the order of steps.
    pub(crate) fn snapshots(&self) -> impl Iterator<Item = &Snapshot<T>> {
        let last = self.sparse.last().map(|snapshot| snapshot.step);
        let later = self.recent.iter().filter(move |snapshot| last.is_none_or(|last| snapshot.step > last));
        self.sparse.iter().chain(later)
    }

    /// Sets aside the sparse snapshots that are not at multiples of the stride.
    fn thin_out(&mut self) {
        let mut kept = 0;
        for index in 0..self.sparse.len() {
            if self.sparse[index].step.is_multiple_of(self.stride) {
                self.sparse.swap(kept, index);
                kept += 1;
            }
        }
        self.spare.extend(self.sparse.drain(kept..));
    }

    /// The last snapshot that is not later than `step`; what is later is forgotten.
    pub(crate) fn cut_after(&mut self, step: u64) -> Option<&Snapshot<T>> {
        while self.recent.back().is_some_and(|last| last.step > step) {
            self.spare.extend(self.recent.pop_back());
        }
        while self.sparse.last().is_some_and(|last| last.step > step) {
            self.spare.extend(self.sparse.pop());
        }
        // The recent ones may all have been later: then the sparse ones reach further.
        self.recent.back().or(self.sparse.last())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_bounded_and_every_step_has_a_snapshot_before_it() {
        for n_parameters in [1, 10_000, 10_000_000] {
            let mut history = History::new(n_parameters);
            for step in 0..1000 {
                history.push(step, step, [&[step as f64], &[0.0], &[0.0]]);
                assert!(history.recent.len().max(history.sparse.len()) <= history.capacity);
            }
            for step in (0..1000).rev() {
                let snapshot = history.cut_after(step).expect("step 0 is always there");
                assert!(snapshot.step <= step && step - snapshot.step < history.stride);
            }
        }
    }
}
