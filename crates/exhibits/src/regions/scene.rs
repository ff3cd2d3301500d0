use std::collections::{BTreeMap, BTreeSet};

use piecewise_core::{
    network::Network,
    regions::{Arrangement, Bounds, PlaneRegions, count},
};
use piecewise_plot::{Ticks, format_number, subscript};
use serde::Serialize;

use super::{CountedRun, Growth, Params, Ray, RunCounts, Subject, View, compute_growth, growth::grouped};

/// The part of the plane that is shown, as in UDL, figure 3.8.
pub const VIEW: Bounds<2> = Bounds { lo: [-1.0, -1.0], hi: [1.0, 1.0] };

/// How many bands of colour lie between two neighbouring contours.
const BANDS_PER_CONTOUR: usize = 8;

/// How far a band reaches into the next one, in bands.
const OVERLAP: f64 = 0.35;

/// Up to this many reasons are given for a shortfall.
const MOST_REASONS: usize = 6;

/// Up to this many missing patterns are named one by one.
const MISSING_NAMED: usize = 12;

/// Everything there is to see, in data space.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scene {
    /// The regions in view, in a stable order.
    pub regions: Vec<RegionShape>,
    /// Where the hinge of each unit of the first layer crosses the view; nothing where it does not. Empty on a slice.
    pub hinges: Vec<Option<Hinge>>,
    /// The boundaries of the units of deeper layers, and on a slice of all units, in their order.
    pub bends: Vec<Bend>,
    /// The number of units of each hidden layer.
    pub widths: Vec<usize>,
    /// The part of the plane that is shown.
    pub view: Bounds<2>,
    /// The names of the two axes.
    pub axes: [&'static str; 2],
    /// Points of a slice that bear a name.
    pub marks: Vec<[f64; 2]>,
    /// The ways from region to neighbouring region, when they are asked for.
    pub dual: Vec<DualEdge>,
    /// The ray, when there is one.
    pub ray: Option<Ray>,
    /// The growth plots, when they are looked at.
    pub growth: Option<Growth>,
    /// The counts of the run, when one is looked at.
    pub run: Option<RunCounts>,
    /// Whether all regions in view were found.
    pub complete: bool,
    /// Flat pieces of colour that fill the view, to be painted in this order.
    pub bands: Vec<Band>,
    /// Lines of equal value, at the ticks of the colour bar.
    pub contours: Vec<Contour>,
    /// The values at the ends of the colour bar.
    pub value_range: [f64; 2],
    /// How many there are of what.
    pub counts: Counts,
    /// Why there are fewer regions than Zaslavsky's bound allows, sentence by sentence; empty when there are not.
    pub shortfall: Vec<String>,
}

/// One linear region in view.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RegionShape {
    /// Which units are on, as `101`.
    pub pattern: String,
    /// The corners, counter-clockwise.
    pub vertices: Vec<[f64; 2]>,
    /// Its centre of mass.
    pub centroid: [f64; 2],
    /// How far the centroid is from the nearest side.
    pub room: f64,
    /// Its area in view.
    pub area: f64,
    /// The map y = intercept + slope_1 x_1 + slope_2 x_2 that holds in it.
    pub intercept: f64,
    /// See `intercept`.
    pub slope: [f64; 2],
    /// The regions across its sides, by index.
    pub neighbours: Vec<usize>,
    /// Whether it is bounded in the whole plane; nothing where a deep network goes on beyond the edge of the view.
    pub bounded: Option<bool>,
}

/// The boundary of a unit of a deeper layer in view: it bends where it meets a boundary of an earlier layer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Bend {
    /// The hidden layer, from 0 on.
    pub layer: usize,
    /// The unit in its layer, from 0 on.
    pub unit: usize,
    /// Its pieces, each from bend to bend.
    pub paths: Vec<Vec<[f64; 2]>>,
}

