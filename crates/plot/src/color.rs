use plotters_backend::BackendColor;
use serde::{Deserialize, Serialize};

/// An sRGB colour with opacity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Color {
    /// Red, green and blue, each 0 to 255.
    pub rgb: (u8, u8, u8),
    /// Opacity, 0 to 1.
    pub alpha: f64,
}

impl Color {
    /// An opaque colour from its hexadecimal form, as `Color::hex(0xe8590c)`.
    pub const fn hex(rgb: u32) -> Self {
        Self { rgb: ((rgb >> 16) as u8, (rgb >> 8) as u8, rgb as u8), alpha: 1.0 }
    }

    /// The same colour at another opacity, 0 to 1.
    #[must_use]
    pub const fn with_alpha(self, alpha: f64) -> Self {
        Self { alpha, ..self }
    }

    /// What this colour looks like when it is painted over an opaque ground: an opaque colour.
    ///
    /// ```
    /// use piecewise_plot::Color;
    /// assert_eq!(Color::hex(0x000000).with_alpha(0.5).over(Color::hex(0xffffff)), Color::hex(0x808080));
    /// ```
    #[must_use]
    pub fn over(self, ground: Self) -> Self {
        let mix = |a: u8, b: u8| (self.alpha * f64::from(a) + (1.0 - self.alpha) * f64::from(b)).round() as u8;
        let ((r, g, b), (to_r, to_g, to_b)) = (self.rgb, ground.rgb);
        Self { rgb: (mix(r, to_r), mix(g, to_g), mix(b, to_b)), alpha: 1.0 }
    }

    /// The colour as CSS writes it.
    ///
    /// ```
    /// use piecewise_plot::Color;
    /// assert_eq!(Color::hex(0xe8590c).css(), "#e8590c");
    /// ```
    pub fn css(self) -> String {
        let (r, g, b) = self.rgb;
        if self.alpha < 1.0 { format!("rgb({r} {g} {b} / {})", self.alpha) } else { format!("#{r:02x}{g:02x}{b:02x}") }
    }

    /// How light the colour looks, 0 (black) to 1 (white): the lightness L* of CIELAB over 100.
    pub fn lightness(self) -> f64 {
        let linear = |channel: u8| {
            let c = f64::from(channel) / 255.0;
            if c <= 0.040_45 { c / 12.92 } else { piecewise_core::math::powf((c + 0.055) / 1.055, 2.4) }
        };
        let (r, g, b) = self.rgb;
        let luminance = 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
        if luminance <= 0.008_856 {
            9.033 * luminance
        } else {
            1.16 * piecewise_core::math::powf(luminance, 1.0 / 3.0) - 0.16
        }
    }
}

impl From<Color> for BackendColor {
    fn from(color: Color) -> Self {
        Self { alpha: color.alpha, rgb: color.rgb }
    }
}

/// How a number between 0 and 1 becomes a colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ColorMap {
    /// Perceptually even from dark violet to yellow (Smith and van der Walt, 2015).
    #[default]
    Viridis,
    /// Two hues that meet in a pale middle; shows the sign of a value.
    Diverging,
}

impl ColorMap {
    /// The colour at `t`, 0 to 1; values outside are clamped.
    pub fn color(self, t: f64) -> Color {
        let t = t.clamp(0.0, 1.0);
        let colorous::Color { r, g, b } = match self {
            Self::Viridis => colorous::VIRIDIS.eval_continuous(t),
            Self::Diverging => colorous::PURPLE_ORANGE.eval_continuous(1.0 - t),
        };
        Color { rgb: (r, g, b), alpha: 1.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn viridis_only_grows_lighter() {
        let lightness: Vec<f64> = (0..=32).map(|i| ColorMap::Viridis.color(f64::from(i) / 32.0).lightness()).collect();
        assert!(lightness.windows(2).all(|pair| pair[1] > pair[0]));
        assert!(lightness[0] < 0.2 && lightness[32] > 0.85);
    }
}
