//! The verification of the mobile SDK, asked by the merchant's server.

use esewa_client::mobile::{MobileConfirmation, MobileMerchant, MobileQuery};
use esewa_client::{ReferenceId, RequestError, Status};
use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn a_mobile_payment_is_proven_by_both_questions() {
    let world = World::new().await;
    let merchant = MobileMerchant::sandbox(&world.origin);
    let order = world.book("order-1", "1250.5").await;
    let ask = async |order, query| world.client.confirm_mobile(&merchant, order, query).await.unwrap();
    assert_eq!(ask(&order, MobileQuery::Order(&order)).await, MobileConfirmation::NotFound);

    let paid = world.pay("order-1", "complete").await;
    let reference = ReferenceId::new(paid["ref_id"].as_str().unwrap()).unwrap();
    for query in [MobileQuery::Reference(&reference), MobileQuery::Order(&order)] {
        let MobileConfirmation::Paid(report) = ask(&order, query).await else { panic!("{query:?}") };
        assert_eq!(report.reference(), &reference);
        assert!(report.date().unwrap().contains(" NPT 20"), "{:?}", report.date());
    }
    let other = world.book("order-2", "1250.5").await;
    let answer = ask(&other, MobileQuery::Reference(&reference)).await;
    assert!(matches!(answer, MobileConfirmation::Mismatch(_)), "a receipt of another order: {answer:?}");
    let unknown = ReferenceId::new("0000000").unwrap();
    assert_eq!(ask(&order, MobileQuery::Reference(&unknown)).await, MobileConfirmation::NotFound);
}

#[tokio::test]
async fn without_credentials_nothing_is_told() {
    let world = World::new().await;
    world.book("order-1", "100").await;
    let paid = world.pay("order-1", "complete").await;
    let path = format!("/mobile/transaction?txnRefId={}", paid["ref_id"].as_str().unwrap());
    let seen = world.get(&path).await;
    assert_eq!(seen.http_status, 401);
    assert!(!seen.text.contains("order-1"), "{}", seen.text);
}

#[tokio::test]
async fn refused_credentials_are_no_unpaid_order() {
    let world = World::new().await;
    let order = world.book("order-1", "100").await;
    world.pay("order-1", "complete").await;
    let origin = world
        .served_with(|headers| {
            headers.remove("merchantSecret");
        })
        .await;
    let merchant = MobileMerchant::sandbox(&origin);
    let answer = world.client.confirm_mobile(&merchant, &order, MobileQuery::Order(&order)).await;
    assert!(matches!(answer, Err(RequestError::Refused { http_status: 401, .. })), "{answer:?}");
}

#[tokio::test]
async fn the_mobile_verification_fails_in_every_way() {
    let world = World::new().await;
    let merchant = MobileMerchant::sandbox(&world.origin);
    let order = world.book("order-1", "100").await;
    world.pay("order-1", "complete").await;
    let ask = async || world.client.confirm_mobile(&merchant, &order, MobileQuery::Order(&order)).await;
    let arm = async |fault, times| {
        let body = json!({ "route": "mobile", "fault": fault, "times": times });
        world.control("/_sandbox/faults", body).await;
    };
    for (fault, times) in [("bad_gateway", 3), ("garbage", 3), ("cut", 3), ("forbidden", 1), ("outage", 3)] {
        arm(fault, times).await;
        let error = ask().await.unwrap_err();
        let right = match fault {
            "bad_gateway" => matches!(error, RequestError::UnexpectedHtml { http_status: 502 }),
            "cut" => matches!(error, RequestError::Transport(_)),
            "outage" => matches!(error, RequestError::Outage),
            "forbidden" => matches!(error, RequestError::Refused { http_status: 403, .. }),
            _ => matches!(error, RequestError::Malformed(_)),
        };
        assert!(right, "{fault}: {error:?}");
    }
    arm("stale_pending", 1).await;
    let MobileConfirmation::Other(report) = ask().await.unwrap() else { panic!() };
    assert_eq!(report.status(), &Status::Pending);
    arm("wrong_amount", 1).await;
    assert!(matches!(ask().await.unwrap(), MobileConfirmation::Mismatch(_)));
    assert!(matches!(ask().await.unwrap(), MobileConfirmation::Paid(_)));
}
