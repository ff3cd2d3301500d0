//! Training has the same bits everywhere.

use nalgebra::DMatrix;
use piecewise_core::Rng;
use piecewise_core::data::{Examples, GABOR, NOTEBOOK_3_1};
use piecewise_core::network::{Activation, Initialization, Network};
use piecewise_core::train::{
    ExampleLoss, Gabor, LineSearch, Loss, NetworkLoss, Objective, Optimizer, Reduction, Rule, Settings, Training,
};
#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::Fingerprint;

impl Fingerprint {
    /// Takes 50 steps and folds the parameters in.
    fn fold_run(&mut self, objective: impl Objective, phi: Vec<f64>, rule: Rule, rate: f64, batch_size: Option<u32>) {
        let settings = Settings { optimizer: Optimizer::new(rule, rate), batch_size };
        let mut training = Training::new(objective, phi, settings, 1);
        for _ in 0..50 {
            training.step().expect("small steps");
        }
        self.fold(training.parameters());
    }
}

/// A network on the 20 points of notebook 3.1, and where it starts.
fn network(sizes: &[usize], activation: Activation, initialization: Initialization) -> (NetworkLoss, Vec<f64>) {
    let net = Network::initialized(sizes, activation, initialization, 1).expect("sizes");
    let phi = net.parameters();
    (NetworkLoss::new(net, Examples::from_points(&NOTEBOOK_3_1), Loss::MEAN_SQUARED), phi)
}

#[test]
fn histories_have_the_same_bits_as_ever() {
    let mut fingerprint = Fingerprint::new();
    for rule in [
        Rule::GradientDescent,
        Rule::LineSearch(LineSearch::up_to(2.0)),
        Rule::Momentum { beta: 0.6 },
        Rule::Nesterov { beta: 0.6 },
        Rule::Normalized { epsilon: 1e-8 },
        Rule::RmsProp { gamma: 0.9, epsilon: 1e-8 },
        Rule::ADAM,
    ] {
        fingerprint.fold_run(Gabor::new(GABOR.to_vec()), vec![-1.5, 8.5], rule, 0.05, Some(5));
        let (objective, phi) = network(&[1, 8, 8, 1], Activation::Relu, Initialization::HE);
        fingerprint.fold_run(objective, phi, rule, 0.01, Some(6));
    }
    for activation in Activation::KINDS {
        let (objective, phi) = network(&[1, 7, 5, 1], activation, Initialization::PYTORCH_LINEAR);
        fingerprint.fold_run(objective, phi, Rule::ADAM, 0.01, None);
    }
    // Where this changes on purpose, links to trained states show something else.
    assert_eq!(fingerprint.0, 0xa958_49dd_31b2_206a);
}

#[test]
fn losses_gradients_and_curvatures_have_the_same_bits_as_ever() {
    let mut fingerprint = Fingerprint::new();
    for example in [
        ExampleLoss::Squared,
        ExampleLoss::Absolute,
        ExampleLoss::Huber { delta: 0.7 },
        ExampleLoss::BinaryCrossEntropy,
        ExampleLoss::MulticlassCrossEntropy,
    ] {
        for activation in Activation::KINDS {
            // More examples than go through at once, layers that no tile divides, and inputs that reach into the tails.
            let net = Network::initialized(&[3, 17, 9, 3], activation, Initialization::HE, 2).expect("sizes");
            let mut rng = Rng::from_seed(3);
            let x = DMatrix::from_fn(3, 101, |_, _| 3.0 * rng.normal());
            let y = DMatrix::from_fn(3, 101, |_, _| rng.uniform());
            let (phi, loss) = (net.parameters(), Loss { example, reduction: Reduction::Mean });
            let mut objective = NetworkLoss::new(net, Examples::new(x, y), loss);
            let mut gradient = vec![0.0; phi.len()];
            let value = objective.gradient(&phi, &mut gradient);
            fingerprint.fold(&[value]);
            fingerprint.fold(&gradient);
        }
    }
    let mut gabor = Gabor::new(GABOR.to_vec());
    fingerprint.fold(gabor.hessian(&[-1.5, 8.5]).as_slice());
    // Two parameters have their eigenvalues computed, 37 have the largest one approached.
    fingerprint.fold(&[gabor.lambda_max(&[-1.5, 8.5])]);
    let (mut objective, phi) = network(&[1, 12, 1], Activation::Tanh, Initialization::XAVIER);
    fingerprint.fold(&[objective.lambda_max(&phi)]);
    assert_eq!(fingerprint.0, 0xbe45_3080_7e44_6251);
}
