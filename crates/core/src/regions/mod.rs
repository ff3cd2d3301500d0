//! Exact linear regions of ReLU networks.
//!
//! An **activation region** is a set of inputs with one activation pattern and an interior. Two regions may carry the same affine map: regions and
//! affine pieces are two numbers. A unit that is identically 0 on a region is off there. Signs are decided exactly: floating point first, with
//! an error bound; rational arithmetic where the bound cannot decide.

mod arrangement;
pub mod benchmark;
mod cells;
pub mod count;
mod error;
mod exact;
mod exact_integer;
mod frame;
mod functions;
mod hinges;
mod interval;
mod outputs;
mod pattern;
mod polygon;
mod polytope;
mod scaled;
mod slice;
mod space_arrangement;
mod subdivision;
mod vertices;

use serde::{Deserialize, Serialize};

pub use arrangement::Arrangement;
pub use error::RegionError;
pub use interval::{LineRegion, LineRegions};
pub use pattern::Pattern;
pub use polygon::{PlaneRegion, PlaneRegions, Side};
pub use polytope::{SpaceFace, SpaceRegion, SpaceRegions};
pub use slice::Slice;
pub use space_arrangement::SpaceArrangement;

use crate::network::{Activation, Network};

/// A closed box in `N` dimensions.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound(serialize = "[f64; N]: Serialize", deserialize = "[f64; N]: Deserialize<'de>"))]
pub struct Bounds<const N: usize> {
    /// The least coordinates.
    pub lo: [f64; N],
    /// The greatest coordinates.
    pub hi: [f64; N],
}

/// An affine function of `N` inputs: `intercept + slope · x`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Affine<const N: usize> {
    /// Its value at 0.
    pub intercept: f64,
    /// Its gradient.
    pub slope: [f64; N],
}

impl<const N: usize> Affine<N> {
    /// The value at `x`.
    pub fn value(&self, x: [f64; N]) -> f64 {
        self.slope.iter().zip(x).fold(self.intercept, |sum, (slope, x)| sum + slope * x)
    }
}

/// No cell, no edge, no unit.
const NONE: u32 = u32::MAX;

/// Half a unit in the last place of 1: what one rounding may change, relatively.
const U: f64 = f64::EPSILON / 2.0;

/// How many words hold one bit for each of some units.
fn words_of(n_units: usize) -> usize {
    n_units.div_ceil(64)
}

/// How many words there are at most at a time for things of which the units of a layer make `n` in the end, as many as the square of the number
/// of units that have cut, when words in which all units have cut are forgotten.
fn most_words(n: usize, n_units: usize) -> usize {
    let n_words = words_of(n_units);
    let at_end = |word: usize| {
        let part = (64 * (word + 1)).min(n_units) as f64 / n_units as f64;
        ((n as f64 * part * part * 1.05) as usize).min(n) * (n_words - word)
    };
    (0..n_words).map(at_end).max().unwrap_or(0)
}

/// Leaves out the first of every `stride` entries.
fn leave_out_first<T: Copy>(list: &mut Vec<T>, stride: usize) {
    if stride <= 1 {
        return list.clear();
    }
    let n = list.len() / stride;
    for i in 0..n {
        list.copy_within(i * stride + 1..(i + 1) * stride, i * (stride - 1));
    }
    list.truncate(n * (stride - 1));
}

/// Consecutive entries of a list, and how many would fit.
#[derive(Clone, Copy, Debug)]
struct Span {
    start: u32,
    len: u32,
    room: u32,
}

impl Span {
    fn range(self) -> core::ops::Range<usize> {
        self.start as usize..(self.start + self.len) as usize
    }
}

/// Puts items into a list: where there is room for them, or else at its end.
fn store<T: Copy>(list: &mut Vec<T>, items: &[T], old: Option<Span>) -> Span {
    let len = items.len() as u32;
    if let Some(span) = old.filter(|span| len <= span.room) {
        // Few items: a loop takes less time than a call that copies memory.
        list[span.start as usize..].iter_mut().zip(items).for_each(|(old, new)| *old = *new);
        return Span { len, ..span };
    }
    let start = list.len() as u32;
    list.extend_from_slice(items);
    Span { start, len, room: len }
}

/// Whether regions can be computed at all.
fn check<const N: usize>(net: &Network, slice: Option<&Slice<N>>, bounds: &Bounds<N>) -> Result<(), RegionError> {
    if !matches!(net.activation, Activation::Relu | Activation::LeakyRelu { .. }) {
        return Err(RegionError::NotPiecewiseLinear);
    }
    match slice {
        Some(slice) => slice.check(net)?,
        None if net.n_inputs() != N => return Err(RegionError::Inputs { expected: N, found: net.n_inputs() }),
        None => {}
    }
    for axis in 0..N {
        let (lo, hi) = (bounds.lo[axis], bounds.hi[axis]);
        if !(lo < hi && lo.is_finite() && hi.is_finite()) {
            return Err(RegionError::EmptyBox { axis });
        }
    }
    for (k, layer) in net.layers.iter().enumerate() {
        if let Some(row) = layer.beta.iter().position(|b| !b.is_finite()) {
            return Err(RegionError::NotFinite { layer: k, row, column: None });
        }
        // In the order in which they are stored: column after column.
        if let Some(at) = layer.omega.iter().position(|w| !w.is_finite()) {
            let (row, column) = (at % layer.n_outputs(), at / layer.n_outputs());
            return Err(RegionError::NotFinite { layer: k, row, column: Some(column) });
        }
    }
    Ok(())
}
