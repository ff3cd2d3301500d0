//! The oracle against what can be checked by hand and what the book prints.

use num_traits::ToPrimitive as _;
use piecewise_core::network::{Activation, Layer, Network};
use piecewise_tests::oracle::{Point, Q, Region, Regions};

/// The number n / d.
fn ratio(n: i64, d: i64) -> Q {
    Q::new(n.into(), d.into())
}

/// The shallow network of UDL, figure 3.8b, as the interactive figure starts.
fn figure_3_8b() -> Network {
    let theta = [[0.2, 0.5, 0.5], [-0.3, 0.9, -0.1], [0.2, 0.2, -0.7]];
    Network::shallow(&theta, 0.4, &[-1.0, 1.8, -0.5], Activation::Relu)
}

#[test]
fn figure_3_8b_has_seven_regions_and_no_010() {
    let oracle = Regions::compute(&figure_3_8b(), &[-1.0; 2], &[1.0; 2]);
    // Pattern, area, and the map as intercept and slopes, from the book's figure.
    let expected = [
        ("000", 0.1400, [0.4, 0.0, 0.0]),
        ("001", 1.0758, [0.3, -0.1, 0.35]),
        ("011", 0.0642, [-0.24, 1.52, 0.17]),
        ("100", 0.9866, [0.2, -0.5, -0.5]),
        ("101", 0.4643, [0.1, -0.6, -0.15]),
        ("110", 0.3020, [-0.34, 1.12, -0.68]),
        ("111", 0.9671, [-0.44, 1.02, -0.33]),
    ];
    let patterns: Vec<String> = oracle.regions.iter().map(Region::pattern_string).collect();
    assert_eq!(patterns, expected.map(|(pattern, ..)| pattern));
    for (region, (pattern, area, map)) in oracle.regions.iter().zip(expected) {
        assert!((region.cell.measure() - area).abs() < 5e-5, "area of {pattern}");
        let y = &region.outputs[0];
        let slope = y.slope();
        let found = [&y.intercept(), &slope[0], &slope[1]].map(|c| c.to_f64().unwrap());
        assert!(found.iter().zip(map).all(|(a, b)| (a - b).abs() < 1e-12), "map of {pattern}: {found:?}");
    }
    let total: f64 = oracle.regions.iter().map(|region| region.cell.measure()).sum();
    assert!((total - 4.0).abs() < 1e-15);
    assert_eq!(oracle.n_affine_pieces(), 7);
    // Where two of the three hinges cross, four regions meet.
    for corner in [[0.26, -0.66], [-0.533_333, 0.133_333], [0.377_049, 0.393_443]] {
        let near = |x: &Point| x.rounded().iter().zip(corner).all(|(x, c)| (x - c).abs() < 1e-5);
        assert!(
            oracle.regions.iter().filter(|region| region.cell.vertices.iter().any(near)).count() == 4,
            "{corner:?}"
        );
    }
    // Three lines in general position: nine pairs of the seven regions share a side.
    assert_eq!(oracle.neighbours().len(), 9);
}

#[test]
fn figure_3_3_has_four_pieces_on_the_line() {
    let theta = [[-0.2, 0.4], [-0.9, 0.9], [1.1, -0.7]];
    let net = Network::shallow(&theta, -0.23, &[-1.3, 1.3, 0.66], Activation::Relu);
    let oracle = Regions::compute(&net, &[0.0], &[2.0]);
    let mut found: Vec<(f64, f64)> = oracle
        .regions
        .iter()
        .map(|region| {
            let left = region.cell.vertices.iter().map(|x| x.rounded()[0]).fold(f64::INFINITY, f64::min);
            (left, region.outputs[0].slope()[0].to_f64().unwrap())
        })
        .collect();
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    let expected = [(0.0, -0.462), (0.5, -0.982), (1.0, 0.188), (1.571_429, 0.65)];
    assert!(
        found.len() == 4
            && found.iter().zip(expected).all(|(a, b)| (a.0 - b.0).abs() < 1e-6 && (a.1 - b.1).abs() < 1e-12),
        "{found:?}"
    );
    assert_eq!(oracle.neighbours().len(), 3);
}

#[test]
fn the_diagonals_of_a_square_make_four_triangles_and_two_affine_pieces() {
    // relu(x + y) − relu(−x − y) = x + y whatever the gates, and the unit of the other diagonal is not read.
    let theta = [[0.0, 1.0, 1.0], [0.0, -1.0, -1.0], [0.0, 1.0, -1.0]];
    let net = Network::shallow(&theta, 0.0, &[1.0, -1.0, 0.0], Activation::Relu);
    let oracle = Regions::compute(&net, &[-1.0; 2], &[1.0; 2]);
    let patterns: Vec<String> = oracle.regions.iter().map(Region::pattern_string).collect();
    assert_eq!(patterns, ["010", "011", "100", "101"]);
    assert!(oracle.regions.iter().all(|region| region.cell.measure() == 1.0 && region.cell.vertices.len() == 3));
    assert_eq!(oracle.n_affine_pieces(), 1);
    // The four triangles meet in a point, but only neighbours around it share a side.
    assert_eq!(oracle.neighbours().len(), 4);
}

