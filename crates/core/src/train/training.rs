use serde::{Deserialize, Serialize};

use super::curvature::norm;
use super::history::History;
use super::{Batches, Cause, Curve, Divergence, Memory, Objective, Optimizer};

/// What can be changed while a run goes on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// The rule and its learning rate.
    pub optimizer: Optimizer,
    /// How many examples a step looks at; all of them when `None`.
    pub batch_size: Option<u32>,
}

/// Settings that hold from a step on.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Edit {
    step: u64,
    settings: Settings,
}

/// What one step has to say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepReport {
    /// How many steps were taken, this one included.
    pub step: u64,
    /// The loss of the batch where the gradient was taken, before the step.
    pub loss: f64,
    /// The learning rate of this step, or the distance that line search found.
    pub learning_rate: f64,
    /// Σ |g| over all parameters.
    pub gradient_l1: f64,
    /// √(Σ g²).
    pub gradient_l2: f64,
    /// How far φ moved, √(Σ Δφ²).
    pub update_l2: f64,
    /// How often line search asked for the loss, beside the one gradient of every step.
    pub n_losses: u32,
}

/// A run down an objective as a state machine: `step` by step, back again, and with other settings on the way.
///
/// It has no randomness but the seed of its batches, so the same calls give the same numbers. Any step can be gone back to, exactly: the last
/// 128 states are kept, and 128 older ones further and further apart, from which the steps in between are taken again. With many parameters
/// there are fewer of both, within 16 MiB together, but at least two; the loss curve takes another 64 KiB,
/// and where it has thinned out, going back does not bring its points back.
///
/// ```
/// use piecewise_core::data::LINEAR_REGRESSION;
/// use piecewise_core::train::{LinearRegression, Optimizer, Rule, Settings, Training};
/// let line = LinearRegression::new(LINEAR_REGRESSION.to_vec());
/// let optimizer = Optimizer::new(Rule::GradientDescent, 0.03);
/// let mut training = Training::new(line, vec![0.6, -0.2], Settings { optimizer, batch_size: None }, 0);
/// let start = training.step().unwrap();
/// assert!((start.loss - 12.3669).abs() < 5e-5);
/// let phi = training.parameters().to_vec();
/// while training.n_steps() < 500 {
///     training.step().unwrap();
/// }
/// assert!((training.loss() - 0.199866).abs() < 1e-6);
/// training.back_to(1);
/// assert_eq!(training.parameters(), phi);
/// ```
#[derive(Clone, Debug)]
pub struct Training<O> {
    objective: O,
    phi: Vec<f64>,
    memory: Memory,
    step: u64,
    seed: u64,
    /// In the order of their steps; the first holds from step 0 on.
    edits: Vec<Edit>,
    /// The edit that held for the last step, `None` before the first.
    in_force: Option<usize>,
    /// `None` for the whole of the examples.
    batches: Option<Batches>,
    /// The step from which batches are counted.
    first_batch_step: u64,
    /// The loss of the first step.
    first_loss: Option<f64>,
    history: History,
    curve: Curve,
    report: Option<StepReport>,
    divergence: Option<Divergence>,
}

impl<O: Objective> Training<O> {
    /// A run from `phi`, with batches drawn from `seed`.
    ///
    /// # Panics
    /// When `phi` has not one number for every parameter.
    pub fn new(objective: O, phi: Vec<f64>, settings: Settings, seed: u64) -> Self {
        assert_eq!(phi.len(), objective.n_parameters(), "one number for every parameter");
        Self {
            memory: Memory::new(phi.len()),
            history: History::new(phi.len()),
            objective,
            phi,
            step: 0,
            seed,
            edits: vec![Edit { step: 0, settings }],
            in_force: None,
            batches: None,
            first_batch_step: 0,
            first_loss: None,
            curve: Curve::new(),
            report: None,
            divergence: None,
        }
    }

