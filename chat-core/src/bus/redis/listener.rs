//! Listening: one connection, which follows what the node wants to hear and comes back when it is lost.

use std::{collections::HashSet, sync::Arc, time::Duration};

use futures_util::StreamExt as _;
use redis::{Client, RedisResult};
use tokio::{
    sync::broadcast,
    time::{sleep, timeout},
};

use super::{
    Wanted,
    wire::{Names, Read},
};
use crate::{bus::BusEvent, hub::lock};

const CONNECT_TIMEOUT_MS: u64 = 2_000;
/// How long Redis may take to confirm what is listened to, before the connection counts as lost.
const SUBSCRIBE_TIMEOUT_MS: u64 = 2_000;
/// The first wait before Redis is tried again; doubled each time.
const RETRY_MS_MIN: u64 = 50;
/// The longest wait.
const RETRY_MS_MAX: u64 = 2_000;

pub(super) async fn run(
    client: Client,
    names: Names,
    wanted: Arc<Wanted>,
    events: broadcast::Sender<BusEvent>,
) {
    let mut retry_ms = RETRY_MS_MIN;
    loop {
        let mut heard = false;
        if let Err(error) = listen(&client, &names, &wanted, &events, &mut heard).await {
            tracing::warn!(%error, "Redis is not heard");
        }
        retry_ms = if heard { RETRY_MS_MIN } else { (retry_ms * 2).min(RETRY_MS_MAX) };
        // Said with every try: as long as Redis is away, the engine compares with the store.
        let _nobody_listens = events.send(BusEvent::MaybeLost);
        sleep(Duration::from_millis(retry_ms)).await;
    }
}

/// Listens until the connection is lost.
async fn listen(
    client: &Client,
    names: &Names,
    wanted: &Wanted,
    events: &broadcast::Sender<BusEvent>,
    heard: &mut bool,
) -> RedisResult<()> {
    let connecting = timeout(Duration::from_millis(CONNECT_TIMEOUT_MS), client.get_async_pubsub());
    let Ok(connected) = connecting.await else { return Ok(()) };
    let (mut sink, mut messages) = connected?.split();
    let mut channels = HashSet::new();
    loop {
        let now: HashSet<String> = lock(&wanted.channels).clone();
        let fresh = channels.is_empty();
        let following = timeout(Duration::from_millis(SUBSCRIBE_TIMEOUT_MS), async {
            for channel in now.difference(&channels) {
                sink.subscribe(channel).await?;
            }
            for channel in channels.difference(&now) {
                sink.unsubscribe(channel).await?;
            }
            RedisResult::Ok(())
        });
        let Ok(followed) = following.await else { return Ok(()) };
        followed?;
        channels = now;
        if fresh {
            // Whatever was said before this moment was not heard here.
            let _nobody_listens = events.send(BusEvent::MaybeLost);
            *heard = true;
        }
        loop {
            tokio::select! {
                () = wanted.changed.notified() => break,
                message = messages.next() => {
                    let Some(message) = message else { return Ok(()) };
                    let event = match names.decode(message.get_payload_bytes()) {
                        Read::Hint(hint) => BusEvent::Got(hint),
                        Read::Own => continue,
                        Read::Unknown => BusEvent::MaybeLost,
                    };
                    let _nobody_listens = events.send(event);
                }
            }
        }
    }
}
