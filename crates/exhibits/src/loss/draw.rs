use piecewise_plot::{
    Align, Axes, Color, ColorMap, Frame, Paper, Stroke, Text, Theme, draw_axes, format_number, subscript,
};

use super::{
    Example, Ground, Kind, Params, Scene,
    scene::{AUTHOR_LOSS, format_loss, is_challenge},
    shape::DataSet,
};

/// Above the probabilities of three classes stand the examples, a row a class; the first row and the distance of rows.
const ROWS: [f64; 2] = [1.14, 0.11];

/// A loss that is less than this is shown as this on the logarithmic axis.
const LEAST_LOSS: f64 = 1e-4;

/// Where the four plots stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layout {
    /// The examples and the model.
    pub fit: Frame,
    /// What each example adds to the loss, over the same x.
    pub shares: Frame,
    /// The loss over two parameters; its ranges are those of the scene.
    pub surface: Frame,
    /// The loss over the steps of descent; its ranges are set when it is drawn.
    pub curve: Frame,
}

impl Layout {
    /// The layout on paper of this size: two columns, or one below the other where it is narrow.
    pub fn new(data: DataSet, window: [[f64; 2]; 2], size_px: [f64; 2], scale: f64) -> Self {
        let (left, right, top, bottom) = (46.0 * scale, 14.0 * scale, 74.0 * scale, 44.0 * scale);
        let between = 48.0 * scale;
        let [x_range, y_range] = view(data);
        let frame = |[lo, hi]: [[f64; 2]; 2], [x, y]: [f64; 2], [w, h]: [f64; 2]| Frame {
            data_lo: lo,
            data_hi: hi,
            corner_px: [x, y],
            size_px: [w.max(30.0), h.max(30.0)],
        };
        let fit_range = [[x_range[0], y_range[0]], [x_range[1], y_range[1]]];
        let share_range = [[x_range[0], 0.0], [x_range[1], 1.0]];
        let unit = [[0.0, 0.0], [1.0, 1.0]];
        let [width, height] = size_px;
        if is_narrow(size_px, scale) {
            let w = width - left - right;
            let h = height - top - bottom - 3.8 * between;
            let fit_h = 0.37 * h;
            let shares_y = top + fit_h + between;
            let surface_y = shares_y + 0.13 * h + 1.4 * between;
            let curve_y = surface_y + 0.34 * h + 1.4 * between;
            return Self {
                fit: frame(fit_range, [left, top], [w, fit_h]),
                shares: frame(share_range, [left, shares_y], [w, 0.13 * h]),
                surface: frame(window, [left, surface_y], [w, 0.34 * h]),
                curve: frame(unit, [left, curve_y], [w, 0.16 * h]),
            };
        }
        let gap = 62.0 * scale;
        let widths = width - left - gap - right;
        let (w, w2) = (0.58 * widths, 0.42 * widths);
        let heights = height - top - bottom;
        let fit_h = 0.74 * (heights - between);
        let shares_y = top + fit_h + between;
        let surface_h = 0.6 * (heights - 1.5 * between);
        let curve_y = top + surface_h + 1.5 * between;
        Self {
            fit: frame(fit_range, [left, top], [w, fit_h]),
            shares: frame(share_range, [left, shares_y], [w, top + heights - shares_y]),
            surface: frame(window, [left + w + gap, top], [w2, surface_h]),
            curve: frame(unit, [left + w + gap, curve_y], [w2, top + heights - curve_y]),
        }
    }
}

/// Whether the plots stand one below the other.
fn is_narrow(size_px: [f64; 2], scale: f64) -> bool {
    size_px[0] < 520.0 * scale
}

/// The ranges of x and y in which examples and model are shown.
fn view(data: DataSet) -> [[f64; 2]; 2] {
    let [lo, hi] = data.bounds();
    match data {
        DataSet::TwoClasses => [[lo[0], hi[0]], [-0.06, 1.06]],
        DataSet::ThreeClasses => [[lo[0], hi[0]], [-0.04, ROWS[0] + 2.5 * ROWS[1]]],
        _ => [[lo[0], hi[0]], [lo[1], hi[1]]],
    }
}

