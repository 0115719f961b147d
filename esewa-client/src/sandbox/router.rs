//! Every route of the emulator, in one list.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{any, get, post};

use super::{Emulator, control, hosts, intent, log, mobile, pages, v1, v2};
use crate::environment::FORM_PATH;

pub(super) fn router(emulator: Emulator) -> Router {
    let form = any(v2::form::submit);
    let status = any(v2::status::ask);
    Router::new()
        // ePay v2
        .route(FORM_PATH, form.clone())
        .route("/api/epay/main/v2/form/", form)
        .route("/api/epay/transaction/status", status.clone())
        .route("/api/epay/transaction/status/", status)
        // ePay v1
        .route("/epay/main", get(v1::submit).post(v1::submit))
        .route("/epay/main/", get(v1::submit).post(v1::submit))
        .route("/epay/transrec", get(v1::transrec).post(v1::transrec))
        .route("/epay/transrec/", get(v1::transrec).post(v1::transrec))
        // Intent
        .route("/api/client/intent/payment/book", post(intent::book))
        .route("/api/client/intent/payment/book/", post(intent::book))
        .route("/api/client/intent/payment/status", post(intent::status))
        .route("/api/client/intent/payment/status/", post(intent::status))
        .route("/api/client/intent/payment/cancel", post(intent::cancel))
        .route("/api/client/intent/payment/cancel/", post(intent::cancel))
        .route("/pay/{booking_id}", get(intent::open))
        .route("/pay/{booking_id}/", get(intent::open))
        .route("/pay/{booking_id}/qr", get(pages::qr::of_link))
        .route("/pay/{booking_id}/page", get(intent::show).post(intent::act))
        // what the mobile SDK paid
        .route("/mobile/transaction", get(mobile::ask))
        .route("/mobile/transaction/", get(mobile::ask))
        // the payment page
        .route("/epay", get(pages::show))
        .route("/epay/", get(pages::show))
        .route("/epay/qr", get(pages::qr::of_page))
        .route("/epay/login", post(pages::log_in))
        .route("/epay/token", post(pages::token))
        .route("/epay/confirm", post(pages::confirm))
        .route("/epay/cancel", post(pages::cancel))
        // the emulator's own
        .route("/", get(control::dashboard::front))
        .route("/_sandbox", get(control::dashboard::show))
        .route("/_sandbox/", get(control::dashboard::show))
        .route("/_sandbox/outcome", post(control::dashboard::set_outcome))
        .route("/_sandbox/payments", get(control::payments::list))
        .route("/_sandbox/pay", post(control::pay::pay))
        .route(
            "/_sandbox/faults",
            get(control::faults::list).post(control::faults::arm).delete(control::faults::disarm),
        )
        .route("/_sandbox/quirks", get(control::quirks::show).post(control::quirks::set))
        .route("/_sandbox/requests", get(control::requests::list))
        .route("/_sandbox/clock", get(control::clock::show).post(control::clock::advance))
        .route("/_sandbox/reset", post(control::reset::reset))
        .fallback(pages::not_found)
        .layer(DefaultBodyLimit::max(log::BODY_BYTES_MAX))
        .layer(from_fn_with_state(emulator.clone(), hosts::route))
        .layer(from_fn_with_state(emulator.clone(), log::record))
        .layer(from_fn(log::mark))
        .with_state(emulator)
}
