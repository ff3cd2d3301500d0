//! Pictures that come into `neural-field` from files, the clipboard and the hand, and networks that leave it.

use piecewise_tests::browser::Page;

use crate::{
    center, fragment, key,
    share::{file as file_made, keep_files},
};

/// A PNG of this size: the left half of one grey, the right half of another.
fn halves(width: u32, height: u32, greys: [u8; 2]) -> Vec<u8> {
    let pixels: Vec<u8> = (0..width * height).map(|index| greys[usize::from(index % width >= width / 2)]).collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header().and_then(|mut writer| writer.write_image_data(&pixels)).expect("a picture");
    bytes
}

/// JavaScript for a file in memory; what is long is zeros.
fn file(name: &str, bytes: &[u8], n_zeros: usize) -> String {
    format!("new File([new Uint8Array({bytes:?}), new Uint8Array({n_zeros})], {name:?}, {{type: 'image/png'}})")
}

/// Hands files to the page one right after the other, each as if it had been chosen.
async fn choose(page: &Page, files: &[String]) {
    page.eval(&format!(
        "const input = document.querySelector('.neural-field-file'); for (const file of [{}]) {{ \
         const held = new DataTransfer(); held.items.add(file); input.files = held.files; \
         input.dispatchEvent(new Event('change', {{bubbles: true}})) }}",
        files.join(", ")
    ))
    .await;
}

/// Waits until this picture is open, and until its best constant has so many decibels: then it is the one that is painted.
async fn wait_for(page: &Page, opened: &str, decibels: &str) {
    page.until(&format!("return document.querySelector('.neural-field-opened')?.textContent === {opened:?}")).await;
    page.until(&format!(
        "return document.querySelector('[data-count=constant] strong').textContent === '{decibels} dB'"
    ))
    .await;
}

const TROUBLE: &str = "return document.querySelector('.neural-field-trouble').textContent";

