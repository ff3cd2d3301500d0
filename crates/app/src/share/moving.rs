//! A moving picture: a run, or one setting going from a value to another.

use std::{cell::Cell, rc::Rc};

use piecewise_exhibits::ui::select;
use piecewise_share::{Format, MOST_FRAMES, Motion, Sweep};
use piecewise_widgets::{blob, read_number, said_of, save};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlInputElement, Url};
use yew::prelude::*;

use crate::{
    program::{Setting, facts, fragment_of, svg_of},
    still::Still,
};

#[derive(Clone, Debug, PartialEq, Properties)]
pub(crate) struct MovingBoxProps {
    /// The picture in its state of now.
    pub(crate) still: Still,
    /// The exhibit's name, which its files have too.
    pub(crate) name: String,
    /// What stands behind the `?` of the picture.
    pub(crate) query: String,
    /// The settings that can move.
    pub(crate) settings: Vec<Setting>,
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq)]
struct Wish {
    setting: usize,
    from: String,
    to: String,
    n_frames: String,
    seconds: String,
    format: Format,
}

/// How far it has come.
#[derive(Clone, Debug, PartialEq)]
enum State {
    Idle,
    Making { done: usize, all: usize },
    Made { url: String, blob: Blob, ending: &'static str },
    Failed(String),
}

impl Wish {
    /// A setting over a range that it can take.
    fn of(props: &MovingBoxProps, setting: usize) -> Self {
        let Setting { name, value, is_whole } = &props.settings[setting];
        let takes = |value: f64| {
            let query = Sweep { setting: name.clone(), from: value, to: value, is_whole: *is_whole, n_frames: 1 }
                .queries(&props.query);
            facts(&fragment_of(&props.name, &query[0])).is_some_and(|facts| facts.not_understood == 0)
        };
        let span = if *is_whole { value.max(8.0) } else { value.abs().max(0.5) };
        // The farthest from where it stands that is allowed, of a few that are tried.
        let reach = |sign: f64| {
            let tried = [1.0, 0.5, 0.25, 0.125].map(|share| value + sign * share * span);
            let tried = tried.map(|value| if *is_whole { value.round() } else { value });
            tried.into_iter().find(|&value| takes(value)).unwrap_or(*value)
        };
        // A run begins at its beginning and ends where it is.
        let (from, to) = if is_run(name) {
            (0.0, if *value > 0.0 { *value } else { reach(1.0) })
        } else {
            (reach(-1.0), reach(1.0))
        };
        let text = |value: f64| piecewise_plot::format_number(value, 3).replace('−', "-");
        Self {
            setting,
            from: text(from),
            to: text(to),
            n_frames: "40".to_owned(),
            seconds: "4".to_owned(),
            format: Format::Gif,
        }
    }

