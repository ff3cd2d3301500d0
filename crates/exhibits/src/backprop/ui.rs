mod equations;

use std::rc::Rc;

use piecewise_core::train::Fault;
use piecewise_plot::{format_number, subscript};
use piecewise_widgets::{Drawing, Handles, NumberCell, Playback, PlotCanvas};
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

use super::{
    Backprop, Bend, Cell, Kind, Layout, MOST_ENDS, MOST_LAYERS, MOST_SEED, MOST_UNITS, Model, Params, RANGE, Scene,
    Setting, Slope, compute, draw_highlight, draw_strip, scene::scientific, shape,
};
use crate::{
    Exhibit, Params as _,
    ui::{
        Embed, ExhibitFrame, FrameProps, HistoryButtons, PageProps, ParamsHandle, PictureSize, counter, select,
        stepper, switch, switch_where, use_params, use_picture,
    },
};

/// The step of every slider and of a drag on a cell: what stands in the cells stays short.
const STEP: f64 = 0.05;
/// So many pixels of a drag on a cell are one step.
const PX_PER_STEP: f64 = 4.0;
/// The gesture of everything that changes the sub-step; settings have those after it.
const STEPPING: u32 = 1;

/// The page of the exhibit `backprop`.
#[component]
pub fn Page(props: &PageProps) -> Html {
    let params = use_params::<Params>(props);
    let now = params.now().clone();
    // The scene does not depend on what is shown of it.
    let shown = Params { start: String::new(), step: 0, unwound: 1, ..(*now).clone() };
    let scene = use_memo(shown, compute);
    let pointed = use_state_eq(|| None::<Cell>);
    let held = use_state_eq(|| None::<Cell>);
    let point = {
        let pointed = pointed.clone();
        use_callback((), move |cell: Option<Cell>, ()| pointed.set(cell))
    };
    let hold = {
        let held = held.clone();
        use_callback((), move |cell: Option<Cell>, ()| held.set(cell))
    };
    let of_scene = |cell: Option<Cell>| cell.filter(|&cell| scene.has(cell));
    let held = of_scene(*held);
    let cell = of_scene(*pointed).or(held);

    let picture = html! {
        <Strip params={params.clone()} scene={scene.clone()} cell={cell} held={held} point={point} hold={hold.clone()} />
    };
    let readout =
        html! { <Reading params={params.clone()} scene={scene.clone()} cell={cell} held={held} hold={hold} /> };
    let controls = html! {
        <div class="backprop-cards">
            <Slide params={now.clone()} scene={scene.clone()} />
            <Check params={params.clone()} scene={scene.clone()} />
            <Numbers params={params.clone()} />
            <Unwinding params={params.clone()} scene={scene.clone()} />
            <Shapes params={now} scene={scene.clone()} />
            <Counts scene={scene} />
        </div>
    };
    html! { <ExhibitFrame<Params> ..FrameProps::of::<Backprop>(params, picture, readout, controls) /> }
}

/// The gesture of one setting.
fn gesture(setting: Setting) -> u32 {
    match setting {
        Setting::X(row) => 10 + row as u32,
        Setting::Y(row) => 20 + row as u32,
        Setting::Parameter(index) => 100 + index as u32,
    }
}

fn on_grid(value: f64) -> f64 {
    // Twentieths, from whole numbers: 0.05·3 is not 0.15.
    (value / STEP).round() / (1.0 / STEP)
}

#[derive(PartialEq, Properties)]
struct StripProps {
    params: ParamsHandle<Params>,
    scene: Rc<Scene>,
    cell: Option<Cell>,
    held: Option<Cell>,
    point: Callback<Option<Cell>>,
    hold: Callback<Option<Cell>>,
}

/// A drag on a cell: what it sets, where it began, and from which number.
#[derive(Clone, Copy)]
struct Grasp {
    setting: Setting,
    from: [f64; 2],
    value: f64,
    moved: bool,
}

