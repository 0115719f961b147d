//! What holds for every value, not only for the examples.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a helper of a test may fail the test")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use esewa_client::{Amount, Merchant, RawCallback, SecretKey, Signature, StatusReport};
use proptest::prelude::*;

const NAMES: &str = "transaction_code,status,total_amount,transaction_uuid,product_code,signed_field_names";

fn callback_json(paisa: u64, uuid: &str, code: &str) -> String {
    let amount = Amount::from_paisa(paisa).to_double_text();
    let fields = [
        ("transaction_code", code),
        ("status", "COMPLETE"),
        ("total_amount", &amount),
        ("transaction_uuid", uuid),
        ("product_code", "EPAYTEST"),
        ("signed_field_names", NAMES),
    ];
    let signature = Signature::sign(&SecretKey::test(), fields).to_base64();
    let mut pairs: Vec<_> = fields.iter().map(|(name, value)| format!("\"{name}\":\"{value}\"")).collect();
    pairs.push(format!("\"signature\":\"{signature}\""));
    format!("{{{}}}", pairs.join(","))
}

fn verifies(json: &[u8]) -> bool {
    RawCallback::from_data(&STANDARD.encode(json))
        .is_ok_and(|raw| Merchant::test().verify_callback(raw).is_ok())
}

proptest! {
    #[test]
    fn what_is_signed_verifies(paisa in 1..1_000_000_000_000_u64, uuid in "[A-Za-z0-9-]{1,60}", code in "[0-9A-Z]{7}") {
        let json = callback_json(paisa, &uuid, &code);
        let raw = RawCallback::from_data(&STANDARD.encode(&json)).unwrap();
        let callback = Merchant::test().verify_callback(raw).unwrap();
        prop_assert_eq!(callback.total_amount(), Amount::from_paisa(paisa));
        prop_assert_eq!(callback.transaction_uuid().as_str(), uuid);
    }

    #[test]
    fn any_changed_byte_fails(paisa in 1..1_000_000_000_u64, at in any::<prop::sample::Index>(), change in 1..=255_u8) {
        let mut json = callback_json(paisa, "250610-162413", "000AWEO").into_bytes();
        let index = at.index(json.len());
        json[index] ^= change;
        prop_assert!(!verifies(&json), "byte {index} of {}", String::from_utf8_lossy(&json));
    }

    #[test]
    fn any_cut_fails(paisa in 1..1_000_000_000_u64, at in any::<prop::sample::Index>()) {
        let json = callback_json(paisa, "250610-162413", "000AWEO").into_bytes();
        let length = at.index(json.len());
        prop_assert!(!verifies(&json[..length]));
    }

    #[test]
    fn amounts_round_trip_in_every_form(paisa in any::<u64>()) {
        let amount = Amount::from_paisa(paisa);
        prop_assert_eq!(amount.to_string().parse(), Ok(amount));
        prop_assert_eq!(amount.to_decimal_text().parse(), Ok(amount));
        if paisa < 10_000_000_000_000_000 {
            prop_assert_eq!(Amount::from_wire(&amount.to_double_text()), Ok(amount));
        }
    }

    #[test]
    fn parsing_an_amount_never_panics(text in "[-+0-9,.eE ]{0,40}|\\PC{0,40}") {
        if let Ok(amount) = Amount::from_wire(&text) {
            prop_assert_eq!(amount.to_string().parse(), Ok(amount));
        }
    }

    #[test]
    fn decoding_never_panics(query in "\\PC{0,300}", bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = RawCallback::from_query(&query);
        let _ = RawCallback::from_data(&query);
        let _ = RawCallback::from_query(&format!("a=1?data={query}"));
        prop_assert!(!verifies(&bytes));
        let _ = StatusReport::parse(&bytes);
        let _ = StatusReport::parse(query.as_bytes());
    }

    #[test]
    fn a_signature_round_trips(value in "\\PC{0,600}") {
        let fields = [("a", value.as_str()), ("b", "c")];
        let text = Signature::sign(&SecretKey::test(), fields).to_base64();
        prop_assert_eq!(text.len(), 44);
        prop_assert!(Signature::from_base64(&text).unwrap().verifies(&SecretKey::test(), fields));
    }
}
