use piecewise_plot::{Align, Axes, Frame, Paper, Stroke, Text, Theme, draw_axes, subscript};

use super::{Scene, params::Y_LIMIT};

/// How much of a plot is seen beyond −1 and 1.
const MARGIN: f64 = 1.06;

/// Where the plots stand: each function above, their composition below.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// One for each function, in the order in which they are fed.
    pub stages: Vec<Frame>,
    /// The composition.
    pub composition: Frame,
}

impl Layout {
    /// The layout for so many functions on paper of this size.
    pub fn new(n_stages: usize, size_px: [f64; 2], scale: f64) -> Self {
        let frame = |x: f64, y: f64, width: f64, height: f64| Frame {
            data_lo: [-MARGIN, -Y_LIMIT * MARGIN],
            data_hi: [MARGIN, Y_LIMIT * MARGIN],
            corner_px: [x, y],
            size_px: [width.max(30.0), height.max(30.0)],
        };
        let (left, right, gap) = (38.0 * scale, 10.0 * scale, 46.0 * scale);
        let (top, between, bottom) = (24.0 * scale, 66.0 * scale, 42.0 * scale);
        let n = n_stages as f64;
        let width = (size_px[0] - left - right - gap * (n - 1.0)) / n;
        let heights = size_px[1] - top - between - bottom;
        let above = width.min(0.48 * heights);
        let stages = (0..n_stages).map(|i| frame(left + i as f64 * (width + gap), top, width, above)).collect();
        let composition = frame(left, top + above + between, size_px[0] - left - right, heights - above);
        Self { stages, composition }
    }
}

/// The names of what is read and written at each step: x, y, y′, y″.
const NAMES: [&str; 4] = ["x", "y", "y′", "y″"];

/// Axes of all plots.
pub fn draw_ground(paper: &mut Paper<'_>, layout: &Layout, theme: &Theme) {
    for (index, frame) in layout.stages.iter().enumerate() {
        draw_axes(
            paper,
            frame,
            &Axes { x_label: NAMES[index], y_label: NAMES[index + 1], grid: true, y_label_above: true },
            theme,
        );
    }
    let last = NAMES[layout.stages.len()];
    draw_axes(
        paper,
        &layout.composition,
        &Axes { x_label: "x", y_label: last, grid: true, y_label_above: true },
        theme,
    );
}

/// Every function, the composition in the colours of the folds, and the way of the probe.
pub fn draw_data(paper: &mut Paper<'_>, layout: &Layout, scene: &Scene, theme: &Theme) {
    for (index, (frame, stage)) in layout.stages.iter().zip(&scene.stages).enumerate() {
        if index > 0 {
            draw_fed_range(paper, frame, stage.fed, theme);
        }
        for (piece, pair) in stage.corners.windows(2).enumerate() {
            // Only the first function folds the axis of x; the others keep the colour of the text.
            let color = if index == 0 { theme.unit(piece) } else { theme.ink };
            draw_segment(paper, frame, [pair[0], pair[1]], &Stroke::solid(color, 3.0));
        }
    }
    draw_folds(paper, &layout.composition, scene, theme);
    for piece in &scene.pieces {
        draw_segment(paper, &layout.composition, [piece.from, piece.to], &Stroke::solid(theme.unit(piece.fold), 3.0));
    }
    for piece in &scene.pieces[1.min(scene.pieces.len())..] {
        let at = layout.composition.screen_from_data(piece.from);
        paper.fill_disc(at, 3.0, theme.ink);
    }
    draw_way(paper, layout, scene, theme);
}

/// The part of the axis that the function before reaches.
fn draw_fed_range(paper: &mut Paper<'_>, frame: &Frame, [lo, hi]: [f64; 2], theme: &Theme) {
    let corner = |x: f64, y: f64| frame.screen_from_data([x.clamp(frame.data_lo[0], frame.data_hi[0]), y]);
    paper.fill_rect(corner(lo, frame.data_lo[1]), corner(hi, frame.data_hi[1]), theme.wash(theme.accent, 0.09));
}

/// Where each copy begins and ends, with an arrow that says which way it runs through what follows.
fn draw_folds(paper: &mut Paper<'_>, frame: &Frame, scene: &Scene, theme: &Theme) {
    let scale = paper.scale();
    let [top, bottom] = [frame.data_hi[1], frame.data_lo[1]];
    for (index, fold) in scene.folds.iter().enumerate() {
        let [from, to] = fold.x.map(|x| frame.screen_from_data([x, top]));
        if index > 0 {
            draw_segment(paper, frame, [[fold.x[0], bottom], [fold.x[0], top]], &Stroke::dashed(theme.faint_ink, 1.0));
        }
        let arrow = if fold.mirrored { "←" } else { "→" };
        let width = to[0] - from[0];
        let text = match width {
            _ if width > 84.0 * scale && fold.mirrored => format!("{} {arrow} mirrored", index + 1),
            _ if width > 26.0 * scale => format!("{} {arrow}", index + 1),
            _ => continue,
        };
        let at = [f64::midpoint(from[0], to[0]), from[1] + 11.0 * scale];
        paper.text(&text, at, &Text::new(theme.unit(index), 12.5).bold());
    }
}

fn draw_segment(paper: &mut Paper<'_>, frame: &Frame, ends: [[f64; 2]; 2], stroke: &Stroke) {
    for path in frame.clip_path(&ends) {
        paper.stroke_path(path, stroke);
    }
}

/// From x up to its value, and on in the next plot.
fn draw_way(paper: &mut Paper<'_>, layout: &Layout, scene: &Scene, theme: &Theme) {
    let stroke = Stroke::dashed(theme.accent, 1.5);
    for (index, frame) in layout.stages.iter().enumerate() {
        let [from, to] = [scene.way[index], scene.way[index + 1]];
        draw_segment(paper, frame, [[from, frame.data_lo[1]], [from, to]], &stroke);
        draw_segment(paper, frame, [[from, to], [frame.data_hi[0], to]], &stroke);
        paper.fill_disc(frame.screen_from_data([from, to]), 5.0, theme.accent);
    }
    let (x, y) = (scene.way[0], scene.way[scene.way.len() - 1]);
    let frame = &layout.composition;
    draw_segment(paper, frame, [[x, frame.data_lo[1]], [x, y]], &stroke);
    paper.fill_disc(frame.screen_from_data([x, y]), 5.0, theme.accent);
    let title = |frame: &Frame| [frame.corner_px[0] + frame.size_px[0], frame.corner_px[1] - 12.0 * paper.scale()];
    let titles: Vec<([f64; 2], String)> = layout
        .stages
        .iter()
        .enumerate()
        .map(|(index, frame)| (title(frame), format!("network {}", index + 1)))
        .chain([(title(frame), composition_name(layout.stages.len()))])
        .collect();
    for (at, text) in titles {
        paper.text(&text, at, &Text::new(theme.faint_ink, 12.5).align(Align::End));
    }
}

/// n₂ ∘ n₁.
fn composition_name(n_stages: usize) -> String {
    let names: Vec<String> = (1..=n_stages).rev().map(|index| format!("n{}", subscript(index))).collect();
    names.join(" ∘ ")
}
