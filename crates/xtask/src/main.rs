//! Piecewise: xtask.

fn main() {}
