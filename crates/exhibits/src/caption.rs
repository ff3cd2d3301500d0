/// What stands around the picture: the claim, a question to answer before touching anything, what to do, what to see, and
/// where to read on. Each is HTML made from the exhibit's `caption.md` at build time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caption {
    /// One sentence: what the slide claims.
    pub claim: &'static str,
    /// A question to answer before moving anything.
    pub predict: &'static str,
    /// Its answer.
    pub answer: &'static str,
    /// What to drag.
    pub r#try: &'static str,
    /// What to notice then.
    pub notice: &'static str,
    /// Where it stands in the book, and where the book errs.
    pub book: &'static str,
}
