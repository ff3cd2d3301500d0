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
