//! What the policy answered a moment ago, so that a lively chat does not ask the database before every word.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chat_core::{ConversationId, Principal, UserId};
use jiff::{SignedDuration, Timestamp};

/// How long a yes may be repeated. What it rests on may be as old as a remembered grant: access that was withdrawn on
/// another node ends within both times, a second.
pub const REPEATED_MS: i64 = 700;
/// Answers that are remembered before those that are too old are forgotten.
const ANSWERS_MAX: usize = 8_192;

/// Yeses to sends. A no is never remembered.
#[derive(Debug, Default)]
pub(super) struct Recent {
    until: Mutex<HashMap<Key, Timestamp>>,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Key {
    user: UserId,
    session: Arc<str>,
    conversation: ConversationId,
}

impl Recent {
    pub(super) fn allows(&self, who: &Principal, conversation: ConversationId, now: Timestamp) -> bool {
        self.answers().get(&key(who, conversation)).is_some_and(|until| now < *until)
    }

    /// A yes that holds until `end`, if it has one.
    pub(super) fn remember(
        &self,
        who: &Principal,
        conversation: ConversationId,
        now: Timestamp,
        end: Option<Timestamp>,
    ) {
        let until = now.checked_add(SignedDuration::from_millis(REPEATED_MS)).unwrap_or(now);
        let mut answers = self.answers();
        if answers.len() >= ANSWERS_MAX {
            answers.retain(|_, until| now < *until);
        }
        answers.insert(key(who, conversation), end.map_or(until, |end| end.min(until)));
    }

    /// Somebody's access changed on this node. It may decide what others may send, too, and it is rare.
    pub(super) fn forget(&self) {
        self.answers().clear();
    }

    fn answers(&self) -> MutexGuard<'_, HashMap<Key, Timestamp>> {
        self.until.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(who: &Principal, conversation: ConversationId) -> Key {
    Key { user: who.user, session: Arc::clone(&who.session), conversation }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn yes_is_repeated_for_a_moment_only() {
        let (recent, who) = (Recent::default(), Principal::of(UserId(Uuid::from_u128(1))));
        let (room, now) =
            (ConversationId(Uuid::from_u128(2)), Timestamp::from_second(1_000).expect("a time"));
        let later = |ms| now + SignedDuration::from_millis(ms);
        assert!(!recent.allows(&who, room, now));
        recent.remember(&who, room, now, None);
        assert!(
            recent.allows(&who, room, later(REPEATED_MS - 1))
                && !recent.allows(&who, room, later(REPEATED_MS))
        );
        recent.remember(&who, room, now, Some(later(10)));
        assert!(recent.allows(&who, room, later(9)) && !recent.allows(&who, room, later(10)));
        recent.remember(&who, room, now, None);
        recent.forget();
        assert!(!recent.allows(&who, room, now));
    }
}
