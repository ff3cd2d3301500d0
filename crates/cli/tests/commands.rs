//! The command as a person runs it.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
};

use serde_json::Value;

fn piecewise(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_piecewise")).args(arguments).output().expect("it runs")
}

fn stdout(arguments: &[&str]) -> String {
    let output = piecewise(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// Runs it, expects exit code 2 and one line on stderr, and returns that line.
fn trouble(arguments: &[&str]) -> String {
    let output = piecewise(arguments);
    let text = String::from_utf8(output.stderr).expect("text");
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {text}");
    assert_eq!(text.trim_end().lines().count(), 1, "{text}");
    text
}

/// A file of this test's own.
fn file(name: &str, content: &[u8]) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, content).expect("the folder is writable");
    path.to_str().expect("plain").to_owned()
}

const FIG_3_8: &str = r#"{"layers":[
  {"weight":[[0.5,0.5],[0.9,-0.1],[0.2,-0.7]],"bias":[0.2,-0.3,0.2]},
  {"weight":[[-1,1.8,-0.5]],"bias":[0.4]}]}"#;

#[test]
fn figure_3_8_has_the_seven_regions_of_the_book() {
    let path = file("fig-3-8.json", FIG_3_8.as_bytes());
    let report: Value = serde_json::from_str(&stdout(&["regions", &path, "--json"])).expect("JSON");
    assert_eq!((report["n_regions"].as_u64(), report["zaslavsky"].as_str()), (Some(7), Some("7")));
    assert_eq!(report["n_affine_pieces"], 7);
    let region = |pattern: &str| {
        let regions = report["regions"].as_array().expect("regions").iter();
        regions.clone().find(|region| region["pattern"] == pattern).cloned().unwrap_or_else(|| panic!("{pattern}"))
    };
    for (pattern, area, intercept, slope) in
        [("000", 0.14, 0.4, [0.0, 0.0]), ("101", 0.4643, 0.1, [-0.6, -0.15]), ("111", 0.9671, -0.44, [1.02, -0.33])]
    {
        let region = region(pattern);
        assert!((region["measure"].as_f64().expect("a number") - area).abs() < 5e-5, "{pattern}");
        assert!((region["intercept"][0].as_f64().expect("a number") - intercept).abs() < 1e-12);
        assert!((0..2).all(|i| (region["slope"][0][i].as_f64().expect("a number") - slope[i]).abs() < 1e-12));
    }
    let inner = region("101");
    assert_eq!(inner["vertices"].as_array().map(Vec::len), Some(3), "the triangle in the middle");
    assert_eq!(inner["neighbours"].as_array().map(Vec::len), Some(3));
}

