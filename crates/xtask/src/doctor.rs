use crate::{
    browser::Browser,
    debian::{self, Permission},
    optimizer::Optimizer,
    task::first_line,
    tool::{Tool, on_path},
    toolchain::{Route, linker, missing_packages, wasm_std},
    trouble::Trouble,
    workspace::Workspace,
};

/// Says what is here, what is missing, and what to do about it. Installs nothing. `true` when the page can be built here, be it
/// after an installation that the other commands make by themselves.
pub(crate) fn examine(workspace: &Workspace) -> Result<bool, Trouble> {
    let wish = Route::wished()?;
    let permission = debian::permission();
    let may_install = matches!(permission, Permission::Root | Permission::Sudo);

    line("compiler", &first_line("rustc", &["--version"]).unwrap_or_else(|| "none on PATH".to_owned()));
    line("cargo", &first_line("cargo", &["--version"]).unwrap_or_else(|| "none on PATH".to_owned()));
    line("rustup", &first_line("rustup", &["--version"]).unwrap_or_else(|| "none, which is no fault".to_owned()));
    let packages = match permission {
        Permission::Root => "may be installed: this is root",
        Permission::Sudo => "may be installed by sudo, without a password",
        Permission::NoApt => "this machine has no apt",
        Permission::Denied => "may not be installed without a password",
    };
    line("Debian's packages", packages);

    let by_rustup = match (wasm_std(), on_path("rustup")) {
        (Some(folder), _) => Ok(format!("ready: {}", folder.display())),
        (None, Some(_)) => Ok("missing, and will be added by rustup".to_owned()),
        (None, None) => Err("missing, and there is no rustup to add it".to_owned()),
    };
    let missing = missing_packages();
    let list = missing.join(" ");
    let by_debian = match (missing.is_empty(), may_install) {
        (true, _) => {
            let compiler = first_line("/usr/bin/rustc", &["--version"]).unwrap_or_default();
            let linker = linker().map(|linker| linker.display().to_string()).unwrap_or_default();
            Ok(format!("ready: {compiler}, linked by {linker}"))
        }
        (false, true) => Ok(format!("missing, and will be installed: {list}")),
        (false, false) => Err(format!("missing: run `sudo apt-get install {list}` once")),
    };
    line("wasm by rustup", by_rustup.as_ref().unwrap_or_else(|missing| missing));
    line("wasm by Debian", by_debian.as_ref().unwrap_or_else(|missing| missing));
    let route = match wish {
        Some(route) => {
            let state = if route == Route::Rustup { &by_rustup } else { &by_debian };
            state.is_ok().then(|| format!("{}, as XTASK_TOOLCHAIN says", route.name()))
        }
        None if by_rustup.is_ok() => Some("rustup; if that fails, debian".to_owned()),
        None if by_debian.is_ok() => Some("debian".to_owned()),
        None => None,
    };
    line("route", route.as_deref().unwrap_or("none: install rustup from https://rustup.rs"));

    for tool in [Tool::trunk(), Tool::wasm_bindgen(workspace)?] {
        let state = tool.find(workspace).map_or_else(
            || format!("missing, and will be built from source, {}", tool.expected()),
            |program| format!("ready: {}", program.display()),
        );
        line(&tool.name(), &state);
    }
    let optimizer = match (Optimizer::find(workspace), on_path("npm")) {
        (Some(optimizer), _) => format!("ready: {}", optimizer.name()),
        (None, Some(_)) => "missing, and will be fetched by npm".to_owned(),
        (None, None) => "missing, and there is no npm: the page is built without it, a little larger".to_owned(),
    };
    line("wasm-opt", &optimizer);
    let browser = match (Browser::find(), may_install) {
        (Some(browser), _) => format!("ready: {}", browser.name()),
        (None, true) => "missing, and will be installed for the tests: chromium chromium-driver".to_owned(),
        (None, false) => {
            "missing: the tests in the browser will be left out; install Chromium and chromedriver for them".to_owned()
        }
    };
    line("browser", &browser);
    let second = match (Browser::find_firefox(workspace), may_install) {
        (Some(browser), _) => format!("ready: {}", browser.name()),
        (None, true) => "missing in part, and will be installed for the tests: firefox-esr, geckodriver".to_owned(),
        (None, false) => {
            "missing in part: the tests in Firefox will be left out; install Firefox and geckodriver for them"
                .to_owned()
        }
    };
    line("second browser", &second);
    let nextest = first_line("cargo-nextest", &["nextest", "--version"]);
    line("nextest", &nextest.unwrap_or_else(|| "none: `cargo test` is used instead, which is no fault".to_owned()));

    println!();
    if route.is_some() {
        println!("`cargo xtask serve` will work here.");
    } else {
        println!("`cargo xtask serve` will not work here until there is a route.");
    }
    Ok(route.is_some())
}

fn line(what: &str, state: &str) {
    println!("{what:24}  {state}");
}
