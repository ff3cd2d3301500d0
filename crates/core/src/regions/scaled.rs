use super::frame::{Frame, exponent};
use super::{Slice, U};
use crate::network::Layer;

/// A layer whose units are multiplied by powers of two, so that each pre-activation is at most 1 in the box.
///
/// Rectified units, leaky ones too, pass positive factors on: a[c·z] = c·a[z]. So the hinges stay where they are, whatever the scale of
/// a unit, and no sum overflows.
#[derive(Clone, Debug, Default)]
pub(super) struct ScaledLayer {
    pub(super) n_inputs: usize,
    /// Row after row. The first layer reads the box coordinates u.
    weights: Vec<f64>,
    /// The same weights column after column.
    pub(super) columns: Vec<f64>,
    pub(super) biases: Vec<f64>,
    /// The true pre-activation of unit d is `2^exponents[d]` times the scaled one.
    pub(super) exponents: Vec<i32>,
    /// A bound on the size of each pre-activation in the box, and of every partial sum on the way to it.
    pub(super) sizes: Vec<f64>,
    /// The units that are not identically 0, one bit each.
    pub(super) live: Vec<u64>,
    /// A bound on how far a pre-activation computed in floating point is off, at any point of the box.
    pub(super) errors: Vec<f64>,
    /// A bound on how much a pre-activation changes when every coordinate changes by 1.
    pub(super) slopes: Vec<f64>,
}

/// What underflow may take from a sum of numbers up to 1, generously.
const UNDERFLOW: f64 = 1e-300;

impl ScaledLayer {
    pub(super) fn n_units(&self) -> usize {
        self.biases.len()
    }

    /// How many units may be added and taken away before a sum is computed anew, lest roundings add up.
    pub(super) fn n_changes(&self) -> usize {
        self.n_inputs / 2 + 4
    }

    /// The first layer as functions of u, on a slice where there is one.
    pub(super) fn first<const N: usize>(layer: &Layer, slice: Option<&Slice<N>>, frame: &Frame<N>) -> Self {
        let mut scaled = Self { n_inputs: N, ..Self::default() };
        let zeros = vec![0.0; layer.n_outputs()];
        let (intercepts, slopes) = match slice {
            None => {
                let exact = |numbers: &[f64]| numbers.iter().map(|&x| Rounded::from(x)).collect::<Vec<_>>();
                let columns: Vec<_> = layer.omega.column_iter().map(|column| exact(column.as_slice())).collect();
                (exact(layer.beta.as_slice()), columns)
            }
            Some(slice) => {
                let along = |direction| Rounded::sums_of_products(layer, &zeros, direction);
                let intercepts = Rounded::sums_of_products(layer, layer.beta.as_slice(), &slice.origin);
                (intercepts, slice.directions.iter().map(|direction| along(direction)).collect())
            }
        };
        for (d, &intercept) in intercepts.iter().enumerate() {
            scaled.push_first(intercept, core::array::from_fn(|axis| slopes[axis][d]), frame);
        }
        scaled.with_columns()
    }

    fn with_columns(mut self) -> Self {
        let n_units = self.n_units();
        self.columns =
            (0..self.weights.len()).map(|at| self.weights[at % n_units * self.n_inputs + at / n_units]).collect();
        self.live = self
            .sizes
            .chunks(64)
            .map(|sizes| sizes.iter().rev().fold(0, |live, size| live << 1 | u64::from(*size != 0.0)))
            .collect();
        self
    }

    /// A unit `bias + weights · x` in terms of u: the weights times powers of two, the bias `bias + weights · center` summed with
    /// twice the digits, for it may cancel.
    fn push_first<const N: usize>(&mut self, bias: Rounded, weights: [Rounded; N], frame: &Frame<N>) {
        let reach = |axis: usize| frame.exponent[axis].max(exponent(frame.center[axis]));
        let mut top = exponent(bias.value).max(exponent(bias.error));
        for (axis, w) in weights.iter().enumerate().filter(|(_, w)| w.value != 0.0 || w.error != 0.0) {
            top = top.max(exponent(w.value).max(exponent(w.error)) + reach(axis));
        }
        let (mut sum, mut rest) = (libm::ldexp(bias.value, -top), 0.0);
        let mut given = libm::ldexp(bias.error, -top);
        let mut row = [0.0; N];
        for (axis, weight) in weights.iter().enumerate() {
            given += 4.0 * libm::ldexp(weight.error, reach(axis) - top);
            if weight.value == 0.0 {
                continue;
            }
            let (w, e) = libm::frexp(weight.value);
            row[axis] = libm::ldexp(w, e + frame.exponent[axis] - top);
            let (c, f) = libm::frexp(frame.center[axis]);
            for term in product(w, c) {
                let [rounded, error] = two_sum(sum, libm::ldexp(term, e + f - top));
                sum = rounded;
                rest += error;
            }
        }
        let bias = sum + rest;
        let slope = row.iter().map(|w| w.abs()).sum::<f64>();
        let size = bias.abs() + slope + given;
        let shift = if size == 0.0 { 0 } else { exponent(size) };
        let scale = |x: f64| libm::ldexp(x, -shift);
        self.weights.extend(row.map(scale));
        self.biases.push(scale(bias));
        self.exponents.push(top + shift);
        self.sizes.push(scale(size));
        // Seven terms of at most 1 were summed twice as precisely as usual, then rounded; evaluation adds four roundings.
        let error = 1.001 * given + 16.0 * U * size + 128.0 * U * U + UNDERFLOW;
        self.errors.push(if size == 0.0 { 0.0 } else { scale(error) });
        self.slopes.push(scale(slope) * (1.0 + 16.0 * U));
    }

