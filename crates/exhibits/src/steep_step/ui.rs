use piecewise_plot::{Frame, format_number};
use piecewise_widgets::{DragStep, Drawing, Handles, Knob, Nudge, Playback, PlotCanvas};
use yew::prelude::*;

use super::{
    BLUR, CENTER, Corner, HEIGHT, Layout, Lesson, MISMATCH, N_MOMENTS, N_STEPS, Painting, Params, SteepStep,
    TEMPERATURE, UNITS, View, WIDTH, compute_by_hand, draw::trained_color, draw_data, draw_ground, painted, picture,
    powers, scene::Scene, trained,
};
use crate::{
    Exhibit, Params as _, aim,
    ui::{
        Dial, Embed, ExhibitFrame, FrameProps, HistoryButtons, PageProps, ParamsHandle, PictureSize, Stepping, choice,
        counter, dial, switch, use_job, use_params, use_picture,
    },
};

/// How far an arrow key moves a handle, in data units.
const NUDGE: f64 = 1.0 / 64.0;

/// The gesture of everything that changes the moment.
const PLAYING: u32 = 50;
/// How many moments a run goes on by at a time.
const SPEEDS: &[u64] = &[1, 4];

/// The page of the exhibit `steep-step`.
#[component]
pub fn Page(props: &PageProps) -> Html {
    let params = use_params::<Params>(props);
    let now = params.now().clone();
    let lesson = use_job::<Lesson>((now.view == View::Step).then(|| now.lesson_question()));
    let painting = use_job::<Painting>((now.view == View::Picture).then(|| now.lesson_question()));
    let scene = use_memo((now.clone(), lesson.clone(), painting.clone()), |(now, lesson, painting)| {
        let trained = lesson.as_ref().and_then(|lesson| trained(now, &lesson.job()));
        let painted = painting.as_ref().and_then(|painting| painted(now, &painting.job()));
        Scene { trained, painted, ..compute_by_hand(now) }
    });
    // How many moments are computed, and whether no more will be.
    let computed = lesson
        .map(|lesson| (lesson.job().moments().len() as u64, lesson.is_done()))
        .or_else(|| painting.map(|painting| (painting.job().n_moments(), painting.is_done())));
    let picture = html! { <Picture params={params.clone()} scene={scene.clone()} /> };
    let readout = html! {
        <>
            <Legend view={now.view} />
            if let Some((n_computed, done)) = computed {
                <Training params={params.clone()} scene={scene.clone()} n_computed={n_computed} done={done} />
            }
        </>
    };
    let controls = html! { <><Readings scene={scene} /><Dials params={params.clone()} /></> };
    html! { <ExhibitFrame<Params> ..FrameProps::of::<SteepStep>(params, picture, readout, controls) /> }
}

#[derive(PartialEq, Properties)]
struct TrainingProps {
    params: ParamsHandle<Params>,
    scene: std::rc::Rc<Scene>,
    n_computed: u64,
    done: bool,
}

/// The training, moment by moment.
#[component]
fn Training(props: &TrainingProps) -> Html {
    let TrainingProps { params, scene, n_computed, done } = props;
    let moment = params.now().moment;
    let over = *done && *n_computed <= N_MOMENTS;
    let (step, n_steps, slope, loss) = match (&scene.trained, &scene.painted) {
        (Some(trained), _) => (trained.now.step, N_STEPS, trained.now.slope, trained.now.loss),
        (None, Some(painted)) => (painted.step, picture::N_STEPS, painted.slope, painted.loss),
        (None, None) => (0, N_STEPS, 0.0, 0.0),
    };
    let computed = match (over, *done) {
        (true, _) => " · the training fell apart here".to_owned(),
        (false, true) => String::new(),
        (false, false) => format!(" · computed: {n_computed} %"),
    };
    let (slope, loss) = (format_number(slope, 2), format_number(loss, 5));
    let status = format!("step {step} of {n_steps} · steepest slope {slope} · loss {loss}{computed}");
    let Stepping { on_advance, on_scrub, on_go, on_rest } = params.stepping(PLAYING, |p| &mut p.moment);
    html! {
        <Playback step={moment} most={N_MOMENTS} busy={*n_computed <= moment && !done} over={over && moment >= *n_computed} status={status}
            label="Moments of the training" speeds={SPEEDS} on_advance={on_advance} on_scrub={on_scrub} on_go={on_go} on_rest={on_rest} />
    }
}

