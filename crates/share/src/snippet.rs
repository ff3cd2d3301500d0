use std::fmt::Write as _;

/// The embedder's options in a link; everything else behind the `?` is the exhibit's state.
pub const OPTIONS: [&str; 8] = ["ui", "panel", "hide", "lock", "theme", "scale", "play", "still"];

/// Where a line is to be pasted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    /// Anywhere that takes a link.
    Link,
    /// A page of HTML.
    Frame,
    /// A page of HTML, with the script that shows a picture first.
    Element,
    /// A slide of remark.
    Remark,
    /// A slide of reveal.js.
    Reveal,
    /// A slide of Quarto.
    Quarto,
    /// A slide of Marp.
    Marp,
    /// A page of MyST or Jupyter Book.
    Myst,
    /// A cell of a notebook.
    Notebook,
    /// A slide of LaTeX beamer, which takes a still with a link.
    Beamer,
}

impl Host {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 10] = [
        Self::Link,
        Self::Frame,
        Self::Element,
        Self::Remark,
        Self::Reveal,
        Self::Quarto,
        Self::Marp,
        Self::Myst,
        Self::Notebook,
        Self::Beamer,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Link => "Link",
            Self::Frame => "HTML frame",
            Self::Element => "HTML element",
            Self::Remark => "remark",
            Self::Reveal => "reveal.js",
            Self::Quarto => "Quarto slides",
            Self::Marp => "Marp",
            Self::Myst => "MyST, Jupyter Book",
            Self::Notebook => "notebook cell",
            Self::Beamer => "LaTeX beamer",
        }
    }

    /// What one has to know to use the line, as one sentence.
    pub fn advice(self) -> &'static str {
        match self {
            Self::Link => "Opens the exhibit exactly as it stands.",
            Self::Frame => "For any page that takes HTML: Canvas, Moodle, a blog.",
            Self::Element => {
                "Shows a picture first and comes to life when it is near, at most three at a time on a page."
            }
            Self::Remark => "Paste it into the Markdown of the slide.",
            Self::Reveal => "Paste it into the slide's section; the exhibit is loaded with its slide.",
            Self::Quarto => "Paste it into the slide, for the format revealjs.",
            Self::Marp => "Paste it into the slide, and let Marp run with --html.",
            Self::Myst => "Paste it into the page; exports to PDF show the picture.",
            Self::Notebook => "Run it in a cell of Jupyter or Colab.",
            Self::Beamer => "Download the picture below beside your file; a click on it opens the exhibit.",
        }
    }
}

/// What is shared: an exhibit in a state.
#[derive(Clone, Debug, PartialEq)]
pub struct Shared {
    /// The address of the site, up to the `#`.
    pub site: String,
    /// The exhibit's name, as links write it.
    pub name: String,
    /// Its title.
    pub title: String,
    /// What the link holds behind the `?`: state and options, in no order.
    pub query: String,
    /// The size of its frame, in CSS pixels.
    pub size_px: [u32; 2],
}

impl Shared {
    /// The link that opens it.
    ///
    /// ```
    /// # use piecewise_share::Shared;
    /// let shared = Shared {
    ///     site: "https://example.org/".to_owned(),
    ///     name: "regions".to_owned(),
    ///     title: "Regions".to_owned(),
    ///     query: "start=seven&ui=bare".to_owned(),
    ///     size_px: [720, 540],
    /// };
    /// assert_eq!(shared.link(), "https://example.org/#/regions?start=seven&ui=bare");
    /// ```
    pub fn link(&self) -> String {
        let Self { site, name, query, .. } = self;
        let separator = if query.is_empty() { "" } else { "?" };
        format!("{site}#/{name}{separator}{query}")
    }

    /// The folder of the site, where its other files lie.
    fn folder(&self) -> &str {
        let end = self.site.rfind('/').map_or(0, |slash| slash + 1);
        &self.site[..end]
    }

    /// The line to paste.
    pub fn snippet(&self, host: Host) -> String {
        let Self { name, title, .. } = self;
        let link = self.link();
        let height = self.size_px[1];
        match host {
            Host::Link => link,
            // remark lays out all slides at once, and only those that are seen have to start.
            Host::Frame | Host::Remark => self.frame("loading=\"lazy\" src"),
            // What is exported to a PDF is never seen.
            Host::Marp => self.frame("src"),
            Host::Reveal => self.frame("data-src"),
            Host::Quarto => format!("```{{=html}}\n{}\n```", self.frame("data-src")),
            Host::Element => self.element(),
            Host::Myst => format!(
                ":::{{iframe}} {link}\n:width: 100%\n:title: {title}\n:placeholder: {}exhibits/{name}/poster.png\n{title}\n:::",
                self.folder()
            ),
            Host::Notebook => format!(
                "from IPython.display import IFrame\nIFrame(\"{}\", width=\"100%\", height={height})",
                link.replace('\\', "\\\\").replace('"', "\\\"")
            ),
            Host::Beamer => format!(
                "% needs \\usepackage{{graphicx,hyperref}}, and {name}.png beside this file\n\\begin{{frame}}{{{}}}\n  \\centering\n  \
                 \\href{{{}}}{{\\includegraphics[width=\\linewidth,height=.8\\textheight,keepaspectratio]{{{name}.png}}}}\n\\end{{frame}}",
                latex(title),
                latex_link(&link)
            ),
        }
    }

