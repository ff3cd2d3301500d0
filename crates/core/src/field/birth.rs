use core::f64::consts::TAU;

use nalgebra::DVector;

use crate::job::{Advance, Job};
use crate::network::{Initialization, Layer};
use crate::{Rng, math};

/// A wedge of the plane with its tip at 0, less than half a turn wide, on which all units are linear.
#[derive(Clone, Debug)]
struct Wedge {
    /// Along its two edges.
    edges: [[f64; 2]; 2],
    /// What every unit is there: unit · x. Zero where its gate is shut.
    units: Vec<[f64; 2]>,
}

fn dot(a: [f64; 2], b: [f64; 2]) -> f64 {
    a[0] * b[0] + a[1] * b[1]
}

impl Wedge {
    /// The wedges into which a unit's zero line cuts this one.
    fn cut(self, unit: [f64; 2]) -> impl Iterator<Item = Self> {
        // An edge is where some unit is 0, up to rounding. Where only that unit is open, all units of the next layer are multiples of it, and
        // rounding must not open, along the edge, those that are negative inside. Wedges so thin are never missed in a share of networks.
        const THINNEST: f64 = 1e-9;
        let size = unit[0].abs().max(unit[1].abs());
        let [first, second] = self.edges.map(|edge| dot(unit, edge));
        let [first, second] = [first, second].map(|value| if value.abs() < THINNEST * size { 0.0 } else { value });
        let between = (first * second < 0.0).then(|| {
            let [a, b] = self.edges;
            let (s, t) = (second.abs(), first.abs());
            [a[0] * s + b[0] * t, a[1] * s + b[1] * t]
        });
        let [a, b] = self.edges;
        let parts = match between {
            None => [Some([a, b]), None],
            Some(middle) => {
                // Only directions count.
                let size = middle[0].abs().max(middle[1].abs());
                let middle = middle.map(|value| value / size);
                [Some([a, middle]), Some([middle, b])]
            }
        };
        parts.into_iter().flatten().map(move |edges| Self { edges, units: self.units.clone() })
    }

    /// Opens and shuts the gates of units that have one sign all over the wedge. `None` where all are shut.
    fn gated(mut self) -> Option<Self> {
        let inside = [self.edges[0][0] + self.edges[1][0], self.edges[0][1] + self.edges[1][1]];
        for unit in &mut self.units {
            if dot(*unit, inside) <= 0.0 {
                *unit = [0.0; 2];
            }
        }
        // The scale changes no sign, and left alone it would leave the range of numbers.
        let largest = self.units.iter().flatten().fold(0.0, |largest: f64, value| largest.max(value.abs()));
        self.units.iter_mut().flatten().for_each(|value| *value /= largest);
        (largest > 0.0).then_some(self)
    }
}

/// Whether something comes out of hidden layers without biases in this direction.
fn is_alive(layers: &[Layer], direction: [f64; 2]) -> bool {
    let mut h = DVector::from_column_slice(&direction);
    for layer in layers {
        h = layer.pre_activation(&h).map(|f| f.max(0.0));
        let largest = h.max();
        if largest <= 0.0 {
            return false;
        }
        // The scale changes no sign, and left alone it would leave the range of numbers.
        h /= largest;
    }
    true
}

/// Whether hidden layers without biases, which read x and y, are constant over the whole plane. Without biases every unit is linear on wedges
/// around 0, so that this is decided wedge by wedge and not by trying places.
fn are_constant(layers: &[Layer]) -> bool {
    // Most networks are alive almost everywhere: that is soon seen.
    const N_DIRECTIONS: usize = 32;
    let angles = (0..N_DIRECTIONS).map(|index| TAU * (index as f64 + 0.37) / N_DIRECTIONS as f64);
    if angles.into_iter().any(|angle| is_alive(layers, [math::cos(angle), math::sin(angle)])) {
        return false;
    }
    let axes = [[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0], [1.0, 0.0]];
    let coordinates = vec![[1.0, 0.0], [0.0, 1.0]];
    let mut wedges: Vec<Wedge> =
        axes.windows(2).map(|pair| Wedge { edges: [pair[0], pair[1]], units: coordinates.clone() }).collect();
    for layer in layers {
        let through = |wedge: Wedge| {
            let units: Vec<[f64; 2]> = (0..layer.n_outputs())
                .map(|row| {
                    let weights = layer.omega.row(row);
                    let sum = |axis: usize| weights.iter().zip(&wedge.units).map(|(w, h)| w * h[axis]).sum();
                    [sum(0), sum(1)]
                })
                .collect();
            let mut parts = vec![Wedge { edges: wedge.edges, units: units.clone() }];
            for unit in units {
                parts = parts.into_iter().flat_map(|part| part.cut(unit)).collect();
            }
            parts
        };
        wedges = wedges.into_iter().flat_map(through).filter_map(Wedge::gated).collect();
    }
    wedges.is_empty()
}

