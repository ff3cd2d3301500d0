use piecewise_plot::{
    Axes, Color, ColorMap, Frame, Paper, Stroke, Surface, Text, Theme, draw_axes, draw_color_bar, format_number,
};

use super::{
    Content, Mark, Params, Plate, Scene, Stage, Task,
    equation::{parameter_name, read_name, unit_name, written},
    reading,
    scene::N_BANDS,
};

/// Up to this many edges between two layers, every weight is written at its edge.
const MOST_NUMBERS: usize = 12;

/// Where along its edge a number may stand, as a share of the way, the first choice first.
const PLACES: [f64; 9] = [0.7, 0.62, 0.78, 0.54, 0.84, 0.46, 0.38, 0.3, 0.22];

/// The smallest side of a panel that is still worth looking at, in CSS pixels.
const LEAST_SIDE_PX: f64 = 64.0;

/// The largest side of a panel of one unit.
const MOST_SIDE_PX: f64 = 122.0;

/// How much larger the panel of the sum is.
const SUM_FACTOR: f64 = 2.1;

/// Where everything stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// The circles of the diagram: column by column, the inputs first. Empty where the diagram is not shown.
    pub nodes: Vec<Vec<[f64; 2]>>,
    /// The radius of a circle.
    pub radius_px: f64,
    /// Where the number of each edge stands: layer by layer, the edges into the first unit first.
    numbers: Vec<Vec<[f64; 2]>>,
    /// The panels in the order of the scene's; empty where they are not shown.
    pub plates: Vec<Frame>,
    scale: f64,
}

/// How the panels of the units are arranged: so many columns, so many times three rows, the side of one, and whether the sum stands below them.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Grid {
    columns: usize,
    bands: usize,
    side_px: f64,
    sum_below: bool,
}

/// What stands around the panels, in CSS pixels: names at the left, a title above each, the gap between two, the ticks of the sum.
const NAMES_PX: f64 = 20.0;
const TITLE_PX: f64 = 19.0;
const GAP_PX: f64 = 7.0;
const SIGN_PX: f64 = 30.0;
const TICKS_LEFT_PX: f64 = 44.0;
const TICKS_BELOW_PX: f64 = 38.0;

fn aspect(scene: &Scene) -> f64 {
    if scene.n_inputs() == 1 { 1.35 } else { 1.0 }
}

fn bar_px(scene: &Scene) -> f64 {
    if scene.n_inputs() == 1 { 6.0 } else { 56.0 }
}

impl Grid {
    /// The arrangement with so many bands of three rows; its panels are as large as the width allows.
    fn new(scene: &Scene, bands: usize, sum_below: bool, width_px: f64, scale: f64) -> Self {
        let n = scene.sizes[scene.summed.0];
        let columns = n.div_ceil(bands.max(1)).max(1);
        let (ratio, gaps) = (aspect(scene), columns as f64 * GAP_PX * scale);
        let side_px = if sum_below {
            (width_px - NAMES_PX * scale - gaps) / (columns as f64 * ratio)
        } else {
            let around = (NAMES_PX + SIGN_PX + TICKS_LEFT_PX + bar_px(scene)) * scale;
            (width_px - around - gaps) / ((columns as f64 + SUM_FACTOR) * ratio)
        };
        Self { columns, bands, side_px: side_px.clamp(12.0, MOST_SIDE_PX * scale), sum_below }
    }

    fn sum_px(&self, scene: &Scene, width_px: f64, scale: f64) -> f64 {
        let side = SUM_FACTOR * self.side_px;
        if self.sum_below {
            side.max(150.0 * scale).min((width_px - (TICKS_LEFT_PX + bar_px(scene)) * scale) / aspect(scene))
        } else {
            side
        }
    }

    fn rows_px(&self, scale: f64) -> f64 {
        (3 * self.bands) as f64 * (self.side_px + TITLE_PX * scale) + self.bands as f64 * GAP_PX * scale
    }

    fn height_px(&self, scene: &Scene, width_px: f64, scale: f64) -> f64 {
        let sum = self.sum_px(scene, width_px, scale) + (TITLE_PX + TICKS_BELOW_PX) * scale;
        if self.sum_below { self.rows_px(scale) + sum } else { self.rows_px(scale).max(sum) }
    }

