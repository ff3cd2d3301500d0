//! Colours of pixels in serde: as bytes in binary formats, where a list of numbers would take ten times as long, and as that list for readers.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::Rgb;

const N_BYTES: usize = size_of::<Rgb>();

pub(super) fn serialize<S: Serializer>(colours: &[Rgb], to: S) -> Result<S::Ok, S::Error> {
    if to.is_human_readable() {
        return colours.serialize(to);
    }
    let bytes: Vec<u8> = colours.as_flattened().iter().flat_map(|part| part.to_le_bytes()).collect();
    to.serialize_bytes(&bytes)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Rgb>, D::Error> {
    if from.is_human_readable() {
        return Vec::deserialize(from);
    }
    let bytes = <&[u8]>::deserialize(from)?;
    if !bytes.len().is_multiple_of(N_BYTES) {
        return Err(de::Error::invalid_length(bytes.len(), &"three numbers of four bytes for every pixel"));
    }
    let (parts, _) = bytes.as_chunks::<4>();
    let parts: Vec<f32> = parts.iter().map(|part| f32::from_le_bytes(*part)).collect();
    let (colours, _) = parts.as_chunks::<3>();
    Ok(colours.to_vec())
}
