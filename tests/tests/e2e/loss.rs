//! The exhibit `loss`.

use piecewise_core::{
    data,
    train::{LinearRegression, Objective as _},
};
use piecewise_exhibits::{Params as _, loss};
use piecewise_tests::browser::Page;

use crate::{center, frames_of_drag, key};

const LOSS: &str = "return document.querySelector('[data-count=loss] strong').textContent";
const POINTS: &str = "return document.querySelectorAll('svg.handles .knob-target').length - 1";
/// The dot on the surface is the first handle, the examples follow.
const DOT: &str = "svg.handles .knob-target:nth-of-type(1) .knob";

/// A parameter with all its digits.
async fn parameter(page: &Page, index: usize) -> f64 {
    page.number(&format!(
        "return Number(document.querySelector('[data-parameter=\"{index}\"] input[type=text]').title)"
    ))
    .await
}

/// Where a share of a plot's width and height, from its lower left corner, is on the page.
async fn on_plot(page: &Page, class: &str, [x, y]: [f64; 2]) -> [f64; 2] {
    let script = format!(
        "const b = document.querySelector('.{class}').getBoundingClientRect(); \
         return [b.x + b.width * {x}, b.y + b.height * (1 - {y})]"
    );
    let value = page.eval(&script).await;
    [0, 1].map(|i| value[i].as_f64().expect("a coordinate"))
}

