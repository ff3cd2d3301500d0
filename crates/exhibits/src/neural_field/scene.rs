use piecewise_core::{
    field::{CHUNK, Diagnosis, FieldTraining, Image, N_CHANNELS, Pass, Psnr, RadialSpectrum, Tally, Window},
    math,
    regions::{Bounds, PlaneRegions},
};
use piecewise_plot::format_number;
use serde::{Deserialize, Serialize};

use super::{Begin, Model, Params, Run, Shape, raster};

/// Red, green and blue; 0 is black and 1 is white, and a linear output may leave that range.
pub type Rgb = [f32; N_CHANNELS];

/// More regions than this are neither drawn nor counted.
pub const REGION_LIMIT: usize = 10_000;

/// The network is looked at so many times for every pixel of the cut.
const PER_PIXEL: usize = 8;

/// How much work a picture may ask for that is computed at once, see [`FieldTraining::advance_to`]: about a second in a browser. Where that does not
/// lead to the last step, the picture is of an earlier one, and says so.
const MOST_WORK: u64 = 800_000_000;

/// So many multiplications are a unit of work.
const PER_UNIT: u64 = 16;

/// A look closer than pixels, or beyond the edges, has at most so many pixels along each axis.
const FINEST_VIEW: usize = 256;

/// Everything there is to see.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scene {
    /// How many steps were taken.
    pub step: u64,
    /// Width and height of the picture in pixels.
    pub size: [usize; 2],
    /// The picture, row by row from the top left.
    #[serde(with = "raster")]
    pub original: Vec<Rgb>,
    /// What the network makes of its pixels' coordinates; empty where nothing is computed yet.
    #[serde(with = "raster")]
    pub prediction: Vec<Rgb>,
    /// The same on a finer grid, or beyond the picture's edges, where that is asked for.
    pub view: Option<View>,
    /// The mean over channels of the distance between the two; empty where nothing is computed yet.
    pub error: Vec<f32>,
    /// How well they agree now.
    pub now: Fit,
    /// The mean colour of the picture, and how well it agrees everywhere: no constant is better.
    pub constant: (Rgb, Fit),
    /// Step and fit before that step; the last one is now. On batches, the fit is that of the batch.
    pub fits: Vec<(u64, Fit)>,
    /// Step and the sum of absolute values of the gradient there.
    pub gradients: Vec<[f64; 2]>,
    /// Σ|g| and √(Σ g²) of the last step; nothing before the first, and where one has gone back to a step of which nothing is kept.
    pub gradient: Option<[f64; 2]>,
    /// The largest share of units in a hidden layer that are at 0 for every pixel.
    pub dead_share: f64,
    /// The largest difference, over channels, between two predictions: 0 where the picture is one colour.
    pub spread: f64,
    /// How many numbers are learnt.
    pub n_parameters: usize,
    /// The linear regions, where they are asked for and there are some.
    pub regions: Option<Regions>,
    /// The brightness of the picture along the cut, over x from −1 to 1, as the stairs that its pixels are.
    pub original_cut: Vec<[f64; 2]>,
    /// The brightness of the network along the same.
    pub network_cut: Vec<[f64; 2]>,
    /// Cycles across the picture and log₁₀ of the mean square that the picture itself has there, its mean colour left out.
    pub original_spectrum: Vec<[f64; 2]>,
    /// The same of the error.
    pub error_spectrum: Vec<[f64; 2]>,
    /// Why the run is stuck, if it is.
    pub trouble: Option<Trouble>,
    /// Whether the run has fallen apart, so that no further step can be taken.
    pub over: bool,
}

/// The network on another grid than that of pixels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// Width and height in pixels.
    pub size: [usize; 2],
    /// The colours, row by row from the top left.
    #[serde(with = "raster")]
    pub colours: Vec<Rgb>,
}

/// How well a prediction agrees with the picture.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fit {
    /// ½ · the mean of squares, the homework's loss.
    pub loss: f64,
    /// The peak signal-to-noise ratio as usual, in decibels.
    pub psnr: f64,
    /// As the homework counts it, 3.01 dB below.
    pub psnr_homework: f64,
}

