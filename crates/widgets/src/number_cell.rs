use piecewise_plot::format_number;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// What a [`NumberCell`] is made of.
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct NumberCellProps {
    /// Its name in words, for screen readers.
    pub label: AttrValue,
    /// The number.
    pub value: f64,
    /// The least it can be.
    pub min: f64,
    /// The most it can be.
    pub max: f64,
    /// The step of the slider and of its arrow keys; of the exponent on a logarithmic slider.
    #[prop_or(1.0 / 64.0)]
    pub step: f64,
    /// Whether the slider moves the exponent to the base 10; then all numbers are positive.
    #[prop_or(false)]
    pub logarithmic: bool,
    /// How many decimals are shown.
    #[prop_or(3)]
    pub decimals: usize,
    /// Called with every new number, also while the slider moves.
    pub on_edit: Callback<f64>,
    /// Called when the slider has come to rest or a number has been typed.
    #[prop_or_default]
    pub on_rest: Callback<()>,
    /// Called on a double click: back to the number it was at first.
    #[prop_or_default]
    pub on_reset: Callback<()>,
    /// Called with true when the pointer or the focus comes, with false when it leaves.
    #[prop_or_default]
    pub on_attend: Callback<bool>,
    /// Custom properties such as its colour.
    #[prop_or_default]
    pub style: AttrValue,
    /// Numbers that are marked on the slider by a line. What they mean is said elsewhere, in words.
    #[prop_or_default]
    pub marks: Vec<f64>,
}

/// A number that can be slid and typed: a slider under a number field. A double click resets it.
#[component]
pub fn NumberCell(props: &NumberCellProps) -> Html {
    // What stands in the field while it is being typed; a half-written number must not be corrected under the hand.
    let draft = use_state_eq(|| None::<String>);

    let logarithmic = props.logarithmic;
    let position = move |value: f64| if logarithmic { value.log10() } else { value };
    let slide = {
        let on_edit = props.on_edit.clone();
        Callback::from(move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            let at = input.value_as_number();
            // Three digits are what a slider of this size can tell apart.
            on_edit.emit(if logarithmic { three_digits(10_f64.powf(at)) } else { at });
        })
    };
    let write = {
        let (draft, on_edit, min, max) = (draft.clone(), props.on_edit.clone(), props.min, props.max);
        Callback::from(move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            if let Some(value) = read_number(&input.value()) {
                on_edit.emit(value.clamp(min, max));
            }
            draft.set(Some(input.value()));
        })
    };
    let rest = props.on_rest.reform(|_: Event| ());
    let settle = {
        let (draft, on_rest) = (draft.clone(), props.on_rest.clone());
        Callback::from(move |_: Event| {
            draft.set(None);
            on_rest.emit(());
        })
    };
    let leave = {
        let draft = draft.clone();
        Callback::from(move |_: FocusEvent| draft.set(None))
    };
    let reset = {
        let (draft, on_reset) = (draft.clone(), props.on_reset.clone());
        Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            draft.set(None);
            on_reset.emit(());
        })
    };
    let attend = |here: bool| props.on_attend.reform(move |_: PointerEvent| here);
    let attend_focus = |here: bool| props.on_attend.reform(move |_: FocusEvent| here);
    let (from, to) = (position(props.min), position(props.max));
    let shares = props.marks.iter().map(|&mark| (position(mark) - from) / (to - from));
    let marks = mark_style(&shares.filter(|share| (0.0..=1.0).contains(share)).collect::<Vec<f64>>());
    let shown = (*draft).clone().unwrap_or_else(|| match props.value {
        // As people write it, 1e-6 is not five zeros.
        value if logarithmic && value < 1e-4 => format!("{value:e}"),
        value => format_number(value, props.decimals).replace('−', "-"),
    });

    html! {
        <div class="number-cell" style={props.style.clone()} ondblclick={reset}
            onpointerenter={attend(true)} onpointerleave={attend(false)}
            onfocusin={attend_focus(true)} onfocusout={attend_focus(false)}>
            <input type="text" inputmode="decimal" autocomplete="off" spellcheck="false" aria-label={props.label.clone()}
                title={props.value.to_string()} value={shown} oninput={write} onchange={settle} onblur={leave} />
            <span class="slide" style={marks}>
                <input type="range" aria-label={format!("{}, slider", props.label)} min={from.to_string()}
                    max={to.to_string()} step={props.step.to_string()} value={position(props.value).to_string()}
                    oninput={slide} onchange={rest} />
            </span>
        </div>
    }
}

/// Lines behind a slider at these shares of its way; the knob, 16 pixels wide, stays inside at both ends.
fn mark_style(shares: &[f64]) -> Option<String> {
    let layers = |one: &dyn Fn(f64) -> String| shares.iter().map(|&share| one(share)).collect::<Vec<_>>().join(",");
    (!shares.is_empty()).then(|| {
        let images = layers(&|_| "linear-gradient(var(--mark),var(--mark))".to_owned());
        let places = layers(&|share| format!("calc(7px + (100% - 14px)*{share:.4}) 0"));
        format!("background:{images};background-position:{places};background-size:2px 100%;background-repeat:no-repeat")
    })
}

/// A number rounded to three significant digits.
fn three_digits(value: f64) -> f64 {
    format!("{value:.2e}").parse().unwrap_or(value)
}

/// A number as people type it: with a point or a comma, with a hyphen or a true minus sign.
pub fn read_number(text: &str) -> Option<f64> {
    let text = text.trim().replace(',', ".").replace('−', "-");
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_type_them() {
        assert_eq!(read_number(" -0,5 "), Some(-0.5));
        assert_eq!(read_number("−.25"), Some(-0.25));
        for nonsense in ["", "-", "nan", "inf", "1e999", "0.5.5"] {
            assert_eq!(read_number(nonsense), None, "{nonsense}");
        }
    }
}
