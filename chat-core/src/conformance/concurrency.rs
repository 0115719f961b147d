//! Many writers and readers at once.

use std::sync::Arc;

use super::{StoreHarness, kit::*};
use crate::{ChatStore, Page, Seq};

const SENDERS: u32 = 8;
const EACH: u32 = 25;

/// Concurrent senders get all seqs from 1 on, each once.
pub async fn concurrent_senders_leave_no_gap<H: StoreHarness>() {
    let harness = Arc::new(H::fresh().await);
    room(harness.store(), ROOM).await;
    let mut answered: Vec<u64> = Vec::new();
    for sender in senders(&harness) {
        answered.extend(must(sender.await));
    }
    answered.sort_unstable();
    let wanted: Vec<u64> = (1..=u64::from(SENDERS * EACH)).collect();
    assert_eq!(answered, wanted);
    assert_eq!(seqs(&whole(harness.store(), ROOM).await), wanted);
}

/// A reader that follows the end of the log while it grows reads each seq exactly once.
pub async fn readers_never_skip_an_entry<H: StoreHarness>() {
    let harness = Arc::new(H::fresh().await);
    room(harness.store(), ROOM).await;
    let sending = senders(&harness);
    let mut seen = Seq::ZERO;
    while seen < Seq(u64::from(SENDERS * EACH)) {
        for event in must(harness.store().log(ROOM, Page::After(seen), 7).await) {
            assert_eq!(event.seq, seen.next(), "the reader skipped an entry");
            seen = event.seq;
        }
        tokio::task::yield_now().await;
    }
    for sender in sending {
        must(sender.await);
    }
}

/// Marks and posts that cross each other leave the exact count behind.
pub async fn unread_is_exact_under_load<H: StoreHarness>() {
    let harness = Arc::new(H::fresh().await);
    room(harness.store(), ROOM).await;
    let sending = senders(&harness);
    for _ in 0..20 {
        must(harness.store().mark(ROOM, BOB, Seq(u64::MAX)).await);
        tokio::task::yield_now().await;
    }
    for sender in sending {
        must(sender.await);
    }
    let known = must(harness.store().conversation(ROOM).await);
    let members = known.into_iter().flat_map(|known| known.members);
    let read = members.into_iter().find(|member| member.user == BOB).map_or(Seq::ZERO, |member| member.read);
    let log = whole(harness.store(), ROOM).await;
    let wanted = log.iter().filter(|event| event.seq > read && event.by != BOB).count() as u64;
    assert_eq!(must(harness.store().unread(BOB).await), wanted);
}

/// Half of them are Alice, half are Bob; each answers the seqs it was given.
fn senders<H: StoreHarness>(harness: &Arc<H>) -> Vec<tokio::task::JoinHandle<Vec<u64>>> {
    (0..SENDERS)
        .map(|sender| {
            let harness = Arc::clone(harness);
            tokio::spawn(async move {
                let mut seqs = Vec::new();
                for number in 0..EACH {
                    let by = if sender % 2 == 0 { ALICE } else { BOB };
                    let appended = add(harness.store(), post(sender * 1_000 + number, by, "x")).await;
                    seqs.push(appended.event.seq.0);
                }
                seqs
            })
        })
        .collect()
}
