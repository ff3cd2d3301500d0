use piecewise_core::math;
use piecewise_plot::{Facet, Paper, Stroke, Text, Theme};

use super::{
    PLANE_VIEW, Params, Plane, Scene,
    draw::{color, draw_shares},
    plane::GRID,
};

/// How far above the horizon the eye is: the sine and the cosine of 30 degrees.
const EYE: [f64; 2] = [0.5, 0.866];
/// How high the range of values stands, in units of the inputs.
const HEIGHT: f64 = 0.9;
/// How far the plane is drawn below and above the values of the network, as a share of their range.
const BEYOND: f64 = 0.25;
/// How many cells of a curved function make one tile.
const STRIDE: usize = 3;
/// How far they reach over their seams.
const SEAM_PX: f64 = 0.6;

/// From which side the surface is seen, and how large.
struct View {
    turn: [f64; 2],
    middle_px: [f64; 2],
    px: f64,
    lo: f64,
    hi: f64,
}

impl View {
    /// Where a point of the surface stands on the paper.
    fn at(&self, [x, y]: [f64; 2], value: f64) -> [f64; 2] {
        let [sin, cos] = self.turn;
        let (across, depth) = (cos * x - sin * y, sin * x + cos * y);
        let height = HEIGHT * ((value - self.lo) / (self.hi - self.lo) - 0.5);
        [self.middle_px[0] + self.px * across, self.middle_px[1] - self.px * (EYE[0] * depth + EYE[1] * height)]
    }

    /// The direction away from the eye.
    fn away(&self) -> [f64; 2] {
        self.turn
    }
}

/// An affine function of two numbers: its value at 0 and its slopes.
type Map = [f64; 3];

fn value([c, s1, s2]: Map, [x, y]: [f64; 2]) -> f64 {
    c + s1 * x + s2 * y
}

/// A piece of the surface, and the walls that lead down or up to what is behind it.
struct Tile {
    facet: Facet,
    map: Map,
    walls: Vec<[([f64; 2], f64); 4]>,
}

/// The surface of the network over the square of inputs, and the plane of the map at the probe, which goes on beyond its region. With one
/// input, what each unit adds.
pub fn draw_relief(paper: &mut Paper<'_>, params: &Params, scene: &Scene, theme: &Theme) {
    if let Some(line) = &scene.line {
        draw_shares(paper, scene, line, theme);
    }
    let Some(plane) = &scene.plane else { return };
    let [width, height] = paper.size_px();
    let radians = params.turn.to_radians();
    let bands = plane.bands;
    let view = View {
        turn: [math::sin(radians), math::cos(radians)],
        middle_px: [width / 2.0, height / 2.0],
        px: (width / 2.95).min(height / 2.62),
        lo: bands.lo,
        hi: bands.lo + bands.step * bands.count as f64,
    };
    let here = &scene.here;
    let tangent: Map = [here.intercept, here.gradient[0], here.gradient[1]];
    draw_floor(paper, &view, theme);
    for tile in tiles(plane, &view) {
        if plane.samples.is_none() {
            draw_plane_part(paper, &view, plane, &tile, tangent, false, theme);
        }
        for wall in &tile.walls {
            paper.fill_polygon(wall.map(|(x, value)| view.at(x, value)), theme.faint_ink.with_alpha(0.45));
        }
        draw_tile(paper, &view, plane, &tile);
        if plane.samples.is_none() {
            let vertices = &tile.facet.vertices;
            let outline = vertices.iter().chain(vertices.first()).map(|&x| view.at(x, value(tile.map, x)));
            paper.stroke_path(outline, &Stroke::solid(theme.casing.with_alpha(0.6), 1.0));
        }
        draw_plane_part(paper, &view, plane, &tile, tangent, true, theme);
    }
    let corners = square();
    let all = Facet { values: corners.iter().map(|&x| value(tangent, x)).collect(), vertices: corners.to_vec() };
    let rim = within_reach(&view, &all.vertices, tangent);
    let closed = rim.iter().chain(rim.first()).map(|&x| view.at(x, value(tangent, x)));
    paper.stroke_path(closed, &Stroke::solid(theme.accent, 1.5));
    if let Some(region) = here.region {
        let vertices = &plane.regions[region].facet.vertices;
        let outline = || vertices.iter().chain(vertices.first()).map(|&x| view.at(x, value(tangent, x)));
        paper.stroke_path(outline(), &Stroke::solid(theme.casing, 6.0));
        paper.stroke_path(outline(), &Stroke::solid(theme.accent, 3.0));
    }
    let at = view.at([here.x[0], here.x[1]], here.value);
    paper.fill_disc(at, 6.5, theme.casing);
    paper.fill_disc(at, 4.5, theme.accent);
}

