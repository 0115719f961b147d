//! `GET /api/rooms/{id}/contact/`: what one pays for. The payment gate stands before this route.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use paygate::Unlocked;
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::CurrentUser;
use crate::db::rooms::{self, ContactProof, OwnRoom, photos};
use crate::http::body::PathId;
use crate::openapi::OfferBody;
use crate::problem::Problem;
use crate::state::AppState;

/// `{name, phone, address}`, and the photos that the owner marked private.
#[derive(Serialize, ToSchema)]
#[schema(as = Contact)]
pub struct ContactBody {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    private_photos: Vec<String>,
    name: String,
    phone: String,
    address: String,
}

/// The route: the gate let a payer through with the proof, or the owner without one.
#[utoipa::path(
    get,
    path = "/api/rooms/{id}/contact",
    operation_id = "contact",
    tag = "rooms",
    summary = "What one pays for: the payment gate",
    security(("session" = [])),
    params(("id" = Uuid, Path, description = "The room")),
    responses(
        (status = 200, description = "Unlocked", body = ContactBody),
        (status = 402, description = "Not paid yet: the offer", body = OfferBody, content_type = "application/problem+json"),
        (status = 403, description = "Not for this role"),
        (status = 409, description = "`payment_in_progress`: wait, and do not pay again"),
    ),
)]
pub async fn contact(
    State(state): State<AppState>,
    unlocked: Option<Unlocked>,
    CurrentUser(user): CurrentUser,
    PathId(id): PathId,
) -> Result<impl IntoResponse, Problem> {
    let proof = match unlocked {
        Some(unlocked) => ContactProof::Unlocked(unlocked),
        None => {
            let room = rooms::lookup_ever(&state.db, id).await?.ok_or_else(Problem::not_found)?;
            ContactProof::Own(OwnRoom::of(&room, user.id).ok_or_else(Problem::not_found)?)
        }
    };
    let contact = rooms::contact(&state.db, &proof).await?.ok_or_else(Problem::not_found)?;
    let private = photos::private(&state.db, &proof).await?;
    let body = ContactBody {
        private_photos: private.into_iter().map(|photo| photo.url).collect(),
        name: contact.name,
        phone: contact.phone,
        address: contact.address,
    };
    let private = (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    Ok(([private], Json(body)))
}
