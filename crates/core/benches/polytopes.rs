//! How fast regions in space are found: patterns, polyhedra, neighbours, affine maps and all.
//!
//! `reference` is R, one product of two 192 × 192 matrices by plain loops in the same run: times in R say more than milliseconds when
//! machines differ.
//!
//! `cargo bench -p piecewise-core --bench polytopes --profile native`

mod networks;

use divan::Bencher;
use divan::counter::ItemsCount;
use piecewise_core::network::Network;
use piecewise_core::regions::{Bounds, SpaceRegions};

/// Reads three numbers, writes one.
const NETWORKS: [&[usize]; 6] =
    [&[3, 20, 1], &[3, 50, 1], &[3, 100, 1], &[3, 16, 16, 1], &[3, 32, 32, 1], &[3, 16, 16, 16, 1]];
const CUBE: Bounds<3> = Bounds { lo: [-1.0; 3], hi: [1.0; 3] };
const ALL: usize = 10_000_000;

fn main() {
    divan::main();
}

fn measure(bencher: Bencher, net: &Network) {
    let mut regions = SpaceRegions::compute(net, &CUBE, ALL).expect("a network with three inputs");
    let n_regions = ItemsCount::new(regions.len());
    // A slider that moves computes anew in the room there is.
    bencher.counter(n_regions).bench_local(|| regions.recompute(divan::black_box(net), &CUBE, ALL));
}

#[divan::bench(args = NETWORKS)]
fn generic(bencher: Bencher, sizes: &[usize]) {
    measure(bencher, &networks::generic(sizes));
}

/// Planes of small integer slopes through points of a coarse grid: most of their signs at vertices are 0 and are found exactly.
#[divan::bench(args = [20, 50])]
fn degenerate(bencher: Bencher, n_hidden: usize) {
    measure(bencher, &networks::degenerate::<4>(n_hidden));
}

/// R: 2 · 192³ operations.
#[divan::bench]
fn reference(bencher: Bencher) {
    networks::bench_reference(bencher);
}