/// The strip of film in its box, which scrolls where it is too narrow for it.
#[component]
fn Strip(props: &StripProps) -> Html {
    let embed = use_context::<Embed>().unwrap_or_default();
    let theme = embed.theme();
    let PictureSize { size_px, on_size, .. } = use_picture([1100.0, 420.0]);
    let scene = props.scene.clone();
    let now = props.params.now().clone();
    let layout = Rc::new(Layout::new(&scene, size_px, embed.scale));
    let data = use_memo((scene.clone(), now.step, size_px, embed), {
        let (layout, now) = (layout.clone(), now.clone());
        move |(scene, ..)| {
            let scene = scene.clone();
            Drawing::new(move |paper| draw_strip(paper, &layout, &now, &scene, theme))
        }
    });
    let highlight = use_memo((scene.clone(), props.cell, size_px, embed), {
        let layout = layout.clone();
        move |(scene, cell, ..)| {
            let (scene, cell) = (scene.clone(), *cell);
            Drawing::new(move |paper| {
                if let Some(cell) = cell {
                    draw_highlight(paper, &layout, &scene, cell, theme);
                }
            })
        }
    });
    let film = use_node_ref();
    {
        // What is lit stays in sight.
        let (film, layout, steps) = (film.clone(), layout.clone(), now.steps());
        let last = scene.n_hidden_layers();
        use_effect_with((now.step, size_px), move |&(step, _)| {
            let lit = (step as usize).min(steps.len()).checked_sub(1).map(|index| steps[index]);
            let blocks = lit.map(|step| [step.writes(last), step.reads(last)].concat()).unwrap_or_default();
            let spans = blocks.iter().filter_map(|&(kind, layer)| layout.span(kind, layer));
            if let Some(span) = spans.reduce(|a, b| [a[0].min(b[0]), a[1].max(b[1])]) {
                reveal(&film, span);
            }
        });
    }

    let grasp = use_mut_ref(|| None::<Grasp>);
    let position = |event: &MouseEvent| [event.offset_x(), event.offset_y()].map(f64::from);
    let onpointerdown = {
        let (grasp, layout, scene, params) = (grasp.clone(), layout.clone(), scene.clone(), props.params.clone());
        Callback::from(move |event: PointerEvent| {
            // A finger scrolls the strip; it changes numbers by the slider below.
            if event.button() != 0 || event.pointer_type() == "touch" {
                return;
            }
            let from = position(&event);
            let Some(setting) = layout.cell_at(from).and_then(|cell| scene.setting(cell)) else { return };
            *grasp.borrow_mut() = Some(Grasp { setting, from, value: params.now().setting(setting), moved: false });
            if let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) {
                // Without capture the drag still works while the pointer stays on the strip.
                let _ = target.set_pointer_capture(event.pointer_id());
            }
        })
    };
    let onpointermove = {
        let (grasp, layout, params, point) = (grasp.clone(), layout.clone(), props.params.clone(), props.point.clone());
        Callback::from(move |event: PointerEvent| {
            let at = position(&event);
            if let Some(grasp) = grasp.borrow_mut().as_mut() {
                let away = (at[0] - grasp.from[0]) - (at[1] - grasp.from[1]);
                grasp.moved |= away.abs() >= PX_PER_STEP;
                if grasp.moved {
                    let (setting, value) = (grasp.setting, on_grid(grasp.value + away / PX_PER_STEP * STEP));
                    params.drag(gesture(setting), move |p| p.set(setting, value));
                }
            } else if event.pointer_type() != "touch" {
                point.emit(layout.cell_at(at));
            }
        })
    };
    let end = {
        let (grasp, params) = (grasp.clone(), props.params.clone());
        Callback::from(move |_: PointerEvent| {
            // The click that follows still wants to know whether this was a drag.
            if grasp.borrow().is_some_and(|grasp| grasp.moved) {
                params.rest();
            } else {
                *grasp.borrow_mut() = None;
            }
        })
    };
    let onclick = {
        let (grasp, layout, hold, held) = (grasp, layout.clone(), props.hold.clone(), props.held);
        Callback::from(move |event: MouseEvent| {
            if grasp.borrow_mut().take().is_none() {
                let cell = layout.cell_at(position(&event));
                hold.emit(if cell == held { None } else { cell });
            }
        })
    };
    let onkeydown = {
        let (layout, scene, params, film) = (layout.clone(), scene.clone(), props.params.clone(), film.clone());
        let (point, hold, cell, held) = (props.point.clone(), props.hold.clone(), props.cell, props.held);
        Callback::from(move |event: KeyboardEvent| {
            let here = cell.unwrap_or(Cell::of(Kind::H, 0, 0));
            let key = event.key();
            let direction = match key.as_str() {
                "ArrowLeft" => [-1.0, 0.0],
                "ArrowRight" => [1.0, 0.0],
                "ArrowUp" => [0.0, -1.0],
                "ArrowDown" => [0.0, 1.0],
                "Enter" | " " => {
                    event.prevent_default();
                    hold.emit(if cell == held { None } else { cell });
                    return;
                }
                "Escape" => {
                    hold.emit(None);
                    return;
                }
                "+" | "=" | "-" | "−" => {
                    if let Some(setting) = scene.setting(here) {
                        let by = if matches!(key.as_str(), "+" | "=") { STEP } else { -STEP };
                        let value = on_grid(params.now().setting(setting) + by);
                        params.drag(gesture(setting), move |p| p.set(setting, value));
                    }
                    return;
                }
                _ => return,
            };
            event.prevent_default();
            if let Some(next) = layout.neighbour(here, direction) {
                point.emit(Some(next));
                if let Some([x, _]) = layout.center(next) {
                    reveal(&film, [x - 40.0, x + 40.0]);
                }
            }
        })
    };
    let onfocus = {
        let (point, cell) = (props.point.clone(), props.cell);
        Callback::from(move |_: FocusEvent| point.emit(cell.or(Some(Cell::of(Kind::H, 0, 0)))))
    };
    let onblur = props.point.reform(|_: FocusEvent| None);
    let onpointerleave = props.point.reform(|_: PointerEvent| None);

    let settable = props.cell.is_some_and(|cell| scene.setting(cell).is_some());
    let [min_width, min_height] = Layout::natural_px(&scene.sizes, embed.scale);
    let [width, height] = size_px;
    html! {
        <div class="backprop-film" ref={film}>
            <div style={format!("width: max(100%, {min_width:.0}px); height: {min_height:.0}px")}>
                <PlotCanvas layers={vec![(*data).clone(), (*highlight).clone()]} scale={embed.scale} label={Backprop::describe(&scene)} on_size={on_size}>
                    <Handles size_px={size_px}>
                        <rect class={classes!("ground", settable.then_some("settable"))} width={width.to_string()} height={height.to_string()}
                            tabindex="0" role="application"
                            aria-label="Numbers of the pass: arrow keys walk from one to the next, Enter holds one, plus and minus change it"
                            onpointerdown={onpointerdown} onpointermove={onpointermove} onpointerup={end.clone()} onpointercancel={end}
                            onpointerleave={onpointerleave} onclick={onclick} onkeydown={onkeydown}
                            onkeyup={{ let params = props.params.clone(); Callback::from(move |_: KeyboardEvent| params.rest()) }}
                            onfocus={onfocus} onblur={onblur} />
                    </Handles>
                </PlotCanvas>
            </div>
        </div>
    }
}

