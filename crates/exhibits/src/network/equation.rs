//! The network as equations: one list of tokens, from which text, LaTeX and the page's formulas are made.

use std::fmt::Write as _;

use piecewise_core::network::{Layer, Network};
use piecewise_plot::format_number;

use super::Form;

/// One thing that is seen in every view: an edge, a bias, a unit, an input. Layers, rows and columns count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// An input.
    Input(usize),
    /// A unit, by the layer that computes it.
    Unit {
        /// The layer.
        layer: usize,
        /// Its row.
        row: usize,
    },
    /// A bias.
    Bias {
        /// The layer.
        layer: usize,
        /// The unit that it is added to.
        row: usize,
    },
    /// A weight, an edge of the diagram.
    Weight {
        /// The layer.
        layer: usize,
        /// The unit fed.
        row: usize,
        /// The unit read.
        column: usize,
    },
}

/// The smallest part of an equation.
#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    /// A symbol with an index, as h and 1.
    Name {
        /// The symbol.
        symbol: String,
        /// Its index, empty when it has none.
        index: String,
        /// Whether it is a vector or a matrix.
        bold: bool,
        /// What it stands for.
        mark: Option<Mark>,
    },
    /// A number of the network.
    Number {
        /// The number.
        value: f64,
        /// Whether it is added to what stands before.
        signed: bool,
        /// Where it belongs.
        mark: Mark,
    },
    /// A sign between them.
    Sign(&'static str),
    /// β_k as a column of numbers.
    Vector(usize),
    /// Ω_k as rows of numbers.
    Matrix(usize),
}

/// One equation: what it defines, and its tokens.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The unit that it defines; of a whole layer its first one.
    pub mark: Mark,
    /// From left to right.
    pub tokens: Vec<Token>,
}

/// The primes that tell a layer's units from those of the layers before: h, h′, h″.
fn primes(n: usize) -> &'static str {
    ["", "′", "″", "‴"][n.min(3)]
}

/// Two indices beside each other, apart by a comma where it would be unclear.
fn pair_index(a: usize, b: usize, largest: usize) -> String {
    if largest > 9 { format!("{a},{b}") } else { format!("{a}{b}") }
}

/// What a unit is called: h₁, h′₂, y; sizes from D_i to D_o, `layer` and `row` from 0.
pub fn unit_name(sizes: &[usize], layer: usize, row: usize) -> (String, String) {
    let is_output = layer + 2 == sizes.len();
    if is_output {
        let index = if sizes[layer + 1] > 1 { (row + 1).to_string() } else { String::new() };
        return ("y".to_owned(), index);
    }
    (format!("h{}", primes(layer)), (row + 1).to_string())
}

/// What the unit or input is called that a layer reads.
pub fn read_name(sizes: &[usize], layer: usize, column: usize) -> (String, String) {
    match layer {
        0 => ("x".to_owned(), if sizes[0] > 1 { (column + 1).to_string() } else { String::new() }),
        _ => unit_name(sizes, layer - 1, column),
    }
}

/// What a weight is called, or a bias when there is no column: θ for what reads the input, ψ, ψ′, … between hidden layers, φ for the output.
pub fn parameter_name(sizes: &[usize], layer: usize, row: usize, column: Option<usize>) -> (String, String) {
    let column = column.map_or(0, |column| column + 1);
    let is_output = layer + 2 == sizes.len();
    let symbol = match layer {
        _ if is_output => "φ".to_owned(),
        0 => "θ".to_owned(),
        _ => format!("ψ{}", primes(layer - 1)),
    };
    let index = if is_output && sizes[layer + 1] == 1 {
        column.to_string()
    } else {
        pair_index(row + 1, column, sizes[layer].max(sizes[layer + 1]))
    };
    (symbol, index)
}

/// A name as it is written: θ₁₂.
pub fn written((symbol, index): (String, String)) -> String {
    format!("{symbol}{}", subscripted(&index))
}

/// What something is called in a network of these sizes.
pub fn name_of(sizes: &[usize], mark: Mark) -> String {
    written(match mark {
        Mark::Input(column) => read_name(sizes, 0, column),
        Mark::Unit { layer, row } => unit_name(sizes, layer, row),
        Mark::Bias { layer, row } => parameter_name(sizes, layer, row, None),
        Mark::Weight { layer, row, column } => parameter_name(sizes, layer, row, Some(column)),
    })
}

