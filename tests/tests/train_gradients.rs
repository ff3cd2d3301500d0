//! Backpropagation against central differences: random networks, every activation, every loss.

use nalgebra::DMatrix;
use piecewise_core::Rng;
use piecewise_core::data::Examples;
use piecewise_core::network::{Activation, Distribution, Initialization, Network};
use piecewise_core::train::{ExampleLoss, Fault, GradientCheck, Loss, Pass, Reduction};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

const LOSSES: [ExampleLoss; 5] = [
    ExampleLoss::Squared,
    ExampleLoss::Absolute,
    ExampleLoss::Huber { delta: 0.7 },
    ExampleLoss::BinaryCrossEntropy,
    ExampleLoss::MulticlassCrossEntropy,
];

/// Examples with targets that suit the loss: numbers, answers yes or no, or a weight for each class, one of them large.
fn examples(n_inputs: usize, n_outputs: usize, n: usize, loss: ExampleLoss, seed: u64) -> Examples {
    let mut rng = Rng::from_seed(seed);
    let x = DMatrix::from_fn(n_inputs, n, |_, _| rng.normal());
    let mut y = DMatrix::from_fn(n_outputs, n, |_, _| rng.normal());
    match loss {
        ExampleLoss::BinaryCrossEntropy => y.apply(|y| *y = f64::from(*y > 0.0)),
        ExampleLoss::MulticlassCrossEntropy => {
            for mut column in y.column_iter_mut() {
                let class = rng.below(n_outputs as u64) as usize;
                column.apply(|weight| *weight = rng.uniform());
                column[class] += 1.0;
            }
        }
        _ => {}
    }
    Examples::new(x, y)
}

/// Whether every pre-activation keeps away from the joints of the activation, and every error from those of the loss, so that no central
/// difference straddles one. A step of 6·10⁻⁶ moves a pre-activation of these small networks by far less than the margin.
fn smooth_nearby(net: &Network, pass: &Pass, examples: &Examples, loss: ExampleLoss) -> bool {
    const MARGIN: f64 = 1e-3;
    let last = net.layers.len() - 1;
    let joints = net.activation.joints();
    let hidden = (0..last).all(|k| pass.f(k).iter().all(|f| joints.iter().all(|joint| (f - joint).abs() > MARGIN)));
    let kinks: &[f64] = match loss {
        ExampleLoss::Absolute => &[0.0],
        ExampleLoss::Huber { delta } => &[delta],
        _ => &[],
    };
    let errors = pass.f(last).into_owned() - examples.y();
    hidden && errors.iter().all(|error| kinks.iter().all(|kink| (error.abs() - kink).abs() > MARGIN))
}

fn network(sizes: &[usize], activation: Activation, seed: u64) -> Network {
    let normal = |variance| Distribution::Normal { variance };
    let initialization = Initialization { omega: normal(0.5), beta: normal(0.5) };
    Network::initialized(sizes, activation, initialization, seed).expect("at least one layer")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn backpropagation_agrees_with_central_differences(
        activation in select(Activation::KINDS.to_vec()),
        loss in select(LOSSES.to_vec()),
        reduction in select(vec![Reduction::Sum, Reduction::Mean]),
        sizes in vec(1_usize..5, 2..6),
        n in 1_usize..6,
        seed: u64,
    ) {
        let net = network(&sizes, activation, seed);
        let examples = examples(net.n_inputs(), net.n_outputs(), n, loss, seed ^ 1);
        let loss = Loss { example: loss, reduction };
        let (pass, _) = Pass::compute(&net, &examples, loss, None);
        prop_assume!(smooth_nearby(&net, &pass, &examples, loss.example));
        let mut moved = net.clone();
        let check = GradientCheck::compute(pass.gradient(), |phi| {
            moved.set_parameters(phi);
            let mut pass = Pass::new(&moved, n);
            pass.forward(&moved, examples.x().as_slice());
            pass.compare(loss, examples.y().as_slice())
        }, &net.parameters());
        prop_assert!(check.passes(), "{check:?}");
    }

    #[test]
    fn the_derivative_of_the_input_agrees_too(
        activation in select(Activation::KINDS.to_vec()),
        sizes in vec(1_usize..5, 2..5),
        seed: u64,
    ) {
        let net = network(&sizes, activation, seed);
        let one = examples(net.n_inputs(), net.n_outputs(), 1, ExampleLoss::Squared, seed ^ 1);
        let (pass, _) = Pass::compute(&net, &one, Loss::SUM_OF_SQUARES, None);
        prop_assume!(smooth_nearby(&net, &pass, &one, ExampleLoss::Squared));
        let check = GradientCheck::compute(pass.dl_dh(0).into_owned().as_slice(), |x| {
            Loss::SUM_OF_SQUARES.value(net.output(x).as_slice(), one.y().as_slice(), net.n_outputs())
        }, one.x().as_slice());
        prop_assert!(check.passes(), "{check:?}");
    }
}

#[test]
fn the_check_finds_the_layers_that_a_fault_breaks() {
    // Square layers, so that both faults can be made; gates open and shut, so that the mask matters.
    let net = network(&[3, 3, 3, 3], Activation::Relu, 3);
    let examples = examples(3, 3, 5, ExampleLoss::Squared, 4);
    for fault in [None, Some(Fault::ForgetMask), Some(Fault::ForgetTranspose)] {
        let (pass, _) = Pass::compute(&net, &examples, Loss::SUM_OF_SQUARES, fault);
        let mut moved = net.clone();
        let check = GradientCheck::compute(
            pass.gradient(),
            |phi| {
                moved.set_parameters(phi);
                Pass::compute(&moved, &examples, Loss::SUM_OF_SQUARES, None).1
            },
            &net.parameters(),
        );
        let broken = |layer: usize| {
            (0..net.n_parameters())
                .filter(|&index| net.parameter(index).is_some_and(|place| place.layer() == layer))
                .any(|index| !check.agrees(index))
        };
        assert!(!broken(2), "the last layer is above every fault");
        assert_eq!([broken(0), broken(1)], [fault.is_some(); 2], "{fault:?}");
    }
}
