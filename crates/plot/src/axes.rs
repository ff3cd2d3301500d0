use crate::{Align, Color, Frame, Paper, Stroke, Text, Theme, Ticks, format_number};

/// What stands along the two axes of a plot.
#[derive(Clone, Debug, PartialEq)]
pub struct Axes<'a> {
    /// The name of the horizontal axis.
    pub x_label: &'a str,
    /// The name of the vertical axis.
    pub y_label: &'a str,
    /// Whether faint lines run through the plot at the ticks.
    pub grid: bool,
    /// Whether the name of the vertical axis stands above it rather than beside it, which takes less room.
    pub y_label_above: bool,
}

const TICK_PX: f64 = 5.0;
const FONT_PX: f64 = 12.5;

/// Draws the frame's border, ticks, their numbers and the names of the axes outside of it, and the grid inside.
pub fn draw_axes(paper: &mut Paper<'_>, frame: &Frame, axes: &Axes<'_>, theme: &Theme) {
    let [left, top] = frame.corner_px;
    let [right, bottom] = frame.far_corner_px();
    let scale = paper.scale();
    let rule = Stroke::solid(theme.faint_ink, 1.0);
    let numbers = Text::new(theme.faint_ink, FONT_PX);
    let names = Text::new(theme.ink, 1.15 * FONT_PX).italic();

    let spacing_px = 70.0 * scale;
    let ticks = [0, 1].map(|axis| {
        let target = (frame.size_px[axis] / spacing_px).clamp(2.0, 9.0) as usize;
        Ticks::inside(frame.data_lo[axis], frame.data_hi[axis], target)
    });
    for value in ticks[0].values() {
        let [x, _] = frame.screen_from_data([value, frame.data_lo[1]]);
        if axes.grid {
            paper.stroke_line([x, top], [x, bottom], &theme.grid_line());
        }
        paper.stroke_line([x, bottom], [x, bottom + TICK_PX * scale], &rule);
        let text = format_number(value, ticks[0].decimals());
        paper.text(&text, [x, bottom + (TICK_PX + 9.0) * scale], &numbers);
    }
    for value in ticks[1].values() {
        let [_, y] = frame.screen_from_data([frame.data_lo[0], value]);
        if axes.grid {
            paper.stroke_line([left, y], [right, y], &theme.grid_line());
        }
        paper.stroke_line([left - TICK_PX * scale, y], [left, y], &rule);
        let text = format_number(value, ticks[1].decimals());
        paper.text(&text, [left - (TICK_PX + 4.0) * scale, y], &numbers.clone().align(Align::End));
    }
    paper.stroke_path([[left, top], [right, top], [right, bottom], [left, bottom], [left, top]], &rule);
    paper.text(axes.x_label, [f64::midpoint(left, right), bottom + (TICK_PX + 25.0) * scale], &names);
    if axes.y_label_above {
        paper.text(axes.y_label, [left, top - 12.0 * scale], &names);
    } else {
        let at = [left - (TICK_PX + 38.0) * scale, f64::midpoint(top, bottom)];
        paper.text(axes.y_label, at, &names.clone().upwards());
    }
}

/// Draws a vertical colour bar for values from `lo` to `hi` with ticks at its right and a name above.
/// `frame` says where it stands; its vertical data range is that of the values.
pub fn draw_color_bar(
    paper: &mut Paper<'_>,
    frame: &Frame,
    name: &str,
    color_at: impl Fn(f64) -> Color,
    theme: &Theme,
) {
    let [left, top] = frame.corner_px;
    let [right, bottom] = frame.far_corner_px();
    let scale = paper.scale();
    let (lo, hi) = (frame.data_lo[1], frame.data_hi[1]);
    let steps = 64;
    for step in 0..steps {
        let [from, to] = [step, step + 1].map(|i| bottom + f64::from(i) / f64::from(steps) * (top - bottom));
        let color = color_at(lo + (f64::from(step) + 0.5) / f64::from(steps) * (hi - lo));
        // A pixel of overlap, so that no seam shows between two steps.
        paper.fill_rect([left, from], [right, (to - 1.0).max(top)], color);
    }
    let rule = Stroke::solid(theme.faint_ink, 1.0);
    paper.stroke_path([[left, top], [right, top], [right, bottom], [left, bottom], [left, top]], &rule);
    let ticks = Ticks::inside(lo, hi, (frame.size_px[1] / (44.0 * scale)).clamp(2.0, 10.0) as usize);
    for value in ticks.values() {
        let [_, y] = frame.screen_from_data([0.0, value]);
        paper.stroke_line([right, y], [right + 4.0 * scale, y], &rule);
        let text = format_number(value, ticks.decimals());
        paper.text(&text, [right + 7.0 * scale, y], &Text::new(theme.faint_ink, FONT_PX).align(Align::Start));
    }
    paper.text(name, [f64::midpoint(left, right), top - 12.0 * scale], &Text::new(theme.ink, 1.15 * FONT_PX).italic());
}
