use std::rc::Rc;

use piecewise_plot::{Frame, format_number};
use piecewise_widgets::{DragStep, Drawing, Knob, Nudge, NumberCell, Playback, PlotCanvas, symbol};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::{
    ALPHA, BETA, Basins, Clock, End, GradientDescent, Layout, Loss, Method, NETWORK_PARAMETERS, Params, Scene, compute,
    compute_ground,
    draw::{DASHES, end_color},
    draw_basins, draw_data, draw_ground,
    scene::arrow_alpha,
};
use crate::{
    Exhibit, Params as _,
    ui::{Embed, ExhibitFrame, FrameProps, HistoryButtons, JobHandle, PageProps, ParamsHandle, use_job, use_params},
};

/// The gesture of everything that changes the number of steps.
const STEPPING: u32 = 50;

/// The page of the exhibit `gradient-descent`.
#[component]
pub fn Page(props: &PageProps) -> Html {
    let params = use_params::<Params>(props);
    let now = params.now().clone();
    let scene = use_memo(now.clone(), |now| compute(now));
    let basins = use_job::<Basins>(now.basins.then(|| now.map_question()));
    let picture = html! { <Picture params={params.clone()} scene={scene.clone()} basins={basins.clone()} /> };
    let readout = html! { <Steps params={params.clone()} scene={scene.clone()} /> };
    let controls = html! {
        <>
            if let Some(basins) = basins { <Minima basins={basins} alpha={now.map_question().alpha} /> }
            if now.race {
                <Race params={now.clone()} scene={scene.clone()} />
            } else {
                <Numbers params={now.clone()} scene={scene.clone()} />
            }
            <Settings params={params.clone()} scene={scene} />
        </>
    };
    html! { <ExhibitFrame<Params> ..FrameProps::of::<GradientDescent>(params, picture, readout, controls) /> }
}

#[derive(PartialEq, Properties)]
struct PictureProps {
    params: ParamsHandle<Params>,
    scene: Rc<Scene>,
    basins: Option<JobHandle<Basins>>,
}

