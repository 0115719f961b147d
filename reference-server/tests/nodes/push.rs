//! Push from two servers on one database: one key, and each message to each browser once, whoever sends it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::product::Product;
use crate::push_service::Got;
use crate::support::Person;

/// How many people are told at the same time; each server is given some of them. Twice as many messages are what one
/// person may send at once.
const CLIENTS: u32 = 5;

/// A room's owner at the second server, and clients of theirs at the first, each with a browser.
async fn people(product: &Product) -> (Person, String, Vec<Person>) {
    let (owner, first, room) = product.pair(1).await;
    let mut clients = vec![first];
    for number in 1..CLIENTS {
        clients.push(product.register(0, "client", &format!("98300000{number:02}")).await);
    }
    for (number, client) in clients.iter().enumerate() {
        let intent = client.start_payment(&room).await;
        client.follow(&product.payer().pay(&intent).await).await;
        let body = product.push.subscription(&format!("browser-{number}"));
        assert_eq!(client.post("/api/push/subscribe/", &body).await.0, 201);
    }
    (owner, room, clients)
}

async fn tell(owner: &Person, room: &str, client: &Person, text: &str) {
    let body = json!({ "room_id": room, "client_id": client.id, "content": text });
    let (status, answer) = owner.post("/api/messages/send/", &body).await;
    assert_eq!(status, 201, "{answer}");
}

fn counts(got: &[Got]) -> BTreeMap<String, usize> {
    got.iter().fold(BTreeMap::new(), |mut counts, one| {
        *counts.entry(one.browser.clone()).or_default() += 1;
        counts
    })
}

#[tokio::test]
async fn two_servers_tell_each_browser_once() {
    let product = Product::start().await;
    let keys: [Value; 2] = {
        let key =
            async |node| Person::new(product.url(node)).get("/api/push/key/").await.1["public_key"].clone();
        [key(0).await, key(1).await]
    };
    assert_eq!(keys[0], keys[1]);
    let (owner, room, clients) = people(&product).await;
    for round in 1..=2 {
        for client in &clients {
            tell(&owner, &room, client, "Is Saturday good?").await;
        }
        // All of a round, and by the next one nothing more than that.
        let got = product.push.got(round * clients.len()).await;
        let expected: BTreeMap<_, _> = (0..clients.len()).map(|n| (format!("browser-{n}"), round)).collect();
        assert_eq!(counts(&got), expected);
    }
}

#[tokio::test]
async fn member_who_is_connected_to_the_other_server_is_not_told() {
    let product = Product::start().await;
    let (owner, room, clients) = people(&product).await;
    let _open = clients[0].socket("/ws/payment/").await.expect("an upgrade");
    for client in &clients {
        tell(&owner, &room, client, "Are you there?").await;
    }
    let got = product.push.got(clients.len() - 1).await;
    // The last of them once more: whatever was due before is decided when that comes.
    tell(&owner, &room, &clients[1], "And you?").await;
    let after = product.push.got(got.len() + 1).await;
    assert_eq!(counts(&after).get("browser-0"), None);
}

#[tokio::test]
async fn server_that_is_killed_leaves_its_messages_to_the_other() {
    let mut product = Product::start().await;
    let (owner, room, clients) = people(&product).await;
    for client in &clients {
        tell(&owner, &room, client, "Hello?").await;
    }
    product.nodes[1].process.kill();
    // What the killed one had begun may come twice: it could not say any more that it had come.
    let mut came = product.push.got(clients.len()).await;
    while counts(&came).len() < clients.len() {
        came = product.push.got(came.len() + 1).await;
    }
}
