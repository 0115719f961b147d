//! What a session hands out next. One order of precedence, so that nothing is shown after access ended and
//! no entry is shown before its predecessor.

use bytes::Bytes;
use jiff::Timestamp;

use super::{Ask, Asked, CloseReason, Pull, Reset, Session, liveness::Due};
use crate::{Access, ChatError, Denied, Encoder, Event, Head, hub::Copied};

impl<E: Encoder> Session<E> {
    /// Appends the next frames to `out`, about `bytes_max` bytes of them, and says what to do.
    ///
    /// Entries come in the order of their seq, each exactly one above the last. States come once all entries
    /// were shown, and only as they are now.
    pub fn next_frames(&mut self, bytes_max: usize, out: &mut Vec<Bytes>) -> Pull {
        // Before looking: a change from here on wakes the driver again.
        self.wake.borrow_and_update();
        if self.close_turn.is_none() {
            self.close_turn = self.lease.hub.drain.turn(self.number);
        }
        if let Some(reason) = self.closing {
            return Pull::Close(reason);
        }
        if let Some(ask) = self.access_in_doubt() {
            return ask;
        }
        if let Some(reset) = self.reset.take() {
            return Pull::Reset(reset);
        }
        if self.asked == Asked::Page {
            return Pull::Idle;
        }
        self.entries(bytes_max, out)
    }

    /// Time passed. Answers whether to ping the peer now.
    pub fn on_tick(&mut self, now: Timestamp) -> bool {
        if self.access_until.is_some_and(|until| until <= now) {
            self.access_until = None;
            self.access_doubted = true;
        }
        if let Some((at, retry_ms)) = self.close_turn
            && at <= now
        {
            self.closing.get_or_insert(CloseReason::Restart { retry_ms });
        }
        match self.liveness.tick(now) {
            Due::Nothing => false,
            Due::Ping => true,
            Due::GiveUp => {
                self.closing.get_or_insert(CloseReason::NoPong);
                false
            }
        }
    }

    /// When to call [`Session::on_tick`] at the latest.
    #[must_use]
    pub fn deadline(&self) -> Timestamp {
        let turn = self.close_turn.map(|(at, _)| at);
        [self.access_until, turn].into_iter().flatten().fold(self.liveness.deadline(), Timestamp::min)
    }

    pub(super) fn on_page(&mut self, page: Result<(Vec<Event>, Head), ChatError>) {
        self.asked = Asked::Nothing;
        let Ok((events, head)) = page else {
            self.closing = Some(CloseReason::Overload);
            return;
        };
        if self.cursor.next() < head.oldest {
            self.start_over(&head);
            return;
        }
        let mut expected = self.cursor.next();
        for event in &events {
            if event.seq != expected {
                break;
            }
            expected = expected.next();
            self.backlog.push_back(self.lease.room.encode(event));
        }
        if self.backlog.is_empty() {
            // The store knows less than was already heard: nothing can be shown that would be right.
            tracing::error!(conversation = ?self.ready.conversation, cursor = %self.cursor, "the log has a hole");
            self.closing = Some(CloseReason::Overload);
        }
    }

    pub(super) fn on_access(&mut self, access: Result<Access, Denied>) {
        self.asked = Asked::Nothing;
        match access {
            Ok(access) => self.access_until = access.until,
            Err(denied) => self.closing = Some(denied.into()),
        }
    }

    fn access_in_doubt(&mut self) -> Option<Pull> {
        if self.asked == Asked::Access {
            return Some(Pull::Idle);
        }
        let doubted = self.lease.room.doubted(self.who.user);
        if !self.access_doubted && doubted <= self.seen_doubt {
            return None;
        }
        self.seen_doubt = self.seen_doubt.max(doubted);
        self.access_doubted = false;
        self.asked = Asked::Access;
        Some(Pull::Ask(Ask::Access { who: self.who.clone(), conversation: self.ready.conversation }))
    }

    fn entries(&mut self, bytes_max: usize, out: &mut Vec<Bytes>) -> Pull {
        let mut copied_bytes = 0;
        while let Some(frame) = self.backlog.pop_front() {
            copied_bytes += frame.len();
            out.push(frame);
            self.cursor = self.cursor.next();
            if copied_bytes >= bytes_max {
                return Pull::More;
            }
        }
        self.backlog = std::collections::VecDeque::new();
        match self.lease.room.copy_after(self.cursor, bytes_max - copied_bytes, out) {
            Copied::End(cursor) => {
                self.cursor = cursor;
                self.seen_version = self.lease.room.copy_states(self.seen_version, self.who.user, out);
                Pull::Idle
            }
            Copied::More(cursor) => {
                self.cursor = cursor;
                Pull::More
            }
            Copied::Behind => {
                self.asked = Asked::Page;
                Pull::Ask(Ask::Page {
                    conversation: self.ready.conversation,
                    after: self.cursor,
                    limit: self.lease.hub.limits.backlog_items_max,
                })
            }
        }
    }

    fn start_over(&mut self, head: &Head) {
        self.cursor = head.last;
        self.reset = Some(Reset { epoch: self.epoch, last: head.last, oldest: head.oldest });
    }
}
