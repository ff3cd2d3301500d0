mod births;
mod desk;
mod export;
mod meters;
mod open;
mod paint;
mod settings;
mod training;

use std::rc::Rc;

use piecewise_plot::{Frame, format_number};
use piecewise_widgets::{DragStep, Drawing, Handles, Knob, Nudge, PlotCanvas};
use yew::prelude::*;

use self::{
    births::Births,
    desk::use_painting,
    export::Export,
    meters::Meters,
    open::{DropArea, use_opening},
    settings::Settings,
    training::Training,
};
use super::{
    Layout, Model, NeuralField, Params, Plot, Progress, Subject, draw::network_color, draw_data, draw_ground, draw_kept,
};
use crate::{
    Exhibit, Params as _,
    ui::{
        Embed, ExhibitFrame, FrameProps, PageProps, ParamsHandle, PictureSize, most_workers, plot_ground, switch_where,
        use_params, use_picture,
    },
};

/// The gesture of everything that changes the number of steps.
const STEPPING: u32 = 50;
/// The gesture of the cut.
const CUTTING: u32 = 51;
/// The gesture of a stroke of the brush.
const PAINTING: u32 = 52;

/// The page of the exhibit `neural-field`.
#[component]
pub fn Page(props: &PageProps) -> Html {
    let params = use_params::<Params>(props);
    let n_workers = use_state_eq(most_workers);
    // The curve of a run to be compared with.
    let kept = use_state_eq(|| None::<Kept>);
    let (progress, on_field) = use_painting(params.now(), *n_workers);
    let keep = {
        let (kept, progress) = (kept.clone(), progress.clone());
        Callback::from(move |keep: bool| kept.set(keep.then(|| Kept(progress.clone()))))
    };
    let opening = use_opening(params.edits(|p: &mut Params, own| (p.picture, p.own) = (Subject::Own, own)));
    let picture = html! {
        <DropArea opening={opening.clone()}>
            <Picture params={params.clone()} progress={progress.clone()} kept={(*kept).clone()} />
        </DropArea>
    };
    let readout = html! {
        <>
            <Training params={params.clone()} progress={progress.clone()} />
            <Legend params={params.clone()} keeps={kept.is_some()} on_keep={keep.clone()} />
        </>
    };
    let on_workers = Callback::from(move |n| n_workers.set(n));
    let controls = html! {
        <>
            <Meters params={params.clone()} progress={progress.clone()} on_keep={keep} />
            <Settings params={params.clone()} opening={opening} on_workers={on_workers} />
            <Births params={params.clone()} />
            <Export params={params.clone()} progress={progress} on_field={on_field} />
        </>
    };
    html! { <ExhibitFrame<Params> ..FrameProps::of::<NeuralField>(params, picture, readout, controls) /> }
}

/// A run that is kept to be compared with. Two are equal when they are the same one.
#[derive(Clone)]
struct Kept(Rc<Progress>);

impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

#[derive(Clone, Properties)]
struct PictureProps {
    params: ParamsHandle<Params>,
    progress: Rc<Progress>,
    kept: Option<Kept>,
}

/// What is drawn is another one whenever it has come from elsewhere: to compare all of its pixels takes longer.
impl PartialEq for PictureProps {
    fn eq(&self, other: &Self) -> bool {
        self.params == other.params && Rc::ptr_eq(&self.progress, &other.progress) && self.kept == other.kept
    }
}

