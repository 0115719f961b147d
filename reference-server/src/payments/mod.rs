//! How the product uses paygate: which provider, which resource, who is told when a payment changes.

mod events;
mod gate;
mod locked;
mod offers;
mod provider;
pub mod returned;
mod store;
pub mod undelivered;
pub mod wire;

use paygate::{Offer, ResourceId, SubjectId};
use uuid::Uuid;

pub use self::events::pump;
pub use self::gate::{RoomGate, problem_of};
pub use self::locked::{RoomAccess, grant_of, room_access, room_for};
pub use self::offers::{OFFER_TTL_S, Offers, REALM, locked};
pub use self::provider::{Esewa, ProviderSetupError, esewa};
pub use self::store::{PaymentsOpenError, Remembering, Store, remembering};
use crate::problem::Problem;
use crate::state::AppState;

/// Payments asked about in one look at what is due.
pub const RECONCILE_PAYMENTS_MAX: u32 = 50;

/// Who pays and gets the grant.
pub fn subject_of_user(user: Uuid) -> Result<SubjectId, Problem> {
    SubjectId::new(format!("user:{user}")).map_err(Problem::internal)
}

/// What is paid for.
pub fn resource_of_room(room: Uuid) -> Result<ResourceId, Problem> {
    ResourceId::new(format!("room:{room}")).map_err(Problem::internal)
}

/// The room of a resource of ours.
pub fn room_of(resource: &ResourceId) -> Option<Uuid> {
    resource.as_str().strip_prefix("room:").and_then(|id| Uuid::try_parse(id).ok())
}

/// The user of a subject of ours.
pub fn user_of(subject: &SubjectId) -> Option<Uuid> {
    subject.as_str().strip_prefix("user:").and_then(|id| Uuid::try_parse(id).ok())
}

/// What unlocking a room costs, and that it lasts.
pub fn offer_of_room(state: &AppState, room: Uuid) -> Result<Offer, Problem> {
    Ok(Offer { resource: resource_of_room(room)?, price: state.unlock_price, grant_for: None })
}

/// How a client starts paying: part of every 402.
pub fn checkout_hint(room: Uuid) -> serde_json::Value {
    serde_json::json!({ "method": "POST", "url": offers::START_URL, "body": { "room_id": room } })
}
