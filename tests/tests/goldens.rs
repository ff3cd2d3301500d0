//! Every exhibit × preset × panel is drawn and compared with its reference picture.

use piecewise_exhibits::EXHIBITS;
use piecewise_plot::Theme;
use piecewise_tests::golden;

#[test]
fn every_preset_looks_like_its_reference() {
    let mut differences = Vec::new();
    for entry in EXHIBITS {
        for preset in entry.presets {
            for panel in entry.panels {
                let state = entry.preset_state(preset);
                let picture = entry.svg(&state, panel, 1.0, &Theme::LIGHT).expect("it can be drawn");
                let name = format!("{}/{}-{}", entry.name, preset.start, panel.name);
                differences.extend(golden::compare(&name, &picture).err());
            }
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn every_exhibit_looks_like_its_reference_in_the_dark_and_on_a_projector() {
    let mut differences = Vec::new();
    for entry in EXHIBITS {
        for panel in entry.panels {
            let dark = entry.svg("", panel, 1.0, &Theme::DARK).expect("it can be drawn");
            differences.extend(golden::compare(&format!("{}/dark-{}", entry.name, panel.name), &dark).err());
            let large = entry.svg("", panel, 1.75, &Theme::LIGHT).expect("it can be drawn");
            differences.extend(golden::compare(&format!("{}/large-{}", entry.name, panel.name), &large).err());
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
