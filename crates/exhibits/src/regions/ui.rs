mod deep;
mod file;
mod growth;
mod more;
mod ray;
mod run;

use std::{ops::Deref, rc::Rc};

use piecewise_plot::{ColorMap, format_number, subscript};
use piecewise_widgets::{
    DragStep, DragTarget, Drawing, Handles, Knob, Nudge, NumberCell, PlotCanvas, number, signed, symbol_with_index,
};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use self::{deep::DeepWeights, file::Upload};
use super::{
    BIAS_LIMIT, Layout, MOST_UNITS, Params, RegionShape, Regions, RunOrigin, Scene, Subject, Unit, View, WEIGHT_LIMIT,
    compute, compute_regions, draw_bend_highlight, draw_data, draw_ground, draw_highlight, draw_hinge_highlight,
    draw_run, draw_run_ground, hinge, map_text, random_origin, random_start, unit_name,
};
use crate::{
    Exhibit, Params as _,
    ui::{
        Embed, ExhibitFrame, FrameProps, HistoryButtons, PageProps, ParamsHandle, PictureSize, counted, counter,
        select, stepper, switch, use_params, use_picture,
    },
};

/// How far an arrow key moves a hinge, in data units, and turns it, in radians.
const NUDGE: f64 = 1.0 / 64.0;

/// Up to this many units every hinge shows its round ends; beyond, only the one that is attended to.
const MOST_KNOBS: usize = 6;

/// With more units than this, only the chosen one has its sliders.
const MOST_ROWS: usize = 12;

/// More regions are not listed.
const MOST_LISTED: usize = 400;

/// With more boundaries of deeper layers than this, they are chosen by the list instead of by a click on them.
const MOST_CLICKABLE: usize = 40;

/// What the person attends to: by pointer, by finger or by focus.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Attention {
    region: Option<usize>,
    unit: Option<usize>,
    /// The place among the boundaries of deeper layers.
    bend: Option<usize>,
}

/// A scene that is passed around. Two are equal when they are the same object: comparing thousands of regions would take longer than to
/// compute them.
#[derive(Clone)]
struct Shared(Rc<Scene>);

impl PartialEq for Shared {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Deref for Shared {
    type Target = Scene;

