use piecewise_plot::{
    Align, Axes, ColorMap, Frame, Paper, Stroke, Surface, Text, Theme, draw_axes, format_number, subscript,
};

use super::{APART, Params, REACH, Scene, View};

/// The sum of squares is shown up to here: what matters happens below the constant's .886.
const LOSS_RANGE: [f64; 2] = [0.0, 1.2];
/// The decimal logarithms of distances that are shown.
const DISTANCE_RANGE: [f64; 2] = [-13.0, 1.0];
/// The outputs that are shown.
const Y_RANGE: [f64; 2] = [-0.7, 0.95];
/// The sums of squares of the best constant and of the best line on these points.
const LEVELS: [(f64, &str); 2] = [(0.885_779, "constant .886"), (0.645_191, "line .645")];

/// Where the plots stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layout {
    /// The data, the network and its units.
    pub fit: Frame,
    /// The sum of squares over the steps; in the view of places, the mirrored loss.
    pub lower: Frame,
    /// The distances from unit 1 over the steps; nothing in the view of places.
    pub distance: Option<Frame>,
}

impl Layout {
    /// The layout on paper of this size: the fit above, the rest below.
    pub fn new(params: &Params, size_px: [f64; 2], scale: f64) -> Self {
        let (left, right, gap) = (46.0 * scale, 22.0 * scale, 62.0 * scale);
        let (top, between, bottom) = (24.0 * scale, 62.0 * scale, 42.0 * scale);
        let width = (size_px[0] - left - right).max(80.0);
        let heights = (size_px[1] - top - between - bottom).max(80.0);
        let [x_lo, x_hi] = params.x_range();
        let is_training = params.view == View::Training;
        let below = if is_training { 0.38 * heights } else { 0.56 * heights };
        let second = top + heights - below + between;
        let fit = Frame {
            data_lo: [x_lo, Y_RANGE[0]],
            data_hi: [x_hi, Y_RANGE[1]],
            corner_px: [left, top],
            size_px: [width, heights - below],
        };
        if !is_training {
            let lower =
                Frame { data_lo: [-REACH; 2], data_hi: [REACH; 2], corner_px: [left, second], size_px: [width, below] };
            return Self { fit, lower, distance: None };
        }
        let end = axis_end(params.steps);
        let frame = |[x, y]: [f64; 2], [lo, hi]: [f64; 2], size_px: [f64; 2]| Frame {
            data_lo: [0.0, lo],
            data_hi: [end, hi],
            corner_px: [x, y],
            size_px,
        };
        if size_px[1] > 1.25 * size_px[0] {
            // One below the other.
            let height = ((heights - between) / 3.0).max(30.0);
            let [second, third] = [1.0, 2.0].map(|i| top + i * (height + between));
            return Self {
                fit: Frame { size_px: [width, height], ..fit },
                lower: frame([left, second], LOSS_RANGE, [width, height]),
                distance: Some(frame([left, third], DISTANCE_RANGE, [width, height])),
            };
        }
        let half = (width - gap) / 2.0;
        Self {
            fit,
            lower: frame([left, second], LOSS_RANGE, [half, below]),
            distance: Some(frame([left + half + gap, second], DISTANCE_RANGE, [half, below])),
        }
    }
}

/// How long the axis of steps is: it need not be drawn anew at every step.
fn axis_end(steps: u64) -> f64 {
    [200, 1_000, 5_000, 20_000].into_iter().find(|end| steps <= *end).unwrap_or(super::MOST_STEPS) as f64
}

