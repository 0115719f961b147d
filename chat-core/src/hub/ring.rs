//! The newest frames of a conversation, shared by its sessions.

use std::collections::VecDeque;

use bytes::Bytes;

use crate::{Limits, Seq};

/// Frames of consecutive seqs, ending right before `next`.
#[derive(Debug)]
pub(crate) struct Ring {
    frames: VecDeque<Bytes>,
    bytes: usize,
    next: Seq,
    frames_max: usize,
    bytes_max: usize,
}

/// What a reader got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Copied {
    /// The reader stands at this seq, and that is the end of the ring.
    End(Seq),
    /// The reader stands at this seq, and the ring has more.
    More(Seq),
    /// The ring does not reach back to where the reader stands.
    Behind,
}

impl Ring {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            frames: VecDeque::new(),
            bytes: 0,
            next: Seq(1),
            frames_max: limits.ring_frames_max,
            bytes_max: limits.ring_bytes_max,
        }
    }

    /// The seq of the next frame to be pushed.
    pub(crate) fn next(&self) -> Seq {
        self.next
    }

    /// Forgets all frames and continues with another seq.
    pub(crate) fn restart(&mut self, next: Seq) {
        self.forget();
        self.next = next;
    }

    /// Forgets all frames: who lags behind reads the store.
    pub(crate) fn forget(&mut self) {
        self.frames = VecDeque::new();
        self.bytes = 0;
    }

    /// Adds the frame of seq `next`.
    pub(crate) fn push(&mut self, frame: Bytes) {
        self.bytes += frame.len();
        self.frames.push_back(frame);
        self.next = self.next.next();
        while self.frames.len() > self.frames_max || self.bytes > self.bytes_max {
            let Some(oldest) = self.frames.pop_front() else { break };
            self.bytes -= oldest.len();
        }
    }

    /// Copies what follows `cursor`, but stops once `bytes_max` bytes were passed on.
    pub(crate) fn copy_after(&self, cursor: Seq, bytes_max: usize, out: &mut Vec<Bytes>) -> Copied {
        let wanted = self.next.0.saturating_sub(cursor.0.saturating_add(1));
        let Some(skip) = (self.frames.len() as u64).checked_sub(wanted) else { return Copied::Behind };
        let skip = usize::try_from(skip).unwrap_or(usize::MAX);
        let mut at = cursor;
        let mut copied_bytes = 0;
        for frame in self.frames.iter().skip(skip) {
            if copied_bytes >= bytes_max {
                return Copied::More(at);
            }
            copied_bytes += frame.len();
            out.push(frame.clone());
            at = at.next();
        }
        Copied::End(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(frames_max: usize) -> Ring {
        Ring::new(&Limits { ring_frames_max: frames_max, ..Limits::default() })
    }

    fn frame(n: u64) -> Bytes {
        Bytes::from(n.to_string())
    }

    #[test]
    fn reader_gets_exactly_what_follows() {
        let mut ring = ring(10);
        (1..=5).for_each(|n| ring.push(frame(n)));
        let mut out = Vec::new();
        assert_eq!(ring.copy_after(Seq(3), 1_000, &mut out), Copied::End(Seq(5)));
        assert_eq!(out, [frame(4), frame(5)]);
        out.clear();
        assert_eq!(ring.copy_after(Seq(5), 1_000, &mut out), Copied::End(Seq(5)));
        assert!(out.is_empty());
    }

    #[test]
    fn reader_too_far_behind_is_told() {
        let mut ring = ring(3);
        (1..=5).for_each(|n| ring.push(frame(n)));
        let mut out = Vec::new();
        assert_eq!(ring.copy_after(Seq(1), 1_000, &mut out), Copied::Behind);
        assert_eq!(ring.copy_after(Seq(2), 1_000, &mut out), Copied::End(Seq(5)));
    }

    #[test]
    fn bytes_are_bounded_in_and_out() {
        let mut ring = Ring::new(&Limits { ring_bytes_max: 4, ..Limits::default() });
        (1..=8).for_each(|n| ring.push(frame(n)));
        assert_eq!(ring.bytes, 4);
        let mut out = Vec::new();
        assert_eq!(ring.copy_after(Seq(4), 2, &mut out), Copied::More(Seq(6)));
    }

    #[test]
    fn forgetting_sends_laggards_to_the_store() {
        let mut ring = ring(10);
        (1..=5).for_each(|n| ring.push(frame(n)));
        ring.forget();
        assert_eq!(ring.next(), Seq(6));
        assert_eq!(ring.copy_after(Seq(4), 1_000, &mut Vec::new()), Copied::Behind);
        assert_eq!(ring.copy_after(Seq(5), 1_000, &mut Vec::new()), Copied::End(Seq(5)));
    }
}
