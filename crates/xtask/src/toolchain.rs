use std::{
    env,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    debian,
    task::{Task, announce, first_line},
    tool::{on_path, path_with},
    trouble::Trouble,
    workspace::Workspace,
};

/// The browser, in the compiler's words.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// Where Debian's compiler lives. It is looked for by its path: rustup's may come before it on PATH.
const DEBIAN_BIN: &str = "/usr/bin";
const DEBIAN_STD: &str = "/usr/lib/rustlib/src/rust/library/std/Cargo.toml";

/// The oldest compiler that the workspace takes, as its `rust-version` says.
const OLDEST: (u32, u32) = (1, 95);

/// By which way the program is compiled for the browser.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Route {
    /// The compiler comes with the standard library for WebAssembly, or rustup adds it.
    Rustup,
    /// Debian's compiler, and the standard library built from Debian's copy of its source.
    Debian,
}

impl Route {
    /// What `XTASK_TOOLCHAIN` asks for.
    ///
    /// # Errors
    /// When it asks for something that does not exist.
    pub(crate) fn wished() -> Result<Option<Self>, Trouble> {
        match env::var("XTASK_TOOLCHAIN").as_deref() {
            Err(_) | Ok("") => Ok(None),
            Ok("rustup") => Ok(Some(Self::Rustup)),
            Ok("debian") => Ok(Some(Self::Debian)),
            Ok(other) => Err(Trouble::new(
                format!("XTASK_TOOLCHAIN is `{other}`, which is no toolchain"),
                "set it to `rustup` or `debian`, or leave it out",
            )),
        }
    }

    /// Its name in `XTASK_TOOLCHAIN`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Rustup => "rustup",
            Self::Debian => "debian",
        }
    }
}

/// A compiler for the browser that is ready to be used.
#[derive(Clone, Debug)]
pub(crate) struct Toolchain {
    route: Route,
    linker: Option<PathBuf>,
    target: PathBuf,
}

impl Toolchain {
    /// Finds a compiler for the browser, or sets one up: by rustup where that can be, else from Debian's packages.
    ///
    /// # Errors
    /// When neither can be had; the sentence is the one of the route that was tried last.
    pub(crate) fn set_up(workspace: &Workspace, wish: Option<Route>) -> Result<Self, Trouble> {
        match wish {
            Some(Route::Rustup) => Self::set_up_rustup(workspace),
            Some(Route::Debian) => Self::set_up_debian(workspace),
            None => Self::set_up_rustup(workspace).or_else(|rustup| {
                eprintln!("   {rustup} Debian's packages are tried next.");
                Self::set_up_debian(workspace)
                    .map_err(|debian| if debian::permission() == debian::Permission::NoApt { rustup } else { debian })
            }),
        }
    }

    fn set_up_rustup(workspace: &Workspace) -> Result<Self, Trouble> {
        let toolchain = Self { route: Route::Rustup, linker: None, target: workspace.target() };
        if wasm_std().is_some() {
            return Ok(toolchain);
        }
        let by_hand = format!("run `rustup target add {WASM}` once");
        if on_path("rustup").is_none() {
            return Err(Trouble::new(
                format!("this compiler has no standard library for {WASM}, and there is no rustup to add it"),
                "install rustup from https://rustup.rs",
            ));
        }
        announce(&format!("Adding the target {WASM} by rustup: seconds, this once"));
        let mut command = outside_cargo("rustup");
        command.args(["target", "add", WASM]);
        if Task::new("adding the target", command).show()?.success && wasm_std().is_some() {
            return Ok(toolchain);
        }
        Err(Trouble::new(format!("rustup could not add the target {WASM}"), by_hand))
    }

    fn set_up_debian(workspace: &Workspace) -> Result<Self, Trouble> {
        let missing = missing_packages();
        if !missing.is_empty() {
            debian::install(&missing, "a compiler for the browser")?;
        }
        let linker = linker();
        if linker.is_none() || !missing_packages().is_empty() {
            return Err(Trouble::new(
                format!(
                    "Debian's {} did not bring a compiler of version {}.{} or later with its source",
                    missing.join(" "),
                    OLDEST.0,
                    OLDEST.1
                ),
                "install rustup from https://rustup.rs",
            ));
        }
        // A folder of its own: two compilers that share one rebuild everything at every change from one to the other.
        Ok(Self { route: Route::Debian, linker, target: workspace.target().join("debian") })
    }

    /// The route it came by.
    pub(crate) fn route(&self) -> Route {
        self.route
    }