/// Scrolls the strip so that what lies between two edges is in sight, in the middle if it was not.
fn reveal(film: &NodeRef, [left, right]: [f64; 2]) {
    let Some(film) = film.cast::<Element>() else { return };
    let (from, width) = (f64::from(film.scroll_left()), f64::from(film.client_width()));
    if left < from || right > from + width {
        film.set_scroll_left((f64::midpoint(left, right) - width / 2.0) as i32);
    }
}

#[derive(PartialEq, Properties)]
struct ReadingProps {
    params: ParamsHandle<Params>,
    scene: Rc<Scene>,
    cell: Option<Cell>,
    held: Option<Cell>,
    hold: Callback<Option<Cell>>,
}

/// The player, the sub-step with its numbers, and the cell that is pointed at.
#[component]
fn Reading(props: &ReadingProps) -> Html {
    let ReadingProps { params, scene, .. } = props;
    let steps = params.now().steps();
    let most = steps.len() as u64;
    let step = params.now().step.min(most);
    let lit = step.checked_sub(1).map(|index| steps[index as usize]);
    let status = lit.map_or_else(
        || "Only the input, the weights and the biases are known.".to_owned(),
        |lit| {
            let way = if lit.is_backward() { "back" } else { "forward" };
            format!("Sub-step {step} of {most}, {way}: {}", scene.equation(lit))
        },
    );
    let on_advance = params.drags(STEPPING, move |p, by| p.step = p.step.min(most) + by);
    let on_scrub = params.drags(STEPPING, move |p, to| p.step = to);
    let on_go = params.edits(move |p, to| p.step = to);
    let on_rest = params.on_rest();
    let numbers = lit.map(|lit| equations::substituted(scene, lit)).unwrap_or_default();
    let rows = scene.sizes.iter().copied().max().unwrap_or(1);
    let of_held = props.held.filter(|_| props.cell == props.held);
    html! {
        <>
            <Playback step={step} most={most} status={status} label="Sub-steps taken" tick_millis={900}
                on_advance={on_advance} on_scrub={on_scrub} on_go={on_go} on_rest={on_rest} />
            <div class="backprop-numbers" tabindex="0" role="group" aria-label="The sub-step in numbers" style={format!("--rows: {rows}")}>{ raw(numbers) }</div>
            <div class="readout backprop-cell" aria-live="polite">
                if let Some(cell) = props.cell {
                    <span class="map">{ scene.explain(cell) }</span>
                } else {
                    <span class="hint">{ "Point at a number to see the row and the column that made it; click to hold it. Drag an input, a weight or a bias sideways to change it." }</span>
                }
                if let Some(setting) = of_held.and_then(|cell| scene.setting(cell)) {
                    { slider(params, setting, html! {}, "the number held".to_owned()) }
                }
                if of_held.is_some() {
                    <button type="button" onclick={props.hold.reform(|_: MouseEvent| None)}>{ "Let go" }</button>
                }
            </div>
        </>
    }
}

