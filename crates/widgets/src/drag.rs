use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::SvgGraphicsElement;
use yew::prelude::*;

/// One movement of the pointer while it drags, in the coordinates of the `svg` around the target.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DragStep {
    /// Where the pointer was when it went down.
    pub start: [f64; 2],
    /// Where it was before this movement.
    pub from: [f64; 2],
    /// Where it is now.
    pub to: [f64; 2],
}

/// One movement by the keyboard.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Nudge {
    /// The direction: right and up are positive, each −1, 0 or 1.
    pub direction: [f64; 2],
    /// How large the step is: 1 usually, ⅛ with Alt, 8 with Shift: powers of two, so that numbers stay short in binary.
    pub size: f64,
}

/// What a [`DragTarget`] is made of.
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct DragTargetProps {
    /// What it is and what it does, for screen readers.
    pub label: AttrValue,
    /// Where it stands now, in words.
    #[prop_or_default]
    pub value_text: AttrValue,
    /// Classes of its group.
    #[prop_or_default]
    pub class: Classes,
    /// Custom properties such as its colour.
    #[prop_or_default]
    pub style: AttrValue,
    /// Whether the tab key stops here.
    #[prop_or(true)]
    pub tab_stop: bool,
    /// Called for every movement of the pointer.
    pub on_drag: Callback<DragStep>,
    /// Called for every arrow key.
    pub on_nudge: Callback<Nudge>,
    /// Called when a drag or a key press is over.
    #[prop_or_default]
    pub on_rest: Callback<()>,
    /// Called on a double click: back to where it was at first.
    #[prop_or_default]
    pub on_reset: Callback<()>,
    /// Called when it is pressed but not dragged, and on Enter.
    #[prop_or_default]
    pub on_press: Callback<()>,
    /// Called with true when the pointer or the focus comes, with false when it leaves.
    #[prop_or_default]
    pub on_attend: Callback<bool>,
    /// Called on Delete and Backspace, where it can be taken away.
    #[prop_or_default]
    pub on_delete: Callback<()>,
    /// Its shapes.
    #[prop_or_default]
    pub children: Html,
}

