use super::FieldTraining;
use crate::job::{Advance, Job};
use crate::train::Divergence;

/// A [`FieldTraining`] that runs up to a step, as a [`Job`]. It pauses where it is not advanced, a budget of 0 takes it one chunk of pixels
/// further, and to cancel it is to drop it or to take the training out.
///
/// ```
/// use piecewise_core::field::{
///     Architecture, Field, FieldInitialization, FieldRun, FieldSettings, FieldTraining, Grid, Picture, Samples,
/// };
/// use piecewise_core::job::Job;
/// let samples = Samples::new(&Picture::Gradient.draw(8, 8).unwrap(), Grid::Aligned);
/// let field = Field::new(Architecture::constant(true), FieldInitialization::Zero, 0);
/// let training = FieldTraining::new(field, samples, FieldSettings::adam(0.01), 0);
/// assert_eq!(FieldRun::start((training, 20)).finish(1000), Ok(20));
/// ```
#[derive(Clone, Debug)]
pub struct FieldRun {
    training: FieldTraining,
    until: u64,
}

impl FieldRun {
    /// The training, as far as it is.
    pub fn training(&self) -> &FieldTraining {
        &self.training
    }

    /// The training, to change its settings or to go back.
    pub fn training_mut(&mut self) -> &mut FieldTraining {
        &mut self.training
    }

    /// The training, to go on with it otherwise.
    pub fn into_training(self) -> FieldTraining {
        self.training
    }
}

/// How far a [`FieldRun`] is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FieldProgress {
    /// How many steps were taken.
    pub step: u64,
    /// How much of the next one is done, in [0, 1).
    pub share_of_step: f64,
    /// At how many it ends.
    pub until: u64,
}

impl Job for FieldRun {
    /// A training and the number of steps at which it ends.
    type Input = (FieldTraining, u64);
    type Progress = FieldProgress;
    /// How many steps were taken, or why they could not be.
    type Output = Result<u64, Divergence>;

    fn start((training, until): Self::Input) -> Self {
        Self { training, until }
    }

    fn advance(&mut self, budget: u64) -> Advance<FieldProgress, Self::Output> {
        // A run only goes forth: where the training is already beyond, there is nothing to do.
        let until = self.until.max(self.training.n_steps());
        match self.training.advance_to(until, budget) {
            Ok(true) => Advance::Done(Ok(self.training.n_steps())),
            Ok(false) => Advance::Progress(FieldProgress {
                step: self.training.n_steps(),
                share_of_step: self.training.share_of_step(),
                until,
            }),
            Err(divergence) => Advance::Done(Err(divergence)),
        }
    }
}
