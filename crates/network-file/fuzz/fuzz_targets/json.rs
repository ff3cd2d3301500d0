//! Any bytes at all as a file: `cargo fuzz run json` in the folder `crates/network-file`.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(file) = piecewise_network_file::from_json(bytes) {
        // What was read can be computed with.
        let _ = file.network.output(&vec![1.0; file.network.n_inputs()]);
    }
});
