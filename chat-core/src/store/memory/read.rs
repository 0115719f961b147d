//! One conversation's log in memory: what reads see.

use std::sync::Arc;

use super::{State, log::Log};
use crate::{Conversation, Event, Head, HistoryPage, InboxCursor, InboxEntry, Message, Page, Seq, UserId};

impl Log {
    pub(super) fn head(&self) -> Head {
        Head {
            conversation: self.id,
            last: self.last(),
            oldest: self.oldest,
            marks_revision: self.marks_revision,
        }
    }

    pub(super) fn conversation(&self) -> Conversation {
        Conversation { head: self.head(), members: self.members.values().copied().collect() }
    }

    pub(super) fn page(&self, page: Page, limit: u32) -> Vec<Event> {
        let all = self.events.iter().filter(|event| event.seq >= self.oldest);
        let all = all.map(|event| Event::clone(event));
        take(all, page, limit, |event| event.seq).0
    }

    pub(super) fn history(&self, page: Page, limit: u32) -> HistoryPage {
        let all = self.posts().filter_map(|post| self.message(post.seq));
        let (messages, has_more) = take(all, page, limit, |message| message.seq);
        HistoryPage { messages, has_more }
    }

    pub(super) fn message(&self, seq: Seq) -> Option<Message> {
        let mut message = Message::from_post(self.event(seq).filter(|event| event.seq >= self.oldest)?)?;
        for event in &self.events {
            message.apply(event);
        }
        Some(message)
    }

    pub(super) fn unread(&self, user: UserId) -> u64 {
        let read = self.members.get(&user).map_or(Seq::ZERO, |member| member.read);
        self.posts().filter(|post| post.seq > read && post.by != user && !post.erased).count() as u64
    }

    fn posts(&self) -> impl DoubleEndedIterator<Item = &Arc<Event>> {
        self.events.iter().filter(|event| event.op.target().is_none())
    }
}

impl State {
    pub(super) fn inbox(&self, user: UserId, after: Option<InboxCursor>, limit: u32) -> Vec<InboxEntry> {
        let mut entries: Vec<InboxEntry> = self
            .logs
            .values()
            .filter(|log| log.members.contains_key(&user))
            .map(|log| InboxEntry {
                head: log.head(),
                members: log.members.keys().copied().collect(),
                unread: log.unread(user),
                last_message: log.posts().next_back().and_then(|post| log.message(post.seq)),
                active_at: log.active_at,
            })
            .filter(|entry| after.is_none_or(|after| key(&entry.cursor()) < key(&after)))
            .collect();
        entries.sort_by_key(|entry| std::cmp::Reverse(key(&entry.cursor())));
        entries.truncate(limit as usize);
        entries
    }
}

fn key(cursor: &InboxCursor) -> (jiff::Timestamp, crate::ConversationId) {
    (cursor.active_at, cursor.conversation)
}

/// The asked page out of everything, in ascending order, and whether more lies beyond it.
fn take<T>(
    all: impl DoubleEndedIterator<Item = T>,
    page: Page,
    limit: u32,
    seq: impl Fn(&T) -> Seq,
) -> (Vec<T>, bool) {
    let limit = limit as usize;
    let mut items: Vec<T> = match page {
        Page::After(after) => all.filter(|item| seq(item) > after).take(limit + 1).collect(),
        Page::Before(before) => all.rev().filter(|item| seq(item) < before).take(limit + 1).collect(),
    };
    let has_more = items.len() > limit;
    items.truncate(limit);
    if matches!(page, Page::Before(_)) {
        items.reverse();
    }
    (items, has_more)
}
