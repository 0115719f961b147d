//! One conversation's log in memory: what writes do.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use jiff::Timestamp;

use super::StoreError;
use crate::{
    Append, Appended, ClientMessageId, ConversationId, Event, Mark, Member, MessageId, Op, OpKind, Seq,
    UserId,
};

/// A log with its members. The entry of seq `n` is at index `n - 1`.
#[derive(Debug)]
pub(super) struct Log {
    pub(super) id: ConversationId,
    pub(super) members: BTreeMap<UserId, Member>,
    pub(super) events: Vec<Arc<Event>>,
    pub(super) active_at: Timestamp,
    pub(super) marks_revision: u64,
    pub(super) oldest: Seq,
    first_tries: HashMap<(UserId, ClientMessageId), (Seq, [u8; 32])>,
}

impl Log {
    pub(super) fn new(id: ConversationId, members: BTreeMap<UserId, Member>, at: Timestamp) -> Self {
        Self {
            id,
            members,
            events: Vec::new(),
            active_at: at,
            marks_revision: 0,
            oldest: Seq(1),
            first_tries: HashMap::new(),
        }
    }

    pub(super) fn append(&mut self, item: Append) -> Result<Appended, StoreError> {
        if !self.members.contains_key(&item.by) {
            return Err(StoreError::NotMember);
        }
        let key = (item.by, item.client_id.clone());
        let fingerprint = item.op.fingerprint();
        if let Some((seq, first)) = self.first_tries.get(&key) {
            if *first != fingerprint {
                return Err(StoreError::IdReused);
            }
            let event = self.event(*seq).cloned().ok_or(Self::broken())?;
            return Ok(Appended { event, duplicate: true, members: self.users() });
        }
        let message = self.message_of(&item)?;
        if let Op::Delete { target } = item.op {
            self.erase(target);
        }
        let seq = self.last().next();
        let event = Arc::new(Event {
            conversation: self.id,
            seq,
            message,
            by: item.by,
            client_id: item.client_id,
            at: item.at,
            op: item.op,
            erased: false,
        });
        self.events.push(Arc::clone(&event));
        self.active_at = self.active_at.max(item.at);
        self.first_tries.insert(key, (seq, fingerprint));
        Ok(Appended { event, duplicate: false, members: self.users() })
    }

    pub(super) fn mark(&mut self, user: UserId, read: Seq) -> Result<Mark, StoreError> {
        let read = read.min(self.last());
        let member = self.members.get_mut(&user).ok_or(StoreError::NotMember)?;
        let advanced = read > member.read;
        if advanced {
            member.read = read;
            self.marks_revision += 1;
        }
        let read = member.read;
        Ok(Mark { read, advanced, unread: self.unread(user), revision: self.marks_revision })
    }

    pub(super) fn purge(&mut self, up_to: Seq) -> u64 {
        let up_to = up_to.min(self.last());
        if up_to < self.oldest {
            return 0;
        }
        let purged = up_to.0 - self.oldest.0 + 1;
        self.oldest = up_to.next();
        for event in &mut self.events {
            if event.seq <= up_to || event.op.target().is_some_and(|target| target <= up_to) {
                let erased = event.seq <= up_to || event.op.kind() == OpKind::Edit;
                let erased = Event { op: event.op.erased(), erased, ..Event::clone(event) };
                *event = Arc::new(erased);
            }
        }
        purged
    }

    pub(super) fn last(&self) -> Seq {
        Seq(self.events.len() as u64)
    }

    pub(super) fn event(&self, seq: Seq) -> Option<&Arc<Event>> {
        let index = usize::try_from(seq.0.checked_sub(1)?).ok()?;
        self.events.get(index)
    }

    pub(super) fn users(&self) -> Arc<[UserId]> {
        self.members.keys().copied().collect()
    }

    /// The id that the new entry speaks of, once its target was found to be allowed.
    fn message_of(&self, item: &Append) -> Result<MessageId, StoreError> {
        let Some(target) = item.op.target() else { return Ok(item.message) };
        let target = self.event(target).ok_or(StoreError::NoSuchTarget)?;
        if target.op.target().is_some() {
            return Err(StoreError::NoSuchTarget);
        }
        if target.by != item.by {
            return Err(StoreError::NotYours);
        }
        if target.erased {
            return Err(StoreError::NoSuchTarget);
        }
        if item.target_not_before.is_some_and(|bound| target.at < bound) {
            return Err(StoreError::TooOld);
        }
        Ok(target.message)
    }

    fn erase(&mut self, target: Seq) {
        for event in &mut self.events {
            if event.seq == target || event.op.target() == Some(target) {
                let erased = Event { op: event.op.erased(), erased: true, ..Event::clone(event) };
                *event = Arc::new(erased);
            }
        }
    }

    fn broken() -> StoreError {
        StoreError::Inconsistent { what: "first tries point behind the log", source: None }
    }
}