/// Where an example stands in the plot of the model.
pub(super) fn place(data: DataSet, [x, y]: [f64; 2]) -> [f64; 2] {
    [x, if data == DataSet::ThreeClasses { ROWS[0] + ROWS[1] * y } else { y }]
}

/// The example that stands at a point of the plot of the model; [`DataSet::clamp`] makes it a possible one.
pub fn example_at(data: DataSet, [x, y]: [f64; 2]) -> [f64; 2] {
    [x, if data == DataSet::ThreeClasses { (y - ROWS[0]) / ROWS[1] } else { y }]
}

/// The index of an example's colour among those of units: its class, or the same for all numbers.
pub(super) fn color_of(data: DataSet, y: f64) -> usize {
    match data {
        // The second class is the one whose probability is drawn.
        DataSet::TwoClasses => usize::from(y < 0.5),
        DataSet::ThreeClasses => y as usize,
        _ => 0,
    }
}

/// The surface with its axes.
pub fn draw_ground(paper: &mut Paper<'_>, layout: &Layout, params: &Params, ground: &Ground, theme: &Theme) {
    // Low is dark in viridis; marks on it are light, whatever the theme.
    let line = Stroke::solid(Theme::DARK.ink.with_alpha(0.22), 1.0);
    ground.surface.draw(paper, &layout.surface, |share| ColorMap::Viridis.color(share), &line);
    let [x_label, y_label] = params.axis_indices().map(|axis| params.shape().symbol(axis));
    draw_axes(
        paper,
        &layout.surface,
        &Axes { x_label: &x_label, y_label: &y_label, grid: false, y_label_above: true },
        theme,
    );
    let [low, high] = ground.range.map(format_loss);
    let far = layout.surface.far_corner_px();
    let at = [far[0], layout.surface.corner_px[1] - 12.0 * paper.scale()];
    let range = format!("L {low} (dark) to {high}");
    paper.text(&range, at, &Text::new(theme.faint_ink, 12.5).align(Align::End));
}

/// What the page adds to a scene.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Marks {
    /// The example that the person points at.
    pub attended: Option<usize>,
    /// The least loss that the person has come to by hand, to be marked beside those of descent.
    pub best: Option<f64>,
}

/// Everything but the surface: the examples, the model and its residuals, the shares, and the loss over the steps.
pub fn draw_data(paper: &mut Paper<'_>, layout: &Layout, params: &Params, scene: &Scene, marks: Marks, theme: &Theme) {
    draw_number(paper, layout, params, scene, theme);
    let data = params.shape().data;
    let y_label = match data {
        DataSet::TwoClasses => "Pr(y = 1)",
        DataSet::ThreeClasses => "Pr(y)",
        _ => "y",
    };
    draw_axes(paper, &layout.fit, &Axes { x_label: "", y_label, grid: true, y_label_above: true }, theme);
    for (index, example) in scene.examples.iter().enumerate() {
        let color = theme.unit(color_of(data, example.y));
        draw_residual(paper, &layout.fit, params, example, color, marks.attended == Some(index));
    }
    for (class, curve) in scene.curves.iter().enumerate() {
        let color = if data == DataSet::ThreeClasses { theme.unit(class) } else { theme.accent };
        for piece in layout.fit.clip_path(curve) {
            paper.stroke_path(piece, &Stroke::solid(color, 2.75));
        }
        if data == DataSet::ThreeClasses {
            draw_class(paper, &layout.fit, class, curve, color);
        }
    }
    draw_joints(paper, layout, scene, theme);
    for example in &scene.examples {
        let at = layout.fit.screen_from_data(place(data, [example.x, example.y]));
        paper.fill_disc(at, 4.0, theme.unit(color_of(data, example.y)));
    }
    draw_shares(paper, layout, data, scene, marks.attended, theme);
    draw_curve(paper, &layout.curve, params, scene, marks.best, theme);
}

