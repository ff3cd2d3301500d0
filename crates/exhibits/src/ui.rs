//! What the pages of all exhibits share: their state with undo and link, and the layout around the picture.

mod controls;
mod job;
mod picture;
mod sections;
mod slices;
mod training;
mod worker;

use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use piecewise_plot::{Theme, ThemeName};
use piecewise_widgets::{Edit, Gesture, History};
use wasm_bindgen::JsCast;
use yew::prelude::*;

pub use controls::{
    Dial, Stepping, choice, counted, counter, dial, dial_with_marks, select, stepper, switch, switch_where,
};
pub use job::{JobHandle, use_job, use_job_while};
pub use picture::{PictureSize, plot_ground, use_picture};
pub use sections::Sections;
pub use slices::use_next_slice;
pub use training::{TrainingHandle, use_training};
pub use worker::{Worker, WorkerEvent, most_workers};

use crate::{Caption, Exhibit, Params, Preset, link};

/// How long after the last edit the link is written, in milliseconds.
const REST_MILLIS: u32 = 250;

/// How much of the page is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Extent {
    /// Everything.
    #[default]
    Full,
    /// The picture and its controls, without the words around them.
    Compact,
    /// The picture alone.
    Bare,
}

/// What the page around an exhibit has decided: a context.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Embed {
    /// How much of the page is shown.
    pub extent: Extent,
    /// The colours of pictures.
    pub theme: ThemeName,
    /// How much larger texts and strokes are than usual, 0.75 to 3.
    pub scale: f64,
    /// What is not shown.
    pub hide: Sections,
    /// What is shown, but cannot be changed.
    pub lock: Sections,
}

impl Default for Embed {
    fn default() -> Self {
        let none = Sections::default();
        Self { extent: Extent::Full, theme: ThemeName::Light, scale: 1.0, hide: none, lock: none }
    }
}

impl Embed {
    /// The colours of pictures.
    pub fn theme(&self) -> &'static Theme {
        Theme::named(self.theme)
    }
}

/// What an exhibit's page is given.
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct PageProps {
    /// What the link holds behind the `?`. When it changes from outside, the page follows.
    pub state: AttrValue,
    /// Told the state when it has come to rest.
    pub on_state: Callback<StateChange>,
}

/// A state at rest, to be written into the link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateChange {
    /// What belongs behind the `?`.
    pub state: String,
    /// Whether the step was deliberate, such as a preset, so that the browser's back button should return from it.
    pub deliberate: bool,
}

/// The parameters of an exhibit with their history; made by [`use_params`].
pub struct ParamsHandle<P: Params> {
    history: UseReducerHandle<History<P>>,
    /// Set by deliberate steps, taken by the next writing of the link.
    deliberate: Rc<std::cell::Cell<bool>>,
}

impl<P: Params> std::fmt::Debug for ParamsHandle<P> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("ParamsHandle")
    }
}

impl<P: Params> Clone for ParamsHandle<P> {
    fn clone(&self) -> Self {
        Self { history: self.history.clone(), deliberate: self.deliberate.clone() }
    }
}

impl<P: Params> PartialEq for ParamsHandle<P> {
    fn eq(&self, other: &Self) -> bool {
        self.history == other.history
    }
}

impl<P: Params> ParamsHandle<P> {
    /// The parameters now.
    pub fn now(&self) -> &Rc<P> {
        self.history.present()
    }

    /// Changes the parameters as one step.
    pub fn edit(&self, change: impl FnOnce(&mut P) + 'static) {
        self.change(change, None);
    }

    /// Changes the parameters as part of a gesture: until [`ParamsHandle::rest`], all its changes are one step.
    pub fn drag(&self, gesture: Gesture, change: impl FnOnce(&mut P) + 'static) {
        self.change(change, Some(gesture));
    }

    fn change(&self, change: impl FnOnce(&mut P) + 'static, gesture: Option<Gesture>) {
        let change = Box::new(|params: &mut P| {
            change(params);
            params.make_valid();
        });
        self.history.dispatch(Edit::Change { change, gesture });
    }

    /// Ends a gesture.
    pub fn rest(&self) {
        self.history.dispatch(Edit::Rest);
    }

    /// One step back.
    pub fn undo(&self) {
        self.history.dispatch(Edit::Undo);
    }