    /// The arrangement on a page that grows downwards.
    fn on_page(scene: &Scene, width_px: f64, scale: f64) -> Self {
        let n = scene.sizes[scene.summed.0];
        let below = width_px < 520.0 * scale;
        let all = (1..=n.max(1)).map(|bands| Self::new(scene, bands, below, width_px, scale));
        let mut largest = Self::new(scene, 1, below, width_px, scale);
        for grid in all {
            if largest.side_px >= LEAST_SIDE_PX * scale {
                break;
            }
            if grid.side_px > largest.side_px {
                largest = grid;
            }
        }
        largest
    }

    /// The arrangement with the largest panels that fits into a rectangle.
    fn within(scene: &Scene, size_px: [f64; 2], scale: f64) -> Self {
        let n = scene.sizes[scene.summed.0];
        let mut best: Option<Self> = None;
        for sum_below in [false, true] {
            for bands in 1..=n.max(1) {
                let mut grid = Self::new(scene, bands, sum_below, size_px[0], scale);
                while grid.height_px(scene, size_px[0], scale) > size_px[1] && grid.side_px > 12.0 {
                    grid.side_px = (0.97 * grid.side_px).max(12.0);
                }
                if best.is_none_or(|best| grid.side_px > best.side_px + 0.5) {
                    best = Some(grid);
                }
            }
        }
        best.unwrap_or(Self { columns: 1, bands: 1, side_px: 40.0, sum_below: false })
    }
}

/// How high the diagram wants to be.
fn diagram_height_px(scene: &Scene, scale: f64) -> f64 {
    let most = scene.sizes.iter().copied().max().unwrap_or(1) as f64;
    (36.0 + 54.0 * most).clamp(150.0, 390.0) * scale
}

impl Layout {
    /// The height on a page that grows downwards.
    pub fn height_on_page_px(scene: &Scene, task: Task, width_px: f64, scale: f64) -> f64 {
        if task == Task::Read {
            return (width_px - bar_px(scene) * scale).min(560.0 * scale) + 30.0 * scale;
        }
        let grid = Grid::on_page(scene, width_px, scale);
        diagram_height_px(scene, scale) + 18.0 * scale + grid.height_px(scene, width_px, scale)
    }

    /// Diagram and panels, beside each other where there is room for that; in the task to read the picture the sum alone.
    pub fn new(scene: &Scene, task: Task, size_px: [f64; 2], scale: f64) -> Self {
        let [width, height] = size_px;
        if task == Task::Read {
            let side = (width - (TICKS_LEFT_PX + bar_px(scene)) * scale).min(height - 66.0 * scale).max(60.0);
            let left = (width - side - (TICKS_LEFT_PX + bar_px(scene)) * scale).max(0.0) / 2.0;
            let corner_px = [left + TICKS_LEFT_PX * scale, 24.0 * scale];
            let frame = Frame { data_lo: scene.view[0], data_hi: scene.view[1], corner_px, size_px: [side; 2] };
            let plates = vec![frame; scene.plates.len()];
            return Self { nodes: Vec::new(), radius_px: 0.0, numbers: Vec::new(), plates, scale };
        }
        let (diagram, panels) = if width > 1.45 * height {
            let split = 0.42 * width;
            ([[0.0, 0.0], [split, height]], [[split + 14.0 * scale, 0.0], [width - split - 14.0 * scale, height]])
        } else {
            let split = diagram_height_px(scene, scale).min(0.45 * height);
            let top = split + 14.0 * scale;
            ([[0.0, 0.0], [width, split]], [[0.0, top], [width, (height - top).max(60.0)]])
        };
        let mut layout = Self::diagram(scene, diagram, scale);
        layout.plates = plates(scene, panels, scale);
        layout
    }

