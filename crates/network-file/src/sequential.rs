use std::fmt::Write as _;

use piecewise_core::field::{Architecture, FieldActivation, Grid, Input, OutputActivation};

/// A part of the `nn.Sequential` that a field is in PyTorch.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Module {
    /// One learnt number, or one for each channel, wherever one asks.
    Constant(usize),
    /// Sines and cosines of so many frequencies.
    Fourier(usize),
    /// Weights and biases of this layer.
    Linear { layer: usize, n_inputs: usize, n_outputs: usize },
    /// γ and δ of this layer.
    LayerNorm { layer: usize, n_units: usize },
    /// What hidden layers apply.
    Activation(FieldActivation),
    /// The sigmoid at the output.
    Sigmoid,
    /// These modules one after the other, and what they read added to what they give.
    Residual(Vec<Module>),
}

impl Module {
    fn python(&self) -> String {
        match self {
            Self::Constant(n) => format!("Constant({n})"),
            Self::Fourier(n) => format!("Fourier({n})"),
            Self::Linear { n_inputs, n_outputs, .. } => format!("nn.Linear({n_inputs}, {n_outputs})"),
            Self::LayerNorm { n_units, .. } => format!("nn.LayerNorm({n_units})"),
            Self::Activation(FieldActivation::Relu) => "nn.ReLU()".to_owned(),
            Self::Activation(FieldActivation::Sine) => "Sine()".to_owned(),
            Self::Sigmoid => "nn.Sigmoid()".to_owned(),
            Self::Residual(inside) => format!("Residual({})", listed(inside)),
        }
    }

    /// The class, where PyTorch has none.
    fn definition(&self) -> Option<&'static str> {
        match self {
            Self::Constant(_) => Some(CONSTANT),
            Self::Fourier(_) => Some(FOURIER),
            Self::Activation(FieldActivation::Sine) => Some(SINE),
            Self::Residual(_) => Some(RESIDUAL),
            _ => None,
        }
    }
}

const CONSTANT: &str = "class Constant(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.colour = nn.Parameter(torch.zeros(n))

    def forward(self, xy):
        return self.colour.expand(*xy.shape[:-1], 3)
";

const FOURIER: &str = "class Fourier(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.register_buffer(\"frequencies\", torch.zeros(n, 2))

    def forward(self, xy):
        angles = 2 * torch.pi * (xy @ self.frequencies.T)
        return torch.cat([angles.sin(), angles.cos()], -1)
";

const SINE: &str = "class Sine(nn.Module):
    def forward(self, f):
        return f.sin()
";

const RESIDUAL: &str = "class Residual(nn.Sequential):
    def forward(self, h):
        return h + super().forward(h)
";

fn listed(modules: &[Module]) -> String {
    modules.iter().map(Module::python).collect::<Vec<_>>().join(", ")
}

/// The modules of a field, layer by layer: where they stand in the list is how PyTorch names their tensors. ω_0 of SIREN is in the weights.
pub(crate) fn modules(architecture: &Architecture) -> Vec<Vec<Module>> {
    let mut groups = Vec::new();
    let last = architecture.n_hidden_layers;
    let is_constant = matches!(architecture.input, Input::Scalar | Input::Colour);
    match architecture.input {
        Input::Scalar => groups.push(vec![Module::Constant(1)]),
        Input::Colour => groups.push(vec![Module::Constant(3)]),
        Input::Coordinates => {}
        Input::Fourier { n_frequencies, .. } => groups.push(vec![Module::Fourier(n_frequencies)]),
    }
    for layer in 0..=last {
        let (n_inputs, n_outputs) = architecture.shape(layer);
        let mut group = Vec::new();
        if !is_constant {
            group.push(Module::Linear { layer, n_inputs, n_outputs });
        }
        if layer < last {
            if architecture.layer_norm {
                group.push(Module::LayerNorm { layer, n_units: n_outputs });
            }
            group.push(Module::Activation(architecture.activation));
        } else if architecture.output == OutputActivation::Sigmoid {
            group.push(Module::Sigmoid);
        }
        if architecture.residual && 0 < layer && layer < last {
            group = vec![Module::Residual(group)];
        }
        if !group.is_empty() {
            groups.push(group);
        }
    }
    groups
}

