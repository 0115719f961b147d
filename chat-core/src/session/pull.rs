//! What a session hands out next. One order of precedence, so that nothing is shown after access ended and
//! no entry is shown before its predecessor.

use bytes::Bytes;
use jiff::Timestamp;

use super::{Ask, Asked, CloseReason, Pull, Reset, Session, liveness::Due};
use crate::{Access, ChatError, Denied, Encoder, Event, Head, StoreError, hub::Copied};

impl<E: Encoder> Session<E> {
    /// Appends the next frames to `out`, about `bytes_max` bytes of them, and says what to do.
    ///
    /// Entries come in the order of their seq, each exactly one above the last. States come once all entries
    /// were shown, and only as they are now.
    pub fn next_frames(&mut self, now: Timestamp, bytes_max: usize, out: &mut Vec<Bytes>) -> Pull {
        // Before looking: a change from here on wakes the driver again.
        self.wake.borrow_and_update();
        self.time_passed(now);
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

    /// Why to give up a write that the peer makes wait, and close: what was pulled before must not be written any more,
    /// or this session's turn to go has come. To be asked after each wake-up ([`Session::changed`]) and at
    /// [`Session::interruption_at`].
    ///
    /// How much of the write got out is not known then, so the log can't be continued on this connection: the peer comes
    /// back with its cursor, and meets whatever access is left.
    pub fn interruption(&mut self, now: Timestamp) -> Option<CloseReason> {
        self.time_passed(now);
        self.closing.or_else(|| self.is_in_doubt().then_some(CloseReason::Overload))
    }

    /// When to ask for [`Session::interruption`] even though nothing woke the driver.
    #[must_use]
    pub fn interruption_at(&self) -> Option<Timestamp> {
        let turn = self.close_turn.map(|(at, _)| at);
        [self.access_until, turn].into_iter().flatten().min()
    }

    /// Time passed. Answers whether to ping the peer now.
    pub fn on_tick(&mut self, now: Timestamp) -> bool {
        self.time_passed(now);
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
        let others = [self.interruption_at(), self.retry.at()];
        others.into_iter().flatten().fold(self.liveness.deadline(), Timestamp::min)
    }

    pub(super) fn on_page(&mut self, now: Timestamp, page: Result<(Vec<Event>, Head), ChatError>) {
        self.asked = Asked::Nothing;
        let limits = &self.lease.hub.limits;
        let (events, head) = match page {
            Ok(page) => page,
            Err(ChatError::Unavailable(StoreError::Unavailable(_))) => {
                return self.retry.failed(self.number, now, limits);
            }
            Err(_) => {
                self.closing = Some(CloseReason::Overload);
                return;
            }
        };
        self.retry.worked();
        if self.lease.room.erasures() != self.backlog_erasures {
            // Read before something was erased, perhaps: it is asked for again.
            return;
        }
        if self.cursor.next() < head.oldest {
            self.start_over(&head);
            return;
        }
        let mut expected = self.cursor.next();
        let mut kept_bytes = 0;
        for event in &events {
            if event.seq != expected || kept_bytes >= limits.backlog_bytes_max {
                break;
            }
            let frame = self.lease.room.encode(event);
            kept_bytes += frame.len();
            if kept_bytes > limits.backlog_bytes_max && !self.backlog.is_empty() {
                break;
            }
            expected = expected.next();
            self.backlog.push_back(frame);
        }
        let kept = u32::try_from(self.backlog.len()).unwrap_or(u32::MAX);
        self.backlog_items = kept.saturating_mul(2).clamp(1, limits.backlog_items_max.max(1));
        if self.backlog.is_empty() {
            // The store knows less than was already heard: nothing can be shown that would be right.
            tracing::error!(conversation = ?self.ready.conversation, cursor = %self.cursor, "the log has a hole");
            self.closing = Some(CloseReason::Overload);
        }
    }

    pub(super) fn on_access(&mut self, now: Timestamp, access: Result<Access, Denied>) {
        self.asked = Asked::Nothing;
        match access {
            Ok(access) => {
                self.access_until = access.until;
                self.retry.worked();
            }
            // Never taken for a yes: nothing is shown until it is known. Nor for a no: the peer could do nothing but come
            // back, to the same answer.
            Err(Denied::Unavailable) => {
                self.access_doubted = true;
                self.retry.failed(self.number, now, &self.lease.hub.limits);
            }
            Err(denied) => self.closing = Some(denied.into()),
        }
    }

    /// What comes by itself.
    fn time_passed(&mut self, now: Timestamp) {
        if self.close_turn.is_none() {
            self.close_turn = self.lease.hub.drain.turn(self.number);
        }
        if let Some((at, retry_ms)) = self.close_turn
            && at <= now
        {
            self.closing.get_or_insert(CloseReason::Restart { retry_ms });
        }
        if self.access_until.is_some_and(|until| until <= now) {
            self.access_until = None;
            self.access_doubted = true;
        }
        self.retry.time_passed(now);
    }

    fn access_in_doubt(&mut self) -> Option<Pull> {
        if self.asked == Asked::Access {
            return Some(Pull::Idle);
        }
        let doubted = self.lease.room.doubted(self.who.user);
        if doubted <= self.seen_doubt {
            if !self.access_doubted {
                return None;
            }
            if self.retry.is_waiting() {
                return Some(Pull::Idle);
            }
        }
        self.seen_doubt = self.seen_doubt.max(doubted);
        self.access_doubted = false;
        self.asked = Asked::Access;
        Some(Pull::Ask(Ask::Access { who: self.who.clone(), conversation: self.ready.conversation }))
    }

    fn entries(&mut self, bytes_max: usize, out: &mut Vec<Bytes>) -> Pull {
        let mut copied_bytes = 0;
        if !self.backlog.is_empty() && self.lease.room.erasures() != self.backlog_erasures {
            // Its words may have been erased meanwhile: whoever lags behind reads the store again.
            self.backlog.clear();
        }
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
            Copied::Behind if self.retry.is_waiting() => Pull::Idle,
            Copied::Behind => {
                self.asked = Asked::Page;
                self.backlog_erasures = self.lease.room.erasures();
                Pull::Ask(Ask::Page {
                    conversation: self.ready.conversation,
                    after: self.cursor,
                    limit: self.backlog_items,
                })
            }
        }
    }

    fn start_over(&mut self, head: &Head) {
        self.cursor = head.last;
        self.reset = Some(Reset { epoch: self.epoch, last: head.last, oldest: head.oldest });
    }
}
