//! Neural fields (slide 9): networks that paint a picture, why they blur it, and why some paint nothing but one colour.

mod draw;
mod drawing;
mod lettering;
mod painting;
mod params;
mod photograph;
mod raster;
mod run;
mod scene;
#[cfg(feature = "ui")]
mod ui;
mod upload;

use piecewise_plot::{Paper, Theme, format_number};

pub use draw::{Layout, draw_data, draw_ground, draw_kept};
pub use drawing::DrawnPicture;
pub use lettering::{MOST_LETTERS, draw_text, legible};
pub use painting::{LearntField, Order, Painting, Progress};
pub use params::{
    BATCHES, Begin, CUT, Decay, FEATURES, Loss, MOST_DEPTH, MOST_EDITS, MOST_FREQUENCY, MOST_STEPS, Model, OMEGA,
    PRESETS, Params, Plot, RATE, REACH, Rule, SCALE, SIZES, Shape, Subject, WIDTHS, ZOOMS,
};
pub use photograph::Photograph;
pub use run::Run;
pub use scene::{Fit, Look, REGION_LIMIT, Regions, Remedy, Rgb, Scene, Trouble, View, compute, observe};
pub use upload::{MOST_BYTES, MOST_PIXELS, MOST_SIDE, Own, check, check_length, fitted, shown_name};

use crate::{Caption, Curve, Exhibit, Panel, Preset};

/// The exhibit `neural-field`.
#[derive(Clone, Copy, Debug)]
pub struct NeuralField;

impl Exhibit for NeuralField {
    type Params = Params;
    type Scene = Scene;

    const NAME: &'static str = "neural-field";
    const TITLE: &'static str = "Networks that paint a picture";
    const SLIDES: &'static str = "Slide 9";
    const CAPTION: Caption = include!(concat!(env!("OUT_DIR"), "/neural_field_caption.rs"));
    const PRESETS: &'static [Preset] = PRESETS;
    const PANELS: &'static [Panel] = &[Panel { name: "field", size_px: [760.0, 560.0] }];

    fn compute(params: &Params) -> Scene {
        compute(params)
    }

    fn draw(_panel: &Panel, params: &Params, scene: &Scene, paper: &mut Paper<'_>, theme: &Theme) {
        let size = paper.size_px();
        let layout = Layout::new(params, size, paper.scale());
        paper.fill_rect([0.0, 0.0], size, theme.surface);
        draw_ground(paper, &layout, params, theme);
        draw_data(paper, &layout, params, scene, theme);
    }

    #[cfg(feature = "ui")]
    fn page(props: crate::ui::PageProps) -> yew::Html {
        yew::html! { <ui::Page ..props /> }
    }

    fn describe(scene: &Scene) -> String {
        let words = format!(
            "After {} steps the network paints the picture with a PSNR of {} dB; the best constant colour has {} dB.",
            scene.step,
            format_number(scene.now.psnr, 1),
            format_number(scene.constant.1.psnr, 1)
        );
        match &scene.trouble {
            Some(trouble) => format!("{words} {}", trouble.diagnosis),
            None => words,
        }
    }

    fn curves(_params: &Params, scene: &Scene) -> Vec<Curve> {
        let of_steps = |read: fn(&Fit) -> f64| -> Vec<[f64; 2]> {
            scene.fits.iter().map(|(step, fit)| [*step as f64, read(fit)]).collect()
        };
        [
            Curve::new("PSNR in decibels against steps", &of_steps(|fit| fit.psnr)),
            Curve::new("PSNR as the homework counts it against steps", &of_steps(|fit| fit.psnr_homework)),
            Curve::new("loss against steps", &of_steps(|fit| fit.loss)),
            Curve::new("sum of absolute values of the gradient against steps", &scene.gradients),
            Curve::new("brightness of the picture along the cut", &scene.original_cut),
            Curve::new("brightness of the network along the cut", &scene.network_cut),
            Curve::new("log10 of the picture's spectrum against cycles", &scene.original_spectrum),
            Curve::new("log10 of the error's spectrum against cycles", &scene.error_spectrum),
        ]
        .into_iter()
        .filter(|curve| !curve.points.is_empty())
        .collect()
    }
}