/// How many networks were drawn, and how many of them are constant from birth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BirthCount {
    /// How many are constant.
    pub n_constant: u32,
    /// How many were drawn.
    pub n_networks: u32,
}

impl BirthCount {
    /// The share of constant ones, p; 0 before the first network.
    pub fn share(&self) -> f64 {
        f64::from(self.n_constant) / f64::from(self.n_networks.max(1))
    }

    /// The standard error of the share, √(p (1 − p) / n); ½ before the first network.
    pub fn standard_error(&self) -> f64 {
        if self.n_networks == 0 {
            return 0.5;
        }
        let p = self.share();
        math::sqrt(p * (1.0 - p) / f64::from(self.n_networks))
    }
}

/// Which networks are drawn for a table of [`Births`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BirthTable {
    /// How many units each hidden layer has: one row each.
    pub widths: Vec<usize>,
    /// How many hidden layers there are: one column each.
    pub depths: Vec<usize>,
    /// How many networks are drawn for a cell.
    pub n_networks: u32,
    /// Each cell draws its networks from this seed, whatever other cells there are.
    pub seed: u64,
}

impl Default for BirthTable {
    /// Widths from 2 to 8 and depths from 2 to 32, between which nearly no network is constant and nearly every one is.
    fn default() -> Self {
        Self { widths: vec![2, 3, 4, 5, 8], depths: vec![2, 4, 8, 16, 32], n_networks: 400, seed: 0 }
    }
}

/// The networks of one cell.
#[derive(Clone, Debug)]
struct Cell {
    width: usize,
    n_hidden_layers: usize,
    rng: Rng,
    count: BirthCount,
}

impl Cell {
    /// Draws one more network and looks at it. Says how much work that was.
    fn draw(&mut self) -> u64 {
        let mut n_inputs = 2;
        let mut n_weights = 0;
        let layers = (0..self.n_hidden_layers).map(|_| {
            let layer = Initialization::HE.layer(self.width, n_inputs, &mut self.rng);
            n_weights += self.width * n_inputs;
            n_inputs = self.width;
            layer
        });
        let is_constant = are_constant(&layers.collect::<Vec<_>>());
        self.count.n_networks += 1;
        self.count.n_constant += u32::from(is_constant);
        n_weights as u64 * WORK_PER_WEIGHT
    }
}

/// What drawing a weight and looking where it leads takes, in units of [`Job::advance`]: measured over the default table.
const WORK_PER_WEIGHT: u64 = 200;

/// A table, by width and depth, of the share of networks that are constant from birth; networks as in [`share_born_constant`]. Cells have their
/// turns one after the other, a network each, so that at any moment all are known about equally well.
///
/// ```
/// use piecewise_core::field::{BirthTable, Births};
/// use piecewise_core::job::Job;
/// let table = BirthTable { widths: vec![2, 32], depths: vec![2, 32], n_networks: 50, seed: 0 };
/// let shares: Vec<f64> = Births::start(table).finish(1_000_000).iter().map(|count| count.share()).collect();
/// // Row by row: only the narrow and deep ones, the second cell, are lost.
/// assert!(shares[0] < 0.3 && shares[1] > 0.9 && shares[2..] == [0.0, 0.0]);
/// ```
#[derive(Clone, Debug)]
pub struct Births {
    table: BirthTable,
    cells: Vec<Cell>,
    /// Whose turn it is.
    next: usize,
}

impl Births {
    /// What is counted.
    pub fn table(&self) -> &BirthTable {
        &self.table
    }

    /// What has been counted so far, row by row.
    pub fn counts(&self) -> impl ExactSizeIterator<Item = BirthCount> {
        self.cells.iter().map(|cell| cell.count)
    }

    /// How many networks every cell has, at least.
    pub fn n_rounds(&self) -> u32 {
        self.cells.last().map_or(self.table.n_networks, |cell| cell.count.n_networks)
    }
}

impl Job for Births {
    type Input = BirthTable;
    /// How many networks every cell has, at least.
    type Progress = u32;
    /// The counts, row by row.
    type Output = Vec<BirthCount>;

    fn start(table: BirthTable) -> Self {
        let of_width = |&width: &usize| {
            table.depths.iter().map(move |&n_hidden_layers| Cell {
                width,
                n_hidden_layers,
                rng: Rng::from_seed(table.seed),
                count: BirthCount::default(),
            })
        };
        Self { cells: table.widths.iter().flat_map(of_width).collect(), next: 0, table }
    }

