//! `POST /api/rooms/`: an owner lists a room.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::body::RoomBody;
use crate::auth::{CurrentUser, Role};
use crate::db::rooms::{self, NewRoom};
use crate::db::users::User;
use crate::http::body::JsonBody;
use crate::http::fields::{Fields, money_text};
use crate::problem::Problem;
use crate::state::AppState;

/// A month's rent at most, in paisa: a million rupees is a typing mistake.
pub const RENT_PAISA_MAX: u64 = 100_000_000;

/// What an owner types; a missing field is an empty one, which is refused by name.
#[derive(Default, Deserialize, ToSchema)]
pub struct Listing {
    /// A line.
    #[serde(default)]
    pub title: String,
    /// Some lines.
    #[serde(default)]
    pub description: String,
    /// The city or town.
    #[serde(default)]
    pub city: String,
    /// The part of the city.
    #[serde(default)]
    pub area: String,
    /// Rupees a month, in Latin or Nepali digits.
    #[serde(default, deserialize_with = "money_text")]
    pub rent: Option<String>,
    /// Locked.
    #[serde(default)]
    pub contact_phone: String,
    /// Locked.
    #[serde(default)]
    pub address: String,
}

/// The route.
#[utoipa::path(
    post,
    path = "/api/rooms",
    operation_id = "list_room",
    tag = "rooms",
    summary = "List a room, as an owner",
    security(("session" = [])),
    request_body = Listing,
    responses(
        (status = 201, description = "The room", body = RoomBody),
        (status = 403, description = "Only owners list rooms"),
        (status = 422, description = "A field does not do: see `errors`"),
    ),
)]
pub async fn create(
    State(state): State<AppState>,
    user: CurrentUser,
    JsonBody(listing): JsonBody<Listing>,
) -> Result<(StatusCode, Json<RoomBody>), Problem> {
    let owner = user.require(Role::Owner)?;
    let id = list_room(&state, &owner, &listing).await?;
    let room = rooms::lookup(&state.db, id).await?.ok_or_else(Problem::not_found)?;
    Ok((StatusCode::CREATED, Json(RoomBody::of(&state, room, Some(&owner)).await?)))
}

/// Checks what was typed, and lists the room.
pub async fn list_room(state: &AppState, owner: &User, typed: &Listing) -> Result<Uuid, Problem> {
    let mut fields = Fields::default();
    let title = fields.line("title", &typed.title, 3..=120);
    let description = fields.text("description", &typed.description, 0..=4_000);
    let city = fields.line("city", &typed.city, 1..=60);
    let area = fields.line("area", &typed.area, 1..=60);
    let rent_paisa = fields.rupees("rent", typed.rent.as_deref().unwrap_or_default(), RENT_PAISA_MAX);
    let contact_phone = fields.phone("contact_phone", &typed.contact_phone);
    let address = fields.line("address", &typed.address, 1..=200);
    fields.finish()?;
    let id = state.ids.next_id();
    let new = NewRoom {
        id,
        owner: owner.id,
        title: &title,
        description: &description,
        city: &city,
        area: &area,
        rent_paisa,
        contact_phone: &contact_phone,
        address: &address,
    };
    rooms::add(&state.db, &new, state.clock.now()).await?;
    Ok(id)
}
