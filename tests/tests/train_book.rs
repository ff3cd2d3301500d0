//! Losses, gradients, curvatures and descents of *Understanding Deep Learning*, computed apart from this project in 64-bit arithmetic.

use piecewise_core::data::{Examples, GABOR, LINEAR_REGRESSION, NOTEBOOK_3_1};
use piecewise_core::network::{Activation, Network};
use piecewise_core::train::{
    Gabor, LinearRegression, Loss, Memory, NetworkLoss, Objective, Optimizer, Ravine, Rule, ToyChain,
    central_differences,
};

/// `value` to as many digits as `expected` was written with: within one unit of its last place.
#[track_caller]
fn assert_near(value: f64, expected: f64, unit: f64) {
    assert!((value - expected).abs() <= unit, "{value} is not {expected} ± {unit}");
}

fn line() -> LinearRegression {
    LinearRegression::new(LINEAR_REGRESSION.to_vec())
}

fn gabor() -> Gabor {
    Gabor::new(GABOR.to_vec())
}

fn gradient(objective: &mut impl Objective, phi: &[f64]) -> Vec<f64> {
    let mut gradient = vec![0.0; phi.len()];
    objective.gradient(phi, &mut gradient);
    gradient
}

/// Where `n_steps` of a rule lead.
fn descend(objective: &mut impl Objective, phi: &[f64], rule: Rule, learning_rate: f64, n_steps: usize) -> Vec<f64> {
    let (mut phi, mut memory) = (phi.to_vec(), Memory::new(phi.len()));
    let optimizer = Optimizer::new(rule, learning_rate);
    for _ in 0..n_steps {
        optimizer.step(objective, None, &mut phi, &mut memory);
    }
    phi
}

#[test]
fn the_line_of_figure_6_2_has_its_loss_gradient_and_minimum() {
    let mut line = line();
    assert_near(line.loss(&[0.6, -0.2]), 12.3669, 1e-4);
    assert_near(line.loss(&[1.2, 0.2]), 0.68706, 1e-5);
    let slopes = gradient(&mut line, &[0.6, -0.2]);
    assert_near(slopes[0], -21.904, 1e-3);
    assert_near(slopes[1], -26.8404, 1e-4);
    assert_near(line.loss(&[0.82595, 0.52223]), 0.199866, 1e-6);
    assert!(gradient(&mut line, &[0.82595, 0.52223]).iter().all(|slope| slope.abs() < 1e-3));
    let end = descend(&mut line, &[0.6, -0.2], Rule::GradientDescent, 0.03, 1000);
    assert_near(end[0], 0.82595, 1e-5);
    assert_near(end[1], 0.52223, 1e-5);
}

#[test]
fn the_line_of_figure_6_2_diverges_above_two_over_its_largest_curvature() {
    let mut line = line();
    let hessian = line.hessian(&[0.0, 0.0]);
    for (entry, expected) in hessian.iter().zip([24.0, 22.82, 22.82, 30.0242]) {
        assert_near(*entry, expected, 1e-12);
    }
    assert_near(line.lambda_max(&[0.0, 0.0]), 50.03003, 1e-5);
    assert_near(hessian.trace() - line.lambda_max(&[0.0, 0.0]), 3.99417, 1e-5);
    let limit = 2.0 / line.lambda_max(&[0.0, 0.0]);
    assert_near(limit, 0.0399760, 1e-7);
    // Two thousand steps just below the limit come down, and just above it go up.
    for (factor, converges) in [(0.999, true), (1.001, false)] {
        let end = descend(&mut line, &[0.6, -0.2], Rule::GradientDescent, factor * limit, 2000);
        assert_eq!(line.loss(&end) < 12.3669, converges, "{factor}");
    }
}

#[test]
fn the_gabor_model_has_its_losses_and_gradient() {
    let mut gabor = gabor();
    assert_near(gabor.loss(&[0.0, 16.6]), 0.67991, 1e-5);
    assert_near(gabor.loss(&[-1.5, 8.5]), 11.69602, 1e-5);
    let slopes = gradient(&mut gabor, &[-1.5, 8.5]);
    assert_near(slopes[0], -2.16232, 1e-5);
    assert_near(slopes[1], 0.33405, 1e-5);
}

