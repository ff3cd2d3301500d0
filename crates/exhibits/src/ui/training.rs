use std::{
    cell::{Ref, RefCell},
    rc::Rc,
};

use piecewise_core::train::{Divergence, Objective, Training};
use yew::prelude::*;

use super::use_next_slice;

/// How much of a run is done at a time, in multiplications: a few milliseconds, so that the page draws every frame meanwhile.
const SLICE: u64 = 4_000_000;

/// A run on its way to a step; made by [`use_training`].
pub struct TrainingHandle<O> {
    training: Rc<RefCell<Training<O>>>,
    reached: u64,
    until: u64,
    divergence: Option<Divergence>,
}

impl<O> std::fmt::Debug for TrainingHandle<O> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("TrainingHandle").field("reached", &self.reached).finish_non_exhaustive()
    }
}

impl<O> Clone for TrainingHandle<O> {
    fn clone(&self) -> Self {
        Self { training: self.training.clone(), ..*self }
    }
}

/// Two handles are equal when they are of the same run and have come equally far.
impl<O> PartialEq for TrainingHandle<O> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.training, &other.training)
            && (self.reached, self.until, self.divergence) == (other.reached, other.until, other.divergence)
    }
}

impl<O: Objective> TrainingHandle<O> {
    /// How many steps were taken.
    pub fn reached(&self) -> u64 {
        self.reached
    }

    /// Whether there are steps still to be taken.
    pub fn is_busy(&self) -> bool {
        self.reached < self.until && self.divergence.is_none()
    }

    /// Why no further step can be taken.
    pub fn divergence(&self) -> Option<Divergence> {
        self.divergence
    }

    /// The run, where it has come to.
    pub fn training(&self) -> Ref<'_, Training<O>> {
        self.training.borrow()
    }

    /// Looks at the run with leave to compute on it, such as its loss.
    pub fn with<T>(&self, look: impl FnOnce(&mut Training<O>) -> T) -> T {
        look(&mut self.training.borrow_mut())
    }
}

/// A run from `origin` to the step `until`, in slices between the frames of the page. A short run is there at once; of a long one every
/// slice is shown. Another origin begins another run and drops the one that was; an earlier step goes back, exactly.
#[hook]
pub fn use_training<K, O>(origin: &K, make: fn(&K) -> Training<O>, until: u64) -> TrainingHandle<O>
where
    K: Clone + PartialEq + 'static,
    O: Objective + 'static,
{
    let training = use_memo(origin.clone(), move |origin| RefCell::new(make(origin)));
    let divergence = training.borrow_mut().advance_to(until, SLICE).err();
    let reached = training.borrow().n_steps();
    let handle = TrainingHandle { training, reached, until, divergence };
    use_next_slice(handle.is_busy(), handle.clone());
    handle
}
