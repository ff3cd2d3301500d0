use std::rc::Rc;

use piecewise_core::field::Field;
use piecewise_network_file::{field_to_json, field_to_python, field_to_safetensors};
use piecewise_widgets::{CopyButton, blob, png, put_cells, said_of, save};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlCanvasElement;
use yew::prelude::*;

use super::super::{Params, Progress};
use crate::ui::ParamsHandle;

#[derive(Clone, Properties)]
pub(super) struct ExportProps {
    pub(super) params: ParamsHandle<Params>,
    /// What is shown.
    pub(super) progress: Rc<Progress>,
    /// Asked for the network as it is now, which may take a moment to come.
    pub(super) on_field: Callback<Callback<Field>>,
}

/// What is shown is another picture whenever it has come from elsewhere: to compare all of its pixels takes longer.
impl PartialEq for ExportProps {
    fn eq(&self, other: &Self) -> bool {
        self.params == other.params && Rc::ptr_eq(&self.progress, &other.progress) && self.on_field == other.on_field
    }
}

/// The network and its picture as files, and the Python that goes on from there.
#[component]
pub(super) fn Export(props: &ExportProps) -> Html {
    let said = use_state_eq(String::new);
    let now = props.params.now().clone();
    let weights = |name: &'static str, save_field: fn(&Field, &str) -> Result<(), JsValue>| {
        let (said, on_field) = (said.setter(), props.on_field.clone());
        Callback::from(move |_: MouseEvent| {
            let said = said.clone();
            on_field.emit(Callback::from(move |field: Field| said.set(said_of(save_field(&field, name), name))));
        })
    };
    let picture = {
        let (said, progress) = (said.setter(), props.progress.clone());
        Callback::from(move |_: MouseEvent| {
            let (said, progress) = (said.clone(), progress.clone());
            spawn_local(async move { said.set(said_of(save_picture(&progress, "field.png").await, "field.png")) });
        })
    };
    let python = field_to_python(&now.architecture(), now.size_pixels(), now.grid());
    html! {
        <details class="neural-field-more neural-field-export">
            <summary>{ "Take it away: weights, picture, Python" }</summary>
            <div class="choices">
                <button type="button" onclick={weights("field.safetensors", save_safetensors)}>{ "Weights, safetensors" }</button>
                <button type="button" onclick={weights("field.json", save_json)}>{ "Weights, JSON" }</button>
                <button type="button" onclick={picture}>{ "Picture, PNG" }</button>
            </div>
            <p class="hint" role="status">{ &*said }</p>
            <p>{ "This Python loads the safetensors into PyTorch and shows the picture:" }</p>
            <pre class="network-text" tabindex="0" role="group" aria-label="Python that loads the network">{ &python }</pre>
            <div class="choices"><CopyButton label="Copy the Python" text={python} /></div>
        </details>
    }
}

fn save_safetensors(field: &Field, name: &str) -> Result<(), JsValue> {
    save(&blob(&field_to_safetensors(field), "application/octet-stream")?, name)
}

fn save_json(field: &Field, name: &str) -> Result<(), JsValue> {
    save(&blob(field_to_json(field).as_bytes(), "application/json")?, name)
}

/// Saves what the network paints, as it is shown: pixel by pixel, or closer, or from farther away.
async fn save_picture(progress: &Progress, name: &str) -> Result<(), JsValue> {
    let scene = &progress.scene;
    let (columns, colours) = match &scene.view {
        Some(view) => (view.size[0], &view.colours),
        None => (scene.size[0], &scene.prediction),
    };
    if colours.is_empty() {
        return Err("There is no picture yet.".into());
    }
    let byte = |part: f32| (255.0 * part.clamp(0.0, 1.0)).round() as u8;
    let cells: Vec<[u8; 3]> = colours.iter().map(|colour| colour.map(byte)).collect();
    let page = web_sys::window().and_then(|window| window.document()).ok_or("There is no page.")?;
    let canvas: HtmlCanvasElement = page.create_element("canvas")?.unchecked_into();
    put_cells(&canvas, columns, &cells).ok_or("The picture cannot be drawn here.")?;
    save(&png(&canvas).await?, name)
}
