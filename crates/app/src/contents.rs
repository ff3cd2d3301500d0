use piecewise_exhibits::{CONTENTS, Listing, ui::Embed};
use piecewise_plot::ThemeName;
use yew::prelude::*;

/// The contents: every exhibit with its slides, its claim and a picture of it.
#[component]
pub(crate) fn Contents() -> Html {
    let embed = use_context::<Embed>().unwrap_or_default();
    html! {
        <div class="contents">
            <header class="claim">
                <h1>{ "Neural networks, to be taken hold of" }</h1>
                <p>{ "Exhibits for a lecture on the fundamentals of deep learning: everything on them can be dragged, and what you see is computed exactly, here, in your browser." }</p>
            </header>
            <ul class="cards">
                { for CONTENTS.iter().map(|listing| card(listing, embed.theme)) }
            </ul>
        </div>
    }
}

/// One exhibit. Its picture is a reference picture of the tests, so that none has to be computed here.
fn card(Listing { name, title, slides, caption, start, panel }: &Listing, theme: ThemeName) -> Html {
    let picture = if theme == ThemeName::Dark { "dark" } else { start };
    html! {
        <li class="card" key={*name}>
            <a href={format!("#/{name}")}>
                <img class="thumbnail" alt="" loading="lazy" width="720" height="540" src={format!("posters/{name}/{picture}-{panel}.svg")} />
                <span class="slides">{ *slides }</span>
                <strong>{ *title }</strong>
                <span class="card-claim">{ Html::from_html_unchecked(AttrValue::Static(caption.claim)) }</span>
            </a>
        </li>
    }
}
