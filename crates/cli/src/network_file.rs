//! Networks in files: JSON, and the safetensors of a PyTorch `nn.Sequential` of Linear and ReLU.

use std::{fs, path::Path};

use piecewise_core::network::{Activation, Layer, Network};
use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use serde::Deserialize;

use crate::trouble::Trouble;

/// A larger file is not read, in bytes.
const LARGEST: u64 = 256 << 20;

/// What a file holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NetworkFile {
    /// The network.
    pub(crate) network: Network,
    /// Where to look, if the file says so.
    pub(crate) bounds: Option<Corners>,
    /// The slice to look at, if the file says so.
    pub(crate) slice: Option<SliceFile>,
}

/// Two corners of a box of any dimension.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Corners {
    /// The least coordinates.
    pub(crate) lo: Vec<f64>,
    /// The greatest coordinates.
    pub(crate) hi: Vec<f64>,
}

/// An affine slice of any dimension.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SliceFile {
    /// The point for t = 0.
    pub(crate) origin: Vec<f64>,
    /// What each coordinate of t adds.
    pub(crate) directions: Vec<Vec<f64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JsonFile {
    layers: Vec<JsonLayer>,
    #[serde(rename = "box")]
    bounds: Option<Corners>,
    slice: Option<SliceFile>,
}

/// Row-major; the weight is out × in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JsonLayer {
    weight: Vec<Vec<f64>>,
    bias: Vec<f64>,
}

/// Reads a file by its ending: `.safetensors`, or else JSON.
pub(crate) fn read(path: &Path) -> Result<NetworkFile, Trouble> {
    let name = path.display();
    let size = fs::metadata(path).map_err(|error| Trouble::new(format!("{name} cannot be read: {error}")))?.len();
    if size > LARGEST {
        return Err(Trouble::new(format!(
            "{name} is {} MiB, and more than {} are not read",
            size >> 20,
            LARGEST >> 20
        )));
    }
    let bytes = fs::read(path).map_err(|error| Trouble::new(format!("{name} cannot be read: {error}")))?;
    let result = if path.extension().is_some_and(|ending| ending == "safetensors") {
        from_safetensors(&bytes)
    } else {
        from_json(&bytes)
    };
    result.map_err(|what| Trouble::new(format!("{name}: {what}")))
}

/// Reads JSON.
pub(crate) fn from_json(bytes: &[u8]) -> Result<NetworkFile, String> {
    let file: JsonFile = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    let layers =
        file.layers.into_iter().enumerate().map(|(k, layer)| json_layer(k, &layer)).collect::<Result<_, _>>()?;
    let network = Network::new(layers, Activation::Relu).map_err(|error| error.to_string())?;
    Ok(NetworkFile { network, bounds: file.bounds, slice: file.slice })
}

fn json_layer(k: usize, layer: &JsonLayer) -> Result<Layer, String> {
    let label = k + 1;
    let n_outputs = layer.weight.len();
    let n_inputs = layer.weight.first().map_or(0, Vec::len);
    if n_outputs == 0 || n_inputs == 0 {
        return Err(format!("the weight of layer {label} is empty"));
    }
    if let Some(row) = layer.weight.iter().position(|row| row.len() != n_inputs) {
        return Err(format!(
            "in the weight of layer {label}, row {} has {} columns, but row 1 has {n_inputs}",
            row + 1,
            layer.weight[row].len()
        ));
    }
    if layer.bias.len() != n_outputs {
        return Err(format!("layer {label} has {n_outputs} rows of weights, but {} biases", layer.bias.len()));
    }
    Ok(Layer::from_fn(n_outputs, n_inputs, |row| layer.bias[row], |row, column| layer.weight[row][column]))
}

