//! The fragment of the address: which exhibit, its state, and what the embedder wants.

use piecewise_exhibits::ui::Extent;
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
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Options {
    /// How much of the page is shown: `ui=full|compact|bare`.
    pub(crate) extent: Extent,
    /// `theme=light|dark`; nothing follows the system.
    pub(crate) theme: Option<ThemeName>,
    /// `scale=0.75..3`, the size of texts and strokes.
    pub(crate) scale: f64,
}

impl Default for Options {
    fn default() -> Self {
        Self { extent: Extent::Full, theme: None, scale: 1.0 }
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
                self.theme = match value {
                    "light" => Some(ThemeName::Light),
                    "dark" => Some(ThemeName::Dark),
                    _ => None,
                };
                Some(self.theme.is_some() || value == "auto")
            }
            "scale" => {
                let scale = value.parse().ok().filter(|scale| (0.75..=3.0).contains(scale));
                self.scale = scale.unwrap_or(1.0);
                Some(scale.is_some())
            }
            _ => None,
        }
    }

    fn pairs(self) -> impl Iterator<Item = String> {
        let extent = match self.extent {
            Extent::Full => None,
            Extent::Compact => Some("ui=compact".to_owned()),
            Extent::Bare => Some("ui=bare".to_owned()),
        };
        let theme = self.theme.map(|theme| match theme {
            ThemeName::Light => "theme=light".to_owned(),
            ThemeName::Dark => "theme=dark".to_owned(),
        });
        let scale = (self.scale != 1.0).then(|| format!("scale={}", self.scale));
        [extent, theme, scale].into_iter().flatten()
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
    fn options_that_make_no_sense_are_counted_and_fall_back_one_by_one() {
        let route = Route::read("#/regions?ui=naked&scale=1e308&theme=dark");
        assert_eq!(route.not_understood, 2);
        assert_eq!(route.options, Options { theme: Some(ThemeName::Dark), ..Options::default() });
    }

    #[test]
    fn an_empty_fragment_is_the_contents() {
        assert_eq!(Route::read(""), Route::default());
        assert_eq!(Route::read("#/").name, "");
        assert_eq!(Route::default().write(), "#/");
    }
}
