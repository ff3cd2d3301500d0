//! Slides 3 to 6 in the browser.

fn main() {
    piecewise_app::start(&piecewise_exhibits::NETWORKS);
}
