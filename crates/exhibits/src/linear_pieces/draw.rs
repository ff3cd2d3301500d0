use piecewise_core::math;
use piecewise_plot::{
    Align, Axes, Color, ColorMap, Frame, Paper, Stroke, Text, Theme, draw_axes, draw_color_bar, format_number,
    subscript,
};

use super::{
    LINE_VIEW, PLANE_VIEW, Params, Plane, Scene,
    lens::Lens,
    line::Line,
    params::Model,
    probe::{Point, Ruler},
};

/// How long an arrow is for a gradient of length 1, and how long it gets at most, in CSS pixels.
const ARROW_PX: [f64; 2] = [72.0, 120.0];

/// Where the plot and its colour bar stand on paper of this size, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layout {
    /// The inputs, or the input and the output.
    pub plot: Frame,
    /// The colour bar, with two inputs.
    pub bar: Frame,
    /// Whether there is little room.
    pub small: bool,
}

impl Layout {
    /// With two inputs the largest square that leaves room for axes and colour bar, with one all there is.
    pub fn new(model: Model, size_px: [f64; 2], scale: f64) -> Self {
        let small = size_px[0] < 480.0 * scale;
        let is_line = model == Model::Line;
        let left = if small { 36.0 } else { 52.0 } * scale;
        let right = if is_line {
            16.0
        } else if small {
            60.0
        } else {
            78.0
        } * scale;
        let (top, bottom) = (26.0 * scale, 42.0 * scale);
        let [width, height] = [size_px[0] - left - right, size_px[1] - top - bottom].map(|side| side.max(40.0));
        let side = width.min(height);
        let x = if is_line { left } else { left + (width - side) / 2.0 };
        let view = if is_line { LINE_VIEW } else { PLANE_VIEW };
        let size_px = if is_line { [width, height] } else { [side, side] };
        let bar = Frame {
            data_lo: [0.0, 0.0],
            data_hi: [1.0, 1.0],
            corner_px: [x + side + if small { 10.0 } else { 18.0 } * scale, top],
            size_px: [if small { 9.0 } else { 14.0 } * scale, side],
        };
        Self { plot: Frame { data_lo: view.lo, data_hi: view.hi, corner_px: [x, top], size_px }, bar, small }
    }
}

/// The colour of a share of the scale.
pub(super) fn color(share: f64) -> Color {
    ColorMap::Viridis.color(share)
}

/// Axes, and with two inputs the colour bar.
pub fn draw_ground(paper: &mut Paper<'_>, layout: &Layout, scene: &Scene, theme: &Theme) {
    let Some(plane) = &scene.plane else {
        draw_axes(paper, &layout.plot, &Axes { x_label: "x", y_label: "y", grid: true, y_label_above: true }, theme);
        return;
    };
    let axes = Axes { x_label: "x₁", y_label: "x₂", grid: false, y_label_above: layout.small };
    draw_axes(paper, &layout.plot, &axes, theme);
    let bands = plane.bands;
    let (name, lo, hi) = match &scene.lens {
        // Small bends in thousandths: their zeros would run out of the picture.
        Some(lens) if lens.scale() < 0.01 => ("bend, ‰", 0.0, 1000.0 * lens.scale()),
        Some(lens) => ("bend", 0.0, lens.scale()),
        None => ("y", bands.lo, bands.lo + bands.step * bands.count as f64),
    };
    let is_lens = scene.lens.is_some();
    let color_at = |value: f64| {
        let share = (value - lo) / (hi - lo);
        let band = (share * bands.count as f64).floor() + 0.5;
        color(if is_lens { math::sqrt(share) } else { band / bands.count as f64 })
    };
    draw_color_bar(paper, &Frame { data_lo: [0.0, lo], data_hi: [1.0, hi], ..layout.bar }, name, color_at, theme);
}

/// The network: what does not move with the probe.
pub fn draw_data(paper: &mut Paper<'_>, layout: &Layout, params: &Params, scene: &Scene, theme: &Theme) {
    if let Some(plane) = &scene.plane {
        draw_plane(paper, layout, scene, plane, theme);
    }
    if let Some(line) = &scene.line {
        draw_line(paper, &layout.plot, params, scene, line, theme);
    }
}

