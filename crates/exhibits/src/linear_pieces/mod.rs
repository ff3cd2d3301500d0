//! Why does flat matter? (slides 5–6): a network in one of its regions is one linear function, to be probed.

mod draw;
mod lens;
mod line;
mod params;
mod plane;
mod probe;
mod relief;
mod sampler;
mod scene;
#[cfg(feature = "ui")]
mod ui;

use piecewise_plot::{Paper, Theme};

pub use draw::{Layout, draw_data, draw_ground, draw_probe, draw_shares};
pub use lens::Lens;
pub use line::{Joint, Line, Piece};
pub use params::{BETA, BIAS_LIMIT, Kind, LENGTH, LINE_VIEW, Model, PLANE_VIEW, PRESETS, Params, SCALE, WEIGHT_LIMIT};
pub use plane::{HingePiece, Plane, Region};
pub use probe::{Point, Ruler};
pub use relief::draw_relief;
pub use scene::{Scene, compute, nonzero, vector};

use crate::{Caption, Curve, Exhibit, Panel, Preset};

/// The exhibit `linear-pieces`.
#[derive(Clone, Copy, Debug)]
pub struct LinearPieces;

impl Exhibit for LinearPieces {
    type Params = Params;
    type Scene = Scene;

    const NAME: &'static str = "linear-pieces";
    const TITLE: &'static str = "Why does flat matter?";
    const SLIDES: &'static str = "Slides 5–6";
    const CAPTION: Caption = include!(concat!(env!("OUT_DIR"), "/linear_pieces_caption.rs"));
    const PRESETS: &'static [Preset] = PRESETS;
    const PANELS: &'static [Panel] =
        &[Panel { name: "map", size_px: [720.0, 666.0] }, Panel { name: "relief", size_px: [560.0, 380.0] }];

    fn compute(params: &Params) -> Scene {
        compute(params)
    }

    fn draw(panel: &Panel, params: &Params, scene: &Scene, paper: &mut Paper<'_>, theme: &Theme) {
        let size = paper.size_px();
        paper.fill_rect([0.0, 0.0], size, theme.surface);
        if panel.name == "relief" {
            draw_relief(paper, params, scene, theme);
            return;
        }
        let layout = Layout::new(params.model, size, paper.scale());
        draw_data(paper, &layout, params, scene, theme);
        draw_ground(paper, &layout, scene, theme);
        draw_probe(paper, &layout, params, scene, theme);
    }

    #[cfg(feature = "ui")]
    fn page(props: crate::ui::PageProps) -> yew::Html {
        yew::html! { <ui::Page ..props /> }
    }

    fn describe(scene: &Scene) -> String {
        let maps = match scene.n_maps() {
            Some(1) => "One linear function everywhere.".to_owned(),
            Some(n) => format!("{n} different linear functions in view."),
            None => "A curved function: no two points share a linear function.".to_owned(),
        };
        format!(
            "{maps} At {} the gradient is {}. {}",
            vector(&scene.here.x),
            vector(&scene.here.gradient),
            scene.verdict()
        )
    }

    fn curves(_params: &Params, scene: &Scene) -> Vec<Curve> {
        let Some(line) = &scene.line else { return Vec::new() };
        let units = line.units.iter().zip(1..).map(|(unit, d)| Curve::new(format!("share of unit {d}"), unit));
        std::iter::once(Curve::new("output", &line.curve)).chain(units).collect()
    }
}