    /// The diagram alone in a rectangle, given by its corner and its size.
    pub fn diagram(scene: &Scene, [corner, size]: [[f64; 2]; 2], scale: f64) -> Self {
        let most = scene.sizes.iter().copied().max().unwrap_or(1) as f64;
        let (top, bottom) = (20.0 * scale, 8.0 * scale);
        let pitch = (size[1] - top - bottom) / most;
        let n_gaps = scene.sizes.len() as f64 - 1.0;
        // On a phone circles must leave room for the edges between them.
        let largest = (0.1 * size[0] / n_gaps).clamp(10.0 * scale, 19.0 * scale);
        // Between two circles there is room for a bias, unless they would become too small for their names.
        let radius_px = (0.5 * (pitch - 14.0 * scale)).clamp(0.28 * pitch, 0.4 * pitch).clamp(5.0 * scale, largest);
        // Wide columns make edges so flat that their numbers stand in each other's way.
        let step = ((size[0] - 2.0 * radius_px - 40.0 * scale) / n_gaps).min(260.0 * scale);
        let left = corner[0] + (size[0] - n_gaps * step) / 2.0;
        let column = |(index, &n): (usize, &usize)| {
            let spacing = if n > 1 { ((size[1] - top - bottom) / n as f64).min(1.5 * pitch) } else { 0.0 };
            let middle = corner[1] + top + (size[1] - top - bottom) / 2.0;
            let place = |i: usize| middle + (i as f64 - (n as f64 - 1.0) / 2.0) * spacing;
            (0..n).map(|i| [left + index as f64 * step, place(i)]).collect()
        };
        let nodes = scene.sizes.iter().enumerate().map(column).collect();
        let mut layout = Self { nodes, radius_px, numbers: Vec::new(), plates: Vec::new(), scale };
        layout.numbers = (0..scene.sizes.len() - 1).map(|layer| layout.number_places(layer)).collect();
        layout
    }

    /// Where the numbers of a layer's edges stand: as far as there is room, none on another one or on another edge.
    fn number_places(&self, layer: usize) -> Vec<[f64; 2]> {
        let (n_read, n_fed) = (self.nodes[layer].len(), self.nodes[layer + 1].len());
        let edges: Vec<_> = (0..n_fed)
            .flat_map(|row| (0..n_read).map(move |column| (row, column)))
            .map(|(row, column)| self.edge(layer, row, column))
            .collect();
        // Nearer to the side at which edges are farther apart.
        let shares = if n_read > n_fed { PLACES.map(|t| 1.0 - t) } else { PLACES };
        let crowded = edges.len() > MOST_NUMBERS;
        let mut places: Vec<[f64; 2]> = Vec::with_capacity(edges.len());
        for (index, [from, to]) in edges.iter().enumerate() {
            let at = |t: f64| [0, 1].map(|i| from[i] + t * (to[i] - from[i]));
            let room = |place: [f64; 2]| {
                let from_number = |other: &[f64; 2]| {
                    let [dx, dy] = [0, 1].map(|i| (place[i] - other[i]).abs() / self.scale);
                    (dx / 46.0).max(dy / 20.0)
                };
                let from_edge = |other: &[[f64; 2]; 2]| distance(place, *other) / (13.0 * self.scale);
                let others =
                    edges.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, edge)| from_edge(edge));
                places.iter().map(from_number).chain(others).fold(1.0, f64::min)
            };
            let mut best = (at(shares[0]), if crowded { 1.0 } else { room(at(shares[0])) });
            for &t in &shares[1..] {
                if best.1 >= 1.0 {
                    break;
                }
                let room = room(at(t));
                if room > best.1 + 1e-9 {
                    best = (at(t), room);
                }
            }
            places.push(best.0);
        }
        places
    }

    /// Whether the circles of a column are so far apart that a number fits between them.
    fn has_room_for_biases(&self, column: usize) -> bool {
        let apart = self.nodes[column].windows(2).map(|pair| pair[1][1] - pair[0][1]).fold(f64::INFINITY, f64::min);
        apart - 2.0 * self.radius_px >= 13.0 * self.scale
    }

    /// Where a number of the diagram stands: a weight at its edge, a bias above its circle.
    pub fn number_place(&self, mark: Mark) -> Option<[f64; 2]> {
        match mark {
            Mark::Weight { layer, row, column } => {
                let n_read = self.nodes.get(layer)?.len();
                self.numbers.get(layer)?.get(row * n_read + column).copied()
            }
            Mark::Bias { layer, row } => {
                let [x, y] = *self.nodes.get(layer + 1)?.get(row)?;
                Some([x, y - self.radius_px - 9.0 * self.scale])
            }
            _ => None,
        }
    }

    /// The ends of an edge at the rims of its circles.
    pub fn edge(&self, layer: usize, row: usize, column: usize) -> [[f64; 2]; 2] {
        let [from, to] = [self.nodes[layer][column], self.nodes[layer + 1][row]];
        let length = f64::hypot(to[0] - from[0], to[1] - from[1]).max(1e-9);
        let inset = (self.radius_px / length).min(0.45);
        [inset, 1.0 - inset].map(|t| [0, 1].map(|i| from[i] + t * (to[i] - from[i])))
    }
}

