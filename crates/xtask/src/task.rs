use std::{
    ffi::OsStr,
    fmt::Write as _,
    io::{BufRead, BufReader, IsTerminal, Read, stderr},
    process::{Command, Stdio},
    sync::mpsc::{self, RecvTimeoutError, Sender},
    thread,
    time::{Duration, Instant},
};

use crate::trouble::Trouble;

/// A program that is run for the person at the terminal: announced, shown line by line, never silent for long.
#[derive(Debug)]
pub(crate) struct Task {
    command: Command,
    label: String,
}

/// How a task ended.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    /// Whether the program was content.
    pub(crate) success: bool,
    /// What it wrote, both streams as they came.
    pub(crate) lines: Vec<String>,
    /// How long it took.
    pub(crate) duration: Duration,
}

/// After this long without a line, one is written on the program's behalf: linking the page is silent for a minute.
const SILENCE: Duration = Duration::from_secs(15);

/// A browser that a test left behind may hold the pipes open; its words are not waited for.
const AFTERMATH: Duration = Duration::from_secs(3);

impl Task {
    /// `label` says what is done, as in "building the page".
    pub(crate) fn new(label: impl Into<String>, command: Command) -> Self {
        Self { command, label: label.into() }
    }

    /// Runs the program and shows what it writes.
    ///
    /// # Errors
    /// When the program cannot be started at all.
    pub(crate) fn show(self) -> Result<Outcome, Trouble> {
        self.run(true)
    }

    /// Runs the program and keeps what it writes to itself.
    ///
    /// # Errors
    /// When the program cannot be started at all.
    pub(crate) fn quiet(self) -> Result<Outcome, Trouble> {
        self.run(false)
    }

    fn run(mut self, shown: bool) -> Result<Outcome, Trouble> {
        let start = Instant::now();
        if shown && stderr().is_terminal() {
            self.command.env("CARGO_TERM_COLOR", "always");
        }
        let program = self.command.get_program().to_owned();
        self.command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.command.spawn().map_err(|error| unstartable(&program, &error))?;
        let (sender, receiver) = mpsc::channel();
        if let Some(stdout) = child.stdout.take() {
            forward(stdout, sender.clone());
        }
        if let Some(stderr) = child.stderr.take() {
            forward(stderr, sender);
        }

        let mut lines = Vec::new();
        let mut last_sign = Instant::now();
        let mut ended: Option<Instant> = None;
        loop {
            match receiver.recv_timeout(Duration::from_secs(1)) {
                Ok(line) => {
                    if shown {
                        eprintln!("{line}");
                    }
                    last_sign = Instant::now();
                    lines.push(without_colors(&line));
                }
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {}
            }
            if ended.is_none() && child.try_wait().is_ok_and(|status| status.is_some()) {
                ended = Some(Instant::now());
            }
            if ended.is_some_and(|ended| ended.elapsed() > AFTERMATH) {
                break;
            }
            if last_sign.elapsed() > SILENCE {
                eprintln!("   … still {}, {}", self.label, seconds(start.elapsed()));
                last_sign = Instant::now();
            }
        }
        let status = child.wait().map_err(|error| unstartable(&program, &error))?;
        Ok(Outcome { success: status.success(), lines, duration: start.elapsed() })
    }
}

impl Outcome {
    /// The lines, for a search.
    pub(crate) fn lines(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().map(String::as_str)
    }
}

/// The first line that a program writes about itself, or `None` when there is no such program or it is not content.
pub(crate) fn first_line(program: impl AsRef<OsStr>, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    output.status.success().then(|| text.lines().next().unwrap_or_default().trim().to_owned())
}

/// A duration as people say it: "8 s", "3 min 20 s".
pub(crate) fn seconds(duration: Duration) -> String {
    let whole = duration.as_secs();
    let mut text = String::new();
    if whole >= 60 {
        // Writing to a string cannot fail.
        let _ = write!(text, "{} min {:02} s", whole / 60, whole % 60);
    } else if whole >= 10 {
        let _ = write!(text, "{whole} s");
    } else {
        let _ = write!(text, "{:.1} s", duration.as_secs_f64());
    }
    text
}

/// Announces a step and what it is expected to take.
pub(crate) fn announce(step: &str) {
    eprintln!("\n== {step}");
}

fn unstartable(program: &OsStr, error: &std::io::Error) -> Trouble {
    let program = program.to_string_lossy();
    Trouble::new(
        format!("`{program}` cannot be started ({error})"),
        "install it, or put it on PATH; `cargo xtask doctor` tells what else is missing",
    )
}

fn forward(stream: impl Read + Send + 'static, sender: Sender<String>) {
    thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).is_ok_and(|count| count > 0) {
            let text = String::from_utf8_lossy(&line).trim_end_matches(['\n', '\r']).to_owned();
            if sender.send(text).is_err() {
                return;
            }
            line.clear();
        }
    });
}

/// Colours are for eyes; what is searched for counts is plain.
fn without_colors(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            characters.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(character);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_people_say_them() {
        assert_eq!(seconds(Duration::from_millis(340)), "0.3 s");
        assert_eq!(seconds(Duration::from_secs(42)), "42 s");
        assert_eq!(seconds(Duration::from_secs(185)), "3 min 05 s");
    }

    #[test]
    fn colors_do_not_hide_words() {
        assert_eq!(without_colors("\u{1b}[1m\u{1b}[32m   Compiling\u{1b}[0m trunk"), "   Compiling trunk");
        assert_eq!(without_colors("ñ plain"), "ñ plain");
    }

    #[test]
    fn a_program_that_does_not_exist_is_a_sentence_and_not_a_panic() {
        let trouble = Task::new("trying", Command::new("piecewise-no-such-program")).quiet().unwrap_err();
        assert!(trouble.to_string().contains("`piecewise-no-such-program` cannot be started"));
    }
}
