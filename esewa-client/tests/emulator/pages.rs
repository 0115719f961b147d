//! The pages: what a person sees and clicks, on the good way and on the bad ones.

use esewa_client::{Confirmation, RawCallback, Status};

use crate::world::{Seen, World};

/// Clicks through to the confirmation, and gives the booking's id.
async fn logged_in(world: &World, uuid: &str) -> String {
    let seen = world.post("/api/epay/main/v2/form", &world.fields(uuid, "1250.5")).await;
    let page = seen.location.unwrap();
    let id = booking_id(&world.get(&page).await);
    let entered = [("bookingId", &*id), ("esewa_id", "9806800003"), ("password", "Nepal@123")];
    assert_eq!(world.post("/epay/login", &entered).await.http_status, 303);
    assert_eq!(world.post("/epay/token", &[("bookingId", &*id), ("token", "123456")]).await.http_status, 303);
    id
}

fn booking_id(page: &Seen) -> String {
    let (_, rest) = page.text.split_once("name=\"bookingId\" value=\"").expect("a payment page");
    rest.split_once('"').unwrap().0.replace("&#61;", "=").replace("&#43;", "+").replace("&#47;", "/")
}

#[tokio::test]
async fn a_person_pays_and_the_merchant_can_prove_it() {
    let world = World::new().await;
    let id = logged_in(&world, "order-1").await;
    let back = world.post("/epay/confirm", &[("bookingId", &*id), ("way", "pay")]).await;
    assert_eq!(back.http_status, 302);
    let location = back.location.unwrap();
    let (address, query) = location.split_once('?').unwrap();
    assert_eq!(address, "http://shop.example/paid/order-1");

    let callback = world.merchant.verify_callback(RawCallback::from_query(query).unwrap()).unwrap();
    let order = world.request("order-1", "1250.5").order();
    assert!(callback.matches(&order));
    let Ok(Confirmation::Paid(payment)) = world.client.confirm(&order).await else { panic!("not paid") };
    assert_eq!(payment.reference(), callback.transaction_code());
    let ledger = world.emulator.ledger();
    assert_eq!(ledger.len(), 1);
    assert_eq!(ledger[0].amount, order.total_amount);
    assert_eq!(ledger[0].transaction_code, payment.reference().as_str());
}

#[tokio::test]
async fn every_page_says_that_it_is_the_emulator() {
    let world = World::new().await;
    let form = world.post("/api/epay/main/v2/form", &world.fields("order-1", "10")).await;
    let page = form.location.clone().unwrap();
    for seen in [form, world.get(&page).await, world.get("/nowhere").await, world.get("/_sandbox/").await] {
        assert!(seen.emulator.as_deref().unwrap().starts_with("esewa-client/"), "{seen:?}");
        assert!(seen.text.is_empty() || seen.text.contains("eSewa emulator"), "{seen:?}");
    }
}

#[tokio::test]
async fn a_wrong_password_or_token_goes_no_further() {
    let world = World::new().await;
    let form = world.post("/api/epay/main/v2/form", &world.fields("order-1", "10")).await;
    let id = booking_id(&world.get(&form.location.unwrap()).await);
    for (esewa_id, password) in [("9806800003", "nepal@123"), ("9806800006", "Nepal@123"), ("", "")] {
        let seen = world
            .post("/epay/login", &[("bookingId", &*id), ("esewa_id", esewa_id), ("password", password)])
            .await;
        assert_eq!(seen.http_status, 422);
        assert!(seen.text.contains("Wrong eSewa ID or password."));
    }
    // Skipping a step shows the page of the step where the payer really is.
    let seen = world.post("/epay/confirm", &[("bookingId", &*id), ("way", "pay")]).await;
    assert!(seen.text.contains("Log in to pay"), "{}", seen.text);
    world.post("/epay/login", &[("bookingId", &*id), ("esewa_id", "9806800001"), ("password", "1122")]).await;
    let seen = world.post("/epay/token", &[("bookingId", &*id), ("token", "000000")]).await;
    assert!(seen.text.contains("Wrong verification token."));
    let order = world.request("order-1", "10").order();
    assert_eq!(world.client.status(&order).await.unwrap().status(), &Status::Pending);
    assert!(world.emulator.ledger().is_empty());
}

#[tokio::test]
async fn a_payer_who_cancels_comes_back_with_nothing_added() {
    let world = World::new().await;
    let id = logged_in(&world, "order-1").await;
    let back = world.post("/epay/cancel", &[("bookingId", &*id)]).await;
    assert_eq!(back.location.as_deref(), Some("http://shop.example/failed/order-1"));
    let order = world.request("order-1", "1250.5").order();
    assert_eq!(world.client.status(&order).await.unwrap().status(), &Status::Canceled);
    let again = world.post("/epay/confirm", &[("bookingId", &*id), ("way", "pay")]).await;
    assert!(again.text.contains("dealt with already"), "{}", again.text);
}

