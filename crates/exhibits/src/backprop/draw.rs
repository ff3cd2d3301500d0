use piecewise_plot::{Color, Paper, Stroke, Text, Theme, subscript};

use super::{Cell, Kind, Params, Part, Scene, Slope, known_after, shape};

/// The least and the greatest width of a cell, in CSS pixels.
const CELL_WIDTH_PX: [f64; 2] = [24.0, 60.0];
/// The least and the greatest height of a cell.
const CELL_HEIGHT_PX: [f64; 2] = [15.0, 32.0];
/// The height that suits a cell.
const SUITABLE_HEIGHT_PX: f64 = 26.0;
/// Between two blocks: room for an operator.
const GAP_PX: f64 = 17.0;
/// Between two layers there is at least so much room, for the mask and its name.
const PASSAGE_PX: f64 = 50.0;
/// Left and right of everything.
const MARGIN_PX: f64 = 12.0;
/// Above all bands, for the names of the layers.
const HEAD_PX: f64 = 26.0;
/// Above the blocks of a band, for their names.
const NAME_PX: f64 = 36.0;
/// Below the blocks of a band.
const FOOT_PX: f64 = 10.0;
/// The width of a character, in shares of the size of its font.
const CHARACTER: f64 = 0.58;

/// Where everything stands: a column of blocks for each layer from the input to the loss; the forward pass in the upper band, the backward
/// pass under it, the derivatives of the parameters in the lowest.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    cell_px: [f64; 2],
    scale: f64,
    /// The upper edges of the bands' names, and the lower edge of the last band.
    bands_px: [f64; 4],
    /// The left and right edges of the layers.
    layers_px: Vec<[f64; 2]>,
    places: Vec<Place>,
}

/// Where a block stands.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Place {
    kind: Kind,
    layer: usize,
    corner_px: [f64; 2],
    n_rows: usize,
    n_columns: usize,
}

/// The largest number of rows in each band.
fn rows_of_bands(sizes: &[usize]) -> [usize; 3] {
    let written = sizes[1..].iter().copied().max().unwrap_or(1);
    [written.max(sizes[0]), written, written]
}

impl Layout {
    /// The least width and the suitable height of the strip, in CSS pixels.
    pub fn natural_px(sizes: &[usize], scale: f64) -> [f64; 2] {
        let (n_cells, fixed_px) = widths(sizes);
        let n_rows: usize = rows_of_bands(sizes).iter().sum();
        let height = HEAD_PX + 3.0 * (NAME_PX + FOOT_PX) + n_rows as f64 * SUITABLE_HEIGHT_PX;
        [(fixed_px + n_cells as f64 * CELL_WIDTH_PX[0]) * scale, height * scale]
    }

    /// The layout on paper of this size. On paper that is narrower than [`Layout::natural_px`] the cells are narrower, too.
    pub fn new(scene: &Scene, size_px: [f64; 2], scale: f64) -> Self {
        let sizes = &scene.sizes;
        let last = sizes.len() - 2;
        let (n_cells, fixed_px) = widths(sizes);
        let rows = rows_of_bands(sizes);
        let n_rows: usize = rows.iter().sum();
        let fixed_height_px = (HEAD_PX + 3.0 * (NAME_PX + FOOT_PX)) * scale;
        let width = (size_px[0] - fixed_px * scale) / n_cells as f64;
        let height = (size_px[1] - fixed_height_px) / n_rows as f64;
        let cell_px = [
            width.clamp(6.0, CELL_WIDTH_PX[1] * scale),
            height.clamp(CELL_HEIGHT_PX[0].min(height.max(6.0)), CELL_HEIGHT_PX[1] * scale),
        ];

        let mut bands_px = [HEAD_PX * scale; 4];
        for band in 0..3 {
            bands_px[band + 1] = bands_px[band] + (NAME_PX + FOOT_PX) * scale + rows[band] as f64 * cell_px[1];
        }
        // What is left over is shared by both sides.
        let used = fixed_px * scale + n_cells as f64 * cell_px[0];
        let mut x = MARGIN_PX * scale + ((size_px[0] - used) / 2.0).max(0.0);
        let spare = ((size_px[1] - bands_px[3]) / 2.0).max(0.0);
        for band in &mut bands_px {
            *band += spare;
        }
        let mut places = Vec::new();
        let mut layers_px = Vec::new();
        let mut put = |x: f64, kind: Kind, layer: usize| {
            if let Some(block) = scene.block(kind, layer) {
                let corner_px = [x, bands_px[kind.band()] + NAME_PX * scale];
                places.push(Place { kind, layer, corner_px, n_rows: block.n_rows, n_columns: block.n_columns() });
            }
        };
        let gap = GAP_PX * scale;
        for k in 0..=last {
            let left = x;
            put(x, Kind::H, k);
            put(x, Kind::DlDh, k);
            x += cell_px[0] + gap;
            let n_columns = matrix_columns(sizes, k);
            for kind in [Kind::Omega, Kind::OmegaTransposed, Kind::DlDomega] {
                put(x, kind, k);
            }
            x += n_columns as f64 * cell_px[0] + gap;
            put(x, Kind::Beta, k);
            put(x, Kind::DlDbeta, k);
            x += cell_px[0] + gap;
            put(x, Kind::F, k);
            put(x, Kind::DlDf, k);
            x += cell_px[0];
            layers_px.push([left - 0.45 * gap, x + 0.45 * gap]);
            if k < last {
                put(x + PASSAGE_PX * scale / 2.0, Kind::Slope, k);
                x += PASSAGE_PX * scale + cell_px[0];
            } else {
                x += 1.4 * gap;
                put(x, Kind::Wanted, k);
                x += cell_px[0] + gap;
                put(x, Kind::Loss, k);
            }
        }
        Self { cell_px, scale, bands_px, layers_px, places }
    }

