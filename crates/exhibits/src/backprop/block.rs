use serde::Serialize;

/// What a block of the strip holds. A layer's number k is that of the slide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// h_k; h_0 is the input x.
    H,
    /// Ω_k.
    Omega,
    /// β_k.
    Beta,
    /// f_k.
    F,
    /// y, at the last layer.
    Wanted,
    /// ℓ, at the last layer.
    Loss,
    /// ∂ℓ/∂f_k.
    DlDf,
    /// I\[f_k > 0\], or a′\[f_k\] where the activation is smooth; for all hidden layers.
    Slope,
    /// ∂ℓ/∂h_k, for k ≥ 1.
    DlDh,
    /// Ω_kᵀ, for k ≥ 1.
    OmegaTransposed,
    /// ∂ℓ/∂β_k.
    DlDbeta,
    /// ∂ℓ/∂Ω_k.
    DlDomega,
}

impl Kind {
    /// The row of the strip in which it stands: 0 forward, 1 back, 2 parameters.
    pub fn band(self) -> usize {
        match self {
            Self::H | Self::Omega | Self::Beta | Self::F | Self::Wanted | Self::Loss => 0,
            Self::DlDf | Self::Slope | Self::DlDh | Self::OmegaTransposed => 1,
            Self::DlDbeta | Self::DlDomega => 2,
        }
    }
}

/// One vector or matrix with its numbers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Block {
    /// What it holds.
    pub kind: Kind,
    /// Of which layer, from 0.
    pub layer: usize,
    /// How many rows it has.
    pub n_rows: usize,
    /// Its numbers, column by column.
    pub values: Vec<f64>,
}

impl Block {
    /// How many columns it has.
    pub fn n_columns(&self) -> usize {
        self.values.len() / self.n_rows.max(1)
    }

    /// One number.
    ///
    /// # Panics
    /// When there is no such entry.
    pub fn at(&self, row: usize, column: usize) -> f64 {
        self.values[column * self.n_rows + row]
    }
}

/// One entry of one block; rows and columns are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// What its block holds.
    pub kind: Kind,
    /// Of which layer.
    pub layer: usize,
    /// Its row.
    pub row: usize,
    /// Its column.
    pub column: usize,
}

/// A part of a block: one row, one column, one entry, or all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// What its block holds.
    pub kind: Kind,
    /// Of which layer.
    pub layer: usize,
    /// The row, or all of them.
    pub row: Option<usize>,
    /// The column, or all of them.
    pub column: Option<usize>,
}

impl Cell {
    /// An entry of a vector.
    pub fn of(kind: Kind, layer: usize, row: usize) -> Self {
        Self { kind, layer, row, column: 0 }
    }

    fn part(self) -> Part {
        Part { kind: self.kind, layer: self.layer, row: Some(self.row), column: Some(self.column) }
    }

    /// What the number in this cell is made of: the row and the column that are multiplied, or the one number that it repeats. For a weight
    /// or a bias, where else it stands.
    pub fn sources(self, n_hidden_layers: usize) -> Vec<Part> {
        let Self { kind, layer: k, row, column } = self;
        let entry = |kind, layer, row| Self::of(kind, layer, row).part();
        let whole = |kind, layer| Part { kind, layer, row: None, column: None };
        let across = |kind, layer, row| Part { kind, layer, row: Some(row), column: None };
        let transposed = |kind| Self { kind, layer: k, row: column, column: row }.part();
        match kind {
            Kind::H if k > 0 => vec![entry(Kind::F, k - 1, row)],
            Kind::H | Kind::Wanted => Vec::new(),
            Kind::F => vec![entry(Kind::Beta, k, row), across(Kind::Omega, k, row), whole(Kind::H, k)],
            Kind::Loss => vec![whole(Kind::F, k), whole(Kind::Wanted, k)],
            Kind::Slope => vec![entry(Kind::F, k, row)],
            Kind::DlDf if k == n_hidden_layers => vec![entry(Kind::F, k, row), entry(Kind::Wanted, k, row)],
            Kind::DlDf => vec![entry(Kind::Slope, k, row), entry(Kind::DlDh, k + 1, row)],
            Kind::DlDh => vec![across(Kind::OmegaTransposed, k, row), whole(Kind::DlDf, k)],
            Kind::OmegaTransposed => vec![transposed(Kind::Omega)],
            Kind::DlDbeta => vec![entry(Kind::DlDf, k, row)],
            Kind::DlDomega => vec![entry(Kind::DlDf, k, row), entry(Kind::H, k, column)],
            Kind::Beta => vec![entry(Kind::DlDbeta, k, row)],
            Kind::Omega => {
                let gradient = Self { kind: Kind::DlDomega, ..self };
                vec![transposed(Kind::OmegaTransposed), gradient.part()]
            }
        }
    }
}
