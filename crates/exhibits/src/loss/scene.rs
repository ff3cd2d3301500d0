use std::rc::Rc;

use piecewise_core::{
    math,
    network::Network,
    regions::{Bounds, LineRegions},
    train::{Divergence, NetworkLoss, Objective as _, Training, TwoParameterSlice},
};
use piecewise_plot::{Surface, format_number};
use serde::Serialize;

use super::{
    Kind, Params,
    params::FARTHEST,
    shape::{DataSet, Model, Shape},
};

/// The surface is computed on a grid of so many points along each axis.
const GRID: usize = 45;

/// More regions than two layers of five units can make on a line.
const REGION_LIMIT: usize = 1024;

/// A descent whose loss has grown this many times has run away.
const RUNAWAY: f64 = 1e4;

/// What the author of the book came to by hand on the network of notebook 3.1.
pub const AUTHOR_LOSS: f64 = 0.181;

/// Everything there is to see, but the surface.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scene {
    /// The parameters that are shown: where descent has arrived.
    pub phi: Vec<f64>,
    /// L there.
    pub loss: f64,
    /// How many steps of descent that took.
    pub steps: u64,
    /// The examples, each with its share of the loss.
    pub examples: Vec<Example>,
    /// The model, or the probability of each class (of the second alone, where there are two), from left to right through the view. Straight
    /// between its points where numbers are wanted.
    pub curves: Vec<Vec<[f64; 2]>>,
    /// Where the model bends.
    pub joints: Vec<f64>,
    /// L at each step, from the start on; of a long descent not at every one.
    pub losses: Vec<[f64; 2]>,
    /// The two parameters of the surface on the way, from the start to where descent has arrived.
    pub path: Vec<[f64; 2]>,
    /// Why descent does not go on, as a sentence.
    pub stopped: Option<String>,
    /// The part of the plane of two parameters that the surface shows: the lower left corner and the upper right one.
    pub window: [[f64; 2]; 2],
    /// How many parameters there are.
    pub n_parameters: usize,
}

/// One example and what the model makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Example {
    /// x.
    pub x: f64,
    /// y, or the number of its class.
    pub y: f64,
    /// What the model says: its output, or the probability of the class of the example.
    pub said: f64,
    /// ℓ, what the example adds to the loss.
    pub share: f64,
}

/// The loss over two parameters, as a picture.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ground {
    /// The loss on the grid, in shares of the colour scale.
    pub surface: Surface,
    /// The least and the greatest loss on it.
    pub range: [f64; 2],
}

/// Computes everything but the surface.
pub fn compute(params: &Params) -> Scene {
    let mut run = params.training();
    let divergence = run.advance_to(params.steps, u64::MAX).err();
    compute_at(params, &mut run, divergence)
}

/// Computes everything but the surface where a descent has arrived.
pub fn compute_at(params: &Params, run: &mut Training<NetworkLoss>, divergence: Option<Divergence>) -> Scene {
    let phi = run.parameters().to_vec();
    let loss = run.loss();
    let steps = run.n_steps();
    let mut losses: Vec<[f64; 2]> = run.curve().points().iter().map(|&(step, loss)| [step as f64, loss]).collect();
    losses.push([steps as f64, loss]);
    let stopped = match divergence {
        Some(divergence) => Some(format!("{divergence}. Go back, and take a smaller learning rate α.")),
        None if loss > RUNAWAY * losses[0][1].max(1.0) => Some(format!(
            "The loss is {} times what it was: each step jumps further than the one before. Go back, and take a smaller learning rate α.",
            format_loss(loss / losses[0][1])
        )),
        None => None,
    };
    let path = run.states().map(|(_, phi)| params.axis_indices().map(|axis| phi[axis])).collect();
    let network = run.objective_mut().network(&phi).clone();
    let (curves, joints) = curves(params.shape().data, &network);
    Scene {
        examples: examples(params, &network),
        curves,
        joints,
        loss,
        steps,
        losses,
        path,
        stopped,
        window: window(params, &phi),
        n_parameters: phi.len(),
        phi,
    }
}