    /// The sweep and how many seconds it takes, or what is wrong in a sentence.
    fn read(&self, settings: &[Setting]) -> Result<(Sweep, f64), String> {
        let number = |text: &str, what: &str| read_number(text).ok_or_else(|| format!("{what} is to be a number."));
        let (from, to) = (number(&self.from, "The first value")?, number(&self.to, "The last value")?);
        let n_frames = number(&self.n_frames, "How many pictures there are")?;
        let seconds = number(&self.seconds, "The time")?;
        if !(2.0..=f64::from(MOST_FRAMES)).contains(&n_frames) {
            return Err(format!("A moving picture has 2 to {MOST_FRAMES} pictures."));
        }
        if !(0.1..=120.0).contains(&seconds) {
            return Err("It takes from 0.1 to 120 seconds.".to_owned());
        }
        let Setting { name, is_whole, .. } = &settings[self.setting];
        Ok((Sweep { setting: name.clone(), from, to, is_whole: *is_whole, n_frames: n_frames as u32 }, seconds))
    }
}

/// Whether a setting counts the steps of a run.
fn is_run(setting: &str) -> bool {
    matches!(setting, "steps" | "moment")
}

/// The part of the box about moving pictures.
#[component]
pub(crate) fn MovingBox(props: &MovingBoxProps) -> Html {
    let names: Vec<&str> = props.settings.iter().map(|setting| setting.name.as_str()).collect();
    let wish = use_state_eq(|| {
        // Of what can move, a run is what one wants to see.
        let first = names.iter().position(|name| is_run(name)).unwrap_or(0);
        Wish::of(props, first)
    });
    let state = use_state_eq(|| State::Idle);
    let cancelled = use_mut_ref(|| Rc::new(Cell::new(false)));
    {
        // Whoever closes the box wants no more of it.
        let cancelled = cancelled.clone();
        use_effect_with((), move |()| move || cancelled.borrow().set(true));
    }
    let making = matches!(*state, State::Making { .. });
    let make = {
        let (wish, state, cancelled, props) = (wish.clone(), state.clone(), cancelled.clone(), props.clone());
        Callback::from(move |_: MouseEvent| {
            if making {
                cancelled.borrow().set(true);
                return;
            }
            let (sweep, seconds) = match wish.read(&props.settings) {
                Ok(read) => read,
                Err(error) => return state.set(State::Failed(error)),
            };
            let stop = Rc::new(Cell::new(false));
            *cancelled.borrow_mut() = stop.clone();
            let (state, props, format) = (state.clone(), props.clone(), wish.format);
            spawn_local(async move {
                let ended =
                    make(&props, &sweep, seconds, format, &stop, |done, all| state.set(State::Making { done, all }));
                state.set(match ended.await {
                    Ok(Some(blob)) => match Url::create_object_url_with_blob(&blob) {
                        Ok(url) => State::Made { url, blob, ending: format.ending() },
                        Err(_) => State::Failed("The file could not be made here.".to_owned()),
                    },
                    Ok(None) => State::Idle,
                    Err(error) => {
                        State::Failed(error.as_string().unwrap_or_else(|| "A picture could not be drawn.".to_owned()))
                    }
                });
            });
        })
    };
    let field = |label: &'static str, value: &str, set: fn(&mut Wish, String)| {
        let wish = wish.clone();
        let oninput = Callback::from(move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            let mut next = (*wish).clone();
            set(&mut next, input.value());
            wish.set(next);
        });
        html! {
            <label>{ label }<input type="text" inputmode="decimal" value={value.to_owned()} oninput={oninput} disabled={making} /></label>
        }
    };
    let choose = {
        let (wish, props) = (wish.clone(), props.clone());
        Callback::from(move |index: usize| wish.set(Wish { format: wish.format, ..Wish::of(&props, index) }))
    };
    let choose_format = {
        let wish = wish.clone();
        Callback::from(move |index: usize| {
            let format = if index == 0 { Format::Gif } else { Format::Apng };
            wish.set(Wish { format, ..(*wish).clone() });
        })
    };
    let [width, height] = props.still.size_px;
    html! {
        <details class="share-part">
            <summary>{ "A moving picture" }</summary>
            <p class="share-advice">{ "One setting goes from a value to another; everything else stays as it is." }</p>
            <div class="share-row">
                <label>{ "What moves" }{ select("What moves", &names, wish.setting, &choose) }</label>
                { field("from", &wish.from, |wish, text| wish.from = text) }
                { field("to", &wish.to, |wish, text| wish.to = text) }
            </div>
            <div class="share-row">
                { field("pictures", &wish.n_frames, |wish, text| wish.n_frames = text) }
                { field("seconds", &wish.seconds, |wish, text| wish.seconds = text) }
                <label>{ "File" }{ select("Kind of file", &["GIF", "APNG"], usize::from(wish.format == Format::Apng), &choose_format) }</label>
                <button type="button" onclick={make}>{ if making { "Stop" } else { "Make it" } }</button>
            </div>
            <div role="status" class="share-said">
                { match &*state {
                    State::Idle => Html::default(),
                    State::Failed(what) => html! { { what } },
                    State::Making { done, all } => html! {
                        <label>{ format!("Picture {done} of {all}") }<progress max={all.to_string()} value={done.to_string()} /></label>
                    },
                    State::Made { blob, .. } => html! { { format!("Made: a file of {:.0} kB.", blob.size() / 1e3) } },
                } }
            </div>
            if let State::Made { url, blob, ending } = &*state {
                <img class="share-moving" src={url.clone()} alt={format!("{} moves", names[wish.setting])} width={width.to_string()} height={height.to_string()} />
                <button type="button" onclick={ let (blob, ending, name, state) = (blob.clone(), *ending, props.name.clone(), state.clone()); Callback::from(move |_: MouseEvent| {
                    let name = format!("{name}.{ending}");
                    if let Err(error) = save(&blob, &name) {
                        state.set(State::Failed(said_of(Err(error), &name)));
                    }
                }) }>{ "Download it" }</button>
            }
        </details>
    }
}

/// Draws picture after picture; nothing when it was stopped.
async fn make(
    props: &MovingBoxProps,
    sweep: &Sweep,
    seconds: f64,
    format: Format,
    stop: &Cell<bool>,
    tell: impl Fn(usize, usize),
) -> Result<Option<Blob>, JsValue> {
    let queries = sweep.queries(&props.query);
    let delay_centis = (100.0 * seconds / queries.len() as f64).round().max(2.0) as u16;
    let mut motion = None;
    for (done, query) in queries.iter().enumerate() {
        tell(done + 1, queries.len());
        let fragment = fragment_of(&props.name, query);
        if facts(&fragment).is_none_or(|facts| facts.not_understood > 0) {
            let pair = query.rsplit('&').next().unwrap_or_default();
            return Err(JsValue::from_str(&format!(
                "{} is no value that this setting takes.",
                pair.replace('=', " = ")
            )));
        }
        let canvas = piecewise_app::canvas(&svg_of(&fragment)?, props.still.size_px, 1.0).await?;
        let context = canvas.get_context("2d")?.ok_or("the browser has no canvas")?;
        let context: CanvasRenderingContext2d = context.unchecked_into();
        let pixels = context.get_image_data(0.0, 0.0, f64::from(canvas.width()), f64::from(canvas.height()))?;
        let said = |error: piecewise_share::MotionError| JsValue::from_str(&error.to_string());
        let motion = match &mut motion {
            Some(motion) => motion,
            none => none.insert(
                Motion::start(format, [canvas.width(), canvas.height()], queries.len() as u32, delay_centis)
                    .map_err(said)?,
            ),
        };
        motion.add(&mut pixels.data().0).map_err(said)?;
        if stop.get() {
            return Ok(None);
        }
    }
    let motion = motion.ok_or("there is nothing to show")?;
    let bytes = motion.finish().map_err(|error| JsValue::from_str(&error.to_string()))?;
    blob(&bytes, format.mime()).map(Some)
}
