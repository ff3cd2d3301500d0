//! A real browser at the built page: a server for `dist/`, a window, and what the tests do with them.

use std::{
    env, fs,
    path::{Component, Path, PathBuf},
    sync::OnceLock,
    time::Duration,
};

use fantoccini::{
    Client,
    actions::{InputSource, KeyAction, KeyActions, MouseActions, PointerAction, TouchActions},
    wd::WebDriverCompatibleCommand,
};
use http_body_util::Full;
use hyper::{
    Request, Response,
    body::{Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};

use crate::{
    bidi::Bidi,
    engine::{Engine, Session},
};

/// How long a page may take to show what a test waits for. Generous: test machines are slow and busy.
const PATIENCE: Duration = Duration::from_secs(30);

/// A browser window at the built page. Each has a fresh profile.
#[derive(Debug)]
pub struct Page {
    /// The WebDriver session.
    pub client: Client,
    /// By what the engine does what WebDriver has no words for.
    side: Side,
    _session: Session,
}

/// What a driver has beside WebDriver.
#[derive(Debug)]
enum Side {
    /// Commands of Chromium's own.
    Chromium,
    /// WebDriver BiDi.
    // Boxed: Chromium has nothing to hold.
    Firefox(Box<Bidi>),
}

impl Page {
    /// Opens a window of this size in CSS pixels. `dark` is what the system is said to prefer.
    ///
    /// # Panics
    /// When there is no built page, no driver, or no browser: then nothing can be tested.
    pub async fn open(fragment: &str, width: u32, height: u32, dark: bool) -> Self {
        let page = Self::window(width, height, dark).await;
        page.go(fragment).await;
        page
    }

    /// Opens a window of this size at one of the pages of `tests/hosts`, which have exhibits in them.
    ///
    /// # Panics
    /// As [`Page::open`].
    pub async fn open_host(path: &str, width: u32, height: u32) -> Self {
        Self::open_address(&format!("{}/hosts/{path}", origin()), width, height).await
    }

    /// Opens a window of this size at another page of the built site, such as `slides/reveal.html`.
    ///
    /// # Panics
    /// As [`Page::open`].
    pub async fn open_beside(path: &str, width: u32, height: u32) -> Self {
        Self::open_address(&format!("{}/{path}", origin()), width, height).await
    }

    /// Opens a window of this size at a page that comes from the disk and from no server; `fragment` may be empty.
    ///
    /// # Panics
    /// As [`Page::open`], and when the path is not absolute.
    pub async fn open_file(file: &Path, fragment: &str, width: u32, height: u32) -> Self {
        let mut address = url::Url::from_file_path(file).expect("an absolute path");
        address.set_fragment((!fragment.is_empty()).then(|| fragment.trim_start_matches('#')));
        Self::open_address(address.as_str(), width, height).await
    }

    async fn open_address(address: &str, width: u32, height: u32) -> Self {
        let page = Self::window(width, height, false).await;
        page.client.goto(address).await.expect("the page opens");
        page
    }

    /// A window with nothing in it, in the engine of this run.
    async fn window(width: u32, height: u32, dark: bool) -> Self {
        let engine = Engine::of_this_run();
        let session = Session::start(engine, dark).await;
        let client = session.client.clone();
        let side = match engine {
            Engine::Chromium => Side::Chromium,
            Engine::Firefox => Side::Firefox(Box::new(Bidi::open(&session.client).await)),
        };
        let page = Self { client, side, _session: session };
        page.resize(width, height).await;
        page
    }

    /// Makes the page this large, in CSS pixels; a window alone cannot be made as narrow as a phone.
    pub async fn resize(&self, width: u32, height: u32) {
        match &self.side {
            Side::Chromium => {
                let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
                self.cdp("Emulation.setDeviceMetricsOverride", metrics).await;
            }
            Side::Firefox(bidi) => bidi.resize(&self.client, width, height).await,
        }
    }

    /// Loads the page anew at this fragment and waits until it is drawn.
    ///
    /// # Panics
    /// When the page does not come.
    pub async fn go(&self, fragment: &str) {
        // Without leaving the page, a change of the fragment alone would not load it anew.
        self.client.goto("about:blank").await.expect("an empty page opens");
        self.client.goto(&format!("{}/{fragment}", origin())).await.expect("the page opens");
        self.until("return !!document.querySelector('main') || !!document.querySelector('.crash')").await;
        if fragment.contains("#/") && fragment.len() > 3 {
            self.until(
                "const c = document.querySelector('canvas'); \
                 return c ? Number(c.dataset.draws) > 0 : !!document.querySelector('.contents, .bench, .crash')",
            )
            .await;
        }
    }

    /// The value of a script's `return`.
    ///
    /// # Panics
    /// When the script fails.
    pub async fn eval(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// A script's text.
    pub async fn text(&self, script: &str) -> String {
        let value = self.eval(script).await;
        value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned)
    }

    /// A script's number.
    ///
    /// # Panics
    /// When it is none.
    pub async fn number(&self, script: &str) -> f64 {
        let value = self.eval(script).await;
        value.as_f64().unwrap_or_else(|| panic!("{script} gave {value}"))
    }

    /// Waits until a script returns something true.
    ///
    /// # Panics
    /// When that does not happen in time.
    pub async fn until(&self, script: &str) {
        let tries = PATIENCE.as_millis() / 50;
        for _ in 0..tries {
            if self.eval(script).await.as_bool() == Some(true) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let seen = self.text("return document.body.innerText.slice(0, 600)").await;
        panic!("waited in vain for: {script}\nthe page says: {seen}");
    }

    /// Drags with the mouse from one point to another, in CSS pixels of the page, in `steps` movements of 16 ms each.
    ///
    /// # Panics
    /// When the browser refuses.
    pub async fn drag(&self, from: [f64; 2], to: [f64; 2], steps: u32) {
        let move_to = |point: [f64; 2]| PointerAction::MoveTo {
            duration: Some(Duration::from_millis(16)),
            x: point[0],
            y: point[1],
        };
        let mut mouse = MouseActions::new("mouse".to_owned())
            .then(move_to(from))
            .then(PointerAction::Down { button: fantoccini::actions::MOUSE_BUTTON_LEFT });
        for step in 1..=steps {
            let share = f64::from(step) / f64::from(steps);
            mouse = mouse.then(move_to([from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])]));
        }
        mouse = mouse.then(PointerAction::Up { button: fantoccini::actions::MOUSE_BUTTON_LEFT });
        self.client.perform_actions(mouse).await.expect("the mouse moves");
    }

    /// Lets the page read and write the clipboard without asking. Firefox does so from the start.
    pub async fn allow_clipboard(&self) {
        if let Side::Chromium = self.side {
            let permissions = json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
            self.cdp("Browser.grantPermissions", permissions).await;
        }
    }

    /// Makes the window one that is touched. Its layout may change, so measure afterwards. Firefox is touched without it.
    pub async fn enable_touch(&self) {
        if let Side::Chromium = self.side {
            self.cdp("Emulation.setTouchEmulationEnabled", json!({ "enabled": true })).await;
        }
    }

    /// Drags with a finger from one point to another, in CSS pixels of the page.
    ///
    /// # Panics
    /// When the browser refuses.
    pub async fn touch_drag(&self, from: [f64; 2], to: [f64; 2], steps: u32) {
        let on_the_way = (1..=steps).map(|step| {
            let share = f64::from(step) / f64::from(steps);
            [0, 1].map(|i| from[i] + share * (to[i] - from[i]))
        });
        if let Side::Firefox(_) = self.side {
            let move_to = |[x, y]: [f64; 2]| PointerAction::MoveTo { duration: Some(Duration::from_millis(16)), x, y };
            let down = PointerAction::Down { button: fantoccini::actions::MOUSE_BUTTON_LEFT };
            let up = PointerAction::Up { button: fantoccini::actions::MOUSE_BUTTON_LEFT };
            let finger = TouchActions::new("finger".to_owned()).then(move_to(from)).then(down);
            let finger = on_the_way.map(move_to).fold(finger, TouchActions::then).then(up);
            self.client.perform_actions(finger).await.expect("the finger moves");
            return;
        }
        let touch = |kind: &'static str, point: Option<[f64; 2]>| {
            let points: Vec<Value> = point.iter().map(|[x, y]| json!({ "x": x, "y": y })).collect();
            self.cdp("Input.dispatchTouchEvent", json!({ "type": kind, "touchPoints": points }))
        };
        touch("touchStart", Some(from)).await;
        for point in on_the_way {
            touch("touchMove", Some(point)).await;
        }
        touch("touchEnd", None).await;
    }

    /// Moves the mouse to a point, in CSS pixels of the page.
    ///
    /// # Panics
    /// When the browser refuses.
    pub async fn hover(&self, at: [f64; 2]) {
        let step = PointerAction::MoveTo { duration: None, x: at[0], y: at[1] };
        self.client.perform_actions(MouseActions::new("mouse".to_owned()).then(step)).await.expect("the mouse moves");
    }

    /// Clicks a point, in CSS pixels of the page.
    pub async fn click(&self, at: [f64; 2]) {
        self.drag(at, at, 1).await;
    }

    /// Presses and releases keys one after the other, all of them while `modifiers` are held. Keys are WebDriver's codes.
    ///
    /// # Panics
    /// When the browser refuses.
    pub async fn press(&self, modifiers: &[char], keys: &[char]) {
        let mut actions = KeyActions::new("keys".to_owned());
        for &value in modifiers {
            actions = actions.then(KeyAction::Down { value });
        }
        for &value in keys {
            actions = actions.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        }
        for &value in modifiers {
            actions = actions.then(KeyAction::Up { value });
        }
        self.client.perform_actions(actions).await.expect("the keys are pressed");
    }

    /// Everything that was written to the console since the last call, one message an entry.
    ///
    /// # Panics
    /// When the driver has no log.
    pub async fn console(&self) -> Vec<String> {
        if let Side::Firefox(bidi) = &self.side {
            return bidi.heard().await;
        }
        let log = self.client.issue_cmd(Vendor { path: "se/log", body: json!({ "type": "browser" }) }).await;
        let entries = log.expect("chromedriver keeps a log");
        entries
            .as_array()
            .into_iter()
            .flatten()
            .map(|entry| format!("{}: {}", entry["level"], entry["message"]))
            .collect()
    }

    /// Panics when the console holds anything: an error, a warning, a file that was not found.
    ///
    /// # Panics
    /// See above.
    pub async fn assert_console_is_empty(&self) {
        let console = self.console().await;
        assert!(console.is_empty(), "the console says: {}", console.join("\n"));
    }

    /// Makes the page one that is printed (`print`), or that is looked at with these preferences of the system (`screen`).
    pub async fn emulate_media(&self, medium: &str, preferences: &[(&str, &str)]) {
        let features: Vec<Value> =
            preferences.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
        self.cdp("Emulation.setEmulatedMedia", json!({ "media": medium, "features": features })).await;
    }

    /// The page on paper of this size in inches, as a PDF in base64.
    ///
    /// # Panics
    /// When the browser does not print.
    pub async fn pdf(&self, [width, height]: [f64; 2]) -> String {
        let parameters = json!({ "paperWidth": width, "paperHeight": height, "preferCSSPageSize": false });
        let answer = self.cdp("Page.printToPDF", parameters).await;
        answer["data"].as_str().expect("a document").to_owned()
    }

    async fn cdp(&self, command: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        self.client.issue_cmd(Vendor { path: "goog/cdp/execute", body }).await.expect("the browser obeys")
    }

    /// Closes the window.
    pub async fn close(self) {
        // The session ends in any case.
        let _ = self.client.clone().close().await;
    }
}

