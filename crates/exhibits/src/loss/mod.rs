//! Model, parameters, loss (slide 10): how badly a model fits, as one number.

mod draw;
mod params;
mod scene;
mod shape;
#[cfg(feature = "ui")]
mod ui;

use piecewise_plot::{Paper, Theme, format_number};

pub use draw::{Layout, Marks, draw_data, draw_dot, draw_ground, example_at};
pub use params::{Kind, MOST_POINTS, MOST_STEPS, Method, PRESETS, Params, SLIDER_LIMIT};
pub use scene::{AUTHOR_LOSS, Example, Ground, Scene, compute, compute_at, compute_ground};
pub use shape::{DataSet, MOST_UNITS, Model, Shape};

use crate::{Caption, Exhibit, Panel, Preset};

/// The exhibit `loss`.
#[derive(Clone, Copy, Debug)]
pub struct Loss;

impl Exhibit for Loss {
    type Params = Params;
    type Scene = Scene;

    const NAME: &'static str = "loss";
    const TITLE: &'static str = "Model, parameters, loss";
    const SLIDES: &'static str = "Slide 10";
    const CAPTION: Caption = include!(concat!(env!("OUT_DIR"), "/loss_caption.rs"));
    const PRESETS: &'static [Preset] = PRESETS;
    const PANELS: &'static [Panel] = &[Panel { name: "fit", size_px: [760.0, 620.0] }];

    fn compute(params: &Params) -> Scene {
        compute(params)
    }

    fn draw(_panel: &Panel, params: &Params, scene: &Scene, paper: &mut Paper<'_>, theme: &Theme) {
        let size = paper.size_px();
        let layout = Layout::new(params.shape().data, scene.window, size, paper.scale());
        paper.fill_rect([0.0, 0.0], size, theme.surface);
        draw_ground(paper, &layout, params, &compute_ground(params, &scene.phi, scene.window), theme);
        draw_data(paper, &layout, params, scene, Marks::default(), theme);
        draw_dot(paper, &layout, params, scene);
    }

    #[cfg(feature = "ui")]
    fn page(props: crate::ui::PageProps) -> yew::Html {
        yew::html! { <ui::Page ..props /> }
    }

    fn describe(scene: &Scene) -> String {
        let worst = scene.examples.iter().fold(0.0_f64, |most, example| most.max(example.share));
        format!(
            "A model of {} parameters on {} examples: the loss is {}, and the worst example adds {} to it.",
            scene.n_parameters,
            scene.examples.len(),
            format_number(scene.loss, 4),
            format_number(worst, 4)
        )
    }
}
