use piecewise_core::{
    Rng,
    data::{Examples, NOTEBOOK_3_1},
    math,
    network::{Activation, Network},
    train::{Loss, NetworkLoss, Optimizer, Rule, Settings, Training},
};
use serde::{Deserialize, Serialize};

use crate::Preset;

/// What there is to see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum View {
    /// A training, and whether the units come apart in it.
    #[default]
    Training,
    /// One network at several places of the loss: units swapped and rescaled.
    Places,
}

/// How the parameters of the hidden units begin; φ_0 begins at 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Begin {
    /// All 0.
    #[default]
    Zeros,
    /// θ_d0 = θ_d1 = φ_d = c for every unit.
    Equal,
    /// (θ_d0, θ_d1, φ_d) is (c, −2c, −c) for the first half of the units and (−c, 2c, c) for the others.
    Groups,
    /// Equal, and to each number a normal one with standard deviation ε is added.
    Noise,
    /// Each number standard normal.
    Random,
    /// He's normal weights, biases 0.
    ZeroBiases,
}

impl Begin {
    /// All of them, with the words for them.
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::Zeros, "all zero"),
        (Self::Equal, "all equal c"),
        (Self::Groups, "two groups"),
        (Self::Noise, "equal c, plus noise ε"),
        (Self::Random, "random"),
        (Self::ZeroBiases, "random weights, zero biases"),
    ];

    /// Whether c matters.
    pub fn has_value(self) -> bool {
        matches!(self, Self::Equal | Self::Groups | Self::Noise)
    }

    /// Whether the seed matters.
    pub fn is_drawn(self) -> bool {
        matches!(self, Self::Noise | Self::Random | Self::ZeroBiases)
    }
}

/// The activation functions there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bend {
    /// max(0, z).
    #[default]
    Relu,
    /// The hyperbolic tangent.
    Tanh,
}

impl Bend {
    /// a\[·\].
    pub fn activation(self) -> Activation {
        match self {
            Self::Relu => Activation::Relu,
            Self::Tanh => Activation::Tanh,
        }
    }
}

/// What one can set in the exhibit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Params {
    /// Where reset leads: a preset.
    pub start: String,
    /// What there is to see.
    pub view: View,
    /// D, the number of hidden units, 1 to 30.
    pub units: u64,
    /// How they begin.
    pub begin: Begin,
    /// c, the value that equal units begin with, 0.05 to 2.
    pub value: f64,
    /// ε, by how much they differ at the start, 10⁻¹² to 0.1.
    pub epsilon: f64,
    /// The seed of what is drawn, 1 to 999.
    pub seed: u64,
    /// The activation function.
    pub bend: Bend,
    /// Whether the network reads 2x − 1, which lies around 0, rather than x in [0, 1].
    pub centered: bool,
    /// α, the learning rate, 0.001 to 2.
    pub alpha: f64,
    /// How many steps have been taken, 0 to 100,000.
    pub steps: u64,
    /// The unit that unit 1 changes places with, 2 to 30; where there are fewer, the last one.
    pub partner: u64,
    /// Whether they have changed places.
    pub swapped: bool,
    /// By what θ of unit 1 is multiplied and its φ divided, ⅛ to 8.
    pub stretch: f64,
}

/// The most hidden units.
pub const MOST_UNITS: u64 = 30;
/// The range of c.
pub const VALUE: [f64; 2] = [0.05, 2.0];
/// The range of ε.
pub const EPSILON: [f64; 2] = [1e-12, 0.1];
/// The largest seed.
pub const MOST_SEED: u64 = 999;
/// The range of α.
pub const ALPHA: [f64; 2] = [0.001, 2.0];
/// The most steps.
pub const MOST_STEPS: u64 = 100_000;
/// The range of the factor of rescaling.
pub const STRETCH: [f64; 2] = [0.125, 8.0];

