//! Pages by key, in both directions.

use super::{StoreHarness, kit::*};
use crate::{ChatStore, Event, Page, Seq};

/// Following `After` from the last seq of each page reads the log exactly once.
pub async fn forward_pages_cover_the_log<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    fill(store).await;
    let mut read: Vec<Event> = Vec::new();
    loop {
        let after = read.last().map_or(Seq::ZERO, |event| event.seq);
        let page = must(store.log(ROOM, Page::After(after), 4).await);
        assert!(page.len() <= 4);
        let Some(first) = page.first() else { break };
        assert!(first.seq > after, "a page repeats what came before it");
        read.extend(page);
    }
    assert_eq!(read, whole(store, ROOM).await);
    assert_eq!(seqs(&read), (1..=11).collect::<Vec<_>>());
}

/// Following `Before` from the first seq of each page reads the log exactly once, each page ascending.
pub async fn backward_pages_cover_the_log<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    fill(store).await;
    let mut read: Vec<Event> = Vec::new();
    let mut page = must(store.log(ROOM, Page::LATEST, 4).await);
    while !page.is_empty() {
        assert!(page.len() <= 4);
        let first = page[0].seq;
        let reaches = page[page.len() - 1].seq;
        assert!(read.first().is_none_or(|event| reaches < event.seq), "a page repeats what came after it");
        page.append(&mut read);
        read = page;
        page = must(store.log(ROOM, Page::Before(first), 4).await);
    }
    assert_eq!(read, whole(store, ROOM).await);
}

/// Edits and deletes have no line of their own, and do not shorten a page.
pub async fn history_shows_posts_only<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    fill(store).await;
    let page = must(store.history(ROOM, Page::LATEST, 3).await);
    let shown: Vec<u64> = page.messages.iter().map(|message| message.seq.0).collect();
    assert_eq!(shown, [6, 8, 11]);
    let page = must(store.history(ROOM, Page::After(Seq(3)), 3).await);
    let shown: Vec<u64> = page.messages.iter().map(|message| message.seq.0).collect();
    assert_eq!(shown, [4, 5, 6]);
    let page = must(store.history(ROOM, Page::Before(Seq(3)), 3).await);
    let shown: Vec<u64> = page.messages.iter().map(|message| message.seq.0).collect();
    assert_eq!(shown, [1, 2]);
}

/// `has_more` says whether another message lies beyond the page, no matter what else lies there.
pub async fn has_more_is_exact<H: StoreHarness>() {
    let harness = H::fresh().await;
    let store = harness.store();
    fill(store).await;
    let more = |page, limit| async move { must(store.history(ROOM, page, limit).await).has_more };
    assert!(more(Page::LATEST, 7).await);
    assert!(!more(Page::LATEST, 8).await);
    assert!(more(Page::After(Seq(5)), 2).await);
    assert!(!more(Page::After(Seq(5)), 3).await);
    assert!(!more(Page::After(Seq(11)), 1).await);
    assert!(more(Page::Before(Seq(3)), 1).await);
    assert!(!more(Page::Before(Seq(3)), 2).await);
    assert!(!more(Page::Before(Seq(1)), 1).await);
}

/// Eleven entries: posts 1 to 6, 8 and 11; the others change posts.
async fn fill(store: &impl ChatStore) {
    room(store, ROOM).await;
    for number in 1..=6 {
        add(store, post(number, if number % 2 == 0 { ALICE } else { BOB }, "x")).await;
    }
    add(store, edit(7, ALICE, 2, "y")).await;
    add(store, post(8, BOB, "x")).await;
    add(store, edit(9, ALICE, 4, "y")).await;
    add(store, delete(10, BOB, 8)).await;
    add(store, post(11, ALICE, "x")).await;
}
