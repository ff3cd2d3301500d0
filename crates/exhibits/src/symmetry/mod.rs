//! Initialization and symmetry (slide 14): units that begin equal stay equal.

mod draw;
mod params;
mod scene;
#[cfg(feature = "ui")]
mod ui;

use piecewise_plot::{Paper, Surface, Theme, format_number};

pub use draw::{Layout, draw_data, draw_ground, draw_highlight};
pub use params::{
    ALPHA, Begin, Bend, EPSILON, MOST_SEED, MOST_STEPS, MOST_UNITS, PRESETS, Params, STRETCH, VALUE, View,
};
pub use scene::{APART, Growth, Places, REACH, Scene, Unit, compute, compute_surface, observe};

use crate::{Caption, Curve, Exhibit, Panel, Preset};

/// The exhibit `symmetry`.
#[derive(Clone, Copy, Debug)]
pub struct Symmetry;

impl Exhibit for Symmetry {
    type Params = Params;
    type Scene = Scene;

    const NAME: &'static str = "symmetry";
    const TITLE: &'static str = "Equal units stay equal";
    const SLIDES: &'static str = "Slide 14";
    const CAPTION: Caption = include!(concat!(env!("OUT_DIR"), "/symmetry_caption.rs"));
    const PRESETS: &'static [Preset] = PRESETS;
    const PANELS: &'static [Panel] = &[Panel { name: "units", size_px: [720.0, 680.0] }];

    fn compute(params: &Params) -> Scene {
        compute(params)
    }

    fn draw(_panel: &Panel, params: &Params, scene: &Scene, paper: &mut Paper<'_>, theme: &Theme) {
        let size = paper.size_px();
        let layout = Layout::new(params, size, paper.scale());
        let surface: Option<Surface> = scene.places.as_ref().map(|places| compute_surface(params, places));
        paper.fill_rect([0.0, 0.0], size, theme.surface);
        draw_ground(paper, &layout, surface.as_ref(), theme);
        draw_data(paper, &layout, params, scene, theme);
    }

    #[cfg(feature = "ui")]
    fn page(props: crate::ui::PageProps) -> yew::Html {
        yew::html! { <ui::Page ..props /> }
    }

    fn describe(scene: &Scene) -> String {
        format!(
            "After {} steps the {} hidden units are {} different functions; the sum of squares is {}.",
            scene.steps,
            scene.units.len(),
            scene.n_distinct,
            format_number(scene.sum_of_squares, 4)
        )
    }

    fn curves(_params: &Params, scene: &Scene) -> Vec<Curve> {
        let units = scene.units.iter().zip(1..).map(|(unit, d)| Curve::new(format!("unit {d}"), &unit.line));
        let distances = scene
            .distances
            .iter()
            .zip(2..)
            .map(|(points, d)| Curve::new(format!("distance of unit {d} from unit 1 against steps"), points));
        let own = [Curve::new("output", &scene.model), Curve::new("sum of squares against steps", &scene.losses)];
        own.into_iter().chain(units).chain(distances).filter(|curve| !curve.points.is_empty()).collect()
    }
}
