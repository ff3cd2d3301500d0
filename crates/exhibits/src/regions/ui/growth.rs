use piecewise_plot::Frame;
use piecewise_widgets::{DragStep, Drawing, Handles, Knob, Nudge, NumberCell, PlotCanvas};
use yew::prelude::*;

use super::{
    super::{
        GROWTH_INPUTS, GROWTH_LAYERS, GROWTH_UNITS, Growth, GrowthCurve, GrowthLayout, Params, Regions, compute_growth,
        draw_growth, draw_growth_ground, growth::grouped, point,
    },
    Shared, more,
};
use crate::{
    Exhibit,
    ui::{Embed, ExhibitFrame, FrameProps, HistoryButtons, ParamsHandle, PictureSize, select, stepper, use_picture},
};

/// The gesture of moving along the axis of units.
const UNITS: u32 = 1400;

/// The page while the growth plots are looked at.
pub(super) fn page(params: ParamsHandle<Params>, scene: Shared) -> Html {
    let picture = html! { <Picture params={params.clone()} scene={scene} /> };
    let controls = html! { <>{ settings(&params) }{ more::more(&params) }</> };
    html! { <ExhibitFrame<Params> ..FrameProps::of::<Regions>(params, picture, Html::default(), controls) /> }
}

#[derive(PartialEq, Properties)]
struct PictureProps {
    params: ParamsHandle<Params>,
    scene: Shared,
}

/// The point of the upper plot that is nearest to where one points: the number of inputs and the units.
fn nearest(growth: &Growth, frame: &Frame, at: [f64; 2]) -> (u64, u64) {
    let [d, digits] = frame.data_from_screen(at);
    let n_hidden = d.round().clamp(1.0, GROWTH_UNITS as f64) as u64;
    let distance = |curve: &GrowthCurve| {
        let point = curve.points.iter().find(|point| point[0] >= n_hidden as f64);
        point.map_or(f64::INFINITY, |point| (point[1] - digits).abs())
    };
    let curve = growth.by_units.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)));
    (curve.map_or(1, |curve| curve.label), n_hidden)
}

#[component]
fn Picture(props: &PictureProps) -> Html {
    let embed = use_context::<Embed>().unwrap_or_default();
    let theme = embed.theme();
    let PictureSize { size_px, scale, on_size } = use_picture([720.0, 666.0]);
    let pointed = use_state_eq(|| None::<(u64, u64)>);
    let params = &props.params;
    let now = params.now().clone();
    let growth = use_memo((now.n_inputs, now.n_hidden, now.n_layers), {
        let now = now.clone();
        move |_| compute_growth(&now)
    });
    let layout = GrowthLayout::new(size_px, scale, &growth);
    let ground = use_memo((now.n_inputs, layout, embed), {
        let growth = growth.clone();
        move |_| Drawing::new(move |paper| draw_growth_ground(paper, &layout, &growth, theme))
    });
    let data = use_memo((growth.clone(), layout, embed), {
        let (growth, now) = (growth.clone(), now.clone());
        move |_| Drawing::new(move |paper| draw_growth(paper, &layout, &growth, &now, theme))
    });
    let frame = layout.by_units;
    let under = {
        let growth = growth.clone();
        move |event: &MouseEvent| nearest(&growth, &frame, [event.offset_x(), event.offset_y()].map(f64::from))
    };
    let onpointermove = {
        let (pointed, under) = (pointed.clone(), under.clone());
        Callback::from(move |event: PointerEvent| pointed.set(Some(under(&event))))
    };
    let onpointerleave = {
        let pointed = pointed.clone();
        Callback::from(move |_: PointerEvent| pointed.set(None))
    };
    let onclick = {
        let params = params.clone();
        Callback::from(move |event: MouseEvent| {
            let (n_inputs, n_hidden) = under(&event);
            params.edit(move |p| (p.n_inputs, p.n_hidden) = (n_inputs, n_hidden));
        })
    };
    let on_drag = {
        let params = params.clone();
        Callback::from(move |step: DragStep| {
            let n_hidden = frame.data_from_screen(step.to)[0].round().clamp(1.0, GROWTH_UNITS as f64) as u64;
            params.drag(UNITS, move |p| p.n_hidden = n_hidden);
        })
    };
    let on_nudge = {
        let params = params.clone();
        Callback::from(move |Nudge { direction, size }: Nudge| {
            let by = (direction[0] + direction[1]) * size.max(1.0);
            params.drag(UNITS, move |p| {
                p.n_hidden = (p.n_hidden as f64 + by).clamp(1.0, GROWTH_UNITS as f64) as u64;
            });
        })
    };
    let on_rest = params.on_rest();
    let value_text =
        format!("{} inputs, {} units: at most {} regions", now.n_inputs, now.n_hidden, growth.shallow.regions);
    let [x, y] = frame.corner_px;
    let [w, h] = frame.size_px;
    let at = frame.screen_from_data([now.n_hidden as f64, growth.shallow.log10]);
    html! {
        <div class="regions-growth">
            <PlotCanvas layers={vec![(*ground).clone(), (*data).clone()]} scale={scale} label={Regions::describe(&props.scene)} on_size={on_size}>
                <Handles size_px={size_px}>
                    <rect class="ground" x={x.to_string()} y={y.to_string()} width={w.to_string()} height={h.to_string()}
                        onpointermove={onpointermove} onpointerleave={onpointerleave} onclick={onclick} />
                    <Knob at={at} color={theme.ink.css()} label="Hidden units D" value_text={value_text}
                        on_drag={on_drag} on_nudge={on_nudge} on_rest={on_rest} />
                </Handles>
            </PlotCanvas>
            { digits(&growth, &now, *pointed) }
        </div>
    }
}

