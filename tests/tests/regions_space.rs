//! Regions in space against the exact oracle.

use piecewise_core::Rng;
use piecewise_core::network::{Activation, Layer, Network};
use piecewise_core::regions::{Bounds, SpaceArrangement, SpaceRegion, SpaceRegions};
use piecewise_tests::generators::{self, Case};
use piecewise_tests::oracle::{Claim, Comparison, check_family, is_generic, permuted, random_network};
use proptest::prelude::*;

/// Without a limit that matters.
const ALL: usize = 1_000_000;

fn compute(case: &Case) -> SpaceRegions {
    let corner = |x: &[f64]| x.try_into().expect("three coordinates");
    let bounds = Bounds { lo: corner(&case.lo), hi: corner(&case.hi) };
    SpaceRegions::compute(&case.net, &bounds, ALL).expect("a network with three inputs")
}

fn claims(regions: &SpaceRegions, n_outputs: usize) -> Vec<Claim> {
    let claim = |region: SpaceRegion<'_>| Claim {
        pattern: region.pattern().to_string(),
        vertices: region.vertices().map(Vec::from).collect(),
        sides: region.faces().map(|face| (face.hinge(), face.neighbour())).collect(),
        measure: region.measure(),
        centroid: region.centroid().to_vec(),
        outputs: (0..n_outputs).map(|o| (region.affine(o).intercept, region.affine(o).slope.to_vec())).collect(),
    };
    regions.iter().map(claim).collect()
}

/// Everything that the engine says of a case is so.
fn check(case: &Case) -> Result<(), TestCaseError> {
    let regions = compute(case);
    let claims = claims(&regions, case.net.n_outputs());
    let comparison = Comparison::new(case, &claims);
    comparison.check(regions.n_affine_pieces()).map_err(TestCaseError::fail)?;
    prop_assert!(regions.is_complete());
    for region in regions.iter() {
        // Euler: V − E + F = 2, where each edge is counted by the two faces that meet in it.
        let ends: usize = region.faces().map(|face| face.vertices().len()).sum();
        prop_assert_eq!(region.vertices().len() + region.faces().len(), ends / 2 + 2);
    }
    Ok(())
}

#[test]
fn generic_networks_come_out_right() {
    check_family(150, &generators::with_weights(3, generators::generic_weight()), check);
}

#[test]
fn dyadic_sliders_come_out_right() {
    check_family(150, &generators::with_weights(3, generators::dyadic_weight()), check);
}

#[test]
fn slivers_of_decimal_sliders_are_kept() {
    check_family(150, &generators::with_weights(3, generators::decimal_weight()), check);
}

#[test]
fn weights_of_minus_one_zero_and_one_come_out_right() {
    check_family(300, &generators::with_weights(3, generators::sign_weight()), check);
}

#[test]
fn parallel_coincident_flipped_duplicated_and_constant_units_come_out_right() {
    check_family(250, &generators::relatives(3), check);
}

#[test]
fn many_planes_through_one_point_come_out_right() {
    check_family(250, &generators::pencils(3), check);
}

#[test]
fn planes_one_unit_in_the_last_place_from_meeting_come_out_right() {
    check_family(250, &generators::nudged(3), check);
}

#[test]
fn networks_without_biases_come_out_right() {
    check_family(150, &generators::zero_bias(3), check);
}

#[test]
fn planes_through_corners_and_along_edges_of_the_box_come_out_right() {
    check_family(250, &generators::box_contacts(3), check);
}

#[test]
fn bottlenecks_and_dead_layers_come_out_right() {
    check_family(300, &generators::bottlenecks(3), check);
}

#[test]
fn the_scale_of_a_unit_does_not_matter() {
    check_family(150, &generators::unit_scales(3), check);
}

#[test]
fn boxes_far_from_the_origin_come_out_right() {
    check_family(150, &generators::far_boxes(3), check);
}

#[test]
fn subnormal_weights_come_out_right() {
    check_family(150, &generators::subnormals(3), check);
}

#[test]
fn leaky_units_come_out_right() {
    check_family(150, &generators::leaky(generators::relatives(3)), check);
}

/// A box that reaches one to each side of the origin.
const CUBE: Bounds<3> = Bounds { lo: [-1.0; 3], hi: [1.0; 3] };

/// A shallow network of these planes, each as intercept and slopes, in the cube.
fn of_planes(theta: &[[f64; 4]]) -> Case {
    let phi: Vec<f64> = (0..theta.len()).map(|d| 1.0 + d as f64).collect();
    let net = Network::shallow(theta, 0.0, &phi, Activation::Relu);
    Case { net, lo: CUBE.lo.to_vec(), hi: CUBE.hi.to_vec() }
}

