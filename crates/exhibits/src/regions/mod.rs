//! Number of output regions (slide 4): a network with two inputs and its linear regions, to be dragged; how their number grows; a network
//! that learns; and networks from files.

mod counted_run;
mod draw;
mod draw_plots;
mod growth;
pub mod hinge;
mod params;
mod ray;
mod scene;
mod subject;
#[cfg(feature = "ui")]
mod ui;

use piecewise_plot::{Paper, Theme};

pub use counted_run::{CountedRun, RunCounts, RunOrigin};
pub use draw::{Layout, draw_bend_highlight, draw_data, draw_ground, draw_highlight, draw_hinge_highlight};
pub use draw_plots::{GrowthLayout, draw_growth, draw_growth_ground, draw_run, draw_run_ground};
pub use growth::{Growth, GrowthCurve, GrowthPoint, MOST_DIGITS, compute_growth, n_parameters, point};
pub use params::{
    BIAS_LIMIT, GROWTH_INPUTS, GROWTH_LAYERS, GROWTH_UNITS, MOST_LAYERS, MOST_STEPS, MOST_UNITS, PRESETS, Params, Unit,
    View, WEIGHT_LIMIT, WeightEdit, random_origin, random_start,
};
pub use ray::{Ray, RayStep};
pub(crate) use scene::and;
pub use scene::{
    Band, Bend, Contour, Counts, DualEdge, Hinge, RegionShape, Scene, VIEW, compute, compute_regions, map_text,
    place_of, unit_name,
};
pub use subject::{LARGEST_FILE, Subject, example, random_points, read_file};

use crate::{Caption, Curve, Exhibit, Panel, Preset};

/// The exhibit `regions`.
#[derive(Clone, Copy, Debug)]
pub struct Regions;

impl Exhibit for Regions {
    type Params = Params;
    type Scene = Scene;

    const NAME: &'static str = "regions";
    const TITLE: &'static str = "Number of output regions";
    const SLIDES: &'static str = "Slide 4";
    const CAPTION: Caption = include!(concat!(env!("OUT_DIR"), "/regions_caption.rs"));
    const PRESETS: &'static [Preset] = PRESETS;
    const PANELS: &'static [Panel] = &[Panel { name: "plane", size_px: [720.0, 666.0] }];

    fn compute(params: &Params) -> Scene {
        compute(params)
    }

    fn draw(_panel: &Panel, params: &Params, scene: &Scene, paper: &mut Paper<'_>, theme: &Theme) {
        let size = paper.size_px();
        paper.fill_rect([0.0, 0.0], size, theme.surface);
        if let Some(growth) = &scene.growth {
            let layout = GrowthLayout::new(size, paper.scale(), growth);
            draw_growth_ground(paper, &layout, growth, theme);
            draw_growth(paper, &layout, growth, params, theme);
            return;
        }
        let layout = Layout::new(size, paper.scale(), scene);
        draw_data(paper, &layout, params, scene, theme);
        draw_ground(paper, &layout, params.color_map, scene, theme);
        if let (Some(frame), Some(run)) = (&layout.run, &scene.run) {
            draw_run_ground(paper, frame, theme);
            draw_run(paper, frame, run, theme);
        }
        if let Some(region) = params.pinned.as_deref().and_then(|pattern| scene.region_with(pattern)) {
            draw_highlight(paper, &layout, scene, region, theme);
        }
    }

    #[cfg(feature = "ui")]
    fn page(props: crate::ui::PageProps) -> yew::Html {
        yew::html! { <ui::Page ..props /> }
    }

    fn describe(scene: &Scene) -> String {
        if let Some(growth) = &scene.growth {
            return format!(
                "How the number of regions grows: at most {} for the shallow network, {} for the deep one.",
                growth.shallow.regions, growth.deep.regions
            );
        }
        let Counts { in_view, zaslavsky, patterns, .. } = scene.counts;
        if let (Some(most), Some(patterns)) = (zaslavsky, patterns) {
            return format!("{in_view} linear regions in view; at most {most} are possible, of {patterns} patterns.");
        }
        let widths: Vec<String> = scene.widths.iter().map(ToString::to_string).collect();
        format!("{in_view} linear regions in view, of a network with hidden layers of {}.", widths.join(", "))
    }

    fn curves(_params: &Params, scene: &Scene) -> Vec<Curve> {
        if let Some(growth) = &scene.growth {
            let named = |what: &'static str| {
                move |curve: &GrowthCurve| {
                    Curve::new(format!("log10 of the most regions, {what} = {}", curve.label), &curve.points)
                }
            };
            let by_units = growth.by_units.iter().map(named("against D, D_i"));
            return by_units.chain(growth.by_parameters.iter().map(named("against parameters, K"))).collect();
        }
        let run = scene.run.iter().map(|run| {
            let counts: Vec<[f64; 2]> =
                (0..).map(f64::from).zip(run.regions.iter().map(|&n| n as f64)).map(<[f64; 2]>::from).collect();
            Curve::new("regions against steps", &counts)
        });
        let outlines = scene.regions.iter().map(|region| {
            let ring: Vec<[f64; 2]> = region.vertices.iter().chain(region.vertices.first()).copied().collect();
            Curve::new(format!("outline of region {}", region.pattern), &ring)
        });
        run.chain(outlines).collect()
    }
}
