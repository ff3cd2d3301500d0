use std::rc::Rc;

use piecewise_core::{
    field::{Architecture, Field, Image, Tally},
    train::Divergence,
};
use piecewise_plot::format_number;
use serde::{Deserialize, Serialize};

use super::{
    Own, Params, Regions, Run, Scene,
    scene::{Look, observe},
};

/// What a [`Painting`] is asked for, on its way to a worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Order {
    params: Params,
    own: OwnPixels,
}

/// A picture of one's own on its way: it is no part of what links hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum OwnPixels {
    None,
    /// The one that came with an earlier order.
    Same,
    /// Its width and its height, and its colours as bytes: red, green, blue, row by row.
    New {
        width: u32,
        height: u32,
        bytes: Vec<u8>,
    },
}

impl Order {
    /// An order for somebody who has had this picture of one's own with an earlier one.
    pub fn new(params: &Params, known: &Own) -> Self {
        let own = match params.own.image() {
            None => OwnPixels::None,
            Some(_) if params.own == *known => OwnPixels::Same,
            Some(image) => {
                let byte = |part: &f32| (255.0 * part).round() as u8;
                let bytes = image.pixels().as_flattened().iter().map(byte).collect();
                OwnPixels::New { width: image.width() as u32, height: image.height() as u32, bytes }
            }
        };
        Self { params: params.clone(), own }
    }

    /// The parameters, for somebody who has this picture from an earlier order.
    pub fn into_params(self, known: &Own) -> Params {
        let own = match self.own {
            OwnPixels::None => Own::default(),
            OwnPixels::Same => known.clone(),
            OwnPixels::New { width, height, bytes } => {
                let image = Image::from_bytes(width as usize, height as usize, &bytes);
                image.map_or_else(|_| Own::default(), |image| Own::new("", image))
            }
        };
        Params { own, ..self.params }
    }

    /// The order in bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_allocvec(self).unwrap_or_default()
    }

    /// The order in these bytes, if there is one.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok()
    }
}

/// A field on its way from a worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LearntField {
    architecture: Architecture,
    frequencies: Vec<[f32; 2]>,
    parameters: Vec<f32>,
}

impl LearntField {
    /// This field.
    pub fn of(field: &Field) -> Self {
        let (architecture, frequencies) = (*field.architecture(), field.frequencies().to_vec());
        Self { architecture, frequencies, parameters: field.parameters().to_vec() }
    }

    /// The field in bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_allocvec(self).unwrap_or_default()
    }

    /// The field in these bytes, if there is one.
    pub fn read(bytes: &[u8]) -> Option<Field> {
        let Self { architecture, frequencies, parameters } = postcard::from_bytes(bytes).ok()?;
        Field::from_parts(architecture, frequencies, parameters).ok()
    }
}

/// What has become of an [`Order`] so far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// What there is to see.
    pub scene: Scene,
    /// How much of the next step is done, in [0, 1).
    pub share_of_step: f64,
    /// How long a step takes, in seconds, where that has been measured.
    pub seconds_per_step: Option<f64>,
}

impl Progress {
    /// What there is to see before anything is computed.
    pub fn before(params: &Params) -> Self {
        Self { scene: Scene::before(params), share_of_step: 0.0, seconds_per_step: None }
    }

    /// How fast the run goes on this machine, if that is known: "340 steps/s", or "2.1 s a step".
    pub fn pace(&self) -> Option<String> {
        let seconds = self.seconds_per_step.filter(|seconds| *seconds > 0.0)?;
        Some(if seconds < 0.5 {
            format!("{:.0} steps/s", 1.0 / seconds)
        } else {
            format!("{} s a step", format_number(seconds, 1))
        })
    }

    /// How long it takes to go on to a step, in words, where that is more than a moment.
    pub fn time_to(&self, step: u64) -> Option<String> {
        let n_steps = step.saturating_sub(self.scene.step) as f64 - self.share_of_step;
        let seconds = n_steps * self.seconds_per_step?;
        (seconds >= 3.0).then(|| duration(seconds))
    }

    /// The progress in bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_allocvec(self).unwrap_or_default()
    }

    /// The progress in these bytes, if there is some.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok()
    }
}

