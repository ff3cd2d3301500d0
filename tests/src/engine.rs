//! The browsers that tests are made in, and the programs that drive them.

use std::{
    env,
    io::{BufRead, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, Command, Stdio},
    time::Duration,
};

use fantoccini::{Client, ClientBuilder, wd::Capabilities};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

/// A browser's engine. The variable `PIECEWISE_ENGINE` says in which one a run of tests is made: `chromium`, which is where tests are
/// made unless it is set, or `firefox`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Engine {
    /// Chromium or Chrome, by chromedriver.
    Chromium,
    /// Firefox, by geckodriver.
    Firefox,
}

impl Engine {
    /// The engine of this run.
    ///
    /// # Panics
    /// When the variable names none.
    pub fn of_this_run() -> Self {
        match env::var("PIECEWISE_ENGINE").as_deref() {
            Err(_) | Ok("" | "chromium") => Self::Chromium,
            Ok("firefox") => Self::Firefox,
            Ok(other) => panic!("PIECEWISE_ENGINE is chromium or firefox, not {other}"),
        }
    }

    /// What is asked of the driver. `dark` is what the system is said to prefer.
    fn capabilities(self, dark: bool) -> Capabilities {
        let mut capabilities = Capabilities::new();
        let mut ask = |name: &str, value: Value| capabilities.insert(name.to_owned(), value);
        match self {
            Self::Chromium => {
                let scheme = if dark { "--force-dark-mode" } else { "--disable-features=Translate" };
                ask(
                    "goog:chromeOptions",
                    json!({ "args": [
                        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                        "--disable-background-networking", "--disable-component-update", "--disable-sync", scheme,
                    ] }),
                );
                ask("goog:loggingPrefs", json!({ "browser": "ALL" }));
            }
            Self::Firefox => {
                // 0 is dark, 1 is light.
                let scheme = i32::from(!dark);
                ask(
                    "moz:firefoxOptions",
                    json!({
                        "args": ["-headless"],
                        "prefs": {
                            "layout.css.prefers-color-scheme.content-override": scheme,
                            "dom.events.testing.asyncClipboard": true,
                        },
                    }),
                );
                ask("webSocketUrl", json!(true));
            }
        }
        capabilities
    }

    /// The driver, on a port of its own choice.
    fn driver(self) -> Command {
        let (program, port) = match self {
            Self::Chromium => ("chromedriver", &["--port=0"][..]),
            Self::Firefox => ("geckodriver", &["--port=0", "--websocket-port=0"][..]),
        };
        let mut driver = Command::new(program);
        driver.args(port).stdout(Stdio::piped()).stderr(Stdio::null());
        driver
    }

    /// The port in what the driver says when it has started.
    fn port_in(self, line: &str) -> Option<u16> {
        let (_, rest) = match self {
            Self::Chromium => line.split_once("started successfully on port ")?,
            Self::Firefox => line.split_once("Listening on 127.0.0.1:")?,
        };
        rest.trim_end_matches('.').parse().ok()
    }
}

/// A browser with its driver. Both end with this value.
#[derive(Debug)]
pub(crate) struct Session {
    /// The WebDriver session.
    pub(crate) client: Client,
    id: String,
    driver: Child,
    port: u16,
}

impl Session {
    /// Starts a browser with a fresh profile.
    ///
    /// # Panics
    /// When there is no such browser or no driver for it.
    pub(crate) async fn start(engine: Engine, dark: bool) -> Self {
        let (driver, port) = start_driver(engine);
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(engine.capabilities(dark))
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("the browser starts");
        let id = client.session_id().await.ok().flatten().unwrap_or_default();
        Self { client, id, driver, port }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // Killed outright, chromedriver ends its browser, but geckodriver leaves its own behind; so it is told first. It answers
        // when the browser has gone.
        if let Ok(mut driver) = TcpStream::connect(("127.0.0.1", self.port)) {
            let request = format!(
                "DELETE /session/{} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n",
                self.id, self.port
            );
            let _ = driver.set_read_timeout(Some(Duration::from_secs(10)));
            let _ = driver.write_all(request.as_bytes()).and_then(|()| driver.read(&mut [0; 64]));
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

fn start_driver(engine: Engine) -> (Child, u16) {
    // Between choosing a free port and opening it, somebody else may take it; then it ends at once.
    for _ in 0..5 {
        let mut driver = engine
            .driver()
            .spawn()
            .expect("the driver is installed (Debian's chromium-driver, or geckodriver for Firefox)");
        if let Some(port) = announced_port(engine, &mut driver) {
            return (driver, port);
        }
        // It has ended by itself.
        let _ = driver.wait();
    }
    panic!("the driver of {engine:?} did not start");
}

fn announced_port(engine: Engine, driver: &mut Child) -> Option<u16> {
    let mut lines = BufReader::new(driver.stdout.take()?).lines().map_while(Result::ok);
    let port = lines.find_map(|line| engine.port_in(&line))?;
    // Firefox writes there too, and would wait for ever once nobody reads.
    std::thread::spawn(move || lines.for_each(drop));
    Some(port)
}
