//! `GET /api/admin/users/{id}/`: one account, with what was reported about it and what administrators did.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::list::PersonBody;
use crate::auth::AdminUser;
use crate::db::admin_acts::{self, Act};
use crate::db::people::{self, Person};
use crate::db::reports::{self, Case};
use crate::http::admin::acts::ActBody;
use crate::http::admin::reports::list::ReportBody;
use crate::http::body::PathId;
use crate::problem::Problem;
use crate::state::AppState;

/// Acts on one account that are shown, the newest ones.
const ACTS_MAX: u32 = 100;
/// Reports about one account that are shown, the newest ones.
const REPORTS_MAX: u32 = 50;

/// The answer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AdminUserFile)]
pub struct FileBody {
    #[serde(flatten)]
    person: PersonBody,
    reports: Vec<ReportBody>,
    acts: Vec<ActBody>,
}

/// All that an administrator may know about an account.
#[derive(Debug)]
pub struct File {
    /// The account.
    pub person: Person,
    /// What others reported about it, newest first.
    pub reports: Vec<Case>,
    /// What administrators did about it, newest first.
    pub acts: Vec<Act>,
}

/// The route.
#[utoipa::path(
    get,
    path = "/api/admin/users/{id}",
    operation_id = "admin_user",
    tag = "admin",
    summary = "One account, with reports about it and acts on it",
    security(("session" = [])),
    params(("id" = Uuid, Path, description = "The account")),
    responses((status = 200, description = "All that is known", body = FileBody)),
)]
pub async fn show(
    State(state): State<AppState>,
    AdminUser(_): AdminUser,
    PathId(id): PathId,
) -> Result<Json<FileBody>, Problem> {
    Ok(Json(FileBody::from(file(&state, id).await?)))
}

/// Reads everything about an account.
pub async fn file(state: &AppState, id: Uuid) -> Result<File, Problem> {
    let person = people::lookup(&state.db, id).await?.ok_or_else(Problem::not_found)?;
    let reports = reports::list(&state.db, None, Some(id), None, REPORTS_MAX).await?;
    let acts = admin_acts::list_on(&state.db, &id.to_string(), ACTS_MAX).await?;
    Ok(File { person, reports, acts })
}

impl From<File> for FileBody {
    fn from(file: File) -> Self {
        Self {
            person: PersonBody::from(file.person),
            reports: file.reports.into_iter().map(ReportBody::from).collect(),
            acts: file.acts.into_iter().map(ActBody::from).collect(),
        }
    }
}
