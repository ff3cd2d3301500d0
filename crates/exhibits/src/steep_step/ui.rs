use piecewise_plot::{Frame, format_number};
use piecewise_widgets::{DragStep, Drawing, Knob, Nudge, NumberCell, PlotCanvas, symbol};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{
    BLUR, CENTER, Corner, HEIGHT, MISMATCH, Params, SteepStep, TEMPERATURE, WIDTH, compute, draw_data, draw_ground,
    frame, scene::Scene,
};
use crate::{
    Exhibit, Params as _, aim,
    ui::{Embed, ExhibitFrame, FrameProps, HistoryButtons, PageProps, ParamsHandle, use_params},
};

/// How far an arrow key moves a handle, in data units.
const NUDGE: f64 = 1.0 / 64.0;

/// The page of the exhibit `steep-step`.
#[component]
pub fn Page(props: &PageProps) -> Html {
    let params = use_params::<Params>(props);
    let scene = use_memo(params.now().clone(), |now| compute(now));
    let picture = html! { <Picture params={params.clone()} scene={scene.clone()} /> };
    let readout = html! { <Legend /> };
    let controls = html! { <><Readings scene={scene} /><Dials params={params.clone()} /></> };
    html! { <ExhibitFrame<Params> ..FrameProps::of::<SteepStep>(params, picture, readout, controls) /> }
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
}

impl Grip {
    /// The parameters after the grip was put at `to`; `tolerance` is half a pixel in data units.
    fn moved(self, params: &mut Params, to: [f64; 2], tolerance: [f64; 2]) {
        match self {
            Self::Joint { right } => {
                let half = if right { to[0] - params.center } else { params.center - to[0] };
                let width = aim((2.0 * half).max(0.0), tolerance[0]).max(WIDTH[0]);
                params.width = width;
            }
            Self::Middle => params.center = aim(to[0], tolerance[0]),
            Self::Height => params.height = aim(to[1], tolerance[1]),
        }
    }
}

