//! Training of fields: the lecture's numbers on the picture of slide 7, and what must hold of any run.

use piecewise_core::field::{
    Architecture, Field, FieldInitialization, FieldLoss, FieldRule, FieldRun, FieldSettings, FieldTraining, Grid,
    Image, Input, Picture, Psnr, Samples, Tally,
};
use piecewise_core::job::{Advance, Job};
use piecewise_core::train::{Cause, Schedule};

fn slide_7(side: usize) -> Samples {
    Samples::new(&Picture::Rectangles.draw(side, side).expect("a size"), Grid::Aligned)
}

fn training(architecture: Architecture, initialization: FieldInitialization, settings: FieldSettings) -> FieldTraining {
    FieldTraining::new(Field::new(architecture, initialization, 0), slide_7(64), settings, 0)
}

/// The standard ratio over the whole picture after so many steps.
fn decibels(training: &mut FieldTraining, n_steps: u64) -> f64 {
    training.advance_to(n_steps, u64::MAX).expect("small steps");
    Psnr::Standard.decibels(training.observe().0.mean_square())
}

#[test]
fn networks_reach_what_an_independent_implementation_reached() {
    use FieldInitialization::{He, Siren, Xavier};
    let adam = FieldSettings::adam(1e-3);
    let fourier =
        |scale| Architecture { input: Input::Fourier { n_frequencies: 64, scale }, ..Architecture::relu(4, 64) };
    // Single runs from other random numbers: ±2 dB.
    for (architecture, initialization, n_steps, expected) in [
        (Architecture::relu(1, 256), Xavier, 100, 15.1),
        (Architecture::relu(2, 64), Xavier, 300, 17.0),
        (Architecture::relu(4, 64), He, 100, 16.9),
        (fourier(1.0), Xavier, 100, 28.2),
        (fourier(10.0), Xavier, 100, 15.3),
        (Architecture::siren(4, 64), Siren { omega_0: 30.0 }, 100, 18.1),
    ] {
        let reached = decibels(&mut training(architecture, initialization, adam), n_steps);
        assert!((reached - expected).abs() < 2.0, "{architecture:?} {initialization:?}, {n_steps}: {reached}");
    }
}

#[test]
fn a_siren_with_its_factor_in_every_layer_learns_many_times_faster() {
    let siren = Architecture::siren(3, 64);
    let published = FieldSettings { hidden_omega: 30.0, ..FieldSettings::adam(1e-3) };
    let throughout = &mut training(siren, FieldInitialization::SirenThroughout { omega_0: 30.0 }, published);
    // PyTorch with the published layers, means of five seeds: other random numbers, ±2 dB.
    let reached = [100, 300].map(|n_steps| decibels(throughout, n_steps));
    assert!((reached[0] - 32.9).abs() < 2.0 && (reached[1] - 40.4).abs() < 2.0, "{reached:?}");
    let first_only = &mut training(siren, FieldInitialization::Siren { omega_0: 30.0 }, FieldSettings::adam(1e-3));
    assert!(decibels(first_only, 100) < reached[0] - 10.0);
}

#[test]
fn a_sixteenth_of_the_picture_a_step_is_almost_as_good_as_all_of_it() {
    let all = FieldSettings::adam(1e-3);
    let batches = FieldSettings { batch_size: Some(256), ..all };
    let run = |settings| training(Architecture::relu(4, 64), FieldInitialization::Xavier, settings);
    let reached = decibels(&mut run(batches), 300);
    assert!((reached - 21.5).abs() < 2.0, "{reached}");
    // As much work as nineteen steps on all pixels, which have hardly left the constant behind.
    assert!(reached > decibels(&mut run(all), 19) + 5.0);
}

#[test]
fn the_homeworks_constant_finds_the_best_grey_and_a_colour_the_best_colour() {
    // ½ · the mean of squares falls by a third of each error a step for each channel, and by all of it for one number.
    let settings =
        |learning_rate| FieldSettings { rule: FieldRule::GradientDescent, ..FieldSettings::adam(learning_rate) };
    let scalar = &mut training(Architecture::constant(false), FieldInitialization::Zero, settings(1.0));
    assert!((decibels(scalar, 100) - 9.64).abs() < 0.005);
    assert!((f64::from(scalar.field().parameters()[0]) - 0.7226).abs() < 5e-5);
    let colour = &mut training(Architecture::constant(true), FieldInitialization::Zero, settings(2.0));
    assert!((decibels(colour, 100) - 14.63).abs() < 0.005);
    let homework = colour.report().expect("steps were taken").psnr(Psnr::Homework);
    assert!((homework - 11.62).abs() < 0.005);
}

