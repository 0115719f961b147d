//! An emulator on a real listener, and a browser for it.

use axum::extract::Request;
use axum::http::HeaderMap;
use axum::middleware::Next;
use esewa_client::sandbox::{Emulator, EmulatorConfig, Quirks};
use esewa_client::{CheckoutRequest, Client, Merchant, Order, TransactionUuid};
use reqwest::redirect::Policy;
use serde_json::Value;
use url::Url;

pub(crate) struct World {
    pub(crate) emulator: Emulator,
    pub(crate) merchant: Merchant,
    pub(crate) client: Client,
    pub(crate) browser: reqwest::Client,
    pub(crate) origin: Url,
}

/// What the browser was answered.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) http_status: u16,
    pub(crate) location: Option<String>,
    pub(crate) emulator: Option<String>,
    pub(crate) diagnosis: Option<String>,
    pub(crate) text: String,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(Quirks::default()).await
    }

    pub(crate) async fn with(quirks: Quirks) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin: Url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
        let emulator = Emulator::new(EmulatorConfig::new(origin.clone()).with_quirks(quirks));
        let router = emulator.router();
        tokio::spawn(async move { axum::serve(listener, router).await });
        let merchant = Merchant::sandbox(&origin);
        let client = Client::builder(merchant.clone()).backoff_ms(1).build().unwrap();
        let browser = reqwest::Client::builder().redirect(Policy::none()).build().unwrap();
        Self { emulator, merchant, client, browser, origin }
    }

    /// The same emulator at another origin, where each request gets there with other headers.
    pub(crate) async fn served_with(
        &self,
        change: impl Fn(&mut HeaderMap) + Clone + Send + Sync + 'static,
    ) -> Url {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
        let change = axum::middleware::from_fn(move |mut request: Request, next: Next| {
            change(request.headers_mut());
            next.run(request)
        });
        let router = self.emulator.router().layer(change);
        tokio::spawn(async move { axum::serve(listener, router).await });
        origin
    }

    pub(crate) fn request(&self, uuid: &str, amount: &str) -> CheckoutRequest {
        let back = |path: &str| format!("http://shop.example/{path}/{uuid}").parse().unwrap();
        let uuid = TransactionUuid::lenient(uuid).unwrap();
        CheckoutRequest::new(uuid, amount.parse().unwrap(), back("paid"), back("failed")).unwrap()
    }

    /// The fields of a rightly signed form.
    pub(crate) fn fields(&self, uuid: &str, amount: &str) -> Vec<(String, String)> {
        let form = self.merchant.checkout(&self.request(uuid, amount));
        form.fields().iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
    }

    /// Posts the signed form and gives the order to hold everything against.
    pub(crate) async fn book(&self, uuid: &str, amount: &str) -> Order {
        let seen = self.post("/api/epay/main/v2/form", &self.fields(uuid, amount)).await;
        assert_eq!(seen.http_status, 302, "{}", seen.text);
        self.request(uuid, amount).order()
    }

    pub(crate) async fn post(&self, path: &str, fields: &[(impl AsRef<str>, impl AsRef<str>)]) -> Seen {
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_ref(), value.as_ref())).collect();
        seen(self.browser.post(self.at(path)).form(&fields)).await
    }

    pub(crate) async fn get(&self, path: &str) -> Seen {
        seen(self.browser.get(self.at(path))).await
    }

    pub(crate) async fn control(&self, path: &str, body: Value) -> (u16, Value) {
        let seen = seen(self.browser.post(self.at(path)).json(&body)).await;
        (seen.http_status, serde_json::from_str(&seen.text).unwrap())
    }

    pub(crate) async fn pay(&self, uuid: &str, outcome: &str) -> Value {
        let body = serde_json::json!({ "transaction_uuid": uuid, "outcome": outcome });
        let (http_status, answer) = self.control("/_sandbox/pay", body).await;
        assert_eq!(http_status, 200, "{answer}");
        answer
    }

    pub(crate) fn at(&self, path: &str) -> Url {
        self.origin.join(path).unwrap()
    }
}

async fn seen(request: reqwest::RequestBuilder) -> Seen {
    let response = request.send().await.unwrap();
    let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    Seen {
        http_status: response.status().as_u16(),
        location: header("location"),
        emulator: header("x-esewa-emulator"),
        diagnosis: header("x-esewa-diagnosis"),
        text: response.text().await.unwrap(),
    }
}
