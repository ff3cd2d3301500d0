use piecewise_plot::{Paper, format_number};
use piecewise_widgets::{DragStep, DragTarget, Drawing, Handles, Knob, Nudge, PlotCanvas};
use yew::prelude::*;

use super::{
    super::{Lit, Params, Picture, Scene, Stand, draw_space, draw_space_highlight, frame_corner, turned, unit_name},
    NUMBERS, PartProps, SLICING, TURNING,
};
use crate::{
    Params as _, aim,
    ui::{Embed, PictureSize, use_picture},
};

/// How many degrees the cube turns while the pointer moves by a pixel.
const DEGREES_PER_PX: f64 = 0.5;
/// How many degrees it turns at a press of an arrow key.
const DEGREES_PER_KEY: f64 = 4.0;
/// How far the pointer may move, in pixels, for a click to be one.
const CLICK_PX: f64 = 4.0;

/// The cube: drag it to turn it, click a cell to pick it out; the cross-section and the plane that is looked at have handles.
#[component]
pub(super) fn Space(props: &PartProps) -> Html {
    let embed = use_context::<Embed>().unwrap_or_default();
    let theme = embed.theme();
    let PictureSize { size_px, scale, on_size } = use_picture([640.0, 560.0]);
    let now = props.params.now().clone();
    let (solid, section, lit) = (props.solid.clone(), props.section.clone(), props.lit);
    let stand = Stand::new(size_px, now.turn, now.explode, scale);

    let n_planes = now.planes.len();
    let look = (now.glass, now.colors, now.patterns);
    let draw = {
        let (now, solid, section) = (now.clone(), solid.clone(), section.clone());
        move |lit: Lit, mark: fn(&mut Paper<'_>, &Stand, &Picture<'_>)| {
            let (now, solid, section) = (now.clone(), solid.clone(), section.clone());
            Drawing::new(move |paper| {
                mark(paper, &stand, &Picture { params: &now, solid: &solid, section: &section, lit, theme });
            })
        }
    };
    let seen = Lit { cell: None, ..lit };
    let data = use_memo((solid.clone(), section.clone(), stand, look, seen, embed), |_| draw(seen, draw_space));
    // Only a plane has a direction to be shown.
    let marked = Lit { unit: lit.unit.filter(|&unit| unit < n_planes), ..lit };
    let highlight = use_memo((solid.clone(), stand, marked, embed), |_| draw(marked, draw_space_highlight));
    let label = Scene::sentence(&solid, &section);
    html! {
        <PlotCanvas layers={vec![(*data).clone(), (*highlight).clone()]} scale={scale} label={label} on_size={on_size}>
            <Handles size_px={size_px}>
                <Ground part={props.clone()} stand={stand} size_px={size_px} />
                <SectionKnob part={props.clone()} stand={stand} color={theme.accent.css()} />
                if let Some(plane) = now.planes.get(props.selected) {
                    <PlaneKnob part={props.clone()} stand={stand} offset={plane.offset} color={theme.unit(props.selected).css()} />
                }
            </Handles>
        </PlotCanvas>
    }
}

#[derive(PartialEq, Properties)]
struct GroundProps {
    part: PartProps,
    stand: Stand,
    size_px: [f64; 2],
}

/// The cube itself: turning it, pointing at a cell, picking one out.
#[component]
fn Ground(props: &GroundProps) -> Html {
    // The direction of view when the drag began, and whether the pointer has moved since.
    let grabbed = use_mut_ref(|| (None::<[f64; 2]>, false));
    let PartProps { params, solid, attend_cell, pick, lit, .. } = &props.part;
    let turn = params.now().turn;
    let stand = props.stand;
    let on_drag = {
        let (params, grabbed) = (params.clone(), grabbed.clone());
        Callback::from(move |DragStep { start, from, to }: DragStep| {
            let mut grabbed = grabbed.borrow_mut();
            if from == start {
                *grabbed = (Some(turn), false);
            }
            let by = [start[0] - to[0], to[1] - start[1]];
            grabbed.1 |= f64::hypot(by[0], by[1]) > CLICK_PX;
            if grabbed.1 {
                let turn = turned(grabbed.0.unwrap_or(turn), by.map(|px| px * DEGREES_PER_PX));
                params.drag(TURNING, move |p| p.turn = turn);
            }
        })
    };
    let on_nudge = {
        let params = params.clone();
        Callback::from(move |Nudge { direction, size }: Nudge| {
            let by = DEGREES_PER_KEY * size;
            params.drag(TURNING, move |p| p.turn = turned(p.turn, direction.map(|way| -by * way)));
        })
    };
    let on_rest = params.on_rest();
    let on_reset = {
        let params = params.clone();
        Callback::from(move |()| {
            params.edit(|p| {
                if let Some(start) = Params::from_start(&p.start) {
                    p.turn = start.turn;
                }
            });
        })
    };
    let cell_under = {
        let solid = solid.clone();
        move |event: &MouseEvent| stand.cell_at(&solid, [event.offset_x(), event.offset_y()].map(f64::from))
    };
    let onpointermove = {
        let (attend, cell_under) = (attend_cell.clone(), cell_under.clone());
        Callback::from(move |event: PointerEvent| {
            if event.pointer_type() != "touch" {
                attend.emit(cell_under(&event));
            }
        })
    };
    let onpointerleave = attend_cell.reform(|_: PointerEvent| None);
    let onclick = {
        let (pick, picked) = (pick.clone(), lit.picked);
        Callback::from(move |event: MouseEvent| {
            // The end of a drag is no click.
            if std::mem::take(&mut grabbed.borrow_mut().1) {
                return;
            }
            // Beside the cube: what was picked out is let go.
            if let Some(cell) = cell_under(&event).or(picked) {
                pick.emit(cell);
            }
        })
    };
    let [width, height] = props.size_px.map(|px| px.to_string());
    let value_text = format!("seen from {}° around and {}° above", turn[0], turn[1]);
    html! {
        <g class="polytopes-ground" onpointermove={onpointermove} onpointerleave={onpointerleave} onclick={onclick}>
            <DragTarget label="The cube: drag or arrow keys turn it" value_text={value_text} on_drag={on_drag} on_nudge={on_nudge}
                on_rest={on_rest} on_reset={on_reset}>
                <rect class="reach" x="0" y="0" width={width} height={height} />
            </DragTarget>
        </g>
    }
}

