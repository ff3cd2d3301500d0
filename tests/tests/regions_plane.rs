//! Regions in the plane against the exact oracle.

use std::collections::{BTreeMap, BTreeSet};

use piecewise_core::Rng;
use piecewise_core::network::{Activation, Layer, Network};
use piecewise_core::regions::{Arrangement, Bounds, PlaneRegions, Slice, count};
use piecewise_tests::generators::{self, Case};
use piecewise_tests::oracle::{self, Claim, Comparison, check_family, is_generic, permuted, random_network};
use proptest::prelude::*;

/// Without a limit that matters.
const ALL: usize = 1_000_000;

/// The square of the book's figures.
const SQUARE: Bounds<2> = Bounds { lo: [-1.0; 2], hi: [1.0; 2] };

fn compute(case: &Case) -> PlaneRegions {
    let corner = |x: &[f64]| x.try_into().expect("two coordinates");
    let bounds = Bounds { lo: corner(&case.lo), hi: corner(&case.hi) };
    PlaneRegions::compute(&case.net, &bounds, ALL).expect("a network with two inputs")
}

fn claims(regions: &PlaneRegions, n_outputs: usize) -> Vec<Claim> {
    let claims = regions.iter().map(|region| Claim {
        pattern: region.pattern().to_string(),
        vertices: region.vertices().map(Vec::from).collect(),
        sides: region.sides().map(|side| (side.hinge, side.neighbour)).collect(),
        measure: region.measure(),
        centroid: region.centroid().to_vec(),
        outputs: (0..n_outputs).map(|o| (region.affine(o).intercept, region.affine(o).slope.to_vec())).collect(),
    });
    claims.collect()
}

/// Everything that the engine says of a case is so.
fn check(case: &Case) -> Result<(), TestCaseError> {
    let regions = compute(case);
    let claims = claims(&regions, case.net.n_outputs());
    let comparison = Comparison::new(case, &claims);
    comparison.check(regions.n_affine_pieces()).map_err(TestCaseError::fail)?;
    prop_assert!(regions.is_complete());
    let (n_sides, n_edges) = edges(&regions);
    // Euler: V − E + F = 1 for what fills a disc.
    prop_assert_eq!(regions.n_vertices() + regions.len(), n_edges + 1);
    if is_generic(comparison.exact(), &case.lo, &case.hi) {
        prop_assert_eq!(n_sides, 4 * regions.len());
    }
    Ok(())
}

/// How many sides the regions have, and how many edges they share.
fn edges(regions: &PlaneRegions) -> (usize, usize) {
    let mut edges = BTreeSet::new();
    let mut n_sides = 0;
    for region in regions.iter() {
        let ring: Vec<usize> = region.vertex_numbers().collect();
        n_sides += ring.len();
        edges.extend((0..ring.len()).map(|i| {
            let (a, b) = (ring[i], ring[(i + 1) % ring.len()]);
            [a.min(b), a.max(b)]
        }));
    }
    (n_sides, edges.len())
}

/// A shallow network of these lines, each as intercept and slopes, in the square.
fn of_lines(theta: &[[f64; 3]]) -> Case {
    let phi: Vec<f64> = (0..theta.len()).map(|d| 1.0 + d as f64).collect();
    let net = Network::shallow(theta, 0.0, &phi, Activation::Relu);
    Case { net, lo: SQUARE.lo.to_vec(), hi: SQUARE.hi.to_vec() }
}

fn in_square(net: Network) -> Case {
    Case { net, lo: SQUARE.lo.to_vec(), hi: SQUARE.hi.to_vec() }
}

fn patterns(case: &Case) -> Vec<String> {
    compute(case).iter().map(|region| region.pattern().to_string()).collect()
}

#[test]
fn generic_networks_come_out_right() {
    check_family(400, &generators::with_weights(2, generators::generic_weight()), check);
}

#[test]
fn dyadic_sliders_come_out_right() {
    check_family(400, &generators::with_weights(2, generators::dyadic_weight()), check);
}

#[test]
fn slivers_of_decimal_sliders_are_kept() {
    check_family(400, &generators::with_weights(2, generators::decimal_weight()), check);
}

