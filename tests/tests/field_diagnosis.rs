//! Why a field is stuck: every cause is made on purpose and named.

use piecewise_core::field::{
    Architecture, Diagnosis, Field, FieldInitialization, FieldSettings, FieldTraining, Grid, Input, Picture, Samples,
};

fn training(architecture: Architecture, initialization: FieldInitialization, rate: f64, seed: u64) -> FieldTraining {
    let samples = Samples::new(&Picture::Rectangles.draw(32, 32).expect("a size"), Grid::Aligned);
    let field = Field::new(architecture, initialization, seed);
    FieldTraining::new(field, samples, FieldSettings::adam(rate), 0)
}

fn after(n_steps: u64, mut training: FieldTraining) -> Option<Diagnosis> {
    training.advance_to(n_steps, u64::MAX).expect("finite numbers");
    let diagnosis = training.diagnose();
    if let Some(diagnosis) = diagnosis {
        let sentence = diagnosis.to_string();
        assert!(sentence.ends_with('.') && !sentence.contains("NaN"), "{sentence}");
    }
    diagnosis
}

#[test]
fn networks_that_learn_are_left_alone() {
    use FieldInitialization::{He, Siren, Xavier};
    for n_steps in [0, 5, 200] {
        for (architecture, initialization) in [
            (Architecture::relu(3, 32), Xavier),
            (Architecture::relu(3, 32), He),
            (Architecture::siren(2, 32), Siren { omega_0: 30.0 }),
            (Architecture { layer_norm: true, residual: true, ..Architecture::relu(3, 32) }, He),
            (Architecture { input: Input::Fourier { n_frequencies: 16, scale: 2.0 }, ..Architecture::relu(2, 32) }, He),
            (Architecture::constant(true), FieldInitialization::Zero),
        ] {
            let diagnosis = after(n_steps, training(architecture, initialization, 1e-3, 0));
            assert_eq!(diagnosis, None, "{architecture:?} {initialization:?} after {n_steps}");
        }
    }
}

#[test]
fn zero_and_tiny_weights_are_told_apart() {
    use FieldInitialization::{Tiny, Zero};
    assert_eq!(after(20, training(Architecture::relu(3, 32), Zero, 1e-3, 0)), Some(Diagnosis::ZeroWeights));
    let tiny = after(0, training(Architecture::relu(3, 32), Tiny, 1e-3, 0));
    assert!(matches!(tiny, Some(Diagnosis::TinyWeights { size }) if size < 0.1), "{tiny:?}");
}

#[test]
fn a_layer_that_is_dead_at_birth_is_named_and_stays_dead() {
    // Narrow and deep: more than one in five is born so.
    let born_dead = |seed: &u64| {
        let run = || training(Architecture::relu(8, 4), FieldInitialization::He, 1e-3, *seed);
        let first = after(0, run());
        let dead = matches!(first, Some(Diagnosis::DeadLayer { at_birth: true, .. }));
        assert!(!dead || after(50, run()) == first, "{seed}");
        dead
    };
    let n_dead = (0..60).filter(born_dead).count();
    assert!((5..30).contains(&n_dead), "{n_dead} of 60");
}

#[test]
fn layers_that_die_in_training_are_told_from_those_that_were_born_dead() {
    // Steps far too large for a narrow network: many lose a layer that was alive before.
    let mut n_died = 0;
    for seed in 0..20 {
        let run = || training(Architecture::relu(3, 4), FieldInitialization::PytorchLinear, 0.3, seed);
        let born_dead = matches!(after(0, run()), Some(Diagnosis::DeadLayer { .. }));
        if let Some(Diagnosis::DeadLayer { at_birth, .. }) = after(60, run()) {
            assert_eq!(at_birth, born_dead, "{seed}");
            n_died += usize::from(!at_birth);
        }
    }
    assert!(n_died >= 5, "{n_died} of 20");
}

#[test]
fn saturation_by_weights_and_by_steps_are_told_apart() {
    let huge = after(0, training(Architecture::relu(4, 32), FieldInitialization::Huge, 1e-3, 0));
    assert!(matches!(huge, Some(Diagnosis::SaturatedOutput { at_birth: true, .. })), "{huge:?}");
    let wide = |rate| training(Architecture::relu(4, 64), FieldInitialization::Xavier, rate, 0);
    let jumped = after(60, wide(0.1));
    assert!(
        matches!(jumped, Some(Diagnosis::SaturatedOutput { at_birth: false, share }) if share > 0.99),
        "{jumped:?}"
    );
}

#[test]
fn coordinates_of_the_wrong_scale_are_named() {
    let fourier =
        |scale| Architecture { input: Input::Fourier { n_frequencies: 32, scale }, ..Architecture::relu(2, 32) };
    // On 32 pixels, waves of more than 16 cycles are too fine: 8 turns per unit.
    let fine = after(10, training(fourier(30.0), FieldInitialization::He, 1e-3, 0));
    assert!(matches!(fine, Some(Diagnosis::TooFineInput { share }) if share > 0.9), "{fine:?}");
    let coarse = after(10, training(fourier(0.005), FieldInitialization::He, 1e-3, 0));
    assert!(matches!(coarse, Some(Diagnosis::TooCoarseInput { .. })), "{coarse:?}");
    let siren = |omega_0| training(Architecture::siren(2, 32), FieldInitialization::Siren { omega_0 }, 1e-4, 0);
    assert!(matches!(after(10, siren(300.0)), Some(Diagnosis::TooFineInput { .. })));
    assert_eq!(after(10, siren(30.0)), None);
}

#[test]
fn a_loss_that_rises_far_above_where_it_was_is_put_down_to_the_rate() {
    let mut run = training(Architecture::siren(2, 32), FieldInitialization::Siren { omega_0: 20.0 }, 1e-3, 0);
    run.advance_to(60, u64::MAX).expect("finite numbers");
    assert_eq!(run.diagnose(), None);
    run.set_settings(FieldSettings::adam(0.3));
    run.advance_to(72, u64::MAX).expect("finite numbers");
    let diagnosis = run.diagnose();
    assert!(
        matches!(diagnosis, Some(Diagnosis::LearningRateTooHigh { .. } | Diagnosis::TooFineInput { .. })),
        "{diagnosis:?}"
    );
}
