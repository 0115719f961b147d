//! `POST /api/admin/reports/{id}/decide/`: what an administrator makes of a report.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::list::ReportBody;
use crate::auth::AdminUser;
use crate::db::reports::{self, Verdict};
use crate::db::users::User;
use crate::http::admin::acts::{Deed, logged};
use crate::http::body::{JsonBody, PathId};
use crate::http::fields::Fields;
use crate::problem::Problem;
use crate::state::AppState;

/// What is made of it.
#[derive(Debug, Default, Clone, Deserialize, ToSchema)]
#[schema(as = ReportDecision)]
#[serde(default)]
pub struct Decision {
    /// `upheld` or `dismissed`.
    pub verdict: String,
    /// Why, and what was done; kept in the log.
    pub reason: String,
}

/// The route. It does nothing by itself to anybody: a person or a room is suspended by a route of its own.
#[utoipa::path(
    post,
    path = "/api/admin/reports/{id}/decide",
    operation_id = "admin_decide_report",
    tag = "admin",
    summary = "Uphold or dismiss a report",
    security(("session" = [])),
    params(("id" = Uuid, Path, description = "The report")),
    request_body = Decision,
    responses(
        (status = 200, description = "How it stands now", body = ReportBody),
        (status = 409, description = "It is decided already"),
        (status = 422, description = "A field does not do: see `errors`"),
    ),
)]
pub async fn decide(
    State(state): State<AppState>,
    AdminUser(admin): AdminUser,
    PathId(id): PathId,
    JsonBody(decision): JsonBody<Decision>,
) -> Result<Json<ReportBody>, Problem> {
    rule(&state, &admin, id, &decision).await?;
    let case = reports::lookup(&state.db, id).await?.ok_or_else(Problem::not_found)?;
    Ok(Json(ReportBody::from(case)))
}

/// Takes the verdict, unless there is one.
pub async fn rule(state: &AppState, admin: &User, id: Uuid, decision: &Decision) -> Result<(), Problem> {
    let case = reports::lookup(&state.db, id).await?.ok_or_else(Problem::not_found)?;
    let (verdict, reason) = checked(decision)?;
    let decided = || Problem::conflict(t!("admin-refused-decided"));
    if case.verdict.is_some() {
        return Err(decided());
    }
    let shared = state.clone();
    let deciding = async move {
        let now = shared.clock.now();
        reports::decide(&shared.db, id, verdict, now).await?.then_some(verdict).ok_or_else(decided)
    };
    let deed = Deed { act: "decide_report", subject: id.to_string(), reason };
    logged(state, admin, deed, deciding, |verdict| verdict.as_str().to_owned()).await.map(drop)
}

fn checked(decision: &Decision) -> Result<(Verdict, String), Problem> {
    let mut fields = Fields::default();
    let verdict = Verdict::of(&decision.verdict);
    if verdict.is_none() {
        fields.refuse("verdict", t!("wrong-report-verdict"));
    }
    let reason = fields.text("reason", &decision.reason, 3..=500);
    fields.finish()?;
    verdict.map(|verdict| (verdict, reason)).ok_or_else(Problem::internal_without_cause)
}
