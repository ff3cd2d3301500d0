//! The exhibit `network`.

use piecewise_exhibits::{
    Params as _,
    network::{Params, Task, equation::name_of, reading},
};
use piecewise_tests::browser::Page;

use crate::{center, fragment, frames_of_drag, key};

/// The weight or bias of this name, as its handle tells screen readers.
async fn value(page: &Page, name: &str) -> f64 {
    let text = page
        .text(&format!(
            "return document.querySelector('.drag-target[aria-label*=\"{name} \"]').getAttribute('aria-valuetext')"
        ))
        .await;
    text.replace('−', "-").parse().unwrap_or_else(|_| panic!("{name} is {text}"))
}

fn handle(name: &str) -> String {
    format!(".drag-target[aria-label*=\"{name} \"]")
}

/// The exhibit, once its picture has the height that it wants: until then its arrows move.
async fn open(link: &str) -> Page {
    let page = Page::open(link, 1280, 900, false).await;
    page.until(
        "const plot = document.querySelector('.network-plot'), svg = plot.querySelector('svg.handles'); \
         const wanted = parseFloat(plot.style.getPropertyValue('--height')); \
         return Math.abs(svg.viewBox.baseVal.height - wanted) < 1.5",
    )
    .await;
    page
}

const EQUATIONS: &str = "return document.querySelector('.equation').innerText.replace(/\\s+/g, ' ')";
const EXPLAINED: &str = "return (document.querySelector('.network-explained')?.textContent ?? '')";
const LIT: &str = "return [...document.querySelectorAll('.network-token.attended')].map(t => t.textContent).join('|')";
const HIGHLIGHTS: &str = "return Number(document.querySelectorAll('.network-plot canvas')[2].dataset.draws)";

