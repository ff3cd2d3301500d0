//! The growth plots, and regions against steps.

use piecewise_plot::{Align, Axes, Frame, Paper, Stroke, Text, Theme, Ticks, draw_axes, format_number};

use super::{GROWTH_UNITS, Growth, GrowthCurve, MOST_DIGITS, Params, RunCounts};

const FONT_PX: f64 = 12.5;

/// Where the two growth plots stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GrowthLayout {
    /// Regions against units.
    pub by_units: Frame,
    /// Regions against parameters.
    pub by_parameters: Frame,
}

impl GrowthLayout {
    /// One plot above the other.
    pub fn new(size_px: [f64; 2], scale: f64, growth: &Growth) -> Self {
        let (left, right, top, gap, bottom) = (48.0 * scale, 74.0 * scale, 30.0 * scale, 78.0 * scale, 44.0 * scale);
        let height = ((size_px[1] - top - gap - bottom) / 2.0).max(40.0);
        let width = (size_px[0] - left - right).max(60.0);
        let frame = |y: f64, data_hi: [f64; 2]| Frame {
            data_lo: [0.0, 0.0],
            data_hi,
            corner_px: [left, y],
            size_px: [width, height],
        };
        Self {
            by_units: frame(top, [GROWTH_UNITS as f64, MOST_DIGITS]),
            by_parameters: frame(top + height + gap, [growth.most_parameters, growth.most_digits]),
        }
    }
}

/// ⁵⁰.
fn superscript(number: usize) -> String {
    number
        .to_string()
        .bytes()
        .map(|digit| ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'][(digit - b'0') as usize])
        .collect()
}

/// Axes of which the vertical one counts powers of ten.
fn draw_log_axes(paper: &mut Paper<'_>, frame: &Frame, x_label: &str, title: &str, theme: &Theme) {
    let [left, top] = frame.corner_px;
    let [right, bottom] = frame.far_corner_px();
    let scale = paper.scale();
    let rule = Stroke::solid(theme.faint_ink, 1.0);
    let numbers = Text::new(theme.faint_ink, FONT_PX);
    let x_ticks = Ticks::inside(0.0, frame.data_hi[0], (frame.size_px[0] / (90.0 * scale)).clamp(2.0, 8.0) as usize);
    for value in x_ticks.values() {
        let [x, _] = frame.screen_from_data([value, 0.0]);
        paper.stroke_line([x, top], [x, bottom], &theme.grid_line());
        paper.text(&super::growth::grouped(&format_number(value, 0)), [x, bottom + 13.0 * scale], &numbers);
    }
    let y_ticks = Ticks::inside(0.0, frame.data_hi[1], (frame.size_px[1] / (42.0 * scale)).clamp(2.0, 6.0) as usize);
    for value in y_ticks.values().filter(|value| value.fract() == 0.0) {
        let [_, y] = frame.screen_from_data([0.0, value]);
        paper.stroke_line([left, y], [right, y], &theme.grid_line());
        let text = if value == 0.0 { "1".to_owned() } else { format!("10{}", superscript(value as usize)) };
        paper.text(&text, [left - 7.0 * scale, y], &numbers.clone().align(Align::End));
    }
    paper.stroke_path([[left, top], [right, top], [right, bottom], [left, bottom], [left, top]], &rule);
    paper.text(x_label, [f64::midpoint(left, right), bottom + 31.0 * scale], &Text::new(theme.ink, 13.5));
    paper.text(title, [left, top - 14.0 * scale], &Text::new(theme.ink, 13.5).align(Align::Start));
}

/// The axes of both growth plots.
pub fn draw_growth_ground(paper: &mut Paper<'_>, layout: &GrowthLayout, growth: &Growth, theme: &Theme) {
    draw_log_axes(paper, &layout.by_units, "hidden units D", "Most regions of one layer", theme);
    let inputs = if growth.n_inputs == 1 { "input" } else { "inputs" };
    let title = format!("Most regions of K layers, {} {inputs}", growth.n_inputs);
    draw_log_axes(paper, &layout.by_parameters, "parameters", &title, theme);
}

/// The curves with the chosen networks on them.
pub fn draw_growth(paper: &mut Paper<'_>, layout: &GrowthLayout, growth: &Growth, params: &Params, theme: &Theme) {
    draw_curves(paper, &layout.by_units, &growth.by_units, ["", " inputs"], params.n_inputs, theme);
    draw_curves(paper, &layout.by_parameters, &growth.by_parameters, ["K = ", ""], params.n_layers, theme);
    let marker = |paper: &mut Paper<'_>, frame: &Frame, at: [f64; 2], color| {
        if at[0] <= frame.data_hi[0] && at[1] <= frame.data_hi[1] {
            let at = frame.screen_from_data(at);
            paper.fill_disc(at, 8.0, theme.casing);
            paper.fill_disc(at, 6.0, color);
        }
    };
    let (shallow, deep) = (&growth.shallow, &growth.deep);
    marker(paper, &layout.by_units, [params.n_hidden as f64, shallow.log10], theme.ink);
    marker(paper, &layout.by_parameters, [shallow.n_parameters as f64, shallow.log10], theme.faint_ink);
    marker(paper, &layout.by_parameters, [deep.n_parameters as f64, deep.log10], theme.ink);
}

