//! `GET /rooms/{id}/photos/{file}`: a photo that its owner marked private. The payment gate stands before this route.

use axum::extract::{Path, State};
use axum::response::Response;
use paygate::Unlocked;

use super::jpeg;
use crate::auth::CurrentUser;
use crate::db::rooms::{self, ContactProof, OwnRoom, photos};
use crate::http::body::parse_id;
use crate::openapi::OfferBody;
use crate::photos::{Audience, PhotoFile};
use crate::problem::Problem;
use crate::state::AppState;

/// The route: the gate let a payer through with the proof, or the owner without one.
#[utoipa::path(
    get,
    path = "/rooms/{id}/photos/{file}",
    operation_id = "private_photo",
    tag = "rooms",
    summary = "A photo behind the payment gate",
    security(("session" = [])),
    params(("id" = Uuid, Path, description = "The room"), ("file" = String, Path, description = "As the contact answer names it")),
    responses(
        (status = 200, description = "The photo", body = Vec<u8>, content_type = "image/jpeg"),
        (status = 402, description = "Not paid yet: the offer", body = OfferBody, content_type = "application/problem+json"),
        (status = 403, description = "Not for this role"),
        (status = 409, description = "`payment_in_progress`: wait, and do not pay again"),
    ),
)]
pub async fn private(
    State(state): State<AppState>,
    unlocked: Option<Unlocked>,
    CurrentUser(user): CurrentUser,
    Path((room, file)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let file: PhotoFile = file.parse().map_err(|_| Problem::not_found())?;
    let proof = match unlocked {
        Some(unlocked) => ContactProof::Unlocked(unlocked),
        None => {
            let room =
                rooms::lookup_ever(&state.db, parse_id(&room)?).await?.ok_or_else(Problem::not_found)?;
            ContactProof::Own(OwnRoom::of(&room, user.id).ok_or_else(Problem::not_found)?)
        }
    };
    if !photos::opens(&state.db, &proof, &file.name).await? {
        return Err(Problem::not_found());
    }
    let bytes = state.photos.read(&file, Audience::Unlocked).await.map_err(Problem::unavailable)?;
    Ok(jpeg(bytes.ok_or_else(Problem::not_found)?, "private, no-store"))
}
