use serde::{Deserialize, Serialize};

use super::{LineSearch, Objective, Schedule};
use crate::math;

/// How a gradient g becomes a step. The learning rate is α, the momentum m, the mean square v; all operations but the first two are
/// coordinate by coordinate. The gradient is that of the batch: stochastic gradient descent is gradient descent on batches.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// φ ← φ − α g.
    GradientDescent,
    /// φ ← φ − d g with d found by line search on the loss over all examples. It takes no learning rate.
    LineSearch(LineSearch),
    /// m ← β m + (1 − β) g, φ ← φ − α m (UDL, equation 6.11). PyTorch leaves out 1 − β: its learning rate is this one's times 1 − β.
    Momentum {
        /// β, in [0, 1).
        beta: f64,
    },
    /// Momentum with the gradient taken where the momentum would lead, at φ − αβ m (UDL, equation 6.12).
    Nesterov {
        /// β, in [0, 1).
        beta: f64,
    },
    /// φ ← φ − α g / (|g| + ε): a step of α along each axis (UDL, equation 6.14).
    Normalized {
        /// ε.
        epsilon: f64,
    },
    /// v ← γ v + (1 − γ) g², φ ← φ − α g / (√v + ε).
    RmsProp {
        /// γ, in [0, 1).
        gamma: f64,
        /// ε.
        epsilon: f64,
    },
    /// m ← β m + (1 − β) g, v ← γ v + (1 − γ) g², m̃ = m / (1 − βᵗ), ṽ = v / (1 − γᵗ), φ ← φ − α m̃ / (√ṽ + ε) at step t = 1, 2, …
    /// (UDL, section 6.4).
    Adam {
        /// β, in [0, 1).
        beta: f64,
        /// γ, in [0, 1).
        gamma: f64,
        /// ε.
        epsilon: f64,
    },
}

impl Rule {
    /// Adam with β = 0.9, γ = 0.999, ε = 10⁻⁸.
    pub const ADAM: Self = Self::Adam { beta: 0.9, gamma: 0.999, epsilon: 1e-8 };
}

/// A pull of all parameters, biases too, towards 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WeightDecay {
    /// None.
    #[default]
    None,
    /// λφ is added to the gradient, as λ|φ|²/2 in the loss would do. The loss that is reported leaves it out.
    Penalty {
        /// λ.
        lambda: f64,
    },
    /// φ ← φ − αλφ beside the step, whatever the rule does to gradients (Loshchilov and Hutter, 2017).
    Decoupled {
        /// λ.
        lambda: f64,
    },
}

/// A rule with its learning rate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Optimizer {
    /// How a gradient becomes a step.
    pub rule: Rule,
    /// α.
    pub learning_rate: f64,
    /// By what α is multiplied as training goes on.
    pub schedule: Schedule,
    /// The pull towards 0.
    pub weight_decay: WeightDecay,
}

impl Optimizer {
    /// This rule at a constant learning rate, without weight decay.
    pub fn new(rule: Rule, learning_rate: f64) -> Self {
        Self { rule, learning_rate, schedule: Schedule::Constant, weight_decay: WeightDecay::None }
    }

    /// Takes one step: `phi` moves, and so does what the rule remembers.
    ///
    /// ```
    /// use piecewise_core::data::LINEAR_REGRESSION;
    /// use piecewise_core::train::{LinearRegression, Memory, Optimizer, Rule};
    /// let mut line = LinearRegression::new(LINEAR_REGRESSION.to_vec());
    /// let (mut phi, mut memory) = ([0.6, -0.2], Memory::new(2));
    /// Optimizer::new(Rule::GradientDescent, 0.01).step(&mut line, None, &mut phi, &mut memory);
    /// // The gradient there is (−21.904, −26.8404).
    /// assert!((phi[0] - 0.81904).abs() < 1e-6 && (phi[1] - 0.068404).abs() < 1e-6);
    /// ```
    ///
    /// # Panics
    /// When `phi` or `memory` has not one number for every parameter.
    pub fn step<O: Objective>(
        &self,
        objective: &mut O,
        batch: Option<&[u32]>,
        phi: &mut [f64],
        memory: &mut Memory,
    ) -> StepTaken {
        let alpha = self.learning_rate * self.schedule.factor(memory.n_steps);
        let loss = self.differentiate(objective, batch, phi, memory, alpha);
        memory.n_steps += 1;
        let (distance, n_losses) = if let Rule::LineSearch(search) = self.rule {
            search_along(search, objective, phi, memory)
        } else {
            self.accumulate(memory);
            (alpha, 0)
        };
        self.write_update(memory, distance);
        if let WeightDecay::Decoupled { lambda } = self.weight_decay {
            for (update, phi) in memory.update.iter_mut().zip(&*phi) {
                *update -= distance * lambda * phi;
            }
        }
        for (phi, update) in phi.iter_mut().zip(&memory.update) {
            *phi += update;
        }
        StepTaken { loss, distance, n_losses }
    }

