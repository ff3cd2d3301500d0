use std::rc::Rc;

use piecewise_plot::{Frame, format_number, subscript};
use piecewise_widgets::{DragStep, Drawing, Handles, Knob, Nudge, NumberCell, PlotCanvas};
use yew::prelude::*;

use super::{CORNERS, Folding, GAP, Layout, Params, PieceShape, Scene, compute, draw_data, draw_ground};
use crate::{
    Exhibit, Params as _, aim,
    ui::{
        Embed, ExhibitFrame, FrameProps, HistoryButtons, PageProps, ParamsHandle, PictureSize, counted, counter,
        stepper, use_params, use_picture,
    },
};

/// How far an arrow key moves a corner or the probe.
const NUDGE: f64 = 1.0 / 64.0;

/// The page of the exhibit `folding`.
#[component]
pub fn Page(props: &PageProps) -> Html {
    let params = use_params::<Params>(props);
    let scene = use_memo(params.now().clone(), |now| compute(now));
    let picture = html! { <Picture params={params.clone()} scene={scene.clone()} /> };
    let readout = html! { <Way scene={scene.clone()} /> };
    let controls =
        html! { <><Counts scene={scene.clone()} /><Settings params={params.clone()} /><Pieces scene={scene} /></> };
    html! { <ExhibitFrame<Params> ..FrameProps::of::<Folding>(params, picture, readout, controls) /> }
}

#[derive(PartialEq, Properties)]
struct SceneProps {
    scene: Rc<Scene>,
}

#[derive(PartialEq, Properties)]
struct PictureProps {
    params: ParamsHandle<Params>,
    scene: Rc<Scene>,
}

/// The plots with a handle on every corner and on the probe.
#[component]
fn Picture(props: &PictureProps) -> Html {
    let embed = use_context::<Embed>().unwrap_or_default();
    let theme = embed.theme();
    let PictureSize { size_px, scale, on_size } = use_picture([720.0, 660.0]);
    let scene = props.scene.clone();
    let n_stages = scene.stages.len();
    let layout = Layout::new(n_stages, size_px, scale);
    let ground = use_memo((n_stages, size_px, embed), {
        let layout = layout.clone();
        move |_| Drawing::new(move |paper| draw_ground(paper, &layout, theme))
    });
    let data = use_memo((scene.clone(), size_px, embed), {
        let layout = layout.clone();
        move |(scene, ..)| {
            let scene = scene.clone();
            Drawing::new(move |paper| draw_data(paper, &layout, &scene, theme))
        }
    });
    let corner = |stage: usize, index: usize, at: [f64; 2]| {
        let color = if stage == 0 { theme.unit(index.saturating_sub(1)).css() } else { theme.ink.css() };
        html! {
            <PointHandle key={format!("{stage}-{index}")} params={props.params.clone()} frame={layout.stages[stage]} at={at}
                grip={Grip::Corner { stage, index }} color={color} />
        }
    };
    html! {
        <PlotCanvas layers={vec![(*ground).clone(), (*data).clone()]} scale={scale} label={Folding::describe(&scene)} on_size={on_size}>
            <Handles size_px={size_px}>
                { for scene.stages.iter().enumerate().flat_map(|(stage, shape)| {
                    shape.corners.iter().enumerate().map(move |(index, &at)| (stage, index, at))
                }).map(|(stage, index, at)| corner(stage, index, at)) }
                <PointHandle params={props.params.clone()} frame={layout.composition} grip={Grip::Probe} color={theme.accent.css()}
                    at={[scene.way[0], layout.composition.data_lo[1]]} />
            </Handles>
        </PlotCanvas>
    }
}

/// What a handle moves.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Grip {
    Corner { stage: usize, index: usize },
    Probe,
}

impl Grip {
    fn moved(self, params: &mut Params, to: [f64; 2], tolerance: [f64; 2]) {
        let to = [0, 1].map(|axis| aim(to[axis], tolerance[axis]));
        match self {
            Self::Corner { stage, index } => params.move_corner(stage, index, to),
            Self::Probe => params.probe = to[0],
        }
    }

    /// Two grips never share a gesture.
    fn gesture(self) -> u32 {
        match self {
            Self::Corner { stage, index } => 10 * stage as u32 + index as u32,
            Self::Probe => 99,
        }
    }
}

