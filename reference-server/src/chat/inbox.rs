//! A user's conversations, as far as they may see them now.

use std::collections::HashMap;

use chat_core::{Action, InboxEntry, UserId};

use super::{member, problem_of};
use crate::db::conversations::{self, Listed};
use crate::db::users::User;
use crate::problem::Problem;
use crate::state::AppState;

/// How many conversations are read at a time, and how many in all.
const PAGE_LINES: u32 = 100;
const LINES_MAX: usize = 1_000;

/// One conversation.
#[derive(Debug, Clone)]
pub struct Line {
    /// Room and people.
    pub listed: Listed,
    /// What the chat knows of it.
    pub entry: InboxEntry,
}

/// The conversations of a user, newest activity first. Those whose access ended are left out.
pub async fn inbox(state: &AppState, user: &User) -> Result<Vec<Line>, Problem> {
    let known = conversations::list(&state.db, user.id).await?;
    let mut known: HashMap<_, _> = known.into_iter().map(|listed| (listed.pairing.id, listed)).collect();
    let mut lines = Vec::new();
    let mut after = None;
    while lines.len() < LINES_MAX {
        let page = state.chat.engine.inbox(UserId(user.id), after, PAGE_LINES).await;
        let page = page.map_err(problem_of)?;
        let Some(last) = page.last() else { break };
        after = Some(last.cursor());
        for entry in page {
            let Some(listed) = known.remove(&entry.head.conversation.0) else { continue };
            if may_read(state, user, &entry).await {
                lines.push(Line { listed, entry });
            }
        }
    }
    Ok(lines)
}

/// Posts to the user that they have not read, in all the conversations that they may see.
pub async fn unread_total(state: &AppState, user: &User) -> Result<u64, Problem> {
    Ok(inbox(state, user).await?.iter().map(|line| line.entry.unread).sum())
}

/// What can't be checked now is left out, too.
async fn may_read(state: &AppState, user: &User, entry: &InboxEntry) -> bool {
    let id = entry.head.conversation;
    state.chat.engine.check(&member(user.id), id, Action::Read).await.is_ok()
}
