use std::rc::Rc;

use piecewise_plot::format_number;
use yew::prelude::*;

use super::super::{
    Form, Params, Scene, Task,
    equation::{lines, subscripted, text, unit_name, written},
    grade,
};
use crate::ui::ParamsHandle;

#[derive(PartialEq, Properties)]
pub(super) struct TaskProps {
    pub(super) params: ParamsHandle<Params>,
}

/// What there is to do.
#[component]
pub(super) fn TaskChoice(props: &TaskProps) -> Html {
    let params = &props.params;
    let now = params.now();
    let choice = |task: Task, label: &'static str| {
        let (params, seed) = (params.clone(), now.seed);
        let onclick = Callback::from(move |_: MouseEvent| params.edit(move |p| p.begin(task, seed)));
        html! { <button type="button" aria-pressed={(now.task == task).to_string()} onclick={onclick}>{ label }</button> }
    };
    let says = match now.task {
        Task::Explore => "",
        Task::Write => {
            "Write the numbers of the network in the picture. Every equation that computes the same is right."
        }
        Task::Draw => "Drag the arrows and circles until the diagram computes what the equations say.",
        Task::Read => "Only the output is shown. Drag the three lines onto the places where its contours bend.",
    };
    html! {
        <div class="network-tasks">
            <div class="network-choice" role="group" aria-label="What to do">
                { choice(Task::Explore, "Explore") }
                { choice(Task::Write, "Write it") }
                { choice(Task::Draw, "Draw it") }
                { choice(Task::Read, "Read it") }
            </div>
            if !says.is_empty() { <p>{ says }</p> }
        </div>
    }
}

/// Another network of the same task.
fn next_button(params: &ParamsHandle<Params>) -> Html {
    let onclick = params.on_click(move |p| p.begin(p.task, p.seed.wrapping_add(1)));
    html! { <button type="button" class="network-next" onclick={onclick}>{ "Another network" }</button> }
}

/// What has been asked about an answer.
#[derive(Clone, Copy, PartialEq)]
enum Question {
    Check,
    Hint,
}

/// Grades the answer, when asked to.
#[component]
pub(super) fn Verdict(props: &TaskProps) -> Html {
    let params = &props.params;
    let now = params.now().clone();
    // A verdict holds for the answer that was graded, and no other.
    let asked_about = use_state_eq(|| None::<(Question, Rc<Params>)>);
    let ask = |question: Question| {
        let (asked_about, now) = (asked_about.clone(), now.clone());
        Callback::from(move |_: MouseEvent| asked_about.set(Some((question, now.clone()))))
    };
    let show = params.on_click(move |p| p.weights = p.asked().parameters());
    let verdict = asked_about.as_ref().filter(|(_, then)| **then == *now).map(|(question, _)| {
        let (asked, answer) = (now.asked(), now.network());
        match grade::compare(&asked, &answer, now.seed) {
            None => (true, "Right: the two agree at 256 random points.".to_owned()),
            Some(_) if *question == Question::Hint => {
                (false, grade::hint(&asked, &answer, now.seed).unwrap_or_default())
            }
            Some(at) => {
                let x: Vec<String> = at.x.iter().map(|&x| format_number(x, 2)).collect();
                let y = match now.outputs {
                    1 => "y".to_owned(),
                    _ => format!("y{}", subscripted(&(at.output + 1).to_string())),
                };
                let words = format!(
                    "Not yet: at x = ({}) the network gives {y} = {}, yours gives {}.",
                    x.join(", "),
                    format_number(at.expected, 3),
                    format_number(at.found, 3)
                );
                (false, words)
            }
        }
    });
    let class = verdict.as_ref().map(|(right, _)| if *right { "right" } else { "wrong" });
    html! {
        <div class="network-verdict">
            <div class="tools"><div class="row">
                <button type="button" class="network-check" onclick={ask(Question::Check)}>{ "Check" }</button>
                <button type="button" class="network-hint" onclick={ask(Question::Hint)}>{ "Hint" }</button>
                { next_button(params) }
                <button type="button" onclick={show}>{ "Show the answer" }</button>
            </div></div>
            <p class={classes!("status", class)} role="status">{ verdict.map(|(_, words)| words) }</p>
        </div>
    }
}

#[derive(PartialEq, Properties)]
pub(super) struct ReadingProps {
    pub(super) params: ParamsHandle<Params>,
    pub(super) scene: Rc<Scene>,
}

/// Which lines lie on hinges; when all do, the network itself.
#[component]
pub(super) fn ReadingCard(props: &ReadingProps) -> Html {
    let scene = &props.scene;
    let n_found = scene.found.iter().flatten().count();
    let state = |(line, found): (usize, &Option<usize>)| {
        let words = match found {
            Some(unit) => {
                format!("Line {}: found, here {} switches ✓", line + 1, written(unit_name(&scene.sizes, 0, *unit)))
            }
            None => format!("Line {}: on no hinge yet", line + 1),
        };
        html! { <li class={found.is_some().then_some("found")}>{ words }</li> }
    };
    let net = props.params.now().asked();
    html! {
        <div class="network-reading">
            <ul aria-live="polite">{ for scene.found.iter().enumerate().map(state) }</ul>
            if n_found == scene.found.len() {
                <p>{ "All three. This is the network:" }</p>
                <div class="equation">
                    { for lines(&net, Form::Numbers).iter().map(|line| html! { <div class="network-line-of">{ text(&net, line) }</div> }) }
                </div>
            }
            <div class="tools"><div class="row">{ next_button(&props.params) }</div></div>
        </div>
    }
}
