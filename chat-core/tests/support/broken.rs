//! The memory store with one promise broken at a time.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use chat_core::{
    Append, Appended, ChatStore, ClientMessageId, Conversation, ConversationId, Epoch, Event, Head,
    HistoryPage, InboxCursor, InboxEntry, Mark, MemoryStore, Message, MessageId, Op, Page, PushJob,
    PushOutcome, Seq, StoreError, UserId, conformance::StoreHarness,
};
use jiff::Timestamp;

/// Which promise is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Fault {
    None,
    GapInSeq,
    SharedSeq,
    AnswersReversed,
    BatchEndsAtRefusal,
    StrangersLetIn,
    TimesRounded,
    IdsForgotten,
    ReuseAccepted,
    IdsCheckedOutside,
    WordsKept,
    OthersChanged,
    AgeIgnored,
    PageRepeats,
    MorePromised,
    MarkMovesBack,
    OwnUnread,
    DeletedUnread,
    InboxLeaks,
    LateEntries,
    ForgetsOnClose,
    PushTooEarly,
    PushAfterRead,
    LeaseIgnored,
    PushForgotten,
    PushNeverEnds,
    NewerPushDropped,
    PurgeHidesOnly,
    PurgedUnread,
    UnknownAsStranger,
    OtherMembersAccepted,
    EditsUnseen,
    WrongRefusal,
    MessageLost,
    IdsGlobal,
    WindowFirst,
    InboxReversed,
    InboxSkips,
    LineLost,
    HeadsForgotten,
    StrangersMark,
    RevisionStands,
    BackwardRepeats,
    HistoryShort,
    ClaimsUnbounded,
}

/// A memory store with the fault of this number.
pub struct Broken<const FAULT: u8> {
    inner: MemoryStore,
    counter: AtomicU64,
    said: Mutex<HashMap<(ConversationId, Seq), Op>>,
    senders: Mutex<HashMap<(ConversationId, Seq), UserId>>,
    aliases: Mutex<HashMap<ClientMessageId, ClientMessageId>>,
    someone: Mutex<Option<UserId>>,
    purged: AtomicU64,
}

impl<const FAULT: u8> Broken<FAULT> {
    fn is(fault: Fault) -> bool {
        FAULT == fault as u8
    }

    fn new(inner: MemoryStore) -> Self {
        Self {
            inner,
            counter: AtomicU64::new(0),
            said: Mutex::default(),
            senders: Mutex::default(),
            aliases: Mutex::default(),
            someone: Mutex::default(),
            purged: AtomicU64::new(0),
        }
    }

    /// The wish as the broken store reads it.
    async fn read_wish(&self, mut item: Append) -> Append {
        let fresh =
            || ClientMessageId::new(format!("fresh{}", self.counter.fetch_add(1, Ordering::SeqCst))).unwrap();
        if Self::is(Fault::IdsForgotten) {
            item.client_id = fresh();
        }
        if Self::is(Fault::IdsCheckedOutside) {
            let known = self.aliases.lock().unwrap().get(&item.client_id).cloned();
            item.client_id = match known {
                Some(alias) => alias,
                None => {
                    // Between the check and the write others check, too.
                    tokio::time::sleep(Duration::from_millis(1)).await;
                    let alias = fresh();
                    self.aliases.lock().unwrap().insert(item.client_id, alias.clone());
                    alias
                }
            };
        }
        if Self::is(Fault::StrangersLetIn)
            && let Ok(Some(known)) = self.inner.conversation(item.conversation).await
            && !known.has_member(item.by)
        {
            item.by = known.members[0].user;
        }
        if Self::is(Fault::OthersChanged)
            && let Some(target) = item.op.target()
            && let Some(owner) = self.senders.lock().unwrap().get(&(item.conversation, target))
        {
            item.by = *owner;
        }
        if Self::is(Fault::PushForgotten) {
            item.push_due = None;
        }
        if Self::is(Fault::AgeIgnored) {
            item.target_not_before = None;
        }
        item
    }

    /// What is refused before the store is asked.
    fn refuse(&self, item: &Append) -> Option<StoreError> {
        let whose = format!("{}{}", item.by.0.simple(), item.conversation.0.simple());
        let whose = ClientMessageId::new(whose).unwrap();
        if Self::is(Fault::IdsGlobal)
            && *self.aliases.lock().unwrap().entry(item.client_id.clone()).or_insert(whose.clone()) != whose
        {
            return Some(StoreError::IdReused);
        }
        let late = item.target_not_before.is_some_and(|bound| bound > item.at);
        (Self::is(Fault::WindowFirst) && late).then_some(StoreError::TooOld)
    }

