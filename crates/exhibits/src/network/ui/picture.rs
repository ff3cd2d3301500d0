use std::{cell::Cell, rc::Rc};

use piecewise_plot::{format_number, subscript};
use piecewise_widgets::{DragStep, DragTarget, Drawing, Handles, Knob, Nudge, PlotCanvas, read_number};
use web_sys::{Element, HtmlElement, HtmlInputElement};
use yew::prelude::*;

use super::{
    super::{
        LIMIT, Layout, Mark, NetworkExhibit, Params, Scene, Task, draw_diagram, draw_highlight, draw_panels,
        equation::name_of, plate_mark, reading,
    },
    STEP, ViewProps, gesture,
};
use crate::{
    Exhibit,
    regions::hinge,
    ui::{Embed, ParamsHandle, PictureSize, use_picture},
};

/// So many pixels of a drag are one step.
const PX_PER_STEP: f64 = 3.0;

/// Up to this many numbers, the tab key stops at each; beyond, at the circles only.
const MOST_STOPS: usize = 40;

/// How far an arrow key moves a line, in data units, and turns it, in radians.
const NUDGE: f64 = 1.0 / 64.0;

/// What happens to an arrow or a circle of the diagram.
#[derive(Clone, Copy)]
enum Act {
    Drag(DragStep),
    Nudge(Nudge),
    Rest,
    Reset,
    Press,
    Attend(bool),
}

