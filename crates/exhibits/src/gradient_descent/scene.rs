use piecewise_core::{
    data, math,
    train::{Gabor, GradientCheck, LinearRegression, Objective},
};
use piecewise_plot::{Surface, format_number};
use serde::Serialize;

use super::{
    Loss, Params,
    descent::{Descent, Next, Runaway, descend},
    params::{Clock, Method},
};

/// The loss is shown on a grid of so many points along each axis.
const GRID: usize = 61;

/// The grid of homework 8 has so many points along each axis.
const HOMEWORK_GRID: usize = 100;

/// Everything there is to see, but the surface and the map of basins.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scene {
    /// φ at each step, from the start on.
    pub path: Vec<[f64; 2]>,
    /// The loss over all examples at each of them.
    pub losses: Vec<f64>,
    /// ∂L/∂φ where the path has arrived, over all examples.
    pub gradient: [f64; 2],
    /// The same by central differences of the loss.
    pub differences: [f64; 2],
    /// The largest error between the two, relative to the larger one, or to 1 where both are smaller.
    pub check_error: f64,
    /// The next step in numbers; nothing when the path has run away.
    pub next: Option<Next>,
    /// How line search finds that step, when the rule is line search.
    pub search: Option<Search>,
    /// λ_min and λ_max, the least and the largest curvature where the path has arrived.
    pub curvatures: [f64; 2],
    /// The step at which the path ran away.
    pub runaway: Option<Runaway>,
    /// All rules from the same start, in the order of [`Method::ALL`]; none when there is no race.
    pub race: Vec<Descent>,
    /// Steps of gradient descent from whole φ_0 and φ_1: from, to.
    pub arrows: Vec<[[f64; 2]; 2]>,
    /// The examples (x, y); none when the loss is not about examples.
    pub examples: Vec<[f64; 2]>,
    /// The model at the φ where the path has arrived, as a curve through the examples' range.
    pub model: Vec<[f64; 2]>,
}

/// A line search: the loss along the line against the gradient, and the brackets that close in on its lowest place.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Search {
    /// Distance along the line, in lengths of the gradient, and the loss there.
    pub curve: Vec<[f64; 2]>,
    /// The four distances of every round.
    pub brackets: Vec<[f64; 4]>,
    /// The losses at the four points of every round.
    pub losses: Vec<[f64; 4]>,
    /// Where it ends.
    pub distance: f64,
    /// φ at the largest distance.
    pub end: [f64; 2],
}

/// The loss as a picture.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ground {
    /// The loss on the grid, in shares of the colour scale.
    pub surface: Surface,
    /// The least and the greatest loss on it.
    pub range: [f64; 2],
    /// The lowest point of the grid of homework 8 with its loss; only the Gabor model has one.
    pub homework: Option<([f64; 2], f64)>,
}

/// Computes the picture of the loss. Shares are square roots, so that valleys stand out; fourth roots where slopes are steepest.
pub fn compute_ground(params: &Params) -> Ground {
    let (values, _) = on_grid(params, params.view(), GRID);
    let range = range(&values);
    let root = |v: f64| if params.loss == Loss::Network { math::sqrt(math::sqrt(v)) } else { math::sqrt(v) };
    let shares = values.iter().map(|v| root((v - range[0]) / (range[1] - range[0]))).collect();
    let homework = (params.loss == Loss::Gabor && params.arrows).then(|| homework_grid(params).0);
    Ground { surface: Surface { n: GRID, shares }, range, homework }
}

/// The loss on a grid of n² points from `lo` to `hi`, row by row from below, and where the points are.
pub(super) fn on_grid(
    params: &Params,
    [lo, hi]: [[f64; 2]; 2],
    n: usize,
) -> (Vec<f64>, impl Fn(usize) -> [f64; 2] + use<>) {
    let mut objective = params.objective();
    let at = move |index: usize| {
        let share = [index % n, index / n].map(|i| i as f64 / (n - 1) as f64);
        [0, 1].map(|axis| lo[axis] + share[axis] * (hi[axis] - lo[axis]))
    };
    ((0..n * n).map(|index| objective.loss(&at(index))).collect(), at)
}

fn range(values: &[f64]) -> [f64; 2] {
    values.iter().fold([f64::INFINITY, f64::NEG_INFINITY], |[lo, hi], &v| [lo.min(v), hi.max(v)])
}

