//! Each way of breaking a promise is caught by the case that guards it: the suite has teeth.
#![cfg(feature = "conformance")]

mod support;

use chat_core::conformance::{
    appending, changing, concurrency, idempotency, inbox, marks, paging, persistence, purging, pushing,
};
use support::broken::{Broken, Fault};

/// Runs a case on a store with a fault, and expects it to fail.
macro_rules! caught {
    ($($name:ident: $fault:ident by $area:ident::$case:ident,)+) => { $(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            let outcome = tokio::spawn($area::$case::<Broken<{ Fault::$fault as u8 }>>()).await;
            assert!(outcome.is_err_and(|error| error.is_panic()), "the fault was not caught");
        }
    )+ };
}

caught! {
    gap_in_seq: GapInSeq by appending::seqs_run_from_one_without_gap,
    shared_seq: SharedSeq by appending::each_conversation_counts_for_itself,
    answers_reversed: AnswersReversed by appending::answers_come_in_the_order_of_the_batch,
    batch_ends_at_refusal: BatchEndsAtRefusal by appending::refused_items_take_no_seq,
    strangers_let_in: StrangersLetIn by appending::strangers_cannot_append,
    times_rounded: TimesRounded by appending::entries_read_back_as_answered,
    ids_forgotten: IdsForgotten by idempotency::retry_gets_the_first_answer,
    reuse_accepted: ReuseAccepted by idempotency::reuse_with_other_words_is_refused,
    ids_checked_outside: IdsCheckedOutside by idempotency::concurrent_retries_store_once,
    words_kept_after_delete: WordsKept by changing::deletes_erase_words_everywhere,
    others_posts_changed: OthersChanged by changing::only_the_sender_changes_a_post,
    age_not_checked: AgeIgnored by changing::old_posts_cannot_be_changed,
    page_repeats_its_bound: PageRepeats by paging::forward_pages_cover_the_log,
    more_always_promised: MorePromised by paging::has_more_is_exact,
    mark_moves_back: MarkMovesBack by marks::marks_only_move_forward,
    deleted_posts_unread: DeletedUnread by marks::deleted_posts_are_not_unread,
    own_posts_unread: OwnUnread by marks::unread_counts_posts_of_others,
    inbox_leaks: InboxLeaks by inbox::strangers_see_nothing,
    late_entries_below_the_head: LateEntries by concurrency::readers_never_skip_an_entry,
    push_before_its_time: PushTooEarly by pushing::job_is_due_at_its_time,
    push_of_what_was_read: PushAfterRead by pushing::job_ends_when_nothing_is_unread,
    push_given_twice: LeaseIgnored by pushing::lease_keeps_others_out,
    push_never_written: PushForgotten by pushing::posts_share_a_job,
    push_never_ends: PushNeverEnds by pushing::finished_jobs_are_gone,
    push_swallows_a_newer_post: NewerPushDropped by pushing::newer_post_outlives_the_job,
    purge_that_keeps_all: PurgeHidesOnly by purging::purged_entries_are_in_no_page,
    purged_posts_unread: PurgedUnread by purging::purged_posts_are_not_unread,
    forgets_on_close: ForgetsOnClose by persistence::everything_survives_reopening,
    forgets_ids_on_close: ForgetsOnClose by persistence::retries_are_known_after_reopening,
    forgets_jobs_on_close: ForgetsOnClose by pushing::jobs_survive_reopening,
    unknown_taken_for_foreign: UnknownAsStranger by appending::unknown_conversations_are_refused,
    other_members_accepted: OtherMembersAccepted by appending::creating_again_changes_nothing,
    edits_unseen: EditsUnseen by changing::edits_show_in_history_and_log,
    deleted_post_refused_wrongly: WrongRefusal by changing::deleted_posts_cannot_change,
    edit_as_target_refused_wrongly: WrongRefusal by changing::only_posts_can_be_changed,
    message_lost: MessageLost by changing::message_is_found_by_id,
    gap_under_load: GapInSeq by concurrency::concurrent_senders_leave_no_gap,
    own_posts_unread_under_load: OwnUnread by concurrency::unread_is_exact_under_load,
    ids_of_all_senders_alike: IdsGlobal by idempotency::ids_belong_to_sender_and_conversation,
    ids_forgotten_within_a_batch: IdsForgotten by idempotency::retry_within_one_batch_stores_once,
    ids_forgotten_after_a_delete: IdsForgotten by idempotency::retry_after_delete_is_still_known,
    age_checked_before_the_id: WindowFirst by idempotency::retry_of_an_edit_outlives_its_window,
    inbox_upside_down: InboxReversed by inbox::newest_activity_comes_first,
    inbox_page_skips: InboxSkips by inbox::pages_continue_without_overlap,
    inbox_line_empty: LineLost by inbox::lines_show_the_last_message,
    heads_forgotten: HeadsForgotten by inbox::heads_name_what_exists,
    mark_beyond_the_end: MarkMovesBack by marks::marks_never_pass_the_head,
    edits_unread: OwnUnread by marks::edits_and_retries_leave_unread,
    strangers_mark: StrangersMark by marks::strangers_cannot_mark,
    revision_stands_still: RevisionStands by marks::every_move_raises_the_revision,
    backward_page_repeats_its_bound: BackwardRepeats by paging::backward_pages_cover_the_log,
    history_page_too_short: HistoryShort by paging::history_shows_posts_only,
    purge_beyond_the_end: PurgeHidesOnly by purging::purging_ends_at_the_head,
    ids_forgotten_after_a_purge: IdsForgotten by purging::retry_after_purge_is_still_known,
    purged_post_refused_wrongly: WrongRefusal by purging::purged_posts_cannot_change,
    retry_pushed_again: IdsForgotten by pushing::retries_leave_no_second_job,
    claims_without_a_bound: ClaimsUnbounded by pushing::claims_are_bounded,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrapper_without_a_fault_passes() {
    type Whole = Broken<{ Fault::None as u8 }>;
    appending::seqs_run_from_one_without_gap::<Whole>().await;
    idempotency::concurrent_retries_store_once::<Whole>().await;
    changing::deletes_erase_words_everywhere::<Whole>().await;
    paging::has_more_is_exact::<Whole>().await;
    marks::unread_counts_posts_of_others::<Whole>().await;
    concurrency::readers_never_skip_an_entry::<Whole>().await;
    persistence::everything_survives_reopening::<Whole>().await;
}
