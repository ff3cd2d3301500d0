//! The exhibit `steep-step`.

use piecewise_tests::browser::Page;

use crate::{center, key};

#[tokio::test]
async fn a_steep_step_keeps_half_the_jump_as_its_largest_error() {
    let page = Page::open("#/steep-step", 1280, 900, false).await;
    let reading = |name: &str| format!("return document.querySelector('[data-count={name}] strong').textContent");
    assert_eq!(page.text(&reading("l1")).await, "0.125");
    for _ in 0..3 {
        page.eval("document.querySelector('.dial input[type=range]').focus()").await;
        page.press(&[], &[key::LEFT; 20]).await;
        assert_eq!(page.text(&reading("largest")).await, "0.5");
    }
    assert!(page.text(&reading("l1")).await.contains("e−"), "the area shrinks: {}", page.text(&reading("l1")).await);
    page.go("#/steep-step?start=mismatch").await;
    assert_eq!(page.text(&reading("at-one")).await, "0.995");

    // The second joint, dragged away from the middle, makes the ramp gentle again.
    page.go("#/steep-step").await;
    let joint = center(&page, ".knob-target:nth-of-type(2) .knob").await;
    page.drag(joint, [joint[0] + 60.0, joint[1]], 10).await;
    page.until("return location.hash.includes('width=')").await;
    page.assert_console_is_empty().await;
    page.close().await;
}
