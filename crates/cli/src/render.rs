//! `piecewise render`: the picture that a link shows, with its QR code, as numbers, or moving.

use std::path::{Path, PathBuf};

use lexopt::prelude::*;
use piecewise_exhibits::csv;
use piecewise_plot::Theme;
use piecewise_share::{Format, MOST_FRAMES, Motion, Poster, Sweep};

use crate::{address::Address, picture, read_url, trouble::Trouble, write};

/// What is made.
#[derive(Clone, Copy)]
enum Kind {
    Svg,
    Png,
    Csv,
    Moving(Format),
}

struct Order {
    address: Address,
    kind: Kind,
    scale: f64,
    /// The whole link, where its code is wanted.
    code_of: Option<String>,
    sweep: Option<Sweep>,
    seconds: f64,
}

pub(crate) fn run(mut arguments: lexopt::Parser) -> Result<(), Trouble> {
    let (mut link, mut output, mut size, mut scale) = (None::<String>, None::<PathBuf>, None, 2.0);
    let (mut with_code, mut url, mut sweep, mut n_frames, mut seconds) = (false, None, None, 40_u32, None);
    while let Some(argument) = arguments.next()? {
        match argument {
            Value(value) if link.is_none() => link = Some(value.string()?),
            Short('o') | Long("output") => output = Some(arguments.value()?.into()),
            Long("size") => size = Some(read_size(&arguments.value()?.string()?)?),
            Long("scale") => scale = arguments.value()?.parse::<f64>()?,
            Long("qr") => with_code = true,
            Long("url") => url = Some(read_url(arguments.value()?.string()?)?),
            Long("sweep") => sweep = Some(read_sweep(&arguments.value()?.string()?)?),
            Long("frames") => n_frames = arguments.value()?.parse()?,
            Long("seconds") => seconds = Some(arguments.value()?.parse::<f64>()?),
            other => return Err(other.unexpected().into()),
        }
    }
    let link = link.ok_or_else(|| Trouble::new("`render` needs a link, as in #/regions?start=seven"))?;
    let output = output.ok_or_else(|| Trouble::new("`render` needs -o FIGURE.svg, .png, .csv, .gif or .apng"))?;
    let kind = by_ending(&output)?;
    if !(0.1..=16.0).contains(&scale) {
        return Err(Trouble::new("--scale must be between 0.1 and 16"));
    }
    if !(2..=MOST_FRAMES).contains(&n_frames) {
        return Err(Trouble::new(format!("--frames must be between 2 and {MOST_FRAMES}")));
    }
    let seconds = seconds.unwrap_or(f64::from(n_frames) / 10.0);
    if !(0.1..=600.0).contains(&seconds) {
        return Err(Trouble::new("--seconds must be between 0.1 and 600"));
    }
    let mut address = Address::read(&link)?;
    if let Some(size_px) = size {
        address.panel.size_px = size_px;
    }
    let sweep = sweep.map(|(setting, from, to)| of_setting(&address, setting, from, to, n_frames)).transpose()?;
    match (kind, &sweep) {
        (Kind::Moving(_), None) => return Err(Trouble::new("a moving picture needs --sweep SETTING=FROM..TO")),
        (Kind::Svg | Kind::Png | Kind::Csv, Some(_)) => {
            return Err(Trouble::new("--sweep makes a moving picture; end its name in .gif or .apng"));
        }
        _ => {}
    }
    let code_of = if with_code { Some(whole_link(&link, url.as_deref())?) } else { None };
    write(Some(&output), &Order { address, kind, scale, code_of, sweep, seconds }.fill()?)
}

impl Order {
    fn fill(&self) -> Result<Vec<u8>, Trouble> {
        let Self { address, scale, .. } = self;
        match self.kind {
            Kind::Svg => Ok(self.svg(&address.state)?.into_bytes()),
            Kind::Png => picture::png(&self.svg(&address.state)?, *scale),
            Kind::Csv => {
                let curves = address.entry.curves(&address.state);
                if curves.is_empty() {
                    return Err(Trouble::new(format!("\"{}\" has no curves here", address.entry.name)));
                }
                Ok(csv(&curves).into_bytes())
            }
            Kind::Moving(format) => self.moving(format),
        }
    }

