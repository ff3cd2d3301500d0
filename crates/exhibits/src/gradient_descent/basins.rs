use piecewise_core::{
    job::{Advance, Job},
    math,
    train::Objective,
};
use serde::Serialize;

use super::{Loss, Params, scene::on_grid};

/// The map has so many starts along each axis; a power of two.
pub const STARTS: usize = 64;

/// The map begins with blocks of so many starts along each side, and grows finer.
const COARSEST: usize = 16;

/// The lowest places are looked for from a grid of so many points along each axis.
const GRID: usize = 121;

/// More minima than these are not told apart.
const MOST_MINIMA: usize = 250;

/// After so many steps a start has not arrived anywhere.
const MOST_STEPS: u32 = 3000;

/// A lowest place of the loss within the view.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Minimum {
    /// φ.
    pub at: [f64; 2],
    /// The loss there.
    pub loss: f64,
}

/// Where a start leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum End {
    /// Not computed yet.
    Unknown,
    /// To the minimum with this 0-based place in [`Basins::minima`].
    Minimum(u8),
    /// Out of the view.
    Outside,
    /// Nowhere: it jumps to and fro, or creeps, for thousands of steps.
    Nowhere,
}

/// The map of basins: from every start, to which minimum plain gradient descent on all examples leads. It is computed slice by slice, from
/// coarse to fine.
#[derive(Serialize)]
pub struct Basins {
    #[serde(skip)]
    objective: Box<dyn Objective>,
    #[serde(skip)]
    params: Params,
    minima: Vec<Minimum>,
    /// Where descent ends: a flat valley has many such places, and some lie outside of the view.
    #[serde(skip)]
    bottoms: Vec<([f64; 2], End)>,
    ends: Vec<End>,
    /// The side of the blocks that are being computed, and the next start among theirs.
    #[serde(skip)]
    block: usize,
    #[serde(skip)]
    next: usize,
    n_done: usize,
}

impl std::fmt::Debug for Basins {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Basins").field("minima", &self.minima).field("n_done", &self.n_done).finish_non_exhaustive()
    }
}

impl Basins {
    /// The lowest places in the view, the lowest first; they are there from the first slice on.
    pub fn minima(&self) -> &[Minimum] {
        &self.minima
    }

    /// Where the starts lead, row by row from below.
    pub fn ends(&self) -> &[End] {
        &self.ends
    }

    /// The share of starts that lead there, among those computed.
    pub fn share(&self, end: End) -> f64 {
        let count = |wanted: &dyn Fn(End) -> bool| self.ends.iter().filter(|&&end| wanted(end)).count() as f64;
        count(&|other| other == end) / count(&|other| other != End::Unknown).max(1.0)
    }

    /// The share of starts that are computed.
    pub fn progress(&self) -> f64 {
        self.n_done as f64 / (STARTS * STARTS) as f64
    }

    fn find_bottoms(&mut self) {
        let [lo, hi] = self.params.view();
        for bottom in bottoms(&self.params) {
            let inside = (0..2).all(|axis| (lo[axis]..=hi[axis]).contains(&bottom.at[axis]));
            // On the floor of a valley the search stops here or there, at about the same loss.
            let last = self.minima.last().filter(|_| inside);
            if inside && last.is_none_or(|last| bottom.loss > last.loss + 1e-3 * last.loss.abs()) {
                self.minima.push(bottom);
            }
            // Steps that are too long for a bottom pass by. At a kink there is no curvature to ask.
            let smooth = self.params.loss != Loss::Network;
            if smooth && self.params.alpha * self.objective.lambda_max(&bottom.at) > 2.0 {
                continue;
            }
            let end = if inside { End::Minimum(self.minima.len() as u8 - 1) } else { End::Outside };
            self.bottoms.push((bottom.at, end));
        }
    }