    fn place(&self, kind: Kind, layer: usize) -> Option<&Place> {
        self.places.iter().find(|place| (place.kind, place.layer) == (kind, layer))
    }

    fn corner(&self, place: &Place, row: usize, column: usize) -> [f64; 2] {
        let [width, height] = self.cell_px;
        [place.corner_px[0] + column as f64 * width, place.corner_px[1] + row as f64 * height]
    }

    /// The centre of a cell, in CSS pixels.
    pub fn center(&self, cell: Cell) -> Option<[f64; 2]> {
        let [x, y] = self.corner(self.place(cell.kind, cell.layer)?, cell.row, cell.column);
        Some([x + self.cell_px[0] / 2.0, y + self.cell_px[1] / 2.0])
    }

    /// The left and right edge of what a block covers.
    pub fn span(&self, kind: Kind, layer: usize) -> Option<[f64; 2]> {
        let place = self.place(kind, layer)?;
        let left = place.corner_px[0];
        Some([left, left + place.n_columns as f64 * self.cell_px[0]])
    }

    /// The cell at a point, in CSS pixels.
    pub fn cell_at(&self, [x, y]: [f64; 2]) -> Option<Cell> {
        self.places.iter().find_map(|place| {
            let column = (x - place.corner_px[0]) / self.cell_px[0];
            let row = (y - place.corner_px[1]) / self.cell_px[1];
            let inside = (0.0..place.n_columns as f64).contains(&column) && (0.0..place.n_rows as f64).contains(&row);
            let Place { kind, layer, .. } = *place;
            inside.then_some(Cell { kind, layer, row: row as usize, column: column as usize })
        })
    }

    /// The nearest cell in a direction, right and down being positive: straight on first, aside only where there is nothing.
    pub fn neighbour(&self, from: Cell, direction: [f64; 2]) -> Option<Cell> {
        let here = self.center(from)?;
        let mut nearest = None;
        let mut least = f64::INFINITY;
        for place in &self.places {
            for row in 0..place.n_rows {
                for column in 0..place.n_columns {
                    let cell = Cell { kind: place.kind, layer: place.layer, row, column };
                    let there = self.center(cell)?;
                    let away = [there[0] - here[0], there[1] - here[1]];
                    let along = away[0] * direction[0] + away[1] * direction[1];
                    let aside = (away[0] * direction[1]).abs() + (away[1] * direction[0]).abs();
                    let distance = along + 3.0 * aside;
                    if along > 1.0 && distance < least {
                        (nearest, least) = (Some(cell), distance);
                    }
                }
            }
        }
        nearest
    }
}

/// How wide the column of the matrices of layer k is, in cells.
fn matrix_columns(sizes: &[usize], k: usize) -> usize {
    if k == 0 { sizes[0] } else { sizes[k].max(sizes[k + 1]) }
}

