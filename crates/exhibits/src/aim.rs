use piecewise_plot::Frame;

/// The finest step that a drag lands on: 2⁻¹⁰.
const FINEST_BITS: i32 = 10;

/// The simplest number within `tolerance` of `value`: the multiple of the largest power of two (1, ½, ¼, …, 1/1024).
///
/// A drag lands on it rather than on whatever its pixel says. Such numbers are short in binary, so lines that are dragged to
/// one point do meet there, exactly. The idea is egui's `smart_aim`, which aims at short decimals.
///
/// ```
/// use piecewise_exhibits::aim;
/// assert_eq!(aim(0.2481, 0.01), 0.25);
/// assert_eq!(aim(0.2481, 0.0), 254.0 / 1024.0);
/// assert_eq!(aim(-0.98, 0.05), -1.0);
/// ```
pub fn aim(value: f64, tolerance: f64) -> f64 {
    let rounded = |bits: i32| {
        let steps = f64::from(1 << bits);
        (value * steps).round() / steps
    };
    (0..FINEST_BITS).map(rounded).find(|near| (near - value).abs() <= tolerance).unwrap_or_else(|| rounded(FINEST_BITS))
}

/// A point of a plot in as many decimals as a pixel can tell, for numbers that people read rather than for lines that are to meet.
///
/// ```
/// use piecewise_exhibits::rounded;
/// use piecewise_plot::Frame;
/// let frame = Frame { data_lo: [0.0; 2], data_hi: [2.0, 20.0], corner_px: [0.0; 2], size_px: [400.0; 2] };
/// // 0.005 and 0.05 to a pixel.
/// assert_eq!(rounded([0.123_456, 7.654_321], &frame), [0.123, 7.65]);
/// ```
pub fn rounded(at: [f64; 2], frame: &Frame) -> [f64; 2] {
    let per_px = frame.data_per_px();
    [0, 1].map(|axis| {
        // The power of ten below one pixel.
        let digits = (-per_px[axis].log10()).ceil().clamp(0.0, 6.0);
        let steps = 10_f64.powi(digits as i32);
        (at[axis] * steps).round() / steps
    })
}
