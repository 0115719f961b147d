//! The routes for programs under `/_sandbox/`.

use esewa_client::Status;
use serde_json::{Value, json};

use crate::world::World;

async fn get(world: &World, path: &str) -> Value {
    serde_json::from_str(&world.get(path).await.text).unwrap()
}

#[tokio::test]
async fn payments_show_state_and_ledger() {
    let world = World::new().await;
    world.book("a", "100").await;
    world.book("b", "7.5").await;
    let paid = world.pay("a", "complete").await;
    let answer = get(&world, "/_sandbox/payments").await;
    let payments = answer["payments"].as_array().unwrap();
    assert_eq!(payments.len(), 2);
    assert_eq!(payments[0]["transaction_uuid"], "a");
    assert_eq!(payments[0]["status"], "COMPLETE");
    assert_eq!(payments[0]["total_amount"], "100.00");
    assert_eq!(payments[0]["ref_id"], paid["ref_id"]);
    assert_eq!(payments[0]["ledger"][0]["kind"], "payment");
    assert_eq!(payments[1]["status"], "PENDING");
    assert_eq!(payments[1]["ledger"], json!([]));
    assert_eq!(answer["ledger"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn paying_twice_moves_money_once() {
    let world = World::new().await;
    world.book("a", "100").await;
    let first = world.pay("a", "complete").await;
    assert_eq!(world.pay("a", "complete").await, first);
    assert_eq!(world.emulator.ledger().len(), 1);
}

#[tokio::test]
async fn refunds_add_up_and_end() {
    let world = World::new().await;
    world.book("a", "100").await;
    let refund = |amount: &str| json!({ "transaction_uuid": "a", "outcome": "partial_refund", "refund_amount": amount });
    assert_eq!(world.control("/_sandbox/pay", refund("100.01")).await.0, 422);
    assert_eq!(world.control("/_sandbox/pay", refund("40")).await.1["status"], "PARTIAL_REFUND");
    assert_eq!(world.control("/_sandbox/pay", refund("60.01")).await.0, 422);
    assert_eq!(world.control("/_sandbox/pay", refund("60")).await.1["status"], "FULL_REFUND");
    assert_eq!(world.control("/_sandbox/pay", refund("1")).await.0, 409);
    let moved: Vec<u64> = world.emulator.ledger().iter().map(|entry| entry.amount.paisa()).collect();
    assert_eq!(moved, [10_000, 4_000, 6_000]);
}

#[tokio::test]
async fn a_reversal_gives_everything_back() {
    let world = World::new().await;
    world.book("a", "100").await;
    world.pay("a", "complete").await;
    assert_eq!(world.pay("a", "cancel").await["status"], "CANCELED");
    assert_eq!(get(&world, "/_sandbox/payments").await["ledger"][1]["kind"], "reversal");
}

#[tokio::test]
async fn the_same_seed_tells_the_same_story() {
    let world = World::new().await;
    let story = async || {
        world.control("/_sandbox/reset", json!({ "seed": 42 })).await;
        assert_eq!(get(&world, "/_sandbox/payments").await["payments"], json!([]));
        world.book("a", "100").await;
        world.book("b", "100").await;
        let codes = [world.pay("a", "complete").await, world.pay("b", "complete").await];
        codes.map(|paid| paid["ref_id"].as_str().unwrap().to_owned())
    };
    let first = story().await;
    assert!(first[0] < first[1]);
    assert_eq!(story().await, first);
}

#[tokio::test]
async fn requests_are_noted_without_secrets() {
    let world = World::new().await;
    let fields = world.fields("a", "100");
    world.post("/api/epay/main/v2/form", &fields).await;
    world
        .post("/epay/login", &[("bookingId", "x"), ("esewa_id", "9806800001"), ("password", "Nepal@123")])
        .await;
    let text = world.get("/_sandbox/requests").await.text;
    let noted: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(noted["requests"].as_array().unwrap().len(), 2);
    assert_eq!(noted["requests"][0]["path"], "/api/epay/main/v2/form");
    assert_eq!(noted["requests"][0]["http_status"], 302);
    assert_eq!(noted["requests"][1]["number"], 2);
    assert!(!text.contains(&fields[10].1) && !text.contains("Nepal@123"), "{text}");
}

#[tokio::test]
async fn nonsense_is_refused() {
    let world = World::new().await;
    for (path, body, http_status) in [
        ("/_sandbox/pay", json!({ "transaction_uuid": "a", "outcome": "complete" }), 404),
        ("/_sandbox/pay", json!({ "transaction_uuid": "a", "outcome": "explode" }), 400),
        ("/_sandbox/pay", json!({}), 400),
        ("/_sandbox/faults", json!({ "route": "status", "fault": "lost" }), 422),
        ("/_sandbox/faults", json!({ "route": "redirect", "fault": "cut" }), 422),
        ("/_sandbox/faults", json!({ "route": "status", "fault": "slow", "times": 0 }), 422),
        ("/_sandbox/faults", json!({ "route": "nowhere", "fault": "slow" }), 400),
        ("/_sandbox/clock", json!({ "advance_s": -1 }), 422),
        ("/_sandbox/reset", json!({ "sed": 1 }), 400),
    ] {
        let (seen, answer) = world.control(path, body).await;
        assert_eq!(seen, http_status, "{answer}");
        assert_eq!(answer["status"], http_status);
    }
}

#[tokio::test]
async fn what_was_armed_can_be_taken_back() {
    let world = World::new().await;
    let delete = async |query: &str| {
        let answer =
            world.browser.delete(world.at(&format!("/_sandbox/faults{query}"))).send().await.unwrap();
        let http_status = answer.status().as_u16();
        (http_status, serde_json::from_str::<Value>(&answer.text().await.unwrap()).unwrap())
    };
    let arm_all = async || {
        delete("").await;
        for (route, fault) in [("status", "slow"), ("status", "outage"), ("form", "outage")] {
            world.control("/_sandbox/faults", json!({ "route": route, "fault": fault, "times": 9 })).await;
        }
    };
    for (query, left) in [
        ("", vec![]),
        ("?route=status", vec!["form"]),
        ("?fault=outage", vec!["status"]),
        ("?route=status&fault=outage", vec!["status", "form"]),
        ("?route=mobile", vec!["status", "status", "form"]),
    ] {
        arm_all().await;
        let (http_status, answer) = delete(query).await;
        let routes: Vec<&str> = answer["faults"]
            .as_array()
            .unwrap()
            .iter()
            .map(|fault| fault["route"].as_str().unwrap())
            .collect();
        assert_eq!((http_status, routes), (200, left), "{query}");
    }
    for query in ["?route=nowhere", "?fault=explode", "?rout=status"] {
        let (http_status, answer) = delete(query).await;
        assert_eq!((http_status, &answer["code"]), (400, &json!("invalid_query")), "{query}");
    }
    delete("").await;
    assert_eq!(world.post("/api/epay/main/v2/form", &world.fields("a", "100")).await.http_status, 302);
}

#[tokio::test]
async fn each_payment_shows_its_own_movements() {
    let world = World::new().await;
    for uuid in ["a", "b", "c"] {
        world.book(uuid, "100").await;
    }
    world.pay("b", "complete").await;
    world.pay("a", "partial_refund").await;
    world.pay("b", "cancel").await;
    let answer = get(&world, "/_sandbox/payments").await;
    let kinds = |index: usize| {
        let ledger = answer["payments"][index]["ledger"].as_array().unwrap();
        ledger.iter().map(|entry| entry["kind"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(kinds(0), ["payment", "refund"]);
    assert_eq!(kinds(1), ["payment", "reversal"]);
    assert_eq!(kinds(2), Vec::<String>::new());
    assert_eq!(answer["ledger"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn a_button_of_the_page_makes_its_outcome_true_at_once() {
    let world = World::new().await;
    let order = world.book("a", "100").await;
    let slow = json!({ "transaction_uuid": "a", "outcome": "complete", "pending_polls": 9 });
    assert_eq!(world.control("/_sandbox/pay", slow).await.1["status"], "PENDING");
    let id = get(&world, "/_sandbox/payments").await["payments"][0]["booking_id"].clone();
    let set = [("booking_id", id.as_str().unwrap()), ("outcome", "ambiguous")];
    assert_eq!(world.post("/_sandbox/outcome", &set).await.http_status, 303);
    assert_eq!(world.client.status(&order).await.unwrap().status(), &Status::Ambiguous);
}

#[tokio::test]
async fn an_early_way_back_waits_as_long_as_it_was_told() {
    let world = World::new().await;
    let order = world.book("a", "100").await;
    let early = json!({ "route": "redirect", "fault": "early", "delay_ms": 60_000 });
    world.control("/_sandbox/faults", early).await;
    assert_eq!(world.pay("a", "complete").await["status"], "PENDING");
    world.control("/_sandbox/clock", json!({ "advance_s": 59 })).await;
    assert_eq!(world.client.status(&order).await.unwrap().status(), &Status::Pending);
    world.control("/_sandbox/clock", json!({ "advance_s": 2 })).await;
    assert_eq!(world.client.status(&order).await.unwrap().status(), &Status::Complete);
}

#[tokio::test]
async fn a_payment_cannot_fill_the_ledger_by_its_refunds() {
    let world = World::new().await;
    world.book("a", "100").await;
    let part = json!({ "transaction_uuid": "a", "outcome": "partial_refund", "refund_amount": "0.01" });
    for _ in 0..99 {
        assert_eq!(world.control("/_sandbox/pay", part.clone()).await.0, 200);
    }
    let (http_status, answer) = world.control("/_sandbox/pay", part).await;
    assert_eq!((http_status, &answer["code"]), (409, &json!("conflict")));
    // The rest can still go back.
    assert_eq!(world.pay("a", "full_refund").await["status"], "FULL_REFUND");
    assert_eq!(world.emulator.ledger().len(), 101);
}

#[tokio::test]
async fn older_payments_are_on_the_next_page() {
    let world = World::new().await;
    for number in 0..201 {
        world.book(&format!("order-{number}-x"), "100").await;
    }
    let (first, second) = (world.get("/_sandbox/").await.text, world.get("/_sandbox/?page=2").await.text);
    assert!(first.contains("order-200-x") && !first.contains("order-0-x"));
    assert!(first.contains("?page=2") && !first.contains("Newer"));
    assert!(second.contains("order-0-x") && !second.contains("order-1-x") && !second.contains("Older"));
    assert!(second.contains("?page=1"));
    for page in ["3", "18446744073709551615", "0", "x"] {
        assert_eq!(world.get(&format!("/_sandbox/?page={page}")).await.http_status, 200, "{page}");
    }
}