#[test]
fn all_zero_weights_only_ever_learn_the_last_bias() {
    let zero = &mut training(Architecture::relu(2, 16), FieldInitialization::Zero, FieldSettings::adam(1e-3));
    let before = decibels(zero, 100);
    assert!((before - 8.46).abs() < 0.05, "{before}");
    let learnt = zero.field().parameters().iter().filter(|phi| **phi != 0.0).count();
    assert_eq!(learnt, 3);
    assert_eq!(zero.report().expect("steps were taken").spread, 0.0);
    // With larger steps the best constant is soon there.
    zero.set_settings(FieldSettings::adam(0.1));
    assert!((decibels(zero, 300) - 14.63).abs() < 0.01);
}

#[test]
fn too_high_a_rate_ends_in_one_saturated_colour_without_a_gradient() {
    let stuck = &mut training(Architecture::relu(4, 64), FieldInitialization::Xavier, FieldSettings::adam(0.1));
    assert!((decibels(stuck, 60) - 11.11).abs() < 0.01);
    let report = stuck.report().expect("steps were taken");
    assert_eq!(report.spread, 0.0);
    assert!(report.gradient_l1 < 1e-20);
}

/// A small run that has everything in it: batches that do not divide the picture, a schedule, all kinds of layers.
fn small(seed: u64) -> FieldTraining {
    let architecture = Architecture { layer_norm: true, residual: true, ..Architecture::relu(3, 10) };
    let settings = FieldSettings {
        schedule: Schedule::Cosine { n_steps: 100 },
        batch_size: Some(150),
        ..FieldSettings::adam(0.01)
    };
    FieldTraining::new(Field::new(architecture, FieldInitialization::He, 1), slide_7(20), settings, seed)
}

#[test]
fn the_same_seed_gives_the_same_bits_however_the_work_is_cut() {
    let mut whole = small(3);
    whole.advance_to(50, u64::MAX).expect("small steps");
    let mut run = FieldRun::start((small(3), 50));
    let mut n_slices = 0;
    let mut seen = 0.0;
    while let Advance::Progress(progress) = run.advance(0) {
        n_slices += 1;
        let now = progress.step as f64 + progress.share_of_step;
        assert!(now >= seen && progress.until == 50);
        seen = now;
    }
    // Batches of 150 are two chunks, the last one of an epoch has 100 left and is one.
    assert!(n_slices > 60, "{n_slices}");
    assert_eq!(run.training().field(), whole.field());
    assert_ne!(small(4).step().expect("a step"), small(3).step().expect("a step"));
}

#[test]
fn going_back_and_forth_changes_nothing() {
    let mut training = small(3);
    training.advance_to(20, u64::MAX).expect("small steps");
    let at_20 = training.field().clone();
    training.advance_to(45, u64::MAX).expect("small steps");
    let at_45 = training.field().clone();
    let report = training.report();
    training.back_to(20);
    assert_eq!((training.n_steps(), training.field()), (20, &at_20));
    assert_eq!(training.report().map(|report| report.step), Some(20));
    training.advance_to(45, u64::MAX).expect("small steps");
    assert_eq!((training.field(), training.report()), (&at_45, report));
    // What is kept is in order, begins at the start, and ends where the training is.
    let steps: Vec<u64> = training.states().map(|(step, _)| step).collect();
    assert!(steps.is_sorted() && steps[0] == 0 && steps.last() == Some(&45));
    training.back_to(0);
    assert_eq!(training.field(), small(3).field());
    assert!(training.report().is_none());
}

#[test]
fn settings_can_change_while_it_runs_and_are_forgotten_by_going_back_before_them() {
    let mut training = small(3);
    let first = training.settings();
    training.advance_to(10, u64::MAX).expect("small steps");
    let descent = FieldSettings { rule: FieldRule::GradientDescent, learning_rate: 0.5, ..first };
    training.set_settings(descent);
    training.advance_to(20, u64::MAX).expect("small steps");
    let changed = training.field().clone();
    training.back_to(15);
    training.advance_to(20, u64::MAX).expect("small steps");
    assert_eq!(training.field(), &changed);
    training.back_to(5);
    assert_eq!(training.settings(), first);
    training.advance_to(20, u64::MAX).expect("small steps");
    let mut plain = small(3);
    plain.advance_to(20, u64::MAX).expect("small steps");
    assert_eq!(training.field(), plain.field());
}