#[derive(PartialEq, Properties)]
struct PointHandleProps {
    params: ParamsHandle<Params>,
    frame: Frame,
    at: [f64; 2],
    grip: Grip,
    color: String,
}

#[component]
fn PointHandle(props: &PointHandleProps) -> Html {
    let PointHandleProps { params, frame, at, grip, .. } = props;
    let (frame, at, grip) = (*frame, *at, *grip);
    let on_drag = {
        let params = params.clone();
        Callback::from(move |step: DragStep| {
            let to = frame.data_from_screen(step.to);
            let tolerance = frame.data_per_px().map(|data| data / 2.0);
            params.drag(grip.gesture(), move |p| grip.moved(p, to, tolerance));
        })
    };
    let on_nudge = {
        let params = params.clone();
        Callback::from(move |Nudge { direction, size }: Nudge| {
            let to = [0, 1].map(|axis| at[axis] + direction[axis] * size * NUDGE);
            params.drag(grip.gesture(), move |p| grip.moved(p, to, [0.0; 2]));
        })
    };
    let on_rest = params.on_rest();
    let on_reset = {
        let params = params.clone();
        Callback::from(move |()| {
            params.edit(move |p| {
                let mut then = Params::from_start(&p.start).unwrap_or_default();
                match grip {
                    Grip::Probe => p.probe = then.probe,
                    Grip::Corner { stage, index } => {
                        if let Some(&corner) = then.corners_mut(stage).get(index) {
                            p.move_corner(stage, index, corner);
                        }
                    }
                }
            });
        })
    };
    let label = match grip {
        Grip::Corner { stage, index } => format!("Corner {} of network {}", index + 1, stage + 1),
        Grip::Probe => "Probe: an input x".to_owned(),
    };
    let value_text = match grip {
        Grip::Corner { .. } => format!("{}, {}", format_number(at[0], 3), format_number(at[1], 3)),
        Grip::Probe => format_number(at[0], 3),
    };
    html! {
        <Knob at={frame.screen_from_data(at)} color={props.color.clone()} label={label} value_text={value_text}
            on_drag={on_drag} on_nudge={on_nudge} on_rest={on_rest} on_reset={on_reset} />
    }
}

/// The probe's way in numbers.
#[component]
fn Way(props: &SceneProps) -> Html {
    let names = ["x", "y", "y′", "y″"];
    let steps: Vec<String> = props
        .scene
        .way
        .iter()
        .zip(names)
        .map(|(value, name)| format!("{name} = {}", format_number(*value, 3)))
        .collect();
    let x = props.scene.way[0];
    let slope = props.scene.pieces.iter().rfind(|piece| piece.from[0] <= x).map_or(0.0, |piece| piece.slope);
    html! {
        <div class="readout" aria-live="polite">
            <span class="map">{ steps.join("  →  ") }</span>
            <span class="hint">{ format!("slope there {}", format_number(slope, 3)) }</span>
        </div>
    }
}

/// How many pieces there are, and how many there could be.
#[component]
fn Counts(props: &SceneProps) -> Html {
    let scene = &props.scene;
    let missing = scene.most - scene.pieces.len().min(scene.most);
    let reason = match missing {
        0 => "Every fold runs through every piece.".to_owned(),
        1 => "1 is missing: a fold does not reach it, or a flat piece swallows a joint.".to_owned(),
        n => format!("{n} are missing: folds do not reach them, or flat pieces swallow joints."),
    };
    let names = ["stage-1", "stage-2", "stage-3"];
    html! {
        <div class="counts">
            <div class="counters">
                { counter("in-view", scene.pieces.len().to_string(), "pieces together") }
                { for scene.stages.iter().enumerate().map(|(index, stage)| {
                    counter(names[index], (stage.corners.len() - 1).to_string(), format!("in network {}", index + 1))
                }) }
                { counter("most", scene.most.to_string(), "possible at most") }
            </div>
            <p class="shortfall">{ reason }</p>
        </div>
    }
}

