//! The regions of a network, of one, two or three inputs, in one shape.

use std::time::Instant;

use piecewise_core::{
    network::Network,
    regions::{Affine, Bounds, LineRegions, PlaneRegions, RegionError, Slice, SpaceRegions, count},
};
use piecewise_network_file::{Corners, NetworkFile, SliceFile};
use serde::Serialize;

use crate::trouble::Trouble;

/// What is printed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Report {
    /// How many regions there are in the box.
    pub(crate) n_regions: usize,
    /// Whether these are all; not when there were more than the limit.
    pub(crate) complete: bool,
    /// How many different affine maps they carry.
    pub(crate) n_affine_pieces: usize,
    /// The bound of a shallow network with as many hidden units, as digits; nothing for deep ones.
    pub(crate) zaslavsky: Option<String>,
    /// The regions in the order of their patterns.
    pub(crate) regions: Vec<Region>,
}

/// One region.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Region {
    /// Which units are on, first layer first.
    pub(crate) pattern: String,
    /// The corners: both ends, counter-clockwise, or in the order of their numbers.
    pub(crate) vertices: Vec<Vec<f64>>,
    /// Length, area or volume.
    pub(crate) measure: f64,
    /// The gradient of each output: outputs × dimensions.
    pub(crate) slope: Vec<Vec<f64>>,
    /// The value of each output at 0.
    pub(crate) intercept: Vec<f64>,
    /// The regions across its sides, ascending.
    pub(crate) neighbours: Vec<usize>,
}

/// What is to be enumerated.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    pub(crate) network: Network,
    pub(crate) bounds: Corners,
    pub(crate) slice: Option<SliceFile>,
    pub(crate) limit: usize,
}

impl Question {
    /// The question that a file asks, with what the command line overrides.
    pub(crate) fn new(
        file: NetworkFile,
        bounds: Option<Corners>,
        slice: Option<SliceFile>,
        limit: usize,
    ) -> Result<Self, Trouble> {
        let slice = slice.or(file.slice);
        let dimensions = slice.as_ref().map_or(file.network.n_inputs(), |slice| slice.directions.len());
        if !(1..=3).contains(&dimensions) {
            let what = if slice.is_some() { "the slice has" } else { "the network reads" };
            return Err(Trouble::new(format!(
                "{what} {dimensions} dimensions; regions are enumerated in one, two or three, or on a slice of as many"
            )));
        }
        let bounds =
            bounds.or(file.bounds).unwrap_or_else(|| Corners { lo: vec![-1.0; dimensions], hi: vec![1.0; dimensions] });
        for (corner, name) in [(&bounds.lo, "lo"), (&bounds.hi, "hi")] {
            if corner.len() != dimensions {
                return Err(Trouble::new(format!(
                    "the box has {} numbers in \"{name}\", but {dimensions} dimensions are asked for",
                    corner.len()
                )));
            }
        }
        Ok(Self { network: file.network, bounds, slice, limit })
    }

    /// How many dimensions there are.
    pub(crate) fn dimensions(&self) -> usize {
        self.bounds.lo.len()
    }

    /// Enumerates the regions.
    pub(crate) fn answer(&self) -> Result<Report, Trouble> {
        let report = match self.dimensions() {
            1 => self.line().map(|regions| self.report_line(&regions)),
            2 => self.plane().map(|regions| self.report_plane(&regions)),
            _ => self.space().map(|regions| self.report_space(&regions)),
        };
        report.map_err(|error| Trouble::new(error.to_string()))
    }

    /// The median of the milliseconds that so many enumerations take, without reading and writing.
    pub(crate) fn time(&self, n: usize) -> Result<f64, Trouble> {
        let mut millis = Vec::with_capacity(n);
        for _ in 0..n {
            let begin = Instant::now();
            let n_regions = match self.dimensions() {
                1 => self.line().map(|regions| regions.len()),
                2 => self.plane().map(|regions| regions.len()),
                _ => self.space().map(|regions| regions.len()),
            };
            std::hint::black_box(n_regions.map_err(|error| Trouble::new(error.to_string()))?);
            millis.push(begin.elapsed().as_secs_f64() * 1e3);
        }
        millis.sort_by(f64::total_cmp);
        Ok(millis[millis.len() / 2])
    }

    fn line(&self) -> Result<LineRegions, RegionError> {
        let bounds = bounds(&self.bounds);
        match slice(self.slice.as_ref()) {
            Some(slice) => LineRegions::compute_on(&self.network, &slice, &bounds, self.limit),
            None => LineRegions::compute(&self.network, &bounds, self.limit),
        }
    }

    /// The regions in the plane.
    pub(crate) fn plane(&self) -> Result<PlaneRegions, RegionError> {
        let bounds = bounds(&self.bounds);
        match slice(self.slice.as_ref()) {
            Some(slice) => PlaneRegions::compute_on(&self.network, &slice, &bounds, self.limit),
            None => PlaneRegions::compute(&self.network, &bounds, self.limit),
        }
    }

