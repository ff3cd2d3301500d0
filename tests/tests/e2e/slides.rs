//! The demo decks: exhibits in remark, reveal.js and Quarto, as a teacher shows them.

use std::time::Duration;

use piecewise_tests::browser::{Page, dist, origin};

use crate::{every_exhibit::assert_axe_finds_nothing, key};

const DECKS: [&str; 4] = ["remark-16-9", "remark-4-3", "reveal", "quarto"];

/// Whether a deck is there: `cargo xtask build` leaves out those whose programs npm could not bring, and `cargo xtask test` says so.
fn is_here(deck: &str) -> bool {
    dist().join("slides").join(format!("{deck}.html")).is_file()
}

/// Before every script: `frames` are the exhibits that are seen, `frame` is the first of them, `inner` its page, and `scale` how much
/// larger than its layout it is shown.
const SEEN: &str = "\
    const frames = [...document.querySelectorAll('iframe')].filter(frame => \
        frame.checkVisibility({ checkVisibilityCSS: true, checkOpacity: true }) && frame.getBoundingClientRect().width > 0); \
    const [frame] = frames; const inner = frame?.contentDocument; const box = frame?.getBoundingClientRect(); \
    const scale = box?.width / frame?.offsetWidth; ";

/// Whether the exhibit of `inner` is drawn.
const DRAWN: &str = "Number(inner?.querySelector('canvas')?.dataset.draws) > 0";

/// A window of a projector's size at a slide of a deck, by its number from 1, when its exhibit is drawn.
async fn slide(deck: &str, number: u32) -> Page {
    let place = if deck.starts_with("remark") { number.to_string() } else { format!("/{}", number - 1) };
    let page = Page::open_beside(&format!("slides/{deck}.html#{place}"), 1920, 1080).await;
    until(&page, DRAWN).await;
    page
}

async fn until(page: &Page, condition: &str) {
    page.until(&format!("{SEEN} return !!({condition})")).await;
}

async fn text(page: &Page, value: &str) -> String {
    page.text(&format!("{SEEN} return {value}")).await
}

async fn number(page: &Page, value: &str) -> f64 {
    page.number(&format!("{SEEN} return {value}")).await
}

/// Where the centre of something in the exhibit is on the page around it.
async fn place(page: &Page, selector: &str, index: usize) -> [f64; 2] {
    let center = format!(
        "(() => {{ const knob = inner.querySelectorAll({selector:?})[{index}].getBoundingClientRect(); \
         return [box.x + scale * (knob.x + knob.width / 2), box.y + scale * (knob.y + knob.height / 2)] }})()"
    );
    let value = page.eval(&format!("{SEEN} return {center}")).await;
    [0, 1].map(|axis| value[axis].as_f64().expect("a place"))
}

/// Drags a handle of the exhibit and says by how many pixels it misses the pointer when it is let go.
async fn miss_after_drag(page: &Page, index: usize, by: [f64; 2]) -> f64 {
    let from = place(page, ".knob", index).await;
    let to = [from[0] + by[0], from[1] + by[1]];
    let before = text(page, "inner.location.hash").await;
    page.drag(from, to, 12).await;
    until(page, &format!("inner.location.hash !== {before:?}")).await;
    let end = place(page, ".knob", index).await;
    (end[0] - to[0]).hypot(end[1] - to[1])
}

#[tokio::test]
async fn on_every_slide_the_exhibit_draws_sharply_and_nothing_is_asked_of_another_site() {
    for deck in DECKS.into_iter().filter(|deck| is_here(deck)) {
        let page = Page::open_beside(&format!("slides/{deck}.html"), 1920, 1080).await;
        page.until("return !!document.querySelector('.remark-visible, .reveal.ready')").await;
        for _ in 0..3 {
            let before = page.text("return location.hash").await;
            page.press(&[], &[key::PAGE_DOWN]).await;
            page.until(&format!("return location.hash !== {before:?}")).await;
            until(&page, DRAWN).await;
            let shown = "inner.querySelector('canvas').getBoundingClientRect().width * scale";
            until(&page, &format!("inner.querySelector('canvas').width >= 1.5 * {shown}")).await;
            assert!(number(&page, "box.width").await > 900.0, "{deck}: an exhibit can be seen from the last row");
            let asked = text(
                &page,
                "[window, frame.contentWindow].flatMap(page => page.performance.getEntriesByType('resource')).map(entry => entry.name)\
                 .filter(name => !/^(data|blob):/.test(name)).map(name => new URL(name).origin).join(' ')",
            )
            .await;
            assert!(asked.split(' ').count() > 3 && asked.split(' ').all(|site| site == origin()), "{deck}: {asked}");
        }
        page.assert_console_is_empty().await;
        page.close().await;
    }
}

