mod cell;
mod planes;
mod section;
mod space;

use std::rc::Rc;

use yew::prelude::*;

use self::{
    cell::{CellCard, CellTable},
    planes::{More, Planes},
    section::SectionCard,
    space::Space,
};
use super::{Lit, Params, Polytopes, Section, Solid, compute_section, compute_solid};
use crate::ui::{ExhibitFrame, FrameProps, HistoryButtons, PageProps, ParamsHandle, counter, use_params};

/// Gestures: what is dragged as one step.
const TURNING: u32 = 1;
const EXPLODING: u32 = 2;
const SLICING: u32 = 3;
/// Numbers of the planes and of the second layer have those after it.
const NUMBERS: u32 = 10;

/// What was computed. Two of them are equal when they are the same object: comparing all cells would take longer than drawing some.
struct Computed<T>(Rc<T>);

impl<T> Clone for Computed<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> PartialEq for Computed<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> std::ops::Deref for Computed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// What every part of the page is given.
#[derive(Clone, PartialEq, Properties)]
struct PartProps {
    params: ParamsHandle<Params>,
    solid: Computed<Solid>,
    section: Computed<Section>,
    lit: Lit,
    /// The plane whose numbers are shown.
    selected: usize,
    attend_cell: Callback<Option<usize>>,
    attend_unit: Callback<Option<usize>>,
    select: Callback<usize>,
    /// Picks a cell out, or lets it go when it is picked out already.
    pick: Callback<usize>,
}

/// The page of the exhibit `polytopes`.
#[component]
pub fn Page(props: &PageProps) -> Html {
    let params = use_params::<Params>(props);
    let lit = use_state_eq(Lit::default);
    let selected = use_state_eq(|| 0_usize);
    let now = params.now().clone();
    // Turning the cube computes nothing anew.
    let cut = (now.planes.clone(), now.second.clone(), now.seed);
    let solid = Computed(use_memo(cut.clone(), |_| compute_solid(&now)));
    let section = Computed(use_memo((cut, now.axis, now.position.to_bits()), |_| compute_section(&now, &solid)));

    let of_solid = |cell: Option<usize>| cell.filter(|&cell| cell < solid.cells.len());
    let picked = now.picked.as_deref().and_then(|pattern| solid.cell_with(pattern));
    let unit = lit.unit.filter(|&unit| unit < now.n_hidden());
    let attend_cell = {
        let lit = lit.clone();
        Callback::from(move |cell: Option<usize>| lit.set(Lit { cell, ..*lit }))
    };
    let attend_unit = {
        let lit = lit.clone();
        Callback::from(move |unit: Option<usize>| lit.set(Lit { unit, ..*lit }))
    };
    let pick = {
        let (params, solid) = (params.clone(), solid.clone());
        Callback::from(move |cell: usize| {
            let Some(pattern) = solid.cells.get(cell).map(|cell| cell.pattern.clone()) else { return };
            params.edit(move |p| p.picked = if p.picked.as_ref() == Some(&pattern) { None } else { Some(pattern) });
        })
    };
    let select = {
        let selected = selected.clone();
        Callback::from(move |unit: usize| selected.set(unit))
    };
    let part = PartProps {
        params: params.clone(),
        solid: solid.clone(),
        section: section.clone(),
        lit: Lit { picked, cell: of_solid(lit.cell), unit },
        selected: (*selected).min(now.planes.len().saturating_sub(1)),
        attend_cell,
        attend_unit,
        select,
        pick,
    };
    let picture = html! { <Space ..part.clone() /> };
    let readout = html! { <CellCard ..part.clone() /> };
    let controls = html! {
        <>
            <SectionCard ..part.clone() />
            <Counters solid={solid.clone()} deep={!now.second.is_empty()} />
            <Planes ..part.clone() />
            <div class="tools"><div class="row"><HistoryButtons<Params> params={params.clone()} /></div></div>
            <details class="polytopes-more">
                <summary>{ "More" }</summary>
                <More ..part.clone() />
                <CellTable ..part />
            </details>
        </>
    };
    html! { <ExhibitFrame<Params> ..FrameProps::of::<Polytopes>(params, picture, readout, controls) /> }
}

#[derive(PartialEq, Properties)]
struct CountersProps {
    solid: Computed<Solid>,
    deep: bool,
}

/// How many cells there are, how many there could be, and why there are fewer.
#[component]
fn Counters(props: &CountersProps) -> Html {
    let counts = props.solid.counts;
    html! {
        <div class="counts">
            <div class="counters">
                { counter("in-view", counts.in_cube.to_string(), "cells in the cube") }
                if props.deep {
                    { counter("first-layer", counts.first_layer.to_string(), "by the first layer alone") }
                } else {
                    { counter("in-space", counts.in_space.to_string(), "in the whole of space") }
                    { counter("zaslavsky", counts.zaslavsky.to_string(), "possible at most") }
                }
                { counter("patterns", counts.patterns.to_string(), "patterns on paper") }
            </div>
            <p class="shortfall">{ props.solid.remarks.join(" ") }</p>
        </div>
    }
}