/// A number rounded to hundredths: 5·0.01 is not 0.05, 5/100 is.
fn hundredths(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// The diagram and the panels.
#[component]
pub(super) fn Picture(props: &ViewProps) -> Html {
    let embed = use_context::<Embed>().unwrap_or_default();
    let theme = embed.theme();
    let PictureSize { size_px, scale, on_size } = use_picture([680.0, 690.0]);
    let typing = use_state_eq(|| None::<usize>);
    let scene = props.scene.clone();
    let now = props.params.now().clone();
    let layout = Rc::new(Layout::new(&scene, now.task, size_px, scale));
    let panels = use_memo((scene.clone(), size_px, embed), {
        let (layout, now) = (layout.clone(), now.clone());
        move |(scene, ..)| {
            let scene = scene.clone();
            Drawing::new(move |paper| draw_panels(paper, &layout, &now, &scene, theme))
        }
    });
    let diagram = use_memo((scene.sizes.clone(), scene.parameters.clone(), size_px, embed), {
        let (layout, scene) = (layout.clone(), scene.clone());
        move |_| Drawing::new(move |paper| draw_diagram(paper, &layout, &scene, theme))
    });
    let highlight = use_memo((scene.clone(), props.mark, size_px, embed), {
        let layout = layout.clone();
        move |(scene, mark, ..)| {
            let (scene, mark) = (scene.clone(), *mark);
            Drawing::new(move |paper| {
                if let Some(mark) = mark {
                    draw_highlight(paper, &layout, &scene, mark, theme);
                }
            })
        }
    });

    // The number when the drag began: a drag is always computed from there, so that rounding does not add up.
    let held = use_memo((), |()| Cell::new(0.0));
    // It stays the same while numbers change, so that only what moves is made anew.
    let on = {
        let (params, attend, select) = (props.params.clone(), props.attend.clone(), props.select.clone());
        let typing = typing.clone();
        use_callback((), move |(index, mark, act): (usize, Mark, Act), ()| match act {
            Act::Drag(step) => {
                select.emit(index);
                let held = held.clone();
                params.drag(gesture(index), move |p| {
                    if step.from == step.start {
                        held.set(p.weight(index));
                    }
                    let steps = ((step.start[1] - step.to[1]) / PX_PER_STEP).round();
                    p.set_weight(index, hundredths(held.get() + STEP * steps));
                });
            }
            Act::Nudge(Nudge { direction, size }) => {
                select.emit(index);
                let step = if size < 1.0 { 0.01 } else { STEP * if size > 1.0 { 10.0 } else { 1.0 } };
                let by = (direction[0] + direction[1]) * step;
                params.drag(gesture(index), move |p| p.set_weight(index, hundredths(p.weight(index) + by)));
            }
            Act::Rest => params.rest(),
            Act::Reset => params.edit(move |p| p.set_weight(index, p.first_weight(index))),
            Act::Attend(here) => attend.emit(here.then_some(mark)),
            Act::Press => {
                select.emit(index);
                // A finger does not stay, so what it pressed stays lit.
                attend.emit(Some(mark));
                typing.set(Some(index));
                if let Mark::Unit { layer, row } = mark {
                    params.edit(move |p| p.show_sum(layer, row));
                }
            }
        })
    };

    let fixed = now.task == Task::Write;
    let [width, _] = size_px;
    let wanted_px = Layout::height_on_page_px(&scene, now.task, width, scale);
    let plate = |(plate, frame): (&super::super::Plate, &piecewise_plot::Frame)| {
        let mark = plate_mark(&scene, plate);
        let attend = |here: bool| props.attend.reform(move |_: PointerEvent| here.then_some(mark));
        let ([x, y], [width, height]) = (frame.corner_px, frame.size_px);
        html! {
            <rect class="network-plate" x={x.to_string()} y={y.to_string()} width={width.to_string()} height={height.to_string()}
                onpointerenter={attend(true)} onpointerleave={attend(false)}
                onclick={props.attend.reform(move |_: MouseEvent| Some(mark))} />
        }
    };
    let crowded = scene.parameters.len() > MOST_STOPS;
    let handle = |mark: Mark| {
        let index = scene.index_of(mark).unwrap_or_default();
        let ends = match mark {
            Mark::Weight { layer, row, column } => layout.edge(layer, row, column),
            Mark::Unit { layer, row } | Mark::Bias { layer, row } => [layout.nodes[layer + 1][row]; 2],
            Mark::Input(column) => [layout.nodes[0][column]; 2],
        };
        let is_number = !matches!(mark, Mark::Input(_));
        html! {
            <Handle mark={mark} index={index} ends={ends} radius_px={layout.radius_px} fixed={fixed || !is_number}
                tab_stop={!crowded || matches!(mark, Mark::Unit { .. })} typed={*typing == Some(index)}
                label={label(&scene, mark)} value={if is_number { scene.parameters[index] } else { 0.0 }} on={on.clone()} />
        }
    };
    let mut marks = Vec::new();
    if now.task != Task::Read {
        marks.extend((0..scene.n_inputs()).map(Mark::Input));
        for (layer, pair) in scene.sizes.windows(2).enumerate() {
            for row in 0..pair[1] {
                marks.extend((0..pair[0]).map(|column| Mark::Weight { layer, row, column }));
                marks.push(Mark::Unit { layer, row });
            }
        }
    }
    let typed = (*typing)
        .filter(|_| !fixed)
        .and_then(|index| Some((index, scene.mark_of(index)?)))
        .and_then(|(index, mark)| Some((index, layout.number_place(mark)?)));
    html! {
        <div class="network-plot" style={format!("--height: {wanted_px:.0}px")}>
            <PlotCanvas layers={vec![(*panels).clone(), (*diagram).clone(), (*highlight).clone()]} scale={scale}
                label={NetworkExhibit::describe(&scene)} on_size={on_size}>
                <Handles size_px={size_px} class={classes!(crowded.then_some("crowded"))}>
                    if now.task == Task::Read {
                        { for (0..now.lines.len()).map(|line| html! {
                            <Line key={line} params={props.params.clone()} layout={layout.clone()} line={line}
                                color={scene.found[line].map_or(theme.ink, |unit| theme.unit(unit)).css()} />
                        }) }
                    } else {
                        { for scene.plates.iter().zip(&layout.plates).map(plate) }
                        { for marks.into_iter().map(handle) }
                    }
                </Handles>
                if let Some((index, at)) = typed {
                    <Typed key={index} params={props.params.clone()} index={index} at={at} name={label_of_index(&scene, index)}
                        on_end={Callback::from(move |()| typing.set(None))} />
                }
            </PlotCanvas>
        </div>
    }
}

/// What screen readers call an arrow or a circle.
fn label(scene: &Scene, mark: Mark) -> String {
    let name = |mark| name_of(&scene.sizes, mark);
    match mark {
        Mark::Input(_) => format!("Input {}", name(mark)),
        Mark::Unit { layer, row } => format!("Bias {} of {}", name(Mark::Bias { layer, row }), name(mark)),
        Mark::Bias { layer, row } => format!("Bias {} of {}", name(mark), name(Mark::Unit { layer, row })),
        Mark::Weight { layer, row, column } => {
            let read = if layer == 0 { Mark::Input(column) } else { Mark::Unit { layer: layer - 1, row: column } };
            format!("Weight {} from {} to {}", name(mark), name(read), name(Mark::Unit { layer, row }))
        }
    }
}

fn label_of_index(scene: &Scene, index: usize) -> String {
    scene.mark_of(index).map(|mark| label(scene, mark)).unwrap_or_default()
}

#[derive(PartialEq, Properties)]
struct HandleProps {
    mark: Mark,
    index: usize,
    ends: [[f64; 2]; 2],
    radius_px: f64,
    /// Whether it can only be looked at.
    fixed: bool,
    tab_stop: bool,
    typed: bool,
    label: String,
    value: f64,
    on: Callback<(usize, Mark, Act)>,
}

/// An arrow or a circle of the diagram. Dragged up or down, it changes its weight or its bias.
#[component]
fn Handle(props: &HandleProps) -> Html {
    let (index, mark) = (props.index, props.mark);
    let on = |act: Act| props.on.reform(move |()| (index, mark, act));
    let [[x1, y1], [x2, y2]] = props.ends.map(|end| end.map(|px| format!("{px:.1}")));
    let is_edge = matches!(mark, Mark::Weight { .. });
    let class = if is_edge { "network-edge" } else { "network-unit" };
    let shapes = if is_edge {
        html! {
            <>
                <line class="reach" x1={x1.clone()} y1={y1.clone()} x2={x2.clone()} y2={y2.clone()} />
                <line class="focus-mark" x1={x1} y1={y1} x2={x2} y2={y2} />
            </>
        }
    } else {
        html! { <circle class="reach" cx={x1} cy={y1} r={format!("{:.1}", props.radius_px.max(8.0))} /> }
    };
    if props.fixed {
        let attend = |here: bool| on(Act::Attend(here)).reform(|_: PointerEvent| ());
        return html! {
            <g class={classes!(class, "fixed", "drag-target")} onpointerenter={attend(true)} onpointerleave={attend(false)}>{ shapes }</g>
        };
    }
    html! {
        <DragTarget class={classes!(class, props.typed.then_some("typed"))} label={props.label.clone()} tab_stop={props.tab_stop}
            value_text={format_number(props.value, 3)}
            on_drag={props.on.reform(move |step| (index, mark, Act::Drag(step)))}
            on_nudge={props.on.reform(move |nudge| (index, mark, Act::Nudge(nudge)))}
            on_rest={on(Act::Rest)} on_reset={on(Act::Reset)} on_press={on(Act::Press)}
            on_attend={props.on.reform(move |here| (index, mark, Act::Attend(here)))}>
            { shapes }
        </DragTarget>
    }
}

#[derive(PartialEq, Properties)]
struct TypedProps {
    params: ParamsHandle<Params>,
    index: usize,
    at: [f64; 2],
    name: String,
    on_end: Callback<()>,
}

/// A field over a number of the diagram, in which it is typed.
#[component]
fn Typed(props: &TypedProps) -> Html {
    let field = use_node_ref();
    let index = props.index;
    let draft = use_state_eq(|| format_number(props.params.now().weight(index), 3).replace('−', "-"));
    use_effect_with(field.clone(), |field| {
        if let Some(field) = field.cast::<HtmlInputElement>() {
            // A field that cannot be focused can still be clicked.
            let _ = field.focus();
            field.select();
        }
    });
    let oninput = {
        let (params, draft) = (props.params.clone(), draft.clone());
        Callback::from(move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlInputElement>().value();
            if let Some(value) = read_number(&text) {
                params.drag(gesture(index), move |p| p.set_weight(index, value.clamp(-LIMIT, LIMIT)));
            }
            draft.set(text);
        })
    };
    let end = {
        let (params, on_end) = (props.params.clone(), props.on_end.clone());
        move || {
            params.rest();
            on_end.emit(());
        }
    };
    let onkeydown = {
        let (field, end) = (field.clone(), end.clone());
        Callback::from(move |event: KeyboardEvent| {
            if matches!(event.key().as_str(), "Enter" | "Escape") {
                event.prevent_default();
                event.stop_propagation();
                // The focus goes back to where it came from.
                let plot = field.cast::<Element>().and_then(|field| field.closest(".plot").ok().flatten());
                let handle = plot.and_then(|plot| plot.query_selector(".typed").ok().flatten());
                if let Some(handle) = handle {
                    use wasm_bindgen::JsCast;
                    let _ = handle.unchecked_into::<HtmlElement>().focus();
                }
                end();
            }
        })
    };
    let onblur = Callback::from(move |_: FocusEvent| end());
    let [x, y] = props.at;
    html! {
        <input type="text" inputmode="decimal" autocomplete="off" class="network-typed" ref={field} aria-label={props.name.clone()}
            style={format!("left: {x:.1}px; top: {y:.1}px")} value={(*draft).clone()} oninput={oninput} onkeydown={onkeydown} onblur={onblur} />
    }
}

