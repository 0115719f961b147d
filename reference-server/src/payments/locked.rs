//! The proof that a page asks for before it reads contact details; the API's route gets it from the gate.

use paygate::{Access, PaymentId, Unlocked};
use uuid::Uuid;

use super::{resource_of_room, subject_of_user};
use crate::auth::Role;
use crate::db::rooms::{self, ContactProof, OwnRoom, Room};
use crate::db::users::User;
use crate::problem::Problem;
use crate::state::AppState;

/// How a room stands for a viewer.
#[derive(Debug)]
pub enum RoomAccess {
    /// Contact details may be read with this proof.
    Open(ContactProof),
    /// This payment is being checked: nothing to pay, nothing to see.
    InFlight(PaymentId),
    /// To be paid for.
    Locked,
}

/// A room that the viewer may know of, and how it stands for them. One that was taken down or suspended stays there for
/// its owner and who paid or may have paid, and is nowhere for everybody else. Finding out takes as many questions
/// where there is no room at all, so that the time of the answer doesn't tell which.
///
/// # Errors
///
/// 404 when there is none for the viewer.
pub async fn room_for(
    state: &AppState,
    id: Uuid,
    viewer: Option<&User>,
) -> Result<(Room, RoomAccess), Problem> {
    let Some(room) = rooms::lookup_ever(&state.db, id).await? else {
        if let Some(client) = viewer.filter(|viewer| viewer.role == Role::Client) {
            grant_of(state, client.id, id).await?;
        }
        return Err(Problem::not_found());
    };
    let access = room_access(state, &room, viewer).await?;
    match !room.listed && matches!(access, RoomAccess::Locked) {
        true => Err(Problem::not_found()),
        false => Ok((room, access)),
    }
}

/// What the grants say of a client and a room.
pub async fn grant_of(state: &AppState, client: Uuid, room: Uuid) -> Result<Access, Problem> {
    let (subject, resource) = (subject_of_user(client)?, resource_of_room(room)?);
    state.payments.access(&subject, &resource).await.map_err(Problem::unavailable)
}

/// How the room stands for the viewer, who may be nobody.
pub async fn room_access(
    state: &AppState,
    room: &Room,
    viewer: Option<&User>,
) -> Result<RoomAccess, Problem> {
    let Some(viewer) = viewer else { return Ok(RoomAccess::Locked) };
    if let Some(own) = OwnRoom::of(room, viewer.id) {
        return Ok(RoomAccess::Open(ContactProof::Own(own)));
    }
    if viewer.role != Role::Client {
        return Ok(RoomAccess::Locked);
    }
    let (subject, resource) = (subject_of_user(viewer.id)?, resource_of_room(room.id)?);
    let now = state.clock.now();
    match grant_of(state, viewer.id, room.id).await? {
        Access::InFlight(payment) => Ok(RoomAccess::InFlight(payment)),
        Access::Locked => Ok(RoomAccess::Locked),
        Access::Granted(_) => {
            let proof = Unlocked::prove(state.payments.store(), &subject, &resource, now).await;
            Ok(match proof.map_err(Problem::unavailable)? {
                Some(proof) => RoomAccess::Open(ContactProof::Unlocked(proof)),
                // Revoked between the two looks.
                None => RoomAccess::Locked,
            })
        }
    }
}
