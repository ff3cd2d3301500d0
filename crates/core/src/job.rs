//! Long work in slices, drivable from anywhere: between two frames of a page, in a worker, or in a plain loop.

/// Work that is done slice by slice. It knows no clock: who drives it measures how long slices take and chooses the next budget.
pub trait Job: Sized {
    /// What it starts from.
    type Input;
    /// How far it is.
    type Progress;
    /// What comes out.
    type Output;

    /// Takes the input; the work begins with the first [`Job::advance`].
    fn start(input: Self::Input) -> Self;

    /// Works on for about `budget` units, but always a little, so that even a budget of 0 comes to an end. A unit is about one
    /// multiplication with what belongs to it, a nanosecond or so. The result is the same however the work is cut. When it is done, calling
    /// again does nothing and says so again.
    fn advance(&mut self, budget: u64) -> Advance<Self::Progress, Self::Output>;

    /// Works until it is done, in slices of this budget.
    fn finish(mut self, budget: u64) -> Self::Output {
        loop {
            if let Advance::Done(output) = self.advance(budget) {
                return output;
            }
        }
    }
}

/// What [`Job::advance`] has to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advance<Progress, Output> {
    /// There is more to do.
    Progress(Progress),
    /// It is done.
    Done(Output),
}
