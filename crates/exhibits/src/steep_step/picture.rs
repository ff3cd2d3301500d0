use nalgebra::DMatrix;
use piecewise_core::{
    data::Examples,
    job::{Advance, Job},
    network::{Activation, Initialization, Network},
    regions::{Bounds, LineRegions, Slice},
    train::{Loss, NetworkLoss, Optimizer, Rule, Settings, Training},
};
use serde::Serialize;

use super::{Params, lesson::N_MOMENTS};

/// The picture has so many pixels along each side.
pub const SIDE: usize = 32;

/// How many steps of training there are.
pub(super) const N_STEPS: u64 = 3000;

/// The units of the two hidden layers.
const N_HIDDEN: usize = 32;

/// A step sees so many pixels.
const BATCH: u32 = 128;

/// Far more than the regions that a line meets in a network of this size.
const REGION_LIMIT: usize = 4000;

type Rgb = [f64; 3];

/// The picture of the slide: a yellow ground and three rectangles on it, as left, right, top and bottom in shares of its sides.
const GROUND: Rgb = [254.0, 250.0, 80.0];
const RECTANGLES: [(Rgb, [f64; 4]); 3] = [
    ([73.0, 45.0, 164.0], [0.167, 0.426, 0.336, 0.667]),
    ([255.0, 88.0, 23.0], [0.605, 0.696, 0.290, 0.388]),
    ([121.0, 169.0, 67.0], [0.512, 0.653, 0.540, 0.680]),
];

/// The edge that is looked at closely: the right side of the first rectangle, in x from −1 to 1.
pub const EDGE: f64 = 2.0 * RECTANGLES[0].1[1] - 1.0;

/// The colour of the picture, 0 to 1, at x and y from −1 to 1, y downwards.
fn color(x: f64, y: f64) -> Rgb {
    let [u, v] = [x, y].map(|x| f64::midpoint(x, 1.0));
    let inside =
        |&&(_, [left, right, top, bottom]): &&(Rgb, [f64; 4])| (left..right).contains(&u) && (top..bottom).contains(&v);
    RECTANGLES.iter().find(inside).map_or(GROUND, |rectangle| rectangle.0).map(|part| part / 255.0)
}

/// How bright a colour is: the mean of its parts.
fn brightness(color: Rgb) -> f64 {
    (color[0] + color[1] + color[2]) / 3.0
}

/// The middle of a pixel's column or row, from −1 to 1.
fn middle(index: usize) -> f64 {
    (2 * index + 1) as f64 / SIDE as f64 - 1.0
}

/// The pixels, row by row from the top.
fn pixels(color: impl Fn(f64, f64) -> Rgb) -> Vec<Rgb> {
    (0..SIDE * SIDE).map(|index| color(middle(index % SIDE), middle(index / SIDE))).collect()
}

/// Gradient descent asked to paint the picture of the slide: the whole training, moment by moment, computed slice by slice.
#[derive(Debug)]
pub struct Painting {
    training: Training<NetworkLoss>,
    moments: Vec<(Vec<f64>, f64)>,
}

/// The training step of a moment.
fn step_of(moment: u64) -> u64 {
    N_STEPS * moment * moment / (N_MOMENTS * N_MOMENTS)
}

impl Painting {
    /// How many moments there are so far.
    pub fn n_moments(&self) -> u64 {
        self.moments.len() as u64
    }

    fn look(&mut self) {
        let loss = self.training.loss();
        self.moments.push((self.training.parameters().to_vec(), loss));
    }

    fn network(phi: &[f64]) -> Network {
        let mut network = first_network(0);
        network.set_parameters(phi);
        network
    }
}

/// A network of x and y with three outputs: red, green, blue.
fn first_network(seed: u64) -> Network {
    let sizes = [2, N_HIDDEN, N_HIDDEN, 3];
    Network::initialized(&sizes, Activation::Relu, Initialization::PYTORCH_LINEAR, seed)
        .unwrap_or_else(|_| unreachable!("four sizes make a network"))
}

impl Job for Painting {
    /// The seed counts; see [`Params::lesson_question`].
    type Input = Params;
    /// How many moments there are.
    type Progress = usize;
    type Output = ();

    fn start(params: Params) -> Self {
        let network = first_network(params.seed);
        let target = pixels(color);
        let x = DMatrix::from_fn(2, SIDE * SIDE, |row, i| middle(if row == 0 { i % SIDE } else { i / SIDE }));
        let y = DMatrix::from_fn(3, SIDE * SIDE, |row, i| target[i][row]);
        let phi = network.parameters();
        let settings = Settings { optimizer: Optimizer::new(Rule::ADAM, 3e-3), batch_size: Some(BATCH) };
        let objective = NetworkLoss::new(network, Examples::new(x, y), Loss::MEAN_SQUARED);
        Self { training: Training::new(objective, phi, settings, params.seed), moments: Vec::new() }
    }

    fn advance(&mut self, budget: u64) -> Advance<usize, ()> {
        if self.moments.is_empty() {
            self.look();
        }
        let mut left = budget;
        while self.n_moments() <= N_MOMENTS {
            let (before, until) = (self.training.n_steps(), step_of(self.n_moments()));
            match self.training.advance_to(until, left) {
                Ok(true) => self.look(),
                Ok(false) => return Advance::Progress(self.moments.len()),
                Err(_) => return Advance::Done(()),
            }
            let spent = (self.training.n_steps() - before) * self.training.work_per_step();
            left = left.saturating_sub(spent);
            if left == 0 {
                return Advance::Progress(self.moments.len());
            }
        }
        Advance::Done(())
    }
}

