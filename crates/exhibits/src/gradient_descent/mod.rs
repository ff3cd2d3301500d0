//! Gradient descent (slide 11): two parameters, a loss over them, and a path down.

mod basins;
mod descent;
mod draw;
mod params;
mod scene;
#[cfg(feature = "ui")]
mod ui;

use piecewise_core::job::{Advance, Job as _};
use piecewise_plot::{Paper, Theme};
use serde::Serialize;

pub use basins::{Basins, End, Minimum, STARTS};
pub use descent::{Descent, Next, Runaway};
pub use draw::{Layout, draw_basins, draw_data, draw_ground};
pub use params::{ALPHA, BETA, Clock, Loss, Method, NETWORK_PARAMETERS, PRESETS, Params};
pub use scene::{Ground, Scene, Search, compute, compute_ground};

use crate::{Caption, Curve, Exhibit, Panel, Preset};

/// The whole picture: the run, and what the page computes apart because it stays while a run moves, or takes longer than a frame.
#[derive(Debug, Serialize)]
pub struct Whole {
    /// The run.
    #[serde(flatten)]
    pub scene: Scene,
    /// The loss as a picture.
    pub ground: Ground,
    /// Where all starts lead, when that is asked.
    pub basins: Option<Basins>,
}

/// The exhibit `gradient-descent`.
#[derive(Clone, Copy, Debug)]
pub struct GradientDescent;

impl Exhibit for GradientDescent {
    type Params = Params;
    type Scene = Whole;

    const NAME: &'static str = "gradient-descent";
    const TITLE: &'static str = "Gradient descent";
    const SLIDES: &'static str = "Slide 11";
    const CAPTION: Caption = include!(concat!(env!("OUT_DIR"), "/gradient_descent_caption.rs"));
    const PRESETS: &'static [Preset] = PRESETS;
    const PANELS: &'static [Panel] = &[Panel { name: "descent", size_px: [720.0, 700.0] }];

    fn compute(params: &Params) -> Whole {
        let basins = params.basins.then(|| {
            let mut basins = Basins::start(params.map_question());
            while basins.advance(u64::MAX) != Advance::Done(()) {}
            basins
        });
        Whole { scene: compute(params), ground: compute_ground(params), basins }
    }

    fn draw(_panel: &Panel, params: &Params, whole: &Whole, paper: &mut Paper<'_>, theme: &Theme) {
        let Whole { scene, ground, basins } = whole;
        let size = paper.size_px();
        let layout = Layout::new(params, size, paper.scale());
        paper.fill_rect([0.0, 0.0], size, theme.surface);
        draw_ground(paper, &layout, params, ground, theme);
        if let Some(basins) = basins {
            draw_basins(paper, &layout, ground, basins, theme);
        }
        draw_data(paper, &layout, params, ground, scene, theme);
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
        let against_steps = |losses: &[f64]| -> Vec<[f64; 2]> {
            (0..).map(f64::from).zip(losses.iter().copied()).map(<[f64; 2]>::from).collect()
        };
        let own = [
            Curve::new("path", &scene.path),
            Curve::new("loss against steps", &against_steps(&scene.losses)),
            Curve::new("model", &scene.model),
        ];
        let search = scene.search.iter().map(|search| Curve::new("loss along the line", &search.curve));
        let race = scene.race.iter().zip(Method::ALL).flat_map(|(descent, (_, name))| {
            [
                Curve::new(format!("path of {name}"), &descent.path),
                Curve::new(format!("loss of {name} against steps"), &against_steps(&descent.losses)),
            ]
        });
        own.into_iter().chain(search).chain(race).filter(|curve| !curve.points.is_empty()).collect()
    }
}
