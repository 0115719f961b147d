//! The form adds up, is signed over what it posts, and refuses what eSewa would break.

use super::*;
use crate::Merchant;

fn url(text: &str) -> Url {
    text.parse().unwrap()
}

fn request(amount: u64) -> Result<CheckoutRequest, CheckoutError> {
    let uuid = TransactionUuid::new("241028").unwrap();
    CheckoutRequest::new(
        uuid,
        Amount::from_paisa(amount),
        url("https://s.example/ok"),
        url("https://s.example/no?id=1"),
    )
}

#[test]
fn the_documented_form_is_built_to_the_letter() {
    let request = request(10_000).unwrap().with_tax(Amount::from_paisa(1_000)).unwrap();
    let form = Merchant::test().checkout(&request);
    assert_eq!(
        form.fields(),
        [
            ("amount", "100".to_owned()),
            ("tax_amount", "10".to_owned()),
            ("product_service_charge", "0".to_owned()),
            ("product_delivery_charge", "0".to_owned()),
            ("total_amount", "110".to_owned()),
            ("transaction_uuid", "241028".to_owned()),
            ("product_code", "EPAYTEST".to_owned()),
            ("success_url", "https://s.example/ok".to_owned()),
            ("failure_url", "https://s.example/no?id=1".to_owned()),
            ("signed_field_names", "total_amount,transaction_uuid,product_code".to_owned()),
            ("signature", "i94zsd3oXF6ZsSr/kGqT4sSzYQzjj1W/waxjWyRwaME=".to_owned()),
        ]
    );
}

#[test]
fn all_charges_are_part_of_the_sum() {
    let paisa = Amount::from_paisa;
    let request = request(100)
        .and_then(|request| request.with_tax(paisa(20)))
        .and_then(|request| request.with_service_charge(paisa(3)))
        .and_then(|request| request.with_delivery_charge(paisa(4_000)))
        .unwrap();
    assert_eq!(request.total_amount(), paisa(4_123));
    assert_eq!(request.order().total_amount, paisa(4_123));
    assert_eq!(request.order().transaction_uuid.as_str(), "241028");
    let form = Merchant::test().checkout(&request);
    let charges: Vec<&str> = form.fields()[..5].iter().map(|(_, value)| value.as_str()).collect();
    assert_eq!(charges, ["1", "0.2", "0.03", "40", "41.23"]);
}

#[test]
fn a_charge_given_twice_replaces_the_first() {
    let tax = |request: CheckoutRequest, paisa| request.with_tax(Amount::from_paisa(paisa)).unwrap();
    let request = tax(tax(request(100).unwrap(), 50), 10);
    assert_eq!(request.total_amount(), Amount::from_paisa(110));
}

#[test]
fn a_sum_that_does_not_fit_is_refused() {
    let error = request(u64::MAX).unwrap().with_tax(Amount::from_paisa(1)).unwrap_err();
    assert_eq!(error, CheckoutError::TooLarge);
}

#[test]
fn a_payment_of_nothing_is_refused() {
    assert_eq!(request(0).unwrap_err(), CheckoutError::ZeroAmount);
}

#[test]
fn a_success_address_that_would_swallow_the_answer_is_refused() {
    let uuid = || TransactionUuid::new("1").unwrap();
    let make = |success: &str, failure: &str| {
        CheckoutRequest::new(uuid(), Amount::from_paisa(1), url(success), url(failure)).map(drop)
    };
    assert_eq!(
        make("https://s.example/ok?id=1", "https://s.example"),
        Err(CheckoutError::SuccessUrlWithQuery)
    );
    assert_eq!(make("https://s.example/ok?", "https://s.example"), Err(CheckoutError::SuccessUrlWithQuery));
    assert_eq!(make("https://s.example/ok#x", "https://s.example"), Err(CheckoutError::SuccessUrlWithQuery));
    assert_eq!(make("https://s.example", "https://s.example/#x"), Err(CheckoutError::FailureUrlWithFragment));
    for broken in ["ok%0d%0aSet-Cookie:a", "ok%0A", "a%1Fb", "a%7fb", "a\u{1}b"] {
        let broken = format!("https://s.example/{broken}");
        assert_eq!(make(&broken, "https://s.example"), Err(CheckoutError::ControlCharacter), "{broken:?}");
        assert_eq!(make("https://s.example", &broken), Err(CheckoutError::ControlCharacter), "{broken:?}");
    }
    assert_eq!(make("https://s.example/a%20b%7e%80%2f", "https://s.example/no?a=%70"), Ok(()));
    assert_eq!(make("shop:ok", "https://s.example"), Err(CheckoutError::NotHttp));
    assert_eq!(make("https://s.example", "javascript:alert(1)"), Err(CheckoutError::NotHttp));
    assert_eq!(make("http://127.0.0.1/ok", "http://127.0.0.1/no?id=1"), Ok(()));
}

#[test]
fn debug_hides_the_signature_and_shows_the_rest() {
    let shown = format!("{:?}", Merchant::test().checkout(&request(10_000).unwrap()));
    assert!(shown.contains("\"signature\": \"[redacted]\""), "{shown}");
    assert!(shown.contains("241028"), "{shown}");
}