/// The names of a class: on its curve, and before the row of its examples.
fn draw_class(paper: &mut Paper<'_>, frame: &Frame, class: usize, curve: &[[f64; 2]], color: Color) {
    let scale = paper.scale();
    // Each at another place, so that they can be told apart where the curves are one.
    let x = frame.data_lo[0] + (0.1 + 0.4 * class as f64) * (frame.data_hi[0] - frame.data_lo[0]);
    if let Some(at) = curve.iter().find(|at| at[0] >= x) {
        let [_, y] = frame.screen_from_data(*at);
        let [x, _] = frame.screen_from_data([x, 0.0]);
        paper.text(&format!("class {class}"), [x, y - 11.0 * scale], &Text::new(color, 12.5));
    }
    let [x, y] = frame.screen_from_data([frame.data_lo[0], ROWS[0] + ROWS[1] * class as f64]);
    paper.text(&format!("y = {class}"), [x - 7.0 * scale, y], &Text::new(color, 12.5).align(Align::End));
}

/// The loss, large, and how it comes about.
fn draw_number(paper: &mut Paper<'_>, layout: &Layout, params: &Params, scene: &Scene, theme: &Theme) {
    let scale = paper.scale();
    let [left, top] = layout.fit.corner_px;
    let at = |y: f64| [left, top - y * scale];
    let number = Text::new(theme.ink, 25.0).bold().align(Align::Start);
    paper.text(&format!("L = {}", format_loss(scene.loss)), at(52.0), &number);
    let how = match (params.shape().data.n_classes(), params.loss) {
        (0, Kind::Squares) => "the areas of the squares, added up",
        (0, Kind::Mean) => "the mean area of the squares",
        (0, Kind::Absolute) => "the lengths of the bars, added up",
        (0, Kind::Huber) => "the areas added up; δ is the most they are wide",
        _ => "−ln of each example's own probability, added up",
    };
    paper.text(how, at(29.0), &Text::new(theme.faint_ink, 12.5).align(Align::Start));
}

/// What is wrong at one example, drawn so that it measures what the example adds: as an area, or as a length.
fn draw_residual(paper: &mut Paper<'_>, frame: &Frame, params: &Params, example: &Example, color: Color, lit: bool) {
    let data = params.shape().data;
    let Example { x, y, said, .. } = *example;
    let edge = Stroke::solid(color.with_alpha(if lit { 1.0 } else { 0.5 }), if lit { 2.25 } else { 1.0 });
    // Where there are classes, what is missing to probability 1.
    let (from, to) = match data {
        DataSet::TwoClasses => (y, if y == 1.0 { said } else { 1.0 - said }),
        DataSet::ThreeClasses => (1.0, said),
        _ => (y, said),
    };
    let residual = to - from;
    let per_px = frame.data_per_px();
    // How far a length along y reaches along x.
    let across = |length: f64| length.abs() * per_px[0] / per_px[1];
    let shape = match (data.n_classes(), params.loss) {
        (0, Kind::Squares | Kind::Mean) => {
            // To the side where there is more room.
            let side = if x > f64::midpoint(frame.data_lo[0], frame.data_hi[0]) { -1.0 } else { 1.0 };
            let far = x + side * across(residual);
            vec![[x, from], [x, to], [far, to], [far, from]]
        }
        (0, Kind::Huber) => {
            // As wide as the derivative of the loss, from the curve on: its area is the loss.
            let side = if x > f64::midpoint(frame.data_lo[0], frame.data_hi[0]) { -1.0 } else { 1.0 };
            let width = residual.abs().min(params.delta);
            let far = x + side * across(width);
            let corner = to - residual.signum() * width;
            vec![[x, from], [x, to], [far, corner], [far, from]]
        }
        _ => Vec::new(),
    };
    if shape.is_empty() {
        let bar = Stroke { width_px: if lit { 6.0 } else { 3.5 }, ..edge };
        for piece in frame.clip_path(&[[x, from], [x, to]]) {
            paper.stroke_path(piece, &bar);
        }
        return;
    }
    paper.fill_polygon(frame.clip_polygon(&shape), color.with_alpha(if lit { 0.4 } else { 0.08 }));
    let outline: Vec<[f64; 2]> = shape.iter().chain(&shape[..1]).copied().collect();
    for piece in frame.clip_path(&outline) {
        paper.stroke_path(piece, &edge);
    }
    // The residual itself, at the example.
    for piece in frame.clip_path(&[[x, from], [x, to]]) {
        paper.stroke_path(piece, &Stroke::solid(color.with_alpha(0.9), 2.25));
    }
}

