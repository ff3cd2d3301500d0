//! Slides 7, 10 and 14 in the browser.

fn main() {
    piecewise_app::start(&piecewise_exhibits::LOSSES);
}
