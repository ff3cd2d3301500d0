mod controls;
mod equations;
mod picture;
mod tasks;

use std::rc::Rc;

use yew::prelude::*;

use self::{
    controls::{More, Selected, Shape},
    equations::Equations,
    picture::Picture,
    tasks::{ReadingCard, TaskChoice, Verdict},
};
use super::{Form, Mark, NetworkExhibit, Params, Scene, Task, compute, equation::explanation};
use crate::ui::{ExhibitFrame, FrameProps, HistoryButtons, PageProps, ParamsHandle, use_params};

/// The step of every slider and of a drag on the diagram.
const STEP: f64 = 0.05;

/// The gesture of a change of one number; others have those before it.
fn gesture(index: usize) -> u32 {
    100 + index as u32
}

/// What the views of the network are given, which light up together.
#[derive(Clone, PartialEq, Properties)]
struct ViewProps {
    params: ParamsHandle<Params>,
    scene: Rc<Scene>,
    /// What is pointed at.
    mark: Option<Mark>,
    attend: Callback<Option<Mark>>,
    /// Chooses a number.
    select: Callback<usize>,
}

/// The page of the exhibit `network`.
#[component]
pub fn Page(props: &PageProps) -> Html {
    let params = use_params::<Params>(props);
    let now = params.now().clone();
    // However it is written, the network is the same.
    let scene = use_memo(Params { form: Form::Numbers, ..(*now).clone() }, compute);
    let attended = use_state_eq(|| None::<Mark>);
    let attend = {
        let attended = attended.clone();
        use_callback((), move |mark: Option<Mark>, ()| attended.set(mark))
    };
    let selected = use_state_eq(|| 0_usize);
    let select = {
        let selected = selected.clone();
        use_callback((), move |index: usize, ()| selected.set(index))
    };
    // What was attended or selected may be gone after an edit.
    let mark = attended.filter(|&mark| scene.has(mark));
    let index = (*selected).min(scene.parameters.len().saturating_sub(1));
    let view = ViewProps {
        params: params.clone(),
        scene: scene.clone(),
        mark,
        attend: attend.clone(),
        select: select.clone(),
    };

    let picture = html! {
        <Picture ..view.clone() />
    };
    let explained = mark.filter(|_| now.task == Task::Explore).map(|mark| explanation(&now.network(), mark));
    let hint = match now.task {
        Task::Explore => {
            "Point at anything: it lights up everywhere. Drag an arrow or a circle up or down, or click it and type."
        }
        Task::Write => "Point at an arrow, a panel or a gap to see what belongs together.",
        Task::Draw => "Drag an arrow or a circle up or down, or click it and type.",
        Task::Read => "Drag a line to move it, a round end to turn it.",
    };
    let readout = html! {
        <div class="readout network-legend" aria-live="polite">
            if now.task != Task::Read {
                <span class="network-sign">{ "positive" }</span><span class="network-sign negative">{ "negative" }</span>
            }
            if let Some(words) = explained { <span class="network-explained">{ words }</span> } else { <span class="hint">{ hint }</span> }
        </div>
    };
    let equations = html! {
        <Equations ..view />
    };
    let controls = html! {
        <>
            <TaskChoice params={params.clone()} />
            if now.task == Task::Read {
                <ReadingCard params={params.clone()} scene={scene.clone()} />
            } else {
                { equations }
            }
            if matches!(now.task, Task::Write | Task::Draw) {
                <Verdict params={params.clone()} />
            }
            if matches!(now.task, Task::Explore | Task::Draw) {
                <Selected params={params.clone()} scene={scene.clone()} index={index} attend={attend} select={select} />
            }
            if now.task != Task::Read {
                <Shape params={params.clone()} scene={scene.clone()} />
            }
            <div class="tools network-history"><div class="row"><HistoryButtons<Params> params={params.clone()} /></div></div>
            if now.task == Task::Explore {
                <More params={params.clone()} scene={scene} />
            }
        </>
    };
    html! { <ExhibitFrame<Params> ..FrameProps::of::<NetworkExhibit>(params, picture, readout, controls) /> }
}
