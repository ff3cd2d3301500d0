//! Exact linear regions of ReLU networks.
//!
//! An **activation region** is a set of inputs with one activation pattern and an interior. Two regions may carry the same affine map: regions and
//! affine pieces are two numbers. A unit that is identically 0 on a region is off there. Signs are decided exactly: floating point first, with
//! an error bound; rational arithmetic where the bound cannot decide.

mod arrangement;
pub mod count;
mod error;
mod exact_integer;
mod pattern;
mod plane;
mod polytope;

use serde::{Deserialize, Serialize};

pub use arrangement::Arrangement;
pub use error::RegionError;
pub use pattern::Pattern;
pub use plane::{PlaneRegion, PlaneRegions, Side};
pub use polytope::{SpaceFace, SpaceRegion, SpaceRegions};

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

/// Whether regions can be computed at all.
pub(crate) fn check<const N: usize>(net: &Network, bounds: &Bounds<N>) -> Result<(), RegionError> {
    if !matches!(net.activation, Activation::Relu | Activation::LeakyRelu { .. }) {
        return Err(RegionError::NotPiecewiseLinear);
    }
    if net.n_inputs() != N {
        return Err(RegionError::Inputs { expected: N, found: net.n_inputs() });
    }
    for axis in 0..N {
        let (lo, hi) = (bounds.lo[axis], bounds.hi[axis]);
        if !(lo < hi && lo.is_finite() && hi.is_finite()) {
            return Err(RegionError::EmptyBox { axis });
        }
    }
    for (k, layer) in net.layers.iter().enumerate() {
        for row in 0..layer.n_outputs() {
            if !layer.beta[row].is_finite() {
                return Err(RegionError::NotFinite { layer: k, row, column: None });
            }
            if let Some(column) = (0..layer.n_inputs()).find(|&column| !layer.omega[(row, column)].is_finite()) {
                return Err(RegionError::NotFinite { layer: k, row, column: Some(column) });
            }
        }
    }
    Ok(())
}
