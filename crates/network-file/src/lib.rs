//! Networks in files: JSON, and the safetensors of a PyTorch `nn.Sequential` of Linear and ReLU. Fields are written too, with the Python that
//! loads them.
//!
//! Files come from anywhere. Whatever their bytes are, reading them ends with a network whose layers fit together or with one sentence that
//! says what is wrong and where; it takes no more room than some multiple of the file.

mod field;
mod json;
mod sequential;
mod tensors;

use std::fmt;

use piecewise_core::network::Network;
use serde::{Deserialize, Serialize};

pub use field::{field_to_json, field_to_safetensors};
pub use json::from_json;
pub use sequential::field_to_python;
pub use tensors::from_safetensors;

/// What a file holds.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkFile {
    /// The network: ReLU after all layers but the last.
    pub network: Network,
    /// Where to look, if the file says so.
    pub bounds: Option<Corners>,
    /// The slice to look at, if the file says so.
    pub slice: Option<SliceFile>,
}

/// Two corners of a box of any dimension.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Corners {
    /// The least coordinates.
    pub lo: Vec<f64>,
    /// The greatest coordinates.
    pub hi: Vec<f64>,
}

/// An affine slice of any dimension.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SliceFile {
    /// The point for t = 0.
    pub origin: Vec<f64>,
    /// What each coordinate of t adds.
    pub directions: Vec<Vec<f64>>,
}

/// What is wrong with a file, as one sentence without its full stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileError(String);

/// A longer sentence is cut, in letters: it may repeat a name that is as long as the file.
const LONGEST_SENTENCE: usize = 240;

impl FileError {
    /// An error in these words, on one line.
    fn new(sentence: impl fmt::Display) -> Self {
        let line: String = sentence.to_string().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        match line.char_indices().nth(LONGEST_SENTENCE) {
            None => Self(line),
            Some((end, _)) => Self(format!("{}…", &line[..end])),
        }
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for FileError {}

/// Reads a file by its name: safetensors when it ends so, else JSON.
///
/// # Errors
/// As [`from_json`] and [`from_safetensors`].
pub fn read(name: &str, bytes: &[u8]) -> Result<NetworkFile, FileError> {
    let is_safetensors = name.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("safetensors"));
    if is_safetensors { from_safetensors(bytes) } else { from_json(bytes) }
}
