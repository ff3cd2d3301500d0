//! What stands beside pictures and edits parameters: each of these is there once, for all exhibits.

use piecewise_widgets::{Gesture, NumberCell, symbol};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::ParamsHandle;
use crate::Params;

/// What the buttons and the slider of a [`Playback`](piecewise_widgets::Playback) do to a count of steps.
#[derive(Clone, Debug)]
pub struct Stepping {
    /// A run goes on.
    pub on_advance: Callback<u64>,
    /// The slider moves.
    pub on_scrub: Callback<u64>,
    /// A button goes to a step.
    pub on_go: Callback<u64>,
    /// A run or a movement of the slider is over.
    pub on_rest: Callback<()>,
}

impl<P: Params> ParamsHandle<P> {
    /// Ends a gesture: what sliders and handles call when they come to rest.
    pub fn on_rest(&self) -> Callback<()> {
        let params = self.clone();
        Callback::from(move |()| params.rest())
    }

    /// What a button changes, as one step.
    pub fn on_click(&self, change: impl Fn(&mut P) + Clone + 'static) -> Callback<MouseEvent> {
        self.edits(move |p, _| change(p))
    }

    /// What a control sets, each time as one step.
    pub fn edits<T: 'static>(&self, set: impl Fn(&mut P, T) + Clone + 'static) -> Callback<T> {
        let params = self.clone();
        Callback::from(move |to| {
            let set = set.clone();
            params.edit(move |p| set(p, to));
        })
    }

    /// What a control sets while it moves, all as one step until it comes to rest.
    pub fn drags<T: 'static>(&self, gesture: Gesture, set: impl Fn(&mut P, T) + Clone + 'static) -> Callback<T> {
        let params = self.clone();
        Callback::from(move |to| {
            let set = set.clone();
            params.drag(gesture, move |p| set(p, to));
        })
    }

    /// What a playback does to this count; everything but its buttons is one gesture.
    pub fn stepping(&self, gesture: Gesture, count: fn(&mut P) -> &mut u64) -> Stepping {
        Stepping {
            on_advance: self.drags(gesture, move |p, by| *count(p) += by),
            on_scrub: self.drags(gesture, move |p, to| *count(p) = to),
            on_go: self.edits(move |p, to| *count(p) = to),
            on_rest: self.on_rest(),
        }
    }
}

/// A number that is read off, with what it is; `name` is for tests and styles.
pub fn counter(name: &'static str, value: impl Into<AttrValue>, label: impl Into<AttrValue>) -> Html {
    html! { <div class="counter" data-count={name}><strong>{ value.into() }</strong><span>{ label.into() }</span></div> }
}

/// A choice among names on a line of its own; told the index of the one that was chosen.
pub fn choice(label: &'static str, names: &[impl AsRef<str>], chosen: usize, on_choose: &Callback<usize>) -> Html {
    html! {
        <label class="dial" key={label}><span class="dial-name">{ label }</span>{ select(label, names, chosen, on_choose) }</label>
    }
}

/// The list of names of a [`choice`], where it stands in other surroundings.
pub fn select(label: &'static str, names: &[impl AsRef<str>], chosen: usize, on_choose: &Callback<usize>) -> Html {
    let last = names.len().saturating_sub(1);
    let onchange = on_choose.reform(move |event: Event| {
        let select: HtmlSelectElement = event.target_unchecked_into();
        // Nothing chosen is −1.
        (select.selected_index().max(0) as usize).min(last)
    });
    html! {
        <select aria-label={label} onchange={onchange}>
            { for names.iter().enumerate().map(|(index, name)| html! { <option selected={index == chosen}>{ name.as_ref() }</option> }) }
        </select>
    }
}

/// A box to tick.
pub fn switch(label: impl Into<AttrValue>, checked: bool, on_switch: &Callback<bool>) -> Html {
    switch_where(true, label, checked, on_switch)
}