/// What something is and does, in one sentence.
pub fn explanation(net: &Network, mark: Mark) -> String {
    let sizes = sizes_of(net);
    let name = name_of(&sizes, mark);
    let unit = |layer, row| written(unit_name(&sizes, layer, row));
    match mark {
        Mark::Input(_) => {
            let readers: Vec<String> = (0..sizes[1]).map(|row| unit(0, row)).collect();
            match &readers[..] {
                [] => format!("Nothing reads {name}."),
                [one] => format!("{name} is read by {one}."),
                [before @ .., last] => format!("{name} is read by {} and {last}.", before.join(", ")),
            }
        }
        Mark::Unit { layer, row } => lines(net, Form::Numbers)
            .iter()
            .find(|line| line.mark == Mark::Unit { layer, row })
            .map(|line| text(net, line))
            .unwrap_or_default(),
        Mark::Bias { layer, row } => {
            let value = format_number(net.layers[layer].beta[row], 3);
            format!("The bias {name} = {value} is added to what {} reads.", unit(layer, row))
        }
        Mark::Weight { layer, row, column } => {
            let value = format_number(net.layers[layer].omega[(row, column)], 3);
            let read = written(read_name(&sizes, layer, column));
            format!("The weight {name} = {value} multiplies {read} on its way to {}.", unit(layer, row))
        }
    }
}

/// D_i, then the width of every layer, the output last.
pub(super) fn sizes_of(net: &Network) -> Vec<usize> {
    core::iter::once(net.n_inputs()).chain(net.layers.iter().map(Layer::n_outputs)).collect()
}

/// The equations of a network.
pub fn lines(net: &Network, form: Form) -> Vec<Line> {
    let sizes = sizes_of(net);
    let name = |(symbol, index): (String, String), mark| Token::Name { symbol, index, bold: false, mark };
    let last = net.layers.len() - 1;
    let mut lines = Vec::new();
    for (layer, numbers) in net.layers.iter().enumerate() {
        if form == Form::Matrices {
            let vector =
                |symbol: &str, index: String| Token::Name { symbol: symbol.to_owned(), index, bold: true, mark: None };
            let read = if layer == 0 { vector("x", String::new()) } else { vector("h", layer.to_string()) };
            let mut tokens = if layer == last {
                vec![vector("y", String::new()), Token::Sign("=")]
            } else {
                vec![vector("h", (layer + 1).to_string()), Token::Sign("="), Token::Sign("a[")]
            };
            tokens.push(Token::Vector(layer));
            if numbers.n_inputs() > 0 {
                tokens.extend([Token::Sign("+"), Token::Matrix(layer), read]);
            }
            if layer < last {
                tokens.push(Token::Sign("]"));
            }
            if numbers.n_outputs() > 0 {
                lines.push(Line { mark: Mark::Unit { layer, row: 0 }, tokens });
            }
            continue;
        }
        for row in 0..numbers.n_outputs() {
            let unit = Mark::Unit { layer, row };
            let mut tokens = vec![name(unit_name(&sizes, layer, row), Some(unit)), Token::Sign("=")];
            if layer < last {
                tokens.push(Token::Sign("a["));
            }
            for column in core::iter::once(None).chain((0..numbers.n_inputs()).map(Some)) {
                let (value, mark) = match column {
                    None => (numbers.beta[row], Mark::Bias { layer, row }),
                    Some(column) => (numbers.omega[(row, column)], Mark::Weight { layer, row, column }),
                };
                if form == Form::Numbers {
                    tokens.push(Token::Number { value, signed: column.is_some(), mark });
                } else {
                    tokens.extend(column.map(|_| Token::Sign("+")));
                    tokens.push(name(parameter_name(&sizes, layer, row, column), Some(mark)));
                }
                if let Some(column) = column {
                    let mark = match layer {
                        0 => Mark::Input(column),
                        _ => Mark::Unit { layer: layer - 1, row: column },
                    };
                    tokens.push(name(read_name(&sizes, layer, column), Some(mark)));
                }
            }
            if layer < last {
                tokens.push(Token::Sign("]"));
            }
            lines.push(Line { mark: unit, tokens });
        }
    }
    lines
}

/// An index in small digits: ₁₂.
pub fn subscripted(index: &str) -> String {
    let small = |c: char| match c {
        '0'..='9' => char::from_u32('₀' as u32 + (c as u32 - '0' as u32)).unwrap_or(c),
        // There is no small comma.
        other => other,
    };
    index.chars().map(small).collect()
}

