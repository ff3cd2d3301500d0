use std::rc::Rc;

use piecewise_core::regions::Bounds;
use piecewise_network_file::NetworkFile;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::super::{LARGEST_FILE, Params, Subject, example, random_points, read_file};
use crate::ui::{HistoryButtons, ParamsHandle, switch};

/// The farthest one can look into the slice or away from it: powers of two.
const MOST_ZOOM: i32 = 12;

/// A network that is looked at instead of the example. Two are equal when they are the same object.
#[derive(Clone, Default)]
pub(super) struct Upload(Option<Rc<Uploaded>>);

impl PartialEq for Upload {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(a), Some(b)) => Rc::ptr_eq(a, b),
            (a, b) => a.is_none() && b.is_none(),
        }
    }
}

/// What is looked at, and how.
#[derive(Clone)]
struct Uploaded {
    name: String,
    file: Rc<NetworkFile>,
    points: [Vec<f64>; 3],
    output: usize,
    zoom: i32,
    subject: Subject,
}

impl Upload {
    fn new(
        name: String,
        file: Rc<NetworkFile>,
        points: [Vec<f64>; 3],
        output: usize,
        zoom: i32,
    ) -> Result<Self, String> {
        let mut subject = Subject::of_file(&file, &points)?;
        subject.output = output;
        let factor = f64::from(-zoom).exp2();
        let Bounds { lo, hi } = subject.bounds;
        let middle = [0, 1].map(|i| f64::midpoint(lo[i], hi[i]));
        let at = |corner: [f64; 2]| [0, 1].map(|i| middle[i] + factor * (corner[i] - middle[i]));
        subject.bounds = Bounds { lo: at(lo), hi: at(hi) };
        Ok(Self(Some(Rc::new(Uploaded { name, file, points, output, zoom, subject }))))
    }

    /// What is to be seen of it.
    pub(super) fn subject(&self) -> Option<Subject> {
        self.0.as_ref().map(|uploaded| uploaded.subject.clone())
    }
}

#[derive(PartialEq, Properties)]
pub(super) struct SettingsProps {
    pub(super) params: ParamsHandle<Params>,
    pub(super) upload: Upload,
    pub(super) set_upload: Callback<Upload>,
    pub(super) widths: Vec<usize>,
}

