//! Pictures of what is shown, to be taken away: SVG, and PNG made from it by the browser.

use std::cell::Cell;

use piecewise_exhibits::{Entry, Panel, Part, csv};
use piecewise_plot::{Theme, ThemeName};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlImageElement};

use crate::route::Route;

thread_local! {
    /// The exhibits of this program, for those who ask from outside of it.
    static PART: Cell<Option<&'static Part>> = const { Cell::new(None) };
}

/// Says which exhibits there are.
pub(crate) fn know(part: Option<&'static Part>) {
    PART.set(part);
}

/// What a link shows: an exhibit and one of its pictures.
pub(crate) fn shown(route: &Route) -> Option<(&'static Entry, &'static Panel)> {
    let entry = PART.get()?.find(&route.name)?;
    let named = entry.panels.iter().find(|panel| Some(panel.name) == route.options.panel.as_deref());
    named.or_else(|| entry.panels.first()).map(|panel| (entry, panel))
}

/// The picture that a link shows, as SVG.
pub(crate) fn svg(route: &Route, theme: ThemeName) -> Option<String> {
    let (entry, panel) = shown(route)?;
    entry.svg(&route.state, panel, route.options.scale, Theme::named(theme)).ok()
}

/// An SVG of this size as a canvas, `scale` times as large.
/// # Errors
/// When the browser cannot draw it.
pub async fn canvas(svg: &str, size_px: [f64; 2], scale: f64) -> Result<HtmlCanvasElement, JsValue> {
    let image = HtmlImageElement::new()?;
    image.set_src(&format!("data:image/svg+xml;charset=utf-8,{}", js_sys::encode_uri_component(svg)));
    JsFuture::from(image.decode()).await?;
    let page = web_sys::window().and_then(|window| window.document()).ok_or("there is no page")?;
    let canvas: HtmlCanvasElement = page.create_element("canvas")?.unchecked_into();
    let [width, height] = size_px.map(|px| (px * scale).round());
    canvas.set_width(width as u32);
    canvas.set_height(height as u32);
    let context = canvas.get_context("2d")?.ok_or("the browser has no canvas")?;
    let context: CanvasRenderingContext2d = context.unchecked_into();
    context.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, width, height)?;
    Ok(canvas)
}

/// For the share box: the picture that a link shows, as an SVG.
#[wasm_bindgen]
#[expect(unreachable_pub, reason = "reached from JavaScript, as wasmBindings.picture()")]
pub fn picture(fragment: &str) -> Result<String, JsValue> {
    let route = Route::read(fragment);
    svg(&route, crate::app::theme(&route)).ok_or_else(nothing)
}

/// For the share box: what there is to know of a link, as JSON.
#[wasm_bindgen]
#[expect(unreachable_pub, reason = "reached from JavaScript, as wasmBindings.facts()")]
pub fn facts(fragment: &str) -> Result<String, JsValue> {
    let route = Route::read(fragment);
    let (entry, _) = shown(&route).ok_or_else(nothing)?;
    let panels: Vec<_> = entry.panels.iter().map(|panel| (panel.name, panel.size_px)).collect();
    let facts = serde_json::json!({
        "title": entry.title,
        "panels": panels,
        "settings": entry.settings(&route.state),
        "not_understood": entry.canonical(&route.state).1,
    });
    Ok(facts.to_string())
}

/// For the share box: the curves of a link as a table; empty when there are none.
#[wasm_bindgen]
#[expect(unreachable_pub, reason = "reached from JavaScript, as wasmBindings.curves()")]
pub fn curves(fragment: &str) -> Result<String, JsValue> {
    let route = Route::read(fragment);
    let (entry, _) = shown(&route).ok_or_else(nothing)?;
    let curves = entry.curves(&route.state);
    Ok(if curves.is_empty() { String::new() } else { csv(&curves) })
}

fn nothing() -> JsValue {
    JsValue::from_str("There is no picture here.")
}

/// For the host of a frame: the picture that is shown, as the address of an SVG or of a PNG that is `scale` times as large.
#[wasm_bindgen]
#[expect(unreachable_pub, reason = "reached from JavaScript, as wasmBindings.screenshot()")]
pub async fn screenshot(scale: f64, as_svg: bool) -> Result<String, JsValue> {
    let route = crate::app::here();
    let (_, panel) = shown(&route).ok_or_else(nothing)?;
    let svg = svg(&route, crate::app::theme(&route)).ok_or_else(nothing)?;
    if as_svg {
        return Ok(format!("data:image/svg+xml;charset=utf-8,{}", js_sys::encode_uri_component(&svg)));
    }
    canvas(&svg, panel.size_px, scale.clamp(1.0, 4.0)).await?.to_data_url()
}
