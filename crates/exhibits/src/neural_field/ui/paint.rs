use piecewise_widgets::put_cells;
use web_sys::{Element, FocusOptions, HtmlCanvasElement, HtmlElement};
use yew::prelude::*;

use super::super::DrawnPicture;

const SIDE: usize = DrawnPicture::SIDE;

/// What can be done to a drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Brush {
    /// A stroke from one cell to another.
    Stroke {
        from: [usize; 2],
        to: [usize; 2],
        /// The place in the palette.
        colour: u8,
    },
    /// Everything becomes ground.
    Clear,
}

impl Brush {
    /// Does it.
    pub(super) fn apply(self, drawing: &mut DrawnPicture) {
        match self {
            Self::Stroke { from, to, colour } => drawing.paint_line(from, to, colour),
            Self::Clear => drawing.clear(),
        }
    }
}

#[derive(PartialEq, Properties)]
pub(super) struct PaintProps {
    pub(super) drawing: DrawnPicture,
    /// How wide the picture is for its height: cells are stretched to it.
    #[prop_or(1.0)]
    pub(super) aspect: f64,
    /// Told what is done, many times in one stroke.
    pub(super) on_brush: Callback<Brush>,
    /// Told that a stroke is over.
    pub(super) on_rest: Callback<()>,
}

