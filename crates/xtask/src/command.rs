use std::ffi::OsString;

use lexopt::prelude::*;

use crate::trouble::Trouble;

/// What is to be done.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Command {
    /// Build the page and serve it here, on this port if one is named.
    Serve { port: Option<u16> },
    /// Build the page into `dist/`.
    Build,
    /// Write the exhibits of these names into one file that needs no server; all of them without names.
    Single { exhibits: Vec<String> },
    /// Run every test; build the page by every route if that is wished.
    Test { every_route: bool },
    /// Say what is here and what is missing.
    Doctor,
    /// Say what can be done.
    Help,
}

/// What `cargo xtask --help` says.
pub(crate) const HELP: &str = "\
Piecewise: build it, look at it, test it.

    cargo xtask serve [--port N]    build the page, serve it on this machine and print its address
    cargo xtask test                run every test of the project and count them
    cargo xtask build               build the page into dist/, ready to be published
    cargo xtask single [EXHIBIT…]   write one file into dist/ that opens without a server: all exhibits, or the named ones
    cargo xtask doctor              say what is here, what is missing and what to do about it

Whatever is missing is set up first, and said before it is done: the compiler's target for the browser,
Trunk, wasm-bindgen, and for the tests a browser. Tools are kept in ~/.cache/piecewise/tools.

    --port N          for serve: this port and no other (otherwise 8080, or the next free one)
    --every-route     for test: build the page by Debian's compiler as well (always so where CI is set)
    -h, --help        this text

    XTASK_TOOLCHAIN=rustup|debian    use this compiler for the browser and no other
";

impl Command {
    /// Reads the words after `cargo xtask`.
    ///
    /// # Errors
    /// When they make no sense.
    pub(crate) fn parse<I>(words: I) -> Result<Self, Trouble>
    where
        I: IntoIterator,
        I::Item: Into<OsString>,
    {
        let unclear =
            |error: lexopt::Error| Trouble::new(error.to_string(), "`cargo xtask --help` lists what there is");
        let mut parser = lexopt::Parser::from_args(words);
        let mut command: Option<Self> = None;
        while let Some(word) = parser.next().map_err(unclear)? {
            match (word, &mut command) {
                (Short('h') | Long("help"), _) => return Ok(Self::Help),
                (Value(name), None) => command = Some(Self::named(&name.to_string_lossy())?),
                (Value(exhibit), Some(Self::Single { exhibits })) => {
                    exhibits.push(exhibit.to_string_lossy().into_owned());
                }
                (Long("port"), Some(Self::Serve { port })) => {
                    *port = Some(parser.value().and_then(|value| value.parse()).map_err(unclear)?);
                }
                (Long("every-route"), Some(Self::Test { every_route })) => *every_route = true,
                (word, _) => return Err(unclear(word.unexpected())),
            }
        }
        Ok(command.unwrap_or(Self::Help))
    }

    fn named(name: &str) -> Result<Self, Trouble> {
        match name {
            "serve" => Ok(Self::Serve { port: None }),
            "build" => Ok(Self::Build),
            "single" => Ok(Self::Single { exhibits: Vec::new() }),
            "test" => Ok(Self::Test { every_route: false }),
            "doctor" => Ok(Self::Doctor),
            "help" => Ok(Self::Help),
            other => {
                Err(Trouble::new(format!("there is no command `{other}`"), "`cargo xtask --help` lists what there is"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Command, Trouble> {
        Command::parse(line.split_whitespace())
    }

    #[test]
    fn commands_are_words_and_their_options_follow_them() {
        assert_eq!(parse("serve"), Ok(Command::Serve { port: None }));
        assert_eq!(parse("serve --port 9000"), Ok(Command::Serve { port: Some(9000) }));
        assert_eq!(parse("serve --port=9000"), Ok(Command::Serve { port: Some(9000) }));
        assert_eq!(parse("test --every-route"), Ok(Command::Test { every_route: true }));
        assert_eq!(parse("single"), Ok(Command::Single { exhibits: Vec::new() }));
        let two = ["regions", "loss"].map(str::to_owned).to_vec();
        assert_eq!(parse("single regions loss"), Ok(Command::Single { exhibits: two }));
        assert_eq!(parse("doctor"), Ok(Command::Doctor));
    }

    #[test]
    fn who_says_nothing_or_asks_for_help_gets_help() {
        for line in ["", "--help", "-h", "help", "serve --help"] {
            assert_eq!(parse(line), Ok(Command::Help), "{line}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_answered_by_a_sentence_that_points_to_the_help() {
        for line in
            ["deploy", "serve --port", "serve --port eighty", "serve --port 70000", "build --port 1", "serve now"]
        {
            let trouble = parse(line).unwrap_err().to_string();
            assert!(trouble.ends_with("; `cargo xtask --help` lists what there is."), "{trouble}");
        }
    }
}