/// Choosing a file, and where it is looked at.
#[component]
pub(super) fn Settings(props: &SettingsProps) -> Html {
    let params = &props.params;
    let trouble = use_state_eq(|| None::<String>);
    let over = use_state_eq(|| false);
    // Of two files that are chosen one after the other the later one wins.
    let latest = use_mut_ref(|| 0_u32);
    let now = params.now().clone();
    let uploaded = props.upload.0.clone();

    // What is shown now, as an upload: the example until there is one.
    let (name, file, points, output, zoom) = if let Some(shown) = &uploaded {
        (shown.name.clone(), shown.file.clone(), shown.points.clone(), shown.output, shown.zoom)
    } else {
        let network = example();
        let points = random_points(network.n_inputs(), now.slice_seed);
        let file = NetworkFile { network, bounds: None, slice: None };
        ("an example with 8 inputs".to_owned(), Rc::new(file), points, 0, 0)
    };
    let n_inputs = file.network.n_inputs();
    let show = {
        let (set_upload, trouble) = (props.set_upload.clone(), trouble.clone());
        Rc::new(move |made: Result<Upload, String>| match made {
            Ok(upload) => {
                trouble.set(None);
                set_upload.emit(upload);
            }
            // What was shown stays.
            Err(sentence) => trouble.set(Some(sentence)),
        })
    };
    let take = {
        let (show, seed) = (show.clone(), now.slice_seed);
        Rc::new(move |chosen: web_sys::File| {
            let name = chosen.name();
            *latest.borrow_mut() += 1;
            let (mine, latest, show) = (*latest.borrow(), latest.clone(), show.clone());
            if chosen.size() > LARGEST_FILE as f64 {
                show(Err(format!("{name} is too large: at most {} MiB are read.", LARGEST_FILE >> 20)));
                return;
            }
            spawn_local(async move {
                let bytes = JsFuture::from(chosen.array_buffer()).await;
                if *latest.borrow() != mine {
                    return;
                }
                show(bytes.map_err(|_| format!("{name} cannot be read.")).and_then(|buffer| {
                    let file = read_file(&name, &js_sys::Uint8Array::new(&buffer).to_vec())?;
                    let points = random_points(file.network.n_inputs(), seed);
                    Upload::new(name, Rc::new(file), points, 0, 0)
                }));
            });
        })
    };
    let onchange = {
        let take = take.clone();
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            if let Some(chosen) = input.files().and_then(|files| files.get(0)) {
                take(chosen);
            }
            // So that the same file can be chosen again.
            input.set_value("");
        })
    };
    let hold = |inside: bool| {
        let over = over.clone();
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            over.set(inside);
        })
    };
    let ondrop = {
        let over = over.clone();
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            over.set(false);
            if let Some(chosen) = event.data_transfer().and_then(|data| data.files()).and_then(|files| files.get(0)) {
                take(chosen);
            }
        })
    };
    let other_points = {
        let (params, show, file, name) = (params.clone(), show.clone(), file.clone(), name.clone());
        let (seed, is_upload) = (now.slice_seed.wrapping_add(1) % 1_000_000, uploaded.is_some());
        Callback::from(move |_: MouseEvent| {
            if is_upload {
                let points = random_points(file.network.n_inputs(), seed);
                show(Upload::new(name.clone(), file.clone(), points, output, zoom));
            }
            params.edit(move |p| p.slice_seed = seed);
        })
    };
    let type_point = |which: usize| {
        let (show, file, name, points) = (show.clone(), file.clone(), name.clone(), points.clone());
        Callback::from(move |event: Event| {
            let area: HtmlTextAreaElement = event.target_unchecked_into();
            let mut points = points.clone();
            show(read_point(&area.value(), n_inputs).and_then(|point| {
                points[which] = point;
                Upload::new(name.clone(), file.clone(), points, output, zoom)
            }));
        })
    };
    let look = |output: usize, zoom: i32| {
        let (show, file, name, points) = (show.clone(), file.clone(), name.clone(), points.clone());
        Callback::from(move |_: MouseEvent| {
            show(Upload::new(name.clone(), file.clone(), points.clone(), output, zoom));
        })
    };
    let forget = {
        let (set_upload, trouble) = (props.set_upload.clone(), trouble.clone());
        Callback::from(move |_: MouseEvent| {
            trouble.set(None);
            set_upload.emit(Upload::default());
        })
    };
    let n_outputs = file.network.n_outputs();
    let sizes: Vec<String> =
        [n_inputs].iter().chain(&props.widths).chain(&[n_outputs]).map(ToString::to_string).collect();
    let point_field = |(which, point): (usize, &Vec<f64>)| {
        let text: Vec<String> = point.iter().map(ToString::to_string).collect();
        let letter = ["A", "B", "C"][which];
        html! {
            <label key={which}>{ letter }<textarea rows="2" spellcheck="false" aria-label={format!("Point {letter}, {n_inputs} numbers")}
                value={text.join(", ")} onchange={type_point(which)} /></label>
        }
    };
    let on_plane = n_inputs > 2 && file.slice.is_none();
    html! {
        <div class="tools">
            <div class={classes!("regions-drop", (*over).then_some("over"))} ondragover={hold(true)} ondragleave={hold(false)} ondrop={ondrop}>
                <p><strong>{ name.clone() }</strong><span class="hint">{ format!(" {}", sizes.join(" → ")) }</span></p>
                <label class="regions-file">{ "Choose a file, or drop one here" }
                    <input type="file" accept=".json,.safetensors,application/json" onchange={onchange} /></label>
                <p class="hint">{ "JSON as the command line reads it, or the safetensors of a PyTorch Sequential of Linear and ReLU; at most 8 MiB. \
                    The file stays in this browser, and it is too large for the link." }</p>
                <p class="regions-trouble" role="alert">{ (*trouble).clone().unwrap_or_default() }</p>
            </div>
            <div class="row">
                <HistoryButtons<Params> params={params.clone()} />
                if uploaded.is_some() {
                    <button type="button" onclick={forget}>{ "Back to the example" }</button>
                }
            </div>
            <div class="row">
                <span class="stepper" role="group" aria-label="How near">
                    <button type="button" aria-label="Look from farther away" disabled={zoom <= -MOST_ZOOM} onclick={look(output, zoom - 1)}>{ "−" }</button>
                    <output>{ if zoom < 0 { format!("zoom 1/{}", 1 << -zoom) } else { format!("zoom {}", 1 << zoom) } }</output>
                    <button type="button" aria-label="Look from nearer" disabled={zoom >= MOST_ZOOM} onclick={look(output, zoom + 1)}>{ "+" }</button>
                </span>
                if n_outputs > 1 {
                    <span class="stepper" role="group" aria-label="Output">
                        <button type="button" aria-label="Output before" disabled={output == 0} onclick={look(output.saturating_sub(1), zoom)}>{ "−" }</button>
                        <output>{ format!("output {} of {n_outputs}", output + 1) }</output>
                        <button type="button" aria-label="Next output" disabled={output + 1 >= n_outputs} onclick={look(output + 1, zoom)}>{ "+" }</button>
                    </span>
                }
            </div>
            if on_plane {
                <div class="row">
                    <button type="button" onclick={other_points}><span aria-hidden="true">{ "⚄" }</span>{ format!("Other points (seed {})", now.slice_seed) }</button>
                </div>
                if n_inputs <= 64 {
                    <details class="regions-points"><summary>{ "The three points of the slice" }</summary>{ for points.iter().enumerate().map(point_field) }</details>
                }
            }
            <div class="row">
                { switch("contours", now.contours, &params.edits(|p: &mut Params, on| p.contours = on)) }
            </div>
        </div>
    }
}

/// A point as people type it: numbers apart by commas, semicolons or blanks.
fn read_point(text: &str, n_inputs: usize) -> Result<Vec<f64>, String> {
    let parts = text.split([',', ';', ' ', '\n', '\t']).filter(|part| !part.is_empty());
    let numbers: Option<Vec<f64>> =
        parts.map(|part| part.replace('−', "-").parse().ok().filter(|x: &f64| x.abs() <= 1e9)).collect();
    match numbers {
        Some(numbers) if numbers.len() == n_inputs => Ok(numbers),
        Some(numbers) => Err(format!("A point needs {n_inputs} numbers; there are {}.", numbers.len())),
        None => {
            Err("A point is a list of numbers between −1,000,000,000 and 1,000,000,000, apart by commas.".to_owned())
        }
    }
}
