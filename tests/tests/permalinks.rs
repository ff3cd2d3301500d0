//! Links: whatever an exhibit can be set to comes back from its link, and no link can do harm.

use piecewise_exhibits::{EXHIBITS, PARTS, Params as _, link, regions};
use piecewise_plot::ColorMap;
use proptest::prelude::*;

fn unit() -> impl Strategy<Value = regions::Unit> {
    let bias = prop_oneof![Just(0.0), -4.0..=4.0_f64, (-256..=256_i32).prop_map(|n| f64::from(n) / 64.0)];
    let weight = || {
        prop_oneof![
            Just(0.0),
            Just(-0.0),
            -2.0..=2.0_f64,
            Just(5e-324),
            (-128..=128_i32).prop_map(|n| f64::from(n) / 64.0)
        ]
    };
    (bias, [weight(), weight(), weight()])
        .prop_map(|(bias, [w1, w2, phi])| regions::Unit { theta: [bias, w1, w2], phi })
}

fn params() -> impl Strategy<Value = regions::Params> {
    let start = prop_oneof![
        (0..regions::PRESETS.len()).prop_map(|i| regions::PRESETS[i].start.to_owned()),
        (1..=12_usize, any::<u64>()).prop_map(|(n_hidden, seed)| regions::random_start(n_hidden, seed)),
    ];
    (start, -4.0..=4.0_f64, prop::collection::vec(unit(), 1..=12), any::<[bool; 4]>()).prop_map(
        |(start, phi_0, units, [diverging, contours, patterns, pinned])| {
            let pinned = pinned.then(|| "01".repeat(6)[..units.len()].to_owned());
            let color_map = if diverging { ColorMap::Diverging } else { ColorMap::Viridis };
            regions::Params { start, phi_0, units, color_map, contours, patterns, pinned, ..regions::Params::default() }
        },
    )
}

/// What stands under "More".
fn more() -> impl Strategy<Value = regions::Params> {
    let deep = prop::collection::vec(1..=regions::MOST_UNITS, 0..=3);
    let edits = prop::collection::vec((2..=5_usize, 1..=32_usize, 0..=32_usize, -2.0..=2.0_f64), 0..=4);
    let places = [prop::collection::vec(1..=4_usize, 0..=3), prop::collection::vec(1..=5_usize, 2)];
    let view = (0..4_usize)
        .prop_map(|i| [regions::View::Plane, regions::View::Growth, regions::View::Training, regions::View::File][i]);
    let numbers = (any::<u64>(), 0..6_usize, 1..=500_u64, 1..=5_u64, 1..=32_u64, 0.001..=0.1_f64, 0..=400_u64);
    (params(), deep, edits, places, view, any::<[bool; 3]>(), prop::array::uniform4(-1.0..=1.0_f64), numbers).prop_map(
        |(params, deep, edits, [hide, selected], view, [dual, ray, zero_bias], ends, numbers)| {
            let (seed, inputs, n_hidden, n_layers, run_units, rate, step) = numbers;
            let edit = |(layer, unit, column, value)| regions::WeightEdit { layer, unit, column, value };
            let mut params = regions::Params {
                deep,
                seed,
                edits: edits.into_iter().map(edit).collect(),
                hide,
                selected,
                view,
                dual,
                ray,
                zero_bias,
                ray_from: [ends[0], ends[1]],
                ray_to: [ends[2], ends[3]],
                n_inputs: regions::GROWTH_INPUTS[inputs],
                n_hidden,
                n_layers,
                run_units,
                run_seed: seed / 3,
                rate,
                step,
                slice_seed: seed / 7,
                ..params
            };
            params.make_valid();
            params
        },
    )
}

proptest! {
    #[test]
    fn every_setting_comes_back_from_its_link(params in params()) {
        let state = link::write(&params);
        let reading = link::read::<regions::Params>(&state);
        prop_assert_eq!(reading.not_understood, 0, "{}", state);
        prop_assert_eq!(&reading.params, &params);
        prop_assert_eq!(link::write(&reading.params), state);
    }

    #[test]
    fn whatever_stands_under_more_comes_back_from_its_link(params in more()) {
        let state = link::write(&params);
        let reading = link::read::<regions::Params>(&state);
        prop_assert_eq!(reading.not_understood, 0, "{}", state);
        prop_assert_eq!(&reading.params, &params);
    }

    #[test]
    fn no_text_can_do_harm(text in ".{0,200}") {
        for entry in EXHIBITS {
            let (state, _) = entry.canonical(&text);
            prop_assert_eq!(entry.canonical(&state), (state.clone(), 0));
        }
    }

    #[test]
    fn keys_with_nonsense_fall_back_one_by_one(
        keys in prop::collection::vec(prop_oneof!["units", "phi-0", "start", "pinned", "deep", "edits", "hide", "selected", "ray-to", "rate", "view", "[a-z]{1,8}"], 0..6),
        values in prop::collection::vec("[-0-9a-z.,;%&=eNi]{0,24}", 6),
    ) {
        let pairs: Vec<String> = keys.iter().zip(&values).map(|(key, value)| format!("{key}={value}")).collect();
        let mut params = link::read::<regions::Params>(&pairs.join("&")).params;
        let before = params.clone();
        params.make_valid();
        prop_assert_eq!(params, before, "what a link gives is valid");
    }
}

