use yew::prelude::*;

use super::super::{MOST_LAYERS, MOST_UNITS, Params, View};
use crate::ui::{ParamsHandle, counted, stepper, switch};

/// What is looked at.
fn views(params: &ParamsHandle<Params>) -> Html {
    let now = params.now().view;
    let button = |view: View, label: &'static str| {
        let params = params.clone();
        let onclick = Callback::from(move |_: MouseEvent| params.edit(move |p| p.view = view));
        html! { <button type="button" aria-pressed={(now == view).to_string()} onclick={onclick}>{ label }</button> }
    };
    html! {
        <div class="row" role="group" aria-label="What is looked at">
            { button(View::Plane, "Set by hand") }
            { button(View::Training, "While it learns") }
            { button(View::File, "From a file") }
            { button(View::Growth, "How fast it grows") }
        </div>
    }
}

/// Depth, overlays, and the other views.
pub(super) fn more(params: &ParamsHandle<Params>) -> Html {
    let now = params.now().clone();
    let by_hand = now.view == View::Plane;
    let widths = now.widths();
    let open = now.is_deep() || now.dual || now.ray || !by_hand;
    let depth = stepper(
        "Hidden layers",
        counted(widths.len() as u64, "hidden layer"),
        [widths.len() as u64, 1, MOST_LAYERS as u64],
        &params.edits(|p: &mut Params, layers: u64| {
            let width = p.deep.last().copied().unwrap_or(3);
            p.deep.resize(layers as usize - 1, width);
        }),
    );
    let width = |layer: usize| {
        let value = now.deep[layer] as u64;
        let label = format!("Units of layer {}", layer + 2);
        let text = format!("{value} in layer {}", layer + 2);
        stepper(
            label,
            text,
            [value, 1, MOST_UNITS as u64],
            &params.edits(move |p: &mut Params, n: u64| p.deep[layer] = n as usize),
        )
    };
    let show = |layer: usize| {
        let label = format!("lines of layer {layer}");
        let on_switch = params.edits(move |p: &mut Params, on: bool| {
            p.hide.retain(|&hidden| hidden != layer);
            if !on {
                p.hide.push(layer);
            }
        });
        switch(label, !now.hide.contains(&layer), &on_switch)
    };
    let redraw = {
        let params = params.clone();
        Callback::from(move |_: MouseEvent| {
            params.edit(|p| {
                p.seed = p.seed.wrapping_add(1) % 1_000_000;
                p.edits.clear();
            });
        })
    };
    html! {
        <details class="regions-more" open={open}>
            <summary>{ "More: depth, neighbours, a ray, other networks" }</summary>
            <div class="tools">
                { views(params) }
                if by_hand {
                    <div class="row">{ depth }</div>
                }
                if by_hand && now.is_deep() {
                    <div class="row">{ for (0..now.deep.len()).map(width) }</div>
                    <div class="row">
                        <button type="button" onclick={redraw}><span aria-hidden="true">{ "⚄" }</span>{ "Other deep weights" }</button>
                        { for (1..=widths.len()).map(show) }
                    </div>
                }
                if now.view != View::Growth {
                    <div class="row">
                        { switch("join neighbours", now.dual, &params.edits(|p: &mut Params, on| p.dual = on)) }
                        { switch("a ray", now.ray, &params.edits(|p: &mut Params, on| p.ray = on)) }
                    </div>
                }
            </div>
        </details>
    }
}
