//! The exhibit `steep-step`.

use piecewise_tests::browser::Page;

use crate::{center, frames_of_drag, key};

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

#[tokio::test]
async fn every_frame_of_a_drag_of_a_joint_is_drawn() {
    let page = Page::open("#/steep-step", 1280, 900, false).await;
    let joint = center(&page, ".knob-target:nth-of-type(2) .knob").await;
    let frames = frames_of_drag(&page, joint, [joint[0] + 120.0, joint[1]]).await;
    println!("drag of a joint: {frames}");
    assert!(frames.n_redrawn > 10.0);
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn a_pair_that_is_not_locked_tilts_the_flat_end_and_a_sigmoid_helps_no_more_than_a_ramp() {
    let page = Page::open("#/steep-step", 1280, 900, false).await;
    let reading = |name: &str| format!("return document.querySelector('[data-count={name}] strong').textContent");
    let width = "document.querySelector('.dial input[type=range]').focus()";
    // Locked, the second slope follows: one unit on, nothing is wrong however steep the ramp is.
    page.eval(width).await;
    page.press(&[], &[key::LEFT; 10]).await;
    page.until("return location.hash.includes('width=')").await;
    assert_eq!(page.text(&reading("at-one")).await, "0");
    // Unlocked it stays as it was, and the end that should be flat is not.
    page.eval("document.querySelector('.switch input').click()").await;
    page.eval(width).await;
    page.press(&[], &[key::LEFT; 10]).await;
    page.until(&format!("{} !== '0'", reading("at-one"))).await;
    page.go("#/steep-step?start=sigmoid").await;
    assert_eq!(page.text(&reading("largest")).await, "0.5");
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn gradient_descent_is_asked_in_slices_and_its_training_can_be_gone_through() {
    let page = Page::open("#/steep-step?start=descent", 1280, 900, false).await;
    let status = "return document.querySelector('.playback .status').textContent";
    let began = std::time::Instant::now();
    page.until("return !/computed/.test(document.querySelector('.playback .status')?.textContent ?? 'computed')").await;
    println!("20,000 steps of 16 units: at most {:.1} s", began.elapsed().as_secs_f64());
    let end = page.text(status).await;
    assert!(end.starts_with("step 20000 of 20000 · steepest slope 11.0"), "{end}");
    page.eval("document.querySelector('.playback [aria-label=\"Back to the start\"]').click()").await;
    page.until("return document.querySelector('.playback .status').textContent.startsWith('step 0 of')").await;
    page.eval("document.querySelector('.playback .run').click()").await;
    page.until("return !document.querySelector('.playback .status').textContent.startsWith('step 0 of')").await;
    page.eval("document.querySelector('.playback .run').click()").await;
    // The width is still set by hand, and κ follows.
    let condition = "return document.querySelector('[data-count=condition] strong').textContent";
    let before = page.text(condition).await;
    let joint = center(&page, ".knob-target:nth-of-type(2) .knob").await;
    page.drag(joint, [joint[0] + 60.0, joint[1]], 10).await;
    assert_ne!(page.text(condition).await, before);
    // Two units instead: another training.
    page.eval(
        "const s = document.querySelector('select[aria-label=\"hidden units\"]'); s.selectedIndex = 0; \
         s.dispatchEvent(new Event('change', {bubbles: true}))",
    )
    .await;
    page.until("return location.hash.includes('units=2')").await;
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn the_picture_of_the_slide_is_painted_and_cut_through() {
    let page = Page::open("#/steep-step?start=picture", 1280, 900, false).await;
    let status = "return document.querySelector('.playback .status').textContent";
    let began = std::time::Instant::now();
    for _ in 0..4 {
        // A page that is not optimised is slow on a busy machine.
        tokio::time::sleep(std::time::Duration::from_secs(2)).await;
        if page
            .text("return document.querySelector('.playback .status')?.textContent ?? ''")
            .await
            .starts_with("step 3000")
        {
            break;
        }
    }
    page.until("return document.querySelector('.playback .status').textContent.startsWith('step 3000 of 3000')").await;
    println!("3,000 steps on the picture: at most {:.1} s", began.elapsed().as_secs_f64());
    let before = page.text(status).await;
    let knob = center(&page, ".knob-target .knob").await;
    page.drag(knob, [knob[0], knob[1] + 30.0], 10).await;
    page.until("return location.hash.includes('cut=')").await;
    assert_ne!(page.text(status).await, before, "another cut has another slope");
    // The moments are there: going back needs no training.
    page.eval("document.querySelector('.playback [aria-label=\"Back to the start\"]').click()").await;
    page.until("return document.querySelector('.playback .status').textContent.startsWith('step 0 of 3000')").await;
    page.assert_console_is_empty().await;
    page.close().await;
}
