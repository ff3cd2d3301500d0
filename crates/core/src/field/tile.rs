//! Products of matrices in register tiles.
//!
//! A tile has eight accumulators: sixteen registers is what WebAssembly's compilers keep, and larger tiles spill. Samples lie in lanes, so that
//! a weight is splatted over eight samples. Activations are stored as blocks of eight samples, an octet for each unit: a tile then reads
//! both of its operands from front to back.

use wide::f32x4;

use super::lanes::{LANES, NOTHING, Octet, sums};

/// Weights of four units, side by side: entry i is what they give to number i that they read.
pub(super) type Panel = [[f32; 4]];

/// The four sums Σ_i panel[i] · rows[i], each begun at `start` and added in the order of i.
#[inline]
fn product(panel: &Panel, rows: &[Octet], start: [f32; 4]) -> [Octet; 4] {
    let mut sum = start.map(|start| [f32x4::splat(start); 2]);
    for (weights, row) in panel.iter().zip(rows) {
        for (sum, weight) in sum.iter_mut().zip(weights) {
            let weight = f32x4::splat(*weight);
            sum[0] += weight * row[0];
            sum[1] += weight * row[1];
        }
    }
    sum
}

/// All tiles of a layer on the blocks in `from`, each of which has room for `stride` octets and fills the first `depth` of them. `panels` holds one
/// panel after the other, each `depth` long, and `starts` where their sums begin. `end` is given the number of the block, the number of the
/// first unit, and the four units on eight samples.
#[inline]
pub(super) fn products(
    (panels, starts, depth): (&Panel, &[[f32; 4]], usize),
    (from, stride): (&[Octet], usize),
    mut end: impl FnMut(usize, usize, [Octet; 4]),
) {
    for (block, rows) in from.chunks_exact(stride).enumerate() {
        let rows = &rows[..depth];
        for (index, (panel, start)) in panels.chunks_exact(depth).zip(starts).enumerate() {
            end(block, 4 * index, product(panel, rows, *start));
        }
    }
}

/// Four registers as the columns of a square of numbers: its rows.
#[inline]
fn turn([a, b, c, d]: [f32x4; 4]) -> [f32x4; 4] {
    let (ac, bd) = (a.unpack_lo(c), b.unpack_lo(d));
    let (ac_hi, bd_hi) = (a.unpack_hi(c), b.unpack_hi(d));
    [ac.unpack_lo(bd), ac.unpack_hi(bd), ac_hi.unpack_lo(bd_hi), ac_hi.unpack_hi(bd_hi)]
}

/// Room for what the gradient of weights is the product of, with samples one after the other instead of side by side: the long sum over samples
/// then goes through the same tiles, and nothing has to be summed across lanes.
#[derive(Clone, Debug)]
pub(super) struct Turned {
    /// dℓ/df: for every four units, a row of four for each sample.
    d: Vec<[f32; 4]>,
    /// h: for every eight numbers that are read, a row of eight for each sample.
    h: Vec<Octet>,
    n_samples: usize,
}

impl Turned {
    /// For at most so many samples, units, and numbers read.
    pub(super) fn new(n_samples: usize, n_units: usize, depth: usize) -> Self {
        let (fours, eights) = (n_units.div_ceil(4), depth.div_ceil(8));
        Self { d: vec![[0.0; 4]; fours * n_samples], h: vec![NOTHING; eights * n_samples], n_samples: 0 }
    }

    /// Turns dℓ/df of `n_units` units (a multiple of four) and h of `depth` numbers, from blocks with room for `stride` octets.
    pub(super) fn turn(
        &mut self,
        (d, d_stride, n_units): (&[Octet], usize, usize),
        (h, h_stride, depth): (&[Octet], usize, usize),
    ) {
        self.n_samples = LANES * (d.len() / d_stride);
        for (first, to) in (0..n_units).step_by(4).zip(self.d.chunks_exact_mut(self.n_samples)) {
            for (block, to) in d.chunks_exact(d_stride).zip(to.as_chunks_mut::<LANES>().0) {
                let units = &block[first..first + 4];
                for half in 0..2 {
                    let rows = turn([units[0][half], units[1][half], units[2][half], units[3][half]]);
                    for (to, row) in to[4 * half..].iter_mut().zip(rows) {
                        *to = row.to_array();
                    }
                }
            }
        }
        for (first, to) in (0..depth).step_by(8).zip(self.h.chunks_exact_mut(self.n_samples)) {
            for (block, to) in h.chunks_exact(h_stride).zip(to.as_chunks_mut::<LANES>().0) {
                let mut units = [NOTHING; 8];
                let n = 8.min(depth - first);
                units[..n].copy_from_slice(&block[first..first + n]);
                for half in 0..2 {
                    let lower = turn([units[0][half], units[1][half], units[2][half], units[3][half]]);
                    let upper = turn([units[4][half], units[5][half], units[6][half], units[7][half]]);
                    for (to, row) in to[4 * half..].iter_mut().zip(lower.into_iter().zip(upper)) {
                        *to = row.into();
                    }
                }
            }
        }
    }

    /// Adds Σ dℓ/df · h over the samples to `d_omega`: tile by tile, all weights that four units give to eight numbers, unit by unit.
    pub(super) fn add_weight_gradient(&self, d_omega: &mut [[Octet; 4]], depth: usize) {
        let n_eights = depth.div_ceil(8);
        for (d, to) in self.d.chunks_exact(self.n_samples).zip(d_omega.chunks_exact_mut(n_eights)) {
            for (h, to) in self.h.chunks_exact(self.n_samples).zip(to) {
                for (to, sum) in to.iter_mut().zip(product(d, h, [0.0; 4])) {
                    to[0] += sum[0];
                    to[1] += sum[1];
                }
            }
        }
    }
}

/// Adds to `d_beta` the sums over all samples of every unit, four units a register.
#[inline]
pub(super) fn add_bias_gradient(d_beta: &mut [f32x4], d: &[Octet], stride: usize) {
    for (panel, to) in d_beta.iter_mut().enumerate() {
        let mut sum = [NOTHING; 4];
        for d in d.chunks_exact(stride) {
            for (sum, d) in sum.iter_mut().zip(&d[4 * panel..4 * panel + 4]) {
                sum[0] += d[0];
                sum[1] += d[1];
            }
        }
        *to += sums(sum.map(|sum| sum[0] + sum[1]));
    }
}
