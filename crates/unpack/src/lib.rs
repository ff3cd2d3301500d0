//! Unpacks the program of the file that needs no server: the small program that comes before the large one.

use std::io::Read as _;

use lzma_rust2::LzmaReader;
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

/// The most memory that unpacking may take beside what is unpacked, in kilobytes.
const MOST_KILOBYTES: u32 = 64 << 10;

/// What was packed by LZMA, with its header.
///
/// # Errors
/// When the bytes are not whole.
#[wasm_bindgen]
pub fn unpack(packed: &[u8]) -> Result<Vec<u8>, JsError> {
    unpacked(packed).ok_or_else(|| JsError::new("This file is damaged: its program cannot be unpacked."))
}

fn unpacked(packed: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    LzmaReader::new_mem_limit(packed, MOST_KILOBYTES, None).ok()?.read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use lzma_rust2::{LzmaOptions, LzmaWriter};

    use super::*;

    #[test]
    fn what_was_packed_comes_back_and_what_was_damaged_does_not() {
        let bytes: Vec<u8> = (0..200_000_u32).map(|i| (i / 7 % 251) as u8).collect();
        let mut writer = LzmaWriter::new_use_header(Vec::new(), &LzmaOptions::with_preset(6), Some(bytes.len() as u64))
            .expect("the options are possible");
        writer.write_all(&bytes).expect("memory can be written");
        let packed = writer.finish().expect("memory can be written");
        assert!(packed.len() < bytes.len() / 2);
        assert_eq!(unpacked(&packed), Some(bytes));
        // A mail program has cut the end off.
        assert_eq!(unpacked(&packed[..packed.len() / 2]), None);
        assert_eq!(unpacked(b"what is this?"), None);
    }
}
