//! Runs off the page: a training of a neural field goes on here while the page draws every frame.
//!
//! A worker is told what to do by the page, or by another worker that shares its steps out. Messages are lists: a word, and what belongs to
//! it. Large things are handed over, not copied. `exhibits::ui::Worker` is the other end.

mod hand;
mod lead;
mod message;
mod shards;

use std::{cell::RefCell, rc::Rc};

use js_sys::Array;
use piecewise_exhibits::worker::{FORMAT, Word};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent, MessagePort};

use crate::{hand::Hand, lead::Lead, message::Message};

/// What this worker is: it becomes one or the other with the first message that says so.
enum Role {
    /// Nothing yet.
    Idle,
    /// It runs a painting, and shares its steps out where it has been lent hands.
    Lead(Rc<RefCell<Lead>>),
    /// It computes parts of the steps of another worker, whose port keeps it.
    Hand,
}

fn main() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let role = Rc::new(RefCell::new(Role::Idle));
    let listen = {
        let scope = scope.clone();
        Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let Some(message) = Message::read(&event.data()) else { return };
            take(&scope, &mut role.borrow_mut(), message);
        })
    };
    scope.set_onmessage(Some(listen.as_ref().unchecked_ref()));
    listen.forget();
    // Whoever started this worker waits to hear that it speaks the same language.
    let _ = scope.post_message(&Array::of2(&Word::Ready.name().into(), &FORMAT.into()));
}

fn take(scope: &DedicatedWorkerGlobalScope, role: &mut Role, message: Message) {
    match message {
        Message::Serve(port) => {
            Hand::listen(&port);
            *role = Role::Hand;
        }
        message => {
            if !matches!(role, Role::Lead(_)) {
                *role = Role::Lead(Lead::new(scope.clone()));
            }
            if let Role::Lead(lead) = role {
                Lead::take(lead, message);
            }
        }
    }
}

/// Hears what arrives at a port, until the worker ends.
fn hear(port: &MessagePort, mut on_message: impl FnMut(JsValue) + 'static) {
    let listen = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| on_message(event.data()));
    port.set_onmessage(Some(listen.as_ref().unchecked_ref()));
    listen.forget();
}
