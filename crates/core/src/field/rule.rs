use serde::{Deserialize, Serialize};
use wide::f32x4;

use crate::math;
use crate::train::Schedule;

/// How the gradient g of a field becomes a step, number by number, in 32 bits: the same rules as [`crate::train::Rule`]'s, in the same notation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldRule {
    /// φ ← φ − α g.
    GradientDescent,
    /// m ← β m + (1 − β) g, φ ← φ − α m.
    Momentum {
        /// β, in [0, 1).
        beta: f64,
    },
    /// m ← β m + (1 − β) g, v ← γ v + (1 − γ) g², φ ← φ − α m̃ / (√ṽ + ε) with m̃ = m / (1 − βᵗ) and ṽ = v / (1 − γᵗ) at step t = 1, 2, …
    Adam {
        /// β, in [0, 1).
        beta: f64,
        /// γ, in [0, 1).
        gamma: f64,
        /// ε.
        epsilon: f64,
    },
}

impl FieldRule {
    /// Adam with β = 0.9, γ = 0.999, ε = 10⁻⁸.
    pub const ADAM: Self = Self::Adam { beta: 0.9, gamma: 0.999, epsilon: 1e-8 };
}

/// What is made small: a mean over pixels and channels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldLoss {
    /// ½ · the square of the error: the homework's.
    #[default]
    Squares,
    /// The absolute value of the error.
    Absolute,
}

/// What can be changed while a field is trained.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldSettings {
    /// How a gradient becomes a step.
    pub rule: FieldRule,
    /// α.
    pub learning_rate: f64,
    /// By what α is multiplied as training goes on.
    pub schedule: Schedule,
    /// What is made small.
    pub loss: FieldLoss,
    /// How many pixels a step looks at; all of them when `None`.
    pub batch_size: Option<u32>,
    /// ω, by which every hidden layer multiplies its pre-activations, 1 to 1000, as far as steps are concerned: the parameters of hidden layers hold
    /// ω β and ω Ω, while the rule moves β and Ω. SIREN as it was published has ω = ω_0 in every layer; the homework has 1, with ω_0 in the first
    /// layer's weights, and learns a photograph many times more slowly.
    pub hidden_omega: f64,
}

impl FieldSettings {
    /// Adam on the whole picture at a constant learning rate.
    pub fn adam(learning_rate: f64) -> Self {
        Self {
            rule: FieldRule::ADAM,
            learning_rate,
            schedule: Schedule::Constant,
            loss: FieldLoss::Squares,
            batch_size: None,
            hidden_omega: 1.0,
        }
    }

    /// Brings every number into its range: α into 0..1000, β and γ into 0..1, ε above 0, batches to at least one pixel, ω into 1..1000.
    pub fn make_valid(&mut self) {
        let within = |value: f64, lo: f64, hi: f64| if value.is_finite() { value.clamp(lo, hi) } else { lo };
        self.learning_rate = within(self.learning_rate, 0.0, 1000.0);
        self.batch_size = self.batch_size.map(|size| size.max(1));
        self.hidden_omega = within(self.hidden_omega, 1.0, 1000.0);
        match &mut self.rule {
            FieldRule::GradientDescent => {}
            FieldRule::Momentum { beta } => *beta = within(*beta, 0.0, 0.999_999),
            FieldRule::Adam { beta, gamma, epsilon } => {
                *beta = within(*beta, 0.0, 0.999_999);
                *gamma = within(*gamma, 0.0, 0.999_999);
                *epsilon = within(*epsilon, 1e-30, 1.0);
            }
        }
    }
}

/// What a rule remembers. Everything is 0 at first.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Memory {
    pub(super) n_steps: u64,
    pub(super) m: Vec<f32>,
    pub(super) v: Vec<f32>,
}

impl Memory {
    pub(super) fn new(n_parameters: usize) -> Self {
        Self { n_steps: 0, m: vec![0.0; n_parameters], v: vec![0.0; n_parameters] }
    }

    pub(super) fn clear(&mut self) {
        self.n_steps = 0;
        self.m.fill(0.0);
        self.v.fill(0.0);
    }
}

