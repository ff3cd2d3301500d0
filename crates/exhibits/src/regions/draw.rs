use piecewise_plot::{Axes, ColorMap, Frame, Paper, Stroke, Text, Theme, draw_axes, draw_color_bar, subscript};

use super::{Params, Scene, scene::VIEW};

/// Where the plot and its colour bar stand on paper of this size, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layout {
    /// The square that shows the plane.
    pub plot: Frame,
    /// The colour bar; its vertical data range is set when it is drawn.
    pub bar: Frame,
    /// Whether there is little room.
    pub small: bool,
}

impl Layout {
    /// The largest square that leaves room for axes and colour bar; both stand in the middle of the paper.
    pub fn new(size_px: [f64; 2], scale: f64) -> Self {
        // On a phone every pixel of margin is missing in the picture.
        let small = size_px[0] < 480.0 * scale;
        let (left, right) = if small { (36.0 * scale, 60.0 * scale) } else { (52.0 * scale, 78.0 * scale) };
        let (top, bottom) = (26.0 * scale, 42.0 * scale);
        let side = (size_px[0] - left - right).min(size_px[1] - top - bottom).max(40.0);
        let x = left + (size_px[0] - left - right - side).max(0.0) / 2.0;
        let plot = Frame { data_lo: VIEW.lo, data_hi: VIEW.hi, corner_px: [x, top], size_px: [side, side] };
        let bar = Frame {
            data_lo: [0.0, 0.0],
            data_hi: [1.0, 1.0],
            corner_px: [x + side + if small { 10.0 } else { 18.0 } * scale, top],
            size_px: [if small { 9.0 } else { 14.0 } * scale, side],
        };
        Self { plot, bar, small }
    }
}

/// Axes and colour bar: what stays while values change.
pub fn draw_ground(paper: &mut Paper<'_>, layout: &Layout, color_map: ColorMap, [lo, hi]: [f64; 2], theme: &Theme) {
    draw_axes(
        paper,
        &layout.plot,
        &Axes { x_label: "x₁", y_label: "x₂", grid: false, y_label_above: layout.small },
        theme,
    );
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
    for (unit, hinge) in scene.hinges.iter().enumerate() {
        if let Some(hinge) = hinge {
            let (from, to) = (at(hinge.from), at(hinge.to));
            paper.stroke_line(from, to, &Stroke::solid(theme.casing.with_alpha(0.85), 5.0));
            paper.stroke_line(from, to, &Stroke::solid(theme.unit(unit), 2.5));
        }
    }
    if params.patterns {
        draw_patterns(paper, frame, params, scene);
    }
    draw_hinge_names(paper, frame, scene, theme);
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
fn draw_hinge_names(paper: &mut Paper<'_>, frame: &Frame, scene: &Scene, theme: &Theme) {
    let scale = paper.scale();
    let [width, height] = [28.0 * scale, 20.0 * scale];
    let (lo, hi) = (frame.corner_px, frame.far_corner_px());
    let mut taken: Vec<[f64; 2]> = Vec::new();
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
        let name = format!("h{}", subscript(unit + 1));
        paper.text(&name, center, &Text::new(color, 14.0).bold());
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
