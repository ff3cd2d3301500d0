use std::rc::Rc;

use piecewise_plot::{Frame, format_number};
use piecewise_widgets::{DragStep, Drawing, Knob, Nudge, NumberCell, Playback, PlotCanvas, symbol};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::{
    ALPHA, BETA, GradientDescent, Layout, Loss, MOST_STEPS, Method, Params, Scene, compute, compute_ground, draw_data,
    draw_ground, has_alpha, has_beta,
};
use crate::{
    Exhibit, Params as _,
    ui::{Embed, ExhibitFrame, FrameProps, HistoryButtons, PageProps, ParamsHandle, use_params},
};

/// The gesture of everything that changes the number of steps.
const STEPPING: u32 = 50;

/// The page of the exhibit `gradient-descent`.
#[component]
pub fn Page(props: &PageProps) -> Html {
    let params = use_params::<Params>(props);
    let scene = use_memo(params.now().clone(), |now| compute(now));
    let picture = html! { <Picture params={params.clone()} scene={scene.clone()} /> };
    let readout = html! { <Steps params={params.clone()} scene={scene.clone()} /> };
    let controls =
        html! { <><Numbers params={params.now().clone()} scene={scene} /><Settings params={params.clone()} /></> };
    html! { <ExhibitFrame<Params> ..FrameProps::of::<GradientDescent>(params, picture, readout, controls) /> }
}

#[derive(PartialEq, Properties)]
struct PictureProps {
    params: ParamsHandle<Params>,
    scene: Rc<Scene>,
}

/// The surface with the start to be dragged.
#[component]
fn Picture(props: &PictureProps) -> Html {
    let embed = use_context::<Embed>().unwrap_or_default();
    let theme = embed.theme();
    let size_px = use_state_eq(|| [720.0_f64, 700.0]);
    let scale = embed.scale.min((size_px[0] / 360.0).max(0.75));
    let now = props.params.now().clone();
    let layout = Layout::new(now.loss, *size_px, scale);
    let scene = props.scene.clone();
    let surface = use_memo(now.loss, |&loss| Rc::new(compute_ground(loss)));
    let ground = use_memo((now.loss, *size_px, embed), {
        let surface = (*surface).clone();
        move |_| Drawing::new(move |paper| draw_ground(paper, &layout, &surface, theme))
    });
    let data = use_memo((scene.clone(), *size_px, embed), {
        let now = now.clone();
        move |(scene, ..)| {
            let scene = scene.clone();
            Drawing::new(move |paper| draw_data(paper, &layout, &now, &scene, theme))
        }
    });
    let on_size = {
        let size_px = size_px.clone();
        use_callback((), move |size: [f64; 2], ()| size_px.set(size))
    };
    let frame = layout.surface;
    let onclick = {
        let params = props.params.clone();
        Callback::from(move |event: MouseEvent| {
            let at = frame.data_from_screen([event.offset_x(), event.offset_y()].map(f64::from));
            params.edit(move |p| p.origin = rounded(at, &frame));
        })
    };
    let [x, y] = frame.corner_px;
    let [w, h] = frame.size_px;
    let [width, height] = *size_px;
    html! {
        <PlotCanvas layers={vec![(*ground).clone(), (*data).clone()]} scale={scale} label={GradientDescent::describe(&scene)} on_size={on_size}>
            <svg class="handles" viewBox={format!("0 0 {width} {height}")} width={width.to_string()} height={height.to_string()}>
                <rect class="ground" x={x.to_string()} y={y.to_string()} width={w.to_string()} height={h.to_string()} onclick={onclick} />
                <Origin params={props.params.clone()} frame={frame} at={now.origin} />
            </svg>
        </PlotCanvas>
    }
}

/// A point of the plane in as many decimals as a pixel can tell.
fn rounded(at: [f64; 2], frame: &Frame) -> [f64; 2] {
    let per_px = frame.data_per_px();
    [0, 1].map(|axis| {
        // The power of ten below one pixel.
        let digits = (-per_px[axis].log10()).ceil().clamp(0.0, 6.0);
        let steps = 10_f64.powi(digits as i32);
        (at[axis] * steps).round() / steps
    })
}

#[derive(PartialEq, Properties)]
struct OriginProps {
    params: ParamsHandle<Params>,
    frame: Frame,
    at: [f64; 2],
}

