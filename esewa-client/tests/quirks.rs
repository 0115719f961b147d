//! The twelve things about eSewa that a client has to know, each with a test of its name.
//!
//! | # | what eSewa does | test here | and in depth |
//! | --- | --- | --- | --- |
//! | 1 | speaks several protocols, and calls one of the merchant's | `all_protocols_are_spoken` | `emulator/`, `token.rs` |
//! | 2 | signs characters, not values | `sixty_and_sixty_point_zero_differ` | `properties.rs` |
//! | 3 | documents a signature that no key gives | `the_documented_sample_signature_is_wrong` | `vectors/signatures.rs` |
//! | 4 | prints a parenthesis right after its test key | `the_test_key_has_no_parenthesis` | `vectors/signatures.rs` |
//! | 5 | sends the amount as a Java double in a text | `an_amount_comes_as_a_double_in_a_text` | `vectors/callbacks.rs` |
//! | 6 | wrote a thousands comma and signed without it | `the_thousands_comma_is_not_signed` | `callback_attacks.rs` |
//! | 7 | lets a callback say what it signs | `a_callback_cannot_choose_what_it_signs` | `callback_attacks.rs` |
//! | 8 | sends nothing to the failure address | `the_failure_address_gets_no_data` | `emulator/pages.rs` |
//! | 9 | appends `?data=` to whatever is there | `data_is_glued_onto_a_query` | `emulator/form.rs` |
//! | 10 | tells an outage where a state is expected | `an_outage_is_no_state` | `client.rs`, `emulator/status.rs` |
//! | 11 | contradicts itself about the status host | `the_status_host_is_a_setting_with_a_fallback` | `client.rs` |
//! | 12 | has one number for the app and another for the web | `emulator/pages.rs`: `the_apps_pin_and_the_web_token_are_two_numbers` | |
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a helper of a test may fail the test")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use esewa_client::{
    Amount, CallbackError, Cause, CheckoutError, CheckoutRequest, Endpoints, Environment, KeyError, Merchant,
    ProductCode, RawCallback, SecretKey, Signature, Status, StatusBodyError, StatusReport, TransactionUuid,
    VerifiedCallback, diagnose,
};
use url::Url;

const NAMES: &str = "transaction_code,status,total_amount,transaction_uuid,product_code,signed_field_names";

/// A callback whose JSON has `shown` for the amount, and whose signature was made over `signed`.
fn callback(shown: &str, signed: &str) -> Result<VerifiedCallback, CallbackError> {
    let fields = [
        ("transaction_code", "000AWEO"),
        ("status", "COMPLETE"),
        ("total_amount", signed),
        ("transaction_uuid", "250610-162413"),
        ("product_code", "EPAYTEST"),
        ("signed_field_names", NAMES),
    ];
    let signature = Signature::sign(&SecretKey::test(), fields).to_base64();
    let json = format!(
        r#"{{"transaction_code":"000AWEO","status":"COMPLETE","total_amount":{shown},"transaction_uuid":"250610-162413","product_code":"EPAYTEST","signed_field_names":"{NAMES}","signature":"{signature}"}}"#
    );
    Merchant::test().verify_callback(RawCallback::from_data(&STANDARD.encode(json))?)
}

fn request(success: &str, failure: &str) -> Result<CheckoutRequest, CheckoutError> {
    let uuid = TransactionUuid::new("250610-162413").unwrap();
    CheckoutRequest::new(uuid, "1000".parse().unwrap(), success.parse().unwrap(), failure.parse().unwrap())
}

fn request_signature(amount: &str) -> String {
    let fields = [("total_amount", amount), ("transaction_uuid", "a"), ("product_code", "EPAYTEST")];
    Signature::sign(&SecretKey::test(), fields).to_base64()
}

