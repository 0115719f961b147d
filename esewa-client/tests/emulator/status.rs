//! The status API: its bytes, its words, and what goes wrong with it.

use esewa_client::sandbox::{Quirks, WrongAmount};
use esewa_client::{Confirmation, RequestError, Status};
use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn the_sandbox_fixture_answers_under_both_paths() {
    let world = World::new().await;
    let query = "product_code=EPAYTEST&total_amount=100&transaction_uuid=123";
    for path in ["/api/epay/transaction/status/", "/api/epay/transaction/status"] {
        let seen = world.get(&format!("{path}?{query}")).await;
        let body = r#"{"product_code":"EPAYTEST","transaction_uuid":"123","total_amount":100.0,"status":"COMPLETE","ref_id":"00066XV"}"#;
        assert_eq!((seen.http_status, &*seen.text), (200, body));
    }
}

#[tokio::test]
async fn every_spelling_of_the_amount_finds_the_payment() {
    let world = World::new().await;
    world.book("a", "1250").await;
    world.pay("a", "complete").await;
    for amount in ["1250", "1250.0", "1250.00", "1,250.0"] {
        let path = format!(
            "/api/epay/transaction/status/?product_code=EPAYTEST&total_amount={amount}&transaction_uuid=a"
        );
        assert!(
            world
                .get(&path)
                .await
                .text
                .contains(r#""total_amount":1250.0,"status":"COMPLETE","ref_id":"000H"#)
        );
    }
}

#[tokio::test]
async fn every_outcome_has_its_word() {
    let world = World::new().await;
    for (outcome, word, named) in [
        ("complete", "COMPLETE", true),
        ("cancel", "CANCELED", false),
        ("pending", "PENDING", false),
        ("ambiguous", "AMBIGUOUS", true),
        ("not_found", "NOT_FOUND", false),
        ("full_refund", "FULL_REFUND", true),
        ("partial_refund", "PARTIAL_REFUND", true),
    ] {
        let uuid = outcome.replace('_', "-");
        let order = world.book(&uuid, "100").await;
        assert_eq!(world.pay(&uuid, outcome).await["status"], word);
        let report = world.client.status(&order).await.unwrap();
        assert_eq!((report.status().as_str(), report.ref_id().is_some()), (word, named));
    }
}

#[tokio::test]
async fn a_wrong_amount_is_not_found_unless_told_otherwise() {
    let ask = async |world: &World| {
        let mut order = world.book("a", "100").await;
        world.pay("a", "complete").await;
        order.total_amount = "99".parse().unwrap();
        world.client.confirm(&order).await.unwrap()
    };
    let Confirmation::Other(report) = ask(&World::new().await).await else { panic!() };
    assert_eq!(report.status(), &Status::NotFound);
    let mut quirks = Quirks::default();
    quirks.wrong_amount = WrongAmount::Ignore;
    assert!(matches!(ask(&World::with(quirks).await).await, Confirmation::Mismatch(_)));
}

type IsThis = fn(&RequestError) -> bool;

#[tokio::test]
async fn each_fault_is_its_own_error() {
    let world = World::new().await;
    let order = world.book("a", "100").await;
    world.pay("a", "complete").await;
    let expected: [(&str, IsThis); 6] = [
        ("outage", |error| matches!(error, RequestError::Outage)),
        ("forbidden", |error| matches!(error, RequestError::Refused { http_status: 403, .. })),
        ("bad_gateway", |error| matches!(error, RequestError::UnexpectedHtml { http_status: 502 })),
        ("timeout", |error| matches!(error, RequestError::UnexpectedHtml { http_status: 504 })),
        ("cut", |error| matches!(error, RequestError::Transport(_))),
        ("garbage", |error| matches!(error, RequestError::Malformed(_))),
    ];
    for (fault, is) in expected {
        let body = json!({ "route": "status", "fault": fault, "times": 3, "delay_ms": 0 });
        assert_eq!(world.control("/_sandbox/faults", body).await.0, 200);
        let error = world.client.confirm(&order).await.unwrap_err();
        assert!(is(&error), "{fault}: {error:?}");
        world.client.confirm(&order).await.ok();
        world.client.confirm(&order).await.ok();
        assert!(matches!(world.client.confirm(&order).await, Ok(Confirmation::Paid(_))), "{fault} ends");
    }
}

#[tokio::test]
async fn bent_answers_are_what_they_say() {
    let world = World::new().await;
    let order = world.book("a", "100").await;
    world.pay("a", "complete").await;
    world.control("/_sandbox/faults", json!({ "route": "status", "fault": "stale_pending" })).await;
    let Ok(Confirmation::Other(report)) = world.client.confirm(&order).await else { panic!() };
    assert_eq!((report.status(), report.ref_id()), (&Status::Pending, None));
    world.control("/_sandbox/faults", json!({ "route": "status", "fault": "wrong_amount" })).await;
    assert!(matches!(world.client.confirm(&order).await, Ok(Confirmation::Mismatch(_))));
    assert!(matches!(world.client.confirm(&order).await, Ok(Confirmation::Paid(_))));
}

#[tokio::test]
async fn a_redirect_can_overtake_the_status() {
    let world = World::new().await;
    let order = world.book("a", "100").await;
    world.control("/_sandbox/faults", json!({ "route": "redirect", "fault": "early" })).await;
    assert_eq!(world.pay("a", "complete").await["status"], "PENDING");
    assert!(matches!(world.client.confirm(&order).await, Ok(Confirmation::Other(_))));
    world.control("/_sandbox/clock", json!({ "advance_s": 6 })).await;
    assert!(matches!(world.client.confirm(&order).await, Ok(Confirmation::Paid(_))));
}

#[tokio::test]
async fn a_payment_can_settle_after_some_questions() {
    let world = World::new().await;
    let order = world.book("a", "100").await;
    let body = json!({ "transaction_uuid": "a", "outcome": "complete", "pending_polls": 2 });
    world.control("/_sandbox/pay", body).await;
    for _ in 0..2 {
        assert_eq!(world.client.status(&order).await.unwrap().status(), &Status::Pending);
    }
    assert_eq!(world.client.status(&order).await.unwrap().status(), &Status::Complete);
}

#[tokio::test]
async fn a_booking_runs_out_on_the_emulators_clock() {
    let world = World::new().await;
    let order = world.book("a", "100").await;
    world.control("/_sandbox/clock", json!({ "advance_s": 3_599 })).await;
    assert_eq!(world.client.status(&order).await.unwrap().status(), &Status::Pending);
    world.control("/_sandbox/clock", json!({ "advance_s": 1 })).await;
    assert_eq!(world.client.status(&order).await.unwrap().status(), &Status::NotFound);
}

#[tokio::test]
async fn what_is_asked_wrongly_is_told_so() {
    let world = World::new().await;
    let path = "/api/epay/transaction/status/";
    assert_eq!(world.get(path).await.http_status, 400);
    assert_eq!(
        world.get(&format!("{path}?product_code=a&total_amount=x&transaction_uuid=b")).await.http_status,
        400
    );
    assert_eq!(world.post(path, &[("a", "b")]).await.http_status, 405);
}
