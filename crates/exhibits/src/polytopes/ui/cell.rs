use piecewise_plot::{Theme, format_number};
use piecewise_widgets::NumberCell;
use yew::prelude::*;

use super::{
    super::{Cell, Face, Params, polygon_name, side_name, unit_name},
    EXPLODING, PartProps,
};
use crate::{
    Params as _,
    regions::map_text,
    ui::{Embed, switch},
};

/// A pattern, with the layers apart.
fn layers(params: &Params, pattern: &str) -> String {
    let (first, second) = pattern.split_at(params.planes.len());
    if second.is_empty() { first.to_owned() } else { format!("{first} {second}") }
}

/// What lies behind a face: a unit's plane or a side of the cube.
fn face_name(params: &Params, face: &Face) -> String {
    match face.unit {
        Some(unit) => unit_name(params, unit),
        None => side_name(face),
    }
}

/// Pulling the cells apart, and the one that is picked out.
#[component]
pub(super) fn CellCard(props: &PartProps) -> Html {
    let embed = use_context::<Embed>().unwrap_or_default();
    let PartProps { params, solid, lit, pick, .. } = props;
    let now = params.now().clone();
    let on_edit = params.drags(EXPLODING, move |p, to: f64| p.explode = to);
    let on_rest = params.on_rest();
    let on_reset = {
        let params = params.clone();
        let then = Params::from_start(&now.start).map_or(0.0, |start| start.explode);
        Callback::from(move |()| params.edit(move |p| p.explode = then))
    };
    let n = solid.cells.len();
    let step = |by: usize| {
        let next = match lit.picked {
            Some(picked) => (picked + by) % n,
            None if by == 1 => 0,
            None => n - 1,
        };
        pick.reform(move |_: MouseEvent| next)
    };
    html! {
        <div class="polytopes-card">
            <div class="polytopes-row">
                <div class="dial">
                    <span class="dial-name">{ "pulled apart" }</span>
                    <NumberCell label="How far the cells are apart" value={now.explode} min={0.0} max={1.0} step={0.01} decimals={2}
                        on_edit={on_edit} on_rest={on_rest} on_reset={on_reset} />
                </div>
                { switch("see through", now.glass, &params.edits(|p: &mut Params, on| p.glass = on)) }
                <span class="stepper" role="group" aria-label="Cell picked out">
                    <button type="button" aria-label="The cell before" disabled={n < 2} onclick={step(n - 1)}>{ "◂" }</button>
                    <output>{ lit.picked.map_or_else(|| "no cell".to_owned(), |picked| format!("{} of {n}", picked + 1)) }</output>
                    <button type="button" aria-label="The next cell" disabled={n < 2} onclick={step(1)}>{ "▸" }</button>
                </span>
            </div>
            <div class="polytopes-facts" aria-live="polite">
                if let Some(cell) = lit.picked.map(|picked| &solid.cells[picked]) {
                    { facts(&now, cell) }
                    { faces(props, embed.theme(), cell) }
                } else if let Some(cell) = lit.cell.map(|cell| &solid.cells[cell]) {
                    { facts(&now, cell) }
                    <p class="hint">{ "Click to pick it out." }</p>
                } else {
                    <p class="hint">{ "Drag the cube to turn it. Click a cell to pick it out; ◂ and ▸ walk through all of them." }</p>
                }
            </div>
        </div>
    }
}

/// The numbers of a cell.
fn facts(params: &Params, cell: &Cell) -> Html {
    let (f, v, e) = (cell.faces.len(), cell.n_vertices, cell.n_edges);
    html! {
        <>
            <p class="readout">
                <span class="pattern">{ layers(params, &cell.pattern) }</span>
                <span class="map">{ map_text(cell.intercept, cell.slope, 3) }</span>
            </p>
            <p class="polytopes-numbers">
                <span>{ format!("volume {} ({} % of the cube)", format_number(cell.volume, 4), format_number(cell.volume * 12.5, 2)) }</span>
                <span>{ format!("corners − edges + faces: {v} − {e} + {f} = {}", (v + f) as i64 - e as i64) }</span>
            </p>
        </>
    }
}

/// The faces of the cell that is picked out; each leads to the cell behind it.
fn faces(props: &PartProps, theme: &Theme, cell: &Cell) -> Html {
    let params = props.params.now();
    let face = |face: &Face| {
        let what = format!("{}: {}", face_name(params, face), polygon_name(face.vertices.len()));
        let style = face.unit.map(|unit| format!("--unit: {}", theme.unit(unit).css()));
        let attend = |here: bool| {
            let unit = face.unit.filter(|_| here);
            props.attend_unit.reform(move |_: PointerEvent| unit)
        };
        let attend_focus = |here: bool| {
            let unit = face.unit.filter(|_| here);
            props.attend_unit.reform(move |_: FocusEvent| unit)
        };
        match face.neighbour {
            Some(neighbour) => html! {
                <li style={style}><button type="button" onclick={props.pick.reform(move |_: MouseEvent| neighbour)}
                    onpointerenter={attend(true)} onpointerleave={attend(false)} onfocus={attend_focus(true)} onblur={attend_focus(false)}>
                    { what }<span class="pattern">{ format!("→ {}", layers(params, &props.solid.cells[neighbour].pattern)) }</span></button></li>
            },
            None => html! { <li class="outer">{ what }</li> },
        }
    };
    html! { <ul class="polytopes-faces" aria-label="Faces">{ for cell.faces.iter().map(face) }</ul> }
}

/// Every cell with its numbers, for those who do not see the picture and those who want to copy them.
#[component]
pub(super) fn CellTable(props: &PartProps) -> Html {
    let open = use_state_eq(|| false);
    let ontoggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let params = props.params.now();
    let row = |(index, cell): (usize, &Cell)| {
        let pick = props.pick.reform(move |_: MouseEvent| index);
        let neighbours: Vec<String> =
            cell.neighbours().iter().map(|&n| layers(params, &props.solid.cells[n].pattern)).collect();
        html! {
            <tr key={cell.pattern.clone()} class={classes!((props.lit.picked == Some(index)).then_some("attended"))}>
                <th scope="row"><button type="button" class="pattern" aria-pressed={(props.lit.picked == Some(index)).to_string()} onclick={pick}>
                    { layers(params, &cell.pattern) }</button></th>
                <td>{ format_number(cell.volume, 4) }</td>
                <td>{ cell.faces.len() }</td>
                <td>{ cell.n_vertices }</td>
                <td>{ cell.n_edges }</td>
                <td>{ map_text(cell.intercept, cell.slope, 4) }</td>
                <td>{ neighbours.join(", ") }</td>
            </tr>
        }
    };
    html! {
        <div class="region-table">
            <button type="button" class="disclosure" aria-expanded={open.to_string()} onclick={ontoggle}>
                { format!("All {} cells as a table", props.solid.cells.len()) }
            </button>
            // Rows are made only while they are seen: a drag should not pay for them.
            if *open {
                <div class="scroll" tabindex="0" role="region" aria-label="All cells">
                    <table>
                        <thead><tr>{ for ["pattern", "volume", "faces", "corners", "edges", "map", "neighbours"].map(|name| html! { <th scope="col">{ name }</th> }) }</tr></thead>
                        <tbody>{ for props.solid.cells.iter().enumerate().map(row) }</tbody>
                    </table>
                </div>
            }
        </div>
    }
}
