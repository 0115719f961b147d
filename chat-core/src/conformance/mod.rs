//! The public suite: every promise of [`ChatStore`] as one test, and in [`bus`] every promise of [`Bus`](crate::Bus).
//!
//! A store supplies a [`StoreHarness`] and gets a named test for each promise:
//!
//! ```
//! use chat_core::{MemoryStore, conformance::StoreHarness};
//!
//! struct Memory(MemoryStore);
//!
//! impl StoreHarness for Memory {
//!     type Store = MemoryStore;
//!
//!     async fn fresh() -> Self {
//!         Self(MemoryStore::new())
//!     }
//!
//!     fn store(&self) -> &MemoryStore {
//!         &self.0
//!     }
//!
//!     async fn reopen(self) -> Self {
//!         self
//!     }
//! }
//!
//! chat_core::store_conformance!(Memory);
//! # fn main() {}
//! ```

pub mod appending;
pub mod bus;
pub mod changing;
pub mod concurrency;
pub mod idempotency;
pub mod inbox;
mod kit;
pub mod marks;
pub mod paging;
pub mod persistence;
pub mod purging;
pub mod pushing;

use std::future::Future;

pub use self::bus::BusHarness;
use crate::ChatStore;

/// What the suite needs to know about a store.
pub trait StoreHarness: Sized + Send + Sync + 'static {
    /// The store under test.
    type Store: ChatStore;

    /// A harness around an empty store, independent of every other.
    fn fresh() -> impl Future<Output = Self> + Send;

    /// The store.
    fn store(&self) -> &Self::Store;

    /// Closes the store and opens it again on what it kept. A store that lives as long as the process may
    /// answer itself.
    fn reopen(self) -> impl Future<Output = Self> + Send;
}

/// Runs one case on a runtime of its own.
///
/// # Panics
/// When the case does, and when no runtime can be made.
pub fn run(case: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    match runtime {
        Ok(runtime) => runtime.block_on(case),
        Err(error) => panic!("no runtime: {error}"),
    }
}

/// One `#[test]` per promise, for the harness type of this name in the scope of the call.
#[macro_export]
macro_rules! store_conformance {
    ($harness:ident) => {
        $crate::store_conformance!(@area $harness appending:
            seqs_run_from_one_without_gap,
            each_conversation_counts_for_itself,
            answers_come_in_the_order_of_the_batch,
            refused_items_take_no_seq,
            strangers_cannot_append,
            unknown_conversations_are_refused,
            entries_read_back_as_answered,
            creating_again_changes_nothing);
        $crate::store_conformance!(@area $harness idempotency:
            retry_gets_the_first_answer,
            reuse_with_other_words_is_refused,
            ids_belong_to_sender_and_conversation,
            retry_within_one_batch_stores_once,
            retry_after_delete_is_still_known,
            retry_of_an_edit_outlives_its_window,
            concurrent_retries_store_once);
        $crate::store_conformance!(@area $harness changing:
            edits_show_in_history_and_log,
            deletes_erase_words_everywhere,
            deleted_posts_cannot_change,
            only_the_sender_changes_a_post,
            only_posts_can_be_changed,
            old_posts_cannot_be_changed,
            message_is_found_by_id);
        $crate::store_conformance!(@area $harness paging:
            forward_pages_cover_the_log,
            backward_pages_cover_the_log,
            history_shows_posts_only,
            has_more_is_exact);
        $crate::store_conformance!(@area $harness marks:
            marks_only_move_forward,
            marks_never_pass_the_head,
            unread_counts_posts_of_others,
            edits_and_retries_leave_unread,
            deleted_posts_are_not_unread,
            strangers_cannot_mark,
            every_move_raises_the_revision);
        $crate::store_conformance!(@area $harness inbox:
            newest_activity_comes_first,
            pages_continue_without_overlap,
            lines_show_the_last_message,
            strangers_see_nothing,
            heads_name_what_exists);
        $crate::store_conformance!(@area $harness concurrency:
            concurrent_senders_leave_no_gap,
            readers_never_skip_an_entry,
            unread_is_exact_under_load);
        $crate::store_conformance!(@area $harness pushing:
            job_is_due_at_its_time,
            posts_share_a_job,
            job_ends_when_nothing_is_unread,
            lease_keeps_others_out,
            finished_jobs_are_gone,
            newer_post_outlives_the_job,
            retries_leave_no_second_job,
            claims_are_bounded,
            jobs_survive_reopening);
        $crate::store_conformance!(@area $harness purging:
            purged_entries_are_in_no_page,
            purging_ends_at_the_head,
            purged_posts_are_not_unread,
            retry_after_purge_is_still_known,
            purged_posts_cannot_change);
        $crate::store_conformance!(@area $harness persistence:
            everything_survives_reopening,
            retries_are_known_after_reopening);
    };
    (@area $harness:ident $area:ident: $($case:ident),+) => {
        mod $area {
            use super::$harness;

            $(
                #[test]
                fn $case() {
                    $crate::conformance::run($crate::conformance::$area::$case::<$harness>());
                }
            )+
        }
    };
}