    /// Where plain descent leads from `phi`, and after how many steps.
    fn descend(&mut self, mut phi: [f64; 2]) -> (End, u32) {
        let [lo, hi] = self.params.view();
        let span = [hi[0] - lo[0], hi[1] - lo[1]];
        let mut gradient = [0.0; 2];
        for step in 0..MOST_STEPS {
            self.objective.gradient(&phi, &mut gradient);
            let moved = [0, 1].map(|axis| -self.params.alpha * gradient[axis]);
            // In shares of the view: near to a minimum and in no hurry, it stays there.
            let small = |way: [f64; 2]| (0..2).all(|axis| way[axis].abs() < 0.006 * span[axis]);
            if small(moved) {
                let near = |(at, _): &&([f64; 2], End)| small([phi[0] - at[0], phi[1] - at[1]]);
                if let Some(&(_, end)) = self.bottoms.iter().find(near) {
                    return (end, step);
                }
                if moved == [0.0; 2] {
                    return (End::Nowhere, step);
                }
            }
            for axis in 0..2 {
                phi[axis] += moved[axis];
            }
            // It may swing out a little and come back.
            let [lo, hi] = around(&self.params);
            if !(0..2).all(|axis| (lo[axis]..=hi[axis]).contains(&phi[axis])) {
                return (End::Outside, step);
            }
        }
        let inside = (0..2).all(|axis| (lo[axis]..=hi[axis]).contains(&phi[axis]));
        (if inside { End::Nowhere } else { End::Outside }, MOST_STEPS)
    }
}

impl Job for Basins {
    /// Loss, axes and α count; see [`Params::map_question`].
    type Input = Params;
    /// The share of starts that are computed.
    type Progress = f64;
    type Output = ();

    fn start(params: Params) -> Self {
        let ends = vec![End::Unknown; STARTS * STARTS];
        Self {
            objective: params.objective(),
            params,
            minima: Vec::new(),
            bottoms: Vec::new(),
            ends,
            block: COARSEST,
            next: 0,
            n_done: 0,
        }
    }

    fn advance(&mut self, budget: u64) -> Advance<f64, ()> {
        let per_step = self.objective.work_per_example() * self.objective.n_examples().max(1) as u64;
        let mut spent = 0;
        if self.minima.is_empty() && self.n_done == 0 {
            self.find_bottoms();
            spent = per_step * (GRID * GRID) as u64 / 3;
        }
        let [lo, hi] = self.params.view();
        while self.block > 0 {
            let per_side = STARTS / self.block;
            if self.next == per_side * per_side {
                self.block /= 2;
                self.next = 0;
                continue;
            }
            let cell = [self.next % per_side, self.next / per_side].map(|i| i * self.block);
            self.next += 1;
            // What a coarser round has computed stays.
            if self.block < COARSEST && cell.iter().all(|i| i.is_multiple_of(2 * self.block)) {
                continue;
            }
            let phi = [0, 1].map(|axis| lo[axis] + (cell[axis] as f64 + 0.5) / STARTS as f64 * (hi[axis] - lo[axis]));
            let (end, n_steps) = self.descend(phi);
            for row in cell[1]..cell[1] + self.block {
                self.ends[row * STARTS + cell[0]..][..self.block].fill(end);
            }
            self.n_done += 1;
            spent += per_step * u64::from(n_steps + 1);
            if spent >= budget {
                return Advance::Progress(self.progress());
            }
        }
        Advance::Done(())
    }
}

/// The view and half of it on every side: as far as a descent is followed.
fn around(params: &Params) -> [[f64; 2]; 2] {
    let [lo, hi] = params.view();
    let half = [0, 1].map(|axis| 0.5 * (hi[axis] - lo[axis]));
    [[lo[0] - half[0], lo[1] - half[1]], [hi[0] + half[0], hi[1] + half[1]]]
}

/// The lowest places in and around the view, the lowest first: from every point of a grid that lies lower than its eight neighbours, by a search that asks
/// for the loss alone and halves its steps, so that kinks do no harm.
fn bottoms(params: &Params) -> Vec<Minimum> {
    let [lo, hi] = around(params);
    let (values, at) = on_grid(params, [lo, hi], GRID);
    let mut objective = params.objective();
    let mut found: Vec<Minimum> = Vec::new();
    for index in 0..GRID * GRID {
        let (column, row) = (index % GRID, index / GRID);
        if column == 0 || row == 0 || column + 1 == GRID || row + 1 == GRID {
            continue;
        }
        let around = [index - GRID, index, index + GRID].into_iter().flat_map(|middle| middle - 1..=middle + 1);
        if around.filter(|&other| other != index).any(|other| values[other] <= values[index]) {
            continue;
        }
        let minimum = polished(&mut *objective, at(index), (hi[0] - lo[0]) / GRID as f64);
        let same = |other: &Minimum| (0..2).all(|axis| (other.at[axis] - minimum.at[axis]).abs() < 1e-3);
        let inside = (0..2).all(|axis| (lo[axis]..=hi[axis]).contains(&minimum.at[axis]));
        if inside && !found.iter().any(same) {
            found.push(minimum);
        }
    }
    found.sort_by(|a, b| a.loss.total_cmp(&b.loss));
    found.truncate(MOST_MINIMA);
    found
}