/// The way from one region to its neighbour, through the middle of their common side.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct DualEdge {
    /// The centre of the one, the middle of the side, the centre of the other.
    pub points: [[f64; 2]; 3],
    /// The layer and the unit that switches, from 0 on.
    pub unit: (usize, usize),
}

/// The piece of a unit's hinge that is in view.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Hinge {
    /// One end, on the edge of the view.
    pub from: [f64; 2],
    /// The other end. The unit is on at the left of the way from `from` to `to`.
    pub to: [f64; 2],
}

/// A flat piece of colour.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Band {
    /// Its place between the ends of the colour bar, 0 to 1.
    pub share: f64,
    /// Its corners.
    pub vertices: Vec<[f64; 2]>,
}

/// A straight piece of a line of equal value.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Contour {
    /// The value.
    pub value: f64,
    /// One end.
    pub from: [f64; 2],
    /// The other end.
    pub to: [f64; 2],
}

/// What is counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Activation regions in view.
    pub in_view: usize,
    /// Activation regions in the whole plane, of shallow networks with two inputs.
    pub in_plane: Option<u64>,
    /// How many of those are bounded, and how many can be at most.
    pub bounded: Option<[u64; 2]>,
    /// How many different affine maps the regions in view have.
    pub affine_pieces: usize,
    /// 2^D, the number of patterns that can be written, of shallow networks of at most 32 units.
    pub patterns: Option<u64>,
    /// Zaslavsky's bound Σ_{j≤2} C(D, j), of shallow networks.
    pub zaslavsky: Option<u64>,
    /// How many regions some deep network of this shape reaches, in groups of three digits.
    pub deep_bound: Option<String>,
    /// The patterns that no region in view has, smallest first; at most twelve of them.
    pub missing: Vec<String>,
}

/// Computes everything there is to see.
///
/// # Panics
/// Never for valid parameters: their weights are finite and the view is a box.
pub fn compute(params: &Params) -> Scene {
    let mut scene = compute_regions(&Subject::of(params), params);
    match params.view {
        View::Growth => scene.growth = Some(compute_growth(params)),
        View::Training => {
            scene.run = Some(CountedRun::at(params).counts());
        }
        View::Plane | View::File => {}
    }
    scene
}

/// The regions of a network, and what the parameters want to see of them.
///
/// # Panics
/// When the network is not finite or does not fit the place where it is looked at.
pub fn compute_regions(subject: &Subject, params: &Params) -> Scene {
    let Subject { network, slice, bounds, .. } = subject;
    let limit = subject.region_limit();
    let plane = match slice {
        None => PlaneRegions::compute(network, bounds, limit),
        Some(slice) => PlaneRegions::compute_on(network, slice, bounds, limit),
    }
    .expect("a subject is finite");

    let widths: Vec<usize> =
        network.layers[..network.n_hidden_layers()].iter().map(piecewise_core::network::Layer::n_outputs).collect();
    let is_shallow = slice.is_none() && widths.len() == 1;
    let regions: Vec<RegionShape> = plane
        .iter()
        .map(|region| {
            let map = region.affine(subject.output);
            let vertices: Vec<[f64; 2]> = region.vertices().collect();
            let centroid = region.centroid();
            let mut neighbours: Vec<usize> = region.sides().filter_map(|side| side.neighbour).collect();
            neighbours.sort_unstable();
            neighbours.dedup();
            let pattern = region.pattern();
            let touches_edge = region.sides().any(|side| side.hinge.is_none());
            RegionShape {
                pattern: pattern.to_string(),
                room: distance_to_nearest_side(&vertices, centroid),
                vertices,
                centroid,
                area: region.measure(),
                intercept: map.intercept,
                slope: map.slope,
                neighbours,
                bounded: if touches_edge {
                    is_shallow.then(|| Arrangement::is_bounded(network, &pattern))
                } else {
                    Some(true)
                },
            }
        })
        .collect();

    let (value_range, levels) = levels(&regions);
    // The lines of the first layer run straight through the plane; on a slice all boundaries are found by the regions.
    let hinges = match slice {
        None if !widths.is_empty() => {
            let first = &network.layers[0];
            let theta = |d: usize| [first.beta[d], first.omega[(d, 0)], first.omega[(d, 1)]];
            (0..widths[0]).map(|d| hinge(theta(d), bounds)).collect()
        }
        _ => Vec::new(),
    };
    let bends = bends(&plane, &widths, usize::from(!hinges.is_empty()));
    let arrangement = slice.is_none().then(|| Arrangement::of(network).expect("a subject is finite"));
    let counts = counts(network, &plane, arrangement.as_ref(), &regions, &widths);
    let mut shortfall = shortfall(network, arrangement.as_ref(), &counts);
    if widths.len() > 1 {
        shortfall.extend(deep_shortfall(&regions, &bends, &counts));
    }
    shortfall.truncate(MOST_REASONS);
    if !plane.is_complete() {
        shortfall.insert(0, format!("There are more than {} regions in view; only some are drawn.", regions.len()));
    }
    Scene {
        bands: bands(&regions, value_range, levels.len()),
        contours: contours(&regions, &levels),
        dual: if params.dual { dual(&plane, &regions, &widths) } else { Vec::new() },
        ray: params.ray.then(|| Ray::through(&regions, params.ray_from, params.ray_to)),
        value_range,
        shortfall,
        counts,
        regions,
        hinges,
        bends,
        widths,
        view: *bounds,
        axes: subject.axes,
        marks: subject.marks.clone(),
        growth: None,
        run: None,
        complete: plane.is_complete(),
    }
}

