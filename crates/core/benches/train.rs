//! How fast a network learns: one step of Adam of a 2-64-64-64-1 network on 256 points, and the passes it is made of.
//!
//! `reference` is R, one product of two 192 × 192 matrices by plain loops in the same run: times in R say more than milliseconds when
//! machines differ. Items are floating-point operations of matrix products, so the rate is in FLOP/s.
//!
//! `cargo bench -p piecewise-core --bench train --profile native`

use divan::Bencher;
use divan::counter::ItemsCount;
use nalgebra::DMatrix;
use piecewise_core::Rng;
use piecewise_core::data::Examples;
use piecewise_core::network::{Activation, Initialization, Network};
use piecewise_core::train::{Loss, Memory, NetworkLoss, Objective, Optimizer, Rule, Settings, Training};

#[global_allocator]
static ALLOCATIONS: divan::AllocProfiler = divan::AllocProfiler::system();

const SIZES: [usize; 5] = [2, 64, 64, 64, 1];
const N_EXAMPLES: usize = 256;

fn main() {
    divan::main();
}

/// A multiplication and an addition for every weight and example: once forward, once for the weights, and once for what layers read,
/// but for the first layer, whose input needs no derivative.
fn n_operations() -> u64 {
    let weights: Vec<usize> = SIZES.windows(2).map(|pair| pair[0] * pair[1]).collect();
    let products = 3 * weights.iter().sum::<usize>() - weights[0];
    (2 * products * N_EXAMPLES) as u64
}

fn objective() -> (NetworkLoss, Vec<f64>) {
    let net = Network::initialized(&SIZES, Activation::Relu, Initialization::HE, 1).expect("sizes");
    let mut rng = Rng::from_seed(2);
    let x = DMatrix::from_fn(2, N_EXAMPLES, |_, _| rng.uniform_in(-1.0, 1.0));
    let y = DMatrix::from_fn(1, N_EXAMPLES, |_, i| x[(0, i)] * x[(1, i)]);
    let phi = net.parameters();
    (NetworkLoss::new(net, Examples::new(x, y), Loss::MEAN_SQUARED), phi)
}

#[divan::bench]
fn adam_step(bencher: Bencher) {
    let (mut objective, mut phi) = objective();
    let (adam, mut memory) = (Optimizer::new(Rule::ADAM, 1e-3), Memory::new(phi.len()));
    bencher.counter(ItemsCount::new(n_operations())).bench_local(|| {
        divan::black_box(adam.step(&mut objective, None, &mut phi, &mut memory));
    });
}

/// The same with a history that can be stepped back.
#[divan::bench]
fn training_step(bencher: Bencher) {
    let (objective, phi) = objective();
    let settings = Settings { optimizer: Optimizer::new(Rule::ADAM, 1e-3), batch_size: None };
    let mut training = Training::new(objective, phi, settings, 0);
    for _ in 0..500 {
        training.step().expect("small steps");
    }
    bencher.counter(ItemsCount::new(n_operations())).bench_local(|| training.step());
}

#[divan::bench]
fn gradient(bencher: Bencher) {
    let (mut objective, phi) = objective();
    let mut gradient = vec![0.0; phi.len()];
    bencher.counter(ItemsCount::new(n_operations())).bench_local(|| objective.gradient(&phi, &mut gradient));
}

#[divan::bench]
fn loss(bencher: Bencher) {
    let (mut objective, phi) = objective();
    bencher.bench_local(|| objective.loss(divan::black_box(&phi)));
}

/// R: 2 · 192³ operations.
#[divan::bench]
fn reference(bencher: Bencher) {
    const N: usize = 192;
    let mut rng = Rng::from_seed(3);
    let mut draw = || (0..N * N).map(|_| rng.uniform()).collect::<Vec<f64>>();
    let (a, b, mut c) = (draw(), draw(), vec![0.0; N * N]);
    bencher.counter(ItemsCount::new(2 * N * N * N)).bench_local(|| {
        c.fill(0.0);
        for (a, c) in a.chunks_exact(N).zip(c.chunks_exact_mut(N)) {
            for (a, b) in a.iter().zip(b.chunks_exact(N)) {
                c.iter_mut().zip(b).for_each(|(c, b)| *c += a * b);
            }
        }
        divan::black_box(&mut c);
    });
}