#[test]
fn a_bad_key_does_not_spoil_the_good_ones() {
    let state = "phi-0=0.5&units=nan,1,1,1&contours=maybe&colour=red&patterns=false";
    let reading = link::read::<regions::Params>(state);
    assert_eq!(reading.not_understood, 3);
    assert_eq!((reading.params.phi_0, reading.params.patterns, reading.params.contours), (0.5, false, true));
    assert_eq!(reading.params.units, regions::Params::default().units);
}

#[test]
fn numbers_that_are_no_numbers_or_out_of_range_are_not_understood() {
    for value in ["nan", "inf", "-inf", "1e308", "1e999", "", "0x1", "4.01", "1,2"] {
        let reading = link::read::<regions::Params>(&format!("phi-0={value}"));
        assert_eq!((reading.not_understood, reading.params.phi_0), (1, 0.4), "{value}");
    }
}

#[test]
fn rows_of_a_wrong_length_and_too_many_rows_are_not_understood() {
    let many = vec!["0,1,1,1"; regions::MOST_UNITS + 1].join(";");
    for value in ["0,1,1", "0,1,1,1,1", "0,1,1,1;0,1", ";", many.as_str()] {
        let reading = link::read::<regions::Params>(&format!("units={value}"));
        assert_eq!(reading.not_understood, 1, "{value}");
        assert_eq!(reading.params, regions::Params::default());
    }
}

#[test]
fn ten_megabytes_of_text_are_not_even_read() {
    let state = "units=".to_owned() + &"1,".repeat(5 << 20);
    let reading = link::read::<regions::Params>(&state);
    assert_eq!((reading.not_understood, reading.params), (1, regions::Params::default()));
}

#[test]
fn typical_links_are_short() {
    for entry in EXHIBITS {
        for preset in entry.presets {
            let state = entry.preset_state(preset);
            assert!(state.len() < 60, "{state}");
        }
    }
    let mut params = regions::Params::from_start("random-12-9").expect("a start");
    params.units[3].theta[0] = 0.125;
    assert!(link::write(&params).len() < 2000);
}

/// Links that were given out with a release; they must mean the same for ever.
#[test]
fn old_links_keep_their_meaning() {
    let regions = |state: &str| {
        let reading = link::read::<regions::Params>(state);
        assert_eq!(reading.not_understood, 0, "{state}");
        reading.params
    };
    let fig_3_8 = regions("");
    assert_eq!(fig_3_8.phi_0, 0.4);
    assert_eq!(fig_3_8.units.iter().map(|unit| unit.phi).collect::<Vec<_>>(), [-1.0, 1.8, -0.5]);
    let seven = regions("start=seven&phi-0=-0.25&color-map=diverging&pinned=111");
    assert_eq!((seven.units.len(), seven.phi_0, seven.pinned.as_deref()), (3, -0.25, Some("111")));
    let own = regions("units=0.25,1,-0.5,2;0,-1,0,0.75&contours=false&patterns=false");
    assert_eq!(own.units[1], regions::Unit { theta: [0.0, -1.0, 0.0], phi: 0.75 });
    let random = regions("start=random-2-7");
    assert_eq!(random.units, regions::Params::from_start("random-2-7").expect("a start").units);
}

/// A browser drops what follows a rule that is not closed, and says nothing.
#[test]
fn every_rule_of_the_style_sheet_is_closed() {
    let mut depth = 0;
    for (index, line) in include_str!("../../www/style.css").lines().enumerate() {
        let begins = !line.starts_with([' ', '}']) && !line.is_empty();
        assert!(!begins || depth == 0, "line {}: {line}", index + 1);
        depth += line.matches('{').count() as i32 - line.matches('}').count() as i32;
    }
    assert_eq!(depth, 0);
}

#[test]
fn the_page_fetches_the_part_that_holds_the_exhibit_in_the_link() {
    let script = include_str!("../../www/shell.js");
    let table = script.split_once("const PARTS = {").and_then(|(_, rest)| rest.split_once("};")).expect("a table").0;
    let rows: Vec<String> = table.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
    // What is not listed is looked for in the first part. The page that measures is no exhibit.
    let mut expected: Vec<String> = PARTS
        .iter()
        .map(|part| {
            let names: Vec<String> = part.entries.iter().map(|entry| format!("{:?}", entry.name)).collect();
            format!("{}: [{}],", part.name, names.join(", "))
        })
        .collect();
    expected.push("bench: [\"bench\"],".to_owned());
    assert_eq!(rows, expected);
    assert!(script.contains(&format!("|| {:?};", PARTS[0].name)));
}