#[derive(PartialEq, Properties)]
struct PictureProps {
    params: ParamsHandle<Params>,
    scene: std::rc::Rc<Scene>,
}

/// What a handle on the picture moves.
#[derive(Clone, Copy, PartialEq)]
enum Grip {
    /// A joint: the width, and with it the slope.
    Joint { right: bool },
    /// The middle of the ramp: the place of the step.
    Middle,
    /// The flat end: the height.
    Height,
    /// The cut through the picture.
    Cut,
}

impl Grip {
    /// The parameters after the grip was put at `to`; `tolerance` is half a pixel in data units.
    fn moved(self, params: &mut Params, to: [f64; 2], tolerance: [f64; 2]) {
        match self {
            Self::Joint { right } => {
                let half = if right { to[0] - params.center } else { params.center - to[0] };
                params.set_width(aim((2.0 * half).max(0.0), tolerance[0]));
            }
            Self::Middle => params.center = aim(to[0], tolerance[0]),
            Self::Height => params.height = aim(to[1], tolerance[1]),
            Self::Cut => params.cut = aim((1.0 - to[1]) / 2.0, tolerance[1]),
        }
    }
}

/// The step with its handles.
#[component]
fn Picture(props: &PictureProps) -> Html {
    let embed = use_context::<Embed>().unwrap_or_default();
    let theme = embed.theme();
    let PictureSize { size_px, scale, on_size } = use_picture([720.0, 540.0]);
    let now = props.params.now().clone();
    let layout = Layout::new(now.view, size_px, scale);
    let frame = layout.step;
    let scene = props.scene.clone();
    let ground =
        use_memo((now.view, size_px, embed), |_| Drawing::new(move |paper| draw_ground(paper, &layout, theme)));
    let data = use_memo((scene.clone(), now.view, now.cut, size_px, embed), {
        let now = now.clone();
        move |(scene, ..)| {
            let scene = scene.clone();
            Drawing::new(move |paper| draw_data(paper, &layout, &now, &scene, theme))
        }
    });
    let [left, right] = scene.joints;
    let half = now.height / 2.0;
    let grips = [
        (Grip::Joint { right: false }, [left, 0.0], "Move the first joint", "var(--unit-1)"),
        (Grip::Joint { right: true }, [right, now.height], "Move the second joint", "var(--unit-2)"),
        (Grip::Middle, [now.center, half], "Move the step", "var(--accent)"),
        (Grip::Height, [f64::midpoint(right, 1.25), now.height], "Raise the flat end", "var(--accent)"),
    ];
    html! {
        <PlotCanvas layers={vec![(*ground).clone(), (*data).clone()]} scale={scale} label={SteepStep::describe(&scene)} on_size={on_size}>
            <Handles size_px={size_px}>
                if let Some([_, fit, _]) = layout.picture {
                    <GripHandle params={props.params.clone()} frame={fit} grip={Grip::Cut} at={[1.0, 1.0 - 2.0 * now.cut]} label="Height of the cut" color="var(--accent)" index={9} />
                }
                { for grips.into_iter().filter(|_| layout.picture.is_none()).enumerate().map(|(index, (grip, at, label, color))| html! {
                    <GripHandle key={index} params={props.params.clone()} frame={frame} grip={grip} at={at} label={label} color={color} index={index as u32} />
                }) }
            </Handles>
        </PlotCanvas>
    }
}

