//! The same bits everywhere: natively these are ordinary tests, and a browser runs them as WebAssembly.

#[path = "web/field.rs"]
mod field;
#[path = "web/regions.rs"]
mod regions;
#[path = "web/training.rs"]
mod training;

#[cfg(target_family = "wasm")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

/// Numbers folded into one by their bits (FNV-1a).
struct Fingerprint(u64);

impl Fingerprint {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn fold(&mut self, values: &[f64]) {
        for value in values {
            self.fold_bytes(&value.to_bits().to_le_bytes());
        }
    }

    fn fold_bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
