use std::rc::Rc;

use piecewise_plot::{Theme, format_number, subscript, svg};
use piecewise_widgets::{CopyButton, NumberCell};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{
    super::{
        ACTIVATIONS, ALPHA_LIMIT, LIMIT, MOST_ENDS, MOST_LAYERS, MOST_UNITS, Mark, NetworkExhibit, Params, Scene,
        count_text,
        equation::{latex, name_of},
        pytorch,
    },
    STEP, gesture,
};
use crate::{
    Exhibit, Panel,
    ui::{Embed, ParamsHandle, select, stepper},
};

#[derive(PartialEq, Properties)]
pub(super) struct SelectedProps {
    pub(super) params: ParamsHandle<Params>,
    pub(super) scene: Rc<Scene>,
    pub(super) index: usize,
    pub(super) attend: Callback<Option<Mark>>,
    pub(super) select: Callback<usize>,
}

/// The number that was last attended to, with its slider; any other can be chosen by name.
#[component]
pub(super) fn Selected(props: &SelectedProps) -> Html {
    let (scene, index) = (&props.scene, props.index);
    let Some(mark) = scene.mark_of(index) else { return Html::default() };
    let name = |index: usize| scene.mark_of(index).map(|mark| name_of(&scene.sizes, mark)).unwrap_or_default();
    let names: Vec<String> = (0..scene.parameters.len()).map(name).collect();
    let on_edit = props.params.drags(gesture(index), move |p, value| p.set_weight(index, value));
    let on_reset = props.params.edits(move |p, ()| p.set_weight(index, p.first_weight(index)));
    let on_attend = props.attend.reform(move |here: bool| here.then_some(mark));
    html! {
        <div class="dial network-selected">
            <span class="dial-name">{ select("Weight or bias", &names, index, &props.select) }</span>
            <NumberCell label={name(index)} value={scene.parameters[index]} min={-LIMIT} max={LIMIT} step={STEP}
                on_edit={on_edit} on_rest={props.params.on_rest()} on_reset={on_reset} on_attend={on_attend} />
        </div>
    }
}

#[derive(PartialEq, Properties)]
pub(super) struct ShapeProps {
    pub(super) params: ParamsHandle<Params>,
    pub(super) scene: Rc<Scene>,
}

/// What a stepper counts.
#[derive(Clone, Copy)]
enum Size {
    Inputs,
    Width(usize),
    Layers,
    Outputs,
}

impl Size {
    fn set(self, p: &mut Params, n: u64) {
        match self {
            Self::Inputs => p.inputs = n,
            Self::Width(k) => p.hidden[k] = n,
            Self::Layers => p.hidden.resize(n as usize, 3),
            Self::Outputs => p.outputs = n,
        }
    }
}

/// How many inputs, hidden units, layers and outputs there are, the activation, and how many parameters that makes.
#[component]
pub(super) fn Shape(props: &ShapeProps) -> Html {
    let (params, scene) = (&props.params, &props.scene);
    let now = params.now().clone();
    let step = |label: String, value: usize, range: [usize; 2], size: Size| {
        let on_step = params.edits(move |p: &mut Params, to: u64| p.reshape(|p| size.set(p, to)));
        let [least, most] = range.map(|n| n as u64);
        html! {
            <span class="network-size"><span class="network-stepper-name" aria-hidden="true">{ &label }</span>
                { stepper(label, value.to_string(), [value as u64, least, most], &on_step) }</span>
        }
    };
    let n_layers = now.n_hidden_layers();
    let least = usize::from(n_layers > 1);
    let width_name = |k: usize| {
        if n_layers == 1 { "D hidden units".to_owned() } else { format!("D{} in layer {}", subscript(k + 1), k + 1) }
    };
    let activation = ACTIVATIONS.iter().position(|(name, _)| *name == now.activation).unwrap_or(0);
    let activations: Vec<&str> = ACTIVATIONS.iter().map(|(_, activation)| activation.name()).collect();
    let choose = params.edits(|p: &mut Params, index: usize| p.activation = ACTIVATIONS[index].0);
    let x3 = params.drags(1, move |p, value| p.x3 = value);
    // Which sum the panels end in: the outputs, and the units of all hidden layers but the first.
    let sums: Vec<(usize, usize)> = (1..scene.sizes.len() - 1)
        .rev()
        .flat_map(|layer| (0..scene.sizes[layer + 1]).map(move |row| (layer, row)))
        .collect();
    let sum_names: Vec<String> =
        sums.iter().map(|&(layer, row)| name_of(&scene.sizes, Mark::Unit { layer, row })).collect();
    let sum = sums.iter().position(|&sum| sum == scene.summed).unwrap_or(0);
    let choose_sum = {
        let sums = sums.clone();
        params.edits(move |p: &mut Params, index: usize| p.sum = [sums[index].0 as u64 + 1, sums[index].1 as u64 + 1])
    };
    html! {
        <div class="tools network-shape">
                <div class="network-steppers">
                    { step("Dᵢ inputs".to_owned(), now.inputs as usize, [1, MOST_ENDS], Size::Inputs) }
                    { for (0..n_layers).map(|k| {
                        let name = width_name(k);
                        step(name, now.hidden[k] as usize, [least, MOST_UNITS], Size::Width(k))
                    }) }
                    { step("K hidden layers".to_owned(), n_layers, [1, MOST_LAYERS], Size::Layers) }
                    { step("Dₒ outputs".to_owned(), now.outputs as usize, [1, MOST_ENDS], Size::Outputs) }
                </div>
                <p class="network-count" data-count="parameters">{ scene.count_text() }{ " parameters" }</p>
                <div class="row">
                    <label class="network-activation">{ "a[·]" }{ select("activation", &activations, activation, &choose) }</label>
                    if sums.len() > 1 {
                        <label class="network-sum">{ "panels of" }{ select("panels of", &sum_names, sum, &choose_sum) }</label>
                    }
                </div>
                if now.inputs == 3 {
                    <div class="dial"><span class="dial-name">{ "slice at x₃" }</span>
                        <NumberCell label="x₃" value={now.x3} min={-1.0} max={1.0} step={STEP} on_edit={x3} on_rest={params.on_rest()} /></div>
                    <p class="network-slice">{ format!("There are three inputs, so every panel shows the slice at x₃ = {}.", format_number(now.x3, 2)) }</p>
                }
        </div>
    }
}

