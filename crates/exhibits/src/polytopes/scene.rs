use piecewise_core::regions::{
    Bounds, PlaneRegions, Slice, SpaceArrangement, SpaceFace, SpaceRegion, SpaceRegions, count,
};
use piecewise_plot::subscript;
use serde::Serialize;

use super::{Params, View};
use crate::regions;

/// The cube that is cut.
pub const CUBE: Bounds<3> = Bounds { lo: [-1.0; 3], hi: [1.0; 3] };

/// The square in which a cross-section lies.
pub const SQUARE: Bounds<2> = Bounds { lo: [-1.0; 2], hi: [1.0; 2] };

/// More cells than ten planes and three bent surfaces can make.
const CELL_LIMIT: usize = 8192;

/// Up to so many missing patterns are named one by one.
const MOST_MISSING_NAMED: u64 = 4;

/// Everything there is to see, in data space.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scene {
    /// The cube, cut into cells.
    pub solid: Solid,
    /// Its cross-section.
    pub section: Section,
}

/// The cube, cut into cells.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Solid {
    /// The cells, in the order of their patterns.
    pub cells: Vec<Cell>,
    /// The least and the greatest output in the middle of a cell.
    pub value_range: [f64; 2],
    /// How many there are of what.
    pub counts: Counts,
    /// What there is to say of the counts, sentence by sentence.
    pub remarks: Vec<String>,
}

/// One cell: a convex polyhedron on which the network is affine.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cell {
    /// Which units are on, as `101`, the first layer's before the second's.
    pub pattern: String,
    /// Its centre of mass.
    pub centroid: [f64; 3],
    /// Its volume; that of the cube is 8.
    pub volume: f64,
    /// The map y = intercept + slope · x that holds in it.
    pub intercept: f64,
    /// See `intercept`.
    pub slope: [f64; 3],
    /// Its faces.
    pub faces: Vec<Face>,
    /// How many corners it has.
    pub n_vertices: usize,
    /// How many edges it has.
    pub n_edges: usize,
    /// For every unit, the direction across its hinge towards this cell; 0 where the unit is constant. A list for each layer.
    pub inward: [Vec<[f64; 3]>; 2],
}

/// One face of a cell: a convex polygon.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Face {
    /// The unit on whose hinge it lies, counted through both layers; nothing on the sides of the cube.
    pub unit: Option<usize>,
    /// The cell behind it, by index.
    pub neighbour: Option<usize>,
    /// Its corners, counter-clockwise for one who looks at the cell from outside.
    pub vertices: Vec<[f64; 3]>,
    /// The direction out of the cell, of length 1; 0 where the face is too thin to tell.
    pub normal: [f64; 3],
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Cells in the cube.
    pub in_cube: usize,
    /// Cells of the first layer alone in the cube.
    pub first_layer: usize,
    /// Cells of the first layer in the whole of space.
    pub in_space: u64,
    /// Zaslavsky's bound Σ_{j≤3} C(D, j) for the first layer.
    pub zaslavsky: u64,
    /// The number of patterns that can be written.
    pub patterns: u64,
}

/// A plane cross-section of the cube.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Section {
    /// The axis across which the cube is cut, 0 to 2.
    pub axis: usize,
    /// Where on it.
    pub position: f64,
    /// The polygons in which it meets the cells.
    pub cuts: Vec<Cut>,
    /// The lines in which it meets the planes of the first layer; nothing where it does not.
    pub lines: Vec<Option<[[f64; 2]; 2]>>,
}

/// Where a cross-section meets one cell: a convex polygon.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cut {
    /// The cell, by index. Nothing where the cross-section lies in a plane and the polygon belongs to no cell alone.
    pub cell: Option<usize>,
    /// Its corners in the two axes of the section, counter-clockwise.
    pub vertices: Vec<[f64; 2]>,
    /// Its centre of mass.
    pub centroid: [f64; 2],
    /// Its area; that of the square is 4.
    pub area: f64,
    /// Its sides; the first runs from the first corner to the second.
    pub sides: Vec<CutSide>,
}

/// One side of a [`Cut`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CutSide {
    /// The unit on whose hinge it lies; nothing on the sides of the cube.
    pub unit: Option<usize>,
    /// The direction out of the cell through the face on which it lies.
    pub outward: [f64; 3],
}