/// How far a point is from a line between two points.
fn distance(point: [f64; 2], [from, to]: [[f64; 2]; 2]) -> f64 {
    let along = [to[0] - from[0], to[1] - from[1]];
    let length = f64::hypot(along[0], along[1]).max(1e-9);
    let t = ((point[0] - from[0]) * along[0] + (point[1] - from[1]) * along[1]) / (length * length);
    let t = t.clamp(0.0, 1.0);
    f64::hypot(point[0] - from[0] - t * along[0], point[1] - from[1] - t * along[1])
}

fn plates(scene: &Scene, [corner, size]: [[f64; 2]; 2], scale: f64) -> Vec<Frame> {
    let grid = Grid::within(scene, size, scale);
    let ratio = aspect(scene);
    let n = scene.sizes[scene.summed.0];
    let side = [ratio * grid.side_px, grid.side_px];
    let sum_side = grid.sum_px(scene, size[0], scale);
    let columns_px = if n == 0 { 0.0 } else { grid.columns as f64 * (side[0] + GAP_PX * scale) };
    let names_px = if n == 0 { 0.0 } else { NAMES_PX * scale };
    let sum_px = [ratio * sum_side, sum_side];
    let beside_px = (SIGN_PX + TICKS_LEFT_PX + bar_px(scene)) * scale + sum_px[0];
    let total_px = names_px + columns_px + if grid.sum_below { 0.0 } else { beside_px };
    let left = corner[0] + (size[0] - total_px).max(0.0) / 2.0;
    let step_y = side[1] + TITLE_PX * scale;
    let rows_px = if n == 0 { 0.0 } else { grid.rows_px(scale) };
    let corner = [corner[0], corner[1] + (size[1] - grid.height_px(scene, size[0], scale)).max(0.0) / 2.0];
    scene
        .plates
        .iter()
        .map(|plate| {
            let lower = matches!(plate.stage, Stage::Weighted | Stage::Sum);
            let scale_of = &scene.scales[usize::from(lower)];
            let (corner_px, size_px) = if plate.stage == Stage::Sum {
                let at = if grid.sum_below {
                    let room = size[0] - sum_px[0] - (TICKS_LEFT_PX + bar_px(scene)) * scale;
                    [corner[0] + TICKS_LEFT_PX * scale + room.max(0.0) / 2.0, corner[1] + rows_px + TITLE_PX * scale]
                } else {
                    let room = (rows_px - sum_px[1] - (TITLE_PX + TICKS_BELOW_PX) * scale).max(0.0);
                    let x = left + names_px + columns_px + (SIGN_PX + TICKS_LEFT_PX) * scale;
                    [x, corner[1] + TITLE_PX * scale + room / 2.0]
                };
                (at, sum_px)
            } else {
                let (band, column) = (plate.unit / grid.columns, plate.unit % grid.columns);
                let row = 3 * band + plate.stage as usize;
                let x = left + names_px + column as f64 * (side[0] + GAP_PX * scale);
                let y = corner[1] + TITLE_PX * scale + row as f64 * step_y + band as f64 * GAP_PX * scale;
                ([x, y], side)
            };
            let [lo, hi] = scene.view;
            if scene.n_inputs() == 1 {
                let top = -scale_of.lo;
                Frame { data_lo: [lo[0], -top], data_hi: [hi[0], top], corner_px, size_px }
            } else {
                Frame { data_lo: lo, data_hi: hi, corner_px, size_px }
            }
        })
        .collect()
}

/// The colour of a weight by its sign; its width tells its size, and a negative one is dashed.
fn sign_color(weight: f64, theme: &Theme) -> Color {
    let dark = theme.surface.lightness() < 0.5;
    match (weight > 0.0, dark) {
        _ if weight == 0.0 => theme.faint_ink,
        // As in the panels: violet above 0, orange below.
        (true, false) => Color::hex(0x542788),
        (true, true) => Color::hex(0xb2abd2),
        (false, false) => Color::hex(0xb35806),
        (false, true) => Color::hex(0xfdb863),
    }
}

/// The colour of a unit: hidden ones have their own.
pub fn unit_color(scene: &Scene, layer: usize, row: usize, theme: &Theme) -> Color {
    if layer < scene.n_hidden_layers() { theme.unit(scene.unit_index(layer, row)) } else { theme.ink }
}

