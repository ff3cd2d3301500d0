//! The fragment of the address: which exhibit, its state, and what the embedder wants.

use piecewise_exhibits::ui::{Extent, Sections};
use piecewise_plot::ThemeName;

/// What the fragment says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Route {
    /// The name of the exhibit; empty for the contents.
    pub(crate) name: String,
    /// The exhibit's state: everything behind the `?` that is not an option.
    pub(crate) state: String,
    /// What the embedder wants.
    pub(crate) options: Options,
    /// How many options were not understood.
    pub(crate) not_understood: usize,
}

/// The embedder's options.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Options {
    /// How much of the page is shown: `ui=full|compact|bare`.
    pub(crate) extent: Extent,
    /// `theme=light|dark|contrast`; nothing follows the system.
    pub(crate) theme: Option<ThemeName>,
    /// `scale=0.75..3`, the size of texts and strokes.
    pub(crate) scale: f64,
    /// `panel=NAME`: one picture of the exhibit alone, which follows the state and cannot be dragged.
    pub(crate) panel: Option<String>,
    /// `hide=presets,readout,controls,words`: what is not shown.
    pub(crate) hide: Sections,
    /// `lock=presets,picture,controls` or `lock=all`: what is shown but cannot be changed.
    pub(crate) lock: Sections,
    /// `play=1`: what can run begins to, unless whoever looks prefers that nothing moves.
    pub(crate) play: bool,
    /// `still=1`: the picture alone, as it stands, for exports.
    pub(crate) still: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            extent: Extent::Full,
            theme: None,
            scale: 1.0,
            panel: None,
            hide: Sections::default(),
            lock: Sections::default(),
            play: false,
            still: false,
        }
    }
}

impl Route {
    /// Reads a fragment, with or without its `#`. Never fails: what is not understood is counted.
    pub(crate) fn read(fragment: &str) -> Self {
        let path = fragment.trim_start_matches('#').trim_start_matches('/');
        let (name, query) = path.split_once('?').unwrap_or((path, ""));
        let mut route = Self { name: name.trim_end_matches('/').chars().take(64).collect(), ..Self::default() };
        if query.len() > piecewise_exhibits::link::LONGEST {
            // Too long to be looked at; the exhibit counts it.
            query.clone_into(&mut route.state);
            return route;
        }
        let mut state = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match route.options.take(pair) {
                Some(true) => {}
                Some(false) => route.not_understood += 1,
                None => state.push(pair),
            }
        }
        route.state = state.join("&");
        route
    }

    /// The fragment that says this.
    pub(crate) fn write(&self) -> String {
        let pairs: Vec<String> =
            [self.state.clone()].into_iter().chain(self.options.pairs()).filter(|pair| !pair.is_empty()).collect();
        if pairs.is_empty() { format!("#/{}", self.name) } else { format!("#/{}?{}", self.name, pairs.join("&")) }
    }
}

impl Options {
    /// Takes one `key=value`: whether it was understood, or nothing when the key is not an option.
    fn take(&mut self, pair: &str) -> Option<bool> {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        match key {
            "ui" => {
                let extent = match value {
                    "full" => Some(Extent::Full),
                    "compact" => Some(Extent::Compact),
                    "bare" => Some(Extent::Bare),
                    _ => None,
                };
                self.extent = extent.unwrap_or_default();
                Some(extent.is_some())
            }
            "theme" => {
                self.theme = ThemeName::from_name(value);
                Some(self.theme.is_some() || value == "auto")
            }
            "scale" => {
                let scale = value.parse().ok().filter(|scale| (0.75..=3.0).contains(scale));
                self.scale = scale.unwrap_or(1.0);
                Some(scale.is_some())
            }
            "panel" => {
                // Whether there is such a panel is the exhibit's to say.
                let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
                let sane = !value.is_empty() && value.len() <= 64 && value.chars().all(is_name);
                self.panel = sane.then(|| value.to_owned());
                Some(sane)
            }
            "hide" | "lock" => {
                let sections = Sections::read(value);
                *(if key == "hide" { &mut self.hide } else { &mut self.lock }) = sections.unwrap_or_default();
                Some(sections.is_some())
            }
            "play" | "still" => {
                let flag = match value {
                    "1" => Some(true),
                    "0" => Some(false),
                    _ => None,
                };
                *(if key == "play" { &mut self.play } else { &mut self.still }) = flag.unwrap_or(false);
                Some(flag.is_some())
            }
            _ => None,
        }
    }