/// Where the built page is served, started at the first call.
///
/// # Panics
/// When no port is free.
pub fn origin() -> &'static str {
    static ORIGIN: OnceLock<String> = OnceLock::new();
    ORIGIN.get_or_init(|| {
        let dist = dist();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let port = listener.local_addr().map_or(0, |address| address.port());
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime for the server").block_on(serve(listener, dist));
        });
        format!("http://127.0.0.1:{port}")
    })
}

/// Serves the folder until the test ends.
async fn serve(listener: std::net::TcpListener, dist: PathBuf) {
    listener.set_nonblocking(true).expect("a listener can be asynchronous");
    let listener = tokio::net::TcpListener::from_std(listener).expect("a listener can be asynchronous");
    while let Ok((stream, _)) = listener.accept().await {
        let dist = dist.clone();
        tokio::spawn(async move {
            let answer = service_fn(|request: Request<Incoming>| {
                let response = respond(&dist, request.uri().path());
                async move { Ok::<_, std::convert::Infallible>(response) }
            });
            // A browser that has gone away needs no answer.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await;
        });
    }
}

/// The file at this path.
fn respond(dist: &Path, path: &str) -> Response<Full<Bytes>> {
    let path = path.trim_start_matches('/');
    let path = Path::new(if path.is_empty() { "index.html" } else { path });
    let inside = path.components().all(|component| matches!(component, Component::Normal(_)));
    let kind = match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    };
    let file = match path.strip_prefix("hosts") {
        Ok(host) => Path::new(env!("CARGO_MANIFEST_DIR")).join("hosts").join(host),
        Err(_) => dist.join(path),
    };
    let (status, body) = match fs::read(file).ok().filter(|_| inside) {
        Some(bytes) => (200, bytes),
        None => (404, b"not found".to_vec()),
    };
    // A sandboxed frame is of no origin, so that it may read only what anybody may.
    let response = Response::builder().status(status).header("Content-Type", kind);
    let response = response.header("Access-Control-Allow-Origin", "*");
    response.body(Full::new(Bytes::from(body))).expect("a plain response")
}

/// The folder of the built page.
///
/// # Panics
/// When there is none.
pub fn dist() -> PathBuf {
    let folder = env::var_os("PIECEWISE_DIST")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist"), PathBuf::from);
    assert!(folder.join("index.html").is_file(), "{} holds no built page: run `cargo xtask build`", folder.display());
    folder
}

/// The file with all exhibits that needs no server.
///
/// # Panics
/// When there is none.
pub fn single_file() -> PathBuf {
    let file = dist().join("piecewise.html");
    assert!(file.is_file(), "{} is not there: run `cargo xtask single`", file.display());
    file.canonicalize().expect("it has a whole path")
}

/// A command of Chromium's own.
#[derive(Debug)]
struct Vendor {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Vendor {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.body.to_string()))
    }
}
