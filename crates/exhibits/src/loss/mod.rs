//! Model, parameters, loss (slide 10): how badly a model fits, as one number.

mod draw;
mod params;
mod scene;
mod shape;
#[cfg(feature = "ui")]
mod ui;

use piecewise_plot::{Paper, Theme};
use serde::Serialize;

pub use draw::{Layout, Marks, draw_data, draw_dot, draw_ground, example_at};
pub use params::{Kind, MOST_POINTS, MOST_STEPS, Method, PRESETS, Params, SLIDER_LIMIT};
pub use scene::{AUTHOR_LOSS, Best, Example, Ground, Scene, best_by_hand, compute, compute_at, compute_ground};
pub use shape::{DataSet, MOST_UNITS, Model, Shape};

use crate::{Caption, Curve, Exhibit, Panel, Preset};

/// The whole picture: the model at work, and the surface, which the page computes apart because it stays while the dot on it moves.
#[derive(Clone, Debug, Serialize)]
pub struct Whole {
    /// The model at work.
    #[serde(flatten)]
    pub scene: Scene,
    /// The loss over two of its parameters.
    pub ground: Ground,
}

/// The exhibit `loss`.
#[derive(Clone, Copy, Debug)]
pub struct Loss;

impl Exhibit for Loss {
    type Params = Params;
    type Scene = Whole;

    const NAME: &'static str = "loss";
    const TITLE: &'static str = "Model, parameters, loss";
    const SLIDES: &'static str = "Slide 10";
    const CAPTION: Caption = include!(concat!(env!("OUT_DIR"), "/loss_caption.rs"));
    const PRESETS: &'static [Preset] = PRESETS;
    const PANELS: &'static [Panel] = &[Panel { name: "fit", size_px: [760.0, 620.0] }];

    fn compute(params: &Params) -> Whole {
        let scene = compute(params);
        let ground = compute_ground(params, &scene.phi, scene.window);
        Whole { scene, ground }
    }

    fn draw(_panel: &Panel, params: &Params, whole: &Whole, paper: &mut Paper<'_>, theme: &Theme) {
        let Whole { scene, ground } = whole;
        let size = paper.size_px();
        let layout = Layout::new(params.shape().data, scene.window, size, paper.scale());
        paper.fill_rect([0.0, 0.0], size, theme.surface);
        draw_ground(paper, &layout, params, ground, theme);
        draw_data(paper, &layout, params, scene, Marks::default(), theme);
        draw_dot(paper, &layout, params, scene);
    }

    #[cfg(feature = "ui")]
    fn page(props: crate::ui::PageProps) -> yew::Html {
        yew::html! { <ui::Page ..props /> }
    }

    fn describe(whole: &Whole) -> String {
        whole.scene.sentence()
    }

    fn curves(_params: &Params, whole: &Whole) -> Vec<Curve> {
        let scene = &whole.scene;
        let outputs = scene.curves.iter().zip(1..).map(|(curve, i)| Curve::new(format!("output {i}"), curve));
        let run = [Curve::new("loss against steps", &scene.losses), Curve::new("path over the surface", &scene.path)];
        outputs.chain(run).filter(|curve| !curve.points.is_empty()).collect()
    }
}