/// What a rule moves at a time, and what it knows of it.
struct Part<'a> {
    gradient: &'a [f32],
    m: &'a mut [f32],
    v: &'a mut [f32],
    phi: &'a mut [f32],
}

impl FieldRule {
    /// Takes a step with learning rate `alpha`. The first `n_hidden` parameters are those of hidden layers: see [`FieldSettings::hidden_omega`].
    pub(super) fn step(
        self,
        alpha: f64,
        (n_hidden, omega): (usize, f64),
        gradient: &[f32],
        memory: &mut Memory,
        phi: &mut [f32],
    ) {
        memory.n_steps += 1;
        let (hidden_gradient, output_gradient) = gradient.split_at(n_hidden);
        let (hidden_m, output_m) = memory.m.split_at_mut(n_hidden);
        let (hidden_v, output_v) = memory.v.split_at_mut(n_hidden);
        let (hidden_phi, output_phi) = phi.split_at_mut(n_hidden);
        let hidden = Part { gradient: hidden_gradient, m: hidden_m, v: hidden_v, phi: hidden_phi };
        let output = Part { gradient: output_gradient, m: output_m, v: output_v, phi: output_phi };
        self.move_part(alpha, omega, memory.n_steps, hidden);
        self.move_part(alpha, 1.0, memory.n_steps, output);
    }

    /// Step `t` of parameters that are `omega` times as large as those that are learnt. The gradient of those is ω g, and what they move by counts ω
    /// times: that is ω² for rules that are linear in g; Adam, which divides by the size of g, has ω once, and ε relative to ω g.
    fn move_part(self, alpha: f64, omega: f64, t: u64, part: Part) {
        let splat = |value: f64| f32x4::splat(value as f32);
        match self {
            Self::GradientDescent => {
                let alpha = splat(omega * omega * alpha);
                each(part, |g, m, v, phi| (m, v, phi - alpha * g));
            }
            Self::Momentum { beta } => {
                let (alpha, keep, take) = (splat(omega * omega * alpha), splat(beta), splat(1.0 - beta));
                each(part, |g, m, v, phi| {
                    let m = keep * m + take * g;
                    (m, v, phi - alpha * m)
                });
            }
            Self::Adam { beta, gamma, epsilon } => {
                let t = t as f64;
                let alpha = splat(omega * alpha / (1.0 - math::powf(beta, t)));
                let root = splat(1.0 / math::sqrt(1.0 - math::powf(gamma, t)));
                let (keep_m, take_m) = (splat(beta), splat(1.0 - beta));
                let (keep_v, take_v) = (splat(gamma), splat(1.0 - gamma));
                let epsilon = splat(epsilon / omega);
                each(part, |g, m, v, phi| {
                    let m = keep_m * m + take_m * g;
                    let v = keep_v * v + take_v * (g * g);
                    (m, v, phi - alpha * m / (v.sqrt() * root + epsilon))
                });
            }
        }
    }
}

/// Applies a rule to four numbers at once; the last ones are filled up with zeros.
fn each(part: Part, rule: impl Fn(f32x4, f32x4, f32x4, f32x4) -> (f32x4, f32x4, f32x4)) {
    fn load(from: &[f32]) -> f32x4 {
        let mut lanes = [0.0; 4];
        if let Some(four) = from.first_chunk::<4>() {
            lanes = *four;
        } else {
            lanes[..from.len()].copy_from_slice(from);
        }
        f32x4::new(lanes)
    }
    fn store(to: &mut [f32], lanes: f32x4) {
        let lanes = lanes.to_array();
        if let Some(four) = to.first_chunk_mut::<4>() {
            *four = lanes;
        } else {
            let n = to.len();
            to.copy_from_slice(&lanes[..n]);
        }
    }
    let Part { gradient, m, v, phi } = part;
    let state = m.chunks_mut(4).zip(v.chunks_mut(4));
    for (((m, v), phi), g) in state.zip(phi.chunks_mut(4)).zip(gradient.chunks(4)) {
        let (new_m, new_v, new_phi) = rule(load(g), load(m), load(v), load(phi));
        store(m, new_m);
        store(v, new_v);
        store(phi, new_phi);
    }
}

