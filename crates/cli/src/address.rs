use piecewise_exhibits::{Entry, Panel, find};
use piecewise_plot::ThemeName;
use piecewise_share::OPTIONS;

use crate::trouble::Trouble;

/// A link, taken apart: which exhibit, its state, and what of the embedder's options matters for a still.
#[derive(Clone, Debug)]
pub(crate) struct Address {
    /// The exhibit.
    pub(crate) entry: &'static Entry,
    /// Its state.
    pub(crate) state: String,
    /// The picture.
    pub(crate) panel: Panel,
    /// Its colours.
    pub(crate) theme: ThemeName,
    /// How large texts and strokes are.
    pub(crate) scale: f64,
}

impl Address {
    /// Reads a link: a whole address, its fragment, or what follows `#/`.
    pub(crate) fn read(link: &str) -> Result<Self, Trouble> {
        let fragment = link.rsplit_once('#').map_or(link, |(_, fragment)| fragment).trim_start_matches('/');
        let (name, query) = fragment.split_once('?').unwrap_or((fragment, ""));
        let entry = find(name).ok_or_else(|| {
            Trouble::new(format!("there is no exhibit \"{name}\"; `piecewise list` names those that there are"))
        })?;
        let mut address = Self {
            entry,
            state: String::new(),
            panel: *entry.panels.first().ok_or_else(|| Trouble::new(format!("\"{name}\" has no picture")))?,
            theme: ThemeName::Light,
            scale: 1.0,
        };
        let mut state = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            match key {
                "theme" => address.theme = ThemeName::from_name(value).unwrap_or_default(),
                "scale" => address.scale = value.parse().ok().filter(|s| (0.75..=3.0).contains(s)).unwrap_or(1.0),
                "panel" => {
                    let panel = entry.panels.iter().find(|panel| panel.name == value);
                    address.panel =
                        *panel.ok_or_else(|| Trouble::new(format!("\"{name}\" has no panel \"{value}\"")))?;
                }
                // Options of the page around the picture.
                _ if OPTIONS.contains(&key) => {}
                _ => state.push(pair),
            }
        }
        address.state = state.join("&");
        Ok(address)
    }
}
