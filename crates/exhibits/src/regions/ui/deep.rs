use piecewise_plot::{Frame, subscript};
use piecewise_widgets::NumberCell;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::{
    super::{BIAS_LIMIT, Params, WEIGHT_LIMIT, unit_name},
    Shared,
};
use crate::{
    Params as _,
    ui::{Embed, ParamsHandle},
};

#[derive(PartialEq, Properties)]
pub(super) struct BendHandleProps {
    pub(super) params: ParamsHandle<Params>,
    pub(super) scene: Shared,
    pub(super) frame: Frame,
    pub(super) index: usize,
    pub(super) attend: Callback<Option<usize>>,
}

/// The boundary of a unit of a deeper layer: a click chooses the unit.
#[component]
pub(super) fn BendHandle(props: &BendHandleProps) -> Html {
    let bend = &props.scene.bends[props.index];
    let now = props.params.now();
    let chosen = vec![bend.layer + 1, bend.unit + 1];
    if now.hide.contains(&(bend.layer + 1)) || bend.paths.is_empty() {
        return Html::default();
    }
    let pressed = now.selected == chosen;
    let choose = {
        let params = props.params.clone();
        Callback::from(move |()| {
            let chosen = chosen.clone();
            params.edit(move |p| p.selected = chosen);
        })
    };
    let onkeydown = {
        let choose = choose.clone();
        Callback::from(move |event: KeyboardEvent| {
            if matches!(event.key().as_str(), "Enter" | " ") {
                event.prevent_default();
                choose.emit(());
            }
        })
    };
    let index = props.index;
    let attend = |here: bool| props.attend.reform(move |_: PointerEvent| here.then_some(index));
    let attend_focus = |here: bool| props.attend.reform(move |_: FocusEvent| here.then_some(index));
    let line = |path: &Vec<[f64; 2]>| {
        let points: Vec<String> = path
            .iter()
            .map(|&point| props.frame.screen_from_data(point))
            .map(|[x, y]| format!("{x:.1},{y:.1}"))
            .collect();
        html! { <polyline points={points.join(" ")} /> }
    };
    html! {
        <g class="regions-bend" tabindex="0" role="button" aria-pressed={pressed.to_string()}
            aria-label={format!("Boundary of {}: choose it", unit_name(bend.layer, bend.unit))}
            onclick={choose.reform(|_: MouseEvent| ())} onkeydown={onkeydown}
            onpointerenter={attend(true)} onpointerleave={attend(false)} onfocusin={attend_focus(true)} onfocusout={attend_focus(false)}>
            { for bend.paths.iter().map(line) }
        </g>
    }
}

#[derive(PartialEq, Properties)]
pub(super) struct DeepWeightsProps {
    pub(super) params: ParamsHandle<Params>,
}

/// The bias and the weights of one unit of a deeper layer, or of the output.
#[component]
pub(super) fn DeepWeights(props: &DeepWeightsProps) -> Html {
    let embed = use_context::<Embed>().unwrap_or_default();
    let params = &props.params;
    let now = params.now().clone();
    let widths = now.widths();
    let n_layers = widths.len();
    let (layer, unit) = now.selected().filter(|&(layer, _)| layer > 0).unwrap_or((1, 0));
    let name = |layer: usize, unit: usize| if layer == n_layers { "y".to_owned() } else { unit_name(layer, unit) };
    let choose = {
        let params = params.clone();
        Callback::from(move |event: Event| {
            let select: HtmlSelectElement = event.target_unchecked_into();
            if let Some((layer, unit)) = select.value().split_once('-') {
                let chosen: Vec<usize> = [layer, unit].iter().filter_map(|n| n.parse().ok()).collect();
                params.edit(move |p| p.selected = chosen);
            }
        })
    };
    // Of a wide first layer too, of which only the chosen unit has its sliders.
    let first = usize::from(widths[0] <= super::MOST_ROWS);
    let all = (first..=n_layers)
        .flat_map(|layer| (0..widths.get(layer).copied().unwrap_or(1)).map(move |unit| (layer, unit)));
    let option = |(of, which): (usize, usize)| {
        html! { <option value={format!("{}-{}", of + 1, which + 1)} selected={(of, which) == (layer, unit)}>{ name(of, which) }</option> }
    };
    let rest = params.on_rest();
    let start = Params::from_start(&now.start).filter(|start| start.widths() == widths && start.seed == now.seed);
    let weights = now.weights(layer + 1, unit + 1);
    let cell = |(column, &value): (usize, &f64)| {
        let on_edit = {
            let params = params.clone();
            let gesture = 2000 + (layer * 10_000 + unit * 100 + column) as u32;
            Callback::from(move |value| params.drag(gesture, move |p| p.set_weight(layer + 1, unit + 1, column, value)))
        };
        let on_reset = {
            let params = params.clone();
            let then = start.as_ref().map(|start| start.weights(layer + 1, unit + 1)[column]);
            Callback::from(move |()| {
                params.edit(move |p| {
                    p.edits.retain(|edit| (edit.layer, edit.unit, edit.column) != (layer + 1, unit + 1, column));
                    let drawn = p.weights(layer + 1, unit + 1)[column];
                    if let Some(then) = then.filter(|&then| then != drawn) {
                        p.set_weight(layer + 1, unit + 1, column, then);
                    }
                });
            })
        };
        let (label, limit) = if column == 0 {
            (format!("bias β of {}", name(layer, unit)), BIAS_LIMIT)
        } else {
            (format!("weight ω of {}", unit_name(layer - 1, column - 1)), WEIGHT_LIMIT)
        };
        let color = if column == 0 { embed.theme().ink } else { embed.theme().unit(column - 1) };
        html! {
            <div class="dial" key={column}>
                <span class="dial-name" style={format!("--unit: {}", color.css())}>
                    <span class="unit-name">{ if column == 0 { "β".to_owned() } else { format!("ω{}", subscript(column)) } }</span>
                    { if column == 0 { "bias".to_owned() } else { format!("from {}", unit_name(layer - 1, column - 1)) } }
                </span>
                <NumberCell label={label} value={value} min={-limit} max={limit} on_edit={on_edit} on_rest={rest.clone()} on_reset={on_reset} />
            </div>
        }
    };
    html! {
        <div class="regions-deep">
            <label>{ "Weights of " }
                <select onchange={choose} aria-label="Unit whose weights are set">{ for all.map(option) }</select>
            </label>
            <div class="dials">{ for weights.iter().enumerate().map(cell) }</div>
        </div>
    }
}