/// What each example adds to the loss.
fn examples(params: &Params, network: &Network) -> Vec<Example> {
    let kind = params.kind();
    let n_classes = params.shape().data.n_classes();
    let examples = params.points.iter().map(|&[x, y]| {
        let f = network.output(&[x]);
        // The loss of one example; a mean is shared out among all.
        let alone = kind.example.value(f.as_slice(), &params.wanted([x, y]));
        let share =
            if params.loss == Kind::Mean && n_classes == 0 { alone / params.points.len() as f64 } else { alone };
        let said = match n_classes {
            0 => f[0],
            2 => math::sigmoid(if y == 1.0 { f[0] } else { -f[0] }),
            _ => probability(f.as_slice(), y as usize),
        };
        Example { x, y, said, share }
    });
    examples.collect()
}

/// The softmax of class `class`, without overflow.
fn probability(f: &[f64], class: usize) -> f64 {
    math::exp(f[class] - math::log_sum_exp(f))
}

/// The curves of a model through the view, and its joints inside of it.
fn curves(data: DataSet, network: &Network) -> (Vec<Vec<[f64; 2]>>, Vec<f64>) {
    let [lo, hi] = data.bounds().map(|corner| corner[0]);
    let bounds = Bounds { lo: [lo], hi: [hi] };
    let Ok(regions) = LineRegions::compute(network, &bounds, REGION_LIMIT) else {
        return (Vec::new(), Vec::new());
    };
    let joints = regions.iter().skip(1).map(|region| region.ends()[0]).collect();
    let n_curves = data.n_outputs();
    let mut curves = vec![Vec::new(); n_curves];
    for region in regions.iter() {
        let [left, right] = region.ends();
        let maps: Vec<_> = (0..n_curves).map(|output| region.affine(output)).collect();
        let f = |x: f64| -> Vec<f64> { maps.iter().map(|map| map.value([x])).collect() };
        // A straight piece needs its ends only. Through a sigmoid it needs the more points, the more it climbs.
        let climb = maps.iter().fold(0.0_f64, |most, map| most.max(map.slope[0].abs())) * (right - left);
        let n = if data.n_classes() == 0 { 1 } else { (6.0 * climb).clamp(1.0, 96.0) as u32 };
        for i in 0..=n {
            let x = left + f64::from(i) / f64::from(n) * (right - left);
            let f = f(x);
            for (class, curve) in curves.iter_mut().enumerate() {
                let value = match data.n_classes() {
                    0 => f[0],
                    2 => math::sigmoid(f[0]),
                    _ => probability(&f, class),
                };
                curve.push([x, value]);
            }
        }
    }
    (curves, joints)
}

/// What the surface shows: what the parameters say, unless `phi` lies outside; then a window around it, on round numbers. A descent that has
/// run away is not followed: so far out there is nothing to see.
fn window(params: &Params, phi: &[f64]) -> [[f64; 2]; 2] {
    let here = params.axis_indices().map(|axis| phi[axis]);
    let is_shown = (0..2).all(|i| (here[i] - params.center[i]).abs() <= params.reach);
    let is_far = here.iter().any(|x| x.abs() > FARTHEST);
    let center =
        if is_shown || is_far { params.center } else { here.map(|x| (x / params.reach).round() * params.reach) };
    [center.map(|x| x - params.reach), center.map(|x| x + params.reach)]
}

/// Where the colour scale of a surface begins: at the least loss, but not below a ten-thousandth of the greatest.
fn floor_of(range: [f64; 2]) -> f64 {
    range[0].max(1e-4 * range[1])
}

