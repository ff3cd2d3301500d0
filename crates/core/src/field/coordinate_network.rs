use core::fmt;

use super::pass::CHUNK;
use super::{Architecture, FieldInitialization, Input, N_CHANNELS, Pass, Window};
use crate::Rng;
use crate::job::{Advance, Job};
use crate::network::{Activation, Layer, Network};

/// A coordinate network with its parameters: a colour for every place.
///
/// ```
/// use piecewise_core::field::{Architecture, Field, FieldInitialization};
/// let field = Field::new(Architecture::relu(2, 16), FieldInitialization::Zero, 0);
/// // The sigmoid of 0.
/// assert_eq!(field.colour([0.3, -0.7]), [0.5; 3]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    architecture: Architecture,
    frequencies: Vec<[f32; 2]>,
    parameters: Vec<f32>,
}

/// Why a field cannot be made of what was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldError {
    /// The architecture is not within its limits: see [`Architecture::make_valid`].
    Architecture,
    /// There is not one frequency for every pair of inputs.
    Frequencies {
        /// How many there should be.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// There is not one number for every parameter.
    Parameters {
        /// How many there should be.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// A frequency or a parameter is not finite.
    NotFinite,
}

impl fmt::Display for FieldError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Architecture => write!(out, "the network is larger than a field may be, or has layers without units"),
            Self::Frequencies { expected, found } => {
                write!(out, "the network reads {expected} frequencies, not {found}")
            }
            Self::Parameters { expected, found } => write!(out, "the network has {expected} parameters, not {found}"),
            Self::NotFinite => write!(out, "a number of the network is not finite"),
        }
    }
}

impl core::error::Error for FieldError {}

impl Field {
    /// A field of what was kept of one: see [`Field::frequencies`] and [`Field::parameters`].
    ///
    /// # Errors
    /// See [`FieldError`].
    pub fn from_parts(
        architecture: Architecture,
        frequencies: Vec<[f32; 2]>,
        parameters: Vec<f32>,
    ) -> Result<Self, FieldError> {
        let mut valid = architecture;
        valid.make_valid();
        if valid != architecture {
            return Err(FieldError::Architecture);
        }
        let expected = if let Input::Fourier { n_frequencies, .. } = architecture.input { n_frequencies } else { 0 };
        if frequencies.len() != expected {
            return Err(FieldError::Frequencies { expected, found: frequencies.len() });
        }
        let expected = architecture.n_parameters();
        if parameters.len() != expected {
            return Err(FieldError::Parameters { expected, found: parameters.len() });
        }
        if !frequencies.as_flattened().iter().chain(&parameters).all(|number| number.is_finite()) {
            return Err(FieldError::NotFinite);
        }
        Ok(Self { architecture, frequencies, parameters })
    }

    /// A field of this architecture, made valid, drawn from a seed: first the frequencies, if there are any, then layer by layer as
    /// [`Network::initialized`] does.
    pub fn new(architecture: Architecture, initialization: FieldInitialization, seed: u64) -> Self {
        let mut architecture = architecture;
        architecture.make_valid();
        let mut rng = Rng::from_seed(seed);
        let mut frequencies = Vec::new();
        if let Input::Fourier { n_frequencies, scale } = architecture.input {
            let mut draw = || (f64::from(scale) * rng.normal()) as f32;
            frequencies.extend((0..n_frequencies).map(|_| [draw(), draw()]));
        }
        let mut parameters = vec![0.0; architecture.n_parameters()];
        for (k, place) in architecture.places().iter().enumerate() {
            let drawn = initialization.of_layer(k == 0, k == architecture.n_hidden_layers, place.n_inputs);
            let layer = drawn.layer(place.n_outputs, place.n_inputs, &mut rng);
            let [beta, omega, gamma, _] = place.parts_mut(&mut parameters);
            for (to, from) in beta.iter_mut().zip(&layer.beta).chain(omega.iter_mut().zip(&layer.omega)) {
                *to = *from as f32;
            }
            gamma.fill(1.0);
        }
        Self { architecture, frequencies, parameters }
    }

