//! The page `#/bench`: how fast this browser computes, on the list of networks that the native benches have as well.

mod measurement;

use std::{cell::RefCell, rc::Rc};

use gloo_timers::callback::Timeout;
use piecewise_core::regions::benchmark::{BENCHMARKS, Benchmark, Prepared, Reference};
use piecewise_widgets::CopyButton;
use yew::prelude::*;

use self::measurement::Measurement;

/// What was measured of one network.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Row {
    n_regions: usize,
    millis: f64,
    /// How long R took meanwhile.
    reference_millis: f64,
}

impl Row {
    fn regions_per_second(&self) -> f64 {
        1e3 * self.n_regions as f64 / self.millis
    }

    fn times_reference(&self) -> f64 {
        self.millis / self.reference_millis
    }
}

/// One network being measured, by turns with R, so that whatever else the machine does falls on both.
struct Race {
    n_regions: usize,
    regions: Measurement<Box<dyn FnMut()>>,
    reference: Measurement<Box<dyn FnMut()>>,
    done: [bool; 2],
}

impl Race {
    fn of(benchmark: &Benchmark) -> Self {
        let mut prepared: Prepared = benchmark.prepare();
        let n_regions = prepared.run();
        let mut reference = Reference::default();
        Self {
            n_regions,
            regions: Measurement::new(Box::new(move || {
                std::hint::black_box(prepared.run());
            })),
            reference: Measurement::new(Box::new(move || {
                std::hint::black_box(reference.run());
            })),
            done: [false; 2],
        }
    }

    /// One batch of each. Gives what was measured when that was the last one.
    fn advance(&mut self, clock: &impl Fn() -> f64) -> Option<Row> {
        let [regions, reference] = &mut self.done;
        *regions = *regions || self.regions.advance(clock);
        *reference = *reference || self.reference.advance(clock);
        let (millis, reference_millis) = (self.regions.median_millis()?, self.reference.median_millis()?);
        (*regions && *reference).then_some(Row { n_regions: self.n_regions, millis, reference_millis })
    }
}

/// The page.
#[component]
pub(crate) fn Benchmarks() -> Html {
    let rows = use_state(Vec::<Row>::new);
    let race = use_mut_ref(|| None::<Race>);
    let running = use_state_eq(|| false);
    // One batch after the other, each in a turn of its own, so that the page can be stopped, left and looked at.
    let turns = use_state(|| 0_u64);
    {
        let (rows, race, running, turns) = (rows.clone(), race.clone(), running.clone(), turns.clone());
        use_effect_with((*running, *turns), move |&(is_running, turn)| {
            let next = is_running.then(|| {
                Timeout::new(0, move || {
                    if let Some(row) = one_turn(&race, rows.len()) {
                        let all = [rows.as_slice(), &[row]].concat();
                        running.set(all.len() < BENCHMARKS.len());
                        rows.set(all);
                    }
                    turns.set(turn + 1);
                })
            });
            move || drop(next)
        });
    }
    let finished = rows.len() == BENCHMARKS.len();
    let toggle = {
        let (rows, race, running) = (rows.clone(), race.clone(), running.clone());
        Callback::from(move |_: MouseEvent| {
            if !*running && rows.len() == BENCHMARKS.len() {
                rows.set(vec![]);
            }
            *race.borrow_mut() = None;
            running.set(!*running);
        })
    };
    let action = match (*running, finished, rows.is_empty()) {
        (true, ..) => "Stop",
        (false, true, _) => "Measure again",
        (false, false, true) => "Measure",
        (false, false, false) => "Go on",
    };
    let status = if *running {
        format!("Measuring {}, {} of {} …", BENCHMARKS[rows.len()], rows.len() + 1, BENCHMARKS.len())
    } else if finished {
        "Measured.".to_owned()
    } else {
        "Takes about ten seconds.".to_owned()
    };
    html! {
        <article class="bench">
            <header class="claim">
                <h1>{ "How fast is this browser?" }</h1>
                <p>{ "Every linear region of a network: its pattern, its polygon or polyhedron, its area or volume, its affine map, its neighbours. Times are medians; they are also given as multiples of R, one product of two 192 × 192 matrices by plain loops, measured by turns with them, since milliseconds say little when machines differ." }</p>
            </header>
            <p class="bench-controls">
                <button type="button" class="primary" onclick={toggle} aria-pressed={running.to_string()}>{ action }</button>
                <CopyButton label="Copy as CSV" text={csv(&rows)} disabled={rows.is_empty()} />
                <span role="status">{ status }</span>
            </p>
            <div class="scroll" tabindex="0" role="region" aria-label="Times">
                <table>
                    <thead><tr>
                        <th scope="col">{ "network" }</th>
                        <th scope="col">{ "regions" }</th>
                        <th scope="col">{ "time" }</th>
                        <th scope="col">{ "regions/s" }</th>
                        <th scope="col">{ "in R" }</th>
                        <th scope="col">{ "at most" }</th>
                    </tr></thead>
                    <tbody>{ for BENCHMARKS.iter().enumerate().map(|(i, benchmark)| table_row(benchmark, rows.get(i))) }</tbody>
                </table>
            </div>
            <p class="bench-note">{ "“One tick” moves one hidden unit by 1/64, as a slider does. “Degenerate” has a hundred lines of small whole slopes through the points of a coarse grid, most of whose crossings are decided in whole numbers. Boxes are [−1, 1]² and [−1, 1]³. The last column is what this page promises." }</p>
        </article>
    }
}

