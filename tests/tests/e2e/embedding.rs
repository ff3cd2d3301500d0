//! Exhibits in the pages of others: in frames, and as elements.

use piecewise_tests::browser::Page;

use crate::key;

/// A window at a host page of `tests/hosts`, when its exhibit has said that it is ready.
async fn host(query: &str) -> Page {
    let page = Page::open_host(&format!("frame.html?{query}"), 1280, 900).await;
    page.until("return !!event('ready')").await;
    page
}

/// What the exhibit in the frame answers.
async fn ask(page: &Page, call: &str, args: &str) -> serde_json::Value {
    page.eval(&format!("return ask({call:?}, {args})")).await
}

/// The state that the exhibit says it has.
async fn state(page: &Page) -> String {
    ask(page, "getState", "{}").await["result"]["state"].as_str().unwrap_or_default().to_owned()
}

/// Waits until the exhibit has this state.
async fn until_state(page: &Page, state: &str) {
    page.until(&format!("return ask('getState').then(answer => answer?.result.state === {state:?})")).await;
}

#[tokio::test]
async fn a_frame_does_what_its_host_asks_sandboxed_or_not() {
    for sandbox in ["", "sandbox=allow-scripts&"] {
        let page = host(&format!("{sandbox}src=%23/gradient-descent?steps=3%26ui=compact")).await;
        assert_eq!(state(&page).await, "steps=3");
        ask(&page, "patch", "{settings: {steps: 7}}").await;
        until_state(&page, "steps=7").await;
        ask(&page, "step", "{}").await;
        until_state(&page, "steps=8").await;
        ask(&page, "setState", "{state: 'start=ravine&steps=2&ui=full'}").await;
        until_state(&page, "start=ravine&steps=2").await;
        ask(&page, "reset", "{}").await;
        until_state(&page, "start=ravine").await;
        let shot = ask(&page, "screenshot", "{scale: 2}").await;
        let size = "const image = new Image(); image.src = arguments[0]; return image.decode().then(() => [image.width, image.height])";
        let size = size.replace("arguments[0]", &shot["result"].to_string());
        let exhibit = piecewise_exhibits::find("gradient-descent").expect("an exhibit");
        let [width, height] = exhibit.panels[0].size_px.map(|px| 2.0 * px);
        assert_eq!(page.eval(&size).await.to_string(), format!("[{width},{height}]"));
        // What was done shows in what the host was told: that it is ready, and of every state.
        let changes = "return messages.filter(data => data.event === 'change').map(data => data.state)";
        assert!(page.eval(changes).await.to_string().contains("steps=8"));
        page.until("return event('height')?.height > 300").await;
        page.assert_console_is_empty().await;
        page.close().await;
    }
}