/// The layer and the unit in it of a hidden unit that is counted through all layers, all from 0 on.
pub fn place_of(widths: &[usize], unit: usize) -> (usize, usize) {
    let mut unit = unit;
    for (layer, &width) in widths.iter().enumerate() {
        if unit < width {
            return (layer, unit);
        }
        unit -= width;
    }
    (widths.len(), unit)
}

/// The boundaries of the units from a layer on, joined from side to side.
fn bends(plane: &PlaneRegions, widths: &[usize], first_layer: usize) -> Vec<Bend> {
    let skipped: usize = widths.iter().take(first_layer).sum();
    let n_units: usize = widths.iter().sum();
    let mut sides: Vec<Vec<[usize; 2]>> = vec![Vec::new(); n_units.saturating_sub(skipped)];
    for region in plane.iter() {
        let numbers: Vec<usize> = region.vertex_numbers().collect();
        for (i, side) in region.sides().enumerate() {
            let once = side.neighbour.is_some_and(|neighbour| neighbour > region.index());
            if let Some(unit) = side.hinge.filter(|&unit| once && unit >= skipped) {
                sides[unit - skipped].push([numbers[i], numbers[(i + 1) % numbers.len()]]);
            }
        }
    }
    let joined = sides.into_iter().enumerate().map(|(index, sides)| {
        let (layer, unit) = place_of(widths, index + skipped);
        let point = |number: usize| plane.vertex(number);
        let paths = chains(&sides).into_iter().map(|chain| chain.into_iter().map(point).collect());
        Bend { layer, unit, paths: paths.collect() }
    });
    joined.collect()
}

/// Joins sides that share a vertex to paths as long as possible.
fn chains(sides: &[[usize; 2]]) -> Vec<Vec<usize>> {
    let mut at: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, ends) in sides.iter().enumerate() {
        for &end in ends {
            at.entry(end).or_default().push(index);
        }
    }
    let mut used = vec![false; sides.len()];
    // Paths begin where only one side ends; what is left after those are loops.
    let begins = at.iter().filter(|(_, sides)| sides.len() == 1).chain(&at).map(|(&vertex, _)| vertex);
    let mut chains = Vec::new();
    for begin in begins {
        let mut chain = vec![begin];
        let mut here = begin;
        while let Some(&side) = at[&here].iter().find(|&&side| !used[side]) {
            used[side] = true;
            let [a, b] = sides[side];
            here = if a == here { b } else { a };
            chain.push(here);
        }
        if chain.len() > 1 {
            chains.push(chain);
        }
    }
    chains
}

