//! The files from which fuzzing starts: those named `good-…` hold networks, of those named `bad-…` one sentence says what is wrong.

use std::{fs, path::Path};

use piecewise_network_file::{FileError, NetworkFile, from_json, from_safetensors};

fn examine(kind: &str, read: fn(&[u8]) -> Result<NetworkFile, FileError>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(kind);
    let (mut n_good, mut n_bad) = (0, 0);
    for entry in fs::read_dir(&folder).expect("the corpus") {
        let path = entry.expect("a file").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("a plain name");
        match read(&fs::read(&path).expect("readable")) {
            Ok(file) => {
                assert!(!name.starts_with("bad-"), "{kind}/{name} was read");
                let network = file.network;
                assert_eq!(network.output(&vec![1.0; network.n_inputs()]).len(), network.n_outputs(), "{kind}/{name}");
                n_good += usize::from(name.starts_with("good-"));
            }
            Err(error) => {
                assert!(!name.starts_with("good-"), "{kind}/{name}: {error}");
                let sentence = error.to_string();
                assert!(
                    !sentence.is_empty() && sentence.len() < 300 && !sentence.contains('\n'),
                    "{kind}/{name}: {sentence}"
                );
                n_bad += usize::from(name.starts_with("bad-"));
            }
        }
    }
    assert!(n_good >= 3 && n_bad >= 10, "{kind}: {n_good} good files, {n_bad} bad ones");
}

#[test]
fn the_corpus_of_json_files_is_read_or_refused_in_a_sentence() {
    examine("json", from_json);
}

#[test]
fn the_corpus_of_safetensors_files_is_read_or_refused_in_a_sentence() {
    examine("safetensors", from_safetensors);
}

#[test]
fn figure_3_8_is_the_same_network_in_both_formats() {
    let file = |kind: &str| {
        fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(kind).join("good-fig-3-8"))
            .expect("there")
    };
    assert_eq!(from_json(&file("json")), from_safetensors(&file("safetensors")));
}