#[test]
fn the_gabor_model_has_eight_minima_in_the_box_of_the_book() {
    // Found apart, by quasi-Newton descents from a grid of 41 × 41 starts. The book labels .64, 3.67, 5.51, 9.96 and 10.18.
    const MINIMA: [([f64; 2], f64); 8] = [
        ([0.0038, 16.026], 0.646),
        ([-5.819, 13.825], 3.356),
        ([6.559, 18.349], 3.670),
        ([-6.443, 4.968], 5.039),
        ([6.308, 13.516], 5.511),
        ([6.085, 4.012], 6.528),
        ([6.171, 8.088], 9.961),
        ([-0.166, 4.881], 10.182),
    ];
    let mut gabor = gabor();
    for ([phi_0, phi_1], loss) in MINIMA {
        // Down from beside each, to a place where the gradient is 0 and the surface curves upwards.
        let end = descend(&mut gabor, &[phi_0 + 0.05, phi_1 - 0.05], Rule::GradientDescent, 0.03, 20_000);
        assert_near(end[0], phi_0, 1e-3);
        assert_near(end[1], phi_1, 1e-3);
        assert_near(gabor.loss(&end), loss, 1e-3);
        assert!(gradient(&mut gabor, &end).iter().all(|slope| slope.abs() < 1e-6));
        assert!(gabor.hessian(&end).symmetric_eigenvalues().iter().all(|curvature| *curvature > 0.0));
    }
}

#[test]
fn the_gabor_loss_on_a_grid_has_these_extremes() {
    let mut gabor = gabor();
    let on = |lo: f64, hi: f64, step: u32| lo + (hi - lo) * f64::from(step) / 99.0;
    let (mut lowest, mut highest) = ((f64::INFINITY, [0.0; 2]), 0.0_f64);
    for i in 0..100 {
        for j in 0..100 {
            let phi = [on(-10.0, 10.0, i), on(2.5, 22.5, j)];
            let loss = gabor.loss(&phi);
            highest = highest.max(loss);
            if loss < lowest.0 {
                lowest = (loss, phi);
            }
        }
    }
    assert_near(lowest.0, 0.6967, 1e-4);
    assert_near(lowest.1[0], 0.101, 1e-3);
    assert_near(lowest.1[1], 16.035, 1e-3);
    assert_near(highest, 22.2834, 1e-4);
}

#[test]
fn gradient_descent_on_the_gabor_model_lands_in_another_basin_with_larger_steps() {
    let mut gabor = gabor();
    let small = descend(&mut gabor, &[-1.5, 8.5], Rule::GradientDescent, 0.1, 21);
    assert_near(gabor.loss(&small), 3.70774, 1e-5);
    let near = descend(&mut gabor, &[-1.5, 8.5], Rule::GradientDescent, 0.1, 2000);
    let far = descend(&mut gabor, &[-1.5, 8.5], Rule::GradientDescent, 0.3, 2000);
    assert!((near[0] - far[0]).abs() + (near[1] - far[1]).abs() > 1.0, "{near:?} and {far:?}");
}

#[test]
fn the_ravine_of_figure_6_9_is_crossed_by_adam_and_walked_along_by_gradient_descent() {
    let start = [-0.7, -0.9];
    let end = descend(&mut Ravine, &start, Rule::GradientDescent, 0.08, 200);
    assert_near(end[0], 0.6684, 1e-4);
    assert_near(end[1], 0.0, 1e-6);
    assert_near(Ravine.loss(&end), 1.248e-4, 1e-7);
    let adam = Rule::Adam { beta: 0.9, gamma: 0.99, epsilon: 1e-8 };
    let end = descend(&mut Ravine, &start, adam, 0.05, 60);
    assert_near(end[0], 0.66707, 1e-5);
    assert_near(end[1], 0.02950, 1e-5);
    assert_near(Ravine.loss(&end), 1.874e-3, 1e-6);
}

#[test]
fn surfaces_agree_with_central_differences() {
    let phi = [-1.5, 8.5];
    let surfaces: [(&str, Box<dyn Objective>); 3] =
        [("line", Box::new(line())), ("Gabor", Box::new(gabor())), ("ravine", Box::new(Ravine))];
    for (name, mut surface) in surfaces {
        let slopes = gradient(&mut surface, &phi);
        let differences = central_differences(|phi| surface.loss(phi), &phi);
        for (slope, difference) in slopes.iter().zip(differences) {
            assert!((slope - difference).abs() < 1e-7 * slope.abs().max(1.0), "{name}: {slope}, {difference}");
        }
    }
}

/// Three units on the 20 points of notebook 3.1, all parameters of units started from one value and φ_0 from 0, after 20,000 steps of
/// α = 0.02 down the mean of squares. The network, and its sum of squares.
fn train_from_equal(value: f64) -> (Network, f64) {
    let net = Network::shallow(&[[value; 2]; 3], 0.0, &[value; 3], Activation::Relu);
    let phi = net.parameters();
    let mut objective = NetworkLoss::new(net, Examples::from_points(&NOTEBOOK_3_1), Loss::MEAN_SQUARED);
    let end = descend(&mut objective, &phi, Rule::GradientDescent, 0.02, 20_000);
    (objective.network(&end).clone(), 20.0 * objective.loss(&end))
}

