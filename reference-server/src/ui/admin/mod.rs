//! The pages of administrators.

mod acts;
mod figures;
mod payment;
mod payments;
mod people;
mod person;
mod report;
mod reports;
mod room;
mod rooms;
mod suspension;
mod words;

pub use self::acts::{ActFilter, ActLine, ActsPage};
pub use self::figures::{FigureLine, FiguresPage, WaitingTile};
pub use self::payment::{AdminPaymentPage, Done, Fact, RefundPart, ResolvePart, SeenLine};
pub use self::payments::{Filter, PaymentLine, PaymentsPage};
pub use self::people::{PeopleFilter, PeoplePage, PersonLine};
pub use self::person::PersonPage;
pub use self::report::{AsReported, DecidePart, ReportPage, WordsLine};
pub use self::reports::{ReportLine, ReportsPage};
pub use self::room::AdminRoomPage;
pub use self::rooms::{AdminRoomLine, AdminRoomsPage, RoomsFilter};
pub use self::suspension::{Changed, SuspensionPart};
pub use self::words::{act_words, outcome_words, reason_words, review_words, seen_words, state_words};

/// A short word on a color, for where a payment stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub word: String,
    /// A class of the style sheet.
    pub class: &'static str,
}

impl Mark {
    fn new(word: String, class: &'static str) -> Self {
        Self { word, class }
    }

    /// The mark of an account: what there is to say of it besides its role, if anything.
    pub fn of_person(suspended: bool, deleted: bool) -> Option<Self> {
        match (suspended, deleted) {
            (_, true) => Some(Self::new(t!("admin-deleted"), "mark-plain")),
            (true, false) => Some(Self::new(t!("room-suspended"), "mark-alert")),
            (false, false) => None,
        }
    }

    /// The mark of a room.
    pub fn of_room(listed: bool, removed: bool, suspended: bool) -> Self {
        match (listed, removed, suspended) {
            (true, ..) => Self::new(t!("admin-listed"), "mark-leaf"),
            (_, true, _) => Self::new(t!("admin-taken-down"), "mark-plain"),
            (_, _, true) => Self::new(t!("room-suspended"), "mark-alert"),
            (false, false, false) => Self::new(t!("admin-owner-suspended"), "mark-alert"),
        }
    }

    /// The mark of a report.
    pub fn of_report(verdict: Option<&str>) -> Self {
        match verdict {
            None => Self::new(t!("admin-waiting"), "mark-gold"),
            Some("upheld") => Self::new(t!("admin-upheld"), "mark-leaf"),
            Some(_) => Self::new(t!("admin-dismissed"), "mark-plain"),
        }
    }

    /// The mark of a status of the contract.
    pub fn of_status(status: &str) -> Self {
        match status {
            "success" => Self::new(t!("payment-paid"), "mark-leaf"),
            "failed" => Self::new(t!("payment-not-paid"), "mark-plain"),
            "refunded" => Self::new(t!("admin-refunded"), "mark-dusk"),
            _ => Self::new(t!("admin-pending"), "mark-gold"),
        }
    }
}

/// When the samples happen, to the second.
#[cfg(test)]
fn sample_time() -> String {
    crate::ui::time::exact(sample_instant())
}

/// The same on the day of it.
#[cfg(test)]
fn sample_moment() -> String {
    crate::ui::time::moment(sample_instant(), sample_instant())
}

#[cfg(test)]
fn sample_instant() -> jiff::Timestamp {
    jiff::civil::date(2026, 11, 22).at(9, 20, 9, 0).to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp()
}
