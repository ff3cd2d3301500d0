//! The page around the exhibits: contents, links, embedding, crashes, sizes and themes.

use piecewise_tests::browser::{Page, origin};

use crate::{
    fragment,
    regions::{COUNT, on_plane},
};

#[tokio::test]
async fn the_contents_list_the_exhibits_and_open_them() {
    let page = Page::open("", 1280, 720, false).await;
    assert_eq!(
        page.text("return document.querySelector('.card strong').textContent").await,
        "How would you draw and write this network?"
    );
    page.eval("document.querySelector('.card a').click()").await;
    page.until("return !!document.querySelector('.exhibit')").await;
    assert_eq!(fragment(&page).await, "#/network");
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn the_contents_show_a_small_picture_of_every_exhibit_in_each_theme() {
    for theme in ["light", "dark", "contrast"] {
        let page = Page::open(&format!("#/?theme={theme}"), 1280, 720, false).await;
        page.eval("document.querySelectorAll('.card img').forEach(image => image.loading = 'eager')").await;
        page.until("return [...document.querySelectorAll('.card img')].every(image => image.complete)").await;
        let missing = "return [...document.querySelectorAll('.card')].filter(card => !card.querySelector('img')?.naturalWidth).map(card => card.innerText)";
        assert_eq!(page.eval(missing).await.to_string(), "[]");
        let names = "return [...document.querySelectorAll('.card img')].every(image => image.src.endsWith(`/card-${document.documentElement.dataset.theme}.png`))";
        assert_eq!(page.eval(names).await.to_string(), "true");
        let heaviest = "return Math.max(...performance.getEntriesByType('resource').filter(entry => entry.name.endsWith('.png')).map(entry => entry.decodedBodySize))";
        let bytes = page.number(heaviest).await;
        assert!(bytes > 1_000.0 && bytes < 150_000.0, "{bytes} bytes in the heaviest picture");
        page.assert_console_is_empty().await;
        page.close().await;
    }
}

#[tokio::test]
async fn who_prefers_more_contrast_gets_it_unless_the_link_says_otherwise() {
    let page = Page::open("#/regions", 1280, 900, false).await;
    let theme = "return document.documentElement.dataset.theme";
    assert_eq!(page.text(theme).await, "light");
    page.emulate_media("screen", &[("prefers-contrast", "more")]).await;
    page.until("return document.documentElement.dataset.theme === 'contrast'").await;
    // Texts in a colour of their own are black enough as well.
    let ink = "return getComputedStyle(document.querySelector('.claim h1')).color";
    assert_eq!(page.text(ink).await, "rgb(0, 0, 0)");
    // A dark page stays dark.
    page.emulate_media("screen", &[("prefers-contrast", "more"), ("prefers-color-scheme", "dark")]).await;
    page.until("return document.documentElement.dataset.theme === 'dark'").await;
    page.emulate_media("screen", &[("prefers-contrast", "no-preference"), ("prefers-color-scheme", "light")]).await;
    page.until("return document.documentElement.dataset.theme === 'light'").await;
    page.go("#/regions?theme=contrast").await;
    assert_eq!(page.text(theme).await, "contrast");
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn what_a_link_fails_to_say_is_counted_in_one_quiet_line() {
    let page = Page::open("#/regions?phi-0=nan&units=1,2&patterns=false", 1280, 900, false).await;
    let notice = "return document.querySelector('.notice')?.innerText ?? ''";
    assert!(page.text(notice).await.starts_with("2 settings in this link were not understood."));
    let checked = page
        .eval(
            "return [...document.querySelectorAll('.tools input[type=checkbox]')].slice(0, 2).map(box => box.checked)",
        )
        .await;
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
async fn the_page_that_measures_fills_its_table_row_by_row_and_gives_it_away() {
    let page = Page::open("#/bench", 1280, 900, false).await;
    let click = |label: &str| {
        format!("[...document.querySelectorAll('.bench button')].find(b => b.innerText.trim() === '{label}').click()")
    };
    page.eval(&click("Measure")).await;
    page.until("return document.querySelectorAll('.bench tbody tr')[1].cells[2].textContent.endsWith('ms')").await;
    page.eval(&click("Stop")).await;
    let row = "return [...document.querySelector('.bench tbody tr').cells].map(cell => cell.innerText)";
    let row = page.eval(row).await;
    assert_eq!((row[0].as_str(), row[1].as_str()), (Some("2-3-1"), Some("7")));
    // What is shown is a time, and times are multiples of R.
    let millis: f64 = row[2].as_str().and_then(|cell| cell.strip_suffix(" ms")?.parse().ok()).expect("a time");
    assert!(millis > 0.0 && millis < 1.0, "{millis} ms for seven regions");
    page.eval(&click("Copy as CSV")).await;
    page.until("return !!document.querySelector('.copy-said').textContent").await;
    let csv = page.text("return document.querySelector('.copy textarea').value").await;
    let mut lines = csv.lines();
    assert_eq!(lines.next().map(|head| head.split(',').count()), Some(7));
    assert!(lines.next().is_some_and(|line| line.starts_with("\"2-3-1\",7,0.")), "{csv}");
    // Where it stopped it goes on.
    let n_rows = csv.lines().count() - 1;
    page.eval(&click("Go on")).await;
    page.until(&format!(
        "return document.querySelectorAll('.bench tbody tr')[{n_rows}].cells[2].textContent.endsWith('ms')"
    ))
    .await;
    page.eval(&click("Stop")).await;
    // The second table is measured on its own.
    let field = "document.querySelectorAll('.bench section')[1]";
    page.eval(&format!("{field}.querySelector('button').click()")).await;
    page.until(&format!("return {field}.querySelectorAll('tbody tr')[3].cells[1].textContent.endsWith('ms')")).await;
    let measured = page
        .eval(&format!("return [...{field}.querySelectorAll('tbody tr')].slice(0, 4).map(row => [...row.cells].slice(1).map(cell => parseFloat(cell.innerText)))"))
        .await;
    let measured = measured.as_array().expect("rows");
    let is_measured = |cell: &serde_json::Value| cell.as_f64().is_some_and(|number| number > 0.0);
    assert!(
        measured
            .iter()
            .all(|row| row.as_array().is_some_and(|cells| cells.len() == 4 && cells.iter().all(is_measured))),
        "{measured:?}"
    );
    page.assert_console_is_empty().await;
    page.close().await;
}
