//! Short words for the cases. A bus may lose hints, so what must arrive is said until it does.

use std::{future::Future, time::Duration};

use futures_util::{StreamExt, stream::BoxStream};
use tokio::time::{Instant, sleep, timeout};
use uuid::Uuid;

use crate::{Bus, BusEvent, Hint, UserId};

/// How long it may take until something is so.
const PATIENCE: Duration = Duration::from_secs(30);
/// Between two looks, or two tries.
const PAUSE: Duration = Duration::from_millis(50);

pub(super) const ALICE: UserId = UserId(Uuid::from_u128(0xA11CE));
pub(super) const BOB: UserId = UserId(Uuid::from_u128(0xB0B));

pub(super) type Events = BoxStream<'static, BusEvent>;

/// Says `hint` until `events` has it; what was heard before it.
pub(super) async fn say_until_heard(from: &impl Bus, events: &mut Events, hint: &Hint) -> Vec<Hint> {
    let began = Instant::now();
    let mut before = Vec::new();
    loop {
        assert!(began.elapsed() < PATIENCE, "{hint:?} was not heard");
        from.publish(hint.clone());
        while let Ok(Some(event)) = timeout(PAUSE, events.next()).await {
            match event {
                BusEvent::Got(heard) if heard == *hint => return before,
                BusEvent::Got(other) => before.push(other),
                BusEvent::MaybeLost => {}
            }
        }
    }
}

/// Waits until the node says so of the user.
pub(super) async fn until_present(node: &impl Bus, user: UserId, wanted: bool) {
    until(|| async { node.present(vec![user]).await.is_some_and(|users| users.contains(&user) == wanted) })
        .await;
}

async fn until<F: Future<Output = bool>>(is_so: impl Fn() -> F) {
    let began = Instant::now();
    while !is_so().await {
        assert!(began.elapsed() < PATIENCE, "it did not become so");
        sleep(PAUSE).await;
    }
}
