//! Every optimiser against histories that a NumPy script of its own recorded: `data/train/optimizers.py`, which names versions and seed.

use nalgebra::DMatrix;
use piecewise_core::data::{Examples, GABOR};
use piecewise_core::network::{Activation, Initialization, Network};
use piecewise_core::train::{Gabor, Loss, Memory, NetworkLoss, Objective, Optimizer};
use serde_json::Value;

fn numbers(value: &Value) -> Vec<f64> {
    let list = value.as_array().expect("a list of numbers");
    list.iter().map(|number| number.as_f64().expect("a number")).collect()
}

/// A list of examples as a matrix with an example a column.
fn columns(value: &Value) -> DMatrix<f64> {
    let examples: Vec<Vec<f64>> = value.as_array().expect("a list of examples").iter().map(numbers).collect();
    DMatrix::from_fn(examples[0].len(), examples.len(), |row, column| examples[column][row])
}

fn problem(name: &str, record: &Value) -> (Box<dyn Objective>, Vec<f64>) {
    if name == "gabor" {
        return (Box::new(Gabor::new(GABOR.to_vec())), vec![-1.5, 8.5]);
    }
    let recorded = &record["network"];
    let sizes: Vec<usize> = numbers(&recorded["sizes"]).into_iter().map(|size| size as usize).collect();
    let net = Network::initialized(&sizes, Activation::Tanh, Initialization::ZERO, 0).expect("sizes");
    let examples = Examples::new(columns(&recorded["x"]), columns(&recorded["y"]));
    (Box::new(NetworkLoss::new(net, examples, Loss::MEAN_SQUARED)), numbers(&recorded["start"]))
}

#[test]
fn every_optimiser_takes_the_steps_that_numpy_recorded() {
    let text = include_str!("../data/train/optimizers.json");
    let record: Value = serde_json::from_str(text).expect("the record");
    let histories = record["histories"].as_array().expect("histories");
    assert_eq!(histories.len(), 38);
    for history in histories {
        let name = history["problem"].as_str().expect("a name");
        let (mut objective, mut phi) = problem(name, &record);
        let optimizer: Optimizer = serde_json::from_value(history["optimizer"].clone()).expect("an optimiser");
        let mut memory = Memory::new(phi.len());
        let mut n_compared = 0;
        for (step, expected) in numbers(&history["losses"]).into_iter().enumerate() {
            let batch: Option<Vec<u32>> = history["batches"]
                .as_array()
                .map(|batches| numbers(&batches[step]).into_iter().map(|index| index as u32).collect());
            let taken = optimizer.step(&mut objective, batch.as_deref(), &mut phi, &mut memory);
            // Rounding differs by some units in the last place a step, and steps multiply it by no more than the curvature: far from 10⁻¹⁰.
            let error = (taken.loss - expected).abs() / expected.max(1.0);
            assert!(
                error < 1e-10,
                "{name}, {optimizer:?}, loss before step {}: {} not {expected}",
                step + 1,
                taken.loss
            );
            let kept = &history["parameters"][(step + 1).to_string()];
            if kept.is_array() {
                n_compared += 1;
                for (phi, expected) in phi.iter().zip(numbers(kept)) {
                    let error = (phi - expected).abs() / expected.abs().max(1.0);
                    assert!(error < 1e-10, "{name}, {optimizer:?}, after step {}: {phi} not {expected}", step + 1);
                }
            }
        }
        assert_eq!(n_compared, 6);
    }
}
