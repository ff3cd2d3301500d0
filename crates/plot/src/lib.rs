//! Piecewise: plot.
