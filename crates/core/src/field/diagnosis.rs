use core::f64::consts::TAU;
use core::fmt;

use super::pass::CHUNK;
use super::{FieldActivation, FieldTraining, Input, N_CHANNELS, OutputActivation, Pass, Tally};
use crate::math;
use crate::train::Divergence;

/// Why a field is stuck or will learn hardly anything. Layers are counted from 0 here, and from 1 in sentences.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Diagnosis {
    /// Numbers stopped being finite.
    Diverged(Divergence),
    /// All weights are 0: nothing arrives at them on the way back either, so only the last bias ever learns.
    ZeroWeights,
    /// All units of a hidden layer are at 0 for every pixel: nothing gets through it, forth or back.
    DeadLayer {
        /// The layer, the first of them.
        layer: usize,
        /// Whether it was so before the first step.
        at_birth: bool,
    },
    /// The sigmoid is so close to 0 or 1, almost everywhere, that its slope is 0 in 32 bits' terms.
    SaturatedOutput {
        /// The share of pixels and channels where it is.
        share: f64,
        /// Whether it was so before the first step.
        at_birth: bool,
    },
    /// Weights are so small that the picture is one colour but for a trace: learning begins with a long plateau.
    TinyWeights {
        /// The size of the largest layer's weights, in that of He's.
        size: f64,
    },
    /// Most waves that the first layer offers are finer than two pixels: neighbours have nothing to do with each other.
    TooFineInput {
        /// The share of waves that are.
        share: f64,
    },
    /// The waves that the first layer offers are longer than the picture by far: all pixels look the same to the network.
    TooCoarseInput {
        /// The cycles across the picture of the finest of them.
        cycles: f64,
    },
    /// The loss is far above where it has been.
    LearningRateTooHigh {
        /// The lowest loss so far.
        lowest: f64,
        /// The loss of the last step.
        now: f64,
    },
}

impl fmt::Display for Diagnosis {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Diverged(divergence) => write!(out, "{divergence}: the learning rate is too high."),
            Self::ZeroWeights => write!(
                out,
                "All weights are 0, so no gradient reaches any of them: only the last bias learns, and the best it can do is the mean colour."
            ),
            Self::DeadLayer { layer, at_birth: true } => write!(
                out,
                "All units of hidden layer {} were dead at birth: nothing passes through, so the network can learn one colour and no more. Wider layers make that unlikely.",
                layer + 1
            ),
            Self::DeadLayer { layer, at_birth: false } => write!(
                out,
                "All units of hidden layer {} have died in training: nothing passes through any more. The learning rate was too high.",
                layer + 1
            ),
            Self::SaturatedOutput { share, at_birth: true } => write!(
                out,
                "The sigmoid was saturated from the start ({:.0} % of the picture now): weights are too large, and no gradient comes back through its flat ends.",
                100.0 * share
            ),
            Self::SaturatedOutput { share, at_birth: false } => write!(
                out,
                "The sigmoid is saturated at {:.0} % of the picture: a step was so large that outputs went to its flat ends, and no gradient comes back from there. The learning rate was too high.",
                100.0 * share
            ),
            Self::TinyWeights { size } => write!(
                out,
                "The weights are tiny ({size:.3} of He's): the picture is almost one colour, and it takes long until there is a gradient to speak of."
            ),
            Self::TooFineInput { share } => write!(
                out,
                "{:.0} % of the waves that the first layer offers are finer than two pixels: between pixels the network is free, and neighbours tell it nothing. The scale of the coordinates is too large.",
                100.0 * share
            ),
            Self::TooCoarseInput { cycles } => write!(
                out,
                "The finest wave that the first layer offers has {cycles:.2} cycles across the picture: all pixels look alike. The scale of the coordinates is too small."
            ),
            Self::LearningRateTooHigh { lowest, now } => write!(
                out,
                "The loss is {now:.4} and has been {lowest:.4}: steps jump over the valley instead of going down into it. The learning rate is too high."
            ),
        }
    }
}

/// Of the picture: the rest may be on its way through.
const ALMOST_ALL: f64 = 0.99;

/// What a look at the whole picture shows.
struct Look {
    tally: Tally,
    dead_layer: Option<usize>,
    saturated_share: f64,
}

