//! Edits and deletes.

use super::{StoreHarness, kit::*};
use crate::{Append, ChatStore, MessageId, Op, Page, StoreError};

/// History shows the last words; the log shows what was said and that it was changed.
pub async fn edits_show_in_history_and_log<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    room(store, ROOM).await;
    let posted = add(store, post(1, ALICE, "first")).await.event;
    let edited = add(store, edit(2, ALICE, 1, "second")).await.event;
    add(store, edit(3, ALICE, 1, "third")).await;
    assert_eq!(edited.message, posted.message);
    let page = must(store.history(ROOM, Page::LATEST, 10).await);
    assert_eq!(page.messages.len(), 1);
    let message = &page.messages[0];
    assert_eq!((message.content.as_str(), message.edited_at), ("third", Some(at(3))));
    assert_eq!((message.seq.0, message.id, message.posted_at), (1, posted.message, at(1)));
    assert_eq!(whole(store, ROOM).await[0], *posted);
}

/// After a delete no read shows the words, of the post or of its edits.
pub async fn deletes_erase_words_everywhere<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    room(store, ROOM).await;
    let mut first = post(1, ALICE, "secret");
    first.op = Op::Post { content: "secret".into(), image: Some("secret.jpg".into()) };
    add(store, first).await;
    add(store, post(2, ALICE, "stays")).await;
    add(store, edit(3, ALICE, 1, "secret too")).await;
    add(store, delete(4, ALICE, 1)).await;
    let log = whole(store, ROOM).await;
    assert_eq!(seqs(&log), [1, 2, 3, 4]);
    assert!(log[0].erased && log[2].erased && !log[1].erased);
    assert_eq!(log[0].op, log[0].op.erased());
    assert_eq!(log[2].op, log[2].op.erased());
    let page = must(store.history(ROOM, Page::LATEST, 10).await);
    let gone = &page.messages[0];
    assert!(gone.deleted && gone.content.is_empty() && gone.image.is_none());
    assert_eq!(page.messages[1].content, "stays");
    assert!(!page.messages[1].deleted);
}

/// Nothing changes a deleted post any more.
pub async fn deleted_posts_cannot_change<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    room(store, ROOM).await;
    add(store, post(1, ALICE, "x")).await;
    add(store, delete(2, ALICE, 1)).await;
    assert!(matches!(try_add(store, edit(3, ALICE, 1, "y")).await, Err(StoreError::NoSuchTarget)));
    assert!(matches!(try_add(store, delete(4, ALICE, 1)).await, Err(StoreError::NoSuchTarget)));
}

/// A member cannot change another's post.
pub async fn only_the_sender_changes_a_post<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    room(store, ROOM).await;
    add(store, post(1, ALICE, "mine")).await;
    assert!(matches!(try_add(store, edit(2, BOB, 1, "yours")).await, Err(StoreError::NotYours)));
    assert!(matches!(try_add(store, delete(3, BOB, 1)).await, Err(StoreError::NotYours)));
    let page = must(store.history(ROOM, Page::LATEST, 10).await);
    assert_eq!(page.messages[0].content, "mine");
}

/// Edits and deletes are no targets, and neither is a seq that does not exist yet.
pub async fn only_posts_can_be_changed<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    room(store, ROOM).await;
    add(store, post(1, ALICE, "x")).await;
    add(store, edit(2, ALICE, 1, "y")).await;
    for target in [0, 2, 3, u64::MAX] {
        assert!(matches!(try_add(store, delete(9, ALICE, target)).await, Err(StoreError::NoSuchTarget)));
    }
}

/// The bound on the age holds to the microsecond.
pub async fn old_posts_cannot_be_changed<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    room(store, ROOM).await;
    add(store, post(1, ALICE, "x")).await;
    let bound = at(1) + jiff::SignedDuration::from_micros(1);
    let late = Append { target_not_before: Some(bound), ..edit(2, ALICE, 1, "y") };
    assert!(matches!(try_add(store, late).await, Err(StoreError::TooOld)));
    let in_time = Append { target_not_before: Some(at(1)), ..edit(2, ALICE, 1, "y") };
    assert_eq!(add(store, in_time).await.event.seq.0, 2);
}

/// A message is found by its id, as it now reads; other ids find nothing.
pub async fn message_is_found_by_id<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    room(store, ROOM).await;
    let id = add(store, post(1, ALICE, "x")).await.event.message;
    add(store, edit(2, ALICE, 1, "y")).await;
    let page = must(store.history(ROOM, Page::LATEST, 10).await);
    assert_eq!(must(store.message(id).await).as_ref(), page.messages.first());
    assert_eq!(must(store.message(edit(2, ALICE, 1, "y").message).await), None);
    assert_eq!(must(store.message(MessageId(uuid::Uuid::nil())).await), None);
}
