use std::collections::BTreeMap;

use piecewise_core::field::{Architecture, Field};
use serde::Serialize;

use crate::{
    Corners, FileError,
    sequential::{Module, modules},
};

/// Under this key the metadata of a safetensors file, and JSON, hold the architecture of a field.
pub(crate) const ARCHITECTURE: &str = "architecture";

/// Files of fields say what they hold: what is no plain network must not be read as one because its tensors look alike.
pub(crate) fn refuse_other_fields(architecture: Option<&Architecture>) -> Result<(), FileError> {
    match architecture {
        Some(architecture) if !architecture.is_plain_relu() => {
            Err(FileError::new("the file holds a field that is no plain network of Linear and ReLU"))
        }
        _ => Ok(()),
    }
}

#[derive(Serialize)]
struct JsonField<'a> {
    architecture: &'a Architecture,
    /// From where to where the coordinates of its picture go.
    #[serde(rename = "box")]
    bounds: Corners,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    frequencies: &'a [[f32; 2]],
    layers: Vec<JsonLayer<'a>>,
}

/// Row-major; the weight is out × in.
#[derive(Serialize)]
struct JsonLayer<'a> {
    weight: Vec<Vec<f32>>,
    bias: &'a [f32],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    gamma: &'a [f32],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    delta: &'a [f32],
}

/// A field as JSON: `{"architecture": {…}, "box": {"lo": [-1, -1], "hi": [1, 1]}, "frequencies": [[…], …], "layers": [{"weight": [[…]], "bias":
/// […], "gamma": […], "delta": […]}, …]}`. Weights are out × in; frequencies, γ and δ are there where the field has some. A number has as many
/// digits as it takes to come back as it was, in 32 bits. [`from_json`](crate::from_json) reads those that are plain networks of rectified
/// linear units.
///
/// ```
/// use piecewise_core::field::{Architecture, Field, FieldInitialization};
/// let field = Field::new(Architecture::constant(true), FieldInitialization::Zero, 0);
/// assert!(piecewise_network_file::field_to_json(&field).ends_with(r#""layers":[{"weight":[[],[],[]],"bias":[0.0,0.0,0.0]}]}"#));
/// ```
pub fn field_to_json(field: &Field) -> String {
    let layers = field.layers().map(|layer| JsonLayer {
        weight: (0..layer.n_outputs)
            .map(|row| (0..layer.n_inputs).map(|column| layer.weight(row, column)).collect())
            .collect(),
        bias: layer.beta,
        gamma: layer.gamma,
        delta: layer.delta,
    });
    let file = JsonField {
        architecture: field.architecture(),
        bounds: Corners { lo: vec![-1.0; 2], hi: vec![1.0; 2] },
        frequencies: field.frequencies(),
        layers: layers.collect(),
    };
    // Neither a map with odd keys nor a number that is not finite can be in it; JSON has no other way to fail.
    serde_json::to_string(&file).unwrap_or_default()
}

/// What the header of a safetensors file says of a tensor.
#[derive(Serialize)]
struct TensorHeader {
    dtype: &'static str,
    shape: Vec<usize>,
    /// Where its bytes begin and end, behind the header.
    data_offsets: [usize; 2],
}

/// The tensors of a file, one behind the other.
#[derive(Default)]
struct Tensors {
    header: BTreeMap<String, TensorHeader>,
    bytes: Vec<u8>,
}

impl Tensors {
    fn push(&mut self, name: String, shape: &[usize], numbers: impl IntoIterator<Item = f32>) {
        let begin = self.bytes.len();
        self.bytes.extend(numbers.into_iter().flat_map(f32::to_le_bytes));
        let data_offsets = [begin, self.bytes.len()];
        self.header.insert(name, TensorHeader { dtype: "F32", shape: shape.to_vec(), data_offsets });
    }
}

#[derive(Serialize)]
struct Header {
    #[serde(rename = "__metadata__")]
    metadata: BTreeMap<&'static str, String>,
    #[serde(flatten)]
    tensors: BTreeMap<String, TensorHeader>,
}

