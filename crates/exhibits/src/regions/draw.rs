use piecewise_plot::{Axes, ColorMap, Frame, Paper, Stroke, Text, Theme, draw_axes, draw_color_bar};

use super::{Bend, MOST_STEPS, Params, Scene, unit_name};

/// With more units of deeper layers than this, their boundaries are thin and bear no names.
const MOST_NAMED: usize = 12;

/// Where the plot and its colour bar stand on paper of this size, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layout {
    /// The square that shows the plane.
    pub plot: Frame,
    /// The colour bar; its vertical data range is set when it is drawn.
    pub bar: Frame,
    /// The plot of regions against steps, below, when there is a run.
    pub run: Option<Frame>,
    /// Whether there is little room.
    pub small: bool,
}

impl Layout {
    /// The largest square that leaves room for axes and colour bar; both stand in the middle of the paper.
    pub fn new(size_px: [f64; 2], scale: f64, scene: &Scene) -> Self {
        // On a phone every pixel of margin is missing in the picture.
        let small = size_px[0] < 480.0 * scale;
        let (left, right) = if small { (36.0 * scale, 60.0 * scale) } else { (52.0 * scale, 78.0 * scale) };
        let (top, bottom) = (26.0 * scale, 42.0 * scale);
        let strip = if scene.run.is_some() { 0.25 * size_px[1] } else { 0.0 };
        let side = (size_px[0] - left - right).min(size_px[1] - strip - top - bottom).max(40.0);
        let x = left + (size_px[0] - left - right - side).max(0.0) / 2.0;
        let plot = Frame { data_lo: scene.view.lo, data_hi: scene.view.hi, corner_px: [x, top], size_px: [side, side] };
        let run = scene.run.as_ref().map(|run| Frame {
            data_lo: [0.0, 0.0],
            data_hi: [MOST_STEPS as f64, 1.12 * run.most as f64],
            corner_px: [left, size_px[1] - strip + 0.3 * bottom],
            size_px: [(size_px[0] - left - right).max(40.0), (strip - 1.3 * bottom).max(30.0)],
        });
        let bar = Frame {
            data_lo: [0.0, 0.0],
            data_hi: [1.0, 1.0],
            corner_px: [x + side + if small { 10.0 } else { 18.0 } * scale, top],
            size_px: [if small { 9.0 } else { 14.0 } * scale, side],
        };
        Self { plot, bar, run, small }
    }
}

/// Axes and colour bar: what stays while values change.
pub fn draw_ground(paper: &mut Paper<'_>, layout: &Layout, color_map: ColorMap, scene: &Scene, theme: &Theme) {
    let ([x_label, y_label], [lo, hi]) = (scene.axes, scene.value_range);
    draw_axes(paper, &layout.plot, &Axes { x_label, y_label, grid: false, y_label_above: layout.small }, theme);
    let bar = Frame { data_lo: [0.0, lo], data_hi: [1.0, hi], ..layout.bar };
    draw_color_bar(paper, &bar, "y", |value| color_map.color((value - lo) / (hi - lo)), theme);
}

