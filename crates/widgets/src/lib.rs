//! Piecewise: widgets.