impl Scene {
    /// What there is to see, in one sentence.
    pub fn sentence(solid: &Solid, section: &Section) -> String {
        let n = solid.cells.len();
        let cells = if n == 1 { "cell" } else { "cells" };
        format!("A cube cut into {n} convex {cells}; a cross-section meets {} of them.", section.cuts.len())
    }
}

/// Computes everything there is to see.
pub fn compute(params: &Params) -> Scene {
    let solid = compute_solid(params);
    let section = compute_section(params, &solid);
    Scene { solid, section }
}

/// Cuts the cube into cells.
///
/// # Panics
/// Never for valid parameters: their weights are finite and the cube is a box.
pub fn compute_solid(params: &Params) -> Solid {
    let network = params.network();
    let space = SpaceRegions::compute(&network, &CUBE, CELL_LIMIT).expect("valid parameters are finite");
    let arrangement = SpaceArrangement::of(&network).expect("valid parameters are finite");
    let normals: Vec<[f64; 3]> = params.planes.iter().map(|plane| plane.normal()).collect();
    let [omega, _] = params.second_weights();
    let inward = |pattern: &str| {
        let is_on = |unit: usize| pattern.as_bytes()[unit] == b'1';
        let turned = |w: [f64; 3], unit: usize| if is_on(unit) { w } else { w.map(|x| -x) };
        let first = normals.iter().enumerate().map(|(d, &w)| turned(w, d)).collect();
        // A unit of the second layer is the sum of those of the first that are on.
        let second = (0..params.second.len())
            .map(|j| {
                let mut gradient = [0.0; 3];
                for (d, w) in normals.iter().enumerate().filter(|(d, _)| is_on(*d)) {
                    gradient.iter_mut().zip(w).for_each(|(sum, w)| *sum += omega[j][d] * w);
                }
                turned(gradient, normals.len() + j)
            })
            .collect();
        [first, second]
    };
    let cells: Vec<Cell> = space.iter().map(|region| cell(&region, &inward)).collect();
    let values = cells.iter().map(|cell| cell.value(cell.centroid));
    let (lo, hi) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), v| (lo.min(v), hi.max(v)));
    // A network that is constant: one colour, in the middle of the scale.
    let value_range = if hi - lo > 1e-9 { [lo, hi] } else { [lo - 0.5, hi + 0.5] };
    let mut first_layer: Vec<&str> = cells.iter().map(|cell| &cell.pattern[..normals.len()]).collect();
    first_layer.dedup();
    let counts = Counts {
        in_cube: cells.len(),
        first_layer: first_layer.len(),
        in_space: arrangement.n_regions,
        zaslavsky: u64::try_from(count::zaslavsky(normals.len() as u64, 3)).unwrap_or(u64::MAX),
        patterns: 1 << params.n_hidden(),
    };
    Solid { value_range, remarks: remarks(params, &arrangement, &counts, &cells), counts, cells }
}

fn cell(region: &SpaceRegion<'_>, inward: &dyn Fn(&str) -> [Vec<[f64; 3]>; 2]) -> Cell {
    let pattern = region.pattern().to_string();
    let map = region.affine(0);
    let faces: Vec<Face> = region.faces().map(|face| self::face(&face)).collect();
    Cell {
        inward: inward(&pattern),
        pattern,
        centroid: region.centroid(),
        volume: region.measure(),
        intercept: map.intercept,
        slope: map.slope,
        n_vertices: region.vertex_numbers().len(),
        // Every edge belongs to two faces.
        n_edges: faces.iter().map(|face| face.vertices.len()).sum::<usize>() / 2,
        faces,
    }
}

