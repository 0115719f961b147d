//! What eSewa's mobile API answers a merchant, and what its SDK hands to the app.

use esewa_client::mobile::{MobileAnswer, MobileBodyError};

use crate::{id, of_kind};

#[test]
fn every_mobile_answer_is_read() {
    for vector in of_kind("mobile-verify-response") {
        let body = vector["input"]["body"].as_str().unwrap();
        let Ok(MobileAnswer::Found(report)) = MobileAnswer::parse(body.as_bytes()) else {
            panic!("{} tells of a payment", id(&vector));
        };
        let expected = &vector["expected"];
        assert_eq!(report.status().as_str(), expected["status"], "{}", id(&vector));
        assert_eq!(report.reference().as_str(), expected["referenceId"], "{}", id(&vector));
        let amount = expected["totalAmount"].as_str().unwrap().parse().unwrap();
        assert_eq!(report.total_amount(), amount, "{}", id(&vector));
    }
}

/// It comes from the payer's phone, who may write what they like: only the list that eSewa's own server
/// sends is an answer.
#[test]
fn what_the_app_says_is_no_answer() {
    for vector in of_kind("mobile-sdk-result") {
        let body = vector["input"]["body"].as_str().unwrap();
        let answer = MobileAnswer::parse(body.as_bytes());
        assert!(matches!(answer, Err(MobileBodyError::Malformed(_))), "{} tells: {answer:?}", id(&vector));
        let reference = vector["expected"]["referenceId"].as_str().unwrap();
        assert!(body.contains(reference), "{} has the reference to ask about", id(&vector));
    }
}