fn edge_stroke(scene: &Scene, layer: usize, weight: f64, theme: &Theme) -> Stroke {
    let n_edges = scene.sizes[layer] * scene.sizes[layer + 1];
    let thin = if n_edges > MOST_NUMBERS { 0.5 } else { 1.0 };
    let width = thin * (0.9 + 1.7 * weight.abs()).min(6.0);
    let color = sign_color(weight, theme);
    if weight < 0.0 { Stroke::dashed(color, width) } else { Stroke::solid(color, width) }
}

fn draw_number(paper: &mut Paper<'_>, at: [f64; 2], value: f64, color: Color, theme: &Theme) {
    let scale = paper.scale();
    let text = format_number(value, 3);
    let half = [(3.9 * text.chars().count() as f64 + 3.0) * scale, 9.0 * scale];
    paper.fill_rect(
        [at[0] - half[0], at[1] - half[1]],
        [at[0] + half[0], at[1] + half[1]],
        theme.surface.with_alpha(0.88),
    );
    paper.text(&text, at, &Text::new(color, 13.0).bold());
}

/// The edges of the diagram with their numbers, where there is room for them.
fn draw_edges(paper: &mut Paper<'_>, layout: &Layout, scene: &Scene, theme: &Theme) {
    if layout.nodes.is_empty() {
        return;
    }
    let each = |act: &mut dyn FnMut(usize, usize, usize, f64)| {
        for layer in 0..scene.sizes.len() - 1 {
            for row in 0..scene.sizes[layer + 1] {
                for column in 0..scene.sizes[layer] {
                    act(layer, row, column, scene.parameter(layer, row, Some(column)));
                }
            }
        }
    };
    each(&mut |layer, row, column, weight| {
        let [from, to] = layout.edge(layer, row, column);
        paper.stroke_line(from, to, &edge_stroke(scene, layer, weight, theme));
    });
    each(&mut |layer, row, column, weight| {
        let place = layout.number_place(Mark::Weight { layer, row, column });
        if let Some(at) = place.filter(|_| scene.sizes[layer] * scene.sizes[layer + 1] <= MOST_NUMBERS) {
            draw_number(paper, at, weight, sign_color(weight, theme), theme);
        }
    });
    // Each bias above its circle, where there is room between two of them.
    for layer in 0..scene.sizes.len() - 1 {
        if !layout.has_room_for_biases(layer + 1) {
            continue;
        }
        for row in 0..scene.sizes[layer + 1] {
            let beta = scene.parameter(layer, row, None);
            let text = format!("{}{}", if beta < 0.0 { "" } else { "+" }, format_number(beta, 3));
            if let Some(at) = layout.number_place(Mark::Bias { layer, row }) {
                paper.text(&text, at, &Text::new(unit_color(scene, layer, row, theme), 12.0));
            }
        }
    }
}

/// The circles of the diagram with their names.
fn draw_nodes(paper: &mut Paper<'_>, layout: &Layout, scene: &Scene, theme: &Theme) {
    let radius = layout.radius_px / paper.scale();
    for (column, nodes) in layout.nodes.iter().enumerate() {
        for (row, &at) in nodes.iter().enumerate() {
            let (name, color) = match column {
                0 => (read_name(&scene.sizes, 0, row), theme.ink),
                _ => (unit_name(&scene.sizes, column - 1, row), unit_color(scene, column - 1, row, theme)),
            };
            paper.fill_disc(at, radius, theme.surface);
            paper.stroke_circle(at, radius, &Stroke::solid(color, 2.5));
            let size_px = (0.85 * radius).clamp(8.5, 15.0);
            paper.text(&written(name), at, &Text::new(color, size_px).bold());
        }
    }
}

