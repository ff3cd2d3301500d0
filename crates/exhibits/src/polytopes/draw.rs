use piecewise_core::math;
use piecewise_plot::{
    Align, Axes, Color, ColorMap, Frame, Paper, Stroke, Text, Theme, draw_axes, draw_color_bar, subscript,
};

use super::{
    Coloring, Params, Section, Solid, Stand,
    scene::{Cell, Face, SQUARE, unit_name},
};

/// What is lit up in a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Lit {
    /// The cell that is picked out, by index.
    pub picked: Option<usize>,
    /// The cell that the person points at, by index.
    pub cell: Option<usize>,
    /// The unit whose plane is attended to.
    pub unit: Option<usize>,
}

/// What the pictures are made of.
#[derive(Clone, Copy, Debug)]
pub struct Picture<'a> {
    /// How cells are coloured and named.
    pub params: &'a Params,
    /// The cells.
    pub solid: &'a Solid,
    /// The cross-section.
    pub section: &'a Section,
    /// What is lit up.
    pub lit: Lit,
    /// The colours.
    pub theme: &'a Theme,
}

/// How many cells there may be for their patterns to be written on them.
const MOST_NAMED: usize = 32;

/// By how much of a turn each unit changes the hue of a cell when it is on.
const HUES: [f64; 13] = [0.5, 0.25, 0.125, 0.3125, 0.1875, 0.4375, 0.0625, 0.344, 0.219, 0.156, 0.281, 0.406, 0.094];

/// Where the light comes from: to the right, up, and towards the viewer; of length 1.
const LIGHT: [f64; 3] = [-0.36, 0.64, 0.68];

/// A colour of this lightness, 0 to 1, chroma, and hue in turns (Oklab: Ottosson, 2020).
fn oklch(lightness: f64, chroma: f64, hue: f64) -> Color {
    let angle = core::f64::consts::TAU * hue;
    let (a, b) = (chroma * math::cos(angle), chroma * math::sin(angle));
    let cube = |x: f64| x * x * x;
    let l = cube(lightness + 0.396_338 * a + 0.215_804 * b);
    let m = cube(lightness - 0.105_561 * a - 0.063_854 * b);
    let s = cube(lightness - 0.089_484 * a - 1.291_486 * b);
    let byte = |linear: f64| {
        let x = linear.clamp(0.0, 1.0);
        let encoded = if x < 0.003_13 { 12.92 * x } else { 1.055 * math::powf(x, 1.0 / 2.4) - 0.055 };
        (255.0 * encoded).round() as u8
    };
    let rgb = (
        byte(4.076_742 * l - 3.307_712 * m + 0.230_970 * s),
        byte(-1.268_438 * l + 2.609_757 * m - 0.341_319 * s),
        byte(-0.004_196 * l - 0.703_419 * m + 1.707_615 * s),
    );
    Color { rgb, alpha: 1.0 }
}

/// A colour so far on the way from one to another.
fn mix(from: Color, to: Color, share: f64) -> Color {
    let part = |a: u8, b: u8| (f64::from(a) + share * (f64::from(b) - f64::from(a))).round() as u8;
    let ((r, g, b), (x, y, z)) = (from.rgb, to.rgb);
    Color { rgb: (part(r, x), part(g, y), part(b, z)), alpha: from.alpha }
}

/// The colour of a cell in every picture.
pub fn cell_color(params: &Params, solid: &Solid, cell: &Cell) -> Color {
    if params.colors == Coloring::Output {
        return ColorMap::Viridis.color(solid.share(cell));
    }
    let on = cell.pattern.bytes().zip(HUES).filter(|(gate, _)| *gate == b'1');
    let (n_on, hue) = on.fold((0, 0.12), |(n, hue), (_, step)| (n + 1, hue + step));
    // One unit more or less: across every face the lightness changes too.
    oklch(if n_on % 2 == 0 { 0.80 } else { 0.70 }, 0.105, hue)
}

/// Dark on light grounds, light on dark ones.
fn ink_on(ground: Color) -> Color {
    if ground.lightness() > 0.55 { Theme::LIGHT.ink } else { Theme::DARK.ink }
}

