use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use piecewise_exhibits::{
    Entry, Part,
    ui::{Embed, Extent, PageProps, Sections, StateChange},
};
use piecewise_plot::ThemeName;
use piecewise_widgets::Press;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Window;
use yew::prelude::*;

use crate::{
    contents::{Contents, is_alone, lists},
    panel_view::PanelView,
    route::{Options, Route},
};

/// The page that measures. It is no exhibit, and the contents do not list it.
pub(crate) const BENCH: &str = "bench";

/// One of the programs that make up the site.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Program {
    /// Its name.
    pub(crate) name: &'static str,
    /// The exhibits that it can show.
    pub(crate) part: Option<&'static Part>,
    /// A page of its own by this name. (A function, so that only this program carries the page.)
    pub(crate) own_page: fn(&str) -> Option<Html>,
}

/// What an [`App`] is made of.
#[derive(Clone, Copy, Debug, Properties)]
pub(crate) struct AppProps {
    /// Which program it is.
    pub(crate) program: Program,
}

impl PartialEq for AppProps {
    fn eq(&self, other: &Self) -> bool {
        self.program.name == other.program.name
    }
}

/// The whole page.
#[component]
pub(crate) fn App(props: &AppProps) -> Html {
    let route = use_state_eq(here);
    let system_theme = use_state_eq(system_theme);
    use_following(&route, &system_theme);

    let printing = use_printing();
    let theme = match route.options.theme.unwrap_or(*system_theme) {
        // Paper is white.
        ThemeName::Dark if printing => ThemeName::Light,
        theme => theme,
    };
    let embed = embed(&route.options, theme);
    let press = Press { stroke_scale: embed.theme().stroke_scale, printing };
    use_effect_with(embed, |embed| dress_document(*embed));
    use_effect_with((route.name.clone(), route.options.play), |(_, play)| {
        let start = (*play && !prefers("(prefers-reduced-motion: reduce)")).then(|| Timeout::new(0, press_run));
        move || drop(start)
    });

    let on_state = {
        let route = route.clone();
        Callback::from(move |StateChange { state, deliberate }: StateChange| {
            // What the link failed to say has been mended by now.
            let next = Route { state, not_understood: 0, ..here() };
            write_address(&next, deliberate);
            route.set(next);
        })
    };
    let switch_theme = {
        let route = route.clone();
        Callback::from(move |_: MouseEvent| {
            let other = if theme == ThemeName::Dark { ThemeName::Light } else { ThemeName::Dark };
            let mut next = here();
            next.options.theme = Some(other);
            write_address(&next, false);
            route.set(next);
        })
    };

    let Program { part, own_page, .. } = props.program;
    let listed = lists(&route.name);
    let entry = part.filter(|_| listed).and_then(|part| part.find(&route.name));
    let known = listed || (route.name == BENCH && !is_alone());
    // How much of the link was not understood is said once, for the link that was opened.
    let opened = use_memo((route.name.clone(), route.state.len() > piecewise_exhibits::link::LONGEST), |_| {
        let not_understood = entry.map_or(0, |entry| misunderstood(entry, &route)) + route.not_understood;
        notice(&route, known, not_understood)
    });
    let page = match entry {
        Some(entry) => {
            match route.options.panel.as_deref().and_then(|name| entry.panels.iter().find(|p| p.name == name)) {
                Some(panel) => html! { <PanelView entry={entry} panel={*panel} state={route.state.clone()} /> },
                None => entry.page(PageProps { state: route.state.clone().into(), on_state }),
            }
        }
        None => own_page(&route.name).unwrap_or_else(|| {
            // The page's own small script fetches the part that has it.
            if known {
                html! { <p class="waiting">{ "One moment …" }</p> }
            } else {
                html! { <Contents {part} /> }
            }
        }),
    };
    let full = embed.extent == Extent::Full;
    html! {
        <ContextProvider<Embed> context={embed}>
        <ContextProvider<Press> context={press}>
            if full {
                <header class="masthead">
                    <a class="wordmark" href="#/"><span aria-hidden="true">{ "◢◤" }</span>{ "Piecewise" }</a>
                    <button type="button" class="theme" onclick={switch_theme}>
                        <span aria-hidden="true">{ if theme == ThemeName::Dark { "☀" } else { "☾" } }</span>
                        { if theme == ThemeName::Dark { "Light" } else { "Dark" } }
                    </button>
                </header>
            }
            if let Some(notice) = (*opened).clone().filter(|_| !route.options.still) {
                <Notice text={notice} />
            }
            <main>{ page }</main>
            if printing {
                <p class="address">{ whole_address() }</p>
            }
        </ContextProvider<Press>>
        </ContextProvider<Embed>>
    }
}

/// How much of what is the exhibit's in a link was not understood.
fn misunderstood(entry: &Entry, route: &Route) -> usize {
    let panel = route.options.panel.as_deref().is_some_and(|name| entry.panels.iter().all(|panel| panel.name != name));
    entry.canonical(&route.state).1 + usize::from(panel)
}

/// What the embedder's options come to.
fn embed(options: &Options, theme: ThemeName) -> Embed {
    let Options { extent, scale, hide, lock, still, .. } = *options;
    if still {
        return Embed { extent: Extent::Bare, theme, scale, hide, lock: Sections::ALL };
    }
    Embed { extent, theme, scale, hide, lock }
}

