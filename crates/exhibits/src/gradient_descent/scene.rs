use piecewise_core::{
    data, math,
    train::{Batches, Gabor, LinearRegression, Memory, Objective as _, Rule},
};
use piecewise_plot::Surface;
use serde::Serialize;

use super::{
    Loss, Params,
    params::{MOST_STEPS, Method},
};

/// The loss is shown on a grid of so many points along each axis.
const GRID: usize = 41;

/// A loss that is this much larger than the greatest one in view has run away.
const RUNAWAY: f64 = 1e3;

/// The learning rate of the field of arrows (homework 8).
const ARROW_ALPHA: f64 = 0.1;

/// Everything there is to see, but the surface.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scene {
    /// φ at each step, from the start on.
    pub path: Vec<[f64; 2]>,
    /// The loss over all examples at each of them.
    pub losses: Vec<f64>,
    /// ∂L/∂φ where the path has arrived, over all examples.
    pub gradient: [f64; 2],
    /// The next step in numbers: what is added to φ; nothing when the path has run away.
    pub update: Option<[f64; 2]>,
    /// λ_max, the largest curvature where the path has arrived.
    pub lambda_max: f64,
    /// The step at which the path ran away.
    pub runaway: Option<u64>,
    /// Steps of gradient descent from whole φ_0 and φ_1: from, to.
    pub arrows: Vec<[[f64; 2]; 2]>,
    /// The examples (x, y); none when the loss is not about examples.
    pub examples: Vec<[f64; 2]>,
    /// The model at the φ where the path has arrived, as a curve through the examples' range.
    pub model: Vec<[f64; 2]>,
}

/// The loss as a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Ground {
    /// The loss on the grid, in shares of the colour scale.
    pub surface: Surface,
    /// The least and the greatest loss on it.
    pub range: [f64; 2],
}

/// Computes the picture of a loss. Shares are square roots, so that valleys stand out.
pub fn compute_ground(loss: Loss) -> Ground {
    let mut objective = loss.objective();
    let [lo, hi] = loss.view();
    let at = |index: usize, axis: usize| lo[axis] + index as f64 / (GRID - 1) as f64 * (hi[axis] - lo[axis]);
    let values: Vec<f64> = (0..GRID * GRID).map(|i| objective.loss(&[at(i % GRID, 0), at(i / GRID, 1)])).collect();
    let range = values.iter().fold([f64::INFINITY, f64::NEG_INFINITY], |[lo, hi], &v| [lo.min(v), hi.max(v)]);
    let shares = values.iter().map(|v| math::sqrt((v - range[0]) / (range[1] - range[0]))).collect();
    Ground { surface: Surface { n: GRID, shares }, range }
}

/// Computes everything else.
pub fn compute(params: &Params) -> Scene {
    let mut objective = params.loss.objective();
    let optimizer = params.optimizer();
    let mut memory = Memory::new(2);
    let mut batches = (params.batch > 0 && params.batch < params.loss.n_examples())
        .then(|| Batches::new(params.loss.n_examples() as u32, params.batch as u32, params.seed));

    let mut phi = params.origin;
    let mut path = vec![phi];
    let mut losses = vec![objective.loss(&phi)];
    let limit = RUNAWAY * losses[0].max(1.0);
    let mut runaway = None;
    // One step more than were taken: its update is the next step in numbers.
    let mut update = None;
    for step in 0..=params.steps.min(MOST_STEPS) {
        let mut next = phi;
        let batch = batches.as_mut().map(|batches| batches.batch(step).to_vec());
        optimizer.step(&mut objective, batch.as_deref(), &mut next, &mut memory);
        if step == params.steps {
            update = Some([memory.update()[0], memory.update()[1]]);
            break;
        }
        let loss = objective.loss(&next);
        if !(loss < limit && next.iter().all(|x| x.is_finite())) {
            runaway = Some(step + 1);
            break;
        }
        phi = next;
        path.push(phi);
        losses.push(loss);
    }

    let mut gradient = [0.0; 2];
    objective.gradient(&phi, &mut gradient);
    Scene {
        path,
        losses,
        gradient,
        update,
        lambda_max: objective.lambda_max(&phi),
        runaway,
        arrows: if params.arrows { arrows(params.loss) } else { Vec::new() },
        examples: examples(params.loss).to_vec(),
        model: model(params.loss, phi),
    }
}

fn examples(loss: Loss) -> &'static [[f64; 2]] {
    match loss {
        Loss::Line => &data::LINEAR_REGRESSION,
        Loss::Gabor => &data::GABOR,
        Loss::Ravine => &[],
    }
}

/// The range of x in which the model is drawn.
pub(super) fn x_range(loss: Loss) -> [f64; 2] {
    match loss {
        Loss::Line => [0.0, 2.0],
        Loss::Gabor | Loss::Ravine => [-15.0, 15.0],
    }
}

/// The range of y in which it is drawn.
pub(super) fn y_range(loss: Loss) -> [f64; 2] {
    match loss {
        Loss::Line => [0.0, 2.0],
        Loss::Gabor | Loss::Ravine => [-1.2, 1.2],
    }
}