fn draw_plane(paper: &mut Paper<'_>, layout: &Layout, scene: &Scene, plane: &Plane, theme: &Theme) {
    let frame = &layout.plot;
    let contour = Stroke::solid(Theme::LIGHT.ink.with_alpha(0.3), 1.0);
    if let Some(lens) = &scene.lens {
        lens.surface().draw(paper, frame, color, &Stroke::solid(color(0.0).with_alpha(0.0), 1.0));
        return;
    }
    if let Some(samples) = &plane.samples {
        samples.draw_bands(paper, frame, plane.bands.count, 1, &color, &contour);
        return;
    }
    for region in &plane.regions {
        region.facet.fill(paper, frame, &plane.bands, &color);
    }
    for region in &plane.regions {
        region.facet.draw_edges(paper, frame, &plane.bands, &contour);
    }
    for hinge in &plane.hinges {
        let [from, to] = [hinge.from, hinge.to].map(|end| frame.screen_from_data(end));
        paper.stroke_line(from, to, &Stroke::solid(theme.casing.with_alpha(0.85), 5.0));
    }
    for hinge in &plane.hinges {
        let [from, to] = [hinge.from, hinge.to].map(|end| frame.screen_from_data(end));
        paper.stroke_line(from, to, &Stroke::solid(theme.unit(hinge.unit), 2.5));
    }
}

/// The pattern of every region that has room for it, where the probe and the names of units leave it free.
fn draw_patterns(paper: &mut Paper<'_>, frame: &Frame, scene: &Scene, plane: &Plane, names: &[[f64; 2]]) {
    let size_px = 14.0;
    let scale = paper.scale();
    let px_per_data = frame.size_px[0] / (frame.data_hi[0] - frame.data_lo[0]);
    let probe = [&scene.here, &scene.there].map(|point| frame.screen_from_data([point.x[0], point.x[1]]));
    for region in &plane.regions {
        let half_width_px = 0.32 * size_px * scale * region.pattern.len() as f64;
        let at = frame.screen_from_data(region.centroid);
        let reach = half_width_px + 22.0 * scale;
        let free = probe.iter().chain(names).all(|other| f64::hypot(other[0] - at[0], other[1] - at[1]) > reach);
        if free && region.room * px_per_data > half_width_px {
            let ground = color(plane.bands.share(region.value(region.centroid)));
            let ink = if ground.lightness() > 0.6 { Theme::LIGHT.ink } else { Theme::DARK.ink };
            paper.text(&region.pattern, at, &Text::new(ink, size_px).bold());
        }
    }
}

/// Each unit's name on its longest line, where it covers no other name; and where the names stand.
fn draw_hinge_names(
    paper: &mut Paper<'_>,
    frame: &Frame,
    scene: &Scene,
    plane: &Plane,
    theme: &Theme,
) -> Vec<[f64; 2]> {
    let scale = paper.scale();
    let probe = [&scene.here, &scene.there].map(|point| frame.screen_from_data([point.x[0], point.x[1]]));
    let mut taken: Vec<[f64; 2]> = Vec::new();
    let n_units = plane.hinges.iter().map(|hinge| hinge.unit + 1).max().unwrap_or(0);
    for unit in 0..n_units {
        let length = |hinge: &&super::HingePiece| f64::hypot(hinge.to[0] - hinge.from[0], hinge.to[1] - hinge.from[1]);
        let of_unit = plane.hinges.iter().filter(|hinge| hinge.unit == unit);
        let Some(hinge) = of_unit.max_by(|a, b| length(a).total_cmp(&length(b))) else { continue };
        let [from, to] = [hinge.from, hinge.to].map(|end| frame.screen_from_data(end));
        let places = [0.5, 0.35, 0.65, 0.2, 0.8].map(|t| [0, 1].map(|i| from[i] + t * (to[i] - from[i])));
        let free = |at: &[f64; 2]| {
            taken.iter().chain(&probe).all(|other| f64::hypot(other[0] - at[0], other[1] - at[1]) > 34.0 * scale)
        };
        let Some(at) = places.into_iter().find(free) else { continue };
        taken.push(at);
        tag(paper, &scene.unit_name(unit), at, theme.unit(unit), theme);
    }
    taken
}

