use std::{cell::RefCell, rc::Rc};

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageChannel, MessageEvent};

use crate::worker::{FORMAT, Word};

/// How long a worker may take to say that it is there, in milliseconds. Some browsers never start one, and say nothing.
const HANDSHAKE_MILLIS: u32 = 8000;

/// How often a worker is started before it is given up.
const MOST_STARTS: u32 = 2;

/// What becomes of a [`Worker`].
#[derive(Clone, Debug)]
pub enum WorkerEvent {
    /// It is there, and knows nothing: after a crash this comes again.
    Ready,
    /// It has come so far: the bytes of a progress.
    Progress(Vec<u8>),
    /// What was asked for: the bytes of a field.
    Field(Vec<u8>),
    /// There is none, and there will be none: what is to be done is to be done on the page.
    Lost,
}

/// A worker that computes for the page, with others that help it. It ends when this is dropped.
pub struct Worker(Rc<RefCell<Inner>>);

impl std::fmt::Debug for Worker {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Worker")
    }
}

struct Inner {
    n_hands: usize,
    n_starts: u32,
    state: State,
    on_event: Rc<dyn Fn(WorkerEvent)>,
}

enum State {
    /// Started, but not heard of yet.
    Waiting { _worker: Running, _deadline: Timeout },
    /// It listens.
    Ready { worker: Running, hands: Vec<Running> },
    /// Given up.
    Lost,
}

/// A worker of the browser's that ends when it is dropped.
struct Running {
    worker: web_sys::Worker,
    _listeners: [EventListener; 2],
}

impl Drop for Running {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

impl Running {
    /// Nothing where there are no workers.
    fn start(on_message: impl Fn(Word, JsValue) + 'static, on_error: impl Fn() + 'static) -> Option<Self> {
        let worker = web_sys::Worker::new(&address()?).ok()?;
        let messages = EventListener::new(&worker, "message", move |event| {
            let Some(event) = event.dyn_ref::<MessageEvent>() else { return };
            let list = Array::from(&event.data());
            if let Some(word) = list.get(0).as_string().and_then(|word| Word::read(&word)) {
                on_message(word, list.get(1));
            }
        });
        let options = gloo_events::EventListenerOptions::enable_prevent_default();
        let errors = EventListener::new_with_options(&worker, "error", options, move |event| {
            // It is mended here, so it need not be reported as a mishap of the page.
            event.prevent_default();
            on_error();
        });
        Some(Self { worker, _listeners: [messages, errors] })
    }

    fn post(&self, word: Word, body: &JsValue, handed: &JsValue) {
        let _ = self.worker.post_message_with_transfer(&Array::of2(&word.name().into(), body), &Array::of1(handed));
    }
}

/// The address of the program that runs in workers: beside the script that has started the page, and of the same version. The file that needs
/// no server has no such script, and no workers.
fn address() -> Option<String> {
    let page = web_sys::window()?.document()?;
    let source = page.query_selector("script[src*='shell.js']").ok()??.get_attribute("src")?;
    Some(source.replace("shell.js", "worker.js"))
}

/// How many workers there may be at a time on this machine, so that the page has a core for itself: 1 to 4.
pub fn most_workers() -> usize {
    let n = web_sys::window().map_or(1.0, |window| window.navigator().hardware_concurrency());
    (n as usize).saturating_sub(1).clamp(1, 4)
}

impl Worker {
    /// Starts a worker, and so many others to help it. What becomes of it is told, but never before this returns.
    pub fn start(n_hands: usize, on_event: impl Fn(WorkerEvent) + 'static) -> Self {
        let on_event: Rc<dyn Fn(WorkerEvent)> = Rc::new(on_event);
        let inner = Rc::new(RefCell::new(Inner { n_hands, n_starts: 0, state: State::Lost, on_event }));
        try_to_start(&inner);
        Self(inner)
    }

    /// Says what is to be done, in bytes. Before it is ready, nothing is heard.
    pub fn order(&self, bytes: &[u8]) {
        if let State::Ready { worker, .. } = &self.0.borrow().state {
            let bytes = Uint8Array::from(bytes);
            worker.post(Word::Order, &bytes, &bytes.buffer());
        }
    }

    /// Says that the last progress has been drawn, so that there may be another one.
    pub fn seen(&self) {
        self.say(Word::Seen);
    }

    /// Asks for all that has been learnt.
    pub fn ask_for_field(&self) {
        self.say(Word::Field);
    }

