//! Nothing that can be printed shows a key or a signature.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a helper of a test may fail the test")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use esewa_client::{CheckoutRequest, Merchant, RawCallback, SecretKey, Signature, TransactionUuid};

const KEY: &str = "8gBm/:&EnhH.1/q";
/// The documented payload, whose `signature` is genuine.
const DATA: &str = include_str!("vectors/documented_callback.txt");

#[test]
fn debug_and_display_show_no_key_and_no_signature() {
    let merchant = Merchant::test().with_former_key(SecretKey::test()).unwrap();
    let url = || "https://shop.example/".parse().unwrap();
    let uuid = TransactionUuid::new("250610-162413").unwrap();
    let request = CheckoutRequest::new(uuid, "1000".parse().unwrap(), url(), url()).unwrap();
    let form = merchant.checkout(&request);
    let form_signature = form.fields()[10].1.clone();
    let raw = RawCallback::from_data(DATA.trim()).unwrap();
    let json: serde_json::Value = serde_json::from_slice(&STANDARD.decode(DATA.trim()).unwrap()).unwrap();
    let callback_signature = json["signature"].as_str().unwrap().to_owned();
    let verified = merchant.verify_callback(raw.clone()).unwrap();
    let signature = Signature::sign(&SecretKey::test(), [("a", "b")]);

    let mut printed = format!("{merchant:?} {request:?} {form:?} {raw:?} {verified:?} {signature:?}");
    printed += &format!("{:?} {}", SecretKey::new(KEY), SecretKey::new(format!("{KEY}(")).unwrap_err());
    printed += &format!("{:?}", RawCallback::from_data("%%%").unwrap_err());
    #[cfg(feature = "client")]
    {
        let builder = esewa_client::Client::builder(merchant.clone());
        printed += &format!("{builder:?}");
        printed += &format!("{:?}", builder.build().unwrap());
    }
    for secret in [KEY, &KEY[..6], &form_signature, &callback_signature, &signature.to_base64()] {
        assert!(!printed.contains(secret), "{secret} is in {printed}");
    }
    assert!(printed.contains("[redacted]"));
    assert_eq!(format!("{raw:?}"), "RawCallback([unverified])");
}