/// A short text on a ground of its own.
fn tag(paper: &mut Paper<'_>, text: &str, at: [f64; 2], color: Color, theme: &Theme) {
    let half = [(5.0 + 4.0 * text.chars().count() as f64) * paper.scale(), 10.0 * paper.scale()];
    paper.fill_rect(
        [at[0] - half[0], at[1] - half[1]],
        [at[0] + half[0], at[1] + half[1]],
        theme.casing.with_alpha(0.88),
    );
    paper.text(text, at, &Text::new(color, 14.0).bold());
}

fn draw_line(paper: &mut Paper<'_>, frame: &Frame, params: &Params, scene: &Scene, line: &Line, theme: &Theme) {
    let scale = paper.scale();
    let far = frame.far_corner_px();
    for joint in &line.joints {
        if joint.x > frame.data_lo[0] && joint.x < frame.data_hi[0] {
            let [x, _] = frame.screen_from_data([joint.x, 0.0]);
            let color = theme.unit(joint.unit);
            paper.stroke_line([x, frame.corner_px[1]], [x, far[1]], &Stroke::dashed(color, 1.5));
            tag(paper, &scene.unit_name(joint.unit), [x, far[1] - 14.0 * scale], color, theme);
        }
    }
    if let Some(lens) = &scene.lens {
        draw_lens_curve(paper, frame, params, lens, theme);
    }
    // Where the function jumps, a line would say that it takes the values between.
    for part in line.parts() {
        for path in frame.clip_path(part) {
            paper.stroke_path(path.iter().copied(), &Stroke::solid(theme.casing, 7.0));
            paper.stroke_path(path, &Stroke::solid(theme.ink, 3.25));
        }
    }
}

/// Second differences along the lower edge, so high that the largest reaches the middle.
fn draw_lens_curve(paper: &mut Paper<'_>, frame: &Frame, params: &Params, lens: &Lens, theme: &Theme) {
    let (floor, room) = (LINE_VIEW.lo[1], 1.0);
    let up = |value: f64| floor + room * value / lens.scale();
    let curve: Vec<[f64; 2]> = lens.curve().into_iter().map(|[x, value]| [x, up(value)]).collect();
    let base = [[LINE_VIEW.hi[0], floor], [LINE_VIEW.lo[0], floor]];
    let area: Vec<[f64; 2]> = curve.iter().copied().chain(base).collect();
    paper.fill_polygon(frame.clip_polygon(&area), theme.wash(theme.accent, 0.22));
    for path in frame.clip_path(&curve) {
        paper.stroke_path(path, &Stroke::solid(theme.accent, 2.0));
    }
    let [x, y] = frame.screen_from_data([LINE_VIEW.hi[0], floor + room]);
    let text = format!("largest bend {}, h = {}", format_number(lens.most, 4), format_number(params.length, 3));
    let at = [x - 8.0 * paper.scale(), y - 10.0 * paper.scale()];
    paper.text(&text, at, &Text::new(theme.accent, 13.0).align(Align::End));
}

