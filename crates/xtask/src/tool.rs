use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    task::{Task, announce, first_line, seconds},
    toolchain::outside_cargo,
    trouble::Trouble,
    workspace::Workspace,
};

/// The Trunk whose output this page is made for. Later ones want a newer compiler than the workspace does.
const TRUNK: &str = "0.21.14";

/// What drives Firefox in the tests.
const GECKODRIVER: &str = "0.37.1";

/// A program from crates.io that the page is built or tested with, of one exact version.
#[derive(Clone, Debug)]
pub(crate) struct Tool {
    /// Its name on crates.io.
    package: &'static str,
    /// Its name on PATH.
    binary: &'static str,
    version: String,
    /// How long building it takes on two cores, as measured.
    expected: &'static str,
}

impl Tool {
    /// The bundler.
    pub(crate) fn trunk() -> Self {
        Self { package: "trunk", binary: "trunk", version: TRUNK.to_owned(), expected: "about 4 minutes" }
    }

    /// What writes the JavaScript around the program. It must be of the library's version to the last digit.
    ///
    /// # Errors
    /// When `Cargo.lock` does not name that version.
    pub(crate) fn wasm_bindgen(workspace: &Workspace) -> Result<Self, Trouble> {
        let version = workspace.locked_version("wasm-bindgen")?;
        Ok(Self { package: "wasm-bindgen-cli", binary: "wasm-bindgen", version, expected: "about 2 minutes" })
    }

    /// What drives Firefox.
    pub(crate) fn geckodriver() -> Self {
        Self {
            package: "geckodriver",
            binary: "geckodriver",
            version: GECKODRIVER.to_owned(),
            expected: "about 4 minutes",
        }
    }

    /// The name and the version that is wanted, as in "trunk 0.21.14".
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.package, self.version)
    }

    /// How long building it takes on two cores.
    pub(crate) fn expected(&self) -> &'static str {
        self.expected
    }

    /// Where the program of this version is: on PATH, or where an earlier call has put it.
    pub(crate) fn find(&self, workspace: &Workspace) -> Option<PathBuf> {
        let on_path = on_path(self.binary);
        let cached =
            shelves(workspace).into_iter().map(|shelf| self.folder(&shelf).join("bin").join(executable(self.binary)));
        on_path.into_iter().chain(cached).find(|program| self.is(program))
    }

    /// Finds the program, or builds it from source.
    ///
    /// # Errors
    /// When there is no network, or no folder to put it into.
    pub(crate) fn find_or_install(&self, workspace: &Workspace) -> Result<PathBuf, Trouble> {
        if let Some(program) = self.find(workspace) {
            return Ok(program);
        }
        let shelf =
            shelves(workspace).into_iter().find(|shelf| fs::create_dir_all(shelf).is_ok()).ok_or_else(|| {
                Trouble::new(
                    "there is no folder to put tools into",
                    "make ~/.cache or this checkout writable, or set XDG_CACHE_HOME",
                )
            })?;
        let folder = self.folder(&shelf);
        if first_line("cargo-binstall", &["-V"]).is_some() && self.download(&folder)? {
            return Ok(folder.join("bin").join(executable(self.binary)));
        }
        self.build(&folder)?;
        Ok(folder.join("bin").join(executable(self.binary)))
    }

    /// Gets a ready-made program by cargo-binstall. `false` when there is none for this machine.
    fn download(&self, folder: &Path) -> Result<bool, Trouble> {
        announce(&format!("Fetching {} into {}: seconds", self.name(), folder.display()));
        let mut command = outside_cargo("cargo");
        command.args(["binstall", "--no-confirm", "--disable-strategies", "compile", "--root"]).arg(folder);
        command.arg(format!("{}@{}", self.package, self.version));
        let outcome = Task::new(format!("fetching {}", self.package), command).show()?;
        Ok(outcome.success && self.is(&folder.join("bin").join(executable(self.binary))))
    }

    fn build(&self, folder: &Path) -> Result<(), Trouble> {
        announce(&format!(
            "Building {} from source into {}: {} on two cores, this once",
            self.name(),
            folder.display(),
            self.expected
        ));
        let build = folder.join("build");
        let mut command = outside_cargo("cargo");
        command.args(["install", "--locked", "--version", &self.version, "--root"]).arg(folder).arg(self.package);
        // A tool that runs for seconds need not be optimised for minutes. The folder is kept when the build is interrupted.
        command.env("CARGO_TARGET_DIR", &build);
        command.env("CARGO_PROFILE_RELEASE_LTO", "off");
        command.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
        command.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
        let outcome = Task::new(format!("building {}", self.package), command).show()?;
        if !outcome.success {
            let network = Trouble::of_network(&self.name(), outcome.lines());
            return Err(network.unwrap_or_else(|| {
                Trouble::new(
                    format!("{} could not be built, as told above", self.name()),
                    format!("mend that, or put `{}` of exactly this version on PATH", self.binary),
                )
            }));
        }
        // Half a gigabyte that nobody needs again; when it cannot be removed, nothing is lost.
        let _ = fs::remove_dir_all(build);
        eprintln!("   {} is built, after {}", self.name(), seconds(outcome.duration));
        Ok(())
    }

    fn folder(&self, shelf: &Path) -> PathBuf {
        shelf.join(format!("{}-{}", self.package, self.version))
    }

    fn is(&self, program: &Path) -> bool {
        // Trunk takes NO_COLOR=1 for a mistake.
        let output = Command::new(program).arg("--version").env_remove("NO_COLOR").output();
        output.is_ok_and(|output| says_version(&String::from_utf8_lossy(&output.stdout), &self.version))
    }
}

/// Whether the answer to `--version` is this version.
fn says_version(answer: &str, version: &str) -> bool {
    answer.split_whitespace().nth(1) == Some(version)
}

/// Where tools are kept: beside other caches, so that a second checkout need not build them again; else in this one.
pub(crate) fn shelves(workspace: &Workspace) -> Vec<PathBuf> {
    let cache = env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .filter(|folder| folder.is_absolute())
        .or_else(|| Some(env::home_dir()?.join(".cache")));
    let common = cache.map(|cache| cache.join("piecewise").join("tools"));
    common.into_iter().chain([workspace.root().join("target").join("tools")]).collect()
}

/// The first program of this name on PATH.
pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(executable(program))).find(|program| program.is_file())
}

/// PATH with these folders before all others.
pub(crate) fn path_with(folders: &[PathBuf]) -> OsString {
    let path = env::var_os("PATH").unwrap_or_default();
    let all = folders.iter().cloned().chain(env::split_paths(&path));
    // A folder with a colon in its name cannot be on PATH at all; then the old PATH has to do.
    env::join_paths(all).unwrap_or(path)
}

fn executable(program: &str) -> String {
    format!("{program}{}", env::consts::EXE_SUFFIX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_version_of_a_tool_will_do() {
        assert!(says_version("trunk 0.21.14\n", "0.21.14"));
        assert!(!says_version("trunk 0.21.1\n", "0.21.14"));
        assert!(!says_version("", "0.21.14"));
    }

    #[test]
    fn tools_come_before_everything_else_on_the_path() {
        let path = path_with(&[PathBuf::from("/tools/bin")]);
        assert_eq!(env::split_paths(&path).next(), Some(PathBuf::from("/tools/bin")));
    }
}
