//! What a merchant answers eSewa's Token API: the documented answers are what the router gives.

use esewa_client::token::{
    Inquiry, RequestId, TakenPayment, TokenApi, TokenCredentials, TokenMerchant, TokenPayment, TokenRefusal,
};
use esewa_client::{Amount, SecretKey};
use serde_json::{Value, json};

use crate::{id, of_kind};

/// The merchant of eSewa's samples, who knows what the body of one of them says.
#[derive(Clone)]
struct Documented(Value);

impl Documented {
    fn amount(&self) -> Amount {
        self.0["amount"].to_string().parse().unwrap()
    }
}

impl TokenMerchant for Documented {
    async fn inquire(&self, request_id: &RequestId, _: Option<&str>) -> Result<Inquiry, TokenRefusal> {
        if self.0["request_id"] != request_id.as_str() {
            return Err(TokenRefusal::Unknown);
        }
        let properties = self.0["properties"].as_object().unwrap();
        let show = |inquiry: Inquiry, (name, text): (&String, &Value)| {
            inquiry.with_property(name, text.as_str().unwrap())
        };
        Ok(properties.iter().fold(Inquiry::new(self.amount()), show))
    }

    async fn take(&self, payment: &TokenPayment) -> Result<TakenPayment, TokenRefusal> {
        let reference_code = self.0["reference_code"].as_str().unwrap().to_owned();
        Ok(TakenPayment { request_id: payment.request_id.clone(), amount: payment.amount, reference_code })
    }

    async fn find(&self, _: &TokenPayment) -> Result<Option<TakenPayment>, TokenRefusal> {
        Ok(None)
    }
}

#[tokio::test]
async fn every_token_answer_is_given_as_documented() {
    for vector in of_kind("token-response") {
        let documented: Value = serde_json::from_str(vector["input"]["body"].as_str().unwrap()).unwrap();
        let mut given = answer(&documented).await;
        assert_eq!(given["response_code"], vector["expected"]["response_code"], "{}", id(&vector));
        // The sample leaves out the packages of a bill that has none.
        if let Some(packages) = given.as_object_mut().unwrap().remove("packages") {
            assert_eq!(packages, json!([]), "{}", id(&vector));
        }
        assert_eq!(given, documented, "{}", id(&vector));
    }
}

/// The router's answer to the call whose answer is documented.
async fn answer(documented: &Value) -> Value {
    let credentials = TokenCredentials::new("esewa", "word", "c2l4dGVlbiBieXRlcyBhbmQgdGhlbiBzb21l").unwrap();
    let key = SecretKey::new("a-signing-key-of-our-own").unwrap();
    let api = TokenApi::new(Documented(documented.clone()), credentials, key, || jiff::Timestamp::UNIX_EPOCH);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, api.router::<()>()).await });
    let timeout = std::time::Duration::from_secs(10);
    let http = reqwest::Client::builder().timeout(timeout).build().unwrap();
    let request = match documented.get("reference_code") {
        Some(_) => http.post(format!("{base}/payment")).json(&json!({
            "request_id": documented["request_id"], "amount": documented["amount"], "transaction_code": "000AAAA",
        })),
        None => http.get(format!("{base}/inquiry/12123122")),
    };
    let response = request.basic_auth("esewa", Some("word")).send().await.unwrap();
    serde_json::from_str(&response.text().await.unwrap()).unwrap()
}
