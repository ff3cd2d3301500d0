use super::RegionError;
use crate::network::Network;

/// An affine slice of a space of many dimensions, `x = origin + Σ t_i · directions_i`: where a network of any number of inputs is looked at
/// along a line, in a plane or in space. Regions and maps are then those of the network as a function of t.
#[derive(Clone, Debug, PartialEq)]
pub struct Slice<const N: usize> {
    /// The point for t = 0, one number for each input of the network.
    pub origin: Vec<f64>,
    /// What each coordinate of t adds, one number for each input of the network.
    pub directions: [Vec<f64>; N],
}

impl<const N: usize> Slice<N> {
    /// The point of the slice with these coordinates.
    ///
    /// ```
    /// use piecewise_core::regions::Slice;
    /// let slice = Slice { origin: vec![1.0, 0.0, 0.5], directions: [vec![0.0, 2.0, 1.0]] };
    /// assert_eq!(slice.point([0.5]), [1.0, 1.0, 1.0]);
    /// ```
    pub fn point(&self, t: [f64; N]) -> Vec<f64> {
        let coordinate = |(i, origin): (usize, &f64)| {
            self.directions.iter().zip(t).fold(*origin, |sum, (direction, t)| sum + t * direction[i])
        };
        self.origin.iter().enumerate().map(coordinate).collect()
    }

    pub(super) fn check(&self, net: &Network) -> Result<(), RegionError> {
        let n_inputs = net.n_inputs();
        for (axis, row) in [&self.origin].into_iter().chain(&self.directions).enumerate() {
            if row.len() != n_inputs {
                return Err(RegionError::Slice { expected: n_inputs, found: row.len() });
            }
            if let Some(column) = row.iter().position(|x| !x.is_finite()) {
                return Err(RegionError::SliceNotFinite { row: axis, column });
            }
        }
        Ok(())
    }
}
