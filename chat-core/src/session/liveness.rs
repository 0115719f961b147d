//! Pings on a shared grid of whole seconds, and how long silence is borne.
//!
//! Sessions that are due in the same second wake the process once, not once each.

use jiff::{SignedDuration, Timestamp};

use crate::Limits;

#[derive(Debug)]
pub(super) struct Liveness {
    every_s: i64,
    slot_s: i64,
    timeout: SignedDuration,
    next_ping: Timestamp,
    pinged_at: Option<Timestamp>,
}

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    Nothing,
    Ping,
    GiveUp,
}

impl Liveness {
    pub(super) fn new(number: u64, now: Timestamp, limits: &Limits) -> Self {
        let every_s = i64::from(limits.ping_every_s.max(1));
        let slot_s = i64::try_from(number % every_s.unsigned_abs()).unwrap_or(0);
        let timeout_ms = i64::try_from(limits.pong_timeout_ms).unwrap_or(i64::MAX);
        let timeout = SignedDuration::from_millis(timeout_ms);
        let mut liveness = Self { every_s, slot_s, timeout, next_ping: now, pinged_at: None };
        liveness.next_ping = liveness.after(now);
        liveness
    }

    pub(super) fn heard(&mut self) {
        self.pinged_at = None;
    }

    pub(super) fn tick(&mut self, now: Timestamp) -> Due {
        if self.pinged_at.is_some_and(|at| now.duration_since(at) >= self.timeout) {
            return Due::GiveUp;
        }
        if now < self.next_ping {
            return Due::Nothing;
        }
        self.next_ping = self.after(now);
        self.pinged_at.get_or_insert(now);
        Due::Ping
    }

    pub(super) fn deadline(&self) -> Timestamp {
        let give_up = self.pinged_at.and_then(|at| at.checked_add(self.timeout).ok());
        give_up.map_or(self.next_ping, |at| at.min(self.next_ping))
    }

    /// The next whole second of this session's slot.
    fn after(&self, now: Timestamp) -> Timestamp {
        let now_s = now.as_second();
        let wait_s = self.every_s - (now_s - self.slot_s).rem_euclid(self.every_s);
        Timestamp::from_second(now_s + wait_s).unwrap_or(Timestamp::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millisecond(ms).unwrap()
    }

    #[test]
    fn pings_fall_on_whole_seconds_of_the_slot() {
        let mut liveness = Liveness::new(7, at(1_000_300), &Limits::default());
        let first = liveness.deadline();
        assert_eq!(first.as_millisecond() % 1_000, 0);
        assert_eq!(first.as_second() % 25, 7);
        assert_eq!(liveness.tick(first), Due::Ping);
        liveness.heard();
        assert_eq!(liveness.deadline().as_second(), first.as_second() + 25);
    }

    #[test]
    fn silence_after_a_ping_ends_the_session() {
        let mut liveness = Liveness::new(0, at(1_000_300), &Limits::default());
        let first = liveness.deadline();
        assert_eq!(liveness.tick(first), Due::Ping);
        assert_eq!(liveness.deadline(), first + SignedDuration::from_secs(20));
        assert_eq!(liveness.tick(liveness.deadline()), Due::GiveUp);
    }

    #[test]
    fn any_sign_of_life_counts() {
        let mut liveness = Liveness::new(0, at(1_000_300), &Limits::default());
        let first = liveness.deadline();
        liveness.tick(first);
        liveness.heard();
        assert_eq!(liveness.tick(first + SignedDuration::from_secs(20)), Due::Nothing);
    }
}
