//! The kernels of fields against plain loops in 64-bit numbers, and their gradients against central differences of those.

use piecewise_core::Rng;
use piecewise_core::field::{
    Architecture, CHUNK, Field, FieldActivation, FieldInitialization, FieldLoss, Grid, Image, Input, N_CHANNELS,
    OutputActivation, Pass, Samples, Window,
};
use piecewise_core::math;
use proptest::prelude::*;
use proptest::sample::select;

/// What a field computes, by the formulas and nothing else.
struct Plain<'a> {
    architecture: &'a Architecture,
    frequencies: &'a [[f32; 2]],
}

/// The colour, and how near to 0 a rectified pre-activation comes.
struct Answer {
    colour: [f64; N_CHANNELS],
    nearest_joint: f64,
}

impl Plain<'_> {
    fn answer(&self, phi: &[f64], place: [f64; 2]) -> Answer {
        let net = self.architecture;
        let mut h: Vec<f64> = match net.input {
            Input::Scalar | Input::Colour => vec![],
            Input::Coordinates => place.to_vec(),
            Input::Fourier { .. } => {
                let turns = |b: &[f32; 2]| f64::from(b[0]) * place[0] + f64::from(b[1]) * place[1];
                let angles: Vec<f64> =
                    self.frequencies.iter().map(|b| core::f64::consts::TAU * (turns(b) - turns(b).round())).collect();
                angles.iter().map(|a| math::sin(*a)).chain(angles.iter().map(|a| math::cos(*a))).collect()
            }
        };
        let mut rest = phi;
        let mut take = |n: usize| {
            let (taken, left) = rest.split_at(n);
            rest = left;
            taken
        };
        let mut nearest_joint = f64::INFINITY;
        for k in 0..=net.n_hidden_layers {
            let n_outputs = if k == net.n_hidden_layers { N_CHANNELS } else { net.width };
            let beta = take(if net.input == Input::Scalar { 1 } else { n_outputs });
            let omega = take(n_outputs * h.len());
            let mut f: Vec<f64> = (0..n_outputs).map(|row| beta[row % beta.len()]).collect();
            for (column, h) in h.iter().enumerate() {
                for (row, f) in f.iter_mut().enumerate() {
                    *f += omega[column * n_outputs + row] * h;
                }
            }
            if k == net.n_hidden_layers {
                if net.output == OutputActivation::Sigmoid {
                    f = f.into_iter().map(math::sigmoid).collect();
                }
                return Answer { colour: [f[0], f[1], f[2]], nearest_joint };
            }
            if net.layer_norm {
                let (gamma, delta) = (take(n_outputs), take(n_outputs));
                let n = n_outputs as f64;
                let mean = f.iter().sum::<f64>() / n;
                let variance = f.iter().map(|f| (f - mean) * (f - mean)).sum::<f64>() / n;
                for ((f, gamma), delta) in f.iter_mut().zip(gamma).zip(delta) {
                    *f = (*f - mean) / math::sqrt(variance + 1e-5) * gamma + delta;
                }
            }
            let a: Vec<f64> = match net.activation {
                FieldActivation::Sine => f.iter().map(|f| math::sin(*f)).collect(),
                FieldActivation::Relu => {
                    nearest_joint = f.iter().fold(nearest_joint, |nearest, f| nearest.min(f.abs()));
                    f.iter().map(|f| f.max(0.0)).collect()
                }
            };
            let adds = net.residual && k > 0;
            h = a.iter().enumerate().map(|(unit, a)| if adds { h[unit] + a } else { *a }).collect();
        }
        unreachable!("the last layer answers")
    }

    /// ½ · the mean of squares, and how near to a joint any pre-activation comes.
    fn loss(&self, phi: &[f64], samples: &Samples) -> (f64, f64) {
        let (mut sum, mut nearest) = (0.0, f64::INFINITY);
        for (place, colour) in samples.coordinates().iter().zip(samples.colours()) {
            let answer = self.answer(phi, place.map(f64::from));
            nearest = nearest.min(answer.nearest_joint);
            for (y, target) in answer.colour.iter().zip(colour) {
                sum += (y - f64::from(*target)) * (y - f64::from(*target));
            }
        }
        (0.5 * sum / (N_CHANNELS * samples.len()) as f64, nearest)
    }
}

