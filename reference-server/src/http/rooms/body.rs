//! A room as everybody sees it.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::auth::Role;
use crate::db::rooms::Room;
use crate::db::users::User;
use crate::http::wire;
use crate::payments::grant_of;
use crate::problem::Problem;
use crate::state::AppState;

/// Room, as the contract has it: without contact details.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Room)]
pub struct RoomBody {
    id: Uuid,
    title: String,
    description: String,
    city: String,
    area: String,
    rent: String,
    photos: Vec<String>,
    owner: OwnerBody,
    unlock_price: String,
    currency: &'static str,
    unlocked: bool,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RoomOwner)]
struct OwnerBody {
    id: Uuid,
    name: String,
}

impl RoomBody {
    /// The room for this viewer, who may have unlocked it.
    pub async fn of(state: &AppState, room: Room, viewer: Option<&User>) -> Result<Self, Problem> {
        let unlocked = is_unlocked(state, &room, viewer).await?;
        Ok(Self::new(state, room, unlocked))
    }

    /// The room, given whether it is open for whoever looks.
    pub fn new(state: &AppState, room: Room, unlocked: bool) -> Self {
        Self {
            id: room.id,
            title: room.title,
            description: room.description,
            city: room.city,
            area: room.area,
            rent: wire::money(room.rent_paisa),
            photos: room.photos,
            owner: OwnerBody { id: room.owner_id, name: room.owner_name },
            unlock_price: state.unlock_price.decimal_text(),
            currency: wire::CURRENCY,
            unlocked,
            created_at: room.created_at,
        }
    }
}

/// Whether the viewer may see the room's contact details: by a grant, or as its owner.
pub async fn is_unlocked(state: &AppState, room: &Room, viewer: Option<&User>) -> Result<bool, Problem> {
    let Some(viewer) = viewer else { return Ok(false) };
    if viewer.id == room.owner_id {
        return Ok(true);
    }
    if viewer.role != Role::Client {
        return Ok(false);
    }
    Ok(matches!(grant_of(state, viewer.id, room.id).await?, paygate::Access::Granted(_)))
}
