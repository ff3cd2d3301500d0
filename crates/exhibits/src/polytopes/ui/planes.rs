use piecewise_plot::{format_number, subscript};
use piecewise_widgets::{NumberCell, number, signed, symbol_with_index};
use yew::prelude::*;

use super::{
    super::{
        Coloring, MOST_BENDS, MOST_PLANES, OFFSET_LIMIT, Params, WEIGHT_LIMIT, random_origin, random_start, unit_name,
    },
    NUMBERS, PartProps,
};
use crate::{
    Params as _,
    ui::{Embed, ParamsHandle, counted, select, stepper, switch},
};

/// One number of a plane in a line with its name.
fn dial(params: &ParamsHandle<Params>, unit: usize, column: usize) -> Html {
    let (name, limit, step) = [
        ("azimuth", 180.0, 1.0),
        ("elevation", 90.0, 1.0),
        ("offset", OFFSET_LIMIT, 1.0 / 64.0),
        ("weight in the output", WEIGHT_LIMIT, 1.0 / 64.0),
    ][column];
    let now = params.now();
    let row = <[f64; 4]>::from(now.planes[unit]);
    let set = move |p: &mut Params, to: f64| {
        let mut row = <[f64; 4]>::from(p.planes[unit]);
        row[column] = to;
        p.planes[unit] = row.into();
    };
    let on_edit = {
        let params = params.clone();
        let gesture = NUMBERS + 4 * unit as u32 + column as u32;
        Callback::from(move |to: f64| params.drag(gesture, move |p| set(p, to)))
    };
    let on_rest = params.on_rest();
    let on_reset = {
        let params = params.clone();
        let then = Params::from_start(&now.start)
            .and_then(|start| start.planes.get(unit).map(|&plane| <[f64; 4]>::from(plane)[column]))
            .unwrap_or(0.0);
        Callback::from(move |()| params.edit(move |p| set(p, then)))
    };
    let unit_sign = if column < 2 { ", °" } else { "" };
    html! {
        <div class="dial">
            <span class="dial-name">{ format!("{name}{unit_sign}") }</span>
            <NumberCell label={format!("{name} of {}", unit_name(now, unit))} value={row[column]} min={-limit} max={limit} step={step}
                on_edit={on_edit} on_rest={on_rest} on_reset={on_reset} />
        </div>
    }
}

/// The planes: how many, and the numbers of one of them.
#[component]
pub(super) fn Planes(props: &PartProps) -> Html {
    let embed = use_context::<Embed>().unwrap_or_default();
    let PartProps { params, selected, attend_unit, select, .. } = props;
    let (now, selected) = (params.now().clone(), *selected);
    let n = now.planes.len();
    let resize = {
        let select = select.clone();
        params.edits(move |p: &mut Params, to: u64| {
            let to = to as usize;
            select.emit(to.saturating_sub(1));
            // A new plane is the one that the random draw of this size would have there.
            let (_, seed) = random_origin(&p.start).unwrap_or((0, 9));
            let drawn = Params::from_start(&random_start(MOST_PLANES, seed)).unwrap_or_default().planes;
            p.planes.extend(drawn.into_iter().skip(p.planes.len()).take(to.saturating_sub(p.planes.len())));
            p.planes.truncate(to);
            p.picked = None;
        })
    };
    let chip = |unit: usize| {
        let attend = |here: bool| attend_unit.reform(move |_: PointerEvent| here.then_some(unit));
        let attend_focus = |here: bool| attend_unit.reform(move |_: FocusEvent| here.then_some(unit));
        html! {
            <button type="button" key={unit} aria-pressed={(unit == selected).to_string()} onclick={select.reform(move |_: MouseEvent| unit)}
                style={format!("--unit: {}", embed.theme().unit(unit).css())}
                onpointerenter={attend(true)} onpointerleave={attend(false)} onfocus={attend_focus(true)} onblur={attend_focus(false)}>
                <span class="unit-name">{ unit_name(&now, unit) }</span></button>
        }
    };
    html! {
        <div class="polytopes-planes">
            <div class="polytopes-row">
                <span class="polytopes-chips" role="group" aria-label="Planes">{ for (0..n).map(chip) }</span>
                { stepper("Planes", counted(n as u64, "plane"), [n as u64, 0, MOST_PLANES as u64], &resize) }
            </div>
            if selected < n {
                <div class="polytopes-plane" style={format!("--unit: {}", embed.theme().unit(selected).css())}>
                    { equation(&now, selected) }
                    { for (0..3).map(|column| dial(params, selected, column)) }
                </div>
            }
        </div>
    }
}

