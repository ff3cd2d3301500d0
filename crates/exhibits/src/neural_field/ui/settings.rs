//! The picture, the network, and how it learns.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{
    super::{
        BATCHES, Begin, Decay, FEATURES, Loss, MOST_DEPTH, MOST_FREQUENCY, MOST_LETTERS, Model, OMEGA, Params, RATE,
        Rule, SCALE, SIZES, Shape, Subject, WIDTHS,
    },
    PAINTING,
    open::{OpenPicture, Opening},
    paint::{Brush, Paint},
};
use crate::ui::{Dial, HistoryButtons, ParamsHandle, choice, dial, most_workers, stepper, switch, switch_where};

const RATE_DIAL: Dial<Params> =
    Dial { step: 0.05, ..Dial::logarithmic("α", "learning rate", RATE, |p| p.rate, set_rate) };
const RATE_FROM_HERE_DIAL: Dial<Params> = Dial {
    step: 0.05,
    ..Dial::logarithmic("α", "learning rate", RATE, |p| p.rate_at(p.steps), |p, x| p.set_rate_from(p.steps, x))
};
const SCALE_DIAL: Dial<Params> = Dial {
    step: 0.05,
    decimals: 2,
    ..Dial::logarithmic("σ", "scale of the frequencies", SCALE, |p| p.scale, |p, x| p.scale = x)
};
const OMEGA_DIAL: Dial<Params> = Dial {
    step: 0.05,
    decimals: 1,
    ..Dial::logarithmic("ω₀", "frequency of the sines", OMEGA, |p| p.omega, |p, x| p.omega = x)
};

/// One learning rate for the whole run.
fn set_rate(params: &mut Params, rate: f64) {
    params.rate = rate;
    params.edits.clear();
}

/// A choice among names that stand beside their values.
fn among<T: Copy + PartialEq + 'static, const N: usize>(
    params: &ParamsHandle<Params>,
    label: &'static str,
    all: &'static [(T, &'static str); N],
    now: T,
    set: fn(&mut Params, T),
) -> Html {
    let chosen = all.iter().position(|entry| entry.0 == now).unwrap_or(0);
    choice(
        label,
        &all.map(|entry| entry.1),
        chosen,
        &params.edits(move |p: &mut Params, index: usize| set(p, all[index].0)),
    )
}

/// A choice among numbers.
fn number_among(
    params: &ParamsHandle<Params>,
    label: &'static str,
    all: &'static [u64],
    now: u64,
    set: fn(&mut Params, u64),
) -> Html {
    let names: Vec<String> =
        all.iter().map(|&n| if n == 0 { "all pixels".to_owned() } else { n.to_string() }).collect();
    let chosen = all.iter().position(|&n| n == now).unwrap_or(0);
    choice(label, &names, chosen, &params.edits(move |p: &mut Params, index: usize| set(p, all[index])))
}

#[derive(PartialEq, Properties)]
pub(super) struct SettingsProps {
    pub(super) params: ParamsHandle<Params>,
    /// How pictures of one's own come in.
    pub(super) opening: Opening,
    /// Told how many workers are to share steps out among them.
    pub(super) on_workers: Callback<usize>,
}