    /// In words, for announcements.
    pub(crate) fn name(&self) -> &'static str {
        match self.route {
            Route::Rustup => "the toolchain's own standard library",
            Route::Debian => "Debian's compiler, standard library from source",
        }
    }

    /// Where its artefacts go.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// Lets a program, cargo or one that calls cargo, compile for the browser by this route. `tools` come first on PATH.
    pub(crate) fn apply(&self, command: &mut Command, tools: &[PathBuf]) {
        let mut folders = tools.to_vec();
        command.env("CARGO_TARGET_DIR", &self.target);
        if self.route == Route::Debian {
            // Trunk takes the first cargo on PATH.
            folders.push(PathBuf::from(DEBIAN_BIN));
            command.env("RUSTC", Path::new(DEBIAN_BIN).join("rustc"));
            command.env("RUSTDOC", Path::new(DEBIAN_BIN).join("rustdoc"));
            // Building the standard library is not yet a stable feature of cargo.
            command.env("RUSTC_BOOTSTRAP", "1");
            command.env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort");
            command.env_remove("RUSTUP_TOOLCHAIN");
            command.env_remove("LD_LIBRARY_PATH");
            if let Some(linker) = &self.linker {
                command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
            }
        }
        command.env("PATH", path_with(&folders));
    }
}

/// The standard library for WebAssembly that belongs to the compiler on PATH.
pub(crate) fn wasm_std() -> Option<PathBuf> {
    let folder = PathBuf::from(first_line("rustc", &["--print", "target-libdir", "--target", WASM])?);
    let mut files = fs::read_dir(&folder).ok()?.filter_map(Result::ok);
    files.any(|file| file.file_name().to_string_lossy().starts_with("libstd-")).then_some(folder)
}

/// What has to be installed before Debian's route can be taken.
pub(crate) fn missing_packages() -> Vec<&'static str> {
    let mut missing = Vec::new();
    let is_recent = |program: &str| {
        first_line(Path::new(DEBIAN_BIN).join(program), &["--version"])
            .as_deref()
            .and_then(version)
            .is_some_and(|version| version >= OLDEST)
    };
    if !is_recent("rustc") {
        missing.push("rustc-web");
    }
    if !is_recent("cargo") {
        missing.push("cargo-web");
    }
    if !Path::new(DEBIAN_STD).is_file() {
        missing.push("rust-web-src");
    }
    if linker().is_none() {
        missing.push("lld-19");
    }
    missing
}

/// A linker for WebAssembly: the one that comes with rustup's compiler, else LLVM's.
pub(crate) fn linker() -> Option<PathBuf> {
    let rust_lld = || {
        let sysroot = first_line("rustc", &["--print", "sysroot"])?;
        let host = first_line("rustc", &["--print", "host-tuple"])?;
        let program = Path::new(&sysroot).join("lib/rustlib").join(host).join("bin/rust-lld");
        program.is_file().then_some(program)
    };
    rust_lld()
        .or_else(|| ["wasm-ld-22", "wasm-ld-21", "wasm-ld-20", "wasm-ld-19", "wasm-ld"].into_iter().find_map(on_path))
}

/// A program without the variables that `cargo run` sets: they describe this program and mislead another cargo.
pub(crate) fn outside_cargo(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        let is_own = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"]
            .iter()
            .any(|prefix| name.starts_with(prefix));
        if is_own || ["CARGO", "CARGO_PRIMARY_PACKAGE", "RUST_RECURSION_COUNT"].contains(&&*name) {
            command.env_remove(&*name);
        }
    }
    command
}

/// The major and minor number in "rustc 1.96.0 (built from a source tarball)".
fn version(line: &str) -> Option<(u32, u32)> {
    let mut numbers = line.split_whitespace().nth(1)?.split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compilers_say_their_version_in_the_second_word() {
        assert_eq!(version("rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball)"), Some((1, 96)));
        assert_eq!(version("cargo 1.96.0"), Some((1, 96)));
        assert_eq!(version("sh: rustc: not found"), None);
        assert!(version("rustc 1.63.0").is_some_and(|version| version < OLDEST));
    }

    #[test]
    fn the_oldest_compiler_is_the_one_the_workspace_names() {
        let manifest =
            fs::read_to_string(Workspace::here().root().join("Cargo.toml")).expect("the workspace has a manifest");
        assert!(manifest.contains(&format!("rust-version = \"{}.{}\"", OLDEST.0, OLDEST.1)));
    }

    #[test]
    fn debian_s_route_leaves_nothing_of_rustup_in_the_way() {
        let toolchain =
            Toolchain { route: Route::Debian, linker: Some("wasm-ld-19".into()), target: "target/debian".into() };
        let mut command = outside_cargo("trunk");
        toolchain.apply(&mut command, &["/tools".into()]);
        let set: Vec<_> = command.get_envs().collect();
        assert!(set.contains(&("RUSTUP_TOOLCHAIN".as_ref(), None)));
        assert!(set.contains(&("CARGO_UNSTABLE_BUILD_STD".as_ref(), Some("std,panic_abort".as_ref()))));
        let path = set.iter().find(|(name, _)| *name == "PATH").and_then(|(_, value)| *value).expect("a PATH");
        assert_eq!(
            env::split_paths(path).take(2).collect::<Vec<_>>(),
            [PathBuf::from("/tools"), PathBuf::from(DEBIAN_BIN)]
        );
    }
}