/// What can be copied out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Copied {
    Latex,
    PyTorch,
    Svg,
}

/// The rescaling, and the network to take away.
#[component]
pub(super) fn More(props: &ShapeProps) -> Html {
    let params = &props.params;
    let now = params.now().clone();
    let embed = use_context::<Embed>().unwrap_or_default();
    let export = use_state_eq(|| None::<Copied>);

    let on_alpha = params.drags(2, move |p, value| p.alpha = value);
    let on_reset = params.edits(move |p, ()| p.alpha = 1.0);
    let choose_unit = params.edits(|p: &mut Params, index: usize| p.unit = index as u64 + 1);
    let n_units = now.hidden[0] as usize;
    let name = |row: usize| name_of(&props.scene.sizes, Mark::Unit { layer: 0, row });
    let verdict = match props.scene.rescaling_error {
        None => "α = 1 changes nothing.".to_owned(),
        Some(error) if error < 1e-12 => {
            format!("The same function: the largest difference at 200 points is {}.", exponent_text(error))
        }
        Some(error) => format!("Another function: it differs by up to {}.", format_number(error, 3)),
    };
    let choice = |which: Copied, label: &'static str| {
        let export = export.clone();
        let is_open = *export == Some(which);
        let onclick = Callback::from(move |_: MouseEvent| export.set((!is_open).then_some(which)));
        html! { <button type="button" aria-expanded={is_open.to_string()} onclick={onclick}>{ label }</button> }
    };
    let text = export.map(|which| {
        let net = now.network();
        match which {
            Copied::Latex => latex(&net, now.form),
            Copied::PyTorch => pytorch(&net),
            Copied::Svg => diagram_svg(&now, &props.scene, embed.theme()),
        }
    });
    let download = text.as_ref().zip(*export).map(|(text, which)| {
        let (kind, file) = match which {
            Copied::Latex => ("text/plain", "network.tex"),
            Copied::PyTorch => ("text/plain", "network.py"),
            Copied::Svg => ("image/svg+xml", "network.svg"),
        };
        let escaped = percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC);
        (format!("data:{kind};charset=utf-8,{escaped}"), file)
    });
    let sizes = use_state_eq(|| "100, 500, 1".to_owned());
    let write_sizes = {
        let sizes = sizes.clone();
        Callback::from(move |event: InputEvent| sizes.set(event.target_unchecked_into::<HtmlInputElement>().value()))
    };
    let counted =
        read_sizes(&sizes).map_or("Two sizes at least, apart by commas.".to_owned(), |sizes| count_text(&sizes));
    html! {
        <details class="network-more" open={now.alpha != 1.0}>
            <summary>{ "More: rescaling, counting, LaTeX, PyTorch, SVG" }</summary>
            if n_units > 0 {
                <div class="dial">
                    <label class="dial-name">{ "rescale" }
                        { select("rescale", &(0..n_units).map(name).collect::<Vec<_>>(), (now.unit as usize).saturating_sub(1), &choose_unit) }
                        { "by α" }</label>
                    <NumberCell label="α" value={now.alpha} min={-ALPHA_LIMIT} max={ALPHA_LIMIT} step={0.05} on_edit={on_alpha}
                        on_rest={params.on_rest()} on_reset={on_reset} />
                </div>
                <p class="network-rescaling" role="status">{ "All that enters it is multiplied by α, what leaves it divided by α. " }{ verdict }</p>
            }
            <div class="row network-exports">{ choice(Copied::Latex, "LaTeX") }{ choice(Copied::PyTorch, "PyTorch") }{ choice(Copied::Svg, "SVG") }</div>
            if let Some(text) = text {
                <pre class="network-text" tabindex="0" role="group" aria-label="The text to copy">{ &text }</pre>
                <div class="row">
                    <CopyButton label="Copy" text={text} />
                    if let Some((href, file)) = download { <a href={href} download={file}>{ "Download" }</a> }
                </div>
            }
            <p class="network-larger"><label>{ "Count for sizes " }<input type="text" value={(*sizes).clone()} oninput={write_sizes} /></label>
                <output>{ counted }</output></p>
        </details>
    }
}

/// The sizes of a network as they are typed: "100, 500, 1".
fn read_sizes(text: &str) -> Option<Vec<usize>> {
    let sizes: Option<Vec<usize>> =
        text.split(',').map(|size| size.trim().parse().ok().filter(|&size| size <= 1_000_000)).collect();
    sizes.filter(|sizes| (2..=20).contains(&sizes.len()))
}

/// A tiny number: 0, or 2.2·10⁻¹⁶ as "2.2e-16".
fn exponent_text(value: f64) -> String {
    if value == 0.0 { "0".to_owned() } else { format!("{value:.1e}").replace('-', "−") }
}

/// The picture of the diagram alone.
fn diagram_svg(params: &Params, scene: &Scene, theme: &Theme) -> String {
    let panel = Panel { name: "diagram", size_px: [640.0, 300.0] };
    svg(panel.size_px, 1.0, &NetworkExhibit::describe(scene), |paper| {
        NetworkExhibit::draw(&panel, params, scene, paper, theme);
    })
    .unwrap_or_default()
}
