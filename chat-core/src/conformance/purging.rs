//! Ending the life of old entries.

use super::{StoreHarness, kit::*};
use crate::{ChatStore, Op, Page, Seq, StoreError};

/// What was purged is in no page any more, in neither direction; what follows is as it was.
pub async fn purged_entries_are_in_no_page<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    let message = four_posts(store).await;
    assert_eq!(must(store.purge(ROOM, Seq(2)).await), 2);
    let head = must(store.heads(&[ROOM]).await)[0];
    assert_eq!((head.oldest, head.last), (Seq(3), Seq(4)));
    assert_eq!(seqs(&whole(store, ROOM).await), [3, 4]);
    assert_eq!(seqs(&must(store.log(ROOM, Page::LATEST, 10).await)), [3, 4]);
    let page = must(store.history(ROOM, Page::Before(Seq(4)), 10).await);
    assert_eq!((page.messages.len(), page.has_more), (1, false));
    assert_eq!(must(store.message(message).await), None);
}

/// A purge goes to the head at most, and doing it again does nothing.
pub async fn purging_ends_at_the_head<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    four_posts(store).await;
    assert_eq!(must(store.purge(ROOM, Seq(u64::MAX)).await), 4);
    assert_eq!(must(store.purge(ROOM, Seq(4)).await), 0);
    assert_eq!(whole(store, ROOM).await, []);
    assert_eq!(must(store.inbox(BOB, None, 1).await)[0].last_message, None);
    assert_eq!(add(store, post(5, ALICE, "x")).await.event.seq, Seq(5));
    assert_eq!(seqs(&whole(store, ROOM).await), [5]);
    assert!(matches!(store.purge(OTHER, Seq(1)).await, Err(StoreError::UnknownConversation)));
}

/// Nobody owes the reading of what is gone; what was read is not counted twice.
pub async fn purged_posts_are_not_unread<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    four_posts(store).await;
    must(store.mark(ROOM, BOB, Seq(1)).await);
    must(store.purge(ROOM, Seq(2)).await);
    assert_eq!((must(store.unread(BOB).await), must(store.unread(ALICE).await)), (1, 1));
    assert_eq!(must(store.mark(ROOM, BOB, Seq(4)).await).unread, 0);
    add(store, delete(5, ALICE, 3)).await;
    assert_eq!((must(store.unread(BOB).await), must(store.unread(ALICE).await)), (0, 1));
}

/// A retry that comes after the purge is still known, without its words; other words are still refused.
pub async fn retry_after_purge_is_still_known<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    four_posts(store).await;
    must(store.purge(ROOM, Seq(4)).await);
    let again = add(store, post(1, ALICE, "one")).await;
    assert!(again.duplicate && again.event.erased);
    assert_eq!((again.event.seq, again.event.op.clone()), (Seq(1), again.event.op.erased()));
    assert!(matches!(try_add(store, post(1, ALICE, "other")).await, Err(StoreError::IdReused)));
}

/// Later edits of what is gone lose their words, and nothing can change it any more.
pub async fn purged_posts_cannot_change<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    four_posts(store).await;
    add(store, edit(5, ALICE, 1, "secret")).await;
    must(store.purge(ROOM, Seq(2)).await);
    let log = whole(store, ROOM).await;
    assert_eq!(log[2].op, Op::Edit { target: Seq(1), content: String::new() });
    assert!(matches!(try_add(store, edit(6, ALICE, 1, "x")).await, Err(StoreError::NoSuchTarget)));
    assert!(matches!(try_add(store, delete(7, ALICE, 1)).await, Err(StoreError::NoSuchTarget)));
}

/// Alice, Bob, Alice, Bob; the first one's id.
async fn four_posts(store: &impl ChatStore) -> crate::MessageId {
    room(store, ROOM).await;
    let first = add(store, post(1, ALICE, "one")).await.event.message;
    add(store, post(2, BOB, "two")).await;
    add(store, post(3, ALICE, "three")).await;
    add(store, post(4, BOB, "four")).await;
    first
}
