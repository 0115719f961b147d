//! Signatures of forms and of Intent requests, and what is wrong with those that eSewa refuses.

use base64::Engine as _;
use esewa_client::{Cause, SecretKey, Signature, diagnose};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use sha2::Sha256;

use crate::{id, of_kind};

#[test]
fn every_request_signature_is_reproduced_or_known_wrong() {
    // The documentation's wrong sample, two copies of it for other fields, a private key's.
    assert_signatures("request", &["v036", "v040", "v041", "v042"]);
}

#[test]
fn every_intent_signature_follows_the_same_grammar() {
    // Its amount was changed after it was signed.
    assert_signatures("intent-request", &["v046"]);
}

#[test]
fn every_other_signature_is_reproduced() {
    let bare = of_kind("hmac").iter().filter(|vector| fields_of(message(vector)).is_none()).count();
    // The documentation's snippet signs the word "Message", which no form can say.
    assert_eq!(bare, 1, "only v047 is outside of the grammar");
    assert_signatures("hmac", &[]);
}

#[test]
fn every_wrong_key_gives_what_the_gateway_refuses() {
    let refused: Vec<_> =
        of_kind("hmac").into_iter().filter(|vector| vector["expected"]["gateway"] == "ES104").collect();
    assert_eq!(refused.len(), 2);
    for vector in refused {
        let mut fields = fields_of(message(&vector)).unwrap();
        let signature = vector["expected"]["signature"].as_str().unwrap();
        fields.push(("signed_field_names", "total_amount,transaction_uuid,product_code"));
        fields.push(("signature", signature));
        assert_eq!(diagnose(&SecretKey::test(), &fields), [Cause::KeyParenthesis], "{}", id(&vector));
        assert!(SecretKey::new(vector["secret"].as_str().unwrap()).is_err(), "{}", id(&vector));
    }
}

#[test]
fn every_refused_form_gets_its_diagnosis() {
    for vector in of_kind("es104-diagnosis") {
        let sent = vector["input"].as_object().unwrap();
        let mut fields: Vec<(&str, &str)> =
            sent.iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap())).collect();
        let cause = cause_named(vector["expected"]["cause"].as_str().unwrap());
        assert_eq!(diagnose(&SecretKey::test(), &fields), [cause], "{}", id(&vector));

        let right = vector["expected"]["correct_signature"].as_str().unwrap();
        for (name, value) in &mut fields {
            if *name == "signature" {
                *value = right;
            }
        }
        assert_eq!(diagnose(&SecretKey::test(), &fields), [], "{}", id(&vector));
    }
}

fn cause_named(text: &str) -> Cause {
    match text {
        "key copied with trailing '('" | "key copied with trailing ')'" => Cause::KeyParenthesis,
        "key HTML-escaped" => Cause::KeyHtmlEntity,
        "key with trailing newline" => Cause::KeyWhiteSpace,
        "amount text differs (signed 100.0, sent 100)" => Cause::AmountText { signed: "100.0".to_owned() },
        "amount text differs (signed 100.00, sent 100)" => Cause::AmountText { signed: "100.00".to_owned() },
        "values only, no names" => Cause::ValuesOnly,
        "hex instead of base64" => Cause::Hex,
        "spaces after the commas" => Cause::Spaces,
        "other field order" => Cause::FieldOrder,
        "joined by & instead of commas" => Cause::Ampersand,
        other => panic!("no cause is named {other}"),
    }
}

/// Signs each message again. What is `wrong` was published beside a signature that is not its own.
fn assert_signatures(kind: &str, wrong: &[&str]) {
    for vector in of_kind(kind) {
        let Some(fields) = fields_of(message(&vector)) else {
            assert_eq!(hmac_of(&vector), vector["expected"]["signature"], "{}", id(&vector));
            continue;
        };
        let key = SecretKey::new_without_lint(vector["secret"].as_str().unwrap()).unwrap();
        let signature = Signature::sign(&key, fields.iter().copied()).to_base64();
        let expected = &vector["expected"];
        if let Some(computed) = expected["computed"].as_str() {
            assert_eq!(signature, computed, "{}", id(&vector));
        }
        let published = expected["signature"].as_str().unwrap();
        assert_eq!(published == signature, !wrong.contains(&id(&vector)), "{}", id(&vector));
        let read = Signature::from_base64(published).unwrap();
        let verifies = read.verifies(&key, fields.iter().copied());
        assert_eq!(verifies, published == signature, "{}", id(&vector));
    }
}

/// The code sample of eSewa's page signs a word that has no fields; this crate signs fields only.
fn hmac_of(vector: &Value) -> String {
    let mut hmac = Hmac::<Sha256>::new_from_slice(vector["secret"].as_str().unwrap().as_bytes()).unwrap();
    hmac.update(message(vector).as_bytes());
    base64::engine::general_purpose::STANDARD.encode(hmac.finalize().into_bytes())
}

fn message(vector: &Value) -> &str {
    vector["input"]["message"].as_str().unwrap()
}

fn fields_of(message: &str) -> Option<Vec<(&str, &str)>> {
    let (head, names) = match message.split_once(",signed_field_names=") {
        Some((head, names)) => (head, Some(names)),
        None => (message, None),
    };
    let mut fields: Vec<_> = head.split(',').map(|pair| pair.split_once('=')).collect::<Option<_>>()?;
    fields.extend(names.map(|names| ("signed_field_names", names)));
    Some(fields)
}