#[derive(PartialEq, Properties)]
struct SectionKnobProps {
    part: PartProps,
    stand: Stand,
    color: String,
}

/// Slides the cross-section along its axis.
#[component]
fn SectionKnob(props: &SectionKnobProps) -> Html {
    let grabbed = use_mut_ref(|| 0.0);
    let (params, section, stand) = (props.part.params.clone(), props.part.section.clone(), props.stand);
    let mut axis = [0.0; 3];
    axis[section.axis] = 1.0;
    let on_drag = {
        let (params, position) = (params.clone(), section.position);
        Callback::from(move |DragStep { start, from, to }: DragStep| {
            if from == start {
                *grabbed.borrow_mut() = position;
            }
            let by = stand.along(axis, [to[0] - start[0], to[1] - start[1]]);
            let to = aim(*grabbed.borrow() + by, 0.5 / stand.px_per_data);
            params.drag(SLICING, move |p| p.position = to);
        })
    };
    let on_nudge = {
        let params = params.clone();
        Callback::from(move |Nudge { direction, size }: Nudge| {
            params.drag(SLICING, move |p| {
                p.position = aim(p.position + (direction[0] + direction[1]) * size / 64.0, 0.0);
            });
        })
    };
    let on_rest = Callback::from(move |()| params.rest());
    // At the corner of the frame that is seen farthest to the right.
    let corners = [[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]];
    let corners = corners.map(|sides| stand.around(frame_corner(&section, sides)));
    let at = corners.into_iter().fold(corners[0], |best, at| if at[0] > best[0] { at } else { best });
    let value_text = format!("{} = {}", ["x₁", "x₂", "x₃"][section.axis], format_number(section.position, 3));
    html! {
        <Knob at={at} color={props.color.clone()} label="Slide the cross-section" value_text={value_text}
            on_drag={on_drag} on_nudge={on_nudge} on_rest={on_rest} />
    }
}

#[derive(PartialEq, Properties)]
struct PlaneKnobProps {
    part: PartProps,
    stand: Stand,
    offset: f64,
    color: String,
}

/// Moves the plane that is looked at along its direction.
#[component]
fn PlaneKnob(props: &PlaneKnobProps) -> Html {
    let grabbed = use_mut_ref(|| 0.0);
    let PartProps { params, selected: unit, attend_unit, .. } = &props.part;
    let (unit, stand, offset) = (*unit, props.stand, props.offset);
    let normal = params.now().planes[unit].normal();
    let gesture = NUMBERS + 4 * unit as u32 + 2;
    let on_drag = {
        let params = params.clone();
        Callback::from(move |DragStep { start, from, to }: DragStep| {
            if from == start {
                *grabbed.borrow_mut() = offset;
            }
            let by = stand.along(normal, [to[0] - start[0], to[1] - start[1]]);
            let to = aim(*grabbed.borrow() + by, 0.5 / stand.px_per_data);
            params.drag(gesture, move |p| p.planes[unit].offset = to);
        })
    };
    let on_nudge = {
        let params = params.clone();
        Callback::from(move |Nudge { direction, size }: Nudge| {
            let by = (direction[0] + direction[1]) * size / 64.0;
            params.drag(gesture, move |p| p.planes[unit].offset = aim(p.planes[unit].offset + by, 0.0));
        })
    };
    let on_rest = params.on_rest();
    let name = unit_name(params.now(), unit);
    let value_text = format!("offset {}", format_number(offset, 3));
    html! {
        <Knob at={stand.around(normal.map(|w| w * offset))} color={props.color.clone()} label={format!("Move the plane of {name}")}
            value_text={value_text} on_drag={on_drag} on_nudge={on_nudge} on_rest={on_rest}
            on_attend={attend_unit.reform(move |here: bool| here.then_some(unit))} />
    }
}
