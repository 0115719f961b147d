//! `GET /api/admin/acts/`: the log of what administrators did; and the one way to do something that gets into it.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use paygate::Payment;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::page::{days, id_cursor, next_of};
use crate::auth::AdminUser;
use crate::db::admin_acts::{self, Act, ActFilter, NewAct};
use crate::db::users::User;
use crate::http::body::QueryOf;
use crate::http::fields::Fields;
use crate::problem::Problem;
use crate::state::AppState;
use crate::ui::lang::in_this_language;

/// Acts a page.
pub const PAGE_ACTS: u32 = 50;

/// What is to be done, on what, and why.
#[derive(Debug)]
pub struct Deed {
    /// A stable word.
    pub act: &'static str,
    /// A payment's id, or the filter of an export.
    pub subject: String,
    /// The administrator's own words; may be empty where none are asked for.
    pub reason: String,
}

/// Does it, with a line in the log before and its outcome after: without the first nothing is done.
///
/// It goes on to its end even if the caller hangs up.
///
/// # Errors
///
/// Those of what is done, and 503 while the log can't be written.
pub async fn logged<T: Send + 'static>(
    state: &AppState,
    admin: &User,
    deed: Deed,
    doing: impl Future<Output = Result<T, Problem>> + Send + 'static,
    outcome: fn(&T) -> String,
) -> Result<T, Problem> {
    let (shared, admin) = (state.clone(), admin.id);
    let whole = async move {
        let id = shared.ids.next_id();
        let new = NewAct { id, admin, act: deed.act, subject: &deed.subject, reason: &deed.reason };
        admin_acts::begin(&shared.db, &new, shared.clock.now()).await?;
        let done = doing.await;
        let outcome = match &done {
            Ok(done) => outcome(done),
            Err(problem) => format!("refused: {}", problem.code()),
        };
        if let Err(error) = admin_acts::end(&shared.db, id, &outcome).await {
            tracing::error!(%error, act.id = %id, outcome, "the outcome of an act can't be written");
        }
        done
    };
    state.tasks.spawn(in_this_language(whole)).await.map_err(Problem::internal)?
}

/// How a payment stands after an act.
pub fn standing(payment: &Payment) -> String {
    match payment.review {
        Some(anomaly) => format!("{}, in review: {anomaly}", payment.state.code()),
        None => payment.state.code().to_owned(),
    }
}

/// What the log can be searched for, in the order of the page's list.
pub const ACTS: [&str; 11] = [
    "recheck",
    "resolve",
    "refund",
    "export",
    "suspend_user",
    "lift_user",
    "suspend_room",
    "lift_room",
    "open_report",
    "decide_report",
    "add_admin",
];
/// No subject is longer but an export's filter, which nobody types.
const SUBJECT_CHARS_MAX: usize = 200;

/// The filter, as typed.
#[derive(Debug, Default, Clone, Deserialize, Serialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct ActsQuery {
    /// `recheck`, `resolve`, `refund`, `export`, `suspend_user`, `lift_user`, `suspend_room`, `lift_room`,
    /// `open_report`, `decide_report`, `add_admin`, or empty.
    pub act: String,
    /// An administrator's id.
    pub admin: String,
    /// The id of a payment, a person, a room or a report.
    pub q: String,
    /// The first day in Nepal, `2026-11-22`.
    pub from: String,
    /// The last day in Nepal.
    pub to: String,
    /// The `next_cursor` of the page before.
    #[serde(skip_serializing)]
    pub cursor: String,
}

/// A page of the log.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Acts)]
pub struct ActsBody {
    acts: Vec<ActBody>,
    next_cursor: Option<Uuid>,
}

/// One act.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Act)]
pub struct ActBody {
    id: Uuid,
    admin: String,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    act: String,
    subject: String,
    reason: String,
    outcome: Option<String>,
}

/// The route.
#[utoipa::path(
    get,
    path = "/api/admin/acts",
    operation_id = "admin_acts",
    tag = "admin",
    summary = "What administrators did",
    security(("session" = [])),
    params(ActsQuery),
    responses(
        (status = 200, description = "A page, newest first", body = ActsBody),
        (status = 422, description = "A field does not do: see `errors`"),
    ),
)]
pub async fn list(
    State(state): State<AppState>,
    AdminUser(_): AdminUser,
    QueryOf(query): QueryOf<ActsQuery>,
) -> Result<Json<ActsBody>, Problem> {
    let (acts, next_cursor) = page(&state, &query).await?;
    Ok(Json(ActsBody { acts: acts.into_iter().map(ActBody::from).collect(), next_cursor }))
}

/// A page of the log, and where the next one begins.
///
/// # Errors
///
/// 422 with each field of the filter that doesn't do.
pub async fn page(state: &AppState, query: &ActsQuery) -> Result<(Vec<Act>, Option<Uuid>), Problem> {
    let filter = filter(query)?;
    let mut acts = admin_acts::list(&state.db, &filter, PAGE_ACTS + 1).await?;
    let next = next_of(&mut acts, PAGE_ACTS, |act| act.id);
    Ok((acts, next))
}

fn filter(query: &ActsQuery) -> Result<ActFilter, Problem> {
    let before = id_cursor(&query.cursor)?;
    let mut fields = Fields::default();
    if !query.act.is_empty() && !ACTS.contains(&query.act.as_str()) {
        fields.refuse("act", t!("wrong-act"));
    }
    let admin = match query.admin.as_str() {
        "" => None,
        text => Uuid::try_parse(text).map_err(|_| fields.refuse("admin", t!("wrong-id"))).ok(),
    };
    let subject = fields.text("q", &query.q, 0..=SUBJECT_CHARS_MAX);
    let (from, until) = days(&mut fields, &query.from, &query.to);
    fields.finish()?;
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Ok(ActFilter { act: given(&query.act), admin, subject: given(&subject), from, until, before })
}

impl From<Act> for ActBody {
    fn from(act: Act) -> Self {
        let Act { id, admin_name: admin, at, act, subject, reason, outcome } = act;
        Self { id, admin, at, act, subject, reason, outcome }
    }
}
