//! The page in a real browser: what a person sees, drags, types and links. One file an exhibit, and one for the site around them.
//!
//! Every test ends with an empty console: no error, no warning, no file that was not found.

mod backprop;
mod embedding;
mod every_exhibit;
mod folding;
mod gradient_descent;
mod linear_pieces;
mod loss;
mod network;
mod neural_field;
mod neural_field_births;
mod neural_field_files;
mod polytopes;
mod print;
mod regions;
mod share;
mod single;
mod site;
mod slides;
mod steep_step;
mod symmetry;

use piecewise_tests::browser::Page;

/// WebDriver's codes of keys.
pub(crate) mod key {
    pub(crate) const ENTER: char = '\u{E007}';
    pub(crate) const TAB: char = '\u{E004}';
    pub(crate) const SHIFT: char = '\u{E008}';
    pub(crate) const CONTROL: char = '\u{E009}';
    pub(crate) const DELETE: char = '\u{E017}';
    pub(crate) const ALT: char = '\u{E00A}';
    pub(crate) const ESCAPE: char = '\u{E00C}';
    pub(crate) const PAGE_UP: char = '\u{E00E}';
    pub(crate) const PAGE_DOWN: char = '\u{E00F}';
    pub(crate) const LEFT: char = '\u{E012}';
    pub(crate) const UP: char = '\u{E013}';
    pub(crate) const RIGHT: char = '\u{E014}';
    pub(crate) const DOWN: char = '\u{E015}';
}

/// The centre of an element, in CSS pixels of the page.
pub(crate) async fn center(page: &Page, selector: &str) -> [f64; 2] {
    let script = format!(
        "const b = document.querySelector({selector:?}).getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]"
    );
    let value = page.eval(&script).await;
    [0, 1].map(|i| value[i].as_f64().expect("a coordinate"))
}

pub(crate) async fn fragment(page: &Page) -> String {
    page.text("return location.hash").await
}

/// How many frames a drag of the mouse took and how many of them redrew the busiest canvas of the page; half of the gaps between
/// frames, and 19 of 20, are at most so long, in milliseconds.
pub(crate) struct Frames {
    pub(crate) n_seen: f64,
    pub(crate) n_redrawn: f64,
    pub(crate) p50_millis: f64,
    pub(crate) p95_millis: f64,
}

/// Drags from one point to another and counts the frames meanwhile.
pub(crate) async fn frames_of_drag(page: &Page, from: [f64; 2], to: [f64; 2]) -> Frames {
    page.eval(
        "window.frames_ = []; window.draws_ = []; window.sampling_ = true; \
         const drawn = [...document.querySelectorAll('canvas')].map(c => [c, Number(c.dataset.draws)]); \
         const most = () => Math.max(...drawn.map(([c, before]) => Number(c.dataset.draws) - before)); \
         const tick = t => { window.frames_.push(t); window.draws_.push(most()); \
         if (window.sampling_) requestAnimationFrame(tick) }; requestAnimationFrame(tick)",
    )
    .await;
    page.drag(from, to, 130).await;
    let drawn = page
        .eval(
            "const f = window.frames_, d = window.draws_; window.sampling_ = false; \
             const first = d.findIndex(n => n > d[0]), last = d.findLastIndex((n, i) => i > 0 && n > d[i - 1]); \
             const gaps = []; for (let i = first + 1; i <= last; i++) gaps.push(f[i] - f[i - 1]); \
             gaps.sort((a, b) => a - b); const at = q => gaps[Math.floor(q * (gaps.length - 1))]; \
             return [gaps.length, d[last] - d[first], at(0.5), at(0.95)]",
        )
        .await;
    let value = |i: usize| drawn[i].as_f64().expect("a number");
    Frames { n_seen: value(0), n_redrawn: value(1), p50_millis: value(2), p95_millis: value(3) }
}

impl std::fmt::Display for Frames {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { n_seen, n_redrawn, p50_millis, p95_millis } = self;
        write!(out, "{n_seen} frames, {n_redrawn} redrawn, p50 {p50_millis:.1} ms, p95 {p95_millis:.1} ms")
    }
}
