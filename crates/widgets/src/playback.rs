use gloo_timers::callback::Interval;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// What a [`Playback`] is made of.
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct PlaybackProps {
    /// How many steps have been taken.
    pub step: u64,
    /// The most steps there are.
    pub most: u64,
    /// Whether there is nothing to see beyond this step, as when a run has fallen apart.
    #[prop_or(false)]
    pub over: bool,
    /// Whether the picture is still on its way to `step`; a run waits for it.
    #[prop_or(false)]
    pub busy: bool,
    /// What is said below the buttons: which step it is, and what there is to see in it.
    pub status: AttrValue,
    /// How many steps a run can take at a time; with more than one there is a choice.
    #[prop_or(&[1])]
    pub speeds: &'static [u64],
    /// Which of them a run begins with, counted from 0.
    #[prop_or(0)]
    pub speed: usize,
    /// The time between two advances of a run, in milliseconds.
    #[prop_or(80)]
    pub tick_millis: u32,
    /// The name of a step, as in "Steps taken".
    #[prop_or(AttrValue::Static("Steps taken"))]
    pub label: AttrValue,
    /// A run goes on by so many steps.
    pub on_advance: Callback<u64>,
    /// The slider moves to this step.
    pub on_scrub: Callback<u64>,
    /// A button goes to this step.
    pub on_go: Callback<u64>,
    /// A run or a movement of the slider is over.
    pub on_rest: Callback<()>,
}

/// Run, pause, one step forth and back, and a slider over the steps. It runs only while the page is seen, and it never starts by itself.
#[component]
pub fn Playback(props: &PlaybackProps) -> Html {
    let PlaybackProps { step, most, busy, .. } = *props;
    let running = use_state_eq(|| false);
    let speed = use_state_eq(|| props.speed);
    let by = props.speeds.get(*speed).copied().unwrap_or(1);
    let over = step >= most || props.over;
    // Whoever ticks asks here whether the picture has caught up.
    let waits = use_mut_ref(|| false);
    *waits.borrow_mut() = busy;
    {
        let (on_advance, on_rest, stop) = (props.on_advance.clone(), props.on_rest.clone(), running.clone());
        use_effect_with((*running, over, by, props.tick_millis), move |&(is_running, over, by, tick_millis)| {
            if is_running && over {
                on_rest.emit(());
                stop.set(false);
            }
            let interval = (is_running && !over).then(|| {
                Interval::new(tick_millis, move || {
                    if is_seen() && !*waits.borrow() {
                        on_advance.emit(by);
                    }
                })
            });
            move || drop(interval)
        });
    }
    let toggle = {
        let (on_rest, running) = (props.on_rest.clone(), running.clone());
        Callback::from(move |_: MouseEvent| {
            if *running {
                on_rest.emit(());
            }
            running.set(!*running);
        })
    };
    let go = |to: u64| {
        let (on_go, running) = (props.on_go.clone(), running.clone());
        Callback::from(move |_: MouseEvent| {
            running.set(false);
            on_go.emit(to);
        })
    };
    let scrub = props.on_scrub.reform(|event: InputEvent| {
        let input: HtmlInputElement = event.target_unchecked_into();
        input.value_as_number() as u64
    });
    let rest = props.on_rest.reform(|_: Event| ());
    let choose = Callback::from(move |event: Event| {
        let select: HtmlSelectElement = event.target_unchecked_into();
        speed.set(select.selected_index().max(0) as usize);
    });
    html! {
        <div class="playback" aria-busy={busy.to_string()}>
            <button type="button" aria-label="Back to the start" onclick={go(0)} disabled={step == 0}>{ "|◂" }</button>
            <button type="button" aria-label="One step back" onclick={go(step.saturating_sub(1))} disabled={step == 0}>{ "◂" }</button>
            <button type="button" class="run" aria-pressed={running.to_string()} onclick={toggle} disabled={over}>{ if *running { "Pause" } else { "Run" } }</button>
            <button type="button" aria-label="One step" onclick={go(step + 1)} disabled={over}>{ "▸" }</button>
            if props.speeds.len() > 1 {
                <select aria-label="Steps at a time" onchange={choose}>
                    { for props.speeds.iter().map(|&n| html! { <option selected={n == by}>{ format!("×{n}") }</option> }) }
                </select>
            }
            <input type="range" aria-label={props.label.clone()} min="0" max={most.to_string()} value={step.to_string()} oninput={scrub} onchange={rest} />
            <p class="status" role="status">{ props.status.clone() }</p>
        </div>
    }
}

/// Whether anybody can see the page: neither its tab nor, in a host, its frame is out of sight.
fn is_seen() -> bool {
    let page = web_sys::window().and_then(|window| window.document());
    let unseen = |root: web_sys::Element| root.has_attribute("data-unseen");
    page.is_none_or(|page| !page.hidden() && !page.document_element().is_some_and(unseen))
}