/// Every piece with its joints and its slope.
#[component]
fn Pieces(props: &SceneProps) -> Html {
    let scene = &props.scene;
    let open = use_state_eq(|| false);
    let ontoggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let row = |(index, piece): (usize, &PieceShape)| {
        let fold = format!("{}{}", piece.fold + 1, if scene.folds[piece.fold].mirrored { ", mirrored" } else { "" });
        let [from, to] =
            [piece.from, piece.to].map(|[x, y]| format!("({}, {})", format_number(x, 6), format_number(y, 6)));
        html! {
            <tr key={index}>
                <th scope="row">{ index + 1 }</th><td>{ from }</td><td>{ to }</td><td>{ format_number(piece.slope, 6) }</td><td>{ fold }</td>
            </tr>
        }
    };
    html! {
        <div class="region-table">
            <button type="button" class="disclosure" aria-expanded={open.to_string()} onclick={ontoggle}>
                { format!("All {} pieces as a table", scene.pieces.len()) }
            </button>
            if *open {
                <div class="scroll" tabindex="0" role="region" aria-label="All pieces">
                    <table>
                        <thead><tr><th scope="col">{ "piece" }</th><th scope="col">{ "from joint" }</th><th scope="col">{ "to joint" }</th><th scope="col">{ "slope" }</th><th scope="col">{ "fold" }</th></tr></thead>
                        <tbody>{ for scene.pieces.iter().enumerate().map(row) }</tbody>
                    </table>
                </div>
            }
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct SettingsProps {
    params: ParamsHandle<Params>,
}

/// The probe, the number of networks, and corners to add and take away.
#[component]
fn Settings(props: &SettingsProps) -> Html {
    let params = &props.params;
    let now = params.now().clone();
    let on_probe = params.drags(Grip::Probe.gesture(), move |p, value| p.probe = value);
    let on_rest = params.on_rest();
    let set_depth = |depth: u64| params.on_click(move |p| p.depth = depth);
    let row = |stage: usize| {
        let mut copy = (*now).clone();
        let n_pieces = copy.corners_mut(stage).len() - 1;
        let name = format!("network {}", stage + 1);
        let resize = params.edits(move |p: &mut Params, n: u64| {
            let corners = p.corners_mut(stage);
            if n as usize >= corners.len() {
                add_corner(corners);
            } else if corners.len() > *CORNERS.start() {
                corners.remove(corners.len() - 2);
            }
        });
        html! {
            <div class="dial" key={stage}>
                <span class="dial-name">{ format!("n{} ", subscript(stage + 1)) }{ name.clone() }</span>
                { stepper(format!("Pieces of {name}"), counted(n_pieces as u64, "piece"), [n_pieces as u64, 1, *CORNERS.end() as u64 - 1], &resize) }
            </div>
        }
    };
    html! {
        <div class="dials">
            <div class="dial">
                <span class="dial-name"><math><mi>{ "x" }</mi></math>{ "probe" }</span>
                <NumberCell label="probe" value={now.probe} min={-1.0} max={1.0} on_edit={on_probe} on_rest={on_rest} />
            </div>
            { for (0..now.depth as usize).map(row) }
            <div class="tools"><div class="row">
                <HistoryButtons<Params> params={params.clone()} />
                <span class="stepper" role="group" aria-label="Networks in a row">
                    <button type="button" aria-pressed={(now.depth == 2).to_string()} onclick={set_depth(2)}>{ "two networks" }</button>
                    <button type="button" aria-pressed={(now.depth == 3).to_string()} onclick={set_depth(3)}>{ "three" }</button>
                </span>
            </div></div>
        </div>
    }
}

/// Bends the longest piece in its middle.
fn add_corner(corners: &mut Vec<[f64; 2]>) {
    let longest = (1..corners.len()).max_by(|&a, &b| {
        let length = |i: usize| corners[i][0] - corners[i - 1][0];
        length(a).total_cmp(&length(b))
    });
    if let Some(index) =
        longest.filter(|&i| corners.len() < *CORNERS.end() && corners[i][0] - corners[i - 1][0] > 2.0 * GAP)
    {
        let [a, b] = [corners[index - 1], corners[index]];
        // A quarter off the line, so that the new joint can be seen.
        let off = if f64::midpoint(a[1], b[1]) > 0.0 { -0.25 } else { 0.25 };
        corners.insert(index, [f64::midpoint(a[0], b[0]), f64::midpoint(a[1], b[1]) + off]);
    }
}
