//! What a crate may never depend on, however indirectly. `cargo tree` is asked, so that an architecture is not a hope.

use crate::{task::Task, toolchain::outside_cargo, trouble::Trouble, workspace::Workspace};

/// What must not be among the dependencies of a package, development dependencies aside.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wall {
    /// The folder under `crates/`.
    pub(crate) folder: &'static str,
    /// Packages by name; one that ends in `*` stands for all that begin so.
    packages: &'static [&'static str],
    /// Features of packages.
    features: &'static [(&'static str, &'static str)],
    /// Where the package is compiled for. On wasm32, plotters draws in web-sys of its own accord, so that crates which draw are
    /// judged as they are compiled for the command line.
    targets: &'static [&'static str],
}

/// With `std`, nalgebra chooses its kernels at run time, and sums come out differently from machine to machine.
const RUN_TIME_KERNELS: (&str, &str) = ("nalgebra", "std");

/// Fonts are the browser's or the reader's business.
const FONTS: (&str, &str) = ("plotters", "ttf");

const NATIVE: &[&str] = &[];
const WASM: &[&str] = &["wasm32-unknown-unknown"];
const BOTH: &[&str] = &["", "wasm32-unknown-unknown"];

/// All of them. A crate that does not exist yet has its wall waiting.
pub(crate) const WALLS: [Wall; 10] = [
    Wall {
        folder: "core",
        packages: &[
            "plotters*",
            "yew*",
            "web-sys",
            "js-sys",
            "wasm-bindgen*",
            "gloo*",
            "rand",
            "getrandom",
            "font-kit",
            "ttf-parser",
        ],
        features: &[RUN_TIME_KERNELS],
        targets: BOTH,
    },
    Wall {
        folder: "network-file",
        packages: &["piecewise-plot", "plotters*", "yew*", "web-sys", "wasm-bindgen"],
        features: &[RUN_TIME_KERNELS],
        targets: BOTH,
    },
    Wall {
        folder: "plot",
        packages: &["yew*", "web-sys", "gloo*", "font-kit", "ttf-parser"],
        features: &[FONTS, RUN_TIME_KERNELS],
        targets: NATIVE,
    },
    Wall {
        folder: "exhibits",
        packages: &["yew*", "web-sys", "wasm-bindgen", "js-sys", "gloo*", "font-kit", "ttf-parser"],
        features: &[FONTS, RUN_TIME_KERNELS],
        targets: NATIVE,
    },
    Wall {
        folder: "share",
        packages: &[
            "piecewise-core",
            "piecewise-plot",
            "piecewise-exhibits",
            "piecewise-widgets",
            "plotters*",
            "yew*",
            "web-sys",
            "wasm-bindgen",
        ],
        features: &[],
        targets: BOTH,
    },
    Wall {
        folder: "widgets",
        packages: &["piecewise-exhibits", "font-kit", "ttf-parser"],
        features: &[FONTS, RUN_TIME_KERNELS],
        targets: WASM,
    },
    Wall { folder: "worker", packages: &["yew*", "plotters-canvas"], features: &[RUN_TIME_KERNELS], targets: WASM },
    Wall { folder: "app", packages: &["font-kit", "ttf-parser"], features: &[FONTS, RUN_TIME_KERNELS], targets: WASM },
    Wall {
        folder: "cli",
        packages: &["yew*", "web-sys", "wasm-bindgen"],
        features: &[RUN_TIME_KERNELS],
        targets: NATIVE,
    },
    Wall {
        folder: "unpack",
        packages: &["piecewise-core", "piecewise-plot", "piecewise-exhibits", "yew*", "web-sys", "js-sys", "serde*"],
        features: &[],
        targets: WASM,
    },
];

impl Wall {
    /// What has got through, as sentences; none when the wall stands. `None` when there is no such crate.
    ///
    /// # Errors
    /// When cargo cannot say.
    pub(crate) fn breaches(&self, workspace: &Workspace) -> Result<Option<Vec<String>>, Trouble> {
        if !workspace.root().join("crates").join(self.folder).join("Cargo.toml").is_file() {
            return Ok(None);
        }
        let targets = if self.targets.is_empty() { &[""] } else { self.targets };
        let mut breaches = Vec::new();
        for target in targets {
            let mut command = outside_cargo("cargo");
            command.current_dir(workspace.root());
            command.args(["tree", "--edges", "normal", "--prefix", "none", "--format", "{p} [{f}]", "--package"]);
            command.arg(format!("piecewise-{}", self.folder));
            if !target.is_empty() {
                command.args(["--target", target]);
            }
            let tree = Task::new("asking cargo for the tree of dependencies", command).quiet()?;
            if !tree.success {
                let said = tree.lines.last().cloned().unwrap_or_default();
                return Err(Trouble::new(format!("cargo tree does not answer: {said}"), "mend the manifests"));
            }
            breaches.extend(self.breaches_in(tree.lines()));
        }
        breaches.sort();
        breaches.dedup();
        Ok(Some(breaches))
    }

    fn breaches_in<'a>(&self, tree: impl IntoIterator<Item = &'a str>) -> Vec<String> {
        let mut breaches = Vec::new();
        for line in tree {
            let Some((package, rest)) = line.split_once(' ') else { continue };
            if self.packages.iter().any(|pattern| matches(pattern, package)) {
                breaches.push(format!("{} depends on {package}", self.folder));
            }
            let features = rest.split_once('[').and_then(|(_, list)| list.split_once(']')).map_or("", |(list, _)| list);
            for (owner, feature) in self.features {
                if *owner == package && features.split(',').any(|enabled| enabled == *feature) {
                    breaches.push(format!("{} turns on {feature} of {package}", self.folder));
                }
            }
        }
        breaches
    }
}

fn matches(pattern: &str, package: &str) -> bool {
    pattern.strip_suffix('*').map_or(package == pattern, |start| package.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wall(folder: &str) -> Wall {
        *WALLS.iter().find(|wall| wall.folder == folder).expect("a wall of this name")
    }

    #[test]
    fn the_mathematics_knows_no_browser_and_no_kernels_chosen_at_run_time() {
        let tree = [
            "piecewise-core v0.1.0 (/somewhere/crates/core) []",
            "nalgebra v0.35.0 [alloc,libm]",
            "rand_xoshiro v0.8.1 []",
            "libm v0.2.16 [arch,default]",
        ];
        assert!(wall("core").breaches_in(tree).is_empty());
        let tree = ["nalgebra v0.35.0 [alloc,libm,std]", "plotters-backend v0.3.7 []", "rand v0.9.0 [std] (*)"];
        assert_eq!(
            wall("core").breaches_in(tree),
            ["core turns on std of nalgebra", "core depends on plotters-backend", "core depends on rand"]
        );
    }

    #[test]
    fn drawing_brings_no_fonts() {
        let tree = ["plotters v0.3.7 [svg_backend,ttf]", "font-kit v0.14.2 []"];
        assert_eq!(wall("plot").breaches_in(tree), ["plot turns on ttf of plotters", "plot depends on font-kit"]);
    }

    #[test]
    fn widgets_know_no_exhibit_and_exhibits_no_widget_s_yew() {
        assert_eq!(
            wall("widgets").breaches_in(["piecewise-exhibits v0.1.0 []"]),
            ["widgets depends on piecewise-exhibits"]
        );
        assert_eq!(
            wall("exhibits").breaches_in(["yew-macro v0.23.0 (proc-macro) []"]),
            ["exhibits depends on yew-macro"]
        );
    }
}