/// Rasters and plots, with the cut to be dragged; a click on the curve goes to that step.
#[component]
fn Picture(props: &PictureProps) -> Html {
    let embed = use_context::<Embed>().unwrap_or_default();
    let theme = embed.theme();
    let PictureSize { size_px, scale, on_size } = use_picture([760.0, 560.0]);
    let (now, progress) = (props.params.now().clone(), props.progress.clone());
    let layout = Layout::new(&now, size_px, scale);
    let ground = use_memo((layout, now.plot, embed), |(layout, ..)| {
        let (layout, now) = (*layout, now.clone());
        Drawing::new(move |paper| draw_ground(paper, &layout, &now, theme))
    });
    let data = use_memo((now.clone(), props.clone(), layout, embed), |(now, props, layout, _)| {
        let (now, progress, kept, layout) = (now.clone(), props.progress.clone(), props.kept.clone(), *layout);
        Drawing::new(move |paper| {
            draw_data(paper, &layout, &now, &progress.scene, theme);
            if let Some(Kept(kept)) = &kept {
                draw_kept(paper, &layout, &now, &kept.scene, theme);
            }
        })
    });
    let go = props.params.edits(|p: &mut Params, [step, _]: [f64; 2]| p.steps = step.max(0.0).round() as u64);
    html! {
        <div class="neural-field-picture">
            <PlotCanvas layers={vec![(*ground).clone(), (*data).clone()]} scale={scale} label={NeuralField::describe(&progress.scene)} on_size={on_size}>
                <Handles size_px={size_px}>
                    { plot_ground(&layout.curve, "neural-field-curve", &go) }
                    <Cut params={props.params.clone()} frame={layout.covered(&now)} />
                </Handles>
            </PlotCanvas>
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct CutProps {
    params: ParamsHandle<Params>,
    frame: Frame,
}

/// The cut, at the right edge of the prediction.
#[component]
fn Cut(props: &CutProps) -> Html {
    let CutProps { params, frame } = props;
    let frame = *frame;
    let cut = params.now().cut;
    let set = params.drags(CUTTING, |p: &mut Params, cut: f64| p.cut = (1000.0 * cut).round() / 1000.0);
    let on_drag = set.reform(move |step: DragStep| 1.0 - frame.data_from_screen(step.to)[1]);
    let on_nudge = params.drags(CUTTING, |p: &mut Params, Nudge { direction, size }: Nudge| {
        p.cut += size * (direction[0] - direction[1]) / 64.0;
    });
    let on_reset = params.edits(|p: &mut Params, ()| p.cut = Params::from_start(&p.start).unwrap_or_default().cut);
    html! {
        <Knob at={frame.screen_from_data([1.0, 1.0 - cut])} color="var(--accent)" label="Height of the cut"
            value_text={format!("{} of the height", format_number(cut, 3))} on_drag={on_drag} on_nudge={on_nudge}
            on_rest={params.on_rest()} on_reset={on_reset} />
    }
}

#[derive(PartialEq, Properties)]
struct LegendProps {
    params: ParamsHandle<Params>,
    keeps: bool,
    on_keep: Callback<bool>,
}

/// What the lines are, which curve is drawn, how closely the network is looked at, and whether regions are outlined.
#[component]
fn Legend(props: &LegendProps) -> Html {
    let theme = use_context::<Embed>().unwrap_or_default().theme();
    let LegendProps { params, keeps, on_keep } = props;
    let now = params.now();
    let button = |text: &'static str, pressed: bool, onclick: Callback<MouseEvent>| {
        html! { <button type="button" aria-pressed={pressed.to_string()} onclick={onclick}>{ text }</button> }
    };
    let on_keep = on_keep.reform({
        let keeps = *keeps;
        move |_: MouseEvent| !keeps
    });
    let style =
        format!("--neural-field-network: {}; --neural-field-kept: {}", network_color(theme).css(), theme.unit(1).css());
    html! {
        <>
            <div class="readout legend" style={style}>
                <span class="key target">{ "the picture" }</span>
                <span class="key neural-field-key">{ "the network; in the spectrum, its error" }</span>
                if *keeps { <span class="key neural-field-kept-key">{ "the run that was kept" }</span> }
                <span class="hint">{ "error: dark violet 0, yellow ½ or more" }</span>
            </div>
            <div class="neural-field-views">
                <div class="choices" role="group" aria-label="Curve of the training">
                    { for Plot::ALL.iter().map(|&(plot, name)| button(name, now.plot == plot, params.on_click(move |p| p.plot = plot))) }
                    { button(if *keeps { "Forget the kept curve" } else { "Keep this curve" }, *keeps, on_keep) }
                </div>
                <div class="choices" role="group" aria-label="How closely the network is looked at">
                    { for [(1, "pixels"), (4, "4 × finer"), (8, "8 × finer")].map(|(zoom, name)| button(name, now.zoom == zoom, params.on_click(move |p| p.zoom = zoom))) }
                    { button("beyond the edges", now.reach > 1.0, params.on_click(|p| p.reach = if p.reach > 1.0 { 1.0 } else { 2.0 })) }
                </div>
                { switch_where(now.has_regions(), "outline the linear regions", now.regions, &params.edits(|p: &mut Params, on| p.regions = on)) }
                if now.network == Model::Relu && !now.has_regions() { <span class="hint">{ "not drawn with layer norm or shortcuts" }</span> }
            </div>
        </>
    }
}