#[cfg(all(feature = "legacy", feature = "intent", feature = "mobile"))]
#[test]
fn all_protocols_are_spoken() {
    let order = request("https://a/", "https://b/").unwrap().order();
    let v2 = Merchant::test().status_urls(&order).next().unwrap();
    let mobile = esewa_client::mobile::MobileMerchant::test();
    let asked = [
        esewa_client::legacy::LegacyMerchant::test().verify_url().path().to_owned(),
        v2.path().to_owned(),
        esewa_client::intent::IntentMerchant::test().status_url().path().to_owned(),
        mobile.url(esewa_client::mobile::MobileQuery::Order(&order)).path().to_owned(),
    ];
    let documented = [
        "/epay/transrec",
        "/api/epay/transaction/status/",
        "/api/client/intent/payment/status",
        "/mobile/transaction",
    ];
    assert_eq!(asked, documented);
}

#[test]
fn sixty_and_sixty_point_zero_differ() {
    assert_ne!(request_signature("60"), request_signature("60.00"));
    for text in ["60", "60.0", "60.00"] {
        assert_eq!(text.parse::<Amount>().unwrap().to_string(), "60", "one amount has one text");
    }
}

#[test]
fn the_documented_sample_signature_is_wrong() {
    const WRONG: &str = "4Ov7pCI1zIOdwtV2BRMUNjz1upIlT/COTxfLhWvVurE=";
    let published = Signature::from_base64(WRONG).unwrap();
    let fields =
        |amount, uuid| [("total_amount", amount), ("transaction_uuid", uuid), ("product_code", "EPAYTEST")];
    for text in ["8gBm/:&EnhH.1/q", "8gBm/:&EnhH.1/q(", "8gBm/:&EnhH.1/q)", "8gBm/:&amp;EnhH.1/q"] {
        let key = SecretKey::new_without_lint(text).unwrap();
        for (amount, uuid) in [("100", "11-201-13"), ("110", "241028"), ("100", "11-200-111sss1")] {
            assert!(!published.verifies(&key, fields(amount, uuid)), "{text}");
        }
    }
    let right = Signature::sign(&SecretKey::test(), fields("110", "241028"));
    assert_eq!(right.to_base64(), "i94zsd3oXF6ZsSr/kGqT4sSzYQzjj1W/waxjWyRwaME=");
}

#[test]
fn the_test_key_has_no_parenthesis() {
    assert_eq!(SecretKey::new("8gBm/:&EnhH.1/q(").unwrap_err(), KeyError::Parenthesis);
    assert!(SecretKey::new("8gBm/:&EnhH.1/q").unwrap().is_published());
    let copied = SecretKey::new_without_lint("8gBm/:&EnhH.1/q(").unwrap();
    let fields = [("total_amount", "110"), ("transaction_uuid", "241028"), ("product_code", "EPAYTEST")];
    let refused = Signature::sign(&copied, fields).to_base64();
    let mut form = fields.to_vec();
    form.extend([
        ("signed_field_names", "total_amount,transaction_uuid,product_code"),
        ("signature", &refused),
    ]);
    assert!(diagnose(&SecretKey::test(), &form).contains(&Cause::KeyParenthesis));
}

#[test]
fn an_amount_comes_as_a_double_in_a_text() {
    for (shown, paisa) in
        [("100.0", 10_000), ("399.99", 39_999), ("1000.0", 100_000), ("1.25E7", 1_250_000_000)]
    {
        let told = callback(&format!("\"{shown}\""), shown).unwrap();
        assert_eq!(told.total_amount().paisa(), paisa);
        let number = callback(shown, shown).unwrap();
        assert_eq!(number, told, "the documentation's number is read by its characters");
    }
}

#[test]
fn the_thousands_comma_is_not_signed() {
    assert_eq!(callback("\"5,000.0\"", "5000.0").unwrap().total_amount().paisa(), 500_000);
    assert!(callback("\"1,250,000.5\"", "1250000.5").is_ok(), "every comma goes, not only the first");
    assert_eq!(
        callback("\"50,00.0\"", "5000.0"),
        Err(CallbackError::Malformed("a signed value has a separator in it"))
    );
}