/// A [`switch`] that can be used only where it means something.
pub fn switch_where(enabled: bool, label: impl Into<AttrValue>, checked: bool, on_switch: &Callback<bool>) -> Html {
    let onchange = on_switch.reform(|event: Event| event.target_unchecked_into::<HtmlInputElement>().checked());
    html! { <label class="switch"><input type="checkbox" checked={checked} disabled={!enabled} onchange={onchange} />{ label.into() }</label> }
}

/// A whole number between two buttons, with its least and its greatest value; told what it is to become.
pub fn stepper(
    label: impl Into<AttrValue>,
    text: impl Into<AttrValue>,
    [value, least, most]: [u64; 3],
    on_step: &Callback<u64>,
) -> Html {
    let label = label.into();
    let step = |to: u64| on_step.reform(move |_: MouseEvent| to);
    html! {
        <span class="stepper" role="group" aria-label={label.clone()}>
            <button type="button" aria-label={format!("{label}: one fewer")} disabled={value <= least} onclick={step(value.saturating_sub(1))}>{ "−" }</button>
            <output>{ text.into() }</output>
            <button type="button" aria-label={format!("{label}: one more")} disabled={value >= most} onclick={step(value + 1)}>{ "+" }</button>
        </span>
    }
}

/// "1 unit", "3 units".
pub fn counted(n: u64, one: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") }
}

/// A number with its name and its slider on a line of its own.
#[derive(Clone, Copy, Debug)]
pub struct Dial<P> {
    /// Its sign in formulas.
    pub symbol: &'static str,
    /// What it is.
    pub name: &'static str,
    /// The least and the most it can be.
    pub range: [f64; 2],
    /// The step of the slider; of the exponent on a logarithmic one.
    pub step: f64,
    /// Whether the slider moves the exponent.
    pub logarithmic: bool,
    /// How many decimals are shown.
    pub decimals: usize,
    /// What it is now.
    pub read: fn(&P) -> f64,
    /// Makes it something else.
    pub write: fn(&mut P, f64),
}

impl<P> Dial<P> {
    /// A dial in steps of 1/64, with three decimals.
    pub const fn linear(
        symbol: &'static str,
        name: &'static str,
        range: [f64; 2],
        read: fn(&P) -> f64,
        write: fn(&mut P, f64),
    ) -> Self {
        Self { symbol, name, range, step: 1.0 / 64.0, logarithmic: false, decimals: 3, read, write }
    }

    /// A dial whose slider moves the exponent, in steps of 1/100, with four decimals.
    pub const fn logarithmic(
        symbol: &'static str,
        name: &'static str,
        range: [f64; 2],
        read: fn(&P) -> f64,
        write: fn(&mut P, f64),
    ) -> Self {
        Self { symbol, name, range, step: 0.01, logarithmic: true, decimals: 4, read, write }
    }
}

/// Puts a dial on the page. A double click brings back what the number was at the start.
pub fn dial<P: Params>(params: &ParamsHandle<P>, gesture: Gesture, dial: &Dial<P>) -> Html {
    dial_with_marks(params, gesture, dial, Vec::new())
}

/// A [`dial`] with some numbers marked on its slider.
pub fn dial_with_marks<P: Params>(params: &ParamsHandle<P>, gesture: Gesture, dial: &Dial<P>, marks: Vec<f64>) -> Html {
    let Dial { read, write, .. } = *dial;
    let on_edit = params.drags(gesture, write);
    let on_reset = params.edits(move |p: &mut P, ()| {
        let then = read(&P::from_start(p.start()).unwrap_or_default());
        write(p, then);
    });
    html! {
        <div class="dial" key={dial.name}>
            <span class="dial-name"><math>{ symbol(dial.symbol) }</math>{ dial.name }</span>
            <NumberCell label={dial.name} value={read(params.now())} min={dial.range[0]} max={dial.range[1]} step={dial.step}
                logarithmic={dial.logarithmic} decimals={dial.decimals} marks={marks} on_edit={on_edit} on_rest={params.on_rest()}
                on_reset={on_reset} />
        </div>
    }
}
