//! `PATCH /api/rooms/{id}/`: its owner changes a room.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::body::RoomBody;
use super::create::RENT_PAISA_MAX;
use crate::auth::CurrentUser;
use crate::db::rooms::{self, Change, Room};
use crate::db::users::User;
use crate::http::body::{JsonBody, PathId};
use crate::http::fields::{Fields, money_text};
use crate::problem::Problem;
use crate::state::AppState;

/// What changes; what is not named stays.
#[derive(Deserialize, ToSchema)]
#[schema(as = RoomChange)]
pub struct ChangeBody {
    pub title: Option<String>,
    pub description: Option<String>,
    pub city: Option<String>,
    pub area: Option<String>,
    #[serde(default, deserialize_with = "money_text")]
    pub rent: Option<String>,
    pub contact_phone: Option<String>,
    pub address: Option<String>,
}

/// The route.
#[utoipa::path(
    patch,
    path = "/api/rooms/{id}",
    operation_id = "change_room",
    tag = "rooms",
    summary = "Change a room, as its owner",
    security(("session" = [])),
    params(("id" = Uuid, Path, description = "The room")),
    request_body = ChangeBody,
    responses(
        (status = 200, description = "How it is now", body = RoomBody),
        (status = 403, description = "It is somebody else's"),
        (status = 422, description = "A field does not do: see `errors`"),
    ),
)]
pub async fn change(
    State(state): State<AppState>,
    CurrentUser(user): CurrentUser,
    PathId(id): PathId,
    JsonBody(body): JsonBody<ChangeBody>,
) -> Result<Json<RoomBody>, Problem> {
    let room = change_room(&state, &user, id, &body).await?;
    Ok(Json(RoomBody::of(&state, room, Some(&user)).await?))
}

/// Checks what was typed, and changes the room; how it is now.
pub async fn change_room(
    state: &AppState,
    user: &User,
    id: Uuid,
    body: &ChangeBody,
) -> Result<Room, Problem> {
    own_room(state, user, id).await?;
    let change = checked(body)?;
    if !rooms::change(&state.db, id, &change).await? {
        return Err(Problem::not_found());
    }
    rooms::lookup_ever(&state.db, id).await?.ok_or_else(Problem::not_found)
}

/// The room, when it is the user's own and not taken down; one that is suspended may be mended. Listed rooms are public, so
/// another's is 403 and not 404.
pub async fn own_room(state: &AppState, user: &User, id: Uuid) -> Result<Room, Problem> {
    let room = rooms::lookup_ever(&state.db, id).await?.ok_or_else(Problem::not_found)?;
    match (room.owner_id == user.id, room.listed) {
        (true, _) if !room.removed => Ok(room),
        (false, true) => Err(Problem::forbidden("Only its owner may change a room.")),
        (true | false, _) => Err(Problem::not_found()),
    }
}

fn checked(body: &ChangeBody) -> Result<Change, Problem> {
    let mut fields = Fields::default();
    let title = body.title.as_deref().map(|title| fields.line("title", title, 3..=120));
    let description = body.description.as_deref().map(|typed| fields.text("description", typed, 0..=4_000));
    let city = body.city.as_deref().map(|city| fields.line("city", city, 1..=60));
    let area = body.area.as_deref().map(|area| fields.line("area", area, 1..=60));
    let address = body.address.as_deref().map(|address| fields.line("address", address, 1..=200));
    let rent_paisa = body.rent.as_deref().map(|rent| fields.rupees("rent", rent, RENT_PAISA_MAX));
    let contact_phone = body.contact_phone.as_deref().map(|phone| fields.phone("contact_phone", phone));
    fields.finish()?;
    Ok(Change { title, description, city, area, rent_paisa, contact_phone, address })
}
