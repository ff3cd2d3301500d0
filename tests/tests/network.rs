//! The exhibit `network`: its three views say the same, and what is graded as equal is equal.

use piecewise_core::{
    Rng,
    network::{Activation, Network},
};
use piecewise_exhibits::{
    Params as _,
    network::{
        ACTIVATIONS, ActivationName, Content, Form, MOST_LAYERS, MOST_UNITS, Mark, PRESETS, Params, Plate, Stage, Task,
        compute, count_text, drawn,
        equation::{explanation, latex, lines, text},
        grade, pytorch, reading, zeros,
    },
    regions,
};

fn start(name: &str) -> Params {
    Params::from_start(name).expect("a start")
}

/// The value of a panel at a point, nothing where it is sampled and the point lies between two samples.
fn value(plate: &Plate, x: [f64; 2]) -> Option<f64> {
    match &plate.content {
        Content::Curves(curves) => curves.iter().flat_map(|curve| curve.windows(2)).find_map(|pair| {
            let [a, b] = [pair[0], pair[1]];
            (a[0] <= x[0] && x[0] <= b[0] && a[0] < b[0]).then(|| a[1] + (x[0] - a[0]) / (b[0] - a[0]) * (b[1] - a[1]))
        }),
        Content::Facets(facets) => facets.iter().find_map(|facet| {
            let n = facet.vertices.len();
            let inside = (0..n).all(|i| {
                let (a, b) = (facet.vertices[i], facet.vertices[(i + 1) % n]);
                (b[0] - a[0]) * (x[1] - a[1]) - (b[1] - a[1]) * (x[0] - a[0]) >= -1e-12
            });
            if !inside || n < 3 {
                return None;
            }
            // The plane through three corners, not those that are almost in line.
            let origin = facet.vertices[0];
            let minus = |v: [f64; 2]| [v[0] - origin[0], v[1] - origin[1]];
            let (mut best, mut of) = (0.0_f64, (1, 2));
            for i in 1..n {
                for j in i + 1..n {
                    let (a, b) = (minus(facet.vertices[i]), minus(facet.vertices[j]));
                    let area = (a[0] * b[1] - a[1] * b[0]).abs();
                    if area > best {
                        (best, of) = (area, (i, j));
                    }
                }
            }
            if best < 1e-6 {
                return None;
            }
            let (a, b, p) = (minus(facet.vertices[of.0]), minus(facet.vertices[of.1]), minus(x));
            let area = a[0] * b[1] - a[1] * b[0];
            let (s, t) = ((p[0] * b[1] - p[1] * b[0]) / area, (a[0] * p[1] - a[1] * p[0]) / area);
            let values = &facet.values;
            Some(values[0] + s * (values[of.0] - values[0]) + t * (values[of.1] - values[0]))
        }),
        Content::Samples(values) => {
            let n = (values.len() as f64).sqrt().round() as usize;
            let at = |x: f64| (0.5 * (x + 1.0) * (n - 1) as f64).round() as usize;
            Some(values[at(x[1]) * n + at(x[0])])
        }
    }
}

#[test]
fn the_number_of_parameters_is_the_sum_of_the_books() {
    // UDL, figure 3.6; then a network of ten inputs, a large one, and the one of the slide.
    for (sizes, n, sum) in [
        (&[1, 4, 2][..], 18, "(1 + 1)·4 + (4 + 1)·2 = 18"),
        (&[10, 8, 1], 97, "(10 + 1)·8 + (8 + 1)·1 = 97"),
        (&[100, 500, 1], 51_001, "(100 + 1)·500 + (500 + 1)·1 = 51,001"),
        (&[2, 3, 1], 13, "(2 + 1)·3 + (3 + 1)·1 = 13"),
    ] {
        assert_eq!(zeros(sizes, Activation::Relu).n_parameters(), n);
        assert_eq!(count_text(sizes), sum);
    }
    for preset in PRESETS {
        let scene = compute(&start(preset.start));
        let end = format!("= {}", scene.parameters.len());
        assert!(scene.count_text().ends_with(&end), "{}: {}", preset.start, scene.count_text());
    }
}

