use core::fmt;

/// Why regions cannot be computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegionError {
    /// The activation is not piecewise linear.
    NotPiecewiseLinear,
    /// The network reads another number of inputs than the box has dimensions.
    Inputs {
        /// How many dimensions the box has.
        expected: usize,
        /// How many inputs the network reads.
        found: usize,
    },
    /// A side of the box has no length, or is not finite.
    EmptyBox {
        /// The 0-based axis.
        axis: usize,
    },
    /// A weight or a bias is infinite or not a number. All indices are 0-based.
    NotFinite {
        /// The layer.
        layer: usize,
        /// The unit that is fed.
        row: usize,
        /// The unit that is read; nothing for a bias.
        column: Option<usize>,
    },
    /// The origin or a direction of a slice does not have one number for each input of the network.
    Slice {
        /// How many inputs the network reads.
        expected: usize,
        /// How many numbers there are.
        found: usize,
    },
    /// The origin or a direction of a slice holds a number that is infinite or none.
    SliceNotFinite {
        /// 0 for the origin, and 1 more than the 0-based number of a direction.
        row: usize,
        /// The 0-based input.
        column: usize,
    },
}

impl fmt::Display for RegionError {
    /// Labels count from 1, as the book does.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotPiecewiseLinear => write!(out, "only ReLU and leaky ReLU networks have linear regions"),
            Self::Inputs { expected, found } => {
                write!(out, "the box has {expected} dimensions, but the network reads {found} inputs")
            }
            Self::EmptyBox { axis } => write!(out, "the box is empty or infinite along axis {}", axis + 1),
            Self::NotFinite { layer, row, column: Some(column) } => {
                write!(
                    out,
                    "the weight in layer {}, row {}, column {} is not a finite number",
                    layer + 1,
                    row + 1,
                    column + 1
                )
            }
            Self::Slice { expected, found } => {
                write!(out, "the network reads {expected} inputs, but the slice has points of {found} numbers")
            }
            Self::SliceNotFinite { row: 0, column } => {
                write!(out, "the origin of the slice is not finite at input {}", column + 1)
            }
            Self::SliceNotFinite { row, column } => {
                write!(out, "direction {row} of the slice is not finite at input {}", column + 1)
            }
            Self::NotFinite { layer, row, column: None } => {
                write!(out, "the bias in layer {}, row {} is not a finite number", layer + 1, row + 1)
            }
        }
    }
}

impl core::error::Error for RegionError {}
