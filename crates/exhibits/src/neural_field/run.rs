use piecewise_core::{
    field::{FieldReport, FieldTraining, Image, Tally},
    train::Divergence,
};

use super::Params;

/// A training with changes of the learning rate on its way: it goes to any step, back or forth, and every change is where it was set.
#[derive(Clone, Debug)]
pub struct Run {
    training: FieldTraining,
    /// A step and the learning rate from there on; the first is of step 0.
    rates: Vec<(u64, f64)>,
}

impl Run {
    /// The run of these parameters on this picture, before its first step.
    pub fn new(params: &Params, image: &Image) -> Self {
        Self { training: params.training(image), rates: params.rates().collect() }
    }

    /// The training, where it has come to.
    pub fn training(&self) -> &FieldTraining {
        &self.training
    }

    /// How many steps were taken.
    pub fn n_steps(&self) -> u64 {
        self.training.n_steps()
    }

    /// Takes over the learning rates of these parameters. Where they differ from those that were used, the run goes back to.
    pub fn set_rates(&mut self, params: &Params) {
        let rates: Vec<(u64, f64)> = params.rates().collect();
        let same = rates.iter().zip(&self.rates).take_while(|(new, old)| new == old).count();
        let differs = |rates: &[(u64, f64)]| rates.get(same).map_or(u64::MAX, |(step, _)| *step);
        let first = differs(&rates).min(differs(&self.rates));
        self.rates = rates;
        if self.training.n_steps() > first {
            self.training.back_before(first);
        }
    }

    /// Goes towards a step for about `budget` units of work, see [`FieldTraining::advance_to`], and says whether it is there.
    ///
    /// # Errors
    /// When numbers stop being finite.
    pub fn advance_to(&mut self, step: u64, budget: u64) -> Result<bool, Divergence> {
        if step < self.training.n_steps() {
            self.training.back_before(step);
        }
        loop {
            self.put_rate_in_force();
            let now = self.training.n_steps();
            let next_change = self.rates.iter().map(|(from, _)| *from).find(|from| *from > now);
            let stop = next_change.map_or(step, |change| change.min(step));
            if !self.training.advance_to(stop, budget)? {
                return Ok(false);
            }
            if stop == step {
                return Ok(true);
            }
        }
    }

    /// The gradient of one part of the next step: see [`FieldTraining::shard`].
    pub fn shard(&mut self, shard: usize, gradient: &mut [f32]) -> Tally {
        self.put_rate_in_force();
        self.training.shard(shard, gradient)
    }

    /// Takes the next step with the gradients of all of its parts: see [`FieldTraining::step_with`].
    ///
    /// # Errors
    /// When numbers stop being finite.
    pub fn step_with(&mut self, shards: &[(Tally, &[f32])]) -> Result<FieldReport, Divergence> {
        self.put_rate_in_force();
        self.training.step_with(shards)
    }

    /// Takes over where another run of the same origin is, to compute parts of its next step.
    pub fn set_parameters(&mut self, step: u64, parameters: &[f32]) {
        self.training.set_parameters(step, parameters);
    }

    /// Makes the learning rate of the next step hold, where it does not.
    fn put_rate_in_force(&mut self) {
        let now = self.training.n_steps();
        let rate = self.rates.iter().rev().find(|(from, _)| *from <= now).map(|(_, rate)| *rate);
        let mut settings = self.training.settings();
        if let Some(rate) = rate.filter(|rate| *rate != settings.learning_rate) {
            settings.learning_rate = rate;
            self.training.set_settings(settings);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Params as _;

    fn start() -> Params {
        Params { size: 16, width: 16, ..Params::from_start("rectangles").expect("a start") }
    }

    fn after(params: &Params, step: u64) -> Vec<f32> {
        let mut run = Run::new(params, &params.image());
        run.advance_to(step, u64::MAX).expect("finite numbers");
        run.training().field().parameters().to_vec()
    }

    #[test]
    fn a_learning_rate_changed_on_the_way_holds_from_there_on_and_not_before() {
        let plain = start();
        let mut changed = plain.clone();
        changed.set_rate_from(20, 0.0001);
        assert_eq!((changed.rate_at(19), changed.rate_at(20)), (0.003, 0.0001));
        assert_eq!(after(&changed, 20), after(&plain, 20));
        assert_ne!(after(&changed, 21), after(&plain, 21));
        // A step of Adam is about as long as the rate.
        let longest = |from: &[f32], to: &[f32]| from.iter().zip(to).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(longest(&after(&changed, 20), &after(&changed, 21)) < 0.0002);
        assert!(longest(&after(&plain, 20), &after(&plain, 21)) > 0.001);
    }

    #[test]
    fn going_back_over_a_change_and_on_again_gives_the_same_bits() {
        let mut params = start();
        params.set_rate_from(10, 0.03);
        params.set_rate_from(25, 0.0003);
        let mut run = Run::new(&params, &params.image());
        for step in [30, 7, 30, 12, 26, 30] {
            run.advance_to(step, u64::MAX).expect("finite numbers");
            assert_eq!(run.training().field().parameters(), after(&params, step), "{step}");
        }
        // However it is cut.
        run.advance_to(0, 0).expect("finite numbers");
        while !run.advance_to(30, 0).expect("finite numbers") {}
        assert_eq!(run.training().field().parameters(), after(&params, 30));
    }

    #[test]
    fn another_change_takes_a_run_back_no_further_than_to_where_it_differs() {
        let mut params = start();
        let mut run = Run::new(&params, &params.image());
        run.advance_to(40, u64::MAX).expect("finite numbers");
        params.set_rate_from(40, 0.001);
        run.set_rates(&params);
        assert_eq!(run.n_steps(), 40);
        run.advance_to(50, u64::MAX).expect("finite numbers");
        assert_eq!(run.training().field().parameters(), after(&params, 50));
        params.set_rate_from(45, 0.01);
        run.set_rates(&params);
        assert!((40..=45).contains(&run.n_steps()), "{}", run.n_steps());
        run.advance_to(50, u64::MAX).expect("finite numbers");
        assert_eq!(run.training().field().parameters(), after(&params, 50));
        let plain = start();
        run.set_rates(&plain);
        run.advance_to(50, u64::MAX).expect("finite numbers");
        assert_eq!(run.training().field().parameters(), after(&plain, 50));
    }

    #[test]
    fn a_step_shared_out_among_workers_has_the_same_bits() {
        let params = Params { size: 64, width: 64, ..start() };
        assert_eq!(params.n_shards(), 4);
        let image = params.image();
        let (mut lead, mut alone) = (Run::new(&params, &image), Run::new(&params, &image));
        let mut hand = Run::new(&params, &image);
        let n = lead.training().field().parameters().len();
        for step in 0..3 {
            let mut parts: Vec<(Tally, Vec<f32>)> = Vec::new();
            hand.set_parameters(step, lead.training().field().parameters());
            for shard in 0..4 {
                let mut gradient = vec![0.0; n];
                let worker = if shard < 2 { &mut lead } else { &mut hand };
                parts.push((worker.shard(shard, &mut gradient), gradient));
            }
            let parts: Vec<(Tally, &[f32])> = parts.iter().map(|(tally, g)| (*tally, g.as_slice())).collect();
            lead.step_with(&parts).expect("finite numbers");
        }
        alone.advance_to(3, u64::MAX).expect("finite numbers");
        assert_eq!(lead.training().field().parameters(), alone.training().field().parameters());
        assert_eq!(lead.training().report().map(|r| r.loss), alone.training().report().map(|r| r.loss));
    }
}