/// The ways from region to neighbour.
fn dual(plane: &PlaneRegions, regions: &[RegionShape], widths: &[usize]) -> Vec<DualEdge> {
    let mut edges = Vec::new();
    for region in plane.iter() {
        let here = &regions[region.index()];
        for (i, side) in region.sides().enumerate() {
            if let (Some(neighbour), Some(unit)) = (side.neighbour.filter(|&n| n > region.index()), side.hinge) {
                let middle = between(here.vertices[i], here.vertices[(i + 1) % here.vertices.len()], 0.5);
                let points = [here.centroid, middle, regions[neighbour].centroid];
                edges.push(DualEdge { points, unit: place_of(widths, unit) });
            }
        }
    }
    edges
}

fn counts(
    network: &Network,
    plane: &PlaneRegions,
    arrangement: Option<&Arrangement>,
    regions: &[RegionShape],
    widths: &[usize],
) -> Counts {
    let n_hidden = network.n_hidden();
    let shallow = widths.len() == 1;
    let patterns = (shallow && n_hidden <= 32).then(|| 1_u64 << n_hidden);
    let wide: Vec<u64> = widths.iter().map(|&width| width as u64).collect();
    Counts {
        in_view: regions.len(),
        in_plane: arrangement.filter(|_| shallow).map(|lines| lines.n_regions),
        bounded: arrangement.filter(|_| shallow).map(|lines| {
            let most = u64::try_from(count::bounded(n_hidden as u64, 2)).unwrap_or(u64::MAX);
            [lines.n_bounded(network), most]
        }),
        affine_pieces: plane.n_affine_pieces(),
        patterns,
        zaslavsky: shallow.then(|| u64::try_from(count::zaslavsky(n_hidden as u64, 2)).unwrap_or(u64::MAX)),
        deep_bound: (widths.len() > 1).then(|| grouped(&count::deep_of(&wide, 2).to_string())),
        missing: patterns.map_or_else(Vec::new, |patterns| missing_patterns(regions, n_hidden, patterns)),
    }
}

impl RegionShape {
    /// The value of the region's affine map at `x`.
    pub fn value(&self, x: [f64; 2]) -> f64 {
        self.intercept + self.slope[0] * x[0] + self.slope[1] * x[1]
    }

    /// Whether `x` lies in the region or on its edge.
    pub fn contains(&self, x: [f64; 2]) -> bool {
        sides(&self.vertices).all(|(a, b)| cross(a, b, x) >= 0.0)
    }
}

impl Scene {
    /// The region at a point of the view, by index.
    pub fn region_at(&self, x: [f64; 2]) -> Option<usize> {
        self.regions.iter().position(|region| region.contains(x))
    }

    /// The region with this pattern, by index.
    pub fn region_with(&self, pattern: &str) -> Option<usize> {
        self.regions.iter().position(|region| region.pattern == pattern)
    }

    /// The nearest neighbour of region `from` in this direction: the one whose centre lies most nearly that way.
    pub fn neighbour_towards(&self, from: usize, direction: [f64; 2]) -> Option<usize> {
        let start = self.regions.get(from)?;
        let alignment = |to: usize| {
            let [dx, dy] = [0, 1].map(|i| self.regions[to].centroid[i] - start.centroid[i]);
            (dx * direction[0] + dy * direction[1]) / f64::hypot(dx, dy)
        };
        start
            .neighbours
            .iter()
            .copied()
            .filter(|&to| alignment(to) > 0.0)
            .max_by(|&a, &b| alignment(a).total_cmp(&alignment(b)))
    }

