//! Two people who may talk, and the words for what they do.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

use crate::support::{Person, TestServer, next_frame};

pub(crate) type Socket =
    tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>;

/// A room, its owner, and a client who paid for it.
pub(crate) struct Pair {
    pub(crate) owner: Person,
    pub(crate) client: Person,
    pub(crate) room: String,
}

impl Pair {
    pub(crate) async fn new(server: &TestServer) -> Self {
        let (owner, room) = server.room().await;
        let client = server.client().await;
        unlock(server, &client, &room).await;
        Self { owner, client, room }
    }

    /// The client posts over HTTP.
    pub(crate) async fn client_says(&self, text: &str) -> Value {
        let body = json!({ "room_id": self.room, "content": text });
        let (status, message) = self.client.post("/api/messages/send/", &body).await;
        assert_eq!(status, 201, "{message}");
        message
    }

    /// The owner posts over HTTP.
    pub(crate) async fn owner_says(&self, text: &str) -> Value {
        let body = json!({ "room_id": self.room, "client_id": self.client.id, "content": text });
        let (status, message) = self.owner.post("/api/messages/send/", &body).await;
        assert_eq!(status, 201, "{message}");
        message
    }

    pub(crate) fn history_path(&self) -> String {
        format!("/api/messages/?room_id={}", self.room)
    }

    pub(crate) async fn client_socket(&self, query: &str) -> Socket {
        self.client.socket(&format!("/ws/chat/{}/?{query}", self.room)).await.expect("an upgrade")
    }

    pub(crate) async fn owner_socket(&self) -> Socket {
        let path = format!("/ws/chat/{}/?client_id={}", self.room, self.client.id);
        self.owner.socket(&path).await.expect("an upgrade")
    }
}

/// Pays for a room.
pub(crate) async fn unlock(server: &TestServer, client: &Person, room: &str) -> Value {
    let intent = client.start_payment(room).await;
    let url = server.payer().pay(&intent).await;
    client.follow(&url).await;
    assert_eq!(client.contact_status(room).await, 200);
    intent
}

pub(crate) async fn say(socket: &mut Socket, frame: &Value) {
    socket.send(Message::text(frame.to_string())).await.expect("sent");
}

/// The next frame of this type; others are passed over.
pub(crate) async fn frame_of(socket: &mut Socket, kind: &str) -> Value {
    let found = async {
        loop {
            let frame = next_frame(socket).await;
            if frame["type"] == kind {
                return frame;
            }
        }
    };
    timeout(Duration::from_secs(10), found).await.unwrap_or_else(|_| panic!("no {kind} frame"))
}

/// The close code, and the frames before it.
pub(crate) async fn closed(socket: &mut Socket) -> (u16, Vec<Value>) {
    let mut frames = Vec::new();
    let found = async {
        loop {
            match socket.next().await {
                Some(Ok(Message::Text(text))) => frames.push(serde_json::from_str(&text).expect("JSON")),
                Some(Ok(Message::Close(Some(close)))) => return u16::from(close.code),
                Some(Ok(_)) => {}
                other => panic!("gone without a close code: {other:?}"),
            }
        }
    };
    let code = timeout(Duration::from_secs(10), found).await.expect("it closes");
    (code, frames)
}
