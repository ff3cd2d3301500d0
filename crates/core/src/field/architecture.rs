use serde::{Deserialize, Serialize};

/// How many numbers a field gives at a place: red, green, blue.
pub const N_CHANNELS: usize = 3;

/// What the first layer of a field reads.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Input {
    /// Nothing: one learnt number for all three channels, wherever one asks.
    Scalar,
    /// Nothing: one learnt number for each channel.
    Colour,
    /// The coordinates x and y.
    Coordinates,
    /// Fourier features: sin 2πb·x of all frequencies b, then cos 2πb·x of all of them (Tancik et al., 2020). The frequencies are drawn
    /// once and not learnt: both parts normal with standard deviation `scale`.
    Fourier {
        /// How many frequencies, 1 to [`Architecture::MOST_FREQUENCIES`].
        n_frequencies: usize,
        /// Their standard deviation, in turns per unit of the coordinates; 0 to 1000.
        scale: f32,
    },
}

/// a[·] of the hidden layers of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldActivation {
    /// max(0, f).
    Relu,
    /// sin f (Sitzmann et al., 2020). Their factor ω_0 is in the weights of the first layer: see
    /// [`FieldInitialization::Siren`](super::FieldInitialization::Siren).
    Sine,
}

/// What becomes of the three numbers of the last layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutputActivation {
    /// They are the colour.
    Linear,
    /// 1 / (1 + e⁻ᶠ), so that every colour lies between black and white.
    Sigmoid,
}

/// The shape of a coordinate network: h_0 is what [`Input`] says, f_k = β_k + Ω_k h_k, `h_{k+1} = a[f_k]`, and f_K is the colour.
///
/// ```
/// use piecewise_core::field::{Architecture, Input};
/// let homework = Architecture::relu(4, 256);
/// assert_eq!(homework.n_parameters(), 198_915);
/// let fourier = Architecture { input: Input::Fourier { n_frequencies: 512, scale: 20.0 }, ..homework };
/// assert_eq!(fourier.n_parameters(), 460_547);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Architecture {
    /// What it reads. Where that is nothing there are no hidden layers.
    pub input: Input,
    /// K, 0 to [`Architecture::MOST_LAYERS`].
    pub n_hidden_layers: usize,
    /// D, how many units each hidden layer has; 1 to [`Architecture::MOST_UNITS`].
    pub width: usize,
    /// a[·].
    pub activation: FieldActivation,
    /// After the last layer.
    pub output: OutputActivation,
    /// Whether pre-activations are brought to mean 0 and variance 1 over the units of their layer, then scaled by a learnt γ and shifted by a
    /// learnt δ, before they are activated (Ba et al., 2016).
    pub layer_norm: bool,
    /// Whether every hidden layer but the first adds what it reads: `h_{k+1} = h_k + a[f_k]`.
    pub residual: bool,
}

impl Architecture {
    /// The most hidden layers.
    pub const MOST_LAYERS: usize = 64;
    /// The most units of a layer.
    pub const MOST_UNITS: usize = 512;
    /// The most frequencies.
    pub const MOST_FREQUENCIES: usize = 1024;
    /// The most parameters: with all that a training keeps of them, they take about 100 MB.
    pub const MOST_PARAMETERS: usize = 1 << 20;

    /// Coordinates, hidden layers of rectified linear units, a sigmoid.
    pub fn relu(n_hidden_layers: usize, width: usize) -> Self {
        Self {
            input: Input::Coordinates,
            n_hidden_layers,
            width,
            activation: FieldActivation::Relu,
            output: OutputActivation::Sigmoid,
            layer_norm: false,
            residual: false,
        }
    }

    /// Coordinates, hidden layers of sines, no sigmoid.
    pub fn siren(n_hidden_layers: usize, width: usize) -> Self {
        Self {
            activation: FieldActivation::Sine,
            output: OutputActivation::Linear,
            ..Self::relu(n_hidden_layers, width)
        }
    }

    /// One number wherever one asks, or one for each channel.
    pub fn constant(per_channel: bool) -> Self {
        let input = if per_channel { Input::Colour } else { Input::Scalar };
        Self { input, output: OutputActivation::Linear, ..Self::relu(0, 1) }
    }

    /// Brings every number into its range; where there are too many parameters, layers become narrower.
    pub fn make_valid(&mut self) {
        match &mut self.input {
            Input::Scalar | Input::Colour => self.n_hidden_layers = 0,
            Input::Coordinates => {}
            Input::Fourier { n_frequencies, scale } => {
                *n_frequencies = (*n_frequencies).clamp(1, Self::MOST_FREQUENCIES);
                *scale = if scale.is_finite() { scale.clamp(0.0, 1000.0) } else { 1.0 };
            }
        }
        self.n_hidden_layers = self.n_hidden_layers.min(Self::MOST_LAYERS);
        self.width = self.width.clamp(1, Self::MOST_UNITS);
        while self.n_parameters() > Self::MOST_PARAMETERS {
            self.width -= self.width.div_ceil(8);
        }
    }

    /// Whether it is a plain network of rectified linear units in x and y: no features, no layer norm, and nothing added past a layer.
    pub fn is_plain_relu(&self) -> bool {
        let adds = self.residual && self.n_hidden_layers > 1;
        self.input == Input::Coordinates && self.activation == FieldActivation::Relu && !self.layer_norm && !adds
    }

    /// How many numbers the first layer reads.
    pub fn n_inputs(&self) -> usize {
        match self.input {
            Input::Scalar | Input::Colour => 0,
            Input::Coordinates => 2,
            Input::Fourier { n_frequencies, .. } => 2 * n_frequencies,
        }
    }