    fn frame(&self, source: &str) -> String {
        let [width, height] = self.size_px;
        format!(
            "<iframe {source}=\"{}\" width=\"{width}\" height=\"{height}\" style=\"border:0;max-width:100%\" title=\"{}\" allow=\"clipboard-write\"></iframe>",
            html(&self.link()),
            html(&self.title)
        )
    }

    fn element(&self) -> String {
        let pairs = || self.query.split('&').filter_map(|pair| pair.split_once('='));
        let is_option = |key: &str| OPTIONS.contains(&key);
        let mut options = String::new();
        for (key, value) in pairs().filter(|(key, _)| is_option(key)) {
            // Writing to a text cannot fail.
            let _ = write!(options, " {key}=\"{}\"", html(value));
        }
        let state: Vec<&str> = self
            .query
            .split('&')
            .filter(|pair| !is_option(pair.split_once('=').map_or(*pair, |(key, _)| key)))
            .collect();
        let state = state.join("&");
        let state = if state.is_empty() { state } else { format!(" state=\"{}\"", html(&state)) };
        format!(
            "<script src=\"{}embed.js\"></script>\n<piecewise-exhibit name=\"{}\"{state}{options} title=\"{}\"></piecewise-exhibit>",
            html(self.folder()),
            html(&self.name),
            html(&self.title)
        )
    }
}

/// A text as HTML writes it between quotation marks.
pub(crate) fn html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A text as LaTeX writes it.
fn latex(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            '#' | '$' | '%' | '&' | '_' | '{' | '}' => format!("\\{letter}"),
            '\\' => "\\textbackslash{}".to_owned(),
            '^' => "\\textasciicircum{}".to_owned(),
            '~' => "\\textasciitilde{}".to_owned(),
            other => other.to_string(),
        })
        .collect()
}

/// An address as hyperref reads it within a frame, where the signs that mean something to TeX are taken with a backslash.
fn latex_link(link: &str) -> String {
    link.chars()
        .map(|letter| match letter {
            '#' | '%' | '&' | '_' | '{' | '}' => format!("\\{letter}"),
            // These have no place in an address; as a link they are written in their codes.
            '\\' => "\\%5C".to_owned(),
            '^' => "\\%5E".to_owned(),
            '~' => "\\%7E".to_owned(),
            '$' => "\\%24".to_owned(),
            other => other.to_string(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shared() -> Shared {
        Shared {
            site: "https://example.org/piecewise/index.html".to_owned(),
            name: "regions".to_owned(),
            title: "Number of \"output\" regions".to_owned(),
            query: "start=seven&phi-0=0.5&units=1,2;3,4&pinned=%23a_b&ui=compact&theme=dark".to_owned(),
            size_px: [960, 640],
        }
    }

    /// What stands between two marks.
    fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
        let (_, rest) = text.split_once(before).expect("the first mark");
        rest.split_once(after).expect("the second mark").0
    }

    fn unescaped(text: &str) -> String {
        text.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    }

    #[test]
    fn every_snippet_leads_to_the_same_link() {
        let shared = shared();
        let link = shared.link();
        for host in Host::ALL {
            let text = shared.snippet(host);
            let found = match host {
                Host::Link => text.clone(),
                Host::Frame | Host::Remark | Host::Marp => unescaped(between(&text, " src=\"", "\"")),
                Host::Reveal | Host::Quarto => unescaped(between(&text, "data-src=\"", "\"")),
                Host::Element => {
                    let state = unescaped(between(&text, "state=\"", "\""));
                    let (ui, theme) = (between(&text, "ui=\"", "\""), between(&text, "theme=\"", "\""));
                    assert_eq!(between(&text, "src=\"", "\""), "https://example.org/piecewise/embed.js");
                    format!("{}#/{}?{state}&ui={ui}&theme={theme}", shared.site, between(&text, "name=\"", "\""))
                }
                Host::Myst => between(&text, "{iframe} ", "\n").to_owned(),
                Host::Notebook => between(&text, "IFrame(\"", "\"").to_owned(),
                Host::Beamer => between(&text, "\\href{", "}{\\include").replace('\\', ""),
            };
            assert_eq!(found, link, "{}", host.name());
        }
    }

    #[test]
    fn nothing_in_a_link_or_title_ends_an_attribute() {
        let hostile = Shared {
            title: "</iframe><script>alert(1)</script>\" onload=\"alert(2)".to_owned(),
            query: "start=\"><script>alert(3)</script>&ui=\"x\"".to_owned(),
            name: "\"><b>".to_owned(),
            ..shared()
        };
        for host in [Host::Frame, Host::Element, Host::Remark, Host::Reveal, Host::Quarto, Host::Marp] {
            let text = hostile.snippet(host);
            let tags = text.matches('<').count();
            let own = if host == Host::Element { 4 } else { 2 };
            assert_eq!(tags, own, "{text}");
            assert!(!text.contains("\" onload"), "{text}");
        }
    }

    #[test]
    fn a_still_with_a_link_survives_latex() {
        let text = shared().snippet(Host::Beamer);
        assert!(text.contains("\\#/regions?start=seven\\&phi-0=0.5"), "{text}");
        assert!(text.contains("pinned=\\%23a\\_b"), "{text}");
        assert_eq!(latex("50% of {x_1}"), "50\\% of \\{x\\_1\\}");
    }
}
