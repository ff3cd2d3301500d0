//! The box: what it is to show, where it goes, and what can be taken away.

use std::cell::RefCell;

use piecewise_exhibits::ui::select;
use piecewise_plot::ThemeName;
use piecewise_share::{Host, QrCode};
use piecewise_widgets::CopyButton;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement};
use yew::{AppHandle, prelude::*};

use crate::{moving::MovingBox, program::Subject, program::fragment_of, still::Still, still::StillBox};

thread_local! {
    /// The box that is open.
    static OPEN: RefCell<Option<(AppHandle<ShareBox>, Element)>> = const { RefCell::new(None) };
}

/// Opens the box for what the address shows now, in place of one that is open already.
pub(crate) fn open() {
    close();
    let Some(subject) = Subject::here() else { return };
    let Some(page) = web_sys::window().and_then(|window| window.document()) else { return };
    let (Some(body), Ok(mount)) = (page.body(), page.create_element("div")) else { return };
    if body.append_child(&mount).is_ok() {
        let app = yew::Renderer::<ShareBox>::with_root_and_props(mount.clone(), ShareBoxProps { subject }).render();
        OPEN.set(Some((app, mount)));
    }
}

fn close() {
    if let Some((app, mount)) = OPEN.take() {
        app.destroy();
        mount.remove();
    }
}

/// How much is shown, beside the single panels.
const EXTENTS: [(&str, &str); 3] =
    [("Everything", ""), ("Picture and controls", "ui=compact"), ("Picture alone", "ui=bare")];

/// The colours, with what links write for them.
const THEMES: [(&str, Option<ThemeName>); 4] = [
    ("As the system", None),
    ("Light", Some(ThemeName::Light)),
    ("Dark", Some(ThemeName::Dark)),
    ("High contrast", Some(ThemeName::Contrast)),
];

/// Sizes of texts and strokes.
const SCALES: [f64; 6] = [0.75, 1.0, 1.25, 1.5, 2.0, 3.0];

/// The size of a frame that has controls in it, in CSS pixels.
const WITH_CONTROLS_PX: [u32; 2] = [960, 640];

#[derive(Clone, Debug, PartialEq, Properties)]
pub(crate) struct ShareBoxProps {
    pub(crate) subject: Subject,
}

/// What is chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Choice {
    host: usize,
    /// Among extents and panels; nothing follows the host.
    shows: Option<usize>,
    theme: usize,
    scale: f64,
    locked: bool,
}

impl Choice {
    /// Which of extents and panels is shown: a link opens everything, a frame has no room for words.
    fn shows(&self) -> usize {
        let is_link = matches!(Host::ALL[self.host], Host::Link | Host::Beamer);
        self.shows.unwrap_or(usize::from(!is_link))
    }

    /// The options of the link.
    fn options(&self, subject: &Subject) -> Vec<String> {
        let shows = self.shows();
        let extent = match EXTENTS.get(shows) {
            Some((_, option)) => (*option).to_owned(),
            None => subject
                .facts
                .panels
                .get(shows - EXTENTS.len())
                .map_or_else(String::new, |(name, _)| format!("panel={name}&ui=bare")),
        };
        let locked = if self.locked { "lock=all".to_owned() } else { String::new() };
        [vec![extent], self.look(), vec![locked]].concat().into_iter().filter(|option| !option.is_empty()).collect()
    }

    /// Those of them that a picture has too.
    fn look(&self) -> Vec<String> {
        let theme = THEMES[self.theme].1.map_or_else(String::new, |theme| format!("theme={}", theme.name()));
        let scale = if self.scale == 1.0 { String::new() } else { format!("scale={}", self.scale) };
        [theme, scale].into_iter().filter(|option| !option.is_empty()).collect()
    }

    /// The panel that a picture is of, with its size.
    fn panel<'a>(&self, subject: &'a Subject) -> Option<&'a (String, [f64; 2])> {
        let panels = &subject.facts.panels;
        self.shows().checked_sub(EXTENTS.len()).and_then(|index| panels.get(index)).or(panels.first())
    }
}

/// The colours that are in force on the page.
fn theme_of_page() -> ThemeName {
    let root = web_sys::window().and_then(|window| window.document()).and_then(|page| page.document_element());
    root.and_then(|root| root.get_attribute("data-theme"))
        .and_then(|name| ThemeName::from_name(&name))
        .unwrap_or_default()
}