/// A field as a safetensors file in float32, with the names that the `nn.Sequential` of [`field_to_python`](crate::field_to_python) gives its
/// tensors: `0.weight`, `0.bias`, …, a buffer `0.frequencies` of Fourier features, `weight` and `bias` of layer norm for γ and δ. Its metadata
/// hold the architecture as JSON. [`from_safetensors`](crate::from_safetensors) reads those that are plain networks of rectified linear units.
///
/// The bytes are put together here, as <https://github.com/huggingface/safetensors> describes them: the way that the library writes them would make the
/// page 30 kB heavier.
pub fn field_to_safetensors(field: &Field) -> Vec<u8> {
    let mut tensors = Tensors::default();
    for (index, module) in modules(field.architecture()).iter().flatten().enumerate() {
        push_tensors(&mut tensors, field, module, &index.to_string());
    }
    // A header has neither odd keys nor numbers that are not finite; JSON has no other way to fail.
    let architecture = serde_json::to_string(field.architecture()).unwrap_or_default();
    let header = Header { metadata: BTreeMap::from([(ARCHITECTURE, architecture)]), tensors: tensors.header };
    let mut header = serde_json::to_vec(&header).unwrap_or_default();
    // So that numbers begin at a multiple of eight bytes.
    header.resize(header.len().next_multiple_of(8), b' ');
    let length = (header.len() as u64).to_le_bytes();
    [length.as_slice(), &header, &tensors.bytes].concat()
}

