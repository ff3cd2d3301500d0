use std::rc::Rc;

use piecewise_plot::{Frame, format_number};
use piecewise_widgets::{DragStep, Drawing, Knob, Nudge, NumberCell, Playback, PlotCanvas, symbol};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::{
    AUTHOR_LOSS, DataSet, Kind, Layout, Loss, MOST_POINTS, MOST_STEPS, MOST_UNITS, Marks, Method, Model, Params,
    SLIDER_LIMIT, Scene, Shape, compute_at, compute_ground,
    draw::{color_of, dot_px, draw_data, draw_dot, draw_ground, place},
    example_at,
    params::{ALPHA, DELTA, REACH},
    same_task,
    scene::{format_loss, is_challenge},
};
use crate::{
    Exhibit, Params as _, aim,
    ui::{Embed, ExhibitFrame, FrameProps, HistoryButtons, PageProps, ParamsHandle, use_params, use_training},
};

/// The gesture of everything that changes the number of steps.
const STEPPING: u32 = 50;
/// The gesture of the dot on the surface.
const DOT: u32 = 60;
/// The gestures of examples begin here.
const POINT: u32 = 100;
/// The gestures of parameters begin here.
const PHI: u32 = 200;

/// How many steps a run takes at a time.
const SPEEDS: &[u64] = &[1, 10, 100];

/// An example that is let go this far outside of the plot is taken away, in pixels.
const OUT_PX: f64 = 26.0;

/// The page of the exhibit `loss`.
#[component]
pub fn Page(props: &PageProps) -> Html {
    let params = use_params::<Params>(props);
    let now = params.now().clone();
    let run = use_training(&now.origin(), Params::training, now.steps);
    let scene = use_memo((now.clone(), run.clone()), |(now, run)| {
        run.with(|training| compute_at(now, training, run.divergence()))
    });
    // The best by hand, kept while it is about the same examples, the same model and the same loss.
    let record = use_mut_ref(|| None::<(Rc<Params>, f64)>);
    let best = {
        let mut record = record.borrow_mut();
        let by_hand = scene.steps == 0 && !now.helped;
        let kept = record.as_ref().filter(|(then, _)| same_task(then, &now)).map(|record| record.1);
        if by_hand && kept.is_none_or(|kept| scene.loss < kept) {
            *record = Some((now.clone(), scene.loss));
        } else if kept.is_none() {
            *record = None;
        }
        record.clone()
    };
    let attended = use_state_eq(|| None::<usize>);
    let attend = {
        let attended = attended.clone();
        use_callback((), move |example: Option<usize>, ()| attended.set(example))
    };
    let marks = Marks {
        attended: attended.filter(|&example| example < scene.examples.len()),
        best: best.as_ref().map(|best| best.1).filter(|&best| scene.steps > 0 || best < scene.loss),
    };
    let picture = html! { <Picture params={params.clone()} scene={scene.clone()} marks={marks} attend={attend} /> };
    let readout = html! {
        <Steps params={params.clone()} scene={scene.clone()} busy={run.is_busy()} attended={marks.attended} />
    };
    let controls = html! {
        <>
            <Task params={params.clone()} />
            <Numbers params={params.clone()} scene={scene.clone()} best={best} />
            <Parameters params={params.clone()} scene={scene.clone()} />
            <Settings params={params.clone()} scene={scene} />
        </>
    };
    html! { <ExhibitFrame<Params> ..FrameProps::of::<Loss>(params, picture, readout, controls) /> }
}

#[derive(PartialEq, Properties)]
struct PictureProps {
    params: ParamsHandle<Params>,
    scene: Rc<Scene>,
    marks: Marks,
    attend: Callback<Option<usize>>,
}

