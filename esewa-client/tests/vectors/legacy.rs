//! What ePay v1 answers, and how it sends a payer back.

use esewa_client::legacy::{LegacyRedirect, Transrec};

use crate::{id, of_kind};

#[test]
fn every_answer_of_transrec_is_read() {
    for vector in of_kind("v1-transrec-response") {
        let answer = Transrec::parse(vector["input"]["body"].as_str().unwrap().as_bytes()).unwrap();
        assert_eq!(answer == Transrec::Success, vector["expected"]["success"] == true, "{}", id(&vector));
    }
}

#[test]
fn every_redirect_of_v1_is_read() {
    for vector in of_kind("v1-redirect") {
        let url = vector["input"]["url"].as_str().unwrap();
        let redirect = LegacyRedirect::from_query(url.split_once('?').unwrap().1).unwrap();
        assert_eq!(redirect.transaction_uuid().as_str(), vector["expected"]["oid"], "{}", id(&vector));
        assert_eq!(redirect.reference().as_str(), vector["expected"]["refId"], "{}", id(&vector));
    }
}