#[test]
fn weights_of_minus_one_zero_and_one_come_out_right() {
    check_family(600, &generators::with_weights(2, generators::sign_weight()), check);
}

#[test]
fn parallel_coincident_flipped_duplicated_and_constant_units_come_out_right() {
    check_family(600, &generators::relatives(2), check);
}

#[test]
fn stars_and_grids_with_diagonals_come_out_right() {
    check_family(600, &generators::pencils(2), check);
}

#[test]
fn lines_one_unit_in_the_last_place_from_meeting_come_out_right() {
    check_family(600, &generators::nudged(2), check);
}

#[test]
fn networks_without_biases_come_out_right() {
    check_family(400, &generators::zero_bias(2), check);
}

#[test]
fn lines_through_corners_and_along_edges_of_the_box_come_out_right() {
    check_family(600, &generators::box_contacts(2), check);
}

#[test]
fn bottlenecks_and_dead_layers_come_out_right() {
    check_family(600, &generators::bottlenecks(2), check);
}

#[test]
fn the_scale_of_a_unit_does_not_matter() {
    check_family(400, &generators::unit_scales(2), check);
}

#[test]
fn boxes_far_from_the_origin_come_out_right() {
    check_family(500, &generators::far_boxes(2), check);
}

#[test]
fn subnormal_weights_come_out_right() {
    check_family(400, &generators::subnormals(2), check);
}

#[test]
fn leaky_units_come_out_right() {
    check_family(400, &generators::leaky(generators::relatives(2)), check);
    check_family(200, &generators::leaky(generators::with_weights(2, generators::sign_weight())), check);
}

#[test]
fn figure_3_8b_has_the_regions_of_the_book() {
    let theta = [[0.2, 0.5, 0.5], [-0.3, 0.9, -0.1], [0.2, 0.2, -0.7]];
    let case = in_square(Network::shallow(&theta, 0.4, &[-1.0, 1.8, -0.5], Activation::Relu));
    let expected = [
        ("000", 0.1400, [0.4, 0.0, 0.0]),
        ("001", 1.0758, [0.3, -0.1, 0.35]),
        ("011", 0.0642, [-0.24, 1.52, 0.17]),
        ("100", 0.9866, [0.2, -0.5, -0.5]),
        ("101", 0.4643, [0.1, -0.6, -0.15]),
        ("110", 0.3020, [-0.34, 1.12, -0.68]),
        ("111", 0.9671, [-0.44, 1.02, -0.33]),
    ];
    let regions = compute(&case);
    assert_eq!(patterns(&case), expected.map(|(pattern, ..)| pattern));
    for (region, (pattern, area, [intercept, w1, w2])) in regions.iter().zip(expected) {
        let map = region.affine(0);
        assert!((region.measure() - area).abs() < 5e-5, "area of {pattern}");
        let differences = [map.intercept - intercept, map.slope[0] - w1, map.slope[1] - w2];
        assert!(differences.iter().all(|d| d.abs() < 1e-12), "map of {pattern}");
    }
    check(&case).unwrap();
}

#[test]
fn lines_in_general_position_reach_zaslavsky_when_the_box_holds_every_vertex() {
    // Lines that touch the unit circle meet well inside a large box.
    let mut rng = Rng::from_seed(3);
    let directions: Vec<[f64; 2]> = (0..10).map(|_| [rng.normal(), rng.normal()]).collect();
    let theta: Vec<[f64; 3]> = directions.iter().map(|[x, y]| [(x * x + y * y).sqrt(), *x, *y]).collect();
    for d in 0..=theta.len() {
        let mut case = of_lines(&theta[..d]);
        (case.lo, case.hi) = (vec![-1e7; 2], vec![1e7; 2]);
        let n_regions = compute(&case).len() as u64;
        assert_eq!(count::zaslavsky(d as u64, 2), n_regions.into(), "D = {d}");
        assert_eq!(Arrangement::of(&case.net).unwrap().n_regions, n_regions);
    }
}

