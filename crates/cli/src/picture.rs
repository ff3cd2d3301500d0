//! Pictures: the regions of a file, and PNG from SVG.

use std::sync::Arc;

use piecewise_plot::{Axes, ColorMap, Frame, Stroke, Theme, draw_axes, svg};
use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{Options, Tree, fontdb::Database},
};

use crate::{
    region_report::{Question, Report},
    trouble::Trouble,
};

/// The most pixels of a PNG along one side.
const MOST_PIXELS: f64 = 16384.0;

/// Draws the regions of a network: of one input the outputs with their joints, of two the polygons.
pub(crate) fn regions_svg(question: &Question, report: &Report) -> Result<String, Trouble> {
    match question.dimensions() {
        1 => line_svg(question, report),
        2 => plane_svg(question, report),
        _ => Err(Trouble::new(
            "only regions on the line and in the plane can be drawn; ask for a slice of one or two dimensions, or for JSON or CSV",
        )),
    }
}

/// Draws every output of a network with one input, from joint to joint.
fn line_svg(question: &Question, report: &Report) -> Result<String, Trouble> {
    let outputs: Vec<Vec<[f64; 2]>> = (0..question.network.n_outputs())
        .map(|output| {
            let ends = report.regions.iter().flat_map(|region| {
                let y = move |x: f64| region.intercept[output] + region.slope[output][0] * x;
                region.vertices.iter().map(move |vertex| [vertex[0], y(vertex[0])])
            });
            ends.collect()
        })
        .collect();
    let values = outputs.iter().flatten().map(|[_, y]| *y);
    let (least, most) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), y| (lo.min(y), hi.max(y)));
    let room = if most > least { 0.06 * (most - least) } else { 1.0 };
    let size_px = [720.0, 480.0];
    let frame = Frame {
        data_lo: [question.bounds.lo[0], least - room],
        data_hi: [question.bounds.hi[0], most + room],
        corner_px: [64.0, 24.0],
        size_px: [size_px[0] - 88.0, size_px[1] - 72.0],
    };
    let theme = &Theme::LIGHT;
    svg(size_px, 1.0, &title(report), |paper| {
        paper.fill_rect([0.0, 0.0], size_px, theme.surface);
        draw_axes(paper, &frame, &Axes { x_label: "x", y_label: "y", grid: true, y_label_above: true }, theme);
        for (output, points) in outputs.iter().enumerate() {
            let color = theme.unit(output);
            let on_paper: Vec<[f64; 2]> = points.iter().map(|&point| frame.screen_from_data(point)).collect();
            paper.stroke_path(on_paper.iter().copied(), &Stroke::solid(color, 2.5));
            // The ends of the box are no joints.
            for joint in on_paper.iter().skip(1).step_by(2).take(report.regions.len() - 1) {
                paper.fill_disc(*joint, 4.0, color);
            }
        }
    })
    .map_err(|error| Trouble::new(error.to_string()))
}

fn title(report: &Report) -> String {
    format!("{} linear regions, {} different affine maps", report.n_regions, report.n_affine_pieces)
}

/// Draws the regions of a network in the plane, each in the colour of its first output in the middle.
fn plane_svg(question: &Question, report: &Report) -> Result<String, Trouble> {
    let (lo, hi) = (&question.bounds.lo, &question.bounds.hi);
    let size_px = [640.0, 620.0];
    let frame = Frame {
        data_lo: [lo[0], lo[1]],
        data_hi: [hi[0], hi[1]],
        corner_px: [56.0, 16.0],
        size_px: [size_px[0] - 72.0, size_px[1] - 64.0],
    };
    let theme = &Theme::LIGHT;
    let values: Vec<f64> = report
        .regions
        .iter()
        .map(|region| {
            let n = region.vertices.len() as f64;
            let mean = |axis: usize| region.vertices.iter().map(|vertex| vertex[axis]).sum::<f64>() / n;
            let slope = region.slope.first().map_or([0.0; 2], |slope| [slope[0], slope[1]]);
            region.intercept.first().copied().unwrap_or(0.0) + slope[0] * mean(0) + slope[1] * mean(1)
        })
        .collect();
    let (least, most) = values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), &v| (lo.min(v), hi.max(v)));
    let share = |value: f64| if most > least { (value - least) / (most - least) } else { 0.5 };
    svg(size_px, 1.0, &title(report), |paper| {
        paper.fill_rect([0.0, 0.0], size_px, theme.surface);
        for (region, &value) in report.regions.iter().zip(&values) {
            let corners: Vec<[f64; 2]> = region.vertices.iter().map(|v| frame.screen_from_data([v[0], v[1]])).collect();
            paper.fill_polygon(corners.iter().copied(), ColorMap::Viridis.color(share(value)));
            let ring = corners.iter().chain(corners.first()).copied();
            paper.stroke_path(ring, &Stroke::solid(theme.casing, 1.0));
        }
        draw_axes(paper, &frame, &Axes { x_label: "x₁", y_label: "x₂", grid: false, y_label_above: false }, theme);
    })
    .map_err(|error| Trouble::new(error.to_string()))
}

/// An SVG as a PNG, `scale` pixels to a CSS pixel.
pub(crate) fn png(svg: &str, scale: f64) -> Result<Vec<u8>, Trouble> {
    pixels(svg, scale)?.encode_png().map_err(|error| Trouble::new(format!("the picture cannot be written: {error}")))
}

/// An SVG in pixels, `scale` of them to a CSS pixel.
pub(crate) fn pixels(svg: &str, scale: f64) -> Result<Pixmap, Trouble> {
    let mut fonts = Database::new();
    fonts.load_font_data(epaint_default_fonts::UBUNTU_LIGHT.to_vec());
    fonts.load_system_fonts();
    // Pictures ask for the system's own font first, then for any without serifs; both are the bundled one where there is no other.
    fonts.set_sans_serif_family("Ubuntu");
    let options = Options { fontdb: Arc::new(fonts), ..Options::default() };
    let tree =
        Tree::from_str(svg, &options).map_err(|error| Trouble::new(format!("the picture cannot be drawn: {error}")))?;
    let [width, height] = [tree.size().width(), tree.size().height()].map(|px| f64::from(px) * scale);
    if !(width <= MOST_PIXELS && height <= MOST_PIXELS) {
        return Err(Trouble::new(format!(
            "a picture of {width:.0} × {height:.0} pixels is larger than {MOST_PIXELS} along a side"
        )));
    }
    let mut pixels = Pixmap::new(width.round().max(1.0) as u32, height.round().max(1.0) as u32)
        .ok_or_else(|| Trouble::new("a picture needs at least one pixel"))?;
    resvg::render(&tree, Transform::from_scale(scale as f32, scale as f32), &mut pixels.as_mut());
    Ok(pixels)
}
