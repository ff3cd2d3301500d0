use piecewise_core::train::Fault;
use piecewise_plot::{format_number, subscript};

use super::{
    Cell, Kind, Scene, Slope, Step,
    scene::{agrees, scientific},
};

/// Beyond so many terms a sum is cut short.
const MOST_TERMS: usize = 8;

/// A number in a sentence.
pub fn number(value: f64) -> String {
    if value != 0.0 && value.abs() < 5e-4 { scientific(value) } else { format_number(value, 3) }
}

/// A number as a factor or a summand: a negative one in brackets.
fn factor(value: f64) -> String {
    let text = number(value);
    if text.starts_with('−') { format!("({text})") } else { text }
}

/// The name of a block, in one line: ∂ℓ/∂f₁.
pub fn name(kind: Kind, layer: usize, slope: Slope) -> String {
    let k = subscript(layer);
    match kind {
        Kind::H if layer == 0 => "x".to_owned(),
        Kind::H => format!("h{k}"),
        Kind::Omega => format!("Ω{k}"),
        Kind::Beta => format!("β{k}"),
        Kind::F => format!("f{k}"),
        Kind::Wanted => "y".to_owned(),
        Kind::Loss => "ℓ".to_owned(),
        Kind::DlDf => format!("∂ℓ/∂f{k}"),
        Kind::Slope => match slope {
            Slope::Mask => format!("I[f{k} > 0]"),
            Slope::Derivative => format!("a′[f{k}]"),
            Slope::Toy => format!("{} f{k}", ["cos", "exp", "−sin"][layer.min(2)]),
        },
        Kind::DlDh => format!("∂ℓ/∂h{k}"),
        Kind::OmegaTransposed => format!("Ω{k}ᵀ"),
        Kind::DlDbeta => format!("∂ℓ/∂β{k}"),
        Kind::DlDomega => format!("∂ℓ/∂Ω{k}"),
    }
}

impl Scene {
    /// The name of a block as it was used: without the transpose where that was forgotten.
    pub fn used_name(&self, kind: Kind, layer: usize) -> String {
        let kind = if kind == Kind::OmegaTransposed && self.forgot_transpose(layer) { Kind::Omega } else { kind };
        name(kind, layer, self.slope)
    }

    /// Whether the pass multiplied with Ω_k where Ω_kᵀ belongs.
    pub fn forgot_transpose(&self, layer: usize) -> bool {
        self.fault == Some(Fault::ForgetTranspose) && layer > 0 && self.sizes[layer] == self.sizes[layer + 1]
    }

    /// The name of one entry: (f₁)₂; of a matrix with row and column.
    fn entry(&self, cell: Cell) -> String {
        let block = self.used_name(cell.kind, cell.layer);
        let Some(shape) = self.block(cell.kind, cell.layer) else { return block };
        match (shape.n_rows, shape.n_columns()) {
            (1, 1) => block,
            (_, 1) => format!("({block}){}", subscript(cell.row + 1)),
            _ => format!("({block}){},{}", subscript(cell.row + 1), subscript(cell.column + 1)),
        }
    }

    /// a·b + c·d + …, cut short where it is long.
    fn sum(pairs: impl ExactSizeIterator<Item = (f64, f64)>) -> String {
        let n = pairs.len();
        let mut terms: Vec<String> =
            pairs.take(MOST_TERMS).map(|(a, b)| format!("{}·{}", factor(a), factor(b))).collect();
        if n > MOST_TERMS {
            terms.push("…".to_owned());
        }
        terms.join(" + ")
    }