/// What does not move: axes, levels, and the mirrored loss.
pub fn draw_ground(paper: &mut Paper<'_>, layout: &Layout, surface: Option<&Surface>, theme: &Theme) {
    let scale = paper.scale();
    draw_axes(paper, &layout.fit, &Axes { x_label: "x", y_label: "y", grid: true, y_label_above: true }, theme);
    let Some(distance) = &layout.distance else {
        let frame = &layout.lower;
        if let Some(surface) = surface {
            let line = Stroke::solid(Theme::DARK.ink.with_alpha(0.22), 1.0);
            surface.draw(paper, frame, |share| ColorMap::Viridis.color(share), &line);
        }
        let axes = Axes { x_label: "across the mirror", y_label: "", grid: false, y_label_above: true };
        draw_axes(paper, frame, &axes, theme);
        title(paper, frame, "the loss along the mirror (up) and across it", theme);
        return;
    };
    let frame = &layout.lower;
    draw_axes(paper, frame, &Axes { x_label: "step", y_label: "", grid: true, y_label_above: true }, theme);
    let right = frame.far_corner_px()[0];
    for (level, name) in LEVELS {
        let [_, y] = frame.screen_from_data([0.0, level]);
        paper.stroke_line([frame.corner_px[0], y], [right, y], &Stroke::dashed(theme.faint_ink, 1.25));
        let text = Text::new(theme.faint_ink, 12.0).align(Align::End);
        paper.text(name, [right - 4.0 * scale, y - 8.0 * scale], &text);
    }
    title(paper, frame, "sum of squares", theme);
    draw_axes(paper, distance, &Axes { x_label: "step", y_label: "", grid: true, y_label_above: true }, theme);
    let level = piecewise_core::math::log10(APART);
    let ends = [0.0, distance.data_hi[0]].map(|step| distance.screen_from_data([step, level]));
    paper.stroke_line(ends[0], ends[1], &Stroke::dashed(theme.faint_ink, 1.25));
    let at = [ends[1][0] - 4.0 * scale, ends[1][1] - 8.0 * scale];
    paper.text("apart", at, &Text::new(theme.faint_ink, 12.0).align(Align::End));
    title(paper, distance, "log₁₀ distance from h₁", theme);
}

/// A title above a plot, beginning at its left edge.
fn title(paper: &mut Paper<'_>, frame: &Frame, text: &str, theme: &Theme) {
    let at = [frame.corner_px[0], frame.corner_px[1] - 12.0 * paper.scale()];
    paper.text(text, at, &Text::new(theme.ink, 13.0).align(Align::Start));
}

/// The units, the network, the data, and what happened on the way.
pub fn draw_data(paper: &mut Paper<'_>, layout: &Layout, params: &Params, scene: &Scene, theme: &Theme) {
    let frame = &layout.fit;
    let is_first = |(d, unit): &(usize, &super::Unit)| unit.same_as == *d;
    for (d, unit) in scene.units.iter().enumerate().filter(is_first) {
        // One line for several units is as thick as it has reason to be.
        let many = scene.units.iter().filter(|other| other.same_as == d).count();
        let width = 1.75 + (many.min(4) - 1) as f64;
        for piece in frame.clip_path(&unit.line) {
            paper.stroke_path(piece, &Stroke::dashed(theme.unit(d), width));
        }
    }
    for piece in frame.clip_path(&scene.model) {
        paper.stroke_path(piece.iter().copied(), &Stroke::solid(theme.casing, 6.0));
        paper.stroke_path(piece, &Stroke::solid(theme.accent, 3.25));
    }
    draw_names(paper, frame, scene, theme);
    for &point in &scene.examples {
        let at = frame.screen_from_data(point);
        paper.fill_disc(at, 4.6, theme.casing);
        paper.fill_disc(at, 3.4, theme.ink);
    }
    let at = [frame.far_corner_px()[0], frame.corner_px[1] - 12.0 * paper.scale()];
    let legend = Text::new(theme.faint_ink, 12.5).align(Align::End);
    paper.text("dashed: φ h of each unit; solid: y", at, &legend);
    match &layout.distance {
        Some(distance) => {
            draw_losses(paper, &layout.lower, scene, theme);
            draw_distances(paper, distance, scene, theme);
        }
        None => draw_places(paper, &layout.lower, params, scene, theme),
    }
}

