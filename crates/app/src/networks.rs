//! Slide 3 in the browser.

fn main() {
    piecewise_app::start(&piecewise_exhibits::NETWORKS);
}
