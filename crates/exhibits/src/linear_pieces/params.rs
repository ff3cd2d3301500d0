use piecewise_core::{
    math,
    network::{Activation, Layer, Network},
    regions::Bounds,
};
use serde::{Deserialize, Serialize};

use crate::Preset;

/// Biases and φ_0 lie between minus and plus this.
pub const BIAS_LIMIT: f64 = 4.0;
/// Weights θ_d1, θ_d2 and φ_d lie between minus and plus this.
pub const WEIGHT_LIMIT: f64 = 2.0;

/// Which network is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Model {
    /// Two inputs, three hidden units.
    #[default]
    Plane,
    /// Two inputs, two hidden layers of three units.
    Deep,
    /// One input, three hidden units.
    Line,
}

/// The activation functions that can be chosen, as people call them; the numbers that some of them need stand beside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)] // Their names say everything; what they compute stands at `Activation`.
pub enum Kind {
    #[default]
    Relu,
    LeakyRelu,
    Prelu,
    Elu,
    Selu,
    Softplus,
    Gelu,
    Silu,
    Swish,
    Sigmoid,
    Tanh,
    Heaviside,
    Rect,
    Linear,
}

impl Kind {
    /// Every kind with its name, in the order in which they are offered.
    pub const ALL: [(Self, &'static str); 14] = [
        (Self::Relu, "ReLU"),
        (Self::LeakyRelu, "leaky ReLU"),
        (Self::Prelu, "PReLU"),
        (Self::Elu, "ELU"),
        (Self::Selu, "SELU"),
        (Self::Softplus, "softplus"),
        (Self::Gelu, "GELU"),
        (Self::Silu, "SiLU"),
        (Self::Swish, "swish"),
        (Self::Sigmoid, "sigmoid"),
        (Self::Tanh, "tanh"),
        (Self::Heaviside, "Heaviside"),
        (Self::Rect, "rect"),
        (Self::Linear, "linear"),
    ];
}

/// What one can set in the exhibit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Params {
    /// Where reset leads: a preset.
    pub start: String,
    /// Which network.
    pub model: Model,
    /// φ_0, −4 to 4.
    pub phi_0: f64,
    /// Three units, a row each: θ_d0 (−4 to 4), θ_d1, θ_d2 (not used with one input) and φ_d (−2 to 2).
    pub units: Vec<[f64; 4]>,
    /// The activation function.
    pub activation: Kind,
    /// The slope of leaky ReLU below 0 (0 to 1), of PReLU (−1 to 1), and b of the linear one (−1 to 1).
    pub slope: f64,
    /// a of the linear activation, −1 to 1.
    pub intercept: f64,
    /// How deep ELU goes below 0, 0 to 2.
    pub scale: f64,
    /// β of swish, 0 to 20.
    pub beta: f64,
    /// Where the network is looked at, in the view; with one input only the first number counts.
    pub probe: [f64; 2],
    /// How long the step from the probe is, 1/256 to 1.
    pub length: f64,
    /// Its direction in degrees, −180 to 180, from the axis of x_1; with one input to the right below 90, else to the left.
    pub angle: f64,
    /// Whether second differences are shown instead of values.
    pub lens: bool,
    /// Whether a ruler lies across the contours.
    pub ruler: bool,
    /// From which side the surface is seen, in degrees, −180 to 180.
    pub turn: f64,
}

/// The range of the length of a step.
pub const LENGTH: [f64; 2] = [1.0 / 256.0, 1.0];
/// The range of β of swish.
pub const BETA: [f64; 2] = [0.0, 20.0];
/// The range of the scale of ELU.
pub const SCALE: [f64; 2] = [0.0, 2.0];

/// The plane that is shown, as in UDL, figure 3.8.
pub const PLANE_VIEW: Bounds<2> = Bounds { lo: [-1.0, -1.0], hi: [1.0, 1.0] };
/// The inputs and outputs that are shown of a network with one input, as in UDL, figure 3.3.
pub const LINE_VIEW: Bounds<2> = Bounds { lo: [0.0, -1.0], hi: [2.0, 1.0] };

/// UDL, figure 3.8: θ_d0, θ_d1, θ_d2, φ_d.
const FIG_3_8: [[f64; 4]; 3] = [[0.2, 0.5, 0.5, -1.0], [-0.3, 0.9, -0.1, 1.8], [0.2, 0.2, -0.7, -0.5]];
/// UDL, figure 3.3.
const FIG_3_3: [[f64; 4]; 3] = [[-0.2, 0.4, 0.0, -1.3], [-0.9, 0.9, 0.0, 1.3], [1.1, -0.7, 0.0, 0.66]];
/// Bias and weights of the second hidden layer of the deep network.
const SECOND_LAYER: [[f64; 4]; 3] = [[0.3125, 0.75, 0.5, -1.25], [0.375, -0.25, -1.0, 0.25], [0.25, -1.25, 1.0, 0.75]];

