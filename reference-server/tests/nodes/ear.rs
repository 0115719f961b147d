//! A WebSocket whose frames are noted with the time when they came.

use std::time::{Duration, Instant};

use futures_util::stream::SplitSink;
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

use crate::support::Person;

type Socket = tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>;

/// Nothing that is waited for takes longer on a machine that is busy with other things.
const WAIT_S: u64 = 60;

pub(crate) struct Ear {
    frames: watch::Receiver<Vec<(Instant, Value)>>,
    mouth: SplitSink<Socket, Message>,
}

impl Ear {
    pub(crate) async fn open(person: &Person, path: &str) -> Self {
        let socket = person.socket(path).await.expect("an upgrade");
        let (mouth, mut stream) = socket.split();
        let (heard, frames) = watch::channel(Vec::new());
        tokio::spawn(async move {
            loop {
                let frame = match stream.next().await {
                    Some(Ok(Message::Text(text))) => serde_json::from_str(&text).expect("JSON"),
                    Some(Ok(Message::Close(close))) => {
                        json!({ "type": "closed", "code": close.map(|close| u16::from(close.code)) })
                    }
                    Some(Ok(_)) => continue,
                    Some(Err(_)) | None => json!({ "type": "gone" }),
                };
                let last = matches!(frame["type"].as_str(), Some("closed" | "gone"));
                heard.send_modify(|frames: &mut Vec<_>| frames.push((Instant::now(), frame)));
                if last {
                    return;
                }
            }
        });
        Self { frames, mouth }
    }

    pub(crate) async fn say(&mut self, frame: &Value) {
        // The server may be gone.
        let _ = self.mouth.send(Message::text(frame.to_string())).await;
    }

    /// When the first frame came that is meant, and the frame.
    pub(crate) async fn wait(&mut self, what: &str, is_meant: impl Fn(&Value) -> bool) -> (Instant, Value) {
        self.wait_past(0, what, is_meant).await
    }

    /// The same, passing over the first `skipped` of them.
    pub(crate) async fn wait_past(
        &mut self,
        skipped: usize,
        what: &str,
        is_meant: impl Fn(&Value) -> bool,
    ) -> (Instant, Value) {
        let found = async {
            loop {
                let frames = self.frames.borrow_and_update().clone();
                if let Some(found) = frames.into_iter().filter(|(_, frame)| is_meant(frame)).nth(skipped) {
                    return found;
                }
                self.frames.changed().await.expect("the socket ended before it");
            }
        };
        let found = timeout(Duration::from_secs(WAIT_S), found).await;
        found.unwrap_or_else(|_| panic!("waited in vain for {what}"))
    }

    pub(crate) async fn wait_for_type(&mut self, kind: &str) -> (Instant, Value) {
        self.wait(kind, |frame| frame["type"] == kind).await
    }

    /// Everything so far.
    pub(crate) fn heard(&self) -> Vec<Value> {
        self.frames.borrow().iter().map(|(_, frame)| frame.clone()).collect()
    }
}
