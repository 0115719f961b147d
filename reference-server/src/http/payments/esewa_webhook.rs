//! `POST /esewa-webhook/`: anyone may say "look again"; nothing they say is believed.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::esewa_failure::hinted;
use super::esewa_success::settle;
use crate::http::body::JsonOrForm;
use crate::payments::wire::Status;
use crate::problem::Problem;
use crate::state::AppState;

/// Either our id or a whole callback.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = EsewaHint)]
pub struct Hint {
    transaction_id: Option<String>,
    data: Option<String>,
}

/// What eSewa said when it was asked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EsewaHintAnswer)]
pub struct WebhookBody {
    transaction_id: String,
    status: Status,
}

/// The route.
#[utoipa::path(
    post,
    path = "/esewa-webhook",
    operation_id = "esewa_webhook",
    tag = "payments",
    summary = "Have eSewa asked about a payment; from anyone, and believed nothing",
    request_body(content((Hint = "application/json"), (Hint = "application/x-www-form-urlencoded"))),
    responses(
        (status = 200, description = "What eSewa says", body = WebhookBody),
        (status = 404, description = "No such payment"),
    ),
)]
pub async fn esewa_webhook(
    State(state): State<AppState>,
    JsonOrForm(hint): JsonOrForm<Hint>,
) -> Result<Json<WebhookBody>, Problem> {
    let payment = match (hint.transaction_id, hint.data) {
        (Some(id), None) => hinted(&state, &id).await?,
        (None, Some(data)) => {
            let query: String =
                url::form_urlencoded::Serializer::new(String::new()).append_pair("data", &data).finish();
            settle(&state, &query).await?
        }
        _ => return Err(Problem::invalid_body("Send either transaction_id or data.")),
    };
    let transaction_id = payment.intent.id.as_str().to_owned();
    Ok(Json(WebhookBody { transaction_id, status: Status::from(&payment) }))
}
