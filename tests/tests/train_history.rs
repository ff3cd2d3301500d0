//! A run is a pure function of its start, its settings and its seed: forward, back, in slices, and when it falls apart.

use piecewise_core::data::{Examples, GABOR, LINEAR_REGRESSION, NOTEBOOK_3_1};
use piecewise_core::job::{Advance, Job};
use piecewise_core::network::{Activation, Initialization, Network};
use piecewise_core::train::{
    Cause, Gabor, LineSearch, LinearRegression, Loss, NetworkLoss, Objective, Optimizer, Rule, Run, Schedule, Settings,
    Training, WeightDecay,
};
use proptest::prelude::*;

const RULES: [Rule; 7] = [
    Rule::GradientDescent,
    Rule::LineSearch(LineSearch { max_distance: 2.0, tolerance: 1e-5, max_rounds: 15 }),
    Rule::Momentum { beta: 0.6 },
    Rule::Nesterov { beta: 0.6 },
    Rule::Normalized { epsilon: 1e-8 },
    Rule::RmsProp { gamma: 0.9, epsilon: 1e-8 },
    Rule::ADAM,
];

fn settings(rule: Rule, learning_rate: f64, batch_size: Option<u32>) -> Settings {
    Settings { optimizer: Optimizer::new(rule, learning_rate), batch_size }
}

fn gabor(settings: Settings, seed: u64) -> Training<Gabor> {
    Training::new(Gabor::new(GABOR.to_vec()), vec![-1.5, 8.5], settings, seed)
}

/// A small network on the 20 points of notebook 3.1.
fn network(settings: Settings, seed: u64) -> Training<NetworkLoss> {
    let net = Network::initialized(&[1, 8, 8, 1], Activation::Relu, Initialization::HE, seed).expect("sizes");
    let phi = net.parameters();
    let objective = NetworkLoss::new(net, Examples::from_points(&NOTEBOOK_3_1), Loss::MEAN_SQUARED);
    Training::new(objective, phi, settings, seed)
}

/// Everything that can be seen of a run.
fn seen<O: Objective>(training: &Training<O>) -> impl PartialEq + core::fmt::Debug + use<O> {
    (
        training.n_steps(),
        training.parameters().to_vec(),
        training.memory().momentum().to_vec(),
        training.memory().mean_square().to_vec(),
        training.memory().gradient().to_vec(),
        training.report(),
        training.settings(),
        training.curve().points().to_vec(),
    )
}

#[test]
fn the_same_seed_gives_the_same_history_and_another_seed_another() {
    for rule in RULES {
        let run = |seed| {
            let mut training = network(settings(rule, 0.01, Some(7)), seed);
            (0..60).map(|_| training.step().expect("a small step")).collect::<Vec<_>>()
        };
        assert_eq!(run(3), run(3), "{rule:?}");
        assert_ne!(run(3), run(4), "{rule:?}");
    }
}

#[test]
fn stepping_back_returns_exactly_for_every_rule() {
    for rule in RULES {
        let mut training = gabor(settings(rule, 0.05, Some(5)), 9);
        let mut states = vec![seen(&training)];
        for _ in 0..300 {
            training.step().expect("a small step");
            states.push(seen(&training));
        }
        // One by one through what is kept without a gap, then by leaps into what is taken again.
        for step in (200..300).rev().chain([170, 131, 64, 63, 10, 1]) {
            training.back_to(step);
            assert_eq!(seen(&training), states[step as usize], "{rule:?} back to {step}");
        }
        assert!(training.back());
        assert!(!training.back());
        assert_eq!(seen(&training), states[0], "{rule:?}");
        for state in &states[1..] {
            training.step().expect("the same step");
            assert_eq!(&seen(&training), state, "{rule:?}");
        }
    }
}

#[derive(Clone, Debug)]
enum Action {
    Step(u64),
    BackBy(u64),
    Set(usize, f64, Option<u32>),
}

