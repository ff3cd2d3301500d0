use super::coordinate_network::work_of_chunk;
use super::pass::CHUNK;
use super::rule::{Memory, norms};
use super::{Field, FieldSettings, N_CHANNELS, Pass, Psnr, Samples, Tally, reduce, shard_of};
use crate::train::history::History;
use crate::train::{Batches, Cause, Curve, Divergence};

/// Settings that hold from a step on.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Edit {
    step: u64,
    settings: FieldSettings,
}

/// What one step has to say. All but the learning rate is of the batch and of the field before the step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FieldReport {
    /// How many steps were taken, this one included.
    pub step: u64,
    /// The loss: ½ · the mean of squares over pixels and channels, or whatever else the settings say.
    pub loss: f64,
    /// The mean of squares, whatever the loss.
    pub mean_square: f64,
    /// The learning rate of this step.
    pub learning_rate: f64,
    /// Σ |g| over all parameters.
    pub gradient_l1: f64,
    /// √(Σ g²).
    pub gradient_l2: f64,
    /// The largest difference, over channels, between two predictions: 0 where the picture is one colour.
    pub spread: f32,
    /// The largest share of dead units that a hidden layer has.
    pub dead_share: f64,
}

impl FieldReport {
    /// The peak signal-to-noise ratio of the batch, in decibels.
    pub fn psnr(&self, psnr: Psnr) -> f64 {
        psnr.decibels(self.mean_square)
    }
}

/// How far the step that is being computed is.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Cursor {
    shard: usize,
    /// How many samples of the shard are done.
    n_done: usize,
    tally: Tally,
}

/// Training of a field on a picture as a state machine: step by step or in slices of steps, back again, and with other settings on the way.
///
/// It has no randomness but the seed of its batches, so the same calls give the same bits on every target. Any step can be gone back to:
/// states are kept as [`crate::train::Training`] keeps them, and the steps in between are taken again. Once as many are kept as may be, a
/// step allocates nothing.
///
/// ```
/// use piecewise_core::field::{
///     Architecture, Field, FieldInitialization, FieldSettings, FieldTraining, Grid, Picture, Psnr, Samples,
/// };
/// let samples = Samples::new(&Picture::Rectangles.draw(16, 16).unwrap(), Grid::Aligned);
/// let field = Field::new(Architecture::relu(2, 32), FieldInitialization::He, 0);
/// let mut training = FieldTraining::new(field, samples, FieldSettings::adam(0.003), 0);
/// let first = training.step().unwrap();
/// while training.n_steps() < 100 {
///     training.step().unwrap();
/// }
/// let last = training.report().unwrap();
/// assert!(last.psnr(Psnr::Standard) > first.psnr(Psnr::Standard) + 5.0);
/// ```
#[derive(Clone, Debug)]
pub struct FieldTraining {
    field: Field,
    samples: Samples,
    seed: u64,
    /// The whole picture in its order.
    everything: Vec<u32>,
    /// `None` for the whole picture.
    batches: Option<Batches>,
    /// The step from which batches are counted.
    first_batch_step: u64,
    n_shards: usize,
    work_per_chunk: u64,
    n_hidden_parameters: usize,
    pass: Pass,
    memory: Memory,
    shard_gradient: Vec<f32>,
    gradient: Vec<f32>,
    dead_shares: Vec<f64>,
    step: u64,
    cursor: Option<Cursor>,
    /// In the order of their steps; the first holds from step 0 on.
    edits: Vec<Edit>,
    /// The edit that held for the last step, `None` before the first.
    in_force: Option<usize>,
    history: History<f32>,
    curve: Curve<FieldReport>,
    report: Option<FieldReport>,
    divergence: Option<Divergence>,
}

impl FieldTraining {
    /// The most shards.
    pub const MOST_SHARDS: usize = 64;

    /// Training from this field on, with batches drawn from `seed`. The settings are made valid.
    pub fn new(field: Field, samples: Samples, mut settings: FieldSettings, seed: u64) -> Self {
        settings.make_valid();
        let n_parameters = field.parameters().len();
        Self {
            pass: Pass::new(field.architecture()),
            memory: Memory::new(n_parameters),
            shard_gradient: vec![0.0; n_parameters],
            gradient: vec![0.0; n_parameters],
            dead_shares: vec![0.0; field.architecture().n_hidden_layers],
            history: History::new(n_parameters),
            everything: (0..samples.len() as u32).collect(),
            work_per_chunk: work_of_chunk(field.architecture()),
            n_hidden_parameters: field.architecture().n_hidden_parameters(),
            field,
            samples,
            seed,
            batches: None,
            first_batch_step: 0,
            n_shards: 1,
            step: 0,
            cursor: None,
            edits: vec![Edit { step: 0, settings }],
            in_force: None,
            curve: Curve::new(),
            report: None,
            divergence: None,
        }
    }

