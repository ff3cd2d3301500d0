use piecewise_core::{
    data::Examples,
    job::{Advance, Job},
    network::{Activation, Initialization, Network},
    train::{Divergence, Loss, NetworkLoss, Optimizer, Rule, Settings, Training},
};
use serde::Serialize;

use super::{Params, scene::target_value};

/// How many examples there are, evenly spaced over a unit on both sides of the jump, none of them on it.
const N_EXAMPLES: usize = 64;

/// How many steps of training there are.
pub const N_STEPS: u64 = 20_000;

/// The training is looked at in so many moments after the start, denser at first.
pub const N_MOMENTS: u64 = 100;

/// The training step of a moment: squares, so that the first ones are close together.
pub(super) fn step_of(moment: u64) -> u64 {
    N_STEPS * moment * moment / (N_MOMENTS * N_MOMENTS)
}

/// A network of one input on its way, at one moment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Moment {
    /// How many steps it has taken.
    pub step: u64,
    /// The corners of its output from one end of the examples to the other.
    pub network: Vec<[f64; 2]>,
    /// The slope of its steepest piece there, up or down.
    pub slope: f64,
    /// The mean squared error over the examples.
    pub loss: f64,
}

/// Gradient descent asked to make the step: the whole training, moment by moment, computed slice by slice.
#[derive(Debug)]
pub struct Lesson {
    training: Training<NetworkLoss>,
    range: [f64; 2],
    moments: Vec<Moment>,
    divergence: Option<Divergence>,
}

impl Lesson {
    /// The moments so far, the start first.
    pub fn moments(&self) -> &[Moment] {
        &self.moments
    }

    /// Why the training cannot go on, if it cannot.
    pub fn divergence(&self) -> Option<Divergence> {
        self.divergence
    }

    fn look(&mut self) {
        let network = {
            let phi = self.training.parameters().to_vec();
            self.training.objective_mut().network(&phi).clone()
        };
        let corners = corners(&network, self.range);
        let slope = steepest(&corners);
        let loss = self.training.loss();
        self.moments.push(Moment { step: self.training.n_steps(), network: corners, slope, loss });
    }
}

impl Job for Lesson {
    /// Height, place and blur of the target, units, seed and rule count; see [`Params::lesson_question`].
    type Input = Params;
    /// How many moments there are.
    type Progress = usize;
    type Output = ();

    fn start(params: Params) -> Self {
        let sizes = [1, params.units as usize, 1];
        let network = Network::initialized(&sizes, Activation::Relu, Initialization::PYTORCH_LINEAR, params.seed)
            .unwrap_or_else(|_| Network::shallow(&[[0.0, 1.0]], 0.0, &[0.0], Activation::Relu));
        let examples = examples(&params);
        let phi = network.parameters();
        let optimizer =
            if params.adam { Optimizer::new(Rule::ADAM, 0.01) } else { Optimizer::new(Rule::GradientDescent, 0.1) };
        let objective = NetworkLoss::new(network, Examples::from_points(&examples), Loss::MEAN_SQUARED);
        let training = Training::new(objective, phi, Settings { optimizer, batch_size: None }, params.seed);
        let range = [params.center - 1.0, params.center + 1.0];
        Self { training, range, moments: Vec::new(), divergence: None }
    }

    fn advance(&mut self, budget: u64) -> Advance<usize, ()> {
        if self.moments.is_empty() {
            self.look();
        }
        let mut left = budget;
        loop {
            let moment = self.moments.len() as u64;
            if moment > N_MOMENTS || self.divergence.is_some() {
                return Advance::Done(());
            }
            let (before, until) = (self.training.n_steps(), step_of(moment));
            match self.training.advance_to(until, left) {
                Ok(true) => self.look(),
                Ok(false) => return Advance::Progress(self.moments.len()),
                Err(divergence) => self.divergence = Some(divergence),
            }
            let spent = (self.training.n_steps() - before) * self.training.work_per_step();
            left = left.saturating_sub(spent);
            if left == 0 {
                return Advance::Progress(self.moments.len());
            }
        }
    }
}

