//! What a user sees of their conversations.

use uuid::Uuid;

use super::{StoreHarness, kit::*};
use crate::{ChatStore, ConversationId};

/// The conversation where something happened last is on top; an edit counts.
pub async fn newest_activity_comes_first<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    room(store, ROOM).await;
    room(store, OTHER).await;
    add(store, post(1, ALICE, "x")).await;
    add(store, within(OTHER, post(2, ALICE, "x"))).await;
    assert_eq!(order(store).await, [OTHER, ROOM]);
    add(store, edit(3, ALICE, 1, "y")).await;
    assert_eq!(order(store).await, [ROOM, OTHER]);
}

/// Pages by cursor show each conversation once, also where the instants are equal.
pub async fn pages_continue_without_overlap<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    for number in 1..=9_u128 {
        must(store.create_conversation(ConversationId(Uuid::from_u128(number)), &[ALICE, BOB], at(0)).await);
    }
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = must(store.inbox(ALICE, after, 4).await);
        let Some(last) = page.last() else { break };
        after = Some(last.cursor());
        seen.extend(page.iter().map(|line| line.head.conversation));
    }
    let wanted: Vec<_> = (1..=9_u128).rev().map(|number| ConversationId(Uuid::from_u128(number))).collect();
    assert_eq!(seen, wanted);
}

/// The last post is shown as it now reads; later edits of older posts do not hide it.
pub async fn lines_show_the_last_message<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    room(store, ROOM).await;
    assert_eq!(must(store.inbox(BOB, None, 1).await)[0].last_message, None);
    add(store, post(1, ALICE, "first")).await;
    add(store, post(2, BOB, "second")).await;
    add(store, edit(3, ALICE, 1, "changed")).await;
    add(store, edit(4, BOB, 2, "second, changed")).await;
    let line = must(store.inbox(BOB, None, 1).await).remove(0);
    assert_eq!(line.last_message.map(|message| message.content).as_deref(), Some("second, changed"));
    assert_eq!((line.head.last.0, line.active_at), (4, at(4)));
    assert_eq!(line.members.len(), 2);
}

/// A user who takes part in nothing sees nothing.
pub async fn strangers_see_nothing<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    room(store, ROOM).await;
    add(store, post(1, ALICE, "not for Eve")).await;
    assert_eq!(must(store.inbox(EVE, None, 10).await), []);
    assert_eq!(must(store.unread(EVE).await), 0);
}

/// Heads come for the conversations that exist, and for no others.
pub async fn heads_name_what_exists<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    room(store, ROOM).await;
    add(store, post(1, ALICE, "x")).await;
    let heads = must(store.heads(&[OTHER, ROOM]).await);
    assert_eq!(heads.len(), 1);
    assert_eq!((heads[0].conversation, heads[0].last.0, heads[0].oldest.0), (ROOM, 1, 1));
    assert_eq!(must(store.heads(&[]).await), []);
}

async fn order(store: &impl ChatStore) -> Vec<ConversationId> {
    must(store.inbox(BOB, None, 10).await).iter().map(|line| line.head.conversation).collect()
}
