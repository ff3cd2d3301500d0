use piecewise_core::field::{self, BirthCount, BirthTable};
use piecewise_plot::format_number;
use web_sys::Element;
use yew::prelude::*;

use super::super::{Begin, Model, Params};
use crate::ui::{JobHandle, ParamsHandle, use_job_while};

#[derive(PartialEq, Properties)]
pub(super) struct BirthsProps {
    /// The exhibit's parameters.
    pub(super) params: ParamsHandle<Params>,
}

type Counting = JobHandle<field::Births>;

/// How many networks of each width and depth are constant from birth. Nothing is counted until it is opened, nor while it is closed.
#[component]
pub(super) fn Births(props: &BirthsProps) -> Html {
    let is_open = use_state_eq(|| false);
    let was_opened = use_state_eq(|| false);
    let counting = use_job_while::<field::Births>(*is_open, (*was_opened).then(BirthTable::default));
    let ontoggle = {
        let (is_open, was_opened) = (is_open.clone(), was_opened.clone());
        Callback::from(move |event: Event| {
            let opens = event.target_unchecked_into::<Element>().has_attribute("open");
            is_open.set(opens);
            was_opened.set(*was_opened || opens);
        })
    };
    html! {
        <details class="neural-field-more neural-field-births" ontoggle={ontoggle}>
            <summary>{ "Born constant: narrow and deep" }</summary>
            <p class="hint">{ "How often a ReLU network is born constant: He's weights, biases 0, some layer off everywhere. Choose a cell to draw one." }</p>
            if let Some(counting) = counting {
                { table(&props.params, &counting) }
                { progress(&counting) }
            }
        </details>
    }
}

/// The entry nearest to a number, by ratio.
fn nearest(entries: &[usize], to: u64) -> Option<usize> {
    let distance = |&entry: &usize| {
        let ratio = entry as f64 / to as f64;
        ratio.max(1.0 / ratio)
    };
    entries.iter().copied().min_by(|a, b| distance(a).total_cmp(&distance(b)))
}

fn table(params: &ParamsHandle<Params>, counting: &Counting) -> Html {
    let job = counting.job();
    let BirthTable { widths, depths, .. } = job.table();
    let counts: Vec<BirthCount> = job.counts().collect();
    let now = params.now();
    let here = (now.network == Model::Relu).then(|| (nearest(widths, now.width), nearest(depths, now.depth)));
    let row = |(&width, counts): (&usize, &[BirthCount])| {
        let cells = depths.iter().zip(counts).map(|(&depth, count)| {
            let is_here = here == Some((Some(width), Some(depth)));
            html! { <td>{ cell(params, [width, depth], *count, is_here) }</td> }
        });
        html! { <tr key={width}><th scope="row">{ width }</th>{ for cells }</tr> }
    };
    html! {
        <table aria-busy={(!counting.is_done()).to_string()}>
            <thead>
                <tr><th scope="col">{ "units" }</th><th scope="colgroup" colspan={depths.len().to_string()}>{ "hidden layers" }</th></tr>
                <tr><td></td>{ for depths.iter().map(|depth| html! { <th scope="col">{ depth }</th> }) }</tr>
            </thead>
            <tbody>{ for widths.iter().zip(counts.chunks(depths.len())).map(row) }</tbody>
        </table>
    }
}

/// The share in a cell; pressed, it makes the exhibit's network one of these.
fn cell(params: &ParamsHandle<Params>, [width, depth]: [usize; 2], count: BirthCount, is_here: bool) -> Html {
    let share = count.share();
    // A bare 0 or 1 is one without an exception so far.
    let text = match count.n_constant {
        _ if count.n_networks == 0 => "–".to_owned(),
        0 => "0".to_owned(),
        n if n == count.n_networks => "1".to_owned(),
        _ => format!("{share:.2}"),
    };
    let BirthCount { n_constant, n_networks } = count;
    let label =
        format!("{text}: {n_constant} of {n_networks} networks of {width} units and {depth} layers are constant");
    let onclick = params.on_click(move |p: &mut Params| {
        (p.network, p.weights) = (Model::Relu, Begin::He);
        (p.width, p.depth) = (width as u64, depth as u64);
        // With either of them it would be another kind of network.
        (p.norm, p.residual) = (false, false);
    });
    html! {
        <button type="button" style={format!("--share: {share:.3}")} aria-label={label.clone()} title={label}
            aria-current={is_here.then_some("true")} onclick={onclick}>{ text }</button>
    }
}

/// How far the table is, and how well it is known.
fn progress(counting: &Counting) -> Html {
    let job = counting.job();
    let error = job.counts().map(|count| count.standard_error()).fold(0.0, f64::max);
    let (n, all) = (job.n_rounds(), job.table().n_networks);
    let so_far =
        if counting.is_done() { format!("{all} networks a cell") } else { format!("{n} of {all} networks a cell") };
    html! { <p class="hint births-progress">{ format!("{so_far}; standard error at most {}. Outlined: nearest to the network above.", format_number(error, 3)) }</p> }
}
