//! Published signatures, documented envelopes, and callbacks that somebody else made.

use serde_json::{Value, json};

use super::*;
use crate::ids::TransactionUuid;
use crate::order::Order;

const CALLBACK_NAMES: [&str; 5] = ["product_code", "amount", "reference_code", "correlation_id", "status"];

fn order(amount: &str) -> Order {
    Order {
        transaction_uuid: TransactionUuid::new("txn-20260610-768ce97e-4ec0-42db-bc77-8839a76b6817").unwrap(),
        total_amount: amount.parse().unwrap(),
    }
}

fn booked() -> BookedIntent {
    BookedIntent {
        order: order("1000"),
        booking_id: IntentId::new("b-1").unwrap(),
        correlation_id: IntentId::new("c-1").unwrap(),
    }
}

fn request(amount: &str) -> IntentRequest {
    let url = |path: &str| format!("https://shop.example/{path}").parse().unwrap();
    IntentRequest::new(order(amount), url("hook"), url("back")).unwrap()
}

fn signature_of(body: &str) -> String {
    let body: Value = serde_json::from_str(body).unwrap();
    body["signature"].as_str().unwrap().to_owned()
}

/// A callback signed over `names` under the published key.
fn callback(names: &[&str], change: impl Fn(&mut Value)) -> RawIntentCallback {
    let mut body = json!({
        "product_code": "INTENT", "amount": "1000.0", "reference_code": "000H9AB",
        "correlation_id": "c-1", "status": "SUCCESS",
    });
    let pairs: Vec<(&str, String)> =
        names.iter().map(|name| (*name, body[*name].as_str().unwrap().to_owned())).collect();
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
    body["signed_field_names"] = names.join(",").into();
    body["signature"] = IntentMerchant::test().sign(&pairs).into();
    change(&mut body);
    RawIntentCallback::from_json(body.to_string().as_bytes()).unwrap()
}

#[test]
fn v045_the_access_key_signs_as_text() {
    let body = IntentMerchant::test().book_body(&request("1000"));
    assert_eq!(signature_of(&body), "/F5+UkG/iBlRrVj0IKqUE+sPWYwQLr+KPAzyB5JnQbI=");
}

#[test]
fn v046_an_amount_edited_after_signing_does_not_verify() {
    let body = IntentMerchant::test().book_body(&request("100"));
    assert_ne!(signature_of(&body), "/F5+UkG/iBlRrVj0IKqUE+sPWYwQLr+KPAzyB5JnQbI=");
}

