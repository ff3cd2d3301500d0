use piecewise_plot::{Align, Axes, Color, ColorMap, Frame, Paper, Stroke, Text, Theme, draw_axes, format_number};

use super::{
    Basins, End, Ground, Loss, Method, Params, STARTS, Scene, Search,
    scene::{x_range, y_range},
};

/// Where the plots stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layout {
    /// The loss over φ_0 and φ_1, and the path on it.
    pub surface: Frame,
    /// The examples and the model; nothing where there are none, or where the line search stands.
    pub fit: Option<Frame>,
    /// The loss along the line of a line search; its ranges are set when it is drawn.
    pub search: Option<Frame>,
    /// The loss over the steps; its ranges are set when it is drawn.
    pub curve: Frame,
}

impl Layout {
    /// The layout on paper of this size: the surface above, the two small plots below.
    pub fn new(params: &Params, size_px: [f64; 2], scale: f64) -> Self {
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
        let half = ((width - gap) / 2.0).max(20.0);
        let has_search = params.method == Method::LineSearch && !params.race;
        let has_fit = params.loss != Loss::Ravine && !has_search;
        let [x, y] = [x_range(params.loss), y_range(params.loss)];
        let unit = [[0.0, 0.0], [1.0, 1.0]];
        let curve = if has_fit || has_search {
            ([left + half + gap, second], [half, below])
        } else {
            ([left, second], [width, below])
        };
        Self {
            surface: frame(params.view(), [left, top], [width, heights - below]),
            fit: has_fit.then(|| frame([[x[0], y[0]], [x[1], y[1]]], [left, second], [half, below])),
            search: has_search.then(|| frame(unit, [left, second], [half, below])),
            curve: frame(unit, curve.0, curve.1),
        }
    }
}

/// How the rules of a race are told apart beside their colour: the dashes of their lines, in the order of [`Method::ALL`].
pub(super) const DASHES: [&[f64]; 6] =
    [&[], &[9.0, 4.0], &[2.5, 3.5], &[12.0, 4.0, 2.5, 4.0], &[5.0, 5.0], &[16.0, 5.0]];

/// The surface and the axes that do not move.
pub fn draw_ground(paper: &mut Paper<'_>, layout: &Layout, params: &Params, ground: &Ground, theme: &Theme) {
    // Low is dark in viridis; marks on it are light, whatever the theme.
    let line = Stroke::solid(Theme::DARK.ink.with_alpha(0.22), 1.0);
    ground.surface.draw(paper, &layout.surface, |share| ColorMap::Viridis.color(share), &line);
    let [x_label, y_label] = params.axis_names();
    draw_axes(paper, &layout.surface, &Axes { x_label, y_label, grid: false, y_label_above: true }, theme);
    let range =
        format!("loss {} (dark) to {} (light)", format_number(ground.range[0], 2), format_number(ground.range[1], 1));
    let far = layout.surface.far_corner_px();
    let at = [far[0], layout.surface.corner_px[1] - 12.0 * paper.scale()];
    if !params.basins {
        paper.text(&range, at, &Text::new(theme.faint_ink, 12.5).align(Align::End));
    }
    if let Some(fit) = &layout.fit {
        draw_axes(paper, fit, &Axes { x_label: "x", y_label: "y", grid: true, y_label_above: true }, theme);
    }
}

/// The colour of a place where starts lead, on the map.
pub(super) fn end_color(end: End, theme: &Theme) -> Color {
    let color = match end {
        End::Minimum(index) => theme.unit(usize::from(index)).with_alpha(0.5),
        End::Outside => theme.faint_ink.with_alpha(0.28),
        End::Nowhere => theme.ink.with_alpha(0.62),
        End::Unknown => theme.surface,
    };
    color.over(theme.surface)
}

