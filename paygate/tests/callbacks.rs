//! T5, T7, T27: what the browser brings back from ePay v2 is accepted under exactly one form.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on ends its test")]

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use esewa_client::{Client, Merchant};
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::HeaderMap;
use paygate::esewa::{EsewaV2, ReturnUrls};
use paygate::{
    Callback, CallbackRefused, Money, NotPaid, Outcome, PaymentProvider as _, RawCallback, Trust, Why,
};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use sha2::Sha256;
use url::form_urlencoded;

/// The key that eSewa publishes for its test merchant.
const KEY: &[u8] = b"8gBm/:&EnhH.1/q";

/// The six fields that eSewa signs, in its order.
const SIX: [&str; 6] =
    ["transaction_code", "status", "total_amount", "transaction_uuid", "product_code", "signed_field_names"];

fn esewa() -> EsewaV2 {
    let origin = "http://127.0.0.1:9/".parse().unwrap();
    let client = Client::builder(Merchant::sandbox(&origin)).build().unwrap();
    let back = |path: &str| format!("http://shop.example/{path}/").parse().unwrap();
    EsewaV2::new(client, ReturnUrls { success: back("paid"), failure: back("failed") })
}

fn read(query: &str) -> Result<Callback, CallbackRefused> {
    static ESEWA: LazyLock<EsewaV2> = LazyLock::new(esewa);
    ESEWA.read_callback(RawCallback::from_query(query, &HeaderMap::new()))
}

fn read_data(payload: &Value) -> Result<Callback, CallbackRefused> {
    read(&query_of(&STANDARD.encode(payload.to_string())))
}

fn query_of(data: &str) -> String {
    form_urlencoded::Serializer::new(String::new()).append_pair("data", data).finish()
}

fn fields() -> Map<String, Value> {
    let payload = json!({
        "transaction_code": "000AWEO", "status": "COMPLETE", "total_amount": "1,000.0",
        "transaction_uuid": "250610-162413", "product_code": "EPAYTEST",
    });
    payload.as_object().unwrap().clone()
}

/// A payload that says that `names` are signed, and signs them with the merchant's own key: as strong as a
/// forger could ever be who makes eSewa sign what he likes.
fn signed(mut payload: Map<String, Value>, names: &str) -> Value {
    payload.insert("signed_field_names".into(), names.into());
    let text = |name: &str| payload.get(name).and_then(Value::as_str).unwrap_or_default();
    let message: Vec<String> = names.split(',').map(|name| format!("{name}={}", text(name))).collect();
    let mut mac = Hmac::<Sha256>::new_from_slice(KEY).unwrap();
    mac.update(message.join(",").as_bytes());
    payload.insert("signature".into(), STANDARD.encode(mac.finalize().into_bytes()).into());
    Value::Object(payload)
}

#[test]
fn t05_only_a_signature_over_all_six_fields_is_accepted() {
    let accepted = read_data(&signed(fields(), &SIX.join(","))).unwrap();
    assert_eq!((accepted.payment.as_str(), accepted.trust), ("250610-162413", Trust::Signed));
    let Outcome::Paid { amount, .. } = accepted.claims else { panic!("{accepted:?}") };
    assert_eq!(amount, Money::npr_paisa(100_000), "T4: a comma and a zero are the same money");
    // Every other subset of the six, each rightly signed: 63 of them.
    for subset in 0_u32..63 {
        let names: Vec<&str> = SIX
            .iter()
            .enumerate()
            .filter(|(place, _)| subset & (1 << place) != 0)
            .map(|(_, name)| *name)
            .collect();
        let refused = read_data(&signed(fields(), &names.join(",")));
        assert!(
            matches!(refused, Err(CallbackRefused::InvalidSignature | CallbackRefused::Malformed)),
            "{names:?}: {refused:?}"
        );
    }
}

#[test]
fn t05_a_signed_state_is_claimed_as_what_it_says() {
    for (word, claims) in [
        ("PENDING", Outcome::Pending),
        ("CANCELED", Outcome::NotPaid(NotPaid::Canceled)),
        ("NOT_FOUND", Outcome::NotPaid(NotPaid::Unseen)),
        ("AMBIGUOUS", Outcome::Unknown(Why::Ambiguous)),
        // A refund is heard of from the status API alone.
        ("FULL_REFUND", Outcome::Unknown(Why::Ambiguous)),
    ] {
        let mut payload = fields();
        payload.insert("status".into(), word.into());
        let read = read_data(&signed(payload, &SIX.join(","))).unwrap();
        assert_eq!((read.claims, read.trust), (claims, Trust::Signed), "{word}");
    }
}

