//! Who may: the client with a live grant for the room, and the room's owner.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chat_core::{Access, AccessPolicy, Action, ConversationId, Denied, Principal, Revocation};
use futures_util::stream::{self, BoxStream};
use paygate::{Access as Paid, Clock, Payments};
use uuid::Uuid;

use super::recent::Recent;
use crate::db::{Db, conversations, sessions};
use crate::payments::{self, resource_of_room, subject_of_user};

/// Asks the grants, and whether the sign-in still stands.
pub struct GrantPolicy {
    db: Db,
    payments: Payments<payments::Remembering>,
    clock: Arc<dyn Clock>,
    recent: Recent,
}

impl GrantPolicy {
    /// Over these grants and sessions.
    pub fn new(db: Db, payments: Payments<payments::Remembering>, clock: Arc<dyn Clock>) -> Self {
        Self { db, payments, clock, recent: Recent::default() }
    }

    /// What was remembered holds no more: somebody's access changed.
    pub(super) fn forget(&self) {
        self.recent.forget();
    }

    async fn ask(
        &self,
        who: &Principal,
        conversation: ConversationId,
        action: Action,
    ) -> Result<Access, Denied> {
        let failed = |error: sqlx::Error| {
            tracing::warn!(%error, "access to a chat can't be checked now");
            Denied::Unavailable
        };
        let mut signed_in = Access::default();
        if !who.session.is_empty() {
            let token_hash = STANDARD.decode(who.session.as_bytes()).unwrap_or_default();
            let live_until = sessions::live_until(&self.db, &token_hash, self.clock.now()).await;
            signed_in.until = Some(live_until.map_err(failed)?.ok_or(Denied::SessionEnded)?);
        }
        let found = conversations::lookup_with_blocks(&self.db, conversation.0).await.map_err(failed)?;
        let (pairing, blockers) = found.ok_or(Denied::NotMember)?;
        let other = pairing.other(who.user.0).ok_or(Denied::NotMember)?;
        let silenced = match action {
            // What was said can be read all the same.
            Action::Read => false,
            Action::Connect => blockers.contains(&other),
            Action::Send => !blockers.is_empty(),
        };
        if silenced {
            return Err(Denied::Blocked);
        }
        let grant = self.grant(pairing.client_id, pairing.room_id);
        if who.user.0 == pairing.client_id {
            let until = [grant.await?.until, signed_in.until].into_iter().flatten().min();
            return Ok(Access { until });
        }
        // The owner keeps what was said. But nothing is said to somebody who can't read it any more.
        if action == Action::Send {
            grant.await.map_err(|denied| match denied {
                Denied::PaymentRequired => Denied::Blocked,
                denied => denied,
            })?;
        }
        Ok(signed_in)
    }

    async fn grant(&self, client: Uuid, room: Uuid) -> Result<Access, Denied> {
        let unavailable = |_| Denied::Unavailable;
        let subject = subject_of_user(client).map_err(unavailable)?;
        let resource = resource_of_room(room).map_err(unavailable)?;
        match self.payments.access(&subject, &resource).await {
            Ok(Paid::Granted(grant)) => Ok(Access { until: grant.until }),
            Ok(Paid::InFlight(_) | Paid::Locked) => Err(Denied::PaymentRequired),
            Err(error) => {
                tracing::warn!(%error, "access to a chat can't be checked now");
                Err(Denied::Unavailable)
            }
        }
    }
}

impl fmt::Debug for GrantPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GrantPolicy").finish_non_exhaustive()
    }
}

#[async_trait]
impl AccessPolicy for GrantPolicy {
    async fn check(
        &self,
        who: &Principal,
        conversation: ConversationId,
        action: Action,
    ) -> Result<Access, Denied> {
        let now = self.clock.now();
        let sends = action == Action::Send;
        if sends && self.recent.allows(who, conversation, now) {
            return Ok(Access::default());
        }
        let access = self.ask(who, conversation, action).await?;
        if sends {
            self.recent.remember(who, conversation, now, access.until);
        }
        Ok(access)
    }

    /// Withdrawals come through [`Chat::recheck`](super::Chat::recheck).
    fn revocations(&self) -> BoxStream<'static, Revocation> {
        Box::pin(stream::pending())
    }
}
