//! Piecewise in the browser: the contents, one page an exhibit, and what stands around them.

mod app;
mod benchmarks;
mod contents;
mod crash;
mod panel_view;
mod route;
mod stills;

use piecewise_exhibits::Part;
pub use stills::canvas;
use yew::html;

use crate::app::Program;

/// Starts the page with the exhibits of one part; the contents list all.
pub fn start(part: &'static Part) {
    render(Program { name: part.name, part: Some(part), own_page: |_| None });
}

/// Starts the page `#/bench`, which is in none of the parts because nobody needs it for a lecture.
pub fn start_benchmarks() {
    let own_page = |name: &str| (name == app::BENCH).then(|| html! { <benchmarks::Benchmarks /> });
    render(Program { name: app::BENCH, part: None, own_page });
}

fn render(program: Program) {
    crash::tell_the_page();
    stills::know(program.part);
    let mount =
        web_sys::window().and_then(|window| window.document()).and_then(|document| document.get_element_by_id("app"));
    if let Some(mount) = mount {
        // The sentence that stands there until the first paint.
        mount.set_inner_html("");
        yew::Renderer::<app::App>::with_root_and_props(mount, app::AppProps { program }).render();
    }
}