/// All digits of what is pointed at and of what is chosen.
fn digits(growth: &Growth, params: &Params, pointed: Option<(u64, u64)>) -> Html {
    let Params { n_inputs, n_hidden, n_layers, .. } = *params;
    let line = |what: String, digits: String, name: &'static str| {
        html! { <p><span class="hint">{ what }</span><strong data-count={name}>{ digits }</strong></p> }
    };
    let Growth { shallow, deep, .. } = growth;
    let parameters = |n: u64| grouped(&n.to_string());
    let one =
        format!("{n_inputs} inputs, 1 × {n_hidden} units, {} parameters: at most", parameters(shallow.n_parameters));
    let many =
        format!("{n_inputs} inputs, {n_layers} × {n_hidden} units, {} parameters:", parameters(deep.n_parameters));
    html! {
        <div class="regions-digits" aria-live="polite">
            { line(one, shallow.regions.clone(), "shallow") }
            if n_layers > 1 {
                { line(many, deep.regions.clone(), "deep") }
            }
            if let Some((n_inputs, n_hidden)) = pointed {
                { line(format!("Where you point: {n_inputs} inputs, {n_hidden} units:"), point(n_inputs, n_hidden, 1).regions, "pointed") }
            } else {
                <p class="hint">{ "Point at the upper plot for all digits; click to choose, drag the dot along." }</p>
            }
        </div>
    }
}

/// The network whose numbers are looked at.
fn settings(params: &ParamsHandle<Params>) -> Html {
    let now = params.now().clone();
    let inputs = GROWTH_INPUTS.iter().position(|n| *n == now.n_inputs).unwrap_or(0);
    let choose = params.edits(|p: &mut Params, index: usize| p.n_inputs = GROWTH_INPUTS[index]);
    let on_units = params.drags(UNITS, move |p, d: f64| p.n_hidden = d.max(1.0) as u64);
    let on_rest = params.on_rest();
    let mine = {
        let params = params.clone();
        Callback::from(move |_: MouseEvent| {
            params.edit(|p| {
                let widths = p.widths();
                (p.n_inputs, p.n_hidden, p.n_layers) = (2, widths[0] as u64, widths.len() as u64);
            });
        })
    };
    html! {
        <div class="tools">
            <div class="row"><HistoryButtons<Params> params={params.clone()} /></div>
            <div class="row">
                <label>{ "inputs" }{ select("inputs", &GROWTH_INPUTS.map(|n| n.to_string()), inputs, &choose) }</label>
                { stepper("Hidden layers", format!("K = {}", now.n_layers), [now.n_layers, 1, GROWTH_LAYERS], &params.edits(|p: &mut Params, n| p.n_layers = n)) }
            </div>
            <div class="dial">
                <span class="dial-name"><math><mi>{ "D" }</mi></math>{ "units a layer" }</span>
                <NumberCell label="units D" value={now.n_hidden as f64} min={1.0} max={GROWTH_UNITS as f64} step={1.0} decimals={0} on_edit={on_units} on_rest={on_rest} />
            </div>
            <div class="row"><button type="button" onclick={mine}>{ "The network that I set by hand" }</button></div>
        </div>
    }
}
