//! Grading: two networks are equal when they compute the same, in whatever form they are written.

use piecewise_core::{
    Rng,
    network::{Activation, Network},
};

use super::equation::{parameter_name, sizes_of, unit_name, written};

/// At how many random points two networks are compared.
const N_POINTS: usize = 256;

/// By how much values may differ that are large as 1: more than rounding, less than any change one would type.
const TOLERANCE: f64 = 1e-9;

/// Where an answer is farthest from what was asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Disagreement {
    /// The input.
    pub x: Vec<f64>,
    /// The output, counted from 0.
    pub output: usize,
    /// What the network that was asked for gives there.
    pub expected: f64,
    /// What the answer gives.
    pub found: f64,
}

/// Compares two networks of equal numbers of inputs and outputs at random points, half of them near the origin, half farther out. Nothing when
/// they agree at all: then they are equal, however their units are ordered and scaled (UDL, problems 3.5 and 3.6).
///
/// # Panics
/// When the networks do not read and write equally many numbers.
pub fn compare(asked: &Network, answer: &Network, seed: u64) -> Option<Disagreement> {
    let mut rng = Rng::from_seed(seed);
    let mut worst: Option<(f64, Disagreement)> = None;
    for point in 0..N_POINTS {
        let reach = if point % 2 == 0 { 1.5 } else { 8.0 };
        let x: Vec<f64> = (0..asked.n_inputs()).map(|_| rng.uniform_in(-reach, reach)).collect();
        let (expected, found) = (asked.output(&x), answer.output(&x));
        for output in 0..expected.len() {
            let (expected, found) = (expected[output], found[output]);
            let error = (expected - found).abs() / expected.abs().max(found.abs()).max(1.0);
            let is_worse = worst.as_ref().is_none_or(|(most, _)| error > *most);
            if error > TOLERANCE && is_worse {
                worst = Some((error, Disagreement { x: x.clone(), output, expected, found }));
            }
        }
    }
    worst.map(|(_, disagreement)| disagreement)
}

/// A hidden unit in the form in which equal ones look equal: its incoming weights, and the outgoing ones.
fn canonical(net: &Network, d: usize) -> (Vec<f64>, Vec<f64>) {
    let (hidden, output) = (&net.layers[0], &net.layers[1]);
    let theta: Vec<f64> = core::iter::once(hidden.beta[d]).chain(hidden.omega.row(d).iter().copied()).collect();
    let phi: Vec<f64> = output.omega.column(d).iter().copied().collect();
    // Twice as much in, half as much out is the same for activations without a scale of their own.
    let scale = match net.activation {
        Activation::Relu | Activation::LeakyRelu { .. } => {
            piecewise_core::math::sqrt(theta.iter().map(|t| t * t).sum::<f64>())
        }
        _ => 1.0,
    };
    if scale == 0.0 {
        return (theta, phi);
    }
    (theta.iter().map(|t| t / scale).collect(), phi.iter().map(|p| p * scale).collect())
}

fn agree(a: &[f64], b: &[f64]) -> bool {
    a.iter().zip(b).all(|(a, b)| (a - b).abs() <= 1e-9 * a.abs().max(1.0))
}

/// Which part of an answer is wrong, in words; nothing when the two are equal.
///
/// # Panics
/// When the two have different shapes.
pub fn hint(asked: &Network, answer: &Network, seed: u64) -> Option<String> {
    let disagreement = compare(asked, answer, seed)?;
    let sizes = sizes_of(asked);
    if asked.n_hidden_layers() != 1 {
        return Some(deep_hint(asked, answer, &sizes));
    }
    let n_units = sizes[1];
    let wanted: Vec<_> = (0..n_units).map(|d| canonical(asked, d)).collect();
    let mut free: Vec<usize> = (0..n_units).collect();
    let mut strangers = Vec::new();
    let mut wrong_weight = None;
    // Units that agree in everything first, so that two on the same line do not take each other's place.
    let mut partner = vec![None; n_units];
    for whole in [true, false] {
        for (d, partner) in partner.iter_mut().enumerate() {
            let (theta, phi) = canonical(answer, d);
            let fits = |&e: &usize| agree(&wanted[e].0, &theta) && (!whole || agree(&wanted[e].1, &phi));
            if partner.is_none()
                && let Some(at) = free.iter().position(fits)
            {
                let e = free.remove(at);
                *partner = Some(e);
                if let Some(output) = (0..phi.len()).find(|&o| !agree(&wanted[e].1[o..=o], &phi[o..=o])) {
                    wrong_weight = wrong_weight.or(Some((d, output)));
                }
            }
        }
    }
    strangers.extend((0..n_units).filter(|&d| partner[d].is_none()));
    if let Some(&d) = strangers.first() {
        let right = n_units - strangers.len();
        let unit = written(unit_name(&sizes, 0, d));
        return Some(format!(
            "{right} of {n_units} hidden units read their inputs rightly. Look at what {unit} reads: its weights and its bias."
        ));
    }
    if let Some((d, output)) = wrong_weight {
        let weight = written(parameter_name(&sizes, 1, output, Some(d)));
        return Some(format!("Every hidden unit switches where it should. Look at the weight {weight}."));
    }
    let bias = written(parameter_name(&sizes, 1, disagreement.output, None));
    Some(format!("Only a constant is missing: look at the bias {bias}."))
}

/// The first layer in which two deep networks are written differently.
fn deep_hint(asked: &Network, answer: &Network, sizes: &[usize]) -> String {
    for (k, (a, b)) in asked.layers.iter().zip(&answer.layers).enumerate() {
        let differs = |row: usize| {
            (a.beta[row] - b.beta[row]).abs() > 1e-9 || (a.omega.row(row) - b.omega.row(row)).amax() > 1e-9
        };
        if let Some(row) = (0..a.n_outputs()).find(|&row| differs(row)) {
            let unit = written(unit_name(sizes, k, row));
            return format!("Layer by layer, the first difference is in what {unit} reads.");
        }
    }
    String::new()
}
