use piecewise_core::{
    Rng, data, math,
    network::{Activation, Layer, Network, Parameter},
};
use piecewise_plot::subscript;

/// The most units that a hidden layer can have.
pub const MOST_UNITS: usize = 5;

/// The largest seed.
const MOST_SEED: u64 = 999;

/// The 12 points of [`data::LINEAR_REGRESSION`], the last one moved far down.
const OUTLIER_Y: f64 = 0.2;

/// Two classes on the line, (x, class): the second lies between two parts of the first, and each has one example among the other.
const TWO_CLASSES: [[f64; 2]; 16] = [
    [0.05, 0.0],
    [0.11, 0.0],
    [0.18, 0.0],
    [0.24, 1.0],
    [0.29, 0.0],
    [0.36, 1.0],
    [0.42, 1.0],
    [0.47, 1.0],
    [0.53, 1.0],
    [0.59, 0.0],
    [0.64, 1.0],
    [0.71, 0.0],
    [0.77, 0.0],
    [0.84, 0.0],
    [0.91, 0.0],
    [0.97, 0.0],
];

/// Three classes on the line, (x, class), that overlap where they meet.
const THREE_CLASSES: [[f64; 2]; 18] = [
    [0.04, 0.0],
    [0.09, 0.0],
    [0.15, 0.0],
    [0.21, 0.0],
    [0.26, 1.0],
    [0.31, 0.0],
    [0.37, 0.0],
    [0.41, 1.0],
    [0.46, 1.0],
    [0.52, 1.0],
    [0.57, 2.0],
    [0.61, 1.0],
    [0.66, 1.0],
    [0.72, 2.0],
    [0.78, 2.0],
    [0.83, 1.0],
    [0.89, 2.0],
    [0.96, 2.0],
];

/// What the examples are at first, and what is made of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataSet {
    /// Twelve points (UDL, figure 2.2).
    Line,
    /// Twenty points (UDL, notebook 3.1).
    Notebook,
    /// Three points, to be moved and added to.
    Own,
    /// The twelve points with one that is far off.
    Outlier,
    /// Examples of two classes.
    TwoClasses,
    /// Examples of three classes.
    ThreeClasses,
}

impl DataSet {
    /// All of them, with their names in links and on the page.
    pub const ALL: [(Self, &'static str, &'static str); 6] = [
        (Self::Line, "line", "12 points of the book"),
        (Self::Notebook, "notebook", "20 points of notebook 3.1"),
        (Self::Outlier, "outlier", "12 points, one far off"),
        (Self::Own, "own", "my own points"),
        (Self::TwoClasses, "two", "two classes"),
        (Self::ThreeClasses, "three", "three classes"),
    ];

    /// Its name in links.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|entry| entry.0 == self).map_or("", |entry| entry.1)
    }

    /// The examples (x, y); y is the number of the class where there are classes.
    pub fn points(self) -> Vec<[f64; 2]> {
        let mut points = match self {
            Self::Line | Self::Outlier => data::LINEAR_REGRESSION.to_vec(),
            Self::Notebook => data::NOTEBOOK_3_1.to_vec(),
            Self::Own => vec![[0.25, 0.5], [1.0, 1.5], [1.75, 1.0]],
            Self::TwoClasses => TWO_CLASSES.to_vec(),
            Self::ThreeClasses => THREE_CLASSES.to_vec(),
        };
        if self == Self::Outlier {
            points[11][1] = OUTLIER_Y;
        }
        points
    }

    /// Where examples can be: the lower left corner and the upper right one.
    pub fn bounds(self) -> [[f64; 2]; 2] {
        match self {
            Self::Line | Self::Outlier | Self::Own => [[0.0, 0.0], [2.0, 2.0]],
            Self::Notebook => [[0.0, -1.0], [1.0, 1.0]],
            Self::TwoClasses => [[0.0, 0.0], [1.0, 1.0]],
            Self::ThreeClasses => [[0.0, 0.0], [1.0, 2.0]],
        }
    }

    /// How many classes there are; 0 where numbers are wanted.
    pub fn n_classes(self) -> usize {
        match self {
            Self::TwoClasses => 2,
            Self::ThreeClasses => 3,
            _ => 0,
        }
    }

    /// D_o: one number, one log odds, or one number for each of three classes.
    pub fn n_outputs(self) -> usize {
        if self == Self::ThreeClasses { 3 } else { 1 }
    }

    /// The nearest place where an example can be.
    pub fn clamp(self, point: [f64; 2]) -> [f64; 2] {
        let [lo, hi] = self.bounds();
        let [x, y] =
            [0, 1].map(|axis| if point[axis].is_nan() { lo[axis] } else { point[axis].clamp(lo[axis], hi[axis]) });
        [x, if self.n_classes() > 0 { y.round() } else { y }]
    }
}

