use piecewise_core::{
    network::{Activation, Layer, Network},
    regions::PlaneRegions,
};
use piecewise_plot::{Bands, Facet, Surface, Ticks};
use serde::Serialize;

use super::{params::PLANE_VIEW, sampler::Sampler};

/// More regions than two layers of three units can make.
const REGION_LIMIT: usize = 1024;

/// A curved function is shown by its values on a grid of so many points along each axis.
pub(super) const GRID: usize = 43;

/// About how many contours there are.
const CONTOURS: usize = 18;

/// A network with two inputs, whatever the probe.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Plane {
    /// Its linear regions in view; none when its activation is curved.
    pub regions: Vec<Region>,
    /// The pieces of line on which a unit switches.
    pub hinges: Vec<HingePiece>,
    /// How many different maps the regions have; 0 when there are no regions.
    pub n_pieces: usize,
    /// The colours, with a contour wherever one ends and the next begins.
    pub bands: Bands,
    /// The sampled values of a curved function, in shares of the colours.
    #[serde(skip)]
    pub samples: Option<Surface>,
}

/// One linear region.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Region {
    /// Which units are on, as `101`.
    pub pattern: String,
    /// Its corners, counter-clockwise, and the values there.
    pub facet: Facet,
    /// Its centre of mass.
    pub centroid: [f64; 2],
    /// How far that is from the nearest side.
    pub room: f64,
    /// The map y = intercept + slope_1 x_1 + slope_2 x_2 that holds in it.
    pub intercept: f64,
    /// See `intercept`.
    pub slope: [f64; 2],
    /// The region behind each side; the first side runs from the first corner to the second. None behind the edge of the view.
    pub neighbours: Vec<Option<usize>>,
}

/// A piece of the line on which a unit switches.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct HingePiece {
    /// The unit, counted from 0 through all layers.
    pub unit: usize,
    /// One end.
    pub from: [f64; 2],
    /// The other end.
    pub to: [f64; 2],
}

impl Region {
    /// The value of its map.
    pub fn value(&self, x: [f64; 2]) -> f64 {
        self.intercept + self.slope[0] * x[0] + self.slope[1] * x[1]
    }

    /// Twice the area of the triangle of a side and a point, for every side: negative where the point lies beyond it.
    fn beyond(&self, x: [f64; 2]) -> impl Iterator<Item = f64> + '_ {
        let vertices = &self.facet.vertices;
        (0..vertices.len()).map(move |i| {
            let (a, b) = (vertices[i], vertices[(i + 1) % vertices.len()]);
            (b[0] - a[0]) * (x[1] - a[1]) - (b[1] - a[1]) * (x[0] - a[0])
        })
    }

    fn contains(&self, x: [f64; 2]) -> bool {
        self.beyond(x).all(|side| side >= 0.0)
    }
}

/// A ReLU network whose activation regions are the linear regions of `network`; nothing when its activation is curved.
///
/// Steps have the regions of their first layer: what the layers above read is constant there. A rect switches twice.
pub(super) fn stand_in(network: &Network) -> Option<Network> {
    let first = &network.layers[0];
    let n = first.n_outputs();
    let on_first = |copies: usize| {
        let hidden = Layer::from_fn(
            copies * n,
            first.n_inputs(),
            |d| first.beta[d % n] - (d / n) as f64,
            |d, i| first.omega[(d % n, i)],
        );
        Network { layers: vec![hidden, Layer::zeros(1, copies * n)], activation: Activation::Relu }
    };
    match network.activation {
        Activation::Relu | Activation::LeakyRelu { .. } => Some(network.clone()),
        Activation::Heaviside => Some(on_first(1)),
        Activation::Rect => Some(on_first(2)),
        Activation::Linear { .. } => {
            Some(Network { layers: vec![Layer::zeros(1, first.n_inputs())], activation: Activation::Relu })
        }
        _ => None,
    }
}

/// The pattern of the gates at a point, as `101`.
pub(super) fn pattern(network: &Network, x: &[f64]) -> String {
    let forward = network.forward(x);
    let hidden = forward.f[..network.n_hidden_layers()].iter().flat_map(|f| f.iter());
    hidden.map(|&z| if network.activation.is_open(z) { '1' } else { '0' }).collect()
}

/// How many of these maps differ, bit by bit.
pub(super) fn n_different(maps: impl Iterator<Item = [f64; 3]>) -> usize {
    let mut seen: Vec<[f64; 3]> = Vec::new();
    for map in maps {
        if !seen.contains(&map) {
            seen.push(map);
        }
    }
    seen.len()
}

