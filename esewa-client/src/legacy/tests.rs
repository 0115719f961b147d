//! The bytes of v1, as they are on the wire and as they are documented.

use super::*;
use crate::order::Order;

#[test]
fn every_shape_of_success_and_failure_is_read() {
    for (body, answer) in [
        ("<response>\n<response_code>\nSuccess\n</response_code>\n</response>\n", Transrec::Success),
        ("<response>\n<response_code>failure</response_code>\n</response>\n", Transrec::Failure),
        (
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<response><response_code>Success</response_code></response>\n",
            Transrec::Success,
        ),
        (
            "<?xml version=\"1.0\"?><response><response_code>FAILURE</response_code></response>",
            Transrec::Failure,
        ),
    ] {
        assert_eq!(Transrec::parse(body.as_bytes()), Ok(answer), "{body}");
    }
}

#[test]
fn a_page_that_mentions_success_proves_nothing() {
    for page in [
        "<html><body>Success</body></html>",
        "<html><response_code>Success</response_code></html>",
        "<!-- <response><response_code>Success</response_code></response> -->",
    ] {
        assert_eq!(Transrec::parse(page.as_bytes()), Err(TransrecError::UnexpectedHtml), "{page}");
    }
}

#[test]
fn what_is_cut_or_doubled_is_malformed() {
    for body in [
        "",
        "Success",
        "<response>\n<response_code>\nSuccess\n",
        "<response><response_code>Successful</response_code></response>",
        "<response><response_code></response_code></response>",
        "<response><response_code>Success</response_code><response_code>failure</response_code></response>",
        "<?xml version=\"1.0\"",
    ] {
        assert_eq!(Transrec::parse(body.as_bytes()), Err(TransrecError::Malformed), "{body}");
    }
    assert_eq!(Transrec::parse(b"\xff"), Err(TransrecError::Malformed));
}

#[test]
fn the_redirect_is_read_and_held_against_the_order() {
    let redirect = LegacyRedirect::from_query("q=su&oid=121234&amt=100.0&refId=110761").unwrap();
    assert_eq!(redirect.reference().as_str(), "110761");
    assert_eq!(redirect.transaction_uuid().as_str(), "121234");
    let order = |amount: &str| Order {
        transaction_uuid: redirect.transaction_uuid().clone(),
        total_amount: amount.parse().unwrap(),
    };
    assert!(redirect.matches(&order("100")));
    assert!(!redirect.matches(&order("101")));
}

#[test]
fn a_crooked_redirect_is_refused() {
    for (query, error) in [
        ("amt=1&refId=2", RedirectError::Missing("oid")),
        ("oid=1&oid=2&amt=1&refId=2", RedirectError::Duplicate("oid")),
        ("oid=1&amt=-1&refId=2", RedirectError::Malformed("amt")),
        ("oid=1&amt=1&refId=a%20b", RedirectError::Malformed("refId")),
        ("oid=a,b&amt=1&refId=2", RedirectError::Malformed("oid")),
    ] {
        assert_eq!(LegacyRedirect::from_query(query), Err(error), "{query}");
    }
    assert_eq!(LegacyRedirect::from_query(&"a".repeat(9_000)), Err(RedirectError::TooLarge));
}

#[test]
fn verification_carries_the_orders_amount() {
    let order = Order {
        transaction_uuid: crate::TransactionUuid::new("121234").unwrap(),
        total_amount: "100".parse().unwrap(),
    };
    let merchant = LegacyMerchant::test();
    let fields = merchant.verify_fields(&order, &crate::ReferenceId::new("110761").unwrap());
    let shown: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(shown.join("&"), "amt=100&rid=110761&pid=121234&scd=EPAYTEST");
    assert_eq!(merchant.verify_url().as_str(), "https://rc.esewa.com.np/epay/transrec");
    let production = LegacyMerchant::production(ProductCode::new("NP-ES-SHOP").unwrap());
    assert_eq!(production.form_url().as_str(), "https://esewa.com.np/epay/main");
}
