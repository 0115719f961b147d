//! Two people in one conversation, each on a socket of their own.

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::person::{Failed, Person, Socket};

/// A message each way: `ready`, then `ack` for the sender and `message` for both.
pub(crate) async fn talk(owner: &Person, client: &Person, room: &str) -> Result<(), Failed> {
    let mut clients = client.socket(&format!("/ws/chat/{room}/")).await?;
    let mut owners = owner.socket(&format!("/ws/chat/{room}/?client_id={}", client.id)).await?;
    for socket in [&mut clients, &mut owners] {
        next(socket, |frame| frame["type"] == "ready").await?;
    }
    say(&mut clients, "walk-1", "Namaste! Is the room still free?").await?;
    next(&mut owners, |frame| frame["type"] == "message" && frame["message"]["seq"] == 1).await?;
    say(&mut owners, "walk-2", "It is. Come and see it tomorrow.").await?;
    next(&mut clients, |frame| frame["type"] == "message" && frame["message"]["seq"] == 2).await?;
    Ok(())
}

/// The next frame of the kind that is waited for.
pub(crate) async fn next(socket: &mut Socket, wanted: impl Fn(&Value) -> bool) -> Result<Value, Failed> {
    while let Some(message) = socket.next().await {
        let Message::Text(text) = message? else { continue };
        let frame: Value = serde_json::from_str(&text).map_err(|_| Failed::new("a frame is no JSON"))?;
        if frame["type"] == "error" {
            return Err(Failed::new(format!("the server says {frame}")));
        }
        if wanted(&frame) {
            return Ok(frame);
        }
    }
    Err(Failed::new("the socket was closed"))
}

/// Sends, and waits for the acknowledgement: from then on the message is on disk.
async fn say(socket: &mut Socket, id: &str, content: &str) -> Result<(), Failed> {
    let frame = json!({ "type": "message", "client_message_id": id, "content": content });
    socket.send(Message::text(frame.to_string())).await?;
    next(socket, |frame| frame["type"] == "ack" && frame["client_message_id"] == id).await?;
    Ok(())
}
