//! Finding payments: by status, review, payer, room, transaction and day, newest first, a page at a time.

use std::ops::RangeInclusive;

use paygate::{Payment, PaymentId, SubjectId};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::page::days;
use crate::auth::Phone;
use crate::db::payment_search::{self, PaymentFilter, PaymentPlace};
use crate::db::users;
use crate::http::fields::Fields;
use crate::http::payments::page::{cursor, place};
use crate::payments::wire::Status;
use crate::payments::{subject_of_user, user_of};
use crate::problem::Problem;
use crate::state::AppState;

/// Payments a page.
const PAGE_PAYMENTS: u32 = 25;
/// No id and no phone number is longer.
const NAMED_CHARS_MAX: usize = 64;

/// The filter, as typed.
#[derive(Debug, Default, Clone, Deserialize, Serialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct Asked {
    /// `pending`, `success`, `failed`, `refunded`, or empty.
    pub status: String,
    /// `1` for only what is in review.
    pub review: String,
    /// A phone number, `user:` and a person's id, a room's id, a transaction's id, or eSewa's reference.
    pub q: String,
    /// The first day in Nepal, `2026-11-22`.
    pub from: String,
    /// The last day in Nepal.
    pub to: String,
    /// Where the page before ended.
    #[serde(skip_serializing)]
    pub cursor: String,
}

/// A page of payments, and where the next one begins.
#[derive(Debug)]
pub struct Found {
    /// Newest first.
    pub payments: Vec<Payment>,
    /// `None` on the last page.
    pub next_cursor: Option<String>,
}

/// A page of what was asked for.
///
/// # Errors
///
/// 422 with each field of the filter that doesn't do.
pub async fn find(state: &AppState, asked: &Asked) -> Result<Found, Problem> {
    let before = place(&asked.cursor)?;
    // One more than shown tells whether there is a next page.
    let mut payments = Box::pin(search(state, asked, before.as_ref(), PAGE_PAYMENTS + 1)).await?;
    let more = payments.len() > PAGE_PAYMENTS as usize;
    payments.truncate(PAGE_PAYMENTS as usize);
    let next_cursor = payments.last().filter(|_| more).map(cursor);
    Ok(Found { payments, next_cursor })
}

/// At most `max` payments of what was asked for, from a place on.
pub async fn search(
    state: &AppState,
    asked: &Asked,
    before: Option<&PaymentPlace>,
    max: u32,
) -> Result<Vec<Payment>, Problem> {
    let Some(filter) = filter(state, asked).await? else { return Ok(Vec::new()) };
    let ids = payment_search::search(&state.db, &filter, before, max).await?;
    let mut payments = Vec::with_capacity(ids.len());
    for id in ids {
        let id = PaymentId::new(id).map_err(Problem::internal)?;
        payments.extend(state.payments.payment(&id).await.map_err(Problem::unavailable)?);
    }
    Ok(payments)
}

/// Nothing when nobody has the phone number that was typed.
async fn filter(state: &AppState, asked: &Asked) -> Result<Option<PaymentFilter>, Problem> {
    let mut fields = Fields::default();
    let ranks = ranks(&asked.status).unwrap_or_else(|| {
        fields.refuse("status", t!("wrong-status"));
        0..=0
    });
    if !matches!(asked.review.as_str(), "" | "1") {
        fields.refuse("review", t!("wrong-review"));
    }
    let named = fields.text("q", &asked.q, 0..=NAMED_CHARS_MAX);
    let (from, until) = days(&mut fields, &asked.from, &asked.to);
    fields.finish()?;
    let mut filter =
        PaymentFilter { ranks, in_review: asked.review == "1", from, until, ..PaymentFilter::default() };
    if let Ok(phone) = Phone::parse(&named) {
        let Some((user, _)) = users::lookup_by_phone(&state.db, phone.as_str()).await? else {
            return Ok(None);
        };
        filter.subject = Some(subject_of_user(user.id)?.as_str().to_owned());
    } else if SubjectId::new(&*named).is_ok_and(|subject| user_of(&subject).is_some()) {
        filter.subject = Some(named);
    } else if !named.is_empty() {
        filter.named = Some(named);
    }
    Ok(Some(filter))
}

fn ranks(status: &str) -> Option<RangeInclusive<u8>> {
    let is = |status: Status| status.as_str();
    match status {
        "" => Some(0..=u8::MAX),
        word if word == is(Status::Pending) => Some(0..=0),
        word if word == is(Status::Failed) => Some(1..=1),
        word if word == is(Status::Success) => Some(2..=2),
        word if word == is(Status::Refunded) => Some(4..=4),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_of_the_contract_can_be_asked_for_and_no_other() {
        for status in [Status::Pending, Status::Failed, Status::Success, Status::Refunded] {
            assert!(ranks(status.as_str()).is_some(), "{status:?}");
        }
        assert_eq!(ranks("paid"), None);
    }
}