/// The picture, what the network makes of it at the moment that is shown, and a cut through both.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Painted {
    /// How many steps were taken.
    pub step: u64,
    /// The mean over pixels of the sum of squared errors of the three colours.
    pub loss: f64,
    /// The colours of the picture, 0 to 1, row by row from the top.
    pub target: Vec<Rgb>,
    /// The network's.
    pub fit: Vec<Rgb>,
    /// The brightness of the picture along the cut; a jump has two points at one x.
    pub target_cut: Vec<[f64; 2]>,
    /// The network's, with all its corners.
    pub fit_cut: Vec<[f64; 2]>,
    /// The slope of the steepest piece of that, without its sign.
    pub slope: f64,
}

impl Painted {
    /// The brightness of the picture inside of the rectangle whose edge is looked at, and beside it.
    pub fn edge() -> [f64; 2] {
        [RECTANGLES[0].0, GROUND].map(|color| brightness(color) / 255.0)
    }
}

/// What a painting has come to, at the moment of `params` or the last one before it.
pub fn painted(params: &Params, painting: &Painting) -> Option<Painted> {
    let index = (params.moment as usize).min(painting.moments.len().checked_sub(1)?);
    let (phi, loss) = &painting.moments[index];
    let network = Painting::network(phi);
    let y = 2.0 * params.cut - 1.0;
    let fit_cut = cut(&network, y);
    let slopes = fit_cut.windows(2).filter(|pair| pair[1][0] - pair[0][0] > 1e-9);
    let slope = slopes.map(|pair| ((pair[1][1] - pair[0][1]) / (pair[1][0] - pair[0][0])).abs()).fold(0.0, f64::max);
    let mut ends: Vec<f64> =
        RECTANGLES.iter().flat_map(|(_, sides)| [sides[0], sides[1]]).map(|u| 2.0 * u - 1.0).collect();
    ends.extend([-1.0, 1.0]);
    ends.sort_by(f64::total_cmp);
    // Between two edges the picture has one colour.
    let flat = |pair: &[f64]| {
        let value = brightness(color(f64::midpoint(pair[0], pair[1]), y));
        [[pair[0], value], [pair[1], value]]
    };
    Some(Painted {
        step: step_of(index as u64),
        loss: *loss,
        target: pixels(color),
        fit: pixels(|x, y| {
            let f = network.output(&[x, y]);
            [f[0], f[1], f[2]]
        }),
        target_cut: ends.windows(2).flat_map(flat).collect(),
        fit_cut,
        slope,
    })
}

/// The brightness of a network along the line at this y, exactly: the ends of its linear pieces.
fn cut(network: &Network, y: f64) -> Vec<[f64; 2]> {
    let slice = Slice { origin: vec![0.0, y], directions: [vec![1.0, 0.0]] };
    let bounds = Bounds { lo: [-1.0], hi: [1.0] };
    let Ok(regions) = LineRegions::compute_on(network, &slice, &bounds, REGION_LIMIT) else { return Vec::new() };
    let value =
        |maps: &[piecewise_core::regions::Affine<1>; 3], x: f64| brightness([0, 1, 2].map(|d| maps[d].value([x])));
    let pieces = regions.iter().flat_map(|region| {
        let maps = [0, 1, 2].map(|output| region.affine(output));
        region.ends().map(|x| [x, value(&maps, x)])
    });
    pieces.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finished() -> Painting {
        let mut painting = Painting::start(Params::default());
        while painting.advance(1 << 28) != Advance::Done(()) {}
        painting
    }

    #[test]
    fn the_picture_has_the_rectangles_of_the_slide() {
        let share = |wanted: Rgb| {
            let wanted = wanted.map(|part| part / 255.0);
            pixels(color).iter().filter(|&&pixel| pixel == wanted).count() as f64 / (SIDE * SIDE) as f64
        };
        for (wanted, [left, right, top, bottom]) in RECTANGLES {
            assert!((share(wanted) - (right - left) * (bottom - top)).abs() < 0.012, "{wanted:?}");
        }
        // The best constant colour, the mean, as numbers name it.
        let mean = [0, 1, 2].map(|d| pixels(color).iter().map(|pixel| pixel[d]).sum::<f64>() / (SIDE * SIDE) as f64);
        for (mean, expected) in mean.iter().zip([0.9276, 0.9026, 0.3378]) {
            assert!((mean - expected).abs() < 0.01, "{mean} and {expected}");
        }
    }

    #[test]
    fn the_edges_of_the_painting_are_ramps_like_the_step() {
        let painting = finished();
        assert_eq!(painting.n_moments(), N_MOMENTS + 1);
        let at = |moment: u64| painted(&Params { moment, ..Params::default() }, &painting).expect("a moment");
        let [start, end] = [at(0), at(N_MOMENTS)];
        println!("loss {} slope {} and loss {} slope {}", start.loss, start.slope, end.loss, end.slope);
        assert!(end.loss < 0.1 * start.loss && end.slope > 2.0 * start.slope);
        assert!(end.fit_cut.len() > 10 && end.slope.is_finite());
        // The cut is the network itself: both sides of a joint agree.
        assert!(
            end.fit_cut
                .windows(2)
                .filter(|pair| pair[0][0] == pair[1][0])
                .all(|pair| (pair[0][1] - pair[1][1]).abs() < 1e-9)
        );
    }
}
