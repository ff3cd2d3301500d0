//! `piecewise`: linear regions as JSON, exhibits as pictures, without a browser.

mod address;
mod picture;
mod posters;
mod region_report;
mod render;
mod trouble;

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::ExitCode,
};

use lexopt::prelude::*;
use piecewise_exhibits::EXHIBITS;
use piecewise_network_file::{Corners, NetworkFile, SliceFile};

use crate::{address::Address, region_report::Question, trouble::Trouble};

const HELP: &str = "\
piecewise: exact linear regions of ReLU networks, and pictures of the exhibits.

  piecewise regions NET.json|NET.safetensors [--json | --format json|csv|svg|png] [-o FILE]
            [--box LO,LO:HI,HI] [--slice ORIGIN:DIRECTION:DIRECTION] [--limit N] [--time N]
  piecewise render LINK -o FIGURE.svg|png|csv [--size WxH] [--scale S] [--qr] [--url https://…/]
                                 a picture, with a QR code of its link if asked; or the numbers of its curves
  piecewise render LINK -o FIGURE.gif|apng --sweep SETTING=FROM..TO [--frames N] [--seconds S] …
                                 a moving picture, in which one setting goes from a value to another
  piecewise scene LINK           the numbers behind a picture, as JSON
  piecewise list                 exhibits and presets with their links
  piecewise posters FOLDER [--url https://…/]
                                 a picture of every exhibit, and what other sites ask for to show it

NET.json holds {\"layers\": [{\"weight\": [[…]], \"bias\": […]}, …], \"box\": {\"lo\": […], \"hi\": […]},
\"slice\": null or {\"origin\": […], \"directions\": [[…], …]}}: weights are out × in, ReLU after all but the last layer.
A safetensors file holds an nn.Sequential of Linear and ReLU: 0.weight, 0.bias, 2.weight, …
Without a box it is [−1, 1] along every axis. --time N prints the median milliseconds of N enumerations.
";

/// More regions are not enumerated unless one asks for them.
const LIMIT: usize = 10_000_000;

/// A larger file is not read, in bytes.
const LARGEST_FILE: u64 = 256 << 20;

fn main() -> ExitCode {
    match run(lexopt::Parser::from_env()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("{trouble}");
            ExitCode::from(2)
        }
    }
}

fn run(mut arguments: lexopt::Parser) -> Result<(), Trouble> {
    let command = match arguments.next()? {
        Some(Value(command)) => command.string()?,
        Some(Long("help") | Short('h')) | None => return print(HELP.as_bytes()),
        Some(other) => return Err(other.unexpected().into()),
    };
    match command.as_str() {
        "regions" => regions(arguments),
        "render" => render::run(arguments),
        "scene" => scene(arguments),
        "list" => list(),
        "posters" => posters(arguments),
        "help" => print(HELP.as_bytes()),
        other => Err(Trouble::new(format!("there is no command \"{other}\"; see `piecewise --help`"))),
    }
}

/// Reads a file with a network.
fn read_network(path: &Path) -> Result<NetworkFile, Trouble> {
    let name = path.display();
    let unreadable = |error| Trouble::new(format!("{name} cannot be read: {error}"));
    let size = fs::metadata(path).map_err(unreadable)?.len();
    if size > LARGEST_FILE {
        return Err(Trouble::new(format!(
            "{name} is {} MiB, and more than {} are not read",
            size >> 20,
            LARGEST_FILE >> 20
        )));
    }
    let bytes = fs::read(path).map_err(unreadable)?;
    piecewise_network_file::read(&name.to_string(), &bytes).map_err(|what| Trouble::new(format!("{name}: {what}")))
}

/// How regions are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Json,
    Csv,
    Svg,
    Png,
}

fn regions(mut arguments: lexopt::Parser) -> Result<(), Trouble> {
    let (mut file, mut output, mut format) = (None::<PathBuf>, None::<PathBuf>, None);
    let (mut bounds, mut slice, mut limit, mut time) = (None, None, LIMIT, None);
    while let Some(argument) = arguments.next()? {
        match argument {
            Value(path) if file.is_none() => file = Some(path.into()),
            Long("json") => format = Some(Format::Json),
            Long("format") => format = Some(read_format(&arguments.value()?.string()?)?),
            Long("box") => bounds = Some(read_box(&arguments.value()?.string()?)?),
            Long("slice") => slice = Some(read_slice(&arguments.value()?.string()?)?),
            Long("limit") => limit = arguments.value()?.parse()?,
            Long("time") => time = Some(arguments.value()?.parse::<usize>()?),
            Short('o') | Long("output") => output = Some(arguments.value()?.into()),
            other => return Err(other.unexpected().into()),
        }
    }
    let file = file.ok_or_else(|| Trouble::new("`regions` needs a file with a network; see `piecewise --help`"))?;
    let question = Question::new(read_network(&file)?, bounds, slice, limit)?;
    if let Some(n) = time {
        if n == 0 {
            return Err(Trouble::new("--time needs at least 1 enumeration"));
        }
        return print(format!("{:.6}\n", question.time(n)?).as_bytes());
    }
    let report = question.answer()?;
    let format = format.or_else(|| output.as_deref().and_then(by_ending)).unwrap_or(Format::Json);
    let bytes = match format {
        Format::Json => to_json(&report)?,
        Format::Csv => report.csv().into_bytes(),
        Format::Svg => picture::regions_svg(&question, &report)?.into_bytes(),
        Format::Png => picture::png(&picture::regions_svg(&question, &report)?, 2.0)?,
    };
    write(output.as_deref(), &bytes)
}

fn read_format(name: &str) -> Result<Format, Trouble> {
    match name {
        "json" => Ok(Format::Json),
        "csv" => Ok(Format::Csv),
        "svg" => Ok(Format::Svg),
        "png" => Ok(Format::Png),
        other => Err(Trouble::new(format!("there is no format \"{other}\"; there are json, csv, svg and png"))),
    }
}

fn by_ending(path: &Path) -> Option<Format> {
    read_format(path.extension()?.to_str()?).ok()
}

/// `-1,-1:1,1`.
fn read_box(text: &str) -> Result<Corners, Trouble> {
    match read_rows(text)?.as_slice() {
        [lo, hi] => Ok(Corners { lo: lo.clone(), hi: hi.clone() }),
        _ => Err(Trouble::new(format!("\"{text}\" is no box; write it as -1,-1:1,1"))),
    }
}

/// `0,0,0:1,0,0:0,1,0`.
fn read_slice(text: &str) -> Result<SliceFile, Trouble> {
    match read_rows(text)?.split_first() {
        Some((origin, directions)) if !directions.is_empty() => {
            Ok(SliceFile { origin: origin.clone(), directions: directions.to_vec() })
        }
        _ => Err(Trouble::new(format!(
            "\"{text}\" is no slice; write it as origin:direction:direction, as in 0,0,0:1,0,0:0,1,0"
        ))),
    }
}

/// Rows apart by colons, numbers by commas.
fn read_rows(text: &str) -> Result<Vec<Vec<f64>>, Trouble> {
    let number =
        |part: &str| part.trim().parse().map_err(|_| Trouble::new(format!("\"{part}\" in \"{text}\" is no number")));
    text.split(':').map(|row| row.split(',').map(number).collect()).collect()
}

fn scene(mut arguments: lexopt::Parser) -> Result<(), Trouble> {
    let link = match arguments.next()? {
        Some(Value(link)) => link.string()?,
        Some(other) => return Err(other.unexpected().into()),
        None => return Err(Trouble::new("`scene` needs a link, as in #/regions?start=seven")),
    };
    let address = Address::read(&link)?;
    print(&to_json(&address.entry.scene(&address.state))?)
}

fn list() -> Result<(), Trouble> {
    let lines = EXHIBITS.iter().flat_map(|entry| {
        let presets = entry.presets.iter().map(|preset| {
            let state = entry.preset_state(preset);
            let separator = if state.is_empty() { "" } else { "?" };
            format!("  #/{}{separator}{state}  {}\n", entry.name, preset.label)
        });
        std::iter::once(format!("{}  {} ({})\n", entry.name, entry.title, entry.slides)).chain(presets)
    });
    print(lines.collect::<String>().as_bytes())
}

fn posters(mut arguments: lexopt::Parser) -> Result<(), Trouble> {
    let (mut folder, mut url) = (None::<PathBuf>, None::<String>);
    while let Some(argument) = arguments.next()? {
        match argument {
            Value(path) if folder.is_none() => folder = Some(path.into()),
            Long("url") => url = Some(read_url(arguments.value()?.string()?)?),
            other => return Err(other.unexpected().into()),
        }
    }
    let folder = folder.ok_or_else(|| Trouble::new("`posters` needs a folder to write to"))?;
    posters::write(&folder, url.as_deref())
}

/// The address of a site, with a slash at its end.
fn read_url(mut url: String) -> Result<String, Trouble> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/%".contains(c);
    if !(url.starts_with("https://") || url.starts_with("http://")) || !url.chars().all(is_plain) {
        return Err(Trouble::new(format!("\"{url}\" is no address of a site, as in https://example.org/piecewise/")));
    }
    if !url.ends_with('/') {
        url.push('/');
    }
    Ok(url)
}

fn to_json(value: &impl serde::Serialize) -> Result<Vec<u8>, Trouble> {
    let mut bytes = serde_json::to_vec(value).map_err(|error| Trouble::new(error.to_string()))?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn write(output: Option<&Path>, bytes: &[u8]) -> Result<(), Trouble> {
    match output {
        Some(path) => fs::write(path, bytes)
            .map_err(|error| Trouble::new(format!("{} cannot be written: {error}", path.display()))),
        None => print(bytes),
    }
}

fn print(bytes: &[u8]) -> Result<(), Trouble> {
    match io::stdout().write_all(bytes) {
        // Whoever reads has read enough, as `head` does.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(|error| Trouble::new(format!("nothing can be printed: {error}"))),
    }
}
