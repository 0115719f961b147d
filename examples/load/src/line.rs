//! A connection to a conversation.

use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use crate::Failed;
use crate::scene::{Scene, Seat};

pub(crate) type Line = WebSocketStream<TcpStream>;

/// Opens a connection; `resume` is epoch and seq.
pub(crate) async fn open(scene: &Scene, seat: &Seat, resume: Option<(u64, u64)>) -> Result<Line, Failed> {
    let mut url = format!("{}{}", scene.server.replacen("http", "ws", 1), seat.path);
    if let Some((epoch, after)) = resume {
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

/// Epoch and last seq of a `ready` frame.
pub(crate) fn ready(frame: &str) -> Option<(u64, u64)> {
    let frame: Value = serde_json::from_str(frame).ok()?;
    Some((frame["epoch"].as_u64()?, frame["last_seq"].as_u64()?))
}