/// The four plots, with the examples and the dot on the surface to be dragged.
#[component]
fn Picture(props: &PictureProps) -> Html {
    let embed = use_context::<Embed>().unwrap_or_default();
    let theme = embed.theme();
    let size_px = use_state_eq(|| [760.0_f64, 620.0]);
    let scale = embed.scale.min((size_px[0] / 360.0).max(0.75));
    let now = props.params.now().clone();
    let scene = props.scene.clone();
    let data_set = now.shape().data;
    let layout = Layout::new(data_set, scene.window, *size_px, scale);
    // The surface does not depend on the two parameters that it shows: while the dot is dragged, it stays as it is.
    let held = {
        let mut others = scene.phi.clone();
        for axis in now.axis_indices() {
            others[axis] = 0.0;
        }
        Params { phi: others, alpha: 0.0, method: Method::Descent, axes: now.axes, ..now.origin() }
    };
    let ground = use_memo((held, scene.window), |(held, window)| Rc::new(compute_ground(held, &held.phi, *window)));
    let surface = use_memo(((*ground).clone(), *size_px, embed), {
        let now = now.clone();
        move |(ground, ..)| {
            let ground = ground.clone();
            Drawing::new(move |paper| draw_ground(paper, &layout, &now, &ground, theme))
        }
    });
    let marks = props.marks;
    let data = use_memo((now.clone(), scene.clone(), marks, *size_px, embed), move |(now, scene, ..)| {
        let (now, scene) = (now.clone(), scene.clone());
        Drawing::new(move |paper| draw_data(paper, &layout, &now, &scene, marks, theme))
    });
    let dot = use_memo((now.clone(), scene.clone(), *size_px, embed), move |(now, scene, ..)| {
        let (now, scene) = (now.clone(), scene.clone());
        Drawing::new(move |paper| draw_dot(paper, &layout, &now, &scene))
    });
    let on_size = {
        let size_px = size_px.clone();
        use_callback((), move |size: [f64; 2], ()| size_px.set(size))
    };
    let add = {
        let params = props.params.clone();
        Callback::from(move |event: MouseEvent| {
            let at = layout.fit.data_from_screen([event.offset_x(), event.offset_y()].map(f64::from));
            let point = rounded(example_at(data_set, at), &layout.fit);
            params.edit(move |p| p.add(point));
        })
    };
    let jump = {
        let (params, scene) = (props.params.clone(), scene.clone());
        Callback::from(move |event: MouseEvent| {
            let to = layout.surface.data_from_screen([event.offset_x(), event.offset_y()].map(f64::from));
            set_dot(&params, &scene, to, &layout.surface);
            params.rest();
        })
    };
    let plane = |frame: &Frame, class: &'static str, onclick: Callback<MouseEvent>| {
        let [x, y, w, h] =
            [frame.corner_px[0], frame.corner_px[1], frame.size_px[0], frame.size_px[1]].map(|px| px.to_string());
        html! { <rect class={classes!("ground", class)} x={x} y={y} width={w} height={h} onclick={onclick} /> }
    };
    let [width, height] = *size_px;
    html! {
        <div class="loss-picture">
            <PlotCanvas layers={vec![(*data).clone(), (*surface).clone(), (*dot).clone()]} scale={scale}
                label={Loss::describe(&scene)} on_size={on_size}>
                <svg class="handles" viewBox={format!("0 0 {width} {height}")} width={width.to_string()} height={height.to_string()}>
                    { plane(&layout.fit, "loss-fit", add) }
                    { plane(&layout.surface, "loss-surface", jump) }
                    <Dot params={props.params.clone()} scene={scene} frame={layout.surface} />
                    { for (0..now.points.len()).map(|index| html! {
                        <Point key={index} params={props.params.clone()} index={index} frame={layout.fit} attend={props.attend.clone()} />
                    }) }
                </svg>
            </PlotCanvas>
        </div>
    }
}

/// A point of the plane in as many decimals as a pixel can tell.
fn rounded(at: [f64; 2], frame: &Frame) -> [f64; 2] {
    let per_px = frame.data_per_px();
    [0, 1].map(|axis| {
        // The power of ten below one pixel.
        let digits = (-per_px[axis].log10()).ceil().clamp(0.0, 6.0);
        let steps = 10_f64.powi(digits as i32);
        (at[axis] * steps).round() / steps
    })
}

