use piecewise_core::network::Network;
use piecewise_plot::format_number;
use piecewise_widgets::read_number;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::{
    super::{
        Form, LIMIT, Mark, Params, Task,
        equation::{Line, Token, lines, name_of},
        unit_color,
    },
    ViewProps, gesture,
};
use crate::ui::{Embed, ParamsHandle};

/// The network as it is written; in the task to write it, with gaps for its numbers.
#[component]
pub(super) fn Equations(props: &ViewProps) -> Html {
    let theme = use_context::<Embed>().unwrap_or_default().theme();
    let ViewProps { params, scene, .. } = props;
    let now = params.now().clone();
    let form = match now.task {
        Task::Write => Form::Numbers,
        // Names alone would not say which network is asked for.
        Task::Draw if now.form == Form::Symbols => Form::Numbers,
        _ => now.form,
    };
    let net = if now.task == Task::Draw { now.asked() } else { now.network() };
    let lines = lines(&net, form);
    let view = View { props, net: &net, theme, gaps: now.task == Task::Write };

    // By keyboard one walks from symbol to symbol.
    let marks: Vec<Mark> = lines.iter().flat_map(|line| marks_of(line, &net)).collect();
    let place = use_state_eq(|| 0_usize);
    let onkeydown = {
        let (attend, select, scene) = (props.attend.clone(), props.select.clone(), scene.clone());
        let place = place.clone();
        Callback::from(move |event: KeyboardEvent| {
            let by = match event.key().as_str() {
                "ArrowRight" => 1,
                "ArrowLeft" => marks.len() - 1,
                _ => return,
            };
            // In a gap the keys move the caret.
            if marks.is_empty() || event.target_dyn_into::<HtmlInputElement>().is_some() {
                return;
            }
            event.prevent_default();
            let next = (*place + by) % marks.len();
            place.set(next);
            attend.emit(Some(marks[next]));
            if let Some(index) = scene.index_of(marks[next]) {
                select.emit(index);
            }
        })
    };
    let onblur = props.attend.reform(|_: FocusEvent| None);
    let choice = |which: Form, label: &'static str| {
        let params = params.clone();
        let onclick = Callback::from(move |_: MouseEvent| params.edit(move |p| p.form = which));
        html! { <button type="button" aria-pressed={(form == which).to_string()} onclick={onclick}>{ label }</button> }
    };
    html! {
        <div class="network-equations">
            if now.task != Task::Write {
                <div class="network-choice" role="group" aria-label="How it is written">
                    { choice(Form::Numbers, "Numbers") }
                    if now.task == Task::Explore { { choice(Form::Symbols, "Symbols") } }
                    { choice(Form::Matrices, "Matrices") }
                </div>
            }
            <div class="equation" tabindex="0" role="group" onkeydown={onkeydown} onblur={onblur}
                aria-label="The network as equations: left and right arrow keys walk through its symbols">
                { for lines.iter().map(|line| if form == Form::Matrices { view.matrix_line(line) } else { view.line(line) }) }
            </div>
        </div>
    }
}

/// What can be attended to in an equation, from left to right.
fn marks_of(line: &Line, net: &Network) -> Vec<Mark> {
    let of = |token: &Token| match token {
        Token::Name { mark, .. } => mark.iter().copied().collect(),
        Token::Number { mark, .. } => vec![*mark],
        Token::Sign(_) => Vec::new(),
        Token::Vector(k) => vector_marks(net, *k),
        Token::Matrix(k) => matrix_marks(net, *k).concat(),
    };
    line.tokens.iter().flat_map(of).collect()
}

fn vector_marks(net: &Network, layer: usize) -> Vec<Mark> {
    (0..net.layers[layer].n_outputs()).map(|row| Mark::Bias { layer, row }).collect()
}

fn matrix_marks(net: &Network, layer: usize) -> Vec<Vec<Mark>> {
    let row = |row| (0..net.layers[layer].n_inputs()).map(|column| Mark::Weight { layer, row, column }).collect();
    (0..net.layers[layer].n_outputs()).map(row).collect()
}

/// What every symbol needs to know.
struct View<'a> {
    props: &'a ViewProps,
    net: &'a Network,
    theme: &'static piecewise_plot::Theme,
    gaps: bool,
}

