//! The equations of the slide as MathML, in letters and in numbers.

use piecewise_plot::format_number;

use super::super::{Block, Cell, Kind, Scene, Slope, Step, shape};

/// f with the index k.
fn indexed(name: &str, index: &str) -> String {
    format!("<msub><mi>{name}</mi><mrow>{index}</mrow></msub>")
}

/// ∂ℓ/∂ of something.
fn derivative(of: &str) -> String {
    format!("<mfrac><mrow><mo>∂</mo><mi>ℓ</mi></mrow><mrow><mo>∂</mo>{of}</mrow></mfrac>")
}

/// Ω with the index k below and T above.
fn transposed(name: &str, index: &str) -> String {
    format!("<msubsup><mi>{name}</mi><mrow>{index}</mrow><mi mathvariant=\"normal\">T</mi></msubsup>")
}

/// The slope of the activation at f: the mask of ReLU, or a′.
fn slope_at(f: &str, slope: Slope) -> String {
    match slope {
        Slope::Mask => format!(
            "<mi mathvariant=\"normal\">I</mi><mo stretchy=\"false\">[</mo>{f}<mo>&gt;</mo><mn>0</mn><mo stretchy=\"false\">]</mo>"
        ),
        _ => format!("<msup><mi>a</mi><mo>′</mo></msup><mo stretchy=\"false\">[</mo>{f}<mo stretchy=\"false\">]</mo>"),
    }
}

fn math(inner: &str) -> String {
    format!("<math>{inner}</math>")
}

const K: &str = "<mi>k</mi>";
const K_LESS_1: &str = "<mi>k</mi><mo>−</mo><mn>1</mn>";

/// The lines of the slide, each with whether it is what the sub-step does.
pub(super) fn slide(scene: &Scene, step: Option<Step>) -> Vec<(String, bool)> {
    let (f, h) = (indexed("f", K), indexed("h", K));
    let below = indexed("f", K_LESS_1);
    let omega = indexed("Ω", K);
    let f_last = indexed("f", "<mi>K</mi>");
    let at = |is_it: bool, inner: &str| {
        if is_it { format!("<mrow class=\"lit\">{inner}</mrow>") } else { inner.to_owned() }
    };
    let mask = at(matches!(step, Some(Step::Mask(_))), &format!("{}<mo>⊙</mo>", slope_at(&below, scene.slope)));
    let product =
        format!("<mo stretchy=\"false\">(</mo>{}{}<mo stretchy=\"false\">)</mo>", transposed("Ω", K), derivative(&f));
    let product = at(matches!(step, Some(Step::Multiply(_))), &product);
    let lines = [
        (
            format!(
                "{}<mo>=</mo>{}<mo>+</mo>{}<mi>x</mi>",
                indexed("f", "<mn>0</mn>"),
                indexed("β", "<mn>0</mn>"),
                indexed("Ω", "<mn>0</mn>")
            ),
            matches!(step, Some(Step::Affine(0))),
        ),
        (
            format!("{h}<mo>=</mo><mi>a</mi><mo stretchy=\"false\">[</mo>{below}<mo stretchy=\"false\">]</mo>"),
            matches!(step, Some(Step::Activate(_))),
        ),
        (
            format!("{f}<mo>=</mo>{}<mo>+</mo>{omega}{h}", indexed("β", K)),
            matches!(step, Some(Step::Affine(k)) if k > 0),
        ),
        (
            format!(
                "<mi>ℓ</mi><mo>=</mo><mo>∑</mo><msup><mrow><mo stretchy=\"false\">(</mo>{f_last}<mo>−</mo><mi>y</mi><mo stretchy=\"false\">)</mo></mrow><mn>2</mn></msup>"
            ),
            step == Some(Step::Loss),
        ),
        (
            format!(
                "{}<mo>=</mo><mn>2</mn><mo stretchy=\"false\">(</mo>{f_last}<mo>−</mo><mi>y</mi><mo stretchy=\"false\">)</mo>",
                derivative(&f_last)
            ),
            step == Some(Step::LossSlope),
        ),
        (
            format!("{}<mo>=</mo>{mask}{product}", derivative(&below)),
            matches!(step, Some(Step::Mask(_) | Step::Multiply(_))),
        ),
        (
            format!(
                "{}<mo>=</mo>{}<mo>,</mo><mspace width=\"1em\"></mspace>{}<mo>=</mo>{}{}",
                derivative(&indexed("β", K)),
                derivative(&f),
                derivative(&omega),
                derivative(&f),
                transposed("h", K)
            ),
            matches!(step, Some(Step::Parameters(_))),
        ),
    ];
    lines.into_iter().map(|(inner, lit)| (math(&inner), lit)).collect()
}