/// The probe, its step, the maps at both ends and the ruler.
pub fn draw_probe(paper: &mut Paper<'_>, layout: &Layout, params: &Params, scene: &Scene, theme: &Theme) {
    let frame = &layout.plot;
    let (here, there) = (&scene.here, &scene.there);
    let Some(plane) = &scene.plane else {
        let on_curve = [[here.x[0], here.value], [there.x[0], there.value]];
        if params.lens {
            draw_ends(paper, frame, params, on_curve, [0.0, -1.0], theme);
            return;
        }
        let mut tangent = |point: &Point, stroke: &Stroke| {
            let ends = [frame.data_lo[0], frame.data_hi[0]].map(|x| [x, point.intercept + point.gradient[0] * x]);
            for path in frame.clip_path(&ends) {
                paper.stroke_path(path, stroke);
            }
        };
        if there.gradient != here.gradient || there.intercept != here.intercept {
            tangent(there, &Stroke::dashed(theme.faint_ink, 1.75));
        }
        tangent(here, &Stroke::dashed(theme.accent, 2.25));
        draw_ends(paper, frame, params, on_curve, [0.0, -1.0], theme);
        return;
    };
    let ends = [[here.x[0], here.x[1]], [there.x[0], there.x[1]]];
    if !params.lens {
        let outline = |region: usize| -> Vec<[f64; 2]> {
            let vertices = &plane.regions[region].facet.vertices;
            vertices.iter().chain(vertices.first()).map(|&vertex| frame.screen_from_data(vertex)).collect()
        };
        if let Some(region) = there.region.filter(|_| there.region != here.region) {
            paper.stroke_path(outline(region), &Stroke::solid(theme.casing, 5.0));
            paper.stroke_path(outline(region), &Stroke::dashed(theme.ink, 2.5));
        }
        if let Some(region) = here.region {
            paper.stroke_path(outline(region), &Stroke::solid(theme.casing, 7.0));
            paper.stroke_path(outline(region), &Stroke::solid(theme.accent, 3.5));
        }
        let names = draw_hinge_names(paper, frame, scene, plane, theme);
        draw_patterns(paper, frame, scene, plane, &names);
        if let Some(ruler) = &scene.ruler {
            draw_ruler(paper, frame, ruler, theme);
        } else {
            for (point, at) in [(here, ends[0]), (there, ends[1])] {
                draw_gradient(paper, frame.screen_from_data(at), point, theme);
            }
        }
    }
    draw_ends(paper, frame, params, ends, [here.gradient[0], here.gradient[1]], theme);
}

/// The step and its two ends; under the lens its mirror image, too.
fn draw_ends(
    paper: &mut Paper<'_>,
    frame: &Frame,
    params: &Params,
    [from, to]: [[f64; 2]; 2],
    uphill: [f64; 2],
    theme: &Theme,
) {
    let scale = paper.scale();
    let [a, b] = [from, to].map(|end| frame.screen_from_data(end));
    paper.stroke_line(a, b, &Stroke::solid(theme.casing.with_alpha(0.85), 5.0));
    paper.stroke_line(a, b, &Stroke::dashed(theme.ink, 2.0));
    if params.lens && params.model != Model::Line {
        let c = [2.0 * a[0] - b[0], 2.0 * a[1] - b[1]];
        paper.stroke_line(a, c, &Stroke::solid(theme.casing.with_alpha(0.85), 5.0));
        paper.stroke_line(a, c, &Stroke::dashed(theme.ink, 2.0));
    }
    for (at, color) in [(b, theme.ink), (a, theme.accent)] {
        paper.fill_disc(at, 7.0, theme.casing);
        paper.fill_disc(at, 5.0, color);
    }
    // Names stand beside the step, where the gradient does not go; of a step up or down at its right.
    let length = f64::hypot(b[0] - a[0], b[1] - a[1]).max(1.0);
    let side = [-(b[1] - a[1]) / length, (b[0] - a[0]) / length];
    let sign = if side[0] * uphill[0] - side[1] * uphill[1] > 0.0 { -1.0 } else { 1.0 };
    let beside = |at: [f64; 2], reach: [f64; 2]| [0, 1].map(|i| at[i] + sign * reach[i] * scale * side[i]);
    tag(paper, "x", beside(a, [18.0, 20.0]), theme.accent, theme);
    tag(paper, "x + h", beside(b, [34.0, 20.0]), theme.ink, theme);
}