/// Computes the surface of the loss over two parameters, all others as in `phi`. Shares are logarithms, so that valleys stand out: from one
/// colour to the next the loss grows by the same factor.
pub fn compute_ground(params: &Params, phi: &[f64], window: [[f64; 2]; 2]) -> Ground {
    let mut slice = TwoParameterSlice::new(params.objective(), phi.to_vec(), params.axis_indices());
    let [lo, hi] = window;
    let at = |index: usize, axis: usize| lo[axis] + index as f64 / (GRID - 1) as f64 * (hi[axis] - lo[axis]);
    let values: Vec<f64> = (0..GRID * GRID).map(|i| slice.loss(&[at(i % GRID, 0), at(i / GRID, 1)])).collect();
    let range = values.iter().fold([f64::INFINITY, f64::NEG_INFINITY], |[lo, hi], &v| [lo.min(v), hi.max(v)]);
    let floor = floor_of(range);
    let decades = math::ln(range[1] / floor);
    // Parameters that change nothing, such as those of a unit that is off at every example, leave the surface flat.
    let share = |v: f64| {
        if decades > 0.0 && decades.is_finite() { (math::ln(v.max(floor) / floor) / decades).min(1.0) } else { 0.0 }
    };
    Ground { surface: Surface { n: GRID, shares: values.into_iter().map(share).collect() }, range }
}

impl Scene {
    /// What there is to see, for those who do not.
    pub fn sentence(&self) -> String {
        let worst = self.examples.iter().fold(0.0_f64, |most, example| most.max(example.share));
        format!(
            "A model of {} parameters on {} examples: the loss is {}, and the worst example adds {} to it.",
            self.n_parameters,
            self.examples.len(),
            format_number(self.loss, 4),
            format_number(worst, 4)
        )
    }

    /// The two parameters of the surface.
    pub fn here(&self, params: &Params) -> [f64; 2] {
        params.axis_indices().map(|axis| self.phi[axis])
    }

    /// How an example's share comes about, with its numbers.
    pub fn substituted(&self, params: &Params, index: usize) -> Option<String> {
        let Example { y, said, share, .. } = *self.examples.get(index)?;
        let number = |x: f64| format_number(x, 4);
        let (f, wanted, share) = (number(said), number(y), format_loss(share));
        let wanted = if y < 0.0 { format!("({wanted})") } else { wanted };
        let i = piecewise_plot::subscript(index + 1);
        Some(if params.shape().data.n_classes() > 0 {
            format!("ℓ{i} = −ln Pr(class {}) = −ln {f} = {share}", y as usize)
        } else {
            match params.loss {
                Kind::Squares => format!("ℓ{i} = ({f} − {wanted})² = {share}"),
                Kind::Mean => format!("({f} − {wanted})² / {} = {share}", self.examples.len()),
                Kind::Absolute => format!("ℓ{i} = |{f} − {wanted}| = {share}"),
                Kind::Huber if (said - y).abs() <= params.delta => format!("ℓ{i} = ({f} − {wanted})² / 2 = {share}"),
                Kind::Huber => {
                    let delta = number(params.delta);
                    format!("ℓ{i} = {delta} · (|{f} − {wanted}| − {delta}/2) = {share}")
                }
            }
        })
    }
}

/// A loss in four decimals, or in three digits where it is huge.
pub(super) fn format_loss(loss: f64) -> String {
    if loss.is_finite() && loss >= 1e5 { format!("{loss:.2e}") } else { format_number(loss, 4) }
}

/// Whether the author's record is for this very task.
pub(super) fn is_challenge(params: &Params) -> bool {
    let shape = params.shape();
    (shape.data, shape.model, shape.n_hidden, params.loss) == (DataSet::Notebook, Model::Shallow, 3, Kind::Squares)
        && params.points == shape.data.points()
}

/// The best that was found by hand, and its loss.
pub type Best = (Rc<Params>, f64);

/// The record after another look: kept while it is about the same examples, the same model and the same loss, and beaten only by hand.
pub fn best_by_hand(record: Option<Best>, now: &Rc<Params>, scene: &Scene) -> Option<Best> {
    let kept = record.filter(|(then, _)| same_task(then, now));
    let by_hand = scene.steps == 0 && !now.helped;
    if by_hand && kept.as_ref().is_none_or(|&(_, loss)| scene.loss < loss) {
        Some((now.clone(), scene.loss))
    } else {
        kept
    }
}

