//! Somebody with a browser's cookies, over HTTP and WebSocket.

use std::fmt;
use std::sync::Arc;

use reqwest::cookie::{CookieStore as _, Jar};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Error as SocketError;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use uuid::Uuid;

pub(crate) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) id: String,
    base: String,
    http: Client,
    cookies: Arc<Jar>,
}

/// Why the walk ended early.
pub(crate) struct Failed {
    what: String,
    pub(crate) status: Option<u16>,
}

impl Person {
    pub(crate) async fn register(base: &str, role: &str, name: &str) -> Result<Self, Failed> {
        let cookies = Arc::new(Jar::default());
        let http =
            Client::builder().cookie_provider(Arc::clone(&cookies)).redirect(Policy::none()).build()?;
        let mut person =
            Self { name: name.to_owned(), id: String::new(), base: base.to_owned(), http, cookies };
        let phone = random_phone();
        let account = json!({ "role": role, "name": name, "phone": phone, "password": "walking the way" });
        let (status, me) = person.post("/api/register/", &account).await?;
        expect("registration", 201, status)?;
        person.id = me["id"].as_str().unwrap_or_default().to_owned();
        Ok(person)
    }

    pub(crate) async fn get(&self, path: &str) -> Result<(u16, Value), Failed> {
        answer(self.http.get(format!("{}{path}", self.base))).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Result<(u16, Value), Failed> {
        answer(self.http.post(format!("{}{path}", self.base)).json(body)).await
    }

    pub(crate) async fn contact(&self, room: &str) -> Result<(u16, Value), Failed> {
        self.get(&format!("/api/rooms/{room}/contact/")).await
    }

    /// Goes where eSewa sends the browser.
    pub(crate) async fn follow(&self, url: &str) -> Result<(u16, Value), Failed> {
        answer(self.http.get(url)).await
    }

    /// A WebSocket with this person's session.
    pub(crate) async fn socket(&self, path: &str) -> Result<Socket, Failed> {
        let mut request = format!("{}{path}", self.base.replacen("http", "ws", 1)).into_client_request()?;
        let url = self.base.parse().map_err(|_| Failed::new("the server's address is no URL"))?;
        if let Some(cookies) = self.cookies.cookies(&url) {
            request.headers_mut().insert("cookie", cookies);
        }
        let origin = url.origin().ascii_serialization();
        request.headers_mut().insert("origin", origin.parse().map_err(|_| Failed::new("no origin"))?);
        Ok(connect_async(request).await?.0)
    }
}

async fn answer(request: RequestBuilder) -> Result<(u16, Value), Failed> {
    let response = request.send().await?;
    let status = response.status().as_u16();
    Ok((status, serde_json::from_str(&response.text().await?).unwrap_or_default()))
}

pub(crate) fn expect(what: &str, expected: u16, found: u16) -> Result<(), Failed> {
    match expected == found {
        true => Ok(()),
        false => Err(Failed::new(format!("{what}: expected {expected}, found {found}"))),
    }
}

/// Ten digits starting with 98, another one for each account.
#[expect(clippy::disallowed_methods, reason = "an example may draw its own random numbers")]
fn random_phone() -> String {
    format!("98{:08}", Uuid::new_v4().as_u128() % 100_000_000)
}

impl Failed {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), status: None }
    }
}

impl fmt::Debug for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl From<reqwest::Error> for Failed {
    fn from(error: reqwest::Error) -> Self {
        let hint = if error.is_connect() { " (is the server running? `cargo run --release`)" } else { "" };
        Self::new(format!("{error}{hint}"))
    }
}

impl From<SocketError> for Failed {
    fn from(error: SocketError) -> Self {
        let status = match &error {
            SocketError::Http(response) => Some(response.status().as_u16()),
            _ => None,
        };
        Self { what: error.to_string(), status }
    }
}