    /// How many numbers layer `k` (0-based, the last one is the output) reads and writes.
    pub fn shape(&self, k: usize) -> (usize, usize) {
        let reads = if k == 0 { self.n_inputs() } else { self.width };
        let writes = if k == self.n_hidden_layers { N_CHANNELS } else { self.width };
        (reads, writes)
    }

    /// Where the parameters of every layer are in the vector of all.
    pub(super) fn places(&self) -> Vec<Place> {
        let mut at = 0;
        let layers = (0..=self.n_hidden_layers).map(|k| {
            let (n_inputs, n_outputs) = self.shape(k);
            let n_betas = if matches!(self.input, Input::Scalar) { 1 } else { n_outputs };
            let has_norm = self.layer_norm && k < self.n_hidden_layers;
            let place = Place { n_inputs, n_outputs, n_betas, has_norm, at };
            at += place.n_parameters();
            place
        });
        layers.collect()
    }

    /// How many numbers are learnt: weights, biases, and γ and δ where there is layer norm. Frequencies are not learnt.
    pub fn n_parameters(&self) -> usize {
        self.places().iter().map(Place::n_parameters).sum()
    }

    /// How many of them belong to hidden layers; they come first.
    pub fn n_hidden_parameters(&self) -> usize {
        self.places()[..self.n_hidden_layers].iter().map(Place::n_parameters).sum()
    }

    /// About how many multiplications one sample takes in a step, forward and backward.
    pub fn multiplications(&self) -> u64 {
        let weights = |place: &Place| (place.n_inputs * place.n_outputs) as u64;
        let places = self.places();
        let all: u64 = places.iter().map(weights).sum();
        // Nothing is asked of the first layer's input.
        3 * all - weights(&places[0]) + 1
    }
}

/// Where a layer is in the vector of all parameters: β, then Ω column by column, then γ and δ where there is layer norm.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) n_inputs: usize,
    pub(super) n_outputs: usize,
    /// One where all outputs share a bias.
    pub(super) n_betas: usize,
    pub(super) has_norm: bool,
    /// Of β.
    at: usize,
}

impl Place {
    fn n_parameters(&self) -> usize {
        self.n_betas + self.n_inputs * self.n_outputs + if self.has_norm { 2 * self.n_outputs } else { 0 }
    }

    pub(super) fn beta<'a>(&self, parameters: &'a [f32]) -> &'a [f32] {
        &parameters[self.at..][..self.n_betas]
    }

    pub(super) fn omega<'a>(&self, parameters: &'a [f32]) -> &'a [f32] {
        &parameters[self.at + self.n_betas..][..self.n_inputs * self.n_outputs]
    }

    /// γ and δ; empty without layer norm.
    pub(super) fn norm<'a>(&self, parameters: &'a [f32]) -> (&'a [f32], &'a [f32]) {
        let end = self.at + self.n_parameters();
        let n = if self.has_norm { self.n_outputs } else { 0 };
        (&parameters[end - 2 * n..end - n], &parameters[end - n..end])
    }

    /// β, Ω, γ and δ, to be written.
    pub(super) fn parts_mut<'a>(&self, parameters: &'a mut [f32]) -> [&'a mut [f32]; 4] {
        let all = &mut parameters[self.at..self.at + self.n_parameters()];
        let (beta, rest) = all.split_at_mut(self.n_betas);
        let (omega, norm) = rest.split_at_mut(self.n_inputs * self.n_outputs);
        let (gamma, delta) = norm.split_at_mut(norm.len() / 2);
        [beta, omega, gamma, delta]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_of_the_homework_and_of_the_training_table_are_counted() {
        assert_eq!(Architecture::constant(false).n_parameters(), 1);
        assert_eq!(Architecture::constant(true).n_parameters(), 3);
        assert_eq!(Architecture::relu(4, 256).n_parameters(), 198_915);
        assert_eq!(Architecture::siren(4, 256).n_parameters(), 198_915);
        assert_eq!(Architecture::relu(1, 256).n_parameters(), 1_539);
        assert_eq!(Architecture::relu(2, 64).n_parameters(), 4_547);
        assert_eq!(Architecture::relu(4, 64).n_parameters(), 12_867);
        let fourier = |n_frequencies, scale| Input::Fourier { n_frequencies, scale };
        assert_eq!(Architecture { input: fourier(64, 1.0), ..Architecture::relu(4, 64) }.n_parameters(), 20_931);
        assert_eq!(Architecture { input: fourier(512, 20.0), ..Architecture::relu(4, 256) }.n_parameters(), 460_547);
        // Layer norm learns two numbers more for each hidden unit.
        assert_eq!(Architecture { layer_norm: true, ..Architecture::relu(4, 64) }.n_parameters(), 12_867 + 2 * 256);
    }

    #[test]
    fn a_hostile_architecture_becomes_one_that_can_be_built() {
        let mut wild = Architecture {
            input: Input::Fourier { n_frequencies: usize::MAX, scale: f32::NAN },
            ..Architecture::relu(usize::MAX, 0)
        };
        wild.make_valid();
        assert_eq!((wild.n_hidden_layers, wild.width, wild.n_inputs()), (64, 1, 2048));
        let mut large = Architecture::relu(64, 512);
        large.make_valid();
        assert_eq!(large.n_hidden_layers, 64);
        assert!((900_000 / 2..=Architecture::MOST_PARAMETERS).contains(&large.n_parameters()), "{large:?}");
        let mut nothing = Architecture { n_hidden_layers: 5, ..Architecture::constant(true) };
        nothing.make_valid();
        assert_eq!(nothing.n_hidden_layers, 0);
    }
}
