//! Slide 9 in the browser.

fn main() {
    piecewise_app::start(&piecewise_exhibits::FIELDS);
}
