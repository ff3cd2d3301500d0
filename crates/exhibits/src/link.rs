//! The one codec between parameters and the text behind the `?` of a link.
//!
//! A state is `key=value&key=value`: readable, and only what differs from the start. Lists of numbers are separated by commas,
//! rows by semicolons. Whatever a link holds, reading it gives valid parameters: each key that is unknown, malformed or out of
//! range falls back by itself and is counted.

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use serde::Serialize;
use serde_json::{Number, Value};

use crate::Params;

/// A longer state is not read at all, in bytes.
pub const LONGEST: usize = 8 * 1024;

/// How often settings that failed are tried again.
const MOST_PASSES: usize = 3;

/// What must not stand unescaped in a value.
const ESCAPED: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'&').add(b'<').add(b'=').add(b'>').add(b'`');

/// What was read from a link.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading<P> {
    /// Valid parameters.
    pub params: P,
    /// How many settings of the link were not understood.
    pub not_understood: usize,
}

/// Reads a state.
///
/// ```
/// use piecewise_exhibits::{link, regions};
/// let reading = link::read::<regions::Params>("phi-0=0.5&colour=7&units=1,nan");
/// assert_eq!(reading.params.phi_0, 0.5);
/// assert_eq!(reading.not_understood, 2);
/// ```
pub fn read<P: Params>(state: &str) -> Reading<P> {
    if state.len() > LONGEST {
        return Reading { params: P::default(), not_understood: 1 };
    }
    let pairs =
        || state.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")));

    let mut not_understood = 0;
    let mut params = P::default();
    for (_, value) in pairs().filter(|&(key, _)| key == "start") {
        match decode(value).and_then(|start| P::from_start(&start)) {
            Some(start) => params = start,
            None => not_understood += 1,
        }
    }
    let Value::Object(base) = as_json(&params) else { return Reading { params, not_understood } };
    let mut pending: Vec<(&str, Value)> = Vec::new();
    for (key, value) in pairs().filter(|&(key, _)| key != "start") {
        match base.get(key).and_then(|like| parse(value, like)) {
            Some(value) => pending.push((key, value)),
            None => not_understood += 1,
        }
    }
    // One setting may be valid only beside another, as a pattern beside its units: so all of them together, as they were written.
    if let Some(changed) = with_keys(&params, &pending) {
        return Reading { params: changed, not_understood };
    }
    // Otherwise one after the other; what fails is tried again after the others.
    for _ in 0..MOST_PASSES {
        let before = pending.len();
        pending.retain(|setting| match with_keys(&params, core::slice::from_ref(setting)) {
            Some(changed) => {
                params = changed;
                false
            }
            None => true,
        });
        if pending.len() == before {
            break;
        }
    }
    not_understood += pending.len();
    Reading { params, not_understood }
}

/// Writes a state: the start, unless it is the default one, and whatever differs from it.
///
/// ```
/// use piecewise_exhibits::{link, regions};
/// let mut params = regions::Params::default();
/// assert_eq!(link::write(&params), "");
/// params.phi_0 = 0.25;
/// assert_eq!(link::write(&params), "phi-0=0.25");
/// ```
pub fn write<P: Params>(params: &P) -> String {
    let mut pairs = Vec::new();
    if params.start() != P::default().start() {
        pairs.push(format!("start={}", encode(params.start())));
    }
    let base = P::from_start(params.start()).unwrap_or_default();
    if let (Value::Object(base), Value::Object(now)) = (as_json(&base), as_json(params)) {
        for (key, value) in now {
            if key != "start" && base.get(&key) != Some(&value) {
                pairs.push(format!("{key}={}", text(&value)));
            }
        }
    }
    pairs.join("&")
}

/// A setting that is a number.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Setting {
    /// Its name, as links write it.
    pub name: String,
    /// Its value.
    pub value: f64,
    /// Whether it takes whole numbers alone.
    pub is_whole: bool,
}

/// Every setting that is a number.
///
/// ```
/// use piecewise_exhibits::{link, regions};
/// let settings = link::settings(&regions::Params { phi_0: 0.25, ..Default::default() });
/// let phi_0 = settings.iter().find(|setting| setting.name == "phi-0").unwrap();
/// assert_eq!((phi_0.value, phi_0.is_whole), (0.25, false));
/// ```
pub fn settings<P: Params>(params: &P) -> Vec<Setting> {
    let Value::Object(map) = as_json(params) else { return Vec::new() };
    let setting =
        |(name, value): (String, Value)| Some(Setting { name, value: value.as_f64()?, is_whole: !value.is_f64() });
    map.into_iter().filter_map(setting).collect()
}

fn as_json<P: Params>(params: &P) -> Value {
    serde_json::to_value(params).unwrap_or_default()
}

/// The parameters with some keys changed, if they are valid then.
fn with_keys<P: Params>(params: &P, settings: &[(&str, Value)]) -> Option<P> {
    let Value::Object(mut map) = as_json(params) else { return None };
    for (key, value) in settings {
        map.insert((*key).to_owned(), value.clone());
    }
    let changed: P = serde_json::from_value(Value::Object(map)).ok()?;
    let mut valid = changed.clone();
    valid.make_valid();
    (valid == changed).then_some(changed)
}

fn decode(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}

/// The text of a value: rows apart by semicolons, numbers by commas.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => {
            number.as_f64().filter(|_| number.is_f64()).map_or(number.to_string(), |x| x.to_string())
        }
        Value::String(text) => encode(text),
        Value::Array(items) => {
            let separator = if items.iter().any(Value::is_array) { ";" } else { "," };
            items.iter().map(text).collect::<Vec<_>>().join(separator)
        }
        Value::Object(_) => encode(&value.to_string()),
    }
}

/// A value of the same kind as `like`, from its text.
fn parse(text: &str, like: &Value) -> Option<Value> {
    match like {
        Value::Bool(_) => text.parse().ok().map(Value::Bool),
        Value::Number(number) => number_like(text, number),
        Value::Array(_) if text.is_empty() => Some(Value::Array(Vec::new())),
        Value::Array(items) if items.iter().any(Value::is_array) => {
            let row = items.first()?;
            text.split(';').map(|part| parse(part, row)).collect::<Option<_>>().map(Value::Array)
        }
        Value::Array(items) => {
            let zero = Number::from_f64(0.0)?;
            let number = match items.first() {
                Some(Value::Number(number)) => number,
                _ => &zero,
            };
            text.split(',').map(|part| number_like(part, number)).collect::<Option<_>>().map(Value::Array)
        }
        // Nothing yet, or a text: an optional setting is a text.
        Value::Null | Value::String(_) => {
            decode(text).map(|text| if text.is_empty() { Value::Null } else { text.into() })
        }
        Value::Object(_) => serde_json::from_str(&decode(text)?).ok(),
    }
}

/// A finite number; a whole one where the setting is whole.
fn number_like(text: &str, like: &Number) -> Option<Value> {
    if like.is_f64() {
        // `parse` also takes "inf" and "nan"; `from_f64` refuses both.
        Number::from_f64(text.parse().ok()?).map(Value::Number)
    } else {
        text.parse::<u64>().ok().map(Value::from)
    }
}

/// Asserts that parameters come back from their own link as they were, every setting understood.
#[cfg(test)]
pub(crate) fn assert_comes_back<P: Params + std::fmt::Debug>(params: &P) {
    let state = write(params);
    let reading = read::<P>(&state);
    assert_eq!(reading.not_understood, 0, "{state}");
    assert_eq!(reading.params, *params, "{state}");
}
