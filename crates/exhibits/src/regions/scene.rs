use piecewise_core::regions::{Arrangement, Bounds, PlaneRegions, count};
use piecewise_plot::{Ticks, format_number, subscript};
use serde::Serialize;

use super::Params;

/// The part of the plane that is shown, as in UDL, figure 3.8.
pub const VIEW: Bounds<2> = Bounds { lo: [-1.0, -1.0], hi: [1.0, 1.0] };

/// More regions than twelve lines can make.
const REGION_LIMIT: usize = 4096;

/// How many bands of colour lie between two neighbouring contours.
const BANDS_PER_CONTOUR: usize = 8;

/// How far a band reaches into the next one, in bands.
const OVERLAP: f64 = 0.35;

/// Up to this many missing patterns are named one by one.
const MISSING_NAMED: usize = 12;

/// Everything there is to see, in data space.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scene {
    /// The regions in view, in a stable order.
    pub regions: Vec<RegionShape>,
    /// Where each unit's hinge crosses the view; nothing where it does not.
    pub hinges: Vec<Option<Hinge>>,
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
    /// Whether it reaches the edge of the view.
    pub touches_edge: bool,
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
    /// Activation regions in the whole plane.
    pub in_plane: u64,
    /// How many different affine maps the regions in view have.
    pub affine_pieces: usize,
    /// 2^D, the number of patterns that can be written.
    pub patterns: u64,
    /// Zaslavsky's bound Σ_{j≤2} C(D, j).
    pub zaslavsky: u64,
    /// The patterns that no region in view has, smallest first; at most twelve of them.
    pub missing: Vec<String>,
}

/// Computes everything there is to see.
///
/// # Panics
/// Never for valid parameters: their weights are finite and the view is a box.
pub fn compute(params: &Params) -> Scene {
    let network = params.network();
    let plane = PlaneRegions::compute(&network, &VIEW, REGION_LIMIT).expect("valid parameters are finite");
    let arrangement = Arrangement::of(&network).expect("valid parameters are finite");

    let regions: Vec<RegionShape> = plane
        .iter()
        .map(|region| {
            let map = region.affine(0);
            let vertices: Vec<[f64; 2]> = region.vertices().collect();
            let centroid = region.centroid();
            let mut neighbours: Vec<usize> = region.sides().filter_map(|side| side.neighbour).collect();
            neighbours.sort_unstable();
            neighbours.dedup();
            RegionShape {
                pattern: region.pattern().to_string(),
                room: distance_to_nearest_side(&vertices, centroid),
                vertices,
                centroid,
                area: region.measure(),
                intercept: map.intercept,
                slope: map.slope,
                neighbours,
                touches_edge: region.sides().any(|side| side.hinge.is_none()),
            }
        })
        .collect();

    let (value_range, levels) = levels(&regions);
    let n_hidden = params.units.len();
    let counts = Counts {
        in_view: regions.len(),
        in_plane: arrangement.n_regions,
        affine_pieces: plane.n_affine_pieces(),
        patterns: 1 << n_hidden,
        zaslavsky: u64::try_from(count::zaslavsky(n_hidden as u64, 2)).unwrap_or(u64::MAX),
        missing: missing_patterns(&regions, n_hidden),
    };
    Scene {
        hinges: params.units.iter().map(|unit| hinge(unit.theta)).collect(),
        bands: bands(&regions, value_range, levels.len()),
        contours: contours(&regions, &levels),
        value_range,
        shortfall: shortfall(params, &arrangement, &counts),
        counts,
        regions,
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
    let (lo, hi) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), value| (lo.min(value), hi.max(value)));
    // A network that is constant: one colour, in the middle of the bar.
    let (lo, hi) = if hi - lo > 1e-9 { (lo, hi) } else { (lo - 0.5, hi + 0.5) };
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
fn hinge([bias, w1, w2]: [f64; 3]) -> Option<Hinge> {
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
        let (lo, hi) = (VIEW.lo[axis] - foot[axis], VIEW.hi[axis] - foot[axis]);
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

fn missing_patterns(regions: &[RegionShape], n_hidden: usize) -> Vec<String> {
    (0..1_u32 << n_hidden)
        .map(|bits| format!("{bits:0n_hidden$b}"))
        .filter(|pattern| regions.iter().all(|region| region.pattern != *pattern))
        .take(MISSING_NAMED)
        .collect()
}

/// h₁, h₂ and h₃.
fn names(units: &[usize]) -> String {
    let names: Vec<String> = units.iter().map(|&unit| format!("h{}", subscript(unit + 1))).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// Why the bound is not reached, sentence by sentence.
fn shortfall(params: &Params, arrangement: &Arrangement, counts: &Counts) -> Vec<String> {
    let mut sentences = Vec::new();
    if !arrangement.dead.is_empty() {
        let always_on: Vec<usize> =
            arrangement.dead.iter().copied().filter(|&unit| params.units[unit].theta[0] > 0.0).collect();
        let never_on: Vec<usize> =
            arrangement.dead.iter().copied().filter(|&unit| params.units[unit].theta[0] <= 0.0).collect();
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
        sentences.push(format!("{} meet in one point: the triangle between them is gone.", names(group)));
    }
    let outside = counts.in_plane.saturating_sub(counts.in_view as u64);
    if outside > 0 {
        let (are, regions) = if outside == 1 { ("is", "region") } else { ("are", "regions") };
        sentences.push(format!("{outside} {regions} of the plane {are} off screen."));
    }
    let silent: Vec<usize> = (0..params.units.len())
        .filter(|&unit| params.units[unit].phi == 0.0 && !arrangement.dead.contains(&unit))
        .collect();
    if !silent.is_empty() {
        let phis: Vec<String> = silent.iter().map(|unit| format!("φ{} = 0", subscript(unit + 1))).collect();
        sentences.push(format!(
            "{}: the gate still switches, but the output does not notice; {} regions, {} different maps.",
            phis.join(", "),
            counts.in_view,
            counts.affine_pieces
        ));
    }
    sentences
}

/// The map of a region as an equation.
pub fn map_text(intercept: f64, slope: [f64; 2], decimals: usize) -> String {
    let terms = slope.iter().enumerate().map(|(index, &slope)| {
        let sign = if slope < 0.0 { '−' } else { '+' };
        format!(" {sign} {} x{}", format_number(slope.abs(), decimals), subscript(index + 1))
    });
    format!("y = {}{}", format_number(intercept, decimals), terms.collect::<String>())
}