    fn say(&self, word: Word) {
        if let State::Ready { worker, .. } = &self.0.borrow().state {
            let _ = worker.worker.post_message(&Array::of1(&word.name().into()));
        }
    }

    /// Lets so many others help it from now on.
    pub fn set_hands(&self, n_hands: usize) {
        self.0.borrow_mut().n_hands = n_hands;
        dismiss_hands(&self.0);
        call_hands(&self.0);
    }
}

fn try_to_start(inner: &Rc<RefCell<Inner>>) {
    let n_starts = inner.borrow().n_starts + 1;
    inner.borrow_mut().n_starts = n_starts;
    // Whoever listens must not be told of this worker once there is another one.
    let weak = Rc::downgrade(inner);
    let current = move || weak.upgrade().filter(|inner| inner.borrow().n_starts == n_starts);
    let fail = {
        let current = current.clone();
        move || {
            if let Some(inner) = current() {
                try_to_start(&inner);
            }
        }
    };
    let hear = {
        let current = current.clone();
        move |word: Word, body: JsValue| {
            let Some(inner) = current() else { return };
            match word {
                Word::Ready if body.as_string().as_deref() == Some(FORMAT) => be_ready(&inner),
                Word::Ready => try_to_start(&inner),
                Word::Progress | Word::Field => {
                    let on_event = inner.borrow().on_event.clone();
                    let bytes = Uint8Array::new(&body).to_vec();
                    on_event(if word == Word::Field {
                        WorkerEvent::Field(bytes)
                    } else {
                        WorkerEvent::Progress(bytes)
                    });
                }
                _ => {}
            }
        }
    };
    let started = (n_starts <= MOST_STARTS).then(|| Running::start(hear, fail.clone())).flatten();
    let state = if let Some(worker) = started {
        State::Waiting { _worker: worker, _deadline: Timeout::new(HANDSHAKE_MILLIS, fail) }
    } else {
        let tell = move || {
            if let Some(inner) = current() {
                let on_event = inner.borrow().on_event.clone();
                on_event(WorkerEvent::Lost);
            }
        };
        Timeout::new(0, tell).forget();
        State::Lost
    };
    // What was there before is dropped when nobody is being borrowed any more: it may be what has called.
    let before = std::mem::replace(&mut inner.borrow_mut().state, state);
    Timeout::new(0, move || drop(before)).forget();
}

fn be_ready(inner: &Rc<RefCell<Inner>>) {
    {
        let mut inner = inner.borrow_mut();
        inner.state = match std::mem::replace(&mut inner.state, State::Lost) {
            State::Waiting { _worker: worker, .. } => State::Ready { worker, hands: Vec::new() },
            other => other,
        };
    }
    let on_event = inner.borrow().on_event.clone();
    on_event(WorkerEvent::Ready);
    call_hands(inner);
}

/// Starts the workers that help, and makes each known to the first one when it is there.
fn call_hands(inner: &Rc<RefCell<Inner>>) {
    let n_hands = inner.borrow().n_hands;
    for _ in 0..n_hands {
        let index = if let State::Ready { hands, .. } = &inner.borrow().state { hands.len() } else { return };
        let weak = Rc::downgrade(inner);
        let lend = {
            let weak = weak.clone();
            move |word: Word, format: JsValue| {
                let Some(inner) = weak.upgrade() else { return };
                let inner = inner.borrow();
                let State::Ready { worker, hands } = &inner.state else { return };
                let Some(hand) = hands.get(index) else { return };
                if word != Word::Ready || format.as_string().as_deref() != Some(FORMAT) {
                    return;
                }
                let Ok(channel) = MessageChannel::new() else { return };
                hand.post(Word::Serve, &channel.port2(), &channel.port2());
                worker.post(Word::Lend, &channel.port1(), &channel.port1());
            }
        };
        let fail = move || {
            if let Some(inner) = weak.upgrade() {
                dismiss_hands(&inner);
            }
        };
        let hand = Running::start(lend, fail);
        if let (Some(hand), State::Ready { hands, .. }) = (hand, &mut inner.borrow_mut().state) {
            hands.push(hand);
        }
    }
}

/// Ends the workers that help.
fn dismiss_hands(inner: &Rc<RefCell<Inner>>) {
    if let State::Ready { worker, hands } = &mut inner.borrow_mut().state {
        if !hands.is_empty() {
            let _ = worker.worker.post_message(&Array::of1(&Word::Alone.name().into()));
        }
        let before = std::mem::take(hands);
        Timeout::new(0, move || drop(before)).forget();
    }
}
