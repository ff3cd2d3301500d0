//! `cargo xtask serve | build | test | doctor`: the commands of the README. They set up what is missing, and say so.

mod command;
mod debian;
mod page;
mod serve;
mod task;
mod tool;
mod toolchain;
mod trouble;
mod weight;
mod workspace;

use std::{env, process::ExitCode};

use crate::{
    command::{Command, HELP},
    page::{Workshop, shell},
    toolchain::Route,
    trouble::Trouble,
    weight::Weight,
    workspace::Workspace,
};

fn main() -> ExitCode {
    match Command::parse(env::args_os().skip(1)).and_then(run) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(trouble) => {
            eprintln!("\n{trouble}");
            ExitCode::FAILURE
        }
    }
}

/// `true` when everything is well.
fn run(command: Command) -> Result<bool, Trouble> {
    let workspace = Workspace::here();
    match command {
        Command::Help => {
            print!("{HELP}");
            Ok(true)
        }
        Command::Serve { port } => serve::serve(&workspace, Route::wished()?, port).map(|()| true),
        Command::Build => build(&workspace),
        Command::Test { .. } | Command::Doctor => Ok(false),
    }
}

fn build(workspace: &Workspace) -> Result<bool, Trouble> {
    let workshop = Workshop::set_up(workspace, Route::wished()?)?;
    if !workshop.build(&workspace.dist())?.success {
        return Err(Trouble::new("the page could not be built, as told above", "mend that and run the command again"));
    }
    let files = shell(&workspace.dist());
    let weight = Weight::of(&files).map_err(|error| {
        Trouble::new(format!("dist/ cannot be read ({error})"), "look at who owns it, and build again")
    })?;
    println!("\nThe page is in {}: {weight}.", workspace.dist().display());
    Ok(true)
}
