//! The exhibit `folding`.

use piecewise_tests::browser::Page;

use crate::{center, frames_of_drag, key, regions::COUNT};

#[tokio::test]
async fn folds_multiply_until_a_corner_is_dragged_out_of_reach() {
    let page = Page::open("#/folding", 1280, 900, false).await;
    assert_eq!(page.number(COUNT).await, 9.0);
    // The first peak, lowered until its values no longer reach the second function's last joint at 0.3.
    page.eval("document.querySelectorAll('.drag-target')[1].focus()").await;
    page.press(&[key::SHIFT], &[key::DOWN; 6]).await;
    page.until("return Number(document.querySelector('[data-count=in-view] strong').textContent) === 7").await;
    page.press(&[key::CONTROL], &['z']).await;
    page.go("#/folding?start=n2-n1-n1").await;
    assert_eq!(page.number(COUNT).await, 36.0);
    page.go("#/folding?first=-1,0;1,9&depth=7").await;
    assert!(page.text("return document.querySelector('.notice').innerText").await.starts_with("2 settings"));
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn every_frame_of_a_drag_of_a_corner_is_drawn() {
    for link in ["#/folding", "#/folding?start=n2-n1-n1"] {
        let page = Page::open(link, 1280, 900, false).await;
        let corner = center(&page, ".drag-target:nth-of-type(2) .knob").await;
        let frames = frames_of_drag(&page, corner, [corner[0] + 30.0, corner[1] + 80.0]).await;
        println!("drag of a corner, {link}: {frames}");
        assert!(frames.n_redrawn > 10.0);
        page.assert_console_is_empty().await;
        page.close().await;
    }
}

#[tokio::test]
async fn every_piece_is_listed_with_its_joints_its_slope_and_its_fold() {
    let page = Page::open("#/folding?start=tents", 1280, 900, false).await;
    page.eval("document.querySelector('.disclosure').click()").await;
    page.until("return document.querySelectorAll('.region-table tbody tr').length === 8").await;
    let last = "return [...document.querySelector('.region-table tbody tr:last-child').children].map(cell => cell.textContent).join(' | ')";
    assert_eq!(page.text(last).await, "8 | (0.75, 1) | (1, −1) | −8 | 2, mirrored");
    page.assert_console_is_empty().await;
    page.close().await;
}
