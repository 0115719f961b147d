//! A cluster: each channel is heard from its shard alone.

use std::{convert::Infallible, sync::Arc, time::Duration};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use redis::{
    ConnectionInfo, PushInfo, PushKind, RedisResult, Value, cluster::ClusterClient,
    cluster_async::ClusterConnection,
};
use tokio::{sync::Notify, time::timeout};

use super::{
    super::link::{CONNECT_TIMEOUT_MS, builder},
    Ear, Listener,
};
use crate::hub::lock;

/// A command names channels of one shard only, so each has its own; so many are on their way at once.
const CHANNELS_AT_ONCE: usize = 128;

struct Cluster {
    connection: ClusterConnection,
    lost: Arc<Notify>,
}

/// Listens until the connection to a shard is lost, or a channel has moved to another.
pub(super) async fn listen(
    nodes: &[ConnectionInfo],
    listener: &Listener,
    heard: &mut bool,
) -> RedisResult<()> {
    let lost = Arc::new(Notify::new());
    let push = {
        let (listener, lost) = (listener.clone(), Arc::clone(&lost));
        move |info: PushInfo| {
            pushed(&listener, &lost, &info);
            Ok::<(), Infallible>(())
        }
    };
    let client: ClusterClient = builder(nodes).push_sender(push).build()?;
    let connecting = timeout(Duration::from_millis(CONNECT_TIMEOUT_MS), client.get_async_connection());
    let Ok(connected) = connecting.await else { return Ok(()) };
    listener.follow(&mut Cluster { connection: connected?, lost }, heard).await
}

fn pushed(listener: &Listener, lost: &Notify, info: &PushInfo) {
    match (&info.kind, info.data.as_slice()) {
        (PushKind::SMessage, [_, Value::BulkString(payload)]) => listener.hear(payload),
        // The library would subscribe again by itself, but not say since when it hears.
        (PushKind::Disconnection, _) => lost.notify_one(),
        // Nobody here asked for it: its slot has moved.
        (PushKind::SUnsubscribe, [Value::BulkString(channel), ..]) => {
            let is_wanted =
                std::str::from_utf8(channel).is_ok_and(|name| lock(&listener.wanted.channels).contains(name));
            if is_wanted {
                lost.notify_one();
            }
        }
        _ => {}
    }
}

impl Ear for Cluster {
    fn channels_max(&self) -> usize {
        CHANNELS_AT_ONCE
    }

    async fn follow(&mut self, channels: &[&String], is_wanted: bool) -> RedisResult<()> {
        let channels: Vec<String> = channels.iter().copied().cloned().collect();
        let confirmations = stream::iter(channels).map(|channel| {
            let mut connection = self.connection.clone();
            async move {
                if is_wanted {
                    connection.ssubscribe(channel).await
                } else {
                    connection.sunsubscribe(channel).await
                }
            }
        });
        confirmations.buffer_unordered(CHANNELS_AT_ONCE).try_collect().await
    }

    /// What is heard comes by the push sender.
    async fn listen(&mut self, _: &Listener) {
        self.lost.notified().await;
    }
}