/// The map of basins, as far as it is computed, over the surface, and the minima with their numbers.
pub fn draw_basins(paper: &mut Paper<'_>, layout: &Layout, ground: &Ground, basins: &Basins, theme: &Theme) {
    let frame = &layout.surface;
    let ([left, top], [right, bottom]) = (frame.corner_px, frame.far_corner_px());
    paper.fill_rect([left, top], [right, bottom], theme.surface);
    let column_px = frame.size_px[0] / STARTS as f64;
    for (row, ends) in basins.ends().chunks(STARTS).enumerate() {
        let [low, high] = [row, row + 1].map(|row| bottom - row as f64 / STARTS as f64 * frame.size_px[1]);
        // A run of cells of one colour is one rectangle.
        let mut from = 0;
        for run in ends.chunk_by(|a, b| a == b) {
            let to = from + run.len();
            let x = [from, to].map(|column| left + column as f64 * column_px);
            if run[0] != End::Unknown {
                // A little into the rows above and the runs at the right, which are painted later: so no seam shows.
                let far = [(x[1] + 0.75).min(right), (high - 0.75).max(top)];
                paper.fill_rect([x[0], low], far, end_color(run[0], theme));
            }
            from = to;
        }
    }
    let line = Stroke::solid(theme.ink.with_alpha(0.28), 1.0);
    for [from, to] in ground.surface.contours(frame) {
        paper.stroke_line(from, to, &line);
    }
    for (index, minimum) in basins.minima().iter().enumerate() {
        let at = frame.screen_from_data(minimum.at);
        let radius = 9.0 * paper.scale();
        paper.fill_disc(at, radius, theme.surface);
        paper.stroke_circle(at, radius, &Stroke::solid(theme.unit(index), 2.0));
        paper.text(&(index + 1).to_string(), at, &Text::new(theme.ink, 12.0).bold());
    }
}

/// The path or the race, the arrows, the model and the curve of losses.
pub fn draw_data(
    paper: &mut Paper<'_>,
    layout: &Layout,
    params: &Params,
    ground: &Ground,
    scene: &Scene,
    theme: &Theme,
) {
    let frame = &layout.surface;
    for arrow in &scene.arrows {
        draw_arrow(paper, frame, *arrow);
    }
    if let Some((at, loss)) = ground.homework {
        draw_homework(paper, frame, at, loss);
    }
    if let Some(search) = &scene.search {
        draw_search_line(paper, frame, scene.here(), search);
    }
    if scene.race.is_empty() {
        draw_path(paper, frame, &scene.path, Theme::DARK.unit(0), &[]);
        for point in scene.path[1..].iter().filter(|point| is_inside(frame, point)) {
            paper.fill_disc(frame.screen_from_data(*point), 2.6, Theme::DARK.ink);
        }
        let here = scene.here();
        if is_inside(frame, &here) {
            draw_marker(paper, frame.screen_from_data(here), 0, Theme::DARK.unit(0), 5.5);
        }
    } else {
        for (index, racer) in scene.race.iter().enumerate() {
            draw_path(paper, frame, &racer.path, Theme::DARK.unit(index), DASHES[index]);
        }
        for (index, racer) in scene.race.iter().enumerate() {
            if is_inside(frame, &racer.here()) {
                draw_marker(paper, frame.screen_from_data(racer.here()), index, Theme::DARK.unit(index), 5.5);
            }
        }
    }
    if let Some(fit) = &layout.fit {
        draw_fit(paper, fit, scene, theme);
    }
    if let (Some(frame), Some(search)) = (&layout.search, &scene.search) {
        draw_search(paper, frame, search, theme);
    }
    draw_curve(paper, &layout.curve, params, scene, theme);
}

fn is_inside(frame: &Frame, point: &[f64; 2]) -> bool {
    (0..2).all(|axis| (frame.data_lo[axis]..=frame.data_hi[axis]).contains(&point[axis]))
}

fn draw_path(paper: &mut Paper<'_>, frame: &Frame, path: &[[f64; 2]], color: Color, dash: &'static [f64]) {
    let casing = Stroke::solid(Theme::LIGHT.ink.with_alpha(0.75), 4.5);
    let line = Stroke { dashes_px: dash, ..Stroke::solid(color, 2.25) };
    for stroke in [&casing, &line] {
        for piece in frame.clip_path(path) {
            paper.stroke_path(piece, stroke);
        }
    }
}

/// A marker with a dark edge, of another shape for every rule: disc, square, triangle up, triangle down, diamond, bar.
fn draw_marker(paper: &mut Paper<'_>, at: [f64; 2], index: usize, color: Color, radius: f64) {
    let edge = Theme::LIGHT.ink;
    if index == 0 {
        paper.fill_disc(at, radius + 2.0, edge);
        paper.fill_disc(at, radius, color);
        return;
    }
    let corners: &[[f64; 2]] = match index {
        1 => &[[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]],
        2 => &[[0.0, -1.2], [1.1, 0.8], [-1.1, 0.8]],
        3 => &[[0.0, 1.2], [1.1, -0.8], [-1.1, -0.8]],
        4 => &[[0.0, -1.25], [1.25, 0.0], [0.0, 1.25], [-1.25, 0.0]],
        _ => &[[-1.3, -0.55], [1.3, -0.55], [1.3, 0.55], [-1.3, 0.55]],
    };
    let unit = paper.scale() * radius;
    for (grown, color) in [(1.45, edge), (1.0, color)] {
        paper.fill_polygon(corners.iter().map(|[x, y]| [at[0] + grown * unit * x, at[1] + grown * unit * y]), color);
    }
}