/// The lecture's cases.
pub const PRESETS: &[Preset] = &[
    Preset {
        start: "equal",
        label: "All equal",
        note: "Three units with the same gradients take the same steps: they stay one function, and three units together fit no more than a straight line.",
    },
    Preset {
        start: "zeros",
        label: "All zero",
        note: "Every derivative but that of φ₀ is exactly 0, so only φ₀ ever learns: it becomes the mean of the data.",
    },
    Preset {
        start: "two-groups",
        label: "Two groups",
        note: "Six units that begin as two functions end as two functions: this is as good as a network of two units.",
    },
    Preset {
        start: "almost-equal",
        label: "Almost equal",
        note: "tanh units that differ by a millionth: the difference grows exponentially, and only when it is large does the loss notice.",
    },
    Preset {
        start: "almost-equal-relu",
        label: "Almost equal, ReLU",
        note: "ReLU units that are on for all data: the line is fitted, then nothing pulls them apart, and the thousandth stays a thousandth.",
    },
    Preset {
        start: "random-3",
        label: "Random, 3 units",
        note: "Random numbers break the symmetry before the first step: three functions, and a curve that bends.",
    },
    Preset {
        start: "random-10",
        label: "Random, 10 units",
        note: "Ten different functions to choose from: the curve bends wherever the data does.",
    },
    Preset {
        start: "zero-biases",
        label: "Zero biases",
        note: "Biases may begin at zero: random weights make the units different, and each bias then learns its own way.",
    },
    Preset {
        start: "swap",
        label: "Swap two units",
        note: "The same function from another place: the loss is a mirror image of itself, and the mirror is where two units are equal.",
    },
];

impl Default for Params {
    fn default() -> Self {
        Self {
            start: "equal".to_owned(),
            view: View::Training,
            units: 3,
            begin: Begin::Equal,
            value: 0.5,
            epsilon: 0.001,
            seed: 1,
            bend: Bend::Relu,
            centered: false,
            alpha: 0.02,
            steps: 20_000,
            partner: 2,
            swapped: false,
            stretch: 1.0,
        }
    }
}

impl Params {
    /// D as a count.
    pub fn n_units(&self) -> usize {
        self.units as usize
    }

    /// Unit 1 and the one it changes places with, counted from 0; nothing when there is only one unit.
    pub fn pair(&self) -> Option<[usize; 2]> {
        (self.units > 1).then(|| [0, self.partner.min(self.units) as usize - 1])
    }

    /// What the run depends on: parameters that differ in nothing else have the same run.
    #[must_use]
    pub fn origin(&self) -> Self {
        let base = Self::default();
        Self {
            start: base.start,
            view: base.view,
            steps: 0,
            partner: base.partner,
            swapped: false,
            stretch: 1.0,
            ..self.clone()
        }
    }

    /// The 20 points of notebook 3.1 as the network reads them.
    pub fn points(&self) -> Vec<[f64; 2]> {
        NOTEBOOK_3_1.iter().map(|&[x, y]| [if self.centered { 2.0 * x - 1.0 } else { x }, y]).collect()
    }

    /// The range of x in which they lie.
    pub fn x_range(&self) -> [f64; 2] {
        if self.centered { [-1.0, 1.0] } else { [0.0, 1.0] }
    }

    /// The network before the first step.
    pub fn network(&self) -> Network {
        let mut rng = Rng::from_seed(self.seed);
        let c = self.value;
        let n = self.n_units();
        let mut theta = Vec::with_capacity(n);
        let mut phi = Vec::with_capacity(n);
        for d in 0..n {
            // Unit by unit, so that one more unit leaves the others as they are.
            let [theta_0, theta_1, phi_d] = match self.begin {
                Begin::Zeros => [0.0; 3],
                Begin::Equal => [c; 3],
                Begin::Groups if d < n.div_ceil(2) => [c, -2.0 * c, -c],
                Begin::Groups => [-c, 2.0 * c, c],
                Begin::Noise => [0; 3].map(|_| c + self.epsilon * rng.normal()),
                Begin::Random => [0; 3].map(|_| rng.normal()),
                Begin::ZeroBiases => [0.0, math::sqrt(2.0) * rng.normal(), math::sqrt(2.0 / n as f64) * rng.normal()],
            };
            theta.push([theta_0, theta_1]);
            phi.push(phi_d);
        }
        Network::shallow(&theta, 0.0, &phi, self.bend.activation())
    }

