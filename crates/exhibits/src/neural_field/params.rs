use piecewise_core::field::{
    Architecture, Field, FieldInitialization, FieldLoss, FieldRule, FieldSettings, FieldTraining, Grid, Image, Input,
    OutputActivation, Picture, Samples,
};
use piecewise_core::train::Schedule;
use serde::{Deserialize, Serialize};

use super::{DrawnPicture, Own, Photograph, draw_text, legible};
use crate::Preset;

/// Which picture is to be painted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// The rectangles of slide 7.
    #[default]
    Rectangles,
    /// Black and white squares, as many along each side as `frequency` says.
    Checkerboard,
    /// A white disc.
    Disc,
    /// From black to white.
    Gradient,
    /// The same with one edge.
    Sawtooth,
    /// Spokes, as many white ones as `frequency` says.
    Star,
    /// A wave with `frequency` periods.
    Grating,
    /// The photograph of a man with a camera.
    Camera,
    /// The photograph of a wall of bricks.
    Bricks,
    /// The photograph of a cat.
    Cat,
    /// The letters of `text`.
    Text,
    /// What has been painted: `drawing`.
    Drawn,
    /// A picture of one's own, which is in no link.
    Own,
}

impl Subject {
    /// All of them, with their names.
    pub const ALL: [(Self, &'static str); 13] = [
        (Self::Rectangles, "the slide's rectangles"),
        (Self::Checkerboard, "checkerboard"),
        (Self::Disc, "disc"),
        (Self::Gradient, "gradient"),
        (Self::Sawtooth, "gradient with an edge"),
        (Self::Star, "spokes"),
        (Self::Grating, "waves"),
        (Self::Camera, "photograph: camera"),
        (Self::Bricks, "photograph: bricks"),
        (Self::Cat, "photograph: cat"),
        (Self::Text, "letters"),
        (Self::Drawn, "painted by hand"),
        (Self::Own, "your own file"),
    ];

    /// Whether it depends on the frequency.
    pub fn has_frequency(self) -> bool {
        matches!(self, Self::Checkerboard | Self::Star | Self::Grating)
    }
}

/// What paints it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Model {
    /// One learnt number for all three channels.
    Scalar,
    /// One learnt colour.
    Constant,
    /// Coordinates, hidden layers of ReLU.
    #[default]
    Relu,
    /// The same on Fourier features of the coordinates.
    Fourier,
    /// Coordinates, hidden layers of sines, with ω0 in the first of them: the homework's.
    Siren,
    /// The same with ω0 in every hidden layer, as it was published: it learns a photograph many times faster.
    SirenThroughout,
}

impl Model {
    /// All of them, with their names.
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::Scalar, "one number"),
        (Self::Constant, "a constant colour"),
        (Self::Relu, "ReLU"),
        (Self::Fourier, "ReLU on Fourier features"),
        (Self::Siren, "SIREN (sines)"),
        (Self::SirenThroughout, "SIREN, ω₀ in every layer"),
    ];

    /// Whether it reads where it is, rather than being the same everywhere.
    pub fn is_network(self) -> bool {
        !matches!(self, Self::Scalar | Self::Constant)
    }

    /// Whether its hidden layers are sines.
    pub fn is_siren(self) -> bool {
        matches!(self, Self::Siren | Self::SirenThroughout)
    }
}

/// How the weights begin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Begin {
    /// What is usual for the network: Xavier's for ReLU, as in the homework; SIREN's own for sines.
    #[default]
    Usual,
    /// He's.
    He,
    /// What PyTorch does unless told otherwise.
    Pytorch,
    /// All 0.
    Zero,
    /// Normal with σ = 0.001.
    Tiny,
    /// Ten times He's.
    Huge,
}

impl Begin {
    /// All of them, with their names.
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::Usual, "as usual (Xavier; SIREN's own)"),
        (Self::He, "He"),
        (Self::Pytorch, "PyTorch's default"),
        (Self::Zero, "all zero"),
        (Self::Tiny, "tiny, σ = 0.001"),
        (Self::Huge, "ten times He's"),
    ];
}

