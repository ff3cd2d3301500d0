//! What is measured, and what has become of the run.

use std::rc::Rc;

use piecewise_plot::format_number;
use yew::prelude::*;

use super::super::{Loss, Params, Progress, REGION_LIMIT, Remedy};
use crate::ui::{ParamsHandle, counter};

#[derive(Properties)]
pub(super) struct MetersProps {
    pub(super) params: ParamsHandle<Params>,
    pub(super) progress: Rc<Progress>,
    /// The run is to be kept, to be compared with.
    pub(super) on_keep: Callback<bool>,
}

impl PartialEq for MetersProps {
    fn eq(&self, other: &Self) -> bool {
        self.params == other.params && Rc::ptr_eq(&self.progress, &other.progress)
    }
}

#[component]
pub(super) fn Meters(props: &MetersProps) -> Html {
    let MetersProps { params, progress, on_keep } = props;
    let scene = &progress.scene;
    let decibels = |value: f64| format!("{} dB", format_number(value, 2));
    let known = |text: String| if scene.has_prediction() { text } else { "–".to_owned() };
    let gradient = scene.gradient.map_or("–".to_owned(), |[sum, _]| small(sum));
    let regions = scene.regions.as_ref().map(|regions| {
        let count = regions.outlines.len();
        let text = if regions.is_complete { count.to_string() } else { format!("> {REGION_LIMIT}") };
        (text, regions.is_complete.then(|| format!("{} px", format_number(regions.mean_area, 2))))
    });
    let mend = |remedy: Remedy| {
        let (params, on_keep) = (params.clone(), on_keep.clone());
        let onclick = Callback::from(move |_: MouseEvent| {
            // What it was like before stays to be compared with.
            on_keep.emit(true);
            params.edit(move |p| remedy.mend(p));
        });
        html! { <p class="choices"><button type="button" onclick={onclick}>{ remedy.label() }</button></p> }
    };
    html! {
        // Whoever wants to know whether two machines have computed the same, to the last bit, compares these.
        <div class="neural-field-numbers" data-fingerprint={format!("{:016x}", scene.fingerprint())} data-step={known(scene.step.to_string())}>
            <div class="counters">
                { counter("psnr", known(decibels(scene.now.psnr)), "PSNR") }
                { counter("psnr-homework", known(decibels(scene.now.psnr_homework)), "PSNR, homework's") }
                { counter("constant", if scene.is_of_one_colour() { "exact".to_owned() } else { decibels(scene.constant.1.psnr) }, "PSNR of the best constant") }
                if params.now().loss == Loss::Absolute {
                    { counter("mean-size", known(small(scene.mean_size_of_error())), "loss, mean |error|") }
                } else {
                    { counter("half-mse", known(small(scene.now.loss)), "loss, ½ MSE") }
                }
                { counter("gradient", gradient, "gradient Σ|g|") }
                { counter("spread", known(small(scene.spread)), "spread of colours") }
                { counter("dead", known(format!("{:.0} %", 100.0 * scene.dead_share)), "dead units, worst layer") }
                { counter("parameters", scene.n_parameters.to_string(), "parameters") }
                if let Some((count, area)) = regions {
                    { counter("regions", count, "linear regions") }
                    if let Some(area) = area { { counter("area", area, "mean area") } }
                }
            </div>
            <div class={classes!("neural-field-verdict", scene.trouble.is_some().then_some("trouble"))}>
                <p role="status">{ scene.verdict(params.now()) }</p>
                if let Some(remedy) = scene.trouble.as_ref().and_then(|trouble| trouble.remedy) { { mend(remedy) } }
            </div>
        </div>
    }
}

/// Zero only when it is exactly 0.
fn small(value: f64) -> String {
    if value != 0.0 && value < 1e-3 { format!("{value:.1e}").replace('-', "−") } else { format_number(value, 4) }
}