#[test]
fn shards_give_the_same_bits_whoever_computes_them() {
    for n_shards in [1, 2, 3, 8] {
        let new = || {
            let settings = FieldSettings { batch_size: Some(700), ..FieldSettings::adam(0.01) };
            let field = Field::new(Architecture::relu(2, 16), FieldInitialization::He, 2);
            FieldTraining::new(field, slide_7(40), settings, 5).with_shards(n_shards)
        };
        let mut alone = new();
        alone.advance_to(6, u64::MAX).expect("small steps");
        // One that leads, and workers that only ever see parameters, each taking every shard that falls to it.
        let (mut leader, mut workers) = (new(), vec![new(), new()]);
        for step in 0..6 {
            let mut gradients = vec![vec![0.0; leader.field().parameters().len()]; n_shards];
            let mut tallies = vec![Tally::NONE; n_shards];
            for shard in (0..n_shards).rev() {
                let worker = &mut workers[shard % 2];
                worker.set_parameters(step, leader.field().parameters());
                tallies[shard] = worker.shard(shard, &mut gradients[shard]);
            }
            let shards: Vec<(Tally, &[f32])> =
                tallies.iter().zip(&gradients).map(|(tally, gradient)| (*tally, gradient.as_slice())).collect();
            leader.step_with(&shards).expect("small steps");
        }
        assert_eq!(leader.field(), alone.field(), "{n_shards} shards");
        assert_eq!(leader.report().map(|report| report.loss), alone.report().map(|report| report.loss));
    }
}

#[test]
fn a_run_that_diverges_stops_at_the_last_good_step_and_goes_on_with_smaller_ones() {
    let architecture = Architecture::siren(2, 16);
    let field = Field::new(architecture, FieldInitialization::Siren { omega_0: 10.0 }, 0);
    let settings = FieldSettings { rule: FieldRule::GradientDescent, ..FieldSettings::adam(900.0) };
    let mut training = FieldTraining::new(field, slide_7(16), settings, 0);
    let divergence = training.advance_to(1000, u64::MAX).expect_err("steps far too large");
    assert!(matches!(divergence.cause, Cause::Loss | Cause::Gradient | Cause::Parameters), "{divergence}");
    assert!(training.field().parameters().iter().all(|phi| phi.is_finite()));
    assert_eq!(training.step(), Err(divergence));
    training.back_to(0);
    training.set_settings(FieldSettings::adam(1e-3));
    assert!(training.advance_to(50, u64::MAX).expect("small steps"));
}

#[test]
fn squares_lead_a_constant_to_the_mean_and_absolute_values_to_the_median() {
    // A quarter of the picture is white, the rest black.
    let image = Image::from_fn(8, 8, |column, row| [f32::from(column < 4 && row < 4); 3]).expect("a size");
    let learnt = |loss: FieldLoss| {
        let field = Field::new(Architecture::constant(true), FieldInitialization::Zero, 0);
        let settings = FieldSettings { loss, ..FieldSettings::adam(0.01) };
        let mut training = FieldTraining::new(field, Samples::new(&image, Grid::Aligned), settings, 0);
        training.advance_to(600, u64::MAX).expect("small steps");
        let report = training.report().expect("a step");
        (training.field().colour([0.0; 2]), report.loss, report.mean_square)
    };
    let (mean, loss, mean_square) = learnt(FieldLoss::Squares);
    // ½ · ¼ · ¾.
    assert!(mean.iter().all(|value| (value - 0.25).abs() < 1e-3), "{mean:?}");
    assert!((loss - 3.0 / 32.0).abs() < 1e-5 && (mean_square - 2.0 * loss).abs() < 1e-12, "{loss}");
    let (median, loss, mean_square) = learnt(FieldLoss::Absolute);
    assert!(median.iter().all(|value| value.abs() < 0.02), "{median:?}");
    assert!((loss - 0.25).abs() < 0.02 && (mean_square - 0.25).abs() < 0.02, "{loss} {mean_square}");
}