/// The step with its handles.
#[component]
fn Picture(props: &PictureProps) -> Html {
    let embed = use_context::<Embed>().unwrap_or_default();
    let theme = embed.theme();
    let size_px = use_state_eq(|| [720.0_f64, 540.0]);
    let scale = embed.scale.min((size_px[0] / 360.0).max(0.75));
    let frame = frame(*size_px, scale);
    let scene = props.scene.clone();
    let ground = use_memo((*size_px, embed), |_| Drawing::new(move |paper| draw_ground(paper, &frame, theme)));
    let data = use_memo((scene.clone(), *size_px, embed), |(scene, ..)| {
        let scene = scene.clone();
        Drawing::new(move |paper| draw_data(paper, &frame, &scene, theme))
    });
    let on_size = {
        let size_px = size_px.clone();
        use_callback((), move |size: [f64; 2], ()| size_px.set(size))
    };
    let now = props.params.now();
    let [left, right] = scene.joints;
    let half = now.height / 2.0;
    let grips = [
        (Grip::Joint { right: false }, [left, 0.0], "Move the first joint", "var(--unit-1)"),
        (Grip::Joint { right: true }, [right, now.height], "Move the second joint", "var(--unit-2)"),
        (Grip::Middle, [now.center, half], "Move the step", "var(--accent)"),
        (Grip::Height, [f64::midpoint(right, 1.25), now.height], "Raise the flat end", "var(--accent)"),
    ];
    let [width, height] = *size_px;
    html! {
        <PlotCanvas layers={vec![(*ground).clone(), (*data).clone()]} scale={scale} label={SteepStep::describe(&scene)} on_size={on_size}>
            <svg class="handles" viewBox={format!("0 0 {width} {height}")} width={width.to_string()} height={height.to_string()}>
                { for grips.into_iter().enumerate().map(|(index, (grip, at, label, color))| html! {
                    <GripHandle key={index} params={props.params.clone()} frame={frame} grip={grip} at={at} label={label} color={color} index={index as u32} />
                }) }
            </svg>
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
    let on_rest = {
        let params = params.clone();
        Callback::from(move |()| params.rest())
    };
    let on_reset = {
        let params = params.clone();
        Callback::from(move |()| {
            params.edit(move |p| {
                let then = Params::from_start(&p.start).unwrap_or_default();
                match grip {
                    Grip::Joint { .. } => p.width = then.width,
                    Grip::Middle => p.center = then.center,
                    Grip::Height => p.height = then.height,
                }
            });
        })
    };
    let value_text = match grip {
        Grip::Joint { .. } | Grip::Middle => format!("x = {}", format_number(at[0], 3)),
        Grip::Height => format!("y = {}", format_number(at[1], 3)),
    };
    html! {
        <Knob at={frame.screen_from_data(at)} color={props.color} label={props.label} value_text={value_text}
            on_drag={on_drag} on_nudge={on_nudge} on_rest={on_rest} on_reset={on_reset} />
    }
}

/// What the lines are.
#[component]
fn Legend() -> Html {
    let entry =
        |class: &'static str, text: &'static str| html! { <span class={classes!("key", class)}>{ text }</span> };
    html! {
        <div class="readout legend">
            { entry("target", "target") }
            { entry("network", "network") }
            { entry("unit-1", "φ₁h₁") }
            { entry("unit-2", "φ₂h₂") }
            { entry("error", "error") }
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
        html! { <div class="counter" data-count={name}><strong>{ text }</strong><span>{ label }</span></div> }
    };
    html! {
        <div class="counters">
            { reading("slope", errors.slope, "slope h/w") }
            { reading("l1", errors.l1, "area of the error") }
            { reading("l2", errors.l2_squared, "area of its square") }
            { reading("largest", errors.largest, "largest error") }
            { reading("at-one", errors.at_one.abs(), "error one unit on") }
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct DialsProps {
    params: ParamsHandle<Params>,
}

/// One setting: its name, its range, how to read and write it.
struct Dial {
    symbol: &'static str,
    name: &'static str,
    range: [f64; 2],
    logarithmic: bool,
    step: f64,
    read: fn(&Params) -> f64,
    write: fn(&mut Params, f64),
}

static DIALS: [Dial; 5] = [
    Dial {
        symbol: "w",
        name: "width of the ramp",
        range: WIDTH,
        logarithmic: true,
        step: 0.02,
        read: |p| p.width,
        write: |p, x| p.width = x,
    },
    Dial {
        symbol: "ε",
        name: "mismatch of the second slope",
        range: MISMATCH,
        logarithmic: false,
        step: 0.002,
        read: |p| p.mismatch,
        write: |p, x| p.mismatch = x,
    },
    Dial {
        symbol: "h",
        name: "height of the jump",
        range: HEIGHT,
        logarithmic: false,
        step: 1.0 / 64.0,
        read: |p| p.height,
        write: |p, x| p.height = x,
    },
    Dial {
        symbol: "c",
        name: "place of the jump",
        range: CENTER,
        logarithmic: false,
        step: 1.0 / 64.0,
        read: |p| p.center,
        write: |p, x| p.center = x,
    },
    Dial {
        symbol: "δ",
        name: "blur of the target",
        range: BLUR,
        logarithmic: false,
        step: 1.0 / 64.0,
        read: |p| p.blur,
        write: |p, x| p.blur = x,
    },
];

static TEMPERATURE_DIAL: Dial = Dial {
    symbol: "T",
    name: "roundness of the corners",
    range: TEMPERATURE,
    logarithmic: true,
    step: 0.02,
    read: |p| p.temperature,
    write: |p, x| p.temperature = x,
};

/// Every setting with its slider.
#[component]
fn Dials(props: &DialsProps) -> Html {
    let params = &props.params;
    let now = params.now().clone();
    let start = Params::from_start(&now.start).unwrap_or_default();
    let dial = |(index, dial): (usize, &'static Dial)| {
        let on_edit = {
            let params = params.clone();
            Callback::from(move |value| params.drag(index as u32, move |p| (dial.write)(p, value)))
        };
        let on_rest = {
            let params = params.clone();
            Callback::from(move |()| params.rest())
        };
        let on_reset = {
            let (params, then) = (params.clone(), (dial.read)(&start));
            Callback::from(move |()| params.edit(move |p| (dial.write)(p, then)))
        };
        html! {
            <div class="dial" key={index}>
                <span class="dial-name"><math>{ symbol(dial.symbol) }</math>{ dial.name }</span>
                <NumberCell label={dial.name} value={(dial.read)(&now)} min={dial.range[0]} max={dial.range[1]} step={dial.step}
                    logarithmic={dial.logarithmic} decimals={4} on_edit={on_edit} on_rest={on_rest} on_reset={on_reset} />
            </div>
        }
    };
    let round = now.corner == Corner::Softplus;
    let toggle = {
        let params = params.clone();
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            let corner = if input.checked() { Corner::Softplus } else { Corner::Relu };
            params.edit(move |p| p.corner = corner);
        })
    };
    html! {
        <div class="dials">
            { for DIALS.iter().enumerate().map(dial) }
            <label class="switch"><input type="checkbox" checked={round} onchange={toggle} />{ "round the corners (softplus)" }</label>
            if round { { dial((9, &TEMPERATURE_DIAL)) } }
            <div class="tools"><div class="row"><HistoryButtons<Params> params={params.clone()} /></div></div>
        </div>
    }
}
