use piecewise_core::math;
use piecewise_plot::{Align, Axes, Color, ColorMap, Frame, Paper, Stroke, Text, Theme, draw_axes, format_number};

use super::{
    Fit, Loss, Params, Plot, Scene,
    scene::{REGION_LIMIT, Rgb},
};

/// An error of this size, or more, has the last colour of the scale.
const LARGEST_ERROR: f32 = 0.5;

/// Where rasters and plots stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layout {
    /// The picture, the prediction, the error: in shares of the picture from its lower left corner.
    pub rasters: [Frame; 3],
    /// The curve of the training.
    pub curve: Frame,
    /// The cut.
    pub cut: Frame,
    /// The spectrum.
    pub spectrum: Frame,
}

impl Layout {
    /// The layout on paper of this size: three in a row and three below, or two by two where the paper is high.
    pub fn new(params: &Params, size_px: [f64; 2], scale: f64) -> Self {
        let is_high = size_px[1] > 1.1 * size_px[0];
        let (n_columns, n_rows) = if is_high { (2, 3) } else { (3, 2) };
        let (left, right, gap) = (38.0 * scale, 14.0 * scale, 44.0 * scale);
        let (top, between, bottom) = (26.0 * scale, 62.0 * scale, 42.0 * scale);
        let width = ((size_px[0] - left - right - f64::from(n_columns - 1) * gap) / f64::from(n_columns)).max(20.0);
        let height = ((size_px[1] - top - bottom - f64::from(n_rows - 1) * between) / f64::from(n_rows)).max(20.0);
        let cell = |index: i32| {
            let (column, row) = (f64::from(index % n_columns), f64::from(index / n_columns));
            ([left + column * (width + gap), top + row * (height + between)], [width, height])
        };
        let [columns, rows] = params.size_pixels().map(|n| n as f64);
        let raster = |index: i32| {
            let ([x, y], _) = cell(index);
            let pixel = (width / columns).min(height / rows);
            let size_px = [pixel * columns, pixel * rows];
            let corner_px = [x + (width - size_px[0]) / 2.0, y + (height - size_px[1]) / 2.0];
            Frame { data_lo: [0.0; 2], data_hi: [1.0; 2], corner_px, size_px }
        };
        let plot = |index: i32, data_lo: [f64; 2], data_hi: [f64; 2]| {
            let (corner_px, size_px) = cell(index);
            Frame { data_lo, data_hi, corner_px, size_px }
        };
        let [lo, hi] = curve_range(params.plot);
        Self {
            rasters: [raster(0), raster(1), raster(2)],
            curve: plot(3, [0.0, lo], [axis_end(params.steps), hi]),
            cut: plot(4, [-1.0, -0.1], [1.0, 1.1]),
            spectrum: plot(5, [0.0, -8.0], [(columns.min(rows) / 2.0).floor(), 0.0]),
        }
    }

    /// The part of the prediction's frame that the picture covers, where one looks beyond its edges.
    pub fn covered(&self, params: &Params) -> Frame {
        let frame = self.rasters[1];
        let size_px = frame.size_px.map(|size| size / params.reach);
        let corner_px = [0, 1].map(|axis| frame.corner_px[axis] + (frame.size_px[axis] - size_px[axis]) / 2.0);
        Frame { corner_px, size_px, ..frame }
    }
}

/// What is shown of the curves: decibels, or powers of ten.
fn curve_range(plot: Plot) -> [f64; 2] {
    match plot {
        Plot::Psnr => [0.0, 50.0],
        Plot::Loss => [-6.0, 0.0],
        Plot::Gradient => [-6.0, 3.0],
    }
}

/// How long the axis of steps is: it need not be drawn anew at every step.
fn axis_end(steps: u64) -> f64 {
    [100, 300, 1000].into_iter().find(|end| steps <= *end).unwrap_or(super::MOST_STEPS) as f64
}

/// What is drawn of the network.
pub(super) fn network_color(theme: &Theme) -> Color {
    theme.accent
}