#[test]
fn a_second_layer_bends_at_the_hinges_of_the_first() {
    // |x| − 1/2 is positive outside the middle half.
    let net = Network::new(
        vec![
            Layer::from_fn(2, 1, |_| 0.0, |d, _| [1.0, -1.0][d]),
            Layer::from_fn(1, 2, |_| -0.5, |_, _| 1.0),
            Layer::from_fn(1, 1, |_| 0.0, |_, _| 1.0),
        ],
        Activation::Relu,
    )
    .unwrap();
    let oracle = Regions::compute(&net, &[-1.0], &[1.0]);
    let found: Vec<(String, f64)> =
        oracle.regions.iter().map(|region| (region.pattern_string(), region.cell.measure())).collect();
    assert_eq!(found, ["010", "011", "100", "101"].map(|pattern| (pattern.to_owned(), 0.5)));
    // −x − 1/2, 0 and x − 1/2: the two middle regions are one piece.
    assert_eq!(oracle.n_affine_pieces(), 3);
}

#[test]
fn three_planes_through_the_middle_cut_a_cube_into_octants() {
    let theta = [[0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]];
    let net = Network::shallow(&theta, 0.0, &[1.0; 3], Activation::Relu);
    let oracle = Regions::compute(&net, &[-1.0; 3], &[1.0; 3]);
    assert_eq!(oracle.regions.len(), 8);
    assert!(oracle.regions.iter().all(|region| region.cell.measure() == 1.0 && region.cell.vertices.len() == 8));
    // The edges of the cube of patterns.
    assert_eq!(oracle.neighbours().len(), 12);
}

#[test]
fn a_plane_across_a_cube_cuts_off_a_pyramid() {
    // x + y + z > 2 in the unit cube: a corner of volume 1/6; what is left keeps seven corners.
    let net = Network::shallow(&[[-2.0, 1.0, 1.0, 1.0]], 0.0, &[1.0], Activation::Relu);
    let oracle = Regions::compute(&net, &[0.0; 3], &[1.0; 3]);
    let [rest, corner] = &oracle.regions[..] else { panic!("two regions") };
    assert!((corner.cell.measure() - 1.0 / 6.0).abs() < 1e-15 && (rest.cell.measure() - 5.0 / 6.0).abs() < 1e-15);
    assert_eq!((corner.cell.vertices.len(), corner.cell.sides().len()), (4, 4));
    assert_eq!((rest.cell.vertices.len(), rest.cell.sides().len()), (7, 7));
}

#[test]
fn leaky_units_keep_the_regions_and_change_the_maps() {
    let theta = [[0.0, 1.0], [0.5, -1.0]];
    let net = Network::shallow(&theta, 0.0, &[1.0, 1.0], Activation::LeakyRelu { slope: 0.25 });
    let oracle = Regions::compute(&net, &[-1.0], &[1.0]);
    let found: Vec<(String, Q)> =
        oracle.regions.iter().map(|region| (region.pattern_string(), region.outputs[0].slope()[0].clone())).collect();
    assert_eq!(found, [("01", ratio(-3, 4)), ("10", ratio(3, 4)), ("11", ratio(0, 1))].map(|(p, s)| (p.to_owned(), s)));
}

#[test]
fn a_sliver_of_one_unit_in_the_last_place_is_a_region() {
    // The hinges x = 1 and x = 1 + 2⁻⁵² leave a gap as wide as two neighbouring numbers.
    let theta = [[-1.0, 1.0], [-(1.0 + f64::EPSILON), 1.0]];
    let net = Network::shallow(&theta, 0.0, &[1.0; 2], Activation::Relu);
    let oracle = Regions::compute(&net, &[0.0], &[2.0]);
    assert_eq!(oracle.regions.len(), 3);
    assert!(oracle.regions.iter().any(|region| region.cell.measure() == f64::EPSILON));
}

#[test]
fn a_slice_of_a_network_is_the_network_of_the_slice() {
    // On the line (t, 2t) the unit x + y − 1 bends at t = 1/3.
    let net = Network::shallow(&[[-1.0, 1.0, 1.0]], 0.0, &[1.0], Activation::Relu);
    let oracle = Regions::compute_on_slice(&net, &[0.0, 0.0], &[&[1.0, 2.0]], &[0.0], &[1.0]);
    assert_eq!(oracle.regions[0].cell.measure(), 1.0 / 3.0);
    assert_eq!(oracle.regions[1].outputs[0].slope(), [ratio(3, 1)]);
}
