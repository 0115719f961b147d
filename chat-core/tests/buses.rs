//! The bus within the process keeps every promise; and each way of breaking one is caught by the case that guards it.
#![cfg(feature = "conformance")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use chat_core::{
    InProcessBus,
    conformance::{BusHarness, bus},
};
use support::broken_bus::{BrokenBuses, BusFault};

struct InProcess(InProcessBus);

impl BusHarness for InProcess {
    type Bus = InProcessBus;

    async fn fresh() -> Self {
        Self(InProcessBus::new())
    }

    async fn join(&self) -> InProcessBus {
        self.0.join()
    }

    async fn kill(&self, node: InProcessBus) {
        drop(node);
    }
}

chat_core::bus_conformance!(InProcess);

/// Runs a case on a bus with a fault, and expects it to fail. Time is not waited for: what never comes is known at once.
macro_rules! caught {
    ($($name:ident: $fault:ident by $area:ident::$case:ident,)+) => { $(
        #[tokio::test(start_paused = true)]
        async fn $name() {
            let outcome = tokio::spawn(bus::$area::$case::<BrokenBuses<{ BusFault::$fault as u8 }>>()).await;
            assert!(outcome.is_err_and(|error| error.is_panic()), "the fault was not caught");
        }
    )+ };
}

caught! {
    words_changed_on_the_way: WordsChanged by hints::each_kind_of_hint_arrives_as_it_was_sent,
    own_hints_echoed: EchoesOwn by hints::nodes_do_not_hear_themselves,
    revocations_lost: RevocationsLost by hints::every_node_hears_what_has_no_topic,
    second_stream_deaf: OneStream by hints::each_stream_of_a_node_hears,
    loss_kept_secret: LosesInSilence by hints::flood_is_heard_or_known_as_lost,
    presence_kept_to_itself: PresenceHereOnly by presence::users_are_seen_from_every_node,
    nobody_ever_leaves: NobodyLeaves by presence::users_who_left_are_gone,
    one_leaves_for_all: LeavesForAll by presence::user_on_two_nodes_stays_for_the_second,
    dead_nodes_live_on: DeadLiveOn by presence::dead_node_takes_its_users_along,
    hint_before_its_truth: TruthComesLate by presence::presence_is_known_before_its_hint,
    everybody_is_present: EverybodyPresent by presence::nobody_is_present_among_none,
}

#[tokio::test]
async fn wrapper_without_a_fault_passes() {
    type Whole = BrokenBuses<{ BusFault::None as u8 }>;
    bus::hints::each_kind_of_hint_arrives_as_it_was_sent::<Whole>().await;
    bus::hints::nodes_do_not_hear_themselves::<Whole>().await;
    bus::hints::each_stream_of_a_node_hears::<Whole>().await;
    bus::hints::flood_is_heard_or_known_as_lost::<Whole>().await;
    bus::presence::user_on_two_nodes_stays_for_the_second::<Whole>().await;
    bus::presence::dead_node_takes_its_users_along::<Whole>().await;
    bus::presence::presence_is_known_before_its_hint::<Whole>().await;
}
