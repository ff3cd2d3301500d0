//! The collapsed map as MathML: the product of the matrices with their masks, in letters and in numbers.

use piecewise_core::network::{Layer, Network};
use piecewise_plot::{Theme, format_number};

use super::super::Point;

/// A matrix of numbers; what `ink` says of an entry is its colour, and nothing where a mask has shut it out.
fn matrix(
    rows: usize,
    columns: usize,
    entry: &dyn Fn(usize, usize) -> f64,
    ink: &dyn Fn(usize, usize) -> Ink,
) -> String {
    let mut out = "<mtable>".to_owned();
    for row in 0..rows {
        out += "<mtr>";
        for column in 0..columns {
            let number = format_number(entry(row, column), 3);
            let cell = match ink(row, column) {
                Ink::Blank => "<mtd></mtd>".to_owned(),
                Ink::Plain => format!("<mtd><mn>{number}</mn></mtd>"),
                Ink::Shut => format!("<mtd class=\"shut\"><mn>{number}</mn></mtd>"),
                Ink::Unit(color) => format!("<mtd style=\"color:{color}\"><mn>{number}</mn></mtd>"),
            };
            out += &cell;
        }
        out += "</mtr>";
    }
    out + "</mtable>"
}

/// How an entry is written.
enum Ink {
    /// Not at all: it is 0 in every mask.
    Blank,
    Plain,
    /// Faint: a mask has shut it out.
    Shut,
    /// In the colour of its unit.
    Unit(String),
}

fn indexed(name: &str, index: &str) -> String {
    format!("<msub><mi>{name}</mi><mrow>{index}</mrow></msub>")
}

fn effective(name: &str) -> String {
    indexed(name, "<mi mathvariant=\"normal\">eff</mi>")
}

const EQUALS: &str = "<mo>=</mo>";
const PLUS: &str = "<mo>+</mo>";

/// What stands in the equations, layer by layer.
struct Parts<'a> {
    network: &'a Network,
    point: &'a Point,
    theme: &'static Theme,
}

impl Parts<'_> {
    fn n_hidden_layers(&self) -> usize {
        self.network.n_hidden_layers()
    }

    /// The colour of unit `d` of hidden layer `k`, counted from 1, unless it is shut.
    fn ink(&self, k: usize, d: usize) -> Ink {
        let below: usize = self.point.slopes[..k - 1].iter().map(Vec::len).sum();
        if self.point.slopes[k - 1][d] == 0.0 { Ink::Shut } else { Ink::Unit(self.theme.unit(below + d).css()) }
    }

    fn omega(&self, k: usize) -> String {
        let Layer { omega, .. } = &self.network.layers[k];
        let last = k == self.n_hidden_layers();
        let ink = |row: usize, column: usize| {
            let shut_below = k > 0 && self.point.slopes[k - 1][column] == 0.0;
            match (last, shut_below) {
                (_, true) => Ink::Shut,
                (true, false) if k > 0 => self.ink(k, column),
                (true, false) => Ink::Plain,
                (false, false) => self.ink(k + 1, row),
            }
        };
        matrix(omega.nrows(), omega.ncols(), &|row, column| omega[(row, column)], &ink)
    }

    fn column(&self, k: usize, numbers: &dyn Fn(usize) -> f64, n: usize) -> String {
        let ink = |row: usize, _| if k > self.n_hidden_layers() { Ink::Plain } else { self.ink(k, row) };
        matrix(n, 1, &|row, _| numbers(row), &ink)
    }

    fn beta(&self, k: usize) -> String {
        let beta = &self.network.layers[k].beta;
        if beta.len() == 1 {
            return format!("<mn>{}</mn>", format_number(beta[0], 3));
        }
        self.column(k + 1, &|row| beta[row], beta.len())
    }

    fn mask(&self, k: usize) -> String {
        let slopes = &self.point.slopes[k - 1];
        let ink = |row: usize, column: usize| if row == column { self.ink(k, row) } else { Ink::Blank };
        matrix(slopes.len(), slopes.len(), &|row, _| slopes[row], &ink)
    }

    /// Whether the activation adds something of its own, as a step does.
    fn has_intercepts(&self) -> bool {
        self.point.intercepts.iter().flatten().any(|&c| c != 0.0)
    }

    /// The product of everything that x goes through, in letters or in numbers.
    fn product(&self, in_numbers: bool) -> String {
        let mut out = String::new();
        for k in (0..=self.n_hidden_layers()).rev() {
            out += &if in_numbers { self.omega(k) } else { indexed("Ω", &format!("<mn>{k}</mn>")) };
            if k > 0 {
                out += &if in_numbers { self.mask(k) } else { indexed("D", &format!("<mn>{k}</mn>")) };
            }
        }
        out
    }

    /// What is there when x is 0, in letters or in numbers: from the inside out.
    fn offset(&self, in_numbers: bool) -> String {
        let letter = |name: &str, k: usize| indexed(name, &format!("<mn>{k}</mn>"));
        let beta = |k: usize| if in_numbers { self.beta(k) } else { letter("β", k) };
        let mut inner = beta(0);
        for k in 1..=self.n_hidden_layers() {
            let mask = if in_numbers { self.mask(k) } else { letter("D", k) };
            let omega = if in_numbers { self.omega(k) } else { letter("Ω", k) };
            let is_sum = inner.contains(PLUS);
            let masked = if is_sum { format!("{mask}<mo>(</mo>{inner}<mo>)</mo>") } else { format!("{mask}{inner}") };
            let activated = if self.has_intercepts() {
                let intercepts = &self.point.intercepts[k - 1];
                let c =
                    if in_numbers { self.column(k, &|row| intercepts[row], intercepts.len()) } else { letter("c", k) };
                format!("<mo>(</mo>{c}{PLUS}{masked}<mo>)</mo>")
            } else {
                masked
            };
            inner = format!("{}{PLUS}{omega}{activated}", beta(k));
        }
        inner
    }
}

/// The lines of the collapse: the slopes, the value at 0, and the map.
pub(super) fn collapse(network: &Network, point: &Point, theme: &'static Theme) -> [String; 3] {
    let parts = Parts { network, point, theme };
    let n = point.gradient.len();
    let slopes = matrix(1, n, &|_, column| point.gradient[column], &|_, _| Ink::Plain);
    let intercept = format!("<mn>{}</mn>", format_number(point.intercept, 3));
    let (w, b) = (effective("W"), effective("b"));
    let mut map = format!("<mi>y</mi>{EQUALS}{intercept}");
    for (i, &slope) in point.gradient.iter().enumerate() {
        let sign = if slope < 0.0 { "−" } else { "+" };
        let x = if n == 1 { "<mi>x</mi>".to_owned() } else { indexed("x", &format!("<mn>{}</mn>", i + 1)) };
        let slope = format_number(slope.abs(), 3);
        let term = format!("<mo>{sign}</mo><mn>{slope}</mn><mspace width=\"0.15em\"></mspace>{x}");
        map += &term;
    }
    let lines = [
        format!("{w}{EQUALS}{slopes}{EQUALS}{}{EQUALS}{}", parts.product(false), parts.product(true)),
        format!("{b}{EQUALS}{intercept}{EQUALS}{}{EQUALS}{}", parts.offset(false), parts.offset(true)),
        map,
    ];
    lines.map(|line| format!("<math>{line}</math>"))
}
