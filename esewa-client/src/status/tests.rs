//! Each body its own outcome; only a complete one that agrees with the order is a payment.

use super::*;
use crate::order::Order;

const PAID: &str = r#"{"product_code":"EPAYTEST","transaction_uuid":"123","total_amount":100.0,"status":"COMPLETE","ref_id":"00066XV"}"#;

fn order() -> Order {
    Order { transaction_uuid: TransactionUuid::new("123").unwrap(), total_amount: Amount::from_paisa(10_000) }
}

fn confirmed(body: &str) -> Confirmation {
    confirm(StatusReport::parse(body.as_bytes()).unwrap(), &order(), &ProductCode::test())
}

fn mismatched(body: &str) -> MismatchedField {
    match confirmed(body) {
        Confirmation::Mismatch(mismatch) => mismatch.field(),
        other => panic!("expected a mismatch, got {other:?}"),
    }
}

#[test]
fn the_sandbox_fixture_is_a_confirmed_payment() {
    let Confirmation::Paid(payment) = confirmed(PAID) else { panic!("not paid") };
    assert_eq!(payment.reference().as_str(), "00066XV");
    assert_eq!(payment.transaction_uuid().as_str(), "123");
    assert_eq!(payment.total_amount(), Amount::from_paisa(10_000));
    assert_eq!(payment.product_code(), &ProductCode::test());
}

#[test]
fn amounts_compare_by_value_in_every_spelling() {
    for amount in ["100", "100.00", "\"100.0\"", "\"100\""] {
        assert!(matches!(confirmed(&PAID.replace("100.0", amount)), Confirmation::Paid(_)), "{amount}");
    }
}