    /// How the number in a cell came about, with its numbers.
    pub fn explain(&self, cell: Cell) -> String {
        let Cell { kind, layer: k, row, column } = cell;
        let last = self.n_hidden_layers();
        let value = self.value(cell);
        let entry = self.entry(cell);
        let at = |kind, layer, row| self.value(Cell::of(kind, layer, row));
        let row_of = |kind, layer| {
            let block = self.block(kind, layer);
            block.map_or(Vec::new(), |block| (0..block.n_columns()).map(|column| block.at(row, column)).collect())
        };
        let products = |matrix, vector| {
            let row: Vec<f64> = row_of(matrix, k);
            Self::sum(row.into_iter().zip(self.values(vector, k).iter().copied()).collect::<Vec<_>>().into_iter())
        };
        match kind {
            Kind::H if k > 0 => {
                let read = factor(at(Kind::F, k - 1, row));
                match self.slope {
                    Slope::Toy => {
                        format!("{entry} = {} {read} = {}", self.activation(k), number(value))
                    }
                    Slope::Mask => format!("{entry} = max(0, {}) = {}", number(at(Kind::F, k - 1, row)), number(value)),
                    Slope::Derivative => {
                        format!("{entry} = a[{}] = {}", number(at(Kind::F, k - 1, row)), number(value))
                    }
                }
            }
            Kind::H | Kind::Wanted | Kind::Omega | Kind::Beta => {
                let slope = self.parameter(cell).map(|index| format!(". {}", self.compared(index)));
                format!("{entry} = {}{}", number(value), slope.unwrap_or_default())
            }
            Kind::F => {
                format!(
                    "{entry} = {} + {} = {}",
                    number(at(Kind::Beta, k, row)),
                    products(Kind::Omega, Kind::H),
                    number(value)
                )
            }
            Kind::Loss => {
                let terms = self.values(Kind::F, k).iter().zip(self.values(Kind::Wanted, k));
                let terms: Vec<String> = terms.map(|(f, y)| format!("({} − {})²", number(*f), factor(*y))).collect();
                format!("ℓ = {} = {}", terms.join(" + "), number(value))
            }
            Kind::Slope => {
                let f = at(Kind::F, k, row);
                let read = self.entry(Cell::of(Kind::F, k, row));
                if self.fault == Some(Fault::ForgetMask) {
                    return format!(
                        "{} was forgotten: 1 whatever {read} = {} is",
                        name(kind, k, self.slope),
                        number(f)
                    );
                }
                match self.slope {
                    Slope::Mask if value > 0.0 => {
                        format!("{read} = {} is above 0: the gate is open, {entry} = 1", number(f))
                    }
                    Slope::Mask => format!("{read} = {} is not above 0: the gate is shut, {entry} = 0", number(f)),
                    _ => format!("{entry} = {} at {read} = {}", number(value), number(f)),
                }
            }
            Kind::DlDf if k == last => {
                format!(
                    "{entry} = 2·({} − {}) = {}",
                    number(at(Kind::F, k, row)),
                    factor(at(Kind::Wanted, k, row)),
                    number(value)
                )
            }
            Kind::DlDf => {
                let (slope, dl_dh) = (at(Kind::Slope, k, row), at(Kind::DlDh, k + 1, row));
                let why = if self.is_shut(k, row) { ": the gate is shut, nothing gets back" } else { "" };
                format!("{entry} = {} · {} = {}{why}", number(slope), factor(dl_dh), number(value))
            }
            Kind::DlDh => {
                let product =
                    format!("({} {})", self.used_name(Kind::OmegaTransposed, k), name(Kind::DlDf, k, self.slope));
                let index = if self.sizes[k] > 1 { subscript(row + 1) } else { String::new() };
                format!("{product}{index} = {} = {}", products(Kind::OmegaTransposed, Kind::DlDf), number(value))
            }
            Kind::OmegaTransposed if self.forgot_transpose(k) => {
                format!(
                    "{entry} = {}: the transpose was forgotten, so this is row {} of Ω{} and not of Ω{}ᵀ",
                    number(value),
                    row + 1,
                    subscript(k),
                    subscript(k)
                )
            }
            Kind::OmegaTransposed => {
                let same = self.entry(Cell { kind: Kind::Omega, layer: k, row: column, column: row });
                format!("{entry} = {same} = {}", number(value))
            }
            Kind::DlDbeta => {
                let same = self.entry(Cell { kind: Kind::DlDf, ..cell });
                format!("{entry} = {same} = {}. {}", number(value), self.checked(cell))
            }
            Kind::DlDomega => format!(
                "{entry} = {} {} = {}·{} = {}. {}",
                self.entry(Cell::of(Kind::DlDf, k, row)),
                self.entry(Cell::of(Kind::H, k, column)),
                factor(at(Kind::DlDf, k, row)),
                factor(at(Kind::H, k, column)),
                number(value),
                self.checked(cell)
            ),
        }
    }

    /// A derivative beside its central difference.
    fn checked(&self, cell: Cell) -> String {
        let Some(index) = self.parameter(cell) else { return String::new() };
        let check = &self.check;
        let (given, measured) = (check.gradient[index], check.differences[index]);
        let verdict = if agrees(check.errors[index]) { "they agree" } else { "they do not agree" };
        format!(
            "Central difference {}, difference {}: {verdict}",
            number(measured),
            scientific((given - measured).abs())
        )
    }

    /// What backpropagation says of a weight or a bias, and what a central difference says.
    fn compared(&self, index: usize) -> String {
        let check = &self.check;
        let sign = if agrees(check.errors[index]) { "≈" } else { "≠" };
        format!(
            "Its derivative is {} {sign} {} by central difference",
            number(check.gradient[index]),
            number(check.differences[index])
        )
    }

    /// The equation of a sub-step, in one line.
    pub fn equation(&self, step: Step) -> String {
        let last = self.n_hidden_layers();
        let name = |kind, layer| self.used_name(kind, layer);
        match step {
            Step::Affine(k) => {
                format!(
                    "{} = {} + {} {}",
                    name(Kind::F, k),
                    name(Kind::Beta, k),
                    name(Kind::Omega, k),
                    name(Kind::H, k)
                )
            }
            Step::Activate(k) => {
                let a = self.activation(k);
                format!("{} = {a}[{}]", name(Kind::H, k), name(Kind::F, k - 1))
            }
            Step::Loss => format!("ℓ = Σ ({} − y)²", name(Kind::F, last)),
            Step::LossSlope => format!("{} = 2 ({} − y)", name(Kind::DlDf, last), name(Kind::F, last)),
            Step::Parameters(k) => format!(
                "{} = {},  {} = {} {}ᵀ",
                name(Kind::DlDbeta, k),
                name(Kind::DlDf, k),
                name(Kind::DlDomega, k),
                name(Kind::DlDf, k),
                name(Kind::H, k)
            ),
            Step::Multiply(k) => {
                format!("{} = {} {}", name(Kind::DlDh, k), name(Kind::OmegaTransposed, k), name(Kind::DlDf, k))
            }
            Step::Mask(k) if self.fault == Some(Fault::ForgetMask) => {
                format!("{} = {} (mask forgotten)", name(Kind::DlDf, k - 1), name(Kind::DlDh, k))
            }
            Step::Mask(k) => {
                format!("{} = {} ⊙ {}", name(Kind::DlDf, k - 1), name(Kind::Slope, k - 1), name(Kind::DlDh, k))
            }
        }
    }
}