/// The contents of the panels.
fn draw_plates(paper: &mut Paper<'_>, layout: &Layout, params: &Params, scene: &Scene, theme: &Theme) {
    let layer = scene.summed.0 - 1;
    for (plate, frame) in scene.plates.iter().zip(&layout.plates) {
        if params.task == Task::Read && plate.stage != Stage::Sum {
            continue;
        }
        let color = if plate.stage == Stage::Sum {
            unit_color(scene, scene.summed.0, plate.unit, theme)
        } else {
            unit_color(scene, layer, plate.unit, theme)
        };
        draw_content(paper, frame, plate, scene, color, theme);
        let shows = |unit: usize| match plate.stage {
            Stage::PreActivation => false,
            Stage::Sum => params.task != Task::Read,
            _ => unit == plate.unit,
        };
        for (unit, pieces) in scene.hinges.iter().enumerate().filter(|(unit, _)| shows(*unit)) {
            draw_hinge(paper, frame, plate, scene, pieces, unit_color(scene, layer, unit, theme), theme);
        }
    }
    if let (Task::Read, Some(frame)) = (params.task, layout.plates.last()) {
        for (line, found) in params.lines.iter().zip(&scene.found) {
            if let Some([from, to]) = reading::segment(*line) {
                let [from, to] = [from, to].map(|end| frame.screen_from_data(end));
                let color = found.map_or(theme.ink, |unit| theme.unit(unit));
                paper.stroke_line(from, to, &Stroke::solid(theme.casing.with_alpha(0.9), 5.5));
                let stroke = if found.is_some() { Stroke::solid(color, 3.0) } else { Stroke::dashed(color, 2.5) };
                paper.stroke_line(from, to, &stroke);
            }
        }
    }
}

fn draw_content(paper: &mut Paper<'_>, frame: &Frame, plate: &Plate, scene: &Scene, color: Color, theme: &Theme) {
    let bands = &scene.scales[usize::from(matches!(plate.stage, Stage::Weighted | Stage::Sum))];
    let shade = |share: f64| ColorMap::Diverging.color(share);
    let contour = Stroke::solid(Theme::LIGHT.ink.with_alpha(0.28), 0.75);
    match &plate.content {
        Content::Curves(curves) => {
            let zero = [frame.data_lo[0], frame.data_hi[0]].map(|x| frame.screen_from_data([x, 0.0]));
            paper.stroke_line(zero[0], zero[1], &theme.grid_line());
            let width = if plate.stage == Stage::Sum { 2.75 } else { 2.25 };
            for piece in curves.iter().flat_map(|curve| frame.clip_path(curve)) {
                paper.stroke_path(piece, &Stroke::solid(color, width));
            }
        }
        Content::Facets(facets) => {
            for facet in facets {
                facet.fill(paper, frame, bands, &shade);
            }
            for facet in facets {
                facet.draw_edges(paper, frame, bands, &contour);
            }
        }
        Content::Samples(values) => {
            let n = (values.len() as f64).sqrt() as usize;
            let shares = values.iter().map(|&value| bands.share(value).clamp(0.0, 1.0)).collect();
            Surface { n, shares }.draw_bands(paper, frame, N_BANDS, 1, &shade, &contour);
        }
    }
}

/// Where a unit switches: a line in the plane, a dot on a curve.
fn draw_hinge(
    paper: &mut Paper<'_>,
    frame: &Frame,
    plate: &Plate,
    scene: &Scene,
    pieces: &[[[f64; 2]; 2]],
    color: Color,
    theme: &Theme,
) {
    let is_sum = plate.stage == Stage::Sum;
    for &[from, to] in pieces {
        if scene.n_inputs() == 1 {
            if let Some(y) = value_at(&plate.content, from[0]) {
                let at = frame.screen_from_data([from[0], y]);
                let radius = if is_sum { 4.5 } else { 3.0 };
                paper.fill_disc(at, radius + 1.25, theme.casing);
                paper.fill_disc(at, radius, color);
            }
            continue;
        }
        let [from, to] = [from, to].map(|end| frame.screen_from_data(end));
        if is_sum {
            paper.stroke_line(from, to, &Stroke::solid(theme.casing.with_alpha(0.85), 4.5));
        }
        paper.stroke_line(from, to, &Stroke::solid(color, if is_sum { 2.5 } else { 1.75 }));
    }
}

/// The value of a curve; at a jump the one from the left.
fn value_at(content: &Content, x: f64) -> Option<f64> {
    let Content::Curves(curves) = content else { return None };
    curves.iter().flat_map(|curve| curve.windows(2)).find(|pair| pair[0][0] <= x && x <= pair[1][0]).map(|pair| {
        let [a, b] = [pair[0], pair[1]];
        if b[0] > a[0] { a[1] + (x - a[0]) / (b[0] - a[0]) * (b[1] - a[1]) } else { a[1] }
    })
}