/// The cube with its cells.
pub fn draw_space(paper: &mut Paper<'_>, stand: &Stand, picture: &Picture<'_>) {
    let &Picture { params, solid, section, lit, theme } = picture;
    draw_axis_directions(paper, stand, theme);
    draw_section_frame(paper, stand, section, theme, false);
    let neighbours = lit.picked.map(|picked| solid.cells[picked].neighbours()).unwrap_or_default();
    // The more cells there are, the less of each may be left for the one that is picked out to be seen among them.
    let faint = (3.0 / solid.cells.len() as f64).clamp(0.035, 0.12);
    let mut is_hidden = false;
    for index in solid.back_to_front(&stand.view) {
        let cell = &solid.cells[index];
        let alpha = match lit.picked {
            Some(picked) if picked == index => 1.0,
            // What may hide it.
            Some(_) if is_hidden => faint,
            Some(_) if neighbours.binary_search(&index).is_ok() => 0.26,
            Some(_) => faint,
            None if params.glass => 0.3,
            None => 1.0,
        };
        is_hidden |= lit.picked == Some(index);
        draw_cell(paper, stand, picture, cell, alpha);
        if let Some(cut) = section.cuts.iter().find(|cut| cut.cell == Some(index)) {
            let line = Stroke::solid(theme.accent.with_alpha(alpha.max(0.2)), 2.0);
            for (k, side) in cut.sides.iter().enumerate() {
                if stand.view.depth(side.outward) > 0.0 {
                    let ends = [k, (k + 1) % cut.vertices.len()].map(|i| section.in_space(cut.vertices[i]));
                    let [from, to] = ends.map(|end| stand.screen(end, cell.centroid));
                    paper.stroke_line(from, to, &line);
                }
            }
        }
    }
    draw_section_frame(paper, stand, section, theme, true);
    draw_key(paper, picture);
}

/// The faces of a cell that are turned to the viewer.
fn draw_cell(paper: &mut Paper<'_>, stand: &Stand, picture: &Picture<'_>, cell: &Cell, alpha: f64) {
    let &Picture { params, solid, lit, theme, .. } = picture;
    let color = cell_color(params, solid, cell);
    // Where much shows through, lines in the colour of texts do, too.
    let edge = match alpha {
        1.0 => Stroke::solid(Theme::LIGHT.ink.with_alpha(0.7), 1.0),
        _ => Stroke::solid(theme.ink.with_alpha((1.6 * alpha).min(0.5)), 1.0),
    };
    let mut ring: Vec<[f64; 2]> = Vec::with_capacity(8);
    // The face that has the most room for a name.
    let mut roomiest: (f64, [f64; 2]) = (0.0, [0.0; 2]);
    for face in cell.faces.iter().filter(|face| stand.view.depth(face.normal) > 0.0) {
        ring.clear();
        ring.extend(face.vertices.iter().map(|&vertex| stand.screen(vertex, cell.centroid)));
        let is_lit = lit.unit.is_some() && face.unit == lit.unit;
        let base = match lit.unit.filter(|_| is_lit) {
            Some(unit) => mix(color, theme.unit(unit), 0.6),
            None => color,
        };
        let alpha = if is_lit { alpha.max(0.35) } else { alpha };
        paper.fill_polygon(ring.iter().copied(), shaded(base, stand, face).with_alpha(alpha));
        ring.push(ring[0]);
        paper.stroke_path(ring.iter().copied(), &edge);
        ring.pop();
        let room = room(&ring);
        if room.0 > roomiest.0 {
            roomiest = room;
        }
    }
    let named = params.patterns && solid.cells.len() <= MOST_NAMED && alpha > 0.2;
    let size_px = 13.0;
    if named && roomiest.0 > (0.33 * cell.pattern.len() as f64).max(0.7) * size_px * paper.scale() {
        let ink = if alpha > 0.5 { ink_on(color) } else { theme.ink };
        paper.text(&cell.pattern, roomiest.1, &Text::new(ink, size_px).bold());
    }
}

/// The colour of a face in the light.
fn shaded(color: Color, stand: &Stand, face: &Face) -> Color {
    let seen = stand.view.seen(face.normal);
    let light = (0..3).map(|i| seen[i] * LIGHT[i]).sum::<f64>();
    if light > 0.75 {
        mix(color, Color::hex(0xffffff), 0.7 * (light - 0.75))
    } else {
        mix(color, Color::hex(0x101828), 0.34 * (0.75 - light))
    }
}

