"""Writes optimizers.json: histories of every optimiser, by NumPy and by formulas written apart from the Rust code.

    python optimizers.py > optimizers.json

Two problems: the Gabor model on its 30 points, and a 2-5-4-2 network with tanh on random examples under the mean of squared
errors. Each history holds its start, the batches it was given, the loss before every step, and the parameters after some.
"""

import json
import platform

import numpy as np

SEED = 20240607
N_STEPS = 40
KEPT = (1, 2, 3, 10, 25, 40)

GABOR = np.array(
    [-1.92, -1.051, -14.22, -0.02482, 1.49, 0.8896, -1.94, -0.4943, -2.389, -0.9371, -5.09, 0.4306, -8.861, 0.009577,
     3.578, -0.07944, -6.01, 0.1624, -6.995, -0.2682, 3.634, -0.3129, 0.8743, 0.8303, -10.96, -0.02365, 0.4073, 0.5098,
     -9.467, -0.2777, 8.56, 0.3367, 10.62, 0.1927, -0.1729, -0.2222, 10.4, 0.06352, -12.61, 0.006888, 0.1574, 0.03224,
     -13.04, 0.01091, -2.156, -0.5706, -12.1, -0.05258, -11.19, -0.03666, 2.902, 0.1709, -8.22, -0.04805, -11.79, 0.2008,
     -8.391, -0.1904, -4.505, 0.5952]
).reshape(-1, 2)


class GaborModel:
    name = "gabor"
    n_examples = len(GABOR)
    start = np.array([-1.5, 8.5])

    def loss_and_gradient(self, phi, batch):
        x, y = GABOR[batch].T
        u = phi[0] + 0.06 * phi[1] * x
        bump = np.exp(-(u**2) / 32)
        residual = np.sin(u) * bump - y
        slope = 2 * residual * (np.cos(u) * bump - np.sin(u) * bump * u / 16)
        return np.sum(residual**2), np.array([np.sum(slope), np.sum(slope * 0.06 * x)])


class TanhNetwork:
    name = "network"
    sizes = (2, 5, 4, 2)
    n_examples = 12

    def __init__(self, rng):
        self.x = rng.normal(size=(self.n_examples, 2))
        self.y = rng.normal(size=(self.n_examples, 2))
        self.start = rng.normal(size=sum((i + 1) * o for i, o in zip(self.sizes, self.sizes[1:]))) * 0.6

    def unpack(self, phi):
        """Biases, then weights column by column, layer by layer."""
        layers, at = [], 0
        for n_in, n_out in zip(self.sizes, self.sizes[1:]):
            bias, at = phi[at : at + n_out], at + n_out
            weight, at = phi[at : at + n_in * n_out].reshape(n_in, n_out).T, at + n_in * n_out
            layers.append((bias, weight))
        return layers

    def loss_and_gradient(self, phi, batch):
        layers = self.unpack(phi)
        read, signal = [], self.x[batch]
        for index, (bias, weight) in enumerate(layers):
            read.append(signal)
            signal = signal @ weight.T + bias
            if index + 1 < len(layers):
                signal = np.tanh(signal)
        residual = signal - self.y[batch]
        loss = np.mean(np.sum(residual**2, axis=1))
        back, parts = 2 * residual / len(batch), []
        for (_, weight), h in reversed(list(zip(layers, read))):
            parts.append((back.sum(axis=0), (back.T @ h).T.ravel()))
            back = (back @ weight) * (1 - h**2)
        return loss, np.concatenate([part for pair in reversed(parts) for part in pair])


def line_search(loss, limit, tolerance, rounds):
    """The four-point bracketing of UDL's notebook 6.1, with exact thirds."""
    a, b, c, d = 0.0, limit / 3, 2 * limit / 3, limit
    for _ in range(rounds):
        if abs(c - b) <= tolerance:
            break
        la, lb, lc, ld = map(loss, (a, b, c, d))
        if la < min(lb, lc, ld):
            b, c, d = ((a + point) / 2 for point in (b, c, d))
            continue
        a, d = (a, c) if lb < lc else (b, d)
        b, c = a + (d - a) / 3, a + 2 * (d - a) / 3
    return (b + c) / 2


