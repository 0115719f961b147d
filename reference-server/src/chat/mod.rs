//! How the product uses chat-core: who talks with whom about which room, who may, and how it looks on the wire.

mod encoder;
mod images;
mod inbox;
mod policy;
mod recent;
mod refusal;
mod store;
mod talk;
pub mod wire;

use std::fmt;
use std::sync::Arc;

use chat_core::{
    AccessPolicy as _, Action, ChatEngine, ChatError, ChatStore as _, Conversation, ConversationId, Denied,
    Limits, Parts, Principal, RandomIds, Revocation, SystemClock, UserId,
};
use uuid::Uuid;

pub use self::encoder::Frames;
pub use self::images::{folder_of, image_of, remove_images, send_with_image};
pub use self::inbox::{LINES_MAX, Line, inbox, unread_total};
pub use self::policy::GrantPolicy;
pub use self::recent::REPEATED_MS;
pub use self::refusal::{Refused, problem_of, refused};
pub use self::store::{ChatOpenError, Store};
pub use self::talk::{Talk, member, open_conversation, principal, talk};
use crate::config::RateLimits;
use crate::nodes::Nodes;

/// With the engine's waits, which grow to an hour: about a day.
const PUSH_TRIES_MAX: u32 = 30;

/// The engine with the server's parts.
pub type Engine = ChatEngine<Store, Frames>;

/// The chat of this node.
#[derive(Clone)]
pub struct Chat {
    /// Everything about messages.
    pub engine: Engine,
    policy: Arc<GrantPolicy>,
}

impl Chat {
    /// Puts the chat together.
    pub fn new(
        store: Store,
        nodes: &Nodes,
        policy: GrantPolicy,
        rate_limits: RateLimits,
        push_after_ms: u64,
    ) -> Self {
        let policy = Arc::new(policy);
        let engine = ChatEngine::new(Parts {
            store,
            encoder: Frames,
            policy: Arc::clone(&policy) as _,
            bus: Arc::clone(&nodes.bus),
            clock: Arc::new(SystemClock),
            ids: Arc::new(RandomIds),
            limits: Limits {
                push_after_ms: Some(push_after_ms),
                push_tries_max: PUSH_TRIES_MAX,
                ..limits(rate_limits)
            },
        });
        Self { engine, policy }
    }

    /// A conversation that was looked up before: head, members, read marks.
    ///
    /// # Errors
    ///
    /// When the store doesn't answer, or the conversation is not there.
    pub async fn known(&self, id: ConversationId) -> Result<Conversation, ChatError> {
        self.engine.store().conversation(id).await?.ok_or(ChatError::NotFound)
    }

    /// Why the caller can say nothing in a conversation now; nothing when they can.
    pub async fn silenced(&self, who: &Principal, conversation: ConversationId) -> Option<Denied> {
        self.policy.check(who, conversation, Action::Send).await.err()
    }

    /// The same in one conversation only: somebody was blocked there.
    pub fn recheck_in(&self, conversation: ConversationId, user: Uuid) {
        self.policy.forget();
        self.engine.revoke(Revocation { user: UserId(user), conversation: Some(conversation) });
    }

    /// The same on this server alone.
    pub fn recheck_in_here(&self, conversation: ConversationId, user: Uuid) {
        self.policy.forget();
        self.engine.recheck(Revocation { user: UserId(user), conversation: Some(conversation) });
    }

    /// Has the user's open chats ask for their access again, on every server: a payment changed, or a session ended.
    pub fn recheck(&self, user: Uuid) {
        self.policy.forget();
        self.engine.revoke(Revocation { user: UserId(user), conversation: None });
    }

    /// The same on this server alone, for what every server finds out by itself.
    pub fn recheck_here(&self, user: Uuid) {
        self.policy.forget();
        self.engine.recheck(Revocation { user: UserId(user), conversation: None });
    }
}

/// Without rate limits, everything else is still bounded.
fn limits(rates: RateLimits) -> Limits {
    match rates {
        RateLimits::On => Limits::default(),
        RateLimits::Off => Limits {
            sends_per_minute: None,
            commands_per_s: 1_000_000,
            commands_burst: 1_000_000,
            ..Limits::default()
        },
    }
}

impl fmt::Debug for Chat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chat").finish_non_exhaustive()
    }
}