/// How far the middle of a polygon is from its nearest side, and that middle.
fn room(ring: &[[f64; 2]]) -> (f64, [f64; 2]) {
    let n = ring.len() as f64;
    let middle = [0, 1].map(|axis| ring.iter().map(|point| point[axis]).sum::<f64>() / n);
    let distance = |i: usize| {
        let (a, b) = (ring[i], ring[(i + 1) % ring.len()]);
        let way = [b[0] - a[0], b[1] - a[1]];
        ((way[0] * (middle[1] - a[1]) - way[1] * (middle[0] - a[0])) / f64::hypot(way[0], way[1])).abs()
    };
    ((0..ring.len()).map(distance).fold(f64::INFINITY, f64::min), middle)
}

/// A line with a head at its end.
fn draw_arrow(paper: &mut Paper<'_>, [from, to]: [[f64; 2]; 2], head_px: f64, stroke: &Stroke) {
    paper.stroke_line(from, to, stroke);
    let length = f64::hypot(to[0] - from[0], to[1] - from[1]);
    if length > 4.0 {
        let way = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
        let size = head_px * paper.scale();
        let corner = |back: f64, aside: f64| {
            [to[0] - size * (back * way[0] + aside * way[1]), to[1] - size * (back * way[1] - aside * way[0])]
        };
        paper.fill_polygon([corner(-1.0, 0.0), corner(1.0, 0.9), corner(1.0, -0.9)], stroke.color);
    }
}

/// Which way the axes run, in the lower left corner of the paper.
fn draw_axis_directions(paper: &mut Paper<'_>, stand: &Stand, theme: &Theme) {
    let scale = paper.scale();
    let origin = [46.0 * scale, paper.size_px()[1] - 44.0 * scale];
    for axis in 0..3 {
        let mut way = [0.0; 3];
        way[axis] = 1.0;
        let [right, up] = stand.view.project(way);
        let at = |length_px: f64| [origin[0] + length_px * scale * right, origin[1] - length_px * scale * up];
        draw_arrow(paper, [origin, at(24.0)], 3.5, &Stroke::solid(theme.faint_ink, 1.5));
        paper.text(&format!("x{}", subscript(axis + 1)), at(37.0), &Text::new(theme.ink, 13.5).italic());
    }
}

/// How far the frame of the cross-section stands out of the cube.
const FRAME: f64 = 1.08;

/// A corner of the frame of a cross-section, in space; `sides` are −1 or 1.
pub fn frame_corner(section: &Section, sides: [f64; 2]) -> [f64; 3] {
    section.in_space(sides.map(|side| side * FRAME))
}

/// The sides of the frame around the cube where the cross-section is that are towards the viewer, or those away.
fn draw_section_frame(paper: &mut Paper<'_>, stand: &Stand, section: &Section, theme: &Theme, in_front: bool) {
    let line = Stroke::solid(theme.accent, 2.0);
    for (k, axis) in section.axes().into_iter().enumerate() {
        for side in [-1.0, 1.0] {
            let mut outward = [0.0; 3];
            outward[axis] = side;
            if (stand.view.depth(outward) > 0.0) == in_front {
                let [from, to] = [-1.0, 1.0].map(|end| {
                    let sides = if k == 0 { [side, end] } else { [end, side] };
                    stand.around(frame_corner(section, sides))
                });
                paper.stroke_line(from, to, &line);
            }
        }
    }
}

/// What is pointed at, picked out or taken hold of, on top of the cube.
pub fn draw_space_highlight(paper: &mut Paper<'_>, stand: &Stand, picture: &Picture<'_>) {
    let &Picture { params, solid, lit, theme, .. } = picture;
    for (index, width_px) in [(lit.cell.filter(|_| lit.cell != lit.picked), 2.0), (lit.picked, 2.5)] {
        let Some(cell) = index.and_then(|index| solid.cells.get(index)) else { continue };
        for face in cell.faces.iter().filter(|face| stand.view.depth(face.normal) > 0.0) {
            let ring = face.vertices.iter().chain(face.vertices.first());
            let ring: Vec<[f64; 2]> = ring.map(|&vertex| stand.screen(vertex, cell.centroid)).collect();
            paper.stroke_path(ring.iter().copied(), &Stroke::solid(theme.casing.with_alpha(0.8), width_px + 2.5));
            paper.stroke_path(ring, &Stroke::solid(theme.accent, width_px));
        }
    }
    if let Some((unit, plane)) = lit.unit.and_then(|unit| Some((unit, params.planes.get(unit)?))) {
        // An arrow from the plane's point nearest to the middle to its open side.
        let normal = plane.normal();
        let [tail, tip] = [plane.offset, plane.offset + 0.4].map(|length| stand.around(normal.map(|w| w * length)));
        paper.stroke_line(tail, tip, &Stroke::solid(theme.casing, 6.0));
        draw_arrow(paper, [tail, tip], 6.0, &Stroke::solid(theme.unit(unit), 3.0));
        let name = Text::new(theme.ink, 14.0).bold().align(Align::Start);
        paper.text(&unit_name(params, unit), [tail[0] + 12.0 * paper.scale(), tail[1] + 12.0 * paper.scale()], &name);
    }
}

