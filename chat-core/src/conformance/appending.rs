//! Order and refusals of appends.

use super::{StoreHarness, kit::*};
use crate::{ChatStore, Op, StoreError};

/// The seqs of a conversation are 1, 2, 3 …, in the answers and in the log.
pub async fn seqs_run_from_one_without_gap<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    room(store, ROOM).await;
    for number in 1..=5 {
        let appended = add(store, post(number, ALICE, "hello")).await;
        assert_eq!(appended.event.seq.0, u64::from(number));
        assert!(!appended.duplicate);
    }
    add(store, edit(6, ALICE, 2, "changed")).await;
    add(store, delete(7, ALICE, 3)).await;
    assert_eq!(seqs(&whole(store, ROOM).await), [1, 2, 3, 4, 5, 6, 7]);
}

/// Two conversations do not share seqs, even within one batch.
pub async fn each_conversation_counts_for_itself<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    room(store, ROOM).await;
    room(store, OTHER).await;
    let batch = vec![
        post(1, ALICE, "a"),
        within(OTHER, post(2, ALICE, "b")),
        post(3, BOB, "c"),
        within(OTHER, post(4, BOB, "d")),
    ];
    let answered: Vec<u64> =
        store.append(batch).await.into_iter().map(|answer| must(answer).event.seq.0).collect();
    assert_eq!(answered, [1, 1, 2, 2]);
    assert_eq!(seqs(&whole(store, ROOM).await), [1, 2]);
    assert_eq!(seqs(&whole(store, OTHER).await), [1, 2]);
}

/// The n-th answer belongs to the n-th item, and the items are stored in that order.
pub async fn answers_come_in_the_order_of_the_batch<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    room(store, ROOM).await;
    let batch: Vec<_> = (1..=20).map(|number| post(number, ALICE, "x")).collect();
    let answers = store.append(batch.clone()).await;
    assert_eq!(answers.len(), batch.len());
    for (item, answer) in batch.iter().zip(answers) {
        let event = must(answer).event;
        assert_eq!(event.client_id, item.client_id);
        assert_eq!(event.message, item.message);
    }
    let stored: Vec<_> = whole(store, ROOM).await.into_iter().map(|event| event.client_id).collect();
    let wanted: Vec<_> = batch.into_iter().map(|item| item.client_id).collect();
    assert_eq!(stored, wanted);
}

/// A refusal in the middle of a batch leaves no gap and hinders nobody.
pub async fn refused_items_take_no_seq<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    room(store, ROOM).await;
    let batch = vec![
        post(1, ALICE, "a"),
        post(2, EVE, "not a member"),
        edit(3, ALICE, 9, "no such post"),
        within(OTHER, post(4, ALICE, "no such conversation")),
        post(5, BOB, "b"),
    ];
    let answers = store.append(batch).await;
    assert!(matches!(answers[1], Err(StoreError::NotMember)));
    assert!(matches!(answers[2], Err(StoreError::NoSuchTarget)));
    assert!(matches!(answers[3], Err(StoreError::UnknownConversation)));
    assert_eq!(must(answers[4].as_ref()).event.seq.0, 2);
    assert_eq!(seqs(&whole(store, ROOM).await), [1, 2]);
}

/// Who is no member can neither post nor edit nor delete.
pub async fn strangers_cannot_append<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    room(store, ROOM).await;
    add(store, post(1, ALICE, "for Bob only")).await;
    for wish in [post(2, EVE, "x"), edit(3, EVE, 1, "x"), delete(4, EVE, 1)] {
        assert!(matches!(try_add(store, wish).await, Err(StoreError::NotMember)));
    }
    assert_eq!(seqs(&whole(store, ROOM).await), [1]);
}

/// A conversation that was never made answers so, whatever is asked.
pub async fn unknown_conversations_are_refused<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    assert!(matches!(try_add(store, post(1, ALICE, "x")).await, Err(StoreError::UnknownConversation)));
    assert_eq!(must(store.conversation(ROOM).await), None);
    let log = store.log(ROOM, crate::Page::LATEST, 10).await;
    assert!(matches!(log, Err(StoreError::UnknownConversation)));
    let history = store.history(ROOM, crate::Page::LATEST, 10).await;
    assert!(matches!(history, Err(StoreError::UnknownConversation)));
    assert!(matches!(store.mark(ROOM, ALICE, crate::Seq(1)).await, Err(StoreError::UnknownConversation)));
}

/// What is read is what was answered, to the microsecond and the last letter.
pub async fn entries_read_back_as_answered<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    room(store, ROOM).await;
    let words = "कोठा खाली छ? \"quoted\" \\ \u{1F3E0} ' ; -- \r\n\ttail";
    let mut with_image = post(1, ALICE, words);
    with_image.op = Op::Post { content: words.into(), image: Some("img/1".into()) };
    let mut answered = vec![(*add(store, with_image).await.event).clone()];
    let mut image_only = post(2, BOB, "");
    image_only.op = Op::Post { content: String::new(), image: Some("img/2".into()) };
    answered.push((*add(store, image_only).await.event).clone());
    answered.push((*add(store, edit(3, ALICE, 1, "other words")).await.event).clone());
    assert_eq!(whole(store, ROOM).await, answered);
}

/// A conversation is made once; other members under the same id are refused.
pub async fn creating_again_changes_nothing<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    room(store, ROOM).await;
    add(store, post(1, ALICE, "x")).await;
    must(store.create_conversation(ROOM, &[BOB, ALICE, BOB], at(9)).await);
    assert!(matches!(
        store.create_conversation(ROOM, &[ALICE, EVE], at(9)).await,
        Err(StoreError::MembersDiffer)
    ));
    assert!(matches!(store.create_conversation(ROOM, &[ALICE], at(9)).await, Err(StoreError::MembersDiffer)));
    let known = must(store.conversation(ROOM).await);
    let known = known.unwrap_or_else(|| panic!("the conversation exists"));
    assert_eq!(known.head.last.0, 1);
    let mut members = [ALICE, BOB];
    members.sort_unstable();
    assert!(known.members.iter().map(|member| member.user).eq(members));
}