    fn pairs(&self) -> impl Iterator<Item = String> {
        let extent = match self.extent {
            Extent::Full => None,
            Extent::Compact => Some("ui=compact".to_owned()),
            Extent::Bare => Some("ui=bare".to_owned()),
        };
        let theme = self.theme.map(|theme| format!("theme={}", theme.name()));
        let scale = (self.scale != 1.0).then(|| format!("scale={}", self.scale));
        let panel = self.panel.as_ref().map(|panel| format!("panel={panel}"));
        let hide = self.hide.write().map(|sections| format!("hide={sections}"));
        let lock = self.lock.write().map(|sections| format!("lock={sections}"));
        let play = self.play.then(|| "play=1".to_owned());
        let still = self.still.then(|| "still=1".to_owned());
        [extent, theme, scale, panel, hide, lock, play, still].into_iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_taken_out_and_the_rest_is_the_exhibits_state() {
        let route = Route::read("#/regions?ui=bare&phi-0=0.5&theme=dark&start=seven");
        assert_eq!((route.name.as_str(), route.state.as_str()), ("regions", "phi-0=0.5&start=seven"));
        assert_eq!((route.options.extent, route.options.theme), (Extent::Bare, Some(ThemeName::Dark)));
        assert_eq!(Route::read(&route.write()), route);
    }

    #[test]
    fn every_theme_has_a_name_that_comes_back() {
        for theme in ThemeName::ALL {
            let route = Route::read(&format!("#/regions?theme={}", theme.name()));
            assert_eq!((route.options.theme, route.not_understood), (Some(theme), 0));
            assert_eq!(Route::read(&route.write()), route);
        }
        assert_eq!(Route::read("#/regions?theme=auto"), Route::read("#/regions"));
        assert_eq!(Route::read("#/regions?theme=pale").not_understood, 1);
    }

    #[test]
    fn options_that_make_no_sense_are_counted_and_fall_back_one_by_one() {
        let route = Route::read("#/regions?ui=naked&scale=1e308&theme=dark");
        assert_eq!(route.not_understood, 2);
        assert_eq!(route.options, Options { theme: Some(ThemeName::Dark), ..Options::default() });
    }

    #[test]
    fn what_an_embedder_asks_for_comes_back_as_it_was_asked() {
        let asked =
            "#/backprop?start=toy&ui=compact&scale=1.5&panel=film&hide=presets,controls&lock=picture&play=1&still=1";
        let route = Route::read(asked);
        assert_eq!((route.write().as_str(), route.not_understood), (asked, 0));
        assert!(route.options.hide.has("presets") && !route.options.hide.has("words"));
        assert_eq!(Route::read("#/regions?lock=all").options.lock, Sections::ALL);
        // A word that is no section makes the whole option void, so that nothing is hidden by half.
        let wrong = Route::read("#/regions?hide=presets,everything&play=yes&panel=<b>&lock=");
        assert_eq!((wrong.not_understood, wrong.options), (4, Options::default()));
    }

    #[test]
    fn the_scripts_for_frames_know_the_same_options() {
        for script in [include_str!("../../../www/frame.js"), include_str!("../../../www/embed.js")] {
            let list =
                script.split_once("const OPTIONS = [").and_then(|(_, rest)| rest.split_once(']')).expect("a list").0;
            let names: Vec<&str> = list.split(", ").map(|name| name.trim_matches('"')).collect();
            assert_eq!(names, piecewise_share::OPTIONS);
            assert!(names.iter().all(|name| Options::default().take(&format!("{name}=")).is_some()), "{names:?}");
            let all = Route::read("#/x?ui=bare&theme=dark&scale=2&panel=p&hide=words&lock=all&play=1&still=1");
            assert_eq!((all.options.pairs().count(), all.state.as_str()), (names.len(), ""));
        }
    }

    #[test]
    fn an_empty_fragment_is_the_contents() {
        assert_eq!(Route::read(""), Route::default());
        assert_eq!(Route::read("#/").name, "");
        assert_eq!(Route::default().write(), "#/");
    }
}