/// The greatest height of a path, which goes to the right, up to some place.
fn highest_before(path: &[[f64; 2]], until: f64) -> Option<f64> {
    let at_end = path.windows(2).find(|pair| pair[0][0] <= until && until <= pair[1][0]).map(|pair| {
        let share = (until - pair[0][0]) / (pair[1][0] - pair[0][0]).max(f64::MIN_POSITIVE);
        pair[0][1] + share * (pair[1][1] - pair[0][1])
    });
    path.iter().filter(|point| point[0] <= until).map(|point| point[1]).chain(at_end).reduce(f64::max)
}

/// The names of the units where their lines begin, equal ones joined, as "h₁ = h₂ = h₃".
fn draw_names(paper: &mut Paper<'_>, frame: &Frame, scene: &Scene, theme: &Theme) {
    let scale = paper.scale();
    let left = frame.corner_px[0] + 6.0 * scale;
    let mut taken: Vec<f64> = Vec::new();
    for (d, unit) in scene.units.iter().enumerate().filter(|(d, unit)| unit.same_as == *d) {
        let name = name_of(scene, d);
        // Above the line all along the name.
        let until = frame.data_from_screen([left + 8.5 * scale * name.chars().count() as f64, 0.0])[0];
        let Some(highest) = highest_before(&unit.line, until) else { continue };
        let y = frame.screen_from_data([0.0, highest])[1] - 11.0 * scale;
        let inside = y > frame.corner_px[1] && y < frame.far_corner_px()[1];
        if !inside || taken.iter().any(|other| (other - y).abs() < 15.0 * scale) {
            continue;
        }
        taken.push(y);
        paper.text(&name, [left, y], &Text::new(theme.unit(d), 14.0).align(Align::Start).bold());
    }
}

/// The names of the units that are the same as unit `d`, the first of them.
pub(super) fn name_of(scene: &Scene, d: usize) -> String {
    let same: Vec<usize> = (0..scene.units.len()).filter(|&other| scene.units[other].same_as == d).collect();
    let name = |d: usize| format!("h{}", subscript(d + 1));
    match same[..] {
        [first, .., last] if same.len() > 4 => format!("{} = … = {}", name(first), name(last)),
        _ => same.iter().map(|&d| name(d)).collect::<Vec<_>>().join(" = "),
    }
}

fn draw_losses(paper: &mut Paper<'_>, frame: &Frame, scene: &Scene, theme: &Theme) {
    for piece in frame.clip_path(&scene.losses) {
        paper.stroke_path(piece, &Stroke::solid(theme.accent, 2.5));
    }
}

fn draw_distances(paper: &mut Paper<'_>, frame: &Frame, scene: &Scene, theme: &Theme) {
    let scale = paper.scale();
    for (d, series) in (1..).zip(&scene.distances) {
        for piece in frame.clip_path(series) {
            paper.stroke_path(piece, &Stroke::solid(theme.unit(d), 2.0));
        }
    }
    let equal = scene.distances.iter().filter(|series| series.is_empty()).count();
    if equal > 0 {
        let [left, bottom] = [frame.corner_px[0], frame.far_corner_px()[1]];
        let text = if equal == scene.distances.len() {
            "all of them exactly 0".to_owned()
        } else {
            format!("{equal} of {} exactly 0", scene.distances.len())
        };
        let at = [left + 8.0 * scale, bottom - 12.0 * scale];
        paper.text(&text, at, &Text::new(theme.ink, 13.0).align(Align::Start));
    }
    if let Some(growth) = &scene.growth {
        for piece in frame.clip_path(&growth.line) {
            paper.stroke_path(piece, &Stroke::dashed(theme.ink, 2.0));
        }
        let [right, bottom] = frame.far_corner_px();
        let words = [
            format!("×10 in {} steps,", (core::f64::consts::LN_10 / growth.rate).round()),
            format!("so apart at step {}", growth.predicted),
        ];
        for (text, up) in words.iter().zip([29.0, 12.0]) {
            let at = [right - 7.0 * scale, bottom - up * scale];
            paper.text(text, at, &Text::new(theme.ink, 13.0).align(Align::End));
        }
    }
}