fn draw_arrow(paper: &mut Paper<'_>, frame: &Frame, [from, to]: [[f64; 2]; 2]) {
    let stroke = Stroke::solid(Theme::DARK.ink.with_alpha(0.9), 1.25);
    for piece in frame.clip_path(&[from, to]) {
        paper.stroke_path(piece, &stroke);
    }
    paper.fill_disc(frame.screen_from_data(from), 1.8, Theme::DARK.ink);
}

/// The lowest point of the grid of homework 8: a ring with its loss.
fn draw_homework(paper: &mut Paper<'_>, frame: &Frame, at: [f64; 2], loss: f64) {
    let center = frame.screen_from_data(at);
    paper.stroke_circle(center, 10.0, &Stroke::solid(Theme::LIGHT.ink, 5.0));
    paper.stroke_circle(center, 10.0, &Stroke::solid(Theme::DARK.unit(5), 2.5));
    let text = format!("{} at ({}, {})", format_number(loss, 4), format_number(at[0], 3), format_number(at[1], 3));
    let scale = paper.scale();
    let label = [center[0] + 16.0 * scale, center[1]];
    // About as wide as the text is.
    paper.fill_rect(
        [label[0] - 4.0 * scale, label[1] - 10.0 * scale],
        [label[0] + 150.0 * scale, label[1] + 10.0 * scale],
        Theme::LIGHT.ink.with_alpha(0.8),
    );
    paper.text(&text, label, &Text::new(Theme::DARK.unit(5), 13.0).align(Align::Start).bold());
}

/// The line along which is searched, with the four points of its first round.
fn draw_search_line(paper: &mut Paper<'_>, frame: &Frame, from: [f64; 2], search: &Search) {
    for stroke in [Stroke::solid(Theme::LIGHT.ink.with_alpha(0.7), 4.0), Stroke::dashed(Theme::DARK.unit(6), 2.0)] {
        for piece in frame.clip_path(&[from, search.end]) {
            paper.stroke_path(piece, &stroke);
        }
    }
    for share in [1.0 / 3.0, 2.0 / 3.0, 1.0] {
        let at = [0, 1].map(|axis| from[axis] + share * (search.end[axis] - from[axis]));
        if is_inside(frame, &at) {
            paper.fill_disc(frame.screen_from_data(at), 4.0, Theme::LIGHT.ink);
            paper.fill_disc(frame.screen_from_data(at), 2.8, Theme::DARK.unit(6));
        }
    }
}

/// Above, the brackets, a row a round, each narrower than the one before; below, on the same axis, the loss along the line.
fn draw_search(paper: &mut Paper<'_>, frame: &Frame, search: &Search, theme: &Theme) {
    let scale = paper.scale();
    let furthest = search.curve.last().map_or(1.0, |last| last[0]);
    let [least, most] = search.curve.iter().fold([f64::INFINITY, f64::NEG_INFINITY], |[lo, hi], &[_, loss]| {
        if loss.is_finite() { [lo.min(loss), hi.max(loss)] } else { [lo, hi] }
    });
    let margin = (0.08 * (most - least)).max(1e-9);
    let rows_px = 0.4 * frame.size_px[1];
    let plot = Frame {
        data_lo: [0.0, least - margin],
        data_hi: [furthest, most + margin],
        corner_px: [frame.corner_px[0], frame.corner_px[1] + rows_px],
        size_px: [frame.size_px[0], frame.size_px[1] - rows_px],
    };
    let axes = Axes { x_label: "distance d along −∂L/∂φ", y_label: "", grid: true, y_label_above: true };
    draw_axes(paper, &plot, &axes, theme);
    let [left, top] = frame.corner_px;
    paper.text("L", [left - 34.0 * scale, plot.corner_px[1] - 6.0 * scale], &Text::new(theme.ink, 14.4).italic());
    paper.text(
        "A B C D, round by round",
        [left, top - 12.0 * scale],
        &Text::new(theme.faint_ink, 12.5).align(Align::Start),
    );
    let row_px = rows_px / (search.brackets.len().max(6) as f64 + 0.5);
    let x_px = |distance: f64| plot.screen_from_data([distance, least])[0];
    let end_px = x_px(search.distance);
    paper.stroke_line([end_px, top], [end_px, plot.far_corner_px()[1]], &Stroke::dashed(theme.unit(6), 1.25));
    for (round, bracket) in search.brackets.iter().enumerate() {
        let y = top + (round as f64 + 0.5) * row_px;
        let [a, _, _, d] = bracket.map(x_px);
        paper.stroke_line([a, y], [d, y], &Stroke::solid(theme.unit(6), 1.5));
        for x in bracket.map(x_px) {
            let half = 0.32 * row_px;
            paper.stroke_line([x, y - half], [x, y + half], &Stroke::solid(theme.unit(6), 1.75));
        }
    }
    for piece in plot.clip_path(&search.curve) {
        paper.stroke_path(piece, &Stroke::solid(theme.accent, 2.25));
    }
    for (distance, loss) in
        search.brackets.iter().zip(&search.losses).take(1).flat_map(|(at, loss)| at.iter().zip(loss))
    {
        if is_inside(&plot, &[*distance, *loss]) {
            paper.fill_disc(plot.screen_from_data([*distance, *loss]), 3.5, theme.unit(6));
        }
    }
}