#[derive(PartialEq, Properties)]
struct LineProps {
    params: ParamsHandle<Params>,
    layout: Rc<Layout>,
    line: usize,
    color: String,
}

/// A line that is put over a hinge: its body moves it, its ends turn it.
#[component]
fn Line(props: &LineProps) -> Html {
    // The line when the drag began.
    let grabbed = use_mut_ref(|| None);
    let line = props.line;
    let params = &props.params;
    let theta = params.now().lines[line];
    let (Some(ends), Some(&frame)) = (reading::segment(theta), props.layout.plates.last()) else {
        return Html::default();
    };
    let gesture = move |part: u32| 10 + 3 * line as u32 + part;
    let grab = {
        let grabbed = grabbed.clone();
        move |step: &DragStep| {
            let mut grabbed = grabbed.borrow_mut();
            if step.from == step.start {
                *grabbed = Some((theta, ends));
            }
            grabbed.unwrap_or((theta, ends))
        }
    };
    // A line that has left the view could not be fetched back.
    let put = {
        let params = params.clone();
        move |part: u32, theta: [f64; 3]| {
            if reading::segment(theta).is_some() {
                params.drag(gesture(part), move |p| p.lines[line] = theta);
            }
        }
    };
    let translate = {
        let (put, grab) = (put.clone(), grab.clone());
        Callback::from(move |step: DragStep| {
            let (theta, _) = grab(&step);
            let (start, to) = (frame.data_from_screen(step.start), frame.data_from_screen(step.to));
            put(0, hinge::translated(theta, [to[0] - start[0], to[1] - start[1]], 0.0));
        })
    };
    let nudge = {
        let put = put.clone();
        Callback::from(move |Nudge { direction, size }: Nudge| {
            put(0, hinge::translated(theta, direction.map(|d| d * size * NUDGE), 0.0));
        })
    };
    let turn = |end: usize| {
        let (put, grab) = (put.clone(), grab.clone());
        Callback::from(move |step: DragStep| {
            let (theta, ends) = grab(&step);
            let to = frame.data_from_screen(step.to);
            if let Some(theta) = hinge::turned(theta, ends[1 - end], to, end == 1, 0.0) {
                put(1 + end as u32, theta);
            }
        })
    };
    let nudge_turn = |end: usize| {
        let put = put.clone();
        let middle = [0, 1].map(|i| f64::midpoint(ends[0][i], ends[1][i]));
        Callback::from(move |Nudge { direction, size }: Nudge| {
            put(1 + end as u32, hinge::turned_by(theta, middle, (direction[0] + direction[1]) * size * NUDGE));
        })
    };
    let rest = params.on_rest();
    let value_text = format!(
        "from {} to {}",
        ends.map(|[x1, x2]| format!("({}, {})", format_number(x1, 2), format_number(x2, 2)))[0],
        ends.map(|[x1, x2]| format!("({}, {})", format_number(x1, 2), format_number(x2, 2)))[1]
    );
    let name = subscript(line + 1);
    let [from, to] = ends.map(|end| frame.screen_from_data(end));
    let shape = |class: &'static str| {
        html! {
            <line class={class} x1={from[0].to_string()} y1={from[1].to_string()} x2={to[0].to_string()} y2={to[1].to_string()} />
        }
    };
    html! {
        <g class="network-line">
            <DragTarget class="hinge-body" style={format!("--unit: {}", props.color)} label={format!("Move line {}", line + 1)}
                value_text={value_text.clone()} on_drag={translate} on_nudge={nudge} on_rest={rest.clone()}>
                { shape("reach") }
                { shape("focus-mark") }
            </DragTarget>
            { for [from, to].into_iter().enumerate().map(|(end, at)| html! {
                <Knob at={at} color={props.color.clone()} label={format!("Turn line {name}")} value_text={value_text.clone()}
                    on_drag={turn(end)} on_nudge={nudge_turn(end)} on_rest={rest.clone()} />
            }) }
        </g>
    }
}
