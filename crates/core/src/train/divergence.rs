use core::fmt;

/// Why a run cannot go on. The run stays at the last step that was good.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Divergence {
    /// The step that went wrong, counted from 1; 0 when the start itself is no place to descend from.
    pub step: u64,
    /// The 0-based layer where it was seen first, if there are layers.
    pub layer: Option<usize>,
    /// What was seen.
    pub cause: Cause,
    /// The learning rate of that step.
    pub learning_rate: f64,
}

/// What is no longer a number one can go on with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cause {
    /// Pre-activations overflow on the way forward.
    PreActivations,
    /// The loss overflows, though all pre-activations are finite.
    Loss,
    /// Derivatives overflow on the way back, though the loss is finite.
    Gradient,
    /// The step itself leads to parameters that are not finite.
    Parameters,
    /// The loss is finite, but [`Cause::RUNAWAY`] times what it was at the start, or more.
    Runaway {
        /// The loss.
        loss: f64,
    },
}

impl Cause {
    /// How many times the loss at the start (or 1, if that is more) counts as run away: so far out, steps are rounding errors.
    pub const RUNAWAY: f64 = 1e30;
}

impl fmt::Display for Divergence {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.step {
            0 => write!(out, "At the start ")?,
            // As Debug writes it, 1e200 is not two hundred zeros.
            step => write!(out, "After step {step} (learning rate {:?}) ", self.learning_rate)?,
        }
        match self.cause {
            Cause::PreActivations => write!(out, "the pre-activations")?,
            Cause::Loss => write!(out, "the loss")?,
            Cause::Gradient => write!(out, "the gradient")?,
            Cause::Parameters => write!(out, "the parameters")?,
            Cause::Runaway { loss } => return write!(out, "the loss has run away to {loss:.1e}"),
        }
        if let Some(layer) = self.layer {
            write!(out, " of layer {}", layer + 1)?;
        }
        match self.cause {
            Cause::Loss | Cause::Gradient => write!(out, " is no longer a finite number"),
            _ => write!(out, " are no longer finite numbers"),
        }
    }
}

impl core::error::Error for Divergence {}
