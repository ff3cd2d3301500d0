use std::{
    env,
    path::{Path, PathBuf},
};

use crate::{debian, task::first_line, tool::on_path, trouble::Trouble};

/// A Chromium and the program that drives it.
#[derive(Clone, Debug)]
pub(crate) struct Browser {
    /// chromedriver.
    pub(crate) driver: PathBuf,
    program: Option<PathBuf>,
}

impl Browser {
    /// The one that is here.
    pub(crate) fn find() -> Option<Self> {
        // GitHub's machines name the folder of their driver.
        let named = env::var_os("CHROMEWEBDRIVER").map(|folder| Path::new(&folder).join("chromedriver"));
        let driver = named.filter(|driver| driver.is_file()).or_else(|| on_path("chromedriver"))?;
        let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
        let program = names.into_iter().find_map(on_path);
        // Elsewhere the driver knows where the browser is.
        (program.is_some() || !cfg!(target_os = "linux")).then_some(Self { driver, program })
    }

    /// The one that is here, or Debian's.
    ///
    /// # Errors
    /// When there is none and none may be installed.
    pub(crate) fn find_or_install() -> Result<Self, Trouble> {
        if let Some(browser) = Self::find() {
            return Ok(browser);
        }
        debian::install(&["chromium", "chromium-driver"], "a browser to test in")?;
        Self::find().ok_or_else(|| {
            Trouble::new("Debian's chromium did not bring a browser with a driver", "install Chrome and chromedriver")
        })
    }

    /// In words: "Chromium 140.0".
    pub(crate) fn name(&self) -> String {
        let program = self.program.as_ref().and_then(|program| first_line(program, &["--version"]));
        program.or_else(|| first_line(&self.driver, &["--version"])).unwrap_or_default()
    }
}
