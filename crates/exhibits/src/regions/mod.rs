//! Number of output regions (slide 4): a shallow network with two inputs and its linear regions, to be dragged.

mod draw;
pub mod hinge;
mod params;
mod scene;
#[cfg(feature = "ui")]
mod ui;

use piecewise_plot::{Paper, Theme};

pub use draw::{Layout, draw_data, draw_ground, draw_highlight, draw_hinge_highlight};
pub use params::{BIAS_LIMIT, MOST_UNITS, PRESETS, Params, Unit, WEIGHT_LIMIT, random_origin, random_start};
pub use scene::{Band, Contour, Counts, Hinge, RegionShape, Scene, VIEW, compute, map_text};

use crate::{Caption, Exhibit, Panel, Preset};

/// The exhibit `regions`.
#[derive(Clone, Copy, Debug)]
pub struct Regions;

impl Exhibit for Regions {
    type Params = Params;
    type Scene = Scene;

    const NAME: &'static str = "regions";
    const TITLE: &'static str = "Number of output regions";
    const SLIDES: &'static str = "Slides 3–4";
    const CAPTION: Caption = include!(concat!(env!("OUT_DIR"), "/regions_caption.rs"));
    const PRESETS: &'static [Preset] = PRESETS;
    const PANELS: &'static [Panel] = &[Panel { name: "plane", size_px: [720.0, 666.0] }];

    fn compute(params: &Params) -> Scene {
        compute(params)
    }

    fn draw(_panel: &Panel, params: &Params, scene: &Scene, paper: &mut Paper<'_>, theme: &Theme) {
        let size = paper.size_px();
        let layout = Layout::new(size, paper.scale());
        paper.fill_rect([0.0, 0.0], size, theme.surface);
        draw_data(paper, &layout, params, scene, theme);
        draw_ground(paper, &layout, params.color_map, scene.value_range, theme);
        if let Some(region) = params.pinned.as_deref().and_then(|pattern| scene.region_with(pattern)) {
            draw_highlight(paper, &layout, scene, region, theme);
        }
    }

    #[cfg(feature = "ui")]
    fn page(props: crate::ui::PageProps) -> yew::Html {
        yew::html! { <ui::Page ..props /> }
    }

    fn describe(scene: &Scene) -> String {
        let Counts { in_view, zaslavsky, patterns, .. } = scene.counts;
        format!("{in_view} linear regions in view; at most {zaslavsky} are possible, of {patterns} patterns.")
    }
}
