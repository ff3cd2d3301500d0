use std::{
    env,
    path::{Path, PathBuf},
};

use crate::{
    debian,
    task::first_line,
    tool::{Tool, on_path},
    trouble::Trouble,
    workspace::Workspace,
};

/// A browser and the program that drives it.
#[derive(Clone, Debug)]
pub(crate) struct Browser {
    /// What the tests call its engine.
    pub(crate) engine: &'static str,
    /// chromedriver or geckodriver.
    pub(crate) driver: PathBuf,
    program: Option<PathBuf>,
}

impl Browser {
    /// The Chromium that is here.
    pub(crate) fn find() -> Option<Self> {
        // GitHub's machines name the folder of their driver.
        let named = env::var_os("CHROMEWEBDRIVER").map(|folder| Path::new(&folder).join("chromedriver"));
        let driver = named.filter(|driver| driver.is_file()).or_else(|| on_path("chromedriver"))?;
        let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
        let program = names.into_iter().find_map(on_path);
        // Elsewhere the driver knows where the browser is.
        (program.is_some() || !cfg!(target_os = "linux")).then_some(Self { engine: "chromium", driver, program })
    }

    /// The Chromium that is here, or Debian's.
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

    /// The Firefox that is here, with a driver that is here.
    pub(crate) fn find_firefox(workspace: &Workspace) -> Option<Self> {
        let named = env::var_os("GECKOWEBDRIVER").map(|folder| Path::new(&folder).join("geckodriver"));
        let driver = named.filter(|driver| driver.is_file()).or_else(|| on_path("geckodriver"));
        let driver = driver.or_else(|| Tool::geckodriver().find(workspace))?;
        Some(Self { engine: "firefox", driver, program: Some(firefox()?) })
    }

    /// The Firefox that is here, or Debian's, with a driver that is here or comes from crates.io.
    ///
    /// # Errors
    /// When one of them cannot be had.
    pub(crate) fn find_or_install_firefox(workspace: &Workspace) -> Result<Self, Trouble> {
        if let Some(browser) = Self::find_firefox(workspace) {
            return Ok(browser);
        }
        if firefox().is_none() {
            debian::install(&["firefox-esr"], "a second browser to test in")?;
        }
        let driver = Tool::geckodriver().find_or_install(workspace)?;
        let program =
            firefox().ok_or_else(|| Trouble::new("Debian's firefox-esr did not bring a browser", "install Firefox"))?;
        Ok(Self { engine: "firefox", driver, program: Some(program) })
    }

    /// In words: "Chromium 140.0".
    pub(crate) fn name(&self) -> String {
        let program = self.program.as_ref().and_then(|program| first_line(program, &["--version"]));
        program.or_else(|| first_line(&self.driver, &["--version"])).unwrap_or_default()
    }
}

fn firefox() -> Option<PathBuf> {
    ["firefox", "firefox-esr"].into_iter().find_map(on_path)
}