/// Borders, names and axes of the panels.
fn draw_frames(paper: &mut Paper<'_>, layout: &Layout, task: Task, scene: &Scene, theme: &Theme) {
    let scale = layout.scale;
    let sizes = &scene.sizes;
    let (layer, row) = scene.summed;
    let border = Stroke::solid(theme.faint_ink, 1.0);
    for (plate, frame) in scene.plates.iter().zip(&layout.plates) {
        let [left, top] = frame.corner_px;
        let [right, bottom] = frame.far_corner_px();
        let middle = f64::midpoint(left, right);
        if plate.stage == Stage::Sum {
            let sum = written(unit_name(sizes, layer, row));
            let is_output = layer == scene.n_hidden_layers();
            // Inside the network the sum is what the unit reads.
            let title = if is_output { sum } else { format!("f of {sum}") };
            let in_plane = scene.n_inputs() > 1;
            let (x_label, y_label) = if in_plane { ("x₁", "x₂") } else { ("x", "") };
            draw_axes(paper, frame, &Axes { x_label, y_label, grid: false, y_label_above: true }, theme);
            let color = unit_color(scene, layer, row, theme);
            if task != Task::Read {
                paper.text(&title, [middle, top - 10.0 * scale], &Text::new(color, 14.0).bold());
                if !layout.plates[..layout.plates.len() - 1].is_empty() {
                    draw_sigma(paper, layout, frame, theme);
                }
            }
            if in_plane {
                let bands = &scene.scales[1];
                let bar = Frame {
                    data_lo: [0.0, bands.lo],
                    data_hi: [1.0, -bands.lo],
                    corner_px: [right + 12.0 * scale, top],
                    size_px: [10.0 * scale, bottom - top],
                };
                draw_color_bar(
                    paper,
                    &bar,
                    "",
                    |value| {
                        // In steps, as in the panels.
                        let band = (bands.share(value) * N_BANDS as f64).floor();
                        ColorMap::Diverging.color((band + 0.5) / N_BANDS as f64)
                    },
                    theme,
                );
            }
            continue;
        }
        if task == Task::Read {
            continue;
        }
        paper.stroke_path([[left, top], [right, top], [right, bottom], [left, bottom], [left, top]], &border);
        let name = unit_name(sizes, layer - 1, plate.unit);
        let unit = written(name.clone());
        let title = match plate.stage {
            Stage::PreActivation => format!("{}{}", unit.replacen('h', "f", 1), ""),
            Stage::Activation => unit.clone(),
            _ => format!("{}{unit}", written(parameter_name(sizes, layer, row, Some(plate.unit)))),
        };
        let color = unit_color(scene, layer - 1, plate.unit, theme);
        let size_px = if frame.size_px[0] < 56.0 * scale { 11.0 } else { 13.0 };
        paper.text(&title, [middle, top - 9.0 * scale], &Text::new(color, size_px).bold());
        // The name of the row, beside its first panel.
        let is_first = layout.plates[0].corner_px[0] == left;
        if is_first && frame.size_px[1] >= 40.0 * scale {
            let small = frame.size_px[1] < 88.0 * scale;
            let row_name = match plate.stage {
                Stage::PreActivation if small => "sum in",
                Stage::PreActivation => "pre-activation",
                Stage::Activation if small => "a[·]",
                Stage::Activation => "activation",
                _ => "weighted",
            };
            let text = Text::new(theme.faint_ink, 12.0).upwards();
            paper.text(row_name, [left - 11.0 * scale, f64::midpoint(top, bottom)], &text);
        }
    }
}

/// The sign of the sum between the weighted panels and theirs.
fn draw_sigma(paper: &mut Paper<'_>, layout: &Layout, sum: &Frame, theme: &Theme) {
    let scale = layout.scale;
    let rightmost = layout.plates[..layout.plates.len() - 1]
        .iter()
        .map(|frame| frame.far_corner_px()[0])
        .fold(f64::NEG_INFINITY, f64::max);
    let middle = f64::midpoint(sum.corner_px[1], sum.far_corner_px()[1]);
    let beside = rightmost < sum.corner_px[0];
    let at = if beside {
        [rightmost + 20.0 * scale, middle]
    } else {
        [sum.corner_px[0] - 26.0 * scale, sum.corner_px[1] - 10.0 * scale]
    };
    paper.text("Σ", at, &Text::new(theme.faint_ink, 22.0).bold());
}

/// The panels with their names and axes.
pub fn draw_panels(paper: &mut Paper<'_>, layout: &Layout, params: &Params, scene: &Scene, theme: &Theme) {
    draw_plates(paper, layout, params, scene, theme);
    draw_frames(paper, layout, params.task, scene, theme);
}