def history(problem, rule, rate, batches, decay=None, schedule=None):
    phi, m, v = problem.start.copy(), 0.0, 0.0
    losses, kept = [], {}
    everything = np.arange(problem.n_examples)
    for step in range(N_STEPS):
        batch = everything if batches is None else batches[step]
        kind = rule["kind"]
        alpha = rate * (schedule["factors"][step] if schedule else 1.0)
        at = phi - alpha * rule["beta"] * m if kind == "nesterov" else phi
        loss, g = problem.loss_and_gradient(at, batch)
        losses.append(loss)
        if decay and decay["kind"] == "penalty":
            g = g + decay["lambda"] * at
        if kind == "gradient-descent":
            move = alpha * g
        elif kind == "line-search":
            along = lambda d: problem.loss_and_gradient(phi - d * g, everything)[0]
            move = line_search(along, rule["max_distance"], rule["tolerance"], rule["max_rounds"]) * g
        elif kind in ("momentum", "nesterov"):
            m = rule["beta"] * m + (1 - rule["beta"]) * g
            move = alpha * m
        elif kind == "normalized":
            move = alpha * g / (np.abs(g) + rule["epsilon"])
        elif kind == "rms-prop":
            v = rule["gamma"] * v + (1 - rule["gamma"]) * g**2
            move = alpha * g / (np.sqrt(v) + rule["epsilon"])
        elif kind == "adam":
            m = rule["beta"] * m + (1 - rule["beta"]) * g
            v = rule["gamma"] * v + (1 - rule["gamma"]) * g**2
            m_tilde, v_tilde = m / (1 - rule["beta"] ** (step + 1)), v / (1 - rule["gamma"] ** (step + 1))
            move = alpha * m_tilde / (np.sqrt(v_tilde) + rule["epsilon"])
        if decay and decay["kind"] == "decoupled":
            move = move + alpha * decay["lambda"] * phi
        phi = phi - move
        if step + 1 in KEPT:
            kept[step + 1] = phi.tolist()
    return {
        "problem": problem.name,
        "optimizer": {
            "rule": tagged(rule),
            "learning_rate": rate,
            "schedule": schedule["rule"] if schedule else "constant",
            "weight_decay": tagged(decay or {"kind": "none"}),
        },
        "batches": batches and [batch.tolist() for batch in batches],
        "losses": losses,
        "parameters": kept,
    }


def tagged(value):
    """A kind with its numbers, as the Rust code reads it: the bare kind where there are none."""
    numbers = {key: number for key, number in value.items() if key != "kind"}
    return {value["kind"]: numbers} if numbers else value["kind"]


def draw_batches(rng, n_examples, size):
    """Without replacement, epoch by epoch."""
    batches = []
    while len(batches) < N_STEPS:
        order = rng.permutation(n_examples)
        batches += [order[first : first + size] for first in range(0, n_examples, size)]
    return batches[:N_STEPS]


def main():
    rng = np.random.default_rng(SEED)
    problems = [GaborModel(), TanhNetwork(rng)]
    adam = {"kind": "adam", "beta": 0.9, "gamma": 0.99, "epsilon": 1e-8}
    plain = {"kind": "gradient-descent"}
    steps = range(N_STEPS)
    schedules = [
        {"rule": {"steps": {"every": 7, "factor": 0.5}}, "factors": [0.5 ** (t // 7) for t in steps]},
        {"rule": {"exponential": {"factor": 0.95}}, "factors": [0.95**t for t in steps]},
        {"rule": {"cosine": {"n_steps": 30}}, "factors": [(1 + np.cos(np.pi * min(t / 30, 1))) / 2 for t in steps]},
        {"rule": {"warm-up": {"n_steps": 8}}, "factors": [min((t + 1) / 8, 1.0) for t in steps]},
    ]
    histories = []
    for problem in problems:
        for rule, rate in [
            (plain, 0.05),
            ({"kind": "line-search", "max_distance": 2.0, "tolerance": 1e-5, "max_rounds": 15}, 1.0),
            ({"kind": "momentum", "beta": 0.6}, 0.08),
            ({"kind": "nesterov", "beta": 0.6}, 0.08),
            ({"kind": "normalized", "epsilon": 1e-8}, 0.02),
            ({"kind": "rms-prop", "gamma": 0.9, "epsilon": 1e-8}, 0.02),
            (adam, 0.05),
        ]:
            histories.append(history(problem, rule, rate, None))
            if rule["kind"] != "line-search":
                histories.append(history(problem, rule, rate, draw_batches(rng, problem.n_examples, 5)))
        for kind in ("penalty", "decoupled"):
            histories.append(history(problem, adam, 0.05, None, decay={"kind": kind, "lambda": 0.1}))
        for schedule in schedules:
            histories.append(history(problem, plain, 0.05, None, schedule=schedule))
    network = problems[1]
    record = {
        "made_by": f"optimizers.py, Python {platform.python_version()}, NumPy {np.__version__}, default_rng({SEED})",
        "network": {
            "sizes": network.sizes,
            "x": network.x.tolist(),
            "y": network.y.tolist(),
            "start": network.start.tolist(),
        },
        "histories": histories,
    }
    print(json.dumps(record, indent=None, separators=(",", ":")).replace('{"problem"', '\n{"problem"'))


if __name__ == "__main__":
    main()