#[test]
fn each_call_signs_its_documented_fields() {
    let merchant = IntentMerchant::test();
    let asked = request("1000").with_customer_id("7").unwrap().with_remarks("tea").unwrap();
    for (body, names) in [
        (merchant.book_body(&asked), "product_code,amount,transaction_uuid"),
        (merchant.status_body(&booked()), "booking_id,product_code,correlation_id"),
        (merchant.cancel_body(&booked()), "booking_id,product_code"),
    ] {
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(body["signed_field_names"], names);
        let pairs: Vec<(&str, &str)> =
            names.split(',').map(|name| (name, body[name].as_str().unwrap())).collect();
        assert_eq!(body["signature"].as_str().unwrap(), merchant.sign(&pairs));
    }
    assert!(merchant.book_body(&asked).contains(r#""properties":{"customer_id":"7","remarks":"tea"}"#));
    assert_eq!(
        merchant.status_url().as_str(),
        "https://rc-checkout.esewa.com.np/api/client/intent/payment/status"
    );
}

#[test]
fn a_booking_is_read_from_its_envelope() {
    let merchant = IntentMerchant::test();
    let good = json!({"code": "IP-201", "message": "Booked", "data": {
        "booking_id": "b-1", "deeplink": "https://rc-links.esewa.com.np/pay/b-1", "correlation_id": "c-1" }});
    let read = |body: &Value| merchant.read_booking(&order("1000"), body.to_string().as_bytes());
    assert_eq!(read(&good).unwrap().intent, booked());
    for (path, value) in [
        ("/data/booking_id", json!("a,product_code=B")),
        ("/data/correlation_id", json!(null)),
        ("/data/deeplink", json!("javascript:alert(1)")),
        ("/data", json!([])),
        ("/code", json!(null)),
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(path).unwrap() = value;
        assert!(matches!(read(&bad), Err(IntentBodyError::Malformed(_))), "{path}");
    }
}

#[test]
fn every_envelope_code_is_its_own_outcome() {
    let merchant = IntentMerchant::test();
    let read = |body: &str| merchant.read_status(body.as_bytes()).unwrap_err();
    let refused = |code: &str| IntentBodyError::Refused { code: code.to_owned() };
    assert_eq!(read(r#"{"code":"IP-400","error_message":"Bad"}"#), refused("IP-400"));
    assert_eq!(read(r#"{"code":"IP-999\n","data":{"status":"SUCCESS"}}"#), refused("IP-999"));
    assert_eq!(read(r#"{"code":"IP-410","message":"Done"}"#), IntentBodyError::AlreadyProcessed);
    assert_eq!(read(r#"{"code":0,"error_message":"Down"}"#), IntentBodyError::Outage);
    assert_eq!(read("<html>502</html>"), IntentBodyError::UnexpectedHtml);
    for body in ["", "{", "[]", r#"{"data":{"status":"SUCCESS"}}"#, r#"{"code":"IP-200"}"#] {
        assert!(matches!(read(body), IntentBodyError::Malformed(_)), "{body}");
    }
    let twice = r#"{"code":"IP-200","data":{"status":"FAILED"},"data":{"status":"SUCCESS"}}"#;
    assert!(matches!(read(twice), IntentBodyError::Malformed(_)));
    assert_eq!(merchant.read_cancellation(br#"{"code":"IP-210"}"#), Ok(Cancellation::Canceled));
    assert_eq!(merchant.read_cancellation(br#"{"code":"IP-410"}"#), Ok(Cancellation::AlreadyProcessed));
}

#[test]
fn only_the_own_booking_confirms_an_order() {
    let merchant = IntentMerchant::test();
    let confirm = |field: &str, value: Value| {
        let mut data = json!({
            "booking_id": "b-1", "product_code": "INTENT", "status": "SUCCESS", "correlation_id": "c-1",
            "transaction_id": "t-1", "reference_code": "000h9ab", "updated_at": "2026-06-10 10:00:00",
        });
        data[field] = value;
        let body = json!({ "code": "IP-200", "message": "ok", "data": data }).to_string();
        merchant.confirm(&booked(), merchant.read_status(body.as_bytes()).unwrap())
    };
    let IntentConfirmation::Paid(payment) = confirm("extra", json!(1)) else { panic!("not paid") };
    assert_eq!(payment.reference().as_str(), "000H9AB");
    assert_eq!(payment.total_amount(), order("1000").total_amount);
    for (field, value) in [
        ("booking_id", json!("b-2")),
        ("correlation_id", json!("c-2")),
        ("product_code", json!("OTHER")),
        ("reference_code", json!(null)),
        ("booking_id", json!(null)),
    ] {
        assert!(matches!(confirm(field, value), IntentConfirmation::Mismatch(_)), "{field}");
    }
    for word in ["BOOKED", "PENDING", "FAILED", "CANCELED", "REVERTED", "COMPLETE", "ON_HOLD"] {
        let IntentConfirmation::Other(report) = confirm("status", json!(word)) else { panic!("{word}") };
        assert_eq!(report.status().as_str(), word);
        assert!(!report.status().is_paid());
    }
}

#[test]
fn a_genuine_callback_is_believed_and_matched() {
    let verified = IntentMerchant::test().verify_callback(callback(&CALLBACK_NAMES, |_| {})).unwrap();
    assert!(verified.matches(&booked()));
    assert_eq!(verified.status(), &IntentStatus::Success);
    let mut other = booked();
    other.order.total_amount = "10".parse().unwrap();
    assert!(!verified.matches(&other));
    other = booked();
    other.correlation_id = IntentId::new("c-2").unwrap();
    assert!(!verified.matches(&other));
}

#[test]
fn every_field_of_a_callback_must_be_signed() {
    for missing in CALLBACK_NAMES {
        let names: Vec<&str> = CALLBACK_NAMES.into_iter().filter(|name| *name != missing).collect();
        let result = IntentMerchant::test().verify_callback(callback(&names, |_| {}));
        assert_eq!(result, Err(CallbackError::Unsigned(missing)));
    }
}

#[test]
fn a_bookings_own_signature_is_no_receipt() {
    let merchant = IntentMerchant::test();
    let mut body: Value = serde_json::from_str(&merchant.book_body(&request("1000"))).unwrap();
    body["status"] = "SUCCESS".into();
    body["reference_code"] = "000H9AB".into();
    body["correlation_id"] = "c-1".into();
    let raw = RawIntentCallback::from_json(body.to_string().as_bytes()).unwrap();
    assert!(matches!(merchant.verify_callback(raw), Err(CallbackError::Unsigned(_))));
}

#[test]
fn a_changed_value_of_a_callback_is_refused() {
    for (name, value) in [
        ("amount", "1.0"),
        ("status", "FAILED"),
        ("correlation_id", "c-2"),
        ("reference_code", "X"),
        ("product_code", "OTHER"),
        ("signed_field_names", "amount,product_code,reference_code,correlation_id,status"),
    ] {
        let raw = callback(&CALLBACK_NAMES, |body| body[name] = value.into());
        let result = IntentMerchant::test().verify_callback(raw);
        assert_eq!(result, Err(CallbackError::InvalidSignature), "{name}");
    }
    let other = ProductCode::new("OTHER").unwrap();
    let foreign = IntentMerchant::at(fixed_url("http://localhost/"), other, SecretKey::test_access_key());
    let result = foreign.unwrap().verify_callback(callback(&CALLBACK_NAMES, |_| {}));
    assert_eq!(result, Err(CallbackError::ForeignProduct));
}

#[test]
fn a_former_key_still_proves_callbacks() {
    let own = || SecretKey::new("a-new-access-key").unwrap();
    let merchant =
        IntentMerchant::at(fixed_url("http://localhost/"), ProductCode::test_intent(), own()).unwrap();
    let refused = merchant.verify_callback(callback(&CALLBACK_NAMES, |_| {}));
    assert_eq!(refused, Err(CallbackError::InvalidSignature));
    let merchant = merchant.with_former_key(SecretKey::test_access_key()).unwrap();
    assert!(merchant.verify_callback(callback(&CALLBACK_NAMES, |_| {})).is_ok());
}

#[test]
fn published_credentials_stay_out_of_production() {
    let own = || (ProductCode::new("NP-SHOP").unwrap(), SecretKey::new("own-access-key").unwrap());
    let key = IntentMerchant::production(own().0, SecretKey::test_access_key());
    assert_eq!(key.unwrap_err(), ConfigError::TestKeyInProduction);
    let code = IntentMerchant::production(ProductCode::test_intent(), own().1);
    assert_eq!(code.unwrap_err(), ConfigError::TestProductCodeInProduction);
    assert!(IntentMerchant::production(own().0, own().1).is_ok());
}

#[test]
fn production_is_booked_over_tls() {
    let at = |url: &str| {
        let (code, key) = (ProductCode::new("NP-SHOP").unwrap(), SecretKey::new("own-access-key").unwrap());
        IntentMerchant::at(url.parse().unwrap(), code, key).map(drop)
    };
    assert_eq!(at("http://checkout.esewa.com.np/"), Err(ConfigError::NotHttps));
    assert!(at("https://checkout.esewa.com.np/").is_ok());
    assert!(at("http://emulator.example/").is_ok());
}

#[test]
fn nothing_printed_shows_the_key_or_a_signature() {
    let merchant = IntentMerchant::test();
    let raw = callback(&CALLBACK_NAMES, |_| {});
    let printed = format!("{merchant:?} {raw:?} {:?}", merchant.verify_callback(raw.clone()));
    assert!(!printed.contains("LB0REg8") && !printed.contains("signature"), "{printed}");
}

#[test]
fn a_senseless_booking_is_refused() {
    let url = |text: &str| text.parse::<Url>().unwrap();
    let new = |amount, hook: &str| IntentRequest::new(order(amount), url(hook), url("http://a/"));
    assert_eq!(new("0", "http://a/").unwrap_err(), IntentRequestError::NoAmount);
    assert_eq!(new("1", "ftp://a/").unwrap_err(), IntentRequestError::NotWeb("callback_url"));
    let long = request("1").with_remarks("x".repeat(101));
    assert_eq!(long.unwrap_err(), IntentRequestError::TooLong("remarks"));
    assert_eq!(RawIntentCallback::from_json(b"").unwrap_err(), CallbackError::Missing);
    assert_eq!(RawIntentCallback::from_json(&[b' '; 9_000]).unwrap_err(), CallbackError::TooLarge);
}
