"""Writes training.json: histories of coordinate networks, by PyTorch in 64-bit numbers and its own autograd and optimisers.

    python training.py > training.json

Every history holds the architecture, the frequencies and the parameters it starts from (32-bit numbers, layer by layer: biases, weights
column by column, and with layer norm gamma and delta), the loss (half the mean of squares over pixels and channels) before every step, and
the parameters at the end.
"""

import json
import math
import platform
import sys

import numpy as np
import torch

SEED = 20241125
WIDTH, HEIGHT = 7, 5
N_STEPS = 40


def linspace(n):
    return np.linspace(-1, 1, n).astype(np.float32)


def single(values):
    """Numbers that 32 bits hold, as they are printed and read again."""
    return [float(np.float32(value)) for value in np.asarray(values).ravel()]


class FieldOfColours(torch.nn.Module):
    def __init__(self, shape, frequencies, rng):
        super().__init__()
        self.shape, self.frequencies = shape, torch.tensor(frequencies, dtype=torch.float64)
        n_in = {"coordinates": 2, "fourier": 2 * len(frequencies), "colour": 0}[shape["kind"]]
        self.layers, self.norms = torch.nn.ModuleList(), torch.nn.ModuleList()
        for k in range(shape["n_hidden_layers"] + 1):
            last = k == shape["n_hidden_layers"]
            n_out = 3 if last else shape["width"]
            layer = torch.nn.Linear(n_in, n_out, dtype=torch.float64) if n_in else Constant(n_out)
            sigma = math.sqrt(2 / max(n_in, 1))
            with torch.no_grad():
                if n_in:
                    layer.weight.copy_(torch.tensor(single(rng.normal(0, sigma, (n_out, n_in)))).reshape(n_out, n_in))
                layer.bias.copy_(torch.tensor(single(rng.normal(0, 0.2, n_out))))
            self.layers.append(layer)
            if shape["layer_norm"] and not last:
                norm = torch.nn.LayerNorm(n_out, eps=1e-5, dtype=torch.float64)
                with torch.no_grad():
                    norm.weight.copy_(torch.tensor(single(rng.normal(1, 0.1, n_out))))
                    norm.bias.copy_(torch.tensor(single(rng.normal(0, 0.1, n_out))))
                self.norms.append(norm)
            n_in = n_out

    def flat(self):
        numbers = []
        for k, layer in enumerate(self.layers):
            numbers += layer.bias.tolist()
            if isinstance(layer, torch.nn.Linear):
                numbers += layer.weight.T.flatten().tolist()
            if k < len(self.norms):
                numbers += self.norms[k].weight.tolist() + self.norms[k].bias.tolist()
        return numbers

    def forward(self, x):
        h = x
        if self.shape["kind"] == "fourier":
            angles = 2 * math.pi * x @ self.frequencies.T
            h = torch.cat([torch.sin(angles), torch.cos(angles)], dim=1)
        for k, layer in enumerate(self.layers):
            f = layer(h)
            if k == len(self.layers) - 1:
                return torch.sigmoid(f) if self.shape["output"] == "sigmoid" else f
            f = self.norms[k](f) if self.shape["layer_norm"] else f
            a = torch.sin(f) if self.shape["activation"] == "sine" else torch.relu(f)
            h = h + a if self.shape["residual"] and k > 0 else a


class Constant(torch.nn.Module):
    """A layer that reads nothing."""

    def __init__(self, n_out):
        super().__init__()
        self.bias = torch.nn.Parameter(torch.zeros(n_out, dtype=torch.float64))

    def forward(self, h):
        return self.bias.expand(len(h), -1)


def shape(kind, n_hidden_layers, width, activation="relu", output="sigmoid", layer_norm=False, residual=False):
    return dict(kind=kind, n_hidden_layers=n_hidden_layers, width=width, activation=activation, output=output,
                layer_norm=layer_norm, residual=residual)


ADAM = {"adam": {"beta": 0.9, "gamma": 0.999, "epsilon": 1e-8}}
MOMENTUM = {"momentum": {"beta": 0.8}}
DESCENT = "gradient-descent"

RUNS = [
    (shape("colour", 0, 1, output="linear"), ADAM, 0.05),
    (shape("coordinates", 0, 1), DESCENT, 0.5),
    (shape("coordinates", 1, 12), DESCENT, 0.3),
    (shape("coordinates", 2, 8), ADAM, 0.003),
    (shape("coordinates", 3, 6, output="linear"), MOMENTUM, 0.05),
    (shape("fourier", 2, 8), ADAM, 0.003),
    (shape("coordinates", 2, 8, activation="sine", output="linear"), ADAM, 0.003),
    (shape("coordinates", 3, 8, layer_norm=True), ADAM, 0.003),
    (shape("coordinates", 4, 8, residual=True), ADAM, 0.003),
    (shape("fourier", 3, 9, activation="sine", layer_norm=True, residual=True), MOMENTUM, 0.1),
]


def main():
    rng = np.random.default_rng(SEED)
    colours = rng.uniform(size=(WIDTH * HEIGHT, 3)).astype(np.float32)
    x, y = np.meshgrid(linspace(WIDTH), linspace(HEIGHT))
    places = torch.tensor(np.stack([x.ravel(), y.ravel()], axis=1), dtype=torch.float64)
    target = torch.tensor(colours, dtype=torch.float64)
    histories = []
    for about, rule, learning_rate in RUNS:
        frequencies = [single(rng.normal(0, 1.5, 2)) for _ in range(3 if about["kind"] == "fourier" else 0)]
        net = FieldOfColours(about, frequencies, rng)
        start = net.flat()
        if rule == ADAM:
            optimizer = torch.optim.Adam(net.parameters(), lr=learning_rate, betas=(0.9, 0.999), eps=1e-8)
        elif rule == MOMENTUM:
            # PyTorch leaves out the factor 1 - beta.
            optimizer = torch.optim.SGD(net.parameters(), lr=learning_rate * (1 - 0.8), momentum=0.8)
        else:
            optimizer = torch.optim.SGD(net.parameters(), lr=learning_rate)
        losses = []
        for _ in range(N_STEPS):
            optimizer.zero_grad()
            loss = 0.5 * ((net(places) - target) ** 2).mean()
            loss.backward()
            losses.append(loss.item())
            optimizer.step()
        end = [float(f"{value:.9g}") for value in net.flat()]
        histories.append(dict(shape=about, rule=rule, learning_rate=learning_rate, frequencies=frequencies, start=start,
                              losses=[float(f"{value:.10g}") for value in losses], end=end))
    about = dict(torch=torch.__version__, numpy=np.__version__, python=platform.python_version(), seed=SEED)
    json.dump(dict(about=about, width=WIDTH, height=HEIGHT, colours=[single(row) for row in colours],
                   histories=histories), fp=sys.stdout)


main()
