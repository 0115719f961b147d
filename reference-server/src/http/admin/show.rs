//! `GET /api/admin/payments/{transaction_id}/`: one payment with everything that was ever seen and done about it.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use paygate::{Access, Observation, Payment};
use serde::Serialize;
use utoipa::ToSchema;

use super::acts::ActBody;
use super::list::AdminPaymentBody;
use crate::auth::AdminUser;
use crate::db::admin_acts::{self, Act};
use crate::http::body::PathText;
use crate::http::payments::show::payment;
use crate::problem::Problem;
use crate::state::AppState;

/// Acts on one payment that are shown, the newest ones.
const ACTS_MAX: u32 = 100;

/// The answer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AdminPaymentFile)]
pub struct FileBody {
    #[serde(flatten)]
    payment: AdminPaymentBody,
    access: &'static str,
    trail: Vec<SeenBody>,
    acts: Vec<ActBody>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Observation)]
struct SeenBody {
    source: &'static str,
    actor: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    first_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    last_at: Timestamp,
    times: u64,
    seen: String,
    state: String,
}

/// All that is known about a payment.
#[derive(Debug)]
pub struct File {
    /// How it stands.
    pub payment: Payment,
    /// How the room stands for its payer.
    pub access: Access,
    /// Who learned what about it, oldest first.
    pub trail: Vec<Observation>,
    /// What administrators did about it, newest first.
    pub acts: Vec<Act>,
}

/// The route.
#[utoipa::path(
    get,
    path = "/api/admin/payments/{transaction_id}",
    operation_id = "admin_payment",
    tag = "admin",
    summary = "One payment with its audit trail",
    security(("session" = [])),
    params(("transaction_id" = String, Path, description = "The payment")),
    responses((status = 200, description = "All that is known", body = FileBody)),
)]
pub async fn show(
    State(state): State<AppState>,
    AdminUser(_): AdminUser,
    PathText(transaction_id): PathText,
) -> Result<Json<FileBody>, Problem> {
    Ok(Json(FileBody::from(file(&state, &transaction_id).await?)))
}

/// Reads everything about a payment.
pub async fn file(state: &AppState, transaction_id: &str) -> Result<File, Problem> {
    let payment = payment(state, transaction_id).await?;
    let intent = &payment.intent;
    let trail = state.payments.trail(&intent.id).await.map_err(Problem::unavailable)?;
    let access = state.payments.access(&intent.subject, &intent.offer.resource).await;
    let access = access.map_err(Problem::unavailable)?;
    let acts = admin_acts::list_on(&state.db, intent.id.as_str(), ACTS_MAX).await?;
    Ok(File { payment, access, trail, acts })
}

impl From<File> for FileBody {
    fn from(file: File) -> Self {
        let seen = |seen: Observation| SeenBody {
            source: seen.source.code(),
            actor: seen.source.actor().map(|actor| actor.as_str().to_owned()),
            first_at: seen.first_at,
            last_at: seen.last_at,
            times: seen.times,
            seen: seen.seen,
            state: seen.state,
        };
        Self {
            payment: AdminPaymentBody::from(&file.payment),
            access: match file.access {
                Access::Granted(_) => "granted",
                Access::InFlight(_) => "in_flight",
                Access::Locked => "locked",
            },
            trail: file.trail.into_iter().map(seen).collect(),
            acts: file.acts.into_iter().map(ActBody::from).collect(),
        }
    }
}
