use super::hinges::Hinges;
use super::{Affine, NONE, words_of};

/// What a network computes on one region after the other.
///
/// On a cell of the layers below the last hidden one, an output is what the units make of it that do not cross the cell, and one term for
/// each unit that crosses it and is open. Regions come in the order of their patterns, so most of these sums begin like the one before;
/// they are continued from there.
#[derive(Debug)]
pub(super) struct Outputs<const N: usize> {
    /// The cell of the layers below, as its context.
    below: u32,
    /// The gates of the last hidden layer.
    gates: Vec<u64>,
    /// For each output the sums of no term, of the first term, of the first two, …
    sums: Vec<Vec<Affine<N>>>,
}

impl<const N: usize> Outputs<N> {
    pub(super) fn new(hinges: &Hinges<N>) -> Self {
        let output = hinges.n_hidden_layers();
        let n_gates = if output == 0 { 0 } else { hinges.layers[output - 1].n_units() };
        let sums = vec![vec![]; hinges.layers[output].n_units()];
        Self { below: NONE, gates: vec![0; words_of(n_gates)], sums }
    }

    /// Goes on to the region with this pattern in this cell of the layers below.
    pub(super) fn follow(&mut self, hinges: &Hinges<N>, context: u32, below: u32) {
        let output = hinges.n_hidden_layers();
        let n_words = self.gates.len();
        let (crossing, first_plane) = match output {
            0 => (&[][..], 0),
            _ => (hinges.crossing(below, n_words), hinges.first_plane(below) as usize),
        };
        let pattern = hinges.pattern(context, output);
        let gates = &pattern[pattern.len() - n_words..];
        // The terms of all units before the first one whose gate has changed are those of the region before.
        let (mut n_common, mut from) = (0, 0);
        if below == self.below {
            let changes =
                crossing.iter().zip(gates).zip(&self.gates).map(|((crossing, now), then)| crossing & (now ^ then));
            from = 64 * n_words;
            for (word, change) in changes.enumerate() {
                if change != 0 {
                    from = 64 * word + change.trailing_zeros() as usize;
                    n_common +=
                        (crossing[word] & (change & change.wrapping_neg()).wrapping_sub(1)).count_ones() as usize;
                    break;
                }
                n_common += crossing[word].count_ones() as usize;
            }
        }
        for (o, sums) in self.sums.iter_mut().enumerate() {
            if below != self.below {
                sums.clear();
                sums.push(hinges.output_without(context, crossing, o));
            }
            sums.truncate(n_common + 1);
            let row = hinges.layers[output].row(o);
            let mut sum = sums[n_common];
            let mut planes = hinges.planes[first_plane + n_common..].iter();
            for word in from / 64..n_words {
                let mut rest = crossing[word];
                if word == from / 64 {
                    rest &= u64::MAX << (from % 64);
                }
                while rest != 0 {
                    let bit = rest.trailing_zeros() as usize;
                    rest &= rest - 1;
                    let plane = planes.next().expect("a plane for each unit that crosses");
                    if gates[word] >> bit & 1 == 1 {
                        let phi = row[64 * word + bit] * (1.0 - hinges.closed_slope);
                        sum.slope.iter_mut().zip(plane.function.slope).for_each(|(sum, part)| *sum += phi * part);
                        sum.intercept += phi * plane.function.intercept;
                    }
                    sums.push(sum);
                }
            }
        }
        self.below = below;
        self.gates.copy_from_slice(gates);
    }

    /// The outputs on the region at hand, scaled, as functions of the coordinates of the box.
    pub(super) fn sums(&self) -> impl Iterator<Item = Affine<N>> + '_ {
        self.sums.iter().filter_map(|sums| sums.last().copied())
    }
}
