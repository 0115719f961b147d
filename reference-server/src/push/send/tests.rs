//! What a push service's answer means, and what is never dialled.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Mutex;

use async_trait::async_trait;
use axum::extract::State;
use axum::http::{HeaderValue, Request};
use axum::response::{IntoResponse as _, Response};
use axum::{Router, body};
use tokio::net::TcpListener;

use super::*;
use crate::push::guard::HostPattern;
use crate::push::key::VapidKey;

/// A push service of our own: it writes down what comes, and answers as it was told.
struct Service {
    url: Url,
    script: Arc<Script>,
}

#[derive(Default)]
struct Script {
    answer: Mutex<(u16, Option<String>)>,
    got: Mutex<Vec<(HeaderMap, Vec<u8>)>>,
}

impl Service {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        let script = Arc::new(Script::default());
        let routes = Router::new().fallback(answer).with_state(Arc::clone(&script));
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self { url, script }
    }

    fn sender(&self) -> Sender {
        sender(Some(self.url.clone()), Arc::new(crate::push::SystemLookup))
    }

    /// Sends once, to be answered so.
    async fn sent(&self, status: u16, retry_after: Option<&str>) -> Sent {
        *self.script.answer.lock().unwrap() = (status, retry_after.map(str::to_owned));
        let endpoint = self.url.join("push/1").unwrap();
        self.sender().send(endpoint.as_str(), "topic", b"sealed".to_vec(), noon()).await
    }

    fn count(&self) -> usize {
        self.script.got.lock().unwrap().len()
    }
}

async fn answer(State(script): State<Arc<Script>>, request: Request<body::Body>) -> Response {
    let (head, body) = request.into_parts();
    let body = body::to_bytes(body, 8_192).await.unwrap().to_vec();
    script.got.lock().unwrap().push((head.headers, body));
    let (status, retry_after) = script.answer.lock().unwrap().clone();
    let mut answer = StatusCode::from_u16(status).unwrap().into_response();
    if let Some(value) = retry_after {
        // In this order: a redirect that is followed would come back here.
        let name = if status == 307 { http::header::LOCATION } else { http::header::RETRY_AFTER };
        answer.headers_mut().insert(name, HeaderValue::from_str(&value).unwrap());
    }
    answer
}

fn sender(test: Option<Url>, lookup: Arc<dyn Lookup>) -> Sender {
    let hosts = vec![HostPattern::parse("push.example").unwrap(), HostPattern::parse("localhost").unwrap()];
    let vapid = Vapid::new(VapidKey::new(&[7; 32]).unwrap(), None);
    Sender::new(PushServices::new(hosts, test), vapid, lookup).unwrap()
}

fn noon() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

#[tokio::test]
async fn request_is_what_the_rfcs_say() {
    let service = Service::start().await;
    assert_eq!(service.sent(201, None).await, Sent::Taken);
    let (headers, body) = service.script.got.lock().unwrap().pop().unwrap();
    let header = |name: &str| headers[name].to_str().unwrap().to_owned();
    assert_eq!(body, b"sealed");
    assert_eq!(
        (header("ttl"), header("urgency"), header("topic")),
        ("86400".into(), "high".into(), "topic".into())
    );
    assert_eq!(header("content-encoding"), "aes128gcm");
    assert!(header("authorization").starts_with("vapid t=ey"), "{}", header("authorization"));
    for absent in ["cookie", "referer", "origin"] {
        assert!(!headers.contains_key(absent), "{absent}");
    }
}

#[tokio::test]
async fn answers_mean_what_the_rfcs_say() {
    let service = Service::start().await;
    for (status, means) in [
        (200, Sent::Taken),
        (201, Sent::Taken),
        (202, Sent::Taken),
        (404, Sent::Gone),
        (410, Sent::Gone),
        (413, Sent::TooLong),
        (429, Sent::Later { retry_after_s: None }),
        (500, Sent::Later { retry_after_s: None }),
        (503, Sent::Later { retry_after_s: None }),
        (400, Sent::Refused { status: StatusCode::BAD_REQUEST }),
        (403, Sent::Refused { status: StatusCode::FORBIDDEN }),
    ] {
        assert_eq!(service.sent(status, None).await, means, "{status}");
    }
}

