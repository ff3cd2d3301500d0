//! The networks of the benches, and the reference that times are compared with.

use divan::Bencher;
use piecewise_core::Rng;
use piecewise_core::network::{Activation, Layer, Network};

/// A network of these sizes with He's weights and normal biases of standard deviation 0.4.
pub(crate) fn generic(sizes: &[usize]) -> Network {
    let mut rng = Rng::from_seed(1);
    let layers = sizes.windows(2).map(|pair| {
        let mut layer = Layer::zeros(pair[1], pair[0]);
        let std_dev = (2.0 / pair[0] as f64).sqrt();
        layer.omega.iter_mut().for_each(|w| *w = std_dev * rng.normal());
        layer.beta.iter_mut().for_each(|b| *b = 0.4 * rng.normal());
        layer
    });
    Network::new(layers.collect(), Activation::Relu).expect("sizes chain")
}

/// A shallow network whose hinges have small integer slopes and go through points of a coarse grid. `N` is 1 + the number of inputs.
pub(crate) fn degenerate<const N: usize>(n_hidden: usize) -> Network {
    let mut rng = Rng::from_seed(2);
    let mut step = |n: u64| rng.below(2 * n + 1) as f64 - n as f64;
    let theta: Vec<[f64; N]> =
        (0..n_hidden).map(|_| core::array::from_fn(|i| if i == 0 { step(2) / 4.0 } else { step(3) })).collect();
    let phi: Vec<f64> = (0..n_hidden).map(|_| step(8)).collect();
    Network::shallow(&theta, 0.0, &phi, Activation::Relu)
}

/// Standard normal numbers over ten.
#[allow(dead_code, reason = "not every bench slices")]
pub(crate) fn normal(seed: u64, n: usize) -> Vec<f64> {
    let mut rng = Rng::from_seed(seed);
    (0..n).map(|_| 0.1 * rng.normal()).collect()
}

/// One product of two 192 × 192 matrices by plain loops.
pub(crate) fn bench_reference(bencher: Bencher) {
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