#[test]
fn figure_3_3_has_its_joints_and_slopes() {
    let scene = compute(&start("fig-3.3"));
    let Some(Content::Curves(curves)) = scene.plates.last().map(|plate| &plate.content) else { panic!("a curve") };
    let curve = &curves[0];
    let joints: Vec<f64> = curve[1..curve.len() - 1].iter().map(|point| point[0]).collect();
    let slopes: Vec<f64> = curve.windows(2).map(|pair| (pair[1][1] - pair[0][1]) / (pair[1][0] - pair[0][0])).collect();
    let near = |found: &[f64], book: &[f64]| {
        assert_eq!(found.len(), book.len(), "{found:?}");
        assert!(found.iter().zip(book).all(|(a, b)| (a - b).abs() < 5e-4), "{found:?} is {book:?}");
    };
    near(&joints, &[0.5, 1.0, 1.5714]);
    near(&slopes, &[-0.462, -0.982, 0.188, 0.65]);
    let places: Vec<f64> = scene.hinges.iter().map(|hinge| hinge[0][0][0]).collect();
    near(&places, &[0.5, 1.0, 1.5714]);
}

#[test]
fn figure_3_8_is_cut_into_the_regions_of_the_exhibit_beside_it() {
    let scene = compute(&start("fig-3.8"));
    let Some(Content::Facets(facets)) = scene.plates.last().map(|plate| &plate.content) else { panic!("facets") };
    assert_eq!(facets.len(), 7);
    let beside = regions::compute(&regions::Params::default());
    for region in &beside.regions {
        let is_it = |facet: &&piecewise_plot::Facet| {
            facet.vertices.len() == region.vertices.len()
                && facet
                    .vertices
                    .iter()
                    .all(|a| region.vertices.iter().any(|b| (a[0] - b[0]).abs() < 1e-9 && (a[1] - b[1]).abs() < 1e-9))
        };
        let facet = facets.iter().find(is_it).unwrap_or_else(|| panic!("{} is there", region.pattern));
        for (vertex, value) in facet.vertices.iter().zip(&facet.values) {
            let there = region.intercept + region.slope[0] * vertex[0] + region.slope[1] * vertex[1];
            assert!((there - value).abs() < 1e-9, "{}", region.pattern);
        }
    }
}

#[test]
fn every_panel_shows_what_the_network_computes_there() {
    let shapes: [(u64, &[u64], u64); 7] = [
        (1, &[4], 2),
        (2, &[3], 1),
        (3, &[5], 1),
        (1, &[3, 3], 1),
        (2, &[4, 3], 2),
        (3, &[3, 3], 1),
        (2, &[3, 3, 2, 2], 1),
    ];
    let mut rng = Rng::from_seed(3);
    let (mut n_checked, mut n_at_jumps) = (0, 0);
    for (name, activation) in ACTIVATIONS {
        for (seed, (inputs, hidden, outputs)) in shapes.into_iter().enumerate() {
            let mut params = Params { inputs, hidden: hidden.to_vec(), outputs, activation: name, ..Params::default() };
            params.weights = drawn(&params.sizes(), activation, seed as u64 + 1, 0.01).parameters();
            params.x3 = 0.3;
            params.sum = [params.n_hidden_layers() as u64 + 1, outputs];
            params.make_valid();
            let (net, scene) = (params.network(), compute(&params));
            let (layer, row) = scene.summed;
            assert_eq!((layer, row), (hidden.len(), outputs as usize - 1));
            for _ in 0..20 {
                // On the grid of the samples, where smooth curves and maps are exact too.
                let mut x = [0, 1].map(|_| (rng.below(25) as f64 - 12.0) / 12.0);
                if inputs == 1 {
                    x = [x[0] + 1.0, 0.0];
                }
                let pass = net.forward(&[x[0], x[1], params.x3][..inputs as usize]);
                for plate in &scene.plates {
                    let d = plate.unit;
                    let expected = match plate.stage {
                        Stage::PreActivation => pass.f[layer - 1][d],
                        Stage::Activation => pass.h[layer][d],
                        Stage::Weighted => net.layers[layer].omega[(row, d)] * pass.h[layer][d],
                        Stage::Sum => pass.f[layer][row],
                    };
                    let Some(found) = value(plate, x) else { continue };
                    n_checked += 1;
                    if (found - expected).abs() > 1e-9 {
                        // At a jump both sides are right.
                        assert_eq!(
                            name,
                            ActivationName::Heaviside,
                            "{inputs}, {hidden:?}, {:?} {d} at {x:?}",
                            plate.stage
                        );
                        n_at_jumps += 1;
                    }
                }
            }
        }
    }
    assert!(n_checked > 8000 && n_at_jumps < 20, "{n_at_jumps} of {n_checked}");
}

