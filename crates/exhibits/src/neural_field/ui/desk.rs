//! Who paints: a worker off the page, or the page itself in slices where no worker starts.

use std::{cell::RefCell, rc::Rc};

use gloo_render::request_animation_frame;
use gloo_timers::callback::Timeout;
use piecewise_core::field::Field;
use yew::prelude::*;

use super::super::{LearntField, Order, Own, Painting, Params, Progress};
use crate::ui::{Worker, WorkerEvent};

/// How much the page does at a time, in units of a [`Painting`]: a few milliseconds, so that it draws every frame meanwhile.
const SLICE: u64 = 4_000_000;

/// The least time between two scenes that the page draws up itself, in milliseconds: they take longer than a slice.
const SCENE_MILLIS: f64 = 120.0;

/// Who is told a field.
pub(super) type OnField = Callback<Field>;

/// What has become of the run, always of these parameters or of those just before; the run itself goes on off the page, with so many workers. And
/// whom to ask for the field as it is.
#[hook]
pub(super) fn use_painting(params: &Rc<Params>, n_workers: usize) -> (Rc<Progress>, Callback<OnField>) {
    let progress = {
        let params = params.clone();
        use_state(move || Rc::new(Progress::before(&params)))
    };
    let desk = use_mut_ref(|| None::<Desk>);
    {
        let (desk, params, progress) = (desk.clone(), params.clone(), progress.setter());
        use_effect_with((), move |()| {
            *desk.borrow_mut() = Some(Desk::new((*params).clone(), n_workers, move |news| progress.set(Rc::new(news))));
            // The workers end with the exhibit.
            move || drop(desk.borrow_mut().take())
        });
    }
    {
        let desk = desk.clone();
        use_effect_with(params.clone(), move |params| {
            if let Some(desk) = &*desk.borrow() {
                desk.set(params);
            }
        });
    }
    {
        let desk = desk.clone();
        use_effect_with(n_workers, move |&n_workers| {
            if let Some(desk) = &*desk.borrow() {
                desk.set_workers(n_workers);
            }
        });
    }
    let on_field = {
        let desk = desk.clone();
        use_callback((), move |told: OnField, ()| {
            if let Some(desk) = &*desk.borrow() {
                desk.ask_for_field(&told);
            }
        })
    };
    // What was sent is drawn with the next frame; only then there is to be more.
    use_effect_with(Rc::as_ptr(&progress), move |_| {
        let frame = request_animation_frame(move |_time| {
            if let Some(desk) = &*desk.borrow() {
                desk.seen();
            }
        });
        move || drop(frame)
    });
    ((*progress).clone(), on_field)
}

/// Where orders go.
struct Desk(Rc<RefCell<Inner>>);

struct Inner {
    params: Params,
    n_workers: usize,
    seat: Seat,
    tell: Rc<dyn Fn(Progress)>,
    /// Who waits for a field.
    waiting: Vec<OnField>,
}

enum Seat {
    /// Nobody has started yet.
    Empty,
    /// It is done off the page, by somebody who knows this picture of one's own.
    Worker { worker: Worker, known: Own },
    /// It is done here.
    Page { painting: Box<Painting>, next: Option<Timeout>, told_at: f64 },
}

impl Desk {
    fn new(params: Params, n_workers: usize, tell: impl Fn(Progress) + 'static) -> Self {
        let inner = Inner { params, n_workers, seat: Seat::Empty, tell: Rc::new(tell), waiting: Vec::new() };
        let inner = Rc::new(RefCell::new(inner));
        let weak = Rc::downgrade(&inner);
        let worker = Worker::start(n_workers - 1, move |event| {
            if let Some(inner) = weak.upgrade() {
                hear(&inner, event);
            }
        });
        inner.borrow_mut().seat = Seat::Worker { worker, known: Own::default() };
        Self(inner)
    }

