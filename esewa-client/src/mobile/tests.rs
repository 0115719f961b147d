//! The documented answer, what the SDK of the device shows, and everything that is neither.

use super::*;

const DOCUMENTED: &str = r#"[{"productId":"1999","productName":"Android SDK Payment","totalAmount":"25.0","code":"00","message":{"technicalSuccessMessage":"Your transaction has been completed.","successMessage":"Your transaction has been completed."},"transactionDetails":{"date":"Mon Dec 26 12:58:14 NPT 2022","referenceId":"0004VZR","status":"COMPLETE"},"merchantName":"Android SDK Payment"}]"#;

fn order(uuid: &str, amount: &str) -> Order {
    Order {
        transaction_uuid: crate::TransactionUuid::lenient(uuid).unwrap(),
        total_amount: amount.parse().unwrap(),
    }
}

fn confirm(body: &str) -> MobileConfirmation {
    MobileAnswer::parse(body.as_bytes()).unwrap().confirm(&order("1999", "25"))
}

#[test]
fn the_documented_array_is_read_with_its_date() {
    let MobileConfirmation::Paid(report) = confirm(DOCUMENTED) else { panic!("not paid") };
    assert_eq!(report.reference().as_str(), "0004VZR");
    assert_eq!(report.total_amount().paisa(), 2_500);
    assert_eq!(report.date(), Some("Mon Dec 26 12:58:14 NPT 2022"));
    assert_eq!((report.code(), report.product_id().as_str()), (Some("00"), "1999"));
}

#[test]
fn an_object_with_a_message_is_no_payment() {
    for body in [r#"{"code":"01","errorMessage":"not found"}"#, r#"{"error_message":"x"}"#, "[]"] {
        assert_eq!(confirm(body), MobileConfirmation::NotFound, "{body}");
    }
}

#[test]
fn a_payment_of_something_else_is_a_mismatch() {
    for (from, to) in [(r#""productId":"1999""#, r#""productId":"2000""#), ("25.0", "1.0")] {
        let answer = confirm(&DOCUMENTED.replace(from, to));
        assert!(matches!(answer, MobileConfirmation::Mismatch(_)), "{to}");
    }
}

#[test]
fn only_complete_with_the_good_code_is_paid() {
    for (from, to) in [
        ("\"COMPLETE\"", "\"PENDING\""),
        ("\"COMPLETE\"", "\"ON_HOLD\""),
        (r#""code":"00""#, r#""code":"01""#),
    ] {
        let answer = confirm(&DOCUMENTED.replace(from, to));
        assert!(matches!(answer, MobileConfirmation::Other(_)), "{to}");
    }
}

#[test]
fn what_tells_nothing_is_an_error() {
    let error = |body: &str| MobileAnswer::parse(body.as_bytes()).unwrap_err();
    assert_eq!(error(r#"{"code":0,"error_message":"down"}"#), MobileBodyError::Outage);
    assert_eq!(error("<html>"), MobileBodyError::UnexpectedHtml);
    let two = format!("[{0},{0}]", DOCUMENTED.trim_matches(['[', ']']));
    for body in [
        "",
        "{}",
        "null",
        "[1]",
        &DOCUMENTED[..80],
        two.as_str(),
        &DOCUMENTED.replace("25.0", "-25.0"),
        &DOCUMENTED.replace("0004VZR", ""),
        // The object that the SDK hands to the app is no answer of the server.
        DOCUMENTED.trim_matches(['[', ']']),
    ] {
        assert!(matches!(error(body), MobileBodyError::Malformed(_)), "{body}");
    }
}

#[test]
fn both_questions_carry_their_names() {
    let url = MobileMerchant::test().url(MobileQuery::Order(&order("a_1", "25.50")));
    assert_eq!(url.query(), Some("productId=a_1&amount=25.5"));
    let merchant = MobileMerchant::at(&fixed_url("http://localhost/"), "id", "secret").unwrap();
    assert_eq!(
        merchant.headers(),
        [("merchantId", "id"), ("merchantSecret", "secret"), ("Content-Type", "application/json")]
    );
}

#[test]
fn credentials_are_linted_and_never_shown() {
    let refused = |id: &str, secret: &str| MobileMerchant::production(id, secret).unwrap_err();
    assert_eq!(refused("", "s"), MobileConfigError::Credential("client id"));
    assert_eq!(refused("i", "s\r\nx: y"), MobileConfigError::Credential("client secret"));
    assert_eq!(refused("i", TEST_CLIENT_SECRET), MobileConfigError::TestCredentialsInProduction);
    let plain = MobileMerchant::at(&fixed_url("http://esewa.com.np/"), "i", "s").unwrap_err();
    assert_eq!(plain, MobileConfigError::NotHttps);
    let printed = format!("{:?}", MobileMerchant::production("own-id", "own-secret").unwrap());
    assert!(!printed.contains("own") && printed.contains("[redacted]"), "{printed}");
}
