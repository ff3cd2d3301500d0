use std::rc::Rc;

use yew::Reducible;

/// How many steps can be undone.
const MOST_STEPS: usize = 200;

/// Edits of one gesture, such as one drag of one slider, are undone together.
pub type Gesture = u32;

/// What can happen to an undoable value.
pub enum Edit<T> {
    /// Changes the present. Edits that follow one another with the same gesture make one step.
    Change {
        /// What is done to it.
        change: Box<dyn FnOnce(&mut T)>,
        /// The gesture that the edit belongs to; none is a step by itself.
        gesture: Option<Gesture>,
    },
    /// Ends a gesture: the next edit is a step of its own.
    Rest,
    /// One step back.
    Undo,
    /// One step forward again.
    Redo,
    /// Another value from outside, such as another link; it can be undone.
    Replace(T),
}

impl<T> std::fmt::Debug for Edit<T> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::Change { .. } => "Change",
            Self::Rest => "Rest",
            Self::Undo => "Undo",
            Self::Redo => "Redo",
            Self::Replace(_) => "Replace",
        })
    }
}

/// A value with its past and its future. As a reducer, it takes edits rather than values, so that two edits in one frame
/// both count.
#[derive(Clone, Debug, PartialEq)]
pub struct History<T> {
    present: Rc<T>,
    past: Vec<Rc<T>>,
    future: Vec<Rc<T>>,
    gesture: Option<Gesture>,
}

impl<T: Clone + PartialEq> History<T> {
    /// A value without a past.
    pub fn new(present: T) -> Self {
        Self { present: Rc::new(present), past: Vec::new(), future: Vec::new(), gesture: None }
    }

    /// The value now.
    pub fn present(&self) -> &Rc<T> {
        &self.present
    }

    /// Whether there is a step to undo.
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    /// Whether there is an undone step.
    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }

    /// The history after an edit.
    #[must_use]
    pub fn after(&self, edit: Edit<T>) -> Self {
        let mut next = self.clone();
        match edit {
            Edit::Change { change, gesture } => {
                let mut present = (*self.present).clone();
                change(&mut present);
                if present != *self.present {
                    let continues = gesture.is_some() && gesture == self.gesture;
                    next.advance(present, continues);
                    next.gesture = gesture;
                }
            }
            Edit::Rest => next.gesture = None,
            Edit::Undo => {
                if let Some(previous) = next.past.pop() {
                    next.future.push(std::mem::replace(&mut next.present, previous));
                }
                next.gesture = None;
            }
            Edit::Redo => {
                if let Some(following) = next.future.pop() {
                    next.past.push(std::mem::replace(&mut next.present, following));
                }
                next.gesture = None;
            }
            Edit::Replace(present) => {
                if present != *self.present {
                    next.advance(present, false);
                }
                next.gesture = None;
            }
        }
        next
    }

    fn advance(&mut self, present: T, continues: bool) {
        let previous = std::mem::replace(&mut self.present, Rc::new(present));
        if !continues {
            self.past.push(previous);
            if self.past.len() > MOST_STEPS {
                self.past.remove(0);
            }
        }
        self.future.clear();
    }
}

impl<T: Clone + PartialEq> Reducible for History<T> {
    type Action = Edit<T>;

    fn reduce(self: Rc<Self>, edit: Edit<T>) -> Rc<Self> {
        Rc::new(self.after(edit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(amount: i32, gesture: Option<Gesture>) -> Edit<i32> {
        Edit::Change { change: Box::new(move |value| *value += amount), gesture }
    }

    #[test]
    fn a_drag_is_undone_at_once_and_two_drags_one_by_one() {
        let mut history = History::new(0);
        for edit in [add(1, Some(7)), add(1, Some(7)), Edit::Rest, add(1, Some(7)), add(1, Some(7))] {
            history = history.after(edit);
        }
        assert_eq!(**history.present(), 4);
        history = history.after(Edit::Undo);
        assert_eq!(**history.present(), 2);
        history = history.after(Edit::Undo);
        assert_eq!((**history.present(), history.can_undo()), (0, false));
        history = history.after(Edit::Redo).after(Edit::Redo);
        assert_eq!((**history.present(), history.can_redo()), (4, false));
    }

    #[test]
    fn an_edit_that_changes_nothing_is_no_step() {
        let history = History::new(5).after(add(0, None));
        assert!(!history.can_undo());
    }

    #[test]
    fn an_edit_after_an_undo_forgets_the_undone_future() {
        let history = History::new(0).after(add(1, None)).after(Edit::Undo).after(add(2, None));
        assert_eq!((**history.present(), history.can_redo()), (2, false));
    }
}