/// Which rule makes steps of gradients.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// Adam.
    #[default]
    Adam,
    /// Plain gradient descent.
    Descent,
    /// Gradient descent with momentum 0.9.
    Momentum,
}

impl Rule {
    /// All of them, with their names.
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::Adam, "Adam"), (Self::Descent, "gradient descent"), (Self::Momentum, "momentum 0.9")];
}

/// How high a picture is, and which coordinates its pixels are given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// As high as it is wide.
    #[default]
    Square,
    /// Three quarters as high as it is wide.
    Wide,
    /// The same, with coordinates stacked as (y, x), as the homework does: harmless on a square picture, but here they belong to other pixels.
    Torn,
}

impl Shape {
    /// All of them, with their names.
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::Square, "square"), (Self::Wide, "4 : 3"), (Self::Torn, "4 : 3, coordinates stacked as (y, x)")];
}

/// What is made small.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Loss {
    /// ½ · the mean of squares, as in the homework.
    #[default]
    Squares,
    /// The mean of absolute values.
    Absolute,
}

impl Loss {
    /// All of them, with their names.
    pub const ALL: [(Self, &'static str); 2] =
        [(Self::Squares, "½ mean square"), (Self::Absolute, "mean absolute value")];
}

/// How the learning rate goes down by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decay {
    /// It does not.
    #[default]
    None,
    /// To a tenth within a thousand steps, little by little.
    Exponential,
    /// To 0 within [`MOST_STEPS`], along half a cosine.
    Cosine,
}

impl Decay {
    /// All of them, with their names.
    pub const ALL: [(Self, &'static str); 3] = [
        (Self::None, "stays"),
        (Self::Exponential, "falls to a tenth in 1,000 steps"),
        (Self::Cosine, "falls to 0 along a cosine"),
    ];

    fn schedule(self) -> Schedule {
        match self {
            Self::None => Schedule::Constant,
            // A thousandth power of it is 0.1.
            Self::Exponential => Schedule::Exponential { factor: 0.997_700_063_822_553_3 },
            Self::Cosine => Schedule::Cosine { n_steps: MOST_STEPS },
        }
    }
}

/// Which curve of the training is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Plot {
    /// The peak signal-to-noise ratio.
    #[default]
    Psnr,
    /// The loss.
    Loss,
    /// The sum of absolute values of the gradient.
    Gradient,
}

impl Plot {
    /// All of them, with their names.
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::Psnr, "PSNR"), (Self::Loss, "loss"), (Self::Gradient, "gradient Σ|g|")];
}

