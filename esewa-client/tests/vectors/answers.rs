//! What eSewa answers: status bodies, refusals and acceptances of the form, and bodies of other kinds.

use base64::Engine as _;
use esewa_client::{Environment, ProductCode, ReferenceId, StatusBodyError, StatusReport, TransactionUuid};
use serde_json::Value;

use crate::{id, of_kind};

#[test]
fn every_status_body_is_read_as_expected() {
    for vector in of_kind("status-response") {
        let parsed = &vector["expected"]["parsed"];
        match read(&vector) {
            Ok(report) => assert_is(&report, parsed, id(&vector)),
            Err(StatusBodyError::Outage) => assert_eq!(parsed["code"], 0, "{}", id(&vector)),
            Err(StatusBodyError::Malformed(_)) => {
                assert_eq!(vector["expected"]["error"], "invalid JSON", "{}", id(&vector));
            }
            Err(other) => panic!("{}: {other:?}", id(&vector)),
        }
    }
}

#[test]
fn every_refusal_of_the_form_is_told_apart() {
    for vector in of_kind("form-error") {
        match read(&vector) {
            Err(StatusBodyError::Outage) => {
                assert_eq!((id(&vector), &vector["expected"]["code"]), ("v065", &0.into()));
            }
            // Its note: a product code that the environment does not know, in the shape of an outage.
            Err(StatusBodyError::UnknownMerchant) => {
                assert_eq!((id(&vector), &vector["expected"]["code"]), ("v067", &0.into()));
            }
            Err(StatusBodyError::InvalidSignature) => {
                assert_eq!(vector["expected"]["code"], "ES104", "{}", id(&vector));
            }
            other => panic!("{}: {other:?}", id(&vector)),
        }
    }
}

#[test]
fn an_accepted_form_leads_to_a_booking() {
    for vector in of_kind("form-success") {
        let location = vector["input"]["location"].as_str().unwrap();
        let page = Environment::Test.into_endpoints().form_url.join(location).unwrap();
        assert_eq!(page.as_str(), vector["expected"]["absolute"], "{}", id(&vector));
        let (name, booking) = page.query_pairs().next().unwrap();
        assert_eq!(name, "bookingId", "{}", id(&vector));
        let bytes = base64::engine::general_purpose::STANDARD.decode(booking.as_bytes()).unwrap();
        assert_eq!(bytes.len(), 16, "{}", id(&vector));
    }
}

#[test]
fn bodies_of_other_protocols_are_no_status() {
    for kind in ["mobile-verify-response", "mobile-sdk-result", "token-response"] {
        for vector in of_kind(kind) {
            assert!(read(&vector).is_err(), "{} was taken for a status", id(&vector));
        }
    }
}

fn read(vector: &Value) -> Result<StatusReport, StatusBodyError> {
    StatusReport::parse(vector["input"]["body"].as_str().unwrap().as_bytes())
}

fn assert_is(report: &StatusReport, parsed: &Value, id: &str) {
    assert_eq!(report.status().as_str(), parsed["status"], "{id}");
    assert_eq!(report.ref_id().map(ReferenceId::as_str), parsed["ref_id"].as_str(), "{id}");
    let uuid = report.transaction_uuid().map(TransactionUuid::as_str);
    assert_eq!(uuid, parsed["transaction_uuid"].as_str(), "{id}");
    assert_eq!(report.product_code().map(ProductCode::as_str), parsed["product_code"].as_str(), "{id}");
    let amount = parsed["total_amount"].to_string().parse().unwrap();
    assert_eq!(report.total_amount(), Some(amount), "{id}");
}
