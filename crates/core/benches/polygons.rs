//! How fast regions in the plane are found: patterns, polygons, neighbours, affine maps and all.
//!
//! `reference` is R, one product of two 192 × 192 matrices by plain loops in the same run: times in R say more than milliseconds when
//! machines differ.
//!
//! `cargo bench -p piecewise-core --bench polygons --profile native`

mod networks;

use divan::Bencher;
use divan::counter::ItemsCount;
use piecewise_core::regions::{Bounds, PlaneRegions, Slice};

/// Reads two numbers, writes one.
const NETWORKS: [&[usize]; 6] =
    [&[2, 3, 1], &[2, 30, 1], &[2, 100, 1], &[2, 300, 1], &[2, 32, 32, 1], &[2, 64, 64, 64, 1]];
const SQUARE: Bounds<2> = Bounds { lo: [-1.0; 2], hi: [1.0; 2] };
const ALL: usize = 10_000_000;

fn main() {
    divan::main();
}

#[divan::bench(args = NETWORKS)]
fn generic(bencher: Bencher, sizes: &[usize]) {
    let net = networks::generic(sizes);
    let mut regions = PlaneRegions::compute(&net, &SQUARE, ALL).expect("a network with two inputs");
    let n_regions = ItemsCount::new(regions.len());
    // A slider that moves computes anew in the room there is.
    bencher.counter(n_regions).bench_local(|| regions.recompute(divan::black_box(&net), &SQUARE, ALL));
}

/// One tick of a slider: one unit moves by 1/64 and back.
#[divan::bench(args = [30, 100, 300])]
fn tick(bencher: Bencher, n_hidden: usize) {
    let mut net = networks::generic(&[2, n_hidden, 1]);
    let mut regions = PlaneRegions::compute(&net, &SQUARE, ALL).expect("a network with two inputs");
    let unit = n_hidden / 2;
    regions.move_unit(&net, unit, ALL).expect("as before");
    let n_regions = ItemsCount::new(regions.len());
    let mut step = 1.0 / 64.0;
    bencher.counter(n_regions).bench_local(|| {
        net.layers[0].beta[unit] += step;
        step = -step;
        regions.move_unit(divan::black_box(&net), unit, ALL)
    });
}

/// Lines of small integer slopes through points of a coarse grid: most of their signs at vertices are 0 and are found exactly.
#[divan::bench(args = [30, 100])]
fn degenerate(bencher: Bencher, n_hidden: usize) {
    let net = networks::degenerate::<3>(n_hidden);
    let mut regions = PlaneRegions::compute(&net, &SQUARE, ALL).expect("a network with two inputs");
    let n_regions = ItemsCount::new(regions.len());
    bencher.counter(n_regions).bench_local(|| regions.recompute(divan::black_box(&net), &SQUARE, ALL));
}

/// A plane through a network of 784 inputs and 10 outputs.
#[divan::bench]
fn slice(bencher: Bencher) {
    let net = networks::generic(&[784, 64, 64, 10]);
    let row = |seed: u64| networks::normal(seed, 784);
    let slice = Slice { origin: row(2), directions: [row(3), row(4)] };
    let n_regions = PlaneRegions::compute_on(&net, &slice, &SQUARE, ALL).expect("a slice of 784 numbers").len();
    bencher
        .counter(ItemsCount::new(n_regions))
        .bench_local(|| PlaneRegions::compute_on(divan::black_box(&net), &slice, &SQUARE, ALL));
}

/// R: 2 · 192³ operations.
#[divan::bench]
fn reference(bencher: Bencher) {
    networks::bench_reference(bencher);
}