#[test]
fn from_zeros_only_the_last_bias_learns() {
    let (net, loss) = train_from_equal(0.0);
    assert_near(loss, 0.885779, 1e-6);
    assert_near(net.layers[1].beta[0], 0.195258, 1e-6);
    let others = [&net.layers[0].omega, &net.layers[1].omega];
    assert!(others.iter().all(|omega| omega.iter().all(|weight| *weight == 0.0)));
    assert!(net.layers[0].beta.iter().all(|beta| *beta == 0.0));
}

#[test]
fn units_that_start_equal_stay_equal_to_the_last_bit_and_fit_a_line() {
    let (net, loss) = train_from_equal(0.5);
    assert_near(loss, 0.645191, 1e-6);
    let unit = |d: usize| (net.layers[0].beta[d], net.layers[0].omega[(d, 0)], net.layers[1].omega[(0, d)]);
    assert_eq!([unit(1), unit(2)], [unit(0); 2]);
    let (theta_0, theta_1, phi) = unit(0);
    assert_near(theta_0, 0.37252, 1e-5);
    assert_near(theta_1, 0.43545, 1e-5);
    assert_near(phi, 0.28322, 1e-5);
    assert_near(net.layers[1].beta[0], -0.33143, 1e-5);
    // The least-squares line, found apart.
    let mut line = LinearRegression::new(NOTEBOOK_3_1.to_vec());
    let end = descend(&mut line, &[0.0, 0.0], Rule::GradientDescent, 0.03, 20_000);
    assert_near(line.loss(&end), loss, 1e-9);
}

#[test]
fn the_start_of_notebook_3_1_has_the_loss_that_is_to_be_beaten() {
    let theta = [[0.3, -1.0], [-1.0, 2.0], [-0.5, 0.65]];
    let net = Network::shallow(&theta, -0.3, &[2.0, -1.0, 7.0], Activation::Relu);
    let phi = net.parameters();
    let mut objective = NetworkLoss::new(net, Examples::from_points(&NOTEBOOK_3_1), Loss::SUM_OF_SQUARES);
    assert_near(objective.loss(&phi), 9.38487, 1e-5);
}

#[test]
fn the_chain_of_notebook_7_1_has_the_numbers_of_the_notebook() {
    let pass = ToyChain::NOTEBOOK_7_1.pass(2.3, 2.0);
    let expected = [
        (pass.f, [1.230, 1.623, 7.137, 2.372]),
        (pass.h, [2.3, 0.942, 5.068, 0.657]),
        (pass.dl_df, [2.281, -17.060, -1.683, 0.745]),
        (pass.dl_dbeta, [2.281, -17.060, -1.683, 0.745]),
        (pass.dl_domega, [5.246, -16.079, -8.530, 0.489]),
    ];
    for (values, expected) in expected {
        for (value, expected) in values.into_iter().zip(expected) {
            assert_near(value, expected, 5e-4);
        }
    }
    for (value, expected) in pass.dl_dh[1..].iter().zip([6.824, -3.366, 2.234]) {
        assert_near(*value, expected, 5e-4);
    }
    assert_near(pass.loss, 0.139, 5e-4);
}

#[test]
fn the_chain_of_notebook_7_1_agrees_with_central_differences() {
    let ToyChain { beta, omega } = ToyChain::NOTEBOOK_7_1;
    let pass = ToyChain::NOTEBOOK_7_1.pass(2.3, 2.0);
    let of_beta = central_differences(|beta| chain(beta, &omega).pass(2.3, 2.0).loss, &beta);
    let of_omega = central_differences(|omega| chain(&beta, omega).pass(2.3, 2.0).loss, &omega);
    // Third derivatives reach 10⁵ where cos turns by ten radians a unit, so truncation reaches 10⁻⁶.
    for k in 0..4 {
        assert_near(pass.dl_dbeta[k], of_beta[k], 1e-5);
        assert_near(pass.dl_domega[k], of_omega[k], 1e-5);
    }
    let of_x = central_differences(|x| ToyChain::NOTEBOOK_7_1.pass(x[0], 2.0).loss, &[2.3]);
    assert_near(pass.dl_dh[0], of_x[0], 1e-5);
}

fn chain(beta: &[f64], omega: &[f64]) -> ToyChain {
    let four = |values: &[f64]| values.try_into().expect("four numbers");
    ToyChain { beta: four(beta), omega: four(omega) }
}
