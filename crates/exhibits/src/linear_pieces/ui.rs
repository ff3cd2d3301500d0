mod equation;

use std::rc::Rc;

use piecewise_core::regions::Bounds;
use piecewise_plot::{Frame, format_number, subscript};
use piecewise_widgets::{
    DragStep, DragTarget, Drawing, Handles, Knob, Nudge, NumberCell, PlotCanvas, symbol_with_index,
};
use yew::prelude::*;

use super::{
    BETA, BIAS_LIMIT, Joint, Kind, LENGTH, Layout, Line, LinearPieces, Model, Params, Point, SCALE, Scene,
    WEIGHT_LIMIT, compute, draw_data, draw_ground, draw_probe, draw_relief, nonzero, vector,
};
use crate::{
    Exhibit, Params as _, aim,
    ui::{
        Dial, Embed, ExhibitFrame, FrameProps, HistoryButtons, PageProps, ParamsHandle, PictureSize, counter, dial,
        plot_ground, select, switch_where, use_params, use_picture,
    },
};

/// How far an arrow key moves a handle, in data units.
const NUDGE: f64 = 1.0 / 64.0;
/// How far an arrow key turns the surface, in degrees.
const TURN: f64 = 5.0;

// Gestures beside those of the numbers, which are counted from 0.
const PROBE: u32 = 100;
const TIP: u32 = 101;
const JOINT: u32 = 110;
const TURNING: u32 = 102;

/// The page of the exhibit `linear-pieces`.
#[component]
pub fn Page(props: &PageProps) -> Html {
    let params = use_params::<Params>(props);
    let scene = use_memo(params.now().clone(), |now| compute(now));
    let picture = html! { <Picture params={params.clone()} scene={scene.clone()} /> };
    let readout = html! { <><Reading params={params.now().clone()} scene={scene.clone()} /><Collapse params={params.now().clone()} scene={scene.clone()} /></> };
    let controls = html! {
        <>
            <Choices params={params.clone()} />
            <Counters scene={scene.clone()} />
            if let Some(line) = &scene.line { <Pieces params={params.clone()} scene={scene.clone()} line={line.clone()} /> }
            <Relief params={params.clone()} scene={scene} />
            <div class="tools"><div class="row"><HistoryButtons<Params> params={params.clone()} /></div></div>
            <More params={params.clone()} />
        </>
    };
    html! { <ExhibitFrame<Params> ..FrameProps::of::<LinearPieces>(params, picture, readout, controls) /> }
}

#[derive(PartialEq, Properties)]
struct SceneProps {
    params: ParamsHandle<Params>,
    scene: Rc<Scene>,
}

/// A point, moved into the view.
fn into_view(params: &Params, point: [f64; 2]) -> [f64; 2] {
    let Bounds { lo, hi } = params.view();
    [0, 1].map(|axis| point[axis].clamp(lo[axis], hi[axis]))
}

/// The simplest point within half a pixel.
fn aim_at_pixel(frame: &Frame, to: [f64; 2]) -> [f64; 2] {
    let per_px = frame.data_per_px();
    [0, 1].map(|axis| aim(to[axis], per_px[axis] / 2.0))
}

