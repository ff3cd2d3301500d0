//! Numbers of *Understanding Deep Learning*, computed apart from this project in 64-bit arithmetic.

use piecewise_core::{
    Rng,
    network::{Activation, Initialization, Layer},
};
use piecewise_exhibits::regions::{self, Scene};

/// UDL, figure 3.8b: pattern, area in [−1, 1]², intercept and the two slopes of its map.
const FIG_3_8: [(&str, f64, f64, [f64; 2]); 7] = [
    ("000", 0.1400, 0.4, [0.0, 0.0]),
    ("100", 0.9866, 0.2, [-0.5, -0.5]),
    ("001", 1.0758, 0.3, [-0.1, 0.35]),
    ("101", 0.4643, 0.1, [-0.6, -0.15]),
    ("110", 0.3020, -0.34, [1.12, -0.68]),
    ("011", 0.0642, -0.24, [1.52, 0.17]),
    ("111", 0.9671, -0.44, [1.02, -0.33]),
];

fn scene(start: &str) -> Scene {
    let params = <regions::Params as piecewise_exhibits::Params>::from_start(start).expect("a start");
    regions::compute(&params)
}

#[test]
fn figure_3_8_has_the_seven_regions_of_the_book_and_010_is_missing() {
    let scene = scene("fig-3.8");
    assert_eq!(scene.regions.len(), 7);
    assert_eq!(scene.counts.missing, ["010"]);
    for (pattern, area, intercept, slope) in FIG_3_8 {
        let region = &scene.regions[scene.region_with(pattern).unwrap_or_else(|| panic!("{pattern} is there"))];
        assert!((region.area - area).abs() < 5e-5, "area of {pattern}: {}", region.area);
        assert!((region.intercept - intercept).abs() < 1e-12, "intercept of {pattern}");
        assert!((0..2).all(|i| (region.slope[i] - slope[i]).abs() < 1e-12), "slope of {pattern}");
    }
    let total: f64 = scene.regions.iter().map(|region| region.area).sum();
    assert!((total - 4.0).abs() < 1e-12);
}

#[test]
fn figure_3_8_has_the_three_inner_corners_of_the_book() {
    let scene = scene("fig-3.8");
    for corner in [[0.26, -0.66], [-0.533_333_333, 0.133_333_333], [0.377_049_180, 0.393_442_623]] {
        let near = |vertex: &[f64; 2]| (0..2).all(|i| (vertex[i] - corner[i]).abs() < 1e-9);
        let meeting = scene.regions.iter().filter(|region| region.vertices.iter().any(near)).count();
        assert_eq!(meeting, 4, "four regions meet at {corner:?}");
    }
}

#[test]
fn every_preset_of_the_regions_has_the_number_of_regions_that_it_promises() {
    for (start, in_view, in_plane, zaslavsky) in [
        ("fig-3.8", 7, 7, 7),
        ("seven", 7, 7, 7),
        ("concurrent", 6, 6, 7),
        ("parallel", 4, 4, 7),
        ("dead-unit", 4, 4, 7),
        ("random-12-9", 68, 79, 79),
        ("merged", 7, 7, 7),
        ("dual", 7, 7, 7),
        ("ray", 7, 7, 7),
        ("zero-bias", 16, 16, 37),
    ] {
        let counts = scene(start).counts;
        let all = (counts.in_view, counts.in_plane, counts.zaslavsky);
        assert_eq!(all, (in_view, Some(in_plane), Some(zaslavsky)), "{start}");
    }
}

#[test]
fn flipping_the_sign_of_a_unit_changes_which_pattern_is_missing() {
    for (unit, missing) in [(0, "110"), (1, "000"), (2, "011")] {
        let mut params = regions::Params::default();
        params.units[unit].theta = params.units[unit].theta.map(|theta| -theta);
        assert_eq!(regions::compute(&params).counts.missing, [missing]);
    }
}

#[test]
fn only_the_triangle_of_figure_3_8_is_bounded() {
    let scene = scene("fig-3.8");
    assert_eq!(scene.counts.bounded, Some([1, 1]));
    for region in &scene.regions {
        assert_eq!(region.bounded, Some(region.pattern == "101"), "{}", region.pattern);
    }
}

#[test]
fn a_shortfall_is_explained_by_its_cause() {
    for (start, words) in [
        ("concurrent", "h₁, h₂ and h₃ meet in one point"),
        ("parallel", "h₁, h₂ and h₃ are parallel"),
        ("dead-unit", "h₃ has no weights: off everywhere"),
    ] {
        let sentences = scene(start).shortfall.join(" ");
        assert!(sentences.contains(words), "{start}: {sentences}");
    }
    assert!(scene("seven").shortfall.is_empty());
}

#[test]
fn a_unit_with_weight_0_in_the_output_switches_unseen() {
    let mut params = regions::Params::default();
    params.units[2].phi = 0.0;
    let counts = regions::compute(&params).counts;
    assert_eq!((counts.in_view, counts.affine_pieces), (7, 4));
}

#[test]
fn contours_are_straight_and_parallel_inside_a_region() {
    let scene = scene("fig-3.8");
    for contour in &scene.contours {
        let middle = [0, 1].map(|i| f64::midpoint(contour.from[i], contour.to[i]));
        let region = &scene.regions[scene.region_at(middle).expect("in view")];
        assert!((region.value(middle) - contour.value).abs() < 1e-12);
        let along: f64 = (0..2).map(|i| region.slope[i] * (contour.to[i] - contour.from[i])).sum();
        assert!(along.abs() < 1e-12, "a contour is at right angles to the gradient");
    }
}