/// Puts the two parameters of the surface where the dot is dragged to, inside of its frame.
fn set_dot(params: &ParamsHandle<Params>, scene: &Rc<Scene>, to: [f64; 2], frame: &Frame) {
    let per_px = frame.data_per_px();
    let to = [0, 1].map(|i| aim(to[i].clamp(frame.data_lo[i], frame.data_hi[i]), per_px[i] / 2.0));
    let scene = scene.clone();
    params.drag(DOT, move |p| {
        p.take_over(&scene.phi);
        for (axis, x) in p.axis_indices().into_iter().zip(to) {
            p.phi[axis] = x;
        }
    });
}

#[derive(PartialEq, Properties)]
struct DotProps {
    params: ParamsHandle<Params>,
    scene: Rc<Scene>,
    frame: Frame,
}

/// Where the parameters are on the surface.
#[component]
fn Dot(props: &DotProps) -> Html {
    let DotProps { params, scene, frame } = props;
    let now = params.now().clone();
    let (frame, at) = (*frame, scene.here(&now));
    let on_drag = {
        let (params, scene) = (params.clone(), scene.clone());
        Callback::from(move |step: DragStep| set_dot(&params, &scene, frame.data_from_screen(step.to), &frame))
    };
    let on_nudge = {
        let (params, scene) = (params.clone(), scene.clone());
        Callback::from(move |Nudge { direction, size }: Nudge| {
            let span = (frame.data_hi[0] - frame.data_lo[0]) / 64.0;
            set_dot(&params, &scene, [0, 1].map(|i| at[i] + direction[i] * size * span), &frame);
        })
    };
    let on_rest = {
        let params = params.clone();
        Callback::from(move |()| params.rest())
    };
    let on_reset = {
        let params = params.clone();
        Callback::from(move |()| {
            let then = Params::from_start(&params.now().start).unwrap_or_default().phi;
            params.edit(move |p| {
                for axis in p.axis_indices() {
                    p.phi[axis] = then[axis];
                }
                p.steps = 0;
            });
        })
    };
    let names = now.axis_indices().map(|axis| now.shape().symbol(axis));
    let numbers = at.map(|x| format_number(x, 3));
    let value_text =
        format!("{} {}, {} {}, loss {}", names[0], numbers[0], names[1], numbers[1], format_loss(scene.loss));
    html! {
        <Knob at={dot_px(&frame, at)} color="var(--unit-1)" label={format!("{} and {} on the surface of the loss", names[0], names[1])}
            value_text={value_text} on_drag={on_drag} on_nudge={on_nudge} on_rest={on_rest} on_reset={on_reset} />
    }
}

#[derive(PartialEq, Properties)]
struct PointProps {
    params: ParamsHandle<Params>,
    index: usize,
    frame: Frame,
    attend: Callback<Option<usize>>,
}

/// One example: drag it, move it by arrow keys, take it away by dragging it out or by Delete.
#[component]
fn Point(props: &PointProps) -> Html {
    let embed = use_context::<Embed>().unwrap_or_default();
    let PointProps { params, index, frame, .. } = props;
    let (index, frame) = (*index, *frame);
    let gesture = POINT + index as u32;
    let data = params.now().shape().data;
    let [x, y] = params.now().points[index];
    let is_out = use_mut_ref(|| false);
    let set = {
        let params = params.clone();
        move |to: [f64; 2]| params.drag(gesture, move |p| p.move_point(index, to))
    };
    let remove = {
        let params = params.clone();
        move || {
            params.drag(gesture, move |p| p.remove(index));
            params.rest();
        }
    };
    let on_drag = {
        let (set, is_out) = (set.clone(), is_out.clone());
        Callback::from(move |step: DragStep| {
            let (lo, hi) = (frame.corner_px, frame.far_corner_px());
            *is_out.borrow_mut() = (0..2).any(|i| step.to[i] < lo[i] - OUT_PX || step.to[i] > hi[i] + OUT_PX);
            set(rounded(example_at(data, frame.data_from_screen(step.to)), &frame));
        })
    };
    let on_nudge = Callback::from(move |Nudge { direction, size }: Nudge| {
        let span = [0, 1].map(|axis| (frame.data_hi[axis] - frame.data_lo[axis]) / 128.0);
        // A class is a whole step.
        let up = if data.n_classes() > 0 { direction[1] } else { direction[1] * size * span[1] };
        set([x + direction[0] * size * span[0], y + up]);
    });
    let on_rest = {
        let (params, remove) = (params.clone(), remove.clone());
        Callback::from(move |()| if is_out.replace(false) { remove() } else { params.rest() })
    };
    let on_reset = {
        let params = params.clone();
        Callback::from(move |()| {
            let then = Params::from_start(&params.now().start).unwrap_or_default().points;
            if let Some(&then) = then.get(index) {
                params.edit(move |p| p.move_point(index, then));
            }
        })
    };
    let on_attend = props.attend.reform(move |here: bool| here.then_some(index));
    let value_text = if data.n_classes() > 0 {
        format!("x {}, class {y}", format_number(x, 3))
    } else {
        format!("x {}, y {}", format_number(x, 3), format_number(y, 3))
    };
    html! {
        <Knob at={frame.screen_from_data(place(data, [x, y]))} color={embed.theme().unit(color_of(data, y)).css()}
            label={format!("Example {}", index + 1)} value_text={value_text} on_drag={on_drag} on_nudge={on_nudge}
            on_rest={on_rest} on_reset={on_reset} on_attend={on_attend} on_delete={Callback::from(move |()| remove())} />
    }
}