impl Fit {
    fn of(mean_square: f64) -> Self {
        // A picture that is met exactly has no noise at all; far beyond what 32 bits can tell, numbers stop meaning anything.
        let mean_square = mean_square.max(1e-15);
        Self {
            loss: 0.5 * mean_square,
            psnr: Psnr::Standard.decibels(mean_square),
            psnr_homework: Psnr::Homework.decibels(mean_square),
        }
    }
}

/// The linear regions of the network, before the sigmoid, which moves none of their edges.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Regions {
    /// The corners of each, in shares of the picture's width and height from the top left.
    pub outlines: Vec<Vec<[f64; 2]>>,
    /// Whether these are all. Otherwise there are more than [`REGION_LIMIT`].
    pub is_complete: bool,
    /// Their mean area in pixels.
    pub mean_area: f64,
}

/// Why a run is stuck, and what to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trouble {
    /// What is wrong.
    pub diagnosis: String,
    /// What helps, if anything but patience does.
    pub remedy: Option<Remedy>,
}

/// A change of the settings that gets a run out of its trouble.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Remedy {
    /// Another learning rate, from the first step on.
    Rate(f64),
    /// Other weights to begin with.
    Weights(Begin),
    /// Layers of so many units.
    Width(u64),
    /// Another scale of the Fourier frequencies.
    Scale(f64),
    /// Another ω0.
    Omega(f64),
    /// Coordinates that belong to their pixels.
    Coordinates,
}

impl Remedy {
    /// Takes it.
    pub fn mend(self, params: &mut Params) {
        match self {
            Self::Rate(rate) => (params.rate, params.edits) = (rate, Vec::new()),
            Self::Weights(weights) => params.weights = weights,
            Self::Width(width) => params.width = width,
            Self::Scale(scale) => params.scale = scale,
            Self::Omega(omega) => params.omega = omega,
            Self::Coordinates => params.shape = Shape::Wide,
        }
    }

    /// What is to be done, for a button.
    pub fn label(self) -> String {
        match self {
            Self::Rate(rate) => format!("Take α = {}", format_number(rate, 4)),
            Self::Weights(Begin::He) => "Begin with He's weights".to_owned(),
            Self::Weights(_) => "Begin with the usual weights".to_owned(),
            Self::Width(width) => format!("Make layers {width} wide"),
            Self::Scale(scale) => format!("Take σ = {}", format_number(scale, 2)),
            Self::Omega(omega) => format!("Take ω₀ = {}", format_number(omega, 1)),
            Self::Coordinates => "Give each pixel its own coordinates".to_owned(),
        }
    }
}

/// What of a scene is computed only where it is asked for, because it takes longer than the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// The linear regions, where the parameters ask for them as well.
    pub regions: bool,
    /// Whether the run is stuck.
    pub diagnosis: bool,
}

/// Computes everything there is to see, and the run up to there: as far as a second or so allows.
pub fn compute(params: &Params) -> Scene {
    let image = params.image();
    let mut run = Run::new(params, &image);
    // A run that falls apart stays at its last good step, and says so.
    let _ = run.advance_to(params.steps, MOST_WORK);
    // A diagnosis takes about as long as a step.
    let diagnosis = params.multiplications() / PER_UNIT < MOST_WORK;
    observe(params, &image, run.training(), Look { regions: true, diagnosis })
}

