use super::hinges::{Hinges, units_of};
use super::{NONE, words_of};

/// What a network computes on one region after the other.
///
/// On a cell of the layers below the last hidden one, an output is what the units make of it that do not cross the cell, and one term for
/// each unit that crosses it and is open. Regions come in the order of their patterns, so most of these sums begin like the one before;
/// they are continued from there.
#[derive(Debug)]
pub(super) struct Outputs {
    /// The cell of the layers below, as its context.
    below: u32,
    /// The gates of the last hidden layer.
    gates: Vec<u64>,
    /// For each output the sums of no term, of the first term, of the first two, …: slopes and offset.
    sums: Vec<Vec<[f64; 4]>>,
}

impl Outputs {
    pub(super) fn new(hinges: &Hinges) -> Self {
        let output = hinges.n_hidden_layers();
        let n_gates = if output == 0 { 0 } else { hinges.layers[output - 1].n_units() };
        let sums = vec![vec![]; hinges.layers[output].n_units()];
        Self { below: NONE, gates: vec![0; words_of(n_gates)], sums }
    }

    /// Goes on to the region with this pattern in this cell of the layers below.
    pub(super) fn follow(&mut self, hinges: &Hinges, context: u32, below: u32) {
        let output = hinges.n_hidden_layers();
        let n_words = self.gates.len();
        let (crossing, first_plane) = match output {
            0 => (&[][..], 0),
            _ => (hinges.crossing(below, n_words), hinges.first_plane(below) as usize),
        };
        let pattern = hinges.pattern(context, output);
        let gates = &pattern[pattern.len() - n_words..];
        let is_open = |d: usize| gates[d / 64] >> (d % 64) & 1 == 1;
        let mut n_common = 0;
        if below == self.below {
            let was_open = |d: usize| self.gates[d / 64] >> (d % 64) & 1 == 1;
            n_common = units_of(crossing).take_while(|&d| is_open(d) == was_open(d)).count();
        }
        for (o, sums) in self.sums.iter_mut().enumerate() {
            if below != self.below {
                sums.clear();
                sums.push(hinges.output_without(context, crossing, o));
            }
            sums.truncate(n_common + 1);
            let row = hinges.layers[output].row(o);
            for (term, d) in units_of(crossing).enumerate().skip(n_common) {
                let mut sum = sums[term];
                if is_open(d) {
                    let phi = row[d] * (1.0 - hinges.closed_slope);
                    let plane = &hinges.planes[first_plane + term];
                    let [x, y, z] = plane.normal;
                    sum.iter_mut().zip([x, y, z, plane.offset]).for_each(|(sum, part)| *sum += phi * part);
                }
                sums.push(sum);
            }
        }
        self.below = below;
        self.gates.copy_from_slice(gates);
    }

    /// The outputs on the region at hand, scaled: slopes and offset as functions of the coordinates of the box.
    pub(super) fn sums(&self) -> impl Iterator<Item = [f64; 4]> + '_ {
        self.sums.iter().filter_map(|sums| sums.last().copied())
    }
}
