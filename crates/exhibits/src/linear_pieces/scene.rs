use piecewise_plot::{format_number, subscript};
use serde::Serialize;

use super::{
    lens::Lens,
    line::Line,
    params::{Model, Params},
    plane::Plane,
    probe::{Point, Ruler},
};

/// Everything there is to see, in data space.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scene {
    /// The network over the plane, when it has two inputs.
    pub plane: Option<Plane>,
    /// The network over the line, when it has one.
    pub line: Option<Line>,
    /// Its second differences, where they are shown.
    pub lens: Option<Lens>,
    /// At the probe.
    pub here: Point,
    /// At the end of the step.
    pub there: Point,
    /// Whether the activation is made of straight pieces.
    pub is_piecewise_linear: bool,
    /// A ruler across the contours, where one is shown.
    pub ruler: Option<Ruler>,
}

/// Computes everything there is to see.
pub fn compute(params: &Params) -> Scene {
    let network = params.network();
    let is_line = params.model == Model::Line;
    let plane = (!is_line).then(|| Plane::compute(&network));
    let line = is_line.then(|| Line::compute(&network));
    let step = params.step();
    let tip: Vec<f64> = params.x().iter().zip(step).map(|(x, step)| x + step).collect();
    let at = |x: &[f64]| Point::of(&network, x, plane.as_ref(), line.as_ref());
    let (here, there) = (at(params.x()), at(&tip));
    let ruler = plane.as_ref().filter(|_| params.ruler && !params.lens);
    Scene {
        lens: params.lens.then(|| Lens::compute(params, &network)),
        ruler: ruler.and_then(|plane| Ruler::lay(&network, plane, &here)),
        is_piecewise_linear: network.activation.is_piecewise_linear(),
        here,
        there,
        plane,
        line,
    }
}

impl Scene {
    /// By how much the gradient changes along the step.
    pub fn difference(&self) -> Vec<f64> {
        self.there.gradient.iter().zip(&self.here.gradient).map(|(there, here)| there - here).collect()
    }

    /// How many different maps there are in view; nothing when every point has its own.
    pub fn n_maps(&self) -> Option<usize> {
        let n = self.plane.as_ref().map_or_else(|| self.line.as_ref().map_or(0, |line| line.n_pieces), |p| p.n_pieces);
        self.is_piecewise_linear.then_some(n)
    }

    /// How many regions or pieces there are in view.
    pub fn n_regions(&self) -> Option<usize> {
        let n = self.plane.as_ref().map(|plane| plane.regions.len());
        let n = n.or_else(|| self.line.as_ref().map(|line| line.pieces.len()));
        n.filter(|_| self.is_piecewise_linear)
    }

    /// The name of a unit, counted from 0 through all layers.
    pub fn unit_name(&self, unit: usize) -> String {
        let n_first = self.here.slopes[0].len();
        let prime = if unit < n_first { "" } else { "′" };
        format!("h{prime}{}", subscript(unit % n_first + 1))
    }

    /// What happens to the gradient along the step, in one or two sentences.
    pub fn verdict(&self) -> String {
        let difference = self.difference();
        let change = vector(&difference);
        let gates = || self.here.pattern.bytes().zip(self.there.pattern.bytes());
        let switched: Vec<String> = gates()
            .enumerate()
            .filter(|(_, (here, there))| here != there)
            .map(|(unit, (_, there))| {
                format!("{} switches {}", self.unit_name(unit), if there == b'1' { "on" } else { "off" })
            })
            .collect();
        let same = difference.iter().all(|&d| d == 0.0);
        if !self.is_piecewise_linear {
            return format!("This function is curved: the gradient changes with every step, here by {change}.");
        }
        let place = if self.line.is_some() { "piece" } else { "region" };
        if self.here.region == self.there.region {
            let change = nonzero(self.there.value - self.here.value);
            return format!(
                "Still in the same {place}: the gradient has not changed at all, its difference is exactly 0. y has changed by gradient · h = {change}."
            );
        }
        let who = if switched.is_empty() { "A unit switches".to_owned() } else { switched.join(", ") };
        let jump = self.there.value - self.here.value;
        if same && self.here.gradient.iter().all(|&slope| slope == 0.0) {
            return format!("{who}: the gradient is 0 on both sides, and y jumps by {}.", format_number(jump, 4));
        }
        if same || self.n_maps() == Some(1) {
            return format!("{who}, and nothing bends: both sides have the same map.");
        }
        format!("{who}: the gradient changes by {change}.")
    }
}

/// Numbers as (1.62, −0.18); one alone without brackets. What is not 0 does not look like 0.
pub fn vector(numbers: &[f64]) -> String {
    let texts: Vec<String> = numbers.iter().map(|&number| nonzero(number)).collect();
    if let [one] = &texts[..] { one.clone() } else { format!("({})", texts.join(", ")) }
}

/// A number of which four decimals are shown, unless they would all be 0.
pub fn nonzero(number: f64) -> String {
    let text = format_number(number, 4);
    if text == "0" && number != 0.0 { format!("{number:.1e}").replace('-', "−") } else { text }
}