#[test]
fn one_and_three_inputs_work_as_two_do() {
    let line =
        file("line.json", br#"{"layers":[{"weight":[[1],[1]],"bias":[0,-0.5]},{"weight":[[1,-2]],"bias":[0]}]}"#);
    let report: Value = serde_json::from_str(&stdout(&["regions", &line])).expect("JSON");
    assert_eq!(report["n_regions"], 3);
    assert_eq!(report["regions"][1]["vertices"].to_string(), "[[0.0],[0.5]]");
    // A picture of three pieces has two joints.
    let svg = stdout(&["regions", &line, "--format", "svg"]);
    assert_eq!((svg.matches("<circle").count(), svg.matches("<polyline").count() >= 1), (2, true), "{svg}");
    let space = file(
        "octants.json",
        br#"{"layers":[{"weight":[[1,0,0],[0,1,0],[0,0,1]],"bias":[0,0,0]},{"weight":[[1,2,3]],"bias":[0]}]}"#,
    );
    let report: Value = serde_json::from_str(&stdout(&["regions", &space])).expect("JSON");
    assert_eq!((report["n_regions"].as_u64(), report["zaslavsky"].as_str()), (Some(8), Some("8")));
    assert!(trouble(&["regions", &space, "--format", "svg"]).contains("ask for a slice of one or two dimensions"));
}

#[test]
fn a_slice_looks_into_many_dimensions() {
    let path = file(
        "four.json",
        br#"{"layers":[{"weight":[[1,0,0,0],[0,1,0,0]],"bias":[0,0]},{"weight":[[1,1]],"bias":[0]}]}"#,
    );
    assert!(trouble(&["regions", &path]).contains("4 dimensions"));
    let sliced = stdout(&["regions", &path, "--slice", "0,0,0,0:1,0,0,0:0,1,0,0", "--box", "-2,-2:2,2"]);
    let report: Value = serde_json::from_str(&sliced).expect("JSON");
    assert_eq!(report["n_regions"], 4);
    let area: f64 = report["regions"].as_array().expect("regions").iter().filter_map(|r| r["measure"].as_f64()).sum();
    assert!((area - 16.0).abs() < 1e-12);
}

#[test]
fn tables_pictures_and_times_can_be_had_too() {
    let path = file("formats.json", FIG_3_8.as_bytes());
    let csv = stdout(&["regions", &path, "--format", "csv"]);
    assert!(csv.starts_with("pattern,measure,intercept_1,slope_1_1,slope_1_2,neighbours,vertices\n"));
    assert_eq!(csv.lines().count(), 8);
    let svg = stdout(&["regions", &path, "--format", "svg"]);
    assert!(svg.starts_with("<svg") && svg.matches("<polygon").count() == 7);
    let png = file("formats.png", b"");
    stdout(&["regions", &path, "-o", &png]);
    assert_eq!(&fs::read(&png).expect("written")[..8], b"\x89PNG\r\n\x1a\n");
    let millis: f64 = stdout(&["regions", &path, "--time", "5"]).trim().parse().expect("a number");
    assert!(millis > 0.0);
    let few: Value = serde_json::from_str(&stdout(&["regions", &path, "--limit", "3"])).expect("JSON");
    assert_eq!(few["complete"], false);
}

#[test]
fn a_model_saved_by_pytorch_reads_like_its_json() {
    let tensor = |shape: &[usize], numbers: &[f64]| -> (Vec<usize>, Vec<u8>) {
        (shape.to_vec(), numbers.iter().flat_map(|x| x.to_le_bytes()).collect())
    };
    let tensors = [
        ("0.weight", tensor(&[3, 2], &[0.5, 0.5, 0.9, -0.1, 0.2, -0.7])),
        ("0.bias", tensor(&[3], &[0.2, -0.3, 0.2])),
        ("2.weight", tensor(&[1, 3], &[-1.0, 1.8, -0.5])),
        ("2.bias", tensor(&[1], &[0.4])),
    ];
    let views = tensors.iter().map(|(name, (shape, bytes))| {
        let view =
            safetensors::tensor::TensorView::new(safetensors::Dtype::F64, shape.clone(), bytes).expect("a tensor");
        (*name, view)
    });
    let bytes = safetensors::serialize(views, None).expect("a file");
    let saved = file("model.safetensors", &bytes);
    let json = file("model.json", FIG_3_8.as_bytes());
    assert_eq!(stdout(&["regions", &saved]), stdout(&["regions", &json]));
    let stray = file("stray.safetensors", &bytes[..bytes.len() - 1]);
    assert!(trouble(&["regions", &stray]).contains("no safetensors file"));
}

#[test]
fn every_preset_can_be_drawn_and_its_link_is_the_shortest() {
    let list = stdout(&["list"]);
    let links: Vec<&str> =
        list.lines().filter_map(|line| line.split_whitespace().next()).filter(|w| w.starts_with("#/")).collect();
    assert!(links.len() >= 6);
    for link in links {
        let svg = file("preset.svg", b"");
        stdout(&["render", link, "-o", &svg]);
        assert!(fs::read_to_string(&svg).expect("written").trim_end().ends_with("</svg>"), "{link}");
        assert!(serde_json::from_str::<Value>(&stdout(&["scene", link])).expect("JSON").is_object());
    }
    let png = file("large.png", b"");
    stdout(&[
        "render",
        "https://example.org/slides/#/regions?start=seven&theme=dark&ui=bare",
        "-o",
        &png,
        "--size",
        "400x370",
        "--scale",
        "1",
    ]);
    let header = fs::read(&png).expect("written");
    assert_eq!((&header[16..20], &header[20..24]), (&400_u32.to_be_bytes()[..], &370_u32.to_be_bytes()[..]));
}

#[test]
fn a_picture_with_a_code_leads_back_to_its_link() {
    let png = file("code.png", b"");
    let link = "#/regions?start=seven&phi-0=0.5";
    stdout(&["render", link, "-o", &png, "--qr", "--url", "https://example.org/piecewise"]);
    let mut reader = png_reader(&png);
    let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
    let info = reader.next_frame(&mut pixels).expect("a picture");
    let [width, height] = [info.width as usize, info.height as usize];
    assert!(height > 2 * 666 + 2 * 128, "the code is below the picture, twice as large as on the page");
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| pixels[4 * (y * width + x) + 1]);
    let codes: Vec<String> =
        image.detect_grids().iter().filter_map(|grid| grid.decode().ok()).map(|code| code.1).collect();
    assert_eq!(codes, [format!("https://example.org/piecewise/{link}")]);
}