#[derive(PartialEq, Properties)]
struct GripHandleProps {
    params: ParamsHandle<Params>,
    frame: Frame,
    grip: Grip,
    at: [f64; 2],
    label: &'static str,
    color: &'static str,
    index: u32,
}

#[component]
fn GripHandle(props: &GripHandleProps) -> Html {
    let GripHandleProps { params, frame, grip, at, index, .. } = props;
    let (frame, grip, at, gesture) = (*frame, *grip, *at, 100 + index);
    let on_drag = {
        let params = params.clone();
        Callback::from(move |step: DragStep| {
            let to = frame.data_from_screen(step.to);
            let tolerance = frame.data_per_px().map(|data| data / 2.0);
            params.drag(gesture, move |p| grip.moved(p, to, tolerance));
        })
    };
    let on_nudge = {
        let params = params.clone();
        Callback::from(move |Nudge { direction, size }: Nudge| {
            let to = [0, 1].map(|axis| at[axis] + direction[axis] * size * NUDGE);
            params.drag(gesture, move |p| grip.moved(p, to, [0.0; 2]));
        })
    };
    let on_rest = params.on_rest();
    let on_reset = {
        let params = params.clone();
        Callback::from(move |()| {
            params.edit(move |p| {
                let then = Params::from_start(&p.start).unwrap_or_default();
                match grip {
                    Grip::Joint { .. } => p.width = then.width,
                    Grip::Middle => p.center = then.center,
                    Grip::Height => p.height = then.height,
                    Grip::Cut => p.cut = then.cut,
                }
            });
        })
    };
    let value_text = match grip {
        Grip::Joint { .. } | Grip::Middle => format!("x = {}", format_number(at[0], 3)),
        Grip::Height => format!("y = {}", format_number(at[1], 3)),
        Grip::Cut => format!("{} of the height", format_number((1.0 - at[1]) / 2.0, 3)),
    };
    html! {
        <Knob at={frame.screen_from_data(at)} color={props.color} label={props.label} value_text={value_text}
            on_drag={on_drag} on_nudge={on_nudge} on_rest={on_rest} on_reset={on_reset} />
    }
}

#[derive(PartialEq, Properties)]
struct LegendProps {
    view: View,
}

