use piecewise_core::math;
use piecewise_plot::{Align, Axes, Color, Frame, Paper, Stroke, Text, Theme, draw_axes, format_number};

use super::{
    EDGE, Painted, Params, SIDE, Scene, Trained, View,
    lesson::N_STEPS,
    scene::{X_RANGE, Y_RANGE},
};

/// Where the plots stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layout {
    /// The step; in the view of the picture, the edge that is looked at closely.
    pub step: Frame,
    /// While gradient descent is asked: the steepest slope over the training, and κ over the width. Ranges are set when they are drawn.
    pub below: Option<[Frame; 2]>,
    /// In the view of the picture: the picture, the painting, and the cut through both.
    pub picture: Option<[Frame; 3]>,
}

impl Layout {
    /// The layout on paper of this size.
    pub fn new(view: View, size_px: [f64; 2], scale: f64) -> Self {
        let (left, right, top, bottom) = (38.0 * scale, 16.0 * scale, 26.0 * scale, 42.0 * scale);
        let width = (size_px[0] - left - right).max(40.0);
        let height = (size_px[1] - top - bottom).max(40.0);
        let frame = |corner_px: [f64; 2], size_px: [f64; 2]| Frame {
            data_lo: [X_RANGE[0], Y_RANGE[0]],
            data_hi: [X_RANGE[1], Y_RANGE[1]],
            corner_px,
            size_px,
        };
        if view == View::ByHand {
            return Self { step: frame([left, top], [width, height]), below: None, picture: None };
        }
        let (between, gap) = (66.0 * scale, 52.0 * scale);
        let low = 0.34 * (height - between).max(40.0);
        let half = ((width - gap) / 2.0).max(20.0);
        let second = top + height - low;
        if view == View::Picture {
            let side = half.min(height - low - between);
            let whole = |x: f64| Frame { data_lo: [-1.0, -1.0], data_hi: [1.0, 1.0], ..frame([x, top], [side, side]) };
            let of_cut = Frame { data_lo: [-1.0, 0.0], data_hi: [1.0, 1.0], ..frame([left, second], [half, low]) };
            let of_edge = Frame {
                data_lo: [-0.4, Y_RANGE[0]],
                data_hi: [0.4, Y_RANGE[1]],
                ..frame([left + half + gap, second], [half, low])
            };
            let pictures = [left, left + half + gap].map(|x| whole(x + (half - side) / 2.0));
            return Self { step: of_edge, below: None, picture: Some([pictures[0], pictures[1], of_cut]) };
        }
        Self {
            step: frame([left, top], [width, height - low - between]),
            below: Some([left, left + half + gap].map(|x| frame([x, second], [half, low]))),
            picture: None,
        }
    }
}

/// Axes and grid of the step.
pub fn draw_ground(paper: &mut Paper<'_>, layout: &Layout, theme: &Theme) {
    if let Some([.., cut]) = &layout.picture {
        let scale = paper.scale();
        for (frame, x_label, name) in
            [(cut, "x", "brightness along the cut"), (&layout.step, "x from the edge", "the edge, from 0 to 1")]
        {
            draw_axes(paper, frame, &Axes { x_label, y_label: "", grid: true, y_label_above: true }, theme);
            let at = [frame.corner_px[0], frame.corner_px[1] - 12.0 * scale];
            paper.text(name, at, &Text::new(theme.ink, 13.0).align(Align::Start));
        }
        return;
    }
    draw_axes(paper, &layout.step, &Axes { x_label: "x", y_label: "y", grid: true, y_label_above: true }, theme);
}

/// The colour of what gradient descent makes.
pub(super) fn trained_color(theme: &Theme) -> Color {
    theme.unit(4)
}

/// The area between network and target, the target, the units' shares, the network, and the largest error.
pub fn draw_data(paper: &mut Paper<'_>, layout: &Layout, params: &Params, scene: &Scene, theme: &Theme) {
    let frame = &layout.step;
    if let Some(picture) = &layout.picture {
        if let Some(painted) = &scene.painted {
            draw_painted(paper, picture, params, painted, theme);
            draw_edge(paper, frame, params, scene, painted, theme);
        }
        return;
    }
    if let (Some([slopes, conditions]), Some(trained)) = (&layout.below, &scene.trained) {
        draw_trained(paper, frame, scene, trained, theme);
        draw_slopes(paper, slopes, scene, trained, theme);
        draw_conditions(paper, conditions, params, scene, trained, theme);
        return;
    }
    let between: Vec<[f64; 2]> = scene.target.iter().chain(scene.network.iter().rev()).copied().collect();
    paper.fill_polygon(frame.clip_polygon(&between), theme.wash(theme.accent, 0.16));
    let mut curve = |points: &[[f64; 2]], stroke: &Stroke| {
        for piece in frame.clip_path(points) {
            paper.stroke_path(piece, stroke);
        }
    };
    for (d, points) in scene.units.iter().enumerate() {
        curve(points, &Stroke::dashed(theme.unit(d), 1.75));
    }
    curve(&scene.target, &Stroke::solid(theme.faint_ink, 2.0));
    curve(&scene.network, &Stroke::solid(theme.casing, 6.0));
    curve(&scene.network, &Stroke::solid(theme.accent, 3.25));
    draw_largest_error(paper, frame, scene, theme);
    draw_escape(paper, frame, scene, theme);
}