/// Axes and titles.
pub fn draw_ground(paper: &mut Paper<'_>, layout: &Layout, params: &Params, theme: &Theme) {
    for (frame, name) in layout.rasters.iter().zip(["the picture", "the network", "error, 0 to ½"]) {
        title(paper, frame, name, theme);
    }
    let curve = match params.plot {
        Plot::Psnr => "PSNR in dB",
        Plot::Loss if params.loss == Loss::Absolute => "log₁₀ ½ MSE",
        Plot::Loss => "log₁₀ loss",
        Plot::Gradient => "log₁₀ Σ|g|",
    };
    for (frame, name, x_label) in [
        (&layout.curve, curve, "step"),
        (&layout.cut, "brightness, cut", "x"),
        (&layout.spectrum, "log₁₀ spectrum", "cycles across"),
    ] {
        draw_axes(paper, frame, &Axes { x_label, y_label: "", grid: true, y_label_above: true }, theme);
        title(paper, frame, name, theme);
    }
}

/// A title above a plot, beginning at its left edge.
fn title(paper: &mut Paper<'_>, frame: &Frame, text: &str, theme: &Theme) {
    let at = [frame.corner_px[0], frame.corner_px[1] - 12.0 * paper.scale()];
    paper.text(text, at, &Text::new(theme.ink, 13.0).align(Align::Start));
}

/// The rasters, the regions, the cut and the curves.
pub fn draw_data(paper: &mut Paper<'_>, layout: &Layout, params: &Params, scene: &Scene, theme: &Theme) {
    let [original, prediction, error] = &layout.rasters;
    let rgb = |rgb: &Rgb| rgb.map(|part| (255.0 * part.clamp(0.0, 1.0)).round() as u8);
    let of_error = |error: &f32| <[u8; 3]>::from(ColorMap::Viridis.color(f64::from(error / LARGEST_ERROR)).rgb);
    let mut raster = |frame: &Frame, n_columns: usize, cells: Vec<[u8; 3]>| {
        paper.raster(frame.corner_px, frame.size_px, n_columns, &cells);
    };
    raster(original, scene.size[0], scene.original.iter().map(rgb).collect());
    let (size, colours) =
        scene.view.as_ref().map_or((scene.size, &scene.prediction), |view| (view.size, &view.colours));
    raster(prediction, size[0], colours.iter().map(rgb).collect());
    raster(error, scene.size[0], scene.error.iter().map(of_error).collect());
    // A white picture on a white page needs an edge.
    for frame in &layout.rasters {
        let ([left, top], [right, bottom]) = (frame.corner_px, frame.far_corner_px());
        let edge = [[left, top], [right, top], [right, bottom], [left, bottom], [left, top]];
        paper.stroke_path(edge, &Stroke::solid(theme.grid, 1.0));
    }
    let covered = &layout.covered(params);
    draw_regions(paper, covered, scene, theme);
    if params.reach > 1.0 {
        let (a, b) = (covered.corner_px, covered.far_corner_px());
        let edge = [a, [b[0], a[1]], b, [a[0], b[1]], a];
        paper.stroke_path(edge, &Stroke::solid(Theme::LIGHT.casing, 3.0));
        paper.stroke_path(edge, &Stroke::dashed(Theme::LIGHT.ink, 1.25));
    }
    for frame in [prediction, error] {
        if !scene.has_prediction() {
            let middle = [0, 1].map(|axis| frame.corner_px[axis] + frame.size_px[axis] / 2.0);
            paper.text("…", middle, &Text::new(theme.faint_ink, 20.0));
        }
    }
    for frame in [original, covered] {
        let ([left, top], right) = (frame.corner_px, frame.far_corner_px()[0]);
        let y = top + params.cut * frame.size_px[1];
        paper.stroke_line([left, y], [right, y], &Stroke::solid(Theme::LIGHT.casing, 3.5));
        paper.stroke_line([left, y], [right, y], &Stroke::solid(Theme::LIGHT.ink, 1.5));
    }
    draw_curve(paper, &layout.curve, params, scene, theme);
    let of_target = Stroke::solid(theme.faint_ink, 1.75);
    let of_network = Stroke::solid(network_color(theme), 2.25);
    for (frame, target, network) in [
        (&layout.cut, &scene.original_cut, &scene.network_cut),
        (&layout.spectrum, &scene.original_spectrum, &scene.error_spectrum),
    ] {
        for (curve, stroke) in [(target, &of_target), (network, &of_network)] {
            for piece in frame.clip_path(curve) {
                paper.stroke_path(piece, stroke);
            }
        }
    }
}