#[component]
pub(super) fn Settings(props: &SettingsProps) -> Html {
    let params = &props.params;
    let now = params.now().clone();
    let is_network = now.network.is_network();
    html! {
        <div class="dials">
            { among(params, "picture", &Subject::ALL, now.picture, |p, x| p.picture = x) }
            <Subjects params={params.clone()} opening={props.opening.clone()} />
            { number_among(params, "pixels across", &SIZES, now.size, |p, x| p.size = x) }
            { among(params, "network", &Model::ALL, now.network, |p, x| p.network = x) }
            if is_network {
                <div class="dial">
                    <span class="dial-name">{ "hidden layers" }</span>
                    { stepper("Hidden layers", now.depth.to_string(), [now.depth, 1, MOST_DEPTH], &params.edits(|p: &mut Params, n| p.depth = n)) }
                </div>
                { number_among(params, "units in each", &WIDTHS, now.width, |p, x| p.width = x) }
            }
            if now.network == Model::Fourier { { dial(params, 1, &SCALE_DIAL) } }
            if now.network.is_siren() && now.weights == Begin::Usual { { dial(params, 2, &OMEGA_DIAL) } }
            if is_network { { among(params, "weights begin", &Begin::ALL, now.weights, |p, x| p.weights = x) } }
            <Rate params={params.clone()} />
            if is_network {
                <div class="choices">
                    <button type="button" onclick={params.on_click(|p| p.seed = (p.seed + 1) % 1000)}><span aria-hidden="true">{ "⚄" }</span>{ "Draw other weights" }</button>
                    <span class="hint">{ format!("seed {}", now.seed) }</span>
                </div>
            }
            <details class="neural-field-more">
                <summary>{ "More: layers, loss, rule, batches, coordinates" }</summary>
                if now.network == Model::Fourier { { number_among(params, "frequencies m", &FEATURES, now.features, |p, x| p.features = x) } }
                if is_network {
                    { switch("layer norm", now.norm, &params.edits(|p: &mut Params, on| p.norm = on)) }
                    { switch_where(now.depth > 1, "residual: hidden layers add what they read", now.residual, &params.edits(|p: &mut Params, on| p.residual = on)) }
                }
                { switch_where(matches!(now.network, Model::Relu | Model::Fourier), "sigmoid at the output", now.sigmoid, &params.edits(|p: &mut Params, on| p.sigmoid = on)) }
                { among(params, "loss", &Loss::ALL, now.loss, |p, x| p.loss = x) }
                { among(params, "rule", &Rule::ALL, now.rule, |p, x| p.rule = x) }
                { number_among(params, "pixels a step", &BATCHES, now.batch, |p, x| p.batch = x) }
                { among(params, "shape", &Shape::ALL, now.shape, |p, x| p.shape = x) }
                <Workers on_workers={props.on_workers.clone()} />
            </details>
            <div class="tools"><div class="row"><HistoryButtons<Params> params={params.clone()} /></div></div>
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct SubjectsProps {
    params: ParamsHandle<Params>,
    opening: Opening,
}

/// What there is to choose about the picture.
#[component]
fn Subjects(props: &SubjectsProps) -> Html {
    let SubjectsProps { params, opening } = props;
    let now = params.now();
    match now.picture {
        picture if picture.has_frequency() => html! {
            <div class="dial">
                <span class="dial-name">{ "how fine" }</span>
                { stepper("How fine", now.frequency.to_string(), [now.frequency, 1, MOST_FREQUENCY], &params.edits(|p: &mut Params, n| p.frequency = n)) }
            </div>
        },
        Subject::Text => {
            let write = params.edits(|p: &mut Params, text| p.text = text);
            let onchange = write.reform(|event: Event| event.target_unchecked_into::<HtmlInputElement>().value());
            html! {
                <label class="dial"><span class="dial-name">{ "letters" }</span>
                    <input type="text" aria-label="Letters" maxlength={MOST_LETTERS.to_string()} spellcheck="false" value={now.text.clone()} onchange={onchange} /></label>
            }
        }
        Subject::Drawn => {
            let [width, height] = now.size_pixels();
            let on_brush = params.drags(PAINTING, |p: &mut Params, brush: Brush| brush.apply(&mut p.drawing));
            html! { <Paint drawing={now.drawing.clone()} aspect={width as f64 / height as f64} on_brush={on_brush} on_rest={params.on_rest()} /> }
        }
        Subject::Own => html! {
            <>
                if now.lacks_its_picture() { <p role="status">{ "The picture of this link has stayed on the computer where it was opened. Open one of your own." }</p> }
                <OpenPicture opening={opening.clone()} own={now.own.clone()} />
            </>
        },
        _ => Html::default(),
    }
}

#[derive(PartialEq, Properties)]
struct RateProps {
    params: ParamsHandle<Params>,
}

/// The learning rate: of the whole run, or from the step on that is shown.
#[component]
fn Rate(props: &RateProps) -> Html {
    let params = &props.params;
    let now = params.now();
    let is_from_here = use_state_eq(|| false);
    let button = |text: &'static str, from_here: bool| {
        let is_from_here = is_from_here.clone();
        let pressed = (*is_from_here == from_here).to_string();
        let onclick = Callback::from(move |_: MouseEvent| is_from_here.set(from_here));
        html! { <button type="button" aria-pressed={pressed} onclick={onclick}>{ text }</button> }
    };
    let changes = now.rates().skip(1).map(|(step, rate)| format!("{rate} from step {step}")).collect::<Vec<_>>();
    html! {
        <>
            { dial(params, 3, if *is_from_here { &RATE_FROM_HERE_DIAL } else { &RATE_DIAL }) }
            <div class="choices" role="group" aria-label="From where on the learning rate holds">
                { button("for the whole run", false) }
                { button("from this step on", true) }
            </div>
            if !changes.is_empty() { <p class="hint">{ format!("α = {}, {}.", now.rate, changes.join(", ")) }</p> }
            { among(params, "α later on", &Decay::ALL, now.decay, |p, x| p.decay = x) }
        </>
    }
}

#[derive(PartialEq, Properties)]
struct WorkersProps {
    on_workers: Callback<usize>,
}

/// How many workers share long steps out. It concerns the machine and not the run, so no link holds it.
#[component]
fn Workers(props: &WorkersProps) -> Html {
    let n_workers = use_state_eq(most_workers);
    let on_choose = {
        let (n_workers, on_workers) = (n_workers.clone(), props.on_workers.clone());
        Callback::from(move |index: usize| {
            n_workers.set(index + 1);
            on_workers.emit(index + 1);
        })
    };
    choice("workers", &["1", "2", "3", "4"], *n_workers - 1, &on_choose)
}
