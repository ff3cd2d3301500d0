use piecewise_plot::{Align, Axes, Frame, Paper, Stroke, Text, Theme, draw_axes, format_number};

use super::{
    Scene,
    scene::{X_RANGE, Y_RANGE},
};

/// Where the plot stands on paper of this size.
pub fn frame(size_px: [f64; 2], scale: f64) -> Frame {
    let (left, right, top, bottom) = (38.0 * scale, 16.0 * scale, 26.0 * scale, 42.0 * scale);
    Frame {
        data_lo: [X_RANGE[0], Y_RANGE[0]],
        data_hi: [X_RANGE[1], Y_RANGE[1]],
        corner_px: [left, top],
        size_px: [(size_px[0] - left - right).max(40.0), (size_px[1] - top - bottom).max(40.0)],
    }
}

/// Axes and grid.
pub fn draw_ground(paper: &mut Paper<'_>, frame: &Frame, theme: &Theme) {
    draw_axes(paper, frame, &Axes { x_label: "x", y_label: "y", grid: true, y_label_above: true }, theme);
}

/// The area between network and target, the target, the units' shares, the network, and the largest error.
pub fn draw_data(paper: &mut Paper<'_>, frame: &Frame, scene: &Scene, theme: &Theme) {
    let between: Vec<[f64; 2]> = scene.target.iter().chain(scene.network.iter().rev()).copied().collect();
    paper.fill_polygon(frame.clip_polygon(&between), theme.accent.with_alpha(0.16));
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
