//! How fast regions in space are found: patterns, polyhedra, affine maps and all.
//!
//! `reference` is R, one product of two 192 × 192 matrices by plain loops in the same run: times in R say more than milliseconds when
//! machines differ.
//!
//! `cargo bench -p piecewise-core --bench polytopes --profile native`

use divan::Bencher;
use divan::counter::ItemsCount;
use piecewise_core::Rng;
use piecewise_core::network::{Activation, Layer, Network};
use piecewise_core::regions::{Bounds, SpaceRegions};

/// Reads three numbers, writes one.
const NETWORKS: [&[usize]; 6] =
    [&[3, 20, 1], &[3, 50, 1], &[3, 100, 1], &[3, 16, 16, 1], &[3, 32, 32, 1], &[3, 16, 16, 16, 1]];
const CUBE: Bounds<3> = Bounds { lo: [-1.0; 3], hi: [1.0; 3] };
const ALL: usize = 10_000_000;

fn main() {
    divan::main();
}

/// A network of these sizes with He's weights and small normal biases.
fn network(sizes: &[usize]) -> Network {
    let mut rng = Rng::from_seed(1);
    let layers = sizes.windows(2).map(|pair| {
        let mut layer = Layer::zeros(pair[1], pair[0]);
        let std_dev = (2.0 / pair[0] as f64).sqrt();
        layer.omega.iter_mut().for_each(|w| *w = std_dev * rng.normal());
        layer.beta.iter_mut().for_each(|b| *b = 0.3 * rng.normal());
        layer
    });
    Network::new(layers.collect(), Activation::Relu).expect("sizes chain")
}

/// A network whose hinges all go through points of a coarse grid, so that signs at hundreds of vertices are 0 and must be found exactly.
fn degenerate_network(n_hidden: usize) -> Network {
    let mut rng = Rng::from_seed(2);
    let mut step = |n: u64| rng.below(2 * n + 1) as f64 - n as f64;
    let theta: Vec<[f64; 4]> = (0..n_hidden).map(|_| [step(1) / 2.0, step(1), step(1), step(1)]).collect();
    let phi: Vec<f64> = (0..n_hidden).map(|_| step(8)).collect();
    Network::shallow(&theta, 0.0, &phi, Activation::Relu)
}

fn measure(bencher: Bencher, net: &Network) {
    let mut regions = SpaceRegions::compute(net, &CUBE, ALL).expect("a network with three inputs");
    let n_regions = ItemsCount::new(regions.len());
    // A slider that moves computes anew in the room there is.
    bencher.counter(n_regions).bench_local(|| regions.recompute(divan::black_box(net), &CUBE, ALL));
}

#[divan::bench(args = NETWORKS)]
fn generic(bencher: Bencher, sizes: &[usize]) {
    measure(bencher, &network(sizes));
}

#[divan::bench(args = [20, 50])]
fn degenerate(bencher: Bencher, n_hidden: usize) {
    measure(bencher, &degenerate_network(n_hidden));
}

/// R: 2 · 192³ operations.
#[divan::bench]
fn reference(bencher: Bencher) {
    const N: usize = 192;
    let a: Vec<f64> = (0..N * N).map(|i| (i % 7) as f64).collect();
    let b: Vec<f64> = (0..N * N).map(|i| (i % 5) as f64).collect();
    let mut c = vec![0.0; N * N];
    bencher.bench_local(|| {
        c.fill(0.0);
        for (a, c) in a.chunks_exact(N).zip(c.chunks_exact_mut(N)) {
            for (a, b) in a.iter().zip(b.chunks_exact(N)) {
                c.iter_mut().zip(b).for_each(|(c, b)| *c += a * b);
            }
        }
        divan::black_box(&mut c);
    });
}