/// A matrix of numbers.
fn matrix(block: &Block, transpose: bool) -> String {
    let (n_rows, n_columns) = (block.n_rows, block.n_columns());
    let (rows, columns) = if transpose { (n_columns, n_rows) } else { (n_rows, n_columns) };
    let mut out = "<mrow><mo>[</mo><mtable>".to_owned();
    for row in 0..rows {
        out += "<mtr>";
        for column in 0..columns {
            let value = if transpose { block.at(column, row) } else { block.at(row, column) };
            out += "<mtd><mn>";
            out += &format_number(value, 2);
            out += "</mn></mtd>";
        }
        out += "</mtr>";
    }
    out + "</mtable><mo>]</mo></mrow>"
}

/// A sub-step with its numbers in place of its letters.
pub(super) fn substituted(scene: &Scene, step: Step) -> String {
    let last = scene.n_hidden_layers();
    let written = |kind: Kind, layer: usize, transpose: bool| {
        scene.block(kind, layer).map(|block| matrix(block, transpose)).unwrap_or_default()
    };
    let of = |kind: Kind, layer: usize| written(kind, layer, false);
    let inner = match step {
        Step::Affine(k) => {
            format!(
                "{}<mo>=</mo>{}<mo>+</mo>{}{}",
                of(Kind::F, k),
                of(Kind::Beta, k),
                of(Kind::Omega, k),
                of(Kind::H, k)
            )
        }
        Step::Activate(k) => {
            format!("{}<mo>=</mo><mi>{}</mi>{}", of(Kind::H, k), scene.activation(k), of(Kind::F, k - 1))
        }
        Step::Loss => format!("<mtext>{}</mtext>", scene.explain(Cell::of(Kind::Loss, last, 0))),
        Step::LossSlope => format!(
            "{}<mo>=</mo><mn>2</mn><mo>(</mo>{}<mo>−</mo>{}<mo>)</mo>",
            of(Kind::DlDf, last),
            of(Kind::F, last),
            of(Kind::Wanted, last)
        ),
        Step::Parameters(k) => {
            format!("{}<mo>=</mo>{}{}", of(Kind::DlDomega, k), of(Kind::DlDf, k), written(Kind::H, k, true))
        }
        Step::Multiply(k) => {
            format!("{}<mo>=</mo>{}{}", of(Kind::DlDh, k), of(Kind::OmegaTransposed, k), of(Kind::DlDf, k))
        }
        Step::Mask(k) => {
            format!("{}<mo>=</mo>{}<mo>⊙</mo>{}", of(Kind::DlDf, k - 1), of(Kind::Slope, k - 1), of(Kind::DlDh, k))
        }
    };
    math(&inner)
}

/// ∂ℓ/∂f_0 with so many of its factors written out, each with its shape below it.
pub(super) fn unwound(scene: &Scene, n_unwound: usize) -> String {
    let sizes = &scene.sizes;
    let last = scene.n_hidden_layers();
    let number = |k: usize| format!("<mn>{k}</mn>");
    let with_shape =
        |inner: &str, size: [usize; 2]| format!("<munder><mrow>{inner}</mrow><mtext>{}</mtext></munder>", shape(size));
    let mut out = format!("{}<mo>=</mo>", with_shape(&derivative(&indexed("f", &number(0))), [sizes[1], 1]));
    for k in 1..=n_unwound {
        let slope = slope_at(&indexed("f", &number(k - 1)), scene.slope);
        out += &with_shape(&slope, [sizes[k], 1]);
        out += "<mo>⊙</mo><mo stretchy=\"false\">(</mo>";
        out += &with_shape(&transposed("Ω", &number(k)), [sizes[k], sizes[k + 1]]);
    }
    let f = indexed("f", &number(n_unwound));
    let end = if n_unwound == last {
        format!("<mn>2</mn><mo stretchy=\"false\">(</mo>{f}<mo>−</mo><mi>y</mi><mo stretchy=\"false\">)</mo>")
    } else {
        derivative(&f)
    };
    out += &with_shape(&end, [sizes[n_unwound + 1], 1]);
    out += &"<mo stretchy=\"false\">)</mo>".repeat(n_unwound);
    math(&out)
}
