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
        self.draw_posters()?;
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

    /// Compiles one program of a crate by itself, for a page that loads nothing. Its `.js` and its `.wasm` lie beside each other under the
    /// path that is given back.
    ///
    /// # Errors
    /// When there is something to mend in the code. A program that could not be made smaller is good all the same.
    pub(crate) fn program(&self, folder: &str, name: &str) -> Result<PathBuf, Trouble> {
        announce(&format!("Building the program {name} for size, by {}: 1 to 4 minutes", self.toolchain.name()));
        let failed =
            || Trouble::new("the program could not be built, as told above", "mend that and run the command again");
        let mut cargo = outside_cargo("cargo");
        cargo.current_dir(self.workspace.root().join("crates").join(folder));
        cargo.args(["build", "--profile", "single", "--target", WASM, "--offline"]);
        // A library has its own name, a program is one of several.
        let built = if folder == "app" {
            cargo.args(["--bin", name]);
            format!("{name}.wasm")
        } else {
            format!("{}.wasm", name.replace('-', "_"))
        };
        self.toolchain.apply(&mut cargo, &[]);
        if !Task::new("building the program", cargo).show()?.success {
            return Err(failed());
        }
        let target = self.toolchain.target();
        let bound = target.join("bound");
        let mut bindgen = outside_cargo(&self.wasm_bindgen);
        bindgen.args(["--target", "no-modules", "--no-typescript", "--out-name", name]);
        bindgen.arg("--out-dir").arg(&bound).arg(target.join(WASM).join("single").join(built));
        if !Task::new("binding the program to the page", bindgen).show()?.success {
            return Err(failed());
        }
        let program = bound.join(name);
        let wasm = program.with_extension("wasm");
        fs::rename(bound.join(format!("{name}_bg.wasm")), &wasm).map_err(|_| failed())?;
        if let Err(trouble) =
            Optimizer::find_or_install(&self.workspace).and_then(|it| it.optimize(&wasm, &["-Oz", "--converge"]))
        {
            eprintln!("   {trouble}");
        }
        Ok(program)
    }

    /// Makes the program of a built page smaller, and tells its files apart from those of other versions.
    ///
    /// # Errors
    /// When the optimizer, or what shows a demo deck, cannot be had here. The page is good without it.
    pub(crate) fn finish(&self, dist: &Path) -> Result<(), Trouble> {
        let kind = |file: &&PathBuf| file.extension().is_some_and(|kind| kind == "wasm");
        let optimized = Optimizer::find_or_install(&self.workspace).and_then(|optimizer| {
            program(dist).iter().filter(kind).try_for_each(|wasm| optimizer.optimize(wasm, &["-O2", "--converge"]))
        });
        TEXTS.iter().try_for_each(|text| shrink(&dist.join(text))).and_then(|()| stamp(dist)).map_err(|error| {
            Trouble::new(format!("the page cannot be written ({error})"), "look at who owns dist/, and build again")
        })?;
        optimized.and(slides::write(&self.workspace, dist))
    }

    /// Draws the pictures of the exhibits: the cards of the contents, and posters under names that stay, for hosts that show them first
    /// or nothing else. They lie in `www/exhibits`, from where Trunk copies them into the page, however often it builds it.
    ///
    /// # Errors
    /// When there is something to mend in the code. The page works without them.
    pub(crate) fn draw_posters(&self) -> Result<(), Trouble> {
        let drawn =
            fs::read_dir(self.workspace.root().join("www/exhibits")).into_iter().flatten().filter_map(Result::ok);
        for folder in drawn.map(|entry| entry.path()).filter(|path| path.is_dir()) {
            // What an earlier build has drawn may be of an exhibit that is no more.
            let _ = fs::remove_dir_all(folder);
        }
        let mut command = outside_cargo("cargo");
        command.current_dir(self.workspace.root());
        command.args(["run", "--quiet", "--package", "piecewise-cli", "--", "posters"]).arg("www/exhibits");
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
        stem.is_some_and(|stem| ["embed", "embedding", "frame", "worker"].contains(&stem))
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

/// The page's own scripts and style sheets.
const TEXTS: [&str; 7] = ["embed.js", "shell.js", "notice.js", "frame.js", "worker.js", "style.css", "tokens.css"];

/// Makes a script or a style sheet smaller, in place.
fn shrink(file: &Path) -> io::Result<()> {
    fs::write(file, shrunk(&fs::read_to_string(file)?))
}

/// Takes out what a browser does not read: the white space at the beginnings of lines, and comments that have lines of their own.
pub(crate) fn shrunk(text: &str) -> String {
    let is_read =
        |line: &&str| !(line.is_empty() || line.starts_with("//") || line.starts_with("/*") && line.ends_with("*/"));
    text.lines().map(str::trim_start).filter(is_read).flat_map(|line| [line, "\n"]).collect()
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