#[test]
fn a_box_that_holds_every_vertex_has_the_regions_of_the_whole_plane() {
    check_family(300, &prop_oneof![generators::pencils(2), generators::box_contacts(2)].boxed(), |case| {
        let mut case = case.clone();
        (case.lo, case.hi) = (vec![-1e6; 2], vec![1e6; 2]);
        let whole = Arrangement::of(&case.net).expect("finite weights");
        prop_assert_eq!(compute(&case).len() as u64, whole.n_regions);
        Ok(())
    });
}

#[test]
fn zero_bias_networks_have_two_regions_a_unit() {
    for d in 1..=40 {
        let mut net = random_network(4, &[2, d, 1]);
        net.layers[0].beta.fill(0.0);
        assert_eq!(compute(&in_square(net)).len(), 2 * d, "D = {d}");
    }
}

#[test]
fn a_star_of_lines_through_one_point_has_one_vertex_inside() {
    // Sixteen directions of small integers through (1/4, −1/2).
    let directions =
        [(1, 0), (0, 1), (1, 1), (1, -1), (2, 1), (1, 2), (2, -1), (1, -2), (3, 1), (1, 3), (3, 2), (2, 3)];
    let theta: Vec<[f64; 3]> = directions
        .iter()
        .map(|&(x, y)| (f64::from(x), f64::from(y)))
        .map(|(x, y)| [-(x * 0.25 - y * 0.5), x, y])
        .collect();
    let case = of_lines(&theta);
    let regions = compute(&case);
    assert_eq!(regions.len(), 24);
    let inside = (0..regions.n_vertices()).map(|v| regions.vertex(v)).filter(|x| x.iter().all(|c| c.abs() < 1.0));
    assert_eq!(inside.collect::<Vec<_>>(), [[0.25, -0.5]]);
    check(&case).unwrap();
}

#[test]
fn a_grid_with_its_diagonals_is_made_of_triangles() {
    // x, y ∈ {−1/2, 0, 1/2} and the diagonals through its points: a chess board cut twice.
    let mut theta = vec![];
    for c in [-0.5, 0.0, 0.5] {
        theta.extend([[c, 1.0, 0.0], [c, 0.0, 1.0]]);
    }
    for c in [-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5] {
        theta.extend([[c, 1.0, 1.0], [c, 1.0, -1.0]]);
    }
    let case = of_lines(&theta);
    let regions = compute(&case);
    assert_eq!(regions.len(), 64);
    assert!(regions.iter().all(|region| region.vertices().len() == 3 && region.measure() == 4.0 / 64.0));
    check(&case).unwrap();
}

