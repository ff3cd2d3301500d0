use piecewise_core::math;

/// A number as a person writes it: at most `decimals` decimals, no trailing zeros, a true minus sign, no negative zero.
///
/// ```
/// use piecewise_plot::format_number;
/// assert_eq!(format_number(-0.5, 3), "−0.5");
/// assert_eq!(format_number(0.203_125, 3), "0.203");
/// assert_eq!(format_number(-0.000_1, 3), "0");
/// assert_eq!(format_number(2.5e-7, 3), "0");
/// assert_eq!(format_number(1.0e9, 3), "1e9");
/// ```
pub fn format_number(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return if value.is_nan() {
            "not a number"
        } else if value > 0.0 {
            "∞"
        } else {
            "−∞"
        }
        .to_owned();
    }
    let magnitude = value.abs();
    let mut text = if magnitude >= 1e7 { format!("{magnitude:e}") } else { format!("{magnitude:.decimals$}") };
    if text.contains('.') && !text.contains('e') {
        text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    }
    if value < 0.0 && text != "0" {
        text.insert(0, '−');
    }
    text
}

/// A whole number in subscript digits.
///
/// ```
/// assert_eq!(piecewise_plot::subscript(12), "₁₂");
/// ```
pub fn subscript(number: usize) -> String {
    number
        .to_string()
        .chars()
        .map(|digit| char::from_u32(0x2080 + (digit as u32 - '0' as u32)).unwrap_or(digit))
        .collect()
}

/// Evenly spaced round numbers that cover a range.
#[derive(Clone, Debug, PartialEq)]
pub struct Ticks {
    /// The distance between two of them: 1, 2 or 5 times a power of ten.
    pub step: f64,
    /// The first multiple of the step at or above the range's low end, as a count of steps from 0.
    pub first: i64,
    /// How many there are.
    pub count: u32,
}

impl Ticks {
    /// Round numbers inside [`lo`, `hi`], about `target` of them and never more than twice as many.
    ///
    /// ```
    /// let ticks = piecewise_plot::Ticks::inside(-0.31, 0.74, 6);
    /// assert_eq!(ticks.values().collect::<Vec<_>>(), [-0.2, 0.0, 0.2, 0.4, 0.6]);
    /// ```
    pub fn inside(lo: f64, hi: f64, target: usize) -> Self {
        let width = hi - lo;
        // Also false for a range that is not a number.
        if !(width > 0.0 && width.is_finite()) {
            return Self { step: 1.0, first: 0, count: 0 };
        }
        let rough = width / target.max(1) as f64;
        let power = math::powf(10.0, (math::log10(rough)).floor());
        let step = [1.0, 2.0, 5.0, 10.0]
            .into_iter()
            .map(|factor| factor * power)
            .find(|&step| width / step <= target as f64 + 0.5)
            .unwrap_or(10.0 * power);
        // A millionth of a step: 0.6 / 0.2 is a hair below 3.
        let first = (lo / step - 1e-6).ceil();
        let last = (hi / step + 1e-6).floor();
        Self { step, first: first as i64, count: (last - first + 1.0).clamp(0.0, 1000.0) as u32 }
    }

    /// The numbers, ascending.
    pub fn values(&self) -> impl Iterator<Item = f64> + '_ {
        (0..i64::from(self.count)).map(|i| self.value(self.first + i))
    }

    /// How many decimals the numbers need.
    pub fn decimals(&self) -> usize {
        (-(math::log10(self.step) + 1e-9).floor()).clamp(0.0, 12.0) as usize
    }

    /// The multiple of the step, without the rounding noise of `0.1 × 3`.
    fn value(&self, multiple: i64) -> f64 {
        let decimals = self.decimals();
        let scale = math::powf(10.0, decimals as f64);
        let units = (self.step * scale).round();
        multiple as f64 * units / scale
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_of_a_range_that_is_no_range_are_none() {
        for (lo, hi) in [(1.0, 1.0), (2.0, 1.0), (f64::NAN, 1.0), (0.0, f64::INFINITY)] {
            assert_eq!(Ticks::inside(lo, hi, 5).count, 0);
        }
    }

    #[test]
    fn ticks_are_round_numbers_without_rounding_noise() {
        let ticks = Ticks::inside(-1.0, 1.0, 5);
        assert_eq!(ticks.values().collect::<Vec<_>>(), [-1.0, -0.5, 0.0, 0.5, 1.0]);
        assert_eq!(Ticks::inside(0.0, 0.35, 7).values().nth(3), Some(0.15));
    }
}