/// The width of the strip: so many cells, and so many CSS pixels beside them.
fn widths(sizes: &[usize]) -> (usize, f64) {
    let n_layers = sizes.len() - 1;
    let matrices: usize = (0..n_layers).map(|k| matrix_columns(sizes, k)).sum();
    let passages = (n_layers - 1) as f64;
    // h, β and f of each layer, a mask between two of them, y and ℓ.
    let n_cells = matrices + 3 * n_layers + (n_layers - 1) + 2;
    (n_cells, 2.0 * MARGIN_PX + (3.0 * n_layers as f64 + 2.4) * GAP_PX + passages * PASSAGE_PX)
}

/// The whole strip: what is known after the sub-steps taken, the last of them lit.
pub fn draw_strip(paper: &mut Paper<'_>, layout: &Layout, params: &Params, scene: &Scene, theme: &Theme) {
    let steps = params.steps();
    let last = scene.n_hidden_layers();
    let taken = (params.step as usize).min(steps.len());
    let lit = taken.checked_sub(1).map(|index| steps[index]);
    let (writes, reads) = lit.map_or_else(Default::default, |step| (step.writes(last), step.reads(last)));
    draw_frames(paper, layout, scene, theme);

    let scales =
        [[Kind::H, Kind::F], [Kind::Omega, Kind::Beta], [Kind::DlDf, Kind::DlDh], [Kind::DlDomega, Kind::DlDbeta]].map(
            |kinds| {
                let blocks = scene.blocks.iter().filter(|block| kinds.contains(&block.kind));
                blocks.flat_map(|block| &block.values).fold(0.0_f64, |most, value| most.max(value.abs()))
            },
        );
    let scale_of = |kind: Kind| match kind {
        Kind::H | Kind::F | Kind::Wanted | Kind::Loss => scales[0],
        Kind::Omega | Kind::Beta | Kind::OmegaTransposed => scales[1],
        Kind::DlDf | Kind::DlDh => scales[2],
        Kind::DlDomega | Kind::DlDbeta => scales[3],
        Kind::Slope => 1.0,
    };
    let [width, height] = layout.cell_px;
    // As large as three characters and a sign allow; a cell too narrow for a digit still shows the sign.
    let font_px = (width / (4.2 * CHARACTER * layout.scale)).min(0.5 * height / layout.scale).clamp(7.0, 13.0);
    let n_characters = ((width - 2.0) / (CHARACTER * font_px * layout.scale)) as usize;
    for place in &layout.places {
        let Some(block) = scene.block(place.kind, place.layer) else { continue };
        let known = known_after(&steps, place.kind, place.layer) <= taken;
        draw_name(paper, layout, place, scene, known, theme);
        if writes.contains(&(place.kind, place.layer)) {
            outline(paper, layout, place, 3.5, theme.accent);
        } else if reads.contains(&(place.kind, place.layer)) {
            outline(paper, layout, place, 1.75, theme.accent.with_alpha(0.75));
        }
        for column in 0..place.n_columns {
            for row in 0..place.n_rows {
                let [x, y] = layout.corner(place, row, column);
                let (a, b) = ([x + 0.75, y + 0.75], [x + width - 0.75, y + height - 0.75]);
                let center = [x + width / 2.0, y + height / 2.0];
                if !known {
                    paper.fill_rect(a, b, theme.grid.with_alpha(0.45));
                    continue;
                }
                let value = block.at(row, column);
                let cell = Cell { kind: place.kind, layer: place.layer, row, column };
                paper.fill_rect(a, b, theme.surface);
                paper.fill_rect(a, b, cell_color(value, scale_of(place.kind), place.kind, scene, theme));
                let ink = if value == 0.0 { theme.faint_ink } else { theme.ink };
                let text = short(value, n_characters);
                let style = Text::new(ink, font_px);
                paper.text(&text, center, &if place.kind == Kind::Slope { style.bold() } else { style });
                if scene.is_wrong(cell) {
                    // A corner cut off and a frame: seen without colour, too.
                    let wrong = theme.unit(2);
                    let cut = 0.34 * width.min(height);
                    paper.fill_polygon([[b[0] - cut, a[1]], [b[0], a[1]], [b[0], a[1] + cut]], wrong);
                    paper.stroke_path([a, [b[0], a[1]], b, [a[0], b[1]], a], &Stroke::solid(wrong, 1.25));
                }
            }
        }
    }
    draw_operators(paper, layout, scene, theme);
    draw_erasures(paper, layout, scene, taken, &steps, theme);
}

