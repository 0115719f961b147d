//! `POST /create-payment-intent/`: a client starts paying for a room, or goes on with what was started. With the
//! `challenge` of a 402 it pays the price that was shown there.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use paygate::{IdempotencyKey, NextStep, Payment, Quoted, StartError, Started};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::auth::{CurrentUser, Role};
use crate::db::rooms;
use crate::db::users::User;
use crate::http::body::{JsonOrForm, parse_id};
use crate::payments::{offer_of_room, room_of, subject_of_user};
use crate::problem::{FieldError, Problem};
use crate::state::AppState;
use crate::ui::qr;

/// Which room, or the offer of it; one of the two does.
#[derive(Debug, Deserialize, ToSchema)]
pub struct IntentRequest {
    #[serde(default)]
    room_id: String,
    #[serde(default)]
    challenge: String,
}

/// What a client wants to pay for.
#[derive(Debug)]
pub struct Order {
    room: Uuid,
    /// The price and the way to pay that a 402 showed; else today's.
    quoted: Option<Quoted>,
    /// Names the request, so that it may be sent again.
    key: Option<IdempotencyKey>,
}

/// Intent, as the contract has it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Intent)]
pub struct IntentBody {
    transaction_id: String,
    room_id: Option<Uuid>,
    amount: String,
    currency: &'static str,
    status: &'static str,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    esewa: FormBody,
    checkout_url: String,
    qr_svg: String,
}

/// The form to post to eSewa as it stands: one changed character breaks the signature.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EsewaForm)]
pub struct FormBody {
    method: &'static str,
    url: String,
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    fields: Map<String, Value>,
}

/// The route: 201 for a new payment, 200 for one that was started before.
#[utoipa::path(
    post,
    path = "/create-payment-intent",
    operation_id = "create_payment_intent",
    tag = "payments",
    summary = "Start paying for a room, or go on with what was started",
    security(("session" = [])),
    request_body(content((IntentRequest = "application/json"), (IntentRequest = "application/x-www-form-urlencoded"))),
    responses(
        (status = 201, description = "A new payment", body = IntentBody),
        (status = 200, description = "The one that was started before", body = IntentBody),
        (status = 403, description = "Only clients pay"),
        (status = 409, description = "`already_unlocked`, or `payment_in_progress`"),
    ),
)]
pub async fn create_intent(
    State(state): State<AppState>,
    user: CurrentUser,
    headers: HeaderMap,
    JsonOrForm(request): JsonOrForm<IntentRequest>,
) -> Result<(StatusCode, Json<IntentBody>), Problem> {
    let client = user.require(Role::Client)?;
    let order = Order { key: key_of(&headers)?, ..order(&state, &client, &request)? };
    let started = start(&state, &client, order).await?;
    let status = if started.fresh { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(body(&state, &started.payment, started.next)?)))
}

impl Order {
    /// A room at today's price.
    pub fn of_room(room: Uuid) -> Self {
        Self { room, quoted: None, key: None }
    }
}

/// Starts, or goes on with, the client's payment for a room.
pub async fn start(state: &AppState, client: &User, order: Order) -> Result<Started, Problem> {
    let Order { room, quoted, key } = order;
    let subject = subject_of_user(client.id)?;
    if rooms::lookup(&state.db, room).await?.is_none() {
        return Err(Problem::not_found());
    }
    let (offer, via) = match quoted {
        Some(quoted) => (quoted.offer, quoted.via),
        None => (offer_of_room(state, room)?, state.offers.checkout.provider.clone()),
    };
    // Without a key of the client's, the open payment for client and room is what makes it idempotent.
    let key = match key {
        Some(key) => key,
        None => IdempotencyKey::new(state.ids.next_id().to_string()).map_err(Problem::internal)?,
    };
    // On the heap: it holds an open transaction and a request to eSewa.
    Box::pin(state.payments.start(&subject, offer, &via, key)).await.map_err(refusal)
}

fn order(state: &AppState, client: &User, request: &IntentRequest) -> Result<Order, Problem> {
    let IntentRequest { room_id, challenge } = request;
    if challenge.is_empty() {
        return match room_id.is_empty() {
            true => Err(Problem::invalid_body("room_id is required.")),
            false => Ok(Order::of_room(parse_id(room_id)?)),
        };
    }
    let quoted = state.offers.quoted(challenge, &subject_of_user(client.id)?, state.clock.now())?;
    let room = room_of(&quoted.offer.resource).ok_or_else(Problem::not_found)?;
    if !room_id.is_empty() && parse_id(room_id)? != room {
        let message = "is for another room.".to_owned();
        return Err(Problem::invalid_fields(vec![FieldError { field: "challenge", message }]));
    }
    Ok(Order { room, quoted: Some(quoted), key: None })
}

fn key_of(headers: &HeaderMap) -> Result<Option<IdempotencyKey>, Problem> {
    let Some(sent) = headers.get("idempotency-key") else { return Ok(None) };
    let key = sent.to_str().ok().and_then(|text| IdempotencyKey::new(text).ok());
    key.map(Some).ok_or_else(|| {
        let message = "is 1 to 200 visible ASCII characters.".to_owned();
        Problem::invalid_fields(vec![FieldError { field: "Idempotency-Key", message }])
    })
}

fn refusal(error: StartError) -> Problem {
    match error {
        StartError::AlreadyGranted(_) => Problem::already_unlocked(),
        StartError::InProgress(id) => Problem::payment_in_progress().with("transaction_id", id.as_str()),
        StartError::KeyReused => Problem::id_reused(),
        StartError::Provider(error) => Problem::provider_unavailable(error),
        StartError::Store(error) => Problem::unavailable(error),
        error => Problem::internal(error),
    }
}

fn body(state: &AppState, payment: &Payment, next: NextStep) -> Result<IntentBody, Problem> {
    let id = payment.intent.id.as_str();
    let checkout_url = checkout_url(state, id)?;
    let (method, url, fields) = match next {
        NextStep::PostForm { action, fields } => {
            ("POST", action, fields.into_iter().map(|(name, value)| (name, Value::String(value))).collect())
        }
        NextStep::Redirect(url) => ("GET", url, Map::new()),
        _ => return Err(Problem::internal_without_cause()),
    };
    let price = &payment.intent.offer.price;
    Ok(IntentBody {
        transaction_id: id.to_owned(),
        room_id: room_of(&payment.intent.offer.resource),
        amount: price.decimal_text(),
        currency: price.currency.code(),
        status: "pending",
        expires_at: payment.intent.expires_at,
        esewa: FormBody { method, url: url.to_string(), fields },
        qr_svg: qr::svg(&checkout_url).unwrap_or_default(),
        checkout_url,
    })
}

/// What the QR code says: the checkout page, for a phone that is not signed in.
pub fn checkout_url(state: &AppState, transaction_id: &str) -> Result<String, Problem> {
    let url = state.public_url.join(&format!("/pay/{transaction_id}/")).map_err(Problem::internal)?;
    Ok(url.into())
}
