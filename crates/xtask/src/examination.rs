use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use crate::{
    browser::Browser,
    debian,
    npm::NpmPackage,
    page::Workshop,
    single::{self, Choice},
    slides,
    tally::Tally,
    task::{Outcome, Task, announce, first_line, seconds},
    tool::{on_path, path_with},
    toolchain::{Route, outside_cargo},
    trouble::Trouble,
    walls::WALLS,
    weight::{BUDGET, Weight},
    workspace::Workspace,
};

/// Every test of the project, one step after the other. A step that fails does not keep the others from being made.
#[derive(Debug)]
pub(crate) struct Examination {
    workspace: Workspace,
    wish: Option<Route>,
    steps: Vec<Step>,
}

#[derive(Debug)]
struct Step {
    name: String,
    tally: Tally,
    duration: Duration,
    note: String,
}

/// What a step has found: its counts, and a word about them.
type Finding = Result<(Tally, String), Trouble>;

/// Whether this is a machine that is to judge, where a check that cannot be made must not go unnoticed.
pub(crate) fn is_judging() -> bool {
    env::var("CI").is_ok_and(|value| !value.is_empty() && value != "false" && value != "0")
}

impl Examination {
    /// Makes every step, shows the table, and ends with the counts alone on the last line. `true` when nothing failed.
    pub(crate) fn make(workspace: &Workspace, wish: Option<Route>, every_route: bool) -> bool {
        let mut examination = Self { workspace: workspace.clone(), wish, steps: Vec::new() };
        examination.make_all(every_route || is_judging());
        examination.show();
        examination.sum().failed == 0
    }

    fn make_all(&mut self, every_route: bool) {
        let workspace = self.workspace.clone();
        let wish = self.wish;

        let mut workshop = None;
        self.step("tools", || {
            let ready = Workshop::set_up(&workspace, wish)?;
            let note = format!("{} route", ready.toolchain().route().name());
            workshop = Some(ready);
            Ok((Tally::PASSED, note))
        });

        self.step("format", || {
            ready_component("fmt", "rustfmt", "rustfmt-web")?;
            check(cargo(&workspace).args(["fmt", "--all", "--check"]), "comparing the format")
        });
        let mut has_clippy = Ok(());
        self.step("lints", || {
            has_clippy = ready_component("clippy", "clippy", "rust-web-clippy");
            has_clippy.clone()?;
            let mut command = cargo(&workspace);
            command.args([
                "clippy",
                "--workspace",
                "--all-targets",
                "--features",
                "piecewise-tests/e2e",
                "--",
                "-D",
                "warnings",
            ]);
            check(&mut command, "looking for lints")
        });
        self.step("lints without browser", || {
            has_clippy.clone()?;
            // By themselves: beside the page, its features would hide what is missing without them.
            let mut command = cargo(&workspace);
            command.args([
                "clippy",
                "-p",
                "piecewise-core",
                "-p",
                "piecewise-plot",
                "-p",
                "piecewise-exhibits",
                "-p",
                "piecewise-share",
                "-p",
                "piecewise-cli",
            ]);
            check(command.args(["--", "-D", "warnings"]), "looking for lints")
        });
        if let Some(workshop) = &workshop {
            self.step("lints for the browser", || {
                has_clippy.clone()?;
                if workshop.toolchain().route() == Route::Debian && !Path::new("/usr/bin/cargo-clippy").is_file() {
                    return Ok((
                        Tally::SKIPPED,
                        "Debian's compiler has no clippy here (package rust-web-clippy)".to_owned(),
                    ));
                }
                let mut command = cargo(&workspace);
                command.args([
                    "clippy",
                    "--target",
                    "wasm32-unknown-unknown",
                    "-p",
                    "piecewise-app",
                    "-p",
                    "piecewise-widgets",
                ]);
                if workspace.root().join("crates/worker/Cargo.toml").is_file() {
                    command.args(["-p", "piecewise-worker"]);
                }
                command.args(["--", "-D", "warnings"]);
                workshop.toolchain().apply(&mut command, &[]);
                check(&mut command, "looking for lints")
            });
        }

        for wall in WALLS {
            let step = format!("wall around {}", wall.folder);
            self.step(&step, || match wall.breaches(&workspace)? {
                None => Ok((Tally::default(), "no such crate yet".to_owned())),
                Some(breaches) => Ok((Tally::of_check(breaches.is_empty()), breaches.join(", "))),
            });
        }

        self.step("native tests", || {
            let mut command = cargo(&workspace);
            if has_nextest() {
                command.args(["nextest", "run", "--no-fail-fast", "--workspace"]);
            } else {
                command.args(["test", "--no-fail-fast", "--workspace", "--lib", "--bins", "--tests"]);
            }
            tests(command, "running the native tests")
        });
        self.step("examples in the docs", || {
            let mut command = cargo(&workspace);
            command.args(["test", "--no-fail-fast", "--workspace", "--doc"]);
            tests(command, "running the examples of the documentation")
        });

        let Some(workshop) = workshop else {
            let note = "the tools are missing";
            for name in [
                "tests in the browser",
                "page",
                "weight of the page",
                "single file",
                "end to end",
                "end to end in Firefox",
            ] {
                self.step(name, || Ok((Tally::FAILED, note.to_owned())));
            }
            return;
        };
        let browser = Browser::find_or_install();
        self.unit_tests(&workshop, browser.as_ref());
        let dist = workspace.dist();
        let mut is_built = false;
        self.step("page", || {
            is_built = workshop.build(&dist)?.success;
            let optimized = if is_built { workshop.finish(&dist).err() } else { None };
            Ok((Tally::of_check(is_built), optimized.map_or_else(String::new, |trouble| trouble.to_string())))
        });
        self.step("weight of the page", || {
            if !is_built {
                return Ok((Tally::FAILED, "there is no page".to_owned()));
            }
            let (weight, part) = Weight::of_page(&dist)?;
            Ok((Tally::of_check(weight.sent <= BUDGET), format!("{weight} for {part}, of {} kB", BUDGET / 1000)))
        });
        self.step("single file", || {
            let choice = Choice::of(&[], &workspace)?;
            let (_, bytes) = single::write(&workspace, &workshop, &choice, &dist)?;
            let note = format!("{} kB, of {} kB", bytes / 1000, single::MOST / 1000);
            Ok((Tally::of_check(bytes <= single::MOST), note))
        });
        self.step("end to end", || {
            if !is_built {
                return Ok((Tally::FAILED, "there is no page".to_owned()));
            }
            end_to_end(&workspace, &dist, browser.as_ref().map_err(Clone::clone)?, &[])
        });
        self.step("end to end in Firefox", || {
            if !is_built {
                return Ok((Tally::FAILED, "there is no page".to_owned()));
            }
            end_to_end(&workspace, &dist, &Browser::find_or_install_firefox(&workspace)?, &IN_FIREFOX)
        });
        if every_route {
            self.other_route(workshop.toolchain().route());
        }
    }