/// Thin outlines of the linear regions, over the prediction.
fn draw_regions(paper: &mut Paper<'_>, frame: &Frame, scene: &Scene, theme: &Theme) {
    let Some(regions) = &scene.regions else { return };
    let ([left, top], size) = (frame.corner_px, frame.size_px);
    let line = Stroke::solid(Theme::LIGHT.ink.with_alpha(0.55), 0.75);
    // Some of them, wherever the engine has stopped, would look as if the others were not there.
    for outline in regions.outlines.iter().filter(|_| regions.is_complete) {
        let closed = outline.iter().chain(outline.first());
        paper.stroke_path(closed.map(|&[x, y]| [left + x * size[0], top + y * size[1]]), &line);
    }
    let count = if regions.is_complete {
        format!("{} regions", regions.outlines.len())
    } else {
        format!("more than {REGION_LIMIT} regions")
    };
    let at = [frame.far_corner_px()[0], frame.far_corner_px()[1] + 11.0 * paper.scale()];
    paper.text(&count, at, &Text::new(theme.faint_ink, 12.0).align(Align::End));
}

/// The curve of another run, to be compared with.
pub fn draw_kept(paper: &mut Paper<'_>, layout: &Layout, params: &Params, kept: &Scene, theme: &Theme) {
    for piece in layout.curve.clip_path(&curve_points(params.plot, kept)) {
        paper.stroke_path(piece, &Stroke::dashed(theme.unit(1), 1.75));
    }
}

/// Step and what is drawn of it.
fn curve_points(plot: Plot, scene: &Scene) -> Vec<[f64; 2]> {
    let of_fits = |read: fn(&Fit) -> f64| scene.fits.iter().map(|(step, fit)| [*step as f64, read(fit)]).collect();
    match plot {
        Plot::Psnr => of_fits(|fit| fit.psnr),
        Plot::Loss => of_fits(|fit| math::log10(fit.loss)),
        Plot::Gradient => scene.gradients.iter().map(|&[step, norm]| [step, math::log10(norm.max(1e-12))]).collect(),
    }
}

/// The curve of the training, and the level of the best constant.
fn draw_curve(paper: &mut Paper<'_>, frame: &Frame, params: &Params, scene: &Scene, theme: &Theme) {
    let scale = paper.scale();
    if params.plot != Plot::Gradient {
        let fit = &scene.constant.1;
        let level = if params.plot == Plot::Loss { math::log10(fit.loss) } else { fit.psnr };
        let ends = [0.0, frame.data_hi[0]].map(|step| frame.screen_from_data([step, level]));
        paper.stroke_line(ends[0], ends[1], &Stroke::dashed(theme.faint_ink, 1.25));
        let text = Text::new(theme.faint_ink, 12.0).align(Align::End);
        let best = format!("best constant {}", format_number(level, 2));
        paper.text(&best, [ends[1][0] - 4.0 * scale, ends[1][1] + 9.0 * scale], &text);
    }
    let points = curve_points(params.plot, scene);
    // Where the learning rate was changed.
    for (step, _) in params.rates().skip(1).filter(|(step, _)| *step as f64 <= frame.data_hi[0]) {
        let ends = [frame.data_lo[1], frame.data_hi[1]].map(|y| frame.screen_from_data([step as f64, y]));
        paper.stroke_line(ends[0], ends[1], &Stroke::dashed(theme.grid, 1.25));
        paper.text("α", [ends[1][0], ends[1][1] + 8.0 * scale], &Text::new(theme.faint_ink, 12.0));
    }
    for piece in frame.clip_path(&points) {
        paper.stroke_path(piece, &Stroke::solid(network_color(theme), 2.25));
    }
    if let Some(&last) = points.last() {
        let [_, lo] = frame.data_lo;
        let at = frame.screen_from_data([last[0].min(frame.data_hi[0]), last[1].clamp(lo, frame.data_hi[1])]);
        paper.fill_disc(at, 4.5, theme.casing);
        paper.fill_disc(at, 3.4, network_color(theme));
    }
}