/// Something in an `svg` that can be dragged by pointer and moved by the arrow keys (Alt finer, Shift coarser).
#[component]
pub fn DragTarget(props: &DragTargetProps) -> Html {
    let group = use_node_ref();
    // Where the pointer went down, and where it was last; nothing when it is up.
    let drag = use_mut_ref(|| None::<([f64; 2], [f64; 2])>);

    use_effect_with(group.clone(), |group| {
        // Inside an svg browsers do not heed `touch-action`: without this they would take the finger away to scroll the page.
        let listener = group.cast::<web_sys::Element>().map(|element| {
            let options = EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(&element, "touchstart", options, web_sys::Event::prevent_default)
        });
        move || drop(listener)
    });

    let onpointerdown = {
        let (group, drag) = (group.clone(), drag.clone());
        Callback::from(move |event: PointerEvent| {
            let Some(element) = group.cast::<SvgGraphicsElement>().filter(|_| event.button() == 0) else { return };
            let here = position(&element, &event);
            *drag.borrow_mut() = Some((here, here));
            // Without capture the drag still works while the pointer stays on the shape.
            let _ = element.set_pointer_capture(event.pointer_id());
            event.stop_propagation();
        })
    };
    let onpointermove = {
        let (group, drag, on_drag) = (group.clone(), drag.clone(), props.on_drag.clone());
        Callback::from(move |event: PointerEvent| {
            let Some(element) = group.cast::<SvgGraphicsElement>() else { return };
            let mut drag = drag.borrow_mut();
            if let Some((start, from)) = *drag {
                let to = position(&element, &event);
                *drag = Some((start, to));
                drop(drag);
                event.prevent_default();
                event.stop_propagation();
                if from != to {
                    on_drag.emit(DragStep { start, from, to });
                }
            }
        })
    };
    let end = {
        let (drag, on_rest, on_press) = (drag.clone(), props.on_rest.clone(), props.on_press.clone());
        Callback::from(move |event: PointerEvent| {
            let ended = drag.borrow_mut().take();
            if let Some((start, last)) = ended {
                on_rest.emit(());
                if (0..2).all(|axis| (last[axis] - start[axis]).abs() < 1.0) && event.type_() == "pointerup" {
                    on_press.emit(());
                }
            }
        })
    };
    let onkeydown = {
        let (on_nudge, on_press, on_delete) = (props.on_nudge.clone(), props.on_press.clone(), props.on_delete.clone());
        Callback::from(move |event: KeyboardEvent| {
            let direction = match event.key().as_str() {
                "Delete" | "Backspace" => return on_delete.emit(()),
                "Enter" => {
                    event.prevent_default();
                    on_press.emit(());
                    return;
                }
                "ArrowLeft" => [-1.0, 0.0],
                "ArrowRight" => [1.0, 0.0],
                "ArrowUp" => [0.0, 1.0],
                "ArrowDown" => [0.0, -1.0],
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            let size = match (event.alt_key(), event.shift_key()) {
                (true, _) => 0.125,
                (false, true) => 8.0,
                (false, false) => 1.0,
            };
            on_nudge.emit(Nudge { direction, size });
        })
    };
    let onkeyup = props.on_rest.reform(|_: KeyboardEvent| ());
    let ondblclick = props.on_reset.reform(|_: MouseEvent| ());
    let attend = |here: bool| props.on_attend.reform(move |_: PointerEvent| here);
    let attend_focus = |here: bool| props.on_attend.reform(move |_: FocusEvent| here);

    html! {
        <g ref={group} class={classes!("drag-target", props.class.clone())} style={props.style.clone()}
            tabindex={if props.tab_stop { "0" } else { "-1" }} role="slider" aria-roledescription="handle"
            aria-label={props.label.clone()} aria-valuetext={props.value_text.clone()} aria-valuenow="0"
            onpointerdown={onpointerdown} onpointermove={onpointermove} onpointerup={end.clone()}
            onpointercancel={end} onkeydown={onkeydown} onkeyup={onkeyup} ondblclick={ondblclick}
            onpointerenter={attend(true)} onpointerleave={attend(false)}
            onfocusin={attend_focus(true)} onfocusout={attend_focus(false)}>
            { props.children.clone() }
        </g>
    }
}

/// What a [`Knob`] is made of: a [`DragTarget`] that is a disc.
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct KnobProps {
    /// Where it is, in the coordinates of the `svg`.
    pub at: [f64; 2],
    /// Its colour, as CSS writes it.
    pub color: AttrValue,
    /// What it is and what it does, for screen readers.
    pub label: AttrValue,
    /// Where it stands now, in words.
    #[prop_or_default]
    pub value_text: AttrValue,
    /// Whether the tab key stops here.
    #[prop_or(true)]
    pub tab_stop: bool,
    /// See [`DragTargetProps::on_drag`].
    pub on_drag: Callback<DragStep>,
    /// See [`DragTargetProps::on_nudge`].
    pub on_nudge: Callback<Nudge>,
    /// See [`DragTargetProps::on_rest`].
    #[prop_or_default]
    pub on_rest: Callback<()>,
    /// See [`DragTargetProps::on_reset`].
    #[prop_or_default]
    pub on_reset: Callback<()>,
    /// See [`DragTargetProps::on_attend`].
    #[prop_or_default]
    pub on_attend: Callback<bool>,
    /// See [`DragTargetProps::on_delete`].
    #[prop_or_default]
    pub on_delete: Callback<()>,
}

/// A round handle with a larger, invisible disc around it, so that it is easily hit by a finger.
#[component]
pub fn Knob(props: &KnobProps) -> Html {
    let [x, y] = props.at.map(|at| at.to_string());
    html! {
        <DragTarget class="knob-target" style={format!("--unit: {}", props.color)} label={props.label.clone()}
            value_text={props.value_text.clone()} tab_stop={props.tab_stop} on_drag={props.on_drag.clone()}
            on_nudge={props.on_nudge.clone()} on_rest={props.on_rest.clone()} on_reset={props.on_reset.clone()}
            on_attend={props.on_attend.clone()} on_delete={props.on_delete.clone()}>
            <circle class="reach" cx={x.clone()} cy={y.clone()} />
            <circle class="knob" cx={x} cy={y} />
        </DragTarget>
    }
}

/// The pointer on the page. In a frame that a host has scaled it is often between two pixels, which web-sys' whole numbers lose.
fn client(event: &PointerEvent) -> [f64; 2] {
    let exact = |name: &str, whole: i32| {
        js_sys::Reflect::get(event, &name.into()).ok().and_then(|value| value.as_f64()).unwrap_or(f64::from(whole))
    };
    [exact("clientX", event.client_x()), exact("clientY", event.client_y())]
}

/// The pointer in the coordinates of the `svg`, right also when a host has scaled or turned the page.
fn position(element: &SvgGraphicsElement, event: &PointerEvent) -> [f64; 2] {
    let screen = client(event);
    let Some(svg) = element.owner_svg_element() else { return screen };
    let matrix = svg.unchecked_ref::<SvgGraphicsElement>().get_screen_ctm().and_then(|matrix| matrix.inverse().ok());
    matrix.map_or(screen, |m| {
        let (a, b, c, d, e, f) = (m.a(), m.b(), m.c(), m.d(), m.e(), m.f());
        let along = |p: f32, q: f32, r: f32| f64::from(p) * screen[0] + f64::from(q) * screen[1] + f64::from(r);
        [along(a, c, e), along(b, d, f)]
    })
}
