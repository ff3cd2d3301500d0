//! The page in a real browser: what a person sees, drags, types and links.
//!
//! Every test ends with an empty console: no error, no warning, no file that was not found.

use piecewise_tests::browser::{Page, origin};

/// WebDriver's codes of keys.
mod key {
    pub(crate) const ENTER: char = '\u{E007}';
    pub(crate) const TAB: char = '\u{E004}';
    pub(crate) const SHIFT: char = '\u{E008}';
    pub(crate) const CONTROL: char = '\u{E009}';
    pub(crate) const ALT: char = '\u{E00A}';
    pub(crate) const LEFT: char = '\u{E012}';
    pub(crate) const UP: char = '\u{E013}';
    pub(crate) const RIGHT: char = '\u{E014}';
    pub(crate) const DOWN: char = '\u{E015}';
}

const COUNT: &str = "return Number(document.querySelector('[data-count=in-view] strong').textContent)";

/// The centre of an element, in CSS pixels of the page.
async fn center(page: &Page, selector: &str) -> [f64; 2] {
    let script = format!(
        "const b = document.querySelector({selector:?}).getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]"
    );
    let value = page.eval(&script).await;
    [0, 1].map(|i| value[i].as_f64().expect("a coordinate"))
}

/// Where a point of the plane is on the page.
async fn on_plane(page: &Page, [x1, x2]: [f64; 2]) -> [f64; 2] {
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

async fn fragment(page: &Page) -> String {
    page.text("return location.hash").await
}

#[tokio::test]
async fn the_contents_list_the_exhibits_and_open_them() {
    let page = Page::open("", 1280, 720, false).await;
    assert_eq!(
        page.text("return document.querySelector('.card strong').textContent").await,
        "Number of output regions"
    );
    page.eval("document.querySelector('.card a').click()").await;
    page.until("return !!document.querySelector('.exhibit')").await;
    assert_eq!(fragment(&page).await, "#/regions");
    page.assert_console_is_empty().await;
    page.close().await;
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
    for (label, regions) in
        [("Seven regions", 7), ("Through one point", 6), ("Parallel", 4), ("A dead unit", 4), ("Fig. 3.8", 7)]
    {
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
    let checked =
        page.eval("return [...document.querySelectorAll('.tools input[type=checkbox]')].map(box => box.checked)").await;
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
async fn what_a_link_fails_to_say_is_counted_in_one_quiet_line() {
    let page = Page::open("#/regions?phi-0=nan&units=1,2&patterns=false", 1280, 900, false).await;
    let notice = "return document.querySelector('.notice')?.innerText ?? ''";
    assert!(page.text(notice).await.starts_with("2 settings in this link were not understood."));
    let checked =
        page.eval("return [...document.querySelectorAll('.tools input[type=checkbox]')].map(box => box.checked)").await;
    assert_eq!(checked.to_string(), "[true,false]", "the good setting counts");

    for (link, says) in [
        ("#/regions?phi-0=1e308", "1 setting in this link was not understood."),
        ("#/regions?whatever=1&scale=99&units=;;;;", "3 settings in this link were not understood."),
        ("#/polygons", "There is no exhibit named “polygons”."),
        ("#/%3Cimg%20src=x%20onerror=alert(1)%3E", "There is no exhibit named"),
    ] {
        page.go(link).await;
        assert!(page.text(notice).await.starts_with(says), "{link}: {}", page.text(notice).await);
    }
    page.eval("document.querySelector('.notice button').click()").await;
    page.until("return !document.querySelector('.notice')").await;
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn ten_megabytes_of_link_do_no_harm() {
    let page = Page::open("#/regions", 1280, 900, false).await;
    page.eval("location.hash = '#/regions?units=' + '1,'.repeat(5 << 20)").await;
    page.until("return (document.querySelector('.notice')?.innerText ?? '').startsWith('This link is too long')").await;
    assert_eq!(page.number(COUNT).await, 7.0);
    page.eval("location.hash = '#/regions?start=parallel'").await;
    page.until("return document.querySelector('[data-count=in-view] strong').textContent === '4'").await;
    page.assert_console_is_empty().await;
    page.close().await;
}

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
async fn after_a_crash_one_click_brings_everything_back() {
    let page = Page::open("#/regions?start=parallel&phi-0=0.5", 1280, 900, false).await;
    page.assert_console_is_empty().await;
    page.eval("try { window.wasmBindings.rehearse_crash() } catch {}").await;
    page.until("return document.querySelector('.crash h1')?.textContent.startsWith('Piecewise has stopped')").await;
    assert!(page.text("return document.querySelector('.crash pre').textContent").await.contains("a rehearsal"));
    page.eval("document.querySelector('.crash button').click()").await;
    page.until("return document.querySelector('[data-count=in-view] strong')?.textContent === '4'").await;
    assert_eq!(fragment(&page).await, "#/regions?start=parallel&phi-0=0.5");
    page.close().await;
}

#[tokio::test]
async fn an_embedded_exhibit_is_the_picture_alone_and_fills_its_frame() {
    let page = Page::open("#/regions?ui=bare", 640, 480, false).await;
    let seen = page
        .eval("return ['.masthead', '.controls', '.words', '.presets'].filter(s => document.querySelector(s))")
        .await;
    assert_eq!(seen.to_string(), "[]");
    let picture = page
        .eval("const b = document.querySelector('.plot').getBoundingClientRect(); return [b.width, b.height]")
        .await;
    assert_eq!(picture.to_string(), "[640,480]");
    let scrolls = page
        .eval("const e = document.scrollingElement; return e.scrollHeight > innerHeight || e.scrollWidth > innerWidth")
        .await;
    assert_eq!(scrolls.to_string(), "false");
    let from = on_plane(&page, [0.125, 0.275]).await;
    page.drag(from, [from[0] + 40.0, from[1]], 8).await;
    page.until("return location.hash.includes('units=') && location.hash.includes('ui=bare')").await;
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn the_page_fits_phone_laptop_and_projector_in_both_themes() {
    for dark in [false, true] {
        let page = Page::open("", 360, 740, dark).await;
        for (width, height) in [(360, 740), (1280, 720), (1920, 1080)] {
            page.resize(width, height).await;
            for link in [
                "",
                "#/regions",
                "#/regions?start=random-12-9",
                "#/regions?ui=compact&scale=1.75",
                "#/steep-step?start=smooth",
            ] {
                page.go(link).await;
                let wide = page.eval("const e = document.scrollingElement; return e.scrollWidth - e.clientWidth").await;
                assert_eq!(wide.to_string(), "0", "{link} at {width} px needs no scrolling sideways");
            }
        }
        let theme = if dark { "dark" } else { "light" };
        page.go("#/regions").await;
        page.eval(&format!("document.querySelector('.theme').click(); return {theme:?}")).await;
        page.until("return location.hash.includes('theme=')").await;
        page.assert_console_is_empty().await;
        page.close().await;
    }
}

#[tokio::test]
async fn nothing_is_asked_of_any_other_origin_and_the_first_picture_is_early() {
    let page = Page::open("#/regions", 1280, 720, false).await;
    let foreign = page
        .eval("return performance.getEntriesByType('resource').map(e => e.name).filter(n => !n.startsWith(location.origin) && !n.startsWith('data:'))")
        .await;
    assert_eq!(foreign.to_string(), "[]", "served by {}", origin());
    let millis = page.number("return performance.getEntriesByName('picture')[0].startTime").await;
    println!("first picture after a cold load: {millis:.0} ms");
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn every_frame_of_a_drag_is_drawn() {
    let page = Page::open("#/regions?start=random-12-9", 1280, 900, false).await;
    let slider = ".units tbody tr:nth-child(1) td:nth-of-type(1) input[type=range]";
    page.eval(
        "window.frames_ = []; window.draws_ = []; window.sampling_ = true; const canvas = document.querySelector('canvas'); \
         const tick = t => { window.frames_.push(t); window.draws_.push(Number(canvas.dataset.draws)); \
         if (window.sampling_) requestAnimationFrame(tick) }; requestAnimationFrame(tick)",
    )
    .await;
    let from = center(&page, slider).await;
    page.drag([from[0] - 30.0, from[1]], [from[0] + 35.0, from[1]], 130).await;
    let drawn = page
        .eval(
            "const f = window.frames_, d = window.draws_; window.sampling_ = false; \
             const first = d.findIndex(n => n > d[0]), last = d.findLastIndex((n, i) => i > 0 && n > d[i - 1]); \
             const gaps = []; for (let i = first + 1; i <= last; i++) gaps.push(f[i] - f[i - 1]); \
             gaps.sort((a, b) => a - b); const at = q => gaps[Math.floor(q * (gaps.length - 1))]; \
             return [gaps.length, d[last] - d[first], at(0.5), at(0.95)]",
        )
        .await;
    let value = |i: usize| drawn[i].as_f64().expect("a number");
    println!(
        "slider drag, 12 units: {} frames, {} redrawn, p50 {:.1} ms, p95 {:.1} ms",
        value(0),
        value(1),
        value(2),
        value(3)
    );
    assert!(value(1) > 10.0, "the picture follows the slider");
    page.assert_console_is_empty().await;
    page.close().await;
}
