use std::{
    env, fs,
    path::{Path, PathBuf},
};

use crate::trouble::Trouble;

/// The checkout that the commands work on.
#[derive(Clone, Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// The workspace this program belongs to.
    pub(crate) fn here() -> Self {
        // `cargo run` sets the variable; the path known at compile time serves a program that is started by hand.
        let package = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&package).ancestors().nth(2).map_or_else(PathBuf::new, Path::to_path_buf);
        Self { root }
    }

    /// The folder of the workspace.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The folder where the built page lies.
    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// Cargo's target folder.
    pub(crate) fn target(&self) -> PathBuf {
        env::var_os("CARGO_TARGET_DIR").map_or_else(|| self.root.join("target"), |folder| self.root.join(folder))
    }

    /// The version of a package in `Cargo.lock`.
    ///
    /// # Errors
    /// When there is no lock file, or the package is not in it.
    pub(crate) fn locked_version(&self, package: &str) -> Result<String, Trouble> {
        let lock = fs::read_to_string(self.root.join("Cargo.lock")).unwrap_or_default();
        version_in_lock(&lock, package).map(ToOwned::to_owned).ok_or_else(|| {
            Trouble::new(
                format!("Cargo.lock does not say which {package} is used"),
                "restore Cargo.lock from the repository",
            )
        })
    }

    /// The folders under `crates/` with this file in them, as names of packages, sorted.
    pub(crate) fn packages_with(&self, file: &str) -> Vec<String> {
        let folders = fs::read_dir(self.root.join("crates")).into_iter().flatten().filter_map(Result::ok);
        let mut packages: Vec<String> = folders
            .filter(|folder| folder.path().join(file).is_file())
            .map(|folder| format!("piecewise-{}", folder.file_name().to_string_lossy()))
            .collect();
        packages.sort();
        packages
    }
}

fn version_in_lock<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines();
    lines.find(|line| *line == name)?;
    lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_says_which_wasm_bindgen_the_command_line_tool_must_match() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"0.2.1\"\n\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.126\"\n";
        assert_eq!(version_in_lock(lock, "wasm-bindgen"), Some("0.2.126"));
        assert_eq!(version_in_lock(lock, "wasm"), None);
    }

    #[test]
    fn this_package_is_among_the_packages_of_the_workspace() {
        let workspace = Workspace::here();
        assert!(workspace.packages_with("src/walls.rs").contains(&"piecewise-xtask".to_owned()));
        assert!(workspace.root().join("Trunk.toml").is_file());
    }
}
