use std::collections::{BTreeMap, BTreeSet};

use num_traits::{Signed as _, ToPrimitive as _};
use piecewise_core::Rng;
use piecewise_core::network::{Activation, Layer, Network};
use proptest::prelude::{BoxedStrategy, ProptestConfig};
use proptest::test_runner::{RngSeed, TestCaseError, TestRunner};

use super::{Point, Q, Region, Regions};
use crate::generators::Case;

/// What an engine says of one region, in the same words for every dimension.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The pattern, one character per hidden unit.
    pub pattern: String,
    /// The vertices; of a polygon counter-clockwise, of an interval the left one first.
    pub vertices: Vec<Vec<f64>>,
    /// For each side the unit whose hinge it lies on, and the number of the region behind it.
    pub sides: Vec<(Option<usize>, Option<usize>)>,
    /// Length, area or volume.
    pub measure: f64,
    /// The centre of mass.
    pub centroid: Vec<f64>,
    /// Intercept and slopes of each output.
    pub outputs: Vec<(f64, Vec<f64>)>,
}

/// Vertices must be right to this part of the width of the box, measures to this part of its measure.
const TOLERANCE: f64 = 1e-9;

/// What an engine claims against what holds.
#[derive(Debug)]
pub struct Comparison<'a> {
    case: &'a Case,
    exact: Regions,
    claims: &'a [Claim],
    /// The widths of the box.
    widths: Vec<f64>,
    /// How much of a width one unit in the last place of a coordinate is, at the far end of the box.
    grain: f64,
}

impl<'a> Comparison<'a> {
    /// Computes what holds for a case.
    pub fn new(case: &'a Case, claims: &'a [Claim]) -> Self {
        let exact = Regions::compute(&case.net, &case.lo, &case.hi);
        let widths: Vec<f64> = case.lo.iter().zip(&case.hi).map(|(lo, hi)| hi - lo).collect();
        let grain = case
            .lo
            .iter()
            .zip(&case.hi)
            .zip(&widths)
            .map(|((lo, hi), width)| lo.abs().max(hi.abs()) * f64::EPSILON / width);
        let grain = grain.fold(0.0, f64::max);
        Self { case, exact, claims, widths, grain }
    }

    /// The exact regions.
    pub fn exact(&self) -> &Regions {
        &self.exact
    }

    /// Checks everything that an engine claims.
    ///
    /// # Errors
    /// Says what is wrong first.
    pub fn check(&self, n_affine_pieces: usize) -> Result<(), String> {
        let by_pattern: BTreeMap<&str, usize> =
            self.claims.iter().enumerate().map(|(i, claim)| (claim.pattern.as_str(), i)).collect();
        let found: Vec<&str> = by_pattern.keys().copied().collect();
        let expected: Vec<String> = self.exact.regions.iter().map(Region::pattern_string).collect();
        if self.claims.len() != expected.len() || found != expected {
            return Err(format!("{} patterns {found:?}, not the {} {expected:?}", self.claims.len(), expected.len()));
        }
        for (region, &i) in self.exact.regions.iter().zip(by_pattern.values()) {
            let claim = &self.claims[i];
            let check = self
                .check_vertices(region, claim)
                .and_then(|()| self.check_measure(region, claim))
                .and_then(|()| self.check_outputs(region, claim))
                .and_then(|()| self.check_sides(region, claim))
                .and_then(|()| self.check_centroid(region, claim));
            check.map_err(|wrong| format!("region {}: {wrong}", claim.pattern))?;
        }
        self.check_neighbours(&by_pattern)?;
        let total: f64 = self.claims.iter().map(|claim| claim.measure).sum();
        let box_measure: f64 = self.widths.iter().product();
        if (total / box_measure - 1.0).abs() > 1e-12 + 16.0 * self.grain {
            return Err(format!("the measures sum to {total}, the box has {box_measure}"));
        }
        let expected = self.exact.n_affine_pieces();
        if n_affine_pieces != expected {
            return Err(format!("{n_affine_pieces} affine pieces, not {expected}"));
        }
        Ok(())
    }

    fn is_near(&self, found: &[f64], exact: &[f64]) -> bool {
        let near = |((a, b), width): ((&f64, &f64), &f64)| (a - b).abs() <= (TOLERANCE + 2.0 * self.grain) * width;
        found.len() == exact.len() && found.iter().zip(exact).zip(&self.widths).all(near)
    }