/// The lecture's cases.
pub const PRESETS: &[Preset] = &[
    Preset {
        start: "fig-3.8",
        label: "Fig. 3.8",
        note: "Two inputs, three hidden units: move the point, and as long as it stays in its region its map does not change.",
    },
    Preset {
        start: "ruler",
        label: "Ruler",
        note: "A ruler across the contours of one region: parallel, and all at the same distance.",
    },
    Preset {
        start: "leaky-1",
        label: "Leaky slope 1",
        note: "With slope 1 on both sides nothing bends any more: seven patterns, one plane. Turn the slope down again.",
    },
    Preset {
        start: "relu-lens",
        label: "ReLU, bends",
        note: "Where a ReLU network bends: along the lines where a unit switches, and nowhere else.",
    },
    Preset {
        start: "sigmoid-lens",
        label: "Sigmoid, bends",
        note: "The same weights with a sigmoid: the function bends nearly everywhere, and no two points share a map.",
    },
    Preset {
        start: "heaviside",
        label: "Heaviside",
        note: "A step instead of a ramp: every region is flat, its gradient is 0, and the output jumps between regions.",
    },
    Preset {
        start: "deep",
        label: "Two layers",
        note: "Two hidden layers: the lines of the second bend at those of the first, and still each region has one map.",
    },
    Preset {
        start: "fig-3.3",
        label: "One input",
        note: "Fig. 3.3: three joints, four slopes, and each slope is a sum over the units that are on.",
    },
];

impl Default for Params {
    /// The network of UDL, figure 3.8, looked at in its largest inner region.
    fn default() -> Self {
        Self {
            start: "fig-3.8".to_owned(),
            model: Model::Plane,
            phi_0: 0.4,
            units: FIG_3_8.to_vec(),
            activation: Kind::Relu,
            slope: 0.1,
            intercept: 0.0,
            scale: 1.0,
            beta: 1.0,
            probe: [-0.125, -0.125],
            length: 0.25,
            angle: 30.0,
            lens: false,
            ruler: false,
            turn: 160.0,
        }
    }
}

impl Params {
    /// The activation a\[·\].
    pub fn activation(&self) -> Activation {
        match self.activation {
            Kind::Relu => Activation::Relu,
            Kind::LeakyRelu | Kind::Prelu => Activation::LeakyRelu { slope: self.slope },
            Kind::Elu => Activation::Elu { scale: self.scale },
            Kind::Selu => Activation::Selu,
            Kind::Softplus => Activation::Softplus,
            Kind::Gelu => Activation::Gelu,
            Kind::Silu => Activation::Swish { beta: 1.0 },
            Kind::Swish => Activation::Swish { beta: self.beta },
            Kind::Sigmoid => Activation::Sigmoid,
            Kind::Tanh => Activation::Tanh,
            Kind::Heaviside => Activation::Heaviside,
            Kind::Rect => Activation::Rect,
            Kind::Linear => Activation::Linear { intercept: self.intercept, slope: self.slope },
        }
    }

    /// The network.
    pub fn network(&self) -> Network {
        let n_inputs = self.n_inputs();
        let unit = |rows: &[[f64; 4]], n_inputs: usize| {
            Layer::from_fn(rows.len(), n_inputs, |d| rows[d][0], |d, i| rows[d][i + 1])
        };
        let mut layers = vec![unit(&self.units, n_inputs)];
        if self.model == Model::Deep {
            layers.push(unit(&SECOND_LAYER, 3));
        }
        layers.push(Layer::from_fn(1, self.units.len(), |_| self.phi_0, |_, d| self.units[d][3]));
        Network { layers, activation: self.activation() }
    }

    /// D_i: how many inputs the network has.
    pub fn n_inputs(&self) -> usize {
        if self.model == Model::Line { 1 } else { 2 }
    }

    /// What is shown.
    pub fn view(&self) -> Bounds<2> {
        if self.model == Model::Line { LINE_VIEW } else { PLANE_VIEW }
    }

    /// The input at the probe.
    pub fn x(&self) -> &[f64] {
        &self.probe[..self.n_inputs()]
    }

