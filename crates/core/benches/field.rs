//! How fast a field learns: one step of Adam of a 2-64-64-64-3 network on a 64 × 64 picture, all 4,096 pixels at once, in 32-bit numbers.
//!
//! `reference` is R, one product of two 192 × 192 matrices by plain loops in the same run: times in R say more than milliseconds when
//! machines differ. Items are floating-point operations of matrix products, 6 for every weight and pixel but for the first layer, so the
//! rate is in FLOP/s.
//!
//! `cargo bench -p piecewise-core --bench field --profile native`

use divan::Bencher;
use divan::counter::ItemsCount;
use piecewise_core::field::{
    Architecture, Field, FieldInitialization, FieldSettings, FieldTraining, Grid, Input, Picture, RadialSpectrum,
    Samples, Window,
};
use piecewise_core::regions::benchmark::Reference;

#[global_allocator]
static ALLOCATIONS: divan::AllocProfiler = divan::AllocProfiler::system();

const SIDE: usize = 64;

fn main() {
    divan::main();
}

/// The three of `FIELDS`, by name.
fn field(name: &str) -> Field {
    let relu = Architecture::relu(3, 64);
    match name {
        "plain" => Field::new(relu, FieldInitialization::He, 1),
        "fourier" => {
            let input = Input::Fourier { n_frequencies: 32, scale: 5.0 };
            Field::new(Architecture { input, ..relu }, FieldInitialization::He, 1)
        }
        _ => Field::new(Architecture::siren(3, 64), FieldInitialization::Siren { omega_0: 30.0 }, 1),
    }
}

const FIELDS: [&str; 3] = ["plain", "fourier", "siren"];

fn training(name: &str, batch_size: Option<u32>) -> FieldTraining {
    let samples = Samples::new(&Picture::Rectangles.draw(SIDE, SIDE).expect("a size"), Grid::Aligned);
    let settings = FieldSettings { batch_size, ..FieldSettings::adam(1e-4) };
    let mut training = FieldTraining::new(field(name), samples, settings, 0);
    // The history is then as full as it gets, and nothing is allocated any more.
    training.advance_to(300, u64::MAX).expect("small steps");
    training
}

fn step(bencher: Bencher, name: &str, batch_size: Option<u32>) {
    let mut training = training(name, batch_size);
    let n_samples = batch_size.map_or((SIDE * SIDE) as u64, u64::from);
    let n_operations = 2 * training.field().architecture().multiplications() * n_samples;
    bencher.counter(ItemsCount::new(n_operations)).bench_local(|| training.step());
}

#[divan::bench(args = FIELDS)]
fn step_on_all_pixels(bencher: Bencher, name: &str) {
    step(bencher, name, None);
}

#[divan::bench(args = FIELDS)]
fn step_on_256_pixels(bencher: Bencher, name: &str) {
    step(bencher, name, Some(256));
}

#[divan::bench(args = FIELDS)]
fn picture_of_256_by_256(bencher: Bencher, name: &str) {
    let field = field(name);
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
