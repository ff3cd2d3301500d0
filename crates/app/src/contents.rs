use gloo_timers::callback::Timeout;
use piecewise_exhibits::{CONTENTS, Entry, Listing, Part, ui::Embed};
use piecewise_plot::{Theme, ThemeName};
use yew::prelude::*;

/// How much larger texts and strokes are in pictures that are shown small.
const CARD_TEXTS: f64 = 1.35;

/// The exhibits that somebody chose for a file that needs no server, as its page names them; empty when all were chosen. Nothing on
/// the site, where every exhibit can be opened.
fn chosen() -> Option<String> {
    web_sys::window()?.document()?.document_element()?.get_attribute("data-holds")
}

/// The exhibits that can be opened from here.
fn listings() -> impl Iterator<Item = &'static Listing> {
    let chosen = chosen().unwrap_or_default();
    CONTENTS
        .iter()
        .filter(move |listing| chosen.is_empty() || chosen.split_ascii_whitespace().any(|name| name == listing.name))
}

/// Whether an exhibit of this name can be opened from here.
pub(crate) fn lists(name: &str) -> bool {
    listings().any(|listing| listing.name == name)
}

/// Whether this is a file that needs no server, with everything in it.
pub(crate) fn is_alone() -> bool {
    chosen().is_some()
}

/// What [`Contents`] are made of.
#[derive(Clone, Debug, Properties)]
pub(crate) struct ContentsProps {
    /// The exhibits of this program.
    pub(crate) part: Option<&'static Part>,
}

impl PartialEq for ContentsProps {
    fn eq(&self, other: &Self) -> bool {
        self.part.map(|part| part.name) == other.part.map(|part| part.name)
    }
}

/// The contents: every exhibit with its slides, its claim and a picture of it.
#[component]
pub(crate) fn Contents(props: &ContentsProps) -> Html {
    let embed = use_context::<Embed>().unwrap_or_default();
    // In a file that needs no server no pictures lie beside it. It has all its exhibits in it, so they are drawn: one after the
    // other, since some take as long as a frame.
    let alone = is_alone();
    let n_drawn = use_state_eq(|| 0);
    {
        let n_drawn = n_drawn.clone();
        use_effect_with(*n_drawn, move |&n| {
            let next = (alone && n < CONTENTS.len()).then(|| Timeout::new(0, move || n_drawn.set(n + 1)));
            move || drop(next)
        });
    }
    let picture = |index: usize, name: &'static str| {
        let entry = props.part.filter(|_| alone).and_then(|part| part.find(name));
        match entry {
            Some(entry) if index < *n_drawn => html! { <LivePicture {entry} theme={embed.theme} /> },
            Some(_) => html! { <div class="thumbnail" /> },
            None => html! {
                <img class="thumbnail" alt="" loading="lazy" width="720" height="626" src={format!("exhibits/{name}/card-{}.png", embed.theme.name())} />
            },
        }
    };
    html! {
        <div class="contents">
            <header class="claim">
                <h1>{ "Neural networks, to be taken hold of" }</h1>
                <p>{ "Exhibits for a lecture on the fundamentals of deep learning: everything on them can be dragged, and what you see is computed exactly, here, in your browser." }</p>
            </header>
            <ul class="cards">
                { for listings().enumerate().map(|(index, listing)| card(listing, picture(index, listing.name))) }
            </ul>
        </div>
    }
}

/// One exhibit.
fn card(Listing { name, title, slides, claim }: &Listing, picture: Html) -> Html {
    html! {
        <li class="card" key={*name}>
            <a href={format!("#/{name}")}>
                { picture }
                <span class="slides">{ *slides }</span>
                <strong>{ *title }</strong>
                <span class="card-claim">{ Html::from_html_unchecked(AttrValue::Static(claim)) }</span>
            </a>
        </li>
    }
}

#[derive(Clone, Debug, Properties)]
struct LivePictureProps {
    entry: &'static Entry,
    theme: ThemeName,
}

impl PartialEq for LivePictureProps {
    fn eq(&self, other: &Self) -> bool {
        (self.entry.name, self.theme) == (other.entry.name, other.theme)
    }
}

/// The first picture of an exhibit as it begins, drawn here.
#[component]
fn LivePicture(props: &LivePictureProps) -> Html {
    let LivePictureProps { entry, theme } = *props;
    let src = use_memo((entry.name, theme), |_| {
        let svg = entry.panels.first().and_then(|panel| entry.svg("", panel, CARD_TEXTS, Theme::named(theme)).ok());
        svg.map(|svg| format!("data:image/svg+xml;charset=utf-8,{}", js_sys::encode_uri_component(&svg)))
    });
    html! { <img class="thumbnail" alt="" src={(*src).clone()} /> }
}