    fn deref(&self) -> &Scene {
        &self.0
    }
}

/// The parameters that decide what is computed, without those that only decide how it looks.
fn what_counts(now: &Params) -> Params {
    let like = Params::default();
    Params {
        start: like.start,
        color_map: like.color_map,
        contours: false,
        patterns: false,
        pinned: None,
        hide: Vec::new(),
        selected: Vec::new(),
        step: 0,
        ..now.clone()
    }
}

/// The page of the exhibit `regions`.
#[component]
pub fn Page(props: &PageProps) -> Html {
    let params = use_params::<Params>(props);
    let attention = use_state_eq(Attention::default);
    let upload = use_state_eq(Upload::default);
    let now = params.now().clone();

    // The run goes on between frames; its regions are counted up to where it has come.
    let origin = RunOrigin::of(&now);
    let until = if now.view == View::Training { now.step } else { 0 };
    let (run, reached) = run::use_counted_run(origin, until);

    let scene = use_memo((what_counts(&now), (*upload).clone(), origin, reached), {
        let now = now.clone();
        move |(_, upload, ..)| match now.view {
            View::Plane | View::Growth => compute(&now),
            View::Training => {
                let mut run = run.borrow_mut();
                let mut scene = compute_regions(&Subject::new(run.network()), &now);
                scene.run = Some(run.counts());
                scene
            }
            View::File => upload.subject().map_or_else(|| compute(&now), |subject| compute_regions(&subject, &now)),
        }
    });
    let scene = Shared(scene);

    let pinned = now.pinned.as_deref().and_then(|pattern| scene.region_with(pattern));
    // A region that was hovered may be gone after an edit.
    let region = attention.region.filter(|&region| region < scene.regions.len()).or(pinned);

    let attend_unit = {
        let attention = attention.clone();
        Callback::from(move |unit: Option<usize>| attention.set(Attention { unit, ..*attention }))
    };
    let attend_region = {
        let attention = attention.clone();
        Callback::from(move |region: Option<usize>| attention.set(Attention { region, ..*attention }))
    };
    let pin = {
        let (params, scene) = (params.clone(), scene.clone());
        Callback::from(move |region: usize| {
            let Some(pattern) = scene.regions.get(region).map(|region| region.pattern.clone()) else { return };
            params.edit(move |p| p.pinned = if p.pinned.as_ref() == Some(&pattern) { None } else { Some(pattern) });
        })
    };

    let attend_bend = {
        let attention = attention.clone();
        Callback::from(move |bend: Option<usize>| attention.set(Attention { bend, ..*attention }))
    };
    if now.view == View::Growth {
        return growth::page(params, scene);
    }

    let bend = attention.bend.filter(|&bend| bend < scene.bends.len());
    let picture = html! {
        <div class={if now.view == View::Training { "regions-run" } else { "regions-plane" }}>
            <Picture params={params.clone()} scene={scene.clone()} region={region} unit={attention.unit} bend={bend} pinned={pinned}
                attend_unit={attend_unit.clone()} attend_bend={attend_bend.clone()} attend_region={attend_region.clone()} pin={pin.clone()} />
        </div>
    };
    let lit = region.map(|region| scene.regions[region].pattern.clone());
    let readout = html! {
        <>
            { region_readout(region.map(|region| &scene.regions[region]), region.is_some() && region == pinned, &scene.widths, hint(&now)) }
            if now.ray {
                { ray::steps(&scene, region, &attend_region) }
            }
            if now.view == View::Training {
                { run::steps(&params, &scene) }
            }
        </>
    };
    let settings = match now.view {
        View::Plane => html! {
            <>
                if !now.is_deep() && now.units.len() <= MOST_ROWS {
                    <Equation params={now.clone()} lit={lit.clone()} unit={attention.unit} attend_unit={attend_unit.clone()} />
                }
                <UnitTable params={params.clone()} lit={lit} unit={attention.unit} attend_unit={attend_unit} />
                if now.is_deep() {
                    <DeepWeights params={params.clone()} />
                }
                <Tools params={params.clone()} />
            </>
        },
        View::Training => run::settings(&params),
        _ => {
            let shown = (*upload).clone();
            let set_upload = Callback::from(move |now: Upload| upload.set(now));
            html! { <file::Settings params={params.clone()} upload={shown} set_upload={set_upload} widths={scene.widths.clone()} /> }
        }
    };
    let controls = html! {
        <>
            { counters(&scene) }
            { settings }
            { more::more(&params) }
            <RegionTable scene={scene} region={region} attend_region={attend_region} pin={pin} pinned={pinned} />
        </>
    };
    html! { <ExhibitFrame<Params> ..FrameProps::of::<Regions>(params, picture, readout, controls) /> }
}

#[derive(PartialEq, Properties)]
struct PictureProps {
    params: ParamsHandle<Params>,
    scene: Shared,
    region: Option<usize>,
    unit: Option<usize>,
    bend: Option<usize>,
    pinned: Option<usize>,
    attend_unit: Callback<Option<usize>>,
    attend_bend: Callback<Option<usize>>,
    attend_region: Callback<Option<usize>>,
    pin: Callback<usize>,
}

/// The plane with its regions; hinges on it can be dragged.
#[component]
fn Picture(props: &PictureProps) -> Html {
    let embed = use_context::<Embed>().unwrap_or_default();
    let theme = embed.theme();
    let PictureSize { size_px, scale, on_size } = use_picture([640.0, 592.0]);
    let scene = props.scene.clone();
    let layout = Layout::new(size_px, scale, &scene);
    let params = props.params.now().clone();
    let look = (params.color_map, params.contours, params.patterns, params.hide.clone(), params.selected.clone());

    let data = use_memo((scene.clone(), look, size_px, embed), {
        let (params, scene) = (params.clone(), scene.clone());
        move |_| {
            Drawing::new(move |paper| {
                draw_data(paper, &layout, &params, &scene, theme);
                if let (Some(frame), Some(run)) = (&layout.run, &scene.run) {
                    draw_run(paper, frame, run, theme);
                }
            })
        }
    });
    let ground = use_memo((scene.value_range, scene.axes, params.color_map, layout, embed), {
        let (color_map, scene) = (params.color_map, scene.clone());
        move |_| {
            Drawing::new(move |paper| {
                draw_ground(paper, &layout, color_map, &scene, theme);
                if let Some(frame) = &layout.run {
                    draw_run_ground(paper, frame, theme);
                }
            })
        }
    });
    let highlight = use_memo(
        (scene.clone(), props.region, props.unit, props.bend, size_px, embed),
        |(scene, region, unit, bend, ..)| {
            let (scene, region, unit, bend) = (scene.clone(), *region, *unit, *bend);
            Drawing::new(move |paper| {
                if let Some(region) = region {
                    draw_highlight(paper, &layout, &scene, region, theme);
                }
                if let Some(unit) = unit {
                    draw_hinge_highlight(paper, &layout, &scene, unit, theme);
                }
                if let Some(bend) = bend {
                    draw_bend_highlight(paper, &layout, &scene, bend, theme);
                }
            })
        },
    );

    let layers = vec![(*data).clone(), (*ground).clone(), (*highlight).clone()];
    let label = Regions::describe(&scene);
    // Lines that are set by hand can be dragged, unless they are hidden.
    let by_hand = params.view == View::Plane;
    let n_handles = if by_hand && !params.hide.contains(&1) { params.units.len() } else { 0 };
    let clickable = by_hand && scene.bends.len() <= MOST_CLICKABLE;
    html! {
        <PlotCanvas layers={layers} scale={scale} label={label} on_size={on_size}>
            <Handles size_px={size_px}>
                <Ground layout={layout} scene={scene.clone()} region={props.region} pinned={props.pinned}
                    attend={props.attend_region.clone()} pin={props.pin.clone()} />
                if clickable {
                    { for (0..scene.bends.len()).map(|index| html! {
                        <deep::BendHandle key={index} params={props.params.clone()} scene={scene.clone()} frame={layout.plot} index={index}
                            attend={props.attend_bend.clone()} />
                    }) }
                }
                { for (0..n_handles).map(|unit| html! {
                    <HingeHandles key={unit} params={props.params.clone()} scene={scene.clone()} layout={layout} unit={unit}
                        active={props.unit == Some(unit)} color={theme.unit(unit).css()} attend_unit={props.attend_unit.clone()} />
                }) }
                if params.ray {
                    { ray::handles(&props.params, layout.plot, &theme.ink.css()) }
                }
            </Handles>
        </PlotCanvas>
    }
}

#[derive(PartialEq, Properties)]
struct GroundProps {
    layout: Layout,
    scene: Shared,
    region: Option<usize>,
    pinned: Option<usize>,
    attend: Callback<Option<usize>>,
    pin: Callback<usize>,
}

/// The regions themselves: pointing at one, walking from one to the next by arrow keys, holding one.
#[component]
fn Ground(props: &GroundProps) -> Html {
    let frame = props.layout.plot;
    let region_under = {
        let scene = props.scene.clone();
        move |event: &MouseEvent| {
            // Offsets count from the corner of the svg, in its own pixels, however a host has scaled the page.
            let at = [event.offset_x(), event.offset_y()].map(f64::from);
            scene.region_at(frame.data_from_screen(at))
        }
    };
    let onpointermove = {
        let (attend, region_under) = (props.attend.clone(), region_under.clone());
        Callback::from(move |event: PointerEvent| {
            if event.pointer_type() != "touch" {
                attend.emit(region_under(&event));
            }
        })
    };
    let onpointerleave = props.attend.reform(|_: PointerEvent| None);
    let onclick = {
        let pin = props.pin.clone();
        Callback::from(move |event: MouseEvent| {
            if let Some(region) = region_under(&event) {
                pin.emit(region);
            }
        })
    };
    let onfocus = {
        let (attend, scene, pinned) = (props.attend.clone(), props.scene.clone(), props.pinned);
        Callback::from(move |_: FocusEvent| attend.emit(pinned.or_else(|| scene.region_at([0.0, 0.0])).or(Some(0))))
    };
    let onblur = props.attend.reform(|_: FocusEvent| None);
    let onkeydown = {
        let (attend, scene, pin) = (props.attend.clone(), props.scene.clone(), props.pin.clone());
        let (region, pinned) = (props.region, props.pinned);
        Callback::from(move |event: KeyboardEvent| {
            let here = region.unwrap_or(0);
            let direction = match event.key().as_str() {
                "ArrowLeft" => [-1.0, 0.0],
                "ArrowRight" => [1.0, 0.0],
                "ArrowUp" => [0.0, 1.0],
                "ArrowDown" => [0.0, -1.0],
                "Enter" | " " => {
                    event.prevent_default();
                    pin.emit(here);
                    return;
                }
                "Escape" => {
                    if let Some(pinned) = pinned {
                        pin.emit(pinned);
                    }
                    return;
                }
                _ => return,
            };
            event.prevent_default();
            if let Some(next) = scene.neighbour_towards(here, direction) {
                attend.emit(Some(next));
            }
        })
    };
    let [x, y] = frame.corner_px;
    let [width, height] = frame.size_px;
    html! {
        <rect class="ground" x={x.to_string()} y={y.to_string()} width={width.to_string()} height={height.to_string()}
            tabindex="0" role="application" aria-label="Regions: arrow keys walk from one to the next, Enter holds one"
            onpointermove={onpointermove} onpointerleave={onpointerleave} onclick={onclick}
            onfocus={onfocus} onblur={onblur} onkeydown={onkeydown} />
    }
}

#[derive(PartialEq, Properties)]
struct HingeHandlesProps {
    params: ParamsHandle<Params>,
    scene: Shared,
    layout: Layout,
    unit: usize,
    active: bool,
    color: String,
    attend_unit: Callback<Option<usize>>,
}

/// The handles of one hinge: its body moves it, its ends turn it.
#[component]
fn HingeHandles(props: &HingeHandlesProps) -> Html {
    // The hinge when the drag began: a drag is always computed from there, so that rounding does not add up.
    let grabbed = use_mut_ref(|| None);
    let unit = props.unit;
    let Some(hinge) = props.scene.hinges.get(unit).copied().flatten() else { return Html::default() };
    let params = &props.params;
    let frame = props.layout.plot;
    let now = params.now();
    let theta = now.units[unit].theta;
    let tolerance = frame.data_per_px()[0] / 2.0;
    let gesture = move |part: u32| 1000 + 3 * unit as u32 + part;

    let grab = {
        let grabbed = grabbed.clone();
        move |step: &DragStep| {
            let mut grabbed = grabbed.borrow_mut();
            if step.from == step.start {
                *grabbed = Some((theta, hinge));
            }
            grabbed.unwrap_or((theta, hinge))
        }
    };
    let translate = {
        let (params, grab) = (params.clone(), grab.clone());
        Callback::from(move |step: DragStep| {
            let (theta, _) = grab(&step);
            let (start, to) = (frame.data_from_screen(step.start), frame.data_from_screen(step.to));
            let theta = hinge::translated(theta, [to[0] - start[0], to[1] - start[1]], tolerance);
            params.drag(gesture(0), move |p| p.units[unit].theta = theta);
        })
    };
    let nudge = {
        let params = params.clone();
        Callback::from(move |Nudge { direction, size }: Nudge| {
            let theta = hinge::translated(theta, direction.map(|d| d * size * NUDGE), 0.0);
            params.drag(gesture(0), move |p| p.units[unit].theta = theta);
        })
    };
    let turn = |end: u32| {
        let (params, grab) = (params.clone(), grab.clone());
        Callback::from(move |step: DragStep| {
            let (theta, hinge) = grab(&step);
            let pivot = if end == 1 { hinge.to } else { hinge.from };
            let to = frame.data_from_screen(step.to);
            if let Some(theta) = hinge::turned(theta, pivot, to, end == 2, tolerance) {
                params.drag(gesture(end), move |p| p.units[unit].theta = theta);
            }
        })
    };
    let nudge_turn = |end: u32| {
        let params = params.clone();
        let middle = [0, 1].map(|i| f64::midpoint(hinge.from[i], hinge.to[i]));
        Callback::from(move |Nudge { direction, size }: Nudge| {
            let angle = (direction[0] + direction[1]) * size * NUDGE;
            let theta = hinge::turned_by(theta, middle, angle);
            params.drag(gesture(end), move |p| p.units[unit].theta = theta);
        })
    };
    let rest = params.on_rest();
    let reset = {
        let params = params.clone();
        Callback::from(move |()| {
            params.edit(move |p| {
                if let Some(unit_then) = Params::from_start(&p.start).and_then(|start| start.units.get(unit).copied()) {
                    p.units[unit].theta = unit_then.theta;
                }
            });
        })
    };
    let attend = props.attend_unit.reform(move |here: bool| here.then_some(unit));

    let name = format!("h{}", subscript(unit + 1));
    let value_text = format!(
        "θ{0}₀ {1}, θ{0}₁ {2}, θ{0}₂ {3}",
        subscript(unit + 1),
        format_number(theta[0], 3),
        format_number(theta[1], 3),
        format_number(theta[2], 3)
    );
    let (from, to) = (frame.screen_from_data(hinge.from), frame.screen_from_data(hinge.to));
    let line = |class: &'static str| {
        html! {
            <line class={class} x1={from[0].to_string()} y1={from[1].to_string()} x2={to[0].to_string()} y2={to[1].to_string()} />
        }
    };
    let end_handle = |end: u32, at: [f64; 2]| {
        html! {
            <Knob at={at} color={props.color.clone()} tab_stop={props.active} label={format!("Turn the line of {name}")}
                value_text={value_text.clone()} on_drag={turn(end)} on_nudge={nudge_turn(end)} on_rest={rest.clone()}
                on_reset={reset.clone()} on_attend={attend.clone()} />
        }
    };
    // φ_d is the way from the line to its diamond.
    let output_handle = {
        let phi = now.units[unit].phi;
        let phi_gesture = 4 * unit as u32 + 3;
        let foot = hinge::stem_foot(hinge.from, hinge.to);
        let on_drag = {
            let params = params.clone();
            Callback::from(move |step: DragStep| {
                // A pixel or so, so that 0 is hit.
                let phi = hinge::phi_of_stem(theta, foot, frame.data_from_screen(step.to), 3.0 * tolerance);
                params.drag(phi_gesture, move |p| p.units[unit].phi = phi);
            })
        };
        let on_nudge = {
            let params = params.clone();
            Callback::from(move |Nudge { direction, size }: Nudge| {
                let phi = phi + (direction[0] + direction[1]) * size * NUDGE;
                params.drag(phi_gesture, move |p| p.units[unit].phi = phi);
            })
        };
        let on_reset = {
            let params = params.clone();
            Callback::from(move |()| {
                params.edit(move |p| {
                    if let Some(then) = Params::from_start(&p.start).and_then(|start| start.units.get(unit).copied()) {
                        p.units[unit].phi = then.phi;
                    }
                });
            })
        };
        let foot_px = frame.screen_from_data(foot);
        let [x, y] = frame.screen_from_data(hinge::stem_tip(theta, foot, phi));
        let stem = |class: &'static str| {
            html! { <line class={class} x1={foot_px[0].to_string()} y1={foot_px[1].to_string()} x2={x.to_string()} y2={y.to_string()} /> }
        };
        html! {
            <DragTarget class="knob-target regions-output" style={format!("--unit: {}", props.color)} tab_stop={props.active}
                label={format!("φ{}: how much {name} counts in the output", subscript(unit + 1))} value_text={format_number(phi, 3)}
                on_drag={on_drag} on_nudge={on_nudge} on_rest={rest.clone()} on_reset={on_reset} on_attend={attend.clone()}>
                { stem("casing") }
                { stem("stem") }
                <circle class="reach" cx={x.to_string()} cy={y.to_string()} />
                <path class="knob" d={format!("M{x} {}l8 8l-8 8l-8-8z", y - 8.0)} />
            </DragTarget>
        }
    };
    html! {
        <g class={classes!("hinge", props.active.then_some("active"))}>
            <DragTarget class="hinge-body" style={format!("--unit: {}", props.color)} label={format!("Move the line of {name}")}
                value_text={value_text.clone()} on_drag={translate} on_nudge={nudge} on_rest={rest.clone()}
                on_reset={reset.clone()} on_attend={attend.clone()}>
                { line("reach") }
                { line("focus-mark") }
            </DragTarget>
            if props.active || now.units.len() <= MOST_KNOBS {
                { end_handle(1, from) }
                { end_handle(2, to) }
                if !(now.is_deep() || now.dual || now.ray) {
                    { output_handle }
                }
            }
        </g>
    }
}

