//! A peer that stops reading costs constant memory, loses nothing and delays nobody.

mod support;

use chat_core::{Limits, Seq, Wish};
use support::chat::{ALICE, BOB, Client, ROOM, alone, id, say, unhurried, who};

fn small_ring() -> Limits {
    Limits { ring_frames_max: 8, backlog_items_max: 4, ..unhurried() }
}

#[tokio::test]
async fn laggard_reads_the_store_and_misses_nothing() {
    let node = alone(small_ring()).await;
    let mut slow = Client::open(&node.engine, BOB, None).await.unwrap();
    let mut fast = Client::open(&node.engine, ALICE, None).await.unwrap();
    for number in 1..=100 {
        let wish = Wish { conversation: ROOM, client_id: id(&number.to_string()), op: say("x") };
        node.engine.send(&who(ALICE), wish).await.unwrap();
        fast.pull_until(number).await;
    }
    assert_eq!(fast.log.len(), 100);
    assert_eq!(slow.session.cursor(), Seq(0));
    slow.pull(300).await;
    assert_eq!(slow.log, fast.log);
}

#[tokio::test]
async fn one_pull_hands_out_a_bounded_amount() {
    let node = alone(Limits { ring_frames_max: 1_000, ring_bytes_max: 1 << 20, ..unhurried() }).await;
    let mut bob = Client::open(&node.engine, BOB, None).await.unwrap();
    for number in 0..50 {
        let wish =
            Wish { conversation: ROOM, client_id: id(&number.to_string()), op: say(&"y".repeat(1_000)) };
        node.engine.send(&who(ALICE), wish).await.unwrap();
    }
    let mut frames = Vec::new();
    let pull = bob.session.next_frames(node.engine.now(), 8_000, &mut frames);
    assert!(matches!(pull, chat_core::Pull::More));
    let bytes: usize = frames.iter().map(bytes::Bytes::len).sum();
    // The frame that reaches the bound is still handed out, whole.
    assert!((8_000..10_000).contains(&bytes), "{bytes} bytes");
}
