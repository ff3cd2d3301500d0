//! Piecewise: exhibits.
