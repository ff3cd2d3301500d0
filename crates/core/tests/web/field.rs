//! Fields have the same bits everywhere: kernels, polynomials, optimisers.

use piecewise_core::field::{
    Architecture, Field, FieldInitialization, FieldRule, FieldSettings, FieldTraining, Grid, Input, Picture, Samples,
    Window,
};
#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::Fingerprint;

impl Fingerprint {
    fn fold_singles(&mut self, values: &[f32]) {
        for value in values {
            self.fold_bytes(&value.to_bits().to_le_bytes());
        }
    }
}

#[test]
fn trained_fields_have_the_same_bits_as_ever() {
    let mut fingerprint = Fingerprint::new();
    let relu = Architecture::relu(3, 19);
    let siren = Architecture::siren(2, 16);
    let fourier = Input::Fourier { n_frequencies: 9, scale: 5.0 };
    for (architecture, initialization) in [
        (Architecture::constant(false), FieldInitialization::Zero),
        (relu, FieldInitialization::He),
        (Architecture { input: fourier, ..relu }, FieldInitialization::Xavier),
        (siren, FieldInitialization::Siren { omega_0: 30.0 }),
        (Architecture { layer_norm: true, residual: true, ..relu }, FieldInitialization::PytorchLinear),
        (Architecture { input: fourier, layer_norm: true, residual: true, ..siren }, FieldInitialization::He),
    ] {
        for (rule, batch_size) in [
            (FieldRule::ADAM, None),
            (FieldRule::Momentum { beta: 0.9 }, Some(200)),
            (FieldRule::GradientDescent, Some(33)),
        ] {
            // A picture that no chunk and no block divides.
            let samples = Samples::new(&Picture::Rectangles.draw(23, 17).expect("a size"), Grid::Aligned);
            let settings = FieldSettings { rule, batch_size, ..FieldSettings::adam(0.01) };
            let field = Field::new(architecture, initialization, 1);
            let mut training = FieldTraining::new(field, samples, settings, 2).with_shards(2);
            for _ in 0..20 {
                let report = training.step().expect("small steps");
                fingerprint.fold(&[report.loss, report.gradient_l1, report.gradient_l2]);
            }
            fingerprint.fold_singles(training.field().parameters());
            let picture = training.field().render(Window::around_picture(1.5, 11, 7));
            fingerprint.fold_singles(picture.as_flattened());
        }
    }
    // Where this changes on purpose, links to trained fields show something else.
    assert_eq!(fingerprint.0, 0xe9e5_5a73_51eb_e661);
}