#[test]
fn fewer_planes_than_dimensions_cut_into_two_to_their_number() {
    let planes = [[0.1, 1.0, 0.5, 0.0], [0.2, 0.0, 1.0, -0.5], [-0.1, 0.3, 0.0, 1.0]];
    for d in 0..=3 {
        assert_eq!(compute(&of_planes(&planes[..d])).len(), 1 << d, "D = {d}");
    }
}

#[test]
fn planes_in_general_position_reach_zaslavsky_when_the_box_holds_every_vertex() {
    // Planes that touch the unit sphere meet well inside a large box.
    let mut rng = Rng::from_seed(8);
    let directions: Vec<[f64; 3]> = (0..9).map(|_| [rng.normal(), rng.normal(), rng.normal()]).collect();
    let theta: Vec<[f64; 4]> =
        directions.iter().map(|[x, y, z]| [(x * x + y * y + z * z).sqrt(), *x, *y, *z]).collect();
    let binomial = |n: usize, k: usize| (0..k).fold(1, |b, i| b * (n - i) / (i + 1));
    for d in 0..=theta.len() {
        let mut case = of_planes(&theta[..d]);
        (case.lo, case.hi) = (vec![-1e6; 3], vec![1e6; 3]);
        let zaslavsky: usize = (0..=3).map(|j| if j <= d { binomial(d, j) } else { 0 }).sum();
        assert_eq!(compute(&case).len(), zaslavsky, "D = {d}");
    }
}

#[test]
fn the_whole_of_space_has_as_many_regions_as_a_box_that_holds_every_vertex() {
    // Small whole numbers: many planes are parallel, coincide, or share lines and points, and all meet within a thousand of the middle.
    let mut rng = Rng::from_seed(21);
    let mut n_degenerate = 0;
    for case in 0..300 {
        let d = rng.below(9) as usize;
        let theta: Vec<[f64; 4]> = (0..d)
            .map(|_| core::array::from_fn(|_| rng.below(if case % 2 == 0 { 3 } else { 5 }) as f64 - 1.0))
            .collect();
        let mut case = of_planes(&theta);
        (case.lo, case.hi) = (vec![-4e3; 3], vec![4e3; 3]);
        let arrangement = SpaceArrangement::of(&case.net).expect("finite");
        let through = arrangement.through_line.len() + arrangement.through_point.len() + arrangement.along_line.len();
        n_degenerate += usize::from(through > 0);
        assert_eq!(arrangement.n_regions, compute(&case).len() as u64, "{theta:?}: {arrangement:?}");
    }
    assert!(n_degenerate > 100, "{n_degenerate} of the arrangements are not in general position");
}

#[test]
fn planes_through_the_middle_make_a_central_arrangement() {
    // Without biases D planes in general position cut space into D² − D + 2 cones.
    for d in 1..=12 {
        let mut net = random_network(4, &[3, d, 1]);
        net.layers[0].beta.fill(0.0);
        let case = Case { net, lo: CUBE.lo.to_vec(), hi: CUBE.hi.to_vec() };
        assert_eq!(compute(&case).len(), d * d - d + 2, "D = {d}");
    }
}

#[test]
fn a_fourth_plane_one_unit_in_the_last_place_beside_a_vertex_cuts_off_a_tetrahedron() {
    let corner = [[0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]];
    let with_fourth = |bias: f64| of_planes(&[corner[0], corner[1], corner[2], [bias, 1.0, 1.0, 1.0]]);
    // Through the vertex, six of the eight octants are cut; beside it, a seventh is, however thin the slice.
    assert_eq!(compute(&with_fourth(0.0)).len(), 14);
    for bias in [f64::EPSILON, -f64::EPSILON, 5e-324, -5e-324] {
        assert_eq!(compute(&with_fourth(bias)).len(), 15, "bias {bias}");
        check(&with_fourth(bias)).unwrap();
    }
}

#[test]
fn the_diagonal_planes_of_a_cube_cut_it_into_24_tetrahedra() {
    let mut planes = vec![];
    for (i, j) in [(0, 1), (1, 2), (2, 0)] {
        for sign in [1.0, -1.0] {
            let mut theta = [0.0; 4];
            theta[i + 1] = 1.0;
            theta[j + 1] = sign;
            planes.push(theta);
        }
    }
    let case = of_planes(&planes);
    let regions = compute(&case);
    assert_eq!(regions.len(), 24);
    for region in regions.iter() {
        assert_eq!((region.faces().len(), region.vertices().len()), (4, 4));
        assert!((region.measure() - 8.0 / 24.0).abs() < 1e-15);
    }
    check(&case).unwrap();
}