/// What there is to see where a run on this picture has arrived.
pub fn observe(params: &Params, image: &Image, training: &FieldTraining, asked: Look) -> Scene {
    let size = [image.width(), image.height()];
    let (prediction, tally, dead_share) = look(training);
    let differences: Vec<Rgb> =
        prediction.iter().zip(image.pixels()).map(|(y, target)| [0, 1, 2].map(|c| y[c] - target[c])).collect();
    let error = differences.iter().map(|rgb| rgb.iter().map(|d| d.abs()).sum::<f32>() / N_CHANNELS as f32).collect();
    let now = Fit::of(tally.mean_square());
    let mean = image.mean();
    let curve = training.curve().points();
    let mut fits: Vec<(u64, Fit)> = curve.iter().map(|(step, report)| (*step, Fit::of(report.mean_square))).collect();
    fits.push((training.n_steps(), now));
    let mean_rgb = mean.map(|value| value as f32);
    let spectrum = |values: &[Rgb]| spectrum(size, values);
    let (original_cut, network_cut) = cuts(params, training, image, &prediction);
    let diagnosis = || training.diagnose().map(|diagnosis| trouble(params, diagnosis));
    Scene {
        step: training.n_steps(),
        size,
        now,
        constant: (mean_rgb, Fit::of(image.mean_square_from(mean))),
        gradients: curve.iter().map(|(step, report)| [*step as f64, report.gradient_l1]).collect(),
        gradient: training.report().map(|report| [report.gradient_l1, report.gradient_l2]),
        dead_share,
        spread: f64::from(tally.spread()),
        n_parameters: training.field().parameters().len(),
        regions: (params.regions && asked.regions).then(|| regions(training, size)).flatten(),
        // Its mean colour, at 0 cycles, is left out.
        original_spectrum: spectrum(image.pixels()).split_off(1),
        error_spectrum: spectrum(&differences),
        trouble: asked.diagnosis.then(|| diagnosis().or_else(|| (params.shape == Shape::Torn).then(torn))).flatten(),
        view: view(params, training, size),
        over: training.divergence().is_some(),
        original: image.pixels().to_vec(),
        prediction,
        error,
        fits,
        original_cut,
        network_cut,
    }
}

/// The colours at all pixels, what they say together, and the largest share of dead units in a hidden layer. The run is left as it is, even in
/// the middle of a step.
fn look(training: &FieldTraining) -> (Vec<Rgb>, Tally, f64) {
    let (field, samples) = (training.field(), training.samples());
    let mut pass = Pass::new(field.architecture());
    pass.load(field.parameters());
    pass.begin();
    let everything: Vec<u32> = (0..samples.len() as u32).collect();
    let mut prediction = vec![[0.0; N_CHANNELS]; samples.len()];
    for (indices, colours) in everything.chunks(CHUNK).zip(prediction.chunks_mut(CHUNK)) {
        pass.observe(field.frequencies(), samples, indices);
        pass.write_colours(colours);
    }
    let dead_share = pass.dead_shares().fold(0.0, f64::max);
    (prediction, pass.tally(), dead_share)
}

/// The network on a finer grid or beyond the edges, where that is asked for.
fn view(params: &Params, training: &FieldTraining, size: [usize; 2]) -> Option<View> {
    if params.zoom == 1 && params.reach == 1.0 {
        return None;
    }
    let finest = params.zoom as usize * size[0].max(size[1]);
    let share = finest.min(FINEST_VIEW.max(size[0])) as f64 / size[0].max(size[1]) as f64;
    let [width, height] = size.map(|n| ((n as f64 * share).round() as usize).max(2));
    let colours = training.field().render(Window::around_picture(params.reach, width, height));
    Some(View { size: [width, height], colours })
}

/// Cycles across the picture, up to waves of two pixels, and log₁₀ of the mean square there.
fn spectrum([width, height]: [usize; 2], values: &[Rgb]) -> Vec<[f64; 2]> {
    let power = RadialSpectrum::compute(width, height, values).power;
    let n = width.min(height) / 2;
    power.iter().take(n + 1).enumerate().map(|(cycles, power)| [cycles as f64, math::log10(power.max(1e-12))]).collect()
}

fn brightness(rgb: &Rgb) -> f64 {
    rgb.iter().map(|part| f64::from(*part)).sum::<f64>() / N_CHANNELS as f64
}

