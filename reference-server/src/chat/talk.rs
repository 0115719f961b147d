//! From a room and a caller to their conversation.

use std::sync::Arc;

use axum_extra::extract::cookie::CookieJar;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chat_core::{ChatError, ConversationId, Denied, Principal, UserId};
use paygate::{Access, Refusal, Terms};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::refusal::problem_of;
use crate::auth::Role;
use crate::db::conversations::{self, Pairing};
use crate::db::rooms::{self, Room};
use crate::db::users::User;
use crate::http::body::parse_id;
use crate::payments::{self, grant_of, resource_of_room};
use crate::problem::{FieldError, Problem};
use crate::state::AppState;

/// A conversation that the caller takes part in.
#[derive(Debug, Clone)]
pub struct Talk {
    /// Room and people.
    pub pairing: Pairing,
    /// Who asks.
    pub who: Principal,
}

impl Talk {
    /// The conversation's id for the engine.
    pub fn conversation(&self) -> ConversationId {
        ConversationId(self.pairing.id)
    }

    /// What is answered when the engine refuses.
    pub fn problem(&self, state: &AppState, error: ChatError) -> Problem {
        match error {
            ChatError::Denied(Denied::PaymentRequired) => {
                payments::locked(state, self.pairing.client_id, self.pairing.room_id)
            }
            error => problem_of(error),
        }
    }
}

/// A caller without a session of their own: for requests, which checked it just now.
pub fn member(user: Uuid) -> Principal {
    Principal::of(UserId(user))
}

/// A caller whose chat ends with their session.
pub fn principal(state: &AppState, jar: &CookieJar, user: Uuid) -> Principal {
    let token = state.session_cookie.token(jar);
    let session = token.map(|token| STANDARD.encode(token.as_bytes())).unwrap_or_default();
    Principal { user: UserId(user), session: Arc::from(session) }
}

/// The conversation about a room: the client's own, or for its owner the one with `client_id`. It is made when the
/// two may talk for the first time.
///
/// # Errors
///
/// 402 for a client that has not paid, 409 while a payment is being checked, 422 for an owner who names no client,
/// 404 for anyone else.
pub async fn talk(state: &AppState, user: &User, room: &str, client: Option<&str>) -> Result<Talk, Problem> {
    let room_id = parse_id(room)?;
    let client = client.map(parse_id).transpose()?;
    // Where there is no room, as much is asked as where there is one that the caller may not know of.
    let room = rooms::lookup_ever(&state.db, room_id).await?;
    let owns = room.as_ref().is_some_and(|room| room.owner_id == user.id);
    let client = match (owns, client) {
        (true, Some(client)) => client,
        (true, None) => {
            let message = "says which client you mean.".to_owned();
            return Err(Problem::invalid_fields(vec![FieldError { field: "client_id", message }]));
        }
        (false, None) => user.id,
        (false, Some(client)) if client == user.id => client,
        (false, Some(_)) => return Err(Problem::not_found()),
    };
    let who = member(user.id);
    let known = conversations::lookup_of(&state.db, room_id, client).await?;
    if let Some(room) = room.as_ref().filter(|_| owns) {
        if let Some(pairing) = known {
            return Ok(Talk { pairing, who });
        }
        return match grant_of(state, client, room.id).await? {
            Access::Granted(_) => Ok(Talk { pairing: begin(state, room, client).await?, who }),
            Access::InFlight(_) | Access::Locked => Err(Problem::not_found()),
        };
    }
    if user.role != Role::Client {
        return Err(Problem::not_found());
    }
    let access = grant_of(state, client, room_id).await?;
    let room = room.ok_or_else(Problem::not_found)?;
    match access {
        Access::Granted(_) => {
            let pairing = match known {
                Some(pairing) => pairing,
                None => begin(state, &room, client).await?,
            };
            Ok(Talk { pairing, who })
        }
        Access::InFlight(payment) => {
            let resource = resource_of_room(room.id)?;
            Err(payments::problem_of(&Refusal::InProgress { payment, resource }, &Terms::default()))
        }
        // A room that was taken down is for sale to nobody.
        Access::Locked if !room.listed => Err(Problem::not_found()),
        Access::Locked => Err(payments::locked(state, client, room.id)),
    }
}

/// Makes the conversation of a client about a room, if there is none.
pub async fn open_conversation(state: &AppState, room: Uuid, client: Uuid) -> Result<(), Problem> {
    let room = rooms::lookup_ever(&state.db, room).await?.ok_or_else(Problem::not_found)?;
    begin(state, &room, client).await.map(drop)
}

/// The log first, then the pairing that names it: a crash between the two leaves nothing that could be found.
async fn begin(state: &AppState, room: &Room, client: Uuid) -> Result<Pairing, Problem> {
    let pairing =
        Pairing { id: id_of(room.id, client), room_id: room.id, client_id: client, owner_id: room.owner_id };
    let members = [UserId(pairing.client_id), UserId(pairing.owner_id)];
    let made = state.chat.engine.create_conversation(ConversationId(pairing.id), &members).await;
    made.map_err(problem_of)?;
    conversations::ensure(&state.db, &pairing, state.clock.now()).await?;
    Ok(pairing)
}

/// Follows from room and client, so that two requests at once make one conversation.
fn id_of(room: Uuid, client: Uuid) -> Uuid {
    let digest = Sha256::new().chain_update(room.as_bytes()).chain_update(client.as_bytes()).finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
