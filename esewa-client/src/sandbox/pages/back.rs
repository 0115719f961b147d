//! Where the payer's browser goes after an outcome, and what a scripted redirect changes about it.

use jiff::SignedDuration;

use crate::sandbox::Emulator;
use crate::sandbox::faults::{Fault, default_delay_ms};
use crate::sandbox::quirks::FailureUrlQuery;
use crate::sandbox::world::{Applied, Protocol};
use crate::sandbox::{v1, v2};

/// The address of the redirect. The failure address gets nothing added, as eSewa does it.
pub(in crate::sandbox) fn way_back(
    emulator: &Emulator,
    applied: &Applied,
    fault: Option<Fault>,
    pending_polls: u32,
) -> String {
    if let Some(booking) = emulator.world().by_booking_id(&applied.booking.id) {
        booking.polls_pending = pending_polls;
        booking.settles_at = None;
    }
    if fault == Some(Fault::Early) {
        emulator.settle_later(&applied.booking.id);
    }
    match (applied.success, applied.booking.protocol) {
        (false, _) => failure_url(emulator, &applied.booking.failure_url),
        (true, Protocol::Intent) => applied.booking.success_url.clone(),
        (true, Protocol::V1) => v1::success_url(&applied.booking),
        (true, Protocol::V2) => v2::redirect::success_url(emulator, &applied.booking),
    }
}

impl Emulator {
    /// Lets the status API say `PENDING` for a while yet.
    pub(in crate::sandbox) fn settle_later(&self, booking_id: &str) {
        let now = self.now();
        let delay = i64::try_from(default_delay_ms(Fault::Early)).unwrap_or(i64::MAX);
        if let Some(booking) = self.world().by_booking_id(booking_id) {
            booking.settles_at = Some(now.checked_add(SignedDuration::from_millis(delay)).unwrap_or(now));
        }
    }
}

fn failure_url(emulator: &Emulator, url: &str) -> String {
    match emulator.config().quirks.failure_url_query {
        FailureUrlQuery::Kept => url.to_owned(),
        FailureUrlQuery::Dropped => url.split('?').next().unwrap_or(url).to_owned(),
    }
}
