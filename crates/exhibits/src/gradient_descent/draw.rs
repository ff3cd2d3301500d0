use piecewise_plot::{Align, Axes, ColorMap, Frame, Paper, Stroke, Text, Theme, draw_axes, format_number};

use super::{
    Ground, Loss, Params, Scene,
    scene::{x_range, y_range},
};

/// Where the three plots stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layout {
    /// The loss over φ_0 and φ_1, and the path on it.
    pub surface: Frame,
    /// The examples and the model; nothing where there are none.
    pub fit: Option<Frame>,
    /// The loss over the steps; its ranges are set when it is drawn.
    pub curve: Frame,
}

impl Layout {
    /// The layout on paper of this size: the surface above, the two small plots below.
    pub fn new(loss: Loss, size_px: [f64; 2], scale: f64) -> Self {
        let (left, right, gap) = (46.0 * scale, 12.0 * scale, 56.0 * scale);
        let (top, between, bottom) = (24.0 * scale, 64.0 * scale, 42.0 * scale);
        let width = (size_px[0] - left - right).max(60.0);
        let heights = (size_px[1] - top - between - bottom).max(80.0);
        let below = 0.3 * heights;
        let frame = |[lo, hi]: [[f64; 2]; 2], corner_px: [f64; 2], size_px: [f64; 2]| Frame {
            data_lo: lo,
            data_hi: hi,
            corner_px,
            size_px,
        };
        let second = top + heights - below + between;
        let half = (width - gap) / 2.0;
        let has_fit = loss != Loss::Ravine;
        let [x, y] = [x_range(loss), y_range(loss)];
        let unit = [[0.0, 0.0], [1.0, 1.0]];
        let curve =
            if has_fit { ([left + half + gap, second], [half, below]) } else { ([left, second], [width, below]) };
        Self {
            surface: frame(loss.view(), [left, top], [width, heights - below]),
            fit: has_fit.then(|| frame([[x[0], y[0]], [x[1], y[1]]], [left, second], [half, below])),
            curve: frame(unit, curve.0, curve.1),
        }
    }
}

/// The surface and the axes that do not move.
pub fn draw_ground(paper: &mut Paper<'_>, layout: &Layout, ground: &Ground, theme: &Theme) {
    // Low is dark in viridis; marks on it are light, whatever the theme.
    let line = Stroke::solid(Theme::DARK.ink.with_alpha(0.22), 1.0);
    ground.surface.draw(paper, &layout.surface, |share| ColorMap::Viridis.color(share), &line);
    draw_axes(paper, &layout.surface, &Axes { x_label: "φ₀", y_label: "φ₁", grid: false, y_label_above: true }, theme);
    let range =
        format!("loss {} (dark) to {} (light)", format_number(ground.range[0], 2), format_number(ground.range[1], 1));
    let far = layout.surface.far_corner_px();
    let at = [far[0], layout.surface.corner_px[1] - 12.0 * paper.scale()];
    paper.text(&range, at, &Text::new(theme.faint_ink, 12.5).align(Align::End));
    if let Some(fit) = &layout.fit {
        draw_axes(paper, fit, &Axes { x_label: "x", y_label: "y", grid: true, y_label_above: true }, theme);
    }
}

/// The path, the arrows, the model and the curve of losses.
pub fn draw_data(paper: &mut Paper<'_>, layout: &Layout, params: &Params, scene: &Scene, theme: &Theme) {
    let frame = &layout.surface;
    for arrow in &scene.arrows {
        draw_arrow(paper, frame, *arrow);
    }
    let casing = Stroke::solid(Theme::LIGHT.ink.with_alpha(0.75), 4.5);
    let line = Stroke::solid(Theme::DARK.unit(0), 2.25);
    for stroke in [&casing, &line] {
        for piece in frame.clip_path(&scene.path) {
            paper.stroke_path(piece, stroke);
        }
    }
    let inside =
        |point: &&[f64; 2]| (0..2).all(|axis| (frame.data_lo[axis]..=frame.data_hi[axis]).contains(&point[axis]));
    for point in scene.path[1..].iter().filter(inside) {
        paper.fill_disc(frame.screen_from_data(*point), 2.6, Theme::DARK.ink);
    }
    let here = scene.here();
    if inside(&&here) {
        let at = frame.screen_from_data(here);
        paper.fill_disc(at, 7.5, Theme::LIGHT.ink);
        paper.fill_disc(at, 5.5, Theme::DARK.unit(0));
    }
    if let Some(fit) = &layout.fit {
        draw_fit(paper, fit, scene, theme);
    }
    draw_curve(paper, &layout.curve, params, scene, theme);
}

fn draw_arrow(paper: &mut Paper<'_>, frame: &Frame, [from, to]: [[f64; 2]; 2]) {
    let stroke = Stroke::solid(Theme::DARK.ink.with_alpha(0.9), 1.25);
    for piece in frame.clip_path(&[from, to]) {
        paper.stroke_path(piece, &stroke);
    }
    paper.fill_disc(frame.screen_from_data(from), 1.8, Theme::DARK.ink);
}

fn draw_fit(paper: &mut Paper<'_>, frame: &Frame, scene: &Scene, theme: &Theme) {
    for &[x, y] in &scene.examples {
        paper.fill_disc(frame.screen_from_data([x, y]), 3.2, theme.unit(0));
    }
    for piece in frame.clip_path(&scene.model) {
        paper.stroke_path(piece, &Stroke::solid(theme.accent, 2.5));
    }
}

/// The loss at every step; the axis of steps is as long as the path.
fn draw_curve(paper: &mut Paper<'_>, frame: &Frame, params: &Params, scene: &Scene, theme: &Theme) {
    let most = scene.losses.iter().fold(0.0_f64, |most, &loss| most.max(loss)).max(1e-9);
    let n = params.steps.max(1) as f64;
    let frame = Frame { data_lo: [0.0, 0.0], data_hi: [n, 1.06 * most], ..*frame };
    draw_axes(paper, &frame, &Axes { x_label: "step", y_label: "L", grid: true, y_label_above: true }, theme);
    let points: Vec<[f64; 2]> = scene.losses.iter().enumerate().map(|(step, &loss)| [step as f64, loss]).collect();
    paper.stroke_path(points.iter().map(|&point| frame.screen_from_data(point)), &Stroke::solid(theme.accent, 2.25));
    if let Some(&last) = points.last() {
        paper.fill_disc(frame.screen_from_data(last), 4.0, theme.accent);
    }
}
