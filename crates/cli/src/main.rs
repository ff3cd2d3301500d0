//! Piecewise: cli.

fn main() {}