#[test]
fn units_without_weights_never_cut_and_are_open_when_their_bias_is_positive() {
    let case = of_planes(&[[1.0, 0.0, 0.0, 0.0], [-1.0, 0.0, 0.0, 0.0], [0.0; 4], [-0.0, 0.0, 0.0, 0.0]]);
    let patterns: Vec<String> = compute(&case).iter().map(|region| region.pattern().to_string()).collect();
    assert_eq!(patterns, ["1000"]);
}

#[test]
fn every_vertex_of_a_generic_network_belongs_to_eight_regions() {
    for (seed, sizes) in [(1, &[3, 7, 1][..]), (2, &[3, 4, 4, 1]), (3, &[3, 3, 3, 3, 1])] {
        let case = Case { net: random_network(seed, sizes), lo: CUBE.lo.to_vec(), hi: CUBE.hi.to_vec() };
        let claims = claims(&compute(&case), 1);
        let comparison = Comparison::new(&case, &claims);
        assert!(is_generic(comparison.exact(), &case.lo, &case.hi), "{sizes:?}");
        comparison.check(compute(&case).n_affine_pieces()).unwrap();
    }
}

#[test]
fn regions_are_a_complex_whose_euler_characteristic_is_that_of_a_ball() {
    for sizes in [&[3, 20, 1][..], &[3, 8, 8, 1], &[3, 5, 5, 5, 1]] {
        let regions = SpaceRegions::compute(&random_network(5, sizes), &CUBE, ALL).unwrap();
        let (mut edges, mut faces) = (std::collections::BTreeSet::new(), 0);
        for face in regions.iter().flat_map(|region| region.faces()) {
            let ring: Vec<usize> = face.vertex_numbers().collect();
            for (i, &a) in ring.iter().enumerate() {
                let b = ring[(i + 1) % ring.len()];
                edges.insert((a.min(b), a.max(b)));
            }
            // A face between two regions is seen twice.
            faces += if face.neighbour().is_some() { 1 } else { 2 };
        }
        assert_eq!(faces % 2, 0);
        assert_eq!(
            regions.n_vertices() + faces / 2,
            edges.len() + regions.len() + 1,
            "V − E + F − C = 1 for {sizes:?}"
        );
    }
}

#[test]
fn volumes_of_thousands_of_regions_sum_to_the_box() {
    for (sizes, bounds) in [
        (&[3, 50, 1][..], CUBE),
        (&[3, 16, 16, 1], CUBE),
        (&[3, 30, 1], Bounds { lo: [-3.0, 0.5, -1e-3], hi: [1.0, 0.75, 1e-3] }),
    ] {
        let regions = SpaceRegions::compute(&random_network(6, sizes), &bounds, ALL).unwrap();
        let total: f64 = regions.iter().map(|region| region.measure()).sum();
        let box_volume: f64 = bounds.lo.iter().zip(&bounds.hi).map(|(lo, hi)| hi - lo).product();
        assert!((total / box_volume - 1.0).abs() < 1e-12, "{sizes:?}: {total}");
    }
}

#[test]
fn regions_come_in_the_order_of_their_patterns() {
    let regions = SpaceRegions::compute(&random_network(7, &[3, 9, 70, 1]), &CUBE, ALL).unwrap();
    let patterns: Vec<String> = regions.iter().map(|region| region.pattern().to_string()).collect();
    assert!(patterns.len() > 500 && patterns.is_sorted() && patterns[0].len() == 79);
}

#[test]
fn neighbours_agree_on_the_bits_of_the_face_between_them() {
    let regions = SpaceRegions::compute(&random_network(9, &[3, 12, 6, 1]), &CUBE, ALL).unwrap();
    for region in regions.iter() {
        for face in region.faces() {
            let Some(neighbour) = face.neighbour() else { continue };
            let other = regions.region(neighbour);
            let back = other.faces().find(|back| back.neighbour() == Some(region.index())).expect("seen from both");
            assert_eq!(back.hinge(), face.hinge());
            // The same ring, the other way round.
            let (mut ring, mut back): (Vec<_>, Vec<_>) =
                (face.vertex_numbers().collect(), back.vertex_numbers().collect());
            back.reverse();
            let first = back.iter().position(|vertex| *vertex == ring[0]).expect("the same vertices");
            back.rotate_left(first);
            assert_eq!(ring, back);
            ring.dedup();
            assert!(ring.len() >= 3);
        }
    }
}

