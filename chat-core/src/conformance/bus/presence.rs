//! Who is there.

use super::{BusHarness, kit::*};
use crate::{Bus, Hint};

/// A user with a connection to one node is seen from all, and nobody else is.
pub async fn users_are_seen_from_every_node<H: BusHarness>() {
    let harness = H::fresh().await;
    let (here, there) = (harness.join().await, harness.join().await);
    here.set_present(ALICE, true);
    until_present(&here, ALICE, true).await;
    until_present(&there, ALICE, true).await;
    let seen = there.present(vec![ALICE, BOB]).await;
    assert_eq!(seen, Some([ALICE].into()));
}

/// A user who left is seen from nowhere.
pub async fn users_who_left_are_gone<H: BusHarness>() {
    let harness = H::fresh().await;
    let (here, there) = (harness.join().await, harness.join().await);
    here.set_present(ALICE, true);
    until_present(&there, ALICE, true).await;
    here.set_present(ALICE, false);
    until_present(&there, ALICE, false).await;
    until_present(&here, ALICE, false).await;
}

/// Leaving one of two nodes is not leaving.
pub async fn user_on_two_nodes_stays_for_the_second<H: BusHarness>() {
    let harness = H::fresh().await;
    let (here, there) = (harness.join().await, harness.join().await);
    here.set_present(ALICE, true);
    there.set_present(ALICE, true);
    here.set_present(BOB, true);
    until_present(&there, BOB, true).await;
    until_present(&here, ALICE, true).await;
    here.set_present(ALICE, false);
    here.set_present(BOB, false);
    // What a node says is known in the order in which it says it.
    until_present(&there, BOB, false).await;
    assert_eq!(there.present(vec![ALICE]).await, Some([ALICE].into()));
    there.set_present(ALICE, false);
    until_present(&here, ALICE, false).await;
}

/// A node that died is forgotten, and the others are not.
pub async fn dead_node_takes_its_users_along<H: BusHarness>() {
    let harness = H::fresh().await;
    let (here, there) = (harness.join().await, harness.join().await);
    there.set_present(ALICE, true);
    here.set_present(BOB, true);
    until_present(&here, ALICE, true).await;
    harness.kill(there).await;
    until_present(&here, ALICE, false).await;
    assert_eq!(here.present(vec![ALICE, BOB]).await, Some([BOB].into()));
}

/// Whoever hears that a user came or went, and asks, is told the same.
pub async fn presence_is_known_before_its_hint<H: BusHarness>() {
    let harness = H::fresh().await;
    let (here, there) = (harness.join().await, harness.join().await);
    let mut events = there.events();
    for online in [true, false, true] {
        here.set_present(ALICE, online);
        say_until_heard(&here, &mut events, &Hint::Presence { user: ALICE, online }).await;
        let seen = there.present(vec![ALICE]).await;
        assert_eq!(seen.map(|users| users.contains(&ALICE)), Some(online));
    }
}

/// Asking for nobody is no error.
pub async fn nobody_is_present_among_none<H: BusHarness>() {
    let harness = H::fresh().await;
    let here = harness.join().await;
    here.set_present(ALICE, true);
    until_present(&here, ALICE, true).await;
    assert_eq!(here.present(Vec::new()).await, Some([].into()));
}