    fn check_vertices(&self, region: &Region, claim: &Claim) -> Result<(), String> {
        let exact: Vec<Vec<f64>> = match region.cell.n_dimensions() {
            2 => region.cell.ccw_vertices().iter().map(Point::rounded).collect(),
            _ => region.cell.vertices.iter().map(Point::rounded).collect(),
        };
        let found = &claim.vertices;
        let n = exact.len();
        let agree = match region.cell.n_dimensions() {
            _ if found.len() != n => false,
            // The same ring, wherever it starts.
            2 => (0..n).any(|shift| (0..n).all(|i| self.is_near(&found[(i + shift) % n], &exact[i]))),
            _ => {
                exact.iter().all(|x| found.iter().any(|y| self.is_near(y, x)))
                    && found.iter().all(|y| exact.iter().any(|x| self.is_near(y, x)))
            }
        };
        let ascends = region.cell.n_dimensions() > 1 || found.is_sorted_by(|a, b| a[0] <= b[0]);
        if agree && ascends { Ok(()) } else { Err(format!("vertices {found:?}, not {exact:?}")) }
    }

    fn check_measure(&self, region: &Region, claim: &Claim) -> Result<(), String> {
        let box_measure: f64 = self.widths.iter().product();
        let exact = region.cell.measure();
        let fits = (claim.measure - exact).abs() <= (TOLERANCE + 8.0 * self.grain) * box_measure;
        if fits { Ok(()) } else { Err(format!("measure {}, not {exact}", claim.measure)) }
    }

    fn check_outputs(&self, region: &Region, claim: &Claim) -> Result<(), String> {
        if claim.outputs.len() != region.outputs.len() {
            return Err(format!("{} outputs", claim.outputs.len()));
        }
        let sizes = output_sizes(self.case);
        for ((exact, (intercept, slope)), size) in region.outputs.iter().zip(&claim.outputs).zip(sizes) {
            let near = |found: f64, exact: &Q, width: f64| {
                (found - exact.to_f64().unwrap_or(f64::NAN)).abs() * width <= 1e-12 * size
            };
            let slopes =
                slope.iter().zip(&exact.slope()).zip(&self.widths).all(|((w, exact), width)| near(*w, exact, *width));
            // The intercept is far outside a far box.
            let reach = 1.0 / (1.0 + self.grain / f64::EPSILON);
            if !slopes || !near(*intercept, &exact.intercept(), reach) {
                let rounded = |x: Q| x.to_f64();
                let exact = (rounded(exact.intercept()), exact.slope().into_iter().map(rounded).collect::<Vec<_>>());
                return Err(format!("output {:?}, not {exact:?}", (intercept, slope)));
            }
        }
        Ok(())
    }

    fn check_sides(&self, region: &Region, claim: &Claim) -> Result<(), String> {
        if claim.sides.len() != region.cell.sides().len() {
            return Err(format!("{} sides, not {}", claim.sides.len(), region.cell.sides().len()));
        }
        for &(hinge, neighbour) in &claim.sides {
            match (hinge, neighbour.map(|i| &self.claims[i].pattern)) {
                (None, None) => {}
                (Some(unit), Some(other)) if other.as_bytes()[unit] != claim.pattern.as_bytes()[unit] => {}
                (hinge, neighbour) => return Err(format!("hinge {hinge:?} towards {neighbour:?}")),
            }
        }
        Ok(())
    }

    fn check_neighbours(&self, by_pattern: &BTreeMap<&str, usize>) -> Result<(), String> {
        let rank: BTreeMap<usize, usize> = by_pattern.values().enumerate().map(|(rank, &i)| (i, rank)).collect();
        let mut found = BTreeSet::new();
        for (i, claim) in self.claims.iter().enumerate() {
            for neighbour in claim.sides.iter().filter_map(|side| side.1) {
                let (a, b) = (rank[&i], rank[&neighbour]);
                found.insert((a.min(b), a.max(b)));
            }
        }
        let expected = self.exact.neighbours();
        if found == expected { Ok(()) } else { Err(format!("neighbours {found:?}, not {expected:?}")) }
    }

