use gloo_timers::callback::Timeout;
use yew::prelude::*;

/// Looks at the component again in a turn of its own, between two frames of the page, while there is something left to do. `so_far` says how
/// far it has come: whatever long work there is goes on where the component looks at it.
#[hook]
pub fn use_next_slice<D: PartialEq + 'static>(busy: bool, so_far: D) {
    let turn = use_state(|| 0_u64);
    use_effect_with((busy, so_far, *turn), move |&(busy, _, now)| {
        let next = busy.then(|| Timeout::new(0, move || turn.set(now + 1)));
        move || drop(next)
    });
}
