//! How fast the number of regions grows with units, layers and inputs (UDL, figures 3.9 and 4.7).

use piecewise_core::{math::log10, regions::count};
use serde::Serialize;

use super::{GROWTH_INPUTS, GROWTH_LAYERS, GROWTH_UNITS, Params};

/// The top of the axis of regions: its power of ten.
pub const MOST_DIGITS: f64 = 150.0;

/// The growth plots.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Growth {
    /// The most regions of shallow networks against D, a curve for each number of inputs.
    pub by_units: Vec<GrowthCurve>,
    /// The most regions against the number of parameters, for the chosen number of inputs, a curve for each number of hidden layers.
    pub by_parameters: Vec<GrowthCurve>,
    /// The chosen number of inputs.
    pub n_inputs: u64,
    /// The right end of the axis of parameters.
    pub most_parameters: f64,
    /// The top of the axis of regions against parameters: its power of ten.
    pub most_digits: f64,
    /// The chosen shallow network of D units.
    pub shallow: GrowthPoint,
    /// The chosen deep network of K layers of D units.
    pub deep: GrowthPoint,
}

/// A curve of a growth plot.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GrowthCurve {
    /// D_i, or K.
    pub label: u64,
    /// Units or parameters, and the power of ten of the regions.
    pub points: Vec<[f64; 2]>,
}

/// One network of a growth plot.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GrowthPoint {
    /// How many parameters it has.
    pub n_parameters: u64,
    /// The most regions, all digits of them.
    pub regions: String,
    /// Their power of ten.
    pub log10: f64,
}

/// The parameters of K layers of D units with one output.
pub fn n_parameters(n_inputs: u64, n_hidden: u64, n_layers: u64) -> u64 {
    (n_inputs + 1) * n_hidden + (n_layers - 1) * n_hidden * (n_hidden + 1) + n_hidden + 1
}

/// The power of ten of Zaslavsky's bound, in floating point: it stays far below the largest number.
fn log10_zaslavsky(n_hidden: u64, n_inputs: u64) -> f64 {
    let (mut sum, mut term) = (0.0, 1.0);
    for j in 0..=n_inputs.min(n_hidden) {
        sum += term;
        term *= (n_hidden - j) as f64 / (j + 1) as f64;
    }
    log10(sum)
}

/// The power of ten of the number of regions that K layers of D units reach.
fn log10_deep(n_hidden: u64, n_inputs: u64, n_layers: u64) -> f64 {
    let folds = log10((n_hidden / n_inputs + 1) as f64);
    (n_inputs * (n_layers - 1)) as f64 * folds + log10_zaslavsky(n_hidden, n_inputs)
}

/// The network of these sizes, exactly.
pub fn point(n_inputs: u64, n_hidden: u64, n_layers: u64) -> GrowthPoint {
    GrowthPoint {
        n_parameters: n_parameters(n_inputs, n_hidden, n_layers),
        regions: grouped(&count::deep(n_hidden, n_inputs, n_layers).to_string()),
        log10: log10_deep(n_hidden, n_inputs, n_layers),
    }
}

/// Digits in groups of three.
pub(super) fn grouped(digits: &str) -> String {
    let mut grouped = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// The plots of the parameters.
pub fn compute_growth(params: &Params) -> Growth {
    let Params { n_inputs, n_hidden, n_layers, .. } = *params;
    let inputs = GROWTH_INPUTS.into_iter().filter(|&n| n != 2 || n == n_inputs);
    let by_units = inputs.map(|n_inputs| GrowthCurve {
        label: n_inputs,
        points: (0..=GROWTH_UNITS).step_by(2).map(|d| [d as f64, log10_zaslavsky(d, n_inputs)]).collect(),
    });
    let most_parameters = match n_inputs {
        1 | 2 => 2_000,
        5..=10 => 12_000,
        _ => 52_000,
    };
    let by_parameters = (1..=GROWTH_LAYERS).map(|n_layers| {
        // Where a layer is no wider than it must be for one fold more: there the number jumps.
        let points = (1..=4 * GROWTH_UNITS).map(|d| [n_parameters(n_inputs, d, n_layers), d]);
        let inside = points.take_while(|[n, _]| *n <= most_parameters);
        GrowthCurve {
            label: n_layers,
            points: inside.map(|[n, d]| [n as f64, log10_deep(d, n_inputs, n_layers)]).collect(),
        }
    });
    let by_parameters: Vec<GrowthCurve> = by_parameters.collect();
    let highest = by_parameters.iter().flat_map(|curve| &curve.points).map(|point| point[1]).fold(0.0, f64::max);
    Growth {
        by_units: by_units.collect(),
        n_inputs,
        most_digits: (10.0 * (highest / 10.0).ceil()).min(MOST_DIGITS),
        by_parameters,
        most_parameters: most_parameters as f64,
        shallow: point(n_inputs, n_hidden, 1),
        deep: point(n_inputs, n_hidden, n_layers),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chosen_networks_have_the_numbers_of_the_book() {
        // UDL, figures 3.9 and 4.7.
        assert_eq!(point(10, 50, 1).regions, "13,432,735,556");
        assert_eq!((point(100, 500, 1).n_parameters, point(100, 500, 1).regions.len()), (51_001, 143));
        assert_eq!((point(1, 10, 5).n_parameters, point(1, 10, 5).regions.as_str()), (471, "161,051"));
        let deep = point(10, 50, 5);
        assert_eq!((deep.n_parameters, &deep.regions[..5]), (10_801, "179,5"));
    }

    #[test]
    fn the_curves_run_where_the_exact_numbers_are() {
        for (n_inputs, n_hidden, n_layers) in [(1, 1, 1), (5, 499, 3), (100, 500, 1), (10, 50, 5), (100, 120, 2)] {
            let exact = count::deep(n_hidden, n_inputs, n_layers).to_string();
            let digits = exact.len().min(15);
            let mantissa: f64 = exact[..digits].parse().expect("digits");
            let expected = mantissa.log10() + (exact.len() - digits) as f64;
            assert!((log10_deep(n_hidden, n_inputs, n_layers) - expected).abs() < 1e-9, "{n_inputs} {n_hidden}");
        }
    }
}