/// The brightness of the picture and of the network along the cut.
fn cuts(
    params: &Params,
    training: &FieldTraining,
    image: &Image,
    prediction: &[Rgb],
) -> (Vec<[f64; 2]>, Vec<[f64; 2]>) {
    let [width, height] = [image.width(), image.height()];
    let row = ((params.cut * height as f64) as usize).min(height - 1);
    let step = 2.0 / (width - 1) as f64;
    let of_pixels = |colours: &[Rgb]| -> Vec<[f64; 2]> {
        let stairs = colours[row * width..][..width].iter().enumerate().flat_map(|(column, rgb)| {
            let (middle, value) = (-1.0 + step * column as f64, brightness(rgb));
            [-0.5, 0.5].map(|half| [(middle + half * step).clamp(-1.0, 1.0), value])
        });
        stairs.collect()
    };
    if params.shape == Shape::Torn {
        // Between its pixels such a network has nothing to say about this row.
        return (of_pixels(image.pixels()), of_pixels(prediction));
    }
    let y = -1.0 + 2.0 * row as f64 / (height - 1) as f64;
    let window = Window { x: [-1.0, 1.0], y: [y, y], width: (width - 1) * PER_PIXEL + 1, height: 1 };
    let colours = training.field().render(window);
    let place = |index: usize| -1.0 + step * index as f64 / PER_PIXEL as f64;
    let along = colours.iter().enumerate().map(|(index, rgb)| [place(index), brightness(rgb)]).collect();
    (of_pixels(image.pixels()), along)
}

/// The linear regions in the rectangle that the pixels cover, whose outermost centres are at ±1.
fn regions(training: &FieldTraining, size: [usize; 2]) -> Option<Regions> {
    let net = training.field().to_network()?;
    let reach = size.map(|n| 1.0 + 1.0 / (n - 1) as f64);
    let bounds = Bounds { lo: reach.map(|reach| -reach), hi: reach };
    let regions = PlaneRegions::compute(&net, &bounds, REGION_LIMIT).ok()?;
    let share = |at: [f64; 2]| [0, 1].map(|axis| 0.5 + at[axis] / (2.0 * reach[axis]));
    Some(Regions {
        outlines: regions.iter().map(|region| region.vertices().map(share).collect()).collect(),
        is_complete: regions.is_complete(),
        mean_area: (size[0] * size[1]) as f64 / regions.len() as f64,
    })
}

fn trouble(params: &Params, diagnosis: Diagnosis) -> Trouble {
    // What is usual here, or less where that has been too much.
    let slower = Remedy::Rate(if params.rate > 0.003 { 0.003 } else { params.rate / 10.0 });
    let remedy = match diagnosis {
        Diagnosis::Diverged(_)
        | Diagnosis::LearningRateTooHigh { .. }
        | Diagnosis::DeadLayer { at_birth: false, .. }
        | Diagnosis::SaturatedOutput { at_birth: false, .. } => Some(slower),
        Diagnosis::DeadLayer { at_birth: true, .. } => (params.width < 16).then_some(Remedy::Width(16)),
        Diagnosis::ZeroWeights | Diagnosis::SaturatedOutput { at_birth: true, .. } | Diagnosis::TinyWeights { .. } => {
            Some(Remedy::Weights(if params.network.is_siren() { Begin::Usual } else { Begin::He }))
        }
        Diagnosis::TooFineInput { .. } | Diagnosis::TooCoarseInput { .. } => {
            Some(if params.network.is_siren() { Remedy::Omega(30.0) } else { Remedy::Scale(2.0) })
        }
    };
    Trouble { diagnosis: diagnosis.to_string(), remedy }
}

fn torn() -> Trouble {
    Trouble {
        diagnosis: "The coordinates are stacked as (y, x), but the picture is not square: pixels are given coordinates of other pixels, and the \
                    network has a torn picture to learn."
            .to_owned(),
        remedy: Some(Remedy::Coordinates),
    }
}

