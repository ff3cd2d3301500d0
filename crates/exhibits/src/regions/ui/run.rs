use std::{cell::RefCell, rc::Rc};

use gloo_timers::callback::Timeout;
use piecewise_plot::format_number;
use piecewise_widgets::{NumberCell, Playback};
use yew::prelude::*;

use super::{
    super::{CountedRun, MOST_STEPS, MOST_UNITS, Params, RunOrigin, Scene},
    more,
};
use crate::ui::{HistoryButtons, ParamsHandle};

/// The gesture of everything that changes the step.
const STEPPING: u32 = 1300;

/// About how many regions are counted between two frames: a few milliseconds.
const COUNTED_AT_ONCE: usize = 2_000;

/// The run of these parameters on its way to the step `until`, and how far it has come. A long run goes on between the frames of the page.
#[hook]
pub(super) fn use_counted_run(origin: RunOrigin, until: u64) -> (Rc<RefCell<CountedRun>>, u64) {
    let run = use_memo(origin, |origin| RefCell::new(CountedRun::new(origin)));
    let more = use_force_update();
    let reached = run.borrow_mut().advance_to(until, COUNTED_AT_ONCE);
    use_effect_with((origin, until, reached), move |&(_, until, reached)| {
        let next = (reached < until).then(|| Timeout::new(0, move || more.force_update()));
        move || drop(next)
    });
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
    let on_scrub = {
        let params = params.clone();
        Callback::from(move |to: u64| params.drag(STEPPING, move |p| p.step = to))
    };
    let on_advance = {
        let params = params.clone();
        Callback::from(move |by: u64| params.drag(STEPPING, move |p| p.step += by))
    };
    let on_go = {
        let params = params.clone();
        Callback::from(move |to: u64| params.edit(move |p| p.step = to))
    };
    let on_rest = {
        let params = params.clone();
        Callback::from(move |()| params.rest())
    };
    html! {
        <Playback step={step} most={MOST_STEPS} status={status} busy={busy} speeds={&[1, 4, 16][..]}
            on_advance={on_advance} on_scrub={on_scrub} on_go={on_go} on_rest={on_rest} />
    }
}

/// The network that learns, and how fast.
pub(super) fn settings(params: &ParamsHandle<Params>) -> Html {
    let now = params.now().clone();
    let units = now.run_units;
    let text = if units == 1 { "1 unit".to_owned() } else { format!("{units} units") };
    let on_rate = {
        let params = params.clone();
        Callback::from(move |rate: f64| {
            params.drag(1301, move |p| {
                p.rate = rate;
                p.step = 0;
            });
        })
    };
    let on_rest = {
        let params = params.clone();
        Callback::from(move |()| params.rest())
    };
    let reseed = {
        let params = params.clone();
        Callback::from(move |_: MouseEvent| {
            params.edit(|p| {
                p.run_seed = p.run_seed.wrapping_add(1) % 1_000_000;
                p.step = 0;
            });
        })
    };
    let set_units = |p: &mut Params, n: u64| {
        p.run_units = n;
        p.step = 0;
    };
    let set_zero = |p: &mut Params, on: bool| {
        p.zero_bias = on;
        p.step = 0;
    };
    html! {
        <div class="tools">
            <p class="hint">{ "64 points of a bump beside the middle, learned by Adam; the first weights are He’s." }</p>
            <div class="row">
                <HistoryButtons<Params> params={params.clone()} />
                { more::stepper("Hidden units", text, [units, 1, MOST_UNITS as u64], params, set_units) }
            </div>
            <div class="row">
                { more::switch("biases start at 0", now.zero_bias, params, set_zero) }
                <button type="button" onclick={reseed}><span aria-hidden="true">{ "⚄" }</span>{ format!("Other first weights (seed {})", now.run_seed) }</button>
            </div>
            <div class="dial">
                <span class="dial-name"><math><mi>{ "α" }</mi></math>{ "learning rate" }</span>
                <NumberCell label="learning rate α" value={now.rate} min={0.001} max={0.1} logarithmic={true} on_edit={on_rate} on_rest={on_rest} />
            </div>
        </div>
    }
}