/// A network's numbers as they are written in a formula of plain text.
fn number_text(value: f64, signed: bool) -> String {
    match signed {
        true if value < 0.0 => format!("− {}", format_number(value.abs(), 3)),
        true => format!("+ {}", format_number(value, 3)),
        false => format_number(value, 3),
    }
}

/// An equation as plain text: "h₁ = a[0.2 + 0.5 x₁ + 0.5 x₂]".
pub fn text(net: &Network, line: &Line) -> String {
    let mut out = String::new();
    for token in &line.tokens {
        let word = match token {
            Token::Name { symbol, index, .. } => format!("{symbol}{}", subscripted(index)),
            Token::Number { value, signed, .. } => number_text(*value, *signed),
            Token::Sign(sign) => (*sign).to_owned(),
            Token::Vector(k) => {
                let rows: Vec<String> = net.layers[*k].beta.iter().map(|&x| format_number(x, 3)).collect();
                format!("({})", rows.join("; "))
            }
            Token::Matrix(k) => {
                let row = |row: usize| {
                    let entries: Vec<String> =
                        net.layers[*k].omega.row(row).iter().map(|&x| format_number(x, 3)).collect();
                    entries.join(", ")
                };
                let rows: Vec<String> = (0..net.layers[*k].n_outputs()).map(row).collect();
                format!("({})", rows.join("; "))
            }
        };
        if !out.is_empty() && word != "]" && !out.ends_with('[') {
            out.push(' ');
        }
        out.push_str(&word);
    }
    out
}

fn latex_symbol(symbol: &str) -> String {
    let (letter, primes) = symbol.split_at(symbol.chars().next().map_or(0, char::len_utf8));
    let letter = match letter {
        "θ" => "\\theta",
        "ψ" => "\\psi",
        "φ" => "\\phi",
        other => other,
    };
    let primes = match primes {
        "′" => "'",
        "″" => "''",
        "‴" => "'''",
        _ => "",
    };
    format!("{letter}{primes}")
}

/// The equations in LaTeX, one under the other.
pub fn latex(net: &Network, form: Form) -> String {
    let plain = |value: f64| format_number(value, 6).replace('−', "-");
    let mut rows = Vec::new();
    for line in lines(net, form) {
        let mut row = String::new();
        for token in &line.tokens {
            match token {
                Token::Name { symbol, index, bold, .. } => {
                    let symbol = latex_symbol(symbol);
                    let symbol = if *bold { format!("\\mathbf{{{symbol}}}") } else { symbol };
                    let index = if index.is_empty() { String::new() } else { format!("_{{{index}}}") };
                    let _ = write!(row, "{symbol}{index} ");
                }
                Token::Number { value, signed, .. } => {
                    let sign = if *signed { if *value < 0.0 { "- " } else { "+ " } } else { "" };
                    let magnitude = plain(if *signed { value.abs() } else { *value });
                    let _ = write!(row, "{sign}{magnitude}\\,");
                }
                Token::Sign("=") => row.push_str("&= "),
                Token::Sign("a[") => row.push_str("\\mathrm{a}\\left["),
                Token::Sign("]") => row.push_str("\\right]"),
                Token::Sign(sign) => {
                    let _ = write!(row, "{sign} ");
                }
                Token::Vector(k) => {
                    let entries: Vec<String> = net.layers[*k].beta.iter().map(|&x| plain(x)).collect();
                    let _ = write!(
                        row,
                        "\\underbrace{{\\begin{{bmatrix}} {} \\end{{bmatrix}}}}_{{\\boldsymbol{{\\beta}}_{{{k}}}}} ",
                        entries.join(" \\\\ ")
                    );
                }
                Token::Matrix(k) => {
                    let row_of = |r: usize| {
                        let entries: Vec<String> = net.layers[*k].omega.row(r).iter().map(|&x| plain(x)).collect();
                        entries.join(" & ")
                    };
                    let entries: Vec<String> = (0..net.layers[*k].n_outputs()).map(row_of).collect();
                    let _ = write!(
                        row,
                        "\\underbrace{{\\begin{{bmatrix}} {} \\end{{bmatrix}}}}_{{\\boldsymbol{{\\Omega}}_{{{k}}}}} ",
                        entries.join(" \\\\ ")
                    );
                }
            }
        }
        rows.push(row.trim_end().trim_end_matches("\\,").to_owned());
    }
    format!("\\begin{{aligned}}\n{}\n\\end{{aligned}}", rows.join(" \\\\\n"))
}
