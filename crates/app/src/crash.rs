use wasm_bindgen::prelude::*;
use web_sys::{CustomEvent, CustomEventInit};

/// After a panic nothing of this program may run again, so the notice is not drawn here: the page's own small script hears
/// of it and shows what happened, with a button that starts anew from the same link.
pub(crate) fn tell_the_page() {
    yew::set_custom_panic_hook(Box::new(|panic| tell("piecewise-crash", &panic.to_string())));
}

/// Tells the page's own small scripts something.
pub(crate) fn tell(event: &str, detail: &str) {
    let init = CustomEventInit::new();
    init.set_detail(&JsValue::from_str(detail));
    if let (Some(window), Ok(event)) = (web_sys::window(), CustomEvent::new_with_event_init_dict(event, &init)) {
        // Nobody is left to tell when this fails.
        let _ = window.dispatch_event(&event);
    }
}

/// Crashes, so that the way back can be tried.
#[wasm_bindgen]
#[expect(unreachable_pub, reason = "reached from JavaScript, as wasmBindings.rehearse_crash()")]
pub fn rehearse_crash() {
    panic!("a rehearsal: somebody asked for it");
}