impl Scene {
    /// What there is to see before anything is computed: the picture alone.
    pub fn before(params: &Params) -> Self {
        let image = params.image();
        let mean = image.mean();
        let fit = Fit::of(image.mean_square_from(mean));
        Self {
            step: 0,
            size: [image.width(), image.height()],
            original: image.pixels().to_vec(),
            prediction: Vec::new(),
            view: None,
            error: Vec::new(),
            now: fit,
            constant: (mean.map(|value| value as f32), fit),
            fits: Vec::new(),
            gradients: Vec::new(),
            gradient: None,
            dead_share: 0.0,
            spread: 0.0,
            n_parameters: params.architecture().n_parameters(),
            regions: None,
            original_cut: Vec::new(),
            network_cut: Vec::new(),
            original_spectrum: Vec::new(),
            error_spectrum: Vec::new(),
            trouble: None,
            over: false,
        }
    }

    /// A number that any other bit of the prediction would make another one (FNV-1a): to compare what two machines have computed.
    pub fn fingerprint(&self) -> u64 {
        let bytes = self.prediction.as_flattened().iter().flat_map(|part| part.to_bits().to_le_bytes());
        bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
    }

    /// Whether the picture itself is a constant.
    pub fn is_of_one_colour(&self) -> bool {
        self.original.iter().all(|colour| Some(colour) == self.original.first())
    }

    /// The mean over pixels and channels of the distance between picture and prediction.
    pub fn mean_size_of_error(&self) -> f64 {
        self.error.iter().map(|size| f64::from(*size)).sum::<f64>() / self.error.len().max(1) as f64
    }

    /// Whether anything of the network is there yet.
    pub fn has_prediction(&self) -> bool {
        !self.prediction.is_empty()
    }