    /// Where a value stands on the colour bar, 0 to 1.
    pub fn share(&self, value: f64) -> f64 {
        let [lo, hi] = self.value_range;
        (value - lo) / (hi - lo)
    }
}

fn sides(vertices: &[[f64; 2]]) -> impl Iterator<Item = ([f64; 2], [f64; 2])> + '_ {
    (0..vertices.len()).map(|i| (vertices[i], vertices[(i + 1) % vertices.len()]))
}

/// Twice the area of the triangle a, b, c; positive when c lies at the left of the way from a to b.
fn cross(a: [f64; 2], b: [f64; 2], c: [f64; 2]) -> f64 {
    (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

fn distance_to_nearest_side(vertices: &[[f64; 2]], point: [f64; 2]) -> f64 {
    sides(vertices)
        .map(|(a, b)| cross(a, b, point) / f64::hypot(b[0] - a[0], b[1] - a[1]))
        .filter(|distance| distance.is_finite())
        .fold(f64::INFINITY, f64::min)
}

/// Round numbers that cover all values in view: the ends of the colour bar, and the levels of the contours with both ends.
fn levels(regions: &[RegionShape]) -> ([f64; 2], Vec<f64>) {
    let values = regions.iter().flat_map(|region| region.vertices.iter().map(|&vertex| region.value(vertex)));
    // A network from a file may overflow.
    let finite = values.map(|value| if value.is_nan() { 0.0 } else { value.clamp(-1e100, 1e100) });
    let (lo, hi) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), value| (lo.min(value), hi.max(value)));
    // A network that is constant: one colour, in the middle of the bar.
    let size = lo.abs().max(hi.abs()).max(1.0);
    let (lo, hi) = if hi - lo > 1e-9 * size { (lo, hi) } else { (lo - 0.5 * size, hi + 0.5 * size) };
    let step = Ticks::inside(lo, hi, 9).step;
    // A hair of slack, so that a value which is a tick up to rounding does not open another step.
    let first = (lo / step + 1e-9).floor() as i64;
    let last = (hi / step - 1e-9).ceil() as i64;
    let levels: Vec<f64> = Ticks { step, first, count: (last - first + 1) as u32 }.values().collect();
    ([levels[0], levels[levels.len() - 1]], levels)
}

/// Cuts every region into bands of nearly equal value. A band reaches a little into the next one, which is painted over it: so no
/// seam shows between them.
fn bands(regions: &[RegionShape], [lo, hi]: [f64; 2], n_levels: usize) -> Vec<Band> {
    let n_bands = (n_levels - 1).max(1) * BANDS_PER_CONTOUR;
    let step = (hi - lo) / n_bands as f64;
    let mut bands = Vec::new();
    for region in regions {
        let values: Vec<f64> = region.vertices.iter().map(|&vertex| region.value(vertex)).collect();
        let (least, most) =
            values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), &value| (lo.min(value), hi.max(value)));
        let first = (((least - lo) / step).floor() as usize).min(n_bands - 1);
        let last = (((most - lo) / step).ceil() as usize).clamp(first + 1, n_bands);
        for index in first..last {
            let floor = if index == first { f64::NEG_INFINITY } else { lo + index as f64 * step };
            let ceiling = lo + (index as f64 + 1.0 + OVERLAP) * step;
            let vertices = clip(&region.vertices, &values, floor, ceiling);
            if vertices.len() >= 3 {
                bands.push(Band { share: (index as f64 + 0.5) / n_bands as f64, vertices });
            }
        }
    }
    bands
}

/// The part of a convex polygon where a value that is affine on it lies in [floor, ceiling].
fn clip(vertices: &[[f64; 2]], values: &[f64], floor: f64, ceiling: f64) -> Vec<[f64; 2]> {
    let mut clipped = Vec::with_capacity(vertices.len() + 2);
    for i in 0..vertices.len() {
        let next = (i + 1) % vertices.len();
        let (a, b) = (values[i], values[next]);
        if a >= floor && a <= ceiling {
            clipped.push(vertices[i]);
        }
        let crossings = if a < b { [floor, ceiling] } else { [ceiling, floor] };
        for level in crossings {
            if (a < level && level < b) || (b < level && level < a) {
                clipped.push(between(vertices[i], vertices[next], (level - a) / (b - a)));
            }
        }
    }
    clipped
}

