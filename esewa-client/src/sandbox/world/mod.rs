//! What the emulator remembers: bookings, the ledger, faults, the request log and its clock.

use std::collections::{HashMap, VecDeque};

use jiff::{SignedDuration, Timestamp};

use super::faults::Faults;
use super::log::LoggedRequest;

mod booking;
mod codes;
mod ledger;
mod outcome;

pub(super) use self::booking::{Booking, Callback, NewBooking, Protocol, Step};
use self::codes::Codes;
pub use self::ledger::{LedgerEntry, LedgerKind};
pub use self::outcome::Outcome;
pub(super) use self::outcome::{Applied, OutcomeError, OutcomeRequest};

pub(super) struct World {
    codes: Codes,
    bookings: Vec<Booking>,
    /// Where in `bookings` an id, a code, and each booking of an id of a merchant's are, oldest first.
    by_id: HashMap<String, usize>,
    by_code: HashMap<String, usize>,
    by_uuid: HashMap<String, Vec<usize>>,
    ledger: Vec<LedgerEntry>,
    advanced: SignedDuration,
    pub(super) faults: Faults,
    pub(super) requests: VecDeque<LoggedRequest>,
    requests_seen: u64,
    /// How many callbacks are on their way.
    pub(super) deliveries: u32,
}

impl World {
    pub(super) fn new(seed: u64, codes_given: u64) -> Self {
        Self {
            codes: Codes::new(seed, codes_given),
            bookings: Vec::new(),
            by_id: HashMap::new(),
            by_code: HashMap::new(),
            by_uuid: HashMap::new(),
            ledger: Vec::new(),
            advanced: SignedDuration::ZERO,
            faults: Faults::default(),
            requests: VecDeque::new(),
            requests_seen: 0,
            deliveries: 0,
        }
    }

    /// How many codes were given out, as far as the next one tells.
    pub(super) fn codes_given(&self) -> u64 {
        self.codes.given()
    }

    pub(super) fn now(&self, system: Timestamp) -> Timestamp {
        system.checked_add(self.advanced).unwrap_or(Timestamp::MAX)
    }

    pub(super) fn advance(&mut self, by: SignedDuration) {
        self.advanced = self.advanced.saturating_add(by);
    }

    pub(super) fn bookings(&self) -> &[Booking] {
        &self.bookings
    }

    pub(super) fn ledger(&self) -> &[LedgerEntry] {
        &self.ledger
    }

    /// Books a payment, or `None` where no more fit.
    pub(super) fn book(&mut self, new: NewBooking, now: Timestamp) -> Option<&mut Booking> {
        if self.bookings.len() >= BOOKINGS_MAX {
            return None;
        }
        let id = match new.protocol {
            // Its deep link has the id in the path.
            Protocol::Intent => self.codes.intent_id(),
            Protocol::V1 | Protocol::V2 => self.codes.booking_id(),
        };
        let booking = Booking::new(id, new, now);
        let index = self.bookings.len();
        self.by_id.insert(booking.id.clone(), index);
        self.by_uuid.entry(booking.uuid.clone()).or_default().push(index);
        self.bookings.push(booking);
        self.bookings.last_mut()
    }

    pub(super) fn by_booking_id(&mut self, booking_id: &str) -> Option<&mut Booking> {
        let index = self.index_of(booking_id)?;
        self.bookings.get_mut(index)
    }

    fn index_of(&self, booking_id: &str) -> Option<usize> {
        self.by_id.get(booking_id).copied()
    }

    /// The booking that eSewa gave that code.
    pub(super) fn by_code(&mut self, code: &str) -> Option<&mut Booking> {
        let index = *self.by_code.get(code)?;
        self.bookings.get_mut(index)
    }

    /// The latest booking of that id, whatever the merchant.
    pub(super) fn by_uuid(&mut self, uuid: &str) -> Option<&mut Booking> {
        let index = *self.by_uuid.get(uuid)?.last()?;
        self.bookings.get_mut(index)
    }

    /// The latest booking of that id of that merchant.
    pub(super) fn of_merchant(&mut self, product_code: &str, uuid: &str) -> Option<&mut Booking> {
        let ours = |index: &&usize| self.bookings[**index].product_code == product_code;
        let index = *self.by_uuid.get(uuid)?.iter().rev().find(ours)?;
        self.bookings.get_mut(index)
    }

    pub(super) fn log(&mut self, mut request: LoggedRequest) {
        self.requests_seen += 1;
        request.number = self.requests_seen;
        if self.requests.len() == REQUESTS_MAX {
            self.requests.pop_front();
        }
        self.requests.push_back(request);
    }
}

/// Enough for a load test of a day; a reset empties it.
const BOOKINGS_MAX: usize = 200_000;
const REQUESTS_MAX: usize = 2_000;