    /// What has become of the run, in a sentence or two.
    pub fn verdict(&self, params: &Params) -> String {
        if let Some(trouble) = &self.trouble {
            return trouble.diagnosis.clone();
        }
        let best = self.constant.1.psnr;
        let more = self.now.psnr - best;
        if self.is_of_one_colour() {
            return "The picture is of one colour, which a constant meets exactly: there is nothing else to learn."
                .to_owned();
        }
        match params.network {
            Model::Scalar => {
                return "One number for all pixels and channels: the best is their mean, a grey.".to_owned();
            }
            Model::Constant => {
                return format!(
                    "One colour for all pixels: the best is the mean colour, {} dB.",
                    format_number(best, 2)
                );
            }
            _ => {}
        }
        let words = if more < 0.0 {
            format!("{} dB below", format_number(-more, 1))
        } else {
            format!("{} dB above", format_number(more, 1))
        };
        let note = if self.step == 0 {
            "Nothing has been learnt yet."
        } else if more < 1.0 {
            "That is hardly more than one colour; no cause was found but that it takes more steps."
        } else if more < 12.0 {
            "Coarse shapes are there; what is fine is still blurred."
        } else {
            "The edges are there."
        };
        format!("The PSNR is {words} that of the best constant colour. {note}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Params as _, neural_field::PRESETS};

    fn start(name: &str) -> (Params, Scene) {
        let params = Params::from_start(name).expect("a start");
        let scene = compute(&params);
        (params, scene)
    }

    fn psnr(name: &str) -> f64 {
        start(name).1.now.psnr
    }

    #[test]
    fn the_best_constant_for_the_slides_picture_has_14_63_decibels_and_11_62_as_the_homework_counts() {
        let (params, scene) = start("constant");
        assert_eq!((params.size, scene.n_parameters), (64, 3));
        assert!((scene.constant.1.psnr - 14.63).abs() < 0.005, "{:?}", scene.constant);
        assert!((scene.constant.1.psnr_homework - 11.62).abs() < 0.005, "{:?}", scene.constant);
        // It is learnt: the mean colour, everywhere.
        assert!((scene.now.psnr - scene.constant.1.psnr).abs() < 0.005, "{:?}", scene.now);
        assert_eq!(scene.spread, 0.0);
        for (learnt, mean) in scene.prediction[0].iter().zip(scene.constant.0) {
            assert!((learnt - mean).abs() < 0.005);
        }
        assert!((scene.now.psnr - scene.now.psnr_homework - 3.0103).abs() < 1e-4);
        assert!(scene.trouble.is_none());
    }

    #[test]
    fn a_network_with_a_dead_layer_shows_one_colour_and_is_named() {
        let (params, scene) = start("born-dead");
        assert_eq!((scene.dead_share, scene.spread), (1.0, 0.0));
        assert!(scene.now.psnr <= scene.constant.1.psnr + 1e-6);
        assert!(scene.verdict(&params).contains("dead at birth"), "{}", scene.verdict(&params));
        let born = compute(&Params { steps: 0, ..params });
        assert_eq!(born.spread, 0.0);
        assert!(born.trouble.expect("a cause").diagnosis.contains("dead at birth"));
    }

    #[test]
    fn a_picture_of_one_colour_leaves_nothing_to_be_learnt() {
        let params = Params {
            picture: super::super::Subject::Drawn,
            steps: 50,
            ..Params::from_start("rectangles").expect("a start")
        };
        let scene = compute(&params);
        assert!(
            scene.is_of_one_colour() && scene.verdict(&params).contains("of one colour"),
            "{}",
            scene.verdict(&params)
        );
    }

    #[test]
    fn from_zeros_only_the_mean_colour_is_learnt() {
        let (_, scene) = start("zero");
        assert_eq!(scene.spread, 0.0);
        assert!((scene.now.psnr - scene.constant.1.psnr).abs() < 0.05, "{:?} {:?}", scene.now, scene.constant);
        assert!(scene.trouble.expect("a cause").diagnosis.contains("only the last bias learns"));
    }

    #[test]
    fn every_way_of_being_stuck_has_its_own_sentence_and_networks_that_learn_have_none() {
        for (name, words) in [
            ("rate", "a step was so large"),
            ("born-dead", "dead at birth"),
            ("zero", "All weights are 0"),
            ("huge", "saturated from the start"),
            ("coordinates", "finer than two pixels"),
            ("torn", "stacked as (y, x)"),
        ] {
            let (params, scene) = start(name);
            assert!(scene.verdict(&params).contains(words), "{name}: {}", scene.verdict(&params));
        }
        for name in ["rectangles", "fourier", "siren", "shallow", "deep", "fourier-board"] {
            assert_eq!(start(name).1.trouble, None, "{name}");
        }
    }

    #[test]
    fn fourier_features_paint_the_checkerboard_that_relu_blurs() {
        let [shallow, deep, fourier] = ["shallow", "deep", "fourier-board"].map(psnr);
        // The best constant has 6.02 dB.
        assert!(shallow < 7.0 && deep > shallow + 1.0 && fourier > 30.0, "{shallow} {deep} {fourier}");
        assert!(psnr("fourier") > psnr("rectangles") + 10.0);
        let params = Params { network: Model::Relu, ..Params::from_start("fourier-board").expect("a start") };
        assert!(compute(&params).now.psnr < 9.0, "the same layers on plain coordinates");
    }

    #[test]
    fn a_relu_network_has_regions_that_cover_the_picture_and_waves_have_none() {
        let (params, scene) = start("deep");
        let regions = scene.regions.expect("regions");
        assert!(regions.is_complete && regions.outlines.len() > 500);
        let area = |outline: &Vec<[f64; 2]>| {
            let next = outline.iter().cycle().skip(1);
            outline.iter().zip(next).map(|(a, b)| a[0] * b[1] - a[1] * b[0]).sum::<f64>().abs() / 2.0
        };
        let total: f64 = regions.outlines.iter().map(area).sum();
        assert!((total - 1.0).abs() < 1e-9, "{total}");
        assert!((regions.mean_area * regions.outlines.len() as f64 - 1024.0).abs() < 1e-6);
        assert_eq!(compute(&Params { network: Model::Siren, steps: 0, ..params }).regions, None);
    }

    #[test]
    fn going_back_and_forth_gives_the_same_numbers() {
        let params = Params::from_start("rectangles").expect("a start");
        let image = params.image();
        let mut training = params.training(&image);
        let look =
            |training: &FieldTraining, all| observe(&params, &image, training, Look { regions: all, diagnosis: all });
        training.advance_to(60, u64::MAX).expect("finite numbers");
        let there = look(&training, true);
        training.advance_to(90, 1 << 16).expect("finite numbers");
        let _ = look(&training, false);
        training.advance_to(90, u64::MAX).expect("finite numbers");
        training.advance_to(60, u64::MAX).expect("finite numbers");
        let again = look(&training, true);
        assert_eq!(again.prediction, there.prediction);
        assert_eq!(again.fits, there.fits);
    }

    #[test]
    fn the_spectrum_and_the_cut_are_of_what_is_shown() {
        let (params, scene) = start("rectangles");
        let total: f64 = scene.error_spectrum.iter().map(|point| math::powf(10.0, point[1])).sum();
        // All but what lies in the corners of the spectrum.
        assert!(total <= 2.0 * scene.now.loss + 1e-9 && total > 1.6 * scene.now.loss, "{total} {:?}", scene.now);
        assert_eq!((scene.original_cut.len(), scene.network_cut.len()), (64, 31 * 8 + 1));
        let row = (params.cut * 32.0) as usize;
        for column in [0, 11, 31] {
            let expected = brightness(&scene.prediction[32 * row + column]);
            assert!((scene.network_cut[8 * column][1] - expected).abs() < 1e-5);
        }
    }

    #[test]
    fn a_run_that_falls_apart_stays_finite_and_says_so() {
        let params = Params {
            rule: super::super::Rule::Descent,
            network: Model::Siren,
            rate: 1.0,
            steps: 50,
            ..Params::from_start("siren").expect("a start")
        };
        let scene = compute(&params);
        assert!(scene.prediction.as_flattened().iter().all(|value| value.is_finite()));
        assert!(scene.fits.iter().all(|(_, fit)| fit.psnr.is_finite()));
    }

    #[test]
    fn a_run_too_long_to_be_waited_for_stops_early_and_says_where() {
        let params = Params { steps: 1000, ..Params::from_start("relu-full").expect("a start") };
        let scene = compute(&params);
        assert!(scene.step < 20, "{}", scene.step);
        assert!(scene.has_prediction());
    }

    #[test]
    fn a_closer_look_agrees_with_the_pixels_and_one_beyond_holds_the_picture() {
        let base = Params { steps: 20, ..Params::from_start("rectangles").expect("a start") };
        let scene = compute(&base);
        assert_eq!(scene.view, None);
        let close = compute(&Params { zoom: 4, ..base.clone() }).view.expect("a view");
        assert_eq!(close.size, [128, 128]);
        // The outermost places are those of the outermost pixels.
        assert_eq!(close.colours.first(), scene.prediction.first());
        assert_eq!(close.colours.last(), scene.prediction.last());
        let beyond = compute(&Params { reach: 3.0, ..base }).view.expect("a view");
        assert_eq!(beyond.size, [32, 32]);
        assert_ne!(beyond.colours.first(), scene.prediction.first());
    }

    #[test]
    fn every_remedy_gets_its_run_out_of_trouble() {
        for preset in PRESETS.iter().filter(|preset| !preset.start.ends_with("-full")) {
            let (mut params, scene) = start(preset.start);
            let Some(remedy) = scene.trouble.and_then(|trouble| trouble.remedy) else { continue };
            remedy.mend(&mut params);
            let mended = compute(&params);
            assert_eq!(mended.trouble, None, "{}: {}", preset.start, remedy.label());
            assert!(mended.now.psnr > scene.now.psnr + 1.0, "{}: {:?} {:?}", preset.start, mended.now, scene.now);
        }
    }

    #[test]
    fn every_preset_is_computed_to_its_last_step() {
        for preset in PRESETS {
            let (params, scene) = start(preset.start);
            assert_eq!((scene.step, scene.over), (params.steps, false), "{}", preset.start);
        }
    }
}
