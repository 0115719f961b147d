//! `GET /api/admin/reports/`: what people complain about.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::auth::AdminUser;
use crate::db::reports::{self, Case, Verdict};
use crate::http::admin::page::{id_cursor, next_of};
use crate::http::body::QueryOf;
use crate::http::fields::Fields;
use crate::problem::Problem;
use crate::state::AppState;

/// Reports a page.
const PAGE_REPORTS: u32 = 25;

/// The filter, as typed.
#[derive(Debug, Default, Clone, Deserialize, Serialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct ReportsQuery {
    /// `waiting`, `decided`, `all`; `waiting` when empty.
    pub state: String,
    /// The `next_cursor` of the page before.
    #[serde(skip_serializing)]
    pub cursor: String,
}

/// A page of reports.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Reports)]
pub struct ReportsBody {
    reports: Vec<ReportBody>,
    next_cursor: Option<Uuid>,
}

/// A report, without the words that it is about: those are read one at a time, and that is logged.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReportOfSomebody)]
pub struct ReportBody {
    id: Uuid,
    reporter: PersonBody,
    reported: PersonBody,
    room_id: Uuid,
    room_title: String,
    /// Null where it is about the conversation as a whole.
    message_id: Option<Uuid>,
    reason: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// `upheld`, `dismissed`, or null while it waits.
    verdict: Option<&'static str>,
    #[schema(value_type = Option<String>, format = DateTime)]
    decided_at: Option<Timestamp>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReportPerson)]
struct PersonBody {
    id: Uuid,
    name: String,
}

/// The route.
#[utoipa::path(
    get,
    path = "/api/admin/reports",
    operation_id = "admin_reports",
    tag = "admin",
    summary = "What people complain about",
    security(("session" = [])),
    params(ReportsQuery),
    responses(
        (status = 200, description = "A page, newest first", body = ReportsBody),
        (status = 422, description = "A field does not do: see `errors`"),
    ),
)]
pub async fn list(
    State(state): State<AppState>,
    AdminUser(_): AdminUser,
    QueryOf(query): QueryOf<ReportsQuery>,
) -> Result<Json<ReportsBody>, Problem> {
    let (cases, next_cursor) = find(&state, &query).await?;
    Ok(Json(ReportsBody { reports: cases.into_iter().map(ReportBody::from).collect(), next_cursor }))
}

/// A page of reports, and where the next one begins.
///
/// # Errors
///
/// 422 for a state that is none.
pub async fn find(state: &AppState, query: &ReportsQuery) -> Result<(Vec<Case>, Option<Uuid>), Problem> {
    let before = id_cursor(&query.cursor)?;
    let mut fields = Fields::default();
    let waiting = match query.state.as_str() {
        "" | "waiting" => Some(true),
        "decided" => Some(false),
        "all" => None,
        _ => {
            fields.refuse("state", t!("wrong-report-state"));
            None
        }
    };
    fields.finish()?;
    let mut cases = reports::list(&state.db, waiting, None, before, PAGE_REPORTS + 1).await?;
    let next = next_of(&mut cases, PAGE_REPORTS, |case| case.report.id);
    Ok((cases, next))
}

impl From<Case> for ReportBody {
    fn from(case: Case) -> Self {
        let person = |id| PersonBody { id, name: case.name_of(id).to_owned() };
        Self {
            id: case.report.id,
            reporter: person(case.report.reporter_id),
            reported: person(case.reported()),
            room_id: case.pairing.room_id,
            message_id: case.report.message_id,
            created_at: case.created_at,
            verdict: case.verdict.map(Verdict::as_str),
            decided_at: case.decided_at,
            room_title: case.room_title,
            reason: case.report.reason,
        }
    }
}
