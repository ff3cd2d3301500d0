use gloo_events::{EventListener, EventListenerOptions};
use piecewise_core::field::Image;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    CanvasRenderingContext2d, ClipboardEvent, DataTransfer, File, HtmlCanvasElement, HtmlImageElement,
    HtmlInputElement, Node, Url,
};
use yew::prelude::*;

use super::super::upload::{Own, check, check_length, fitted, shown_name};

/// A way for files to come in; made by [`use_opening`].
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Opening {
    /// Takes a file that was chosen, dropped or pasted.
    on_file: Callback<File>,
    /// Whether a file is being read.
    is_busy: bool,
    /// Why the last one could not be opened: one sentence, or nothing.
    trouble: AttrValue,
}

/// Reads pictures from files and hands them on. Of two files, the later one wins; a file that cannot be opened changes nothing but what is said.
/// As long as the exhibit is on the page, a picture that is pasted anywhere is opened too.
#[hook]
pub(super) fn use_opening(on_picture: Callback<Own>) -> Opening {
    let is_busy = use_state_eq(|| false);
    let trouble = use_state_eq(|| AttrValue::Static(""));
    let latest = use_mut_ref(|| 0_u32);
    // The one that is told is the one of now, however long a file takes.
    let told = use_mut_ref(|| on_picture.clone());
    *told.borrow_mut() = on_picture;
    let on_file = {
        let (is_busy, trouble) = (is_busy.clone(), trouble.clone());
        use_callback((), move |file: File, ()| {
            *latest.borrow_mut() += 1;
            let mine = *latest.borrow();
            let (latest, told, is_busy, trouble) = (latest.clone(), told.clone(), is_busy.clone(), trouble.clone());
            is_busy.set(true);
            spawn_local(async move {
                let opened = open(&file).await;
                if *latest.borrow() != mine {
                    return;
                }
                is_busy.set(false);
                match opened {
                    Ok(own) => {
                        trouble.set("".into());
                        let told = told.borrow().clone();
                        told.emit(own);
                    }
                    Err(sentence) => trouble.set(format!("{}: {sentence}", shown_name(&file.name())).into()),
                }
            });
        })
    };
    use_effect_with(on_file.clone(), |on_file| {
        let on_file = on_file.clone();
        let page = web_sys::window().and_then(|window| window.document());
        let options = EventListenerOptions::enable_prevent_default;
        let listeners = page.map(|page| {
            let paste = EventListener::new_with_options(&page, "paste", options(), move |event| {
                let held = event.dyn_ref::<ClipboardEvent>().and_then(ClipboardEvent::clipboard_data);
                if let Some(file) =
                    held.and_then(|held| first_file(&held)).filter(|file| file.type_().starts_with("image/"))
                {
                    event.prevent_default();
                    on_file.emit(file);
                }
            });
            // A file that is dropped beside the picture would otherwise take the place of the whole page.
            let miss = ["dragover", "drop"].map(|kind| {
                EventListener::new_with_options(&page, kind, options(), |event| {
                    let held = event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer);
                    if let Some(held) = held.filter(|held| !event.default_prevented() && has_files(held)) {
                        event.prevent_default();
                        held.set_drop_effect("none");
                    }
                })
            });
            (paste, miss)
        });
        move || drop(listeners)
    });
    Opening { on_file, is_busy: *is_busy, trouble: (*trouble).clone() }
}

fn first_file(held: &DataTransfer) -> Option<File> {
    held.files()?.get(0)
}

/// Whether files are being dragged, rather than a text or a link.
fn has_files(held: &DataTransfer) -> bool {
    held.types().includes(&JsValue::from_str("Files"), 0)
}

/// Reads a picture: its size first, then its pixels by the browser, no more of them than are kept.
async fn open(file: &File) -> Result<Own, String> {
    check_length(file.size() as u64)?;
    let buffer = JsFuture::from(file.array_buffer()).await.map_err(|_| "The file cannot be read.")?;
    check(&js_sys::Uint8Array::new(&buffer).to_vec())?;
    let damaged = "The picture is damaged: the browser cannot decode it.";
    let url = BlobUrl::new(file).ok_or("The file cannot be read.")?;
    let element = HtmlImageElement::new().map_err(|_| damaged)?;
    element.set_src(&url.0);
    JsFuture::from(element.decode()).await.map_err(|_| damaged)?;
    // As it is looked at: a camera may have been held upright.
    let size = fitted([element.natural_width(), element.natural_height()]);
    let rgba = pixels(&element, size).map_err(|_| "The browser does not hand out the pixels of the picture.")?;
    let (pixels, _) = rgba.as_chunks::<4>();
    let bytes: Vec<u8> = pixels.iter().flat_map(|&[r, g, b, _]| [r, g, b]).collect();
    let image = Image::from_bytes(size[0] as usize, size[1] as usize, &bytes);
    Ok(Own::new(&file.name(), image.map_err(|error| format!("The picture cannot be used: {error}."))?))
}

