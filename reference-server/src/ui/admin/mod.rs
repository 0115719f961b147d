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

pub use self::acts::{ActFilter, ActLine, ActsPage};
pub use self::figures::{FigureLine, FiguresPage, WaitingTile};
pub use self::payment::{AdminPaymentPage, Done, Fact, RefundPart, ResolvePart, SeenLine};
pub use self::payments::{Filter, PaymentLine, PaymentsPage};
pub use self::people::{PeopleFilter, PeoplePage, PersonLine};
pub use self::person::PersonPage;
pub use self::report::{DecidePart, ReportPage, WordsLine};
pub use self::reports::{ReportLine, ReportsPage};
pub use self::room::AdminRoomPage;
pub use self::rooms::{AdminRoomLine, AdminRoomsPage, RoomsFilter};
pub use self::suspension::{Changed, SuspensionPart};

/// A short word on a color, for where a payment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub word: &'static str,
    /// A class of the style sheet.
    pub class: &'static str,
}

impl Mark {
    /// The mark of an account: what there is to say of it besides its role, if anything.
    pub fn of_person(suspended: bool, deleted: bool) -> Option<Self> {
        match (suspended, deleted) {
            (_, true) => Some(Self { word: "Deleted", class: "mark-plain" }),
            (true, false) => Some(Self { word: "Suspended", class: "mark-alert" }),
            (false, false) => None,
        }
    }

    /// The mark of a room.
    pub fn of_room(listed: bool, removed: bool, suspended: bool) -> Self {
        match (listed, removed, suspended) {
            (true, ..) => Self { word: "Listed", class: "mark-leaf" },
            (_, true, _) => Self { word: "Taken down", class: "mark-plain" },
            (_, _, true) => Self { word: "Suspended", class: "mark-alert" },
            (false, false, false) => Self { word: "Owner suspended", class: "mark-alert" },
        }
    }

    /// The mark of a report.
    pub fn of_report(verdict: Option<&str>) -> Self {
        match verdict {
            None => Self { word: "Waiting", class: "mark-gold" },
            Some("upheld") => Self { word: "Upheld", class: "mark-leaf" },
            Some(_) => Self { word: "Dismissed", class: "mark-plain" },
        }
    }

    /// The mark of a status of the contract.
    pub fn of_status(status: &str) -> Self {
        match status {
            "success" => Self { word: "Paid", class: "mark-leaf" },
            "failed" => Self { word: "Not paid", class: "mark-plain" },
            "refunded" => Self { word: "Refunded", class: "mark-dusk" },
            _ => Self { word: "Pending", class: "mark-gold" },
        }
    }
}

/// What an anomaly's code means to a person.
pub fn review_words(code: &str) -> &'static str {
    match code {
        "partial_refund" => "A part was paid back, and eSewa does not say how much",
        "unanswered" => "eSewa never gave an answer",
        "refund_withdrawn" => "eSewa said refunded, and later paid again",
        "reference_changed" => "eSewa named two references for it",
        "paid_twice" => "The payer had access already: this money goes back",
        "reference_taken" => "Its reference already backs another payment",
        "payee_mismatch" => "The money went to somebody else",
        "amount_mismatch" => "Another amount was paid than asked for",
        "undeliverable" => "The owner had left before it was paid: this money goes back",
        _ => "Somebody has to look at it",
    }
}