/// A grid of cells to be painted by pointer or by keyboard, the colours, and a button that clears it.
#[component]
pub(super) fn Paint(props: &PaintProps) -> Html {
    let PaintProps { drawing, aspect, on_brush, on_rest } = props;
    let colour = use_state_eq(|| 4_u8);
    let cursor = use_state_eq(|| [SIDE / 2; 2]);
    let (grid, canvas) = (use_node_ref(), use_node_ref());
    // Where the stroke was last, while the pointer is down.
    let last = use_mut_ref(|| None::<[usize; 2]>);
    use_effect_with((canvas.clone(), drawing.clone()), |(canvas, drawing)| {
        if let Some(canvas) = canvas.cast::<HtmlCanvasElement>() {
            let cells: Vec<[u8; 3]> =
                drawing.cells().iter().map(|&cell| DrawnPicture::PALETTE[usize::from(cell)].0).collect();
            // A browser without a canvas shows no exhibit at all.
            let _ = put_cells(&canvas, SIDE, &cells);
        }
    });
    let stroke = {
        let (on_brush, colour) = (on_brush.clone(), *colour);
        move |from, to| on_brush.emit(Brush::Stroke { from, to, colour })
    };
    let onpointerdown = {
        let (grid, last, stroke, cursor) = (grid.clone(), last.clone(), stroke.clone(), cursor.clone());
        Callback::from(move |event: PointerEvent| {
            let Some(here) = grid.cast::<HtmlElement>() else { return };
            if event.button() != 0 || !event.is_primary() {
                return;
            }
            event.prevent_default();
            let at_rest = FocusOptions::new();
            at_rest.set_prevent_scroll(true);
            let _ = here.focus_with_options(&at_rest);
            // Without it, a stroke ends at the edge.
            let _ = here.set_pointer_capture(event.pointer_id());
            let cell = cell_at(&here, &event);
            *last.borrow_mut() = Some(cell);
            cursor.set(cell);
            stroke(cell, cell);
        })
    };
    let onpointermove = {
        let (grid, last, stroke, cursor) = (grid.clone(), last.clone(), stroke.clone(), cursor.clone());
        Callback::from(move |event: PointerEvent| {
            let Some(here) = grid.cast::<Element>() else { return };
            let before = *last.borrow();
            let cell = cell_at(&here, &event);
            if let Some(before) = before.filter(|before| event.is_primary() && *before != cell) {
                *last.borrow_mut() = Some(cell);
                cursor.set(cell);
                stroke(before, cell);
            }
        })
    };
    let lift = {
        let (last, on_rest) = (last.clone(), on_rest.clone());
        Callback::from(move |event: PointerEvent| {
            if event.is_primary() && last.borrow_mut().take().is_some() {
                on_rest.emit(());
            }
        })
    };
    let onkeydown = {
        let (cursor, stroke, on_rest) = (cursor.clone(), stroke.clone(), on_rest.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.ctrl_key() || event.meta_key() || event.alt_key() {
                return;
            }
            let [column, row] = *cursor;
            let step = if event.shift_key() { 4 } else { 1 };
            let to = match event.key().as_str() {
                "ArrowLeft" => [column.saturating_sub(step), row],
                "ArrowRight" => [(column + step).min(SIDE - 1), row],
                "ArrowUp" => [column, row.saturating_sub(step)],
                "ArrowDown" => [column, (row + step).min(SIDE - 1)],
                "Home" => [0, row],
                "End" => [SIDE - 1, row],
                " " | "Enter" => {
                    stroke([column, row], [column, row]);
                    on_rest.emit(());
                    [column, row]
                }
                _ => return,
            };
            event.prevent_default();
            cursor.set(to);
        })
    };
    let clear = {
        let (on_brush, on_rest) = (on_brush.clone(), on_rest.clone());
        Callback::from(move |_: MouseEvent| {
            on_brush.emit(Brush::Clear);
            on_rest.emit(());
        })
    };
    let [column, row] = *cursor;
    let name = |cell: u8| DrawnPicture::PALETTE[usize::from(cell)].1;
    let share = |at: usize| 100.0 * at as f64 / SIDE as f64;
    let place = format!("left: {}%; top: {}%", share(column), share(row));
    html! {
        <div class="neural-field-paint">
            <fieldset class="neural-field-palette">
                <legend class="visually-hidden">{ "Colour" }</legend>
                { for DrawnPicture::PALETTE.iter().zip(0_u8..).map(|(&([r, g, b], name), index)| {
                    let onchange = { let colour = colour.clone(); Callback::from(move |_: Event| colour.set(index)) };
                    html! {
                        <label key={index}>
                            <input type="radio" name="neural-field-colour" checked={*colour == index} onchange={onchange} />
                            <span class="neural-field-swatch" style={format!("background: rgb({r} {g} {b})")} aria-hidden="true"></span>{ name }
                        </label>
                    }
                }) }
            </fieldset>
            <div ref={grid} class="neural-field-cells" role="application" tabindex="0" aria-label={format!("Drawing of {SIDE} by {SIDE} cells")}
                aria-describedby="neural-field-paint-keys" style={format!("aspect-ratio: {aspect}")}
                {onpointerdown} {onpointermove} onpointerup={lift.clone()} onpointercancel={lift} {onkeydown}>
                <canvas ref={canvas} width={SIDE.to_string()} height={SIDE.to_string()} aria-hidden="true"></canvas>
                <span class="neural-field-cursor" style={place} aria-hidden="true"></span>
                <span class="visually-hidden" role="status">{ format!("column {}, row {}: {}", column + 1, row + 1, name(drawing.cell([column, row]))) }</span>
            </div>
            <div class="choices">
                <button type="button" disabled={drawing.is_empty()} onclick={clear}>{ "Clear" }</button>
                <span class="hint" id="neural-field-paint-keys">{ "Paint with the pointer; or with arrow keys and the space bar." }</span>
            </div>
        </div>
    }
}

/// The cell under the pointer; the nearest one, where it is outside.
fn cell_at(grid: &Element, event: &PointerEvent) -> [usize; 2] {
    let shown = grid.get_bounding_client_rect();
    let at = |from: f64, length: f64| {
        let cell = SIDE as f64 * from / length.max(1.0);
        cell.clamp(0.0, (SIDE - 1) as f64) as usize
    };
    [
        at(f64::from(event.client_x()) - shown.left(), shown.width()),
        at(f64::from(event.client_y()) - shown.top(), shown.height()),
    ]
}
