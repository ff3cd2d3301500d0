//! Slides 3 to 8 in the browser.

fn main() {
    piecewise_app::start(&piecewise_exhibits::SHAPES);
}
