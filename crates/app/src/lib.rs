//! Piecewise in the browser: the contents, one page an exhibit, and what stands around them.

mod app;
mod contents;
mod crash;
mod route;

use piecewise_exhibits::Part;

/// Starts the page with the exhibits of one part; the contents list all.
pub fn start(part: &'static Part) {
    crash::tell_the_page();
    let mount =
        web_sys::window().and_then(|window| window.document()).and_then(|document| document.get_element_by_id("app"));
    if let Some(mount) = mount {
        // The sentence that stands there until the first paint.
        mount.set_inner_html("");
        yew::Renderer::<app::App>::with_root_and_props(mount, app::AppProps { part }).render();
    }
}