/// What one can set in the exhibit.
#[expect(clippy::struct_excessive_bools, reason = "each of them is a switch of its own")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Params {
    /// Where reset leads: a preset.
    pub start: String,
    /// The picture.
    pub picture: Subject,
    /// How fine it is, 1 to 32: squares along a side, white spokes, or periods.
    pub frequency: u64,
    /// The letters, where they are the picture: at most [`MOST_LETTERS`](super::MOST_LETTERS), and at least one.
    pub text: String,
    /// What has been painted, where that is the picture.
    pub drawing: DrawnPicture,
    /// How many pixels it is wide: see [`SIZES`].
    pub size: u64,
    /// How high it is, and which coordinates its pixels are given.
    pub shape: Shape,
    /// The network.
    pub network: Model,
    /// How many hidden layers it has, 1 to 32.
    pub depth: u64,
    /// How many units each of them has: see [`WIDTHS`].
    pub width: u64,
    /// m, how many Fourier frequencies there are: see [`FEATURES`].
    pub features: u64,
    /// The standard deviation of Fourier frequencies, in turns per unit, 0.01 to 100.
    pub scale: f64,
    /// ω0 of SIREN, 0.1 to 300.
    pub omega: f64,
    /// Whether pre-activations are brought to mean 0 and variance 1 over the units of their layer.
    pub norm: bool,
    /// Whether hidden layers, from the second on, add what they read.
    pub residual: bool,
    /// How the weights begin.
    pub weights: Begin,
    /// Whether a sigmoid keeps colours between black and white. SIREN and the constant have none.
    pub sigmoid: bool,
    /// What is made small.
    pub loss: Loss,
    /// The rule.
    pub rule: Rule,
    /// α, the learning rate of the first step, 0.0001 to 1.
    pub rate: f64,
    /// Other learning rates later on: a step and the rate from there on, in turns. At most [`MOST_EDITS`] of them, the steps growing.
    pub edits: Vec<f64>,
    /// How the learning rate goes down by itself.
    pub decay: Decay,
    /// How many pixels a step looks at: 0 for all of them, at most 4096.
    pub batch: u64,
    /// The seed of the weights and of the batches, 0 to 999.
    pub seed: u64,
    /// How many steps have been taken, 0 to [`Params::most_steps`].
    pub steps: u64,
    /// Whether the linear regions are outlined, where the network has some.
    pub regions: bool,
    /// Where the picture is cut through, as a share of its height from the top, 0.02 to 0.98.
    pub cut: f64,
    /// Which curve of the training is drawn.
    pub plot: Plot,
    /// The picture of one's own, where there is one.
    #[serde(skip)]
    pub own: Own,
    /// How many places of the network are looked at for every pixel along each axis: 1, 2, 4 or 8.
    pub zoom: u64,
    /// How far one looks, in half widths of the picture: 1 to its edges, up to 3.
    pub reach: f64,
}

/// How many pixels a picture can be wide.
pub const SIZES: [u64; 8] = [16, 24, 32, 48, 64, 96, 128, 256];
/// How many units a layer can have.
pub const WIDTHS: [u64; 11] = [1, 2, 3, 4, 5, 8, 16, 32, 64, 128, 256];
/// How many Fourier frequencies there can be.
pub const FEATURES: [u64; 8] = [4, 8, 16, 32, 64, 128, 256, 512];
/// The sizes of batches that are offered; 0 is the whole picture.
pub const BATCHES: [u64; 5] = [0, 64, 256, 1024, 4096];
/// How many places of the network can be looked at for every pixel along each axis.
pub const ZOOMS: [u64; 4] = [1, 2, 4, 8];
/// The most hidden layers.
pub const MOST_DEPTH: u64 = 32;
/// The highest frequency.
pub const MOST_FREQUENCY: u64 = 32;
/// The most steps of any run.
pub const MOST_STEPS: u64 = 2000;
/// The range of σ of Fourier frequencies.
pub const SCALE: [f64; 2] = [0.01, 100.0];
/// The range of ω0.
pub const OMEGA: [f64; 2] = [0.1, 300.0];
/// The range of α.
pub const RATE: [f64; 2] = [0.0001, 1.0];
/// The range of the cut.
pub const CUT: [f64; 2] = [0.02, 0.98];
/// The range of how far one looks.
pub const REACH: [f64; 2] = [1.0, 3.0];
/// The most changes of the learning rate in a run.
pub const MOST_EDITS: usize = 16;
/// A step of so many multiplications, or more, is shared out among workers, in so many parts, however many workers there are.
const SHARED: (u64, usize) = (40_000_000, 4);