fn noise(width: usize, height: usize, seed: u64) -> Samples {
    let mut rng = Rng::from_seed(seed);
    let image = Image::from_fn(width, height, |_, _| [0; 3].map(|_| rng.uniform() as f32)).expect("a size");
    Samples::new(&image, Grid::Aligned)
}

fn all(samples: &Samples) -> Vec<u32> {
    (0..samples.len() as u32).collect()
}

/// The loss and its gradient by the kernels.
fn by_kernels(field: &Field, samples: &Samples) -> (f64, Vec<f32>) {
    let mut pass = Pass::new(field.architecture());
    pass.load(field.parameters());
    pass.begin();
    for chunk in all(samples).chunks(CHUNK) {
        pass.add(field.frequencies(), samples, chunk, 1.0 / (N_CHANNELS * samples.len()) as f32);
    }
    let mut gradient = vec![f32::NAN; field.parameters().len()];
    pass.write_gradient(&mut gradient);
    (0.5 * pass.tally().mean_square(), gradient)
}

/// A field whose parameters are all somewhere, biases, γ and δ too.
fn somewhere(architecture: Architecture, seed: u64) -> Field {
    let mut field = Field::new(architecture, FieldInitialization::He, seed);
    let mut rng = Rng::from_seed(seed ^ 1);
    field.parameters_mut().iter_mut().for_each(|phi| *phi += (0.2 * rng.normal()) as f32);
    field
}