/// One batch of the benchmark that comes next. Gives what was measured when that was its last one.
fn one_turn(race: &Rc<RefCell<Option<Race>>>, index: usize) -> Option<Row> {
    let mut race = race.borrow_mut();
    let row = race.get_or_insert_with(|| Race::of(&BENCHMARKS[index])).advance(&now);
    if row.is_some() {
        *race = None;
    }
    row
}

/// Milliseconds since the page was opened.
fn now() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now())
}

fn table_row(benchmark: &Benchmark, row: Option<&Row>) -> Html {
    let cell = |write: fn(&Row) -> String| row.map_or_else(|| "–".to_owned(), write);
    let verdict = row.zip(benchmark.must).map(|(row, must)| if row.times_reference() <= must { "✓" } else { "✗" });
    html! {
        <tr key={benchmark.name}>
            <th scope="row">{ benchmark.name }</th>
            <td>{ cell(|row| grouped(row.n_regions as f64)) }</td>
            <td>{ cell(|row| format!("{} ms", three_digits(row.millis))) }</td>
            <td>{ cell(|row| grouped(row.regions_per_second())) }</td>
            <td>{ cell(|row| three_digits(row.times_reference())) }</td>
            <td>{ benchmark.must.map(|must| must.to_string()) } if let Some(verdict) = verdict { { " " }{ verdict } }</td>
        </tr>
    }
}

/// Three digits that count.
fn three_digits(x: f64) -> String {
    let n_before = if x >= 1.0 { x.log10() as usize + 1 } else { 0 };
    let n_zeros = if x < 0.1 && x > 0.0 { (-x.log10()) as usize } else { 0 };
    format!("{x:.*}", 3_usize.saturating_sub(n_before) + n_zeros)
}

/// A whole number with its thousands apart.
fn grouped(x: f64) -> String {
    let digits = format!("{x:.0}");
    let apart = |(i, digit): (usize, char)| {
        let comma = i > 0 && (digits.len() - i).is_multiple_of(3);
        [comma.then_some(','), Some(digit)]
    };
    digits.chars().enumerate().flat_map(apart).flatten().collect()
}

/// What was measured, as a table for other programs.
fn csv(rows: &[Row]) -> String {
    let lines = BENCHMARKS.iter().zip(rows).map(|(benchmark, row)| {
        let must = benchmark.must.map(|must| must.to_string()).unwrap_or_default();
        let Row { n_regions, millis, reference_millis } = row;
        let (rate, times) = (row.regions_per_second(), row.times_reference());
        format!("\"{}\",{n_regions},{millis},{rate},{reference_millis},{times},{must}\n", benchmark.name)
    });
    let head = "network,regions,milliseconds,regions_per_second,reference_milliseconds,times_reference,at_most\n";
    std::iter::once(head.to_owned()).chain(lines).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_three_digits_that_count_and_thousands_stand_apart() {
        assert_eq!(
            [0.001_234, 0.0456, 0.5, 1.0, 12.345, 1234.5].map(three_digits),
            ["0.00123", "0.0456", "0.500", "1.00", "12.3", "1234"]
        );
        assert_eq!([7.0, 999.0, 1000.0, 12_345_678.0].map(grouped), ["7", "999", "1,000", "12,345,678"]);
    }

    #[test]
    fn the_table_for_other_programs_has_a_line_for_each_network_measured() {
        let text = csv(&[Row { n_regions: 7, millis: 0.5, reference_millis: 2.0 }]);
        assert_eq!(text.lines().nth(1), Some("\"2-3-1\",7,0.5,14000,2,0.25,"));
        assert_eq!(text.lines().count(), 2);
    }
}