#[derive(PartialEq, Properties)]
struct StepsProps {
    params: ParamsHandle<Params>,
    scene: Rc<Scene>,
    busy: bool,
    attended: Option<usize>,
}

/// The descent, and what the example that is pointed at adds.
#[component]
fn Steps(props: &StepsProps) -> Html {
    let StepsProps { params, scene, busy, attended } = props;
    let now = params.now().clone();
    let text = match &scene.stopped {
        Some(stopped) => stopped.clone(),
        None if scene.steps == 0 => "Run: descent begins where the parameters are.".to_owned(),
        None => format!("step {} · loss {}", scene.steps, format_loss(scene.loss)),
    };
    let on_advance = {
        let params = params.clone();
        Callback::from(move |by| params.drag(STEPPING, move |p| p.steps += by))
    };
    let on_scrub = {
        let params = params.clone();
        Callback::from(move |to| params.drag(STEPPING, move |p| p.steps = to))
    };
    let on_go = {
        let params = params.clone();
        Callback::from(move |to| params.edit(move |p| p.steps = to))
    };
    let on_rest = {
        let params = params.clone();
        Callback::from(move |()| params.rest())
    };
    // A run that has stopped goes back from where it stands, not from where it was sent.
    let step = if scene.stopped.is_some() { scene.steps } else { now.steps };
    // A network needs many more steps than a line.
    let speed = usize::from(now.shape().model != Model::Linear);
    let example = attended.and_then(|index| scene.substituted(&now, index));
    let hint = "Drag a point, or click beside one to add another; drag it out or press Delete to take it away.";
    html! {
        <>
            <p class="loss-example">{ example.unwrap_or_else(|| hint.to_owned()) }</p>
            <Playback key={speed} step={step} most={MOST_STEPS} over={scene.stopped.is_some()} busy={*busy} status={text}
                speeds={SPEEDS} speed={speed} tick_millis={50}
                on_advance={on_advance} on_scrub={on_scrub} on_go={on_go} on_rest={on_rest} />
        </>
    }
}

#[derive(PartialEq, Properties)]
struct TaskProps {
    params: ParamsHandle<Params>,
}