    fn change_refusal(error: StoreError) -> StoreError {
        match error {
            StoreError::NoSuchTarget if Self::is(Fault::WrongRefusal) => StoreError::NotYours,
            StoreError::UnknownConversation if Self::is(Fault::UnknownAsStranger) => StoreError::NotMember,
            error => error,
        }
    }

    fn change_answer(&self, mut appended: Appended) -> Appended {
        let mut event = Event::clone(&appended.event);
        self.said.lock().unwrap().entry((event.conversation, event.seq)).or_insert_with(|| event.op.clone());
        self.senders.lock().unwrap().insert((event.conversation, event.seq), event.by);
        if Self::is(Fault::GapInSeq) && event.seq.0 > 3 {
            event.seq = event.seq.next();
        }
        if Self::is(Fault::SharedSeq) {
            event.seq = Seq(self.counter.fetch_add(1, Ordering::SeqCst) + 1);
        }
        appended.event = Arc::new(event);
        appended
    }
}

impl<const FAULT: u8> StoreHarness for Broken<FAULT> {
    type Store = Self;

    async fn fresh() -> Self {
        Self::new(MemoryStore::new())
    }

    fn store(&self) -> &Self {
        self
    }

    async fn reopen(self) -> Self {
        if !Self::is(Fault::ForgetsOnClose) {
            return self;
        }
        let known = Self::new(MemoryStore::new());
        let someone = self.someone.lock().unwrap().unwrap();
        let room = self.inner.inbox(someone, None, 1).await.unwrap().remove(0);
        known.inner.create_conversation(room.head.conversation, &room.members, room.active_at).await.unwrap();
        known
    }
}

impl<const FAULT: u8> ChatStore for Broken<FAULT> {
    fn epoch(&self) -> Epoch {
        self.inner.epoch()
    }

    async fn create_conversation(
        &self,
        id: ConversationId,
        members: &[UserId],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        *self.someone.lock().unwrap() = members.first().copied();
        match self.inner.create_conversation(id, members, at).await {
            Err(StoreError::MembersDiffer) if Self::is(Fault::OtherMembersAccepted) => Ok(()),
            made => made,
        }
    }

    async fn conversation(&self, id: ConversationId) -> Result<Option<Conversation>, StoreError> {
        self.inner.conversation(id).await
    }

    async fn append(&self, batch: Vec<Append>) -> Vec<Result<Appended, StoreError>> {
        let mut answers = Vec::new();
        for item in batch {
            if Self::is(Fault::BatchEndsAtRefusal) && answers.iter().any(Result::is_err) {
                answers.push(Err(StoreError::UnknownConversation));
                continue;
            }
            if let Some(refusal) = self.refuse(&item) {
                answers.push(Err(refusal));
                continue;
            }
            let item = self.read_wish(item).await;
            let mut answer = self.inner.append(vec![item.clone()]).await.remove(0);
            if Self::is(Fault::ReuseAccepted) && matches!(answer, Err(StoreError::IdReused)) {
                let client_id = ClientMessageId::new(format!("{}x", item.client_id.as_str())).unwrap();
                answer = self.inner.append(vec![Append { client_id, ..item }]).await.remove(0);
            }
            let answer = answer.map(|appended| self.change_answer(appended));
            answers.push(answer.map_err(Self::change_refusal));
        }
        if Self::is(Fault::AnswersReversed) {
            answers.reverse();
        }
        answers
    }

    async fn log(&self, id: ConversationId, page: Page, limit: u32) -> Result<Vec<Event>, StoreError> {
        let page = match page {
            Page::After(after) if Self::is(Fault::PageRepeats) => Page::After(after.previous()),
            Page::Before(before) if Self::is(Fault::BackwardRepeats) => {
                Page::Before(Seq(before.0.saturating_add(1)))
            }
            page => page,
        };
        let mut events = self.inner.log(id, page, limit).await?;
        for event in &mut events {
            if Self::is(Fault::WordsKept) {
                event.op = self.said.lock().unwrap()[&(id, event.seq)].clone();
            }
            if Self::is(Fault::TimesRounded) {
                event.at = Timestamp::from_second(event.at.as_second() / 10 * 10).unwrap();
            }
        }
        // An entry is seen before its predecessor, as where seqs are given out before the commit.
        if Self::is(Fault::LateEntries) && events.len() > 1 {
            events.remove(events.len() - 2);
        }
        Ok(events)
    }

    async fn history(&self, id: ConversationId, page: Page, limit: u32) -> Result<HistoryPage, StoreError> {
        let mut page = self.inner.history(id, page, limit).await?;
        page.has_more |= Self::is(Fault::MorePromised);
        if Self::is(Fault::HistoryShort) {
            page.messages.pop();
        }
        for message in page.messages.iter_mut().filter(|_| Self::is(Fault::EditsUnseen)) {
            if let Op::Post { content, .. } = &self.said.lock().unwrap()[&(id, message.seq)] {
                message.content.clone_from(content);
            }
        }
        Ok(page)
    }

