//! Regions on the line against the exact oracle.

use piecewise_core::network::{Activation, Network};
use piecewise_core::regions::{Bounds, LineRegions, RegionError, Slice};
use piecewise_tests::generators::{self, Case};
use piecewise_tests::oracle::{Claim, Comparison, Region, Regions, check_family, random_network};
use proptest::prelude::*;

/// Without a limit that matters.
const ALL: usize = 1_000_000;

fn compute(case: &Case) -> LineRegions {
    LineRegions::compute(&case.net, &Bounds { lo: [case.lo[0]], hi: [case.hi[0]] }, ALL).expect("one input")
}

fn claims(regions: &LineRegions, n_outputs: usize) -> Vec<Claim> {
    let claims = regions.iter().map(|region| Claim {
        pattern: region.pattern().to_string(),
        vertices: region.ends().map(|x| vec![x]).to_vec(),
        sides: region.sides().map(|side| (side.hinge, side.neighbour)).to_vec(),
        measure: region.measure(),
        centroid: vec![region.centroid()],
        outputs: (0..n_outputs).map(|o| (region.affine(o).intercept, region.affine(o).slope.to_vec())).collect(),
    });
    claims.collect()
}

fn check(case: &Case) -> Result<(), TestCaseError> {
    let regions = compute(case);
    let claims = claims(&regions, case.net.n_outputs());
    Comparison::new(case, &claims).check(regions.n_affine_pieces()).map_err(TestCaseError::fail)?;
    prop_assert!(regions.is_complete());
    // They cover the interval from left to right, on the same bits.
    prop_assert_eq!((claims[0].vertices[0][0], claims[claims.len() - 1].vertices[1][0]), (case.lo[0], case.hi[0]));
    prop_assert!(claims.windows(2).all(|pair| pair[0].vertices[1] == pair[1].vertices[0]));
    for (i, pair) in claims.windows(2).enumerate() {
        let ((left_hinge, right), (right_hinge, left)) = (pair[0].sides[1], pair[1].sides[0]);
        prop_assert_eq!((left_hinge, right, left), (right_hinge, Some(i + 1), Some(i)));
    }
    Ok(())
}

#[test]
fn every_family_of_networks_comes_out_right() {
    for cases in generators::families(1) {
        check_family(250, &cases, check);
    }
}

#[test]
fn deep_networks_of_some_width_come_out_right() {
    for (seed, sizes) in [(1, &[1, 20, 20, 1][..]), (2, &[1, 40, 1]), (3, &[1, 8, 8, 8, 2]), (4, &[1, 70, 5, 1])] {
        check(&Case { net: random_network(seed, sizes), lo: vec![-2.0], hi: vec![2.0] }).unwrap();
    }
}

#[test]
fn the_joints_of_figure_3_3_are_those_of_the_book() {
    let theta = [[-0.2, 0.4], [-0.9, 0.9], [1.1, -0.7]];
    let net = Network::shallow(&theta, -0.23, &[-1.3, 1.3, 0.66], Activation::Relu);
    let regions = LineRegions::compute(&net, &Bounds { lo: [0.0], hi: [2.0] }, ALL).unwrap();
    let joints: Vec<f64> = regions.iter().skip(1).map(|region| region.ends()[0]).collect();
    assert!(joints.iter().zip([0.5, 1.0, 1.571_43]).all(|(x, book)| (x - book).abs() < 1e-5), "{joints:?}");
    let slopes: Vec<f64> = regions.iter().map(|region| region.affine(0).slope[0]).collect();
    assert!(slopes.iter().zip([-0.462, -0.982, 0.188, 0.65]).all(|(w, book)| (w - book).abs() < 1e-12), "{slopes:?}");
    assert_eq!((regions.region_at(0.75), regions.region_at(2.0), regions.region_at(2.1)), (Some(1), Some(3), None));
}

#[test]
fn pieces_that_two_joints_leave_within_one_rounding_keep_their_order() {
    // Hinges at 1/3 rounded twice in different ways, closer to each other than numbers near 1/3 are.
    let theta = [[-1.0, 3.0], [-(1.0_f64.next_up()), 3.0], [-(1.0_f64.next_down()), 3.0]];
    let net = Network::shallow(&theta, 0.0, &[1.0; 3], Activation::Relu);
    let case = Case { net, lo: vec![0.0], hi: vec![1.0] };
    let regions = compute(&case);
    let patterns: Vec<String> = regions.iter().map(|region| region.pattern().to_string()).collect();
    assert_eq!(patterns, ["000", "001", "101", "111"]);
    check(&case).unwrap();
}