    fn svg(&self, state: &str) -> Result<String, Trouble> {
        let Address { entry, panel, theme, scale, .. } = &self.address;
        let theme = Theme::named(*theme);
        let svg = entry.svg(state, panel, *scale, theme).map_err(|error| Trouble::new(error.to_string()))?;
        let Some(link) = &self.code_of else { return Ok(svg) };
        let colors = [theme.surface, theme.ink].map(piecewise_plot::Color::css);
        let poster = Poster::of(&svg, panel.size_px, entry.title, link, [&colors[0], &colors[1]]);
        Ok(poster.map_err(|error| Trouble::new(error.to_string()))?.svg)
    }

    fn moving(&self, format: Format) -> Result<Vec<u8>, Trouble> {
        let states = self.sweep.iter().flat_map(|sweep| sweep.queries(&self.address.state)).collect::<Vec<_>>();
        let delay_centis = (100.0 * self.seconds / states.len() as f64).round().clamp(2.0, 6000.0) as u16;
        let mut motion = None::<Motion>;
        for state in &states {
            if self.address.entry.canonical(state).1 > self.address.entry.canonical(&self.address.state).1 {
                let setting = state.rsplit('&').next().unwrap_or_default();
                return Err(Trouble::new(format!("{setting} is no value that this setting takes")));
            }
            let mut pixels = picture::pixels(&self.svg(state)?, self.scale)?;
            let motion = match &mut motion {
                Some(motion) => motion,
                none => none.insert(
                    Motion::start(format, [pixels.width(), pixels.height()], states.len() as u32, delay_centis)
                        .map_err(|error| Trouble::new(error.to_string()))?,
                ),
            };
            motion.add(pixels.data_mut()).map_err(|error| Trouble::new(error.to_string()))?;
        }
        let motion = motion.ok_or_else(|| Trouble::new("a moving picture needs pictures"))?;
        motion.finish().map_err(|error| Trouble::new(error.to_string()))
    }
}

fn by_ending(path: &Path) -> Result<Kind, Trouble> {
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("svg") => Ok(Kind::Svg),
        Some("png") => Ok(Kind::Png),
        Some("csv") => Ok(Kind::Csv),
        Some("gif") => Ok(Kind::Moving(Format::Gif)),
        Some("apng") => Ok(Kind::Moving(Format::Apng)),
        _ => Err(Trouble::new(format!("{} ends in none of .svg, .png, .csv, .gif and .apng", path.display()))),
    }
}

/// `720x540`.
fn read_size(text: &str) -> Result<[f64; 2], Trouble> {
    let size =
        text.split_once(['x', '×']).and_then(|(width, height)| Some([width.parse().ok()?, height.parse().ok()?]));
    size.filter(|size: &[f64; 2]| size.iter().all(|side| (64.0..=8192.0).contains(side)))
        .ok_or_else(|| Trouble::new(format!("\"{text}\" is no size between 64x64 and 8192x8192")))
}

/// `alpha=0.1..0.5`.
fn read_sweep(text: &str) -> Result<(String, f64, f64), Trouble> {
    let parts = text.split_once('=').and_then(|(setting, range)| {
        let (from, to) = range.split_once("..")?;
        let [from, to] = [from.parse::<f64>().ok()?, to.parse::<f64>().ok()?];
        (from.is_finite() && to.is_finite()).then(|| (setting.to_owned(), from, to))
    });
    parts.ok_or_else(|| Trouble::new(format!("\"{text}\" is no sweep; write it as alpha=0.1..0.5")))
}

/// The sweep of a setting that the exhibit has.
fn of_setting(address: &Address, setting: String, from: f64, to: f64, n_frames: u32) -> Result<Sweep, Trouble> {
    let settings = address.entry.settings(&address.state);
    let Some(known) = settings.iter().find(|known| known.name == setting) else {
        let names: Vec<&str> = settings.iter().map(|known| known.name.as_str()).collect();
        return Err(Trouble::new(format!(
            "\"{setting}\" is no number that can be set here; there are {}",
            names.join(", ")
        )));
    };
    Ok(Sweep { setting, from, to, is_whole: known.is_whole, n_frames })
}

/// The link with the address of the site, which a code must hold.
fn whole_link(link: &str, url: Option<&str>) -> Result<String, Trouble> {
    if let Some(url) = url {
        let fragment = link.rsplit_once('#').map_or(link, |(_, fragment)| fragment);
        return Ok(format!("{url}#/{}", fragment.trim_start_matches('/')));
    }
    if link.starts_with("https://") || link.starts_with("http://") {
        return Ok(link.to_owned());
    }
    Err(Trouble::new("--qr needs the whole link, or the address of the site as --url https://…/"))
}
