//! What a piecewise linear network is, held to numbers of *Understanding Deep Learning* computed apart from this project.

use piecewise_core::Rng;
use piecewise_exhibits::{
    Params as _,
    linear_pieces::{Kind, Model, Params, Scene, compute},
    link,
};
use proptest::prelude::*;

/// UDL, figure 3.8b: a point of every region, its pattern, and the map that holds in it.
const FIG_3_8: [([f64; 2], &str, f64, [f64; 2]); 7] = [
    ([-0.9, 0.3], "000", 0.4, [0.0, 0.0]),
    ([-0.2, 0.7], "100", 0.2, [-0.5, -0.5]),
    ([-0.6, -0.6], "001", 0.3, [-0.1, 0.35]),
    ([0.0, 0.0], "101", 0.1, [-0.6, -0.15]),
    ([0.8, 0.8], "110", -0.34, [1.12, -0.68]),
    ([0.3, -0.9], "011", -0.24, [1.52, 0.17]),
    ([0.7, -0.2], "111", -0.44, [1.02, -0.33]),
];

/// Activations made of straight pieces.
const STRAIGHT: [Kind; 6] = [Kind::Relu, Kind::LeakyRelu, Kind::Prelu, Kind::Heaviside, Kind::Rect, Kind::Linear];
/// Activations that bend everywhere.
const SMOOTH: [Kind; 6] = [Kind::Softplus, Kind::Gelu, Kind::Silu, Kind::Swish, Kind::Sigmoid, Kind::Tanh];

fn start(name: &str) -> Params {
    Params::from_start(name).expect("a start")
}

fn with(activation: Kind, base: &Params) -> Params {
    Params { activation, ..base.clone() }
}

fn at(probe: [f64; 2], params: &Params) -> Scene {
    compute(&Params { probe, length: 1.0 / 256.0, ..params.clone() })
}

#[test]
fn the_collapsed_maps_of_figure_3_8_are_those_of_the_book() {
    for (x, pattern, intercept, slope) in FIG_3_8 {
        let here = at(x, &start("fig-3.8")).here;
        assert_eq!(here.pattern, pattern);
        assert!((here.intercept - intercept).abs() < 1e-12, "{pattern}: {}", here.intercept);
        assert!((0..2).all(|i| (here.gradient[i] - slope[i]).abs() < 1e-12), "{pattern}: {:?}", here.gradient);
    }
}

#[test]
fn inside_a_region_the_gradient_does_not_change_by_one_bit() {
    let mut rng = Rng::from_seed(5);
    for base in [start("fig-3.8"), start("deep")] {
        for kind in STRAIGHT {
            let params = with(kind, &base);
            let mut n_same = 0;
            for _ in 0..60 {
                let [x, y, dx, dy] = [(); 4].map(|()| rng.uniform_in(-0.75, 0.75));
                let mut params = Params { probe: [x, y], ..params.clone() };
                params.aim_at([x + 0.3 * dx, y + 0.3 * dy]);
                let scene = compute(&params);
                if scene.here.region == scene.there.region {
                    n_same += 1;
                    assert_eq!(scene.difference(), [0.0, 0.0], "{kind:?} at {x}, {y}");
                    assert!(scene.verdict().contains("exactly 0"), "{}", scene.verdict());
                }
            }
            assert!(n_same > 20, "{kind:?}: {n_same} steps stay inside");
        }
    }
}

#[test]
fn across_a_line_the_gradient_changes_by_the_term_of_the_unit_that_switches() {
    // From 101 to 111: φ_2 (θ_21, θ_22) = 1.8 (.9, −.1).
    let mut params = Params { probe: [0.125, -0.125], ..start("fig-3.8") };
    params.aim_at([0.5, -0.125]);
    let scene = compute(&params);
    assert_eq!((scene.here.pattern.as_str(), scene.there.pattern.as_str()), ("101", "111"));
    let difference = scene.difference();
    assert!((difference[0] - 1.62).abs() < 1e-12 && (difference[1] + 0.18).abs() < 1e-12, "{difference:?}");
    assert_eq!(scene.verdict(), "h₂ switches on: the gradient changes by (1.62, −0.18).");
}