#[tokio::test]
async fn in_every_deck_a_handle_lands_where_the_pointer_is() {
    // A line is turned by its end, which stays on the border; the ramp is moved by its middle, which stays on its height.
    for (deck, number, handle, by) in [
        ("remark-16-9", 2, 4, [-70.0, 0.0]),
        ("remark-4-3", 3, 2, [60.0, 0.0]),
        ("reveal", 3, 1, [50.0, -80.0]),
        ("quarto", 3, 0, [60.0, -25.0]),
    ] {
        if !is_here(deck) {
            continue;
        }
        let page = slide(deck, number).await;
        let miss = miss_after_drag(&page, handle, by).await;
        assert!(miss < 2.0, "{deck}: {miss} px");
        page.assert_console_is_empty().await;
        page.close().await;
    }
}

#[tokio::test]
async fn a_clicker_turns_the_slide_while_a_slider_has_the_focus() {
    for (deck, number) in [("remark-16-9", 3), ("reveal", 4), ("quarto", 3)] {
        if !is_here(deck) {
            continue;
        }
        let page = slide(deck, number).await;
        let slider = "inner.querySelector('input[type=range]:not(:disabled)')";
        page.eval(&format!("{SEEN} frame.focus(); {slider}.focus()")).await;
        let [before, address] =
            [text(&page, &format!("{slider}.value")).await, page.text("return location.hash").await];
        // Arrows are the slider's.
        page.press(&[], &[key::RIGHT]).await;
        until(&page, &format!("{slider}.value !== {before:?}")).await;
        assert_eq!(page.text("return location.hash").await, address, "{deck}");
        // The last slide of a deck has one before it, the others have one after it.
        let [turn, back] =
            if deck == "reveal" { [key::PAGE_UP, key::PAGE_DOWN] } else { [key::PAGE_DOWN, key::PAGE_UP] };
        page.press(&[], &[turn]).await;
        page.until(&format!("return location.hash !== {address:?}")).await;
        until(&page, DRAWN).await;
        page.press(&[], &[back]).await;
        page.until(&format!("return location.hash === {address:?}")).await;
        page.assert_console_is_empty().await;
        page.close().await;
    }
}