/// What is called the same loss, so that two values of it can be compared.
fn same_task(a: &Params, b: &Params) -> bool {
    let without_seed = |params: &Params| Shape { seed: 0, ..params.shape() };
    without_seed(a) == without_seed(b) && (&a.points, a.loss, a.delta) == (&b.points, b.loss, b.delta)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Params as _;

    fn preset(start: &str) -> (Params, Scene) {
        let params = Params::from_start(start).expect("a preset");
        let scene = compute(&params);
        (params, scene)
    }

    #[test]
    fn a_record_is_set_by_hand_and_lost_with_the_task() {
        let at = |params: &Params| (Rc::new(params.clone()), compute(params));
        let (far, near) = (with_phi_of("line", &[0.6, -0.2]), with_phi_of("line", &[0.8, 0.5]));
        let ((far, at_far), (near, at_near)) = (at(&far), at(&near));
        let record = best_by_hand(None, &far, &at_far);
        let record = best_by_hand(record, &near, &at_near);
        assert_eq!(record.as_ref().map(|best| best.1), Some(at_near.loss));
        assert_eq!(best_by_hand(record.clone(), &far, &at_far), record, "a worse one is no record");
        let (down, at_down) = at(&Params { steps: 50, ..(*far).clone() });
        assert!(at_down.loss < at_far.loss);
        assert_eq!(best_by_hand(None, &down, &at_down), None, "descent is not by hand");
        let (other, at_other) = at(&Params::from_start("challenge").expect("a preset"));
        assert_eq!(best_by_hand(record, &other, &at_other).map(|best| best.1), Some(at_other.loss));
    }

    fn with_phi_of(start: &str, phi: &[f64]) -> Params {
        Params { phi: phi.to_vec(), ..Params::from_start(start).expect("a start") }
    }

    fn with_phi(start: &str, phi: &[f64]) -> Scene {
        compute(&with_phi_of(start, phi))
    }

    /// Numbers of UDL, section 2.2, computed independently to the digits given.
    #[test]
    fn lines_through_the_twelve_points_have_the_losses_of_the_book() {
        assert!((preset("line").1.loss - 12.3669).abs() < 5e-5);
        assert!((with_phi("line", &[1.2, 0.2]).loss - 0.687_06).abs() < 5e-6);
        assert!((preset("best-line").1.loss - 0.199_866).abs() < 5e-7);
        for (i, step) in [(0, 0.001), (0, -0.001), (1, 0.001), (1, -0.001)] {
            let (mut params, best) = preset("best-line");
            params.phi[i] += step;
            assert!(compute(&params).loss > best.loss, "no line near it is better");
        }
    }

    #[test]
    fn notebook_3_1_starts_with_the_loss_of_the_book_and_its_joints() {
        let (params, scene) = preset("challenge");
        assert!((scene.loss - 9.384_87).abs() < 5e-6);
        assert!(is_challenge(&params));
        let corners = [[0.0, 0.3], [0.3, -0.3], [0.5, -0.3], [0.769_23, -0.8385], [1.0, -0.25]];
        for corner in corners {
            let on_curve = scene.curves[0].iter().any(|at| (0..2).all(|i| (at[i] - corner[i]).abs() < 5e-5));
            assert!(on_curve, "{corner:?} in {:?}", scene.curves);
        }
        assert_eq!(scene.joints.len(), 3);
    }

    #[test]
    fn descent_alone_is_stuck_above_what_the_author_found_by_hand_and_from_a_good_hand_it_goes_below() {
        let (_, stuck) = preset("stuck");
        assert!((stuck.losses[0][1] - 9.384_87).abs() < 5e-6);
        assert_eq!(stuck.losses.len(), 1001);
        assert!((stuck.loss - 0.668_44).abs() < 5e-6, "{}", stuck.loss);
        let (_, together) = preset("together");
        assert!(together.losses[0][1] < 0.2 && (together.loss - 0.141_8).abs() < 5e-5, "{}", together.loss);
        assert!(together.loss < AUTHOR_LOSS && AUTHOR_LOSS < stuck.loss);
    }

    #[test]
    fn a_step_back_is_no_step() {
        let mut params = preset("stuck").0;
        params.steps = 40;
        let before = compute(&params);
        let mut run = params.training();
        run.advance_to(41, u64::MAX).expect("it goes well");
        run.advance_to(40, u64::MAX).expect("it went well");
        let back = compute_at(&params, &mut run, None);
        assert_eq!(Scene { path: before.path.clone(), ..back.clone() }, before);
        assert_eq!((back.path.first(), back.path.last()), (before.path.first(), before.path.last()));
    }

    #[test]
    fn a_learning_rate_that_is_too_large_is_explained() {
        let (mut params, _) = preset("line");
        (params.alpha, params.steps) = (1.0, 5000);
        let scene = compute(&params);
        assert!(scene.stopped.as_ref().is_some_and(|why| why.contains("learning rate")), "{:?}", scene.stopped);
        assert!(scene.loss.is_finite() && scene.examples.iter().all(|example| example.share.is_finite()));
        assert_eq!(scene.window, [[0.0, -0.5], [2.0, 1.5]], "the surface stays where it was");
    }

    /// The lines of the presets are the best ones of their losses: a little step in any direction is worse.
    #[test]
    fn one_point_far_off_bends_the_line_of_squares_and_not_the_one_of_distances() {
        for start in ["outlier-squares", "outlier-absolute", "outlier-huber"] {
            let (params, best) = preset(start);
            for change in [[0.01, 0.0], [-0.01, 0.0], [0.0, 0.01], [0.0, -0.01], [0.01, -0.01], [-0.01, 0.01]] {
                let mut moved = params.clone();
                moved.phi = vec![params.phi[0] + change[0], params.phi[1] + change[1]];
                assert!(compute(&moved).loss > best.loss, "{start} {change:?}");
            }
        }
        let others = |start: &str| preset(start).1.examples[..11].iter().map(|e| (e.said - e.y).abs()).sum::<f64>();
        assert!(others("outlier-absolute") < 0.91 && others("outlier-huber") < 0.98 && others("outlier-squares") > 2.5);
        let (_, scene) = preset("outlier-squares");
        assert!(
            (0.65..0.67).contains(&(scene.examples[11].share / scene.loss)),
            "two thirds of the loss are one point's"
        );
    }

    #[test]
    fn classes_that_are_all_equally_likely_cost_their_logarithm_each() {
        let (_, scene) = preset("three-classes");
        assert!((scene.loss - 18.0 * math::ln(3.0)).abs() < 1e-12);
        assert!(scene.curves.iter().flatten().all(|at| (at[1] - 1.0 / 3.0).abs() < 1e-15));
        let scene = with_phi("two-linear", &[0.0, 0.0]);
        assert!((scene.loss - 16.0 * math::ln(2.0)).abs() < 1e-12);
        // Log odds of ln 3: probability 3/4 for class 1, so −ln ¾ for its six examples and −ln ¼ for the ten others.
        let scene = with_phi("two-linear", &[math::ln(3.0), 0.0]);
        assert!((scene.loss - 6.0 * math::ln(4.0 / 3.0) - 10.0 * math::ln(4.0)).abs() < 1e-12);
    }

    #[test]
    fn a_model_that_is_sure_and_wrong_costs_much_and_never_infinitely_much() {
        let scene = with_phi("two-linear", &[-1000.0, 0.0]);
        assert_eq!(scene.loss, 6000.0);
        let scene = with_phi("three-linear", &[1000.0, 0.0, -1000.0, 0.0, 0.0, 0.0]);
        assert!(scene.loss.is_finite() && scene.loss > 1000.0);
        assert!(scene.curves.iter().flatten().all(|at| (0.0..=1.0).contains(&at[1])));
    }

    #[test]
    fn descent_on_classes_falls() {
        for (start, steps) in [("two-classes", 400), ("three-classes", 400), ("deep", 400)] {
            let mut params = preset(start).0;
            params.steps = steps;
            let scene = compute(&params);
            assert!(scene.loss < 0.7 * scene.losses[0][1], "{start}: {} → {}", scene.losses[0][1], scene.loss);
        }
    }

    #[test]
    fn the_surface_has_the_loss_where_the_dot_is_and_does_not_move_with_it() {
        let (mut params, scene) = preset("line");
        let ground = compute_ground(&params, &scene.phi, scene.window);
        params.phi = vec![1.75, -0.25];
        let moved = compute(&params);
        assert_eq!(moved.window, scene.window);
        assert_eq!(compute_ground(&params, &moved.phi, moved.window), ground);
        // A point of the grid is (1, 0.5): the middle.
        let middle = ground.surface.shares[(GRID * GRID) / 2];
        let floor = floor_of(ground.range);
        let loss = floor * math::powf(ground.range[1] / floor, middle);
        assert!((loss - with_phi("line", &[1.0, 0.5]).loss).abs() < 1e-12);
        params.phi = vec![5.0, 0.5];
        let [lo, hi] = compute(&params).window;
        assert!(lo[0] <= 5.0 && 5.0 <= hi[0] && lo[1] <= 0.5 && 0.5 <= hi[1]);
    }

    #[test]
    fn a_surface_over_parameters_that_change_nothing_is_flat() {
        let mut params = preset("challenge").0;
        // The first unit is off at every example, and not heard.
        (params.phi[0], params.phi[3], params.phi[7]) = (-9.0, 0.0, 0.0);
        let ground = compute_ground(&params, &params.phi, [[-9.5, -0.25], [-8.5, 0.25]]);
        assert!(ground.surface.shares.iter().all(|&share| share == 0.0));
    }

    proptest! {
        /// The core adds losses in the order of the examples, and so does this test: the sums may differ by rounding only.
        #[test]
        fn the_shares_of_the_examples_sum_to_the_loss(
            preset in 0..crate::loss::PRESETS.len(),
            kind in 0..4_usize,
            phi in prop::collection::vec(-10.0..=10.0_f64, 46),
            delta in 0.01..=2.0_f64,
        ) {
            let mut params = Params::from_start(crate::loss::PRESETS[preset].start).expect("a start");
            params.phi = phi[..params.phi.len()].to_vec();
            (params.loss, params.delta, params.steps) = (Kind::ALL[kind].0, delta, 0);
            let scene = compute(&params);
            let sum: f64 = scene.examples.iter().map(|example| example.share).sum();
            prop_assert!((sum - scene.loss).abs() <= 1e-12 * scene.loss, "{} and {}", sum, scene.loss);
        }

        #[test]
        fn the_curve_passes_through_what_the_model_says(
            phi in prop::collection::vec(-4.0..=4.0_f64, 22),
            data in 0..4_usize,
        ) {
            let shape = Shape { data: DataSet::ALL[data].0, model: Model::Deep, n_hidden: 3, seed: 0 };
            let mut params = Params::from_start(&shape.name()).expect("a start");
            params.phi = phi;
            let scene = compute(&params);
            for example in &scene.examples {
                let pair = scene.curves[0].windows(2).find(|pair| pair[0][0] <= example.x && example.x <= pair[1][0] && pair[0][0] < pair[1][0]);
                let [a, b] = pair.map(|pair| [pair[0], pair[1]]).expect("the curve covers the view");
                let y = a[1] + (example.x - a[0]) / (b[0] - a[0]) * (b[1] - a[1]);
                prop_assert!((y - example.said).abs() < 1e-9 * (1.0 + y.abs()), "{} and {}", y, example.said);
            }
        }
    }
}
