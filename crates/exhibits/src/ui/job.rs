use std::{
    cell::{Ref, RefCell},
    rc::Rc,
};

use piecewise_core::job::{Advance, Job};
use yew::prelude::*;

use super::use_next_slice;

/// How much of a job is done at a time, in multiplications: some milliseconds, so that the page draws every frame meanwhile.
const SLICE: u64 = 6_000_000;

/// A job on its way; made by [`use_job`].
pub struct JobHandle<J> {
    job: Rc<RefCell<J>>,
    slices: u64,
    done: bool,
}

impl<J> std::fmt::Debug for JobHandle<J> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("JobHandle").field("slices", &self.slices).field("done", &self.done).finish_non_exhaustive()
    }
}

impl<J> Clone for JobHandle<J> {
    fn clone(&self) -> Self {
        Self { job: self.job.clone(), ..*self }
    }
}

/// Two handles are equal when they are of the same job and have come equally far.
impl<J> PartialEq for JobHandle<J> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.job, &other.job) && (self.slices, self.done) == (other.slices, other.done)
    }
}

impl<J> JobHandle<J> {
    /// Whether there is nothing left to do.
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// The job, as far as it is.
    pub fn job(&self) -> Ref<'_, J> {
        self.job.borrow()
    }
}

/// A job in slices between the frames of the page, while there is an input. Another input begins another job and drops the one that was.
#[hook]
pub fn use_job<J>(input: Option<J::Input>) -> Option<JobHandle<J>>
where
    J: Job + 'static,
    J::Input: Clone + PartialEq + 'static,
{
    use_job_while(true, input)
}

/// The same, but the job rests where it is unless `running`: for what is not always seen.
#[hook]
pub fn use_job_while<J>(running: bool, input: Option<J::Input>) -> Option<JobHandle<J>>
where
    J: Job + 'static,
    J::Input: Clone + PartialEq + 'static,
{
    let begun = use_memo(input, |input| {
        let job = input.clone().map(J::start)?;
        Some((Rc::new(RefCell::new(job)), RefCell::new((0, false))))
    });
    let handle = begun.as_ref().as_ref().map(|(job, state)| {
        let mut state = state.borrow_mut();
        if running && !state.1 {
            let done = matches!(job.borrow_mut().advance(SLICE), Advance::Done(_));
            *state = (state.0 + 1, done);
        }
        JobHandle { job: job.clone(), slices: state.0, done: state.1 }
    });
    use_next_slice(running && handle.as_ref().is_some_and(|handle| !handle.done), handle.clone());
    handle
}
