//! How fast a field learns: one step of Adam on a 64 × 64 picture, in 32-bit numbers.
//!
//! `reference` is R, one product of two 192 × 192 matrices by plain loops in the same run: times in R say more than milliseconds when
//! machines differ. Items are floating-point operations of matrix products, 6 for every weight and pixel but 4 in the first layer, so the
//! rate is in FLOP/s. The page `#/bench` runs the same list in a browser.
//!
//! `cargo bench -p piecewise-core --bench field --profile native`

use divan::Bencher;
use divan::counter::ItemsCount;
use piecewise_core::field::benchmark::{BENCHMARKS, Benchmark};
use piecewise_core::field::{Picture, RadialSpectrum, Window};
use piecewise_core::regions::benchmark::Reference;

#[global_allocator]
static ALLOCATIONS: divan::AllocProfiler = divan::AllocProfiler::system();

fn main() {
    divan::main();
}

#[divan::bench(args = BENCHMARKS)]
fn step(bencher: Bencher, benchmark: Benchmark) {
    let mut prepared = benchmark.prepare();
    // The history is then as full as it gets, and nothing is allocated any more.
    while prepared.training().n_steps() < 300 {
        prepared.run();
    }
    bencher.counter(ItemsCount::new(benchmark.n_operations())).bench_local(|| prepared.run());
}

/// Those on which other programs were measured.
#[divan::bench(args = BENCHMARKS.into_iter().take(3))]
fn picture_of_256_by_256(bencher: Bencher, benchmark: Benchmark) {
    let field = benchmark.field();
    bencher.bench_local(|| field.render(Window::of_picture(256, 256)));
}

#[divan::bench]
fn radial_spectrum_of_128_by_128(bencher: Bencher) {
    let picture = Picture::SiemensStar { n_spokes: 16 }.draw(128, 128).expect("a size");
    bencher.bench_local(|| RadialSpectrum::compute(128, 128, picture.pixels()));
}

/// R: 2 · 192³ operations.
#[divan::bench]
fn reference(bencher: Bencher) {
    let mut reference = Reference::default();
    bencher.bench_local(|| reference.run());
}
