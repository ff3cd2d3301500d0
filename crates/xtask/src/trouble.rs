use std::fmt;

/// Something that stops a command, told to a person: what is wrong, and what to do about it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Trouble {
    what: String,
    remedy: String,
}

impl Trouble {
    /// Both are sentences or halves of one without the full stop: "port 8080 is taken", "choose another with --port".
    pub(crate) fn new(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: remedy.into() }
    }

    /// Cargo, apt and npm each have their own words for a machine without network. `None` when these lines hold none of them.
    pub(crate) fn of_network<'a>(wanted: &str, lines: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        const SIGNS: [&str; 12] = [
            "could not resolve host",
            "couldn't resolve host",
            "temporary failure resolving",
            "network failure",
            "spurious network error",
            "failed to download from",
            "failed to connect",
            "could not connect to server",
            "network is unreachable",
            "connection refused",
            "operation timed out",
            "but `--offline` was specified",
        ];
        lines.into_iter().map(str::to_lowercase).any(|line| SIGNS.iter().any(|sign| line.contains(sign))).then(|| {
            Self::new(
                format!("{wanted} cannot be fetched: the network does not answer"),
                "connect this machine once and run the same command again; afterwards it works offline",
            )
        })
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}.", self.what, self.remedy)
    }
}

#[cfg(test)]
mod tests {
    use super::Trouble;

    #[test]
    fn a_machine_without_network_is_told_so_whichever_tool_found_out() {
        for line in [
            "  [6] Could not resolve hostname (Could not resolve host: index.crates.io)",
            "W: Failed to fetch http://deb.debian.org/  Temporary failure resolving 'deb.debian.org'",
            "warning: spurious network error (3 tries remaining): [7] Couldn't connect to server",
        ] {
            let trouble = Trouble::of_network("Trunk", [line]).expect("a sign of a missing network");
            assert!(trouble.to_string().starts_with("Trunk cannot be fetched: the network does not answer; connect"));
        }
        assert_eq!(Trouble::of_network("Trunk", ["error[E0308]: mismatched types"]), None);
    }
}
