//! Fields against histories that PyTorch recorded in 64-bit numbers: `data/field/training.py`, which names versions and seed.

use piecewise_core::field::{
    Architecture, Field, FieldActivation, FieldSettings, FieldTraining, Grid, Image, Input, OutputActivation, Samples,
};
use serde_json::Value;

fn numbers(value: &Value) -> Vec<f64> {
    let list = value.as_array().expect("a list of numbers");
    list.iter().map(|number| number.as_f64().expect("a number")).collect()
}

fn singles(value: &Value) -> Vec<f32> {
    numbers(value).into_iter().map(|number| number as f32).collect()
}

fn architecture(shape: &Value, n_frequencies: usize) -> Architecture {
    let size = |name: &str| shape[name].as_u64().expect("a size") as usize;
    let is = |name: &str, what: &str| shape[name].as_str().expect("a name") == what;
    let input = match shape["kind"].as_str().expect("a kind") {
        "colour" => Input::Colour,
        "coordinates" => Input::Coordinates,
        _ => Input::Fourier { n_frequencies, scale: 1.5 },
    };
    Architecture {
        input,
        n_hidden_layers: size("n_hidden_layers"),
        width: size("width"),
        activation: if is("activation", "sine") { FieldActivation::Sine } else { FieldActivation::Relu },
        output: if is("output", "sigmoid") { OutputActivation::Sigmoid } else { OutputActivation::Linear },
        layer_norm: shape["layer_norm"].as_bool().expect("a switch"),
        residual: shape["residual"].as_bool().expect("a switch"),
    }
}

#[test]
fn fields_take_the_steps_that_pytorch_recorded() {
    let text = include_str!("../data/field/training.json");
    let record: Value = serde_json::from_str(text).expect("the record");
    let size = |name: &str| record[name].as_u64().expect("a size") as usize;
    let pixels = record["colours"].as_array().expect("colours").iter().map(singles);
    let pixels = pixels.map(|rgb| [rgb[0], rgb[1], rgb[2]]).collect();
    let image = Image::new(size("width"), size("height"), pixels).expect("a picture");
    let samples = Samples::new(&image, Grid::Aligned);
    let histories = record["histories"].as_array().expect("histories");
    assert_eq!(histories.len(), 10);
    for history in histories {
        let frequencies: Vec<[f32; 2]> =
            history["frequencies"].as_array().expect("frequencies").iter().map(singles).map(|b| [b[0], b[1]]).collect();
        let architecture = architecture(&history["shape"], frequencies.len());
        let settings = FieldSettings {
            rule: serde_json::from_value(history["rule"].clone()).expect("a rule"),
            ..FieldSettings::adam(history["learning_rate"].as_f64().expect("a rate"))
        };
        let field = Field::from_parts(architecture, frequencies, singles(&history["start"])).expect("a field");
        let mut training = FieldTraining::new(field, samples.clone(), settings, 0);
        // Thirty-two bits hold seven digits, forty steps lose some of them, and the slope of a loss at a joint is a matter of the last one.
        for (step, expected) in numbers(&history["losses"]).into_iter().enumerate() {
            let report = training.step().expect("small steps");
            let error = (report.loss / expected - 1.0).abs();
            assert!(error < 1e-4, "{architecture:?}, before step {}: {} {expected}", step + 1, report.loss);
        }
        let end = numbers(&history["end"]);
        let off = training.field().parameters().iter().zip(&end).map(|(phi, end)| (f64::from(*phi) - end).abs());
        let off = off.fold(0.0, f64::max);
        assert!(off < 1e-3, "{architecture:?}: {off}");
    }
}
