//! What every exhibit owes its visitors, whatever it is about. These tests walk the registry, so a new exhibit is tested the minute it
//! is listed.

use piecewise_exhibits::EXHIBITS;
use piecewise_tests::browser::Page;

/// Every preset of every exhibit, as links write them.
fn preset_links() -> impl Iterator<Item = String> {
    EXHIBITS
        .iter()
        .flat_map(|entry| entry.presets.iter().map(|preset| format!("#/{}?start={}", entry.name, preset.start)))
}

/// By how many pixels the page is wider than its window.
async fn overhang(page: &Page) -> f64 {
    page.number("const e = document.scrollingElement; return e.scrollWidth - e.clientWidth").await
}

#[tokio::test]
async fn every_exhibit_opens_on_phone_laptop_and_projector_in_both_themes() {
    for dark in [false, true] {
        let page = Page::open("", 360, 740, dark).await;
        for (width, height) in [(360, 740), (1280, 800), (1920, 1080)] {
            page.resize(width, height).await;
            for entry in EXHIBITS {
                for options in ["", "?ui=compact", "?ui=bare"] {
                    page.go(&format!("#/{}{options}", entry.name)).await;
                    assert!(overhang(&page).await <= 0.0, "{}{options} fits into {width} px", entry.name);
                }
            }
        }
        page.assert_console_is_empty().await;
        page.close().await;
    }
}

#[tokio::test]
async fn every_preset_opens_from_its_link_and_says_what_there_is_to_see() {
    let page = Page::open("", 1280, 800, false).await;
    for link in preset_links() {
        page.go(&link).await;
        assert!(overhang(&page).await <= 0.0, "{link} fits");
        assert_eq!(page.text("return document.querySelector('.notice')?.textContent ?? ''").await, "", "{link}");
        let pressed = "return document.querySelectorAll('.presets [aria-pressed=true]').length";
        assert_eq!(page.number(pressed).await, 1.0, "{link} is one of the buttons");
        let console = page.console().await;
        assert!(console.is_empty(), "{link}: {}", console.join("\n"));
    }
    page.close().await;
}

#[tokio::test]
async fn what_can_be_dragged_moves_by_the_arrow_keys() {
    let page = Page::open("", 1280, 900, false).await;
    for entry in EXHIBITS {
        page.go(&format!("#/{}", entry.name)).await;
        let n_handles = page.number("return document.querySelectorAll('.drag-target[tabindex=\"0\"]').length").await;
        for index in 0..n_handles as usize {
            // Where it is shown, and what it says of itself: one of the two changes. At an end of its range it moves the other way.
            let moved = page
                .eval(&format!(
                    "const handle = () => document.querySelectorAll('.drag-target[tabindex=\"0\"]')[{index}]; \
                     const told = () => handle() ? handle().getAttribute('aria-valuetext') + handle().outerHTML : ''; \
                     handle().focus(); const before = told(); \
                     const wait = () => new Promise(done => requestAnimationFrame(() => setTimeout(done, 20))); \
                     return (async () => {{ \
                       for (const key of ['ArrowUp', 'ArrowRight', 'ArrowDown', 'ArrowLeft']) {{ \
                         for (let i = 0; i < 3; i++) {{ \
                           handle().dispatchEvent(new KeyboardEvent('keydown', {{ key, bubbles: true, cancelable: true }})); \
                           handle().dispatchEvent(new KeyboardEvent('keyup', {{ key, bubbles: true }})); await wait(); \
                         }} \
                         if (told() !== before) return ''; \
                       }} \
                       return handle().getAttribute('aria-label') }})()"
                ))
                .await;
            assert_eq!(moved.as_str(), Some(""), "{}: every handle moves by the arrow keys", entry.name);
        }
        let console = page.console().await;
        assert!(console.is_empty(), "{}: {}", entry.name, console.join("\n"));
    }
    page.close().await;
}

#[tokio::test]
async fn every_fault_of_a_page_is_heard() {
    // Each of the others ends with an empty console, which would mean nothing if it were always empty.
    let page = Page::open("", 1280, 800, false).await;
    page.assert_console_is_empty().await;
    page.eval(
        "console.error('said aloud'); setTimeout(() => { throw new Error('thrown away') }); \
         return fetch('missing.json').then(() => {})",
    )
    .await;
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    let console = page.console().await.join("\n");
    for fault in ["said aloud", "thrown away", "missing.json"] {
        assert!(console.contains(fault), "{fault}: {console}");
    }
    page.assert_console_is_empty().await;
    page.close().await;
}

/// Panics when the rules of accessibility find anything on the page as it stands.
pub(crate) async fn assert_axe_finds_nothing(page: &Page, what: &str) {
    // Whoever runs this without the rules is told so by `cargo xtask test`, which brings them.
    let Some(axe) = std::env::var_os("PIECEWISE_AXE") else { return };
    page.eval(&std::fs::read_to_string(axe).expect("the rules can be read")).await;
    let found = page
        .eval(
            "return axe.run().then(found => found.violations.flatMap(rule => rule.nodes.slice(0, 3).map(node => \
             rule.id + ' at ' + node.target.join(' ') + ': ' + node.html.slice(0, 160))))",
        )
        .await;
    assert_eq!(found.to_string(), "[]", "{what}");
}

#[tokio::test]
async fn axe_finds_nothing_to_mend_on_any_page() {
    for (dark, options) in [(false, ""), (true, ""), (false, "?theme=contrast")] {
        let page = Page::open("", 1280, 800, dark).await;
        for (width, height) in [(360, 740), (1280, 800)] {
            page.resize(width, height).await;
            for name in EXHIBITS.iter().map(|entry| entry.name).chain([""]) {
                page.go(&format!("#/{name}{options}")).await;
                page.eval("document.querySelectorAll('details').forEach(more => more.open = true)").await;
                assert_axe_finds_nothing(&page, &format!("#/{name}{options} at {width} px, dark: {dark}")).await;
            }
        }
        page.assert_console_is_empty().await;
        page.close().await;
    }
}
