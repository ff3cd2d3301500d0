//! The exhibit `gradient-descent`.

use piecewise_tests::browser::Page;

use crate::center;

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
    assert!(page.text("return document.querySelector('.status').textContent").await.starts_with("Ran away at step 1"));

    // A click on the surface begins the descent there.
    page.go("#/gradient-descent?start=ravine").await;
    let ground = center(&page, ".ground").await;
    page.click([ground[0] + 60.0, ground[1] - 40.0]).await;
    page.until("return location.hash.includes('origin=')").await;
    page.assert_console_is_empty().await;
    page.close().await;
}