/// The kinds of models.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    /// φ_0 + φ_1 x.
    Linear,
    /// One layer of hidden units.
    Shallow,
    /// Two layers of hidden units.
    Deep,
}

impl Model {
    /// All of them, with their names in links, which are also those on the page.
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::Linear, "linear"), (Self::Shallow, "shallow"), (Self::Deep, "deep")];
}

/// What is compared with what: it decides how many parameters there are and where they begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// The examples.
    pub data: DataSet,
    /// The model.
    pub model: Model,
    /// D, how many units each hidden layer has, 1 to 5. Of no meaning to a linear model.
    pub n_hidden: usize,
    /// The seed of the first parameters, 0 to 999; 0 for those of the book, where it has some.
    pub seed: u64,
}

impl Shape {
    /// A line through the twelve points, where one begins.
    pub const LINE: Self = Self { data: DataSet::Line, model: Model::Linear, n_hidden: 3, seed: 0 };

    /// As links write it: `line-linear`, `notebook-shallow-3-0`.
    pub fn name(&self) -> String {
        let Self { data, model, n_hidden, seed } = *self;
        let model_name = Model::ALL.iter().find(|entry| entry.0 == model).map_or("", |entry| entry.1);
        match model {
            Model::Linear => format!("{}-{model_name}", data.name()),
            _ => format!("{}-{model_name}-{n_hidden}-{seed}", data.name()),
        }
    }

    /// Reads what [`Shape::name`] writes.
    pub fn parse(name: &str) -> Option<Self> {
        let mut parts = name.split('-');
        let data = parts.next()?;
        let data = DataSet::ALL.iter().find(|entry| entry.1 == data)?.0;
        let model = parts.next()?;
        let model = Model::ALL.iter().find(|entry| entry.1 == model)?.0;
        let mut shape = Self { data, model, n_hidden: 3, seed: 0 };
        if model != Model::Linear {
            shape.n_hidden = parts.next()?.parse().ok().filter(|n| (1..=MOST_UNITS).contains(n))?;
            shape.seed = parts.next()?.parse().ok().filter(|&seed| seed <= MOST_SEED)?;
        }
        parts.next().is_none().then_some(shape)
    }

    /// The same with another draw of the first parameters.
    #[must_use]
    pub fn redrawn(self) -> Self {
        Self { seed: (self.seed + 1) % (MOST_SEED + 1), ..self }
    }

    /// The widths of all layers, from the input to the output.
    fn widths(&self) -> Vec<usize> {
        let n_hidden_layers = match self.model {
            Model::Linear => 0,
            Model::Shallow => 1,
            Model::Deep => 2,
        };
        let hidden = std::iter::repeat_n(self.n_hidden, n_hidden_layers);
        std::iter::once(1).chain(hidden).chain([self.data.n_outputs()]).collect()
    }

    /// How many parameters there are.
    pub fn n_parameters(&self) -> usize {
        self.widths().windows(2).map(|pair| (pair[0] + 1) * pair[1]).sum()
    }

    /// The model as it begins.
    pub fn network(&self) -> Network {
        let layers: Vec<Layer> = self.widths().windows(2).map(|pair| Layer::zeros(pair[1], pair[0])).collect();
        let mut network = Network { layers, activation: Activation::Relu };
        if self.model == Model::Linear {
            if self.data.n_classes() == 0 {
                network.set_parameters(&[0.6, -0.2]);
            }
            return network;
        }
        if *self == (Self { data: DataSet::Notebook, model: Model::Shallow, n_hidden: 3, seed: 0 }) {
            let theta = [[0.3, -1.0], [-1.0, 2.0], [-0.5, 0.65]];
            return Network::shallow(&theta, -0.3, &[2.0, -1.0, 7.0], Activation::Relu);
        }
        let mut rng = Rng::from_seed(self.seed);
        // A short number in links, and one that a slider can land on.
        let mut draw = |lo: f64, hi: f64| (rng.uniform_in(lo, hi) * 64.0).round() / 64.0;
        for (k, layer) in network.layers.iter_mut().enumerate() {
            let bound = 1.0 / math::sqrt(layer.n_inputs() as f64);
            for row in 0..layer.n_outputs() {
                if k == 0 {
                    // The joint of a unit lies where examples are.
                    let [lo, hi] = self.data.bounds().map(|corner| corner[0]);
                    let slope = draw(1.0, 3.0) * if draw(0.0, 1.0) < 0.5 { -1.0 } else { 1.0 };
                    layer.omega[(row, 0)] = slope;
                    layer.beta[row] = (-slope * draw(lo, hi) * 64.0).round() / 64.0;
                } else {
                    layer.beta[row] = draw(-bound, bound);
                    for column in 0..layer.n_inputs() {
                        layer.omega[(row, column)] = draw(-1.5 * bound, 1.5 * bound);
                    }
                }
            }
        }
        network
    }