/// The lecture's cases.
pub const PRESETS: &[Preset] = &[
    Preset {
        start: "rectangles",
        label: "ReLU",
        note: "A plain ReLU network on the slide's picture: the colours are soon right, the edges are blurred for long.",
    },
    Preset {
        start: "fourier",
        label: "Fourier features",
        note: "The same network reads waves of the coordinates instead of the coordinates: as many steps, sharp edges.",
    },
    Preset {
        start: "siren",
        label: "SIREN",
        note: "Sines instead of ReLU, with ω₀ = 30 in the first layer: edges come sooner, with ripples all around them.",
    },
    Preset {
        start: "constant",
        label: "Constant",
        note: "One learnt colour: the best it can do is the mean colour, 14.63 dB as usual, 11.62 dB as the homework counts.",
    },
    Preset {
        start: "scalar",
        label: "One number",
        note: "One learnt number for all three channels, as the homework begins with: the best grey, 9.64 dB, or 6.63 dB as the homework counts.",
    },
    Preset {
        start: "shallow",
        label: "Why blurry? Shallow",
        note: "One hidden layer of 64 units on a checkerboard: nearly grey after 300 steps, though it has two thousand regions to paint with.",
    },
    Preset {
        start: "deep",
        label: "Why blurry? Deep",
        note: "Four layers of 16 units have hardly more regions and come further, because they fold; and still they begin with what is coarse.",
    },
    Preset {
        start: "wide",
        label: "Why blurry? Wide",
        note: "Four layers of 64 units: more pieces and further still, but on plain coordinates fine squares remain hard.",
    },
    Preset {
        start: "fourier-board",
        label: "Not blurry: Fourier",
        note: "Fourier features offer waves as fine as the squares, so the checkerboard is there after the same 300 steps.",
    },
    Preset {
        start: "photograph",
        label: "A photograph",
        note: "Sines paint a photograph of 64 × 64 pixels in a second or so; look closer, and see what they make up between its pixels.",
    },
    Preset {
        start: "rate",
        label: "Stuck: α = 0.1",
        note: "One early step is so large that the output goes to the flat ends of the sigmoid, and no gradient comes back.",
    },
    Preset {
        start: "born-dead",
        label: "Stuck: born dead",
        note: "Eight layers of four units: in one of them every unit is off everywhere, so that only a constant can be learnt.",
    },
    Preset {
        start: "zero",
        label: "Stuck: zeros",
        note: "All weights begin at 0: no gradient reaches them, and only the last bias learns, up to the mean colour.",
    },
    Preset {
        start: "huge",
        label: "Stuck: saturated",
        note: "Weights ten times too large: the sigmoid is saturated before the first step, and the gradient is almost 0.",
    },
    Preset {
        start: "coordinates",
        label: "Stuck: wrong scale",
        note: "Fourier frequencies of 30 turns per unit are finer than pixels: neighbours tell the network nothing of each other.",
    },
    Preset {
        start: "torn",
        label: "Wrong coordinates",
        note: "Coordinates stacked as (y, x) on a picture that is not square: the network learns a torn picture, which is harder.",
    },
    Preset {
        start: "relu-full",
        label: "Full size: ReLU",
        note: "The homework's own network, 4 layers of 256 units, on 256 × 256 pixels: its 1,000 steps take hours, and below the picture stands how many.",
    },
    Preset {
        start: "fourier-full",
        label: "Full size: Fourier",
        note: "The same on 512 Fourier features with σ = 20, the homework's best: each step takes twice as long as without them.",
    },
    Preset {
        start: "siren-full",
        label: "Full size: SIREN",
        note: "Sines in 4 layers of 256 units on 256 × 256 pixels, with the homework's ω₀ = 30 and a learning rate of 0.0001.",
    },
];

impl Default for Params {
    fn default() -> Self {
        Self {
            start: "rectangles".to_owned(),
            picture: Subject::Rectangles,
            frequency: 8,
            text: "ReLU".to_owned(),
            drawing: DrawnPicture::default(),
            size: 32,
            shape: Shape::Square,
            network: Model::Relu,
            depth: 3,
            width: 32,
            features: 32,
            scale: 2.0,
            omega: 30.0,
            norm: false,
            residual: false,
            weights: Begin::Usual,
            sigmoid: true,
            loss: Loss::Squares,
            rule: Rule::Adam,
            rate: 0.003,
            edits: Vec::new(),
            decay: Decay::None,
            batch: 0,
            seed: 0,
            steps: 300,
            regions: false,
            cut: 0.36,
            plot: Plot::Psnr,
            own: Own::default(),
            zoom: 1,
            reach: 1.0,
        }
    }
}