/// Σ |g| and √(Σ g²), summed in lanes of 32 bits within runs of 1,024 numbers, and in 64 bits over the runs.
pub(super) fn norms(gradient: &[f32]) -> (f64, f64) {
    let (mut l1, mut squares) = (0.0, 0.0);
    for run in gradient.chunks(1024) {
        let (fours, rest) = run.as_chunks::<4>();
        let (mut sum, mut square) = (f32x4::splat(0.0), f32x4::splat(0.0));
        for four in fours {
            let g = f32x4::new(*four);
            sum += g.abs();
            square += g * g;
        }
        for (lanes, total) in [(sum, &mut l1), (square, &mut squares)] {
            *total += lanes.to_array().into_iter().map(f64::from).sum::<f64>();
        }
        for g in rest {
            l1 += f64::from(g.abs());
            squares += f64::from(*g) * f64::from(*g);
        }
    }
    (l1, math::sqrt(squares))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_step_of_adam_is_one_learning_rate_against_the_sign() {
        // m̃ = g and √ṽ = |g|, however small the gradient, down to ε.
        let gradient = [3.0, -0.5, 1e-4, 0.0, -7e3];
        let (mut memory, mut phi) = (Memory::new(5), [1.0; 5]);
        FieldRule::ADAM.step(0.01, (0, 1.0), &gradient, &mut memory, &mut phi);
        for (phi, expected) in phi.into_iter().zip([0.99, 1.01, 0.990_001, 1.0, 1.01]) {
            assert!((phi - expected).abs() < 1e-6, "{phi} {expected}");
        }
    }

    #[test]
    fn numbers_that_are_no_multiple_of_four_move_like_any_other() {
        for rule in [FieldRule::GradientDescent, FieldRule::Momentum { beta: 0.9 }, FieldRule::ADAM] {
            let run = |n: usize| {
                let (mut memory, mut phi) = (Memory::new(n), vec![0.3; n]);
                for step in 0..5 {
                    let gradient: Vec<f32> = (0..n).map(|i| (i * step) as f32 * 0.1 - 0.7).collect();
                    rule.step(0.1, (n / 2, 1.0), &gradient, &mut memory, &mut phi);
                }
                phi
            };
            assert_eq!(run(8)[..6], run(6));
        }
    }

    #[test]
    fn what_hidden_layers_hold_moves_as_if_omega_stood_before_what_is_learnt() {
        const OMEGA: f32 = 32.0;
        // ½ Σ (c φ)² with c = ω for the first two, so that their gradient is ω² φ for φ, and ω φ for what is held, ω φ.
        let close = |a: f32, b: f32| (a - b).abs() <= 1e-5 * b.abs();
        for rule in [FieldRule::GradientDescent, FieldRule::Momentum { beta: 0.9 }, FieldRule::ADAM] {
            let (mut learnt, mut held) = ([0.5_f32, -0.25, 0.75], [0.5 * OMEGA, -0.25 * OMEGA, 0.75]);
            let (mut memory, mut memory_of_held) = (Memory::new(3), Memory::new(3));
            for _ in 0..5 {
                let gradient = [OMEGA * OMEGA * learnt[0], OMEGA * OMEGA * learnt[1], learnt[2]];
                rule.step(1e-4, (0, 1.0), &gradient, &mut memory, &mut learnt);
                let gradient = held;
                rule.step(1e-4, (2, f64::from(OMEGA)), &gradient, &mut memory_of_held, &mut held);
            }
            assert!(
                close(held[0], OMEGA * learnt[0]) && close(held[1], OMEGA * learnt[1]),
                "{rule:?}: {held:?} {learnt:?}"
            );
            assert_eq!(held[2], learnt[2], "{rule:?}");
        }
    }

    #[test]
    fn norms_are_what_they_are_called() {
        let gradient: Vec<f32> = (0..2051).map(|i| if i % 2 == 0 { 0.5 } else { -1.5 }).collect();
        let (l1, l2) = norms(&gradient);
        assert_eq!(l1, 0.5 * 1026.0 + 1.5 * 1025.0);
        assert!((l2 - (0.25_f64 * 1026.0 + 2.25 * 1025.0).sqrt()).abs() < 1e-12);
    }
}