    fn unit_tests(&mut self, workshop: &Workshop, browser: Result<&Browser, &Trouble>) {
        let workspace = self.workspace.clone();
        for package in workspace.packages_with("tests/web.rs") {
            self.step(&format!("{package} in the browser"), || {
                let browser = browser.map_err(Clone::clone)?;
                let mut command = cargo(&workspace);
                command.args(["test", "--target", "wasm32-unknown-unknown", "--test", "web", "--package", &package]);
                workshop.toolchain().apply(&mut command, &[]);
                command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", workshop.test_runner());
                command.env("CHROMEDRIVER", &browser.driver).env("WASM_BINDGEN_TEST_ONLY_WEB", "1");
                tests(command, "running unit tests in the browser")
            });
        }
    }

    /// Builds the page by the route that has not been taken yet, where that can be had.
    fn other_route(&mut self, taken: Route) {
        let other = match taken {
            Route::Rustup => Route::Debian,
            Route::Debian => Route::Rustup,
        };
        let workspace = self.workspace.clone();
        self.step(&format!("page by {}", other.name()), || {
            let workshop = match Workshop::set_up(&workspace, Some(other)) {
                Ok(workshop) => workshop,
                Err(trouble) => return Ok((Tally::SKIPPED, trouble.to_string())),
            };
            let dist = workshop.toolchain().target().join("dist");
            let success = workshop.build(&dist)?.success;
            let note = if success { Weight::of_page(&dist)?.0.to_string() } else { String::new() };
            Ok((Tally::of_check(success), note))
        });
    }

    fn step(&mut self, name: &str, make: impl FnOnce() -> Finding) {
        announce(&format!("Test: {name}"));
        let start = Instant::now();
        let (tally, note) = make().unwrap_or_else(|trouble| {
            // At somebody's desk, what cannot be had is said and left out.
            let tally = if is_judging() || name == "tools" { Tally::FAILED } else { Tally::SKIPPED };
            (tally, trouble.to_string())
        });
        let duration = start.elapsed();
        let verdict = if tally.failed > 0 { "FAILED" } else { "done" };
        eprintln!("   {verdict}, {}{}{note}", seconds(duration), if note.is_empty() { "" } else { ": " });
        self.steps.push(Step { name: name.to_owned(), tally, duration, note });
    }

    fn sum(&self) -> Tally {
        self.steps.iter().map(|step| step.tally).sum()
    }

    fn show(&self) {
        let width = self.steps.iter().map(|step| step.name.chars().count()).max().unwrap_or(0);
        println!("\n{:width$}  {:>12}  {:>6}  {:>6}  {:>7}", "step", "time", "passed", "failed", "skipped");
        for Step { name, tally, duration, note } in &self.steps {
            let Tally { passed, failed, skipped } = tally;
            let line =
                format!("{name:width$}  {:>12}  {passed:>6}  {failed:>6}  {skipped:>7}  {note}", seconds(*duration));
            println!("{}", line.trim_end());
        }
        println!("\n{}", self.sum());
    }
}