#[test]
fn crossing_the_line_of_a_unit_adds_its_term_and_nothing_else() {
    let params = regions::Params::default();
    let scene = regions::compute(&params);
    for here in &scene.regions {
        for &there in &here.neighbours {
            let there = &scene.regions[there];
            let switched: Vec<usize> =
                (0..3).filter(|&d| here.pattern.as_bytes()[d] != there.pattern.as_bytes()[d]).collect();
            assert_eq!(switched.len(), 1, "{} and {} differ in one unit", here.pattern, there.pattern);
            let unit = params.units[switched[0]];
            let sign = if there.pattern.as_bytes()[switched[0]] == b'1' { 1.0 } else { -1.0 };
            assert!((there.intercept - here.intercept - sign * unit.phi * unit.theta[0]).abs() < 1e-12);
        }
    }
}

/// A layer without biases that convolves 12 numbers, zeros outside: row i reads `kernel` around i, `dilation` apart.
fn convolution(kernel: &[f64], dilation: usize) -> Layer {
    let reach = (kernel.len() / 2 * dilation) as isize;
    let weight = |row: usize, column: usize| {
        let at = column as isize - row as isize + reach;
        let tap = (at >= 0 && at % dilation as isize == 0).then_some(at as usize / dilation);
        tap.and_then(|tap| kernel.get(tap)).copied().unwrap_or(0.0)
    };
    Layer::from_fn(12, 12, |_| 0.0, weight)
}

#[test]
fn a_convolution_is_a_layer_whose_rows_are_one_another_moved() {
    // The signal of figures 10.2 and 10.3 and what several kernels make of it.
    let signal = [5.2, 5.3, 5.4, 5.1, 10.1, 10.3, 9.9, 10.3, 3.2, 3.4, 3.3, 3.1].to_vec().into();
    for (kernel, dilation, sum) in [(&[0.33; 3][..], 1, 71.115), (&[0.2; 5], 1, 69.56), (&[0.33; 3], 2, 68.277)] {
        let output = convolution(kernel, dilation).pre_activation(&signal);
        assert!((output.sum() - sum).abs() < 1e-9, "{kernel:?} {dilation}: {}", output.sum());
    }
    let slopes = convolution(&[-0.5, 0.0, 0.5], 1).pre_activation(&signal);
    let expected = [2.65, 0.1, -0.1, 2.35, 2.6, -0.1, 0.0, -3.35, -3.45, 0.05, -0.15, -1.65];
    assert!(slopes.iter().zip(expected).all(|(y, expected)| (y - expected).abs() < 1e-9), "{slopes}");
}

#[test]
fn a_rectified_normal_number_has_half_the_second_moment() {
    // By the midpoint rule over ±12 standard deviations.
    let (n, sigma) = (240_000, 1.7);
    let step = 24.0 / f64::from(n);
    let moment = |power: i32| -> f64 {
        (0..n)
            .map(|i| -12.0 + (f64::from(i) + 0.5) * step)
            .map(|z| Activation::Relu.value(sigma * z).powi(power) * (-z * z / 2.0).exp() * step)
            .sum::<f64>()
            / std::f64::consts::TAU.sqrt()
    };
    let (mean, square) = (moment(1), moment(2));
    assert!((mean / sigma - 0.398_94).abs() < 5e-6, "mean {mean}");
    assert!((square / (sigma * sigma) - 0.5).abs() < 1e-9, "second moment {square}");
    assert!(((square - mean * mean) / (sigma * sigma) - 0.340_85).abs() < 5e-6, "variance");
}

#[test]
fn behind_batch_normalization_every_residual_block_adds_the_same_variance() {
    const WIDTH: usize = 300;
    const BATCH: usize = 500;
    let mut rng = Rng::from_seed(1);
    let mut batch: Vec<_> = (0..BATCH).map(|_| nalgebra::DVector::from_fn(WIDTH, |_, _| rng.normal())).collect();
    let of_unit = |batch: &[nalgebra::DVector<f64>], unit: usize| {
        let mean = batch.iter().map(|h| h[unit]).sum::<f64>() / BATCH as f64;
        (mean, batch.iter().map(|h| (h[unit] - mean).powi(2)).sum::<f64>() / BATCH as f64)
    };
    let variance =
        |batch: &[nalgebra::DVector<f64>]| (0..WIDTH).map(|unit| of_unit(batch, unit).1).sum::<f64>() / WIDTH as f64;
    let mut before = variance(&batch);
    for block in 0..5 {
        let moments: Vec<_> = (0..WIDTH).map(|unit| of_unit(&batch, unit)).collect();
        // He's weights: variance 2 / D.
        let layer = Initialization::HE.layer(WIDTH, WIDTH, &mut rng);
        for h in &mut batch {
            let normalized = |unit: usize| (h[unit] - moments[unit].0) / moments[unit].1.sqrt();
            let rectified = nalgebra::DVector::from_fn(WIDTH, |unit, _| Activation::Relu.value(normalized(unit)));
            *h += layer.pre_activation(&rectified);
        }
        let after = variance(&batch);
        // 1 − 1/π, twice the variance of a rectified normal number.
        assert!((after - before - 0.681_69).abs() < 0.05, "block {block} adds {}", after - before);
        before = after;
    }
}
