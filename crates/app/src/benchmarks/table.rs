use gloo_timers::callback::Timeout;
use piecewise_core::regions::benchmark::Reference;
use piecewise_widgets::CopyButton;
use yew::prelude::*;

use super::contest::{Contest, Prepared, Row};
use super::measurement::Measurement;

/// One network being measured, by turns with R, so that whatever else the machine does falls on both.
struct Race {
    amount: f64,
    network: Measurement<Box<dyn FnMut()>>,
    reference: Measurement<Box<dyn FnMut()>>,
    done: [bool; 2],
}

impl Race {
    fn of(contest: &Contest, index: usize) -> Self {
        let Prepared { amount, run } = (contest.prepare)(index);
        let mut reference = Reference::default();
        let run_reference = move || {
            std::hint::black_box(reference.run());
        };
        Self {
            amount,
            network: Measurement::new(run),
            reference: Measurement::new(Box::new(run_reference)),
            done: [false; 2],
        }
    }

    /// One batch of each. Gives what was measured when that was the last one.
    fn advance(&mut self, clock: &impl Fn() -> f64) -> Option<Row> {
        let [network, reference] = &mut self.done;
        *network = *network || self.network.advance(clock);
        *reference = *reference || self.reference.advance(clock);
        let (millis, reference_millis) = (self.network.median_millis()?, self.reference.median_millis()?);
        (*network && *reference).then_some(Row { amount: self.amount, millis, reference_millis })
    }
}

#[derive(PartialEq, Properties)]
pub(super) struct TableProps {
    pub(super) contest: &'static Contest,
}

/// A table that is filled row by row when one asks for it.
#[component]
pub(super) fn Table(props: &TableProps) -> Html {
    let contest = props.contest;
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
                    let mut race = race.borrow_mut();
                    let row = race.get_or_insert_with(|| Race::of(contest, rows.len())).advance(&now);
                    if let Some(row) = row {
                        *race = None;
                        let all = [rows.as_slice(), &[row]].concat();
                        running.set(all.len() < contest.n_entries);
                        rows.set(all);
                    }
                    turns.set(turn + 1);
                })
            });
            move || drop(next)
        });
    }
    let finished = rows.len() == contest.n_entries;
    let toggle = {
        let (rows, race, running) = (rows.clone(), race.clone(), running.clone());
        Callback::from(move |_: MouseEvent| {
            if !*running && finished {
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
        format!("Measuring {}, {} of {} …", (contest.name)(rows.len()), rows.len() + 1, contest.n_entries)
    } else if finished {
        "Measured.".to_owned()
    } else {
        "Takes about ten seconds.".to_owned()
    };
    html! {
        <section aria-label={contest.title}>
            <h2>{ contest.title }</h2>
            <p class="bench-note">{ contest.words }</p>
            <p class="bench-controls">
                <button type="button" class="primary" onclick={toggle} aria-pressed={running.to_string()}>{ action }</button>
                <CopyButton label="Copy as CSV" text={csv(contest, &rows)} disabled={rows.is_empty()} />
                <span role="status">{ status }</span>
            </p>
            <div class="scroll" tabindex="0" role="region" aria-label={format!("Times: {}", contest.title)}>
                <table>
                    <thead><tr>
                        <th scope="col">{ "network" }</th>
                        { for contest.columns.iter().map(|column| html! { <th scope="col">{ *column }</th> }) }
                        if contest.must.is_some() { <th scope="col">{ "at most" }</th> }
                    </tr></thead>
                    <tbody>{ for (0..contest.n_entries).map(|index| table_row(contest, index, rows.get(index))) }</tbody>
                </table>
            </div>
            <p class="bench-note">{ contest.note }</p>
        </section>
    }
}

/// Milliseconds since the page was opened.
fn now() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now())
}

fn table_row(contest: &Contest, index: usize, row: Option<&Row>) -> Html {
    let name = (contest.name)(index);
    let cells = row.map_or_else(|| vec!["–".to_owned(); contest.columns.len()], contest.cells);
    let promise = contest.must.map(|must| {
        let must = must(index);
        let verdict = row.zip(must).map(|(row, must)| if row.times_reference() <= must { " ✓" } else { " ✗" });
        html! { <td>{ must.map(|must| must.to_string()) }{ verdict }</td> }
    });
    html! {
        <tr key={name}>
            <th scope="row">{ name }</th>
            { for cells.iter().map(|cell| html! { <td>{ cell }</td> }) }
            { promise }
        </tr>
    }
}

/// Three digits that count.
pub(super) fn three_digits(x: f64) -> String {
    let n_before = if x >= 1.0 { x.log10() as usize + 1 } else { 0 };
    let n_zeros = if x < 0.1 && x > 0.0 { (-x.log10()) as usize } else { 0 };
    format!("{x:.*}", 3_usize.saturating_sub(n_before) + n_zeros)
}

/// A whole number with its thousands apart.
pub(super) fn grouped(x: f64) -> String {
    let digits = format!("{x:.0}");
    let apart = |(i, digit): (usize, char)| {
        let comma = i > 0 && (digits.len() - i).is_multiple_of(3);
        [comma.then_some(','), Some(digit)]
    };
    digits.chars().enumerate().flat_map(apart).flatten().collect()
}

/// What was measured, as a table for other programs.
fn csv(contest: &Contest, rows: &[Row]) -> String {
    let lines = rows.iter().enumerate().map(|(index, row)| {
        let mut cells = (contest.csv_cells)(row);
        cells.extend(contest.must.map(|must| must(index).map(|must| must.to_string()).unwrap_or_default()));
        format!("\"{}\",{}\n", (contest.name)(index), cells.join(","))
    });
    let promise = if contest.must.is_some() { ",at_most" } else { "" };
    std::iter::once(format!("network,{}{promise}\n", contest.csv_columns)).chain(lines).collect()
}

#[cfg(test)]
mod tests {
    use super::super::contest::{FIELDS, REGIONS};
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
        let text = csv(&REGIONS, &[Row { amount: 7.0, millis: 0.5, reference_millis: 2.0 }]);
        assert_eq!(text.lines().nth(1), Some("\"2-3-1\",7,0.5,14000,2,0.25,"));
        assert_eq!(text.lines().count(), 2);
        let text = csv(&FIELDS, &[Row { amount: 2e8, millis: 5.0, reference_millis: 2.0 }]);
        assert_eq!(text.lines().nth(1), Some("\"2-64-64-64-3\",200000000,5,200,2,2.5"));
    }

    #[test]
    fn what_is_measured_fits_under_its_heads() {
        let row = Row { amount: 2e8, millis: 5.0, reference_millis: 2.0 };
        assert_eq!((FIELDS.cells)(&row), ["5.00 ms", "200", "40.0", "2.50"]);
        for contest in [&REGIONS, &FIELDS] {
            assert_eq!((contest.cells)(&row).len(), contest.columns.len(), "{}", contest.title);
            let n_cells = (contest.csv_cells)(&row).len();
            assert_eq!(n_cells, contest.csv_columns.split(',').count(), "{}", contest.title);
        }
    }
}
