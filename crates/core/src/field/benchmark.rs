//! The coordinate networks on which the speed of training is measured. One list for native benches and for the page `#/bench`, so that both
//! measure the same. There is no clock here: whoever runs it measures, by turns with the reference of
//! [`regions::benchmark`](crate::regions::benchmark::Reference).

use super::{
    Architecture, Field, FieldInitialization, FieldReport, FieldSettings, FieldTraining, Grid, Input, Picture, Samples,
};

/// A coordinate network that learns a picture of 64 × 64 pixels, and how it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Benchmark {
    /// What it is called in tables.
    pub name: &'static str,
    kind: Kind,
    /// How many units each of the three hidden layers has.
    width: usize,
    /// How many pixels a step looks at; `None` for all 4,096.
    batch_size: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// ReLU on coordinates.
    Plain,
    /// ReLU on 64 Fourier features.
    Fourier,
    /// Sines on coordinates.
    Siren,
}

/// The list. The first three are those on which other programs were measured.
pub const BENCHMARKS: [Benchmark; 6] = [
    Benchmark { name: "2-64-64-64-3", kind: Kind::Plain, width: 64, batch_size: None },
    Benchmark { name: "64-64-64-64-3, Fourier features", kind: Kind::Fourier, width: 64, batch_size: None },
    Benchmark { name: "2-64-64-64-3, sines (SIREN)", kind: Kind::Siren, width: 64, batch_size: None },
    Benchmark { name: "2-64-64-64-3, 256 pixels", kind: Kind::Plain, width: 64, batch_size: Some(256) },
    Benchmark { name: "2-32-32-32-3", kind: Kind::Plain, width: 32, batch_size: None },
    Benchmark { name: "2-128-128-128-3", kind: Kind::Plain, width: 128, batch_size: None },
];

/// Rows and columns of the picture.
const SIDE: usize = 64;

impl core::fmt::Display for Benchmark {
    fn fmt(&self, out: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        out.write_str(self.name)
    }
}

impl Benchmark {
    /// The network before its first step.
    pub fn field(&self) -> Field {
        let relu = Architecture::relu(3, self.width);
        match self.kind {
            Kind::Plain => Field::new(relu, FieldInitialization::He, 1),
            Kind::Fourier => {
                let input = Input::Fourier { n_frequencies: 32, scale: 5.0 };
                Field::new(Architecture { input, ..relu }, FieldInitialization::He, 1)
            }
            Kind::Siren => {
                let siren = Architecture::siren(3, self.width);
                Field::new(siren, FieldInitialization::Siren { omega_0: 30.0 }, 1)
            }
        }
    }

    /// Draws the picture and makes room for the first step.
    pub fn prepare(&self) -> Prepared {
        let samples = Samples::new(&Picture::Rectangles.draw(SIDE, SIDE).expect("a size"), Grid::Aligned);
        // Small steps, so that a run may be as long as one likes.
        let settings = FieldSettings { batch_size: self.batch_size, ..FieldSettings::adam(1e-4) };
        Prepared(FieldTraining::new(self.field(), samples, settings, 0))
    }

    /// How many floating-point operations the matrix products of a step take: 6 for every weight and pixel, but 4 in the first layer, of whose
    /// input no gradient is asked.
    pub fn n_operations(&self) -> u64 {
        let n_pixels = self.batch_size.map_or((SIDE * SIDE) as u64, u64::from);
        2 * self.field().architecture().multiplications() * n_pixels
    }
}

/// A training on its way.
#[derive(Clone, Debug)]
pub struct Prepared(FieldTraining);

impl Prepared {
    /// Takes a step of Adam.
    pub fn run(&mut self) -> FieldReport {
        self.0.step().expect("small steps do not diverge")
    }

    /// The training.
    pub fn training(&self) -> &FieldTraining {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_has_the_sizes_that_it_is_meant_to_have() {
        let inputs_and_parameters = |benchmark: Benchmark| {
            let field = benchmark.field();
            (field.architecture().n_inputs(), field.parameters().len())
        };
        assert_eq!(
            BENCHMARKS.map(inputs_and_parameters),
            [(2, 8707), (64, 12_675), (2, 8707), (2, 8707), (2, 2307), (2, 33_795)]
        );
        // 64 · 64 · 2 weights between hidden layers and 64 · 3 behind them take six operations a pixel, 2 · 64 in front of them four.
        let by_hand = 4096 * (6 * (64 * 64 * 2 + 64 * 3) + 4 * 2 * 64);
        assert!(BENCHMARKS[0].n_operations().abs_diff(by_hand) <= 2 * 4096);
    }

    #[test]
    fn what_is_measured_learns() {
        for benchmark in BENCHMARKS {
            let mut prepared = benchmark.prepare();
            let first = prepared.run();
            let last = (0..20).map(|_| prepared.run()).last().expect("a step");
            assert!(last.loss < first.loss, "{benchmark}: {} to {}", first.loss, last.loss);
            assert_eq!(prepared.training().n_steps(), 21);
        }
    }
}
