use piecewise_core::{
    data::Examples,
    network::Network,
    train::{ExampleLoss, NetworkLoss, Optimizer, Reduction, Rule, Settings, Training},
};
use serde::{Deserialize, Serialize};

use super::shape::{DataSet, Model, Shape};
use crate::Preset;

/// How wrong one number is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The sum of squares.
    #[default]
    Squares,
    /// The mean of squares.
    Mean,
    /// The sum of distances, L1.
    Absolute,
    /// The sum of Huber's losses: squared near 0, absolute far away.
    Huber,
}

impl Kind {
    /// All of them, with their names on the page and their formulas.
    pub const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::Squares, "sum of squares", "L = Σ (f[xᵢ] − yᵢ)²"),
        (Self::Mean, "mean of squares", "L = Σ (f[xᵢ] − yᵢ)² / I"),
        (Self::Absolute, "absolute (L1)", "L = Σ |f[xᵢ] − yᵢ|"),
        (Self::Huber, "Huber", "ℓ = r²/2 up to |r| = δ, then δ(|r| − δ/2)"),
    ];
}

/// The rules of descent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// φ ← φ − α ∂L/∂φ.
    #[default]
    Descent,
    /// Adam with β = 0.9, γ = 0.999.
    Adam,
}

/// What one can set in the exhibit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Params {
    /// Where reset leads: a preset, or a [`Shape`] as `notebook-shallow-3-0`. It also says which data and which model there are.
    pub start: String,
    /// The examples (x, y), 1 to 40 of them, within [`DataSet::bounds`].
    pub points: Vec<[f64; 2]>,
    /// How wrong one number is; where there are classes, it is the cross-entropy whatever stands here.
    pub loss: Kind,
    /// δ of Huber's loss, 0.01 to 2.
    pub delta: f64,
    /// The parameters where descent begins, in the order of [`Network::parameters`], −1000 to 1000.
    pub phi: Vec<f64>,
    /// Whether descent has had a hand in them.
    pub helped: bool,
    /// The two parameters of the surface, by index.
    pub axes: [u64; 2],
    /// The middle of the surface.
    pub center: [f64; 2],
    /// How far the surface reaches from its middle, 0.05 to 20.
    pub reach: f64,
    /// The rule of descent.
    pub method: Method,
    /// α, the learning rate, 0.0001 to 1.
    pub alpha: f64,
    /// How many steps descent has taken, 0 to 5000.
    pub steps: u64,
}

/// The most examples.
pub const MOST_POINTS: usize = 40;
/// The most steps.
pub const MOST_STEPS: u64 = 5000;
/// The range of δ.
pub(super) const DELTA: [f64; 2] = [0.01, 2.0];
/// The range of α.
pub(super) const ALPHA: [f64; 2] = [0.0001, 1.0];
/// The range of the reach of the surface.
pub(super) const REACH: [f64; 2] = [0.05, 20.0];
/// The range of the sliders of parameters. Descent may go further, up to [`FARTHEST`].
pub const SLIDER_LIMIT: f64 = 10.0;
/// The largest parameter that is kept.
pub(super) const FARTHEST: f64 = 1000.0;

/// The lecture's cases.
pub const PRESETS: &[Preset] = &[
    Preset {
        start: "line",
        label: "A line",
        note: "Twelve points and a line that misses them: every residual is the side of a square, and the squares add up to the loss.",
    },
    Preset {
        start: "best-line",
        label: "The best line",
        note: "No line does better on these points than a loss of 0.2: the dot stands at the bottom of the bowl.",
    },
    Preset {
        start: "challenge",
        label: "Beat the author",
        note: "Ten parameters, a loss of 9.385. By hand the author of the book came to 0.181. How far do you come? Then let descent run.",
    },
    Preset {
        start: "stuck",
        label: "Descent alone",
        note: "A thousand steps of Adam from the author's start end at 0.668: stuck in a valley that is not the best. A person does better.",
    },
    Preset {
        start: "together",
        label: "By hand, then descent",
        note: "Four sliders moved by hand, 0.198. From there descent goes down to 0.142, further than either alone.",
    },
    Preset {
        start: "outlier-squares",
        label: "One far off, squares",
        note: "One point that is far off makes two thirds of the loss, and the best line leaves the eleven others to come nearer to it.",
    },
    Preset {
        start: "outlier-absolute",
        label: "One far off, L1",
        note: "The sum of distances: the best line runs through the eleven points and leaves the twelfth alone.",
    },
    Preset {
        start: "outlier-huber",
        label: "One far off, Huber",
        note: "Squared near the curve, absolute far away: nearly the line of L1, and smooth at its minimum.",
    },
    Preset {
        start: "deep",
        label: "Deep",
        note: "Two hidden layers after a thousand steps: 22 parameters, and the fit is still one number, 0.09.",
    },
    Preset {
        start: "two-classes",
        label: "Two classes",
        note: "The output goes through a sigmoid and becomes a probability. The loss adds up −ln of what each example's own class was given.",
    },
    Preset {
        start: "three-classes",
        label: "Three classes",
        note: "All parameters are 0, so every class has probability 1/3 and every example adds ln 3.",
    },
];