/// MathML that was written by this exhibit, from numbers alone.
fn raw(html: String) -> Html {
    Html::from_html_unchecked(AttrValue::from(html))
}

/// A name and a slider for one number.
fn slider(params: &ParamsHandle<Params>, setting: Setting, symbol: Html, name: String) -> Html {
    let on_edit = params.drags(gesture(setting), move |p, value| p.set(setting, value));
    let on_reset = {
        let params = params.clone();
        Callback::from(move |()| {
            params.edit(move |p| {
                let value = Params::from_start(&p.start).unwrap_or_default().setting(setting);
                p.set(setting, value);
            });
        })
    };
    html! {
        <div class="dial" key={name.clone()}>
            <span class="dial-name"><math>{ symbol }</math>{ name.clone() }</span>
            <NumberCell label={name} value={params.now().setting(setting)} min={RANGE[0]} max={RANGE[1]} step={STEP}
                on_edit={on_edit} on_rest={params.on_rest()} on_reset={on_reset} />
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct ShownProps {
    params: Rc<Params>,
    scene: Rc<Scene>,
}

/// The lines of the slide, the one at work lit.
#[component]
fn Slide(props: &ShownProps) -> Html {
    let steps = props.params.steps();
    let lit = (props.params.step as usize).min(steps.len()).checked_sub(1).map(|index| steps[index]);
    html! {
        <section><h2>{ "The slide" }</h2>
            <ol class="backprop-slide">
                { for equations::slide(&props.scene, lit).into_iter().map(|(line, lit)| html! {
                    <li class={lit.then_some("lit")} aria-current={lit.then_some("step")}>{ raw(line) }</li>
                }) }
            </ol>
        </section>
    }
}

#[derive(PartialEq, Properties)]
struct BothProps {
    params: ParamsHandle<Params>,
    scene: Rc<Scene>,
}

/// The gradient beside finite differences, and the mistakes that one can make.
#[component]
fn Check(props: &BothProps) -> Html {
    let BothProps { params, scene } = props;
    let check = &scene.check;
    let n_wrong: usize = check.wrong.iter().map(|[wrong, _]| wrong).sum();
    let toggle = |fault: Fault, name: &'static str| {
        let on = params.now().fault == Some(fault);
        let possible = params.now().model != Model::Toy;
        let on_switch = params.edits(move |p: &mut Params, on: bool| p.fault = on.then_some(fault));
        switch_where(possible, name, on && possible, &on_switch)
    };
    html! {
        <section><h2>{ "Check by finite differences" }</h2>
            <div class="counters">
                { counter("wrong", n_wrong.to_string(), "derivatives wrong") }
                { counter("derivatives", check.errors.len().to_string(), "derivatives in all") }
                { counter("error", scientific(scene.largest_error()), "largest relative difference") }
            </div>
            <p class="backprop-verdict" role="status">{ scene.verdict() }</p>
            <div class="backprop-faults" role="group" aria-label="Break it">
                { toggle(Fault::ForgetMask, "Forget the mask") }
                { toggle(Fault::ForgetTranspose, "Forget the transpose") }
            </div>
        </section>
    }
}

#[derive(PartialEq, Properties)]
struct NumbersProps {
    params: ParamsHandle<Params>,
}

/// Input, wanted output, and the shape of the network or the numbers of the chain.
#[component]
fn Numbers(props: &NumbersProps) -> Html {
    let params = &props.params;
    let now = params.now().clone();
    let toy = now.model == Model::Toy;
    let sizes = now.sizes();
    let indexed = |name: &'static str, n: usize, row: usize, first: usize| {
        if n == 1 {
            html! { <mi>{ name }</mi> }
        } else {
            html! { <msub><mi>{ name }</mi><mn>{ row + first }</mn></msub> }
        }
    };
    let numbered =
        |name: &str, n: usize, row: usize| if n == 1 { name.to_owned() } else { format!("{name} {}", row + 1) };
    let (n_inputs, n_outputs) = (sizes[0], sizes[sizes.len() - 1]);
    let size = |name: &'static str, letter: &'static str, most: u64, value: u64, write: fn(&mut Params, u64)| {
        let on_step = params.edits(move |p: &mut Params, to| p.reshape(|p| write(p, to)));
        html! {
            <div class="dial" key={name}>
                <span class="dial-name"><math><mi>{ letter }</mi></math>{ name }</span>
                { stepper(name, value.to_string(), [value, 1, most], &on_step) }
            </div>
        }
    };
    let bends: Vec<&str> = Bend::ALL.iter().map(|bend| bend.activation().name()).collect();
    let bend = Bend::ALL.iter().position(|&bend| bend == now.activation).unwrap_or(0);
    let choose_activation = params.edits(|p: &mut Params, index: usize| p.activation = Bend::ALL[index]);
    let choose_seed = {
        let params = params.clone();
        Callback::from(move |seed: f64| {
            params.drag(2, move |p| {
                p.seed = seed as u64;
                p.changes.clear();
            });
        })
    };
    let choose_model = params.edits(|p: &mut Params, toy: bool| {
        p.reshape(|p| p.model = if toy { Model::Toy } else { Model::Network });
    });
    html! {
        <section><h2>{ "Numbers" }</h2>
            { for (0..n_inputs).map(|row| slider(params, Setting::X(row), indexed("x", n_inputs, row, 1), numbered("input", n_inputs, row))) }
            { for (0..n_outputs).map(|row| slider(params, Setting::Y(row), indexed("y", n_outputs, row, 1), numbered("wanted", n_outputs, row))) }
            if toy {
                { for (0..4).map(|k| slider(params, Setting::Parameter(2 * k), indexed("β", 4, k, 0), format!("bias {k}"))) }
                { for (0..4).map(|k| slider(params, Setting::Parameter(2 * k + 1), indexed("ω", 4, k, 0), format!("weight {k}"))) }
            } else {
                { size("hidden layers", "K", MOST_LAYERS, now.layers, |p, n| p.layers = n) }
                { size("units in each", "D", MOST_UNITS, now.units, |p, n| p.units = n) }
                <label class="dial"><span class="dial-name"><math><mi>{ "a" }</mi></math>{ "activation" }</span>
                    { select("activation", &bends, bend, &choose_activation) }
                </label>
                <details><summary>{ "More" }</summary>
                    { size("inputs", "Dᵢ", MOST_ENDS, now.inputs, |p, n| p.inputs = n) }
                    { size("outputs", "Dₒ", MOST_ENDS, now.outputs, |p, n| p.outputs = n) }
                    <div class="dial"><span class="dial-name">{ "seed of the weights" }</span>
                        <NumberCell label="seed of the weights" value={now.seed as f64} min={1.0} max={MOST_SEED as f64} step={1.0} decimals={0}
                            on_edit={choose_seed} on_rest={params.on_rest()} /></div>
                </details>
            }
            { switch("toy chain: sin, exp, cos", toy, &choose_model) }
            <div class="tools"><div class="row"><HistoryButtons<Params> params={params.clone()} /></div></div>
        </section>
    }
}

