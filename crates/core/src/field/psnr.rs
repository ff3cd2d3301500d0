use serde::{Deserialize, Serialize};

use crate::math;

/// Which peak signal-to-noise ratio is meant. Colours reach from 0 to 1, so the peak is 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Psnr {
    /// −10 · log10(MSE): the usual one.
    #[default]
    Standard,
    /// −10 · log10(2 · MSE): the homework's, 3.01 dB below.
    Homework,
}

impl Psnr {
    /// In decibels, from the mean squared error over pixels and channels; +∞ where there is none.
    ///
    /// ```
    /// use piecewise_core::field::Psnr;
    /// assert_eq!(Psnr::Standard.decibels(0.01), 20.0);
    /// assert!((Psnr::Homework.decibels(0.01) - 16.9897).abs() < 1e-4);
    /// ```
    pub fn decibels(self, mean_square: f64) -> f64 {
        let noise = match self {
            Self::Standard => mean_square,
            Self::Homework => 2.0 * mean_square,
        };
        -10.0 * math::log10(noise)
    }
}