fn actions() -> impl Strategy<Value = Vec<Action>> {
    let batch = prop_oneof![Just(None), (1_u32..40).prop_map(Some)];
    let action = prop_oneof![
        3 => (1_u64..60).prop_map(Action::Step),
        2 => (0_u64..80).prop_map(Action::BackBy),
        2 => (0..RULES.len(), 0.001..0.1, batch).prop_map(|(rule, rate, batch)| Action::Set(rule, rate, batch)),
    ];
    proptest::collection::vec(action, 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever was tried and taken back leaves no trace: the run equals one that went straight, with the settings that were left.
    #[test]
    fn what_was_taken_back_leaves_no_trace(actions in actions(), seed: u64) {
        let first = settings(RULES[0], 0.01, Some(6));
        let mut training = gabor(first, seed);
        // For every step that stands, the settings with which it was taken.
        let mut taken = vec![];
        let mut next = first;
        for action in actions {
            match action {
                Action::Step(n) => for _ in 0..n {
                    training.step().expect("small steps");
                    taken.push(next);
                },
                Action::BackBy(n) => {
                    let target = training.n_steps().saturating_sub(n);
                    training.back_to(target);
                    taken.truncate(target as usize);
                    next = training.settings();
                }
                Action::Set(rule, rate, batch) => {
                    next = settings(RULES[rule], rate, batch);
                    training.set_settings(next);
                }
            }
        }
        let mut straight = gabor(first, seed);
        for settings in taken {
            straight.set_settings(settings);
            straight.step().expect("small steps");
        }
        straight.set_settings(next);
        prop_assert_eq!(seen(&training), seen(&straight));
    }
}

#[test]
fn going_back_into_a_rule_that_began_late_returns_to_its_own_count_of_steps() {
    // Adam corrects for its own first steps, not for those of the rule before it.
    let mut training = gabor(settings(Rule::GradientDescent, 0.05, None), 0);
    let mut states = vec![];
    for step in 0..40 {
        if step == 10 {
            training.set_settings(settings(Rule::ADAM, 0.05, None));
        }
        training.step().expect("small steps");
        states.push(seen(&training));
    }
    training.back_to(15);
    assert_eq!(training.memory().n_steps(), 5);
    for state in &states[15..] {
        training.step().expect("the same step");
        assert_eq!(&seen(&training), state);
    }
}

#[test]
fn a_job_gives_the_same_run_however_it_is_cut() {
    let start = || network(settings(Rule::ADAM, 0.01, Some(5)), 2);
    let mut plain = start();
    for _ in 0..100 {
        plain.step().expect("small steps");
    }
    for budget in [0, 1, 5_000, 1_000_000_000] {
        let mut job = Run::start((start(), 100));
        let mut slices = 1;
        while let Advance::Progress(progress) = job.advance(budget) {
            assert!(progress.step < progress.until);
            slices += 1;
        }
        assert_eq!(seen(job.training()), seen(&plain));
        assert_eq!(job.advance(budget), Advance::Done(Ok(100)));
        match budget {
            0 | 1 => assert_eq!(slices, 100),
            5_000 => assert!((10..100).contains(&slices)),
            _ => assert_eq!(slices, 1),
        }
    }
}

#[test]
fn a_huge_learning_rate_is_caught_with_its_step_layer_and_cause_and_the_last_good_step_stays() {
    let mut training = network(settings(Rule::GradientDescent, 1e80, None), 1);
    let start = training.parameters().to_vec();
    let divergence = core::iter::from_fn(|| Some(training.step())).find_map(Result::err).expect("it falls apart");
    // Three layers of weights near 10⁸⁰ multiply to outputs whose square overflows.
    assert_eq!(divergence.step, 1);
    assert_eq!(divergence.learning_rate, 1e80);
    assert!(matches!(divergence.cause, Cause::Loss | Cause::Runaway { .. }), "{divergence}");
    assert_eq!((training.n_steps(), training.parameters()), (0, start.as_slice()));
    assert!(training.loss().is_finite());
    assert_eq!(training.step(), Err(divergence), "it says the same until something changes");
    training.set_settings(settings(Rule::GradientDescent, 0.01, None));
    assert_eq!(training.step().expect("a small step").step, 1);
}

#[test]
fn an_overflow_on_the_way_forward_names_the_layer() {
    let mut training = network(settings(Rule::GradientDescent, 1e200, None), 1);
    let divergence = core::iter::from_fn(|| Some(training.step())).find_map(Result::err).expect("it falls apart");
    assert_eq!((divergence.step, divergence.cause), (1, Cause::PreActivations));
    assert_eq!(divergence.layer, Some(1));
    let sentence = "After step 1 (learning rate 1e200) the pre-activations of layer 2 are no longer finite numbers";
    assert_eq!(divergence.to_string(), sentence);
}

#[test]
fn a_line_search_within_its_reach_never_rises_whatever_the_learning_rate() {
    let rule = Rule::LineSearch(LineSearch::up_to(1e3));
    let mut training = gabor(settings(rule, f64::NAN, None), 0);
    let losses: Vec<f64> = (0..30).map(|_| training.step().expect("it looks before it leaps").loss).collect();
    assert!(losses.windows(2).all(|pair| pair[1] <= pair[0]), "{losses:?}");
}

#[test]
fn a_line_search_from_too_far_falls_apart_and_is_caught() {
    // Fifteen rounds halve a reach of 10⁶ to about 15, far beyond 2/λ_max = 0.04: the steps overshoot.
    let line = LinearRegression::new(LINEAR_REGRESSION.to_vec());
    let rule = Rule::LineSearch(LineSearch::up_to(1e6));
    let mut training = Training::new(line, vec![0.6, -0.2], settings(rule, 1.0, None), 0);
    let divergence = (0..30).find_map(|_| training.step().err()).expect("it runs away");
    assert!(matches!(divergence.cause, Cause::Runaway { .. }), "{divergence}");
    assert_eq!(training.n_steps(), divergence.step - 1);
}

#[test]
fn slow_divergence_on_a_bowl_is_stopped_when_the_loss_has_run_away() {
    // Above α_max = 0.03998 every step multiplies the error by the same number.
    let line = LinearRegression::new(LINEAR_REGRESSION.to_vec());
    let mut training = Training::new(line, vec![0.6, -0.2], settings(Rule::GradientDescent, 0.05, None), 0);
    let divergence = core::iter::from_fn(|| Some(training.step())).find_map(Result::err).expect("it runs away");
    assert!(matches!(divergence.cause, Cause::Runaway { loss } if loss > 1e30), "{divergence}");
    assert_eq!(training.n_steps(), divergence.step - 1);
    // (1 − 0.05·50.03)² a step, from about 9 along that axis: 10³⁰ after some 85 steps.
    assert!((80..90).contains(&divergence.step), "{divergence}");
    assert_eq!(training.curve().lowest().expect("a curve").0, 0);
}

#[test]
fn a_start_that_is_no_place_to_descend_from_is_named_as_such() {
    let mut training = gabor(settings(Rule::ADAM, 0.1, None), 0);
    training.step().expect("a small step");
    let mut hopeless =
        Training::new(Gabor::new(GABOR.to_vec()), vec![f64::NAN, 8.5], settings(Rule::ADAM, 0.1, None), 0);
    let divergence = hopeless.step().expect_err("NaN goes nowhere");
    assert_eq!((divergence.step, divergence.cause), (0, Cause::Loss));
}

#[test]
fn decay_and_schedules_do_what_they_say() {
    // From 1 with gradient 0 (all gates shut) only decay moves: 1 − αλ a step, or with the schedule half of it.
    let net = Network::shallow(&[[-1.0, 0.0]], 0.0, &[1.0], Activation::Relu);
    let phi = net.parameters();
    let objective = NetworkLoss::new(net, Examples::from_points(&[[1.0, 0.0]]), Loss::SUM_OF_SQUARES);
    for weight_decay in [WeightDecay::Penalty { lambda: 0.5 }, WeightDecay::Decoupled { lambda: 0.5 }] {
        let schedule = Schedule::Steps { every: 1, factor: 0.5 };
        let optimizer = Optimizer { rule: Rule::GradientDescent, learning_rate: 0.1, schedule, weight_decay };
        let mut training = Training::new(objective.clone(), phi.clone(), Settings { optimizer, batch_size: None }, 0);
        training.step().expect("a small step");
        training.step().expect("a small step");
        let expected = (1.0 - 0.1 * 0.5) * (1.0 - 0.05 * 0.5);
        assert!((training.parameters()[3] - expected).abs() < 1e-15, "{weight_decay:?}");
    }
}
