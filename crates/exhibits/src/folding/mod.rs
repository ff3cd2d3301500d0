//! Composing networks folds the axis (slide 4; UDL, chapter 4): one number in, one number out, two or three networks in a row.

mod draw;
mod params;
mod scene;
#[cfg(feature = "ui")]
mod ui;

use piecewise_plot::{Paper, Theme};

pub use draw::{Layout, draw_data, draw_ground};
pub use params::{CORNERS, GAP, PRESETS, Params, Y_LIMIT};
pub use scene::{Fold, PieceShape, Scene, Stage, compute};

use crate::{Caption, Curve, Exhibit, Panel, Preset};

/// The exhibit `folding`.
#[derive(Clone, Copy, Debug)]
pub struct Folding;

impl Exhibit for Folding {
    type Params = Params;
    type Scene = Scene;

    const NAME: &'static str = "folding";
    const TITLE: &'static str = "Depth folds the input";
    const SLIDES: &'static str = "Slide 4";
    const CAPTION: Caption = include!(concat!(env!("OUT_DIR"), "/folding_caption.rs"));
    const PRESETS: &'static [Preset] = PRESETS;
    const PANELS: &'static [Panel] = &[Panel { name: "composition", size_px: [720.0, 660.0] }];

    fn compute(params: &Params) -> Scene {
        compute(params)
    }

    fn draw(_panel: &Panel, _params: &Params, scene: &Scene, paper: &mut Paper<'_>, theme: &Theme) {
        let size = paper.size_px();
        let layout = Layout::new(scene.stages.len(), size, paper.scale());
        paper.fill_rect([0.0, 0.0], size, theme.surface);
        draw_ground(paper, &layout, theme);
        draw_data(paper, &layout, scene, theme);
    }

    #[cfg(feature = "ui")]
    fn page(props: crate::ui::PageProps) -> yew::Html {
        yew::html! { <ui::Page ..props /> }
    }

    fn describe(scene: &Scene) -> String {
        let factors: Vec<String> = scene.stages.iter().map(|stage| (stage.corners.len() - 1).to_string()).collect();
        format!("Functions of {} pieces in a row make {} pieces.", factors.join(" and "), scene.pieces.len())
    }

    fn curves(_params: &Params, scene: &Scene) -> Vec<Curve> {
        let stages = scene.stages.iter().zip(1..).map(|(stage, k)| Curve::new(format!("network {k}"), &stage.corners));
        let composed: Vec<[f64; 2]> = scene.pieces.iter().flat_map(|piece| [piece.from, piece.to]).collect();
        stages.chain([Curve::new("all of them, one after the other", &composed)]).collect()
    }
}
