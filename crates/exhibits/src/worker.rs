//! What the page and its worker have agreed on.

/// Another number for every version of what messages are written in, in decimal: a worker of another version, out of some cache, is not
/// listened to.
pub const FORMAT: &str = env!("PIECEWISE_FORMAT");

/// What a message is about: its first entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// The worker has started; behind it stands [`FORMAT`].
    Ready,
    /// The page wants something, in bytes.
    Order,
    /// The worker has come so far, in bytes.
    Progress,
    /// The page has drawn what it was sent.
    Seen,
    /// The page wants all that has been learnt, and gets it, in bytes.
    Field,
    /// The worker is lent another one, behind a port.
    Lend,
    /// The worker is to go on alone.
    Alone,
    /// The worker is to help another one, behind a port.
    Serve,
}

impl Word {
    const ALL: [(Self, &'static str); 8] = [
        (Self::Ready, "ready"),
        (Self::Order, "order"),
        (Self::Progress, "progress"),
        (Self::Seen, "seen"),
        (Self::Field, "field"),
        (Self::Lend, "lend"),
        (Self::Alone, "alone"),
        (Self::Serve, "serve"),
    ];

    /// The word of this name.
    pub fn read(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|entry| entry.1 == name).map(|entry| entry.0)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|entry| entry.0 == self).map_or("", |entry| entry.1)
    }
}