/// The address of a file in memory, which is given back in the end.
struct BlobUrl(String);

impl BlobUrl {
    fn new(file: &File) -> Option<Self> {
        Url::create_object_url_with_blob(file).ok().map(Self)
    }
}

impl Drop for BlobUrl {
    fn drop(&mut self) {
        let _ = Url::revoke_object_url(&self.0);
    }
}

/// The pixels of a picture in this size, on white where one could look through it: red, green, blue and 255.
fn pixels(element: &HtmlImageElement, size: [u32; 2]) -> Result<Vec<u8>, JsValue> {
    let page = web_sys::window().and_then(|window| window.document()).ok_or("there is no page")?;
    let canvas: HtmlCanvasElement = page.create_element("canvas")?.unchecked_into();
    canvas.set_width(size[0]);
    canvas.set_height(size[1]);
    let context: CanvasRenderingContext2d = canvas.get_context("2d")?.ok_or("there is no canvas")?.unchecked_into();
    let [width, height] = size.map(f64::from);
    context.set_fill_style_str("white");
    context.fill_rect(0.0, 0.0, width, height);
    let _ = js_sys::Reflect::set(&context, &"imageSmoothingQuality".into(), &"high".into());
    context.draw_image_with_html_image_element_and_dw_and_dh(element, 0.0, 0.0, width, height)?;
    Ok(context.get_image_data(0.0, 0.0, width, height)?.data().0)
}

#[derive(PartialEq, Properties)]
pub(super) struct OpenPictureProps {
    /// Where files go.
    pub(super) opening: Opening,
    /// What is open now.
    pub(super) own: Own,
}

/// The button that opens a picture of one's own, and what has become of it.
#[component]
pub(super) fn OpenPicture(props: &OpenPictureProps) -> Html {
    let OpenPictureProps { opening, own } = props;
    let input = use_node_ref();
    let choose = {
        let input = input.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(input) = input.cast::<HtmlInputElement>() {
                input.click();
            }
        })
    };
    let onchange = {
        let on_file = opening.on_file.clone();
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            if let Some(file) = input.files().and_then(|files| files.get(0)) {
                on_file.emit(file);
            }
            // So that the same file can be chosen again.
            input.set_value("");
        })
    };
    let said = match (opening.is_busy, own.name(), own.image()) {
        (true, ..) => "Reading the picture …".to_owned(),
        (false, Some(name), Some(image)) => format!("{name}, {} × {}", image.width(), image.height()),
        _ => String::new(),
    };
    html! {
        <div class="neural-field-open" aria-busy={opening.is_busy.to_string()}>
            <div class="choices">
                <button type="button" onclick={choose}>{ "Open your own picture …" }</button>
                <input ref={input} type="file" class="neural-field-file" hidden={true} aria-label="Picture file"
                    accept="image/png,image/jpeg,image/webp,image/gif" onchange={onchange} />
                <span class="neural-field-opened" role="status">{ said }</span>
            </div>
            <p class="hint">{ "Or drop one on the pictures, or paste one. It never leaves this computer, and it is not in the link." }</p>
            <p class="neural-field-trouble" role="alert">{ opening.trouble.clone() }</p>
        </div>
    }
}

#[derive(PartialEq, Properties)]
pub(super) struct DropAreaProps {
    /// Where files go.
    pub(super) opening: Opening,
    /// What files can be dropped on.
    pub(super) children: Html,
}

/// Takes files that are dropped on what it holds, and shows that it would while they are over it.
#[component]
pub(super) fn DropArea(props: &DropAreaProps) -> Html {
    let area = use_node_ref();
    let over = use_state_eq(|| false);
    let held = |event: &DragEvent| event.data_transfer().filter(has_files);
    let ondragover = {
        let over = over.clone();
        Callback::from(move |event: DragEvent| {
            if let Some(held) = held(&event) {
                event.prevent_default();
                held.set_drop_effect("copy");
                over.set(true);
            }
        })
    };
    let ondragleave = {
        let (area, over) = (area.clone(), over.clone());
        Callback::from(move |event: DragEvent| {
            // Going from one thing inside to another is no leaving.
            let there = event.related_target().and_then(|there| there.dyn_into::<Node>().ok());
            if !there.is_some_and(|there| area.get().is_some_and(|area| area.contains(Some(&there)))) {
                over.set(false);
            }
        })
    };
    let ondrop = {
        let (over, on_file) = (over.clone(), props.opening.on_file.clone());
        Callback::from(move |event: DragEvent| {
            if let Some(held) = held(&event) {
                event.prevent_default();
                over.set(false);
                if let Some(file) = first_file(&held) {
                    on_file.emit(file);
                }
            }
        })
    };
    html! {
        <div ref={area} class={classes!("neural-field-drop", over.then_some("over"))} {ondragover} {ondragleave} {ondrop}>
            { props.children.clone() }
            if *over { <p class="neural-field-drop-words" aria-hidden="true">{ "Drop the picture" }</p> }
        </div>
    }
}
