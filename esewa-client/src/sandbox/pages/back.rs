//! Where the payer's browser goes after an outcome.

use crate::sandbox::Emulator;
use crate::sandbox::quirks::FailureUrlQuery;
use crate::sandbox::world::{Applied, Protocol};
use crate::sandbox::{v1, v2};

/// The address of the redirect. The failure address gets nothing added, as eSewa does it.
pub(in crate::sandbox) fn way_back(emulator: &Emulator, applied: &Applied) -> String {
    match (applied.success, applied.booking.protocol) {
        (false, _) => failure_url(emulator, &applied.booking.failure_url),
        (true, Protocol::Intent) => applied.booking.success_url.clone(),
        (true, Protocol::V1) => v1::success_url(&applied.booking),
        (true, Protocol::V2) => v2::redirect::success_url(emulator, &applied.booking),
    }
}

fn failure_url(emulator: &Emulator, url: &str) -> String {
    match emulator.quirks().failure_url_query {
        FailureUrlQuery::Kept => url.to_owned(),
        FailureUrlQuery::Dropped => url.split('?').next().unwrap_or(url).to_owned(),
    }
}
