//! The exhibit `gradient-descent`.

use piecewise_tests::browser::Page;

use crate::{center, fragment, frames_of_drag, key};

const STATUS: &str = "return document.querySelector('.playback .status').textContent";

#[tokio::test]
async fn a_descent_runs_steps_back_exactly_and_says_when_it_runs_away() {
    let page = Page::open("#/gradient-descent?steps=0", 1280, 900, false).await;
    let loss = "return document.querySelector('[data-count=loss] strong').textContent";
    assert_eq!(page.text(loss).await, "12.3669");
    let button = |label: &str| format!("document.querySelector('.playback [aria-label={label:?}]').click()");
    page.eval(&button("One step")).await;
    page.until("return document.querySelector('[data-count=loss] strong').textContent !== '12.3669'").await;
    let after_one = page.text(loss).await;
    page.eval("document.querySelector('.playback .run').click()").await;
    page.until("return Number(document.querySelector('[data-count=steps] strong').textContent) >= 5").await;
    page.eval("document.querySelector('.playback .run').click()").await;
    page.until("return document.querySelector('.playback .run').textContent === 'Run'").await;
    page.until("return location.hash.includes('steps=')").await;
    while page.number("return Number(document.querySelector('[data-count=steps] strong').textContent)").await > 1.0 {
        page.eval(&button("One step back")).await;
    }
    assert_eq!(page.text(loss).await, after_one);

    page.go("#/gradient-descent?alpha=2&steps=400").await;
    let status = page.text(STATUS).await;
    assert!(status.starts_with("Ran away at step 1:") && status.contains("is above 2"), "{status}");
    page.eval("document.querySelector('.gradient-descent-remedies button').click()").await;
    page.until("return location.hash === '#/gradient-descent?alpha=2&steps=0'").await;
    assert_eq!(page.text(loss).await, "12.3669", "the last good step");
    page.go("#/gradient-descent?alpha=2&steps=400").await;
    page.eval("document.querySelector('.gradient-descent-remedies button:last-child').click()").await;
    page.until("return !document.querySelector('.gradient-descent-remedies')").await;
    assert_eq!(page.text(loss).await, "0.1999", "with a stable learning rate it arrives");

    // A click on the surface begins the descent there.
    page.go("#/gradient-descent?start=ravine").await;
    let ground = center(&page, ".ground").await;
    page.click([ground[0] + 60.0, ground[1] - 40.0]).await;
    page.until("return location.hash.includes('origin=')").await;
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn the_two_steps_of_the_slide_and_the_check_of_the_gradient_show_their_numbers() {
    let page = Page::open("#/gradient-descent?steps=0", 1280, 900, false).await;
    let steps = page.text("return document.querySelector('.numbers .steps').textContent").await;
    for part in ["(−21.904, −26.8404)", "0.6 − 0.01·(−21.904) = 0.819", "−0.2 − 0.01·(−26.8404) = 0.0684"]
    {
        assert!(steps.contains(part), "{part} in {steps}");
    }
    let limits = page.text("return document.querySelector('.gradient-descent-marks').textContent").await;
    assert!(limits.contains("0.01999") && limits.contains("0.03998"), "{limits}");
    let curvature = page.text("return document.querySelector('[data-count=curvature]').textContent").await;
    assert!(curvature.contains("12.53"), "{curvature}");
    page.eval("document.querySelector('.gradient-descent-check summary').click()").await;
    let check = page.text("return document.querySelector('.gradient-descent-check').innerText").await;
    assert!(check.matches("−26.8404").count() == 2 && check.contains("They agree"), "{check}");
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn the_map_of_basins_is_computed_in_slices_and_dropped_when_the_learning_rate_changes() {
    let page = Page::open("#/gradient-descent?start=basins", 1280, 900, false).await;
    let done = "return document.querySelector('[data-map]')?.dataset.map === 'done'";
    let state = "return document.querySelector('[data-map]').textContent";
    // Other settings while it is computed: the map is that of the last ones.
    page.eval("const i = document.querySelector('input[aria-label=\"learning rate\"]'); i.value = '0.15'; \
               i.dispatchEvent(new Event('input', {bubbles: true})); i.dispatchEvent(new Event('change', {bubbles: true}))").await;
    page.until("return document.querySelector('[data-map]').dataset.map === 'busy'").await;
    let began = std::time::Instant::now();
    for _ in 0..8 {
        if page.eval(done).await.as_bool() == Some(true) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    }
    page.until(done).await;
    println!("map of basins: at most {:.1} s", began.elapsed().as_secs_f64());
    assert!(page.text(state).await.contains("α = 0.15"));
    let rows = page.text("return document.querySelector('.gradient-descent-race').innerText").await;
    for loss in ["0.6457", "3.3564", "3.6705", "5.0391", "5.5111", "6.5279", "9.9613", "10.1823"] {
        assert!(rows.contains(loss), "{loss} in {rows}");
    }
    // The start moves without a new map.
    let knob = center(&page, ".knob-target .knob").await;
    let frames = frames_of_drag(&page, knob, [knob[0] + 80.0, knob[1] - 60.0]).await;
    println!("start dragged over the map: {frames}");
    assert_eq!(page.text("return document.querySelector('[data-map]').dataset.map").await, "done");
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn six_rules_race_by_steps_or_by_gradients() {
    let page = Page::open("#/gradient-descent?start=race", 1280, 900, false).await;
    let steps = "return [...document.querySelectorAll('.gradient-descent-race tbody tr')].map(r => r.cells[2].textContent).join()";
    assert_eq!(page.text(steps).await, "40,40,40,40,40,40");
    page.eval(
        "const s = document.querySelector('select[aria-label=\"run by\"]'); s.selectedIndex = 1; \
               s.dispatchEvent(new Event('change', {bubbles: true}))",
    )
    .await;
    page.until("return location.hash.includes('clock=gradients')").await;
    assert_eq!(page.text(steps).await, "40,1,40,40,40,40", "line search pays for its many losses");
    let knob = center(&page, ".knob-target .knob").await;
    let frames = frames_of_drag(&page, knob, [knob[0] + 80.0, knob[1] - 60.0]).await;
    println!("start of a race dragged: {frames}");
    // Undo takes the whole drag back.
    page.press(&[key::CONTROL], &['z']).await;
    page.until("return !location.hash.includes('origin=')").await;
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn two_parameters_of_a_network_can_be_chosen_as_axes() {
    let page = Page::open("#/gradient-descent?start=network", 1280, 900, false).await;
    page.eval(
        "const s = document.querySelector('select[aria-label=\"up ↑\"]'); s.selectedIndex = 9; \
               s.dispatchEvent(new Event('change', {bubbles: true}))",
    )
    .await;
    page.until("return location.hash.includes('axes=')").await;
    assert!(fragment(&page).await.contains("axes=0,9"), "{}", fragment(&page).await);
    let loss = page.number("return Number(document.querySelector('[data-count=loss] strong').textContent)").await;
    assert!((loss - 9.3849).abs() < 1e-9, "it begins where the author of the notebook did");
    page.assert_console_is_empty().await;
    page.close().await;
}
