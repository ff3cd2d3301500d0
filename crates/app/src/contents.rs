use piecewise_exhibits::{EXHIBITS, Entry, ui::Embed};
use yew::prelude::*;

/// The contents: every exhibit with its slides, its claim and a picture of it.
#[component]
pub(crate) fn Contents() -> Html {
    html! {
        <div class="contents">
            <header class="claim">
                <h1>{ "Neural networks, to be taken hold of" }</h1>
                <p>{ "Exhibits for a lecture on the fundamentals of deep learning: everything on them can be dragged, and what you see is computed exactly, here, in your browser." }</p>
            </header>
            <ul class="cards">
                { for EXHIBITS.iter().map(|entry| html! { <Card name={entry.name} /> }) }
            </ul>
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct CardProps {
    name: &'static str,
}

#[component]
fn Card(props: &CardProps) -> Html {
    let embed = use_context::<Embed>().unwrap_or_default();
    // Drawn once for each theme, not with every change of the page around it.
    let picture = use_memo((props.name, embed.theme), |_| {
        piecewise_exhibits::find(props.name).and_then(|entry| {
            let panel = entry.panels.first()?;
            entry.svg("", panel, 1.3, embed.theme()).ok()
        })
    });
    let Some(Entry { name, title, slides, caption, .. }) = piecewise_exhibits::find(props.name) else {
        return Html::default();
    };
    html! {
        <li class="card">
            <a href={format!("#/{name}")}>
                <span class="thumbnail" aria-hidden="true">
                    { picture.as_ref().clone().map(|svg| Html::from_html_unchecked(AttrValue::from(svg))).unwrap_or_default() }
                </span>
                <span class="slides">{ *slides }</span>
                <strong>{ *title }</strong>
                <span class="card-claim">{ Html::from_html_unchecked(AttrValue::Static(caption.claim)) }</span>
            </a>
        </li>
    }
}
