use wasm_bindgen::JsCast;
use web_sys::{HtmlDocument, HtmlTextAreaElement};
use yew::prelude::*;

/// What a [`CopyButton`] is made of.
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct CopyButtonProps {
    /// What the button says.
    pub label: AttrValue,
    /// What it copies.
    pub text: AttrValue,
    /// Whether there is nothing to copy yet.
    #[prop_or(false)]
    pub disabled: bool,
}

/// A button that puts a text into the clipboard, and says so. Where a frame or a browser does not allow it, the text is shown, selected.
///
/// It copies a selection, as Ctrl+C would: unlike the asynchronous interface this works in frames without any permission.
#[component]
pub fn CopyButton(props: &CopyButtonProps) -> Html {
    // Whether the text that was copied last was copied; forgotten when there is another text.
    let copied = use_state_eq(|| None::<(AttrValue, bool)>);
    let area = use_node_ref();
    let copy = {
        let (copied, area, text) = (copied.clone(), area.clone(), props.text.clone());
        Callback::from(move |event: MouseEvent| {
            let Some(area) = area.cast::<HtmlTextAreaElement>() else { return };
            area.select();
            let page = area.owner_document().and_then(|page| page.dyn_into::<HtmlDocument>().ok());
            let done = page.is_some_and(|page| page.exec_command("copy").unwrap_or(false));
            if let Some(button) = event.current_target().and_then(|at| at.dyn_into::<web_sys::HtmlElement>().ok())
                && done
            {
                // Selecting has taken the focus away.
                let _ = button.focus();
            }
            copied.set(Some((text.clone(), done)));
        })
    };
    let outcome = copied.as_ref().filter(|(text, _)| *text == props.text).map(|(_, done)| *done);
    let said = match outcome {
        Some(true) => "Copied",
        Some(false) => "Not allowed here: the text is selected, press Ctrl+C",
        None => "",
    };
    let shown = outcome == Some(false);
    html! {
        <span class="copy">
            <button type="button" onclick={copy} disabled={props.disabled}>{ &props.label }</button>
            <span class="copy-said" role="status">{ said }</span>
            <textarea ref={area} class={if shown { "copy-text" } else { "visually-hidden" }} readonly={true} rows="4"
                tabindex={if shown { "0" } else { "-1" }} aria-hidden={(!shown).to_string()} aria-label={format!("{}: the text", props.label)} value={props.text.clone()} />
        </span>
    }
}