#[test]
fn the_weighted_panels_and_the_bias_add_up_to_the_sum() {
    for preset in PRESETS {
        let params = start(preset.start);
        let scene = compute(&params);
        let (layer, row) = scene.summed;
        let beta = scene.parameter(layer, row, None);
        for i in 0..40 {
            let x = if scene.n_inputs() == 1 {
                [0.013 + 0.049 * f64::from(i), 0.0]
            } else {
                [-0.97 + 0.047 * f64::from(i), 0.9 - 0.043 * f64::from(i)]
            };
            let of = |stage: Stage| scene.plates.iter().filter(move |plate| plate.stage == stage);
            let parts: Option<Vec<f64>> = of(Stage::Weighted).map(|plate| value(plate, x)).collect();
            let sum = of(Stage::Sum).find_map(|plate| value(plate, x));
            let (Some(parts), Some(sum)) = (parts, sum) else { continue };
            let total = beta + parts.iter().sum::<f64>();
            assert!((total - sum).abs() < 1e-9, "{} at {x:?}: {total} is not {sum}", preset.start);
        }
    }
}

#[test]
fn rescaling_a_relu_unit_by_a_positive_factor_changes_nothing_and_by_a_negative_one_everything() {
    // UDL, problem 3.6.
    for alpha in [0.05, 0.3, 2.0, 3.0] {
        for unit in 1..=3 {
            let params = Params { alpha, unit, ..Params::default() };
            let error = compute(&params).rescaling_error.expect("it was rescaled");
            assert!(error < 1e-12, "α = {alpha}: {error}");
            assert_ne!(params.network().parameters(), params.unscaled().parameters());
        }
    }
    for alpha in [-2.0, -1.0, -0.5] {
        let error = compute(&Params { alpha, ..Params::default() }).rescaling_error.expect("it was rescaled");
        assert!(error > 0.1, "α = {alpha} flips what is clipped: {error}");
    }
    let sigmoid = Params { alpha: 2.0, activation: ActivationName::Sigmoid, ..Params::default() };
    assert!(compute(&sigmoid).rescaling_error.expect("it was rescaled") > 0.01, "a sigmoid has a scale of its own");
    assert_eq!(compute(&Params::default()).rescaling_error, None);
}

/// The same function with other numbers: the units in another order, each rescaled by its own positive factor.
fn in_disguise(net: &Network) -> Network {
    let mut other = net.clone();
    let n = net.layers[0].n_outputs();
    for (to, from) in (0..n).map(|d| (d, (d + 1) % n)) {
        let alpha = 0.5 + to as f64;
        other.layers[0].beta[to] = alpha * net.layers[0].beta[from];
        other.layers[0].omega.row_mut(to).copy_from(&(alpha * net.layers[0].omega.row(from)));
        other.layers[1].omega.column_mut(to).copy_from(&(net.layers[1].omega.column(from) / alpha));
    }
    other
}

#[test]
fn an_answer_in_another_order_and_scale_is_right_and_one_wrong_number_is_not() {
    for seed in 1..40 {
        let asked = drawn(&[2, 3, 1], Activation::Relu, seed, 0.25);
        assert_eq!(grade::compare(&asked, &asked, seed), None);
        let disguised = in_disguise(&asked);
        assert_eq!(grade::compare(&asked, &disguised, seed), None, "seed {seed}: problems 3.5 and 3.6");
        assert_eq!(grade::hint(&asked, &disguised, seed), None);
        for index in 0..13 {
            let mut parameters = asked.parameters();
            parameters[index] += 0.01;
            let mut wrong = asked.clone();
            wrong.set_parameters(&parameters);
            let at =
                grade::compare(&asked, &wrong, seed).unwrap_or_else(|| panic!("seed {seed}: number {index} is wrong"));
            assert_ne!(at.expected, at.found);
            assert!((asked.output(&at.x)[at.output] - at.expected).abs() < 1e-12, "it can be checked by hand");
        }
    }
}