/// What looks over the pages for what keeps people from using them.
const AXE: NpmPackage = NpmPackage::new("axe-core", "4.14.1", "the rules of accessibility");

/// What a second engine is asked: that every exhibit opens and draws, and that everything works in frames and decks. What the tests
/// of one exhibit find out does not depend on the browser. In a sandboxed frame of a page on the disk, Firefox lets nobody change the
/// address, and so a host cannot set the state there: that test is Chromium's alone.
const IN_FIREFOX: [&str; 9] = [
    "embedding::",
    "every_exhibit::",
    "neural_field::leaving",
    "neural_field::one_worker",
    "neural_field_files::",
    "single::after_a_crash",
    "single::it_opens",
    "single::its_contents",
    "slides::",
];

/// Runs the tests in a real browser, against the built page: all of them, or those whose names hold one of these.
fn end_to_end(workspace: &Workspace, dist: &Path, browser: &Browser, names: &[&str]) -> Finding {
    eprintln!("   in {}", browser.name());
    let mut command = cargo(workspace);
    // One after the other: they measure frames, and two browsers on two cores would measure each other.
    let selection = ["--package", "piecewise-tests", "--features", "e2e", "--test", "e2e*"];
    if has_nextest() {
        command
            .args(["nextest", "run", "--no-fail-fast", "--test-threads=1", "--success-output=final"])
            .args(selection)
            .args(names);
    } else {
        command.args(["test", "--no-fail-fast"]).args(selection).args(["--", "--test-threads=1", "--show-output"]);
        command.args(names);
    }
    command.env("PIECEWISE_DIST", dist).env("PIECEWISE_ENGINE", browser.engine);
    let axe = AXE.find_or_install(workspace, "axe-core/axe.min.js");
    if let Ok(axe) = &axe {
        command.env("PIECEWISE_AXE", axe);
    }
    let driver = browser.driver.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if let (None, Some(folder)) = (on_path(driver), browser.driver.parent()) {
        command.env("PATH", path_with(&[folder.to_path_buf()]));
    }
    // Browsers leave their profiles behind when a test fails; so all of them are put into one folder that goes afterwards.
    let litter = env::temp_dir().join(format!("piecewise-{}", std::process::id()));
    if fs::create_dir_all(&litter).is_ok() {
        command.env("TMPDIR", &litter);
    }
    let mut finding = tests(command, "running the tests in the browser");
    // Tests of what is not here have passed without looking.
    let not_looked = [
        axe.err().map(|trouble| format!("accessibility was not looked at: {trouble}")),
        (!slides::are_in(dist))
            .then(|| "not all demo decks were looked at: npm did not bring what shows them".to_owned()),
    ];
    if let Ok((tally, note)) = &mut finding {
        for missing in not_looked.into_iter().flatten() {
            *note = if note.is_empty() { missing } else { format!("{note} {missing}") };
            *tally = *tally + if is_judging() { Tally::FAILED } else { Tally::SKIPPED };
        }
    }
    // What a browser still holds open stays; it is in the folder of temporary files.
    let _ = fs::remove_dir_all(&litter);
    finding
}

fn cargo(workspace: &Workspace) -> Command {
    let mut command = outside_cargo("cargo");
    command.current_dir(workspace.root());
    command
}

fn has_nextest() -> bool {
    on_path("cargo-nextest").is_some()
}

fn check(command: &mut Command, label: &str) -> Finding {
    let command = std::mem::replace(command, Command::new(""));
    let Outcome { success, .. } = Task::new(label, command).show()?;
    Ok((Tally::of_check(success), String::new()))
}

fn tests(command: Command, label: &str) -> Finding {
    let outcome = Task::new(label, command).show()?;
    Ok((Tally::of_run(outcome.success, outcome.lines()), String::new()))
}

/// Sees to it that a part of the toolchain that not every toolchain brings is here.
fn ready_component(subcommand: &str, rustup: &str, debian: &str) -> Result<(), Trouble> {
    let is_here = || first_line("cargo", &[subcommand, "--version"]).is_some();
    if is_here() {
        return Ok(());
    }
    if on_path("rustup").is_some() {
        announce(&format!("Adding {rustup} by rustup: seconds, this once"));
        let mut command = outside_cargo("rustup");
        command.args(["component", "add", rustup]);
        Task::new(format!("adding {rustup}"), command).show()?;
    } else if on_path("cargo") == Some(PathBuf::from("/usr/bin/cargo")) {
        debian::install(&[debian], rustup)?;
    }
    if is_here() {
        return Ok(());
    }
    Err(Trouble::new(
        format!("this toolchain has no {rustup}"),
        format!("run `rustup component add {rustup}`, or install Debian's {debian}"),
    ))
}