/// "k − 1 more of these": the chain of factors, written out one by one.
#[component]
fn Unwinding(props: &BothProps) -> Html {
    let BothProps { params, scene } = props;
    let last = scene.n_hidden_layers();
    let n = (params.now().unwound as usize).min(last);
    let to = |n: usize| params.on_click(move |p| p.unwound = n as u64);
    let count = |n: usize, one: &str, many: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {many}") };
    let (one, many) = if scene.slope == Slope::Mask { ("mask", "masks") } else { ("slope", "slopes") };
    let factors = format!("{} and {}", count(n, one, many), count(n, "matrix", "matrices"));
    let text = if n == last {
        format!("All of it: {factors}, and the slope of the loss: {} factors.", 2 * n + 1)
    } else {
        format!("So far {factors}. {} more of these hide in ∂ℓ/∂f{}.", last - n, subscript(n))
    };
    html! {
        <section class="backprop-wide"><h2>{ "k − 1 more of these" }</h2>
            <div class="backprop-chain" tabindex="0" role="group" aria-label="The chain of factors">{ raw(equations::unwound(scene, n)) }</div>
            <p role="status">{ text }</p>
            <div class="tools"><div class="row">
                <button type="button" disabled={n <= 1} onclick={to(n.saturating_sub(1))}>{ "Fold one" }</button>
                <button type="button" disabled={n >= last} onclick={to(n + 1)}>{ "Unwind one more" }</button>
                <button type="button" disabled={n >= last} onclick={to(last)}>{ "Unwind all" }</button>
            </div></div>
        </section>
    }
}