fn png_reader(path: &str) -> png::Reader<std::io::BufReader<fs::File>> {
    let file = std::io::BufReader::new(fs::File::open(path).expect("written"));
    png::Decoder::new(file).read_info().expect("a PNG")
}

#[test]
fn the_curves_of_a_picture_are_its_numbers() {
    let table = file("curves.csv", b"");
    stdout(&["render", "#/linear-pieces?start=fig-3.3", "-o", &table]);
    let text = fs::read_to_string(&table).expect("written");
    // Fig. 3.3 of the book: y(0) = .496 and y(2) = .16.
    let points: Vec<[f64; 2]> = text
        .lines()
        .filter_map(|line| line.strip_prefix("\"output\","))
        .map(|line| {
            let (x, y) = line.split_once(',').expect("two numbers");
            [x.parse().expect("x"), y.parse().expect("y")]
        })
        .collect();
    let value = |x: f64| points.iter().find(|point| (point[0] - x).abs() < 1e-9).expect("a corner")[1];
    assert!((value(0.0) - 0.496).abs() < 1e-9 && (value(2.0) - 0.16).abs() < 1e-9, "{text}");
    assert!(text.lines().any(|line| line.starts_with("\"share of unit 3\"")));
}

#[test]
fn a_moving_picture_shows_a_run_step_by_step() {
    for (name, n_frames) in [("run.gif", 6), ("run.apng", 6)] {
        let path = file(name, b"");
        let sweep =
            ["--sweep", "steps=0..5", "--frames", "40", "--seconds", "1.2", "--scale", "0.5", "--size", "400x400"];
        stdout(&[&["render", "#/gradient-descent", "-o", &path][..], &sweep].concat());
        if name.ends_with("gif") {
            let file = fs::File::open(&path).expect("written");
            let mut decoder = gif::DecodeOptions::new().read_info(file).expect("a GIF");
            let mut seen = 0;
            while let Some(frame) = decoder.read_next_frame().expect("a picture") {
                assert_eq!((frame.width, frame.height, frame.delay), (200, 200, 20));
                seen += 1;
            }
            assert_eq!(seen, n_frames);
        } else {
            assert_eq!(png_reader(&path).info().animation_control.expect("it moves").num_frames, n_frames);
        }
    }
}