#[test]
fn the_order_of_units_changes_patterns_and_nothing_else() {
    let net = random_network(10, &[3, 8, 1]);
    let order = [3, 1, 7, 0, 2, 6, 5, 4];
    let regions = SpaceRegions::compute(&net, &CUBE, ALL).unwrap();
    let other = SpaceRegions::compute(&permuted(&net, 0, &order), &CUBE, ALL).unwrap();
    let reordered = |pattern: String| -> String { order.iter().map(|&d| pattern.as_bytes()[d] as char).collect() };
    let mut expected: Vec<(String, u64)> = regions
        .iter()
        .map(|region| (reordered(region.pattern().to_string()), (region.measure() * 1e9).round() as u64))
        .collect();
    expected.sort();
    let found: Vec<(String, u64)> =
        other.iter().map(|region| (region.pattern().to_string(), (region.measure() * 1e9).round() as u64)).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_unit_times_a_power_of_two_leaves_every_bit() {
    let net = random_network(11, &[3, 6, 5, 2]);
    let mut scaled = net.clone();
    for (d, exponent) in [(0, 300), (2, -400), (5, 7)] {
        let factor = 2.0_f64.powi(exponent);
        scaled.layers[0].omega.row_mut(d).scale_mut(factor);
        scaled.layers[0].beta[d] *= factor;
        scaled.layers[1].omega.column_mut(d).scale_mut(1.0 / factor);
    }
    let of = |net: &Network| claims(&SpaceRegions::compute(net, &CUBE, ALL).unwrap(), 2);
    assert_eq!(format!("{:?}", of(&net)), format!("{:?}", of(&scaled)));
}

#[test]
fn computing_again_in_the_same_room_gives_the_same() {
    let nets = [random_network(12, &[3, 10, 1]), random_network(13, &[3, 70, 1]), random_network(14, &[3, 4, 5, 2])];
    let mut regions = SpaceRegions::compute(&nets[2], &CUBE, ALL).unwrap();
    for net in &nets {
        let bounds = Bounds { lo: [-0.5, -1.0, 0.0], hi: [0.5, 2.0, 1.0] };
        regions.recompute(net, &bounds, ALL).unwrap();
        let fresh = SpaceRegions::compute(net, &bounds, ALL).unwrap();
        assert_eq!(
            format!("{:?}", claims(&regions, net.n_outputs())),
            format!("{:?}", claims(&fresh, net.n_outputs()))
        );
    }
}

#[test]
fn beyond_the_limit_whole_regions_are_left_out() {
    for sizes in [&[3, 12, 1][..], &[3, 6, 6, 1]] {
        let net = random_network(15, sizes);
        let all = SpaceRegions::compute(&net, &CUBE, ALL).unwrap();
        let volumes: std::collections::BTreeMap<String, f64> =
            all.iter().map(|region| (region.pattern().to_string(), region.measure())).collect();
        for limit in [0, 1, 2, 10, all.len() - 1, all.len()] {
            let some = SpaceRegions::compute(&net, &CUBE, limit).unwrap();
            assert_eq!(some.is_complete(), limit == all.len());
            assert!(some.len() <= limit.max(1) && 2 * some.len() >= limit, "{} of {limit}", some.len());
            for region in some.iter() {
                assert!((volumes[&region.pattern().to_string()] - region.measure()).abs() < 1e-12);
                assert!(region.faces().filter_map(|face| face.neighbour()).all(|neighbour| neighbour < some.len()));
            }
        }
    }
}

#[test]
fn a_network_without_hidden_units_is_one_region() {
    let net = Network::new(vec![Layer::from_fn(2, 3, |d| d as f64, |d, i| (d + i) as f64)], Activation::Relu).unwrap();
    let regions = SpaceRegions::compute(&net, &CUBE, ALL).unwrap();
    assert_eq!((regions.len(), regions.region(0).pattern().to_string()), (1, String::new()));
    assert_eq!((regions.region(0).affine(1).intercept, regions.region(0).affine(1).slope), (1.0, [1.0, 2.0, 3.0]));
    assert_eq!(regions.n_affine_pieces(), 1);
}

#[test]
fn a_unit_that_is_moved_step_by_step_leaves_what_computing_anew_finds() {
    let mut net = random_network(21, &[3, 9, 4, 1]);
    let mut regions = SpaceRegions::compute(&net, &CUBE, ALL).unwrap();
    let essence = |regions: &SpaceRegions| -> Vec<(String, u64, usize)> {
        let rounded = |volume: f64| (volume * 1e9).round() as u64;
        regions.iter().map(|r| (r.pattern().to_string(), rounded(r.measure()), r.faces().len())).collect()
    };
    for tick in 0..20 {
        let unit = tick / 5;
        net.layers[0].beta[unit] += 0.125;
        net.layers[0].omega[(unit, 1)] = 0.25 * tick as f64 - 2.0;
        regions.move_unit(&net, unit, ALL).unwrap();
        assert_eq!(essence(&regions), essence(&SpaceRegions::compute(&net, &CUBE, ALL).unwrap()), "tick {tick}");
    }
}