/// Which examples, which model.
#[component]
fn Task(props: &TaskProps) -> Html {
    let params = &props.params;
    let shape = params.now().shape();
    let choose = |to: Shape| {
        let params = params.clone();
        Callback::from(move |_: MouseEvent| params.edit(move |p| p.choose(to)))
    };
    let pages =
        [(DataSet::Line, "Numbers"), (DataSet::TwoClasses, "Two classes"), (DataSet::ThreeClasses, "Three classes")];
    let resize = |n_hidden: usize| choose(Shape { n_hidden, ..shape });
    html! {
        <div class="loss-task">
            <div class="loss-choice" role="group" aria-label="What is wanted">
                { for pages.into_iter().map(|(data, name)| html! {
                    <button type="button" aria-pressed={(shape.data.n_classes() == data.n_classes()).to_string()}
                        onclick={choose(Shape { data, ..shape })}>{ name }</button>
                }) }
            </div>
            <div class="loss-choice" role="group" aria-label="Model">
                { for Model::ALL.iter().map(|&(model, name)| html! {
                    <button type="button" aria-pressed={(shape.model == model).to_string()} onclick={choose(Shape { model, ..shape })}>{ name }</button>
                }) }
                if shape.model != Model::Linear {
                    <span class="stepper" role="group" aria-label="Hidden units of a layer">
                        <button type="button" aria-label="One unit fewer" disabled={shape.n_hidden <= 1} onclick={resize(shape.n_hidden - 1)}>{ "−" }</button>
                        <output>{ if shape.n_hidden == 1 { "1 unit".to_owned() } else { format!("{} units", shape.n_hidden) } }</output>
                        <button type="button" aria-label="One unit more" disabled={shape.n_hidden >= MOST_UNITS} onclick={resize(shape.n_hidden + 1)}>{ "+" }</button>
                    </span>
                }
            </div>
            <p class="loss-formula">{ shape.formula() }</p>
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct NumbersProps {
    params: ParamsHandle<Params>,
    scene: Rc<Scene>,
    best: Option<(Rc<Params>, f64)>,
}

/// The loss, and how far one has come by hand.
#[component]
fn Numbers(props: &NumbersProps) -> Html {
    let NumbersProps { params, scene, best } = props;
    let challenge = is_challenge(params.now());
    let back = best.as_ref().filter(|(then, _)| then.phi != scene.phi).map(|(then, _)| {
        let (params, phi) = (params.clone(), then.phi.clone());
        Callback::from(move |_: MouseEvent| {
            let phi = phi.clone();
            params.edit(move |p| {
                p.phi = phi;
                p.steps = 0;
                p.helped = false;
            });
        })
    });
    let verdict = best.as_ref().filter(|_| challenge).map(|&(_, best)| match best {
        best if best < AUTHOR_LOSS => "By hand you are below the author. Now let descent run from here.",
        best if best < 1.0 => "Close. The author's curve goes up, stays, goes down, and up again.",
        _ => "Which of the ten parameters has the wrong sign?",
    });
    let counter = |name: &'static str, value: f64, label: &'static str| {
        html! { <div class="counter" data-count={name}><strong>{ format_loss(value) }</strong><span>{ label }</span></div> }
    };
    html! {
        <div class="loss-numbers">
            <div class="counters">
                { counter("loss", scene.loss, "loss L") }
                if scene.steps > 0 { { counter("before", scene.losses[0][1], "where descent began") } }
                if let Some((_, best)) = best { { counter("best", *best, "your best by hand") } }
                if challenge { { counter("author", AUTHOR_LOSS, "the author, by hand") } }
            </div>
            if let Some(verdict) = verdict { <p class="loss-verdict">{ verdict }</p> }
            if let Some(back) = back { <button type="button" onclick={back}>{ "Back to my best" }</button> }
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct ParametersProps {
    params: ParamsHandle<Params>,
    scene: Rc<Scene>,
}

/// Every parameter with its slider: a block a layer, a row a unit, the bias first.
#[component]
fn Parameters(props: &ParametersProps) -> Html {
    let ParametersProps { params, scene } = props;
    let now = params.now().clone();
    let shape = now.shape();
    let then = Params::from_start(&now.start).unwrap_or_default().phi;
    let rest = {
        let params = params.clone();
        Callback::from(move |()| params.rest())
    };
    let cell = |index: usize| {
        let name = shape.symbol(index);
        let on_edit = {
            let (params, scene) = (params.clone(), scene.clone());
            Callback::from(move |value| {
                let scene = scene.clone();
                params.drag(PHI + index as u32, move |p| p.set(&scene.phi, index, value));
            })
        };
        let on_reset = {
            let (params, scene, then) = (params.clone(), scene.clone(), then[index]);
            Callback::from(move |()| {
                let scene = scene.clone();
                params.edit(move |p| p.set(&scene.phi, index, then));
            })
        };
        let axis = now.axis_indices().iter().position(|&axis| axis == index);
        let mark = axis.map(|axis| if axis == 0 { " →" } else { " ↑" });
        html! {
            <div key={index} class={classes!("loss-cell", axis.map(|_| "axis"))} data-parameter={index.to_string()}>
                <span class="loss-symbol" aria-hidden="true"><i>{ &name }</i>{ mark }</span>
                <NumberCell label={name} value={scene.phi[index]} min={-SLIDER_LIMIT} max={SLIDER_LIMIT}
                    on_edit={on_edit} on_rest={rest.clone()} on_reset={on_reset} />
            </div>
        }
    };
    let network = now.network();
    let n_layers = network.layers.len();
    let mut first = 0;
    let blocks = network.layers.iter().enumerate().map(|(k, layer)| {
        let (n, n_read, start) = (layer.n_outputs(), layer.n_inputs(), first);
        first += layer.n_parameters();
        let name = match (k + 1 == n_layers, n_layers) {
            (true, _) => "output".to_owned(),
            (false, 2) => "hidden units".to_owned(),
            (false, _) => format!("hidden layer {}", k + 1),
        };
        // The parameters lie column by column, the biases first.
        let cells = (0..n).flat_map(|row| (0..=n_read).map(move |column| start + column * n + row));
        html! {
            <section key={k} class="loss-layer" aria-label={name.clone()}>
                <p class="loss-layer-name">{ name }</p>
                <div class="loss-cells" style={format!("--columns: {}", n_read + 1)}>{ for cells.map(&cell) }</div>
            </section>
        }
    });
    html! { <div class="loss-parameters">{ for blocks }</div> }
}

/// The loss, the surface, descent, and the examples.
#[component]
fn Settings(props: &ParametersProps) -> Html {
    let ParametersProps { params, scene } = props;
    let now = params.now().clone();
    let shape = now.shape();
    let n_classes = shape.data.n_classes();
    let start = Params::from_start(&now.start).unwrap_or_default();
    let rest = {
        let params = params.clone();
        Callback::from(move |()| params.rest())
    };
    // A choice among names: told the index of the one that was chosen.
    let choice = |label: &'static str, names: Vec<(String, bool)>, choose: Rc<dyn Fn(usize)>| {
        let onchange = Callback::from(move |event: Event| {
            let select: HtmlSelectElement = event.target_unchecked_into();
            choose(select.selected_index().max(0) as usize);
        });
        html! {
            <label class="dial" key={label}><span class="dial-name">{ label }</span>
                <select aria-label={label} onchange={onchange}>
                    { for names.into_iter().map(|(name, chosen)| html! { <option selected={chosen}>{ name }</option> }) }
                </select>
            </label>
        }
    };
    let number = |gesture: u32,
                  symbol_name: &'static str,
                  name: &'static str,
                  range: [f64; 2],
                  read: fn(&Params) -> f64,
                  write: fn(&mut Params, f64)| {
        let on_edit = {
            let params = params.clone();
            Callback::from(move |value| params.drag(gesture, move |p| write(p, value)))
        };
        let on_reset = {
            let (params, then) = (params.clone(), read(&start));
            Callback::from(move |()| params.edit(move |p| write(p, then)))
        };
        html! {
            <div class="dial" key={name}>
                <span class="dial-name"><math>{ symbol(symbol_name) }</math>{ name }</span>
                <NumberCell label={name} value={read(&now)} min={range[0]} max={range[1]} step={0.01} logarithmic={true} decimals={4}
                    on_edit={on_edit} on_rest={rest.clone()} on_reset={on_reset} />
            </div>
        }
    };
    let kind = Kind::ALL.iter().position(|entry| entry.0 == now.loss).unwrap_or(0);
    let loss = (n_classes == 0).then(|| {
        let names = Kind::ALL.iter().enumerate().map(|(i, entry)| (entry.1.to_owned(), i == kind)).collect();
        let params = params.clone();
        choice("loss", names, Rc::new(move |index| params.edit(move |p| p.loss = Kind::ALL[index % Kind::ALL.len()].0)))
    });
    let formula = match n_classes {
        0 => Kind::ALL[kind].2,
        2 => "Binary cross-entropy: Pr(y = 1) = 1 / (1 + e⁻ᶠ),  L = −Σ ln Pr(yᵢ)",
        _ => "Multiclass cross-entropy: Pr(y) is the softmax of f₁, f₂, f₃,  L = −Σ ln Pr(yᵢ)",
    };
    let axis = |axis: usize, label: &'static str| {
        let chosen = now.axis_indices()[axis];
        let names = (0..now.phi.len()).map(|index| (shape.symbol(index), chosen == index)).collect();
        let (params, scene) = (params.clone(), scene.clone());
        let choose = move |index: usize| {
            let scene = scene.clone();
            params.edit(move |p| {
                if p.axes[1 - axis] == index as u64 {
                    p.axes.swap(0, 1);
                } else {
                    p.axes[axis] = index as u64;
                }
                p.recenter(&scene.phi);
            });
        };
        choice(label, names, Rc::new(choose))
    };
    let recenter = {
        let (params, scene) = (params.clone(), scene.clone());
        Callback::from(move |_: MouseEvent| {
            let scene = scene.clone();
            params.edit(move |p| p.recenter(&scene.phi));
        })
    };
    let method = {
        let params = params.clone();
        let methods = [(Method::Descent, "gradient descent"), (Method::Adam, "Adam")];
        let names = methods.iter().map(|&(method, name)| (name.to_owned(), method == now.method)).collect();
        choice("rule", names, Rc::new(move |index| params.edit(move |p| p.method = methods[index % 2].0)))
    };
    let data = {
        let sets: Vec<_> = DataSet::ALL.iter().filter(|set| set.0.n_classes() == n_classes).collect();
        let names = sets.iter().map(|set| (set.2.to_owned(), set.0 == shape.data)).collect();
        let params = params.clone();
        let choose = move |index: usize| {
            let data = sets.get(index).map_or(DataSet::Line, |set| set.0);
            params.edit(move |p| p.choose(Shape { data, ..p.shape() }));
        };
        choice("examples", names, Rc::new(choose))
    };
    let edit = |change: fn(&mut Params)| {
        let params = params.clone();
        Callback::from(move |_: MouseEvent| params.edit(change))
    };
    html! {
        <div class="dials">
            { loss }
            if n_classes == 0 && now.loss == Kind::Huber { { number(2, "δ", "where it becomes a line", DELTA, |p| p.delta, |p, x| p.delta = x) } }
            <p class="loss-formula">{ formula }</p>
            if n_classes == 0 { { data } }
            <div class="loss-choice">
                <button type="button" disabled={now.points.len() >= MOST_POINTS} onclick={edit(Params::add_in_gap)}>{ "Add a point" }</button>
                <button type="button" disabled={now.points == shape.data.points()} onclick={edit(|p| p.points = p.shape().data.points())}>{ "Points as they were" }</button>
            </div>
            { axis(0, "surface, across →") }
            { axis(1, "surface, up ↑") }
            <details class="loss-more">
                <summary>{ "More: descent, the reach of the surface, another start" }</summary>
                { method }
                { number(1, "α", "learning rate", ALPHA, |p| p.alpha, |p, x| p.alpha = x) }
                { number(3, "r", "reach of the surface", REACH, |p| p.reach, |p, x| p.reach = x) }
                <div class="loss-choice">
                    <button type="button" onclick={recenter}>{ "Surface around here" }</button>
                    if shape.model != Model::Linear {
                        <button type="button" onclick={edit(|p| p.choose(p.shape().redrawn()))}><span aria-hidden="true">{ "⚄" }</span>{ "Another random start" }</button>
                        <span class="hint">{ format!("seed {}", shape.seed) }</span>
                    }
                </div>
            </details>
            <div class="tools"><div class="row"><HistoryButtons<Params> params={params.clone()} /></div></div>
        </div>
    }
}
