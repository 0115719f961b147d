//! Read marks and unread counts.

use super::{StoreHarness, kit::*};
use crate::{ChatStore, Seq, StoreError, UserId};

/// An older mark changes nothing and answers where the mark stands.
pub async fn marks_only_move_forward<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    three_from_alice(store).await;
    let moved = must(store.mark(ROOM, BOB, Seq(2)).await);
    assert_eq!((moved.read, moved.advanced, moved.unread), (Seq(2), true, 1));
    for older in [0, 1, 2] {
        let stayed = must(store.mark(ROOM, BOB, Seq(older)).await);
        assert_eq!((stayed.read, stayed.advanced, stayed.unread), (Seq(2), false, 1));
    }
    assert_eq!(read_of(store, BOB).await, Seq(2));
    assert_eq!(read_of(store, ALICE).await, Seq::ZERO);
}

/// A mark beyond the end is a mark at the end: what comes later is unread.
pub async fn marks_never_pass_the_head<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    three_from_alice(store).await;
    let mark = must(store.mark(ROOM, BOB, Seq(u64::MAX)).await);
    assert_eq!((mark.read, mark.unread), (Seq(3), 0));
    add(store, post(4, ALICE, "x")).await;
    assert_eq!(must(store.unread(BOB).await), 1);
    assert_eq!(read_of(store, BOB).await, Seq(3));
}

/// Unread is what others posted above the mark, in the inbox and in the total.
pub async fn unread_counts_posts_of_others<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    three_from_alice(store).await;
    add(store, post(4, BOB, "own")).await;
    add(store, post(5, ALICE, "x")).await;
    assert_eq!(unread(store, BOB).await, (4, 4));
    assert_eq!(unread(store, ALICE).await, (1, 1));
    must(store.mark(ROOM, BOB, Seq(2)).await);
    assert_eq!(unread(store, BOB).await, (2, 2));
    room(store, OTHER).await;
    add(store, within(OTHER, post(6, ALICE, "x"))).await;
    assert_eq!(must(store.unread(BOB).await), 3);
    must(store.mark(ROOM, BOB, Seq(5)).await);
    assert_eq!(must(store.unread(BOB).await), 1);
    add(store, post(7, BOB, "own")).await;
    assert_eq!(must(store.unread(BOB).await), 1);
}

/// Only posts count, and a retry does not count twice.
pub async fn edits_and_retries_leave_unread<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    three_from_alice(store).await;
    add(store, edit(4, ALICE, 1, "y")).await;
    add(store, post(3, ALICE, "x")).await;
    assert_eq!(unread(store, BOB).await, (3, 3));
    must(store.mark(ROOM, BOB, Seq(4)).await);
    assert_eq!(unread(store, BOB).await, (0, 0));
}

/// A deleted post is nothing to read any more, whether it lay above the mark or below it.
pub async fn deleted_posts_are_not_unread<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    three_from_alice(store).await;
    must(store.mark(ROOM, BOB, Seq(1)).await);
    add(store, delete(4, ALICE, 2)).await;
    assert_eq!(unread(store, BOB).await, (1, 1));
    add(store, delete(5, ALICE, 1)).await;
    assert_eq!(unread(store, BOB).await, (1, 1));
    add(store, post(6, BOB, "own")).await;
    add(store, delete(7, BOB, 6)).await;
    assert_eq!(unread(store, BOB).await, (1, 1));
    assert_eq!(unread(store, ALICE).await, (0, 0));
    let mark = must(store.mark(ROOM, BOB, Seq(3)).await);
    assert_eq!(mark.unread, 0);
    let both = vec![post(8, ALICE, "x"), delete(9, ALICE, 8)];
    store.append(both).await.into_iter().for_each(|answer| drop(must(answer)));
    assert_eq!(unread(store, BOB).await, (0, 0));
}

/// Who is no member has no mark.
pub async fn strangers_cannot_mark<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    three_from_alice(store).await;
    assert!(matches!(store.mark(ROOM, EVE, Seq(1)).await, Err(StoreError::NotMember)));
    assert_eq!(must(store.unread(EVE).await), 0);
}

/// The revision rises with each movement and with nothing else.
pub async fn every_move_raises_the_revision<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    three_from_alice(store).await;
    assert_eq!(revision(store).await, 0);
    assert_eq!(must(store.mark(ROOM, BOB, Seq(1)).await).revision, 1);
    assert_eq!(must(store.mark(ROOM, BOB, Seq(1)).await).revision, 1);
    assert_eq!(must(store.mark(ROOM, ALICE, Seq(3)).await).revision, 2);
    assert_eq!(revision(store).await, 2);
}

async fn three_from_alice(store: &impl ChatStore) {
    room(store, ROOM).await;
    for number in 1..=3 {
        add(store, post(number, ALICE, "x")).await;
    }
}

/// Of the first conversation's line, and in total.
async fn unread(store: &impl ChatStore, user: UserId) -> (u64, u64) {
    let inbox = must(store.inbox(user, None, 10).await);
    let line = inbox.iter().find(|line| line.head.conversation == ROOM);
    (line.map_or(0, |line| line.unread), must(store.unread(user).await))
}

async fn read_of(store: &impl ChatStore, user: UserId) -> Seq {
    let known = must(store.conversation(ROOM).await);
    let members = known.into_iter().flat_map(|known| known.members);
    members.into_iter().find(|member| member.user == user).map_or(Seq::ZERO, |member| member.read)
}

async fn revision(store: &impl ChatStore) -> u64 {
    must(store.heads(&[ROOM]).await).first().map_or(0, |head| head.marks_revision)
}
