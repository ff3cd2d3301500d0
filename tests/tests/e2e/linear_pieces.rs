//! The exhibit `linear-pieces`.

use piecewise_tests::browser::Page;

use crate::{center, fragment, frames_of_drag, key, regions::on_plane};

/// The last row of the table under the picture: by how much the gradient changes, all digits.
const CHANGES: &str =
    "return [...document.querySelectorAll('[data-change]')].map(cell => cell.dataset.change).join(' ')";
const VERDICT: &str = "return document.querySelector('.verdict').textContent";

/// The handle of this name, by the beginning of its label.
fn handle(label: &str) -> String {
    format!("[aria-label^='{label}'] .knob")
}

#[tokio::test]
async fn a_step_inside_a_region_changes_no_digit_of_the_gradient_and_one_across_a_line_does() {
    let page = Page::open("#/linear-pieces", 1280, 900, false).await;
    assert_eq!(page.text(CHANGES).await, "0 0");
    assert!(page.text(VERDICT).await.contains("exactly 0"));

    // The end of the step, dragged into the next region.
    let tip = center(&page, &handle("Move the end")).await;
    let across = on_plane(&page, [0.5, -0.125]).await;
    page.drag(tip, across, 10).await;
    page.until("return document.querySelector('.verdict').textContent.startsWith('h₂ switches on')").await;
    assert!(page.text(VERDICT).await.contains("(1.62, −0.18)"), "{}", page.text(VERDICT).await);
    page.until("return location.hash.includes('length=')").await;

    // One step back, and the whole drag is undone.
    page.press(&[key::CONTROL], &['z']).await;
    page.until("return document.querySelector('.verdict').textContent.includes('exactly 0')").await;

    // A click brings the point to another region, and its map with it.
    let there = on_plane(&page, [0.75, -0.5]).await;
    page.drag(there, there, 1).await;
    page.until("return document.querySelector('.linear-pieces-reading td.pattern').textContent === '111'").await;
    let map = page.text("return document.querySelector('.linear-pieces-collapse p:last-child').textContent").await;
    assert_eq!(map, "y=−0.44+1.02x1−0.33x2");
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn turning_up_the_leaky_slope_merges_seven_maps_into_one() {
    let page = Page::open("#/linear-pieces?activation=leaky-relu", 1280, 900, false).await;
    let maps = "return Number(document.querySelector('[data-count=maps] strong').textContent)";
    assert_eq!(page.number(maps).await, 7.0);
    page.eval("document.querySelector('.linear-pieces-choices input[type=range]').focus()").await;
    page.press(&[], &['\u{E010}']).await;
    page.until("return document.querySelector('[data-count=maps] strong').textContent === '1'").await;
    assert_eq!(
        page.number("return Number(document.querySelector('[data-count=in-view] strong').textContent)").await,
        7.0
    );
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn a_joint_is_dragged_along_the_axis_and_its_piece_with_it() {
    let page = Page::open("#/linear-pieces?start=fig-3.3", 1280, 900, false).await;
    let slopes = "return [...document.querySelectorAll('.linear-pieces-pieces td.slope')].map(cell => cell.textContent).join('; ')";
    assert_eq!(
        page.text(slopes).await,
        "−0.462; −0.52 − 0.462 = −0.982; −0.52 + 1.17 − 0.462 = 0.188; −0.52 + 1.17 = 0.65"
    );
    let joint = center(&page, &handle("Move the joint of h₂")).await;
    page.drag(joint, [joint[0] + 60.0, joint[1]], 10).await;
    page.until("return location.hash.includes('units=')").await;
    assert!(
        page.text("return document.querySelectorAll('.linear-pieces-pieces tbody tr')[2].textContent")
            .await
            .starts_with("1111.2")
    );
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn a_drag_of_the_point_keeps_pace_with_the_screen() {
    let page = Page::open("#/linear-pieces?start=deep", 1280, 900, false).await;
    let [from, to] = [on_plane(&page, [-0.125, -0.125]).await, on_plane(&page, [0.6, 0.6]).await];
    let frames = frames_of_drag(&page, from, to).await;
    println!("drag of the point, two layers: {frames}");
    assert!(frames.n_redrawn > 10.0, "{frames}");
    page.go("#/linear-pieces?activation=sigmoid").await;
    let frames = frames_of_drag(&page, on_plane(&page, [-0.125, -0.125]).await, to).await;
    println!("drag of the point on a curved surface: {frames}");
    page.go("#/linear-pieces?start=sigmoid-lens").await;
    let tip = center(&page, &handle("Move the end")).await;
    let frames = frames_of_drag(&page, tip, [tip[0] + 60.0, tip[1] + 80.0]).await;
    println!("drag of the step under the lens, sigmoid: {frames}");
    page.until("return location.hash.includes('length=')").await;
    assert!(fragment(&page).await.starts_with("#/linear-pieces?start=sigmoid-lens"));
    page.assert_console_is_empty().await;
    page.close().await;
}
