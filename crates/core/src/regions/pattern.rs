use core::fmt;

/// Which gates are open, one bit a hidden unit, first layer first. A gate is open when its pre-activation is positive in the interior.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pattern(Vec<bool>);

impl Pattern {
    /// How many hidden units there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no hidden unit.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the gate of a unit, counted from 0 through all layers, is open.
    pub fn is_active(&self, unit: usize) -> bool {
        self.0[unit]
    }
}

impl FromIterator<bool> for Pattern {
    fn from_iter<I: IntoIterator<Item = bool>>(gates: I) -> Self {
        Self(gates.into_iter().collect())
    }
}

impl fmt::Display for Pattern {
    /// `1` for an open gate, `0` for a shut one.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|&open| out.write_str(if open { "1" } else { "0" }))
    }
}