    /// The step from the probe, of which with one input only the first number counts.
    pub fn step(&self) -> [f64; 2] {
        if self.model == Model::Line {
            return [if self.angle.abs() > 90.0 { -self.length } else { self.length }, 0.0];
        }
        let radians = self.angle.to_radians();
        [math::cos(radians), math::sin(radians)].map(|way| self.length * way)
    }

    /// Lets the step from the probe lead to `tip`, or as far on the way there as the view reaches, in whole degrees and multiples of 1/256.
    pub fn aim_at(&mut self, tip: [f64; 2]) {
        let [dx, dy] = [tip[0] - self.probe[0], tip[1] - self.probe[1]];
        let length = f64::hypot(dx, if self.model == Model::Line { 0.0 } else { dy });
        self.length = ((length * 256.0).round() / 256.0).clamp(LENGTH[0], LENGTH[1]);
        if length > 0.0 {
            self.turn_to([dx, dy]);
        }
        while self.length > LENGTH[0] && self.leads_out() {
            self.length -= 1.0 / 256.0;
        }
        if self.leads_out() {
            // At the edge, where the only way is inwards.
            let Bounds { lo, hi } = self.view();
            self.turn_to([0, 1].map(|axis| f64::midpoint(lo[axis], hi[axis]) - self.probe[axis]));
        }
    }

    /// Lets the step go this way, in whole degrees.
    fn turn_to(&mut self, [dx, dy]: [f64; 2]) {
        self.angle = match self.model {
            Model::Line if dx < 0.0 => 180.0,
            Model::Line => 0.0,
            _ => math::atan2(dy, dx).to_degrees().round(),
        };
    }

    /// Whether the step ends out of view, so that the probe could not stay where it is.
    fn leads_out(&self) -> bool {
        let (Bounds { lo, hi }, step) = (self.view(), self.step());
        let out = |axis: usize| {
            let x = self.probe[axis];
            x < lo[axis] - step[axis].min(0.0) || x > hi[axis] - step[axis].max(0.0)
        };
        (0..self.n_inputs()).any(out)
    }
}

impl crate::Params for Params {
    fn from_start(start: &str) -> Option<Self> {
        let base = Self { start: start.to_owned(), ..Self::default() };
        let lens = Self { lens: true, length: 0.125, angle: -15.0, ..base.clone() };
        match start {
            "fig-3.8" => Some(base),
            "fig-3.3" => Some(Self {
                model: Model::Line,
                phi_0: -0.23,
                units: FIG_3_3.to_vec(),
                probe: [1.25, 0.0],
                length: 0.125,
                angle: 0.0,
                ..base
            }),
            "ruler" => Some(Self { ruler: true, probe: [0.5, -0.125], length: 0.125, ..base }),
            "relu-lens" => Some(lens),
            "sigmoid-lens" => Some(Self { activation: Kind::Sigmoid, ..lens }),
            "heaviside" => Some(Self { activation: Kind::Heaviside, ..base }),
            "leaky-1" => Some(Self { activation: Kind::LeakyRelu, slope: 1.0, ..base }),
            "deep" => Some(Self { model: Model::Deep, ..base }),
            _ => None,
        }
    }

    fn start(&self) -> &str {
        &self.start
    }

    fn make_valid(&mut self) {
        let within = |x: &mut f64, lo: f64, hi: f64| *x = if x.is_nan() { lo } else { x.clamp(lo, hi) };
        within(&mut self.phi_0, -BIAS_LIMIT, BIAS_LIMIT);
        self.units.resize(FIG_3_8.len(), [0.0; 4]);
        for row in &mut self.units {
            for (column, number) in row.iter_mut().enumerate() {
                let limit = if column == 0 { BIAS_LIMIT } else { WEIGHT_LIMIT };
                within(number, -limit, limit);
            }
        }
        within(&mut self.slope, if self.activation == Kind::LeakyRelu { 0.0 } else { -1.0 }, 1.0);
        within(&mut self.intercept, -1.0, 1.0);
        within(&mut self.scale, SCALE[0], SCALE[1]);
        within(&mut self.beta, BETA[0], BETA[1]);
        within(&mut self.length, LENGTH[0], LENGTH[1]);
        within(&mut self.angle, -180.0, 180.0);
        within(&mut self.turn, -180.0, 180.0);
        // The whole step stays in view, so that its end can be taken hold of.
        let (Bounds { lo, hi }, step) = (self.view(), self.step());
        for axis in 0..2 {
            within(&mut self.probe[axis], lo[axis] - step[axis].min(0.0), hi[axis] - step[axis].max(0.0));
        }
        if Self::from_start(&self.start).is_none() {
            self.start = Self::default().start;
        }
    }
}
