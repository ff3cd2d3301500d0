//! Polytopes in the browser.

fn main() {
    piecewise_app::start(&piecewise_exhibits::SPACE);
}