/// The shape that a start means.
fn shape_of(start: &str) -> Option<Shape> {
    let linear = |data| Some(Shape { data, model: Model::Linear, n_hidden: 3, seed: 0 });
    match start {
        "line" | "best-line" => linear(DataSet::Line),
        "challenge" | "stuck" | "together" => Shape::parse("notebook-shallow-3-0"),
        "outlier-squares" | "outlier-absolute" | "outlier-huber" => linear(DataSet::Outlier),
        "deep" => Shape::parse("notebook-deep-3-2"),
        "two-classes" => Shape::parse("two-shallow-3-1"),
        "three-classes" => linear(DataSet::ThreeClasses),
        other => Shape::parse(other),
    }
}

impl Default for Params {
    fn default() -> Self {
        <Self as crate::Params>::from_start("line").unwrap_or_else(|| Self::of(&Shape::LINE, "line-linear"))
    }
}

impl Params {
    /// What a shape begins with.
    fn of(shape: &Shape, start: &str) -> Self {
        let network = shape.network();
        let mut params = Self {
            start: start.to_owned(),
            points: shape.data.points(),
            loss: Kind::Squares,
            delta: 0.15,
            phi: network.parameters(),
            helped: false,
            // The bias and the weight of the first unit.
            axes: [0, network.layers[0].n_outputs() as u64],
            center: [0.0; 2],
            reach: 1.5,
            method: if shape.model == Model::Linear { Method::Descent } else { Method::Adam },
            alpha: 0.02,
            steps: 0,
        };
        params.recenter(&params.phi.clone());
        params
    }

    /// The data and the model.
    pub fn shape(&self) -> Shape {
        shape_of(&self.start).unwrap_or(Shape::LINE)
    }

    /// The model where descent begins.
    pub fn network(&self) -> Network {
        let mut network = self.shape().network();
        network.set_parameters(&self.phi);
        network
    }

    /// The loss of one example and how they become one number.
    pub fn kind(&self) -> piecewise_core::train::Loss {
        let (example, reduction) = match (self.shape().data, self.loss) {
            (DataSet::TwoClasses, _) => (ExampleLoss::BinaryCrossEntropy, Reduction::Sum),
            (DataSet::ThreeClasses, _) => (ExampleLoss::MulticlassCrossEntropy, Reduction::Sum),
            (_, Kind::Squares) => (ExampleLoss::Squared, Reduction::Sum),
            (_, Kind::Mean) => (ExampleLoss::Squared, Reduction::Mean),
            (_, Kind::Absolute) => (ExampleLoss::Absolute, Reduction::Sum),
            (_, Kind::Huber) => (ExampleLoss::Huber { delta: self.delta }, Reduction::Sum),
        };
        piecewise_core::train::Loss { example, reduction }
    }

    /// What is wanted of the output for an example: y, or 1 for its class and 0 for the others.
    pub fn wanted(&self, point: [f64; 2]) -> Vec<f64> {
        match self.shape().data.n_outputs() {
            1 => vec![point[1]],
            n => (0..n).map(|class| f64::from(class as f64 == point[1])).collect(),
        }
    }

    /// L as a function of all parameters.
    pub fn objective(&self) -> NetworkLoss {
        let network = self.network();
        let wanted: Vec<f64> = self.points.iter().flat_map(|&point| self.wanted(point)).collect();
        let x: Vec<f64> = self.points.iter().map(|point| point[0]).collect();
        NetworkLoss::new(network, Examples::from_columns(x, wanted, self.shape().data.n_outputs()), self.kind())
    }

    /// The descent from where the parameters are.
    pub fn training(&self) -> Training<NetworkLoss> {
        let rule = match self.method {
            Method::Descent => Rule::GradientDescent,
            Method::Adam => Rule::ADAM,
        };
        let settings = Settings { optimizer: Optimizer::new(rule, self.alpha), batch_size: None };
        Training::new(self.objective(), self.phi.clone(), settings, 0)
    }

