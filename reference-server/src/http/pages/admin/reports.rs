//! `GET /admin/reports/`: what people complain about.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;

use super::{AdminPage, list_url};
use crate::db::reports::{Case, Verdict};
use crate::http::admin::reports::list::{ReportsQuery, find};
use crate::http::body::QueryOf;
use crate::http::pages::shell::{layout, shown_name};
use crate::problem::Problem;
use crate::state::AppState;
use crate::ui::admin::{Mark, ReportLine, ReportsPage};
use crate::ui::{self, AdminTab, Here, time};

/// The route.
pub async fn reports(
    State(state): State<AppState>,
    AdminPage(admin): AdminPage,
    QueryOf(query): QueryOf<ReportsQuery>,
) -> Result<Response, Problem> {
    let (cases, next) = find(&state, &query).await?;
    let now = state.clock.now();
    let shown = if query.state.is_empty() { "waiting".to_owned() } else { query.state };
    let next_url =
        next.map(|cursor| list_url("/admin/reports/", &[("state", &shown), ("cursor", &cursor.to_string())]));
    let page = ReportsPage {
        layout: layout(&state, t!("admin-reports"), Some(&admin), Here::Admin(AdminTab::Reports)).await?,
        shown,
        reports: cases.into_iter().map(|case| line(case, now)).collect(),
        next_url,
    };
    Ok(ui::page(StatusCode::OK, &page))
}

/// A report in a list.
pub fn line(case: Case, now: Timestamp) -> ReportLine {
    ReportLine {
        url: format!("/admin/reports/{}/", case.report.id),
        reporter: shown_name(case.name_of(case.report.reporter_id)),
        reported: shown_name(case.name_of(case.reported())),
        mark: Mark::of_report(case.verdict.map(Verdict::as_str)),
        datetime: case.created_at.to_string(),
        when: time::moment(case.created_at, now),
        room_title: case.room_title,
        reason: case.report.reason,
    }
}