fn between(a: [f64; 2], b: [f64; 2], share: f64) -> [f64; 2] {
    [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])]
}

/// Inside a region the value is affine, so every contour in it is one straight piece, and all are parallel.
fn contours(regions: &[RegionShape], levels: &[f64]) -> Vec<Contour> {
    let mut contours = Vec::new();
    for region in regions {
        let values: Vec<f64> = region.vertices.iter().map(|&vertex| region.value(vertex)).collect();
        for &value in levels {
            let mut ends = (0..values.len()).filter_map(|i| {
                let next = (i + 1) % values.len();
                let (a, b) = (values[i], values[next]);
                // Half-open, so that a corner which lies on the level counts once.
                let crosses = (a < value) != (b < value);
                crosses.then(|| between(region.vertices[i], region.vertices[next], (value - a) / (b - a)))
            });
            if let (Some(from), Some(to)) = (ends.next(), ends.next()) {
                contours.push(Contour { value, from, to });
            }
        }
    }
    contours
}

/// The piece of θ_0 + θ_1 x_1 + θ_2 x_2 = 0 that is in view.
fn hinge([bias, w1, w2]: [f64; 3], view: &Bounds<2>) -> Option<Hinge> {
    let length = f64::hypot(w1, w2);
    if length == 0.0 {
        return None;
    }
    let (n1, n2, offset) = (w1 / length, w2 / length, bias / length);
    // The foot of the perpendicular from the origin, and the way along the line with the open side at the left.
    let foot = [-offset * n1, -offset * n2];
    let way = [n2, -n1];
    let (mut enter, mut leave) = (f64::NEG_INFINITY, f64::INFINITY);
    for axis in 0..2 {
        let (lo, hi) = (view.lo[axis] - foot[axis], view.hi[axis] - foot[axis]);
        if way[axis] == 0.0 {
            if lo > 0.0 || hi < 0.0 {
                return None;
            }
        } else {
            let (a, b) = (lo / way[axis], hi / way[axis]);
            enter = enter.max(a.min(b));
            leave = leave.min(a.max(b));
        }
    }
    (leave > enter).then(|| {
        let at = |t: f64| [foot[0] + t * way[0], foot[1] + t * way[1]];
        Hinge { from: at(enter), to: at(leave) }
    })
}

fn missing_patterns(regions: &[RegionShape], n_hidden: usize, patterns: u64) -> Vec<String> {
    let present: BTreeSet<&str> = regions.iter().map(|region| region.pattern.as_str()).collect();
    (0..patterns)
        .map(|bits| format!("{bits:0n_hidden$b}"))
        .filter(|pattern| !present.contains(pattern.as_str()))
        .take(MISSING_NAMED)
        .collect()
}

/// The name of a hidden unit, both from 0 on: h₁ in the first layer, h′₁ in the second.
pub fn unit_name(layer: usize, unit: usize) -> String {
    format!("h{}{}", ["", "′", "″", "‴"].get(layer).unwrap_or(&"⁗"), subscript(unit + 1))
}

/// h₁, h₂ and h₃.
fn names(units: &[usize]) -> String {
    and(&units.iter().map(|&unit| unit_name(0, unit)).collect::<Vec<_>>())
}