/// The surface with the start to be dragged.
#[component]
fn Picture(props: &PictureProps) -> Html {
    let embed = use_context::<Embed>().unwrap_or_default();
    let theme = embed.theme();
    let size_px = use_state_eq(|| [720.0_f64, 700.0]);
    let scale = embed.scale.min((size_px[0] / 360.0).max(0.75));
    let now = props.params.now().clone();
    let layout = Layout::new(&now, *size_px, scale);
    let scene = props.scene.clone();
    // The ground depends on no more than this, so it stays while the start is dragged.
    let still = Params {
        loss: now.loss,
        axes: now.axes,
        arrows: now.arrows,
        basins: now.basins,
        race: now.race,
        method: now.method,
        ..Params::default()
    };
    let surface = use_memo((now.loss, now.axes, now.arrows), {
        let still = still.clone();
        move |_| Rc::new(compute_ground(&still))
    });
    let ground = use_memo((still, *size_px, embed), {
        let surface = (*surface).clone();
        move |(still, ..)| {
            let still = still.clone();
            Drawing::new(move |paper| draw_ground(paper, &layout, &still, &surface, theme))
        }
    });
    let map = use_memo((props.basins.clone(), now.loss, now.axes, *size_px, embed), {
        let surface = (*surface).clone();
        move |(basins, ..)| {
            let basins = basins.clone();
            Drawing::new(move |paper| {
                if let Some(basins) = &basins {
                    draw_basins(paper, &layout, &surface, &basins.job(), theme);
                }
            })
        }
    });
    let data = use_memo((scene.clone(), *size_px, embed), {
        let (now, surface) = (now.clone(), (*surface).clone());
        move |(scene, ..)| {
            let scene = scene.clone();
            Drawing::new(move |paper| draw_data(paper, &layout, &now, &surface, &scene, theme))
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
        <PlotCanvas layers={vec![(*ground).clone(), (*map).clone(), (*data).clone()]} scale={scale} label={GradientDescent::describe(&scene)} on_size={on_size}>
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
    let [first, second] = params.now().axis_names();
    let value_text = format!("{first} {}, {second} {}", format_number(at[0], 3), format_number(at[1], 3));
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
    let now = params.now();
    let scene = &props.scene;
    let text = match (scene.runaway, scene.leader()) {
        (_, Some(leader)) => {
            let name = Method::ALL[leader].1;
            let clock = if now.clock == Clock::Steps { "steps" } else { "gradients" };
            format!("after {} {clock} lowest: {name}, {}", now.steps, format_loss(scene.race[leader].loss()))
        }
        (Some(runaway), None) => {
            let loss = runaway.loss.map_or("is no number any more".to_owned(), |loss| format!("grew to {loss:.3e}"));
            let product = now.alpha * scene.lambda_max();
            let cause = if now.method == Method::Descent && now.batch == 0 && product > 2.0 {
                format!(
                    "α·λ = {} is above 2, so every step overshoots further than the one before",
                    format_number(product, 2)
                )
            } else {
                format!("the step of α = {} is too long for this slope", format_number(now.alpha, 4))
            };
            format!(
                "Ran away at step {}: the loss {loss}. The cause: {cause}. The picture shows the last good step.",
                runaway.step
            )
        }
        (None, None) => format!("step {} · loss {}", now.steps, format_loss(scene.loss())),
    };
    let on_advance = {
        let params = params.clone();
        Callback::from(move |by: u64| params.drag(STEPPING, move |p| p.steps += by))
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
    let over = scene.runaway.is_some() && scene.race.is_empty();
    let remedies = over.then(|| {
        let last = scene.path.len() as u64 - 1;
        let back = {
            let params = params.clone();
            Callback::from(move |_: MouseEvent| params.edit(move |p| p.steps = last))
        };
        // The curvature at the start is that of a place one can be at.
        let safe = if now.method == Method::Descent { now.safe_alpha() } else { now.method.usual_alpha(now.loss) };
        let slower = {
            let params = params.clone();
            Callback::from(move |_: MouseEvent| params.edit(move |p| p.alpha = safe))
        };
        html! {
            <p class="gradient-descent-remedies">
                <button type="button" onclick={back}>{ format!("Go to step {last}, the last good one") }</button>
                <button type="button" onclick={slower}>{ format!("Take α = {}", format_number(safe, 4)) }</button>
            </p>
        }
    });
    let label = if now.race && now.clock == Clock::Gradients { "Gradients asked for" } else { "Steps taken" };
    html! {
        <>
            <Playback step={now.steps} most={now.most_steps()} over={over} status={text} label={label}
                on_advance={on_advance} on_scrub={on_scrub} on_go={on_go} on_rest={on_rest} />
            { remedies }
        </>
    }
}

/// A loss, also a very small one.
fn format_loss(loss: f64) -> String {
    if loss > 0.0 && loss < 1e-3 { format!("{loss:.2e}").replace('-', "−") } else { format_number(loss, 4) }
}

/// A pair of numbers as a vector.
fn pair([a, b]: [f64; 2]) -> String {
    format!("({}, {})", format_number(a, 4), format_number(b, 4))
}

fn counter(name: &'static str, value: String, label: &'static str) -> Html {
    html! { <div class="counter" data-count={name}><strong>{ value }</strong><span>{ label }</span></div> }
}

#[derive(PartialEq, Properties)]
struct NumbersProps {
    params: Rc<Params>,
    scene: Rc<Scene>,
}

/// The two steps of the slide with their numbers, the meter of stability, and what can be asked for.
#[component]
fn Numbers(props: &NumbersProps) -> Html {
    let (params, scene) = (&props.params, &props.scene);
    let product = params.alpha * scene.lambda_max();
    let share = (product / 3.0).clamp(0.0, 1.0);
    let limits = scene.alpha_limits();
    let steps = scene.next.map(|next| {
        let here = scene.here();
        let of = match (params.batch > 0 && params.batch < params.loss.n_examples(), params.method) {
            (true, _) => " on the batch",
            (false, Method::Nesterov) => " looked ahead",
            (false, _) => "",
        };
        let direction = match params.method {
            Method::Descent => String::new(),
            Method::LineSearch => format!("; line search finds α = {}", format_number(next.alpha, 5)),
            Method::Momentum | Method::Nesterov => format!("; m = {}, a mean of those so far", pair(next.direction)),
            Method::Normalized => format!("; each divided by its size: {}", pair(next.direction)),
            Method::Adam => format!("; m̃/√ṽ = {}", pair(next.direction)),
        };
        let names = params.axis_names();
        let substituted = (0..2).map(|axis| {
            let factor = format!("{}·({})", format_number(next.alpha, 4), format_number(next.direction[axis], 4));
            html! {
                <span class="gradient-descent-update"><i>{ names[axis] }</i>
                    { format!(" ← {} − {factor} = {}", format_number(here[axis], 4), format_number(here[axis] + next.update[axis], 4)) }</span>
            }
        });
        html! {
            <ol class="steps">
                <li><b>{ "Derivatives" }</b>{ format!(" ∂L/∂φ{of} = {}{direction}", pair(next.gradient)) }</li>
                <li><b>{ "Update" }</b>{ for substituted }</li>
            </ol>
        }
    });
    let dash = || "–".to_owned();
    let verdict = format!("α·λ_max = {}: {}", format_number(product, 2), scene.stability(params));
    html! {
        <div class="numbers">
            <div class="counters">
                { counter("loss", format_loss(scene.loss()), "loss") }
                { counter("steps", (scene.path.len() - 1).to_string(), "steps") }
                { counter("alpha-max", limits.map_or_else(dash, |limits| format_number(limits[1], 5)), "α_max = 2/λ_max") }
            </div>
            { steps }
            <div class="meter" role="img" aria-label={verdict.clone()}>
                <span class="meter-bar"><span class="meter-fill" style={format!("width: {:.1}%", 100.0 * share)}></span></span>
                <p>{ verdict }</p>
            </div>
            <p class="hint" data-count="curvature">{ format!("Curvatures of the loss here: λ_min = {}, λ_max = {}", format_number(scene.curvatures[0], 3), format_number(scene.lambda_max(), 3)) }
                { scene.condition().map_or(String::new(), |kappa| format!("; κ = λ_max/λ_min = {}", format_number(kappa, 2))) }</p>
            <details class="gradient-descent-check">
                <summary>{ "Check the gradient by differences" }</summary>
                { check_table(params, scene) }
            </details>
            if let Some(search) = &scene.search {
                <details class="gradient-descent-check">
                    <summary>{ "The rounds of the line search in numbers" }</summary>
                    <div class="scroll"><table>
                        <thead><tr><th scope="col">{ "round" }</th>{ for ["A", "B", "C", "D"].map(|name| html! { <th scope="col">{ format!("{name}: d, L") }</th> }) }</tr></thead>
                        <tbody>{ for search.brackets.iter().zip(&search.losses).enumerate().map(|(round, (at, loss))| html! {
                            <tr><th scope="row">{ round + 1 }</th>{ for at.iter().zip(loss).map(|(at, loss)| html! { <td>{ format!("{}, {}", format_number(*at, 4), format_number(*loss, 4)) }</td> }) }</tr>
                        }) }</tbody>
                    </table></div>
                </details>
            }
        </div>
    }
}

/// The gradient beside its central differences.
fn check_table(params: &Params, scene: &Scene) -> Html {
    let rows = (0..2).map(|axis| {
        html! {
            <tr>
                <th scope="row"><i>{ params.axis_names()[axis] }</i></th>
                <td>{ format_number(scene.gradient[axis], 8) }</td>
                <td>{ format_number(scene.differences[axis], 8) }</td>
            </tr>
        }
    });
    let verdict = if scene.check_error < 1e-6 { "They agree" } else { "They differ: a kink of the loss lies within h" };
    html! {
        <>
            <table>
                <thead><tr><th scope="col">{ "along" }</th><th scope="col">{ "∂L/∂φ by formula" }</th><th scope="col">{ "(L(φ+h) − L(φ−h)) / 2h" }</th></tr></thead>
                <tbody>{ for rows }</tbody>
            </table>
            <p class="hint">{ format!("{verdict}; relative error {:.1e}. All examples, h = 6·10⁻⁶·max(1, |φ|).", scene.check_error).replace("e-", "e−") }</p>
        </>
    }
}

/// Who is where in the race: the legend of the picture too.
#[component]
fn Race(props: &NumbersProps) -> Html {
    let (params, scene) = (&props.params, &props.scene);
    let theme = use_context::<Embed>().unwrap_or_default().theme();
    let leader = scene.leader();
    let row = |index: usize| {
        let racer = &scene.race[index];
        let method = racer.method;
        let dashes = DASHES[index].iter().map(f64::to_string).collect::<Vec<_>>().join(" ");
        let alpha = if method.has_alpha() { format_number(params.alpha_of(method), 4) } else { "found".to_owned() };
        let loss = if racer.runaway.is_some() { "ran away".to_owned() } else { format_loss(racer.loss()) };
        let class = (leader == Some(index)).then_some("leads");
        html! {
            <tr key={index} class={class}>
                <th scope="row">
                    <svg class="gradient-descent-sample" viewBox="0 0 44 14" aria-hidden="true" style={format!("color: {}", theme.unit(index).css())}>
                        <line x1="1" y1="7" x2="33" y2="7" stroke="currentColor" stroke-width="2.5" stroke-dasharray={dashes} />
                        <path d={MARKERS[index]} fill="currentColor" />
                    </svg>
                    { Method::ALL[index].1 }
                </th>
                <td>{ alpha }</td>
                <td>{ racer.path.len() - 1 }</td>
                <td>{ format_number(racer.gradients[racer.gradients.len() - 1], 1) }</td>
                <td>{ loss }</td>
            </tr>
        }
    };
    html! {
        <div class="gradient-descent-race">
            <table>
                <thead><tr><th scope="col">{ "rule" }</th><th scope="col">{ "α" }</th><th scope="col">{ "steps" }</th><th scope="col">{ "gradients" }</th><th scope="col">{ "loss" }</th></tr></thead>
                <tbody>{ for (0..scene.race.len()).map(row) }</tbody>
            </table>
            <p class="hint">{ "A loss alone counts as a third of a gradient: it only goes forward. The rule chosen below runs with your numbers, the others with usual ones." }</p>
        </div>
    }
}

/// The markers of the picture, around (38, 7).
const MARKERS: [&str; 6] = [
    "M33 7a5 5 0 1 0 10 0a5 5 0 1 0 -10 0",
    "M34 3h8v8h-8z",
    "M38 1.5l5 9h-10z",
    "M38 12.5l5 -9h-10z",
    "M38 1l6 6l-6 6l-6 -6z",
    "M32 4.5h12v5h-12z",
];

#[derive(PartialEq, Properties)]
struct MinimaProps {
    basins: JobHandle<Basins>,
    alpha: f64,
}

/// The minima with their losses and the shares of starts that lead there: the legend of the map.
#[component]
fn Minima(props: &MinimaProps) -> Html {
    let theme = use_context::<Embed>().unwrap_or_default().theme();
    let basins = props.basins.job();
    let row = |end: End, name: String, at: String, loss: String| {
        html! {
            <tr>
                <th scope="row"><span class="gradient-descent-swatch" style={format!("background: {}", end_color(end, theme).css())}></span>{ name }</th>
                <td>{ loss }</td><td>{ at }</td><td>{ format!("{} %", format_number(100.0 * basins.share(end), 1)) }</td>
            </tr>
        }
    };
    let minima = basins.minima().iter().enumerate().map(|(index, minimum)| {
        let at = format!("({}, {})", format_number(minimum.at[0], 3), format_number(minimum.at[1], 3));
        row(End::Minimum(index as u8), (index + 1).to_string(), at, format_number(minimum.loss, 4))
    });
    let others = [(End::Outside, "out of the picture"), (End::Nowhere, "nowhere in 3000 steps")]
        .into_iter()
        .filter(|&(end, _)| basins.share(end) > 0.0)
        .map(|(end, name)| row(end, name.to_owned(), String::new(), String::new()));
    let state = if props.basins.is_done() {
        format!("Plain descent with α = {} on all examples, from 64 × 64 starts.", format_number(props.alpha, 4))
    } else {
        format!("Computing: {} of the starts.", format_args!("{} %", (100.0 * basins.progress()) as u32))
    };
    html! {
        <div class="gradient-descent-race" aria-busy={(!props.basins.is_done()).to_string()}>
            <table>
                <thead><tr><th scope="col">{ "minimum" }</th><th scope="col">{ "loss" }</th><th scope="col">{ "at (φ₀, φ₁)" }</th><th scope="col">{ "of all starts" }</th></tr></thead>
                <tbody>{ for minima }{ for others }</tbody>
            </table>
            <p class="hint" data-map={if props.basins.is_done() { "done" } else { "busy" }}>{ state }</p>
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct SettingsProps {
    params: ParamsHandle<Params>,
    scene: Rc<Scene>,
}

/// The loss, the rule, and their numbers.
#[component]
fn Settings(props: &SettingsProps) -> Html {
    let SettingsProps { params, scene } = props;
    let now = params.now().clone();
    let start = Params::from_start(&now.start).unwrap_or_default();
    let rest = {
        let params = params.clone();
        Callback::from(move |()| params.rest())
    };
    // A choice among names: told the index of the one that was chosen.
    let choice = |label: &'static str, names: &[&'static str], chosen: usize, choose: fn(&mut Params, usize)| {
        let params = params.clone();
        let onchange = Callback::from(move |event: Event| {
            let select: HtmlSelectElement = event.target_unchecked_into();
            let index = select.selected_index().max(0) as usize;
            params.edit(move |p| choose(p, index));
        });
        html! {
            <label class="dial" key={label}><span class="dial-name">{ label }</span>
                <select aria-label={label} onchange={onchange}>
                    { for names.iter().enumerate().map(|(index, name)| html! { <option selected={index == chosen}>{ *name }</option> }) }
                </select>
            </label>
        }
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
        let limits = scene.alpha_limits().filter(|_| symbol_name == "α" && now.method == Method::Descent);
        html! {
            <div class="dial" key={name}>
                <span class="dial-name"><math>{ symbol(symbol_name) }</math>{ name }</span>
                <NumberCell label={name} value={read(&now)} min={range[0]} max={range[1]} step={step} logarithmic={logarithmic} decimals={4}
                    marks={limits.map_or(Vec::new(), Vec::from)} on_edit={on_edit} on_rest={rest.clone()} on_reset={on_reset} />
            </div>
        }
    };
    let switch = |name: String, on: bool, write: fn(&mut Params, bool)| {
        let params = params.clone();
        let onchange = Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            let checked = input.checked();
            params.edit(move |p| write(p, checked));
        });
        html! { <label class="switch"><input type="checkbox" checked={on} onchange={onchange} />{ name }</label> }
    };
    let loss = LOSSES.iter().position(|entry| entry.0 == now.loss).unwrap_or(0);
    let method = Method::ALL.iter().position(|entry| entry.0 == now.method).unwrap_or(0);
    let limits = scene.alpha_limits().filter(|_| now.method == Method::Descent);
    html! {
        <div class="dials">
            { choice("loss", &LOSSES.map(|entry| entry.1), loss, |p, index| p.choose_loss(LOSSES[index % LOSSES.len()].0)) }
            if now.loss == Loss::Network {
                { choice("across →", &NETWORK_PARAMETERS, now.axes[0] as usize, |p, index| p.choose_axis(0, index as u64)) }
                { choice("up ↑", &NETWORK_PARAMETERS, now.axes[1] as usize, |p, index| p.choose_axis(1, index as u64)) }
            }
            { choice("rule", &Method::ALL.map(|entry| entry.1), method, |p, index| p.choose_method(Method::ALL[index % Method::ALL.len()].0)) }
            if now.method.has_alpha() { { number(1, "α", "learning rate", ALPHA, true, 0.005, |p| p.alpha, |p, x| p.alpha = x) } }
            if let Some([jagged, most]) = limits {
                <p class="hint gradient-descent-marks">{ format!("marked: 1/λ_max = {}, from which it is jagged, and α_max = {}", format_number(jagged, 5), format_number(most, 5)) }</p>
            }
            if now.method.has_beta() { { number(2, "β", "memory", BETA, false, 0.01, |p| p.beta, |p, x| p.beta = x) } }
            if now.batch > 0 {
                { number(3, "B", "examples a step", [1.0, now.loss.n_examples() as f64], false, 1.0, |p| p.batch as f64, |p, x| p.batch = x as u64) }
                { number(4, "s", "seed of the batches", [1.0, 99.0], false, 1.0, |p| p.seed as f64, |p, x| p.seed = x as u64) }
            }
            <details class="gradient-descent-more" open={now.start == "race" || now.start == "basins" || now.start == "arrows"}>
                <summary>{ "More: batches, arrows, basins, race" }</summary>
                if now.loss.n_examples() > 0 {
                    { switch("stochastic: a batch of examples a step".to_owned(), now.batch > 0, |p, on| p.batch = if on { 5 } else { 0 }) }
                }
                { switch(format!("an arrow from every whole point: the step of descent with α = {}", arrow_alpha(now.loss)), now.arrows, |p, on| p.arrows = on) }
                { switch("basins: every start in the colour of the minimum it leads to".to_owned(), now.basins, |p, on| p.basins = on) }
                { switch("race: all rules from this start".to_owned(), now.race, |p, on| p.race = on) }
                if now.race {
                    { choice("run by", &["steps", "gradients"], usize::from(now.clock == Clock::Gradients), |p, index| p.clock = if index == 1 { Clock::Gradients } else { Clock::Steps }) }
                }
            </details>
            <div class="tools"><div class="row"><HistoryButtons<Params> params={params.clone()} /></div></div>
        </div>
    }
}

/// The losses with their names.
const LOSSES: [(Loss, &str); 4] = [
    (Loss::Line, "a line, 12 points"),
    (Loss::Gabor, "Gabor model, 30 points"),
    (Loss::Ravine, "a ravine"),
    (Loss::Network, "a network, 20 points"),
];