/// What the page writes for a loss.
fn four_decimals(loss: f64) -> String {
    let text = format!("{loss:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[tokio::test]
async fn a_slider_and_the_dot_on_the_surface_are_two_ways_to_set_the_same_parameters() {
    let page = Page::open("#/loss", 1280, 1000, false).await;
    assert_eq!(page.text(LOSS).await, "12.3669");
    let mut line = LinearRegression::new(data::LINEAR_REGRESSION.to_vec());

    let slider = "[data-parameter=\"1\"] input[type=range]";
    let from = center(&page, slider).await;
    page.drag(from, [from[0] + 6.0, from[1]], 6).await;
    let moved = parameter(&page, 1).await;
    assert!((moved - -0.2).abs() > 0.1, "φ₁ went from −0.2 to {moved}");
    assert_eq!(page.text(LOSS).await, four_decimals(line.loss(&[0.6, moved])));

    // Set to numbers in view, the dot can be taken hold of.
    page.go("#/loss?phi=0.75,0.25").await;
    let dot = center(&page, DOT).await;
    page.drag(dot, [dot[0] + 40.0, dot[1] - 30.0], 10).await;
    let phi = [parameter(&page, 0).await, parameter(&page, 1).await];
    assert!(phi[0] > 0.8 && phi[1] > 0.3, "the sliders follow: {phi:?}");
    assert_eq!(page.text(LOSS).await, four_decimals(line.loss(&phi)));
    let there = center(&page, DOT).await;
    assert!((0..2).all(|i| (there[i] - [dot[0] + 40.0, dot[1] - 30.0][i]).abs() < 2.0), "the view does not jump");

    // By keyboard it goes back to the left.
    page.eval("document.querySelector('svg.handles .knob-target').focus()").await;
    page.press(&[], &[key::LEFT, key::LEFT]).await;
    assert!(parameter(&page, 0).await < phi[0]);
    page.press(&[key::CONTROL], &['z']).await;
    page.press(&[key::CONTROL], &['z']).await;
    assert_eq!([parameter(&page, 0).await, parameter(&page, 1).await], phi);
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn examples_are_added_moved_and_taken_away_by_mouse_and_by_keyboard() {
    let page = Page::open("#/loss", 1280, 1000, false).await;
    assert_eq!(page.number(POINTS).await, 12.0);
    let at = on_plot(&page, "loss-fit", [0.5, 0.9]).await;
    page.click(at).await;
    page.until("return document.querySelectorAll('svg.handles .knob-target').length === 14").await;
    // At (1, 1.8) the line says 0.4: the square over it has an area of 1.96 or very nearly.
    let with_point = page.number("return Number(document.querySelector('[data-count=loss] strong').textContent)").await;
    assert!((with_point - 12.3669 - 1.96).abs() < 0.05, "{with_point}");
    page.until("return location.hash.includes('points=')").await;

    // Dragged down onto the line, it adds nothing.
    let onto = on_plot(&page, "loss-fit", [0.5, 0.2]).await;
    page.drag(at, onto, 12).await;
    let on_line = page.number("return Number(document.querySelector('[data-count=loss] strong').textContent)").await;
    assert!((on_line - 12.3669).abs() < 0.01, "{on_line}");
    // Dragged out of the plot, it is gone.
    let out = on_plot(&page, "loss-fit", [0.5, 1.0]).await;
    page.drag(onto, [out[0], out[1] - 60.0], 12).await;
    page.until("return document.querySelectorAll('svg.handles .knob-target').length === 13").await;
    assert_eq!(page.text(LOSS).await, "12.3669");
    page.press(&[key::CONTROL], &['z']).await;
    page.until("return document.querySelectorAll('svg.handles .knob-target').length === 14").await;

    // The same by keyboard: a button adds one, arrows move it, Delete takes it away.
    page.go("#/loss").await;
    page.eval("[...document.querySelectorAll('button')].find(b => b.textContent === 'Add a point').focus()").await;
    page.press(&[], &[key::ENTER]).await;
    page.until("return document.querySelectorAll('svg.handles .knob-target').length === 14").await;
    page.eval("[...document.querySelectorAll('svg.handles .knob-target')].at(-1).focus()").await;
    let said =
        "return [...document.querySelectorAll('svg.handles .knob-target')].at(-1).getAttribute('aria-valuetext')";
    let before = page.text(said).await;
    page.press(&[], &[key::UP, key::UP, key::RIGHT]).await;
    assert_ne!(page.text(said).await, before);
    page.press(&[], &[key::DELETE]).await;
    page.until("return document.querySelectorAll('svg.handles .knob-target').length === 13").await;
    assert_eq!(page.text(LOSS).await, "12.3669");
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn the_challenge_is_begun_by_hand_and_goes_on_by_descent_to_known_losses_and_back_exactly() {
    let page = Page::open("#/loss?start=challenge", 1280, 1000, false).await;
    let count = |name: &str| format!("return document.querySelector('[data-count={name}] strong').textContent");
    assert_eq!(page.text(LOSS).await, "9.3849");
    assert_eq!(page.text(&count("author")).await, "0.181");

    // The sign of φ₁ by hand: the best so far follows.
    let field = "[data-parameter=\"7\"] input[type=text]";
    page.eval(&format!("const f = document.querySelector({field:?}); f.focus(); f.select()")).await;
    page.press(&[], &['-', '2', key::TAB]).await;
    let mut by_hand = loss::Params::from_start("challenge").expect("a start");
    by_hand.phi[7] = -2.0;
    let scene = loss::compute(&by_hand);
    assert_eq!(page.text(LOSS).await, four_decimals(scene.loss));
    let best = scene.loss.min(9.384_87);
    assert_eq!(page.text(&count("best")).await, four_decimals(best));

    // Descent from there, for at least fifty steps, then step by step to the fortieth: the losses are those of the core.
    page.eval("document.querySelector('.playback .run').click()").await;
    page.until("return Number(document.querySelector('.playback input[type=range]').value) >= 50").await;
    page.eval("document.querySelector('.playback .run').click()").await;
    page.until("return document.querySelector('.playback .run').textContent === 'Run'").await;
    let reached = page.number("return Number(document.querySelector('.playback input[type=range]').value)").await;
    by_hand.steps = reached as u64;
    let ran = loss::compute(&by_hand).loss;
    assert!(ran < scene.loss);
    assert_eq!(page.text(LOSS).await, four_decimals(ran));
    while page.number("return Number(document.querySelector('.playback input[type=range]').value)").await > 40.0 {
        page.eval("document.querySelector('.playback [aria-label=\"One step back\"]').click()").await;
    }
    by_hand.steps = 40;
    let scene = loss::compute(&by_hand);
    assert_eq!(page.text(LOSS).await, four_decimals(scene.loss));
    for (index, phi) in scene.phi.iter().enumerate() {
        assert_eq!(parameter(&page, index).await.to_bits(), phi.to_bits(), "parameter {index} to the last bit");
    }
    // What descent has found is not by hand.
    assert_eq!(page.text(&count("best")).await, four_decimals(best));
    page.until("return location.hash.includes('steps=40')").await;

    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn a_run_takes_the_line_to_the_least_loss_and_a_step_back_is_exact() {
    let page = Page::open("#/loss", 1280, 1000, false).await;
    let at_step = "return Number(document.querySelector('.playback input[type=range]').value)";
    let step = async |label: &str| {
        page.eval(&format!("document.querySelector('.playback [aria-label=\"{label}\"]').click()")).await;
    };
    step("One step").await;
    let mut params = loss::Params { steps: 1, ..loss::Params::default() };
    let first = loss::compute(&params);
    assert_eq!(page.text(LOSS).await, four_decimals(first.loss));

    let choose = "const s = document.querySelector('.playback select'); s.selectedIndex = 1; s.dispatchEvent(new Event('change', { bubbles: true }))";
    page.eval(choose).await;
    page.eval("document.querySelector('.playback .run').click()").await;
    page.until("return document.querySelector('[data-count=loss] strong').textContent === '0.1999'").await;
    page.eval("document.querySelector('.playback .run').click()").await;
    page.until("return document.querySelector('.playback .run').textContent === 'Run'").await;
    params.steps = page.number(at_step).await as u64;
    let phi = [parameter(&page, 0).await, parameter(&page, 1).await];
    assert_eq!(phi.to_vec(), loss::compute(&params).phi, "to the last bit");
    assert!((phi[0] - 0.825_95).abs() < 0.01 && (phi[1] - 0.522_23).abs() < 0.01, "{phi:?}");
    step("One step back").await;
    step("One step").await;
    assert_eq!([parameter(&page, 0).await, parameter(&page, 1).await], phi);
    // The whole run is one step of the history.
    page.press(&[key::CONTROL], &['z']).await;
    page.press(&[key::CONTROL], &['z']).await;
    page.press(&[key::CONTROL], &['z']).await;
    page.until(&format!("{at_step} === 1")).await;
    assert_eq!([parameter(&page, 0).await, parameter(&page, 1).await].to_vec(), first.phi);

    page.go("#/loss?alpha=1&steps=5000").await;
    page.until("return document.querySelector('.status').textContent.includes('smaller learning rate')").await;
    let shown = page.text("return document.querySelector('main').textContent").await;
    assert!(!shown.contains("NaN") && !shown.contains("not a number"), "{shown}");
    assert_eq!(page.text("return String(document.querySelector('.playback .run').disabled)").await, "true");
    // One step back from the last good one.
    let reached = page.number(at_step).await;
    step("One step back").await;
    page.until(&format!("{at_step} === {}", reached - 1.0)).await;
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn a_drag_of_the_dot_draws_every_frame() {
    let page = Page::open("#/loss?start=challenge", 1280, 1000, false).await;
    let dot = center(&page, DOT).await;
    let frames = frames_of_drag(&page, dot, [dot[0] + 70.0, dot[1] + 40.0]).await;
    println!("dragging the dot of the challenge: {frames}");
    assert!(frames.n_redrawn > 40.0, "{frames}");
    let slider = center(&page, "[data-parameter=\"7\"] input[type=range]").await;
    let frames = frames_of_drag(&page, slider, [slider[0] - 40.0, slider[1]]).await;
    println!("dragging a slider that changes the surface: {frames}");
    page.assert_console_is_empty().await;
    page.close().await;
}