#[test]
fn a_callback_cannot_choose_what_it_signs() {
    let form = Merchant::test().checkout(&request("https://a/", "https://b/").unwrap());
    let field = |name| form.fields().iter().find(|(known, _)| *known == name).unwrap().1.clone();
    let json = format!(
        r#"{{"transaction_code":"000FAKE","status":"COMPLETE","total_amount":"{}","transaction_uuid":"{}","product_code":"{}","signed_field_names":"{}","signature":"{}"}}"#,
        field("total_amount"),
        field("transaction_uuid"),
        field("product_code"),
        field("signed_field_names"),
        field("signature"),
    );
    let raw = RawCallback::from_data(&STANDARD.encode(json)).unwrap();
    let verdict = Merchant::test().verify_callback(raw);
    assert_eq!(verdict, Err(CallbackError::Unsigned("transaction_code")));
}

#[test]
fn the_failure_address_gets_no_data() {
    assert_eq!(RawCallback::from_query("").unwrap_err(), CallbackError::Missing);
    assert_eq!(RawCallback::from_query("order=1").unwrap_err(), CallbackError::Missing);
    assert!(request("https://a/paid/1", "https://a/failed?order=1").is_ok(), "it can carry your own id");
}

#[test]
fn data_is_glued_onto_a_query() {
    assert!(request("https://a/paid?order=1", "https://a/failed").is_err());
    let data = include_str!("vectors/documented_callback.txt").trim();
    let glued = RawCallback::from_query(&format!("order=1?data={data}")).unwrap();
    assert!(Merchant::test().verify_callback(glued).is_ok());
}

#[test]
fn an_outage_is_no_state() {
    let outage = br#"{"code":0,"error_message":"Service is currently unavailable"}"#;
    assert_eq!(StatusReport::parse(outage).unwrap_err(), StatusBodyError::Outage);
    let body = br#"{"product_code":"EPAYTEST","transaction_uuid":"1","total_amount":100.0,"status":"PENDING","ref_id":null}"#;
    let report = StatusReport::parse(body).unwrap();
    assert_eq!((report.status(), report.ref_id()), (&Status::Pending, None));
    assert_eq!(report.total_amount(), Some(Amount::from_paisa(10_000)), "here the amount is a number");
}

#[test]
fn the_status_host_is_a_setting_with_a_fallback() {
    for environment in [Environment::Test, Environment::Production] {
        assert_eq!(environment.into_endpoints().status_urls.len(), 2);
    }
    let url = |text: &str| text.parse::<Url>().unwrap();
    let status_urls = vec![url("https://uat.esewa.com.np/api/epay/transaction/status/")];
    let endpoints = Endpoints { form_url: url("https://uat.esewa.com.np/form"), status_urls };
    let merchant =
        Merchant::new(Environment::Custom(endpoints), ProductCode::test(), SecretKey::test()).unwrap();
    let order = request("https://a/", "https://b/").unwrap().order();
    let hosts: Vec<_> = merchant.status_urls(&order).map(|url| url.host_str().unwrap().to_owned()).collect();
    assert_eq!(hosts, ["uat.esewa.com.np"]);
}

/// The table at the top is true: twelve quirks, and each test that it names is there.
#[test]
fn every_quirk_has_its_named_test() {
    let (here, pages) = (include_str!("quirks.rs"), include_str!("emulator/pages.rs"));
    let rows = here.lines().filter_map(|line| line.strip_prefix("//! | "));
    let rows: Vec<Vec<&str>> = rows.map(|row| row.split(" | ").collect()).skip(2).collect();
    let numbers: Vec<String> = rows.iter().map(|row| row[0].to_owned()).collect();
    assert_eq!(numbers, (1..=12).map(|number| number.to_string()).collect::<Vec<_>>());
    for row in rows {
        let is_name =
            |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        let name = row[2].split('`').rfind(is_name).expect(row[2]);
        let file = if row[2].contains("emulator/pages.rs") { pages } else { here };
        assert!(
            file.contains(&format!("\n#[test]\nfn {name}()"))
                || file.contains(&format!("\n#[tokio::test]\nasync fn {name}()")),
            "{name}"
        );
    }
}
