//! Somebody with a browser's cookies who follows no redirect unasked.

use futures_util::StreamExt as _;
use reqwest::cookie::{CookieStore as _, Jar};
use reqwest::{Client, RequestBuilder, Response, StatusCode, redirect};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message, handshake};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

pub type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

pub struct Person {
    pub id: String,
    pub phone: String,
    base: String,
    http: Client,
    jar: Arc<Jar>,
}

impl Person {
    pub fn new(base: String) -> Self {
        let jar = Arc::new(Jar::default());
        let http = Client::builder().cookie_provider(Arc::clone(&jar)).redirect(redirect::Policy::none());
        let http = http.build().expect("a client");
        Self { id: String::new(), phone: String::new(), base, http, jar }
    }

    /// The same browser, after the server moved to another port.
    pub fn move_to(&mut self, base: &str) {
        let (old, new) = (self.base.parse().expect("a URL"), base.parse().expect("a URL"));
        if let Some(cookies) = self.jar.cookies(&old) {
            for cookie in cookies.to_str().expect("text").split("; ") {
                self.jar.add_cookie_str(cookie, &new);
            }
        }
        self.base = base.to_owned();
    }

    /// What the browser sends in `Cookie`.
    pub fn cookie(&self) -> String {
        let base = self.base.parse().expect("a URL");
        self.jar.cookies(&base).map_or_else(String::new, |value| value.to_str().expect("text").to_owned())
    }

    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method = method.parse().expect("a method");
        self.http.request(method, format!("{}{path}", self.base))
    }

    pub async fn get(&self, path: &str) -> (StatusCode, Value) {
        read(self.request("GET", path)).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        read(self.request("POST", path).json(body)).await
    }

    pub async fn send(&self, method: &str, path: &str, body: &Value) -> (StatusCode, Value) {
        read(self.request(method, path).json(body)).await
    }

    /// Starts paying for a room; the intent.
    pub async fn start_payment(&self, room: &str) -> Value {
        let (status, intent) = self.post("/create-payment-intent/", &json!({ "room_id": room })).await;
        assert_eq!(status, 201, "{intent}");
        intent
    }

    /// What the browser does when eSewa sends it back; the status and where it is sent on to.
    pub async fn follow(&self, url: &str) -> (StatusCode, String) {
        let answer = self.http.get(url).header("accept", "text/html").send().await.expect("an answer");
        let location = answer.headers().get("location").map(|value| value.to_str().expect("text").to_owned());
        (answer.status(), location.unwrap_or_default())
    }

    /// What a program does with the address that eSewa sends the browser to.
    pub async fn follow_as_program(&self, url: &str) -> (StatusCode, Value) {
        read(self.http.get(url).header("accept", "application/json")).await
    }

    /// Goes where eSewa sends the browser, and hangs up before the answer; whether it was so.
    pub async fn hang_up_after_ms(&self, url: &str, ms: u64) -> bool {
        self.http.get(url).timeout(std::time::Duration::from_millis(ms)).send().await.is_err()
    }

    pub async fn contact_status(&self, room: &str) -> StatusCode {
        self.get(&format!("/api/rooms/{room}/contact/")).await.0
    }

    /// Opens a WebSocket with this person's cookie, or tells the refusal's status.
    pub async fn socket(&self, path: &str) -> Result<Socket, StatusCode> {
        self.socket_from(path, Some(&self.base)).await
    }

    pub async fn socket_from(&self, path: &str, origin: Option<&str>) -> Result<Socket, StatusCode> {
        let url = format!("{}{path}", self.base.replacen("http", "ws", 1));
        let mut request: handshake::client::Request = url.into_client_request().expect("a request");
        let base = self.base.parse().expect("a URL");
        if let Some(cookies) = self.jar.cookies(&base) {
            request.headers_mut().insert("cookie", cookies);
        }
        if let Some(origin) = origin {
            request.headers_mut().insert("origin", origin.parse().expect("an origin"));
        }
        match connect_async(request).await {
            Ok((socket, _)) => Ok(socket),
            Err(Error::Http(answer)) => Err(answer.status()),
            Err(error) => panic!("no answer to the upgrade: {error}"),
        }
    }
}

/// The next JSON frame of a socket; pings are answered on the way.
pub async fn next_frame(socket: &mut Socket) -> Value {
    loop {
        match socket.next().await.expect("an open socket").expect("a frame") {
            Message::Text(text) => return serde_json::from_str(&text).expect("JSON"),
            Message::Ping(_) | Message::Pong(_) => {}
            other => panic!("not a text frame: {other:?}"),
        }
    }
}

/// The code that the server closes a socket with.
pub async fn close_code(socket: &mut Socket) -> u16 {
    loop {
        if let Message::Close(frame) = socket.next().await.expect("a close frame").expect("a frame") {
            return frame.expect("a code").code.into();
        }
    }
}

pub async fn read(request: RequestBuilder) -> (StatusCode, Value) {
    let answer = request.send().await.expect("an answer");
    (answer.status(), json_of(answer).await)
}

/// The body as JSON, null without a body. Errors must be problems with the status in them.
pub async fn json_of(answer: Response) -> Value {
    let status = answer.status();
    let content_type = answer.headers().get("content-type").cloned();
    let text = answer.text().await.expect("a body");
    if text.is_empty() {
        return Value::Null;
    }
    let body: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("not JSON ({status}): {text}"));
    if status.is_client_error() || status.is_server_error() {
        assert_eq!(content_type.expect("a type"), "application/problem+json", "{body}");
        assert_eq!(body["status"], status.as_u16(), "{body}");
        for member in ["type", "title", "detail", "code"] {
            assert!(body[member].is_string(), "{member} is missing: {body}");
        }
    }
    body
}