    /// One step forward again.
    pub fn redo(&self) {
        self.history.dispatch(Edit::Redo);
    }

    /// Begins at another start; an unknown one changes nothing.
    pub fn begin(&self, start: &str) {
        if let Some(params) = P::from_start(start) {
            self.deliberate.set(true);
            self.history.dispatch(Edit::Replace(params));
        }
    }

    /// Back to where the parameters started.
    pub fn reset(&self) {
        self.begin(self.now().start());
    }
}

/// The parameters of an exhibit: read from the link, undoable, and written back when they have come to rest.
#[hook]
pub fn use_params<P: Params>(props: &PageProps) -> ParamsHandle<P> {
    let read = |state: &str| link::read::<P>(state).params;
    let history = {
        let state = props.state.clone();
        use_reducer_eq(move || History::new(read(&state)))
    };
    let deliberate = use_memo((), |()| std::cell::Cell::new(false));
    // What the link says, in its shortest form: a link that says the same in other words is no news, and is left as it is.
    let written = use_mut_ref(|| link::write(&**history.present()));

    {
        let (history, written) = (history.clone(), written.clone());
        use_effect_with(props.state.clone(), move |state| {
            let params = read(state);
            let says = link::write(&params);
            if *written.borrow() != says {
                *written.borrow_mut() = says;
                history.dispatch(Edit::Replace(params));
            }
        });
    }
    {
        let (on_state, deliberate) = (props.on_state.clone(), deliberate.clone());
        use_effect_with(history.present().clone(), move |params| {
            let state = link::write(&**params);
            let news = *written.borrow() != state;
            let timeout = news.then(|| {
                Timeout::new(REST_MILLIS, move || {
                    written.borrow_mut().clone_from(&state);
                    on_state.emit(StateChange { state, deliberate: deliberate.replace(false) });
                })
            });
            move || drop(timeout)
        });
    }
    ParamsHandle { history, deliberate }
}

/// What stands around the picture of an exhibit.
#[derive(Properties)]
pub struct FrameProps<P: Params> {
    /// Its title.
    pub title: &'static str,
    /// Its slides.
    pub slides: &'static str,
    /// Its words.
    pub caption: &'static Caption,
    /// The lecture's cases.
    pub presets: &'static [Preset],
    /// Its parameters.
    pub params: ParamsHandle<P>,
    /// The picture.
    pub picture: Html,
    /// What is read off under it.
    pub readout: Html,
    /// What stands beside it.
    pub controls: Html,
}

impl<P: Params> std::fmt::Debug for FrameProps<P> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("FrameProps").field("title", &self.title).finish_non_exhaustive()
    }
}

impl<P: Params> PartialEq for FrameProps<P> {
    fn eq(&self, other: &Self) -> bool {
        self.title == other.title
            && self.params == other.params
            && self.picture == other.picture
            && self.readout == other.readout
            && self.controls == other.controls
    }
}

impl<P: Params> FrameProps<P> {
    /// The frame of exhibit `E`.
    pub fn of<E: Exhibit<Params = P>>(params: ParamsHandle<P>, picture: Html, readout: Html, controls: Html) -> Self {
        const { assert!(!E::PRESETS.is_empty()) };
        Self {
            title: E::TITLE,
            slides: E::SLIDES,
            caption: &E::CAPTION,
            presets: E::PRESETS,
            params,
            picture,
            readout,
            controls,
        }
    }
}

