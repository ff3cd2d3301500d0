//! Polytopes (slide 4): planes cut a cube into convex polyhedra, to be turned, taken apart and cut across.

mod draw;
mod params;
mod scene;
#[cfg(feature = "ui")]
mod ui;
mod view;

use piecewise_plot::{Paper, Theme};

pub use draw::{Lit, Picture, cell_color, draw_section, draw_space, draw_space_highlight, frame_corner, section_frame};
pub use params::{
    Coloring, MOST_BENDS, MOST_PLANES, OFFSET_LIMIT, PRESETS, Params, Plane, WEIGHT_LIMIT, random_origin, random_start,
    turned,
};
pub use scene::{
    CUBE, Cell, Counts, Cut, CutSide, Face, SQUARE, Scene, Section, Solid, compute, compute_section, compute_solid,
    polygon_name, side_name, unit_name,
};
pub use view::{Stand, View};

use crate::{Caption, Exhibit, Panel, Preset};

/// The exhibit `polytopes`.
#[derive(Clone, Copy, Debug)]
pub struct Polytopes;

impl Exhibit for Polytopes {
    type Params = Params;
    type Scene = Scene;

    const NAME: &'static str = "polytopes";
    const TITLE: &'static str = "Polytopes: regions in space";
    const SLIDES: &'static str = "Slide 4";
    const CAPTION: Caption = include!(concat!(env!("OUT_DIR"), "/polytopes_caption.rs"));
    const PRESETS: &'static [Preset] = PRESETS;
    const PANELS: &'static [Panel] =
        &[Panel { name: "space", size_px: [640.0, 560.0] }, Panel { name: "section", size_px: [360.0, 380.0] }];

    fn compute(params: &Params) -> Scene {
        compute(params)
    }

    fn draw(panel: &Panel, params: &Params, scene: &Scene, paper: &mut Paper<'_>, theme: &Theme) {
        let (size, scale) = (paper.size_px(), paper.scale());
        paper.fill_rect([0.0, 0.0], size, theme.surface);
        let Scene { solid, section } = scene;
        let picked = params.picked.as_deref().and_then(|pattern| solid.cell_with(pattern));
        let lit = Lit { picked, ..Lit::default() };
        let picture = Picture { params, solid, section, lit, theme };
        if panel.name == "section" {
            draw_section(paper, &section_frame(size, scale), &picture);
        } else {
            let stand = Stand::new(size, params.turn, params.explode, scale);
            draw_space(paper, &stand, &picture);
            draw_space_highlight(paper, &stand, &picture);
        }
    }

    #[cfg(feature = "ui")]
    fn page(props: crate::ui::PageProps) -> yew::Html {
        yew::html! { <ui::Page ..props /> }
    }

    fn describe(scene: &Scene) -> String {
        Scene::sentence(&scene.solid, &scene.section)
    }
}
