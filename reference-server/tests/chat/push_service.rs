//! A push service on this machine, and a browser that subscribes there.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::SecretKey;
use p256::elliptic_curve::sec1::ToSec1Point as _;
use reference_server::config::PushConfig;
use reference_server::push::PushServices;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::time::timeout;
use url::Url;

/// Above the lease of a server that was killed with a message in hand.
const PUSH_TIMEOUT_S: u64 = 90;

pub(crate) struct PushService {
    pub(crate) url: Url,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    got: Mutex<Vec<Got>>,
    answers: Mutex<Vec<(String, u16, Option<&'static str>)>>,
    arrived: Notify,
}

/// One message as it came.
#[derive(Clone)]
pub(crate) struct Got {
    /// The browser's name.
    pub(crate) browser: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl PushService {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared::default());
        let routes = Router::new().fallback(take).with_state(Arc::clone(&shared));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { url: format!("http://{address}/").parse().expect("a URL"), shared }
    }

    /// A configuration under which messages go here, so long after they were written.
    pub(crate) fn config(&self, after_ms: u64) -> PushConfig {
        let services = PushServices::new(Vec::new(), Some(self.url.clone()));
        PushConfig { services, contact: Some("mailto:push@rooms.example".to_owned()), after_ms }
    }

    /// What a browser of this name tells the server.
    pub(crate) fn subscription(&self, browser: &str) -> Value {
        let key = SecretKey::from_slice(&[9; 32]).expect("a key").public_key();
        let point = key.to_sec1_point(false);
        json!({
            "endpoint": self.endpoint(browser),
            "expirationTime": null,
            "keys": { "p256dh": URL_SAFE_NO_PAD.encode(point.as_bytes()), "auth": URL_SAFE_NO_PAD.encode([5; 16]) },
        })
    }

    pub(crate) fn endpoint(&self, browser: &str) -> String {
        self.url.join(&format!("push/{browser}")).expect("a URL").to_string()
    }

    /// The next message to this browser is answered so.
    pub(crate) fn answer_once(&self, browser: &str, status: u16, retry_after: Option<&'static str>) {
        self.shared.answers.lock().expect("answers").push((browser.to_owned(), status, retry_after));
    }

    /// Everything that came, once there is as much.
    pub(crate) async fn got(&self, count: usize) -> Vec<Got> {
        let waiting = async {
            loop {
                let arrived = self.shared.arrived.notified();
                let got = self.all();
                if got.len() >= count {
                    return got;
                }
                arrived.await;
            }
        };
        let came = timeout(Duration::from_secs(PUSH_TIMEOUT_S), waiting).await;
        came.unwrap_or_else(|_| panic!("{} of {count} messages came", self.all().len()))
    }

    pub(crate) fn all(&self) -> Vec<Got> {
        self.shared.got.lock().expect("got").clone()
    }
}

impl Got {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().expect("text")
    }
}

async fn take(State(shared): State<Arc<Shared>>, request: Request<Body>) -> Response {
    let (head, body) = request.into_parts();
    let browser = head.uri.path().trim_start_matches("/push/").to_owned();
    let body = to_bytes(body, 8_192).await.expect("a body").to_vec();
    let scripted = {
        let mut answers = shared.answers.lock().expect("answers");
        answers.iter().position(|(name, ..)| *name == browser).map(|at| answers.remove(at))
    };
    shared.got.lock().expect("got").push(Got { browser, headers: head.headers, body });
    shared.arrived.notify_waiters();
    let (_, status, retry_after) = scripted.unwrap_or((String::new(), 201, None));
    let mut answer = StatusCode::from_u16(status).expect("a status").into_response();
    if let Some(value) = retry_after {
        answer.headers_mut().insert("retry-after", HeaderValue::from_static(value));
    }
    answer
}