/// Which orders the shapes allow, at the layer of the sub-step.
#[component]
fn Shapes(props: &ShownProps) -> Html {
    let ShownProps { params, scene } = props;
    let steps = params.steps();
    let at = (params.step as usize).min(steps.len());
    let k = at.checked_sub(1).map_or(0, |index| steps[index].layer(scene.n_hidden_layers()));
    html! {
        <section><h2>{ format!("Shapes in layer {k}") }</h2>
            <div class="scroll backprop-shapes" tabindex="0" role="group" aria-label="Products and their shapes"><ul>
                { for scene.products(k).into_iter().map(|product| {
                    let (class, sign) = match (product.is_meant, product.result) {
                        (true, _) => ("right", "✓"),
                        (false, None) => ("refused", "✗"),
                        (false, Some(_)) => ("wrong", "!"),
                    };
                    html! {
                        <li class={class}><b aria-hidden="true">{ sign }</b>
                            <span>{ format!("{} · {}: {} · {}", product.left.0, product.right.0, shape(product.left.1), shape(product.right.1)) }
                            <small>{ product.verdict }</small></span></li>
                    }
                }) }
            </ul></div>
        </section>
    }
}

#[derive(PartialEq, Properties)]
struct SceneProps {
    scene: Rc<Scene>,
}

/// Live paths, and what the pass costs.
#[component]
fn Counts(props: &SceneProps) -> Html {
    let scene = &props.scene;
    let (paths, cost) = (&scene.paths, scene.cost);
    let last = scene.n_hidden_layers();
    let open: Vec<String> =
        paths.open.iter().enumerate().map(|(k, open)| format!("{open} of {}", scene.sizes[k + 1])).collect();
    let (cheap, dear) = (cost.backpropagation(), cost.differences());
    html! {
        <section><h2>{ "Live paths" }</h2>
            <div class="counters">
                { counter("live", paths.live.to_string(), "live") }
                { counter("paths", paths.all.to_string(), "from input to output") }
            </div>
            <p>{ format!("Open units, layer by layer: {}. A path is live when all its {last} units are open and no weight on it is 0.", open.join(", ")) }</p>
            <h2>{ "Multiplications" }</h2>
            <div class="counters">
                { counter("cheap", cheap.to_string(), "by backpropagation") }
                { counter("dear", dear.to_string(), "by finite differences") }
                { counter("ratio", format!("{}×", format_number(dear as f64 / cheap as f64, 1)), "as many") }
            </div>
            <p>{ format!(
                "{} forward + {} back, against two passes forward for each of {} parameters: 2 · {} · {}.",
                cost.forward, cost.backward, cost.n_parameters, cost.n_parameters, cost.forward
            ) }</p>
        </section>
    }
}
