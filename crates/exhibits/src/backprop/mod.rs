//! Backpropagation with matrix operations (slide 13): one pass forward and back, every number in sight.

mod block;
mod draw;
mod explain;
mod params;
mod scene;
mod shapes;
mod step;
#[cfg(feature = "ui")]
mod ui;

use piecewise_plot::{Paper, Theme, format_number};

pub use block::{Block, Cell, Kind, Part};
pub use draw::{Layout, draw_highlight, draw_strip};
pub use explain::{name, number};
pub use params::{Bend, MOST_ENDS, MOST_LAYERS, MOST_SEED, MOST_UNITS, Model, PRESETS, Params, RANGE, Setting};
pub use scene::{Check, Cost, Paths, Scene, Slope, compute};
pub use shapes::{Product, shape};
pub use step::{Step, known_after, steps};

use crate::{Caption, Exhibit, Panel, Preset};

/// The exhibit `backprop`.
#[derive(Clone, Copy, Debug)]
pub struct Backprop;

impl Exhibit for Backprop {
    type Params = Params;
    type Scene = Scene;

    const NAME: &'static str = "backprop";
    const TITLE: &'static str = "Backpropagation with matrices";
    const SLIDES: &'static str = "Slide 13";
    const CAPTION: Caption = include!(concat!(env!("OUT_DIR"), "/backprop_caption.rs"));
    const PRESETS: &'static [Preset] = PRESETS;
    const PANELS: &'static [Panel] = &[Panel { name: "strip", size_px: [1440.0, 640.0] }];

    fn compute(params: &Params) -> Scene {
        compute(params)
    }

    fn draw(_panel: &Panel, params: &Params, scene: &Scene, paper: &mut Paper<'_>, theme: &Theme) {
        let size = paper.size_px();
        paper.fill_rect([0.0, 0.0], size, theme.surface);
        draw_strip(paper, &Layout::new(scene, size, paper.scale()), params, scene, theme);
    }

    #[cfg(feature = "ui")]
    fn page(props: crate::ui::PageProps) -> yew::Html {
        yew::html! { <ui::Page ..props /> }
    }

    fn describe(scene: &Scene) -> String {
        format!(
            "A pass forward and back through {} hidden layers: the loss is {}, and {} of {} paths from input to output are live.",
            scene.n_hidden_layers(),
            format_number(scene.loss(), 3),
            scene.paths.live,
            scene.paths.all
        )
    }
}
