//! The proof that a page asks for before it reads contact details; the API's route gets it from the gate.

use paygate::{Access, PaymentId, Unlocked};

use super::{resource_of_room, subject_of_user};
use crate::auth::Role;
use crate::db::rooms::{ContactProof, OwnRoom, Room};
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
    match state.payments.access(&subject, &resource).await.map_err(Problem::unavailable)? {
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