impl Params {
    /// What the run depends on from its first step: parameters that differ in nothing else have the same run, up to the first edit.
    #[must_use]
    pub fn origin(&self) -> Self {
        let Self { start, regions, cut, plot, zoom, reach, edits, .. } = Self::default();
        Self { start, steps: 0, regions, cut, plot, zoom, reach, edits, ..self.clone() }
    }

    /// Whether these parameters and others have the same picture to be painted, at the same size.
    #[must_use]
    pub fn shows_the_same_picture(&self, other: &Self) -> bool {
        let picture = |params: &Self| {
            (
                params.picture,
                params.frequency,
                params.text.clone(),
                params.drawing.clone(),
                params.size_pixels(),
                params.own.clone(),
            )
        };
        picture(self) == picture(other)
    }

    /// Width and height of the picture in pixels.
    pub fn size_pixels(&self) -> [usize; 2] {
        let width = self.size as usize;
        [width, if self.shape == Shape::Square { width } else { width * 3 / 4 }]
    }

    /// The picture.
    pub fn image(&self) -> Image {
        let frequency = self.frequency as u32;
        let [width, height] = self.size_pixels();
        let picture = match self.picture {
            Subject::Rectangles => Picture::Rectangles,
            Subject::Checkerboard => Picture::Checkerboard { n_squares: frequency },
            Subject::Disc => Picture::Disc { radius: 0.6 },
            Subject::Gradient => Picture::Gradient,
            Subject::Sawtooth => Picture::Sawtooth,
            Subject::Star => Picture::SiemensStar { n_spokes: frequency },
            Subject::Grating => Picture::Grating { frequency: frequency.into(), degrees: 0.0 },
            Subject::Camera => return Photograph::Camera.draw(width, height),
            Subject::Bricks => return Photograph::Brick.draw(width, height),
            Subject::Cat => return Photograph::Cat.draw(width, height),
            Subject::Text => return draw_text(&self.text, width, height),
            Subject::Drawn => return self.drawing.image(width, height),
            // Somebody else's stays with them.
            Subject::Own => return self.own.draw(width, height).unwrap_or_else(|| draw_text("?", width, height)),
        };
        picture.draw(width, height).expect("valid parameters have a size that can be drawn")
    }

    /// Whether it is somebody's own picture that is to be painted, and it is not here.
    pub fn lacks_its_picture(&self) -> bool {
        self.picture == Subject::Own && self.own.image().is_none()
    }

    /// The shape of the network.
    pub fn architecture(&self) -> Architecture {
        let (depth, width) = (self.depth as usize, self.width as usize);
        let output = if self.sigmoid { OutputActivation::Sigmoid } else { OutputActivation::Linear };
        let (layer_norm, residual) = (self.norm, self.residual);
        let relu = Architecture { output, layer_norm, residual, ..Architecture::relu(depth, width) };
        match self.network {
            Model::Scalar => Architecture::constant(false),
            Model::Constant => Architecture::constant(true),
            Model::Relu => relu,
            Model::Fourier => {
                let input = Input::Fourier { n_frequencies: self.features as usize, scale: self.scale as f32 };
                Architecture { input, ..relu }
            }
            Model::Siren | Model::SirenThroughout => {
                Architecture { layer_norm, residual, ..Architecture::siren(depth, width) }
            }
        }
    }

    fn initialization(&self) -> FieldInitialization {
        match self.weights {
            Begin::Usual if self.network == Model::Siren => FieldInitialization::Siren { omega_0: self.omega as f32 },
            Begin::Usual if self.network == Model::SirenThroughout => {
                FieldInitialization::SirenThroughout { omega_0: self.omega as f32 }
            }
            Begin::Usual => FieldInitialization::Xavier,
            Begin::He => FieldInitialization::He,
            Begin::Pytorch => FieldInitialization::PytorchLinear,
            Begin::Zero => FieldInitialization::Zero,
            Begin::Tiny => FieldInitialization::Tiny,
            Begin::Huge => FieldInitialization::Huge,
        }
    }