impl FieldTraining {
    /// Says why the run is stuck, if it is: the first cause that is found, the plainest ones first. It looks at the whole picture, now and with the
    /// parameters of step 0, which takes about as long as a step on all pixels.
    pub fn diagnose(&self) -> Option<Diagnosis> {
        if let Some(divergence) = self.divergence() {
            return Some(Diagnosis::Diverged(divergence));
        }
        let architecture = self.field().architecture();
        if architecture.n_inputs() == 0 {
            // A constant has no weights to be stuck with.
            return self.rate_is_too_high();
        }
        let parameters = self.field().parameters();
        let mut sizes = architecture.places().into_iter().map(|place| {
            let omega = place.omega(parameters);
            let squares: f64 = omega.iter().map(|weight| f64::from(*weight) * f64::from(*weight)).sum();
            math::sqrt(squares / omega.len() as f64 / (2.0 / place.n_inputs as f64))
        });
        let size = sizes.by_ref().fold(0.0, f64::max);
        if size == 0.0 {
            return Some(Diagnosis::ZeroWeights);
        }
        let mut pass = Pass::new(architecture);
        let now = self.look(&mut pass, parameters);
        let mut at_birth = || {
            let first = self.states().next().map(|(_, phi)| self.look(&mut pass, phi));
            first.expect("there is always a state")
        };
        if let Some(layer) = now.dead_layer {
            return Some(Diagnosis::DeadLayer { layer, at_birth: at_birth().dead_layer.is_some() });
        }
        if now.saturated_share >= ALMOST_ALL {
            let at_birth = at_birth().saturated_share >= ALMOST_ALL;
            return Some(Diagnosis::SaturatedOutput { share: now.saturated_share, at_birth });
        }
        if size < 0.1 && now.tally.spread() < 0.01 {
            return Some(Diagnosis::TinyWeights { size });
        }
        self.input_is_off().or_else(|| self.rate_is_too_high())
    }

    fn look(&self, pass: &mut Pass, parameters: &[f32]) -> Look {
        // Where the slope of the sigmoid is below this, a gradient is a millionth of what it would be.
        const FLAT: f32 = 1e-6;
        pass.load(parameters);
        pass.begin();
        let is_sigmoid = self.field().architecture().output == OutputActivation::Sigmoid;
        let everything: Vec<u32> = (0..self.samples().len() as u32).collect();
        let mut colours = [[0.0; N_CHANNELS]; CHUNK];
        let mut n_flat = 0;
        for indices in everything.chunks(CHUNK) {
            pass.observe(self.field().frequencies(), self.samples(), indices);
            if is_sigmoid {
                let colours = &mut colours[..indices.len()];
                pass.write_colours(colours);
                n_flat += colours.as_flattened().iter().filter(|y| **y * (1.0 - **y) < FLAT).count();
            }
        }
        Look {
            tally: pass.tally(),
            dead_layer: pass.dead_shares().position(|share| share >= 1.0),
            saturated_share: n_flat as f64 / (N_CHANNELS * everything.len()) as f64,
        }
    }

    /// Whether the waves of the first layer suit the picture, where it has waves.
    fn input_is_off(&self) -> Option<Diagnosis> {
        let architecture = self.field().architecture();
        let frequencies: Vec<[f64; 2]> = match (architecture.input, architecture.activation) {
            (Input::Fourier { .. }, _) => self.field().frequencies().iter().map(|b| b.map(f64::from)).collect(),
            (Input::Coordinates, FieldActivation::Sine)
                if architecture.n_hidden_layers > 0 && !architecture.layer_norm =>
            {
                let (x, y) = architecture.places()[0].omega(self.field().parameters()).split_at(architecture.width);
                x.iter().zip(y).map(|(x, y)| [f64::from(*x) / TAU, f64::from(*y) / TAU]).collect()
            }
            _ => return None,
        };
        // Coordinates are two units wide, and a wave of half as many cycles as pixels has two pixels a cycle.
        let n = math::sqrt(self.samples().len() as f64);
        let cycles = |b: &[f64; 2]| 2.0 * math::sqrt(b[0] * b[0] + b[1] * b[1]);
        let n_fine = frequencies.iter().filter(|b| cycles(b) > 0.5 * n).count();
        let share = n_fine as f64 / frequencies.len() as f64;
        let finest = frequencies.iter().map(cycles).fold(0.0, f64::max);
        if share > 0.5 {
            Some(Diagnosis::TooFineInput { share })
        } else if finest < 0.1 {
            Some(Diagnosis::TooCoarseInput { cycles: finest })
        } else {
            None
        }
    }

    /// Whether the loss has been at less than half of what it is, on steps that look at all pixels or on the mean of the last ones that do not.
    fn rate_is_too_high(&self) -> Option<Diagnosis> {
        const MEAN_OF: usize = 8;
        let losses: Vec<f64> = self.curve().points().iter().map(|(_, report)| report.loss).collect();
        let means = losses.windows(MEAN_OF).map(|losses| losses.iter().sum::<f64>() / MEAN_OF as f64);
        let now = means.clone().next_back()?;
        let lowest = means.fold(f64::INFINITY, f64::min);
        (now > 2.0 * lowest).then_some(Diagnosis::LearningRateTooHigh { lowest, now })
    }
}
