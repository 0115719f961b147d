//! `GET /api/admin/figures/`: what happened on a day in Nepal and on the day before, and what waits now.

use axum::Json;
use axum::extract::State;
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::auth::AdminUser;
use crate::db::books::{self, Books, Days};
use crate::db::figures::{self, Figures, Waiting};
use crate::http::body::QueryOf;
use crate::http::fields::Fields;
use crate::http::wire;
use crate::problem::Problem;
use crate::state::AppState;
use crate::ui::lang::latin_digits;
use crate::ui::time;

/// Which day.
#[derive(Debug, Default, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct FiguresQuery {
    /// A day in Nepal, `2026-11-22`; today when empty.
    pub day: String,
}

/// The answer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Figures)]
pub struct FiguresBody {
    day: DayBody,
    day_before: DayBody,
    waiting: WaitingBody,
}

/// What happened on one day.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FiguresOfDay)]
struct DayBody {
    #[schema(value_type = String, format = Date)]
    date: Date,
    payments_started: u64,
    /// Of those that were started on this day.
    payments_failed: u64,
    /// Of those that were started on this day.
    payments_pending: u64,
    /// Found paid on this day, whenever they were started.
    payments_paid: u64,
    taken: String,
    /// Refunds of all that was paid which were first seen on this day.
    payments_refunded: u64,
    refunded: String,
    /// Payments of which a part went back; eSewa does not say how much.
    payments_partly_refunded: u64,
    currency: &'static str,
    unlocks: u64,
    new_clients: u64,
    new_owners: u64,
    new_rooms: u64,
    messages: u64,
}

/// What waits for somebody now.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FiguresWaiting)]
struct WaitingBody {
    /// Payments in review.
    reviews: u64,
    /// Reports that nobody has decided.
    reports: u64,
    /// Payments that eSewa is still asked about.
    in_flight: u64,
}

/// What happened on one day.
#[derive(Debug, Clone, Copy)]
pub struct Day {
    /// Which.
    pub date: Date,
    /// The money.
    pub books: Books,
    /// The rest.
    pub figures: Figures,
}

/// The route.
#[utoipa::path(
    get,
    path = "/api/admin/figures",
    operation_id = "admin_figures",
    tag = "admin",
    summary = "The figures of a day",
    security(("session" = [])),
    params(FiguresQuery),
    responses(
        (status = 200, description = "The day, the day before, and what waits now", body = FiguresBody),
        (status = 422, description = "A field does not do: see `errors`"),
    ),
)]
pub async fn show(
    State(state): State<AppState>,
    AdminUser(_): AdminUser,
    QueryOf(query): QueryOf<FiguresQuery>,
) -> Result<Json<FiguresBody>, Problem> {
    let ([day, day_before], waiting) = two_days(&state, &query).await?;
    let waiting =
        WaitingBody { reviews: waiting.reviews, reports: waiting.reports, in_flight: waiting.in_flight };
    Ok(Json(FiguresBody { day: day.into(), day_before: day_before.into(), waiting }))
}

/// The day that was asked for, the one before, and what waits now.
///
/// # Errors
///
/// 422 for a day that is none.
pub async fn two_days(state: &AppState, query: &FiguresQuery) -> Result<([Day; 2], Waiting), Problem> {
    let date = asked(state, &query.day)?;
    let before = date.checked_sub(1.day()).map_err(Problem::internal)?;
    let waiting = figures::waiting(&state.db).await?;
    Ok(([day(state, date).await?, day(state, before).await?], waiting))
}

fn asked(state: &AppState, text: &str) -> Result<Date, Problem> {
    let today = time::date(state.clock.now());
    let mut fields = Fields::default();
    let date = match text.trim() {
        "" => today,
        text => latin_digits(text)
            .parse()
            .ok()
            .filter(|date| (Date::constant(2000, 1, 1)..=today).contains(date))
            .unwrap_or_else(|| {
                fields.refuse("day", t!("wrong-day-to-come"));
                today
            }),
    };
    fields.finish()?;
    Ok(date)
}

async fn day(state: &AppState, date: Date) -> Result<Day, Problem> {
    let from = time::midnight(date).map_err(Problem::internal)?;
    let next = date.checked_add(1.day()).and_then(time::midnight).map_err(Problem::internal)?;
    let days = Days { from, until: next, offset_s: time::NEPAL_OFFSET_S };
    let books =
        books::of_all(&state.db, days).await?.into_iter().fold(Books::default(), |mut sum, (_, books)| {
            sum += books;
            sum
        });
    Ok(Day { date, books, figures: figures::between(&state.db, from, next).await? })
}

impl From<Day> for DayBody {
    fn from(day: Day) -> Self {
        let Day { date, books, figures } = day;
        Self {
            date,
            payments_started: figures.started,
            payments_failed: figures.failed,
            payments_pending: figures.pending,
            payments_paid: books.paid,
            taken: wire::money(books.paid_paisa),
            payments_refunded: books.refunded,
            refunded: wire::money(books.refunded_paisa),
            payments_partly_refunded: books.partly_refunded,
            currency: wire::CURRENCY,
            unlocks: figures.unlocks,
            new_clients: figures.clients,
            new_owners: figures.owners,
            new_rooms: figures.rooms,
            messages: figures.messages,
        }
    }
}