/// The examples (x, y) of the target.
pub(super) fn examples(params: &Params) -> Vec<[f64; 2]> {
    (0..N_EXAMPLES)
        .map(|i| {
            let x = params.center - 1.0 + (2 * i + 1) as f64 / N_EXAMPLES as f64;
            [x, target_value(params, x)]
        })
        .collect()
}

/// The corners of a shallow network with one input, exactly: its ends and its joints between them.
fn corners(network: &Network, [lo, hi]: [f64; 2]) -> Vec<[f64; 2]> {
    let hidden = &network.layers[0];
    let joints = hidden.beta.iter().zip(hidden.omega.iter()).map(|(beta, omega)| -beta / omega);
    let mut xs: Vec<f64> = joints.filter(|&x| lo < x && x < hi).chain([lo, hi]).collect();
    xs.sort_by(f64::total_cmp);
    xs.dedup();
    xs.into_iter().map(|x| [x, network.output(&[x])[0]]).collect()
}

/// The slope of the steepest piece, without its sign.
fn steepest(corners: &[[f64; 2]]) -> f64 {
    let slopes = corners.windows(2).filter(|pair| pair[1][0] - pair[0][0] > 1e-9);
    slopes.map(|pair| ((pair[1][1] - pair[0][1]) / (pair[1][0] - pair[0][0])).abs()).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trained(change: impl FnOnce(&mut Params)) -> Lesson {
        let mut params = Params::default();
        change(&mut params);
        let mut lesson = Lesson::start(params.lesson_question());
        while lesson.advance(1 << 24) != Advance::Done(()) {}
        lesson
    }

    #[test]
    fn gradient_descent_only_creeps_towards_a_steep_step() {
        let lesson = trained(|p| p.units = 16);
        let slopes: Vec<f64> = lesson.moments().iter().map(|moment| moment.slope).collect();
        assert_eq!((slopes.len() as u64, lesson.moments()[100].step), (N_MOMENTS + 1, N_STEPS));
        // Between the two examples beside the jump a slope of 32 would do; after 20,000 steps there is a third of it.
        assert!(slopes[100] > 8.0 && slopes[100] < 16.0, "{}", slopes[100]);
        // The second ten thousand steps bring less than half as much again.
        let halfway =
            lesson.moments().iter().find(|moment| moment.step >= N_STEPS / 2).expect("it is on the way").slope;
        assert!(slopes[100] > halfway && slopes[100] < 1.5 * halfway, "{halfway} and {}", slopes[100]);
    }

    #[test]
    fn two_units_often_end_with_one_straight_line() {
        let lesson = trained(|p| p.units = 2);
        let last = &lesson.moments()[100];
        // The best straight line through the examples.
        let points = examples(&Params::default());
        let mean = points.iter().map(|point| point[1]).sum::<f64>() / 64.0;
        let (xy, xx) = points.iter().fold((0.0, 0.0), |(xy, xx), [x, y]| (xy + x * (y - mean), xx + x * x));
        assert!(last.slope > 0.9 * xy / xx && last.slope < 1.5 * xy / xx, "{}", last.slope);
    }

    #[test]
    fn a_blurred_target_is_learned_where_a_jump_is_not() {
        let error = |blur: f64| trained(|p| (p.units, p.blur) = (16, blur)).moments()[100].loss;
        assert!(error(0.5) < 0.1 * error(0.0), "{} and {}", error(0.5), error(0.0));
    }

    #[test]
    fn slices_of_any_length_give_the_same_training() {
        let params = Params { units: 2, ..Params::default() };
        let mut fine = Lesson::start(params.lesson_question());
        while fine.advance(50_000) != Advance::Done(()) {}
        assert_eq!(fine.moments(), trained(|p| p.units = 2).moments());
    }

    #[test]
    fn the_corners_of_a_network_are_its_ends_and_its_joints() {
        let network = Network::shallow(&[[-0.5, 1.0], [3.0, 1.0]], 0.25, &[2.0, 0.0], Activation::Relu);
        let corners = corners(&network, [-1.0, 1.0]);
        assert_eq!(corners, [[-1.0, 0.25], [0.5, 0.25], [1.0, 1.25]]);
        assert_eq!(steepest(&corners), 2.0);
    }
}
