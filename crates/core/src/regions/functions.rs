use super::NONE;
use super::hinges::Hinges;
use super::scaled::ScaledLayer;

/// The pre-activations of whole layers as functions of the coordinates of the box, on one cell after the other.
///
/// The functions of layer k on a cell are a sum over the units of layer k − 1: those that do not cross the cell of the layers below in which it
/// lies, the same for all cells in there, and one term for each unit that crosses it and is open. Cells come in the order of their patterns, so most
/// of these sums begin like those of the cell before; they are continued from there.
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
    /// The gates of the layer below.
    gates: Vec<u64>,
    /// The sums of no term, of the first term, of the first two, …, each as the slopes along every axis, then the intercepts: one number for
    /// each unit of the layer.
    sums: Vec<f64>,
}

impl Functions {
    /// Forgets all cells.
    pub(super) fn reset<const N: usize>(&mut self, hinges: &Hinges<N>) {
        self.levels.resize_with(hinges.layers.len(), || Level {
            context: NONE,
            below: NONE,
            gates: vec![],
            sums: vec![],
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
        let sums = &self.levels[k].sums;
        &sums[sums.len() - (N + 1) * hinges.layers[k].n_units()..]
    }

    fn follow<const N: usize>(&mut self, hinges: &Hinges<N>, context: u32, k: usize) {
        let below = hinges.below(context);
        self.on(hinges, below, k - 1);
        let (lower, upper) = self.levels.split_at_mut(k);
        let n_below = hinges.layers[k - 1].n_units();
        let functions = &lower[k - 1].sums[lower[k - 1].sums.len() - (N + 1) * n_below..];
        let (level, layer) = (&mut upper[0], &hinges.layers[k]);
        let (crossing, gates) = (hinges.crossing(below), hinges.gates(context, k));
        let size = (N + 1) * layer.n_units();
        // The terms of all units before the first one whose gate has changed are those of the cell before.
        let mut from = 0;
        if below == level.below {
            let changes =
                crossing.iter().zip(gates).zip(&level.gates).map(|((crossing, now), then)| crossing & (now ^ then));
            let first = changes.enumerate().find(|(_, change)| *change != 0);
            let (word, change) = first.unwrap_or((crossing.len(), 0));
            from = 64 * word + (change.trailing_zeros() % 64) as usize;
        } else {
            level.sums.clear();
            level.sums.resize(size, 0.0);
            let decided = gates.iter().zip(crossing).map(|(gates, crossing)| gates & !crossing);
            sum_without_crossing::<N>(layer, functions, decided, hinges.closed_slope, &mut level.sums);
        }
        let mut n_terms = 0;
        for (word, (&crossing, &gates)) in crossing.iter().zip(gates).enumerate() {
            let mut rest = crossing;
            while rest != 0 {
                let bit = rest.trailing_zeros() as usize;
                rest &= rest - 1;
                n_terms += 1;
                if 64 * word + bit < from {
                    continue;
                }
                level.sums.truncate(n_terms * size);
                level.sums.extend_from_within((n_terms - 1) * size..);
                if gates >> bit & 1 == 1 {
                    let sums = &mut level.sums[n_terms * size..];
                    add_unit::<N>(layer, functions, 64 * word + bit, 1.0 - hinges.closed_slope, sums);
                }
            }
        }
        level.sums.truncate((n_terms + 1) * size);
        (level.context, level.below) = (context, below);
        level.gates.clear();
        level.gates.extend_from_slice(gates);
    }
}

/// What the units of the layer below make of a layer, where only these gates are open: to be added to zeros.
pub(super) fn sum_without_crossing<const N: usize>(
    layer: &ScaledLayer,
    below: &[f64],
    gates: impl Iterator<Item = u64>,
    closed_slope: f64,
    sums: &mut [f64],
) {
    sums[N * layer.n_units()..].copy_from_slice(&layer.biases);
    for (word, gates) in gates.enumerate() {
        for d in 64 * word..layer.n_inputs.min(64 * (word + 1)) {
            let slope = if gates >> (d % 64) & 1 == 1 { 1.0 } else { closed_slope };
            if slope != 0.0 {
                add_unit::<N>(layer, below, d, slope, sums);
            }
        }
    }
}

/// Adds what a layer reads of unit `d` of the layer below, times a factor.
fn add_unit<const N: usize>(layer: &ScaledLayer, below: &[f64], d: usize, factor: f64, sums: &mut [f64]) {
    let n_units = layer.n_units();
    let column = &layer.columns[d * n_units..(d + 1) * n_units];
    for (component, sums) in sums.chunks_exact_mut(n_units.max(1)).enumerate() {
        let value = factor * below[component * layer.n_inputs + d];
        sums.iter_mut().zip(column).for_each(|(sum, w)| *sum += value * w);
    }
}