/// Regions, contours, hinges and patterns.
pub fn draw_data(paper: &mut Paper<'_>, layout: &Layout, params: &Params, scene: &Scene, theme: &Theme) {
    let frame = &layout.plot;
    let at = |point: [f64; 2]| frame.screen_from_data(point);
    for band in &scene.bands {
        paper.fill_polygon(band.vertices.iter().copied().map(at), params.color_map.color(band.share));
    }
    if params.contours {
        for contour in &scene.contours {
            let ground = params.color_map.color(scene.share(contour.value));
            let line = if ground.lightness() > 0.6 { Theme::LIGHT.ink } else { Theme::DARK.ink };
            paper.stroke_line(at(contour.from), at(contour.to), &Stroke::solid(line.with_alpha(0.35), 1.0));
        }
    }
    for bend in scene.bends.iter().filter(|bend| !params.hide.contains(&(bend.layer + 1))) {
        draw_bend(paper, frame, scene, bend, params.selected() == Some((bend.layer, bend.unit)), theme);
    }
    let shows_first = !params.hide.contains(&1);
    for (unit, hinge) in scene.hinges.iter().enumerate().filter(|_| shows_first) {
        if let Some(hinge) = hinge {
            let (from, to) = (at(hinge.from), at(hinge.to));
            let width = if scene.hinges.len() > MOST_NAMED { 1.75 } else { 2.5 };
            paper.stroke_line(from, to, &Stroke::solid(theme.casing.with_alpha(0.85), 2.0 * width));
            paper.stroke_line(from, to, &Stroke::solid(theme.unit(unit), width));
        }
    }
    draw_dual(paper, frame, scene, theme);
    if params.patterns && scene.dual.is_empty() {
        draw_patterns(paper, frame, params, scene);
    }
    let mut taken = Vec::new();
    if shows_first && scene.hinges.len() <= MOST_NAMED {
        draw_hinge_names(paper, frame, scene, &mut taken, theme);
    }
    if scene.bends.len() <= MOST_NAMED {
        for bend in scene.bends.iter().filter(|bend| !params.hide.contains(&(bend.layer + 1))) {
            draw_bend_name(paper, frame, bend, &mut taken, theme);
        }
    }
    draw_ray(paper, frame, scene, theme);
    for (mark, name) in scene.marks.iter().zip(["A", "B", "C"]) {
        paper.fill_disc(at(*mark), 6.5, theme.casing);
        paper.fill_disc(at(*mark), 4.5, theme.ink);
        draw_tag(paper, name, [at(*mark)[0], at(*mark)[1] - 17.0 * paper.scale()], theme.ink, theme);
    }
}

/// The boundary of a unit of a deeper layer: thinner and in shorter dashes from layer to layer.
fn draw_bend(paper: &mut Paper<'_>, frame: &Frame, scene: &Scene, bend: &Bend, selected: bool, theme: &Theme) {
    let many = scene.bends.len() > MOST_NAMED;
    let color = theme.unit(bend.unit);
    let width =
        [2.5, 2.2, 1.8, 1.5][bend.layer.min(3)] * if many { 0.6 } else { 1.0 } * if selected { 1.7 } else { 1.0 };
    let dashes: &[f64] = match bend.layer {
        _ if many => &[],
        0 => &[],
        1 => &[10.0, 3.0],
        2 => &[5.0, 3.0],
        _ => &[2.0, 3.0],
    };
    for path in &bend.paths {
        let path: Vec<[f64; 2]> = path.iter().map(|&point| frame.screen_from_data(point)).collect();
        if !many || selected {
            paper.stroke_path(path.iter().copied(), &Stroke::solid(theme.casing.with_alpha(0.85), width + 2.5));
        }
        paper.stroke_path(path, &Stroke { color, width_px: width, dashes_px: dashes });
    }
}

/// A small text on a ground of its own.
fn draw_tag(paper: &mut Paper<'_>, text: &str, center: [f64; 2], ink: piecewise_plot::Color, theme: &Theme) {
    let scale = paper.scale();
    let half = [(4.5 * text.chars().count() as f64 + 5.0) * scale, 10.0 * scale];
    let corner = |sign: f64| [center[0] + sign * half[0], center[1] + sign * half[1]];
    paper.fill_rect(corner(-1.0), corner(1.0), theme.casing.with_alpha(0.9));
    paper.text(text, center, &Text::new(ink, 14.0).bold());
}

/// The name of a boundary in the middle of its longest straight piece, unless something stands there.
fn draw_bend_name(paper: &mut Paper<'_>, frame: &Frame, bend: &Bend, taken: &mut Vec<[f64; 2]>, theme: &Theme) {
    let scale = paper.scale();
    let pieces = bend.paths.iter().flat_map(|path| path.windows(2));
    let ends = |pair: &[[f64; 2]]| [frame.screen_from_data(pair[0]), frame.screen_from_data(pair[1])];
    let length = |[a, b]: [[f64; 2]; 2]| f64::hypot(b[0] - a[0], b[1] - a[1]);
    let mut pieces: Vec<[[f64; 2]; 2]> = pieces.map(ends).filter(|&piece| length(piece) > 30.0 * scale).collect();
    pieces.sort_by(|&a, &b| length(b).total_cmp(&length(a)));
    let free = |center: &[f64; 2]| {
        taken
            .iter()
            .all(|other| (other[0] - center[0]).abs() > 32.0 * scale || (other[1] - center[1]).abs() > 20.0 * scale)
    };
    let centers = pieces.iter().map(|[a, b]| [f64::midpoint(a[0], b[0]), f64::midpoint(a[1], b[1])]);
    if let Some(center) = centers.into_iter().find(free) {
        taken.push(center);
        draw_tag(paper, &unit_name(bend.layer, bend.unit), center, theme.unit(bend.unit), theme);
    }
}