/// The colour of a cell: orange where the number is positive, blue where it is negative, deeper where it is larger.
fn cell_color(value: f64, largest: f64, kind: Kind, scene: &Scene, theme: &Theme) -> Color {
    if kind == Kind::Slope && scene.slope == Slope::Mask {
        return theme.accent.with_alpha(if value > 0.0 { 0.25 } else { 0.0 });
    }
    if value == 0.0 || !value.is_finite() {
        return theme.grid.with_alpha(0.25);
    }
    // The root keeps small numbers apart from zero.
    let share = (value.abs() / largest).clamp(0.0, 1.0).sqrt();
    theme.unit(usize::from(value < 0.0)).with_alpha(0.08 + 0.47 * share)
}

/// A number in at most so many characters: the zero before the point goes first, then decimals; where no digit fits, the sign alone.
fn short(value: f64, n_characters: usize) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let sign = if value < 0.0 { "−" } else { "" };
    for decimals in (0..=3).rev() {
        let mut text = format!("{:.decimals$}", value.abs());
        if decimals > 0 {
            text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
            if text.starts_with("0.") {
                text.remove(0);
            }
        }
        // Nothing may look like zero that is not, and 0.8 must not look like 1.
        let tells = text.contains(|digit: char| ('1'..='9').contains(&digit));
        if !tells || (decimals == 0 && value.abs() < 10.0 && value.fract() != 0.0) {
            continue;
        }
        if sign.chars().count() + text.chars().count() <= n_characters {
            return format!("{sign}{text}");
        }
    }
    let powers = format!("{sign}{:.0e}", value.abs());
    match n_characters {
        n if powers.chars().count() <= n => powers,
        0 => String::new(),
        _ if value < 0.0 => "−".to_owned(),
        _ => "+".to_owned(),
    }
}

/// A frame for each layer, as on a strip of film, and the names of the bands.
fn draw_frames(paper: &mut Paper<'_>, layout: &Layout, scene: &Scene, theme: &Theme) {
    let scale = layout.scale;
    let [top, .., bottom] = layout.bands_px;
    for (k, &[left, right]) in layout.layers_px.iter().enumerate() {
        paper.fill_rect([left, top], [right, bottom], theme.grid.with_alpha(0.28));
        let omega = shape([scene.sizes[k + 1], scene.sizes[k]]);
        let title = format!("layer {k}: Ω{} is {omega}", subscript(k));
        let fits = title.chars().count() as f64 * CHARACTER * 11.5 * scale < right - left;
        let title = if fits { title } else { format!("layer {k}") };
        paper.text(&title, [f64::midpoint(left, right), top - 12.0 * scale], &Text::new(theme.faint_ink, 11.5));
    }
    let Some(&[left, _]) = layout.layers_px.first() else { return };
    let right = layout.places.iter().map(|place| place.corner_px[0]).fold(left, f64::max) + layout.cell_px[0];
    let rule = Stroke::solid(theme.surface, 3.0);
    for y in &layout.bands_px[1..3] {
        paper.stroke_line([left, *y], [right, *y], &rule);
    }
}

/// The name of a block above it; a derivative as a fraction.
fn draw_name(paper: &mut Paper<'_>, layout: &Layout, place: &Place, scene: &Scene, known: bool, theme: &Theme) {
    let scale = layout.scale;
    let wrong = match place.kind {
        Kind::OmegaTransposed => scene.forgot_transpose(place.layer),
        Kind::Slope => scene.fault == Some(piecewise_core::train::Fault::ForgetMask),
        _ => false,
    };
    let color = if wrong {
        theme.unit(2)
    } else if known {
        theme.ink
    } else {
        theme.faint_ink
    };
    let style = Text::new(color, 12.5);
    let style = if place.kind == Kind::Slope { style } else { style.italic() };
    let [x, y] =
        [place.corner_px[0] + place.n_columns as f64 * layout.cell_px[0] / 2.0, place.corner_px[1] - 3.0 * scale];
    let text = scene.used_name(place.kind, place.layer);
    match text.split_once('/') {
        Some((above, below)) => {
            let half = 0.5 * CHARACTER * 12.5 * scale * below.chars().count() as f64;
            paper.text(above, [x, y - 22.0 * scale], &style);
            paper.stroke_line([x - half, y - 14.5 * scale], [x + half, y - 14.5 * scale], &Stroke::solid(color, 1.0));
            paper.text(below, [x, y - 7.0 * scale], &style);
        }
        None => paper.text(&text, [x, y - 8.0 * scale], &style),
    }
    if wrong {
        paper.text("forgotten", [x, y - 22.0 * scale], &Text::new(color, 10.5).bold());
    }
}

