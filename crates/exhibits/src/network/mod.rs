//! How would you draw and write this network? (slide 3): its diagram, its equations and its panels, in step.

mod draw;
pub mod equation;
mod export;
pub mod grade;
mod params;
pub mod reading;
mod scene;
#[cfg(feature = "ui")]
mod ui;

use piecewise_plot::{Paper, Theme};

pub use draw::{Layout, draw_diagram, draw_highlight, draw_panels, plate_mark, plate_shows, unit_color};
pub use equation::Mark;
pub use export::pytorch;
pub use params::{
    ACTIVATIONS, ALPHA_LIMIT, ActivationName, Form, LIMIT, MOST_ENDS, MOST_LAYERS, MOST_UNITS, PRESETS, Params, Task,
    drawn, zeros,
};
pub use scene::{Content, Hinge, Plate, Scene, Stage, compute, count_text};

use crate::{Caption, Curve, Exhibit, Panel, Preset};

/// The exhibit `network`.
#[derive(Clone, Copy, Debug)]
pub struct NetworkExhibit;

impl Exhibit for NetworkExhibit {
    type Params = Params;
    type Scene = Scene;

    const NAME: &'static str = "network";
    const TITLE: &'static str = "How would you draw and write this network?";
    const SLIDES: &'static str = "Slide 3";
    const CAPTION: Caption = include!(concat!(env!("OUT_DIR"), "/network_caption.rs"));
    const PRESETS: &'static [Preset] = PRESETS;
    const PANELS: &'static [Panel] =
        &[Panel { name: "network", size_px: [720.0, 690.0] }, Panel { name: "diagram", size_px: [640.0, 300.0] }];

    fn compute(params: &Params) -> Scene {
        compute(params)
    }

    fn draw(panel: &Panel, params: &Params, scene: &Scene, paper: &mut Paper<'_>, theme: &Theme) {
        let size = paper.size_px();
        paper.fill_rect([0.0, 0.0], size, theme.surface);
        let layout = match panel.name {
            "diagram" => Layout::diagram(scene, [[0.0, 0.0], size], paper.scale()),
            _ => Layout::new(scene, params.task, size, paper.scale()),
        };
        draw_panels(paper, &layout, params, scene, theme);
        draw_diagram(paper, &layout, scene, theme);
    }

    #[cfg(feature = "ui")]
    fn page(props: crate::ui::PageProps) -> yew::Html {
        yew::html! { <ui::Page ..props /> }
    }

    fn describe(scene: &Scene) -> String {
        let sizes: Vec<String> = scene.sizes.iter().map(ToString::to_string).collect();
        format!("A network of sizes {} with {} parameters.", sizes.join("-"), scene.parameters.len())
    }

    fn curves(_params: &Params, scene: &Scene) -> Vec<Curve> {
        let of_plate = |plate: &Plate| -> Vec<Curve> {
            let Content::Curves(curves) = &plate.content else { return Vec::new() };
            let what = match plate.stage {
                Stage::PreActivation => "pre-activation",
                Stage::Activation => "activation",
                Stage::Weighted => "weighted activation",
                Stage::Sum => "sum",
            };
            curves.iter().map(|curve| Curve::new(format!("{what} {}", plate.unit + 1), curve)).collect()
        };
        scene.plates.iter().flat_map(of_plate).collect()
    }
}
