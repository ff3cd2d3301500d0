//! The network as a program of PyTorch.

use std::fmt::Write as _;

use piecewise_core::network::{Activation, Network};

/// The module of an activation, and its definition where PyTorch has none.
fn module(activation: Activation) -> (String, &'static str) {
    let text = match activation {
        Activation::Relu => "nn.ReLU()",
        Activation::Sigmoid => "nn.Sigmoid()",
        Activation::Tanh => "nn.Tanh()",
        Activation::Gelu => "nn.GELU()",
        Activation::Softplus => "nn.Softplus()",
        Activation::LeakyRelu { slope } => return (format!("nn.LeakyReLU({slope})"), ""),
        Activation::Sine { omega } => {
            return (
                format!("Sine({omega:?})"),
                "class Sine(nn.Module):\n    def __init__(self, omega):\n        super().__init__()\n        self.omega = omega\n\n    def forward(self, z):\n        return torch.sin(self.omega * z)\n\n\n",
            );
        }
        Activation::Heaviside => {
            return (
                "Heaviside()".to_owned(),
                "class Heaviside(nn.Module):\n    def forward(self, z):\n        return (z >= 0).to(z.dtype)\n\n\n",
            );
        }
        _ => "nn.Identity()",
    };
    (text.to_owned(), "")
}

/// A program that builds the network as an `nn.Sequential` and sets its weights, in double precision.
pub fn pytorch(net: &Network) -> String {
    let (activation, definition) = module(net.activation);
    let mut out = format!("import torch\nfrom torch import nn\n\n\n{definition}net = nn.Sequential(\n");
    let last = net.layers.len() - 1;
    for (k, layer) in net.layers.iter().enumerate() {
        let _ = writeln!(out, "    nn.Linear({}, {}),", layer.n_inputs(), layer.n_outputs());
        if k < last {
            let _ = writeln!(out, "    {activation},");
        }
    }
    out.push_str(").double()\n\nwith torch.no_grad():\n");
    for (k, layer) in net.layers.iter().enumerate() {
        // In the list a linear layer and an activation take turns.
        let place = 2 * k;
        let rows: Vec<String> = (0..layer.n_outputs())
            .map(|row| {
                let entries: Vec<String> = layer.omega.row(row).iter().map(|x| format!("{x:?}")).collect();
                format!("[{}]", entries.join(", "))
            })
            .collect();
        let biases: Vec<String> = layer.beta.iter().map(|x| format!("{x:?}")).collect();
        // The shape is named, because a list without numbers does not tell it.
        let _ = writeln!(
            out,
            "    net[{place}].weight.copy_(torch.tensor([{}], dtype=torch.double).reshape({}, {}))",
            rows.join(", "),
            layer.n_outputs(),
            layer.n_inputs()
        );
        let _ = writeln!(out, "    net[{place}].bias.copy_(torch.tensor([{}], dtype=torch.double))", biases.join(", "));
    }
    out
}