/// What the link did not say clearly, in one sentence.
fn notice(route: &Route, known: bool, not_understood: usize) -> Option<String> {
    if !known && !route.name.is_empty() {
        return Some(format!("There is no exhibit named “{}”. These are the exhibits that there are.", route.name));
    }
    if route.state.len() > piecewise_exhibits::link::LONGEST {
        return Some("This link is too long to be read; the exhibit stands as it begins.".to_owned());
    }
    match not_understood {
        0 => None,
        1 => Some("1 setting in this link was not understood.".to_owned()),
        n => Some(format!("{n} settings in this link were not understood.")),
    }
}

#[derive(PartialEq, Properties)]
struct NoticeProps {
    text: String,
}

#[component]
fn Notice(props: &NoticeProps) -> Html {
    let dismissed = use_state_eq(|| false);
    if *dismissed {
        return Html::default();
    }
    let dismiss = Callback::from(move |_: MouseEvent| dismissed.set(true));
    html! {
        <p class="notice" role="status">{ &props.text }<button type="button" aria-label="Dismiss" onclick={dismiss}>{ "✕" }</button></p>
    }
}

/// Follows the address and the system's theme.
#[hook]
fn use_following(route: &UseStateHandle<Route>, theme: &UseStateHandle<ThemeName>) {
    let (route, theme) = (route.clone(), theme.clone());
    use_effect_with((), move |()| {
        let address =
            web_sys::window().map(|window| EventListener::new(&window, "hashchange", move |_| route.set(here())));
        let system = [DARK, MORE_CONTRAST].into_iter().filter_map(media_query).map(|query| {
            let theme = theme.clone();
            EventListener::new(&query, "change", move |_| theme.set(system_theme()))
        });
        let system: Vec<EventListener> = system.collect();
        move || drop((address, system))
    });
}

/// Whether the page is being printed.
#[hook]
fn use_printing() -> bool {
    let printing = use_state_eq(|| false);
    {
        let printing = printing.clone();
        use_effect_with((), move |()| {
            let listeners = [("beforeprint", true), ("afterprint", false)].map(|(event, prints)| {
                let printing = printing.clone();
                web_sys::window().map(|window| EventListener::new(&window, event, move |_| printing.set(prints)))
            });
            move || drop(listeners)
        });
    }
    *printing
}

/// The address as a person would type it.
fn whole_address() -> String {
    web_sys::window().and_then(|window| window.location().href().ok()).unwrap_or_default()
}

/// What the address says now.
pub(crate) fn here() -> Route {
    web_sys::window()
        .and_then(|window| window.location().hash().ok())
        .map_or_else(Route::default, |hash| Route::read(&hash))
}

fn write_address(route: &Route, deliberate: bool) {
    let Some(history) = web_sys::window().as_ref().map(Window::history).and_then(Result::ok) else { return };
    let address = route.write();
    // A sandboxed frame may not write its address; the exhibit goes on without.
    let _ = if deliberate {
        history.push_state_with_url(&JsValue::NULL, "", Some(&address))
    } else {
        history.replace_state_with_url(&JsValue::NULL, "", Some(&address))
    };
    crate::crash::tell("piecewise-state", &address);
}

const DARK: &str = "(prefers-color-scheme: dark)";
const MORE_CONTRAST: &str = "(prefers-contrast: more)";

fn media_query(query: &str) -> Option<web_sys::MediaQueryList> {
    web_sys::window()?.match_media(query).ok().flatten()
}

/// Whether the system says so of whoever looks.
fn prefers(query: &str) -> bool {
    media_query(query).is_some_and(|query| query.matches())
}

fn system_theme() -> ThemeName {
    match (prefers(DARK), prefers(MORE_CONTRAST)) {
        // Who wants it dark gets no bright page for more contrast: the dark theme reaches 7:1 as well.
        (true, _) => ThemeName::Dark,
        (false, true) => ThemeName::Contrast,
        (false, false) => ThemeName::Light,
    }
}

/// Lets what can run begin to, as a press on its button would.
fn press_run() {
    let page = web_sys::window().and_then(|window| window.document());
    let button = page.and_then(|page| page.query_selector(".playback .run[aria-pressed=false]").ok().flatten());
    if let Some(button) = button.as_ref().and_then(|button| button.dyn_ref::<web_sys::HtmlElement>()) {
        button.click();
    }
}

/// The theme that a link is shown in.
pub(crate) fn theme(route: &Route) -> ThemeName {
    route.options.theme.unwrap_or_else(system_theme)
}

/// Tells the style sheet which theme and scale are in force.
fn dress_document(embed: Embed) {
    let Some(root) = web_sys::window().and_then(|window| window.document()).and_then(|d| d.document_element()) else {
        return;
    };
    let extent = match embed.extent {
        Extent::Full => "full",
        Extent::Compact => "compact",
        Extent::Bare => "bare",
    };
    // Setting an attribute fails only for an invalid name.
    let _ = root.set_attribute("data-theme", embed.theme.name());
    let _ = root.set_attribute("data-ui", extent);
    let _ = root.set_attribute("style", &format!("--scale: {}", embed.scale));
}
