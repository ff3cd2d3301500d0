use std::rc::Rc;

use piecewise_core::math;
use piecewise_plot::{format_number, subscript};
use piecewise_widgets::{DragStep, Drawing, Handles, Knob, Nudge, NumberCell, Playback, PlotCanvas, symbol};
use yew::prelude::*;

use super::{
    ALPHA, Begin, Bend, EPSILON, Layout, MOST_SEED, MOST_STEPS, MOST_UNITS, Params, STRETCH, Scene, Symmetry, Unit,
    VALUE, View, compute_surface, draw_data, draw_ground, draw_highlight, observe,
};
use crate::{
    Exhibit, Params as _,
    ui::{
        Dial, Embed, ExhibitFrame, FrameProps, HistoryButtons, PageProps, ParamsHandle, PictureSize, Stepping, choice,
        counter, dial, plot_ground, stepper, use_params, use_picture, use_training,
    },
};

/// The gesture of everything that changes the number of steps.
const STEPPING: u32 = 50;
/// The gesture of ε.
const NOISE: u32 = 51;

/// How many steps a run takes at a time.
const SPEEDS: &[u64] = &[1, 10, 100, 1000];

/// The page of the exhibit `symmetry`.
#[component]
pub fn Page(props: &PageProps) -> Html {
    let params = use_params::<Params>(props);
    let now = params.now().clone();
    let run = use_training(&now.origin(), Params::training, now.steps);
    let scene = use_memo((now.clone(), run.clone()), |(now, run)| run.with(|training| observe(now, training)));
    let attended = use_state_eq(|| None::<usize>);
    let attend = {
        let attended = attended.clone();
        use_callback((), move |unit: Option<usize>, ()| attended.set(unit))
    };
    let picture = html! { <Picture params={params.clone()} scene={scene.clone()} attended={*attended} /> };
    let readout = html! {
        <>
            <Steps params={params.clone()} scene={scene.clone()} busy={run.is_busy()} />
            <Units scene={scene.clone()} attended={*attended} attend={attend} />
        </>
    };
    let controls = html! {
        <>
            <Numbers params={params.clone()} scene={scene.clone()} />
            <Settings params={params.clone()} scene={scene} />
        </>
    };
    html! { <ExhibitFrame<Params> ..FrameProps::of::<Symmetry>(params, picture, readout, controls) /> }
}

#[derive(PartialEq, Properties)]
struct PictureProps {
    params: ParamsHandle<Params>,
    scene: Rc<Scene>,
    attended: Option<usize>,
}