#[tokio::test]
async fn an_arrow_a_symbol_a_panel_and_a_slider_light_up_the_same_thing() {
    let page = open("#/network").await;
    let before = page.number(HIGHLIGHTS).await;
    page.hover(center(&page, &handle("Weight φ₂")).await).await;
    page.until(&format!("{LIT} === '+ 1.8'")).await;
    assert_eq!(page.text(EXPLAINED).await, "The weight φ₂ = 1.8 multiplies h₂ on its way to y.");
    page.until(&format!("{HIGHLIGHTS} > {before}")).await;

    // A weighted panel stands for the weight; the others for their unit. There are three of them for each unit, and the sum.
    assert_eq!(page.number("return document.querySelectorAll('.network-plate').length").await, 10.0);
    page.hover(center(&page, ".network-plate:nth-of-type(6)").await).await;
    page.until(&format!("{LIT} === '+ 1.8'")).await;
    page.hover(center(&page, ".network-plate:nth-of-type(5)").await).await;
    page.until(&format!("{LIT} === 'h2|h2'")).await;
    assert_eq!(page.text(EXPLAINED).await, "h₂ = a[−0.3 + 0.9 x₁ − 0.1 x₂]");

    // A symbol of an equation.
    page.hover(center(&page, ".network-line-of:nth-child(3) .network-token:nth-child(6)").await).await;
    page.until(&format!("{EXPLAINED} === 'x₁ is read by h₁, h₂ and h₃.'")).await;
    page.hover([5.0, 5.0]).await;
    page.until(&format!("{EXPLAINED} === ''")).await;

    // A click on a number gives it the slider.
    page.click(center(&page, ".network-line-of:nth-child(4) .network-token:nth-child(6)").await).await;
    page.until("return document.querySelector('.network-selected select').selectedOptions[0].textContent === 'φ₂'")
        .await;

    // By focus: the slider, then from symbol to symbol by the arrow keys.
    page.eval("document.querySelector('.network-selected input[type=range]').focus()").await;
    page.until(&format!("{LIT} === '+ 1.8'")).await;
    page.eval("document.querySelector('.equation').focus()").await;
    page.press(&[], &[key::RIGHT]).await;
    page.until(&format!("{LIT} === '0.2'")).await;
    page.press(&[], &[key::RIGHT]).await;
    page.until(&format!("{LIT} === '+ 0.5'")).await;
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn a_weight_is_dragged_nudged_and_typed_on_its_arrow() {
    let page = open("#/network").await;
    let from = center(&page, &handle("Weight φ₂")).await;
    page.drag(from, [from[0], from[1] + 30.0], 10).await;
    assert_eq!(value(&page, "Weight φ₂").await, 1.3, "ten steps of 0.05 down");
    assert!(page.text(EQUATIONS).await.contains("+ 1.3 h2"), "{}", page.text(EQUATIONS).await);
    page.until("return location.hash.includes('weights=')").await;

    page.eval(&format!("document.querySelector('{}').focus()", handle("Weight φ₂"))).await;
    page.press(&[], &[key::UP]).await;
    assert_eq!(value(&page, "Weight φ₂").await, 1.35);
    page.press(&[key::ALT], &[key::UP]).await;
    assert_eq!(value(&page, "Weight φ₂").await, 1.36);
    page.press(&[key::SHIFT], &[key::DOWN]).await;
    assert_eq!(value(&page, "Weight φ₂").await, 0.86);

    // Enter opens a field at the number; Enter closes it, and the focus is where it was.
    page.press(&[], &[key::ENTER]).await;
    page.until("return document.activeElement.className === 'network-typed'").await;
    page.press(&[], &['-', '0', ',', '7', '5', key::ENTER]).await;
    page.until("return !document.querySelector('.network-typed')").await;
    assert_eq!(value(&page, "Weight φ₂").await, -0.75);
    let focused = page.text("return document.activeElement.getAttribute('aria-label')").await;
    assert_eq!(focused, "Weight φ₂ from h₂ to y");

    // A click opens it too, and on a circle it is the bias.
    page.click(center(&page, &handle("Bias θ₁₀")).await).await;
    page.until("return document.activeElement.className === 'network-typed'").await;
    page.press(&[], &['1', key::TAB]).await;
    assert_eq!(value(&page, "Bias θ₁₀").await, 1.0);

    // One drag, three keys of one gesture each, two typed numbers.
    page.eval("document.activeElement.blur()").await;
    for _ in 0..6 {
        page.press(&[key::CONTROL], &['z']).await;
    }
    assert_eq!((value(&page, "Weight φ₂").await, value(&page, "Bias θ₁₀").await), (1.8, 0.2));
    page.until("return location.hash === '#/network'").await;
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn a_weight_is_dragged_by_a_finger() {
    let page = Page::open("#/network", 360, 740, false).await;
    page.enable_touch().await;
    page.go("#/network").await;
    page.eval("document.querySelector('.plot').scrollIntoView({block: 'center'})").await;
    let from = center(&page, &handle("Weight φ₂")).await;
    page.touch_drag(from, [from[0], from[1] - 30.0], 10).await;
    page.until(&format!(
        "return Math.abs(Number(document.querySelector('{}').getAttribute('aria-valuetext')) - 2.3) < 0.11",
        handle("Weight φ₂")
    ))
    .await;

    // A panel that is tapped stays lit when the finger is gone; the third of the second unit stands for its weight.
    let panel = center(&page, ".network-plate:nth-of-type(6)").await;
    page.touch_drag(panel, panel, 0).await;
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert!(page.text(LIT).await.starts_with("+ 2."), "{}", page.text(LIT).await);
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn the_shape_changes_and_the_parameters_are_counted_as_a_sum() {
    let page = open("#/network").await;
    let count = "return document.querySelector('[data-count=parameters]').textContent";
    assert_eq!(page.text(count).await, "(2 + 1)·3 + (3 + 1)·1 = 13 parameters");
    let more = |name: &str| {
        format!(
            "[...document.querySelectorAll('.stepper')].find(s => s.ariaLabel.includes('{name}')).lastChild.click()"
        )
    };
    page.eval(&more("hidden units")).await;
    page.until(&format!("{count} === '(2 + 1)·4 + (4 + 1)·1 = 17 parameters'")).await;
    page.eval(&more("hidden layers")).await;
    page.until(&format!("{count} === '(2 + 1)·4 + (4 + 1)·3 + (3 + 1)·1 = 31 parameters'")).await;
    assert!(page.text(EQUATIONS).await.contains("h′3"), "{}", page.text(EQUATIONS).await);
    page.eval(&more("inputs")).await;
    page.until("return document.querySelector('.network-slice')?.textContent.includes('x₃ = 0')").await;

    page.go("#/network?start=fig-3.6").await;
    assert_eq!(page.text(count).await, "(1 + 1)·4 + (4 + 1)·2 = 18 parameters");
    page.eval("document.querySelector('.network-more').open = true").await;
    let larger = "return document.querySelector('.network-larger output').textContent";
    assert_eq!(page.text(larger).await, "(100 + 1)·500 + (500 + 1)·1 = 51,001");
    page.eval("const f = document.querySelector('.network-larger input'); f.focus(); f.select()").await;
    page.press(&[], &['1', '0', ',', '8', ',', '1']).await;
    page.until(&format!("{larger} === '(10 + 1)·8 + (8 + 1)·1 = 97'")).await;
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn the_panels_end_in_the_unit_that_is_pressed() {
    let page = open("#/network?start=two-outputs").await;
    page.click(center(&page, ".network-unit:nth-last-of-type(1)").await).await;
    page.until("return location.hash.includes('sum=2,2')").await;
    assert_eq!(
        page.text("return document.querySelector('.network-sum select').selectedOptions[0].textContent").await,
        "y₂"
    );
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn the_same_network_as_numbers_names_and_matrices() {
    let page = open("#/network").await;
    let choose = |label: &str| {
        format!(
            "[...document.querySelectorAll('.network-equations button')].find(b => b.textContent === '{label}').click()"
        )
    };
    page.eval(&choose("Symbols")).await;
    page.until(&format!("{EQUATIONS}.includes('θ11')")).await;
    page.eval(&choose("Matrices")).await;
    page.until("return document.querySelectorAll('.equation mtd').length === 13").await;
    page.hover(center(&page, ".equation mtr:nth-child(3) mtd:nth-child(2)").await).await;
    page.until(&format!("{EXPLAINED}.startsWith('The weight θ₃₂ = −0.7')")).await;
    page.until("return location.hash.includes('form=matrices')").await;
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn rescaling_by_a_positive_factor_changes_nothing_and_by_a_negative_one_the_function() {
    let page = open("#/network?start=rescaled").await;
    let verdict = "return document.querySelector('.network-rescaling').textContent";
    assert!(page.text(verdict).await.contains("The same function"), "{}", page.text(verdict).await);
    assert_eq!(value(&page, "Weight θ₁₁").await, 1.0);
    page.eval("const f = document.querySelector('.network-more input[type=text]'); f.focus(); f.select()").await;
    page.press(&[], &['-', '2', key::TAB]).await;
    page.until(&format!("{verdict}.includes('Another function')")).await;
    assert_eq!(value(&page, "Weight θ₁₁").await, -1.0);
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn latex_pytorch_and_the_diagram_can_be_taken_away() {
    let page = open("#/network").await;
    page.eval("document.querySelector('.network-more').open = true").await;
    for (label, holds, file) in [
        ("LaTeX", "\\begin{aligned}", "network.tex"),
        ("PyTorch", "nn.Linear(2, 3)", "network.py"),
        ("SVG", "<svg", "network.svg"),
    ] {
        page.eval(&format!(
            "[...document.querySelectorAll('.network-exports button')].find(b => b.textContent === '{label}').click()"
        ))
        .await;
        page.until(&format!(
            "return document.querySelector('.network-more a')?.download === '{file}' && \
             document.querySelector('.network-text').textContent.includes({holds:?})"
        ))
        .await;
        let same = page
            .eval(
                "const text = document.querySelector('.network-text').textContent; \
                 return decodeURIComponent(document.querySelector('.network-more a').href.split(',').slice(1).join(',')) === text",
            )
            .await;
        assert_eq!(same.as_bool(), Some(true), "{label}: the file holds the text");
    }
    page.eval("document.querySelector('.network-more .copy button').scrollIntoView({block: 'center'})").await;
    page.click(center(&page, ".network-more .copy button").await).await;
    page.until("return document.querySelector('.network-more .copy-said').textContent.includes('Copied')").await;
    page.assert_console_is_empty().await;
    page.close().await;
}

/// Fills the gaps with these numbers, in the order in which they stand in the equations.
async fn fill(page: &Page, params: &Params, numbers: &[f64]) {
    let scene = piecewise_exhibits::network::compute(params);
    for (index, number) in numbers.iter().enumerate() {
        let name = name_of(&scene.sizes, scene.mark_of(index).expect("a number"));
        page.eval(&format!(
            "const f = document.querySelector('.network-gap[aria-label=\"{name}\"]'); f.focus(); f.select(); \
             document.execCommand('insertText', false, '{number}')"
        ))
        .await;
    }
}

const STATUS: &str = "return document.querySelector('.network-verdict .status').textContent";

#[tokio::test]
async fn a_network_is_written_and_any_form_that_computes_the_same_is_right() {
    let page = open("#/network?start=quiz").await;
    let params = Params::from_start("quiz").expect("a start");
    let asked = params.asked();
    fill(&page, &params, &asked.parameters()).await;
    page.eval("document.querySelector('.network-check').click()").await;
    page.until(&format!("{STATUS}.startsWith('Right')")).await;

    // Two units change places, and one of them is doubled and its weight halved.
    let mut other = asked.clone();
    for (to, from, alpha) in [(0, 1, 2.0), (1, 0, 1.0)] {
        other.layers[0].beta[to] = alpha * asked.layers[0].beta[from];
        other.layers[0].omega.row_mut(to).copy_from(&(alpha * asked.layers[0].omega.row(from)));
        other.layers[1].omega[(0, to)] = asked.layers[1].omega[(0, from)] / alpha;
    }
    fill(&page, &params, &other.parameters()).await;
    assert_eq!(page.text(STATUS).await, "", "the verdict was about another answer");
    page.eval("document.querySelector('.network-check').click()").await;
    page.until(&format!("{STATUS}.startsWith('Right')")).await;

    let mut wrong = other.parameters();
    wrong[10] += 0.5;
    fill(&page, &params, &wrong).await;
    page.eval("document.querySelector('.network-check').click()").await;
    page.until(&format!("{STATUS}.startsWith('Not yet: at x = (')")).await;
    page.eval("document.querySelector('.network-hint').click()").await;
    page.until(&format!("{STATUS}.includes('the weight φ₁')")).await;

    let before = fragment(&page).await;
    page.eval("document.querySelector('.network-next').click()").await;
    page.until(&format!("return location.hash !== '{before}' && location.hash.includes('seed=2')")).await;
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn a_diagram_is_weighted_after_its_equations() {
    let page = open("#/network?start=fig-3.3&task=draw").await;
    let params = Params { task: Task::Draw, ..Params::from_start("fig-3.3").expect("a start") };
    let scene = piecewise_exhibits::network::compute(&params);
    for (index, number) in params.asked().parameters().into_iter().enumerate() {
        let name = name_of(&scene.sizes, scene.mark_of(index).expect("a number"));
        page.eval(&format!("document.querySelector('{}').focus()", handle(&name))).await;
        page.press(&[], &[key::ENTER]).await;
        page.until("return document.activeElement.className === 'network-typed'").await;
        let keys: Vec<char> = format!("{number}").chars().chain([key::ENTER]).collect();
        page.press(&[], &keys).await;
        page.until("return !document.querySelector('.network-typed')").await;
        assert_eq!(value(&page, &name).await, number);
    }
    page.eval("document.querySelector('.network-check').click()").await;
    page.until(&format!("{STATUS}.startsWith('Right')")).await;
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn the_hinges_are_read_from_the_picture_by_dragging_lines_onto_them() {
    let mut params = Params::from_start("read-the-picture").expect("a start");
    let hidden = params.asked();
    let theta = |d: usize| [hidden.layers[0].beta[d], hidden.layers[0].omega[(d, 0)], hidden.layers[0].omega[(d, 1)]];
    // Two lines are on their hinges, the third lies a little beside its own.
    let third = theta(2);
    let length = f64::hypot(third[1], third[2]);
    params.lines = vec![theta(0), theta(1), [third[0] - 0.3 * length, third[1], third[2]]];
    let link = piecewise_exhibits::link::write(&params);
    let page = Page::open(&format!("#/network?{link}"), 1280, 900, false).await;
    assert_eq!(page.number("return document.querySelectorAll('.network-reading .found').length").await, 2.0);
    // From the middle of the line towards its hinge, straight across. The picture is 2 wide.
    let ends = reading::segment(params.lines[2]).expect("it is in view");
    let across = [0, 1].map(|i| -0.3 * third[1 + i] / length);
    let from = [0, 1].map(|i| 0.7 * ends[0][i] + 0.3 * ends[1][i]);
    let to = [0, 1].map(|i| from[i] + across[i]);
    let on_page = |x: [f64; 2]| {
        // Two corners of a line that runs from edge to edge tell where the picture is.
        let line = ends;
        format!(
            "const l = document.querySelectorAll('.network-line .reach')[6]; const svg = document.querySelector('svg.handles').getBoundingClientRect(); \
             const a = [l.x1, l.y1].map(v => v.baseVal.value), b = [l.x2, l.y2].map(v => v.baseVal.value); \
             const px = [(b[0] - a[0]) / ({} - {}), (b[1] - a[1]) / ({} - {})]; \
             return [svg.x + a[0] + ({} - {}) * px[0], svg.y + a[1] + ({} - {}) * px[1]]",
            line[1][0], line[0][0], line[1][1], line[0][1], x[0], line[0][0], x[1], line[0][1]
        )
    };
    let place = async |x: [f64; 2]| {
        let value = page.eval(&on_page(x)).await;
        [0, 1].map(|i| value[i].as_f64().expect("a coordinate"))
    };
    let (from, to) = (place(from).await, place(to).await);
    page.drag(from, to, 12).await;
    page.until("return document.querySelectorAll('.network-reading .found').length === 3").await;
    let revealed = page.text("return document.querySelector('.network-reading .equation').textContent").await;
    assert!(revealed.contains("y = "), "{revealed}");
    page.assert_console_is_empty().await;
    page.close().await;
}

#[tokio::test]
async fn every_frame_of_a_drag_is_drawn() {
    for (what, link) in [
        ("2-3-1", "#/network"),
        ("2-3-2-1", "#/network?start=deep"),
        ("2-10-1", "#/network?hidden=10"),
        ("2-10-10-1", "#/network?hidden=10,10"),
    ] {
        let page = open(link).await;
        let from = center(&page, ".network-edge").await;
        let frames = frames_of_drag(&page, from, [from[0], from[1] - 65.0]).await;
        println!("drag of a weight, {what}: {frames}");
        assert!(frames.n_redrawn > 5.0, "the picture follows the hand");
        page.assert_console_is_empty().await;
        page.close().await;
    }
}