/// Where the descent begins.
#[component]
fn Origin(props: &OriginProps) -> Html {
    let OriginProps { params, frame, at } = props;
    let (frame, at) = (*frame, *at);
    let on_drag = {
        let params = params.clone();
        Callback::from(move |step: DragStep| {
            let to = rounded(frame.data_from_screen(step.to), &frame);
            params.drag(40, move |p| p.origin = to);
        })
    };
    let on_nudge = {
        let params = params.clone();
        Callback::from(move |Nudge { direction, size }: Nudge| {
            let span = [0, 1].map(|axis| (frame.data_hi[axis] - frame.data_lo[axis]) / 128.0);
            let to = [0, 1].map(|axis| at[axis] + direction[axis] * size * span[axis]);
            params.drag(40, move |p| p.origin = to);
        })
    };
    let on_rest = {
        let params = params.clone();
        Callback::from(move |()| params.rest())
    };
    let on_reset = {
        let params = params.clone();
        Callback::from(move |()| {
            params.edit(|p| p.origin = Params::from_start(&p.start).unwrap_or_default().origin);
        })
    };
    let value_text = format!("φ₀ {}, φ₁ {}", format_number(at[0], 3), format_number(at[1], 3));
    html! {
        <Knob at={frame.screen_from_data(at)} color="var(--unit-1)" label="Where the descent begins" value_text={value_text}
            on_drag={on_drag} on_nudge={on_nudge} on_rest={on_rest} on_reset={on_reset} />
    }
}

#[derive(PartialEq, Properties)]
struct StepsProps {
    params: ParamsHandle<Params>,
    scene: Rc<Scene>,
}

/// The run along the path.
#[component]
fn Steps(props: &StepsProps) -> Html {
    let params = &props.params;
    let steps = params.now().steps;
    let text = match props.scene.runaway {
        Some(step) => format!(
            "Ran away at step {step}: the loss grew beyond all bounds. The last good step is shown; make α smaller."
        ),
        None => format!("step {steps} · loss {}", format_number(props.scene.loss(), 5)),
    };
    let on_advance = {
        let params = params.clone();
        Callback::from(move |by| params.drag(STEPPING, move |p| p.steps += by))
    };
    let on_scrub = {
        let params = params.clone();
        Callback::from(move |to| params.drag(STEPPING, move |p| p.steps = to))
    };
    let on_go = {
        let params = params.clone();
        Callback::from(move |to| params.edit(move |p| p.steps = to))
    };
    let on_rest = {
        let params = params.clone();
        Callback::from(move |()| params.rest())
    };
    html! {
        <Playback step={steps} most={MOST_STEPS} over={props.scene.runaway.is_some()} status={text}
            on_advance={on_advance} on_scrub={on_scrub} on_go={on_go} on_rest={on_rest} />
    }
}

#[derive(PartialEq, Properties)]
struct NumbersProps {
    params: Rc<Params>,
    scene: Rc<Scene>,
}

