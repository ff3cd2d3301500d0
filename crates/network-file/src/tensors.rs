use std::collections::BTreeSet;

use piecewise_core::network::{Activation, Layer, Network};
use safetensors::{Dtype, SafeTensors, tensor::TensorView};

use crate::{
    FileError, NetworkFile,
    field::{ARCHITECTURE, refuse_other_fields},
};

/// Reads the tensors `0.weight`, `0.bias`, `2.weight`, … in the order of their numbers, in float32 or float64. It also reads what
/// [`field_to_safetensors`](crate::field_to_safetensors) writes of a plain network of rectified linear units, up to the sigmoid.
///
/// # Errors
/// When it is no safetensors file, when a tensor belongs to no such model, is missing, or has numbers of another kind, or when the shapes do
/// not fit together.
pub fn from_safetensors(bytes: &[u8]) -> Result<NetworkFile, FileError> {
    let file = SafeTensors::deserialize(bytes)
        .map_err(|error| FileError::new(format!("it is no safetensors file ({error:?})")))?;
    if let Ok((_, header)) = SafeTensors::read_metadata(bytes)
        && let Some(text) = header.metadata().as_ref().and_then(|metadata| metadata.get(ARCHITECTURE))
    {
        refuse_other_fields(Some(&serde_json::from_str(text).map_err(FileError::new)?))?;
    }
    let mut numbers = BTreeSet::new();
    for name in file.names() {
        let number =
            name.strip_suffix(".weight").or_else(|| name.strip_suffix(".bias")).and_then(|n| n.parse::<u32>().ok());
        numbers.insert(number.ok_or_else(|| {
            FileError::new(format!(
                "the tensor \"{}\" belongs to no nn.Sequential of Linear layers, whose tensors are 0.weight, 0.bias, 2.weight, …",
                name.chars().take(40).collect::<String>()
            ))
        })?);
    }
    let layers = numbers
        .into_iter()
        .map(|number| {
            let tensor = |name: String| {
                file.tensor(&name).map_err(|_| FileError::new(format!("the tensor \"{name}\" is missing")))
            };
            tensor_layer(number, &tensor(format!("{number}.weight"))?, &tensor(format!("{number}.bias"))?)
        })
        .collect::<Result<_, _>>()?;
    let network = Network::new(layers, Activation::Relu).map_err(FileError::new)?;
    Ok(NetworkFile { network, bounds: None, slice: None })
}

fn tensor_layer(number: u32, weight: &TensorView<'_>, bias: &TensorView<'_>) -> Result<Layer, FileError> {
    let (&[n_outputs, n_inputs], &[n_biases]) = (weight.shape(), bias.shape()) else {
        return Err(FileError::new(format!("{number}.weight must have two dimensions and {number}.bias one")));
    };
    if n_outputs == 0 || n_inputs == 0 || n_biases != n_outputs {
        return Err(FileError::new(format!(
            "{number}.weight is {n_outputs} × {n_inputs}, but {number}.bias has {n_biases} numbers"
        )));
    }
    let (weight, bias) = (numbers_of(weight)?, numbers_of(bias)?);
    Ok(Layer::from_fn(n_outputs, n_inputs, |row| bias[row], |row, column| weight[row * n_inputs + column]))
}

fn numbers_of(tensor: &TensorView<'_>) -> Result<Vec<f64>, FileError> {
    let bytes = tensor.data();
    match tensor.dtype() {
        Dtype::F32 => Ok(bytes.as_chunks::<4>().0.iter().map(|&chunk| f64::from(f32::from_le_bytes(chunk))).collect()),
        Dtype::F64 => Ok(bytes.as_chunks::<8>().0.iter().map(|&chunk| f64::from_le_bytes(chunk)).collect()),
        other => Err(FileError::new(format!(
            "numbers of the kind {other:?} are not read; save the model in float32 or float64"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A file of these tensors of 64-bit numbers.
    fn saved(tensors: &[(&str, &[usize], &[f64])]) -> Vec<u8> {
        let bytes = |numbers: &[f64]| numbers.iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<_>>();
        let owned: Vec<_> = tensors.iter().map(|&(name, shape, numbers)| (name, shape, bytes(numbers))).collect();
        let views = owned
            .iter()
            .map(|(name, shape, data)| (*name, TensorView::new(Dtype::F64, shape.to_vec(), data).expect("a tensor")));
        safetensors::serialize(views, None).expect("a file")
    }

    #[test]
    fn layers_come_in_the_order_of_their_numbers_not_of_their_letters() {
        let file = saved(&[
            ("10.weight", &[1, 2], &[1.0, 10.0]),
            ("10.bias", &[1], &[0.0]),
            ("2.weight", &[2, 1], &[3.0, -3.0]),
            ("2.bias", &[2], &[0.0, 1.0]),
        ]);
        let network = from_safetensors(&file).expect("a network").network;
        assert_eq!(network.output(&[1.0]).as_slice(), [3.0]);
        assert_eq!(network.output(&[-1.0]).as_slice(), [40.0]);
    }

    #[test]
    fn tensors_that_are_no_layers_are_named() {
        let said = |tensors: &[(&str, &[usize], &[f64])]| from_safetensors(&saved(tensors)).unwrap_err().to_string();
        assert_eq!(said(&[("0.weight", &[1, 1], &[1.0])]), "the tensor \"0.bias\" is missing");
        assert!(
            said(&[("conv.weight", &[1, 1], &[1.0])])
                .starts_with("the tensor \"conv.weight\" belongs to no nn.Sequential")
        );
        assert!(said(&[(&"x".repeat(500), &[1], &[1.0])]).ends_with("0.weight, 0.bias, 2.weight, …"));
        let shapes = said(&[("0.weight", &[1, 1], &[1.0]), ("0.bias", &[2], &[1.0, 2.0])]);
        assert_eq!(shapes, "0.weight is 1 × 1, but 0.bias has 2 numbers");
        assert_eq!(said(&[]), "a network needs at least one layer");
    }

    proptest! {
        #[test]
        fn no_file_can_do_harm(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = from_safetensors(&bytes);
        }
    }
}