/// The network over its inputs, with the probe and the end of its step.
#[component]
fn Picture(props: &SceneProps) -> Html {
    let embed = use_context::<Embed>().unwrap_or_default();
    let theme = embed.theme();
    let PictureSize { size_px, scale, on_size } = use_picture([640.0, 592.0]);
    let now = props.params.now().clone();
    let scene = props.scene.clone();
    let layout = Layout::new(now.model, size_px, scale);

    // What the network looks like does not depend on where it is probed; bends do depend on the step.
    let step = if now.lens { [now.length, now.angle] } else { [0.0; 2] };
    let still = Params { probe: [0.0; 2], length: step[0], angle: step[1], ruler: false, turn: 0.0, ..(*now).clone() };
    let data = use_memo((still.clone(), size_px, embed), {
        let (now, scene) = (now.clone(), scene.clone());
        move |_| Drawing::new(move |paper| draw_data(paper, &layout, &now, &scene, theme))
    });
    let ground = use_memo((still, size_px, embed), {
        let scene = scene.clone();
        move |_| Drawing::new(move |paper| draw_ground(paper, &layout, &scene, theme))
    });
    let probe = use_memo((scene.clone(), size_px, embed), {
        let now = now.clone();
        move |(scene, ..)| {
            let scene = scene.clone();
            Drawing::new(move |paper| draw_probe(paper, &layout, &now, &scene, theme))
        }
    });
    let frame = layout.plot;
    let on_plot = |point: &Point| frame.screen_from_data([point.x[0], point.x.get(1).copied().unwrap_or(point.value)]);
    let bring = props.params.edits(move |p: &mut Params, to| p.probe = into_view(p, aim_at_pixel(&frame, to)));
    let tip = {
        let step = now.step();
        [0, 1].map(|axis| now.probe[axis] + step[axis])
    };
    html! {
        <PlotCanvas layers={vec![(*data).clone(), (*ground).clone(), (*probe).clone()]} scale={scale} label={LinearPieces::describe(&scene)} on_size={on_size}>
            <Handles size_px={size_px}>
                { plot_ground(&frame, "", &bring) }
                if let Some(line) = &scene.line {
                    { for line.joints.iter().enumerate().map(|(index, joint)| joint_handle(props, &frame, index, joint, theme.unit(joint.unit).css())) }
                }
                { handle(props, &frame, on_plot(&scene.there), &TIP_GRIP, tip) }
                { handle(props, &frame, on_plot(&scene.here), &PROBE_GRIP, now.probe) }
            </Handles>
        </PlotCanvas>
    }
}

/// Something on the picture that is put to a place.
struct Grip {
    gesture: u32,
    color: &'static str,
    label: &'static str,
    put: fn(&mut Params, [f64; 2]),
}

static PROBE_GRIP: Grip =
    Grip { gesture: PROBE, color: "var(--accent)", label: "Move the point", put: |p, to| p.probe = to };
static TIP_GRIP: Grip =
    Grip { gesture: TIP, color: "var(--ink)", label: "Move the end of the step", put: Params::aim_at };

/// A handle at a place of the picture, which stands for `now` in data space.
fn handle(props: &SceneProps, frame: &Frame, at: [f64; 2], grip: &'static Grip, now: [f64; 2]) -> Html {
    let frame = *frame;
    let on_drag = {
        let params = props.params.clone();
        Callback::from(move |step: DragStep| {
            let to = aim_at_pixel(&frame, frame.data_from_screen(step.to));
            params.drag(grip.gesture, move |p| (grip.put)(p, into_view(p, to)));
        })
    };
    let on_nudge = {
        let params = props.params.clone();
        Callback::from(move |Nudge { direction, size }: Nudge| {
            let to = [0, 1].map(|axis| now[axis] + direction[axis] * size * NUDGE);
            params.drag(grip.gesture, move |p| (grip.put)(p, into_view(p, to)));
        })
    };
    let on_reset = {
        let params = props.params.clone();
        Callback::from(move |()| {
            params.edit(move |p| {
                let then = Params::from_start(&p.start).unwrap_or_default();
                (p.probe, p.length, p.angle) = (then.probe, then.length, then.angle);
            });
        })
    };
    html! {
        <Knob at={at} color={grip.color} label={grip.label} value_text={vector(&now[..props.scene.here.x.len()])}
            on_drag={on_drag} on_nudge={on_nudge} on_rest={props.params.on_rest()} on_reset={on_reset} />
    }
}

/// With one input: a joint, moved along the axis by the bias of its unit.
fn joint_handle(props: &SceneProps, frame: &Frame, index: usize, joint: &Joint, color: String) -> Html {
    let Joint { unit, x } = *joint;
    let (lo, hi) = (frame.data_lo[0], frame.data_hi[0]);
    if x < lo || x > hi {
        return Html::default();
    }
    let frame = *frame;
    let [bias, weight, ..] = props.params.now().units[unit];
    let move_to = {
        let params = props.params.clone();
        move |to: f64| {
            let to = to.clamp(lo, hi);
            params.drag(JOINT + unit as u32, move |p| p.units[unit][0] = bias + weight * (x - to));
        }
    };
    let on_drag = {
        let move_to = move_to.clone();
        Callback::from(move |step: DragStep| {
            move_to(aim(frame.data_from_screen(step.to)[0], frame.data_per_px()[0] / 2.0));
        })
    };
    let on_nudge = Callback::from(move |Nudge { direction, size }: Nudge| {
        move_to(x + (direction[0] + direction[1]) * size * NUDGE);
    });
    let on_reset = {
        let params = props.params.clone();
        Callback::from(move |()| {
            params.edit(move |p| p.units[unit][0] = Params::from_start(&p.start).unwrap_or_default().units[unit][0]);
        })
    };
    let at = frame.screen_from_data([x, frame.data_hi[1]]);
    let name = props.scene.unit_name(unit);
    html! {
        <Knob key={format!("joint-{index}")} at={[at[0], at[1] + 14.0]} color={color}
            label={format!("Move the joint of {name}")} value_text={format!("x = {}", format_number(x, 4))}
            on_drag={on_drag} on_nudge={on_nudge} on_rest={props.params.on_rest()} on_reset={on_reset} />
    }
}

