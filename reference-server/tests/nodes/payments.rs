//! Paying where one server is asked and the other is told.

use std::time::Instant;

use serde_json::{Value, json};
use sqlx::Row as _;

use crate::ear::Ear;
use crate::product::Product;
use crate::support::Person;
use crate::{ACCESS_STALE, MARGIN};

fn is_success(frame: &Value) -> bool {
    frame["type"] == "payment" && frame["payment"]["status"] == "success"
}

/// Both servers hear of the same return at once, as when a browser loads a page twice.
#[tokio::test]
async fn payment_is_one_whatever_server_its_callback_reaches() {
    let product = Product::start().await;
    let (_owner, mut client, room) = product.pair(1).await;
    let payer = product.payer();
    let mut ears = [Ear::open(&client, "/ws/payment/").await, {
        client.move_to(&product.url(1));
        Ear::open(&client, "/ws/payment/").await
    }];
    // Signed in at the first, known at the second.
    assert_eq!(client.get("/api/me/").await.0, 200);
    assert_eq!(client.contact_status(&room).await, 402);
    let intent = client.start_payment(&room).await;
    let back = payer.pay(&intent).await;
    let (first, second) = (product.at(0, &back), product.at(1, &back));
    let sent = Instant::now();
    let (at_first, at_second) = tokio::join!(client.follow(&first), client.follow(&second));
    assert_eq!((at_first.0.as_u16(), at_second.0.as_u16()), (303, 303));
    for (node, ear) in ears.iter_mut().enumerate() {
        let (at, _) = ear.wait("success", is_success).await;
        println!(
            "paid: server {node} told its socket {} ms after the callbacks were sent",
            (at - sent).as_millis()
        );
    }
    let mut sql = product.sql().await;
    let counts = sqlx::query(
        "SELECT (SELECT count(*) FROM paygate_grants) AS grants, (SELECT count(*) FROM paygate_claims) AS claims,
                (SELECT count(*) FROM paygate_events WHERE lower(kind) LIKE '%granted%') AS told,
                (SELECT count(*) FROM conversations) AS conversations",
    );
    let row = counts.fetch_one(&mut sql).await.expect("counts");
    let count = |name: &str| row.get::<i64, _>(name);
    let counts = [count("grants"), count("claims"), count("told"), count("conversations")];
    println!("paid: grants, references, events and conversations of two callbacks at once: {counts:?}");
    assert_eq!(counts, [1, 1, 1, 1]);
    for node in 0..2 {
        client.move_to(&product.url(node));
        assert_eq!(client.contact_status(&room).await, 200, "server {node}");
    }
}

/// The server that asks eSewa is killed while it waits; the payer comes back to the other.
#[tokio::test]
async fn payment_survives_the_server_that_was_asking() {
    let mut product = Product::start().await;
    let (_owner, mut client, room) = product.pair(1).await;
    let payer = product.payer();
    let intent = client.start_payment(&room).await;
    let id = intent["transaction_id"].as_str().expect("an id").to_owned();
    let mut ear = {
        client.move_to(&product.url(1));
        Ear::open(&client, "/ws/payment/").await
    };
    let back = payer.pay(&intent).await;
    let before = payer.asked(&id).await;
    payer.slow_status_ms(20_000).await;
    let stranger = Person::new(product.url(0));
    let to_the_first = product.at(0, &back);
    let asking = tokio::spawn(async move { stranger.hang_up_after_ms(&to_the_first, 60_000).await });
    while payer.asked(&id).await == before {
        tokio::task::yield_now().await;
    }
    product.nodes[0].process.kill();
    assert!(asking.await.expect("joined"), "the callback at the killed server got no answer");
    // The killed server wrote down that it was about to ask: nothing is granted, and nothing is offered for sale again.
    assert_eq!(client.contact_status(&room).await, 409);
    let sent = Instant::now();
    assert_eq!(client.follow(&product.at(1, &back)).await.0, 303);
    let (at, _) = ear.wait("success", is_success).await;
    println!(
        "server killed while it asked eSewa: the other granted and told within {} ms",
        (at - sent).as_millis()
    );
    assert_eq!(client.contact_status(&room).await, 200);
    product.restart(0).await;
    client.move_to(&product.url(0));
    assert_eq!(client.contact_status(&room).await, 200);
    let mut sql = product.sql().await;
    let grants: i64 =
        sqlx::query_scalar("SELECT count(*) FROM paygate_grants").fetch_one(&mut sql).await.expect("a count");
    assert_eq!(grants, 1);
}

