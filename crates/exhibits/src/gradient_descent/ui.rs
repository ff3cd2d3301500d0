use std::rc::Rc;

use piecewise_plot::{Frame, format_number};
use piecewise_widgets::{DragStep, Drawing, Handles, Knob, Nudge, Playback, PlotCanvas};
use yew::prelude::*;

use super::{
    ALPHA, BETA, Basins, Clock, End, GradientDescent, Layout, Loss, Method, NETWORK_PARAMETERS, Params, Scene, compute,
    compute_ground,
    draw::{DASHES, end_color},
    draw_basins, draw_data, draw_ground,
    scene::{arrow_alpha, format_loss},
};
use crate::{
    Params as _, rounded,
    ui::{
        Dial, Embed, ExhibitFrame, FrameProps, HistoryButtons, JobHandle, PageProps, ParamsHandle, PictureSize,
        Stepping, choice, counter, dial, dial_with_marks, plot_ground, switch, use_job, use_params, use_picture,
    },
};

/// The gesture of everything that changes the number of steps.
const STEPPING: u32 = 50;

/// How many steps a run takes at a time.
const SPEEDS: &[u64] = &[1, 4, 16];

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
    let PictureSize { size_px, scale, on_size } = use_picture([720.0, 700.0]);
    let now = props.params.now().clone();
    let layout = Layout::new(&now, size_px, scale);
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
    let ground = use_memo((still, size_px, embed), {
        let surface = (*surface).clone();
        move |(still, ..)| {
            let still = still.clone();
            Drawing::new(move |paper| draw_ground(paper, &layout, &still, &surface, theme))
        }
    });
    let map = use_memo((props.basins.clone(), now.loss, now.axes, size_px, embed), {
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
    let data = use_memo((scene.clone(), size_px, embed), {
        let (now, surface) = (now.clone(), (*surface).clone());
        move |(scene, ..)| {
            let scene = scene.clone();
            Drawing::new(move |paper| draw_data(paper, &layout, &now, &surface, &scene, theme))
        }
    });
    let frame = layout.surface;
    let begin = props.params.edits(move |p, at| p.origin = rounded(at, &frame));
    html! {
        <PlotCanvas layers={vec![(*ground).clone(), (*map).clone(), (*data).clone()]} scale={scale} label={scene.sentence()} on_size={on_size}>
            <Handles size_px={size_px}>
                { plot_ground(&frame, "", &begin) }
                <Origin params={props.params.clone()} frame={frame} at={now.origin} />
            </Handles>
        </PlotCanvas>
    }
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
    let on_rest = params.on_rest();
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
    let text = scene.status(now);
    let Stepping { on_advance, on_scrub, on_go, on_rest } = params.stepping(STEPPING, |p| &mut p.steps);
    let over = scene.runaway.is_some() && scene.race.is_empty();
    let remedies = over.then(|| {
        let last = scene.path.len() as u64 - 1;
        let back = params.on_click(move |p| p.steps = last);
        // The curvature at the start is that of a place one can be at.
        let safe = if now.method == Method::Descent { now.safe_alpha() } else { now.method.usual_alpha(now.loss) };
        let slower = params.on_click(move |p| p.alpha = safe);
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
            <Playback step={now.steps} most={now.most_steps()} over={over} status={text} label={label} speeds={SPEEDS}
                on_advance={on_advance} on_scrub={on_scrub} on_go={on_go} on_rest={on_rest} />
            { remedies }
        </>
    }
}

/// A pair of numbers as a vector.
fn pair([a, b]: [f64; 2]) -> String {
    format!("({}, {})", format_number(a, 4), format_number(b, 4))
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
    let loss = LOSSES.iter().position(|entry| entry.0 == now.loss).unwrap_or(0);
    let method = Method::ALL.iter().position(|entry| entry.0 == now.method).unwrap_or(0);
    let limits = scene.alpha_limits().filter(|_| now.method == Method::Descent);
    html! {
        <div class="dials">
            { choice("loss", &LOSSES.map(|entry| entry.1), loss, &params.edits(|p: &mut Params, index: usize| p.choose_loss(LOSSES[index].0))) }
            if now.loss == Loss::Network {
                { choice("across →", &NETWORK_PARAMETERS, now.axes[0] as usize, &params.edits(|p: &mut Params, index: usize| p.choose_axis(0, index as u64))) }
                { choice("up ↑", &NETWORK_PARAMETERS, now.axes[1] as usize, &params.edits(|p: &mut Params, index: usize| p.choose_axis(1, index as u64))) }
            }
            { choice("rule", &Method::ALL.map(|entry| entry.1), method, &params.edits(|p: &mut Params, index: usize| p.choose_method(Method::ALL[index].0))) }
            if now.method.has_alpha() { { dial_with_marks(params, 1, &ALPHA_DIAL, limits.map_or(Vec::new(), Vec::from)) } }
            if let Some([jagged, most]) = limits {
                <p class="hint gradient-descent-marks">{ format!("marked: 1/λ_max = {}, from which it is jagged, and α_max = {}", format_number(jagged, 5), format_number(most, 5)) }</p>
            }
            if now.method.has_beta() { { dial(params, 2, &BETA_DIAL) } }
            if now.batch > 0 {
                { dial(params, 3, &Dial { range: [1.0, now.loss.n_examples() as f64], ..BATCH_DIAL }) }
                { dial(params, 4, &SEED_DIAL) }
            }
            <details class="gradient-descent-more" open={now.start == "race" || now.start == "basins" || now.start == "arrows"}>
                <summary>{ "More: batches, arrows, basins, race" }</summary>
                if now.loss.n_examples() > 0 {
                    { switch("stochastic: a batch of examples a step", now.batch > 0, &params.edits(|p: &mut Params, on| p.batch = if on { 5 } else { 0 })) }
                }
                { switch(format!("an arrow from every whole point: the step of descent with α = {}", arrow_alpha(now.loss)), now.arrows, &params.edits(|p: &mut Params, on| p.arrows = on)) }
                { switch("basins: every start in the colour of the minimum it leads to", now.basins, &params.edits(|p: &mut Params, on| p.basins = on)) }
                { switch("race: all rules from this start", now.race, &params.edits(|p: &mut Params, on| p.race = on)) }
                if now.race {
                    { choice("run by", &["steps", "gradients"], usize::from(now.clock == Clock::Gradients), &params.edits(|p: &mut Params, index: usize| p.clock = [Clock::Steps, Clock::Gradients][index])) }
                }
            </details>
            <div class="tools"><div class="row"><HistoryButtons<Params> params={params.clone()} /></div></div>
        </div>
    }
}

const ALPHA_DIAL: Dial<Params> =
    Dial { step: 0.005, ..Dial::logarithmic("α", "learning rate", ALPHA, |p| p.alpha, |p, x| p.alpha = x) };
const BETA_DIAL: Dial<Params> =
    Dial { step: 0.01, ..Dial::linear("β", "memory", BETA, |p| p.beta, |p, x| p.beta = x) };
const BATCH_DIAL: Dial<Params> =
    Dial { step: 1.0, ..Dial::linear("B", "examples a step", [1.0; 2], |p| p.batch as f64, |p, x| p.batch = x as u64) };
const SEED_DIAL: Dial<Params> = Dial {
    step: 1.0,
    ..Dial::linear("s", "seed of the batches", [1.0, 99.0], |p| p.seed as f64, |p, x| p.seed = x as u64)
};

/// The losses with their names.
const LOSSES: [(Loss, &str); 4] = [
    (Loss::Line, "a line, 12 points"),
    (Loss::Gabor, "Gabor model, 30 points"),
    (Loss::Ravine, "a ravine"),
    (Loss::Network, "a network, 20 points"),
];
