//! Slides 4 to 6 in the browser.

fn main() {
    piecewise_app::start(&piecewise_exhibits::PIECES);
}