/// Nobody comes back: the check is due on both servers, and one of them asks.
#[tokio::test]
async fn due_payment_is_asked_about_by_one_server() {
    let product = Product::start().await;
    let (_owner, mut client, room) = product.pair(1).await;
    let payer = product.payer();
    let mut ears = [Ear::open(&client, "/ws/payment/").await, {
        client.move_to(&product.url(1));
        Ear::open(&client, "/ws/payment/").await
    }];
    let intent = client.start_payment(&room).await;
    payer.pay(&intent).await;
    let id = intent["transaction_id"].as_str().expect("an id");
    let before = payer.asked(id).await;
    payer.slow_status_ms(3_000).await;
    let mut sql = product.sql().await;
    // As if its time had come.
    let due = "UPDATE paygate_payments SET next_check_at = created_at";
    assert_eq!(sqlx::query(due).execute(&mut sql).await.expect("due").rows_affected(), 1);
    let since = Instant::now();
    for (node, ear) in ears.iter_mut().enumerate() {
        let (at, _) = ear.wait("success", is_success).await;
        println!(
            "nobody came back: server {node} told its socket {} ms after it was due",
            (at - since).as_millis()
        );
    }
    let asked = payer.asked(id).await - before;
    println!("nobody came back: eSewa was asked {asked} time(s) by two servers");
    assert_eq!(asked, 1);
    assert_eq!(client.contact_status(&room).await, 200);
}

/// The server that holds the lease is killed while it asks; when the lease is over, another one asks.
#[tokio::test]
async fn due_payment_outlives_the_server_that_leased_it() {
    let mut product = Product::start().await;
    let (_owner, mut client, room) = product.pair(1).await;
    let payer = product.payer();
    let intent = client.start_payment(&room).await;
    payer.pay(&intent).await;
    let id = intent["transaction_id"].as_str().expect("an id");
    let before = payer.asked(id).await;
    product.nodes[1].process.kill();
    payer.slow_status_ms(20_000).await;
    let mut sql = product.sql().await;
    let due = "UPDATE paygate_payments SET next_check_at = created_at";
    sqlx::query(due).execute(&mut sql).await.expect("due");
    while payer.asked(id).await == before {
        tokio::task::yield_now().await;
    }
    product.nodes[0].process.kill();
    product.restart(1).await;
    client.move_to(&product.url(1));
    let mut ear = Ear::open(&client, "/ws/payment/").await;
    assert_eq!(client.contact_status(&room).await, 402);
    // As if the minute were over: the dead server's lease is the only thing in the way.
    let over = "UPDATE paygate_payments SET leased_until = created_at WHERE leased_until > created_at";
    assert_eq!(sqlx::query(over).execute(&mut sql).await.expect("over").rows_affected(), 1);
    let since = Instant::now();
    let (at, _) = ear.wait("success", is_success).await;
    println!(
        "server killed with a lease: the other asked and told {} ms after it was over",
        (at - since).as_millis()
    );
    assert_eq!(client.contact_status(&room).await, 200);
}

