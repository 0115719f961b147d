//! Opening a session: the room, access, then a cursor that belongs to the same moment as what is shown.

use std::sync::atomic::Ordering;

use super::ChatEngine;
use crate::{
    Action, ChatError, ChatStore, ConversationId, Cursor, Denied, Encoder, Principal, Seq, Session,
    hub::{Joined, NotJoined, RoomLease, Start},
    session::Opening,
};

impl<S: ChatStore, E: Encoder> ChatEngine<S, E> {
    /// Opens a session. With a cursor, everything after it follows without a seam, if that is still possible.
    ///
    /// `context` is what the host's [`Encoder`] needs to know of the conversation; a room that other sessions
    /// hold already keeps the one it has.
    ///
    /// # Errors
    /// [`ChatError::Denied`], [`ChatError::Overload`] (going down, or too many sessions of this member) or
    /// [`ChatError::Unavailable`].
    pub async fn open(
        &self,
        who: &Principal,
        conversation: ConversationId,
        context: E::Context,
        resume: Option<Cursor>,
    ) -> Result<Session<E>, ChatError> {
        let inner = &self.inner;
        if inner.hub.drain.has_begun() {
            return Err(ChatError::Overload("this node is going down"));
        }
        let lease = inner.hub.lease(conversation, context);
        if !lease.room.is_warm() {
            self.warm(&lease).await?;
        }
        // Before asking: access that is withdrawn from now on puts the session in doubt, so nothing falls between.
        let doubts_seen = lease.room.doubted(who.user);
        let access = inner.check(who, conversation, Action::Connect).await?;
        let epoch = inner.store.epoch();
        let known_epoch = resume.filter(|cursor| cursor.epoch == epoch).map(|cursor| cursor.after);
        // Before joining, so that the session finds its own member online.
        let connection = inner.hub.connect(who.user);
        let joined = self.join(&lease, who, known_epoch).await?;
        let opening = Opening {
            number: inner.sessions.fetch_add(1, Ordering::Relaxed),
            who: who.clone(),
            epoch,
            access,
            doubts_seen,
            reset: resume.is_some() && !joined.resumed,
            joined,
            now: inner.now(),
        };
        Ok(Session::new(lease, connection, opening))
    }

    async fn join(
        &self,
        lease: &RoomLease<E>,
        who: &Principal,
        after: Option<Seq>,
    ) -> Result<Joined, ChatError> {
        let start = after.map_or(Start::Live, Start::After);
        match lease.room.join(who.user, start) {
            // Another node may have stored what the peer saw there, before this node heard of it.
            Err(NotJoined::Ahead) => {
                self.inner.catch_up(&lease.room).await?;
                let again = lease.room.join(who.user, start);
                again.or_else(|_| lease.room.join(who.user, Start::Live)).map_err(refusal)
            }
            joined => joined.map_err(refusal),
        }
    }

    async fn warm(&self, lease: &RoomLease<E>) -> Result<(), ChatError> {
        let known = self.inner.store.conversation(lease.room.id).await?;
        let known = known.ok_or(ChatError::Denied(Denied::NotMember))?;
        self.inner.hub.warm(&lease.room, &known);
        self.inner.refresh_presence(known.members.iter().map(|member| member.user).collect()).await;
        Ok(())
    }
}

fn refusal(why: NotJoined) -> ChatError {
    match why {
        NotJoined::NotMember => ChatError::Denied(Denied::NotMember),
        NotJoined::TooManySessions => ChatError::Overload("too many sessions of this member"),
        NotJoined::Cold | NotJoined::Ahead => ChatError::Overload("the conversation is not ready yet"),
    }
}