    /// Writes the gradient into the memory and returns the loss where it was taken.
    fn differentiate<O: Objective>(
        &self,
        objective: &mut O,
        batch: Option<&[u32]>,
        phi: &[f64],
        memory: &mut Memory,
        alpha: f64,
    ) -> f64 {
        let Memory { m, gradient, probe, .. } = memory;
        let at = if let Rule::Nesterov { beta } = self.rule {
            for ((probe, phi), m) in probe.iter_mut().zip(phi).zip(&*m) {
                *probe = phi - alpha * beta * m;
            }
            &*probe
        } else {
            phi
        };
        let loss = match batch {
            Some(batch) => objective.batch_gradient(at, batch, gradient),
            None => objective.gradient(at, gradient),
        };
        if let WeightDecay::Penalty { lambda } = self.weight_decay {
            for (slope, phi) in gradient.iter_mut().zip(at) {
                *slope += lambda * phi;
            }
        }
        loss
    }

    /// Moves m and v on.
    fn accumulate(&self, memory: &mut Memory) {
        let Memory { m, v, gradient, .. } = memory;
        if let Rule::Momentum { beta } | Rule::Nesterov { beta } | Rule::Adam { beta, .. } = self.rule {
            for (m, g) in m.iter_mut().zip(&*gradient) {
                *m = beta * *m + (1.0 - beta) * g;
            }
        }
        if let Rule::RmsProp { gamma, .. } | Rule::Adam { gamma, .. } = self.rule {
            for (v, g) in v.iter_mut().zip(&*gradient) {
                *v = gamma * *v + (1.0 - gamma) * (g * g);
            }
        }
    }

    /// Writes into the memory how far φ moves.
    fn write_update(&self, memory: &mut Memory, alpha: f64) {
        let Memory { m, v, gradient, update, n_steps, .. } = memory;
        match self.rule {
            Rule::GradientDescent | Rule::LineSearch(_) => {
                for (update, g) in update.iter_mut().zip(&*gradient) {
                    *update = -alpha * g;
                }
            }
            Rule::Momentum { .. } | Rule::Nesterov { .. } => {
                for (update, m) in update.iter_mut().zip(&*m) {
                    *update = -alpha * m;
                }
            }
            Rule::Normalized { epsilon } => {
                for (update, g) in update.iter_mut().zip(&*gradient) {
                    *update = -alpha * g / (g.abs() + epsilon);
                }
            }
            Rule::RmsProp { epsilon, .. } => {
                for ((update, g), v) in update.iter_mut().zip(&*gradient).zip(&*v) {
                    *update = -alpha * g / (math::sqrt(*v) + epsilon);
                }
            }
            Rule::Adam { beta, gamma, epsilon } => {
                let t = *n_steps as f64;
                let (m_part, v_part) = (1.0 - math::powf(beta, t), 1.0 - math::powf(gamma, t));
                for ((update, m), v) in update.iter_mut().zip(&*m).zip(&*v) {
                    *update = -alpha * (m / m_part) / (math::sqrt(v / v_part) + epsilon);
                }
            }
        }
    }
}

/// How far to go against the gradient in the memory, and how often the loss was asked for that.
fn search_along<O: Objective>(search: LineSearch, objective: &mut O, phi: &[f64], memory: &mut Memory) -> (f64, u32) {
    let Memory { gradient, probe, .. } = memory;
    let mut n_losses = 0;
    let loss = |distance: f64| {
        for ((probe, phi), g) in probe.iter_mut().zip(phi).zip(&*gradient) {
            *probe = phi - distance * g;
        }
        n_losses += 1;
        objective.loss(probe)
    };
    let distance = search.minimize(loss, |_| {});
    (distance, n_losses)
}

/// What [`Optimizer::step`] has to say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepTaken {
    /// The loss of the batch where the gradient was taken, before the step.
    pub loss: f64,
    /// The learning rate of this step, or the distance that line search found.
    pub distance: f64,
    /// How often line search asked for the loss.
    pub n_losses: u32,
}

/// What a rule remembers from step to step, and its room to work in. Everything is 0 at first.
#[derive(Clone, Debug, PartialEq)]
pub struct Memory {
    n_steps: u64,
    m: Vec<f64>,
    v: Vec<f64>,
    gradient: Vec<f64>,
    update: Vec<f64>,
    /// Where the objective is asked, when that is not φ.
    probe: Vec<f64>,
}

impl Memory {
    /// Of an optimiser that has not taken a step yet.
    pub fn new(n_parameters: usize) -> Self {
        let zeros = || vec![0.0; n_parameters];
        Self { n_steps: 0, m: zeros(), v: zeros(), gradient: zeros(), update: zeros(), probe: zeros() }
    }

    /// Back to the state before the first step.
    pub(super) fn clear(&mut self) {
        self.n_steps = 0;
        for values in [&mut self.m, &mut self.v, &mut self.gradient, &mut self.update] {
            values.fill(0.0);
        }
    }

    /// Back to a state that was kept. The last gradient and the last update are forgotten.
    pub(super) fn restore(&mut self, n_steps: u64, m: &[f64], v: &[f64]) {
        self.clear();
        self.n_steps = n_steps;
        self.m.copy_from_slice(m);
        self.v.copy_from_slice(v);
    }

    /// How many steps were taken.
    pub fn n_steps(&self) -> u64 {
        self.n_steps
    }

    /// The gradient of the last step, weight decay as a penalty included.
    pub fn gradient(&self) -> &[f64] {
        &self.gradient
    }

    /// By what the last step moved φ.
    pub fn update(&self) -> &[f64] {
        &self.update
    }

    /// m, the momentum.
    pub fn momentum(&self) -> &[f64] {
        &self.m
    }

    /// v, the mean square of gradients.
    pub fn mean_square(&self) -> &[f64] {
        &self.v
    }
}