/// Small discs where the model bends.
fn draw_joints(paper: &mut Paper<'_>, layout: &Layout, scene: &Scene, theme: &Theme) {
    for &joint in &scene.joints {
        for curve in &scene.curves {
            let at = curve.iter().find(|at| at[0] == joint);
            if let Some(at) = at.filter(|at| (layout.fit.data_lo[1]..=layout.fit.data_hi[1]).contains(&at[1])) {
                paper.fill_disc(layout.fit.screen_from_data(*at), 3.4, theme.ink);
            }
        }
    }
}

/// A bar for each example, as high as what it adds to the loss.
fn draw_shares(
    paper: &mut Paper<'_>,
    layout: &Layout,
    data: DataSet,
    scene: &Scene,
    attended: Option<usize>,
    theme: &Theme,
) {
    let most = scene.examples.iter().fold(0.0_f64, |most, example| most.max(example.share));
    let frame = Frame { data_hi: [layout.shares.data_hi[0], round_up(most)], ..layout.shares };
    draw_axes(paper, &frame, &Axes { x_label: "x", y_label: "ℓᵢ", grid: true, y_label_above: true }, theme);
    let half = 3.0 * paper.scale();
    let bottom = frame.far_corner_px()[1];
    for (index, example) in scene.examples.iter().enumerate() {
        let [x, y] = frame.screen_from_data([example.x, example.share]);
        let lit = attended == Some(index);
        let color = theme.unit(color_of(data, example.y)).with_alpha(if lit { 1.0 } else { 0.65 });
        let half = if lit { 1.6 * half } else { half };
        paper.fill_rect([x - half, y], [x + half, bottom], color);
        if lit {
            let name = format!("ℓ{} = {}", subscript(index + 1), format_loss(example.share));
            let place = if x > frame.corner_px[0] + 0.7 * frame.size_px[0] { Align::End } else { Align::Start };
            let aside = if place == Align::End { -8.0 } else { 8.0 } * paper.scale();
            let at = [x + aside, frame.corner_px[1] + 11.0 * paper.scale()];
            paper.text(&name, at, &Text::new(theme.ink, 13.0).bold().align(place));
        }
    }
}

/// The least of 1, 2, 5, 10, … times a power of ten that is not below a value, and not less than 0.1: an axis that does not twitch.
fn round_up(value: f64) -> f64 {
    let mut power = 0.1;
    loop {
        for factor in [1.0, 2.0, 5.0] {
            if factor * power >= value || !value.is_finite() {
                return factor * power;
            }
        }
        power *= 10.0;
    }
}

