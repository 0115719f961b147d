//! `GET /admin/`: the figures of a day beside those of the day before, and what waits now.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::ToSpan as _;
use jiff::civil::Date;

use super::AdminPage;
use crate::http::admin::figures::{Day, FiguresQuery, two_days};
use crate::http::body::QueryOf;
use crate::http::pages::shell::layout;
use crate::problem::Problem;
use crate::state::AppState;
use crate::ui::admin::{FigureLine, FiguresPage, WaitingTile};
use crate::ui::{self, AdminTab, Here, Lang, money, time};

/// The route.
pub async fn figures(
    State(state): State<AppState>,
    AdminPage(admin): AdminPage,
    QueryOf(query): QueryOf<FiguresQuery>,
) -> Result<Response, Problem> {
    let (found, status, refused) = match two_days(&state, &query).await {
        Ok(found) => (found, StatusCode::OK, None),
        Err(problem) if !problem.errors().is_empty() => {
            let today = two_days(&state, &FiguresQuery::default()).await?;
            let words =
                problem.errors().iter().map(|error| format!("{} {}", t!("admin-the-day"), error.message));
            (today, problem.status(), Some(words.collect()))
        }
        Err(problem) => return Err(problem),
    };
    let ([day, before], waiting) = found;
    let today = time::date(state.clock.now());
    let later = day.date.checked_add(1.day()).ok().filter(|later| *later <= today);
    let page = FiguresPage {
        layout: layout(&state, t!("admin-figures"), Some(&admin), Here::Admin(AdminTab::Figures)).await?,
        day: name(day.date, today),
        waiting: vec![
            WaitingTile {
                name: t!("admin-waiting-reviews"),
                count: waiting.reviews,
                url: "/admin/payments/?review=1",
            },
            WaitingTile { name: t!("admin-reports"), count: waiting.reports, url: "/admin/reports/" },
            WaitingTile {
                name: t!("admin-waiting-checks"),
                count: waiting.in_flight,
                url: "/admin/payments/?status=pending",
            },
        ],
        figures: lines(&day, &before),
        earlier_url: url(before.date),
        later_url: later.map(url),
        refused,
    };
    Ok(ui::page(status, &page))
}

fn url(date: Date) -> String {
    format!("/admin/?day={date}")
}

fn name(date: Date, today: Date) -> String {
    let words = time::full_day(date);
    if date == today { format!("{}, {words}", t!("today")) } else { words }
}

fn lines(day: &Day, before: &Day) -> Vec<FigureLine> {
    type Figure = fn(&Day) -> String;
    let figures: [(String, Figure); 13] = [
        (t!("admin-figure-started"), |day| number(day.figures.started)),
        (t!("admin-figure-pending"), |day| number(day.figures.pending)),
        (t!("admin-figure-failed"), |day| number(day.figures.failed)),
        (t!("admin-figure-paid"), |day| number(day.books.paid)),
        (t!("admin-figure-taken"), |day| money::rupees(day.books.paid_paisa)),
        (t!("admin-figure-refunded"), |day| number(day.books.refunded)),
        (t!("earnings-refunded"), |day| money::rupees(day.books.refunded_paisa)),
        (t!("admin-figure-partly"), |day| number(day.books.partly_refunded)),
        (t!("admin-figure-unlocks"), |day| number(day.figures.unlocks)),
        (t!("admin-figure-clients"), |day| number(day.figures.clients)),
        (t!("admin-figure-owners"), |day| number(day.figures.owners)),
        (t!("admin-figure-rooms"), |day| number(day.figures.rooms)),
        (t!("messages"), |day| number(day.figures.messages)),
    ];
    figures.map(|(name, figure)| FigureLine { name, day: figure(day), day_before: figure(before) }).into()
}

fn number(number: u64) -> String {
    Lang::current().digits(number)
}
