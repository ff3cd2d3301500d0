use piecewise_core::{
    job::{Advance, Job as _},
    math,
};
use serde::Serialize;

use super::{
    Corner, Params,
    condition::condition,
    lesson::{Lesson, Moment, examples},
    params::{View, WIDTH},
    picture::{Painted, Painting, painted},
};

/// The part of the plane that is shown.
pub const X_RANGE: [f64; 2] = [-1.25, 1.25];
/// See [`X_RANGE`].
pub const Y_RANGE: [f64; 2] = [-0.4, 1.6];

/// A smooth curve is drawn through this many points for every stretch between its corners.
const POINTS_PER_STRETCH: usize = 64;

/// Errors are integrals over [c − 1, c + 1], where the lecture looks.
const REACH: f64 = 1.0;

/// Everything there is to see.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scene {
    /// The corners of the target; a jump has two of them at one x.
    pub target: Vec<[f64; 2]>,
    /// The network: its corners, or points close together where the corners are round.
    pub network: Vec<[f64; 2]>,
    /// Each hidden unit's share of the output, φ_d h_d, in the same form.
    pub units: [Vec<[f64; 2]>; 2],
    /// Where the two units switch on, c ∓ w/2.
    pub joints: [f64; 2],
    /// What is measured.
    pub errors: Errors,
    /// The network's value one unit right of the step.
    pub value_at_one: f64,
    /// κ, how badly conditioned the four numbers of the ramp are: λ_max / λ_min of their Gauss–Newton matrix.
    pub condition: f64,
    /// What gradient descent makes of the same target; nothing when it is not asked.
    pub trained: Option<Trained>,
    /// What it makes of the picture of the slide; nothing when it is not asked.
    pub painted: Option<Painted>,
}

/// A training at the moment that is shown, and its way.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Trained {
    /// The examples (x, y).
    pub examples: Vec<[f64; 2]>,
    /// The moment that is shown.
    pub now: Moment,
    /// The training step and the steepest slope at every moment so far, as far as they are computed.
    pub slopes: Vec<[f64; 2]>,
    /// log₁₀ w and log₁₀ κ over the whole range of widths.
    pub conditions: Vec<[f64; 2]>,
}

/// How far network and target are apart.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Errors {
    /// The slope of the ramp, h/w.
    pub slope: f64,
    /// ∫ |network − target| dx over a unit on both sides.
    pub l1: f64,
    /// ∫ (network − target)² dx over the same.
    pub l2_squared: f64,
    /// The largest distance over the same; next to a jump, its limit from the worse side.
    pub largest: f64,
    /// Where it is.
    pub largest_at: f64,
    /// The distance one unit right of the step.
    pub at_one: f64,
}

/// Computes everything there is to see. A training takes tenths of a second.
pub fn compute(params: &Params) -> Scene {
    let mut scene = compute_by_hand(params);
    if params.view == View::Step {
        let mut lesson = Lesson::start(params.lesson_question());
        while lesson.moments().len() as u64 <= params.moment {
            if lesson.advance(1 << 26) == Advance::Done(()) {
                break;
            }
        }
        scene.trained = trained(params, &lesson);
    }
    if params.view == View::Picture {
        let mut painting = Painting::start(params.lesson_question());
        while painting.n_moments() <= params.moment && painting.advance(1 << 28) != Advance::Done(()) {}
        scene.painted = painted(params, &painting);
    }
    scene
}

/// What a training has come to, at the moment of `params` or the last one before it.
pub fn trained(params: &Params, lesson: &Lesson) -> Option<Trained> {
    const N_WIDTHS: u32 = 48;
    let moments = lesson.moments();
    let shown = moments.get(params.moment as usize).or(moments.last())?;
    let until = moments.iter().take_while(|moment| moment.step <= shown.step);
    let [from, to] = WIDTH.map(math::log10);
    let widths = (0..=N_WIDTHS).map(|i| from + f64::from(i) / f64::from(N_WIDTHS) * (to - from));
    Some(Trained {
        examples: examples(params),
        now: shown.clone(),
        slopes: until.map(|moment| [moment.step as f64, moment.slope]).collect(),
        conditions: widths
            .map(|width| [width, math::log10(condition(params.height, math::powf(10.0, width)))])
            .collect(),
    })
}

/// Computes what the two units made by hand are about.
pub fn compute_by_hand(params: &Params) -> Scene {
    let joints = [params.center - params.width / 2.0, params.center + params.width / 2.0];
    let mut xs = stretches(params, joints);
    xs.dedup();
    let curve = |f: &dyn Fn(f64) -> f64| -> Vec<[f64; 2]> { xs.iter().map(|&x| [x, f(x)]).collect() };
    Scene {
        target: target(params),
        network: curve(&|x| network(params, x)),
        units: [0, 1].map(|d| curve(&|x| unit(params, d, x))),
        joints,
        errors: errors(params),
        value_at_one: network(params, params.center + 1.0),
        condition: condition(params.height, params.width),
        trained: None,
        painted: None,
    }
}