    /// Its shape.
    pub fn architecture(&self) -> &Architecture {
        &self.architecture
    }

    /// b of every Fourier feature, in turns per unit; empty without.
    pub fn frequencies(&self) -> &[[f32; 2]] {
        &self.frequencies
    }

    /// All that is learnt: layer by layer β, Ω column by column, and with layer norm γ and δ.
    pub fn parameters(&self) -> &[f32] {
        &self.parameters
    }

    /// All that is learnt, to be changed.
    pub fn parameters_mut(&mut self) -> &mut [f32] {
        &mut self.parameters
    }

    /// The colour at (x, y), as it is: a linear output may leave 0..1. For many places, see [`Field::render`].
    pub fn colour(&self, place: [f32; 2]) -> [f32; N_CHANNELS] {
        let mut pass = Pass::new(&self.architecture);
        pass.load(&self.parameters);
        let mut colour = [[0.0; N_CHANNELS]];
        pass.colours(&self.frequencies, &[place], &mut colour);
        colour[0]
    }

    /// The colours in a window, row by row, as they are.
    pub fn render(&self, window: Window) -> Vec<[f32; N_CHANNELS]> {
        Rendering::start((self.clone(), window)).finish(u64::MAX)
    }

    /// The same function in 64-bit numbers up to the sigmoid, if there is one, for [`crate::regions`] to draw its linear regions: a sigmoid
    /// bends them, but moves none of their edges. `None` where it is not a plain network of rectified linear units in x and y.
    pub fn to_network(&self) -> Option<Network> {
        if !self.architecture.is_plain_relu() {
            return None;
        }
        let layers = self.layers().map(|layer| {
            Layer::from_fn(
                layer.n_outputs,
                layer.n_inputs,
                |row| f64::from(layer.beta[row]),
                |row, column| f64::from(layer.weight(row, column)),
            )
        });
        Network::new(layers.collect(), Activation::Relu).ok()
    }
}

/// A field that is looked at through a window, some rows at a time.
#[derive(Clone, Debug)]
pub struct Rendering {
    field: Field,
    pass: Pass,
    window: Window,
    colours: Vec<[f32; N_CHANNELS]>,
}

impl Job for Rendering {
    /// The field and the window, which is made valid.
    type Input = (Field, Window);
    /// How many pixels are there.
    type Progress = usize;
    /// All colours, row by row, as they are.
    type Output = Vec<[f32; N_CHANNELS]>;

    fn start((field, mut window): Self::Input) -> Self {
        window.make_valid();
        let mut pass = Pass::new(&field.architecture);
        pass.load(&field.parameters);
        Self { field, pass, window, colours: Vec::with_capacity(window.n_pixels()) }
    }

    fn advance(&mut self, budget: u64) -> Advance<usize, Self::Output> {
        let per_chunk = work_of_chunk(&self.field.architecture) / 3;
        let mut spent = 0;
        let mut coordinates = [[0.0; 2]; CHUNK];
        while self.colours.len() < self.window.n_pixels() {
            let first = self.colours.len();
            let n = CHUNK.min(self.window.n_pixels() - first);
            self.window.write_coordinates(first..first + n, &mut coordinates);
            self.colours.resize(first + n, [0.0; N_CHANNELS]);
            self.pass.colours(&self.field.frequencies, &coordinates[..n], &mut self.colours[first..]);
            spent += per_chunk;
            if spent >= budget && self.colours.len() < self.window.n_pixels() {
                return Advance::Progress(self.colours.len());
            }
        }
        Advance::Done(self.colours.clone())
    }
}

