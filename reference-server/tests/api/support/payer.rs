//! Somebody at eSewa: the emulator's form, and its control routes.

use reqwest::{Client, redirect};
use serde_json::{Value, json};
use url::Url;

pub struct Payer {
    emulator: Url,
    http: Client,
}

impl Payer {
    pub fn new(emulator: Url) -> Self {
        let http = Client::builder().redirect(redirect::Policy::none()).build().expect("a client");
        Self { emulator, http }
    }

    /// Posts the signed form as a browser would; eSewa takes it and shows its payment page.
    pub async fn post_form(&self, intent: &Value) {
        let fields = intent["esewa"]["fields"].as_object().expect("fields");
        let form: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str().expect("text"))).collect();
        let url = intent["esewa"]["url"].as_str().expect("a URL");
        let answer = self.http.post(url).form(&form).send().await.expect("an answer");
        assert_eq!(answer.status(), 302, "{}", answer.text().await.unwrap_or_default());
    }

    /// Lets the payment end one way; where eSewa sends the browser.
    pub async fn end(&self, intent: &Value, outcome: &str) -> String {
        let id = intent["transaction_id"].as_str().expect("an id");
        let answer = self.control("pay", &json!({ "transaction_uuid": id, "outcome": outcome })).await;
        answer["redirect_url"].as_str().unwrap_or_default().to_owned()
    }

    /// Posts the form and pays; where eSewa sends the browser.
    pub async fn pay(&self, intent: &Value) -> String {
        self.post_form(intent).await;
        let url = self.end(intent, "complete").await;
        assert!(!url.is_empty(), "a paid payment has a way back");
        url
    }

    /// Makes the emulator misbehave.
    pub async fn fault(&self, route: &str, fault: &str, times: u32) {
        self.control("faults", &json!({ "route": route, "fault": fault, "times": times })).await;
    }

    /// Lets the next answer about a payment's status take its time.
    pub async fn slow_status_ms(&self, delay_ms: u64) {
        let fault = json!({ "route": "status", "fault": "slow", "times": 1, "delay_ms": delay_ms });
        self.control("faults", &fault).await;
    }

    /// How often the status of a payment was asked.
    pub async fn asked(&self, transaction_id: &str) -> usize {
        let url = self.emulator.join("/_sandbox/requests").expect("a URL");
        let answer = self.http.get(url).send().await.expect("an answer").text().await.expect("text");
        let requests: Value = serde_json::from_str(&answer).expect("JSON");
        let requests = requests.as_array().or_else(|| requests["requests"].as_array()).expect("a list");
        requests
            .iter()
            .filter(|r| r.to_string().contains("status") && r.to_string().contains(transaction_id))
            .count()
    }

    async fn control(&self, route: &str, body: &Value) -> Value {
        let url = self.emulator.join(&format!("/_sandbox/{route}")).expect("a URL");
        let answer = self.http.post(url).json(body).send().await.expect("an answer");
        let status = answer.status();
        let text = answer.text().await.expect("text");
        assert!(status.is_success(), "{route}: {status} {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }
}