/// A duration of more than a second in two digits or so: it is an estimate.
fn duration(seconds: f64) -> String {
    let minutes = (seconds / 60.0).round();
    match seconds {
        _ if seconds < 10.0 => format!("{seconds:.0} s"),
        _ if seconds < 55.0 => format!("{:.0} s", 5.0 * (seconds / 5.0).round()),
        _ if minutes < 10.0 => format!("{minutes:.0} min"),
        _ if minutes < 58.0 => format!("{:.0} min", 5.0 * (minutes / 5.0).round()),
        _ if minutes < 600.0 => {
            let tens = (minutes / 10.0).round() as u64;
            if tens.is_multiple_of(6) {
                format!("{} h", tens / 6)
            } else {
                format!("{} h {} min", tens / 6, tens % 6 * 10)
            }
        }
        _ => format!("{:.0} h", minutes / 60.0),
    }
}

/// A run with what is seen of it: what a worker does off the page, and the page itself in slices where no worker starts. It knows no clock.
#[derive(Clone, Debug)]
pub struct Painting {
    params: Params,
    image: Rc<Image>,
    run: Run,
    /// The last linear regions that were drawn, and at which step.
    regions: Option<(u64, Regions)>,
    divergence: Option<Divergence>,
}

impl Painting {
    /// The run of these parameters, before its first step.
    pub fn new(params: Params) -> Self {
        let image = Rc::new(params.image());
        let run = Run::new(&params, &image);
        Self { params, image, run, regions: None, divergence: None }
    }

    /// Goes on with other settings: with the same run where they have the same origin, else with another. Says whether it is the same.
    pub fn set(&mut self, params: Params) -> bool {
        if params.origin() != self.params.origin() {
            *self = Self::new(params);
            return false;
        }
        if params.edits != self.params.edits || params.steps < self.run.n_steps() {
            self.divergence = None;
        }
        self.run.set_rates(&params);
        if !params.regions || params.edits != self.params.edits {
            self.regions = None;
        }
        self.params = params;
        true
    }

    /// The settings.
    pub fn params(&self) -> &Params {
        &self.params
    }

    /// The run.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// How many steps were taken.
    pub fn n_steps(&self) -> u64 {
        self.run.n_steps()
    }

    /// Whether there are steps to be taken, forth or back.
    pub fn is_busy(&self) -> bool {
        self.run.n_steps() != self.params.steps && self.divergence.is_none()
    }

    /// Works for about `budget` units: see [`Job::advance`](piecewise_core::job::Job::advance).
    pub fn advance(&mut self, budget: u64) {
        self.divergence = self.run.advance_to(self.params.steps, budget).err();
    }

    /// Whether the next step is one forth that several workers can share out.
    pub fn can_share(&self) -> bool {
        self.params.n_shards() > 1 && self.run.n_steps() < self.params.steps && self.divergence.is_none()
    }

    /// Works on the step after those that were asked for, without taking it: to see how long that takes. Says how large a part of a step is done.
    pub fn try_out(&mut self, budget: u64) -> f64 {
        let (step, before) = (self.run.n_steps(), self.run.training().share_of_step());
        if self.run.advance_to(step + 1, budget).is_ok_and(|done| !done) {
            return self.run.training().share_of_step() - before;
        }
        // It was so short that it has been taken.
        let _ = self.run.advance_to(step, u64::MAX);
        1.0 - before
    }

    /// The gradient of one part of the next step.
    pub fn shard(&mut self, shard: usize, gradient: &mut [f32]) -> Tally {
        self.run.shard(shard, gradient)
    }

    /// Takes the next step with the gradients of all of its parts.
    pub fn step_with(&mut self, shards: &[(Tally, &[f32])]) {
        self.divergence = self.run.step_with(shards).err();
    }

    /// Takes over where another painting of the same order is, to compute parts of its next step.
    pub fn set_parameters(&mut self, step: u64, parameters: &[f32]) {
        self.run.set_parameters(step, parameters);
    }

    /// What there is to see now. Linear regions take longer than the rest: they are drawn anew only where that is asked for, or where the run
    /// is at rest.
    pub fn scene(&mut self, with_regions: bool) -> Scene {
        let at_rest = !self.is_busy();
        let are_new = self.regions.as_ref().is_some_and(|(step, _)| *step == self.n_steps());
        let draws = self.params.regions && (with_regions || at_rest) && !are_new;
        let look = Look { regions: draws, diagnosis: at_rest };
        let mut scene = observe(&self.params, &self.image, self.run.training(), look);
        if draws {
            self.regions = scene.regions.clone().map(|regions| (scene.step, regions));
        } else if self.params.regions {
            scene.regions = self.regions.as_ref().map(|(_, regions)| regions.clone());
        }
        scene
    }

    /// How far it has come.
    pub fn progress(&mut self, with_regions: bool, seconds_per_step: Option<f64>) -> Progress {
        let share_of_step = if self.is_busy() { self.run.training().share_of_step() } else { 0.0 };
        Progress { scene: self.scene(with_regions), share_of_step, seconds_per_step }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Params as _, neural_field::compute};

