use piecewise_plot::{Frame, format_number};
use piecewise_widgets::{DragStep, Knob, Nudge};
use yew::prelude::*;

use super::{
    super::{Params, RayStep, place_of, unit_name},
    NUDGE, Shared, pattern_text,
};
use crate::{Params as _, aim, ui::ParamsHandle};

/// One of the two ends.
fn end(p: &mut Params, is_last: bool) -> &mut [f64; 2] {
    if is_last { &mut p.ray_to } else { &mut p.ray_from }
}

/// A handle at each end of the ray.
pub(super) fn handles(params: &ParamsHandle<Params>, frame: Frame, color: &str) -> Html {
    let handle = |is_last: bool, at: [f64; 2]| {
        let gesture = 1200 + u32::from(is_last);
        // The ray lives in the square from −1 to 1, wherever the view is.
        let on_drag = {
            let params = params.clone();
            Callback::from(move |step: DragStep| {
                let tolerance = frame.data_per_px()[0] / 2.0;
                let to = frame.data_from_screen(step.to).map(|x| aim(x, tolerance).clamp(-1.0, 1.0));
                params.drag(gesture, move |p| *end(p, is_last) = to);
            })
        };
        let on_nudge = {
            let params = params.clone();
            Callback::from(move |Nudge { direction, size }: Nudge| {
                let to = [0, 1].map(|i| (at[i] + direction[i] * size * NUDGE).clamp(-1.0, 1.0));
                params.drag(gesture, move |p| *end(p, is_last) = to);
            })
        };
        let on_rest = params.on_rest();
        let on_reset = {
            let params = params.clone();
            Callback::from(move |()| {
                params.edit(move |p| {
                    let mut then = Params::from_start(&p.start).unwrap_or_default();
                    *end(p, is_last) = *end(&mut then, is_last);
                });
            })
        };
        let value_text = format!("{}, {}", format_number(at[0], 3), format_number(at[1], 3));
        html! {
            <Knob at={frame.screen_from_data(at)} color={color.to_owned()} label={if is_last { "End of the ray" } else { "Beginning of the ray" }}
                value_text={value_text} on_drag={on_drag} on_nudge={on_nudge} on_rest={on_rest} on_reset={on_reset} />
        }
    };
    let now = params.now();
    html! { <>{ handle(false, now.ray_from) }{ handle(true, now.ray_to) }</> }
}

/// More pieces are not listed.
const MOST_LISTED: usize = 200;

/// What one meets along the ray, region by region.
pub(super) fn steps(scene: &Shared, region: Option<usize>, attend_region: &Callback<Option<usize>>) -> Html {
    let Some(ray) = &scene.ray else { return Html::default() };
    let row = |(index, step): (usize, &RayStep)| {
        let here = region.is_some_and(|region| scene.regions[region].pattern == step.pattern);
        let attend = |inside: bool| {
            let (scene, pattern, attend) = (scene.clone(), step.pattern.clone(), attend_region.clone());
            Callback::from(move |_: PointerEvent| {
                attend.emit(if inside { scene.region_with(&pattern) } else { None });
            })
        };
        let crossed = step.crossed.map_or_else(
            || "the end".to_owned(),
            |unit| {
                let (layer, unit) = place_of(&scene.widths, unit);
                unit_name(layer, unit)
            },
        );
        html! {
            <tr key={index} class={here.then_some("attended")} onpointerenter={attend(true)} onpointerleave={attend(false)}>
                <td class="pattern">{ pattern_text(&step.pattern, &scene.widths) }</td>
                <td>{ format_number(step.slope, 4) }</td>
                <td>{ format_number(step.t[1], 6) }</td>
                <td>{ crossed }</td>
            </tr>
        }
    };
    html! {
        <div class="region-table regions-ray">
            <p>{ format!("Along the ray: {} regions", ray.steps.len()) }</p>
            <div class="scroll" tabindex="0" role="region" aria-label="Along the ray">
                <table>
                    <thead><tr><th scope="col">{ "pattern" }</th><th scope="col">{ "slope" }</th><th scope="col">{ "up to t" }</th><th scope="col">{ "where switches" }</th></tr></thead>
                    <tbody>{ for ray.steps.iter().enumerate().take(MOST_LISTED).map(row) }</tbody>
                </table>
            </div>
        </div>
    }
}