impl View<'_> {
    fn attend(&self, mark: Option<Mark>) -> Callback<PointerEvent> {
        self.props.attend.reform(move |_| mark)
    }

    /// Lets the slider move this number, and what was pressed by a finger stay lit.
    fn press(&self, mark: Option<Mark>) -> Callback<MouseEvent> {
        let index = mark.and_then(|mark| self.props.scene.index_of(mark));
        let (attend, select) = (self.props.attend.clone(), self.props.select.clone());
        Callback::from(move |_| {
            attend.emit(mark);
            if let Some(index) = index {
                select.emit(index);
            }
        })
    }

    fn class(&self, mark: Option<Mark>) -> Classes {
        classes!("network-token", (mark.is_some() && mark == self.props.mark).then_some("attended"))
    }

    /// The colour of a hidden unit.
    fn style(&self, mark: Option<Mark>) -> Option<String> {
        match mark? {
            Mark::Unit { layer, row } => {
                Some(format!("--unit: {}", unit_color(&self.props.scene, layer, row, self.theme).css()))
            }
            Mark::Input(_) => Some("--unit: var(--ink)".to_owned()),
            _ => None,
        }
    }

    fn line(&self, line: &Line) -> Html {
        let lit = self.props.mark == Some(line.mark);
        html! {
            <div class={classes!("network-line-of", lit.then_some("attended"))} style={self.style(Some(line.mark))}>
                { for line.tokens.iter().map(|token| self.token(token)) }
            </div>
        }
    }

    fn token(&self, token: &Token) -> Html {
        match token {
            Token::Name { symbol, index, mark, .. } => html! {
                <span class={self.class(*mark)} style={self.style(*mark)} onpointerenter={self.attend(*mark)} onpointerleave={self.attend(None)}
                    onclick={self.press(*mark)}><var>{ symbol }</var><sub>{ index }</sub></span>
            },
            Token::Number { value, signed, mark } => {
                let sign = match signed {
                    true if *value < 0.0 && !self.gaps => "− ",
                    true => "+ ",
                    false => "",
                };
                let number = if self.gaps {
                    let index = self.props.scene.index_of(*mark).unwrap_or_default();
                    html! {
                        <Gap params={self.props.params.clone()} index={index} mark={*mark} attend={self.props.attend.clone()}
                            name={name_of(&self.props.scene.sizes, *mark)} />
                    }
                } else {
                    html! { { format_number(if *signed { value.abs() } else { *value }, 3) } }
                };
                html! {
                    <span class={self.class(Some(*mark))} onpointerenter={self.attend(Some(*mark))} onpointerleave={self.attend(None)}
                        onclick={self.press(Some(*mark))}>{ sign }{ number }</span>
                }
            }
            Token::Sign("a[") => html! { <span>{ "a[" }</span> },
            Token::Sign(sign) => html! { <span>{ *sign }</span> },
            Token::Vector(_) | Token::Matrix(_) => Html::default(),
        }
    }

    fn matrix_line(&self, line: &Line) -> Html {
        let token = |token: &Token| match token {
            Token::Name { symbol, index, .. } => {
                let letter = html! { <mi class="network-bold" mathvariant="normal">{ symbol }</mi> };
                if index.is_empty() {
                    letter
                } else {
                    html! { <msub>{ letter }<mn>{ index }</mn></msub> }
                }
            }
            Token::Sign("a[") => html! { <><mi mathvariant="normal">{ "a" }</mi><mo>{ "[" }</mo></> },
            Token::Sign(sign) => html! { <mo>{ *sign }</mo> },
            Token::Vector(k) => {
                self.table("β", *k, vector_marks(self.net, *k).into_iter().map(|mark| vec![mark]).collect())
            }
            Token::Matrix(k) => self.table("Ω", *k, matrix_marks(self.net, *k)),
            Token::Number { .. } => Html::default(),
        };
        html! { <div class="network-line-of"><math display="block"><mrow>{ for line.tokens.iter().map(token) }</mrow></math></div> }
    }

    /// A matrix of numbers with its name below.
    fn table(&self, name: &'static str, layer: usize, rows: Vec<Vec<Mark>>) -> Html {
        let cell = |mark: Mark| {
            let value = match mark {
                Mark::Weight { row, column, .. } => self.net.layers[layer].omega[(row, column)],
                Mark::Bias { row, .. } => self.net.layers[layer].beta[row],
                _ => 0.0,
            };
            html! {
                <mtd class={self.class(Some(mark))} onpointerenter={self.attend(Some(mark))} onpointerleave={self.attend(None)}
                    onclick={self.press(Some(mark))}><mn>{ format_number(value, 3) }</mn></mtd>
            }
        };
        html! {
            <munder>
                <mrow><mo>{ "[" }</mo><mtable>
                    { for rows.into_iter().map(|row| html! { <mtr>{ for row.into_iter().map(cell) }</mtr> }) }
                </mtable><mo>{ "]" }</mo></mrow>
                <msub class="network-under"><mi class="network-bold" mathvariant="normal">{ name }</mi><mn>{ layer }</mn></msub>
            </munder>
        }
    }
}

#[derive(PartialEq, Properties)]
struct GapProps {
    params: ParamsHandle<Params>,
    index: usize,
    mark: Mark,
    name: String,
    attend: Callback<Option<Mark>>,
}

/// A number that is to be filled in.
#[component]
fn Gap(props: &GapProps) -> Html {
    // A half-written number must not be corrected under the hand.
    let draft = use_state_eq(|| None::<String>);
    let GapProps { index, mark, .. } = *props;
    let now = props.params.now();
    let stands =
        if now.weights.is_empty() { String::new() } else { format_number(now.weight(index), 3).replace('−', "-") };
    let oninput = {
        let (params, draft) = (props.params.clone(), draft.clone());
        Callback::from(move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlInputElement>().value();
            if let Some(value) = read_number(&text) {
                params.drag(gesture(index), move |p| p.set_weight(index, value.clamp(-LIMIT, LIMIT)));
            }
            draft.set(Some(text));
        })
    };
    let onblur = {
        let (params, draft) = (props.params.clone(), draft.clone());
        Callback::from(move |_: FocusEvent| {
            params.rest();
            draft.set(None);
        })
    };
    let onfocus = props.attend.reform(move |_: FocusEvent| Some(mark));
    html! {
        <input type="text" inputmode="decimal" autocomplete="off" class="network-gap" aria-label={props.name.clone()} placeholder="?"
            value={(*draft).clone().unwrap_or(stands)} oninput={oninput} onblur={onblur} onfocus={onfocus} />
    }
}