/// A colour bar for the output, at the right edge of the paper.
fn draw_key(paper: &mut Paper<'_>, &Picture { params, solid, theme, .. }: &Picture<'_>) {
    if params.colors == Coloring::Output {
        let ([width, height], scale) = (paper.size_px(), paper.scale());
        let [lo, hi] = solid.value_range;
        let frame = Frame {
            data_lo: [0.0, lo],
            data_hi: [1.0, hi],
            corner_px: [width - 52.0 * scale, height - 150.0 * scale],
            size_px: [11.0 * scale, 132.0 * scale],
        };
        draw_color_bar(paper, &frame, "y", |value| ColorMap::Viridis.color((value - lo) / (hi - lo)), theme);
    }
}

/// The square of a cross-section on paper of this size.
pub fn section_frame(size_px: [f64; 2], scale: f64) -> Frame {
    let (left, right, top, bottom) = (36.0 * scale, 10.0 * scale, 26.0 * scale, 40.0 * scale);
    let side = (size_px[0] - left - right).min(size_px[1] - top - bottom).max(40.0);
    let x = left + (size_px[0] - left - right - side).max(0.0) / 2.0;
    Frame { data_lo: SQUARE.lo, data_hi: SQUARE.hi, corner_px: [x, top], size_px: [side, side] }
}

/// The cross-section: a polygon for every cell that it meets, in the colour of the cell.
pub fn draw_section(paper: &mut Paper<'_>, frame: &Frame, picture: &Picture<'_>) {
    let &Picture { params, solid, section, lit, theme } = picture;
    let at = |point: [f64; 2]| frame.screen_from_data(point);
    for cut in &section.cuts {
        let color = match cut.cell {
            Some(cell) => cell_color(params, solid, &solid.cells[cell]),
            None => theme.grid,
        };
        let faded = lit.picked.is_some() && cut.cell != lit.picked;
        let color = if faded { mix(color, theme.surface, 0.62) } else { color };
        paper.fill_polygon(cut.vertices.iter().copied().map(at), color);
    }
    for cut in &section.cuts {
        for (k, side) in cut.sides.iter().enumerate() {
            if let Some(unit) = side.unit {
                let [from, to] = [k, (k + 1) % cut.vertices.len()].map(|i| at(cut.vertices[i]));
                let width_px = if lit.unit == Some(unit) { 4.0 } else { 2.0 };
                paper.stroke_line(from, to, &Stroke::solid(theme.unit(unit), width_px));
            }
        }
    }
    for (cell, width_px) in [(lit.cell, 2.5), (lit.picked, 3.5)] {
        for cut in section.cuts.iter().filter(|cut| cell.is_some() && cut.cell == cell) {
            let ring: Vec<[f64; 2]> = cut.vertices.iter().chain(cut.vertices.first()).map(|&x| at(x)).collect();
            paper.stroke_path(ring.iter().copied(), &Stroke::solid(theme.casing, width_px + 3.0));
            paper.stroke_path(ring, &Stroke::solid(theme.accent, width_px));
        }
    }
    if params.patterns && solid.cells.len() <= MOST_NAMED {
        for cut in &section.cuts {
            let Some(cell) = cut.cell.map(|cell| &solid.cells[cell]) else { continue };
            let ring: Vec<[f64; 2]> = cut.vertices.iter().map(|&x| at(x)).collect();
            let size_px = 12.5;
            let (room, middle) = room(&ring);
            if room > (0.33 * cell.pattern.len() as f64).max(0.7) * size_px * paper.scale() {
                let faded = lit.picked.is_some() && cut.cell != lit.picked;
                let ink = if faded { theme.faint_ink } else { ink_on(cell_color(params, solid, cell)) };
                paper.text(&cell.pattern, middle, &Text::new(ink, size_px).bold());
            }
        }
    }
    let names = ["x₁", "x₂", "x₃"];
    let [i, j] = section.axes();
    let axes = Axes { x_label: names[i], y_label: names[j], grid: false, y_label_above: true };
    draw_axes(paper, frame, &axes, theme);
}
