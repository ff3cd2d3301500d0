use std::{cell::RefCell, rc::Rc};

use gloo_events::EventListener;
use gloo_render::{AnimationFrame, request_animation_frame};
use piecewise_plot::Paper;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{HtmlCanvasElement, ResizeObserver};
use yew::prelude::*;

use crate::CanvasBackend;

/// What to draw on one layer. Two drawings are equal when they are the same object, so that a layer is redrawn when its drawing
/// was made anew: make it with `use_memo`.
#[derive(Clone)]
pub struct Drawing(Rc<DrawFn>);

type DrawFn = dyn Fn(&mut Paper<'_>);

impl Drawing {
    /// A drawing from the function that draws it.
    pub fn new(draw: impl Fn(&mut Paper<'_>) + 'static) -> Self {
        Self(Rc::new(draw))
    }
}

impl PartialEq for Drawing {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl std::fmt::Debug for Drawing {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Drawing")
    }
}

/// What the page around all pictures has decided about them: a context.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Press {
    /// How much thicker strokes are than usual.
    pub stroke_scale: f64,
    /// Whether the page is being printed: then pictures are drawn at once, and at 300 dots an inch.
    pub printing: bool,
}

impl Default for Press {
    fn default() -> Self {
        Self { stroke_scale: 1.0, printing: false }
    }
}

/// What a [`PlotCanvas`] is made of.
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct PlotCanvasProps {
    /// The layers, lowest first. Their number must not change.
    pub layers: Vec<Drawing>,
    /// How much larger texts and strokes are than usual.
    #[prop_or(1.0)]
    pub scale: f64,
    /// A sentence for those who do not see the picture.
    pub label: AttrValue,
    /// Told the size in CSS pixels whenever it changes.
    #[prop_or_default]
    pub on_size: Callback<[f64; 2]>,
    /// Handles and other focusable things on top, usually one `svg` of the same size.
    #[prop_or_default]
    pub children: Html,
}

/// A picture of several canvas layers that follows the size of its box, with focusable handles on top.
///
/// However often drawings change, each layer is redrawn at most once a frame. Its canvas counts its drawings in the attribute
/// `data-draws`.
#[component]
pub fn PlotCanvas(props: &PlotCanvasProps) -> Html {
    let container = use_node_ref();
    let size_px = use_state_eq(|| [0.0_f64; 2]);
    let density = use_state_eq(density_here);

    {
        // A host that is made larger says so to its frame by the same event, and so does a window on another screen.
        let density = density.clone();
        use_effect_with((), move |()| {
            let window = web_sys::window();
            let listener =
                window.map(|window| EventListener::new(&window, "resize", move |_| density.set(density_here())));
            move || drop(listener)
        });
    }
    let press = use_context::<Press>().unwrap_or_default();
    // Paper shrinks what was drawn as a whole, with its handles.
    let printing = use_mut_ref(|| false);
    *printing.borrow_mut() = press.printing;

    {
        let (size_px, density, printing) = (size_px.clone(), density.clone(), printing.clone());
        use_effect_with((container.clone(), props.on_size.clone()), move |(container, on_size)| {
            let element = container.cast::<web_sys::HtmlElement>();
            let measured = element.clone();
            let on_size = on_size.clone();
            let observe = Closure::<dyn FnMut()>::new(move || {
                if let Some(element) = measured.as_ref().filter(|_| !*printing.borrow()) {
                    // Layout size: unlike the bounding box it does not shrink when a host scales the page.
                    let size = [element.client_width(), element.client_height()].map(f64::from);
                    density.set(density_here());
                    size_px.set(size);
                    on_size.emit(size);
                }
            });
            let observer = ResizeObserver::new(observe.as_ref().unchecked_ref()).ok();
            if let (Some(observer), Some(element)) = (&observer, &element) {
                observer.observe(element);
            }
            move || {
                if let Some(observer) = observer {
                    observer.disconnect();
                }
                drop(observe);
            }
        });
    }

    html! {
        <div class="plot" ref={container} role="group" aria-label={props.label.clone()} style={printed_size(press, *size_px)}>
            { for props.layers.iter().enumerate().map(|(index, drawing)| html! {
                <LayerCanvas key={index} drawing={drawing.clone()} size_px={*size_px} density={*density} scale={props.scale} {press} />
            }) }
            { props.children.clone() }
        </div>
    }
}

/// On paper the box of a picture keeps the shape that the picture was drawn in, since nobody draws it anew there.
fn printed_size(Press { printing, .. }: Press, [width, height]: [f64; 2]) -> Option<String> {
    printing.then(|| format!("--drawn-width: {width}px; --drawn-shape: {width} / {height}"))
}

/// What [`Handles`] are made of.
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct HandlesProps {
    /// The size of the picture, in CSS pixels.
    pub size_px: [f64; 2],
    /// Classes of its own.
    #[prop_or_default]
    pub class: Classes,
    /// The handles, in the coordinates of the picture.
    #[prop_or_default]
    pub children: Html,
}

/// The `svg` over a picture in which its handles are.
#[component]
pub fn Handles(props: &HandlesProps) -> Html {
    let [width, height] = props.size_px.map(|px| px.to_string());
    html! {
        <svg class={classes!("handles", props.class.clone())} viewBox={format!("0 0 {width} {height}")} width={width} height={height}>{ props.children.clone() }</svg>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct LayerProps {
    drawing: Drawing,
    size_px: [f64; 2],
    /// Device pixels per CSS pixel.
    density: f64,
    scale: f64,
    press: Press,
}

#[component]
fn LayerCanvas(props: &LayerProps) -> Html {
    let canvas = use_node_ref();
    // What the next frame draws; later changes in the same frame replace it.
    let wanted = use_mut_ref(|| props.clone());
    let frame: Rc<RefCell<Option<AnimationFrame>>> = use_mut_ref(|| None);
    let draws = use_mut_ref(|| 0_u32);
    {
        let (canvas, frame) = (canvas.clone(), frame.clone());
        use_effect_with(props.clone(), move |props| {
            *wanted.borrow_mut() = props.clone();
            if props.press.printing {
                // Paper does not wait for the next frame.
                if let Some(canvas) = canvas.cast::<HtmlCanvasElement>() {
                    draw(&canvas, props);
                }
            } else if frame.borrow().is_none() {
                let request = request_animation_frame({
                    let frame = frame.clone();
                    move |_time| {
                        frame.borrow_mut().take();
                        if let Some(canvas) = canvas.cast::<HtmlCanvasElement>() {
                            draw(&canvas, &wanted.borrow());
                            let mut draws = draws.borrow_mut();
                            *draws += 1;
                            let _ = canvas.set_attribute("data-draws", &draws.to_string());
                        }
                    }
                });
                *frame.borrow_mut() = Some(request);
            }
        });
    }
    html! { <canvas ref={canvas} aria-hidden="true" /> }
}

fn draw(canvas: &HtmlCanvasElement, LayerProps { drawing, size_px, density, scale, press }: &LayerProps) {
    // A hidden slide has no size; the observer speaks up again when it gets one.
    if size_px.iter().any(|&px| px < 1.0) {
        return;
    }
    let density = if press.printing { density.max(PRINT_DENSITY) } else { *density };
    if let Some(mut backend) = CanvasBackend::new(canvas, *size_px, density) {
        let mut paper = Paper::new(&mut backend, *scale);
        paper.set_stroke_scale(press.stroke_scale);
        (drawing.0)(&mut paper);
        mark_first_picture();
        // The canvas has no way to fail that a person could mend; the next frame tries again.
        let _ = paper.finish();
    }
}

/// Tells the browser's own clock of the first picture, so that tests and visitors can see how long it took.
fn mark_first_picture() {
    thread_local!(static MARKED: std::cell::Cell<bool> = const { std::cell::Cell::new(false) });
    let performance = web_sys::window().and_then(|window| window.performance());
    if let Some(performance) = performance.filter(|_| !MARKED.replace(true)) {
        // Without the mark nothing is missing but the mark.
        let _ = performance.mark("picture");
    }
}

/// 300 dots an inch, of which CSS counts 96 pixels.
const PRINT_DENSITY: f64 = 300.0 / 96.0;

/// Device pixels per CSS pixel. A slide deck scales its frames without telling them, so there it is at least 2, and well
/// more than the screen shows.
fn density_here() -> f64 {
    /// The finest that a picture is worth: beyond it, drawing takes longer and nobody sees it.
    const FINEST: f64 = 4.0;
    /// How much finer than the screen, so that lines stay even at any scale.
    const FINER: f64 = 1.6;
    let Some(window) = web_sys::window() else { return 1.0 };
    let ratio = window.device_pixel_ratio().clamp(1.0, FINEST);
    let framed = window.parent().ok().flatten().is_some_and(|parent| !js_sys::Object::is(&parent, &window));
    if framed { (FINER * ratio * host_scale(&window)).clamp(2.0, FINEST) } else { ratio }
}

/// How much larger the host shows this frame than it lays it out. A host of another origin keeps that to itself; then it may be
/// twice as large, unless the screen has no room for it.
fn host_scale(window: &web_sys::Window) -> f64 {
    if let Some(frame) = window.frame_element().ok().flatten() {
        // The border does not matter: decks take it away, and it would only make the picture a little finer.
        let scale = frame.get_bounding_client_rect().width() / f64::from(frame.client_width());
        return if scale.is_finite() { scale } else { 1.0 };
    }
    let number = |value: Result<wasm_bindgen::JsValue, _>| value.ok().and_then(|value| value.as_f64());
    let room = window.screen().ok().and_then(|screen| {
        let width = f64::from(screen.width().ok()?) / number(window.inner_width())?;
        Some(width.min(f64::from(screen.height().ok()?) / number(window.inner_height())?))
    });
    room.filter(|room| room.is_finite()).unwrap_or(1.0).clamp(1.0, 2.0)
}
