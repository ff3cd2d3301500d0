use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    task::{Task, announce, first_line, seconds},
    tool::{on_path, shelves},
    toolchain::outside_cargo,
    trouble::Trouble,
    workspace::Workspace,
};

/// The binaryen that npm is asked for.
const BINARYEN: &str = "132.0.0";

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
        let cached = shelves(workspace).into_iter().map(|shelf| folder(&shelf).join("node_modules/.bin/wasm-opt"));
        let mut programs = on_path("wasm-opt").into_iter().chain(cached);
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
        let remedy = "that is no fault; install npm, or binaryen's wasm-opt, for a smaller page";
        if on_path("npm").is_none() {
            return Err(Trouble::new(
                "the program is left as it is: there is no npm to get its optimizer from",
                remedy,
            ));
        }
        let shelf = shelves(workspace).into_iter().find(|shelf| fs::create_dir_all(folder(shelf)).is_ok());
        let folder =
            folder(&shelf.ok_or_else(|| Trouble::new("there is no folder to put the optimizer into", remedy))?);
        announce(&format!("Fetching binaryen {BINARYEN} by npm into {}: seconds, this once", folder.display()));
        let mut command = outside_cargo("npm");
        command
            .args(["install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error", "--prefix"])
            .arg(folder);
        command.arg(format!("binaryen@{BINARYEN}"));
        Task::new("fetching binaryen", command).show()?;
        Self::find(workspace)
            .ok_or_else(|| Trouble::new("the program is left as it is: npm could not bring its optimizer", remedy))
    }

    /// Makes the program of a page smaller, in place.
    ///
    /// # Errors
    /// When the file cannot be replaced.
    pub(crate) fn optimize(&self, wasm: &Path) -> Result<(), Trouble> {
        announce("Making the program smaller: about 10 seconds");
        let smaller = wasm.with_extension("smaller");
        let mut command = outside_cargo(&self.program);
        command.arg("-O2").arg(wasm).arg("--output").arg(&smaller);
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

fn folder(shelf: &Path) -> PathBuf {
    shelf.join(format!("binaryen-{BINARYEN}"))
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