    /// Which coordinates belong to which pixel.
    pub fn grid(&self) -> Grid {
        if self.shape == Shape::Torn { Grid::Stacked } else { Grid::Aligned }
    }

    /// About how many multiplications a step takes, forward and backward.
    pub fn multiplications(&self) -> u64 {
        let [width, height] = self.size_pixels();
        let all = (width * height) as u64;
        let n = if self.batch == 0 { all } else { self.batch.min(all) };
        self.architecture().multiplications() * n
    }

    /// Into how many parts a step is shared out. It depends on the settings alone, not on the machine: so sums, and the picture, do not either.
    pub fn n_shards(&self) -> usize {
        let (least, n) = SHARED;
        if self.multiplications() >= least { n } else { 1 }
    }

    /// The learning rate from some steps on: at step 0, and wherever it was changed.
    pub fn rates(&self) -> impl Iterator<Item = (u64, f64)> {
        let (edits, _) = self.edits.as_chunks::<2>();
        core::iter::once((0, self.rate)).chain(edits.iter().map(|&[step, rate]| (step as u64, rate)))
    }

    /// The learning rate of the step after `step` others, before any decay.
    pub fn rate_at(&self, step: u64) -> f64 {
        self.rates().take_while(|(from, _)| *from <= step).last().map_or(self.rate, |(_, rate)| rate)
    }

    /// Another learning rate from `step` on; what was set for later is forgotten. Where no further change can be kept, the last one gives way.
    pub fn set_rate_from(&mut self, step: u64, rate: f64) {
        let (edits, _) = self.edits.as_chunks::<2>();
        let n_kept = edits.iter().take_while(|[from, _]| (*from as u64) < step).count().min(MOST_EDITS - 1);
        self.edits.truncate(2 * n_kept);
        if step == 0 {
            self.rate = rate;
        } else if rate != self.rate_at(step) {
            self.edits.extend([step as f64, rate]);
        }
    }

    /// The settings at the learning rate of the first step.
    pub fn settings(&self) -> FieldSettings {
        let rule = match self.rule {
            Rule::Adam => FieldRule::ADAM,
            Rule::Descent => FieldRule::GradientDescent,
            Rule::Momentum => FieldRule::Momentum { beta: 0.9 },
        };
        let loss = match self.loss {
            Loss::Squares => FieldLoss::Squares,
            Loss::Absolute => FieldLoss::Absolute,
        };
        let batch_size = (self.batch > 0).then_some(self.batch as u32);
        let hidden_omega = if self.network == Model::SirenThroughout { self.omega } else { 1.0 };
        let schedule = self.decay.schedule();
        FieldSettings { rule, loss, batch_size, schedule, hidden_omega, ..FieldSettings::adam(self.rate) }
    }

    /// The run at its first step, on this picture.
    pub fn training(&self, image: &Image) -> FieldTraining {
        let field = Field::new(self.architecture(), self.initialization(), self.seed);
        let samples = Samples::new(image, self.grid());
        FieldTraining::new(field, samples, self.settings(), self.seed).with_shards(self.n_shards())
    }

    /// Whether the network has linear regions that the exact engine knows.
    pub fn has_regions(&self) -> bool {
        self.network == Model::Relu && !self.norm && !(self.residual && self.depth > 1)
    }
}

