//! Piecewise in the browser: the contents, one page an exhibit, and what stands around them.

mod app;
mod contents;
mod crash;
mod route;

fn main() {
    crash::tell_the_page();
    let mount =
        web_sys::window().and_then(|window| window.document()).and_then(|document| document.get_element_by_id("app"));
    if let Some(mount) = mount {
        // The sentence that stands there until the first paint.
        mount.set_inner_html("");
        yew::Renderer::<app::App>::with_root(mount).render();
    }
}