/// A dot for every region, an edge for every shared side.
fn draw_dual(paper: &mut Paper<'_>, frame: &Frame, scene: &Scene, theme: &Theme) {
    if scene.dual.is_empty() {
        return;
    }
    let many = scene.regions.len() > 200;
    let (width, radius) = if many { (1.0, 1.75) } else { (2.5, 6.0) };
    for edge in &scene.dual {
        let path = edge.points.map(|point| frame.screen_from_data(point));
        paper.stroke_path(path, &Stroke::solid(theme.casing.with_alpha(0.9), width + 3.0));
        paper.stroke_path(path, &Stroke::dashed(theme.unit(edge.unit.1), width));
    }
    for region in &scene.regions {
        let at = frame.screen_from_data(region.centroid);
        paper.fill_disc(at, radius + 1.5, theme.casing);
        paper.fill_disc(at, radius, theme.ink);
        if !many && region.room > 0.0 && region.pattern.len() <= 8 {
            draw_tag(paper, &region.pattern, [at[0], at[1] - 18.0 * paper.scale()], theme.ink, theme);
        }
    }
}

/// The ray, with a mark where a unit switches.
fn draw_ray(paper: &mut Paper<'_>, frame: &Frame, scene: &Scene, theme: &Theme) {
    let Some(ray) = &scene.ray else { return };
    let scale = paper.scale();
    let (from, to) = (frame.screen_from_data(ray.from), frame.screen_from_data(ray.to));
    paper.stroke_line(from, to, &Stroke::solid(theme.casing, 7.0));
    paper.stroke_line(from, to, &Stroke::solid(theme.ink, 3.0));
    let length = f64::hypot(to[0] - from[0], to[1] - from[1]);
    if length < 1.0 {
        return;
    }
    let way = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
    // The arrow head in the middle, so that the handle at the end does not cover it.
    let tip = [0, 1].map(|i| from[i] + 0.55 * (to[i] - from[i]) + 8.0 * scale * way[i]);
    let back = |side: f64| {
        [tip[0] - scale * (13.0 * way[0] - 6.0 * side * way[1]), tip[1] - scale * (13.0 * way[1] + 6.0 * side * way[0])]
    };
    paper.fill_polygon([tip, back(1.0), back(-1.0)], theme.ink);
    for step in &ray.steps {
        if let Some(unit) = step.crossed {
            let (_, unit) = super::place_of(&scene.widths, unit);
            let at = frame.screen_from_data(ray.point(step.t[1]));
            paper.fill_disc(at, 6.5, theme.casing);
            paper.fill_disc(at, 4.5, theme.unit(unit));
        }
    }
}

/// The pattern of every region that has room for it.
fn draw_patterns(paper: &mut Paper<'_>, frame: &Frame, params: &Params, scene: &Scene) {
    let size_px = 15.0;
    let px_per_data = frame.size_px[0] / (frame.data_hi[0] - frame.data_lo[0]);
    for region in &scene.regions {
        let half_width_px = 0.32 * size_px * paper.scale() * region.pattern.len() as f64;
        if region.room * px_per_data > half_width_px.max(0.6 * size_px * paper.scale()) {
            let ground = params.color_map.color(scene.share(region.value(region.centroid)));
            let ink = if ground.lightness() > 0.6 { Theme::LIGHT.ink } else { Theme::DARK.ink };
            paper.text(&region.pattern, frame.screen_from_data(region.centroid), &Text::new(ink, size_px).bold());
        }
    }
}

