use piecewise_plot::Frame;
use yew::prelude::*;

use super::Embed;

/// Narrower pictures than this, in CSS pixels, have smaller texts: made large for a projector, texts must not crowd out a small picture.
const FULL_WIDTH_PX: f64 = 360.0;

/// How large a picture is on the page, and how large its texts; made by [`use_picture`].
#[derive(Clone, Debug, PartialEq)]
pub struct PictureSize {
    /// Width and height in CSS pixels.
    pub size_px: [f64; 2],
    /// The size of texts and strokes, 1 as usual.
    pub scale: f64,
    /// What the canvas tells its size.
    pub on_size: Callback<[f64; 2]>,
}

/// Follows the size of a picture; `first` is what it is until the canvas has told it.
#[hook]
pub fn use_picture(first: [f64; 2]) -> PictureSize {
    let embed = use_context::<Embed>().unwrap_or_default();
    let size_px = use_state_eq(|| first);
    let on_size = {
        let size_px = size_px.clone();
        use_callback((), move |size: [f64; 2], ()| size_px.set(size))
    };
    let scale = embed.scale.min((size_px[0] / FULL_WIDTH_PX).max(0.75));
    PictureSize { size_px: *size_px, scale, on_size }
}

/// The plot itself, under its handles: told where in its data it is clicked.
pub fn plot_ground(frame: &Frame, class: &'static str, on_click: &Callback<[f64; 2]>) -> Html {
    let frame = *frame;
    // Offsets count from the corner of the svg, in its own pixels, however a host has scaled the page.
    let onclick = on_click
        .reform(move |event: MouseEvent| frame.data_from_screen([event.offset_x(), event.offset_y()].map(f64::from)));
    let ([x, y], [width, height]) = (frame.corner_px, frame.size_px);
    html! {
        <rect class={classes!("ground", class)} x={x.to_string()} y={y.to_string()} width={width.to_string()} height={height.to_string()}
            onclick={onclick} />
    }
}
