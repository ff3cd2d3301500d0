use super::{Divergence, Objective, Training};
use crate::job::{Advance, Job};

/// A [`Training`] that runs up to a step, as a [`Job`].
///
/// ```
/// use piecewise_core::job::Job;
/// use piecewise_core::train::{Optimizer, Ravine, Rule, Run, Settings, Training};
/// let settings = Settings { optimizer: Optimizer::new(Rule::GradientDescent, 0.08), batch_size: None };
/// let training = Training::new(Ravine, vec![-0.7, -0.9], settings, 0);
/// let end = Run::start((training, 200)).finish(1000);
/// assert!(end.is_ok());
/// ```
#[derive(Clone, Debug)]
pub struct Run<O> {
    training: Training<O>,
    until: u64,
}

impl<O> Run<O> {
    /// The training, as far as it is.
    pub fn training(&self) -> &Training<O> {
        &self.training
    }

    /// The training, to go on with it otherwise.
    pub fn into_training(self) -> Training<O> {
        self.training
    }
}

/// How far a [`Run`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunProgress {
    /// How many steps were taken.
    pub step: u64,
    /// At how many it ends.
    pub until: u64,
}

impl<O: Objective> Job for Run<O> {
    /// A training and the number of steps at which it ends.
    type Input = (Training<O>, u64);
    type Progress = RunProgress;
    /// How many steps were taken, or why they could not be.
    type Output = Result<u64, Divergence>;

    fn start((training, until): Self::Input) -> Self {
        Self { training, until }
    }

    fn advance(&mut self, budget: u64) -> Advance<RunProgress, Self::Output> {
        // A run only goes forth: where the training is already beyond, there is nothing to do.
        let until = self.until.max(self.training.n_steps());
        match self.training.advance_to(until, budget) {
            Ok(true) => Advance::Done(Ok(self.training.n_steps())),
            Ok(false) => Advance::Progress(RunProgress { step: self.training.n_steps(), until }),
            Err(divergence) => Advance::Done(Err(divergence)),
        }
    }
}
