use serde::{Deserialize, Serialize};

use crate::Color;

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
        units: &UNITS_ON_DARK,
    };

    /// The theme of this name.
    pub const fn named(name: ThemeName) -> &'static Self {
        match name {
            ThemeName::Light => &Self::LIGHT,
            ThemeName::Dark => &Self::DARK,
        }
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
}
