//! The share box: lines to paste, pictures to take away.

use std::io::Cursor;

use piecewise_exhibits::{EXHIBITS, csv, find};
use piecewise_plot::Theme;
use piecewise_tests::browser::{Page, origin};
use serde_json::Value;

use crate::key;

/// Opens the box of what is shown.
async fn open_box(page: &Page) {
    page.eval("const share = document.querySelector('button.share'); share.focus(); share.click()").await;
    page.until("return !!document.querySelector('dialog.share[open] .share-snippet')").await;
}

/// The line that the box offers.
async fn line(page: &Page) -> String {
    page.text("return document.querySelector('.share-snippet').textContent").await
}

/// Chooses an entry of one of the box's lists.
async fn choose(page: &Page, list: &str, entry: &str) {
    page.eval(&format!(
        "const list = document.querySelector('dialog.share select[aria-label=\"{list}\"]');
        list.selectedIndex = [...list.options].findIndex(option => option.textContent === {entry:?});
        list.dispatchEvent(new Event('change', {{ bubbles: true }}))"
    ))
    .await;
}

/// Presses a button of the box, with the mouse: only then may a page write into the clipboard.
async fn press(page: &Page, label: &str) {
    let script = format!(
        "const button = [...document.querySelectorAll('dialog.share button')].find(b => b.textContent === {label:?});
        button.scrollIntoView({{ block: 'center' }});
        const at = button.getBoundingClientRect(); return [at.x + at.width / 2, at.y + at.height / 2]"
    );
    let at = page.eval(&script).await;
    page.click([0, 1].map(|axis| at[axis].as_f64().expect("a place"))).await;
}

/// Keeps every file that the page makes from now on, in place of saving it.
pub(crate) async fn keep_files(page: &Page) {
    page.eval(
        "window.files = []; const create = URL.createObjectURL;
        URL.createObjectURL = blob => { files.push(blob); return create.call(URL, blob) };
        const click = HTMLAnchorElement.prototype.click;
        HTMLAnchorElement.prototype.click = function () { if (!this.download) click.call(this) }",
    )
    .await;
}

/// The bytes of a blob that a script gives.
async fn bytes(page: &Page, blob: &str) -> Vec<u8> {
    let script = format!("return ({blob}).arrayBuffer().then(buffer => [...new Uint8Array(buffer)])");
    let value = page.eval(&script).await;
    value.as_array().into_iter().flatten().map(|byte| byte.as_u64().unwrap_or_default() as u8).collect()
}

/// The bytes of the file that was made last, when there are so many.
pub(crate) async fn file(page: &Page, n: usize) -> Vec<u8> {
    page.until(&format!("return files.length >= {n}")).await;
    bytes(page, "files.at(-1)").await
}

/// The codes in a picture, read.
fn codes(png: &[u8]) -> Vec<String> {
    let mut reader = png::Decoder::new(Cursor::new(png)).read_info().expect("a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
    let info = reader.next_frame(&mut pixels).expect("a picture");
    let (width, n_channels) = (info.width as usize, info.color_type.samples());
    let light = |x: usize, y: usize| pixels[n_channels * (y * width + x) + 1];
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, info.height as usize, light);
    image.detect_grids().iter().filter_map(|grid| grid.decode().ok()).map(|code| code.1).collect()
}

fn size_of(png: &[u8]) -> [u32; 2] {
    [16, 20].map(|at| u32::from_be_bytes(png[at..at + 4].try_into().expect("four bytes")))
}

