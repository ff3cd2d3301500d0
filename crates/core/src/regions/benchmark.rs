//! The networks on which the speed of regions is measured, and the reference that times are compared with. One list for native benches and for
//! the page `#/bench`, so that both measure the same. There is no clock here: whoever runs it measures.

use super::{Bounds, PlaneRegions, Slice, SpaceRegions};
use crate::Rng;
use crate::network::{Activation, Layer, Network};

/// A network to enumerate, and how.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Benchmark {
    /// What it is called in tables.
    pub name: &'static str,
    /// In how many times the [`Reference`] it must be done in a browser, where that has been said.
    pub must: Option<f64>,
    task: Task,
}

/// What is done over and over again.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Task {
    /// Regions in the square \[−1, 1\]² or the cube \[−1, 1\]³, in the room of the last time, as when several sliders move.
    Regions { sizes: &'static [usize], seed: u64 },
    /// One unit of a shallow network moves by 1/64 and back.
    Tick { n_hidden: usize, seed: u64 },
    /// A plane through a network of many inputs.
    Slice { sizes: &'static [usize], seed: u64 },
    /// Lines of small integer slopes through points of a coarse grid: most of their signs at vertices are 0 and are found exactly.
    Degenerate { n_hidden: usize },
}

/// The list. The networks have about as many regions as those on which other programs were measured.
pub const BENCHMARKS: [Benchmark; 13] = [
    regions("2-3-1", &[2, 3, 1], 14, None),
    regions("2-30-1", &[2, 30, 1], 1, Some(0.1)),
    regions("2-100-1", &[2, 100, 1], 13, Some(2.0)),
    regions("2-300-1", &[2, 300, 1], 4, Some(20.0)),
    regions("2-32-32-1", &[2, 32, 32, 1], 3, Some(1.0)),
    regions("2-64-64-64-1", &[2, 64, 64, 64, 1], 14, Some(18.0)),
    Benchmark { name: "slice of 784-64-64-10", must: None, task: Task::Slice { sizes: &[784, 64, 64, 10], seed: 7 } },
    Benchmark { name: "2-100-1, degenerate", must: None, task: Task::Degenerate { n_hidden: 100 } },
    Benchmark { name: "2-30-1, one tick", must: None, task: Task::Tick { n_hidden: 30, seed: 1 } },
    Benchmark { name: "2-100-1, one tick", must: Some(1.0), task: Task::Tick { n_hidden: 100, seed: 13 } },
    Benchmark { name: "2-300-1, one tick", must: None, task: Task::Tick { n_hidden: 300, seed: 4 } },
    regions("3-50-1", &[3, 50, 1], 2, None),
    regions("3-32-32-1", &[3, 32, 32, 1], 6, None),
];

const fn regions(name: &'static str, sizes: &'static [usize], seed: u64, must: Option<f64>) -> Benchmark {
    Benchmark { name, must, task: Task::Regions { sizes, seed } }
}

const SQUARE: Bounds<2> = Bounds { lo: [-1.0; 2], hi: [1.0; 2] };
const CUBE: Bounds<3> = Bounds { lo: [-1.0; 3], hi: [1.0; 3] };
const ALL: usize = 10_000_000;

impl core::fmt::Display for Benchmark {
    fn fmt(&self, out: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        out.write_str(self.name)
    }
}

impl Benchmark {
    /// Makes the network, and enumerates its regions a first time.
    pub fn prepare(&self) -> Prepared {
        let plane = |net: &Network| PlaneRegions::compute(net, &SQUARE, ALL).expect("a network with two inputs");
        Prepared(match self.task {
            Task::Regions { sizes, seed } => {
                let net = generic(sizes, seed);
                if sizes[0] == 2 {
                    State::Plane { regions: plane(&net), net, slice: None }
                } else {
                    let regions = SpaceRegions::compute(&net, &CUBE, ALL).expect("a network with three inputs");
                    State::Space { regions: Box::new(regions), net }
                }
            }
            Task::Degenerate { n_hidden } => {
                let net = degenerate(n_hidden);
                State::Plane { regions: plane(&net), net, slice: None }
            }
            Task::Slice { sizes, seed } => {
                let net = generic(sizes, seed);
                let mut rng = Rng::from_seed(seed + 1);
                let mut row = || (0..sizes[0]).map(|_| 0.2 * rng.normal()).collect::<Vec<_>>();
                let slice = Slice { origin: row(), directions: [row(), row()] };
                let regions = PlaneRegions::compute_on(&net, &slice, &SQUARE, ALL).expect("as many numbers as inputs");
                State::Plane { regions, net, slice: Some(slice) }
            }
            Task::Tick { n_hidden, seed } => {
                let net = generic(&[2, n_hidden, 1], seed);
                let mut regions = plane(&net);
                regions.move_unit(&net, n_hidden / 2, ALL).expect("as before");
                State::Tick { regions, net, step: 1.0 / 64.0 }
            }
        })
    }
}

/// A network, and room for its regions.
#[derive(Clone, Debug)]
pub struct Prepared(State);

#[derive(Clone, Debug)]
enum State {
    Plane { net: Network, slice: Option<Slice<2>>, regions: PlaneRegions },
    Space { net: Network, regions: Box<SpaceRegions> },
    Tick { net: Network, regions: PlaneRegions, step: f64 },
}

impl Prepared {
    /// Enumerates the regions once. Says how many there are.
    pub fn run(&mut self) -> usize {
        let room = "what could be computed once can be computed again";
        match &mut self.0 {
            State::Plane { net, slice: None, regions } => {
                regions.recompute(net, &SQUARE, ALL).expect(room);
                regions.len()
            }
            State::Plane { net, slice: Some(slice), regions } => {
                regions.recompute_on(net, slice, &SQUARE, ALL).expect(room);
                regions.len()
            }
            State::Space { net, regions } => {
                regions.recompute(net, &CUBE, ALL).expect(room);
                regions.len()
            }
            State::Tick { net, regions, step } => {
                let unit = net.n_hidden() / 2;
                net.layers[0].beta[unit] += *step;
                *step = -*step;
                regions.move_unit(net, unit, ALL).expect(room);
                regions.len()
            }
        }
    }
}

/// R, what times are compared with, since milliseconds say little when machines differ: one product of two 192 × 192 matrices by plain loops.
#[derive(Clone, Debug)]
pub struct Reference {
    a: Vec<f64>,
    b: Vec<f64>,
    product: Vec<f64>,
}

impl Default for Reference {
    fn default() -> Self {
        let matrix = |period: usize| (0..Self::N * Self::N).map(|i| (i % period) as f64).collect::<Vec<_>>();
        Self { a: matrix(7), b: matrix(5), product: matrix(1) }
    }
}

impl Reference {
    /// Rows and columns.
    const N: usize = 192;

    /// Multiplies once. Says what is in the middle of the product.
    pub fn run(&mut self) -> f64 {
        self.product.fill(0.0);
        for (a, c) in self.a.chunks_exact(Self::N).zip(self.product.chunks_exact_mut(Self::N)) {
            for (a, b) in a.iter().zip(self.b.chunks_exact(Self::N)) {
                c.iter_mut().zip(b).for_each(|(c, b)| *c += a * b);
            }
        }
        self.product[Self::N * Self::N / 2]
    }
}

/// A network of these sizes with He's weights and normal biases of standard deviation 0.4.
fn generic(sizes: &[usize], seed: u64) -> Network {
    let mut rng = Rng::from_seed(seed);
    let layers = sizes.windows(2).map(|pair| {
        let mut layer = Layer::zeros(pair[1], pair[0]);
        let std_dev = (2.0 / pair[0] as f64).sqrt();
        layer.omega.iter_mut().for_each(|w| *w = std_dev * rng.normal());
        layer.beta.iter_mut().for_each(|b| *b = 0.4 * rng.normal());
        layer
    });
    Network::new(layers.collect(), Activation::Relu).expect("sizes chain")
}

/// A shallow network whose hinges have small integer slopes and go through points of a coarse grid.
fn degenerate(n_hidden: usize) -> Network {
    let mut rng = Rng::from_seed(2);
    let mut step = |n: u64| rng.below(2 * n + 1) as f64 - n as f64;
    let theta: Vec<[f64; 3]> = (0..n_hidden).map(|_| [step(2) / 4.0, step(3), step(3)]).collect();
    let phi: Vec<f64> = (0..n_hidden).map(|_| step(8)).collect();
    Network::shallow(&theta, 0.0, &phi, Activation::Relu)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_has_the_sizes_that_it_is_meant_to_have() {
        let found = BENCHMARKS.map(|benchmark| benchmark.prepare().run());
        assert_eq!(found, [7, 307, 2883, 27_576, 1328, 10_741, 1179, 1334, 307, 2883, 27_575, 10_234, 24_461]);
    }

    #[test]
    fn the_reference_multiplies() {
        // Row 96 of the first matrix and column 0 of the second: 192 ≡ 3 modulo 7, ≡ 2 modulo 5.
        let expected: usize = (0..192).map(|j| ((96 * 192 + j) % 7) * ((192 * j) % 5)).sum();
        assert_eq!(Reference::default().run(), expected as f64);
    }
}
