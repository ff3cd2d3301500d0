//! The exhibit `backprop`.

use piecewise_tests::browser::Page;

use crate::{center, frames_of_drag, key};

const STATUS: &str = "return document.querySelector('.playback .status').textContent";

#[tokio::test]
async fn a_pass_is_walked_forth_and_back_by_the_keyboard() {
    let page = Page::open("#/backprop", 1280, 900, false).await;
    let before = page.text(STATUS).await;
    page.eval("document.querySelector('.playback [aria-label=\"One step back\"]').focus()").await;
    page.press(&[], &[key::ENTER]).await;
    page.until(&format!("return document.querySelector('.playback .status').textContent !== {before:?}")).await;
    page.eval("document.querySelector('.playback [aria-label=\"One step\"]').focus()").await;
    page.press(&[], &[key::ENTER]).await;
    page.until(&format!("return document.querySelector('.playback .status').textContent === {before:?}")).await;
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn the_check_passes_and_fails_where_the_mask_is_forgotten() {
    let page = Page::open("#/backprop", 1280, 900, false).await;
    let verdict = "return document.querySelector('.backprop-verdict').textContent";
    let good = page.text(verdict).await;
    assert!(good.starts_with("All 25 derivatives agree"), "{good}");
    page.eval("document.querySelector('.backprop-faults input').click()").await;
    page.until("return !document.querySelector('.backprop-verdict').textContent.startsWith('All 25')").await;
    page.eval("document.querySelector('.backprop-faults input').click()").await;
    page.until("return document.querySelector('.backprop-verdict').textContent.startsWith('All 25')").await;
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn every_frame_of_a_drag_of_an_input_is_drawn() {
    let page = Page::open("#/backprop?start=deep", 1280, 900, false).await;
    let slider = ".number-cell input[type=range]";
    page.eval(&format!("document.querySelector({slider:?}).scrollIntoView({{ block: 'center' }})")).await;
    let from = center(&page, slider).await;
    let frames = frames_of_drag(&page, [from[0] - 20.0, from[1]], [from[0] + 20.0, from[1]]).await;
    println!("slider drag, five layers of six units: {frames}");
    assert!(frames.n_redrawn > 5.0, "the strip follows the slider");
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn the_toy_chain_shows_the_numbers_of_the_notebook_and_a_cell_tells_where_it_comes_from() {
    let page = Page::open("#/backprop?start=toy&step=24", 1280, 900, false).await;
    let table = page.text("return document.querySelector('.plot').getAttribute('aria-label')").await;
    assert!(table.contains("the loss is 0.139"), "{table}");
    // By keyboard: the first cell is x, and the one at its right is ω₀.
    page.eval("document.querySelector('.backprop-film .ground').focus()").await;
    page.until("return (document.querySelector('.backprop-cell .map')?.textContent ?? '').startsWith('x = 2.3')").await;
    page.press(&[], &[key::RIGHT]).await;
    page.until(
        "return (document.querySelector('.backprop-cell .map')?.textContent ?? '').includes('Its derivative is 5.246')",
    )
    .await;
    page.assert_console_is_empty().await;
    page.close().await;
}