#[tokio::test]
async fn every_exhibit_can_be_shared_as_it_stands() {
    let page = Page::open("", 1280, 900, false).await;
    for entry in EXHIBITS {
        let link = format!("#/{}?start={}", entry.name, entry.presets.last().expect("a preset").start);
        for options in ["", "&ui=compact"] {
            page.go(&format!("{link}{options}")).await;
            open_box(&page).await;
            assert_eq!(line(&page).await, format!("{}/{link}", origin()));
            // The code beside it says the same.
            let code = bytes(
                &page,
                "await (async () => {
                    const svg = document.querySelector('.share-code svg'), n = Number(svg.getAttribute('viewBox').split(' ')[2]);
                    const canvas = new OffscreenCanvas(4 * n, 4 * n), context = canvas.getContext('2d');
                    context.scale(4, 4);
                    for (const path of svg.querySelectorAll('path')) { context.fillStyle = path.getAttribute('fill'); context.fill(new Path2D(path.getAttribute('d'))) }
                    return canvas.convertToBlob();
                })()",
            )
            .await;
            assert_eq!(codes(&code), [format!("{}/{link}", origin())]);
            page.press(&[], &[key::ESCAPE]).await;
            page.until(
                "return !document.querySelector('dialog.share') && document.activeElement.matches('button.share')",
            )
            .await;
        }
    }
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn a_line_that_was_copied_brings_the_exhibit_to_another_page() {
    let page = Page::open("#/gradient-descent?steps=3", 1280, 900, false).await;
    let state = "steps=3";
    let mut lines = Vec::new();
    open_box(&page).await;
    choose(&page, "Size of texts and strokes", "125 %").await;
    let of_html = ["HTML frame", "HTML element", "remark", "reveal.js", "Quarto slides", "Marp"];
    for host in of_html.into_iter().chain(["Link", "MyST, Jupyter Book", "notebook cell", "LaTeX beamer"]) {
        choose(&page, "Where it goes", host).await;
        let text = line(&page).await;
        // What is in the clipboard is what is shown.
        press(&page, "Copy").await;
        page.until("return document.querySelector('dialog.share .copy-said').textContent === 'Copied'").await;
        page.allow_clipboard().await;
        assert_eq!(page.text("return navigator.clipboard.readText()").await.replace("\r\n", "\n"), text);
        if of_html.contains(&host) {
            lines.push((host, text));
        }
    }
    page.assert_console_is_empty().await;
    page.close().await;

    let page = Page::open_host("paste.html", 1280, 900).await;
    for (host, line) in lines {
        // A deck of reveal.js or Quarto gives a frame its address when it shows the slide; Quarto takes the fence for itself.
        let html = line.replace("```{=html}\n", "").replace("\n```", "").replace(" data-src=", " src=");
        page.eval(&format!("heard.length = 0; paste({})", Value::from(html))).await;
        page.until("return heard.some(data => data?.event === 'ready')").await;
        let ready = page.eval("return heard.find(data => data?.event === 'ready')").await;
        assert_eq!(
            (ready["name"].as_str(), ready["state"].as_str()),
            (Some("gradient-descent"), Some(state)),
            "{host}"
        );
        let address = page.text("return document.querySelector('iframe').contentWindow.location.hash").await;
        assert!(address.contains("ui=compact") && address.contains("scale=1.25"), "{host}: {address}");
    }
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn a_picture_with_its_code_is_copied_and_leads_back() {
    let page = Page::open("#/regions?start=seven&phi-0=0.5", 1280, 900, true).await;
    page.allow_clipboard().await;
    open_box(&page).await;
    choose(&page, "What is shown", "Picture alone").await;
    press(&page, "Copy picture with QR").await;
    page.until("return [...document.querySelectorAll('.share-said')].some(p => p.textContent.startsWith('The picture is in the clipboard'))").await;
    let copied = "await navigator.clipboard.read().then(items => items[0].getType('image/png'))";
    let png = bytes(&page, copied).await;
    assert_eq!(codes(&png), [format!("{}/#/regions?start=seven&phi-0=0.5&ui=bare", origin())]);
    assert_eq!(size_of(&png), [2 * 720, 2 * (666 + 128 + 32)]);
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn stills_are_as_large_as_asked_and_hold_the_numbers_of_the_picture() {
    let page = Page::open("#/linear-pieces?start=fig-3.3", 1280, 900, false).await;
    keep_files(&page).await;
    open_box(&page).await;
    let exhibit = find("linear-pieces").expect("an exhibit");
    let [width, height] = exhibit.panels[0].size_px.map(|px| px as u32);
    for (density, n) in [("1 ×", 1), ("4 ×", 4)] {
        choose(&page, "Size of the picture", density).await;
        press(&page, "Download PNG").await;
        assert_eq!(size_of(&file(&page, if n == 1 { 1 } else { 2 }).await), [n * width, n * height]);
    }
    press(&page, "Download SVG").await;
    let svg = String::from_utf8(file(&page, 3).await).expect("text");
    let exhibit_svg = exhibit.svg("start=fig-3.3", &exhibit.panels[0], 1.0, &Theme::LIGHT).expect("a picture");
    assert_eq!(svg, exhibit_svg, "the browser draws what the command line draws");
    let parsed = page
        .eval(&format!(
            "const svg = new DOMParser().parseFromString({}, 'image/svg+xml');
            return [svg.querySelectorAll('parsererror').length, svg.querySelector('title').textContent,
                ...[...svg.querySelectorAll('text')].map(text => text.textContent.trim())]",
            Value::from(svg)
        ))
        .await;
    let texts: Vec<&str> = parsed.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    assert_eq!(parsed[0], 0, "it is well formed");
    assert!(texts[0].contains("the gradient is 0.188"), "fig. 3.3's third slope: {}", texts[0]);
    assert!(["0.5", "1.5", "2", "−1"].iter().all(|number| texts.contains(number)), "text is text: {texts:?}");
    press(&page, "Curves as CSV").await;
    let table = String::from_utf8(file(&page, 4).await).expect("text");
    assert_eq!(table, csv(&exhibit.curves("start=fig-3.3")), "the same numbers bit for bit");
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn a_run_becomes_a_moving_picture() {
    let page = Page::open("#/gradient-descent?steps=5", 1280, 900, false).await;
    keep_files(&page).await;
    open_box(&page).await;
    page.eval("document.querySelector('dialog.share details').open = true").await;
    press(&page, "Make it").await;
    let gif = file(&page, 1).await;
    let mut decoder = gif::DecodeOptions::new().read_info(gif.as_slice()).expect("a GIF");
    let mut frames = Vec::new();
    while let Some(frame) = decoder.read_next_frame().expect("a picture") {
        // 4 seconds for the steps 0 to 5.
        assert_eq!(frame.delay, 67);
        frames.push(frame.buffer.clone());
    }
    assert_eq!(frames.len(), 6);
    assert!(frames.windows(2).all(|pair| pair[0] != pair[1]), "every step moves something");
    page.until("return document.querySelector('.share-moving')?.naturalWidth === 720").await;

    // A range that the setting does not take is said in a sentence, and nothing is made.
    choose(&page, "What moves", "alpha").await;
    page.eval(
        "const [from] = document.querySelectorAll('dialog.share details input[type=text]');
        from.value = '-3'; from.dispatchEvent(new InputEvent('input', { bubbles: true }))",
    )
    .await;
    press(&page, "Make it").await;
    page.until("return document.querySelector('dialog.share details .share-said').textContent === 'alpha = -3 is no value that this setting takes.'").await;
    assert_eq!(page.number("return files.length").await, 1.0);
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn the_box_is_usable_by_everybody() {
    for (width, dark) in [(360, true), (1280, false)] {
        let page = Page::open("#/regions", width, 800, dark).await;
        page.eval("document.querySelector('button.share').focus()").await;
        page.press(&[], &[key::ENTER]).await;
        page.until("return !!document.querySelector('dialog.share[open] .share-snippet')").await;
        page.eval("document.querySelector('dialog.share details').open = true").await;
        crate::every_exhibit::assert_axe_finds_nothing(&page, "the share box").await;
        let wide = "const d = document.querySelector('dialog.share'); return d.scrollWidth - d.clientWidth";
        assert_eq!(page.number(wide).await, 0.0, "{width} px");
        // The focus cannot leave the box.
        for _ in 0..30 {
            page.press(&[], &[key::TAB]).await;
            page.until(
                "return document.activeElement === document.body || !!document.activeElement.closest('dialog.share')",
            )
            .await;
        }
        page.press(&[], &[key::ESCAPE]).await;
        page.until("return document.activeElement.matches('button.share')").await;
        page.assert_console_is_empty().await;
        page.close().await;
    }
}
