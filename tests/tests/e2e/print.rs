//! The page on paper.

use piecewise_tests::browser::Page;

/// The names of those of these elements that are shown.
async fn shown(page: &Page, selectors: &[&str]) -> Vec<String> {
    let script = format!(
        "return {selectors:?}.filter(selector => [...document.querySelectorAll(selector)].some(element => element.checkVisibility()))"
    );
    let value = page.eval(&script).await;
    value.as_array().into_iter().flatten().filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

/// How many pixels of the canvas there are to one of the page.
const DENSITY: &str = "const c = document.querySelector('canvas'); return c.width / c.parentElement.clientWidth";

#[tokio::test]
async fn paper_has_claim_picture_words_and_address_and_no_controls() {
    let page = Page::open("#/regions?start=parallel&theme=dark", 1280, 900, false).await;
    // Before it is first drawn, a canvas has the size of all canvases.
    page.until("return Number(document.querySelector('canvas').dataset.draws) > 0").await;
    assert_eq!(page.number(DENSITY).await, 1.0);
    let controls = [".masthead", ".presets", ".controls", ".exhibit button", ".exhibit input"];
    let kept = [".claim h1", ".picture canvas", ".readout", ".words", ".address"];
    assert_eq!(shown(&page, &controls).await, controls);
    assert_eq!(shown(&page, &kept).await, kept[..4]);

    page.eval("dispatchEvent(new Event('beforeprint'))").await;
    page.emulate_media("print", &[]).await;
    assert!(page.number(DENSITY).await >= 3.0, "at least 300 dots an inch");
    assert_eq!(shown(&page, &controls).await, [""; 0]);
    assert_eq!(shown(&page, &kept).await, kept);
    let address = page.text("return location.href").await;
    assert_eq!(page.text("return document.querySelector('.address').textContent").await, address);
    // Paper is white, also where the page is dark, and the picture is as wide for its height as it was drawn.
    assert_eq!(page.text("return document.documentElement.dataset.theme").await, "light");
    let shape = "const c = document.querySelector('canvas'), b = c.getBoundingClientRect(); return (b.width / b.height) / (c.width / c.height)";
    assert!((page.number(shape).await - 1.0).abs() < 0.01);

    page.emulate_media("screen", &[]).await;
    page.eval("dispatchEvent(new Event('afterprint'))").await;
    page.until("return document.querySelector('canvas').width === document.querySelector('.plot').clientWidth").await;
    assert_eq!(page.text("return document.documentElement.dataset.theme").await, "dark");
    assert_eq!(shown(&page, &kept).await, kept[..4]);
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn every_exhibit_can_be_printed_on_the_papers_of_both_continents() {
    let page = Page::open("", 1280, 900, false).await;
    for paper in [[8.27, 11.69], [8.5, 11.0]] {
        for entry in piecewise_exhibits::EXHIBITS {
            page.go(&format!("#/{}", entry.name)).await;
            // What a printed page is told in advance, the browser says here as well.
            page.eval("addEventListener('beforeprint', () => { window.asked = true })").await;
            let pdf = page.pdf(paper).await;
            assert!(pdf.starts_with("JVBERi0"), "{}: a PDF", entry.name);
            assert!(pdf.len() > 30_000, "{}: with a picture in it, in {} letters", entry.name, pdf.len());
            assert_eq!(page.eval("return window.asked === true").await.to_string(), "true", "{}", entry.name);
            page.until("return document.querySelector('canvas').width === document.querySelector('.plot').clientWidth")
                .await;
        }
    }
    page.assert_console_is_empty().await;
    page.close().await;
}