    fn set(&self, params: &Params) {
        let mut inner = self.0.borrow_mut();
        let before = std::mem::replace(&mut inner.params, params.clone());
        if before == *params {
            return;
        }
        if !before.shows_the_same_picture(params) {
            // What is there is of another picture.
            (inner.tell)(Progress::before(params));
        }
        inner.order();
        drop(inner);
        request_slice(&self.0);
    }

    fn set_workers(&self, n_workers: usize) {
        let mut inner = self.0.borrow_mut();
        if std::mem::replace(&mut inner.n_workers, n_workers) != n_workers
            && let Seat::Worker { worker, .. } = &inner.seat
        {
            worker.set_hands(n_workers - 1);
        }
    }

    fn ask_for_field(&self, told: &OnField) {
        let here = {
            let mut inner = self.0.borrow_mut();
            match &inner.seat {
                Seat::Page { painting, .. } => Some(painting.run().training().field().clone()),
                Seat::Worker { worker, .. } => {
                    worker.ask_for_field();
                    inner.waiting.push(told.clone());
                    None
                }
                Seat::Empty => None,
            }
        };
        if let Some(field) = here {
            told.emit(field);
        }
    }

    fn seen(&self) {
        if let Seat::Worker { worker, .. } = &self.0.borrow().seat {
            worker.seen();
        }
    }
}

impl Inner {
    fn order(&mut self) {
        match &mut self.seat {
            Seat::Empty => {}
            Seat::Worker { worker, known } => {
                worker.order(&Order::new(&self.params, known).to_bytes());
                *known = self.params.own.clone();
            }
            Seat::Page { painting, .. } => {
                painting.set(self.params.clone());
            }
        }
    }
}

fn hear(inner: &Rc<RefCell<Inner>>, event: WorkerEvent) {
    match event {
        WorkerEvent::Ready => {
            let mut inner = inner.borrow_mut();
            if let Seat::Worker { known, .. } = &mut inner.seat {
                *known = Own::default();
            }
            inner.order();
        }
        WorkerEvent::Progress(bytes) => {
            let tell = inner.borrow().tell.clone();
            if let Some(progress) = Progress::read(&bytes) {
                tell(progress);
            }
        }
        WorkerEvent::Field(bytes) => {
            let waiting = std::mem::take(&mut inner.borrow_mut().waiting);
            if let Some(field) = LearntField::read(&bytes) {
                for told in waiting {
                    told.emit(field.clone());
                }
            }
        }
        WorkerEvent::Lost => {
            let painting = Box::new(Painting::new(inner.borrow().params.clone()));
            let before =
                std::mem::replace(&mut inner.borrow_mut().seat, Seat::Page { painting, next: None, told_at: 0.0 });
            drop(before);
            request_slice(inner);
        }
    }
}

/// Has the page go on between two of its frames, where it is the page that computes.
fn request_slice(inner: &Rc<RefCell<Inner>>) {
    let weak = Rc::downgrade(inner);
    if let Seat::Page { next, .. } = &mut inner.borrow_mut().seat {
        *next = Some(Timeout::new(0, move || {
            if let Some(inner) = weak.upgrade() {
                slice(&inner);
            }
        }));
    }
}

fn slice(inner: &Rc<RefCell<Inner>>) {
    let (news, is_busy) = {
        let mut inner = inner.borrow_mut();
        let Seat::Page { painting, told_at, .. } = &mut inner.seat else { return };
        if painting.is_busy() {
            painting.advance(SLICE);
        }
        let (is_busy, now) = (painting.is_busy(), now());
        let is_time = !is_busy || now - *told_at >= SCENE_MILLIS;
        let news = is_time.then(|| painting.progress(false, None));
        if is_time {
            *told_at = now;
        }
        (news, is_busy)
    };
    let tell = inner.borrow().tell.clone();
    if let Some(news) = news {
        tell(news);
    }
    if is_busy {
        request_slice(inner);
    }
}

/// Milliseconds since the page was opened.
fn now() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now())
}