#[test]
fn a_third_line_one_unit_in_the_last_place_beside_a_crossing_leaves_a_triangle() {
    let with_third = |bias: f64| of_lines(&[[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [bias, 1.0, 1.0]]);
    assert_eq!(compute(&with_third(0.0)).len(), 6);
    for bias in [f64::EPSILON, -f64::EPSILON, f64::MIN_POSITIVE, 5e-324, -5e-324] {
        assert_eq!(compute(&with_third(bias)).len(), 7, "bias {bias:e}");
        check(&with_third(bias)).unwrap();
    }
}

#[test]
fn tenths_that_should_meet_leave_a_sliver_and_sixty_fourths_meet() {
    // x = 0.1 and y = 0.2 cross on x + y = 0.3 on paper, and miss it in binary.
    assert_eq!(compute(&of_lines(&[[-0.1, 1.0, 0.0], [-0.2, 0.0, 1.0], [-0.3, 1.0, 1.0]])).len(), 7);
    let steps = [6.0, 13.0, 19.0].map(|step| -step / 64.0);
    assert_eq!(compute(&of_lines(&[[steps[0], 1.0, 0.0], [steps[1], 0.0, 1.0], [steps[2], 1.0, 1.0]])).len(), 6);
}

#[test]
fn coincident_lines_flip_their_gates_together() {
    assert_eq!(patterns(&of_lines(&[[0.25, 1.0, 0.5], [-0.5, -2.0, -1.0], [0.25, 1.0, 0.5]])), ["010", "101"]);
}

#[test]
fn units_without_weights_never_cut_and_are_open_when_their_bias_is_positive() {
    assert_eq!(patterns(&of_lines(&[[1.0, 0.0, 0.0], [-1.0, 0.0, -0.0], [0.0; 3], [-0.0, 0.0, 0.0]])), ["1000"]);
}

#[test]
fn lines_along_the_walls_of_the_box_do_not_cut_it() {
    assert_eq!(patterns(&of_lines(&[[1.0, 1.0, 0.0], [1.0, 0.0, -1.0], [-1.0, 0.0, 1.0]])), ["110"]);
}

#[test]
fn a_line_through_two_corners_halves_the_box() {
    let case = of_lines(&[[0.0, 1.0, -1.0]]);
    assert!(compute(&case).iter().all(|region| region.vertices().len() == 3 && region.measure() == 2.0));
}

#[test]
fn a_dead_layer_leaves_one_region_and_one_constant() {
    let mut net = random_network(9, &[2, 4, 3, 1]);
    net.layers[1].beta.fill(-1e3);
    let first = Network::new(vec![net.layers[0].clone(), Layer::zeros(1, 4)], Activation::Relu).unwrap();
    let (regions, of_first) = (compute(&in_square(net)), compute(&in_square(first)));
    assert_eq!((regions.len(), regions.n_affine_pieces()), (of_first.len(), 1));
}

#[test]
fn larger_networks_come_out_right() {
    for (seed, sizes) in [(1, &[2, 30, 1][..]), (2, &[2, 80, 1]), (3, &[2, 10, 10, 1]), (4, &[2, 5, 5, 5, 5, 3])] {
        check(&in_square(random_network(seed, sizes))).unwrap();
    }
}

#[test]
fn areas_of_thousands_of_regions_sum_to_the_box() {
    for sizes in [&[2, 100, 1][..], &[2, 32, 32, 1], &[2, 24, 24, 24, 1]] {
        let regions = compute(&in_square(random_network(6, sizes)));
        let total: f64 = regions.iter().map(|region| region.measure()).sum();
        assert!((total - 4.0).abs() < 1e-12, "{sizes:?}: {total}");
        let (n_sides, n_edges) = edges(&regions);
        assert_eq!(regions.n_vertices() + regions.len(), n_edges + 1, "V − E + F = 1 for {sizes:?}");
        assert_eq!(n_sides, 4 * regions.len(), "sides of {sizes:?}");
    }
}

#[test]
fn regions_come_in_the_order_of_their_patterns() {
    let found = patterns(&in_square(random_network(7, &[2, 9, 70, 1])));
    assert!(found.len() > 100 && found.is_sorted() && found[0].len() == 79);
}

#[test]
fn the_region_at_a_point_has_the_pattern_of_the_forward_pass() {
    let net = random_network(8, &[2, 12, 8, 1]);
    let regions = PlaneRegions::compute(&net, &SQUARE, ALL).unwrap();
    let mut rng = Rng::from_seed(1);
    for _ in 0..300 {
        let x = [rng.uniform_in(-1.0, 1.0), rng.uniform_in(-1.0, 1.0)];
        let forward = net.forward(&x);
        let gates: String =
            forward.f[..2].iter().flat_map(|f| f.iter()).map(|f| if *f > 0.0 { '1' } else { '0' }).collect();
        let region = regions.region(regions.region_at(x).unwrap());
        assert_eq!(region.pattern().to_string(), gates);
        assert!((region.affine(0).value(x) - forward.output()[0]).abs() < 1e-12);
    }
    assert_eq!(regions.region_at([1.5, 0.0]), None);
    assert!(regions.region_at([1.0, -1.0]).is_some());
}

#[test]
fn the_order_of_units_changes_patterns_and_nothing_else() {
    let net = random_network(10, &[2, 8, 1]);
    let order = [3, 1, 7, 0, 2, 6, 5, 4];
    let area = |area: f64| (area * 1e9).round() as u64;
    let reordered = |pattern: String| -> String { order.iter().map(|&d| pattern.as_bytes()[d] as char).collect() };
    let regions = compute(&in_square(net.clone()));
    let expected: BTreeMap<String, u64> =
        regions.iter().map(|region| (reordered(region.pattern().to_string()), area(region.measure()))).collect();
    let regions = compute(&in_square(permuted(&net, 0, &order)));
    let found: BTreeMap<String, u64> =
        regions.iter().map(|region| (region.pattern().to_string(), area(region.measure()))).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_unit_times_a_power_of_two_leaves_every_bit() {
    let net = random_network(11, &[2, 6, 5, 2]);
    let mut scaled = net.clone();
    for (d, exponent) in [(0, 300), (2, -400), (5, 7)] {
        let factor = 2.0_f64.powi(exponent);
        scaled.layers[0].omega.row_mut(d).scale_mut(factor);
        scaled.layers[0].beta[d] *= factor;
        scaled.layers[1].omega.column_mut(d).scale_mut(1.0 / factor);
    }
    let of = |net: Network| claims(&compute(&in_square(net)), 2);
    assert_eq!(format!("{:?}", of(net)), format!("{:?}", of(scaled)));
}

#[test]
fn computing_again_in_the_same_room_gives_the_same() {
    let nets = [random_network(12, &[2, 20, 1]), random_network(13, &[2, 70, 1]), random_network(14, &[2, 4, 5, 2])];
    let bounds = Bounds { lo: [-0.5, -1.0], hi: [0.5, 2.0] };
    let mut regions = PlaneRegions::compute(&nets[2], &SQUARE, ALL).unwrap();
    for net in &nets {
        regions.recompute(net, &bounds, ALL).unwrap();
        let fresh = PlaneRegions::compute(net, &bounds, ALL).unwrap();
        assert_eq!(
            format!("{:?}", claims(&regions, net.n_outputs())),
            format!("{:?}", claims(&fresh, net.n_outputs()))
        );
    }
}

#[test]
fn beyond_the_limit_whole_regions_are_left_out() {
    for sizes in [&[2, 12, 1][..], &[2, 6, 6, 1]] {
        let net = random_network(15, sizes);
        let all = PlaneRegions::compute(&net, &SQUARE, ALL).unwrap();
        let areas: BTreeMap<String, f64> =
            all.iter().map(|region| (region.pattern().to_string(), region.measure())).collect();
        for limit in [0, 1, 2, 10, all.len() - 1, all.len()] {
            let some = PlaneRegions::compute(&net, &SQUARE, limit).unwrap();
            assert_eq!(some.is_complete(), limit == all.len());
            assert!(some.len() <= limit.max(1) && 2 * some.len() >= limit, "{} of {limit}", some.len());
            for region in some.iter() {
                assert!((areas[&region.pattern().to_string()] - region.measure()).abs() < 1e-12);
                assert!(region.sides().filter_map(|side| side.neighbour).all(|neighbour| neighbour < some.len()));
            }
        }
    }
}

#[test]
fn a_slice_of_many_inputs_has_the_regions_of_the_oracle() {
    for (seed, sizes) in [(16, &[7, 10, 1][..]), (17, &[5, 6, 4, 2])] {
        let net = random_network(seed, sizes);
        let mut rng = Rng::from_seed(seed);
        // Dyadic numbers and decimals, so that nothing about the slice is special.
        let mut row = |scale: f64| -> Vec<f64> { (0..sizes[0]).map(|_| scale * rng.normal()).collect() };
        let slice = Slice { origin: row(0.5), directions: [row(1.0), row(0.1)] };
        let bounds = Bounds { lo: [-1.0, -8.0], hi: [1.0, 8.0] };
        let regions = PlaneRegions::compute_on(&net, &slice, &bounds, ALL).unwrap();
        let directions: Vec<&[f64]> = slice.directions.iter().map(Vec::as_slice).collect();
        let exact = oracle::Regions::compute_on_slice(&net, &slice.origin, &directions, &bounds.lo, &bounds.hi);
        let expected: Vec<String> = exact.regions.iter().map(oracle::Region::pattern_string).collect();
        let found: Vec<String> = regions.iter().map(|region| region.pattern().to_string()).collect();
        assert_eq!(found, expected);
        for (region, exact) in regions.iter().zip(&exact.regions) {
            assert!((region.measure() - exact.cell.measure()).abs() < 1e-9 * 32.0);
            let t = region.centroid();
            assert!((region.affine(0).value(t) - net.output(&slice.point(t))[0]).abs() < 1e-9);
        }
    }
}

#[test]
fn a_slice_along_which_hinges_meet_exactly_has_no_sliver() {
    // x₁ = x₂ = x₃ on the slice (t₁, t₁ + t₂, t₁ − t₂) where t₂ = 0, with a third hinge through every such point.
    let theta = [[0.0, 1.0, -1.0, 0.0], [0.0, 1.0, 0.0, -1.0], [0.0, 3.0, -1.0, -2.0], [-0.5, 1.0, 0.0, 0.0]];
    let net = Network::shallow(&theta, 0.0, &[1.0; 4], Activation::Relu);
    let slice = Slice { origin: vec![0.0; 3], directions: [vec![1.0; 3], vec![0.0, 1.0, -1.0]] };
    let regions = PlaneRegions::compute_on(&net, &slice, &SQUARE, ALL).unwrap();
    let found: Vec<String> = regions.iter().map(|region| region.pattern().to_string()).collect();
    assert_eq!(found, ["0110", "0111", "1000", "1001"]);
}

#[test]
fn slices_of_degenerate_networks_have_the_patterns_of_the_oracle() {
    let steps = || proptest::collection::vec((-2_i32..=2).prop_map(|step| f64::from(step) / 2.0), 3);
    let nets = prop_oneof![
        generators::with_weights(3, generators::dyadic_weight()),
        generators::with_weights(3, generators::sign_weight()),
        generators::pencils(3),
        generators::nudged(3),
        generators::unit_scales(3),
    ];
    let cases = (nets, steps(), steps(), steps());
    let config = ProptestConfig {
        cases: 500,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(5),
        ..ProptestConfig::default()
    };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let run = runner.run(&cases, |(case, origin, first, second)| {
        let exact = oracle::Regions::compute_on_slice(&case.net, &origin, &[&first, &second], &SQUARE.lo, &SQUARE.hi);
        let slice = Slice { origin, directions: [first, second] };
        let regions = PlaneRegions::compute_on(&case.net, &slice, &SQUARE, ALL).expect("three numbers each");
        let expected: Vec<String> = exact.regions.iter().map(oracle::Region::pattern_string).collect();
        let found: Vec<String> = regions.iter().map(|region| region.pattern().to_string()).collect();
        prop_assert_eq!(found, expected);
        prop_assert_eq!(regions.n_affine_pieces(), exact.n_affine_pieces());
        Ok(())
    });
    run.unwrap_or_else(|error| panic!("{error}"));
}

/// What does not depend on how the regions were found: patterns in their order, areas and maps but for the last digits, neighbours.
fn essence(regions: &PlaneRegions) -> Vec<String> {
    let essence = |region: piecewise_core::regions::PlaneRegion<'_>| {
        let map = region.affine(0);
        let rounded = |x: f64| (x * 1e9).round() as i64;
        let mut neighbours: Vec<Option<usize>> = region.sides().map(|side| side.neighbour).collect();
        neighbours.sort_unstable();
        let numbers = [map.intercept, map.slope[0], map.slope[1]].map(rounded);
        format!("{} {} {numbers:?} {neighbours:?}", region.pattern(), rounded(region.measure()))
    };
    regions.iter().map(essence).collect()
}

#[test]
fn a_unit_that_is_moved_step_by_step_leaves_what_computing_anew_finds() {
    for (seed, sizes) in [(21, &[2, 12, 1][..]), (22, &[2, 70, 1]), (23, &[2, 6, 5, 2]), (24, &[2, 1, 1])] {
        let mut net = random_network(seed, sizes);
        // Weights of few digits, so that the moved hinge meets others in their crossings.
        let coarse = |w: &mut f64| *w = (*w * 8.0).round() / 8.0;
        net.layers[0].omega.iter_mut().for_each(coarse);
        net.layers[0].beta.iter_mut().for_each(coarse);
        let mut regions = PlaneRegions::compute(&net, &SQUARE, ALL).unwrap();
        let mut rng = Rng::from_seed(seed);
        let mut unit = 0;
        for tick in 0..60 {
            if tick % 12 == 0 {
                unit = rng.below(sizes[1] as u64) as usize;
            }
            let step = (rng.below(9) as f64 - 4.0) / 8.0;
            match rng.below(5) {
                0 => net.layers[0].omega[(unit, 0)] = step,
                1 => net.layers[0].omega[(unit, 1)] = step,
                2 => net.layers[0].omega.row_mut(unit).fill(0.0),
                3 => net.layers[1].omega[(0, unit)] = step,
                _ => net.layers[0].beta[unit] += step,
            }
            regions.move_unit(&net, unit, ALL).unwrap();
            let fresh = PlaneRegions::compute(&net, &SQUARE, ALL).unwrap();
            assert_eq!(essence(&regions), essence(&fresh), "{sizes:?}, tick {tick}");
            assert_eq!(regions.n_affine_pieces(), fresh.n_affine_pieces());
        }
        // Another box, and a limit, are taken up.
        let bounds = Bounds { lo: [-0.25, -1.0], hi: [1.0, 0.5] };
        regions.recompute(&net, &bounds, ALL).unwrap();
        regions.move_unit(&net, unit, ALL).unwrap();
        assert_eq!(essence(&regions), essence(&PlaneRegions::compute(&net, &bounds, ALL).unwrap()));
        regions.move_unit(&net, unit, 1).unwrap();
        assert_eq!(regions.len(), 1);
    }
}

#[test]
fn a_side_on_coinciding_hinges_names_the_first_of_them_after_a_move_too() {
    let hinges = |regions: &PlaneRegions| -> Vec<Vec<Option<usize>>> {
        regions.iter().map(|region| region.sides().map(|side| side.hinge).collect()).collect()
    };
    // Three times the same line, of other sizes and signs, and one that crosses it.
    let coinciding = |c: f64| [[0.25, 1.0, 0.5], [0.0, 1.0, -1.0], [0.25 * c, c, 0.5 * c], [-0.5, -2.0, -1.0]];
    for c in [-3.0, 1e200, 5e-324_f64.sqrt()] {
        let net = Network::shallow(&coinciding(c), 0.5, &[1.0, 2.0, 4.0, 8.0], Activation::Relu);
        let fresh = PlaneRegions::compute(&net, &SQUARE, ALL).unwrap();
        assert_eq!(fresh.len(), 4);
        for unit in [0, 2, 3] {
            // The unit comes from elsewhere, in two steps so that the second is one of a hinge that moves.
            let mut moving = net.clone();
            moving.layers[0].beta[unit] += 0.125 * moving.layers[0].omega[(unit, 0)].abs();
            let mut regions = PlaneRegions::compute(&moving, &SQUARE, ALL).unwrap();
            regions.move_unit(&moving, unit, ALL).unwrap();
            assert_eq!(hinges(&regions), hinges(&PlaneRegions::compute(&moving, &SQUARE, ALL).unwrap()));
            regions.move_unit(&net, unit, ALL).unwrap();
            assert_eq!(hinges(&regions), hinges(&fresh), "unit {unit}, c = {c}");
        }
    }
    // One unit in the last place away is another line.
    let mut theta = coinciding(1.0);
    theta[0][0] = theta[0][0].next_up();
    let net = Network::shallow(&theta, 0.5, &[1.0, 2.0, 4.0, 8.0], Activation::Relu);
    let mut regions = PlaneRegions::compute(&net, &SQUARE, ALL).unwrap();
    regions.move_unit(&net, 0, ALL).unwrap();
    assert_eq!(hinges(&regions), hinges(&PlaneRegions::compute(&net, &SQUARE, ALL).unwrap()));
    assert!(hinges(&regions).concat().contains(&Some(2)));
}
