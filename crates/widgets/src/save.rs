//! Bytes and pictures as files: made in memory, and given to whoever asked for them.

use js_sys::{Array, Promise, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, HtmlCanvasElement, Url};

/// Bytes as a file in memory.
///
/// # Errors
/// When the browser has no room for it.
pub fn blob(bytes: &[u8], mime: &str) -> Result<Blob, JsValue> {
    let kind = BlobPropertyBag::new();
    kind.set_type(mime);
    Blob::new_with_u8_array_sequence_and_options(&Array::of1(&Uint8Array::from(bytes)), &kind)
}

/// A canvas as a PNG.
///
/// # Errors
/// When the picture is too large for the browser.
pub async fn png(canvas: &HtmlCanvasElement) -> Result<Blob, JsValue> {
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
///
/// # Errors
/// When there is no page, or the browser has no room.
pub fn save(blob: &Blob, name: &str) -> Result<(), JsValue> {
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

/// What is said of a file that was to be saved.
pub fn said_of(saved: Result<(), JsValue>, name: &str) -> String {
    match saved {
        Ok(()) => format!("{name} is on its way to your downloads."),
        Err(error) => error.as_string().unwrap_or_else(|| "The file could not be made here.".to_owned()),
    }
}