/// The layout of every exhibit: claim and presets above, picture and controls, and below them what to predict, to try and
/// to notice.
#[component]
pub fn ExhibitFrame<P: Params>(props: &FrameProps<P>) -> Html {
    let embed = use_context::<Embed>().unwrap_or_default();
    use_undo_keys(&props.params);
    // What is inert can be seen, but neither pointed at nor reached by the keyboard.
    let inert = |section: &str| embed.lock.has(section);
    let shows = |section: &str| !embed.hide.has(section);
    if embed.extent == Extent::Bare {
        return html! {
            <article class="exhibit bare"><section class="picture" inert={inert("picture")}>{ props.picture.clone() }</section></article>
        };
    }
    let start = props.params.now().start().to_owned();
    let preset = props.presets.iter().find(|preset| preset.start == start);
    let words = embed.extent == Extent::Full && shows("words");
    html! {
        <article class="exhibit">
            if words {
                <header class="claim">
                    <p class="slides">{ props.slides }</p>
                    <h1>{ props.title }</h1>
                    <p>{ raw(props.caption.claim) }</p>
                </header>
            }
            if shows("presets") {
            <div class="presets" role="group" aria-label="Presets" inert={inert("presets")}>
                { for props.presets.iter().map(|preset| {
                    let onclick = { let params = props.params.clone(); Callback::from(move |_| params.begin(preset.start)) };
                    html! {
                        <button type="button" onclick={onclick} title={preset.note}
                            aria-pressed={(preset.start == start).to_string()}>{ preset.label }</button>
                    }
                }) }
            </div>
            if let Some(preset) = preset {
                <p class="preset-note">{ preset.note }</p>
            }
            }
            <div class="stage">
                <section class="picture" aria-label="Picture" inert={inert("picture")}>
                    { props.picture.clone() }
                    if shows("readout") { { props.readout.clone() } }
                </section>
                if shows("controls") {
                    <section class="controls" aria-label="Controls" inert={inert("controls")}>{ props.controls.clone() }</section>
                }
            </div>
            if words {
                <div class="words">
                    <section><h2>{ "Predict first" }</h2>{ raw(props.caption.predict) }
                        <details><summary>{ "Answer" }</summary>{ raw(props.caption.answer) }</details></section>
                    <section><h2>{ "Try" }</h2>{ raw(props.caption.r#try) }</section>
                    <section><h2>{ "Notice" }</h2>{ raw(props.caption.notice) }</section>
                    <section><h2>{ "In the book" }</h2>{ raw(props.caption.book) }</section>
                </div>
            }
        </article>
    }
}

/// HTML that was made from a caption at build time.
fn raw(html: &'static str) -> Html {
    Html::from_html_unchecked(AttrValue::Static(html))
}

/// Undo, redo, reset, and the way to take the exhibit elsewhere.
#[component]
pub fn HistoryButtons<P: Params>(props: &HistoryButtonsProps<P>) -> Html {
    let params = &props.params;
    let button = |label: &'static str, sign: &'static str, enabled: bool, act: fn(&ParamsHandle<P>)| {
        let onclick = {
            let params = params.clone();
            Callback::from(move |_| act(&params))
        };
        html! {
            <button type="button" onclick={onclick} disabled={!enabled}><span aria-hidden="true">{ sign }</span>{ label }</button>
        }
    };
    let moved = P::from_start(params.now().start()).is_some_and(|start| start != **params.now());
    html! {
        <>
            { button("Undo", "↶", params.history.can_undo(), ParamsHandle::undo) }
            { button("Redo", "↷", params.history.can_redo(), ParamsHandle::redo) }
            { button("Reset", "⟲", moved, ParamsHandle::reset) }
            // shell.js fetches the box when it is pressed.
            <button type="button" class="share" aria-haspopup="dialog"><span aria-hidden="true">{ "↗" }</span>{ "Share" }</button>
        </>
    }
}

/// What [`HistoryButtons`] act on.
#[derive(PartialEq, Properties)]
pub struct HistoryButtonsProps<P: Params> {
    /// The parameters.
    pub params: ParamsHandle<P>,
}

impl<P: Params> std::fmt::Debug for HistoryButtonsProps<P> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("HistoryButtonsProps")
    }
}

/// Ctrl+Z and Ctrl+Shift+Z (or Ctrl+Y) anywhere on the page, except where a text is being typed.
#[hook]
fn use_undo_keys<P: Params>(params: &ParamsHandle<P>) {
    use_effect_with(params.clone(), |params| {
        let params = params.clone();
        let listener = web_sys::window().map(|window| {
            EventListener::new_with_options(
                &window,
                "keydown",
                gloo_events::EventListenerOptions::enable_prevent_default(),
                move |event| {
                    let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
                    if !(event.ctrl_key() || event.meta_key()) {
                        return;
                    }
                    match (event.key().to_ascii_lowercase().as_str(), event.shift_key()) {
                        ("z", false) => params.undo(),
                        ("z", true) | ("y", _) => params.redo(),
                        _ => return,
                    }
                    event.prevent_default();
                },
            )
        });
        move || drop(listener)
    });
}