/// Names in a row, the last after an "and".
pub(crate) fn and(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// Why the bound is not reached, sentence by sentence.
fn shortfall(network: &Network, arrangement: Option<&Arrangement>, counts: &Counts) -> Vec<String> {
    let mut sentences = Vec::new();
    let Some(arrangement) = arrangement else { return sentences };
    if !arrangement.dead.is_empty() {
        let (always_on, never_on): (Vec<usize>, Vec<usize>) =
            arrangement.dead.iter().partition(|&&unit| network.layers[0].beta[unit] > 0.0);
        for (units, what) in [(never_on, "off"), (always_on, "on")] {
            if !units.is_empty() {
                let (has, draws) =
                    if units.len() == 1 { ("has", "it draws no line") } else { ("have", "they draw no lines") };
                sentences.push(format!("{} {has} no weights: {what} everywhere, {draws}.", names(&units)));
            }
        }
    }
    for group in &arrangement.coincident {
        sentences.push(format!("{} share one line.", names(group)));
    }
    for group in &arrangement.parallel {
        sentences.push(format!("{} are parallel: they never cross.", names(group)));
    }
    for group in &arrangement.concurrent {
        sentences.push(match group.len() {
            3 => format!("{} meet in one point: the triangle between them is gone.", names(group)),
            n => format!("{n} lines meet in one point: all bounded regions between them are gone."),
        });
    }
    let outside = counts.in_plane.map_or(0, |in_plane| in_plane.saturating_sub(counts.in_view as u64));
    if outside > 0 {
        let (are, regions) = if outside == 1 { ("is", "region") } else { ("are", "regions") };
        sentences.push(format!("{outside} {regions} of the plane {are} off screen."));
    }
    if let [hidden, output] = &network.layers[..] {
        let silent: Vec<usize> = (0..hidden.n_outputs())
            .filter(|&unit| output.omega[(0, unit)] == 0.0 && !arrangement.dead.contains(&unit))
            .collect();
        if !silent.is_empty() {
            let phis: Vec<String> = silent.iter().map(|unit| format!("φ{} = 0", subscript(unit + 1))).collect();
            sentences.push(format!(
                "{}: the gate still switches, but the output does not notice; {} regions, {} different maps.",
                phis.join(", "),
                counts.in_view,
                counts.affine_pieces
            ));
        } else if counts.affine_pieces < counts.in_view {
            sentences.push(format!(
                "{} regions, {} different maps: what the units add is the same in some of them.",
                counts.in_view, counts.affine_pieces
            ));
        }
    }
    sentences
}

/// What a deep network does not make of its units in view.
fn deep_shortfall(regions: &[RegionShape], bends: &[Bend], counts: &Counts) -> Vec<String> {
    let mut sentences = Vec::new();
    let first_deep = regions.first().map_or(0, |region| region.pattern.len()) - bends.len();
    for (gate, what) in [(b'0', "off"), (b'1', "on")] {
        let idle = |index: &usize| {
            bends[*index].paths.is_empty()
                && regions.first().is_some_and(|region| region.pattern.as_bytes()[first_deep + index] == gate)
        };
        let units: Vec<String> =
            (0..bends.len()).filter(idle).map(|index| unit_name(bends[index].layer, bends[index].unit)).collect();
        match units.len() {
            0 => {}
            1..=5 => sentences.push(format!("Everywhere {what} in view: {}.", and(&units))),
            n => sentences.push(format!("{n} units of deeper layers are everywhere {what} in view.")),
        }
    }
    let merged = counts.in_view - counts.affine_pieces;
    if merged > 0 {
        sentences.push(format!(
            "{} regions, {} different maps: where units that are off read it, a switching unit is not noticed.",
            counts.in_view, counts.affine_pieces
        ));
    }
    sentences
}

/// The map of a region as an equation.
pub fn map_text<const N: usize>(intercept: f64, slope: [f64; N], decimals: usize) -> String {
    let terms = slope.iter().enumerate().map(|(index, &slope)| {
        let sign = if slope < 0.0 { '−' } else { '+' };
        format!(" {sign} {} x{}", format_number(slope.abs(), decimals), subscript(index + 1))
    });
    format!("y = {}{}", format_number(intercept, decimals), terms.collect::<String>())
}
