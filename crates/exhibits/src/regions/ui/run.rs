use std::{cell::RefCell, rc::Rc};

use piecewise_plot::format_number;
use piecewise_widgets::{NumberCell, Playback};
use yew::prelude::*;

use super::super::{CountedRun, MOST_STEPS, MOST_UNITS, Params, RunOrigin, Scene};
use crate::ui::{HistoryButtons, ParamsHandle, Stepping, counted, stepper, switch, use_next_slice};

/// The gesture of everything that changes the step.
const STEPPING: u32 = 1300;

/// About how many regions are counted between two frames: a few milliseconds.
const COUNTED_AT_ONCE: usize = 2_000;

/// The run of these parameters on its way to the step `until`, and how far it has come. A long run goes on between the frames of the page.
#[hook]
pub(super) fn use_counted_run(origin: RunOrigin, until: u64) -> (Rc<RefCell<CountedRun>>, u64) {
    let run = use_memo(origin, |origin| RefCell::new(CountedRun::new(origin)));
    let reached = run.borrow_mut().advance_to(until, COUNTED_AT_ONCE);
    use_next_slice(reached < until, (origin, reached));
    (run, reached)
}

/// Running, pausing, stepping.
pub(super) fn steps(params: &ParamsHandle<Params>, scene: &Scene) -> Html {
    let step = params.now().step;
    let status = scene.run.as_ref().map_or_else(String::new, |run| {
        let (reached, now) = (run.regions.len() - 1, run.regions.last().copied().unwrap_or(0));
        format!("step {reached} · {now} regions · mean squared error {} · live", format_number(run.loss, 5))
    });
    let busy = scene.run.as_ref().is_some_and(|run| run.regions.len() as u64 <= step);
    let Stepping { on_advance, on_scrub, on_go, on_rest } = params.stepping(STEPPING, |p| &mut p.step);
    html! {
        <Playback step={step} most={MOST_STEPS} status={status} busy={busy} speeds={&[1, 4, 16][..]}
            on_advance={on_advance} on_scrub={on_scrub} on_go={on_go} on_rest={on_rest} />
    }
}

/// The network that learns, and how fast.
pub(super) fn settings(params: &ParamsHandle<Params>) -> Html {
    let now = params.now().clone();
    let units = now.run_units;
    let on_rate = {
        let params = params.clone();
        Callback::from(move |rate: f64| {
            params.drag(1301, move |p| {
                p.rate = rate;
                p.step = 0;
            });
        })
    };
    let on_rest = params.on_rest();
    let reseed = {
        let params = params.clone();
        Callback::from(move |_: MouseEvent| {
            params.edit(|p| {
                p.run_seed = p.run_seed.wrapping_add(1) % 1_000_000;
                p.step = 0;
            });
        })
    };
    let on_units = params.edits(|p: &mut Params, n| {
        p.run_units = n;
        p.step = 0;
    });
    let on_zero = params.edits(|p: &mut Params, on| {
        p.zero_bias = on;
        p.step = 0;
    });
    html! {
        <div class="tools">
            <p class="hint">{ "64 points of a bump beside the middle, learned by Adam; the first weights are He’s." }</p>
            <div class="row">
                <HistoryButtons<Params> params={params.clone()} />
                { stepper("Hidden units", counted(units, "unit"), [units, 1, MOST_UNITS as u64], &on_units) }
            </div>
            <div class="row">
                { switch("biases start at 0", now.zero_bias, &on_zero) }
                <button type="button" onclick={reseed}><span aria-hidden="true">{ "⚄" }</span>{ format!("Other first weights (seed {})", now.run_seed) }</button>
            </div>
            <div class="dial">
                <span class="dial-name"><math><mi>{ "α" }</mi></math>{ "learning rate" }</span>
                <NumberCell label="learning rate α" value={now.rate} min={0.001} max={0.1} logarithmic={true} on_edit={on_rate} on_rest={on_rest} />
            </div>
        </div>
    }
}
