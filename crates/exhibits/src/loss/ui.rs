use std::rc::Rc;

use piecewise_plot::{Frame, format_number};
use piecewise_widgets::{DragStep, Drawing, Handles, Knob, Nudge, NumberCell, Playback, PlotCanvas};
use yew::prelude::*;

use super::{
    AUTHOR_LOSS, Best, DataSet, Kind, Layout, Loss, MOST_POINTS, MOST_STEPS, MOST_UNITS, Marks, Method, Model, Params,
    SLIDER_LIMIT, Scene, Shape, best_by_hand, compute_at, compute_ground,
    draw::{color_of, dot_px, draw_data, draw_dot, draw_ground, place},
    example_at,
    params::{ALPHA, DELTA, REACH},
    scene::{format_loss, is_challenge},
};
use crate::{
    Params as _, aim, rounded,
    ui::{
        Dial, Embed, ExhibitFrame, FrameProps, HistoryButtons, PageProps, ParamsHandle, PictureSize, Stepping, choice,
        counted, counter, dial, plot_ground, stepper, use_params, use_picture, use_training,
    },
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
    let record = use_mut_ref(|| None::<Best>);
    let best = {
        let mut record = record.borrow_mut();
        *record = best_by_hand(record.take(), &now, &scene);
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
    let PictureSize { size_px, scale, on_size } = use_picture([760.0, 620.0]);
    let now = props.params.now().clone();
    let scene = props.scene.clone();
    let data_set = now.shape().data;
    let layout = Layout::new(data_set, scene.window, size_px, scale);
    // The surface does not depend on the two parameters that it shows: while the dot is dragged, it stays as it is.
    let held = {
        let mut others = scene.phi.clone();
        for axis in now.axis_indices() {
            others[axis] = 0.0;
        }
        Params { phi: others, alpha: 0.0, method: Method::Descent, axes: now.axes, ..now.origin() }
    };
    let ground = use_memo((held, scene.window), |(held, window)| Rc::new(compute_ground(held, &held.phi, *window)));
    let surface = use_memo(((*ground).clone(), size_px, embed), {
        let now = now.clone();
        move |(ground, ..)| {
            let ground = ground.clone();
            Drawing::new(move |paper| draw_ground(paper, &layout, &now, &ground, theme))
        }
    });
    let marks = props.marks;
    let data = use_memo((now.clone(), scene.clone(), marks, size_px, embed), move |(now, scene, ..)| {
        let (now, scene) = (now.clone(), scene.clone());
        Drawing::new(move |paper| draw_data(paper, &layout, &now, &scene, marks, theme))
    });
    let dot = use_memo((now.clone(), scene.clone(), size_px, embed), move |(now, scene, ..)| {
        let (now, scene) = (now.clone(), scene.clone());
        Drawing::new(move |paper| draw_dot(paper, &layout, &now, &scene))
    });
    let add = props.params.edits(move |p, at| p.add(rounded(example_at(data_set, at), &layout.fit)));
    let jump = {
        let (params, scene) = (props.params.clone(), scene.clone());
        Callback::from(move |to| {
            set_dot(&params, &scene, to, &layout.surface);
            params.rest();
        })
    };
    html! {
        <div class="loss-picture">
            <PlotCanvas layers={vec![(*data).clone(), (*surface).clone(), (*dot).clone()]} scale={scale}
                label={scene.sentence()} on_size={on_size}>
                <Handles size_px={size_px}>
                    { plot_ground(&layout.fit, "loss-fit", &add) }
                    { plot_ground(&layout.surface, "loss-surface", &jump) }
                    <Dot params={props.params.clone()} scene={scene} frame={layout.surface} />
                    { for (0..now.points.len()).map(|index| html! {
                        <Point key={index} params={props.params.clone()} index={index} frame={layout.fit} attend={props.attend.clone()} />
                    }) }
                </Handles>
            </PlotCanvas>
        </div>
    }
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
    let on_rest = params.on_rest();
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
    let Stepping { on_advance, on_scrub, on_go, on_rest } = params.stepping(STEPPING, |p| &mut p.steps);
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
    let choose = |to: Shape| params.on_click(move |p| p.choose(to));
    let pages =
        [(DataSet::Line, "Numbers"), (DataSet::TwoClasses, "Two classes"), (DataSet::ThreeClasses, "Three classes")];
    let resize = params.edits(move |p: &mut Params, n: u64| p.choose(Shape { n_hidden: n as usize, ..shape }));
    html! {
        <div class="loss-task">
            <div class="choices" role="group" aria-label="What is wanted">
                { for pages.into_iter().map(|(data, name)| html! {
                    <button type="button" aria-pressed={(shape.data.n_classes() == data.n_classes()).to_string()}
                        onclick={choose(Shape { data, ..shape })}>{ name }</button>
                }) }
            </div>
            <div class="choices" role="group" aria-label="Model">
                { for Model::ALL.iter().map(|&(model, name)| html! {
                    <button type="button" aria-pressed={(shape.model == model).to_string()} onclick={choose(Shape { model, ..shape })}>{ name }</button>
                }) }
                if shape.model != Model::Linear {
                    { stepper("Hidden units of a layer", counted(shape.n_hidden as u64, "unit"), [shape.n_hidden as u64, 1, MOST_UNITS as u64], &resize) }
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
    best: Option<Best>,
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
    html! {
        <div class="loss-numbers">
            <div class="counters">
                { counter("loss", format_loss(scene.loss), "loss L") }
                if scene.steps > 0 { { counter("before", format_loss(scene.losses[0][1]), "where descent began") } }
                if let Some((_, best)) = best { { counter("best", format_loss(*best), "your best by hand") } }
                if challenge { { counter("author", format_loss(AUTHOR_LOSS), "the author, by hand") } }
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
    let rest = params.on_rest();
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

const ALPHA_DIAL: Dial<Params> = Dial::logarithmic("α", "learning rate", ALPHA, |p| p.alpha, |p, x| p.alpha = x);
const DELTA_DIAL: Dial<Params> =
    Dial::logarithmic("δ", "where it becomes a line", DELTA, |p| p.delta, |p, x| p.delta = x);
const REACH_DIAL: Dial<Params> = Dial::logarithmic("r", "reach of the surface", REACH, |p| p.reach, |p, x| p.reach = x);

/// The loss, the surface, descent, and the examples.
#[component]
fn Settings(props: &ParametersProps) -> Html {
    let ParametersProps { params, scene } = props;
    let now = params.now().clone();
    let shape = now.shape();
    let n_classes = shape.data.n_classes();
    let kind = Kind::ALL.iter().position(|entry| entry.0 == now.loss).unwrap_or(0);
    let loss = (n_classes == 0).then(|| {
        choice(
            "loss",
            &Kind::ALL.map(|entry| entry.1),
            kind,
            &params.edits(|p: &mut Params, index: usize| p.loss = Kind::ALL[index].0),
        )
    });
    let formula = match n_classes {
        0 => Kind::ALL[kind].2,
        2 => "Binary cross-entropy: Pr(y = 1) = 1 / (1 + e⁻ᶠ),  L = −Σ ln Pr(yᵢ)",
        _ => "Multiclass cross-entropy: Pr(y) is the softmax of f₁, f₂, f₃,  L = −Σ ln Pr(yᵢ)",
    };
    let axis = |axis: usize, label: &'static str| {
        let chosen = now.axis_indices()[axis];
        let names: Vec<String> = (0..now.phi.len()).map(|index| shape.symbol(index)).collect();
        let scene = scene.clone();
        let on_choose = params.edits(move |p: &mut Params, index: usize| {
            if p.axes[1 - axis] == index as u64 {
                p.axes.swap(0, 1);
            } else {
                p.axes[axis] = index as u64;
            }
            p.recenter(&scene.phi);
        });
        choice(label, &names, chosen, &on_choose)
    };
    let recenter = {
        let scene = scene.clone();
        params.on_click(move |p| p.recenter(&scene.phi))
    };
    let methods = [(Method::Descent, "gradient descent"), (Method::Adam, "Adam")];
    let method = choice("rule", &methods.map(|method| method.1), usize::from(now.method == Method::Adam), &{
        params.edits(move |p: &mut Params, index: usize| p.method = methods[index].0)
    });
    let data = {
        let sets: Vec<_> = DataSet::ALL.iter().filter(|set| set.0.n_classes() == n_classes).collect();
        let names: Vec<&str> = sets.iter().map(|set| set.2).collect();
        let chosen = sets.iter().position(|set| set.0 == shape.data).unwrap_or(0);
        let on_choose =
            params.edits(move |p: &mut Params, index: usize| p.choose(Shape { data: sets[index].0, ..p.shape() }));
        choice("examples", &names, chosen, &on_choose)
    };
    html! {
        <div class="dials">
            { loss }
            if n_classes == 0 && now.loss == Kind::Huber { { dial(params, 2, &DELTA_DIAL) } }
            <p class="loss-formula">{ formula }</p>
            if n_classes == 0 { { data } }
            <div class="choices">
                <button type="button" disabled={now.points.len() >= MOST_POINTS} onclick={params.on_click(Params::add_in_gap)}>{ "Add a point" }</button>
                <button type="button" disabled={now.points == shape.data.points()} onclick={params.on_click(|p| p.points = p.shape().data.points())}>{ "Points as they were" }</button>
            </div>
            { axis(0, "surface, across →") }
            { axis(1, "surface, up ↑") }
            <details class="loss-more">
                <summary>{ "More: descent, the reach of the surface, another start" }</summary>
                { method }
                { dial(params, 1, &ALPHA_DIAL) }
                { dial(params, 3, &REACH_DIAL) }
                <div class="choices">
                    <button type="button" onclick={recenter}>{ "Surface around here" }</button>
                    if shape.model != Model::Linear {
                        <button type="button" onclick={params.on_click(|p| p.choose(p.shape().redrawn()))}><span aria-hidden="true">{ "⚄" }</span>{ "Another random start" }</button>
                        <span class="hint">{ format!("seed {}", shape.seed) }</span>
                    }
                </div>
            </details>
            <div class="tools"><div class="row"><HistoryButtons<Params> params={params.clone()} /></div></div>
        </div>
    }
}
