//! What the picture of the plane is of: a network, and where it is looked at.

use piecewise_core::{
    Rng,
    network::{Activation, Initialization, Network},
    regions::{Bounds, PlaneRegions, Slice},
};
use piecewise_network_file::NetworkFile;

use super::{CountedRun, Params, VIEW, View};

/// A larger file is not read on the page, in bytes.
pub const LARGEST_FILE: usize = 8 << 20;

/// More hidden units are not looked at.
const MOST_HIDDEN: usize = 4096;

/// More layers are not looked at.
const MOST_FILE_LAYERS: usize = 64;

/// The sizes of the example for networks from files.
const EXAMPLE: [usize; 4] = [8, 16, 16, 1];

/// A network, and the part of the plane that is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// The network.
    pub network: Network,
    /// The plane through its inputs; nothing when there are two of them.
    pub slice: Option<Slice<2>>,
    /// The part of the plane that is shown.
    pub bounds: Bounds<2>,
    /// Which output is shown, from 0 on.
    pub output: usize,
    /// Points of the plane that bear a name.
    pub marks: Vec<[f64; 2]>,
    /// The names of the two axes.
    pub axes: [&'static str; 2],
}

impl Subject {
    /// A network with two inputs in the usual part of the plane.
    pub fn new(network: Network) -> Self {
        Self { network, slice: None, bounds: VIEW, output: 0, marks: Vec::new(), axes: ["x₁", "x₂"] }
    }

    /// What the parameters are about.
    pub fn of(params: &Params) -> Self {
        match params.view {
            View::Plane | View::Growth => Self::new(params.network()),
            View::Training => Self::new(CountedRun::at(params).network()),
            View::File => {
                let network = example();
                let points = random_points(network.n_inputs(), params.slice_seed);
                Self::on_slice(network, &points).expect("random points span a plane")
            }
        }
    }

    /// A network with any number of inputs: on the plane through three points when there are more than two.
    ///
    /// # Errors
    /// A sentence when the points span no plane.
    pub fn on_slice(network: Network, points: &[Vec<f64>; 3]) -> Result<Self, String> {
        let (slice, marks) = through(points)?;
        let axes = ["first direction of the slice", "second direction"];
        Ok(Self { slice: Some(slice), marks, axes, ..Self::new(network) })
    }

    /// A network from a file, where the file says or else on the plane through three points.
    ///
    /// # Errors
    /// A sentence that says why it cannot be looked at.
    pub fn of_file(file: &NetworkFile, points: &[Vec<f64>; 3]) -> Result<Self, String> {
        let network = file.network.clone();
        let n_inputs = network.n_inputs();
        let mut subject = match (&file.slice, n_inputs) {
            (Some(slice), _) => {
                let [first, second] = &slice.directions[..] else {
                    return Err(format!(
                        "The slice in the file has {} directions; a picture needs two.",
                        slice.directions.len()
                    ));
                };
                let slice = Slice { origin: slice.origin.clone(), directions: [first.clone(), second.clone()] };
                let axes = ["first direction of the slice", "second direction"];
                Self { slice: Some(slice), axes, ..Self::new(network) }
            }
            // One input: every line stands upright.
            (None, 1) => {
                let slice = Slice { origin: vec![0.0], directions: [vec![1.0], vec![0.0]] };
                Self { slice: Some(slice), axes: ["x", "(no second input)"], ..Self::new(network) }
            }
            (None, 2) => Self::new(network),
            (None, _) => Self::on_slice(network, points)?,
        };
        if let Some(corners) = file.bounds.as_ref().filter(|_| n_inputs == 2 || file.slice.is_some())
            && let ([x1, x2], [y1, y2]) = (&corners.lo[..], &corners.hi[..])
        {
            subject.bounds = Bounds { lo: [*x1, *x2], hi: [*y1, *y2] };
        }
        // A small trial finds whatever the engine refuses, such as a weight that is no number.
        let trial = match &subject.slice {
            None => PlaneRegions::compute(&subject.network, &subject.bounds, 2),
            Some(slice) => PlaneRegions::compute_on(&subject.network, slice, &subject.bounds, 2),
        };
        trial.map(|_| subject).map_err(|error| sentence(&error.to_string()))
    }

    /// After so many regions the search is cut off: a page must not stand still, whatever a file holds.
    pub fn region_limit(&self) -> usize {
        let layers = &self.network.layers;
        let work: usize = layers[1..].iter().map(|layer| 3 * layer.n_inputs() * layer.n_outputs()).sum();
        (400_000_000 / (work + 50 * self.network.n_hidden()).max(1)).clamp(64, 20_000)
    }
}

/// Reads a network from a file for the page.
///
/// # Errors
/// One sentence that says what is wrong with the file.
pub fn read_file(name: &str, bytes: &[u8]) -> Result<NetworkFile, String> {
    if bytes.len() > LARGEST_FILE {
        return Err(format!("The file has {} MiB; at most {} are read.", bytes.len() >> 20, LARGEST_FILE >> 20));
    }
    let file = piecewise_network_file::read(name, bytes).map_err(|error| sentence(&error.to_string()))?;
    let (n_hidden, n_layers) = (file.network.n_hidden(), file.network.layers.len());
    if n_hidden > MOST_HIDDEN || n_layers > MOST_FILE_LAYERS {
        return Err(format!(
            "The network has {n_hidden} hidden units in {} layers; at most {MOST_HIDDEN} in {} are looked at.",
            n_layers - 1,
            MOST_FILE_LAYERS - 1
        ));
    }
    Ok(file)
}

