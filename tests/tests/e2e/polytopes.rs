//! The exhibit `polytopes`.

use piecewise_tests::browser::Page;

use crate::{center, fragment, frames_of_drag, key};

const COUNT: &str = "return Number(document.querySelector('[data-count=in-view] strong').textContent)";
const PATTERN: &str = "return document.querySelector('.polytopes-facts .pattern')?.textContent ?? ''";

#[tokio::test]
async fn a_cell_is_picked_out_and_left_through_its_faces() {
    let page = Page::open("#/polytopes?start=four", 1280, 900, false).await;
    assert_eq!(page.number(COUNT).await, 15.0);
    page.eval("document.querySelector('[aria-label=\"The next cell\"]').click()").await;
    page.until("return location.hash.includes('picked=0000')").await;
    let facts = page.text("return document.querySelector('.polytopes-facts').textContent").await;
    assert!(facts.contains("corners − edges + faces: 4 − 6 + 4 = 2"), "the tetrahedron: {facts}");
    assert_eq!(page.number("return document.querySelectorAll('.polytopes-faces button').length").await, 4.0);
    // Through the face on the second plane one comes to the cell where h₂ is on.
    page.eval("document.querySelectorAll('.polytopes-faces button')[1].click()").await;
    page.until(&format!("{} === '0100'", PATTERN.replace(" ?? ''", ""))).await;

    // A click on the cross-section picks out the cell that is cut there, another one lets it go.
    let middle = center(&page, ".polytopes-section .ground").await;
    page.click(middle).await;
    page.until("return location.hash.includes('picked=0000')").await;
    page.click(middle).await;
    page.until("return !location.hash.includes('picked')").await;
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn the_cube_is_turned_by_mouse_and_keys_and_a_click_picks_the_cell_in_front() {
    let page = Page::open("#/polytopes", 1280, 900, false).await;
    let cube = center(&page, ".polytopes-ground").await;
    let below = [cube[0] + 60.0, cube[1] + 40.0];
    page.drag(below, [below[0] + 40.0, below[1] + 20.0], 8).await;
    page.until("return location.hash.includes('turn=12,34')").await;
    assert!(!fragment(&page).await.contains("picked"), "the end of a drag is no click");
    page.eval("document.querySelector('.polytopes-ground .drag-target').focus()").await;
    page.press(&[], &[key::LEFT, key::DOWN]).await;
    page.until("return location.hash.includes('turn=16,38')").await;
    page.press(&[key::CONTROL], &['z', 'z', 'z']).await;
    page.until("return location.hash === '#/polytopes'").await;

    page.click(below).await;
    page.until("return location.hash.includes('picked=')").await;
    assert_ne!(page.text(PATTERN).await, "");
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn a_plane_is_dragged_by_its_line_in_the_cross_section() {
    let page = Page::open("#/polytopes?start=four&position=0", 1280, 900, false).await;
    // The line of h₁ stands upright at x₁ = 0.28 or so; dragged to the left of the middle it leaves no triangle.
    let offset = "return Number(document.querySelector('[aria-label=\"offset of h₁\"]').title)";
    assert_eq!(page.number(offset).await, 0.28125);
    let ground = page
        .eval("const b = document.querySelector('.polytopes-section .ground').getBoundingClientRect(); return [b.x, b.y, b.width]")
        .await;
    let [x, y, side] = [0, 1, 2].map(|i| ground[i].as_f64().expect("a length"));
    let at = |x1: f64, x2: f64| [x + side * (x1 + 1.0) / 2.0, y + side * (1.0 - x2) / 2.0];
    page.drag(at(0.2975, 0.9), at(-0.7, 0.9), 12).await;
    assert!(page.number(offset).await < -0.5, "{}", page.number(offset).await);
    page.until("return location.hash.includes('planes=')").await;
    // Its knob in the cube moves it by the keyboard.
    let before = page.number(offset).await;
    page.eval("document.querySelector('[aria-label=\"Move the plane of h₁\"]').focus()").await;
    page.press(&[], &[key::RIGHT]).await;
    assert_eq!(page.number(offset).await, before + 1.0 / 64.0);
    assert!(fragment(&page).await.contains("start=four"));
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn planes_come_and_go_and_every_number_of_them_has_its_cells() {
    let page = Page::open("#/polytopes", 1280, 900, false).await;
    for expected in [4.0, 2.0, 1.0] {
        page.eval("document.querySelector('[aria-label=\"Planes: one fewer\"]').click()").await;
        page.until(&format!("{COUNT} === {expected}")).await;
    }
    page.until("return location.hash.includes('planes=')").await;
    let empty = fragment(&page).await;
    page.go(&empty).await;
    assert_eq!(page.number(COUNT).await, 1.0, "no plane at all comes back from its link");
    page.eval("document.querySelector('[aria-label=\"Planes: one more\"]').click()").await;
    page.until(&format!("{COUNT} === 2")).await;

    page.go("#/polytopes?start=ten").await;
    assert_eq!(page.number(COUNT).await, 176.0);
    page.eval("document.querySelectorAll('details').forEach(more => more.open = true); document.querySelector('.disclosure').click()").await;
    page.until("return document.querySelectorAll('.region-table tbody tr').length === 176").await;
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn every_frame_is_drawn_while_ten_planes_are_turned_cut_and_moved() {
    let page = Page::open("#/polytopes?start=ten", 1280, 900, false).await;
    let cube = center(&page, ".polytopes-ground").await;
    let turned = frames_of_drag(&page, [cube[0] - 130.0, cube[1] + 150.0], [cube[0] + 130.0, cube[1] + 170.0]).await;
    println!("turning 176 cells: {turned}");
    let slider = center(&page, "[aria-label='How far the cells are apart, slider']").await;
    let apart = frames_of_drag(&page, [slider[0] - 30.0, slider[1]], [slider[0] + 40.0, slider[1]]).await;
    println!("pulling 176 cells apart: {apart}");
    let slider = center(&page, "[aria-label^='Cut at'][type=range]").await;
    let cut = frames_of_drag(&page, [slider[0] - 40.0, slider[1]], [slider[0] + 60.0, slider[1]]).await;
    println!("sliding the cross-section: {cut}");
    page.eval("document.querySelector(\"[aria-label='offset of h₁, slider']\").scrollIntoView({block: 'center'})")
        .await;
    let slider = center(&page, "[aria-label='offset of h₁, slider']").await;
    let moved = frames_of_drag(&page, [slider[0] - 20.0, slider[1]], [slider[0] + 40.0, slider[1]]).await;
    println!("moving one of ten planes: {moved}");
    for frames in [turned, apart, cut, moved] {
        assert!(frames.n_redrawn > 10.0, "the picture follows the hand");
    }
    page.assert_console_is_empty().await;
    page.close().await;
}