    fn small() -> Params {
        Params { size: 16, width: 16, steps: 30, regions: true, ..Params::from_start("rectangles").expect("a start") }
    }

    fn finished(painting: &mut Painting) -> Scene {
        while painting.is_busy() {
            painting.advance(10_000);
        }
        painting.scene(false)
    }

    #[test]
    fn slices_end_in_the_same_scene_as_the_whole() {
        let params = small();
        let mut painting = Painting::new(params.clone());
        assert_eq!(painting.scene(true).step, 0);
        assert!(finished(&mut painting) == compute(&params));
    }

    #[test]
    fn an_order_of_the_same_origin_goes_on_and_any_other_begins_anew() {
        let mut painting = Painting::new(small());
        finished(&mut painting);
        assert!(painting.set(Params { steps: 40, cut: 0.5, zoom: 2, ..small() }));
        assert_eq!(painting.n_steps(), 30);
        assert!(finished(&mut painting) == compute(&Params { steps: 40, cut: 0.5, zoom: 2, ..small() }));
        assert!(painting.set(Params { steps: 10, ..small() }));
        assert!(finished(&mut painting) == compute(&Params { steps: 10, ..small() }));
        assert!(!painting.set(Params { rate: 0.01, ..small() }));
        assert_eq!(painting.n_steps(), 0);
        let mut edited = small();
        edited.set_rate_from(15, 0.02);
        painting.set(small());
        finished(&mut painting);
        assert!(painting.set(edited.clone()));
        assert!(finished(&mut painting) == compute(&edited));
    }

    #[test]
    fn durations_are_said_as_one_says_an_estimate() {
        let words = [1.4, 7.8, 23.0, 57.0, 200.0, 1400.0, 3590.0, 6700.0, 7300.0, 90_000.0].map(duration);
        assert_eq!(words, ["1 s", "8 s", "25 s", "1 min", "3 min", "25 min", "1 h", "1 h 50 min", "2 h", "25 h"]);
        let mut progress = Progress::before(&Params { steps: 1000, ..small() });
        assert_eq!((progress.pace(), progress.time_to(1000)), (None, None));
        progress.seconds_per_step = Some(6.0);
        assert_eq!(progress.pace().as_deref(), Some("6 s a step"));
        assert_eq!(progress.time_to(1000).as_deref(), Some("1 h 40 min"));
        progress.seconds_per_step = Some(0.002);
        assert_eq!((progress.pace().as_deref(), progress.time_to(1000)), (Some("500 steps/s"), None));
    }

    #[test]
    fn trying_a_step_out_changes_nothing() {
        for params in [small(), Params { size: 64, width: 64, steps: 2, ..small() }] {
            let mut painting = Painting::new(params.clone());
            let done = painting.try_out(0);
            assert!(done > 0.0 && done <= 1.0, "{done}");
            assert_eq!(painting.n_steps(), 0);
            painting.advance(u64::MAX);
            painting.try_out(0);
            assert!(finished(&mut painting) == compute(&params));
        }
    }

    #[test]
    fn orders_and_progress_come_back_from_their_bytes() {
        let pixels = [[0.0, 0.2, 1.0], [0.4, 0.6, 0.8]].to_vec();
        let own = Own::new("two.png", Image::new(1, 2, pixels).expect("two pixels"));
        let mut params = Params { own: own.clone(), ..small() };
        params.set_rate_from(20, 0.0004);
        let there = |order: Order, known: &Own| Order::read(&order.to_bytes()).expect("an order").into_params(known);
        let first = there(Order::new(&params, &Own::default()), &Own::default());
        assert_eq!(first.own.image(), own.image());
        assert_eq!(Params { own: own.clone(), ..first.clone() }, params);
        // The same picture is sent but once, and stays the same one.
        let second = there(Order::new(&params, &own), &first.own);
        assert_eq!(second, first);
        assert_eq!(there(Order::new(&small(), &own), &first.own), small());

        let mut painting = Painting::new(params);
        painting.advance(u64::MAX);
        let progress = painting.progress(true, Some(0.5));
        let bytes = progress.to_bytes();
        assert!(Progress::read(&bytes) == Some(progress));
        let field = painting.run().training().field();
        assert_eq!(LearntField::read(&LearntField::of(field).to_bytes()).as_ref(), Some(field));
        assert!(Progress::read(&bytes[..bytes.len() / 2]).is_none() && Order::read(&[]).is_none());
    }
}