#[tokio::test]
async fn a_frame_from_another_site_turns_the_slides_of_reveal_and_is_kept() {
    if !is_here("reveal") {
        return;
    }
    let page = Page::open_beside("slides/reveal.html", 1920, 1080).await;
    // A sandboxed frame is of no site at all, so that neither side can reach into the other.
    page.eval(
        "const frame = document.querySelectorAll('iframe')[1]; frame.sandbox = 'allow-scripts'; frame.loading = 'lazy'; \
         frame.src = frame.dataset.src; frame.removeAttribute('data-src'); \
         window.told = []; addEventListener('message', ({ source, data }) => source === frame.contentWindow && told.push(data.event))",
    )
    .await;
    page.eval("location.hash = '/2'").await;
    page.until("return told.includes('ready')").await;
    page.eval("told.length = 0").await;
    let box_of = "const b = document.querySelectorAll('iframe')[1].getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]";
    let middle = page.eval(box_of).await;
    page.click([0, 1].map(|axis| middle[axis].as_f64().expect("a place"))).await;
    page.until("return document.activeElement === document.querySelectorAll('iframe')[1]").await;
    page.press(&[], &[key::PAGE_UP]).await;
    page.until("return location.hash === '#/1'").await;
    page.eval("location.hash = '/2'").await;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert_eq!(
        page.number("return told.filter(event => event === 'ready').length").await,
        0.0,
        "it has not begun anew"
    );
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn escape_gives_the_keyboard_back_to_the_deck() {
    for (deck, number) in [("remark-16-9", 3), ("reveal", 4), ("quarto", 3)] {
        if !is_here(deck) {
            continue;
        }
        let page = slide(deck, number).await;
        let address = page.text("return location.hash").await;
        page.eval(&format!("{SEEN} frame.focus(); inner.querySelector('input[type=range]').focus()")).await;
        page.press(&[], &[key::ESCAPE]).await;
        page.until("return document.hasFocus() && document.activeElement === document.body").await;
        // In reveal.js the key means the overview of all slides, which nobody has asked for.
        assert_eq!(page.text("return document.querySelectorAll('.reveal.overview').length").await, "0", "{deck}");
        page.press(&[], &[key::LEFT]).await;
        page.until(&format!("return location.hash !== {address:?}")).await;
        page.assert_console_is_empty().await;
        page.close().await;
    }
}

#[tokio::test]
async fn what_was_done_on_a_slide_is_there_when_one_comes_back() {
    for (deck, number, handle, by) in
        [("remark-16-9", 2, 4, [-70.0, 0.0]), ("reveal", 3, 1, [50.0, -80.0]), ("quarto", 3, 0, [60.0, -25.0])]
    {
        if !is_here(deck) {
            continue;
        }
        let page = slide(deck, number).await;
        miss_after_drag(&page, handle, by).await;
        // The address is written when the handle has come to rest.
        tokio::time::sleep(Duration::from_millis(500)).await;
        let left = text(&page, "inner.location.hash").await;
        let knob = place(&page, ".knob", handle).await;
        page.press(&[], &[key::ESCAPE, key::PAGE_DOWN]).await;
        until(&page, &format!("inner && inner.location.hash !== {left:?} && {DRAWN}")).await;
        page.press(&[], &[key::PAGE_UP]).await;
        until(&page, &format!("inner && inner.location.hash === {left:?} && {DRAWN}")).await;
        until(&page, &format!("inner.querySelectorAll('.knob').length > {handle}")).await;
        let back = place(&page, ".knob", handle).await;
        assert!((back[0] - knob[0]).hypot(back[1] - knob[1]) < 0.5, "{deck}: {knob:?} became {back:?}");
        page.assert_console_is_empty().await;
        page.close().await;
    }
}

#[tokio::test]
async fn an_exhibit_that_began_on_a_hidden_slide_draws_when_it_is_shown() {
    if !is_here("remark-16-9") {
        return;
    }
    // remark lays out all slides at once, and those that are not shown have no size.
    let page = Page::open_beside("slides/remark-16-9.html#1", 1920, 1080).await;
    page.until("return document.querySelectorAll('iframe').length >= 3").await;
    page.eval("document.querySelectorAll('iframe').forEach(frame => frame.loading = 'eager')").await;
    page.until(
        "return [...document.querySelectorAll('iframe')].every(frame => frame.contentDocument?.querySelector('main'))",
    )
    .await;
    for _ in 0..3 {
        page.press(&[], &[key::PAGE_DOWN]).await;
        until(&page, &format!("{DRAWN} && inner.querySelector('canvas').width > 900")).await;
    }
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn a_run_rests_while_its_slide_is_hidden() {
    if !is_here("remark-16-9") {
        return;
    }
    let page = slide("remark-16-9", 4).await;
    let run = "inner.querySelector('.playback .run')";
    let begun =
        "document.querySelectorAll('iframe')[2].contentDocument.querySelector('.playback').parentElement.textContent";
    page.eval(&format!("{SEEN} {run}.click()")).await;
    let first = page.text(&format!("return {begun}")).await;
    page.until(&format!("return {begun} !== {first:?}")).await;
    page.press(&[], &[key::PAGE_UP]).await;
    until(&page, &format!("inner.location.hash.startsWith('#/steep-step') && {DRAWN}")).await;
    page.until(
        "return document.querySelectorAll('iframe')[2].contentDocument.documentElement.hasAttribute('data-unseen')",
    )
    .await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let hidden = page.text(&format!("return {begun}")).await;
    tokio::time::sleep(Duration::from_millis(1200)).await;
    assert_eq!(page.text(&format!("return {begun}")).await, hidden, "nothing goes on while nobody sees it");
    page.press(&[], &[key::PAGE_DOWN]).await;
    page.until(&format!("return {begun} !== {hidden:?}")).await;
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn in_the_presenters_view_two_live_copies_work() {
    if !is_here("remark-16-9") {
        return;
    }
    let page = slide("remark-16-9", 2).await;
    page.press(&[], &['p']).await;
    // The slide, and the next one beside it.
    until(&page, "frames.length === 2 && frames.every(frame => Number(frame.contentDocument.querySelector('canvas')?.dataset.draws) > 0)").await;
    let miss = miss_after_drag(&page, 4, [-40.0, 0.0]).await;
    assert!(miss < 2.0, "{miss} px");
    page.press(&[], &[key::ESCAPE, key::PAGE_DOWN]).await;
    until(&page, &format!("inner.location.hash.startsWith('#/steep-step') && {DRAWN}")).await;
    until(&page, "frames.length === 2 && frames[1].contentWindow.location.hash.startsWith('#/gradient-descent')").await;
    page.press(&[], &['p']).await;
    until(&page, "frames.length === 1 && inner.querySelector('canvas').width >= 1.5 * scale * inner.querySelector('canvas').clientWidth").await;
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn the_deck_in_quarto_is_made_of_its_source() {
    if !is_here("quarto") {
        return;
    }
    let page = Page::open_beside("slides/quarto.html", 1280, 720).await;
    page.until("return !!document.querySelector('.reveal.ready')").await;
    let source = include_str!("../../../www/slides/quarto.qmd");
    let titles =
        source.lines().filter_map(|line| line.strip_prefix("## ")).map(|line| line.split(" {").next().unwrap_or(line));
    let titles: Vec<&str> = titles.collect();
    let made = "return [...document.querySelectorAll('.slides h2')].map(title => title.textContent).join('|')";
    assert_eq!(page.text(made).await, titles.join("|"));
    // Its options are in force too.
    assert_eq!(page.text("return `${Reveal.getConfig().width} ${Reveal.getConfig().transition}`").await, "1280 none");
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn axe_finds_nothing_to_mend_on_the_pages_for_teachers() {
    for path in ["slides/index.html", "exhibits/index.html", "embedding.html"] {
        for width in [360, 1280] {
            let page = Page::open_beside(path, width, 800).await;
            assert_axe_finds_nothing(&page, path).await;
            assert!(
                page.number("return document.scrollingElement.scrollWidth").await <= f64::from(width),
                "{path} fits"
            );
            page.assert_console_is_empty().await;
            page.close().await;
        }
    }
}

#[tokio::test]
async fn the_list_of_exhibits_by_slide_can_be_read_without_a_server() {
    let list = dist().join("exhibits").join("index.html");
    let page = Page::open_file(&std::path::absolute(list).expect("a folder to be in"), "slide-7", 1280, 900).await;
    page.until("return document.querySelectorAll('.by-slide tr').length >= 10").await;
    page.until("return [...document.images].every(image => image.loading === 'lazy' || image.naturalWidth > 0)").await;
    assert_eq!(page.text("return location.protocol + location.hash").await, "file:#slide-7");
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn a_slide_number_leads_to_its_exhibits() {
    let page = Page::open_beside("exhibits/index.html", 1280, 900).await;
    page.eval("location.hash = 'slide-7'").await;
    // Its place is at the top of the window, and what is said there is of its exhibit.
    let reached = |slide: u32, title: &str| {
        format!(
            "const place = document.querySelector('#slide-{slide}'); const {{ top }} = place.getBoundingClientRect(); \
             return scrollY > 0 && top > -2 && top < 100 && place.closest('.listed').querySelector('h2').textContent === {title:?}"
        )
    };
    page.until(&reached(7, "A jump cannot be made")).await;
    page.eval("document.querySelector('.by-slide a[href=\"#slide-11\"]').click()").await;
    page.until(&reached(11, "Gradient descent")).await;
    page.assert_console_is_empty().await;
    page.close().await;
}
