use super::NONE;
use super::hinges::{Hinges, units_of};
use super::scaled::ScaledLayer;

/// The pre-activations of whole layers as functions of the coordinates of the box, on one cell after the other.
///
/// Cells come in the order of their patterns. Those in one cell of the layers below differ in few units of the layer before, so what the next cell
/// changes is added and taken away: one column of weights times the function of the unit.
#[derive(Clone, Debug, Default)]
pub(super) struct Functions {
    levels: Vec<Level>,
}

/// The functions of one layer.
#[derive(Clone, Debug)]
struct Level {
    /// The context of the cell, and the context below it.
    context: u32,
    below: u32,
    /// The gates of the layer before.
    gates: Vec<u64>,
    /// The slopes along every axis, then the intercepts: one number for each unit of the layer.
    sums: Vec<f64>,
    /// How many units have been added and taken away since the sums were computed from all units.
    n_changes: usize,
}

impl Functions {
    /// Forgets all cells.
    pub(super) fn reset<const N: usize>(&mut self, hinges: &Hinges<N>) {
        self.levels.resize_with(hinges.layers.len(), || Level {
            context: NONE,
            below: NONE,
            gates: vec![],
            sums: vec![],
            n_changes: 0,
        });
        for level in &mut self.levels {
            (level.context, level.below) = (NONE, NONE);
        }
        let (level, first) = (&mut self.levels[0], &hinges.layers[0]);
        level.context = 0;
        level.sums.clear();
        level.sums.extend_from_slice(&first.columns);
        level.sums.extend_from_slice(&first.biases);
    }

    /// The functions of layer `k` where the layers below have the pattern of a context.
    pub(super) fn on<const N: usize>(&mut self, hinges: &Hinges<N>, context: u32, k: usize) -> &[f64] {
        if self.levels[k].context != context {
            self.follow(hinges, context, k);
        }
        &self.levels[k].sums
    }

    fn follow<const N: usize>(&mut self, hinges: &Hinges<N>, context: u32, k: usize) {
        let below = hinges.below(context);
        self.on(hinges, below, k - 1);
        let (lower, upper) = self.levels.split_at_mut(k);
        let functions = &lower[k - 1].sums;
        let (level, layer) = (&mut upper[0], &hinges.layers[k]);
        let gates = hinges.gates(context, k);
        let same_cell = below == level.below;
        level.n_changes += changes(&level.gates, gates).map(u64::count_ones).sum::<u32>() as usize;
        if same_cell && level.n_changes <= layer.n_changes() {
            let factor = 1.0 - hinges.closed_slope;
            for (word, changes) in changes(&level.gates, gates).enumerate() {
                for d in units_of(&[changes]) {
                    let is_open = gates[word] >> d & 1 == 1;
                    let sign = if is_open { factor } else { -factor };
                    add_units::<N, _>(layer, functions, [64 * word + d], sign, &mut level.sums);
                }
            }
        } else {
            level.n_changes = 0;
            level.sums.resize((N + 1) * layer.n_units(), 0.0);
            sum_units::<N>(layer, functions, gates.iter().copied(), hinges.closed_slope, &mut level.sums);
        }
        (level.context, level.below) = (context, below);
        level.gates.clear();
        level.gates.extend_from_slice(gates);
    }
}

/// The units whose gates differ.
fn changes(then: &[u64], now: &[u64]) -> impl Iterator<Item = u64> {
    then.iter().zip(now).map(|(then, now)| then ^ now)
}

/// What the units of the layer below make of a layer where these gates are open.
pub(super) fn sum_units<const N: usize>(
    layer: &ScaledLayer,
    below: &[f64],
    gates: impl Iterator<Item = u64>,
    closed_slope: f64,
    sums: &mut [f64],
) {
    sums[..N * layer.n_units()].fill(0.0);
    sums[N * layer.n_units()..].copy_from_slice(&layer.biases);
    for (word, gates) in gates.enumerate() {
        let units = 64 * word..layer.n_inputs.min(64 * (word + 1));
        let all = if units.len() == 64 { u64::MAX } else { (1 << units.len()) - 1 };
        add_gates::<N>(layer, below, units.start, gates & all, 1.0, sums);
        if closed_slope != 0.0 {
            add_gates::<N>(layer, below, units.start, !gates & all, closed_slope, sums);
        }
    }
}

/// Adds what a layer reads of some of 64 units of the layer below, times a factor: four at a time, so that the sums are read and written less
/// often.
fn add_gates<const N: usize>(
    layer: &ScaledLayer,
    below: &[f64],
    first: usize,
    mut gates: u64,
    factor: f64,
    sums: &mut [f64],
) {
    let n_open = gates.count_ones();
    let mut next = || {
        let d = first + gates.trailing_zeros() as usize;
        gates &= gates.wrapping_sub(1);
        d
    };
    for _ in 0..n_open / 4 {
        add_units::<N, _>(layer, below, [next(), next(), next(), next()], factor, sums);
    }
    for _ in 0..n_open % 4 {
        add_units::<N, _>(layer, below, [next()], factor, sums);
    }
}

/// Adds what a layer reads of units of the layer below, times a factor.
fn add_units<const N: usize, const M: usize>(
    layer: &ScaledLayer,
    below: &[f64],
    units: [usize; M],
    factor: f64,
    sums: &mut [f64],
) {
    let n_units = layer.n_units();
    let columns = units.map(|d| &layer.columns[d * n_units..(d + 1) * n_units]);
    for component in 0..=N {
        let values = units.map(|d| factor * below[component * layer.n_inputs + d]);
        let sums = &mut sums[component * n_units..(component + 1) * n_units];
        for (i, sum) in sums.iter_mut().enumerate() {
            let mut total = *sum;
            for (value, column) in values.iter().zip(&columns) {
                total += value * column[i];
            }
            *sum = total;
        }
    }
}
