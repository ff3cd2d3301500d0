use crate::Entry;

/// Exhibits that travel together: each part is a program of its own, and the page loads the one that it shows.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// Its name; `www/shell.js` knows which exhibits it holds.
    pub name: &'static str,
    /// Its exhibits, in the order of the lecture.
    pub entries: &'static [Entry],
}

impl Part {
    /// The exhibit of this name, if it is in this part.
    pub fn find(&self, name: &str) -> Option<&'static Entry> {
        self.entries.iter().find(|entry| entry.name == name)
    }
}

/// What the contents say of an exhibit. It leads to none of its code, so that every part can list all of them.
#[derive(Clone, Copy, Debug)]
pub struct Listing {
    /// Its name, as links write it.
    pub name: &'static str,
    /// Its title.
    pub title: &'static str,
    /// The slides of the lecture that it serves.
    pub slides: &'static str,
    /// What it claims, in HTML. The other words around it are in its own part alone: those of all exhibits weigh too much for each.
    pub claim: &'static str,
}

/// How many exhibits the parts have together.
pub(crate) const fn n_entries(parts: &[Part]) -> usize {
    let (mut n, mut i) = (0, 0);
    while i < parts.len() {
        n += parts[i].entries.len();
        i += 1;
    }
    n
}

/// The exhibits of all parts, in the order of their first slides; those of one slide in the order of the parts.
pub(crate) const fn entries<const N: usize>(parts: &[Part]) -> [Entry; N] {
    let mut all = [parts[0].entries[0]; N];
    let (mut n, mut i) = (0, 0);
    while i < parts.len() {
        let mut j = 0;
        while j < parts[i].entries.len() {
            let entry = parts[i].entries[j];
            let mut place = n;
            while place > 0 && first_slide(all[place - 1].slides) > first_slide(entry.slides) {
                all[place] = all[place - 1];
                place -= 1;
            }
            all[place] = entry;
            n += 1;
            j += 1;
        }
        i += 1;
    }
    all
}

/// The first number in "Slides 7–8".
const fn first_slide(slides: &str) -> u32 {
    let (bytes, mut at, mut number) = (slides.as_bytes(), 0, 0);
    while at < bytes.len() && !bytes[at].is_ascii_digit() {
        at += 1;
    }
    while at < bytes.len() && bytes[at].is_ascii_digit() {
        number = 10 * number + (bytes[at] - b'0') as u32;
        at += 1;
    }
    number
}

/// What the contents say of the exhibits of all parts.
pub(crate) const fn listings<const N: usize>(parts: &[Part]) -> [Listing; N] {
    let entries = entries::<N>(parts);
    let mut all = [listing(&entries[0]); N];
    let mut n = 1;
    while n < N {
        all[n] = listing(&entries[n]);
        n += 1;
    }
    all
}

const fn listing(entry: &Entry) -> Listing {
    Listing { name: entry.name, title: entry.title, slides: entry.slides, claim: entry.caption.claim }
}