#[tokio::test]
async fn a_picture_of_ones_own_is_opened_dropped_and_pasted_and_is_in_no_link() {
    let page = Page::open("#/neural-field?picture=own&steps=5", 1280, 900, false).await;
    // Black and white: the best constant is off by ½ everywhere, ½² is 6.02 dB. Of the picture the square in the middle is shown.
    choose(&page, &[file("good.png", &halves(90, 60, [0, 255]), 0)]).await;
    wait_for(&page, "good.png, 90 × 60", "6.02").await;
    // Half as much contrast is 6.02 dB more, to the byte. A large file becomes smaller.
    page.eval(&format!(
        "const held = new DataTransfer(); held.items.add({}); \
         window.drop_ = (kind, at) => {{ const event = new DragEvent(kind, {{bubbles: true, cancelable: true, dataTransfer: held}}); \
         document.querySelector(at).dispatchEvent(event); return event.defaultPrevented }}; drop_('dragover', '.neural-field-drop canvas')",
        file("dropped.png", &halves(1000, 1000, [0, 128]), 0)
    ))
    .await;
    page.until("return !!document.querySelector('.neural-field-drop.over')").await;
    page.eval("drop_('drop', '.neural-field-drop canvas')").await;
    wait_for(&page, "dropped.png, 512 × 512", "12.01").await;
    page.until("return !document.querySelector('.neural-field-drop.over')").await;
    // A file that is dropped beside it neither opens nor takes the place of the page.
    assert!(page.eval("return drop_('dragover', '.words') && drop_('drop', '.words')").await.as_bool() == Some(true));
    page.eval(&format!(
        // Firefox lets nobody put a clipboard into an event when it is made.
        "const held = new DataTransfer(); held.items.add({}); \
         const event = new ClipboardEvent('paste', {{bubbles: true, cancelable: true}}); \
         Object.defineProperty(event, 'clipboardData', {{value: held}}); document.body.dispatchEvent(event)",
        file("pasted.png", &halves(32, 32, [0, 64]), 0)
    ))
    .await;
    wait_for(&page, "pasted.png, 32 × 32", "18.03").await;
    assert_eq!(page.text(TROUBLE).await, "");
    // One step back is the picture before.
    page.eval("[...document.querySelectorAll('button')].find(b => b.textContent.includes('Undo')).click()").await;
    wait_for(&page, "dropped.png, 512 × 512", "12.01").await;
    assert_eq!(fragment(&page).await, "#/neural-field?picture=own&steps=5");
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn a_file_that_cannot_be_opened_is_told_why_and_what_was_there_stays() {
    let page = Page::open("#/neural-field?picture=own&steps=5", 1280, 900, false).await;
    let good = halves(90, 60, [0, 255]);
    let mut huge = good.clone();
    huge[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
    // What comes after the header is no PNG.
    let broken = [&good[..40], [b'x'; 200].as_slice(), &good[good.len() - 12..]].concat();
    let hostile = [
        (file("cut.png", &good[..good.len() - 20], 0), "cut.png: The file ends before the picture does."),
        (file("short.png", &good[..20], 0), "short.png: The file ends before it says how large the picture is."),
        (
            file("huge.png", &huge, 0),
            "huge.png: The picture is too large: 60000 × 60000 pixels, and at most 40 million are opened.",
        ),
        (
            file("text.png", b"Dear diary,", 0),
            "text.png: This is no picture that can be opened here: choose a PNG, JPEG, WebP or GIF.",
        ),
        (file("empty.png", b"", 0), "empty.png: The file is empty."),
        (file("11.png", &good, 11_000_000), "11.png: The file is too large: at most 10 MB are read."),
        (file("broken.png", &broken, 0), "broken.png: The picture is damaged: the browser cannot decode it."),
    ];
    for (bad, sentence) in hostile {
        choose(&page, &[file("good.png", &good, 0)]).await;
        wait_for(&page, "good.png, 90 × 60", "6.02").await;
        assert_eq!(page.text(TROUBLE).await, "", "a good file ends the complaint");
        choose(&page, &[bad]).await;
        page.until(&format!("{TROUBLE} === {sentence:?}")).await;
        wait_for(&page, "good.png, 90 × 60", "6.02").await;
    }
    // Of two files the later one wins, however long the first one takes.
    let large = file("large.png", &halves(3000, 2000, [0, 128]), 0);
    choose(&page, &[large, file("small.png", &halves(32, 32, [0, 64]), 0)]).await;
    wait_for(&page, "small.png, 32 × 32", "18.03").await;
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    wait_for(&page, "small.png, 32 × 32", "18.03").await;
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn a_picture_is_painted_by_hand_by_pointer_and_by_keys_and_a_stroke_is_one_step() {
    let page = Page::open("#/neural-field?picture=drawn&steps=5", 1280, 900, false).await;
    page.eval("document.querySelector('.neural-field-cells').scrollIntoView({block: 'center'})").await;
    let middle = center(&page, ".neural-field-cells").await;
    let side = page.number("return document.querySelector('.neural-field-cells').getBoundingClientRect().width").await;
    let cell = |column: f64, row: f64| {
        [(column, middle[0]), (row, middle[1])].map(|(at, middle)| middle + side * ((at + 0.5) / 32.0 - 0.5))
    };
    // Two letters hold four cells, beginning with the top left: 4 is purple.
    page.drag(cell(0.0, 0.0), cell(3.0, 0.0), 2).await;
    page.until("return location.hash.includes('drawing=kk&')").await;
    page.eval("[...document.querySelectorAll('.neural-field-palette input')][2].click()").await;
    page.eval("document.querySelector('.neural-field-cells').focus()").await;
    page.press(&[], &[key::LEFT, ' ', key::LEFT]).await;
    page.until("return location.hash.includes('drawing=kU&')").await;
    let place = "return document.querySelector('.neural-field-cells [role=status]').textContent";
    page.until(&format!("{place} === 'column 2, row 1: purple'")).await;
    let undo = "[...document.querySelectorAll('button')].find(b => b.textContent.includes('Undo')).click()";
    page.eval(undo).await;
    page.until("return location.hash.includes('drawing=kk&')").await;
    page.eval(undo).await;
    page.until("return !location.hash.includes('drawing')").await;
    page.eval("[...document.querySelectorAll('button')].find(b => b.textContent.includes('Redo')).click()").await;
    page.until("return location.hash.includes('drawing=kk&')").await;
    page.eval(
        "[...document.querySelectorAll('.neural-field-paint button')].find(b => b.textContent === 'Clear').click()",
    )
    .await;
    page.until("return !location.hash.includes('drawing')").await;
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn the_network_leaves_as_weights_that_name_themselves_and_as_its_picture() {
    let page = Page::open("#/neural-field?network=siren&width=8&size=24&shape=wide&steps=5", 1280, 900, false).await;
    page.until("return document.querySelector('.playback .status').textContent.startsWith('step 5 of')").await;
    page.eval("document.querySelector('.neural-field-export summary').click()").await;
    keep_files(&page).await;
    let press = |label: &str| {
        format!(
            "[...document.querySelectorAll('.neural-field-export button')].find(b => b.textContent === '{label}').click()"
        )
    };
    page.eval(&press("Weights, safetensors")).await;
    let weights = file_made(&page, 1).await;
    let n_header = u64::from_le_bytes(*weights.first_chunk().expect("a length")) as usize;
    let header: serde_json::Value = serde_json::from_slice(&weights[8..8 + n_header]).expect("a header");
    assert_eq!(header["0.weight"]["shape"], serde_json::json!([8, 2]));
    assert_eq!(header["6.bias"]["shape"], serde_json::json!([3]));
    let described = header["__metadata__"]["architecture"].as_str().expect("metadata");
    assert!(described.contains("\"activation\":\"sine\""), "{described}");
    page.until("return document.querySelector('.neural-field-export [role=status]').textContent === 'field.safetensors is on its way to your downloads.'").await;

    page.eval(&press("Weights, JSON")).await;
    let json: serde_json::Value = serde_json::from_slice(&file_made(&page, 2).await).expect("JSON");
    assert_eq!(json["layers"].as_array().map(Vec::len), Some(4));
    let first = &weights[8 + n_header..];
    let begins = header["0.weight"]["data_offsets"][0].as_u64().expect("an offset") as usize;
    let number = f32::from_le_bytes(*first[begins..].first_chunk().expect("a number"));
    assert_eq!(
        json["layers"][0]["weight"][0][0].as_f64().map(|x| x as f32),
        Some(number),
        "both are of the same moment"
    );

    page.eval(&press("Picture, PNG")).await;
    let picture = file_made(&page, 3).await;
    let info = png::Decoder::new(std::io::Cursor::new(&picture)).read_info().expect("a PNG").info().clone();
    assert_eq!((info.width, info.height), (24, 18));
    let python = page.text("return document.querySelector('.neural-field-export pre').textContent").await;
    assert!(python.contains("nn.Linear(8, 3),") && python.contains("torch.linspace(-1, 1, 18)"), "{python}");
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn a_picture_is_dropped_painted_paused_gone_back_in_and_taken_away() {
    const STEP: &str = "Number(document.querySelector('.neural-field-numbers').dataset.step)";
    const FINGERPRINT: &str = "return document.querySelector('.neural-field-numbers').dataset.fingerprint";
    let page = Page::open("#/neural-field?steps=0&size=24&width=16", 1280, 900, false).await;
    page.eval(&format!(
        "const held = new DataTransfer(); held.items.add({}); document.querySelector('.neural-field-drop canvas').dispatchEvent( \
         new DragEvent('drop', {{bubbles: true, cancelable: true, dataTransfer: held}}))",
        file("halves.png", &halves(48, 48, [0, 255]), 0)
    ))
    .await;
    wait_for(&page, "halves.png, 48 × 48", "6.02").await;
    page.eval("document.querySelector('.playback .run').click()").await;
    page.until(&format!("return {STEP} >= 30")).await;
    page.eval("document.querySelector('.playback .run').click()").await;
    page.until("return document.querySelector('.playback').ariaBusy !== 'true'").await;
    let (paused, painted) = (page.number(&format!("return {STEP}")).await, page.text(FINGERPRINT).await);
    let scrub = |step: f64| {
        format!(
            "const r = document.querySelector('.playback input'); r.value = {step}; \
             r.dispatchEvent(new Event('input', {{bubbles: true}})); r.dispatchEvent(new Event('change', {{bubbles: true}}))"
        )
    };
    page.eval(&scrub(10.0)).await;
    page.until(&format!("return {STEP} === 10")).await;
    assert_ne!(page.text(FINGERPRINT).await, painted);
    page.eval(&scrub(paused)).await;
    page.until(&format!("return {STEP} === {paused}")).await;
    assert_eq!(page.text(FINGERPRINT).await, painted, "the same steps again lead to the same picture");
    page.eval("document.querySelector('.neural-field-export summary').click()").await;
    keep_files(&page).await;
    page.eval("[...document.querySelectorAll('.neural-field-export button')].find(b => b.textContent === 'Weights, JSON').click()")
        .await;
    let json: serde_json::Value = serde_json::from_slice(&file_made(&page, 1).await).expect("JSON");
    assert_eq!(json["layers"].as_array().map(Vec::len), Some(4));
    page.assert_console_is_empty().await;
    page.close().await;
}
