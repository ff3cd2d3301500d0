//! What the program that runs the exhibit says of it, and what the address says.

use piecewise_plot::ThemeName;
use piecewise_share::{OPTIONS, Shared};
use serde::Deserialize;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// The picture that a link shows, as SVG.
    #[wasm_bindgen(js_namespace = wasmBindings, js_name = picture, catch)]
    pub(crate) fn svg_of(fragment: &str) -> Result<String, JsValue>;
    /// What there is to know of a link, as JSON.
    #[wasm_bindgen(js_namespace = wasmBindings, js_name = facts, catch)]
    fn facts_of(fragment: &str) -> Result<String, JsValue>;
    /// The curves of a link as a table; empty when there are none.
    #[wasm_bindgen(js_namespace = wasmBindings, js_name = curves, catch)]
    pub(crate) fn csv_of(fragment: &str) -> Result<String, JsValue>;
}

/// What there is to know of a link.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub(crate) struct Facts {
    /// The title of the exhibit.
    pub(crate) title: String,
    /// Its pictures with their sizes.
    pub(crate) panels: Vec<(String, [f64; 2])>,
    /// Its settings that are numbers.
    pub(crate) settings: Vec<Setting>,
    /// How much of the link was not understood.
    pub(crate) not_understood: usize,
}

/// A setting that is a number.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub(crate) struct Setting {
    pub(crate) name: String,
    pub(crate) value: f64,
    pub(crate) is_whole: bool,
}

/// What a link says, or nothing where no exhibit is running.
pub(crate) fn facts(fragment: &str) -> Option<Facts> {
    serde_json::from_str(&facts_of(fragment).ok()?).ok()
}

/// What is shown: the exhibit and its state, without any options.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Subject {
    /// The address of the site, up to the `#`.
    pub(crate) site: String,
    pub(crate) name: String,
    pub(crate) state: String,
    pub(crate) facts: Facts,
    /// The options that the address has now, in which the box begins.
    pub(crate) theme: Option<ThemeName>,
    pub(crate) scale: f64,
}

impl Subject {
    /// What the address shows now; nothing where there is no exhibit.
    pub(crate) fn here() -> Option<Self> {
        let address = web_sys::window()?.location().href().ok()?;
        let (site, fragment) = address.split_once('#')?;
        let site = site.split('?').next().unwrap_or(site).trim_end_matches("index.html");
        let (name, query) =
            fragment.trim_start_matches('/').split_once('?').unwrap_or((fragment.trim_start_matches('/'), ""));
        let pairs =
            || query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        let option = |wanted: &str| pairs().find(|(key, _)| *key == wanted).map(|(_, value)| value.to_owned());
        let state: Vec<String> =
            pairs().filter(|(key, _)| !OPTIONS.contains(key)).map(|(key, value)| format!("{key}={value}")).collect();
        let state = state.join("&");
        Some(Self {
            facts: facts(&fragment_of(name, &state))?,
            site: site.to_owned(),
            name: name.to_owned(),
            state,
            theme: option("theme").and_then(|name| ThemeName::from_name(&name)),
            scale: option("scale").and_then(|scale| scale.parse().ok()).unwrap_or(1.0),
        })
    }

    /// What is to be pasted, with these options.
    pub(crate) fn shared(&self, options: &[String], size_px: [u32; 2]) -> Shared {
        let pairs: Vec<&str> = [self.state.as_str()]
            .into_iter()
            .chain(options.iter().map(String::as_str))
            .filter(|pair| !pair.is_empty())
            .collect();
        Shared {
            site: self.site.clone(),
            name: self.name.clone(),
            title: self.facts.title.clone(),
            query: pairs.join("&"),
            size_px,
        }
    }
}

/// The fragment of an exhibit in a state.
pub(crate) fn fragment_of(name: &str, query: &str) -> String {
    let separator = if query.is_empty() { "" } else { "?" };
    format!("#/{name}{separator}{query}")
}
