//! Continuous output (slides 7–8): two hidden units against a jump.

mod draw;
mod params;
mod scene;
#[cfg(feature = "ui")]
mod ui;

use piecewise_plot::{Paper, Theme, format_number};

pub use draw::{draw_data, draw_ground, frame};
pub use params::{BLUR, CENTER, Corner, HEIGHT, MISMATCH, PRESETS, Params, TEMPERATURE, WIDTH};
pub use scene::{Errors, Scene, X_RANGE, Y_RANGE, compute};

use crate::{Caption, Exhibit, Panel, Preset};

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

    fn draw(_panel: &Panel, _params: &Params, scene: &Scene, paper: &mut Paper<'_>, theme: &Theme) {
        let size = paper.size_px();
        let frame = frame(size, paper.scale());
        paper.fill_rect([0.0, 0.0], size, theme.surface);
        draw_ground(paper, &frame, theme);
        draw_data(paper, &frame, scene, theme);
    }

    #[cfg(feature = "ui")]
    fn page(props: crate::ui::PageProps) -> yew::Html {
        yew::html! { <ui::Page ..props /> }
    }

    fn describe(scene: &Scene) -> String {
        format!(
            "Two hidden units climb with slope {}; the largest error is {}.",
            format_number(scene.errors.slope, 2),
            format_number(scene.errors.largest, 3)
        )
    }
}
