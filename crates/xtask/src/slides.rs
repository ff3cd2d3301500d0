//! The demo decks beside the page: from their sources in `www/slides`, with the programs that show them out of npm's packages, so
//! that a deck asks nothing of another site.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::{
    npm::NpmPackage,
    task::{Task, first_line},
    toolchain::outside_cargo,
    trouble::Trouble,
    workspace::Workspace,
};

const REMARK: NpmPackage = NpmPackage::new("remark-slide", "0.14.0", "what shows the deck in remark");
const REVEAL: NpmPackage = NpmPackage::new("reveal.js", "6.0.2", "what shows the decks in reveal.js and Quarto");
const PANDOC: NpmPackage = NpmPackage::new("pandoc-wasm", "1.1.0", "what makes the deck in Quarto");

/// Of each program the files that a deck loads, and its licence: where they are in the package, and where they go.
const REMARK_FILES: [[&str; 2]; 2] = [["out/remark.min.js", "remark/remark.min.js"], ["LICENSE", "remark/LICENSE"]];
const REVEAL_FILES: [[&str; 2]; 7] = [
    ["dist/reset.css", "reveal/dist/reset.css"],
    ["dist/reveal.css", "reveal/dist/reveal.css"],
    ["dist/reveal.js", "reveal/dist/reveal.js"],
    // Pandoc's slides look for the plugins where earlier versions had them.
    ["dist/plugin/notes.js", "reveal/plugin/notes/notes.js"],
    ["dist/plugin/search.js", "reveal/plugin/search/search.js"],
    ["dist/plugin/zoom.js", "reveal/plugin/zoom/zoom.js"],
    ["LICENSE", "reveal/LICENSE"],
];

/// Of how many to how many a slide is, and the class of the slides that are so.
const RATIOS: [[&str; 2]; 2] = [["4:3", "four-by-three"], ["16:9", "sixteen-by-nine"]];

/// Writes `slides/` beside a built page: the list of decks, their sources, and every deck whose program can be had here.
///
/// # Errors
/// When a program cannot be had, after all decks that do without it are written; or when a file cannot be.
pub(crate) fn write(workspace: &Workspace, dist: &Path) -> Result<(), Trouble> {
    let decks = Decks { workspace, sources: workspace.root().join("www").join("slides"), folder: dist.join("slides") };
    fs::create_dir_all(&decks.folder).map_err(|error| unwritten(&error))?;
    for file in ["index.html", "deck.css", "remark.md", "quarto.qmd"] {
        decks.put(&decks.sources.join(file), file)?;
    }
    let remark = decks.remark();
    let reveal = decks.reveal().and_then(|()| decks.quarto());
    remark.and(reveal)
}

/// Whether every deck is beside a built page.
pub(crate) fn are_in(dist: &Path) -> bool {
    let is_here = |page: &&str| dist.join("slides").join(page).is_file();
    ["remark-4-3.html", "remark-16-9.html", "reveal.html", "quarto.html"].iter().all(is_here)
}

struct Decks<'a> {
    workspace: &'a Workspace,
    sources: PathBuf,
    folder: PathBuf,
}

impl Decks<'_> {
    fn remark(&self) -> Result<(), Trouble> {
        self.put_all(REMARK, &REMARK_FILES)?;
        let [shell, slides] = ["remark.html", "remark.md"].map(|file| fs::read_to_string(self.sources.join(file)));
        let (shell, slides) = (shell.map_err(|error| unwritten(&error))?, slides.map_err(|error| unwritten(&error))?);
        for ratio in RATIOS {
            let page = remark_page(&shell, &slides, ratio);
            let file = format!("remark-{}.html", ratio[0].replace(':', "-"));
            fs::write(self.folder.join(file), page).map_err(|error| unwritten(&error))?;
        }
        Ok(())
    }

    fn reveal(&self) -> Result<(), Trouble> {
        self.put_all(REVEAL, &REVEAL_FILES)?;
        self.put(&self.sources.join("reveal.html"), "reveal.html")
    }

    /// Of all packages this one alone is a program to be run. It is Pandoc's own, compiled to WebAssembly.
    fn quarto(&self) -> Result<(), Trouble> {
        let pandoc = PANDOC.find_or_install(self.workspace, "pandoc-wasm/src/index.node.js")?;
        if first_line("node", &["--version"]).is_none() {
            return Err(Trouble::new(
                "there is no node to make the deck in Quarto with",
                "install Node.js 20 or later",
            ));
        }
        let mut command = outside_cargo("node");
        command.arg(self.workspace.root().join("crates/xtask/src/quarto.mjs")).arg(pandoc);
        command.arg(self.sources.join("quarto.qmd")).arg(self.folder.join("quarto.html"));
        command.args(["reveal", "../../../deck"]);
        let outcome = Task::new("making the deck in Quarto", command).show()?;
        if outcome.success {
            return Ok(());
        }
        Err(Trouble::new("the deck in Quarto could not be made, as told above", "mend that and build again"))
    }

    fn put_all(&self, package: NpmPackage, files: &[[&str; 2]]) -> Result<(), Trouble> {
        for [from, to] in files {
            let file = package.find_or_install(self.workspace, &format!("{}/{from}", package.name()))?;
            self.put(&file, to)?;
        }
        Ok(())
    }

    fn put(&self, from: &Path, to: &str) -> Result<(), Trouble> {
        let to = self.folder.join(to);
        let folder = to.parent().map_or(Ok(()), fs::create_dir_all);
        folder.and_then(|()| fs::copy(from, to)).map(drop).map_err(|error| unwritten(&error))
    }
}

/// The page of slides of this shape.
fn remark_page(shell: &str, slides: &str, [ratio, class]: [&str; 2]) -> String {
    // As text between the tags, where only these two letters would be something else.
    let slides = slides.replace("{{class}}", class).replace('&', "&amp;").replace('<', "&lt;");
    shell.replace("{{ratio}}", ratio).replace("{{source}}", &slides)
}

fn unwritten(error: &io::Error) -> Trouble {
    Trouble::new(format!("the decks cannot be written ({error})"), "look at who owns dist/, and build again")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_shapes_of_a_deck_are_of_the_same_words() {
        let shell = include_str!("../../../www/slides/remark.html");
        let slides = include_str!("../../../www/slides/remark.md");
        let pages = RATIOS.map(|ratio| remark_page(shell, slides, ratio));
        for (page, [ratio, class]) in pages.iter().zip(RATIOS) {
            assert!(!page.contains("{{") && page.contains(&format!("ratio: \"{ratio}\"")), "{ratio}");
            // An iframe is the deck's, not the shell's.
            assert_eq!((page.matches("&lt;iframe").count(), page.matches("<iframe").count()), (3, 0));
            assert_eq!(page.matches(class).count(), slides.matches("{{class}}").count());
        }
    }

    #[test]
    fn nothing_in_a_deck_is_asked_of_another_site() {
        for source in [
            include_str!("../../../www/slides/deck.css"),
            include_str!("../../../www/slides/index.html"),
            include_str!("../../../www/slides/quarto.qmd"),
            include_str!("../../../www/slides/remark.html"),
            include_str!("../../../www/slides/remark.md"),
            include_str!("../../../www/slides/reveal.html"),
        ] {
            assert!(!source.contains("//"), "{source}");
        }
    }
}