/// The lowest point of the grid of homework 8 with its loss, and the greatest loss on that grid.
fn homework_grid(params: &Params) -> (([f64; 2], f64), f64) {
    let (values, at) = on_grid(params, params.view(), HOMEWORK_GRID);
    let [least, greatest] = range(&values);
    let index = values.iter().position(|&value| value == least).unwrap_or(0);
    ((at(index), least), greatest)
}

/// Computes everything else.
pub fn compute(params: &Params) -> Scene {
    let descent = descend(params, params.method, Clock::Steps);
    let race = if params.race {
        let clock = params.clock;
        Method::ALL.iter().map(|&(method, _)| descend(params, method, clock)).collect()
    } else {
        Vec::new()
    };
    let mut objective = params.objective();
    let phi = descent.here();
    let mut gradient = [0.0; 2];
    objective.gradient(&phi, &mut gradient);
    let check = GradientCheck::compute(&gradient, |phi| objective.loss(phi), &phi);
    let hessian = objective.hessian(&phi);
    let search = descent
        .next
        .filter(|_| params.method == Method::LineSearch)
        .map(|next| search(params, &mut *objective, phi, next.gradient));
    Scene {
        gradient,
        differences: [check.differences[0], check.differences[1]],
        check_error: check.worst.map_or(0.0, |worst| worst.1),
        next: descent.next,
        search,
        curvatures: eigenvalues([hessian[(0, 0)], hessian[(0, 1)], hessian[(1, 1)]]),
        runaway: descent.runaway,
        path: descent.path,
        losses: descent.losses,
        race,
        arrows: if params.arrows { arrows(params) } else { Vec::new() },
        examples: examples(params.loss).to_vec(),
        model: model(params, phi),
    }
}

/// The eigenvalues of the symmetric matrix [[a, b], [b, c]], the lesser first; NaN where an entry is not finite.
fn eigenvalues([a, b, c]: [f64; 3]) -> [f64; 2] {
    let (middle, half) = (0.5 * (a + c), 0.5 * (a - c));
    let reach = math::sqrt(half * half + b * b);
    [middle - reach, middle + reach]
}

fn search(params: &Params, objective: &mut dyn Objective, phi: [f64; 2], gradient: [f64; 2]) -> Search {
    const N: u32 = 120;
    let at = |distance: f64| [phi[0] - distance * gradient[0], phi[1] - distance * gradient[1]];
    let search = params.line_search();
    let (mut brackets, mut losses) = (Vec::new(), Vec::new());
    let distance = search.minimize(
        |distance| objective.loss(&at(distance)),
        |round| {
            brackets.push(round.at);
            losses.push(round.loss);
        },
    );
    let distances = (0..=N).map(|i| f64::from(i) / f64::from(N) * search.max_distance);
    let curve = distances.map(|distance| [distance, objective.loss(&at(distance))]).collect();
    Search { curve, brackets, losses, distance, end: at(search.max_distance) }
}

fn examples(loss: Loss) -> &'static [[f64; 2]] {
    match loss {
        Loss::Line => &data::LINEAR_REGRESSION,
        Loss::Gabor => &data::GABOR,
        Loss::Ravine => &[],
        Loss::Network => &data::NOTEBOOK_3_1,
    }
}

/// The range of x in which the model is drawn.
pub(super) fn x_range(loss: Loss) -> [f64; 2] {
    match loss {
        Loss::Line => [0.0, 2.0],
        Loss::Gabor | Loss::Ravine => [-15.0, 15.0],
        Loss::Network => [0.0, 1.0],
    }
}

/// The range of y in which it is drawn.
pub(super) fn y_range(loss: Loss) -> [f64; 2] {
    match loss {
        Loss::Line => [0.0, 2.0],
        Loss::Gabor | Loss::Ravine => [-1.2, 1.2],
        Loss::Network => [-1.0, 1.0],
    }
}

fn model(params: &Params, phi: [f64; 2]) -> Vec<[f64; 2]> {
    let [lo, hi] = x_range(params.loss);
    match params.loss {
        Loss::Line => [lo, hi].map(|x| [x, LinearRegression::model(&phi, x)]).to_vec(),
        Loss::Gabor => (0..=300)
            .map(|i| {
                let x = lo + f64::from(i) / 300.0 * (hi - lo);
                [x, Gabor::model(&phi, x)]
            })
            .collect(),
        Loss::Ravine => Vec::new(),
        Loss::Network => {
            let network = params.network_at(phi);
            let hidden = &network.layers[0];
            let joints = hidden.beta.iter().zip(hidden.omega.iter()).map(|(beta, omega)| -beta / omega);
            let mut xs: Vec<f64> = joints.filter(|&x| lo < x && x < hi).chain([lo, hi]).collect();
            xs.sort_by(f64::total_cmp);
            xs.into_iter().map(|x| [x, network.output(&[x])[0]]).collect()
        }
    }
}

