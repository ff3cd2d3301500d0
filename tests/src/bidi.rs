//! WebDriver BiDi, by which a driver also tells what happens in the browser: what Firefox has instead of Chromium's commands.

use fantoccini::Client;
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::{net::TcpStream, sync::Mutex};
use tokio_tungstenite::{WebSocketStream, client_async, tungstenite::Message};

/// A line to the browser beside that of the WebDriver session.
#[derive(Debug)]
pub(crate) struct Bidi(Mutex<Line>);

#[derive(Debug)]
struct Line {
    socket: WebSocketStream<TcpStream>,
    n_calls: u64,
    /// What the console has said and which files were not found, since somebody asked.
    heard: Vec<String>,
}

impl Bidi {
    /// Opens the line of this session.
    ///
    /// # Panics
    /// When the driver has none.
    pub(crate) async fn open(client: &Client) -> Self {
        let capabilities = client.capabilities();
        let address = capabilities.and_then(|capabilities| capabilities.get("webSocketUrl")).and_then(Value::as_str);
        let address = address.expect("a driver with WebDriver BiDi");
        let host = url::Url::parse(address).ok().and_then(|url| Some(format!("{}:{}", url.host_str()?, url.port()?)));
        let stream = TcpStream::connect(host.expect("an address with a port")).await.expect("the driver listens");
        let (socket, _) = client_async(address, stream).await.expect("the driver speaks WebSocket");
        let bidi = Self(Mutex::new(Line { socket, n_calls: 0, heard: Vec::new() }));
        bidi.call("session.subscribe", json!({ "events": ["log.entryAdded", "network.responseCompleted"] })).await;
        bidi
    }

    /// Makes the page of the window this large, in CSS pixels, on a screen of one device pixel to each.
    pub(crate) async fn resize(&self, client: &Client, width: u32, height: u32) {
        let window: String = client.window().await.expect("a window").into();
        let viewport = json!({ "width": width, "height": height });
        self.call(
            "browsingContext.setViewport",
            json!({ "context": window, "viewport": viewport, "devicePixelRatio": 1.0 }),
        )
        .await;
    }

    /// Everything heard since the last call.
    pub(crate) async fn heard(&self) -> Vec<String> {
        // What the driver has sent before its answer has come by then.
        self.call("session.status", json!({})).await;
        std::mem::take(&mut self.0.lock().await.heard)
    }

    async fn call(&self, method: &str, params: Value) -> Value {
        let mut line = self.0.lock().await;
        line.n_calls += 1;
        let id = line.n_calls;
        let message = json!({ "id": id, "method": method, "params": params }).to_string();
        line.socket.send(Message::text(message)).await.expect("the driver listens");
        loop {
            let message = line.socket.next().await.expect("the driver answers").expect("the driver answers");
            let Message::Text(text) = message else { continue };
            let message: Value = serde_json::from_str(&text).expect("the driver writes JSON");
            if message["id"].as_u64() == Some(id) {
                assert_eq!(message["type"], "success", "{method}: {message}");
                return message["result"].clone();
            }
            line.heard.extend(complaint(&message));
        }
    }
}

/// What an event has to say of a fault of the page.
fn complaint(event: &Value) -> Option<String> {
    let params = &event["params"];
    match event["method"].as_str()? {
        "log.entryAdded" => Some(format!("{}: {}", params["level"], params["text"])),
        "network.responseCompleted" => {
            let response = &params["response"];
            (response["status"].as_u64()? >= 400).then(|| format!("{}: {}", response["status"], response["url"]))
        }
        _ => None,
    }
}