#[test]
fn a_hint_names_the_part_that_is_wrong() {
    let asked = drawn(&[2, 3, 1], Activation::Relu, 5, 0.25);
    let wrong_in = |index: usize| {
        let mut parameters = asked.parameters();
        parameters[index] += 0.5;
        let mut wrong = asked.clone();
        wrong.set_parameters(&parameters);
        grade::hint(&asked, &wrong, 1).expect("something is wrong")
    };
    // In the order of the parameters: the biases of the hidden units, their weights column by column, φ_0, φ_1, φ_2, φ_3.
    assert!(wrong_in(1).contains("what h₂ reads"), "{}", wrong_in(1));
    assert!(wrong_in(1).starts_with("2 of 3"), "{}", wrong_in(1));
    assert!(wrong_in(8).contains("what h₃ reads"), "{}", wrong_in(8));
    assert!(wrong_in(9).contains("bias φ₀"), "{}", wrong_in(9));
    assert!(wrong_in(11).contains("weight φ₂"), "{}", wrong_in(11));
    assert_eq!(grade::hint(&asked, &asked, 1), None);
}

#[test]
fn the_network_of_the_slide_is_written_as_on_the_slide() {
    let net = Params::default().network();
    let written = |form| lines(&net, form).iter().map(|line| text(&net, line)).collect::<Vec<_>>();
    assert_eq!(
        written(Form::Numbers),
        [
            "h₁ = a[0.2 + 0.5 x₁ + 0.5 x₂]",
            "h₂ = a[−0.3 + 0.9 x₁ − 0.1 x₂]",
            "h₃ = a[0.2 + 0.2 x₁ − 0.7 x₂]",
            "y = 0.4 − 1 h₁ + 1.8 h₂ − 0.5 h₃",
        ]
    );
    assert_eq!(written(Form::Symbols)[0], "h₁ = a[θ₁₀ + θ₁₁ x₁ + θ₁₂ x₂]");
    assert_eq!(written(Form::Symbols)[3], "y = φ₀ + φ₁ h₁ + φ₂ h₂ + φ₃ h₃");
    assert_eq!(written(Form::Matrices)[1], "y = (0.4) + (−1, 1.8, −0.5) h₁");
    let scalars = latex(&net, Form::Numbers);
    assert!(scalars.contains("h_{1} &= \\mathrm{a}\\left[0.2\\,+ 0.5\\,x_{1} + 0.5\\,x_{2} \\right]"), "{scalars}");
    let matrices = latex(&net, Form::Matrices);
    assert!(
        matrices.contains("\\boldsymbol{\\Omega}_{0}") && matrices.contains("0.5 & 0.5 \\\\ 0.9 & -0.1"),
        "{matrices}"
    );
    let fig_3_6 = start("fig-3.6").network();
    let last = lines(&fig_3_6, Form::Symbols).last().map(|line| text(&fig_3_6, line)).unwrap_or_default();
    assert_eq!(
        last, "y₂ = φ₂₀ + φ₂₁ h₁ + φ₂₂ h₂ + φ₂₃ h₃ + φ₂₄ h₄",
        "two indices where there are two outputs (UDL, equation 3.9)"
    );
}

#[test]
fn what_is_pointed_at_is_said_in_words() {
    let net = Params::default().network();
    let said = |mark| explanation(&net, mark);
    assert_eq!(said(Mark::Input(0)), "x₁ is read by h₁, h₂ and h₃.");
    assert_eq!(said(Mark::Bias { layer: 1, row: 0 }), "The bias φ₀ = 0.4 is added to what y reads.");
    assert_eq!(
        said(Mark::Weight { layer: 0, row: 2, column: 1 }),
        "The weight θ₃₂ = −0.7 multiplies x₂ on its way to h₃."
    );
    assert_eq!(said(Mark::Unit { layer: 1, row: 0 }), "y = 0.4 − 1 h₁ + 1.8 h₂ − 0.5 h₃");
}