/// The two steps of the slide with their numbers, and the meter of stability.
#[component]
fn Numbers(props: &NumbersProps) -> Html {
    let (params, scene) = (&props.params, &props.scene);
    let pair = |[a, b]: [f64; 2]| format!("({}, {})", format_number(a, 4), format_number(b, 4));
    let product = params.alpha * scene.lambda_max;
    let share = (product / 3.0).clamp(0.0, 1.0);
    let next = scene.update.map(|update| {
        let here = scene.here();
        [here[0] + update[0], here[1] + update[1]]
    });
    html! {
        <div class="numbers">
            <div class="counters">
                <div class="counter" data-count="loss"><strong>{ format_number(scene.loss(), 4) }</strong><span>{ "loss" }</span></div>
                <div class="counter" data-count="steps"><strong>{ scene.path.len() - 1 }</strong><span>{ "steps" }</span></div>
                <div class="counter" data-count="lambda"><strong>{ format_number(scene.lambda_max, 3) }</strong><span>{ "largest curvature λ" }</span></div>
                <div class="counter" data-count="alpha-max"><strong>{ if scene.lambda_max > 0.0 { format_number(2.0 / scene.lambda_max, 5) } else { "–".to_owned() } }</strong><span>{ "α_max = 2/λ" }</span></div>
            </div>
            <ol class="steps">
                <li><b>{ "Derivatives" }</b>{ format!(" ∂L/∂φ = {}", pair(scene.gradient)) }</li>
                <li><b>{ "Update" }</b>{ next.map_or_else(String::new, |next| format!(" φ = {} → {}", pair(scene.here()), pair(next))) }</li>
            </ol>
            <div class="meter" role="img" aria-label={format!("α times λ is {}: {}", format_number(product, 2), scene.stability(params))}>
                <span class="meter-bar"><span class="meter-fill" style={format!("width: {:.1}%", 100.0 * share)}></span></span>
                <p>{ format!("α·λ = {}: {}", format_number(product, 2), scene.stability(params)) }</p>
            </div>
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct SettingsProps {
    params: ParamsHandle<Params>,
}

/// The loss, the rule, and their numbers.
#[component]
fn Settings(props: &SettingsProps) -> Html {
    let params = &props.params;
    let now = params.now().clone();
    let start = Params::from_start(&now.start).unwrap_or_default();
    let rest = {
        let params = params.clone();
        Callback::from(move |()| params.rest())
    };
    let choose_loss = {
        let params = params.clone();
        Callback::from(move |event: Event| {
            let select: HtmlSelectElement = event.target_unchecked_into();
            let loss = match select.value().as_str() {
                "gabor" => Loss::Gabor,
                "ravine" => Loss::Ravine,
                _ => Loss::Line,
            };
            params.edit(move |p| p.choose_loss(loss));
        })
    };
    let choose_method = {
        let params = params.clone();
        Callback::from(move |event: Event| {
            let select: HtmlSelectElement = event.target_unchecked_into();
            let method =
                Method::ALL.get(select.selected_index().max(0) as usize).map_or(Method::Descent, |entry| entry.0);
            params.edit(move |p| p.method = method);
        })
    };
    let number = |gesture: u32,
                  symbol_name: &'static str,
                  name: &'static str,
                  range: [f64; 2],
                  logarithmic: bool,
                  step: f64,
                  read: fn(&Params) -> f64,
                  write: fn(&mut Params, f64)| {
        let on_edit = {
            let params = params.clone();
            Callback::from(move |value| params.drag(gesture, move |p| write(p, value)))
        };
        let on_reset = {
            let (params, then) = (params.clone(), read(&start));
            Callback::from(move |()| params.edit(move |p| write(p, then)))
        };
        html! {
            <div class="dial" key={name}>
                <span class="dial-name"><math>{ symbol(symbol_name) }</math>{ name }</span>
                <NumberCell label={name} value={read(&now)} min={range[0]} max={range[1]} step={step} logarithmic={logarithmic} decimals={4}
                    on_edit={on_edit} on_rest={rest.clone()} on_reset={on_reset} />
            </div>
        }
    };
    let toggle = {
        let params = params.clone();
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            let checked = input.checked();
            params.edit(move |p| p.arrows = checked);
        })
    };
    let losses = [
        (Loss::Line, "line", "a line, 12 points"),
        (Loss::Gabor, "gabor", "Gabor model, 30 points"),
        (Loss::Ravine, "ravine", "a ravine"),
    ];
    html! {
        <div class="dials">
            <label class="dial"><span class="dial-name">{ "loss" }</span>
                <select aria-label="loss" onchange={choose_loss}>
                    { for losses.iter().map(|&(loss, value, name)| html! { <option value={value} selected={now.loss == loss}>{ name }</option> }) }
                </select>
            </label>
            <label class="dial"><span class="dial-name">{ "rule" }</span>
                <select aria-label="rule" onchange={choose_method}>
                    { for Method::ALL.iter().map(|&(method, name)| html! { <option selected={now.method == method}>{ name }</option> }) }
                </select>
            </label>
            if has_alpha(now.method) { { number(1, "α", "learning rate", ALPHA, true, 0.005, |p| p.alpha, |p, x| p.alpha = x) } }
            if has_beta(now.method) { { number(2, "β", "memory", BETA, false, 0.01, |p| p.beta, |p, x| p.beta = x) } }
            if now.loss.n_examples() > 0 {
                { number(3, "B", "examples a step (0: all)", [0.0, now.loss.n_examples() as f64], false, 1.0, |p| p.batch as f64, |p, x| p.batch = x as u64) }
            }
            if now.batch > 0 { { number(4, "s", "seed of the batches", [1.0, 99.0], false, 1.0, |p| p.seed as f64, |p, x| p.seed = x as u64) } }
            <label class="switch"><input type="checkbox" checked={now.arrows} onchange={toggle} />{ "a step from every whole point (α = 0.1)" }</label>
            <div class="tools"><div class="row"><HistoryButtons<Params> params={params.clone()} /></div></div>
        </div>
    }
}
