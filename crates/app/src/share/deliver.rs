//! Pictures for the clipboard; what goes into files is in [`piecewise_widgets::save`].

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// Puts a PNG into the clipboard. It must be called while a click is being handled, and the PNG may come later.
pub(crate) fn copy(png: &Promise) -> Result<Promise, JsValue> {
    let window = web_sys::window().ok_or("there is no page")?;
    let class: Function = Reflect::get(&window, &"ClipboardItem".into())?.dyn_into()?;
    let content = Object::new();
    Reflect::set(&content, &"image/png".into(), png)?;
    let item = Reflect::construct(&class, &Array::of1(&content))?;
    // A page that is not secure has no clipboard at all.
    let clipboard = Reflect::get(&window.navigator(), &"clipboard".into())?;
    let write: Function = Reflect::get(&clipboard, &"write".into())?.dyn_into()?;
    write.call1(&clipboard, &Array::of1(&item))?.dyn_into()
}