/// The box.
#[component]
fn ShareBox(props: &ShareBoxProps) -> Html {
    let ShareBoxProps { subject } = props;
    let choice = use_state_eq(|| Choice {
        host: 0,
        shows: None,
        theme: THEMES.iter().position(|(_, theme)| *theme == subject.theme).unwrap_or(0),
        scale: subject.scale,
        locked: false,
    });
    let dialog = use_node_ref();
    {
        let dialog = dialog.clone();
        use_effect_with((), move |()| {
            if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
                // It is in the page and closed, so it can be opened.
                let _ = dialog.show_modal();
            }
        });
    }
    let edit = |change: fn(&mut Choice, usize)| {
        let choice = choice.clone();
        Callback::from(move |index: usize| {
            let mut next = *choice;
            change(&mut next, index);
            choice.set(next);
        })
    };
    let on_lock = {
        let choice = choice.clone();
        Callback::from(move |_: MouseEvent| choice.set(Choice { locked: !choice.locked, ..*choice }))
    };
    // Escape closes it as well; either way the browser gives the focus back to the button that opened it.
    let on_close = Callback::from(|_: Event| {
        gloo_timers::callback::Timeout::new(0, close).forget();
    });
    let press_close = {
        let dialog = dialog.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
                dialog.close();
            }
        })
    };
    // A click on what is behind the box is a click on the dialog itself.
    let press_outside = {
        let dialog = dialog.clone();
        Callback::from(move |event: MouseEvent| {
            let inside =
                event.target().and_then(|at| at.dyn_into::<Element>().ok()).is_some_and(|at| at.tag_name() != "DIALOG");
            if let Some(dialog) = dialog.cast::<HtmlDialogElement>().filter(|_| !inside) {
                dialog.close();
            }
        })
    };

    let host = Host::ALL[choice.host];
    let shows = choice.shows();
    let panel = choice.panel(subject).cloned().unwrap_or_default();
    let size_px = if shows < 2 { WITH_CONTROLS_PX } else { panel.1.map(|px| px.round() as u32) };
    let shared = subject.shared(&choice.options(subject), size_px);
    let snippet = shared.snippet(host);
    let link = shared.link();
    let code = QrCode::of(&link);

    let theme = THEMES[choice.theme].1.unwrap_or_else(theme_of_page);
    let of_picture = |option: String| {
        [vec![option], choice.look()].concat().into_iter().filter(|o| !o.is_empty()).collect::<Vec<_>>()
    };
    let themed = if choice.theme == 0 { format!("theme={}", theme.name()) } else { String::new() };
    let query = subject.shared(&[of_picture(format!("panel={}", panel.0)), vec![themed]].concat(), size_px).query;
    let still = Still {
        fragment: fragment_of(&subject.name, &query),
        size_px: panel.1,
        title: subject.facts.title.clone(),
        link: link.clone(),
        theme,
    };

    let what: Vec<String> = EXTENTS
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .chain(
            subject
                .facts
                .panels
                .iter()
                .filter(|_| subject.facts.panels.len() > 1)
                .map(|(name, _)| format!("Only the {name}")),
        )
        .collect();
    let hosts = Host::ALL.map(Host::name);
    let scales = SCALES.map(|scale| format!("{} %", 100.0 * scale));
    let scale = SCALES.iter().position(|&scale| scale == choice.scale).unwrap_or(1);
    html! {
        <dialog ref={dialog} class="share" aria-labelledby="share-title" onclose={on_close} onclick={press_outside}>
            <div class="share-inside">
                <header class="share-head">
                    <h2 id="share-title">{ "Share this exhibit as it stands" }</h2>
                    <button type="button" class="share-close" aria-label="Close" onclick={press_close}>{ "✕" }</button>
                </header>
                <div class="share-row share-choices">
                    <label>{ "Shows" }{ select("What is shown", &what, shows, &edit(|choice, index| choice.shows = Some(index))) }</label>
                    <label>{ "Colours" }{ select("Colours", &THEMES.map(|(name, _)| name), choice.theme, &edit(|choice, index| choice.theme = index)) }</label>
                    <label>{ "Text" }{ select("Size of texts and strokes", &scales, scale, &edit(|choice, index| choice.scale = SCALES[index])) }</label>
                    <label><input type="checkbox" checked={choice.locked} onclick={on_lock} />{ "To look at only" }</label>
                </div>
                <section class="share-part" aria-labelledby="share-paste">
                    <h3 id="share-paste">{ "A line to paste" }</h3>
                    <div class="share-paste">
                        <div>
                            <div class="share-row">
                                <label>{ "For" }{ select("Where it goes", &hosts, choice.host, &edit(|choice, index| choice.host = index)) }</label>
                                <CopyButton label="Copy" text={snippet.clone()} />
                            </div>
                            <p class="share-advice">{ host.advice() }</p>
                            <pre class="share-snippet" tabindex="0" role="region" aria-label="The line">{ snippet }</pre>
                        </div>
                        <figure class="share-code">
                            { match &code {
                                Ok(code) => html! {
                                    <svg viewBox={format!("0 0 {0} {0}", code.size())} role="img" aria-label="QR code of the link" shape-rendering="crispEdges">
                                        <path fill="#ffffff" d={format!("M0 0h{0}v{0}h-{0}z", code.size())} /><path fill="#000000" d={code.path()} />
                                    </svg>
                                },
                                Err(error) => html! { <p>{ error.to_string() }</p> },
                            } }
                            if code.is_ok() { <figcaption>{ "The link, for phones" }</figcaption> }
                        </figure>
                    </div>
                </section>
                <StillBox still={still.clone()} name={subject.name.clone()} />
                if !subject.facts.settings.is_empty() {
                    <MovingBox still={still} name={subject.name.clone()} query={query} settings={subject.facts.settings.clone()} />
                }
            </div>
        </dialog>
    }
}