#[tokio::test]
async fn what_a_host_asks_wrongly_is_answered_in_a_sentence() {
    let page = host("src=%23/regions?start=seven%26ui=compact").await;
    for (call, args, says) in [
        ("play", "{}", "nothing to play"),
        ("setState", "{state: 7}", "at most 8192 letters"),
        ("setState", "{state: 'x'.repeat(9000)}", "at most 8192 letters"),
        ("patch", "{settings: {theme: 'dark'}}", "no link can hold"),
        ("patch", "{settings: {units: {}}}", "a text, a number"),
        ("screenshot", "{scale: 1000}", "1 to 4 times"),
    ] {
        let answer = ask(&page, call, args).await;
        assert!(answer["error"].as_str().is_some_and(|error| error.contains(says)), "{call} {args}: {answer}");
    }
    assert_eq!(state(&page).await, "start=seven");
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn ten_thousand_hostile_messages_change_nothing_but_a_count() {
    let page = host("src=%23/regions?start=parallel").await;
    let before = state(&page).await;
    page.eval(
        "let seed = 1; const random = n => (seed = (seed * 48271) % 2147483647) % n;
        const values = [null, 0, -1, 1e308, NaN, '', 'setState', '<img src=x onerror=alert(1)>', [], {}, 'x'.repeat(70000), true, new Map(), new Uint8Array(8)];
        const value = () => values[random(values.length)];
        const keys = ['piecewise', 'call', 'id', 'args', 'event', '__proto__', 'constructor', 'method', 'toString'];
        for (let i = 0; i < 10000; i++) {
            if (i % 10 === 0) { say(value()); continue; }
            const message = {};
            for (let k = random(5); k >= 0; k--) message[keys[random(keys.length)]] = value();
            // The right version, but no call that there is, or far too large a one.
            if (i % 7 === 0) Object.assign(message, { piecewise: 1, call: ['toString', '__proto__', 'eval', 'constructor'][random(4)] });
            if (i % 13 === 0) Object.assign(message, { piecewise: 1, call: 'setState', args: { state: 'phi-0=1', more: 'x'.repeat(70000) } });
            else if (message.piecewise === 1) message.call = 'dance';
            say(message);
        }",
    )
    .await;
    // An answer has to wait for the next second, and asking too early is dropped as well.
    page.until("return ask('hello').then(answer => answer !== null && answer.result.dropped >= 10000 && answer.result.dropped < 10020)").await;
    until_state(&page, &before).await;
    // Nor do too many that are understood: of more than sixty in a second the rest are dropped.
    page.eval("for (let i = 0; i < 1000; i++) say({ piecewise: 1, call: 'getState' })").await;
    page.until("return new Promise(done => setTimeout(done, 1100)).then(() => ask('hello')).then(answer => answer !== null && answer.result.dropped > 10500)")
        .await;
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn a_clicker_turns_the_slide_whatever_has_the_focus_and_escape_gives_the_keyboard_back() {
    let page = host("src=%23/steep-step?ui=compact").await;
    let inside = "const page = document.querySelector('iframe').contentDocument;";
    page.eval(&format!("{inside} page.querySelector('input[type=range]').focus()")).await;
    let value = format!("{inside} return page.querySelector('input[type=range]').value");
    let before = page.text(&value).await;
    page.press(&[], &[key::PAGE_DOWN]).await;
    page.until("return keys.some(([key, code]) => key === 'PageDown' && code === 34)").await;
    assert_eq!(page.text(&value).await, before, "the slider stays where it was");
    assert_eq!(page.text("return event('key').key").await, "PageDown");
    // The slider has a use for arrows, so they are its own.
    page.press(&[], &[key::RIGHT]).await;
    page.until(&format!("{inside} return page.querySelector('input[type=range]').value !== {before:?}")).await;
    assert_eq!(page.number("return keys.length").await, 1.0);
    page.press(&[], &[key::ESCAPE]).await;
    page.until("return document.hasFocus() && document.activeElement === document.body").await;
    page.press(&[], &[key::RIGHT]).await;
    page.until("return keys.at(-1)[0] === 'ArrowRight'").await;
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn in_a_scaled_frame_the_picture_is_sharp_and_a_drag_lands_where_the_pointer_is() {
    let page = host("zoom=1.5&src=%23/steep-step?ui=bare").await;
    page.resize(1920, 1080).await;
    let inside = "const page = document.querySelector('iframe').contentDocument;";
    let sharpness = format!(
        "{inside} const canvas = page.querySelector('canvas'); return canvas.width / (canvas.getBoundingClientRect().width * 1.5)"
    );
    assert!(page.number(&sharpness).await >= 1.3, "2 device pixels to a pixel of the frame, which is shown as 1.5");
    let knob = format!(
        "{inside} const b = page.querySelectorAll('.knob')[2].getBoundingClientRect(); return [1.5 * (b.x + b.width / 2), 1.5 * (b.y + b.height / 2)]"
    );
    let at = |value: serde_json::Value| [0, 1].map(|axis| value[axis].as_f64().expect("a place"));
    let from = at(page.eval(&knob).await);
    let to = [from[0] + 90.0, from[1]];
    page.drag(from, to, 12).await;
    page.until(&format!("{inside} return page.defaultView.location.hash.includes('center=')")).await;
    let end = at(page.eval(&knob).await);
    let miss = (end[0] - to[0]).hypot(end[1] - to[1]);
    assert!(miss < 2.0, "the pointer went to {to:?}, the handle to {end:?}");
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn a_host_that_takes_the_height_from_whatever_comes_always_has_one() {
    // As pages of Observable Framework do.
    let page = host("src=%23/gradient-descent?steps=3%26ui=compact").await;
    page.eval("addEventListener('message', event => document.querySelector('iframe').height = event.data.height)")
        .await;
    let exhibit = "Math.ceil(document.querySelector('iframe').contentDocument.querySelector('#app').getBoundingClientRect().height)";
    for steps in [7, 12] {
        ask(&page, "patch", &format!("{{settings: {{steps: {steps}}}}}")).await;
        until_state(&page, &format!("steps={steps}")).await;
        page.until(&format!("return Number(document.querySelector('iframe').height) === {exhibit}")).await;
    }
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn a_run_rests_while_its_frame_is_out_of_sight() {
    let page = host("below=2000&src=%23/gradient-descent?steps=0%26ui=compact").await;
    ask(&page, "play", "{}").await;
    tokio::time::sleep(std::time::Duration::from_millis(800)).await;
    ask(&page, "pause", "{}").await;
    until_state(&page, "steps=0").await;
    page.eval("scrollTo(0, 2000)").await;
    ask(&page, "play", "{}").await;
    tokio::time::sleep(std::time::Duration::from_millis(800)).await;
    ask(&page, "pause", "{}").await;
    page.until("return ask('getState').then(answer => answer.result.state !== 'steps=0')").await;
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn an_element_shows_a_poster_first_and_three_exhibits_at_most_live() {
    let page = Page::open_host("elements.html", 1280, 900).await;
    assert_eq!(page.number("return document.querySelectorAll('#first img').length").await, 1.0);
    page.until("return document.querySelector('#first img').naturalWidth > 0").await;
    page.eval("document.querySelector('#first button').click()").await;
    page.until("return heard.some(([id, name]) => id === 'first' && name === 'ready')").await;
    assert_eq!(
        page.text("return document.querySelector('#first').getState().then(({ name, state }) => `${name} ${state}`)")
            .await,
        "regions start=parallel"
    );
    page.eval("return document.querySelector('#first').patch({ 'phi-0': 0.5 })").await;
    page.until("return heard.some(([id, name, { state }]) => id === 'first' && name === 'change' && state === 'start=parallel&phi-0=0.5') || document.querySelector('#first').getState().then(({ state }) => state === 'start=parallel&phi-0=0.5')").await;
    assert!(
        page.text("return document.querySelector('#first').screenshot({ format: 'svg' })")
            .await
            .starts_with("data:image/svg+xml")
    );
    let refused = "return document.querySelector('#first').play().then(() => '', error => error.message)";
    assert_eq!(page.text(refused).await, "There is nothing to play here.");
    // The others wake as the window comes near, and the farthest goes back to its poster.
    for id in ["second", "third", "fourth"] {
        page.eval(&format!("document.querySelector('#{id}').scrollIntoView()")).await;
        page.until(&format!("return heard.some(([from, name]) => from === '{id}' && name === 'ready')")).await;
    }
    assert_eq!(page.number("return document.querySelectorAll('iframe').length").await, 3.0);
    assert_eq!(page.number("return document.querySelectorAll('#first img').length").await, 1.0);
    assert_eq!(page.number("return document.querySelector('#second iframe').clientHeight").await, 500.0);
    // Woken again, it is as it was left.
    page.eval("document.querySelector('#first button').click()").await;
    page.until(
        "return document.querySelector('#first').getState().then(({ state }) => state === 'start=parallel&phi-0=0.5')",
    )
    .await;
    page.assert_console_is_empty().await;
    page.close().await;
}
