use std::{fmt, iter::Sum, ops::Add};

/// How many tests passed, failed, and were left out.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl Tally {
    /// One check that passed.
    pub(crate) const PASSED: Self = Self { passed: 1, failed: 0, skipped: 0 };
    /// One check that failed.
    pub(crate) const FAILED: Self = Self { passed: 0, failed: 1, skipped: 0 };
    /// One check that could not be made.
    pub(crate) const SKIPPED: Self = Self { passed: 0, failed: 0, skipped: 1 };

    /// One check that passed or failed.
    pub(crate) const fn of_check(success: bool) -> Self {
        if success { Self::PASSED } else { Self::FAILED }
    }

    /// What a run of tests says about itself: the closing lines of nextest, of `cargo test` and of wasm-bindgen's runner,
    /// summed. A run that failed without a failed test, because nothing compiled, counts as one failure.
    pub(crate) fn of_run<'a>(success: bool, lines: impl IntoIterator<Item = &'a str>) -> Self {
        let tally: Self = lines.into_iter().filter_map(Self::of_line).sum();
        if success || tally.failed > 0 { tally } else { tally + Self::FAILED }
    }

    fn of_line(line: &str) -> Option<Self> {
        let counts = if let Some((_, counts)) = line.split_once("tests run: ").or_else(|| line.split_once("test run: "))
        {
            counts
        } else {
            // Indented it is what nextest shows again of a single test, which its own closing line counts already.
            line.strip_prefix("test result: ")?.split_once(". ")?.1
        };
        let mut tally = Self::default();
        for count in without_asides(counts).split([',', ';']) {
            let Some((number, what)) = count.trim().split_once(' ') else { continue };
            let Ok(number) = number.parse::<u64>() else { continue };
            match what.trim() {
                "passed" => tally.passed += number,
                "failed" | "timed out" | "exec failed" => tally.failed += number,
                "skipped" | "ignored" => tally.skipped += number,
                _ => {}
            }
        }
        Some(tally)
    }
}

/// nextest writes "30 passed (1 slow, 2 leaky)".
fn without_asides(text: &str) -> String {
    let mut depth = 0_u32;
    text.chars()
        .filter(|character| {
            match character {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                _ => return depth == 0,
            }
            false
        })
        .collect()
}

impl Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }
}

impl Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(tallies: I) -> Self {
        tallies.fold(Self::default(), Add::add)
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(passed: u64, failed: u64, skipped: u64) -> Tally {
        Tally { passed, failed, skipped }
    }

    #[test]
    fn nextest_closes_with_a_summary() {
        let line =
            "     Summary [  12.345s] 33 tests run: 30 passed (1 slow, 2 leaky), 1 failed, 2 timed out, 4 skipped";
        assert_eq!(Tally::of_run(false, [line]), tally(30, 3, 4));
        assert_eq!(Tally::of_run(true, ["     Summary [   0.003s] 1 test run: 1 passed, 0 skipped"]), tally(1, 0, 0));
    }

    #[test]
    fn what_nextest_shows_again_of_one_test_does_not_count_twice() {
        let lines = [
            "     Summary [  77.064s] 20 tests run: 20 passed, 0 skipped",
            "    test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 19 filtered out; finished in 3.68s",
        ];
        assert_eq!(Tally::of_run(true, lines), tally(20, 0, 0));
    }

    #[test]
    fn cargo_test_writes_one_result_for_every_program() {
        let lines = [
            "test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.01s",
            "running 2 tests",
            "test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
        ];
        assert_eq!(Tally::of_run(false, lines), tally(6, 1, 1));
    }

    #[test]
    fn a_run_that_did_not_compile_is_a_failure_though_no_test_failed() {
        assert_eq!(Tally::of_run(false, ["error: could not compile `piecewise-core`"]), tally(0, 1, 0));
        let before = "test result: ok. 5 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s";
        assert_eq!(Tally::of_run(false, [before, "error: doctest failed"]), tally(5, 1, 0));
    }

    #[test]
    fn the_last_line_is_the_sum() {
        let sum: Tally = [tally(30, 1, 0), Tally::PASSED, Tally::SKIPPED, Tally::of_check(false)].into_iter().sum();
        assert_eq!(sum.to_string(), "31 passed, 2 failed, 1 skipped");
    }
}