fn architectures() -> impl Strategy<Value = Architecture> {
    let inputs = vec![
        Input::Scalar,
        Input::Colour,
        Input::Coordinates,
        Input::Coordinates,
        Input::Fourier { n_frequencies: 3, scale: 2.0 },
        // In 32 bits a phase is known to 10⁻⁷ of its turns, so that a scale of 20 would need a tolerance of its own.
        Input::Fourier { n_frequencies: 1, scale: 4.0 },
    ];
    let activations = vec![FieldActivation::Relu, FieldActivation::Sine];
    let outputs = vec![OutputActivation::Linear, OutputActivation::Sigmoid];
    let shape = (select(inputs), 0_usize..5, 1_usize..11);
    (shape, select(activations), select(outputs), any::<bool>(), any::<bool>()).prop_map(
        |((input, n_hidden_layers, width), activation, output, layer_norm, residual)| {
            let mut architecture =
                Architecture { input, n_hidden_layers, width, activation, output, layer_norm, residual };
            architecture.make_valid();
            architecture
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn kernels_compute_the_loss_and_its_gradient(
        architecture in architectures(),
        (width, height) in (1_usize..5, 1_usize..5),
        seed: u64,
    ) {
        let field = somewhere(architecture, seed);
        let samples = noise(width, height, seed ^ 2);
        let plain = Plain { architecture: &architecture, frequencies: field.frequencies() };
        let mut phi: Vec<f64> = field.parameters().iter().map(|phi| f64::from(*phi)).collect();
        let (expected, nearest) = plain.loss(&phi, &samples);
        // A narrow layer norm divides by what is left of a difference: there, rounding of 32 bits is not small.
        prop_assume!(nearest > 2e-3 && !(architecture.layer_norm && architecture.width < 4));
        let (loss, gradient) = by_kernels(&field, &samples);
        prop_assert!((loss - expected).abs() < 3e-5 * expected.max(0.1), "{loss} {expected}");
        let scale = gradient.iter().fold(0.05_f64, |scale, slope| scale.max(f64::from(slope.abs())));
        for index in 0..phi.len() {
            let at = phi[index];
            let step = 1e-5;
            let losses = [at - step, at + step].map(|at| {
                phi[index] = at;
                plain.loss(&phi, &samples).0
            });
            phi[index] = at;
            let slope = (losses[1] - losses[0]) / (2.0 * step);
            // 24 bits, a few dozen operations, and what layer norm cancels.
            prop_assert!((f64::from(gradient[index]) - slope).abs() < 2e-4 * scale,
                "{architecture:?}: parameter {index}: {} {slope}", gradient[index]);
        }
    }

    #[test]
    fn a_picture_is_the_same_in_whatever_chunks_it_is_asked_for(architecture in architectures(), seed: u64) {
        let field = somewhere(architecture, seed);
        let window = Window::of_picture(17, 9);
        let picture = field.render(window);
        for index in [0, 1, 7, 8, 100, 127, 128, 152] {
            prop_assert_eq!(picture[index], field.colour(window.coordinates(index)));
        }
    }
}

#[test]
fn wide_networks_agree_with_plain_loops_on_many_chunks() {
    // Odd sizes, so that every kind of remainder is there; 3 · 128 + 16 samples.
    for architecture in [
        Architecture::relu(3, 61),
        Architecture::siren(2, 30),
        Architecture { residual: true, ..Architecture::relu(4, 22) },
        Architecture { layer_norm: true, residual: true, ..Architecture::relu(3, 23) },
        Architecture { input: Input::Fourier { n_frequencies: 19, scale: 5.0 }, ..Architecture::relu(2, 33) },
    ] {
        let field = somewhere(architecture, 3);
        let samples = noise(25, 16, 4);
        let plain = Plain { architecture: &architecture, frequencies: field.frequencies() };
        let phi: Vec<f64> = field.parameters().iter().map(|phi| f64::from(*phi)).collect();
        let (loss, gradient) = by_kernels(&field, &samples);
        let (expected, _) = plain.loss(&phi, &samples);
        assert!((loss / expected - 1.0).abs() < 1e-5, "{architecture:?}: {loss} {expected}");
        // Along the gradient the loss falls as fast as the gradient says; joints that are crossed on the way change it little.
        let squares: f64 = gradient.iter().map(|slope| f64::from(*slope) * f64::from(*slope)).sum();
        let along = |t: f64| {
            let moved: Vec<f64> = phi.iter().zip(&gradient).map(|(phi, slope)| phi + t * f64::from(*slope)).collect();
            plain.loss(&moved, &samples).0
        };
        let slope = (along(1e-5) - along(-1e-5)) / 2e-5;
        assert!((slope / squares - 1.0).abs() < 1e-3, "{architecture:?}: {slope} {squares}");
    }
}

#[test]
fn dead_units_are_counted_layer_by_layer() {
    let mut field = Field::new(Architecture::relu(2, 6), FieldInitialization::He, 1);
    // Biases of the first layer, the first numbers of all: two units that never open, four that always do.
    field.parameters_mut()[..6].copy_from_slice(&[-9.0, 9.0, 9.0, -9.0, 9.0, 9.0]);
    // And those of the second layer, after 6 · 2 weights: all shut.
    field.parameters_mut()[18..24].fill(-999.0);
    let samples = noise(5, 5, 0);
    let mut pass = Pass::new(field.architecture());
    pass.load(field.parameters());
    pass.begin();
    pass.observe(field.frequencies(), &samples, &all(&samples));
    assert_eq!(pass.dead_shares().collect::<Vec<_>>(), [2.0 / 6.0, 1.0]);
    // What comes out is the last bias alone, one colour.
    assert_eq!(pass.tally().spread(), 0.0);
    assert_eq!(pass.tally().n_samples, 25);
}

#[test]
fn the_gradient_of_absolute_errors_is_the_slope_of_their_mean() {
    let architecture = Architecture::siren(2, 13);
    let (field, samples) = (somewhere(architecture, 8), noise(19, 11, 9));
    let loss_at = |parameters: &[f32], gradient: Option<&mut [f32]>| {
        let mut pass = Pass::new(&architecture);
        pass.set_loss(FieldLoss::Absolute);
        pass.load(parameters);
        pass.begin();
        for chunk in all(&samples).chunks(CHUNK) {
            pass.add(field.frequencies(), &samples, chunk, 1.0 / (N_CHANNELS * samples.len()) as f32);
        }
        if let Some(gradient) = gradient {
            pass.write_gradient(gradient);
        }
        pass.tally().loss(FieldLoss::Absolute)
    };
    let phi = field.parameters();
    let mut gradient = vec![0.0; phi.len()];
    let here = loss_at(phi, Some(&mut gradient));
    let squares: f32 = gradient.iter().map(|slope| slope * slope).sum();
    // A little way along the gradient; few errors change their sign on it.
    let h = 1e-3 / squares.sqrt();
    let moved = |sign: f32| phi.iter().zip(&gradient).map(|(phi, slope)| phi + sign * h * slope).collect::<Vec<_>>();
    let slope = (loss_at(&moved(1.0), None) - loss_at(&moved(-1.0), None)) / (2.0 * f64::from(h));
    assert!((slope / f64::from(squares) - 1.0).abs() < 0.02, "{slope} {squares}, at a loss of {here}");
}