/// Target, examples and the ramp made by hand, thin; and the network that was trained, with its corners.
fn draw_trained(paper: &mut Paper<'_>, frame: &Frame, scene: &Scene, trained: &Trained, theme: &Theme) {
    let mut curve = |points: &[[f64; 2]], stroke: &Stroke| {
        for piece in frame.clip_path(points) {
            paper.stroke_path(piece, stroke);
        }
    };
    curve(&scene.target, &Stroke::solid(theme.faint_ink, 2.0));
    curve(&scene.network, &Stroke::dashed(theme.accent, 1.75));
    curve(&trained.now.network, &Stroke::solid(theme.casing, 6.0));
    curve(&trained.now.network, &Stroke::solid(trained_color(theme), 3.0));
    for &point in &trained.examples {
        paper.fill_disc(frame.screen_from_data(point), 1.8, theme.ink);
    }
    let [_, inner @ .., _] = &trained.now.network[..] else { return };
    for &point in inner.iter().filter(|point| (Y_RANGE[0]..=Y_RANGE[1]).contains(&point[1])) {
        let at = frame.screen_from_data(point);
        paper.fill_disc(at, 4.5, theme.casing);
        paper.fill_disc(at, 3.2, trained_color(theme));
    }
}

/// The picture and the painting, the cut on both, and the brightness along it.
fn draw_painted(paper: &mut Paper<'_>, frames: &[Frame; 3], params: &Params, painted: &Painted, theme: &Theme) {
    let scale = paper.scale();
    for (frame, pixels, name) in
        [(&frames[0], &painted.target, "the picture"), (&frames[1], &painted.fit, "the network")]
    {
        let ([left, top], [right, bottom]) = (frame.corner_px, frame.far_corner_px());
        let side_px = frame.size_px[0] / SIDE as f64;
        for (row, colors) in pixels.chunks(SIDE).enumerate() {
            // A little into the pixels at the right and below, which are painted later: so no seam shows.
            let [high, low] = [row as f64, row as f64 + 1.0].map(|row| top + row * side_px);
            let mut from = 0;
            for run in colors.chunk_by(|a, b| a == b) {
                let to = from + run.len();
                let [x, far] = [from, to].map(|column| left + column as f64 * side_px);
                let [r, g, b] = run[0].map(|part| (255.0 * part.clamp(0.0, 1.0)).round() as u8);
                let color = Color { rgb: (r, g, b), alpha: 1.0 };
                paper.fill_rect([x, high], [(far + 0.75).min(right), (low + 0.75).min(bottom)], color);
                from = to;
            }
        }
        let y = top + params.cut * frame.size_px[1];
        paper.stroke_line([left, y], [right, y], &Stroke::solid(Theme::LIGHT.casing, 4.0));
        paper.stroke_line([left, y], [right, y], &Stroke::solid(Theme::LIGHT.ink, 1.75));
        paper.text(name, [left, top - 12.0 * scale], &Text::new(theme.ink, 13.0).align(Align::Start));
    }
    let frame = &frames[2];
    let of_fit = Stroke::solid(trained_color(theme), 2.5);
    for (curve, stroke) in [(&painted.target_cut, Stroke::solid(theme.faint_ink, 2.0)), (&painted.fit_cut, of_fit)] {
        for piece in frame.clip_path(curve) {
            paper.stroke_path(piece, &stroke);
        }
    }
}

/// The brightness around an edge, from 0 on its dark side to 1 on its light side, and the ramp of two units beside it.
fn draw_edge(paper: &mut Paper<'_>, frame: &Frame, params: &Params, scene: &Scene, painted: &Painted, theme: &Theme) {
    let [dark, light] = Painted::edge();
    let to_edge = |curve: &[[f64; 2]]| -> Vec<[f64; 2]> {
        curve.iter().map(|&[x, value]| [x - EDGE, (value - dark) / (light - dark)]).collect()
    };
    let by_hand = scene.network.iter().map(|&[x, y]| [x - params.center, y / params.height]).collect();
    let curves = [
        (to_edge(&painted.target_cut), Stroke::solid(theme.faint_ink, 2.0)),
        (by_hand, Stroke::dashed(theme.accent, 1.75)),
        (to_edge(&painted.fit_cut), Stroke::solid(trained_color(theme), 2.5)),
    ];
    for (curve, stroke) in &curves {
        for piece in frame.clip_path(curve) {
            paper.stroke_path(piece, stroke);
        }
    }
}

