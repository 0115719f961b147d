//! `GET /api/admin/rooms/`: every room, listed or not. No contact detail is in it: an administrator has not paid either.

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::auth::{AdminUser, Phone};
use crate::db::rooms::{self, Room, SearchFilter, Standing};
use crate::db::users;
use crate::http::admin::page::{id_cursor, next_of};
use crate::http::body::QueryOf;
use crate::http::fields::Fields;
use crate::http::wire;
use crate::problem::Problem;
use crate::state::AppState;

/// Rooms a page.
const PAGE_ROOMS: u32 = 25;
/// A longer search is no search.
const QUERY_CHARS_MAX: usize = 100;
/// Each word is one more comparison a room.
const QUERY_WORDS_MAX: usize = 8;

/// The filter, as typed.
#[derive(Debug, Default, Clone, Deserialize, Serialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct RoomsQuery {
    /// Words, the owner's phone number, or the id of a room or of an owner.
    pub q: String,
    /// `listed`, `suspended`, `removed`, or empty.
    pub standing: String,
    /// The `next_cursor` of the page before.
    #[serde(skip_serializing)]
    pub cursor: String,
}

/// A page of rooms.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AdminRooms)]
pub struct RoomsBody {
    rooms: Vec<RoomBody>,
    next_cursor: Option<Uuid>,
}

/// A room as an administrator sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AdminRoom)]
pub struct RoomBody {
    id: Uuid,
    title: String,
    description: String,
    city: String,
    area: String,
    rent: String,
    photos: Vec<String>,
    owner_id: Uuid,
    owner_name: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Whether everybody finds it; not where its owner is suspended, either.
    listed: bool,
    /// Whether its owner took it down.
    removed: bool,
    #[schema(value_type = Option<String>, format = DateTime)]
    suspended_at: Option<Timestamp>,
}

/// The route.
#[utoipa::path(
    get,
    path = "/api/admin/rooms",
    operation_id = "admin_rooms",
    tag = "admin",
    summary = "Every room, listed or not",
    security(("session" = [])),
    params(RoomsQuery),
    responses(
        (status = 200, description = "A page, newest first", body = RoomsBody),
        (status = 422, description = "A field does not do: see `errors`"),
    ),
)]
pub async fn list(
    State(state): State<AppState>,
    AdminUser(_): AdminUser,
    QueryOf(query): QueryOf<RoomsQuery>,
) -> Result<Json<RoomsBody>, Problem> {
    let (rooms, next_cursor) = find(&state, &query).await?;
    Ok(Json(RoomsBody { rooms: rooms.into_iter().map(RoomBody::from).collect(), next_cursor }))
}

/// A page of what was looked for, and where the next one begins.
///
/// # Errors
///
/// 422 with each field of the filter that doesn't do.
pub async fn find(state: &AppState, query: &RoomsQuery) -> Result<(Vec<Room>, Option<Uuid>), Problem> {
    let before = id_cursor(&query.cursor)?;
    let (standing, text) = checked(query)?;
    let mut filter = SearchFilter { standing, before, ..SearchFilter::default() };
    if let Ok(phone) = Phone::parse(&text) {
        let Some((owner, _)) = users::lookup_by_phone(&state.db, phone.as_str()).await? else {
            return Ok((Vec::new(), None));
        };
        filter.owner = Some(owner.id);
    } else if let Ok(id) = Uuid::try_parse(&text) {
        match rooms::lookup_ever(&state.db, id).await? {
            Some(room) => return Ok((vec![room], None)),
            None => filter.owner = Some(id),
        }
    } else {
        filter.words = text.split_whitespace().take(QUERY_WORDS_MAX).map(str::to_owned).collect();
    }
    let mut rooms = rooms::search(&state.db, &filter, PAGE_ROOMS + 1).await?;
    let next = next_of(&mut rooms, PAGE_ROOMS, |room| room.id);
    Ok((rooms, next))
}

fn checked(query: &RoomsQuery) -> Result<(Standing, String), Problem> {
    let mut fields = Fields::default();
    let text = fields.text("q", &query.q, 0..=QUERY_CHARS_MAX);
    let standing = match query.standing.as_str() {
        "" => Standing::Any,
        "listed" => Standing::Listed,
        "suspended" => Standing::Suspended,
        "removed" => Standing::Removed,
        _ => {
            fields.refuse("standing", t!("wrong-room-state"));
            Standing::Any
        }
    };
    fields.finish()?;
    Ok((standing, text))
}

impl From<Room> for RoomBody {
    fn from(room: Room) -> Self {
        Self {
            id: room.id,
            title: room.title,
            description: room.description,
            city: room.city,
            area: room.area,
            rent: wire::money(room.rent_paisa),
            photos: room.photos,
            owner_id: room.owner_id,
            owner_name: room.owner_name,
            created_at: room.created_at,
            listed: room.listed,
            removed: room.removed,
            suspended_at: room.suspended_at,
        }
    }
}
