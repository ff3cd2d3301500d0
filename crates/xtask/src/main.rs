//! `cargo xtask serve | build | single | test | doctor`: the commands of the README. They set up what is missing, and say so.

mod browser;
mod command;
mod debian;
mod doctor;
mod examination;
mod npm;
mod optimizer;
mod page;
mod serve;
mod single;
mod slides;
mod tally;
mod task;
mod tool;
mod toolchain;
mod trouble;
mod walls;
mod weight;
mod workspace;

use std::{env, process::ExitCode};

use crate::{
    command::{Command, HELP},
    examination::Examination,
    page::Workshop,
    single::Choice,
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
        Command::Single { exhibits } => single(&workspace, &exhibits),
        Command::Test { every_route } => Ok(Examination::make(&workspace, Route::wished()?, every_route)),
        Command::Doctor => doctor::examine(&workspace),
    }
}

fn build(workspace: &Workspace) -> Result<bool, Trouble> {
    let workshop = Workshop::set_up(workspace, Route::wished()?)?;
    if !workshop.build(&workspace.dist())?.success {
        return Err(Trouble::new("the page could not be built, as told above", "mend that and run the command again"));
    }
    if let Err(trouble) = workshop.finish(&workspace.dist()) {
        eprintln!("   {trouble}");
    }
    let (weight, part) = Weight::of_page(&workspace.dist())?;
    println!("\nThe page is in {}: {weight} for its heaviest part, {part}.", workspace.dist().display());
    Ok(true)
}

fn single(workspace: &Workspace, exhibits: &[String]) -> Result<bool, Trouble> {
    // Before minutes of work, not after them.
    let choice = Choice::of(exhibits, workspace)?;
    let workshop = Workshop::set_up(workspace, Route::wished()?)?;
    let (file, bytes) = single::write(workspace, &workshop, &choice, &workspace.dist())?;
    println!("\nThe file is {}: {:.0} kB.", file.display(), bytes as f64 / 1000.0);
    if bytes <= single::MOST {
        return Ok(true);
    }
    eprintln!("   that is more than the {} kB it may weigh", single::MOST / 1000);
    Ok(false)
}