    /// These parameters in a model of this shape: units that both models have keep theirs, and a new unit is not yet heard, so that nothing
    /// changes when it comes.
    pub fn adopt(&self, from: &Network) -> Vec<f64> {
        let mut network = self.network();
        if from.layers.len() == network.layers.len() {
            for (layer, old) in network.layers.iter_mut().zip(&from.layers) {
                for row in 0..layer.n_outputs().min(old.n_outputs()) {
                    layer.beta[row] = old.beta[row];
                    for column in 0..layer.n_inputs() {
                        let known = column < old.n_inputs();
                        layer.omega[(row, column)] = if known { old.omega[(row, column)] } else { 0.0 };
                    }
                }
            }
        }
        network.parameters()
    }

    /// What a parameter is called: φ₁ and θ₁₀ as the book writes small networks, β₁,₂ and ω₁,₂₃ (layer, unit fed, unit read) in a deep one.
    pub fn symbol(&self, index: usize) -> String {
        let (layer, row, column) = match self.network().parameter(index) {
            Some(Parameter::Beta { layer, row }) => (layer, row, None),
            Some(Parameter::Omega { layer, row, column }) => (layer, row, Some(column)),
            None => return String::new(),
        };
        let unit = subscript(row + 1);
        if self.model == Model::Deep {
            let layer = subscript(layer);
            return match column {
                None => format!("β{layer},{unit}"),
                Some(column) => format!("ω{layer},{unit}{}", subscript(column + 1)),
            };
        }
        let read = subscript(column.map_or(0, |column| column + 1));
        let is_output = self.model == Model::Linear || layer == 1;
        match (is_output, self.data.n_outputs()) {
            (true, 1) => format!("φ{read}"),
            (true, _) => format!("φ{unit}{read}"),
            (false, _) => format!("θ{unit}{read}"),
        }
    }

    /// The model in one line.
    pub fn formula(&self) -> &'static str {
        match (self.model, self.data.n_classes() > 0) {
            (Model::Linear, false) => "y = φ₀ + φ₁ x",
            (Model::Linear, true) => "f = φ₀ + φ₁ x",
            (Model::Shallow, false) => "h₁ = a[θ₁₀ + θ₁₁ x], …,  y = φ₀ + φ₁ h₁ + …",
            (Model::Shallow, true) => "h₁ = a[θ₁₀ + θ₁₁ x], …,  f = φ₀ + φ₁ h₁ + …",
            (Model::Deep, false) => "h₁ = a[β₀ + Ω₀ x],  h₂ = a[β₁ + Ω₁ h₁],  y = β₂ + Ω₂ h₂",
            (Model::Deep, true) => "h₁ = a[β₀ + Ω₀ x],  h₂ = a[β₁ + Ω₁ h₁],  f = β₂ + Ω₂ h₂",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_shapes_are_read_back_and_nonsense_is_not() {
        for (data, ..) in DataSet::ALL {
            for (model, _) in Model::ALL {
                let shape = Shape { data, model, n_hidden: 3, seed: 0 };
                assert_eq!(Shape::parse(&shape.name()), Some(shape));
                assert_eq!(shape.network().n_parameters(), shape.n_parameters());
            }
        }
        for nonsense in [
            "",
            "line",
            "line-cubic",
            "line-linear-3",
            "line-shallow-0-0",
            "line-deep-6-0",
            "own-deep-2-1000",
            "two-deep-2",
        ] {
            assert_eq!(Shape::parse(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn a_new_unit_changes_nothing_until_it_is_heard() {
        for model in [Model::Shallow, Model::Deep] {
            let small = Shape { data: DataSet::ThreeClasses, model, n_hidden: 2, seed: 4 };
            let large = Shape { n_hidden: 4, ..small };
            let (before, mut after) = (small.network(), large.network());
            after.set_parameters(&large.adopt(&before));
            for x in [0.0, 0.3, 0.9] {
                assert_eq!(before.output(&[x]), after.output(&[x]));
            }
        }
    }

    #[test]
    fn parameters_bear_the_names_of_the_book() {
        let shape = |name: &str| Shape::parse(name).expect("a shape");
        let symbols = |name: &str| -> Vec<String> {
            let shape = shape(name);
            (0..shape.n_parameters()).map(|index| shape.symbol(index)).collect()
        };
        assert_eq!(symbols("line-linear"), ["φ₀", "φ₁"]);
        assert_eq!(symbols("line-shallow-2-0"), ["θ₁₀", "θ₂₀", "θ₁₁", "θ₂₁", "φ₀", "φ₁", "φ₂"]);
        assert_eq!(symbols("three-linear"), ["φ₁₀", "φ₂₀", "φ₃₀", "φ₁₁", "φ₂₁", "φ₃₁"]);
        assert_eq!(symbols("own-deep-1-0"), ["β₀,₁", "ω₀,₁₁", "β₁,₁", "ω₁,₁₁", "β₂,₁", "ω₂,₁₁"]);
    }
}