fn square() -> [[f64; 2]; 4] {
    let (lo, hi) = (PLANE_VIEW.lo, PLANE_VIEW.hi);
    [lo, [hi[0], lo[1]], hi, [lo[0], hi[1]]]
}

/// The square of inputs, with the names of its axes.
fn draw_floor(paper: &mut Paper<'_>, view: &View, theme: &Theme) {
    let corners = square();
    let floor = |x: [f64; 2]| view.at(x, view.lo);
    paper.stroke_path(corners.into_iter().chain([corners[0]]).map(floor), &Stroke::solid(theme.faint_ink, 1.0));
    let scale = paper.scale();
    let away = view.away();
    // Each name stands at that one of its two sides which is nearer to the eye.
    for (axis, name) in ["x₁", "x₂"].into_iter().enumerate() {
        let mut side = [0.0; 2];
        side[1 - axis] = if away[1 - axis] > 0.0 { PLANE_VIEW.lo[1 - axis] } else { PLANE_VIEW.hi[1 - axis] };
        let [x, y] = floor(side);
        let [_, middle] = floor([0.0, 0.0]);
        let outwards = if y > middle { 14.0 } else { -14.0 };
        paper.text(name, [x, y + outwards * scale], &Text::new(theme.ink, 14.0).italic());
    }
}

/// The surface in pieces, from the farthest to the nearest.
fn tiles(plane: &Plane, view: &View) -> Vec<Tile> {
    if let Some(samples) = &plane.samples {
        return curved_tiles(plane, &samples.shares, view);
    }
    let away = view.away();
    let ends = |region: usize, side: usize| {
        let vertices = &plane.regions[region].facet.vertices;
        [vertices[side], vertices[(side + 1) % vertices.len()]]
    };
    let is_behind = |region: usize, side: usize| {
        let [a, b] = ends(region, side);
        (b[1] - a[1]) * away[0] + (a[0] - b[0]) * away[1] > 0.0
    };
    let behind = |region: usize| {
        let neighbours = plane.regions[region].neighbours.iter().enumerate();
        neighbours
            .filter_map(move |(side, &other)| other.filter(|_| is_behind(region, side)).map(|other| (side, other)))
    };
    let mut order: Vec<usize> = Vec::new();
    // Convex pieces of a plane can always be taken away one by one from behind; the fallback is for rounding.
    while order.len() < plane.regions.len() {
        let left = || (0..plane.regions.len()).filter(|region| !order.contains(region));
        let next = left().find(|&region| behind(region).all(|(_, other)| order.contains(&other)));
        let Some(next) = next.or_else(|| left().next()) else { break };
        order.push(next);
    }
    let tile = |index: usize| {
        let region = &plane.regions[index];
        let walls = behind(index).filter_map(|(side, other)| {
            let [a, b] = ends(index, side);
            let other = &plane.regions[other];
            let wall = [(a, region.value(a)), (b, region.value(b)), (b, other.value(b)), (a, other.value(a))];
            let jump = (wall[0].1 - wall[3].1).abs().max((wall[1].1 - wall[2].1).abs());
            (jump > 1e-9).then_some(wall)
        });
        Tile {
            facet: region.facet.clone(),
            map: [region.intercept, region.slope[0], region.slope[1]],
            walls: walls.collect(),
        }
    };
    order.into_iter().map(tile).collect()
}

/// A curved surface as triangles.
fn curved_tiles(plane: &Plane, shares: &[f64], view: &View) -> Vec<Tile> {
    let bands = plane.bands;
    let height = |index: usize| bands.lo + shares[index] * bands.step * bands.count as f64;
    let corner = |column: usize, row: usize| {
        let index = row * STRIDE * GRID + column * STRIDE;
        (super::plane::grid_point(index, GRID), height(index))
    };
    let n = (GRID - 1) / STRIDE;
    let away = view.away();
    let depth = |&(column, row): &(usize, usize)| away[0] * column as f64 + away[1] * row as f64;
    let mut cells: Vec<(usize, usize)> = (0..n * n).map(|i| (i % n, i / n)).collect();
    cells.sort_by(|a, b| depth(b).total_cmp(&depth(a)));
    cells
        .into_iter()
        .flat_map(|(column, row)| {
            let [a, b, c, d] = [(0, 0), (1, 0), (1, 1), (0, 1)].map(|(i, j)| corner(column + i, row + j));
            // Over one cell, a right angle at a for the one triangle, at c for the other.
            [[a, b, d], [c, d, b]].map(|[apex, along, up]| {
                let ([x, y], z) = apex;
                let (s1, s2) = ((along.1 - z) / (along.0[0] - x), (up.1 - z) / (up.0[1] - y));
                Tile {
                    facet: Facet { vertices: vec![apex.0, along.0, up.0], values: vec![z, along.1, up.1] },
                    map: [z - s1 * x - s2 * y, s1, s2],
                    walls: Vec::new(),
                }
            })
        })
        .collect()
}