    /// The run at its first step: gradient descent on the mean of squares.
    pub fn training(&self) -> Training<NetworkLoss> {
        let net = self.network();
        let phi = net.parameters();
        let objective = NetworkLoss::new(net, Examples::from_points(&self.points()), Loss::MEAN_SQUARED);
        let optimizer = Optimizer::new(Rule::GradientDescent, self.alpha);
        Training::new(objective, phi, Settings { optimizer, batch_size: None }, self.seed)
    }
}

impl crate::Params for Params {
    fn from_start(start: &str) -> Option<Self> {
        let base = Self { start: start.to_owned(), ..Self::default() };
        let random = Self { begin: Begin::Random, ..base.clone() };
        match start {
            "equal" => Some(base),
            "zeros" => Some(Self { begin: Begin::Zeros, ..base }),
            "two-groups" => Some(Self { begin: Begin::Groups, units: 6, ..base }),
            "almost-equal" => Some(Self {
                begin: Begin::Noise,
                bend: Bend::Tanh,
                epsilon: 1e-6,
                seed: 2,
                alpha: 0.3,
                steps: 16_000,
                ..base
            }),
            "almost-equal-relu" => Some(Self { begin: Begin::Noise, ..base }),
            "random-3" => Some(Self { seed: 3, ..random }),
            "random-10" => Some(Self { units: 10, seed: 14, ..random }),
            "zero-biases" => Some(Self { begin: Begin::ZeroBiases, units: 10, seed: 3, centered: true, ..base }),
            "swap" => Some(Self { view: View::Places, seed: 7, ..random }),
            _ => None,
        }
    }

    fn start(&self) -> &str {
        &self.start
    }

    fn make_valid(&mut self) {
        let within = |x: &mut f64, [lo, hi]: [f64; 2]| *x = if x.is_nan() { lo } else { x.clamp(lo, hi) };
        within(&mut self.value, VALUE);
        within(&mut self.epsilon, EPSILON);
        within(&mut self.alpha, ALPHA);
        within(&mut self.stretch, STRETCH);
        self.units = self.units.clamp(1, MOST_UNITS);
        self.partner = self.partner.clamp(2, MOST_UNITS);
        self.seed = self.seed.clamp(1, MOST_SEED);
        self.steps = self.steps.min(MOST_STEPS);
        if Self::from_start(&self.start).is_none() {
            self.start = Self::default().start;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Params as _, link};

    #[test]
    fn hostile_links_fall_back() {
        for state in [
            "units=0",
            "units=31",
            "epsilon=0",
            "epsilon=nan",
            "alpha=1e9",
            "steps=100001",
            "value=-1",
            "begin=chaos",
            "stretch=0",
            "partner=1",
        ] {
            let reading = link::read::<Params>(state);
            assert_eq!(reading.not_understood, 1, "{state}");
            let mut valid = reading.params.clone();
            valid.make_valid();
            assert_eq!(valid, reading.params, "{state}");
        }
    }

    #[test]
    fn one_more_unit_leaves_the_others_as_they_were() {
        for start in ["two-groups", "almost-equal", "random-3"] {
            let three = Params { units: 4, ..Params::from_start(start).expect("a start") };
            let four = Params { units: 5, ..three.clone() };
            let theta = |params: &Params, d: usize| {
                let layer = &params.network().layers[0];
                (layer.beta[d], layer.omega[(d, 0)])
            };
            assert_eq!(theta(&three, 0), theta(&four, 0), "{start}");
            assert_eq!(theta(&three, 3), theta(&four, 3), "{start}");
        }
    }

    proptest! {
        #[test]
        fn what_is_set_comes_back_from_its_link(
            preset in 0..PRESETS.len(),
            units in 1..=MOST_UNITS,
            begin in 0..Begin::ALL.len(),
            epsilon in EPSILON[0]..=EPSILON[1],
            steps in 0..=MOST_STEPS,
            stretch in STRETCH[0]..=STRETCH[1],
            swapped in any::<bool>(),
        ) {
            let base = Params::from_start(PRESETS[preset].start).expect("a start");
            let params = Params { units, begin: Begin::ALL[begin].0, epsilon, steps, stretch, swapped, ..base };
            let reading = link::read::<Params>(&link::write(&params));
            prop_assert_eq!(reading.not_understood, 0);
            prop_assert_eq!(reading.params, params);
        }
    }
}
