//! How much memory regions take, counted by an allocator that counts.
#![cfg(not(target_family = "wasm"))]

use piecewise_core::Rng;
use piecewise_core::network::{Activation, Network};
use piecewise_core::regions::{Bounds, PlaneRegions};

#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;

fn shallow(n_hidden: usize) -> Network {
    let mut rng = Rng::from_seed(1);
    let theta: Vec<[f64; 3]> = (0..n_hidden).map(|_| [0.4 * rng.normal(), rng.normal(), rng.normal()]).collect();
    let phi: Vec<f64> = (0..n_hidden).map(|_| rng.normal()).collect();
    Network::shallow(&theta, 0.0, &phi, Activation::Relu)
}

// One test alone, since allocations are counted for the whole process.
#[test]
fn a_region_in_the_plane_takes_less_than_three_hundred_bytes() {
    let profiler = dhat::Profiler::builder().testing().build();
    for n_hidden in [100, 300] {
        let net = shallow(n_hidden);
        let before = dhat::HeapStats::get();
        let regions =
            PlaneRegions::compute(&net, &Bounds { lo: [-1.0; 2], hi: [1.0; 2] }, 1_000_000).expect("two inputs");
        let after = dhat::HeapStats::get();
        let per_region = |bytes: usize| bytes / regions.len();
        let held = per_region(after.curr_bytes - before.curr_bytes);
        let peak = per_region(after.max_bytes - before.curr_bytes);
        println!("{n_hidden} units, {} regions: {held} bytes a region, {peak} at the peak", regions.len());
        // Of these, 40 bytes are a pattern of 300 gates, 24 an affine map, and 48 the edges.
        assert!(peak < 275, "{n_hidden} units: {peak} bytes a region");
    }
    drop(profiler);
}