#[derive(PartialEq, Properties)]
struct ReadingProps {
    params: Rc<Params>,
    scene: Rc<Scene>,
}

/// Value and gradient at both ends of the step, and how they differ.
#[component]
fn Reading(props: &ReadingProps) -> Html {
    let ReadingProps { params, scene } = props;
    let row = |name: &str, point: &Point| {
        let shown: Vec<f64> = point.x.iter().map(|x| (x * 1e3).round() / 1e3).collect();
        html! {
            <tr>
                <th scope="row"><var>{ name.to_owned() }</var><span class="at">{ format!(" = {}", vector(&shown)) }</span></th>
                <td class="pattern">{ &point.pattern }</td>
                <td>{ nonzero(point.value) }</td>
                { for point.gradient.iter().map(|&slope| html! { <td>{ nonzero(slope) }</td> }) }
            </tr>
        }
    };
    let inputs = scene.here.x.len();
    let heading =
        |i: usize| if inputs == 1 { "∂y/∂x".to_owned() } else { format!("∂y/∂x{}", subscript(i + 1)) };
    let difference = scene.difference();
    let ruler = if params.ruler && !params.lens && scene.plane.is_some() { Some(ruler_text(scene)) } else { None };
    html! {
        <div class="linear-pieces-reading">
            <p class="verdict" role="status">{ scene.verdict() }</p>
            <table>
                <thead><tr><td></td><th scope="col">{ "on" }</th><th scope="col">{ "y" }</th>
                    { for (0..inputs).map(|i| html! { <th scope="col">{ heading(i) }</th> }) }</tr></thead>
                <tbody>
                    { row("x", &scene.here) }
                    { row("x + h", &scene.there) }
                    <tr class="difference"><th scope="row">{ "difference" }</th><td></td><td>{ nonzero(scene.there.value - scene.here.value) }</td>
                        { for difference.iter().map(|&change| html! { <td data-change={change.to_string()}>{ nonzero(change) }</td> }) }</tr>
                </tbody>
            </table>
            if let Some(text) = ruler { <p class="ruler">{ text }</p> }
        </div>
    }
}

/// What the ruler says.
fn ruler_text(scene: &Scene) -> String {
    let Some(ruler) = &scene.ruler else { return "It is flat here: no contour to measure.".to_owned() };
    let Some([least, most]) = ruler.extremes() else {
        return "There are fewer than two contours under the ruler.".to_owned();
    };
    let n = ruler.spacings.len();
    let (step, steepness) = (ruler.expected * scene.here.steepness(), scene.here.steepness());
    let formula =
        format!("contour step {} / length of the gradient {}", format_number(step, 3), format_number(steepness, 4));
    if most - least <= 1e-9 * most {
        let spacings = if n == 1 { "one spacing".to_owned() } else { format!("{n} spacings, all of them") };
        return format!("The ruler measures {spacings} {}: {formula}.", format_number(least, 4));
    }
    format!(
        "The ruler measures {n} spacings from {} to {}: not equal.",
        format_number(least, 4),
        format_number(most, 4)
    )
}

