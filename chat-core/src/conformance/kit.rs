//! Short words for the cases.

use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    Append, Appended, ChatStore, ClientMessageId, ConversationId, Event, MessageId, Op, Page, Seq,
    StoreError, UserId,
};

pub(super) const ALICE: UserId = UserId(Uuid::from_u128(0xA11CE));
pub(super) const BOB: UserId = UserId(Uuid::from_u128(0xB0B));
pub(super) const EVE: UserId = UserId(Uuid::from_u128(0xE7E));
pub(super) const ROOM: ConversationId = ConversationId(Uuid::from_u128(0x0100));
pub(super) const OTHER: ConversationId = ConversationId(Uuid::from_u128(0x0200));

/// So many seconds after the beginning of the cases' time.
pub(super) fn at(second: u32) -> Timestamp {
    must(Timestamp::from_second(1_800_000_000 + i64::from(second)))
}

/// A conversation of Alice and Bob.
pub(super) async fn room(store: &impl ChatStore, id: ConversationId) {
    must(store.create_conversation(id, &[ALICE, BOB], at(0)).await);
}

/// A post by `by` in [`ROOM`]. The number decides its client id, its message id and its time.
pub(super) fn post(number: u32, by: UserId, content: &str) -> Append {
    append(number, by, Op::Post { content: content.into(), image: None })
}

pub(super) fn edit(number: u32, by: UserId, target: u64, content: &str) -> Append {
    append(number, by, Op::Edit { target: Seq(target), content: content.into() })
}

pub(super) fn delete(number: u32, by: UserId, target: u64) -> Append {
    append(number, by, Op::Delete { target: Seq(target) })
}

pub(super) fn within(conversation: ConversationId, append: Append) -> Append {
    Append { conversation, ..append }
}

/// Appends one entry that must be accepted.
pub(super) async fn add(store: &impl ChatStore, append: Append) -> Appended {
    must(try_add(store, append).await)
}

pub(super) async fn try_add(store: &impl ChatStore, append: Append) -> Result<Appended, StoreError> {
    let mut answers = store.append(vec![append]).await;
    assert_eq!(answers.len(), 1, "one item, one answer");
    answers.remove(0)
}

/// The whole log, in one page.
pub(super) async fn whole(store: &impl ChatStore, conversation: ConversationId) -> Vec<Event> {
    must(store.log(conversation, Page::After(Seq::ZERO), 10_000).await)
}

pub(super) fn seqs(events: &[Event]) -> Vec<u64> {
    events.iter().map(|event| event.seq.0).collect()
}

pub(super) fn must<T, E: std::fmt::Debug>(result: Result<T, E>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("it must succeed, but: {error:?}"),
    }
}

fn append(number: u32, by: UserId, op: Op) -> Append {
    Append {
        conversation: ROOM,
        by,
        client_id: must(ClientMessageId::new(format!("c{number}"))),
        message: MessageId(Uuid::from_u128(0xFACE_0000 + u128::from(number))),
        at: at(number),
        op,
        target_not_before: None,
        push_due: None,
    }
}