#[test]
fn a_leaky_slope_of_1_merges_the_seven_maps_into_one() {
    let leaky = with(Kind::LeakyRelu, &start("fig-3.8"));
    for sixty_fourths in 0..=64 {
        let scene = compute(&Params { slope: f64::from(sixty_fourths) / 64.0, ..leaky.clone() });
        let expected = if sixty_fourths == 64 { 1 } else { 7 };
        assert_eq!((scene.n_maps(), scene.n_regions()), (Some(expected), Some(7)), "slope {sixty_fourths}/64");
    }
    let deep = Params { slope: 1.0, activation: Kind::LeakyRelu, ..start("deep") };
    assert_eq!(compute(&deep).n_maps(), Some(1), "depth does not help either");
}

#[test]
fn every_straight_activation_has_its_number_of_regions_and_maps() {
    let base = start("fig-3.8");
    for (kind, n_regions, n_maps) in [
        (Kind::Relu, 7, 7),
        (Kind::LeakyRelu, 7, 7),
        (Kind::Prelu, 7, 7),
        (Kind::Heaviside, 7, 7),
        // Where a unit passes 1 a rect switches off again: three regions more, with the patterns 010, 010 and 110.
        (Kind::Rect, 10, 8),
        (Kind::Linear, 1, 1),
    ] {
        let scene = compute(&with(kind, &base));
        assert_eq!((scene.n_regions(), scene.n_maps()), (Some(n_regions), Some(n_maps)), "{kind:?}");
    }
    for kind in SMOOTH {
        assert_eq!(compute(&with(kind, &base)).n_maps(), None, "{kind:?}");
    }
}

#[test]
fn a_step_is_flat_on_both_sides_of_its_jump() {
    let mut params = Params { probe: [0.125, -0.125], ..start("heaviside") };
    params.aim_at([0.5, -0.125]);
    let scene = compute(&params);
    assert_eq!((scene.here.gradient.as_slice(), scene.there.gradient.as_slice()), (&[0.0; 2][..], &[0.0; 2][..]));
    assert_eq!(scene.verdict(), "h₂ switches on: the gradient is 0 on both sides, and y jumps by 1.8.");
}

#[test]
fn second_differences_are_0_off_the_hinges_and_nowhere_else() {
    let lens = |kind: Kind, base: &Params| {
        let scene = compute(&Params { lens: true, ..with(kind, base) });
        (scene.lens.expect("it is shown"), scene.plane.is_some())
    };
    for base in [start("relu-lens"), Params { model: Model::Deep, ..start("relu-lens") }, start("fig-3.3")] {
        for kind in STRAIGHT {
            let (lens, _) = lens(kind, &base);
            if kind == Kind::Linear {
                assert_eq!((lens.flat_share, lens.most), (1.0, 0.0), "a linear activation bends nowhere");
            } else {
                assert!(
                    lens.flat_share > 0.2 && lens.flat_share < 1.0 && lens.most > 0.0,
                    "{kind:?}: {}",
                    lens.flat_share
                );
            }
        }
        for kind in SMOOTH {
            let (lens, _) = lens(kind, &base);
            assert!(lens.flat_share < 0.001, "{kind:?} bends everywhere: {}", lens.flat_share);
        }
    }
    // Off the hinges of figure 3.8: where the step does not reach from the point to a line.
    let params = start("relu-lens");
    let step = params.step();
    let network = params.network();
    let pattern = |x: [f64; 2]| network.forward(&x).f[0].map(|f| f > 0.0);
    let lens = compute(&params).lens.expect("it is shown");
    let n = 57;
    let mut n_inside = 0;
    for (index, &bend) in lens.values.iter().enumerate() {
        let x = [index % n, index / n].map(|i| -1.0 + 2.0 * i as f64 / (n - 1) as f64);
        let ends = [-1.0, 1.0].map(|sign| pattern([x[0] + sign * step[0], x[1] + sign * step[1]]));
        if ends[0] == ends[1] {
            n_inside += 1;
            assert_eq!(bend, 0.0, "at {x:?}");
        } else {
            assert!(bend > 0.0, "at {x:?}");
        }
    }
    assert!(n_inside > n * n / 2);
}

