//! The locked part of a room, which can't be read without a proof in hand.

use std::fmt;

use paygate::Unlocked;
use uuid::Uuid;

use super::{Db, Room, Row};
use crate::payments::room_of;

/// What one pays for.
pub struct Contact {
    /// The owner's name.
    pub name: String,
    /// The phone number to call.
    pub phone: String,
    /// Where the room is.
    pub address: String,
}

/// Why somebody may read a room's contact details.
#[derive(Debug)]
pub enum ContactProof {
    /// A verified payment opened it.
    Unlocked(Unlocked),
    /// It is the reader's own.
    Own(OwnRoom),
}

/// Proof that a room belongs to an account.
#[derive(Debug)]
pub struct OwnRoom(Uuid);

impl OwnRoom {
    /// The proof, when `user` is the owner.
    pub fn of(room: &Room, user: Uuid) -> Option<Self> {
        (room.owner_id == user).then_some(Self(room.id))
    }

    /// The room.
    pub(super) fn room(&self) -> Uuid {
        self.0
    }
}

impl ContactProof {
    /// The one room that it opens.
    pub(super) fn room(&self) -> Option<Uuid> {
        match self {
            Self::Unlocked(unlocked) => room_of(&unlocked.grant().resource),
            Self::Own(own) => Some(own.0),
        }
    }
}

/// The contact details of the room that the proof is for.
pub async fn contact(db: &Db, proof: &ContactProof) -> Result<Option<Contact>, sqlx::Error> {
    let Some(room) = proof.room() else { return Ok(None) };
    // A room that was taken down stays open to who paid for it.
    let sql = "SELECT users.name, contact_phone, address FROM rooms JOIN users ON users.id = rooms.owner_id
               WHERE rooms.id = $1";
    let read = |row: &Row| {
        Ok(Contact { name: row.get("name")?, phone: row.get("contact_phone")?, address: row.get("address")? })
    };
    db.read(sql).bind(room).fetch_optional(read).await
}

impl fmt::Debug for Contact {
    /// Contact details are in no log line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contact").finish_non_exhaustive()
    }
}
