//! A suspension holds on every server, with nobody to carry the news.

use std::time::Instant;

use serde_json::json;

use crate::ear::Ear;
use crate::product::Product;
use crate::{ACCESS_STALE, MARGIN};

#[tokio::test]
async fn suspension_closes_the_sockets_of_the_other_server_without_redis() {
    let mut product = Product::start().await;
    let (_, mut client, room) = product.pair(1).await;
    let intent = client.start_payment(&room).await;
    client.follow(&product.payer().pay(&intent).await).await;
    let admin = product.register(0, "client", "9830000001").await;
    let made = sqlx::query("UPDATE users SET role = 'admin' WHERE phone = '9830000001'");
    made.execute(&mut product.sql().await).await.expect("an administrator");
    product.redis.kill();
    client.move_to(&product.url(1));
    let mut chat = Ear::open(&client, &format!("/ws/chat/{room}/")).await;
    chat.wait_for_type("ready").await;
    let mut payments = Ear::open(&client, "/ws/payment/").await;
    let began = Instant::now();
    let path = format!("/api/admin/users/{}/suspend/", client.id);
    let (status, file) = admin.post(&path, &json!({ "reason": "Because of a report." })).await;
    assert_eq!(status, 200, "{file}");
    assert_eq!(client.get("/api/me/").await.0, 401, "the next request at the other server");
    for ear in [&mut chat, &mut payments] {
        let closed = ear.wait_for_type("closed").await;
        assert_eq!(closed.1["code"], 4401);
        let after = closed.0.saturating_duration_since(began);
        println!("without Redis: suspended after {} ms", after.as_millis());
        assert!(after < ACCESS_STALE + MARGIN);
    }
}