/// The shortest Python that defines the field in PyTorch, loads `field.safetensors` as [`field_to_safetensors`](crate::field_to_safetensors)
/// writes it, and shows its picture of so many columns and rows.
///
/// ```
/// use piecewise_core::field::{Architecture, Grid};
/// let python = piecewise_network_file::field_to_python(&Architecture::siren(1, 64), [32, 24], Grid::Aligned);
/// assert!(python.contains("    nn.Linear(2, 64), Sine(),\n    nn.Linear(64, 3),\n"));
/// ```
pub fn field_to_python(architecture: &Architecture, [width, height]: [usize; 2], grid: Grid) -> String {
    let groups = modules(architecture);
    let mut out = "import matplotlib.pyplot as plt\nimport torch\nfrom safetensors.torch import load_file\nfrom torch import nn\n\n".to_owned();
    let mut defined = Vec::new();
    for module in groups.iter().flatten() {
        let inside: &[Module] = if let Module::Residual(inside) = module { inside } else { &[] };
        for definition in inside.iter().chain([module]).filter_map(Module::definition) {
            if !defined.contains(&definition) {
                defined.push(definition);
                let _ = write!(out, "\n{definition}\n");
            }
        }
    }
    if !defined.is_empty() {
        out.push('\n');
    }
    out.push_str("net = nn.Sequential(\n");
    // Layers alike follow each other.
    for alike in groups.chunk_by(|a, b| listed(a) == listed(b)) {
        let line = listed(&alike[0]);
        match (alike.len(), alike[0].len()) {
            (1 | 2, _) => {
                for _ in alike {
                    let _ = writeln!(out, "    {line},");
                }
            }
            (n, 1) => {
                let _ = writeln!(out, "    *[{line} for _ in range({n})],");
            }
            (n, _) => {
                let _ = writeln!(out, "    *[module for _ in range({n}) for module in ({line})],");
            }
        }
    }
    out.push_str(")\nnet.load_state_dict(load_file(\"field.safetensors\"))\n\n");
    let _ = writeln!(out, "columns, rows = torch.linspace(-1, 1, {width}), torch.linspace(-1, 1, {height})");
    match grid {
        Grid::Aligned => out.push_str(
            "y, x = torch.meshgrid(rows, columns, indexing=\"ij\")\n\
             with torch.no_grad():\n    picture = net(torch.stack([x, y], -1)).clamp(0, 1)\n",
        ),
        // Pixels are given the coordinates of other places, as the network learnt it.
        Grid::Stacked => {
            out.push_str(
                "y, x = torch.meshgrid(columns, rows, indexing=\"ij\")  # not those of the pixels, as it was trained\n",
            );
            let _ = writeln!(
                out,
                "with torch.no_grad():\n    picture = net(torch.stack([x, y], -1)).clamp(0, 1).reshape({height}, {width}, 3)"
            );
        }
    }
    out.push_str("plt.imshow(picture)\nplt.show()\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_field_is_a_list_of_modules() {
        let lines =
            |architecture: Architecture| modules(&architecture).iter().map(|group| listed(group)).collect::<Vec<_>>();
        let relu = Architecture::relu(2, 8);
        assert_eq!(
            lines(relu),
            ["nn.Linear(2, 8), nn.ReLU()", "nn.Linear(8, 8), nn.ReLU()", "nn.Linear(8, 3), nn.Sigmoid()"]
        );
        let fourier =
            Architecture { input: Input::Fourier { n_frequencies: 4, scale: 1.0 }, ..Architecture::siren(0, 1) };
        assert_eq!(lines(fourier), ["Fourier(4)", "nn.Linear(8, 3)"]);
        let residual = Architecture { residual: true, layer_norm: true, ..relu };
        assert_eq!(
            lines(residual)[1],
            "Residual(nn.Linear(8, 8), nn.LayerNorm(8), nn.ReLU())",
            "the first hidden layer adds nothing"
        );
        assert_eq!(lines(Architecture::constant(false)), ["Constant(1)"]);
        assert_eq!(lines(Architecture::constant(true)), ["Constant(3)"]);
    }

    #[test]
    fn many_layers_alike_take_one_line() {
        let python = field_to_python(&Architecture::relu(16, 4), [32, 32], Grid::Aligned);
        assert!(
            python.contains("*[module for _ in range(15) for module in (nn.Linear(4, 4), nn.ReLU())],"),
            "{python}"
        );
        assert!(python.lines().count() < 20, "{python}");
        let residual = Architecture { residual: true, ..Architecture::siren(5, 4) };
        let python = field_to_python(&residual, [32, 32], Grid::Aligned);
        assert!(python.contains("*[Residual(nn.Linear(4, 4), Sine()) for _ in range(4)],"), "{python}");
        // Each class is defined once, and before it is used.
        for name in ["Residual", "Sine"] {
            let class = format!("class {name}(");
            assert_eq!(python.matches(&class).count(), 1);
            assert!(python.find(&class) < python.find(&format!(" {name}(nn.Linear")).or(python.find(", Sine()")));
        }
    }
}