#[test]
fn every_exhibit_has_a_poster_and_an_answer_for_sites_that_embed() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("posters");
    let path = folder.to_str().expect("plain");
    stdout(&["posters", path, "--url", "https://example.org/piecewise"]);
    let list = stdout(&["list"]);
    let page = fs::read_to_string(folder.join("index.html")).expect("the list for teachers");
    assert!(page.contains("href=\"../#/regions?start=parallel\""));
    // Every slide of an exhibit is a row to click and a place to link to, once.
    for slide in [3, 4, 5, 6, 7, 8, 10, 11, 13, 14] {
        for part in [format!("id=\"slide-{slide}\""), format!("href=\"#slide-{slide}\"")] {
            assert_eq!(page.matches(&part).count(), 1, "{part}");
        }
    }
    assert!(page.contains("&lt;iframe src=&quot;https://example.org/piecewise/#/regions?ui=compact&quot;"));
    for name in list.lines().filter(|line| !line.starts_with(' ')).filter_map(|line| line.split_whitespace().next()) {
        let read = |file: &str| fs::read(folder.join(name).join(file)).unwrap_or_else(|_| panic!("{name}/{file}"));
        let text = |file: &str| String::from_utf8(read(file)).expect("text");
        assert!(text("poster.svg").starts_with("<svg"));
        let answer: Value = serde_json::from_str(&text("oembed.json")).expect("JSON");
        let png = read("poster.png");
        let width = u32::from_be_bytes(png[16..20].try_into().expect("four bytes"));
        assert_eq!(answer["thumbnail_width"].as_f64(), Some(f64::from(width)), "{name}");
        assert_eq!(answer["thumbnail_url"], format!("https://example.org/piecewise/exhibits/{name}/poster.png"));
        assert!(text("index.html").contains(&format!("url=../../#/{name}\"")));
    }
    assert!(trouble(&["posters", path, "--url", "javascript:alert(1)"]).contains("no address of a site"));
}

#[test]
fn what_goes_wrong_is_one_sentence_and_exit_code_2() {
    let bad = file("bad.json", b"{\n \"layers\": [\n}");
    let infinite =
        file("infinite.json", br#"{"layers":[{"weight":[[1,1e999]],"bias":[0]},{"weight":[[1]],"bias":[0]}]}"#);
    let chain = file("chain.json", br#"{"layers":[{"weight":[[1,1]],"bias":[0]},{"weight":[[1,2]],"bias":[0]}]}"#);
    let good = file("good.json", FIG_3_8.as_bytes());
    for (arguments, words) in [
        (vec!["regions", "no-such-file.json"], "cannot be read"),
        (vec!["regions", &bad], "line 3 column 1"),
        (vec!["regions", &infinite], "number out of range"),
        (vec!["regions", &chain], "layer 1 writes 1 numbers, but layer 2 reads 2"),
        (vec!["regions", &good, "--box", "0,0:0,1"], "the box is empty"),
        (vec!["regions", &good, "--box", "0:1"], "the box has 1 numbers"),
        (vec!["regions", &good, "--format", "gif"], "no format"),
        (vec!["regions", &good, "--frobnicate"], "frobnicate"),
        (vec!["regions"], "needs a file"),
        (vec!["render", "#/polygons", "-o", "x.svg"], "no exhibit"),
        (vec!["render", "#/regions", "-o", "x.bmp"], "ends in none of"),
        (vec!["render", "#/regions", "-o", "x.gif"], "needs --sweep"),
        (vec!["render", "#/regions", "-o", "x.png", "--sweep", "phi-0=0..1"], "makes a moving picture"),
        (vec!["render", "#/regions", "-o", "x.gif", "--sweep", "phi-0=0"], "is no sweep"),
        (vec!["render", "#/regions", "-o", "x.gif", "--sweep", "volume=0..1"], "there are "),
        (
            vec!["render", "#/gradient-descent", "-o", "x.gif", "--sweep", "alpha=-5..1"],
            "no value that this setting takes",
        ),
        (vec!["render", "#/regions", "-o", "x.png", "--qr"], "needs the whole link"),
        (vec!["render", "#/backprop", "-o", "x.csv"], "no curves"),
        (vec!["dance"], "no command"),
    ] {
        let said = trouble(&arguments);
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
}
