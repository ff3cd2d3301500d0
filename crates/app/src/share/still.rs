//! The picture as it stands: PNG, SVG, with a QR code or without, and the numbers of its curves.

use piecewise_exhibits::ui::select;
use piecewise_plot::{Theme, ThemeName};
use piecewise_share::Poster;
use piecewise_widgets::{blob, png, said_of, save};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{future_to_promise, spawn_local};
use web_sys::Blob;
use yew::prelude::*;

use crate::{
    deliver,
    program::{csv_of, svg_of},
};

/// A picture to be taken away.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Still {
    /// The fragment of what is drawn.
    pub(crate) fragment: String,
    /// Its size in CSS pixels.
    pub(crate) size_px: [f64; 2],
    /// The title and the link below it, where they are wanted.
    pub(crate) title: String,
    /// See `title`.
    pub(crate) link: String,
    /// The colours around it.
    pub(crate) theme: ThemeName,
}

impl Still {
    /// As an SVG with its size.
    fn svg(&self, with_code: bool) -> Result<(String, [f64; 2]), JsValue> {
        let svg = svg_of(&self.fragment)?;
        if !with_code {
            return Ok((svg, self.size_px));
        }
        let theme = Theme::named(self.theme);
        let [ground, text] = [theme.surface, theme.ink].map(piecewise_plot::Color::css);
        let poster = Poster::of(&svg, self.size_px, &self.title, &self.link, [&ground, &text]);
        let poster = poster.map_err(|error| JsValue::from_str(&error.to_string()))?;
        Ok((poster.svg, poster.size_px))
    }

    /// As a PNG, so many pixels to a CSS pixel.
    async fn png(&self, with_code: bool, density: f64) -> Result<Blob, JsValue> {
        let (svg, size_px) = self.svg(with_code)?;
        png(&piecewise_app::canvas(&svg, size_px, density).await?).await
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub(crate) struct StillBoxProps {
    pub(crate) still: Still,
    /// The beginning of the names of files.
    pub(crate) name: String,
}

/// The densities that are offered.
const DENSITIES: [&str; 4] = ["1 ×", "2 ×", "3 ×", "4 ×"];

/// The part of the box about pictures.
#[component]
pub(crate) fn StillBox(props: &StillBoxProps) -> Html {
    let density = use_state_eq(|| 1_usize);
    let with_code = use_state_eq(|| false);
    let said = use_state_eq(String::new);
    let StillBoxProps { still, name } = props.clone();
    let factor = (*density + 1) as f64;

    let copy = |with_code: bool| {
        let (still, said) = (still.clone(), said.clone());
        Callback::from(move |_: MouseEvent| {
            let (still, said) = (still.clone(), said.clone());
            // The clipboard is asked while the click is being handled; afterwards browsers refuse.
            let png = future_to_promise(async move { still.png(with_code, factor).await.map(JsValue::from) });
            let copied = deliver::copy(&png);
            spawn_local(async move {
                let outcome = match copied {
                    Ok(copied) => wasm_bindgen_futures::JsFuture::from(copied).await.map(|_| ()),
                    Err(error) => Err(error),
                };
                said.set(match outcome {
                    Ok(()) => "The picture is in the clipboard: paste it into your slide.".to_owned(),
                    Err(_) => "Pictures cannot be copied here: download the PNG instead.".to_owned(),
                });
            });
        })
    };
    let save_png = {
        let (still, said, name, with_code) = (still.clone(), said.clone(), name.clone(), *with_code);
        Callback::from(move |_: MouseEvent| {
            let (still, said, name) = (still.clone(), said.clone(), name.clone());
            spawn_local(async move {
                let saved = still.png(with_code, factor).await.and_then(|blob| save(&blob, &format!("{name}.png")));
                said.set(said_of(saved, &format!("{name}.png")));
            });
        })
    };
    let save_svg = {
        let (still, said, name, with_code) = (still.clone(), said.clone(), name.clone(), *with_code);
        Callback::from(move |_: MouseEvent| {
            let file = still.svg(with_code).and_then(|(svg, _)| blob(svg.as_bytes(), "image/svg+xml"));
            let name = format!("{name}.svg");
            said.set(said_of(file.and_then(|file| save(&file, &name)), &name));
        })
    };
    let save_csv = {
        let (still, said, name) = (still.clone(), said.clone(), name.clone());
        Callback::from(move |_: MouseEvent| {
            said.set(match csv_of(&still.fragment) {
                Ok(table) if table.is_empty() => "This picture has no curves.".to_owned(),
                table => {
                    let file = table.and_then(|table| blob(table.as_bytes(), "text/csv"));
                    let name = format!("{name}.csv");
                    said_of(file.and_then(|file| save(&file, &name)), &name)
                }
            });
        })
    };
    let switch = {
        let with_code = with_code.clone();
        Callback::from(move |_: MouseEvent| with_code.set(!*with_code))
    };
    let [width, height] = still.size_px.map(|px| px * factor);
    html! {
        <section class="share-part" aria-labelledby="share-still">
            <h3 id="share-still">{ "A picture" }</h3>
            <p class="share-advice">{ "For PowerPoint, Google Slides, Keynote and paper: students reach the exhibit by the code below it." }</p>
            <div class="share-row">
                <button type="button" class="primary" onclick={copy(true)}>{ "Copy picture with QR" }</button>
                <button type="button" onclick={copy(false)}>{ "Copy picture" }</button>
            </div>
            <div class="share-row">
                <button type="button" onclick={save_png}>{ "Download PNG" }</button>
                <button type="button" onclick={save_svg}>{ "Download SVG" }</button>
                <button type="button" onclick={save_csv}>{ "Curves as CSV" }</button>
            </div>
            <div class="share-row">
                <label>{ "Size" }{ select("Size of the picture", &DENSITIES, *density, &{ let density = density.clone(); Callback::from(move |index| density.set(index)) }) }</label>
                <span class="share-advice">{ format!("{width:.0} × {height:.0} pixels") }</span>
                <label><input type="checkbox" checked={*with_code} onclick={switch} />{ "QR code in files" }</label>
            </div>
            <p class="share-said" role="status">{ &*said }</p>
        </section>
    }
}