#[test]
fn a_line_through_many_inputs_is_a_network_of_one() {
    let net = random_network(5, &[6, 9, 4, 2]);
    let origin = [0.5, -1.0, 0.25, 0.1, 0.0, 2.0];
    let direction = [1.0, 0.3, -0.2, 0.0, -1.0, 0.7];
    let slice = Slice { origin: origin.to_vec(), directions: [direction.to_vec()] };
    let regions = LineRegions::compute_on(&net, &slice, &Bounds { lo: [-3.0], hi: [3.0] }, ALL).unwrap();
    let exact = Regions::compute_on_slice(&net, &origin, &[&direction], &[-3.0], &[3.0]);
    let mut found: Vec<String> = regions.iter().map(|region| region.pattern().to_string()).collect();
    found.sort();
    let expected: Vec<String> = exact.regions.iter().map(Region::pattern_string).collect();
    assert_eq!(found, expected);
    for region in regions.iter() {
        let t = region.centroid();
        let y = net.output(&slice.point([t]));
        assert!((0..2).all(|o| (region.affine(o).value([t]) - y[o]).abs() < 1e-12));
    }
}

#[test]
fn what_cannot_be_computed_is_refused_by_name() {
    let error = |net: &Network, lo: f64, hi: f64| LineRegions::compute(net, &Bounds { lo: [lo], hi: [hi] }, ALL).err();
    let mut net = random_network(6, &[1, 3, 1]);
    assert_eq!(error(&net, 1.0, 1.0), Some(RegionError::EmptyBox { axis: 0 }));
    assert_eq!(error(&net, 0.0, f64::INFINITY), Some(RegionError::EmptyBox { axis: 0 }));
    assert_eq!(error(&random_network(6, &[2, 3, 1]), 0.0, 1.0), Some(RegionError::Inputs { expected: 1, found: 2 }));
    net.layers[1].omega[(0, 2)] = f64::NAN;
    let found = error(&net, 0.0, 1.0).unwrap();
    assert_eq!(found, RegionError::NotFinite { layer: 1, row: 0, column: Some(2) });
    assert_eq!(found.to_string(), "the weight in layer 2, row 1, column 3 is not a finite number");
    net.activation = Activation::Tanh;
    assert_eq!(error(&net, 0.0, 1.0), Some(RegionError::NotPiecewiseLinear));
    let slice = Slice { origin: vec![0.0, 1.0], directions: [vec![1.0]] };
    let found = LineRegions::compute_on(&random_network(7, &[2, 2, 1]), &slice, &Bounds { lo: [0.0], hi: [1.0] }, ALL);
    assert_eq!(found.err(), Some(RegionError::Slice { expected: 2, found: 1 }));
}

#[test]
fn beyond_the_limit_whole_regions_are_left_out() {
    let net = random_network(8, &[1, 30, 1]);
    let bounds = Bounds { lo: [-3.0], hi: [3.0] };
    let all = LineRegions::compute(&net, &bounds, ALL).unwrap();
    let whole: Vec<String> = all.iter().map(|region| format!("{} {:?}", region.pattern(), region.ends())).collect();
    for limit in [0, 1, 5, all.len() - 1, all.len()] {
        let some = LineRegions::compute(&net, &bounds, limit).unwrap();
        assert!(some.len() <= limit.max(1) && some.is_complete() == (limit == all.len()));
        for region in some.iter() {
            assert!(whole.contains(&format!("{} {:?}", region.pattern(), region.ends())));
            assert!(region.sides().iter().filter_map(|side| side.neighbour).all(|neighbour| neighbour < some.len()));
        }
    }
}

#[test]
fn a_unit_that_is_moved_step_by_step_leaves_what_computing_anew_finds() {
    let mut net = random_network(9, &[1, 12, 3, 1]);
    let bounds = Bounds { lo: [-2.0], hi: [2.0] };
    let mut regions = LineRegions::compute(&net, &bounds, ALL).unwrap();
    for tick in 0..30 {
        net.layers[0].beta[tick / 10] += 0.25;
        regions.move_unit(&net, tick / 10, ALL).unwrap();
        let fresh = LineRegions::compute(&net, &bounds, ALL).unwrap();
        let patterns = |regions: &LineRegions| -> Vec<String> {
            regions.iter().map(|region| region.pattern().to_string()).collect()
        };
        assert_eq!(patterns(&regions), patterns(&fresh));
        let near = |(a, b): (piecewise_core::regions::LineRegion<'_>, piecewise_core::regions::LineRegion<'_>)| {
            a.ends().iter().zip(b.ends()).all(|(a, b)| (a - b).abs() < 1e-12)
        };
        assert!(regions.iter().zip(fresh.iter()).all(near));
    }
}