/// What a chunk takes of the budget of a [`Job`], forward and backward: kernels do about sixteen multiplications a nanosecond.
pub(super) fn work_of_chunk(architecture: &Architecture) -> u64 {
    architecture.multiplications() * CHUNK as u64 / 16 + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rectified_field_and_its_network_agree() {
        let mut field = Field::new(Architecture::relu(3, 13), FieldInitialization::PytorchLinear, 5);
        field.architecture.output = super::super::OutputActivation::Linear;
        let net = field.to_network().expect("rectified linear units");
        assert_eq!(net.n_parameters(), field.parameters().len());
        for place in [[0.0, 0.0], [0.25, -0.75], [-1.0, 1.0], [3.0, 2.0]] {
            let expected = net.output(&place.map(f64::from));
            for (y, expected) in field.colour(place).into_iter().zip(expected.iter()) {
                assert!((f64::from(y) - expected).abs() < 1e-6, "{place:?}: {y} {expected}");
            }
        }
    }

    #[test]
    fn a_shallow_field_without_biases_begins_with_twice_as_many_regions_as_units() {
        use crate::regions::{Bounds, PlaneRegions};
        for width in [3, 8, 16] {
            let field = Field::new(Architecture::relu(1, width), FieldInitialization::He, 2);
            let net = field.to_network().expect("rectified linear units");
            let regions = PlaneRegions::compute(&net, &Bounds { lo: [-1.0; 2], hi: [1.0; 2] }, 1000);
            assert_eq!(regions.expect("two inputs").len(), 2 * width);
        }
    }

    #[test]
    fn parts_that_do_not_fit_are_refused_with_a_sentence() {
        let relu = Architecture::relu(1, 2);
        let sentence = |architecture, frequencies, parameters| {
            Field::from_parts(architecture, frequencies, parameters).unwrap_err().to_string()
        };
        assert_eq!(sentence(relu, vec![], vec![0.0; 14]), "the network has 15 parameters, not 14");
        assert_eq!(sentence(relu, vec![[0.0; 2]], vec![0.0; 15]), "the network reads 0 frequencies, not 1");
        assert_eq!(sentence(relu, vec![], vec![f32::INFINITY; 15]), "a number of the network is not finite");
        let wide = Architecture::relu(1, usize::MAX);
        assert!(sentence(wide, vec![], vec![]).starts_with("the network is larger"));
        assert!(Field::from_parts(relu, vec![], vec![0.5; 15]).is_ok());
    }

    #[test]
    fn only_plain_rectified_fields_have_polygons() {
        let network = |architecture| Field::new(architecture, FieldInitialization::He, 0).to_network();
        let relu = Architecture::relu(2, 4);
        assert!(network(relu).is_some());
        assert!(network(Architecture::siren(2, 4)).is_none());
        assert!(network(Architecture { layer_norm: true, ..relu }).is_none());
        assert!(network(Architecture { residual: true, ..relu }).is_none());
        let fourier = Input::Fourier { n_frequencies: 2, scale: 1.0 };
        assert!(network(Architecture { input: fourier, ..relu }).is_none());
    }

    #[test]
    fn a_window_may_be_finer_than_the_picture_and_lie_beyond_it() {
        let field = Field::new(Architecture::siren(1, 8), FieldInitialization::Siren { omega_0: 30.0 }, 1);
        let coarse = field.render(Window::of_picture(5, 3));
        let fine = field.render(Window::of_picture(9, 5));
        // Every second pixel of the finer grid is one of the coarser.
        for (row, column) in [(0, 0), (1, 2), (2, 4)] {
            assert_eq!(coarse[row * 5 + column], fine[2 * row * 9 + 2 * column]);
        }
        let around = field.render(Window::around_picture(3.0, 7, 7));
        assert_eq!(around[3 * 7 + 3], coarse[5 + 2]);
        assert_eq!(around[0], field.colour([-3.0, -3.0]));
        // However it is cut.
        let window = Window::of_picture(40, 30);
        assert_eq!(Rendering::start((field.clone(), window)).finish(0), field.render(window));
    }
}