#[test]
fn the_joints_and_slopes_of_figure_3_3_are_those_of_the_book() {
    let scene = compute(&start("fig-3.3"));
    let line = scene.line.expect("it has one input");
    let joints: Vec<f64> = line.joints.iter().map(|joint| joint.x).collect();
    for (joint, expected) in joints.iter().zip([0.5, 1.0, 1.1 / 0.7]) {
        assert!((joint - expected).abs() < 1e-12, "{joints:?}");
    }
    for (piece, (pattern, slope)) in
        line.pieces.iter().zip([("001", -0.462), ("101", -0.982), ("111", 0.188), ("110", 0.65)])
    {
        assert_eq!(piece.pattern, pattern);
        assert!((piece.slope - slope).abs() < 1e-12, "{pattern}: {}", piece.slope);
        assert!((piece.terms.iter().sum::<f64>() - slope).abs() < 1e-12, "the slope is the sum of its terms");
    }
    // −1.3 · 0.4, 1.3 · 0.9 and 0.66 · −0.7, where all three are on.
    for (term, expected) in line.pieces[2].terms.iter().zip([-0.52, 1.17, -0.462]) {
        assert!((term - expected).abs() < 1e-12);
    }
    // Problem 3.9.
    assert_eq!(line.sum_of_slopes(), Some([2, 0, 3]));
    let slope = |index: usize| line.pieces[index].slope;
    assert!((slope(2) - slope(0) - slope(3)).abs() < 1e-12);
    assert_eq!(line.n_pieces, 4);
}

#[test]
fn contours_are_equally_spaced_in_a_region_and_not_on_a_curved_surface() {
    let ruled = Params { ruler: true, ..start("fig-3.8") };
    for (x, pattern, _, slope) in FIG_3_8 {
        let Some(ruler) = at(x, &ruled).ruler else {
            assert_eq!(slope, [0.0, 0.0], "{pattern}");
            continue;
        };
        for spacing in &ruler.spacings {
            // Corners are right to 1e-9 of the view.
            assert!((spacing / ruler.expected - 1.0).abs() < 1e-7, "{pattern}: {spacing} and {}", ruler.expected);
        }
    }
    let scene = compute(&start("ruler"));
    let n_spacings = scene.ruler.expect("it is shown").spacings.len();
    assert!(n_spacings >= 5, "{n_spacings} spacings to compare");
    let curved = compute(&with(Kind::Tanh, &start("ruler"))).ruler.expect("it is shown");
    let [least, most] = curved.extremes().expect("some spacings");
    assert!(most > 1.01 * least, "{least} to {most}");
}

#[test]
fn two_layers_have_seventeen_regions_with_a_map_each_and_every_point_finds_its_own() {
    let params = start("deep");
    let plane = compute(&params).plane.expect("two inputs");
    assert_eq!((plane.regions.len(), plane.n_pieces), (17, 17));
    let mut seen = [false; 17];
    let mut rng = Rng::from_seed(3);
    for _ in 0..2000 {
        let x = [(); 2].map(|()| rng.uniform_in(-0.99, 0.99));
        let scene = at(x, &params);
        let region = scene.here.region.expect("everything is in some region");
        seen[region] = true;
        let region = &plane.regions[region];
        assert_eq!(region.pattern, scene.here.pattern);
        assert!((region.value(x) - scene.here.value).abs() < 1e-12, "the collapsed map is the network at {x:?}");
    }
    assert_eq!(seen, [true; 17]);
}

proptest! {
    #[test]
    fn whatever_is_set_the_whole_step_is_in_view_and_comes_back_from_its_link(
        probe in [-3.0..3.0_f64, -3.0..3.0_f64],
        tip in [-3.0..3.0_f64, -3.0..3.0_f64],
        kind in 0..14_usize,
        slope in -2.0..2.0_f64,
        preset in 0..8_usize,
    ) {
        let start = piecewise_exhibits::linear_pieces::PRESETS[preset].start;
        let mut params = Params { probe, slope, activation: Kind::ALL[kind].0, ..self::start(start) };
        params.make_valid();
        let before = params.probe;
        params.aim_at(tip);
        params.make_valid();
        prop_assert_eq!(params.probe, before, "moving the end of the step leaves the point alone");
        let (view, step) = (params.view(), params.step());
        let ends = params.probe.iter().zip(step).map(|(x, step)| x + step);
        for (end, (lo, hi)) in ends.zip(view.lo.iter().zip(view.hi)) {
            prop_assert!(end >= lo - 1e-12 && end <= hi + 1e-12);
        }
        let reading = link::read::<Params>(&link::write(&params));
        prop_assert_eq!(reading.not_understood, 0);
        prop_assert_eq!(reading.params, params);
    }
}
