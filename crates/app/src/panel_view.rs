use piecewise_exhibits::{Entry, Panel, ui::Embed};
use piecewise_widgets::{Drawing, PlotCanvas};
use yew::prelude::*;

/// What a [`PanelView`] is made of.
#[derive(Clone, Debug, Properties)]
pub(crate) struct PanelViewProps {
    /// The exhibit.
    pub(crate) entry: &'static Entry,
    /// Which of its pictures.
    pub(crate) panel: Panel,
    /// What the link holds behind the `?`.
    pub(crate) state: AttrValue,
}

impl PartialEq for PanelViewProps {
    fn eq(&self, other: &Self) -> bool {
        (self.entry.name, self.panel, &self.state) == (other.entry.name, other.panel, &other.state)
    }
}

/// One picture of an exhibit and nothing else: it follows the state in the link, and cannot be dragged.
#[component]
pub(crate) fn PanelView(props: &PanelViewProps) -> Html {
    let embed = use_context::<Embed>().unwrap_or_default();
    let PanelViewProps { entry, panel, state } = props;
    let picture = use_memo((panel.name, state.clone()), |_| entry.picture(state, panel));
    let drawing = use_memo((panel.name, state.clone(), embed), |_| {
        let picture = picture.clone();
        Drawing::new(move |paper| (picture.draw)(paper, embed.theme()))
    });
    html! {
        <article class="exhibit bare">
            <section class="picture">
                <PlotCanvas layers={vec![(*drawing).clone()]} scale={embed.scale} label={picture.sentence.clone()} />
            </section>
        </article>
    }
}