    fn space(&self) -> Result<SpaceRegions, RegionError> {
        let bounds = bounds(&self.bounds);
        match slice(self.slice.as_ref()) {
            Some(slice) => SpaceRegions::compute_on(&self.network, &slice, &bounds, self.limit),
            None => SpaceRegions::compute(&self.network, &bounds, self.limit),
        }
    }

    fn outputs(&self) -> std::ops::Range<usize> {
        0..self.network.n_outputs()
    }

    fn report_line(&self, regions: &LineRegions) -> Report {
        let all = regions.iter().map(|region| {
            let neighbours = region.sides().into_iter().filter_map(|side| side.neighbour).collect();
            let vertices = region.ends().map(|x| vec![x]).to_vec();
            let maps: Vec<_> = self.outputs().map(|output| region.affine(output)).collect();
            shape(region.pattern().to_string(), vertices, region.measure(), &maps, neighbours)
        });
        self.report(all.collect(), regions.is_complete(), regions.n_affine_pieces())
    }

    fn report_plane(&self, regions: &PlaneRegions) -> Report {
        let all = regions.iter().map(|region| {
            let neighbours = region.sides().filter_map(|side| side.neighbour).collect();
            let vertices = region.vertices().map(|vertex| vertex.to_vec()).collect();
            let maps: Vec<_> = self.outputs().map(|output| region.affine(output)).collect();
            shape(region.pattern().to_string(), vertices, region.measure(), &maps, neighbours)
        });
        self.report(all.collect(), regions.is_complete(), regions.n_affine_pieces())
    }

    fn report_space(&self, regions: &SpaceRegions) -> Report {
        let all = regions.iter().map(|region| {
            let neighbours = region.faces().filter_map(|face| face.neighbour()).collect();
            let vertices = region.vertices().map(|vertex| vertex.to_vec()).collect();
            let maps: Vec<_> = self.outputs().map(|output| region.affine(output)).collect();
            shape(region.pattern().to_string(), vertices, region.measure(), &maps, neighbours)
        });
        self.report(all.collect(), regions.is_complete(), regions.n_affine_pieces())
    }

    fn report(&self, regions: Vec<Region>, complete: bool, n_affine_pieces: usize) -> Report {
        let shallow = self.network.n_hidden_layers() == 1;
        let zaslavsky =
            shallow.then(|| count::zaslavsky(self.network.n_hidden() as u64, self.dimensions() as u64).to_string());
        Report { n_regions: regions.len(), complete, n_affine_pieces, zaslavsky, regions }
    }
}

fn shape<const N: usize>(
    pattern: String,
    vertices: Vec<Vec<f64>>,
    measure: f64,
    maps: &[Affine<N>],
    mut neighbours: Vec<usize>,
) -> Region {
    neighbours.sort_unstable();
    neighbours.dedup();
    Region {
        pattern,
        vertices,
        measure,
        slope: maps.iter().map(|map| map.slope.to_vec()).collect(),
        intercept: maps.iter().map(|map| map.intercept).collect(),
        neighbours,
    }
}

/// The corners, whose length was checked.
fn bounds<const N: usize>(corners: &Corners) -> Bounds<N> {
    let array = |values: &[f64]| core::array::from_fn(|axis| values.get(axis).copied().unwrap_or(f64::NAN));
    Bounds { lo: array(&corners.lo), hi: array(&corners.hi) }
}

/// The slice, whose number of directions was checked.
fn slice<const N: usize>(slice: Option<&SliceFile>) -> Option<Slice<N>> {
    let slice = slice?;
    let directions: [Vec<f64>; N] = slice.directions.clone().try_into().ok()?;
    Some(Slice { origin: slice.origin.clone(), directions })
}

impl Report {
    /// A line a region: pattern, measure, intercepts, slopes, neighbours.
    pub(crate) fn csv(&self) -> String {
        let first = self.regions.first();
        let n_outputs = first.map_or(0, |region| region.intercept.len());
        let dimensions = first.and_then(|region| region.slope.first()).map_or(0, Vec::len);
        let mut columns = vec!["pattern".to_owned(), "measure".to_owned()];
        for output in 1..=n_outputs {
            columns.push(format!("intercept_{output}"));
            columns.extend((1..=dimensions).map(|axis| format!("slope_{output}_{axis}")));
        }
        columns.extend(["neighbours".to_owned(), "vertices".to_owned()]);
        let rows = self.regions.iter().map(|region| {
            let mut cells = vec![region.pattern.clone(), region.measure.to_string()];
            for (intercept, slope) in region.intercept.iter().zip(&region.slope) {
                cells.push(intercept.to_string());
                cells.extend(slope.iter().map(ToString::to_string));
            }
            let joined = |values: Vec<String>| values.join(" ");
            cells.push(joined(region.neighbours.iter().map(|index| self.regions[*index].pattern.clone()).collect()));
            let corners =
                region.vertices.iter().map(|v| v.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "));
            cells.push(corners.collect::<Vec<_>>().join("; "));
            cells.join(",")
        });
        let lines: Vec<String> = std::iter::once(columns.join(",")).chain(rows).collect();
        lines.join("\n") + "\n"
    }
}
