//! Reference pictures: what is drawn is compared with what lies in `tests/goldens`.

use std::{env, fs, path::PathBuf};

/// Compares a text with the reference file of this name.
///
/// On a difference the new text is left beside the reference as `…-changed.svg`. With `PIECEWISE_BLESS=1` in the
/// environment the reference is written anew instead.
///
/// # Errors
/// One sentence that names the file.
pub fn compare(name: &str, text: &str) -> Result<(), String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("goldens");
    let reference = folder.join(format!("{name}.svg"));
    let changed = folder.join(format!("{name}-changed.svg"));
    if env::var_os("PIECEWISE_BLESS").is_some() {
        fs::create_dir_all(reference.parent().unwrap_or(&folder)).map_err(|error| error.to_string())?;
        return fs::write(&reference, text)
            .map_err(|error| format!("{} cannot be written: {error}", reference.display()));
    }
    match fs::read_to_string(&reference) {
        Ok(expected) if expected == text => {
            // A difference that is gone needs no witness; it is fine when there was none.
            let _ = fs::remove_file(changed);
            Ok(())
        }
        Ok(expected) => {
            fs::write(&changed, text).map_err(|error| format!("{} cannot be written: {error}", changed.display()))?;
            let line = expected.lines().zip(text.lines()).position(|(a, b)| a != b).map_or(0, |line| line + 1);
            Err(format!("{name} looks different from line {line} on; compare {} with the reference", changed.display()))
        }
        Err(_) => Err(format!("{name} has no reference yet; run the test with PIECEWISE_BLESS=1 and look at it")),
    }
}
