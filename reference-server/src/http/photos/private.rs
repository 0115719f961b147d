//! `GET /rooms/{id}/photos/{file}`: a photo that its owner marked private. The payment gate stands before this route.

use axum::extract::{Path, State};
use axum::response::Response;
use paygate::Unlocked;

use super::jpeg;
use crate::auth::CurrentUser;
use crate::db::rooms::{self, ContactProof, OwnRoom, photos};
use crate::http::body::parse_id;
use crate::photos::{Audience, PhotoFile};
use crate::problem::Problem;
use crate::state::AppState;

/// The route: the gate let a payer through with the proof, or the owner without one.
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