/// A message as a sentence: short, with a capital letter and a full stop.
fn sentence(message: &str) -> String {
    let mut letters = message.chars().take(240);
    let first = letters.next().map_or_else(String::new, |letter| letter.to_uppercase().to_string());
    let rest: String = letters.collect();
    let stop = if rest.ends_with('.') { "" } else { "." };
    format!("{first}{rest}{stop}")
}

/// The network that is shown until there is a file: PyTorch's usual first weights.
pub fn example() -> Network {
    Network::initialized(&EXAMPLE, Activation::Relu, Initialization::PYTORCH_LINEAR, 7).expect("there are layers")
}

/// Three points whose numbers are multiples of 1/64 in [−1, 1].
pub fn random_points(n_inputs: usize, seed: u64) -> [Vec<f64>; 3] {
    let mut rng = Rng::from_seed(seed);
    let mut number = || (rng.uniform_in(-1.0, 1.0) * 64.0).round() / 64.0;
    core::array::from_fn(|_| (0..n_inputs).map(|_| number()).collect())
}

/// The plane through three points, with the points in view: its middle is theirs, its two directions are at right angles and equally long.
///
/// # Errors
/// A sentence when the points span no plane.
fn through(points: &[Vec<f64>; 3]) -> Result<(Slice<2>, Vec<[f64; 2]>), String> {
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let less = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a - b).collect::<Vec<f64>>();
    let scaled = |a: &[f64], by: f64| a.iter().map(|a| a * by).collect::<Vec<f64>>();
    let [p, q, r] = points;
    let (pq, pr) = (less(q, p), less(r, p));
    let length = dot(&pq, &pq).sqrt();
    let first = scaled(&pq, 1.0 / length);
    let off = less(&pr, &scaled(&first, dot(&pr, &first)));
    let height = dot(&off, &off).sqrt();
    let span = length.max(dot(&pr, &pr).sqrt());
    if !(length.is_finite() && height.is_finite() && length > 0.0 && height > 1e-9 * span) {
        return Err("These three points lie on one line, so there is no one plane through them.".to_owned());
    }
    let second = scaled(&off, 1.0 / height);
    let middle: Vec<f64> = (0..p.len()).map(|i| (p[i] + q[i] + r[i]) / 3.0).collect();
    let place = |x: &[f64]| {
        let from_middle = less(x, &middle);
        [dot(&from_middle, &first), dot(&from_middle, &second)]
    };
    let places = points.each_ref().map(|point| place(point));
    let farthest = places.iter().map(|[a, b]| f64::hypot(*a, *b)).fold(0.0, f64::max);
    let reach = 1.5 * farthest;
    let slice = Slice { origin: middle, directions: [scaled(&first, reach), scaled(&second, reach)] };
    Ok((slice, places.map(|place| place.map(|t| t / reach)).to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slice_goes_through_its_three_points() {
        let points = random_points(8, 3);
        let (slice, marks) = through(&points).expect("they span a plane");
        for (point, mark) in points.iter().zip(marks) {
            let there = slice.point(mark);
            assert!(point.iter().zip(&there).all(|(a, b)| (a - b).abs() < 1e-12));
            assert!(mark.iter().all(|t| t.abs() < 1.0), "all three are in view");
        }
    }

    #[test]
    fn hostile_files_get_one_sentence() {
        let deep = format!("{{\"layers\":[{}]}}", vec![r#"{"weight":[[1]],"bias":[0]}"#; 70].join(","));
        for (name, bytes, words) in [
            ("a.json", "{".to_owned(), "EOF"),
            ("a.json", r#"{"layers":[]}"#.to_owned(), "needs at least one layer."),
            ("a.json", "[".repeat(100_000), "line 1"),
            ("a.json", deep, "at most 4096 in 63"),
            ("a.safetensors", "\u{ff}\u{ff}\u{ff}\u{ff}\u{ff}\u{ff}\u{ff}\u{ff}{}".to_owned(), "safetensors"),
            ("a.json", " ".repeat(LARGEST_FILE + 1), "8 MiB"),
        ] {
            let said = read_file(name, bytes.as_bytes()).expect_err("it is refused");
            assert!(said.contains(words) && said.len() < 300 && !said.contains('\n'), "{said}");
        }
    }

    #[test]
    fn weights_that_overflow_and_boxes_that_are_none_do_no_harm() {
        let points = random_points(2, 0);
        let read = |text: &str| read_file("a.json", text.as_bytes()).and_then(|file| Subject::of_file(&file, &points));
        let huge = r#"{"weight":[[1e300,-1e300],[1e300,1e300]],"bias":[1,1e300]}"#;
        let text = format!(r#"{{"layers":[{huge},{huge},{{"weight":[[1e300,-1e300]],"bias":[0]}}]}}"#);
        let scene = crate::regions::compute_regions(&read(&text).expect("finite weights"), &Params::default());
        assert!(!scene.regions.is_empty() && scene.value_range.iter().all(|value| value.is_finite()));
        let one = r#"{"layers":[{"weight":[[1,1]],"bias":[0]}],"box":{"lo":[0,0],"hi":[0,1]}}"#;
        assert!(read(one).unwrap_err().starts_with("The box is empty"));
        let flat = r#"{"layers":[{"weight":[[1,1]],"bias":[0]}],"slice":{"origin":[0],"directions":[[1],[1]]}}"#;
        assert!(read(flat).unwrap_err().contains("reads 2 inputs"));
    }

    #[test]
    fn points_on_one_line_span_no_plane() {
        let line = [vec![0.0, 0.0, 1.0], vec![1.0, 1.0, 1.0], vec![2.0, 2.0, 1.0]];
        assert!(through(&line).unwrap_err().contains("one line"));
        let same = [vec![0.5; 3], vec![0.5; 3], vec![0.5; 3]];
        assert!(through(&same).is_err());
    }
}
