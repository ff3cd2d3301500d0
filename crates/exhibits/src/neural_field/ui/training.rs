//! The run: forth and back, how far it is, and how long the rest takes.

use std::rc::Rc;

use piecewise_plot::format_number;
use piecewise_widgets::Playback;
use yew::prelude::*;

use super::{
    super::{MOST_STEPS, Params, Progress},
    STEPPING,
};
use crate::ui::{ParamsHandle, Stepping};

/// How many steps a run takes at a time.
const SPEEDS: &[u64] = &[1, 5, 20, 100];

/// At how many steps the homework ends.
const HOMEWORK_STEPS: u64 = 1000;

#[derive(Properties)]
pub(super) struct TrainingProps {
    pub(super) params: ParamsHandle<Params>,
    pub(super) progress: Rc<Progress>,
}

impl PartialEq for TrainingProps {
    fn eq(&self, other: &Self) -> bool {
        self.params == other.params && Rc::ptr_eq(&self.progress, &other.progress)
    }
}

#[component]
pub(super) fn Training(props: &TrainingProps) -> Html {
    let TrainingProps { params, progress } = props;
    let (now, scene) = (params.now(), &progress.scene);
    let is_over = scene.over;
    let busy = scene.step != now.steps && !is_over;
    let pace = progress.pace().map_or_else(String::new, |pace| format!(" · {pace}"));
    let status = format!("step {} of {MOST_STEPS} · PSNR {} dB{pace}", scene.step, format_number(scene.now.psnr, 2));
    // What is on its way, or else what the homework would take.
    let words = if busy {
        progress.time_to(now.steps).map(|time| format!("On the way to step {}: about {time} left.", now.steps))
    } else {
        let time = progress.time_to(HOMEWORK_STEPS).filter(|_| scene.step < HOMEWORK_STEPS);
        time.map(|time| format!("About {time} to step {HOMEWORK_STEPS} on this machine."))
    };
    let step = if is_over { scene.step } else { now.steps };
    let Stepping { on_advance, on_scrub, on_go, on_rest } = params.stepping(STEPPING, |p| &mut p.steps);
    let reached = scene.step;
    let stop = params.on_click(move |p| p.steps = reached);
    let share = (scene.step as f64 + progress.share_of_step) / now.steps.max(1) as f64;
    html! {
        <>
            <Playback step={step} most={MOST_STEPS} over={is_over} busy={busy} status={status} speeds={SPEEDS} speed={1} tick_millis={50}
                on_advance={on_advance} on_scrub={on_scrub} on_go={on_go} on_rest={on_rest} />
            // There is always a line for it, so that nothing jumps.
            <div class="neural-field-way">
                if let Some(words) = words {
                    if busy {
                        <progress value={share.min(1.0).to_string()} aria-label="Of the steps that were asked for" />
                        <span>{ words }</span>
                        <button type="button" onclick={stop}>{ "Stop here" }</button>
                    } else {
                        <span class="hint">{ words }</span>
                    }
                }
            </div>
        </>
    }
}