/// The map that holds at the point, as a product of masked matrices.
#[component]
fn Collapse(props: &ReadingProps) -> Html {
    let embed = use_context::<Embed>().unwrap_or_default();
    let ReadingProps { params, scene } = props;
    let here = &scene.here;
    // Inside a region nothing of it changes, so nothing of it is made anew.
    let network = params.network();
    let key = (network.layers.clone(), here.slopes.clone(), here.intercepts.clone(), embed.theme);
    let lines = use_memo(key, |_| equation::collapse(&network, here, embed.theme()));
    let title = if scene.is_piecewise_linear { "The map here, collapsed" } else { "The tangent here, collapsed" };
    html! {
        <div class="linear-pieces-collapse" tabindex="0" role="group" aria-label={title}>
            { for lines.iter().map(|line| html! { <p>{ Html::from_html_unchecked(AttrValue::from(line.clone())) }</p> }) }
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct HandleProps {
    params: ParamsHandle<Params>,
}

const SLOPE: Dial<Params> = Dial::linear("s", "slope below 0", [0.0, 1.0], |p| p.slope, |p, x| p.slope = x);
const DEPTH: Dial<Params> = Dial::linear("s", "how deep below 0", SCALE, |p| p.scale, |p, x| p.scale = x);
const SHARPNESS: Dial<Params> =
    Dial { step: 0.125, ..Dial::linear("β", "sharpness", BETA, |p| p.beta, |p, x| p.beta = x) };
const INTERCEPT: Dial<Params> = Dial::linear("a", "value at 0", BOTH_SIGNS, |p| p.intercept, |p, x| p.intercept = x);
const PHI_0: Dial<Params> =
    Dial::linear("φ₀", "bias of the output", [-BIAS_LIMIT, BIAS_LIMIT], |p| p.phi_0, |p, x| p.phi_0 = x);
const STEP_LENGTH: Dial<Params> =
    Dial { step: 1.0 / 256.0, ..Dial::linear("|h|", "length of the step", LENGTH, |p| p.length, |p, x| p.length = x) };
const STEP_ANGLE: Dial<Params> = Dial {
    step: 1.0,
    ..Dial::linear("∠h", "direction, in degrees", [-180.0, 180.0], |p| p.angle, |p, x| p.angle = x)
};
/// A slope or a height of either sign.
const BOTH_SIGNS: [f64; 2] = [-1.0, 1.0];

/// The activation with its numbers, and what is shown.
#[component]
fn Choices(props: &HandleProps) -> Html {
    let params = &props.params;
    let now = params.now().clone();
    let kind = Kind::ALL.iter().position(|(kind, _)| *kind == now.activation).unwrap_or(0);
    let names: Vec<&str> = Kind::ALL.iter().map(|(_, name)| *name).collect();
    let choose = params.edits(|p: &mut Params, index: usize| p.activation = Kind::ALL[index].0);
    let dials: &[Dial<Params>] = match now.activation {
        Kind::LeakyRelu => &[SLOPE],
        Kind::Prelu => &[Dial { range: BOTH_SIGNS, ..SLOPE }],
        Kind::Elu => &[DEPTH],
        Kind::Swish => &[SHARPNESS],
        Kind::Linear => &[INTERCEPT, Dial { name: "slope", symbol: "b", range: BOTH_SIGNS, ..SLOPE }],
        _ => &[],
    };
    let show = |lens: bool, text: &'static str| {
        html! { <button type="button" aria-pressed={(now.lens == lens).to_string()} onclick={params.on_click(move |p| p.lens = lens)}>{ text }</button> }
    };
    let lay = params.edits(|p: &mut Params, on| p.ruler = on);
    html! {
        <div class="linear-pieces-choices">
            <div class="tools"><div class="row">
                <label>{ "activation" }{ select("activation", &names, kind, &choose) }</label>
                <span class="row" role="group" aria-label="What is shown">{ show(false, "Values") }{ show(true, "Bends") }</span>
                if now.model != Model::Line { { switch_where(!now.lens, "ruler", now.ruler, &lay) } }
            </div></div>
            { for dials.iter().enumerate().map(|(index, it)| dial(params, index as u32, it)) }
            if now.lens {
                <p class="hint">{ "Bends: |f[x + h] − 2 f[x] + f[x − h]|, with h the step. It is 0 where the three points lie on one plane." }</p>
            }
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct CountersProps {
    scene: Rc<Scene>,
}

/// How many regions there are, how many different maps, and how much of the view does not bend.
#[component]
fn Counters(props: &CountersProps) -> Html {
    let scene = &props.scene;
    let count = |n: Option<usize>| n.map_or("∞".to_owned(), |n| n.to_string());
    let place = if scene.line.is_some() { "pieces in view" } else { "regions in view" };
    html! {
        <div class="counters">
            { counter("maps", count(scene.n_maps()), "different maps") }
            if let Some(n) = scene.n_regions() { { counter("in-view", n.to_string(), place) } }
            if let Some(lens) = &scene.lens {
                { counter("flat", format!("{} %", format_number(100.0 * lens.flat_share, 1)), "of the view without a bend") }
                { counter("most", nonzero(lens.most), "largest bend") }
            }
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct PiecesProps {
    params: ParamsHandle<Params>,
    scene: Rc<Scene>,
    line: Line,
}

/// With one input: every piece with its slope as a sum over the units that are on.
#[component]
fn Pieces(props: &PiecesProps) -> Html {
    let embed = use_context::<Embed>().unwrap_or_default();
    let PiecesProps { params, scene, line } = props;
    if line.pieces.is_empty() {
        return html! { <p class="hint">{ "This function is curved: it has no pieces." }</p> };
    }
    let row = |(index, piece): (usize, &super::Piece)| {
        let middle = f64::midpoint(piece.ends[0], piece.ends[1]);
        let go = params.on_click(move |p| p.probe[0] = middle);
        let terms: Vec<(usize, f64)> =
            piece.terms.iter().copied().enumerate().filter(|(_, term)| *term != 0.0).collect();
        let term = |(place, &(unit, term)): (usize, &(usize, f64))| {
            let sign = match (place, term < 0.0) {
                (0, false) => "",
                (0, true) => "−",
                (_, false) => " + ",
                (_, true) => " − ",
            };
            let style = format!("--unit: {}", embed.theme().unit(unit).css());
            let name = format!("φ{0} θ{0}₁", subscript(unit + 1));
            html! { <span title={name}>{ sign }<span class="unit-name" style={style}>{ format_number(term.abs(), 3) }</span></span> }
        };
        let sum = format_number(piece.slope, 3);
        html! {
            <tr key={index} class={(scene.here.region == Some(index)).then_some("attended")}>
                <th scope="row"><button type="button" class="pattern" onclick={go} title="Bring the point here">{ &piece.pattern }</button></th>
                <td>{ format!("{} to {}", format_number(piece.ends[0], 3), format_number(piece.ends[1], 3)) }</td>
                <td class="slope">{ for terms.iter().enumerate().map(term) }if terms.len() != 1 { { if terms.is_empty() { sum } else { format!(" = {sum}") } } }</td>
            </tr>
        }
    };
    let is_relu = params.now().activation == Kind::Relu;
    let sum = line.sum_of_slopes().filter(|_| is_relu).map(|[whole, a, b]| {
        let slope = |index: usize| line.pieces[index].slope;
        let number = |slope: f64| format_number(slope, 3);
        let sign = if slope(b) < 0.0 { '−' } else { '+' };
        let names = ["first", "second", "third", "fourth"];
        let (sum, left, right) = (number(slope(whole)), number(slope(a)), number(slope(b).abs()));
        format!(
            "The {} slope is the {} plus the {}: {sum} = {left} {sign} {right}. Its units are those of the two together.",
            names[whole], names[a], names[b]
        )
    });
    html! {
        <div class="linear-pieces-pieces">
            <table>
                <thead><tr><th scope="col">{ "on" }</th><th scope="col">{ "x" }</th><th scope="col">{ "slope = sum of φ θ₁ over the units on" }</th></tr></thead>
                <tbody>{ for line.pieces.iter().enumerate().map(row) }</tbody>
            </table>
            if let Some(text) = sum { <p class="sum">{ text }</p> }
        </div>
    }
}

/// The surface with the plane of the map at the point, turned by dragging; with one input the shares of the units.
#[component]
fn Relief(props: &SceneProps) -> Html {
    let embed = use_context::<Embed>().unwrap_or_default();
    let theme = embed.theme();
    let PictureSize { size_px, scale, on_size } = use_picture([480.0, 320.0]);
    let now = props.params.now().clone();
    // The step and how the network is shown make no difference here.
    let seen = Params { length: 0.0, angle: 0.0, ruler: false, lens: false, ..(*now).clone() };
    let data = use_memo((seen, size_px, embed), {
        let (now, scene) = (now.clone(), props.scene.clone());
        move |_| Drawing::new(move |paper| draw_relief(paper, &now, &scene, theme))
    });
    let turn = |by: f64, params: &ParamsHandle<Params>| {
        // Once around it begins anew.
        params.drag(TURNING, move |p| p.turn = (p.turn + by + 540.0).rem_euclid(360.0) - 180.0);
    };
    let on_drag = {
        let params = props.params.clone();
        Callback::from(move |step: DragStep| turn((step.to[0] - step.from[0]) * 0.5, &params))
    };
    let on_nudge = {
        let params = props.params.clone();
        Callback::from(move |nudge: Nudge| turn((nudge.direction[0] + nudge.direction[1]) * nudge.size * TURN, &params))
    };
    let on_reset = props.params.edits(move |p, ()| p.turn = Params::from_start(&p.start).unwrap_or_default().turn);
    let [width, height] = size_px;
    let is_line = now.model == Model::Line;
    let (label, words) = match (is_line, props.scene.is_piecewise_linear) {
        (true, _) => ("What each unit adds to the output", "What each unit adds to the output, φ h, in its colour."),
        (false, true) => (
            "The network as a surface, and the plane of the region at the point",
            "The network as a surface; in blue the map of this region, drawn on beyond it. This is what a linear function looks like: a plane. The picture on slide 6 is none: its colours are cut off at both ends.",
        ),
        (false, false) => (
            "The network as a surface, and its tangent plane at the point",
            "The network as a surface; in blue its tangent plane at the point. It touches the surface there and leaves it at once.",
        ),
    };
    html! {
        <figure class="linear-pieces-relief">
            <PlotCanvas layers={vec![(*data).clone()]} scale={scale} label={label} on_size={on_size}>
                <Handles size_px={size_px}>
                    if !is_line {
                        <DragTarget class="turn" label="Turn the surface" value_text={format!("{} degrees", format_number(now.turn, 1))}
                            on_drag={on_drag} on_nudge={on_nudge} on_rest={props.params.on_rest()} on_reset={on_reset}>
                            <rect width={width.to_string()} height={height.to_string()} rx="8" />
                        </DragTarget>
                    }
                </Handles>
            </PlotCanvas>
            <figcaption>{ words }</figcaption>
        </figure>
    }
}

/// Every number of the network and of the step.
#[component]
fn More(props: &HandleProps) -> Html {
    let embed = use_context::<Embed>().unwrap_or_default();
    let open = use_state_eq(|| false);
    let ontoggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let params = &props.params;
    let now = params.now().clone();
    let columns: &[usize] = if now.model == Model::Line { &[0, 1, 3] } else { &[0, 1, 2, 3] };
    let cell = |unit: usize, column: usize| {
        let limit = if column == 0 { BIAS_LIMIT } else { WEIGHT_LIMIT };
        let label = if column < 3 {
            format!("θ{}{}", subscript(unit + 1), subscript(column))
        } else {
            format!("φ{}", subscript(unit + 1))
        };
        let on_edit = {
            let params = params.clone();
            Callback::from(move |value| {
                params.drag(10 + 4 * unit as u32 + column as u32, move |p| p.units[unit][column] = value);
            })
        };
        let on_reset = {
            let params = params.clone();
            Callback::from(move |()| {
                params.edit(move |p| {
                    p.units[unit][column] = Params::from_start(&p.start).unwrap_or_default().units[unit][column];
                });
            })
        };
        html! { <td><NumberCell label={label} value={now.units[unit][column]} min={-limit} max={limit} on_edit={on_edit} on_rest={params.on_rest()} on_reset={on_reset} /></td> }
    };
    let heading = |column: usize| {
        let (name, index) = if column == 3 { ("φ", "d".to_owned()) } else { ("θ", format!("d{column}")) };
        html! { <th scope="col"><span class="visually-hidden">{ format!("{name} {index}") }</span><math aria-hidden="true">{ symbol_with_index(name, index) }</math></th> }
    };
    html! {
        <div class="linear-pieces-more">
            <button type="button" class="disclosure" aria-expanded={open.to_string()} onclick={ontoggle}>{ "More: every number" }</button>
            // Made only while it is seen: a drag should not pay for it.
            if *open {
                <table class="units">
                    <thead><tr><td></td>{ for columns.iter().map(|&column| heading(column)) }</tr></thead>
                    <tbody>{ for (0..now.units.len()).map(|unit| html! {
                        <tr key={unit} style={format!("--unit: {}", embed.theme().unit(unit).css())}>
                            <th scope="row"><span class="unit-name">{ format!("h{}", subscript(unit + 1)) }</span></th>
                            { for columns.iter().map(|&column| cell(unit, column)) }
                        </tr>
                    }) }</tbody>
                </table>
                if now.model == Model::Deep {
                    <p class="hint">{ "φ is read from the second hidden layer here; the numbers of that layer stand in the product under the picture." }</p>
                }
                <div class="dials">{ dial(params, 30, &PHI_0) }{ dial(params, 31, &STEP_LENGTH) }{ dial(params, 32, &STEP_ANGLE) }</div>
            }
        </div>
    }
}
