//! Each mistake is named, alone or with another, and the key is in none of the names.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::*;
use crate::secret::TEST_KEY;

const NAMES: &str = "total_amount,transaction_uuid,product_code";
const MESSAGE: &str = "total_amount=1250,transaction_uuid=diag-0001,product_code=EPAYTEST";

fn mac(key: &[u8], message: &str) -> [u8; 32] {
    Hmac::<Sha256>::new_from_slice(key).unwrap().chain_update(message).finalize().into_bytes().into()
}

fn causes_of(key: &str, message: &str) -> Vec<Cause> {
    diagnosed(&STANDARD.encode(mac(key.as_bytes(), message)), NAMES)
}

fn diagnosed(signature: &str, names: &str) -> Vec<Cause> {
    diagnose(
        &SecretKey::test(),
        &[
            ("total_amount", "1250"),
            ("transaction_uuid", "diag-0001"),
            ("product_code", "EPAYTEST"),
            ("signed_field_names", names),
            ("signature", signature),
        ],
    )
}

#[test]
fn a_right_signature_has_no_cause() {
    assert_eq!(causes_of(TEST_KEY, MESSAGE), []);
}

#[test]
fn each_mistake_with_the_key_is_named() {
    for (key, cause) in [
        (format!("{TEST_KEY}("), Cause::KeyParenthesis),
        (format!("{TEST_KEY})"), Cause::KeyParenthesis),
        (TEST_KEY.replace('&', "&amp;"), Cause::KeyHtmlEntity),
        (format!("{TEST_KEY}\n"), Cause::KeyWhiteSpace),
        (format!(" {TEST_KEY}"), Cause::KeyWhiteSpace),
        ("8gBwcE4DOHB28vvi".to_owned(), Cause::KeyFromTutorial),
        ("something else".to_owned(), Cause::Unknown),
    ] {
        assert_eq!(causes_of(&key, MESSAGE), [cause]);
    }
}

#[test]
fn each_mistake_with_the_text_is_named() {
    let amount = |signed: &str| Cause::AmountText { signed: signed.to_owned() };
    for (message, cause) in [
        (MESSAGE.replace("1250", "1250.0"), amount("1250.0")),
        (MESSAGE.replace("1250", "1250.00"), amount("1250.00")),
        (MESSAGE.replace("1250", "1,250"), amount("1,250")),
        (MESSAGE.replace(',', ", "), Cause::Spaces),
        (MESSAGE.replace(',', "&"), Cause::Ampersand),
        ("1250,diag-0001,EPAYTEST".to_owned(), Cause::ValuesOnly),
        ("transaction_uuid=diag-0001,total_amount=1250,product_code=EPAYTEST".to_owned(), Cause::FieldOrder),
        ("product_code=EPAYTEST,transaction_uuid=diag-0001,total_amount=1250".to_owned(), Cause::FieldOrder),
    ] {
        assert_eq!(causes_of(TEST_KEY, &message), [cause], "{message}");
    }
}

#[test]
fn two_mistakes_at_once_are_both_named() {
    let causes = causes_of(&format!("{TEST_KEY}("), &MESSAGE.replace(',', ", "));
    assert_eq!(causes, [Cause::KeyParenthesis, Cause::Spaces]);
}

#[test]
fn mistakes_with_the_encoding_are_named() {
    let hex = |message: &str| {
        mac(TEST_KEY.as_bytes(), message).iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    assert_eq!(diagnosed(&hex(MESSAGE), NAMES), [Cause::Hex]);
    assert_eq!(diagnosed(&hex(&MESSAGE.replace(',', "&")), NAMES), [Cause::Ampersand, Cause::Hex]);
    for signature in ["", "AAAA", &"z".repeat(64), &"é".repeat(32)] {
        assert_eq!(diagnosed(signature, NAMES), [Cause::SignatureFormat]);
    }
}

#[test]
fn a_wrong_list_of_names_is_named() {
    for names in [
        "",
        "total_amount",
        "total_amount, transaction_uuid, product_code",
        "total_amount,transaction_uuid,product_code,tax",
    ] {
        assert_eq!(diagnosed("x", names), [Cause::SignedFieldNames], "{names}");
    }
}

#[test]
fn a_decoded_access_key_is_named() {
    let key = SecretKey::new(crate::secret::TEST_ACCESS_KEY).unwrap();
    let decoded = STANDARD.decode(crate::secret::TEST_ACCESS_KEY).unwrap();
    let signature = STANDARD.encode(mac(&decoded, MESSAGE));
    let sent = [
        ("total_amount", "1250"),
        ("transaction_uuid", "diag-0001"),
        ("product_code", "EPAYTEST"),
        ("signed_field_names", NAMES),
        ("signature", signature.as_str()),
    ];
    assert_eq!(diagnose(&key, &sent), [Cause::KeyDecoded]);
}

#[test]
fn a_miscopied_key_is_found_where_its_own_signature_is_right() {
    for (text, cause) in [
        (format!("{TEST_KEY}("), Cause::KeyParenthesis),
        (TEST_KEY.replace('&', "&amp;"), Cause::KeyHtmlEntity),
        (format!("{TEST_KEY}\n"), Cause::KeyWhiteSpace),
        ("8gBwcE4DOHB28vvi".to_owned(), Cause::KeyFromTutorial),
    ] {
        let signature = STANDARD.encode(mac(text.as_bytes(), MESSAGE));
        let key = SecretKey::new_without_lint(text).unwrap();
        let sent = [
            ("total_amount", "1250"),
            ("transaction_uuid", "diag-0001"),
            ("product_code", "EPAYTEST"),
            ("signed_field_names", NAMES),
            ("signature", signature.as_str()),
        ];
        assert_eq!(diagnose(&key, &sent), [cause]);
    }
}

#[test]
fn no_cause_shows_the_key() {
    let causes = causes_of(&format!("{TEST_KEY}("), MESSAGE);
    let shown = format!("{causes:?} {}", causes[0]);
    assert!(!shown.contains("8gBm") && shown.contains("parenthesis"), "{shown}");
}

#[test]
fn a_form_beyond_the_bounds_is_searched_for_the_keys_mistakes_only() {
    let long = "9".repeat(SEARCHED_BYTES_MAX);
    let (ahead, swapped) = (
        format!("total_amount={long},transaction_uuid=a,product_code=EPAYTEST"),
        format!("transaction_uuid=a,total_amount={long},product_code=EPAYTEST"),
    );
    let diagnosed = |key: &str, message: &str| {
        let signature = STANDARD.encode(mac(key.as_bytes(), message));
        let fields = [
            ("total_amount", long.as_str()),
            ("transaction_uuid", "a"),
            ("product_code", "EPAYTEST"),
            ("signed_field_names", NAMES),
            ("signature", &signature),
        ];
        diagnose(&SecretKey::test(), &fields)
    };
    assert_eq!(diagnosed(TEST_KEY, &ahead), []);
    assert_eq!(diagnosed(&format!("{TEST_KEY}("), &ahead), [Cause::KeyParenthesis]);
    assert_eq!(diagnosed(TEST_KEY, &swapped), [Cause::Unknown]);
}
