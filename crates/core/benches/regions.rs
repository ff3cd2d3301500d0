//! How fast regions are found: patterns, polygons or polyhedra, neighbours, affine maps and all.
//!
//! `reference` is R, one product of two 192 × 192 matrices by plain loops in the same run: times in R say more than milliseconds when
//! machines differ. The page `#/bench` runs the same list in a browser.
//!
//! `cargo bench -p piecewise-core --bench regions --profile native`

use divan::Bencher;
use divan::counter::ItemsCount;
use piecewise_core::regions::benchmark::{BENCHMARKS, Benchmark, Reference};

fn main() {
    divan::main();
}

/// Enumerates again in the room of the last time, as a page does when a slider moves.
#[divan::bench(args = BENCHMARKS)]
fn regions(bencher: Bencher, benchmark: Benchmark) {
    let mut prepared = benchmark.prepare();
    let n_regions = ItemsCount::new(prepared.run());
    bencher.counter(n_regions).bench_local(|| prepared.run());
}

/// R: 2 · 192³ operations.
#[divan::bench]
fn reference(bencher: Bencher) {
    let mut reference = Reference::default();
    bencher.bench_local(|| reference.run());
}