    /// The same, with gradients summed over so many shards of the batch, 1 to [`FieldTraining::MOST_SHARDS`]: for a page whose workers take a
    /// shard each, and for comparing with one.
    #[must_use]
    pub fn with_shards(mut self, n_shards: usize) -> Self {
        self.n_shards = n_shards.clamp(1, Self::MOST_SHARDS);
        self
    }

    /// Takes one step, or what is left of one.
    ///
    /// # Errors
    /// When numbers stop being finite. The run then stays at the last good step and says the same again, until it is sent back or gets
    /// other settings.
    pub fn step(&mut self) -> Result<FieldReport, Divergence> {
        let mut budget = u64::MAX;
        loop {
            if let Some(report) = self.work(&mut budget)? {
                return Ok(report);
            }
        }
    }

    /// Goes towards a step, back or forth, for about `budget` units of work: see [`Job::advance`](crate::job::Job::advance). It may stop in the
    /// middle of a step. Says whether it is there.
    ///
    /// # Errors
    /// See [`FieldTraining::step`].
    pub fn advance_to(&mut self, step: u64, mut budget: u64) -> Result<bool, Divergence> {
        if step < self.step {
            self.back_before(step);
        }
        while self.step < step {
            self.work(&mut budget)?;
            if budget == 0 {
                break;
            }
        }
        Ok(self.step == step)
    }

    /// Computes chunks until the step is done, which it then reports, or until the budget is spent.
    fn work(&mut self, budget: &mut u64) -> Result<Option<FieldReport>, Divergence> {
        if let Some(divergence) = self.divergence {
            return Err(divergence);
        }
        let mut cursor = self.cursor.take().unwrap_or_else(|| {
            self.begin_step();
            Cursor { shard: 0, n_done: 0, tally: Tally::NONE }
        });
        loop {
            let done = self.advance_shard(&mut cursor);
            *budget = budget.saturating_sub(self.work_per_chunk);
            if done {
                self.pass.write_gradient(&mut self.shard_gradient);
                reduce(&mut self.gradient, &self.shard_gradient, cursor.shard == 0);
                cursor.tally.add(&self.pass.tally());
                self.pass.begin_gradient();
                (cursor.shard, cursor.n_done) = (cursor.shard + 1, 0);
                if cursor.shard == self.n_shards {
                    for (share, dead) in self.dead_shares.iter_mut().zip(self.pass.dead_shares()) {
                        *share = dead;
                    }
                    return self.finish(cursor.tally).map(Some);
                }
            }
            if *budget == 0 {
                self.cursor = Some(cursor);
                return Ok(None);
            }
        }
    }

    /// Puts everything in place for the next step.
    fn begin_step(&mut self) {
        self.put_in_force();
        let state = [self.field.parameters(), self.memory.m.as_slice(), self.memory.v.as_slice()];
        self.history.push(self.step, self.memory.n_steps, state);
        self.pass.load(self.field.parameters());
        self.pass.set_loss(self.settings().loss);
        self.pass.begin();
    }

    /// Shows the next chunk of a shard to the pass. Says whether it was the last one.
    fn advance_shard(&mut self, cursor: &mut Cursor) -> bool {
        let batch = match &mut self.batches {
            Some(batches) => batches.batch(self.step - self.first_batch_step),
            None => &self.everything,
        };
        let shard = &batch[shard_of(batch.len(), cursor.shard, self.n_shards)];
        let chunk = &shard[cursor.n_done..shard.len().min(cursor.n_done + CHUNK)];
        let scale = 1.0 / (N_CHANNELS * batch.len()) as f32;
        self.pass.add(self.field.frequencies(), &self.samples, chunk, scale);
        cursor.n_done += chunk.len();
        cursor.n_done == shard.len()
    }

