//! The service: what a payer, an attacker and a broken provider can do, on the memory store.

mod support;

use paygate::testing::{
    Answer, actor, key, paid, payee, payment_id, provider_id, reference, resource, subject,
};
use paygate::{
    Access, Anomaly, CallbackError, EventKind, IdempotencyKey, MemoryStore, Money, NotPaid, Offer, Outcome,
    RefundOrder, RefundSize, ResumeError, Source, StartError, State, Verdict, Why,
};
use support::service::World;

fn world() -> World<MemoryStore> {
    World::new(MemoryStore::new())
}

#[tokio::test]
async fn t01_the_same_callback_fifty_times_grants_once() {
    let world = world();
    let payment = world.begun().await;
    world.is_paid(&payment, "R1");
    for _ in 0..50 {
        assert_eq!(world.signed(&payment.intent.id).await.state, State::Paid);
    }
    assert_eq!(world.grants().await, 1);
    assert_eq!(world.provider.queries(), 1, "what is proven is not asked again");
}

#[tokio::test]
async fn t02_a_reference_of_one_payment_does_not_pay_another() {
    let world = world();
    let first = world.begun().await;
    world.is_paid(&first, "R1");
    world.signed(&first.intent.id).await;
    let other = world.start("user:2", "room:8", "k2").await.unwrap().payment;
    world.is_paid(&other, "R1");
    let other = world.signed(&other.intent.id).await;
    assert_eq!((other.state, other.review), (State::Open, Some(Anomaly::ReferenceTaken)));
    assert!(matches!(world.access("user:2", "room:8").await, Access::InFlight(_)));
    assert_eq!(world.payments.payment(&first.intent.id).await.unwrap().unwrap().state, State::Paid);
}

#[tokio::test]
async fn t03_a_grant_belongs_to_who_started_not_to_who_opens_the_callback() {
    let world = world();
    let payment = world.begun().await;
    world.is_paid(&payment, "R1");
    // A callback carries no session at all: whoever opens it, the same happens.
    world.signed(&payment.intent.id).await;
    assert!(matches!(world.access("user:1", "room:7").await, Access::Granted(_)));
    assert_eq!(world.access("user:2", "room:7").await, Access::Locked);
}

#[tokio::test]
async fn t04_another_amount_or_payee_goes_to_review_and_grants_nothing() {
    for (paisa, to, anomaly) in [
        (2999, "US", Anomaly::AmountMismatch),
        (3001, "US", Anomaly::AmountMismatch),
        (300_000, "US", Anomaly::AmountMismatch),
        (3000, "THEM", Anomaly::PayeeMismatch),
    ] {
        let world = world();
        let payment = world.begun().await;
        let wrong =
            Outcome::Paid { reference: reference("R1"), amount: Money::npr_paisa(paisa), payee: payee(to) };
        world.provider.always(&payment.intent.id, Answer::Says(wrong));
        let payment = world.signed(&payment.intent.id).await;
        assert_eq!((payment.state, payment.review), (State::Open, Some(anomaly)));
        assert_eq!(world.grants().await, 0);
        let again = world.start("user:1", "room:7", "k2").await;
        assert!(matches!(again, Err(StartError::InProgress(_))), "nobody pays again: {again:?}");
    }
}

#[tokio::test]
async fn t05_forged_foreign_and_malformed_callbacks_ask_nobody() {
    let world = world();
    world.begun().await;
    assert!(matches!(world.callback("forged=pay-1").await, Err(CallbackError::InvalidSignature)));
    assert!(matches!(world.callback("foreign=pay-1").await, Err(CallbackError::ForeignPayee)));
    assert!(matches!(world.callback("nonsense").await, Err(CallbackError::Malformed)));
    assert!(matches!(world.callback("signed=pay-9").await, Err(CallbackError::UnknownPayment)));
    assert_eq!((world.provider.queries(), world.events().await.len()), (0, 1));
}

#[tokio::test]
async fn t06_a_cheap_room_paid_does_not_open_a_dear_one() {
    let world = world();
    let payment = world.begun().await;
    world.is_paid(&payment, "R1");
    world.signed(&payment.intent.id).await;
    assert_eq!(world.access("user:1", "room:8").await, Access::Locked);
}

