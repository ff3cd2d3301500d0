use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    task::{Task, announce},
    tool::{on_path, shelves},
    toolchain::outside_cargo,
    trouble::Trouble,
    workspace::Workspace,
};

/// A package of npm, of one version, in the cache of tools. None of them becomes a part of the program; the demo decks beside it are
/// shown by two of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NpmPackage {
    name: &'static str,
    version: &'static str,
    /// What it is for, as in "the optimizer".
    purpose: &'static str,
}

impl NpmPackage {
    pub(crate) const fn new(name: &'static str, version: &'static str, purpose: &'static str) -> Self {
        Self { name, version, purpose }
    }

    /// Its name, which is also the folder of its files.
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// A file of the package, in a folder that an earlier call has filled.
    pub(crate) fn find(&self, workspace: &Workspace, file: &str) -> Option<PathBuf> {
        shelves(workspace)
            .into_iter()
            .map(|shelf| self.folder(&shelf).join("node_modules").join(file))
            .find(|file| file.is_file())
    }

    /// A file of the package, which is fetched if it is not here.
    ///
    /// # Errors
    /// Without npm, or when npm has no network.
    pub(crate) fn find_or_install(&self, workspace: &Workspace, file: &str) -> Result<PathBuf, Trouble> {
        if let Some(file) = self.find(workspace, file) {
            return Ok(file);
        }
        let Self { name, version, purpose } = self;
        if on_path("npm").is_none() {
            return Err(Trouble::new(
                format!("there is no npm to get {purpose} from"),
                format!("install npm for {name}"),
            ));
        }
        let shelf = shelves(workspace).into_iter().find(|shelf| fs::create_dir_all(self.folder(shelf)).is_ok());
        let shelf = shelf.ok_or_else(|| {
            Trouble::new(format!("there is no folder to put {purpose} into"), "make room in the cache of tools")
        })?;
        let folder = self.folder(&shelf);
        announce(&format!("Fetching {name} {version} by npm into {}: seconds, this once", folder.display()));
        let mut command = outside_cargo("npm");
        command
            .args(["install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error", "--prefix"])
            .arg(folder)
            .arg(format!("{name}@{version}"));
        Task::new(format!("fetching {name}"), command).show()?;
        self.find(workspace, file).ok_or_else(|| {
            Trouble::new(format!("npm could not bring {purpose}"), format!("look at what npm says of {name}"))
        })
    }

    fn folder(&self, shelf: &Path) -> PathBuf {
        shelf.join(format!("{}-{}", self.name, self.version))
    }
}