#[tokio::test]
async fn wait_that_a_service_asks_for_is_kept() {
    let service = Service::start().await;
    for (value, seconds) in [
        ("120", Some(120)),
        ("Mon, 23 Nov 2026 12:05:00 GMT", Some(300)),
        ("Mon, 23 Nov 2026 11:00:00 GMT", Some(0)),
        ("99999999999", Some(86_400)),
        ("soon", None),
        ("-5", None),
    ] {
        for status in [429, 503] {
            assert_eq!(
                service.sent(status, Some(value)).await,
                Sent::Later { retry_after_s: seconds },
                "{value}"
            );
        }
    }
}

#[tokio::test]
async fn redirect_is_not_followed() {
    let (service, elsewhere) = (Service::start().await, Service::start().await);
    let sent = service.sent(307, Some(elsewhere.url.as_str())).await;
    assert_eq!(sent, Sent::Refused { status: StatusCode::TEMPORARY_REDIRECT });
    assert_eq!((service.count(), elsewhere.count()), (1, 0));
}

#[tokio::test]
async fn service_that_is_not_there_is_asked_later() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/", free.local_addr().unwrap())).unwrap();
    drop(free);
    let sender = sender(Some(url.clone()), Arc::new(crate::push::SystemLookup));
    let sent = sender.send(url.as_str(), "topic", Vec::new(), noon()).await;
    assert_eq!(sent, Sent::Later { retry_after_s: None });
}

/// A resolver that leads a push service's name to this machine.
struct Rebound(SocketAddr, Mutex<usize>);

#[async_trait]
impl Lookup for Rebound {
    async fn lookup(&self, _: &str) -> io::Result<Vec<SocketAddr>> {
        *self.1.lock().unwrap() += 1;
        Ok(vec![self.0])
    }
}

#[tokio::test]
async fn name_that_leads_inside_is_not_dialled() {
    let service = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let rebound = Arc::new(Rebound(service.local_addr().unwrap(), Mutex::default()));
    let sender = sender(None, Arc::clone(&rebound) as _);
    let sent = sender.send("https://push.example/1", "topic", Vec::new(), noon()).await;
    assert_eq!(sent, Sent::Later { retry_after_s: None });
    assert!(*rebound.1.lock().unwrap() > 0, "it was looked up");
    // Nobody has come: whoever had would be in the listener's queue.
    let came =
        std::future::poll_fn(|context| std::task::Poll::Ready(service.poll_accept(context).is_ready())).await;
    assert!(!came, "a connection was made");
    // The name of this machine itself, by the system's own resolver.
    let sender = super::tests::sender(None, Arc::new(crate::push::SystemLookup));
    let sent = sender.send("https://localhost/1", "topic", Vec::new(), noon()).await;
    assert_eq!(sent, Sent::Later { retry_after_s: None });
}

#[tokio::test]
async fn public_one_of_two_addresses_is_dialled() {
    struct Both;
    #[async_trait]
    impl Lookup for Both {
        async fn lookup(&self, _: &str) -> io::Result<Vec<SocketAddr>> {
            let address = |ip: [u8; 4]| SocketAddr::from((Ipv4Addr::from(ip), 0));
            Ok(vec![address([127, 0, 0, 1]), address([8, 8, 8, 8]), address([10, 0, 0, 1])])
        }
    }
    use reqwest::dns::Resolve as _;
    let resolver = PublicAddresses(Arc::new(Both));
    let found: Vec<_> = resolver.resolve("push.example".parse().unwrap()).await.unwrap().collect();
    assert_eq!(found, [SocketAddr::from(([8, 8, 8, 8], 0))]);
}

#[tokio::test]
async fn endpoint_that_is_none_any_more_is_not_dialled() {
    let service = Service::start().await;
    let sender = sender(None, Arc::new(crate::push::SystemLookup));
    for endpoint in
        [service.url.as_str(), "https://evil.example/1", "https://push.example:8443/1", "nonsense"]
    {
        assert_eq!(sender.send(endpoint, "topic", Vec::new(), noon()).await, Sent::Forbidden, "{endpoint}");
    }
    assert_eq!(service.count(), 0);
}
