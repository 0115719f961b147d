//! RFC 9457 problem details, with everything a program needs to pay.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::request::Parts;
use serde_json::{Map, Value, json};

use super::{Refusal, Render, RenderError, Terms, Way};
use crate::model::Offer;

/// Answers in `application/problem+json`. `docs/refusal.schema.json` of this crate describes the bodies.
///
/// The 402 says what is locked, what unlocks it and for how long, and in `accepts` how to pay. Its fields are
/// named as x402 names them, so that its clients can read the price; it is not x402, and no header says so.
#[derive(Debug, Clone)]
pub struct ProblemJson {
    problem_base: Arc<str>,
}

impl Default for ProblemJson {
    fn default() -> Self {
        Self { problem_base: "urn:paygate:problem:".into() }
    }
}

impl ProblemJson {
    /// Problems whose `type` is this and their name: `https://rooms.example/problems/` and
    /// `payment-required`.
    #[must_use]
    pub fn with_problem_base(mut self, problem_base: &str) -> Self {
        self.problem_base = problem_base.into();
        self
    }

    pub(super) fn answer(&self, parts: &Parts, refusal: &Refusal, terms: &Terms) -> http::Response<Bytes> {
        let body = Value::Object(self.body(parts, refusal, terms)).to_string();
        let mut answer = http::Response::new(Bytes::from(body));
        answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        answer
    }

    fn body(&self, parts: &Parts, refusal: &Refusal, terms: &Terms) -> Map<String, Value> {
        let name = refusal.code().replace('_', "-");
        let mut body = Map::new();
        let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
        put("type", format!("{}{name}", self.problem_base).into());
        put("title", refusal.title().into());
        put("status", refusal.status().as_u16().into());
        put("detail", refusal.detail().into());
        // Without the query, in which a client may have put anything.
        put("instance", parts.uri.path().into());
        put("code", refusal.code().into());
        match refusal {
            Refusal::PaymentRequired { offer } => {
                put("resource", json!({ "id": offer.resource }));
                body.extend(terms.members(offer));
            }
            Refusal::InProgress { payment, resource } => {
                put("resource", json!({ "id": resource }));
                put("payment", payment.as_str().into());
            }
            Refusal::SignIn | Refusal::Forbidden | Refusal::NotFound | Refusal::Unavailable => {}
        }
        body
    }
}

impl Terms {
    /// What a 402's problem says of how to pay for `offer`: `accepts`, `grant`, and `challengeId` where the offer is
    /// bound. For hosts that write their own problems.
    pub fn members(&self, offer: &Offer) -> Map<String, Value> {
        let mut members = Map::new();
        members.insert("grant".to_owned(), grant(offer));
        if let Some(challenge) = self.ways.first().and_then(|way| way.challenge.as_ref()) {
            members.insert("challengeId".to_owned(), challenge.id.clone().into());
        }
        let accepts = self.ways.iter().map(|way| accept(way, offer, self)).collect();
        members.insert("accepts".to_owned(), accepts);
        members
    }
}

impl Render for ProblemJson {
    fn render(
        &self,
        parts: &Parts,
        refusal: &Refusal,
        terms: &Terms,
    ) -> Result<http::Response<Bytes>, RenderError> {
        Ok(self.answer(parts, refusal, terms))
    }
}

fn grant(offer: &Offer) -> Value {
    match offer.grant_for {
        None => json!({ "permanent": true }),
        Some(time) => json!({ "permanent": false, "for": time }),
    }
}

fn accept(way: &Way, offer: &Offer, terms: &Terms) -> Value {
    let mut accept = json!({
        "scheme": "hosted-redirect",
        "network": way.network(offer),
        "amount": offer.price.minor.to_string(),
        "asset": offer.price.currency.code(),
        "decimals": offer.price.currency.decimals(),
        "payTo": way.checkout.payee,
        "start": { "method": "POST", "href": way.checkout.start, "headers": ["Idempotency-Key"] },
        "extra": { "display": offer.price.to_string(), "provider": way.checkout.provider },
    });
    if let Some(challenge) = &way.challenge {
        accept["extra"]["challenge"] = challenge.to_string().into();
    }
    if let Some(seconds) = terms.offer_ttl_s {
        accept["maxTimeoutSeconds"] = seconds.into();
    }
    accept
}
