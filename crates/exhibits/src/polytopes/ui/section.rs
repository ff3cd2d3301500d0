use piecewise_plot::{Frame, format_number, subscript};
use piecewise_widgets::{DragStep, DragTarget, Drawing, Handles, Nudge, NumberCell, PlotCanvas};
use yew::prelude::*;

use super::{
    super::{Params, Picture, draw_section, section_frame, unit_name},
    NUMBERS, PartProps, SLICING,
};
use crate::{
    Params as _, aim,
    ui::{Embed, PictureSize, use_picture},
};

/// The cross-section with its axis and its place.
#[component]
pub(super) fn SectionCard(props: &PartProps) -> Html {
    let params = &props.params;
    let now = params.now().clone();
    let axis_button = |axis: usize| {
        let onclick = params.on_click(move |p| p.axis = axis);
        html! {
            <button type="button" aria-pressed={(now.axis == axis).to_string()} onclick={onclick}>{ format!("x{}", subscript(axis)) }</button>
        }
    };
    let on_edit = params.drags(SLICING, move |p, to: f64| p.position = to);
    let on_rest = params.on_rest();
    let on_reset = {
        let params = params.clone();
        let then = Params::from_start(&now.start).map_or(0.0, |start| start.position);
        Callback::from(move |()| params.edit(move |p| p.position = then))
    };
    let (n_cut, n_cells) = (props.section.cuts.len(), props.solid.cells.len());
    let name = format!("x{}", subscript(now.axis));
    html! {
        <div class="polytopes-section">
            <SectionPlot ..props.clone() />
            <div class="row">
                <span class="polytopes-axes" role="group" aria-label="Cut across">{ for (1..=3).map(axis_button) }</span>
                <NumberCell label={format!("Cut at {name}")} value={now.position} min={-1.0} max={1.0}
                    on_edit={on_edit} on_rest={on_rest} on_reset={on_reset} />
            </div>
            <p class="hint">{ format!("The cut at {name} = {} meets {n_cut} of {n_cells} cells, each in a convex polygon.", format_number(now.position, 3)) }</p>
        </div>
    }
}

/// The cross-section; the lines in it can be dragged.
#[component]
fn SectionPlot(props: &PartProps) -> Html {
    let embed = use_context::<Embed>().unwrap_or_default();
    let theme = embed.theme();
    let PictureSize { size_px, scale, on_size } = use_picture([360.0, 380.0]);
    let now = props.params.now().clone();
    let (solid, section, lit) = (props.solid.clone(), props.section.clone(), props.lit);
    let frame = section_frame(size_px, scale);
    let look = (now.colors, now.patterns);
    let data = use_memo((solid, section.clone(), lit, look, size_px, embed), {
        let now = now.clone();
        move |(solid, section, lit, ..)| {
            let (solid, section, lit) = (solid.clone(), section.clone(), *lit);
            Drawing::new(move |paper| {
                draw_section(paper, &frame, &Picture { params: &now, solid: &solid, section: &section, lit, theme });
            })
        }
    });
    let cell_under = {
        let section = section.clone();
        move |event: &MouseEvent| {
            section.cell_at(frame.data_from_screen([event.offset_x(), event.offset_y()].map(f64::from)))
        }
    };
    let onpointermove = {
        let (attend, cell_under) = (props.attend_cell.clone(), cell_under.clone());
        Callback::from(move |event: PointerEvent| {
            if event.pointer_type() != "touch" {
                attend.emit(cell_under(&event));
            }
        })
    };
    let onpointerleave = props.attend_cell.reform(|_: PointerEvent| None);
    let onclick = {
        let pick = props.pick.clone();
        Callback::from(move |event: MouseEvent| {
            if let Some(cell) = cell_under(&event) {
                pick.emit(cell);
            }
        })
    };
    let [x, y, side] = [frame.corner_px[0], frame.corner_px[1], frame.size_px[0]].map(|px| px.to_string());
    html! {
        <PlotCanvas layers={vec![(*data).clone()]} scale={scale} label="The cross-section" on_size={on_size}>
            <Handles size_px={size_px}>
                <rect class="ground" x={x} y={y} width={side.clone()} height={side} onpointermove={onpointermove}
                    onpointerleave={onpointerleave} onclick={onclick} />
                { for section.lines.iter().enumerate().filter_map(|(unit, line)| line.map(|line| html! {
                    <LineHandle key={unit} part={props.clone()} frame={frame} unit={unit} line={line} color={theme.unit(unit).css()} />
                })) }
            </Handles>
        </PlotCanvas>
    }
}

#[derive(PartialEq, Properties)]
struct LineHandleProps {
    part: PartProps,
    frame: Frame,
    unit: usize,
    line: [[f64; 2]; 2],
    color: String,
}

/// The line of one plane: dragging it moves the plane along its direction.
#[component]
fn LineHandle(props: &LineHandleProps) -> Html {
    let grabbed = use_mut_ref(|| 0.0);
    let PartProps { params, section, attend_unit, select, .. } = &props.part;
    let (unit, frame) = (props.unit, props.frame);
    let plane = params.now().planes[unit];
    let [i, j] = section.axes();
    let normal = plane.normal();
    let across = [normal[i], normal[j]];
    let gesture = NUMBERS + 4 * unit as u32 + 2;
    let on_drag = {
        let (params, select) = (params.clone(), select.clone());
        Callback::from(move |DragStep { start, from, to }: DragStep| {
            if from == start {
                *grabbed.borrow_mut() = plane.offset;
                select.emit(unit);
            }
            let (start, to) = (frame.data_from_screen(start), frame.data_from_screen(to));
            let by = across[0] * (to[0] - start[0]) + across[1] * (to[1] - start[1]);
            let tolerance = 0.5 * frame.data_per_px()[0] * f64::hypot(across[0], across[1]);
            let to = aim(*grabbed.borrow() + by, tolerance);
            params.drag(gesture, move |p| p.planes[unit].offset = to);
        })
    };
    let on_nudge = {
        let params = params.clone();
        Callback::from(move |Nudge { direction, size }: Nudge| {
            // Along the axis that the line is more nearly across.
            let way =
                if across[0].abs() > across[1].abs() { across[0] * direction[0] } else { across[1] * direction[1] };
            let by = if way == 0.0 { 0.0 } else { way.signum() * size / 64.0 };
            params.drag(gesture, move |p| p.planes[unit].offset = aim(p.planes[unit].offset + by, 0.0));
        })
    };
    let on_rest = params.on_rest();
    let on_attend = attend_unit.reform(move |here: bool| here.then_some(unit));
    let [from, to] = props.line.map(|end| frame.screen_from_data(end));
    let line = |class: &'static str| {
        html! {
            <line class={class} x1={from[0].to_string()} y1={from[1].to_string()} x2={to[0].to_string()} y2={to[1].to_string()} />
        }
    };
    html! {
        <DragTarget class="hinge-body" style={format!("--unit: {}", props.color)}
            label={format!("Move the plane of {} by its line", unit_name(params.now(), unit))}
            value_text={format!("offset {}", format_number(plane.offset, 3))}
            on_drag={on_drag} on_nudge={on_nudge} on_rest={on_rest} on_attend={on_attend}>
            { line("reach") }
            { line("focus-mark") }
        </DragTarget>
    }
}