fn draw_tile(paper: &mut Paper<'_>, view: &View, plane: &Plane, tile: &Tile) {
    let bands = plane.bands;
    // Triangles of a curved surface reach a little over their seams.
    let middle = tile.facet.vertices.iter().zip(&tile.facet.values).fold([0.0; 2], |sum, (&x, &value)| {
        let [across, down] = view.at(x, value);
        [sum[0] + across / 3.0, sum[1] + down / 3.0]
    });
    let swollen = |at: [f64; 2]| {
        if plane.samples.is_none() {
            return at;
        }
        let way = [at[0] - middle[0], at[1] - middle[1]];
        let length = f64::hypot(way[0], way[1]).max(1.0);
        [at[0] + SEAM_PX * way[0] / length, at[1] + SEAM_PX * way[1] / length]
    };
    let band_of = |value: &f64| ((value - bands.lo) / bands.step) as usize;
    let all = tile.facet.values.iter().map(band_of);
    for band in all.clone().min().unwrap_or(0)..=all.max().unwrap_or(0).min(bands.count - 1) {
        let floor = bands.lo + band as f64 * bands.step;
        // A little into the next band, which is painted over it, so that no seam shows.
        let part = tile.facet.between(floor, floor + 1.3 * bands.step);
        if part.len() > 2 {
            let shade = color((band as f64 + 0.5) / bands.count as f64);
            paper.fill_polygon(part.into_iter().map(|x| swollen(view.at(x, value(tile.map, x)))), shade);
        }
    }
}

/// The part of a polygon over which a map is not far beyond the values of the network.
fn within_reach(view: &View, vertices: &[[f64; 2]], map: Map) -> Vec<[f64; 2]> {
    let margin = BEYOND * (view.hi - view.lo);
    let facet = Facet { values: vertices.iter().map(|&x| value(map, x)).collect(), vertices: vertices.to_vec() };
    facet.between(view.lo - margin, view.hi + margin)
}

/// What there is of the plane over one tile above the surface, or below it, with the contours on it.
fn draw_plane_part(
    paper: &mut Paper<'_>,
    view: &View,
    plane: &Plane,
    tile: &Tile,
    map: Map,
    above: bool,
    theme: &Theme,
) {
    let gaps: Vec<f64> = tile.facet.vertices.iter().map(|&x| value(map, x) - value(tile.map, x)).collect();
    // Where the plane is the surface, there is nothing to draw,
    // nor where a curved surface, drawn as triangles, comes so near that the two would mix.
    let touching = if plane.samples.is_some() { 0.012 } else { 1e-9 } * (view.hi - view.lo);
    let side = if above { 1.0 } else { -1.0 };
    if gaps.iter().all(|gap| side * gap <= touching) {
        return;
    }
    let gap = Facet { vertices: tile.facet.vertices.clone(), values: gaps };
    let part = if above { gap.between(touching, f64::INFINITY) } else { gap.between(f64::NEG_INFINITY, -touching) };
    let part = within_reach(view, &part, map);
    if part.len() < 3 {
        return;
    }
    paper.fill_polygon(part.iter().map(|&x| view.at(x, value(map, x))), theme.wash(theme.accent, 0.3));
    let values: Vec<f64> = part.iter().map(|&x| value(map, x)).collect();
    let (least, most) = values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), &v| (lo.min(v), hi.max(v)));
    let step = plane.bands.step;
    let part = Facet { vertices: part, values };
    let mut level = (least / step).ceil() * step;
    while level < most {
        if let [from, to] = part.crossings(level)[..] {
            paper.stroke_line(
                view.at(from, level),
                view.at(to, level),
                &Stroke::solid(theme.accent.with_alpha(0.75), 1.0),
            );
        }
        level += step;
    }
}