/// The two places and the mirror between them.
fn draw_places(paper: &mut Paper<'_>, frame: &Frame, params: &Params, scene: &Scene, theme: &Theme) {
    let Some(places) = &scene.places else { return };
    let scale = paper.scale();
    let [top, foot] = [[0.0, REACH], [0.0, -REACH]].map(|point| frame.screen_from_data(point));
    paper.stroke_line(top, foot, &Stroke::solid(Theme::LIGHT.ink.with_alpha(0.6), 4.0));
    paper.stroke_line(top, foot, &Stroke::dashed(Theme::DARK.ink, 2.0));
    let on_dark = |text: &str, at: [f64; 2], align: Align, paper: &mut Paper<'_>| {
        // A shadow: the ground may be light or dark here.
        paper.text(text, [at[0] + 1.0, at[1] + 1.0], &Text::new(Theme::LIGHT.ink, 13.0).align(align).bold());
        paper.text(text, at, &Text::new(Theme::DARK.ink, 13.0).align(align).bold());
    };
    let [a, b] = places.pair.map(|d| subscript(d + 1));
    let mirror = format!("mirror: h{a} = h{b}");
    on_dark(&mirror, [top[0] + 8.0 * scale, top[1] + 14.0 * scale], Align::Start, paper);
    let here = if params.swapped { -1.0 } else { 1.0 };
    let mark = |paper: &mut Paper<'_>, x: f64, is_here: bool| {
        let at = frame.screen_from_data([x, 0.0]);
        paper.fill_disc(at, 8.5, Theme::LIGHT.ink);
        paper.fill_disc(at, 6.5, Theme::DARK.ink);
        if is_here {
            paper.fill_disc(at, 4.5, theme.accent);
        }
        at
    };
    if places.on_mirror {
        let at = mark(paper, 0.0, true);
        on_dark("here: on the mirror", [at[0] + 14.0 * scale, at[1]], Align::Start, paper);
        return;
    }
    for x in [-here, here] {
        let at = mark(paper, x, x == here);
        let text = if x == here { "here" } else { "swapped" };
        let text = if params.swapped && x != here { "as trained" } else { text };
        on_dark(text, [at[0], at[1] + 20.0 * scale], Align::Middle, paper);
    }
    // Where descent leads from the middle: along the mirror, never off it.
    let [from, to] = [[0.0, 0.0], [0.0, 0.5]].map(|point| frame.screen_from_data(point));
    paper.stroke_line(from, to, &Stroke::solid(Theme::DARK.ink, 3.0));
    paper.fill_polygon([[to[0] - 6.0, to[1]], [to[0] + 6.0, to[1]], [to[0], to[1] - 10.0]], Theme::DARK.ink);
    on_dark("descent from here", [from[0] + 10.0 * scale, from[1]], Align::Start, paper);
}

/// The unit that the person points at, and those that are the same.
pub fn draw_highlight(paper: &mut Paper<'_>, layout: &Layout, scene: &Scene, d: Option<usize>, theme: &Theme) {
    let Some(unit) = d.and_then(|d| scene.units.get(d)) else { return };
    for piece in layout.fit.clip_path(&unit.line) {
        paper.stroke_path(piece, &Stroke::solid(theme.unit(unit.same_as), 4.5));
    }
    let text = format!("{}: φ {}", name_of(scene, unit.same_as), format_number(unit.phi, 3));
    let [left, top] = layout.fit.corner_px;
    let at = [left + 10.0 * paper.scale(), top + 14.0 * paper.scale()];
    paper.text(&text, at, &Text::new(theme.unit(unit.same_as), 14.0).align(Align::Start).bold());
}
