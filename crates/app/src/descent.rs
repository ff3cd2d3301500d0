//! Slides 11 and 13 in the browser.

fn main() {
    piecewise_app::start(&piecewise_exhibits::DESCENT);
}
