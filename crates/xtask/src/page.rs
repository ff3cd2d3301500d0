use std::{
    fs,
    hash::{DefaultHasher, Hasher as _},
    io,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    optimizer::Optimizer,
    slides,
    task::{Outcome, Task, announce, seconds},
    tool::Tool,
    toolchain::{Route, Toolchain, WASM, outside_cargo},
    trouble::Trouble,
    workspace::Workspace,
};

/// Everything that turns the crates into a page.
#[derive(Clone, Debug)]
pub(crate) struct Workshop {
    workspace: Workspace,
    toolchain: Toolchain,
    trunk: PathBuf,
    wasm_bindgen: PathBuf,
}

impl Workshop {
    /// Finds or installs the compiler, the tools and the sources of the libraries.
    ///
    /// # Errors
    /// When something cannot be had here.
    pub(crate) fn set_up(workspace: &Workspace, wish: Option<Route>) -> Result<Self, Trouble> {
        let toolchain = Toolchain::set_up(workspace, wish)?;
        let wasm_bindgen = Tool::wasm_bindgen(workspace)?.find_or_install(workspace)?;
        let trunk = Tool::trunk().find_or_install(workspace)?;
        fetch(workspace, &toolchain)?;
        Ok(Self { workspace: workspace.clone(), toolchain, trunk, wasm_bindgen })
    }

    /// The compiler for the browser.
    pub(crate) fn toolchain(&self) -> &Toolchain {
        &self.toolchain
    }

    /// What runs unit tests in a browser; it comes with wasm-bindgen's command-line tool.
    pub(crate) fn test_runner(&self) -> PathBuf {
        self.wasm_bindgen.with_file_name(format!("wasm-bindgen-test-runner{}", std::env::consts::EXE_SUFFIX))
    }

    /// Builds the page as it is published.
    ///
    /// # Errors
    /// When there is something to mend in the code, or no room on the disk.
    pub(crate) fn build(&self, dist: &Path) -> Result<Outcome, Trouble> {
        let expected =
            match (self.toolchain.route(), self.toolchain.target().join("wasm32-unknown-unknown/release").is_dir()) {
                (_, true) => "20 to 60 seconds",
                (Route::Rustup, false) => "about 2 minutes on two cores, the first time",
                (Route::Debian, false) => "about 3 minutes on two cores, the first time",
            };
        announce(&format!("Building the page into {}, by {}: {expected}", self.shown(dist), self.toolchain.name()));
        let mut command = self.trunk("build");
        command.arg("--release").arg("--dist").arg(dist);
        let outcome = Task::new("building the page", command).show()?;
        if outcome.success {
            eprintln!("   the page is built, after {}", seconds(outcome.duration));
        }
        Ok(outcome)
    }

    /// Makes the program of a built page smaller, and tells its files apart from those of other versions.
    ///
    /// # Errors
    /// When the optimizer, or what shows a demo deck, cannot be had here. The page is good without it.
    pub(crate) fn finish(&self, dist: &Path) -> Result<(), Trouble> {
        let kind = |file: &&PathBuf| file.extension().is_some_and(|kind| kind == "wasm");
        let optimized = Optimizer::find_or_install(&self.workspace)
            .and_then(|optimizer| program(dist).iter().filter(kind).try_for_each(|wasm| optimizer.optimize(wasm)));
        shrink(&dist.join("embed.js")).and_then(|()| stamp(dist)).map_err(|error| {
            Trouble::new(format!("the page cannot be written ({error})"), "look at who owns dist/, and build again")
        })?;
        self.draw_posters(dist)?;
        optimized.and(slides::write(&self.workspace, dist))
    }

    /// Draws a picture of each exhibit beside the page, under a name that stays, for hosts that show it first or nothing else.
    fn draw_posters(&self, dist: &Path) -> Result<(), Trouble> {
        let mut command = outside_cargo("cargo");
        command.current_dir(self.workspace.root());
        command.args(["run", "--quiet", "--package", "piecewise-cli", "--", "posters"]).arg(dist.join("exhibits"));
        // Sites that embed by oEmbed want whole addresses, and only who publishes the page knows them.
        if let Some(url) = std::env::var_os("PIECEWISE_URL").filter(|url| !url.is_empty()) {
            command.arg("--url").arg(url);
        }
        let outcome = Task::new("drawing the exhibits' posters", command).show()?;
        if outcome.success {
            return Ok(());
        }
        Err(Trouble::new("the posters could not be drawn, as told above", "mend that and build again"))
    }

    /// Trunk, with everything it needs around it.
    pub(crate) fn trunk(&self, subcommand: &str) -> Command {
        let mut command = outside_cargo(&self.trunk);
        let tools = [&self.trunk, &self.wasm_bindgen].into_iter().filter_map(|tool| tool.parent());
        self.toolchain.apply(&mut command, &tools.map(Path::to_path_buf).collect::<Vec<_>>());
        command.current_dir(self.workspace.root());
        // Trunk is not to look for newer versions of itself. It takes NO_COLOR=1 for a mistake, and shows its own inner workings
        // below an error in the code of the page.
        command.env("TRUNK_SKIP_VERSION_CHECK", "true").env("RUST_BACKTRACE", "0");
        command.env_remove("RUST_LOG").env_remove("NO_COLOR");
        command.args([subcommand, "--offline", "--log", "warn"]);
        command
    }

    fn shown(&self, folder: &Path) -> String {
        folder.strip_prefix(self.workspace.root()).unwrap_or(folder).display().to_string()
    }
}

