use std::{cell::RefCell, ops::Range, rc::Rc};

use js_sys::{Array, Float32Array, Uint8Array};
use piecewise_core::field::Tally;
use piecewise_exhibits::{
    neural_field::{LearntField, Order, Own, Painting},
    worker::Word,
};
use wasm_bindgen::JsValue;
use web_sys::{DedicatedWorkerGlobalScope, MessageChannel, MessagePort};

use crate::{
    hear,
    message::Message,
    shards::{Answer, Ask, Ticket},
};

/// How much is done between two looks at what has been said meanwhile, in units of a [`Painting`]: about ten milliseconds.
const SLICE: u64 = 8_000_000;

/// The least time between two scenes, in milliseconds: of every second frame.
const SCENE_MILLIS: f64 = 30.0;

/// The same where others help: then the page, which draws them, may have no core for itself.
const SHARED_SCENE_MILLIS: f64 = 65.0;

/// A scene is drawn up only when this many times as long was spent on the run as on the last scene.
const WORK_PER_SCENE: f64 = 4.0;

/// The least time between two looks at linear regions, in milliseconds.
const REGIONS_MILLIS: f64 = 250.0;

/// A worker that runs a painting for the page.
pub(crate) struct Lead {
    scope: DedicatedWorkerGlobalScope,
    /// What is sent here comes back in a turn of its own, behind what has been said meanwhile.
    turns: MessagePort,
    has_turn: bool,
    painting: Option<Painting>,
    /// A picture of one's own that the page has sent.
    own: Own,
    hands: Vec<Hand>,
    ticket: Ticket,
    /// The step that is being shared out.
    shared: Option<Shared>,
    /// Whether there is something that the page has not been sent.
    has_news: bool,
    /// Whether the page has drawn what it was sent.
    seen: bool,
    scene: Clock,
    regions: Clock,
    pace: Pace,
}

/// Another worker that computes parts of steps.
struct Hand {
    port: MessagePort,
    /// Arrays that came back from it.
    spare: Option<(Float32Array, Float32Array)>,
}

/// A step whose parts are computed by several workers.
struct Shared {
    parts: Vec<Option<(Tally, Vec<f32>)>>,
    /// Which parts each of the hands computes.
    ranges: Vec<Range<usize>>,
    begun: f64,
}

/// When something was done last, and how long it took, in milliseconds.
#[derive(Clone, Copy, Default)]
struct Clock {
    at: f64,
    took: f64,
}

/// How long steps take.
#[derive(Clone, Copy, Default)]
struct Pace {
    steps: f64,
    seconds: f64,
}

impl Pace {
    /// What lies back counts less and less: other things may run on the machine by now.
    fn note(&mut self, steps: f64, millis: f64) {
        if self.seconds > 1.0 {
            (self.steps, self.seconds) = (self.steps / 2.0, self.seconds / 2.0);
        }
        self.steps += steps;
        self.seconds += millis / 1e3;
    }

    fn seconds_per_step(self) -> Option<f64> {
        (self.steps > 0.0).then(|| self.seconds / self.steps)
    }
}

/// Milliseconds since the worker was started.
fn now() -> f64 {
    thread_local! {
        static PERFORMANCE: Option<web_sys::Performance> =
            wasm_bindgen::JsCast::unchecked_into::<DedicatedWorkerGlobalScope>(js_sys::global()).performance();
    }
    PERFORMANCE.with(|performance| performance.as_ref().map_or(0.0, web_sys::Performance::now))
}

impl Lead {
    pub(crate) fn new(scope: DedicatedWorkerGlobalScope) -> Rc<RefCell<Self>> {
        let channel = MessageChannel::new().expect("a worker has channels");
        let lead = Self {
            scope,
            turns: channel.port1(),
            has_turn: false,
            painting: None,
            own: Own::default(),
            hands: Vec::new(),
            ticket: 0,
            shared: None,
            has_news: false,
            seen: true,
            scene: Clock::default(),
            regions: Clock::default(),
            pace: Pace::default(),
        };
        let lead = Rc::new(RefCell::new(lead));
        let mine = lead.clone();
        hear(&channel.port2(), move |_| {
            let mut lead = mine.borrow_mut();
            lead.has_turn = false;
            lead.work();
        });
        lead
    }

