//! The exhibit `regions`.

use piecewise_tests::browser::Page;

use crate::{center, fragment, frames_of_drag, key};

pub(crate) const COUNT: &str = "return Number(document.querySelector('[data-count=in-view] strong').textContent)";

/// Where a point of the plane is on the page.
pub(crate) async fn on_plane(page: &Page, [x1, x2]: [f64; 2]) -> [f64; 2] {
    let script = format!(
        "const b = document.querySelector('.ground').getBoundingClientRect(); \
         return [b.x + b.width * ({x1} + 1) / 2, b.y + b.height * (1 - ({x2})) / 2]"
    );
    let value = page.eval(&script).await;
    [0, 1].map(|i| value[i].as_f64().expect("a coordinate"))
}

/// The number in a cell: θ_d0, θ_d1, θ_d2 or φ_d of a unit, both counted from 0.
async fn cell(page: &Page, unit: usize, column: usize) -> f64 {
    // The title of the field holds all digits; the slider rounds to its steps.
    page.number(&format!(
        "return Number(document.querySelectorAll('.units tbody tr')[{unit}].querySelectorAll('input[type=text]')[{column}].title)"
    ))
    .await
}

#[tokio::test]
async fn figure_3_8_can_be_read_off_the_page_with_the_numbers_of_the_book() {
    let page = Page::open("#/regions", 1280, 900, false).await;
    page.eval("document.querySelector('.disclosure').click()").await;
    page.until("return document.querySelectorAll('.region-table tbody tr').length === 7").await;
    let rows = page
        .eval("return [...document.querySelectorAll('.region-table tbody tr')].map(row => [...row.children].map(cell => cell.textContent))")
        .await;
    let read = |pattern: &str, column: usize| -> String {
        let row = rows.as_array().expect("rows").iter().find(|row| row[0] == pattern);
        row.unwrap_or_else(|| panic!("{pattern} is in the table"))[column].as_str().expect("text").to_owned()
    };
    for (pattern, area, map) in [
        ("000", "0.14", "y = 0.4 + 0 x₁ + 0 x₂"),
        ("100", "0.9866", "y = 0.2 − 0.5 x₁ − 0.5 x₂"),
        ("001", "1.0758", "y = 0.3 − 0.1 x₁ + 0.35 x₂"),
        ("101", "0.4643", "y = 0.1 − 0.6 x₁ − 0.15 x₂"),
        ("110", "0.302", "y = −0.34 + 1.12 x₁ − 0.68 x₂"),
        ("011", "0.0642", "y = −0.24 + 1.52 x₁ + 0.17 x₂"),
        ("111", "0.9671", "y = −0.44 + 1.02 x₁ − 0.33 x₂"),
    ] {
        assert_eq!((read(pattern, 1).as_str(), read(pattern, 2).as_str()), (area, map), "{pattern}");
    }
    let corners = read("101", 3);
    for corner in ["(0.26, −0.66)", "(−0.5333, 0.1333)", "(0.377, 0.3934)"] {
        assert!(corners.contains(corner), "{corner} in {corners}");
    }
    let missing = page.text("return document.querySelector('.shortfall').textContent").await;
    assert!(missing.contains("Missing: 010."), "{missing}");
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn every_preset_button_shows_the_regions_that_it_promises() {
    let page = Page::open("#/regions", 1280, 900, false).await;
    for (label, regions) in [
        ("Seven regions", 7),
        ("Through one point", 6),
        ("Parallel", 4),
        ("A dead unit", 4),
        ("Two layers", 34),
        ("He, zero biases", 16),
        ("Your network", 145),
        ("Fig. 3.8", 7),
    ] {
        page.eval(&format!(
            "[...document.querySelectorAll('.presets button')].find(b => b.textContent === {label:?}).click()"
        ))
        .await;
        page.until(&format!(
            "return document.querySelector('.presets [aria-pressed=true]')?.textContent === {label:?}"
        ))
        .await;
        assert_eq!(page.number(COUNT).await, f64::from(regions), "{label}");
    }
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn a_slider_moves_by_mouse_and_by_keyboard_and_the_link_follows() {
    let page = Page::open("#/regions", 1280, 900, false).await;
    let slider = ".units tbody tr:nth-child(1) td:nth-of-type(1) input[type=range]";
    let from = center(&page, slider).await;
    page.drag(from, [from[0] + 30.0, from[1]], 10).await;
    let moved = cell(&page, 0, 0).await;
    assert!(moved > 0.5, "θ₁₀ went from 0.2 to {moved}");

    page.eval(&format!("document.querySelector({slider:?}).focus()")).await;
    page.press(&[], &[key::RIGHT, key::RIGHT]).await;
    let nudged = cell(&page, 0, 0).await;
    assert!((nudged - moved - 2.0 / 64.0).abs() < 1e-12, "two steps of 1/64 from {moved} to {nudged}");
    page.until("return location.hash.includes('units=')").await;
    assert!(fragment(&page).await.contains(&format!("units={nudged},")), "{}", fragment(&page).await);

    // Two arrow keys and one drag: three steps back, then forward again.
    for _ in 0..3 {
        page.press(&[key::CONTROL], &['z']).await;
    }
    assert_eq!(cell(&page, 0, 0).await, 0.2);
    page.until("return location.hash === '#/regions'").await;
    for _ in 0..3 {
        page.press(&[key::CONTROL, key::SHIFT], &['z']).await;
    }
    assert_eq!(cell(&page, 0, 0).await, nudged);

    // A double click resets one number.
    page.eval(&format!(
        "document.querySelector({slider:?}).dispatchEvent(new MouseEvent('dblclick', {{bubbles: true}}))"
    ))
    .await;
    page.until("return location.hash === '#/regions'").await;
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn a_number_can_be_typed_and_nonsense_is_ignored() {
    let page = Page::open("#/regions", 1280, 900, false).await;
    let field = ".units tbody tr:nth-child(2) td:nth-of-type(4) input[type=text]";
    page.eval(&format!("const f = document.querySelector({field:?}); f.focus(); f.select()")).await;
    page.press(&[], &['-', '0', ',', '7', '5', key::TAB]).await;
    assert_eq!(cell(&page, 1, 3).await, -0.75);
    page.eval(&format!("const f = document.querySelector({field:?}); f.focus(); f.select()")).await;
    page.press(&[], &['n', 'o', 'n', 'e', key::TAB]).await;
    assert_eq!(cell(&page, 1, 3).await, -0.75);
    assert_eq!(page.text(&format!("return document.querySelector({field:?}).value")).await, "-0.75");
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn a_hinge_is_dragged_by_its_body_and_turned_by_its_end() {
    let page = Page::open("#/regions?start=seven", 1280, 900, false).await;
    // The line of h₁ is x₂ = −0.375. Dragged up by a half, it is x₂ = 0.125.
    let from = on_plane(&page, [0.0, -0.375]).await;
    let to = on_plane(&page, [0.0, 0.125]).await;
    page.drag(from, to, 12).await;
    assert_eq!(cell(&page, 0, 0).await, -0.125, "θ₁₀ lands on a short number");
    assert_eq!((cell(&page, 0, 1).await, cell(&page, 0, 2).await), (0.0, 1.0));

    // Its right end, dragged up by a half, turns it around its left end.
    let from = on_plane(&page, [1.0, 0.125]).await;
    let to = on_plane(&page, [1.0, 0.625]).await;
    page.drag(from, to, 12).await;
    let slope = -cell(&page, 0, 1).await / cell(&page, 0, 2).await;
    assert!((slope - 0.25).abs() < 0.01, "it rises by a half over its length of 2: {slope}");
    let left = -(cell(&page, 0, 0).await - cell(&page, 0, 1).await) / cell(&page, 0, 2).await;
    assert!((left - 0.125).abs() < 0.01, "the left end stays: {left}");
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn a_hinge_is_dragged_by_a_finger_and_a_tap_holds_a_region() {
    let page = Page::open("#/regions?start=seven", 360, 740, false).await;
    page.enable_touch().await;
    page.go("#/regions?start=seven").await;
    page.eval("document.querySelector('.plot').scrollIntoView({block: 'center'})").await;
    let scrolled = page.number("return scrollY").await;
    let from = on_plane(&page, [0.0, -0.375]).await;
    let to = on_plane(&page, [0.0, 0.125]).await;
    page.touch_drag(from, to, 10).await;
    // Within two pixels of where the finger went.
    page.until("return Math.abs(Number(document.querySelector('.units tbody input[type=text]').title) + 0.125) < 0.02")
        .await;
    assert_eq!(page.number("return scrollY").await, scrolled, "the page does not scroll away under it");
    let inside = on_plane(&page, [-0.6, 0.6]).await;
    page.touch_drag(inside, inside, 0).await;
    page.until("return location.hash.includes('pinned=')").await;
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn a_hinge_moves_by_the_keyboard_finely_and_coarsely() {
    let page = Page::open("#/regions?start=seven", 1280, 900, false).await;
    page.eval("document.querySelector('.hinge-body').focus()").await;
    page.press(&[], &[key::UP]).await;
    assert_eq!(cell(&page, 0, 0).await, 0.375 - 1.0 / 64.0);
    page.press(&[key::SHIFT], &[key::DOWN]).await;
    assert_eq!(cell(&page, 0, 0).await, 0.375 + 7.0 / 64.0);
    page.press(&[key::ALT], &[key::UP]).await;
    assert_eq!(cell(&page, 0, 0).await, 0.375 + 7.0 / 64.0 - 1.0 / 512.0);

    // The next stop of the tab key is the end of the same hinge; there the arrows turn.
    page.press(&[], &[key::TAB, key::RIGHT]).await;
    assert!(cell(&page, 0, 1).await < 0.0, "turned counter-clockwise");
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn three_lines_dragged_through_one_point_leave_six_regions() {
    let page = Page::open("#/regions?start=concurrent", 1280, 900, false).await;
    assert_eq!(page.number(COUNT).await, 6.0);
    page.eval("document.querySelector('.hinge-body').focus()").await;
    page.press(&[], &[key::UP]).await;
    page.until("return document.querySelector('[data-count=in-view] strong').textContent === '7'").await;
    page.press(&[], &[key::DOWN]).await;
    page.until("return document.querySelector('[data-count=in-view] strong').textContent === '6'").await;
    let why = page.text("return document.querySelector('.shortfall').textContent").await;
    assert!(why.contains("meet in one point"), "{why}");
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn a_region_is_looked_at_by_mouse_and_keyboard_and_held() {
    let page = Page::open("#/regions", 1280, 900, false).await;
    let pattern = "return document.querySelector('.readout .pattern')?.textContent ?? ''";
    page.hover(on_plane(&page, [-0.05, -0.1]).await).await;
    page.until(&format!("{} === '101'", pattern.replace("?? ''", ""))).await;
    let on = page
        .eval("return [...document.querySelectorAll('.equation .term')].map(t => t.classList.contains('on'))")
        .await;
    assert_eq!(on.to_string(), "[false,true,false,true]", "the units that are on light up in the equation");

    page.click(on_plane(&page, [-0.05, -0.1]).await).await;
    page.until("return location.hash.includes('pinned=101')").await;
    page.hover([5.0, 5.0]).await;
    assert_eq!(page.text(pattern).await, "101", "a held region stays");
    page.click(on_plane(&page, [-0.05, -0.1]).await).await;
    page.until("return !location.hash.includes('pinned')").await;

    page.eval("document.querySelector('.ground').focus()").await;
    page.until(&format!("{} === '101'", pattern.replace("?? ''", ""))).await;
    page.press(&[], &[key::RIGHT]).await;
    page.until(&format!("{} === '111'", pattern.replace("?? ''", ""))).await;
    page.press(&[], &[key::ENTER]).await;
    page.until("return location.hash.includes('pinned=111')").await;
    page.press(&[], &[key::LEFT]).await;
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn a_link_restores_the_whole_state() {
    let link = "#/regions?start=random-4-9&phi-0=-0.5&color-map=diverging&contours=false&patterns=false&theme=dark";
    let page = Page::open(link, 1280, 900, false).await;
    assert_eq!(page.number("return document.querySelectorAll('.hinge-body').length").await, 4.0);
    assert_eq!(page.text("return document.querySelector('select').value").await, "diverging");
    assert_eq!(page.text("return document.documentElement.dataset.theme").await, "dark");
    assert_eq!(page.text("return document.querySelector('.seed').value").await, "9");
    let checked = page
        .eval(
            "return [...document.querySelectorAll('.tools input[type=checkbox]')].slice(0, 2).map(box => box.checked)",
        )
        .await;
    assert_eq!(checked.to_string(), "[false,false]");
    // Longer than it takes until a change is written.
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    assert_eq!(fragment(&page).await, link, "a link that is understood is left as it is");

    // Another link in the address line takes over without loading the page anew, and the browser's back button returns.
    page.eval("location.hash = '#/regions?start=parallel'").await;
    page.until("return document.querySelector('[data-count=in-view] strong').textContent === '4'").await;
    page.eval("history.back()").await;
    page.until("return document.querySelectorAll('.hinge-body').length === 4").await;
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn every_frame_of_a_drag_is_drawn() {
    let page = Page::open("#/regions?start=random-12-9", 1280, 900, false).await;
    let from = center(&page, ".units tbody tr:nth-child(1) td:nth-of-type(1) input[type=range]").await;
    let frames = frames_of_drag(&page, [from[0] - 30.0, from[1]], [from[0] + 35.0, from[1]]).await;
    println!("slider drag, 12 units: {frames}");
    assert!(frames.n_redrawn > 10.0, "the picture follows the slider");
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn the_sign_of_a_unit_says_which_pattern_is_missing() {
    let page = Page::open("#/regions", 1280, 900, false).await;
    let missing = "return document.querySelector('.shortfall').textContent.trim()";
    assert_eq!(page.text(missing).await, "Missing: 010.");
    for (unit, words) in [(1, "Missing: 110."), (2, "Missing: 100."), (1, "Missing: 000.")] {
        page.eval(&format!("document.querySelector('.units tbody tr:nth-child({unit}) .regions-flip button').click()"))
            .await;
        page.until(&format!("{missing} === {words:?}")).await;
        assert_eq!(page.number(COUNT).await, 7.0);
    }
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn the_handle_of_phi_dragged_onto_its_line_merges_maps() {
    let page = Page::open("#/regions", 1280, 900, false).await;
    let maps = "return document.querySelector('[data-count=affine-pieces] strong').textContent";
    assert_eq!(page.text(maps).await, "7");
    // The diamond of h₃ hangs at 72 % of its line, which runs from (1, 0.571) to (−1, 0).
    let diamond = center(&page, ".hinge:nth-of-type(3) .regions-output .knob").await;
    let foot = on_plane(&page, [1.0 - 1.44, 0.72 * (-4.0 / 7.0) + 4.0 / 7.0]).await;
    page.drag(diamond, foot, 12).await;
    assert_eq!(cell(&page, 2, 3).await, 0.0, "φ₃ lands on 0 exactly");
    assert_eq!(page.text(maps).await, "4");
    let why = page.text("return document.querySelector('.shortfall').textContent").await;
    assert!(why.contains("φ₃ = 0"), "{why}");
    // By the keyboard it comes back.
    page.eval("document.querySelector('.hinge:nth-of-type(3) .regions-output').focus()").await;
    page.press(&[], &[key::UP]).await;
    assert_eq!((cell(&page, 2, 3).await, page.text(maps).await.as_str()), (1.0 / 64.0, "7"));
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn a_second_layer_is_added_its_lines_are_chosen_and_hidden() {
    let page = Page::open("#/regions", 1280, 900, false).await;
    page.eval("document.querySelector('.regions-more summary').click()").await;
    page.eval("document.querySelector('[aria-label=\"Hidden layers: one more\"]').click()").await;
    page.until("return document.querySelectorAll('.regions-bend').length > 0").await;
    page.until("return location.hash.includes('deep=3')").await;
    let bends = page.number("return document.querySelectorAll('.regions-bend').length").await;
    let shapes = "return [...document.querySelectorAll('.regions-bend polyline')].every(line => getComputedStyle(line).fill === 'none')";
    assert_eq!(page.eval(shapes).await, true, "a path that is clicked is no filled shape");

    // A line is chosen by the keyboard; its bias then moves it.
    page.eval("document.querySelector('.regions-bend').focus()").await;
    page.press(&[], &[key::ENTER]).await;
    page.until("return location.hash.includes('selected=2,')").await;
    page.eval("document.querySelector('.regions-deep .dials input[type=range]').focus()").await;
    page.press(&[], &[key::RIGHT]).await;
    page.until("return location.hash.includes('edits=2,')").await;

    page.eval("[...document.querySelectorAll('.regions-more label')].find(l => l.textContent === 'lines of layer 2').firstChild.click()").await;
    page.until("return document.querySelectorAll('.regions-bend').length === 0").await;
    assert!(bends >= 1.0);
    page.press(&[key::CONTROL], &['z']).await;
    page.until("return document.querySelectorAll('.regions-bend').length > 0").await;
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn every_frame_of_a_drag_through_two_layers_is_drawn() {
    let page = Page::open("#/regions?start=deep", 1280, 900, false).await;
    let from = center(&page, ".hinge:nth-of-type(4) .hinge-body .reach").await;
    let frames = frames_of_drag(&page, [from[0], from[1] + 40.0], [from[0] + 130.0, from[1] + 40.0]).await;
    println!("hinge drag, layers of 4 and 3: {frames}");
    assert!(frames.n_redrawn > 10.0, "the picture follows the line");
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn the_growth_plots_give_all_digits() {
    let page = Page::open("#/regions?start=growth", 1280, 900, false).await;
    let digits = |name: &str| format!("return document.querySelector('[data-count={name}]')?.textContent ?? ''");
    assert_eq!(page.text(&digits("shallow")).await, "13,432,735,556");
    page.eval("document.querySelector('.regions-growth .drag-target').focus()").await;
    page.press(&[], &[key::LEFT]).await;
    page.until(&format!("{} === '10,825,279,046'", digits("shallow").replace(" ?? ''", ""))).await;
    page.hover(center(&page, ".regions-growth .ground").await).await;
    page.until("return document.querySelector('[data-count=pointed]')?.textContent.length > 20").await;
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn a_ray_is_drawn_by_its_ends_and_lists_what_it_meets() {
    let page = Page::open("#/regions?start=ray", 1280, 900, false).await;
    let patterns =
        "return [...document.querySelectorAll('.regions-ray tbody .pattern')].map(cell => cell.textContent).join(' ')";
    assert_eq!(page.text(patterns).await, "001 101 111 110");
    page.drag(on_plane(&page, [0.875, 0.75]).await, on_plane(&page, [0.875, -0.75]).await, 12).await;
    page.until(&format!("{patterns} === '001 011 111'")).await;
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn regions_are_counted_while_a_network_learns() {
    let page = Page::open("#/regions?start=zero-bias", 1280, 900, false).await;
    assert_eq!(page.number(COUNT).await, 16.0);
    page.eval("[...document.querySelectorAll('.playback button')].find(b => b.textContent === 'Run').click()").await;
    page.until(&format!("{COUNT} > 20")).await;
    page.eval("document.querySelector('.playback .run').click()").await;
    page.eval("document.querySelector('.playback [aria-label=\"Back to the start\"]').click()").await;
    page.until(&format!("{COUNT} === 16")).await;
    page.go("#/regions?start=zero-bias&step=400").await;
    page.until("return document.querySelector('.playback .status').textContent.startsWith('step 400 ')").await;
    assert!(page.number(COUNT).await > 20.0);
    page.assert_console_is_empty().await;
    page.close().await;
}

/// Hands a file to the page, as if it had been chosen.
async fn choose_file(page: &Page, name: &str, bytes: &[u8]) {
    page.eval(&format!(
        "const held = new DataTransfer(); held.items.add(new File([new Uint8Array({bytes:?})], {name:?})); \
         const input = document.querySelector('.regions-file input'); input.files = held.files; \
         input.dispatchEvent(new Event('change', {{bubbles: true}}))"
    ))
    .await;
}

#[tokio::test]
async fn a_network_from_a_file_is_shown_and_a_broken_file_costs_nothing() {
    let page = Page::open("#/regions?start=slice", 1280, 900, false).await;
    assert_eq!(page.number(COUNT).await, 145.0);
    // Three lines in general position, as in UDL, figure 3.8.
    let weights = "[[0.5,0.5],[0.9,-0.1],[0.2,-0.7]]";
    let network = format!(
        "{{\"layers\":[{{\"weight\":{weights},\"bias\":[0.2,-0.3,0.2]}},{{\"weight\":[[-1,1.8,-0.5]],\"bias\":[0.4]}}]}}"
    );
    choose_file(&page, "three.json", network.as_bytes()).await;
    page.until(&format!("{COUNT} === 7")).await;
    choose_file(&page, "broken.json", &network.as_bytes()[..40]).await;
    page.until("return document.querySelector('.regions-trouble').textContent.length > 0").await;
    let trouble = page.text("return document.querySelector('.regions-trouble').textContent").await;
    assert!(trouble.ends_with('.') && trouble.matches(". ").count() == 0, "one sentence: {trouble}");
    assert_eq!(page.number(COUNT).await, 7.0, "what was shown stays");
    page.eval("[...document.querySelectorAll('button')].find(b => b.textContent === 'Back to the example').click()")
        .await;
    page.until(&format!("{COUNT} === 145")).await;
    // The same network as PyTorch saves it.
    let saved = include_bytes!("../../../crates/network-file/fuzz/corpus/safetensors/good-fig-3-8");
    choose_file(&page, "three.safetensors", saved).await;
    page.until(&format!("{COUNT} === 7")).await;
    choose_file(&page, "half.safetensors", &saved[..saved.len() / 2]).await;
    page.until("return document.querySelector('.regions-trouble').textContent.includes('no safetensors file')").await;
    assert_eq!(page.number(COUNT).await, 7.0, "what was shown stays");
    page.eval("[...document.querySelectorAll('button')].find(b => b.textContent === 'Back to the example').click()")
        .await;
    page.until(&format!("{COUNT} === 145")).await;
    // Another plane through the same network.
    page.eval("[...document.querySelectorAll('button')].find(b => b.textContent.includes('Other points')).click()")
        .await;
    page.until(&format!("{COUNT} !== 145")).await;
    page.assert_console_is_empty().await;
    page.close().await;
}
