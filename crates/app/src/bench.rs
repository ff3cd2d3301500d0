//! The page that measures, in the browser.

fn main() {
    piecewise_app::start_benchmarks();
}
