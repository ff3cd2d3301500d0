use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    npm::NpmPackage,
    task::{Task, announce, first_line, seconds},
    tool::on_path,
    toolchain::outside_cargo,
    trouble::Trouble,
    workspace::Workspace,
};

const BINARYEN: NpmPackage = NpmPackage::new("binaryen", "132.0.0", "the optimizer, without which the page is larger");

/// Where wasm-opt is in the package.
const PROGRAM: &str = ".bin/wasm-opt";

/// The oldest one that understands what today's compilers write; Debian 12's 108 does not.
const OLDEST: u32 = 120;

/// Binaryen's wasm-opt. It makes the program a quarter smaller on disk and a seventh as sent, and changes nothing else, so that
/// a machine without it builds the same page, only larger.
#[derive(Clone, Debug)]
pub(crate) struct Optimizer {
    program: PathBuf,
}

impl Optimizer {
    /// The one on PATH if it is recent, or the one that an earlier call has put into the cache.
    pub(crate) fn find(workspace: &Workspace) -> Option<Self> {
        let mut programs = on_path("wasm-opt").into_iter().chain(BINARYEN.find(workspace, PROGRAM));
        programs.find(|program| is_recent(program)).map(|program| Self { program })
    }

    /// Finds one, or gets it by npm.
    ///
    /// # Errors
    /// Without npm, or when npm has no network.
    pub(crate) fn find_or_install(workspace: &Workspace) -> Result<Self, Trouble> {
        if let Some(optimizer) = Self::find(workspace) {
            return Ok(optimizer);
        }
        BINARYEN.find_or_install(workspace, PROGRAM).map(|program| Self { program })
    }

    /// Makes the program of a page smaller, in place; `passes` say how: "-O2", or "-Oz" where size alone counts.
    ///
    /// # Errors
    /// When the file cannot be replaced.
    pub(crate) fn optimize(&self, wasm: &Path, passes: &[&str]) -> Result<(), Trouble> {
        announce("Making the program smaller: about 10 seconds");
        let smaller = wasm.with_extension("smaller");
        let mut command = outside_cargo(&self.program);
        // Functions with similar names do similar things; side by side, they are sent in fewer bytes.
        command.args(passes).arg("--reorder-functions-by-name").arg(wasm).arg("--output").arg(&smaller);
        let outcome = Task::new("making the program smaller", command).show()?;
        let done = outcome.success && fs::rename(&smaller, wasm).is_ok();
        if done {
            eprintln!("   the program is smaller, after {}", seconds(outcome.duration));
            Ok(())
        } else {
            // What it may have written is of no use.
            let _ = fs::remove_file(&smaller);
            Err(Trouble::new(
                "the program could not be made smaller, as told above",
                "remove binaryen from the cache of tools and try again",
            ))
        }
    }

    /// In words: "wasm-opt version 132".
    pub(crate) fn name(&self) -> String {
        first_line(&self.program, &["--version"]).unwrap_or_default()
    }
}

fn is_recent(program: &Path) -> bool {
    program.is_file()
        && first_line(program, &["--version"]).as_deref().and_then(version).is_some_and(|version| version >= OLDEST)
}

/// The number in "wasm-opt version 132 (version_132)".
fn version(line: &str) -> Option<u32> {
    line.split_whitespace().find_map(|word| word.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binaryen_says_its_version_as_one_number() {
        assert_eq!(version("wasm-opt version 132 (version_132)"), Some(132));
        assert!(version("wasm-opt version 108").is_some_and(|version| version < OLDEST));
        assert_eq!(version(""), None);
    }
}