/// The plots, with ε to be dragged where there is noise; a click on a plot of steps goes to that step, one on the mirrored loss swaps.
#[component]
fn Picture(props: &PictureProps) -> Html {
    let embed = use_context::<Embed>().unwrap_or_default();
    let theme = embed.theme();
    let PictureSize { size_px, scale, on_size } = use_picture([720.0, 680.0]);
    let (now, scene) = (props.params.now().clone(), props.scene.clone());
    let layout = Layout::new(&now, size_px, scale);
    let surface = use_memo((now.origin(), scene.places.clone().map(|places| places.plane)), |_| {
        scene.places.as_ref().map(|places| Rc::new(compute_surface(&now, places)))
    });
    let ground = use_memo(((*surface).clone(), layout, embed), |(surface, layout, _)| {
        let (surface, layout) = (surface.clone(), *layout);
        Drawing::new(move |paper| draw_ground(paper, &layout, surface.as_deref(), theme))
    });
    let data = use_memo((now.clone(), scene.clone(), layout, embed), |(now, scene, layout, _)| {
        let (now, scene, layout) = (now.clone(), scene.clone(), *layout);
        Drawing::new(move |paper| draw_data(paper, &layout, &now, &scene, theme))
    });
    let attended = props.attended;
    let highlight = use_memo((scene.clone(), attended, layout, embed), |(scene, attended, layout, _)| {
        let (scene, attended, layout) = (scene.clone(), *attended, *layout);
        Drawing::new(move |paper| draw_highlight(paper, &layout, &scene, attended, theme))
    });
    let go = props.params.edits(|p: &mut Params, [x, _]: [f64; 2]| match p.view {
        View::Training => p.steps = x.max(0.0) as u64,
        View::Places => p.swapped = x < 0.0,
    });
    html! {
        <div class={classes!("symmetry-picture", (now.view == View::Training).then_some("stacked"))}>
            <PlotCanvas layers={vec![(*ground).clone(), (*data).clone(), (*highlight).clone()]} scale={scale}
                label={Symmetry::describe(&scene)} on_size={on_size}>
                <Handles size_px={size_px}>
                    { plot_ground(&layout.lower, "symmetry-lower", &go) }
                    if now.begin == Begin::Noise && layout.distance.is_some() {
                        <Noise params={props.params.clone()} layout={layout} />
                    }
                </Handles>
            </PlotCanvas>
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct NoiseProps {
    params: ParamsHandle<Params>,
    layout: Layout,
}

/// ε, on the axis of the distances.
#[component]
fn Noise(props: &NoiseProps) -> Html {
    let params = &props.params;
    let Some(frame) = props.layout.distance else { return html! {} };
    let level = math::log10(params.now().epsilon);
    // Each movement goes on from where the one before it has led, however fast they come.
    let set = {
        let params = params.clone();
        move |level: Option<f64>, by: f64| {
            params.drag(NOISE, move |p| {
                let level = level.unwrap_or_else(|| math::log10(p.epsilon)) + by;
                // Two digits are what a pixel can tell.
                p.epsilon = format!("{:.1e}", math::powf(10.0, level)).parse().unwrap_or(p.epsilon);
            });
        }
    };
    let on_drag = {
        let set = set.clone();
        Callback::from(move |step: DragStep| set(Some(frame.data_from_screen(step.to)[1]), 0.0))
    };
    let on_nudge = Callback::from(move |Nudge { direction, size }: Nudge| {
        set(None, 0.25 * size * (direction[0] + direction[1]));
    });
    let on_rest = params.on_rest();
    let on_reset = params.edits(move |p, ()| p.epsilon = Params::from_start(&p.start).unwrap_or_default().epsilon);
    html! {
        <Knob at={frame.screen_from_data([0.0, level])} color="var(--unit-2)" label="ε, by how much the units differ at the start"
            value_text={scientific(params.now().epsilon)} on_drag={on_drag} on_nudge={on_nudge} on_rest={on_rest} on_reset={on_reset} />
    }
}

/// A number that may be very small: 0 only when it is exactly 0.
fn scientific(x: f64) -> String {
    if x != 0.0 && x.abs() < 1e-3 { format!("{x:.2e}").replace('-', "−") } else { format_number(x, 5) }
}

#[derive(PartialEq, Properties)]
struct StepsProps {
    params: ParamsHandle<Params>,
    scene: Rc<Scene>,
    busy: bool,
}

/// The run.
#[component]
fn Steps(props: &StepsProps) -> Html {
    let StepsProps { params, scene, busy } = props;
    let text = match &scene.divergence {
        Some(why) => why.clone(),
        None => format!("step {} · sum of squares {}", scene.steps, format_number(scene.sum_of_squares, 6)),
    };
    let step = if scene.divergence.is_some() { scene.steps } else { params.now().steps };
    let Stepping { on_advance, on_scrub, on_go, on_rest } = params.stepping(STEPPING, |p| &mut p.steps);
    html! {
        <Playback step={step} most={MOST_STEPS} over={scene.divergence.is_some()} busy={*busy} status={text} speeds={SPEEDS} speed={2}
            tick_millis={50} on_advance={on_advance} on_scrub={on_scrub} on_go={on_go} on_rest={on_rest} />
    }
}

#[derive(PartialEq, Properties)]
struct UnitsProps {
    scene: Rc<Scene>,
    attended: Option<usize>,
    attend: Callback<Option<usize>>,
}

/// The parameters and their derivatives, a row a unit; rows that are equal say so.
#[component]
fn Units(props: &UnitsProps) -> Html {
    let UnitsProps { scene, attended, attend } = props;
    let theme = use_context::<Embed>().unwrap_or_default().theme();
    let name = |d: usize| format!("h{}", subscript(d + 1));
    let row = |d: usize, unit: &Unit| {
        let note = match (unit.same_as == d, unit.is_off) {
            (false, _) => format!("= {}", name(unit.same_as)),
            (true, true) => "off at every example".to_owned(),
            (true, false) => String::new(),
        };
        let lit =
            attended.is_some_and(|other| scene.units.get(other).is_some_and(|other| other.same_as == unit.same_as));
        let at = |here: bool| attend.reform(move |_: PointerEvent| here.then_some(d));
        let numbers = [unit.theta[0], unit.theta[1], unit.phi].into_iter().chain(unit.gradient);
        html! {
            <tr key={d} class={classes!(lit.then_some("attended"))} data-unit={d.to_string()} onpointerenter={at(true)} onpointerleave={at(false)}>
                <th scope="row"><span class="symmetry-chip" style={format!("--chip: {}", theme.unit(unit.same_as).css())}></span>{ name(d) }</th>
                { for numbers.map(|x| html! { <td>{ scientific(x) }</td> }) }
                <td class="symmetry-same">{ note }</td>
            </tr>
        }
    };
    html! {
        <div class="region-table symmetry-units scroll" tabindex="0" role="region" aria-label="Parameters and their derivatives">
            <table>
                <thead><tr><th scope="col">{ "unit" }</th>
                    { for ["θ₀", "θ₁", "φ", "∂L/∂θ₀", "∂L/∂θ₁", "∂L/∂φ", "same as"].iter().map(|name| html! { <th scope="col">{ *name }</th> }) }
                </tr></thead>
                <tbody>
                    { for scene.units.iter().enumerate().map(|(d, unit)| row(d, unit)) }
                    <tr><th scope="row">{ "φ₀" }</th><td></td><td></td><td>{ scientific(scene.phi_0) }</td><td></td><td></td>
                        <td>{ scientific(scene.phi_0_gradient) }</td><td></td></tr>
                </tbody>
            </table>
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct NumbersProps {
    params: ParamsHandle<Params>,
    scene: Rc<Scene>,
}

/// How many functions the units are, and what follows.
#[component]
fn Numbers(props: &NumbersProps) -> Html {
    let scene = &props.scene;
    let n = scene.units.len();
    let distinct = if n == 1 { "1".to_owned() } else { format!("{} of {n}", scene.n_distinct) };
    html! {
        <div class="symmetry-numbers">
            <div class="counters">
                { counter("distinct", distinct, "distinct units") }
                { counter("squares", format_number(scene.sum_of_squares, 6), "sum of squares") }
                { counter("bias", format_number(scene.phi_0, 6), "φ₀") }
            </div>
            <p class="symmetry-verdict">{ scene.verdict() }</p>
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct SettingsProps {
    params: ParamsHandle<Params>,
    scene: Rc<Scene>,
}

/// Numbers that may be as small as 10⁻¹².
const VALUE_DIAL: Dial<Params> =
    Dial { decimals: 12, ..Dial::logarithmic("c", "value", VALUE, |p| p.value, |p, x| p.value = x) };
const EPSILON_DIAL: Dial<Params> =
    Dial { decimals: 12, ..Dial::logarithmic("ε", "noise", EPSILON, |p| p.epsilon, |p, x| p.epsilon = x) };
const ALPHA_DIAL: Dial<Params> = Dial::logarithmic("α", "learning rate", ALPHA, |p| p.alpha, |p, x| p.alpha = x);

/// How the units begin, and where one looks.
#[component]
fn Settings(props: &SettingsProps) -> Html {
    let SettingsProps { params, scene } = props;
    let now = params.now().clone();
    let view = |view: View, name: &'static str| {
        html! {
            <button type="button" aria-pressed={(now.view == view).to_string()} onclick={params.on_click(move |p| p.view = view)}>{ name }</button>
        }
    };
    let begin = Begin::ALL.iter().position(|entry| entry.0 == now.begin).unwrap_or(0);
    let on_begin = params.edits(|p: &mut Params, index: usize| p.begin = Begin::ALL[index].0);
    let on_units = params.edits(|p: &mut Params, n| p.units = n);
    html! {
        <>
            <div class="choices" role="group" aria-label="What there is to see">
                { view(View::Training, "Training") }{ view(View::Places, "The same from another place") }
            </div>
            if now.view == View::Places { <Twins params={params.clone()} scene={scene.clone()} /> }
            <div class="dials">
                <div class="dial">
                    <span class="dial-name"><math>{ symbol("D") }</math>{ "hidden units" }</span>
                    { stepper("Hidden units", now.units.to_string(), [now.units, 1, MOST_UNITS], &on_units) }
                </div>
                { choice("they begin", &Begin::ALL.map(|entry| entry.1), begin, &on_begin) }
                if now.begin.has_value() { { dial(params, 1, &VALUE_DIAL) } }
                if now.begin == Begin::Noise { { dial(params, NOISE, &EPSILON_DIAL) } }
                if now.begin.is_drawn() {
                    <div class="choices">
                        <button type="button" onclick={params.on_click(|p| p.seed = p.seed % MOST_SEED + 1)}><span aria-hidden="true">{ "⚄" }</span>{ "Draw again" }</button>
                        <span class="hint">{ format!("seed {}", now.seed) }</span>
                    </div>
                }
                <div class="choices" role="group" aria-label="Activation function">
                    <button type="button" aria-pressed={(now.bend == Bend::Relu).to_string()} onclick={params.on_click(|p| p.bend = Bend::Relu)}>{ "ReLU" }</button>
                    <button type="button" aria-pressed={(now.bend == Bend::Tanh).to_string()} onclick={params.on_click(|p| p.bend = Bend::Tanh)}>{ "tanh" }</button>
                </div>
                <details class="symmetry-more">
                    <summary>{ "More: learning rate, input around 0" }</summary>
                    { dial(params, 2, &ALPHA_DIAL) }
                    <div class="choices">
                        <button type="button" aria-pressed={now.centered.to_string()} onclick={params.on_click(|p| p.centered = !p.centered)}>{ "Input 2x − 1" }</button>
                    </div>
                </details>
                <div class="tools"><div class="row"><HistoryButtons<Params> params={params.clone()} /></div></div>
            </div>
        </>
    }
}

/// Swapping and rescaling units, and what that changes.
#[component]
fn Twins(props: &SettingsProps) -> Html {
    let SettingsProps { params, scene } = props;
    let now = params.now().clone();
    let Some(places) = &scene.places else {
        return html! { <p>{ "With one unit there is nothing to swap." }</p> };
    };
    let [a, b] = places.pair.map(|d| format!("h{}", subscript(d + 1)));
    let rest = params.on_rest();
    let on_edit = params.drags(3, |p, value| p.stretch = value);
    let on_reset = params.edits(|p, ()| p.stretch = 1.0);
    let [before, after] = places.sums_of_squares.map(|sum| format_number(sum, 6));
    html! {
        <div class="symmetry-twins">
            <div class="choices">
                <button type="button" aria-pressed={now.swapped.to_string()} onclick={params.on_click(|p| p.swapped = !p.swapped)}>{ format!("Swap {a} and {b}") }</button>
                if now.units > 2 {
                    <button type="button" onclick={params.on_click(|p| p.partner = if p.partner.min(p.units) == p.units { 2 } else { p.partner + 1 })}>{ "Another partner" }</button>
                }
            </div>
            if now.bend == Bend::Relu {
                <div class="dial">
                    <span class="dial-name">{ format!("θ of {a} times, φ divided by") }</span>
                    <NumberCell label="Factor of rescaling" value={now.stretch} min={STRETCH[0]} max={STRETCH[1]} step={0.01} logarithmic={true}
                        on_edit={on_edit} on_rest={rest} on_reset={on_reset} />
                </div>
            }
            <dl class="symmetry-facts">
                <dt>{ "sum of squares, before and after" }</dt><dd data-fact="squares">{ format!("{before} and {after}") }</dd>
                <dt>{ "the output changes at most by" }</dt><dd data-fact="change">{ scientific(places.output_change) }</dd>
                <dt>{ "the parameters move by" }</dt><dd data-fact="distance">{ format_number(places.distance, 4) }</dd>
                <dt>{ format!("orders of {} units, {}!", now.units, now.units) }</dt><dd data-fact="orders">{ &places.n_orders }</dd>
            </dl>
        </div>
    }
}
