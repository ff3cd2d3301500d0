//! The file that needs no server: opened from the disk, in frames, and after a crash.

use std::fs;

use piecewise_tests::browser::{Page, single_file};

use crate::{center, fragment};

/// Waits until there is a picture.
async fn until_drawn(page: &Page) {
    page.until("const c = document.querySelector('canvas'); return !!c && Number(c.dataset.draws) > 0").await;
}

/// Everything that the page has asked for since it was opened. An address that holds what it says is no request.
const REQUESTS: &str = "return performance.getEntriesByType('resource').map(entry => entry.name).filter(name => !name.startsWith('data:') && !name.startsWith('blob:'))";

#[tokio::test]
async fn it_opens_from_the_disk_and_asks_for_nothing() {
    let page = Page::open_file(&single_file(), "#/regions?start=parallel&phi-0=0.5", 1280, 900).await;
    until_drawn(&page).await;
    assert!(page.text("return location.protocol").await.starts_with("file"));
    page.until("return document.querySelector('[data-count=in-view] strong').textContent === '4'").await;
    let number = "return document.querySelector('.term.first input, .units input')?.value ?? ''";
    assert_eq!(page.text(number).await, "0.5", "the setting in the link counts");
    let from = center(&page, ".knob").await;
    page.drag(from, [from[0] + 60.0, from[1]], 12).await;
    page.until("return location.hash.includes('units=')").await;
    let (edited, shown) = (fragment(&page).await, "return document.querySelector('.equation').textContent");
    let equation = page.text(shown).await;
    // What was dragged is in the address, which brings it back.
    page.eval("window.isOld = true; location.reload()").await;
    page.until("return !window.isOld").await;
    until_drawn(&page).await;
    page.until("return !!document.querySelector('.equation')").await;
    assert_eq!((fragment(&page).await, page.text(shown).await), (edited, equation));
    assert_eq!(page.eval(REQUESTS).await.to_string(), "[]");
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn its_contents_show_every_exhibit_and_open_each() {
    let page = Page::open_file(&single_file(), "#/", 1280, 900).await;
    let n = piecewise_exhibits::CONTENTS.len();
    page.until(&format!(
        "return [...document.querySelectorAll('.card img')].filter(image => image.naturalWidth > 0).length === {n}"
    ))
    .await;
    let drawn_here =
        "return [...document.querySelectorAll('.card img')].every(image => image.src.startsWith('data:image/svg'))";
    assert_eq!(page.eval(drawn_here).await.to_string(), "true");
    for name in piecewise_exhibits::CONTENTS.iter().map(|listing| listing.name) {
        page.eval(&format!("document.querySelector('.card a[href=\"#/{name}\"]').click()")).await;
        page.until("return !!document.querySelector('.exhibit')").await;
        until_drawn(&page).await;
        page.eval("document.querySelector('.wordmark').click()").await;
        page.until("return !!document.querySelector('.contents')").await;
    }
    let dead = "return [...document.querySelectorAll('a')].map(a => a.getAttribute('href')).filter(href => !href.startsWith('#/'))";
    assert_eq!(page.eval(dead).await.to_string(), "[]");
    assert_eq!(page.eval(REQUESTS).await.to_string(), "[]");
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn in_a_sandboxed_frame_of_a_page_on_the_disk_it_answers_its_host() {
    // The host lies beside the file, as on a stick.
    let folder = std::env::temp_dir().join(format!("piecewise-stick-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder can be made");
    let host = folder.join("host.html");
    let page = include_str!("../../hosts/frame.html").replace("../index.html", "piecewise.html");
    let sandboxed = page.replace(
        "new URLSearchParams(location.search)",
        "new URLSearchParams('sandbox=allow-scripts&src=' + encodeURIComponent('#/steep-step?ui=compact'))",
    );
    assert_ne!(page, sandboxed);
    fs::write(&host, sandboxed).expect("a file can be written");
    fs::copy(single_file(), folder.join("piecewise.html")).expect("the file can be copied");

    let page = Page::open_file(&host, "", 1280, 900).await;
    page.until("return !!event('ready')").await;
    page.until("return event('height')?.height > 300").await;
    page.eval("return ask('patch', { settings: { width: 0.7 } })").await;
    page.until("return ask('getState').then(answer => answer?.result.state.includes('width=0.7'))").await;
    let shot = page.text("return ask('screenshot', { scale: 1 }).then(answer => answer.result.slice(0, 22))").await;
    assert_eq!(shot, "data:image/png;base64,");
    let [x, y] = center(&page, "iframe").await;
    page.click([x, y]).await;
    page.press(&[], &[crate::key::PAGE_DOWN]).await;
    page.until("return event('key')?.key === 'PageDown'").await;
    page.assert_console_is_empty().await;
    page.close().await;
    fs::remove_dir_all(&folder).expect("the folder can be removed");
}

#[tokio::test]
async fn after_a_crash_it_starts_again_from_the_disk() {
    let page = Page::open_file(&single_file(), "#/regions?start=parallel", 1280, 900).await;
    until_drawn(&page).await;
    page.assert_console_is_empty().await;
    page.eval("try { window.wasmBindings.rehearse_crash() } catch {}").await;
    page.until("return document.querySelector('.crash h1')?.textContent.startsWith('Piecewise has stopped')").await;
    page.eval("document.querySelector('.crash button').click()").await;
    page.until("return document.querySelector('[data-count=in-view] strong')?.textContent === '4'").await;
    assert_eq!(fragment(&page).await, "#/regions?start=parallel");
    page.close().await;
}