#[tokio::test]
async fn the_other_ways_of_the_confirmation_page_work() {
    for (way, status) in [("pending", "PENDING"), ("ambiguous", "AMBIGUOUS")] {
        let world = World::new().await;
        let id = logged_in(&world, "order-1").await;
        let back = world.post("/epay/confirm", &[("bookingId", &*id), ("way", way)]).await;
        assert_eq!(back.location.as_deref(), Some("http://shop.example/failed/order-1"));
        let order = world.request("order-1", "1250.5").order();
        assert_eq!(world.client.status(&order).await.unwrap().status().as_str(), status);
    }
    let world = World::new().await;
    let id = logged_in(&world, "order-1").await;
    let seen = world.post("/epay/confirm", &[("bookingId", &*id), ("way", "balance")]).await;
    assert!(seen.text.contains("balance is not sufficient"));
    let paid = world.post("/epay/confirm", &[("bookingId", &*id), ("way", "pay")]).await;
    assert_eq!(paid.http_status, 302, "the payer can still pay after that");
}

#[tokio::test]
async fn a_redirect_can_get_lost_or_come_twice() {
    let world = World::new().await;
    for (uuid, fault, words) in [("a", "lost", "Connection lost"), ("b", "twice", "http-equiv=\"refresh\"")] {
        let id = logged_in(&world, uuid).await;
        let fault = serde_json::json!({ "route": "redirect", "fault": fault });
        world.control("/_sandbox/faults", fault).await;
        let seen = world.post("/epay/confirm", &[("bookingId", &*id), ("way", "pay")]).await;
        assert_eq!((seen.http_status, seen.location), (200, None));
        assert!(seen.text.contains(words), "{}", seen.text);
        let order = world.request(uuid, "1250.5").order();
        assert!(matches!(world.client.confirm(&order).await, Ok(Confirmation::Paid(_))));
    }
}

#[tokio::test]
async fn of_two_clicks_one_that_was_held_up_undoes_nothing() {
    let world = World::new().await;
    let id = logged_in(&world, "order-1").await;
    let fault = serde_json::json!({ "route": "redirect", "fault": "slow", "delay_ms": 300 });
    world.control("/_sandbox/faults", fault).await;
    let (cancel, pay) = ([("bookingId", &*id)], [("bookingId", &*id), ("way", "pay")]);
    let (canceled, paid) =
        tokio::join!(world.post("/epay/cancel", &cancel), world.post("/epay/confirm", &pay));
    assert_ne!(
        canceled.http_status == 302,
        paid.http_status == 302,
        "one of them counts: {canceled:?} {paid:?}"
    );
    assert_eq!(world.emulator.ledger().len(), usize::from(paid.http_status == 302));
}

#[tokio::test]
async fn the_dashboard_sets_any_outcome() {
    let world = World::new().await;
    let id = logged_in(&world, "order-1").await;
    let order = world.request("order-1", "1250.5").order();
    for (outcome, status) in
        [("complete", "COMPLETE"), ("ambiguous", "AMBIGUOUS"), ("full_refund", "FULL_REFUND")]
    {
        let seen = world.post("/_sandbox/outcome", &[("booking_id", &*id), ("outcome", outcome)]).await;
        assert_eq!(seen.http_status, 303);
        assert_eq!(world.client.status(&order).await.unwrap().status().as_str(), status);
    }
    let page = world.get("/_sandbox/").await;
    assert!(page.text.contains("order-1") && page.text.contains("FULL_REFUND"), "{}", page.text);
    let seen = world.post("/_sandbox/outcome", &[("booking_id", &*id), ("outcome", "explode")]).await;
    assert_eq!(seen.http_status, 422);
}

#[tokio::test]
async fn the_apps_pin_and_the_web_token_are_two_numbers() {
    let world = World::new().await;
    let form = world.post("/api/epay/main/v2/form", &world.fields("order-1", "10")).await;
    let id = booking_id(&world.get(&form.location.unwrap()).await);
    let with_pin = [("bookingId", &*id), ("esewa_id", "9806800001"), ("password", "1122")];
    assert_eq!(world.post("/epay/login", &with_pin).await.http_status, 303);
    let pin_as_token = world.post("/epay/token", &[("bookingId", &*id), ("token", "1122")]).await;
    assert!(pin_as_token.text.contains("Wrong verification token."));
    assert_eq!(world.post("/epay/token", &[("bookingId", &*id), ("token", "123456")]).await.http_status, 303);
}
