//! Every promise of [`Bus`] as one test.
//!
//! ```
//! use chat_core::{InProcessBus, conformance::BusHarness};
//!
//! struct InProcess(InProcessBus);
//!
//! impl BusHarness for InProcess {
//!     type Bus = InProcessBus;
//!
//!     async fn fresh() -> Self {
//!         Self(InProcessBus::new())
//!     }
//!
//!     async fn join(&self) -> InProcessBus {
//!         self.0.join()
//!     }
//!
//!     async fn kill(&self, node: InProcessBus) {
//!         drop(node);
//!     }
//! }
//!
//! chat_core::bus_conformance!(InProcess);
//! # fn main() {}
//! ```

pub mod hints;
mod kit;
pub mod presence;

use std::future::Future;

use crate::Bus;

/// What the suite needs to know about a bus.
pub trait BusHarness: Sized + Send + Sync + 'static {
    /// The bus under test.
    type Bus: Bus;

    /// A bus without nodes, independent of every other.
    fn fresh() -> impl Future<Output = Self> + Send;

    /// Another node, which hears what every node must hear.
    fn join(&self) -> impl Future<Output = Self::Bus> + Send;

    /// Ends a node as a crash would: it says no goodbye.
    fn kill(&self, node: Self::Bus) -> impl Future<Output = ()> + Send;
}

/// One `#[test]` per promise, for the harness type of this name in the scope of the call.
#[macro_export]
macro_rules! bus_conformance {
    ($harness:ident) => {
        $crate::bus_conformance!(@area $harness hints:
            each_kind_of_hint_arrives_as_it_was_sent,
            nodes_do_not_hear_themselves,
            every_node_hears_what_has_no_topic,
            each_stream_of_a_node_hears,
            flood_is_heard_or_known_as_lost);
        $crate::bus_conformance!(@area $harness presence:
            users_are_seen_from_every_node,
            users_who_left_are_gone,
            user_on_two_nodes_stays_for_the_second,
            dead_node_takes_its_users_along,
            presence_is_known_before_its_hint,
            nobody_is_present_among_none);
    };
    (@area $harness:ident $area:ident: $($case:ident),+) => {
        mod $area {
            use super::$harness;

            $(
                #[test]
                fn $case() {
                    $crate::conformance::run($crate::conformance::bus::$area::$case::<$harness>());
                }
            )+
        }
    };
}