    fn advance(&mut self, budget: u64) -> Advance<u32, Vec<BirthCount>> {
        let mut spent = 0;
        while self.n_rounds() < self.table.n_networks {
            spent += self.cells[self.next].draw();
            self.next = (self.next + 1) % self.cells.len();
            if spent >= budget && self.n_rounds() < self.table.n_networks {
                return Advance::Progress(self.n_rounds());
            }
        }
        Advance::Done(self.counts().collect())
    }
}

/// The share, among `n_networks` drawn from a seed, of networks of rectified linear units in x and y that are constant from birth: He's weights, biases
/// 0, `n_hidden_layers` layers of `width` units. The narrower and deeper, the likelier it is that some layer is dead everywhere; no training
/// by gradients brings it back, since none arrives below that layer, and above it there is only a constant to be learnt.
///
/// The standard error is √(p (1 − p) / n): see [`BirthCount::standard_error`]. For many widths and depths, and bit by bit, see [`Births`].
///
/// ```
/// use piecewise_core::field::share_born_constant;
/// // Wide networks are safe, narrow and deep ones are lost.
/// assert_eq!(share_born_constant(32, 2, 20, 0), 0.0);
/// assert!(share_born_constant(2, 32, 200, 0) > 0.95);
/// ```
pub fn share_born_constant(width: usize, n_hidden_layers: usize, n_networks: u32, seed: u64) -> f64 {
    let table = BirthTable { widths: vec![width], depths: vec![n_hidden_layers], n_networks, seed };
    Births::start(table).finish(u64::MAX)[0].share()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counted elsewhere on 400 networks a cell; rows are widths, columns depths, as in the default table.
    const COUNTED: [[f64; 5]; 5] = [
        [0.085, 0.44, 0.78, 0.98, 1.0],
        [0.003, 0.095, 0.41, 0.81, 0.98],
        [0.0, 0.025, 0.195, 0.49, 0.83],
        [0.0, 0.003, 0.058, 0.225, 0.535],
        [0.0, 0.0, 0.0, 0.01, 0.055],
    ];

    #[test]
    fn narrow_and_deep_networks_are_born_constant_as_often_as_was_counted() {
        // Those shares have standard errors of up to 0.025, these of up to 0.011.
        let table = BirthTable { n_networks: 2000, seed: 1, ..BirthTable::default() };
        let counts = Births::start(table).finish(u64::MAX);
        for (count, counted) in counts.iter().zip(COUNTED.as_flattened()) {
            assert!((count.share() - counted).abs() < 0.05, "{} instead of {counted}", count.share());
        }
    }

    #[test]
    fn a_table_is_the_same_however_it_is_cut_and_its_cells_are_known_equally_well() {
        let table = BirthTable { widths: vec![2, 3, 8], depths: vec![2, 8], n_networks: 30, seed: 3 };
        let whole = Births::start(table.clone()).finish(u64::MAX);
        let mut births = Births::start(table.clone());
        let mut n_slices = 0;
        let cut = loop {
            match births.advance(n_slices % 7 * 10_000) {
                Advance::Done(counts) => break counts,
                Advance::Progress(n_rounds) => {
                    assert!(births.counts().all(|count| [n_rounds, n_rounds + 1].contains(&count.n_networks)));
                }
            }
            n_slices += 1;
        };
        assert!(n_slices > 20, "{n_slices}");
        assert_eq!(cut, whole);
        assert_eq!(births.advance(1), Advance::Done(whole.clone()));
        // A cell does not depend on what stands beside it.
        let cells = table.widths.iter().flat_map(|&width| table.depths.iter().map(move |&depth| (width, depth)));
        for ((width, depth), count) in cells.zip(whole) {
            assert_eq!(share_born_constant(width, depth, 30, 3), count.share(), "{width} wide, {depth} deep");
        }
    }

    #[test]
    fn a_table_without_cells_or_networks_is_done_at_once() {
        for (widths, n_networks) in [(vec![], 5), (vec![2], 0)] {
            let table = BirthTable { widths, n_networks, ..BirthTable::default() };
            let counts = Births::start(table).finish(0);
            assert!(counts.iter().all(|count| (count.share(), count.standard_error()) == (0.0, 0.5)));
        }
    }

    #[test]
    fn the_standard_error_shrinks_with_the_root_of_the_count() {
        let of = |n_constant, n_networks| BirthCount { n_constant, n_networks }.standard_error();
        assert_eq!((of(50, 100), of(200, 400), of(0, 400)), (0.05, 0.025, 0.0));
    }

    #[test]
    fn one_unit_a_layer_is_constant_unless_every_weight_is_positive() {
        // The first unit is always open somewhere; each one after it with probability ½.
        for depth in 1..5 {
            let share = share_born_constant(1, depth, 4000, 1);
            let expected = 1.0 - 0.5_f64.powi(depth as i32 - 1);
            assert!((share - expected).abs() < 0.03, "{depth}: {share}");
        }
    }
}