#[test]
fn every_number_has_one_place_in_the_views_and_every_place_one_number() {
    for preset in PRESETS {
        let scene = compute(&start(preset.start));
        for index in 0..scene.parameters.len() {
            let mark = scene.mark_of(index).expect("it is an edge or a bias");
            assert_eq!(scene.index_of(mark), Some(index), "{}", preset.start);
        }
        assert_eq!(scene.mark_of(scene.parameters.len()), None);
        assert!(!scene.has(Mark::Unit { layer: scene.sizes.len(), row: 0 }));
    }
}

#[test]
fn the_program_in_pytorch_holds_every_number() {
    let program = pytorch(&Params::default().network());
    for line in [
        "    nn.Linear(2, 3),\n    nn.ReLU(),\n    nn.Linear(3, 1),\n).double()",
        "net[0].weight.copy_(torch.tensor([[0.5, 0.5], [0.9, -0.1], [0.2, -0.7]], dtype=torch.double).reshape(3, 2))",
        "net[0].bias.copy_(torch.tensor([0.2, -0.3, 0.2], dtype=torch.double))",
        "net[2].weight.copy_(torch.tensor([[-1.0, 1.8, -0.5]], dtype=torch.double).reshape(1, 3))",
        "net[2].bias.copy_(torch.tensor([0.4], dtype=torch.double))",
    ] {
        assert!(program.contains(line), "{line}\nis not in\n{program}");
    }
    for (name, _) in ACTIVATIONS {
        let program = pytorch(&Params { activation: name, ..Params::default() }.network());
        assert!(!program.contains("Identity"), "{name:?} is written out");
    }
}

#[test]
fn a_new_shape_keeps_the_numbers_that_still_have_a_place() {
    let mut params = Params::default();
    params.set_weight(0, 0.75);
    params.reshape(|p| p.hidden = vec![4]);
    params.reshape(|p| p.hidden = vec![3]);
    assert_eq!(params.weight(0), 0.75);
    assert_eq!(params.network().parameters()[1..], Params::default().network().parameters()[1..]);
    assert_eq!(params.first_weight(0), 0.2);
    // What is set is what is shown, also while a unit is rescaled.
    params.alpha = -2.0;
    params.set_weight(3, 1.0);
    assert_eq!((params.weight(3), params.unscaled().parameters()[3]), (1.0, -0.5));
}

#[test]
fn the_largest_network_can_be_drawn_and_edited() {
    for (name, _) in ACTIVATIONS {
        for inputs in 1..=3 {
            let hidden = vec![MOST_UNITS as u64; MOST_LAYERS];
            let mut params = Params { inputs, hidden, outputs: 3, activation: name, ..Params::default() };
            params.make_valid();
            let began = std::time::Instant::now();
            let scene = compute(&params);
            println!("{name:?}, {inputs} inputs: {:?}, sampled: {}", began.elapsed(), scene.sampled);
            assert_eq!(scene.plates.len(), 31);
            params.set_weight(17, 0.5);
            assert_eq!(params.weight(17), 0.5);
        }
    }
}

#[test]
fn a_task_begins_without_an_answer_and_ends_with_the_network_that_was_asked_for() {
    for task in [Task::Write, Task::Draw] {
        let mut params = Params::default();
        params.begin(task, 4);
        assert!(params.network().parameters().iter().all(|&number| number == 0.0));
        assert!(grade::compare(&params.asked(), &params.network(), 1).is_some());
        for (index, number) in params.asked().parameters().into_iter().enumerate() {
            params.set_weight(index, number);
        }
        assert_eq!(grade::compare(&params.asked(), &params.network(), 1), None);
    }
    let mut params = Params::default();
    params.begin(Task::Read, 2);
    let hidden = params.asked();
    params.lines = (0..3)
        .map(|d| [hidden.layers[0].beta[d], hidden.layers[0].omega[(d, 0)], hidden.layers[0].omega[(d, 1)]])
        .collect();
    params.make_valid();
    assert_eq!(compute(&params).found, [Some(0), Some(1), Some(2)]);
    assert_eq!(reading::FIRST_LINES.len(), 3);
    params.begin(Task::Explore, 2);
    assert_eq!(params.network().parameters(), Params::default().network().parameters());
}
