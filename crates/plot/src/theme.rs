use serde::{Deserialize, Serialize};

use crate::{Color, Stroke};

/// The colours of a picture. The page's style sheet has the same ones as custom properties.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Theme {
    /// Its name, as links and the style sheet write it.
    pub name: ThemeName,
    /// What is behind everything.
    pub surface: Color,
    /// Text and axes.
    pub ink: Color,
    /// Less important text.
    pub faint_ink: Color,
    /// Grid lines.
    pub grid: Color,
    /// What the person points at.
    pub accent: Color,
    /// Behind hinge lines, so that they stand out from any fill.
    pub casing: Color,
    /// How much thicker strokes are than usual.
    pub stroke_scale: f64,
    units: &'static [Color; 12],
}

/// The themes there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ThemeName {
    /// Dark marks on a light ground.
    #[default]
    Light,
    /// Light marks on a dark ground.
    Dark,
    /// Black and deep colours on white with thicker strokes, for projectors that wash colours out and for eyes that need more contrast.
    Contrast,
}

impl ThemeName {
    /// Every theme.
    pub const ALL: [Self; 3] = [Self::Light, Self::Dark, Self::Contrast];

    /// The name, as links and the style sheet write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Contrast => "contrast",
        }
    }

    /// The theme that a link names.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.name() == name)
    }
}

/// Twelve hues, apart from each other also in lightness where hues come close; every unit bears its name beside its colour.
const UNITS_ON_LIGHT: [Color; 12] = [
    Color::hex(0xc94009),
    Color::hex(0x1272b6),
    Color::hex(0xc2255c),
    Color::hex(0x26803a),
    Color::hex(0x862e9c),
    Color::hex(0x9a6b00),
    Color::hex(0x0b7285),
    Color::hex(0x845430),
    Color::hex(0x364fc7),
    Color::hex(0x5c6670),
    Color::hex(0xb6479f),
    Color::hex(0x5c7a0d),
];

const UNITS_ON_DARK: [Color; 12] = [
    Color::hex(0xff8a4c),
    Color::hex(0x5ab4f5),
    Color::hex(0xff7aa8),
    Color::hex(0x69db7c),
    Color::hex(0xd790f0),
    Color::hex(0xffd043),
    Color::hex(0x4dd4e4),
    Color::hex(0xd6a77a),
    Color::hex(0x91a7ff),
    Color::hex(0xb4bec9),
    Color::hex(0xf5a6e0),
    Color::hex(0xb6dc4a),
];

/// The same hues in the same order, so deep that texts in them reach 7:1 on white.
const UNITS_IN_CONTRAST: [Color; 12] = [
    Color::hex(0x9c3000),
    Color::hex(0x0b4f8f),
    Color::hex(0xa3004f),
    Color::hex(0x11602a),
    Color::hex(0x6f1b8a),
    Color::hex(0x6b4a00),
    Color::hex(0x00525f),
    Color::hex(0x5f3a1c),
    Color::hex(0x26379c),
    Color::hex(0x3f4852),
    Color::hex(0x8c1f78),
    Color::hex(0x3f5600),
];

impl Theme {
    /// Dark marks on a light ground.
    pub const LIGHT: Self = Self {
        name: ThemeName::Light,
        surface: Color::hex(0xffffff),
        ink: Color::hex(0x1b2330),
        faint_ink: Color::hex(0x5a6675),
        grid: Color::hex(0xdde3ea),
        accent: Color::hex(0x0b5fc4),
        casing: Color::hex(0xffffff),
        stroke_scale: 1.0,
        units: &UNITS_ON_LIGHT,
    };

    /// Light marks on a dark ground.
    pub const DARK: Self = Self {
        name: ThemeName::Dark,
        surface: Color::hex(0x12171f),
        ink: Color::hex(0xe8edf3),
        faint_ink: Color::hex(0x9aa7b5),
        grid: Color::hex(0x2b3441),
        accent: Color::hex(0x7db8ff),
        casing: Color::hex(0x12171f),
        stroke_scale: 1.0,
        units: &UNITS_ON_DARK,
    };

