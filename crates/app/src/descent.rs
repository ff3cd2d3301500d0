//! Slides 10 to 14 in the browser.

fn main() {
    piecewise_app::start(&piecewise_exhibits::DESCENT);
}