fn draw_fit(paper: &mut Paper<'_>, frame: &Frame, scene: &Scene, theme: &Theme) {
    for &[x, y] in &scene.examples {
        paper.fill_disc(frame.screen_from_data([x, y]), 3.2, theme.unit(0));
    }
    for piece in frame.clip_path(&scene.model) {
        paper.stroke_path(piece, &Stroke::solid(theme.accent, 2.5));
    }
}

/// The loss at every step; the axis of steps is as long as the path. In a race every rule has its curve.
fn draw_curve(paper: &mut Paper<'_>, frame: &Frame, params: &Params, scene: &Scene, theme: &Theme) {
    let by_gradients = !scene.race.is_empty() && params.clock == super::Clock::Gradients;
    let most = scene
        .losses
        .iter()
        .chain(scene.race.iter().flat_map(|racer| &racer.losses))
        .fold(0.0_f64, |most, &loss| most.max(loss));
    let n = params.steps.max(1) as f64;
    let frame = Frame { data_lo: [0.0, 0.0], data_hi: [n, 1.06 * most.max(1e-9)], ..*frame };
    let x_label = if by_gradients { "gradients" } else { "step" };
    draw_axes(paper, &frame, &Axes { x_label, y_label: "L", grid: true, y_label_above: true }, theme);
    if scene.race.is_empty() {
        let points: Vec<[f64; 2]> = scene.losses.iter().enumerate().map(|(step, &loss)| [step as f64, loss]).collect();
        paper
            .stroke_path(points.iter().map(|&point| frame.screen_from_data(point)), &Stroke::solid(theme.accent, 2.25));
        if let Some(&last) = points.last() {
            paper.fill_disc(frame.screen_from_data(last), 4.0, theme.accent);
        }
        return;
    }
    if frame.size_px[0] > 230.0 * paper.scale() {
        draw_legend(paper, &frame, theme);
    }
    for (index, racer) in scene.race.iter().enumerate() {
        let clock = |step: usize| if by_gradients { racer.gradients[step] } else { step as f64 };
        let points = racer.losses.iter().enumerate().map(|(step, &loss)| frame.screen_from_data([clock(step), loss]));
        let stroke = Stroke { dashes_px: DASHES[index], ..Stroke::solid(theme.unit(index), 2.0) };
        paper.stroke_path(points.clone(), &stroke);
        let mut points = points;
        if let Some(last) = points.next_back() {
            draw_marker(paper, last, index, theme.unit(index), 3.5);
        }
    }
}

/// Who is who in a race, in the upper right corner, where losses that fall leave room.
fn draw_legend(paper: &mut Paper<'_>, frame: &Frame, theme: &Theme) {
    let scale = paper.scale();
    let row_px = (0.9 * frame.size_px[1] / DASHES.len() as f64).min(15.0 * scale);
    let left = frame.far_corner_px()[0] - 148.0 * scale;
    for (index, (dashes_px, (_, name))) in DASHES.iter().zip(Method::ALL).enumerate() {
        let y = frame.corner_px[1] + (index as f64 + 0.8) * row_px;
        let stroke = Stroke { dashes_px, ..Stroke::solid(theme.unit(index), 2.0) };
        paper.stroke_line([left, y], [left + 24.0 * scale, y], &stroke);
        draw_marker(paper, [left + 24.0 * scale, y], index, theme.unit(index), 3.0);
        let text = Text::new(theme.ink, (0.8 * row_px / scale).min(12.0)).align(Align::Start);
        paper.text(name, [left + 34.0 * scale, y], &text);
    }
}