    /// Takes one step.
    ///
    /// # Errors
    /// When numbers stop being finite or the loss runs away. The run then stays at the last good step and says the same again, until it is
    /// sent back or gets other settings.
    pub fn step(&mut self) -> Result<StepReport, Divergence> {
        if let Some(divergence) = self.divergence {
            return Err(divergence);
        }
        self.put_in_force();
        let state = [self.phi.as_slice(), self.memory.momentum(), self.memory.mean_square()];
        self.history.push(self.step, self.memory.n_steps(), state);
        let optimizer = self.settings().optimizer;
        let batch = self.batches.as_mut().map(|batches| batches.batch(self.step - self.first_batch_step));
        let taken = optimizer.step(&mut self.objective, batch, &mut self.phi, &mut self.memory);
        let limit = Cause::RUNAWAY * self.first_loss.unwrap_or(0.0).max(1.0);
        let gradient_l1 = self.memory.gradient().iter().fold(0.0, |sum, slope| sum + slope.abs());
        let loss_is_good = taken.loss.is_finite() && (taken.loss <= limit || self.first_loss.is_none());
        if !loss_is_good || !gradient_l1.is_finite() || !self.phi.iter().all(|phi| phi.is_finite()) {
            return Err(self.diverge(loss_is_good, taken.loss, taken.distance));
        }
        self.first_loss.get_or_insert(taken.loss);
        self.curve.record(self.step, taken.loss);
        self.step += 1;
        let report = StepReport {
            step: self.step,
            loss: taken.loss,
            learning_rate: taken.distance,
            gradient_l1,
            gradient_l2: norm(self.memory.gradient()),
            update_l2: norm(self.memory.update()),
            n_losses: taken.n_losses,
        };
        self.report = Some(report);
        Ok(report)
    }

    /// Goes towards a step, back or forth, for about `budget` multiplications: see [`Job::advance`](crate::job::Job::advance). Says whether it
    /// is there. Going back is always done at once.
    ///
    /// # Errors
    /// See [`Training::step`].
    pub fn advance_to(&mut self, step: u64, budget: u64) -> Result<bool, Divergence> {
        if step < self.step {
            self.back_to(step);
        }
        let mut spent = 0;
        while self.step < step {
            self.step()?;
            spent += self.work_per_step();
            if spent >= budget {
                break;
            }
        }
        Ok(self.step == step)
    }

    /// Makes the settings of this step hold, where they are not yet.
    fn put_in_force(&mut self) {
        let index = self.edit_at(self.step);
        if self.in_force == Some(index) {
            return;
        }
        let settings = self.edits[index].settings;
        let before = self.in_force.map(|index| self.edits[index].settings);
        if before.is_none_or(|before| before.batch_size != settings.batch_size) {
            self.draw_batches(index);
        }
        // What one rule remembers means nothing to another.
        let kind = |settings: Settings| core::mem::discriminant(&settings.optimizer.rule);
        if before.is_some_and(|before| kind(before) != kind(settings)) {
            self.memory.clear();
        }
        self.in_force = Some(index);
    }

    /// The edit that holds for the step after `step` others.
    fn edit_at(&self, step: u64) -> usize {
        self.edits.iter().rposition(|edit| edit.step <= step).unwrap_or(0)
    }

    /// Starts the batches of an edit: they are counted from the step at which their size was set.
    fn draw_batches(&mut self, index: usize) {
        let size = self.edits[index].settings.batch_size;
        let same = self.edits[..=index].iter().rev().take_while(|edit| edit.settings.batch_size == size);
        self.first_batch_step = same.last().map_or(0, |edit| edit.step);
        let n_examples = self.objective.n_examples() as u32;
        self.batches = size.filter(|_| n_examples > 0).map(|size| Batches::new(n_examples, size, self.seed));
    }

    /// Goes back to the last good state and says what went wrong in the step that was just tried.
    fn diverge(&mut self, loss_is_good: bool, loss: f64, learning_rate: f64) -> Divergence {
        let tried = self.step;
        let (cause, layer) = if loss_is_good {
            let first = |values: &[f64]| values.iter().position(|value| !value.is_finite());
            // On the way back the layers above come first.
            let slope = self.memory.gradient().iter().rposition(|slope| !slope.is_finite());
            match slope {
                Some(index) => (Cause::Gradient, self.objective.layer_of(index)),
                None if self.memory.gradient().iter().map(|slope| slope.abs()).sum::<f64>().is_finite() => {
                    let index = first(&self.phi).unwrap_or(0);
                    (Cause::Parameters, self.objective.layer_of(index))
                }
                None => (Cause::Gradient, None),
            }
        } else {
            (if loss.is_finite() { Cause::Runaway { loss } } else { Cause::Loss }, None)
        };
        self.restore(tried);
        let mut divergence = Divergence { step: tried + 1, layer, cause, learning_rate };
        if !loss_is_good {
            // Where the loss is bad, it is the step before that led here.
            if let Some(layer) = self.objective.first_layer_not_finite(&self.phi) {
                divergence.cause = Cause::PreActivations;
                divergence.layer = Some(layer);
            }
            if !self.is_good_here() {
                divergence.step = tried;
                divergence.learning_rate = self.report.map_or(learning_rate, |report| report.learning_rate);
                self.restore(tried.saturating_sub(1));
            }
        }
        self.divergence = Some(divergence);
        divergence
    }