    /// These parameters without what does not matter to a descent: two that are equal have the same one.
    #[must_use]
    pub fn origin(&self) -> Self {
        Self { steps: 0, helped: false, axes: [0, 1], center: [0.0; 2], reach: 1.0, ..self.clone() }
    }

    /// The indices of the two parameters of the surface.
    pub fn axis_indices(&self) -> [usize; 2] {
        self.axes.map(|axis| axis as usize)
    }

    /// Puts the middle of the surface near the two parameters of `phi` that it shows, on round numbers.
    pub fn recenter(&mut self, phi: &[f64]) {
        self.center = self.axis_indices().map(|axis| (phi[axis] * 4.0).round() / 4.0);
    }

    /// Goes on by hand from `phi`, where descent has arrived.
    pub fn take_over(&mut self, phi: &[f64]) {
        if self.steps > 0 && phi.len() == self.phi.len() {
            self.phi.copy_from_slice(phi);
            self.steps = 0;
            self.helped = true;
        }
    }

    /// Sets one parameter by hand, going on from `phi`, where descent has arrived.
    pub fn set(&mut self, phi: &[f64], index: usize, value: f64) {
        self.take_over(phi);
        if let Some(x) = self.phi.get_mut(index) {
            *x = value;
        }
    }

    /// Adds an example where there is room for one more.
    pub fn add(&mut self, point: [f64; 2]) {
        if self.points.len() < MOST_POINTS {
            self.points.push(self.shape().data.clamp(point));
        }
    }

    /// Adds an example in the middle of the widest gap along x.
    pub fn add_in_gap(&mut self) {
        let [lo, hi] = self.shape().data.bounds();
        let mut xs: Vec<f64> = self.points.iter().map(|point| point[0]).chain([lo[0], hi[0]]).collect();
        xs.sort_by(f64::total_cmp);
        let widest = xs.windows(2).max_by(|a, b| (a[1] - a[0]).total_cmp(&(b[1] - b[0])));
        let x = widest.map_or(lo[0], |gap| f64::midpoint(gap[0], gap[1]));
        self.add([(x * 100.0).round() / 100.0, f64::midpoint(lo[1], hi[1])]);
    }

    /// Moves an example, as far as there is room.
    pub fn move_point(&mut self, index: usize, to: [f64; 2]) {
        let to = self.shape().data.clamp(to);
        if let Some(point) = self.points.get_mut(index) {
            *point = to;
        }
    }

    /// Takes an example away, but not the last one.
    pub fn remove(&mut self, index: usize) {
        if self.points.len() > 1 && index < self.points.len() {
            self.points.remove(index);
        }
    }

    /// Another model or other data. Examples that were changed stay where the data are the same, and so do units that both models have.
    pub fn choose(&mut self, shape: Shape) {
        let before = self.shape();
        let mut then = Self::of(&shape, &shape.name());
        if before.data == shape.data {
            then.points = std::mem::take(&mut self.points);
            if before.seed == shape.seed {
                then.phi = shape.adopt(&self.network());
                then.recenter(&then.phi.clone());
                then.helped = self.helped;
            }
        }
        if before.data.n_classes() == shape.data.n_classes() {
            (then.loss, then.delta) = (self.loss, self.delta);
        }
        *self = then;
    }
}

impl crate::Params for Params {
    fn from_start(start: &str) -> Option<Self> {
        let shape = shape_of(start)?;
        let base = Self::of(&shape, start);
        let bowl = Self { center: [1.0, 0.5], reach: 1.0, alpha: 0.01, ..base.clone() };
        Some(match start {
            "line" => bowl,
            // The least squares, to five decimals.
            "best-line" => Self { phi: vec![0.825_95, 0.522_23], ..bowl },
            "stuck" | "deep" => Self { steps: 1000, ..base },
            "together" => {
                let phi = vec![0.3, -1.0, -0.5, -1.0, 2.0, 0.65, 0.38, -2.2, -0.85, 7.0];
                Self { phi, steps: 1000, alpha: 0.01, ..base }
            }
            "two-classes" => Self { alpha: 0.05, ..base },
            // The lines with the least loss, to four decimals.
            "outlier-squares" => Self { phi: vec![1.0128, 0.203], ..bowl },
            "outlier-absolute" => Self { loss: Kind::Absolute, phi: vec![0.7382, 0.5886], ..bowl },
            "outlier-huber" => Self { loss: Kind::Huber, phi: vec![0.7987, 0.5469], ..bowl },
            "three-classes" => Self { reach: 4.0, alpha: 0.2, ..base },
            _ => base,
        })
    }