#[tokio::test]
async fn t10_who_cannot_be_asked_leaves_the_payment_in_flight() {
    for answer in
        [Answer::Fails, Answer::Says(Outcome::Pending), Answer::Says(Outcome::Unknown(Why::Ambiguous))]
    {
        let world = world();
        let payment = world.begun().await;
        world.provider.always(&payment.intent.id, answer.clone());
        let seen = world.signed(&payment.intent.id).await;
        assert!(seen.in_flight && seen.state == State::Open, "{answer:?}");
        assert!(matches!(world.access("user:1", "room:7").await, Access::InFlight(_)));
        let again = world.start("user:1", "room:7", "k2").await;
        assert!(matches!(again, Err(StartError::InProgress(_))), "{again:?}");
        world.is_paid(&payment, "R1");
        assert!(world.payments.recheck(&payment.intent.id).await.unwrap().entitled);
    }
}

#[tokio::test(start_paused = true)]
async fn t10_a_provider_that_hangs_costs_the_time_limit_and_no_more() {
    let world = world();
    let payment = world.begun().await;
    world.provider.once(&payment.intent.id, Answer::Hangs);
    assert!(world.signed(&payment.intent.id).await.in_flight);
}

#[tokio::test]
async fn t10_a_signed_success_that_the_provider_has_never_seen_is_in_flight() {
    let world = world();
    let payment = world.begun().await;
    assert!(world.signed(&payment.intent.id).await.in_flight);
    let other = world.start("user:2", "room:7", "k2").await.unwrap().payment;
    let hint = world.callback(&format!("hint={}", other.intent.id)).await.unwrap();
    assert!(!hint.in_flight, "anybody can write a hint");
}

