//! A connection to a conversation.

use futures_util::StreamExt as _;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use crate::Failed;
use crate::checker::is;
use crate::scene::{Scene, Seat};

pub(crate) type Line = WebSocketStream<TcpStream>;

/// Opens a connection, where it broke off if that is given.
pub(crate) async fn open(scene: &Scene, seat: &Seat, resume: Option<Start>) -> Result<Line, Failed> {
    let mut url = format!("{}{}", scene.server.replacen("http", "ws", 1), seat.path);
    if let Some(Start { epoch, last: after }) = resume {
        url = format!("{url}&epoch={epoch}&after={after}");
    }
    let mut request = url.into_client_request()?;
    request.headers_mut().insert("cookie", seat.cookie.parse()?);
    request.headers_mut().insert("origin", scene.server.parse()?);
    let address = scene.server.trim_start_matches("http://").trim_end_matches('/');
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let config = WebSocketConfig::default().read_buffer_size(4_096);
    Ok(client_async_with_config(request, stream, Some(config)).await?.0)
}

/// Where a connection starts.
#[derive(Clone, Copy)]
pub(crate) struct Start {
    pub(crate) epoch: u64,
    pub(crate) last: u64,
}

/// Waits for `ready`.
pub(crate) async fn started(mut line: Line) -> Result<(Line, Start), Failed> {
    while let Some(frame) = line.next().await {
        if let Message::Text(frame) = frame?
            && is(&frame, "ready")
        {
            return Ok((line, ready(&frame).ok_or_else(|| Failed("a ready frame without seq".into()))?));
        }
    }
    Err(Failed("closed before it was ready".into()))
}

fn ready(frame: &str) -> Option<Start> {
    let frame: Value = serde_json::from_str(frame).ok()?;
    Some(Start { epoch: frame["epoch"].as_u64()?, last: frame["last_seq"].as_u64()? })
}
