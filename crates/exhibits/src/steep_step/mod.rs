//! Continuous output (slides 7–8): two hidden units against a jump.

mod condition;
mod draw;
mod lesson;
mod params;
mod picture;
mod scene;
#[cfg(feature = "ui")]
mod ui;

use piecewise_plot::{Paper, Theme, format_number};

pub use draw::{Layout, draw_data, draw_ground};
pub use lesson::{Lesson, Moment, N_MOMENTS, N_STEPS};
pub use params::{BLUR, CENTER, Corner, HEIGHT, MISMATCH, PRESETS, Params, TEMPERATURE, UNITS, View, WIDTH};
pub use picture::{EDGE, Painted, Painting, SIDE, painted};
pub use scene::{Errors, Scene, Trained, X_RANGE, Y_RANGE, compute, compute_by_hand, trained};

use crate::{Caption, Curve, Exhibit, Panel, Preset};

/// The exhibit `steep-step`.
#[derive(Clone, Copy, Debug)]
pub struct SteepStep;

impl Exhibit for SteepStep {
    type Params = Params;
    type Scene = Scene;

    const NAME: &'static str = "steep-step";
    const TITLE: &'static str = "A jump cannot be made";
    const SLIDES: &'static str = "Slides 7–8";
    const CAPTION: Caption = include!(concat!(env!("OUT_DIR"), "/steep_step_caption.rs"));
    const PRESETS: &'static [Preset] = PRESETS;
    const PANELS: &'static [Panel] = &[Panel { name: "step", size_px: [720.0, 540.0] }];

    fn compute(params: &Params) -> Scene {
        compute(params)
    }

    fn draw(_panel: &Panel, params: &Params, scene: &Scene, paper: &mut Paper<'_>, theme: &Theme) {
        let size = paper.size_px();
        let layout = Layout::new(params.view, size, paper.scale());
        paper.fill_rect([0.0, 0.0], size, theme.surface);
        draw_ground(paper, &layout, theme);
        draw_data(paper, &layout, params, scene, theme);
    }

    #[cfg(feature = "ui")]
    fn page(props: crate::ui::PageProps) -> yew::Html {
        yew::html! { <ui::Page ..props /> }
    }

    fn describe(scene: &Scene) -> String {
        if let Some(painted) = &scene.painted {
            return format!(
                "After {} steps of training the steepest slope along the cut through the picture is {}.",
                painted.step,
                format_number(painted.slope, 2)
            );
        }
        if let Some(trained) = &scene.trained {
            return format!(
                "After {} steps of training the steepest slope is {}; by hand it is {}.",
                trained.now.step,
                format_number(trained.now.slope, 2),
                format_number(scene.errors.slope, 2)
            );
        }
        format!(
            "Two hidden units climb with slope {}; the largest error is {}.",
            format_number(scene.errors.slope, 2),
            format_number(scene.errors.largest, 3)
        )
    }

    fn curves(_params: &Params, scene: &Scene) -> Vec<Curve> {
        if let Some(painted) = &scene.painted {
            return vec![
                Curve::new("picture along the cut", &painted.target_cut),
                Curve::new("network along the cut", &painted.fit_cut),
            ];
        }
        let units = scene.units.iter().zip(1..).map(|(unit, d)| Curve::new(format!("unit {d}"), unit));
        let trained = scene.trained.iter().flat_map(|trained| {
            [
                Curve::new("trained network", &trained.now.network),
                Curve::new("steepest slope against steps", &trained.slopes),
                Curve::new("log10 of the condition number against log10 of the width", &trained.conditions),
            ]
        });
        [Curve::new("step", &scene.target), Curve::new("network", &scene.network)]
            .into_iter()
            .chain(units)
            .chain(trained)
            .collect()
    }
}

/// A large number as people write it: 4.7·10⁶.
fn powers(value: f64) -> String {
    if !(1e4..1e300).contains(&value) {
        return format_number(value, 1);
    }
    let text = format!("{value:.1e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let raised = exponent.chars().filter_map(|digit| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(digit.to_digit(10)? as usize));
    format!("{digits}·10{}", raised.collect::<String>())
}