/// The loss at every step on a logarithmic axis, and how far people came by hand.
fn draw_curve(paper: &mut Paper<'_>, frame: &Frame, params: &Params, scene: &Scene, best: Option<f64>, theme: &Theme) {
    let level = |loss: f64| piecewise_core::math::log10(loss.max(LEAST_LOSS));
    let author = is_challenge(params).then_some(AUTHOR_LOSS);
    let levels = scene.losses.iter().map(|at| at[1]).chain(best).chain(author).map(level);
    let [lo, hi] = levels.fold([f64::INFINITY, f64::NEG_INFINITY], |[lo, hi], at| [lo.min(at), hi.max(at)]);
    let [lo, hi] = [lo.floor(), hi.ceil().max(lo.floor() + 1.0)];
    let n = round_up(scene.steps.max(10) as f64);
    let frame = Frame { data_lo: [0.0, lo], data_hi: [n, hi], ..*frame };
    let scale = paper.scale();
    let [left, top] = frame.corner_px;
    let [right, bottom] = frame.far_corner_px();
    let rule = Stroke::solid(theme.faint_ink, 1.0);
    let numbers = Text::new(theme.faint_ink, 12.5);
    let stride = ((hi - lo) / 4.0).ceil().max(1.0);
    let mut exponent = lo;
    while exponent <= hi {
        let [_, y] = frame.screen_from_data([0.0, exponent]);
        paper.stroke_line([left, y], [right, y], &theme.grid_line());
        let value = piecewise_core::math::powf(10.0, exponent);
        let name = if value >= 1e5 { format!("1e{exponent}") } else { format_number(value, 4) };
        paper.text(&name, [left - 7.0 * scale, y], &numbers.clone().align(Align::End));
        exponent += stride;
    }
    paper.stroke_path([[left, top], [right, top], [right, bottom], [left, bottom], [left, top]], &rule);
    paper.text("0", [left, bottom + 14.0 * scale], &numbers);
    paper.text(&format_number(n, 0), [right, bottom + 14.0 * scale], &numbers.clone().align(Align::End));
    paper.text("step", [f64::midpoint(left, right), bottom + 30.0 * scale], &Text::new(theme.ink, 14.0).italic());
    paper.text("L", [left, top - 12.0 * scale], &Text::new(theme.ink, 14.0).italic());

    let goals = [(author, "the author, by hand: 0.181", theme.unit(1)), (best, "your best by hand", theme.unit(3))];
    for (loss, name, color) in goals {
        if let Some(loss) = loss {
            let [_, y] = frame.screen_from_data([0.0, level(loss)]);
            paper.stroke_line([left, y], [right, y], &Stroke::dashed(color, 1.75));
            // Near the upper edge the name stands below its line.
            let aside = if y - top < 18.0 * scale { 10.0 } else { -9.0 } * scale;
            paper.text(name, [right - 5.0 * scale, y + aside], &Text::new(color, 12.5).align(Align::End));
        }
    }
    let points: Vec<[f64; 2]> = scene.losses.iter().map(|&[step, loss]| [step, level(loss)]).collect();
    if scene.steps == 0 && author.is_none() {
        let at = [f64::midpoint(left, right), f64::midpoint(top, bottom)];
        paper.text("Run: here is how the loss falls", at, &numbers);
    }
    paper.stroke_path(points.iter().map(|&at| frame.screen_from_data(at)), &Stroke::solid(theme.accent, 2.25));
    if let Some(&last) = points.last() {
        paper.fill_disc(frame.screen_from_data(last), 4.5, theme.accent);
    }
}

/// Where the dot is drawn: at its place, or at the edge nearest to it when it has run out of the surface.
pub(super) fn dot_px(frame: &Frame, here: [f64; 2]) -> [f64; 2] {
    frame.screen_from_data([0, 1].map(|i| here[i].clamp(frame.data_lo[i], frame.data_hi[i])))
}

/// Where the parameters are on the surface, and the way that descent has taken there.
pub fn draw_dot(paper: &mut Paper<'_>, layout: &Layout, params: &Params, scene: &Scene) {
    let frame = &layout.surface;
    if scene.steps > 0 {
        for piece in frame.clip_path(&scene.path) {
            paper.stroke_path(piece, &Stroke::solid(Theme::DARK.ink.with_alpha(0.9), 1.75));
        }
        let origin = frame.screen_from_data(scene.path[0]);
        if origin == dot_px(frame, scene.path[0]) {
            paper.fill_disc(origin, 3.5, Theme::DARK.ink);
        }
    }
    let at = dot_px(frame, scene.here(params));
    paper.fill_disc(at, 7.5, Theme::LIGHT.ink);
    paper.fill_disc(at, 5.5, Theme::DARK.unit(0));
}
