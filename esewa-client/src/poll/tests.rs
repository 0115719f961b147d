//! The schedule, without waiting for it.

use super::*;

fn at(minutes: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes)
}

fn next(status: &Status, age_minutes: i64) -> NextPoll {
    PollSchedule::default().next(status, at(0), at(age_minutes), 0)
}

#[test]
fn silence_is_asked_about_after_five_minutes() {
    assert_eq!(PollSchedule::default().first(at(0), 0), at(5));
    assert_eq!(PollSchedule::default().first(at(0), 60_000), at(6), "at most a fifth later");
    assert_eq!(PollSchedule::default().first(at(0), 60_001), at(5));
    assert_eq!(PollSchedule::default().first(Timestamp::MAX, 0), Timestamp::MAX);
}

#[test]
fn what_is_final_is_not_asked_about_again() {
    for status in [Status::Complete, Status::FullRefund, Status::Canceled] {
        assert_eq!(next(&status, 0), NextPoll::Settled, "{status}");
    }
}

#[test]
fn not_found_settles_only_after_the_window() {
    assert!(matches!(next(&Status::NotFound, 59), NextPoll::At(_)));
    assert_eq!(next(&Status::NotFound, 60), NextPoll::Settled);
}

#[test]
fn what_hangs_is_asked_more_slowly_and_then_shown_to_a_person() {
    for status in [Status::Pending, Status::Other("ON_HOLD".to_owned())] {
        assert_eq!(next(&status, 0), NextPoll::At(at(0) + SignedDuration::from_secs(15)));
        assert_eq!(next(&status, 10), NextPoll::At(at(11)));
        assert_eq!(next(&status, 200), NextPoll::At(at(210)));
        assert_eq!(next(&status, 24 * 60 - 1), NextPoll::At(at(24 * 60)), "no later than the deadline");
        assert_eq!(next(&status, 24 * 60), NextPoll::Escalate);
    }
    assert_eq!(next(&Status::PartialRefund, 0), NextPoll::Escalate);
}

#[test]
fn what_halted_at_esewa_is_asked_about_slowly_from_the_start() {
    assert_eq!(next(&Status::Ambiguous, 0), NextPoll::At(at(10)));
    assert_eq!(next(&Status::Ambiguous, 10), NextPoll::At(at(20)));
    assert_eq!(
        next(&Status::Ambiguous, 24 * 60 - 1),
        NextPoll::At(at(24 * 60)),
        "no later than the deadline"
    );
    assert_eq!(next(&Status::Ambiguous, 24 * 60), NextPoll::Escalate);
}

#[cfg(feature = "intent")]
#[test]
fn a_booking_is_asked_about_until_its_own_words_end_it() {
    use crate::intent::IntentStatus;

    let next = |word| {
        let status = IntentStatus::from_wire(word).unwrap();
        PollSchedule::default().next(&status, at(0), at(10), 0)
    };
    for word in ["BOOKED", "PENDING", "ON_HOLD"] {
        assert_eq!(next(word), NextPoll::At(at(11)), "{word}");
    }
    for word in ["SUCCESS", "FAILED", "CANCELED", "REVERTED"] {
        assert_eq!(next(word), NextPoll::Settled, "{word}");
    }
}

#[test]
fn an_outage_changes_nothing_but_the_time() {
    let schedule = PollSchedule::default();
    assert_eq!(schedule.again(at(0), at(10), 0), NextPoll::At(at(11)));
    assert_eq!(schedule.again(at(0), at(10), 12_000), NextPoll::At(at(11) + SignedDuration::from_secs(12)));
    assert_eq!(schedule.again(at(0), at(24 * 60), 0), NextPoll::Escalate);
}

#[test]
fn a_clock_that_ran_backwards_is_survived() {
    let schedule = PollSchedule::default();
    assert_eq!(schedule.again(at(10), at(0), 0), NextPoll::At(at(0) + SignedDuration::from_secs(15)));
}