impl crate::Params for Params {
    fn from_start(start: &str) -> Option<Self> {
        let base = Self { start: start.to_owned(), ..Self::default() };
        // The homework's: its 1,000 steps are for those who have the time.
        let full = Self { size: 256, depth: 4, width: 256, rate: 0.001, steps: 0, ..base.clone() };
        let board = Self { picture: Subject::Checkerboard, ..base.clone() };
        match start {
            "rectangles" => Some(base),
            "fourier" => Some(Self { network: Model::Fourier, ..base }),
            "siren" => Some(Self { network: Model::Siren, width: 64, ..base }),
            "constant" => Some(Self { network: Model::Constant, size: 64, rate: 0.02, ..base }),
            "scalar" => Some(Self { network: Model::Scalar, size: 64, rate: 0.02, steps: 100, ..base }),
            "relu-full" => Some(full),
            "fourier-full" => Some(Self { network: Model::Fourier, features: 512, scale: 20.0, ..full }),
            "siren-full" => Some(Self { network: Model::Siren, rate: 0.0001, ..full }),
            "shallow" => Some(Self { depth: 1, width: 64, regions: true, ..board }),
            "deep" => Some(Self { depth: 4, width: 16, regions: true, ..board }),
            "wide" => Some(Self { depth: 4, width: 64, regions: true, ..board }),
            "photograph" => Some(Self {
                picture: Subject::Cat,
                network: Model::SirenThroughout,
                size: 64,
                width: 64,
                rate: 0.001,
                steps: 100,
                cut: 0.5,
                ..base
            }),
            "fourier-board" => Some(Self { network: Model::Fourier, ..board }),
            "rate" => Some(Self { depth: 4, width: 64, rate: 0.1, steps: 100, ..base }),
            "born-dead" => Some(Self { depth: 8, width: 4, weights: Begin::He, seed: 6, rate: 0.03, ..base }),
            "zero" => Some(Self { weights: Begin::Zero, rate: 0.03, ..base }),
            "huge" => Some(Self { depth: 4, weights: Begin::Huge, steps: 100, ..base }),
            "coordinates" => Some(Self { network: Model::Fourier, scale: 30.0, steps: 100, ..base }),
            "torn" => Some(Self { shape: Shape::Torn, ..base }),
            _ => None,
        }
    }

    fn start(&self) -> &str {
        &self.start
    }