/// What the lines are.
#[component]
fn Legend(props: &LegendProps) -> Html {
    let theme = use_context::<Embed>().unwrap_or_default().theme();
    let entry =
        |class: &'static str, text: &'static str| html! { <span class={classes!("key", class)}>{ text }</span> };
    html! {
        <div class="readout legend" style={format!("--steep-step-trained: {}", trained_color(theme).css())}>
            { entry("target", "target") }
            if props.view == View::ByHand {
                { entry("network", "network") }
                { entry("unit-1", "φ₁h₁") }
                { entry("unit-2", "φ₂h₂") }
                { entry("error", "error") }
            } else {
                { entry("trained", "gradient descent") }
                { entry("by-hand", "by hand") }
            }
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct ReadingsProps {
    scene: std::rc::Rc<Scene>,
}

/// The four errors, with their formulas.
#[component]
fn Readings(props: &ReadingsProps) -> Html {
    let errors = &props.scene.errors;
    let reading = |name: &'static str, value: f64, label: &'static str| {
        // Small numbers keep three digits; below a millionth it is only the tail of a round corner.
        let text = if (1e-6..0.01).contains(&value.abs()) {
            format!("{value:.2e}").replace('-', "−")
        } else {
            format_number(value, 3)
        };
        counter(name, text, label)
    };
    html! {
        <div class="counters steep-step-counters">
            { reading("slope", errors.slope, "slope h/w") }
            { reading("l1", errors.l1, "area of the error") }
            { reading("l2", errors.l2_squared, "area of its square") }
            { reading("largest", errors.largest, "largest error") }
            { reading("at-one", errors.at_one.abs(), "error one unit on") }
            { counter("condition", powers(props.scene.condition), "condition κ") }
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct DialsProps {
    params: ParamsHandle<Params>,
}

static DIALS: [Dial<Params>; 5] = [
    WIDTH_DIAL,
    Dial {
        step: 0.002,
        decimals: 4,
        ..Dial::linear("ε", "mismatch of the second slope", MISMATCH, |p| p.mismatch, |p, x| p.mismatch = x)
    },
    Dial::linear("h", "height of the jump", HEIGHT, |p| p.height, |p, x| p.height = x),
    Dial::linear("c", "place of the jump", CENTER, |p| p.center, |p, x| p.center = x),
    Dial::linear("δ", "blur of the target", BLUR, |p| p.blur, |p, x| p.blur = x),
];
const WIDTH_DIAL: Dial<Params> =
    Dial { step: 0.02, ..Dial::logarithmic("w", "width of the ramp", WIDTH, |p| p.width, Params::set_width) };
const TEMPERATURE_DIAL: Dial<Params> = Dial {
    step: 0.02,
    ..Dial::logarithmic("T", "roundness of the corners", TEMPERATURE, |p| p.temperature, |p, x| p.temperature = x)
};

/// Every setting with its slider.
#[component]
fn Dials(props: &DialsProps) -> Html {
    let params = &props.params;
    let now = params.now().clone();
    let corner = CORNERS.iter().position(|entry| entry.0 == now.corner).unwrap_or(0);
    let corners = choice("units", &CORNERS.map(|entry| entry.1), corner, &{
        params.edits(|p: &mut Params, index: usize| p.corner = CORNERS[index].0)
    });
    let train = training_dials(params, &now);
    html! {
        <div class="dials">
            { for DIALS.iter().enumerate().map(|(index, each)| dial(params, index as u32, each)) }
            { switch("lock the pair: the second slope follows the first", now.locked, &params.edits(Params::set_locked)) }
            { corners }
            if now.corner == Corner::Softplus { { dial(params, 9, &TEMPERATURE_DIAL) } }
            { train }
            <div class="tools"><div class="row"><HistoryButtons<Params> params={params.clone()} /></div></div>
        </div>
    }
}

/// Whether gradient descent is asked, and with what.
fn training_dials(params: &ParamsHandle<Params>, now: &Params) -> Html {
    let again = params.on_click(|p| p.seed = p.seed % 999 + 1);
    let view = VIEWS.iter().position(|view| view.0 == now.view).unwrap_or(0);
    let units = UNITS.iter().position(|&units| units == now.units).unwrap_or(0);
    let rules = ["gradient descent, α = 0.1", "Adam, α = 0.01"];
    html! {
        <>
            { choice("view", &VIEWS.map(|view| view.1), view, &params.edits(|p: &mut Params, index: usize| p.view = VIEWS[index].0)) }
            if now.view == View::Step {
                { choice("hidden units", &UNITS.map(|units| units.to_string()), units, &params.edits(|p: &mut Params, index: usize| p.units = UNITS[index])) }
                { choice("rule", &rules, usize::from(now.adam), &params.edits(|p: &mut Params, index: usize| p.adam = index == 1)) }
            }
            if now.view != View::ByHand {
                <div class="row steep-step-again">
                    <button type="button" onclick={again}><span aria-hidden="true">{ "⚄" }</span>{ "Another random start" }</button>
                    <span class="hint">{ format!("seed {}", now.seed) }</span>
                </div>
            }
        </>
    }
}

/// What is looked at, with its names.
const VIEWS: [(View, &str); 3] =
    [(View::ByHand, "made by hand"), (View::Step, "asked of gradient descent"), (View::Picture, "the slide's picture")];

/// The units with their names.
const CORNERS: [(Corner, &str); 3] =
    [(Corner::Relu, "ReLU"), (Corner::Softplus, "softplus"), (Corner::Sigmoid, "one sigmoid (or tanh)")];