    /// The gradient of one shard of the next step's batch, for a worker that has the same field, picture, settings and shards: of
    /// ½ · the mean of squares over the whole batch, the part that these samples give.
    ///
    /// # Panics
    /// When there is no such shard, or `gradient` has not one number for every parameter.
    pub fn shard(&mut self, shard: usize, gradient: &mut [f32]) -> Tally {
        assert!(shard < self.n_shards, "there are {} shards", self.n_shards);
        self.cursor = None;
        self.begin_step();
        let mut cursor = Cursor { shard, n_done: 0, tally: Tally::NONE };
        while !self.advance_shard(&mut cursor) {}
        self.pass.write_gradient(gradient);
        self.pass.tally()
    }

    /// Takes the next step with gradients that were computed elsewhere, one for every shard, in their order. It has the same bits as
    /// [`FieldTraining::step`] with as many shards; what it says about dead units is what was known before.
    ///
    /// # Errors
    /// See [`FieldTraining::step`].
    ///
    /// # Panics
    /// When there are not as many gradients as shards, or one has not a number for every parameter.
    pub fn step_with(&mut self, shards: &[(Tally, &[f32])]) -> Result<FieldReport, Divergence> {
        assert_eq!(shards.len(), self.n_shards, "a gradient for every shard");
        if let Some(divergence) = self.divergence {
            return Err(divergence);
        }
        self.cursor = None;
        self.begin_step();
        let mut tally = Tally::NONE;
        for (shard, (part, gradient)) in shards.iter().enumerate() {
            assert_eq!(gradient.len(), self.gradient.len(), "a number for every parameter");
            reduce(&mut self.gradient, gradient, shard == 0);
            tally.add(part);
        }
        self.finish(tally)
    }

    /// Takes over where another training is: its field, what its rule remembers, its step. For a worker, which computes shards but takes no
    /// steps.
    ///
    /// # Panics
    /// When there is not one number for every parameter.
    pub fn set_parameters(&mut self, step: u64, parameters: &[f32]) {
        self.field.parameters_mut().copy_from_slice(parameters);
        self.cursor = None;
        self.step = step;
    }

    /// Moves the parameters against the gradient that has been summed.
    fn finish(&mut self, tally: Tally) -> Result<FieldReport, Divergence> {
        let settings = self.settings();
        let learning_rate = settings.learning_rate * settings.schedule.factor(self.memory.n_steps);
        let loss = tally.loss(settings.loss);
        let (gradient_l1, gradient_l2) = norms(&self.gradient);
        if !loss.is_finite() {
            // It is the step before that led here.
            return Err(self.diverge(self.step.saturating_sub(1), Cause::Loss));
        }
        if !gradient_l1.is_finite() {
            return Err(self.diverge(self.step, Cause::Gradient));
        }
        let hidden = (self.n_hidden_parameters, settings.hidden_omega);
        settings.rule.step(learning_rate, hidden, &self.gradient, &mut self.memory, self.field.parameters_mut());
        if !self.field.parameters().iter().all(|phi| phi.is_finite()) {
            return Err(self.diverge(self.step, Cause::Parameters));
        }
        let report = FieldReport {
            step: self.step + 1,
            loss,
            mean_square: tally.mean_square(),
            learning_rate,
            gradient_l1,
            gradient_l2,
            spread: tally.spread(),
            dead_share: self.dead_shares.iter().copied().fold(0.0, f64::max),
        };
        self.curve.record(self.step, report);
        self.step += 1;
        self.report = Some(report);
        Ok(report)
    }

    /// Goes back to the last good step and says what the step after it did.
    fn diverge(&mut self, last_good: u64, cause: Cause) -> Divergence {
        let learning_rate = self.settings().learning_rate;
        let step = if self.step == 0 && cause == Cause::Loss { 0 } else { last_good + 1 };
        self.restore(last_good);
        while self.step < last_good && self.step().is_ok() {}
        let divergence = Divergence { step, layer: None, cause, learning_rate };
        self.divergence = Some(divergence);
        divergence
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
        let kind = |settings: FieldSettings| core::mem::discriminant(&settings.rule);
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
        self.batches = size.map(|size| Batches::new(self.samples.len() as u32, size, self.seed));
    }

    /// Goes back to the last state that is kept and not later than `step`, and says which step that is: from there on, training takes the same
    /// steps again. Later settings are forgotten. A step that is not yet reached is left for later.
    pub fn back_before(&mut self, step: u64) -> u64 {
        self.divergence = None;
        self.cursor = None;
        let step = step.min(self.step);
        self.edits.retain(|edit| edit.step <= step);
        if step < self.step {
            self.restore(step);
        }
        self.step
    }