    fn make_valid(&mut self) {
        let within = |x: &mut f64, [lo, hi]: [f64; 2]| *x = if x.is_nan() { lo } else { x.clamp(lo, hi) };
        let among = |n: &mut u64, list: &[u64]| {
            *n = list.iter().copied().filter(|entry| entry <= n).max().unwrap_or(list[0]);
        };
        within(&mut self.scale, SCALE);
        within(&mut self.omega, OMEGA);
        within(&mut self.rate, RATE);
        within(&mut self.cut, CUT);
        within(&mut self.reach, REACH);
        among(&mut self.zoom, &ZOOMS);
        among(&mut self.size, &SIZES);
        among(&mut self.width, &WIDTHS);
        among(&mut self.features, &FEATURES);
        among(&mut self.batch, &BATCHES);
        self.text = legible(&self.text);
        if self.text.is_empty() {
            self.text = Self::default().text;
        }
        self.frequency = self.frequency.clamp(1, MOST_FREQUENCY);
        self.depth = self.depth.clamp(1, MOST_DEPTH);
        // The widest layers are too many numbers when there are many of them; a single one never is.
        while self.depth > 1 && self.architecture().n_parameters() > Architecture::MOST_PARAMETERS {
            self.depth -= 1;
        }
        self.seed = self.seed.min(999);
        self.steps = self.steps.min(MOST_STEPS);
        self.edits.truncate(self.edits.len().min(2 * MOST_EDITS) & !1);
        let (edits, _) = self.edits.as_chunks_mut::<2>();
        let mut least = 1.0;
        let n_good = edits.iter_mut().take_while(|[step, rate]| {
            let good = *step >= least && *step <= MOST_STEPS as f64 && step.fract() == 0.0 && !rate.is_nan();
            least = *step + 1.0;
            good
        });
        let n_good = n_good.map(|[_, rate]| within(rate, RATE)).count();
        self.edits.truncate(2 * n_good);
        if Self::from_start(&self.start).is_none() {
            self.start = Self::default().start;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Params as _, link};

    #[test]
    fn hostile_links_fall_back_and_stay_small() {
        for state in [
            "steps=999999999",
            "size=1000000",
            "width=0&depth=0",
            "rate=nan",
            "scale=-1",
            "omega=1e99",
            "batch=18446744073709551615",
            "network=none",
            "picture=7",
            "cut=inf",
        ] {
            let reading = link::read::<Params>(state);
            assert!(reading.not_understood > 0, "{state}");
            assert_eq!(reading.params, Params::default(), "{state}");
        }
        for edits in [
            vec![5.0],
            vec![5.0, 0.1, 5.0, 0.2],
            vec![0.0, 0.1],
            vec![7.5, 0.1],
            vec![f64::NAN, 0.1],
            vec![9.0, f64::INFINITY],
            vec![1e9, 0.1],
            [1.0, 0.1].repeat(1000),
            (1..100).flat_map(|step| [f64::from(step), 0.1]).collect(),
        ] {
            let mut params = Params { edits, ..Params::default() };
            params.make_valid();
            let (once, rates) = (params.clone(), params.rates().collect::<Vec<_>>());
            params.make_valid();
            assert_eq!(params, once);
            assert!(rates.len() <= MOST_EDITS + 1 && rates.is_sorted_by(|a, b| a.0 < b.0), "{rates:?}");
            assert!(rates.iter().all(|(_, rate)| (RATE[0]..=RATE[1]).contains(rate)), "{rates:?}");
        }
    }

    #[test]
    fn the_largest_network_of_a_link_is_one_that_can_be_built() {
        for network in [Model::Relu, Model::Fourier, Model::Siren] {
            let mut params =
                Params { network, norm: true, size: 256, depth: 99, width: 999, features: 999, ..Params::default() };
            params.make_valid();
            let mut valid = params.architecture();
            valid.make_valid();
            assert_eq!((params.width, valid), (256, params.architecture()));
            assert!((10..32).contains(&params.depth), "{}", params.depth);
        }
    }

    #[test]
    fn the_homeworks_networks_are_there_in_their_full_size() {
        let n_parameters = |start| Params::from_start(start).expect("a start").architecture().n_parameters();
        assert_eq!(
            ["scalar", "relu-full", "fourier-full", "siren-full"].map(n_parameters),
            [1, 198_915, 460_547, 198_915]
        );
        let relu = Params::from_start("relu-full").expect("a start");
        // Thirteen billion multiplications forward, and twice as many backward but for the first layer.
        assert_eq!(relu.multiplications() / 65_536, 3 * 197_888 - 512 + 1);
    }

    #[test]
    fn every_setting_comes_back_from_its_link() {
        let mut params = Params {
            picture: Subject::Star,
            frequency: 12,
            text: "Jump 7".to_owned(),
            size: 48,
            shape: Shape::Torn,
            network: Model::Fourier,
            depth: 2,
            width: 16,
            features: 64,
            scale: 3.5,
            omega: 10.0,
            norm: true,
            residual: true,
            weights: Begin::He,
            sigmoid: false,
            loss: Loss::Absolute,
            rule: Rule::Momentum,
            rate: 0.01,
            edits: vec![30.0, 0.001, 90.0, 0.0005],
            decay: Decay::Exponential,
            batch: 256,
            seed: 77,
            steps: 123,
            regions: true,
            cut: 0.5,
            plot: Plot::Gradient,
            zoom: 4,
            reach: 1.5,
            ..Params::default()
        };
        link::assert_comes_back(&params);
        params.make_valid();
        link::assert_comes_back(&params);
        for preset in PRESETS {
            let start = Params::from_start(preset.start).expect("a start");
            let mut valid = start.clone();
            valid.make_valid();
            assert_eq!(valid, start, "{}", preset.start);
            link::assert_comes_back(&start);
        }
    }
}