    async fn message(&self, id: MessageId) -> Result<Option<Message>, StoreError> {
        Ok(self.inner.message(id).await?.filter(|_| !Self::is(Fault::MessageLost)))
    }

    async fn heads(&self, ids: &[ConversationId]) -> Result<Vec<Head>, StoreError> {
        let ids = if Self::is(Fault::HeadsForgotten) { &[] } else { ids };
        self.inner.heads(ids).await
    }

    async fn mark(&self, id: ConversationId, user: UserId, read: Seq) -> Result<Mark, StoreError> {
        let mark = match self.inner.mark(id, user, read).await {
            Err(StoreError::NotMember) if Self::is(Fault::StrangersMark) => {
                Mark { read, advanced: true, unread: 0, revision: 1 }
            }
            mark => mark?,
        };
        Ok(match mark {
            mark if Self::is(Fault::MarkMovesBack) => Mark { read, advanced: true, ..mark },
            mark if Self::is(Fault::RevisionStands) => Mark { revision: 1, ..mark },
            mark => mark,
        })
    }

    async fn inbox(
        &self,
        user: UserId,
        after: Option<InboxCursor>,
        limit: u32,
    ) -> Result<Vec<InboxEntry>, StoreError> {
        let someone = *self.someone.lock().unwrap();
        let user = if Self::is(Fault::InboxLeaks) { someone.unwrap_or(user) } else { user };
        let mut lines = self.inner.inbox(user, after, limit).await?;
        if Self::is(Fault::InboxReversed) {
            lines.reverse();
        }
        if Self::is(Fault::InboxSkips) && after.is_some() && !lines.is_empty() {
            lines.remove(0);
        }
        for line in lines.iter_mut().filter(|_| Self::is(Fault::LineLost)) {
            line.last_message = None;
        }
        Ok(lines)
    }

    async fn unread(&self, user: UserId) -> Result<u64, StoreError> {
        if Self::is(Fault::OwnUnread) {
            let posts = self.inner.inbox(user, None, 10).await?;
            return Ok(posts.iter().map(|line| line.head.last.0).sum());
        }
        if Self::is(Fault::DeletedUnread) {
            let mut unread = 0;
            for line in self.inner.inbox(user, None, 10).await? {
                let known = self.inner.conversation(line.head.conversation).await?.unwrap();
                let read = known.members.iter().find(|member| member.user == user).unwrap().read;
                let log = self.inner.log(line.head.conversation, Page::After(read), 1_000).await?;
                let posts = log.iter().filter(|event| event.op.target().is_none() && event.by != user);
                unread += posts.count() as u64;
            }
            return Ok(unread);
        }
        Ok(self.inner.unread(user).await? + self.purged.load(Ordering::SeqCst))
    }

    async fn claim_push(
        &self,
        now: Timestamp,
        leased_until: Timestamp,
        limit: u32,
    ) -> Result<Vec<PushJob>, StoreError> {
        if Self::is(Fault::PushTooEarly) {
            return self.inner.claim_push(Timestamp::MAX, leased_until, limit).await;
        }
        if Self::is(Fault::LeaseIgnored) {
            return self.inner.claim_push(now, now, limit).await;
        }
        let limit = if Self::is(Fault::ClaimsUnbounded) { u32::MAX } else { limit };
        let mut jobs = self.inner.claim_push(now, leased_until, limit).await?;
        if Self::is(Fault::PushAfterRead) && jobs.is_empty() {
            let someone = self.someone.lock().unwrap().unwrap();
            let room = self.inner.inbox(someone, None, 1).await?.remove(0);
            let (conversation, newest) = (room.head.conversation, room.head.last);
            jobs.push(PushJob {
                to: room.members[0],
                conversation,
                newest,
                unread: 0,
                tries: 1,
                leased_until,
            });
        }
        Ok(jobs)
    }

    async fn finish_push(&self, job: &PushJob, outcome: PushOutcome) -> Result<(), StoreError> {
        if Self::is(Fault::PushNeverEnds) {
            return Ok(());
        }
        if Self::is(Fault::NewerPushDropped) {
            let all = PushJob { newest: Seq(u64::MAX), ..*job };
            return self.inner.finish_push(&all, outcome).await;
        }
        self.inner.finish_push(job, outcome).await
    }

    async fn purge(&self, id: ConversationId, up_to: Seq) -> Result<u64, StoreError> {
        if Self::is(Fault::PurgeHidesOnly) {
            return Ok(up_to.0);
        }
        let purged = self.inner.purge(id, up_to).await?;
        if Self::is(Fault::PurgedUnread) {
            self.purged.fetch_add(purged, Ordering::SeqCst);
        }
        Ok(purged)
    }
}