/// A refund that one server learns of ends the chat that is open at the other, with Redis and without.
#[tokio::test]
async fn refund_closes_the_chat_at_the_other_server() {
    let mut product = Product::start().await;
    for (number, how) in [(1, "with"), (2, "without")] {
        if how == "without" {
            product.redis.kill();
        }
        let (client, room, intent) = unlocked(&product, number).await;
        let mut ear = Ear::open(&client, &format!("/ws/chat/{room}/")).await;
        ear.wait_for_type("ready").await;
        let known = refund_at_the_other_server(&product, &intent).await;
        let (at, close) = ear.wait_for_type("closed").await;
        let stale_ms = at.saturating_duration_since(known).as_millis();
        println!("refunded {how} Redis: the chat at the other server was open for {stale_ms} ms more");
        assert!(stale_ms < (ACCESS_STALE + MARGIN).as_millis(), "{stale_ms} ms");
        assert_eq!(close["code"], 4402);
        assert!(ear.heard().contains(&json!({ "type": "revoked" })));
    }
}

/// A refund that one server learns of locks the room at the other within a second, with Redis and without: what it
/// remembers of who was let in is no older.
#[tokio::test]
async fn refund_locks_the_room_at_the_other_server_within_a_second() {
    let mut product = Product::start().await;
    for (number, how) in [(1, "with"), (2, "without")] {
        if how == "without" {
            product.redis.kill();
        }
        let (client, room, intent) = unlocked(&product, number).await;
        assert_eq!(client.contact_status(&room).await, 200);
        let known = refund_at_the_other_server(&product, &intent).await;
        let mut let_in = 0;
        while client.contact_status(&room).await == 200 {
            let_in += 1;
        }
        let stale_ms = known.elapsed().as_millis();
        println!("refunded {how} Redis: the other server let {let_in} request(s) in, for {stale_ms} ms");
        assert!(stale_ms < 1_000, "{stale_ms} ms");
        assert_eq!(client.contact_status(&room).await, 402);
    }
}

/// A client at the first server, the room that was paid for there, and the payment.
async fn unlocked(product: &Product, number: u32) -> (Person, String, Value) {
    let (_owner, client, room) = product.pair(number).await;
    let intent = client.start_payment(&room).await;
    client.follow(&product.payer().pay(&intent).await).await;
    (client, room, intent)
}

/// eSewa pays it back, and the second server is the one that hears of it; since when it knows.
async fn refund_at_the_other_server(product: &Product, intent: &Value) -> Instant {
    product.payer().end(intent, "full_refund").await;
    let other = Person::new(product.url(1));
    let id = json!({ "transaction_id": intent["transaction_id"] });
    assert_eq!(other.post("/esewa-webhook/", &id).await.1["status"], "refunded");
    Instant::now()
}

/// Signing out at one server ends the sockets of that session at the other, with Redis and without.
#[tokio::test]
async fn signing_out_closes_the_sockets_at_the_other_server() {
    let mut product = Product::start().await;
    let payer = product.payer();
    for (number, with_redis) in [(1, true), (2, false)] {
        if !with_redis {
            product.redis.kill();
        }
        let (_owner, mut client, room) = product.pair(number).await;
        let intent = client.start_payment(&room).await;
        client.follow(&payer.pay(&intent).await).await;
        let mut chat = Ear::open(&client, &format!("/ws/chat/{room}/")).await;
        let mut waiting = Ear::open(&client, "/ws/payment/").await;
        chat.wait_for_type("ready").await;
        client.move_to(&product.url(1));
        let signed_out = Instant::now();
        assert_eq!(client.post("/api/logout/", &json!({})).await.0, 204);
        let how = if with_redis { "with" } else { "without" };
        for (name, ear) in [("chat", &mut chat), ("payment", &mut waiting)] {
            let (at, close) = ear.wait_for_type("closed").await;
            let stale_ms = at.saturating_duration_since(signed_out).as_millis();
            println!(
                "signed out {how} Redis: the {name} socket at the other server was open for {stale_ms} ms more"
            );
            assert_eq!(close["code"], 4401);
        }
    }
}
