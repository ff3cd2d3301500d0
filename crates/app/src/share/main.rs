//! The share box: it is fetched when somebody asks for it, and knows no exhibit; what it shows it has from the program that runs.

mod deliver;
mod dialog;
mod moving;
mod program;
mod still;

use wasm_bindgen::prelude::wasm_bindgen;

fn main() {}

/// Opens the box for what the address shows now.
#[wasm_bindgen]
pub fn open() {
    dialog::open();
}
