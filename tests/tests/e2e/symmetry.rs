//! The exhibit `symmetry`.

use piecewise_tests::browser::Page;

use crate::{center, fragment, frames_of_drag, key};

const STEP: &str = "return Number(document.querySelector('.playback input[type=range]').value)";

fn count(name: &str) -> String {
    format!("return document.querySelector('[data-count={name}] strong').textContent")
}

/// The cells of a unit's row, joined.
fn row(d: usize) -> String {
    format!(
        "return [...document.querySelectorAll('[data-unit=\"{d}\"] td')].slice(0, 6).map(td => td.textContent).join(' ')"
    )
}

async fn click(page: &Page, label: &str) {
    page.eval(&format!(
        "[...document.querySelectorAll('button')].find(b => (b.getAttribute('aria-label') || b.textContent).includes({label:?})).click()"
    ))
    .await;
}

#[tokio::test]
async fn equal_units_run_to_the_straight_line_and_back_as_one() {
    let page = Page::open("#/symmetry?steps=0", 1280, 1000, false).await;
    assert_eq!(page.text(&count("distinct")).await, "1 of 3");
    let at_start = [page.text(&row(0)).await, page.text(&count("squares")).await];
    assert!(at_start[0].starts_with("0.5 0.5 0.5 "), "{at_start:?}");

    let faster = "const s = document.querySelector('.playback select'); s.selectedIndex = 3; s.dispatchEvent(new Event('change', { bubbles: true }))";
    page.eval(faster).await;
    page.eval("document.querySelector('.playback .run').click()").await;
    page.until(&format!("{STEP} >= 20000")).await;
    page.eval("document.querySelector('.playback .run').click()").await;
    page.until("return document.querySelector('.playback').getAttribute('aria-busy') === 'false'").await;
    assert_eq!(page.text(&count("squares")).await, "0.645191");
    assert_eq!(page.text(&count("bias")).await, "−0.331434");
    let first = page.text(&row(0)).await;
    assert!(first.starts_with("0.37252 0.43545 0.28322"), "{first}");
    for d in [1, 2] {
        assert_eq!(page.text(&row(d)).await, first);
    }
    // One step back and one forth is no step; back at the start all is as it was.
    click(&page, "One step back").await;
    click(&page, "One step").await;
    assert_eq!(page.text(&row(0)).await, first);
    click(&page, "Back to the start").await;
    assert_eq!([page.text(&row(0)).await, page.text(&count("squares")).await], at_start);

    page.go("#/symmetry?start=zeros").await;
    page.until("return document.querySelector('[data-count=squares] strong').textContent === '0.885779'").await;
    assert_eq!(page.text(&count("bias")).await, "0.195258");
    assert_eq!(page.text(&row(2)).await, "0 0 0 0 0 0");
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn less_noise_takes_longer_to_grow() {
    let page = Page::open("#/symmetry?start=almost-equal", 1280, 1000, false).await;
    assert_eq!(page.text(&count("distinct")).await, "3 of 3");
    let told = "return document.querySelector('.symmetry-verdict').textContent";
    let apart = "return Number(/about step ([0-9]+)/.exec(document.querySelector('.symmetry-verdict').textContent)[1])";
    let before = page.number(apart).await;
    // ε by keyboard, on the axis of the plot: a decade less in four steps.
    page.eval("document.querySelector('svg.handles .knob-target').focus()").await;
    page.press(&[], &[key::DOWN, key::DOWN, key::DOWN, key::DOWN]).await;
    page.until("return location.hash.includes('epsilon=')").await;
    let after = page.number(apart).await;
    let waited = after - before;
    assert!((1_900.0..2_500.0).contains(&waited), "{before} and {after}: {}", page.text(told).await);
    page.press(&[key::CONTROL], &['z']).await;
    for _ in 0..4 {
        page.press(&[key::CONTROL], &['z']).await;
    }
    page.until(&format!("{apart} === {before}")).await;
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn every_frame_of_a_drag_of_the_noise_is_drawn() {
    let page = Page::open("#/symmetry?start=almost-equal", 1280, 1000, false).await;
    let knob = center(&page, "svg.handles .knob").await;
    let frames = frames_of_drag(&page, knob, [knob[0], knob[1] - 60.0]).await;
    println!("drag of the noise: {frames}");
    assert!(frames.n_redrawn > 10.0);
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn a_swap_moves_the_parameters_and_changes_nothing_else() {
    let page = Page::open("#/symmetry?start=swap", 1280, 1000, false).await;
    let fact = |name: &str| format!("return document.querySelector('[data-fact={name}]').textContent");
    assert_eq!(page.text(&fact("orders")).await, "6");
    assert_eq!(page.text(&fact("distance")).await, "0");
    let [first, second] = [page.text(&row(0)).await, page.text(&row(1)).await];
    click(&page, "Swap h").await;
    page.until("return document.querySelector('[data-fact=distance]').textContent !== '0'").await;
    assert_eq!([page.text(&row(1)).await, page.text(&row(0)).await], [first, second]);
    let squares = page.text(&fact("squares")).await;
    let (before, after) = squares.split_once(" and ").expect("two numbers");
    assert_eq!(before, after);
    page.until("return location.hash.includes('swapped')").await;
    assert!(fragment(&page).await.contains("start=swap"));
    // The picture does it too: the other place is on the left of the mirror.
    page.press(&[key::CONTROL], &['z']).await;
    page.until("return document.querySelector('[data-fact=distance]').textContent === '0'").await;
    let script = "const b = document.querySelector('.symmetry-lower').getBoundingClientRect(); return [b.x + b.width * 0.25, b.y + b.height / 2]";
    let place = page.eval(script).await;
    page.click([0, 1].map(|i| place[i].as_f64().expect("a coordinate"))).await;
    page.until("return document.querySelector('[data-fact=distance]').textContent !== '0'").await;
    page.assert_console_is_empty().await;
    page.close().await;
}