    /// Black and deep colours on white, and thicker strokes.
    pub const CONTRAST: Self = Self {
        name: ThemeName::Contrast,
        surface: Color::hex(0xffffff),
        ink: Color::hex(0x000000),
        faint_ink: Color::hex(0x3d4754),
        grid: Color::hex(0x8a94a0),
        accent: Color::hex(0x0a4796),
        casing: Color::hex(0xffffff),
        stroke_scale: 1.6,
        units: &UNITS_IN_CONTRAST,
    };

    /// The theme of this name.
    pub const fn named(name: ThemeName) -> &'static Self {
        match name {
            ThemeName::Light => &Self::LIGHT,
            ThemeName::Dark => &Self::DARK,
            ThemeName::Contrast => &Self::CONTRAST,
        }
    }

    /// A wash of colour of this opacity over the ground, that marks an area; strong enough to be seen where contrast is asked for.
    pub const fn wash(&self, color: Color, alpha: f64) -> Color {
        match self.name {
            ThemeName::Contrast if alpha < 0.35 => color.with_alpha(0.35),
            _ => color.with_alpha(alpha),
        }
    }

    /// How grid lines are drawn: they stay thin where other strokes are thicker.
    pub const fn grid_line(&self) -> Stroke {
        Stroke::solid(self.grid, 1.0 / self.stroke_scale)
    }

    /// The colour of hidden unit `index`, 0-based; after the twelfth they begin again.
    pub fn unit(&self, index: usize) -> Color {
        self.units[index % self.units.len()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contrast(a: Color, b: Color) -> f64 {
        // L* back to relative luminance, then the ratio of WCAG 2.
        let luminance = |color: Color| {
            let l = color.lightness();
            if l <= 0.08 { l * 100.0 / 903.3 } else { ((l + 0.16) / 1.16).powi(3) }
        };
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_unit_and_every_text_stands_out_from_the_ground() {
        for theme in [Theme::LIGHT, Theme::DARK] {
            for index in 0..12 {
                assert!(contrast(theme.unit(index), theme.surface) >= 4.5, "{:?} unit {index}", theme.name);
            }
            assert!(contrast(theme.ink, theme.surface) >= 7.0);
            assert!(contrast(theme.faint_ink, theme.surface) >= 4.5);
            assert!(contrast(theme.accent, theme.surface) >= 4.5);
        }
    }

    #[test]
    fn in_the_theme_for_contrast_every_text_reaches_seven_to_one_and_every_line_three() {
        let theme = Theme::CONTRAST;
        let texts = [theme.ink, theme.faint_ink, theme.accent].into_iter().chain((0..12).map(|unit| theme.unit(unit)));
        for (index, color) in texts.enumerate() {
            assert!(contrast(color, theme.surface) >= 7.0, "text {index}: {:.2}", contrast(color, theme.surface));
        }
        assert!(contrast(theme.grid, theme.surface) >= 3.0);
        // A wash is seen as well, and black on it can still be read.
        let wash = theme.wash(theme.accent, 0.1).over(theme.surface);
        assert!(contrast(wash, theme.surface) >= 1.6 && contrast(theme.ink, wash) >= 7.0);
        assert_eq!(Theme::LIGHT.wash(theme.accent, 0.1).alpha, 0.1);
    }

    #[test]
    fn the_style_sheet_has_the_same_colours() {
        let sheet = include_str!("../../../www/tokens.css");
        for name in ThemeName::ALL {
            let theme = Theme::named(name);
            let selector = if name == ThemeName::Light {
                ":root {".to_owned()
            } else {
                format!(":root[data-theme=\"{}\"] {{", name.name())
            };
            let rule = sheet.split_once(&selector).and_then(|(_, rest)| rest.split_once('}')).expect("a rule").0;
            for (property, color) in [
                ("surface", theme.surface),
                ("ink", theme.ink),
                ("faint-ink", theme.faint_ink),
                ("rule", theme.grid),
                ("accent", theme.accent),
                ("unit-1", theme.unit(0)),
                ("unit-2", theme.unit(1)),
            ] {
                assert!(rule.contains(&format!("--{property}: {};", color.css())), "{name:?} {property}");
            }
        }
    }
}
