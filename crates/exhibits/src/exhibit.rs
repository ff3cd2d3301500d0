use piecewise_plot::{Paper, Theme, svg};
use serde::{Serialize, de::DeserializeOwned};

use crate::{Caption, Curve, link};

/// What the user can set, and nothing else.
///
/// Every exhibit's parameters have a `start`: the name of a preset, or of a random draw with its seed. It says where reset
/// leads, and a link writes only what differs from it.
pub trait Params: Clone + Default + PartialEq + Serialize + DeserializeOwned + 'static {
    /// The parameters that a start names, or nothing when there is no such start.
    fn from_start(start: &str) -> Option<Self>;

    /// The start of these parameters.
    fn start(&self) -> &str;

    /// Brings every number into its range and every list to a possible length. Must leave valid parameters alone.
    fn make_valid(&mut self);
}

/// A named set of parameters: a button, a link, a golden picture and a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    /// The start that it stands for, as links write it.
    pub start: &'static str,
    /// What its button says.
    pub label: &'static str,
    /// What one is to see in it, as one sentence.
    pub note: &'static str,
}

/// One picture of an exhibit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Panel {
    /// Its name, as links write it.
    pub name: &'static str,
    /// Its size in stills, in CSS pixels.
    pub size_px: [f64; 2],
}

/// An exhibit: parameters, the scene computed from them, and its drawing.
pub trait Exhibit {
    /// What the user can set.
    type Params: Params;
    /// Everything there is to see, in data space.
    type Scene: Serialize + 'static;

    /// Its name, as links write it.
    const NAME: &'static str;
    /// Its title.
    const TITLE: &'static str;
    /// The slides of the lecture that it serves, as "Slide 4" or "Slides 7–8".
    const SLIDES: &'static str;
    /// The words around it.
    const CAPTION: Caption;
    /// The lecture's own cases; the first is where one begins.
    const PRESETS: &'static [Preset];
    /// Its pictures.
    const PANELS: &'static [Panel];

    /// Computes the scene.
    fn compute(params: &Self::Params) -> Self::Scene;

    /// Draws one panel over the whole paper.
    fn draw(panel: &Panel, params: &Self::Params, scene: &Self::Scene, paper: &mut Paper<'_>, theme: &Theme);

    /// The page of the exhibit.
    #[cfg(feature = "ui")]
    fn page(props: crate::ui::PageProps) -> yew::Html;

    /// What a panel shows, in one or two sentences for those who do not see it.
    fn describe(scene: &Self::Scene) -> String;

    /// The curves of its pictures, for those who want their numbers. Not every exhibit has some.
    fn curves(_params: &Self::Params, _scene: &Self::Scene) -> Vec<Curve> {
        Vec::new()
    }
}

type DrawFn = dyn Fn(&mut Paper<'_>, &Theme);

/// What a panel shows in some state, computed.
pub struct Picture {
    /// What there is to see, in one or two sentences for those who do not see it.
    pub sentence: String,
    /// Draws it over the whole paper.
    pub draw: Box<DrawFn>,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Picture").field("sentence", &self.sentence).finish_non_exhaustive()
    }
}

/// An exhibit in the registry, its types erased: everything goes through links.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Its name, as links write it.
    pub name: &'static str,
    /// Its title.
    pub title: &'static str,
    /// The slides of the lecture that it serves.
    pub slides: &'static str,
    /// The words around it.
    pub caption: Caption,
    /// The lecture's own cases.
    pub presets: &'static [Preset],
    /// Its pictures.
    pub panels: &'static [Panel],
    picture: fn(&str, &Panel) -> Picture,
    curves: fn(&str) -> Vec<Curve>,
    settings: fn(&str) -> Vec<link::Setting>,
    // The page has no use for it, and would carry the writing of every scene.
    #[cfg(not(target_arch = "wasm32"))]
    scene: fn(&str) -> serde_json::Value,
    canonical: fn(&str) -> (String, usize),
    #[cfg(feature = "ui")]
    page: fn(crate::ui::PageProps) -> yew::Html,
}

impl Entry {
    /// The entry of an exhibit.
    pub const fn of<E: Exhibit>() -> Self {
        Self {
            name: E::NAME,
            title: E::TITLE,
            slides: E::SLIDES,
            caption: E::CAPTION,
            presets: E::PRESETS,
            panels: E::PANELS,
            picture: |state, panel| {
                let (params, panel) = (link::read::<E::Params>(state).params, *panel);
                let scene = E::compute(&params);
                Picture {
                    sentence: E::describe(&scene),
                    draw: Box::new(move |paper, theme| E::draw(&panel, &params, &scene, paper, theme)),
                }
            },
            curves: |state| {
                let params = link::read::<E::Params>(state).params;
                E::curves(&params, &E::compute(&params))
            },
            settings: |state| link::settings(&link::read::<E::Params>(state).params),
            #[cfg(not(target_arch = "wasm32"))]
            scene: |state| {
                let scene = E::compute(&link::read::<E::Params>(state).params);
                serde_json::to_value(scene).unwrap_or_default()
            },
            canonical: |state| {
                let reading = link::read::<E::Params>(state);
                (link::write(&reading.params), reading.not_understood)
            },
            #[cfg(feature = "ui")]
            page: E::page,
        }
    }

    /// Draws a panel to SVG. `state` is what a link holds behind the `?`; texts and strokes are `scale` times as large as usual.
    ///
    /// # Errors
    /// When the drawing fails.
    pub fn svg(
        &self,
        state: &str,
        panel: &Panel,
        scale: f64,
        theme: &Theme,
    ) -> Result<String, piecewise_plot::DrawingError> {
        let picture = self.picture(state, panel);
        svg(panel.size_px, scale, &picture.sentence, |paper| {
            paper.set_stroke_scale(theme.stroke_scale);
            (picture.draw)(paper, theme);
        })
    }

    /// What a panel shows: computed now, to be drawn as often as is needed.
    pub fn picture(&self, state: &str, panel: &Panel) -> Picture {
        (self.picture)(state, panel)
    }

    /// The curves of its pictures.
    pub fn curves(&self, state: &str) -> Vec<Curve> {
        (self.curves)(state)
    }

    /// Every setting that is a number, with its value in this state.
    pub fn settings(&self, state: &str) -> Vec<link::Setting> {
        (self.settings)(state)
    }

    /// The numbers behind the picture.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn scene(&self, state: &str) -> serde_json::Value {
        (self.scene)(state)
    }

    /// The shortest state that says the same, and how many settings were not understood.
    pub fn canonical(&self, state: &str) -> (String, usize) {
        (self.canonical)(state)
    }

    /// The page of the exhibit.
    #[cfg(feature = "ui")]
    pub fn page(&self, props: crate::ui::PageProps) -> yew::Html {
        (self.page)(props)
    }

    /// The state of a preset.
    pub fn preset_state(&self, preset: &Preset) -> String {
        self.canonical(&format!("start={}", preset.start)).0
    }
}