/// The steepest slope over the training, and how steep the ramp made by hand is.
fn draw_slopes(paper: &mut Paper<'_>, frame: &Frame, scene: &Scene, trained: &Trained, theme: &Theme) {
    let scale = paper.scale();
    let wanted = scene.errors.slope;
    let most = trained.slopes.iter().fold(1.0_f64, |most, point| most.max(point[1]));
    // A slope made by hand that is not far away stands in the plot, too.
    let top = 1.15 * if wanted < 4.0 * most { most.max(wanted) } else { most };
    let frame = Frame { data_lo: [0.0, 0.0], data_hi: [N_STEPS as f64, top], ..*frame };
    let axes = Axes { x_label: "training step", y_label: "", grid: true, y_label_above: true };
    draw_axes(paper, &frame, &axes, theme);
    let [left, up] = frame.corner_px;
    let far = frame.far_corner_px();
    paper.text("steepest slope", [left, up - 12.0 * scale], &Text::new(theme.ink, 13.0).align(Align::Start));
    let text = Text::new(theme.accent, 12.5).align(Align::End);
    if wanted <= top {
        let [_, y] = frame.screen_from_data([0.0, wanted]);
        paper.stroke_line([left, y], [far[0], y], &Stroke::dashed(theme.accent, 1.75));
        paper.text(&format!("by hand: {}", format_number(wanted, 1)), [far[0] - 4.0 * scale, y + 10.0 * scale], &text);
    } else {
        let label = format!("by hand: {} ↑", format_number(wanted, 0));
        paper.text(&label, [far[0] - 4.0 * scale, up + 10.0 * scale], &text);
    }
    let points = trained.slopes.iter().map(|&point| frame.screen_from_data(point));
    paper.stroke_path(points, &Stroke::solid(trained_color(theme), 2.25));
    if let Some(&last) = trained.slopes.last() {
        paper.fill_disc(frame.screen_from_data(last), 4.0, trained_color(theme));
    }
}

/// κ over the width, both as powers of ten, with the ramp made by hand on it.
fn draw_conditions(
    paper: &mut Paper<'_>,
    frame: &Frame,
    params: &Params,
    scene: &Scene,
    trained: &Trained,
    theme: &Theme,
) {
    let scale = paper.scale();
    let frame = Frame { data_lo: [-3.0, 0.0], data_hi: [0.0, 18.0], ..*frame };
    draw_axes(paper, &frame, &Axes { x_label: "log₁₀ w", y_label: "", grid: true, y_label_above: true }, theme);
    let [left, up] = frame.corner_px;
    paper.text("log₁₀ κ", [left, up - 12.0 * scale], &Text::new(theme.ink, 13.0).align(Align::Start));
    for piece in frame.clip_path(&trained.conditions) {
        paper.stroke_path(piece, &Stroke::solid(theme.accent, 2.25));
    }
    let here = [math::log10(params.width), math::log10(scene.condition)];
    let at = frame.screen_from_data(here);
    paper.fill_disc(at, 4.5, theme.accent);
    let label = format!("κ = {}", super::powers(scene.condition));
    let far = frame.far_corner_px();
    paper.text(
        &label,
        [far[0] - 6.0 * scale, up + 12.0 * scale],
        &Text::new(theme.accent, 12.5).align(Align::End).bold(),
    );
}

/// A bracket beside the place where network and target are farthest apart.
fn draw_largest_error(paper: &mut Paper<'_>, frame: &Frame, scene: &Scene, theme: &Theme) {
    let errors = &scene.errors;
    let height = scene.target[2][1];
    if errors.largest < 1e-3 || errors.largest > height {
        return;
    }
    // At a jump in the middle of the ramp the error reaches from the middle down to 0 and up to h.
    let middle = height / 2.0;
    if (errors.largest - middle).abs() > 1e-3 {
        return;
    }
    let scale = paper.scale();
    let [x, top] = frame.screen_from_data([errors.largest_at, height]);
    let [_, low] = frame.screen_from_data([errors.largest_at, middle]);
    let x = x - 14.0 * scale;
    let stroke = Stroke::solid(theme.ink, 1.5);
    paper.stroke_path([[x + 6.0 * scale, top], [x, top], [x, low], [x + 6.0 * scale, low]], &stroke);
    let label = format!("{} = h/2", format_number(errors.largest, 3));
    paper.text(&label, [x - 6.0 * scale, f64::midpoint(top, low)], &Text::new(theme.ink, 13.0).align(Align::End));
}

/// Where the network has left the picture one unit right of the step, how far it has gone.
fn draw_escape(paper: &mut Paper<'_>, frame: &Frame, scene: &Scene, theme: &Theme) {
    let value = scene.value_at_one;
    if (Y_RANGE[0]..=Y_RANGE[1]).contains(&value) {
        return;
    }
    let scale = paper.scale();
    let far = frame.far_corner_px();
    let y = if value < Y_RANGE[0] { far[1] - 14.0 * scale } else { frame.corner_px[1] + 14.0 * scale };
    let arrow = if value < Y_RANGE[0] { "↓" } else { "↑" };
    let label = format!("{arrow} {} one unit on", format_number(value, 2));
    paper.text(&label, [far[0] - 8.0 * scale, y], &Text::new(theme.accent, 14.0).align(Align::End).bold());
}
