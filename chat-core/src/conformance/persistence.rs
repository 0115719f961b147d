//! What was answered is still there after the store was closed and opened.

use super::{StoreHarness, kit::*};
use crate::{ChatStore, Page, Seq, StoreError};

/// Log, messages, marks, counts and the epoch are the same after reopening.
pub async fn everything_survives_reopening<H: StoreHarness>() {
    let harness = H::fresh().await;
    room(harness.store(), ROOM).await;
    add(harness.store(), post(1, ALICE, "a")).await;
    add(harness.store(), post(2, BOB, "b")).await;
    add(harness.store(), edit(3, ALICE, 1, "c")).await;
    add(harness.store(), post(4, ALICE, "d")).await;
    must(harness.store().mark(ROOM, BOB, Seq(1)).await);
    let before = view(&harness).await;
    let harness = harness.reopen().await;
    assert!(view(&harness).await == before, "reopening changed what is read");
    let appended = add(harness.store(), post(5, BOB, "e")).await;
    assert_eq!(appended.event.seq, Seq(5));
}

/// A retry that comes after a restart still gets the first answer.
pub async fn retries_are_known_after_reopening<H: StoreHarness>() {
    let harness = H::fresh().await;
    room(harness.store(), ROOM).await;
    let first = add(harness.store(), post(1, ALICE, "a")).await;
    let harness = harness.reopen().await;
    let again = add(harness.store(), post(1, ALICE, "a")).await;
    assert!(again.duplicate);
    assert_eq!(again.event, first.event);
    assert!(matches!(try_add(harness.store(), post(1, ALICE, "b")).await, Err(StoreError::IdReused)));
}

async fn view<H: StoreHarness>(harness: &H) -> impl PartialEq + use<H> {
    let store = harness.store();
    (
        store.epoch(),
        whole(store, ROOM).await,
        must(store.history(ROOM, Page::LATEST, 10).await),
        must(store.conversation(ROOM).await),
        must(store.inbox(BOB, None, 10).await),
        must(store.unread(BOB).await),
    )
}
