//! One test for each way in which somebody could make a callback lie.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a helper of a test may fail the test")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use esewa_client::{
    Amount, CallbackError, CheckoutRequest, Environment, Merchant, Order, ProductCode, RawCallback,
    SecretKey, Signature, Status, TransactionUuid, VerifiedCallback,
};

const NAMES: &str = "transaction_code,status,total_amount,transaction_uuid,product_code,signed_field_names";

/// A callback as eSewa would sign it, before somebody changes it.
struct Callback(Vec<(&'static str, String)>);

impl Callback {
    fn genuine() -> Self {
        Self::signed(&[
            ("transaction_code", "000AWEO"),
            ("status", "COMPLETE"),
            ("total_amount", "1000.0"),
            ("transaction_uuid", "250610-162413"),
            ("product_code", "EPAYTEST"),
            ("signed_field_names", NAMES),
        ])
    }

    fn signed(fields: &[(&'static str, &str)]) -> Self {
        let signature = Signature::sign(&SecretKey::test(), fields.iter().copied()).to_base64();
        let mut all: Vec<_> = fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        all.push(("signature", signature));
        Self(all)
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.0.iter_mut().find(|(field, _)| *field == name).unwrap().1 = value.to_owned();
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.0.retain(|(field, _)| *field != name);
        self
    }

    fn json(&self) -> String {
        let fields: Vec<_> = self.0.iter().map(|(name, value)| format!("\"{name}\":\"{value}\"")).collect();
        format!("{{{}}}", fields.join(","))
    }

    fn verdict(&self) -> Result<VerifiedCallback, CallbackError> {
        verdict(&self.json())
    }
}

fn verdict(json: &str) -> Result<VerifiedCallback, CallbackError> {
    Merchant::test().verify_callback(RawCallback::from_data(&STANDARD.encode(json))?)
}

#[test]
fn the_genuine_one_is_believed() {
    let callback = Callback::genuine().verdict().unwrap();
    assert_eq!(callback.transaction_code().as_str(), "000AWEO");
    assert_eq!(callback.status(), &Status::Complete);
    assert_eq!(callback.total_amount(), Amount::from_paisa(100_000));
    assert_eq!(callback.transaction_uuid().as_str(), "250610-162413");
    assert_eq!(callback.product_code().as_str(), "EPAYTEST");
}

#[test]
fn a_changed_value_is_refused() {
    for (name, value) in [
        ("transaction_code", "000AWEP"),
        ("transaction_code", "000aweo"),
        ("status", "PENDING"),
        ("total_amount", "1000.00"),
        ("total_amount", "1000"),
        ("total_amount", "1,000.0"),
        ("total_amount", "10000.0"),
        ("transaction_uuid", "250610-162414"),
        ("product_code", "EPAYTESt"),
    ] {
        let verdict = Callback::genuine().with(name, value).verdict();
        // A comma is taken out once, since eSewa once put it in after signing.
        if value == "1,000.0" {
            assert!(verdict.is_ok());
        } else {
            assert_eq!(verdict, Err(CallbackError::InvalidSignature), "{name}={value}");
        }
    }
}

#[test]
fn the_forms_own_signature_is_no_receipt() {
    let uuid = TransactionUuid::new("241028").unwrap();
    let url = || "https://shop.example/".parse().unwrap();
    let request = CheckoutRequest::new(uuid, Amount::from_paisa(11_000), url(), url()).unwrap();
    let form = Merchant::test().checkout(&request);
    let field = |name| form.fields().iter().find(|(field, _)| *field == name).unwrap().1.clone();
    let forged = Callback(vec![
        ("transaction_code", "000FAKE".to_owned()),
        ("status", "COMPLETE".to_owned()),
        ("total_amount", field("total_amount")),
        ("transaction_uuid", field("transaction_uuid")),
        ("product_code", field("product_code")),
        ("signed_field_names", field("signed_field_names")),
        ("signature", field("signature")),
    ]);
    assert_eq!(forged.verdict(), Err(CallbackError::Unsigned("transaction_code")));
    let renamed = forged.with("signed_field_names", NAMES);
    assert_eq!(renamed.verdict(), Err(CallbackError::InvalidSignature));
}

#[test]
fn every_required_field_must_be_signed() {
    let fields = [
        ("transaction_code", "000AWEO"),
        ("status", "COMPLETE"),
        ("total_amount", "1000.0"),
        ("transaction_uuid", "250610-162413"),
        ("product_code", "EPAYTEST"),
    ];
    for left_out in fields.iter().map(|(name, _)| *name).chain(["signed_field_names"]) {
        let names: Vec<&str> = NAMES.split(',').filter(|name| *name != left_out).collect();
        let names = names.join(",");
        let mut signed: Vec<_> = fields.iter().copied().filter(|(name, _)| *name != left_out).collect();
        if left_out != "signed_field_names" {
            signed.push(("signed_field_names", &names));
        }
        let mut callback = Callback::signed(&signed);
        callback
            .0
            .extend(fields.iter().filter(|(name, _)| *name == left_out).map(|(n, v)| (*n, (*v).to_owned())));
        if left_out == "signed_field_names" {
            callback.0.push(("signed_field_names", names.clone()));
        }
        assert_eq!(callback.verdict(), Err(CallbackError::Unsigned(left_out)));
    }
}

#[test]
fn a_dropped_field_is_refused() {
    for name in ["transaction_code", "status", "total_amount", "transaction_uuid", "product_code"] {
        let verdict = Callback::genuine().without(name).verdict();
        assert_eq!(verdict, Err(CallbackError::Malformed("it lacks a field that it signs")), "{name}");
    }
    let verdict = Callback::genuine().without("signed_field_names").verdict();
    assert_eq!(verdict, Err(CallbackError::Unsigned("signed_field_names")));
    let verdict = Callback::genuine().without("signature").verdict();
    assert_eq!(verdict, Err(CallbackError::Malformed("it has no signature")));
}

#[test]
fn another_order_of_names_changes_the_message() {
    let reordered = "status,transaction_code,total_amount,transaction_uuid,product_code,signed_field_names";
    let verdict = Callback::genuine().with("signed_field_names", reordered).verdict();
    assert_eq!(verdict, Err(CallbackError::InvalidSignature));
}

#[test]
fn a_name_signed_twice_is_refused() {
    let verdict = Callback::genuine().with("signed_field_names", &format!("{NAMES},status")).verdict();
    assert_eq!(verdict, Err(CallbackError::Duplicate("a signed name")));
}

#[test]
fn a_key_there_twice_is_refused() {
    let json = Callback::genuine().json().replace("\"status\"", "\"status\":\"PENDING\",\"status\"");
    assert_eq!(verdict(&json), Err(CallbackError::Duplicate("a key")));
    let escaped = Callback::genuine().json().replace("\"status\"", "\"st\\u0061tus\":\"PENDING\",\"status\"");
    assert_eq!(verdict(&escaped), Err(CallbackError::Duplicate("a key")));
}

#[test]
fn borders_between_fields_cannot_be_shifted() {
    // Signed honestly for a uuid that swallows the next field: the message would read the same.
    let shifted = Callback::signed(&[
        ("transaction_code", "000AWEO"),
        ("status", "COMPLETE"),
        ("total_amount", "1000.0"),
        ("transaction_uuid", "a,product_code=EPAYTEST"),
        ("product_code", "EPAYTEST"),
        ("signed_field_names", NAMES),
    ]);
    assert_eq!(shifted.verdict(), Err(CallbackError::Malformed("a signed value has a separator in it")));
    let amount = Callback::genuine().with("total_amount", "1,transaction_uuid=2");
    assert_eq!(amount.verdict(), Err(CallbackError::Malformed("a signed value has a separator in it")));
}

#[test]
fn names_that_are_no_names_are_refused() {
    for names in [
        format!("{NAMES},"),
        format!("{NAMES}, status"),
        format!("{NAMES},signature"),
        format!("{NAMES},a=b"),
    ] {
        let verdict = Callback::genuine().with("signed_field_names", &names).verdict();
        assert_eq!(verdict, Err(CallbackError::Malformed("it signs something that is no field")), "{names}");
    }
}

#[test]
fn rightly_signed_nonsense_is_refused() {
    for (name, value) in [
        ("transaction_code", "a b"),
        ("status", ""),
        ("total_amount", "many"),
        ("total_amount", "-1000.0"),
        ("transaction_uuid", "a b"),
        ("product_code", ""),
    ] {
        let mut fields = Callback::genuine().with(name, value).without("signature").0;
        let pairs: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let signature = Signature::sign(&SecretKey::test(), pairs).to_base64();
        fields.push(("signature", signature));
        assert!(matches!(Callback(fields).verdict(), Err(CallbackError::Malformed(_))), "{name}={value}");
    }
}

#[test]
fn a_signature_of_another_shape_is_its_own_error() {
    for signature in ["", "AAAA", &"0".repeat(64), "!!", &"A".repeat(44)] {
        let verdict = Callback::genuine().with("signature", signature).verdict();
        let error = CallbackError::Malformed("its signature is not Base64 of 32 bytes");
        assert_eq!(verdict, Err(error), "{signature}");
    }
    let zeroes = Callback::genuine().with("signature", &STANDARD.encode([0; 32])).verdict();
    assert_eq!(zeroes, Err(CallbackError::InvalidSignature));
}

#[test]
fn another_merchants_callback_is_foreign() {
    let foreign = Callback::signed(&[
        ("transaction_code", "000AWEO"),
        ("status", "COMPLETE"),
        ("total_amount", "1000.0"),
        ("transaction_uuid", "250610-162413"),
        ("product_code", "NP-ES-OTHER"),
        ("signed_field_names", NAMES),
    ]);
    assert_eq!(foreign.verdict(), Err(CallbackError::ForeignProduct));
}

#[test]
fn a_receipt_of_another_order_does_not_match() {
    let callback = Callback::genuine().verdict().unwrap();
    let order = |uuid: &str, amount| Order {
        transaction_uuid: TransactionUuid::new(uuid).unwrap(),
        total_amount: Amount::from_paisa(amount),
    };
    assert!(callback.matches(&order("250610-162413", 100_000)));
    assert!(!callback.matches(&order("250610-162413", 100_001)));
    assert!(!callback.matches(&order("250610-162414", 100_000)));
}

#[test]
fn further_signed_fields_are_survived_and_checked() {
    let names = format!("{NAMES},channel");
    let extended = || {
        Callback::signed(&[
            ("transaction_code", "000AWEO"),
            ("status", "COMPLETE"),
            ("total_amount", "1000.0"),
            ("transaction_uuid", "250610-162413"),
            ("product_code", "EPAYTEST"),
            ("signed_field_names", &names),
            ("channel", "app"),
        ])
    };
    assert!(extended().verdict().is_ok());
    assert_eq!(extended().with("channel", "web").verdict(), Err(CallbackError::InvalidSignature));
}

#[test]
fn only_the_commas_that_esewa_added_are_forgiven() {
    let plain = Callback::genuine().with("total_amount", "1,000.0");
    assert_eq!(plain.verdict().unwrap().total_amount(), Amount::from_paisa(100_000));
    for amount in ["10,00.0", "1000.0,", ",1000.0", "1,0,00.0"] {
        assert!(Callback::genuine().with("total_amount", amount).verdict().is_err(), "{amount}");
    }
    let million = Callback::signed(&[
        ("transaction_code", "000AWEO"),
        ("status", "COMPLETE"),
        ("total_amount", "1234567.5"),
        ("transaction_uuid", "250610-162413"),
        ("product_code", "EPAYTEST"),
        ("signed_field_names", NAMES),
    ]);
    assert!(
        million.with("total_amount", "1,234,567.5").verdict().is_ok(),
        "all commas go, not the first only"
    );
}

#[test]
fn a_former_key_is_taken_only_while_it_is_kept() {
    let code = ProductCode::test;
    let rotated =
        || Merchant::new(Environment::Test, code(), SecretKey::new("the-new-key").unwrap()).unwrap();
    let raw = || RawCallback::from_data(&STANDARD.encode(Callback::genuine().json())).unwrap();
    assert_eq!(rotated().verify_callback(raw()), Err(CallbackError::InvalidSignature));
    let keeping = rotated().with_former_key(SecretKey::test()).unwrap();
    assert!(keeping.verify_callback(raw()).is_ok());
}
