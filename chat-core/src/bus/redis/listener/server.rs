//! One server: a connection that does nothing but listen.

use std::time::Duration;

use futures_util::StreamExt as _;
use redis::{
    Client, RedisResult,
    aio::{PubSubSink, PubSubStream},
};
use tokio::time::timeout;

use super::{super::link::CONNECT_TIMEOUT_MS, Ear, Listener};

/// Many at once: thousands of channels are confirmed in a few round trips when a connection comes back.
const CHANNELS_A_COMMAND_MAX: usize = 512;

struct Server {
    sink: PubSubSink,
    messages: PubSubStream,
}

/// Listens until the connection is lost.
pub(super) async fn listen(client: &Client, listener: &Listener, heard: &mut bool) -> RedisResult<()> {
    let connecting = timeout(Duration::from_millis(CONNECT_TIMEOUT_MS), client.get_async_pubsub());
    let Ok(connected) = connecting.await else { return Ok(()) };
    let (sink, messages) = connected?.split();
    listener.follow(&mut Server { sink, messages }, heard).await
}

impl Ear for Server {
    fn channels_max(&self) -> usize {
        CHANNELS_A_COMMAND_MAX
    }

    async fn follow(&mut self, channels: &[&String], is_wanted: bool) -> RedisResult<()> {
        if is_wanted { self.sink.subscribe(channels).await } else { self.sink.unsubscribe(channels).await }
    }

    async fn listen(&mut self, listener: &Listener) {
        while let Some(message) = self.messages.next().await {
            listener.hear(message.get_payload_bytes());
        }
    }
}