    /// Does what the page says.
    pub(crate) fn take(this: &Rc<RefCell<Self>>, message: Message) {
        match message {
            Message::Order(bytes) => this.borrow_mut().order(&bytes),
            Message::Seen => {
                let mut lead = this.borrow_mut();
                lead.seen = true;
                lead.tell();
                // There may be nothing left to do but to find out how long more would take.
                lead.request_turn();
            }
            Message::Field => {
                let lead = this.borrow();
                if let Some(painting) = &lead.painting {
                    let field = painting.run().training().field();
                    lead.send(Word::Field, &LearntField::of(field).to_bytes());
                }
            }
            Message::Lend(port) => {
                let index = this.borrow().hands.len();
                let mine = this.clone();
                hear(&port, move |data| {
                    if let Some(answer) = Answer::read(&data) {
                        mine.borrow_mut().collect(index, answer);
                    }
                });
                let mut lead = this.borrow_mut();
                if let Some(painting) = &lead.painting {
                    begin(&port, painting);
                }
                lead.hands.push(Hand { port, spare: None });
            }
            Message::Alone => {
                let mut lead = this.borrow_mut();
                // Their answers are to be nobody's: an index may be given to another hand.
                lead.ticket += 1;
                lead.hands.clear();
                lead.shared = None;
                lead.request_turn();
            }
            Message::Serve(_) => {}
        }
    }

    fn order(&mut self, bytes: &[u8]) {
        let Some(order) = Order::read(bytes) else { return };
        let params = order.into_params(&self.own);
        self.own = params.own.clone();
        let goes_on = if let Some(painting) = &mut self.painting {
            painting.set(params)
        } else {
            self.painting = Some(Painting::new(params));
            false
        };
        // Whatever was being computed may be of another step now.
        (self.shared, self.ticket) = (None, self.ticket + 1);
        if !goes_on {
            (self.pace, self.regions) = (Pace::default(), Clock::default());
            if let Some(painting) = &self.painting {
                self.hands.iter().for_each(|hand| begin(&hand.port, painting));
            }
        }
        self.has_news = true;
        self.request_turn();
    }

    fn send(&self, word: Word, bytes: &[u8]) {
        let bytes = Uint8Array::from(bytes);
        let handed = Array::of1(&bytes.buffer());
        let _ = self.scope.post_message_with_transfer(&Array::of2(&word.name().into(), &bytes), &handed);
    }

    fn request_turn(&mut self) {
        if !self.has_turn {
            self.has_turn = self.turns.post_message(&JsValue::NULL).is_ok();
        }
    }

    /// Goes on with the run a little.
    fn work(&mut self) {
        let Some(painting) = &mut self.painting else { return };
        if self.shared.is_some() {
            // It goes on when the last part is there.
            return;
        }
        if painting.can_share() && !self.hands.is_empty() {
            self.share_out();
            return;
        }
        if painting.is_busy() {
            let (step, share, begun) = (painting.n_steps(), painting.run().training().share_of_step(), now());
            painting.advance(SLICE);
            let done = painting.n_steps() as f64 + painting.run().training().share_of_step() - (step as f64 + share);
            // On the way back, states are looked up rather than computed.
            if done > 0.0 {
                self.pace.note(done, now() - begun);
            }
            self.has_news = true;
        } else if self.pace.seconds_per_step().is_none() && !self.has_news && self.seen {
            // How long would it take to go on?
            let begun = now();
            let done = painting.try_out(SLICE);
            self.pace.note(done, now() - begun);
            self.has_news = true;
        }
        self.tell();
        let painting = self.painting.as_ref();
        let is_busy = painting.is_some_and(Painting::is_busy);
        if is_busy || self.pace.seconds_per_step().is_none() && self.seen && !self.has_news {
            self.request_turn();
        }
    }

