//! The poller, on a clock that jumps.

use std::sync::Mutex;

use esewa_client::{Client, PollClock, PollSchedule, RequestError, Settlement, Status, SystemPollClock};
use jiff::{SignedDuration, Timestamp};
use mockito::{Matcher, Server};

use crate::{OUTAGE, PAID, STATUS_PATH, merchant_at, order};

/// A clock that jumps to where it is waited for, and notes the seconds since the start at which it did.
#[derive(Default)]
struct Jumping {
    waited_until_s: Mutex<Vec<i64>>,
}

impl PollClock for Jumping {
    fn now(&self) -> Timestamp {
        let seconds = self.waited_until_s.lock().unwrap().last().copied().unwrap_or_default();
        Timestamp::from_second(seconds).unwrap()
    }

    async fn sleep_until(&self, at: Timestamp) {
        self.waited_until_s.lock().unwrap().push(at.as_second());
    }
}

/// Polls a payment that was started at second zero, against a server that gives these answers in turn.
async fn settled(answers: &[&str]) -> (Settlement, Vec<i64>) {
    let mut server = Server::new_async().await;
    for answer in answers {
        let mock = server.mock("GET", STATUS_PATH).match_query(Matcher::Any).with_body(answer);
        mock.expect(1).create_async().await;
    }
    let url = format!("{}{STATUS_PATH}", server.url()).parse().unwrap();
    let client = Client::builder(merchant_at(vec![url])).attempts_max(1).jitter(|| 0).build().unwrap();
    let clock = Jumping::default();
    let settlement = client.settle(&order(), Timestamp::UNIX_EPOCH, &PollSchedule::default(), &clock).await;
    (settlement, clock.waited_until_s.into_inner().unwrap())
}

fn saying(word: &str) -> String {
    PAID.replace("COMPLETE", word)
}

#[tokio::test]
async fn a_silent_payment_is_asked_about_after_five_minutes_and_then_until_it_is_paid() {
    let (settlement, asked) = settled(&[&saying("PENDING"), OUTAGE, &saying("AMBIGUOUS"), PAID]).await;
    assert!(matches!(settlement, Settlement::Paid(_)), "{settlement:?}");
    // After five minutes, then each time a tenth of its age later; what halted, ten minutes later.
    assert_eq!(asked, [300, 330, 363, 963]);
}

#[tokio::test]
async fn what_ended_unpaid_is_told_as_such() {
    let (settlement, asked) = settled(&[&saying("PENDING"), &saying("CANCELED")]).await;
    let Settlement::Ended(report) = settlement else { panic!("{settlement:?}") };
    assert_eq!((report.status(), asked), (&Status::Canceled, vec![300, 330]));
}

#[tokio::test]
async fn what_a_person_has_to_see_is_not_asked_about_again() {
    let (settlement, asked) = settled(&[&saying("PARTIAL_REFUND")]).await;
    assert!(matches!(settlement, Settlement::Escalate { report: Some(_), error: None }), "{settlement:?}");
    assert_eq!(asked, [300]);
    let (settlement, asked) = settled(&[&PAID.replace("100.0", "1.0")]).await;
    assert!(matches!(settlement, Settlement::Mismatch(_)), "{settlement:?}");
    assert_eq!(asked, [300]);
}

#[tokio::test]
async fn a_request_that_esewa_will_never_answer_goes_to_a_person_at_once() {
    let unknown = r#"{"error_message":"Unable to fetch merchant key. Please try again later.","code":0}"#;
    let (settlement, asked) = settled(&[&saying("PENDING"), unknown]).await;
    let Settlement::Escalate { report: Some(report), error: Some(RequestError::UnknownMerchant) } =
        settlement
    else {
        panic!("{settlement:?}")
    };
    assert_eq!((report.status(), asked), (&Status::Pending, vec![300, 330]));
}

#[tokio::test]
async fn an_endless_outage_ends_with_a_person_at_the_deadline() {
    let mut server = Server::new_async().await;
    let mock = server.mock("GET", STATUS_PATH).match_query(Matcher::Any).with_body(OUTAGE);
    let mock = mock.expect_at_least(2).create_async().await;
    let url = format!("{}{STATUS_PATH}", server.url()).parse().unwrap();
    let client = Client::builder(merchant_at(vec![url])).attempts_max(1).jitter(|| 0).build().unwrap();
    let clock = Jumping::default();
    let schedule = PollSchedule { deadline: SignedDuration::from_mins(20), ..PollSchedule::default() };
    let settlement = client.settle(&order(), Timestamp::UNIX_EPOCH, &schedule, &clock).await;
    let Settlement::Escalate { report: None, error: Some(RequestError::Outage) } = settlement else {
        panic!("{settlement:?}")
    };
    let asked = clock.waited_until_s.into_inner().unwrap();
    assert_eq!(asked.last(), Some(&1_200), "the last question is at the deadline: {asked:?}");
    mock.assert_async().await;
}

#[tokio::test]
async fn the_systems_clock_waits_for_the_future_and_not_for_the_past() {
    let now = SystemPollClock.now();
    SystemPollClock.sleep_until(now - SignedDuration::from_hours(1)).await;
    SystemPollClock.sleep_until(now + SignedDuration::from_millis(20)).await;
    assert!(SystemPollClock.now() >= now + SignedDuration::from_millis(20));
}