fn push_tensors(tensors: &mut Tensors, field: &Field, module: &Module, path: &str) {
    let mut push = |name: &str, shape: &[usize], numbers: &mut dyn Iterator<Item = f32>| {
        tensors.push(format!("{path}.{name}"), shape, numbers);
    };
    match module {
        Module::Constant(n) => {
            let beta = field.layers().next().map_or(&[][..], |layer| layer.beta);
            push("colour", &[*n], &mut beta.iter().copied());
        }
        Module::Fourier(n) => {
            push("frequencies", &[*n, 2], &mut field.frequencies().as_flattened().iter().copied());
        }
        Module::Linear { layer, n_inputs, n_outputs } => {
            let Some(layer) = field.layers().nth(*layer) else { return };
            let mut rows = (0..*n_outputs).flat_map(|row| (0..*n_inputs).map(move |column| layer.weight(row, column)));
            push("weight", &[*n_outputs, *n_inputs], &mut rows);
            push("bias", &[*n_outputs], &mut layer.beta.iter().copied());
        }
        Module::LayerNorm { layer, n_units } => {
            let Some(layer) = field.layers().nth(*layer) else { return };
            push("weight", &[*n_units], &mut layer.gamma.iter().copied());
            push("bias", &[*n_units], &mut layer.delta.iter().copied());
        }
        Module::Activation(_) | Module::Sigmoid => {}
        Module::Residual(inside) => {
            for (index, module) in inside.iter().enumerate() {
                push_tensors(tensors, field, module, &format!("{path}.{index}"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{NetworkFile, from_json, from_safetensors};
    use piecewise_core::field::{FieldInitialization, Input, OutputActivation};
    use safetensors::SafeTensors;

    fn field(architecture: Architecture) -> Field {
        let mut field = Field::new(architecture, FieldInitialization::PytorchLinear, 3);
        // So that γ and δ are not what they would be anyway.
        for (index, parameter) in field.parameters_mut().iter_mut().enumerate() {
            *parameter += 0.01 * (index % 7) as f32;
        }
        field
    }

    #[test]
    fn a_plain_field_comes_back_from_both_kinds_of_file() {
        let plain = Architecture { output: OutputActivation::Linear, ..Architecture::relu(3, 13) };
        let field = field(plain);
        let json = from_json(field_to_json(&field).as_bytes()).expect("a network");
        assert_eq!(json.bounds, Some(Corners { lo: vec![-1.0; 2], hi: vec![1.0; 2] }));
        let tensors = from_safetensors(&field_to_safetensors(&field)).expect("a network");
        for NetworkFile { network, .. } in [json, tensors] {
            for place in [[0.0, 0.0], [0.25, -0.75], [-1.0, 1.0]] {
                let colour = field.colour(place);
                for (y, expected) in network.output(&place.map(f64::from)).iter().zip(colour) {
                    assert!((y - f64::from(expected)).abs() < 1e-6, "{place:?}: {y} {expected}");
                }
            }
        }
    }

    #[test]
    fn a_file_has_every_parameter_once_under_the_name_that_pytorch_gives_it() {
        let names_of = |architecture: Architecture| {
            let field = field(architecture);
            let bytes = field_to_safetensors(&field);
            let file = SafeTensors::deserialize(&bytes).expect("a file");
            let mut n_numbers = 0;
            let mut names: Vec<String> = file.names().into_iter().map(ToString::to_string).collect();
            for name in &names {
                n_numbers += file.tensor(name).expect("a tensor").data().len() / 4;
            }
            assert_eq!(n_numbers, architecture.n_parameters() + 2 * field.frequencies().len());
            names.sort();
            names.join(" ")
        };
        let relu = Architecture::relu(2, 5);
        assert_eq!(names_of(relu), "0.bias 0.weight 2.bias 2.weight 4.bias 4.weight");
        assert_eq!(names_of(Architecture::siren(1, 5)), "0.bias 0.weight 2.bias 2.weight");
        let input = Input::Fourier { n_frequencies: 4, scale: 1.0 };
        assert_eq!(names_of(Architecture { input, ..Architecture::relu(0, 1) }), "0.frequencies 1.bias 1.weight");
        let norm = Architecture { layer_norm: true, residual: true, ..relu };
        assert_eq!(
            names_of(norm),
            "0.bias 0.weight 1.bias 1.weight 3.0.bias 3.0.weight 3.1.bias 3.1.weight 4.bias 4.weight"
        );
        assert_eq!(names_of(Architecture::constant(true)), "0.colour");
        assert_eq!(names_of(Architecture::constant(false)), "0.colour");
    }

    #[test]
    fn weights_are_out_by_in_row_by_row() {
        let field = field(Architecture::relu(1, 2));
        let bytes = field_to_safetensors(&field);
        let file = SafeTensors::deserialize(&bytes).expect("a file");
        let weight = file.tensor("0.weight").expect("a tensor");
        assert_eq!(weight.shape(), [2, 2]);
        let layer = field.layers().next().expect("a layer");
        let expected = [(0, 0), (0, 1), (1, 0), (1, 1)].map(|(row, column)| layer.weight(row, column).to_le_bytes());
        assert_eq!(weight.data(), expected.as_flattened());
    }

    #[test]
    fn the_metadata_say_what_it_is_and_a_file_has_the_same_bytes_every_time() {
        let architecture = Architecture::siren(2, 7);
        let field = field(architecture);
        let bytes = field_to_safetensors(&field);
        assert_eq!(field_to_safetensors(&field), bytes);
        let (length, header) = SafeTensors::read_metadata(&bytes).expect("a header");
        assert!(length.is_multiple_of(8));
        let text = &header.metadata().as_ref().expect("metadata")[ARCHITECTURE];
        assert_eq!(serde_json::from_str::<Architecture>(text).expect("an architecture"), architecture);
    }

    #[test]
    fn waves_are_not_read_as_a_rectified_network() {
        let input = Input::Fourier { n_frequencies: 4, scale: 1.0 };
        let relu = Architecture::relu(2, 5);
        for architecture in [
            Architecture::siren(2, 5),
            Architecture { input, ..relu },
            Architecture { layer_norm: true, ..relu },
            Architecture { residual: true, ..relu },
            Architecture::constant(true),
        ] {
            let field = field(architecture);
            let sentence = "the file holds a field that is no plain network of Linear and ReLU";
            assert_eq!(from_json(field_to_json(&field).as_bytes()).unwrap_err().to_string(), sentence);
            let bytes = field_to_safetensors(&field);
            assert_eq!(from_safetensors(&bytes).unwrap_err().to_string(), sentence);
        }
    }
}