    fn start(&self) -> &str {
        &self.start
    }

    fn make_valid(&mut self) {
        let within = |x: &mut f64, [lo, hi]: [f64; 2]| *x = if x.is_nan() { lo } else { x.clamp(lo, hi) };
        if shape_of(&self.start).is_none() {
            *self = Self::default();
        }
        let shape = self.shape();
        self.points.truncate(MOST_POINTS);
        if self.points.is_empty() {
            self.points = shape.data.points();
        }
        for point in &mut self.points {
            *point = shape.data.clamp(*point);
        }
        let n = shape.n_parameters();
        if self.phi.len() != n {
            self.phi = shape.network().parameters();
        }
        for x in self.phi.iter_mut().chain(&mut self.center) {
            within(x, [-FARTHEST, FARTHEST]);
        }
        if self.axes[0] == self.axes[1] || self.axes.iter().any(|&axis| axis >= n as u64) {
            self.axes = [0, 1];
        }
        within(&mut self.delta, DELTA);
        within(&mut self.alpha, ALPHA);
        within(&mut self.reach, REACH);
        self.steps = self.steps.min(MOST_STEPS);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Params as _, link};

    fn read(state: &str) -> Params {
        let reading = link::read::<Params>(state);
        assert_eq!(reading.not_understood, 0, "{state}");
        reading.params
    }

    #[test]
    fn the_start_says_which_model_and_which_data_there_are() {
        let params = read("start=notebook-deep-2-7&points=0.5,0.25;0.75,-1&steps=12&method=descent");
        assert_eq!((params.points.len(), params.phi.len(), params.steps), (2, 13, 12));
        assert_eq!(link::write(&params), "start=notebook-deep-2-7&method=descent&points=0.5,0.25;0.75,-1&steps=12");
    }

    #[test]
    fn hostile_points_and_parameters_fall_back() {
        let many = vec!["0.5,0.5"; MOST_POINTS + 1].join(";");
        for state in [
            format!("points={many}"),
            "points=".to_owned(),
            "points=nan,0".to_owned(),
            "points=0.5".to_owned(),
            "points=3,0".to_owned(),
            "start=two-linear&points=0.5,0.5".to_owned(),
            "phi=1".to_owned(),
            "phi=1,2,3".to_owned(),
            "phi=1,1e9".to_owned(),
            "axes=1,1".to_owned(),
            "axes=0,2".to_owned(),
            "steps=5001".to_owned(),
            "start=notebook-shallow-9-0".to_owned(),
        ] {
            let reading = link::read::<Params>(&state);
            assert_eq!(reading.not_understood, 1, "{state}");
            let mut valid = reading.params.clone();
            valid.make_valid();
            assert_eq!(valid, reading.params, "{state}");
        }
    }

    #[test]
    fn another_model_keeps_the_points_and_other_data_do_not() {
        let mut params = Params::default();
        params.points.push([1.0, 1.0]);
        params.choose(Shape { model: Model::Shallow, ..params.shape() });
        params.make_valid();
        assert_eq!((params.points.len(), params.phi.len()), (13, 10));
        params.choose(Shape { data: DataSet::TwoClasses, ..params.shape() });
        params.make_valid();
        assert_eq!(params.points, DataSet::TwoClasses.points());
    }

    proptest! {
        #[test]
        fn edited_points_and_parameters_come_back_from_their_link(
            preset in 0..PRESETS.len(),
            shares in prop::collection::vec([0.0..=1.0_f64, 0.0..=1.0_f64], 1..=MOST_POINTS),
            phi in prop::collection::vec(-1000.0..=1000.0_f64, 46),
            steps in 0..=MOST_STEPS,
        ) {
            let mut params = Params::from_start(PRESETS[preset].start).expect("a start");
            let shape = params.shape();
            let [lo, hi] = shape.data.bounds();
            params.points = shares.iter().map(|share| shape.data.clamp([0, 1].map(|i| lo[i] + share[i] * (hi[i] - lo[i])))).collect();
            params.phi.copy_from_slice(&phi[..shape.n_parameters()]);
            params.steps = steps;
            link::assert_comes_back(&params);
            prop_assert!(link::write(&params).len() < link::LONGEST);
        }
    }
}