    /// Whether the loss is finite, and not run away.
    fn is_good_here(&mut self) -> bool {
        let loss = self.objective.loss(&self.phi);
        loss.is_finite() && self.first_loss.is_none_or(|first| loss <= Cause::RUNAWAY * first.max(1.0))
    }

    /// Goes back to a step: the run is then exactly what it was there, and goes on with the settings that held. A step that is not yet
    /// reached is left for later: the run stays where it is.
    pub fn back_to(&mut self, step: u64) {
        self.divergence = None;
        let step = step.min(self.step);
        self.edits.retain(|edit| edit.step <= step);
        self.restore(step);
    }

    /// Goes one step back. Says whether there was one.
    pub fn back(&mut self) -> bool {
        let possible = self.step > 0;
        self.back_to(self.step.saturating_sub(1));
        possible
    }

    /// Puts everything in place as it was after `step` steps: a snapshot from before, and the steps from there, so that the last gradient and
    /// the last report are right too.
    fn restore(&mut self, step: u64) {
        self.curve.cut_from(step);
        let Some(snapshot) = self.history.cut_after(step.saturating_sub(1)) else { return };
        self.step = snapshot.step;
        self.phi.copy_from_slice(&snapshot.phi);
        self.memory.restore(snapshot.n_rule_steps, &snapshot.m, &snapshot.v);
        self.in_force = self.step.checked_sub(1).map(|before| self.edit_at(before));
        if let Some(index) = self.in_force {
            self.draw_batches(index);
        } else {
            self.first_loss = None;
            self.report = None;
        }
        // These steps were good before, and they are the same now.
        while self.step < step && self.step().is_ok() {}
    }

    /// Other settings from the next step on. A rule of another kind starts with an empty memory; the batches start anew only where their
    /// size changes.
    pub fn set_settings(&mut self, settings: Settings) {
        self.divergence = None;
        let step = self.step;
        self.edits.retain(|edit| edit.step <= step);
        match self.edits.last_mut() {
            Some(last) if last.settings == settings => {}
            Some(last) if last.step == step => last.settings = settings,
            _ => self.edits.push(Edit { step, settings }),
        }
    }

    /// The settings of the next step.
    pub fn settings(&self) -> Settings {
        self.edits[self.edit_at(self.step)].settings
    }

    /// How many steps were taken.
    pub fn n_steps(&self) -> u64 {
        self.step
    }

    /// φ.
    pub fn parameters(&self) -> &[f64] {
        &self.phi
    }

    /// The loss at φ over all examples.
    pub fn loss(&mut self) -> f64 {
        self.objective.loss(&self.phi)
    }

    /// What is minimised.
    pub fn objective(&self) -> &O {
        &self.objective
    }

    /// What is minimised, to be asked at other places.
    pub fn objective_mut(&mut self) -> &mut O {
        &mut self.objective
    }

    /// What the rule remembers.
    pub fn memory(&self) -> &Memory {
        &self.memory
    }

    /// The losses of the batches so far.
    pub fn curve(&self) -> &Curve {
        &self.curve
    }

    /// φ at some of the steps so far, in their order: at step 0, at multiples of a stride that grows with the run, and where the run is now; at
    /// most 258 of them.
    ///
    /// ```
    /// use piecewise_core::train::{Optimizer, Ravine, Rule, Settings, Training};
    /// let settings = Settings { optimizer: Optimizer::new(Rule::GradientDescent, 0.08), batch_size: None };
    /// let mut training = Training::new(Ravine, vec![-0.7, -0.9], settings, 0);
    /// training.advance_to(3, 1_000_000)?;
    /// assert_eq!(training.states().map(|(step, _)| step).collect::<Vec<_>>(), [0, 1, 2, 3]);
    /// # Ok::<(), piecewise_core::train::Divergence>(())
    /// ```
    pub fn states(&self) -> impl Iterator<Item = (u64, &[f64])> {
        let kept = self.history.snapshots().filter(|snapshot| snapshot.step < self.step);
        kept.map(|snapshot| (snapshot.step, snapshot.phi.as_slice())).chain([(self.step, self.phi.as_slice())])
    }

    /// What the last step had to say.
    pub fn report(&self) -> Option<StepReport> {
        self.report
    }

    /// Why the run cannot go on, if it cannot.
    pub fn divergence(&self) -> Option<Divergence> {
        self.divergence
    }

    /// About how many multiplications the next step takes.
    pub fn work_per_step(&self) -> u64 {
        let n_examples = self.objective.n_examples() as u64;
        let batch = self.settings().batch_size.map_or(n_examples, |size| n_examples.min(u64::from(size)));
        self.objective.work_per_example() * batch.max(1)
    }
}