    /// Puts everything in place as it was at the last state that is kept and not later than `step`.
    fn restore(&mut self, step: u64) {
        let Some(snapshot) = self.history.cut_after(step) else { return };
        self.step = snapshot.step;
        self.field.parameters_mut().copy_from_slice(&snapshot.phi);
        self.memory.n_steps = snapshot.n_rule_steps;
        self.memory.m.copy_from_slice(&snapshot.m);
        self.memory.v.copy_from_slice(&snapshot.v);
        self.curve.cut_from(self.step);
        self.report = self.curve.points().last().map(|(_, report)| *report).filter(|report| report.step == self.step);
        self.in_force = self.step.checked_sub(1).map(|before| self.edit_at(before));
        if let Some(index) = self.in_force {
            self.draw_batches(index);
        }
    }

    /// Goes back to a step exactly, with the steps from the last state before it taken again at once.
    pub fn back_to(&mut self, step: u64) {
        let step = step.min(self.step);
        self.back_before(step);
        // These steps were good before, and they are the same now.
        while self.step < step && self.step().is_ok() {}
    }

    /// Other settings, made valid, from the next step on. A rule of another kind starts with an empty memory; the batches start anew only
    /// where their size changes. A step that is half done is begun again.
    pub fn set_settings(&mut self, mut settings: FieldSettings) {
        settings.make_valid();
        self.divergence = None;
        self.cursor = None;
        let step = self.step;
        self.edits.retain(|edit| edit.step <= step);
        match self.edits.last_mut() {
            Some(last) if last.settings == settings => {}
            Some(last) if last.step == step => {
                last.settings = settings;
                // Whatever held here before has not been used.
                self.in_force = step.checked_sub(1).map(|before| self.edit_at(before));
            }
            _ => self.edits.push(Edit { step, settings }),
        }
    }

    /// The settings of the next step.
    pub fn settings(&self) -> FieldSettings {
        self.edits[self.edit_at(self.step)].settings
    }

    /// The field as it is now.
    pub fn field(&self) -> &Field {
        &self.field
    }

    /// The picture as a list of pixels.
    pub fn samples(&self) -> &Samples {
        &self.samples
    }

    /// How many steps were taken.
    pub fn n_steps(&self) -> u64 {
        self.step
    }

    /// How much of the step that is being computed is done, in [0, 1).
    pub fn share_of_step(&self) -> f64 {
        let n = self.settings().batch_size.map_or(self.samples.len(), |size| self.samples.len().min(size as usize));
        self.cursor.map_or(0.0, |cursor| {
            let before: usize = (0..cursor.shard).map(|shard| shard_of(n, shard, self.n_shards).len()).sum();
            (before + cursor.n_done) as f64 / n as f64
        })
    }

    /// What the last step had to say; `None` before the first, and where one has gone back to a step of which nothing is kept.
    pub fn report(&self) -> Option<FieldReport> {
        self.report
    }

    /// The gradient of the last step.
    pub fn gradient(&self) -> &[f32] {
        &self.gradient
    }

    /// The share of dead units in each hidden layer, as the last step saw them.
    pub fn dead_shares(&self) -> &[f64] {
        &self.dead_shares
    }

    /// The reports so far, thinned out as a [`Curve`] is: at the step before which they were taken.
    pub fn curve(&self) -> &Curve<FieldReport> {
        &self.curve
    }

    /// The parameters at some of the steps so far, in their order, and where the training is now: to draw the picture as it was.
    pub fn states(&self) -> impl Iterator<Item = (u64, &[f32])> {
        let kept = self.history.snapshots().filter(|snapshot| snapshot.step < self.step);
        kept.map(|snapshot| (snapshot.step, snapshot.phi.as_slice())).chain([(self.step, self.field.parameters())])
    }

    /// Why the run cannot go on, if it cannot.
    pub fn divergence(&self) -> Option<Divergence> {
        self.divergence
    }

    /// Looks at the whole picture with the parameters as they are: the error, the spread, and the share of dead units in every hidden layer. A
    /// step that is half done is begun again.
    pub fn observe(&mut self) -> (Tally, Vec<f64>) {
        self.cursor = None;
        self.pass.load(self.field.parameters());
        self.pass.begin();
        for chunk in self.everything.chunks(CHUNK) {
            self.pass.observe(self.field.frequencies(), &self.samples, chunk);
        }
        (self.pass.tally(), self.pass.dead_shares().collect())
    }
}
