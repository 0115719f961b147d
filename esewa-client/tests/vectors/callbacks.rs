//! Callbacks: genuine, lost in publishing, forged, and bent on their way.

use base64::Engine as _;
use esewa_client::{
    CallbackError, Environment, Merchant, ProductCode, RawCallback, SecretKey, VerifiedCallback,
};
use serde_json::Value;

use crate::{id, of_kind};

#[test]
fn every_callback_gets_its_verdict() {
    let mut counts = [0, 0];
    for vector in of_kind("callback").into_iter().chain(of_kind("callback-forgery")) {
        let result = verdict(&vector);
        if vector["expected"]["valid"] == true {
            let verified = result.unwrap_or_else(|error| panic!("{}: {error}", id(&vector)));
            assert_says_what_is_expected(&verified, &vector);
            counts[0] += 1;
        } else {
            assert_eq!(result.unwrap_err(), why_not(&vector), "{}", id(&vector));
            counts[1] += 1;
        }
    }
    assert_eq!(counts, [28, 9]);
}

#[test]
fn every_way_a_callback_travels_is_survived() {
    for vector in of_kind("callback-transport") {
        let input = &vector["input"];
        let raw = match (input["data"].as_str(), input["url"].as_str()) {
            (Some(data), _) => RawCallback::from_data(data),
            (None, Some(url)) => RawCallback::from_query(url.split_once('?').unwrap().1),
            (None, None) => panic!("{} carries nothing", id(&vector)),
        };
        let verified = Merchant::test().verify_callback(raw.unwrap()).unwrap();
        if let Some(pid) = vector["expected"]["pid"].as_str() {
            assert_eq!(verified.transaction_uuid().as_str(), pid, "{}", id(&vector));
        }
    }
}

#[test]
fn a_foreign_merchant_does_not_take_our_callbacks() {
    let other = ProductCode::new("NP-ES-OTHER").unwrap();
    let merchant = Merchant::new(Environment::Test, other, SecretKey::test()).unwrap();
    for vector in of_kind("callback").iter().filter(|vector| vector["expected"]["valid"] == true) {
        let error = merchant.verify_callback(raw(&vector["input"]).unwrap()).unwrap_err();
        assert_eq!(error, CallbackError::ForeignProduct, "{}", id(vector));
    }
}

/// What this crate says of a callback, under the published test key.
pub(crate) fn verdict(vector: &Value) -> Result<VerifiedCallback, CallbackError> {
    Merchant::test().verify_callback(raw(&vector["input"])?)
}

fn raw(input: &Value) -> Result<RawCallback, CallbackError> {
    if let Some(data) = input["data"].as_str() {
        return RawCallback::from_data(data);
    }
    let json = serde_json::to_string(&input["json"]).unwrap();
    RawCallback::from_data(&base64::engine::general_purpose::STANDARD.encode(json))
}

fn assert_says_what_is_expected(verified: &VerifiedCallback, vector: &Value) {
    let expected = &vector["expected"];
    let amount = expected["total_amount_decimal"].as_str().unwrap().parse().unwrap();
    assert_eq!(verified.total_amount(), amount, "{}", id(vector));
    assert_eq!(verified.transaction_uuid().as_str(), expected["transaction_uuid"], "{}", id(vector));
    let message = expected["message"].as_str().unwrap();
    let code = format!("transaction_code={},", verified.transaction_code().as_str());
    assert!(message.starts_with(&code), "{}", id(vector));
    assert!(verified.status().is_paid(), "{}", id(vector));
}

/// Each refused entry by its own reason, so that none is refused for another's.
fn why_not(vector: &Value) -> CallbackError {
    match id(vector) {
        // Printed with a letter lost from its Base64, which leaves a length that Base64 cannot have whole.
        "v033" => CallbackError::Malformed("it is not Base64"),
        // The payer's own form signature, shown as if it were that of a payment.
        "v048" | "v049" => CallbackError::Unsigned("transaction_code"),
        // Signed under a key that its merchant keeps (v021); published with a digit lost, a letter too
        // much, an id shortened by dots (v024, v029, v031); an amount and an id changed (v050, v051).
        "v021" | "v024" | "v029" | "v031" | "v050" | "v051" => CallbackError::InvalidSignature,
        other => panic!("{other} is refused for no known reason"),
    }
}