    /// Has the parts of the next step computed, its own ones here and the others by the hands.
    fn share_out(&mut self) {
        let Some(painting) = &mut self.painting else { return };
        let begun = now();
        let (n_parts, n_workers) = (painting.params().n_shards(), self.hands.len() + 1);
        let range = |worker: usize| n_parts * worker / n_workers..n_parts * (worker + 1) / n_workers;
        let (step, parameters) = (painting.n_steps(), painting.run().training().field().parameters());
        let n = parameters.len() as u32;
        self.ticket += 1;
        let ranges: Vec<Range<usize>> = (1..n_workers).map(range).collect();
        for (hand, range) in self.hands.iter_mut().zip(&ranges) {
            let fits = |(a, b): &(Float32Array, Float32Array)| a.length() == n && b.length() == n * range.len() as u32;
            let (to, gradients) = hand.spare.take().filter(fits).unwrap_or_else(|| {
                (Float32Array::new_with_length(n), Float32Array::new_with_length(n * range.len() as u32))
            });
            to.copy_from(parameters);
            let Range { start: from, end } = *range;
            Ask::Part { ticket: self.ticket, step, from, to: end, parameters: to, gradients }.post(&hand.port);
        }
        let mut parts = vec![None; n_parts];
        for part in range(0) {
            let mut gradient = vec![0.0; n as usize];
            parts[part] = Some((painting.shard(part, &mut gradient), gradient));
        }
        self.shared = Some(Shared { parts, ranges, begun });
    }

    /// Takes what a hand has computed; with the last part, the step is taken.
    fn collect(&mut self, hand: usize, answer: Answer) {
        let Answer { ticket, tallies, parameters, gradients } = answer;
        if ticket != self.ticket {
            return;
        }
        let (Some(shared), Some(painting)) = (&mut self.shared, &mut self.painting) else { return };
        let n = painting.run().training().field().parameters().len();
        let mut values = vec![0.0; gradients.length() as usize];
        gradients.copy_to(&mut values);
        for ((part, tally), gradient) in shared.ranges[hand].clone().zip(tallies).zip(values.chunks_exact(n)) {
            shared.parts[part] = Some((tally, gradient.to_vec()));
        }
        self.hands[hand].spare = Some((parameters, gradients));
        let parts: Option<Vec<(Tally, &[f32])>> = shared
            .parts
            .iter()
            .map(|part| part.as_ref().map(|(tally, gradient)| (*tally, gradient.as_slice())))
            .collect();
        if let Some(parts) = parts {
            painting.step_with(&parts);
            self.pace.note(1.0, now() - shared.begun);
            (self.shared, self.has_news) = (None, true);
            self.tell();
            self.work();
        }
    }

    /// Sends the page a scene, where there is something new and the page has drawn the last one. On the way not more often than is of use.
    fn tell(&mut self) {
        let Some(painting) = &mut self.painting else { return };
        let since = now() - self.scene.at;
        let least = if self.hands.is_empty() { SCENE_MILLIS } else { SHARED_SCENE_MILLIS };
        let is_early = since < least.max(WORK_PER_SCENE * self.scene.took);
        if !self.has_news || !self.seen || (painting.is_busy() && is_early) {
            return;
        }
        let begun = now();
        let with_regions = begun - self.regions.at >= REGIONS_MILLIS.max(WORK_PER_SCENE * self.regions.took);
        let progress = painting.progress(with_regions, self.pace.seconds_per_step());
        let bytes = progress.to_bytes();
        self.send(Word::Progress, &bytes);
        let done = Clock { at: now(), took: now() - begun };
        if with_regions {
            self.regions = done;
        } else {
            self.scene.took = done.took;
        }
        (self.scene.at, self.has_news, self.seen) = (done.at, false, false);
    }
}

/// Tells a hand what the run is.
fn begin(port: &MessagePort, painting: &Painting) {
    Ask::Begin(Order::new(painting.params(), &Own::default()).to_bytes()).post(port);
}