/// Each unit's name on its hinge, on the side where the unit is on, with an arrow towards that side. A name stands where it
/// covers no other; when there is no such place, it is left out.
fn draw_hinge_names(paper: &mut Paper<'_>, frame: &Frame, scene: &Scene, taken: &mut Vec<[f64; 2]>, theme: &Theme) {
    let scale = paper.scale();
    let [width, height] = [28.0 * scale, 20.0 * scale];
    let (lo, hi) = (frame.corner_px, frame.far_corner_px());
    for (unit, hinge) in scene.hinges.iter().enumerate() {
        let Some(hinge) = hinge else { continue };
        let [from, to] = [hinge.from, hinge.to].map(|end| frame.screen_from_data(end));
        let length = f64::hypot(to[0] - from[0], to[1] - from[1]);
        let way = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
        // Data grows upwards and pixels downwards: the left of the way in data space is (y, −x) of the way on the paper.
        let open = [way[1], -way[0]];
        let along = |distance: f64, off: f64| {
            [from[0] + distance * way[0] + off * open[0], from[1] + distance * way[1] + off * open[1]]
        };
        let fits = |center: &[f64; 2]| {
            let inside = (0..2).all(|axis| {
                let half = [width, height][axis] / 2.0 + 2.0;
                center[axis] - half >= lo[axis] && center[axis] + half <= hi[axis]
            });
            let free =
                taken.iter().all(|other| (other[0] - center[0]).abs() > width || (other[1] - center[1]).abs() > height);
            inside && free
        };
        // Near the beginning first, then step by step along the hinge.
        let places =
            (0..40).map(|step| (34.0 + 12.0 * f64::from(step)) * scale).take_while(|&at| at < length - 20.0 * scale);
        let place = places.map(|at| (at, along(at + 22.0 * scale, 16.0 * scale))).find(|(_, center)| fits(center));
        let Some((arrow, center)) = place else { continue };
        taken.push(center);

        let color = theme.unit(unit);
        let (tail, tip) = (along(arrow, 0.0), along(arrow, 13.0 * scale));
        paper.stroke_line(tail, tip, &Stroke::solid(theme.casing.with_alpha(0.85), 5.0));
        paper.stroke_line(tail, tip, &Stroke::solid(color, 2.5));
        let head = [
            along(arrow - 5.0 * scale, 11.0 * scale),
            along(arrow, 19.0 * scale),
            along(arrow + 5.0 * scale, 11.0 * scale),
        ];
        paper.fill_polygon(head, color);
        let corner = |sx: f64, sy: f64| [center[0] + sx * width / 2.0, center[1] + sy * height / 2.0];
        paper.fill_rect(corner(-1.0, -1.0), corner(1.0, 1.0), theme.casing.with_alpha(0.9));
        paper.text(&unit_name(0, unit), center, &Text::new(color, 14.0).bold());
    }
}

/// Outlines one region, and more faintly its neighbours.
pub fn draw_highlight(paper: &mut Paper<'_>, layout: &Layout, scene: &Scene, region: usize, theme: &Theme) {
    let Some(shape) = scene.regions.get(region) else { return };
    let outline = |vertices: &[[f64; 2]]| -> Vec<[f64; 2]> {
        vertices.iter().chain(vertices.first()).map(|&vertex| layout.plot.screen_from_data(vertex)).collect()
    };
    for &neighbour in &shape.neighbours {
        paper.stroke_path(outline(&scene.regions[neighbour].vertices), &Stroke::dashed(theme.casing, 2.0));
    }
    paper.stroke_path(outline(&shape.vertices), &Stroke::solid(theme.casing, 7.0));
    paper.stroke_path(outline(&shape.vertices), &Stroke::solid(theme.accent, 3.5));
}

/// Makes one unit's hinge stand out.
pub fn draw_hinge_highlight(paper: &mut Paper<'_>, layout: &Layout, scene: &Scene, unit: usize, theme: &Theme) {
    if let Some(hinge) = scene.hinges.get(unit).copied().flatten() {
        let [from, to] = [hinge.from, hinge.to].map(|end| layout.plot.screen_from_data(end));
        paper.stroke_line(from, to, &Stroke::solid(theme.casing, 9.0));
        paper.stroke_line(from, to, &Stroke::solid(theme.unit(unit), 5.0));
    }
}

/// Makes the boundary of one unit of a deeper layer stand out; `index` is its place among the boundaries of the scene.
pub fn draw_bend_highlight(paper: &mut Paper<'_>, layout: &Layout, scene: &Scene, index: usize, theme: &Theme) {
    let Some(bend) = scene.bends.get(index) else { return };
    for path in &bend.paths {
        let path: Vec<[f64; 2]> = path.iter().map(|&point| layout.plot.screen_from_data(point)).collect();
        paper.stroke_path(path.iter().copied(), &Stroke::solid(theme.casing, 8.0));
        paper.stroke_path(path, &Stroke::solid(theme.unit(bend.unit), 4.5));
    }
}
