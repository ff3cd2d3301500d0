//! The page `#/bench`: how fast this browser computes, on the lists of networks that the native benches have as well.

mod contest;
mod measurement;
mod table;

use yew::prelude::*;

use self::contest::{FIELDS, REGIONS};
use self::table::Table;

/// The page.
#[component]
pub(crate) fn Benchmarks() -> Html {
    html! {
        <article class="bench">
            <header class="claim">
                <h1>{ "How fast is this browser?" }</h1>
                <p>{ "Times are medians; they are also given as multiples of R, one product of two 192 × 192 matrices by plain loops, measured by turns with them, since milliseconds say little when machines differ." }</p>
            </header>
            <Table contest={&REGIONS} />
            <Table contest={&FIELDS} />
        </article>
    }
}