fn face(face: &SpaceFace<'_>) -> Face {
    let vertices: Vec<[f64; 3]> = face.vertices().collect();
    // The sum of the cross products along the ring: twice the area, along the normal (Newell's rule).
    let from_first = |x: [f64; 3]| -> [f64; 3] { core::array::from_fn(|axis| x[axis] - vertices[0][axis]) };
    let sum = vertices.windows(2).fold([0.0; 3], |sum, pair| {
        let (a, b) = (from_first(pair[0]), from_first(pair[1]));
        let cross = [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
        core::array::from_fn(|axis| sum[axis] + cross[axis])
    });
    let length = dot(sum, sum).sqrt();
    let normal = if length > 1e-15 { sum.map(|x| x / length) } else { [0.0; 3] };
    Face { unit: face.hinge(), neighbour: face.neighbour(), vertices, normal }
}

pub(super) fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

impl Cell {
    /// The value of its affine map at `x`.
    pub fn value(&self, x: [f64; 3]) -> f64 {
        self.intercept + dot(self.slope, x)
    }

    /// The cells across its faces, by index, ascending.
    pub fn neighbours(&self) -> Vec<usize> {
        let mut neighbours: Vec<usize> = self.faces.iter().filter_map(|face| face.neighbour).collect();
        neighbours.sort_unstable();
        neighbours.dedup();
        neighbours
    }

    /// How many units have it on the viewer's side of their hinge, layer by layer.
    fn nearness(&self, view: &View) -> [usize; 2] {
        let count = |layer: usize| self.inward[layer].iter().filter(|&&way| view.depth(way) > 0.0).count();
        [count(0), count(1)]
    }
}

impl Solid {
    /// The cells from back to front: whatever hides a cell comes after it.
    ///
    /// A line of sight crosses each plane at most once, so every plane between a cell and one that hides it has the latter on the viewer's side:
    /// of the two it has more planes behind it. Where the planes are bent, the same holds within each cell of the layer below. Planes
    /// between cells go on separating them when the cells are moved away from the middle.
    pub fn back_to_front(&self, view: &View) -> Vec<usize> {
        let mut order: Vec<([usize; 2], usize)> =
            self.cells.iter().enumerate().map(|(index, cell)| (cell.nearness(view), index)).collect();
        order.sort_unstable();
        order.into_iter().map(|(_, index)| index).collect()
    }

    /// The cell with this pattern, by index.
    pub fn cell_with(&self, pattern: &str) -> Option<usize> {
        self.cells.iter().position(|cell| cell.pattern == pattern)
    }

    /// Where the middle of a cell stands between the least and the greatest output, 0 to 1.
    pub fn share(&self, cell: &Cell) -> f64 {
        let [lo, hi] = self.value_range;
        (cell.value(cell.centroid) - lo) / (hi - lo)
    }
}

impl Section {
    /// The two axes that lie in it: what its first and its second coordinate are in space.
    pub fn axes(&self) -> [usize; 2] {
        axes_of(self.axis)
    }

    /// The point of space at a point of the section.
    pub fn in_space(&self, [a, b]: [f64; 2]) -> [f64; 3] {
        let [i, j] = self.axes();
        let mut x = [self.position; 3];
        (x[i], x[j]) = (a, b);
        x
    }

    /// The cell at a point of the section.
    pub fn cell_at(&self, x: [f64; 2]) -> Option<usize> {
        let inside = |cut: &&Cut| {
            (0..cut.vertices.len()).all(|i| {
                let (a, b) = (cut.vertices[i], cut.vertices[(i + 1) % cut.vertices.len()]);
                (b[0] - a[0]) * (x[1] - a[1]) >= (b[1] - a[1]) * (x[0] - a[0])
            })
        };
        self.cuts.iter().find(inside).and_then(|cut| cut.cell)
    }
}

/// The two axes across the given one, in the order in which they are drawn to the right and up.
fn axes_of(axis: usize) -> [usize; 2] {
    [[1, 2], [0, 2], [0, 1]][axis]
}

/// Cuts the cells across an axis.
///
/// # Panics
/// Never for valid parameters.
pub fn compute_section(params: &Params, solid: &Solid) -> Section {
    let axis = params.axis - 1;
    let [i, j] = axes_of(axis);
    let unit_vector = |k: usize| -> Vec<f64> { (0..3).map(|l| f64::from(u8::from(k == l))).collect() };
    let origin = unit_vector(axis).iter().map(|x| x * params.position).collect();
    let slice = Slice { origin, directions: [unit_vector(i), unit_vector(j)] };
    let plane =
        PlaneRegions::compute_on(&params.network(), &slice, &SQUARE, CELL_LIMIT).expect("valid parameters are finite");
    let cuts = plane
        .iter()
        .map(|region| {
            let cell = solid.cell_with(&region.pattern().to_string());
            let vertices: Vec<[f64; 2]> = region.vertices().collect();
            let sides = region.sides().enumerate().map(|(k, side)| {
                let outward = if let (Some(unit), Some(cell)) = (side.hinge, cell) {
                    let [first, second] = &solid.cells[cell].inward;
                    let way = first.get(unit).or_else(|| second.get(unit - first.len()));
                    way.map_or([0.0; 3], |way| way.map(|x| -x))
                } else {
                    let (a, b) = (vertices[k], vertices[(k + 1) % vertices.len()]);
                    let mut outward = [0.0; 3];
                    (outward[i], outward[j]) = (b[1] - a[1], a[0] - b[0]);
                    outward
                };
                CutSide { unit: side.hinge, outward }
            });
            Cut { cell, sides: sides.collect(), centroid: region.centroid(), area: region.measure(), vertices }
        })
        .collect();
    let line =
        |theta: [f64; 4]| line_in_square([theta[0] + theta[axis + 1] * params.position, theta[i + 1], theta[j + 1]]);
    Section { axis, position: params.position, cuts, lines: params.planes.iter().map(|p| line(p.theta())).collect() }
}

/// The piece of bias + w_1 x_1 + w_2 x_2 = 0 in the square.
fn line_in_square([bias, w1, w2]: [f64; 3]) -> Option<[[f64; 2]; 2]> {
    let mut ends = Vec::new();
    for side in [-1.0, 1.0] {
        ends.extend((w2 != 0.0).then(|| [side, -(bias + w1 * side) / w2]));
        ends.extend((w1 != 0.0).then(|| [-(bias + w2 * side) / w1, side]));
    }
    ends.retain(|end| end.iter().all(|x| x.abs() <= 1.0));
    let from = *ends.first()?;
    let distance = |to: &[f64; 2]| (to[0] - from[0]).abs() + (to[1] - from[1]).abs();
    let to = ends.into_iter().max_by(|a, b| distance(a).total_cmp(&distance(b)))?;
    (distance(&to) > 0.0).then_some([from, to])
}

/// What there is to say of the counts.
fn remarks(params: &Params, arrangement: &SpaceArrangement, counts: &Counts, cells: &[Cell]) -> Vec<String> {
    let n = params.planes.len();
    let names = |units: &[usize]| regions::and(&units.iter().map(|&unit| unit_name(params, unit)).collect::<Vec<_>>());
    let mut sentences = Vec::new();
    for group in &arrangement.coincident {
        sentences.push(format!("{} share one plane.", names(group)));
    }
    for group in &arrangement.parallel {
        sentences.push(format!("{} are parallel: they never meet.", names(group)));
    }
    for group in &arrangement.through_line {
        sentences.push(format!("{} meet in one line.", names(group)));
    }
    for group in &arrangement.along_line {
        sentences.push(format!("{} are parallel to one line, so no point lies on all of them.", names(group)));
    }
    for group in &arrangement.through_point {
        sentences.push(format!("{} meet in one point: what lay between them is gone.", names(group)));
    }
    if params.second.is_empty() {
        if counts.in_space == counts.patterns {
            sentences.push(format!(
                "No pattern is missing: {n} planes make 2{} = {} cells.",
                superscript(n),
                counts.patterns
            ));
        } else if counts.in_space == counts.zaslavsky {
            sentences.push(format!("The planes are in general position: {n} planes cannot make more cells."));
        }
        let missing = counts.patterns.saturating_sub(counts.in_space);
        if missing > MOST_MISSING_NAMED || (missing > 0 && counts.in_space > counts.in_cube as u64) {
            sentences.push(format!("Of the 2{} patterns {missing} are nowhere.", superscript(n)));
        } else if missing > 0 {
            let patterns = (0..counts.patterns).map(|bits| format!("{bits:0n$b}"));
            let absent: Vec<String> = patterns.filter(|p| cells.iter().all(|cell| cell.pattern != *p)).collect();
            sentences.push(format!("Missing: {}.", absent.join(", ")));
        }
        let outside = counts.in_space.saturating_sub(counts.in_cube as u64);
        if outside > 0 {
            let lie = if outside == 1 { "cell of space lies" } else { "cells of space lie" };
            sentences.push(format!("{outside} {lie} outside the cube."));
        }
    } else {
        let second: Vec<usize> = (n..params.n_hidden()).collect();
        sentences.push(format!(
            "The first layer makes {} cells in the cube; {} of the second layer cut them into {}, flat inside each and bent between them.",
            counts.first_layer,
            names(&second),
            counts.in_cube
        ));
    }
    sentences
}

/// A whole number as an exponent.
fn superscript(number: usize) -> String {
    number
        .to_string()
        .bytes()
        .map(|digit| ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'][usize::from(digit - b'0')])
        .collect()
}

/// What a polygon with so many corners is called.
pub fn polygon_name(n_corners: usize) -> String {
    match n_corners {
        3 => "triangle".to_owned(),
        4 => "quadrilateral".to_owned(),
        5 => "pentagon".to_owned(),
        6 => "hexagon".to_owned(),
        n => format!("{n}-gon"),
    }
}

/// The name of a unit, counted through both layers: `h₃`, and in the second layer `h′₁`.
pub fn unit_name(params: &Params, unit: usize) -> String {
    match unit.checked_sub(params.planes.len()) {
        None => regions::unit_name(0, unit),
        Some(second) => regions::unit_name(1, second),
    }
}

/// On which side of the cube a face lies, as `x₁ = −1`.
pub fn side_name(face: &Face) -> String {
    let axis = (0..3).max_by(|&a, &b| face.normal[a].abs().total_cmp(&face.normal[b].abs())).unwrap_or(0);
    format!("x{} = {}1", subscript(axis + 1), if face.normal[axis] < 0.0 { "−" } else { "" })
}

#[cfg(test)]
mod tests {
    use piecewise_core::Rng;

    use super::*;
    use crate::{
        Params as _,
        polytopes::{PRESETS, Plane, Stand},
    };

    fn preset(start: &str) -> Params {
        Params::from_start(start).expect("a start")
    }

    fn in_cube(params: &Params) -> usize {
        compute_solid(params).counts.in_cube
    }

    #[test]
    fn three_coordinate_planes_make_eight_octants_of_an_eighth_each() {
        let solid = compute_solid(&Params::default());
        assert_eq!(solid.cells.len(), 8);
        for cell in &solid.cells {
            assert_eq!((cell.volume, cell.faces.len(), cell.n_vertices, cell.n_edges), (1.0, 6, 8, 12));
            assert_eq!(cell.neighbours().len(), 3);
        }
        assert_eq!((solid.counts.in_space, solid.counts.zaslavsky, solid.counts.patterns), (8, 8, 8));
    }

    #[test]
    fn up_to_three_planes_leave_no_pattern_out() {
        let three = preset("octants").planes;
        for d in 0..=3 {
            let params = Params { planes: three[..d].to_vec(), ..Params::default() };
            let counts = compute_solid(&params).counts;
            assert_eq!((counts.in_cube as u64, counts.in_space, counts.patterns), (1 << d, 1 << d, 1 << d), "D = {d}");
        }
        assert_eq!((in_cube(&preset("one")), in_cube(&preset("two"))), (2, 4));
    }

    #[test]
    fn up_to_ten_planes_in_general_position_reach_zaslavskys_numbers_inside_the_cube() {
        let ten = preset("ten").planes;
        let expected = [1, 2, 4, 8, 15, 26, 42, 64, 93, 130, 176];
        for (d, expected) in expected.into_iter().enumerate() {
            let counts = compute_solid(&Params { planes: ten[..d].to_vec(), ..Params::default() }).counts;
            assert_eq!(
                (counts.in_cube as u64, counts.in_space, counts.zaslavsky),
                (expected, expected, expected),
                "D = {d}"
            );
        }
    }

    #[test]
    fn planes_that_share_a_line_or_a_point_or_never_meet_make_fewer_cells() {
        for (start, n_cells, word) in [
            ("line", 6, "meet in one line"),
            ("point", 14, "meet in one point"),
            ("parallel", 4, "are parallel"),
            ("four", 15, "Missing: 1111."),
        ] {
            let solid = compute_solid(&preset(start));
            assert_eq!((solid.counts.in_cube, solid.counts.in_space), (n_cells, n_cells as u64), "{start}");
            assert!(solid.remarks.join(" ").contains(word), "{start}: {:?}", solid.remarks);
        }
        let outside = Params { planes: vec![Plane { offset: 1.75, ..Plane::default() }], ..Params::default() };
        let solid = compute_solid(&outside);
        assert_eq!((solid.counts.in_cube, solid.counts.in_space), (1, 2));
        assert!(solid.remarks.concat().contains("1 cell of space lies outside the cube."));
    }

    #[test]
    fn cells_fill_the_cube_and_every_one_obeys_euler() {
        for preset in PRESETS {
            let solid = compute_solid(&Params::from_start(preset.start).expect("a start"));
            let volume: f64 = solid.cells.iter().map(|cell| cell.volume).sum();
            assert!((volume - 8.0).abs() < 1e-12, "{}: {volume}", preset.start);
            for cell in &solid.cells {
                assert_eq!(cell.n_vertices + cell.faces.len(), cell.n_edges + 2, "{}: {}", preset.start, cell.pattern);
            }
        }
    }

    #[test]
    fn across_a_face_exactly_one_unit_switches() {
        for start in ["octants", "four", "point", "ten"] {
            let solid = compute_solid(&preset(start));
            for cell in &solid.cells {
                for (face, neighbour) in cell.faces.iter().filter_map(|face| Some((face, face.neighbour?))) {
                    let other = &solid.cells[neighbour].pattern;
                    let changed: Vec<usize> =
                        (0..other.len()).filter(|&d| other.as_bytes()[d] != cell.pattern.as_bytes()[d]).collect();
                    assert_eq!(
                        changed,
                        [face.unit.expect("a plane lies between")],
                        "{start}: {} and {other}",
                        cell.pattern
                    );
                }
            }
        }
    }

    #[test]
    fn the_second_layer_is_bent_where_it_crosses_the_first_and_flat_between() {
        let params = preset("deep");
        let solid = compute_solid(&params);
        assert_eq!(solid.counts.first_layer, 15);
        assert!(solid.counts.in_cube > 15);
        let bent = params.planes.len();
        // One normal in each cell of the first layer, several in the cube.
        let mut normals: Vec<(String, [f64; 3])> = Vec::new();
        for cell in &solid.cells {
            for face in cell.faces.iter().filter(|face| face.unit == Some(bent)) {
                let outside = if cell.pattern.as_bytes()[bent] == b'1' { face.normal } else { face.normal.map(|x| -x) };
                normals.push((cell.pattern[..bent].to_owned(), outside));
            }
        }
        for (first, normal) in &normals {
            for (_, other) in normals.iter().filter(|(pattern, _)| pattern == first) {
                assert!(dot(*normal, *other) > 1.0 - 1e-9);
            }
        }
        assert!(normals.iter().any(|(_, normal)| dot(*normal, normals[0].1) < 0.99), "it bends");
    }

    /// The area in which a cell meets the plane across an axis, from the corners of its faces alone.
    fn area_of_cut(cell: &Cell, axis: usize, position: f64) -> f64 {
        let [i, j] = axes_of(axis);
        // Each face meets the plane in one piece; the pieces go around the polygon.
        let mut doubled = 0.0;
        let [mi, mj] = [cell.centroid[i], cell.centroid[j]];
        for face in &cell.faces {
            let mut ends = Vec::new();
            for (k, a) in face.vertices.iter().enumerate() {
                let b = face.vertices[(k + 1) % face.vertices.len()];
                let (p, q) = (a[axis] - position, b[axis] - position);
                if (p < 0.0) != (q < 0.0) {
                    let share = p / (p - q);
                    ends.push([a[i] + share * (b[i] - a[i]) - mi, a[j] + share * (b[j] - a[j]) - mj]);
                }
            }
            if let [a, b] = ends[..] {
                let side = a[0] * b[1] - a[1] * b[0];
                let outward = face.normal[i] * (b[1] - a[1]) - face.normal[j] * (b[0] - a[0]);
                doubled += side * outward.signum();
            }
        }
        doubled / 2.0
    }

    #[test]
    fn a_cross_section_shows_exactly_the_cells_that_it_cuts() {
        for preset in PRESETS {
            for axis in 1..=3 {
                // Not through a corner or along a plane.
                for position in [-0.711, -0.013, 0.387] {
                    let params = Params { axis, position, ..Params::from_start(preset.start).expect("a start") };
                    let Scene { solid, section } = compute(&params);
                    let area: f64 = section.cuts.iter().map(|cut| cut.area).sum();
                    assert!((area - 4.0).abs() < 1e-12, "{}", preset.start);
                    for (index, cell) in solid.cells.iter().enumerate() {
                        let shown = section.cuts.iter().find(|cut| cut.cell == Some(index)).map_or(0.0, |cut| cut.area);
                        let cut = area_of_cut(cell, axis - 1, position);
                        assert!((shown - cut).abs() < 1e-9, "{} {}: {shown}, not {cut}", preset.start, cell.pattern);
                    }
                    assert!(section.cuts.iter().all(|cut| cut.cell.is_some()));
                }
            }
        }
    }

    /// The depths between which a line of sight is inside a cell that was moved away from the middle.
    fn depths(cell: &Cell, from: [f64; 3], towards: [f64; 3], explode: f64) -> Option<[f64; 2]> {
        let (mut lo, mut hi) = (f64::NEG_INFINITY, f64::INFINITY);
        for face in &cell.faces {
            let corner: [f64; 3] = core::array::from_fn(|i| face.vertices[0][i] + explode * cell.centroid[i]);
            let (slope, room) = (dot(face.normal, towards), dot(face.normal, corner) - dot(face.normal, from));
            if slope > 0.0 {
                hi = hi.min(room / slope);
            } else if slope < 0.0 {
                lo = lo.max(room / slope);
            } else if room < 0.0 {
                return None;
            }
        }
        (hi - lo > 1e-9).then_some([lo, hi])
    }

    #[test]
    fn whatever_hides_a_cell_is_painted_after_it() {
        let mut rng = Rng::from_seed(5);
        let mut n_hidden = 0;
        for preset in PRESETS {
            let params = Params::from_start(preset.start).expect("a start");
            let solid = compute_solid(&params);
            for _ in 0..24 {
                let turn = [rng.uniform_in(-180.0, 180.0), rng.uniform_in(-90.0, 90.0)];
                let view = View::of(turn);
                let order = solid.back_to_front(&view);
                assert_eq!(order.len(), solid.cells.len());
                // From axes back to space: the rows of a rotation are its inverse's columns.
                let seen = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]].map(|axis| view.seen(axis));
                let towards = seen.map(|s| s[2]);
                for _ in 0..12 {
                    let at = [rng.uniform_in(-1.2, 1.2), rng.uniform_in(-1.2, 1.2)];
                    let explode = rng.uniform_in(0.0, 1.0) * rng.uniform();
                    let from = seen.map(|s| s[0] * at[0] + s[1] * at[1]);
                    let mut nearest = f64::NEG_INFINITY;
                    for &index in &order {
                        let Some([lo, hi]) = depths(&solid.cells[index], from, towards, explode) else { continue };
                        n_hidden += usize::from(nearest > f64::NEG_INFINITY);
                        assert!(lo >= nearest - 1e-9, "{} from {turn:?}: {lo} behind {nearest}", preset.start);
                        nearest = hi;
                    }
                }
            }
        }
        assert!(n_hidden > 2000, "lines of sight go through several cells");
    }

    #[test]
    fn the_cell_under_the_pointer_is_the_foremost_there() {
        let params = preset("ten");
        let solid = compute_solid(&params);
        let mut rng = Rng::from_seed(7);
        let mut n_found = 0;
        for _ in 0..60 {
            let turn = [rng.uniform_in(-180.0, 180.0), rng.uniform_in(-90.0, 90.0)];
            let stand = Stand::new([400.0, 400.0], turn, 0.5, 1.0);
            let seen = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]].map(|axis| stand.view.seen(axis));
            let at_px = [rng.uniform_in(100.0, 300.0), rng.uniform_in(100.0, 300.0)];
            let at = [(at_px[0] - 200.0) / stand.px_per_data, (200.0 - at_px[1]) / stand.px_per_data];
            let from = seen.map(|s| s[0] * at[0] + s[1] * at[1]);
            let foremost = (0..solid.cells.len())
                .filter_map(|i| Some((i, depths(&solid.cells[i], from, seen.map(|s| s[2]), 0.5)?[1])))
                .max_by(|a, b| a.1.total_cmp(&b.1));
            n_found += usize::from(foremost.is_some());
            assert_eq!(stand.cell_at(&solid, at_px), foremost.map(|(cell, _)| cell));
        }
        assert!(n_found > 30);
    }

    #[test]
    fn lines_of_a_cross_section_end_at_the_square() {
        assert_eq!(line_in_square([0.25, 1.0, 0.0]), Some([[-0.25, -1.0], [-0.25, 1.0]]));
        assert_eq!(line_in_square([3.0, 1.0, 1.0]), None);
        assert_eq!(line_in_square([0.5, 0.0, 0.0]), None);
        let [from, to] = line_in_square([0.0, 1.0, -1.0]).expect("the diagonal");
        assert_eq!([from[0], to[0]].map(f64::abs), [1.0, 1.0]);
    }
}
