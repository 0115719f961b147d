//! `GET /api/earnings/`: what clients paid to unlock the caller's rooms, by day or by month, in Nepal. Nobody sees
//! another's: the owner is whoever asks.

use axum::Json;
use axum::extract::State;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::body::QueryOf;
use super::wire;
use crate::auth::{CurrentUser, Role};
use crate::db::books::{self, Books, Days};
use crate::db::users::User;
use crate::problem::{FieldError, Problem};
use crate::state::AppState;
use crate::ui::time;

/// Days of the view by day, today the last one.
const DAYS: i32 = 30;
/// Months of the view by month, the present one the last.
const MONTHS: usize = 12;
/// No twelve months of either calendar have more days.
const MONTHS_DAYS_MAX: i32 = 400;

/// By what.
#[derive(Debug, Default, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct EarningsQuery {
    /// `month` (twelve, when empty) or `day` (thirty).
    pub by: String,
}

/// The answer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Earnings)]
pub struct EarningsBody {
    /// Oldest first, without a gap; the last one goes on.
    periods: Vec<PeriodBody>,
    total: SumBody,
    currency: &'static str,
}

/// A day or a month of the Gregorian calendar.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EarningsPeriod)]
struct PeriodBody {
    #[schema(value_type = String, format = Date)]
    first_day: Date,
    #[serde(flatten)]
    sum: SumBody,
}

/// Payments by the day on which they were found paid, refunds by the day on which they were first seen.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EarningsSum)]
struct SumBody {
    payments: u64,
    paid: String,
    refunds: u64,
    refunded: String,
    /// Payments of which a part went back; eSewa does not say how much, so it is not in `refunded`.
    partly_refunded: u64,
    /// `paid` without `refunded`; below zero where more went back than came.
    net: String,
}

/// Which stretches of time are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Days.
    Day,
    /// Months.
    Month,
}

/// One stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// Its first day.
    pub first: Date,
    /// What came and went.
    pub books: Books,
}

/// The route.
#[utoipa::path(
    get,
    path = "/api/earnings",
    operation_id = "earnings",
    tag = "rooms",
    summary = "What clients paid to unlock the caller's rooms, as an owner",
    security(("session" = [])),
    params(EarningsQuery),
    responses(
        (status = 200, description = "Oldest first", body = EarningsBody),
        (status = 403, description = "Only owners earn"),
        (status = 422, description = "A field does not do: see `errors`"),
    ),
)]
pub async fn earnings(
    State(state): State<AppState>,
    user: CurrentUser,
    QueryOf(query): QueryOf<EarningsQuery>,
) -> Result<Json<EarningsBody>, Problem> {
    let owner = user.require(Role::Owner)?;
    // Programs count by the calendar of their numbers.
    let periods = periods(&state, &owner, By::of(&query.by)?, |day| (day.year(), day.month())).await?;
    let total = sum(periods.iter().map(|period| period.books));
    let periods = periods
        .into_iter()
        .map(|Period { first, books }| PeriodBody { first_day: first, sum: SumBody::from(books) });
    Ok(Json(EarningsBody { periods: periods.collect(), total: total.into(), currency: wire::CURRENCY }))
}

impl By {
    /// By what was asked for.
    ///
    /// # Errors
    ///
    /// 422 for a word that is none.
    pub fn of(word: &str) -> Result<Self, Problem> {
        match word {
            "" | "month" => Ok(Self::Month),
            "day" => Ok(Self::Day),
            _ => {
                let message = "must be day or month.".to_owned();
                Err(Problem::invalid_fields(vec![FieldError { field: "by", message }]))
            }
        }
    }
}

/// The owner's books until now, oldest first and without a gap; `month_of` is the reader's calendar.
pub async fn periods(
    state: &AppState,
    owner: &User,
    by: By,
    month_of: fn(Date) -> (i16, i8),
) -> Result<Vec<Period>, Problem> {
    let today = time::date(state.clock.now());
    let back = if by == By::Day { DAYS - 1 } else { MONTHS_DAYS_MAX };
    let first = today.checked_sub(back.days()).map_err(Problem::internal)?;
    let from = time::midnight(first).map_err(Problem::internal)?;
    let days = Days { from, until: Timestamp::MAX, offset_s: time::NEPAL_OFFSET_S };
    let known = books::of_owner(&state.db, owner.id, days).await?;
    let mut known = known.into_iter().peekable();
    let begins = days.number(from);
    let mut periods: Vec<Period> = Vec::new();
    for (number, day) in (begins..).zip(first.series(1.day()).take_while(|day| *day <= today)) {
        let same =
            periods.last().is_some_and(|last| by == By::Month && month_of(last.first) == month_of(day));
        if !same {
            periods.push(Period { first: day, books: Books::default() });
        }
        if let (Some((_, books)), Some(period)) =
            (known.next_if(|(known, _)| *known == number), periods.last_mut())
        {
            period.books += books;
        }
    }
    if by == By::Month {
        // The first one is not whole.
        periods.drain(..periods.len().saturating_sub(MONTHS));
    }
    Ok(periods)
}

/// All together.
pub fn sum(books: impl Iterator<Item = Books>) -> Books {
    books.fold(Books::default(), |mut sum, books| {
        sum += books;
        sum
    })
}

/// What is left of what came after what went, as a sign and paisa.
pub fn net(books: &Books) -> (&'static str, u64) {
    let sign = if books.refunded_paisa > books.paid_paisa { "-" } else { "" };
    (sign, books.paid_paisa.abs_diff(books.refunded_paisa))
}

impl From<Books> for SumBody {
    fn from(books: Books) -> Self {
        let (sign, paisa) = net(&books);
        Self {
            payments: books.paid,
            paid: wire::money(books.paid_paisa),
            refunds: books.refunded,
            refunded: wire::money(books.refunded_paisa),
            partly_refunded: books.partly_refunded,
            net: format!("{sign}{}", wire::money(paisa)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_refunded_than_paid_is_below_zero() {
        let books = Books { paid_paisa: 3_000, refunded_paisa: 6_000, ..Books::default() };
        assert_eq!(SumBody::from(books).net, "-30.00");
        assert_eq!(SumBody::from(Books { paid_paisa: 9_000, ..books }).net, "30.00");
    }
}