/// Reads the tensors `0.weight`, `0.bias`, `2.weight`, … in the order of their numbers.
pub(crate) fn from_safetensors(bytes: &[u8]) -> Result<NetworkFile, String> {
    let file = SafeTensors::deserialize(bytes).map_err(|error| format!("it is no safetensors file ({error:?})"))?;
    let mut numbers = Vec::new();
    for name in file.names() {
        let number =
            name.strip_suffix(".weight").or_else(|| name.strip_suffix(".bias")).and_then(|n| n.parse::<u32>().ok());
        match number {
            Some(number) if !numbers.contains(&number) => numbers.push(number),
            Some(_) => {}
            None => {
                return Err(format!(
                    "the tensor \"{name}\" belongs to no nn.Sequential of Linear layers, whose tensors are 0.weight, 0.bias, 2.weight, …"
                ));
            }
        }
    }
    numbers.sort_unstable();
    let layers = numbers
        .into_iter()
        .map(|number| {
            let tensor = |name: String| file.tensor(&name).map_err(|_| format!("the tensor \"{name}\" is missing"));
            tensor_layer(number, &tensor(format!("{number}.weight"))?, &tensor(format!("{number}.bias"))?)
        })
        .collect::<Result<_, _>>()?;
    let network = Network::new(layers, Activation::Relu).map_err(|error| error.to_string())?;
    Ok(NetworkFile { network, bounds: None, slice: None })
}

fn tensor_layer(number: u32, weight: &TensorView<'_>, bias: &TensorView<'_>) -> Result<Layer, String> {
    let (&[n_outputs, n_inputs], &[n_biases]) = (weight.shape(), bias.shape()) else {
        return Err(format!("{number}.weight must have two dimensions and {number}.bias one"));
    };
    if n_outputs == 0 || n_inputs == 0 || n_biases != n_outputs {
        return Err(format!("{number}.weight is {n_outputs} × {n_inputs}, but {number}.bias has {n_biases} numbers"));
    }
    let (weight, bias) = (numbers_of(weight)?, numbers_of(bias)?);
    Ok(Layer::from_fn(n_outputs, n_inputs, |row| bias[row], |row, column| weight[row * n_inputs + column]))
}

fn numbers_of(tensor: &TensorView<'_>) -> Result<Vec<f64>, String> {
    let bytes = tensor.data();
    match tensor.dtype() {
        Dtype::F32 => Ok(bytes.as_chunks::<4>().0.iter().map(|&chunk| f64::from(f32::from_le_bytes(chunk))).collect()),
        Dtype::F64 => Ok(bytes.as_chunks::<8>().0.iter().map(|&chunk| f64::from_le_bytes(chunk)).collect()),
        other => Err(format!("numbers of the kind {other:?} are not read; save the model in float32 or float64")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn layers_that_do_not_fit_are_named() {
        let text = r#"{"layers":[{"weight":[[1,2],[3]],"bias":[0,0]}]}"#;
        assert_eq!(
            from_json(text.as_bytes()).unwrap_err(),
            "in the weight of layer 1, row 2 has 1 columns, but row 1 has 2"
        );
        let text = r#"{"layers":[{"weight":[[1,2]],"bias":[0]},{"weight":[[1,2]],"bias":[0]}]}"#;
        assert_eq!(from_json(text.as_bytes()).unwrap_err(), "layer 1 writes 1 numbers, but layer 2 reads 2");
        assert_eq!(from_json(br#"{"layers":[]}"#).unwrap_err(), "a network needs at least one layer");
    }

    #[test]
    fn bad_json_is_named_by_line_and_column() {
        let error = from_json(b"{\n  \"layers\": [,]\n}").unwrap_err();
        assert!(error.contains("line 2 column 14"), "{error}");
    }

    proptest! {
        #[test]
        fn no_file_can_do_harm(bytes in prop::collection::vec(any::<u8>(), 0..300), text in "[\\[\\]{}\",:0-9eE.a-z-]{0,200}") {
            let _ = from_json(&bytes);
            let _ = from_json(text.as_bytes());
            let _ = from_safetensors(&bytes);
        }
    }
}