/// Stops the process, as far as the payment is concerned, while the provider is being asked.
async fn dies_while_asking(world: &World<MemoryStore>, query: &str) {
    let id = payment_id("pay-1");
    world.provider.once(&id, Answer::Hangs);
    let asking = world.callback(query);
    assert!(tokio::time::timeout(std::time::Duration::from_secs(1), asking).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn t11_a_payer_who_came_back_is_in_flight_before_anybody_is_asked() {
    for (word, unseen_ends_it) in [("signed", false), ("hint", true)] {
        let world = world();
        let payment = world.begun().await;
        dies_while_asking(&world, &format!("{word}={}", payment.intent.id)).await;
        assert!(matches!(world.access("user:1", "room:7").await, Access::InFlight(_)), "{word}");
        let again = world.start("user:1", "room:7", "k2").await;
        assert!(matches!(again, Err(StartError::InProgress(_))), "{word}: {again:?}");
        // Now the provider is asked, and has never seen the payment.
        world.advance_min(2);
        world.payments.reconcile(10).await.unwrap();
        let offered = world.access("user:1", "room:7").await == Access::Locked;
        assert_eq!(offered, unseen_ends_it, "{word}");
    }
}

#[tokio::test]
async fn t10_a_strangers_hint_during_an_outage_does_not_bar_an_unused_checkout_for_ever() {
    let world = world();
    let payment = world.begun().await;
    world.provider.once(&payment.intent.id, Answer::Fails);
    world.callback("hint=pay-1").await.unwrap();
    assert!(matches!(world.access("user:1", "room:7").await, Access::InFlight(_)), "he may have paid");
    world.advance_min(2);
    world.payments.reconcile(10).await.unwrap();
    let again = world.start("user:1", "room:7", "k2").await.unwrap();
    assert_eq!((again.payment.intent.id, again.fresh), (payment.intent.id, false));
}

#[tokio::test]
async fn t24_a_flood_of_hints_about_a_known_payment_tells_nothing_and_fills_nothing() {
    let world = world();
    let payment = world.begun().await;
    for _ in 0..300 {
        world.callback("hint=pay-1").await.unwrap();
    }
    assert_eq!(world.events().await.len(), 1);
    assert_eq!(world.payments.trail(&payment.intent.id).await.unwrap().len(), 1);
    assert_eq!(world.access("user:1", "room:7").await, Access::Locked);
}

#[tokio::test]
async fn t16_a_partial_refund_seen_before_any_success_waits_for_an_operator() {
    let world = world();
    let payment = world.begun().await;
    let part = Outcome::Refunded { reference: Some(reference("R1")), size: RefundSize::Part(None) };
    world.provider.always(&payment.intent.id, Answer::Says(part));
    let seen = world.signed(&payment.intent.id).await;
    assert_eq!((seen.state, seen.review), (State::PartlyRefunded, Some(Anomaly::PartialRefund)));
    assert_eq!(world.grants().await, 0, "I1: it was never proven paid");
    let again = world.start("user:1", "room:7", "k2").await;
    assert!(matches!(again, Err(StartError::InProgress(_))), "nobody pays again: {again:?}");
    let verdict = Verdict::Paid(reference("R1"));
    let solved = world.payments.resolve(&payment.intent.id, verdict, actor("admin:1")).await.unwrap();
    assert!(solved.entitled && !solved.in_flight);
    assert!(matches!(world.access("user:1", "room:7").await, Access::Granted(_)));
}

#[tokio::test]
async fn the_schedules_own_failures_do_not_bar_a_payer_who_never_went() {
    let world = world();
    let payment = world.begun().await;
    world.provider.always(&payment.intent.id, Answer::Fails);
    world.advance_min(5);
    world.payments.reconcile(10).await.unwrap();
    let again = world.start("user:1", "room:7", "k2").await.unwrap();
    assert_eq!((again.payment.intent.id, again.fresh), (payment.intent.id, false));
}

#[tokio::test]
async fn t13_starts_are_idempotent_by_key_and_by_door() {
    let world = world();
    let first = world.start("user:1", "room:7", "k1").await.unwrap();
    let same_key = world.start("user:1", "room:7", "k1").await.unwrap();
    let same_door = world.start("user:1", "room:7", "k2").await.unwrap();
    assert!(first.fresh && !same_key.fresh && !same_door.fresh);
    assert_eq!(first.payment, same_key.payment);
    assert_eq!(first.payment, same_door.payment);
    let reused = world.start("user:1", "room:8", "k1").await;
    assert!(matches!(reused, Err(StartError::KeyReused)), "{reused:?}");
}

#[tokio::test]
async fn t14_paying_twice_grants_once_and_tells_an_operator() {
    let world = world();
    let first = world.begun().await;
    world.advance_min(31);
    let second = world.start("user:1", "room:7", "k2").await.unwrap();
    assert!(second.fresh, "the provider has never seen the first one");
    world.is_paid(&first, "R1");
    world.is_paid(&second.payment, "R2");
    world.signed(&first.intent.id).await;
    let second = world.signed(&second.payment.intent.id).await;
    assert_eq!((second.state, second.review), (State::Paid, Some(Anomaly::PaidTwice)));
    assert_eq!(world.grants().await, 1);
    assert_eq!(world.payments.in_review(10).await.unwrap(), [second]);
}

#[tokio::test]
async fn t16_a_refund_closes_access_and_another_paid_payment_keeps_it() {
    let world = world();
    let first = world.begun().await;
    world.advance_min(31);
    let second = world.start("user:1", "room:7", "k2").await.unwrap().payment;
    for (payment, name) in [(&first, "R1"), (&second, "R2")] {
        world.is_paid(payment, name);
        world.signed(&payment.intent.id).await;
    }
    let back =
        |name| Answer::Says(Outcome::Refunded { reference: Some(reference(name)), size: RefundSize::Full });
    world.provider.always(&first.intent.id, back("R1"));
    world.payments.recheck(&first.intent.id).await.unwrap();
    let Access::Granted(grant) = world.access("user:1", "room:7").await else { panic!("access was lost") };
    assert_eq!(grant.payment, second.intent.id);
    world.provider.always(&second.intent.id, back("R2"));
    world.payments.recheck(&second.intent.id).await.unwrap();
    assert_eq!(world.access("user:1", "room:7").await, Access::Locked);
    let revoked =
        world.events().await.iter().filter(|event| matches!(event.kind, EventKind::Revoked(_))).count();
    assert_eq!(revoked, 2);
}

#[tokio::test]
async fn an_ordered_refund_is_kept_in_the_trail_and_seen_when_it_happens() {
    let world = world();
    let payment = world.begun().await;
    let order = |paisa: u64| RefundOrder {
        total: Money::npr_paisa(paisa),
        key: IdempotencyKey::new("r1").unwrap(),
        by: actor("admin:1"),
    };
    assert!(world.payments.refund(&payment.intent.id, order(3000)).await.is_err(), "nothing was paid");
    world.is_paid(&payment, "R1");
    world.signed(&payment.intent.id).await;
    assert!(world.payments.refund(&payment.intent.id, order(3001)).await.is_err(), "more than was paid");
    let still = world.payments.refund(&payment.intent.id, order(3000)).await.unwrap();
    assert_eq!(still.state, State::Paid, "an order is not a refund");
    let back = Outcome::Refunded { reference: None, size: RefundSize::Full };
    world.provider.always(&payment.intent.id, Answer::Says(back));
    // The daily check of paid payments finds it.
    world.advance_min(24 * 60);
    world.payments.reconcile(10).await.unwrap();
    assert_eq!(world.access("user:1", "room:7").await, Access::Locked);
    let trail = world.payments.trail(&payment.intent.id).await.unwrap();
    assert!(trail.iter().any(|entry| entry.source == Source::Operator(actor("admin:1"))), "{trail:?}");
}

#[tokio::test]
async fn an_operators_verdict_settles_a_review() {
    let world = world();
    let payment = world.begun().await;
    world.provider.always(&payment.intent.id, Answer::Says(Outcome::Unknown(Why::Ambiguous)));
    world.signed(&payment.intent.id).await;
    world.advance_min(60 * 24 * 3);
    world.payments.reconcile(10).await.unwrap();
    let stuck = world.payments.payment(&payment.intent.id).await.unwrap().unwrap();
    assert_eq!((stuck.review, stuck.next_check_at), (Some(Anomaly::Unanswered), None));
    let verdict = Verdict::Paid(reference("R1"));
    let solved = world.payments.resolve(&payment.intent.id, verdict, actor("admin:1")).await.unwrap();
    assert_eq!((solved.state, solved.review), (State::Paid, None));
    assert!(matches!(world.access("user:1", "room:7").await, Access::Granted(_)));
    let no = world.payments.resolve(&payment.intent.id, Verdict::NotPaid, actor("admin:1")).await.unwrap();
    assert_eq!(no.state, State::Paid, "a verdict does not take back what was proven");
    let resolved = world.events().await.iter().any(|event| event.kind == EventKind::Resolved);
    assert!(!resolved, "what ended the review is the payment itself");
}

#[tokio::test]
async fn a_verdict_is_told_once_and_opens_no_review_of_its_own() {
    let world = world();
    let payment = world.begun().await;
    world.provider.always(&payment.intent.id, Answer::Says(paid(&payment, "R1")));
    world.signed(&payment.intent.id).await;
    let before = world.events().await.len();
    let part = Verdict::Refunded(RefundSize::Part(None));
    for verdict in [part, Verdict::Noted] {
        let solved = world.payments.resolve(&payment.intent.id, verdict, actor("admin:1")).await.unwrap();
        assert_eq!((solved.state, solved.review), (State::PartlyRefunded, None));
    }
    let told: Vec<_> = world.events().await.into_iter().skip(before).map(|event| event.kind).collect();
    assert_eq!(told, [EventKind::Refunded(RefundSize::Part(None)), EventKind::Resolved]);
}

#[tokio::test]
async fn a_canceled_checkout_makes_room_for_another() {
    let world = world();
    let payment = world.begun().await;
    world.provider.always(&payment.intent.id, Answer::Says(Outcome::NotPaid(NotPaid::Canceled)));
    assert_eq!(
        world.payments.recheck(&payment.intent.id).await.unwrap().state,
        State::Lapsed(NotPaid::Canceled)
    );
    assert!(matches!(world.payments.resume(&payment.intent.id).await, Err(ResumeError::NotOpen(_))));
    let again = world.start("user:1", "room:7", "k2").await.unwrap();
    assert!(again.fresh);
    assert!(matches!(world.payments.resume(&again.payment.intent.id).await, Ok((_, _))));
    assert!(matches!(world.payments.resume(&payment_id("nobody")).await, Err(ResumeError::UnknownPayment)));
}

#[tokio::test]
async fn a_price_below_what_the_provider_charges_starts_nothing() {
    let world = world();
    let free = Offer::permanent(resource("room:7"), Money::npr_paisa(0));
    let who = subject("user:1");
    let refused = world.payments.start(&who, free, &provider_id("scripted"), key("k")).await;
    assert!(matches!(refused, Err(StartError::UnknownProvider)), "{refused:?}");
    assert_eq!(world.events().await, []);
}

#[tokio::test]
async fn every_commit_is_told_to_who_watches() {
    let world = world();
    let mut changes = world.payments.changes();
    let payment = world.begun().await;
    assert!(changes.has_changed().unwrap());
    changes.mark_unchanged();
    world.provider.always(&payment.intent.id, Answer::Says(paid(&payment, "R1")));
    world.signed(&payment.intent.id).await;
    changes.changed().await.unwrap();
}
