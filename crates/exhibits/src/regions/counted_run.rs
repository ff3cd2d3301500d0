//! A network that learns, and how many regions it has after every step.

use piecewise_core::{
    Rng,
    data::Examples,
    math,
    network::{Activation, Distribution, Initialization, Network},
    regions::{PlaneRegions, count},
    train::{Loss, NetworkLoss, Optimizer, Rule, Settings, Training},
};
use serde::Serialize;

use super::{Params, VIEW};

/// More regions than the most units can make are not counted.
const MOST_COUNTED: usize = 4096;

/// How many points there are to learn.
const N_POINTS: usize = 64;

/// What decides a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RunOrigin {
    /// D.
    pub n_hidden: usize,
    /// Where the first weights come from.
    pub seed: u64,
    /// Whether the biases start at 0.
    pub zero_bias: bool,
    /// The learning rate.
    pub rate: f64,
}

/// The counts of a run so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct RunCounts {
    /// The regions in view before the first step and after every one.
    pub regions: Vec<usize>,
    /// 2D, what zero biases give.
    pub central: usize,
    /// The most there can be.
    pub most: usize,
    /// The mean squared error after the last step.
    pub loss: f64,
}

impl RunOrigin {
    /// The run that the parameters ask for.
    pub fn of(params: &Params) -> Self {
        Self {
            n_hidden: params.run_units as usize,
            seed: params.run_seed,
            zero_bias: params.zero_bias,
            rate: params.rate,
        }
    }

    /// The run before its first step: a shallow network, He's weights, a bump beside the middle of the plane to learn.
    pub fn training(&self) -> Training<NetworkLoss> {
        let initialization = if self.zero_bias {
            Initialization::HE
        } else {
            Initialization { beta: Distribution::PytorchLinear, ..Initialization::HE }
        };
        let sizes = [2, self.n_hidden, 1];
        let network = Network::initialized(&sizes, Activation::Relu, initialization, self.seed).expect("layers");
        let phi = network.parameters();
        let settings = Settings { optimizer: Optimizer::new(Rule::ADAM, self.rate), batch_size: None };
        Training::new(NetworkLoss::new(network, points(), Loss::MEAN_SQUARED), phi, settings, 0)
    }
}

/// Points at random places of the view with the height of a bump there.
fn points() -> Examples {
    let mut rng = Rng::from_seed(542);
    let rows: Vec<[f64; 3]> = (0..N_POINTS)
        .map(|_| {
            let [x1, x2] = [0, 1].map(|_| rng.uniform_in(-1.0, 1.0));
            let square = (x1 - 0.25) * (x1 - 0.25) + (x2 - 0.125) * (x2 - 0.125);
            [x1, x2, math::exp(-4.0 * square)]
        })
        .collect();
    Examples::from_rows(&rows, 2)
}

/// A run with its counts.
#[derive(Clone, Debug)]
pub struct CountedRun {
    training: Training<NetworkLoss>,
    n_hidden: usize,
    counts: Vec<usize>,
}

impl CountedRun {
    /// A run before its first step.
    pub fn new(origin: &RunOrigin) -> Self {
        let mut run = Self { training: origin.training(), n_hidden: origin.n_hidden, counts: Vec::new() };
        run.count();
        run
    }

    /// The run of the parameters at their step.
    pub fn at(params: &Params) -> Self {
        let mut run = Self::new(&RunOrigin::of(params));
        run.advance_to(params.step, usize::MAX);
        run
    }

    /// Counts the regions after the last step, unless that was done before.
    fn count(&mut self) {
        if self.counts.len() as u64 == self.training.n_steps() {
            let regions =
                PlaneRegions::compute(&self.network(), &VIEW, MOST_COUNTED).map_or(0, |regions| regions.len());
            self.counts.push(regions);
        }
    }

    /// Goes towards a step, back at once or forth until about `budget` regions are counted. Says at which step it is then.
    pub fn advance_to(&mut self, step: u64, budget: usize) -> u64 {
        self.training.back_to(step);
        let mut counted = 0;
        while self.training.n_steps() < step && counted < budget && self.training.step().is_ok() {
            self.count();
            counted += self.counts[self.training.n_steps() as usize];
        }
        self.training.n_steps()
    }

    /// The network where the run has come to.
    pub fn network(&mut self) -> Network {
        let phi = self.training.parameters().to_vec();
        self.training.objective_mut().network(&phi).clone()
    }

    /// The counts up to where the run has come to.
    pub fn counts(&mut self) -> RunCounts {
        RunCounts {
            regions: self.counts[..=self.training.n_steps() as usize].to_vec(),
            central: 2 * self.n_hidden,
            most: u64::try_from(count::zaslavsky(self.n_hidden as u64, 2)).map_or(usize::MAX, |n| n as usize),
            loss: self.training.loss(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_biases_start_with_exactly_two_regions_a_unit() {
        for (n_hidden, regions) in [(3, 6), (8, 16), (16, 32)] {
            for seed in 0..5 {
                let mut run = CountedRun::new(&RunOrigin { n_hidden, seed, zero_bias: true, rate: 0.02 });
                assert_eq!(run.counts().regions, [regions], "D = {n_hidden}, seed {seed}");
            }
        }
    }

    #[test]
    fn regions_become_more_as_biases_learn_and_never_more_than_zaslavsky_allows() {
        let mut run = CountedRun::new(&RunOrigin { n_hidden: 8, seed: 1, zero_bias: true, rate: 0.02 });
        assert_eq!(run.advance_to(100, usize::MAX), 100);
        let counts = run.counts();
        assert_eq!((counts.regions.len(), counts.central, counts.most), (101, 16, 37));
        assert!(counts.regions[100] > 16 && counts.regions.iter().all(|&n| n <= 37), "{:?}", counts.regions);
        assert_eq!(run.advance_to(3, 0), 3, "going back needs no budget");
        assert_eq!(run.counts().regions, counts.regions[..4], "an earlier step shows what was counted up to there");
        assert_eq!(run.advance_to(100, 40), 5, "two steps have more than 40 regions together");
    }
}
