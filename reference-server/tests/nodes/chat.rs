//! A client at one server and an owner at the other, while Redis stops, dies and comes back, and a server is killed.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::ear::Ear;
use crate::product::Product;
use crate::support::Person;
use crate::{ACCESS_STALE, MARGIN, MESSAGE_STALE};

/// One of the two: their connections so far, and what they sent.
pub(crate) struct Side {
    person: Person,
    path: String,
    pub(crate) ears: Vec<Ear>,
    acknowledged: Vec<String>,
}

impl Side {
    pub(crate) async fn new(person: Person, path: String) -> Self {
        let mut ear = Ear::open(&person, &path).await;
        ear.wait_for_type("ready").await;
        Self { person, path, ears: vec![ear], acknowledged: Vec::new() }
    }

    pub(crate) fn ear(&mut self) -> &mut Ear {
        self.ears.last_mut().expect("a connection")
    }

    pub(crate) async fn say(&mut self, id: &str) {
        self.ear().say(&json!({ "type": "message", "client_message_id": id, "content": id })).await;
    }

    /// As a client does: what is to be tried again is sent again unchanged.
    pub(crate) async fn acknowledged(&mut self, id: &str) -> Instant {
        let is_answer = |frame: &Value| {
            matches!(frame["type"].as_str(), Some("ack" | "error")) && frame["client_message_id"] == id
        };
        for tries in 0.. {
            let (at, answer) = self.ear().wait_past(tries, "an answer", is_answer).await;
            if answer["type"] == "ack" {
                self.acknowledged.push(id.to_owned());
                return at;
            }
            let retry_ms = answer["retry_ms"].as_u64().unwrap_or_else(|| panic!("refused: {answer}"));
            tokio::time::sleep(Duration::from_millis(retry_ms)).await;
            self.say(id).await;
        }
        unreachable!("tries have no end")
    }

    pub(crate) async fn heard(&mut self, id: &str) -> Instant {
        let is_it = |frame: &Value| frame["type"] == "message" && frame["message"]["client_message_id"] == id;
        self.ear().wait(id, is_it).await.0
    }

    /// Comes back where the last connection broke off.
    async fn come_back(&mut self) {
        let ready = self.ears[0].wait_for_type("ready").await.1;
        let after = self.log().last().map_or(0, |(seq, _)| *seq);
        let separator = if self.path.contains('?') { '&' } else { '?' };
        let path = format!("{}{separator}epoch={}&after={after}", self.path, ready["epoch"]);
        let mut ear = Ear::open(&self.person, &path).await;
        assert_eq!(ear.wait_for_type("ready").await.1["resumed"], true);
        self.ears.push(ear);
    }

    /// The messages of all connections, in the order in which they came.
    fn log(&self) -> Vec<(u64, String)> {
        let frames = self.ears.iter().flat_map(Ear::heard).filter(|frame| frame["type"] == "message");
        frames
            .map(|frame| {
                let message = &frame["message"];
                let id = message["client_message_id"].as_str().expect("an id").to_owned();
                (message["seq"].as_u64().expect("a seq"), id)
            })
            .collect()
    }
}

/// One speaks, the other listens at the other server; for how long it did not show what was acknowledged already.
pub(crate) async fn talk(what: &str, count: usize, from: &mut Side, to: &mut Side) -> Duration {
    let mut said = Vec::new();
    for number in 0..count {
        let id = format!("{}-{number}", what.replace([' ', ','], "-"));
        from.say(&id).await;
        said.push((from.acknowledged(&id).await, id));
    }
    let mut stale = Vec::new();
    for (acknowledged, id) in said {
        stale.push(to.heard(&id).await.saturating_duration_since(acknowledged));
    }
    stale.sort_unstable();
    let most = *stale.last().expect("some");
    let median = stale[stale.len() / 2];
    println!(
        "{what}: {count} messages, stale for {} ms (median), {} ms (most)",
        median.as_millis(),
        most.as_millis()
    );
    assert!(most < MESSAGE_STALE + MARGIN, "{what}: {most:?}");
    most
}

#[tokio::test]
async fn chat_loses_and_doubles_nothing_whatever_is_stopped_or_killed() {
    let mut product = Product::start().await;
    let (owner, client, room) = product.pair(1).await;
    let intent = client.start_payment(&room).await;
    client.follow(&product.payer().pay(&intent).await).await;
    let owner_path = format!("/ws/chat/{room}/?client_id={}", client.id);
    let mut client = Side::new(client, format!("/ws/chat/{room}/")).await;
    let mut owner = Side::new(owner, owner_path).await;

    talk("with Redis", 10, &mut client, &mut owner).await;
    talk("with Redis, answers", 10, &mut owner, &mut client).await;

    product.redis.pause();
    talk("Redis stopped", 5, &mut client, &mut owner).await;
    talk("Redis stopped, answers", 5, &mut owner, &mut client).await;
    product.redis.go_on();

    product.redis.kill();
    talk("Redis killed", 5, &mut client, &mut owner).await;
    talk("Redis killed, answers", 5, &mut owner, &mut client).await;

    product.restart_redis().await;
    let back = Instant::now();
    let mut probes = 0;
    while talk(&format!("Redis back {probes}"), 1, &mut client, &mut owner).await > Duration::from_secs(1) {
        probes += 1;
        assert!(probes < 20, "the servers don't find Redis again");
    }
    println!("Redis back: hints flowed again within {} ms", back.elapsed().as_millis());

    killed_server(&mut product, &mut client, &mut owner).await;
    talk("after all of it", 10, &mut client, &mut owner).await;
    count(&client, &owner, &room).await;
}