/// The lowest place near `at`: steps in eight directions, halved when none of them leads down.
fn polished(objective: &mut dyn Objective, mut at: [f64; 2], mut size: f64) -> Minimum {
    let mut loss = objective.loss(&at);
    let diagonal = math::sqrt(0.5);
    let ways = [[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]]
        .into_iter()
        .flat_map(|[x, y]| [[x, y], [diagonal * (x - y), diagonal * (x + y)]]);
    let ways: Vec<[f64; 2]> = ways.collect();
    let mut rounds = 0;
    while size > 1e-9 && rounds < 2000 {
        rounds += 1;
        let lower = ways.iter().find_map(|way| {
            let next = [at[0] + size * way[0], at[1] + size * way[1]];
            let value = objective.loss(&next);
            (value < loss).then_some((next, value))
        });
        match lower {
            Some((next, value)) => (at, loss) = (next, value),
            None => size *= 0.5,
        }
    }
    Minimum { at, loss }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Params as _;

    fn map(params: &Params) -> Basins {
        let mut basins = Basins::start(params.map_question());
        while basins.advance(1_000_000) != Advance::Done(()) {}
        basins
    }

    #[test]
    fn the_gabor_loss_has_eight_minima_in_view_and_they_are_those_of_the_book() {
        let basins = map(&Params::from_start("basins").expect("a preset"));
        // Five of them are labelled in figure 6.4: .64, 3.67, 5.51, 9.96 and 10.18.
        let expected = [0.646, 3.356, 3.670, 5.039, 5.511, 6.528, 9.961, 10.182];
        assert_eq!(basins.minima().len(), expected.len());
        let mut objective = basins.params.objective();
        for (minimum, loss) in basins.minima().iter().zip(expected) {
            assert!((minimum.loss - loss).abs() < 6e-4, "{minimum:?}");
            let mut gradient = [0.0; 2];
            objective.gradient(&minimum.at, &mut gradient);
            assert!(gradient.iter().all(|slope| slope.abs() < 1e-6), "{gradient:?}");
        }
    }

    #[test]
    fn the_map_says_where_descent_arrives() {
        let params = Params::from_start("basins").expect("a preset");
        let basins = map(&params);
        assert!((basins.progress() - 1.0).abs() < 1e-12);
        let [lo, hi] = params.view();
        for cell in [[3, 9], [20, 40], [33, 33], [50, 60], [61, 2]] {
            let origin =
                [0, 1].map(|axis| lo[axis] + (cell[axis] as f64 + 0.5) / STARTS as f64 * (hi[axis] - lo[axis]));
            let scene = super::super::compute(&Params { origin, steps: 500, ..params.clone() });
            if let End::Minimum(index) = basins.ends()[cell[1] * STARTS + cell[0]] {
                let at = basins.minima()[usize::from(index)].at;
                assert!((0..2).all(|axis| (scene.here()[axis] - at[axis]).abs() < 0.2), "{cell:?}");
            }
        }
        let shares: f64 = (0..8).map(|index| basins.share(End::Minimum(index))).sum();
        assert!(shares > 0.7 && shares + basins.share(End::Outside) > 0.95, "{shares}");
    }

    #[test]
    fn slices_of_any_length_give_the_same_map() {
        let params = Params { alpha: 0.03, ..Params::default() };
        let mut fine = Basins::start(params.map_question());
        while fine.advance(0) != Advance::Done(()) {}
        assert_eq!(fine.ends(), map(&params).ends());
        // One valley, and with a stable learning rate every start ends in it.
        assert_eq!(fine.minima().len(), 1);
        assert!((fine.minima()[0].loss - 0.199_866).abs() < 5e-7);
        assert!(fine.ends().iter().all(|&end| end == End::Minimum(0)));
    }

    #[test]
    fn above_alpha_max_no_start_arrives() {
        let basins = map(&Params { alpha: 0.041, ..Params::default() });
        assert!(basins.ends().iter().all(|&end| end == End::Outside));
    }

    #[test]
    fn every_pair_of_parameters_of_the_network_can_be_mapped() {
        for axes in (0..10).flat_map(|a| (0..10).map(move |b| [a, b])).filter(|axes| axes[0] < axes[1]) {
            let params = Params { axes, ..Params::from_start("network").expect("a preset") };
            assert!(bottoms(&params).iter().all(|bottom| bottom.loss.is_finite()));
        }
    }
}