impl Plane {
    /// Computes what there is to see of a network with two inputs.
    ///
    /// # Panics
    /// Never for valid parameters: their weights are finite and the view is a box.
    pub fn compute(network: &Network) -> Self {
        let Some(stand_in) = stand_in(network) else { return Self::curved(network) };
        let plane = PlaneRegions::compute(&stand_in, &PLANE_VIEW, REGION_LIMIT).expect("valid parameters are finite");
        let regions: Vec<Region> = plane
            .iter()
            .map(|region| {
                let centroid = region.centroid();
                let map = network.collapse(&network.forward(&centroid)).map;
                let (intercept, slope) = (map.beta[0], [map.omega[(0, 0)], map.omega[(0, 1)]]);
                let vertices: Vec<[f64; 2]> = region.vertices().collect();
                let values = vertices.iter().map(|v| intercept + slope[0] * v[0] + slope[1] * v[1]).collect();
                let neighbours = region.sides().map(|side| side.neighbour).collect();
                let facet = Facet { vertices, values };
                let pattern = pattern(network, &centroid);
                let mut region = Region { pattern, facet, centroid, room: 0.0, intercept, slope, neighbours };
                region.room = room(&region);
                region
            })
            .collect();
        // Where a stand-in has the regions, the maps are not its own.
        let n_pieces = if stand_in == *network {
            plane.n_affine_pieces()
        } else {
            n_different(regions.iter().map(|region| [region.intercept, region.slope[0], region.slope[1]]))
        };
        let (lo, hi) = range(regions.iter().flat_map(|region| region.facet.values.iter().copied()));
        let n_units = if stand_in == *network { network.n_hidden() } else { network.layers[0].n_outputs() };
        Self { hinges: hinges(&plane, n_units), n_pieces, bands: bands(lo, hi), samples: None, regions }
    }

    fn curved(network: &Network) -> Self {
        let mut sampler = Sampler::new(network);
        let values: Vec<f64> = (0..GRID * GRID).map(|i| sampler.value(&grid_point(i, GRID))).collect();
        let (lo, hi) = range(values.iter().copied());
        let bands = bands(lo, hi);
        let shares = values.iter().map(|&y| bands.share(y)).collect();
        let samples = Some(Surface { n: GRID, shares });
        Self { regions: Vec::new(), hinges: Vec::new(), n_pieces: 0, bands, samples }
    }

    /// The region at a point where the gates make this pattern. The gates decide where a point lies on a line.
    pub fn region_at(&self, x: [f64; 2], pattern: &str) -> Option<usize> {
        let has_pattern = |region: &Region| region.pattern == pattern;
        let find = |fits: &dyn Fn(&Region) -> bool| self.regions.iter().position(fits);
        find(&|region| has_pattern(region) && region.contains(x))
            .or_else(|| find(&has_pattern))
            .or_else(|| find(&|region| region.contains(x)))
    }

    /// The values of the contours, ascending.
    pub fn levels(&self) -> impl Iterator<Item = f64> + use<> {
        let Bands { lo, step, count } = self.bands;
        (1..count).map(move |band| lo + band as f64 * step)
    }
}

/// How far the centre of a region is from its nearest side.
fn room(region: &Region) -> f64 {
    let vertices = &region.facet.vertices;
    let length = |i: usize| {
        let (a, b) = (vertices[i], vertices[(i + 1) % vertices.len()]);
        f64::hypot(b[0] - a[0], b[1] - a[1])
    };
    region.beyond(region.centroid).enumerate().map(|(i, twice)| twice / length(i)).fold(f64::INFINITY, f64::min)
}

/// A point of a grid over the view, row by row from the lower left corner.
pub(super) fn grid_point(index: usize, n: usize) -> [f64; 2] {
    let along = |axis: usize, i: usize| {
        PLANE_VIEW.lo[axis] + i as f64 / (n - 1) as f64 * (PLANE_VIEW.hi[axis] - PLANE_VIEW.lo[axis])
    };
    [along(0, index % n), along(1, index / n)]
}

/// The least and the greatest value; of a constant something around it.
fn range(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (lo, hi) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), y| (lo.min(y), hi.max(y)));
    if hi - lo > 1e-9 { (lo, hi) } else { (lo - 0.5, hi + 0.5) }
}

/// Colours whose edges are round numbers.
fn bands(lo: f64, hi: f64) -> Bands {
    let step = Ticks::inside(lo, hi, CONTOURS).step;
    // A hair of slack, so that a value which is a tick up to rounding does not open another band.
    let first = (lo / step + 1e-9).floor();
    let last = (hi / step - 1e-9).ceil();
    Bands { lo: first * step, step, count: ((last - first) as usize).max(1) }
}

/// Every piece of a line on which one of `n_units` units switches, once.
fn hinges(plane: &PlaneRegions, n_units: usize) -> Vec<HingePiece> {
    let mut pieces = Vec::new();
    for region in plane.iter() {
        let vertices: Vec<[f64; 2]> = region.vertices().collect();
        for (i, side) in region.sides().enumerate() {
            if let Some(hinge) = side.hinge.filter(|_| side.neighbour.is_none_or(|other| other > region.index())) {
                let to = vertices[(i + 1) % vertices.len()];
                pieces.push(HingePiece { unit: hinge % n_units, from: vertices[i], to });
            }
        }
    }
    pieces
}
