//! A user's conversations, as far as they may see them now. Who may is asked for all of them at once, by the same rule as
//! [`GrantPolicy`](super::GrantPolicy) asks it for one.

use std::collections::{HashMap, HashSet};

use chat_core::{InboxCursor, InboxEntry, UserId};
use uuid::Uuid;

use super::problem_of;
use crate::auth::Role;
use crate::db::conversations::{self, Listed, Pairing};
use crate::db::unlocks;
use crate::db::users::User;
use crate::payments::subject_of_user;
use crate::problem::Problem;
use crate::state::AppState;

/// How many conversations are read at a time.
const PAGE_LINES: u32 = 100;
/// How many are listed.
pub const LINES_MAX: usize = 1_000;

/// One conversation.
#[derive(Debug, Clone)]
pub struct Line {
    /// Room and people.
    pub listed: Listed,
    /// What the chat knows of it.
    pub entry: InboxEntry,
    /// Nothing can be said in it now: one has blocked the other, or the client's access ended.
    pub closed: bool,
}

/// The conversations of a user, newest activity first. Those whose access ended are left out.
pub async fn inbox(state: &AppState, user: &User) -> Result<Vec<Line>, Problem> {
    let known = conversations::list(&state.db, user.id).await?;
    let mut known: HashMap<_, _> = known.into_iter().map(|listed| (listed.pairing.id, listed)).collect();
    let open = open(state, user).await?;
    let is_open = |pairing: &Pairing| open.contains(&(pairing.room_id, pairing.client_id));
    let mut lines = Vec::new();
    let mut after = None;
    while lines.len() < LINES_MAX {
        let page = page(state, user, &mut after).await?;
        if page.is_empty() {
            break;
        }
        for entry in page {
            let Some(listed) = known.remove(&entry.head.conversation.0) else { continue };
            let open = is_open(&listed.pairing);
            // The owner keeps what was said.
            if open || listed.pairing.owner_id == user.id {
                lines.push(Line { closed: listed.blocked || !open, listed, entry });
            }
        }
    }
    Ok(lines)
}

/// Posts to the user that they have not read, in all the conversations that they may see. As many questions, however
/// many conversations there are; only for who lost access to one with something unread, the others are looked at.
pub async fn unread_total(state: &AppState, user: &User) -> Result<u64, Problem> {
    let total = state.chat.engine.unread(UserId(user.id)).await.map_err(problem_of)?;
    if total == 0 || user.role != Role::Client {
        return Ok(total);
    }
    let subject = subject_of_user(user.id)?;
    let closed = conversations::closed_to(&state.db, user.id, subject.as_str(), state.clock.now()).await?;
    if closed.is_empty() {
        return Ok(total);
    }
    let (mut total, mut after) = (0, None);
    loop {
        let page = page(state, user, &mut after).await?;
        if page.is_empty() {
            return Ok(total);
        }
        let seen = page.iter().filter(|entry| !closed.contains(&entry.head.conversation.0));
        total += seen.map(|entry| entry.unread).sum::<u64>();
    }
}

/// Which rooms are open for whom now, as far as it concerns the user's conversations.
async fn open(state: &AppState, user: &User) -> Result<HashSet<(Uuid, Uuid)>, Problem> {
    let now = state.clock.now();
    if user.role == Role::Client {
        let subject = subject_of_user(user.id)?;
        let rooms = unlocks::rooms_of_subject(&state.db, subject.as_str(), now).await?;
        return Ok(rooms.into_iter().map(|room| (room, user.id)).collect());
    }
    Ok(unlocks::of_owner(&state.db, user.id, now).await?.into_iter().collect())
}

/// The next page, and where it ended.
async fn page(
    state: &AppState,
    user: &User,
    after: &mut Option<InboxCursor>,
) -> Result<Vec<InboxEntry>, Problem> {
    let page = state.chat.engine.inbox(UserId(user.id), *after, PAGE_LINES).await.map_err(problem_of)?;
    *after = page.last().map(InboxEntry::cursor);
    Ok(page)
}