/// The diagram.
pub fn draw_diagram(paper: &mut Paper<'_>, layout: &Layout, scene: &Scene, theme: &Theme) {
    draw_edges(paper, layout, scene, theme);
    draw_nodes(paper, layout, scene, theme);
}

/// Whether a panel shows what a mark stands for.
pub fn plate_shows(scene: &Scene, plate: &Plate, mark: Mark) -> bool {
    let (layer, row) = scene.summed;
    let is_sum = plate.stage == Stage::Sum;
    match mark {
        Mark::Input(_) => false,
        Mark::Unit { layer: l, row: r } if l + 1 == layer => !is_sum && plate.unit == r,
        Mark::Bias { layer: l, row: r } | Mark::Weight { layer: l, row: r, .. } if l + 1 == layer => {
            plate.stage == Stage::PreActivation && plate.unit == r
        }
        Mark::Unit { layer: l, row: r } | Mark::Bias { layer: l, row: r } => (l, r) == (layer, row) && is_sum,
        Mark::Weight { layer: l, row: r, column } => {
            (l, r) == (layer, row) && plate.stage == Stage::Weighted && plate.unit == column
        }
    }
}

/// What a panel stands for.
pub fn plate_mark(scene: &Scene, plate: &Plate) -> Mark {
    let (layer, row) = scene.summed;
    match plate.stage {
        Stage::Sum => Mark::Unit { layer, row },
        Stage::Weighted => Mark::Weight { layer, row, column: plate.unit },
        _ => Mark::Unit { layer: layer - 1, row: plate.unit },
    }
}

/// Makes what is attended to stand out in the diagram and in the panels.
pub fn draw_highlight(paper: &mut Paper<'_>, layout: &Layout, scene: &Scene, mark: Mark, theme: &Theme) {
    let scale = paper.scale();
    for (plate, frame) in scene.plates.iter().zip(&layout.plates).filter(|(plate, _)| plate_shows(scene, plate, mark)) {
        let grown = 2.0 * scale;
        let ([left, top], [right, bottom]) = (frame.corner_px, frame.far_corner_px());
        let (left, top, right, bottom) = (left - grown, top - grown, right + grown, bottom + grown);
        let color = match plate.stage {
            Stage::Sum => theme.accent,
            _ => unit_color(scene, scene.summed.0 - 1, plate.unit, theme),
        };
        let around = [[left, top], [right, top], [right, bottom], [left, bottom], [left, top]];
        paper.stroke_path(around, &Stroke::solid(color, 4.0));
    }
    if layout.nodes.is_empty() {
        return;
    }
    let mut edges = Vec::new();
    let mut node = None;
    match mark {
        Mark::Weight { layer, row, column } => edges.push((layer, row, column)),
        Mark::Bias { layer, row } => node = Some((layer + 1, row)),
        Mark::Unit { layer, row } => {
            node = Some((layer + 1, row));
            edges.extend((0..scene.sizes[layer]).map(|column| (layer, row, column)));
            if layer + 2 < scene.sizes.len() {
                edges.extend((0..scene.sizes[layer + 2]).map(|above| (layer + 1, above, row)));
            }
        }
        Mark::Input(column) => {
            node = Some((0, column));
            edges.extend((0..scene.sizes[1]).map(|row| (0, row, column)));
        }
    }
    for &(layer, row, column) in &edges {
        let [from, to] = layout.edge(layer, row, column);
        let weight = scene.parameter(layer, row, Some(column));
        let stroke = edge_stroke(scene, layer, weight, theme);
        paper.stroke_line(from, to, &Stroke::solid(theme.accent.with_alpha(0.35), stroke.width_px + 8.0));
        paper.stroke_line(from, to, &Stroke { width_px: stroke.width_px + 1.0, ..stroke });
    }
    for &(layer, row, column) in &edges {
        let weight = scene.parameter(layer, row, Some(column));
        if let Some(at) = layout.number_place(Mark::Weight { layer, row, column }) {
            draw_number(paper, at, weight, sign_color(weight, theme), theme);
        }
    }
    if let Some((column, row)) = node {
        let at = layout.nodes[column][row];
        paper.stroke_circle(at, layout.radius_px / scale + 2.5, &Stroke::solid(theme.accent, 3.5));
        if column > 0 && !layout.has_room_for_biases(column) {
            let beta = scene.parameter(column - 1, row, None);
            draw_number(paper, [at[0], at[1] - layout.radius_px - 9.0 * scale], beta, theme.ink, theme);
        }
    }
}