    /// A later layer, which reads the scaled activations of the layer `below`. `gain` is the largest slope of the activation function.
    pub(super) fn next(layer: &Layer, below: &Self, gain: f64) -> Self {
        let mut scaled = Self { n_inputs: below.n_units(), ..Self::default() };
        for d in 0..layer.n_outputs() {
            let reads = |j: &usize| layer.omega[(d, *j)] != 0.0 && below.sizes[*j] != 0.0;
            let mut top = exponent(layer.beta[d]);
            for j in (0..below.n_units()).filter(reads) {
                top = top.max(exponent(layer.omega[(d, j)]) + below.exponents[j]);
            }
            let bias = libm::ldexp(layer.beta[d], -top);
            let (mut size, mut error, mut slope) = (bias.abs(), 0.0, 0.0);
            let from = scaled.weights.len();
            scaled.weights.resize(from + below.n_units(), 0.0);
            for j in (0..below.n_units()).filter(reads) {
                let (w, e) = libm::frexp(layer.omega[(d, j)]);
                let w = libm::ldexp(w, e + below.exponents[j] - top);
                scaled.weights[from + j] = w;
                size += w.abs() * below.sizes[j] * gain;
                error += w.abs() * below.errors[j] * gain;
                slope += w.abs() * below.slopes[j] * gain;
            }
            let shift = if size == 0.0 { 0 } else { exponent(size) };
            let scale = |x: f64| libm::ldexp(x, -shift);
            scaled.weights[from..].iter_mut().for_each(|w| *w = scale(*w));
            scaled.biases.push(scale(bias));
            scaled.exponents.push(top + shift);
            scaled.sizes.push(scale(size));
            // Each term is multiplied by a weight and by the slope of a gate, added to those before it, and evaluated at a point.
            let n_roundings = (below.n_units() + 2 * scaled.n_changes()) as f64 + 8.0;
            let error = 1.001 * (error + n_roundings * U * size) + UNDERFLOW;
            scaled.errors.push(if size == 0.0 { 0.0 } else { scale(error) });
            scaled.slopes.push(1.001 * scale(slope));
        }
        scaled.with_columns()
    }
}

/// A number and how far it may be off.
#[derive(Clone, Copy, Debug)]
struct Rounded {
    value: f64,
    error: f64,
}

impl From<f64> for Rounded {
    fn from(value: f64) -> Self {
        Self { value, error: 0.0 }
    }
}

impl Rounded {
    /// `start_d + Σ_i ω_di x_i` for every unit d of a layer, summed with twice the digits. What overflows on the way may be anything.
    fn sums_of_products(layer: &Layer, starts: &[f64], x: &[f64]) -> Vec<Self> {
        let mut sums = starts.to_vec();
        let mut rests = vec![0.0; starts.len()];
        let mut sizes: Vec<f64> = starts.iter().map(|start| start.abs()).collect();
        for (column, &x) in layer.omega.column_iter().zip(x) {
            let state = sums.iter_mut().zip(&mut rests).zip(&mut sizes);
            for (w, ((sum, rest), size)) in column.iter().zip(state) {
                let [term, below] = product(*w, x);
                let [rounded, error] = two_sum(*sum, term);
                *sum = rounded;
                *rest += error + below;
                *size += term.abs();
            }
        }
        let n_terms = x.len() as f64 + 1.0;
        let rounded = |((sum, rest), size): ((f64, f64), f64)| {
            let value = sum + rest;
            let error = 2.0 * U * value.abs() + 8.0 * n_terms * n_terms * U * U * size + n_terms * UNDERFLOW;
            if error.is_finite() { Self { value, error } } else { Self { value: 0.0, error: f64::MAX } }
        };
        sums.into_iter().zip(rests).zip(sizes).map(rounded).collect()
    }
}

/// The rounded sum and what the rounding took (Knuth).
fn two_sum(a: f64, b: f64) -> [f64; 2] {
    let sum = a + b;
    let b_part = sum - a;
    [sum, (a - (sum - b_part)) + (b - b_part)]
}

/// The rounded product and what the rounding took, for factors far from overflow (Dekker, Veltkamp).
fn product(a: f64, b: f64) -> [f64; 2] {
    let halves = |x: f64| {
        let t = 134_217_729.0 * x;
        let high = t - (t - x);
        [high, x - high]
    };
    let rounded = a * b;
    let ([a_high, a_low], [b_high, b_low]) = (halves(a), halves(b));
    [rounded, ((a_high * b_high - rounded) + a_high * b_low + a_low * b_high) + a_low * b_low]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_and_a_product_come_with_what_rounding_took() {
        assert_eq!(two_sum(1.0, 1e-20), [1.0, 1e-20]);
        let third = 1.0 / 3.0;
        // 3 · (1/3 rounded) is 1 − 2⁻⁵⁴.
        assert_eq!(product(3.0, third), [1.0, -U / 2.0]);
    }
}
