//! Bytes and pictures, given to whoever asked for them: as a file, or into the clipboard.

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, HtmlCanvasElement, Url};

/// Bytes as a file in memory.
pub(crate) fn blob(bytes: &[u8], mime: &str) -> Result<Blob, JsValue> {
    let kind = BlobPropertyBag::new();
    kind.set_type(mime);
    Blob::new_with_u8_array_sequence_and_options(&Array::of1(&Uint8Array::from(bytes)), &kind)
}

/// A canvas as a PNG.
pub(crate) async fn png(canvas: &HtmlCanvasElement) -> Result<Blob, JsValue> {
    let promise = Promise::new(&mut |done, failed| {
        let receive = Closure::once_into_js(move |blob: JsValue| {
            let (end, value) = if blob.is_null() { (failed, "The picture is too large.".into()) } else { (done, blob) };
            // Settling a promise does not fail.
            let _ = end.call1(&JsValue::NULL, &value);
        });
        // When the canvas cannot be read, the promise is never kept; ours can.
        let _ = canvas.to_blob(receive.unchecked_ref());
    });
    JsFuture::from(promise).await?.dyn_into()
}

/// Saves a file, as a click on a link to it would.
pub(crate) fn save(blob: &Blob, name: &str) -> Result<(), JsValue> {
    let url = Url::create_object_url_with_blob(blob)?;
    let page = web_sys::window().and_then(|window| window.document()).ok_or("there is no page")?;
    let link: HtmlAnchorElement = page.create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    // The browser has taken what it needs of it before the next task.
    gloo_timers::callback::Timeout::new(1000, move || {
        let _ = Url::revoke_object_url(&url);
    })
    .forget();
    Ok(())
}

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
