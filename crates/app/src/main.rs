//! Piecewise: app.

fn main() {}
