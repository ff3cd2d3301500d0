/// A batch of runs takes at least so long, in milliseconds: much longer than the grains of a browser's clock, which may be 1 ms, and short
/// enough that the page stays alive between two batches.
const BATCH_MILLIS: f64 = 24.0;

/// How many batches are measured; their median is what counts.
const N_BATCHES: usize = 9;

/// Something that is run over and over again to see how long it takes: in batches, one at a time.
pub(crate) struct Measurement<F> {
    run: F,
    batch_size: f64,
    is_warm: bool,
    /// The milliseconds of a run in each batch.
    samples: Vec<f64>,
}

impl<F: FnMut()> Measurement<F> {
    pub(crate) fn new(run: F) -> Self {
        Self { run, batch_size: 1.0, is_warm: false, samples: Vec::with_capacity(N_BATCHES) }
    }

    /// Runs one batch by a clock that counts milliseconds. Says whether it was the last one.
    pub(crate) fn advance(&mut self, clock: &impl Fn() -> f64) -> bool {
        let begin = clock();
        for _ in 0..self.batch_size as u64 {
            (self.run)();
        }
        let millis = clock() - begin;
        if self.is_warm {
            self.samples.push(millis / self.batch_size);
        } else if millis >= BATCH_MILLIS {
            self.is_warm = true;
        } else {
            // A first batch may be too short to say more than that it was.
            let growth = if millis > BATCH_MILLIS / 8.0 { 1.2 * BATCH_MILLIS / millis } else { 8.0 };
            self.batch_size = (self.batch_size * growth).ceil();
        }
        self.samples.len() == N_BATCHES
    }

    /// The median of the milliseconds that a run took, once there is one.
    pub(crate) fn median_millis(&self) -> Option<f64> {
        let mut samples = self.samples.clone();
        samples.sort_by(f64::total_cmp);
        samples.get(samples.len() / 2).copied()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn a_coarse_clock_measures_a_short_run_by_many_of_them() {
        let (micros, n_runs) = (Cell::new(0_u64), Cell::new(0_u64));
        let run = || {
            n_runs.set(n_runs.get() + 1);
            micros.set(micros.get() + 7);
        };
        let clock = || (micros.get() / 1000) as f64;
        let mut measurement = Measurement::new(run);
        let mut n_batches = 1;
        while !measurement.advance(&clock) {
            n_batches += 1;
        }
        let millis = measurement.median_millis().expect("measured");
        assert!((millis - 0.007).abs() < 0.0005, "{millis}");
        assert!(n_batches < 20, "{n_batches} batches, {} runs", n_runs.get());
    }

    #[test]
    fn a_long_run_is_a_batch_by_itself() {
        let millis = Cell::new(0.0);
        let mut measurement = Measurement::new(|| millis.set(millis.get() + 300.0));
        let clock = || millis.get();
        assert_eq!(measurement.median_millis(), None);
        while !measurement.advance(&clock) {}
        assert_eq!((measurement.median_millis(), millis.get()), (Some(300.0), 3000.0));
    }
}
