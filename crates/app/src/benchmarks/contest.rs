use piecewise_core::{field, regions};

use super::table::{grouped, three_digits};

/// Networks to be measured, and what their table says of them.
pub(crate) struct Contest {
    pub(crate) title: &'static str,
    /// What is done.
    pub(crate) words: &'static str,
    /// What has to be known to read the table.
    pub(crate) note: &'static str,
    /// Heads of the columns behind the names.
    pub(crate) columns: &'static [&'static str],
    /// The same for other programs.
    pub(crate) csv_columns: &'static str,
    pub(crate) n_entries: usize,
    /// The name of an entry.
    pub(crate) name: fn(usize) -> &'static str,
    /// Makes everything ready for runs of an entry.
    pub(crate) prepare: fn(usize) -> Prepared,
    /// In how many R an entry must be done, where that has been said: a last column, if it has been said of some.
    pub(crate) must: Option<fn(usize) -> Option<f64>>,
    /// What is in the columns.
    pub(crate) cells: fn(&Row) -> Vec<String>,
    /// The same for other programs.
    pub(crate) csv_cells: fn(&Row) -> Vec<String>,
}

/// Contests are there once each.
impl PartialEq for Contest {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

/// What is run over and over again, and how much each run does: regions, or operations.
pub(crate) struct Prepared {
    pub(crate) amount: f64,
    pub(crate) run: Box<dyn FnMut()>,
}

/// What was measured of one network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Row {
    /// How much each run does.
    pub(crate) amount: f64,
    pub(crate) millis: f64,
    /// How long R took meanwhile.
    pub(crate) reference_millis: f64,
}

impl Row {
    fn runs_per_second(&self) -> f64 {
        1e3 / self.millis
    }

    fn amount_per_second(&self) -> f64 {
        self.amount * self.runs_per_second()
    }

    pub(crate) fn times_reference(&self) -> f64 {
        self.millis / self.reference_millis
    }
}

fn time(row: &Row) -> String {
    format!("{} ms", three_digits(row.millis))
}

fn numbers<const N: usize>(numbers: [f64; N]) -> Vec<String> {
    numbers.map(|x| x.to_string()).into()
}

/// Linear regions.
pub(crate) static REGIONS: Contest = Contest {
    title: "Linear regions",
    words: "Every linear region of a network: its pattern, its polygon or polyhedron, its area or volume, its affine map, its neighbours.",
    note: "“One tick” moves one hidden unit by 1/64, as a slider does. “Degenerate” has a hundred lines of small whole slopes through the points of a coarse grid, most of whose crossings are decided in whole numbers. Boxes are [−1, 1]² and [−1, 1]³. The last column is what this page promises.",
    columns: &["regions", "time", "regions/s", "in R"],
    csv_columns: "regions,milliseconds,regions_per_second,reference_milliseconds,times_reference",
    n_entries: regions::benchmark::BENCHMARKS.len(),
    name: |index| regions::benchmark::BENCHMARKS[index].name,
    prepare: |index| {
        let mut prepared = regions::benchmark::BENCHMARKS[index].prepare();
        let amount = prepared.run() as f64;
        let run = move || {
            std::hint::black_box(prepared.run());
        };
        Prepared { amount, run: Box::new(run) }
    },
    must: Some(|index| regions::benchmark::BENCHMARKS[index].must),
    cells: |row| {
        let rate = grouped(row.amount_per_second());
        vec![grouped(row.amount), time(row), rate, three_digits(row.times_reference())]
    },
    csv_cells: |row| {
        let (rate, times) = (row.amount_per_second(), row.times_reference());
        numbers([row.amount, row.millis, rate, row.reference_millis, times])
    },
};

/// Training of fields.
pub(crate) static FIELDS: Contest = Contest {
    title: "Networks that paint a picture",
    words: "One step of Adam on a picture of 64 × 64 pixels, all 4,096 of them unless it says otherwise, forward and backward, in 32-bit numbers on one thread.",
    note: "GFLOP/s are thousands of millions of operations in matrix products a second: six for every weight and pixel, four in the first layer.",
    columns: &["time", "steps/s", "GFLOP/s", "in R"],
    csv_columns: "operations,milliseconds,steps_per_second,reference_milliseconds,times_reference",
    n_entries: field::benchmark::BENCHMARKS.len(),
    name: |index| field::benchmark::BENCHMARKS[index].name,
    prepare: |index| {
        let benchmark = field::benchmark::BENCHMARKS[index];
        let mut prepared = benchmark.prepare();
        let run = move || {
            std::hint::black_box(prepared.run());
        };
        Prepared { amount: benchmark.n_operations() as f64, run: Box::new(run) }
    },
    must: None,
    cells: |row| {
        let rates = [row.runs_per_second(), 1e-9 * row.amount_per_second(), row.times_reference()];
        std::iter::once(time(row)).chain(rates.map(three_digits)).collect()
    },
    csv_cells: |row| {
        let (rate, times) = (row.runs_per_second(), row.times_reference());
        numbers([row.amount, row.millis, rate, row.reference_millis, times])
    },
};