/// Where curves have to be evaluated: at the joints when corners are sharp, close together when they are round.
fn stretches(params: &Params, joints: [f64; 2]) -> Vec<f64> {
    let ends = [X_RANGE[0], joints[0], joints[1], X_RANGE[1]];
    match params.corner {
        Corner::Relu => ends.to_vec(),
        Corner::Sigmoid => {
            // Four widths away a sigmoid is flat to seven digits.
            let n = 2 * POINTS_PER_STRETCH;
            let reach = 4.0 * params.width;
            let inner = (0..=n).map(|i| params.center + (2.0 * i as f64 / n as f64 - 1.0) * reach);
            let [lo, hi] = X_RANGE;
            [lo].into_iter().chain(inner.filter(|x| (lo..hi).contains(x))).chain([hi]).collect()
        }
        Corner::Softplus => {
            // Around a round corner of width T, points are denser.
            let t = params.temperature;
            let mut marks: Vec<f64> = ends.to_vec();
            for joint in joints {
                marks.extend([-8.0, -3.0, -1.0, 1.0, 3.0, 8.0].map(|steps| joint + steps * t));
            }
            marks.retain(|x| (X_RANGE[0]..=X_RANGE[1]).contains(x));
            marks.sort_by(f64::total_cmp);
            let n = POINTS_PER_STRETCH / 4;
            let last = marks[marks.len() - 1];
            let inner =
                marks.windows(2).flat_map(|pair| (0..n).map(|i| pair[0] + (pair[1] - pair[0]) * i as f64 / n as f64));
            inner.chain([last]).collect()
        }
    }
}

/// The target: 0 left of c, h right of it, or a ramp of width δ between them.
fn target(params: &Params) -> Vec<[f64; 2]> {
    let [from, to] = [-0.5, 0.5].map(|half| params.center + half * params.blur);
    vec![[X_RANGE[0], 0.0], [from, 0.0], [to, params.height], [X_RANGE[1], params.height]]
}

pub(super) fn target_value(params: &Params, x: f64) -> f64 {
    let t = x - params.center;
    if params.blur > 0.0 {
        params.height * (t / params.blur + 0.5).clamp(0.0, 1.0)
    } else if t < 0.0 {
        0.0
    } else {
        params.height
    }
}

/// a[z] with sharp or round corners.
fn activation(params: &Params, z: f64) -> f64 {
    match params.corner {
        Corner::Relu | Corner::Sigmoid => z.max(0.0),
        Corner::Softplus => {
            let t = params.temperature;
            // For large z / T the exponential would overflow, and the logarithm is z itself.
            z.max(0.0) + t * math::ln_1p(math::exp(-z.abs() / t))
        }
    }
}

/// φ_1 h_1 = h/w · a[x − c + w/2] and φ_2 h_2 = −(1 + ε) h/w · a[x − c − w/2].
fn unit(params: &Params, d: usize, x: f64) -> f64 {
    let slope = params.height / params.width;
    if params.corner == Corner::Sigmoid {
        return if d == 0 { params.height * math::sigmoid(4.0 * (x - params.center) / params.width) } else { 0.0 };
    }
    let (phi, joint) = if d == 0 { (slope, -0.5) } else { (-(1.0 + params.mismatch) * slope, 0.5) };
    phi * activation(params, x - params.center - joint * params.width)
}

/// The output of the network.
fn network(params: &Params, x: f64) -> f64 {
    unit(params, 0, x) + unit(params, 1, x)
}

fn errors(params: &Params) -> Errors {
    let c = params.center;
    let difference = |x: f64| network(params, x) - target_value(params, x);
    // Between these marks both network and target are smooth; at a jump the limit from each side counts.
    let half = params.width / 2.0;
    let mut marks = vec![-REACH, -params.blur / 2.0, -half, 0.0, half, params.blur / 2.0, REACH];
    if params.corner == Corner::Softplus {
        for joint in [-half, half] {
            marks.extend(
                [-20.0, -8.0, -3.0, -1.0, 0.0, 1.0, 3.0, 8.0, 20.0].map(|steps| joint + steps * params.temperature),
            );
        }
    }
    if params.corner == Corner::Sigmoid {
        marks.extend([-8.0, -4.0, -2.0, -1.0, 1.0, 2.0, 4.0, 8.0].map(|widths| widths * params.width));
    }
    marks.retain(|t| (-REACH..=REACH).contains(t));
    marks.sort_by(f64::total_cmp);
    marks.dedup();

    let mut errors = Errors {
        slope: params.height / params.width,
        l1: 0.0,
        l2_squared: 0.0,
        largest: 0.0,
        largest_at: c,
        at_one: difference(c + 1.0),
    };
    for pair in marks.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        // Values at the ends are limits from inside the stretch, so that a jump counts with both its sides.
        let inside = |t: f64| {
            let nudge = (to - from) * 1e-12;
            let t = t.clamp(from + nudge, to - nudge);
            network(params, c + t) - target_value(params, c + t)
        };
        let (l1, l2) = integrals(&inside, from, to, params.corner == Corner::Relu);
        errors.l1 += l1;
        errors.l2_squared += l2;
        for t in [from, to] {
            if inside(t).abs() > errors.largest {
                (errors.largest, errors.largest_at) = (inside(t).abs(), c + t);
            }
        }
    }
    errors
}