#[test]
fn a_complete_answer_about_something_else_is_no_payment() {
    assert_eq!(mismatched(&PAID.replace("\"123\"", "\"124\"")), MismatchedField::TransactionUuid);
    assert_eq!(mismatched(&PAID.replace("EPAYTEST", "NP-ES-OTHER")), MismatchedField::ProductCode);
    assert_eq!(mismatched(&PAID.replace("100.0", "10.0")), MismatchedField::TotalAmount);
    assert_eq!(mismatched(&PAID.replace("100.0", "null")), MismatchedField::TotalAmount);
    assert_eq!(mismatched(&PAID.replace("\"00066XV\"", "null")), MismatchedField::Reference);
    assert_eq!(mismatched(&PAID.replace("\"00066XV\"", "\"\"")), MismatchedField::Reference);
    assert_eq!(
        mismatched(r#"{"status":"COMPLETE","ref_id":"1","total_amount":100.0}"#),
        MismatchedField::TransactionUuid
    );
}

#[test]
fn a_strangers_refund_is_a_mismatch_too() {
    let refund = PAID.replace("COMPLETE", "FULL_REFUND");
    assert!(matches!(confirmed(&refund), Confirmation::Other(_)));
    assert_eq!(mismatched(&refund.replace("\"123\"", "\"124\"")), MismatchedField::TransactionUuid);
    let Confirmation::Mismatch(mismatch) = confirmed(&PAID.replace("100.0", "10.0")) else { panic!() };
    assert_eq!(mismatch.report().total_amount(), Some(Amount::from_paisa(1_000)));
    assert_eq!(mismatch.to_string(), "eSewa answered COMPLETE with another amount than the order's");
}

#[test]
fn a_status_alone_is_enough_for_what_is_not_paid() {
    for word in ["PENDING", "NOT_FOUND", "CANCELED", "AMBIGUOUS"] {
        let Confirmation::Other(report) = confirmed(&format!(r#"{{"status":"{word}"}}"#)) else {
            panic!("{word}")
        };
        assert_eq!(report.status().as_str(), word);
        assert_eq!((report.ref_id(), report.total_amount()), (None, None));
        assert_eq!((report.transaction_uuid(), report.product_code()), (None, None));
    }
}

#[test]
fn the_older_spelling_of_names_is_read() {
    let body = r#"{"productCode":"EPAYTEST","transactionUuid":"123","totalAmount":"100.0","status":"COMPLETE","refId":"00066xv"}"#;
    assert!(matches!(confirmed(body), Confirmation::Paid(_)));
}

#[test]
fn only_complete_is_paid_and_little_is_final() {
    let words = [
        "PENDING",
        "COMPLETE",
        "FULL_REFUND",
        "PARTIAL_REFUND",
        "AMBIGUOUS",
        "NOT_FOUND",
        "CANCELED",
        "REVERSED",
    ];
    let statuses: Vec<Status> = words.iter().map(|word| Status::from_wire(word).unwrap()).collect();
    let paid: Vec<&str> = statuses.iter().filter(|status| status.is_paid()).map(Status::as_str).collect();
    let settled: Vec<&str> = statuses.iter().filter(|status| status.is_final()).map(Status::as_str).collect();
    assert_eq!(paid, ["COMPLETE"]);
    assert_eq!(settled, ["COMPLETE", "FULL_REFUND", "CANCELED"]);
    assert_eq!(statuses[7], Status::Other("REVERSED".to_owned()));
    for (word, status) in words.iter().zip(&statuses) {
        assert_eq!(status.to_string(), *word);
    }
}

#[test]
fn what_is_no_word_is_no_status() {
    for word in ["", "two words", "<b>", &"A".repeat(65)] {
        assert_eq!(Status::from_wire(word), None, "{word}");
    }
    assert!(Status::from_wire(&"A".repeat(64)).is_some());
    assert_eq!(Status::from_wire("complete"), Some(Status::Other("complete".to_owned())));
}

#[test]
fn an_outage_is_not_a_state() {
    for body in [
        r#"{"code":0,"error_message":"Service is currently unavailable"}"#,
        r#"{"code":0,"error_message":"x","status":"COMPLETE"}"#,
        r#"{"code":0,"status":"COMPLETE"}"#,
        &PAID.replace('{', "{\"code\":0,"),
        r#"{"code":0}"#,
    ] {
        assert_eq!(StatusReport::parse(body.as_bytes()), Err(StatusBodyError::Outage), "{body}");
    }
}

#[test]
fn one_thing_told_in_two_ways_is_no_state() {
    for (name, alias) in [
        (r#""total_amount":100.0"#, r#""totalAmount":1.0"#),
        (r#""total_amount":100.0"#, r#""totalAmount":null"#),
        (r#""transaction_uuid":"123""#, r#""transactionUuid":"124""#),
        (r#""product_code":"EPAYTEST""#, r#""productCode":"NP-ES-OTHER""#),
        (r#""ref_id":"00066XV""#, r#""refId":"00066XW""#),
    ] {
        for both in [format!("{name},{alias}"), format!("{alias},{name}")] {
            let answer = StatusReport::parse(PAID.replace(name, &both).as_bytes());
            let error = StatusBodyError::Malformed("it tells one thing in two ways");
            assert_eq!(answer, Err(error), "{both}");
        }
    }
    let agreeing = PAID.replace(r#""ref_id""#, r#""refId":"00066XV","ref_id""#);
    assert!(matches!(confirmed(&agreeing), Confirmation::Paid(_)));
}

#[test]
fn a_state_beside_an_error_code_is_no_state() {
    let beside =
        |code: &str| StatusReport::parse(PAID.replace('{', &format!("{{\"code\":{code},")).as_bytes());
    assert_eq!(beside("0"), Err(StatusBodyError::Outage));
    assert_eq!(beside("\"ES104\""), Err(StatusBodyError::InvalidSignature));
    assert_eq!(beside("\"ES000\""), Err(StatusBodyError::Refused { code: "ES000".to_owned() }));
    assert_eq!(beside("7"), Err(StatusBodyError::Refused { code: "7".to_owned() }));
    assert!(beside("null").is_ok(), "a code of nothing is none");
    let message = PAID.replace('{', "{\"errorMessage\":\"x\",");
    assert!(StatusReport::parse(message.as_bytes()).is_err());
}

#[test]
fn a_refusal_names_its_code() {
    let parse = |body: &str| StatusReport::parse(body.as_bytes());
    let refused = |code: &str| Err(StatusBodyError::Refused { code: code.to_owned() });
    assert_eq!(parse(r#"{"code":"ES000","message":"Another reason."}"#), refused("ES000"));
    assert_eq!(parse(r#"{"code":"ES1045","message":"Another reason."}"#), refused("ES1045"));
    assert_eq!(parse(r#"{"code":7,"error_message":"x"}"#), refused("7"));
    assert_eq!(
        parse(&format!(r#"{{"code":"<b>{}"}}"#, "E".repeat(99))),
        refused(&format!("b{}", "E".repeat(31)))
    );
}

#[test]
fn a_wrong_signature_and_an_unknown_merchant_have_outcomes_of_their_own() {
    let error = |body: &str| StatusReport::parse(body.as_bytes()).unwrap_err();
    let signature = error(r#"{"code":"ES104","message":"Invalid payload signature."}"#);
    let words = "Unable to fetch merchant key. Please try again later.";
    let merchant = error(&format!(r#"{{"error_message":"{words}","code":0}}"#));
    assert_eq!(signature, StatusBodyError::InvalidSignature);
    assert_eq!(merchant, StatusBodyError::UnknownMerchant);
    assert_eq!(error(&format!(r#"{{"errorMessage":"{words}","code":0}}"#)), merchant, "the older spelling");
    assert!(!signature.is_retryable() && !merchant.is_retryable());
    // Code 0 with other words remains an outage, and another code with these words a refusal.
    assert_eq!(error(r#"{"error_message":"Unable to answer","code":0}"#), StatusBodyError::Outage);
    let other = error(&format!(r#"{{"error_message":"{words}","code":7}}"#));
    assert_eq!(other, StatusBodyError::Refused { code: "7".to_owned() });
    assert!(!other.is_retryable());
    assert!(error(r#"{"code":0}"#).is_retryable());
    assert!(error("<html>").is_retryable() && error("").is_retryable());
}

#[test]
fn a_page_is_told_from_broken_json() {
    for page in ["<html>", "\n <!doctype html>", "\u{feff}<html></html>"] {
        assert_eq!(StatusReport::parse(page.as_bytes()), Err(StatusBodyError::UnexpectedHtml), "{page}");
    }
    for body in [
        "",
        "null",
        "[]",
        "{}",
        &PAID[..60],
        r#"{"code":null}"#,
        r#"{"status":7,"status":8}"#,
        r#"{"status":null}"#,
        r#"{"status":""}"#,
        // What a web framework calls its HTTP status.
        r#"{"status":500,"error":"Internal Server Error"}"#,
        r#"{"status":404,"ref_id":null}"#,
        r#"{"status":"COMPLETE","total_amount":-1}"#,
        r#"{"status":"COMPLETE","ref_id":"a b"}"#,
        r#"{"status":"COMPLETE","transaction_uuid":"a,b"}"#,
        r#"{"status":"COMPLETE","product_code":"a=b"}"#,
        r#"{"status":"two words"}"#,
    ] {
        assert!(matches!(StatusReport::parse(body.as_bytes()), Err(StatusBodyError::Malformed(_))), "{body}");
    }
    assert!(matches!(StatusReport::parse(b"\xff"), Err(StatusBodyError::Malformed(_))));
}

#[test]
fn a_state_said_twice_is_refused() {
    let twice = PAID.replace("\"status\"", "\"status\":\"PENDING\",\"status\"");
    assert!(matches!(StatusReport::parse(twice.as_bytes()), Err(StatusBodyError::Malformed(_))));
}

#[test]
fn each_word_is_its_own_state() {
    for (word, status) in [
        ("PENDING", Status::Pending),
        ("COMPLETE", Status::Complete),
        ("FULL_REFUND", Status::FullRefund),
        ("PARTIAL_REFUND", Status::PartialRefund),
        ("AMBIGUOUS", Status::Ambiguous),
        ("NOT_FOUND", Status::NotFound),
        ("CANCELED", Status::Canceled),
        ("ON_HOLD-2", Status::Other("ON_HOLD-2".to_owned())),
    ] {
        assert_eq!((status.as_str(), status.to_string().as_str()), (word, word));
        assert_eq!(Status::from_wire(word), Some(status));
    }
    assert!(Status::from_wire(&"A".repeat(64)).is_some());
    for none in ["", "two words", "a,b", "a=b", &"A".repeat(65)] {
        assert_eq!(Status::from_wire(none), None, "{none}");
    }
}

#[test]
fn names_are_told_once_and_their_number_is_bounded() {
    let object = |more: usize| {
        let more: String = (0..more).map(|number| format!(r#","k{number}":1"#)).collect();
        StatusReport::parse(format!(r#"{{"status":"PENDING"{more}}}"#).as_bytes())
    };
    assert!(object(31).is_ok());
    assert!(matches!(object(32), Err(StatusBodyError::Malformed(_))));
    let twice = br#"{"status":"PENDING","note":1,"note":2}"#;
    assert!(matches!(StatusReport::parse(twice), Err(StatusBodyError::Malformed(_))), "of any name");
}

#[test]
fn another_kind_of_json_is_told_what_is_wanted() {
    let Err(error) = serde_json::from_str::<body::Fields>("[]") else { panic!("an array has no status") };
    assert!(error.to_string().contains("expected an object"), "{error}");
}
