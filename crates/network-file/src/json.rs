use piecewise_core::{
    field::Architecture,
    network::{Activation, Layer, Network},
};
use serde::{Deserialize, de::IgnoredAny};

use crate::{Corners, FileError, NetworkFile, SliceFile, field::refuse_other_fields};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JsonFile {
    layers: Vec<JsonLayer>,
    #[serde(rename = "box")]
    bounds: Option<Corners>,
    slice: Option<SliceFile>,
    /// Of a field: see [`field_to_json`](crate::field_to_json).
    architecture: Option<Architecture>,
    // Present only in fields that are refused.
    #[serde(rename = "frequencies")]
    _frequencies: Option<IgnoredAny>,
}

/// Row-major; the weight is out × in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JsonLayer {
    weight: Vec<Vec<f64>>,
    bias: Vec<f64>,
    // Present only in fields that are refused.
    #[serde(rename = "gamma")]
    _gamma: Option<IgnoredAny>,
    #[serde(rename = "delta")]
    _delta: Option<IgnoredAny>,
}

/// Reads JSON: `{"layers": [{"weight": [[…]], "bias": […]}, …], "box": {"lo": […], "hi": […]}, "slice": null or {"origin": […],
/// "directions": [[…], …]}}`. Matrices are row by row, a weight is out × in; box and slice may be left out. It also reads what
/// [`field_to_json`](crate::field_to_json) writes of a plain network of rectified linear units, up to the sigmoid.
///
/// ```
/// let file = piecewise_network_file::from_json(br#"{"layers": [{"weight": [[2, -1]], "bias": [0.5]}]}"#)?;
/// assert_eq!(file.network.output(&[1.0, 1.0]).as_slice(), [1.5]);
/// # Ok::<(), piecewise_network_file::FileError>(())
/// ```
///
/// # Errors
/// When it is no such JSON (with line and column), or when the shapes do not fit together (with layer and row, from 1 on).
pub fn from_json(bytes: &[u8]) -> Result<NetworkFile, FileError> {
    let file: JsonFile = serde_json::from_slice(bytes).map_err(FileError::new)?;
    refuse_other_fields(file.architecture.as_ref())?;
    let layers =
        file.layers.into_iter().enumerate().map(|(k, layer)| json_layer(k, &layer)).collect::<Result<_, _>>()?;
    let network = Network::new(layers, Activation::Relu).map_err(FileError::new)?;
    Ok(NetworkFile { network, bounds: file.bounds, slice: file.slice })
}

fn json_layer(k: usize, layer: &JsonLayer) -> Result<Layer, FileError> {
    let label = k + 1;
    let n_outputs = layer.weight.len();
    let n_inputs = layer.weight.first().map_or(0, Vec::len);
    if n_outputs == 0 || n_inputs == 0 {
        return Err(FileError::new(format!("the weight of layer {label} is empty")));
    }
    if let Some(row) = layer.weight.iter().position(|row| row.len() != n_inputs) {
        return Err(FileError::new(format!(
            "in the weight of layer {label}, row {} has {} columns, but row 1 has {n_inputs}",
            row + 1,
            layer.weight[row].len()
        )));
    }
    if layer.bias.len() != n_outputs {
        return Err(FileError::new(format!(
            "layer {label} has {n_outputs} rows of weights, but {} biases",
            layer.bias.len()
        )));
    }
    Ok(Layer::from_fn(n_outputs, n_inputs, |row| layer.bias[row], |row, column| layer.weight[row][column]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn layers_that_do_not_fit_are_named() {
        let text = r#"{"layers":[{"weight":[[1,2],[3]],"bias":[0,0]}]}"#;
        assert_eq!(
            from_json(text.as_bytes()).unwrap_err().to_string(),
            "in the weight of layer 1, row 2 has 1 columns, but row 1 has 2"
        );
        let text = r#"{"layers":[{"weight":[[1,2]],"bias":[0]},{"weight":[[1,2]],"bias":[0]}]}"#;
        assert_eq!(
            from_json(text.as_bytes()).unwrap_err().to_string(),
            "layer 1 writes 1 numbers, but layer 2 reads 2"
        );
        assert_eq!(from_json(br#"{"layers":[]}"#).unwrap_err().to_string(), "a network needs at least one layer");
    }

    #[test]
    fn a_name_as_long_as_the_file_does_not_make_a_sentence_as_long() {
        let error = from_json(format!("{{\"{}\\n\": 1}}", "x".repeat(100_000)).as_bytes()).unwrap_err().to_string();
        assert!(error.chars().count() <= 241 && error.starts_with("unknown field"), "{error}");
        let error = from_json(br#"{"a\nb": 1}"#).unwrap_err().to_string();
        assert!(!error.contains('\n'), "{error}");
    }

    #[test]
    fn bad_json_is_named_by_line_and_column() {
        let error = from_json(b"{\n  \"layers\": [,]\n}").unwrap_err().to_string();
        assert!(error.contains("line 2 column 14"), "{error}");
    }

    proptest! {
        #[test]
        fn no_file_can_do_harm(bytes in prop::collection::vec(any::<u8>(), 0..300), text in "[\\[\\]{}\",:0-9eE.a-z-]{0,200}") {
            let _ = from_json(&bytes);
            let _ = from_json(text.as_bytes());
        }
    }
}
