use js_sys::{Array, Uint8Array};
use piecewise_exhibits::worker::Word;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::MessagePort;

/// What the page says.
pub(crate) enum Message {
    /// An order, in bytes.
    Order(Vec<u8>),
    /// The page has drawn the last scene and may be sent another one.
    Seen,
    /// The page wants all that has been learnt.
    Field,
    /// Another worker, behind this port, computes parts of steps.
    Lend(MessagePort),
    /// No other worker helps any more.
    Alone,
    /// This worker is to compute parts of the steps of the one behind this port.
    Serve(MessagePort),
}

impl Message {
    /// Nothing when it is none.
    pub(crate) fn read(data: &JsValue) -> Option<Self> {
        let list: &Array = data.dyn_ref()?;
        let body = list.get(1);
        match Word::read(&list.get(0).as_string()?)? {
            Word::Order => Some(Self::Order(body.dyn_into::<Uint8Array>().ok()?.to_vec())),
            Word::Seen => Some(Self::Seen),
            Word::Field => Some(Self::Field),
            Word::Lend => Some(Self::Lend(body.dyn_into().ok()?)),
            Word::Alone => Some(Self::Alone),
            Word::Serve => Some(Self::Serve(body.dyn_into().ok()?)),
            Word::Ready | Word::Progress => None,
        }
    }
}