/// One hidden unit as an equation with its numbers.
fn equation(params: &Params, unit: usize) -> Html {
    let [bias, weights @ ..] = params.planes[unit].theta();
    let term = |(i, w): (usize, f64)| {
        html! { <>{ signed(w, 3) }<mspace width="0.15em" />{ symbol_with_index("x", (i + 1).to_string()) }</> }
    };
    html! {
        <p class="term"><math><mrow>
            { symbol_with_index("h", (unit + 1).to_string()) }<mo>{ "=" }</mo><mi mathvariant="normal">{ "a" }</mi><mo stretchy="false">{ "[" }</mo>
            { number(bias, 3) }{ for weights.into_iter().enumerate().map(term) }<mo stretchy="false">{ "]" }</mo>
        </mrow></math></p>
    }
}

/// Colours, weights, a second layer, random draws.
#[component]
pub(super) fn More(props: &PartProps) -> Html {
    let params = &props.params;
    let now = params.now().clone();
    let n = now.planes.len();
    let choose_colors = params.edits(|p: &mut Params, index: usize| {
        p.colors = [Coloring::Pattern, Coloring::Output][index];
    });
    let (_, seed) = random_origin(&now.start).unwrap_or((n, 0));
    let draw_planes = {
        let params = params.clone();
        Callback::from(move |_: MouseEvent| params.begin(&random_start(n.max(1), seed + 1)))
    };
    let n_bends = now.second.len();
    let bend = params.edits(|p: &mut Params, to: u64| {
        p.second.resize(to as usize, 0.25);
        p.picked = None;
    });
    let draw_weights = params.on_click(move |p| p.seed = p.seed.wrapping_add(1));
    let bias = |j: usize| {
        let on_edit = {
            let params = params.clone();
            let gesture = NUMBERS + 4 * MOST_PLANES as u32 + j as u32;
            Callback::from(move |to: f64| params.drag(gesture, move |p| p.second[j] = to))
        };
        let on_rest = params.on_rest();
        let name = format!("bias of h′{}", subscript(j + 1));
        html! {
            <div class="dial">
                <span class="dial-name">{ name.clone() }</span>
                <NumberCell label={name} value={now.second[j]} min={-WEIGHT_LIMIT} max={WEIGHT_LIMIT} on_edit={on_edit} on_rest={on_rest} />
            </div>
        }
    };
    let [omega, phi] = now.second_weights();
    let weights = |j: usize| {
        let numbers: Vec<String> = omega[j][..n].iter().map(|&w| format_number(w, 4)).collect();
        html! { <p class="hint">{ format!("h′{} reads {}; weight {} in the output", subscript(j + 1), numbers.join(", "), format_number(phi[j][0], 4)) }</p> }
    };
    html! {
        <div class="tools">
            <div class="row">
                <label>{ "colours" }{ select("colours", &["by pattern", "by output"], usize::from(now.colors == Coloring::Output), &choose_colors) }</label>
                { switch("patterns", now.patterns, &params.edits(|p: &mut Params, on| p.patterns = on)) }
                <button type="button" onclick={draw_planes}><span aria-hidden="true">{ "⚄" }</span>{ "Random planes" }</button>
            </div>
            if now.second.is_empty() && props.selected < n {
                { dial(params, props.selected, 3) }
            }
            <div class="row">
                <span>{ "second layer" }</span>
                { stepper("Units of the second layer", if n_bends == 0 { "none".to_owned() } else { counted(n_bends as u64, "unit") }, [n_bends as u64, 0, MOST_BENDS as u64], &bend) }
                if n_bends > 0 {
                    <button type="button" onclick={draw_weights}><span aria-hidden="true">{ "⚄" }</span>{ "Other weights" }</button>
                }
            </div>
            { for (0..n_bends).map(bias) }
            { for (0..n_bends).map(weights) }
        </div>
    }
}
