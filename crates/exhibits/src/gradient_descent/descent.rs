use piecewise_core::train::{Batches, Memory, Objective as _};
use serde::Serialize;

use super::params::{Clock, Method, Params};

/// A loss that is this much larger than the one at the start has run away.
const RUNAWAY: f64 = 1e3;

/// A rule on its way down.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Descent {
    /// The rule.
    pub method: Method,
    /// φ at each step, from the start on.
    pub path: Vec<[f64; 2]>,
    /// The loss over all examples at each of them.
    pub losses: Vec<f64>,
    /// How many gradients had been asked for at each of them; a loss alone is a third of one.
    pub gradients: Vec<f64>,
    /// The next step in numbers; nothing when the path has run away.
    pub next: Option<Next>,
    /// The step at which the path ran away.
    pub runaway: Option<Runaway>,
}

/// A step in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Next {
    /// ∂L/∂φ as the rule sees it: of the batch if there is one, and looked ahead if the rule does so.
    pub gradient: [f64; 2],
    /// α, or the distance that line search finds.
    pub alpha: f64,
    /// What the rule makes of the gradients: φ moves by −α times this.
    pub direction: [f64; 2],
    /// By what φ moves.
    pub update: [f64; 2],
}

/// A step after which one cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Runaway {
    /// The step, counted from 1.
    pub step: u64,
    /// The loss after it; nothing when it is no number any more.
    pub loss: Option<f64>,
}

impl Descent {
    /// φ where the path has arrived.
    pub fn here(&self) -> [f64; 2] {
        self.path[self.path.len() - 1]
    }

    /// The loss there.
    pub fn loss(&self) -> f64 {
        self.losses[self.losses.len() - 1]
    }
}

/// Runs a rule from the start until the clock shows the steps of `params`.
pub(super) fn descend(params: &Params, method: Method, clock: Clock) -> Descent {
    let mut objective = params.objective();
    let optimizer = params.optimizer_of(method);
    let mut memory = Memory::new(2);
    let n_examples = params.loss.n_examples();
    let mut batches = (params.batch > 0 && params.batch < n_examples)
        .then(|| Batches::new(n_examples as u32, params.batch as u32, params.seed));
    let mut phi = params.origin;
    let start = objective.loss(&phi);
    let mut descent =
        Descent { method, path: vec![phi], losses: vec![start], gradients: vec![0.0], next: None, runaway: None };
    let limit = RUNAWAY * start.max(1.0);
    for step in 0..=params.steps {
        let mut then = phi;
        let batch = batches.as_mut().map(|batches| batches.batch(step));
        let taken = optimizer.step(&mut objective, batch, &mut then, &mut memory);
        let spent = descent.gradients[step as usize] + 1.0 + f64::from(taken.n_losses) / 3.0;
        let over = match clock {
            Clock::Steps => step == params.steps,
            // A third and a third and a third must not come out above 1.
            Clock::Gradients => spent > params.steps as f64 + 1e-9,
        };
        if over {
            // One step more than were taken: it is the next one, in numbers.
            let pair = |values: &[f64]| [values[0], values[1]];
            let update = pair(memory.update());
            descent.next = Some(Next {
                gradient: pair(memory.gradient()),
                alpha: taken.distance,
                direction: update.map(|update| -update / taken.distance),
                update,
            });
            break;
        }
        let loss = objective.loss(&then);
        if !(loss < limit && then.iter().all(|x| x.is_finite())) {
            descent.runaway = Some(Runaway { step: step + 1, loss: Some(loss).filter(|loss| loss.is_finite()) });
            break;
        }
        phi = then;
        descent.path.push(phi);
        descent.losses.push(loss);
        descent.gradients.push(spent);
    }
    descent
}