/// The signs between the blocks: forward they read to the right, back as on the slide.
fn draw_operators(paper: &mut Paper<'_>, layout: &Layout, scene: &Scene, theme: &Theme) {
    let mut sign = |text: &str, left: (Kind, usize), right: (Kind, usize)| {
        if let (Some(a), Some(b)) = (layout.place(left.0, left.1), layout.place(right.0, right.1)) {
            let from = a.corner_px[0] + a.n_columns as f64 * layout.cell_px[0];
            // A narrow matrix leaves room at its right; its sign stays beside it.
            let x = if left.1 == right.1 {
                from + GAP_PX * layout.scale / 2.0
            } else {
                f64::midpoint(from, b.corner_px[0])
            };
            let y = a.corner_px[1] + layout.cell_px[1] / 2.0;
            paper.text(text, [x, y], &Text::new(theme.faint_ink, 13.0));
        }
    };
    let last = scene.n_hidden_layers();
    for k in 0..=last {
        sign("→", (Kind::H, k), (Kind::Omega, k));
        sign("+", (Kind::Omega, k), (Kind::Beta, k));
        sign("=", (Kind::Beta, k), (Kind::F, k));
        if k < last {
            let a = if scene.slope == Slope::Toy { ["sin →", "exp →", "cos →"][k.min(2)] } else { "a[·] →" };
            sign(a, (Kind::F, k), (Kind::H, k + 1));
            sign("=", (Kind::DlDf, k), (Kind::Slope, k));
            sign("⊙", (Kind::Slope, k), (Kind::DlDh, k + 1));
        }
        sign("=", (Kind::DlDh, k), (Kind::OmegaTransposed, k));
        sign("·", (Kind::OmegaTransposed, k), (Kind::DlDf, k));
    }
    sign("−", (Kind::F, last), (Kind::Wanted, last));
    sign("→", (Kind::Wanted, last), (Kind::Loss, last));
}

/// A line through every row that a shut gate erases, from ∂ℓ/∂h through the mask to ∂ℓ/∂f.
fn draw_erasures(
    paper: &mut Paper<'_>,
    layout: &Layout,
    scene: &Scene,
    taken: usize,
    steps: &[super::Step],
    theme: &Theme,
) {
    let stroke = Stroke::solid(theme.ink.with_alpha(0.55), 1.5);
    for k in 0..scene.n_hidden_layers() {
        if known_after(steps, Kind::DlDf, k) > taken {
            continue;
        }
        let (Some(from), Some(to)) = (layout.place(Kind::DlDf, k), layout.place(Kind::DlDh, k + 1)) else { continue };
        for row in (0..from.n_rows).filter(|&row| scene.is_shut(k, row)) {
            let y = layout.corner(from, row, 0)[1] + layout.cell_px[1] / 2.0;
            let x = to.corner_px[0];
            paper.stroke_line([x + 2.0, y], [x + layout.cell_px[0] - 2.0, y], &stroke);
        }
    }
}

fn outline(paper: &mut Paper<'_>, layout: &Layout, place: &Place, width_px: f64, color: Color) {
    let part = Part { kind: place.kind, layer: place.layer, row: None, column: None };
    outline_part(paper, layout, part, width_px, color);
}

fn outline_part(paper: &mut Paper<'_>, layout: &Layout, part: Part, width_px: f64, color: Color) {
    let Some(place) = layout.place(part.kind, part.layer) else { return };
    let range = |one: Option<usize>, n: usize| one.map_or((0, n), |index| (index, index + 1));
    let (rows, columns) = (range(part.row, place.n_rows), range(part.column, place.n_columns));
    let (a, b) = (layout.corner(place, rows.0, columns.0), layout.corner(place, rows.1, columns.1));
    // Around the cells, not over their numbers.
    let out = width_px * layout.scale / 2.0 - 0.5;
    let (a, b) = ([a[0] - out, a[1] - out], [b[0] + out, b[1] + out]);
    paper.stroke_path([a, [b[0], a[1]], b, [a[0], b[1]], a, [b[0], a[1]]], &Stroke::solid(color, width_px));
}

/// The cell that is pointed at, and the row and the column that made it.
pub fn draw_highlight(paper: &mut Paper<'_>, layout: &Layout, scene: &Scene, cell: Cell, theme: &Theme) {
    for part in cell.sources(scene.n_hidden_layers()) {
        outline_part(paper, layout, part, 3.0, theme.unit(3));
    }
    let own = Part { kind: cell.kind, layer: cell.layer, row: Some(cell.row), column: Some(cell.column) };
    outline_part(paper, layout, own, 3.0, theme.ink);
}