fn draw_curves(
    paper: &mut Paper<'_>,
    frame: &Frame,
    curves: &[GrowthCurve],
    [before, after]: [&str; 2],
    chosen: u64,
    theme: &Theme,
) {
    let scale = paper.scale();
    let right = frame.far_corner_px()[0];
    // Labels from below upwards, each at least a line above the one before.
    let mut ends: Vec<(f64, usize)> = Vec::new();
    for (index, curve) in curves.iter().enumerate() {
        let is_chosen = curve.label == chosen;
        let pieces = frame.clip_path(&curve.points);
        if let Some(end) = pieces.last().and_then(|piece| piece.last()) {
            ends.push((end[1], index));
        }
        let width = if is_chosen { 4.0 } else { 2.0 };
        for piece in pieces {
            paper.stroke_path(piece, &Stroke::solid(theme.unit(index), width));
        }
    }
    ends.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut lowest = f64::INFINITY;
    for (y, index) in ends {
        let y = y.min(lowest - 15.0 * scale);
        lowest = y;
        let text = Text::new(theme.unit(index), FONT_PX).align(Align::Start);
        let text = if curves[index].label == chosen { text.bold() } else { text };
        let after = if curves[index].label == 1 { after.trim_end_matches('s') } else { after };
        paper.text(&format!("{before}{}{after}", curves[index].label), [right + 6.0 * scale, y], &text);
    }
}

/// The axes of regions against steps.
pub fn draw_run_ground(paper: &mut Paper<'_>, frame: &Frame, theme: &Theme) {
    draw_axes(paper, frame, &Axes { x_label: "step", y_label: "regions", grid: true, y_label_above: true }, theme);
}

/// Regions against steps, with what zero biases give and the most there can be.
pub fn draw_run(paper: &mut Paper<'_>, frame: &Frame, run: &RunCounts, theme: &Theme) {
    let scale = paper.scale();
    for (value, text) in [(run.central, format!("2D = {}", run.central)), (run.most, format!("≤ {}", run.most))] {
        let [from, to] =
            [0, 1].map(|i| frame.screen_from_data([[frame.data_lo[0], frame.data_hi[0]][i], value as f64]));
        paper.stroke_line(from, to, &Stroke::dashed(theme.faint_ink, 1.5));
        paper.text(&text, [to[0] + 5.0 * scale, to[1]], &Text::new(theme.faint_ink, FONT_PX).align(Align::Start));
    }
    let path: Vec<[f64; 2]> = run
        .regions
        .iter()
        .enumerate()
        .map(|(step, &regions)| frame.screen_from_data([step as f64, regions as f64]))
        .collect();
    let last = path.last().copied();
    paper.stroke_path(path, &Stroke::solid(theme.accent, 2.5));
    if let Some(last) = last {
        paper.fill_disc(last, 5.0, theme.accent);
    }
}
