//! The exhibit `neural-field`.

use piecewise_exhibits::{
    link,
    neural_field::{Params, compute},
};
use piecewise_tests::browser::Page;

use crate::{center, fragment, key};

const PSNR: &str = "return document.querySelector('[data-count=psnr] strong').textContent";
const STATUS: &str = "document.querySelector('.playback .status').textContent";
const VERDICT: &str = "return document.querySelector('.neural-field-verdict').textContent";

async fn psnr(page: &Page) -> f64 {
    let text = page.text(PSNR).await;
    text.trim_end_matches(" dB").replace('−', "-").parse().expect("a number of decibels")
}

#[tokio::test]
async fn a_run_sharpens_the_picture_and_a_step_back_returns_exactly() {
    let page = Page::open("#/neural-field?steps=0", 1280, 900, false).await;
    fingerprint_at(&page, 0).await;
    let before = psnr(&page).await;
    page.eval("document.querySelector('.playback .run').click()").await;
    page.until(&format!("return parseInt({STATUS}.slice(5)) >= 20")).await;
    page.eval("document.querySelector('.playback .run').click()").await;
    page.until("return document.querySelector('.playback').ariaBusy !== 'true'").await;
    let after = psnr(&page).await;
    assert!(after > before + 2.0, "from {before} to {after} dB");

    // A step forth and back shows the same numbers again, all of them.
    let meters = "return document.querySelector('.neural-field-numbers .counters').textContent";
    let here = page.text(meters).await;
    let step = page.number("return Number(document.querySelector('.neural-field-numbers').dataset.step)").await as u64;
    page.eval("document.querySelector('.playback [aria-label=\"One step\"]').click()").await;
    fingerprint_at(&page, step + 1).await;
    page.eval("document.querySelector('.playback [aria-label=\"One step back\"]').click()").await;
    fingerprint_at(&page, step).await;
    assert_eq!(page.text(meters).await, here);
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn a_run_that_is_stuck_says_why_and_a_button_mends_it() {
    let page = Page::open("#/neural-field?start=zero", 1280, 900, false).await;
    page.until(&format!("{VERDICT}.includes('All weights are 0')")).await;
    page.eval("document.querySelector('.neural-field-verdict button').click()").await;
    // The run that was stuck stays to be compared with.
    page.until(&format!(
        "{PSNR} !== '14.34 dB' && parseFloat(document.querySelector('[data-count=psnr] strong').textContent) > 20"
    ))
    .await;
    assert!(page.text("return document.querySelector('.legend').textContent").await.contains("the run that was kept"));
    page.eval("[...document.querySelectorAll('button')].find(b => b.textContent.includes('Undo')).click()").await;
    page.until(&format!("{VERDICT}.includes('All weights are 0')")).await;
    page.go("#/neural-field?start=born-dead").await;
    page.until(&format!("{VERDICT}.includes('dead at birth')")).await;
    page.go("#/neural-field?start=constant").await;
    page.until(&format!("{PSNR} === '14.63 dB'")).await;
    page.assert_console_is_empty().await;
    page.close().await;
}

/// Lets the tests see the workers of the page: how many are alive, and the last one. The page is at the contents meanwhile.
const WATCH: &str = "location.hash = '#/'; const Real = window.Worker; window.alive_ = 0; window.started_ = 0; \
    window.Worker = class extends Real { \
      constructor(...args) { super(...args); window.alive_ += 1; window.started_ += 1; window.last_ = this } \
      terminate() { window.alive_ -= 1; super.terminate() } }";

const FINGERPRINT: &str = "document.querySelector('.neural-field-numbers').dataset.fingerprint";

/// Waits until the run is at this step, and gives the fingerprint of what it paints there.
async fn fingerprint_at(page: &Page, step: u64) -> String {
    page.until(&format!("return document.querySelector('.neural-field-numbers')?.dataset.step === '{step}'")).await;
    page.until("return document.querySelector('.playback').ariaBusy !== 'true'").await;
    page.text(&format!("return {FINGERPRINT}")).await
}

/// What is computed here, natively.
fn native(state: &str) -> String {
    format!("{:016x}", compute(&link::read::<Params>(state).params).fingerprint())
}

#[tokio::test]
async fn one_worker_or_several_or_none_paint_the_same_bits_as_the_command_line() {
    for (state, step) in
        [("", 300), ("start=siren&size=64&steps=20", 20), ("size=64&width=64&steps=25&edits=10,0.0005", 25)]
    {
        let expected = native(state);
        let page = Page::open(&format!("#/neural-field?{state}"), 1280, 900, false).await;
        assert_eq!(fingerprint_at(&page, step).await, expected, "{state}");
        // Three workers from the first step on.
        page.eval("document.querySelector('.neural-field-more').open = true; const s = document.querySelector('select[aria-label=workers]'); \
            s.selectedIndex = 2; s.dispatchEvent(new Event('change', { bubbles: true })); \
            document.querySelector('.playback [aria-label=\"Back to the start\"]').click()").await;
        fingerprint_at(&page, 0).await;
        page.eval(&format!("const r = document.querySelector('.playback input'); r.value = {step}; \
            r.dispatchEvent(new Event('input', {{ bubbles: true }})); r.dispatchEvent(new Event('change', {{ bubbles: true }}))")).await;
        assert_eq!(fingerprint_at(&page, step).await, expected, "{state}, three workers");
        // No worker at all: then the page does it.
        page.eval(&format!("{WATCH}; window.Worker = class {{ constructor() {{ throw new Error('none') }} }}")).await;
        page.until("return document.querySelector('.neural-field-numbers') === null").await;
        page.eval(&format!("location.hash = '#/neural-field?{state}'")).await;
        assert_eq!(fingerprint_at(&page, step).await, expected, "{state}, no worker");
        page.assert_console_is_empty().await;
        page.close().await;
    }
}

#[tokio::test]
async fn leaving_the_exhibit_ends_its_workers_and_a_crash_starts_another_one() {
    let page = Page::open("#/neural-field", 1280, 900, false).await;
    fingerprint_at(&page, 300).await;
    page.eval(WATCH).await;
    page.until("return document.querySelector('.neural-field-numbers') === null").await;
    page.eval("location.hash = '#/neural-field?steps=120'").await;
    let expected = native("steps=120");
    assert_eq!(fingerprint_at(&page, 120).await, expected);
    let started = page.number("return window.started_").await;
    assert!(started >= 1.0);
    assert_eq!(page.number("return window.alive_").await, started);

    // It falls over in the middle of a run: nothing is lost.
    page.eval(
        "window.last_.dispatchEvent(new Event('error', { cancelable: true })); \
        document.querySelector('.playback [aria-label=\"One step\"]').click()",
    )
    .await;
    assert_eq!(fingerprint_at(&page, 121).await, native("steps=121"));
    assert!(page.number("return window.started_").await > started);

    page.eval("location.hash = '#/'").await;
    page.until("return window.alive_ === 0").await;
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn frames_keep_coming_while_a_run_goes_on() {
    let page = Page::open("#/neural-field?size=64&width=64&steps=0", 1280, 900, false).await;
    fingerprint_at(&page, 0).await;
    page.eval("const r = document.querySelector('.playback input'); r.value = 2000; r.dispatchEvent(new Event('input', { bubbles: true })); \
        window.gaps_ = []; window.long_ = 0; let last = performance.now(); \
        new PerformanceObserver(list => window.long_ += list.getEntries().length).observe({ type: 'longtask' }); \
        const tick = now => { window.gaps_.push(now - last); last = now; if (window.gaps_.length < 200) requestAnimationFrame(tick) }; \
        requestAnimationFrame(tick)").await;
    page.until("return window.gaps_.length === 200").await;
    let step = page.number("return Number(document.querySelector('.neural-field-numbers').dataset.step)").await;
    let at = |share: f64| {
        format!("const g = [...window.gaps_].sort((a, b) => a - b); return g[Math.floor({share} * (g.length - 1))]")
    };
    let (middle, late) = (page.number(&at(0.5)).await, page.number(&at(0.95)).await);
    let long = page.number("return window.long_").await;
    println!(
        "200 frames while a run took {step} steps: p50 {middle:.1} ms, p95 {late:.1} ms, {long} tasks of the page over 50 ms"
    );
    assert!(step > 0.0, "it goes on meanwhile");
    // What a busy machine does to frames is none of a test's business, but a page that computes by itself would be far worse.
    assert!(late < 250.0, "{late} ms");
    page.eval("document.querySelector('.neural-field-way button').click()").await;
    page.until("return document.querySelector('.playback').ariaBusy !== 'true'").await;
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn the_learning_rate_can_be_changed_from_a_step_on() {
    let page = Page::open("#/neural-field?steps=100", 1280, 900, false).await;
    fingerprint_at(&page, 100).await;
    page.eval("[...document.querySelectorAll('button')].find(b => b.textContent === 'from this step on').click()")
        .await;
    page.eval("const r = document.querySelector('input[type=range][aria-label*=\"learning rate\"]'); r.focus()").await;
    page.press(&[], &[key::LEFT; 10]).await;
    page.until("return location.hash.includes('edits=100')").await;
    // What has been is as it was; what comes is otherwise.
    assert_eq!(fingerprint_at(&page, 100).await, native("steps=100"));
    page.eval("document.querySelector('.playback [aria-label=\"One step\"]').click()").await;
    let state = fragment(&page).await.replace("#/neural-field?", "");
    let next = fingerprint_at(&page, 101).await;
    assert_ne!(next, native("steps=101"));
    assert_eq!(next, native(&state.replace("steps=100", "steps=101")));
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn the_homeworks_full_size_says_how_long_it_would_take() {
    let page = Page::open("#/neural-field?start=relu-full", 1280, 900, false).await;
    page.until(
        "return /About .* to step 1000 on this machine/.test(document.querySelector('.neural-field-way').textContent)",
    )
    .await;
    // A step of it is on its way: how far, how long, and a way to stop.
    page.eval("document.querySelector('.playback [aria-label=\"One step\"]').click()").await;
    page.until("return document.querySelector('.neural-field-numbers').dataset.step === '1'").await;
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn regions_are_outlined_and_counted_and_the_cut_is_moved_by_keys() {
    let page = Page::open("#/neural-field?start=shallow", 1280, 900, false).await;
    page.until("return document.querySelector('[data-count=regions]') !== null").await;
    let count = page.text("return document.querySelector('[data-count=regions] strong').textContent").await;
    assert!(count.parse::<u32>().expect("a count") > 1000, "{count}");
    page.eval("document.querySelector('.neural-field-views .switch input').click()").await;
    page.until("return document.querySelector('[data-count=regions]') === null").await;
    page.eval("document.querySelector('.knob-target').focus()").await;
    page.press(&[], &[key::DOWN; 4]).await;
    page.until("return location.hash.includes('cut=')").await;
    let knob = center(&page, ".knob-target .knob").await;
    page.drag(knob, [knob[0], knob[1] + 40.0], 10).await;
    page.assert_console_is_empty().await;
    page.close().await;
}