/// The learning rate of the field of arrows: that of homework 8, and a usual one elsewhere.
pub(super) fn arrow_alpha(loss: Loss) -> f64 {
    Method::Descent.usual_alpha(loss)
}

/// One step of gradient descent from every point of the view whose coordinates are whole (on finer grids where the view is small).
fn arrows(params: &Params) -> Vec<[[f64; 2]; 2]> {
    let mut objective = params.objective();
    let alpha = arrow_alpha(params.loss);
    let [lo, hi] = params.view();
    let spacing = [0, 1].map(|axis| (hi[axis] - lo[axis]) / 20.0);
    let range = |axis: usize| {
        // Rounding must not take the last point away.
        let first = (lo[axis] / spacing[axis] - 1e-9).ceil() as i64;
        let last = (hi[axis] / spacing[axis] + 1e-9).floor() as i64;
        (first..=last).map(move |i| i as f64 * spacing[axis])
    };
    let mut arrows = Vec::new();
    for phi_1 in range(1) {
        for phi_0 in range(0) {
            let mut gradient = [0.0; 2];
            objective.gradient(&[phi_0, phi_1], &mut gradient);
            arrows.push([[phi_0, phi_1], [phi_0 - alpha * gradient[0], phi_1 - alpha * gradient[1]]]);
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

    /// λ_max, the largest curvature there.
    pub fn lambda_max(&self) -> f64 {
        self.curvatures[1]
    }

    /// κ = λ_max / λ_min, where the loss curves upwards in every direction.
    pub fn condition(&self) -> Option<f64> {
        (self.curvatures[0] > 1e-9 * self.curvatures[1]).then(|| self.curvatures[1] / self.curvatures[0])
    }

    /// 1/λ_max, from which the path is jagged, and α_max = 2/λ_max, above which steps grow; none where nothing curves upwards.
    pub fn alpha_limits(&self) -> Option<[f64; 2]> {
        (self.curvatures[1] > 0.0).then(|| [1.0, 2.0].map(|times| times / self.curvatures[1]))
    }

    /// What α times the largest curvature says of plain gradient descent here.
    pub fn stability(&self, params: &Params) -> String {
        let product = params.alpha * self.lambda_max();
        let factor = format_number(1.0 - product, 2);
        let along = "along the steepest direction every step multiplies the distance to the bottom by 1 − α·λ =";
        if params.batch > 0 || params.method != Method::Descent {
            "it says something of plain descent on all examples only.".to_owned()
        } else if !product.is_finite() {
            "no curvature can be computed here.".to_owned()
        } else if self.curvatures == [0.0; 2] {
            "the loss is flat here.".to_owned()
        } else if self.lambda_max() <= 0.0 {
            "no valley here: the loss curves downwards.".to_owned()
        } else if product > 2.0 {
            format!("above 2, steps grow: {along} {factor}.")
        } else if product > 1.0 {
            format!("between 1 and 2, jagged: {along} {factor}, so it changes sides.")
        } else {
            format!("below 1, smooth: {along} {factor}.")
        }
    }

    /// What there is to see, for those who do not.
    pub fn sentence(&self) -> String {
        format!(
            "After {} steps the loss has gone from {} to {}.",
            self.path.len() - 1,
            format_number(self.losses[0], 3),
            format_number(self.loss(), 3)
        )
    }

    /// Where the run is, who leads in a race, or why the path ends.
    pub fn status(&self, params: &Params) -> String {
        match (self.runaway, self.leader()) {
            (_, Some(leader)) => {
                let name = Method::ALL[leader].1;
                let clock = if params.clock == Clock::Steps { "steps" } else { "gradients" };
                format!("after {} {clock} lowest: {name}, {}", params.steps, format_loss(self.race[leader].loss()))
            }
            (Some(runaway), None) => {
                let loss =
                    runaway.loss.map_or("is no number any more".to_owned(), |loss| format!("grew to {loss:.3e}"));
                let product = params.alpha * self.lambda_max();
                let cause = if params.method == Method::Descent && params.batch == 0 && product > 2.0 {
                    format!(
                        "α·λ = {} is above 2, so every step overshoots further than the one before",
                        format_number(product, 2)
                    )
                } else {
                    format!("the step of α = {} is too long for this slope", format_number(params.alpha, 4))
                };
                format!(
                    "Ran away at step {}: the loss {loss}. The cause: {cause}. The picture shows the last good step.",
                    runaway.step
                )
            }
            (None, None) => format!("step {} · loss {}", params.steps, format_loss(self.loss())),
        }
    }

    /// Who of the race has the least loss.
    pub fn leader(&self) -> Option<usize> {
        (0..self.race.len()).min_by(|&a, &b| self.race[a].loss().total_cmp(&self.race[b].loss()))
    }
}

/// A loss, also a very small one.
pub(super) fn format_loss(loss: f64) -> String {
    if loss > 0.0 && loss < 1e-3 { format!("{loss:.2e}").replace('-', "−") } else { format_number(loss, 4) }
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
        assert!((scene.lambda_max() - 50.030_03).abs() < 5e-6);
        assert!((2.0 / scene.lambda_max() - 0.039_976_0).abs() < 5e-8, "α_max");
    }

    #[test]
    fn above_alpha_max_the_loss_grows_and_below_it_falls() {
        let (_, scene) = preset("too-fast");
        assert!(scene.losses.windows(2).skip(3).all(|pair| pair[1] > pair[0]));
        let (params, scene) = preset("jagged");
        assert!(scene.loss() < 1.0 && scene.stability(&params).starts_with("between"));
    }

    #[test]
    fn gabor_is_on_its_way_after_21_steps_and_alpha_decides_where_it_arrives() {
        let (_, scene) = preset("gabor");
        assert!((scene.losses[0] - 11.696_02).abs() < 5e-6);
        assert!((scene.loss() - 3.707_74).abs() < 5e-6);
        let (params, _) = preset("gabor");
        let arrived = compute(&Params { steps: 500, ..params.clone() });
        assert!((arrived.loss() - 0.6457).abs() < 5e-5, "{}", arrived.loss());
        assert!((1.0 / arrived.alpha_limits().expect("a valley")[1] - 5.664_46).abs() < 5e-6);
        let restless = compute(&Params { steps: 500, alpha: 0.3, ..params });
        let jumps = restless.path[400..].windows(2).map(|pair| (pair[1][0] - pair[0][0]).abs());
        assert!(jumps.fold(f64::INFINITY, f64::min) > 0.2, "it jumps to and fro across the valley for ever");
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
    fn a_run_that_has_run_away_says_the_step_the_cause_and_what_is_shown() {
        let params = Params { alpha: 2.0, steps: 400, ..Params::default() };
        let scene = compute(&params);
        let runaway = scene.runaway.expect("it runs away");
        let status = scene.status(&params);
        assert!(status.starts_with(&format!("Ran away at step {}: the loss grew to", runaway.step)), "{status}");
        assert!(status.contains("α·λ = ") && status.contains("is above 2"), "{status}");
        let (params, scene) = preset("line");
        assert!(scene.status(&params).starts_with(&format!("step {} · loss ", params.steps)));
    }

    #[test]
    fn a_huge_learning_rate_runs_away_and_says_when() {
        let scene = compute(&Params { alpha: 2.0, steps: 500, ..Params::default() });
        assert_eq!(scene.runaway.map(|runaway| runaway.step), Some(1));
        assert!(scene.losses.iter().all(|loss| loss.is_finite()));
    }

    #[test]
    fn the_line_has_the_condition_number_of_its_hessian() {
        let scene = compute(&Params::default());
        assert!((scene.curvatures[0] - 3.994_17).abs() < 5e-6 && (scene.curvatures[1] - 50.030_03).abs() < 5e-6);
        assert!((scene.condition().expect("a valley") - 12.53).abs() < 5e-3);
        let [jagged, most] = scene.alpha_limits().expect("a valley");
        assert!((most - 0.039_976).abs() < 5e-7 && (jagged - 0.019_988).abs() < 5e-7);
    }

    #[test]
    fn between_both_limits_the_distance_along_the_steepest_direction_changes_sign_at_every_step() {
        // The eigenvector of λ_max of [[24, 22.82], [22.82, 30.0242]], and the minimum.
        let (steepest, minimum) = ([0.659_26, 0.751_91], [0.825_95, 0.522_23]);
        let signs = |alpha: f64| {
            let scene = compute(&Params { alpha, steps: 6, ..Params::default() });
            let along = |phi: &[f64; 2]| (phi[0] - minimum[0]) * steepest[0] + (phi[1] - minimum[1]) * steepest[1];
            scene.path.iter().map(|phi| along(phi) > 0.0).collect::<Vec<bool>>()
        };
        assert!(signs(0.03).windows(2).all(|pair| pair[0] != pair[1]), "jagged above 1/λ_max = 0.019988");
        assert!(signs(0.015).windows(2).all(|pair| pair[0] == pair[1]), "smooth below it");
    }

    #[test]
    fn the_lowest_point_of_the_grid_of_homework_8_is_marked() {
        let ((at, least), greatest) = homework_grid(&preset("arrows").0);
        assert!((least - 0.6967).abs() < 5e-5 && (greatest - 22.2834).abs() < 5e-5);
        assert!((at[0] - 0.101).abs() < 5e-4 && (at[1] - 16.035).abs() < 5e-4);
    }

    #[test]
    fn the_gradient_agrees_with_central_differences_in_every_preset() {
        for entry in super::super::PRESETS {
            let scene = preset(entry.start).1;
            assert!(scene.check_error < 1e-6, "{}: {:?} and {:?}", entry.start, scene.gradient, scene.differences);
        }
    }

    #[test]
    fn line_search_closes_in_on_the_lowest_place_and_the_next_step_goes_there() {
        let (params, scene) = preset("line-search");
        let search = scene.search.as_ref().expect("a line search");
        assert!(search.brackets.windows(2).all(|pair| pair[1][3] - pair[1][0] < pair[0][3] - pair[0][0]));
        let lowest = search.curve.iter().min_by(|a, b| a[1].total_cmp(&b[1])).expect("a curve");
        assert!((lowest[0] - search.distance).abs() <= params.line_search().max_distance / 120.0);
        assert_eq!(scene.next.expect("a step").alpha, search.distance);
        assert!(search.brackets.iter().all(|at| at[0] <= search.distance && search.distance <= at[3]));
    }

    #[test]
    fn all_rules_race_from_one_start_and_the_clock_of_gradients_charges_line_search() {
        let (mut params, scene) = preset("race");
        assert_eq!(scene.race.len(), 6);
        for racer in &scene.race {
            assert_eq!((racer.path[0], racer.path.len()), (params.origin, 41));
        }
        // As in figure 6.9, plain descent is last on the ravine.
        let descent = scene.race[0].loss();
        assert!(scene.race[1..].iter().all(|racer| racer.loss() < descent));
        params.steps = 12;
        assert_eq!(compute(&params).leader(), Some(1), "by steps, line search leads at first");
        params = Params { clock: Clock::Gradients, steps: 40, ..params };
        let scene = compute(&params);
        assert!(scene.race.iter().all(|racer| racer.gradients[racer.gradients.len() - 1] <= 40.0 + 1e-9));
        // 15 rounds of four losses are 20 gradients, and the gradient itself is one more.
        assert!(scene.race[1].path.len() <= 3 && scene.leader() != Some(1));
    }

    #[test]
    fn the_rule_that_is_chosen_runs_the_same_in_a_race_and_alone() {
        let (params, scene) = preset("race");
        assert_eq!(scene.race[0].path, compute(&Params { race: false, ..params }).path);
    }

    #[test]
    fn two_parameters_of_the_network_begin_with_the_loss_of_the_notebook() {
        let (params, _) = preset("network");
        let scene = compute(&Params { steps: 0, ..params });
        assert!((scene.loss() - 9.384_87).abs() < 5e-6);
        assert_eq!(scene.model.iter().map(|point| point[0]).collect::<Vec<_>>().len(), 5, "three joints and two ends");
    }

    #[test]
    fn a_step_too_long_kills_a_unit_for_ever_and_a_short_one_arrives() {
        let (params, scene) = preset("network");
        assert_eq!(scene.gradient, [0.0; 2], "unit 1 is off at every point");
        assert_eq!(scene.here(), compute(&Params { steps: 500, ..params.clone() }).here());
        let patient = compute(&Params { alpha: 0.005, steps: 500, ..params });
        assert!((patient.loss() - 0.391_976).abs() < 5e-6);
        assert!(patient.alpha_limits().expect("a valley")[1] < 0.01);
    }

    #[test]
    fn the_remedy_of_a_runaway_is_stable() {
        let params = Params { alpha: 2.0, ..Params::default() };
        let safe = params.safe_alpha();
        assert!((0.02..0.039_976).contains(&safe), "{safe}");
        assert!(compute(&Params { alpha: safe, steps: 500, ..params }).runaway.is_none());
    }

    #[test]
    fn there_is_an_arrow_at_every_whole_point_of_the_gabor_view() {
        assert_eq!(preset("arrows").1.arrows.len(), 21 * 20);
    }
}