#[test]
fn t05_a_refusal_says_what_is_wrong() {
    let all = SIX.join(",");
    let mut foreign = fields();
    foreign.insert("product_code".into(), "OTHERSHOP".into());
    let mut raised = signed(fields(), &all);
    raised["total_amount"] = "2,000.0".into();
    for (payload, refusal) in [
        (signed(foreign, &all), CallbackRefused::ForeignPayee),
        (raised, CallbackRefused::InvalidSignature),
        (signed(fields(), "total_amount,transaction_uuid,product_code"), CallbackRefused::InvalidSignature),
        (json!(["COMPLETE"]), CallbackRefused::Malformed),
    ] {
        assert_eq!(read_data(&payload).unwrap_err(), refusal, "{payload}");
    }
}

#[test]
fn t05_a_callback_without_one_of_its_fields_is_refused() {
    for subset in 0_u32..31 {
        let mut payload = fields();
        for (place, name) in SIX[..5].iter().enumerate() {
            if subset & (1 << place) == 0 {
                payload.remove(*name);
            }
        }
        assert!(read_data(&signed(payload.clone(), &SIX.join(","))).is_err(), "{payload:?}");
    }
}

#[test]
fn t05_field_lists_that_are_reordered_doubled_or_lengthened_are_refused() {
    let all = SIX.join(",");
    let good = signed(fields(), &all);
    let mut backwards = SIX;
    backwards.reverse();
    for names in
        [backwards.join(","), all.to_uppercase(), all.replace(',', ", "), all.replace("status", "Status")]
    {
        // Nobody but eSewa can sign the other list, so the signature stays as it was.
        let mut relabelled = good.clone();
        relabelled["signed_field_names"] = names.clone().into();
        assert!(read_data(&relabelled).is_err(), "{names}");
    }
    for names in [format!("{all},status"), format!("{all},message"), format!("message,{all}"), ",".into()] {
        assert!(read_data(&signed(fields(), &names)).is_err(), "{names}");
    }
    let mut doubled = signed(fields(), &all).to_string();
    doubled.insert_str(1, "\"status\":\"PENDING\",");
    assert!(read(&query_of(&STANDARD.encode(doubled))).is_err(), "a field that is there twice");
    let twice = format!("{0}&{0}", query_of(&STANDARD.encode(signed(fields(), &all).to_string())));
    assert!(read(&twice).is_err(), "two callbacks in one");
    let mut other = signed(fields(), &all);
    other["signature"] = json!([other["signature"], other["signature"]]);
    assert!(read_data(&other).is_err(), "two signatures");
}

proptest! {
    /// T7: whatever is done to the spelling of a signed field, it is either the same callback or none.
    #[test]
    fn t07_another_spelling_of_a_signed_reference_is_not_accepted(
        place in 0_usize..7, put in "[ a-z%+]{1,3}", field in 0_usize..5,
    ) {
        let mut payload = signed(fields(), &SIX.join(","));
        let text = payload[SIX[field]].as_str().unwrap_or_default().to_owned();
        let place = place.min(text.len());
        payload[SIX[field]] = format!("{}{put}{}", &text[..place], &text[place..]).into();
        prop_assert!(read_data(&payload).is_err());
    }

    #[test]
    fn t27_no_bytes_make_a_panic_or_a_callback(query in "\\PC{0,200}", data in any::<Vec<u8>>()) {
        prop_assert!(read(&query).is_err());
        prop_assert!(read(&query_of(&STANDARD.encode(data))).is_err());
    }

    /// One changed byte anywhere in what eSewa sent.
    #[test]
    fn t27_a_mutated_callback_is_refused_or_says_the_same(place in 0_usize..400, byte in 0x20_u8..0x7f) {
        let good = signed(fields(), &SIX.join(","));
        let mut bytes = good.to_string().into_bytes();
        let place = place % bytes.len();
        bytes[place] = byte;
        let seen = read(&query_of(&STANDARD.encode(&bytes)));
        if let Ok(callback) = seen {
            let same = read_data(&good);
            prop_assert_eq!(Ok(callback), same);
        }
    }
}
