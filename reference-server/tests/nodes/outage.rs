//! PostgreSQL is killed and comes back: nobody is sent away, and nothing that was acknowledged is lost.

use serde_json::Value;

use crate::chat::{Side, count, talk};
use crate::ear::Ear;
use crate::postmaster::Postmaster;
use crate::product::Product;

#[tokio::test]
async fn sockets_stay_open_while_postgres_is_away() {
    let mut postgres = Postmaster::start().await;
    let product = Product::on(postgres.url()).await;
    let (owner, client, room) = product.pair(1).await;
    let intent = client.start_payment(&room).await;
    client.follow(&product.payer().pay(&intent).await).await;
    let owner_path = format!("/ws/chat/{room}/?client_id={}", client.id);
    let mut client = Side::new(client, format!("/ws/chat/{room}/")).await;
    let mut owner = Side::new(owner, owner_path).await;
    talk("with PostgreSQL", 5, &mut client, &mut owner).await;

    postgres.kill();
    let unsaid = [refused(&mut client, "client").await, refused(&mut owner, "owner").await];
    postgres.go_on().await;

    // What was refused is sent again, on the same connections.
    client.acknowledged(&unsaid[0]).await;
    owner.acknowledged(&unsaid[1]).await;
    owner.heard(&unsaid[0]).await;
    client.heard(&unsaid[1]).await;
    talk("PostgreSQL back", 5, &mut client, &mut owner).await;
    count(&client, &owner, &room).await;
    let is_end = |frame: &Value| matches!(frame["type"].as_str(), Some("closed" | "gone"));
    let ended = client.ears.iter().chain(&owner.ears).flat_map(Ear::heard).filter(is_end).count();
    assert_eq!((client.ears.len(), owner.ears.len(), ended), (1, 1, 0));
}

/// Sends until something is refused: a connection to PostgreSQL may outlive its server for a moment.
async fn refused(side: &mut Side, name: &str) -> String {
    for number in 0.. {
        let id = format!("{name}-{number}");
        side.say(&id).await;
        let is_answer = |frame: &Value| {
            matches!(frame["type"].as_str(), Some("ack" | "error")) && frame["client_message_id"] == id
        };
        let (_, answer) = side.ear().wait("an answer", is_answer).await;
        if answer["type"] == "error" {
            assert_eq!(answer["code"], "unavailable", "{answer}");
            assert!(answer["retry_ms"].is_u64(), "{answer}");
            return id;
        }
    }
    unreachable!("it is away")
}