/// The owner's server is killed with messages on their way to it; the client goes on talking.
async fn killed_server(product: &mut Product, client: &mut Side, owner: &mut Side) {
    let on_their_way: Vec<String> = (0..5).map(|number| format!("on-its-way-{number}")).collect();
    for id in &on_their_way {
        owner.say(id).await;
    }
    product.nodes[1].process.kill();
    for number in 0..5 {
        let id = format!("meanwhile-{number}");
        client.say(&id).await;
        client.acknowledged(&id).await;
    }
    owner.ear().wait("the end", |frame| matches!(frame["type"].as_str(), Some("gone" | "closed"))).await;
    product.restart(1).await;
    let up = Instant::now();
    owner.come_back().await;
    // What was not acknowledged is sent again, as the contract asks of a client.
    for id in &on_their_way {
        owner.say(id).await;
        owner.acknowledged(id).await;
        client.heard(id).await;
    }
    for number in 0..5 {
        owner.heard(&format!("meanwhile-{number}")).await;
    }
    println!(
        "server killed and back: its people had everything {} ms after it was up",
        up.elapsed().as_millis()
    );
}

/// Every message that was acknowledged is there, once, for both and in the store, in the order of its number.
pub(crate) async fn count(client: &Side, owner: &Side, room: &str) {
    let acknowledged: BTreeSet<&String> = client.acknowledged.iter().chain(&owner.acknowledged).collect();
    let mut stored = Vec::new();
    let mut has_more = true;
    while has_more {
        let path = format!("/api/messages/?room_id={room}&limit=100&after={}", stored.len());
        let (status, page) = client.person.get(&path).await;
        assert_eq!(status, 200, "{page}");
        for message in page["messages"].as_array().expect("messages") {
            let id = message["client_message_id"].as_str().expect("an id").to_owned();
            stored.push((message["seq"].as_u64().expect("a seq"), id));
        }
        has_more = page["has_more"] == true;
    }
    for (who, log) in [("client", client.log()), ("owner", owner.log()), ("store", stored)] {
        let ids: BTreeSet<&String> = log.iter().map(|(_, id)| id).collect();
        let lost = acknowledged.difference(&ids).count();
        let doubled = log.len() - ids.len();
        println!(
            "{who}: {} acknowledged, {} there, {lost} lost, {doubled} doubled",
            acknowledged.len(),
            log.len()
        );
        assert_eq!((lost, doubled), (0, 0), "{who}");
        let in_order = log.iter().zip(1..).all(|((seq, _), expected)| *seq == expected);
        assert!(in_order, "{who} saw {log:?}");
    }
}

/// The total of what is unread is told at the server where one waits, wherever the message was posted.
#[tokio::test]
async fn unread_total_is_told_at_the_other_server() {
    let product = Product::start().await;
    let (mut owner, client, room) = product.pair(1).await;
    let intent = client.start_payment(&room).await;
    client.follow(&product.payer().pay(&intent).await).await;
    owner.move_to(&product.url(1));
    let mut ear = Ear::open(&owner, "/ws/payment/").await;
    let mut most = Duration::ZERO;
    for total in 1..=5 {
        let body = json!({ "room_id": room, "content": "anybody there?" });
        assert_eq!(client.post("/api/messages/send/", &body).await.0, 201);
        let sent = Instant::now();
        let is_told = |frame: &Value| frame["type"] == "unread" && frame["total"] == total;
        let (at, _) = ear.wait("the total", is_told).await;
        most = most.max(at.saturating_duration_since(sent));
    }
    println!("unread totals at the other server: 5 of 5 told, stale for {} ms at most", most.as_millis());
    assert!(most < MESSAGE_STALE + MARGIN, "{most:?}");
}

/// What one server is told to close, the other closes too, with nobody to carry the news.
#[tokio::test]
async fn block_and_sign_out_close_the_sockets_of_the_other_server_without_redis() {
    let mut product = Product::start().await;
    let (mut owner, mut client, room) = product.pair(1).await;
    let intent = client.start_payment(&room).await;
    client.follow(&product.payer().pay(&intent).await).await;
    product.redis.kill();
    let mut theirs = Ear::open(&client, &format!("/ws/chat/{room}/")).await;
    theirs.wait_for_type("ready").await;
    let mut ours = Ear::open(&owner, &format!("/ws/chat/{room}/?client_id={}", client.id)).await;
    ours.wait_for_type("ready").await;
    let words = json!({ "room_id": room, "client_id": client.id });
    let began = Instant::now();
    assert_eq!(owner.post("/api/conversations/block/", &words).await.0, 204);
    let closed = theirs.wait_for_type("closed").await;
    assert_eq!(closed.1["code"], 4403);
    let blocked = closed.0.saturating_duration_since(began);
    owner.move_to(&product.url(0));
    client.move_to(&product.url(1));
    let began = Instant::now();
    assert_eq!(owner.post("/api/logout/", &Value::Null).await.0, 204);
    let closed = ours.wait_for_type("closed").await;
    assert_eq!(closed.1["code"], 4401);
    let signed_out = closed.0.saturating_duration_since(began);
    println!(
        "without Redis: blocked after {} ms, signed out after {} ms",
        blocked.as_millis(),
        signed_out.as_millis()
    );
    assert!(blocked.max(signed_out) < ACCESS_STALE + MARGIN);
}
