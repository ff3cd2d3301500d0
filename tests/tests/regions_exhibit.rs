//! What the exhibit `regions` says of networks: shortfalls, neighbours, deeper layers, rays, slices, and links that ask for too much.

use std::collections::BTreeSet;

use piecewise_exhibits::{
    Params as _,
    regions::{self, Params, Scene, Unit, place_of},
};
use proptest::prelude::*;

fn scene(start: &str) -> Scene {
    regions::compute(&Params::from_start(start).expect("a start"))
}

/// Small whole numbers: lines that are parallel, coincident, concurrent or absent are then common.
fn crowded() -> impl Strategy<Value = Params> {
    let unit = prop::array::uniform4(-2..=2_i32).prop_map(|row| {
        let [bias, w1, w2, phi] = row.map(|n| f64::from(n) / 2.0);
        Unit { theta: [bias, w1, w2], phi }
    });
    prop::collection::vec(unit, 1..=6).prop_map(|units| Params { units, ..Params::default() })
}

proptest! {
    #[test]
    fn every_shortfall_is_explained(params in crowded()) {
        let Scene { counts, shortfall, .. } = regions::compute(&params);
        let [in_plane, most] = [counts.in_plane, counts.zaslavsky].map(|n| n.expect("a shallow network"));
        prop_assert!(in_plane <= most && counts.affine_pieces <= counts.in_view);
        if (counts.in_view as u64) < most || counts.affine_pieces < counts.in_view {
            prop_assert!(!shortfall.is_empty(), "{} of {}, {} maps", counts.in_view, most, counts.affine_pieces);
        }
        let [bounded, most_bounded] = counts.bounded.expect("a shallow network");
        prop_assert!(bounded <= most_bounded);
    }

    #[test]
    fn regions_that_are_bounded_in_view_are_as_many_as_the_plane_has(params in crowded()) {
        // Biases so small that all lines cross within a half of the middle.
        let mut params = params;
        for unit in &mut params.units {
            unit.theta[0] /= 16.0;
        }
        let scene = regions::compute(&params);
        let bounded = scene.regions.iter().filter(|region| region.bounded == Some(true)).count() as u64;
        prop_assert_eq!(Some(scene.regions.len() as u64), scene.counts.in_plane);
        prop_assert_eq!(bounded, scene.counts.bounded.expect("shallow")[0]);
    }
}

#[test]
fn crossing_an_edge_of_the_dual_graph_switches_one_unit() {
    // Three lines, each cut into three pieces by the two others: nine shared sides.
    let fig_3_8 = scene("dual");
    assert_eq!(fig_3_8.dual.len(), 9);
    let deep = regions::compute(&Params { dual: true, ..Params::from_start("deep").expect("a start") });
    for scene in [fig_3_8, deep] {
        let neighbours: usize = scene.regions.iter().map(|region| region.neighbours.len()).sum();
        assert_eq!(scene.dual.len(), neighbours / 2);
        for edge in &scene.dual {
            let [from, to] = [0, 2].map(|end| &scene.regions[scene.region_at(edge.points[end]).expect("in view")]);
            let pairs = from.pattern.bytes().zip(to.pattern.bytes()).enumerate();
            let switched: Vec<usize> = pairs.filter(|(_, (a, b))| a != b).map(|(unit, _)| unit).collect();
            assert_eq!(switched.len(), 1, "{} and {}", from.pattern, to.pattern);
            assert_eq!(place_of(&scene.widths, switched[0]), edge.unit);
        }
    }
}

#[test]
fn lines_of_a_deeper_layer_bend_only_at_lines_of_an_earlier_one() {
    for (deep, seed) in [(vec![3], 28), (vec![4, 4], 5), (vec![3, 3, 3], 11)] {
        let params = Params { deep, seed, ..Params::from_start("deep").expect("a start") };
        let scene = regions::compute(&params);
        let trace = |x: [f64; 2]| params.network().forward(&x);
        let mut n_bends = 0;
        for bend in &scene.bends {
            for path in &bend.paths {
                for corner in path.windows(3) {
                    let [[a, b], [c, d], [e, f]] = [corner[0], corner[1], corner[2]];
                    if ((c - a) * (f - d) - (d - b) * (e - c)).abs() < 1e-9 {
                        continue;
                    }
                    n_bends += 1;
                    let trace = trace([c, d]);
                    let switches = (0..bend.layer).any(|layer| trace.f[layer].iter().any(|f| f.abs() < 1e-9));
                    assert!(switches, "{:?} at ({c}, {d})", (bend.layer, bend.unit));
                }
            }
        }
        assert!(n_bends > 5, "there are bends: {n_bends}");
    }
}

#[test]
fn two_layers_have_the_regions_that_their_preset_shows() {
    let counts = scene("deep").counts;
    assert_eq!((counts.in_view, counts.affine_pieces, counts.in_plane, counts.zaslavsky), (34, 34, None, None));
    // Montúfar et al. (2014): (⌊4 / 2⌋ + 1)² · (1 + 3 + 3) for layers of 4 and 3.
    assert_eq!(counts.deep_bound.as_deref(), Some("63"));
}

#[test]
fn the_largest_network_that_can_be_asked_for_is_cut_off_and_says_so() {
    let params = Params {
        deep: vec![regions::MOST_UNITS; regions::MOST_LAYERS - 1],
        ..Params::from_start("random-32-3").expect("a start")
    };
    let scene = regions::compute(&params);
    assert!(scene.regions.len() > 1000);
    assert_eq!(scene.complete, !scene.shortfall[0].contains("only some are drawn"));
    let patterns: BTreeSet<&str> = scene.regions.iter().map(|region| region.pattern.as_str()).collect();
    assert_eq!(patterns.len(), scene.regions.len());
}

#[test]
fn a_ray_meets_the_regions_that_lie_under_it() {
    for start in ["ray", "deep", "slice"] {
        let params = Params { ray: true, ..Params::from_start(start).expect("a start") };
        let scene = regions::compute(&params);
        let ray = scene.ray.as_ref().expect("a ray");
        assert!(ray.steps.len() > 3, "{start}");
        for step in &ray.steps {
            let here = ray.point(f64::midpoint(step.t[0], step.t[1]));
            let region = &scene.regions[scene.region_at(here).expect("in view")];
            assert_eq!(region.pattern, step.pattern, "{start}");
            let way = [0, 1].map(|i| ray.to[i] - ray.from[i]);
            let slope = (region.slope[0] * way[0] + region.slope[1] * way[1]) / f64::hypot(way[0], way[1]);
            assert!((slope - step.slope).abs() < 1e-9, "{start}: {slope} is not {}", step.slope);
        }
    }
}