fn model(loss: Loss, phi: [f64; 2]) -> Vec<[f64; 2]> {
    let [lo, hi] = x_range(loss);
    match loss {
        Loss::Line => [lo, hi].map(|x| [x, LinearRegression::model(&phi, x)]).to_vec(),
        Loss::Gabor => (0..=300)
            .map(|i| {
                let x = lo + f64::from(i) / 300.0 * (hi - lo);
                [x, Gabor::model(&phi, x)]
            })
            .collect(),
        Loss::Ravine => Vec::new(),
    }
}

/// One step of gradient descent from every point of the view whose coordinates are whole (tenths, where the view is small).
fn arrows(loss: Loss) -> Vec<[[f64; 2]; 2]> {
    let mut objective = loss.objective();
    let [lo, hi] = loss.view();
    let spacing = if loss == Loss::Gabor { 1.0 } else { 0.1 };
    let range = |axis: usize| {
        let first = (lo[axis] / spacing).ceil() as i64;
        let last = (hi[axis] / spacing).floor() as i64;
        (first..=last).map(move |i| i as f64 * spacing)
    };
    let mut arrows = Vec::new();
    for phi_1 in range(1) {
        for phi_0 in range(0) {
            let mut gradient = [0.0; 2];
            objective.gradient(&[phi_0, phi_1], &mut gradient);
            arrows.push([[phi_0, phi_1], [phi_0 - ARROW_ALPHA * gradient[0], phi_1 - ARROW_ALPHA * gradient[1]]]);
        }
    }
    arrows
}

impl Scene {
    /// φ where the path has arrived.
    pub fn here(&self) -> [f64; 2] {
        self.path[self.path.len() - 1]
    }

    /// The loss there.
    pub fn loss(&self) -> f64 {
        self.losses[self.losses.len() - 1]
    }

    /// What α times the largest curvature says of plain gradient descent here.
    pub fn stability(&self, params: &Params) -> &'static str {
        let product = params.alpha * self.lambda_max;
        if params.batch > 0 || !matches!(params.optimizer().rule, Rule::GradientDescent) {
            "says something of plain descent on all examples only"
        } else if !product.is_finite() {
            "no curvature can be computed here"
        } else if self.lambda_max <= 0.0 {
            "no valley here: the loss curves downwards"
        } else if product > 2.0 {
            "above 2: steps grow"
        } else if product > 1.0 {
            "between 1 and 2: jagged, every step jumps across the valley"
        } else {
            "below 1: smooth"
        }
    }
}

/// Whether a method has a learning rate.
pub fn has_alpha(method: Method) -> bool {
    method != Method::LineSearch
}

/// Whether a method has a β.
pub fn has_beta(method: Method) -> bool {
    matches!(method, Method::Momentum | Method::Nesterov | Method::Adam)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Params as _;

    fn preset(start: &str) -> (Params, Scene) {
        let params = Params::from_start(start).expect("a preset");
        let scene = compute(&params);
        (params, scene)
    }

    #[test]
    fn the_line_starts_with_the_loss_and_gradient_of_the_book() {
        let scene = compute(&Params { steps: 0, ..Params::default() });
        assert!((scene.loss() - 12.3669).abs() < 5e-5);
        assert!((scene.gradient[0] + 21.904).abs() < 5e-4 && (scene.gradient[1] + 26.8404).abs() < 5e-5);
        assert!((scene.lambda_max - 50.030_03).abs() < 5e-6);
        assert!((2.0 / scene.lambda_max - 0.039_976_0).abs() < 5e-8, "α_max");
    }

    #[test]
    fn above_alpha_max_the_loss_grows_and_below_it_falls() {
        let (_, scene) = preset("too-fast");
        assert!(scene.losses.windows(2).skip(3).all(|pair| pair[1] > pair[0]));
        let (params, scene) = preset("jagged");
        assert!(scene.loss() < 1.0 && scene.stability(&params).starts_with("between"));
    }

    #[test]
    fn gabor_ends_in_the_local_minimum_of_the_book() {
        let (_, scene) = preset("gabor");
        assert!((scene.losses[0] - 11.696_02).abs() < 5e-6);
        assert!((scene.loss() - 3.707_74).abs() < 5e-6);
    }

    #[test]
    fn the_ravine_is_slow_for_descent_and_short_for_adam() {
        let (_, descent) = preset("ravine");
        assert!((descent.loss() - 1.248e-4).abs() < 5e-8);
        let (_, adam) = preset("ravine-adam");
        assert!((adam.loss() - 1.874e-3).abs() < 5e-7);
        assert!((adam.here()[0] - 0.667_07).abs() < 5e-6 && (adam.here()[1] - 0.029_50).abs() < 5e-6);
    }

    #[test]
    fn a_step_back_and_forth_is_no_step() {
        let (mut params, scene) = preset("gabor-sgd");
        params.steps -= 1;
        assert_eq!(compute(&params).path[..], scene.path[..scene.path.len() - 1]);
    }

    #[test]
    fn a_huge_learning_rate_runs_away_and_says_when() {
        let scene = compute(&Params { alpha: 2.0, steps: 500, ..Params::default() });
        assert_eq!(scene.runaway, Some(1));
        assert!(scene.losses.iter().all(|loss| loss.is_finite()));
    }

    #[test]
    fn there_is_an_arrow_at_every_whole_point_of_the_gabor_view() {
        assert_eq!(preset("arrows").1.arrows.len(), 21 * 20);
    }
}