/// The gradient as an arrow.
fn draw_gradient(paper: &mut Paper<'_>, at: [f64; 2], point: &Point, theme: &Theme) {
    let steepness = point.steepness();
    if steepness < 1e-9 {
        return;
    }
    let scale = paper.scale();
    let length = (ARROW_PX[0] * steepness).min(ARROW_PX[1]) * scale;
    // Data grows upwards and pixels downwards.
    let way = [point.gradient[0] / steepness, -point.gradient[1] / steepness];
    let put = |along: f64, off: f64| [at[0] + along * way[0] - off * way[1], at[1] + along * way[1] + off * way[0]];
    let neck = (length - 12.0 * scale).max(0.0);
    let head = |grow: f64| {
        let [back, side, tip] = [neck - grow, 8.0 * scale + 1.6 * grow, length + 2.0 * scale + 2.0 * grow];
        [put(back, side), put(tip, 0.0), put(back, -side)]
    };
    paper.stroke_line(at, put(neck, 0.0), &Stroke::solid(theme.casing, 8.0));
    paper.fill_polygon(head(2.0 * scale), theme.casing);
    paper.stroke_line(at, put(neck, 0.0), &Stroke::solid(theme.accent, 4.0));
    paper.fill_polygon(head(0.0), theme.accent);
}

/// A ruler with a mark at every contour, and the distance between them.
fn draw_ruler(paper: &mut Paper<'_>, frame: &Frame, ruler: &Ruler, theme: &Theme) {
    let scale = paper.scale();
    let [a, b] = ruler.ends.map(|end| frame.screen_from_data(end));
    let length = f64::hypot(b[0] - a[0], b[1] - a[1]).max(1e-9);
    let side = [-(b[1] - a[1]) / length, (b[0] - a[0]) / length];
    let beside = |at: [f64; 2], off: f64| [at[0] + off * scale * side[0], at[1] + off * scale * side[1]];
    let body = [beside(a, 0.0), beside(b, 0.0), beside(b, 24.0), beside(a, 24.0)];
    paper.fill_polygon(body, theme.surface.with_alpha(0.92));
    paper.stroke_path(body.into_iter().chain([body[0]]), &Stroke::solid(theme.ink, 1.25));
    for &mark in &ruler.marks {
        let at = frame.screen_from_data(mark);
        paper.stroke_line(at, beside(at, 8.0), &Stroke::solid(theme.ink, 1.75));
        paper.fill_disc(at, 3.0, theme.accent);
    }
    for (pair, &spacing) in ruler.marks.windows(2).zip(&ruler.spacings) {
        let [from, to] = [pair[0], pair[1]].map(|mark| frame.screen_from_data(mark));
        // A number where there is room for it; steep rulers have less of it across the line.
        if f64::hypot(to[0] - from[0], to[1] - from[1]) > 24.0 * scale {
            let middle = [f64::midpoint(from[0], to[0]), f64::midpoint(from[1], to[1])];
            let text = format_number(spacing, 3);
            paper.text(text.trim_start_matches('0'), beside(middle, 14.0), &Text::new(theme.ink, 10.0));
        }
    }
}

/// With one input: what each unit adds, φ_d h_d, in its colour.
pub fn draw_shares(paper: &mut Paper<'_>, scene: &Scene, line: &Line, theme: &Theme) {
    let layout = Layout::new(Model::Line, paper.size_px(), paper.scale());
    let frame = &layout.plot;
    draw_axes(paper, frame, &Axes { x_label: "x", y_label: "φ h", grid: true, y_label_above: true }, theme);
    for (unit, points) in line.units.iter().enumerate() {
        for part in line.split(points) {
            for path in frame.clip_path(part) {
                paper.stroke_path(path, &Stroke::solid(theme.unit(unit), 3.0));
            }
        }
    }
    let [x, _] = frame.screen_from_data([scene.here.x[0], 0.0]);
    paper.stroke_line([x, frame.corner_px[1]], [x, frame.far_corner_px()[1]], &Stroke::dashed(theme.accent, 1.75));
    for (unit, points) in line.units.iter().enumerate() {
        let at = points.iter().rev().find(|point| point[1].abs() < 0.9 && point[1] != 0.0);
        if let Some(&at) = at {
            let [x, y] = frame.screen_from_data(at);
            let name = format!("φ{0}h{0}", subscript(unit + 1));
            tag(paper, &name, [x.min(frame.far_corner_px()[0] - 24.0 * paper.scale()), y], theme.unit(unit), theme);
        }
    }
}