/// What one can do with the picture.
fn hint(now: &Params) -> &'static str {
    if now.view != View::Plane {
        "Point at a region to see its pattern and its map."
    } else if now.is_deep() {
        "Point at a region to see its pattern and its map. Drag a line of the first layer to move it, a round end to turn it; click a line that \
            bends to set its weights."
    } else {
        "Point at a region to see its pattern and its map. Drag a line to move it, a round end to turn it, a diamond to change its φ."
    }
}

/// Whether a region ends somewhere, in words.
fn reach_text(region: &RegionShape) -> &'static str {
    match region.bounded {
        Some(true) => "bounded",
        Some(false) => "unbounded",
        None => "cut by the edge",
    }
}

/// A pattern as people read it: the layers apart, and no longer than a line.
fn pattern_text(pattern: &str, widths: &[usize]) -> String {
    let mut rest = pattern;
    let mut text = String::new();
    for &width in widths {
        let (layer, after) = rest.split_at(width.min(rest.len()));
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(layer);
        rest = after;
    }
    match text.char_indices().nth(48) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// The numbers of one region.
fn region_readout(region: Option<&RegionShape>, held: bool, widths: &[usize], hint: &'static str) -> Html {
    html! {
        <div class="readout" aria-live="polite">
            if let Some(region) = region {
                <span class="pattern">{ pattern_text(&region.pattern, widths) }</span>
                <span class="map">{ map_text(region.intercept, region.slope, 3) }</span>
                <span class="area">{ format!("area {} · {}", format_number(region.area, 4), reach_text(region)) }</span>
                <span class="hint">{ if held { "held · click again to let go" } else { "click to hold" } }</span>
            } else {
                <span class="hint">{ hint }</span>
            }
        </div>
    }
}

/// How many regions there are, how many there could be, and why there are fewer.
fn counters(scene: &Scene) -> Html {
    let counts = &scene.counts;
    let missing = counts.patterns.map_or(0, |patterns| patterns - counts.in_view as u64);
    let missing_text = match missing {
        0 if counts.patterns.is_none() => String::new(),
        0 => "No pattern is missing.".to_owned(),
        n if n <= counts.missing.len() as u64 => format!("Missing: {}.", counts.missing.join(", ")),
        n => format!(
            "{n} patterns are missing, among them {}.",
            counts.missing[..4.min(counts.missing.len())].join(", ")
        ),
    };
    let in_view = if scene.complete { counts.in_view.to_string() } else { format!("≥ {}", counts.in_view) };
    html! {
        <div class="counts">
            <div class="counters regions-counters">
                { counter("in-view", in_view, "regions in view") }
                if let Some(in_plane) = counts.in_plane {
                    { counter("in-plane", in_plane.to_string(), "in the whole plane") }
                }
                if let Some(most) = counts.zaslavsky {
                    { counter("zaslavsky", most.to_string(), "possible at most") }
                }
                if let Some([bounded, most]) = counts.bounded {
                    { counter("bounded", format!("{bounded} / {most}"), "bounded / at most") }
                }
                { counter("affine-pieces", counts.affine_pieces.to_string(), "different maps") }
                if let Some(patterns) = counts.patterns {
                    { counter("patterns", patterns.to_string(), "patterns that can be written") }
                }
                if let Some(bound) = &counts.deep_bound {
                    { counter("deep-bound", bound.clone(), "some network of this shape reaches") }
                }
            </div>
            <p class="shortfall">{ missing_text }{ " " }{ scene.shortfall.join(" ") }</p>
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct EquationProps {
    params: Rc<Params>,
    lit: Option<String>,
    unit: Option<usize>,
    attend_unit: Callback<Option<usize>>,
}

/// Whether a unit is on in the region that is looked at, as a class.
fn gate_class(lit: Option<&str>, unit: usize) -> Option<&'static str> {
    lit.and_then(|pattern| pattern.as_bytes().get(unit)).map(|&gate| if gate == b'1' { "on" } else { "off" })
}

/// The network as an equation with its numbers; the units that are on in the region light up.
#[component]
fn Equation(props: &EquationProps) -> Html {
    let embed = use_context::<Embed>().unwrap_or_default();
    let term = |(index, unit): (usize, &Unit)| {
        let attend = |here: bool| props.attend_unit.reform(move |_: PointerEvent| here.then_some(index));
        let [bias, w1, w2] = unit.theta;
        let classes = classes!(
            "term",
            gate_class(props.lit.as_deref(), index),
            (props.unit == Some(index)).then_some("attended")
        );
        html! {
            <div class={classes} style={format!("--unit: {}", embed.theme().unit(index).css())} onpointerenter={attend(true)} onpointerleave={attend(false)}>
                <math><mrow>
                    { signed(unit.phi, 3) }
                    <mspace width="0.2em" /><mi mathvariant="normal">{ "a" }</mi><mo stretchy="false">{ "[" }</mo>
                    { number(bias, 3) }{ signed(w1, 3) }<mspace width="0.15em" />{ symbol_with_index("x", "1") }
                    { signed(w2, 3) }<mspace width="0.15em" />{ symbol_with_index("x", "2") }
                    <mo stretchy="false">{ "]" }</mo>
                </mrow></math>
                <span class="unit-name">{ format!("h{}", subscript(index + 1)) }</span>
            </div>
        }
    };
    html! {
        <div class="equation" aria-label="The network as an equation">
            <div class="term first"><math><mrow><mi>{ "y" }</mi><mo>{ "=" }</mo>{ number(props.params.phi_0, 3) }</mrow></math></div>
            { for props.params.units.iter().enumerate().map(term) }
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct UnitTableProps {
    params: ParamsHandle<Params>,
    lit: Option<String>,
    unit: Option<usize>,
    attend_unit: Callback<Option<usize>>,
}

/// Every parameter with its slider: a row a unit.
#[component]
fn UnitTable(props: &UnitTableProps) -> Html {
    let embed = use_context::<Embed>().unwrap_or_default();
    let params = &props.params;
    let now = params.now().clone();
    let start = Params::from_start(&now.start);
    let rest = params.on_rest();

    let cell = |unit: usize, column: usize| {
        let row = <[f64; 4]>::from(now.units[unit]);
        let limit = if column == 0 { BIAS_LIMIT } else { WEIGHT_LIMIT };
        let label = if column < 3 {
            format!("θ{}{}", subscript(unit + 1), subscript(column))
        } else {
            format!("φ{}", subscript(unit + 1))
        };
        let set = move |p: &mut Params, value: f64| {
            let mut row = <[f64; 4]>::from(p.units[unit]);
            row[column] = value;
            p.units[unit] = row.into();
        };
        let on_edit = params.drags(4 * unit as u32 + column as u32, move |p, value| set(p, value));
        let on_reset = {
            let params = params.clone();
            let then = start
                .as_ref()
                .and_then(|start| start.units.get(unit))
                .map_or(0.0, |unit| <[f64; 4]>::from(*unit)[column]);
            Callback::from(move |()| params.edit(move |p| set(p, then)))
        };
        html! {
            <td><NumberCell label={label} value={row[column]} min={-limit} max={limit} on_edit={on_edit} on_rest={rest.clone()} on_reset={on_reset} /></td>
        }
    };
    let n_columns = if now.is_deep() { 3 } else { 4 };
    let flip = |unit: usize| {
        let params = params.clone();
        Callback::from(move |_: MouseEvent| {
            // From 0 down, so that there is no negative zero.
            params.edit(move |p| p.units[unit].theta = p.units[unit].theta.map(|theta| 0.0 - theta));
        })
    };
    // Of many units only one has its sliders.
    let chosen = match now.selected() {
        Some((0, unit)) => unit,
        _ => 0,
    };
    let rows = if now.units.len() > MOST_ROWS { chosen..chosen + 1 } else { 0..now.units.len() };
    let row = |unit: usize| {
        let attend = |here: bool| props.attend_unit.reform(move |_: PointerEvent| here.then_some(unit));
        let attend_focus = |here: bool| props.attend_unit.reform(move |_: FocusEvent| here.then_some(unit));
        let classes =
            classes!(gate_class(props.lit.as_deref(), unit), (props.unit == Some(unit)).then_some("attended"));
        html! {
            <tr key={unit} class={classes} style={format!("--unit: {}", embed.theme().unit(unit).css())}
                onpointerenter={attend(true)} onpointerleave={attend(false)} onfocusin={attend_focus(true)} onfocusout={attend_focus(false)}>
                <th scope="row"><span class="unit-name">{ format!("h{}", subscript(unit + 1)) }</span></th>
                { for (0..n_columns).map(|column| cell(unit, column)) }
                <td class="regions-flip"><button type="button" onclick={flip(unit)} title="Turn its arrow round"
                    aria-label={format!("Flip the sign of θ of {}", unit_name(0, unit))}>{ "±" }</button></td>
            </tr>
        }
    };
    let phi_0 = {
        let on_edit = params.drags(999, move |p, value| p.phi_0 = value);
        let on_reset = {
            let params = params.clone();
            let then = start.as_ref().map_or(0.0, |start| start.phi_0);
            Callback::from(move |()| params.edit(move |p| p.phi_0 = then))
        };
        html! { <NumberCell label="φ₀" value={now.phi_0} min={-BIAS_LIMIT} max={BIAS_LIMIT} on_edit={on_edit} on_rest={rest.clone()} on_reset={on_reset} /> }
    };
    let heading = |name: &'static str, index: &'static str| {
        html! {
            <th scope="col"><span class="visually-hidden">{ format!("{name} {index}") }</span>
                <math aria-hidden="true">{ symbol_with_index(name, index) }</math></th>
        }
    };
    html! {
        <table class="units">
            <thead><tr><td></td>{ heading("θ", "d0") }{ heading("θ", "d1") }{ heading("θ", "d2") }
                if !now.is_deep() {
                    { heading("φ", "d") }
                }
                <td class="regions-flip"></td></tr></thead>
            <tbody>
                { for rows.map(row) }
                <tr class="output"><th scope="row"><span class="visually-hidden">{ "φ 0" }</span><math aria-hidden="true">{ symbol_with_index("φ", "0") }</math></th><td colspan={(n_columns - 1).to_string()}></td><td>{ phi_0 }</td><td class="regions-flip"></td></tr>
            </tbody>
        </table>
    }
}

#[derive(PartialEq, Properties)]
struct ToolsProps {
    params: ParamsHandle<Params>,
}

/// Undo, the number of units, random draws, and what is drawn.
#[component]
fn Tools(props: &ToolsProps) -> Html {
    let params = &props.params;
    let now = params.now().clone();
    let n_hidden = now.units.len();
    let (_, seed) = random_origin(&now.start).unwrap_or((n_hidden, 0));

    let resize = params.edits(move |p: &mut Params, n: u64| {
        // A new unit is the one that the random draw of this size would have there.
        let drawn = Params::from_start(&random_start(MOST_UNITS, seed)).unwrap_or_default().units;
        p.units.extend(drawn.into_iter().skip(p.units.len()).take((n as usize).saturating_sub(p.units.len())));
        p.units.truncate(n as usize);
    });
    let draw = |seed: u64| {
        let params = params.clone();
        move || params.begin(&random_start(n_hidden, seed))
    };
    let next = {
        let draw = draw(seed + 1);
        Callback::from(move |_: MouseEvent| draw())
    };
    let choose_seed = {
        let params = params.clone();
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            match input.value().trim().parse::<u64>() {
                Ok(seed) => params.begin(&random_start(n_hidden, seed)),
                Err(_) => input.set_value(&seed.to_string()),
            }
        })
    };
    let maps = [ColorMap::Viridis, ColorMap::Diverging];
    let choose_map = params.edits(move |p: &mut Params, index: usize| p.color_map = maps[index]);
    html! {
        <div class="tools">
            <div class="row">
                <HistoryButtons<Params> params={params.clone()} />
                { stepper("Hidden units", counted(n_hidden as u64, "unit"), [n_hidden as u64, 1, MOST_UNITS as u64], &resize) }
            </div>
            <div class="row">
                <button type="button" onclick={next}><span aria-hidden="true">{ "⚄" }</span>{ "Random" }</button>
                <label>{ "seed" }<input class="seed" type="text" inputmode="numeric" value={seed.to_string()} onchange={choose_seed} /></label>
                <label>{ "colours" }{ select("colours", &["viridis", "diverging"], usize::from(now.color_map == ColorMap::Diverging), &choose_map) }</label>
                { switch("contours", now.contours, &params.edits(|p: &mut Params, on| p.contours = on)) }
                { switch("patterns", now.patterns, &params.edits(|p: &mut Params, on| p.patterns = on)) }
            </div>
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct RegionTableProps {
    scene: Shared,
    region: Option<usize>,
    pinned: Option<usize>,
    attend_region: Callback<Option<usize>>,
    pin: Callback<usize>,
}

/// Every region with its numbers, for those who do not see the picture and those who want to copy them.
#[component]
fn RegionTable(props: &RegionTableProps) -> Html {
    let row = |(index, region): (usize, &RegionShape)| {
        let attend = |here: bool| props.attend_region.reform(move |_: PointerEvent| here.then_some(index));
        let attend_focus = |here: bool| props.attend_region.reform(move |_: FocusEvent| here.then_some(index));
        let pin = props.pin.reform(move |_: MouseEvent| index);
        let vertices: Vec<String> = region
            .vertices
            .iter()
            .map(|v| format!("({}, {})", format_number(v[0], 4), format_number(v[1], 4)))
            .collect();
        html! {
            <tr key={index} class={classes!((props.region == Some(index)).then_some("attended"))}
                onpointerenter={attend(true)} onpointerleave={attend(false)}>
                <th scope="row"><button type="button" class="pattern" aria-pressed={(props.pinned == Some(index)).to_string()} onclick={pin}
                    onfocus={attend_focus(true)} onblur={attend_focus(false)}>{ pattern_text(&region.pattern, &props.scene.widths) }</button></th>
                <td class="area">{ format_number(region.area, 4) }</td>
                <td class="map">{ map_text(region.intercept, region.slope, 4) }</td>
                <td class="vertices">{ vertices.join(" ") }</td>
                <td>{ reach_text(region) }</td>
            </tr>
        }
    };
    let open = use_state_eq(|| false);
    let ontoggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    html! {
        <div class="region-table">
            <button type="button" class="disclosure" aria-expanded={open.to_string()} onclick={ontoggle}>
                { format!("All {} regions as a table", props.scene.regions.len()) }
            </button>
            // Rows are made only while they are seen: a drag should not pay for them.
            if *open {
                <div class="scroll" tabindex="0" role="region" aria-label="All regions">
                    <table>
                        <thead><tr><th scope="col">{ "pattern" }</th><th scope="col">{ "area" }</th><th scope="col">{ "map" }</th><th scope="col">{ "corners in view" }</th><th scope="col">{ "in the plane" }</th></tr></thead>
                        <tbody>{ for props.scene.regions.iter().enumerate().take(MOST_LISTED).map(row) }</tbody>
                    </table>
                    if props.scene.regions.len() > MOST_LISTED {
                        <p class="hint">{ format!("The first {MOST_LISTED} are listed.") }</p>
                    }
                </div>
            }
        </div>
    }
}
