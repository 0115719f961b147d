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
use crate::ui::{self, AdminTab, Here, money, time};

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
            let words = problem.errors().iter().map(|error| format!("The day {}", error.message));
            (today, problem.status(), Some(words.collect()))
        }
        Err(problem) => return Err(problem),
    };
    let ([day, before], waiting) = found;
    let today = time::date(state.clock.now());
    let later = day.date.checked_add(1.day()).ok().filter(|later| *later <= today);
    let page = FiguresPage {
        layout: layout(&state, "Figures", Some(&admin), Here::Admin(AdminTab::Figures)).await?,
        day: name(day.date, today),
        waiting: vec![
            WaitingTile {
                name: "Payments in review",
                count: waiting.reviews,
                url: "/admin/payments/?review=1",
            },
            WaitingTile { name: "Reports", count: waiting.reports, url: "/admin/reports/" },
            WaitingTile {
                name: "Payments being checked",
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
    let words = date.strftime("%-d %B %Y").to_string();
    if date == today { format!("Today, {words}") } else { words }
}

fn lines(day: &Day, before: &Day) -> Vec<FigureLine> {
    type Figure = fn(&Day) -> String;
    let figures: [(&'static str, Figure); 13] = [
        ("Payments started", |day| day.figures.started.to_string()),
        ("… of these not decided yet", |day| day.figures.pending.to_string()),
        ("… of these not paid", |day| day.figures.failed.to_string()),
        ("Payments found paid", |day| day.books.paid.to_string()),
        ("Taken", |day| money::rupees(day.books.paid_paisa)),
        ("Payments given back", |day| day.books.refunded.to_string()),
        ("Given back", |day| money::rupees(day.books.refunded_paisa)),
        ("Payments given back in part", |day| day.books.partly_refunded.to_string()),
        ("Rooms unlocked", |day| day.figures.unlocks.to_string()),
        ("New clients", |day| day.figures.clients.to_string()),
        ("New owners", |day| day.figures.owners.to_string()),
        ("New rooms", |day| day.figures.rooms.to_string()),
        ("Messages", |day| day.figures.messages.to_string()),
    ];
    figures.map(|(name, figure)| FigureLine { name, day: figure(day), day_before: figure(before) }).into()
}