/// Gets the sources of all libraries, the standard library's own among them where that is built too, so that nothing after this
/// needs the network.
fn fetch(workspace: &Workspace, toolchain: &Toolchain) -> Result<(), Trouble> {
    // Without a target everything is fetched that any target needs, but nothing of the standard library.
    let targets: &[&[&str]] = match toolchain.route() {
        Route::Rustup => &[&[]],
        Route::Debian => &[&[], &["--target", WASM]],
    };
    let mut outcome = None;
    for target in targets {
        let mut command = outside_cargo("cargo");
        command.arg("fetch").args(*target).current_dir(workspace.root());
        toolchain.apply(&mut command, &[]);
        let fetched = Task::new("fetching the sources of the libraries", command).show()?;
        if !fetched.success {
            outcome = Some(fetched);
            break;
        }
    }
    let Some(outcome) = outcome else { return Ok(()) };
    let network = Trouble::of_network("the sources of the libraries", outcome.lines());
    Err(network.unwrap_or_else(|| {
        Trouble::new(
            "the sources of the libraries could not be fetched, as told above",
            "mend that and run the same command again",
        )
    }))
}

/// The files of a built page that belong to its program: not the pictures and slides beside it.
fn program(dist: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(dist).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path());
    let is_program = |file: &PathBuf| {
        let kind = file.extension().and_then(|kind| kind.to_str()).unwrap_or_default();
        ["html", "css", "js", "wasm"].contains(&kind)
    };
    let mut files: Vec<PathBuf> = files.filter(is_program).collect();
    files.sort();
    files
}

/// The parts of the lecture, each with the files that are loaded before its first picture.
pub(crate) fn parts(dist: &Path) -> Vec<(String, Vec<PathBuf>)> {
    let part_of = |file: &Path| {
        let name = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        name.strip_prefix("piecewise-").map(|part| part.trim_end_matches("_bg").to_owned())
    };
    // What other pages load, and what the first picture does not wait for, is no part of this weight.
    let is_beside = |file: &PathBuf| {
        let stem = file.file_stem().and_then(|stem| stem.to_str());
        stem.is_some_and(|stem| ["embed", "embedding", "frame"].contains(&stem))
    };
    let (of_parts, common): (Vec<_>, Vec<_>) = program(dist)
        .into_iter()
        .filter(|file| !is_beside(file))
        .map(|file| (part_of(&file), file))
        .partition(|(part, _)| part.is_some());
    let mut parts: Vec<(String, Vec<PathBuf>)> = Vec::new();
    for (part, file) in of_parts {
        let name = part.unwrap_or_default();
        match parts.iter_mut().find(|(other, _)| *other == name) {
            Some((_, files)) => files.push(file),
            None => parts.push((name, common.iter().map(|(_, file)| file.clone()).chain([file]).collect())),
        }
    }
    parts
}

/// Takes the white space at the beginnings of lines out of the script that other pages load.
fn shrink(script: &Path) -> io::Result<()> {
    let text = fs::read_to_string(script)?;
    fs::write(script, text.lines().flat_map(|line| [line.trim_start(), "\n"]).collect::<String>())
}

/// Appends to the addresses of the program in the page what tells this version from every other, so that no browser puts together files
/// of two versions.
fn stamp(dist: &Path) -> io::Result<()> {
    let index = dist.join("index.html");
    let mut hash = DefaultHasher::new();
    for file in program(dist) {
        hash.write(&fs::read(file)?);
    }
    let version = format!("?v={:016x}", hash.finish());
    let page = fs::read_to_string(&index)?;
    fs::write(&index, page.replace(".css\"", &format!(".css{version}\"")).replace(".js\"", &format!(".js{version}\"")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_for_other_pages_stays_within_five_kilobytes() {
        let script = std::env::temp_dir().join(format!("piecewise-embed-{}.js", std::process::id()));
        fs::write(&script, include_str!("../../../www/embed.js")).expect("a file can be written");
        shrink(&script).expect("it can be read and written");
        let size = fs::metadata(&script).map_or(u64::MAX, |script| script.len());
        fs::remove_file(&script).expect("it can be removed");
        assert!((3_000..=5_000).contains(&size), "{size} bytes");
    }

    #[test]
    fn a_part_is_weighed_with_what_all_parts_need_and_nothing_of_another() {
        let dist = std::env::temp_dir().join(format!("piecewise-parts-{}", std::process::id()));
        fs::create_dir_all(&dist).expect("a folder can be made");
        for file in ["index.html", "shell.js", "piecewise-a.js", "piecewise-a_bg.wasm", "piecewise-b.js", "poster.svg"]
        {
            fs::write(dist.join(file), "src=\"shell.js\"").expect("a file can be written");
        }
        let names = |files: &[PathBuf]| -> Vec<String> {
            files.iter().map(|file| file.file_name().unwrap_or_default().to_string_lossy().into_owned()).collect()
        };
        let parts: Vec<_> = parts(&dist).iter().map(|(name, files)| (name.clone(), names(files))).collect();
        stamp(&dist).expect("the page can be written");
        let page = fs::read_to_string(dist.join("index.html")).expect("the page is there");
        fs::remove_dir_all(&dist).expect("the folder can be removed");
        let list = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        assert_eq!(
            parts,
            [
                ("a".to_owned(), list(&["index.html", "shell.js", "piecewise-a.js", "piecewise-a_bg.wasm"])),
                ("b".to_owned(), list(&["index.html", "shell.js", "piecewise-b.js"])),
            ]
        );
        assert!(
            page.starts_with("src=\"shell.js?v=") && page.len() == "src=\"shell.js?v=0123456789abcdef\"".len(),
            "{page}"
        );
    }
}
