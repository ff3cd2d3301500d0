/// Sections of the page of an exhibit, as a set: those that an embedder hides, or shows without letting anybody change them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sections(u8);

impl Sections {
    /// Their names, as links write them.
    pub const NAMES: [&str; 5] = ["presets", "picture", "readout", "controls", "words"];
    /// All of them; links write `all`.
    pub const ALL: Self = Self((1 << Self::NAMES.len()) - 1);

    /// Reads names with commas between them. Nothing when one of them is no section.
    pub fn read(text: &str) -> Option<Self> {
        if text == "all" {
            return Some(Self::ALL);
        }
        let bit = |name: &str| Self::NAMES.iter().position(|other| *other == name).map(|at| 1 << at);
        text.split(',').try_fold(Self::default(), |set, name| Some(Self(set.0 | bit(name)?)))
    }

    /// Writes what [`Sections::read`] reads; nothing when it is empty.
    pub fn write(self) -> Option<String> {
        if self == Self::ALL {
            return Some("all".to_owned());
        }
        let names: Vec<&str> = Self::NAMES.into_iter().filter(|name| self.has(name)).collect();
        (!names.is_empty()).then(|| names.join(","))
    }

    /// Whether the section of this name is among them.
    pub fn has(self, name: &str) -> bool {
        Self::NAMES.iter().position(|other| *other == name).is_some_and(|at| self.0 >> at & 1 == 1)
    }
}
