use serde::{Deserialize, Serialize};

use crate::math;

/// By what the learning rate is multiplied as training goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Schedule {
    /// By 1, always.
    #[default]
    Constant,
    /// By `factor` once more after every `every` steps.
    Steps {
        /// After how many steps, at least 1.
        every: u64,
        /// By what, usually 0.5 or 0.1.
        factor: f64,
    },
    /// By `factor` once more after each step.
    Exponential {
        /// By what, usually just below 1.
        factor: f64,
    },
    /// Down from 1 to 0 along half a cosine within `n_steps`, and 0 from there on (Loshchilov and Hutter, 2016).
    Cosine {
        /// Within how many steps, at least 1.
        n_steps: u64,
    },
    /// Up from 1/`n_steps` in equal parts to 1, which step `n_steps` reaches, and 1 from there on.
    WarmUp {
        /// Within how many steps, at least 1.
        n_steps: u64,
    },
}

impl Schedule {
    /// The factor at the step after `step` others.
    ///
    /// ```
    /// use piecewise_core::train::Schedule;
    /// let halved = Schedule::Steps { every: 10, factor: 0.5 };
    /// assert_eq!([0, 9, 10, 25].map(|step| halved.factor(step)), [1.0, 1.0, 0.5, 0.25]);
    /// assert_eq!([0, 1, 3, 4].map(|step| Schedule::WarmUp { n_steps: 4 }.factor(step)), [0.25, 0.5, 1.0, 1.0]);
    /// ```
    pub fn factor(self, step: u64) -> f64 {
        match self {
            Self::Constant => 1.0,
            Self::Steps { every, factor } => math::powf(factor, (step / every.max(1)) as f64),
            Self::Exponential { factor } => math::powf(factor, step as f64),
            Self::Cosine { n_steps } if step >= n_steps => 0.0,
            Self::Cosine { n_steps } => 0.5 * (1.0 + math::cos(core::f64::consts::PI * step as f64 / n_steps as f64)),
            Self::WarmUp { n_steps } if step >= n_steps => 1.0,
            Self::WarmUp { n_steps } => (step + 1) as f64 / n_steps as f64,
        }
    }
}
