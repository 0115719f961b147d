//! `GET /my/earnings/`: an owner's earnings over time, in the calendar of the reader's language.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::shell::{layout, to_login};
use crate::auth::{CurrentUser, MaybeUser, Role};
use crate::db::users::User;
use crate::http::body::QueryOf;
use crate::http::earnings::{By, EarningsQuery, Period, periods, sum};
use crate::problem::Problem;
use crate::state::AppState;
use crate::ui::chart::{Chart, ChartPoint};
use crate::ui::earnings::EarningsPage;
use crate::ui::my::Earned;
use crate::ui::{self, Here, Lang, money, time};

/// The route.
pub async fn earnings(
    State(state): State<AppState>,
    MaybeUser(user): MaybeUser,
    QueryOf(query): QueryOf<EarningsQuery>,
) -> Result<Response, Problem> {
    let Some(user) = user else { return Ok(to_login("/my/earnings/")) };
    let owner = CurrentUser(user).require(Role::Owner)?;
    let by = By::of(&query.by)?;
    let (chart, earned) = view(&state, &owner, by).await?;
    let page = EarningsPage {
        layout: layout(&state, t!("earnings"), Some(&owner), Here::My).await?,
        by_day: by == By::Day,
        chart,
        earned,
    };
    Ok(ui::page(StatusCode::OK, &page))
}

/// The owner's own chart, if there is anything to draw, and the sums of the same time.
pub(super) async fn view(state: &AppState, owner: &User, by: By) -> Result<(Option<Chart>, Earned), Problem> {
    let periods = periods(state, owner, by, time::month_of).await?;
    let total = sum(periods.iter().map(|period| period.books));
    let earned = Earned {
        payments: Lang::current().digits(total.paid),
        paid: money::rupees(total.paid_paisa),
        refunded: money::rupees(total.refunded_paisa),
        net: money::difference(total.paid_paisa, total.refunded_paisa),
        partly_refunded: total.partly_refunded,
    };
    if total == Default::default() {
        return Ok((None, earned));
    }
    let summary = t!("earnings-summary", paid = earned.paid.as_str(), refunded = earned.refunded.as_str());
    let name = if by == By::Day { t!("earnings-day") } else { t!("earnings-month") };
    let points: Vec<_> = periods.iter().map(|period| point(period, by)).collect();
    Ok((Some(Chart::new(&points, name, summary)), earned))
}

fn point(period: &Period, by: By) -> ChartPoint {
    let (label, name) = match by {
        By::Day => time::day_names(period.first),
        By::Month => time::month_names(period.first),
    };
    let books = &period.books;
    ChartPoint {
        label,
        name,
        payments: books.paid,
        paid_paisa: books.paid_paisa,
        refunded_paisa: books.refunded_paisa,
        partly_refunded: books.partly_refunded,
    }
}
