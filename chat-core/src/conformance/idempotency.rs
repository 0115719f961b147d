//! A client message id stores once, for ever, and always gets the first answer.

use super::{StoreHarness, kit::*};
use crate::{Append, ChatStore, MessageId, Op, StoreError};

/// The same words again: the same event, marked as a duplicate, whatever else the retry brings along.
pub async fn retry_gets_the_first_answer<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    room(store, ROOM).await;
    let first = add(store, post(1, ALICE, "hello")).await;
    add(store, post(2, BOB, "in between")).await;
    let retry =
        Append { at: at(500), message: MessageId(uuid::Uuid::from_u128(7)), ..post(1, ALICE, "hello") };
    let again = add(store, retry).await;
    assert!(again.duplicate);
    assert_eq!(again.event, first.event);
    assert_eq!(seqs(&whole(store, ROOM).await), [1, 2]);
}

/// The same id for something else is refused and stores nothing.
pub async fn reuse_with_other_words_is_refused<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    room(store, ROOM).await;
    add(store, post(1, ALICE, "hello")).await;
    let mut with_image = post(1, ALICE, "hello");
    with_image.op = Op::Post { content: "hello".into(), image: Some("img".into()) };
    for other in [post(1, ALICE, "hello!"), with_image, edit(1, ALICE, 1, "hello"), delete(1, ALICE, 1)] {
        assert!(matches!(try_add(store, other).await, Err(StoreError::IdReused)));
    }
    assert_eq!(seqs(&whole(store, ROOM).await), [1]);
}

/// Another sender, or another conversation, may use the same id.
pub async fn ids_belong_to_sender_and_conversation<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    room(store, ROOM).await;
    room(store, OTHER).await;
    let own_id = |number: u32, append: Append| Append {
        client_id: post(1, ALICE, "").client_id,
        message: post(number, ALICE, "").message,
        ..append
    };
    assert!(!add(store, post(1, ALICE, "a")).await.duplicate);
    assert!(!add(store, own_id(2, post(2, BOB, "b"))).await.duplicate);
    assert!(!add(store, within(OTHER, own_id(3, post(3, ALICE, "c")))).await.duplicate);
    assert_eq!(seqs(&whole(store, ROOM).await), [1, 2]);
    assert_eq!(seqs(&whole(store, OTHER).await), [1]);
}

/// Two tries that share a batch are one entry.
pub async fn retry_within_one_batch_stores_once<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    room(store, ROOM).await;
    let batch = vec![post(1, ALICE, "x"), post(1, ALICE, "x"), post(1, ALICE, "y"), post(2, ALICE, "z")];
    let answers = store.append(batch).await;
    assert!(must(answers[1].as_ref()).duplicate);
    assert!(matches!(answers[2], Err(StoreError::IdReused)));
    assert_eq!(must(answers[3].as_ref()).event.seq.0, 2);
    assert_eq!(seqs(&whole(store, ROOM).await), [1, 2]);
}

/// Even when the words are gone, a late retry is told from a reuse.
pub async fn retry_after_delete_is_still_known<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    room(store, ROOM).await;
    add(store, post(1, ALICE, "secret")).await;
    add(store, edit(2, ALICE, 1, "more secret")).await;
    add(store, delete(3, ALICE, 1)).await;
    assert!(add(store, post(1, ALICE, "secret")).await.duplicate);
    assert!(add(store, edit(2, ALICE, 1, "more secret")).await.duplicate);
    assert!(add(store, delete(3, ALICE, 1)).await.duplicate);
    assert!(matches!(try_add(store, post(1, ALICE, "")).await, Err(StoreError::IdReused)));
    assert_eq!(seqs(&whole(store, ROOM).await), [1, 2, 3]);
}

/// An edit that was stored in time answers its retry even when its time is over.
pub async fn retry_of_an_edit_outlives_its_window<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    room(store, ROOM).await;
    add(store, post(1, ALICE, "x")).await;
    add(store, edit(2, ALICE, 1, "y")).await;
    let late = Append { target_not_before: Some(at(1_000)), ..edit(2, ALICE, 1, "y") };
    assert!(add(store, late).await.duplicate);
}

/// Many tries at once: one stores, all get the same seq.
pub async fn concurrent_retries_store_once<H: StoreHarness>() {
    let harness = std::sync::Arc::new(H::fresh().await);
    room(harness.store(), ROOM).await;
    for number in 1..=10 {
        let tries: Vec<_> = (0..8)
            .map(|_| {
                let harness = std::sync::Arc::clone(&harness);
                tokio::spawn(async move { add(harness.store(), post(number, ALICE, "again")).await })
            })
            .collect();
        let mut fresh = 0;
        for answer in tries {
            let appended = must(answer.await);
            assert_eq!(appended.event.seq.0, u64::from(number));
            fresh += usize::from(!appended.duplicate);
        }
        assert_eq!(fresh, 1);
    }
}
