//! Pages of a conversation, and the list of conversations.

use serde_json::{Value, json};

use crate::people::Pair;
use crate::support::TestServer;

#[tokio::test]
async fn pages_reach_both_ways_without_overlap() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    for number in 1..=7 {
        pair.client_says(&format!("message {number}")).await;
    }
    let page = async |query: &str| pair.client.get(&format!("{}&{query}", pair.history_path())).await.1;
    let newest = page("limit=3").await;
    assert_eq!(seqs(&newest), [5, 6, 7]);
    assert_eq!((&newest["has_more"], &newest["last_seq"]), (&json!(true), &json!(7)));
    let older = page("limit=3&before=5").await;
    assert_eq!(seqs(&older), [2, 3, 4]);
    let oldest = page("limit=3&before=2").await;
    assert_eq!((seqs(&oldest), &oldest["has_more"]), (vec![1], &json!(false)));
    let onward = page("limit=100&after=4").await;
    assert_eq!((seqs(&onward), &onward["has_more"]), (vec![5, 6, 7], &json!(false)));
}

#[tokio::test]
async fn conversations_name_room_and_other_person() {
    let server = TestServer::start().await;
    let pair = Pair::new(&server).await;
    pair.client_says("Is it free?").await;
    let (_, list) = pair.owner.get("/api/conversations/").await;
    let line = &list["conversations"][0];
    assert_eq!(line["room_title"], "Bright corner room");
    assert_eq!(line["with"], json!({ "id": pair.client.id, "name": "Asmita Rai" }));
    assert_eq!(line["last_message"]["content"], "Is it free?");
    assert_eq!((&line["unread"], &line["online"]), (&json!(1), &json!(false)));
    let _online = pair.owner_socket().await;
    let (_, list) = pair.client.get("/api/conversations/").await;
    assert_eq!(list["conversations"][0]["with"]["id"], pair.owner.id);
    assert_eq!(list["conversations"][0]["online"], true);
    assert_eq!(server.owner().await.get("/api/conversations/").await.1, json!({ "conversations": [] }));
}

fn seqs(page: &Value) -> Vec<u64> {
    let messages = page["messages"].as_array().expect("messages");
    messages.iter().map(|message| message["seq"].as_u64().expect("a seq")).collect()
}