    /// The centroid lies inside, and running the network there gives the pattern and the outputs. Slivers are left out, and units that are
    /// too close to 0 for floating point.
    fn check_centroid(&self, region: &Region, claim: &Claim) -> Result<(), String> {
        let box_measure: f64 = self.widths.iter().product();
        if claim.measure < 1e-6 * box_measure || self.grain > 1e-10 {
            return Ok(());
        }
        let x = Point::new(&claim.centroid);
        for (wall, inside) in region.cell.walls.iter().map(|wall| (wall, wall.sign_at(&x).is_positive())) {
            if !inside {
                return Err(format!("centroid {:?} is behind the wall {wall:?}", claim.centroid));
            }
        }
        let forward = self.case.net.forward(&claim.centroid);
        let f = forward.f[..self.case.net.n_hidden_layers()].iter().flat_map(|f| f.iter().copied());
        let sizes = unit_sizes(self.case);
        for ((f, size), gate) in f.zip(sizes).zip(claim.pattern.chars()) {
            if f.abs() > 1e-9 * size && (f > 0.0) != (gate == '1') {
                return Err(format!("the forward pass has {f} where the gate is {gate}"));
            }
        }
        let sizes = output_sizes(self.case);
        for (((intercept, slope), y), size) in claim.outputs.iter().zip(forward.output().iter()).zip(sizes) {
            let value = slope.iter().zip(&claim.centroid).fold(*intercept, |sum, (w, x)| sum + w * x);
            if (value - y).abs() > 1e-9 * size {
                return Err(format!("the output is {value}, but the forward pass has {y}"));
            }
        }
        Ok(())
    }
}

/// A bound on every pre-activation in the box, layer after layer: how large numbers get on the way.
fn sizes(case: &Case) -> Vec<Vec<f64>> {
    let gain = match case.net.activation {
        Activation::LeakyRelu { slope } => slope.abs().max(1.0),
        _ => 1.0,
    };
    let mut h: Vec<f64> = case.lo.iter().zip(&case.hi).map(|(lo, hi)| lo.abs().max(hi.abs())).collect();
    let mut sizes = vec![];
    for layer in &case.net.layers {
        let size = |d: usize| {
            h.iter().enumerate().fold(layer.beta[d].abs(), |sum, (i, h)| sum + layer.omega[(d, i)].abs() * h)
        };
        let f: Vec<f64> = (0..layer.n_outputs()).map(size).collect();
        h = f.iter().map(|size| size * gain).collect();
        sizes.push(f);
    }
    sizes
}

fn output_sizes(case: &Case) -> Vec<f64> {
    // Below the smallest number there is nothing to be right about.
    sizes(case).pop().expect("a network has a layer").into_iter().map(|size| size.max(1e-290)).collect()
}

fn unit_sizes(case: &Case) -> Vec<f64> {
    let mut sizes = sizes(case);
    sizes.pop();
    sizes.concat()
}

/// Whether a network is in general position in a box, as far as regions can tell: every vertex inside the box belongs to 2^n regions, every
/// vertex on its surface to fewer by a half for each side of the box.
pub fn is_generic(exact: &Regions, lo: &[f64], hi: &[f64]) -> bool {
    let mut n_regions: BTreeMap<&Point, usize> = BTreeMap::new();
    for x in exact.regions.iter().flat_map(|region| &region.cell.vertices) {
        *n_regions.entry(x).or_default() += 1;
    }
    n_regions.into_iter().all(|(x, n)| {
        let free = (0..lo.len()).filter(|&axis| {
            let x = x.coordinate(axis);
            x != super::q(lo[axis]) && x != super::q(hi[axis])
        });
        n == 1 << free.count()
    })
}

/// The network whose hidden units of layer `k` come in another order: unit `order[d]` becomes unit d.
pub fn permuted(net: &Network, k: usize, order: &[usize]) -> Network {
    let mut net = net.clone();
    let (layer, next) = (net.layers[k].clone(), net.layers[k + 1].clone());
    for (d, &from) in order.iter().enumerate() {
        net.layers[k].omega.set_row(d, &layer.omega.row(from));
        net.layers[k].beta[d] = layer.beta[from];
        net.layers[k + 1].omega.set_column(d, &next.omega.column(from));
    }
    net
}

/// A network of normal weights and smaller biases.
pub fn random_network(seed: u64, sizes: &[usize]) -> Network {
    let mut rng = Rng::from_seed(seed);
    let layers = sizes.windows(2).map(|pair| {
        let mut layer = Layer::zeros(pair[1], pair[0]);
        layer.omega.iter_mut().for_each(|w| *w = rng.normal());
        layer.beta.iter_mut().for_each(|b| *b = 0.4 * rng.normal());
        layer
    });
    Network::new(layers.collect(), Activation::Relu).expect("sizes chain")
}

/// Checks so many cases of a family, the same ones each time, and shows the smallest one that fails.
///
/// # Panics
/// When one fails.
pub fn check_family(n_cases: u32, cases: &BoxedStrategy<Case>, check: impl Fn(&Case) -> Result<(), TestCaseError>) {
    let config = ProptestConfig {
        cases: n_cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(3),
        ..ProptestConfig::default()
    };
    TestRunner::new(config).run(cases, |case| check(&case)).unwrap_or_else(|error| panic!("{error}"));
}