/// The integrals of |f| and f² from `from` to `to`: exact where f is a straight line, else by Simpson's rule on 16 pieces.
fn integrals(f: &dyn Fn(f64) -> f64, from: f64, to: f64, straight: bool) -> (f64, f64) {
    let length = to - from;
    let (a, b) = (f(from), f(to));
    if straight {
        let l1 = if a * b >= 0.0 {
            length * f64::midpoint(a, b).abs()
        } else {
            // Two triangles, left and right of the zero.
            length * (a * a + b * b) / (2.0 * (a.abs() + b.abs()))
        };
        return (l1, length * (a * a + a * b + b * b) / 3.0);
    }
    let n = 16;
    let step = length / f64::from(n);
    let mut sums = (0.0, 0.0);
    for i in 0..=n {
        let weight = if i == 0 || i == n {
            1.0
        } else if i % 2 == 1 {
            4.0
        } else {
            2.0
        };
        let value = f(from + f64::from(i) * step);
        sums.0 += weight * value.abs();
        sums.1 += weight * value * value;
    }
    (sums.0 * step / 3.0, sums.1 * step / 3.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(change: impl FnOnce(&mut Params)) -> Scene {
        let mut params = Params::default();
        change(&mut params);
        compute(&params)
    }

    #[test]
    fn the_errors_of_a_ramp_are_those_of_the_formulas() {
        for width in [1.0, 0.5, 0.1, 0.01, 0.001] {
            for height in [0.5, 1.0] {
                let errors = with(|p| (p.width, p.height) = (width, height)).errors;
                assert!((errors.slope - height / width).abs() < 1e-9);
                assert!((errors.l1 - height * width / 4.0).abs() < 1e-9, "L1 at w = {width}");
                assert!((errors.l2_squared - height * height * width / 12.0).abs() < 1e-9, "L2 at w = {width}");
                assert!((errors.largest - height / 2.0).abs() < 1e-6, "half the jump, whatever w = {width}");
            }
        }
    }

    #[test]
    fn one_percent_of_mismatch_grows_with_steepness() {
        for (width, error) in [(0.5, 0.015), (0.1, 0.095), (0.01, 0.995), (0.001, 9.995)] {
            let scene = with(|p| (p.width, p.mismatch) = (width, 0.01));
            assert!((scene.errors.at_one.abs() - error).abs() < 1e-9, "w = {width}: {}", scene.errors.at_one);
        }
    }

    #[test]
    fn smoothing_does_not_help() {
        for temperature in [0.001, 0.01, 0.05, 0.25] {
            let errors = with(|p| (p.corner, p.temperature, p.width) = (Corner::Softplus, temperature, 0.1)).errors;
            assert!(errors.largest >= 0.5 - 1e-6, "T = {temperature}: {}", errors.largest);
        }
    }

    #[test]
    fn a_sigmoid_is_as_steep_in_its_middle_and_half_the_jump_wrong_there() {
        for width in [0.5, 0.1, 0.01] {
            let scene = with(|p| (p.corner, p.width) = (Corner::Sigmoid, width));
            assert!((scene.errors.largest - 0.5).abs() < 1e-6, "w = {width}: {}", scene.errors.largest);
            // ∫ h − hσ(4t / w) dt over t > 0 is h·w·ln 2 / 4, and as much again on the left.
            let expected = width * core::f64::consts::LN_2 / 2.0;
            assert!((scene.errors.l1 / expected - 1.0).abs() < 1e-3, "w = {width}: {}", scene.errors.l1);
        }
    }

    #[test]
    fn an_unlocked_pair_tilts_when_one_slope_changes_and_a_locked_one_does_not() {
        let moved = |locked: bool| {
            let mut params = Params { locked, width: 0.1, ..Params::default() };
            params.set_width(0.099);
            compute(&params).errors.at_one
        };
        assert!(moved(true).abs() < 1e-12);
        // One percent: ε = −0.01, and the far end climbs by ε·h/w over the rest of the way.
        assert!((moved(false) - 0.01 / 0.099 * (1.0 - 0.099 / 2.0)).abs() < 1e-9, "{}", moved(false));
    }

    #[test]
    fn a_target_as_wide_as_the_ramp_is_met_exactly() {
        let errors = with(|p| (p.width, p.blur) = (0.4, 0.4)).errors;
        assert!(errors.l1 < 1e-12 && errors.l2_squared < 1e-12 && errors.largest < 1e-9);
    }

    #[test]
    fn softplus_with_a_low_temperature_is_nearly_relu() {
        let sharp = with(|p| p.width = 0.25).errors;
        let round = with(|p| (p.width, p.corner, p.temperature) = (0.25, Corner::Softplus, 0.001)).errors;
        assert!((sharp.l1 - round.l1).abs() < 1e-4);
    }
}
